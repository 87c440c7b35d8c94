/* SPDX-License-Identifier: Apache-2.0
 *
 * run.c - standing run: a study's city lived under its regimes, one after the
 * other, and that again for each replicate, into one result file. */
#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What the last lines say of a run. */
typedef struct outcome {
    int32_t replicate, regime;
    uint64_t opportunities, digest;
    double seconds;
} outcome;

typedef struct session {
    const cli_arguments *arguments;
    cli_input input;          /* owned, and so on */
    stn_run_options options;
    char output[4096];
    stn_writer *writer;
    stn_city *city;           /* of replicate 0, as are the runs: what the summary tells */
    stn_run **runs;
    int32_t run_count;
    outcome *outcomes;
    int64_t outcome_count;
    int32_t replicate;        /* that is being lived */
    stn_error err;
} session;

/* Says in the moving line which replicate is being lived, where there are several. */
static int
progress_show(void *user, const stn_progress *progress)
{
    const session *s = user;
    int32_t replicates = stn_study_replicates(s->input.study);
    stn_progress shown = *progress;
    char stage[96];

    if (replicates > 1) {
        snprintf(stage, sizeof stage, "%d of %d: %s", (int) s->replicate + 1, (int) replicates, progress->stage);
        shown.stage = stage;
    }
    return cli_progress(NULL, &shown);
}

/* What the options say; EXIT_BAD_INPUT if that makes no sense. */
static int
options_read(session *s)
{
    const cli_arguments *a = s->arguments;
    int64_t threads = 0, block = 0;

    if (a->values[CLI_JSON] != NULL && a->values[CLI_QUIET] != NULL) {
        cli_say("run: --json prints the summary and --quiet leaves it out; only one of them can be had");
        return EXIT_BAD_INPUT;
    }
    if (!cli_input_read(&s->input, a, "run") || !cli_whole(a, CLI_THREADS, 256, &threads)
        || !cli_whole(a, CLI_BLOCK, INT32_MAX, &block)) {
        return EXIT_BAD_INPUT;
    }
    stn_run_options_init(&s->options);
    s->options.threads = (int32_t) threads;
    s->options.block = (int32_t) block;
    s->options.lives = 1;
    s->options.log = a->values[CLI_EVENTS] != NULL;
    s->options.progress = progress_show;
    s->options.user = s;
    return EXIT_FINE;
}

/* The output's name, from the input's unless it was given. */
static int
output_name(session *s)
{
    const char *given = s->arguments->values[CLI_OUTPUT];
    const char *from = s->arguments->values[CLI_FROM];
    const char *path = from != NULL ? from : s->arguments->operands[0], *base;
    int size, end;

    if (given != NULL) {
        size = snprintf(s->output, sizeof s->output, "%s", given);
    } else {
        base = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
        end = (int) strcspn(base, ".");
        if (strrchr(base, '.') != NULL && strrchr(base, '.') > base) {
            end = (int) (strrchr(base, '.') - base);
        }
        size = snprintf(s->output, sizeof s->output, "%.*s%s.db", end, base, from != NULL ? "-again" : "");
    }
    if (size <= 0 || size >= (int) sizeof s->output) {
        cli_say("run: the output's name is empty or too long");
        return EXIT_BAD_INPUT;
    }
    return EXIT_FINE;
}

/* Lives one regime of a replicate and writes what came of it. */
static int
regime_live(session *s, const stn_study *study, const stn_city *city, int32_t regime, stn_run **out)
{
    int ret = stn_run_new(study, city, regime, &s->options, out, &s->err);

    while (ret == 0 && stn_run_windows_done(*out) < stn_run_window_count(*out)) {
        ret = stn_run_advance(*out, 1, &s->err);
        if (ret == 0) {
            ret = stn_writer_look(s->writer, *out, &s->err);
        }
    }
    if (ret == 0) {
        ret = stn_writer_add(s->writer, *out, &s->err);
    }
    if (ret == 0) {
        s->outcomes[s->outcome_count++] = (outcome){ s->replicate, regime, stn_run_opportunities(*out),
            stn_run_digest(*out), stn_run_seconds(*out) };
        stn_run_release(*out); /* only counts are kept */
        ret = cli_interrupted() ? STN_E_STOPPED : 0;
    }
    return ret;
}

/* Replicate 0, whose runs are kept for the summary. */
static int
first_live(session *s)
{
    stn_city_options city_options = { s->options.threads, progress_show, s };
    const cli_arguments *a = s->arguments;
    stn_writer_options writer_options = { a->values[CLI_PANEL] != NULL, a->values[CLI_EVENTS] != NULL, 1,
        &s->input.changes };
    int ret = stn_city_new(s->input.study, &city_options, &s->city, &s->err);

    if (ret == 0) {
        ret = stn_writer_new(s->output, s->input.study, s->city, &writer_options, &s->writer, &s->err);
    }
    for (int32_t regime = 0; ret == 0 && regime < stn_study_regime_count(s->input.study); regime++) {
        ret = regime_live(s, s->input.study, s->city, regime, &s->runs[regime]);
        s->run_count += s->runs[regime] != NULL;
    }
    return ret;
}

static int
next_live(session *s)
{
    stn_city_options city_options = { s->options.threads, progress_show, s };
    stn_study *study = NULL;
    stn_city *city = NULL;
    int ret = stn_study_replicate_new(s->input.study, s->replicate, &study, &s->err);

    if (ret == 0) {
        ret = stn_city_new(study, &city_options, &city, &s->err);
    }
    if (ret == 0) {
        ret = stn_writer_next(s->writer, study, city, &s->err);
    }
    for (int32_t regime = 0; ret == 0 && regime < stn_study_regime_count(study); regime++) {
        stn_run *run = NULL;
        ret = regime_live(s, study, city, regime, &run);
        stn_run_free(run);
    }
    stn_city_free(city);
    stn_study_free(study);
    return ret;
}

static int
live(session *s)
{
    int32_t regimes = stn_study_regime_count(s->input.study), replicates = stn_study_replicates(s->input.study);
    int ret;

    if (regimes == 0) {
        cli_say("run: the study names no regime to live under; 'standing city' makes a world's people alone");
        return EXIT_BAD_INPUT;
    }
    s->runs = calloc((size_t) regimes, sizeof *s->runs);
    s->outcomes = calloc((size_t) regimes * (size_t) replicates, sizeof *s->outcomes);
    if (s->runs == NULL || s->outcomes == NULL) {
        cli_say("no memory");
        return EXIT_FAILED;
    }
    ret = first_live(s);
    for (s->replicate = 1; ret == 0 && s->replicate < replicates; s->replicate++) {
        ret = next_live(s);
    }
    if (ret == 0) {
        ret = stn_writer_finish(s->writer, &s->err);
    }
    cli_progress_end();
    return ret == 0 ? EXIT_FINE : cli_failed(ret, &s->err, NULL);
}

/* Lines that a script reads as well as a person. */
static void
last_lines_put(const session *s)
{
    for (int64_t i = 0; i < s->outcome_count; i++) {
        const outcome *o = &s->outcomes[i];
        putchar('\n');
        if (stn_study_replicates(s->input.study) > 1) {
            printf("replicate: %d\n", (int) o->replicate);
        }
        printf("regime: %s\nopportunities: %" PRIu64 "\nengine seconds: %.3f\ndigest: %016" PRIx64 "\n",
            stn_study_regime_name(s->input.study, o->regime), o->opportunities, o->seconds, o->digest);
    }
}

/* How to read on. The commands can be copied into a shell as they stand. */
static void
hint_put(const char *path)
{
    printf("\nEverything is in %s. To name its tables, and to print one:\n    standing export ", path);
    cli_quoted_put(stdout, path);
    fputs("\n    standing export ", stdout);
    cli_quoted_put(stdout, path);
    puts(" totals");
}

/* The summary above is one replicate's: says so, and where the others are. */
static void
replicates_put(const session *s)
{
    int32_t replicates = stn_study_replicates(s->input.study);

    if (replicates > 1) {
        printf("\nThis was replicate 0 of %d. What all of them say, with intervals:\n    standing compare ",
            (int) replicates);
        cli_quoted_put(stdout, s->output);
        putchar('\n');
    }
}

static void
results_put(const session *s)
{
    if (s->arguments->values[CLI_JSON] != NULL) {
        stn_summary_json(stdout, s->input.study, s->city, s->runs, s->run_count);
        return;
    }
    if (s->arguments->values[CLI_QUIET] == NULL) {
        stn_summary_print(stdout, s->input.study, s->city, s->runs, s->run_count);
        replicates_put(s);
        hint_put(s->output);
    }
    last_lines_put(s);
}

static void
session_free(session *s)
{
    stn_writer_free(s->writer);
    for (int32_t r = 0; r < s->run_count; r++) {
        stn_run_free(s->runs[r]);
    }
    free(s->runs);
    free(s->outcomes);
    stn_city_free(s->city);
    cli_input_free(&s->input);
}

int
cli_run(const cli_arguments *arguments)
{
    session s = { .arguments = arguments };
    int status = options_read(&s);

    if (status == EXIT_FINE) {
        status = output_name(&s);
    }
    if (status != EXIT_FINE) {
        return status;
    }
    cli_progress_begin(arguments->values[CLI_QUIET] != NULL);
    status = cli_input_load(&s.input, arguments);
    if (status == EXIT_FINE) {
        status = live(&s);
    }
    if (status == EXIT_FINE) {
        results_put(&s);
    }
    session_free(&s);
    return status;
}
