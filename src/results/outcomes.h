/* SPDX-License-Identifier: Apache-2.0
 *
 * outcomes.h - a result file read for comparing: who is in which cell of a table, and
 * what a regime did to them in each replicate.
 *
 * compare.c sets regime against regime, disparity.c cell against cell. A *cell* is a
 * combination of levels of the attributes asked for, or everybody; values stand by
 * cell and replicate, [cell * replicates + replicate]. */
#ifndef STN_RESULTS_OUTCOMES_H
#define STN_RESULTS_OUTCOMES_H

#include "base/arena.h"
#include "results/database.h"

typedef struct stn__regime_name {
    const char *name, *title;
} stn__regime_name;

typedef struct stn__population_name {
    const char *name;
    int32_t groups;
} stn__population_name;

/* A result file with the results of a study. Texts live as long as it. */
typedef struct stn__book {
    stn__db db;
    stn__arena *arena;   /* owned: all that is read */
    const char *path, *study;
    int32_t replicates, window_count;
    uint32_t window, horizon; /* minutes */
    int32_t regime_count;
    const stn__regime_name *regimes;
    int32_t population_count;
    const stn__population_name *populations;
    int32_t by_count;
    const char *const *by; /* attributes that it can be taken apart by */
} stn__book;

/* Opens a result file and checks that it is whole. Returns 0; STN_E_IO (no such file, not
 * a result file, a damaged one), STN_E_FORMAT_*, STN_E_ARGUMENT (it holds no regimes) or
 * STN_E_MEMORY. To be closed in any case. */
int stn__book_open(const char *path, stn__book *book, stn_error *err);
void stn__book_close(stn__book *book);
/* The number of a regime; STN_E_ARGUMENT, naming the nearest, if there is none. */
int stn__book_regime(const stn__book *book, const char *name, int32_t *regime, stn_error *err);
/* The attributes of "a,b,c" as numbers of `by`, at most STN__BY_MAX. */
enum { STN__BY_MAX = 12 };
int stn__book_by(const stn__book *book, const char *text, int32_t *by, int32_t *count, stn_error *err);

typedef struct stn__cells {
    int32_t count;
    int32_t by_count;
    int32_t by[STN__BY_MAX];       /* numbers of the book's `by` that the population has */
    const char *const *levels;     /* [cell * by_count + place] */
    const int32_t *of_group;
    const double *people;          /* who ever were there: [cell * replicates + replicate] */
} stn__cells;

/* The cells of a population by those of the attributes that it has, in the order of its
 * groups; without any, one cell with everybody. */
int stn__cells_read(stn__book *book, int32_t population, const int32_t *by, int32_t by_count, stn__cells *cells,
    stn_error *err);

enum { STN__SMALL_CELL = 30 }; /* of fewer people a table warns */

/* "north, low"; and the same as an object, {} for cell -1. */
void stn__cell_label(const stn__cells *cells, int32_t cell, char *text, size_t room);
void stn__cell_json(FILE *out, const stn__book *book, const stn__cells *cells, int32_t cell);

typedef enum { STN__PEOPLE, STN__MINUTES, STN__TIMES, STN__YUAN, STN__SHARE, STN__YEARS_LONG } stn__outcome_unit;

/* What can be said of a regime. */
typedef struct stn__outcome_kind {
    const char *key;      /* for programs */
    const char *label;    /* for people; of one with subjects the subject follows */
    stn__outcome_unit unit;
    bool summed;          /* over its subjects */
    bool headline;        /* shown for each cell */
    const char *total;    /* its source: a total (a counter, or one of those of outcomes.c) */
    const char *of;       /* of a share: the total that it is a share of; NULL: none */
    const char *measure;  /* where table `effect` takes it apart, person by person; NULL: nowhere */
} stn__outcome_kind;

typedef struct stn__outcome {
    const stn__outcome_kind *kind;
    const char *subject;  /* "" */
    double *values;       /* [cell * replicates + replicate], minutes as minutes; NAN: not defined */
} stn__outcome;

typedef struct stn__outcomes {
    int32_t count;
    stn__outcome *all;
} stn__outcomes;

/* What compare and disparity tell, and how often a regime errs. */
extern const stn__outcome_kind stn__outcome_kinds[], stn__error_kinds[];
extern const int32_t stn__outcome_kind_count, stn__error_kind_count;

/* Of some kinds all that was not 0 for somebody under some regime, in their order: the same
 * outcomes for each regime. */
int stn__outcomes_read(stn__book *book, int32_t population, int32_t regime, const stn__outcome_kind *kinds,
    int32_t kind_count, const stn__cells *cells, stn__outcomes *out, stn_error *err);

/* First spells of a kind: people by cell and length, [cell * windows + length], of all
 * replicates together or, with `replicate` >= 0, of one. */
int stn__spells_read(stn__book *book, int32_t population, int32_t regime, const char *kind, int32_t replicate,
    const stn__cells *cells, int64_t *ended, int64_t *cut, stn_error *err);

/* A total of a regime by cell and replicate, of one subject or (NULL) summed over all;
 * zeros if there is none of it. */
int stn__total_read(stn__book *book, int32_t population, int32_t regime, const char *name, const char *subject,
    const stn__cells *cells, double **values, stn_error *err);

#endif
