/* SPDX-License-Identifier: Apache-2.0
 *
 * export.c - a table or view of a result file as CSV (RFC 4180, lines ended by
 * a line feed, a header line first). NULL is an empty field. */
#include "results/database.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Tables and views, in the order in which they were made; owned by the caller,
 * each too. */
static int
names_read(stn__db *db, char ***out, int32_t *count, stn_error *err)
{
    sqlite3_stmt *each = NULL;
    char **names = NULL;
    int32_t room = 0;
    int step, ret = stn__db_prepare(db, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
        " AND name NOT LIKE 'sqlite_%' ORDER BY type, rowid", &each, err);

    *count = 0;
    while (ret == 0 && (step = sqlite3_step(each)) != SQLITE_DONE) {
        if (step != SQLITE_ROW) {
            ret = stn__db_fail(db, err);
            break;
        }
        if (*count == room) {
            char **larger = realloc(names, (size_t) (room += 32) * sizeof *names);
            if (larger == NULL) {
                ret = stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name);
                break;
            }
            names = larger;
        }
        names[*count] = sqlite3_mprintf("%s", (const char *) sqlite3_column_text(each, 0));
        ret = names[*count] == NULL ? stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name) : 0;
        *count += ret == 0;
    }
    sqlite3_finalize(each);
    *out = names;
    return ret;
}

static void
names_free(char **names, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        sqlite3_free(names[i]);
    }
    free(names);
}

static void
field_put(FILE *out, const char *text, size_t size)
{
    bool quoted = false;

    for (size_t i = 0; i < size && !quoted; i++) {
        quoted = text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
    }
    if (!quoted) {
        fwrite(text, 1, size, out);
        return;
    }
    putc('"', out);
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"') {
            putc('"', out);
        }
        putc(text[i], out);
    }
    putc('"', out);
}

static int
rows_put(stn__db *db, sqlite3_stmt *each, FILE *out, stn_error *err)
{
    int columns = sqlite3_column_count(each), step;

    for (int c = 0; c < columns; c++) {
        const char *name = sqlite3_column_name(each, c);
        if (name == NULL) {
            return stn__db_fail(db, err);
        }
        if (c > 0) {
            putc(',', out);
        }
        field_put(out, name, strlen(name));
    }
    putc('\n', out);
    while ((step = sqlite3_step(each)) == SQLITE_ROW) {
        for (int c = 0; c < columns; c++) {
            const char *text = (const char *) sqlite3_column_text(each, c);
            if (c > 0) {
                putc(',', out);
            }
            if (text != NULL) {
                field_put(out, text, (size_t) sqlite3_column_bytes(each, c));
            }
        }
        if (putc('\n', out) == EOF) {
            break;
        }
    }
    if (fflush(out) != 0 || ferror(out)) {
        return stn__fail(err, STN_E_IO, "the output could not be written: %s", strerror(errno));
    }
    return step == SQLITE_DONE ? 0 : stn__db_fail(db, err);
}

static int
table_put(stn__db *db, const char *table, char *const *names, int32_t count, FILE *out, stn_error *err)
{
    const char *near;
    sqlite3_stmt *each = NULL;
    char *query;
    int ret;

    for (int32_t i = 0; i < count; i++) {
        if (strcmp(names[i], table) != 0) {
            continue;
        }
        query = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
        ret = query == NULL ? stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name)
                            : stn__db_prepare(db, query, &each, err);
        if (ret == 0) {
            ret = rows_put(db, each, out, err);
        }
        sqlite3_finalize(each);
        sqlite3_free(query);
        return ret;
    }
    near = stn__nearest(table, (const char *const *) names, count);
    return stn__fail(err, STN_E_ARGUMENT, near != NULL ? "%s: no table '%s'; did you mean '%s'?" : "%s: no table '%s'",
        db->name, table, near);
}

int
stn_results_export(const char *path, const char *table, FILE *out, stn_error *err)
{
    char **names = NULL;
    int32_t count = 0;
    stn__db db;
    int ret = stn__db_open(path, &db, err);

    if (ret == 0) {
        ret = names_read(&db, &names, &count, err);
    }
    if (ret == 0 && table != NULL) {
        ret = table_put(&db, table, names, count, out, err);
    } else if (ret == 0) {
        for (int32_t i = 0; i < count; i++) {
            fprintf(out, "%s\n", names[i]);
        }
        if (fflush(out) != 0 || ferror(out)) {
            ret = stn__fail(err, STN_E_IO, "the output could not be written: %s", strerror(errno));
        }
    }
    names_free(names, count);
    stn__db_close(&db);
    return ret;
}
