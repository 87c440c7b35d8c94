/* SPDX-License-Identifier: Apache-2.0
 *
 * draw.h - random numbers by name, and the few formulas made of them.
 *
 * docs/semantics.md, section 1, defines all of this to the last bit; the twin
 * in reference/ implements it again. Inline, because the engine's inner loop
 * is made of these. */
#ifndef STN_BASE_DRAW_H
#define STN_BASE_DRAW_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/maths.h"

/* Purposes: what a draw is for. The numbers are part of the results epoch. */
enum {
    STN_DRAW_OPPORTUNITY = 1, STN_DRAW_FALSE = 2, STN_DRAW_VERDICT = 3, STN_DRAW_VERDICT_FALSE = 4,
    STN_DRAW_PAY = 5, STN_DRAW_PAY_FALSE = 6, STN_DRAW_ATTEMPT = 7, STN_DRAW_BASE = 8,
    STN_DRAW_SHARE = 9, STN_DRAW_NOTICE = 10, STN_DRAW_OBJECTION = 11, STN_DRAW_APPEAL = 12,
    STN_DRAW_CORRECTION = 13, STN_DRAW_REPAIR = 14, STN_DRAW_REVIEW = 15,
    STN_DRAW_CITY = 16, /* to 25: src/city/ */
    STN_DRAW_RESUME = 26,
    STN_DRAW_OF_FALSE = 65536 /* added for a false record to those from SHARE to REPAIR */
};

typedef struct stn__words {
    uint32_t w[4];
} stn__words;

/* Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy
 * as 1, 2, 3; SC11), counter c, key k. */
static inline stn__words
stn__philox(const uint32_t c[4], const uint32_t k[2])
{
    uint32_t c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3], k0 = k[0], k1 = k[1];

    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t) c0 * 0xD2511F53u, p1 = (uint64_t) c2 * 0xCD9E8D57u;
        uint32_t n0 = (uint32_t) (p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t) (p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t) p1;
        c3 = (uint32_t) p0;
        c0 = n0;
        c2 = n2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (stn__words){ { c0, c1, c2, c3 } };
}

static inline stn__words
stn__draw(uint64_t seed, uint32_t purpose, uint32_t population, uint32_t c0, uint32_t c1, uint32_t c2)
{
    const uint32_t c[4] = { c0, c1, c2, purpose + 256u * population };
    const uint32_t k[2] = { (uint32_t) seed, (uint32_t) (seed >> 32) };

    return stn__philox(c, k);
}

/* 32-bit FNV-1a of a text. */
static inline uint32_t
stn__hash(const char *text)
{
    uint32_t h = 2166136261u;

    for (; *text != '\0'; text++) {
        h = (h ^ (uint8_t) *text) * 16777619u;
    }
    return h;
}

/* Murmur3's finaliser: one word to another, one to one. */
static inline uint32_t
stn__mix(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x85ebca6bu;
    x ^= x >> 13;
    x *= 0xc2b2ae35u;
    x ^= x >> 16;
    return x;
}

/* Whether a mark falls within a chance of p. */
static inline bool
stn__below(uint32_t mark, double p)
{
    return (double) mark < p * 4294967296.0;
}

/* Minutes until the next event of a stream of `rate` per minute; UINT32_MAX:
 * never. */
static inline uint32_t
stn__gap(uint32_t word, double rate)
{
    double g;

    if (!(rate > 0)) {
        return UINT32_MAX;
    }
    g = -stn__log(((double) word + 0.5) / 4294967296.0) / rate;
    if (g >= 4294967294.0) {
        return UINT32_MAX;
    }
    return (uint32_t) (g + 0.5); /* g >= 0, so this is the floor */
}

/* The same for what may not come in the very minute in which it is waited for. */
static inline uint32_t
stn__wait(uint32_t word, double rate)
{
    uint32_t gap = stn__gap(word, rate);

    return gap < 1 ? 1 : gap;
}

static inline uint32_t
stn__later(uint32_t time, uint32_t gap)
{
    uint32_t sum = time + gap;

    return gap == UINT32_MAX || sum < time ? UINT32_MAX : sum;
}

/* Splitmix64's finaliser. */
static inline uint64_t
stn__fin(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebu;
    x ^= x >> 31;
    return x;
}

/* A key of something new that stems from a row's `key`; `x` says how. */
static inline uint32_t
stn__derive(uint32_t row, uint32_t key, uint64_t x)
{
    return (uint32_t) stn__fin(stn__fin(row + ((uint64_t) key << 32)) ^ x);
}

#define STN_DIGEST_START 0x5374616e64696e67u
static inline uint64_t
stn__absorb(uint64_t h, uint64_t v)
{
    return stn__fin((h ^ v) + 0x9e3779b97f4a7c15u);
}

/* An alias table's element: take the element itself if the fraction is below
 * cut, else alias. */
typedef struct stn__alias {
    double cut;
    int32_t alias;
} stn__alias;

/* Builds a table over n >= 1 weights (not all 0) in `table`; `work` holds 2n. */
void stn__alias_build(const double *weights, int32_t n, stn__alias *table, int32_t *work);

static inline int32_t
stn__alias_pick(const stn__alias *table, int32_t n, uint32_t word)
{
    uint64_t x = (uint64_t) word * (uint64_t) n;
    int32_t i = (int32_t) (x >> 32);
    int32_t keep = -(int32_t) stn__below((uint32_t) x, table[i].cut);

    return (i & keep) | (table[i].alias & ~keep);
}

#endif
