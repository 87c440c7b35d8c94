/* SPDX-License-Identifier: Apache-2.0
 *
 * page.h - a result file as one page to look at: it opens offline, in any browser.
 *
 * The page holds what the other calls say (compare, disparity, audit, describe, one
 * life), and counts over time, places and groups. It is a program with its data: a
 * template that is made when Standing is built, and one JSON object.
 *
 * Threads   Pages may be made by any number of threads, each of its own.
 * Failure   Nothing is written before all of it is known; nothing is closed. */
#ifndef STANDING_PAGE_H
#define STANDING_PAGE_H

#include <stdio.h>

#include <standing/results.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What goes into a page besides the result file's own counts. All are borrowed. */
typedef struct stn_page_options {
    const stn_study *study; /* that the file came from, as stn_results_extract() gives it: for the regimes' rules
                             * in words, assumptions and the audit; NULL: the page is without them */
    const char *below;      /* a folder to be left off where files are named; NULL: none */
    const stn_story *life;  /* one life to tell; NULL: none */
    const char *map;        /* the text of a GeoJSON file (RFC 7946) whose features have a property `name`, in
                             * place of tiles; NULL: tiles */
    const char *name;       /* what the page calls the result file; NULL: its path */
} stn_page_options;

/* How many people and companies the city of a result file has, in all. Errors as below. */
STN_API STN_CHECKED int stn_page_people(const char *path, int64_t *people, stn_error *err);

/* Whether this Standing was built with the template that stn_page_html() needs. */
STN_API int32_t stn_page_built(void);

/* The page, and the JSON object alone. Return 0; STN_E_ARGUMENT (no template, or the file
 * holds a city alone); STN_E_IO (not a whole result file, or `out` refused),
 * STN_E_FORMAT_NEWER, STN_E_FORMAT_OLDER or STN_E_MEMORY. */
STN_API STN_CHECKED int stn_page_html(const char *path, const stn_page_options *options, FILE *out, stn_error *err);
STN_API STN_CHECKED int stn_page_json(const char *path, const stn_page_options *options, FILE *out, stn_error *err);

#ifdef __cplusplus
}
#endif
#endif
