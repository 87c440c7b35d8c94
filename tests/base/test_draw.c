/* SPDX-License-Identifier: Apache-2.0
 *
 * test_draw.c - the draws against published answers, Random123 itself and the
 * probabilities that they stand for. */
#include <Random123/philox.h>
#include <math.h>
#include <stdlib.h>

#include "base/draw.h"
#include "harness.h"

#define NEVER UINT32_MAX

/* A word of a stream of test inputs: not the draws under test, but splitmix64. */
static uint32_t
scramble(uint64_t n)
{
    return (uint32_t) (stn__fin(n * 0x9e3779b97f4a7c15u) >> 32);
}

/* The three lines for philox4x32 with 10 rounds of Random123's kat_vectors. */
static void
test_philox_published_answers(void **state)
{
    static const struct {
        uint32_t counter[4], key[2], answer[4];
    } known[] = {
        { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
        { { NEVER, NEVER, NEVER, NEVER }, { NEVER, NEVER },
            { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
        { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 }, { 0xa4093822, 0x299f31d0 },
            { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
    };

    (void) state;
    for (size_t index = 0; index < sizeof known / sizeof *known; index++) {
        stn__words words = stn__philox(known[index].counter, known[index].key);
        assert_memory_equal(words.w, known[index].answer, sizeof words.w);
    }
}

static void
test_philox_against_random123(void **state)
{
    (void) state;
    for (uint64_t n = 0; n < 1000000; n++) {
        philox4x32_ctr_t c = { { scramble(6 * n), scramble(6 * n + 1), scramble(6 * n + 2), scramble(6 * n + 3) } };
        philox4x32_key_t k = { { scramble(6 * n + 4), scramble(6 * n + 5) } };
        philox4x32_ctr_t theirs = philox4x32_R(10, c, k);
        stn__words ours = stn__philox(c.v, k.v);
        assert_memory_equal(ours.w, theirs.v, sizeof ours.w);
    }
}

/* Where seed, purpose and population go. */
static void
test_draw_places_its_arguments(void **state)
{
    const uint32_t c[4] = { 11, 22, 33, 5 + 256 * 3 }, k[2] = { 0x89abcdef, 0x01234567 };
    stn__words direct = stn__philox(c, k);
    stn__words named = stn__draw(0x0123456789abcdefu, STN_DRAW_PAY, 3, 11, 22, 33);

    (void) state;
    assert_memory_equal(direct.w, named.w, sizeof direct.w);
}

static void
test_hashes_published_answers(void **state)
{
    (void) state;
    /* FNV's own test suite, 32-bit FNV-1a. */
    assert_int_equal(stn__hash(""), 0x811c9dc5);
    assert_int_equal(stn__hash("a"), 0xe40c292c);
    assert_int_equal(stn__hash("b"), 0xe70c2de5);
    assert_int_equal(stn__hash("foobar"), 0xbf9cf968);
    assert_int_equal(stn__hash("\xc3\xa9"), ((0x811c9dc5u ^ 0xc3u) * 16777619u ^ 0xa9u) * 16777619u);
    /* fmix32 of murmur3. */
    assert_int_equal(stn__mix(0), 0);
    assert_int_equal(stn__mix(1), 0x514e28b7);
    assert_int_equal(stn__mix(0xffffffff), 0x81f16f39);
    /* The first three outputs of splitmix64 from state 0. */
    assert_true(stn__fin(0x9e3779b97f4a7c15u) == 0xe220a8397b1dcdafu);
    assert_true(stn__fin(2 * 0x9e3779b97f4a7c15u) == 0x6e789e6aa1b965f4u);
    assert_true(stn__fin(3 * 0x9e3779b97f4a7c15u) == 0x06c45d188009454fu);
    /* Absorbing is that step from the state h ^ v. */
    assert_true(stn__absorb(0, 0) == 0xe220a8397b1dcdafu);
    assert_true(stn__absorb(5, 5) == 0xe220a8397b1dcdafu);
}

static void
test_below_edges(void **state)
{
    (void) state;
    assert_false(stn__below(0, 0.0));
    assert_false(stn__below(0, -0.0));
    assert_false(stn__below(0, -1.0));
    assert_false(stn__below(0, (double) NAN));
    assert_true(stn__below(NEVER, 1.0));
    assert_true(stn__below(NEVER, 7.5));
    assert_true(stn__below(NEVER, (double) INFINITY));
    assert_false(stn__below(NEVER, nextafter(1.0, 0.0) - 0x1p-32));
    assert_true(stn__below(0, 0x1p-32));
    assert_false(stn__below(1, 0x1p-32));
    assert_true(stn__below(0, 0x1p-1070)); /* the smallest chances are rounded up to one mark */
    assert_true(stn__below(0x7fffffff, 0.5));
    assert_false(stn__below(0x80000000, 0.5));
}

static void
test_later_edges(void **state)
{
    (void) state;
    assert_int_equal(stn__later(0, 0), 0);
    assert_int_equal(stn__later(5, 7), 12);
    assert_int_equal(stn__later(NEVER - 3, 2), NEVER - 1);
    assert_int_equal(stn__later(NEVER - 3, 3), NEVER);
    assert_int_equal(stn__later(NEVER - 3, 4), NEVER);
    assert_int_equal(stn__later(0x80000000, 0x80000000), NEVER);
    assert_int_equal(stn__later(NEVER - 1, NEVER - 1), NEVER);
    assert_int_equal(stn__later(0, NEVER - 1), NEVER - 1);
    assert_int_equal(stn__later(0, NEVER), NEVER);
    assert_int_equal(stn__later(NEVER, 0), NEVER);
    assert_int_equal(stn__later(NEVER, NEVER), NEVER);
}

static void
test_gap_edges(void **state)
{
    double half = -stn__log((2147483648.0 + 0.5) / 4294967296.0); /* what word 2^31 leads to */

    (void) state;
    assert_int_equal(stn__gap(0, 0.0), NEVER);
    assert_int_equal(stn__gap(0, -1.0), NEVER);
    assert_int_equal(stn__gap(0, (double) NAN), NEVER);
    assert_int_equal(stn__gap(0, 1e-300), NEVER);
    assert_int_equal(stn__gap(NEVER, 1e-300), NEVER);
    assert_int_equal(stn__gap(0, 1e300), 0);
    assert_int_equal(stn__gap(NEVER, 1.0), 0);
    assert_int_equal(stn__gap(0, 1.0), 23); /* 33 ln 2 is 22.87 */
    /* The last finite gap, and the first that is not. */
    assert_int_equal(stn__gap(0x80000000, half / 4294967293.75), NEVER - 1);
    assert_int_equal(stn__gap(0x80000000, half / 4294967293.25), NEVER - 2);
    assert_int_equal(stn__gap(0x80000000, half / 4294967294.25), NEVER);
    /* To the nearest minute, halves up. */
    assert_int_equal(stn__gap(0x80000000, half / 2.75), 3);
    assert_int_equal(stn__gap(0x80000000, half / 2.25), 2);
    assert_int_equal(stn__gap(0x80000000, half / 2.5), 3);
}

/* Gaps are exponential, rounded: P(gap >= n) = exp(-r (n - 1/2)) for n >= 1. */
static void
test_gap_distribution(void **state)
{
    const double rates[] = { 3.0, 0.5, 0.01, 4.0 / 525600, 1e-7 };
    enum { DRAWS = 1000000 };

    (void) state;
    for (size_t index = 0; index < sizeof rates / sizeof *rates; index++) {
        double r = rates[index], sum = 0, mean, variance;
        uint32_t middle = (uint32_t) (0.7 / r + 1), over = 0;
        double share;

        for (uint32_t n = 0; n < DRAWS; n++) {
            uint32_t gap = stn__gap(stn__draw(1, STN_DRAW_OPPORTUNITY, 0, n, (uint32_t) index, 0).w[0], r);
            assert_int_not_equal(gap, NEVER);
            sum += gap;
            over += gap >= middle;
        }
        mean = exp(-r / 2) / (1 - exp(-r));
        variance = exp(-r / 2) * (1 + exp(-r)) / ((1 - exp(-r)) * (1 - exp(-r))) - mean * mean;
        assert_true(fabs(sum / DRAWS - mean) < 4 * sqrt(variance / DRAWS));
        share = exp(-r * (middle - 0.5));
        assert_true(fabs((double) over / DRAWS - share) < 4 * sqrt(share * (1 - share) / DRAWS));
    }
}

/* The chance with which a table yields b. */
static double
chance(const stn__alias *table, int32_t n, int32_t b)
{
    double sum = 0;

    for (int32_t i = 0; i < n; i++) {
        assert_true(table[i].cut >= 0 && table[i].cut <= 1);
        assert_in_range(table[i].alias, 0, n - 1);
        sum += i == b ? table[i].cut : 0;
        sum += table[i].alias == b ? 1 - table[i].cut : 0;
    }
    return sum / n;
}

static void
test_alias_recovers_weights(void **state)
{
    enum { MOST = 64 };
    double weights[MOST];
    stn__alias table[MOST];
    int32_t work[2 * MOST];

    (void) state;
    for (uint64_t trial = 0; trial < 2000; trial++) {
        int32_t n = 1 + (int32_t) (trial % MOST);
        double sum = 0;
        for (int32_t b = 0; b < n; b++) {
            uint32_t word = scramble(trial * MOST + (uint64_t) b);
            /* Every third trial has zeros, every fifth spans many magnitudes. */
            weights[b] = trial % 3 == 0 && word % 3 == 0 && b > 0 ? 0 : (word + 1.0) / 4294967296.0;
            weights[b] *= trial % 5 == 0 ? exp(-(double) (word % 97)) : 1;
            sum += weights[b];
        }
        stn__alias_build(weights, n, table, work);
        for (int32_t b = 0; b < n; b++) {
            double found = chance(table, n, b);
            assert_true(fabs(found - weights[b] / sum) < 1e-14);
            if (weights[b] == 0) {
                assert_true(found == 0);
            }
        }
    }
}

/* Picking over evenly spaced words hits each as often as its weight says. */
static void
test_alias_pick(void **state)
{
    const double weights[5] = { 1, 0, 2.5, 4, 0.5 };
    enum { WORDS = 1 << 20 };
    stn__alias table[5];
    int32_t work[10], picked[5] = { 0 };

    (void) state;
    stn__alias_build(weights, 5, table, work);
    for (uint32_t n = 0; n < WORDS; n++) {
        picked[stn__alias_pick(table, 5, n * (uint32_t) (4294967296u / WORDS))]++;
    }
    for (int32_t b = 0; b < 5; b++) {
        assert_true(fabs(picked[b] - weights[b] / 8 * WORDS) <= 10);
    }
    assert_int_equal(picked[1], 0);
    stn__alias_build(weights, 1, table, work);
    assert_int_equal(stn__alias_pick(table, 1, 0), 0);
    assert_int_equal(stn__alias_pick(table, 1, NEVER), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_philox_published_answers),
        cmocka_unit_test(test_philox_against_random123),
        cmocka_unit_test(test_draw_places_its_arguments),
        cmocka_unit_test(test_hashes_published_answers),
        cmocka_unit_test(test_below_edges),
        cmocka_unit_test(test_later_edges),
        cmocka_unit_test(test_gap_edges),
        cmocka_unit_test(test_gap_distribution),
        cmocka_unit_test(test_alias_recovers_weights),
        cmocka_unit_test(test_alias_pick),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
