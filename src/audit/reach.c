/* SPDX-License-Identifier: Apache-2.0
 *
 * reach.c - what can happen at all under the rules, by the engine's own tables.
 *
 * Each step leaves out only what cannot be: records without a source, points that
 * no sum of changes gives, conditions that no state of what is left satisfies. A
 * state is a class, a rating's interval, a number for each records term and a bit
 * for each list, notice and tie; they are gone through one by one and asked by the
 * engine's own function. Where there are too many, a condition counts as possible. */
#include "audit/inside.h"

#include <string.h>

enum { STATES_MAX = 1 << 18, CANDIDATES_MAX = 24 };

/* ------------------------------------------------------------------ records */

/* Whether somebody can do a behaviour and be seen to by a detection (a number of the plan). */
static bool
detected(const stn__plan *plan, int32_t number, int32_t behaviour, int32_t detection)
{
    const stn_world *world = &plan->study->world;
    const stn__population_plan *p = &plan->populations[number];
    const stn_behaviour *b = &world->behaviours[behaviour];

    for (int32_t cell = 0; cell < p->cell_count; cell++) {
        int32_t levels[STN_ATTRIBUTES_MAX];
        stn__cell_levels(&world->populations[number], cell, levels);
        if (p->bases[(size_t) cell * (size_t) p->behaviour_count + (size_t) b->local] > 0
            && p->detect[(size_t) cell * (size_t) p->detection_count + (size_t) detection] > 0
            && stn__cell_value(&b->opportunities, levels) > 0) {
            return true;
        }
    }
    return false;
}

static bool
invented(const stn__population_plan *p, int32_t entry)
{
    for (int32_t cell = 0; cell < p->cell_count; cell++) {
        if (p->false_rate[(size_t) cell * (size_t) p->false_count + (size_t) entry] > 0) {
            return true;
        }
    }
    return false;
}

/* Record types that can occur: made, brought by fines, passed on. */
static void
types_find(const stn__plan *plan, int32_t number, stn__reach *reach)
{
    const stn_world *world = &plan->study->world;
    const stn__population_plan *p = &plan->populations[number];
    bool more = true;

    for (int32_t b = 0; b < world->behaviour_count; b++) {
        const stn__behaviour_plan *of = &p->behaviours[world->behaviours[b].local];
        for (int32_t d = 0; world->behaviours[b].population == number && d < of->detection_count; d++) {
            int32_t detection = of->detection_first + d;
            if (detected(plan, number, b, detection)) {
                reach->types[p->detections[detection].type] = true;
            }
        }
    }
    for (int32_t f = 0; f < p->false_count; f++) {
        if (invented(p, f)) {
            reach->types[p->false_types[f]] = true;
        }
    }
    while (more) {
        more = false;
        for (int32_t t = 0; t < p->type_count; t++) {
            const stn__record_type *type = &p->types[t];
            int32_t unpaid = type->fine != STN_NONE && p->money ? p->fines[type->fine].unpaid_type : STN_NONE;
            if (!reach->types[t]) {
                continue;
            }
            if (unpaid != STN_NONE && !reach->types[unpaid]) {
                more = reach->types[unpaid] = true;
            }
            for (int32_t i = 0; i < type->pass_count; i++) {
                const stn__pass *pass = &type->passes[i];
                if (pass->coverage > 0 && !reach->types[pass->copy_type]) {
                    more = reach->types[pass->copy_type] = true;
                }
                if (pass->coverage > 0 && pass->wrong_person > 0 && !reach->types[pass->misfiled_type]) {
                    more = reach->types[pass->misfiled_type] = true;
                }
            }
        }
    }
}

/* Whether a record of a type can stand at a step suspected [0] or confirmed [1].
 * What was passed on may stay suspected, and may be judged before it arrives. */
static bool
stands(const stn__record_type *type, int32_t step, int confirmed)
{
    if (type->kind != STN__ROOT) {
        return true;
    }
    if (type->verdict_step == STN_NONE) {
        return confirmed;
    }
    return confirmed ? step >= type->verdict_step : step < type->verdict_step;
}

static bool
points_count(const stn__record_type *type)
{
    for (int32_t s = type->send_step; s < type->step_count; s++) {
        if ((type->counts[0][s] && stands(type, s, 0)) || (type->counts[1][s] && stands(type, s, 1))) {
            return true;
        }
    }
    return false;
}

static void
terms_find(const stn__population_plan *p, stn__reach *reach)
{
    for (int32_t t = 0; t < p->type_count; t++) {
        const stn__record_type *type = &p->types[t];
        uint32_t seen = 0;
        for (int32_t s = type->send_step; reach->types[t] && s < type->step_count; s++) {
            bool before = type->verdict_step != STN_NONE && s < type->verdict_step;
            for (int confirmed = 0; confirmed < 2; confirmed++) {
                if (stands(type, s, confirmed)) {
                    seen |= type->terms[confirmed][s];
                }
            }
            if (before) {
                reach->doubtful |= type->terms[0][s];
                reach->points_doubtful = reach->points_doubtful || (type->counts[0][s] && type->points != 0);
            }
        }
        reach->terms |= seen;
        for (; seen != 0; seen &= seen - 1) {
            reach->seen[__builtin_ctz(seen)] |= 1ull << type->behaviour;
        }
        if (reach->types[t] && type->points != 0 && points_count(type)) {
            reach->scored |= 1ull << type->behaviour;
        }
    }
}

/* ------------------------------------------------------------------- rating */

/* Changes that points can undergo, any number of times each. */
typedef struct changes {
    int32_t divisor; /* of all of them; 0: there is none */
    bool up, down;
    uint64_t seen;
    int32_t count;
    int32_t steps[1024];
    bool overflow;
} changes;

static void
change_add(changes *c, int64_t points)
{
    int64_t a = points < 0 ? -points : points, b = c->divisor;

    if (points == 0) {
        return;
    }
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    c->divisor = (int32_t) a;
    c->up = c->up || points > 0;
    c->down = c->down || points < 0;
    for (int32_t i = 0; i < c->count; i++) {
        if (c->steps[i] == points) {
            return;
        }
    }
    if (c->count < 1024) {
        c->steps[c->count++] = (int32_t) points;
    } else {
        c->overflow = true;
    }
}

static void
changes_find(const stn__population_plan *p, const stn__reach *reach, changes *c)
{
    for (int32_t t = 0; t < p->type_count; t++) {
        const stn__record_type *type = &p->types[t];
        if (!reach->types[t]) {
            continue;
        }
        if (points_count(type)) {
            change_add(c, type->points);
        }
        for (int32_t stage = 0; type->process != STN_NONE && stage < 2; stage++) {
            const stn__petition_plan *petition = &p->processes[type->process].petitions[stage];
            if (petition->given) {
                change_add(c, petition->points);
            }
        }
    }
}

/* The sums of changes of one sign from a start on, within the range. */
static void
sums_fill(const stn__population_plan *p, const changes *c, bool *ratings)
{
    int32_t width = p->max - p->min + 1;

    for (int32_t at = 0; at < width; at++) {
        int32_t r = c->up ? at : width - 1 - at;
        for (int32_t i = 0; ratings[r] && i < c->count; i++) {
            int64_t next = (int64_t) r + c->steps[i];
            ratings[next < 0 ? 0 : next >= width ? width - 1 : next] = true;
        }
    }
}

/* The ratings from which a ladder can lead on, with however many records. */
static void
ladder_fill(const stn__population_plan *p, const stn__reach *reach, bool *ratings)
{
    int32_t width = p->max - p->min + 1;
    bool records = p->review_term != STN_NONE && (reach->terms >> p->review_term & 1) != 0, more = true;

    while (more) {
        more = false;
        for (int32_t r = 0; r < width; r++) {
            int32_t band = p->band[r];
            for (int32_t n = 0; ratings[r] && band >= 0 && n < (records ? p->move_count[band] : 1); n++) {
                int64_t next = (int64_t) r + p->moves[band][n];
                int32_t to = (int32_t) (next < 0 ? 0 : next >= width ? width - 1 : next);
                more = more || !ratings[to];
                ratings[to] = true;
            }
        }
    }
}

static void
base_fill(const stn__population_plan *p, bool *ratings)
{
    double reach = 4.9 * p->spread + 1; /* the eight halves of section 6 give no more */
    int32_t width = p->max - p->min + 1;

    for (int32_t r = 0; r < width; r++) {
        int32_t from = r + p->min - p->base_points;
        bool end = (r == 0 && from > 0) || (r == width - 1 && from < 0); /* the base is cut to the range */
        ratings[r] = from == 0 || end || (p->spread > 0 && from >= -reach && from <= reach);
    }
}

static void
ratings_find(const stn__population_plan *p, stn__reach *reach)
{
    int32_t width = p->max - p->min + 1;
    changes c = { 0 };

    base_fill(p, reach->ratings);
    changes_find(p, reach, &c);
    if (p->ladder && c.count == 0) {
        ladder_fill(p, reach, reach->ratings);
    } else if (c.overflow || p->ladder) {
        memset(reach->ratings, true, (size_t) width);
    } else if (c.up && c.down) {
        /* Ups and downs together give every multiple of what divides them all. */
        bool *starts = reach->ratings;
        for (int32_t first = 0; first < c.divisor && first < width; first++) {
            bool any = false;
            for (int32_t r = first; r < width; r += c.divisor) {
                any = any || starts[r];
            }
            for (int32_t r = first; any && r < width; r += c.divisor) {
                starts[r] = true;
            }
        }
        starts[0] = starts[width - 1] = true; /* cut at both ends */
    } else if (c.count > 0) {
        sums_fill(p, &c, reach->ratings);
    }
    for (int32_t r = 0; r < width; r++) {
        if (reach->ratings[r] && p->band[r] >= 0) {
            reach->bands |= 1ull << p->band[r];
        }
    }
}

/* --------------------------------------------------------------- conditions */

/* Rules that must hold, or fail, together. */
typedef struct demand {
    const stn__rule *rules[2];
    bool holds[2];
    int32_t count;
    uint32_t on; /* lists that somebody is on for sure */
} demand;

typedef struct choice {
    int32_t count;
    uint16_t values[CANDIDATES_MAX];
} choice;

typedef struct search {
    const stn__population_plan *p;
    const demand *d;
    choice terms[STN_TERMS_MAX];
    int32_t term_of[STN_TERMS_MAX], term_count; /* those that matter */
    uint32_t on, published, told, ties;         /* bits that may be either */
    uint16_t values[STN_TERMS_MAX];
    stn__state state;
} search;

static void
candidate_add(choice *c, int64_t value)
{
    if (value < 0 || value > 65534) {
        return;
    }
    for (int32_t i = 0; i < c->count; i++) {
        if (c->values[i] == value) {
            return;
        }
    }
    if (c->count < CANDIDATES_MAX) {
        c->values[c->count] = (uint16_t) value;
    }
    c->count++; /* too many: told by the number */
}

static void
candidates_find(search *s, const stn__reach *reach)
{
    const demand *d = s->d;

    for (int32_t t = 0; t < s->p->term_count; t++) {
        candidate_add(&s->terms[t], 0);
        if ((reach->terms >> t & 1) != 0) {
            candidate_add(&s->terms[t], 1);
        }
    }
    for (int32_t i = 0; i < d->count; i++) {
        int32_t stack[2048], top = 0;
        stack[top++] = d->rules[i]->root;
        while (top > 0) {
            const stn__rule_node *node = &d->rules[i]->nodes[stack[--top]];
            if (node->op == STN_COND_AND || node->op == STN_COND_OR || node->op == STN_COND_NOT) {
                stack[top++] = node->a;
                if (node->op != STN_COND_NOT) {
                    stack[top++] = node->b;
                }
            } else if (node->op == STN_COND_RECORDS && (reach->terms >> node->a & 1) != 0) {
                for (int32_t near = -1; near <= 1; near++) {
                    candidate_add(&s->terms[node->a], (int64_t) node->value + near);
                }
            }
        }
    }
}

/* The next of all combinations of bits below a mask, rising; false after the last. */
static bool
next_bits(uint32_t *bits, uint32_t mask)
{
    *bits = (*bits - mask) & mask;
    return *bits != 0;
}

static bool
demand_met(const demand *d, const stn__state *state)
{
    for (int32_t i = 0; i < d->count; i++) {
        if (stn__rule_holds(d->rules[i], state) != d->holds[i]) {
            return false;
        }
    }
    return true;
}

static bool
any_lists(search *s)
{
    stn__state *state = &s->state;

    state->on = state->published = state->told = state->tied = 0;
    do {
        do {
            do {
                do {
                    stn__state asked = *state;
                    asked.on |= s->d->on;
                    if (demand_met(s->d, &asked)) {
                        return true;
                    }
                } while (next_bits(&state->tied, s->ties));
            } while (next_bits(&state->told, s->told));
        } while (next_bits(&state->published, s->published));
    } while (next_bits(&state->on, s->on));
    return false;
}

/* All combinations of numbers of records. */
static bool
any_records(search *s, int32_t at)
{
    if (at == s->term_count) {
        return any_lists(s);
    }
    for (int32_t i = 0; i < s->terms[s->term_of[at]].count; i++) {
        s->values[s->term_of[at]] = s->terms[s->term_of[at]].values[i];
        if (any_records(s, at + 1)) {
            return true;
        }
    }
    return false;
}

static int32_t
bits_count(uint32_t bits)
{
    return __builtin_popcount(bits);
}

/* Whether all that matters can be gone through. */
static bool
few(const search *s)
{
    double states = (double) s->p->class_count * s->p->interval_count;

    for (int32_t at = 0; at < s->term_count; at++) {
        if (s->terms[s->term_of[at]].count > CANDIDATES_MAX) {
            return false;
        }
        states *= s->terms[s->term_of[at]].count;
    }
    for (int32_t bit = bits_count(s->on) + bits_count(s->published) + bits_count(s->told) + bits_count(s->ties);
         bit > 0; bit--) {
        states *= 2;
    }
    return states <= STATES_MAX;
}

/* Where an interval of ratings can be, the first rating of it; or none. */
static bool
interval_find(const stn__population_plan *p, const stn__reach *reach, int32_t interval, stn__state *state)
{
    state->rated = interval < p->interval_count - 1;
    state->band = -1;
    if (!state->rated) {
        return true;
    }
    for (int32_t r = 0; r <= p->max - p->min; r++) {
        if (p->interval[r] == interval && reach->ratings[r]) {
            state->rating = r + p->min;
            state->band = p->band[r];
            return true;
        }
    }
    return false;
}

static bool
can_be(const stn__population_plan *p, const stn__reach *reach, const demand *d)
{
    search s = { .p = p, .d = d };
    uint32_t terms = 0, lists = 0;

    candidates_find(&s, reach);
    for (int32_t i = 0; i < d->count; i++) {
        terms |= d->rules[i]->terms;
        lists |= d->rules[i]->lists;
        s.told |= d->rules[i]->notices & reach->told;
        s.ties |= d->rules[i]->ties & reach->ties;
    }
    for (int32_t t = 0; t < p->term_count; t++) {
        if ((terms >> t & 1) != 0) {
            s.term_of[s.term_count++] = t;
        }
    }
    s.on = lists & reach->lists & ~d->on;
    for (int32_t l = 0; l < p->list_count; l++) {
        if ((lists & reach->lists) >> l & 1 && p->lists[l].publish != STN_NEVER) {
            s.published |= 1u << l;
        }
    }
    if (!few(&s)) {
        return true;
    }
    s.state.terms = s.values;
    for (int32_t interval = 0; interval < p->interval_count; interval++) {
        if (!interval_find(p, reach, interval, &s.state)) {
            continue;
        }
        for (int32_t class = 0; class < p->class_count; class ++) {
            if (p->class_rated[class] == s.state.rated || !p->rating_given) {
                s.state.is = p->class_is[class];
                if (any_records(&s, 0)) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* -------------------------------------------------------------------- whole */

static void
told_find(const stn__population_plan *p, stn__reach *reach)
{
    for (int32_t n = 0; n < p->notice_count; n++) {
        bool passes = p->notices[n].pass_count > 0 && (reach->lists >> p->notices[n].list & 1) != 0;
        for (int32_t i = 0; i < p->notices[n].pass_count; i++) {
            passes = passes && p->notices[n].passes[i].coverage > 0;
        }
        reach->told |= (uint32_t) passes << n;
    }
}

/* What follows from what can happen so far; true if there is more. */
static bool
spread(const stn__plan *plan, stn__reach *all)
{
    bool more = false;

    for (int32_t number = 0; number < plan->population_count; number++) {
        const stn__population_plan *p = &plan->populations[number];
        stn__reach *reach = &all[number];
        told_find(p, reach);
        for (int32_t t = 0; t < p->tie_count; t++) {
            reach->ties |= (all[p->ties[t].population].lists >> p->ties[t].list & 1) << t;
        }
        for (int32_t l = 0; l < p->list_count; l++) {
            demand enter = { { &p->lists[l].enter, &p->lists[l].leave }, { true, false }, 2, 0 };
            if ((reach->lists >> l & 1) == 0 && can_be(p, reach, &enter)) {
                reach->lists |= 1u << l;
                more = true;
            }
        }
    }
    return more;
}

static void
ends_find(const stn__plan *plan, int32_t number, stn__reach *reach)
{
    const stn__population_plan *p = &plan->populations[number];

    for (int32_t l = 0; l < p->list_count; l++) {
        demand leave = { { &p->lists[l].leave, NULL }, { true, false }, 1, 1u << l };
        if ((reach->lists >> l & 1) != 0 && can_be(p, reach, &leave)) {
            reach->leaves |= 1u << l;
        }
    }
    for (int32_t m = 0; m < p->measure_count; m++) {
        demand hold = { { &p->measures[m].rule, NULL }, { true, false }, 1, 0 };
        if (can_be(p, reach, &hold)) {
            reach->measures |= 1ull << m;
        }
    }
}

int
stn__reach_find(const stn__plan *plan, stn__arena *arena, stn__reach *out, stn_error *err)
{
    for (int32_t number = 0; number < plan->population_count; number++) {
        const stn__population_plan *p = &plan->populations[number];
        stn__reach *reach = &out[number];
        size_t width = p->rating_given ? (size_t) (p->max - p->min) + 1 : 0;
        *reach = (stn__reach){ .types = stn__arena_take(arena, (size_t) p->type_count, sizeof(bool)),
            .ratings = stn__arena_take(arena, width, sizeof(bool)) };
        if (reach->types == NULL || reach->ratings == NULL) {
            return stn__fail(err, STN_E_MEMORY, "no memory for an audit");
        }
        for (int32_t class = 0; class < p->class_count; class ++) {
            reach->rated = reach->rated || (p->rating_given && p->class_rated[class]);
            reach->unrated = reach->unrated || !p->rating_given || !p->class_rated[class];
        }
        types_find(plan, number, reach);
        terms_find(p, reach);
        if (reach->rated) {
            ratings_find(p, reach);
        }
    }
    while (spread(plan, out)) {
    }
    for (int32_t number = 0; number < plan->population_count; number++) {
        ends_find(plan, number, &out[number]);
    }
    return 0;
}
