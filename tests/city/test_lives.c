/* SPDX-License-Identifier: Apache-2.0
 *
 * test_lives.c - whether people come, age and go as often as a world says.
 *
 * The twin (lives.py) checks that the lives are those that the page defines; here,
 * that the page's lives follow the life table and the rates. Shares are held to
 * 4 standard errors at a fixed seed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "city/alike.h"
#include "city/inside.h"
#include "city/lives.h"
#include "fixture.h"

enum { YEAR = 525600, DISTRICT = 0, AGE = 1, SCHOOL = 2, SEX = 3, AGES = STN_AGE_MAX + 1 };

/* A town of 20,000: 3 districts, 4 bands of age, 3 schools, 2 sexes; no graduates
 * under 15. Cells are numbered with sex fastest. */
static const char town_text[] =
    "seed 77 scale 1 populations 2 resident 20000 attributes 4 joints 1 "
    "district 3 0 0 north 9001 south 7000 west 3999 "
    "age 4 1 0 child 3100 0 14 young 5900 15 34 middle 7001 35 59 old 3999 60 80 "
    "school 3 0 0 none 4000 some 9500 graduate 6500 "
    "sex 2 0 0 male 10100 female 9900 "
    "2 1 2  8 2 0  1 5 4  1 6 3  2 6 2 "
    "shop 900 attributes 1 joints 0 district 3 0 0 north 500 south 300 west 100 "
    "household 1 0 0 5 300 1  2500 2600 1500 900 300  0 1 1 1 "
    "representative 1 1 0 0 0 1  0 0 1 0 ";

typedef struct town {
    stn__arena *arena;
    stn_study *study;
    stn_population *resident;
    stn_life *life;
    double deaths[2][AGES];
    uint32_t anew[4];
    bool levels[4];
    const bool *like[STN_ATTRIBUTES_MAX];
    stn_city *city;
    stn_error err;
} town;

/* A town with a life in which nothing happens but growing older. */
static void
plan_town(town *t, uint32_t years)
{
    FILE *in = fmemopen((void *) (uintptr_t) town_text, sizeof town_text - 1, "r");

    memset(t, 0, sizeof *t);
    t->arena = stn__arena_new();
    assert_non_null(in);
    t->study = fixture_read(in, t->arena);
    fclose(in);
    t->study->horizon = years * YEAR;
    t->resident = (stn_population *) (uintptr_t) &t->study->world.populations[0];
    t->life = &t->resident->life;
    *t->life = (stn_life){ .given = true, .ages = AGE, .deaths_by = STN_NONE, .anew = t->anew };
}

static void
make_town(town *t)
{
    assert_int_equal(stn_city_new(t->study, NULL, &t->city, &t->err), 0);
}

static void
free_town(town *t)
{
    stn_city_free(t->city);
    stn__arena_free(t->arena);
}

static uint32_t
coming(const town *t, uint32_t row)
{
    return stn_city_coming(t->city, 0, row);
}

static int32_t
level(const town *t, int32_t attribute, uint32_t cell)
{
    return stn__level(t->resident, attribute, (int32_t) cell);
}

/* How somebody ends; their last cell if they do not. */
static stn__life_event
end_of(const town *t, uint32_t row)
{
    stn__life_event event = { STN__AGES, coming(t, row), stn_city_cells(t->city, 0)[row] };
    uint32_t before = event.minute, cell = event.cell;

    while (event.turn == STN__AGES) {
        uint32_t between;
        cell = event.cell;
        event = stn__life_next(t->city, 0, row, cell, event.minute);
        between = before + ((event.turn == STN__STAYS ? t->study->horizon : event.minute) - before) / 2;
        assert_int_equal(stn__life_next(t->city, 0, row, cell, between).minute, event.minute); /* asked later, the same */
        assert_true(event.minute > before);
        assert_true(event.turn == STN__STAYS || event.minute < t->study->horizon);
        before = event.minute;
    }
    event.cell = cell;
    return event;
}

static bool
dead_by(const town *t, uint32_t row, uint64_t minute)
{
    stn__life_event end = end_of(t, row);

    return end.turn == STN__DIES && end.minute <= minute;
}

static void
assert_share(double found, double of, double expected)
{
    double error = sqrt(of * expected * (1 - expected));

    if (!(fabs(found - of * expected) <= 4 * error)) {
        fail_msg("found %.0f of %.0f, expected %.1f +- %.1f", found, of, of * expected, error);
    }
}

static void
test_births_and_arrivals_are_exact(void **state)
{
    town t;

    (void) state;
    plan_town(&t, 5);
    t.life->births.value = 0.01234 / YEAR;   /* 246.8 */
    t.life->arrivals.value = 0.05001 / YEAR; /* 1000.2 */
    make_town(&t);
    assert_int_equal(stn_city_size(t.city, 0), 20000);
    assert_int_equal(stn_city_rows(t.city, 0), 20000 + 5 * (247 + 1000));
    assert_int_equal(stn_city_rows(t.city, 1), 900);
    for (uint32_t year = 0; year < 5; year++) {
        uint32_t born = 0, quarters[4] = { 0 };
        for (uint32_t row = 20000 + year * 1247; row < 20000 + (year + 1) * 1247; row++) {
            uint32_t minute = coming(&t, row) - 1;
            assert_int_equal(minute / YEAR, year);
            assert_true(row == 20000 || coming(&t, row) >= coming(&t, row - 1));
            born += !stn__moved_in(t.city, 0, row);
            quarters[minute % YEAR / (YEAR / 4)]++;
        }
        assert_int_equal(born, 247);
        for (int quarter = 0; quarter < 4; quarter++) {
            assert_true(quarters[quarter] >= 310 && quarters[quarter] <= 314); /* spread, not heaped */
        }
    }
    assert_int_equal(coming(&t, 19999), 0);
    free_town(&t);
}

static void
test_newcomers_take_after_others(void **state)
{
    uint32_t south = 0, newcomers = 0;
    town t;

    (void) state;
    plan_town(&t, 4);
    t.life->births.value = 0.02 / YEAR;
    t.life->arrivals.value = 0.1 / YEAR;
    t.levels[1] = t.levels[2] = true;
    t.like[DISTRICT] = t.levels;
    t.life->like = t.like;
    make_town(&t);
    for (uint32_t row = 20000; row < stn_city_rows(t.city, 0); row++) {
        uint32_t cell = stn_city_cells(t.city, 0)[row], home = stn_city_households(t.city)[row];
        if (stn__moved_in(t.city, 0, row)) {
            assert_int_equal(home, STN__NOBODY);
            assert_true(level(&t, DISTRICT, cell) > 0);
            south += level(&t, DISTRICT, cell) == 1;
            newcomers++;
        } else {
            assert_int_equal(level(&t, AGE, cell), 0);
            assert_int_equal(stn_city_ages(t.city, 0)[row], 0);
            assert_true(home < stn_city_household_count(t.city));
        }
    }
    assert_share(south, newcomers, 7000.0 / 10999);
    free_town(&t);
}

/* Of those born, those alive at each birthday: the table's products. */
static void
test_survival_follows_the_table(void **state)
{
    double alive = 1;
    town t;

    (void) state;
    plan_town(&t, 12);
    for (int age = 0; age < AGES; age++) {
        t.deaths[0][age] = age == STN_AGE_MAX ? 1 : age == 0 ? 0.3 : 0.05 + 0.02 * age;
    }
    t.life->deaths = t.deaths[0];
    t.life->births.value = 0.5 / YEAR;
    make_town(&t);
    for (int age = 1; age <= 10; age++) {
        uint32_t of = 0, found = 0;
        alive = alive * (1 - t.deaths[0][age - 1]);
        for (uint32_t row = 20000; row < stn_city_rows(t.city, 0); row++) {
            uint64_t birthday = coming(&t, row) + (uint64_t) age * YEAR;
            if (birthday < t.study->horizon) {
                of++;
                found += !dead_by(&t, row, birthday);
            }
        }
        assert_share(found, of, alive);
    }
    free_town(&t);
}

/* The people of the start are in the middle of a year of age. */
static void
test_first_year_of_the_old(void **state)
{
    uint32_t found[2] = { 0 }, of[2] = { 0 };
    town t;

    (void) state;
    plan_town(&t, 3);
    for (int age = 0; age < AGES; age++) {
        t.deaths[0][age] = age == STN_AGE_MAX ? 1 : 0.4;
        t.deaths[1][age] = age == STN_AGE_MAX ? 1 : 0.1;
    }
    t.life->deaths = t.deaths[0];
    t.life->deaths_by = SEX;
    make_town(&t);
    for (uint32_t row = 0; row < 20000; row++) {
        int32_t sex = level(&t, SEX, stn_city_cells(t.city, 0)[row]);
        of[sex]++;
        found[sex] += !dead_by(&t, row, YEAR);
    }
    for (int sex = 0; sex < 2; sex++) {
        double q = t.deaths[sex][0], expected = 0;
        for (int i = 0; i < 1000; i++) { /* f: what is left of the year of age */
            double f = (i + 0.5) / 1000;
            expected += (1 - q) / (1 - q * (1 - f)) * (1 - q * (1 - f)) / 1000;
        }
        assert_share(found[sex], of[sex], expected); /* it comes to 1 - q */
    }
    free_town(&t);
}

static void
test_nobody_outlives_the_table(void **state)
{
    town t;

    (void) state;
    plan_town(&t, 90);
    for (int age = 80; age < AGES; age++) {
        t.deaths[0][age] = 1;
    }
    t.life->deaths = t.deaths[0];
    make_town(&t);
    for (uint32_t row = 0; row < 20000; row++) {
        stn__life_event end = end_of(&t, row);
        assert_int_equal(end.turn, STN__DIES);
        assert_int_equal(stn__age(t.city, 0, row, end.minute - 1), 80);
    }
    free_town(&t);
}

static void
test_departures_follow_the_rate(void **state)
{
    static const stn_factor south = { DISTRICT, 1, 3 };
    uint32_t found[3][4] = { { 0 } }, of[3] = { 0 };
    town t;

    (void) state;
    plan_town(&t, 4);
    t.life->departures = (stn_quantity){ .value = 0.1 / YEAR, .factors = &south, .factor_count = 1 };
    make_town(&t);
    for (uint32_t row = 0; row < 20000; row++) {
        int32_t district = level(&t, DISTRICT, stn_city_cells(t.city, 0)[row]);
        stn__life_event end = end_of(&t, row);
        of[district]++;
        for (uint32_t year = 0; year < 4; year++) {
            found[district][year] += end.turn == STN__DEPARTS && end.minute <= (year + 1) * YEAR;
        }
    }
    for (int district = 0; district < 3; district++) {
        for (int year = 0; year < 4; year++) {
            assert_share(found[district][year], of[district], 1 - exp(-0.1 * (district == 1 ? 3 : 1) * (year + 1)));
        }
    }
    free_town(&t);
}

/* Those who become young go to school anew, as the young of their district and sex do;
 * all else stays. */
static void
test_ageing_and_anew(void **state)
{
    uint32_t grown = 0, graduates = 0, young = 0, young_graduates = 0, later = 0;
    town t;

    (void) state;
    plan_town(&t, 15);
    t.anew[1] = 1u << SCHOOL;
    make_town(&t);
    for (uint32_t row = 0; row < 20000; row++) {
        uint32_t cell = stn_city_cells(t.city, 0)[row], last = end_of(&t, row).cell;
        int32_t age = stn_city_ages(t.city, 0)[row], after = stn__age(t.city, 0, row, 15 * YEAR - 1);
        int32_t first = t.resident->attributes[AGE].age_first[level(&t, AGE, last)];
        assert_int_equal(level(&t, DISTRICT, cell), level(&t, DISTRICT, last));
        assert_int_equal(level(&t, SEX, cell), level(&t, SEX, last));
        assert_true(after == age + 14 || after == age + 15);
        assert_true(after >= first && (level(&t, AGE, last) == 3 || after <= t.resident->attributes[AGE].age_last[level(&t, AGE, last)]));
        if (level(&t, AGE, cell) == 1) {
            young++;
            young_graduates += level(&t, SCHOOL, cell) == 2;
        }
        if (level(&t, AGE, cell) != 0 || level(&t, AGE, last) == 0) {
            assert_int_equal(level(&t, SCHOOL, cell), level(&t, SCHOOL, last));
        } else {
            grown++;
            graduates += level(&t, SCHOOL, last) == 2;
        }
        later += after == age + 15;
    }
    assert_true(later > 19990); /* birthdays are spread over the year */
    assert_true(grown > 2900);
    assert_share(graduates, grown, (double) young_graduates / young);
    free_town(&t);
}

/* Newcomers change nothing about the others; without life nothing changes at all. */
static void
test_start_is_the_same_without_life(void **state)
{
    uint64_t digest;
    town t, still;

    (void) state;
    plan_town(&t, 5);
    t.life->births.value = t.life->arrivals.value = 0.1 / YEAR;
    make_town(&t);
    plan_town(&still, 5);
    still.life->given = false;
    make_town(&still);
    digest = stn_city_digest(still.city);
    assert_true(digest != stn_city_digest(t.city));
    assert_int_equal(stn_city_rows(still.city, 0), 20000);
    assert_false(stn__lives(still.city, 0));
    assert_true(stn__lives(t.city, 0));
    assert_false(stn__lives(t.city, 1));
    assert_memory_equal(stn_city_cells(t.city, 0), stn_city_cells(still.city, 0), 20000 * sizeof(uint32_t));
    assert_memory_equal(stn_city_ages(t.city, 0), stn_city_ages(still.city, 0), 20000);
    assert_memory_equal(stn_city_households(t.city), stn_city_households(still.city), 20000 * sizeof(uint32_t));
    assert_int_equal(stn__life_next(still.city, 0, 3, 0, 0).turn, STN__STAYS);
    stn_city_free(still.city);
    still.study->horizon *= 2; /* nobody to come: the years do not matter */
    make_town(&still);
    assert_true(stn_city_digest(still.city) == digest);
    free_town(&still);
    free_town(&t);
}

static void
test_same_on_any_threads(void **state)
{
    uint64_t digest = 0;

    (void) state;
    for (int32_t threads = 1; threads <= 3; threads++) {
        stn_city_options options = { .threads = threads };
        town t;
        plan_town(&t, 7);
        t.life->births.value = t.life->arrivals.value = 0.03 / YEAR;
        assert_int_equal(stn_city_new(t.study, &options, &t.city, &t.err), 0);
        assert_true(threads == 1 || digest == stn_city_digest(t.city));
        digest = stn_city_digest(t.city);
        free_town(&t);
    }
}

static void
test_too_many(void **state)
{
    town t;

    (void) state;
    plan_town(&t, 200);
    t.life->births.value = 1500.0 / YEAR;
    assert_int_equal(stn_city_new(t.study, NULL, &t.city, &t.err), STN_E_LIMIT);
    assert_non_null(strstr(t.err.text, "'resident' grows beyond"));
    t.life->births.value = 100000.0 * 1e6 / YEAR;
    assert_int_equal(stn_city_new(t.study, NULL, &t.city, &t.err), STN_E_LIMIT);
    free_town(&t);
}

/* Newcomers are namesakes and members of households too. */
static void
test_alike_with_newcomers(void **state)
{
    static const int32_t same[2] = { DISTRICT, SCHOOL };
    stn__namesakes *all;
    stn__members *homes;
    uint32_t rows, counts[9] = { 0 }, seen = 0, housed = 0;
    town t;

    (void) state;
    plan_town(&t, 3);
    t.life->births.value = t.life->arrivals.value = 0.02 / YEAR;
    make_town(&t);
    rows = stn_city_rows(t.city, 0);
    all = stn__namesakes_new(t.city, 0, same, 2);
    for (uint32_t row = 0; row < rows; row++) {
        uint32_t cell = stn_city_cells(t.city, 0)[row];
        counts[level(&t, DISTRICT, cell) * 3 + level(&t, SCHOOL, cell)]++;
        housed += stn_city_households(t.city)[row] != STN__NOBODY;
    }
    for (uint32_t row = 0; row < rows; row += 97) {
        uint32_t cell = stn_city_cells(t.city, 0)[row], found = 0;
        int32_t class = level(&t, DISTRICT, cell) * 3 + level(&t, SCHOOL, cell);
        assert_int_equal(stn__namesakes_count(all, row), counts[class] - 1);
        for (uint32_t other = 0; other < rows; other++) {
            uint32_t theirs = stn_city_cells(t.city, 0)[other];
            if (other != row && level(&t, DISTRICT, theirs) * 3 + level(&t, SCHOOL, theirs) == class) {
                assert_int_equal(stn__namesakes_other(all, row, found++), other);
            }
        }
    }
    homes = stn__members_of_households(t.city);
    for (uint32_t home = 0; home < stn_city_household_count(t.city); home++) {
        uint32_t count;
        const uint32_t *members = stn__members_of(homes, home, &count);
        for (uint32_t i = 0; i < count; i++, seen++) {
            assert_int_equal(stn_city_households(t.city)[members[i]], home);
            assert_int_equal(level(&t, DISTRICT, stn_city_cells(t.city, 0)[members[i]]),
                level(&t, DISTRICT, stn_city_cells(t.city, 0)[members[0]]));
        }
    }
    assert_int_equal(seen, housed);
    stn__members_free(homes);
    stn__namesakes_free(all);
    free_town(&t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_births_and_arrivals_are_exact),
        cmocka_unit_test(test_newcomers_take_after_others),
        cmocka_unit_test(test_survival_follows_the_table),
        cmocka_unit_test(test_first_year_of_the_old),
        cmocka_unit_test(test_nobody_outlives_the_table),
        cmocka_unit_test(test_departures_follow_the_rate),
        cmocka_unit_test(test_ageing_and_anew),
        cmocka_unit_test(test_start_is_the_same_without_life),
        cmocka_unit_test(test_same_on_any_threads),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_alike_with_newcomers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
