/* SPDX-License-Identifier: Apache-2.0
 *
 * cells.c - what every cell of a population has: group, zone, rates, chances.
 *
 * A city has some ten thousand cells and some dozen behaviours, so these
 * tables are a few megabytes; rows are laid out by cell, so the engine walks
 * them in order. */
#include "plan/inside.h"

#include <string.h>

int32_t
stn__cell_level(const stn_population *population, int32_t cell, int32_t attribute)
{
    for (int32_t a = population->attribute_count - 1; a > attribute; a--) {
        cell /= population->attributes[a].level_count;
    }
    return cell % population->attributes[attribute].level_count;
}

void
stn__cell_levels(const stn_population *population, int32_t cell, int32_t *levels)
{
    for (int32_t a = population->attribute_count - 1; a >= 0; a--) {
        levels[a] = cell % population->attributes[a].level_count;
        cell /= population->attributes[a].level_count;
    }
}

double
stn__cell_value(const stn_quantity *quantity, const int32_t *levels)
{
    double value = quantity->value;

    for (int32_t f = 0; f < quantity->factor_count; f++) {
        const stn_factor *factor = &quantity->factors[f];
        if (levels[factor->attribute] == factor->level) {
            value = value * factor->factor;
        }
    }
    return value;
}

static double
at_most_one(double p)
{
    return p > 1 ? 1 : p;
}

/* The attributes of a population that a study groups by, and how many groups they make. */
typedef struct grouping {
    int32_t count, group_count;
    int32_t attributes[STN_ATTRIBUTES_MAX], level_counts[STN_ATTRIBUTES_MAX];
} grouping;

static grouping
grouping_of(const stn_study *study, const stn_population *population)
{
    grouping g = { .group_count = 1 };

    for (int32_t by = 0; by < study->by_count; by++) {
        for (int32_t a = 0; a < population->attribute_count; a++) {
            if (strcmp(study->by[by], population->attributes[a].name) == 0) {
                STN_INVARIANT(g.count < STN_ATTRIBUTES_MAX);
                g.attributes[g.count] = a;
                g.level_counts[g.count++] = population->attributes[a].level_count;
                g.group_count *= population->attributes[a].level_count;
            }
        }
    }
    return g;
}

/* The number of a cell's group: the study's `by` attributes, last fastest. */
static uint32_t
group_of(const grouping *g, const int32_t *levels)
{
    uint32_t group = 0;

    for (int32_t by = 0; by < g->count; by++) {
        group = group * (uint32_t) g->level_counts[by] + (uint32_t) levels[g->attributes[by]];
    }
    return group;
}

/* Alias tables may not be asked for when all weights are 0; such a cell's rate
 * is 0, so its table is never used. */
static void
pick_build(const double *weights, int32_t n, double total, stn__alias *table, int32_t *work)
{
    if (total > 0) {
        stn__alias_build(weights, n, table, work);
    }
}

/* Marks below cut x 2^32 are those up to one less than that rounded up: whole numbers tell
 * them apart as stn__below() does. With a cut of 0 there is none. */
static stn__choice
choice_of(const stn__alias *pick, int32_t b)
{
    double marks = pick->cut * 4294967296.0;
    uint64_t whole = marks > 0 ? (uint64_t) marks : 0;

    whole += (double) whole < marks;
    whole = whole > UINT64_C(4294967296) ? UINT64_C(4294967296) : whole;
    return (stn__choice){ .last = whole > 0 ? (uint32_t) (whole - 1) : 0,
        .self = (uint8_t) (whole > 0 ? b : pick->alias), .alias = (uint8_t) pick->alias };
}

typedef struct tables {
    grouping by;
    stn__cell *cells;
    stn__choice *choices;
    double *bases;
    double *detect, *false_rate;
    stn__alias *attempt_pick;
} tables;

static void
fill_cell(const stn__plan *plan, int32_t number, int32_t cell, const int32_t *levels, const tables *t)
{
    const stn_world *world = &plan->study->world;
    const stn__population_plan *p = &plan->populations[number];
    stn__choice *choices = t->choices + (size_t) cell * (size_t) p->behaviour_count;
    double *bases = t->bases + (size_t) cell * (size_t) p->behaviour_count;
    stn__alias pick[STN_BEHAVIOURS_MAX] = { { 0, 0 } };
    double weights[STN_BEHAVIOURS_MAX];
    int32_t work[2 * STN_BEHAVIOURS_MAX];
    size_t row = (size_t) cell;
    stn__cell *out = &t->cells[cell];

    out->class = p->class[cell];
    out->rated = p->class_rated[out->class];
    out->group = group_of(&t->by, levels);
    if (world->learning.given && world->learning.attribute[number] != STN_NONE) {
        out->zone = (uint32_t) levels[world->learning.attribute[number]];
    }
    for (int32_t b = 0; b < world->behaviour_count; b++) {
        const stn_behaviour *behaviour = &world->behaviours[b];
        if (behaviour->population != number) {
            continue;
        }
        weights[behaviour->local] = stn__cell_value(&behaviour->opportunities, levels);
        bases[behaviour->local] = at_most_one(stn__cell_value(&behaviour->taken, levels));
    }
    for (int32_t b = 0; b < p->behaviour_count; b++) {
        out->rate = out->rate + weights[b];
    }
    pick_build(weights, p->behaviour_count, out->rate, pick, work);
    for (int32_t b = 0; b < p->behaviour_count; b++) {
        choices[b] = choice_of(&pick[b], b);
    }
    for (int32_t d = 0; d < world->door_count; d++) {
        const stn_door *door = &world->doors[d];
        if (door->population == number) {
            weights[door->local] = stn__cell_value(&door->attempts, levels);
        }
    }
    for (int32_t d = 0; d < p->door_count; d++) {
        out->attempt_rate = out->attempt_rate + weights[d];
    }
    pick_build(weights, p->door_count, out->attempt_rate, t->attempt_pick + row * (size_t) p->door_count, work);
}

/* Detections stand grouped by behaviour in the plan, false entries in file
 * order; their quantities are found again through the regime. */
static void
fill_regime(const stn__plan *plan, int32_t number, int32_t cell, const int32_t *levels, const tables *t)
{
    const stn_world *world = &plan->study->world;
    const stn_regime *regime = plan->regime;
    const stn__population_plan *p = &plan->populations[number];
    int32_t detection = 0, entry = 0;

    for (int32_t b = 0; b < world->behaviour_count; b++) {
        if (world->behaviours[b].population != number) {
            continue;
        }
        for (int32_t d = 0; d < regime->detection_count; d++) {
            if (regime->detections[d].behaviour == b) {
                t->detect[(size_t) cell * (size_t) p->detection_count + (size_t) detection++]
                    = at_most_one(stn__cell_value(&regime->detections[d].probability, levels));
            }
        }
    }
    for (int32_t f = 0; f < regime->false_record_count; f++) {
        if (world->behaviours[regime->false_records[f].behaviour].population == number) {
            t->false_rate[(size_t) cell * (size_t) p->false_count + (size_t) entry++]
                = stn__cell_value(&regime->false_records[f].rate, levels);
        }
    }
}

/* What people of each cell earn, lose and owe. */
static bool
money_fill(const stn__plan *plan, int32_t number)
{
    const stn_world *world = &plan->study->world;
    const stn_population *population = &world->populations[number];
    stn__population_plan *p = &plan->populations[number];
    size_t cells = (size_t) p->cell_count, doors = (size_t) p->door_count, behaviours = (size_t) p->behaviour_count;
    stn__purse *purses = stn__arena_take(plan->arena, cells, sizeof *purses);
    double *costs = stn__arena_take(plan->arena, cells * doors, sizeof *costs);
    int64_t *debts = stn__arena_take(plan->arena, cells * behaviours, sizeof *debts);

    if (purses == NULL || costs == NULL || debts == NULL) {
        return false;
    }
    for (int32_t cell = 0; cell < p->cell_count; cell++) {
        int32_t levels[STN_ATTRIBUTES_MAX];
        stn__cell_levels(population, cell, levels);
        purses[cell].income = stn__cell_value(&population->money.income, levels);
        purses[cell].living = stn__cell_value(&population->money.living, levels);
        for (int32_t d = 0; d < world->door_count; d++) {
            const stn_door *door = &world->doors[d];
            if (door->population == number) {
                costs[(size_t) cell * doors + (size_t) door->local]
                    = at_most_one(stn__cell_value(&door->costs, levels));
            }
        }
        for (int32_t b = 0; b < world->behaviour_count; b++) {
            const stn_behaviour *behaviour = &world->behaviours[b];
            if (behaviour->population == number) {
                debts[(size_t) cell * behaviours + (size_t) behaviour->local]
                    = stn__yuan(stn__cell_value(&behaviour->settles_amount, levels));
            }
        }
    }
    p->money = true;
    p->savings = population->money.savings.value / STN_MINUTES_PER_YEAR;
    p->custom = population->money.custom.value;
    p->purses = purses;
    p->costs = costs;
    p->debts = debts;
    return true;
}

static bool
stigma_fill(const stn__plan *plan, int32_t number)
{
    const stn_world *world = &plan->study->world;
    const stn_population *population = &world->populations[number];
    stn__population_plan *p = &plan->populations[number];
    size_t doors = (size_t) p->door_count;
    double *stigma;

    for (int32_t d = 0; d < world->door_count; d++) {
        p->stigma_given = p->stigma_given || (world->doors[d].population == number && world->doors[d].stigma.given);
    }
    if (!p->stigma_given) {
        return true;
    }
    stigma = stn__arena_take(plan->arena, (size_t) p->cell_count * doors, sizeof *stigma);
    if (stigma == NULL) {
        return false;
    }
    for (int32_t cell = 0; cell < p->cell_count; cell++) {
        int32_t levels[STN_ATTRIBUTES_MAX];
        stn__cell_levels(population, cell, levels);
        for (int32_t d = 0; d < world->door_count; d++) {
            const stn_door *door = &world->doors[d];
            if (door->population == number) {
                stigma[(size_t) cell * doors + (size_t) door->local]
                    = at_most_one(stn__cell_value(&door->stigma, levels));
            }
        }
    }
    p->stigma = stigma;
    return true;
}

int
stn__plan_cells(stn__plan *plan, int32_t number, stn_error *err)
{
    const stn_world *world = &plan->study->world;
    const stn_population *population = &world->populations[number];
    stn__population_plan *p = &plan->populations[number];
    size_t cells = (size_t) population->cell_count;
    stn__arena *arena = plan->arena;
    tables t = {
        .by = grouping_of(plan->study, population),
        .cells = stn__arena_take(arena, cells, sizeof *t.cells),
        .choices = stn__arena_take(arena, cells * (size_t) p->behaviour_count, sizeof *t.choices),
        .bases = stn__arena_take(arena, cells * (size_t) p->behaviour_count, sizeof *t.bases),
        .detect = stn__arena_take(arena, cells * (size_t) p->detection_count, sizeof *t.detect),
        .false_rate = stn__arena_take(arena, cells * (size_t) p->false_count, sizeof *t.false_rate),
        .attempt_pick = stn__arena_take(arena, cells * (size_t) p->door_count, sizeof *t.attempt_pick),
    };

    if (t.cells == NULL || t.choices == NULL || t.bases == NULL || t.detect == NULL || t.false_rate == NULL || t.attempt_pick == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory for the cells of %s", population->name);
    }
    p->cell_count = population->cell_count;
    p->group_count = t.by.group_count;
    p->zone_count = 1;
    if (world->learning.given && world->learning.attribute[number] != STN_NONE) {
        p->zone_count = population->attributes[world->learning.attribute[number]].level_count;
    }
    for (int32_t cell = 0; cell < p->cell_count; cell++) {
        int32_t levels[STN_ATTRIBUTES_MAX];
        stn__cell_levels(population, cell, levels);
        fill_cell(plan, number, cell, levels, &t);
        fill_regime(plan, number, cell, levels, &t);
    }
    p->cells = t.cells;
    p->choices = t.choices;
    p->bases = t.bases;
    p->detect = t.detect;
    p->false_rate = t.false_rate;
    p->attempt_pick = t.attempt_pick;
    if ((population->money.given && !money_fill(plan, number)) || !stigma_fill(plan, number)) {
        return stn__fail(err, STN_E_MEMORY, "no memory for the cells of %s", population->name);
    }
    return 0;
}
