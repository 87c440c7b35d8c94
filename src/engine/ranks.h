/* SPDX-License-Identifier: Apache-2.0
 *
 * ranks.h - a city that several processes live together (standing/exchange.h).
 *
 * Rows have the same numbers at every rank. Each lives [own_first, own_end) of
 * each population and never touches what others live, which therefore takes no
 * memory. All of this does nothing, and returns `code`, where there are no
 * ranks; else it returns the same at all of them. */
#ifndef STN_ENGINE_RANKS_H
#define STN_ENGINE_RANKS_H

#include "base/exchange.h"
#include "engine/engine.h"

/* Says which rows are this process's, once the size is known. */
void stn__ranks_share(const stn_run *run, stn__course *course);
static inline bool
stn__is_own(const stn__people *people, uint32_t row)
{
    return row >= people->course->own_first && row < people->course->own_end;
}
/* Makes what the exchanges of a run need, once counters are known; false: no memory. */
bool stn__ranks_new(stn_run *run);
/* Whether all live the same city in the same way. Only where there are ranks. */
int stn__ranks_same(const stn_run *run, stn_error *err);

/* After a window that went as `code` says: the first worker's boxes then hold all messages
 * to this rank's rows and the cases of all ranks, and the others' are empty. */
int stn__ranks_post(stn_run *run, int code, stn_error *err);
/* After the messages were delivered as `code` says: the first worker then has counted what
 * all workers of all ranks have, and the others nothing. */
int stn__ranks_count(stn_run *run, int code, stn_error *err);
/* At the end of an advance: everybody's final sums, and bytes exchanged. */
int stn__ranks_final(stn_run *run, int code, stn_error *err);

#endif
