/* SPDX-License-Identifier: Apache-2.0
 *
 * test_arena.c - arenas and columns: zeroed, aligned, apart, and no overflow. */
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "harness.h"

/* Pieces of many sizes, some larger than a chunk, each filled with a byte of
 * its own: if two overlapped, or one was not zeroed, it would show. */
static void
test_arena_pieces(void **state)
{
    enum { PIECES = 2000 };
    stn__arena *arena = stn__arena_new();
    unsigned char *pieces[PIECES];
    size_t sizes[PIECES];

    (void) state;
    assert_non_null(arena);
    for (size_t index = 0; index < PIECES; index++) {
        sizes[index] = index % 97 == 0 ? 100000 + index : index % 61;
        pieces[index] = stn__arena_take(arena, sizes[index], 1);
        assert_non_null(pieces[index]);
        assert_int_equal((uintptr_t) pieces[index] % _Alignof(max_align_t), 0);
        for (size_t byte = 0; byte < sizes[index]; byte++) {
            assert_int_equal(pieces[index][byte], 0);
        }
        memset(pieces[index], (int) (index % 255) + 1, sizes[index]);
    }
    for (size_t index = 0; index < PIECES; index++) {
        for (size_t byte = 0; byte < sizes[index]; byte++) {
            assert_int_equal(pieces[index][byte], index % 255 + 1);
        }
    }
    stn__arena_free(arena);
}

static void
test_arena_texts(void **state)
{
    stn__arena *arena = stn__arena_new();
    char long_text[100001];

    (void) state;
    assert_non_null(arena);
    assert_string_equal(stn__arena_text(arena, "abcdef", 3), "abc");
    assert_string_equal(stn__arena_text(arena, NULL, 0), "");
    assert_memory_equal(stn__arena_text(arena, "a\0b", 3), "a\0b", 4);
    assert_string_equal(stn__arena_print(arena, "%s/%d", "court", 7), "court/7");
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_string_equal(stn__arena_print(arena, "%s", long_text), long_text);
    stn__arena_free(arena);
}

static void
test_arena_edges(void **state)
{
    stn__arena *arena = stn__arena_new();

    (void) state;
    assert_non_null(arena);
    assert_non_null(stn__arena_take(arena, 0, 8));
    assert_non_null(stn__arena_take(arena, 8, 0));
    assert_null(stn__arena_take(arena, SIZE_MAX / 2, 16));
    assert_null(stn__arena_take(arena, SIZE_MAX, SIZE_MAX));
    stn__arena_free(arena);
    stn__arena_free(NULL);
}

static void
test_columns(void **state)
{
    const size_t counts[] = { 0, 1, 1000, 3000000 };

    (void) state;
    for (size_t index = 0; index < sizeof counts / sizeof *counts; index++) {
        size_t count = counts[index];
        uint64_t *column = stn__column_new(count, sizeof *column), seen = 0;
        assert_non_null(column);
        assert_int_equal((uintptr_t) column % 64, 0);
        for (size_t row = 0; row < count; row++) {
            seen |= column[row];
            column[row] = row;
        }
        assert_true(seen == 0);
        stn__column_free(column, count, sizeof *column);
    }
    assert_null(stn__column_new(SIZE_MAX / 2, 16));
    stn__column_free(NULL, 5, 8);
}

/* Untouched room costs nothing: far more than the machine has can be reserved. */
static void
test_columns_reserve_generously(void **state)
{
    const size_t count = (size_t) 1 << 38;
    char *column = stn__column_new(count, 1);

    (void) state;
    assert_non_null(column);
    column[0] = column[count / 2] = column[count - 1] = 1;
    stn__column_free(column, count, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_pieces),
        cmocka_unit_test(test_arena_texts),
        cmocka_unit_test(test_arena_edges),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_columns_reserve_generously),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
