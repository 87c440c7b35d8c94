/* SPDX-License-Identifier: Apache-2.0
 *
 * bulk.c - millions of rows of whole numbers for one table of a result file.
 *
 * A table is a tree of pages. Rows stand in the leaves, by rising rowid; a leaf knows
 * none of its neighbours. So leaves can be put at the end of the file as they come, if
 * only the file's head counts them; in the end the pages above them are built, level
 * by level, and the uppermost takes the place of the table's empty one. */
#include "results/bulk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LEAF = 0x0d, INNER = 0x05,         /* kinds of pages */
    LEAF_HEAD = 8, INNER_HEAD = 12,    /* bytes */
    CELL_MAX = 1 + 9 + 1 + 9 * STN__BULK_COLUMNS_MAX, /* size, rowid, and a kind and 8 bytes for each column */
    CHILD_MAX = 2 + 4 + 9,             /* what a child costs the page above: place, number, rowid */
    BATCH = 64,                        /* pages written at once */
    LOCKED = 0x40000000,               /* the page with this byte belongs to SQLite's locks */
    HEAD_PAGE_SIZE = 16, HEAD_RESERVED = 20, HEAD_PAGE_COUNT = 28 /* places in the file's head */
};

/* A page of the level that is being built. */
typedef struct child {
    int64_t last;        /* its greatest rowid */
    uint32_t number;
} child;

struct stn__bulk {
    const char *name;    /* borrowed: what messages call the file */
    int file;            /* -1: not open */
    int32_t columns;
    uint32_t root;       /* page of the table */
    uint32_t page_count; /* of the file */
    size_t page_size, usable;
    uint8_t *pages;      /* BATCH of them */
    int32_t page;        /* which of those is being filled */
    size_t floor;        /* where its rows begin: they grow downwards */
    int32_t rows;        /* in it */
    int64_t last;        /* greatest rowid so far */
    int64_t lasts[BATCH];
    child *children;
    size_t child_count, child_room;
};

static int
io_fail(const stn__bulk *b, stn_error *err)
{
    return stn__fail(err, STN_E_IO, "%s: %s", b->name, strerror(errno));
}

static void
put_big_endian(uint8_t *to, uint64_t value, int bytes)
{
    for (int byte = bytes - 1; byte >= 0; byte--) {
        to[byte] = (uint8_t) value;
        value >>= 8;
    }
}

/* A number in the format's variable length; values up to 2^56 need up to 8 bytes. */
static int
put_varint(uint8_t *to, uint64_t value)
{
    int size = 1;

    STN_INVARIANT(value >> 56 == 0);
    while (value >> (7 * size) != 0) {
        size++;
    }
    for (int byte = size - 1; byte >= 0; byte--) {
        to[byte] = (uint8_t) ((value & 0x7f) | (byte == size - 1 ? 0 : 0x80));
        value >>= 7;
    }
    return size;
}

static void
page_begin(stn__bulk *b)
{
    memset(b->pages + (size_t) b->page * b->page_size, 0, b->page_size);
    b->floor = b->usable;
    b->rows = 0;
}

stn__bulk *
stn__bulk_new(stn__db *db, const char *table, int32_t columns, stn_error *err)
{
    stn__bulk *b = calloc(1, sizeof *b);
    sqlite3_stmt *find = NULL;
    int ret = 0;

    STN_INVARIANT(columns >= 1 && columns <= STN__BULK_COLUMNS_MAX);
    if (b == NULL) {
        stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name);
        return NULL;
    }
    b->file = -1;
    b->columns = columns;
    ret = stn__db_prepare(db, "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?", &find, err);
    if (ret == 0 && (sqlite3_bind_text(find, 1, table, -1, SQLITE_STATIC) != SQLITE_OK || sqlite3_step(find) != SQLITE_ROW)) {
        ret = stn__db_fail(db, err);
    }
    if (ret == 0) {
        b->root = (uint32_t) sqlite3_column_int64(find, 0);
    }
    sqlite3_finalize(find);
    if (ret != 0) {
        stn__bulk_free(b);
        return NULL;
    }
    return b;
}

void
stn__bulk_free(stn__bulk *b)
{
    if (b != NULL) {
        if (b->file >= 0) {
            close(b->file);
        }
        free(b->children);
        free(b->pages);
        free(b);
    }
}

int
stn__bulk_open(stn__bulk *b, const char *path, const char *name, stn_error *err)
{
    uint8_t head[HEAD_PAGE_COUNT];
    struct stat now;

    b->name = name;
    b->file = open(path, O_RDWR | O_CLOEXEC);
    if (b->file < 0 || fstat(b->file, &now) != 0) {
        return io_fail(b, err);
    }
    if (pread(b->file, head, sizeof head, 0) != (ssize_t) sizeof head) {
        return stn__fail(err, STN_E_IO, "%s: the file is damaged (too short)", b->name);
    }
    b->page_size = (size_t) head[HEAD_PAGE_SIZE] << 8 | head[HEAD_PAGE_SIZE + 1];
    b->page_size = b->page_size == 1 ? 65536 : b->page_size;
    b->usable = b->page_size - head[HEAD_RESERVED];
    b->page_count = (uint32_t) ((size_t) now.st_size / b->page_size);
    if (b->pages == NULL) {
        b->pages = malloc(BATCH * b->page_size);
        if (b->pages == NULL) {
            return stn__fail(err, STN_E_MEMORY, "%s: no memory", b->name);
        }
        page_begin(b);
    }
    return 0;
}

static int
write_at(const stn__bulk *b, const uint8_t *from, size_t size, uint64_t place, stn_error *err)
{
    while (size > 0) {
        ssize_t done = pwrite(b->file, from, size, (off_t) place);
        if (done < 0 && errno != EINTR) {
            return io_fail(b, err);
        }
        if (done > 0) {
            from += done;
            place += (uint64_t) done;
            size -= (size_t) done;
        }
    }
    return 0;
}

static int
page_write(const stn__bulk *b, const uint8_t *page, uint32_t number, stn_error *err)
{
    return write_at(b, page, b->page_size, (uint64_t) (number - 1) * b->page_size, err);
}

static uint32_t
locked_page(const stn__bulk *b)
{
    return (uint32_t) (LOCKED / b->page_size) + 1;
}

/* The number of the next page at the end of the file. */
static uint32_t
page_new(stn__bulk *b)
{
    b->page_count++;
    b->page_count += b->page_count == locked_page(b);
    return b->page_count;
}

static int
child_add(stn__bulk *b, uint32_t number, int64_t last, stn_error *err)
{
    if (b->child_count == b->child_room) {
        size_t room = 2 * b->child_room + 1024;
        child *children = realloc(b->children, room * sizeof *children);
        if (children == NULL) {
            return stn__fail(err, STN_E_MEMORY, "%s: no memory", b->name);
        }
        b->children = children;
        b->child_room = room;
    }
    b->children[b->child_count++] = (child){ last, number };
    return 0;
}

/* Writes the first `count` leaves of the batch, as many at once as are neighbours. */
static int
leaves_write(stn__bulk *b, int32_t count, stn_error *err)
{
    int32_t from = 0, to;
    int ret = 0;

    for (; ret == 0 && from < count; from = to) {
        uint32_t first = page_new(b);
        for (to = from + 1; to < count && b->page_count + 1 != locked_page(b); to++) {
            page_new(b);
        }
        for (int32_t leaf = from; ret == 0 && leaf < to; leaf++) {
            ret = child_add(b, first + (uint32_t) (leaf - from), b->lasts[leaf], err);
        }
        if (ret == 0) {
            ret = write_at(b, b->pages + (size_t) from * b->page_size, (size_t) (to - from) * b->page_size,
                (uint64_t) (first - 1) * b->page_size, err);
        }
    }
    return ret;
}

/* The leaf being filled is full: the next one. */
static int
leaf_turn(stn__bulk *b, stn_error *err)
{
    int ret = 0;

    b->lasts[b->page++] = b->last;
    if (b->page == BATCH) {
        ret = leaves_write(b, BATCH, err);
        b->page = 0;
    }
    page_begin(b);
    return ret;
}

/* How a value is stored: its kind in a row's head, and how many bytes it takes. */
static uint8_t
kind_of(int64_t value, int *bytes)
{
    static const uint8_t sizes[] = { 0, 1, 2, 3, 4, 6, 8, 0, 0, 0 };
    uint64_t size = (uint64_t) (value < 0 ? ~value : value);
    uint8_t kind = size < 1u << 7 ? 1 : size < 1u << 15 ? 2 : size < 1u << 23 ? 3 : size < UINT64_C(1) << 31 ? 4
        : size < UINT64_C(1) << 47 ? 5 : 6;

    if (value == 0 || value == 1) {
        kind = value == 0 ? 8 : 9;
    }
    *bytes = sizes[kind];
    return kind;
}

int
stn__bulk_add(stn__bulk *b, const int64_t *values, stn_error *err)
{
    uint8_t cell[CELL_MAX + 8], row[1 + 9 * STN__BULK_COLUMNS_MAX], *page;
    size_t row_size = 1 + (size_t) b->columns, size;

    row[0] = (uint8_t) row_size;
    for (int32_t c = 0; c < b->columns; c++) {
        int bytes;
        row[1 + c] = kind_of(values[c], &bytes);
        put_big_endian(row + row_size, (uint64_t) values[c], bytes);
        row_size += (size_t) bytes;
    }
    cell[0] = (uint8_t) row_size; /* below 128 */
    if (LEAF_HEAD + 2 * ((size_t) b->rows + 1) + 1 + 9 + row_size > b->floor) {
        int ret = leaf_turn(b, err);
        if (ret != 0) {
            return ret;
        }
    }
    b->last++;
    size = 1 + (size_t) put_varint(cell + 1, (uint64_t) b->last);
    memcpy(cell + size, row, row_size);
    size += row_size;
    b->floor -= size;
    page = b->pages + (size_t) b->page * b->page_size;
    memcpy(page + b->floor, cell, size);
    put_big_endian(page + LEAF_HEAD + 2 * b->rows, b->floor, 2);
    b->rows++;
    page[0] = LEAF;
    put_big_endian(page + 3, (uint64_t) b->rows, 2);
    put_big_endian(page + 5, b->floor, 2); /* 65536 is 0 */
    return 0;
}

/* The head says how many pages there are: SQLite must not take ours for free. */
static int
count_write(stn__bulk *b, stn_error *err)
{
    uint8_t count[4];
    int ret, file = b->file;

    put_big_endian(count, b->page_count, 4);
    ret = write_at(b, count, sizeof count, HEAD_PAGE_COUNT, err);
    b->file = -1;
    return close(file) != 0 && ret == 0 ? io_fail(b, err) : ret;
}

int
stn__bulk_close(stn__bulk *b, stn_error *err)
{
    int ret = leaves_write(b, b->page, err);

    if (b->page > 0) {
        memcpy(b->pages, b->pages + (size_t) b->page * b->page_size, b->page_size);
        b->page = 0;
    }
    return ret != 0 ? ret : count_write(b, err);
}

/* A page above `count` children. */
static void
inner_fill(const stn__bulk *b, const child *children, size_t count, uint8_t *page)
{
    size_t floor = b->usable;

    memset(page, 0, b->page_size);
    page[0] = INNER;
    for (size_t c = 0; c + 1 < count; c++) {
        uint8_t cell[4 + 9];
        size_t size = 4 + (size_t) put_varint(cell + 4, (uint64_t) children[c].last);
        put_big_endian(cell, children[c].number, 4);
        floor -= size;
        memcpy(page + floor, cell, size);
        put_big_endian(page + INNER_HEAD + 2 * c, floor, 2);
    }
    put_big_endian(page + 3, count - 1, 2);
    put_big_endian(page + 5, floor, 2);
    put_big_endian(page + 8, children[count - 1].number, 4);
}

/* Pages above all children, as even as can be, so that none has fewer than two. */
static int
level_build(stn__bulk *b, size_t most, stn_error *err)
{
    size_t nodes = (b->child_count + most - 1) / most, from = 0;
    int ret = 0;

    for (size_t node = 0; ret == 0 && node < nodes; node++) {
        size_t to = b->child_count * (node + 1) / nodes;
        uint32_t number = page_new(b);
        inner_fill(b, b->children + from, to - from, b->pages);
        ret = page_write(b, b->pages, number, err);
        b->children[node] = (child){ b->children[to - 1].last, number };
        from = to;
    }
    b->child_count = nodes;
    return ret;
}

int
stn__bulk_finish(stn__bulk *b, const char *path, const char *name, stn_error *err)
{
    size_t most;
    int ret;

    if (b->last == 0) {
        return 0;
    }
    ret = stn__bulk_open(b, path, name, err);
    if (ret != 0) {
        return ret;
    }
    if (b->child_count == 0) { /* one leaf holds all of them */
        ret = page_write(b, b->pages, b->root, err);
        return ret != 0 ? ret : count_write(b, err);
    }
    b->lasts[b->page++] = b->last;
    ret = leaves_write(b, b->page, err);
    most = 1 + (b->usable - INNER_HEAD) / CHILD_MAX;
    while (ret == 0 && b->child_count > most) {
        ret = level_build(b, most, err);
    }
    if (ret == 0) {
        inner_fill(b, b->children, b->child_count, b->pages);
        ret = page_write(b, b->pages, b->root, err);
    }
    return ret != 0 ? ret : count_write(b, err);
}
