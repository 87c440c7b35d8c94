/* SPDX-License-Identifier: Apache-2.0
 *
 * money.c - what people have, owe and pay: docs/semantics.md, section 17.
 *
 * Savings grow at a rate that only closed doors and a name in public change, so
 * they are counted when somebody asks for them or the rate changes, and never
 * in between. All of it is whole yuan. */
#include "engine/engine.h"

/* The whole part of a number that is not negative. */
static int64_t
floor_of(double x)
{
    return (int64_t) x;
}

/* What is left over a year. */
static int64_t
left_over(const stn__actor *actor)
{
    const stn__population_plan *plan = actor->plan;
    const stn__purse *purse = &plan->purses[actor->cell];
    const double *costs = plan->costs + (size_t) actor->cell * (size_t) plan->door_count;
    double income = purse->income;

    for (uint32_t rest = stn__closed(actor); rest != 0; rest &= rest - 1) {
        income = income * (1 - costs[__builtin_ctz(rest)]);
    }
    if (stn__is_named(actor)) {
        income = income * (1 - plan->custom);
    }
    return income > purse->living ? floor_of(income - purse->living) : 0;
}

static int64_t
most_savings(const stn__actor *actor, int64_t over)
{
    return floor_of((double) over * actor->plan->savings);
}

/* Yuan earned by a minute at a yearly rate: whole ones only. */
static int64_t
earned_by(int64_t over, uint32_t time)
{
    return over * (int64_t) time / 525600;
}

void
stn__money_begin(stn__actor *actor, uint32_t time)
{
    stn__savings *savings = stn__savings_of(actor->people, actor->row);

    stn__yuan_set(savings, most_savings(actor, left_over(actor)));
    savings->since = time;
    actor->counts[actor->people->counters.endowed_yuan] += stn__yuan_of(savings);
    stn__money_changed(actor, time);
}

void
stn__account(stn__actor *actor, uint32_t time)
{
    stn__savings *savings = stn__savings_of(actor->people, actor->row);
    int64_t over, most, old = stn__yuan_of(savings), new;

    if (savings->since == time) {
        return;
    }
    over = left_over(actor);
    most = most_savings(actor, over);
    new = old + earned_by(over, time) - earned_by(over, savings->since);
    if (new > most) {
        new = old > most ? old : most;
    }
    actor->counts[actor->people->counters.saved_yuan] += new - old;
    stn__yuan_set(savings, new);
    savings->since = time;
}

void
stn__account_all(stn__worker *worker, int32_t population, uint32_t first, uint32_t last)
{
    for (uint32_t row = first; row < last; row++) {
        if (stn__is_here(&worker->run->people[population], row)) {
            stn__actor actor = stn__actor_of(worker, population, row);
            stn__account(&actor, worker->run->horizon);
        }
    }
}

void
stn__money_changed(stn__actor *actor, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;
    bool was = (actor->life->flags & STN__LIFE_POOR) != 0, is = left_over(actor) == 0;

    if (was != is) {
        actor->life->flags ^= STN__LIFE_POOR;
        stn__stock(actor, c->poor_stock, c->poor_minutes, is ? 1 : -1, time);
    }
}

void
stn__money_end(stn__actor *actor, uint32_t time)
{
    stn__savings *savings = stn__savings_of(actor->people, actor->row);

    stn__account(actor, time);
    actor->counts[actor->people->counters.left_yuan] += stn__yuan_of(savings);
    stn__yuan_set(savings, 0);
}

bool
stn__pay(stn__actor *actor, uint32_t time, int64_t yuan, int32_t counter)
{
    stn__savings *savings;

    if (!actor->plan->money) {
        return true;
    }
    savings = stn__savings_of(actor->people, actor->row);
    stn__account(actor, time);
    if (stn__yuan_of(savings) < yuan) {
        return false;
    }
    stn__yuan_set(savings, stn__yuan_of(savings) - yuan);
    actor->counts[counter] += yuan;
    return true;
}

int64_t
stn__debt(const stn__actor *actor, const stn__record_type *type)
{
    const stn__population_plan *plan = actor->plan;
    size_t cell = (size_t) actor->cell;

    if (!plan->money) {
        return 0;
    }
    return type->debt == STN_NONE ? plan->debts[cell * (size_t) plan->behaviour_count + (size_t) type->behaviour]
                                  : plan->fine_yuan[cell * (size_t) plan->fine_count + (size_t) type->debt];
}

void
stn__fine(stn__actor *actor, const stn__node *node, uint32_t time)
{
    const stn__population_plan *plan = actor->plan;
    const stn__record_type *type = &plan->types[node->type];
    const stn__fine_plan *fine = &plan->fines[type->fine];
    const stn__counters *c = &actor->people->counters;
    int64_t yuan = plan->fine_yuan[(size_t) actor->cell * (size_t) plan->fine_count + (size_t) type->fine];
    uint32_t record = stn__record_find(actor, node);
    bool paid;

    if (record == 0) {
        return;
    }
    paid = stn__pay(actor, time, yuan, c->fine_yuan + type->behaviour);
    actor->counts[(paid ? c->fines_paid : c->fines_unpaid) + type->behaviour]++;
    stn__note(actor, time, STN__EVENT_FINE, type->behaviour, (uint64_t) yuan + ((uint64_t) paid << 63));
    if (!paid && fine->unpaid_type != STN_NONE) {
        uint64_t how = fine->hash + ((uint64_t) 1 << 33) + ((uint64_t) stn__node_is_false(node) << 32);
        uint32_t born = stn__later(time, fine->after);
        (void) stn__schedule(actor, &(stn__node){ .time = born, .born = born,
            .key = stn__derive(actor->row, node->key, how), .pay = STN_NEVER, .type = (uint16_t) fine->unpaid_type,
            .kind = STN__NODE_RECORD, .flags = node->flags & STN__FLAG_FALSE });
    }
    stn__record_loosen(actor, record);
}
