/* SPDX-License-Identifier: Apache-2.0
 *
 * kernels.h - the parts of the inner loop that processors can do for several
 * people at once.
 *
 * Plain C defines what each yields; the others must yield the same to the last
 * bit and are picked at run time. tests/engine/test_kernels.c checks each
 * against plain C on random shapes. */
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
    /* philox(seed; rows[i], numbers[i], 0, c3), for each i < count. Arrays hold
     * a multiple of 8 elements, and those beyond count may be overwritten. */
    void (*draw)(uint64_t seed, uint32_t c3, const uint32_t *rows, const uint32_t *numbers, int32_t count,
        stn__draws out);
    /* stn__gap(words[i], rates[i]) for each; arrays as above. */
    void (*gap)(const uint32_t *words, const double *rates, int32_t count, uint32_t *out);
    /* Of the numbers row, row + 1, ... of `count` (at most STN__SCAN) elements: those with some
     * firsts[f][i] < end into `aside`, the others with next[i] < end into `plain`, both in order.
     * Those two have room for STN__SCAN + 8. */
    void (*due)(const uint32_t *next, const uint32_t *const *firsts, int32_t first_count, int32_t count, uint32_t end,
        uint32_t row, stn__due *out);
} stn__kernels;

/* The fastest that this processor has. */
const stn__kernels *stn__kernels_best(void);
/* All that this processor has, plain C first; returns how many. */
int32_t stn__kernels_all(const stn__kernels **all, int32_t room);

extern const stn__kernels stn__kernels_c;
#if defined(__x86_64__)
extern const stn__kernels stn__kernels_avx2;
#endif

#endif
