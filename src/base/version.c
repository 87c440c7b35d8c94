/* SPDX-License-Identifier: Apache-2.0
 *
 * version.c - what this library is. */
#include <standing/standing.h>

const char *
stn_version(void)
{
    return STN_VERSION;
}

int32_t
stn_results_epoch(void)
{
    return STN_RESULTS_EPOCH;
}
