/* SPDX-License-Identifier: Apache-2.0
 *
 * test_kernels.c - every kernel that this processor has against plain C, on
 * random shapes and on the edges, and plain C against what it stands for.
 * Says which it found; the others of this architecture are only compiled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/draw.h"
#include "engine/kernels.h"

enum { ROOM = 520, SHAPES = 2000, GUARD = 0x5a };

/* What goes into a kernel and what comes out; beyond what a kernel may write,
 * outputs hold the guard. */
typedef struct shape {
    int32_t count;
    uint64_t seed;
    uint32_t c3, rows[ROOM], numbers[ROOM];
    double rates[ROOM], powers[ROOM], chances[ROOM];
    uint32_t w[4][ROOM], firsts[ROOM], gaps[ROOM];
    double exps[ROOM];
    uint8_t below[ROOM];
} shape;

static const uint32_t edge_words[] = { 0, 1, 2, 0x7fffffff, 0x80000000, 0xb504f333, 0xb504f334, 0xfffffffe, 0xffffffff };
static const double edge_rates[] = { 0, -0.0, -1, 1e-310, 1e-300, 1e-9, 5.2e-9, 1e-6, 0.19, 1, 1e6, 1e300, (double) INFINITY,
    -(double) INFINITY, (double) NAN };
static const double edge_powers[] = { 0, -0.0, 1e-310, -1e-310, 1e-17, 0.34657359027997264, 0.34657359027997270,
    -0.34657359027997264, -0.34657359027997270, 1, -1, 36.7, 699.99999999999, 700, 700.00000000001, -700, -700.1, 1e300,
    (double) INFINITY, -(double) INFINITY };
static const double edge_chances[] = { 0, -0.0, -1, 1e-310, 2.3283064365386963e-10, 2.3283064365386966e-10, 0.5,
    0.49999999976716936, 0.99999999976716936, 1, 2, (double) INFINITY, -(double) INFINITY, (double) NAN };

static uint32_t
any(uint32_t a, uint32_t b)
{
    return stn__draw(99, 1, 0, a, b, 0).w[0];
}

/* A fresh shape: the same for the same turn. */
static void
fill(shape *s, uint32_t turn)
{
    memset(s, GUARD, sizeof *s);
    s->count = (int32_t) (any(turn, 7777) % 513);
    s->seed = any(turn, 7778) + ((uint64_t) any(turn, 7779) << 32);
    s->c3 = any(turn, 7780) >> (turn % 32);
    for (uint32_t i = 0; i < ROOM; i++) {
        stn__words words = stn__draw(98, 1, 0, turn, i, 0);
        s->rows[i] = words.w[0];
        s->numbers[i] = words.w[1] >> (i % 32);
        s->rates[i] = (double) words.w[2] / 4e9 / (double) (1u << (i % 31));
        s->powers[i] = ((double) words.w[2] / 2147483648.0 - 1) * 710 / (double) (1u << (i % 31));
        s->chances[i] = (double) words.w[3] / 4294967296.0;
        if (i % 7 == 3) { /* among the others, in any lane */
            s->rows[i] = edge_words[words.w[3] % (sizeof edge_words / sizeof *edge_words)];
            s->rates[i] = edge_rates[words.w[3] % (sizeof edge_rates / sizeof *edge_rates)];
            s->powers[i] = edge_powers[words.w[3] % (sizeof edge_powers / sizeof *edge_powers)];
            s->chances[i] = edge_chances[words.w[3] % (sizeof edge_chances / sizeof *edge_chances)];
        }
        if (i % 5 == 1) { /* as near as can be to the mark, and to the longest gap */
            s->chances[i] = ((double) s->rows[i] + (double) (i % 3)) / 4294967296.0;
            s->rates[i] = -stn__log(((double) s->rows[i] + 0.5) / 4294967296.0) / (4294967292.0 + (double) (i % 7));
        }
    }
}

static void
work(const stn__kernels *kernels, shape *s)
{
    kernels->draw(s->seed, s->c3, s->rows, s->numbers, s->count, (stn__draws){ s->w[0], s->w[1], s->w[2], s->w[3] });
    kernels->draw_keys(s->seed, s->c3, s->rows[0], s->numbers[0], s->numbers, s->count, s->firsts);
    kernels->gap(s->rows, s->rates, s->count, s->gaps);
    kernels->exp(s->powers, s->count, s->exps);
    kernels->below(s->rows, s->chances, s->count, s->below);
}

/* An output is plain C's and, beyond the eight, untouched. */
static void
compare(const char *kernels, const char *what, const shape *plain, const void *expected, const void *found, size_t size)
{
    size_t count = (size_t) plain->count, end = (count + 7) / 8 * 8;

    for (size_t i = 0; i < count; i++) {
        if (memcmp((const char *) expected + i * size, (const char *) found + i * size, size) != 0) {
            fail_msg("%s of %s: element %zu of %zu differs (row %u, number %u, rate %a, power %a, chance %a)", what, kernels, i,
                count, plain->rows[i], plain->numbers[i], plain->rates[i], plain->powers[i], plain->chances[i]);
        }
    }
    for (size_t byte = end * size; byte < ROOM * size; byte++) {
        if (((const unsigned char *) found)[byte] != GUARD) {
            fail_msg("%s of %s: byte %zu after %zu elements is touched", what, kernels, byte, count);
        }
    }
}

static void
test_kernels_like_plain_c(void **state)
{
    static shape plain, other;
    const stn__kernels *all[STN__KERNELS_MOST];
    int32_t kernels = stn__kernels_all(all);

    (void) state;
    for (int32_t k = 0; k < kernels; k++) {
        print_message("[          ] kernels of this processor: %s\n", all[k]->name);
        for (uint32_t turn = 0; turn < SHAPES; turn++) {
            fill(&plain, turn);
            fill(&other, turn);
            work(all[0], &plain);
            work(all[k], &other);
            for (int word = 0; word < 4; word++) {
                compare(all[k]->name, "draw", &plain, plain.w[word], other.w[word], sizeof plain.w[0][0]);
            }
            compare(all[k]->name, "draw_keys", &plain, plain.firsts, other.firsts, sizeof plain.firsts[0]);
            compare(all[k]->name, "gap", &plain, plain.gaps, other.gaps, sizeof plain.gaps[0]);
            compare(all[k]->name, "exp", &plain, plain.exps, other.exps, sizeof plain.exps[0]);
            compare(all[k]->name, "below", &plain, plain.below, other.below, sizeof plain.below[0]);
        }
    }
}

static void
test_kernels_plain_c_like_its_formulas(void **state)
{
    static shape s;

    (void) state;
    for (uint32_t turn = 0; turn < 50; turn++) {
        fill(&s, turn);
        work(&stn__kernels_c, &s);
        for (int32_t i = 0; i < s.count; i++) {
            stn__words words = stn__draw(s.seed, s.c3, 0, s.rows[i], s.numbers[i], 0);
            double power = stn__exp(s.powers[i]);
            for (int word = 0; word < 4; word++) {
                assert_int_equal(words.w[word], s.w[word][i]);
            }
            assert_int_equal(stn__draw(s.seed, s.c3, 0, s.rows[0], s.numbers[0], s.numbers[i]).w[0], s.firsts[i]);
            assert_int_equal(stn__gap(s.rows[i], s.rates[i]), s.gaps[i]);
            assert_memory_equal(&power, &s.exps[i], sizeof power);
            assert_int_equal(stn__below(s.rows[i], s.chances[i]), s.below[i]);
        }
    }
}

/* Each edge word with each edge rate and chance; exp in place. */
static void
test_kernels_edges(void **state)
{
    const stn__kernels *all[STN__KERNELS_MOST];
    int32_t kernels = stn__kernels_all(all);

    (void) state;
    for (int32_t k = 0; k < kernels; k++) {
        for (size_t e = 0; e < sizeof edge_words / sizeof *edge_words; e++) {
            for (size_t r = 0; r < sizeof edge_rates / sizeof *edge_rates; r++) {
                uint32_t words[8] = { edge_words[e] }, out[8];
                double rates[8] = { edge_rates[r] };
                all[k]->gap(words, rates, 1, out);
                assert_int_equal(stn__gap(edge_words[e], edge_rates[r]), out[0]);
            }
            for (size_t c = 0; c < sizeof edge_chances / sizeof *edge_chances; c++) {
                uint32_t words[8] = { edge_words[e] };
                double chances[8] = { edge_chances[c] };
                uint8_t out[8];
                all[k]->below(words, chances, 1, out);
                assert_int_equal(stn__below(edge_words[e], edge_chances[c]), out[0]);
            }
        }
        for (size_t p = 0; p < sizeof edge_powers / sizeof *edge_powers; p++) {
            double x[8] = { edge_powers[p] }, expected = stn__exp(edge_powers[p]);
            all[k]->exp(x, 1, x);
            assert_memory_equal(&expected, &x[0], sizeof expected);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kernels_like_plain_c),
        cmocka_unit_test(test_kernels_plain_c_like_its_formulas),
        cmocka_unit_test(test_kernels_edges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
