/* SPDX-License-Identifier: Apache-2.0
 *
 * life.c - the inner loop: a block of actors through one window.
 *
 * Some quarter of a city has something to do in a month, most of them one
 * opportunity that ends at the decision. Those are taken in rounds over arrays
 * that fit the nearest cache: draw for all, gaps for all, decide for all, so
 * that the processor works on many people at once. Whoever has records due, is
 * restricted or is detected goes on alone in live(). The two ways differ in
 * nothing but speed: an actor's life depends on no other's within a window. */
#include "engine/engine.h"

/* ----------------------------------------------------------- opportunities */

/* Doors at stake for an actor: docs/semantics.md, section 7's d. */
static int32_t
doors_at_stake(const stn__people *people, uint32_t row, const stn__cell *cell, size_t behaviour)
{
    const stn__population_plan *plan = people->plan;
    const stn__life *life = &people->lives[row];
    const stn__behaviour_plan *b = &plan->behaviours[behaviour];
    size_t n = (size_t) plan->interval_count, without = n - 1, with = n - 1;
    const stn__stakes *stakes;
    uint32_t doors;
    int32_t count;

    if (cell->rated) {
        int32_t rating = stn__cut(plan, life->points);
        without = plan->interval[rating - plan->min];
        with = plan->interval[stn__cut(plan, rating + b->points) - plan->min];
    }
    stakes = &people->stakes[(((size_t) cell->class * (size_t) plan->behaviour_count + behaviour) * n + without) * n + with];
    if ((stakes->doors | stakes->channels) == 0) {
        return 0;
    }
    doors = b->kind == STN_MERIT ? stakes->doors & life->closed : stakes->doors & ~life->closed;
    count = __builtin_popcount(doors);
    if (stakes->channels != 0) { /* rarely; then the dossier is wanted, which is far away */
        uint32_t open = people->dossiers[row].open;
        count += __builtin_popcount(b->kind == STN_MERIT ? stakes->channels & ~open : stakes->channels & open);
    }
    return count;
}

/* What somebody saw the last time: 0 nothing yet, 1 that it was not detected, 2 that it was. */
static size_t
experience_of(const stn__people *people, uint32_t row, size_t behaviour)
{
    const stn__experience *e = &people->experiences[row];

    return (size_t) (e->acted >> behaviour & 1) + (size_t) (e->caught >> behaviour & 1);
}

/* An actor's opportunity: which behaviour it is, and whether it is taken. The
 * alias table of base/draw.h, with the chances beside it. */
static bool
decide(const stn__people *people, uint32_t row, uint32_t cell, uint32_t pick, uint32_t mark, int32_t *behaviour)
{
    const stn__population_plan *plan = people->plan;
    const stn__cell *here = &plan->cells[cell];
    size_t n = (size_t) plan->behaviour_count;
    const stn__choice *choices = plan->choices + (size_t) cell * n;
    uint64_t place = (uint64_t) pick * n;
    int32_t i = (int32_t) (place >> 32), keep = -(int32_t) stn__below((uint32_t) place, choices[i].cut);
    size_t b = (size_t) ((i & keep) | (choices[i].alias & ~keep));
    int32_t d = doors_at_stake(people, row, here, b);
    size_t field = here->zone * n + b;
    double p = choices[b].base;

    if (people->experiences != NULL) {
        field += experience_of(people, row, b) * n * (size_t) plan->zone_count;
    }
    p = p * people->deterrence[(field * 2 + here->rated) * STN__STAKE_LEVELS + (size_t) d];
    if (people->lives[row].closed != 0) {
        p = p * plan->behaviours[b].strain;
    }
    if (plan->behaviours[b].strain_poor != 1 && plan->money && (people->dossiers[row].flags & STN__LIFE_POOR) != 0) {
        p = p * plan->behaviours[b].strain_poor;
    }
    *behaviour = (int32_t) b;
    return stn__below(mark, p);
}

/* ------------------------------------------------------------------- alone */

/* Everybody draws from the study's numbers, but for the odd one of a test. */
static bool
is_odd(const stn_run *run, int32_t population, uint32_t row)
{
    return population == run->odd_population && row == run->odd_row;
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
    uint32_t cell = people->cells[row];

    return (stn__actor){
        .worker = worker,
        .people = people,
        .plan = plan,
        .life = &people->lives[row],
        .dossier = &people->dossiers[row],
        .terms = people->terms + (size_t) row * (size_t) plan->term_count,
        .web = people->webs != NULL ? &people->webs[row] : NULL,
        .counts = counts_of(worker, population, cell),
        .seed = is_odd(run, population, row) ? ~run->study->seed : run->study->seed,
        .is = plan->class_is[plan->cells[cell].class],
        .population = population,
        .row = row,
        .cell = cell,
        .rated = plan->cells[cell].rated,
        .start = run->start,
        .end = run->end,
        .closed_since = run->start,
        .named_since = run->start,
    };
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

/* An opportunity that was taken: opportunity k of the row, with its detection
 * mark. */
static void
act(stn__worker *worker, int32_t population, uint32_t row, int32_t behaviour, uint32_t mark, uint32_t k, uint32_t time)
{
    const stn__people *people = &worker->run->people[population];
    const stn__population_plan *plan = people->plan;
    const stn__behaviour_plan *b = &plan->behaviours[behaviour];
    uint32_t cell = people->cells[row];
    const double *chance = plan->detect + (size_t) cell * (size_t) plan->detection_count;
    size_t field = (size_t) plan->cells[cell].zone * (size_t) plan->behaviour_count + (size_t) behaviour;
    int64_t *counts = counts_of(worker, population, cell);
    bool detected = false;

    counts[people->counters.acts + behaviour]++;
    worker->acts[population][field]++;
    stn__emit(worker, &(stn_event){ time, row, population, STN__EVENT_ACT, behaviour, k });
    for (int32_t d = b->detection_first; d < b->detection_first + b->detection_count; d++) {
        const stn__detection *detection = &plan->detections[d];
        if (stn__below(stn__mix(mark ^ detection->hash), chance[d])) {
            record_begin(worker, population, row, detection, k, time);
            detected = true;
        }
    }
    if (detected) {
        counts[people->counters.detected + behaviour]++;
        worker->detected[population][field]++;
    }
    if (people->experiences != NULL) {
        stn__experience *e = &people->experiences[row];
        e->acted |= 1ull << behaviour;
        e->caught = (e->caught & ~(1ull << behaviour)) | (uint64_t) detected << behaviour;
    }
}

/* Of somebody whose attempts are watched, those of the window are counted; and
 * the next window must not pass over them, so that it looks as if something
 * were scheduled at its start. */
static void
watch_on(stn__actor *actor, uint32_t end)
{
    if (stn__is_watched(actor)) {
        stn__attempts_until(actor, end);
        actor->people->due[actor->row] = end;
        if (actor->life->first > end) {
            actor->life->first = end;
        }
    }
}

/* The plain way, which defines what any other must yield: one actor from where
 * it stands to the window's end. */
static void
live(stn__actor *actor)
{
    stn__people *people = actor->people;
    double rate = actor->plan->cells[actor->cell].rate;
    uint32_t row = actor->row, next = people->next[row], k = people->k[row];

    actor->life->first = actor->life->head != 0 ? actor->worker->run->nodes[actor->life->head].time : STN_NEVER;
    while (actor->life->first < actor->end || next < actor->end) {
        if (actor->life->first <= next) {
            stn__happen(actor);
        } else {
            uint32_t time = next;
            stn__words draw;
            int32_t behaviour;
            k++;
            draw = stn__draw(actor->seed, STN_DRAW_OPPORTUNITY, (uint32_t) actor->population, row, k, 0);
            next = stn__later(time, stn__gap(draw.w[0], rate));
            if (decide(people, row, actor->cell, draw.w[1], draw.w[2], &behaviour)) {
                act(actor->worker, actor->population, row, behaviour, draw.w[3], k, time);
            } else {
                stn__remark(actor, time, STN__REMARK_NOT_TAKEN, behaviour, k);
            }
            actor->counts[people->counters.opportunities + behaviour]++;
        }
    }
    people->next[row] = next;
    people->k[row] = k;
    people->due[row] = actor->life->first < next ? actor->life->first : next;
    watch_on(actor, actor->end);
}

/* ---------------------------------------------------------------- together */

/* How many go together: their draws, rows and times fit the nearest cache. */
enum { TOGETHER = 512 };

typedef struct party {
    int32_t count;
    uint32_t rows[TOGETHER], cells[TOGETHER];
    uint32_t numbers[TOGETHER];    /* of their next opportunities */
    double rates[TOGETHER];
    uint32_t w0[TOGETHER], w1[TOGETHER], w2[TOGETHER], w3[TOGETHER]; /* their draws */
    uint32_t gaps[TOGETHER];
} party;

/* Those of a party who act: their places in it, and what they do. */
typedef struct actors_found {
    int32_t index[TOGETHER], behaviour[TOGETHER];
} actors_found;

/* The next opportunity of each of the party: number, draw and what follows. */
static void
party_draw(const stn__worker *worker, int32_t population, party *all)
{
    const stn_run *run = worker->run;
    const stn__people *people = &run->people[population];
    const stn__draws draws = { all->w0, all->w1, all->w2, all->w3 };

    for (int32_t i = 0; i < all->count; i++) {
        all->cells[i] = people->cells[all->rows[i]];
        all->numbers[i] = people->k[all->rows[i]] + 1;
        all->rates[i] = people->plan->cells[all->cells[i]].rate;
    }
    for (int32_t i = all->count; i % 8 != 0; i++) {
        all->rows[i] = all->numbers[i] = 0; /* kernels take eight at a time */
        all->rates[i] = 0;
    }
    run->kernels->draw(run->study->seed, STN_DRAW_OPPORTUNITY + 256u * (uint32_t) population, all->rows, all->numbers,
        all->count, draws);
    run->kernels->gap(all->w0, all->rates, all->count, all->gaps);
}

/* Decides for each of the party, and gathers those who act (without a branch:
 * a third or so do, and nobody can guess who). */
static int32_t
party_decide(const stn__worker *worker, int32_t population, const party *all, actors_found *acting)
{
    const stn__people *people = &worker->run->people[population];
    int32_t opportunities = people->counters.opportunities, count = 0;

    for (int32_t i = 0; i < all->count; i++) {
        int32_t behaviour;
        bool taken = decide(people, all->rows[i], all->cells[i], all->w1[i], all->w2[i], &behaviour);

        counts_of(worker, population, all->cells[i])[opportunities + behaviour]++;
        acting->index[count] = i;
        acting->behaviour[count] = behaviour;
        count += taken;
    }
    return count;
}

/* Asks memory early for what records and lists of a row will need. */
static void
fetch_dossier(const stn__people *people, uint32_t row)
{
    __builtin_prefetch(&people->dossiers[row]);
    __builtin_prefetch(&people->terms[(size_t) row * (size_t) people->plan->term_count]);
}

/* Lets the party's opportunities pass. Those who are not done with the window
 * stay in it; those to whom something was scheduled go on alone. */
static void
party_pass(stn__worker *worker, int32_t population, party *all)
{
    stn_run *run = worker->run;
    stn__people *people = &run->people[population];
    actors_found acting;
    int32_t count = party_decide(worker, population, all, &acting), stay = 0, alone = 0;
    uint32_t *rows_alone = all->numbers; /* used up when a row is put there */

    for (int32_t a = 0; a < count; a++) {
        int32_t i = acting.index[a];
        uint32_t row = all->rows[i];
        act(worker, population, row, acting.behaviour[a], all->w3[i], all->numbers[i], people->next[row]);
    }
    for (int32_t i = 0; i < all->count; i++) {
        uint32_t row = all->rows[i], next = stn__later(people->next[row], all->gaps[i]);
        uint32_t first = people->lives[row].first;

        people->k[row] = all->numbers[i];
        people->next[row] = next;
        people->due[row] = first < next ? first : next;
        if (first < run->end) {
            fetch_dossier(people, row);
            rows_alone[alone++] = row;
        } else {
            all->rows[stay] = row;
            stay += next < run->end;
        }
    }
    for (int32_t i = 0; i < alone; i++) {
        stn__actor actor = stn__actor_of(worker, population, rows_alone[i]);
        live(&actor);
    }
    all->count = stay;
}

static void
party_live(stn__worker *worker, int32_t population, party *all)
{
    while (all->count > 0) {
        party_draw(worker, population, all);
        party_pass(worker, population, all);
    }
}

/* Whether all that a due row has before the window's end are opportunities. */
static bool
is_plain(const stn_run *run, int32_t population, uint32_t row)
{
    const stn__life *life = &run->people[population].lives[row];

    return life->closed == 0 && life->first >= run->end && !is_odd(run, population, row)
        && !stn__is_told(run, population, row);
}

/* Rows of a block that are due, a few hundred at a time. */
typedef struct due_rows {
    int32_t count;
    uint32_t rows[TOGETHER];
} due_rows;

/* Of the next rows up to `last`, at most TOGETHER, those that are due (gathered
 * without a branch, as nobody can guess who is); asks memory for their lives. */
static void
due_find(const stn__people *people, uint32_t *first, uint32_t last, uint32_t end, due_rows *due)
{
    uint32_t stop = last - *first > TOGETHER ? *first + TOGETHER : last;

    due->count = 0;
    for (uint32_t row = *first; row < stop; row++) {
        due->rows[due->count] = row;
        due->count += people->due[row] < end;
    }
    for (int32_t i = 0; i < due->count; i++) {
        __builtin_prefetch(&people->lives[due->rows[i]]);
    }
    *first = stop;
}

/* Rows with nothing but opportunities join the party; the others go alone. */
static void
due_live(stn__worker *worker, int32_t population, due_rows *due, party *all)
{
    const stn_run *run = worker->run;
    const stn__people *people = &run->people[population];
    int32_t alone = 0;

    if (all->count + due->count > TOGETHER) {
        party_live(worker, population, all);
    }
    for (int32_t i = 0; i < due->count; i++) {
        uint32_t row = due->rows[i];
        if (is_plain(run, population, row)) {
            all->rows[all->count++] = row;
        } else {
            __builtin_prefetch(&run->nodes[people->lives[row].head]);
            fetch_dossier(people, row);
            due->rows[alone++] = row;
        }
    }
    for (int32_t i = 0; i < alone; i++) {
        stn__actor actor = stn__actor_of(worker, population, due->rows[i]);
        live(&actor);
    }
}

void
stn__live(stn__worker *worker, int32_t population, uint32_t first, uint32_t last)
{
    const stn__people *people = &worker->run->people[population];
    uint32_t end = worker->run->end;
    due_rows due[2]; /* those at hand, and those that memory is asked for meanwhile */
    int32_t now = 0;
    party all;

    all.count = 0;
    due_find(people, &first, last, end, &due[now]);
    while (first < last) {
        due_find(people, &first, last, end, &due[1 - now]);
        due_live(worker, population, &due[now], &all);
        now = 1 - now;
    }
    due_live(worker, population, &due[now], &all);
    party_live(worker, population, &all);
}

/* --------------------------------------------------------------- beginning */

/* The first arrival of each false-record entry. Almost nobody has one within
 * the horizon: -log(u) > 1 - u, so a gap beyond it is told without a logarithm. */
void
stn__false_begin(stn__actor *actor, uint32_t time, uint32_t first)
{
    const stn__population_plan *plan = actor->plan;
    double horizon = (double) actor->worker->run->horizon + 1;

    for (int32_t entry = 0; entry < plan->false_count; entry++) {
        double rate = plan->false_rate[(size_t) actor->cell * (size_t) plan->false_count + (size_t) entry];
        const stn__record_type *type = &plan->types[plan->false_types[entry]];
        stn__words draw;
        stn__node node = { .key = first, .type = (uint16_t) entry, .kind = STN__NODE_FALSE };
        if (!(rate > 0)) {
            continue;
        }
        draw = stn__draw(actor->seed, STN_DRAW_FALSE, (uint32_t) actor->population, actor->row, first, type->hash);
        if (1 - ((double) draw.w[0] + 0.5) / 4294967296.0 > rate * horizon) {
            continue;
        }
        node.time = stn__later(time, stn__gap(draw.w[0], rate));
        (void) stn__schedule(actor, &node);
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
stn__set_out(stn__actor *actor, uint32_t time)
{
    stn__people *people = actor->people;
    const stn__population_plan *plan = actor->plan;
    uint32_t row = actor->row;
    stn__words draw = stn__draw(actor->seed, STN_DRAW_OPPORTUNITY, (uint32_t) actor->population, row, 0, 0);

    people->next[row] = stn__later(time, stn__gap(draw.w[0], plan->cells[actor->cell].rate));
    actor->life->first = STN_NEVER;
    actor->dossier->band = -1;
    if (plan->rating_given) {
        actor->life->points = stn__base_points(actor);
    }
    if (plan->money) {
        people->savings[row].since = time;
    }
    if (plan->ladder) {
        stn__review_begin(actor, time);
    }
    stn__false_begin(actor, time, 0);
    if (people->presences != NULL) {
        stn__life_begin(actor, time);
    }
    stn__settle_start(actor, time);
    if (plan->money) {
        stn__money_begin(actor, time);
    }
}

void
stn__begin(stn__worker *worker, int32_t population, uint32_t first, uint32_t last)
{
    for (uint32_t row = first; row < last; row++) {
        if (stn__is_here(&worker->run->people[population], row)) {
            stn__actor actor = stn__actor_of(worker, population, row);
            stn__set_out(&actor, 0);
            live(&actor);
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
}

void
stn__open(stn__worker *worker, int32_t population, uint32_t first, uint32_t last)
{
    const stn_run *run = worker->run;
    stn__people *people = &worker->run->people[population];

    for (uint32_t row = first; row < last; row++) {
        bool turns = people->presences != NULL && people->presences[row].due <= run->start;
        bool opens = run->opening && stn__is_here(people, row);
        stn__actor actor;
        if (!turns && !opens) {
            continue;
        }
        actor = stn__actor_of(worker, population, row);
        if (turns) {
            stn__life_turn(&actor, run->start);
        }
        if (!stn__is_here(people, row)) {
            continue;
        }
        if (run->opening) {
            open_regime(&actor);
        }
        people->due[row] = actor.life->first < people->next[row] ? actor.life->first : people->next[row];
        watch_on(&actor, actor.start);
    }
}
