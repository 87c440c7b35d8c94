/* SPDX-License-Identifier: Apache-2.0
 *
 * test_bulk.c - pages that SQLite did not make: it finds every row in them, no
 * fault in the tree, and goes on with the file before and after. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/draw.h"
#include "results/bulk.h"

enum { COLUMNS = 3 };

static char folder[] = "/tmp/standing-bulk-XXXXXX";
static char path[64];

static int
folder_make(void **state)
{
    (void) state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/x.db", folder);
    return 0;
}

static int
folder_remove(void **state)
{
    (void) state;
    unlink(path);
    return rmdir(folder);
}

/* Values of all sizes and both signs, the edges of each size among them. */
static void
row_of(int64_t number, int64_t *values)
{
    stn__words words = stn__draw(0, 0, 0, (uint32_t) number, 0, 0);
    int shift = (int) (words.w[0] % 64);
    uint64_t edge = UINT64_C(1) << shift;

    values[0] = number % 3;
    values[1] = (int64_t) (edge + words.w[1] % 3 - 1);
    values[2] = -(int64_t) ((((uint64_t) words.w[2] << 32) | words.w[3]) >> shift >> 1);
}

static void
begin(const char *pragma, stn__db *db)
{
    unlink(path);
    fclose(fopen(path, "w"));
    assert_int_equal(0, stn__db_connect(path, path, true, db, NULL));
    assert_int_equal(0, stn__db_run(db, pragma, NULL));
    assert_int_equal(0, stn__db_run(db, "CREATE TABLE other(a INTEGER); CREATE TABLE t(a INTEGER, b INTEGER, c INTEGER)", NULL));
}

static void
add(stn__bulk *bulk, int64_t from, int64_t to)
{
    int64_t values[COLUMNS];

    assert_int_equal(0, stn__bulk_open(bulk, path, path, NULL));
    for (int64_t row = from; row < to; row++) {
        row_of(row, values);
        assert_int_equal(0, stn__bulk_add(bulk, values, NULL));
    }
    assert_int_equal(0, stn__bulk_close(bulk, NULL));
}

static int64_t
number(stn__db *db, const char *query)
{
    sqlite3_stmt *find;
    int64_t value;

    assert_int_equal(0, stn__db_prepare(db, query, &find, NULL));
    assert_int_equal(SQLITE_ROW, sqlite3_step(find));
    value = sqlite3_column_int64(find, 0);
    sqlite3_finalize(find);
    return value;
}

static void
rows_check(stn__db *db, int64_t count)
{
    int64_t values[COLUMNS], row = 0;
    sqlite3_stmt *all;

    assert_int_equal(0, stn__db_prepare(db, "SELECT rowid, a, b, c FROM t", &all, NULL));
    for (; sqlite3_step(all) == SQLITE_ROW; row++) {
        row_of(row, values);
        assert_int_equal(row + 1, sqlite3_column_int64(all, 0));
        for (int c = 0; c < COLUMNS; c++) {
            assert_int_equal(values[c], sqlite3_column_int64(all, c + 1));
        }
    }
    sqlite3_finalize(all);
    assert_int_equal(count, row);
}

static void
whole_check(stn__db *db)
{
    sqlite3_stmt *check;

    assert_int_equal(0, stn__db_prepare(db, "PRAGMA integrity_check", &check, NULL));
    assert_int_equal(SQLITE_ROW, sqlite3_step(check));
    assert_string_equal("ok", (const char *) sqlite3_column_text(check, 0));
    sqlite3_finalize(check);
}

/* From no row to trees of three levels; each in two parts, with SQLite between. */
static void
test_rows(void **state)
{
    static const char *const pragmas[] = { "PRAGMA page_size = 512", "PRAGMA page_size = 4096", "PRAGMA page_size = 65536" };
    static const int64_t counts[] = { 0, 1, 15, 16, 17, 18, 19, 20, 21, 300, 5000, 60000 };

    (void) state;
    for (size_t p = 0; p < sizeof pragmas / sizeof *pragmas; p++) {
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            int64_t count = counts[i], part = count / 3;
            stn__db db;
            stn__bulk *bulk;
            begin(pragmas[p], &db);
            bulk = stn__bulk_new(&db, "t", COLUMNS, NULL);
            assert_non_null(bulk);
            stn__db_close(&db);
            add(bulk, 0, part);
            assert_int_equal(0, stn__db_connect(path, path, true, &db, NULL));
            assert_int_equal(0, stn__db_run(&db, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n"
                " WHERE x < 2000) INSERT INTO other SELECT x FROM n", NULL));
            stn__db_close(&db);
            add(bulk, part, count);
            assert_int_equal(0, stn__bulk_finish(bulk, path, path, NULL));
            stn__bulk_free(bulk);
            assert_int_equal(0, stn__db_connect(path, path, true, &db, NULL));
            whole_check(&db);
            rows_check(&db, count);
            assert_int_equal(2000, number(&db, "SELECT count(*) FROM other"));
            assert_int_equal(0, stn__db_run(&db, "INSERT INTO t VALUES (0, 0, 0); CREATE INDEX i ON t(b)", NULL));
            assert_int_equal(count + 1, number(&db, "SELECT max(rowid) FROM t"));
            whole_check(&db);
            stn__db_close(&db);
        }
    }
}

/* The page with byte 2^30 is never used: with it SQLite would not read on. */
static void
test_locked_page(void **state)
{
    const char *pragmas[] = { "PRAGMA page_size = 512", "PRAGMA page_size = 4096" };
    stn__db db;
    stn__bulk *bulk;

    (void) state;
    for (int i = 0; i < 6; i++) {
        begin(pragmas[i % 2], &db);
        bulk = stn__bulk_new(&db, "t", COLUMNS, NULL);
        assert_non_null(bulk);
        stn__db_close(&db);
        /* 0 to 2 pages before it; the file is a hole */
        assert_int_equal(0, truncate(path, (1 << 30) - i / 2 * (i % 2 == 0 ? 512 : 4096)));
        add(bulk, 0, 5000);
        assert_int_equal(0, stn__bulk_finish(bulk, path, path, NULL));
        stn__bulk_free(bulk);
        assert_int_equal(0, stn__db_connect(path, path, true, &db, NULL));
        rows_check(&db, 5000);
        stn__db_close(&db);
    }
}

static void
test_errors(void **state)
{
    stn_error err = { 0, "" };
    stn__db db;
    stn__bulk *bulk;

    (void) state;
    begin("PRAGMA page_size = 4096", &db);
    assert_null(stn__bulk_new(&db, "nothing", COLUMNS, &err));
    assert_int_equal(STN_E_IO, err.code);
    bulk = stn__bulk_new(&db, "t", COLUMNS, &err);
    stn__db_close(&db);
    assert_int_equal(STN_E_IO, stn__bulk_open(bulk, "/nowhere/x.db", "the name", &err));
    assert_string_equal("the name: No such file or directory", err.text);
    stn__bulk_free(bulk);
    stn__bulk_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_locked_page),
        cmocka_unit_test(test_errors),
    };

    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
