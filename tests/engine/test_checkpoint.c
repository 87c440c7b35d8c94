/* SPDX-License-Identifier: Apache-2.0
 *
 * test_checkpoint.c - a run that is written down after any window and taken up
 * again, by other threads and blocks, goes on as if nothing had been; and what
 * is damaged or foreign is refused whole. Studies are given as arguments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <standing/standing.h>

#include "engine/engine.h"
#include "fixture.h"

static const char *const *paths;
static int path_count;

static stn_run_options
options_of(int32_t threads, int32_t block, int32_t lives)
{
    stn_run_options options;

    stn_run_options_init(&options);
    options.threads = threads;
    options.block = block;
    options.log = 1;
    options.lives = lives;
    return options;
}

static stn_run *
run_new(const fixture *f, int32_t regime, const stn_run_options *options, int32_t windows)
{
    stn_run *run;
    stn_error err = { 0 };

    assert_int_equal(0, stn_run_new(f->study, f->city, regime, options, &run, &err));
    assert_int_equal(0, stn_run_advance(run, windows, &err));
    return run;
}

static FILE *
saved(const stn_run *run)
{
    FILE *file = tmpfile();
    stn_error err = { 0 };

    assert_non_null(file);
    if (stn_run_save(run, file, "saved", &err) != 0) {
        fail_msg("%s", err.text);
    }
    rewind(file);
    return file;
}

static stn_run *
loaded(const fixture *f, const stn_run_options *options, FILE *file)
{
    stn_run *run;
    stn_error err = { 0 };

    if (stn_run_load(file, "saved", f->study, f->city, options, &run, &err) != 0) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(EOF, fgetc(file)); /* all of it was read */
    fclose(file);
    return run;
}

static void
assert_same_column(const void *a, const void *b, size_t size)
{
    assert_true((a == NULL) == (b == NULL));
    if (a != NULL) {
        assert_memory_equal(a, b, size);
    }
}

/* Everything that can be asked of a run. */
static void
assert_same(const fixture *f, stn_run *a, stn_run *b)
{
    const stn_event *x, *y;
    uint64_t x_count, y_count;
    stn_error err = { 0 };

    assert_int_equal(stn_run_windows_done(a), stn_run_windows_done(b));
    assert_int_equal(stn_run_digest(a), stn_run_digest(b));
    assert_int_equal(stn_run_histogram_count(a), stn_run_histogram_count(b));
    assert_int_equal(0, stn_run_events(a, &x, &x_count, &err));
    assert_int_equal(0, stn_run_events(b, &y, &y_count, &err));
    assert_int_equal(x_count, y_count);
    for (uint64_t i = 0; i < x_count; i++) {
        assert_true(x[i].time == y[i].time && x[i].row == y[i].row && x[i].population == y[i].population
            && x[i].kind == y[i].kind && x[i].subject == y[i].subject && x[i].value == y[i].value);
    }
    for (int32_t p = 0; p < stn_study_population_count(f->study); p++) {
        size_t groups = (size_t) stn_study_group_count(f->study, p);
        size_t row = groups * (size_t) stn_run_counter_count(a, p) * sizeof(int64_t);
        size_t ratings = groups * (size_t) (stn_run_rating_max(a, p) - stn_run_rating_min(a, p) + 1) * sizeof(int64_t);
        stn_panel m, n;
        for (int32_t w = 0; w < stn_run_windows_done(a); w++) {
            assert_memory_equal(stn_run_series(a, p, w), stn_run_series(b, p, w), row);
        }
        for (int32_t i = 0; i < stn_run_histogram_count(a); i++) {
            assert_int_equal(stn_run_histogram_window(a, i), stn_run_histogram_window(b, i));
            assert_same_column(stn_run_histogram(a, p, i), stn_run_histogram(b, p, i), ratings);
        }
        if (stn_run_is_released(a) || stn_run_is_released(b)) {
            continue;
        }
        assert_int_equal(0, stn_run_panel(a, p, &m, &err));
        assert_int_equal(0, stn_run_panel(b, p, &n, &err));
        assert_int_equal(m.size, n.size);
        assert_same_column(m.points, n.points, m.size * sizeof *m.points);
        assert_same_column(m.rated, n.rated, m.size * sizeof *m.rated);
        assert_same_column(m.rating, n.rating, m.size * sizeof *m.rating);
        assert_same_column(m.band, n.band, m.size * sizeof *m.band);
        assert_same_column(m.lists, n.lists, m.size * sizeof *m.lists);
        assert_same_column(m.ever, n.ever, m.size * sizeof *m.ever);
        assert_same_column(m.wrong, n.wrong, m.size * sizeof *m.wrong);
        assert_same_column(m.closed, n.closed, m.size * sizeof *m.closed);
        assert_same_column(m.open, n.open, m.size * sizeof *m.open);
        assert_same_column(m.opportunities, n.opportunities, m.size * sizeof *m.opportunities);
        assert_same_column(m.here, n.here, m.size * sizeof *m.here);
        assert_same_column(m.restricted_minutes, n.restricted_minutes, m.size * sizeof *m.restricted_minutes);
        assert_same_column(m.wrong_minutes, n.wrong_minutes, m.size * sizeof *m.wrong_minutes);
    }
}

/* Every node is somebody's, given back, or not yet used: none is lost. */
static void
assert_no_node_lost(const stn_run *run)
{
    uint32_t count = 1024; /* the first are never used */

    for (int32_t p = 0; p < run->plan->population_count; p++) {
        for (uint32_t row = 0; row < run->people[p].size; row++) {
            for (uint32_t n = stn__life_of(&run->people[p], row)->head; n != 0; n = run->nodes[n].next) {
                count++;
            }
        }
    }
    for (int32_t t = 0; t < run->thread_count; t++) {
        const stn__worker *worker = &run->workers[t];
        count += worker->fresh_end - worker->fresh;
        for (uint32_t n = worker->free_nodes; n != 0; n = run->nodes[n].next) {
            count++;
        }
    }
    assert_int_equal(atomic_load(&run->node_fresh), count);
}

static void
test_taken_up_after_any_window(void **state)
{
    static const int32_t ways[][2] = { { 1, 0 }, { 2, 7 }, { 3, 512 }, { 7, 2 }, { 2, 4096 } };
    enum { WAYS = sizeof ways / sizeof *ways };

    (void) state;
    for (int path = 0; path < path_count; path++) {
        fixture f = fixture_new(paths[path]);
        for (int32_t regime = 0; regime < stn_study_regime_count(f.study); regime++) {
            stn_run_options plain = options_of(2, 0, regime % 2);
            stn_run *whole = run_new(&f, regime, &plain, 1000000);
            for (int32_t window = 0; window <= stn_run_window_count(whole); window++) {
                const int32_t *before = ways[window % WAYS], *after = ways[(window + window / WAYS) % WAYS];
                stn_run_options first = options_of(before[0], before[1], regime % 2);
                stn_run_options then = options_of(after[0], after[1], regime % 2);
                stn_run *run = run_new(&f, regime, &first, window), *again;
                stn_error err = { 0 };
                again = loaded(&f, &then, saved(run));
                assert_same(&f, run, again);
                assert_no_node_lost(run);
                assert_no_node_lost(again);
                assert_int_equal(0, window > 0 ? stn__run_check(again, &err) : 0);
                assert_int_equal(0, stn_run_advance(again, 1000000, &err));
                assert_same(&f, whole, again);
                stn_run_free(again);
                if (window % 7 == 3) { /* saving left it as it was */
                    assert_int_equal(0, stn_run_advance(run, 1000000, &err));
                    assert_same(&f, whole, run);
                }
                stn_run_free(run);
            }
            stn_run_free(whole);
        }
        fixture_free(&f);
    }
}

/* Saved and taken up after every window, by ever other threads; then as one that is finished. */
static void
test_taken_up_again_and_again(void **state)
{
    (void) state;
    for (int path = 0; path < path_count; path++) {
        fixture f = fixture_new(paths[path]);
        for (int32_t regime = 0; regime < stn_study_regime_count(f.study); regime++) {
            stn_run_options options = options_of(3, 0, 1);
            stn_run *whole = run_new(&f, regime, &options, 1000000), *run = run_new(&f, regime, &options, 0);
            for (int32_t window = 0; window < stn_run_window_count(whole); window++) {
                stn_run *again;
                stn_error err = { 0 };
                options = options_of(1 + window * 5 % 4, 1 + window * 97 % 1000, 1);
                again = loaded(&f, &options, saved(run));
                stn_run_free(run);
                run = again;
                assert_int_equal(0, stn_run_advance(run, 1, &err));
            }
            assert_same(&f, whole, run);
            assert_no_node_lost(run);
            stn_run_release(run);
            run->seconds = 7;
            options.threads = 2;
            whole->seconds = 0;
            stn_run_free(whole);
            whole = loaded(&f, &options, saved(run));
            assert_int_equal(1, stn_run_is_released(whole));
            assert_true(stn_run_seconds(whole) >= 7);
            assert_same(&f, run, whole);
            stn_run_free(whole);
            stn_run_free(run);
        }
        fixture_free(&f);
    }
}

/* ------------------------------------------------------------------ damage */

/* Loads bytes; they must be refused in words that fit, and give nothing. */
static void
refused(const fixture *f, const stn_run_options *options, const char *bytes, size_t size, const char *words)
{
    FILE *file = tmpfile();
    stn_run *run = (stn_run *) (uintptr_t) 1;
    stn_error err = { 0 };
    int ret;

    assert_non_null(file);
    assert_int_equal(size, fwrite(bytes, 1, size, file));
    rewind(file);
    ret = stn_run_load(file, "this.checkpoint", f->study, f->city, options, &run, &err);
    fclose(file);
    if (ret != STN_E_INPUT || run != NULL || strstr(err.text, words) == NULL
        || strstr(err.text, "this.checkpoint: ") != err.text) {
        fail_msg("%d for \"%s\": %s", ret, words, err.text);
    }
}

static char *
bytes_of(const fixture *f, int32_t regime, const stn_run_options *options, int32_t windows, size_t *size)
{
    stn_run *run = run_new(f, regime, options, windows);
    FILE *file = saved(run);
    char *bytes;

    assert_int_equal(0, fseek(file, 0, SEEK_END));
    *size = (size_t) ftell(file);
    rewind(file);
    bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(*size, fread(bytes, 1, *size, file));
    fclose(file);
    stn_run_free(run);
    return bytes;
}

static void
test_damaged(void **state)
{
    enum { TRIES = 150 };
    fixture f = fixture_new(paths[0]);
    stn_run_options options = options_of(2, 0, 1);
    size_t size;
    char *bytes = bytes_of(&f, stn_study_regime_count(f.study) - 1, &options, 5, &size);

    (void) state;
    for (size_t i = 0; i < TRIES; i++) {
        size_t cut = i < 40 ? i * 8 + i % 3 : i < 80 ? size - 1 - (i - 40) * 3 : size * (i - 80) / (TRIES - 80);
        refused(&f, &options, bytes, cut, cut < 8 && cut > 0 ? "" : "this");
    }
    for (size_t i = 0; i < 2 * TRIES; i++) { /* in the head, at the end, everywhere */
        uint64_t drawn = stn__fin(i);
        size_t at = i < 224 ? i : i < 232 ? size - 1 - (i - 224) : drawn % size;
        int bit = (int) (drawn >> 32) & 7;
        bytes[at] = (char) (bytes[at] ^ 1 << bit);
        refused(&f, &options, bytes, size, i < 8 ? "no run of Standing" : "");
        bytes[at] = (char) (bytes[at] ^ 1 << bit);
    }
    for (size_t at = 0; at + 8 <= 64; at++) { /* numbers that are as large as can be */
        char kept[8];
        size_t where = 224 + at * 8;
        memcpy(kept, bytes + where, 8);
        memset(bytes + where, 0xff, 8);
        refused(&f, &options, bytes, size, "damaged");
        memcpy(bytes + where, kept, 8);
    }
    free(bytes);
    fixture_free(&f);
}

static void
test_foreign(void **state)
{
    fixture f = fixture_new(paths[0]), g = { 0 };
    stn_run_options options = options_of(1, 0, 0), other = options_of(1, 0, 0);
    stn_study_options changes;
    stn_report *report = stn_report_new();
    stn_error err = { 0 };
    size_t size, size_other;
    char *bytes = bytes_of(&f, 0, &options, 2, &size), *kept, swapped[8];

    (void) state;
    other.log = 0;
    refused(&f, &other, bytes, size, "choice of events");
    refused(&f, NULL, bytes, size, "choice of events");
    other = options;
    other.lives = 1;
    refused(&f, &other, bytes, size, "choice of lives");
    for (int i = 0; i < 8; i++) {
        swapped[i] = bytes[7 - i];
    }
    kept = malloc(size);
    assert_non_null(kept);
    memcpy(kept, bytes, size);
    memcpy(kept, swapped, 8);
    refused(&f, &options, kept, size, "byte order");
    free(kept);
    for (int i = 0; i < 4; i++) {
        static const char *const words[] = { "another seed", "another scale", "number of years", "other regimes" };
        static const char *const one[] = { "none" };
        stn_study_options_init(&changes);
        changes.seed = i == 0 ? 99 : changes.seed;
        changes.scale = i == 1 ? 0.5 : 0;
        changes.years = i == 2 ? 1 : 0;
        changes.regimes = i == 3 ? one : NULL;
        changes.regime_count = i == 3;
        assert_int_equal(0, stn_study_load(paths[0], &changes, &g.study, report, &err));
        assert_int_equal(0, stn_city_new(g.study, NULL, &g.city, &err));
        refused(&g, &options, bytes, size, words[i]);
        fixture_free(&g);
    }
    free(bytes);
    if (path_count > 1) {
        g = fixture_new(paths[1]);
        bytes = bytes_of(&g, 0, &options, 2, &size_other);
        refused(&f, &options, bytes, size_other, "changed since");
        free(bytes);
        fixture_free(&g);
    }
    stn_report_free(report);
    fixture_free(&f);
}

/* -------------------------------------------------------------------- files */

static void
test_file_of_several_runs(void **state)
{
    char folder[] = "/tmp/standing-checkpoint-XXXXXX", path[64];
    fixture f = fixture_new(paths[0]);
    stn_run_options options = options_of(2, 0, 0);
    int32_t regimes = stn_study_regime_count(f.study);
    stn_run *runs[2] = { run_new(&f, 0, &options, 1000000), run_new(&f, regimes - 1, &options, 3) }, *run;
    stn_checkpoint *c;
    stn_error err = { 0 };
    FILE *file;
    long size;
    char *bytes;

    (void) state;
    assert_true(regimes > 2);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.checkpoint", folder);
    assert_int_equal(0, stn_checkpoint_new(path, f.study, f.city, &c, &err));
    assert_int_equal(0, stn_checkpoint_is_there(path));
    assert_int_equal(-1, stn_checkpoint_windows_done(c, 0));
    assert_int_equal(0, stn_checkpoint_write(c, runs, 2, &err));
    assert_int_equal(0, stn_run_advance(runs[1], 4, &err));
    assert_int_equal(0, stn_checkpoint_write(c, &runs[1], 1, &err)); /* the first is copied */
    assert_int_equal(stn_run_window_count(runs[0]), stn_checkpoint_windows_done(c, 0));
    stn_checkpoint_free(c);

    assert_int_equal(0, stn_checkpoint_new(path, f.study, f.city, &c, &err));
    assert_int_equal(-1, stn_checkpoint_windows_done(c, 1));
    assert_int_equal(7, stn_checkpoint_windows_done(c, regimes - 1));
    assert_int_equal(0, stn_checkpoint_load(c, regimes - 1, &options, &run, &err));
    assert_same(&f, runs[1], run);
    stn_run_free(run);
    assert_int_equal(0, stn_checkpoint_load(c, 0, &options, &run, &err));
    assert_same(&f, runs[0], run);
    stn_run_free(run);
    stn_checkpoint_free(c);

    file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(0, fseek(file, 0, SEEK_END));
    size = ftell(file);
    rewind(file);
    bytes = malloc((size_t) size);
    assert_non_null(bytes);
    assert_int_equal(size, fread(bytes, 1, (size_t) size, file));
    fclose(file);
    for (long cut = 0; cut < size; cut += cut < 32 || cut > size - 200 ? 1 : size / 50) {
        file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(cut, fwrite(bytes, 1, (size_t) cut, file));
        fclose(file);
        assert_int_equal(STN_E_INPUT, stn_checkpoint_new(path, f.study, f.city, &c, &err));
        assert_null(c);
    }
    for (long at = size - 128; at < size; at++) { /* the table and the foot */
        bytes[at] = (char) (bytes[at] ^ 4);
        file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(size, fwrite(bytes, 1, (size_t) size, file));
        fclose(file);
        bytes[at] = (char) (bytes[at] ^ 4);
        if (at >= size - 96) {
            assert_int_equal(STN_E_INPUT, stn_checkpoint_new(path, f.study, f.city, &c, &err));
            assert_null(c);
        }
    }
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(size, fwrite(bytes, 1, (size_t) size, file));
    fclose(file);
    free(bytes);
    assert_int_equal(0, stn_checkpoint_new(path, f.study, f.city, &c, &err));
    assert_int_equal(0, stn_checkpoint_remove(c, &err));
    assert_int_equal(0, stn_checkpoint_is_there(path));
    assert_int_equal(-1, stn_checkpoint_windows_done(c, 0));
    assert_int_equal(0, stn_checkpoint_remove(c, &err));
    stn_checkpoint_free(c);
    assert_int_equal(0, rmdir(folder)); /* nothing else is left */
    stn_run_free(runs[0]);
    stn_run_free(runs[1]);
    fixture_free(&f);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken_up_after_any_window),
        cmocka_unit_test(test_taken_up_again_and_again),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_file_of_several_runs),
    };

    paths = (const char *const *) argv + 1;
    path_count = argc - 1;
    return path_count < 1 ? 2 : cmocka_run_group_tests(tests, NULL, NULL);
}
