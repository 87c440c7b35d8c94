/* SPDX-License-Identifier: Apache-2.0
 *
 * checkpoint.c - a run written down after a window, and taken up again.
 *
 * What study and city determine is made anew by stn_run_new(); all else is
 * named once, in state(), which serves both ways. Between windows nothing is
 * under way: messages are delivered, cases decided, and what threads counted
 * is added up, so a thread leaves only nodes given back or not yet used, and
 * its share of the log.
 *
 * Numbers and rows stand in the file as they do in memory, which is the same
 * on every machine that Standing is tested on (little-endian, naturally
 * aligned); elsewhere the file is refused. Columns are written in pieces, and
 * those that are zero are left out. Large cities come to some gigabytes, so
 * everything is read and written once, in order. A sum over all bytes stands at
 * the end: a run that was read is nobody's before it was compared. */
#include "engine/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"

#define MAGIC 0x0a4e5552444e5453u /* "STNDRUN\n", least significant byte first */
enum {
    FORMAT = 1,    /* of the head; the rest belongs to the version that wrote it */
    PIECE = 65536  /* bytes */
};

/* All that has to agree or is no column. No padding. */
typedef struct head {
    uint64_t magic, format;
    char version[32];
    uint64_t results_epoch, files, regimes, seed, scale, horizon, window, city;
    uint64_t regime, windows_done, log, log_population, log_row, lives;
    uint64_t released, epoch, histogram_count, node_fresh, thread_count, event_count, seconds;
    uint64_t sum; /* of all above */
} head;

_Static_assert(sizeof(head) == 24 * 8 + 32, "a head without padding");

/* What a thread has that others do not see. */
typedef struct share {
    uint32_t free_nodes, fresh, fresh_end, none;
    uint32_t files[STN_POPULATIONS_MAX], files_end[STN_POPULATIONS_MAX];
    uint64_t event_count;
} share;

/* A run on its way out of memory or into it. The first failure stays. */
typedef struct passage {
    FILE *file;
    const char *name; /* for messages */
    bool in;
    uint64_t sum;
    int ret;
    stn_error *err;
} passage;

static uint64_t
bytes_absorb(uint64_t h, const void *data, size_t size)
{
    const char *bytes = data;

    for (size_t at = 0; at < size; at += sizeof(uint64_t)) {
        uint64_t word = 0;
        memcpy(&word, bytes + at, size - at < sizeof word ? size - at : sizeof word);
        h = stn__absorb(h, word);
    }
    return h;
}

static int
damaged(passage *p)
{
    return p->ret = stn__fail(p->err, STN_E_INPUT, "%s: damaged or cut off; nothing was taken from it", p->name);
}

/* Moves bytes between file and memory. */
static void
move(passage *p, void *data, size_t size)
{
    size_t done;

    if (p->ret != 0) {
        return;
    }
    errno = 0;
    done = p->in ? fread(data, 1, size, p->file) : fwrite(data, 1, size, p->file);
    if (done < size && p->in && !ferror(p->file)) {
        damaged(p);
    } else if (done < size) {
        p->ret = stn__fail(p->err, STN_E_IO, "%s: %s", p->name, errno != 0 ? strerror(errno) : "it cannot be used");
    } else {
        p->sum = bytes_absorb(p->sum, data, size);
    }
}

/* Moves a number that must be the same on both sides. */
static void
agree(passage *p, uint64_t number)
{
    uint64_t found = number;

    move(p, &found, sizeof found);
    if (p->ret == 0 && found != number) {
        damaged(p);
    }
}

static bool
is_zero(const char *bytes, size_t size)
{
    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

/* Clears what the file left out; what is zero is only looked at, so that fresh
 * pages stay untouched. */
static void
clear(char *bytes, size_t size)
{
    for (size_t at = 0; at < size; at += PIECE) {
        size_t piece = size - at < PIECE ? size - at : PIECE;
        if (!is_zero(bytes + at, piece)) {
            memset(bytes + at, 0, piece);
        }
    }
}

/* A column, or a table, of `count` elements. One that the run does without is
 * NULL on both sides. */
static void
part(passage *p, void *data, size_t size, size_t count)
{
    char *bytes = data;
    size_t all = data != NULL ? size * count : 0, at = 0;

    agree(p, size);
    agree(p, data != NULL ? count : 0);
    while (p->ret == 0) {
        uint64_t next = at;
        if (!p->in) {
            while (next < all && is_zero(bytes + next, all - next < PIECE ? all - next : PIECE)) {
                next += PIECE;
            }
            next = next < all ? next : UINT64_MAX;
        }
        move(p, &next, sizeof next);
        if (p->ret == 0 && next != UINT64_MAX && (next % PIECE != 0 || next < at || next >= all)) {
            damaged(p);
        }
        if (p->ret == 0 && p->in) {
            clear(bytes + at, (next < all ? next : all) - at);
        }
        if (p->ret != 0 || next == UINT64_MAX) {
            return;
        }
        move(p, bytes + next, all - next < PIECE ? all - next : PIECE);
        at = next + PIECE < all ? next + PIECE : all;
    }
}

/* ------------------------------------------------------------ what there is */

#define PART(data, count) part(p, (data), sizeof *(data), (size_t) (count))

static void
people_state(passage *p, const stn_run *run, stn__people *people)
{
    const stn__population_plan *plan = people->plan;
    size_t series = (size_t) plan->group_count * (size_t) people->counters.count;
    size_t ratings = (size_t) plan->group_count * ((size_t) (plan->max - plan->min) + 1);

    uint32_t files = atomic_load(&people->file_fresh);

    PART(&files, 1);
    if (p->ret == 0 && files > people->file_room) {
        damaged(p);
    }
    atomic_store(&people->file_fresh, files);
    PART(people->first, people->size);
    part(p, people->rows, people->row_size, people->size);
    part(p, people->files, people->file_size, files);
    PART(people->series, (size_t) run->windows_done * series);
    PART(people->histograms, (size_t) run->histogram_count * ratings);
    PART(people->certainty, plan->zone_count * plan->behaviour_count);
    PART(&people->life_sum, 1);
    PART(&people->final_sum, 1);
}

/* The one list of all that a run has and that is not made anew: what is added
 * to stn_run or stn__people and outlasts a window belongs here. */
static void
state(passage *p, stn_run *run)
{
    const stn__convoy *convoy = run->convoy;

    for (int32_t population = 0; population < run->plan->population_count; population++) {
        const stn__course *course = &convoy->courses[population];
        const stn__population_plan *plan = run->people[population].plan;
        size_t contrast = 2 * (size_t) plan->group_count * (size_t) plan->behaviour_count;
        PART(course->next, course->size); /* with each run of a convoy, all alike */
        PART(course->places, course->size);
        PART(course->turns, course->size);
        PART(course->presences, course->size);
        PART(convoy->contrasts[population] + (size_t) run->place * contrast, contrast);
        people_state(p, run, &run->people[population]);
    }
    for (int32_t i = 0; i < 2 * run->plan->regime->process_count; i++) {
        PART(&run->queues[i].count, 1);
        PART(run->queues[i].done, run->queues[i].desks);
    }
    PART(run->histogram_windows, run->histogram_count);
    PART(run->nodes, atomic_load(&run->node_fresh));
}

/* ------------------------------------------------------------------ threads */

static void
shares_write(passage *p, const stn_run *run)
{
    for (int32_t t = 0; t < run->thread_count; t++) {
        const stn__worker *worker = &run->workers[t];
        share one = { .event_count = worker->event_count };
        if (!run->released) {
            one.free_nodes = worker->free_nodes;
            one.fresh = worker->fresh;
            one.fresh_end = worker->fresh_end;
            memcpy(one.files, worker->file_fresh, sizeof one.files);
            memcpy(one.files_end, worker->file_end, sizeof one.files_end);
        }
        move(p, &one, sizeof one);
    }
    for (int32_t t = 0; t < run->thread_count; t++) {
        PART(run->workers[t].events, run->workers[t].event_count);
    }
}

/* Hands a share of files to a thread; to one that has some already it is lost, which the room
 * for files bears many times over. */
static void
files_hand(passage *p, const stn_run *run, stn__worker *worker, const share *one)
{
    for (int32_t population = 0; population < run->plan->population_count; population++) {
        if (one->files[population] > one->files_end[population]
            || one->files_end[population] > atomic_load(&run->people[population].file_fresh)) {
            damaged(p);
            return;
        }
        if (worker->file_fresh[population] == worker->file_end[population]) {
            worker->file_fresh[population] = one->files[population];
            worker->file_end[population] = one->files_end[population];
        }
    }
}

/* Hands a share of nodes to a thread, which may have got some already. */
static void
nodes_hand(passage *p, stn_run *run, stn__worker *worker, const share *one)
{
    uint32_t room = atomic_load(&run->node_fresh), last = one->free_nodes, steps = 0;

    if (one->free_nodes >= room || one->fresh > one->fresh_end || one->fresh_end > room) {
        damaged(p);
        return;
    }
    if (one->free_nodes != 0 && worker->free_nodes != 0) {
        while (run->nodes[last].next != 0) { /* the list's end goes before the other's start */
            last = run->nodes[last].next;
            if (last >= room || ++steps > room) {
                damaged(p);
                return;
            }
        }
        run->nodes[last].next = worker->free_nodes;
    }
    worker->free_nodes = one->free_nodes != 0 ? one->free_nodes : worker->free_nodes;
    if (worker->fresh == worker->fresh_end) {
        worker->fresh = one->fresh;
        worker->fresh_end = one->fresh_end;
        return;
    }
    for (uint32_t number = one->fresh; number < one->fresh_end; number++) {
        run->nodes[number].next = worker->free_nodes;
        worker->free_nodes = number;
    }
}

/* The log all goes to the first thread: it is sorted before anybody sees it. */
static void
shares_read(passage *p, stn_run *run, const head *h)
{
    share *shares = calloc((size_t) h->thread_count, sizeof *shares);
    stn__worker *keeper = &run->workers[0];
    uint64_t count = 0;

    keeper->events = malloc((size_t) (h->event_count + 1) * sizeof *keeper->events);
    if (shares == NULL || keeper->events == NULL) {
        p->ret = stn__fail(p->err, STN_E_MEMORY, "%s: no memory to take it up", p->name);
    }
    for (uint64_t t = 0; t < h->thread_count && p->ret == 0; t++) {
        move(p, &shares[t], sizeof shares[t]);
    }
    for (uint64_t t = 0; t < h->thread_count && p->ret == 0; t++) {
        if (shares[t].event_count > h->event_count - count) {
            damaged(p);
            break;
        }
        PART(shares[t].event_count > 0 ? keeper->events + count : NULL, shares[t].event_count);
        count += shares[t].event_count;
    }
    keeper->event_count = count;
    keeper->event_room = h->event_count + 1;
    for (uint64_t t = 0; t < h->thread_count && p->ret == 0 && !run->released; t++) {
        nodes_hand(p, run, &run->workers[t % (uint64_t) run->thread_count], &shares[t]);
        files_hand(p, run, &run->workers[t % (uint64_t) run->thread_count], &shares[t]);
    }
    free(shares);
}

/* ------------------------------------------------------------------ the head */

/* What the study's files say, wherever they lie. */
static uint64_t
files_digest(const stn_study *study)
{
    uint64_t h = STN_DIGEST_START;

    for (int32_t f = 0; f < study->file_count; f++) {
        const stn_file *file = &study->files[f];
        h = stn__absorb(bytes_absorb(h, file->role, strlen(file->role)), file->size);
        h = bytes_absorb(h, file->text, file->size);
    }
    return h;
}

static uint64_t
regimes_digest(const stn_study *study)
{
    uint64_t h = stn__absorb(STN_DIGEST_START, (uint64_t) study->regime_count);

    for (int32_t r = 0; r < study->regime_count; r++) {
        h = stn__absorb(h, strlen(study->regimes[r].name));
        h = bytes_absorb(h, study->regimes[r].name, strlen(study->regimes[r].name));
    }
    return h;
}

static uint64_t
double_bits(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* The part of a head that tells whether a run belongs to these inputs. */
static head
head_of(const stn_study *study, const stn_city *city, const stn_run_options *options)
{
    head h = { .magic = MAGIC, .format = FORMAT, .results_epoch = (uint64_t) stn__results_epoch(),
        .files = files_digest(study), .regimes = regimes_digest(study), .seed = study->seed,
        .scale = double_bits(study->scale), .horizon = study->horizon, .window = study->window,
        .city = stn_city_digest(city) };

    strncpy(h.version, stn__version(), sizeof h.version - 1);
    if (options != NULL) {
        h.log = (uint64_t) options->log;
        h.log_population = options->log == 2 ? (uint64_t) options->log_population : 0;
        h.log_row = options->log == 2 ? options->log_row : 0;
        h.lives = options->lives != 0;
    }
    return h;
}

static int
other(passage *p, const char *what)
{
    return p->ret = stn__fail(p->err, STN_E_INPUT,
        "%s: it was made %s; go on as before, or remove it to start from the beginning", p->name, what);
}

static int
head_check(passage *p, const head *found, const head *here)
{
    if (found->magic == __builtin_bswap64(MAGIC)) {
        return p->ret = stn__fail(p->err, STN_E_INPUT, "%s: made on a machine of another byte order", p->name);
    }
    if (found->magic != MAGIC) {
        return p->ret = stn__fail(p->err, STN_E_INPUT, "%s: no run of Standing is kept in it, or it is damaged", p->name);
    }
    if (found->sum != bytes_absorb(STN_DIGEST_START, found, offsetof(head, sum))) {
        return damaged(p);
    }
    if (found->format != FORMAT || memcmp(found->version, here->version, sizeof here->version) != 0
        || found->results_epoch != here->results_epoch) {
        return p->ret = stn__fail(p->err, STN_E_INPUT,
            "%s: it was made by Standing %.31s (results epoch %llu), which alone can go on; this one is %s (results epoch %d)",
            p->name, found->version, (unsigned long long) found->results_epoch, stn__version(), (int) stn__results_epoch());
    }
    return found->files != here->files ? other(p, "from files of a study, world or regimes that were changed since")
        : found->regimes != here->regimes ? other(p, "with other regimes, or in another order")
        : found->seed != here->seed ? other(p, "with another seed")
        : found->scale != here->scale ? other(p, "at another scale")
        : found->horizon != here->horizon ? other(p, "for another number of years")
        : found->window != here->window ? other(p, "with another window")
        : found->city != here->city ? other(p, "of another city")
        : found->log != here->log || found->log_population != here->log_population || found->log_row != here->log_row
            ? other(p, "with another choice of events to keep")
        : found->lives != here->lives ? other(p, "with another choice of lives to keep") : 0;
}

/* ---------------------------------------------------------------- both ways */

int
stn_run_save(const stn_run *run, FILE *out, const char *name, stn_error *err)
{
    passage p = { .file = out, .name = name, .sum = STN_DIGEST_START, .err = err };
    head h = head_of(run->study, run->city, &run->options);
    uint64_t sum;

    STN_INVARIANT(run->odd_population == STN_NONE);
    h.regime = (uint64_t) run->regime;
    h.windows_done = (uint64_t) run->windows_done;
    h.released = run->released;
    h.epoch = (uint64_t) run->epoch;
    h.histogram_count = (uint64_t) run->histogram_count;
    h.node_fresh = atomic_load(&run->node_fresh);
    h.thread_count = (uint64_t) run->thread_count;
    h.seconds = double_bits(run->seconds);
    for (int32_t t = 0; t < run->thread_count; t++) {
        h.event_count += run->workers[t].event_count;
    }
    h.sum = bytes_absorb(STN_DIGEST_START, &h, offsetof(head, sum));
    move(&p, &h, sizeof h);
    state(&p, (stn_run *) (uintptr_t) run); /* which is only read on the way out */
    shares_write(&p, run);
    sum = p.sum;
    move(&p, &sum, sizeof sum);
    return p.ret;
}

/* Makes room for what grows with time. */
static bool
room_make(stn_run *run, const head *h)
{
    bool ok = true;

    run->windows_done = (int32_t) h->windows_done;
    run->histogram_count = run->histogram_room = (int32_t) h->histogram_count;
    run->epoch = (int32_t) h->epoch;
    atomic_store(&run->node_fresh, (uint32_t) h->node_fresh);
    if (run->windows_done > 0) {
        run->start = (uint32_t) (run->windows_done - 1) * run->window;
        run->end = stn_run_window_end(run, run->windows_done - 1);
    }
    if (run->histogram_count > 0) {
        run->histogram_windows = calloc((size_t) run->histogram_count, sizeof *run->histogram_windows);
        ok = run->histogram_windows != NULL;
    }
    for (int32_t population = 0; population < run->plan->population_count; population++) {
        stn__people *people = &run->people[population];
        const stn__population_plan *plan = people->plan;
        people->stakes = plan->epochs[run->epoch].stakes;
        if (run->histogram_count > 0 && plan->rating_given) {
            people->histograms = calloc((size_t) run->histogram_count * (size_t) plan->group_count
                * ((size_t) (plan->max - plan->min) + 1), sizeof *people->histograms);
            ok = ok && people->histograms != NULL;
        }
    }
    return ok;
}

/* Whether a head's numbers can be those of a run. */
static bool
head_fits(const stn_run *run, const head *h)
{
    return h->windows_done <= (uint64_t) run->window_count && h->histogram_count <= h->windows_done
        && h->epoch < (uint64_t) run->plan->epoch_count && h->released <= 1 && h->thread_count >= 1
        && h->thread_count <= 256 && h->event_count < SIZE_MAX / 2 / sizeof(stn_event);
}

/* Reads a head and says whether it is that of a run of these inputs. */
static int
head_read(passage *p, const stn_study *study, const stn_city *city, const stn_run_options *options, head *h)
{
    head here = head_of(study, city, options);

    move(p, h, sizeof *h);
    if (p->ret == 0 && head_check(p, h, &here) == 0 && h->regime >= (uint64_t) study->regime_count) {
        damaged(p);
    }
    return p->ret;
}

/* Fills a fresh run with what follows the head. */
static int
body_read(passage *p, const head *h, stn_run *run)
{
    double seconds;

    if (!head_fits(run, h)) {
        return damaged(p);
    }
    if (h->node_fresh > run->node_room) {
        return p->ret = stn__fail(p->err, STN_E_MEMORY, "%s: no room for its records", p->name);
    }
    if (!room_make(run, h)) {
        return p->ret = stn__fail(p->err, STN_E_MEMORY, "%s: no memory to take it up", p->name);
    }
    if (h->released != 0) {
        stn_run_release(run);
    }
    state(p, run);
    if (p->ret == 0) {
        shares_read(p, run, h);
    }
    agree(p, p->sum);
    memcpy(&seconds, &h->seconds, sizeof seconds);
    run->seconds += p->ret == 0 ? seconds : 0;
    return p->ret;
}

int
stn_run_load(FILE *in, const char *name, const stn_study *study, const stn_city *city, const stn_run_options *options,
    stn_run **out, stn_error *err)
{
    passage p = { .file = in, .name = name, .in = true, .sum = STN_DIGEST_START, .err = err };
    stn_run *run = NULL;
    head h;
    int ret = head_read(&p, study, city, options, &h);

    *out = NULL;
    ret = ret != 0 ? ret : stn_run_new(study, city, (int32_t) h.regime, options, &run, err);
    ret = ret != 0 ? ret : body_read(&p, &h, run);
    if (ret != 0) {
        stn_run_free(run);
        return ret;
    }
    *out = run;
    return 0;
}

int
stn_run_restore(stn_run *run, FILE *in, const char *name, stn_error *err)
{
    passage p = { .file = in, .name = name, .in = true, .sum = STN_DIGEST_START, .err = err };
    head h;
    int ret = head_read(&p, run->study, run->city, &run->options, &h);

    STN_INVARIANT(run->windows_done == 0 && !run->released);
    if (ret == 0 && (h.regime != (uint64_t) run->regime || h.released != 0)) {
        ret = damaged(&p);
    }
    return ret != 0 ? ret : body_read(&p, &h, run);
}
