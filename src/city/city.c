/* SPDX-License-Identifier: Apache-2.0
 *
 * city.c - makes a city: people and companies who meet the world's tables.
 *
 * docs/semantics.md, section 12, defines every step to the last person, and
 * reference/city.py does them again. In short, for each population:
 *
 *  1. Its size is floor(size x scale + 0.5). Each margin is scaled to whole
 *     people by largest remainders (fit.c).
 *  2. Joints are raked to the margins; all cells are fitted to all margins and
 *     raked joints at once (fit.c).
 *  3. Cells get whole people, so that every margin is met exactly and every
 *     joint within one person in each of its cells; never anybody where a table
 *     has a zero (whole.c).
 *  4. Rows are laid out by rising cell, and get ages: each year of a band has the
 *     number that the years' weights give it by largest remainders (people.c).
 *  5. Family households get their members, collective ones what is left;
 *     companies get their representatives (ties.c).
 *  6. Those who will be born or move in get rows behind the others (lives.c).
 *
 * Cells are a pure function of tables and scale; ages, households and
 * representatives of the seed as well. Threads only share out work whose parts
 * do not meet. */
#include <string.h>
#include <time.h>

#include "base/draw.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "city/inside.h"

enum { TELL_MS = 50, DIGEST_BLOCK = 1 << 18 };

int
stn__city_no_memory(stn__making *making)
{
    return stn__fail(making->err, STN_E_MEMORY, "there is not enough memory for the city");
}

/* The clock only spaces out messages; no result sees it. */
int
stn__city_tell(stn__making *making)
{
    stn_progress progress = { "making the city", making->done, making->people };
    struct timespec now;
    int64_t ms;

    if (making->options.progress == NULL) {
        return 0;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    ms = (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
    if (ms - making->told < TELL_MS) {
        return 0;
    }
    making->told = ms;
    if (making->options.progress(making->options.user, &progress) != 0) {
        return stn__fail(making->err, STN_E_STOPPED, "the making of the city was stopped");
    }
    return 0;
}

int
stn__city_watch(void *user, int64_t pieces)
{
    (void) pieces;
    return stn__city_tell(*(stn__making **) user);
}

int
stn__fit_add(stn__making *making, const char *population, const char *table, bool exact,
    const int64_t *actual, const double *expected, int32_t cells, stn__cell_name_fn cell_name,
    const void *user)
{
    stn_city *city = making->city;
    stn_fit *fit = &city->fits[city->fit_count];
    int32_t worst_cell = 0;
    char text[256] = "";

    STN_INVARIANT(city->fit_count < city->fit_room);
    *fit = (stn_fit){ .population = population, .table = table, .rule = exact ? "exact" : "within one", .cells = cells };
    for (int32_t cell = 0; cell < cells; cell++) {
        double off = (double) actual[cell] - expected[cell];
        off = off < 0 ? -off : off;
        if (off > fit->worst) {
            fit->worst = off;
            worst_cell = cell;
        }
    }
    fit->ok = exact ? fit->worst <= 0 : fit->worst <= 1;
    if (fit->worst > 0) {
        (void) cell_name(user, worst_cell, text, sizeof text);
    }
    fit->table = stn__arena_text(city->arena, table, strlen(table));
    fit->worst_cell = stn__arena_text(city->arena, text, strlen(text));
    if (fit->table == NULL || fit->worst_cell == NULL) {
        return stn__city_no_memory(making);
    }
    city->fit_count++;
    return 0;
}

typedef struct naming {
    const stn_population *population;
    const stn__table *table;
} naming;

static const char *
table_cell_name(const void *user, int32_t cell, char *text, size_t size)
{
    const naming *n = user;

    return stn__fit_cell(n->population, n->table, cell, text, size);
}

/* Counts the people again, table by table. */
static int
fit_tables(stn__making *making, const stn__tables *tables, const int64_t *people)
{
    const stn_population *population = tables->population;
    int64_t *actual = stn__arena_take(tables->arena, (size_t) tables->entry_count + 1, sizeof *actual);
    double *expected = stn__arena_take(tables->arena, (size_t) tables->entry_count + 1, sizeof *expected);
    int ret = 0;

    if (actual == NULL || expected == NULL) {
        return stn__city_no_memory(making);
    }
    for (int32_t t = 0; t < tables->count && ret == 0; t++) {
        const stn__table *table = &tables->tables[t];
        naming n = { population, table };
        for (int32_t cell = 0; cell < population->cell_count; cell++) {
            actual[table->of_cell[cell]] += people[cell];
        }
        for (int32_t cell = 0; cell < table->cell_count; cell++) {
            expected[table->first + cell] = table->margin
                ? (double) table->margin_people[cell]
                : table->expected[cell] * (double) tables->size / population->size.value;
        }
        ret = stn__fit_add(making, population->name, table->name, table->margin, actual + table->first,
            expected + table->first, table->cell_count, table_cell_name, &n);
    }
    return ret;
}

static int
make_population(stn__making *making, int32_t number)
{
    const stn_population *population = &making->study->world.populations[number];
    double size = population->size.value * making->study->scale + 0.5;
    stn__tables tables;
    int64_t *people = NULL;
    int ret;

    if (!(size < 4294967295.0)) {
        return stn__fail(making->err, STN_E_LIMIT, "population '%s' is larger than 4294967294",
            population->name);
    }
    making->city->populations[number].size = (uint32_t) size;
    making->city->populations[number].rows = (uint32_t) size;
    making->city->populations[number].room = (uint32_t) size;
    ret = stn__changes_new(making, number);
    if (ret != 0) {
        return ret;
    }
    ret = stn__tables_new(making, number, (uint32_t) size, &tables);
    if (ret == 0) {
        people = stn__arena_take(tables.arena, (size_t) population->cell_count, sizeof *people);
        ret = people == NULL ? stn__city_no_memory(making) : stn__whole_people(making, &tables, people);
    }
    if (ret == 0) {
        ret = fit_tables(making, &tables, people);
    }
    if (ret == 0) {
        ret = stn__people_new(making, number, people);
    }
    stn__tables_free(&tables);
    return ret;
}

typedef struct summing {
    stn__making *making; /* first: see stn__city_watch() */
    const uint32_t *words; /* or */
    const uint8_t *bytes;
    uint64_t count;
    uint64_t sums[256];  /* of each thread: their sum is the same in any order */
} summing;

static int
sum_block(void *user, int64_t piece, int32_t thread)
{
    summing *s = user;
    uint64_t row = (uint64_t) piece * DIGEST_BLOCK, end = row + DIGEST_BLOCK, sum = 0;

    end = end > s->count ? s->count : end;
    for (; row < end; row++) {
        uint64_t value = s->words != NULL ? s->words[row] : s->bytes[row];
        sum += stn__fin(row + (value << 32));
    }
    s->sums[thread] += sum;
    return 0;
}

/* Absorbs a column (neither: an empty one) into the digest. */
static int
digest_column(stn__making *making, const uint32_t *words, const uint8_t *bytes, uint32_t count)
{
    summing s = { .making = making, .words = words, .bytes = bytes, .count = count };
    uint64_t sum = 0;
    int ret;

    if (words == NULL && bytes == NULL) {
        s.count = 0;
    }
    ret = stn__parallel(making->threads, ((int64_t) s.count + DIGEST_BLOCK - 1) / DIGEST_BLOCK, sum_block,
        stn__city_watch, &s);
    for (int32_t thread = 0; thread < 256; thread++) {
        sum += s.sums[thread];
    }
    making->city->digest = stn__absorb(making->city->digest, sum);
    return ret;
}

static int
digest_city(stn__making *making)
{
    stn_city *city = making->city;
    const stn_world *world = &making->study->world;
    int ret = 0;

    city->digest = STN_DIGEST_START;
    for (int32_t p = 0; p < world->population_count && ret == 0; p++) {
        const stn__inhabitants *all = &city->populations[p];
        city->digest = stn__absorb(city->digest, all->size);
        ret = digest_column(making, all->cells, NULL, all->rows);
        ret = ret != 0 ? ret : digest_column(making, NULL, all->ages, all->rows);
        if (ret == 0 && all->changes != NULL) {
            city->digest = stn__absorb(city->digest, all->rows);
            ret = digest_column(making, all->comings, NULL, all->rows - all->size);
        }
    }
    if (ret == 0) {
        ret = digest_column(making, city->households, NULL,
            world->household.given ? city->populations[world->household.of].rows : 0);
    }
    if (ret == 0) {
        ret = digest_column(making, city->representatives, NULL,
            world->representative.given ? city->populations[world->representative.of].rows : 0);
    }
    city->digest = stn__absorb(city->digest, city->family_household_count);
    city->digest = stn__absorb(city->digest, city->household_count);
    return ret;
}

/* Moves the progress on: `part` of the whole is behind us. */
static int
move_on(stn__making *making, double part, uint64_t people)
{
    making->done = part;
    making->people += people;
    return stn__city_tell(making);
}

static int
make(stn__making *making)
{
    const stn_world *world = &making->study->world;
    stn_city *city = making->city;
    int32_t steps = world->population_count + 3, step = 0;
    int ret = 0;

    for (int32_t p = 0; p < world->population_count; p++) {
        ret = make_population(making, p);
        ret = ret != 0 ? ret : move_on(making, (double) ++step / steps, city->populations[p].size);
        if (ret != 0) {
            return ret;
        }
    }
    if (world->household.given) {
        ret = stn__live_together(making);
    }
    ret = ret != 0 ? ret : move_on(making, (double) ++step / steps, 0);
    if (ret == 0 && world->representative.given) {
        ret = stn__represent(making);
    }
    for (int32_t p = 0; p < world->population_count && ret == 0; p++) {
        ret = stn__newcomers(making, p);
    }
    ret = ret != 0 ? ret : move_on(making, (double) ++step / steps, 0);
    return ret != 0 ? ret : digest_city(making);
}

int
stn_city_new(const stn_study *study, const stn_city_options *options, stn_city **out, stn_error *err)
{
    stn__making making = { .study = study, .err = err };
    stn_city *city = NULL; /* owned until handed to *out */
    int ret;

    STN_INVARIANT(study != NULL && out != NULL);
    *out = NULL;
    if (options != NULL) {
        making.options = *options;
    }
    making.threads = stn__thread_count(making.options.threads);
    city = calloc(1, sizeof *city);
    making.city = city;
    if (city == NULL) {
        return stn__city_no_memory(&making);
    }
    city->study = study;
    city->arena = stn__arena_new();
    city->fit_room = 2; /* of households */
    for (int32_t p = 0; p < study->world.population_count; p++) {
        const stn_population *population = &study->world.populations[p];
        city->fit_room += population->attribute_count + population->joint_count + 1;
    }
    if (city->arena != NULL) {
        city->fits = stn__arena_take(city->arena, (size_t) city->fit_room, sizeof *city->fits);
    }
    ret = city->fits == NULL ? stn__city_no_memory(&making) : make(&making);
    if (ret != 0) {
        stn_city_free(city);
        return ret;
    }
    *out = city;
    return 0;
}

void
stn_city_free(stn_city *city)
{
    const stn_world *world;

    if (city == NULL) {
        return;
    }
    world = &city->study->world;
    for (int32_t p = 0; p < world->population_count; p++) {
        stn__inhabitants *all = &city->populations[p];
        stn__column_free(all->cells, all->room, sizeof *all->cells);
        stn__column_free(all->ages, all->room, 1);
        stn__column_free(all->comings, all->room - all->size, sizeof *all->comings);
        stn__column_free(all->starts, (size_t) world->populations[p].cell_count + 1, sizeof *all->starts);
    }
    if (city->households != NULL) {
        stn__column_free(city->households, city->populations[world->household.of].room, sizeof *city->households);
    }
    if (city->representatives != NULL) {
        stn__column_free(city->representatives, city->populations[world->representative.of].room,
            sizeof *city->representatives);
    }
    stn__arena_free(city->arena);
    free(city);
}

static const stn__inhabitants *
inhabitants(const stn_city *city, int32_t population)
{
    STN_INVARIANT(population >= 0 && population < city->study->world.population_count);
    return &city->populations[population];
}

uint32_t
stn_city_size(const stn_city *city, int32_t population)
{
    return inhabitants(city, population)->size;
}

uint32_t
stn_city_rows(const stn_city *city, int32_t population)
{
    return inhabitants(city, population)->rows;
}

const uint32_t *
stn_city_cells(const stn_city *city, int32_t population)
{
    return inhabitants(city, population)->cells;
}

const uint8_t *
stn_city_ages(const stn_city *city, int32_t population)
{
    return inhabitants(city, population)->ages;
}

const uint32_t *
stn_city_households(const stn_city *city)
{
    return city->households;
}

uint32_t
stn_city_family_household_count(const stn_city *city)
{
    return city->family_household_count;
}

uint32_t
stn_city_household_count(const stn_city *city)
{
    return city->household_count;
}

const uint32_t *
stn_city_representatives(const stn_city *city)
{
    return city->representatives;
}

int32_t
stn_city_fit_count(const stn_city *city)
{
    return city->fit_count;
}

const stn_fit *
stn_city_fit(const stn_city *city, int32_t index)
{
    STN_INVARIANT(index >= 0 && index < city->fit_count);
    return &city->fits[index];
}

uint64_t
stn_city_digest(const stn_city *city)
{
    return city->digest;
}
