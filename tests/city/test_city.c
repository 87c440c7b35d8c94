/* SPDX-License-Identifier: Apache-2.0
 *
 * test_city.c - what src/city promises, counted again from the public arrays.
 *
 * The twin (twin.py) checks that the city is the one that the page defines;
 * here, that any city keeps the rules whatever the page's search does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "city/alike.h"
#include "city/inside.h"
#include "fixture.h"

/* A town of 20,000: 3 districts, 4 bands of age, 3 schools; nobody under 15 is a
 * graduate. Its shops are in 2 of the districts only. */
#define TOWN_PEOPLE                                                              \
    "resident 20000 attributes 4 joints 3 "                                      \
    "district 3 0 0 north 9001 south 7000 west 3999 "                            \
    "age 4 1 1 child 3100 0 14 young 5900 15 34 middle 7001 35 59 old 3999 60 80 " \
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 "                                       \
    "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "                                   \
    "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 "                         \
    "21 20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 0 "                     \
    "school 3 0 0 none 4000 some 9500 graduate 6500 "                            \
    "sex 2 0 0 male 10100 female 9900 "                                          \
    "2 0 1  2 3 3 2  1 3 3 1  1 1 2 3 "                                          \
    "2 1 2  8 2 0  1 5 4  1 6 3  2 6 2 "                                         \
    "2 2 3  1 1.2  1 1  1.1 1 "
#define TOWN_SHOPS                                                               \
    "shop 900 attributes 2 joints 0 "                                            \
    "district 3 0 0 north 500 south 400 west 0 trade 2 0 0 food 300 other 600 "
#define TOWN_HOUSEHOLD "household 1 0 0 5 300 1  2500 2600 1500 900 300  0 1 1 1 "
#define TOWN_REPRESENTATIVE "representative 1 1 0 0 0 1  0 0 1 0 "

typedef struct town {
    stn__arena *arena;
    stn_study *study;
    stn_city *city;
    stn_error err;
} town;

static stn_study *
read_text(stn__arena *arena, double scale, uint64_t seed, const char *text)
{
    char head[64];
    char *whole = malloc(strlen(text) + sizeof head);
    stn_study *study;
    FILE *in;

    snprintf(head, sizeof head, "seed %llu scale %.17g ", (unsigned long long) seed, scale);
    strcpy(whole, head);
    strcat(whole, text);
    in = fmemopen(whole, strlen(whole), "r");
    assert_non_null(in);
    study = fixture_read(in, arena);
    fclose(in);
    free(whole);
    return study;
}

static int
make_town(town *t, double scale, uint64_t seed, int32_t threads, const char *text)
{
    stn_city_options options = { .threads = threads };

    memset(t, 0, sizeof *t);
    t->arena = stn__arena_new();
    t->study = read_text(t->arena, scale, seed, text);
    return stn_city_new(t->study, &options, &t->city, &t->err);
}

static void
free_town(town *t)
{
    stn_city_free(t->city);
    stn__arena_free(t->arena);
}

#define TOWN "populations 2 " TOWN_PEOPLE TOWN_SHOPS TOWN_HOUSEHOLD TOWN_REPRESENTATIVE

static void
count_attribute(const town *t, int32_t population, int32_t attribute, int64_t *counts)
{
    const stn_population *p = &t->study->world.populations[population];

    for (uint32_t row = 0; row < stn_city_size(t->city, population); row++) {
        counts[stn__level(p, attribute, (int32_t) stn_city_cells(t->city, population)[row])]++;
    }
}

static const double scales[] = { 1, 0.5, 0.1, 0.033, 0.01, 0.002 };
enum { SCALES = sizeof scales / sizeof *scales };

static void
test_margins_are_exact(void **state)
{
    (void) state;
    for (int s = 0; s < SCALES; s++) {
        town t;
        assert_int_equal(make_town(&t, scales[s], 7, 2, TOWN), 0);
        for (int32_t p = 0; p < 2; p++) {
            const stn_population *population = &t.study->world.populations[p];
            assert_int_equal(stn_city_size(t.city, p), (uint32_t) (population->size.value * scales[s] + 0.5));
            for (int32_t a = 0; a < population->attribute_count; a++) {
                const stn_attribute *attribute = &population->attributes[a];
                int64_t counts[STN_LEVELS_MAX] = { 0 }, wanted[STN_LEVELS_MAX];
                count_attribute(&t, p, a, counts);
                assert_true(stn__apportion(stn_city_size(t.city, p), attribute->counts, attribute->level_count, wanted));
                for (int32_t level = 0; level < attribute->level_count; level++) {
                    assert_int_equal(counts[level], wanted[level]);
                }
            }
        }
        free_town(&t);
    }
}

/* At scale 1 the raked joint is known to every test that can divide: here of two
 * attributes alone, whose association needs no raking. */
static void
test_joint_within_one(void **state)
{
    const char *text = "populations 1 resident 1000 attributes 2 joints 1 a 2 0 0 x 300 y 700 b 3 0 0 p 111 q 222 r 667 "
                       "2 0 1  33.3 66.6 200.1  77.7 155.4 466.9 household 0 representative 0";
    const double expected[6] = { 33.3, 66.6, 200.1, 77.7, 155.4, 466.9 };
    int64_t counts[6] = { 0 };
    town t;

    (void) state;
    assert_int_equal(make_town(&t, 1, 1, 1, text), 0);
    for (uint32_t row = 0; row < 1000; row++) {
        counts[stn_city_cells(t.city, 0)[row]]++;
    }
    for (int cell = 0; cell < 6; cell++) {
        double off = (double) counts[cell] - expected[cell];
        assert_true(off < 1 && off > -1);
    }
    assert_null(stn_city_ages(t.city, 0));
    assert_null(stn_city_households(t.city));
    assert_null(stn_city_representatives(t.city));
    free_town(&t);
}

static void
test_every_fit_holds(void **state)
{
    (void) state;
    for (int s = 0; s < SCALES; s++) {
        town t;
        assert_int_equal(make_town(&t, scales[s], 3, 2, TOWN), 0);
        assert_int_equal(stn_city_fit_count(t.city), 4 + 3 + 1 + 2 + 2);
        for (int32_t i = 0; i < stn_city_fit_count(t.city); i++) {
            const stn_fit *fit = stn_city_fit(t.city, i);
            bool joint = strstr(fit->table, " x ") != NULL;
            assert_string_equal(fit->rule, joint ? "within one" : "exact");
            if (scales[s] >= 0.01 || strstr(fit->table, "household") == NULL) {
                assert_int_equal(fit->ok, 1);
                assert_true(fit->worst <= (joint ? 1 : 0));
            }
            assert_int_equal(fit->worst_cell[0] == '\0', fit->worst <= 0);
        }
        free_town(&t);
    }
}

static void
test_rows_and_ages(void **state)
{
    int64_t years[256] = { 0 };
    town t;

    (void) state;
    assert_int_equal(make_town(&t, 1, 11, 2, TOWN), 0);
    for (uint32_t row = 0; row < stn_city_size(t.city, 0); row++) {
        const stn_attribute *age = &t.study->world.populations[0].attributes[1];
        uint32_t cell = stn_city_cells(t.city, 0)[row];
        int32_t band = stn__level(&t.study->world.populations[0], 1, (int32_t) cell);
        uint8_t years_old = stn_city_ages(t.city, 0)[row];
        assert_true(row == 0 || stn_city_cells(t.city, 0)[row - 1] <= cell);
        assert_true(cell < (uint32_t) t.study->world.populations[0].cell_count);
        assert_true(years_old >= age->age_first[band] && years_old <= age->age_last[band]);
        years[years_old]++;
    }
    assert_int_equal(years[0], 26);   /* 3100 x 1 / 120 = 25.83 */
    assert_int_equal(years[2], 78);   /* 77.5, and the first of three with this remainder */
    assert_int_equal(years[14], 387); /* 387.5 */
    assert_int_equal(years[15], 295);
    assert_int_equal(years[34], 295);
    assert_int_equal(years[35], 281); /* nothing is said of this band: 7001 / 25 = 280.04 */
    assert_int_equal(years[59], 280);
    assert_int_equal(years[80], 0);
    free_town(&t);
}

static void
test_zeros_stay_empty(void **state)
{
    (void) state;
    for (int s = 0; s < SCALES; s++) {
        const stn_population *p;
        town t;
        assert_int_equal(make_town(&t, scales[s], 5, 2, TOWN), 0);
        p = &t.study->world.populations[0];
        for (uint32_t row = 0; row < stn_city_size(t.city, 0); row++) {
            int32_t cell = (int32_t) stn_city_cells(t.city, 0)[row];
            assert_false(stn__level(p, 1, cell) == 0 && stn__level(p, 2, cell) == 2);
        }
        free_town(&t);
    }
}

typedef struct impossible {
    const char *text;
    const char *said;
} impossible;

static void
test_impossible_tables(void **state)
{
    static const impossible cases[] = {
        { "populations 1 p 10 attributes 2 joints 1 a 2 0 0 x 5 y 5 b 2 0 0 u 5 v 5  2 0 1  0 0 1 1 "
          "household 0 representative 0", "'a' wants 5 people in 'x'" },
        { "populations 1 p 10 attributes 2 joints 1 a 2 0 0 x 5 y 5 b 2 0 0 u 4 v 6  2 0 1  1 0 0 1 "
          "household 0 representative 0", "contradict" },
        { "populations 1 p 12 attributes 3 joints 3 a 2 0 0 x 6 y 6 b 2 0 0 u 6 v 6 c 2 0 0 r 6 s 6 "
          "2 0 1  1 0 0 1  2 1 2  1 0 0 1  2 0 2  0 1 1 0 household 0 representative 0", "wants" },
        { "populations 1 p 10 attributes 1 joints 0 a 2 0 0 x 0 y 0 household 0 representative 0", "all counts" },
        { "populations 1 p 10 attributes 1 joints 0 a 2 0 0 x 5 y 5 household 1 0 -1 2 1 -1  1 5 "
          "representative 0", "hold 11 people" },
        { "populations 1 p 10 attributes 1 joints 0 a 2 0 0 x 5 y 5 household 1 0 -1 2 0 -1  1 4 "
          "representative 0", "no collective household" },
        { "populations 2 p 0 attributes 1 joints 0 a 1 0 0 x 0 q 3 attributes 1 joints 0 b 1 0 0 y 3 "
          "household 0 representative 1 1 0 -1 -1 -1", "nobody" },
    };

    (void) state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        town t;
        assert_int_equal(make_town(&t, 1, 1, 1, cases[i].text), STN_E_INPUT);
        assert_null(t.city);
        assert_int_equal(t.err.code, STN_E_INPUT);
        if (strstr(t.err.text, cases[i].said) == NULL) {
            fail_msg("case %d: '%s' lacks '%s'", (int) i, t.err.text, cases[i].said);
        }
        free_town(&t);
    }
}

/* Two attributes that say the same thing can be rounded apart: an error, not a
 * city that breaks a rule. */
static void
test_scale_that_cannot_be(void **state)
{
    const char *text = "populations 1 p 1000 attributes 2 joints 1 a 4 0 0 w 251 x 251 y 249 z 249 "
                       "b 2 0 0 u 502 v 498  2 0 1  1 0  1 0  0 1  0 1 household 0 representative 0";
    town t;

    (void) state;
    assert_int_equal(make_town(&t, 1, 1, 1, text), 0);
    free_town(&t);
    assert_int_equal(make_town(&t, 0.005, 1, 1, text), 0);
    free_town(&t);
    assert_int_equal(make_town(&t, 0.003, 1, 1, text), 0); /* w, x and y; u 2, v 1 */
    free_town(&t);
    text = "populations 1 p 1000 attributes 2 joints 1 a 4 0 0 w 220 x 220 y 280 z 280 "
           "b 2 0 0 u 440 v 560  2 0 1  1 0  1 0  0 1  0 1 household 0 representative 0";
    assert_int_equal(make_town(&t, 0.002, 1, 1, text), STN_E_INPUT); /* y and z against u and v */
    assert_non_null(strstr(t.err.text, "scale"));
    free_town(&t);
}

static void
test_households(void **state)
{
    (void) state;
    for (int s = 0; s < SCALES; s++) {
        const stn_population *p;
        const uint32_t *households;
        uint32_t families, count, *sizes, *heads;
        int32_t *districts;
        int64_t by_size[6] = { 0 }, wanted[5];
        town t;

        assert_int_equal(make_town(&t, scales[s], 99, 3, TOWN), 0);
        p = &t.study->world.populations[0];
        households = stn_city_households(t.city);
        families = stn_city_family_household_count(t.city);
        count = stn_city_household_count(t.city);
        sizes = calloc(count, sizeof *sizes);
        heads = calloc(count, sizeof *heads);
        districts = calloc(count, sizeof *districts);
        for (uint32_t row = 0; row < stn_city_size(t.city, 0); row++) {
            int32_t cell = (int32_t) stn_city_cells(t.city, 0)[row], district = stn__level(p, 0, cell);
            assert_true(households[row] < count);
            assert_true(sizes[households[row]] == 0 || districts[households[row]] == district);
            districts[households[row]] = district;
            sizes[households[row]]++;
            heads[households[row]] += stn__level(p, 1, cell) > 0;
        }
        for (uint32_t h = 0; h < count; h++) {
            assert_true(sizes[h] > 0);
            if (h < families) {
                assert_true(sizes[h] <= 5);
                assert_true(heads[h] > 0);
                by_size[sizes[h]]++;
            } else if (h > families && districts[h] == districts[h - 1]) {
                assert_true(sizes[h] <= sizes[h - 1] && sizes[h] + 1 >= sizes[h - 1]);
            }
            if (h > families) {
                assert_int_equal(heads[h], sizes[h]); /* there is room for all children in families */
            }
        }
        assert_true(stn__apportion((int64_t) (7800 * scales[s] + 0.5), t.study->world.household.sizes + 1, 5, wanted));
        for (int size = 1; size <= 5 && scales[s] >= 0.01; size++) {
            assert_int_equal(by_size[size], wanted[size - 1]);
        }
        free(sizes);
        free(heads);
        free(districts);
        free_town(&t);
    }
}

/* Too few heads: the first (largest) families have them. Everybody is housed. */
static void
test_households_short_of_heads(void **state)
{
    const char *text = "populations 1 p 100 attributes 1 joints 0 a 2 0 0 adult 10 child 90 "
                       "household 1 0 -1 3 0 0  10 15 20  1 0 representative 0";
    uint32_t adults[45] = { 0 };
    town t;

    (void) state;
    assert_int_equal(make_town(&t, 1, 1, 1, text), 0);
    assert_int_equal(stn_city_household_count(t.city), 45);
    for (uint32_t row = 0; row < 10; row++) {
        adults[stn_city_households(t.city)[row]]++;
    }
    for (int h = 0; h < 45; h++) {
        assert_int_equal(adults[h], h < 10);
    }
    free_town(&t);
}

static void
test_representatives(void **state)
{
    (void) state;
    for (int s = 0; s < SCALES; s++) {
        const stn_population *p, *q;
        town t;
        assert_int_equal(make_town(&t, scales[s], 21, 2, TOWN), 0);
        p = &t.study->world.populations[0];
        q = &t.study->world.populations[1];
        for (uint32_t row = 0; row < stn_city_size(t.city, 1); row++) {
            uint32_t person = stn_city_representatives(t.city)[row];
            int32_t cell;
            assert_true(person < stn_city_size(t.city, 0));
            cell = (int32_t) stn_city_cells(t.city, 0)[person];
            assert_int_equal(stn__level(p, 1, cell), 2);
            assert_int_equal(stn__level(p, 0, cell), stn__level(q, 0, (int32_t) stn_city_cells(t.city, 1)[row]));
        }
        free_town(&t);
    }
}

/* Nobody of the right sort lives there: somebody of the right sort from elsewhere,
 * and if there is none at all, anybody. */
static void
test_representatives_from_elsewhere(void **state)
{
    const char *people = "populations 2 p 100 attributes 2 joints 1 d 2 0 0 here 50 there 50 a 2 0 0 old 30 young 70 "
                         "2 0 1  0 1  3 2  q 40 attributes 1 joints 0 d 2 0 0 here 40 there 0 household 0 ";
    char text[512];
    town t;

    (void) state;
    snprintf(text, sizeof text, "%srepresentative 1 1 0 0 0 1  1 0", people);
    assert_int_equal(make_town(&t, 1, 1, 1, text), 0);
    for (uint32_t row = 0; row < 40; row++) {
        assert_int_equal(stn_city_cells(t.city, 0)[stn_city_representatives(t.city)[row]], 2); /* there, old */
    }
    free_town(&t);
    snprintf(text, sizeof text, "%srepresentative 1 1 0 0 0 1  0 0", people);
    assert_int_equal(make_town(&t, 1, 1, 1, text), 0);
    free_town(&t);
}

static void
test_same_on_any_threads(void **state)
{
    uint64_t digest = 0;

    (void) state;
    for (int32_t threads = 1; threads <= 3; threads++) {
        town t;
        assert_int_equal(make_town(&t, 1, 12345678901234567u, threads, TOWN), 0);
        assert_true(threads == 1 || digest == stn_city_digest(t.city));
        digest = stn_city_digest(t.city);
        free_town(&t);
    }
}

/* The seed moves ages and ties, not how many there are of each kind. */
static void
test_seeds(void **state)
{
    town a, b;
    size_t size;

    (void) state;
    assert_int_equal(make_town(&a, 0.5, 1, 2, TOWN), 0);
    assert_int_equal(make_town(&b, 0.5, 2, 2, TOWN), 0);
    size = stn_city_size(a.city, 0);
    assert_true(stn_city_digest(a.city) != stn_city_digest(b.city));
    assert_memory_equal(stn_city_cells(a.city, 0), stn_city_cells(b.city, 0), size * sizeof(uint32_t));
    assert_memory_not_equal(stn_city_ages(a.city, 0), stn_city_ages(b.city, 0), size);
    assert_memory_not_equal(stn_city_households(a.city), stn_city_households(b.city), size * sizeof(uint32_t));
    free_town(&a);
    free_town(&b);
}

static void
test_nobody(void **state)
{
    town t;

    (void) state;
    assert_int_equal(make_town(&t, 0.0005, 1, 2, TOWN), 0); /* 10 people, no shop */
    assert_int_equal(stn_city_size(t.city, 0), 10);
    assert_int_equal(stn_city_size(t.city, 1), 0);
    free_town(&t);
    assert_int_equal(make_town(&t, 0.00001, 1, 2, TOWN), 0);
    assert_int_equal(stn_city_size(t.city, 0), 0);
    assert_int_equal(stn_city_household_count(t.city), 0);
    free_town(&t);
}

static int
stop_at_once(void *user, const stn_progress *progress)
{
    ++*(int *) user;
    assert_string_equal(progress->stage, "making the city");
    assert_true(progress->done >= 0 && progress->done <= 1);
    return 1;
}

static void
test_stop(void **state)
{
    stn__arena *arena = stn__arena_new();
    stn_study *study = read_text(arena, 1, 1, TOWN);
    int called = 0;
    stn_city_options options = { .threads = 2, .progress = stop_at_once, .user = &called };
    stn_city *city;
    stn_error err;

    (void) state;
    assert_int_equal(stn_city_new(study, &options, &city, &err), STN_E_STOPPED);
    assert_int_equal(called, 1);
    assert_null(city);
    stn__arena_free(arena);
}

static bool
are_alike(const stn_population *p, const int32_t *attributes, int32_t count, uint32_t cell, uint32_t other)
{
    for (int32_t i = 0; i < count; i++) {
        if (stn__level(p, attributes[i], (int32_t) cell) != stn__level(p, attributes[i], (int32_t) other)) {
            return false;
        }
    }
    return true;
}

/* Counted over: of everybody alike, in row order, all but oneself. */
static void
test_namesakes(void **state)
{
    static const int32_t sets[][3] = { { 0 }, { 1 }, { 1, 3 }, { 0, 2, 3 } };
    static const int32_t counts[] = { 0, 1, 2, 3 };
    town t;

    (void) state;
    assert_int_equal(make_town(&t, 0.01, 5, 2, TOWN), 0);
    for (int set = 0; set < 4; set++) {
        const uint32_t *cells = stn_city_cells(t.city, 0);
        stn__namesakes *all = stn__namesakes_new(t.city, 0, sets[set], counts[set]);
        for (uint32_t row = 0; row < stn_city_rows(t.city, 0); row++) {
            uint32_t found = 0, wanted = (uint32_t) ((uint64_t) (row * 40503u) * stn__namesakes_count(all, row) >> 32);
            for (uint32_t other = 0; other < stn_city_rows(t.city, 0); other++) {
                if (other != row && are_alike(&t.study->world.populations[0], sets[set], counts[set], cells[row], cells[other])) {
                    assert_int_equal(stn__namesakes_other(all, row, found), other);
                    assert_true(found != wanted || stn__namesake(all, row, row * 40503u) == other);
                    found++;
                }
            }
            assert_int_equal(stn__namesakes_count(all, row), found);
            assert_true(found > 0 || stn__namesake(all, row, 7) == STN__NOBODY);
        }
        stn__namesakes_free(all);
    }
    free_town(&t);
}

/* Each row once, in its own group, rising. */
static void
check_members(const stn__members *m, const uint32_t *group_of, uint32_t groups, uint32_t rows)
{
    uint32_t seen = 0;

    assert_int_equal(m->group_count, groups);
    for (uint32_t group = 0; group < groups; group++) {
        uint32_t count;
        const uint32_t *found = stn__members_of(m, group, &count);
        for (uint32_t i = 0; i < count; i++, seen++) {
            assert_int_equal(group_of[found[i]], group);
            assert_true(i == 0 || found[i] > found[i - 1]);
        }
    }
    assert_int_equal(seen, rows);
}

static void
test_members(void **state)
{
    stn__members *homes, *firms;
    town t;

    (void) state;
    assert_int_equal(make_town(&t, 0.1, 5, 2, TOWN), 0);
    homes = stn__members_of_households(t.city);
    check_members(homes, stn_city_households(t.city), stn_city_household_count(t.city), stn_city_size(t.city, 0));
    firms = stn__members_of_representatives(t.city);
    check_members(firms, stn_city_representatives(t.city), stn_city_size(t.city, 0), stn_city_size(t.city, 1));
    stn__members_free(homes);
    stn__members_free(firms);
    free_town(&t);
}

static void
test_apportion(void **state)
{
    const double even[3] = { 1, 1, 1 }, none[2] = { 0, 0 }, some[4] = { 0, 2.5, 2.5, 5 };
    int64_t parts[4];

    (void) state;
    assert_true(stn__apportion(5, even, 3, parts));
    assert_true(parts[0] == 2 && parts[1] == 2 && parts[2] == 1);
    assert_true(stn__apportion(3, some, 4, parts));
    assert_true(parts[0] == 0 && parts[1] == 1 && parts[2] == 1 && parts[3] == 1);
    assert_false(stn__apportion(1, none, 2, parts));
    assert_true(stn__apportion(0, none, 2, parts));
    assert_true(stn__apportion(4294967294, even, 3, parts));
    assert_int_equal(parts[0] + parts[1] + parts[2], 4294967294);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apportion),
        cmocka_unit_test(test_margins_are_exact),
        cmocka_unit_test(test_joint_within_one),
        cmocka_unit_test(test_every_fit_holds),
        cmocka_unit_test(test_rows_and_ages),
        cmocka_unit_test(test_zeros_stay_empty),
        cmocka_unit_test(test_impossible_tables),
        cmocka_unit_test(test_scale_that_cannot_be),
        cmocka_unit_test(test_households),
        cmocka_unit_test(test_households_short_of_heads),
        cmocka_unit_test(test_representatives),
        cmocka_unit_test(test_representatives_from_elsewhere),
        cmocka_unit_test(test_same_on_any_threads),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_namesakes),
        cmocka_unit_test(test_members),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
