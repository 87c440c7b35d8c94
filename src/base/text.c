/* SPDX-License-Identifier: Apache-2.0
 *
 * text.c - words and numbers as people read them. */
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum { GAP = 2, CELLS_MAX = 8 };

const char *
stn__whole(int64_t value, char text[STN__TEXT])
{
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%" PRId64, value < 0 ? -value : value);
    char *out = text;

    if (value < 0) {
        *out++ = '-';
    }
    for (int i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0) {
            *out++ = ',';
        }
        *out++ = digits[i];
    }
    *out = '\0';
    return text;
}

const char *
stn__decimal(double value, char text[STN__TEXT])
{
    if (value > -100 && value < 100) {
        snprintf(text, STN__TEXT, "%.1f", value);
        return text;
    }
    return stn__whole((int64_t) (value < 0 ? value - 0.5 : value + 0.5), text);
}

const char *
stn__short(double value, bool sign, char text[STN__TEXT])
{
    double size = value < 0 ? -value : value;
    int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;

    if (isnan(value)) {
        return "-";
    }
    if (isinf(value)) {
        return "inf";
    }
    if (size == 0) {
        return "0";
    }
    if (size >= 1000) {
        char whole[STN__TEXT];
        snprintf(text, STN__TEXT, "%s%s", sign && value > 0 ? "+" : "", stn__whole((int64_t) (value < 0 ? value - 0.5 : value + 0.5), whole));
        return text;
    }
    snprintf(text, STN__TEXT, sign ? "%+.*f" : "%.*f", value == (double) (int64_t) value ? 0 : digits, value);
    return text;
}

int
stn__characters(const char *text)
{
    int count = 0;

    for (; *text != '\0'; text++) {
        count += ((unsigned char) *text & 0xC0) != 0x80;
    }
    return count;
}

int
stn__bytes_of(const char *text, int count)
{
    int bytes = 0;

    while (text[bytes] != '\0' && (count > 0 || ((unsigned char) text[bytes] & 0xC0) == 0x80)) {
        count -= ((unsigned char) text[bytes++] & 0xC0) != 0x80;
    }
    return bytes;
}

/* -------------------------------------------------------------------- JSON */

void
stn__json_text(FILE *out, const char *text)
{
    putc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char) *text;
        if (c == '"' || c == '\\') {
            putc('\\', out);
            putc(c, out);
        } else if (c < 0x20 || c == 0x7f) {
            fprintf(out, "\\u%04x", (unsigned) c);
        } else {
            putc(c, out);
        }
    }
    putc('"', out);
}

void
stn__json_pair(FILE *out, bool first, const char *name, const char *text)
{
    fprintf(out, "%s\"%s\": ", first ? "" : ", ", name);
    stn__json_text(out, text);
}

void
stn__json_number(FILE *out, const char *name, double value)
{
    char text[STN__NUMBER_ROOM];

    if (isnan(value) || isinf(value)) {
        fprintf(out, ", \"%s\": null", name);
        return;
    }
    stn__double_text(value, text);
    fprintf(out, ", \"%s\": %s", name, text);
}

void
stn__double_text(double value, char *text)
{
    char short_one[STN__NUMBER_ROOM] = "";

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(short_one, sizeof short_one, "%.*g", digits, value);
        if (strtod(short_one, NULL) == value) {
            break;
        }
    }
    memcpy(text, short_one, sizeof short_one);
}

/* ------------------------------------------------------------------ growing */

void
stn__growing_add(stn__growing *g, const char *format, ...)
{
    va_list args;
    int size;

    va_start(args, format);
    size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (g->size + (size_t) size + 1 > g->room) {
        size_t room = 2 * (g->size + (size_t) size + 1);
        char *text = realloc(g->text, room);
        if (text == NULL) {
            g->failed = true;
            return;
        }
        g->text = text;
        g->room = room;
    }
    va_start(args, format);
    vsnprintf(g->text + g->size, g->room - g->size, format, args);
    va_end(args);
    g->size += (size_t) size;
}

void
stn__growing_free(stn__growing *g)
{
    free(g->text);
    *g = (stn__growing){ NULL, 0, 0, false };
}

/* ------------------------------------------------------------------ columns */

/* Bytes of the next line of a text: up to a line feed, the last space that fits,
 * or as much of a long word as fits. */
static int
line_bytes(const char *text, int width)
{
    int fits = stn__bytes_of(text, width), feed = (int) strcspn(text, "\n"), end;

    if (feed <= fits) {
        return feed;
    }
    for (end = fits; end > 0 && text[end] != ' '; end--) {
    }
    return end > 0 ? end : fits;
}

void
stn__columns_put(FILE *out, const stn__cell_text *cells, int count)
{
    const char *at[CELLS_MAX];
    bool more = true;

    STN_INVARIANT(count <= CELLS_MAX);
    for (int c = 0; c < count; c++) {
        at[c] = cells[c].text;
    }
    while (more) {
        int owed = 0; /* spaces not written yet: a line has none at its end */
        more = false;
        for (int c = 0; c < count; c++) {
            int bytes = line_bytes(at[c], cells[c].width), shown = 0;
            for (int b = 0; b < bytes; b++) {
                shown += ((unsigned char) at[c][b] & 0xC0) != 0x80;
            }
            if (bytes > 0) {
                fprintf(out, "%*s%.*s", owed, "", bytes, at[c]);
                owed = 0;
            }
            owed += cells[c].width - shown + GAP;
            at[c] += bytes;
            at[c] += *at[c] == '\n' || *at[c] == ' ';
            more = more || *at[c] != '\0';
        }
        putc('\n', out);
    }
}
