/* SPDX-License-Identifier: Apache-2.0
 *
 * inside.h - what the files of src/city share.
 *
 * One population at a time: its tables (fit.c), how many people each of its
 * cells has (whole.c), the people themselves (people.c), then who lives with
 * whom and who stands for which company (ties.c). city.c leads through it and
 * says what each step promises. */
#ifndef STN_CITY_INSIDE_H
#define STN_CITY_INSIDE_H

#include <standing/city.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/model.h"

/* Purposes of draws; part of the results epoch. */
enum {
    CITY_AGE = 16, CITY_HOUSEHOLD = 17, CITY_REPRESENTATIVE = 18, CITY_KICK = 19,
    CITY_BIRTH = 20, CITY_ARRIVAL = 21, CITY_BIRTHDAY = 22, CITY_DEATH = 23, CITY_DEPARTURE = 24, CITY_ANEW = 25
};

/* How a population changes, in the form that lives.c needs. */
typedef struct stn__changes stn__changes;

typedef struct stn__inhabitants {
    uint32_t size;      /* those of the start */
    uint32_t rows;      /* with those who come later */
    uint32_t room;      /* of columns: at least `rows` */
    uint32_t *cells;    /* column of `room` */
    uint8_t *ages;      /* column of `room`, or NULL */
    uint32_t *comings;  /* column of room - size, or NULL: when each newcomer comes, and how (lives.c) */
    stn__changes *changes; /* in the city's arena; NULL: nobody comes, ages or goes */
    uint32_t *starts;   /* first row of each cell, and `size` behind the last */
} stn__inhabitants;

struct stn_city {
    const stn_study *study;       /* borrowed */
    stn__arena *arena;            /* texts of the fits, changes */
    stn__inhabitants populations[STN_POPULATIONS_MAX];
    uint32_t *households;         /* column, or NULL */
    uint32_t *representatives;    /* column, or NULL */
    uint32_t family_household_count, household_count;
    stn_fit *fits;
    int32_t fit_count, fit_room;
    uint64_t digest;
};

/* One call of stn_city_new(). */
typedef struct stn__making {
    stn_city *city;
    const stn_study *study;
    stn_city_options options;
    int32_t threads;
    double done;        /* 0 to 1 */
    uint64_t people;
    int64_t told;       /* when progress was last told, in ms */
    stn_error *err;
} stn__making;

/* Tells how far the making is, now and then. Returns 0 or STN_E_STOPPED. */
int stn__city_tell(stn__making *making);
/* The same as a stn__watch_fn whose user begins with a pointer to the making. */
int stn__city_watch(void *user, int64_t pieces);
int stn__city_no_memory(stn__making *making);

/* A margin or a joint over the cells of a population. Its cells have numbers
 * behind those of the tables before it: `first` and up. */
typedef struct stn__table {
    const char *name;        /* "district x residence" */
    bool margin;
    int32_t attribute_count;
    const int32_t *attributes;
    int32_t cell_count;
    int32_t first;
    double *expected;        /* people at scale 1 */
    int64_t *margin_people;  /* of a margin: whole people at the city's size */
    uint32_t *of_cell;       /* for each cell of the population: first + cell of the table */
} stn__table;

typedef struct stn__tables {
    const stn_population *population;
    int32_t number;          /* of the population */
    uint32_t size;           /* people wanted */
    int32_t count;
    stn__table *tables;      /* the margins in the attributes' order, then the joints */
    int32_t entry_count;     /* cells of all tables */
    double *fitted;          /* people of each cell of the population at scale 1 */
    stn__arena *arena;       /* owns all of it */
} stn__tables;

/* Splits `count` by weights, whole parts first, then one each to the largest
 * remainders (the first of equals). False if there is somebody but no weight. */
bool stn__apportion(int64_t count, const double *weights, int32_t n, int64_t *parts);

/* Reads off the tables of a population and fits all cells to them. Returns 0,
 * STN_E_INPUT, STN_E_STOPPED or STN_E_MEMORY. */
int stn__tables_new(stn__making *making, int32_t population, uint32_t size, stn__tables *tables);
void stn__tables_free(stn__tables *tables);
/* "Haidian, registered": a cell of a table, in `text`. */
const char *stn__fit_cell(const stn_population *population, const stn__table *table, int32_t cell,
    char *text, size_t size);

/* Whole people for each cell of the population. The same returns. */
int stn__whole_people(stn__making *making, const stn__tables *tables, int64_t *people);

/* Lays out the rows and their ages. */
int stn__people_new(stn__making *making, int32_t population, const int64_t *people);

/* Initial people of some cells, in row order. */
typedef struct stn__pool {
    uint32_t count;         /* people */
    int32_t cell_count;
    int32_t *cells;         /* those with somebody, rising */
    uint32_t *before;       /* people in the pool's cells before each */
} stn__pool;

typedef bool (*stn__in_pool_fn)(const void *user, int32_t cell);
/* False: no memory. */
bool stn__pool_fill(stn__arena *arena, const stn__inhabitants *people, int32_t cell_count, stn__in_pool_fn in_pool,
    const void *user, stn__pool *pool);
/* The row of the one whom a word of a draw picks, and (unless `cell` is NULL) their
 * cell; the pool must not be empty. */
uint32_t stn__pool_pick(const stn__pool *pool, const stn__inhabitants *people, uint32_t word, uint32_t *cell);

/* Who lives with whom, and who represents which company. */
int stn__live_together(stn__making *making);
int stn__represent(stn__making *making);

/* How a population changes: sets its `changes` and the room that its newcomers need.
 * Its size must be known. Then, once all are housed, the newcomers themselves. Both
 * return 0, STN_E_LIMIT, STN_E_STOPPED or STN_E_MEMORY. */
int stn__changes_new(stn__making *making, int32_t population);
int stn__newcomers(stn__making *making, int32_t population);

/* Notes how well a table is met: people or things `actual`, against `expected`.
 * `cell_name` names a cell of the table. Returns 0 or STN_E_MEMORY. */
typedef const char *(*stn__cell_name_fn)(const void *user, int32_t cell, char *text, size_t size);
int stn__fit_add(stn__making *making, const char *population, const char *table, bool exact,
    const int64_t *actual, const double *expected, int32_t cells, stn__cell_name_fn cell_name,
    const void *user);

/* Shuffles `n` elements of a column: Fisher and Yates, with draw i / 4's word
 * i % 4 for element i. */
void stn__shuffle_u32(uint32_t *elements, uint32_t n, uint64_t seed, uint32_t purpose,
    uint32_t population, uint32_t c1, uint32_t c2);
void stn__shuffle_u8(uint8_t *elements, uint32_t n, uint64_t seed, uint32_t purpose,
    uint32_t population, uint32_t c1, uint32_t c2);

/* The level of an attribute in a cell. */
static inline int32_t
stn__level(const stn_population *population, int32_t attribute, int32_t cell)
{
    for (int32_t later = population->attribute_count - 1; later > attribute; later--) {
        cell /= population->attributes[later].level_count;
    }
    return cell % population->attributes[attribute].level_count;
}

#endif
