/* SPDX-License-Identifier: Apache-2.0
 *
 * people.c - lays out the rows of a population: everybody's cell and age.
 *
 * Rows of a cell lie together, so all of this writes runs; only the shuffle of
 * a band's ages jumps about, in a block of one byte a person. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/draw.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "city/inside.h"

enum {
    BLOCK = 1 << 17, /* rows filled at a time */
    AHEAD = 32       /* elements of a shuffle in flight */
};

/* The last cell whose first row is at most `row` and that has somebody there. */
static int32_t
cell_of_row(const uint32_t *starts, int32_t cell_count, uint32_t row)
{
    int32_t low = 0, high = cell_count; /* starts[low] <= row < starts[high] */

    while (high - low > 1) {
        int32_t middle = low + (high - low) / 2;
        if (starts[middle] <= row) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

typedef struct filling {
    stn__making *making; /* first: see stn__city_watch() */
    const stn_population *population;
    stn__inhabitants *inhabitants;
    uint32_t number;
    int32_t attribute;   /* with ages */
    _Atomic int64_t of_age[UINT8_MAX + 1]; /* people of each age, counted in the end */
} filling;

static int
fill_cells(void *user, int64_t piece, int32_t thread)
{
    filling *f = user;
    stn__inhabitants *all = f->inhabitants;
    uint64_t row = (uint64_t) piece * BLOCK, end = row + BLOCK;
    int32_t cell;

    (void) thread;
    end = end > all->size ? all->size : end;
    cell = cell_of_row(all->starts, f->population->cell_count, (uint32_t) row);
    while (row < end) {
        uint64_t stop = all->starts[cell + 1] < end ? all->starts[cell + 1] : end;
        for (; row < stop; row++) {
            all->cells[row] = (uint32_t) cell;
        }
        cell++;
    }
    return 0;
}

/* The places to swap with depend on no element, so those of the next few are fetched
 * while the last are swapped: most of a long list is in no near cache. */
#define SHUFFLE(name, type)                                                              \
    void name(type *elements, uint32_t n, uint64_t seed, uint32_t purpose,               \
        uint32_t population, uint32_t c1, uint32_t c2)                                   \
    {                                                                                    \
        stn__words words = { { 0 } };                                                    \
        uint32_t places[AHEAD];                                                          \
                                                                                         \
        for (uint32_t top = n; top > 1;) {                                               \
            uint32_t count = top - 1 < AHEAD ? top - 1 : AHEAD;                          \
            for (uint32_t k = 0; k < count; k++) {                                       \
                uint32_t i = top - 1 - k;                                                \
                if (i % 4 == 3 || i == n - 1) {                                          \
                    words = stn__draw(seed, purpose, population, i / 4, c1, c2);         \
                }                                                                        \
                places[k] = (uint32_t) ((uint64_t) words.w[i % 4] * ((uint64_t) i + 1) >> 32); \
                __builtin_prefetch(&elements[places[k]], 1);                             \
            }                                                                            \
            for (uint32_t k = 0; k < count; k++) {                                       \
                type kept = elements[top - 1 - k];                                       \
                elements[top - 1 - k] = elements[places[k]];                             \
                elements[places[k]] = kept;                                              \
            }                                                                            \
            top -= count;                                                                \
        }                                                                                \
    }
SHUFFLE(stn__shuffle_u32, uint32_t)
SHUFFLE(stn__shuffle_u8, uint8_t)

/* How many people of a band of `count` have each of its years of age; gives the
 * number of years. */
static int32_t
split_band(const stn_attribute *a, int32_t band, int64_t count, int64_t *parts)
{
    int32_t first = a->age_first[band], years = a->age_last[band] - first + 1;
    double weights[STN_LEVELS_MAX + 1];
    bool any = false;

    for (int32_t year = 0; year < years; year++) {
        weights[year] = a->age_weights == NULL ? 1 : a->age_weights[first + year];
        any = any || weights[year] > 0;
    }
    for (int32_t year = 0; year < years && !any; year++) {
        weights[year] = 1; /* nothing is said about this band */
    }
    (void) stn__apportion(count, weights, years, parts); /* some weight is not 0 */
    return years;
}

/* Gives everybody in one band an age: a deck with as many of each year as there
 * should be, shuffled and dealt out in row order. */
static int
fill_ages(void *user, int64_t piece, int32_t thread)
{
    filling *f = user;
    const stn_attribute *a = &f->population->attributes[f->attribute];
    stn__inhabitants *all = f->inhabitants;
    int32_t band = (int32_t) piece, years;
    int64_t parts[STN_LEVELS_MAX + 1], count = 0, used = 0;
    uint8_t *deck;

    (void) thread;
    for (int32_t cell = 0; cell < f->population->cell_count; cell++) {
        if (stn__level(f->population, f->attribute, cell) == band) {
            count += (int64_t) all->starts[cell + 1] - (int64_t) all->starts[cell];
        }
    }
    deck = stn__column_new((size_t) count, 1);
    if (deck == NULL) {
        return STN_E_MEMORY;
    }
    years = split_band(a, band, count, parts);
    for (int32_t year = 0; year < years; year++) {
        memset(deck + used, a->age_first[band] + year, (size_t) parts[year]);
        used += parts[year];
    }
    stn__shuffle_u8(deck, (uint32_t) count, f->making->study->seed, CITY_AGE, f->number, (uint32_t) band, 0);
    used = 0;
    for (int32_t cell = 0; cell < f->population->cell_count; cell++) {
        size_t people = all->starts[cell + 1] - all->starts[cell];
        if (people > 0 && stn__level(f->population, f->attribute, cell) == band) {
            memcpy(all->ages + all->starts[cell], deck + used, people);
            used += (int64_t) people;
        }
    }
    stn__column_free(deck, (size_t) count, 1);
    return 0;
}

static int32_t
attribute_with_ages(const stn_population *population)
{
    for (int32_t a = 0; a < population->attribute_count; a++) {
        if (population->attributes[a].has_ages) {
            return a;
        }
    }
    return STN_NONE;
}

static const char *
year_name(const void *user, int32_t cell, char *text, size_t size)
{
    (void) user;
    snprintf(text, size, "%d", (int) cell);
    return text;
}

/* The sums are the same in any order. */
static int
count_ages(void *user, int64_t piece, int32_t thread)
{
    filling *f = user;
    uint32_t counts[2][UINT8_MAX + 1] = { { 0 } }; /* neighbours are often alike: two need not wait for each other */
    uint64_t row = (uint64_t) piece * BLOCK, end = row + BLOCK;

    (void) thread;
    end = end > f->inhabitants->size ? f->inhabitants->size : end;
    for (; row < end; row++) {
        counts[row % 2][f->inhabitants->ages[row]]++;
    }
    for (int32_t age = 0; age <= UINT8_MAX; age++) {
        if (counts[0][age] + counts[1][age] > 0) {
            f->of_age[age] += counts[0][age] + counts[1][age];
        }
    }
    return 0;
}

/* Notes whether each year of age has as many people as it should. */
static int
fit_ages(filling *f)
{
    const stn_attribute *a = &f->population->attributes[f->attribute];
    int64_t actual[STN_LEVELS_MAX + 1] = { 0 }, parts[STN_LEVELS_MAX + 1];
    double expected[STN_LEVELS_MAX + 1] = { 0 };
    int ret = stn__parallel(f->making->threads, ((int64_t) f->inhabitants->size + BLOCK - 1) / BLOCK, count_ages,
        stn__city_watch, f);

    if (ret != 0) {
        return ret;
    }
    for (int32_t age = 0; age <= a->age_last[a->level_count - 1]; age++) {
        actual[age] = f->of_age[age];
    }
    for (int32_t band = 0; band < a->level_count; band++) {
        int64_t count = 0;
        int32_t years;
        for (int32_t age = a->age_first[band]; age <= a->age_last[band]; age++) {
            count += actual[age];
        }
        years = split_band(a, band, count, parts);
        for (int32_t year = 0; year < years; year++) {
            expected[a->age_first[band] + year] = (double) parts[year];
        }
    }
    return stn__fit_add(f->making, f->population->name, "age in years", true, actual, expected,
        a->age_last[a->level_count - 1] + 1, year_name, NULL);
}

static int
check_ages(const filling *f)
{
    const stn_attribute *a = &f->population->attributes[f->attribute];

    if (a->age_last[a->level_count - 1] > UINT8_MAX) {
        return stn__fail(f->making->err, STN_E_LIMIT, "population '%s': nobody can be older than %d",
            f->population->name, UINT8_MAX);
    }
    return 0;
}

int
stn__people_new(stn__making *making, int32_t population, const int64_t *people)
{
    const stn_population *p = &making->study->world.populations[population];
    stn__inhabitants *all = &making->city->populations[population];
    filling f = { .making = making, .population = p, .inhabitants = all, .number = (uint32_t) population,
        .attribute = attribute_with_ages(p) };
    int ret;

    all->starts = stn__column_new((size_t) p->cell_count + 1, sizeof *all->starts);
    all->cells = stn__column_new(all->room, sizeof *all->cells);
    if (all->starts == NULL || all->cells == NULL) {
        return stn__city_no_memory(making);
    }
    for (int32_t cell = 0; cell < p->cell_count; cell++) {
        all->starts[cell + 1] = all->starts[cell] + (uint32_t) people[cell];
    }
    ret = stn__parallel(making->threads, ((int64_t) all->size + BLOCK - 1) / BLOCK, fill_cells,
        stn__city_watch, &f);
    if (ret != 0 || f.attribute == STN_NONE) {
        return ret;
    }
    ret = check_ages(&f);
    if (ret != 0) {
        return ret;
    }
    all->ages = stn__column_new(all->room, 1);
    if (all->ages == NULL) {
        return stn__city_no_memory(making);
    }
    ret = stn__parallel(making->threads, p->attributes[f.attribute].level_count, fill_ages,
        stn__city_watch, &f);
    if (ret == STN_E_MEMORY) { /* said by whichever thread it was; `err` is not for them */
        return stn__city_no_memory(making);
    }
    return ret != 0 ? ret : fit_ages(&f);
}
