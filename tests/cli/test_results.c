/* SPDX-License-Identifier: Apache-2.0
 *
 * test_results.c - promises of results.h that the command line does not show:
 * calls without an stn_error, files given up, folders that are not empty, and a
 * summary of more regimes than fit side by side. The study is the argument. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <standing/standing.h>

static const char *study_path;
static char folder[] = "/tmp/standing-results-XXXXXX";

typedef struct fixture {
    stn_study *study;
    stn_city *city;
    char out[64], inputs[64];
} fixture;

static int
fixture_setup(void **state)
{
    static fixture f;
    stn_report *report = stn_report_new();
    stn_study_options options;

    stn_study_options_init(&options);
    options.years = 0.3;
    assert_non_null(report);
    assert_int_equal(0, stn_study_load(study_path, &options, &f.study, report, NULL));
    assert_int_equal(0, stn_city_new(f.study, NULL, &f.city, NULL));
    stn_report_free(report);
    assert_non_null(mkdtemp(folder));
    snprintf(f.out, sizeof f.out, "%s/out.db", folder);
    snprintf(f.inputs, sizeof f.inputs, "%s/inputs", folder);
    *state = &f;
    return 0;
}

static int
fixture_teardown(void **state)
{
    fixture *f = *state;
    char command[128];

    stn_city_free(f->city);
    stn_study_free(f->study);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static stn_run *
lived(const fixture *f, int32_t regime)
{
    stn_run *run;

    assert_int_equal(0, stn_run_new(f->study, f->city, regime, NULL, &run, NULL));
    assert_int_equal(0, stn_run_advance(run, INT32_MAX, NULL));
    return run;
}

static void
written(const fixture *f, const char *path)
{
    stn_writer *writer;

    assert_int_equal(0, stn_writer_new(path, f->study, f->city, NULL, &writer, NULL));
    for (int32_t r = 0; r < stn_study_regime_count(f->study); r++) {
        stn_run *run = lived(f, r);
        assert_int_equal(0, stn_writer_add(writer, run, NULL));
        stn_run_free(run);
    }
    assert_int_equal(0, stn_writer_finish(writer, NULL));
    stn_writer_free(writer);
}

/* Files in the test's folder. */
static int
file_count(void)
{
    char command[128];
    FILE *list;
    int count = 0;

    snprintf(command, sizeof command, "ls -A '%s'", folder);
    list = popen(command, "r");
    assert_non_null(list);
    for (int c = getc(list); c != EOF; c = getc(list)) {
        count += c == '\n';
    }
    pclose(list);
    return count;
}

static void
test_writer_given_up(void **state)
{
    fixture *f = *state;
    stn_writer *writer;
    stn_run *run = lived(f, 0);

    assert_int_equal(0, stn_writer_new(f->out, f->study, f->city, NULL, &writer, NULL));
    assert_int_equal(0, stn_writer_add(writer, run, NULL));
    assert_int_equal(1, file_count()); /* the one aside */
    stn_writer_free(writer);
    assert_int_equal(0, file_count());
    stn_run_free(run);
    stn_writer_free(NULL);
}

static void
test_writer_errors(void **state)
{
    fixture *f = *state;
    stn_writer *writer = (stn_writer *) f;
    stn_error err = { 0, "" };

    assert_int_equal(STN_E_IO, stn_writer_new("/nowhere/x.db", f->study, f->city, NULL, &writer, NULL));
    assert_null(writer);
    assert_int_equal(STN_E_IO, stn_writer_new(folder, f->study, f->city, NULL, &writer, &err));
    assert_int_equal(STN_E_IO, err.code);
    assert_non_null(strstr(err.text, folder));
    assert_int_equal(0, file_count());
}

static void
test_extract(void **state)
{
    fixture *f = *state;
    stn_study_options changes;
    stn_error err = { 0, "" };
    char *path = NULL;

    written(f, f->out);
    assert_int_equal(0, stn_results_extract(f->out, f->inputs, &path, &changes, &err));
    assert_non_null(path);
    assert_int_equal(0, strncmp(path, f->inputs, strlen(f->inputs)));
    assert_null(changes.regimes);
    assert_int_equal(-1, changes.seed); /* the writer was told of no changes */
    assert_int_equal(0, access(path, R_OK));
    free(path);
    /* The folder is not empty now. */
    assert_int_equal(STN_E_IO, stn_results_extract(f->out, f->inputs, &path, &changes, &err));
    assert_null(path);
    assert_non_null(strstr(err.text, "not empty"));
    assert_int_equal(STN_E_IO, stn_results_extract(study_path, "/nowhere", &path, &changes, NULL));
    unlink(f->out);
}

static void
test_extract_with_changes(void **state)
{
    fixture *f = *state;
    const char *names[] = { stn_study_regime_name(f->study, 0) };
    stn_study_options changes = { names, 1, 0.5, 1.1, 77, 3, NULL, 0 }, found;
    stn_writer_options options = { .changes = &changes };
    stn_report *report = stn_report_new();
    stn_study *study;
    stn_city *city;
    stn_writer *writer;
    char again[80], *path;

    snprintf(again, sizeof again, "%s-2", f->inputs);
    assert_non_null(report);
    assert_int_equal(0, stn_study_load(study_path, &changes, &study, report, NULL));
    assert_int_equal(0, stn_city_new(study, NULL, &city, NULL));
    assert_int_equal(0, stn_writer_new(f->out, study, city, &options, &writer, NULL));
    assert_int_equal(0, stn_writer_finish(writer, NULL));
    stn_writer_free(writer);
    assert_int_equal(0, stn_results_extract(f->out, again, &path, &found, NULL));
    assert_int_equal(1, found.regime_count);
    assert_string_equal(names[0], found.regimes[0]);
    assert_true(found.scale == 0.5 && found.years == 1.1);
    assert_int_equal(77, found.seed);
    assert_int_equal(3, found.replicates);
    free((void *) (uintptr_t) found.regimes);
    free(path);
    stn_city_free(city);
    stn_study_free(study);
    stn_report_free(report);
    unlink(f->out);
}

/* Every regime's column is there, however many there are. */
static void
test_summary_of_many(void **state)
{
    fixture *f = *state;
    enum { MANY = 9 };
    stn_run *runs[MANY];
    char *text = NULL;
    size_t size = 0;

    for (int i = 0; i < MANY; i++) {
        runs[i] = lived(f, i % stn_study_regime_count(f->study));
        stn_run_release(runs[i]);
    }
    for (int count = 0; count <= MANY; count++) {
        FILE *out = open_memstream(&text, &size);
        int32_t found = 0, each = stn_study_population_count(f->study);
        assert_non_null(out);
        stn_summary_print(out, f->study, f->city, runs, count);
        stn_summary_json(out, f->study, f->city, runs, count);
        assert_int_equal(0, fclose(out));
        for (const char *at = text; (at = strstr(at, "  Restricted: ")) != NULL; at++) {
            found++;
        }
        /* Two beside the first in each block. */
        assert_int_equal(count == 0 ? 0 : count == 1 ? each : each * (count / 2), found);
        free(text);
    }
    for (int i = 0; i < MANY; i++) {
        stn_run_free(runs[i]);
    }
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writer_given_up), cmocka_unit_test(test_writer_errors), cmocka_unit_test(test_extract),
        cmocka_unit_test(test_extract_with_changes), cmocka_unit_test(test_summary_of_many),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: test_results STUDY\n");
        return 2;
    }
    study_path = argv[1];
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
