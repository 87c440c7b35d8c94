/* SPDX-License-Identifier: Apache-2.0
 *
 * text.h - words and numbers as people read them: what the summary, the
 * telling of a life and the description of a model share. */
#ifndef STN_BASE_TEXT_H
#define STN_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <standing/error.h>

enum { STN__TEXT = 48 }; /* room for a number */

/* 1234567 as "1,234,567". */
const char *stn__whole(int64_t value, char text[STN__TEXT]);
/* Large numbers without a fraction, small ones with one digit of it. */
const char *stn__decimal(double value, char text[STN__TEXT]);

/* About three digits, signed if asked; "-" for what is not a number, "inf" for what has
 * no bound. */
const char *stn__short(double value, bool sign, char text[STN__TEXT]);

/* Characters of a text in UTF-8, and the bytes of the first so many of them. */
int stn__characters(const char *text);
int stn__bytes_of(const char *text, int count);

/* A text in quotation marks, as JSON has it. */
void stn__json_text(FILE *out, const char *text);
/* `"name": "text"`, after a comma and space unless it is the first. */
void stn__json_pair(FILE *out, bool first, const char *name, const char *text);

/* `, "name": 1.5`, so that it is read back as it was; null for what is not finite. */
void stn__json_number(FILE *out, const char *name, double value);

/* A text that grows. Without memory it stays as it is and says so. */
typedef struct stn__growing {
    char *text;      /* owned; NULL: empty */
    size_t size, room;
    bool failed;
} stn__growing;

void stn__growing_add(stn__growing *g, const char *format, ...) STN_PRINTF(2, 3);
void stn__growing_free(stn__growing *g);

/* Texts side by side, each wrapped to its width, two spaces between. */
typedef struct stn__cell_text {
    const char *text;
    int width;
} stn__cell_text;

void stn__columns_put(FILE *out, const stn__cell_text *cells, int count);

/* A double as a short text that gives it back, in room for that many bytes. */
enum { STN__NUMBER_ROOM = 32 };
void stn__double_text(double value, char *text);

#endif
