/* SPDX-License-Identifier: Apache-2.0
 *
 * panel.c - looking at everybody: histograms, final sums, the panel, the log. */
#include "base/memory.h"
#include "base/parallel.h"
#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 65536 }; /* a piece of work here */

static uint32_t
piece_end(const stn__people *people, int64_t piece)
{
    uint64_t end = ((uint64_t) piece + 1) * ROWS;

    return end < people->size ? (uint32_t) end : people->size;
}

static int64_t
piece_count(const stn__people *people)
{
    return ((int64_t) people->size + ROWS - 1) / ROWS;
}

static bool
is_rated(const stn__people *people, uint32_t row)
{
    return people->plan->cells[stn__cell_of(people, row)].rated;
}

/* Points are kept for everybody, but shown for those only whom the rating covers. */
static int32_t
shown_points(const stn__people *people, uint32_t row)
{
    return is_rated(people, row) ? stn__life_of(people, row)->points : 0;
}

/* What the pieces of a look at one population need. */
typedef struct look {
    stn_run *run;
    int32_t population;
} look;

/* -------------------------------------------------------------- histograms */

static size_t
histogram_size(const stn__people *people)
{
    return (size_t) people->plan->group_count * ((size_t) (people->plan->max - people->plan->min) + 1);
}

static int
histogram_piece(void *user, int64_t piece, int32_t thread)
{
    const look *l = user;
    const stn__people *people = &l->run->people[l->population];
    const stn__population_plan *plan = people->plan;
    int64_t *counts = l->run->workers[thread].histogram[l->population];
    size_t width = (size_t) (plan->max - plan->min) + 1;

    for (uint32_t row = (uint32_t) piece * ROWS; row < piece_end(people, piece); row++) {
        if (stn__is_here(people, row) && is_rated(people, row)) {
            int32_t rating = stn__cut(plan, stn__life_of(people, row)->points);
            counts[plan->cells[stn__cell_of(people, row)].group * width + (size_t) (rating - plan->min)]++;
        }
    }
    return 0;
}

static int
histogram_of(stn_run *run, int32_t population)
{
    stn__people *people = &run->people[population];
    size_t size = histogram_size(people);
    int64_t *grown = realloc(people->histograms, ((size_t) run->histogram_count + 1) * size * sizeof *grown), *sum;
    look l = { run, population };
    int ret = 0;

    if (grown == NULL) {
        return STN_E_MEMORY;
    }
    people->histograms = grown;
    sum = grown + (size_t) run->histogram_count * size;
    memset(sum, 0, size * sizeof *sum);
    for (int32_t t = 0; t < run->thread_count; t++) {
        run->workers[t].histogram[population] = calloc(size, sizeof(int64_t));
        if (run->workers[t].histogram[population] == NULL) {
            ret = STN_E_MEMORY;
        }
    }
    if (ret == 0) {
        ret = stn__parallel(run->thread_count, piece_count(people), histogram_piece, NULL, &l);
    }
    for (int32_t t = 0; t < run->thread_count; t++) {
        int64_t *part = run->workers[t].histogram[population];
        for (size_t i = 0; ret == 0 && i < size; i++) {
            sum[i] += part[i];
        }
        free(part);
        run->workers[t].histogram[population] = NULL;
    }
    return ret;
}

int
stn__histogram_take(stn_run *run, int32_t window, stn_error *err)
{
    if (run->histogram_count == run->histogram_room) {
        int32_t room = run->histogram_room == 0 ? 16 : run->histogram_room * 2;
        int32_t *windows = realloc(run->histogram_windows, (size_t) room * sizeof *windows);
        if (windows == NULL) {
            return stn__fail(err, STN_E_MEMORY, "no memory for a histogram");
        }
        run->histogram_windows = windows;
        run->histogram_room = room;
    }
    for (int32_t population = 0; population < run->plan->population_count; population++) {
        if (run->people[population].plan->rating_given && histogram_of(run, population) != 0) {
            return stn__fail(err, STN_E_MEMORY, "no memory for a histogram");
        }
    }
    run->histogram_windows[run->histogram_count++] = window;
    return 0;
}

int32_t
stn_run_histogram_count(const stn_run *run)
{
    return run->histogram_count;
}

int32_t
stn_run_histogram_window(const stn_run *run, int32_t index)
{
    STN_INVARIANT(index >= 0 && index < run->histogram_count);
    return run->histogram_windows[index];
}

const int64_t *
stn_run_histogram(const stn_run *run, int32_t population, int32_t index)
{
    const stn__people *people = &run->people[population];

    STN_INVARIANT(population >= 0 && population < run->plan->population_count);
    STN_INVARIANT(index >= 0 && index < run->histogram_count);
    return people->plan->rating_given ? people->histograms + (size_t) index * histogram_size(people) : NULL;
}

int32_t
stn_run_rating_min(const stn_run *run, int32_t population)
{
    const stn__population_plan *plan = run->people[population].plan;

    return plan->rating_given ? plan->min : 0;
}

int32_t
stn_run_rating_max(const stn_run *run, int32_t population)
{
    const stn__population_plan *plan = run->people[population].plan;

    return plan->rating_given ? plan->max : -1;
}

/* -------------------------------------------------------------- final sums */

static int
sum_piece(void *user, int64_t piece, int32_t thread)
{
    const look *l = user;
    const stn__people *people = &l->run->people[l->population];
    uint64_t sum = 0;

    for (uint32_t row = (uint32_t) piece * ROWS; row < piece_end(people, piece); row++) {
        const stn__life *life = stn__life_of(people, row);
        uint64_t h = stn__fin(row + ((uint64_t) people->course->places[row].k << 32));
        if (!stn__is_here(people, row)) {
            continue;
        }
        h = stn__fin(h ^ ((uint32_t) shown_points(people, row) + ((uint64_t) stn__file_of(people, row)->on << 32)));
        sum += stn__fin(h ^ (stn__closed_of(people, life) + ((uint64_t) stn__open_of(people, life) << 32)));
    }
    l->run->workers[thread].final_sum[l->population] += sum;
    return 0;
}

void
stn__final_sums(stn_run *run)
{
    for (int32_t population = 0; population < run->plan->population_count; population++) {
        stn__people *people = &run->people[population];
        look l = { run, population };
        for (int32_t t = 0; t < run->thread_count; t++) {
            run->workers[t].final_sum[population] = 0;
        }
        (void) stn__parallel(run->thread_count, piece_count(people), sum_piece, NULL, &l);
        people->final_sum = 0;
        for (int32_t t = 0; t < run->thread_count; t++) {
            people->final_sum += run->workers[t].final_sum[population];
        }
    }
}

/* ------------------------------------------------------------------- panel */

/* When somebody went; NEVER if they are there or never were. */
static uint32_t
went_at(const stn_run *run, int32_t population, uint32_t row)
{
    const stn__course *course = run->people[population].course;
    uint32_t window;

    if (course->presences == NULL || course->presences[row].here || course->turns[row] != STN_NEVER) {
        return STN_NEVER;
    }
    window = course->presences[row].cell;
    return window == 0 ? STN_NEVER : window * run->window;
}

int
stn_run_panel(stn_run *run, int32_t population, stn_panel *panel, stn_error *err)
{
    stn__people *people = &run->people[population];
    size_t size = people->size;
    char *block;
    int32_t *points, *rating;
    uint32_t *lists, *ever, *wrong, *closed, *open, *opportunities, *restricted, *wronged, *began, *freed, *went;
    uint16_t *acts;
    uint8_t *rated, *here;
    int8_t *band;

    STN_INVARIANT(population >= 0 && population < run->plan->population_count && !run->released);
    if (people->panel_block != NULL) {
        *panel = people->panel;
        return 0;
    }
    block = stn__column_new(size, STN__PANEL_ROW);
    if (block == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory for a panel of %zu rows", size);
    }
    points = (int32_t *) (void *) block;
    rating = points + size;
    lists = (uint32_t *) (rating + size);
    ever = lists + size;
    wrong = ever + size;
    closed = wrong + size;
    open = closed + size;
    opportunities = open + size;
    restricted = opportunities + size;
    wronged = restricted + size;
    began = wronged + size;
    freed = began + size;
    went = freed + size;
    acts = (uint16_t *) (void *) (went + size);
    rated = (uint8_t *) (acts + size);
    here = rated + size;
    band = (int8_t *) (here + size);
    for (uint32_t row = 0; row < people->size; row++) {
        const stn__life *life = stn__life_of(people, row);
        const stn__file *file = stn__file_at(people, life->file);
        here[row] = stn__is_here(people, row);
        rated[row] = here[row] && is_rated(people, row);
        points[row] = here[row] ? shown_points(people, row) : 0;
        rating[row] = rated[row] ? stn__cut(people->plan, life->points) : 0;
        band[row] = life->band;
        lists[row] = file->on;
        ever[row] = file->ever;
        wrong[row] = file->wrong;
        closed[row] = stn__closed_of(people, life);
        open[row] = stn__open_of(people, life);
        opportunities[row] = people->course->places[row].k;
        if (people->timed) {
            const stn__times *times = &file->times;
            bool is_wronged = (life->flags & STN__LIFE_WRONGED) != 0;
            restricted[row] = times->restricted + (closed[row] != 0 ? run->end - times->restricted_since : 0);
            wronged[row] = times->wronged + (is_wronged ? run->end - times->wronged_since : 0);
            began[row] = times->first - 1; /* 0 gives NEVER */
            freed[row] = times->freed - 1;
        }
        acts[row] = life->acts;
        went[row] = went_at(run, population, row);
    }
    people->panel_block = block;
    people->panel = (stn_panel){ people->size, points, rated, rating, band, lists, ever, wrong, closed, open,
        opportunities, here, people->timed ? restricted : NULL, people->timed ? wronged : NULL, people->timed ? began : NULL,
        people->timed ? freed : NULL, went, acts };
    *panel = people->panel;
    return 0;
}

/* --------------------------------------------------------------------- log */

void
stn__log_event(stn__worker *worker, const stn_event *event)
{
    stn_run *run = worker->run;

    if (run->options.log == 2) {
        if (!stn__is_told(run, event->population, event->row)) {
            return;
        }
        /* All in one place, so that they keep their order: one thread at a time has the actor. */
        worker = &run->workers[0];
    }
    if (worker->event_count == worker->event_room) {
        uint64_t room = worker->event_room == 0 ? 4096 : worker->event_room * 2;
        stn_event *events = realloc(worker->events, room * sizeof *events);
        if (events == NULL) {
            worker->short_of_memory = true;
            return;
        }
        worker->events = events;
        worker->event_room = room;
    }
    worker->events[worker->event_count++] = *event;
}

static int
event_order(const void *left, const void *right)
{
    const stn_event *a = left, *b = right;

    if (a->population != b->population) {
        return a->population < b->population ? -1 : 1;
    }
    if (a->row != b->row) {
        return a->row < b->row ? -1 : 1;
    }
    if (a->time != b->time) {
        return a->time < b->time ? -1 : 1;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    if (a->subject != b->subject) {
        return a->subject < b->subject ? -1 : 1;
    }
    return a->value < b->value ? -1 : a->value > b->value;
}

/* Sorts the log of one actor by time and keeps, within a minute, the order in which
 * things happened. Few are out of place: attempts, which are made up for afterwards. */
static void
sort_by_time(stn_event *events, uint64_t count)
{
    for (uint64_t i = 1; i < count; i++) {
        stn_event event = events[i];
        uint64_t at = i;
        while (at > 0 && events[at - 1].time > event.time) {
            events[at] = events[at - 1];
            at--;
        }
        events[at] = event;
    }
}

int
stn_run_events(stn_run *run, const stn_event **events, uint64_t *count, stn_error *err)
{
    uint64_t total = 0, at = 0;

    for (int32_t t = 0; t < run->thread_count; t++) {
        total += run->workers[t].event_count;
    }
    if (run->events == NULL || run->event_count != total) {
        stn_event *all = realloc(run->events, (total + 1) * sizeof *all);
        if (all == NULL) {
            return stn__fail(err, STN_E_MEMORY, "no memory for %llu events", (unsigned long long) total);
        }
        for (int32_t t = 0; t < run->thread_count; t++) {
            if (run->workers[t].event_count > 0) {
                memcpy(all + at, run->workers[t].events, run->workers[t].event_count * sizeof *all);
            }
            at += run->workers[t].event_count;
        }
        if (run->options.log == 2) {
            sort_by_time(all, total);
        } else {
            qsort(all, total, sizeof *all, event_order);
        }
        run->events = all;
        run->event_count = total;
    }
    *events = run->events;
    *count = run->event_count;
    return 0;
}
