/* SPDX-License-Identifier: Apache-2.0
 *
 * model.h - what the three files say, read and checked: plain data.
 *
 * The reader (read.c) fills these structures and guarantees every rule of
 * docs/formats.md, so nothing above checks again: every index is in range,
 * every name is declared, every number has its unit removed (rates are per
 * minute, durations are whole minutes, probabilities are 0 to 1).
 *
 * Everything hangs off one stn_study and lives in its arena: pointers here are
 * borrowed from it and stay good until stn_study_free(). Numbers of things are
 * positions in the arrays below, which keep the order of the files. Behaviours,
 * doors, lists and measures have besides a `local` number: their position among
 * those of the same population, in file order. */
#ifndef STN_MODEL_H
#define STN_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include <standing/settings.h>

#include "model/number.h"

#define STN_NONE (-1)
#define STN_NEVER UINT32_MAX      /* a time or duration that never comes */
#define STN_MINUTES_PER_YEAR 525600.0

enum {
    STN_POPULATIONS_MAX = 8, STN_ATTRIBUTES_MAX = 12, STN_LEVELS_MAX = 255,
    STN_CELLS_MAX = 1 << 20, STN_BEHAVIOURS_MAX = 64, STN_DOORS_MAX = 32,
    STN_AGENCIES_MAX = 64, STN_LISTS_MAX = 32, STN_MEASURES_MAX = 64,
    STN_TERMS_MAX = 32, STN_DETECTIONS_MAX = 256, STN_ROUTES_MAX = 256, STN_PROCESSES_MAX = 256,
    STN_AGE_MAX = 150,        /* years; nobody outlives it */
    STN_FINES_MAX = 256, STN_PARDONS_MAX = 64, STN_NOTICES_MAX = 32, STN_TIES_MAX = 32, STN_MOVES_MAX = 16
};

/* A place in a file of the study: files[file], line and column from 1. */
typedef struct stn_place {
    int32_t file, line, column;
} stn_place;

/* One file that was read, as it was read. */
typedef struct stn_file {
    const char *path;     /* as opened */
    const char *role;     /* "study", "world", "regime" or "table" */
    const char *text;
    uint64_t size;        /* bytes of text */
} stn_file;

typedef struct stn_source {
    const char *key, *title, *url, *reliability; /* the last two may be NULL */
} stn_source;

/* Multiplies a quantity for one level of one attribute. */
typedef struct stn_factor {
    int32_t attribute, level;
    double factor;
} stn_factor;

typedef struct stn_population stn_population;

/* A number with its evidence. It is an assumption iff cite_count is 0. */
typedef struct stn_quantity {
    double value;             /* unit removed: see the head of this file */
    stn__unit unit;           /* what kind of number it is */
    bool given;               /* false: the file left it out, value is the default */
    const char *text;         /* as written, e.g. "2.5 per year", or set; NULL if not given */
    const char *was;          /* as written, if a setting stands in its place; else NULL */
    const char *key;          /* where it stands, e.g. "behaviours.fraud.taken" */
    const char *why;          /* or NULL */
    const int32_t *cite;      /* numbers of sources of the same file */
    int32_t cite_count;
    const stn_factor *factors; /* sorted by attribute, then level; only those named */
    int32_t factor_count;
    bool ranged;              /* the file says within what it may lie: */
    double low, high;
    bool lasting;             /* a duration of at least 1 minute */
    const stn_population *of; /* whose attributes those are; NULL without factors */
    int32_t regime;           /* the regime whose sources are cited; STN_NONE: the world's */
    stn_place place;
} stn_quantity;

typedef struct stn_attribute {
    const char *name;
    int32_t level_count;
    const char *const *levels;
    const char *table;        /* the path as written of the file that gives the counts; NULL: the world file itself */
    bool shares;              /* counts are given as shares of the population */
    const double *counts;     /* one for each level; sums to the population's size
                               * at scale 1 (shares times size; may be fractional then) */
    bool has_ages;
    const int32_t *age_first, *age_last;  /* for each level, if has_ages */
    const double *age_weights;  /* 0 .. age_last of the last level; NULL: even */
    const int32_t *cite; int32_t cite_count;
    const char *why;
    stn_place place;
} stn_attribute;

/* How attributes go together: weights over the product of their levels, the
 * last attribute fastest. */
typedef struct stn_joint {
    int32_t attribute_count;
    const int32_t *attributes;
    const double *weights;
    const char *table;        /* the file's path as written */
    const int32_t *cite; int32_t cite_count;
    const char *why;
    stn_place place;
} stn_joint;

/* What a population earns and spends. Incomes alone are per year: whole yuan, most
 * of them, which they would not stay per minute. */
typedef struct stn_money {
    bool given;
    stn_quantity income, living; /* yuan per year; ratios */
    stn_quantity savings;     /* minutes; half a year when not given */
    stn_quantity custom;      /* 0 when not given */
    stn_place place;
} stn_money;

/* How a population changes in the course of time. */
typedef struct stn_life {
    bool given;
    int32_t ages;             /* the attribute with ages */
    int32_t deaths_by;        /* attribute, or STN_NONE */
    const double *deaths;     /* chance of dying within a year: [level of deaths_by, or 0][age, to
                               * STN_AGE_MAX, where it is 1]; NULL: nobody dies */
    const char *deaths_table; /* the file's path as written */
    const int32_t *deaths_cite; int32_t deaths_cite_count;
    const char *deaths_why;
    stn_quantity births, arrivals; /* per minute and person of the start; 0 when not given */
    const bool *const *like;  /* whom arrivals copy: for each attribute its levels, or NULL: any.
                               * NULL without arrivals */
    stn_quantity departures;  /* per minute; ratios; 0 when not given */
    const uint32_t *anew;     /* for each level of `ages`: attributes taken over on reaching it; bit = attribute */
    stn_place place;
} stn_life;

struct stn_population {
    const char *name;
    stn_life life;
    stn_money money;
    stn_quantity size;        /* whole */
    int32_t attribute_count;
    const stn_attribute *attributes;
    int32_t joint_count;
    const stn_joint *joints;
    int32_t cell_count;       /* product of the level counts */
};

typedef struct stn_household_tie {
    bool given;
    int32_t of;               /* population */
    int32_t within;           /* attribute, or STN_NONE */
    int32_t size_max;
    const double *sizes;      /* households of size 1 .. size_max: sizes[size] ; [0] is 0 */
    double collective;        /* number of collective households */
    int32_t head_attribute;   /* or STN_NONE */
    const bool *head_levels;  /* for each level of head_attribute */
    stn_place place;
} stn_household_tie;

typedef struct stn_representative_tie {
    bool given;
    int32_t of, is;           /* populations */
    int32_t within_of, within_is; /* attributes of the two, or STN_NONE */
    int32_t among_attribute;  /* of `is`, or STN_NONE */
    const bool *among_levels;
    stn_place place;
} stn_representative_tie;

typedef enum { STN_OFFENCE, STN_DEFAULT, STN_MERIT } stn_behaviour_kind;

typedef struct stn_behaviour {
    const char *name, *title; /* title may be NULL */
    int32_t population, local;
    stn_behaviour_kind kind;
    stn_quantity opportunities, taken;
    stn_quantity certainty, severity, prior; /* 0 when not given */
    stn_quantity incentive;   /* merit only; 0 when not given */
    stn_quantity strain;      /* of the restricted; 1 when not given */
    stn_quantity strain_poor; /* 1 when not given */
    bool settles;
    stn_quantity settles_chances, settles_taken, settles_strain;
    stn_quantity settles_amount; /* yuan, ratios; 0 when not given */
    stn_place place;
} stn_behaviour;

typedef enum { STN_RIGHT, STN_CHANNEL } stn_door_kind;

typedef struct stn_door {
    const char *name, *title;
    int32_t population, local;
    stn_door_kind kind;
    stn_quantity attempts;
    stn_quantity costs, stigma; /* rights only; ratios; 0 when not given */
    stn_place place;
} stn_door;

typedef struct stn_learning {
    bool given;
    const char *by;           /* an attribute's name, or NULL */
    int32_t attribute[STN_POPULATIONS_MAX]; /* number in each population, or STN_NONE */
    stn_quantity memory;      /* minutes; STN_NEVER: nobody learns */
    stn_quantity weight;
    stn_quantity own, publicity; /* 0 when not given */
} stn_learning;

typedef struct stn_world {
    const char *title;
    int32_t source_count; const stn_source *sources;
    int32_t population_count; const stn_population *populations;
    stn_household_tie household;
    stn_representative_tie representative;
    stn_learning learning;
    int32_t behaviour_count; const stn_behaviour *behaviours;
    int32_t door_count; const stn_door *doors;
    int32_t file;             /* number of its file in the study */
} stn_world;

/* A condition is a tree in an array of nodes. */
typedef enum {
    STN_COND_NEVER, STN_COND_ALWAYS,
    STN_COND_AND, STN_COND_OR,   /* a, b: nodes */
    STN_COND_NOT,                /* a: node */
    STN_COND_RATING,             /* rating `compare` value */
    STN_COND_RECORDS,            /* records(term a) `compare` value */
    STN_COND_ON, STN_COND_PUBLISHED, /* a: list (number in regime) */
    STN_COND_BAND,               /* mask: bit of each band (number in its rating) */
    STN_COND_IS,                 /* a: attribute; levels[level]: true for those named */
    STN_COND_HOUSEHOLD,          /* a: list (number in regime) of another member */
    STN_COND_REPRESENTATIVE      /* a: list (number in regime) of who is represented */
} stn_cond_op;

/* Always read with `rating` or `records` on the left: the reader turns
 * `3 < rating` round. */
typedef enum { STN_LT, STN_LE, STN_GT, STN_GE, STN_EQ, STN_NE } stn_compare;

typedef struct stn_cond_node {
    stn_cond_op op;
    int32_t a, b;
    stn_compare compare;
    int32_t value;
    uint64_t mask;
    const bool *levels;
} stn_cond_node;

/* A records(...) term. */
typedef struct stn_term {
    uint64_t behaviours;      /* bit = local number */
    uint32_t within;          /* minutes, or STN_NEVER */
    bool confirmed;           /* counts from confirmation; else from birth */
} stn_term; /* who sees it (the viewer) is said by what the condition belongs to */

typedef struct stn_condition {
    int32_t node_count;       /* 0: the key was left out */
    const stn_cond_node *nodes;
    int32_t root;
    int32_t term_count;
    const stn_term *terms;
    const char *text;         /* as written, or NULL */
    stn_place place;
} stn_condition;

typedef struct stn_agency { const char *name, *title; stn_place place; } stn_agency;

/* What is shared, for one pair of agencies: a route with several `to` is several
 * of these, in order. */
typedef struct stn_route {
    int32_t from, to;
    stn_quantity delay, coverage, wrong_person, clearing; /* 0, 1, 0, 1 when not given */
    uint64_t behaviours[STN_POPULATIONS_MAX]; /* carried: bit = local number */
    const bool *lists;        /* carried: for each list of the regime */
    stn_place place;
} stn_route;

typedef struct stn_sharing {
    bool given;
    stn_quantity level;       /* 1 when not given */
    int32_t namesake_count[STN_POPULATIONS_MAX]; /* attributes of each population */
    int32_t namesakes[STN_POPULATIONS_MAX][STN_ATTRIBUTES_MAX]; /* rising */
    int32_t route_count; const stn_route *routes;
} stn_sharing;

typedef struct stn_fine {
    int32_t behaviour, agency; /* agency STN_NONE: all others */
    stn_quantity amount;      /* yuan; ratios */
    stn_quantity due;         /* minutes; 0 when not given */
    int32_t unpaid_behaviour, unpaid_agency; /* or STN_NONE both */
    stn_quantity unpaid_after; /* 0 when not given */
    stn_place place;
} stn_fine;

typedef struct stn_petition {
    bool given;
    stn_quantity files_acted, files_not_acted;
    stn_quantity within;      /* minutes, at least 1 */
    stn_quantity duration;    /* 0 when not given */
    stn_quantity capacity;    /* per minute; `given` false: no limit */
    stn_quantity succeeds_acted, succeeds_not_acted;
    bool suspends;
    stn_quantity points;      /* whole; 0 when not given */
    stn_quantity fee;         /* yuan; 0 when not given */
    stn_place place;
} stn_petition;

typedef struct stn_repair {
    bool given;
    stn_quantity after, chances, taken, duration; /* after, duration: 0 when not given */
    stn_condition needs;      /* node_count 0: always */
    int32_t population;       /* that of the behaviours; STN_NONE without `needs` when of several */
    stn_quantity fee;
    stn_place place;
} stn_repair;

/* Due process for the records of some behaviours held by one agency. */
typedef struct stn_process {
    int32_t agency;
    uint64_t behaviours[STN_POPULATIONS_MAX]; /* bit = local number */
    stn_quantity notice;      /* 0 when not given */
    stn_petition petitions[2]; /* objection, appeal */
    stn_quantity correction;  /* per minute; 0 when not given */
    stn_repair repair;
    stn_place place;
} stn_process;

typedef struct stn_pardon {
    stn_quantity at;          /* minutes, at least 1 */
    uint64_t behaviours[STN_POPULATIONS_MAX];
    int32_t agency;           /* STN_NONE: all */
    stn_place place;
} stn_pardon;

typedef struct stn_detection {
    int32_t behaviour, agency;
    stn_quantity probability, delay; /* delay: minutes; 0 when not given */
    stn_place place;
} stn_detection;

typedef struct stn_false_record {
    int32_t behaviour, agency;
    stn_quantity rate;
    stn_place place;
} stn_false_record;

typedef struct stn_adjudication {
    int32_t behaviour, agency; /* agency STN_NONE: all others */
    stn_quantity after, acted, not_acted;
    stn_place place;
} stn_adjudication;

typedef struct stn_settlement {
    int32_t behaviour;
    stn_quantity after;       /* 0 when not given */
    stn_place place;
} stn_settlement;

typedef struct stn_points {
    int32_t behaviour;
    stn_quantity points;      /* whole */
    uint32_t forget;          /* minutes, or STN_NEVER: own or the rating's */
} stn_points;

typedef struct stn_band { const char *name; int32_t first, last; stn_place place; } stn_band;

typedef struct stn_rating {
    const char *name, *title;
    int32_t population;
    stn_condition covers;     /* node_count 0: everybody */
    stn_quantity base, spread;
    int32_t min, max;
    stn_quantity forget;
    int32_t points_count; const stn_points *points;
    int32_t band_count; const stn_band *bands; /* in file order; may be 0 */
    int32_t agency;           /* `by`, or STN_NONE */
    stn_quantity redeem;      /* minutes; STN_NEVER when not given */
    bool ladder;              /* then no points, and: */
    stn_quantity review;      /* interval, at least 1 minute */
    uint64_t review_behaviours; /* counted: bit = local number */
    const int32_t *move_count;  /* for each band */
    const int32_t *const *moves; /* for each band: by 0, 1, ... records */
    stn_place place;
} stn_rating;

typedef enum { STN_BLACKLIST, STN_REDLIST, STN_REGISTER } stn_list_kind;
typedef enum { STN_REENTRY_NEW_RECORD, STN_REENTRY_AT_ONCE, STN_REENTRY_NEVER } stn_reentry;

typedef struct stn_list {
    const char *name, *title;
    stn_list_kind kind;
    int32_t population, local;
    int32_t agency;           /* or STN_NONE */
    stn_condition enter, leave; /* leave of one STN_COND_NEVER node if never */
    stn_quantity term;        /* minutes; STN_NEVER: permanent */
    stn_reentry reentry;
    stn_quantity publish;     /* interval in minutes; STN_NEVER: never */
    stn_quantity archive;     /* minutes; STN_NEVER: for good; 0: none */
    stn_place place;
} stn_list;

typedef struct stn_measure {
    const char *name, *title;
    int32_t population, local;
    int32_t agency;           /* or STN_NONE */
    int32_t closes_count; const int32_t *closes; /* doors (numbers in the world) */
    int32_t opens_count; const int32_t *opens;
    stn_condition condition;
    uint32_t from, until;     /* minutes; 0 and STN_NEVER when not given */
    stn_place place;
} stn_measure; /* each part of a joint one is one of these, named `measure.1`, `measure.2`, ... */

typedef struct stn_regime {
    const char *name, *title;
    int32_t source_count; const stn_source *sources;
    int32_t agency_count; const stn_agency *agencies;
    int32_t detection_count; const stn_detection *detections;
    int32_t false_record_count; const stn_false_record *false_records;
    int32_t adjudication_count; const stn_adjudication *adjudications;
    int32_t settlement_count; const stn_settlement *settlements;
    stn_sharing sharing;
    int32_t fine_count; const stn_fine *fines;
    int32_t process_count; const stn_process *processes;
    int32_t pardon_count; const stn_pardon *pardons;
    bool counts_confirmed;
    stn_place counts_place;   /* line 0: left out */
    int32_t rating_count; const stn_rating *ratings;
    int32_t list_count; const stn_list *lists;
    int32_t measure_count; const stn_measure *measures;
    int32_t file;
} stn_regime;

struct stn_study {
    const char *title;
    stn_world world;
    int32_t regime_count; const stn_regime *regimes;
    double years;
    uint32_t horizon;         /* floor(years * 525600 + 0.5) */
    uint32_t window;          /* minutes */
    uint64_t seed;            /* of replicate 0, or of the one that this study was made for */
    int32_t replicates;
    double scale;
    int32_t by_count; const char *const *by; /* attribute names */
    int32_t file_count; const stn_file *files; /* in the order opened; study first */
    /* Every quantity of the world and the regimes that a file gives, in file
     * order: what reports list as cited or assumed. */
    int32_t quantity_count; const stn_quantity *const *quantities;
    /* The same with those that regimes share told once, and the quantity of each. */
    int32_t number_count; const stn_number *numbers; const stn_quantity *const *number_quantities;
    void *arena;              /* private to the reader */
};

#endif
