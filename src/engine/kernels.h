/* SPDX-License-Identifier: Apache-2.0
 *
 * kernels.h - the parts of the inner loop that processors can do for several
 * people at once.
 *
 * Plain C defines what each yields; the others must yield the same to the last
 * bit and are picked at run time. tests/engine/test_kernels.c checks each
 * against plain C on random shapes, bench/kernels.c times each.
 *
 * Arrays hold a multiple of 8 elements: those from count on up to the next
 * multiple may be read and, of what is written to, overwritten; nothing depends
 * on what they hold. */
#ifndef STN_ENGINE_KERNELS_H
#define STN_ENGINE_KERNELS_H

#include <stdint.h>

/* The words of the draws of `count` people, one array for each word. */
typedef struct stn__draws {
    uint32_t *w0, *w1, *w2, *w3;
} stn__draws;

enum { STN__SCAN = 256 };

/* Rows that are due. */
typedef struct stn__due {
    int32_t plain_count, aside_count;
    uint32_t plain[STN__SCAN + 8], aside[STN__SCAN + 8];
} stn__due;

typedef struct stn__kernels {
    const char *name; /* e.g. "avx2" */
    /* philox(seed; rows[i], numbers[i], 0, c3), for each i < count. */
    void (*draw)(uint64_t seed, uint32_t c3, const uint32_t *rows, const uint32_t *numbers, int32_t count,
        stn__draws out);
    /* The first word of philox(seed; row, number, keys[i], c3) for each: one
     * person's draws for many things. */
    void (*draw_keys)(uint64_t seed, uint32_t c3, uint32_t row, uint32_t number, const uint32_t *keys, int32_t count,
        uint32_t *out);
    /* stn__gap(words[i], rates[i]) for each. */
    void (*gap)(const uint32_t *words, const double *rates, int32_t count, uint32_t *out);
    /* stn__exp(x[i]) for each, none of which is NaN; `out` may be `x`. */
    void (*exp)(const double *x, int32_t count, double *out);
    /* stn__below(marks[i], chances[i]) for each, as 1 or 0. */
    void (*below)(const uint32_t *marks, const double *chances, int32_t count, uint8_t *out);
    /* Of the numbers row, row + 1, ... of `count` (at most STN__SCAN) elements: those with some
     * firsts[f][i] < end into `aside`, the others with next[i] < end into `plain`, both in order.
     * Those two have room for STN__SCAN + 8. */
    void (*due)(const uint32_t *next, const uint32_t *const *firsts, int32_t first_count, int32_t count, uint32_t end,
        uint32_t row, stn__due *out);
} stn__kernels;

enum { STN__KERNELS_MOST = 4 }; /* what stn__kernels_all() can yield */

/* The fastest that this processor has. */
const stn__kernels *stn__kernels_best(void);
/* All that this processor has, plain C first, the fastest last; `all` holds
 * STN__KERNELS_MOST. Returns how many. */
int32_t stn__kernels_all(const stn__kernels **all);

extern const stn__kernels stn__kernels_c;
void stn__due_c(const uint32_t *next, const uint32_t *const *firsts, int32_t first_count, int32_t count, uint32_t end,
    uint32_t row, stn__due *out);
#if defined(__x86_64__)
extern const stn__kernels stn__kernels_avx2, stn__kernels_avx512;
void stn__due_avx2(const uint32_t *next, const uint32_t *const *firsts, int32_t first_count, int32_t count, uint32_t end,
    uint32_t row, stn__due *out);
#elif defined(__aarch64__)
extern const stn__kernels stn__kernels_neon;
#endif

#endif
