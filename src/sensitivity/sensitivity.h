/* SPDX-License-Identifier: Apache-2.0
 *
 * sensitivity.h - what the files of an analysis of sensitivity share.
 *
 * design.c        where to ask, and what the answers say
 * outcome.c       what is compared between two regimes
 * numbers.c       which numbers are varied, and how far
 * sensitivity.c   the analysis
 * tell.c          the table and the chart of it as text
 * json.c, svg.c   the same for programs and as a picture */
#ifndef STN_SENSITIVITY_SENSITIVITY_H
#define STN_SENSITIVITY_SENSITIVITY_H

#include <standing/run.h>
#include <standing/sensitivity.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/model.h"
#include "sensitivity/design.h"

/* What is counted of a run and compared. */
typedef struct stn__outcome {
    const char *name;              /* as asked for */
    const char *words;             /* "person-years restricted" */
    const char *counter, *subject; /* subject NULL: all of them */
    int32_t population;
    bool breaches; /* only subjects that are offences or defaults */
} stn__outcome;

/* A number that is varied, with all its aliases. */
typedef struct stn__varied {
    const stn_number *number; /* of the analysis's base study */
    int32_t index;            /* its number there */
    double low, high;         /* within the number's range: pulled in where a file with it would not be read */
    bool even;                /* evenly; else evenly in the logarithm */
    bool pulled;
} stn__varied;

typedef struct stn__swing {
    double low, high;
} stn__swing; /* an outcome at both ends of a number, all else as in the files */

struct stn_sensitivity {
    const char *path;          /* owned, and so on */
    stn_study *study;          /* the two regimes as the files say, at the scale of the analysis */
    stn_study_options changes; /* that made it; borrowed while the analysis is made */
    const char *regimes[2];
    stn_sensitivity_options options;
    stn__arena *arena; /* of all that follows */
    int32_t outcome_count;
    stn__outcome *outcomes;
    int32_t varied_count;
    stn__varied *varied; /* by rank once screened */
    int32_t fixed_count; /* numbers of the same kind that cannot be varied: 0, never, a count */
    const stn_number **fixed;
    double *base;             /* [outcome * replicates + replicate]: all as in the files */
    stn_screening *screening; /* [outcome * varied_count + rank] */
    int32_t top;              /* numbers with indices */
    stn_indices *indices;     /* [outcome * top + rank] */
    double *variance;         /* [outcome] */
    int32_t swing_count;      /* numbers with swings */
    stn__swing *swings;       /* [outcome * swing_count + rank] */
    int64_t points, failed;   /* asked, and without an answer */
    const char *failure;      /* why the first of them has none; NULL: none */
};

/* ------------------------------------------------------------------ outcome.c */

/* Reads the outcomes asked for, or the default ones; `runs` are of the two regimes and
 * know the counters. STN_E_ARGUMENT or STN_E_MEMORY. */
int stn__answers_read(stn_sensitivity *s, stn_run *const runs[2], stn_error *err);
/* The outcome of a run: of 1,000 who are there at the start. */
double stn__outcome_of(const stn_study *study, const stn_city *city, const stn__outcome *outcome, const stn_run *run);

/* ------------------------------------------------------------------ numbers.c */

/* Chooses the numbers to vary. STN_E_ARGUMENT or STN_E_MEMORY. */
int stn__varied_choose(stn_sensitivity *s, stn_error *err);
/* The value of a number at a place from 0 to 1 in its range. */
double stn__varied_value(const stn__varied *varied, double place);
/* A value of a number in words: "0.35", "2.5 per year", "30 days". */
const char *stn__value_words(const stn_number *number, double value, char text[STN_NUMBER_TEXT]);

/* --------------------------------------------------------------------- tell.c */

/* An outcome as the files say, over all seeds. */
double stn__base_mean(const stn_sensitivity *s, int32_t outcome);

#endif
