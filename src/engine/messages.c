/* SPDX-License-Identifier: Apache-2.0
 *
 * messages.c - what one actor causes another: docs/semantics.md, section 13.
 *
 * Threads write messages and cases into boxes of their own during a window.
 * After it one thread puts them all in the written order, lets the queues
 * decide, and schedules what was sent in its recipients' lives. They are few:
 * one for some thousands of opportunities. */
#include "engine/ranks.h"

#include <stdlib.h>
#include <string.h>

/* Makes room for one more element; false if memory is short. */
static bool
grow(void **elements, size_t count, size_t *room, size_t size)
{
    if (count == *room) {
        size_t more = *room == 0 ? 256 : *room * 2;
        void *grown = realloc(*elements, more * size);
        if (grown == NULL) {
            return false;
        }
        *elements = grown;
        *room = more;
    }
    return true;
}

static bool
mail(stn__mailbox *box, const stn__message *message)
{
    void *messages = box->messages;
    bool ok = grow(&messages, box->count, &box->room, sizeof *message);

    box->messages = messages;
    if (ok) {
        box->messages[box->count++] = *message;
    }
    return ok;
}

void
stn__message_send(stn__actor *actor, const stn__message *message)
{
    stn__mailbox *box = &actor->worker->outbox;
    stn__message sent = *message;

    sent.from_population = actor->population;
    sent.from_row = actor->row;
    sent.order = (uint32_t) box->count;
    if (!mail(box, &sent)) {
        actor->worker->short_of_memory = true;
    }
}

void
stn__case_file(stn__worker *worker, const stn__case *one)
{
    stn__cases *box = &worker->cases;
    void *cases = box->cases;

    if (!grow(&cases, box->count, &box->room, sizeof *one)) {
        worker->short_of_memory = true;
        return;
    }
    box->cases = cases;
    box->cases[box->count++] = *one;
}

#define COMPARE(a, b) do { if ((a) != (b)) { return (a) < (b) ? -1 : 1; } } while (0)

static int
message_order(const void *left, const void *right)
{
    const stn__message *a = left, *b = right;

    COMPARE(a->population, b->population);
    COMPARE(a->row, b->row);
    COMPARE(a->time, b->time);
    COMPARE(a->from_population, b->from_population);
    COMPARE(a->from_row, b->from_row);
    COMPARE(a->kind, b->kind);
    COMPARE(a->order, b->order);
    return 0;
}

static int
case_order(const void *left, const void *right)
{
    const stn__case *a = left, *b = right;

    COMPARE(a->queue, b->queue);
    COMPARE(a->time, b->time);
    COMPARE(a->population, b->population);
    COMPARE(a->row, b->row);
    COMPARE(a->behaviour, b->behaviour);
    COMPARE(a->node.key, b->node.key);
    COMPARE(a->node.flags & STN__FLAG_FALSE, b->node.flags & STN__FLAG_FALSE);
    return 0;
}

/* The window's cases, in order, behind those that the queues have. With ranks they are
 * everybody's, but what is decided is told to this rank's people only. */
static bool
queues_decide(stn_run *run, stn__mailbox *all)
{
    stn__cases cases = { 0 };
    bool ok = true;

    for (int32_t t = 0; t < run->thread_count && ok; t++) {
        stn__cases *part = &run->workers[t].cases;
        for (size_t i = 0; i < part->count && ok; i++) {
            void *grown = cases.cases;
            ok = grow(&grown, cases.count, &cases.room, sizeof *cases.cases);
            cases.cases = grown;
            if (ok) {
                cases.cases[cases.count++] = part->cases[i];
            }
        }
        part->count = 0;
    }
    if (cases.count > 0) {
        qsort(cases.cases, cases.count, sizeof *cases.cases, case_order);
    }
    for (size_t i = 0; i < cases.count && ok; i++) {
        stn__case *one = &cases.cases[i];
        stn__queue *queue = &run->queues[one->queue];
        uint32_t *done = &queue->done[queue->count++ % queue->desks];
        uint32_t begins = one->time > *done ? one->time : *done;
        *done = stn__later(begins, queue->duration);
        one->node.pay = begins - one->time;
        ok = !stn__is_own(&run->people[one->population], one->row)
            || mail(all, &(stn__message){ .population = one->population, .row = one->row, .time = *done,
            .order = (uint32_t) i, .kind = STN__DECIDED, .node = one->node });
    }
    free(cases.cases);
    return ok;
}

/* Schedules one message in its recipient's life. */
static void
deliver(stn_run *run, const stn__message *message)
{
    stn__people *people = &run->people[message->population];
    uint32_t *due = &people->first[message->row], first = *due, time = message->time > run->end ? message->time : run->end;
    stn__actor actor;
    stn__node node = message->node;

    if (time >= run->horizon) {
        return;
    }
    actor = stn__actor_of(&run->workers[0], message->population, message->row);
    if (!stn__is_here(people, message->row)) {
        if (message->kind == STN__TIED) {
            stn__life_tie(&actor, &node);
        }
        return;
    }
    if (message->kind == STN__DECIDED) {
        stn__petition_schedule(&actor, &node, time);
    } else if (message->kind == STN__WITHDRAWAL) {
        uint32_t record = stn__record_find(&actor, &node);
        if (record != 0) {
            stn__record_fix_end(&actor, record, time);
        }
    } else {
        node.time = time;
        if (message->kind == STN__LANDING) {
            node.born = time;
        }
        (void) stn__schedule(&actor, &node);
    }
    if (first < *due) {
        *due = first; /* whoever is watched has it at the window's start: see life.c */
    }
}

void
stn__run_keep_messages(stn_run *run)
{
    run->keep_messages = true;
}

int
stn__messages_deliver(stn_run *run)
{
    stn__mailbox all = { 0 };
    bool ok = true;

    for (int32_t t = 0; t < run->thread_count && ok; t++) {
        stn__mailbox *box = &run->workers[t].outbox;
        for (size_t i = 0; i < box->count && ok; i++) {
            ok = mail(&all, &box->messages[i]);
        }
        box->count = 0;
    }
    ok = ok && queues_decide(run, &all);
    if (ok && all.count > 0) {
        qsort(all.messages, all.count, sizeof *all.messages, message_order);
        for (size_t i = 0; i < all.count && ok; i++) {
            deliver(run, &all.messages[i]);
            ok = !run->keep_messages || mail(&run->delivered, &all.messages[i]);
        }
    }
    free(all.messages);
    return ok && !run->workers[0].short_of_memory ? 0 : STN_E_MEMORY;
}
