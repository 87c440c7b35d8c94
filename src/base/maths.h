/* SPDX-License-Identifier: Apache-2.0
 *
 * maths.h - exp and log with the same bits everywhere.
 *
 * The C library's differ between CPUs with and without fused multiply-add.
 * These use only add, subtract, multiply and divide of IEEE doubles in a
 * written order (docs/semantics.md, section 1), after fdlibm's algorithms
 * (Sun Microsystems 1993). Greatest errors measured against MPFR, in units in
 * the last place: log 0.837 over all 2^32 arguments that a gap can have
 * (tests/base/log_sweep.c), exp 0.900 over a million points of [-700, 700]
 * (tests/base/test_maths.c). */
#ifndef STN_BASE_MATHS_H
#define STN_BASE_MATHS_H

#include <stdint.h>
#include <string.h>

/* Natural logarithm of a positive normal number. */
static inline double
stn__log(double x)
{
    const double ln2_hi = 6.93147180369123816490e-01, ln2_lo = 1.90821492927058770002e-10;
    const double l1 = 6.666666666666735130e-01, l2 = 3.999999999940941908e-01,
                 l3 = 2.857142874366239149e-01, l4 = 2.222219843214978396e-01,
                 l5 = 1.818357216161805012e-01, l6 = 1.531383769920937332e-01,
                 l7 = 1.479819860511658591e-01;
    uint64_t bits;
    int64_t e;
    int low;
    double m, f, s, z, r, h, d;

    memcpy(&bits, &x, sizeof bits);
    e = (int64_t) (bits >> 52) - 1022;
    bits = (bits & 0x000fffffffffffffu) | 0x3fe0000000000000u; /* 0.5 <= m < 1 */
    memcpy(&m, &bits, sizeof m);
    low = m < 0.70710678118654752440;
    m = m + m * (double) low; /* doubles it or not, without a branch: nobody can guess which */
    e = e - low;
    f = m - 1.0;
    s = f / (2.0 + f);
    z = s * s;
    r = z * (l1 + z * (l2 + z * (l3 + z * (l4 + z * (l5 + z * (l6 + z * l7))))));
    h = 0.5 * f * f;
    d = (double) e;
    return d * ln2_hi - ((h - (s * (h + r) + d * ln2_lo)) - f);
}

/* e to the power x, for x cut to [-700, 700]. */
double stn__exp(double x);

#endif
