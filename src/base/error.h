/* SPDX-License-Identifier: Apache-2.0
 *
 * error.h - raising errors and reporting mistakes, inside the library. */
#ifndef STN_BASE_ERROR_H
#define STN_BASE_ERROR_H

#include <stdbool.h>
#include <stdlib.h>

#include <standing/error.h>

/* Fills `err` (which may be NULL) and returns `code`. Every error of the library
 * goes through here, so one breakpoint catches all. */
int stn__fail(stn_error *err, int code, const char *format, ...) STN_PRINTF(3, 4);

/* For the caller's misuse and for what cannot happen: on in releases too. */
#define STN_INVARIANT(x) ((x) ? (void)0 : stn__broken(#x, __FILE__, __LINE__))
void stn__broken(const char *what, const char *file, int line) __attribute__((noreturn));

/* Adds "path:line:column: text" (without the place if line is 0). Without
 * memory the message is counted but has no text. */
void stn__report_add(stn_report *report, const char *path, int32_t line, int32_t column,
    const char *format, ...) STN_PRINTF(5, 6);

/* Of `count` names the one nearest to `name` (Damerau-Levenshtein distance at
 * most a third of the longer length, at least 1), or NULL. The first of equals. */
const char *stn__nearest(const char *name, const char *const *names, int32_t count);

#endif
