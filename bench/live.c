/* SPDX-License-Identifier: Apache-2.0
 *
 * live.c - lives a study with kernels of one's choice, which the program itself
 * does not let anybody choose: for comparing and counting (bench/run,
 * tests/speed/instructions).
 *
 *     live KERNELS STUDY [SCALE [THREADS]]
 *
 * KERNELS is one of the names in src/engine/kernels*.c, or "best". SCALE 0 is
 * the study's own. For each regime one line of JSON; exit status 77 if this
 * processor has no such kernels.
 *
 * The linker gives the engine's calls of stn__kernels_best to the function
 * below (--wrap). */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <standing/standing.h>

#include "engine/kernels.h"

const stn__kernels *__real_stn__kernels_best(void);
const stn__kernels *__wrap_stn__kernels_best(void);

/* Whose code this is, and so the library's. */
#if defined(__clang__)
#define COMPILER "clang " NUMBER(__clang_major__)
#elif defined(__GNUC__)
#define COMPILER "gcc " NUMBER(__GNUC__)
#else
#define COMPILER "another"
#endif
#define NUMBER(x) TEXT(x)
#define TEXT(x) #x

static const stn__kernels *chosen; /* borrowed; NULL until the engine asks */
static const char *wanted;

static const stn__kernels *
kernels_find(void)
{
    const stn__kernels *all[STN__KERNELS_MOST];
    int32_t count = stn__kernels_all(all);

    if (strcmp(wanted, "best") == 0) {
        return __real_stn__kernels_best();
    }
    for (int32_t i = 0; i < count; i++) {
        if (strcmp(all[i]->name, wanted) == 0) {
            return all[i];
        }
    }
    return NULL;
}

const stn__kernels *
__wrap_stn__kernels_best(void)
{
    chosen = kernels_find();
    return chosen;
}

static int
regime_live(const stn_study *study, const stn_city *city, int32_t regime, int32_t threads, stn_error *err)
{
    stn_run_options options;
    stn_run *run = NULL; /* owned */
    uint64_t people = 0;
    int ret;

    stn_run_options_init(&options);
    options.threads = threads;
    ret = stn_run_new(study, city, regime, &options, &run, err);
    if (ret == 0) {
        ret = stn_run_advance(run, INT32_MAX, err);
    }
    if (ret == 0 && chosen == NULL) {
        fputs("live: the engine did not ask for its kernels\n", stderr);
        exit(1);
    }
    if (ret == 0) {
        for (int32_t p = 0; p < stn_study_population_count(study); p++) {
            people += stn_city_size(city, p);
        }
        printf("{\"compiler\": \"" COMPILER "\", \"regime\": \"%s\", \"kernels\": \"%s\", \"people\": %" PRIu64
               ", \"opportunities\": %" PRIu64 ", \"seconds\": %.6f, \"bytes\": %" PRIu64 ", \"digest\": \"%016" PRIx64
               "\"}\n",
            stn_study_regime_name(study, regime), chosen->name, people, stn_run_opportunities(run),
            stn_run_seconds(run), stn_run_memory(run), stn_run_digest(run));
    }
    stn_run_free(run);
    return ret;
}

static int
live(const char *path, double scale, int32_t threads, stn_report *report, stn_error *err)
{
    stn_study_options options;
    stn_study *study = NULL; /* owned */
    stn_city *city = NULL;   /* owned */
    int ret;

    stn_study_options_init(&options);
    options.scale = scale;
    ret = stn_study_load(path, &options, &study, report, err);
    if (ret == 0) {
        ret = stn_city_new(study, NULL, &city, err);
    }
    for (int32_t regime = 0; ret == 0 && regime < stn_study_regime_count(study); regime++) {
        ret = regime_live(study, city, regime, threads, err);
    }
    stn_city_free(city);
    stn_study_free(study);
    return ret;
}

int
main(int argc, char **argv)
{
    stn_report *report = stn_report_new(); /* owned */
    stn_error err = { 0 };
    int ret;

    if (argc < 3 || argc > 5 || report == NULL) {
        fputs("usage: live KERNELS STUDY [SCALE [THREADS]]\n", stderr);
        stn_report_free(report);
        return 2;
    }
    wanted = argv[1];
    if (kernels_find() == NULL) {
        fprintf(stderr, "live: no kernels '%s' here\n", wanted);
        stn_report_free(report);
        return 77;
    }
    ret = live(argv[2], argc > 3 ? atof(argv[3]) : 0, argc > 4 ? atoi(argv[4]) : 1, report, &err);
    for (int32_t i = 0; i < stn_report_count(report); i++) {
        fprintf(stderr, "%s\n", stn_report_text(report, i));
    }
    if (ret != 0) {
        fprintf(stderr, "live: %s\n", err.text);
    }
    stn_report_free(report);
    return ret == 0 ? 0 : 1;
}
