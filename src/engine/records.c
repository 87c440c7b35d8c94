/* SPDX-License-Identifier: Apache-2.0
 *
 * records.c - what has been scheduled for an actor, and what becomes of its
 * records: their steps, payments and ends, false records, redemption, reviews.
 *
 * Called for every record some three times in its life; records are a few per
 * cent of opportunities. Nodes come from one arena that threads take chunks
 * of, so nothing is allocated after the start. */
#include "engine/engine.h"

/* ------------------------------------------------------------------- nodes */

enum { NODE_CHUNK = 1024, FILE_CHUNK = 256 }; /* taken by a thread at once */

static bool
has_flag(const stn__node *node, int flag)
{
    return (node->flags & flag) != 0;
}

static void
set_flag(stn__node *node, int flag)
{
    node->flags = (uint8_t) (node->flags | flag);
}

stn__file *
stn__file_own(stn__actor *actor)
{
    stn__people *people = actor->people;
    stn__worker *worker = actor->worker;
    uint32_t *fresh = &worker->file_fresh[actor->population], *end = &worker->file_end[actor->population];

    if (actor->life->file == 0) {
        if (*fresh == *end) {
            *fresh = atomic_fetch_add(&people->file_fresh, FILE_CHUNK);
            *end = *fresh + FILE_CHUNK; /* there is room for a file of everybody and chunks of all threads */
            STN_INVARIANT(*end <= people->file_room);
        }
        actor->life->file = (*fresh)++;
        actor->file = stn__file_at(people, actor->life->file);
    }
    return stn__file_at(people, actor->life->file);
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
    if (node->time != new->time) {
        return node->time < new->time;
    }
    return node->kind != new->kind ? node->kind < new->kind
                                   : node->kind != STN__NODE_FALSE || node->type <= new->type;
}

/* Makes a node (or 0, none) the first of an actor's. */
static void
head_set(stn__actor *actor, uint32_t number)
{
    actor->life->head = number;
    actor->people->first[actor->row] = number != 0 ? actor->worker->run->nodes[number].time : STN_NEVER;
}

void
stn__node_insert(stn__actor *actor, uint32_t number)
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
stn__node_unlink(stn__actor *actor, uint32_t number)
{
    stn__node *nodes = actor->worker->run->nodes;
    uint32_t head = actor->life->head, *link = &head;

    while (*link != number) {
        link = &nodes[*link].next;
    }
    *link = nodes[number].next;
    head_set(actor, head);
}

bool
stn__schedule(stn__actor *actor, const stn__node *node)
{
    uint32_t number;

    if (node->time >= actor->worker->run->horizon) {
        return false;
    }
    number = node_take(actor->worker);
    if (number != 0) {
        actor->worker->run->nodes[number] = *node;
        stn__node_insert(actor, number);
    }
    return number != 0;
}

void
stn__keep(stn__actor *actor, const stn__node *node)
{
    uint32_t number = node_take(actor->worker);

    if (number != 0) {
        actor->worker->run->nodes[number] = *node;
        stn__node_insert(actor, number);
    }
}

void
stn__unschedule(stn__actor *actor, stn__node_kind kind, int32_t type)
{
    const stn__node *nodes = actor->worker->run->nodes;
    uint32_t number = actor->life->head;

    while (number != 0 && !(nodes[number].kind == kind && nodes[number].type == type)) {
        number = nodes[number].next;
    }
    if (number != 0) {
        stn__node_unlink(actor, number);
        node_give(actor->worker, number);
    }
}

void
stn__forget_all(stn__actor *actor)
{
    const stn__node *nodes = actor->worker->run->nodes;

    if (actor->life->head == 0) {
        return;
    }
    for (uint32_t number = actor->life->head; number != 0;) {
        uint32_t next = nodes[number].next;
        node_give(actor->worker, number);
        number = next;
    }
    head_set(actor, 0);
}

uint32_t
stn__record_find(const stn__actor *actor, const stn__node *named)
{
    const stn__node *nodes = actor->worker->run->nodes;
    uint32_t number = actor->life->head;

    while (number != 0) {
        const stn__node *node = &nodes[number];
        if (node->kind == STN__NODE_RECORD && node->key == named->key && node->type == named->type
            && stn__node_is_false(node) == stn__node_is_false(named)) {
            break;
        }
        number = node->next;
    }
    return number;
}

/* ------------------------------------------------------ what a record counts */

static const stn__record_type *
type_of(const stn__actor *actor, const stn__node *node)
{
    return &actor->plan->types[node->type];
}

/* What one record counts for, at one moment. */
typedef struct weight {
    uint32_t terms;
    bool points;
} weight;

static const weight NOTHING = { 0, false };

static weight
weight_of(const stn__record_type *type, const stn__node *node)
{
    int confirmed = has_flag(node, STN__FLAG_CONFIRMED);

    if (node->step == 0 || has_flag(node, STN__FLAG_SUSPENDED)) {
        return NOTHING;
    }
    return (weight){ type->terms[confirmed][node->step - 1],
        type->counts[confirmed][node->step - 1] && !has_flag(node, STN__FLAG_REDEEMED) };
}

static uint32_t
record_cause(const stn__record_type *type, const stn__node *node)
{
    if (stn__node_is_false(node)) {
        return STN_NEVER;
    }
    return node->born > type->cause_delay ? node->born - type->cause_delay : 0;
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

/* Moves the uncut points; returns whether some condition may see it. */
static bool
points_move(stn__actor *actor, uint32_t time, int32_t moved, stn__change *change)
{
    const stn__population_plan *plan = actor->plan;
    stn__life *life = actor->life;
    int32_t old_rating = stn__cut(plan, life->points), new_rating;

    if (__builtin_add_overflow(life->points, moved, &life->points)) {
        actor->worker->past_limit = true; /* the run ends, so what they are now does not matter */
    }
    new_rating = stn__cut(plan, life->points);
    if (!actor->rated) {
        return false;
    }
    if (old_rating != new_rating) {
        change->rating = true;
        stn__remark(actor, time, STN__REMARK_RATING, 0,
            (uint32_t) new_rating + ((uint64_t) (plan->band[new_rating - plan->min] + 1) << 32));
    }
    return plan->interval[old_rating - plan->min] != plan->interval[new_rating - plan->min]
        || (actor->file->ever & ~actor->file->on & plan->rating_reopens) != 0;
}

void
stn__points_add(stn__actor *actor, uint32_t time, int32_t points)
{
    stn__change change = STN__NO_CHANGE;

    (void) points_move(actor, time, points, &change);
    if (change.rating) {
        stn__settle(actor, time, &change);
    }
}

/* Puts a change of one record's weight into effect, adding to `change`; returns
 * whether some condition may see it. */
static bool
weight_change(stn__actor *actor, uint32_t time, const stn__record_type *type, weight before, weight after,
    stn__change *change)
{
    uint32_t rose = after.terms & ~before.terms, fell = before.terms & ~after.terms;
    int32_t moved = ((int32_t) after.points - (int32_t) before.points) * type->points;
    bool seen = (rose | fell) != 0;

    change->rose |= rose;
    count_terms(actor, rose, 1);
    count_terms(actor, fell, -1);
    if (moved != 0 && points_move(actor, time, moved, change)) {
        seen = true;
    }
    if (type->steals && after.points && !before.points) {
        stn__unschedule(actor, STN__NODE_REDEEM, 0);
        (void) stn__schedule(actor, &(stn__node){ .time = stn__later(time, actor->plan->redeem),
            .kind = STN__NODE_REDEEM });
    }
    return seen;
}

/* The same for one record alone, and settles if that can matter. Most records
 * only move a rating within an interval that no condition tells apart; then
 * nothing follows. */
static void
weigh(stn__actor *actor, uint32_t time, const stn__record_type *type, weight before, weight after, uint32_t cause)
{
    stn__change change = STN__NO_CHANGE;
    bool same_terms = before.terms == after.terms, seen;

    change.cause = cause;
    if (same_terms && (before.points == after.points || type->points == 0)) {
        return;
    }
    seen = weight_change(actor, time, type, before, after, &change);
    if (same_terms && !actor->rated) {
        return; /* nobody sees the points */
    }
    if (seen || (actor->life->flags & STN__LIFE_DOUBT) != 0 || actor->file->wrong != 0 || actor->file->web.mistold != 0) {
        stn__settle(actor, time, &change);
    }
}

/* ----------------------------------------------------------------- records */

static uint32_t
step_time(const stn__record_type *type, const stn__node *node)
{
    return node->step < type->step_count ? stn__later(node->born, type->offsets[node->step]) : STN_NEVER;
}

static stn__words
pay_draw(const stn__actor *actor, const stn__node *node, uint32_t time)
{
    uint32_t purpose = stn__node_is_false(node) ? STN_DRAW_PAY_FALSE : STN_DRAW_PAY;

    return stn__draw(actor->seed, purpose, (uint32_t) actor->population, actor->row, node->key, time);
}

/* Holder and truth, as events say them. */
static uint64_t
event_value(const stn__record_type *type, const stn__node *node)
{
    return (uint64_t) type->agency + (stn__node_is_false(node) ? 65536u : 0u);
}

static void
record_count(stn__actor *actor, const stn__record_type *type, const stn__node *node, uint32_t time, int32_t kind,
    int32_t counter)
{
    actor->counts[counter + type->behaviour]++;
    stn__note(actor, time, kind, type->behaviour, event_value(type, node));
}

/* Whether a record with no step ahead must be kept, because something may still
 * ask for it. What others count for stays in points and terms for good; false
 * ones that count are kept so that they can be told apart. */
static bool
is_wanted(const stn__record_type *type, const stn__node *node)
{
    weight now = weight_of(type, node);

    return node->pending != 0 || type->lasting
        || (stn__node_is_false(node) && (now.terms != 0 || now.points));
}

/* Puts a record back into the list for its next step, or drops it if it has none. */
static void
record_keep(stn__actor *actor, const stn__record_type *type, uint32_t number)
{
    stn__node *node = &actor->worker->run->nodes[number];
    uint32_t step = step_time(type, node);

    node->time = step <= node->pay ? step : node->pay;
    if (node->time >= actor->worker->run->horizon) {
        if (!is_wanted(type, node)) {
            node_give(actor->worker, number);
            return;
        }
        node->time = STN_NEVER;
    }
    stn__node_insert(actor, number);
}

void
stn__record_loosen(stn__actor *actor, uint32_t number)
{
    stn__node *node = &actor->worker->run->nodes[number];

    node->pending--;
    if (node->time == STN_NEVER && !is_wanted(type_of(actor, node), node)) {
        stn__node_unlink(actor, number);
        node_give(actor->worker, number);
    }
}

/* Suspected until the verdict: draws it. Returns whether the record is cleared. */
static bool
verdict(stn__actor *actor, const stn__record_type *type, stn__node *node, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;
    bool wrong = stn__node_is_false(node);

    if (type->kind != STN__ROOT) { /* learns what the agency that made it found */
        if (has_flag(node, STN__FLAG_FATE)) {
            set_flag(node, STN__FLAG_CONFIRMED);
        }
        return false;
    }
    if (stn__verdict_confirms(actor, type, node)) {
        set_flag(node, STN__FLAG_CONFIRMED);
        record_count(actor, type, node, time, STN__EVENT_CONFIRMED, wrong ? c->false_confirmed : c->confirmed);
        return false;
    }
    record_count(actor, type, node, time, STN__EVENT_CLEARED, wrong ? c->false_cleared : c->cleared);
    return true;
}

bool
stn__verdict_confirms(const stn__actor *actor, const stn__record_type *type, const stn__node *node)
{
    bool wrong = stn__node_is_false(node);
    stn__words draw = stn__draw(actor->seed, wrong ? STN_DRAW_VERDICT_FALSE : STN_DRAW_VERDICT,
        (uint32_t) actor->population, actor->row, node->key, type->hash);

    return type->verdict_step == STN_NONE || stn__below(draw.w[0], wrong ? type->not_acted : type->acted);
}

static void
record_birth(stn__actor *actor, uint32_t number, uint32_t time)
{
    stn__node *node = &actor->worker->run->nodes[number];
    const stn__record_type *type = type_of(actor, node);
    const stn__counters *c = &actor->people->counters;

    if (type->kind == STN__ROOT) {
        record_count(actor, type, node, time, STN__EVENT_BORN, stn__node_is_false(node) ? c->false_records : c->records);
    } else {
        bool misfiled = type->kind == STN__MISFILED;
        actor->counts[c->known + type->agency]++;
        actor->counts[c->misfiled + type->agency] += misfiled;
        stn__note(actor, time, misfiled ? STN__EVENT_MISFILED : STN__EVENT_COPY, type->behaviour,
            misfiled ? (uint64_t) type->agency : event_value(type, node));
    }
    if (type->settles) {
        node->pay = stn__later(time, stn__wait(pay_draw(actor, node, time).w[1], type->chances));
    }
    if (type->verdict_step == STN_NONE) {
        set_flag(node, STN__FLAG_CONFIRMED);
    }
    stn__process_begin(actor, number, time);
}

/* Birth, verdict or forgetting. The node is out of the list. */
static void
record_step(stn__actor *actor, uint32_t number, uint32_t time)
{
    stn__node *node = &actor->worker->run->nodes[number];
    const stn__record_type *type = type_of(actor, node);
    weight before = weight_of(type, node), after = NOTHING;
    uint32_t cause = record_cause(type, node);
    int32_t step = node->step;

    if (stn__node_is_false(node)) {
        actor->life->flags |= STN__LIFE_DOUBT; /* a verdict too may make it count */
    }
    if (step == 0) {
        record_birth(actor, number, time);
    }
    if (step == type->verdict_step && verdict(actor, type, node, time)) {
        if (step > type->send_step) {
            stn__send_end(actor, node, time);
        }
        node_give(actor->worker, number);
    } else {
        if (step == type->send_step) {
            stn__send(actor, node, time);
        }
        node->step++;
        after = weight_of(type, node);
        record_keep(actor, type, number);
    }
    weigh(actor, time, type, before, after, cause);
}

/* Takes a record that is out of the list out of the world. */
static void
record_over(stn__actor *actor, uint32_t number, uint32_t time, uint32_t cause)
{
    stn__node *node = &actor->worker->run->nodes[number];
    const stn__record_type *type = type_of(actor, node);
    weight before = weight_of(type, node);

    if (node->step > type->send_step) {
        stn__send_end(actor, node, time);
    }
    node_give(actor->worker, number);
    weigh(actor, time, type, before, NOTHING, cause);
}

static void
ended_note(stn__actor *actor, const stn__node *node, uint32_t time, int32_t how)
{
    const stn__record_type *type = type_of(actor, node);

    stn__note(actor, time, STN__EVENT_ENDED, type->behaviour, event_value(type, node) + ((uint64_t) how << 32));
}

void
stn__record_end(stn__actor *actor, uint32_t number, uint32_t time, int32_t how)
{
    ended_note(actor, &actor->worker->run->nodes[number], time, how);
    stn__node_unlink(actor, number);
    record_over(actor, number, time, STN_NEVER);
}

void
stn__record_fix_end(stn__actor *actor, uint32_t number, uint32_t time)
{
    stn__node *node = &actor->worker->run->nodes[number];

    if (has_flag(node, STN__FLAG_ENDS) && node->pay <= time) {
        return;
    }
    stn__node_unlink(actor, number);
    set_flag(node, STN__FLAG_ENDS);
    node->pay = time;
    record_keep(actor, type_of(actor, node), number);
}

void
stn__record_suspend(stn__actor *actor, uint32_t number, uint32_t time, bool suspend)
{
    stn__node *node = &actor->worker->run->nodes[number];
    const stn__record_type *type = type_of(actor, node);
    weight before = weight_of(type, node);

    if (suspend) {
        set_flag(node, STN__FLAG_SUSPENDED);
    } else {
        node->flags = (uint8_t) (node->flags & ~STN__FLAG_SUSPENDED);
        if (stn__node_is_false(node)) {
            actor->life->flags |= STN__LIFE_DOUBT;
        }
    }
    weigh(actor, time, type, before, weight_of(type, node), suspend ? STN_NEVER : record_cause(type, node));
}

/* A chance to pay, or an end that was fixed. The node is out of the list. */
static void
record_pay(stn__actor *actor, uint32_t number, uint32_t time)
{
    stn__node *node = &actor->worker->run->nodes[number];
    const stn__record_type *type = type_of(actor, node);
    const stn__counters *c = &actor->people->counters;
    double p = type->taken;
    stn__words draw;

    if (has_flag(node, STN__FLAG_ENDS)) {
        if (type->kind == STN__ROOT) {
            record_count(actor, type, node, time, STN__EVENT_SETTLED, c->settled);
        } else {
            ended_note(actor, node, time, STN__TOLD);
        }
        record_over(actor, number, time, record_cause(type, node));
        return;
    }
    draw = pay_draw(actor, node, time);
    if (stn__closed(actor) != 0) {
        p = p * type->strain;
    }
    if (stn__below(draw.w[0], p) && stn__pay(actor, time, stn__debt(actor, type), c->debt_yuan + type->behaviour)) {
        if (actor->plan->money) {
            stn__note(actor, time, STN__EVENT_PAID, type->behaviour, (uint64_t) stn__debt(actor, type));
        }
        set_flag(node, STN__FLAG_ENDS);
        node->pay = stn__later(time, type->settle_after);
    } else {
        stn__remark(actor, time, STN__REMARK_UNPAID, type->behaviour, 0);
        node->pay = stn__later(time, stn__wait(draw.w[1], type->chances));
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
        stn__node_insert(actor, number);
    } else {
        node_give(actor->worker, number);
    }
    born = node_take(actor->worker);
    if (born == 0) {
        return;
    }
    actor->worker->run->nodes[born] = (stn__node){ .time = time, .born = time, .key = j, .pay = STN_NEVER,
        .type = (uint16_t) plan->false_types[entry], .kind = STN__NODE_RECORD, .flags = STN__FLAG_FALSE };
    record_step(actor, born, time);
}

/* ---------------------------------------------------------- pardon, redemption */

/* The order in which pardoned records end. */
static bool
pardoned_before(const stn__actor *actor, const stn__node *a, const stn__node *b)
{
    const stn__record_type *ta = type_of(actor, a), *tb = type_of(actor, b);

    if (a->born != b->born) {
        return a->born < b->born;
    }
    if (ta->behaviour != tb->behaviour) {
        return ta->behaviour < tb->behaviour;
    }
    if (ta->agency != tb->agency) {
        return ta->agency < tb->agency;
    }
    return stn__node_is_false(a) != stn__node_is_false(b) ? stn__node_is_false(b) : a->key < b->key;
}

static uint32_t
pardoned_next(const stn__actor *actor, const stn_pardon *pardon)
{
    const stn__node *nodes = actor->worker->run->nodes;
    uint32_t found = 0;

    for (uint32_t number = actor->life->head; number != 0; number = nodes[number].next) {
        const stn__node *node = &nodes[number];
        const stn__record_type *type;
        if (node->kind != STN__NODE_RECORD || node->step == 0) {
            continue;
        }
        type = type_of(actor, node);
        if (type->kind != STN__COPY && (pardon->agency == STN_NONE || pardon->agency == type->agency)
            && (pardon->behaviours[actor->population] >> type->behaviour & 1) != 0
            && (found == 0 || pardoned_before(actor, node, &nodes[found]))) {
            found = number;
        }
    }
    return found;
}

void
stn__pardon(stn__actor *actor, uint32_t time, const stn_pardon *pardon)
{
    stn__node *nodes = actor->worker->run->nodes;
    stn__change change = STN__NO_CHANGE;
    int32_t points = actor->life->points;
    bool changed = false;

    for (uint32_t number; (number = pardoned_next(actor, pardon)) != 0;) {
        stn__node *node = &nodes[number];
        const stn__record_type *type = type_of(actor, node);
        weight before = weight_of(type, node);
        actor->counts[actor->people->counters.pardoned + type->behaviour]++;
        ended_note(actor, node, time, STN__PARDONED);
        stn__node_unlink(actor, number);
        if (node->step > type->send_step) {
            stn__send_end(actor, node, time);
        }
        node_give(actor->worker, number);
        (void) weight_change(actor, time, type, before, NOTHING, &change);
        changed = changed || before.terms != 0;
    }
    change.rating = actor->rated && stn__cut(actor->plan, points) != stn__cut(actor->plan, actor->life->points);
    if (changed || (actor->rated && points != actor->life->points)) {
        stn__settle(actor, time, &change);
    }
}

static void
redeem(stn__actor *actor, uint32_t time)
{
    stn__node *nodes = actor->worker->run->nodes;
    stn__change change = STN__NO_CHANGE;
    int32_t moved = stn__base_points(actor) - actor->life->points;

    for (uint32_t number = actor->life->head; number != 0; number = nodes[number].next) {
        stn__node *node = &nodes[number];
        if (node->kind == STN__NODE_RECORD && weight_of(type_of(actor, node), node).points) {
            set_flag(node, STN__FLAG_REDEEMED);
        }
    }
    actor->counts[actor->people->counters.redemptions]++;
    stn__note(actor, time, STN__EVENT_REDEEMED, 0, 0);
    if (moved != 0) {
        (void) points_move(actor, time, moved, &change);
    }
    if (moved != 0 && actor->rated) {
        stn__settle(actor, time, &change);
    }
}

/* ----------------------------------------------------------------- ladders */

void
stn__review_begin(stn__actor *actor, uint32_t time)
{
    uint32_t interval = actor->plan->review;
    stn__words draw = stn__draw(actor->seed, STN_DRAW_REVIEW, (uint32_t) actor->population, actor->row, 0, 0);
    uint32_t phase = (uint32_t) ((uint64_t) draw.w[0] * interval >> 32);
    uint32_t wait = (phase + interval - time % interval) % interval;

    (void) stn__schedule(actor, &(stn__node){ .time = stn__later(time, wait == 0 ? interval : wait),
        .kind = STN__NODE_REVIEW });
}

static void
review(stn__actor *actor, uint32_t time)
{
    const stn__population_plan *plan = actor->plan;
    const stn__counters *c = &actor->people->counters;
    stn__change change = STN__NO_CHANGE;
    int32_t old = stn__cut(plan, actor->life->points), band, records, new;

    (void) stn__schedule(actor, &(stn__node){ .time = stn__later(time, plan->review), .kind = STN__NODE_REVIEW });
    if (!actor->rated) {
        return;
    }
    band = plan->band[old - plan->min];
    records = actor->terms[plan->review_term];
    if (records >= plan->move_count[band]) {
        records = plan->move_count[band] - 1;
    }
    new = stn__cut(plan, actor->life->points + plan->moves[band][records]);
    actor->counts[c->reviews]++;
    actor->counts[c->review_rises] += new > old;
    actor->counts[c->review_falls] += new < old;
    (void) points_move(actor, time, new - actor->life->points, &change);
    if (new != old) {
        stn__note(actor, time, STN__EVENT_REVIEW, 0, (uint32_t) new);
        stn__settle(actor, time, &change);
    }
}

/* ------------------------------------------------------------------- events */

void
stn__happen(stn__actor *actor)
{
    uint32_t number = actor->life->head;
    stn__node *node = &actor->worker->run->nodes[number];
    stn__node copy = *node;
    uint32_t time = node->time;
    stn__change change = STN__NO_CHANGE;

    head_set(actor, node->next);
    if (copy.kind == STN__NODE_RECORD) {
        if (step_time(type_of(actor, node), node) == time) {
            record_step(actor, number, time);
        } else {
            record_pay(actor, number, time);
        }
        return;
    }
    if (copy.kind == STN__NODE_FALSE) {
        false_strike(actor, number, time);
        return;
    }
    node_give(actor->worker, number);
    switch ((stn__node_kind) copy.kind) {
    case STN__NODE_PETITION:
        stn__petition(actor, &copy, time);
        break;
    case STN__NODE_CORRECT:
        stn__correct(actor, &copy, time);
        break;
    case STN__NODE_REPAIR:
        stn__repair(actor, &copy, time);
        break;
    case STN__NODE_FINE:
        stn__fine(actor, &copy, time);
        break;
    case STN__NODE_TERM:
        change.ended = copy.type;
        stn__settle(actor, time, &change);
        break;
    case STN__NODE_NOTICE:
        stn__notice(actor, &copy, time);
        break;
    case STN__NODE_TIE:
        stn__tie(actor, &copy, time);
        break;
    case STN__NODE_PUBLISH:
        stn__publish(actor, copy.type, time, copy.born);
        break;
    case STN__NODE_ARCHIVE:
        stn__archive_end(actor, copy.type, time);
        break;
    case STN__NODE_REVIEW:
        review(actor, time);
        break;
    case STN__NODE_REDEEM:
        redeem(actor, time);
        break;
    default:
        stn__broken("a node of a known kind", __FILE__, __LINE__);
    }
}
