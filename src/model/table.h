/* SPDX-License-Identifier: Apache-2.0
 *
 * table.h - CSV files. */
#ifndef STN_MODEL_TABLE_H
#define STN_MODEL_TABLE_H

#include "model/decode.h"

/* A cell borrows from the file's text. */
typedef struct stn__cell {
    const char *text;
    int32_t size, line;
    const char *line_start, *start; /* its column is worked out when a message needs it */
} stn__cell;

/* The columns asked for, row by row: cells[row * columns + column]. */
typedef struct stn__table {
    int32_t file, columns, rows;
    const stn__cell *cells;
} stn__table;

/* Reads the columns `names` of the table that `node` names. False after
 * mistakes of its form. */
bool stn__table_read(stn__reader *reader, const stn__node *node, const char *const *names, int32_t columns,
    stn__table *out);
const stn__cell *stn__table_cell(const stn__table *table, int32_t row, int32_t column);
stn_place stn__table_place(const stn__table *table, const stn__cell *cell);
/* A cell's number; false after a mistake. */
bool stn__table_number(stn__reader *reader, const stn__table *table, const stn__cell *cell, stn__unit unit,
    double *value);

#endif
