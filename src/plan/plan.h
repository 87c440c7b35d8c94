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
    uint32_t told;          /* bit of each notice */
    uint32_t tied;          /* bit of each tie */
} stn__state;

/* Beside those of stn_cond_op, where a rule's mask is of notices or ties. */
enum { STN__RULE_TOLD = 64, STN__RULE_TIED };

typedef struct stn__rule_node {
    int32_t op;             /* stn_cond_op, or one of the above */
    stn_compare compare;
    int32_t a, b;           /* nodes; RECORDS: term */
    int32_t value;
    uint64_t mask;          /* ON, PUBLISHED, BAND, IS, TOLD, TIED: bits, any of which holds */
} stn__rule_node;

/* A condition, ready to be asked, and what it mentions. */
typedef struct stn__rule {
    const stn__rule_node *nodes;
    int32_t root;
    uint32_t terms;         /* bit of each term mentioned */
    uint32_t lists;         /* bit of each list mentioned by on or published, as it is or as told */
    uint32_t notices, ties; /* bit of each one mentioned */
    bool rating;            /* rating or band is mentioned */
} stn__rule;

/* A records(...) term and who sees it: two of them are one iff all is equal. */
typedef struct stn__term {
    stn_term what;
    int32_t viewer;         /* agency, or STN_NONE: every root */
} stn__term;

/* One pair of agencies on a way of some record or list. */
typedef struct stn__pass {
    int32_t to;             /* agency */
    uint32_t hash;          /* of "from/to" */
    uint32_t delay;
    double coverage, wrong_person, clearing; /* coverage with the level in it */
    int32_t copy_type, misfiled_type; /* of a record: its type there; of a list: STN_NONE */
} stn__pass;

/* What agency `agency` was told of list `list` (local). */
typedef struct stn__notice_plan {
    int32_t list, agency;
    uint32_t hash;          /* of the list's name */
    uint32_t delay;         /* of the whole way */
    int32_t pass_count;     /* 0: no way leads there */
    const stn__pass *passes; /* from the keeper on */
} stn__notice_plan;

typedef struct stn__fine_plan {
    uint32_t due, after;
    uint32_t hash;          /* of "agency/behaviour" of the record fined; the fine of each pair is an entry of its own */
    int32_t unpaid_type;    /* record type, or STN_NONE */
} stn__fine_plan;

/* Numbers for the false [0] and for the true [1]. */
typedef struct stn__petition_plan {
    bool given, suspends;
    double files[2], succeeds[2];
    uint32_t within, duration;
    uint32_t desks;         /* 0: no limit, no queue */
    int32_t points;
    int64_t fee;
} stn__petition_plan;

typedef struct stn__process_plan {
    uint32_t notice;
    stn__petition_plan petitions[2]; /* objection, appeal */
    double correction;      /* per minute */
    bool repairs;
    uint32_t repair_after, repair_duration;
    double repair_chances, repair_taken;
    int64_t repair_fee;
    bool needs_given;
    stn__rule needs;
} stn__process_plan;

bool stn__rule_holds(const stn__rule *rule, const stn__state *state);

typedef enum {
    STN__ROOT,                 /* made by its agency */
    STN__COPY,                 /* of one's own root, or of a misfiled one */
    STN__MISFILED              /* somebody else's, landed here */
} stn__record_kind;

/* All records of one behaviour, origin and holder (and fine that they stem from)
 * live alike. A step is a moment at a fixed time after birth at which what
 * counts may change. */
typedef struct stn__record_type {
    stn__record_kind kind;
    int32_t behaviour, agency; /* behaviour: local; agency: the holder */
    int32_t origin;            /* agency that made it; of a root its holder */
    uint32_t hash;             /* of "origin/behaviour" */
    uint32_t holder_hash;      /* of "holder/behaviour" */
    uint32_t cause_delay;      /* birth less this is the minute of the act */
    int32_t send_step;         /* in which it is sent on */
    int32_t pass_count;        /* next pairs; 0: nowhere */
    const stn__pass *passes;
    int32_t process;           /* entry of due process, or STN_NONE; copies: STN_NONE */
    int32_t fine;              /* that its birth brings, or STN_NONE */
    int32_t debt;              /* the fine that it stems from, or STN_NONE: it owes the behaviour's amount */
    bool lasting;              /* it may end otherwise than at one of its steps, so the engine must be able to find it: copies of
                                * what may be cleared, settled or ended in any way; roots that a pardon may end */
    bool steals;               /* its points are negative and the rating has `redeem` */
    int32_t step_count;        /* at least 1: birth */
    const uint32_t *offsets;   /* minutes after birth, rising; [0] is 0 */
    int32_t verdict_step;      /* or STN_NONE: confirmed at birth */
    double acted, not_acted;   /* chances of confirmation */
    /* After step s, suspected [0][s] or confirmed [1][s]: which terms it counts
     * for, and whether its points do. */
    const uint32_t *terms[2];
    const bool *counts[2];
    int32_t points;            /* given by the rating; 0 if its viewer does not see it */
    bool settles;              /* never a copy or misfiled one */
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
    double certainty, severity, prior, incentive;
    double strains[2], strains_poor[2]; /* chances' factors: 1, and that of those to whom a door is closed, or who are poor */
    int32_t points;            /* given by the rating; 0 if none */
    int32_t stake_points;      /* |points| if they hurt (merit: help), else 0 */
    int32_t detection_first, detection_count;
} stn__behaviour_plan;

typedef struct stn__list_plan {
    stn__rule enter, leave;
    uint32_t term;             /* STN_NEVER: permanent */
    uint32_t publish;          /* STN_NEVER: never */
    uint32_t archive;          /* 0: none; STN_NEVER: for good */
    stn_reentry reentry;
    uint32_t notices;          /* bit of each notice about it */
    int32_t tie_household, tie_representative; /* tie to be told (of the population lived with, or represented by), or STN_NONE */
    uint64_t publicity;        /* behaviours that a name published on it says something about */
} stn__list_plan;

/* Somebody tied to others who are on a list. */
typedef struct stn__tie_plan {
    bool household;            /* else: who represents */
    int32_t population, list;  /* of the others; local */
} stn__tie_plan;

typedef struct stn__measure_plan {
    stn__rule rule;
    uint32_t closes, opens;
} stn__measure_plan;

/* Doors lost and gained through one record; see docs/semantics.md, section 7.
 * For merits: doors that would open and channels that would. */
typedef struct stn__stakes {
    uint32_t doors, channels;
} stn__stakes;

/* Where settling leaves somebody who begins. */
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

/* What somebody of a cell earns and must spend, in yuan per year. */
typedef struct stn__purse {
    double income, living;
} stn__purse;

/* Measures in force from one window's start on, and what follows from them. */
typedef struct stn__epoch_plan {
    uint64_t measures;              /* bit of each in force */
    const stn__stakes *stakes;      /* [class][behaviour][interval without][interval with] */
    const stn__start *start;        /* [class][interval] */
} stn__epoch_plan;

/* An element of the alias table that picks a behaviour, in whole numbers: `self` if the
 * fraction is at most `last`, else `alias`. */
typedef struct stn__choice {
    uint32_t last;
    uint8_t self, alias;
} stn__choice;

typedef struct stn__population_plan {
    int32_t cell_count, group_count, zone_count;
    int32_t behaviour_count, door_count, list_count, term_count, measure_count;
    int32_t detection_count, false_count, type_count;
    int32_t notice_count, tie_count, fine_count;

    const stn__cell *cells;
    const stn__choice *choices;     /* [cell][behaviour] */
    const double *bases;            /* [cell][behaviour]: chances that it is taken, at most 1 */
    const double *detect;           /* [cell][detection] */
    const double *false_rate;       /* [cell][false entry] */
    const stn__alias *attempt_pick; /* [cell][door] */

    const stn__behaviour_plan *behaviours;
    const stn__detection *detections; /* those of one behaviour together, in file order */
    const int32_t *false_types;     /* record type of each false entry */
    const uint32_t *false_keys;     /* its hash; a multiple of 8 of them */
    const stn__record_type *types;

    const stn__notice_plan *notices; /* those of one list by rising agency */
    const stn__tie_plan *ties;
    const stn__fine_plan *fines;     /* one for each (behaviour, agency) that is fined */
    const stn__process_plan *processes; /* one for each of the regime's entries */
    bool processed, pardoned;        /* the regime has due process, pardons */

    /* Money; NULL or 0 without it. */
    bool money;
    double savings, custom;          /* savings in years */
    const stn__purse *purses;        /* [cell] */
    const double *costs;             /* [cell][door] */
    const int64_t *debts;            /* [cell][behaviour]: yuan */
    const int64_t *fine_yuan;        /* [cell][fine] */

    bool stigma_given;               /* some right has it */
    const double *stigma;            /* [cell][door]; NULL if none has */
    uint32_t blacklists;             /* bit of each list that names people: published blacklists */
    bool archive_given;              /* some list has an archive */

    /* Rating. */
    bool rating_given;
    uint32_t redeem;                /* STN_NEVER: none */
    bool ladder;
    uint32_t review;                /* interval */
    int32_t review_term;            /* how many records since the last review */
    const int32_t *move_count;      /* [band] */
    const int32_t *const *moves;    /* [band][records] */
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
    const stn__epoch_plan *epochs;  /* [epoch of the plan] */
} stn__population_plan;

typedef struct stn__plan {
    const stn_study *study;         /* borrowed */
    const stn_regime *regime;       /* borrowed */
    int32_t population_count;
    stn__population_plan *populations;
    double learning_weight, learning_lambda, learning_own, learning_publicity;
    bool sharing;
    int32_t epoch_count;
    const uint32_t *epoch_starts;   /* minutes, rising; [0] is 0 */
    stn__arena *arena;              /* owned: everything above */
} stn__plan;

/* Returns 0, STN_E_LIMIT or STN_E_MEMORY; on failure `*out` is NULL. */
int stn__plan_new(const stn_study *study, int32_t regime, stn__plan **out, stn_error *err);
void stn__plan_free(stn__plan *plan); /* NULL does nothing */

/* The level of a cell of a population for one of its attributes. */
int32_t stn__cell_level(const stn_population *population, int32_t cell, int32_t attribute);
/* The same for all of them: [attribute]. */
void stn__cell_levels(const stn_population *population, int32_t cell, int32_t *levels);
/* A quantity's value in a cell of those levels: its factors in order. */
double stn__cell_value(const stn_quantity *quantity, const int32_t *levels);

/* The distinct records(...) terms of all conditions about a population (and of its
 * ladder, last), at most STN_TERMS_MAX; returns their number. */
int32_t stn__plan_terms(const stn__plan *plan, int32_t population, stn__term *terms);

#endif
