/* SPDX-License-Identifier: Apache-2.0
 *
 * version.c - what this library is. */
#include <standing/standing.h>

#include "base/version.h"

const char *
stn__version(void)
{
    return STN_VERSION;
}

int32_t
stn__results_epoch(void)
{
    return STN_RESULTS_EPOCH;
}

const char *
stn_version(void)
{
    return stn__version();
}

int32_t
stn_results_epoch(void)
{
    return stn__results_epoch();
}
