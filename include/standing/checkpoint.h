/* SPDX-License-Identifier: Apache-2.0
 *
 * checkpoint.h - a file beside the results that outlasts a killed process.
 *
 * A checkpoint holds runs of one study and one city, each at the windows that
 * it had done, finished ones too. It is rewritten whole, aside, and takes its
 * name when it is on the disk: a process killed at any moment leaves the last
 * one that was complete.
 *
 * Lifetime  A checkpoint borrows its study and its city.
 * Threads   It belongs to one thread at a time. */
#ifndef STANDING_CHECKPOINT_H
#define STANDING_CHECKPOINT_H

#include <standing/run.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct stn_checkpoint stn_checkpoint;

/* Looks at the file `path`; if there is none the checkpoint is empty. Removes what
 * killed processes left beside it. Returns 0; STN_E_INPUT if the file is something
 * else or damaged; STN_E_IO or STN_E_MEMORY. On failure `*out` is NULL. */
STN_API STN_CHECKED int stn_checkpoint_new(const char *path, const stn_study *study,
    const stn_city *city, stn_checkpoint **out, stn_error *err);
STN_API void stn_checkpoint_free(stn_checkpoint *checkpoint); /* leaves the file; NULL does nothing */

/* Whether there is a file at `path`, of whatever kind. */
STN_API int32_t stn_checkpoint_is_there(const char *path);
/* The windows that a regime of the study had done; -1 if its run is not held. */
STN_API int32_t stn_checkpoint_windows_done(const stn_checkpoint *checkpoint, int32_t regime);
/* Takes up the run of a regime that is held. Returns what stn_run_load() does. */
STN_API STN_CHECKED int stn_checkpoint_load(stn_checkpoint *checkpoint, int32_t regime,
    const stn_run_options *options, stn_run **out, stn_error *err);
/* Takes up a run of a regime that is held in one that was just made: see stn_run_restore(). */
STN_API STN_CHECKED int stn_checkpoint_restore(stn_checkpoint *checkpoint, stn_run *run, stn_error *err);
/* Replaces the file by one with `runs` as they are now and, of other regimes, the
 * runs that it holds already. Returns 0, STN_E_IO or STN_E_MEMORY; on failure the
 * file is what it was. */
STN_API STN_CHECKED int stn_checkpoint_write(stn_checkpoint *checkpoint, stn_run *const *runs,
    int32_t run_count, stn_error *err);
/* Removes the file, if there is one: nothing is held any more. Returns 0 or STN_E_IO. */
STN_API STN_CHECKED int stn_checkpoint_remove(stn_checkpoint *checkpoint, stn_error *err);

#ifdef __cplusplus
}
#endif
#endif
