/* SPDX-License-Identifier: Apache-2.0
 *
 * standing.h - a laboratory for social-credit regimes: all public headers.
 *
 * Files -> study (-> description) -> city -> run -> results. Everyone in it is made up: nothing
 * here takes or answers about a real person. */
#ifndef STANDING_STANDING_H
#define STANDING_STANDING_H

#include <standing/error.h>
#include <standing/exchange.h>
#include <standing/settings.h>
#include <standing/study.h>
#include <standing/describe.h>
#include <standing/city.h>
#include <standing/run.h>
#include <standing/checkpoint.h>
#include <standing/results.h>
#include <standing/sensitivity.h>
#include <standing/audit.h>
#include <standing/page.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STN_VERSION "0.1.0"
/* Raised when the same inputs give other bytes. */
#define STN_RESULTS_EPOCH 2

STN_API const char *stn_version(void);      /* of the library, e.g. "0.1.0" */
STN_API int32_t stn_results_epoch(void);

#ifdef __cplusplus
}
#endif
#endif
