/* SPDX-License-Identifier: Apache-2.0
 *
 * panels.h - a look at everybody under a run, some thousand rows at a time, so that
 * nobody holds a panel of all. */
#ifndef STN_RESULTS_PANELS_H
#define STN_RESULTS_PANELS_H

#include <standing/run.h>

enum { STN__PANELS_PART = 65536 /* rows of a panel that are handed over at a time */ };

/* Gets the rows from `first` on. Returns 0 or an error, which ends the walk. */
typedef int stn__panels_fn(void *user, const stn_panel *panel, uint32_t first, stn_error *err);

/* Hands all rows of a population, in order and in parts, to `look`; nothing if `code`,
 * which is what making ready for it returned, is not 0. With an exchange (that of the run)
 * all ranks call it, and only rank 0 looks. Returns 0 or the first error, the same to all. */
int stn__panels_walk(stn_run *run, int32_t population, uint32_t rows, const stn_exchange *exchange, int code,
    stn__panels_fn *look, void *user, stn_error *err);

#endif
