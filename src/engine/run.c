/* SPDX-License-Identifier: Apache-2.0
 *
 * run.c - a run: its windows, its threads, what people learn, its digest.
 *
 * A window is lived by blocks of rows that threads take as they get free. What
 * they count is whole numbers in a table of their own, added up when all are
 * done, so nobody's order matters. Between windows certainty is published. */
#include "engine/engine.h"
#include "engine/ranks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/parallel.h"

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

/* Columns that few regimes or worlds ask for. */
static bool
people_new_web(stn_run *run, stn__people *people)
{
    const stn__population_plan *plan = people->plan;
    bool ok = true;

    if (plan->notice_count > 0 || plan->tie_count > 0 || plan->archive_given) {
        people->webs = stn__column_new(people->size, sizeof *people->webs);
        ok = people->webs != NULL;
    }
    if (ok && plan->tie_count > 0) {
        people->tied = stn__column_new(people->size, sizeof *people->tied * (size_t) plan->tie_count);
        ok = people->tied != NULL;
    }
    if (ok && run->plan->learning_own > 0) {
        people->experiences = stn__column_new(people->size, sizeof *people->experiences);
        ok = people->experiences != NULL;
    }
    if (ok && plan->money) {
        people->savings = stn__column_new(people->size, sizeof *people->savings);
        ok = people->savings != NULL;
    }
    if (ok && (run->options.lives != 0 || people->presences != NULL)) {
        people->times = stn__column_new(people->size, sizeof *people->times);
        ok = people->times != NULL;
    }
    return ok;
}

static bool
people_new(stn_run *run, int32_t population)
{
    stn__people *people = &run->people[population];
    const stn__population_plan *plan = &run->plan->populations[population];

    people->size = stn_city_rows(run->city, population);
    stn__ranks_share(run, people);
    people->cells = stn_city_cells(run->city, population);
    people->plan = plan;
    people->rights = (plan->door_count < 32 ? (1u << plan->door_count) - 1 : UINT32_MAX) & ~plan->channel_mask;
    for (int32_t l = 0; l < run->plan->regime->list_count; l++) {
        const stn_list *list = &run->plan->regime->lists[l];
        if (list->population == population && list->kind == STN_BLACKLIST) {
            people->shutting |= 1u << list->local;
        }
    }
    people->right_count = __builtin_popcount(people->rights);
    if (stn__counters_new(run->plan, population, &people->counters) != 0) {
        return false;
    }
    people->due = stn__column_new(people->size, sizeof *people->due);
    people->next = stn__column_new(people->size, sizeof *people->next);
    people->k = stn__column_new(people->size, sizeof *people->k);
    people->lives = stn__column_new(people->size, sizeof *people->lives);
    people->dossiers = stn__column_new(people->size, sizeof *people->dossiers);
    people->terms = stn__column_new(people->size, sizeof *people->terms * (size_t) plan->term_count);
    people->series = calloc((size_t) run->window_count * series_row(people) + 1, sizeof *people->series);
    people->certainty = calloc(field_size(people) + 1, sizeof *people->certainty);
    people->deterrence = calloc(field_size(people) * 2 * STN__STAKE_LEVELS * ledger_count(run) + 1,
        sizeof *people->deterrence);
    if (people->due == NULL || people->next == NULL || people->k == NULL || people->lives == NULL
        || people->dossiers == NULL || people->terms == NULL || people->series == NULL || people->certainty == NULL
        || people->deterrence == NULL || !stn__presences_new(run, population) || !people_new_web(run, people)) {
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
        people += run->people[population].own_end - run->people[population].own_first;
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

/* As stn_run_new(), at this rank. */
static int
run_new(const stn_study *study, const stn_city *city, int32_t regime, const stn_run_options *options,
    stn_run **out, stn_error *err)
{
    stn_run *run = calloc(1, sizeof *run);
    int ret = STN_E_MEMORY;

    *out = NULL;
    if (run == NULL) {
        return stn__fail(err, ret, "no memory for a run");
    }
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
    ret = stn__plan_new(study, regime, &run->plan, err);
    if (ret != 0) {
        stn_run_free(run);
        return ret;
    }
    for (int32_t population = 0; population < run->plan->population_count; population++) {
        if (!people_new(run, population)) {
            goto memory;
        }
    }
    snprintf(run->stage, sizeof run->stage, "living under %s", run->plan->regime->name);
    run->workers = stn__column_new((size_t) run->thread_count, sizeof *run->workers);
    if (run->workers == NULL || !nodes_new(run) || !web_new(run) || !stn__ranks_new(run)) {
        goto memory;
    }
    for (int32_t t = 0; t < run->thread_count; t++) {
        if (!worker_new(run, &run->workers[t])) {
            goto memory;
        }
    }
    *out = run;
    return 0;
memory:
    stn_run_free(run);
    return stn__fail(err, STN_E_MEMORY, "no memory for a run");
}

int
stn_run_new(const stn_study *study, const stn_city *city, int32_t regime, const stn_run_options *options,
    stn_run **out, stn_error *err)
{
    double began = now();
    int ret = run_new(study, city, regime, options, out, err);

    if (options != NULL && options->exchange != NULL) {
        ret = stn_exchange_agree(options->exchange, ret, err);
        ret = ret == 0 ? stn__ranks_same(*out, err) : ret;
    }
    if (ret == 0) {
        (*out)->seconds = now() - began;
    } else {
        stn_run_free(*out);
        *out = NULL;
    }
    return ret;
}

void
stn_run_release(stn_run *run)
{
    for (int32_t population = 0; run->plan != NULL && population < run->plan->population_count; population++) {
        stn__people *people = &run->people[population];
        if (people->plan == NULL) {
            continue;
        }
        stn__column_free(people->due, people->size, sizeof *people->due);
        stn__column_free(people->next, people->size, sizeof *people->next);
        stn__column_free(people->k, people->size, sizeof *people->k);
        stn__column_free(people->lives, people->size, sizeof *people->lives);
        stn__column_free(people->dossiers, people->size, sizeof *people->dossiers);
        stn__column_free(people->terms, people->size, sizeof *people->terms * (size_t) people->plan->term_count);
        stn__column_free(people->webs, people->size, sizeof *people->webs);
        stn__column_free(people->tied, people->size, sizeof *people->tied * (size_t) people->plan->tie_count);
        stn__column_free(people->experiences, people->size, sizeof *people->experiences);
        stn__column_free(people->savings, people->size, sizeof *people->savings);
        stn__column_free(people->times, people->size, sizeof *people->times);
        stn__column_free(people->panel_block, people->panel.size, STN__PANEL_ROW);
        stn__column_free(people->presences, people->size, sizeof *people->presences);
        stn__column_free(people->own_cells, people->size, sizeof *people->own_cells);
        people->presences = NULL;
        people->own_cells = NULL;
        people->webs = NULL;
        people->tied = NULL;
        people->experiences = NULL;
        people->savings = NULL;
        people->times = NULL;
        people->due = people->next = people->k = NULL;
        people->lives = NULL;
        people->dossiers = NULL;
        people->terms = NULL;
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
    free(run->board);
    free(run->events);
    stn__plan_free(run->plan);
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
    double doors = plan->door_count > 0 ? (double) plan->door_count : 1;
    double width = plan->rating_given && plan->max > plan->min ? (double) (plan->max - plan->min) : 0;
    double own = run->plan->learning_own, *out = people->deterrence;

    for (size_t row = 0; row < ledger_count(run) * field_size(people); row++) {
        size_t ledger = row / field_size(people), field = row % field_size(people);
        const stn__behaviour_plan *b = &plan->behaviours[field % (size_t) plan->behaviour_count];
        double certainty = people->certainty[field];
        if (ledger > 0) {
            certainty = (1 - own) * certainty + own * (double) (ledger - 1);
        }
        for (int rated = 0; rated < 2; rated++) {
            double second = rated && width > 0 ? (double) b->stake_points / width : 0;
            for (int32_t d = 0; d < STN__STAKE_LEVELS; d++) {
                double stakes = (double) d / doors + second;
                *out++ = b->kind == STN_MERIT ? stn__exp(b->incentive * stakes)
                                              : stn__exp(-(certainty * (b->certainty + b->severity * stakes)));
            }
        }
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

/* Blocks of this process's rows. */
static int64_t
block_count(const stn_run *run, int32_t population)
{
    const stn__people *people = &run->people[population];
    int64_t block = block_size(run);

    return ((int64_t) people->own_end - (int64_t) people->own_first + block - 1) / block;
}

static int
window_piece(void *user, int64_t piece, int32_t thread)
{
    stn_run *run = user;
    stn__worker *worker = &run->workers[thread];
    uint64_t block = (uint64_t) block_size(run), first, last;
    int32_t population = 0;
    const stn__people *people;

    while (piece >= block_count(run, population)) {
        piece -= block_count(run, population);
        population++;
    }
    people = &run->people[population];
    first = people->own_first + (uint64_t) piece * block;
    last = first + block < people->own_end ? first + block : people->own_end;
    if (run->windows_done == 0) {
        stn__begin(worker, population, (uint32_t) first, (uint32_t) last);
    } else {
        if (run->opening || run->people[population].presences != NULL) {
            stn__open(worker, population, (uint32_t) first, (uint32_t) last);
        }
        stn__live(worker, population, (uint32_t) first, (uint32_t) last);
    }
    if (run->end == run->horizon && people->savings != NULL) {
        stn__account_all(worker, population, (uint32_t) first, (uint32_t) last);
    }
    return worker->past_limit ? STN_E_LIMIT : worker->short_of_memory ? STN_E_MEMORY : 0;
}

static int
window_watch(void *user, int64_t pieces)
{
    const stn_run *run = user;
    uint64_t all = 0, done;
    stn_progress progress = { run->stage, 0, 0 };

    if (run->options.progress == NULL) {
        return 0;
    }
    for (int32_t population = 0; population < run->plan->population_count; population++) {
        all += run->people[population].own_end - run->people[population].own_first;
    }
    done = (uint64_t) pieces * (uint64_t) block_size(run);
    progress.people = all * (uint64_t) run->windows_done + (done < all ? done : all);
    progress.done = all > 0 ? (double) progress.people / ((double) all * (double) run->window_count) : 0;
    return run->options.progress(run->options.user, &progress) != 0 ? STN_E_STOPPED : 0;
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
    }
    for (size_t i = 0; before != NULL && i < row; i++) {
        int32_t stock = people->counters.stock_of[i % count];
        if (people->counters.all[i % count].stock != 0) {
            values[i] += before[i];
        } else if (stock != STN_NONE) {
            values[i] += before[i - i % count + (size_t) stock] * length;
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

/* Says what went wrong with somebody in a window. */
static int
window_failed(const stn_run *run, int code, stn_error *err)
{
    if (code == STN_E_STOPPED) {
        return stn__fail(err, code, "stopped on request");
    }
    if (code == STN_E_LIMIT) {
        return stn__fail(err, code, "regime %s: somebody has more points than %d or, of one records(...), more than %d",
            run->plan->regime->name, (int) INT32_MAX, (int) UINT16_MAX - 1);
    }
    return stn__fail(err, STN_E_MEMORY, "no memory for more records, events or messages (there is room for %u records)",
        (unsigned) run->node_room);
}

static int
window_live(stn_run *run, stn_error *err)
{
    int64_t pieces = 0;
    int ret;

    run->start = (uint32_t) run->windows_done * run->window;
    run->end = stn_run_window_end(run, run->windows_done);
    window_open(run);
    for (int32_t population = 0; population < run->plan->population_count; population++) {
        deterrence_fill(run, &run->people[population]);
        pieces += block_count(run, population);
    }
    ret = stn__parallel(run->thread_count, pieces, window_piece, window_watch, run);
    ret = stn__ranks_post(run, ret != 0 ? window_failed(run, ret, err) : 0, err);
    if (ret != 0) {
        return ret;
    }
    ret = stn__messages_deliver(run);
    ret = stn__ranks_count(run, ret != 0 ? window_failed(run, ret, err) : 0, err);
    if (ret != 0) {
        return ret;
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

int
stn_run_advance(stn_run *run, int32_t windows, stn_error *err)
{
    double began = now();
    int ret = 0;

    STN_INVARIANT(!run->released);
    for (int32_t population = 0; population < run->plan->population_count; population++) {
        stn__people *people = &run->people[population];
        stn__column_free(people->panel_block, people->panel.size, STN__PANEL_ROW);
        people->panel_block = NULL;
    }
    while (ret == 0 && windows > 0 && run->windows_done < run->window_count) {
        ret = window_live(run, err);
        windows--;
    }
    if (ret == 0) {
        stn__final_sums(run);
        ret = stn__ranks_final(run, 0, err);
    }
    run->seconds += now() - began;
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

uint64_t
stn_run_memory(const stn_run *run)
{
    uint64_t bytes = (uint64_t) atomic_load(&run->node_fresh) * sizeof *run->nodes;

    for (int32_t population = 0; population < run->plan->population_count; population++) {
        const stn__people *people = &run->people[population];
        size_t row = sizeof *people->due + sizeof *people->next + sizeof *people->k + sizeof *people->lives
            + sizeof *people->dossiers + sizeof *people->terms * (size_t) people->plan->term_count;
        row += people->presences != NULL ? sizeof *people->presences + sizeof *people->own_cells : 0;
        row += people->webs != NULL ? sizeof *people->webs : 0;
        row += people->tied != NULL ? sizeof *people->tied * (size_t) people->plan->tie_count : 0;
        row += people->experiences != NULL ? sizeof *people->experiences : 0;
        row += people->savings != NULL ? sizeof *people->savings : 0;
        row += people->times != NULL ? sizeof *people->times : 0;
        bytes += (uint64_t) (people->own_end - people->own_first) * row;
        bytes += (uint64_t) run->window_count * series_row(people) * sizeof *people->series;
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
    STN_INVARIANT(run->windows_done == 0);
    run->odd_population = population;
    run->odd_row = row;
}
