/* SPDX-License-Identifier: Apache-2.0
 *
 * whole.c - from fractions of people to whole ones who still meet the tables.
 *
 * Two steps. Spreading goes through the cells once and rounds each down or up,
 * whichever keeps what all its tables are off by small: that leaves most tables
 * within one or two. Repairing then moves single people while that lowers a
 * cost, a sum over the tables' cells of a convex function of what they are off
 * by, until all margins are met and all joints within one. Moves are of two
 * sorts: one person from any cell to any other, and a circle of people who pass
 * on their levels of one attribute, which changes no margin. When neither helps,
 * each cell may stray further from the fit, and in the end a few random moves
 * lead out of the dead end.
 *
 * Rounding so that several tables at once stay within one is a hard problem in
 * general; ordinary tables leave plenty of ways to do it, and the search finds
 * one in some hundred moves. All costs are whole numbers: deviations are counted
 * in parts of a person, so that nothing depends on the order of additions. */
#include <string.h>

#include "base/draw.h"
#include "city/inside.h"

enum {
    FINE = 1 << 20,    /* parts of a person, for spreading */
    COARSE = 1 << 10,  /* for repairing, whose squares must fit */
    SLACK = COARSE - 2, /* what a joint may be off by */
    KICKS = 100, KICK = 4
};
static const int64_t NEVER = (int64_t) 1 << 61; /* beyond all costs */
static const int64_t RADII[] = { 1, 4, 16, 64, (int64_t) 1 << 32 };

typedef struct repair {
    stn__making *making;       /* borrowed */
    const stn__tables *tables; /* borrowed */
    int32_t cells, attributes;
    int32_t shape[STN_ATTRIBUTES_MAX], strides[STN_ATTRIBUTES_MAX];
    int64_t *people;           /* of each cell; borrowed */
    int64_t *fine;             /* the fit, in FINE parts */
    int64_t *low, *high;       /* how many people each cell may have */
    int64_t *target;           /* of each entry, in parts */
    int64_t *off;              /* of each entry: people less target, in COARSE parts */
    int64_t *less, *more;      /* of each entry: the cost of one person less, or more */
    bool *margin;              /* of each entry */
    const stn__table **own;    /* scratch of price_cells() */
    int64_t *out, *in;         /* of each cell, in price_cells()'s joints: the cost of one person less, or more */
    int64_t *arc_cost;         /* [level][other level]; -1 in arc_cell: none */
    int32_t *arc_cell;
    int64_t *far;              /* of each level */
    int32_t *before;
} repair;

static int64_t
parts_of(const stn__tables *tables, double people, double parts)
{
    return (int64_t) (people * (double) tables->size / tables->population->size.value * parts + 0.5);
}

static void
set_targets(repair *r, int32_t parts)
{
    for (int32_t t = 0; t < r->tables->count; t++) {
        const stn__table *table = &r->tables->tables[t];
        for (int32_t cell = 0; cell < table->cell_count; cell++) {
            r->target[table->first + cell] = table->margin
                ? table->margin_people[cell] * parts
                : parts_of(r->tables, table->expected[cell], parts);
            r->margin[table->first + cell] = table->margin;
        }
    }
}

/* Rounds each cell, with what is behind it and ahead of it in view. */
static void
spread(repair *r)
{
    const stn__tables *tables = r->tables;
    int64_t all_off = -(int64_t) tables->size * FINE, count = tables->count + 1;

    for (int32_t entry = 0; entry < tables->entry_count; entry++) {
        r->off[entry] = -r->target[entry];
    }
    for (int32_t cell = 0; cell < r->cells; cell++) {
        all_off += r->fine[cell];
        for (int32_t t = 0; t < tables->count; t++) {
            r->off[tables->tables[t].of_cell[cell]] += r->fine[cell];
        }
    }
    for (int32_t cell = 0; cell < r->cells; cell++) {
        int64_t part = r->fine[cell] % FINE, here = all_off, change;
        r->people[cell] = r->fine[cell] / FINE;
        if (part == 0) {
            continue;
        }
        for (int32_t t = 0; t < tables->count; t++) {
            here += r->off[tables->tables[t].of_cell[cell]];
        }
        change = -part;
        if (2 * (here - count * part) + count * FINE < 0) {
            change += FINE;
            r->people[cell]++;
        }
        all_off += change;
        for (int32_t t = 0; t < tables->count; t++) {
            r->off[tables->tables[t].of_cell[cell]] += change;
        }
    }
}

/* Margins come before everything; a joint beyond one person before joints within. */
static int64_t
cost(bool margin, int64_t off)
{
    int64_t size = off < 0 ? -off : off;

    if (margin) {
        return (int64_t) 4096 * COARSE * size;
    }
    return size * size + (int64_t) 64 * COARSE * (size > SLACK ? size - SLACK : 0);
}

static void
price(repair *r, int32_t entry)
{
    int64_t now = cost(r->margin[entry], r->off[entry]);

    r->less[entry] = cost(r->margin[entry], r->off[entry] - COARSE) - now;
    r->more[entry] = cost(r->margin[entry], r->off[entry] + COARSE) - now;
}

static void
measure(repair *r)
{
    for (int32_t entry = 0; entry < r->tables->entry_count; entry++) {
        r->off[entry] = -r->target[entry];
    }
    for (int32_t cell = 0; cell < r->cells; cell++) {
        for (int32_t t = 0; t < r->tables->count; t++) {
            r->off[r->tables->tables[t].of_cell[cell]] += r->people[cell] * COARSE;
        }
    }
    for (int32_t entry = 0; entry < r->tables->entry_count; entry++) {
        price(r, entry);
    }
}

static bool
met(const repair *r)
{
    for (int32_t entry = 0; entry < r->tables->entry_count; entry++) {
        int64_t off = r->off[entry];
        if (r->margin[entry] ? off != 0 : off > SLACK || off < -SLACK) {
            return false;
        }
    }
    return true;
}

static void
set_bounds(repair *r, int64_t radius)
{
    for (int32_t cell = 0; cell < r->cells; cell++) {
        int64_t low = r->fine[cell] - radius * FINE;
        r->low[cell] = low <= 0 ? 0 : (low + FINE - 1) / FINE;
        r->high[cell] = r->tables->fitted[cell] > 0 ? (r->fine[cell] + radius * FINE) / FINE : 0;
    }
}

static void
change(repair *r, int32_t cell, int64_t step)
{
    r->people[cell] += step;
    for (int32_t t = 0; t < r->tables->count; t++) {
        int32_t entry = (int32_t) r->tables->tables[t].of_cell[cell];
        r->off[entry] += step * COARSE;
        price(r, entry);
    }
}

static bool
can(const repair *r, int32_t cell, bool gain)
{
    return gain ? r->people[cell] < r->high[cell] : r->people[cell] > r->low[cell];
}

/* The first of the cells where one person more (`gain`) or less costs least;
 * -1: there is none. */
static int32_t
cheapest(const repair *r, bool gain)
{
    const int64_t *prices = gain ? r->more : r->less;
    int64_t best_cost = INT64_MAX;
    int32_t best = -1;

    for (int32_t cell = 0; cell < r->cells; cell++) {
        int64_t sum = 0;
        if (!can(r, cell, gain)) {
            continue;
        }
        for (int32_t t = 0; t < r->tables->count; t++) {
            sum += prices[r->tables->tables[t].of_cell[cell]];
        }
        if (sum < best_cost) {
            best_cost = sum;
            best = cell;
        }
    }
    return best;
}

/* The first of the cells that is the best other end of a move from `end` (or,
 * without `gain`, to it). Where both ends are one cell of a table it is as if
 * nobody moved. */
static int32_t
best_other_end(const repair *r, int32_t end, bool gain, int64_t *best_cost)
{
    const int64_t *mine = gain ? r->less : r->more, *other = gain ? r->more : r->less;
    int32_t best = -1;

    *best_cost = INT64_MAX;
    for (int32_t cell = 0; cell < r->cells; cell++) {
        int64_t sum = 0;
        if (!can(r, cell, gain)) {
            continue;
        }
        for (int32_t t = 0; t < r->tables->count; t++) {
            uint32_t a = r->tables->tables[t].of_cell[end], b = r->tables->tables[t].of_cell[cell];
            sum += a == b ? 0 : mine[a] + other[b];
        }
        if (sum < *best_cost) {
            *best_cost = sum;
            best = cell;
        }
    }
    return best;
}

/* Adds or takes people where it costs least until their number is right. */
static bool
settle_total(repair *r)
{
    int64_t left = r->tables->size;

    for (int32_t cell = 0; cell < r->cells; cell++) {
        left -= r->people[cell];
    }
    while (left != 0) {
        int32_t cell = cheapest(r, left > 0);
        if (cell < 0) {
            return false;
        }
        change(r, cell, left > 0 ? 1 : -1);
        left -= left > 0 ? 1 : -1;
    }
    return true;
}

/* Moves one person if that helps. */
static bool
move_one(repair *r)
{
    int32_t leave = cheapest(r, false), enter = cheapest(r, true), other;
    int64_t change_cost;

    if (leave < 0 || enter < 0) {
        return false;
    }
    other = best_other_end(r, leave, true, &change_cost);
    if (change_cost < 0) {
        enter = other;
    } else {
        leave = best_other_end(r, enter, false, &change_cost);
        if (change_cost >= 0) {
            return false;
        }
    }
    change(r, leave, -1);
    change(r, enter, 1);
    return true;
}

static bool
is_of(const stn__table *table, int32_t attribute)
{
    for (int32_t p = 0; p < table->attribute_count; p++) {
        if (table->attributes[p] == attribute) {
            return true;
        }
    }
    return false;
}

/* What one person less in each cell costs, and one more, in the joints that an
 * attribute is part of; NEVER where that cannot be. */
static void
price_cells(repair *r, int32_t attribute)
{
    const stn__table **own = r->own;
    int32_t own_count = 0;

    for (int32_t t = 0; t < r->tables->count; t++) {
        const stn__table *table = &r->tables->tables[t];
        if (!table->margin && is_of(table, attribute)) {
            own[own_count++] = table;
        }
    }
    for (int32_t cell = 0; cell < r->cells; cell++) {
        r->out[cell] = can(r, cell, false) ? 0 : NEVER;
        r->in[cell] = can(r, cell, true) ? 0 : NEVER;
    }
    for (int32_t o = 0; o < own_count; o++) {
        const uint32_t *of_cell = own[o]->of_cell;
        for (int32_t cell = 0; cell < r->cells; cell++) {
            r->out[cell] += r->less[of_cell[cell]];
            r->in[cell] += r->more[of_cell[cell]];
        }
    }
}

/* For each pair of levels the cheapest change of one person from the one to the
 * other, margins aside, and the first cell that this person may leave. */
static void
find_arcs(repair *r, int32_t attribute)
{
    int32_t levels = r->shape[attribute], stride = r->strides[attribute];

    price_cells(r, attribute);
    for (int32_t arc = 0; arc < levels * levels; arc++) {
        r->arc_cell[arc] = -1;
        r->arc_cost[arc] = NEVER / 2; /* more than any cost, and less than NEVER with any */
    }
    for (int32_t block = 0; block < r->cells; block += levels * stride) {
        for (int32_t place = 0; place < levels * stride; place++) {
            int32_t cell = block + place, arc = place / stride * levels, to = block + place % stride;
            if (r->out[cell] >= NEVER / 2) {
                continue;
            }
            for (int32_t other = 0; other < levels; other++, arc++, to += stride) {
                int64_t sum = r->out[cell] + r->in[to];
                if (sum < r->arc_cost[arc]) {
                    r->arc_cell[arc] = cell;
                    r->arc_cost[arc] = sum;
                }
            }
        }
    }
    for (int32_t level = 0; level < levels; level++) {
        r->arc_cell[level * levels + level] = -1; /* nobody moves */
    }
}

/* Bellman and Ford's search for a circle of arcs that costs less than nothing:
 * a level on it, or -1. `before` then leads round it backwards. */
static int32_t
find_circle(repair *r, int32_t levels)
{
    int32_t last = -1;

    for (int32_t level = 0; level < levels; level++) {
        r->far[level] = 0;
        r->before[level] = 0;
    }
    for (int32_t round = 0; round < levels; round++) {
        last = -1;
        for (int32_t a = 0; a < levels; a++) {
            for (int32_t b = 0; b < levels; b++) {
                int32_t arc = a * levels + b;
                if (r->arc_cell[arc] >= 0 && r->far[a] + r->arc_cost[arc] < r->far[b]) {
                    r->far[b] = r->far[a] + r->arc_cost[arc];
                    r->before[b] = a;
                    last = b;
                }
            }
        }
        if (last < 0) {
            return -1;
        }
    }
    for (int32_t step = 0; step < levels; step++) {
        last = r->before[last];
    }
    return last;
}

/* Lets some people pass on their levels in a circle if that helps. Shared cells
 * of tables only make it cheaper than the sum of its arcs, for costs are convex. */
static bool
exchange(repair *r, int32_t attribute)
{
    int32_t levels = r->shape[attribute], stride = r->strides[attribute], end, level;

    find_arcs(r, attribute);
    end = find_circle(r, levels);
    if (end < 0) {
        return false;
    }
    level = end;
    do {
        int32_t from = r->before[level], cell = r->arc_cell[from * levels + level];
        change(r, cell, -1);
        change(r, cell + (level - from) * stride, 1);
        level = from;
    } while (level != end);
    return true;
}

static int
descend(repair *r)
{
    bool better = true;
    int ret = 0;

    while (better && ret == 0 && !met(r)) {
        better = false;
        while (ret == 0 && !met(r) && move_one(r)) {
            better = true;
            ret = stn__city_tell(r->making);
        }
        for (int32_t attribute = 0; attribute < r->attributes; attribute++) {
            while (ret == 0 && !met(r) && exchange(r, attribute)) {
                better = true;
                ret = stn__city_tell(r->making);
            }
        }
    }
    return ret;
}

/* The cell that a word picks among those which can gain or lose somebody. */
static int32_t
any_cell(const repair *r, bool gain, uint32_t word)
{
    uint64_t count = 0, index;

    for (int32_t cell = 0; cell < r->cells; cell++) {
        count += can(r, cell, gain);
    }
    index = word * count >> 32;
    for (int32_t cell = 0; cell < r->cells; cell++) {
        if (can(r, cell, gain) && index-- == 0) {
            return cell;
        }
    }
    return -1;
}

static void
kick(repair *r, uint32_t number)
{
    for (uint32_t step = 0; step < KICK; step++) {
        stn__words words = stn__draw(0, CITY_KICK, (uint32_t) r->tables->number, number, step, 0);
        int32_t leave = any_cell(r, false, words.w[0]), enter = any_cell(r, true, words.w[1]);
        if (leave >= 0 && enter >= 0) {
            change(r, leave, -1);
            change(r, enter, 1);
        }
    }
}

/* Names the table that is furthest off, for want of a city that meets all. */
static int
give_up(const repair *r)
{
    const stn_population *population = r->tables->population;
    const stn__table *worst = &r->tables->tables[0];
    int32_t worst_cell = 0;
    int64_t worst_off = -1;
    char text[256];

    for (int32_t t = 0; t < r->tables->count; t++) {
        const stn__table *table = &r->tables->tables[t];
        for (int32_t cell = 0; cell < table->cell_count; cell++) {
            int64_t off = r->off[table->first + cell];
            off = off < 0 ? -off : off;
            if (off > worst_off) {
                worst = table;
                worst_cell = cell;
                worst_off = off;
            }
        }
    }
    return stn__fail(r->making->err, STN_E_INPUT,
        "population '%s': no %u whole people were found who meet all tables; '%s' stays off by %.2f in '%s'; another scale may do",
        population->name, (unsigned) r->tables->size, worst->name,
        (double) worst_off / COARSE, stn__fit_cell(population, worst, worst_cell, text, sizeof text));
}

static int
mend(repair *r)
{
    for (size_t i = 0; i < sizeof RADII / sizeof *RADII; i++) {
        int ret;
        set_bounds(r, RADII[i]);
        if (!settle_total(r)) {
            continue;
        }
        ret = descend(r);
        if (ret != 0 || met(r)) {
            return ret;
        }
    }
    for (uint32_t number = 0; number < KICKS; number++) {
        int ret;
        kick(r, number);
        ret = descend(r);
        if (ret != 0 || met(r)) {
            return ret;
        }
    }
    return give_up(r);
}

static bool
repair_init(repair *r, stn__arena *arena)
{
    const stn_population *population = r->tables->population;
    size_t cells = (size_t) population->cell_count, entries = (size_t) r->tables->entry_count, most = 1;
    int32_t stride = 1;

    r->cells = population->cell_count;
    r->attributes = population->attribute_count;
    for (int32_t a = r->attributes - 1; a >= 0; a--) {
        r->shape[a] = population->attributes[a].level_count;
        r->strides[a] = stride;
        stride *= r->shape[a];
        most = (size_t) r->shape[a] > most ? (size_t) r->shape[a] : most;
    }
    r->fine = stn__arena_take(arena, cells, sizeof *r->fine);
    r->low = stn__arena_take(arena, cells, sizeof *r->low);
    r->out = stn__arena_take(arena, cells, sizeof *r->out);
    r->in = stn__arena_take(arena, cells, sizeof *r->in);
    r->high = stn__arena_take(arena, cells, sizeof *r->high);
    r->target = stn__arena_take(arena, entries, sizeof *r->target);
    r->off = stn__arena_take(arena, entries, sizeof *r->off);
    r->less = stn__arena_take(arena, entries, sizeof *r->less);
    r->more = stn__arena_take(arena, entries, sizeof *r->more);
    r->margin = stn__arena_take(arena, entries, sizeof *r->margin);
    r->own = stn__arena_take(arena, (size_t) r->tables->count, sizeof *r->own);
    r->arc_cost = stn__arena_take(arena, most * most, sizeof *r->arc_cost);
    r->arc_cell = stn__arena_take(arena, most * most, sizeof *r->arc_cell);
    r->far = stn__arena_take(arena, most, sizeof *r->far);
    r->before = stn__arena_take(arena, most, sizeof *r->before);
    return r->fine != NULL && r->low != NULL && r->high != NULL && r->out != NULL && r->in != NULL
        && r->target != NULL && r->off != NULL && r->less != NULL && r->more != NULL && r->margin != NULL
        && r->own != NULL && r->arc_cost != NULL && r->arc_cell != NULL && r->far != NULL && r->before != NULL;
}

int
stn__whole_people(stn__making *making, const stn__tables *tables, int64_t *people)
{
    stn__arena *arena = NULL;
    repair r = { .making = making, .tables = tables, .people = people };
    int ret = 0;

    memset(people, 0, (size_t) tables->population->cell_count * sizeof *people);
    if (tables->size == 0 || tables->count == 0) {
        people[0] = tables->size; /* 0, or there is only one cell */
        return 0;
    }
    arena = stn__arena_new();
    if (arena == NULL || !repair_init(&r, arena)) {
        ret = stn__city_no_memory(making);
        goto out;
    }
    for (int32_t cell = 0; cell < r.cells; cell++) {
        r.fine[cell] = parts_of(tables, tables->fitted[cell], FINE);
    }
    set_targets(&r, FINE);
    spread(&r);
    set_targets(&r, COARSE);
    measure(&r);
    ret = mend(&r);
out:
    stn__arena_free(arena);
    return ret;
}
