/* SPDX-License-Identifier: Apache-2.0
 *
 * city.c - standing city: the people of a world alone, and how well they meet
 * its tables. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Returns whether every table is met as its rule says. */
static bool
fit_put(const stn_study *study, const stn_city *city)
{
    bool all = true;

    for (int32_t p = 0; p < stn_study_population_count(study); p++) {
        printf("%s: %u\n", stn_study_population_name(study, p), (unsigned) stn_city_size(city, p));
    }
    if (stn_city_households(city) != NULL) {
        printf("households: %u, of them %u families\n", (unsigned) stn_city_household_count(city),
            (unsigned) stn_city_family_household_count(city));
    }
    printf("\n%-12s %-34s %8s  %-11s %9s  %s\n", "population", "table", "cells", "rule", "worst", "where");
    for (int32_t i = 0; i < stn_city_fit_count(city); i++) {
        const stn_fit *fit = stn_city_fit(city, i);
        printf("%-12s %-34s %8d  %-11s %9.3g  %s%s\n", fit->population, fit->table, (int) fit->cells, fit->rule,
            fit->worst < 1e-6 ? 0 : fit->worst, fit->ok ? "" : "NOT MET: ", fit->worst_cell);
        all = all && fit->ok != 0;
    }
    printf("\nworst: how many people (or households) the table's worst cell differs by\ncity digest: %016llx\n",
        (unsigned long long) stn_city_digest(city));
    return all;
}

static int
database_write(const char *path, const stn_study *study, const stn_city *city, const stn_study_options *changes,
    stn_error *err)
{
    stn_writer_options options = { .panel = 1, .changes = changes };
    stn_writer *writer = NULL;
    int ret = stn_writer_new(path, study, city, &options, &writer, err);

    if (ret == 0) {
        ret = cli_interrupted() ? STN_E_STOPPED : stn_writer_finish(writer, err);
    }
    stn_writer_free(writer);
    return ret;
}

/* CSV is the view `people` of a database that lives only for that: one way of
 * putting names to numbers, not two. */
static int
csv_write(const char *path, const stn_study *study, const stn_city *city, stn_error *err)
{
    char database[4096];
    cli_output output;
    int ret = cli_output_check(path, "population,row,", "CSV of people", err);

    if (ret != 0) {
        return ret;
    }
    if (snprintf(database, sizeof database, "%s.people-%ld", path, (long) getpid()) >= (int) sizeof database) {
        errno = ENAMETOOLONG;
        return cli_io_failed(path, err);
    }
    ret = cli_output_open(&output, path, err); /* first: an error speaks of the path that was given */
    if (ret == 0) {
        ret = database_write(database, study, city, NULL, err);
    }
    if (ret == 0) {
        ret = stn_results_export(database, "people", output.file, err);
    }
    if (output.file != NULL && ferror(output.file)) { /* the error speaks of an output, but not of which */
        stn_error said = *err;
        snprintf(err->text, sizeof err->text, "%.200s: %.280s", path, said.text);
    }
    ret = cli_output_close(&output, ret, err);
    unlink(database);
    return ret;
}

static int
people_write(const char *path, const stn_study *study, const stn_city *city, const stn_study_options *changes,
    stn_error *err)
{
    size_t size = strlen(path);

    return size > 3 && strcmp(path + size - 3, ".db") == 0 ? database_write(path, study, city, changes, err)
                                                           : csv_write(path, study, city, err);
}

int
cli_city(const cli_arguments *arguments)
{
    const char *output = arguments->values[CLI_OUTPUT];
    stn_city_options options = { 0, cli_progress, NULL };
    stn_report *report = stn_report_new();
    stn_study_options changes;
    stn_study *study = NULL;
    stn_city *city = NULL;
    stn_error err = { 0, "" };
    int64_t threads = 0, seed = -1;
    int ret = STN_E_MEMORY, status = EXIT_BAD_INPUT;
    bool met = true;

    stn_study_options_init(&changes);
    if (!cli_number(arguments, CLI_SCALE, 0, 1, &changes.scale) || !cli_whole(arguments, CLI_SEED, INT64_MAX, &seed)
        || !cli_whole(arguments, CLI_THREADS, 256, &threads)) {
        goto out;
    }
    changes.seed = seed;
    options.threads = (int32_t) threads;
    cli_progress_begin(arguments->values[CLI_QUIET] != NULL);
    if (report != NULL) {
        ret = stn_study_load(arguments->operands[0], &changes, &study, report, &err);
    }
    if (ret == 0) {
        ret = stn_city_new(study, &options, &city, &err);
    }
    cli_progress_end();
    if (ret == 0) {
        met = fit_put(study, city);
        ret = output != NULL ? people_write(output, study, city, &changes, &err) : 0;
    }
    status = ret != 0 ? cli_failed(ret, &err, report) : met ? EXIT_FINE : EXIT_MISFIT;
out:
    stn_city_free(city);
    stn_study_free(study);
    stn_report_free(report);
    return status;
}
