/* SPDX-License-Identifier: Apache-2.0
 *
 * test_reader_faults.c - the reader when memory or reads fail: the first, the
 * second, ... until all goes well. Called with the folder of this file. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <standing/study.h>

static int32_t allocations_left = -1, reads_left = -1; /* -1: no fault */
static bool injected;

/* Counts down to a fault, which comes once. */
static bool
fault(int32_t *left)
{
    if (*left < 0 || (*left)-- > 0) {
        return false;
    }
    injected = true;
    return true;
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
ssize_t __real_read(int fd, void *into, size_t size);
ssize_t __wrap_read(int fd, void *into, size_t size);

void *
__wrap_calloc(size_t count, size_t size)
{
    return fault(&allocations_left) ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
    return fault(&allocations_left) ? NULL : __real_realloc(old, size);
}

ssize_t
__wrap_read(int fd, void *into, size_t size)
{
    if (fault(&reads_left)) {
        errno = EIO;
        return -1;
    }
    return __real_read(fd, into, size);
}

static const char *const study_path = "../fixtures/mini/study.yaml";

/* Loads a study with the first allocation failing, the second, ... */
static void
load_without_memory(const char *path)
{
    int32_t number = 0;

    do {
        stn_report *report = stn_report_new();
        stn_error err = { 0, "" };
        stn_study *study;
        int code;
        injected = false;
        allocations_left = number++;
        code = stn_study_load(path, NULL, &study, report, &err);
        allocations_left = -1;
        assert_int_equal(code, injected ? STN_E_MEMORY : 0);
        assert_int_equal(err.code, code);
        assert_true((study == NULL) == injected);
        stn_study_free(study);
        stn_report_free(report);
    } while (injected);
    assert_true(number > 3);
}

static void
test_memory(void **state)
{
    (void) state;
    load_without_memory(study_path);
    load_without_memory("good/town/study.yaml");
}

/* Checks a file with mistakes likewise; all must be told if memory suffices. */
static void
check_without_memory(const char *path, const char *world, int32_t mistakes)
{
    int32_t number = 0;

    do {
        stn_report *report = stn_report_new();
        const char *kind;
        int code;
        injected = false;
        allocations_left = number++;
        code = stn_check(path, world, &kind, report, NULL);
        allocations_left = -1;
        if (code != STN_E_MEMORY) { /* a report may lack a text, but never a message */
            assert_int_equal(code, STN_E_INPUT);
            assert_int_equal(stn_report_count(report), mistakes);
        }
        stn_report_free(report);
    } while (injected);
}

static void
test_memory_with_mistakes(void **state)
{
    (void) state;
    check_without_memory("bad/world_many.yaml", NULL, 101);
    check_without_memory("bad/alone_web.yaml", NULL, 15);
    check_without_memory("bad/town_process_numbers.yaml", "good/town", 23);
    check_without_memory("bad/town_routes_twice.yaml", "good/town", 5);
    check_without_memory("bad/town_ladder_moves.yaml", "good/town", 10);
    check_without_memory("bad/town_joint.yaml", "good/town", 21);
    check_without_memory("bad/town_extends.yaml", "good/town", 7);
}

static void
test_reads(void **state)
{
    int32_t number = 0, failed = 0;

    (void) state;
    do {
        stn_report *report = stn_report_new();
        stn_error err = { 0, "" };
        stn_study *study;
        int code;
        injected = false;
        reads_left = number++;
        code = stn_study_load(study_path, NULL, &study, report, &err);
        reads_left = -1;
        assert_int_equal(code, injected ? STN_E_INPUT : 0);
        if (injected) {
            assert_non_null(strstr(stn_report_text(report, 0), "Input/output error"));
            failed++;
        }
        stn_study_free(study);
        stn_report_free(report);
    } while (injected);
    assert_int_equal(failed, 11); /* the study, a world, three regimes, six tables */
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory), cmocka_unit_test(test_memory_with_mistakes), cmocka_unit_test(test_reads),
    };

    if (chdir(argc > 1 ? argv[1] : ".") != 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
