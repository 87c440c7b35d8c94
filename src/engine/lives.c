/* SPDX-License-Identifier: Apache-2.0
 *
 * lives.c - people who come, age and go under a regime: docs/semantics.md,
 * section 19. When that happens the city knows (city/lives.h); here is what
 * becomes of their records, lists and doors.
 *
 * All of it takes effect at a window's start, so that within a window nobody's
 * cell changes and nobody comes or goes. */
#include "base/memory.h"
#include "city/lives.h"
#include "engine/engine.h"

static int32_t
age_level(const stn_run *run, int32_t population, uint32_t cell)
{
    return stn__cell_level(&run->study->world.populations[population], (int32_t) cell,
        run->people[population].age_attribute);
}

/* Whether somebody was ever on a list that shuts people out. */
static bool
was_listed(const stn__people *people, uint32_t row)
{
    return (people->dossiers[row].ever & people->shutting) != 0;
}

/* ------------------------------------------------------------------ stocks */

static void
listed_stocks(stn__actor *actor, int32_t change, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;
    const stn__dossier *dossier = actor->dossier;

    for (uint32_t rest = dossier->on; rest != 0; rest &= rest - 1) {
        int32_t list = __builtin_ctz(rest);
        stn__stock(actor, c->list_stock + list, c->list_minutes + list, change, time);
        if ((dossier->wrong >> list & 1) != 0) {
            stn__stock(actor, c->list_wrong_stock + list, c->list_wrong_minutes + list, change, time);
        }
    }
    if (actor->web != NULL) {
        for (uint32_t rest = actor->web->archived; rest != 0; rest &= rest - 1) {
            actor->counts[c->archived_stock + __builtin_ctz(rest)] += change;
        }
    }
}

static void
door_stocks(stn__actor *actor, int32_t change, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;
    uint32_t closed = actor->life->closed;

    for (uint32_t rest = closed | actor->dossier->open; rest != 0; rest &= rest - 1) {
        int32_t door = __builtin_ctz(rest);
        stn__stock(actor, c->door_stock[door], c->door_minutes[door], change, time);
    }
    if (closed != 0) {
        stn__stock(actor, c->restricted_stock, c->restricted_minutes, change, time);
        actor->counts[c->doors_closed + __builtin_popcount(closed) - 1] += change;
    }
    if (closed != 0 && closed == actor->people->rights) {
        stn__stock(actor, c->all_closed_stock, c->all_closed_minutes, change, time);
    }
}

static void
flag_stocks(stn__actor *actor, int32_t change, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;
    const stn__dossier *dossier = actor->dossier;

    if (dossier->band >= 0) {
        actor->counts[c->band + dossier->band] += change;
    }
    if ((dossier->flags & STN__LIFE_WRONGED) != 0) {
        stn__stock(actor, c->wrong_stock, c->wrong_minutes, change, time);
    }
    if ((dossier->flags & STN__LIFE_MISTAKEN) != 0) {
        stn__stock(actor, c->mistaken_stock, c->mistaken_minutes, change, time);
    }
    if ((dossier->flags & STN__LIFE_POOR) != 0) {
        stn__stock(actor, c->poor_stock, c->poor_minutes, change, time);
    }
}

/* Petitions that are open. */
static void
petition_stocks(stn__actor *actor, int32_t change)
{
    const stn__node *nodes = actor->worker->run->nodes;

    for (uint32_t number = actor->life->head; number != 0; number = nodes[number].next) {
        const stn__node *node = &nodes[number];
        if (node->kind == STN__NODE_PETITION && node->born != 0) {
            actor->counts[actor->people->counters.pending[node->step] + actor->plan->types[node->type].agency] += change;
        }
    }
}

/* Those that only populations have whose people come and go. */
static void
age_stocks(stn__actor *actor, int32_t change, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;
    int32_t level = age_level(actor->worker->run, actor->population, actor->cell);

    stn__stock(actor, c->there, c->there_minutes, change, time);
    stn__stock(actor, c->of_age + level, c->of_age_minutes + level, change, time);
    if (actor->life->closed != 0) {
        stn__stock(actor, c->restricted_of_age + level, c->restricted_of_age_minutes + level, change, time);
    }
    if (was_listed(actor->people, actor->row)) {
        actor->counts[c->ever_listed + level] += change;
    }
}

void
stn__life_restricted(stn__actor *actor, uint32_t time, bool restricted)
{
    const stn__counters *c = &actor->people->counters;
    int32_t level = age_level(actor->worker->run, actor->population, actor->cell);

    stn__stock(actor, c->restricted_of_age + level, c->restricted_of_age_minutes + level, restricted ? 1 : -1, time);
}

void
stn__life_listed(stn__actor *actor, uint32_t ever_before)
{
    const stn__people *people = actor->people;
    const stn__counters *c = &people->counters;
    int32_t level;

    if ((ever_before & people->shutting) == 0 && was_listed(people, actor->row)) {
        level = age_level(actor->worker->run, actor->population, actor->cell);
        actor->counts[c->first_listed + level]++;
        actor->counts[c->ever_listed + level]++;
    }
}

/* ------------------------------------------------------------------ coming */

void
stn__life_begin(stn__actor *actor, uint32_t time)
{
    age_stocks(actor, 1, time);
}

static void
come(stn__actor *actor, uint32_t time, bool moved_in)
{
    const stn__counters *c = &actor->people->counters;
    stn__presence *presence = &actor->people->presences[actor->row];

    presence->here = true;
    presence->since = time;
    actor->counts[moved_in ? c->arrived : c->born]++;
    stn__note(actor, time, STN__EVENT_CAME, 0, actor->cell + ((uint64_t) moved_in << 32));
    stn__set_out(actor, time);
    if (actor->web != NULL && actor->web->tied != 0) {
        stn__change change = STN__NO_CHANGE;
        change.ties = actor->web->tied;
        stn__settle(actor, time, &change);
    }
}

void
stn__life_tie(stn__actor *actor, const stn__node *node)
{
    stn__people *people = actor->people;
    uint16_t *count = &people->tied[(size_t) actor->row * (size_t) actor->plan->tie_count + node->type];

    if (people->presences[actor->row].due == STN_NEVER) {
        return; /* gone */
    }
    *count = (uint16_t) (*count + (node->step != 0 ? 1 : -1));
    actor->web->tied = (actor->web->tied & ~(1u << node->type)) | (uint32_t) (*count != 0) << node->type;
}

/* ------------------------------------------------------------------ ageing */

static void
age(stn__actor *actor, uint32_t time, uint32_t cell)
{
    stn__people *people = actor->people;
    stn__change change = STN__NO_CHANGE;
    int32_t points = stn__cut(actor->plan, actor->life->points);
    bool was_rated = actor->rated;
    stn__words draw;

    if (actor->plan->money) {
        stn__account(actor, time);
    }
    listed_stocks(actor, -1, time);
    door_stocks(actor, -1, time);
    flag_stocks(actor, -1, time);
    petition_stocks(actor, -1);
    age_stocks(actor, -1, time);
    people->own_cells[actor->row] = cell;
    *actor = stn__actor_of(actor->worker, actor->population, actor->row);
    listed_stocks(actor, 1, time);
    door_stocks(actor, 1, time);
    flag_stocks(actor, 1, time);
    petition_stocks(actor, 1);
    age_stocks(actor, 1, time);
    actor->counts[people->counters.aged]++;
    stn__note(actor, time, STN__EVENT_AGED, 0, cell);
    if (actor->plan->money) {
        stn__money_changed(actor, time);
    }
    draw = stn__draw(actor->seed, STN_DRAW_RESUME, (uint32_t) actor->population, actor->row, people->k[actor->row], time);
    people->next[actor->row] = stn__later(time, stn__gap(draw.w[0], actor->plan->cells[cell].rate));
    for (int32_t entry = 0; entry < actor->plan->false_count; entry++) {
        stn__unschedule(actor, STN__NODE_FALSE, entry);
    }
    stn__false_begin(actor, time, stn__derive(actor->row, time, (uint64_t) 1 << 34));
    change.rating = was_rated != actor->rated || (actor->rated && points != stn__cut(actor->plan, actor->life->points));
    stn__settle(actor, time, &change);
}

/* ------------------------------------------------------------------- going */

static void
life_count(stn__actor *actor, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;
    const stn__times *times = &actor->people->times[actor->row];
    int64_t lived = (int64_t) time - actor->people->presences[actor->row].since, restricted = times->restricted;
    int32_t class = restricted == 0 ? 0 : 100 * restricted < lived ? 1 : 10 * restricted < lived ? 2
        : 2 * restricted < lived ? 3 : 4;

    actor->counts[c->lived_minutes] += lived;
    actor->counts[c->lived_restricted_minutes] += restricted;
    actor->counts[c->lives + class]++;
}

static void
petitions_void(stn__actor *actor)
{
    const stn__node *nodes = actor->worker->run->nodes;

    for (uint32_t number = actor->life->head; number != 0; number = nodes[number].next) {
        if (nodes[number].kind == STN__NODE_PETITION && nodes[number].born != 0) {
            stn__petition_void(actor, &nodes[number]);
        }
    }
}

static void
go(stn__actor *actor, uint32_t time, bool died)
{
    const stn__counters *c = &actor->people->counters;
    const stn__doors none = { 0 };

    stn__lists_leave(actor, time);
    stn__doors_set(actor, time, &none, STN_NEVER);
    if (actor->plan->money) {
        stn__money_end(actor, time);
    }
    listed_stocks(actor, -1, time); /* only archived names are left */
    if (actor->web != NULL) {
        *actor->web = (stn__web){ 0 };
    }
    flag_stocks(actor, -1, time);
    age_stocks(actor, -1, time);
    life_count(actor, time);
    petitions_void(actor);
    stn__forget_all(actor);
    actor->dossier->published = 0;
    actor->dossier->band = -1;
    actor->dossier->flags = 0;
    actor->people->next[actor->row] = STN_NEVER;
    actor->people->due[actor->row] = STN_NEVER;
    actor->people->presences[actor->row].here = false;
    actor->counts[died ? c->died : c->departed]++;
    stn__note(actor, time, STN__EVENT_WENT, 0, !died);
}

/* ------------------------------------------------------------------- turns */

/* Counts somebody who comes, but is gone again by then, as both. */
static bool
comes_and_goes(stn__actor *actor, uint32_t time, stn__life_event next, bool moved_in)
{
    stn__people *people = actor->people;
    const stn__counters *c = &people->counters;
    uint32_t cell = actor->cell;

    while (next.turn == STN__AGES && next.minute <= time) {
        cell = next.cell;
        next = stn__life_next(actor->worker->run->city, actor->population, actor->row, cell, next.minute);
    }
    if (next.turn == STN__STAYS || next.minute > time) {
        return false;
    }
    people->own_cells[actor->row] = cell;
    *actor = stn__actor_of(actor->worker, actor->population, actor->row);
    actor->counts[moved_in ? c->arrived : c->born]++;
    actor->counts[next.turn == STN__DIES ? c->died : c->departed]++;
    return true;
}

static void
turn_come(stn__actor *actor, uint32_t time)
{
    stn__presence *presence = &actor->people->presences[actor->row];
    const stn_city *city = actor->worker->run->city;
    bool moved_in = stn__moved_in(city, actor->population, actor->row);
    stn__life_event next = stn__life_next(city, actor->population, actor->row, actor->cell, presence->due);

    if (comes_and_goes(actor, time, next, moved_in)) {
        presence->due = STN_NEVER;
        return;
    }
    *presence = (stn__presence){ .due = next.minute, .cell = next.cell, .turn = (uint8_t) next.turn };
    come(actor, time, moved_in);
}

void
stn__life_turn(stn__actor *actor, uint32_t time)
{
    stn__presence *presence = &actor->people->presences[actor->row];

    if (!presence->here) {
        turn_come(actor, time);
    }
    while (presence->here && presence->due <= time) {
        uint32_t minute = presence->due;
        stn__life_event next = { .minute = STN_NEVER };
        if (presence->turn == STN__AGES) {
            age(actor, time, presence->cell);
            next = stn__life_next(actor->worker->run->city, actor->population, actor->row, actor->cell, minute);
        } else {
            go(actor, time, presence->turn == STN__DIES);
        }
        presence->due = next.minute;
        presence->cell = next.cell;
        presence->turn = (uint8_t) next.turn;
    }
}

bool
stn__presences_new(stn_run *run, int32_t population)
{
    stn__people *people = &run->people[population];
    const stn_population *model = &run->study->world.populations[population];

    if (!stn__lives(run->city, population)) {
        return true;
    }
    while (!model->attributes[people->age_attribute].has_ages) {
        people->age_attribute++;
    }
    people->presences = stn__column_new(people->size, sizeof *people->presences);
    people->own_cells = stn__column_new(people->size, sizeof *people->own_cells);
    if (people->presences == NULL || people->own_cells == NULL) {
        return false;
    }
    for (uint32_t row = people->own_first; row < people->own_end; row++) {
        stn__presence *presence = &people->presences[row];
        uint32_t cell = people->cells[row];
        people->own_cells[row] = cell;
        if (row < stn_city_size(run->city, population)) {
            stn__life_event next = stn__life_next(run->city, population, row, cell, 0);
            *presence = (stn__presence){ .due = next.minute, .cell = next.cell, .turn = (uint8_t) next.turn, .here = true };
        } else {
            *presence = (stn__presence){ .due = stn_city_coming(run->city, population, row) };
            people->due[row] = STN_NEVER;
        }
    }
    people->cells = people->own_cells;
    return true;
}
