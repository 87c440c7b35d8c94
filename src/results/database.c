/* SPDX-License-Identifier: Apache-2.0
 *
 * database.c - SQLite: opening, filling rows, errors. */
#include "results/database.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "base/version.h"

int
stn__db_fail(const stn__db *db, stn_error *err)
{
    int code = db->sql != NULL ? sqlite3_errcode(db->sql) : SQLITE_NOMEM;
    int cause = errno; /* SQLite keeps it for some failures only, and not for those of a commit */

    if (db->sql != NULL && sqlite3_system_errno(db->sql) != 0) {
        cause = sqlite3_system_errno(db->sql);
    }
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name);
    case SQLITE_FULL:
        return stn__fail(err, STN_E_IO, "%s: %s", db->name, strerror(ENOSPC));
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
        if (cause != 0) {
            return stn__fail(err, STN_E_IO, "%s: %s", db->name, strerror(cause));
        }
        break;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return stn__fail(err, STN_E_IO, "%s: the file is damaged (%s)", db->name, sqlite3_errmsg(db->sql));
    default:
        break;
    }
    return stn__fail(err, STN_E_IO, "%s: %s", db->name, sqlite3_errmsg(db->sql));
}

int
stn__db_run(stn__db *db, const char *statements, stn_error *err)
{
    return sqlite3_exec(db->sql, statements, NULL, NULL, NULL) == SQLITE_OK ? 0 : stn__db_fail(db, err);
}

int
stn__db_prepare(stn__db *db, const char *statement, sqlite3_stmt **out, stn_error *err)
{
    return sqlite3_prepare_v2(db->sql, statement, -1, out, NULL) == SQLITE_OK ? 0 : stn__db_fail(db, err);
}

int
stn__db_fill(stn__db *db, const char *table, int columns, sqlite3_stmt **out, stn_error *err)
{
    char statement[256];
    int size = snprintf(statement, sizeof statement, "INSERT INTO %s VALUES (?", table);

    for (int column = 1; column < columns; column++) {
        size += snprintf(statement + size, sizeof statement - (size_t) size, ",?");
        STN_INVARIANT(size < (int) sizeof statement - 2);
    }
    statement[size++] = ')';
    statement[size] = '\0';
    return stn__db_prepare(db, statement, out, err);
}

int
stn__db_put(stn__db *db, sqlite3_stmt *fill, stn_error *err)
{
    int code = sqlite3_step(fill);

    if (code != SQLITE_DONE) {
        stn__db_fail(db, err);
        sqlite3_reset(fill);
        return (code & 0xff) == SQLITE_NOMEM ? STN_E_MEMORY : STN_E_IO;
    }
    sqlite3_reset(fill);
    return 0;
}

int
stn__db_add(stn__db *db, sqlite3_stmt *fill, stn_error *err, const char *kinds, ...)
{
    int column = 1, code = SQLITE_OK;
    va_list args;

    va_start(args, kinds);
    for (const char *kind = kinds; *kind != '\0' && code == SQLITE_OK; kind++, column++) {
        switch (*kind) {
        case 'i':
            code = sqlite3_bind_int64(fill, column, va_arg(args, int64_t));
            break;
        case 't':
            code = sqlite3_bind_text(fill, column, va_arg(args, const char *), -1, SQLITE_STATIC);
            break;
        default:
            code = sqlite3_bind_null(fill, column);
            break;
        }
    }
    va_end(args);
    return code == SQLITE_OK ? stn__db_put(db, fill, err) : stn__db_fail(db, err);
}

/* The header of a database file: "SQLite format 3\0", user_version at byte 60,
 * application_id at 68, the size of a page at 16 (2 bytes; 1 means 65536), their count
 * at 28, all most significant byte first. Read by hand, so that no other file is ever
 * opened as a database; and SQLite itself lets half of a last page pass. */
static uint32_t
big_endian(const unsigned char *bytes)
{
    return (uint32_t) bytes[0] << 24 | (uint32_t) bytes[1] << 16 | (uint32_t) bytes[2] << 8 | bytes[3];
}

int
stn__db_probe(const char *path, stn_error *err)
{
    unsigned char head[100];
    FILE *file = fopen(path, "rb");
    off_t end = 0;
    size_t size;
    uint32_t page;

    if (file == NULL) {
        return stn__fail(err, STN_E_IO, "%s: %s", path, strerror(errno));
    }
    size = fread(head, 1, sizeof head, file);
    if (ferror(file) || fseeko(file, 0, SEEK_END) != 0 || (end = ftello(file)) < 0) {
        int cause = errno;
        fclose(file);
        return stn__fail(err, STN_E_IO, "%s: %s", path, strerror(cause));
    }
    fclose(file);
    if (size < sizeof head || memcmp(head, "SQLite format 3", 16) != 0
        || big_endian(head + 68) != STN__APPLICATION_ID) {
        return stn__fail(err, STN_E_IO, "%s: not a result file of Standing", path);
    }
    if (big_endian(head + 60) > STN__FORMAT) {
        return stn__fail(err, STN_E_FORMAT_NEWER, "%s: format %u, from a newer Standing; this one (%s) reads up to %d",
            path, (unsigned) big_endian(head + 60), stn__version(), STN__FORMAT);
    }
    if (big_endian(head + 60) < STN__FORMAT) {
        return stn__fail(err, STN_E_FORMAT_OLDER, "%s: format %u, from an older Standing; this one (%s) reads format %d",
            path, (unsigned) big_endian(head + 60), stn__version(), STN__FORMAT);
    }
    page = (uint32_t) head[16] << 8 | head[17];
    page = page == 1 ? 65536 : page;
    if (page == 0 || end / page < big_endian(head + 28)) {
        return stn__fail(err, STN_E_IO, "%s: the file is damaged (its end is missing)", path);
    }
    return 0;
}

int
stn__db_connect(const char *path, const char *name, bool write, stn__db *db, stn_error *err)
{
    /* "./" keeps SQLite from seeing more than a path in names like "file:x". */
    char *plain = sqlite3_mprintf("%s%s", path[0] == '/' ? "" : "./", path);
    int code = SQLITE_NOMEM, ret = 0;

    *db = (stn__db){ NULL, name };
    if (plain != NULL) {
        /* One thread at a time has it, so no row needs a lock. */
        code = sqlite3_open_v2(plain, &db->sql,
            SQLITE_OPEN_NOMUTEX | (write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY), NULL);
    }
    if (code != SQLITE_OK) {
        ret = stn__db_fail(db, err);
        stn__db_close(db);
    }
    sqlite3_free(plain);
    return ret;
}

int
stn__db_open(const char *path, stn__db *db, stn_error *err)
{
    int ret = stn__db_probe(path, err);

    *db = (stn__db){ NULL, path };
    return ret != 0 ? ret : stn__db_connect(path, path, false, db, err);
}

void
stn__db_close(stn__db *db)
{
    sqlite3_close(db->sql);
    db->sql = NULL;
}
