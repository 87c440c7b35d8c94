/* SPDX-License-Identifier: Apache-2.0
 *
 * test_life.c - what is read of lives from good/life.yaml. Called with the folder
 * of this file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <standing/study.h>

#include "model/model.h"

enum { AGES = STN_AGE_MAX + 1 };

/* Doubles are equal to the bit: the file says what they are. */
#define assert_same(found, want) assert_true((found) == (want))

static stn_study *study;

static int
load(void **state)
{
    stn_report *report = stn_report_new();
    stn_error err = { 0, "" };
    int ret = stn_study_load("good/life.yaml", NULL, &study, report, &err);

    (void) state;
    for (int32_t index = 0; index < stn_report_count(report); index++) {
        print_error("%s\n", stn_report_text(report, index));
    }
    stn_report_free(report);
    return ret;
}

static int
unload(void **state)
{
    (void) state;
    stn_study_free(study);
    return 0;
}

static void
test_rates(void **state)
{
    const stn_life *life = &study->world.populations[0].life;

    (void) state;
    assert_true(life->given);
    assert_int_equal(life->ages, 1);
    assert_same(life->births.value, 0.0095 / 525600.0);
    assert_string_equal(life->births.key, "populations.resident.life.births");
    assert_int_equal(life->births.cite_count, 1);
    assert_same(life->arrivals.value, 0.02 / 525600.0);
    assert_string_equal(life->arrivals.key, "populations.resident.life.arrivals.rate");
    assert_same(life->departures.value, 0.001 / 43800.0);
    assert_int_equal(life->departures.factor_count, 1);
    assert_int_equal(life->departures.factors[0].attribute, 1);
    assert_int_equal(life->departures.factors[0].level, 1);
    assert_same(life->departures.factors[0].factor, 3);
}

static void
test_deaths(void **state)
{
    const stn_life *life = &study->world.populations[0].life;
    const double *male = life->deaths, *female = life->deaths + AGES;

    (void) state;
    assert_int_equal(life->deaths_by, 0);
    assert_string_equal(life->deaths_table, "tables/mortality.csv");
    assert_string_equal(life->deaths_why, "a made-up table");
    assert_int_equal(life->deaths_cite_count, 1);
    assert_same(male[0], 0.004);
    assert_same(male[1], 0.03 / 100);
    assert_same(male[2], 0.2);
    assert_same(male[149], 0.2);
    assert_same(male[150], 1);
    assert_same(female[0], 0.003);
    assert_same(female[1], 0.0002);
    assert_same(female[149], 0.1);
    assert_same(female[150], 1);
}

static void
test_whom(void **state)
{
    const stn_life *life = &study->world.populations[0].life;

    (void) state;
    assert_true(life->like[0][0] && !life->like[0][1]);
    assert_true(!life->like[1][0] && life->like[1][1] && life->like[1][2]);
    assert_null(life->like[2]);
    assert_int_equal(life->anew[0], 0);
    assert_int_equal(life->anew[1], 1 << 2 | 1 << 0);
    assert_int_equal(life->anew[2], 1 << 2);
}

static void
test_little(void **state)
{
    const stn_life *life = &study->world.populations[1].life;

    (void) state;
    assert_true(life->given);
    assert_int_equal(life->deaths_by, STN_NONE);
    assert_same(life->deaths[1], 0);
    assert_same(life->deaths[2], 0.5);
    assert_same(life->deaths[50], 0.25);
    assert_false(life->births.given || life->arrivals.given || life->departures.given);
    assert_same(life->births.value, 0);
    assert_null(life->like);
    assert_int_equal(life->anew[1], 0);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_deaths),
        cmocka_unit_test(test_whom),
        cmocka_unit_test(test_little),
    };

    if (argc > 1 && chdir(argv[1]) != 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, load, unload);
}
