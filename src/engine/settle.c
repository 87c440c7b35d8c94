/* SPDX-License-Identifier: Apache-2.0
 *
 * settle.c - what follows when something about an actor changed: lists are
 * left and entered, measures close and open doors, and it is told apart what
 * would have followed without false records. docs/semantics.md, section 6.
 *
 * Called for a few per cent of opportunities; life.c leaves out the calls that
 * cannot change anything. */
#include "engine/engine.h"

#include <string.h>

/* Takes away what counting false records contribute; returns whether any does. */
static bool
without_false(const stn__actor *actor, uint16_t *terms, int64_t *points, bool *stray)
{
    const stn__node *nodes = actor->worker->run->nodes;
    bool any = false;

    for (uint32_t number = actor->life->head; number != 0; number = nodes[number].next) {
        const stn__node *node = &nodes[number];
        const stn__record_type *type;
        int confirmed = (node->flags & STN__FLAG_CONFIRMED) != 0;
        uint32_t mask;
        bool counts;
        if (node->kind != STN__NODE_RECORD || !stn__node_is_false(node) || node->step == 0
            || (node->flags & STN__FLAG_SUSPENDED) != 0) {
            continue;
        }
        type = &actor->plan->types[node->type];
        mask = type->terms[confirmed][node->step - 1];
        counts = type->counts[confirmed][node->step - 1] && (node->flags & STN__FLAG_REDEEMED) == 0;
        if (mask != 0 || counts) {
            any = true;
            *stray = *stray || (node->flags & STN__FLAG_STRAY) != 0;
        }
        for (; mask != 0; mask &= mask - 1) {
            int term = __builtin_ctz(mask);
            terms[term]--;
            if (actor->terms[term] == UINT16_MAX && terms[term] < UINT16_MAX / 2) {
                actor->worker->past_limit = true; /* see count_terms() */
            }
        }
        if (counts) {
            *points -= type->points;
        }
    }
    return any;
}

static void
rate(const stn__actor *actor, stn__state *state, int64_t points)
{
    state->rated = actor->rated;
    state->band = -1;
    if (actor->rated) {
        int32_t min = actor->plan->min, max = actor->plan->max;
        state->rating = points < min ? min : points > max ? max : (int32_t) points;
        state->band = actor->plan->band[state->rating - actor->plan->min];
    }
}

static void
see_lists(const stn__actor *actor, stn__view *v)
{
    const stn__file *file = actor->file;
    uint32_t told = file->web.told;

    v->real.on = file->on;
    v->real.published = file->published;
    v->but_for.on = file->on & ~file->wrong;
    v->but_for.published = file->published & ~(file->on & file->wrong);
    for (uint32_t rest = file->on & file->wrong; rest != 0; rest &= rest - 1) {
        told &= ~actor->plan->lists[__builtin_ctz(rest)].notices;
    }
    v->real.told = file->web.told | file->web.mistold;
    v->but_for.told = told;
    v->real.tied = v->but_for.tied = file->web.tied;
}

void
stn__see(stn__actor *actor, stn__view *v)
{
    int64_t points = actor->life->points; /* without false records they may be beyond 32 bits */
    bool mistold = actor->file->web.mistold != 0;

    v->real = (stn__state){ .is = actor->is, .terms = actor->terms };
    rate(actor, &v->real, points);
    v->doubt = (actor->life->flags & STN__LIFE_DOUBT) != 0 || actor->file->wrong != 0 || mistold;
    v->stray = mistold;
    v->but_for = v->real;
    if (v->doubt) {
        memcpy(v->terms, actor->terms, (size_t) actor->plan->term_count * sizeof *v->terms);
        v->but_for.terms = v->terms;
        if (!without_false(actor, v->terms, &points, &v->stray)) {
            actor->life->flags &= (uint8_t) ~STN__LIFE_DOUBT;
        }
        rate(actor, &v->but_for, points);
    }
    see_lists(actor, v);
}

/* ------------------------------------------------------------------- lists */

static void
publication(stn__actor *actor, int32_t list, uint32_t time, bool pending, uint32_t cause)
{
    uint32_t interval = actor->plan->lists[list].publish;
    stn__node node = { .born = cause, .type = (uint16_t) list, .kind = STN__NODE_PUBLISH };

    if (interval == STN_NEVER || pending) {
        return;
    }
    node.time = stn__later(time, interval - time % interval);
    (void) stn__schedule(actor, &node);
}

static bool
published_differs(const stn__file *file, uint32_t bit)
{
    return ((file->on ^ file->published) & bit) != 0;
}

static void
set_wrong(stn__actor *actor, int32_t list, uint32_t time, bool wrong)
{
    const stn__counters *c = &actor->people->counters;
    uint32_t bit = 1u << list;

    if (((actor->file->wrong & bit) != 0) != wrong) {
        stn__file_own(actor)->wrong ^= bit;
        stn__stock(actor, c->list_wrong_stock + list, c->list_wrong_minutes + list, wrong ? 1 : -1, time);
    }
}

static void
leave(stn__actor *actor, int32_t list, uint32_t time, uint32_t cause)
{
    const stn__counters *c = &actor->people->counters;
    uint32_t bit = 1u << list;
    bool pending = published_differs(actor->file, bit);

    set_wrong(actor, list, time, false);
    stn__file_own(actor)->on &= ~bit;
    actor->counts[c->list_exits + list]++;
    stn__stock(actor, c->list_stock + list, c->list_minutes + list, -1, time);
    stn__note(actor, time, STN__EVENT_LEFT, list, 0);
    publication(actor, list, time, pending, cause);
    stn__tell_stay(actor, list, time, false, cause);
}

static void
enter(stn__actor *actor, int32_t list, uint32_t time, bool wrong, uint32_t cause)
{
    const stn__counters *c = &actor->people->counters;
    stn__file *file = stn__file_own(actor);
    uint32_t bit = 1u << list, ever = file->ever;
    bool pending = published_differs(file, bit);
    stn__node term = { .type = (uint16_t) list, .kind = STN__NODE_TERM,
        .time = stn__later(time, actor->plan->lists[list].term) };

    file->on |= bit;
    actor->counts[c->list_entries + list]++;
    if ((file->ever & bit) == 0) {
        file->ever |= bit;
        actor->counts[c->list_first + list]++;
    }
    if (actor->people->course->presences != NULL) {
        stn__life_listed(actor, ever);
    }
    stn__stock(actor, c->list_stock + list, c->list_minutes + list, 1, time);
    if (wrong) {
        actor->counts[c->list_wrong_entries + list]++;
        set_wrong(actor, list, time, true);
    }
    stn__note(actor, time, STN__EVENT_ENTERED, list, wrong);
    (void) stn__schedule(actor, &term);
    publication(actor, list, time, pending, cause);
    stn__tell_stay(actor, list, time, true, cause);
}

void
stn__lists_leave(stn__actor *actor, uint32_t time)
{
    for (int32_t at = 0; at < actor->plan->list_count; at++) {
        int32_t list = actor->plan->list_order[at];
        if ((actor->file->on >> list & 1) != 0) {
            leave(actor, list, time, STN_NEVER);
        }
    }
}

/* Whether a list that the actor is not on may be entered in this event. */
static bool
entry_open(const stn__actor *actor, int32_t list, const stn__change *change, uint32_t lists_changed)
{
    const stn__list_plan *plan = &actor->plan->lists[list];

    if (list == change->ended) {
        return plan->reentry == STN_REENTRY_AT_ONCE;
    }
    if ((actor->file->ever >> list & 1) == 0 || plan->reentry == STN_REENTRY_AT_ONCE) {
        return true;
    }
    return plan->reentry == STN_REENTRY_NEW_RECORD
        && ((change->rose & plan->enter.terms) != 0 || (plan->enter.rating && change->rating)
            || (lists_changed & plan->enter.lists) != 0 || (change->notices & plan->enter.notices) != 0
            || (change->ties & plan->enter.ties) != 0);
}

static void
settle_lists(stn__actor *actor, uint32_t time, const stn__change *change, stn__view *v)
{
    const stn__population_plan *plan = actor->plan;
    uint32_t changed = change->lists;

    if (change->ended != STN_NONE) {
        leave(actor, change->ended, time, change->cause);
        changed |= 1u << change->ended;
        see_lists(actor, v);
    }
    for (int32_t at = 0; at < plan->list_count; at++) {
        int32_t l = plan->list_order[at];
        const stn__list_plan *list = &plan->lists[l];
        uint32_t bit = 1u << l;
        if ((actor->file->on & bit) != 0) {
            if (stn__rule_holds(&list->leave, &v->real)) {
                if (list->term != STN_NEVER) {
                    stn__unschedule(actor, STN__NODE_TERM, l);
                }
                leave(actor, l, time, change->cause);
                changed |= bit;
                see_lists(actor, v);
            } else if ((actor->file->wrong & bit) != 0 && stn__rule_holds(&list->enter, &v->but_for)) {
                set_wrong(actor, l, time, false);
                see_lists(actor, v);
            }
        } else if (entry_open(actor, l, change, changed) && stn__rule_holds(&list->enter, &v->real)
            && !stn__rule_holds(&list->leave, &v->real)) {
            bool wrong = v->doubt
                && !(stn__rule_holds(&list->enter, &v->but_for) && !stn__rule_holds(&list->leave, &v->but_for));
            enter(actor, l, time, wrong, change->cause);
            changed |= bit;
            see_lists(actor, v);
        }
    }
}

/* ---------------------------------------------------------------- measures */

static void
settle_measures(stn__actor *actor, uint32_t time, const stn__view *v, uint32_t cause)
{
    const stn__population_plan *plan = actor->plan;
    uint32_t closed_but_for = 0;
    stn__doors doors = { 0 };

    for (uint64_t rest = plan->epochs[actor->worker->run->epoch].measures; rest != 0; rest &= rest - 1) {
        const stn__measure_plan *measure = &plan->measures[__builtin_ctzll(rest)];
        if (stn__rule_holds(&measure->rule, &v->real)) {
            doors.closed |= measure->closes;
            doors.open |= measure->opens;
        }
        if (v->doubt && stn__rule_holds(&measure->rule, &v->but_for)) {
            closed_but_for |= measure->closes;
        }
    }
    doors.wronged = v->doubt && (doors.closed & ~closed_but_for) != 0;
    doors.mistaken = doors.wronged && v->stray;
    stn__doors_set(actor, time, &doors, cause);
}

static void
settle_band(stn__actor *actor, int32_t band)
{
    stn__life *life = actor->life;
    int32_t counter = actor->people->counters.band;

    if (band != life->band) {
        if (life->band >= 0) {
            actor->counts[counter + life->band]--;
        }
        if (band >= 0) {
            actor->counts[counter + band]++;
        }
        life->band = (int8_t) band;
    }
}

void
stn__settle(stn__actor *actor, uint32_t time, const stn__change *change)
{
    stn__view v;

    stn__see(actor, &v);
    settle_band(actor, v.real.band);
    settle_lists(actor, time, change, &v);
    settle_measures(actor, time, &v, change->cause);
}

/* Everybody without a record, in one class and interval, starts alike. */
void
stn__settle_start(stn__actor *actor, uint32_t time)
{
    const stn__population_plan *plan = actor->plan;
    int32_t interval = plan->interval_count - 1;
    const stn__start *start;

    if (actor->rated) {
        int32_t rating = stn__cut(plan, actor->life->points);
        interval = plan->interval[rating - plan->min];
        settle_band(actor, plan->band[rating - plan->min]);
    }
    start = &plan->epochs[actor->worker->run->epoch]
                 .start[(size_t) plan->cells[actor->cell].class * (size_t) plan->interval_count + (size_t) interval];
    for (int32_t at = 0; at < plan->list_count; at++) {
        if ((start->on >> plan->list_order[at] & 1) != 0) {
            enter(actor, plan->list_order[at], time, false, STN_NEVER);
        }
    }
    stn__doors_set(actor, time, &(stn__doors){ .closed = start->closed, .open = start->open }, STN_NEVER);
}
