/* SPDX-License-Identifier: Apache-2.0
 *
 * inside.h - what the files of this folder share.
 *
 * plan.c     the order of compilation
 * rules.c    conditions: what they mention and how they are asked
 * stakes.c   what follows from conditions alone: classes, intervals, stakes
 * ways.c     over which agencies records and listings pass
 * records.c  how records live
 * process.c  due process
 * cells.c    what every cell has */
#ifndef STN_PLAN_INSIDE_H
#define STN_PLAN_INSIDE_H

#include "plan/plan.h"

/* Ranges of a rating that conditions tell apart, at most. */
enum { STN__INTERVALS_MAX = 255 };

/* ------------------------------------------------------------------- rules */

/* Every condition about a population, in a fixed order: the rating's, lists' and
 * measures' in file order, then what repairs need. `viewer`: who looks. */
typedef void (*stn__visit)(void *user, const stn_condition *condition, int32_t viewer);
void stn__conditions_visit(const stn__plan *plan, int32_t population, stn__visit visit, void *user);

/* Who looks where an agency (or STN_NONE) is named: without sharing nobody. */
int32_t stn__viewer(const stn__plan *plan, int32_t agency);

/* The rating about a population, or NULL. */
const stn_rating *stn__plan_rating(const stn__plan *plan, int32_t population);

/* Distinct is(...) of a population, at most. */
enum { STN__ATOMS_MAX = 64 };

typedef struct stn__atoms {
    const stn_population *population;
    int32_t count;
    int32_t attribute[STN__ATOMS_MAX];
    const bool *levels[STN__ATOMS_MAX];
    bool overflow;
} stn__atoms;

/* What is at hand while the conditions about one population are compiled. */
typedef struct stn__compiler {
    stn__plan *plan;
    int32_t population;
    stn__population_plan *p;
    const stn_rating *rating;     /* or NULL */
    int32_t term_count;
    stn__term terms[STN_TERMS_MAX];
    stn__atoms atoms;
    int32_t tie_count;
    stn__tie_plan ties[STN_TIES_MAX];
    int32_t firsts[STN__INTERVALS_MAX]; /* of each interval: its first rating - min */
} stn__compiler;

/* False: no memory. */
bool stn__rule_compile(stn__compiler *c, const stn_condition *condition, int32_t viewer, stn__rule *out);

/* The distinct household(...) and representative(...) of a population's
 * conditions, at most STN_TIES_MAX; returns their number. */
int32_t stn__plan_ties(const stn__plan *plan, int32_t population, stn__tie_plan *ties);

int stn__plan_classes(stn__compiler *c, stn_error *err);
int stn__plan_intervals(stn__compiler *c, stn_error *err);
int stn__plan_stakes(stn__compiler *c, stn_error *err);
int stn__plan_processes(stn__compiler *c, stn_error *err);

/* -------------------------------------------------------------------- ways */

/* What passes from agency to agency: records of a behaviour, or a list. */
typedef struct stn__cargo {
    int32_t population;
    int32_t behaviour;            /* local, or STN_NONE */
    int32_t list;                 /* number in the regime, or STN_NONE */
} stn__cargo;

/* One pair of agencies by which an agency is first reached. */
typedef struct stn__leg {
    int32_t from, to;
    int32_t steps;                /* from the origin on */
    uint32_t delay;               /* of the whole way */
    const stn_route *route;
} stn__leg;

/* The ways from one agency on, in the order in which they are found. */
typedef struct stn__ways {
    int32_t count;
    stn__leg legs[STN_AGENCIES_MAX];
} stn__ways;

void stn__ways_find(const stn_regime *regime, int32_t origin, const stn__cargo *cargo, stn__ways *out);
/* The leg that reaches an agency, or STN_NONE. */
int32_t stn__ways_leg(const stn__ways *ways, int32_t agency);
/* The pair of a leg as the engine wants it, with no record types. */
stn__pass stn__ways_pass(const stn_regime *regime, const stn__leg *leg);

/* ----------------------------------------------------------------- records */

/* Hash of two names with a slash between. */
uint32_t stn__hash_pair(const char *first, const char *second);
/* The entry of due process for a behaviour (number in the world) and holder, or STN_NONE. */
int32_t stn__process_of(const stn__plan *plan, int32_t behaviour, int32_t agency);
/* Yuan are whole. */
int64_t stn__yuan(double value);

/* Parts of compilation, each filling some fields; see plan.c for the order. */
int stn__plan_cells(stn__plan *plan, int32_t population, stn_error *err);
int stn__plan_records(stn__plan *plan, int32_t population, stn_error *err);
int stn__plan_rules(stn__plan *plan, int32_t population, stn_error *err);
int stn__plan_epochs(stn__plan *plan, stn_error *err);

#endif
