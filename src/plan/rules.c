/* SPDX-License-Identifier: Apache-2.0
 *
 * rules.c - conditions: what they mention, who looks, and how they are asked.
 *
 * The same words seen by two agencies are two things: terms go by viewer, and a
 * list kept by another agency is seen by what was told about it (a notice). */
#include "plan/inside.h"

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
    case STN__RULE_TOLD:
        return (state->told & node->mask) != 0;
    case STN__RULE_TIED:
        return (state->tied & node->mask) != 0;
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

const stn_rating *
stn__plan_rating(const stn__plan *plan, int32_t population)
{
    for (int32_t r = 0; r < plan->regime->rating_count; r++) {
        if (plan->regime->ratings[r].population == population) {
            return &plan->regime->ratings[r];
        }
    }
    return NULL;
}

int32_t
stn__viewer(const stn__plan *plan, int32_t agency)
{
    return plan->sharing ? agency : STN_NONE;
}

void
stn__conditions_visit(const stn__plan *plan, int32_t population, stn__visit visit, void *user)
{
    const stn_regime *regime = plan->regime;
    const stn_rating *rating = stn__plan_rating(plan, population);

    if (rating != NULL && rating->covers.node_count > 0) {
        visit(user, &rating->covers, stn__viewer(plan, rating->agency));
    }
    for (int32_t l = 0; l < regime->list_count; l++) {
        if (regime->lists[l].population == population) {
            visit(user, &regime->lists[l].enter, stn__viewer(plan, regime->lists[l].agency));
            visit(user, &regime->lists[l].leave, stn__viewer(plan, regime->lists[l].agency));
        }
    }
    for (int32_t m = 0; m < regime->measure_count; m++) {
        if (regime->measures[m].population == population) {
            visit(user, &regime->measures[m].condition, stn__viewer(plan, regime->measures[m].agency));
        }
    }
    for (int32_t e = 0; e < regime->process_count; e++) {
        const stn_process *process = &regime->processes[e];
        if (process->repair.needs.node_count > 0 && process->repair.population == population) {
            visit(user, &process->repair.needs, stn__viewer(plan, process->agency));
        }
    }
}

typedef struct terms_found {
    stn__term *terms;
    int32_t count;
} terms_found;

static int32_t
term_find(const stn__term *terms, int32_t count, const stn_term *what, int32_t viewer)
{
    for (int32_t t = 0; t < count; t++) {
        if (terms[t].what.behaviours == what->behaviours && terms[t].what.within == what->within
            && terms[t].what.confirmed == what->confirmed && terms[t].viewer == viewer) {
            return t;
        }
    }
    return STN_NONE;
}

static void
term_add(terms_found *found, const stn_term *what, int32_t viewer)
{
    if (term_find(found->terms, found->count, what, viewer) == STN_NONE) {
        STN_INVARIANT(found->count < STN_TERMS_MAX);
        found->terms[found->count++] = (stn__term){ *what, viewer };
    }
}

static void
terms_visit(void *user, const stn_condition *condition, int32_t viewer)
{
    for (int32_t t = 0; t < condition->term_count; t++) {
        term_add(user, &condition->terms[t], viewer);
    }
}

/* The records that a ladder's review asks for. */
static stn_term
review_term(const stn__plan *plan, const stn_rating *rating)
{
    return (stn_term){ rating->review_behaviours, (uint32_t) rating->review.value, plan->regime->counts_confirmed };
}

int32_t
stn__plan_terms(const stn__plan *plan, int32_t population, stn__term *terms)
{
    const stn_rating *rating = stn__plan_rating(plan, population);
    terms_found found = { terms, 0 };

    stn__conditions_visit(plan, population, terms_visit, &found);
    if (rating != NULL && rating->ladder) {
        stn_term term = review_term(plan, rating);
        term_add(&found, &term, stn__viewer(plan, rating->agency));
    }
    return found.count;
}

static int32_t
atom_find(const stn__atoms *found, const stn_cond_node *node)
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
atoms_visit(void *user, const stn_condition *condition, int32_t viewer)
{
    stn__atoms *found = user;

    (void) viewer;
    for (int32_t n = 0; n < condition->node_count; n++) {
        const stn_cond_node *node = &condition->nodes[n];
        if (node->op == STN_COND_IS && atom_find(found, node) == STN_NONE) {
            if (found->count == STN__ATOMS_MAX) {
                found->overflow = true;
                return;
            }
            found->attribute[found->count] = node->a;
            found->levels[found->count++] = node->levels;
        }
    }
}

typedef struct ties_found {
    const stn_regime *regime;
    stn__tie_plan *ties;
    int32_t count;
} ties_found;

static int32_t
tie_find(const stn_regime *regime, const stn__tie_plan *ties, int32_t count, const stn_cond_node *node)
{
    const stn_list *list = &regime->lists[node->a];

    for (int32_t t = 0; t < count; t++) {
        if (ties[t].household == (node->op == STN_COND_HOUSEHOLD) && ties[t].population == list->population
            && ties[t].list == list->local) {
            return t;
        }
    }
    return STN_NONE;
}

static void
ties_visit(void *user, const stn_condition *condition, int32_t viewer)
{
    ties_found *found = user;

    (void) viewer;
    for (int32_t n = 0; n < condition->node_count; n++) {
        const stn_cond_node *node = &condition->nodes[n];
        if ((node->op == STN_COND_HOUSEHOLD || node->op == STN_COND_REPRESENTATIVE)
            && tie_find(found->regime, found->ties, found->count, node) == STN_NONE) {
            const stn_list *list = &found->regime->lists[node->a];
            STN_INVARIANT(found->count < STN_TIES_MAX);
            found->ties[found->count++]
                = (stn__tie_plan){ node->op == STN_COND_HOUSEHOLD, list->population, list->local };
        }
    }
}

int32_t
stn__plan_ties(const stn__plan *plan, int32_t population, stn__tie_plan *ties)
{
    ties_found found = { plan->regime, ties, 0 };

    stn__conditions_visit(plan, population, ties_visit, &found);
    return found.count;
}

/* ----------------------------------------------------------------- notices */

/* Whether an agency sees a list only as far as it was told. */
static bool
told(const stn_list *list, int32_t viewer)
{
    return viewer != STN_NONE && list->agency != STN_NONE && list->agency != viewer;
}

typedef struct notices_found {
    const stn_regime *regime;
    uint64_t viewers[STN_LISTS_MAX]; /* of each list (local): bit of each agency */
} notices_found;

static void
notices_visit(void *user, const stn_condition *condition, int32_t viewer)
{
    notices_found *found = user;

    for (int32_t n = 0; n < condition->node_count; n++) {
        const stn_cond_node *node = &condition->nodes[n];
        if (node->op == STN_COND_ON && told(&found->regime->lists[node->a], viewer)) {
            found->viewers[found->regime->lists[node->a].local] |= 1ull << viewer;
        }
    }
}

/* The way of a notice, from the list's keeper on. */
static bool
notice_way(stn__compiler *c, int32_t list, stn__notice_plan *notice)
{
    const stn_regime *regime = c->plan->regime;
    stn__cargo cargo = { c->population, STN_NONE, list };
    stn__ways ways;
    stn__pass *passes;
    int32_t leg;

    stn__ways_find(regime, regime->lists[list].agency, &cargo, &ways);
    leg = stn__ways_leg(&ways, notice->agency);
    notice->delay = STN_NEVER;
    if (leg == STN_NONE) {
        return true;
    }
    notice->delay = ways.legs[leg].delay;
    notice->pass_count = ways.legs[leg].steps;
    notice->passes = passes = stn__arena_take(c->plan->arena, (size_t) notice->pass_count, sizeof *passes);
    if (passes == NULL) {
        return false;
    }
    for (int32_t at = notice->pass_count - 1; at >= 0; at--) {
        passes[at] = stn__ways_pass(regime, &ways.legs[leg]);
        leg = stn__ways_leg(&ways, ways.legs[leg].from);
    }
    return true;
}

static bool
notices_compile(stn__compiler *c)
{
    const stn_regime *regime = c->plan->regime;
    notices_found found = { .regime = regime };
    stn__notice_plan *notices = stn__arena_take(c->plan->arena, STN_NOTICES_MAX, sizeof *notices);

    if (notices == NULL) {
        return false;
    }
    stn__conditions_visit(c->plan, c->population, notices_visit, &found);
    for (int32_t l = 0; l < regime->list_count; l++) {
        const stn_list *list = &regime->lists[l];
        if (list->population != c->population) {
            continue;
        }
        for (uint64_t rest = found.viewers[list->local]; rest != 0; rest &= rest - 1) {
            stn__notice_plan *notice = &notices[c->p->notice_count];
            STN_INVARIANT(c->p->notice_count < STN_NOTICES_MAX);
            c->p->notice_count++;
            notice->list = list->local;
            notice->agency = __builtin_ctzll(rest);
            notice->hash = stn__hash(list->name);
            if (!notice_way(c, l, notice)) {
                return false;
            }
        }
    }
    c->p->notices = notices;
    return true;
}

static uint64_t
notice_bit(const stn__population_plan *p, int32_t list, int32_t agency)
{
    int32_t n = 0;

    while (p->notices[n].list != list || p->notices[n].agency != agency) {
        n++;
        STN_INVARIANT(n < p->notice_count);
    }
    return 1ull << n;
}

/* --------------------------------------------------------------- compiling */

/* A node about a list, as a viewer sees it. */
static void
list_compile(const stn__compiler *c, const stn_cond_node *from, int32_t viewer, stn__rule_node *to, stn__rule *rule)
{
    const stn_list *list = &c->plan->regime->lists[from->a];

    to->mask = 1ull << list->local;
    rule->lists |= (uint32_t) to->mask;
    if (from->op == STN_COND_ON && told(list, viewer)) {
        to->op = STN__RULE_TOLD;
        to->mask = notice_bit(c->p, list->local, viewer);
        rule->notices |= (uint32_t) to->mask;
    }
}

bool
stn__rule_compile(stn__compiler *c, const stn_condition *condition, int32_t viewer, stn__rule *out)
{
    stn__rule_node *nodes = stn__arena_take(c->plan->arena, (size_t) condition->node_count, sizeof *nodes);

    if (nodes == NULL) {
        return false;
    }
    *out = (stn__rule){ .nodes = nodes, .root = condition->root };
    for (int32_t n = 0; n < condition->node_count; n++) {
        const stn_cond_node *from = &condition->nodes[n];
        stn__rule_node *to = &nodes[n];
        *to = (stn__rule_node){ (int32_t) from->op, from->compare, from->a, from->b, from->value, from->mask };
        switch (from->op) {
        case STN_COND_RECORDS:
            to->a = term_find(c->terms, c->term_count, &condition->terms[from->a], viewer);
            out->terms |= 1u << to->a;
            break;
        case STN_COND_ON:
        case STN_COND_PUBLISHED:
            list_compile(c, from, viewer, to, out);
            break;
        case STN_COND_HOUSEHOLD:
        case STN_COND_REPRESENTATIVE:
            to->op = STN__RULE_TIED;
            to->mask = 1ull << tie_find(c->plan->regime, c->ties, c->tie_count, from);
            out->ties |= (uint32_t) to->mask;
            break;
        case STN_COND_IS:
            to->mask = 1ull << atom_find(&c->atoms, from);
            break;
        case STN_COND_RATING:
        case STN_COND_BAND:
            out->rating = true;
            break;
        default:
            break;
        }
    }
    return true;
}

/* Lists in the order in which settling takes them: each after those that its
 * conditions name, otherwise in file order. The reader refused cycles. */
static bool
lists_order(stn__compiler *c, const stn__list_plan *lists)
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

/* The tie of those who live with, or represent, people on a list: its number in
 * their population, or STN_NONE. */
static int32_t
tie_to_tell(const stn__plan *plan, const stn_list *list, bool household)
{
    const stn_world *world = &plan->study->world;
    stn__tie_plan ties[STN_TIES_MAX];
    int32_t population, count;

    if (household ? !world->household.given : !world->representative.given) {
        return STN_NONE;
    }
    population = household ? world->household.of : world->representative.is;
    count = stn__plan_ties(plan, population, ties);
    for (int32_t t = 0; t < count; t++) {
        if (ties[t].household == household && ties[t].population == list->population && ties[t].list == list->local) {
            return t;
        }
    }
    return STN_NONE;
}

/* The behaviours that a name on a list says something about: all, if its
 * condition names none. */
static uint64_t
publicity(const stn__population_plan *p, const stn_condition *enter)
{
    uint64_t mask = 0;

    for (int32_t t = 0; t < enter->term_count; t++) {
        mask |= enter->terms[t].behaviours;
    }
    if (enter->term_count == 0 && p->behaviour_count > 0) {
        mask = UINT64_MAX >> (64 - p->behaviour_count);
    }
    return mask;
}

static bool
list_plan(stn__compiler *c, const stn_list *from, stn__list_plan *to)
{
    stn__population_plan *p = c->p;
    int32_t viewer = stn__viewer(c->plan, from->agency);

    to->term = (uint32_t) from->term.value;
    to->publish = (uint32_t) from->publish.value;
    to->archive = (uint32_t) from->archive.value;
    to->reentry = from->reentry;
    to->publicity = from->kind == STN_REDLIST ? 0 : publicity(p, &from->enter); /* praise shows nobody caught */
    to->tie_household = tie_to_tell(c->plan, from, true);
    to->tie_representative = tie_to_tell(c->plan, from, false);
    for (int32_t n = 0; n < p->notice_count; n++) {
        if (p->notices[n].list == from->local) {
            to->notices |= 1u << n;
        }
    }
    if (!stn__rule_compile(c, &from->enter, viewer, &to->enter)
        || !stn__rule_compile(c, &from->leave, viewer, &to->leave)) {
        return false;
    }
    if (to->reentry == STN_REENTRY_AT_ONCE || (to->reentry == STN_REENTRY_NEW_RECORD && to->enter.rating)) {
        p->rating_reopens |= 1u << from->local;
    }
    if (from->kind == STN_BLACKLIST && to->publish != STN_NEVER) {
        p->blacklists |= 1u << from->local;
    }
    p->archive_given = p->archive_given || to->archive != 0;
    return true;
}

static bool
measure_plan(stn__compiler *c, const stn_measure *from, stn__measure_plan *to)
{
    const stn_door *doors = c->plan->study->world.doors;

    for (int32_t d = 0; d < from->closes_count; d++) {
        to->closes |= 1u << doors[from->closes[d]].local;
    }
    for (int32_t d = 0; d < from->opens_count; d++) {
        to->opens |= 1u << doors[from->opens[d]].local;
    }
    return stn__rule_compile(c, &from->condition, stn__viewer(c->plan, from->agency), &to->rule);
}

static bool
rules_compile(stn__compiler *c)
{
    const stn_regime *regime = c->plan->regime;
    stn__list_plan *lists = stn__arena_take(c->plan->arena, (size_t) c->p->list_count, sizeof *lists);
    stn__measure_plan *measures = stn__arena_take(c->plan->arena, (size_t) c->p->measure_count, sizeof *measures);
    stn__tie_plan *ties = stn__arena_take(c->plan->arena, (size_t) c->tie_count, sizeof *ties);

    if (lists == NULL || measures == NULL || ties == NULL) {
        return false;
    }
    memcpy(ties, c->ties, (size_t) c->tie_count * sizeof *ties);
    c->p->ties = ties;
    c->p->tie_count = c->tie_count;
    for (int32_t l = 0; l < regime->list_count; l++) {
        if (regime->lists[l].population == c->population
            && !list_plan(c, &regime->lists[l], &lists[regime->lists[l].local])) {
            return false;
        }
    }
    for (int32_t m = 0; m < regime->measure_count; m++) {
        if (regime->measures[m].population == c->population
            && !measure_plan(c, &regime->measures[m], &measures[regime->measures[m].local])) {
            return false;
        }
    }
    c->p->lists = lists;
    c->p->measures = measures;
    return lists_order(c, lists);
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

/* Where a rating's points go back or move by steps. */
static void
rating_fill(stn__compiler *c)
{
    const stn_rating *rating = c->rating;
    stn__population_plan *p = c->p;

    p->redeem = STN_NEVER;
    p->review_term = STN_NONE;
    if (rating == NULL) {
        return;
    }
    p->redeem = (uint32_t) rating->redeem.value;
    p->ladder = rating->ladder;
    if (rating->ladder) {
        stn_term term = review_term(c->plan, rating);
        p->review = (uint32_t) rating->review.value;
        p->review_term = term_find(c->terms, c->term_count, &term, stn__viewer(c->plan, rating->agency));
        p->move_count = rating->move_count;
        p->moves = rating->moves;
    }
}

int
stn__plan_rules(stn__plan *plan, int32_t number, stn_error *err)
{
    const stn_population *population = &plan->study->world.populations[number];
    stn__compiler c = { .plan = plan, .population = number, .p = &plan->populations[number],
        .rating = stn__plan_rating(plan, number), .atoms = { .population = population } };
    int ret;

    counts_fill(plan, number, c.p);
    c.term_count = stn__plan_terms(plan, number, c.terms);
    c.tie_count = stn__plan_ties(plan, number, c.ties);
    stn__conditions_visit(plan, number, atoms_visit, &c.atoms);
    if (c.atoms.overflow) {
        return stn__fail(err, STN_E_LIMIT, "regime %s: more than %d different is(...) about %s", plan->regime->name,
            (int) STN__ATOMS_MAX, population->name);
    }
    c.p->term_count = c.term_count;
    rating_fill(&c);
    if (!notices_compile(&c)) {
        return stn__fail(err, STN_E_MEMORY, "no memory for the notices about %s", population->name);
    }
    if ((ret = stn__plan_classes(&c, err)) != 0 || (ret = stn__plan_intervals(&c, err)) != 0) {
        return ret;
    }
    if (!rules_compile(&c)) {
        return stn__fail(err, STN_E_MEMORY, "no memory for the rules about %s", population->name);
    }
    if ((ret = stn__plan_processes(&c, err)) != 0) {
        return ret;
    }
    return stn__plan_stakes(&c, err);
}
