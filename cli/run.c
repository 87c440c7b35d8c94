/* SPDX-License-Identifier: Apache-2.0
 *
 * run.c - standing run: a study's city lived under its regimes, one after the
 * other, into one result file, with checkpoints beside it if they are wanted. */
#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct session {
    const cli_arguments *arguments;
    cli_input input;          /* owned, and so on */
    stn_run_options options;
    int64_t every;            /* seconds between checkpoints; -1: none are made */
    double last;              /* when there was one */
    char output[4096], beside[4096 + 16]; /* the results, the checkpoint */
    stn_city *city;
    stn_writer *writer;
    stn_checkpoint *checkpoint; /* NULL: neither made nor used */
    stn_run **runs;
    int32_t run_count;
    stn_error err;
} session;

/* What the options say; EXIT_BAD_INPUT if that makes no sense. */
static int
options_read(session *s)
{
    const cli_arguments *a = s->arguments;
    int64_t threads = 0, block = 0;

    s->every = -1;
    if (a->values[CLI_JSON] != NULL && a->values[CLI_QUIET] != NULL) {
        cli_say("run: --json prints the summary and --quiet leaves it out; only one of them can be had");
        return EXIT_BAD_INPUT;
    }
    if (!cli_input_read(&s->input, a, "run") || !cli_whole(a, CLI_THREADS, 256, &threads)
        || !cli_whole(a, CLI_BLOCK, INT32_MAX, &block) || !cli_whole(a, CLI_CHECKPOINT, INT32_MAX, &s->every)) {
        return EXIT_BAD_INPUT;
    }
    stn_run_options_init(&s->options);
    s->options.threads = (int32_t) threads;
    s->options.block = (int32_t) block;
    s->options.log = a->values[CLI_EVENTS] != NULL;
    s->options.progress = cli_progress;
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

/* ------------------------------------------------------------- checkpoints */

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

/* Whether a checkpoint may be made or used under its name, before anything is lived. */
static int
checkpoint_name(session *s)
{
    bool resume = s->arguments->values[CLI_RESUME] != NULL, there;

    snprintf(s->beside, sizeof s->beside, "%s.checkpoint", s->output);
    there = stn_checkpoint_is_there(s->beside) != 0;
    if (there && !resume && s->every >= 0) {
        cli_say("run: %s is there already: --resume goes on from it; or remove it", s->beside);
        return EXIT_BAD_INPUT;
    }
    if (resume && !there) {
        cli_say("there is no %s; beginning at the beginning", s->beside);
    }
    return EXIT_FINE;
}

static int
checkpoint_open(session *s)
{
    int32_t regimes = stn_study_regime_count(s->input.study);
    double windows = 0, all, minutes = stn_study_window_minutes(s->input.study);
    bool held = false;
    int ret;

    if (s->every < 0 && s->arguments->values[CLI_RESUME] == NULL) {
        return 0;
    }
    if (s->arguments->values[CLI_RESUME] != NULL) {
        stn_writer_sweep(s->output); /* what the killed run was writing */
    }
    ret = stn_checkpoint_new(s->beside, s->input.study, s->city, &s->checkpoint, &s->err);
    for (int32_t regime = 0; ret == 0 && regime < regimes; regime++) {
        int32_t done = stn_checkpoint_windows_done(s->checkpoint, regime);
        held = held || done >= 0;
        windows += done > 0 ? done : 0;
    }
    if (ret == 0 && held) {
        all = regimes * (double) stn_study_horizon_minutes(s->input.study) / minutes;
        cli_say("going on from %s, at %d %%", s->beside, (int) (100 * (windows < all ? windows / all : 1)));
    }
    s->last = now();
    return ret;
}

/* One that fails, for want of room say, is no reason to stop: the last one stays. */
static void
checkpoint_write(session *s, stn_run *run)
{
    if (s->every < 0) {
        return;
    }
    if (stn_checkpoint_write(s->checkpoint, &run, 1, &s->err) != 0) {
        cli_say("no checkpoint could be made, going on without: %s", s->err.text);
    }
    s->last = now();
}

/* ------------------------------------------------------------------- living */

/* A regime's run, new or as the checkpoint has it. */
static int
regime_begin(session *s, int32_t regime, stn_run **run)
{
    int ret;

    if (s->checkpoint == NULL || stn_checkpoint_windows_done(s->checkpoint, regime) < 0) {
        return stn_run_new(s->input.study, s->city, regime, &s->options, run, &s->err);
    }
    ret = stn_checkpoint_load(s->checkpoint, regime, &s->options, run, &s->err);
    if (ret == 0 && s->arguments->values[CLI_PANEL] != NULL && stn_run_is_released(*run)) {
        stn_run_free(*run);
        *run = NULL;
        ret = s->err.code = STN_E_ARGUMENT;
        snprintf(s->err.text, sizeof s->err.text, "%.300s: regime %.100s was finished without --panel; go on without, or remove it",
            s->beside, stn_study_regime_name(s->input.study, regime));
    }
    return ret;
}

static int
regime_advance(session *s, stn_run *run)
{
    int32_t step = s->every < 0 ? INT32_MAX : 1;
    int ret = 0;

    while (ret == 0 && stn_run_windows_done(run) < stn_run_window_count(run)) {
        ret = stn_run_advance(run, step, &s->err);
        if (ret == 0 && s->every >= 0 && stn_run_windows_done(run) < stn_run_window_count(run)
            && now() - s->last >= (double) s->every) {
            checkpoint_write(s, run);
        }
    }
    return ret;
}

/* Lives one regime and writes what came of it. Only counts are kept after, but
 * for a checkpoint whose panel will be wanted again. */
static int
regime_live(session *s, int32_t regime)
{
    bool panel = s->arguments->values[CLI_PANEL] != NULL, was_done;
    int ret = regime_begin(s, regime, &s->runs[regime]);
    stn_run *run = s->runs[regime];

    if (ret != 0) {
        return ret;
    }
    s->run_count = regime + 1;
    was_done = stn_run_windows_done(run) == stn_run_window_count(run);
    ret = regime_advance(s, run);
    if (ret == 0) {
        ret = stn_writer_add(s->writer, run, &s->err);
    }
    if (ret != 0) {
        return ret;
    }
    if (!panel) {
        stn_run_release(run);
    }
    if (!was_done) {
        checkpoint_write(s, run);
    }
    stn_run_release(run);
    return cli_interrupted() ? STN_E_STOPPED : 0;
}

/* Says why there are no results. */
static int
live_failed(session *s, int ret)
{
    if (ret == STN_E_STOPPED && s->checkpoint != NULL && stn_checkpoint_is_there(s->beside)) {
        cli_say("stopped; --resume goes on from %s", s->beside);
        return EXIT_INTERRUPTED;
    }
    return cli_failed(ret, &s->err, NULL);
}

static int
live(session *s)
{
    const cli_arguments *a = s->arguments;
    stn_city_options city_options = { s->options.threads, cli_progress, NULL };
    stn_writer_options writer_options = { a->values[CLI_PANEL] != NULL, a->values[CLI_EVENTS] != NULL, &s->input.changes };
    int32_t regimes = stn_study_regime_count(s->input.study);
    int ret;

    if (regimes == 0) {
        cli_say("run: the study names no regime to live under; 'standing city' makes a world's people alone");
        return EXIT_BAD_INPUT;
    }
    s->runs = calloc((size_t) regimes, sizeof *s->runs);
    if (s->runs == NULL) {
        cli_say("no memory");
        return EXIT_FAILED;
    }
    ret = stn_city_new(s->input.study, &city_options, &s->city, &s->err);
    if (ret == 0) {
        ret = checkpoint_open(s);
    }
    if (ret == 0) {
        ret = stn_writer_new(s->output, s->input.study, s->city, &writer_options, &s->writer, &s->err);
    }
    for (int32_t regime = 0; ret == 0 && regime < regimes; regime++) {
        ret = regime_live(s, regime);
    }
    if (ret == 0) {
        ret = stn_writer_finish(s->writer, &s->err);
    }
    if (ret == 0 && s->checkpoint != NULL) {
        ret = stn_checkpoint_remove(s->checkpoint, &s->err);
    }
    cli_progress_end();
    return ret == 0 ? EXIT_FINE : live_failed(s, ret);
}

/* Lines that a script reads as well as a person. */
static void
last_lines_put(const session *s)
{
    for (int32_t r = 0; r < s->run_count; r++) {
        const stn_run *run = s->runs[r];
        printf("\nregime: %s\nopportunities: %" PRIu64 "\nengine seconds: %.3f\ndigest: %016" PRIx64 "\n",
            stn_study_regime_name(s->input.study, stn_run_regime(run)), stn_run_opportunities(run), stn_run_seconds(run),
            stn_run_digest(run));
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

static void
results_put(const session *s)
{
    if (s->arguments->values[CLI_JSON] != NULL) {
        stn_summary_json(stdout, s->input.study, s->city, s->runs, s->run_count);
        return;
    }
    if (s->arguments->values[CLI_QUIET] == NULL) {
        stn_summary_print(stdout, s->input.study, s->city, s->runs, s->run_count);
        hint_put(s->output);
    }
    last_lines_put(s);
}

static void
session_free(session *s)
{
    stn_writer_free(s->writer);
    stn_checkpoint_free(s->checkpoint);
    for (int32_t r = 0; r < s->run_count; r++) {
        stn_run_free(s->runs[r]);
    }
    free(s->runs);
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
    if (status == EXIT_FINE) {
        status = checkpoint_name(&s);
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
