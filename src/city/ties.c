/* SPDX-License-Identifier: Apache-2.0
 *
 * ties.c - who lives with whom, and who stands for which company.
 *
 * Households are made group by group (a district, say), each on a thread of its
 * own: a list of the group's rows is shuffled in place, and its order says who
 * lives where. One word a person of scratch, for the groups at hand. */
#include <stdio.h>
#include <string.h>

#include "base/draw.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "city/inside.h"

enum { BLOCK = 1 << 16 }; /* companies at a time */

typedef struct group {
    uint32_t first_cell, cell_count; /* of the settling's `cells` */
    uint32_t count;             /* people */
    uint32_t others;            /* the first of them, by those cells, cannot be heads */
    uint32_t families;          /* family households */
    uint32_t collectives;       /* collective households */
    uint32_t first_family, first_collective; /* their numbers */
    int64_t sizes[STN_LEVELS_MAX + 1]; /* family households of each size */
} group;

typedef struct settling {
    stn__making *making; /* first: see stn__city_watch() */
    const stn_household_tie *tie;
    const stn_population *population;
    const stn__inhabitants *people;
    int32_t group_count;
    group *groups;
    uint32_t *cells;     /* those with somebody, by group: those whose people cannot be heads first, in each rising */
    uint32_t *households;
    uint32_t most;       /* people of the largest group */
    uint32_t *lists[256]; /* columns of `most`, for each thread that was at it: rows of the group at hand */
} settling;

static bool
can_be_head(const settling *s, int32_t cell)
{
    return s->tie->head_attribute == STN_NONE
        || s->tie->head_levels[stn__level(s->population, s->tie->head_attribute, cell)];
}

static int32_t
group_of(const settling *s, int32_t cell)
{
    return s->tie->within == STN_NONE ? 0 : stn__level(s->population, s->tie->within, cell);
}

/* Sorts the cells by group, and by whether their people can be heads. False: no memory. */
static bool
line_up(settling *s)
{
    const uint32_t *starts = s->people->starts;
    size_t cell_count = (size_t) s->population->cell_count, part_count = 2 * (size_t) s->group_count;
    uint32_t *part_of = calloc(cell_count, sizeof *part_of), *next = calloc(part_count + 1, sizeof *next);

    s->cells = calloc(cell_count, sizeof *s->cells);
    if (part_of == NULL || next == NULL || s->cells == NULL) {
        free(part_of);
        free(next);
        return false;
    }
    for (size_t cell = 0; cell < cell_count; cell++) {
        group *g = &s->groups[group_of(s, (int32_t) cell)];
        bool head = can_be_head(s, (int32_t) cell);
        uint32_t people = starts[cell + 1] - starts[cell];
        part_of[cell] = 2 * (uint32_t) (g - s->groups) + head;
        next[part_of[cell] + 1] += people > 0;
        g->cell_count += people > 0;
        g->count += people;
        g->others += head ? 0 : people;
    }
    for (size_t part = 0; part < part_count; part++) {
        next[part + 1] += next[part];
        if (part % 2 == 0) {
            s->groups[part / 2].first_cell = next[part];
        }
    }
    for (size_t cell = 0; cell < cell_count; cell++) {
        if (starts[cell] < starts[cell + 1]) {
            s->cells[next[part_of[cell]]++] = (uint32_t) cell;
        }
    }
    for (int32_t g = 0; g < s->group_count; g++) {
        s->most = s->groups[g].count > s->most ? s->groups[g].count : s->most;
    }
    free(part_of);
    free(next);
    return true;
}

/* The rows of a group: those who cannot be heads first. */
static void
list_people(const settling *s, const group *g, uint32_t *people)
{
    for (uint32_t c = 0; c < g->cell_count; c++) {
        uint32_t cell = s->cells[g->first_cell + c];
        for (uint32_t row = s->people->starts[cell]; row < s->people->starts[cell + 1]; row++) {
            *people++ = row;
        }
    }
}

/* How many family households of each size there should be, at the city's size. */
static void
scale_sizes(const settling *s, int64_t *wanted)
{
    double size = s->population->size.value, sum = 0;

    for (int32_t people = 1; people <= s->tie->size_max; people++) {
        sum = sum + s->tie->sizes[people];
    }
    wanted[0] = 0;
    (void) stn__apportion((int64_t) (sum * (double) s->people->size / size + 0.5), s->tie->sizes + 1,
        s->tie->size_max, wanted + 1);
}

/* Tables at odds with each other, whatever the scale. */
static int
check_sizes(const settling *s)
{
    double people = 0, size = s->population->size.value;

    for (int32_t n = 1; n <= s->tie->size_max; n++) {
        people = people + s->tie->sizes[n] * (double) n;
    }
    if (people > size) {
        return stn__fail(s->making->err, STN_E_INPUT,
            "household: the family households hold %.0f people, but '%s' has only %.0f", people,
            s->population->name, size);
    }
    if (people < size && !(s->tie->collective > 0)) {
        return stn__fail(s->making->err, STN_E_INPUT,
            "household: the family households hold %.0f of %.0f people, and there is no collective household for the others",
            people, size);
    }
    return 0;
}

/* Shares out the family households, the largest first, in proportion to how
 * many of that size each group still has people for. Those that no group has
 * people for become one smaller. */
static void
share_out(settling *s, const int64_t *wanted)
{
    int64_t rest[STN_LEVELS_MAX + 1], parts[STN_LEVELS_MAX + 1], smaller = 0;
    double weights[STN_LEVELS_MAX + 1];

    for (int32_t g = 0; g < s->group_count; g++) {
        rest[g] = s->groups[g].count;
    }
    for (int32_t size = s->tie->size_max; size >= 1; size--) {
        int64_t count = wanted[size] + smaller, room = 0;
        for (int32_t g = 0; g < s->group_count; g++) {
            room += rest[g] / size;
            weights[g] = (double) (rest[g] / size);
        }
        smaller = count > room ? count - room : 0;
        count -= smaller;
        (void) stn__apportion(count, weights, s->group_count, parts); /* 0 without room */
        for (int32_t g = 0; g < s->group_count; g++) {
            s->groups[g].sizes[size] = parts[g];
            rest[g] -= parts[g] * size;
        }
    }
}

static int64_t
people_left(const group *g, int32_t size_max)
{
    int64_t left = g->count;

    for (int32_t size = 1; size <= size_max; size++) {
        left -= g->sizes[size] * size;
    }
    return left;
}

/* Gives the people left over to collective households, at least one in each
 * group that has any; without such households, to further families. Returns how
 * many collective households there should have been. */
static int64_t
share_collectives(settling *s)
{
    int64_t wanted = (int64_t) (s->tie->collective * (double) s->people->size / s->population->size.value + 0.5);
    int64_t parts[STN_LEVELS_MAX + 1], left = 0;
    double weights[STN_LEVELS_MAX + 1];

    for (int32_t g = 0; g < s->group_count; g++) {
        int64_t here = people_left(&s->groups[g], s->tie->size_max);
        while (here > 0 && !(s->tie->collective > 0)) {
            int64_t size = here < s->tie->size_max ? here : s->tie->size_max;
            s->groups[g].sizes[size]++;
            here -= size;
        }
        weights[g] = (double) here;
        left += here;
    }
    (void) stn__apportion(wanted < left ? wanted : left, weights, s->group_count, parts);
    for (int32_t g = 0; g < s->group_count; g++) {
        s->groups[g].collectives = (uint32_t) parts[g] + (weights[g] > 0 && parts[g] == 0);
    }
    return wanted < left ? wanted : left;
}

static void
number_households(settling *s)
{
    stn_city *city = s->making->city;
    uint32_t next = 0;

    for (int32_t g = 0; g < s->group_count; g++) {
        s->groups[g].first_family = next;
        for (int32_t size = 1; size <= s->tie->size_max; size++) {
            s->groups[g].families += (uint32_t) s->groups[g].sizes[size];
        }
        next += s->groups[g].families;
    }
    city->family_household_count = next;
    for (int32_t g = 0; g < s->group_count; g++) {
        s->groups[g].first_collective = next;
        next += s->groups[g].collectives;
    }
    city->household_count = next;
}

/* Houses the people of one group. Of its shuffled list, the last are the heads
 * of the families; the first fill the families up, so that those who cannot be
 * heads (children) live in families as far as there is room. */
static int
house_group(void *user, int64_t piece, int32_t thread)
{
    settling *s = user;
    const group *g = &s->groups[piece];
    uint32_t *people, *households = s->households;
    uint64_t seed = s->making->study->seed;
    uint32_t population = (uint32_t) s->tie->of, number = (uint32_t) piece;
    uint32_t able = g->count - g->others, heads = able < g->families ? able : g->families;
    uint32_t in_families = g->count - (uint32_t) people_left(g, s->tie->size_max);
    uint32_t fillers = in_families - heads, left = g->count - in_families, family = 0, next = 0;

    if (s->lists[thread] == NULL) {
        s->lists[thread] = stn__column_new(s->most, sizeof *people);
    }
    people = s->lists[thread];
    if (people == NULL) {
        return STN_E_MEMORY;
    }
    list_people(s, g, people);
    stn__shuffle_u32(people, g->others, seed, CITY_HOUSEHOLD, population, number, 0);
    stn__shuffle_u32(people + g->others, able, seed, CITY_HOUSEHOLD, population, number, 1);
    stn__shuffle_u32(people, fillers, seed, CITY_HOUSEHOLD, population, number, 2);
    for (int32_t size = s->tie->size_max; size >= 1; size--) {
        for (int64_t i = 0; i < g->sizes[size]; i++, family++) {
            int32_t members = size;
            if (family < heads) {
                households[people[g->count - 1 - family]] = g->first_family + family;
                members--;
            }
            for (; members > 0; members--) {
                households[people[next++]] = g->first_family + family;
            }
        }
    }
    for (uint32_t c = 0; c < g->collectives; c++) {
        uint32_t members = left / g->collectives + (c < left % g->collectives);
        for (; members > 0; members--) {
            households[people[next++]] = g->first_collective + c;
        }
    }
    return 0;
}

static const char *
size_name(const void *user, int32_t cell, char *text, size_t size)
{
    const char *const *what = user;

    snprintf(text, size, *what, (int) cell + 1);
    return text;
}

static int
fit_households(settling *s, const int64_t *wanted, int64_t collectives_wanted)
{
    const char *people = "%d people", *all = "all";
    int64_t actual[STN_LEVELS_MAX + 1] = { 0 }, collectives = 0;
    double expected[STN_LEVELS_MAX + 1], collective = (double) collectives_wanted;
    int ret;

    for (int32_t size = 1; size <= s->tie->size_max; size++) {
        expected[size - 1] = (double) wanted[size];
        for (int32_t g = 0; g < s->group_count; g++) {
            actual[size - 1] += s->groups[g].sizes[size];
        }
    }
    for (int32_t g = 0; g < s->group_count; g++) {
        collectives += s->groups[g].collectives;
    }
    ret = stn__fit_add(s->making, s->population->name, "household size", true, actual, expected,
        s->tie->size_max, size_name, &people);
    return ret != 0 ? ret
                    : stn__fit_add(s->making, s->population->name, "collective households", true,
                          &collectives, &collective, 1, size_name, &all);
}

int
stn__live_together(stn__making *making)
{
    const stn_household_tie *tie = &making->study->world.household;
    stn_city *city = making->city;
    settling s = { .making = making, .tie = tie, .population = &making->study->world.populations[tie->of],
        .people = &city->populations[tie->of], .group_count = 1 };
    int64_t wanted[STN_LEVELS_MAX + 1], collectives;
    int ret = check_sizes(&s);

    if (ret != 0) {
        return ret;
    }
    if (tie->within != STN_NONE) {
        s.group_count = s.population->attributes[tie->within].level_count;
    }
    s.groups = calloc((size_t) s.group_count, sizeof *s.groups);
    city->households = stn__column_new(s.people->room, sizeof *city->households);
    s.households = city->households;
    if (s.groups == NULL || s.households == NULL || !line_up(&s)) {
        ret = stn__city_no_memory(making);
        goto out;
    }
    scale_sizes(&s, wanted);
    share_out(&s, wanted);
    collectives = share_collectives(&s);
    number_households(&s);
    ret = stn__parallel(making->threads, s.group_count, house_group, stn__city_watch, &s);
    for (int32_t thread = 0; thread < 256; thread++) {
        stn__column_free(s.lists[thread], s.most, sizeof *s.lists[thread]);
    }
    if (ret == STN_E_MEMORY) { /* said by whichever thread it was; `err` is not for them */
        ret = stn__city_no_memory(making);
    }
    if (ret == 0) {
        ret = fit_households(&s, wanted, collectives);
    }
out:
    free(s.cells);
    free(s.groups);
    return ret;
}

typedef struct standing_for {
    stn__making *making; /* first: see stn__city_watch() */
    const stn_representative_tie *tie;
    const stn_population *companies, *people;
    const stn__inhabitants *company_rows, *person_rows;
    stn__pool *pools;    /* of each level of `within`; then of all those levels */
    int32_t pool_count;
    int32_t *level_of;   /* of each cell of people: its level of `within`; -1: nobody of them may represent */
    uint32_t *representatives;
} standing_for;

/* The number of a pool that is being filled. */
typedef struct filling {
    const standing_for *s;
    int32_t number;
} filling;

/* Whether a cell of people is in a pool: the last but one is for all levels of
 * `within`, the last for anybody at all. */
static bool
in_pool(const void *user, int32_t cell)
{
    const filling *f = user;
    int32_t level = f->s->level_of[cell];

    return f->number == level || f->number == f->s->pool_count - 1 || (f->number == f->s->pool_count - 2 && level >= 0);
}

/* Without `within` all are of level 0. */
static bool
find_levels(standing_for *s, stn__arena *arena)
{
    const stn_representative_tie *tie = s->tie;

    s->level_of = stn__arena_take(arena, (size_t) s->people->cell_count, sizeof *s->level_of);
    for (int32_t cell = 0; cell < s->people->cell_count && s->level_of != NULL; cell++) {
        bool may = tie->among_attribute == STN_NONE
            || tie->among_levels[stn__level(s->people, tie->among_attribute, cell)];
        int32_t level = tie->within_is == STN_NONE ? 0 : stn__level(s->people, tie->within_is, cell);
        s->level_of[cell] = may ? level : -1;
    }
    return s->level_of != NULL;
}

static int
appoint(void *user, int64_t piece, int32_t thread)
{
    standing_for *s = user;
    uint64_t row = (uint64_t) piece * BLOCK, end = row + BLOCK;

    (void) thread;
    end = end > s->company_rows->size ? s->company_rows->size : end;
    for (; row < end; row++) {
        stn__words words = stn__draw(s->making->study->seed, CITY_REPRESENTATIVE, (uint32_t) s->tie->of,
            (uint32_t) row, 0, 0);
        int32_t number = s->tie->within_of == STN_NONE
            ? 0
            : stn__level(s->companies, s->tie->within_of, (int32_t) s->company_rows->cells[row]);
        while (s->pools[number].count == 0) { /* the last holds somebody */
            number = number < s->pool_count - 2 ? s->pool_count - 2 : number + 1;
        }
        s->representatives[row] = stn__pool_pick(&s->pools[number], s->person_rows, words.w[0], NULL);
    }
    return 0;
}

int
stn__represent(stn__making *making)
{
    const stn_world *world = &making->study->world;
    const stn_representative_tie *tie = &world->representative;
    stn_city *city = making->city;
    standing_for s = { .making = making, .tie = tie, .companies = &world->populations[tie->of],
        .people = &world->populations[tie->is], .company_rows = &city->populations[tie->of],
        .person_rows = &city->populations[tie->is], .pool_count = 3 };
    stn__arena *arena = NULL;
    int ret = 0;

    city->representatives = stn__column_new(s.company_rows->room, sizeof *city->representatives);
    s.representatives = city->representatives;
    if (s.person_rows->size == 0 && s.company_rows->size > 0) {
        return stn__fail(making->err, STN_E_INPUT, "representative: there is nobody in '%s' to represent '%s'",
            s.people->name, s.companies->name);
    }
    if (tie->within_is != STN_NONE) {
        s.pool_count = s.people->attributes[tie->within_is].level_count + 2;
    }
    arena = stn__arena_new();
    if (arena != NULL) {
        s.pools = stn__arena_take(arena, (size_t) s.pool_count, sizeof *s.pools);
    }
    if (city->representatives == NULL || arena == NULL || s.pools == NULL || !find_levels(&s, arena)) {
        ret = stn__city_no_memory(making);
        goto out;
    }
    for (int32_t number = 0; number < s.pool_count; number++) {
        filling f = { &s, number };
        if (!stn__pool_fill(arena, s.person_rows, s.people->cell_count, in_pool, &f, &s.pools[number])) {
            ret = stn__city_no_memory(making);
            goto out;
        }
    }
    ret = stn__parallel(making->threads, ((int64_t) s.company_rows->size + BLOCK - 1) / BLOCK, appoint,
        stn__city_watch, &s);
out:
    stn__arena_free(arena);
    return ret;
}
