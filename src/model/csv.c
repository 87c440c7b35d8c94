/* SPDX-License-Identifier: Apache-2.0
 *
 * csv.c - CSV files: a header line, then rows.
 *
 * Fields may be quoted as in RFC 4180. Lines that are empty or begin with #
 * are skipped; a byte order mark and CR before LF are tolerated. */
#include "model/csv.h"

#include <string.h>

enum { COLUMNS_MAX = 256, ROWS_MAX = 1 << 20 };

typedef struct scanner {
    stn__reader *reader;
    int32_t file;
    const char *at, *end;
    int32_t line;
    const char *line_start;   /* for columns */
} scanner;

static int32_t
column_of(const char *line_start, const char *at)
{
    int32_t column = 1;

    for (const char *byte = line_start; byte < at; byte++) {
        column += ((unsigned char) *byte & 0xc0) != 0x80;
    }
    return column;
}

static stn_place
place_at(const scanner *s, const char *at)
{
    return (stn_place) { s->file, s->line, column_of(s->line_start, at) };
}

static stn_place
place_of(const scanner *s, const stn__csv_field *cell)
{
    return (stn_place) { s->file, cell->line, column_of(cell->line_start, cell->start) };
}

static void
new_line(scanner *s)
{
    s->line++;
    s->line_start = s->at;
}

static void
skip_line_end(scanner *s)
{
    if (s->at < s->end && *s->at == '\r') {
        s->at++;
    }
    if (s->at < s->end && *s->at == '\n') {
        s->at++;
    }
    new_line(s);
}

static bool
at_line_end(const scanner *s)
{
    return s->at == s->end || *s->at == '\n' || *s->at == '\r';
}

/* A field within quotes, which may hold commas, line ends and doubled quotes. */
static bool
quoted_field(scanner *s, stn__csv_field *cell)
{
    const char *from = s->at + 1;
    char *copy;
    size_t size = 0;

    *cell = (stn__csv_field) { NULL, 0, s->line, s->line_start, s->at++ };
    while (s->at < s->end && (*s->at != '"' || s->at[1] == '"')) {
        if (*s->at == '"') {
            s->at++;
        }
        if (*s->at++ == '\n') {
            new_line(s);
        }
    }
    if (s->at == s->end) {
        stn__mistake(s->reader, place_of(s, cell), "found a quotation mark that is not closed");
        return false;
    }
    copy = stn__take(s->reader, (size_t) (s->at - from) + 1, 1);
    for (const char *byte = from; byte < s->at; byte++) {
        byte += *byte == '"';
        copy[size++] = *byte;
    }
    s->at++;
    cell->text = copy;
    cell->size = (int32_t) size;
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t')) {
        s->at++;
    }
    if (!at_line_end(s) && *s->at != ',') {
        stn__mistake(s->reader, place_at(s, s->at), "found text behind a closing quotation mark, expected a comma");
        return false;
    }
    return true;
}

/* The next field of the line, and the comma behind it; *more tells of a comma. */
static bool
field(scanner *s, stn__csv_field *cell, bool *more)
{
    const char *from, *to;

    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t')) {
        s->at++;
    }
    if (s->at < s->end && *s->at == '"') {
        if (!quoted_field(s, cell)) {
            return false;
        }
    } else {
        from = s->at;
        while (!at_line_end(s) && *s->at != ',') {
            s->at++;
        }
        for (to = s->at; to > from && (to[-1] == ' ' || to[-1] == '\t'); to--) {
        }
        *cell = (stn__csv_field) { from, (int32_t) (to - from), s->line, s->line_start, from };
    }
    *more = s->at < s->end && *s->at == ',';
    s->at += *more;
    return true;
}

/* Skips what is no row; false at the end. */
static bool
next_row(scanner *s)
{
    while (s->at < s->end) {
        const char *at = s->at;
        while (at < s->end && (*at == ' ' || *at == '\t')) {
            at++;
        }
        if (*s->at != '#' && at < s->end && *at != '\n' && *at != '\r') {
            return true;
        }
        while (!at_line_end(s)) {
            s->at++;
        }
        skip_line_end(s);
    }
    return false;
}

/* The number of the column wanted that a header names, or STN_NONE. */
static int32_t
wanted(const stn__csv_field *cell, const char *const *names, int32_t columns)
{
    for (int32_t column = 0; column < columns; column++) {
        if (strlen(names[column]) == (size_t) cell->size && memcmp(names[column], cell->text, (size_t) cell->size) == 0) {
            return column;
        }
    }
    return STN_NONE;
}

/* Reads the header: meaning[i] is the wanted column that the file's i-th is. */
static int32_t
header(scanner *s, const char *const *names, int32_t columns, int32_t meaning[COLUMNS_MAX])
{
    stn_place place = place_at(s, s->at);
    const char *found[COLUMNS_MAX];
    bool seen[COLUMNS_MAX] = { false }, more = true, fine = true;
    int32_t count = 0;

    while (more) {
        stn__csv_field cell;
        if (!field(s, &cell, &more)) {
            return 0;
        }
        if (count == COLUMNS_MAX) {
            stn__mistake(s->reader, place, "found more than %d columns", COLUMNS_MAX);
            return 0;
        }
        meaning[count] = wanted(&cell, names, columns);
        found[count++] = stn__quote_bytes(s->reader, cell.text, (size_t) cell.size);
        if (meaning[count - 1] != STN_NONE) {
            if (seen[meaning[count - 1]]) {
                stn__mistake(s->reader, place_of(s, &cell), "found two columns %s", found[count - 1]);
                fine = false;
            }
            seen[meaning[count - 1]] = true;
        }
    }
    for (int32_t column = 0; column < columns; column++) {
        if (!seen[column]) {
            stn__mistake(s->reader, place, "missing column \"%s\"; found %s", names[column],
                stn__join(s->reader, found, count < 20 ? count : 20, " and "));
            fine = false;
        }
    }
    return fine ? count : 0;
}

/* Reads one row into `cells`; false after a mistake that the rest may repeat. */
static bool
row(scanner *s, const int32_t *meaning, int32_t count, stn__csv_field *cells, bool *kept)
{
    stn_place place = place_at(s, s->at);
    int32_t found = 0;
    bool more = true;

    for (; more; found++) {
        stn__csv_field cell;
        if (!field(s, &cell, &more)) {
            return false;
        }
        if (found < count && meaning[found] != STN_NONE) {
            cells[meaning[found]] = cell;
        }
    }
    *kept = found == count;
    if (!*kept) {
        stn__mistake(s->reader, place, "found %d fields, expected %d as in the header", (int) found, (int) count);
    }
    return true;
}

static bool
rows(scanner *s, const int32_t *meaning, int32_t count, stn__csv *out)
{
    stn__csv_field *cells = NULL;
    int32_t room = 0;
    bool fine = true;

    while (next_row(s)) {
        bool kept;
        if (out->rows == ROWS_MAX) {
            stn__mistake(s->reader, place_at(s, s->at), "found more than %d rows", ROWS_MAX);
            return false;
        }
        if (out->rows == room) {
            int32_t more = room == 0 ? 64 : room * 2;
            stn__csv_field *grown = stn__take(s->reader, (size_t) more * (size_t) out->columns, sizeof *cells);
            if (room > 0) {
                memcpy(grown, cells, (size_t) room * (size_t) out->columns * sizeof *cells);
            }
            cells = grown;
            room = more;
        }
        if (!row(s, meaning, count, cells + (size_t) out->rows * (size_t) out->columns, &kept)) {
            return false;
        }
        if (!at_line_end(s)) {
            return false;
        }
        if (s->at < s->end) {
            skip_line_end(s);
        }
        out->rows += kept;
        fine = fine && kept;
    }
    out->cells = cells;
    return fine;
}

bool
stn__csv_read(stn__reader *reader, const stn__node *node, const char *const *names, int32_t columns,
    stn__csv *out)
{
    int32_t meaning[COLUMNS_MAX], count;
    const char *path = stn__scalar(reader, node, "the path of a CSV file");
    scanner s = { .reader = reader, .line = 1 };

    *out = (stn__csv) { STN_NONE, columns, 0, NULL };
    if (path == NULL) {
        return false;
    }
    s.file = stn__file_read(reader, stn__path_join(reader, node->place.file, path), "table", STN__TABLE_BYTES_MAX, node->place);
    if (s.file == STN_NONE || !stn__utf8_check(reader, s.file)) {
        return false;
    }
    out->file = s.file;
    s.at = reader->files[s.file].text;
    s.end = s.at + reader->files[s.file].size;
    if (s.end - s.at >= 3 && memcmp(s.at, "\xef\xbb\xbf", 3) == 0) {
        s.at += 3;
    }
    s.line_start = s.at;
    if (!next_row(&s)) {
        stn__mistake(reader, stn__file_start(s.file), "found an empty file, expected a header line");
        return false;
    }
    count = header(&s, names, columns, meaning);
    if (count == 0) {
        return false;
    }
    if (s.at < s.end) {
        skip_line_end(&s);
    }
    return rows(&s, meaning, count, out);
}

const stn__csv_field *
stn__csv_cell(const stn__csv *table, int32_t row_number, int32_t column)
{
    return &table->cells[(size_t) row_number * (size_t) table->columns + (size_t) column];
}

stn_place
stn__csv_place(const stn__csv *table, const stn__csv_field *cell)
{
    return (stn_place) { table->file, cell->line, column_of(cell->line_start, cell->start) };
}

bool
stn__csv_number(stn__reader *reader, const stn__csv *table, const stn__csv_field *cell, stn__unit unit, double *value)
{
    const char *rest;
    size_t size;

    if (stn__unit_read(unit, cell->text, (size_t) cell->size, value, &rest, &size) == STN__FINE) {
        return true;
    }
    stn__mistake(reader, stn__csv_place(table, cell), "found %s, expected %s",
        stn__quote_bytes(reader, cell->text, (size_t) cell->size), stn__unit_expected(unit));
    return false;
}
