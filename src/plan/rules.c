/* SPDX-License-Identifier: Apache-2.0
 *
 * rules.c - conditions over bits, and what follows from them alone.
 *
 * A condition can tell people apart only by is(...) (fixed for a cell: its
 * class), by the rating (only by the interval between the numbers that
 * conditions name), by the lists they are on, and by the records terms. So
 * where a person with one record or none stands can be tabulated for each
 * class and interval: that gives the stakes of a record and the state in which
 * everybody starts, without asking a single condition per person. */
#include "plan/plan.h"

#include <string.h>

/* ------------------------------------------------------------------ asking */

static bool
compares(stn_compare compare, int32_t left, int32_t right)
{
    switch (compare) {
    case STN_LT:
        return left < right;
    case STN_LE:
        return left <= right;
    case STN_GT:
        return left > right;
    case STN_GE:
        return left >= right;
    case STN_EQ:
        return left == right;
    default:
        return left != right;
    }
}

static bool
node_holds(const stn__rule_node *nodes, int32_t index, const stn__state *state)
{
    const stn__rule_node *node = &nodes[index];

    switch (node->op) {
    case STN_COND_NEVER:
        return false;
    case STN_COND_ALWAYS:
        return true;
    case STN_COND_AND:
        return node_holds(nodes, node->a, state) && node_holds(nodes, node->b, state);
    case STN_COND_OR:
        return node_holds(nodes, node->a, state) || node_holds(nodes, node->b, state);
    case STN_COND_NOT:
        return !node_holds(nodes, node->a, state);
    case STN_COND_RATING:
        return state->rated && compares(node->compare, state->rating, node->value);
    case STN_COND_RECORDS:
        return compares(node->compare, state->terms[node->a], node->value);
    case STN_COND_ON:
        return (state->on & node->mask) != 0;
    case STN_COND_PUBLISHED:
        return (state->published & node->mask) != 0;
    case STN_COND_BAND:
        return state->rated && state->band >= 0 && (node->mask >> state->band & 1) != 0;
    case STN_COND_IS:
        return (state->is & node->mask) != 0;
    default:
        stn__broken("a condition's node of a known kind", __FILE__, __LINE__);
    }
}

bool
stn__rule_holds(const stn__rule *rule, const stn__state *state)
{
    return node_holds(rule->nodes, rule->root, state);
}

/* -------------------------------------------------------------- collecting */

typedef void (*visit_fn)(void *user, const stn_condition *condition);

/* Every condition about a population, in a fixed order. */
static void
conditions_visit(const stn__plan *plan, int32_t population, visit_fn visit, void *user)
{
    const stn_regime *regime = plan->regime;

    for (int32_t r = 0; r < regime->rating_count; r++) {
        if (regime->ratings[r].population == population && regime->ratings[r].covers.node_count > 0) {
            visit(user, &regime->ratings[r].covers);
        }
    }
    for (int32_t l = 0; l < regime->list_count; l++) {
        if (regime->lists[l].population == population) {
            visit(user, &regime->lists[l].enter);
            visit(user, &regime->lists[l].leave);
        }
    }
    for (int32_t m = 0; m < regime->measure_count; m++) {
        if (regime->measures[m].population == population) {
            visit(user, &regime->measures[m].condition);
        }
    }
}

typedef struct terms_found {
    stn_term *terms;
    int32_t count;
} terms_found;

static int32_t
term_find(const stn_term *terms, int32_t count, const stn_term *term)
{
    for (int32_t t = 0; t < count; t++) {
        if (terms[t].behaviours == term->behaviours && terms[t].within == term->within
            && terms[t].confirmed == term->confirmed) {
            return t;
        }
    }
    return STN_NONE;
}

static void
terms_visit(void *user, const stn_condition *condition)
{
    terms_found *found = user;

    for (int32_t t = 0; t < condition->term_count; t++) {
        if (term_find(found->terms, found->count, &condition->terms[t]) == STN_NONE) {
            STN_INVARIANT(found->count < STN_TERMS_MAX);
            found->terms[found->count++] = condition->terms[t];
        }
    }
}

int32_t
stn__plan_terms(const stn__plan *plan, int32_t population, stn_term *terms)
{
    terms_found found = { terms, 0 };

    conditions_visit(plan, population, terms_visit, &found);
    return found.count;
}

/* Distinct is(...) of a population. */
enum { ATOMS_MAX = 64 };

/* Ranges of a rating that conditions tell apart. */
enum { INTERVALS_MAX = 255 };

typedef struct atoms {
    const stn_population *population;
    int32_t count;
    int32_t attribute[ATOMS_MAX];
    const bool *levels[ATOMS_MAX];
    bool overflow;
} atoms;

static int32_t
atom_find(const atoms *found, const stn_cond_node *node)
{
    size_t size = (size_t) found->population->attributes[node->a].level_count * sizeof *node->levels;

    for (int32_t i = 0; i < found->count; i++) {
        if (found->attribute[i] == node->a && memcmp(found->levels[i], node->levels, size) == 0) {
            return i;
        }
    }
    return STN_NONE;
}

static void
atoms_visit(void *user, const stn_condition *condition)
{
    atoms *found = user;

    for (int32_t n = 0; n < condition->node_count; n++) {
        const stn_cond_node *node = &condition->nodes[n];
        if (node->op == STN_COND_IS && atom_find(found, node) == STN_NONE) {
            if (found->count == ATOMS_MAX) {
                found->overflow = true;
                return;
            }
            found->attribute[found->count] = node->a;
            found->levels[found->count++] = node->levels;
        }
    }
}

/* --------------------------------------------------------------- compiling */

typedef struct compiler {
    stn__plan *plan;
    int32_t population;
    stn__population_plan *p;
    terms_found terms;
    atoms atoms;
    int32_t firsts[INTERVALS_MAX]; /* of each interval: its first rating - min */
} compiler;

static uint64_t
list_bit(const compiler *c, int32_t list)
{
    return 1ull << c->plan->regime->lists[list].local;
}

static bool
rule_compile(compiler *c, const stn_condition *condition, stn__rule *out)
{
    stn__rule_node *nodes = stn__arena_take(c->plan->arena, (size_t) condition->node_count, sizeof *nodes);

    if (nodes == NULL) {
        return false;
    }
    *out = (stn__rule){ .nodes = nodes, .root = condition->root };
    for (int32_t n = 0; n < condition->node_count; n++) {
        const stn_cond_node *from = &condition->nodes[n];
        stn__rule_node *to = &nodes[n];
        *to = (stn__rule_node){ from->op, from->compare, from->a, from->b, from->value, from->mask };
        if (from->op == STN_COND_RECORDS) {
            to->a = term_find(c->terms.terms, c->terms.count, &condition->terms[from->a]);
            out->terms |= 1u << to->a;
        } else if (from->op == STN_COND_ON || from->op == STN_COND_PUBLISHED) {
            to->mask = list_bit(c, from->a);
            out->lists |= (uint32_t) to->mask;
        } else if (from->op == STN_COND_IS) {
            to->mask = 1ull << atom_find(&c->atoms, from);
        } else if (from->op == STN_COND_RATING || from->op == STN_COND_BAND) {
            out->rating = true;
        }
    }
    return true;
}

/* Lists in the order in which settling takes them: each after those that its
 * conditions name, otherwise in file order. The reader refused cycles. */
static bool
lists_order(compiler *c, const stn__list_plan *lists)
{
    int32_t count = c->p->list_count;
    int32_t *order = stn__arena_take(c->plan->arena, (size_t) count, sizeof *order);
    uint32_t taken = 0;

    if (order == NULL) {
        return false;
    }
    for (int32_t at = 0; at < count; at++) {
        int32_t l = 0;
        while ((taken >> l & 1) != 0 || ((lists[l].enter.lists | lists[l].leave.lists) & ~taken) != 0) {
            l++;
            STN_INVARIANT(l < count);
        }
        order[at] = l;
        taken |= 1u << l;
    }
    c->p->list_order = order;
    return true;
}

static bool
rules_compile(compiler *c)
{
    const stn_regime *regime = c->plan->regime;
    stn__list_plan *lists = stn__arena_take(c->plan->arena, (size_t) c->p->list_count, sizeof *lists);
    stn__measure_plan *measures = stn__arena_take(c->plan->arena, (size_t) c->p->measure_count, sizeof *measures);

    if (lists == NULL || measures == NULL) {
        return false;
    }
    for (int32_t l = 0; l < regime->list_count; l++) {
        const stn_list *from = &regime->lists[l];
        stn__list_plan *to = &lists[from->local];
        if (from->population != c->population) {
            continue;
        }
        to->term = (uint32_t) from->term.value;
        to->publish = (uint32_t) from->publish.value;
        to->reentry = from->reentry;
        if (!rule_compile(c, &from->enter, &to->enter) || !rule_compile(c, &from->leave, &to->leave)) {
            return false;
        }
        if (to->reentry == STN_REENTRY_AT_ONCE || (to->reentry == STN_REENTRY_NEW_RECORD && to->enter.rating)) {
            c->p->rating_reopens |= 1u << from->local;
        }
    }
    for (int32_t m = 0; m < regime->measure_count; m++) {
        const stn_measure *from = &regime->measures[m];
        stn__measure_plan *to = &measures[from->local];
        if (from->population != c->population) {
            continue;
        }
        for (int32_t d = 0; d < from->closes_count; d++) {
            to->closes |= 1u << c->plan->study->world.doors[from->closes[d]].local;
        }
        for (int32_t d = 0; d < from->opens_count; d++) {
            to->opens |= 1u << c->plan->study->world.doors[from->opens[d]].local;
        }
        if (!rule_compile(c, &from->condition, &to->rule)) {
            return false;
        }
    }
    c->p->lists = lists;
    c->p->measures = measures;
    return lists_order(c, lists);
}

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

static int
classes_build(compiler *c, const stn_rating *rating, stn_error *err)
{
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
        || (rating != NULL && rating->covers.node_count > 0 && !rule_compile(c, &rating->covers, &covers))) {
        return stn__fail(err, STN_E_MEMORY, "no memory for the classes of %s", population->name);
    }
    for (int32_t cell = 0; cell < population->cell_count; cell++) {
        uint64_t bits = 0;
        size_t at;
        for (int32_t a = 0; a < c->atoms.count; a++) {
            int32_t level = stn__cell_level(population, cell, c->atoms.attribute[a]);
            bits |= (uint64_t) c->atoms.levels[a][level] << a;
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
edges_visit(void *user, const stn_condition *condition)
{
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

static int
intervals_build(compiler *c, const stn_rating *rating, stn_error *err)
{
    stn__population_plan *p = c->p;
    size_t width = (size_t) (rating->max - rating->min) + 1;
    uint8_t *interval = stn__arena_take(c->plan->arena, width, sizeof *interval);
    int8_t *band = stn__arena_take(c->plan->arena, width, sizeof *band);
    edges e = { rating->min, rating->max, stn__arena_take(c->plan->arena, width, sizeof(bool)) };
    int32_t count = 0;

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
    conditions_visit(c->plan, c->population, edges_visit, &e);
    for (size_t r = 0; r < width; r++) {
        count += e.starts[r];
        if (count >= INTERVALS_MAX) {
            return stn__fail(err, STN_E_LIMIT, "rating %s: bands and conditions tell more than %d ranges apart",
                rating->name, (int) INTERVALS_MAX);
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

/* ------------------------------------------------------------------ stakes */

/* Settles somebody who is on no list, and sees which doors are closed and which channels
 * open. `prompt`: a list that is published at all is so at once. */
static stn__start
outcome(const compiler *c, stn__state *state, bool prompt)
{
    const stn__population_plan *p = c->p;
    stn__start out = { 0 };

    state->on = state->published = 0;
    for (int32_t at = 0; at < p->list_count; at++) {
        int32_t l = p->list_order[at];
        if (stn__rule_holds(&p->lists[l].enter, state) && !stn__rule_holds(&p->lists[l].leave, state)) {
            state->on |= 1u << l;
            if (prompt && p->lists[l].publish != STN_NEVER) {
                state->published |= 1u << l;
            }
        }
    }
    out.on = state->on;
    for (int32_t m = 0; m < p->measure_count; m++) {
        if (stn__rule_holds(&p->measures[m].rule, state)) {
            out.closed |= p->measures[m].closes;
            out.open |= p->measures[m].opens;
        }
    }
    return out;
}

/* A person of a class whose rating lies in an interval (any rating of it). */
static stn__state
person(const compiler *c, int32_t class, int32_t interval, const uint16_t *terms)
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

static bool
stakes_build(compiler *c)
{
    const stn_world *world = &c->plan->study->world;
    stn__population_plan *p = c->p;
    size_t n = (size_t) p->interval_count, classes = (size_t) p->class_count;
    stn__stakes *stakes = stn__arena_take(c->plan->arena, classes * (size_t) p->behaviour_count * n * n, sizeof *stakes);
    stn__start *start = stn__arena_take(c->plan->arena, classes * n, sizeof *start);
    stn__stakes *at = stakes;

    if (stakes == NULL || start == NULL) {
        return false;
    }
    for (int32_t class = 0; class < p->class_count; class ++) {
        stn__start without[256], with[256];
        uint16_t none[STN_TERMS_MAX] = { 0 };
        for (int32_t i = 0; i < p->interval_count; i++) {
            stn__state state = person(c, class, i, none);
            start[(size_t) class * n + (size_t) i] = outcome(c, &state, false);
            without[i] = outcome(c, &state, true);
        }
        for (int32_t b = 0; b < world->behaviour_count; b++) {
            uint16_t one[STN_TERMS_MAX] = { 0 };
            bool merit = world->behaviours[b].kind == STN_MERIT;
            if (world->behaviours[b].population != c->population) {
                continue;
            }
            for (int32_t t = 0; t < c->terms.count; t++) {
                one[t] = (uint16_t) (c->terms.terms[t].behaviours >> world->behaviours[b].local & 1);
            }
            for (int32_t i = 0; i < p->interval_count; i++) {
                stn__state state = person(c, class, i, one);
                with[i] = outcome(c, &state, true);
            }
            for (int32_t i = 0; i < p->interval_count; i++) {
                for (int32_t j = 0; j < p->interval_count; j++, at++) {
                    at->doors = merit ? without[i].closed & ~with[j].closed : with[j].closed & ~without[i].closed;
                    at->channels = merit ? with[j].open & ~without[i].open : without[i].open & ~with[j].open;
                }
            }
        }
    }
    p->stakes = stakes;
    p->start = start;
    return true;
}

/* ------------------------------------------------------------------- whole */

static void
counts_fill(const stn__plan *plan, int32_t number, stn__population_plan *p)
{
    const stn_world *world = &plan->study->world;

    for (int32_t b = 0; b < world->behaviour_count; b++) {
        p->behaviour_count += world->behaviours[b].population == number;
    }
    for (int32_t d = 0; d < world->door_count; d++) {
        p->door_count += world->doors[d].population == number;
        if (world->doors[d].population == number && world->doors[d].kind == STN_CHANNEL) {
            p->channel_mask |= 1u << world->doors[d].local;
        }
    }
    for (int32_t l = 0; l < plan->regime->list_count; l++) {
        p->list_count += plan->regime->lists[l].population == number;
    }
    for (int32_t m = 0; m < plan->regime->measure_count; m++) {
        p->measure_count += plan->regime->measures[m].population == number;
    }
}

int
stn__plan_rules(stn__plan *plan, int32_t number, stn_error *err)
{
    const stn_population *population = &plan->study->world.populations[number];
    const stn_rating *rating = NULL;
    stn_term terms[STN_TERMS_MAX];
    compiler c = { .plan = plan, .population = number, .p = &plan->populations[number],
        .terms = { terms, 0 }, .atoms = { .population = population } };
    int ret;

    counts_fill(plan, number, c.p);
    for (int32_t r = 0; r < plan->regime->rating_count; r++) {
        if (plan->regime->ratings[r].population == number) {
            rating = &plan->regime->ratings[r];
        }
    }
    conditions_visit(plan, number, terms_visit, &c.terms);
    conditions_visit(plan, number, atoms_visit, &c.atoms);
    if (c.atoms.overflow) {
        return stn__fail(err, STN_E_LIMIT, "regime %s: more than %d different is(...) about %s", plan->regime->name,
            (int) ATOMS_MAX, population->name);
    }
    c.p->term_count = c.terms.count;
    c.p->interval_count = 1;
    if ((ret = classes_build(&c, rating, err)) != 0
        || (rating != NULL && (ret = intervals_build(&c, rating, err)) != 0)) {
        return ret;
    }
    if (!rules_compile(&c) || !stakes_build(&c)) {
        return stn__fail(err, STN_E_MEMORY, "no memory for the rules about %s", population->name);
    }
    return 0;
}
