/* SPDX-License-Identifier: Apache-2.0
 *
 * test_engine.c - promises of run.h that need a look inside: nothing depends on
 * threads, blocks or how far one advances at a time, and nobody's life on
 * anybody else's numbers. The study is given as the argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <standing/standing.h>

#include "engine/engine.h"
#include "fixture.h"

static const char *study_path;
static const char *alone_path;
static const char *limits_path;
static const char *rating_path;

static stn_run *
lived(const fixture *f, int32_t regime, int32_t threads, int32_t block, int32_t windows, int32_t log)
{
    stn_run_options options;
    stn_run *run;
    stn_error err = { 0 };

    stn_run_options_init(&options);
    options.threads = threads;
    options.block = block;
    options.log = log;
    assert_int_equal(0, stn_run_new(f->study, f->city, regime, &options, &run, &err));
    while (stn_run_windows_done(run) < stn_run_window_count(run)) {
        assert_int_equal(0, stn_run_advance(run, windows, &err));
    }
    return run;
}

static void
test_run_same_digest_whatever_the_machine(void **state)
{
    static const int32_t ways[][3] = { { 1, 0, 1000 }, { 2, 0, 1000 }, { 3, 2, 1000 }, { 2, 1, 1000 }, { 2, 512, 1000 },
        { 1, 4096, 1 }, { 2, 100, 5 } };
    fixture f = fixture_new(study_path);

    (void) state;
    for (int32_t regime = 0; regime < stn_study_regime_count(f.study); regime++) {
        uint64_t first = 0;
        for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++) {
            stn_run *run = lived(&f, regime, ways[way][0], ways[way][1], ways[way][2], 0);
            if (way == 0) {
                first = stn_run_digest(run);
            }
            assert_int_equal(first, stn_run_digest(run));
            stn_run_free(run);
        }
    }
    fixture_free(&f);
}

static void
test_run_same_numbers_after_release(void **state)
{
    fixture f = fixture_new(study_path);
    stn_run *run = lived(&f, 0, 1, 0, 1000, 1);
    uint64_t digest = stn_run_digest(run), opportunities = stn_run_opportunities(run);

    (void) state;
    stn_run_release(run);
    stn_run_release(run);
    assert_int_equal(digest, stn_run_digest(run));
    assert_int_equal(opportunities, stn_run_opportunities(run));
    stn_run_free(run);
    fixture_free(&f);
}

/* Without feedback, one resident's other numbers change that resident's life
 * and nobody else's. */
static void
test_run_one_person(void **state)
{
    fixture f = fixture_new(alone_path);
    stn_run *run = lived(&f, 0, 2, 16, 1000, 1), *other;
    const stn_event *a, *b;
    uint64_t a_count, b_count, i = 0, j = 0, changed = 0;
    const uint32_t odd = 17;
    stn_run_options options;
    stn_error err;

    (void) state;
    stn_run_options_init(&options);
    options.log = 1;
    assert_int_equal(0, stn_run_new(f.study, f.city, 0, &options, &other, &err));
    stn__run_perturb(other, 0, odd);
    assert_int_equal(0, stn_run_advance(other, 1000000, &err));
    assert_int_equal(0, stn_run_events(run, &a, &a_count, &err));
    assert_int_equal(0, stn_run_events(other, &b, &b_count, &err));
    while (i < a_count || j < b_count) {
        bool mine = i < a_count && a[i].population == 0 && a[i].row == odd;
        bool theirs = j < b_count && b[j].population == 0 && b[j].row == odd;
        if (mine || theirs) {
            i += mine;
            j += theirs;
            changed++;
            continue;
        }
        assert_true(i < a_count && j < b_count);
        assert_int_equal(a[i].population, b[j].population);
        assert_int_equal(a[i].row, b[j].row);
        assert_int_equal(a[i].time, b[j].time);
        assert_int_equal(a[i].kind, b[j].kind);
        assert_int_equal(a[i].subject, b[j].subject);
        assert_int_equal(a[i].value, b[j].value);
        i++;
        j++;
    }
    assert_true(changed > 0);
    assert_true(stn_run_digest(run) != stn_run_digest(other));
    stn_run_free(run);
    stn_run_free(other);
    fixture_free(&f);
}

static int
stop_at_half(void *user, const stn_progress *progress)
{
    (void) user;
    return progress->done > 0.5;
}

static void
test_run_stops_on_request(void **state)
{
    fixture f = fixture_new(study_path);
    stn_run_options options;
    stn_run *run;
    stn_error err;

    (void) state;
    stn_run_options_init(&options);
    options.progress = stop_at_half;
    options.threads = 2;
    assert_int_equal(0, stn_run_new(f.study, f.city, 0, &options, &run, &err));
    assert_int_equal(STN_E_STOPPED, stn_run_advance(run, 1000000, &err));
    stn_run_free(run);
    fixture_free(&f);
}

/* Every window: stocks equal the panel's, bands hold the rated, minutes stay
 * within what the window can hold. */
static void
check_window(stn_run *run, int32_t population)
{
    int32_t counters = stn_run_counter_count(run, population), window = stn_run_windows_done(run) - 1;
    uint32_t length = stn_run_window_end(run, window) - (window > 0 ? stn_run_window_end(run, window - 1) : 0);
    int64_t rated = 0, banded = 0;
    stn_panel panel;
    stn_error err;

    assert_int_equal(0, stn_run_panel(run, population, &panel, &err));
    for (uint32_t row = 0; row < panel.size; row++) {
        rated += panel.rated[row];
        assert_int_equal(0, panel.wrong[row] & ~panel.lists[row]);
        assert_int_equal(0, panel.lists[row] & ~panel.ever[row]);
        assert_int_equal(0, panel.closed[row] & panel.open[row]);
    }
    for (int32_t c = 0; c < counters; c++) {
        const stn_counter *counter = stn_run_counter(run, population, c);
        const int64_t *values = stn_run_series(run, population, window);
        int64_t sum = 0;
        for (int32_t group = 0; group < run->people[population].plan->group_count; group++) {
            int64_t value = values[(int64_t) group * counters + c];
            assert_true(value >= 0);
            sum += value;
        }
        if (counter->minutes) {
            assert_true(sum <= (int64_t) panel.size * length);
        }
        if (strcmp(counter->name, "band") == 0) {
            banded += sum;
        }
        for (int32_t bit = 0; strcmp(counter->name, "list_stock") == 0 && bit < 32; bit++) {
            const char *name = stn_run_list_name(run, population, bit);
            int64_t on = 0;
            if (name != NULL && strcmp(name, counter->subject) == 0) {
                for (uint32_t row = 0; row < panel.size; row++) {
                    on += panel.lists[row] >> bit & 1;
                }
                assert_int_equal(on, sum);
            }
        }
        if (strcmp(counter->name, "restricted_stock") == 0) {
            int64_t restricted = 0;
            for (uint32_t row = 0; row < panel.size; row++) {
                restricted += panel.closed[row] != 0;
            }
            assert_int_equal(restricted, sum);
        }
    }
    assert_true(banded == 0 || banded == rated);
}

static void
test_run_check_every_window(void **state)
{
    fixture f = fixture_new(study_path);

    (void) state;
    for (int32_t regime = 0; regime < stn_study_regime_count(f.study); regime++) {
        stn_run *run;
        stn_error err;
        assert_int_equal(0, stn_run_new(f.study, f.city, regime, NULL, &run, &err));
        while (stn_run_windows_done(run) < stn_run_window_count(run)) {
            assert_int_equal(0, stn_run_advance(run, 1, &err));
            for (int32_t population = 0; population < stn_study_population_count(f.study); population++) {
                check_window(run, population);
            }
        }
        stn_run_free(run);
    }
    fixture_free(&f);
}

/* What the columns cannot hold ends a run instead of becoming something else. */
static void
test_run_ends_beyond_what_can_be_held(void **state)
{
    fixture f = fixture_new(limits_path);

    (void) state;
    for (int32_t regime = 0; regime < stn_study_regime_count(f.study); regime++) {
        stn_run *run;
        stn_error err = { 0 };
        assert_int_equal(0, stn_run_new(f.study, f.city, regime, NULL, &run, &err));
        assert_int_equal(STN_E_LIMIT, stn_run_advance(run, 1000000, &err));
        assert_int_equal(STN_E_LIMIT, err.code);
        assert_non_null(strstr(err.text, stn_run_regime(run) == 0 ? "regime limits-points:" : "regime limits-records:"));
        stn_run_free(run);
    }
    fixture_free(&f);
}

/* Writes a study in the working folder: people of attributes a0, a1, ... with so
 * many levels each, and a measure that asks for each level alone, for each with
 * its successor if `pairs`, and whether the rating is below 0, 2, 4, ... */
static void
write_study(int attributes, int levels, bool pairs, int thresholds)
{
    FILE *world = fopen("made-world.yaml", "w"), *regime = fopen("made-regime.yaml", "w"), *study = fopen("made.yaml", "w");

    assert_non_null(world);
    assert_non_null(regime);
    assert_non_null(study);
    fprintf(study, "standing: study/1\ntitle: made\nworld: made-world.yaml\nregimes: [made-regime.yaml]\nyears: 0.1\n");
    fprintf(world, "standing: world/1\ntitle: made\npopulations:\n  resident:\n    size: 10\n    attributes:\n");
    fprintf(regime, "standing: regime/1\ntitle: made\nmeasures: {shut: {closes: gate, while: 'never");
    for (int a = 0; a < attributes; a++) {
        fprintf(world, "      a%d: {counts: {l0: 10", a);
        for (int l = 0; l < levels; l++) {
            fprintf(world, l == 0 ? "" : ", l%d: 0", l);
            fprintf(regime, " or is(a%d, l%d)", a, l);
            if (pairs) {
                fprintf(regime, " or is(a%d, l%d, l%d)", a, l, (l + 1) % levels);
            }
        }
        fprintf(world, "}}\n");
    }
    for (int threshold = 0; threshold < thresholds; threshold++) {
        fprintf(regime, " or rating < %d", threshold * 2);
    }
    fprintf(world, "behaviours: {slip: {by: resident, kind: offence, opportunities: 1 per year, taken: 1}}\n"
                   "doors: {gate: {of: resident, kind: right, attempts: 1 per year}}\n");
    fprintf(regime, "'}}\nratings: {score: {of: resident, base: 0, range: [-1, 100000]}}\n");
    assert_int_equal(0, fclose(world) | fclose(regime) | fclose(study));
}

/* What a plan can hold is told, and what it can it holds without much ado. */
static void
test_plan_limits(void **state)
{
    static const struct {
        int attributes, levels, pairs, thresholds, classes, intervals;
        const char *wrong;
    } cases[] = {
        { 2, 3, 1, 254, 9, 256, NULL },
        { 1, 3, 0, 255, 0, 0, "rating score: bands and conditions tell more than 255 ranges apart" },
        { 2, 16, 1, 0, 256, 2, NULL },
        { 3, 11, 1, 0, 0, 0, "regime made-regime: more than 64 different is(...) about resident" },
        { 6, 9, 0, 0, 531441, 2, NULL }, /* each cell is a class of its own */
    };

    (void) state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        stn_run *run;
        stn_error err = { 0 };
        fixture f;
        write_study(cases[c].attributes, cases[c].levels, cases[c].pairs != 0, cases[c].thresholds);
        f = fixture_new("made.yaml");
        if (cases[c].wrong != NULL) {
            assert_int_equal(STN_E_LIMIT, stn_run_new(f.study, f.city, 0, NULL, &run, &err));
            assert_string_equal(cases[c].wrong, err.text);
            assert_null(run);
        } else {
            const stn__population_plan *plan;
            assert_int_equal(0, stn_run_new(f.study, f.city, 0, NULL, &run, &err));
            plan = &run->plan->populations[0];
            assert_int_equal(cases[c].classes, plan->class_count);
            assert_int_equal(cases[c].intervals, plan->interval_count);
            for (int32_t cell = 0; cell < plan->cell_count; cell++) { /* those told apart differ, and only those */
                assert_true(plan->class[cell] <= (uint32_t) cell);
                assert_true(cell == 0 || plan->class[cell] != plan->class[cell - 1]);
            }
            stn_run_free(run);
        }
        fixture_free(&f);
    }
    assert_int_equal(0, remove("made.yaml") | remove("made-world.yaml") | remove("made-regime.yaml"));
}

/* A new interval begins just where some comparison begins to answer differently. */
static void
test_plan_intervals(void **state)
{
    fixture f = fixture_new(rating_path);
    stn_run *run;
    stn_error err;
    const stn__population_plan *plan;
    int32_t changes = 0;

    (void) state;
    assert_int_equal(0, stn_run_new(f.study, f.city, 0, NULL, &run, &err));
    plan = &run->plan->populations[0];
    for (int32_t rating = plan->min + 1; rating <= plan->max; rating++) {
        stn__state before = { .rating = rating - 1, .rated = true, .band = -1 }, after = before;
        bool changed = false;
        after.rating = rating;
        for (int32_t m = 0; m < plan->measure_count; m++) {
            const stn__rule *rule = &plan->measures[m].rule;
            changed = changed || stn__rule_holds(rule, &before) != stn__rule_holds(rule, &after);
        }
        changed = changed || rating == 100; /* of the list's */
        assert_int_equal(changed, plan->interval[rating - plan->min] != plan->interval[rating - 1 - plan->min]);
        changes += changed;
    }
    assert_int_equal(9, changes);
    stn_run_free(run);
    fixture_free(&f);
}

/* A rating that changed opens entry anew, even where no condition tells its old
 * and new values apart. */
static void
test_run_rating_reopens_entry(void **state)
{
    fixture f = fixture_new(rating_path);
    stn_run *run = lived(&f, 0, 1, 0, 1000, 0);
    int64_t first = stn_run_total(run, 0, -1, stn_run_counter_find(run, 0, "list_first", "low"));
    int64_t entries = stn_run_total(run, 0, -1, stn_run_counter_find(run, 0, "list_entries", "low"));
    int64_t exits = stn_run_total(run, 0, -1, stn_run_counter_find(run, 0, "list_exits", "low"));
    int64_t on = stn_run_total(run, 0, -1, stn_run_counter_find(run, 0, "list_stock", "low"));

    (void) state;
    assert_int_equal(20, first);
    assert_true(entries > 5 * first); /* a stay of 30 days, then some 6 days to the next record, for a year */
    assert_int_equal(entries, exits + on);
    stn_run_free(run);
    fixture_free(&f);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_same_digest_whatever_the_machine),
        cmocka_unit_test(test_run_same_numbers_after_release),
        cmocka_unit_test(test_run_one_person),
        cmocka_unit_test(test_run_stops_on_request),
        cmocka_unit_test(test_run_check_every_window),
        cmocka_unit_test(test_run_ends_beyond_what_can_be_held),
        cmocka_unit_test(test_plan_limits),
        cmocka_unit_test(test_plan_intervals),
        cmocka_unit_test(test_run_rating_reopens_entry),
    };

    if (argc != 5) {
        print_error("usage: %s STUDY STUDY-WITHOUT-FEEDBACK STUDY-BEYOND-LIMITS STUDY-WITH-RATING\n", argv[0]);
        return 2;
    }
    study_path = argv[1];
    alone_path = argv[2];
    limits_path = argv[3];
    rating_path = argv[4];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
