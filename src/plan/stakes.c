/* SPDX-License-Identifier: Apache-2.0
 *
 * stakes.c - what follows from conditions alone.
 *
 * A condition can tell people apart only by is(...) (fixed for a cell: its
 * class), by the rating (only by the interval between the numbers that
 * conditions name), by the lists they are on or were told to be on, by ties,
 * and by the records terms. So where a person with one record or none stands
 * can be tabulated for each class and interval: that gives the stakes of a
 * record and the state in which everybody starts, without asking a single
 * condition per person. Measures come and go, so there is a table for each
 * epoch, the time during which the same are in force. */
#include "plan/inside.h"

#include <string.h>

/* --------------------------------------------------- classes and intervals */

/* Where the class of some bits stands in an open-addressed table of class
 * numbers + 1 (0: free), or where it would be put. */
static size_t
class_place(const uint32_t *table, size_t room, const uint64_t *is, uint64_t bits)
{
    size_t at = (size_t) stn__fin(bits) & (room - 1);

    while (table[at] != 0 && is[table[at] - 1] != bits) {
        at = (at + 1) & (room - 1);
    }
    return at;
}

int
stn__plan_classes(stn__compiler *c, stn_error *err)
{
    const stn_rating *rating = c->rating;
    const stn_population *population = &c->plan->study->world.populations[c->population];
    size_t cells = (size_t) population->cell_count, room = 2;
    uint32_t *table, *class_of = stn__arena_take(c->plan->arena, cells, sizeof *class_of);
    uint64_t *is = stn__arena_take(c->plan->arena, cells, sizeof *is);
    bool *rated = stn__arena_take(c->plan->arena, cells, sizeof *rated);
    stn__rule covers = { 0 };

    while (room < 2 * cells) {
        room *= 2;
    }
    table = stn__arena_take(c->plan->arena, room, sizeof *table);
    if (table == NULL || class_of == NULL || is == NULL || rated == NULL
        || (rating != NULL && rating->covers.node_count > 0
            && !stn__rule_compile(c, &rating->covers, stn__viewer(c->plan, rating->agency), &covers))) {
        return stn__fail(err, STN_E_MEMORY, "no memory for the classes of %s", population->name);
    }
    for (int32_t cell = 0; cell < population->cell_count; cell++) {
        int32_t levels[STN_ATTRIBUTES_MAX];
        uint64_t bits = 0;
        size_t at;
        stn__cell_levels(population, cell, levels);
        for (int32_t a = 0; a < c->atoms.count; a++) {
            bits |= (uint64_t) c->atoms.levels[a][levels[c->atoms.attribute[a]]] << a;
        }
        at = class_place(table, room, is, bits);
        if (table[at] == 0) {
            stn__state state = { .is = bits };
            int32_t class = c->p->class_count++;
            table[at] = (uint32_t) class + 1;
            is[class] = bits;
            rated[class] = rating != NULL && (covers.nodes == NULL || stn__rule_holds(&covers, &state));
        }
        class_of[cell] = table[at] - 1;
    }
    c->p->class = class_of;
    c->p->class_is = is;
    c->p->class_rated = rated;
    return 0;
}

/* Marks ratings at which some condition or band begins to answer differently. */
typedef struct edges {
    int32_t min, max;
    bool *starts; /* [rating - min] */
} edges;

static void
edge_mark(edges *e, int64_t rating)
{
    if (rating > e->min && rating <= e->max) {
        e->starts[rating - e->min] = true;
    }
}

static void
edges_visit(void *user, const stn_condition *condition, int32_t viewer)
{
    (void) viewer;
    for (int32_t n = 0; n < condition->node_count; n++) {
        const stn_cond_node *node = &condition->nodes[n];
        if (node->op == STN_COND_RATING) {
            if (node->compare != STN_LE && node->compare != STN_GT) {
                edge_mark(user, node->value);
            }
            if (node->compare != STN_LT && node->compare != STN_GE) {
                edge_mark(user, (int64_t) node->value + 1);
            }
        }
    }
}

int
stn__plan_intervals(stn__compiler *c, stn_error *err)
{
    const stn_rating *rating = c->rating;
    stn__population_plan *p = c->p;
    size_t width;
    uint8_t *interval;
    int8_t *band;
    edges e;
    int32_t count = 0;

    p->interval_count = 1;
    if (rating == NULL) {
        return 0;
    }
    width = (size_t) (rating->max - rating->min) + 1;
    interval = stn__arena_take(c->plan->arena, width, sizeof *interval);
    band = stn__arena_take(c->plan->arena, width, sizeof *band);
    e = (edges){ rating->min, rating->max, stn__arena_take(c->plan->arena, width, sizeof(bool)) };
    if (interval == NULL || band == NULL || e.starts == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory for the rating %s", rating->name);
    }
    memset(band, -1, width);
    for (int32_t b = 0; b < rating->band_count; b++) {
        memset(band + (rating->bands[b].first - rating->min), (int) b,
            (size_t) (rating->bands[b].last - rating->bands[b].first) + 1);
        edge_mark(&e, rating->bands[b].first);
        edge_mark(&e, (int64_t) rating->bands[b].last + 1);
    }
    stn__conditions_visit(c->plan, c->population, edges_visit, &e);
    for (size_t r = 0; r < width; r++) {
        count += e.starts[r];
        if (count >= STN__INTERVALS_MAX) {
            return stn__fail(err, STN_E_LIMIT, "rating %s: bands and conditions tell more than %d ranges apart",
                rating->name, (int) STN__INTERVALS_MAX);
        }
        interval[r] = (uint8_t) count;
        if (r == 0 || e.starts[r]) {
            c->firsts[count] = (int32_t) r;
        }
    }
    p->rating_given = true;
    p->min = rating->min;
    p->max = rating->max;
    p->base_points = (int32_t) rating->base.value;
    p->spread = rating->spread.value;
    p->band_count = rating->band_count;
    p->interval = interval;
    p->band = band;
    p->interval_count = count + 2; /* the last: not rated */
    return 0;
}

/* ------------------------------------------------------------------ epochs */

/* The first window's start at or after a time. */
static uint64_t
window_after(uint64_t time, uint32_t window)
{
    return (time + window - 1) / window * window;
}

/* Which of a population's measures are in force in a window that starts then. */
static uint64_t
in_force(const stn__plan *plan, int32_t population, uint32_t start)
{
    uint64_t mask = 0;

    for (int32_t m = 0; m < plan->regime->measure_count; m++) {
        const stn_measure *measure = &plan->regime->measures[m];
        if (measure->population == population && measure->from <= start && start < measure->until) {
            mask |= 1ull << measure->local;
        }
    }
    return mask;
}

static bool
same_in_force(const stn__plan *plan, uint32_t a, uint32_t b)
{
    for (int32_t population = 0; population < plan->study->world.population_count; population++) {
        if (in_force(plan, population, a) != in_force(plan, population, b)) {
            return false;
        }
    }
    return true;
}

int
stn__plan_epochs(stn__plan *plan, stn_error *err)
{
    const stn_regime *regime = plan->regime;
    const stn_study *study = plan->study;
    uint32_t *starts = stn__arena_take(plan->arena, 2 * (size_t) regime->measure_count + 1, sizeof *starts);
    uint32_t last = 0;

    if (starts == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory for a plan");
    }
    plan->epoch_starts = starts;
    plan->epoch_count = 1; /* starts[0] is 0 */
    for (;;) {
        uint64_t next = study->horizon;
        for (int32_t m = 0; m < regime->measure_count; m++) {
            uint64_t from = window_after(regime->measures[m].from, study->window);
            uint64_t until = window_after(regime->measures[m].until, study->window);
            next = from > last && from < next ? from : next;
            next = until > last && until < next ? until : next;
        }
        if (next >= study->horizon) {
            return 0;
        }
        last = (uint32_t) next;
        if (!same_in_force(plan, starts[plan->epoch_count - 1], last)) {
            starts[plan->epoch_count++] = last;
        }
    }
}

/* ------------------------------------------------------------------ stakes */

/* How a person of a table is looked at. */
typedef struct outlook {
    const stn__compiler *c;
    uint64_t measures;  /* in force */
    bool prompt;        /* a list that is published at all is so at once, and others are told at once */
} outlook;

/* Settles somebody who is on no list, and sees which doors are closed and which channels
 * open. */
static stn__start
outcome(const outlook *look, stn__state *state)
{
    const stn__population_plan *p = look->c->p;
    stn__start out = { 0 };

    state->on = state->published = state->told = state->tied = 0;
    for (int32_t at = 0; at < p->list_count; at++) {
        int32_t l = p->list_order[at];
        if (!stn__rule_holds(&p->lists[l].enter, state) || stn__rule_holds(&p->lists[l].leave, state)) {
            continue;
        }
        state->on |= 1u << l;
        if (look->prompt && p->lists[l].publish != STN_NEVER) {
            state->published |= 1u << l;
        }
        for (int32_t n = 0; look->prompt && n < p->notice_count; n++) {
            if (p->notices[n].list == l && p->notices[n].pass_count > 0) {
                state->told |= 1u << n;
            }
        }
    }
    out.on = state->on;
    for (int32_t m = 0; m < p->measure_count; m++) {
        if ((look->measures >> m & 1) != 0 && stn__rule_holds(&p->measures[m].rule, state)) {
            out.closed |= p->measures[m].closes;
            out.open |= p->measures[m].opens;
        }
    }
    return out;
}

/* A person of a class whose rating lies in an interval (any rating of it). */
static stn__state
person(const stn__compiler *c, int32_t class, int32_t interval, const uint16_t *terms)
{
    const stn__population_plan *p = c->p;
    stn__state state = { .is = p->class_is[class], .terms = terms, .band = -1 };

    if (interval < p->interval_count - 1) {
        state.rated = true;
        state.band = p->band[c->firsts[interval]];
        state.rating = c->firsts[interval] + p->min;
    }
    return state;
}

/* Which agencies may come to hold a record of a behaviour (number in the world)
 * that is detected: bit of each. */
static uint64_t
knowers(const stn__compiler *c, int32_t behaviour)
{
    const stn_regime *regime = c->plan->regime;
    stn__cargo cargo = { c->population, c->plan->study->world.behaviours[behaviour].local, STN_NONE };
    uint64_t mask = 0;

    for (int32_t d = 0; d < regime->detection_count; d++) {
        stn__ways ways;
        if (regime->detections[d].behaviour != behaviour) {
            continue;
        }
        mask |= 1ull << regime->detections[d].agency;
        stn__ways_find(regime, regime->detections[d].agency, &cargo, &ways);
        for (int32_t i = 0; i < ways.count; i++) {
            mask |= 1ull << ways.legs[i].to;
        }
    }
    return mask;
}

/* What terms come to with one record of some behaviour. */
typedef struct one_record {
    uint16_t terms[STN_TERMS_MAX];
} one_record;

/* For each behaviour (local). */
static void
records_of_one(const stn__compiler *c, one_record *one)
{
    const stn_world *world = &c->plan->study->world;

    for (int32_t b = 0; b < world->behaviour_count; b++) {
        int32_t local = world->behaviours[b].local;
        uint64_t known;
        if (world->behaviours[b].population != c->population) {
            continue;
        }
        known = knowers(c, b);
        for (int32_t t = 0; t < c->term_count; t++) {
            const stn__term *term = &c->terms[t];
            bool seen = term->viewer == STN_NONE || (known >> term->viewer & 1) != 0;
            one[local].terms[t] = (uint16_t) (seen && (term->what.behaviours >> local & 1) != 0);
        }
    }
}

/* The stakes of one class: [behaviour][interval without][interval with]. */
static void
stakes_of(const outlook *look, int32_t class, const one_record *one, const stn__start *without, stn__stakes *at)
{
    const stn_world *world = &look->c->plan->study->world;
    int32_t n = look->c->p->interval_count;
    stn__start with[STN__INTERVALS_MAX + 1];

    for (int32_t b = 0; b < world->behaviour_count; b++) {
        bool merit = world->behaviours[b].kind == STN_MERIT;
        if (world->behaviours[b].population != look->c->population) {
            continue;
        }
        for (int32_t i = 0; i < n; i++) {
            stn__state state = person(look->c, class, i, one[world->behaviours[b].local].terms);
            with[i] = outcome(look, &state);
        }
        for (int32_t i = 0; i < n; i++) {
            for (int32_t j = 0; j < n; j++, at++) {
                at->doors = merit ? without[i].closed & ~with[j].closed : with[j].closed & ~without[i].closed;
                at->channels = merit ? with[j].open & ~without[i].open : without[i].open & ~with[j].open;
            }
        }
    }
}

static bool
epoch_build(const stn__compiler *c, const one_record *one, stn__epoch_plan *epoch)
{
    const stn__population_plan *p = c->p;
    size_t n = (size_t) p->interval_count, classes = (size_t) p->class_count;
    size_t each = (size_t) p->behaviour_count * n * n;
    stn__stakes *stakes = stn__arena_take(c->plan->arena, classes * each, sizeof *stakes);
    stn__start *start = stn__arena_take(c->plan->arena, classes * n, sizeof *start);
    outlook begins = { c, epoch->measures, false }, risks = { c, epoch->measures, true };

    if (stakes == NULL || start == NULL) {
        return false;
    }
    for (int32_t class = 0; class < p->class_count; class ++) {
        stn__start without[STN__INTERVALS_MAX + 1];
        const one_record none = { { 0 } };
        for (int32_t i = 0; i < p->interval_count; i++) {
            stn__state state = person(c, class, i, none.terms);
            start[(size_t) class * n + (size_t) i] = outcome(&begins, &state);
            without[i] = outcome(&risks, &state);
        }
        stakes_of(&risks, class, one, without, stakes + (size_t) class * each);
    }
    epoch->stakes = stakes;
    epoch->start = start;
    return true;
}

int
stn__plan_stakes(stn__compiler *c, stn_error *err)
{
    const stn__plan *plan = c->plan;
    stn__epoch_plan *epochs = stn__arena_take(plan->arena, (size_t) plan->epoch_count, sizeof *epochs);
    one_record one[STN_BEHAVIOURS_MAX] = { { { 0 } } };

    if (epochs == NULL) {
        goto memory;
    }
    records_of_one(c, one);
    for (int32_t e = 0; e < plan->epoch_count; e++) {
        uint64_t measures = in_force(plan, c->population, plan->epoch_starts[e]);
        int32_t same = 0;
        while (same < e && epochs[same].measures != measures) {
            same++;
        }
        epochs[e].measures = measures;
        if (same < e) { /* what was in force once before has the same tables */
            epochs[e] = epochs[same];
        } else if (!epoch_build(c, one, &epochs[e])) {
            goto memory;
        }
    }
    c->p->epochs = epochs;
    return 0;
memory:
    return stn__fail(err, STN_E_MEMORY, "no memory for what is at stake for %s",
        plan->study->world.populations[c->population].name);
}
