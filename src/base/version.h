/* SPDX-License-Identifier: Apache-2.0
 *
 * version.h - what this library is, for what it writes: the same numbers as in
 * <standing/standing.h>, which only its users may see whole. */
#ifndef STN_BASE_VERSION_H
#define STN_BASE_VERSION_H

#include <stdint.h>

const char *stn__version(void);
int32_t stn__results_epoch(void);

#endif
