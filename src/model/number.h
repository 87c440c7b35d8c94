/* SPDX-License-Identifier: Apache-2.0
 *
 * number.h - numbers and units as the files write them. */
#ifndef STN_MODEL_NUMBER_H
#define STN_MODEL_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    STN__PROBABILITY, STN__RATE, STN__DURATION, STN__COEFFICIENT, STN__FACTOR, STN__POINTS,
    STN__SPREAD,              /* points that are not negative */
    STN__COUNT,
    STN__ACTS,                /* learning.weight */
    STN__AMOUNT, STN__INCOME, /* yuan; yuan per year */
    STN__CAPACITY,            /* cases per minute */
    STN__WEIGHT,              /* of a table */
    STN__AGE, STN__HOUSEHOLD, /* years; members */
    STN__YEARS, STN__SCALE, STN__REPLICATES /* of a study */
} stn__unit;

/* What a unit's numbers look like, for messages, e.g. "a probability from 0 to
 * 1, such as 0.35 or 35 %". */
const char *stn__unit_expected(stn__unit unit);
/* The same in a word or two, e.g. "probability". */
const char *stn__unit_name(stn__unit kind);
/* For the schema: a pattern of its text, and the bounds of bare numbers; *bare
 * is false if a unit must be written. */
const char *stn__unit_pattern(stn__unit unit);
void stn__unit_bounds(stn__unit unit, double *min, double *max, bool *whole, bool *bare);

typedef enum { STN__FINE, STN__NO_NUMBER, STN__BAD_UNIT, STN__NO_UNIT, STN__OUT_OF_RANGE, STN__NOT_WHOLE } stn__number_fault;

/* Reads all of `text`. *near becomes the unit of time nearest to what stands in
 * its place, or NULL. */
stn__number_fault stn__unit_read(stn__unit unit, const char *text, size_t size, double *value, const char **near);

/* Reads the number at the beginning of `text`, behind which a byte that is in
 * no number must stand (a NUL will do); returns its length, 0 if there is none.
 * Correctly rounded if LC_NUMERIC is "C", which the reader sees to. */
size_t stn__number_read(const char *text, size_t size, double *value);

#endif
