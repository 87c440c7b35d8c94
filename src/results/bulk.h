/* SPDX-License-Identifier: Apache-2.0
 *
 * bulk.h - millions of rows of whole numbers for one table of a result file.
 *
 * SQLite takes most of a microsecond for a row; laying out the table's pages takes
 * a twentieth of that. The pages are those of its file format, which has not changed
 * since 2006 and will not (https://www.sqlite.org/fileformat2.html); whoever reads
 * the file sees a table like any other.
 *
 * The file is written to by SQLite and by this in turn, never at once: every call
 * but stn__bulk_new() needs that no connection has the file open. The table must have
 * no index and no other rows, and no column of it may be the rowid. */
#ifndef STN_RESULTS_BULK_H
#define STN_RESULTS_BULK_H

#include "results/database.h"

enum { STN__BULK_COLUMNS_MAX = 8 };

typedef struct stn__bulk stn__bulk;

/* For an empty table of the open database, which must not be of the kind that
 * vacuums itself. NULL: it failed, and `err` says how. */
stn__bulk *stn__bulk_new(stn__db *db, const char *table, int32_t columns, stn_error *err);
void stn__bulk_free(stn__bulk *bulk); /* NULL does nothing */

/* Opens the file at `path` for rows; `name` (borrowed) is what messages call it. Between
 * this and the closing come rows, in the order that they shall have. All return 0,
 * STN_E_IO or STN_E_MEMORY. */
int stn__bulk_open(stn__bulk *bulk, const char *path, const char *name, stn_error *err);
int stn__bulk_add(stn__bulk *bulk, const int64_t *values, stn_error *err);
/* Some of the rows may wait in memory for more. SQLite may go on with the file. */
int stn__bulk_close(stn__bulk *bulk, stn_error *err);
/* Opens the file a last time, and makes the rows part of the table. */
int stn__bulk_finish(stn__bulk *bulk, const char *path, const char *name, stn_error *err);

#endif
