/* SPDX-License-Identifier: Apache-2.0
 *
 * records.c - what has been scheduled for an actor, and what becomes of it:
 * the steps of records, false records, publications, ends of terms.
 *
 * Called for every record some three times in its life; records are a few per
 * cent of opportunities. Nodes come from one arena that threads take chunks
 * of, so nothing is allocated after the start. */
#include "engine/engine.h"

/* ------------------------------------------------------------------- nodes */

enum { NODE_CHUNK = 1024 };

static stn__node_kind
node_kind(const stn__node *node)
{
    return (stn__node_kind) (node->bits & 3);
}

static bool
node_flag(const stn__node *node, int flag)
{
    return (node->bits >> 2 & flag) != 0;
}

static void
node_set(stn__node *node, int flag)
{
    node->bits = (uint8_t) (node->bits | flag << 2);
}

/* A node's number, or 0 when memory is short. */
static uint32_t
node_take(stn__worker *worker)
{
    stn_run *run = worker->run;
    uint32_t number = worker->free_nodes;

    if (number != 0) {
        worker->free_nodes = run->nodes[number].next;
        __builtin_prefetch(&run->nodes[worker->free_nodes], 1); /* given back long ago, so far away */
        return number;
    }
    if (worker->fresh == worker->fresh_end) {
        uint32_t first = atomic_fetch_add(&run->node_fresh, NODE_CHUNK);
        if (first > run->node_room - NODE_CHUNK) {
            atomic_fetch_sub(&run->node_fresh, NODE_CHUNK);
            worker->short_of_memory = true;
            return 0;
        }
        worker->fresh = first;
        worker->fresh_end = first + NODE_CHUNK;
    }
    return worker->fresh++;
}

static void
node_give(stn__worker *worker, uint32_t number)
{
    worker->run->nodes[number].next = worker->free_nodes;
    worker->free_nodes = number;
}

/* Whether a node comes before a new one: by time, then kind, then as they were
 * scheduled, but false-record entries by their number. */
static bool
node_before(const stn__node *node, const stn__node *new)
{
    stn__node_kind a = node_kind(node), b = node_kind(new);

    if (node->time != new->time) {
        return node->time < new->time;
    }
    return a != b ? a < b : a != STN__NODE_FALSE || node->type <= new->type;
}

/* Makes a node (or 0, none) the first of an actor's. */
static void
head_set(stn__actor *actor, uint32_t number)
{
    actor->life->head = number;
    actor->life->first = number != 0 ? actor->worker->run->nodes[number].time : STN_NEVER;
}

static void
node_insert(stn__actor *actor, uint32_t number)
{
    stn__node *nodes = actor->worker->run->nodes;
    uint32_t head = actor->life->head, *link = &head;

    while (*link != 0 && node_before(&nodes[*link], &nodes[number])) {
        link = &nodes[*link].next;
    }
    nodes[number].next = *link;
    *link = number;
    head_set(actor, head);
}

void
stn__schedule(stn__actor *actor, const stn__node *node)
{
    uint32_t number;

    if (node->time >= actor->worker->run->horizon) {
        return;
    }
    number = node_take(actor->worker);
    if (number != 0) {
        actor->worker->run->nodes[number] = *node;
        node_insert(actor, number);
    }
}

void
stn__unschedule_term(stn__actor *actor, int32_t list)
{
    stn__node *nodes = actor->worker->run->nodes;
    uint32_t head = actor->life->head, *link = &head;

    while (*link != 0 && !(node_kind(&nodes[*link]) == STN__NODE_TERM && nodes[*link].type == list)) {
        link = &nodes[*link].next;
    }
    if (*link != 0) {
        uint32_t number = *link;
        *link = nodes[number].next;
        head_set(actor, head);
        node_give(actor->worker, number);
    }
}

/* ----------------------------------------------------------------- records */

static uint32_t
step_time(const stn__record_type *type, const stn__node *node)
{
    return node->step < type->step_count ? stn__later(node->born, type->offsets[node->step]) : STN_NEVER;
}

static uint32_t
at_least_one(uint32_t gap)
{
    return gap < 1 ? 1 : gap;
}

static stn__words
pay_draw(const stn__actor *actor, const stn__node *node, uint32_t time)
{
    uint32_t purpose = node_flag(node, STN__FLAG_FALSE) ? STN_DRAW_PAY_FALSE : STN_DRAW_PAY;

    return stn__draw(actor->seed, purpose, (uint32_t) actor->population, actor->row, node->key, time);
}

/* Adds or takes away what a record counts for. A full term stays so, which no
 * condition can tell from more (they compare with 255 at most); but how many
 * are left when one of so many no longer counts, nobody knows. */
static void
count_terms(stn__actor *actor, uint32_t mask, int change)
{
    for (; mask != 0; mask &= mask - 1) {
        uint16_t *term = &actor->terms[__builtin_ctz(mask)];
        if (*term != UINT16_MAX) {
            *term = (uint16_t) (*term + change);
        } else if (change < 0) {
            actor->worker->past_limit = true;
        }
    }
}

/* What one record counts for, at one moment. */
typedef struct weight {
    uint32_t terms;
    bool points;
} weight;

static weight
weight_of(const stn__record_type *type, const stn__node *node)
{
    int confirmed = node_flag(node, STN__FLAG_CONFIRMED);

    if (node->step == 0) {
        return (weight){ 0, false };
    }
    return (weight){ type->terms[confirmed][node->step - 1], type->counts[confirmed][node->step - 1] };
}

/* Puts a change of one record's weight into effect and settles if that can
 * matter. Most records only move a rating within an interval that no condition
 * tells apart; then nothing follows. */
static void
weigh(stn__actor *actor, uint32_t time, const stn__record_type *type, weight before, weight after)
{
    const stn__population_plan *plan = actor->plan;
    stn__life *life = actor->life;
    const stn__dossier *dossier = actor->dossier;
    stn__change change = { .rose = after.terms & ~before.terms, .ended = STN_NONE };
    uint32_t fell = before.terms & ~after.terms;
    int32_t moved = actor->rated ? ((int32_t) after.points - (int32_t) before.points) * type->points : 0;
    bool within = true;

    if (change.rose == 0 && fell == 0 && moved == 0) {
        return;
    }
    count_terms(actor, change.rose, 1);
    count_terms(actor, fell, -1);
    if (moved != 0) {
        int32_t old_rating = stn__cut(plan, life->points), new_rating;
        if (__builtin_add_overflow(life->points, moved, &life->points)) {
            actor->worker->past_limit = true; /* the run ends, so what they are now does not matter */
        }
        new_rating = stn__cut(plan, life->points);
        change.rating = old_rating != new_rating;
        within = plan->interval[old_rating - plan->min] == plan->interval[new_rating - plan->min]
            && (dossier->ever & ~dossier->on & plan->rating_reopens) == 0;
    }
    if (change.rose == 0 && fell == 0 && within && (dossier->flags & STN__LIFE_DOUBT) == 0 && dossier->wrong == 0) {
        return;
    }
    stn__settle(actor, time, &change);
}

static void
record_count(stn__actor *actor, const stn__record_type *type, const stn__node *node, uint32_t time, int32_t kind,
    int32_t counter)
{
    bool wrong = node_flag(node, STN__FLAG_FALSE);

    actor->counts[counter + type->behaviour]++;
    stn__emit(actor->worker, &(stn_event){ time, actor->row, actor->population, kind, type->behaviour, (uint64_t) type->agency + (wrong ? 65536u : 0u) });
}

/* Puts a record back into the list for its next step, or drops it if it has
 * none: what it counts for then stays in points and terms for good. False
 * records that count are kept, so that they can be told apart. */
static void
record_keep(stn__actor *actor, const stn__record_type *type, uint32_t number)
{
    stn__node *node = &actor->worker->run->nodes[number];
    uint32_t step = step_time(type, node);
    weight now = weight_of(type, node);

    node->time = step <= node->pay ? step : node->pay;
    if (node->time >= actor->worker->run->horizon) {
        if (!node_flag(node, STN__FLAG_FALSE) || (now.terms == 0 && !now.points)) {
            node_give(actor->worker, number);
            return;
        }
        node->time = STN_NEVER;
    }
    node_insert(actor, number);
}

/* Suspected until the verdict: draws it. Returns whether the record is cleared. */
static bool
verdict(stn__actor *actor, const stn__record_type *type, stn__node *node, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;
    bool wrong = node_flag(node, STN__FLAG_FALSE);
    stn__words draw = stn__draw(actor->seed, wrong ? STN_DRAW_VERDICT_FALSE : STN_DRAW_VERDICT,
        (uint32_t) actor->population, actor->row, node->key, type->hash);

    if (stn__below(draw.w[0], wrong ? type->not_acted : type->acted)) {
        node_set(node, STN__FLAG_CONFIRMED);
        record_count(actor, type, node, time, STN__EVENT_CONFIRMED, wrong ? c->false_confirmed : c->confirmed);
        return false;
    }
    record_count(actor, type, node, time, STN__EVENT_CLEARED, wrong ? c->false_cleared : c->cleared);
    return true;
}

/* Birth, verdict or forgetting. The node is out of the list. */
static void
record_step(stn__actor *actor, uint32_t number, uint32_t time)
{
    stn__node *node = &actor->worker->run->nodes[number];
    const stn__record_type *type = &actor->plan->types[node->type];
    const stn__counters *c = &actor->people->counters;
    weight before = weight_of(type, node), after;
    int32_t step = node->step;
    bool cleared = false;

    if (node_flag(node, STN__FLAG_FALSE)) {
        actor->dossier->flags |= STN__LIFE_DOUBT; /* a verdict too may make it count */
    }
    if (step == 0) {
        bool wrong = node_flag(node, STN__FLAG_FALSE);
        record_count(actor, type, node, time, STN__EVENT_BORN, wrong ? c->false_records : c->records);
        if (type->settles) {
            node->pay = stn__later(time, at_least_one(stn__gap(pay_draw(actor, node, time).w[1], type->chances)));
        }
        if (type->verdict_step == STN_NONE) {
            node_set(node, STN__FLAG_CONFIRMED);
        }
    }
    if (step == type->verdict_step) {
        cleared = verdict(actor, type, node, time);
    }
    node->step++;
    after = cleared ? (weight){ 0, false } : weight_of(type, node);
    if (cleared) {
        node_give(actor->worker, number);
    } else {
        record_keep(actor, type, number);
    }
    weigh(actor, time, type, before, after);
}

/* A chance to pay, or the end of what was paid. The node is out of the list. */
static void
record_pay(stn__actor *actor, uint32_t number, uint32_t time)
{
    stn__node *node = &actor->worker->run->nodes[number];
    const stn__record_type *type = &actor->plan->types[node->type];
    double p = type->taken;
    stn__words draw;

    if (node_flag(node, STN__FLAG_PAID)) {
        weight before = weight_of(type, node);
        record_count(actor, type, node, time, STN__EVENT_SETTLED, actor->people->counters.settled);
        node_give(actor->worker, number);
        weigh(actor, time, type, before, (weight){ 0, false });
        return;
    }
    draw = pay_draw(actor, node, time);
    if (actor->life->closed != 0) {
        p = p * type->strain;
    }
    if (stn__below(draw.w[0], p)) {
        node_set(node, STN__FLAG_PAID);
        node->pay = stn__later(time, type->settle_after);
    } else {
        node->pay = stn__later(time, at_least_one(stn__gap(draw.w[1], type->chances)));
    }
    record_keep(actor, type, number);
}

/* A false-record entry strikes: the record is born at once, the entry waits. */
static void
false_strike(stn__actor *actor, uint32_t number, uint32_t time)
{
    const stn__population_plan *plan = actor->plan;
    stn__node *node = &actor->worker->run->nodes[number];
    int32_t entry = node->type;
    uint32_t j = node->key, born;
    const stn__record_type *type = &plan->types[plan->false_types[entry]];
    double rate = plan->false_rate[(size_t) actor->cell * (size_t) plan->false_count + (size_t) entry];
    stn__words draw = stn__draw(actor->seed, STN_DRAW_FALSE, (uint32_t) actor->population, actor->row, j + 1, type->hash);

    node->key = j + 1;
    node->time = stn__later(time, stn__gap(draw.w[0], rate));
    if (node->time < actor->worker->run->horizon) {
        node_insert(actor, number);
    } else {
        node_give(actor->worker, number);
    }
    born = node_take(actor->worker);
    if (born == 0) {
        return;
    }
    actor->worker->run->nodes[born] = (stn__node){ .time = time, .born = time, .key = j, .pay = STN_NEVER,
        .type = (uint16_t) plan->false_types[entry], .bits = STN__NODE_RECORD | STN__FLAG_FALSE << 2 };
    record_step(actor, born, time);
}

static void
publish(stn__actor *actor, int32_t list, uint32_t time)
{
    stn__dossier *dossier = actor->dossier;
    stn__change change = { .lists = 1u << list, .ended = STN_NONE };

    if (((dossier->on ^ dossier->published) & change.lists) == 0) {
        return;
    }
    dossier->published ^= change.lists;
    if ((dossier->published & change.lists) != 0) {
        actor->counts[actor->people->counters.list_published + list]++;
    }
    stn__emit(actor->worker, &(stn_event){ time, actor->row, actor->population, STN__EVENT_PUBLISHED, list, (dossier->published & change.lists) != 0 });
    stn__settle(actor, time, &change);
}

void
stn__happen(stn__actor *actor)
{
    uint32_t number = actor->life->head;
    stn__node *node = &actor->worker->run->nodes[number];
    uint32_t time = node->time;
    int32_t list = node->type;
    stn__change change = { .ended = list };

    head_set(actor, node->next);
    switch (node_kind(node)) {
    case STN__NODE_RECORD:
        if (step_time(&actor->plan->types[node->type], node) == time) {
            record_step(actor, number, time);
        } else {
            record_pay(actor, number, time);
        }
        break;
    case STN__NODE_TERM:
        node_give(actor->worker, number);
        stn__settle(actor, time, &change);
        break;
    case STN__NODE_PUBLISH:
        node_give(actor->worker, number);
        publish(actor, list, time);
        break;
    case STN__NODE_FALSE:
        false_strike(actor, number, time);
        break;
    default:
        stn__broken("a node of a known kind", __FILE__, __LINE__);
    }
}

