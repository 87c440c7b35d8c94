/* SPDX-License-Identifier: Apache-2.0
 *
 * test_maths.c - the accuracy of log and exp against MPFR. base/maths.h states
 * the worst errors; log_sweep.c looks at every argument that a gap can have. */
#include <stdio.h>

#include "base/draw.h"
#include "base/maths.h"
#include "exact.h"
#include "harness.h"

/* As base/maths.h states, rounded up. */
#define LOG_ULP 0.837
#define EXP_ULP 0.900
/* Of the values that test_same_bits_everywhere absorbs. */
#define LOG_BITS 0x5ff09f168c296cf1u
#define EXP_BITS 0x3272091f6d428a79u

static void
check_log(double x, double *worst)
{
    double error = error_ulp(mpfr_log, x, stn__log(x));

    if (error > *worst) {
        *worst = error;
    }
}

/* The arguments of gaps, a sample of them: (w + 0.5) / 2^32. */
static void
test_log_of_marks(void **state)
{
    const uint64_t stride = 10007; /* a prime, so that all low bits occur */
    double worst = 0;

    (void) state;
    for (uint64_t w = 0; w <= UINT32_MAX; w += stride) {
        check_log(((double) w + 0.5) / 4294967296.0, &worst);
    }
    for (uint64_t w = 0; w < 2000; w++) { /* both ends */
        check_log(((double) w + 0.5) / 4294967296.0, &worst);
        check_log(((double) (UINT32_MAX - w) + 0.5) / 4294967296.0, &worst);
    }
    print_message("log of marks: at most %.4f ulp\n", worst);
    assert_true(worst < LOG_ULP);
}

/* Any normal number, and both sides of where the reduction changes. */
static void
test_log_elsewhere(void **state)
{
    double worst = 0;

    (void) state;
    assert_true(stn__log(1.0) == 0);
    for (int e = -1022; e <= 1023; e++) {
        for (int part = 0; part < 64; part++) {
            check_log(ldexp(1 + part / 64.0, e), &worst);
        }
        check_log(ldexp(0.70710678118654752440 * 2, e), &worst);
        check_log(ldexp(nextafter(0.70710678118654752440, 0) * 2, e), &worst);
    }
    for (int step = 1; step < 2000; step++) {
        check_log(1 + step * 0x1p-52, &worst);
        check_log(1 - step * 0x1p-53, &worst);
    }
    print_message("log elsewhere: at most %.4f ulp\n", worst);
    assert_true(worst < LOG_ULP);
}

static void
check_exp(double x, double *worst)
{
    double error = error_ulp(mpfr_exp, x, stn__exp(x));

    if (error > *worst) {
        *worst = error;
    }
}

static void
test_exp(void **state)
{
    const double half = 0.34657359027997264; /* of ln 2: where k changes */
    double worst = 0;

    (void) state;
    for (int64_t n = -700000; n <= 700000; n += 7) {
        check_exp((double) n / 1000, &worst);
    }
    for (int64_t n = -400000; n <= 400000; n++) { /* where deterrence lives */
        check_exp((double) n / 100003, &worst);
    }
    for (int k = -2019; k <= 2019; k += 2) {
        check_exp(nextafter(k * half, -1000), &worst);
        check_exp(k * half, &worst);
        check_exp(nextafter(k * half, 1000), &worst);
    }
    for (int e = 1; e < 1074; e++) {
        check_exp(ldexp(1, -e), &worst);
        check_exp(-ldexp(1, -e), &worst);
    }
    print_message("exp: at most %.4f ulp\n", worst);
    assert_true(worst < EXP_ULP);
}

static void
test_exp_edges(void **state)
{
    (void) state;
    assert_true(stn__exp(0.0) == 1);
    assert_true(stn__exp(-0.0) == 1);
    assert_true(stn__exp(701) == stn__exp(700));
    assert_true(stn__exp(-701) == stn__exp(-700));
    assert_true(stn__exp((double) INFINITY) == stn__exp(700));
    assert_true(stn__exp(-(double) INFINITY) == stn__exp(-700));
    assert_true(stn__exp(-700) > 0);
}

/* The factor of deterrence must never leave the range of a chance, and more
 * certainty must never deter less. */
static void
test_exp_is_monotonic_below_zero(void **state)
{
    double before = 1;

    (void) state;
    for (int64_t n = 0; n <= 2000000; n++) {
        double now = stn__exp(-(double) n / 65536);
        assert_true(now <= before && now >= 0);
        before = now;
    }
}

static uint64_t
absorb_double(uint64_t h, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return stn__absorb(h, bits);
}

/* Accuracy is one promise, the same bits on every machine another: these two
 * numbers were the same on x86-64 and arm64, from GCC and Clang, optimised or
 * not. A change of either is a new results epoch. */
static void
test_same_bits_everywhere(void **state)
{
    uint64_t h = 0;

    (void) state;
    for (uint64_t w = 0; w <= UINT32_MAX; w += 4099) {
        h = absorb_double(h, stn__log(((double) w + 0.5) / 4294967296.0));
    }
    assert_true(h == LOG_BITS);
    h = 0;
    for (int64_t n = -700000; n <= 700000; n++) {
        h = absorb_double(h, stn__exp((double) n / 1000));
    }
    assert_true(h == EXP_BITS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_of_marks),
        cmocka_unit_test(test_log_elsewhere),
        cmocka_unit_test(test_exp),
        cmocka_unit_test(test_exp_edges),
        cmocka_unit_test(test_exp_is_monotonic_below_zero),
        cmocka_unit_test(test_same_bits_everywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
