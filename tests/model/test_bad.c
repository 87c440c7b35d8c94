/* SPDX-License-Identifier: Apache-2.0
 *
 * test_bad.c - bad files, each with the exact messages that it must give.
 *
 * bad/NAME.expected holds the messages for bad/NAME.yaml. Files named
 * regime_... are checked against the world of fixtures/mini, those named
 * town_... against that of good/town, and those named alone_... without one. @DATA@ stands for the folder of installed files.
 * Called with the folder of this file. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <standing/study.h>

enum { TEXT_MAX = 1 << 16, FILES_MAX = 1024 };

static const char *folder;

/* All messages, one a line. */
static void
messages(const stn_report *report, char *text)
{
    size_t size = 0;

    text[0] = 0;
    for (int32_t index = 0; index < stn_report_count(report); index++) {
        size += (size_t) snprintf(text + size, TEXT_MAX - size, "%s\n", stn_report_text(report, index));
        assert_true(size < TEXT_MAX);
    }
}

static void
expected(const char *path, char *text)
{
    char raw[TEXT_MAX];
    FILE *file = fopen(path, "rb");
    size_t size, out = 0;

    assert_non_null(file);
    size = fread(raw, 1, sizeof raw - 1, file);
    raw[size] = 0;
    fclose(file);
    for (size_t at = 0; at < size; at++) {
        if (strncmp(raw + at, "@DATA@", 6) == 0) {
            out += (size_t) snprintf(text + out, TEXT_MAX - out, "%s", STN_DATA_DIR);
            at += 5;
        } else {
            text[out++] = raw[at];
        }
        assert_true(out < TEXT_MAX - 1);
    }
    text[out] = 0;
}

/* The names, sizes and times of all files here: nothing may be written. */
static uint64_t
look_around(const char *where)
{
    DIR *stream = opendir(where);
    const struct dirent *entry;
    uint64_t sum = 0;

    assert_non_null(stream);
    while ((entry = readdir(stream)) != NULL) {
        char path[512];
        struct stat about;
        snprintf(path, sizeof path, "%s/%s", where, entry->d_name);
        assert_int_equal(stat(path, &about), 0);
        sum += (uint64_t) about.st_size * 31 + (uint64_t) about.st_mtime * 7 + (uint64_t) about.st_ino;
    }
    closedir(stream);
    return sum;
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

/* The files with expectations, sorted. */
static int32_t
list_cases(char *names[FILES_MAX])
{
    DIR *stream = opendir(".");
    const struct dirent *entry;
    int32_t count = 0;

    assert_non_null(stream);
    while ((entry = readdir(stream)) != NULL) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot != NULL && strcmp(dot, ".expected") == 0) {
            assert_true(count < FILES_MAX);
            names[count++] = strndup(entry->d_name, (size_t) (dot - entry->d_name));
        }
    }
    closedir(stream);
    qsort(names, (size_t) count, sizeof *names, by_name);
    return count;
}

/* 0 if a case gives what is expected. */
static int
try_case(const char *name)
{
    static char got[TEXT_MAX], want[TEXT_MAX];
    char path[300], sidecar[300];
    const char *world = strncmp(name, "regime_", 7) == 0 ? "../../fixtures/mini" : strncmp(name, "town_", 5) == 0 ? "../good/town" : NULL;
    const char *kind;
    stn_report *report = stn_report_new();
    stn_error err = { 0, "" };
    stn_study *study;

    snprintf(path, sizeof path, "%s.yaml", name);
    snprintf(sidecar, sizeof sidecar, "%s.expected", name);
    assert_non_null(report);
    assert_int_equal(stn_check(path, world, &kind, report, &err), STN_E_INPUT);
    assert_int_equal(err.code, STN_E_INPUT);
    messages(report, got);
    stn_report_free(report);
    expected(sidecar, want);
    if (strcmp(got, want) != 0) {
        print_error("%s: found\n%sexpected\n%s", path, got, want);
        return 1;
    }
    if (strncmp(name, "study_", 6) == 0) {
        report = stn_report_new();
        assert_non_null(report);
        assert_int_equal(stn_study_load(path, NULL, &study, report, &err), STN_E_INPUT);
        assert_null(study);
        messages(report, got);
        assert_string_equal(got, want);
        stn_report_free(report);
    }
    return 0;
}

static void
test_bad_files(void **state)
{
    char *names[FILES_MAX];
    uint64_t before = look_around("."), tables = look_around("tables");
    int32_t count = list_cases(names);
    int failures = 0;

    (void) state;
    assert_true(count > 150);
    for (int32_t index = 0; index < count; index++) {
        failures += try_case(names[index]);
        free(names[index]);
    }
    assert_int_equal(failures, 0);
    assert_true(look_around(".") == before);
    assert_true(look_around("tables") == tables);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_bad_files) };

    folder = argc > 1 ? argv[1] : ".";
    if (chdir(folder) != 0 || chdir("bad") != 0) {
        perror(folder);
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
