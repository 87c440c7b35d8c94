/* SPDX-License-Identifier: Apache-2.0
 *
 * kernels.c - times each kernel that this processor has, in nanoseconds for an
 * element of arrays that fit the first cache.
 *
 * The versions take turns, many times over, and the median of each counts, so
 * that ratios are fair on a machine that does other work as well. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/draw.h"
#include "engine/kernels.h"

enum { COUNT = 256, CALLS = 200, TURNS = 301, KERNELS = 5 };

static struct {
    uint32_t rows[COUNT], numbers[COUNT], w0[COUNT], w1[COUNT], w2[COUNT], w3[COUNT], firsts[COUNT], gaps[COUNT];
    double rates[COUNT], powers[COUNT], exps[COUNT], chances[COUNT];
    uint8_t below[COUNT];
} arrays;

static const char *const names[KERNELS] = { "draw", "draw_keys", "gap", "exp", "below" };

static void
call(const stn__kernels *kernels, int kernel)
{
    switch (kernel) {
    case 0:
        kernels->draw(1, 1, arrays.rows, arrays.numbers, COUNT, (stn__draws){ arrays.w0, arrays.w1, arrays.w2, arrays.w3 });
        break;
    case 1:
        kernels->draw_keys(1, 2, 3, 4, arrays.numbers, COUNT, arrays.firsts);
        break;
    case 2:
        kernels->gap(arrays.rows, arrays.rates, COUNT, arrays.gaps);
        break;
    case 3:
        kernels->exp(arrays.powers, COUNT, arrays.exps);
        break;
    default:
        kernels->below(arrays.rows, arrays.chances, COUNT, arrays.below);
    }
}

/* Nanoseconds for an element. */
static double
measure(const stn__kernels *kernels, int kernel)
{
    struct timespec began, ended;

    (void) clock_gettime(CLOCK_MONOTONIC, &began);
    for (int n = 0; n < CALLS; n++) {
        call(kernels, kernel);
    }
    (void) clock_gettime(CLOCK_MONOTONIC, &ended);
    return ((double) (ended.tv_sec - began.tv_sec) * 1e9 + (double) (ended.tv_nsec - began.tv_nsec)) / CALLS / COUNT;
}

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;

    return (x > y) - (x < y);
}

int
main(void)
{
    static double times[KERNELS][STN__KERNELS_MOST][TURNS];
    const stn__kernels *all[STN__KERNELS_MOST];
    int32_t versions = stn__kernels_all(all);

    for (uint32_t i = 0; i < COUNT; i++) {
        stn__words words = stn__draw(1, 1, 0, i, 0, 0);
        arrays.rows[i] = words.w[0];
        arrays.numbers[i] = words.w[1];
        arrays.rates[i] = 4.0 / 525600 * (0.5 + (double) words.w[2] / 4294967296.0); /* some four a year */
        arrays.powers[i] = -5.0 * (double) words.w[3] / 4294967296.0;
        arrays.chances[i] = (double) words.w[2] / 4294967296.0;
    }
    for (int turn = 0; turn < TURNS; turn++) {
        for (int kernel = 0; kernel < KERNELS; kernel++) {
            for (int32_t v = 0; v < versions; v++) {
                times[kernel][v][turn] = measure(all[v], kernel);
            }
        }
    }
    printf("ns an element ");
    for (int32_t v = 0; v < versions; v++) {
        printf("%8s", all[v]->name);
    }
    printf("  %s in %s's time\n", all[versions - 1]->name, all[0]->name);
    for (int kernel = 0; kernel < KERNELS; kernel++) {
        printf("%-14s", names[kernel]);
        for (int32_t v = 0; v < versions; v++) {
            qsort(times[kernel][v], TURNS, sizeof times[0][0][0], by_size);
            printf("%8.2f", times[kernel][v][TURNS / 2]);
        }
        printf("  %.2f\n", times[kernel][versions - 1][TURNS / 2] / times[kernel][0][TURNS / 2]);
    }
    return 0;
}
