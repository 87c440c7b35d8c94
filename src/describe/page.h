/* SPDX-License-Identifier: Apache-2.0
 *
 * page.h - headings, paragraphs, lists and tables, as Markdown or as HTML.
 *
 * A text is plain but for these marks, each before and behind what it marks. The
 * reader lets no control character into a model, so nobody else can write them. */
#ifndef STN_DESCRIBE_PAGE_H
#define STN_DESCRIBE_PAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <standing/describe.h>

#define STN__CODE "\001" /* a name or a formula */
#define STN__STRESS "\002"
#define STN__REFERENCE "\003" /* the number of a source */
#define STN__LINK "\004"      /* an address */

typedef struct stn__page {
    FILE *out;
    stn_form form;
    int level; /* of the topmost heading */
} stn__page;

/* A document of its own around all the rest. */
void stn__page_begin(stn__page *page, const char *title);
void stn__page_end(stn__page *page);

/* `depth` from 0; `id` may be NULL. */
void stn__page_heading(stn__page *page, int depth, const char *id, const char *text);
void stn__page_paragraph(stn__page *page, const char *text);
void stn__page_formula(stn__page *page, const char *text);
/* Its contents: links to ids that headings have. */
void stn__page_contents(stn__page *page, const char *const *ids, const char *const *texts, int32_t count);

void stn__page_list_begin(stn__page *page);
void stn__page_item(stn__page *page, const char *id, const char *text);
void stn__page_list_end(stn__page *page);

/* The caption tells what it is; a row has as many texts as there are heads. */
void stn__page_table_begin(stn__page *page, const char *caption, const char *const *heads, int count);
void stn__page_row(stn__page *page, const char *const *texts, int count);
void stn__page_table_end(stn__page *page);

#endif
