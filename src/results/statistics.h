/* SPDX-License-Identifier: Apache-2.0
 *
 * statistics.h - what replicates and spells say: means with their intervals,
 * survival curves, concentration.
 *
 * Doubles, by IEEE operations, the project's own exp and log, and sqrt, so that every
 * machine prints the same. None of it flows back into a result file. */
#ifndef STN_RESULTS_STATISTICS_H
#define STN_RESULTS_STATISTICS_H

#include <stdbool.h>
#include <stdint.h>

/* Of so many values: the mean and the variance of one (n - 1 below), 0 if there is one. */
typedef struct stn__sample {
    int32_t count;
    double mean, variance;
} stn__sample;

/* Values that are not a number are left out; without any the mean is not a number. */
stn__sample stn__sample_of(const double *values, int32_t count);
/* Of b - a, pair by pair; a pair with a value that is not a number is left out. */
stn__sample stn__sample_of_pairs(const double *a, const double *b, int32_t count);
/* The mean's standard error; not a number for fewer than two values. */
double stn__standard_error(const stn__sample *sample);
/* Half of the mean's 95 % interval by Student's t; not a number for fewer than two. */
double stn__half_width(const stn__sample *sample);

/* The t with which P(|T| <= t) is `level`, for Student's T with `degrees` >= 1. */
double stn__t_quantile(int32_t degrees, double level);

/* A survival curve by Kaplan and Meier (1958): at time k `ended[k]` of those at risk
 * end, and after them `cut[k]` are cut off. */
typedef struct stn__survival {
    double share;      /* S(k): that have not ended by time k */
    double low, high;  /* its 95 % interval by Greenwood's variance of log(-log S) */
    int64_t at_risk;   /* just before k */
} stn__survival;

/* Fills curve[0..count). Where S is 0 or 1 the interval is [S, S], and where nobody is
 * at risk the curve stays as it was. */
void stn__kaplan_meier(const int64_t *ended, const int64_t *cut, int32_t count, stn__survival *curve);
/* The first time at which S is at most `share`; -1: it never is. */
int32_t stn__survival_time(const stn__survival *curve, int32_t count, double share);

/* Gini's coefficient of values 0, 1, 2, ... that people[value] people have: 0 if all have
 * as much, towards 1 if one has all; not a number if nobody has any. */
double stn__gini(const int64_t *people, int32_t count);

#endif
