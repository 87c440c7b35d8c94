/* SPDX-License-Identifier: Apache-2.0
 *
 * design.h - where to ask a function of several inputs, and what its answers say
 * of each input: Morris's screening and Sobol's indices.
 *
 * The function's inputs lie in 0 to 1, all of it equally likely. It has one or
 * several outcomes, each with one or several replicates, which differ by chance
 * alone. It is asked on several threads at once; what comes out does not depend
 * on how many. */
#ifndef STN_SENSITIVITY_DESIGN_H
#define STN_SENSITIVITY_DESIGN_H

#include <stdbool.h>
#include <stdint.h>

#include <standing/sensitivity.h>

#include "base/parallel.h"

enum { STN__SOBOL_DIMENSIONS = 24, STN__SOBOL_INPUTS_MAX = STN__SOBOL_DIMENSIONS / 2 };

/* Answers at a point: answers[outcome * replicates + replicate], all NaN where there
 * is no answer. Other than 0 ends the whole. Inputs that are NaN are left as they are. */
typedef int (*stn__response_fn)(void *user, int64_t point, const double *inputs, int32_t thread, double *answers);

typedef struct stn__question {
    stn__response_fn answer;
    stn__watch_fn watch; /* told how many points were asked so far; may be NULL */
    void *user;          /* of both */
    int32_t inputs, outcomes, replicates;
    int32_t threads;
    uint64_t seed; /* of the design, not of the function */
} stn__question;

/* Asks `count` points; answers[point][outcome][replicate]. Returns 0 or what stopped it. */
int stn__ask(const stn__question *q, const double *points, int64_t count, double *answers);

/* The mean over an outcome's replicates; NaN if there is no answer. */
double stn__answer_mean(const stn__question *q, const double *answers, int64_t point, int32_t outcome);

/* Point number `index` of the Sobol sequence (direction numbers of Joe and Kuo 2008) in
 * its first `dimensions`, as 32-bit fractions. */
void stn__sobol_point(uint32_t index, int32_t dimensions, uint32_t *point);

/* Morris (1991), with mu* of Campolongo, Cariboni and Saltelli (2007): `trajectories`
 * walks through a grid of four levels, on which one input after the other makes a step
 * of 2/3. Effects are those of an input's whole range. It takes trajectories * (inputs + 1)
 * points. out[outcome][input]. Returns 0, STN_E_MEMORY or what stopped it. */
int stn__screen(const stn__question *q, int32_t trajectories, stn_screening *out);

/* First-order and total indices: Saltelli et al. (2010) and Jansen (1999), from two
 * blocks of `base` points of a Sobol sequence, shifted by chance, and one more for
 * each input; intervals hold 95 of 100 of `resamples` bootstrap samples. out[outcome][input].
 * variance[outcome] is that over the inputs. At most STN__SOBOL_INPUTS_MAX inputs. */
int stn__sobol(const stn__question *q, int32_t base, int32_t resamples, stn_indices *out, double *variance);

#endif
