/* SPDX-License-Identifier: Apache-2.0
 *
 * test_web.c - what one actor causes another: whoever is changed by one
 * person's other numbers was reached by messages; nothing depends on threads,
 * blocks or how far one advances; and what must be conserved is, after every
 * window. Arguments: a study with everything on, and one without what
 * everybody causes everybody (learning, desks). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <standing/standing.h>

#include "engine/engine.h"
#include "fixture.h"

static const char *study_path, *alone_path;

static stn_run *
begun(const fixture *f, int32_t regime, int32_t threads, int32_t block, int32_t log)
{
    stn_run_options options;
    stn_run *run;
    stn_error err = { 0 };

    stn_run_options_init(&options);
    options.threads = threads;
    options.block = block;
    options.log = log;
    options.lives = log;
    assert_int_equal(0, stn_run_new(f->study, f->city, regime, &options, &run, &err));
    return run;
}

static void
live(stn_run *run, int32_t windows)
{
    stn_error err = { 0 };

    while (stn_run_windows_done(run) < stn_run_window_count(run)) {
        if (stn_run_advance(run, windows, &err) != 0) {
            fail_msg("%s", err.text);
        }
    }
}

static void
test_web_same_digest_whatever_the_machine(void **state)
{
    static const int32_t ways[][3] = { { 1, 0, 1000 }, { 2, 0, 1000 }, { 3, 2, 1000 }, { 2, 1, 1000 }, { 2, 512, 1000 },
        { 1, 4096, 1 }, { 2, 100, 5 } };
    fixture f = fixture_new(study_path);

    (void) state;
    for (int32_t regime = 0; regime < stn_study_regime_count(f.study); regime++) {
        uint64_t first = 0;
        for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++) {
            stn_run *run = begun(&f, regime, ways[way][0], ways[way][1], 0);
            live(run, ways[way][2]);
            first = way == 0 ? stn_run_digest(run) : first;
            assert_int_equal(first, stn_run_digest(run));
            stn_run_free(run);
        }
    }
    fixture_free(&f);
}

static void
test_web_conserves(void **state)
{
    fixture f = fixture_new(study_path);
    stn_error err = { 0 };

    (void) state;
    for (int32_t regime = 0; regime < stn_study_regime_count(f.study); regime++) {
        stn_run *run = begun(&f, regime, 2, 100, 0);
        while (stn_run_windows_done(run) < stn_run_window_count(run)) {
            assert_int_equal(0, stn_run_advance(run, 1, &err));
            if (stn__run_check(run, &err) != 0) {
                fail_msg("%s", err.text);
            }
        }
        stn_run_free(run);
    }
    fixture_free(&f);
}

/* A mechanism that never comes into play would make all of this pass. */
static void
test_web_has_everything(void **state)
{
    static const char *const names[] = { "known", "misfiled", "clearings_lost", "mistaken_minutes", "refused", "reached",
        "objections_filed", "objections_granted", "objections_denied", "objections_void", "objections_wait_minutes",
        "appeals_filed", "appeals_granted", "appeals_wait_minutes", "corrected", "repaired", "pardoned", "fines_paid",
        "fines_unpaid", "debt_yuan", "fee_yuan", "saved_yuan", "poor_minutes", "reviews", "review_rises", "review_falls",
        "redemptions", "all_closed_entries" };
    fixture f = fixture_new(study_path);
    stn_run *run = begun(&f, 0, 2, 0, 1);
    const stn_event *events;
    uint64_t count, kinds = 0;
    stn_error err;

    (void) state;
    live(run, 1000);
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        int64_t sum = 0;
        for (int32_t population = 0; population < stn_study_population_count(f.study); population++) {
            for (int32_t c = 0; c < stn_run_counter_count(run, population); c++) {
                if (strcmp(stn_run_counter(run, population, c)->name, names[n]) == 0) {
                    sum += stn_run_total(run, population, -1, c);
                }
            }
        }
        if (sum <= 0) {
            fail_msg("%s: nothing", names[n]);
        }
    }
    assert_int_equal(0, stn_run_events(run, &events, &count, &err));
    for (uint64_t i = 0; i < count; i++) {
        kinds |= 1ull << events[i].kind;
    }
    assert_int_equal((1u << 24) - 2, kinds); /* each of 1 to 23 */
    stn_run_free(run);
    fixture_free(&f);
}

/* Person-minutes on a list as the log tells them. The log sorts a minute by kind,
 * so of an exit and an entry in one minute nobody sees which was first; but each
 * turns round whether one is on it. */
static int64_t
minutes_in_log(const stn_event *events, uint64_t count, int32_t population, int32_t list, uint32_t end)
{
    int64_t minutes = 0;
    uint32_t row = 0, since = 0;
    bool on = false;

    for (uint64_t i = 0; i < count; i++) {
        const stn_event *event = &events[i];
        if (event->population != population || event->subject != list
            || (event->kind != STN__EVENT_ENTERED && event->kind != STN__EVENT_LEFT)) {
            continue;
        }
        if (on) {
            minutes += (event->row == row ? event->time : end) - since;
        }
        on = event->row != row || !on;
        row = event->row;
        since = event->time;
    }
    return minutes + (on ? end - since : 0);
}

static void
test_web_person_time_adds_up(void **state)
{
    fixture f = fixture_new(study_path);
    stn_run *run = begun(&f, 0, 2, 0, 1);
    const stn_event *events;
    uint64_t count;
    int32_t checked = 0;
    stn_error err;

    (void) state;
    live(run, 1000);
    assert_int_equal(0, stn_run_events(run, &events, &count, &err));
    for (int32_t population = 0; population < stn_study_population_count(f.study); population++) {
        uint32_t end = stn_run_window_end(run, stn_run_window_count(run) - 1);
        for (int32_t l = 0; stn_run_list_name(run, population, l) != NULL; l++) {
            int32_t counter = stn_run_counter_find(run, population, "list_minutes", stn_run_list_name(run, population, l));
            int64_t minutes = stn_run_total(run, population, -1, counter);
            assert_int_equal(minutes, minutes_in_log(events, count, population, l, end));
            checked += minutes > 0;
        }
    }
    assert_true(checked >= 4);
    stn_run_free(run);
    fixture_free(&f);
}

/* Numbers of actors, all populations in one row. */
static uint32_t
number_of(const fixture *f, int32_t population, uint32_t row)
{
    return population == 0 ? row : stn_city_rows(f->city, 0) + row;
}

static void
mark_changed(const fixture *f, const stn_event *a, uint64_t a_count, const stn_event *b, uint64_t b_count, bool *changed)
{
    uint64_t i = 0, j = 0;

    while (i < a_count || j < b_count) {
        int order = i == a_count ? 1 : j == b_count ? -1 : 0;
        uint32_t who_a = i < a_count ? number_of(f, a[i].population, a[i].row) : 0;
        uint32_t who_b = j < b_count ? number_of(f, b[j].population, b[j].row) : 0;
        if (order == 0) {
            order = who_a < who_b ? -1 : who_a > who_b;
        }
        if (order == 0 && a[i].time == b[j].time && a[i].kind == b[j].kind && a[i].subject == b[j].subject
            && a[i].value == b[j].value) {
            i++;
            j++;
        } else {
            changed[order <= 0 ? who_a : who_b] = true;
            i += order <= 0;
            j += order >= 0;
        }
    }
}

/* Whoever got a message from somebody reached is reached; in order of delivery,
 * for a message is sent in a window and heard after it. */
static void
mark_reached(const fixture *f, const stn_run *run, bool *reached)
{
    for (size_t i = 0; i < run->delivered.count; i++) {
        const stn__message *message = &run->delivered.messages[i];
        if (reached[number_of(f, message->from_population, message->from_row)]) {
            reached[number_of(f, message->population, message->row)] = true;
        }
    }
}

static void
test_web_changes_whom_messages_reach(void **state)
{
    fixture f = fixture_new(alone_path);
    uint32_t all = stn_city_rows(f.city, 0) + stn_city_rows(f.city, 1);
    int reached_others = 0, changed_others = 0;

    (void) state;
    for (uint32_t odd = 0; odd < 60; odd++) {
        stn_run *run = begun(&f, 0, 2, 16, 1), *other = begun(&f, 0, 1, 0, 1);
        bool *changed = calloc(all, sizeof *changed), *reached = calloc(all, sizeof *reached);
        const stn_event *a, *b;
        uint64_t a_count, b_count;
        stn_error err;
        assert_non_null(changed);
        assert_non_null(reached);
        stn__run_keep_messages(run);
        stn__run_keep_messages(other);
        stn__run_perturb(other, 0, odd * 7);
        live(run, 1000);
        live(other, 1000);
        assert_int_equal(0, stn_run_events(run, &a, &a_count, &err));
        assert_int_equal(0, stn_run_events(other, &b, &b_count, &err));
        mark_changed(&f, a, a_count, b, b_count, changed);
        reached[odd * 7] = true;
        mark_reached(&f, run, reached);
        mark_reached(&f, other, reached); /* twice, for a chain may run through both */
        mark_reached(&f, run, reached);
        for (uint32_t who = 0; who < all; who++) {
            if (changed[who] && !reached[who]) {
                fail_msg("actor %u changed, though no message led there from %u", (unsigned) who, (unsigned) odd * 7);
            }
            reached_others += reached[who] && who != odd * 7;
            changed_others += changed[who] && who != odd * 7;
        }
        assert_true(changed[odd * 7]);
        free(changed);
        free(reached);
        stn_run_free(run);
        stn_run_free(other);
    }
    assert_true(changed_others > 20);
    assert_true(reached_others >= changed_others);
    fixture_free(&f);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_web_same_digest_whatever_the_machine),
        cmocka_unit_test(test_web_conserves),
        cmocka_unit_test(test_web_has_everything),
        cmocka_unit_test(test_web_person_time_adds_up),
        cmocka_unit_test(test_web_changes_whom_messages_reach),
    };

    assert_true(argc == 3);
    study_path = argv[1];
    alone_path = argv[2];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
