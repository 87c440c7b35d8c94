/* SPDX-License-Identifier: Apache-2.0
 *
 * panel.c - looking at everybody: histograms, final sums, the panel, the log. */
#include "base/memory.h"
#include "base/parallel.h"
#include "engine/ranks.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 65536 }; /* a piece of work here */

static uint32_t
piece_first(const stn__people *people, int64_t piece)
{
    return people->course->own_first + (uint32_t) piece * ROWS;
}

static uint32_t
piece_end(const stn__people *people, int64_t piece)
{
    uint64_t end = people->course->own_first + ((uint64_t) piece + 1) * ROWS;

    return end < people->course->own_end ? (uint32_t) end : people->course->own_end;
}

static int64_t
piece_count(const stn__people *people)
{
    return ((int64_t) people->course->own_end - (int64_t) people->course->own_first + ROWS - 1) / ROWS;
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

    for (uint32_t row = piece_first(people, piece); row < piece_end(people, piece); row++) {
        if (stn__is_here(people, row) && is_rated(people, row)) {
            int32_t rating = stn__cut(plan, stn__life_of(people, row)->points);
            counts[plan->cells[stn__cell_of(people, row)].group * width + (size_t) (rating - plan->min)]++;
        }
    }
    return 0;
}

static int
histogram_of(stn_run *run, int32_t population, stn_error *err)
{
    stn__people *people = &run->people[population];
    size_t size = histogram_size(people);
    int64_t *grown = realloc(people->histograms, ((size_t) run->histogram_count + 1) * size * sizeof *grown), *sum;
    look l = { run, population };
    int ret = 0;

    if (grown == NULL) {
        return stn__exchange_sum(
            run->options.exchange, stn__fail(err, STN_E_MEMORY, "no memory for a histogram"), NULL, 0, err);
    }
    people->histograms = grown;
    sum = grown + (size_t) run->histogram_count * size;
    memset(sum, 0, size * sizeof *sum);
    for (int32_t t = 0; t < run->thread_count; t++) {
        run->workers[t].histogram[population] = calloc(size, sizeof(int64_t));
        if (run->workers[t].histogram[population] == NULL) {
            ret = stn__fail(err, STN_E_MEMORY, "no memory for a histogram");
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
    return stn__exchange_sum(run->options.exchange, ret, sum, size, err);
}

int
stn__histogram_take(stn_run *run, int32_t window, stn_error *err)
{
    int ret = 0;

    if (run->histogram_count == run->histogram_room) {
        int32_t room = run->histogram_room == 0 ? 16 : run->histogram_room * 2;
        int32_t *windows = realloc(run->histogram_windows, (size_t) room * sizeof *windows);
        if (windows == NULL) {
            ret = stn__fail(err, STN_E_MEMORY, "no memory for a histogram");
        } else {
            run->histogram_windows = windows;
            run->histogram_room = room;
        }
        ret = stn_exchange_agree(run->options.exchange, ret, err);
    }
    for (int32_t population = 0; population < run->plan->population_count && ret == 0; population++) {
        if (run->people[population].plan->rating_given) {
            ret = histogram_of(run, population, err);
        }
    }
    if (ret == 0) {
        run->histogram_windows[run->histogram_count++] = window;
    }
    return ret;
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

    for (uint32_t row = piece_first(people, piece); row < piece_end(people, piece); row++) {
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

/* Columns of a panel's block, by their width: of 4 bytes, of 2 and of 1. */
enum { WIDE = 13, MIDDLE = 1, NARROW = 3, WIDE_BYTES = 4 * WIDE, MIDDLE_BYTES = 2 * MIDDLE };

_Static_assert(WIDE_BYTES + MIDDLE_BYTES + NARROW == STN__PANEL_ROW, "a panel's row");

/* The panel that a block of `size` rows is. */
static stn_panel
panel_of(const stn__people *people, const char *block, size_t size)
{
    const uint32_t *wide = (const uint32_t *) (const void *) block;
    const uint8_t *narrow = (const uint8_t *) block + (WIDE_BYTES + MIDDLE_BYTES) * size;

    return (stn_panel){ .size = (uint32_t) size,
        .points = (const int32_t *) wide,
        .rating = (const int32_t *) wide + size,
        .lists = wide + 2 * size,
        .ever = wide + 3 * size,
        .wrong = wide + 4 * size,
        .closed = wide + 5 * size,
        .open = wide + 6 * size,
        .opportunities = wide + 7 * size,
        .went_at = wide + 8 * size,
        .restricted_minutes = people->timed ? wide + 9 * size : NULL,
        .wrong_minutes = people->timed ? wide + 10 * size : NULL,
        .restricted_at = people->timed ? wide + 11 * size : NULL,
        .freed_at = people->timed ? wide + 12 * size : NULL,
        .acts = (const uint16_t *) (const void *) (block + WIDE_BYTES * size),
        .rated = narrow,
        .here = narrow + size,
        .band = (const int8_t *) narrow + 2 * size };
}

/* Fills a block with the rows from `first` on. */
static void
panel_fill(const stn_run *run, int32_t population, uint32_t first, size_t size, char *block)
{
    const stn__people *people = &run->people[population];
    uint32_t *wide = (uint32_t *) (void *) block;
    uint16_t *acts = (uint16_t *) (void *) (block + WIDE_BYTES * size);
    uint8_t *rated = (uint8_t *) block + (WIDE_BYTES + MIDDLE_BYTES) * size, *here = rated + size;

    for (size_t i = 0; i < size; i++) {
        uint32_t row = first + (uint32_t) i;
        const stn__life *life = stn__life_of(people, row);
        const stn__file *file = stn__file_at(people, life->file);
        here[i] = stn__is_here(people, row);
        rated[i] = here[i] && is_rated(people, row);
        here[size + i] = (uint8_t) life->band;
        acts[i] = life->acts;
        wide[i] = (uint32_t) (here[i] ? shown_points(people, row) : 0);
        wide[size + i] = (uint32_t) (rated[i] ? stn__cut(people->plan, life->points) : 0);
        wide[2 * size + i] = file->on;
        wide[3 * size + i] = file->ever;
        wide[4 * size + i] = file->wrong;
        wide[5 * size + i] = stn__closed_of(people, life);
        wide[6 * size + i] = stn__open_of(people, life);
        wide[7 * size + i] = people->course->places[row].k;
        wide[8 * size + i] = went_at(run, population, row);
        if (people->timed) {
            const stn__times *times = &file->times;
            bool is_closed = stn__closed_of(people, life) != 0, is_wronged = (life->flags & STN__LIFE_WRONGED) != 0;
            wide[9 * size + i] = times->restricted + (is_closed ? run->end - times->restricted_since : 0);
            wide[10 * size + i] = times->wronged + (is_wronged ? run->end - times->wronged_since : 0);
            wide[11 * size + i] = times->first - 1; /* 0 gives NEVER */
            wide[12 * size + i] = times->freed - 1;
        }
    }
}

/* Puts a rank's block of `size` rows into one of `all`, where they begin at `at`. */
static void
panel_insert(char *block, size_t all, size_t at, const char *part, size_t size)
{
    for (size_t column = 0; column < WIDE; column++) {
        memcpy(block + 4 * (column * all + at), part + 4 * column * size, 4 * size);
    }
    memcpy(block + WIDE_BYTES * all + 2 * at, part + WIDE_BYTES * size, 2 * size);
    block += (WIDE_BYTES + MIDDLE_BYTES) * all;
    part += (WIDE_BYTES + MIDDLE_BYTES) * size;
    for (size_t column = 0; column < NARROW; column++) {
        memcpy(block + column * all + at, part + column * size, size);
    }
}

/* What all ranks have of the rows [first, first + size), in a block of rank 0. This one has
 * `own` of them in `part`. */
static int
panel_gather(const stn_exchange *exchange, const char *part, size_t own, char *block, size_t size, stn_error *err)
{
    size_t *sizes = calloc((size_t) exchange->count, sizeof *sizes), at = 0;
    void *received = NULL;
    int ret = sizes == NULL ? stn__fail(err, STN_E_MEMORY, "no memory for a panel") : 0;

    ret = stn_exchange_agree(exchange, ret, err);
    if (ret == 0) {
        ret = stn__exchange_gather(exchange, part, own * STN__PANEL_ROW, &received, sizes, err);
    }
    for (int32_t rank = 0; ret == 0 && exchange->rank == 0 && rank < exchange->count; rank++) {
        size_t rows = sizes[rank] / STN__PANEL_ROW;
        panel_insert(block, size, at, (const char *) received + at * STN__PANEL_ROW, rows);
        at += rows;
    }
    free(received);
    free(sizes);
    return ret;
}

int
stn_run_panel_part(stn_run *run, int32_t population, uint32_t first, uint32_t count, stn_panel *panel, stn_error *err)
{
    stn__people *people = &run->people[population];
    const stn_exchange *exchange = run->options.exchange;
    uint32_t end, own_first, own_end;
    size_t size, own;
    char *block = NULL, *part = NULL;
    int ret = 0;

    STN_INVARIANT(
        population >= 0 && population < run->plan->population_count && !run->released && first <= people->size);
    end = count < people->size - first ? first + count : people->size;
    size = stn__is_first(exchange) ? end - first : 0;
    if (exchange == NULL && people->panel_block != NULL && people->panel_first == first && people->panel.size == size) {
        *panel = people->panel;
        return 0;
    }
    stn__column_free(people->panel_block, people->panel.size, STN__PANEL_ROW);
    people->panel_block = NULL;
    own_first = first > people->course->own_first ? first : people->course->own_first;
    own_end = end < people->course->own_end ? end : people->course->own_end;
    own = own_first < own_end ? own_end - own_first : 0;
    block = stn__column_new(size, STN__PANEL_ROW);
    part = exchange == NULL ? block : stn__column_new(own, STN__PANEL_ROW);
    if (block == NULL || part == NULL) {
        ret = stn__fail(err, STN_E_MEMORY, "no memory for a panel of %zu rows", size);
    } else {
        panel_fill(run, population, own_first, own, part);
    }
    ret = stn_exchange_agree(exchange, ret, err);
    if (ret == 0 && exchange != NULL) {
        ret = panel_gather(exchange, part, own, block, size, err);
    }
    if (exchange != NULL) {
        stn__column_free(part, own, STN__PANEL_ROW);
    }
    if (ret != 0) {
        stn__column_free(block, size, STN__PANEL_ROW);
        return ret;
    }
    people->panel_block = block;
    people->panel_first = first;
    people->panel = panel_of(people, block, size);
    *panel = people->panel;
    return 0;
}

int
stn_run_panel(stn_run *run, int32_t population, stn_panel *panel, stn_error *err)
{
    STN_INVARIANT(population >= 0 && population < run->plan->population_count);
    return stn_run_panel_part(run, population, 0, UINT32_MAX, panel, err);
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
