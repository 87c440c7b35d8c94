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

/* The actor as conditions see it, and as they would but for false records. */
typedef struct view {
    stn__state real, but_for;
    uint16_t terms[STN_TERMS_MAX]; /* of but_for */
    bool doubt;                    /* the two may differ */
} view;

/* Takes away what counting false records contribute; returns whether any does. */
static bool
without_false(const stn__actor *actor, uint16_t *terms, int64_t *points)
{
    const stn__node *nodes = actor->worker->run->nodes;
    bool any = false;

    for (uint32_t number = actor->life->head; number != 0; number = nodes[number].next) {
        const stn__node *node = &nodes[number];
        const stn__record_type *type = &actor->plan->types[node->type];
        int confirmed = node->bits >> 2 & STN__FLAG_CONFIRMED;
        uint32_t mask;
        if ((node->bits & 3) != STN__NODE_RECORD || (node->bits >> 2 & STN__FLAG_FALSE) == 0 || node->step == 0) {
            continue;
        }
        mask = type->terms[confirmed != 0][node->step - 1];
        any = any || mask != 0;
        for (; mask != 0; mask &= mask - 1) {
            int term = __builtin_ctz(mask);
            terms[term]--;
            if (actor->terms[term] == UINT16_MAX && terms[term] < UINT16_MAX / 2) {
                actor->worker->past_limit = true; /* see count_terms() */
            }
        }
        if (type->counts[confirmed != 0][node->step - 1]) {
            any = true;
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
see_lists(const stn__actor *actor, view *v)
{
    const stn__dossier *dossier = actor->dossier;

    v->real.on = dossier->on;
    v->real.published = dossier->published;
    v->but_for.on = dossier->on & ~dossier->wrong;
    v->but_for.published = dossier->published & ~(dossier->on & dossier->wrong);
}

static void
see(stn__actor *actor, view *v)
{
    stn__dossier *dossier = actor->dossier;
    int64_t points = actor->life->points; /* without false records they may be beyond 32 bits */

    v->real = (stn__state){ .is = actor->is, .terms = actor->terms };
    rate(actor, &v->real, points);
    v->doubt = (dossier->flags & STN__LIFE_DOUBT) != 0 || dossier->wrong != 0;
    v->but_for = v->real;
    if (v->doubt) {
        memcpy(v->terms, actor->terms, (size_t) actor->plan->term_count * sizeof *v->terms);
        v->but_for.terms = v->terms;
        if (!without_false(actor, v->terms, &points)) {
            dossier->flags &= (uint8_t) ~STN__LIFE_DOUBT;
        }
        rate(actor, &v->but_for, points);
    }
    see_lists(actor, v);
}

/* ------------------------------------------------------------------- lists */

/* Something begins (1) or ends (-1) now: its stock at the window's end and its
 * time in the window change. */
static void
stock(stn__actor *actor, int32_t stock_counter, int32_t minutes_counter, int32_t change, uint32_t time)
{
    actor->counts[stock_counter] += change;
    actor->counts[minutes_counter] += change * (int64_t) (actor->end - time);
}

static void
publication(stn__actor *actor, int32_t list, uint32_t time, bool pending)
{
    uint32_t interval = actor->plan->lists[list].publish;
    stn__node node = { .type = (uint16_t) list, .bits = STN__NODE_PUBLISH };

    if (interval == STN_NEVER || pending) {
        return;
    }
    node.time = stn__later(time, interval - time % interval);
    stn__schedule(actor, &node);
}

static bool
published_differs(const stn__dossier *dossier, uint32_t bit)
{
    return ((dossier->on ^ dossier->published) & bit) != 0;
}

static void
set_wrong(stn__actor *actor, int32_t list, uint32_t time, bool wrong)
{
    const stn__counters *c = &actor->people->counters;
    uint32_t bit = 1u << list;

    if (((actor->dossier->wrong & bit) != 0) != wrong) {
        actor->dossier->wrong ^= bit;
        stock(actor, c->list_wrong_stock + list, c->list_wrong_minutes + list, wrong ? 1 : -1, time);
    }
}

static void
leave(stn__actor *actor, int32_t list, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;
    uint32_t bit = 1u << list;
    bool pending = published_differs(actor->dossier, bit);

    set_wrong(actor, list, time, false);
    actor->dossier->on &= ~bit;
    actor->counts[c->list_exits + list]++;
    stock(actor, c->list_stock + list, c->list_minutes + list, -1, time);
    stn__emit(actor->worker, &(stn_event){ time, actor->row, actor->population, STN__EVENT_LEFT, list, 0 });
    publication(actor, list, time, pending);
}

static void
enter(stn__actor *actor, int32_t list, uint32_t time, bool wrong)
{
    const stn__counters *c = &actor->people->counters;
    stn__dossier *dossier = actor->dossier;
    uint32_t bit = 1u << list;
    bool pending = published_differs(dossier, bit);
    stn__node term = { .type = (uint16_t) list, .bits = STN__NODE_TERM,
        .time = stn__later(time, actor->plan->lists[list].term) };

    dossier->on |= bit;
    actor->counts[c->list_entries + list]++;
    if ((dossier->ever & bit) == 0) {
        dossier->ever |= bit;
        actor->counts[c->list_first + list]++;
    }
    stock(actor, c->list_stock + list, c->list_minutes + list, 1, time);
    if (wrong) {
        actor->counts[c->list_wrong_entries + list]++;
        set_wrong(actor, list, time, true);
    }
    stn__emit(actor->worker, &(stn_event){ time, actor->row, actor->population, STN__EVENT_ENTERED, list, wrong });
    stn__schedule(actor, &term);
    publication(actor, list, time, pending);
}

/* Whether a list that the actor is not on may be entered in this event. */
static bool
entry_open(const stn__actor *actor, int32_t list, const stn__change *change, uint32_t lists_changed)
{
    const stn__list_plan *plan = &actor->plan->lists[list];

    if (list == change->ended) {
        return plan->reentry == STN_REENTRY_AT_ONCE;
    }
    if ((actor->dossier->ever >> list & 1) == 0 || plan->reentry == STN_REENTRY_AT_ONCE) {
        return true;
    }
    return plan->reentry == STN_REENTRY_NEW_RECORD
        && ((change->rose & plan->enter.terms) != 0 || (plan->enter.rating && change->rating)
            || (lists_changed & plan->enter.lists) != 0);
}

static void
settle_lists(stn__actor *actor, uint32_t time, const stn__change *change, view *v)
{
    const stn__population_plan *plan = actor->plan;
    const stn__dossier *dossier = actor->dossier;
    uint32_t changed = change->lists;

    if (change->ended != STN_NONE) {
        leave(actor, change->ended, time);
        changed |= 1u << change->ended;
        see_lists(actor, v);
    }
    for (int32_t at = 0; at < plan->list_count; at++) {
        int32_t l = plan->list_order[at];
        const stn__list_plan *list = &plan->lists[l];
        uint32_t bit = 1u << l;
        if ((dossier->on & bit) != 0) {
            if (stn__rule_holds(&list->leave, &v->real)) {
                if (list->term != STN_NEVER) {
                    stn__unschedule_term(actor, l);
                }
                leave(actor, l, time);
                changed |= bit;
            } else if ((dossier->wrong & bit) != 0 && stn__rule_holds(&list->enter, &v->but_for)) {
                set_wrong(actor, l, time, false);
            }
        } else if (entry_open(actor, l, change, changed) && stn__rule_holds(&list->enter, &v->real)
            && !stn__rule_holds(&list->leave, &v->real)) {
            bool wrong = v->doubt
                && !(stn__rule_holds(&list->enter, &v->but_for) && !stn__rule_holds(&list->leave, &v->but_for));
            enter(actor, l, time, wrong);
            changed |= bit;
        }
        see_lists(actor, v);
    }
}

/* ---------------------------------------------------------------- measures */

static void
attempt_draw(stn__actor *actor, uint32_t from)
{
    const stn__population_plan *plan = actor->plan;
    uint32_t window = actor->start / actor->worker->run->window;
    stn__words draw = stn__draw(actor->seed, STN_DRAW_ATTEMPT, (uint32_t) actor->population, actor->row,
        actor->attempt_number, window);

    actor->attempt_time = stn__later(from, stn__gap(draw.w[0], plan->cells[actor->cell].attempt_rate));
    if (actor->attempt_time < actor->end) {
        actor->attempt_door = stn__alias_pick(
            plan->attempt_pick + (size_t) actor->cell * (size_t) plan->door_count, plan->door_count, draw.w[1]);
    }
}

void
stn__attempts_until(stn__actor *actor, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;

    if (!actor->attempting) {
        actor->attempting = true;
        attempt_draw(actor, actor->start);
    }
    while (actor->attempt_time < time) {
        int32_t door = actor->attempt_door;
        uint32_t at = actor->attempt_time;
        if (at >= actor->closed_since && (actor->life->closed >> door & 1) != 0) {
            actor->counts[c->door_blocked[door]]++;
            stn__emit(actor->worker, &(stn_event){ at, actor->row, actor->population, STN__EVENT_BLOCKED, door, 0 });
        }
        actor->attempt_number++;
        attempt_draw(actor, at);
    }
}

static void
set_doors(stn__actor *actor, uint32_t time, uint32_t closed, uint32_t open, bool wronged)
{
    const stn__counters *c = &actor->people->counters;
    stn__life *life = actor->life;
    stn__dossier *dossier = actor->dossier;
    uint32_t changed = (closed ^ life->closed) | (open ^ dossier->open);
    bool was = life->closed != 0, is = closed != 0;

    if (closed != life->closed) {
        if (was) {
            stn__attempts_until(actor, time);
        }
        actor->closed_since = time;
    }
    for (uint32_t rest = changed; rest != 0; rest &= rest - 1) {
        int32_t door = __builtin_ctz(rest);
        int32_t change = ((closed | open) >> door & 1) != 0 ? 1 : -1;
        stock(actor, c->door_stock[door], c->door_minutes[door], change, time);
    }
    if (was != is) {
        stock(actor, c->restricted_stock, c->restricted_minutes, is ? 1 : -1, time);
        if (is) {
            actor->counts[c->restricted_entries]++;
            actor->counts[c->restricted_first] += (dossier->flags & STN__LIFE_RESTRICTED) == 0;
            dossier->flags |= STN__LIFE_RESTRICTED;
        }
    }
    if (((dossier->flags & STN__LIFE_WRONGED) != 0) != wronged) {
        stock(actor, c->wrong_stock, c->wrong_minutes, wronged ? 1 : -1, time);
        dossier->flags ^= STN__LIFE_WRONGED;
    }
    life->closed = closed;
    dossier->open = open;
    if (changed != 0) {
        stn__emit(actor->worker, &(stn_event){ time, actor->row, actor->population, STN__EVENT_DOORS, 0, closed + ((uint64_t) open << 32) });
    }
}

static void
settle_measures(stn__actor *actor, uint32_t time, const view *v)
{
    const stn__population_plan *plan = actor->plan;
    uint32_t closed = 0, open = 0, closed_but_for = 0;

    for (int32_t m = 0; m < plan->measure_count; m++) {
        const stn__measure_plan *measure = &plan->measures[m];
        if (stn__rule_holds(&measure->rule, &v->real)) {
            closed |= measure->closes;
            open |= measure->opens;
        }
        if (v->doubt && stn__rule_holds(&measure->rule, &v->but_for)) {
            closed_but_for |= measure->closes;
        }
    }
    set_doors(actor, time, closed, open, v->doubt && (closed & ~closed_but_for) != 0);
}

static void
settle_band(stn__actor *actor, int32_t band)
{
    stn__dossier *dossier = actor->dossier;
    int32_t counter = actor->people->counters.band;

    if (band != dossier->band) {
        if (dossier->band >= 0) {
            actor->counts[counter + dossier->band]--;
        }
        if (band >= 0) {
            actor->counts[counter + band]++;
        }
        dossier->band = (int8_t) band;
    }
}

void
stn__settle(stn__actor *actor, uint32_t time, const stn__change *change)
{
    view v;

    see(actor, &v);
    settle_band(actor, v.real.band);
    settle_lists(actor, time, change, &v);
    settle_measures(actor, time, &v);
}

/* Everybody without a record, in one class and interval, starts alike. */
void
stn__settle_start(stn__actor *actor)
{
    const stn__population_plan *plan = actor->plan;
    int32_t interval = plan->interval_count - 1;
    const stn__start *start;

    if (actor->rated) {
        int32_t rating = stn__cut(plan, actor->life->points);
        interval = plan->interval[rating - plan->min];
        settle_band(actor, plan->band[rating - plan->min]);
    }
    start = &plan->start[(size_t) plan->cells[actor->cell].class * (size_t) plan->interval_count + (size_t) interval];
    for (int32_t at = 0; at < plan->list_count; at++) {
        if ((start->on >> plan->list_order[at] & 1) != 0) {
            enter(actor, plan->list_order[at], 0, false);
        }
    }
    set_doors(actor, 0, start->closed, start->open, false);
}
