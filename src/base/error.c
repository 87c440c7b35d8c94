/* SPDX-License-Identifier: Apache-2.0
 *
 * error.c - raising errors and reporting mistakes. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *
stn_error_text(int code)
{
    switch (code) {
    case STN_OK:
        return "no error";
#define STN__CASE(name, value, text) \
    case STN_E_##name: \
        return text;
        STN_ERROR_MAP(STN__CASE)
#undef STN__CASE
    default:
        return "unknown error";
    }
}

int
stn__fail(stn_error *err, int code, const char *format, ...)
{
    va_list args;

    if (err != NULL) {
        err->code = code;
        va_start(args, format);
        vsnprintf(err->text, sizeof err->text, format, args);
        va_end(args);
    }
    return code;
}

void
stn__broken(const char *what, const char *file, int line)
{
    fprintf(stderr, "standing: %s:%d: this cannot be: not (%s). Please report it.\n", file, line, what);
    abort();
}

struct stn_report {
    char **texts; /* owned, each too; those from count to room are NULL, as is a lost one */
    int32_t count, room;
};

stn_report *
stn_report_new(void)
{
    return calloc(1, sizeof(stn_report));
}

void
stn_report_free(stn_report *report)
{
    if (report == NULL) {
        return;
    }
    for (int32_t index = 0; index < report->count && index < report->room; index++) {
        free(report->texts[index]);
    }
    free(report->texts);
    free(report);
}

int32_t
stn_report_count(const stn_report *report)
{
    return report->count;
}

const char *
stn_report_text(const stn_report *report, int32_t index)
{
    STN_INVARIANT(index >= 0 && index < report->count);
    if (index >= report->room || report->texts[index] == NULL) {
        return "(a message was lost for want of memory)";
    }
    return report->texts[index];
}

void
stn__report_add(stn_report *report, const char *path, int32_t line, int32_t column,
    const char *format, ...)
{
    char place[32] = "";
    char *text = NULL;
    va_list args;
    int head, body;

    if (report->count >= report->room) {
        int32_t room = report->room == 0 ? 16 : report->room * 2;
        char **texts = realloc(report->texts, (size_t) room * sizeof *texts);
        if (texts == NULL) {
            report->count++;
            return;
        }
        for (int32_t index = report->room; index < room; index++) {
            texts[index] = NULL; /* messages may have been lost while the list was too short */
        }
        report->texts = texts;
        report->room = room;
    }
    if (line > 0) {
        snprintf(place, sizeof place, ":%d:%d", (int) line, (int) column);
    }
    va_start(args, format);
    body = vsnprintf(NULL, 0, format, args);
    va_end(args);
    head = (int) (strlen(path) + strlen(place) + 2);
    if (body >= 0) {
        text = malloc((size_t) head + (size_t) body + 1);
    }
    if (text != NULL) {
        snprintf(text, (size_t) head + 1, "%s%s: ", path, place);
        va_start(args, format);
        vsnprintf(text + head, (size_t) body + 1, format, args);
        va_end(args);
    }
    report->texts[report->count++] = text;
}

/* Optimal string alignment distance; names are short (63 bytes by the format),
 * longer ones have no near neighbour. */
static int32_t
distance(const char *a, const char *b)
{
    enum { LONGEST = 64 };
    int32_t rows[3][LONGEST + 1];
    size_t a_size = strlen(a), b_size = strlen(b);

    if (a_size > LONGEST || b_size > LONGEST) {
        return INT32_MAX;
    }
    for (size_t j = 0; j <= b_size; j++) {
        rows[0][j] = (int32_t) j;
    }
    for (size_t i = 1; i <= a_size; i++) {
        int32_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        now[0] = (int32_t) i;
        for (size_t j = 1; j <= b_size; j++) {
            int32_t best = before[j - 1] + (a[i - 1] != b[j - 1]);
            if (before[j] + 1 < best) {
                best = before[j] + 1;
            }
            if (now[j - 1] + 1 < best) {
                best = now[j - 1] + 1;
            }
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]
                && earlier[j - 2] + 1 < best) {
                best = earlier[j - 2] + 1;
            }
            now[j] = best;
        }
    }
    return rows[a_size % 3][b_size];
}

const char *
stn__nearest(const char *name, const char *const *names, int32_t count)
{
    const char *nearest = NULL;
    int32_t best = INT32_MAX;

    for (int32_t index = 0; index < count; index++) {
        size_t a = strlen(name), b = strlen(names[index]);
        int32_t longest = (int32_t) (a > b ? a : b);
        int32_t limit = longest / 3 > 1 ? longest / 3 : 1;
        int32_t d = distance(name, names[index]);
        if (d <= limit && d < best) {
            best = d;
            nearest = names[index];
        }
    }
    return nearest;
}
