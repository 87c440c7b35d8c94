/* SPDX-License-Identifier: Apache-2.0
 *
 * statistics.c - means with their intervals, survival curves, concentration. */
#include "results/statistics.h"

#include <math.h>

#include "base/error.h"
#include "base/maths.h"

#define NORMAL_975 1.959963984540054 /* of the normal distribution, 97.5 % lie below it */
#define HALF_PI 1.5707963267948966
#define LEVEL 0.95

static stn__sample
sample(const double *a, const double *b, int32_t count)
{
    stn__sample s = { 0, 0, 0 };
    double squares = 0;

    for (int32_t i = 0; i < count; i++) {
        double value = a != NULL ? b[i] - a[i] : b[i];
        if (!isnan(value)) {
            s.mean += value;
            s.count++;
        }
    }
    s.mean = s.count > 0 ? s.mean / s.count : NAN;
    for (int32_t i = 0; i < count; i++) {
        double off = (a != NULL ? b[i] - a[i] : b[i]) - s.mean;
        squares += isnan(off) ? 0 : off * off;
    }
    s.variance = s.count > 1 ? squares / (s.count - 1) : 0;
    return s;
}

stn__sample
stn__sample_of(const double *values, int32_t count)
{
    return sample(NULL, values, count);
}

stn__sample
stn__sample_of_pairs(const double *a, const double *b, int32_t count)
{
    return sample(a, b, count);
}

double
stn__standard_error(const stn__sample *s)
{
    return s->count > 1 ? sqrt(s->variance / s->count) : NAN;
}

double
stn__half_width(const stn__sample *s)
{
    return s->count > 1 ? stn__t_quantile(s->count - 1, LEVEL) * stn__standard_error(s) : NAN;
}

/* For x >= 0: the angle is halved until few terms of its series are enough. */
static double
arctangent(double x)
{
    enum { HALVINGS = 4, TERMS = 12 };
    double square, power, sum = 0;

    for (int i = 0; i < HALVINGS; i++) {
        x = x / (1 + sqrt(1 + x * x));
    }
    square = x * x;
    power = x;
    for (int i = 0; i < TERMS; i++) {
        sum += power / (2 * i + 1);
        power *= -square;
    }
    return sum * (1 << HALVINGS);
}

/* P(|T| <= t): Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 (odd
 * degrees) and 26.7.4 (even), finite sums in the cosine of arctan(t / sqrt(degrees)). */
static double
t_probability(int32_t degrees, double t)
{
    double square = degrees / (degrees + t * t), cosine = sqrt(square), sine = t / sqrt(degrees + t * t);
    double term = degrees % 2 == 0 ? 1 : cosine, sum = 0;

    for (int32_t i = degrees % 2 == 0 ? 0 : 1; i <= degrees - 2; i += 2) {
        sum += term;
        term *= square * (i + 1) / (i + 2);
    }
    return degrees % 2 == 0 ? sine * sum : (arctangent(t / sqrt(degrees)) + sine * sum) / HALF_PI;
}

double
stn__t_quantile(int32_t degrees, double level)
{
    double low = 0, high = 2;

    STN_INVARIANT(degrees >= 1 && level > 0 && level < 1);
    while (t_probability(degrees, high) < level) {
        high *= 2;
    }
    for (int halvings = 0; halvings < 64; halvings++) {
        double middle = low + (high - low) / 2;
        if (t_probability(degrees, middle) < level) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

/* S to the power c, for S within (0, 1). */
static double
power(double share, double exponent)
{
    return stn__exp(exponent * stn__log(share));
}

void
stn__kaplan_meier(const int64_t *ended, const int64_t *cut, int32_t count, stn__survival *curve)
{
    int64_t at_risk = 0;
    double share = 1, greenwood = 0;

    for (int32_t k = 0; k < count; k++) {
        at_risk += ended[k] + cut[k];
    }
    for (int32_t k = 0; k < count; k++) {
        curve[k] = (stn__survival){ share, share, share, at_risk };
        if (ended[k] > 0) {
            share *= (double) (at_risk - ended[k]) / (double) at_risk;
            greenwood += at_risk > ended[k] ? (double) ended[k] / ((double) at_risk * (double) (at_risk - ended[k]))
                                            : 0;
        }
        curve[k].share = curve[k].low = curve[k].high = share;
        if (share > 0 && share < 1) {
            /* The deviation of log(-log S) is that of log S over |log S|. */
            double off = NORMAL_975 * sqrt(greenwood) / -stn__log(share);
            curve[k].low = power(share, stn__exp(off));
            curve[k].high = power(share, stn__exp(-off));
        }
        at_risk -= ended[k] + cut[k];
    }
}

int32_t
stn__survival_time(const stn__survival *curve, int32_t count, double share)
{
    for (int32_t k = 0; k < count; k++) {
        if (curve[k].share <= share) {
            return k;
        }
    }
    return -1;
}

double
stn__gini(const int64_t *people, int32_t count)
{
    double all = 0, sum = 0, below = 0, weighted = 0;

    for (int32_t value = 0; value < count; value++) {
        all += (double) people[value];
        sum += (double) value * (double) people[value];
    }
    if (sum == 0) {
        return NAN;
    }
    /* Sum over pairs of |x - y| is twice the sum of x (people below x - people above x). */
    for (int32_t value = 0; value < count; value++) {
        double here = (double) people[value], above = all - below - here;
        weighted += value * here * (below - above);
        below += here;
    }
    return weighted / (all * sum);
}
