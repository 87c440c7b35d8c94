/* SPDX-License-Identifier: Apache-2.0
 *
 * test_kernels.c - every kernel that this processor has against plain C, on
 * random shapes and on the edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/draw.h"
#include "engine/kernels.h"

enum { ROOM = 520, SHAPES = 2000 };

typedef struct shape {
    uint32_t rows[ROOM], numbers[ROOM], w[4][ROOM], gaps[ROOM];
    double rates[ROOM];
} shape;

static uint32_t
any(uint32_t a, uint32_t b)
{
    return stn__draw(99, 1, 0, a, b, 0).w[0];
}

static void
fill(shape *s, uint32_t turn, int32_t count)
{
    memset(s, 0x5a, sizeof *s);
    for (int32_t i = 0; i < ROOM; i++) {
        s->rows[i] = any(turn, (uint32_t) i * 4);
        s->numbers[i] = any(turn, (uint32_t) i * 4 + 1) >> (i % 32);
        s->rates[i] = i < count ? (double) any(turn, (uint32_t) i * 4 + 2) / 4e9 / (double) (1u << (i % 31)) : 0;
    }
}

static void
test_kernels_draw_like_plain_c(void **state)
{
    static shape a, b;
    const stn__kernels *all[4];
    int32_t kernels = stn__kernels_all(all, 4);

    (void) state;
    for (uint32_t turn = 0; turn < SHAPES; turn++) {
        int32_t count = (int32_t) (any(turn, 7777) % 513);
        uint64_t seed = any(turn, 1) + ((uint64_t) any(turn, 2) << 32);
        fill(&a, turn, count);
        all[0]->draw(seed, 1 + 256 * (turn % 3), a.rows, a.numbers, count, (stn__draws){ a.w[0], a.w[1], a.w[2], a.w[3] });
        for (int32_t k = 1; k < kernels; k++) {
            fill(&b, turn, count);
            all[k]->draw(seed, 1 + 256 * (turn % 3), b.rows, b.numbers, count,
                (stn__draws){ b.w[0], b.w[1], b.w[2], b.w[3] });
            for (int word = 0; word < 4; word++) {
                assert_memory_equal(a.w[word], b.w[word], (size_t) count * 4);
                /* Nothing beyond the eight is touched. */
                for (int32_t i = (count + 7) / 8 * 8; i < ROOM; i++) {
                    assert_int_equal(0x5a5a5a5a, b.w[word][i]);
                }
            }
        }
    }
}

static void
test_kernels_gap_like_plain_c(void **state)
{
    static const uint32_t edges[] = { 0, 1, 2, 0x7fffffff, 0x80000000, 0xb504f333, 0xb504f334, 0xfffffffe, 0xffffffff };
    static const double rates[] = { 0, -1, 1e-300, 1e-9, 5.2e-9, 1e-6, 0.19, 1, 1e6, 1e300 };
    static shape a, b;
    const stn__kernels *all[4];
    int32_t kernels = stn__kernels_all(all, 4);

    (void) state;
    for (int32_t k = 0; k < kernels; k++) {
        for (uint32_t turn = 0; turn < SHAPES; turn++) {
            int32_t count = (int32_t) (any(turn, 7778) % 513);
            fill(&a, turn, count);
            all[0]->gap(a.rows, a.rates, count, a.gaps);
            fill(&b, turn, count);
            all[k]->gap(b.rows, b.rates, count, b.gaps);
            assert_memory_equal(a.gaps, b.gaps, (size_t) count * 4);
        }
        for (size_t e = 0; e < sizeof edges / sizeof edges[0]; e++) {
            for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
                uint32_t words[8] = { edges[e] }, out[8];
                double all_rates[8] = { rates[r] };
                all[k]->gap(words, all_rates, 1, out);
                assert_int_equal(stn__gap(edges[e], rates[r]), out[0]);
            }
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kernels_draw_like_plain_c),
        cmocka_unit_test(test_kernels_gap_like_plain_c),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
