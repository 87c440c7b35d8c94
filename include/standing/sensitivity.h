/* SPDX-License-Identifier: Apache-2.0
 *
 * sensitivity.h - on which of its numbers a study's answer hangs.
 *
 * The answer is a difference between two regimes on the same lives, such as the
 * person-years that more people are restricted. Every assumption of the study, and
 * every cited number with a range, is varied: first all of them by Morris's
 * screening, then those that matter most by Sobol's indices. docs/sensitivity.md
 * says how to read what comes out.
 *
 * Results   Same study and options, same results, with any number of threads.
 * Lifetime  An analysis owns all it has. */
#ifndef STANDING_SENSITIVITY_H
#define STANDING_SENSITIVITY_H

#include <stdio.h>

#include <standing/city.h>
#include <standing/study.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct stn_sensitivity stn_sensitivity;

typedef struct stn_sensitivity_options {
    const char *const *outcomes; /* NULL: restricted_years, wrong_years, blocked, offences. Else names of those,
                                  * or COUNTER, COUNTER/SUBJECT; with @POPULATION of others than the first */
    int32_t outcome_count;
    const char *const *vary;     /* NULL: all; else only numbers whose key begins with one of these */
    int32_t vary_count;
    int32_t cited;               /* 1: cited numbers without a range too */
    int32_t trajectories;        /* of the screening, 2 to 1000; default 4 */
    int32_t replicates;          /* seeds at each point, 1 to 100; default 2 */
    int32_t top;                 /* numbers that get indices, 0 to 12; default 5 */
    int32_t base;                /* points of the two blocks, a power of two from 64 to 65536; default 64 */
    int32_t threads;             /* 0: one for each core */
    stn_progress_fn progress;    /* NULL: none */
    void *user;
} stn_sensitivity_options;

STN_API void stn_sensitivity_options_init(stn_sensitivity_options *options);

/* Does all of it. `changes` as for stn_study_load(); the first two of its regimes are
 * compared, the second against the first. A scale of 0 stands for one at which a regime
 * is lived in a tenth of a second or so. Returns 0, what stn_study_load() returns,
 * STN_E_ARGUMENT (an option; see `err`), STN_E_STOPPED, STN_E_IO or STN_E_MEMORY. */
STN_API STN_CHECKED int stn_sensitivity_new(const char *path, const stn_study_options *changes,
    const stn_sensitivity_options *options, stn_sensitivity **out, stn_report *report, stn_error *err);
STN_API void stn_sensitivity_free(stn_sensitivity *sensitivity); /* NULL does nothing */

/* Of an outcome and a number. What it moves is the outcome's difference, by the whole
 * range of the number. NaN: cannot be told. */
typedef struct stn_screening {
    double mu;       /* mean of the elementary effects */
    double mu_star;  /* mean of their sizes: by how much the number moves the outcome */
    double error;    /* standard error of mu_star over trajectories */
    double sigma;    /* standard deviation of the effects: large beside mu_star if the number's effect
                      * depends on others or bends */
    double noise;    /* standard deviation of an effect by chance alone; NaN with one replicate */
    int32_t count;   /* effects that could be measured */
    int32_t clear;   /* 1: effects are larger than chance alone makes one in a hundred; with one replicate: there are some */
} stn_screening;

/* Parts of the variance of the outcome's difference, with 95 % intervals. */
typedef struct stn_indices {
    double first, first_low, first_high; /* by this number alone */
    double total, total_low, total_high; /* by it in all that it has a part in */
} stn_indices;

/* For a person: the numbers that matter most, and a chart of them. `width` in characters,
 * at least 80; 0: 100. */
STN_API void stn_sensitivity_print(FILE *out, const stn_sensitivity *sensitivity, int32_t width);
/* Everything, as docs/sensitivity.md describes it. */
STN_API void stn_sensitivity_json(FILE *out, const stn_sensitivity *sensitivity);
/* A tornado chart of an outcome, 0 the first, as an SVG picture. */
STN_API void stn_sensitivity_svg(FILE *out, const stn_sensitivity *sensitivity, int32_t outcome);

STN_API int32_t stn_sensitivity_outcome_count(const stn_sensitivity *sensitivity);
STN_API int32_t stn_sensitivity_number_count(const stn_sensitivity *sensitivity);
/* Numbers by rank, the one first that moves the first outcome most; borrowed. */
STN_API const char *stn_sensitivity_key(const stn_sensitivity *sensitivity, int32_t rank);
STN_API const stn_screening *stn_sensitivity_screening(const stn_sensitivity *sensitivity, int32_t outcome, int32_t rank);
/* NULL for a number that has none. */
STN_API const stn_indices *stn_sensitivity_indices(const stn_sensitivity *sensitivity, int32_t outcome, int32_t rank);

#ifdef __cplusplus
}
#endif
#endif
