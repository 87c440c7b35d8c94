/* SPDX-License-Identifier: Apache-2.0
 *
 * kernels.c - the plain version of each kernel, and which one to use. */
#include "engine/kernels.h"

#include "base/draw.h"

static void
draw_c(uint64_t seed, uint32_t c3, const uint32_t *rows, const uint32_t *numbers, int32_t count, stn__draws out)
{
    for (int32_t i = 0; i < count; i++) {
        stn__words words = stn__draw(seed, c3, 0, rows[i], numbers[i], 0);
        out.w0[i] = words.w[0];
        out.w1[i] = words.w[1];
        out.w2[i] = words.w[2];
        out.w3[i] = words.w[3];
    }
}

static void
draw_keys_c(uint64_t seed, uint32_t c3, uint32_t row, uint32_t number, const uint32_t *keys, int32_t count, uint32_t *out)
{
    for (int32_t i = 0; i < count; i++) {
        out[i] = stn__draw(seed, c3, 0, row, number, keys[i]).w[0];
    }
}

static void
gap_c(const uint32_t *words, const double *rates, int32_t count, uint32_t *out)
{
    for (int32_t i = 0; i < count; i++) {
        out[i] = stn__gap(words[i], rates[i]);
    }
}

void
stn__due_c(const uint32_t *next, const uint32_t *const *firsts, int32_t first_count, int32_t count, uint32_t end, uint32_t row,
    stn__due *out)
{
    out->plain_count = out->aside_count = 0;
    for (int32_t i = 0; i < count; i++) {
        bool aside = false, due = next[i] < end;
        for (int32_t f = 0; f < first_count; f++) {
            aside = aside || firsts[f][i] < end;
        }
        out->plain[out->plain_count] = row + (uint32_t) i;
        out->plain_count += due && !aside;
        out->aside[out->aside_count] = row + (uint32_t) i;
        out->aside_count += aside;
    }
}

static void
exp_c(const double *x, int32_t count, double *out)
{
    for (int32_t i = 0; i < count; i++) {
        out[i] = stn__exp(x[i]);
    }
}

static void
below_c(const uint32_t *marks, const double *chances, int32_t count, uint8_t *out)
{
    for (int32_t i = 0; i < count; i++) {
        out[i] = stn__below(marks[i], chances[i]);
    }
}

const stn__kernels stn__kernels_c = { "c", draw_c, draw_keys_c, gap_c, exp_c, below_c, stn__due_c };

int32_t
stn__kernels_all(const stn__kernels **all)
{
    int32_t count = 0;

    all[count++] = &stn__kernels_c;
#if defined(STN_KERNELS_C) /* -Dkernels=c: no other */
#elif defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        all[count++] = &stn__kernels_avx2;
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl")) {
        all[count++] = &stn__kernels_avx512;
    }
#elif defined(__aarch64__)
    all[count++] = &stn__kernels_neon;
#endif
    return count;
}

const stn__kernels *
stn__kernels_best(void)
{
    const stn__kernels *all[STN__KERNELS_MOST];

    return all[stn__kernels_all(all) - 1];
}
