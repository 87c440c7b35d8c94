/* SPDX-License-Identifier: Apache-2.0
 *
 * process.c - what may come of a record by due process: petitions against it,
 * its correction, its repair. docs/semantics.md, section 15.
 *
 * Each is a node of its own that names its record, so that a record without
 * due process costs nothing. */
#include "engine/engine.h"

static const stn__process_plan *
process_of(const stn__actor *actor, const stn__record_type *type)
{
    return &actor->plan->processes[type->process];
}

/* A node of some kind that names a record. */
static stn__node
named(const stn__node *record, stn__node_kind kind, uint32_t time)
{
    return (stn__node){ .time = time, .key = record->key, .type = record->type, .kind = (uint8_t) kind,
        .flags = record->flags & STN__FLAG_FALSE };
}

/* Schedules something that names the record, which then has to be kept. */
static void
pend(stn__actor *actor, uint32_t record, const stn__node *node)
{
    if (stn__schedule(actor, node)) {
        actor->worker->run->nodes[record].pending++;
    }
}

/* --------------------------------------------------------------- petitions */

static stn__words
petition_draw(const stn__actor *actor, const stn__node *node, int32_t stage)
{
    const stn__record_type *type = &actor->plan->types[node->type];

    return stn__record_draw(actor, node, stage == 0 ? STN_DRAW_OBJECTION : STN_DRAW_APPEAL, type->holder_hash);
}

/* Whether and when a petition of this stage will be filed, from `time` on. */
static void
petition_begin(stn__actor *actor, uint32_t record, int32_t stage, uint32_t time)
{
    const stn__node *node = &actor->worker->run->nodes[record];
    const stn__process_plan *process = process_of(actor, &actor->plan->types[node->type]);
    const stn__petition_plan *petition = &process->petitions[stage];
    stn__words draw = petition_draw(actor, node, stage);
    stn__node filing;

    if (stn__below(draw.w[0], petition->files[!stn__node_is_false(node)])) {
        filing = named(node, STN__NODE_PETITION,
            stn__later(time, (uint32_t) ((uint64_t) draw.w[1] * petition->within >> 32)));
        filing.step = (uint8_t) stage;
        pend(actor, record, &filing);
    }
}

/* Agency, truth and stage, as events say them. */
static uint64_t
petition_value(const stn__record_type *type, const stn__node *node)
{
    return (uint64_t) type->agency + (stn__node_is_false(node) ? 65536u : 0u) + ((uint64_t) node->step << 32);
}

static void
petition_file(stn__actor *actor, const stn__node *node, uint32_t time)
{
    const stn__record_type *type = &actor->plan->types[node->type];
    const stn__counters *c = &actor->people->counters;
    const stn__petition_plan *petition = &process_of(actor, type)->petitions[node->step];
    uint32_t record = stn__record_find(actor, node);
    stn__node decision = *node;

    if (record == 0) {
        return;
    }
    if (!stn__pay(actor, time, petition->fee, c->fee_yuan)) {
        stn__record_loosen(actor, record);
        return;
    }
    actor->counts[c->filed[node->step] + type->agency]++;
    actor->counts[c->pending[node->step] + type->agency]++;
    stn__note(actor, time, STN__EVENT_FILED, type->behaviour, petition_value(type, node));
    decision.born = 1;
    decision.pay = 0;
    decision.time = petition->desks == 0 ? stn__later(time, petition->duration) : STN_NEVER;
    if (decision.time >= actor->worker->run->horizon) {
        decision.time = STN_NEVER;
    }
    stn__keep(actor, &decision); /* what was pending for the filing goes over to it */
    if (petition->desks != 0) {
        stn__case_file(actor->worker, &(stn__case){ .queue = 2 * type->process + node->step,
            .population = actor->population, .behaviour = type->behaviour, .row = actor->row, .time = time,
            .node = decision });
    }
    if (petition->suspends) {
        stn__record_suspend(actor, record, time, true);
    }
}

enum { DENIED, GRANTED, VOID };

static void
petition_deny(stn__actor *actor, uint32_t record, const stn__node *node, uint32_t time)
{
    const stn__record_type *type = &actor->plan->types[node->type];
    const stn__process_plan *process = process_of(actor, type);
    const stn__petition_plan *petition = &process->petitions[node->step];

    if (petition->suspends) {
        stn__record_suspend(actor, record, time, false);
    }
    if (petition->points != 0) {
        stn__points_add(actor, time, petition->points);
    }
    if (node->step == 0 && process->petitions[1].given) {
        petition_begin(actor, record, 1, time);
    }
    stn__record_loosen(actor, record);
}

static void
petition_decide(stn__actor *actor, const stn__node *node, uint32_t time)
{
    const stn__record_type *type = &actor->plan->types[node->type];
    const stn__counters *c = &actor->people->counters;
    const stn__petition_plan *petition = &process_of(actor, type)->petitions[node->step];
    uint32_t record = stn__record_find(actor, node);
    int32_t outcome = VOID, stage = node->step;

    if (record != 0) {
        bool granted = stn__below(petition_draw(actor, node, stage).w[2], petition->succeeds[!stn__node_is_false(node)]);
        outcome = granted ? GRANTED : DENIED;
    }
    actor->counts[c->pending[stage] + type->agency]--;
    actor->counts[c->wait_minutes[stage] + type->agency] += node->pay;
    actor->counts[(outcome == VOID ? c->voided : outcome == GRANTED ? c->granted : c->denied)[stage] + type->agency]++;
    stn__note(actor, time, STN__EVENT_DECIDED, type->behaviour,
        petition_value(type, node) + ((uint64_t) outcome << 33));
    if (outcome == GRANTED) {
        stn__record_end(actor, record, time, STN__GRANTED);
    } else if (outcome == DENIED) {
        petition_deny(actor, record, node, time);
    }
}

void
stn__petition_schedule(stn__actor *actor, const stn__node *decision, uint32_t time)
{
    stn__node *nodes = actor->worker->run->nodes;
    uint32_t number = actor->life->head;

    while (!(nodes[number].kind == STN__NODE_PETITION && nodes[number].time == STN_NEVER && nodes[number].key == decision->key
             && nodes[number].type == decision->type && nodes[number].step == decision->step
             && stn__node_is_false(&nodes[number]) == stn__node_is_false(decision))) {
        number = nodes[number].next;
        STN_INVARIANT(number != 0);
    }
    stn__node_unlink(actor, number);
    nodes[number].pay = decision->pay;
    nodes[number].time = time;
    stn__node_insert(actor, number);
}

void
stn__petition_void(stn__actor *actor, const stn__node *node)
{
    const stn__counters *c = &actor->people->counters;
    int32_t agency = actor->plan->types[node->type].agency;

    actor->counts[c->pending[node->step] + agency]--;
    actor->counts[c->voided[node->step] + agency]++;
}

void
stn__petition(stn__actor *actor, const stn__node *node, uint32_t time)
{
    if (node->born == 0) {
        petition_file(actor, node, time);
    } else {
        petition_decide(actor, node, time);
    }
}

/* ---------------------------------------------------- correction and repair */

void
stn__correct(stn__actor *actor, const stn__node *node, uint32_t time)
{
    const stn__record_type *type = &actor->plan->types[node->type];
    uint32_t record = stn__record_find(actor, node);

    if (record != 0) {
        actor->counts[actor->people->counters.corrected + type->behaviour]++;
        stn__record_end(actor, record, time, STN__CORRECTED);
    }
}

/* Whether somebody meets what a repair needs. */
static bool
is_fit(stn__actor *actor, const stn__process_plan *process)
{
    stn__view view;

    if (!process->needs_given) {
        return true;
    }
    stn__see(actor, &view);
    return stn__rule_holds(&process->needs, &view.real);
}

void
stn__repair(stn__actor *actor, const stn__node *node, uint32_t time)
{
    const stn__record_type *type = &actor->plan->types[node->type];
    const stn__process_plan *process = process_of(actor, type);
    const stn__counters *c = &actor->people->counters;
    uint32_t record = stn__record_find(actor, node);
    stn__node next = *node;
    stn__words draw;

    if (record == 0) {
        return;
    }
    if (node->born != 0) {
        actor->counts[c->repaired + type->behaviour]++;
        stn__record_end(actor, record, time, STN__REPAIRED);
        return;
    }
    draw = stn__record_draw(actor, node, STN_DRAW_REPAIR, time);
    if (stn__below(draw.w[0], process->repair_taken) && is_fit(actor, process)
        && stn__pay(actor, time, process->repair_fee, c->fee_yuan)) {
        next.born = 1;
        next.time = stn__later(time, process->repair_duration);
    } else {
        next.time = stn__later(time, stn__wait(draw.w[1], process->repair_chances));
    }
    pend(actor, record, &next);
    stn__record_loosen(actor, record);
}

/* ------------------------------------------------------------------- birth */

void
stn__process_begin(stn__actor *actor, uint32_t number, uint32_t time)
{
    const stn__node *node = &actor->worker->run->nodes[number];
    const stn__record_type *type = &actor->plan->types[node->type];
    const stn__process_plan *process;
    stn__node next;

    if (type->fine != STN_NONE) {
        next = named(node, STN__NODE_FINE, stn__later(time, actor->plan->fines[type->fine].due));
        pend(actor, number, &next);
    }
    if (type->process == STN_NONE) {
        return;
    }
    process = process_of(actor, type);
    if (process->petitions[0].given || process->petitions[1].given) {
        petition_begin(actor, number, process->petitions[0].given ? 0 : 1, time);
    }
    if (stn__node_is_false(node) && process->correction > 0) {
        stn__words draw = stn__record_draw(actor, node, STN_DRAW_CORRECTION, type->holder_hash);
        next = named(node, STN__NODE_CORRECT, stn__later(time, stn__wait(draw.w[0], process->correction)));
        pend(actor, number, &next);
    }
    if (process->repairs) {
        stn__words draw = stn__record_draw(actor, node, STN_DRAW_REPAIR, time);
        next = named(node, STN__NODE_REPAIR, stn__later(stn__later(time, process->repair_after),
            stn__wait(draw.w[1], process->repair_chances)));
        pend(actor, number, &next);
    }
}
