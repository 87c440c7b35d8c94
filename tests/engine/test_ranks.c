/* SPDX-License-Identifier: Apache-2.0
 *
 * test_ranks.c - several ranks live one city: the same digest, series, panel
 * and events as one process, and an end at all of them when one stops, fails
 * or has another study. The ranks are threads here, which hand each other
 * bytes through common memory; tests/mpi/ has processes. Arguments: studies; of
 * the third a ten-thousandth is lived, for some years. */
#include "../harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <standing/standing.h>

#include "engine/engine.h"
#include "fixture.h"

enum { RANKS_MAX = 4, NEVER = 1 << 30 };

static const char *const *paths;
static int path_count;

static fixture
fixture_at(int path)
{
    fixture f = { 0 };
    stn_study_options few;
    stn_report *report;
    stn_error err = { 0 };

    if (path < 2) {
        return fixture_new(paths[path]);
    }
    stn_study_options_init(&few);
    few.scale = 0.0001;
    few.years = 4;
    report = stn_report_new();
    assert_int_equal(0, stn_study_load(paths[path], &few, &f.study, report, &err));
    assert_int_equal(0, stn_city_new(f.study, NULL, &f.city, &err));
    stn_report_free(report);
    return f;
}

/* ---------------------------------------------------------------- transport */

/* A room in which ranks meet: each lays down what it has, all wait, each takes. */
typedef struct meeting {
    pthread_barrier_t barrier;
    int32_t count;
    const void *laid[RANKS_MAX];
    const size_t *sizes[RANKS_MAX];
    int meetings, lost_at; /* the meeting that fails */
} meeting;

typedef struct seat {
    meeting *meeting;
    stn_exchange exchange;
} seat;

/* Returns the same at all ranks. */
static int
meet(meeting *m, int32_t rank)
{
    pthread_barrier_wait(&m->barrier);
    if (rank == 0) {
        m->meetings++;
    }
    pthread_barrier_wait(&m->barrier);
    return m->meetings == m->lost_at ? STN_E_IO : 0;
}

static int
sum(void *user, int64_t *numbers, size_t count)
{
    seat *s = user;
    meeting *m = s->meeting;
    int64_t *sums = calloc(count + 1, sizeof *sums);
    int ret;

    m->laid[s->exchange.rank] = numbers;
    ret = meet(m, s->exchange.rank);
    for (int32_t rank = 0; rank < m->count; rank++) {
        const int64_t *theirs = m->laid[rank];
        for (size_t i = 0; i < count; i++) {
            sums[i] = (int64_t) ((uint64_t) sums[i] + (uint64_t) theirs[i]);
        }
    }
    pthread_barrier_wait(&m->barrier);
    if (ret == 0 && count > 0) {
        memcpy(numbers, sums, count * sizeof *sums);
    }
    free(sums);
    return ret;
}

static int
swap(void *user, const void *bytes, const size_t *sizes, void **received, size_t *received_sizes)
{
    seat *s = user;
    meeting *m = s->meeting;
    size_t total = 0, at = 0;
    char *in;
    int ret;

    m->laid[s->exchange.rank] = bytes;
    m->sizes[s->exchange.rank] = sizes;
    ret = meet(m, s->exchange.rank);
    for (int32_t rank = 0; rank < m->count; rank++) {
        total += m->sizes[rank][s->exchange.rank];
    }
    in = malloc(total + 1);
    for (int32_t rank = 0; rank < m->count; rank++) {
        const char *from = m->laid[rank];
        size_t size = m->sizes[rank][s->exchange.rank];
        for (int32_t before = 0; before < s->exchange.rank; before++) {
            from += m->sizes[rank][before];
        }
        if (size > 0) {
            memcpy(in + at, from, size);
        }
        received_sizes[rank] = size;
        at += size;
    }
    pthread_barrier_wait(&m->barrier);
    *received = in;
    return ret;
}

/* -------------------------------------------------------------------- ranks */

/* What one rank is to do, and what came of it. */
typedef struct task {
    seat seat;
    const fixture *fixture;
    int32_t regime, threads;
    int stop_at; /* call of progress that asks to stop */
    int calls;
    bool check;
    int code;
    stn_error err;
    stn_run *run;                          /* owned */
    stn_panel panels[STN_POPULATIONS_MAX]; /* of the run */
} task;

static int
progress(void *user, const stn_progress *now)
{
    task *t = user;

    (void) now;
    return ++t->calls >= t->stop_at;
}

static void *
live(void *user)
{
    task *t = user;
    stn_run_options options;

    stn_run_options_init(&options);
    options.threads = t->threads;
    options.block = 100;
    options.log = 1;
    options.lives = 1;
    options.progress = progress;
    options.user = t;
    options.exchange = t->seat.meeting != NULL ? &t->seat.exchange : NULL;
    t->code = stn_run_new(t->fixture->study, t->fixture->city, t->regime, &options, &t->run, &t->err);
    while (t->code == 0 && stn_run_windows_done(t->run) < stn_run_window_count(t->run)) {
        t->code = stn_run_advance(t->run, t->check ? 1 : 1000, &t->err);
        if (t->code == 0 && t->check) {
            t->code = stn__run_check(t->run, &t->err);
        }
    }
    for (int32_t p = 0; t->code == 0 && p < stn_study_population_count(t->fixture->study); p++) {
        t->code = stn_run_panel(t->run, p, &t->panels[p], &t->err);
    }
    return NULL;
}

static void
tasks_free(task *tasks, int32_t count)
{
    for (int32_t rank = 0; rank < count; rank++) {
        stn_run_free(tasks[rank].run);
    }
}

/* Fills in the seats, and lets all ranks do their tasks. */
static void
tasks_do(task *tasks, int32_t count, meeting *m)
{
    pthread_t threads[RANKS_MAX];

    m->count = count;
    pthread_barrier_init(&m->barrier, NULL, (unsigned) count);
    for (int32_t rank = 0; rank < count; rank++) {
        tasks[rank].seat = (seat){ m, { rank, count, &tasks[rank].seat, sum, swap } };
        assert_int_equal(0, pthread_create(&threads[rank], NULL, live, &tasks[rank]));
    }
    for (int32_t rank = 0; rank < count; rank++) {
        pthread_join(threads[rank], NULL);
    }
    pthread_barrier_destroy(&m->barrier);
}

static task
task_of(const fixture *f, int32_t regime)
{
    return (task){ .fixture = f, .regime = regime, .threads = 1, .stop_at = NEVER };
}

static void
assert_same_panels(const stn_panel *a, const stn_panel *b)
{
    assert_int_equal(a->size, b->size);
#define SAME(column) assert_memory_equal(a->column, b->column, a->size * sizeof *a->column)
    SAME(points);
    SAME(rated);
    SAME(rating);
    SAME(band);
    SAME(lists);
    SAME(ever);
    SAME(wrong);
    SAME(closed);
    SAME(open);
    SAME(opportunities);
    SAME(here);
    SAME(restricted_minutes);
    SAME(wrong_minutes);
#undef SAME
}

/* The events of all ranks are, population by population, those of one process. */
static void
assert_same_events(const task *alone, task *tasks, int32_t count)
{
    const stn_event *all, *part;
    uint64_t all_count, part_count, at[RANKS_MAX] = { 0 }, done = 0;
    stn_error err;

    assert_int_equal(0, stn_run_events(alone->run, &all, &all_count, &err));
    for (int32_t p = 0; p < stn_study_population_count(alone->fixture->study); p++) {
        for (int32_t rank = 0; rank < count; rank++) {
            assert_int_equal(0, stn_run_events(tasks[rank].run, &part, &part_count, &err));
            for (; at[rank] < part_count && part[at[rank]].population == p; at[rank]++, done++) {
                assert_true(done < all_count);
                assert_int_equal(all[done].row, part[at[rank]].row);
                assert_int_equal(all[done].time, part[at[rank]].time);
                assert_int_equal(all[done].kind, part[at[rank]].kind);
                assert_int_equal(all[done].value, part[at[rank]].value);
            }
        }
    }
    assert_int_equal(all_count, done);
}

static void
assert_same_counts(const task *alone, const task *other)
{
    assert_int_equal(stn_run_digest(alone->run), stn_run_digest(other->run));
    assert_int_equal(stn_run_histogram_count(alone->run), stn_run_histogram_count(other->run));
    for (int32_t p = 0; p < stn_study_population_count(alone->fixture->study); p++) {
        size_t width = (size_t) (stn_run_rating_max(alone->run, p) - stn_run_rating_min(alone->run, p) + 1);
        for (int32_t i = 0; i < stn_run_histogram_count(alone->run) && width > 0; i++) {
            assert_memory_equal(stn_run_histogram(alone->run, p, i), stn_run_histogram(other->run, p, i),
                width * (size_t) stn_study_group_count(alone->fixture->study, p) * sizeof(int64_t));
        }
    }
}

/* -------------------------------------------------------------------- tests */

static void
test_ranks_same_as_one(void **state)
{
    uint64_t messages = 0;

    (void) state;
    for (int path = 0; path < path_count; path++) {
        fixture f = fixture_at(path);
        for (int32_t regime = 0; regime < stn_study_regime_count(f.study); regime++) {
            task alone = task_of(&f, regime);
            live(&alone);
            assert_int_equal(0, alone.code);
            int32_t first = path < 2 ? 1 : 3, last = path < 2 ? 4 : 3; /* of lifetimes one number will do */
            for (int32_t count = first; count <= last; count++) {
                task tasks[RANKS_MAX];
                meeting m = { .lost_at = -1 };
                stn_exchanged e;
                for (int32_t rank = 0; rank < count; rank++) {
                    tasks[rank] = task_of(&f, regime);
                    tasks[rank].threads = 1 + rank % 2;
                }
                tasks_do(tasks, count, &m);
                for (int32_t rank = 0; rank < count; rank++) {
                    if (tasks[rank].code != 0) {
                        fail_msg("%s, rank %d of %d: %s", paths[path], (int) rank, (int) count, tasks[rank].err.text);
                    }
                    assert_same_counts(&alone, &tasks[rank]);
                }
                for (int32_t p = 0; p < stn_study_population_count(f.study); p++) {
                    assert_same_panels(&alone.panels[p], &tasks[0].panels[p]);
                    assert_true(count == 1 || tasks[count - 1].panels[p].size == 0);
                }
                assert_same_events(&alone, tasks, count);
                stn_run_exchanged(tasks[0].run, &e);
                assert_true(e.summed > 0 && (count > 1 || e.messages + e.cases == 0));
                messages += e.messages;
                tasks_free(tasks, count);
            }
            tasks_free(&alone, 1);
        }
        fixture_free(&f);
    }
    assert_true(messages > 0); /* else nothing of that was tested */
}

static void
test_ranks_conserve(void **state)
{
    fixture f = fixture_new(paths[0]);
    task tasks[3] = { task_of(&f, 0), task_of(&f, 0), task_of(&f, 0) };
    meeting m = { .lost_at = -1 };

    (void) state;
    for (int32_t rank = 0; rank < 3; rank++) {
        tasks[rank].check = true;
    }
    tasks_do(tasks, 3, &m);
    for (int32_t rank = 0; rank < 3; rank++) {
        assert_string_equal("", tasks[rank].err.text);
        assert_int_equal(0, tasks[rank].code);
    }
    tasks_free(tasks, 3);
    fixture_free(&f);
}

static void
test_ranks_panel_in_parts(void **state)
{
    fixture f = fixture_new(paths[0]);
    task alone = task_of(&f, 0);
    stn_panel whole, part;
    stn_error err;

    (void) state;
    live(&alone);
    assert_int_equal(0, alone.code);
    whole = alone.panels[0];
    for (uint32_t first = 0; first < whole.size; first += 77) {
        int32_t points[77], kept[77];
        uint32_t size = whole.size - first < 77 ? whole.size - first : 77;
        assert_int_equal(0, stn_run_panel(alone.run, 0, &whole, &err));
        memcpy(points, whole.points + first, size * sizeof *points);
        assert_int_equal(0, stn_run_panel_part(alone.run, 0, first, 77, &part, &err));
        assert_int_equal(size, part.size);
        memcpy(kept, part.points, size * sizeof *kept);
        assert_memory_equal(points, kept, size * sizeof *points);
    }
    tasks_free(&alone, 1);
    fixture_free(&f);
}

static void
test_ranks_one_stops_all_end(void **state)
{
    fixture f = fixture_new(paths[0]);

    (void) state;
    for (int32_t who = 0; who < 3; who++) {
        task tasks[3] = { task_of(&f, 0), task_of(&f, 0), task_of(&f, 0) };
        meeting m = { .lost_at = -1 };
        tasks[who].stop_at = 20;
        tasks_do(tasks, 3, &m);
        for (int32_t rank = 0; rank < 3; rank++) {
            assert_int_equal(STN_E_STOPPED, tasks[rank].code);
            assert_string_equal("stopped on request", tasks[rank].err.text);
        }
        tasks_free(tasks, 3);
    }
    fixture_free(&f);
}

static void
test_ranks_exchange_lost(void **state)
{
    fixture f = fixture_new(paths[0]);

    (void) state;
    for (int lost_at = 1; lost_at < 12; lost_at++) {
        task tasks[2] = { task_of(&f, 0), task_of(&f, 0) };
        meeting m = { .lost_at = lost_at };
        tasks_do(tasks, 2, &m);
        assert_int_equal(STN_E_IO, tasks[0].code);
        assert_int_equal(STN_E_IO, tasks[1].code);
        tasks_free(tasks, 2);
    }
    fixture_free(&f);
}

static void
test_ranks_of_different_studies(void **state)
{
    fixture f = fixture_new(paths[0]), other = fixture_new(paths[1]);
    task tasks[2] = { task_of(&f, 0), task_of(&other, 0) };
    meeting m = { .lost_at = -1 };

    (void) state;
    tasks_do(tasks, 2, &m);
    for (int32_t rank = 0; rank < 2; rank++) {
        assert_int_equal(STN_E_ARGUMENT, tasks[rank].code);
        assert_non_null(strstr(tasks[rank].err.text, "than rank 0 has"));
    }
    tasks_free(tasks, 2);
    fixture_free(&other);
    fixture_free(&f);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranks_same_as_one),
        cmocka_unit_test(test_ranks_conserve),
        cmocka_unit_test(test_ranks_panel_in_parts),
        cmocka_unit_test(test_ranks_one_stops_all_end),
        cmocka_unit_test(test_ranks_exchange_lost),
        cmocka_unit_test(test_ranks_of_different_studies),
    };

    paths = (const char *const *) (argv + 1);
    path_count = argc - 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
