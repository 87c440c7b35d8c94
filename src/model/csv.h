/* SPDX-License-Identifier: Apache-2.0
 *
 * csv.h - CSV files. */
#ifndef STN_MODEL_CSV_H
#define STN_MODEL_CSV_H

#include "model/decode.h"

/* A cell borrows from the file's text. */
typedef struct stn__csv_field {
    const char *text;
    int32_t size, line;
    const char *line_start, *start; /* its column is worked out when a message needs it */
} stn__csv_field;

/* The columns asked for, row by row: cells[row * columns + column]. */
typedef struct stn__csv {
    int32_t file, columns, rows;
    const stn__csv_field *cells;
} stn__csv;

/* Reads the columns `names` of the table that `node` names. False after
 * mistakes of its form. */
bool stn__csv_read(stn__reader *reader, const stn__node *node, const char *const *names, int32_t columns,
    stn__csv *out);
const stn__csv_field *stn__csv_cell(const stn__csv *table, int32_t row, int32_t column);
stn_place stn__csv_place(const stn__csv *table, const stn__csv_field *cell);
/* A cell's number; false after a mistake. */
bool stn__csv_number(stn__reader *reader, const stn__csv *table, const stn__csv_field *cell, stn__unit unit,
    double *value);

#endif
