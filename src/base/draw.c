/* SPDX-License-Identifier: Apache-2.0
 *
 * draw.c - building alias tables (Walker 1977, Vose 1991). Once per cell and
 * plan, so clarity goes before speed. */
#include "base/draw.h"

void
stn__alias_build(const double *weights, int32_t n, stn__alias *table, int32_t *work)
{
    int32_t *small = work, *large = work + n;
    int32_t small_count = 0, large_count = 0;
    double sum = 0;

    for (int32_t b = 0; b < n; b++) {
        sum = sum + weights[b];
    }
    for (int32_t b = 0; b < n; b++) {
        double q = weights[b] * (double) n / sum;
        table[b] = (stn__alias){ q, b };
        if (q < 1) {
            small[small_count++] = b;
        } else {
            large[large_count++] = b;
        }
    }
    while (small_count > 0 && large_count > 0) {
        int32_t s = small[--small_count], l = large[--large_count];
        table[s].alias = l;
        table[l].cut = (table[l].cut + table[s].cut) - 1;
        if (table[l].cut < 1) {
            small[small_count++] = l;
        } else {
            large[large_count++] = l;
        }
    }
    while (small_count > 0) {
        int32_t s = small[--small_count];
        table[s] = (stn__alias){ 1, s };
    }
    while (large_count > 0) {
        int32_t l = large[--large_count];
        table[l] = (stn__alias){ 1, l };
    }
}
