/* SPDX-License-Identifier: Apache-2.0
 *
 * doors.c - doors that close and open, attempts at them, names in public.
 * docs/semantics.md, sections 9 and 16.
 *
 * Attempts are a pure function of the person and the window, so only those of
 * people to whom a door is closed, or whose name is public, are computed: up
 * to a moment at which either changes, or the window's end. */
#include "engine/engine.h"

/* ---------------------------------------------------------------- attempts */

bool
stn__is_named(const stn__actor *actor)
{
    return ((actor->file->published | actor->file->web.archived) & actor->plan->blacklists) != 0;
}

bool
stn__is_watched(const stn__actor *actor)
{
    return stn__closed(actor) != 0 || (actor->plan->stigma_given && stn__is_named(actor));
}

/* The next attempt of this window. */
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
        actor->attempt_mark = draw.w[2];
    }
}

/* An attempt, at the doors as they have been since before it. */
static void
attempt(stn__actor *actor)
{
    const stn__population_plan *plan = actor->plan;
    const stn__counters *c = &actor->people->counters;
    int32_t door = actor->attempt_door;
    uint32_t at = actor->attempt_time;

    if (at >= actor->closed_since && (stn__closed(actor) >> door & 1) != 0) {
        actor->counts[c->door_blocked[door]]++;
        stn__note(actor, at, STN__EVENT_BLOCKED, door, 0);
    } else if (plan->stigma_given && (plan->channel_mask >> door & 1) == 0 && at >= actor->named_since
        && stn__is_named(actor)
        && stn__below(actor->attempt_mark, plan->stigma[(size_t) actor->cell * (size_t) plan->door_count + (size_t) door])) {
        actor->counts[c->door_refused[door]]++;
        stn__note(actor, at, STN__EVENT_REFUSED, door, 0);
    }
}

void
stn__attempts_until(stn__actor *actor, uint32_t time)
{
    if (!actor->attempting) {
        actor->attempting = true;
        attempt_draw(actor, actor->start);
    }
    while (actor->attempt_time < time) {
        uint32_t at = actor->attempt_time;
        attempt(actor);
        actor->attempt_number++;
        attempt_draw(actor, at);
    }
}

/* ------------------------------------------------------------------- doors */

static void
flag_stock(stn__actor *actor, uint8_t flag, bool holds, int32_t stock, int32_t minutes, uint32_t time)
{
    if (((actor->life->flags & flag) != 0) != holds) {
        actor->life->flags ^= flag;
        stn__stock(actor, stock, minutes, holds ? 1 : -1, time);
    }
}

/* The same for those who ask for how long each was restricted. */
static void
times_count(stn__actor *actor, uint32_t time, bool was, bool is, bool was_wronged, bool is_wronged)
{
    stn__times *times;

    if (was == is && was_wronged == is_wronged) {
        return;
    }
    times = &stn__file_own(actor)->times;
    if (was && !is) {
        times->restricted += time - times->restricted_since;
        if (times->first == time + 1) {
            times->first = 0; /* one that ends in its very minute is none */
        } else if (times->freed == 0) {
            times->freed = time + 1;
        }
    } else if (is && !was) {
        times->restricted_since = time;
        times->first = times->first == 0 ? time + 1 : times->first;
    }
    if (was_wronged && !is_wronged) {
        times->wronged += time - times->wronged_since;
    } else if (is_wronged && !was_wronged) {
        times->wronged_since = time;
    }
}

/* Restriction begins, ends, or becomes total. */
static void
restriction_count(stn__actor *actor, uint32_t time, uint32_t was, uint32_t is, uint32_t cause)
{
    const stn__counters *c = &actor->people->counters;
    stn__life *life = actor->life;
    uint32_t rights = actor->people->rights;
    int before = __builtin_popcount(was), after = __builtin_popcount(is);
    bool was_all = rights != 0 && was == rights, is_all = rights != 0 && is == rights;

    if (before > 0) {
        actor->counts[c->doors_closed + before - 1]--;
    }
    if (after > 0) {
        actor->counts[c->doors_closed + after - 1]++;
    }
    if (was_all != is_all) {
        stn__stock(actor, c->all_closed_stock, c->all_closed_minutes, is_all ? 1 : -1, time);
        actor->counts[c->all_closed_entries] += is_all;
    }
    if ((was != 0) == (is != 0)) {
        return;
    }
    stn__stock(actor, c->restricted_stock, c->restricted_minutes, is != 0 ? 1 : -1, time);
    if (actor->people->course->presences != NULL) {
        stn__life_restricted(actor, time, is != 0);
    }
    if (is != 0) {
        actor->counts[c->restricted_entries]++;
        actor->counts[c->restricted_first] += (life->flags & STN__LIFE_RESTRICTED) == 0;
        life->flags |= STN__LIFE_RESTRICTED;
        if (cause != STN_NEVER) {
            actor->counts[c->reached]++;
            actor->counts[c->reach_minutes] += time - cause;
        }
    }
}

static void
closed_change(stn__actor *actor, uint32_t time, uint32_t closed, uint32_t cause)
{
    uint32_t was = stn__closed(actor);

    if (stn__is_watched(actor)) {
        stn__attempts_until(actor, time);
    }
    actor->closed_since = time;
    if (actor->plan->money) {
        stn__account(actor, time);
    }
    restriction_count(actor, time, was, closed, cause);
    actor->life->doors = closed | stn__open(actor);
    if (actor->plan->money) {
        stn__money_changed(actor, time);
    }
}

void
stn__doors_set(stn__actor *actor, uint32_t time, const stn__doors *doors, uint32_t cause)
{
    const stn__counters *c = &actor->people->counters;
    stn__life *life = actor->life;
    uint32_t was = stn__closed(actor), changed = (doors->closed | doors->open) ^ life->doors;

    for (uint32_t rest = changed; rest != 0; rest &= rest - 1) {
        int32_t door = __builtin_ctz(rest);
        stn__stock(actor, c->door_stock[door], c->door_minutes[door],
            ((doors->closed | doors->open) >> door & 1) != 0 ? 1 : -1, time);
    }
    if (actor->people->timed) {
        times_count(actor, time, was != 0, doors->closed != 0, (life->flags & STN__LIFE_WRONGED) != 0, doors->wronged);
    }
    flag_stock(actor, STN__LIFE_WRONGED, doors->wronged, c->wrong_stock, c->wrong_minutes, time);
    if (actor->worker->run->plan->sharing) {
        flag_stock(actor, STN__LIFE_MISTAKEN, doors->mistaken, c->mistaken_stock, c->mistaken_minutes, time);
    }
    if (doors->closed != was) {
        closed_change(actor, time, doors->closed, cause);
    }
    life->doors = doors->closed | doors->open;
    if (changed != 0) {
        stn__note(actor, time, STN__EVENT_DOORS, 0, doors->closed + ((uint64_t) doors->open << 32));
    }
}

/* ------------------------------------------------------------------- names */

/* Whatever changes the names in public is about to: what hangs on the name is
 * counted up to now. */
static bool
name_before(stn__actor *actor, uint32_t time)
{
    bool named = stn__is_named(actor);

    if (stn__is_watched(actor)) {
        stn__attempts_until(actor, time);
    }
    if (actor->plan->money) {
        stn__account(actor, time);
    }
    return named;
}

static void
name_after(stn__actor *actor, uint32_t time, bool was)
{
    if (stn__is_named(actor) != was) {
        actor->named_since = time;
        if (actor->plan->money) {
            stn__money_changed(actor, time);
        }
    }
}

static void
archive_set(stn__actor *actor, int32_t list, uint32_t time, bool archived)
{
    uint32_t bit = 1u << list;

    if (((actor->file->web.archived & bit) != 0) != archived) {
        stn__file_own(actor)->web.archived ^= bit;
        actor->counts[actor->people->counters.archived_stock + list] += archived ? 1 : -1;
        stn__note(actor, time, STN__EVENT_ARCHIVE, list, archived);
    }
}

/* The name was taken off a list that keeps an archive. */
static void
archive(stn__actor *actor, int32_t list, uint32_t time)
{
    uint32_t length = actor->plan->lists[list].archive;

    stn__unschedule(actor, STN__NODE_ARCHIVE, list);
    archive_set(actor, list, time, true);
    (void) stn__schedule(actor, &(stn__node){ .time = stn__later(time, length), .type = (uint16_t) list,
        .kind = STN__NODE_ARCHIVE });
}

/* Of the behaviours that a list is about, one more name is known in the zone. */
static void
name_spreads(stn__actor *actor, int32_t list)
{
    size_t n = (size_t) actor->plan->behaviour_count;
    int64_t *named = actor->worker->named[actor->population] + (size_t) actor->plan->cells[actor->cell].zone * n;

    for (uint64_t rest = actor->plan->lists[list].publicity; rest != 0; rest &= rest - 1) {
        named[__builtin_ctzll(rest)]++;
    }
}

void
stn__publish(stn__actor *actor, int32_t list, uint32_t time, uint32_t cause)
{
    stn__file *file;
    stn__change change = STN__NO_CHANGE;
    bool named, on;

    change.lists = 1u << list;
    change.cause = cause;
    if (((actor->file->on ^ actor->file->published) & change.lists) == 0) {
        return;
    }
    named = name_before(actor, time);
    file = stn__file_own(actor);
    file->published ^= change.lists;
    on = (file->published & change.lists) != 0;
    if (on) {
        actor->counts[actor->people->counters.list_published + list]++;
        name_spreads(actor, list);
    }
    stn__note(actor, time, STN__EVENT_PUBLISHED, list, on);
    if (!on && actor->plan->lists[list].archive > 0) {
        archive(actor, list, time);
    }
    name_after(actor, time, named);
    stn__settle(actor, time, &change);
}

void
stn__archive_end(stn__actor *actor, int32_t list, uint32_t time)
{
    bool named = name_before(actor, time);

    archive_set(actor, list, time, false);
    name_after(actor, time, named);
}
