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
gap_c(const uint32_t *words, const double *rates, int32_t count, uint32_t *out)
{
    for (int32_t i = 0; i < count; i++) {
        out[i] = stn__gap(words[i], rates[i]);
    }
}

static void
due_c(const uint32_t *next, const uint32_t *const *firsts, int32_t first_count, int32_t count, uint32_t end, uint32_t row,
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

const stn__kernels stn__kernels_c = { "c", draw_c, gap_c, due_c };

int32_t
stn__kernels_all(const stn__kernels **all, int32_t room)
{
    int32_t count = 0;

    if (room > count) {
        all[count++] = &stn__kernels_c;
    }
#if defined(__x86_64__)
    if (room > count && __builtin_cpu_supports("avx2")) {
        all[count++] = &stn__kernels_avx2;
    }
#endif
    return count;
}

const stn__kernels *
stn__kernels_best(void)
{
    const stn__kernels *all[4];

    return all[stn__kernels_all(all, 4) - 1];
}
