/* SPDX-License-Identifier: Apache-2.0
 *
 * fit.c - a population's tables, and fractional people who meet them all.
 *
 * Iterative proportional fitting (Deming and Stephan 1940): the cells are
 * multiplied, table by table, by what each table's cell should hold over what
 * it holds, until nothing changes. It finds, of all ways to meet the tables,
 * the one that adds no association of its own. Once per population, on some
 * ten thousand cells, in one written order. */
#include <stdio.h>
#include <string.h>

#include "city/inside.h"

enum { ROUNDS = 1000 };
/* Shares of all people by which a table may be off: when the fitting ends, and
 * what will do after all its rounds (structural zeros can make it slow). */
static const double CLOSE = 1e-10, NEAR = 1e-6;

static double
sum_of(const double *values, int32_t n)
{
    double sum = 0;

    for (int32_t i = 0; i < n; i++) {
        sum = sum + values[i];
    }
    return sum;
}

/* The weight's element that is next to get one more (or, with `more` false,
 * one less), not among those `taken` in this round; -1: none. */
static int32_t
next_in_line(const double *weights, int32_t n, int64_t count, double whole, const int64_t *parts,
    const bool *taken, bool more)
{
    int32_t best = -1;
    double best_rest = 0;

    for (int32_t i = 0; i < n; i++) {
        double quota = weights[i] * (double) count / whole;
        double rest = quota - (double) (int64_t) quota;
        if (taken[i] || !(weights[i] > 0) || (!more && parts[i] == 0)) {
            continue;
        }
        if (best < 0 || (more ? rest > best_rest : rest < best_rest)) {
            best = i;
            best_rest = rest;
        }
    }
    return best;
}

bool
stn__apportion(int64_t count, const double *weights, int32_t n, int64_t *parts)
{
    double whole = sum_of(weights, n);
    bool taken[STN_LEVELS_MAX + 1]; /* levels, years and household sizes are fewer */
    int64_t left = count;

    STN_INVARIANT(n <= STN_LEVELS_MAX + 1);
    memset(parts, 0, (size_t) n * sizeof *parts);
    if (!(whole > 0)) {
        return count == 0;
    }
    for (int32_t i = 0; i < n; i++) {
        parts[i] = weights[i] > 0 ? (int64_t) (weights[i] * (double) count / whole) : 0;
        left -= parts[i];
    }
    while (left != 0) { /* once through, but for rounding */
        memset(taken, 0, sizeof taken);
        while (left != 0) {
            int32_t i = next_in_line(weights, n, count, whole, parts, taken, left > 0);
            if (i < 0) {
                break;
            }
            parts[i] += left > 0 ? 1 : -1;
            left -= left > 0 ? 1 : -1;
            taken[i] = true;
        }
    }
    return true;
}

const char *
stn__fit_cell(const stn_population *population, const stn__table *table, int32_t cell,
    char *text, size_t size)
{
    int32_t levels[STN_ATTRIBUTES_MAX];
    size_t used = 0;

    for (int32_t place = table->attribute_count - 1; place >= 0; place--) {
        int32_t count = population->attributes[table->attributes[place]].level_count;
        levels[place] = cell % count;
        cell /= count;
    }
    text[0] = '\0';
    for (int32_t place = 0; place < table->attribute_count && used < size; place++) {
        const stn_attribute *attribute = &population->attributes[table->attributes[place]];
        used += (size_t) snprintf(text + used, size - used, "%s%s", place == 0 ? "" : ", ",
            attribute->levels[levels[place]]);
    }
    return text;
}

/* One multiplication of `values` (with `cells` elements) by one table. */
static int
fit_table(stn__making *making, const stn_population *population, const char *what,
    const stn__table *table, double *values, int32_t cells, double *factors, double *worst,
    int32_t *worst_entry)
{
    memset(factors, 0, (size_t) table->cell_count * sizeof *factors);
    for (int32_t cell = 0; cell < cells; cell++) {
        double *sum = &factors[table->of_cell[cell] - (uint32_t) table->first];
        *sum = *sum + values[cell];
    }
    for (int32_t entry = 0; entry < table->cell_count; entry++) {
        double sum = factors[entry], expected = table->expected[entry];
        double off = sum > expected ? sum - expected : expected - sum;
        if (off > *worst) {
            *worst = off;
            *worst_entry = entry + table->first;
        }
        if (!(sum > 0) && expected > 0) {
            char text[256];
            return stn__fail(making->err, STN_E_INPUT,
                "population '%s': no city can meet %s: '%s' wants %.0f people in '%s', where another table has none",
                population->name, what, table->name, expected,
                stn__fit_cell(population, table, entry, text, sizeof text));
        }
        factors[entry] = sum > 0 ? expected / sum : 0;
    }
    for (int32_t cell = 0; cell < cells; cell++) {
        values[cell] = values[cell] * factors[table->of_cell[cell] - (uint32_t) table->first];
    }
    return 0;
}

/* Fits `values` to `count` tables. `what` says in an error what was fitted. */
static int
fit(stn__making *making, const stn_population *population, const char *what,
    const stn__table *tables, int32_t count, double *values, int32_t cells, double *factors)
{
    double whole = population->size.value, worst = 0;
    int32_t worst_entry = 0;

    for (int32_t round = 0; round < ROUNDS; round++) {
        worst = 0;
        for (int32_t t = 0; t < count; t++) {
            int ret = fit_table(making, population, what, &tables[t], values, cells, factors, &worst,
                &worst_entry);
            ret = ret != 0 ? ret : stn__city_tell(making);
            if (ret != 0) {
                return ret;
            }
        }
        if (worst <= CLOSE * whole) {
            return 0;
        }
    }
    for (int32_t t = 0; t < count && worst > NEAR * whole; t++) {
        int32_t entry = worst_entry - tables[t].first;
        if (entry >= 0 && entry < tables[t].cell_count) {
            char text[256];
            return stn__fail(making->err, STN_E_INPUT,
                "population '%s': no city can meet %s: the tables contradict each other; '%s' stays off by %.1f people in '%s'",
                population->name, what, tables[t].name, worst,
                stn__fit_cell(population, &tables[t], entry, text, sizeof text));
        }
    }
    return 0;
}

/* For each combination of the `inner` attributes (numbers within `shape`), or
 * of all attributes of a shape, the cell of a table over some of them. */
static uint32_t *
index_cells(stn__arena *arena, const int32_t *shape, int32_t shape_count, const int32_t *places,
    int32_t place_count, int32_t cells, int32_t first)
{
    uint32_t *index = stn__arena_take(arena, (size_t) cells, sizeof *index);
    int32_t strides[STN_ATTRIBUTES_MAX], stride = 1;

    if (index == NULL) {
        return NULL;
    }
    for (int32_t a = shape_count - 1; a >= 0; a--) {
        strides[a] = stride;
        stride *= shape[a];
    }
    for (int32_t cell = 0; cell < cells; cell++) {
        int32_t entry = 0;
        for (int32_t p = 0; p < place_count; p++) {
            entry = entry * shape[places[p]] + cell / strides[places[p]] % shape[places[p]];
        }
        index[cell] = (uint32_t) (first + entry);
    }
    return index;
}

static int
margin_table(stn__making *making, stn__tables *all, int32_t attribute)
{
    const stn_attribute *a = &all->population->attributes[attribute];
    stn__table *table = &all->tables[attribute];
    int32_t *number = stn__arena_take(all->arena, 1, sizeof *number);

    table->name = a->name;
    table->margin = true;
    table->cell_count = a->level_count;
    table->expected = stn__arena_take(all->arena, (size_t) a->level_count, sizeof *table->expected);
    table->margin_people = stn__arena_take(all->arena, (size_t) a->level_count, sizeof *table->margin_people);
    if (number == NULL || table->expected == NULL || table->margin_people == NULL) {
        return stn__city_no_memory(making);
    }
    *number = attribute;
    table->attribute_count = 1;
    table->attributes = number;
    memcpy(table->expected, a->counts, (size_t) a->level_count * sizeof *table->expected);
    if (!stn__apportion(all->size, a->counts, a->level_count, table->margin_people)) {
        return stn__fail(making->err, STN_E_INPUT, "population '%s': all counts of '%s' are 0",
            all->population->name, a->name);
    }
    return 0;
}

/* A joint's weights, raked to the margins of its attributes. */
static int
joint_table(stn__making *making, stn__tables *all, int32_t number, double *factors)
{
    const stn_population *population = all->population;
    const stn_joint *joint = &population->joints[number];
    stn__table *table = &all->tables[population->attribute_count + number];
    stn__table margins[STN_ATTRIBUTES_MAX];
    int32_t shape[STN_ATTRIBUTES_MAX];
    char what[STN_ATTRIBUTES_MAX * 70] = "", quoted[STN_ATTRIBUTES_MAX * 70 + 2];
    size_t used = 0;

    table->cell_count = 1;
    for (int32_t p = 0; p < joint->attribute_count; p++) {
        const stn_attribute *a = &population->attributes[joint->attributes[p]];
        shape[p] = a->level_count;
        table->cell_count *= a->level_count;
        used += (size_t) snprintf(what + used, sizeof what - used, "%s%s", p == 0 ? "" : " x ", a->name);
    }
    snprintf(quoted, sizeof quoted, "'%s'", what);
    table->name = stn__arena_text(all->arena, what, used);
    table->attribute_count = joint->attribute_count;
    table->attributes = joint->attributes;
    table->expected = stn__arena_take(all->arena, (size_t) table->cell_count, sizeof *table->expected);
    if (table->name == NULL || table->expected == NULL) {
        return stn__city_no_memory(making);
    }
    memcpy(table->expected, joint->weights, (size_t) table->cell_count * sizeof *table->expected);
    for (int32_t p = 0; p < joint->attribute_count; p++) {
        margins[p] = all->tables[joint->attributes[p]];
        margins[p].of_cell = index_cells(all->arena, shape, joint->attribute_count, &p, 1,
            table->cell_count, margins[p].first);
        if (margins[p].of_cell == NULL) {
            return stn__city_no_memory(making);
        }
    }
    return fit(making, population, quoted, margins, joint->attribute_count, table->expected,
        table->cell_count, factors);
}

/* Everything but the fit of the whole: the tables and where each cell counts. */
static int
read_off(stn__making *making, stn__tables *all, double *factors)
{
    const stn_population *population = all->population;
    int32_t shape[STN_ATTRIBUTES_MAX];
    int ret = 0;

    for (int32_t t = 0; t < all->count && ret == 0; t++) {
        stn__table *table = &all->tables[t];
        table->first = all->entry_count;
        if (t < population->attribute_count) {
            shape[t] = population->attributes[t].level_count;
            ret = margin_table(making, all, t);
        } else {
            ret = joint_table(making, all, t - population->attribute_count, factors);
        }
        all->entry_count += table->cell_count;
    }
    for (int32_t t = 0; t < all->count && ret == 0; t++) {
        stn__table *table = &all->tables[t];
        table->of_cell = index_cells(all->arena, shape, population->attribute_count, table->attributes,
            table->attribute_count, population->cell_count, table->first);
        if (table->of_cell == NULL) {
            ret = stn__city_no_memory(making);
        }
    }
    return ret;
}

int
stn__tables_new(stn__making *making, int32_t population, uint32_t size, stn__tables *tables)
{
    const stn_population *p = &making->study->world.populations[population];
    double *factors;
    int ret;

    memset(tables, 0, sizeof *tables);
    tables->population = p;
    tables->number = population;
    tables->size = size;
    tables->count = p->attribute_count + p->joint_count;
    tables->arena = stn__arena_new();
    if (tables->arena == NULL) {
        return stn__city_no_memory(making);
    }
    tables->tables = stn__arena_take(tables->arena, (size_t) tables->count, sizeof *tables->tables);
    tables->fitted = stn__arena_take(tables->arena, (size_t) p->cell_count, sizeof *tables->fitted);
    factors = stn__arena_take(tables->arena, (size_t) p->cell_count + STN_LEVELS_MAX, sizeof *factors);
    if (tables->tables == NULL || tables->fitted == NULL || factors == NULL) {
        return stn__city_no_memory(making);
    }
    ret = read_off(making, tables, factors);
    if (ret != 0) {
        return ret;
    }
    for (int32_t cell = 0; cell < p->cell_count; cell++) {
        tables->fitted[cell] = 1;
        for (int32_t t = 0; t < tables->count; t++) {
            const stn__table *table = &tables->tables[t];
            if (!(table->expected[table->of_cell[cell] - (uint32_t) table->first] > 0)) {
                tables->fitted[cell] = 0;
            }
        }
    }
    return fit(making, p, "all tables together", tables->tables, tables->count, tables->fitted,
        p->cell_count, factors);
}

void
stn__tables_free(stn__tables *tables)
{
    stn__arena_free(tables->arena);
    tables->arena = NULL;
}
