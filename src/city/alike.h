/* SPDX-License-Identifier: Apache-2.0
 *
 * alike.h - who is like whom, who lives with whom, who stands for whom.
 *
 * Made from a finished city by whoever needs it, because each costs memory. What
 * is made borrows the city, never changes and may be read by any number of
 * threads. Rows are all that a population will ever have (stn_city_rows): whether
 * somebody is there at a time is not asked here. */
#ifndef STN_CITY_ALIKE_H
#define STN_CITY_ALIKE_H

#include <stdint.h>

#include <standing/city.h>

#define STN__NOBODY UINT32_MAX /* no row; no household; no representative */

/* The people of a population by the levels that they have, when they come, of
 * some attributes (docs/semantics.md, section 14). About 20 bytes a cell and 4 a
 * newcomer. */
typedef struct stn__namesakes stn__namesakes;

/* `attributes`: numbers of attributes of the population; none: all are alike.
 * NULL: no memory. */
stn__namesakes *stn__namesakes_new(const stn_city *city, int32_t population, const int32_t *attributes,
    int32_t count);
void stn__namesakes_free(stn__namesakes *namesakes); /* NULL does nothing */

/* How many others are like somebody. */
uint32_t stn__namesakes_count(const stn__namesakes *namesakes, uint32_t row);
/* The one with that number, less than the count, among those others in row order. */
uint32_t stn__namesakes_other(const stn__namesakes *namesakes, uint32_t row, uint32_t index);
/* Whom a word of a draw picks among them; STN__NOBODY if there is none. */
uint32_t stn__namesake(const stn__namesakes *namesakes, uint32_t row, uint32_t word);

/* Rows by what they belong to: those of group g are rows[starts[g]] up to, without,
 * rows[starts[g + 1]], rising. */
typedef struct stn__members {
    uint32_t group_count, row_count;
    uint32_t *starts;  /* column of group_count + 1 */
    uint32_t *rows;    /* column of row_count */
} stn__members;

/* The members of each household; the city must have households. NULL: no memory. */
stn__members *stn__members_of_households(const stn_city *city);
/* Whom each row of the representing population stands for: rows of the represented
 * one; the city must have representatives. NULL: no memory. */
stn__members *stn__members_of_representatives(const stn_city *city);
void stn__members_free(stn__members *members); /* NULL does nothing */

static inline const uint32_t *
stn__members_of(const stn__members *members, uint32_t group, uint32_t *count)
{
    *count = members->starts[group + 1] - members->starts[group];
    return members->rows + members->starts[group];
}

#endif
