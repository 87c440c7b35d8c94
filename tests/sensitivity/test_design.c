/* SPDX-License-Identifier: Apache-2.0
 *
 * test_design.c - screening and indices against functions whose answers are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <standing/error.h>

#include "base/draw.h"
#include "harness.h"
#include "sensitivity/design.h"

enum { INPUTS = 8, OUTCOMES = 2 };

static const double PI = 3.14159265358979323846;

static bool
near(const char *what, double found, double expected, double within)
{
    if (fabs(found - expected) <= within) {
        return true;
    }
    fprintf(stderr, "%s: found %.6g, expected %.6g within %.2g\n", what, found, expected, within);
    return false;
}

/* sin and cos are the C library's: only tests may. Ishigami and Homma 1990, a = 7, b = 0.1. */
static int
ishigami(void *user, int64_t point, const double *inputs, int32_t thread, double *answers)
{
    double x[3];

    (void) user, (void) point, (void) thread;
    for (int i = 0; i < 3; i++) {
        x[i] = PI * (2 * inputs[i] - 1);
    }
    answers[0] = sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) + 0.1 * x[2] * x[2] * x[2] * x[2] * sin(x[0]);
    return 0;
}

static void
test_ishigami(void **state)
{
    const stn__question q = {
        .answer = ishigami, .inputs = 3, .outcomes = 1, .replicates = 1, .threads = 1, .seed = 1
    };
    /* Homma and Saltelli 1996. */
    const double first[3] = { 0.3139, 0.4424, 0.0 }, total[3] = { 0.5576, 0.4424, 0.2437 };
    stn_indices found[3];
    double variance;

    (void) state;
    assert_int_equal(stn__sobol(&q, 4096, 200, found, &variance), 0);
    assert_true(near("variance", variance, 13.8446, 0.05));
    for (int i = 0; i < 3; i++) {
        assert_true(near("first", found[i].first, first[i], 0.005));
        assert_true(near("total", found[i].total, total[i], 0.005));
        assert_true(found[i].first_low <= first[i] && first[i] <= found[i].first_high);
        assert_true(found[i].total_low <= total[i] && total[i] <= found[i].total_high);
        assert_true(found[i].first_high - found[i].first_low < 0.2);
    }
}

/* Sobol's g: the product of (|4x - 2| + a) / (1 + a). */
static const double g_weights[INPUTS] = { 0, 1, 4.5, 9, 99, 99, 99, 99 };

static int
g_function(void *user, int64_t point, const double *inputs, int32_t thread, double *answers)
{
    double product = 1;

    (void) user, (void) point, (void) thread;
    for (int i = 0; i < INPUTS; i++) {
        product *= (fabs(4 * inputs[i] - 2) + g_weights[i]) / (1 + g_weights[i]);
    }
    answers[0] = product;
    answers[1] = 5; /* a flat outcome beside it */
    return 0;
}

static void
test_g_function(void **state)
{
    const stn__question q = {
        .answer = g_function, .inputs = INPUTS, .outcomes = OUTCOMES, .replicates = 1, .threads = 1, .seed = 9
    };
    stn_indices found[OUTCOMES * INPUTS];
    double variance[OUTCOMES], all = 1, parts[INPUTS];

    (void) state;
    for (int i = 0; i < INPUTS; i++) {
        parts[i] = 1.0 / 3.0 / ((1 + g_weights[i]) * (1 + g_weights[i]));
        all *= 1 + parts[i];
    }
    assert_int_equal(stn__sobol(&q, 4096, 100, found, variance), 0);
    assert_true(near("variance", variance[0], all - 1, 0.01));
    for (int i = 0; i < INPUTS; i++) {
        assert_true(near("first", found[i].first, parts[i] / (all - 1), 0.01));
        assert_true(near("total", found[i].total, parts[i] * all / (1 + parts[i]) / (all - 1), 0.01));
        assert_true(
            isnan(found[INPUTS + i].first) && isnan(found[INPUTS + i].total) && isnan(found[INPUTS + i].first_low));
    }
    assert_true(variance[1] == 0);
}

/* 3 a - 2 b + 4 c d, nothing of e. */
static int
plain(void *user, int64_t point, const double *x, int32_t thread, double *answers)
{
    (void) user, (void) point, (void) thread;
    answers[0] = 3 * x[0] - 2 * x[1] + 4 * x[2] * x[3];
    return 0;
}

static void
test_screening(void **state)
{
    const stn__question q = { .answer = plain, .inputs = 5, .outcomes = 1, .replicates = 1, .threads = 1, .seed = 4 };
    stn_screening found[5];

    (void) state;
    assert_int_equal(stn__screen(&q, 400, found), 0);
    assert_true(near("mu of a", found[0].mu, 3, 1e-12));
    assert_true(near("mu of b", found[1].mu, -2, 1e-12));
    assert_true(near("mu* of b", found[1].mu_star, 2, 1e-12));
    assert_true(near("sigma of b", found[1].sigma, 0, 1e-6));
    assert_true(near("error of a", found[0].error, 0, 1e-6));
    /* Of c: 4 d, d on the levels 0, 1/3, 2/3, 1: mean 2, deviation 4 sqrt(5) / 6. */
    assert_true(near("mu* of c", found[2].mu_star, 2, 4 * found[2].error));
    assert_true(near("sigma of d", found[3].sigma, 4 * sqrt(5) / 6, 0.1));
    assert_true(near("error of d", found[3].error, found[3].sigma / 20, 1e-3));
    assert_true(found[4].mu_star == 0 && found[4].sigma == 0 && !found[4].clear);
    for (int i = 0; i < 4; i++) {
        assert_true(found[i].clear && found[i].count == 400 && isnan(found[i].noise));
    }
}

/* The first input by its half; the rest is chance, other at each point and replicate. */
static int
noisy(void *user, int64_t point, const double *x, int32_t thread, double *answers)
{
    const stn__question *q = user;

    (void) thread;
    for (int32_t r = 0; r < q->replicates; r++) {
        stn__words w = stn__draw(77, 1, 0, (uint32_t) point, (uint32_t) r, 0);
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            sum += w.w[i] / 4294967296.0 - 0.5;
        }
        answers[r] = 0.5 * x[0] + 0.1 * sum * sqrt(3); /* a deviation of 0.1 */
    }
    return 0;
}

enum { NOISY = 400 };

static void
test_screening_noise(void **state)
{
    stn__question q = { .answer = noisy, .inputs = 40, .outcomes = 1, .replicates = 4, .threads = 1, .seed = 4 };
    stn_screening found[NOISY];
    int clear = 0;

    (void) state;
    q.user = &q;
    assert_int_equal(stn__screen(&q, 50, found), 0);
    /* An effect is a difference over 2/3, the mean of four. */
    assert_true(near("noise", found[0].noise, 0.1 * sqrt(2.0 / 4) * 1.5, 0.01));
    assert_true(found[0].clear);
    for (int i = 1; i < 40; i++) {
        clear += found[i].clear;
        assert_true(near("mu* by chance", found[i].mu_star, found[i].noise * 0.798, 5 * found[i].error));
    }
    assert_in_range(clear, 0, 3); /* one in a hundred, and three deviations */
}

/* With as few walks and replicates as by default. */
static void
test_screening_noise_of_few(void **state)
{
    stn__question q = { .answer = noisy, .inputs = NOISY, .outcomes = 1, .replicates = 2, .threads = 1, .seed = 8 };
    stn_screening found[NOISY];
    int clear = 0;

    (void) state;
    q.user = &q;
    assert_int_equal(stn__screen(&q, 4, found), 0);
    for (int i = 1; i < NOISY; i++) {
        clear += found[i].clear;
    }
    assert_in_range(clear, 0, 10); /* four, and three deviations */
}

/* No answer where the first input is in its upper third or the point has a bad number. */
static int
gaps(void *user, int64_t point, const double *x, int32_t thread, double *answers)
{
    (void) user, (void) thread;
    answers[0] = point % 17 == 3 ? NAN : x[0] + 2 * x[1];
    return 0;
}

static void
test_gaps(void **state)
{
    const stn__question q = { .answer = gaps, .inputs = 2, .outcomes = 1, .replicates = 1, .threads = 1, .seed = 4 };
    stn_screening screened[2];
    stn_indices found[2];
    double variance;

    (void) state;
    assert_int_equal(stn__screen(&q, 50, screened), 0);
    assert_in_range(screened[0].count, 35, 49);
    assert_true(near("mu", screened[1].mu, 2, 1e-9));
    assert_int_equal(stn__sobol(&q, 256, 100, found, &variance), 0);
    assert_true(near("first", found[0].first, 0.2, 0.03));
    assert_true(near("total", found[1].total, 0.8, 0.05));
}

static int
stops(void *user, int64_t point, const double *x, int32_t thread, double *answers)
{
    (void) user, (void) thread, (void) x;
    answers[0] = 0;
    return point == 20 ? STN_E_IO : 0;
}

static void
test_stops(void **state)
{
    const stn__question q = { .answer = stops, .inputs = 2, .outcomes = 1, .replicates = 1, .threads = 1, .seed = 4 };
    stn_screening screened[2];
    stn_indices found[2];
    double variance;

    (void) state;
    assert_int_equal(stn__screen(&q, 50, screened), STN_E_IO);
    assert_int_equal(stn__sobol(&q, 64, 100, found, &variance), STN_E_IO);
}

static void
test_threads(void **state)
{
    stn__question q = {
        .answer = g_function, .inputs = INPUTS, .outcomes = OUTCOMES, .replicates = 1, .threads = 1, .seed = 3
    };
    stn_screening one[OUTCOMES * INPUTS], other[OUTCOMES * INPUTS];
    stn_indices first[INPUTS * OUTCOMES], second[INPUTS * OUTCOMES];
    double variance[OUTCOMES], again[OUTCOMES];

    (void) state;
    memset(one, 0, sizeof one);
    memset(other, 0, sizeof other);
    assert_int_equal(stn__screen(&q, 30, one), 0);
    assert_int_equal(stn__sobol(&q, 128, 50, first, variance), 0);
    q.threads = 3;
    assert_int_equal(stn__screen(&q, 30, other), 0);
    assert_int_equal(stn__sobol(&q, 128, 50, second, again), 0);
    assert_memory_equal(one, other, sizeof one);
    assert_memory_equal(first, second, sizeof first);
    assert_memory_equal(variance, again, sizeof variance);
    q.seed = 4;
    assert_int_equal(stn__screen(&q, 30, other), 0);
    assert_memory_not_equal(one, other, sizeof one);
}

/* As new-joe-kuo-6 yields them (scipy.stats.qmc.Sobol, in another order of the points). */
static void
test_sequence(void **state)
{
    uint32_t point[STN__SOBOL_DIMENSIONS];
    const double third[8] = { 0.75, 0.25, 0.25, 0.25, 0.75, 0.75, 0.25, 0.75 };
    const uint32_t far[STN__SOBOL_DIMENSIONS] = { 845, 151, 31, 17, 739, 181, 443, 197, 845, 483, 771, 273, 897, 621,
        431, 151, 965, 45, 67, 187, 603, 111, 993, 309 };
    bool seen[64];

    (void) state;
    stn__sobol_point(715, STN__SOBOL_DIMENSIONS, point);
    for (int d = 0; d < STN__SOBOL_DIMENSIONS; d++) {
        assert_int_equal(point[d], far[d] << 22);
    }
    stn__sobol_point(3, STN__SOBOL_DIMENSIONS, point);
    for (int d = 0; d < 8; d++) {
        assert_true(point[d] / 4294967296.0 == third[d]);
    }
    for (int d = 0; d < STN__SOBOL_DIMENSIONS; d++) { /* one in each of as many slices */
        memset(seen, 0, sizeof seen);
        for (uint32_t index = 64; index < 128; index++) {
            stn__sobol_point(index, d + 1, point);
            assert_false(seen[point[d] >> 26]);
            seen[point[d] >> 26] = true;
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ishigami),
        cmocka_unit_test(test_g_function),
        cmocka_unit_test(test_screening),
        cmocka_unit_test(test_screening_noise),
        cmocka_unit_test(test_screening_noise_of_few),
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_stops),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_sequence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
