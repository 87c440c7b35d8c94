/* SPDX-License-Identifier: Apache-2.0
 *
 * floor.c - the toy regime of bench/README.md as a program of its own, that can
 * do nothing else: what Standing's speed is measured against.
 *
 *     floor c|avx2 PEOPLE THREADS [WINDOWS [SEED]]
 *
 * It draws what docs/semantics.md says (sections 1 to 6), so that it must count
 * just what Standing counts, and whatever Standing takes longer is the price of
 * being told by files what to do, and of all that it counts besides. It prints
 * one line of JSON; "final" is the final sum of section 11.
 *
 * WINDOWS: 24, the default, goes through everybody month by month, as anything
 * must in which what people do depends on what the city learnt last month. 1
 * lives each few hundred people to their end before the next; nothing in this
 * regime forbids that. */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/draw.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,popcnt")))
#endif

enum {
    CLASSES = 64,
    KINDS = 16,
    YEAR = 525600,
    END = 2 * YEAR,
    BLOCK = 1024, /* people whose due ones fit into the first cache */
    WINDOWS_MAX = 1000
};

/* What there is of everybody, in row order. */
typedef struct people {
    uint32_t *next;   /* the minute of the next opportunity */
    uint32_t *until;  /* when the last stay on the list ends; 0: never was on it */
    uint16_t *number; /* of the next opportunity */
    int16_t *points;  /* not cut to the range */
} people;

enum { BYTES_EACH = 12 };

typedef struct sums {
    uint64_t opportunities, acts, detected, entries;
} sums;

typedef struct block {
    uint32_t first;
    int32_t count;
    double rate; /* opportunities a minute */
} block;

typedef struct toy toy;
typedef void (*live_fn)(toy *t, const block *b, uint32_t end, sums *s);

struct toy {
    uint64_t seed;
    uint32_t office;      /* the agency's mark */
    uint32_t cuts[KINDS]; /* seen if the mark is below */
    int32_t points[KINDS];
    people people; /* owned */
    block *blocks; /* owned */
    int64_t block_count;
    live_fn live;
    int32_t windows, threads;
    pthread_barrier_t barrier;
    _Atomic int64_t given[WINDOWS_MAX + 1]; /* blocks handed out: at the start, then in each window */
};

typedef struct worker {
    toy *toy; /* borrowed */
    sums sums;
} worker;

static inline int32_t
cut(int32_t points)
{
    return points < 0 ? 0 : points > 1300 ? 1300 : points;
}

/* Somebody is seen doing something of a kind. */
static inline void
detect(toy *t, uint32_t row, uint32_t time, uint32_t kind, sums *s)
{
    int32_t before = t->people.points[row], after = before + t->points[kind];
    uint32_t until = t->people.until[row];

    t->people.points[row] = (int16_t) after;
    if (cut(after) < 850 && until <= time && (until == 0 || cut(after) != cut(before))) {
        t->people.until[row] = time + YEAR;
        s->entries++;
    }
}

static void
live_c(toy *t, const block *b, uint32_t end, sums *s)
{
    for (uint32_t row = b->first; row < b->first + (uint32_t) b->count; row++) {
        uint32_t time = t->people.next[row], number = t->people.number[row];
        while (time < end) {
            stn__words w = stn__draw(t->seed, STN_DRAW_OPPORTUNITY, 0, row, number, 0);
            uint32_t kind = w.w[1] >> 28;
            s->opportunities++;
            if (w.w[2] < 0x80000000u) {
                s->acts++;
                if (stn__mix(w.w[3] ^ t->office) < t->cuts[kind]) {
                    s->detected++;
                    detect(t, row, time, kind, s);
                }
            }
            time += stn__gap(w.w[0], b->rate);
            number++;
        }
        t->people.next[row] = time;
        t->people.number[row] = (uint16_t) number;
    }
}

#if defined(__x86_64__)

/* For each set of lanes, the permutation that brings them to the front. */
static uint64_t fronts[256];

static void
fronts_fill(void)
{
    for (uint32_t mask = 0; mask < 256; mask++) {
        int shift = 0;
        for (uint64_t lane = 0; lane < 8; lane++) {
            if ((mask >> lane & 1) != 0) {
                fronts[mask] |= lane << shift;
                shift += 8;
            }
        }
    }
}

AVX2 static inline __m256i
front(uint32_t mask)
{
    return _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long) fronts[mask]));
}

AVX2 static inline __m256i
load(const uint32_t *from)
{
    return _mm256_loadu_si256((const __m256i *) (const void *) from);
}

AVX2 static inline void
store(uint32_t *to, __m256i x)
{
    _mm256_storeu_si256((__m256i *) (void *) to, x);
}

AVX2 static inline void
pack(uint32_t *to, __m256i x, __m256i order)
{
    store(to, _mm256_permutevar8x32_epi32(x, order));
}

/* A mask of the lanes in which a < b, as unsigned numbers. */
AVX2 static inline uint32_t
below(__m256i a, __m256i b)
{
    __m256i no = _mm256_cmpeq_epi32(_mm256_max_epu32(a, b), a);

    return ~(uint32_t) _mm256_movemask_ps(_mm256_castsi256_ps(no)) & 0xff;
}

AVX2 static inline __m256d
c4(double x)
{
    return _mm256_set1_pd(x);
}

/* stn__log, operation by operation. */
AVX2 static inline __m256d
log4(__m256d x)
{
    const __m256d one = c4(1.0);
    __m256i bits = _mm256_castpd_si256(x);
    __m256i biased = _mm256_or_si256(_mm256_srli_epi64(bits, 52), _mm256_set1_epi64x(0x4330000000000000));
    __m256d e = _mm256_sub_pd(_mm256_castsi256_pd(biased), c4(4503599627370496.0 + 1022.0));
    __m256d m = _mm256_castsi256_pd(_mm256_or_si256(
        _mm256_and_si256(bits, _mm256_set1_epi64x(0x000fffffffffffff)), _mm256_set1_epi64x(0x3fe0000000000000)));
    __m256d low = _mm256_and_pd(_mm256_cmp_pd(m, c4(0.70710678118654752440), _CMP_LT_OQ), one);
    __m256d f, s, z, r, h;

    m = _mm256_add_pd(m, _mm256_mul_pd(m, low));
    e = _mm256_sub_pd(e, low);
    f = _mm256_sub_pd(m, one);
    s = _mm256_div_pd(f, _mm256_add_pd(c4(2.0), f));
    z = _mm256_mul_pd(s, s);
    r = _mm256_mul_pd(z, c4(1.479819860511658591e-01));
    r = _mm256_mul_pd(z, _mm256_add_pd(c4(1.531383769920937332e-01), r));
    r = _mm256_mul_pd(z, _mm256_add_pd(c4(1.818357216161805012e-01), r));
    r = _mm256_mul_pd(z, _mm256_add_pd(c4(2.222219843214978396e-01), r));
    r = _mm256_mul_pd(z, _mm256_add_pd(c4(2.857142874366239149e-01), r));
    r = _mm256_mul_pd(z, _mm256_add_pd(c4(3.999999999940941908e-01), r));
    r = _mm256_mul_pd(z, _mm256_add_pd(c4(6.666666666666735130e-01), r));
    h = _mm256_mul_pd(_mm256_mul_pd(c4(0.5), f), f);
    s = _mm256_add_pd(_mm256_mul_pd(s, _mm256_add_pd(h, r)), _mm256_mul_pd(e, c4(1.90821492927058770002e-10)));
    return _mm256_sub_pd(_mm256_mul_pd(e, c4(6.93147180369123816490e-01)), _mm256_sub_pd(_mm256_sub_pd(h, s), f));
}

/* stn__gap of the low words of four pairs, where it is never "never". */
AVX2 static inline __m256i
gap4(__m256i words, __m256d rate)
{
    __m256i wide = _mm256_blend_epi32(words, _mm256_set1_epi64x(0x4330000000000000), 0xaa);
    __m256d u = _mm256_sub_pd(_mm256_castsi256_pd(wide), c4(4503599627370496.0));
    __m256d g;

    u = _mm256_mul_pd(_mm256_add_pd(u, c4(0.5)), c4(1 / 4294967296.0)); /* a power of 2: exact */
    g = _mm256_div_pd(_mm256_xor_pd(log4(u), c4(-0.0)), rate);
    g = _mm256_floor_pd(_mm256_add_pd(g, c4(0.5)));
    return _mm256_castpd_si256(_mm256_add_pd(g, c4(4503599627370496.0)));
}

/* Philox4x32-10 of four people in the low halves of the lanes; what is in the
 * high ones does not matter. */
typedef struct words4 {
    __m256i w[4];
} words4;

AVX2 static inline words4
draw4(__m256i row, __m256i number, uint64_t seed)
{
    const __m256i m0 = _mm256_set1_epi64x(0xD2511F53), m1 = _mm256_set1_epi64x(0xCD9E8D57);
    uint32_t k0 = (uint32_t) seed, k1 = (uint32_t) (seed >> 32);
    __m256i x0 = row, x1 = number, x2, x3 = _mm256_mul_epu32(x0, m0);

    /* The first round: two of the four words are the same for everybody. */
    x0 = _mm256_xor_si256(x1, _mm256_set1_epi64x(k0));
    x2 = _mm256_xor_si256(_mm256_srli_epi64(x3, 32), _mm256_set1_epi64x(STN_DRAW_OPPORTUNITY ^ k1));
    x1 = _mm256_setzero_si256();
    for (int round = 1; round < 10; round++) {
        __m256i p0 = _mm256_mul_epu32(x0, m0), p1 = _mm256_mul_epu32(x2, m1);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
        x0 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), x1), _mm256_set1_epi64x(k0));
        x2 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), x3), _mm256_set1_epi64x(k1));
        x1 = p1;
        x3 = p0;
    }
    return (words4){ { x0, x1, x2, x3 } };
}

AVX2 static inline __m256i
both(__m256i even, __m256i odd)
{
    return _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
}

AVX2 static inline __m256i
mix8(__m256i x)
{
    x = _mm256_xor_si256(x, _mm256_srli_epi32(x, 16));
    x = _mm256_mullo_epi32(x, _mm256_set1_epi32((int) 0x85ebca6bu));
    x = _mm256_xor_si256(x, _mm256_srli_epi32(x, 13));
    x = _mm256_mullo_epi32(x, _mm256_set1_epi32((int) 0xc2b2ae35u));
    return _mm256_xor_si256(x, _mm256_srli_epi32(x, 16));
}

/* People of a block who have something to do, one array for each thing. */
typedef struct due {
    uint32_t index[BLOCK + 8], time[BLOCK + 8], number[BLOCK + 8];
} due;

/* Who has an opportunity before `end`; returns how many. */
AVX2 static int32_t
due_find(const toy *t, const block *b, uint32_t end, due *d)
{
    const uint32_t *next = t->people.next + b->first;
    const uint16_t *number = t->people.number + b->first;
    __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), ends = _mm256_set1_epi32((int) end);
    uint32_t last[8] = { 0 };
    int32_t count = 0, whole = b->count / 8 * 8;

    /* Those behind the last eight may be another thread's. */
    memcpy(last, next + whole, (size_t) (b->count - whole) * sizeof last[0]);
    for (int32_t i = 0; i < b->count; i += 8) {
        __m256i time = load(i < whole ? next + i : last);
        uint32_t mask = below(time, ends) & (i < whole ? 0xff : (1u << (b->count - i)) - 1);
        __m256i order = front(mask);
        pack(d->index + count, index, order);
        pack(d->time + count, time, order);
        count += __builtin_popcount(mask);
        index = _mm256_add_epi32(index, _mm256_set1_epi32(8));
    }
    for (int32_t i = 0; i < count; i++) {
        d->number[i] = number[d->index[i]];
    }
    return count;
}

/* In rounds: each of those due lives through one opportunity, those who were
 * seen are handled one by one, who is not due any more drops out. */
AVX2 static void
live_avx2(toy *t, const block *b, uint32_t end, sums *s)
{
    static _Thread_local due d, done, seen; /* seen: number is the kind */
    const __m256i ends = _mm256_set1_epi32((int) end), one = _mm256_set1_epi32(1);
    const __m256i first = _mm256_set1_epi32((int) b->first), office = _mm256_set1_epi32((int) t->office);
    const __m256i cuts_low = load(t->cuts), cuts_high = load(t->cuts + 8);
    const __m256d rate = c4(b->rate);
    int32_t count = due_find(t, b, end, &d), done_count = 0;

    while (count > 0) {
        int32_t left = 0, seen_count = 0;
        s->opportunities += (uint64_t) count;
        for (int32_t i = 0; i < count; i += 8) {
            uint32_t all = i + 8 <= count ? 0xff : (1u << (count - i)) - 1, acts, hits, stay;
            __m256i index = load(d.index + i), time = load(d.time + i), number = load(d.number + i);
            __m256i row = _mm256_add_epi32(index, first), w1, later, cuts, order;
            words4 even = draw4(row, number, t->seed);
            words4 odd = draw4(_mm256_srli_epi64(row, 32), _mm256_srli_epi64(number, 32), t->seed);

            w1 = both(even.w[1], odd.w[1]);
            acts = ~(uint32_t) _mm256_movemask_ps(_mm256_castsi256_ps(both(even.w[2], odd.w[2]))) & all;
            /* The kind is the top four bits of w1. */
            cuts = _mm256_castps_si256(
                _mm256_blendv_ps(_mm256_castsi256_ps(_mm256_permutevar8x32_epi32(cuts_low, _mm256_srli_epi32(w1, 28))),
                    _mm256_castsi256_ps(_mm256_permutevar8x32_epi32(cuts_high, _mm256_srli_epi32(w1, 28))),
                    _mm256_castsi256_ps(w1)));
            hits = below(mix8(_mm256_xor_si256(both(even.w[3], odd.w[3]), office)), cuts) & acts;
            s->acts += (uint64_t) __builtin_popcount(acts);
            order = front(hits);
            pack(seen.index + seen_count, index, order);
            pack(seen.time + seen_count, time, order);
            pack(seen.number + seen_count, _mm256_srli_epi32(w1, 28), order);
            seen_count += __builtin_popcount(hits);

            later = _mm256_add_epi32(time, both(gap4(even.w[0], rate), gap4(odd.w[0], rate)));
            number = _mm256_add_epi32(number, one);
            stay = below(later, ends) & all;
            order = front(stay ^ all);
            pack(done.index + done_count, index, order);
            pack(done.time + done_count, later, order);
            pack(done.number + done_count, number, order);
            done_count += __builtin_popcount(stay ^ all);
            order = front(stay);
            pack(d.index + left, index, order);
            pack(d.time + left, later, order);
            pack(d.number + left, number, order);
            left += __builtin_popcount(stay);
        }
        s->detected += (uint64_t) seen_count;
        for (int32_t i = 0; i < seen_count; i++) {
            detect(t, b->first + seen.index[i], seen.time[i], seen.number[i], s);
        }
        count = left;
    }
    for (int32_t i = 0; i < done_count; i++) {
        t->people.next[b->first + done.index[i]] = done.time[i];
        t->people.number[b->first + done.index[i]] = (uint16_t) done.number[i];
    }
}

/* The first opportunity of everybody in a block. */
AVX2 static void
begin_avx2(toy *t, const block *b)
{
    __m256i row = _mm256_add_epi32(_mm256_set1_epi32((int) b->first), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    uint32_t next[BLOCK + 8];

    for (int32_t i = 0; i < b->count; i += 8) {
        words4 even = draw4(row, _mm256_setzero_si256(), t->seed);
        words4 odd = draw4(_mm256_srli_epi64(row, 32), _mm256_setzero_si256(), t->seed);
        store(next + i, both(gap4(even.w[0], c4(b->rate)), gap4(odd.w[0], c4(b->rate))));
        row = _mm256_add_epi32(row, _mm256_set1_epi32(8));
    }
    memcpy(t->people.next + b->first, next, (size_t) b->count * sizeof next[0]);
}

#endif

static void
begin(toy *t, const block *b)
{
    for (int32_t i = 0; i < b->count; i++) {
        t->people.number[b->first + (uint32_t) i] = 1;
    }
#if defined(__x86_64__)
    if (t->live == live_avx2) {
        begin_avx2(t, b);
        return;
    }
#endif
    for (uint32_t row = b->first; row < b->first + (uint32_t) b->count; row++) {
        t->people.next[row] = stn__gap(stn__draw(t->seed, STN_DRAW_OPPORTUNITY, 0, row, 0, 0).w[0], b->rate);
    }
}

/* One thread's share: blocks as they come, everybody waiting at each window's end. */
static void *
labour(void *argument)
{
    worker *me = argument;
    toy *t = me->toy;
    int64_t b;

    for (int32_t window = 0; window <= t->windows; window++) {
        uint32_t end = (uint32_t) ((int64_t) END * window / t->windows);
        while ((b = atomic_fetch_add(&t->given[window], 1)) < t->block_count) {
            if (window == 0) {
                begin(t, &t->blocks[b]);
            } else {
                t->live(t, &t->blocks[b], end, &me->sums);
            }
        }
        pthread_barrier_wait(&t->barrier);
    }
    return NULL;
}

static void *
need(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory == NULL) {
        fputs("floor: no memory\n", stderr);
        exit(1);
    }
    return memory;
}

/* Opportunities a minute in a class, added up as Standing adds them. */
static double
rate_of(int32_t class)
{
    double each = 0.25 / 525600.0 * (0.5 + class / 64.0), sum = 0, weights[KINDS];
    stn__alias table[KINDS];
    int32_t work[2 * KINDS];

    for (int32_t kind = 0; kind < KINDS; kind++) {
        sum += each;
        weights[kind] = each;
    }
    /* What lets the kind be the top bits of its word. */
    stn__alias_build(weights, KINDS, table, work);
    for (int32_t kind = 0; kind < KINDS; kind++) {
        if (!stn__below(UINT32_MAX, table[kind].cut)) {
            fputs("floor: the kinds are not equally likely\n", stderr);
            exit(1);
        }
    }
    return sum;
}

static void
toy_fill(toy *t, uint32_t count)
{
    uint32_t first = 0;

    t->office = stn__hash("office");
    for (int32_t kind = 0; kind < KINDS; kind++) {
        double p = (10 + 2 * kind) / 100.0;
        t->cuts[kind] = (uint32_t) (p * 4294967296.0) + 1; /* p * 2^32 is never whole */
        t->points[kind] = kind < 3 ? 5 : -(5 + 3 * kind);
    }
    t->people.next = need(count, sizeof *t->people.next);
    t->people.until = need(count, sizeof *t->people.until);
    t->people.number = need(count, sizeof *t->people.number);
    t->people.points = need(count, sizeof *t->people.points);
    t->blocks = need(count / BLOCK + 2 * CLASSES, sizeof *t->blocks);
    for (int32_t class = 0; class < CLASSES; class ++) {
        uint32_t rest = count / CLASSES + ((uint32_t) class < count % CLASSES);
        double rate = rate_of(class);
        while (rest > 0) {
            int32_t size = rest < BLOCK ? (int32_t) rest : BLOCK;
            t->blocks[t->block_count++] = (block){ first, size, rate };
            first += (uint32_t) size;
            rest -= (uint32_t) size;
        }
    }
    for (uint32_t row = 0; row < count; row++) {
        t->people.points[row] = 1000;
    }
}

/* The final sum of docs/semantics.md, section 11. */
static uint64_t
final_sum(const toy *t, uint32_t count)
{
    uint64_t sum = 0;

    for (uint32_t row = 0; row < count; row++) {
        uint64_t lived = (uint64_t) t->people.number[row] - 1, on = t->people.until[row] >= END;
        uint64_t h = stn__fin(row + (lived << 32));
        h = stn__fin(h ^ ((uint64_t) (uint32_t) t->people.points[row] + (on << 32)));
        sum += stn__fin(h);
    }
    return sum;
}

static double
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double) time.tv_sec + (double) time.tv_nsec * 1e-9;
}

/* Returns the seconds taken. */
static double
live_all(toy *t, sums *total)
{
    pthread_t threads[256];
    worker *workers = need((size_t) t->threads, sizeof *workers);
    double began;

    pthread_barrier_init(&t->barrier, NULL, (unsigned) t->threads);
    began = now();
    for (int32_t i = 0; i < t->threads; i++) {
        workers[i].toy = t;
        if (i > 0 && pthread_create(&threads[i], NULL, labour, &workers[i]) != 0) {
            fputs("floor: a thread could not be started\n", stderr);
            exit(1);
        }
    }
    labour(&workers[0]);
    for (int32_t i = 0; i < t->threads; i++) {
        if (i > 0) {
            pthread_join(threads[i], NULL);
        }
        total->opportunities += workers[i].sums.opportunities;
        total->acts += workers[i].sums.acts;
        total->detected += workers[i].sums.detected;
        total->entries += workers[i].sums.entries;
    }
    began = now() - began;
    pthread_barrier_destroy(&t->barrier);
    free(workers);
    return began;
}

/* Returns NULL if this processor, or program, does not have it. */
static live_fn
kernel_find(const char *name)
{
    if (strcmp(name, "c") == 0) {
        return live_c;
    }
#if defined(__x86_64__)
    if (strcmp(name, "avx2") == 0 && __builtin_cpu_supports("avx2")) {
        fronts_fill();
        return live_avx2;
    }
#endif
    return NULL;
}

int
main(int argc, char **argv)
{
    static toy t;
    sums s = { 0 };
    long long count = argc > 2 ? atoll(argv[2]) : 0;
    double seconds;

    t.threads = argc > 3 ? atoi(argv[3]) : 0;
    t.windows = argc > 4 ? atoi(argv[4]) : 24;
    t.seed = argc > 5 ? strtoull(argv[5], NULL, 10) : 1;
    if (argc > 6 || count < 1 || count > UINT32_MAX - BLOCK || t.threads < 1 || t.threads > 256 || t.windows < 1
        || t.windows > WINDOWS_MAX) {
        fputs("usage: floor c|avx2 PEOPLE THREADS [WINDOWS [SEED]]\n", stderr);
        return 2;
    }
    t.live = kernel_find(argv[1]);
    if (t.live == NULL) {
        fprintf(stderr, "floor: no kernel '%s' here\n", argv[1]);
        return 77;
    }
    toy_fill(&t, (uint32_t) count);
    seconds = live_all(&t, &s);
    printf(
        "{\"kernel\": \"%s\", \"people\": %lld, \"threads\": %d, \"windows\": %d, \"seconds\": %.6f, \"bytes\": %lld",
        argv[1], count, t.threads, t.windows, seconds, BYTES_EACH * count);
    printf(", \"opportunities\": %" PRIu64 ", \"acts\": %" PRIu64 ", \"detected\": %" PRIu64 ", \"entries\": %" PRIu64
           ", \"final\": \"%016" PRIx64 "\"}\n",
        s.opportunities, s.acts, s.detected, s.entries, final_sum(&t, (uint32_t) count));
    free(t.people.next);
    free(t.people.until);
    free(t.people.number);
    free(t.people.points);
    free(t.blocks);
    return 0;
}
