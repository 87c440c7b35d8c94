/* SPDX-License-Identifier: Apache-2.0
 *
 * run.c - standing run: a study's city lived under its regimes, one after the
 * other, into one result file. */
#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct session {
    const cli_arguments *arguments;
    cli_input input;          /* owned, and so on */
    stn_run_options options;
    char output[4096];
    stn_city *city;
    stn_writer *writer;
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

    if (a->values[CLI_JSON] != NULL && a->values[CLI_QUIET] != NULL) {
        cli_say("run: --json prints the summary and --quiet leaves it out; only one of them can be had");
        return EXIT_BAD_INPUT;
    }
    if (!cli_input_read(&s->input, a, "run") || !cli_whole(a, CLI_THREADS, 256, &threads)
        || !cli_whole(a, CLI_BLOCK, INT32_MAX, &block)) {
        return EXIT_BAD_INPUT;
    }
    stn_run_options_init(&s->options);
    s->options.threads = threads > 0 ? (int32_t) threads : cli_ranks_threads();
    s->options.block = (int32_t) block;
    s->options.log = a->values[CLI_EVENTS] != NULL;
    s->options.progress = cli_progress;
    s->options.exchange = cli_ranks();
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

/* Loads the study, at all ranks or at none. */
static int
load(session *s)
{
    int status = cli_input_load(&s->input, s->arguments), code = 0;

    if (status != EXIT_FINE) {
        code = s->input.err.code != 0 ? s->input.err.code : STN_E_IO;
        s->err = s->input.err;
        if (s->input.report != NULL && stn_report_count(s->input.report) > 0) {
            snprintf(s->err.text, sizeof s->err.text, "%s", stn_report_text(s->input.report, 0));
        }
    }
    code = stn_exchange_agree(cli_ranks(), code, &s->err);
    return status == EXIT_FINE && code != 0 ? cli_failed(code, &s->err, NULL) : status;
}

/* Lives one regime and writes what came of it. Only counts are kept after. */
static int
regime_live(session *s, int32_t regime)
{
    int ret = stn_run_new(s->input.study, s->city, regime, &s->options, &s->runs[regime], &s->err);

    if (ret == 0) {
        s->run_count = regime + 1;
        ret = stn_run_advance(s->runs[regime], INT32_MAX, &s->err);
    }
    if (ret == 0) {
        ret = stn_writer_add(s->writer, s->runs[regime], &s->err);
    }
    if (ret == 0) {
        stn_run_release(s->runs[regime]);
        ret = stn_exchange_agree(cli_ranks(), cli_interrupted() ? STN_E_STOPPED : 0, &s->err);
    }
    return ret;
}

static int
live(session *s)
{
    const cli_arguments *a = s->arguments;
    stn_city_options city_options = { s->options.threads, cli_progress, NULL };
    stn_writer_options writer_options = { a->values[CLI_PANEL] != NULL, a->values[CLI_EVENTS] != NULL, &s->input.changes,
        cli_ranks() };
    int32_t regimes = stn_study_regime_count(s->input.study);
    int ret;

    if (regimes == 0) {
        cli_say("run: the study names no regime to live under; 'standing city' makes a world's people alone");
        return EXIT_BAD_INPUT;
    }
    s->runs = calloc((size_t) regimes, sizeof *s->runs);
    ret = s->runs == NULL ? STN_E_MEMORY : stn_city_new(s->input.study, &city_options, &s->city, &s->err);
    ret = stn_exchange_agree(cli_ranks(), ret, &s->err);
    if (ret == 0) {
        ret = stn_writer_new(s->output, s->input.study, s->city, &writer_options, &s->writer, &s->err);
    }
    for (int32_t regime = 0; ret == 0 && regime < regimes; regime++) {
        ret = regime_live(s, regime);
    }
    if (ret == 0) {
        ret = stn_writer_finish(s->writer, &s->err);
    }
    cli_progress_end();
    return ret == 0 ? EXIT_FINE : cli_failed(ret, &s->err, NULL);
}

/* What the ranks of a run handed each other: of numbers each, of the rest all together. */
static void
exchanged_put(const stn_run *run)
{
    uint64_t windows = (uint64_t) stn_run_windows_done(run);
    stn_exchanged e;

    stn_run_exchanged(run, &e);
    printf("ranks: %d\nbytes summed per window: %" PRIu64 "\nbytes of messages per window: %" PRIu64
        "\nbytes of cases per window: %" PRIu64 "\n", (int) cli_ranks()->count, e.summed / windows, e.messages / windows,
        e.cases / windows);
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
        if (cli_ranks() != NULL) {
            exchanged_put(run);
        }
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
    if (status != EXIT_FINE) {
        return status;
    }
    cli_progress_begin(arguments->values[CLI_QUIET] != NULL || !cli_speaks());
    status = load(&s);
    if (status == EXIT_FINE) {
        status = live(&s);
    }
    if (status == EXIT_FINE && cli_speaks()) {
        results_put(&s);
    }
    session_free(&s);
    return status;
}
