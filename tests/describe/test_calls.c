/* SPDX-License-Identifier: Apache-2.0
 *
 * test_calls.c STUDY - the calls that put a study into words, from outside. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <standing/standing.h>

static const char *path;
static stn_study *study;

/* The call that fails, counted down; 0: none. Linked with --wrap. */
static int failing;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *
__wrap_calloc(size_t count, size_t size)
{
    return failing > 0 && --failing == 0 ? NULL : __real_calloc(count, size);
}

static int
setup(void **state)
{
    stn_report *report = stn_report_new();
    stn_error err = { 0, "" };
    int ret = stn_study_load(path, NULL, &study, report, &err);

    (void) state;
    stn_report_free(report);
    return ret;
}

static int
teardown(void **state)
{
    (void) state;
    stn_study_free(study);
    return 0;
}

/* What is written, as a text to be freed. */
typedef enum { WHOLE, RULES, ASSUMPTIONS, SOURCES, JSON } part;

static char *
written(part which, stn_form form, int level)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    stn_error err = { 0, "" };
    int ret = which == WHOLE   ? stn_describe(out, study, form, &err)
        : which == RULES       ? stn_describe_rules(out, study, 0, form, level, &err)
        : which == ASSUMPTIONS ? stn_describe_assumptions(out, study, form, level, &err)
        : which == SOURCES     ? stn_describe_sources(out, study, form, level, &err)
                               : stn_describe_json(out, study, &err);

    assert_int_equal(ret, 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* A part is a piece of the whole. */
static void
test_parts(void **state)
{
    static const struct {
        part which;
        int level;
    } parts[] = { { RULES, 4 }, { ASSUMPTIONS, 2 }, { SOURCES, 2 } };

    (void) state;
    for (int form = STN_FORM_MARKDOWN; form <= STN_FORM_HTML; form++) {
        char *whole = written(WHOLE, (stn_form) form, 1);
        for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
            char *piece = written(parts[p].which, (stn_form) form, parts[p].level);
            assert_true(strlen(piece) > 20);
            if (strstr(whole, piece) == NULL) {
                fail_msg("part %d of form %d is not in the whole", (int) p, form);
            }
            free(piece);
        }
        free(whole);
    }
}

static void
test_same_again(void **state)
{
    char *one = written(JSON, STN_FORM_MARKDOWN, 1), *two = written(JSON, STN_FORM_MARKDOWN, 1);

    (void) state;
    assert_string_equal(one, two);
    free(one);
    free(two);
}

/* Without memory nothing is written. */
static void
test_no_memory(void **state)
{
    int passed = 0, ret = STN_E_MEMORY;

    (void) state;
    for (int n = 1; ret != 0; n++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        stn_error err = { 0, "" };
        failing = n;
        ret = stn_describe(out, study, STN_FORM_HTML, &err);
        failing = 0;
        assert_int_equal(fclose(out), 0);
        if (ret != 0) {
            assert_int_equal(ret, STN_E_MEMORY);
            assert_int_equal(size, 0);
            passed++;
        }
        free(text);
    }
    assert_true(passed > 3);
}

static void
test_full_disk(void **state)
{
    stn_error err = { 0, "" };
    FILE *full = fopen("/dev/full", "w");

    (void) state;
    if (full == NULL) {
        skip();
    }
    assert_int_equal(stn_describe(full, study, STN_FORM_HTML, &err), STN_E_IO);
    assert_non_null(strstr(err.text, "No space left"));
    fclose(full);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_parts), cmocka_unit_test(test_same_again),
        cmocka_unit_test(test_no_memory), cmocka_unit_test(test_full_disk) };

    path = argc > 1 ? argv[1] : "";
    return cmocka_run_group_tests(tests, setup, teardown);
}
