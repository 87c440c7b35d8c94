/* SPDX-License-Identifier: Apache-2.0
 *
 * plan.h - a world and one regime, compiled into what the engine runs.
 *
 * All that can be worked out before the first minute is worked out here: rates
 * and chances for each cell, alias tables, the steps of every kind of record,
 * conditions over bits, and the stakes of a record. A plan is read-only once
 * made and shared by all threads. Everything about a population is indexed by
 * its cells, its own behaviours, doors, lists (`local` numbers of model.h). */
#ifndef STN_PLAN_H
#define STN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include <standing/study.h>

#include "base/arena.h"
#include "base/draw.h"
#include "base/error.h"
#include "model/model.h"

/* What a condition is asked about: one actor at one moment. */
typedef struct stn__state {
    uint64_t is;            /* bit of each is(...) that holds */
    const uint16_t *terms;  /* for each records(...) term: how many records count */
    int32_t rating;         /* cut to the range */
    int32_t band;           /* number, or -1 */
    bool rated;
    uint32_t on, published; /* bit of each list */
} stn__state;

typedef struct stn__rule_node {
    stn_cond_op op;
    stn_compare compare;
    int32_t a, b;           /* nodes; RECORDS: term */
    int32_t value;
    uint64_t mask;          /* ON, PUBLISHED, BAND, IS: bits, any of which holds */
} stn__rule_node;

/* A condition, ready to be asked, and what it mentions. */
typedef struct stn__rule {
    const stn__rule_node *nodes;
    int32_t root;
    uint32_t terms;         /* bit of each term mentioned */
    uint32_t lists;         /* bit of each list mentioned by on or published */
    bool rating;            /* rating or band is mentioned */
} stn__rule;

bool stn__rule_holds(const stn__rule *rule, const stn__state *state);

/* All records of one behaviour by one agency live alike. A step is a moment at
 * a fixed time after birth at which what counts may change. */
typedef struct stn__record_type {
    int32_t behaviour, agency; /* behaviour: local */
    uint32_t hash;             /* of "agency/behaviour" */
    int32_t step_count;        /* at least 1: birth */
    const uint32_t *offsets;   /* minutes after birth, rising; [0] is 0 */
    int32_t verdict_step;      /* or STN_NONE: confirmed at birth */
    double acted, not_acted;   /* chances of confirmation */
    /* After step s, suspected [0][s] or confirmed [1][s]: which terms it counts
     * for, and whether its points do. */
    const uint32_t *terms[2];
    const bool *counts[2];
    int32_t points;
    bool settles;
    double chances, taken, strain; /* chances: per minute */
    uint32_t settle_after;
} stn__record_type;

typedef struct stn__detection {
    int32_t type;              /* record type */
    uint32_t hash;             /* of the agency's name */
    uint32_t delay;
} stn__detection;

typedef struct stn__behaviour_plan {
    stn_behaviour_kind kind;
    double certainty, severity, prior, incentive, strain;
    int32_t points;            /* given by the rating; 0 if none */
    int32_t stake_points;      /* |points| if they hurt (merit: help), else 0 */
    int32_t detection_first, detection_count;
} stn__behaviour_plan;

typedef struct stn__list_plan {
    stn__rule enter, leave;
    uint32_t term;             /* STN_NEVER: permanent */
    uint32_t publish;          /* STN_NEVER: never */
    stn_reentry reentry;
} stn__list_plan;

typedef struct stn__measure_plan {
    stn__rule rule;
    uint32_t closes, opens;
} stn__measure_plan;

/* Doors lost and gained through one record; see docs/semantics.md, section 7.
 * For merits: doors that would open and channels that would. */
typedef struct stn__stakes {
    uint32_t doors, channels;
} stn__stakes;

/* Where settling at minute 0 leaves somebody. */
typedef struct stn__start {
    uint32_t on, closed, open;
} stn__start;

/* What the engine needs of a cell each time; 32 bytes. */
typedef struct stn__cell {
    uint32_t group, zone;
    uint32_t class;                 /* which is(...) hold, as a number */
    bool rated;
    double rate, attempt_rate;      /* opportunities, attempts per minute */
} stn__cell;

/* One behaviour in one cell: its place in the alias table that picks it, and
 * the chance that it is taken. */
typedef struct stn__choice {
    double cut;                     /* of stn__alias */
    double base;                    /* taken, at most 1 */
    int32_t alias;
} stn__choice;

typedef struct stn__population_plan {
    int32_t cell_count, group_count, zone_count;
    int32_t behaviour_count, door_count, list_count, term_count, measure_count;
    int32_t detection_count, false_count, type_count;

    const stn__cell *cells;
    const stn__choice *choices;     /* [cell][behaviour] */
    const double *detect;           /* [cell][detection] */
    const double *false_rate;       /* [cell][false entry] */
    const stn__alias *attempt_pick; /* [cell][door] */

    const stn__behaviour_plan *behaviours;
    const stn__detection *detections; /* those of one behaviour together, in file order */
    const int32_t *false_types;     /* record type of each false entry */
    const stn__record_type *types;

    /* Rating. */
    bool rating_given;
    int32_t min, max, base_points;
    double spread;
    int32_t band_count;
    int32_t interval_count;         /* ratings that no condition tells apart; then one for the unrated */
    const uint8_t *interval;        /* [rating - min] */
    const int8_t *band;             /* [rating - min], or -1 */

    const stn__list_plan *lists;
    const int32_t *list_order;      /* in which settling takes them */
    uint32_t rating_reopens;        /* lists that a change of rating may reopen */
    const stn__measure_plan *measures;
    uint32_t channel_mask;          /* doors that are channels */

    int32_t class_count;
    const uint64_t *class_is;       /* [class] */
    const uint32_t *class;          /* [cell] */
    const bool *class_rated;        /* [class] */
    const stn__stakes *stakes;      /* [class][behaviour][interval without][interval with] */
    const stn__start *start;        /* [class][interval] */
} stn__population_plan;

typedef struct stn__plan {
    const stn_study *study;         /* borrowed */
    const stn_regime *regime;       /* borrowed */
    int32_t population_count;
    stn__population_plan *populations;
    double learning_weight, learning_lambda;
    stn__arena *arena;              /* owned: everything above */
} stn__plan;

/* Returns 0, STN_E_LIMIT or STN_E_MEMORY; on failure `*out` is NULL. */
int stn__plan_new(const stn_study *study, int32_t regime, stn__plan **out, stn_error *err);
void stn__plan_free(stn__plan *plan); /* NULL does nothing */

/* The level of a cell of a population for one of its attributes. */
int32_t stn__cell_level(const stn_population *population, int32_t cell, int32_t attribute);
/* A quantity's value in a cell: its factors in order. */
double stn__cell_value(const stn_quantity *quantity, const stn_population *population, int32_t cell);

/* The distinct records(...) terms of all conditions about a population, at most
 * STN_TERMS_MAX; returns their number. */
int32_t stn__plan_terms(const stn__plan *plan, int32_t population, stn_term *terms);

/* Parts of compilation, each filling some fields; see plan.c for the order. */
int stn__plan_cells(stn__plan *plan, int32_t population, stn_error *err);
int stn__plan_records(stn__plan *plan, int32_t population, stn_error *err);
int stn__plan_rules(stn__plan *plan, int32_t population, stn_error *err);

#endif
