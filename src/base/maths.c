/* SPDX-License-Identifier: Apache-2.0
 *
 * maths.c - exp with the same bits everywhere. Used once per window and table
 * entry, never per person. */
#include "base/maths.h"

double
stn__exp(double x)
{
    const double ln2_hi = 6.93147180369123816490e-01, ln2_lo = 1.90821492927058770002e-10;
    const double p1 = 1.66666666666666019037e-01, p2 = -2.77777777770155933842e-03,
                 p3 = 6.61375632143793436117e-05, p4 = -1.65339022054652515390e-06,
                 p5 = 4.13813679705723846039e-08;
    double scaled, k, hi, lo, r, t, c, y, power;
    int64_t whole;
    uint64_t bits;

    if (x > 700) {
        x = 700;
    }
    if (x < -700) {
        x = -700;
    }
    scaled = x * 1.44269504088896338700 + 0.5;
    whole = (int64_t) scaled; /* towards zero; then down to the floor */
    if ((double) whole > scaled) {
        whole = whole - 1;
    }
    k = (double) whole;
    hi = x - k * ln2_hi;
    lo = k * ln2_lo;
    r = hi - lo;
    t = r * r;
    c = r - t * (p1 + t * (p2 + t * (p3 + t * (p4 + t * p5))));
    y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi);
    bits = (uint64_t) (whole + 1023) << 52; /* |whole| <= 1010, so normal */
    memcpy(&power, &bits, sizeof power);
    return y * power;
}
