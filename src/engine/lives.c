/* SPDX-License-Identifier: Apache-2.0
 *
 * lives.c - people who come, age and go under a regime: docs/semantics.md,
 * section 19. When that happens the city knows (city/lives.h); here is what
 * becomes of their records, lists and doors.
 *
 * All of it takes effect at a window's start, so that within a window nobody's
 * cell changes and nobody comes or goes. */
#include "base/memory.h"
#include "base/parallel.h"
#include "city/lives.h"
#include "engine/engine.h"

enum { START_ROWS = 16384 /* a piece of work at the start */ };

static int32_t
age_level(const stn_run *run, int32_t population, uint32_t cell)
{
    return stn__cell_level(&run->study->world.populations[population], (int32_t) cell,
        run->people[population].course->age_attribute);
}

/* Whether somebody was ever on a list that shuts people out. */
static bool
was_listed(const stn__people *people, uint32_t row)
{
    return (stn__file_of(people, row)->ever & people->shutting) != 0;
}

/* ------------------------------------------------------------------ stocks */

static void
listed_stocks(stn__actor *actor, int32_t change, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;
    const stn__file *file = actor->file;

    for (uint32_t rest = file->on; rest != 0; rest &= rest - 1) {
        int32_t list = __builtin_ctz(rest);
        stn__stock(actor, c->list_stock + list, c->list_minutes + list, change, time);
        if ((file->wrong >> list & 1) != 0) {
            stn__stock(actor, c->list_wrong_stock + list, c->list_wrong_minutes + list, change, time);
        }
    }
    for (uint32_t rest = file->web.archived; rest != 0; rest &= rest - 1) {
        actor->counts[c->archived_stock + __builtin_ctz(rest)] += change;
    }
}

static void
door_stocks(stn__actor *actor, int32_t change, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;
    uint32_t closed = stn__closed(actor);

    for (uint32_t rest = actor->life->doors; rest != 0; rest &= rest - 1) {
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
    const stn__life *life = actor->life;

    if (life->band >= 0) {
        actor->counts[c->band + life->band] += change;
    }
    if ((life->flags & STN__LIFE_WRONGED) != 0) {
        stn__stock(actor, c->wrong_stock, c->wrong_minutes, change, time);
    }
    if ((life->flags & STN__LIFE_MISTAKEN) != 0) {
        stn__stock(actor, c->mistaken_stock, c->mistaken_minutes, change, time);
    }
    if ((life->flags & STN__LIFE_POOR) != 0) {
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
    if (stn__closed(actor) != 0) {
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

    actor->counts[moved_in ? c->arrived : c->born]++;
    stn__note(actor, time, STN__EVENT_CAME, 0, actor->cell + ((uint64_t) moved_in << 32));
    stn__begin(actor, time);
    if (actor->file->web.tied != 0) {
        stn__change change = STN__NO_CHANGE;
        change.ties = actor->file->web.tied;
        stn__settle(actor, time, &change);
    }
}

void
stn__life_tie(stn__actor *actor, const stn__node *node)
{
    stn__file *file;
    uint16_t *count;

    if (actor->people->course->turns[actor->row] == STN_NEVER) {
        return; /* gone */
    }
    file = stn__file_own(actor);
    count = &file->tied[node->type];
    *count = (uint16_t) (*count + (node->step != 0 ? 1 : -1));
    file->web.tied = (file->web.tied & ~(1u << node->type)) | (uint32_t) (*count != 0) << node->type;
}

/* ------------------------------------------------------------------ ageing */

static void
all_stocks(stn__actor *actor, int32_t change, uint32_t time)
{
    listed_stocks(actor, change, time);
    door_stocks(actor, change, time);
    flag_stocks(actor, change, time);
    petition_stocks(actor, change);
    age_stocks(actor, change, time);
}

/* Somebody is counted no more among those of their old cell ... */
static void
age_leave(stn__actor *actor, uint32_t time)
{
    if (actor->plan->money) {
        stn__account(actor, time);
    }
    all_stocks(actor, -1, time);
}

/* ... but among those of the new one. */
static void
age_enter(stn__actor *actor, uint32_t time, uint32_t old_cell)
{
    const stn__population_plan *plan = actor->plan;
    stn__change change = STN__NO_CHANGE;

    all_stocks(actor, 1, time);
    actor->counts[actor->people->counters.aged]++;
    stn__note(actor, time, STN__EVENT_AGED, 0, actor->cell);
    if (plan->money) {
        stn__money_changed(actor, time);
    }
    for (int32_t entry = 0; entry < plan->false_count && actor->life->head != 0; entry++) {
        stn__unschedule(actor, STN__NODE_FALSE, entry);
    }
    stn__false_begin(actor, time, stn__derive(actor->row, time, (uint64_t) 1 << 34));
    change.rating = plan->cells[old_cell].rated != actor->rated;
    if (plan->cells[old_cell].class != plan->cells[actor->cell].class) {
        stn__settle(actor, time, &change); /* else no condition can tell that anything changed */
    }
}

/* From one cell to another, at `time`. */
static void
age(stn__lane *lane, int32_t population, uint32_t row, uint32_t time, uint32_t cell)
{
    stn__convoy *convoy = lane->convoy;
    stn__course *course = &convoy->courses[population];
    const stn_run *first = convoy->runs[0];
    uint32_t old = course->places[row].cell;
    stn__words draw;

    for (int32_t r = 0; r < convoy->run_count; r++) {
        stn__actor actor = stn__actor_of(&convoy->runs[r]->workers[lane->number], population, row);
        age_leave(&actor, time);
    }
    course->places[row].cell = cell;
    draw = stn__draw(stn__seed_of(first, population, row), STN_DRAW_RESUME, (uint32_t) population, row, course->places[row].k, time);
    course->next[row] = stn__later(time, stn__gap(draw.w[0], first->people[population].plan->cells[cell].rate));
    for (int32_t r = 0; r < convoy->run_count; r++) {
        stn__actor actor = stn__actor_of(&convoy->runs[r]->workers[lane->number], population, row);
        age_enter(&actor, time, old);
        stn__watch_on(&actor, time);
    }
}

/* ------------------------------------------------------------------- going */

/* The start of the window in which somebody came. */
static uint32_t
come_since(const stn_run *run, int32_t population, uint32_t row)
{
    uint64_t coming = stn_city_coming(run->city, population, row);

    return (uint32_t) ((coming + run->window - 1) / run->window * run->window);
}

static void
life_count(stn__actor *actor, uint32_t time)
{
    const stn__counters *c = &actor->people->counters;
    int64_t lived = (int64_t) time - come_since(actor->worker->run, actor->population, actor->row);
    int64_t restricted = actor->file->times.restricted;
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
    uint32_t freed = actor->file->times.freed;

    stn__lists_leave(actor, time);
    stn__doors_set(actor, time, &none, STN_NEVER);
    if (actor->life->file != 0) {
        stn__file_own(actor)->times.freed = freed; /* going is not being freed */
    }
    if (actor->plan->money) {
        stn__money_end(actor, time);
    }
    listed_stocks(actor, -1, time); /* only archived names are left */
    flag_stocks(actor, -1, time);
    age_stocks(actor, -1, time);
    life_count(actor, time);
    petitions_void(actor);
    stn__forget_all(actor);
    if (actor->life->file != 0) {
        stn__file *file = stn__file_own(actor);
        file->published = 0;
        file->web = (stn__web){ 0 };
    }
    actor->life->band = -1;
    actor->life->flags = 0;
    actor->people->first[actor->row] = STN_NEVER;
    actor->counts[died ? c->died : c->departed]++;
    stn__note(actor, time, STN__EVENT_WENT, 0, !died);
}

/* ------------------------------------------------------------------- turns */

static stn__presence
presence_of(stn__life_event next, bool here)
{
    return (stn__presence){ .cell = next.cell & STN__CELL_MASK, .turn = (unsigned) next.turn & 7u, .here = here };
}

/* Counts somebody who comes, but is gone again by then, as both. */
static bool
comes_and_goes(stn__lane *lane, int32_t population, uint32_t row, uint32_t time, stn__life_event next, bool moved_in)
{
    stn__convoy *convoy = lane->convoy;
    uint32_t cell = convoy->courses[population].places[row].cell;

    while (next.turn == STN__AGES && next.minute <= time) {
        cell = next.cell;
        next = stn__life_next(convoy->runs[0]->city, population, row, cell, next.minute);
    }
    if (next.turn == STN__STAYS || next.minute > time) {
        return false;
    }
    convoy->courses[population].places[row].cell = cell;
    for (int32_t r = 0; r < convoy->run_count; r++) {
        stn__actor actor = stn__actor_of(&convoy->runs[r]->workers[lane->number], population, row);
        const stn__counters *c = &actor.people->counters;
        actor.counts[moved_in ? c->arrived : c->born]++;
        actor.counts[next.turn == STN__DIES ? c->died : c->departed]++;
    }
    return true;
}

static void
turn_come(stn__lane *lane, int32_t population, uint32_t row, uint32_t time)
{
    stn__convoy *convoy = lane->convoy;
    stn__course *course = &convoy->courses[population];
    const stn_city *city = convoy->runs[0]->city;
    bool moved_in = stn__moved_in(city, population, row);
    stn__life_event next = stn__life_next(city, population, row, course->places[row].cell, course->turns[row]);

    if (comes_and_goes(lane, population, row, time, next, moved_in)) {
        course->turns[row] = STN_NEVER;
        return;
    }
    course->turns[row] = next.minute;
    course->presences[row] = presence_of(next, true);
    stn__set_out(convoy, population, row, time);
    for (int32_t r = 0; r < convoy->run_count; r++) {
        stn__actor actor = stn__actor_of(&convoy->runs[r]->workers[lane->number], population, row);
        come(&actor, time, moved_in);
        stn__watch_on(&actor, time);
    }
}

static void
turn_go(stn__lane *lane, int32_t population, uint32_t row, uint32_t time, bool died)
{
    stn__convoy *convoy = lane->convoy;
    stn__course *course = &convoy->courses[population];

    for (int32_t r = 0; r < convoy->run_count; r++) {
        stn__actor actor = stn__actor_of(&convoy->runs[r]->workers[lane->number], population, row);
        go(&actor, time, died);
    }
    course->next[row] = STN_NEVER;
    course->presences[row].here = false;
    course->presences[row].cell = (uint32_t) convoy->runs[0]->windows_done & STN__CELL_MASK;
}

void
stn__life_turn(stn__lane *lane, int32_t population, uint32_t row, uint32_t time)
{
    stn__course *course = &lane->convoy->courses[population];

    if (!course->presences[row].here) {
        turn_come(lane, population, row, time);
    }
    while (course->presences[row].here && course->turns[row] <= time) {
        uint32_t minute = course->turns[row];
        stn__presence turn = course->presences[row];
        stn__life_event next = { .minute = STN_NEVER };
        if (turn.turn == STN__AGES) {
            age(lane, population, row, time, turn.cell);
            next = stn__life_next(lane->convoy->runs[0]->city, population, row, turn.cell, minute);
        } else {
            turn_go(lane, population, row, time, turn.turn == STN__DIES);
        }
        course->turns[row] = next.minute;
        if (course->presences[row].here) {
            course->presences[row] = presence_of(next, true);
        }
    }
}

/* ------------------------------------------------------------------ courses */

typedef struct starting {
    const stn_city *city;
    stn__course *course;
    int32_t population;
} starting;

static int
start_piece(void *user, int64_t piece, int32_t thread)
{
    const starting *s = user;
    stn__course *course = s->course;
    const uint32_t *cells = stn_city_cells(s->city, s->population);
    uint32_t size = stn_city_size(s->city, s->population);
    uint64_t end = ((uint64_t) piece + 1) * START_ROWS;

    (void) thread;
    end = end < course->size ? end : course->size;
    for (uint32_t row = (uint32_t) piece * START_ROWS; row < end; row++) {
        course->places[row].cell = cells[row];
        if (course->turns == NULL) {
            continue;
        }
        if (row < size) {
            stn__life_event next = stn__life_next(s->city, s->population, row, cells[row], 0);
            course->turns[row] = next.minute;
            course->presences[row] = presence_of(next, true);
        } else {
            course->turns[row] = stn_city_coming(s->city, s->population, row);
            course->next[row] = STN_NEVER;
        }
    }
    return 0;
}

bool
stn__course_new(stn__convoy *convoy, int32_t population)
{
    const stn_run *run = convoy->runs[0];
    stn__course *course = &convoy->courses[population];
    const stn_population *model = &run->study->world.populations[population];
    starting s = { run->city, course, population };

    course->size = stn_city_rows(run->city, population);
    course->next = stn__column_new(course->size, sizeof *course->next);
    course->places = stn__column_new(course->size, sizeof *course->places);
    if (course->next == NULL || course->places == NULL) {
        return false;
    }
    if (stn__lives(run->city, population)) {
        while (!model->attributes[course->age_attribute].has_ages) {
            course->age_attribute++;
        }
        course->turns = stn__column_new(course->size, sizeof *course->turns);
        course->presences = stn__column_new(course->size, sizeof *course->presences);
        if (course->turns == NULL || course->presences == NULL) {
            return false;
        }
    }
    return stn__parallel(run->thread_count, ((int64_t) course->size + START_ROWS - 1) / START_ROWS, start_piece, NULL, &s)
        == 0;
}
