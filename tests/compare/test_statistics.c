/* SPDX-License-Identifier: Apache-2.0
 *
 * test_statistics.c - intervals, survival curves and concentration against published
 * tables and worked examples. */
#include "harness.h"

#include <math.h>

#include "results/statistics.h"

static void
assert_near(double found, double expected, double most)
{
    if (!(fabs(found - expected) <= most)) {
        print_error("found %.12g, expected %.12g\n", found, expected);
        fail();
    }
}

/* Abramowitz and Stegun, Handbook of Mathematical Functions, table 26.10: t for A(t|n) = 0.95 and 0.99. */
static void
test_student(void **state)
{
    static const struct {
        int32_t degrees;
        double t_95, t_99;
    } table[] = { { 1, 12.706, 63.657 }, { 2, 4.303, 9.925 }, { 3, 3.182, 5.841 }, { 4, 2.776, 4.604 },
        { 5, 2.571, 4.032 }, { 6, 2.447, 3.707 }, { 7, 2.365, 3.499 }, { 9, 2.262, 3.250 }, { 10, 2.228, 3.169 },
        { 19, 2.093, 2.861 }, { 29, 2.045, 2.756 }, { 30, 2.042, 2.750 }, { 60, 2.000, 2.660 }, { 120, 1.980, 2.617 } };

    (void) state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_near(stn__t_quantile(table[i].degrees, 0.95), table[i].t_95, 0.0005);
        assert_near(stn__t_quantile(table[i].degrees, 0.99), table[i].t_99, 0.0005);
    }
    /* Closed forms: one degree is Cauchy's distribution, two have t = sqrt(2 a^2 / (1 - a^2)). */
    assert_near(stn__t_quantile(1, 0.95), 1 / tan(0.025 * acos(-1)), 1e-12);
    assert_near(stn__t_quantile(2, 0.95), sqrt(2 * 0.95 * 0.95 / (1 - 0.95 * 0.95)), 1e-12);
    assert_near(stn__t_quantile(9999, 0.95), 1.9602, 0.0001);
}

static void
test_samples(void **state)
{
    /* Student's own ten patients (Biometrika 6, 1908): hours of sleep gained under two drugs. */
    static const double first[] = { 0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0 },
                        second[] = { 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4 };
    const double holes[] = { 1, NAN, 3 }, ones[] = { 1, 1, 1 };
    stn__sample s = stn__sample_of_pairs(first, second, 10);

    (void) state;
    assert_int_equal(s.count, 10);
    assert_near(s.mean, 1.58, 1e-12);
    assert_near(sqrt(s.variance), 1.2300, 0.00005);
    assert_near(stn__half_width(&s), 1.58 - 0.7001142, 5e-7); /* the interval is 0.7001142 to 2.4598858 */
    s = stn__sample_of(holes, 3);
    assert_int_equal(s.count, 2);
    assert_near(s.mean, 2, 0);
    assert_near(s.variance, 2, 0);
    s = stn__sample_of_pairs(holes, ones, 3);
    assert_near(s.mean, -1, 0);
    s = stn__sample_of(holes + 1, 1);
    assert_true(s.count == 0 && isnan(s.mean) && isnan(stn__standard_error(&s)));
    s = stn__sample_of(holes, 1);
    assert_true(s.count == 1 && s.mean == 1 && isnan(stn__half_width(&s)));
    s = stn__sample_of(ones, 3);
    assert_true(stn__half_width(&s) == 0);
}

/* Weeks of remission under 6-MP (Freireich et al., Blood 21, 1963), the worked example of most
 * books on survival; the curve, and intervals by log(-log S), as they print them. */
static void
test_kaplan_meier(void **state)
{
    enum { WEEKS = 36 };
    static const int32_t events[] = { 6, 6, 6, 7, 10, 13, 16, 22, 23 },
                         lost[] = { 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35 };
    static const struct {
        int32_t week;
        int64_t at_risk;
        double share, low, high;
    } table[] = { { 6, 21, 0.8571, 0.6197, 0.9516 }, { 7, 17, 0.8067, 0.5631, 0.9228 },
        { 10, 15, 0.7529, 0.5032, 0.8894 }, { 13, 12, 0.6902, 0.4316, 0.8491 }, { 16, 11, 0.6275, 0.3675, 0.8049 },
        { 22, 7, 0.5378, 0.2678, 0.7468 }, { 23, 6, 0.4482, 0.1881, 0.6801 } };
    int64_t ended[WEEKS] = { 0 }, cut[WEEKS] = { 0 };
    stn__survival curve[WEEKS];

    (void) state;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        ended[events[i]]++;
    }
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++) {
        cut[lost[i]]++;
    }
    stn__kaplan_meier(ended, cut, WEEKS, curve);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const stn__survival *s = &curve[table[i].week];
        assert_int_equal(s->at_risk, table[i].at_risk);
        assert_near(s->share, table[i].share, 0.00005);
        assert_near(s->low, table[i].low, 0.0001);
        assert_near(s->high, table[i].high, 0.0001);
    }
    assert_true(curve[5].share == 1 && curve[5].low == 1 && curve[5].high == 1);
    assert_near(curve[35].share, curve[23].share, 0);
    assert_int_equal(stn__survival_time(curve, WEEKS, 0.5), 23); /* the median */
    assert_int_equal(stn__survival_time(curve, WEEKS, 0.4), -1);
}

/* Everybody ends: S is 0 and so is its interval. Nobody at all: S stays 1. */
static void
test_kaplan_meier_ends(void **state)
{
    const int64_t ended[] = { 1, 2 }, none[] = { 0, 0 };
    stn__survival curve[2];

    (void) state;
    stn__kaplan_meier(ended, none, 2, curve);
    assert_near(curve[0].share, 2.0 / 3, 1e-15);
    assert_true(curve[1].share == 0 && curve[1].low == 0 && curve[1].high == 0);
    assert_int_equal(stn__survival_time(curve, 2, 0.5), 1);
    stn__kaplan_meier(none, none, 2, curve);
    assert_true(curve[1].share == 1 && curve[1].at_risk == 0);
}

static void
test_gini(void **state)
{
    const int64_t equal[] = { 0, 0, 7 }, one_to_five[] = { 0, 1, 1, 1, 1, 1 }, one_has_all[] = { 9, 0, 0, 1 },
                  nothing[] = { 5, 0 };

    (void) state;
    assert_near(stn__gini(equal, 3), 0, 0);
    assert_near(stn__gini(one_to_five, 6), 4.0 / 15, 1e-15); /* (n^2 - 1) / (3 n (n + 1)) */
    assert_near(stn__gini(one_has_all, 4), 0.9, 1e-15);      /* 1 - 1 / n */
    assert_true(isnan(stn__gini(nothing, 2)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_student), cmocka_unit_test(test_samples),
        cmocka_unit_test(test_kaplan_meier), cmocka_unit_test(test_kaplan_meier_ends), cmocka_unit_test(test_gini) };

    return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}
