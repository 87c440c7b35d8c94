/* SPDX-License-Identifier: Apache-2.0
 *
 * page.h - what the files of a page share.
 *
 * page.c      the public calls: the object as a whole, and the template around it
 * counts.c    what happened over time and in groups, one pass over the series
 * people.c    ratings, spells and fates
 * template.c  made at build time: the page without data */
#ifndef STN_REPORT_PAGE_H
#define STN_REPORT_PAGE_H

#include "results/outcomes.h"

/* The page of report/, with the marks below once each; empty if it was not built. */
extern const char stn__page_template[];
#define STN__PAGE_DATA "@STANDING_DATA@"
#define STN__PAGE_TITLE "@STANDING_TITLE@"

/* Attributes with their cells: one cell for everybody first, then the levels of each of
 * the book's attributes that the population has. */
typedef struct stn__page_view {
    int32_t count;
    int32_t attribute[1 + STN__BY_MAX]; /* number of the book's `by`; STN_NONE: everybody */
    stn__cells cells[1 + STN__BY_MAX];
} stn__page_view;

int stn__page_view_read(stn__book *book, int32_t population, stn__page_view *view, stn_error *err);

/* A number of about six digits, or null. */
void stn__page_number(FILE *out, double value);

/* `"counts": [...]`, `"ratings": [...], "spells": [...], "fates": [...]`. */
int stn__page_counts(stn__book *book, FILE *out, stn_error *err);
int stn__page_people(stn__book *book, FILE *out, stn_error *err);

#endif
