/* SPDX-License-Identifier: Apache-2.0
 *
 * exact.h - how far a double is from an exact value, in units in the last place
 * of the double nearest to it. MPFR is the judge: its functions round
 * correctly, so 120 bits leave no doubt about a double's 53. */
#ifndef STN_TESTS_EXACT_H
#define STN_TESTS_EXACT_H

#include <math.h>
#include <mpfr.h>

typedef int (*exact_fn)(mpfr_ptr result, mpfr_srcptr x, mpfr_rnd_t round);

static inline double
error_ulp(exact_fn function, double x, double found)
{
    mpfr_t exact, difference;
    double result;

    mpfr_init2(exact, 120);
    mpfr_init2(difference, 120);
    mpfr_set_d(exact, x, MPFR_RNDN);
    function(exact, exact, MPFR_RNDN);
    mpfr_sub_d(difference, exact, found, MPFR_RNDN);
    result = fabs(mpfr_get_d(difference, MPFR_RNDN))
        / ldexp(1.0, mpfr_zero_p(exact) ? -1074 : (int) mpfr_get_exp(exact) - 53);
    mpfr_clear(exact);
    mpfr_clear(difference);
    return result;
}

#endif
