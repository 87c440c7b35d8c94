/* SPDX-License-Identifier: Apache-2.0
 *
 * database.h - SQLite, as far as result files need it.
 *
 * database.c  opening, filling rows, errors
 * schema.c    the tables and views
 * provenance.c, people.c  what is known before a regime is lived
 * fates.c, spells.c       what happens to people (fates.h)
 * writer.c    the public calls that write; bulk.c its largest tables
 * export.c, extract.c     the public calls that read */
#ifndef STN_RESULTS_DATABASE_H
#define STN_RESULTS_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include <standing/results.h>

#include "base/error.h"
#include "model/model.h"

enum {
    STN__APPLICATION_ID = 0x53746e64, /* "Stnd", in the header of a result file */
    STN__FORMAT = 2                   /* user_version; raised when old readers would go wrong */
};

typedef struct stn__db {
    sqlite3 *sql;      /* owned */
    const char *name;  /* borrowed: what messages call the file */
} stn__db;

/* The last failure of SQLite as an error of ours: STN_E_MEMORY or STN_E_IO. */
int stn__db_fail(const stn__db *db, stn_error *err);
int stn__db_run(stn__db *db, const char *statements, stn_error *err);
int stn__db_prepare(stn__db *db, const char *statement, sqlite3_stmt **out, stn_error *err);

/* Prepares "INSERT INTO table VALUES (?, ...)". */
int stn__db_fill(stn__db *db, const char *table, int columns, sqlite3_stmt **out, stn_error *err);
/* Adds a row. One character of `kinds` for each column: 'i' int64_t, 't' text
 * (NULL is NULL), 'n' NULL without an argument. Texts must live until then. */
int stn__db_add(stn__db *db, sqlite3_stmt *fill, stn_error *err, const char *kinds, ...);
/* Takes the step of a statement whose values are bound already. */
int stn__db_put(stn__db *db, sqlite3_stmt *fill, stn_error *err);


/* Whether the file is there and what it is: 0, STN_E_IO (no such file, or
 * not a result file), STN_E_FORMAT_NEWER or STN_E_FORMAT_OLDER. */
int stn__db_probe(const char *path, stn_error *err);
/* Opens a file that is there; `name` is borrowed for messages. */
int stn__db_connect(const char *path, const char *name, bool write, stn__db *db, stn_error *err);
/* Opens a result file for reading, after a probe. */
int stn__db_open(const char *path, stn__db *db, stn_error *err);
void stn__db_close(stn__db *db);

/* Makes the tables and views that a file with these contents has. */
int stn__schema_make(stn__db *db, const stn_study *study, bool people, bool events, stn_error *err);

/* The input files and every number in them. */
int stn__provenance_write(stn__db *db, const stn_study *study, stn_error *err);
/* Populations, groups, how well tables are met: the same in every replicate, as the
 * tables alone decide how many are in which cell at the start. */
int stn__people_write(stn__db *db, const stn_study *study, const stn_city *city, stn_error *err);
/* Each person of a replicate's city, and the cells they are in. */
int stn__persons_write(stn__db *db, const stn_study *study, const stn_city *city, int32_t replicate, stn_error *err);

#endif
