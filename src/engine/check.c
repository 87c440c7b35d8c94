/* SPDX-License-Identifier: Apache-2.0
 *
 * check.c - what must be conserved, counted again from everybody's state.
 *
 * Built with -Dchecks=true every window is checked; tests call it themselves.
 * It looks at each person's list once, so it costs about as much as a window. */
#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>

typedef struct recount {
    const stn_run *run;
    const stn__people *people;
    int32_t population;
    int64_t *stocks;      /* [group][counter]: those that people's states tell */
    int64_t yuan;         /* all savings */
    stn_error *err;
} recount;

static int64_t *
stocks_of(const recount *r, uint32_t row)
{
    uint32_t group = r->people->plan->cells[stn__cell_of(r->people, row)].group;

    return r->stocks + (size_t) group * (size_t) r->people->counters.count;
}

static int
fail(const recount *r, uint32_t row, const char *what)
{
    return stn__fail(r->err, STN_E_LIMIT, "population %d, row %u, window %d: %s", (int) r->population, (unsigned) row,
        (int) r->run->windows_done, what);
}

/* One status and one owner for each record; a sorted list; what is pending for a record names it. */
static int
records_check(const recount *r, uint32_t row)
{
    const stn__node *nodes = r->run->nodes;
    uint32_t last = 0;

    for (uint32_t number = stn__life_of(r->people, row)->head; number != 0; number = nodes[number].next) {
        const stn__node *node = &nodes[number];
        int named = 0, same = 0;
        if (node->time < last) {
            return fail(r, row, "what is scheduled is out of order");
        }
        last = node->time;
        if (node->time < r->run->end) {
            return fail(r, row, "something scheduled has not happened");
        }
        if (node->kind == STN__NODE_PETITION && node->born != 0) {
            stocks_of(r, row)[r->people->counters.pending[node->step] + r->people->plan->types[node->type].agency]++;
        }
        if (node->kind != STN__NODE_RECORD) {
            continue;
        }
        for (uint32_t other = stn__life_of(r->people, row)->head; other != 0; other = nodes[other].next) {
            const stn__node *o = &nodes[other];
            bool alike = o->key == node->key && o->type == node->type && stn__node_is_false(o) == stn__node_is_false(node);
            same += alike && o->kind == STN__NODE_RECORD;
            named += alike && (o->kind == STN__NODE_PETITION || o->kind == STN__NODE_CORRECT || o->kind == STN__NODE_REPAIR
                || o->kind == STN__NODE_FINE);
        }
        if (same != 1) {
            return fail(r, row, "a record is there twice");
        }
        if (named != node->pending) {
            return fail(r, row, "what is pending for a record is not what is scheduled");
        }
        if ((node->flags & STN__FLAG_STRAY) != 0 && !stn__node_is_false(node)) {
            return fail(r, row, "somebody else's record passes for true");
        }
    }
    return 0;
}

/* What is counted only of populations whose people come and go. */
static void
ages_add(const recount *r, uint32_t row)
{
    const stn__people *people = r->people;
    const stn__counters *c = &people->counters;
    int64_t *stocks = stocks_of(r, row);
    int32_t level = stn__cell_level(&r->run->study->world.populations[r->population], (int32_t) stn__cell_of(people, row),
        people->course->age_attribute);

    stocks[c->there]++;
    stocks[c->of_age + level]++;
    stocks[c->restricted_of_age + level] += stn__closed_of(people, stn__life_of(people, row)) != 0;
    stocks[c->ever_listed + level] += (stn__file_of(people, row)->ever & people->shutting) != 0;
}

static void
stocks_add(const recount *r, uint32_t row)
{
    const stn__people *people = r->people;
    const stn__counters *c = &people->counters;
    const stn__file *file = stn__file_of(people, row);
    const stn__life *life = stn__life_of(people, row);
    int64_t *stocks = stocks_of(r, row);
    int closed = __builtin_popcount(stn__closed_of(people, life));

    for (int32_t l = 0; l < people->plan->list_count; l++) {
        stocks[c->list_stock + l] += file->on >> l & 1;
        stocks[c->list_wrong_stock + l] += file->wrong >> l & 1;
        if (people->plan->archive_given) {
            stocks[c->archived_stock + l] += file->web.archived >> l & 1;
        }
    }
    for (int32_t d = 0; d < people->plan->door_count; d++) {
        stocks[c->door_stock[d]] += life->doors >> d & 1;
    }
    if (life->band >= 0) {
        stocks[c->band + life->band]++;
    }
    stocks[c->restricted_stock] += closed != 0;
    stocks[c->wrong_stock] += (life->flags & STN__LIFE_WRONGED) != 0;
    if (people->right_count > 0) {
        stocks[c->all_closed_stock] += closed == people->right_count;
    }
    if (closed > 0) {
        stocks[c->doors_closed + closed - 1]++;
    }
    if (r->run->plan->sharing) {
        stocks[c->mistaken_stock] += (life->flags & STN__LIFE_MISTAKEN) != 0;
    }
    if (people->plan->money) {
        stocks[c->poor_stock] += (life->flags & STN__LIFE_POOR) != 0;
    }
    if (people->course->presences != NULL) {
        ages_add(r, row);
    }
}

/* Pending petitions are the filed ones that were not decided, so far. */
static int
petitions_check(const recount *r)
{
    const stn__counters *c = &r->people->counters;

    for (int stage = 0; stage < 2 && r->people->plan->processed; stage++) {
        for (int32_t a = 0; a < r->run->plan->regime->agency_count; a++) {
            int64_t decided = stn_run_total(r->run, r->population, -1, c->granted[stage] + a)
                + stn_run_total(r->run, r->population, -1, c->denied[stage] + a)
                + stn_run_total(r->run, r->population, -1, c->voided[stage] + a);
            if (stn_run_total(r->run, r->population, -1, c->filed[stage] + a) - decided
                != stn_run_total(r->run, r->population, -1, c->pending[stage] + a)) {
                return fail(r, 0, "petitions filed, decided and pending do not add up");
            }
        }
    }
    return 0;
}

static int
lists_check(const recount *r)
{
    const stn__counters *c = &r->people->counters;

    for (int32_t l = 0; l < r->people->plan->list_count; l++) {
        if (stn_run_total(r->run, r->population, -1, c->list_entries + l)
                - stn_run_total(r->run, r->population, -1, c->list_exits + l)
            != stn_run_total(r->run, r->population, -1, c->list_stock + l)) {
            return fail(r, 0, "entries, exits and stock of a list do not add up");
        }
    }
    return 0;
}

/* Nobody gets lost: people = start + births + arrivals - deaths - departures. */
static int
lives_check(const recount *r)
{
    const stn__counters *c = &r->people->counters;
    int64_t people = stn_city_size(r->run->city, r->population);

    if (r->people->course->presences == NULL) {
        return 0;
    }
    people += stn_run_total(r->run, r->population, -1, c->born) + stn_run_total(r->run, r->population, -1, c->arrived);
    people -= stn_run_total(r->run, r->population, -1, c->died) + stn_run_total(r->run, r->population, -1, c->departed);
    return people == stn_run_total(r->run, r->population, -1, c->there) ? 0 : fail(r, 0, "people do not add up");
}

static int
money_check(const recount *r)
{
    const stn__counters *c = &r->people->counters;
    int64_t yuan = 0;

    if (!r->people->plan->money) {
        return 0;
    }
    yuan += stn_run_total(r->run, r->population, -1, c->endowed_yuan) + stn_run_total(r->run, r->population, -1, c->saved_yuan);
    yuan -= stn_run_total(r->run, r->population, -1, c->fee_yuan) + stn_run_total(r->run, r->population, -1, c->left_yuan);
    for (int32_t b = 0; b < r->people->plan->behaviour_count; b++) {
        yuan -= stn_run_total(r->run, r->population, -1, c->fine_yuan + b)
            + stn_run_total(r->run, r->population, -1, c->debt_yuan + b);
    }
    return yuan == r->yuan ? 0 : fail(r, 0, "the money does not add up");
}

static int
stocks_check(const recount *r)
{
    const int64_t *values = stn_run_series(r->run, r->population, r->run->windows_done - 1);
    const stn__counters *c = &r->people->counters;
    size_t count = (size_t) c->count;

    for (size_t i = 0; i < count * (size_t) r->people->plan->group_count; i++) {
        size_t counter = i % count;
        if (c->all[counter].stock != 0 && values[i] != r->stocks[i]) {
            return stn__fail(r->err, STN_E_LIMIT, "population %d, window %d: %s %s is %lld, but %lld people are so",
                (int) r->population, (int) r->run->windows_done, c->all[counter].name, c->all[counter].subject,
                (long long) values[i], (long long) r->stocks[i]);
        }
    }
    return 0;
}

static int
people_check(recount *r)
{
    int ret;

    for (uint32_t row = 0; row < r->people->size; row++) {
        if (!stn__is_here(r->people, row)) {
            continue;
        }
        if ((ret = records_check(r, row)) != 0) {
            return ret;
        }
        stocks_add(r, row);
        r->yuan += r->people->plan->money ? stn__yuan_of(stn__savings_of(r->people, row)) : 0;
    }
    if ((ret = stocks_check(r)) != 0 || (ret = lists_check(r)) != 0 || (ret = petitions_check(r)) != 0
        || (ret = lives_check(r)) != 0) {
        return ret;
    }
    return money_check(r);
}

int
stn__run_check(const stn_run *run, stn_error *err)
{
    int ret = 0;

    STN_INVARIANT(run->windows_done > 0 && !run->released);
    for (int32_t population = 0; population < run->plan->population_count && ret == 0; population++) {
        const stn__people *people = &run->people[population];
        recount r = { run, people, population, NULL, 0, err };
        r.stocks = calloc((size_t) people->plan->group_count * (size_t) people->counters.count + 1, sizeof *r.stocks);
        ret = r.stocks != NULL ? people_check(&r) : stn__fail(err, STN_E_MEMORY, "no memory for a check");
        free(r.stocks);
    }
    return ret;
}
