/* SPDX-License-Identifier: Apache-2.0
 *
 * pool.c - initial people of some cells, of whom one is picked by number. */
#include "city/inside.h"

bool
stn__pool_fill(stn__arena *arena, const stn__inhabitants *people, int32_t cell_count, stn__in_pool_fn in_pool,
    const void *user, stn__pool *pool)
{
    const uint32_t *starts = people->starts;

    for (int pass = 0; pass < 2; pass++) {
        pool->count = 0;
        pool->cell_count = 0;
        for (int32_t cell = 0; cell < cell_count; cell++) {
            if (starts[cell] == starts[cell + 1] || !in_pool(user, cell)) {
                continue;
            }
            if (pass == 1) {
                pool->cells[pool->cell_count] = cell;
                pool->before[pool->cell_count] = pool->count;
            }
            pool->cell_count++;
            pool->count += starts[cell + 1] - starts[cell];
        }
        if (pass == 0) {
            pool->cells = stn__arena_take(arena, (size_t) pool->cell_count, sizeof *pool->cells);
            pool->before = stn__arena_take(arena, (size_t) pool->cell_count, sizeof *pool->before);
            if (pool->cells == NULL || pool->before == NULL) {
                return false;
            }
        }
    }
    return true;
}

uint32_t
stn__pool_pick(const stn__pool *pool, const stn__inhabitants *people, uint32_t word, uint32_t *cell)
{
    uint32_t index = (uint32_t) ((uint64_t) word * pool->count >> 32);
    const uint32_t *low = pool->before;

    /* Halves without a branch, which nobody could guess: so picks overlap. */
    for (int32_t count = pool->cell_count; count > 1;) {
        int32_t half = count / 2;
        low += low[half] <= index ? half : 0;
        count -= half;
    }
    if (cell != NULL) {
        *cell = (uint32_t) pool->cells[low - pool->before];
    }
    return people->starts[pool->cells[low - pool->before]] + (index - *low);
}
