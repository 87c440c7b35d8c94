/* SPDX-License-Identifier: Apache-2.0
 *
 * parallel.c - the same work on several threads. A call comes once per window
 * (some hundred a run), so starting threads anew costs nothing measurable and
 * leaves nothing to shut down. */
#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

enum { THREADS_MAX = 256 };

typedef struct job {
    stn__work_fn work;
    stn__watch_fn watch;
    void *user;
    int64_t pieces;
    _Atomic int64_t next;
    _Atomic int result;
} job;

typedef struct worker {
    job *job; /* borrowed */
    int32_t number;
} worker;

static void *
labour(void *argument)
{
    worker *me = argument;
    job *j = me->job;

    while (atomic_load(&j->result) == 0) {
        int64_t piece = atomic_fetch_add(&j->next, 1);
        int result = 0, none = 0;
        if (piece >= j->pieces) {
            break;
        }
        result = j->work(j->user, piece, me->number);
        if (result == 0 && me->number == 0 && j->watch != NULL) {
            result = j->watch(j->user, piece + 1);
        }
        if (result != 0) {
            atomic_compare_exchange_strong(&j->result, &none, result);
        }
    }
    return NULL;
}

int32_t
stn__thread_count(int32_t wanted)
{
    if (wanted <= 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        wanted = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (int32_t) cores;
    }
    return wanted > THREADS_MAX ? THREADS_MAX : wanted;
}

int
stn__parallel(int32_t threads, int64_t pieces, stn__work_fn work, stn__watch_fn watch, void *user)
{
    pthread_t others[THREADS_MAX];
    worker workers[THREADS_MAX];
    int32_t started = 0;
    job j = { .work = work, .watch = watch, .user = user, .pieces = pieces };

    threads = stn__thread_count(threads);
    for (int32_t number = 0; number < threads; number++) {
        workers[number] = (worker){ &j, number };
    }
    for (int32_t number = 1; number < threads && number < pieces; number++) {
        if (pthread_create(&others[started], NULL, labour, &workers[number]) != 0) {
            break;
        }
        started++;
    }
    labour(&workers[0]);
    for (int32_t number = 0; number < started; number++) {
        pthread_join(others[number], NULL);
    }
    return atomic_load(&j.result);
}
