/* SPDX-License-Identifier: Apache-2.0
 *
 * ranks.c - a city that several processes live together.
 *
 * After each window three things travel. Messages go to the rank that lives
 * their recipient. Cases for desks go to every rank: who is decided when
 * depends on all cases of a queue, so each rank lets the queues decide about
 * all and keeps what is decided about its own. What was counted is added up,
 * so that every rank learns the same and has the whole of every series. */
#include "engine/ranks.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

void
stn__ranks_share(const stn_run *run, stn__course *course)
{
    const stn_exchange *exchange = run->options.exchange;
    int32_t rank = exchange != NULL ? exchange->rank : 0, count = exchange != NULL ? exchange->count : 1;

    course->own_first = stn__share_first(course->size, rank, count);
    course->own_end = stn__share_first(course->size, rank + 1, count);
}

/* The rank that lives a row. */
static int32_t
owner(const stn_run *run, int32_t population, uint32_t row)
{
    uint32_t size = run->people[population].size;
    int32_t count = run->options.exchange->count, rank = (int32_t) ((uint64_t) row * (uint32_t) count / size);

    while (stn__share_first(size, rank + 1, count) <= row) { /* shares are rounded down */
        rank++;
    }
    return rank;
}

/* ------------------------------------------------------------------ numbers */

/* Words of the board: whether something went wrong, then for each population its counters,
 * three fields, what it did otherwise than the convoy's first run and the life sum. */
static size_t
counter_words(const stn__people *people)
{
    return (size_t) people->plan->group_count * (size_t) people->counters.count;
}

static size_t
field_words(const stn__people *people)
{
    return (size_t) people->plan->zone_count * (size_t) people->plan->behaviour_count;
}

static size_t
contrast_words(const stn__people *people)
{
    return 2 * (size_t) people->plan->group_count * (size_t) people->plan->behaviour_count;
}

static size_t
board_words(const stn_run *run)
{
    size_t words = 1;

    for (int32_t p = 0; p < run->plan->population_count; p++) {
        words += counter_words(&run->people[p]) + 3 * field_words(&run->people[p]) + contrast_words(&run->people[p]) + 1;
    }
    return words;
}

bool
stn__ranks_new(stn_run *run)
{
    if (run->options.exchange != NULL) {
        run->board = calloc(board_words(run), sizeof *run->board);
        return run->board != NULL;
    }
    return true;
}

static uint64_t
absorb_text(uint64_t h, const char *text, size_t size)
{
    for (size_t at = 0; at < size; at += sizeof(uint64_t)) {
        uint64_t word = 0;
        memcpy(&word, text + at, size - at < sizeof word ? size - at : sizeof word);
        h = stn__absorb(h, word);
    }
    return stn__absorb(h, size);
}

int
stn__ranks_same(const stn_run *run, stn_error *err)
{
    const stn_exchange *exchange = run->options.exchange;
    uint64_t h = STN_DIGEST_START;
    int64_t first;
    int ret;

    h = stn__absorb(h, stn_city_digest(run->city));
    h = stn__absorb(h, run->study->seed);
    h = stn__absorb(h, run->horizon);
    h = stn__absorb(h, run->window);
    h = stn__absorb(h, (uint64_t) run->regime);
    h = stn__absorb(h, (uint64_t) run->convoy->run_count);
    h = absorb_text(h, run->plan->regime->name, strlen(run->plan->regime->name));
    for (int32_t f = 0; f < run->study->file_count; f++) {
        h = absorb_text(h, run->study->files[f].text, run->study->files[f].size);
    }
    first = exchange->rank == 0 ? (int64_t) h : 0;
    ret = stn__exchange_sum(exchange, 0, &first, 1, err);
    if (ret == 0 && (uint64_t) first != h) {
        ret = stn__fail(err, STN_E_ARGUMENT, "regime %s: other input files, or another city, than rank 0 has",
            run->plan->regime->name);
    }
    return stn_exchange_agree(exchange, ret, err);
}

/* Adds a worker's numbers to those of the board, or (of the first) takes them back from there. */
static int64_t *
numbers_put(int64_t *board, int64_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        board[i] += numbers[i];
    }
    memset(numbers, 0, count * sizeof *numbers);
    return board + count;
}

/* A worker's share in its run's contrasts, which its lane counts. */
static int64_t *
contrasts_of(const stn_run *run, const stn__worker *worker, int32_t population)
{
    const stn__lane *lane = &run->convoy->lanes[worker - run->workers];

    return lane->contrasts[population] + (size_t) run->place * contrast_words(&run->people[population]);
}

static void
worker_put(const stn_run *run, stn__worker *worker, int64_t *board)
{
    for (int32_t p = 0; p < run->plan->population_count; p++) {
        size_t fields = field_words(&run->people[p]);
        board = numbers_put(board, worker->counts[p], counter_words(&run->people[p]));
        board = numbers_put(board, worker->acts[p], fields);
        board = numbers_put(board, worker->detected[p], fields);
        board = numbers_put(board, worker->named[p], fields);
        board = numbers_put(board, contrasts_of(run, worker, p), contrast_words(&run->people[p]));
        *board = (int64_t) ((uint64_t) *board + worker->life_sum[p]);
        board++;
        worker->life_sum[p] = 0;
    }
}

static const int64_t *
numbers_take(const int64_t *board, int64_t *numbers, size_t count)
{
    memcpy(numbers, board, count * sizeof *numbers);
    return board + count;
}

static void
worker_take(const stn_run *run, stn__worker *worker, const int64_t *board)
{
    for (int32_t p = 0; p < run->plan->population_count; p++) {
        size_t fields = field_words(&run->people[p]);
        board = numbers_take(board, worker->counts[p], counter_words(&run->people[p]));
        board = numbers_take(board, worker->acts[p], fields);
        board = numbers_take(board, worker->detected[p], fields);
        board = numbers_take(board, worker->named[p], fields);
        board = numbers_take(board, contrasts_of(run, worker, p), contrast_words(&run->people[p]));
        worker->life_sum[p] = (uint64_t) *board++;
    }
}

int
stn__ranks_count(stn_run *run, int code, stn_error *err)
{
    const stn_exchange *exchange = run->options.exchange;
    size_t words;
    int ret;

    if (exchange == NULL) {
        return code;
    }
    words = board_words(run);
    memset(run->board, 0, words * sizeof *run->board);
    run->board[0] = code != 0;
    for (int32_t t = 0; t < run->thread_count; t++) {
        worker_put(run, &run->workers[t], run->board + 1);
    }
    ret = exchange->sum(exchange->user, run->board, words);
    if (ret != 0) {
        return stn__exchange_lost(ret, err);
    }
    if (run->board[0] != 0) {
        return stn_exchange_agree(exchange, code, err);
    }
    worker_take(run, &run->workers[0], run->board + 1);
    run->exchanged.summed += words * sizeof *run->board;
    return 0;
}

int
stn__ranks_final(stn_run *run, int code, stn_error *err)
{
    enum { BYTES = 2 };
    int64_t sums[BYTES + STN_POPULATIONS_MAX] = { (int64_t) run->exchanged.messages, (int64_t) run->exchanged.cases };
    int ret;

    for (int32_t p = 0; p < run->plan->population_count; p++) {
        sums[BYTES + p] = (int64_t) run->people[p].final_sum;
    }
    ret = stn__exchange_sum(run->options.exchange, code, sums, BYTES + STN_POPULATIONS_MAX, err);
    if (ret != 0 || run->options.exchange == NULL) {
        return ret;
    }
    for (int32_t p = 0; p < run->plan->population_count; p++) {
        run->people[p].final_sum = (uint64_t) sums[BYTES + p];
    }
    run->exchanged_before.summed += run->exchanged.summed;
    run->exchanged_before.messages += (uint64_t) sums[0];
    run->exchanged_before.cases += (uint64_t) sums[1];
    run->exchanged = (stn_exchanged){ 0 };
    return 0;
}

void
stn_run_exchanged(const stn_run *run, stn_exchanged *exchanged)
{
    *exchanged = run->exchanged_before;
}

/* ----------------------------------------------------------------- messages */

/* What one rank gives another: this, then that many messages, then cases. */
typedef struct parcel {
    uint64_t messages, cases;
} parcel;

/* One rank's parcels to all. */
typedef struct post {
    parcel *parcels; /* owned: by rank */
    size_t *sizes;   /* owned: bytes, by rank; then those that come back */
    size_t *at;      /* owned: where each rank's next message goes */
    char *bytes;     /* owned */
} post;

static void
post_free(post *p)
{
    free(p->parcels);
    free(p->sizes);
    free(p->at);
    free(p->bytes);
}

/* Counts what goes where and makes room. Nobody gets an empty parcel. */
static bool
post_new(const stn_run *run, post *p)
{
    int32_t ranks = run->options.exchange->count;
    size_t at = 0;

    p->parcels = calloc((size_t) ranks, sizeof *p->parcels);
    p->sizes = calloc(2 * (size_t) ranks, sizeof *p->sizes);
    p->at = calloc((size_t) ranks, sizeof *p->at);
    if (p->parcels == NULL || p->sizes == NULL || p->at == NULL) {
        return false;
    }
    for (int32_t t = 0; t < run->thread_count; t++) {
        const stn__worker *worker = &run->workers[t];
        for (size_t i = 0; i < worker->outbox.count; i++) {
            p->parcels[owner(run, worker->outbox.messages[i].population, worker->outbox.messages[i].row)].messages++;
        }
        for (int32_t rank = 0; rank < ranks; rank++) {
            p->parcels[rank].cases += worker->cases.count;
        }
    }
    for (int32_t rank = 0; rank < ranks; rank++) {
        const parcel *one = &p->parcels[rank];
        p->at[rank] = at;
        if (one->messages + one->cases > 0) {
            p->sizes[rank] = sizeof *one + one->messages * sizeof(stn__message) + one->cases * sizeof(stn__case);
        }
        at += p->sizes[rank];
    }
    p->bytes = malloc(at + 1);
    return p->bytes != NULL;
}

static void
put(post *p, int32_t rank, const void *thing, size_t size)
{
    memcpy(p->bytes + p->at[rank], thing, size);
    p->at[rank] += size;
}

/* Empties the boxes of all workers into the parcels. */
static void
post_fill(stn_run *run, post *p)
{
    const stn_exchange *exchange = run->options.exchange;

    for (int32_t rank = 0; rank < exchange->count; rank++) {
        if (p->sizes[rank] > 0) {
            put(p, rank, &p->parcels[rank], sizeof p->parcels[rank]);
        }
        if (rank != exchange->rank) {
            run->exchanged.messages += p->parcels[rank].messages * sizeof(stn__message);
            run->exchanged.cases += p->parcels[rank].cases * sizeof(stn__case);
        }
    }
    for (int32_t t = 0; t < run->thread_count; t++) {
        stn__mailbox *box = &run->workers[t].outbox;
        for (size_t i = 0; i < box->count; i++) {
            put(p, owner(run, box->messages[i].population, box->messages[i].row), &box->messages[i],
                sizeof box->messages[i]);
        }
        box->count = 0;
    }
    for (int32_t t = 0; t < run->thread_count; t++) {
        stn__cases *box = &run->workers[t].cases;
        for (int32_t rank = 0; rank < exchange->count && box->count > 0; rank++) {
            put(p, rank, box->cases, box->count * sizeof *box->cases);
        }
        box->count = 0;
    }
}

/* Makes an array hold at least `count` elements. */
static bool
room(void **elements, size_t count, size_t *room_now, size_t size)
{
    void *grown = *elements;

    if (count > *room_now) {
        grown = realloc(*elements, count * size);
        if (grown == NULL) {
            return false;
        }
        *elements = grown;
        *room_now = count;
    }
    return true;
}

/* Puts what came into the boxes of the first worker. */
static bool
post_take(stn_run *run, const post *p, const char *bytes)
{
    int32_t ranks = run->options.exchange->count;
    const size_t *sizes = p->sizes + ranks;
    stn__mailbox *box = &run->workers[0].outbox;
    stn__cases *cases = &run->workers[0].cases;
    void *elements;
    parcel all = { 0, 0 }, one;
    size_t at = 0;
    bool ok;

    for (int32_t rank = 0; rank < ranks; at += sizes[rank], rank++) {
        if (sizes[rank] > 0) {
            memcpy(&one, bytes + at, sizeof one);
            all.messages += one.messages;
            all.cases += one.cases;
        }
    }
    elements = box->messages;
    ok = room(&elements, all.messages, &box->room, sizeof *box->messages);
    box->messages = elements;
    elements = cases->cases;
    ok = ok && room(&elements, all.cases, &cases->room, sizeof *cases->cases);
    cases->cases = elements;
    at = 0;
    for (int32_t rank = 0; rank < ranks && ok; at += sizes[rank], rank++) {
        const char *from = bytes + at + sizeof one;
        if (sizes[rank] == 0) {
            continue;
        }
        memcpy(&one, bytes + at, sizeof one);
        if (one.messages > 0) {
            memcpy(box->messages + box->count, from, one.messages * sizeof *box->messages);
        }
        if (one.cases > 0) {
            memcpy(cases->cases + cases->count, from + one.messages * sizeof *box->messages,
                one.cases * sizeof *cases->cases);
        }
        box->count += one.messages;
        cases->count += one.cases;
    }
    return ok;
}

static bool
any_sizes(const size_t *sizes, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (sizes[i] > 0) {
            return true;
        }
    }
    return false;
}

int
stn__ranks_post(stn_run *run, int code, stn_error *err)
{
    const stn_exchange *exchange = run->options.exchange;
    post p = { 0 };
    void *received = NULL;
    int64_t asked[2] = { 0, 0 }; /* how many ranks failed, and how many have something to send */
    int ret;

    if (exchange == NULL) {
        return code;
    }
    if (code == 0 && !post_new(run, &p)) {
        code = stn__fail(err, STN_E_MEMORY, "no memory for the messages between ranks");
    }
    asked[0] = code != 0;
    asked[1] = code == 0 && any_sizes(p.sizes, exchange->count);
    ret = exchange->sum(exchange->user, asked, 2);
    if (ret != 0) {
        code = stn__exchange_lost(ret, err);
    } else if (asked[0] != 0) {
        code = stn_exchange_agree(exchange, code, err);
    } else if (asked[1] != 0) {
        post_fill(run, &p);
        code = exchange->swap(exchange->user, p.bytes, p.sizes, &received, p.sizes + exchange->count);
        if (code != 0) {
            code = stn__exchange_lost(code, err);
        } else if (!post_take(run, &p, received)) {
            run->workers[0].short_of_memory = true; /* delivering says so, and the counting all ranks */
        }
    }
    free(received);
    post_free(&p);
    return code;
}
