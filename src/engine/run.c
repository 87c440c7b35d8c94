/* SPDX-License-Identifier: Apache-2.0
 *
 * run.c - a run: its windows, its threads, what people learn, its digest.
 *
 * A window is lived by blocks of rows that threads take as they get free. What
 * they count is whole numbers in a table of their own, added up when all are
 * done, so nobody's order matters. Between windows certainty is published. */
#include "engine/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "city/lives.h"

enum { BLOCK = 4096 }; /* rows handed out at a time; 512 to 16384 are equally fast */

/* ----------------------------------------------------------------- creation */

void
stn_run_options_init(stn_run_options *options)
{
    memset(options, 0, sizeof *options);
}

static size_t
series_row(const stn__people *people)
{
    return (size_t) people->plan->group_count * (size_t) people->counters.count;
}

static size_t
field_size(const stn__people *people)
{
    return (size_t) people->plan->zone_count * (size_t) people->plan->behaviour_count;
}

/* How many tables of deterrence there are: one for each experience. */
static size_t
ledger_count(const stn_run *run)
{
    return run->plan->learning_own > 0 ? STN__LEDGERS : 1;
}

/* What stands in a row, by how often it is looked at. */
static void
row_lay_out(const stn_run *run, stn__people *people)
{
    const stn__population_plan *plan = people->plan;
    size_t size = sizeof(stn__life);

    if (run->plan->learning_own > 0) {
        people->experience_at = size;
        size += ((size_t) plan->behaviour_count + 7) / 8 * 2; /* keeps terms at even places */
    }
    people->terms_at = size;
    size = (size + (size_t) plan->term_count * sizeof(uint16_t) + 3) / 4 * 4;
    if (plan->money) {
        people->savings_at = size;
        size += sizeof(stn__savings);
    }
    people->row_size = size;
}

/* How many doors a record can cost or win anybody, at most. */
static int32_t
most_at_stake(const stn__population_plan *plan, int32_t epoch_count)
{
    int32_t most = 0;
    size_t n = (size_t) plan->interval_count, count = (size_t) plan->class_count * (size_t) plan->behaviour_count * n * n;

    for (int32_t e = 0; e < epoch_count; e++) {
        for (size_t i = 0; i < count; i++) {
            const stn__stakes *stakes = &plan->epochs[e].stakes[i];
            int32_t doors = __builtin_popcount(stakes->doors | stakes->channels);
            most = doors > most ? doors : most;
        }
    }
    return most;
}

static bool
people_new(stn_run *run, int32_t population)
{
    stn__people *people = &run->people[population];
    const stn__population_plan *plan = &run->plan->populations[population];

    people->course = &run->convoy->courses[population];
    people->size = people->course->size;
    people->plan = plan;
    people->rights = (plan->door_count < 32 ? (1u << plan->door_count) - 1 : UINT32_MAX) & ~plan->channel_mask;
    for (int32_t l = 0; l < run->plan->regime->list_count; l++) {
        const stn_list *list = &run->plan->regime->lists[l];
        if (list->population == population && list->kind == STN_BLACKLIST) {
            people->shutting |= 1u << list->local;
        }
    }
    people->right_count = __builtin_popcount(people->rights);
    people->stake_levels = most_at_stake(plan, run->plan->epoch_count) + 1;
    if (stn__counters_new(run->plan, population, &people->counters) != 0) {
        return false;
    }
    people->file_size = (sizeof(stn__file) + (size_t) plan->tie_count * sizeof(uint16_t) + 3) / 4 * 4;
    people->file_room = people->size < UINT32_MAX - (1u << 20) ? people->size + (1u << 20) : UINT32_MAX; /* with chunks of
                                                              * threads, also of those before a checkpoint */
    people->files = stn__column_new(people->file_room, people->file_size);
    atomic_store(&people->file_fresh, 1); /* 0 is blank for good */
    people->first = stn__column_new(people->size, sizeof *people->first);
    row_lay_out(run, people);
    people->rows = stn__column_new(people->size, people->row_size);
    people->timed = run->options.lives != 0 || people->course->presences != NULL;
    people->series = calloc((size_t) run->window_count * series_row(people) + 1, sizeof *people->series);
    people->certainty = calloc(field_size(people) + 1, sizeof *people->certainty);
    people->deterrence = calloc(field_size(people) * 2 * (size_t) people->stake_levels * ledger_count(run) + 8,
        sizeof *people->deterrence); /* kernels take eight at a time */
    if (people->files == NULL || people->first == NULL || people->rows == NULL
        || people->series == NULL || people->certainty == NULL || people->deterrence == NULL) {
        return false;
    }
    for (size_t cell = 0; cell < field_size(people); cell++) {
        people->certainty[cell] = plan->behaviours[cell % (size_t) plan->behaviour_count].prior;
    }
    return true;
}

static bool
worker_new(stn_run *run, stn__worker *worker)
{
    worker->run = run;
    for (int32_t population = 0; population < run->plan->population_count; population++) {
        const stn__people *people = &run->people[population];
        worker->counts[population] = calloc(series_row(people) + 1, sizeof(int64_t));
        worker->acts[population] = calloc(field_size(people) + 1, sizeof(int64_t));
        worker->detected[population] = calloc(field_size(people) + 1, sizeof(int64_t));
        worker->named[population] = calloc(field_size(people) + 1, sizeof(int64_t));
        if (worker->counts[population] == NULL || worker->acts[population] == NULL
            || worker->detected[population] == NULL || worker->named[population] == NULL) {
            return false;
        }
    }
    return true;
}

/* Nodes are reserved far beyond what any regime was seen to need (some 10 a
 * person); only those that are used take memory. */
static bool
nodes_new(stn_run *run)
{
    uint64_t people = 0, room;

    for (int32_t population = 0; population < run->plan->population_count; population++) {
        people += run->people[population].size;
    }
    room = people * 64 + ((uint64_t) run->thread_count + 64) * 65536;
    run->node_room = room > 0xf0000000u ? 0xf0000000u : (uint32_t) room;
    run->nodes = stn__column_new(run->node_room, sizeof *run->nodes);
    atomic_store(&run->node_fresh, 1024); /* 0 is no node; chunks start at multiples of 1024 */
    return run->nodes != NULL;
}

static bool
queues_new(stn_run *run)
{
    const stn_regime *regime = run->plan->regime;
    const stn__process_plan *processes = run->plan->populations[0].processes;

    run->queues = calloc(2 * (size_t) regime->process_count + 1, sizeof *run->queues);
    if (run->queues == NULL) {
        return false;
    }
    for (int32_t i = 0; i < 2 * regime->process_count; i++) {
        const stn__petition_plan *petition = &processes[i / 2].petitions[i % 2];
        stn__queue *queue = &run->queues[i];
        *queue = (stn__queue){ .desks = petition->desks, .duration = petition->duration };
        if (queue->desks > 0 && (queue->done = calloc(queue->desks, sizeof *queue->done)) == NULL) {
            return false;
        }
    }
    return true;
}

/* What messages need: who is like whom, who is tied to whom, queues. */
static bool
web_new(stn_run *run)
{
    const stn__plan *plan = run->plan;
    const stn_regime *regime = plan->regime;
    bool household = false, misfiles = false;

    for (int32_t r = 0; r < regime->sharing.route_count; r++) {
        misfiles = misfiles || regime->sharing.routes[r].wrong_person.value > 0;
    }
    for (int32_t population = 0; population < plan->population_count; population++) {
        const stn__population_plan *p = &plan->populations[population];
        for (int32_t t = 0; t < p->tie_count; t++) {
            household = household || p->ties[t].household;
        }
        if (misfiles) {
            run->namesakes[population] = stn__namesakes_new(run->city, population, regime->sharing.namesakes[population],
                regime->sharing.namesake_count[population]);
            if (run->namesakes[population] == NULL) {
                return false;
            }
        }
    }
    if (household && (run->household = stn__members_of_households(run->city)) == NULL) {
        return false;
    }
    return queues_new(run);
}

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

/* "living under A, B and C". */
static void
stage_name(stn__convoy *convoy)
{
    size_t room = sizeof convoy->stage, used = 0;

    for (int32_t r = 0; r < convoy->run_count && used < room; r++) {
        used += (size_t) snprintf(convoy->stage + used, room - used, "%s%s", r == 0 ? "living under " : r + 1 == convoy->run_count
            ? " and " : ", ", convoy->runs[r]->plan->regime->name);
    }
}

/* Gives back the courses. */
static void
courses_free(stn__convoy *convoy)
{
    for (int32_t population = 0; population < STN_POPULATIONS_MAX; population++) {
        stn__course *course = &convoy->courses[population];
        stn__column_free(course->next, course->size, sizeof *course->next);
        stn__column_free(course->places, course->size, sizeof *course->places);
        stn__column_free(course->turns, course->size, sizeof *course->turns);
        stn__column_free(course->presences, course->size, sizeof *course->presences);
        *course = (stn__course){ 0 };
    }
}

static bool
lane_new(stn__convoy *convoy, int32_t number)
{
    stn__lane *lane = &convoy->lanes[number];

    lane->convoy = convoy;
    lane->number = number;
    for (int32_t population = 0; population < convoy->population_count; population++) {
        const stn__population_plan *plan = convoy->runs[0]->people[population].plan;
        size_t size = (size_t) plan->group_count * (size_t) plan->behaviour_count;
        lane->opportunities[population] = calloc(size + 1, sizeof(int64_t));
        lane->contrasts[population] = calloc(size * 2 * (size_t) convoy->run_count + 1, sizeof(int64_t));
        if (lane->opportunities[population] == NULL || lane->contrasts[population] == NULL) {
            return false;
        }
    }
    return true;
}

/* Everything of one run but what it shares. 0, STN_E_LIMIT or STN_E_MEMORY. */
static int
run_new(stn__convoy *convoy, int32_t place, const stn_study *study, const stn_city *city, int32_t regime,
    const stn_run_options *options, stn_error *err)
{
    stn_run *run = calloc(1, sizeof *run);

    if (run == NULL) {
        return STN_E_MEMORY;
    }
    convoy->runs[place] = run;
    convoy->run_count = place + 1;
    convoy->held++;
    convoy->unreleased++;
    run->convoy = convoy;
    run->place = place;
    run->study = study;
    run->city = city;
    run->regime = regime;
    if (options != NULL) {
        run->options = *options;
    }
    run->odd_population = STN_NONE;
    run->kernels = stn__kernels_best();
    run->thread_count = stn__thread_count(run->options.threads);
    run->horizon = study->horizon;
    run->window = study->window;
    run->window_count = (int32_t) ((run->horizon + (uint64_t) run->window - 1) / run->window);
    return stn__plan_new(study, regime, &run->plan, err);
}

/* All that comes after the plans. False if memory is short. */
static bool
convoy_fill(stn__convoy *convoy)
{
    stn_run *first = convoy->runs[0];

    convoy->population_count = first->plan->population_count;
    for (int32_t population = 0; population < convoy->population_count; population++) {
        if (!stn__course_new(convoy, population)) {
            return false;
        }
    }
    for (int32_t r = 0; r < convoy->run_count; r++) {
        stn_run *run = convoy->runs[r];
        for (int32_t population = 0; population < convoy->population_count; population++) {
            if (!people_new(run, population)) {
                return false;
            }
        }
        run->workers = stn__column_new((size_t) run->thread_count, sizeof *run->workers);
        if (run->workers == NULL || !nodes_new(run) || !web_new(run)) {
            return false;
        }
        for (int32_t t = 0; t < run->thread_count; t++) {
            if (!worker_new(run, &run->workers[t])) {
                return false;
            }
        }
    }
    convoy->lane_count = first->thread_count;
    convoy->lanes = stn__column_new((size_t) convoy->lane_count, sizeof *convoy->lanes);
    for (int32_t t = 0; convoy->lanes != NULL && t < first->thread_count; t++) {
        if (!lane_new(convoy, t)) {
            return false;
        }
    }
    for (int32_t population = 0; population < convoy->population_count; population++) {
        const stn__population_plan *plan = first->people[population].plan;
        size_t size = (size_t) plan->group_count * (size_t) plan->behaviour_count * 2 * (size_t) convoy->run_count;
        convoy->contrasts[population] = calloc(size + 1, sizeof(int64_t));
        if (convoy->contrasts[population] == NULL) {
            return false;
        }
    }
    return convoy->lanes != NULL;
}

int
stn_runs_new(const stn_study *study, const stn_city *city, const int32_t *regimes, int32_t count,
    const stn_run_options *options, stn_run **out, stn_error *err)
{
    stn__convoy *convoy = calloc(1, sizeof *convoy);
    double began = now();
    int ret = STN_E_MEMORY;

    STN_INVARIANT(count >= 1 && count <= STN_SIDE_BY_SIDE_MAX);
    memset(out, 0, (size_t) count * sizeof *out);
    if (convoy == NULL || (convoy->runs = calloc((size_t) count, sizeof(stn_run *))) == NULL) {
        free(convoy);
        return stn__fail(err, STN_E_MEMORY, "no memory for a run");
    }
    for (int32_t r = 0; r < count; r++) {
        ret = run_new(convoy, r, study, city, regimes[r], options, err);
        if (ret != 0) {
            break;
        }
    }
    if (ret == 0) {
        ret = convoy_fill(convoy) ? 0 : STN_E_MEMORY;
    }
    if (ret != 0) {
        stn_run *runs[STN_SIDE_BY_SIDE_MAX];
        int32_t made = convoy->run_count;
        memcpy(runs, convoy->runs, (size_t) made * sizeof *runs);
        for (int32_t r = 0; r < made; r++) {
            stn_run_free(runs[r]);
        }
        if (made == 0) {
            free(convoy->runs);
            free(convoy);
        }
        return ret == STN_E_MEMORY ? stn__fail(err, ret, "no memory for a run") : ret;
    }
    stage_name(convoy);
    memcpy(out, convoy->runs, (size_t) count * sizeof *out);
    for (int32_t r = 0; r < count; r++) {
        out[r]->seconds = (now() - began) / count;
    }
    return 0;
}

int
stn_run_new(const stn_study *study, const stn_city *city, int32_t regime, const stn_run_options *options,
    stn_run **out, stn_error *err)
{
    return stn_runs_new(study, city, &regime, 1, options, out, err);
}

void
stn_run_release(stn_run *run)
{
    if (run->released) {
        return;
    }
    for (int32_t population = 0; run->plan != NULL && population < run->plan->population_count; population++) {
        stn__people *people = &run->people[population];
        if (people->plan == NULL) {
            continue;
        }
        stn__column_free(people->files, people->file_room, people->file_size);
        stn__column_free(people->first, people->size, sizeof *people->first);
        stn__column_free(people->rows, people->size, people->row_size);
        stn__column_free(people->panel_block, people->size, STN__PANEL_ROW);
        people->files = NULL;
        people->first = NULL;
        people->rows = NULL;
        people->panel_block = NULL;
    }
    for (int32_t population = 0; population < STN_POPULATIONS_MAX; population++) {
        stn__namesakes_free(run->namesakes[population]);
        run->namesakes[population] = NULL;
    }
    stn__members_free(run->household);
    run->household = NULL;
    stn__column_free(run->nodes, run->node_room, sizeof *run->nodes);
    run->nodes = NULL;
    run->released = true;
    if (--run->convoy->unreleased == 0) {
        courses_free(run->convoy);
    }
}

static void
worker_free(stn__worker *worker)
{
    for (int32_t population = 0; population < STN_POPULATIONS_MAX; population++) {
        free(worker->counts[population]);
        free(worker->acts[population]);
        free(worker->detected[population]);
        free(worker->named[population]);
    }
    free(worker->outbox.messages);
    free(worker->cases.cases);
    free(worker->events);
}

/* A run of the convoy is freed; the last one takes the rest with it. */
static void
convoy_leave(stn__convoy *convoy)
{
    if (--convoy->held > 0) {
        return;
    }
    for (int32_t t = 0; convoy->lanes != NULL && t < convoy->lane_count; t++) {
        stn__lane *lane = &convoy->lanes[t];
        for (int32_t population = 0; population < STN_POPULATIONS_MAX; population++) {
            free(lane->opportunities[population]);
            free(lane->contrasts[population]);
        }
        free(lane->own);
        free(lane->taken);
    }
    stn__column_free(convoy->lanes, (size_t) convoy->lane_count, sizeof *convoy->lanes);
    for (int32_t population = 0; population < STN_POPULATIONS_MAX; population++) {
        free(convoy->contrasts[population]);
    }
    free(convoy->runs);
    free(convoy);
}

void
stn_run_free(stn_run *run)
{
    if (run == NULL) {
        return;
    }
    stn_run_release(run);
    for (int32_t t = 0; run->workers != NULL && t < run->thread_count; t++) {
        worker_free(&run->workers[t]);
    }
    for (int32_t population = 0; population < STN_POPULATIONS_MAX; population++) {
        stn__people *people = &run->people[population];
        stn__counters_free(&people->counters);
        free(people->series);
        free(people->histograms);
        free(people->certainty);
        free(people->deterrence);
    }
    stn__column_free(run->workers, (size_t) run->thread_count, sizeof *run->workers);
    for (int32_t i = 0; run->queues != NULL && i < 2 * run->plan->regime->process_count; i++) {
        free(run->queues[i].done);
    }
    free(run->queues);
    free(run->delivered.messages);
    free(run->histogram_windows);
    free(run->events);
    stn__plan_free(run->plan);
    convoy_leave(run->convoy);
    free(run);
}

/* ----------------------------------------------------------------- learning */

/* How much less (or, for merits, more) people act, for each zone, behaviour and
 * number of doors at stake: section 3's D with section 7's S; and for each
 * experience (section 16). */
static void
deterrence_fill(const stn_run *run, stn__people *people)
{
    const stn__population_plan *plan = people->plan;
    size_t fields = field_size(people), table = fields * 2 * (size_t) people->stake_levels;
    double doors = plan->door_count > 0 ? (double) plan->door_count : 1;
    double width = plan->rating_given && plan->max > plan->min ? (double) (plan->max - plan->min) : 0;
    double own = run->plan->learning_own, *out = people->deterrence;

    for (size_t ledger = 0; ledger < ledger_count(run); ledger++) {
        for (size_t field = 0; field < fields; field++) {
            const stn__behaviour_plan *b = &plan->behaviours[field % (size_t) plan->behaviour_count];
            double certainty = people->certainty[field];
            if (ledger > 0) {
                certainty = (1 - own) * certainty + own * (double) (ledger - 1);
            }
            for (int rated = 0; rated < 2; rated++) {
                double second = rated && width > 0 ? (double) b->stake_points / width : 0;
                for (int32_t d = 0; d < people->stake_levels; d++) {
                    double stakes = (double) d / doors + second;
                    *out++ = b->kind == STN_MERIT ? b->incentive * stakes
                                                  : -(certainty * (b->certainty + b->severity * stakes));
                }
            }
        }
        /* Overwrites at most the next table's beginning, which comes next. */
        run->kernels->exp(out - table, (int32_t) table, out - table);
    }
}

static void
learn(stn_run *run, stn__people *people, int32_t population)
{
    const stn__plan *plan = run->plan;
    double lambda = plan->learning_lambda, weight = plan->learning_weight;

    for (size_t field = 0; field < field_size(people); field++) {
        double prior = people->plan->behaviours[field % (size_t) people->plan->behaviour_count].prior;
        double observed = prior, told, seen, all;
        int64_t acts = 0, detected = 0, named = 0;
        for (int32_t t = 0; t < run->thread_count; t++) {
            stn__worker *worker = &run->workers[t];
            acts += worker->acts[population][field];
            detected += worker->detected[population][field];
            named += worker->named[population][field];
            worker->acts[population][field] = worker->detected[population][field] = worker->named[population][field] = 0;
        }
        told = plan->learning_publicity * (double) named;
        seen = (double) detected + told;
        all = (double) acts + told;
        if (all + weight > 0) {
            observed = (seen + weight * prior) / (all + weight);
        }
        if (lambda > 0) {
            people->certainty[field] = (1 - lambda) * people->certainty[field] + lambda * observed;
        }
    }
}

/* ------------------------------------------------------------------ windows */

static int32_t
block_size(const stn_run *run)
{
    return run->options.block > 0 ? run->options.block : BLOCK;
}

static int
window_piece(void *user, int64_t piece, int32_t thread)
{
    stn__convoy *convoy = user;
    stn_run *first = convoy->runs[0];
    uint64_t block = (uint64_t) block_size(first), from, to;
    int32_t population = 0;

    while (piece >= ((int64_t) convoy->courses[population].size + (int64_t) block - 1) / (int64_t) block) {
        piece -= ((int64_t) convoy->courses[population].size + (int64_t) block - 1) / (int64_t) block;
        population++;
    }
    from = (uint64_t) piece * block;
    to = from + block < convoy->courses[population].size ? from + block : convoy->courses[population].size;
    stn__live(&convoy->lanes[thread], population, (uint32_t) from, (uint32_t) to);
    for (int32_t r = 0; r < convoy->run_count; r++) {
        stn__worker *worker = &convoy->runs[r]->workers[thread];
        if (first->end == first->horizon && worker->run->people[population].plan->money) {
            stn__account_all(worker, population, (uint32_t) from, (uint32_t) to);
        }
        if (worker->past_limit || worker->short_of_memory) {
            return worker->past_limit ? STN_E_LIMIT : STN_E_MEMORY;
        }
    }
    return convoy->lanes[thread].short_of_memory ? STN_E_MEMORY : 0;
}

static int
window_watch(void *user, int64_t pieces)
{
    const stn__convoy *convoy = user;
    const stn_run *run = convoy->runs[0];
    uint64_t all = 0, done;
    stn_progress progress = { convoy->stage, 0, 0 };

    if (run->options.progress == NULL) {
        return 0;
    }
    for (int32_t population = 0; population < convoy->population_count; population++) {
        all += convoy->courses[population].size;
    }
    done = (uint64_t) pieces * (uint64_t) block_size(run);
    progress.people = all * (uint64_t) run->windows_done + (done < all ? done : all);
    progress.done = (double) progress.people / ((double) all * (double) run->window_count);
    return run->options.progress(run->options.user, &progress) != 0 ? STN_E_STOPPED : 0;
}

/* What all runs of a convoy meet was counted once. */
static void
opportunities_add(const stn__people *people, const int64_t *met, int64_t *values)
{
    size_t behaviours = (size_t) people->plan->behaviour_count, count = (size_t) people->counters.count;

    for (size_t group = 0; group < (size_t) people->plan->group_count; group++) {
        for (size_t b = 0; b < behaviours; b++) {
            values[group * count + (size_t) people->counters.opportunities + b] += met[group * behaviours + b];
        }
    }
}

/* Adds up what the threads counted. Stocks carry over; minutes get the time of
 * those who were there from the window's start. */
static void
window_count_up(stn_run *run, stn__people *people, int32_t population)
{
    size_t row = series_row(people), count = (size_t) people->counters.count;
    int64_t *values = people->series + (size_t) run->windows_done * row;
    const int64_t *before = run->windows_done > 0 ? values - row : NULL;
    int64_t length = (int64_t) run->end - (int64_t) run->start;

    for (int32_t t = 0; t < run->thread_count; t++) {
        int64_t *counts = run->workers[t].counts[population];
        for (size_t i = 0; i < row; i++) {
            values[i] += counts[i];
        }
        memset(counts, 0, row * sizeof *counts);
        people->life_sum += run->workers[t].life_sum[population];
        run->workers[t].life_sum[population] = 0;
        opportunities_add(people, run->convoy->lanes[t].opportunities[population], values);
    }
    for (size_t first = 0; before != NULL && first < row; first += count) {
        for (size_t c = 0; c < count; c++) {
            int32_t stock = people->counters.stock_of[c];
            if (people->counters.all[c].stock != 0) {
                values[first + c] += before[first + c];
            } else if (stock != STN_NONE) {
                values[first + c] += before[first + (size_t) stock] * length;
            }
        }
    }
}

/* Whether a year of 525,600 minutes ends within the window, or the run does. */
static bool
year_ends(const stn_run *run)
{
    return run->end == run->horizon || run->end / 525600 > run->start / 525600;
}

bool
stn__pardon_falls(const stn_run *run, const stn_pardon *pardon)
{
    double start = run->start, before = start - run->window;

    return run->windows_done > 0 && pardon->at.value > before && pardon->at.value <= start;
}

/* What the window's start brings to everybody. */
static void
window_open(stn_run *run)
{
    const stn__plan *plan = run->plan;
    int32_t before = run->epoch;

    while (run->epoch + 1 < plan->epoch_count && plan->epoch_starts[run->epoch + 1] <= run->start) {
        run->epoch++;
    }
    for (int32_t population = 0; population < plan->population_count; population++) {
        run->people[population].stakes = plan->populations[population].epochs[run->epoch].stakes;
    }
    run->new_epoch = run->windows_done > 0 && run->epoch != before;
    run->opening = run->new_epoch;
    for (int32_t p = 0; p < plan->regime->pardon_count; p++) {
        run->opening = run->opening || stn__pardon_falls(run, &plan->regime->pardons[p]);
    }
}

/* After the rows of a window: what one run makes of what its threads left. */
static int
window_close(stn_run *run, stn_error *err)
{
    int ret;

    if (stn__messages_deliver(run) != 0) {
        return stn__fail(err, STN_E_MEMORY, "no memory for more records, events or messages (there is room for %u records)",
            (unsigned) run->node_room);
    }
    for (int32_t population = 0; population < run->plan->population_count; population++) {
        window_count_up(run, &run->people[population], population);
        learn(run, &run->people[population], population);
    }
    if (year_ends(run) && (ret = stn__histogram_take(run, run->windows_done, err)) != 0) {
        return ret;
    }
    run->windows_done++;
#ifdef STN_CHECKS
    return stn__run_check(run, err);
#else
    return 0;
#endif
}

/* Moves the lanes' counts on, once all runs have them. */
static void
lanes_clear(stn__convoy *convoy)
{
    for (int32_t population = 0; population < convoy->population_count; population++) {
        const stn__population_plan *plan = convoy->runs[0]->people[population].plan;
        size_t size = (size_t) plan->group_count * (size_t) plan->behaviour_count;
        for (int32_t t = 0; t < convoy->lane_count; t++) {
            stn__lane *lane = &convoy->lanes[t];
            memset(lane->opportunities[population], 0, size * sizeof(int64_t));
            for (size_t i = 0; i < size * 2 * (size_t) convoy->run_count; i++) {
                convoy->contrasts[population][i] += lane->contrasts[population][i];
                lane->contrasts[population][i] = 0;
            }
        }
    }
}

static stn_run *
run_past_limit(const stn__convoy *convoy)
{
    for (int32_t r = 0; r < convoy->run_count; r++) {
        for (int32_t t = 0; t < convoy->lane_count; t++) {
            if (convoy->runs[r]->workers[t].past_limit) {
                return convoy->runs[r];
            }
        }
    }
    return convoy->runs[0];
}

static int
window_live(stn__convoy *convoy, stn_error *err)
{
    int64_t pieces = 0, block = block_size(convoy->runs[0]);
    int ret;

    for (int32_t r = 0; r < convoy->run_count; r++) {
        stn_run *run = convoy->runs[r];
        run->start = (uint32_t) run->windows_done * run->window;
        run->end = stn_run_window_end(run, run->windows_done);
        window_open(run);
        for (int32_t population = 0; population < convoy->population_count; population++) {
            deterrence_fill(run, &run->people[population]);
        }
    }
    for (int32_t population = 0; population < convoy->population_count; population++) {
        pieces += ((int64_t) convoy->courses[population].size + block - 1) / block;
    }
    ret = stn__parallel(convoy->lane_count, pieces, window_piece, window_watch, convoy);
    if (ret == STN_E_STOPPED) {
        return stn__fail(err, ret, "stopped on request");
    }
    if (ret == STN_E_LIMIT) {
        return stn__fail(err, ret, "regime %s: somebody has more points than %d or, of one records(...), more than %d",
            run_past_limit(convoy)->plan->regime->name, (int) INT32_MAX, (int) UINT16_MAX - 1);
    }
    if (ret != 0) {
        return stn__fail(err, STN_E_MEMORY, "no memory for more records, events or messages (there is room for %u records)",
            (unsigned) convoy->runs[0]->node_room);
    }
    for (int32_t r = 0; r < convoy->run_count && ret == 0; r++) {
        ret = window_close(convoy->runs[r], err);
    }
    lanes_clear(convoy);
    return ret;
}

int
stn_run_advance(stn_run *run, int32_t windows, stn_error *err)
{
    stn__convoy *convoy = run->convoy;
    double began = now();
    int ret = 0;

    STN_INVARIANT(convoy->unreleased == convoy->run_count);
    for (int32_t r = 0; r < convoy->run_count; r++) {
        for (int32_t population = 0; population < convoy->population_count; population++) {
            stn__people *people = &convoy->runs[r]->people[population];
            stn__column_free(people->panel_block, people->size, STN__PANEL_ROW);
            people->panel_block = NULL;
        }
    }
    while (ret == 0 && windows > 0 && run->windows_done < run->window_count) {
        ret = window_live(convoy, err);
        windows--;
    }
    for (int32_t r = 0; r < convoy->run_count && ret == 0; r++) {
        stn__final_sums(convoy->runs[r]);
    }
    for (int32_t r = 0; r < convoy->run_count; r++) {
        convoy->runs[r]->seconds += (now() - began) / convoy->run_count;
    }
    return ret;
}

/* ---------------------------------------------------------------- questions */

int32_t
stn_run_regime(const stn_run *run)
{
    return run->regime;
}

int32_t
stn_run_window_count(const stn_run *run)
{
    return run->window_count;
}

int32_t
stn_run_windows_done(const stn_run *run)
{
    return run->windows_done;
}

int32_t
stn_run_is_released(const stn_run *run)
{
    return run->released;
}

uint32_t
stn_run_window_end(const stn_run *run, int32_t window)
{
    uint64_t end = ((uint64_t) window + 1) * run->window;

    STN_INVARIANT(window >= 0 && window < run->window_count);
    return end < run->horizon ? (uint32_t) end : run->horizon;
}

double
stn_run_seconds(const stn_run *run)
{
    return run->seconds;
}

uint64_t
stn_run_opportunities(const stn_run *run)
{
    uint64_t sum = 0;

    for (int32_t population = 0; population < run->plan->population_count; population++) {
        const stn__people *people = &run->people[population];
        for (int32_t b = 0; b < people->plan->behaviour_count; b++) {
            sum += (uint64_t) stn_run_total(run, population, -1, people->counters.opportunities + b);
        }
    }
    return sum;
}

uint64_t
stn_run_digest(const stn_run *run)
{
    uint64_t h = STN_DIGEST_START;

    h = stn__absorb(h, run->horizon);
    h = stn__absorb(h, run->window);
    h = stn__absorb(h, (uint64_t) run->window_count);
    for (int32_t window = 0; window < run->windows_done; window++) {
        for (int32_t population = 0; population < run->plan->population_count; population++) {
            const stn__people *people = &run->people[population];
            const int64_t *values = people->series + (size_t) window * series_row(people);
            for (size_t i = 0; i < series_row(people); i++) {
                h = stn__absorb(h, (uint64_t) values[i]);
            }
        }
    }
    for (int32_t population = 0; population < run->plan->population_count; population++) {
        h = stn__absorb(h, run->people[population].life_sum);
        h = stn__absorb(h, run->people[population].final_sum);
    }
    return h;
}

/* What the people of a run take, part by part; what the runs of a convoy share is said of each. */
enum { MEMORY_PARTS = 13 };

static int32_t
memory_of(const stn_run *run, int32_t population, stn_memory_part *parts)
{
    const stn__people *people = &run->people[population];
    const stn__population_plan *plan = people->plan;
    uint64_t rows = people->size, lives = stn__lives(run->city, population) ? rows : 0;
    size_t experience = people->experience_at > 0 ? people->terms_at - people->experience_at : 0;
    size_t savings = people->savings_at > 0 ? sizeof(stn__savings) : 0;
    int32_t count = 0;

    parts[count++] = (stn_memory_part){ "next opportunity", population, true, rows, sizeof(uint32_t) };
    parts[count++] = (stn_memory_part){ "opportunities so far, cell", population, true, rows, sizeof(stn__place) };
    parts[count++] = (stn_memory_part){ "next turn of life", population, true, lives, sizeof(uint32_t) + sizeof(stn__presence) };
    parts[count++] = (stn_memory_part){ "first thing scheduled", population, false, rows, sizeof(uint32_t) };
    parts[count++] = (stn_memory_part){ "points, doors, file, flags", population, false, rows, sizeof(stn__life) };
    parts[count++] = (stn_memory_part){ "own experience", population, false, rows, experience };
    parts[count++] = (stn_memory_part){ "records that count", population, false, rows,
        people->row_size - sizeof(stn__life) - experience - savings };
    parts[count++] = (stn_memory_part){ "savings", population, false, rows, savings };
    parts[count++] = (stn_memory_part){ "files of those with records", population, false, atomic_load(&people->file_fresh),
        people->file_size };
    parts[count++] = (stn_memory_part){ "series", population, false,
        (uint64_t) run->window_count * (uint64_t) plan->group_count, (size_t) people->counters.count * sizeof(int64_t) };
    STN_INVARIANT(count <= MEMORY_PARTS);
    return count;
}

int32_t
stn_run_memory_part(const stn_run *run, int32_t index, stn_memory_part *part)
{
    stn_memory_part parts[MEMORY_PARTS];

    for (int32_t population = 0; population < run->plan->population_count; population++) {
        int32_t count = memory_of(run, population, parts);
        if (index < count) {
            *part = parts[index];
            return 1;
        }
        index -= count;
    }
    *part = (stn_memory_part){ "things scheduled", -1, false, atomic_load(&run->node_fresh), sizeof *run->nodes };
    return index == 0;
}

uint64_t
stn_run_memory(const stn_run *run)
{
    uint64_t bytes = 0;
    stn_memory_part part;

    for (int32_t i = 0; stn_run_memory_part(run, i, &part) != 0; i++) {
        bytes += part.count * part.size;
    }
    return bytes;
}

static const stn__people *
people_of(const stn_run *run, int32_t population)
{
    STN_INVARIANT(population >= 0 && population < run->plan->population_count);
    return &run->people[population];
}

int32_t
stn_run_counter_count(const stn_run *run, int32_t population)
{
    return people_of(run, population)->counters.count;
}

const stn_counter *
stn_run_counter(const stn_run *run, int32_t population, int32_t index)
{
    const stn__people *people = people_of(run, population);

    STN_INVARIANT(index >= 0 && index < people->counters.count);
    return &people->counters.all[index];
}

int32_t
stn_run_counter_find(const stn_run *run, int32_t population, const char *name, const char *subject)
{
    const stn__counters *counters = &people_of(run, population)->counters;

    for (int32_t c = 0; c < counters->count; c++) {
        if (strcmp(counters->all[c].name, name) == 0
            && strcmp(counters->all[c].subject, subject != NULL ? subject : "") == 0) {
            return c;
        }
    }
    return -1;
}

const int64_t *
stn_run_series(const stn_run *run, int32_t population, int32_t window)
{
    const stn__people *people = people_of(run, population);

    STN_INVARIANT(window >= 0 && window < run->windows_done);
    return people->series + (size_t) window * series_row(people);
}

const int64_t *
stn_run_contrast(const stn_run *run, int32_t population)
{
    const stn__population_plan *plan = people_of(run, population)->plan;
    size_t size = 2 * (size_t) plan->group_count * (size_t) plan->behaviour_count;

    return run->place == 0 ? NULL : run->convoy->contrasts[population] + (size_t) run->place * size;
}

int64_t
stn_run_total(const stn_run *run, int32_t population, int32_t group, int32_t counter)
{
    const stn__people *people = people_of(run, population);
    size_t count = (size_t) people->counters.count;
    int32_t window;
    int64_t sum = 0;

    STN_INVARIANT(counter >= 0 && counter < people->counters.count && group < people->plan->group_count);
    window = people->counters.all[counter].stock != 0 && run->windows_done > 0 ? run->windows_done - 1 : 0;
    for (; window < run->windows_done; window++) {
        const int64_t *values = people->series + (size_t) window * series_row(people);
        for (int32_t g = group < 0 ? 0 : group; g < (group < 0 ? people->plan->group_count : group + 1); g++) {
            sum += values[(size_t) g * count + (size_t) counter];
        }
    }
    return sum;
}

const char *
stn_run_behaviour_name(const stn_run *run, int32_t population, int32_t local)
{
    const stn_world *world = &run->study->world;

    for (int32_t b = 0; b < world->behaviour_count; b++) {
        if (world->behaviours[b].population == population && world->behaviours[b].local == local) {
            return world->behaviours[b].name;
        }
    }
    return NULL;
}

const char *
stn_run_door_name(const stn_run *run, int32_t population, int32_t bit)
{
    const stn_world *world = &run->study->world;

    for (int32_t d = 0; d < world->door_count; d++) {
        if (world->doors[d].population == population && world->doors[d].local == bit) {
            return world->doors[d].name;
        }
    }
    return NULL;
}

const char *
stn_run_list_name(const stn_run *run, int32_t population, int32_t bit)
{
    const stn_regime *regime = run->plan->regime;

    for (int32_t l = 0; l < regime->list_count; l++) {
        if (regime->lists[l].population == population && regime->lists[l].local == bit) {
            return regime->lists[l].name;
        }
    }
    return NULL;
}

const char *
stn_run_band_name(const stn_run *run, int32_t population, int32_t band)
{
    const stn_regime *regime = run->plan->regime;

    for (int32_t r = 0; r < regime->rating_count; r++) {
        if (regime->ratings[r].population == population && band >= 0 && band < regime->ratings[r].band_count) {
            return regime->ratings[r].bands[band].name;
        }
    }
    return NULL;
}

const char *
stn_run_agency_name(const stn_run *run, int32_t agency)
{
    const stn_regime *regime = run->plan->regime;

    return agency >= 0 && agency < regime->agency_count ? regime->agencies[agency].name : NULL;
}

void
stn__run_perturb(stn_run *run, int32_t population, uint32_t row)
{
    STN_INVARIANT(run->windows_done == 0 && run->convoy->run_count == 1);
    run->odd_population = population;
    run->odd_row = row;
}
