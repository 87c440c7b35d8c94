/* SPDX-License-Identifier: Apache-2.0
 *
 * alike.c - who is like whom, who lives with whom, who stands for whom.
 *
 * Initial rows lie by rising cell, so a class of people who are alike is a list
 * of its cells and of how many people come before each: a namesake is found by
 * halving that list. Newcomers lie in the order of their coming; each class has
 * a list of them. */
#include "city/alike.h"

#include <string.h>

#include "base/memory.h"
#include "city/inside.h"

struct stn__namesakes {
    const stn__inhabitants *people; /* borrowed */
    stn__arena *arena;              /* owns all arrays but `late` */
    uint32_t *class_of;             /* of each cell */
    uint32_t *place_of;             /* of each cell: its place in the next two */
    uint32_t *cells;                /* by class, in each rising */
    uint32_t *before;               /* initial people of the class in its cells before that one */
    uint32_t *first_cell;           /* of each class: its first place in those, and one behind the last */
    uint32_t *initial;              /* of each class: its initial people */
    uint32_t *first_late;           /* of each class: its first place in `late`, and one behind the last */
    uint32_t *late;                 /* column: rows of newcomers by class, in each rising */
};

/* Of rising `values`, of which the first is at most `wanted`: the place of the
 * last that is. */
static uint32_t
last_up_to(const uint32_t *values, uint32_t count, uint32_t wanted)
{
    uint32_t low = 0, high = count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (values[middle] <= wanted) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Turns counts, each one place behind its group's, into first places. */
static void
add_up(uint32_t *starts, uint32_t group_count)
{
    for (uint32_t group = 0; group < group_count; group++) {
        starts[group + 1] += starts[group];
    }
}

static uint32_t
late_count(const stn__inhabitants *people)
{
    return people->rows - people->size;
}

/* Sorts the cells by class, and counts who was there before each. */
static void
class_cells(stn__namesakes *n, uint32_t cell_count, uint32_t class_count, uint32_t *next)
{
    const uint32_t *starts = n->people->starts;

    for (uint32_t cell = 0; cell < cell_count; cell++) {
        n->first_cell[n->class_of[cell] + 1]++;
    }
    add_up(n->first_cell, class_count);
    memcpy(next, n->first_cell, class_count * sizeof *next);
    for (uint32_t cell = 0; cell < cell_count; cell++) {
        uint32_t class = n->class_of[cell], place = next[class]++;
        n->cells[place] = cell;
        n->place_of[cell] = place;
        n->before[place] = n->initial[class];
        n->initial[class] += starts[cell + 1] - starts[cell];
    }
}

static void
class_newcomers(stn__namesakes *n, uint32_t class_count, uint32_t *next)
{
    const stn__inhabitants *people = n->people;

    for (uint32_t row = people->size; row < people->rows; row++) {
        n->first_late[n->class_of[people->cells[row]] + 1]++;
    }
    add_up(n->first_late, class_count);
    memcpy(next, n->first_late, class_count * sizeof *next);
    for (uint32_t row = people->size; row < people->rows; row++) {
        n->late[next[n->class_of[people->cells[row]]]++] = row;
    }
}

stn__namesakes *
stn__namesakes_new(const stn_city *city, int32_t population, const int32_t *attributes, int32_t count)
{
    const stn_population *p = &city->study->world.populations[population];
    size_t cells = (size_t) p->cell_count, classes = 1;
    stn__namesakes *n = calloc(1, sizeof *n);
    uint32_t *next = NULL;

    for (int32_t i = 0; i < count; i++) {
        classes *= (size_t) p->attributes[attributes[i]].level_count;
    }
    if (n == NULL || (n->arena = stn__arena_new()) == NULL) {
        goto failed;
    }
    n->people = &city->populations[population];
    n->class_of = stn__arena_take(n->arena, cells, sizeof *n->class_of);
    n->place_of = stn__arena_take(n->arena, cells, sizeof *n->place_of);
    n->cells = stn__arena_take(n->arena, cells, sizeof *n->cells);
    n->before = stn__arena_take(n->arena, cells, sizeof *n->before);
    n->first_cell = stn__arena_take(n->arena, classes + 1, sizeof *n->first_cell);
    n->initial = stn__arena_take(n->arena, classes, sizeof *n->initial);
    n->first_late = stn__arena_take(n->arena, classes + 1, sizeof *n->first_late);
    n->late = stn__column_new(late_count(n->people), sizeof *n->late);
    next = calloc(classes, sizeof *next);
    if (n->class_of == NULL || n->place_of == NULL || n->cells == NULL || n->before == NULL || n->first_cell == NULL
        || n->initial == NULL || n->first_late == NULL || n->late == NULL || next == NULL) {
        goto failed;
    }
    for (size_t cell = 0; cell < cells; cell++) {
        for (int32_t i = 0; i < count; i++) {
            n->class_of[cell] = n->class_of[cell] * (uint32_t) p->attributes[attributes[i]].level_count
                + (uint32_t) stn__level(p, attributes[i], (int32_t) cell);
        }
    }
    class_cells(n, (uint32_t) cells, (uint32_t) classes, next);
    class_newcomers(n, (uint32_t) classes, next);
    free(next);
    return n;
failed:
    free(next);
    stn__namesakes_free(n);
    return NULL;
}

void
stn__namesakes_free(stn__namesakes *n)
{
    if (n != NULL) {
        if (n->late != NULL) {
            stn__column_free(n->late, late_count(n->people), sizeof *n->late);
        }
        stn__arena_free(n->arena);
        free(n);
    }
}

static uint32_t
class_of_row(const stn__namesakes *n, uint32_t row)
{
    STN_INVARIANT(row < n->people->rows);
    return n->class_of[n->people->cells[row]];
}

uint32_t
stn__namesakes_count(const stn__namesakes *n, uint32_t row)
{
    uint32_t class = class_of_row(n, row);

    return n->initial[class] + (n->first_late[class + 1] - n->first_late[class]) - 1;
}

/* How many of the class stand before somebody. */
static uint32_t
rank_of(const stn__namesakes *n, uint32_t class, uint32_t row)
{
    const stn__inhabitants *people = n->people;
    uint32_t cell = people->cells[row], first = n->first_late[class];

    if (row < people->size) {
        return n->before[n->place_of[cell]] + (row - people->starts[cell]);
    }
    return n->initial[class] + last_up_to(n->late + first, n->first_late[class + 1] - first, row);
}

uint32_t
stn__namesakes_other(const stn__namesakes *n, uint32_t row, uint32_t index)
{
    uint32_t class = class_of_row(n, row), first = n->first_cell[class], place;

    STN_INVARIANT(index < stn__namesakes_count(n, row));
    index += index >= rank_of(n, class, row);
    if (index >= n->initial[class]) {
        return n->late[n->first_late[class] + (index - n->initial[class])];
    }
    place = first + last_up_to(n->before + first, n->first_cell[class + 1] - first, index);
    return n->people->starts[n->cells[place]] + (index - n->before[place]);
}

uint32_t
stn__namesake(const stn__namesakes *n, uint32_t row, uint32_t word)
{
    uint32_t count = stn__namesakes_count(n, row);

    return count == 0 ? STN__NOBODY : stn__namesakes_other(n, row, (uint32_t) ((uint64_t) word * count >> 32));
}

/* Sorts rows 0 .. by the group that each has; those of STN__NOBODY are left out. */
static stn__members *
gather(const uint32_t *group_of, uint32_t row_count, uint32_t group_count)
{
    stn__members *m = calloc(1, sizeof *m);

    if (m == NULL) {
        return NULL;
    }
    m->group_count = group_count;
    m->row_count = row_count;
    m->starts = stn__column_new((size_t) group_count + 1, sizeof *m->starts);
    m->rows = stn__column_new(row_count, sizeof *m->rows);
    if (m->starts == NULL || m->rows == NULL) {
        stn__members_free(m);
        return NULL;
    }
    for (uint32_t row = 0; row < row_count; row++) {
        if (group_of[row] != STN__NOBODY) {
            m->starts[group_of[row] + 1]++;
        }
    }
    add_up(m->starts, group_count);
    for (uint32_t row = 0; row < row_count; row++) {
        if (group_of[row] != STN__NOBODY) {
            m->rows[m->starts[group_of[row]]++] = row;
        }
    }
    for (uint32_t group = group_count; group > 0; group--) { /* each now stands where the next begins */
        m->starts[group] = m->starts[group - 1];
    }
    m->starts[0] = 0;
    return m;
}

stn__members *
stn__members_of_households(const stn_city *city)
{
    STN_INVARIANT(city->households != NULL);
    return gather(city->households, city->populations[city->study->world.household.of].rows, city->household_count);
}

stn__members *
stn__members_of_representatives(const stn_city *city)
{
    const stn_representative_tie *tie = &city->study->world.representative;

    STN_INVARIANT(city->representatives != NULL);
    return gather(city->representatives, city->populations[tie->of].rows, city->populations[tie->is].rows);
}

void
stn__members_free(stn__members *m)
{
    if (m != NULL) {
        stn__column_free(m->starts, (size_t) m->group_count + 1, sizeof *m->starts);
        stn__column_free(m->rows, m->row_count, sizeof *m->rows);
        free(m);
    }
}
