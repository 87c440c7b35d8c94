/* SPDX-License-Identifier: Apache-2.0
 *
 * parallel.h - the same work on several threads.
 *
 * Pieces are handed out one by one to whoever is free, so their order is not
 * fixed: work must leave results that do not depend on it. */
#ifndef STN_BASE_PARALLEL_H
#define STN_BASE_PARALLEL_H

#include <stdint.h>

/* Does piece number `piece` on thread number `thread` (0 is the caller's). A
 * value other than 0 stops the handing out of further pieces. */
typedef int (*stn__work_fn)(void *user, int64_t piece, int32_t thread);
/* Called on the caller's thread between its pieces with the number of pieces
 * handed out so far; other than 0 stops as well. */
typedef int (*stn__watch_fn)(void *user, int64_t pieces);

/* 0 becomes the number of cores; at most 256. */
int32_t stn__thread_count(int32_t wanted);
/* Returns 0, or the first value other than 0 that somebody returned. Threads
 * that cannot be started are done without. `watch` may be NULL. */
int stn__parallel(int32_t threads, int64_t pieces, stn__work_fn work, stn__watch_fn watch, void *user);

#endif
