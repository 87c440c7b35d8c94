/* SPDX-License-Identifier: Apache-2.0
 *
 * test_story.c - one made-up life, told from hand-made events: every kind has its
 * sentence, whatever the engine does. The study is the argument. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <standing/standing.h>

#include "engine/engine.h"
#include "results/story.h"

enum { DAY = 1440, YEAR = 525600, ROW = 966, REGIME = 2 };

static const char *study_path;

typedef struct fixture {
    stn_study *study;
    stn_city *city;
    stn__plan *plan;
    stn_story *story;
    char *text;    /* of the last print */
} fixture;

static int
setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    stn_report *report = stn_report_new();

    assert_non_null(f);
    assert_non_null(report);
    assert_int_equal(0, stn_study_load(study_path, NULL, &f->study, report, NULL));
    assert_int_equal(0, stn_city_new(f->study, NULL, &f->city, NULL));
    assert_int_equal(0, stn__plan_new(f->study, REGIME, &f->plan, NULL));
    assert_int_equal(0, stn_story_new(f->study, f->city, 0, ROW, &f->story, NULL));
    stn_report_free(report);
    *state = f;
    return 0;
}

static int
teardown(void **state)
{
    fixture *f = *state;

    free(f->text);
    stn_story_free(f->story);
    stn__plan_free(f->plan);
    stn_city_free(f->city);
    stn_study_free(f->study);
    free(f);
    return 0;
}

static void
printed(fixture *f, int32_t width, bool json)
{
    size_t size = 0;
    FILE *out;

    free(f->text);
    f->text = NULL;
    out = open_memstream(&f->text, &size);
    assert_non_null(out);
    if (json) {
        stn_story_json(out, f->story);
    } else {
        assert_int_equal(0, stn_story_print(out, f->story, width, NULL));
    }
    assert_int_equal(0, fclose(out));
}

static void
said(const fixture *f, const char *words)
{
    if (strstr(f->text, words) == NULL) {
        fail_msg("not said: %s\nin:\n%s", words, f->text);
    }
}

static void
unsaid(const fixture *f, const char *words)
{
    if (strstr(f->text, words) != NULL) {
        fail_msg("said: %s\nin:\n%s", words, f->text);
    }
}

/* Numbers of the fixture's `full` regime: agencies court, air, traffic, health, tax. */
enum { COURT, AIR, TRAFFIC };
enum { ORDER, RED_LIGHT };
enum { DISHONEST, HONEST, DRIVERS };
enum { FLIGHT, TRAIN, SERVICE };
enum { OF_FALSE = 65536 };

#define EVENT(day, kind, subject, value) { (day) * DAY, ROW, 0, kind, subject, (uint64_t) (value) }

typedef struct expected {
    stn_event event;
    const char *words; /* in the text */
    const char *json;  /* in the JSON */
} expected;

static const expected all[] = {
    { EVENT(1, STN__EVENT_CAME, 0, 0), "Is born.", "\"kind\": \"came\", \"how\": \"born\"" },
    { EVENT(2, STN__EVENT_CAME, 0, 1ull << 32), "Moves into the city.", "\"how\": \"arrived\"" },
    { EVENT(3, STN__REMARK_NOT_TAKEN, ORDER, 1), "Chance not taken: leaves a court-ordered payment unpaid.",
        "\"kind\": \"not_taken\", \"subject\": \"unpaid_order\"" },
    { EVENT(4, STN__EVENT_ACT, ORDER, 2), "Chance taken, unseen: leaves a court-ordered payment unpaid.",
        "\"kind\": \"act\", \"subject\": \"unpaid_order\"" },
    { EVENT(5, STN__EVENT_ACT, RED_LIGHT, 3), "CHANCE TAKEN, seen by traffic police, the court: drives through a red light.",
        NULL },
    { EVENT(5, STN__REMARK_SEEN, RED_LIGHT, TRAFFIC), "seen by", "\"kind\": \"seen\", \"subject\": \"traffic_offence\", \"agency\": \"traffic\"" },
    { EVENT(5, STN__REMARK_SEEN, RED_LIGHT, COURT), "seen by", NULL },
    { EVENT(6, STN__EVENT_BORN, ORDER, COURT), "Record at the court: leaves a court-ordered payment unpaid.",
        "\"agency\": \"court\", \"false_record\": false" },
    { EVENT(7, STN__EVENT_BORN, ORDER, COURT + OF_FALSE), "FALSE RECORD at the court, of nothing that was done:",
        "\"false_record\": true" },
    { EVENT(8, STN__EVENT_CONFIRMED, ORDER, COURT), "Confirmed by verdict at the court:", "\"kind\": \"confirmed\"" },
    { EVENT(9, STN__EVENT_CLEARED, ORDER, COURT + OF_FALSE), "Cleared by verdict at the court: leaves a court-ordered payment unpaid (a false record).",
        "\"kind\": \"cleared\"" },
    { EVENT(10, STN__EVENT_SETTLED, ORDER, COURT), "Made good, so the record at the court ends:", "\"kind\": \"settled\"" },
    { EVENT(11, STN__REMARK_SENT, ORDER, AIR), "LOST on its way to the airlines, the record:", "\"fate\": \"lost\"" },
    { EVENT(12, STN__REMARK_SENT, ORDER, AIR + (1ull << 32)), "MISDIRECTED: on its way to the airlines", "\"fate\": \"misdirected\"" },
    { EVENT(13, STN__REMARK_SENT, ORDER, AIR + (2ull << 32)), "Record sent on to the airlines:", "\"fate\": \"right\"" },
    { EVENT(14, STN__EVENT_COPY, ORDER, AIR), "The record reaches the airlines:", "\"kind\": \"copy\"" },
    { EVENT(15, STN__EVENT_MISFILED, ORDER, AIR), "MISFILED: a record about somebody else lands in this file at the airlines:",
        "\"kind\": \"misfiled\"" },
    { EVENT(16, STN__EVENT_ENDED, ORDER, AIR + (1ull << 32)), "Word that the record ended reaches the airlines:", "\"how\": \"told\"" },
    { EVENT(17, STN__EVENT_ENDED, ORDER, COURT + (2ull << 32)), "The record at the court is struck out:", "\"how\": \"granted\"" },
    { EVENT(18, STN__EVENT_ENDED, ORDER, COURT + OF_FALSE + (3ull << 32)), "Found false and struck out at the court:", "\"how\": \"corrected\"" },
    { EVENT(19, STN__EVENT_ENDED, ORDER, COURT + (4ull << 32)), "Repaired, so the record at the court ends:", "\"how\": \"repaired\"" },
    { EVENT(20, STN__EVENT_ENDED, ORDER, COURT + (5ull << 32)), "Pardoned, so the record at the court ends:", "\"how\": \"pardoned\"" },
    { EVENT(21, STN__EVENT_NOTICE, DISHONEST, AIR + (1ull << 32)), "Word of the listing reaches the airlines: defaulters.",
        "\"kind\": \"notice\", \"subject\": \"dishonest\", \"agency\": \"air\", \"mistaken\": false, \"listed\": true" },
    { EVENT(22, STN__EVENT_NOTICE, DISHONEST, AIR), "Word that the listing ended reaches the airlines: defaulters.", "\"listed\": false" },
    { EVENT(23, STN__EVENT_NOTICE, DISHONEST, AIR + OF_FALSE + (1ull << 32)), "MISTAKEN by the airlines for somebody on the list: defaulters.",
        "\"mistaken\": true" },
    { EVENT(24, STN__EVENT_FILED, ORDER, COURT), "Objection filed with the court:", "\"kind\": \"petition_filed\"" },
    { EVENT(25, STN__EVENT_DECIDED, ORDER, COURT), "Objection denied by the court:", "\"stage\": \"objection\", \"outcome\": \"denied\"" },
    { EVENT(26, STN__EVENT_FILED, ORDER, COURT + (1ull << 32)), "Appeal filed with the court:", "\"stage\": \"appeal\"" },
    { EVENT(27, STN__EVENT_DECIDED, ORDER, COURT + (1ull << 32) + (1ull << 33)), "Appeal GRANTED by the court:", "\"outcome\": \"granted\"" },
    { EVENT(28, STN__EVENT_DECIDED, ORDER, COURT + (2ull << 33)), "Objection void, as the record at the court has ended:", "\"outcome\": \"void\"" },
    { EVENT(29, STN__EVENT_FINE, RED_LIGHT, 2000 + (1ull << 63)), "Fine of 2,000 yuan paid: drives through a red light.",
        "\"paid\": true, \"yuan\": 2000" },
    { EVENT(30, STN__EVENT_FINE, RED_LIGHT, 300), "FINE of 300 yuan NOT PAID, for want of money:", "\"paid\": false, \"yuan\": 300" },
    { EVENT(31, STN__EVENT_PAID, ORDER, 6000), "Debt of 6,000 yuan paid:", "\"kind\": \"debt_paid\"" },
    { EVENT(32, STN__REMARK_UNPAID, ORDER, 0), "Not made good: leaves a court-ordered payment unpaid.", "\"kind\": \"not_paid\"" },
    { EVENT(33, STN__EVENT_REVIEW, 0, 5), "Review moves the rating.", "\"kind\": \"review\"" },
    { EVENT(34, STN__EVENT_REDEEMED, 0, 0), "Clean slate:", "\"kind\": \"redeemed\"" },
    { EVENT(35, STN__REMARK_RATING, 0, 690u + (3ull << 32)), "-> 690 (warned), a record being forgotten.", "\"rating\": 690, \"band\": \"warned\"" },
    { EVENT(36, STN__EVENT_ENTERED, DISHONEST, 1), "LISTED: defaulters (kept by the court). Wrongly: would not be, but for false records.",
        "\"kind\": \"list_entered\", \"subject\": \"dishonest\", \"wrong\": true" },
    { EVENT(36, STN__EVENT_DOORS, 0, 1 << FLIGHT | 1 << TRAIN), "DOOR CLOSED: buys a flight [no_flights by the airlines, while on(dishonest)]. "
        "DOOR CLOSED: takes a fast train [no fast trains by the airlines, while on(dishonest) and", "\"closed\": [\"flight\", \"train\"], \"open\": []" },
    { EVENT(37, STN__EVENT_PUBLISHED, DISHONEST, 1), "Name published: defaulters.", "\"kind\": \"published\", \"subject\": \"dishonest\", \"now\": true" },
    { EVENT(38, STN__EVENT_BLOCKED, FLIGHT, 0), "Turned away: buys a flight.", "\"kind\": \"blocked\", \"subject\": \"flight\"" },
    { EVENT(39, STN__EVENT_LEFT, DISHONEST, 0), "Off the list: defaulters.", "\"kind\": \"list_left\"" },
    { EVENT(39, STN__EVENT_DOORS, 0, 1ull << (32 + SERVICE)), "Door open again: buys a flight; takes a fast train. Channel opened: is served first",
        "\"closed\": [], \"open\": [\"fast_service\"]" },
    { EVENT(40, STN__EVENT_PUBLISHED, DISHONEST, 0), "Name no longer published: defaulters.", "\"now\": false" },
    { EVENT(40, STN__EVENT_ARCHIVE, DISHONEST, 1), "Name kept in the public archive: defaulters.", "\"kind\": \"archived\"" },
    { EVENT(41, STN__EVENT_REFUSED, FLIGHT, 0), "Refused, the name being public: buys a flight.", "\"kind\": \"refused\"" },
    { EVENT(42, STN__EVENT_TIE, 0, 2), "Others of the household on the list defaulters: 2.", "\"kind\": \"tie\", \"count\": 2" },
    { EVENT(43, STN__EVENT_DOORS, 0, 0), "Channel gone: is served first.", NULL },
    { EVENT(44, STN__EVENT_WENT, 0, 0), "Dies.", "\"kind\": \"went\", \"how\": \"died\"" },
};

enum { ALL = sizeof all / sizeof *all };

/* The later half first, with somebody else's between: only the actor's are told, by time. */
static void
test_story_every_kind(void **state)
{
    static const stn__tie_plan tie = { true, 0, DISHONEST };
    fixture *f = *state;
    stn_event events[2 * ALL];

    f->plan->populations[0].ties = &tie;
    for (int i = 0; i < ALL; i++) {
        events[2 * i] = all[(i + ALL / 2) % ALL].event;
        events[2 * i + 1] = (stn_event){ (uint32_t) i * DAY, ROW + 1, 0, STN__EVENT_BLOCKED, TRAIN, 0 };
    }
    assert_int_equal(0, stn__story_tell(f->story, f->plan, events, 2 * ALL, -1, -1, NULL));
    printed(f, 1000, false);
    for (int i = 0; i < ALL; i++) {
        said(f, all[i].words);
    }
    unsaid(f, "Turned away: takes a fast train");
    said(f, "made up, like everybody here");
    said(f, "takes 2 of 3 chances, 1 of them seen.");
    said(f, "Records: 2, 1 of them false.");
    said(f, "Some door is closed for 3 days.");
    said(f, "Petitions: 2, 1 of them granted.");
    said(f, "Yuan paid in fines and debts: 8,000.");
    said(f, "At the end of this life: rating 690 (warned); on no list; no door closed.");
    printed(f, 0, true);
    for (int i = 0; i < ALL; i++) {
        if (all[i].json != NULL) {
            said(f, all[i].json);
        }
    }
    said(f, "\"made_up\": true");
}

/* Lines keep to the width, whatever it is. */
static void
test_story_width(void **state)
{
    fixture *f = *state;
    stn_event events[ALL];

    for (int i = 0; i < ALL; i++) {
        events[i] = all[i].event.kind == STN__EVENT_TIE ? all[0].event : all[i].event;
    }
    for (int count = 1; count <= 8; count++) {
        assert_int_equal(0, stn__story_tell(f->story, f->plan, events, ALL / (uint64_t) count, -1, -1, NULL));
        for (int32_t width = 40; width <= 200; width += 40) {
            printed(f, width, false);
            for (const char *line = f->text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
                if (end - line > width || (end > line && end[-1] == ' ')) {
                    fail_msg("width %d: '%.*s'", (int) width, (int) (end - line), line);
                }
            }
        }
    }
}

/* Small things in a row become one line; a chance that is not decided alike stands alone. */
static void
test_story_sums_and_parting(void **state)
{
    const stn_event one[] = { EVENT(1, STN__REMARK_NOT_TAKEN, ORDER, 1), EVENT(2, STN__REMARK_NOT_TAKEN, RED_LIGHT, 2),
        EVENT(3, STN__REMARK_NOT_TAKEN, ORDER, 3), EVENT(4, STN__EVENT_ACT, ORDER, 4), EVENT(400, STN__EVENT_ACT, ORDER, 5) };
    const stn_event other[] = { EVENT(1, STN__REMARK_NOT_TAKEN, ORDER, 1), EVENT(2, STN__REMARK_NOT_TAKEN, RED_LIGHT, 2),
        EVENT(3, STN__REMARK_NOT_TAKEN, ORDER, 3), EVENT(4, STN__EVENT_ACT, ORDER, 4), EVENT(9, STN__EVENT_BORN, ORDER, COURT),
        EVENT(400, STN__REMARK_NOT_TAKEN, ORDER, 5) };
    fixture *f = *state;
    int32_t behaviour = -1;

    assert_int_equal(0, stn__story_tell(f->story, f->plan, one, 5, 0, 0, NULL));
    assert_int_equal(STN_NEVER, stn__story_parting(f->story));
    assert_int_equal(0, stn__story_tell(f->story, f->plan, one, 5, 0, 0, NULL));
    assert_int_equal(STN_NEVER, stn__story_parting(f->story));
    assert_int_equal(STN_NEVER, stn__story_choice(f->story, NULL));
    printed(f, 100, false);
    said(f, "The regimes never part");
    unsaid(f, "here the regimes part");
    assert_int_equal(0, stn__story_tell(f->story, f->plan, other, 6, 0, 0, NULL));
    assert_int_equal(9 * DAY, stn__story_parting(f->story));
    assert_int_equal(400 * DAY, stn__story_choice(f->story, &behaviour));
    assert_int_equal(ORDER, behaviour);
    printed(f, 200, false);
    said(f, "Chance not taken: leaves a court-ordered payment unpaid (twice), drives through a red light. Chance taken,");
    said(f, "The regimes part in year 1, day 10. The first chance that is not decided alike comes in year 2, day 36: leaves a");
    said(f, "---- here the regimes part ----\nyear 1, day 10");
    said(f, "to year 1, day 5");
}

/* A hand-held door: the measure that may be meant is named only if none surely is. */
static void
test_story_holders(void **state)
{
    const stn_event events[] = { EVENT(1, STN__REMARK_RATING, 0, 1100u + (1ull << 32)), EVENT(1, STN__EVENT_DOORS, 0, 1ull << (32 + SERVICE)) };
    fixture *f = *state;

    assert_int_equal(0, stn__story_tell(f->story, f->plan, events, 2, -1, -1, NULL));
    printed(f, 1000, false);
    said(f, "Channel opened: is served first [green_channel, while band(trusted) or on(honest)].");
    unsaid(f, "swap");
}

static void
test_story_errors(void **state)
{
    fixture *f = *state;
    stn_story *story = f->story;
    stn_error err = { 0, "" };

    assert_int_equal(STN_E_ARGUMENT, stn_story_new(f->study, f->city, 0, 2000, &story, &err));
    assert_null(story);
    assert_non_null(strstr(err.text, "0 to 1999"));
    assert_null(stn_story_seek_name(-1));
    stn_story_free(NULL);
    printed(f, 0, false); /* of nothing told */
    printed(f, 0, true);
}

/* What is found is what the log of everybody says. */
static void
test_story_seek(void **state)
{
    fixture *f = *state;
    int64_t row, most = -1;
    stn_run_options options;
    stn_run *run;
    stn_panel panel;

    stn_run_options_init(&options);
    options.lives = 1;
    assert_int_equal(0, stn_run_new(f->study, f->city, REGIME, &options, &run, NULL));
    assert_int_equal(0, stn_run_advance(run, INT32_MAX, NULL));
    assert_int_equal(0, stn_run_panel(run, 0, &panel, NULL));
    assert_string_equal("longest restricted", stn_story_seek_name(1));
    assert_int_equal(0, stn_story_seek(f->study, f->city, 1, 0, 0, REGIME, NULL, &row, NULL));
    assert_true(row >= 0);
    for (uint32_t r = 0; r < panel.size; r++) {
        most = panel.restricted_minutes[r] > most ? panel.restricted_minutes[r] : most;
    }
    assert_int_equal(most, panel.restricted_minutes[row]);
    /* Nobody is restricted under the first regime; nothing changes between it and itself. */
    assert_int_equal(0, stn_story_seek(f->study, f->city, 1, 0, 0, 0, NULL, &row, NULL));
    assert_int_equal(-1, row);
    assert_string_equal("most changed", stn_story_seek_name(4));
    assert_int_equal(0, stn_story_seek(f->study, f->city, 4, 0, 0, 0, NULL, &row, NULL));
    assert_int_equal(-1, row);
    stn_run_free(run);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_story_every_kind, setup, teardown),
        cmocka_unit_test_setup_teardown(test_story_width, setup, teardown),
        cmocka_unit_test_setup_teardown(test_story_sums_and_parting, setup, teardown),
        cmocka_unit_test_setup_teardown(test_story_holders, setup, teardown),
        cmocka_unit_test_setup_teardown(test_story_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_story_seek, setup, teardown),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: test_story STUDY\n");
        return 2;
    }
    study_path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
