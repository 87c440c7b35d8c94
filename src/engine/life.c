/* SPDX-License-Identifier: Apache-2.0
 *
 * life.c - the inner loop: a block of actors through one window, under each run of a convoy.
 *
 * Some quarter of a city has something to do in a month, most of them one
 * opportunity that ends at the decision. Those are taken in rounds over arrays
 * that fit the nearest cache: draw for all, gaps for all, pick a behaviour for all,
 * and then, for one regime after the other, decide for all, so that the processor
 * works on many people at once and what no regime changes is worked out once. Who
 * has records due, is restricted or watched, or is detected under any of the regimes
 * goes on alone in live() under each. The two ways differ in nothing but speed: an
 * actor's life depends on no other's within a window. */
#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>

/* ----------------------------------------------------------- opportunities */

/* What decisions under one run look at, gathered once for many of them. */
typedef struct scales {
    const char *rows;
    const double *deterrence;
    const stn__cell *cells;
    const stn__behaviour_plan *behaviours;
    const stn__stakes *stakes;
    const uint8_t *interval;
    size_t row_size, experience_at, behaviour_count, field_count, stake_levels, interval_count;
    int32_t min, max;
    uint32_t rights;
} scales;

static scales
scales_of(const stn__people *people)
{
    const stn__population_plan *plan = people->plan;

    return (scales){ people->rows, people->deterrence, plan->cells, plan->behaviours, people->stakes,
        plan->interval, people->row_size, people->experience_at, (size_t) plan->behaviour_count,
        (size_t) plan->behaviour_count * (size_t) plan->zone_count, (size_t) people->stake_levels,
        (size_t) plan->interval_count, plan->min, plan->max, people->rights };
}

static inline int32_t
cut(const scales *s, int32_t points)
{
    return points < s->min ? s->min : points > s->max ? s->max : points;
}

/* How many bits are set; as a builtin it is a call, since not every processor of the kind counts them. */
static inline size_t
ones(uint32_t bits)
{
    bits = bits - (bits >> 1 & 0x55555555u);
    bits = (bits & 0x33333333u) + (bits >> 2 & 0x33333333u);
    return ((bits + (bits >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24;
}

/* Doors at stake for an actor: docs/semantics.md, section 7's d. A right that is open
 * may be lost, and so may a channel that is; merits may win what is not. */
static inline size_t
doors_at_stake(const scales *s, const stn__life *life, const stn__cell *cell, size_t behaviour)
{
    const stn__behaviour_plan *b = &s->behaviours[behaviour];
    size_t n = s->interval_count, without = n - 1, with = n - 1;
    const stn__stakes *stakes;
    uint32_t held = life->doors ^ s->rights; /* rights and channels that are open */

    if (cell->rated) {
        int32_t rating = cut(s, life->points);
        without = s->interval[rating - s->min];
        with = s->interval[cut(s, rating + b->points) - s->min];
    }
    stakes = &s->stakes[((cell->class * s->behaviour_count + behaviour) * n + without) * n + with];
    return ones((stakes->doors | stakes->channels) & (b->kind == STN_MERIT ? ~held : held));
}

/* What somebody saw the last time: 0 nothing yet, 1 that it was not detected, 2 that it was. */
static inline size_t
experience_of(const scales *s, const char *row, size_t behaviour)
{
    return (uint8_t) row[s->experience_at + behaviour / 4] >> 2 * (behaviour % 4) & 3;
}

/* The chance that an actor takes an opportunity of a behaviour that has chance `p` but for
 * the regime; `field` is the place of zone and behaviour. The two flags are fixed where this is used,
 * so that what a regime has not costs nothing. */
static inline double
chance_of(const scales *s, uint32_t row, uint32_t cell, size_t b, size_t field, double p, bool staked, bool experienced)
{
    const char *at = s->rows + row * s->row_size;
    const stn__life *life = (const stn__life *) (const void *) at;
    const stn__cell *here = &s->cells[cell];
    size_t d = 0, rated = 0;

    if (staked) { /* by doors or by points */
        d = doors_at_stake(s, life, here, b);
        rated = here->rated;
    }
    if (experienced) {
        field += experience_of(s, at, b) * s->field_count;
    }
    p = p * s->deterrence[(field * 2 + rated) * s->stake_levels + d];
    /* Times 1 changes no bit, and nobody can guess who is strained: so no branch. */
    p = p * s->behaviours[b].strains[(life->doors & s->rights) != 0];
    return p * s->behaviours[b].strains_poor[(life->flags & STN__LIFE_POOR) != 0]; /* nobody is, without money */
}

/* Whether what hangs on an act depends on the actor's state. */
static bool
is_staked(const stn__people *people)
{
    return people->stake_levels > 1 || people->plan->rating_given;
}

/* Which behaviour an opportunity is: the alias table of base/draw.h, with the chances beside it. */
static size_t
pick(const stn__population_plan *plan, uint32_t cell, uint32_t word, double *base)
{
    size_t n = (size_t) plan->behaviour_count, b;
    uint64_t place = (uint64_t) word * n;
    const stn__choice *choice = &plan->choices[(size_t) cell * n + (size_t) (place >> 32)];

    b = (uint32_t) place <= choice->last ? choice->self : choice->alias;
    *base = plan->bases[(size_t) cell * n + b];
    return b;
}

/* ------------------------------------------------------------------- alone */

/* Everybody draws from the study's numbers, but for the odd one of a test. */
static bool
is_odd(const stn_run *run, int32_t population, uint32_t row)
{
    return population == run->odd_population && row == run->odd_row;
}

uint64_t
stn__seed_of(const stn_run *run, int32_t population, uint32_t row)
{
    return is_odd(run, population, row) ? ~run->study->seed : run->study->seed;
}

static int64_t *
counts_of(const stn__worker *worker, int32_t population, uint32_t cell)
{
    const stn__people *people = &worker->run->people[population];

    return worker->counts[population] + (size_t) people->plan->cells[cell].group * (size_t) people->counters.count;
}

stn__actor
stn__actor_of(stn__worker *worker, int32_t population, uint32_t row)
{
    stn_run *run = worker->run;
    stn__people *people = &run->people[population];
    const stn__population_plan *plan = people->plan;
    uint32_t cell = stn__cell_of(people, row);

    stn__actor actor; /* each field by itself: zeroing all of it first takes longer than all else */

    actor.worker = worker;
    actor.people = people;
    actor.plan = plan;
    actor.life = stn__life_of(people, row);
    actor.file = stn__file_of(people, row);
    actor.terms = stn__terms_of(people, row);
    actor.counts = counts_of(worker, population, cell);
    actor.seed = stn__seed_of(run, population, row);
    actor.is = plan->class_is[plan->cells[cell].class];
    actor.population = population;
    actor.row = row;
    actor.cell = cell;
    actor.rated = plan->cells[cell].rated;
    actor.start = run->start;
    actor.end = run->end;
    actor.closed_since = run->start;
    actor.named_since = run->start;
    actor.attempting = false;
    actor.attempt_time = 0;
    actor.attempt_number = 0;
    actor.attempt_door = 0;
    actor.attempt_mark = 0;
    return actor;
}

/* One agency saw it: a record will be born. */
static void
record_begin(stn__worker *worker, int32_t population, uint32_t row, const stn__detection *detection, uint32_t k,
    uint32_t time)
{
    stn__actor actor = stn__actor_of(worker, population, row);
    uint32_t born = stn__later(time, detection->delay);
    stn__node node = { .time = born, .born = born, .key = k, .pay = STN_NEVER, .type = (uint16_t) detection->type,
        .kind = STN__NODE_RECORD };

    stn__remark(&actor, time, STN__REMARK_SEEN, actor.plan->types[detection->type].behaviour,
        (uint64_t) actor.plan->types[detection->type].agency);
    (void) stn__schedule(&actor, &node);
}

/* An opportunity that was taken: number k of the row. */
typedef struct taking {
    uint32_t row, cell, time, k;
    uint32_t mark;         /* of its detection */
    uint32_t group, field; /* of the cell; of zone and behaviour */
    size_t behaviour;
} taking;

/* Whether one agency sees it. */
static inline bool
sees(const stn__detection *detection, uint32_t mark, double chance)
{
    return stn__below(stn__mix(mark ^ detection->hash), chance);
}

/* Counts an act; returns how many agencies see it. */
static inline int32_t
act(stn__worker *worker, int32_t population, const stn__people *people, const taking *t)
{
    const stn__population_plan *plan = people->plan;
    const stn__behaviour_plan *behaviour = &plan->behaviours[t->behaviour];
    const stn__detection *detections = plan->detections + behaviour->detection_first;
    const double *chance = plan->detect + (size_t) t->cell * (size_t) plan->detection_count + behaviour->detection_first;
    int64_t *counts = worker->counts[population] + (size_t) t->group * (size_t) people->counters.count + t->behaviour;
    stn__life *life = stn__life_of(people, t->row);
    int32_t detected = 0;

    stn__emit(worker, &(stn_event){ t->time, t->row, population, STN__EVENT_ACT, (int32_t) t->behaviour, t->k });
    for (int32_t d = 0; d < behaviour->detection_count; d++) {
        detected += sees(&detections[d], t->mark, chance[d]);
    }
    counts[people->counters.acts]++;
    counts[people->counters.detected] += detected != 0;
    worker->acts[population][t->field]++;
    worker->detected[population][t->field] += detected != 0;
    life->acts = (uint16_t) (life->acts + ((behaviour->kind != STN_MERIT) & (life->acts != UINT16_MAX)));
    if (people->experience_at != 0) {
        uint8_t *e = (uint8_t *) people->rows + t->row * people->row_size + people->experience_at + t->behaviour / 4;
        unsigned shift = 2 * (unsigned) (t->behaviour % 4);
        *e = (uint8_t) ((*e & ~(3u << shift)) | (1u + (detected != 0)) << shift);
    }
    return detected;
}

/* The records of an act that is seen. */
static void
act_recorded(stn__worker *worker, int32_t population, const taking *t)
{
    const stn__population_plan *plan = worker->run->people[population].plan;
    const stn__behaviour_plan *behaviour = &plan->behaviours[t->behaviour];
    const double *chance = plan->detect + (size_t) t->cell * (size_t) plan->detection_count;

    for (int32_t d = behaviour->detection_first; d < behaviour->detection_first + behaviour->detection_count; d++) {
        if (sees(&plan->detections[d], t->mark, chance[d])) {
            record_begin(worker, population, t->row, &plan->detections[d], t->k, t->time);
        }
    }
}

void
stn__watch_on(stn__actor *actor, uint32_t end)
{
    if (stn__is_watched(actor)) {
        stn__attempts_until(actor, end);
        if (stn__first(actor) > end) {
            actor->people->first[actor->row] = end;
        }
    }
}

/* The plain way, which defines what any other must yield: one actor from where it
 * stands to the window's end, with its opportunities until then. `taken` says which of
 * them are. */
static void
live(stn__actor *actor, const stn__opportunity *own, size_t count, uint8_t *taken)
{
    stn__people *people = actor->people;
    const scales s = scales_of(people);
    bool staked = is_staked(people), experienced = people->experience_at != 0;
    size_t zone = actor->plan->cells[actor->cell].zone * s.behaviour_count;
    uint32_t row = actor->row;
    size_t at = 0;

    people->first[row] = actor->life->head != 0 ? actor->worker->run->nodes[actor->life->head].time : STN_NEVER;
    while (at < count || people->first[row] < actor->end) {
        const stn__opportunity *o = &own[at];
        if (at == count || people->first[row] <= o->time) {
            stn__happen(actor);
            continue;
        }
        taken[at] = stn__below(o->mark, chance_of(&s, row, actor->cell, (size_t) o->behaviour,
            zone + (size_t) o->behaviour, o->base, staked, experienced));
        if (taken[at]) {
            taking t = { row, actor->cell, o->time, o->k, o->detection_mark, actor->plan->cells[actor->cell].group,
                (uint32_t) (zone + (size_t) o->behaviour), (size_t) o->behaviour };
            if (act(actor->worker, actor->population, people, &t) > 0) {
                act_recorded(actor->worker, actor->population, &t);
                actor->file = stn__file_of(people, row); /* a record may have opened it */
            }
        } else {
            stn__remark(actor, o->time, STN__REMARK_NOT_TAKEN, o->behaviour, o->k);
        }
        at++;
    }
    stn__watch_on(actor, actor->end);
}

/* Room for one more of somebody's own opportunities. */
static bool
own_grow(stn__lane *lane, size_t count)
{
    size_t room = lane->room == 0 ? 64 : lane->room * 2;
    void *own, *taken;

    if (count < lane->room) {
        return true;
    }
    own = realloc(lane->own, room * sizeof *lane->own);
    lane->own = own != NULL ? own : lane->own;
    taken = realloc(lane->taken, 2 * room);
    lane->taken = taken != NULL ? taken : lane->taken;
    if (own == NULL || taken == NULL) {
        lane->short_of_memory = true;
        return false;
    }
    lane->room = room;
    return true;
}

/* The opportunities of one actor up to the window's end, counted; returns how many. */
static size_t
own_draw(stn__lane *lane, int32_t population, uint32_t row)
{
    const stn_run *run = lane->convoy->runs[0];
    const stn__population_plan *plan = run->people[population].plan;
    stn__course *course = &lane->convoy->courses[population];
    uint64_t seed = stn__seed_of(run, population, row);
    stn__place *place = &course->places[row];
    const stn__cell *cell = &plan->cells[place->cell];
    int64_t *counts = lane->opportunities[population] + (size_t) cell->group * (size_t) plan->behaviour_count;
    uint32_t next = course->next[row];
    size_t count = 0;

    while (next < run->end && own_grow(lane, count)) {
        stn__opportunity *o = &lane->own[count++];
        stn__words draw = stn__draw(seed, STN_DRAW_OPPORTUNITY, (uint32_t) population, row, ++place->k, 0);
        o->time = next;
        o->k = place->k;
        o->behaviour = (int32_t) pick(plan, place->cell, draw.w[1], &o->base);
        o->mark = draw.w[2];
        o->detection_mark = draw.w[3];
        counts[o->behaviour]++;
        next = stn__later(next, stn__gap(draw.w[0], cell->rate));
    }
    course->next[row] = next;
    return count;
}

/* Where it is counted what was taken under the first run of a convoy and not under
 * another [0], or the other way round [1]. */
static int64_t *
contrast_of(const stn__lane *lane, int32_t population, int32_t r, uint32_t cell, int32_t behaviour)
{
    const stn__population_plan *plan = lane->convoy->runs[0]->people[population].plan;
    size_t n = (size_t) plan->behaviour_count, group = plan->cells[cell].group;

    return lane->contrasts[population]
        + 2 * (((size_t) r * (size_t) plan->group_count + group) * n + (size_t) behaviour);
}

/* One actor to the window's end, under each run. */
static void
alone(stn__lane *lane, int32_t population, uint32_t row)
{
    stn__convoy *convoy = lane->convoy;
    size_t count = own_draw(lane, population, row);

    for (int32_t r = 0; r < convoy->run_count; r++) {
        stn__actor actor = stn__actor_of(&convoy->runs[r]->workers[lane->number], population, row);
        uint8_t *taken = lane->taken != NULL && r > 0 ? lane->taken + lane->room : lane->taken;
        live(&actor, lane->own, count, taken);
        for (size_t i = 0; r > 0 && i < count; i++) {
            if (taken[i] != lane->taken[i]) {
                contrast_of(lane, population, r, actor.cell, lane->own[i].behaviour)[taken[i]]++;
            }
        }
    }
}

/* Asks memory early for what a row will need. */
static void
fetch(const stn__convoy *convoy, int32_t population, uint32_t row)
{
    __builtin_prefetch(&convoy->courses[population].places[row], 1);
    for (int32_t r = 0; r < convoy->run_count; r++) {
        const stn__people *people = &convoy->runs[r]->people[population];
        const char *first = people->rows + row * people->row_size;
        __builtin_prefetch(first, 1);
        __builtin_prefetch(first + people->row_size - 1, 1);
    }
}

/* What those who go alone need besides; where it is stands in a life. */
static void
fetch_files(const stn__convoy *convoy, int32_t population, uint32_t row)
{
    for (int32_t r = 0; r < convoy->run_count; r++) {
        const stn__people *people = &convoy->runs[r]->people[population];
        __builtin_prefetch(stn__file_of(people, row), 1);
    }
}

static void
fetch_nodes(const stn__convoy *convoy, int32_t population, uint32_t row)
{
    for (int32_t r = 0; r < convoy->run_count; r++) {
        const stn_run *run = convoy->runs[r];
        __builtin_prefetch(&run->nodes[stn__life_of(&run->people[population], row)->head], 1);
    }
}

/* ---------------------------------------------------------------- together */

/* How many go together: their draws, rows and times fit the nearest cache. */
enum { TOGETHER = STN__SCAN };

typedef struct party {
    int32_t count;
    uint32_t rows[TOGETHER], cells[TOGETHER];
    uint32_t numbers[TOGETHER];    /* of their next opportunities */
    double rates[TOGETHER];
    uint32_t w0[TOGETHER], w1[TOGETHER], w2[TOGETHER], w3[TOGETHER]; /* their draws */
    uint32_t gaps[TOGETHER];
    double bases[TOGETHER];        /* chances but for the regime */
    uint32_t groups[TOGETHER], fields[TOGETHER]; /* places of group, and of zone and behaviour */
    uint8_t behaviours[TOGETHER];
    uint8_t taken[2][TOGETHER];    /* under the first run and the one at hand */
    uint8_t aside[TOGETHER];       /* something was scheduled within the window: go on alone */
    uint16_t acting[TOGETHER];
} party;

/* What a thread works on in a block. */
typedef struct work {
    stn__lane *lane;
    int32_t population;
    const uint32_t *firsts[STN_SIDE_BY_SIDE_MAX]; /* those columns of the runs */
    party all;
    stn__due due[2];       /* at hand, and those that memory is asked for meanwhile */
    int32_t aside_count;
    uint32_t asides[2 * STN__SCAN]; /* rows that are to go alone, some hundred at a time */
} work;

/* Lets those go alone who are to. */
static void
all_alone(work *w)
{
    const stn__convoy *convoy = w->lane->convoy;

    for (int32_t i = 0; i < w->aside_count; i++) {
        fetch_files(convoy, w->population, w->asides[i]);
    }
    for (int32_t i = 0; i < w->aside_count; i++) {
        fetch_nodes(convoy, w->population, w->asides[i]);
    }
    for (int32_t i = 0; i < w->aside_count; i++) {
        alone(w->lane, w->population, w->asides[i]);
    }
    w->aside_count = 0;
}

/* The next opportunity of each of the party: number, draw, what follows, behaviour. */
static void
party_draw(stn__lane *lane, int32_t population, party *all)
{
    const stn_run *run = lane->convoy->runs[0];
    const stn__population_plan *plan = run->people[population].plan;
    const stn__place *places = lane->convoy->courses[population].places;
    const stn__cell *cells = plan->cells;
    const stn__choice *choices = plan->choices;
    const double *bases = plan->bases;
    size_t n = (size_t) plan->behaviour_count;
    int64_t *opportunities = lane->opportunities[population];
    const stn__draws draws = { all->w0, all->w1, all->w2, all->w3 };
    int32_t count = all->count;

    for (int32_t i = 0; i < count; i++) {
        const stn__place *place = &places[all->rows[i]];
        all->cells[i] = place->cell;
        all->numbers[i] = place->k + 1;
        __builtin_prefetch(&cells[place->cell]);
        __builtin_prefetch(&choices[place->cell * n]);
        __builtin_prefetch(&bases[place->cell * n]);
    }
    for (int32_t i = count; i % 8 != 0; i++) {
        all->rows[i] = all->numbers[i] = 0; /* kernels take eight at a time */
        all->rates[i] = 0;
    }
    run->kernels->draw(run->study->seed, STN_DRAW_OPPORTUNITY + 256u * (uint32_t) population, all->rows, all->numbers, count,
        draws);
    for (int32_t i = 0; i < count; i++) {
        const stn__cell *cell = &cells[all->cells[i]];
        size_t first = all->cells[i] * n, b;
        uint64_t place = all->w1[i] * (uint64_t) n;
        const stn__choice *choice = &choices[first + (size_t) (place >> 32)];
        b = (uint32_t) place <= choice->last ? choice->self : choice->alias;
        all->rates[i] = cell->rate;
        all->groups[i] = cell->group;
        all->fields[i] = (uint32_t) (cell->zone * n + b);
        all->behaviours[i] = (uint8_t) b;
        all->bases[i] = bases[first + b];
        opportunities[cell->group * n + b]++;
    }
    run->kernels->gap(all->w0, all->rates, count, all->gaps);
    memset(all->aside, 0, sizeof all->aside);
}

/* Decides for each of the party under one run, and gathers those who act (without a
 * branch: a third or so do, and nobody can guess who); returns how many. */
static inline int32_t
party_decide_as(const stn__people *people, party *all, uint8_t *taken, bool staked, bool experienced)
{
    const scales s = scales_of(people);
    int32_t count = 0;

    for (int32_t i = 0; i < all->count; i++) {
        double p = chance_of(&s, all->rows[i], all->cells[i], all->behaviours[i], all->fields[i], all->bases[i], staked,
            experienced);
        taken[i] = stn__below(all->w2[i], p);
        all->acting[count] = (uint16_t) i;
        count += taken[i];
    }
    return count;
}

static int32_t
party_decide(const stn__people *people, party *all, uint8_t *taken)
{
    if (people->experience_at != 0) {
        return is_staked(people) ? party_decide_as(people, all, taken, true, true)
                                 : party_decide_as(people, all, taken, false, true);
    }
    return is_staked(people) ? party_decide_as(people, all, taken, true, false)
                             : party_decide_as(people, all, taken, false, false);
}

static taking
taking_of(const party *all, const stn__course *course, int32_t i)
{
    uint32_t row = all->rows[i];

    return (taking){ row, all->cells[i], course->next[row], all->numbers[i], all->w3[i], all->groups[i], all->fields[i],
        all->behaviours[i] };
}

/* Lets `count` of the party act; then those who were seen get their records, for which
 * memory was asked meanwhile. */
static void
party_act(stn__worker *worker, int32_t population, party *all, int32_t count)
{
    const stn__people *people = &worker->run->people[population];
    int32_t seen = 0;

    for (int32_t a = 0; a < count; a++) {
        taking t = taking_of(all, people->course, all->acting[a]);
        all->acting[seen] = all->acting[a];
        if (act(worker, population, people, &t) > 0) {
            __builtin_prefetch(&worker->run->nodes[stn__life_of(people, t.row)->head], 1);
            seen++;
        }
    }
    for (int32_t a = 0; a < seen; a++) {
        taking t = taking_of(all, people->course, all->acting[a]);
        act_recorded(worker, population, &t);
        all->aside[all->acting[a]] |= people->first[t.row] < worker->run->end;
    }
}

static void
party_contrast(stn__lane *lane, int32_t population, int32_t r, const party *all)
{
    for (int32_t i = 0; i < all->count; i++) {
        if (all->taken[0][i] != all->taken[1][i]) {
            contrast_of(lane, population, r, all->cells[i], all->behaviours[i])[all->taken[1][i]]++;
        }
    }
}

/* Lets an opportunity of each of the party pass. Those who are not done with the
 * window stay in it; those to whom something was scheduled go on alone. */
static void
party_pass(work *w)
{
    party *all = &w->all;
    stn__convoy *convoy = w->lane->convoy;
    stn__course *course = &convoy->courses[w->population];
    uint32_t end = convoy->runs[0]->end;
    int32_t stay = 0;

    if (w->aside_count > STN__SCAN) {
        all_alone(w);
    }
    party_draw(w->lane, w->population, all);
    for (int32_t r = 0; r < convoy->run_count; r++) {
        stn__worker *worker = &convoy->runs[r]->workers[w->lane->number];
        int32_t count = party_decide(&convoy->runs[r]->people[w->population], all, all->taken[r > 0]);
        party_act(worker, w->population, all, count);
        if (r > 0) {
            party_contrast(w->lane, w->population, r, all);
        }
    }
    for (int32_t i = 0; i < all->count; i++) {
        uint32_t row = all->rows[i], next = stn__later(course->next[row], all->gaps[i]);

        course->places[row].k = all->numbers[i];
        course->next[row] = next;
        w->asides[w->aside_count] = row;
        w->aside_count += all->aside[i];
        all->rows[stay] = row;
        stay += next < end && !all->aside[i];
    }
    all->count = stay;
}

/* Of the next rows up to `last`, at most STN__SCAN, those that are due; asks memory for
 * their lives. */
static void
due_find(const work *w, uint32_t *first, uint32_t last, stn__due *due)
{
    const stn__convoy *convoy = w->lane->convoy;
    const stn_run *run = convoy->runs[0];
    uint32_t from = *first, count = last - from > STN__SCAN ? STN__SCAN : last - from;
    const uint32_t *firsts[STN_SIDE_BY_SIDE_MAX];

    for (int32_t r = 0; r < convoy->run_count; r++) {
        firsts[r] = w->firsts[r] + from;
    }
    run->kernels->due(convoy->courses[w->population].next + from, firsts, convoy->run_count, (int32_t) count, run->end, from,
        due);
    for (int32_t i = 0; i < due->plain_count; i++) {
        fetch(convoy, w->population, due->plain[i]);
    }
    for (int32_t i = 0; i < due->aside_count; i++) {
        fetch(convoy, w->population, due->aside[i]);
    }
    *first = from + count;
}

/* Takes the odd one of a test, and the one whose life is told, out of the plain ones. */
static void
set_aside(const stn_run *run, int32_t population, stn__due *due)
{
    int32_t stay = 0;

    for (int32_t i = 0; i < due->plain_count; i++) {
        uint32_t row = due->plain[i];
        if (is_odd(run, population, row) || stn__is_told(run, population, row)) {
            due->aside[due->aside_count++] = row;
        } else {
            due->plain[stay++] = row;
        }
    }
    due->plain_count = stay;
}

/* Rows with nothing but opportunities join the party; the others go alone. */
static void
due_live(work *w, stn__due *due)
{
    const stn_run *run = w->lane->convoy->runs[0];
    party *all = &w->all;

    if (run->odd_population == w->population || run->options.log == 2) {
        set_aside(run, w->population, due);
    }
    while (all->count + due->plain_count > TOGETHER) {
        party_pass(w);
    }
    memcpy(all->rows + all->count, due->plain, (size_t) due->plain_count * sizeof *due->plain);
    all->count += due->plain_count;
    if (w->aside_count + due->aside_count > 2 * STN__SCAN) {
        all_alone(w);
    }
    memcpy(w->asides + w->aside_count, due->aside, (size_t) due->aside_count * sizeof *due->aside);
    w->aside_count += due->aside_count;
}

/* --------------------------------------------------------------- beginning */

/* The first arrival of each false-record entry. Almost nobody has one within
 * the horizon: -log(u) > 1 - u, so a gap beyond it is told without a logarithm. */
void
stn__false_begin(stn__actor *actor, uint32_t time, uint32_t first)
{
    enum { AT_ONCE = 32 };
    const stn__population_plan *plan = actor->plan;
    const double *rates = plan->false_rate + (size_t) actor->cell * (size_t) plan->false_count;
    double horizon = (double) actor->worker->run->horizon + 1;
    uint32_t words[AT_ONCE];

    for (int32_t from = 0; from < plan->false_count; from += AT_ONCE) {
        int32_t count = plan->false_count - from < AT_ONCE ? plan->false_count - from : AT_ONCE;
        actor->worker->run->kernels->draw_keys(actor->seed, STN_DRAW_FALSE + 256u * (uint32_t) actor->population, actor->row,
            first, plan->false_keys + from, count, words);
        for (int32_t i = 0; i < count; i++) {
            stn__node node = { .key = first, .type = (uint16_t) (from + i), .kind = STN__NODE_FALSE };
            double rate = rates[from + i];
            if (1 - ((double) words[i] + 0.5) / 4294967296.0 <= rate * horizon && rate > 0) {
                node.time = stn__later(time, stn__gap(words[i], rate));
                (void) stn__schedule(actor, &node);
            }
        }
    }
}

/* The base of somebody's points: section 6. */
int32_t
stn__base_points(const stn__actor *actor)
{
    const stn__population_plan *plan = actor->plan;
    stn__words draw;
    uint32_t sum = 0;
    double drawn, down;

    if (!(plan->spread > 0)) {
        return stn__cut(plan, plan->base_points);
    }
    draw = stn__draw(actor->seed, STN_DRAW_BASE, (uint32_t) actor->population, actor->row, 0, 0);
    for (int w = 0; w < 4; w++) {
        sum += (draw.w[w] & 0xffffu) + (draw.w[w] >> 16);
    }
    drawn = plan->spread * (((double) sum - 262140.0) / 53509.91992145008) + 0.5;
    down = (double) (int64_t) drawn;
    if (down > drawn) {
        down = down - 1;
    }
    return stn__cut(plan, plan->base_points + (int32_t) down);
}

void
stn__set_out(stn__convoy *convoy, int32_t population, uint32_t row, uint32_t time)
{
    const stn_run *run = convoy->runs[0];
    stn__course *course = &convoy->courses[population];
    stn__words draw = stn__draw(stn__seed_of(run, population, row), STN_DRAW_OPPORTUNITY, (uint32_t) population, row, 0, 0);
    double rate = run->people[population].plan->cells[course->places[row].cell].rate;

    course->next[row] = stn__later(time, stn__gap(draw.w[0], rate));
}

void
stn__begin(stn__actor *actor, uint32_t time)
{
    stn__people *people = actor->people;
    const stn__population_plan *plan = actor->plan;

    people->first[actor->row] = STN_NEVER;
    actor->life->band = -1;
    if (plan->rating_given) {
        actor->life->points = stn__base_points(actor);
    }
    if (plan->money) {
        stn__savings_of(people, actor->row)->since = time;
    }
    if (plan->ladder) {
        stn__review_begin(actor, time);
    }
    stn__false_begin(actor, time, 0);
    if (people->course->presences != NULL) {
        stn__life_begin(actor, time);
    }
    stn__settle_start(actor, time);
    if (plan->money) {
        stn__money_begin(actor, time);
    }
}

/* Everybody who is there at the start. */
static void
begin_all(stn__lane *lane, int32_t population, uint32_t first, uint32_t last)
{
    stn__convoy *convoy = lane->convoy;

    for (uint32_t row = first; row < last; row++) {
        bool here = stn__is_here(&convoy->runs[0]->people[population], row);
        if (here) {
            stn__set_out(convoy, population, row, 0);
        }
        for (int32_t r = 0; r < convoy->run_count; r++) {
            stn_run *run = convoy->runs[r];
            stn__actor actor;
            if (!here) {
                run->people[population].first[row] = STN_NEVER;
                continue;
            }
            actor = stn__actor_of(&run->workers[lane->number], population, row);
            stn__begin(&actor, 0);
            stn__watch_on(&actor, 0);
        }
    }
}

/* ----------------------------------------------------- a window's beginning */

/* Other measures are in force: everybody is settled. Pardons end records. */
static void
open_regime(stn__actor *actor)
{
    const stn_run *run = actor->worker->run;
    const stn_regime *regime = run->plan->regime;

    if (run->new_epoch) {
        stn__settle(actor, run->start, &STN__NO_CHANGE);
    }
    for (int32_t p = 0; p < regime->pardon_count; p++) {
        if (stn__pardon_falls(run, &regime->pardons[p])) {
            stn__pardon(actor, run->start, &regime->pardons[p]);
        }
    }
    stn__watch_on(actor, run->start);
}

/* Something is due in the lives of `count` people. */
static void
turn_all(stn__lane *lane, int32_t population, const uint32_t *rows, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        __builtin_prefetch(&lane->convoy->courses[population].presences[rows[i]], 1);
        fetch_files(lane->convoy, population, rows[i]);
    }
    for (int32_t i = 0; i < count; i++) {
        stn__life_turn(lane, population, rows[i], lane->convoy->runs[0]->start);
    }
}

static void
open_all(stn__lane *lane, int32_t population, uint32_t first, uint32_t last)
{
    stn__convoy *convoy = lane->convoy;
    const uint32_t *turns = convoy->courses[population].turns;
    const stn_run *one = convoy->runs[0];
    uint32_t turning[2 * STN__SCAN];
    int32_t count = 0;

    for (uint32_t from = first; turns != NULL && from < last; from += STN__SCAN) {
        stn__due due;
        one->kernels->due(turns + from, NULL, 0, (int32_t) (last - from > STN__SCAN ? STN__SCAN : last - from),
            one->start + 1, from, &due);
        for (int32_t i = 0; i < due.plain_count; i++) {
            fetch(convoy, population, due.plain[i]);
            turning[count++] = due.plain[i];
        }
        if (count > STN__SCAN || last - from <= STN__SCAN) {
            turn_all(lane, population, turning, count);
            count = 0;
        }
    }
    for (int32_t r = 0; r < convoy->run_count; r++) {
        stn_run *run = convoy->runs[r];
        for (uint32_t row = first; run->opening && row < last; row++) {
            if (stn__is_here(&run->people[population], row)) {
                stn__actor actor = stn__actor_of(&run->workers[lane->number], population, row);
                open_regime(&actor);
            }
        }
    }
}

void
stn__live(stn__lane *lane, int32_t population, uint32_t first, uint32_t last)
{
    work w;
    int32_t now = 0;

    w.lane = lane;
    w.population = population;
    w.all.count = 0;
    w.aside_count = 0;
    for (int32_t r = 0; r < lane->convoy->run_count; r++) {
        w.firsts[r] = lane->convoy->runs[r]->people[population].first;
    }
    if (lane->convoy->runs[0]->windows_done == 0) {
        begin_all(lane, population, first, last);
    } else {
        open_all(lane, population, first, last);
    }
    due_find(&w, &first, last, &w.due[now]);
    while (first < last) {
        due_find(&w, &first, last, &w.due[1 - now]);
        due_live(&w, &w.due[now]);
        now = 1 - now;
    }
    due_live(&w, &w.due[now]);
    while (w.all.count > 0) {
        party_pass(&w);
    }
    all_alone(&w);
}
