/* SPDX-License-Identifier: Apache-2.0
 *
 * test_parallel.c - every piece exactly once, and how work is stopped. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/parallel.h"
#include "harness.h"

enum { PIECES = 5000 };

typedef struct tally {
    int32_t threads;
    pthread_t caller;
    atomic_int done[PIECES];
    atomic_int strangers;   /* thread numbers out of range, or watched elsewhere */
    atomic_int total;
    int64_t stop_at;        /* the piece that stops the work; -1: none */
    int watch_calls, watch_stop; /* the call of `watch` that stops it; 0: none */
} tally;

static void
tally_init(tally *t, int32_t threads)
{
    memset(t, 0, sizeof *t);
    t->threads = threads;
    t->caller = pthread_self();
    t->stop_at = -1;
}

static int
count_piece(void *user, int64_t piece, int32_t thread)
{
    tally *t = user;

    atomic_fetch_add(&t->done[piece], 1);
    atomic_fetch_add(&t->total, 1);
    if (thread < 0 || thread >= t->threads || (thread == 0) != pthread_equal(pthread_self(), t->caller)) {
        atomic_fetch_add(&t->strangers, 1);
    }
    return piece == t->stop_at ? 42 : 0;
}

static int
watch(void *user, int64_t pieces)
{
    tally *t = user;

    if (!pthread_equal(pthread_self(), t->caller) || pieces < 1 || pieces > PIECES) {
        atomic_fetch_add(&t->strangers, 1);
    }
    t->watch_calls++;
    return t->watch_calls == t->watch_stop ? 7 : 0;
}

static void
test_every_piece_once(void **state)
{
    static tally t;

    (void) state;
    for (int32_t threads = 1; threads <= 8; threads++) {
        tally_init(&t, threads);
        assert_int_equal(stn__parallel(threads, PIECES, count_piece, threads % 2 == 0 ? watch : NULL, &t), 0);
        for (int32_t piece = 0; piece < PIECES; piece++) {
            assert_int_equal(t.done[piece], 1);
        }
        assert_int_equal(t.strangers, 0);
    }
}

static void
test_fewer_pieces_than_threads(void **state)
{
    static tally t;

    (void) state;
    for (int32_t pieces = 0; pieces < 4; pieces++) {
        tally_init(&t, 8);
        assert_int_equal(stn__parallel(8, pieces, count_piece, watch, &t), 0);
        assert_int_equal(t.total, pieces);
    }
}

static void
test_a_piece_stops_the_work(void **state)
{
    static tally t;

    (void) state;
    for (int32_t threads = 1; threads <= 8; threads++) {
        tally_init(&t, threads);
        t.stop_at = 100;
        assert_int_equal(stn__parallel(threads, PIECES, count_piece, NULL, &t), 42);
        for (int32_t piece = 0; piece < PIECES; piece++) {
            assert_true(t.done[piece] <= 1);
            assert_true(piece > 100 || t.done[piece] == 1); /* handed out before the stop */
        }
    }
    tally_init(&t, 1);
    t.stop_at = 100;
    assert_int_equal(stn__parallel(1, PIECES, count_piece, NULL, &t), 42);
    assert_int_equal(t.total, 101);
}

static void
test_the_watch_stops_the_work(void **state)
{
    static tally t;

    (void) state;
    tally_init(&t, 1);
    t.watch_stop = 3;
    assert_int_equal(stn__parallel(1, PIECES, count_piece, watch, &t), 7);
    assert_int_equal(t.total, 3);
    assert_int_equal(t.watch_calls, 3);
}

static void
test_thread_count(void **state)
{
    (void) state;
    assert_in_range(stn__thread_count(0), 1, 256);
    assert_in_range(stn__thread_count(-5), 1, 256);
    assert_int_equal(stn__thread_count(1), 1);
    assert_int_equal(stn__thread_count(256), 256);
    assert_int_equal(stn__thread_count(100000), 256);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_piece_once),
        cmocka_unit_test(test_fewer_pieces_than_threads),
        cmocka_unit_test(test_a_piece_stops_the_work),
        cmocka_unit_test(test_the_watch_stops_the_work),
        cmocka_unit_test(test_thread_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
