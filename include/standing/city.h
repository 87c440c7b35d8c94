/* SPDX-License-Identifier: Apache-2.0
 *
 * city.h - made-up people and companies that meet published tables.
 *
 * Lifetime  A city borrows its study. It never changes once made.
 * Threads   May be read by any number of threads.
 * Results   `threads` decides how long making it takes, never a byte of it. */
#ifndef STANDING_CITY_H
#define STANDING_CITY_H

#include <standing/study.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct stn_city stn_city;

/* Where a long call stands. */
typedef struct stn_progress {
    const char *stage;    /* e.g. "making the city", "living under none" */
    double done;          /* 0 to 1, of this stage */
    uint64_t people;      /* handled so far in this stage: people and companies, once for each window */
} stn_progress;

/* Told of progress on the calling thread, at most some tens of times a second.
 * A value other than 0 asks to stop: the call returns STN_E_STOPPED soon. */
typedef int (*stn_progress_fn)(void *user, const stn_progress *progress);

typedef struct stn_city_options {
    int32_t threads;          /* 0: one for each core */
    stn_progress_fn progress; /* NULL: none */
    void *user;
} stn_city_options;

/* Makes everybody. `options` may be NULL. Returns 0, STN_E_INPUT (tables that no
 * city can meet; `err` says which), STN_E_LIMIT, STN_E_STOPPED or STN_E_MEMORY. */
STN_API STN_CHECKED int stn_city_new(const stn_study *study, const stn_city_options *options,
    stn_city **out, stn_error *err);
STN_API void stn_city_free(stn_city *city); /* NULL does nothing */

/* How many there are at the start, and how many rows a population has with those
 * who come within the study's years: the same where nobody does. */
STN_API uint32_t stn_city_size(const stn_city *city, int32_t population);
STN_API uint32_t stn_city_rows(const stn_city *city, int32_t population);
/* The minute at which somebody is born or moves in; 0 for those of the start. */
STN_API uint32_t stn_city_coming(const stn_city *city, int32_t population, uint32_t row);

/* One value for each row of a population, in row order; borrowed. Those of the start
 * are laid out by rising cell; a cell numbers the combination of the attributes'
 * levels, the last attribute fastest. Who comes later stands behind, in the order of
 * coming, with what they have when they come. */
STN_API const uint32_t *stn_city_cells(const stn_city *city, int32_t population);
/* Ages in years; NULL when the population has no attribute with ages. */
STN_API const uint8_t *stn_city_ages(const stn_city *city, int32_t population);
/* Of the population that lives in households: the household's number, UINT32_MAX for
 * those who move in later. Family households come first. NULL when the world has none. */
STN_API const uint32_t *stn_city_households(const stn_city *city);
STN_API uint32_t stn_city_family_household_count(const stn_city *city);
STN_API uint32_t stn_city_household_count(const stn_city *city);
/* For each company, the row of its legal representative (UINT32_MAX for companies that
 * come later). NULL: world has none. */
STN_API const uint32_t *stn_city_representatives(const stn_city *city);

/* How well one table of the world file is met. */
typedef struct stn_fit {
    const char *population;
    const char *table;   /* e.g. "district", "district x residence", "household size" */
    const char *rule;    /* "exact" or "within one" */
    int32_t cells;       /* of the table */
    double worst;        /* greatest |persons - table| of its cells */
    const char *worst_cell; /* e.g. "Haidian, registered"; "" if worst is 0 */
    int ok;              /* 1: the rule holds */
} stn_fit;

STN_API int32_t stn_city_fit_count(const stn_city *city);
STN_API const stn_fit *stn_city_fit(const stn_city *city, int32_t index);

/* A number that changes with any byte of the city. */
STN_API uint64_t stn_city_digest(const stn_city *city);

#ifdef __cplusplus
}
#endif
#endif
