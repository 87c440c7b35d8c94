/* SPDX-License-Identifier: Apache-2.0
 *
 * test_error.c - errors, reports and nearest names. Linked so that realloc and
 * malloc can be made to fail. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "harness.h"

static int failures; /* how many of the next allocations fail */

void *__real_malloc(size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *block, size_t size);

static bool
fails(void)
{
    return failures > 0 && failures-- > 0;
}

void *
__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_realloc(void *block, size_t size)
{
    return fails() ? NULL : __real_realloc(block, size);
}

static void
test_error_text(void **state)
{
    (void) state;
    assert_string_equal(stn_error_text(0), "no error");
    assert_string_equal(stn_error_text(STN_E_MEMORY), "memory could not be allocated");
    assert_string_equal(stn_error_text(STN_E_LIMIT), "the model is larger than Standing can hold");
    assert_string_equal(stn_error_text(12345), "unknown error");
    assert_string_equal(stn_error_text(-99999), "unknown error");
    /* The numbers are a promise. */
    assert_int_equal(STN_E_MEMORY, -1);
    assert_int_equal(STN_E_IO, -2);
    assert_int_equal(STN_E_STOPPED, -3);
    assert_int_equal(STN_E_INPUT, -101);
    assert_int_equal(STN_E_FORMAT_NEWER, -102);
    assert_int_equal(STN_E_FORMAT_OLDER, -103);
    assert_int_equal(STN_E_ARGUMENT, -104);
    assert_int_equal(STN_E_LIMIT, -105);
}

static void
test_fail(void **state)
{
    stn_error err = { 0 };
    char long_text[2000];

    (void) state;
    assert_int_equal(stn__fail(NULL, STN_E_IO, "%s", "nobody listens"), STN_E_IO);
    assert_int_equal(stn__fail(&err, STN_E_IO, "%s: %d", "here", 5), STN_E_IO);
    assert_int_equal(err.code, STN_E_IO);
    assert_string_equal(err.text, "here: 5");
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_int_equal(stn__fail(&err, STN_E_INPUT, "%s", long_text), STN_E_INPUT);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void
test_report(void **state)
{
    stn_report *report = stn_report_new();
    char expected[64];

    (void) state;
    assert_non_null(report);
    assert_int_equal(stn_report_count(report), 0);
    stn__report_add(report, "w.yaml", 3, 14, "found %s, expected %s", "x", "y");
    stn__report_add(report, "w.yaml", 0, 0, "cannot be opened");
    assert_int_equal(stn_report_count(report), 2);
    assert_string_equal(stn_report_text(report, 0), "w.yaml:3:14: found x, expected y");
    assert_string_equal(stn_report_text(report, 1), "w.yaml: cannot be opened");
    for (int32_t index = 2; index < 500; index++) {
        stn__report_add(report, "f", index, 1, "message %d", (int) index);
    }
    assert_int_equal(stn_report_count(report), 500);
    for (int32_t index = 2; index < 500; index++) {
        snprintf(expected, sizeof expected, "f:%d:1: message %d", (int) index, (int) index);
        assert_string_equal(stn_report_text(report, index), expected);
    }
    stn_report_free(report);
    stn_report_free(NULL);
}

/* Messages lost for want of memory are counted, keep their places and leave
 * those before and after them whole. */
static void
test_report_without_memory(void **state)
{
    const char *lost = "(a message was lost for want of memory)";
    stn_report *report = stn_report_new();
    char expected[64];

    (void) state;
    assert_non_null(report);
    for (int32_t index = 0; index < 100; index++) {
        /* 0 and 16 need a longer list; 5 only a text; 17 a list again. */
        failures = index == 0 || index == 5 || index == 16 || index == 17 || index == 99;
        stn__report_add(report, "f", index + 1, 1, "message");
        assert_int_equal(failures, 0);
    }
    assert_int_equal(stn_report_count(report), 100);
    for (int32_t index = 0; index < 100; index++) {
        if (index == 0 || index == 5 || index == 16 || index == 17 || index == 99) {
            assert_string_equal(stn_report_text(report, index), lost);
        } else {
            snprintf(expected, sizeof expected, "f:%d:1: message", (int) index + 1);
            assert_string_equal(stn_report_text(report, index), expected);
        }
    }
    stn_report_free(report);
}

static void
test_nearest(void **state)
{
    static const char *const names[] = { "resident", "company", "unpaid_order", "traffic_offence", "flight", "on", "fright" };
    static const struct {
        const char *name, *nearest;
    } cases[] = {
        { "resident", "resident" },
        { "residnet", "resident" },             /* two neighbours swapped */
        { "residents", "resident" },            /* one too many */
        { "esident", "resident" },              /* one too few */
        { "rezident", "resident" },             /* another */
        { "traffic_ofense", "traffic_offence" },
        { "unpaidorder", "unpaid_order" },
        { "flight", "flight" },
        { "fight", "flight" },                  /* one away from it, two from fright */
        { "xlight", "flight" },
        { "flyght", "flight" },
        { "f1ight", "flight" },                 /* one away from two: the first */
        { "of", "on" },
        { "no", "on" },                         /* swapped */
        { "abc", NULL },
        { "", NULL },
        { "o", "on" },
        { "president_elect", NULL },            /* too far */
        { "a_name_much_longer_than_the_sixty_four_letters_that_any_name_may_have_here", NULL },
    };

    (void) state;
    for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
        const char *nearest = stn__nearest(cases[index].name, names, sizeof names / sizeof *names);
        if (cases[index].nearest == NULL) {
            assert_null(nearest);
        } else {
            assert_non_null(nearest);
            assert_string_equal(nearest, cases[index].nearest);
        }
    }
    assert_null(stn__nearest("resident", names, 0));
    assert_null(stn__nearest("resident", NULL, 0));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_text),
        cmocka_unit_test(test_fail),
        cmocka_unit_test(test_report),
        cmocka_unit_test(test_report_without_memory),
        cmocka_unit_test(test_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
