/* SPDX-License-Identifier: Apache-2.0
 *
 * run.c - standing run: a study's city lived under its regimes, side by side,
 * and that again for each replicate, into one result file, with checkpoints
 * beside it if they are wanted.
 *
 * Regimes are lived in parts of as many as memory bears. The first regime is in
 * each of them, because what others make people do and leave undone is told
 * against it: so what is written does not depend on the machine. */
#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What the last lines say of a run. */
typedef struct outcome {
    int32_t replicate, regime;
    uint64_t opportunities, digest;
    double seconds;
    int32_t windows;
    stn_exchanged exchanged;
} outcome;

typedef struct session {
    const cli_arguments *arguments;
    cli_input input;          /* owned, and so on */
    stn_run_options options;
    int64_t every;            /* seconds between checkpoints; -1: none are made */
    double last;              /* when there was one */
    char output[4096];
    char beside[4096 + 32];   /* the checkpoint of the part that is being lived */
    stn_checkpoint *checkpoint; /* of that; NULL: neither made nor used */
    int32_t parts;            /* of a replicate */
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
    if (cli_ranks() != NULL && (s->every >= 0 || a->values[CLI_RESUME] != NULL)) {
        cli_say("run: several processes keep no checkpoints; --checkpoint and --resume are for 'standing run'");
        return EXIT_BAD_INPUT;
    }
    s->options.threads = threads > 0 ? (int32_t) threads : cli_ranks_threads();
    s->options.block = (int32_t) block;
    s->options.lives = 1;
    s->options.log = a->values[CLI_EVENTS] != NULL;
    s->options.progress = progress_show;
    s->options.user = s;
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

/* ------------------------------------------------------------- checkpoints */

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

/* The name of a part's checkpoint: parts are numbered through all replicates. */
static void
beside_name(session *s, int64_t part)
{
    if (part == 0) {
        snprintf(s->beside, sizeof s->beside, "%s.checkpoint", s->output);
    } else {
        snprintf(s->beside, sizeof s->beside, "%s.checkpoint-%" PRId64, s->output, part);
    }
}

/* Whether a checkpoint may be made or used under its name, before anything is lived. */
static int
checkpoint_name(session *s)
{
    bool resume = s->arguments->values[CLI_RESUME] != NULL, there;

    beside_name(s, 0);
    there = stn_checkpoint_is_there(s->beside) != 0;
    if (there && !resume && s->every >= 0) {
        cli_say("run: %s is there already: --resume goes on from it; or remove it", s->beside);
        return EXIT_BAD_INPUT;
    }
    if (resume && !there) {
        cli_say("there is no %s; beginning at the beginning", s->beside);
    }
    if (resume) {
        stn_writer_sweep(s->output); /* what the killed run was writing */
    }
    return EXIT_FINE;
}

/* Looks for the checkpoint of runs that are about to be lived, and takes them up from it
 * if it has all of them. */
static int
checkpoint_open(session *s, const stn_study *study, const stn_city *city, stn_run *const *runs, int32_t count)
{
    int32_t done = INT32_MAX;
    int ret;

    if (s->every < 0 && s->arguments->values[CLI_RESUME] == NULL) {
        return 0;
    }
    if (s->input.changes.setting_count > 0) { /* it knows the files alone, and would go on from another life */
        s->err.code = STN_E_ARGUMENT;
        snprintf(s->err.text, sizeof s->err.text, "run: a checkpoint knows nothing of numbers that are set (--set); leave out --checkpoint and --resume");
        return STN_E_ARGUMENT;
    }
    s->last = now();
    ret = stn_checkpoint_new(s->beside, study, city, &s->checkpoint, &s->err);
    for (int32_t r = 0; ret == 0 && r < count; r++) {
        int32_t held = stn_checkpoint_windows_done(s->checkpoint, stn_run_regime(runs[r]));
        done = r > 0 && held != done ? -1 : held; /* those of a part are kept together */
    }
    for (int32_t r = 0; ret == 0 && done >= 0 && r < count; r++) {
        ret = stn_checkpoint_restore(s->checkpoint, runs[r], &s->err);
    }
    if (ret == 0 && done >= 0) {
        cli_say("going on from %s, at %d %%", s->beside, 100 * done / stn_run_window_count(runs[0]));
    }
    return ret;
}

/* One that fails, for want of room say, is no reason to stop: the last one stays. */
static void
checkpoint_write(session *s, stn_run *const *runs, int32_t count)
{
    if (stn_checkpoint_write(s->checkpoint, runs, count, &s->err) != 0) {
        cli_say("no checkpoint could be made, going on without: %s", s->err.text);
    }
    s->last = now();
}

/* The results are complete: nothing is to be gone on from. */
static int
checkpoints_remove(session *s)
{
    int64_t count = (int64_t) s->parts * stn_study_replicates(s->input.study);

    for (int64_t part = 0; part < count; part++) {
        beside_name(s, part);
        if (stn_checkpoint_is_there(s->beside) && remove(s->beside) != 0) {
            return cli_io_failed(s->beside, &s->err);
        }
    }
    return 0;
}

/* ------------------------------------------------------------------- living */

/* How many regimes can be lived side by side: as many as some 60 bytes a person and regime go into
 * half of the machine's memory; this process's share of both, if there are several. */
static int32_t
side_by_side(const stn_study *study, const stn_city *city)
{
    double memory = (double) sysconf(_SC_PHYS_PAGES) * (double) sysconf(_SC_PAGESIZE), rows = 1;
    int32_t most;

    for (int32_t p = 0; p < stn_study_population_count(study); p++) {
        rows += stn_city_rows(city, p);
    }
    if (cli_ranks() != NULL) {
        memory /= cli_ranks_here();
        rows /= cli_ranks()->count;
    }
    most = memory / 2 / (60 * rows) < STN_SIDE_BY_SIDE_MAX ? (int32_t) (memory / 2 / (60 * rows)) : STN_SIDE_BY_SIDE_MAX;
    return most < 2 ? 2 : most;
}

/* The same at all ranks: what it is at the first. */
static int
side_by_side_agree(int32_t *most, stn_error *err)
{
    int64_t first = cli_speaks() ? *most : 0;
    int ret = cli_ranks() != NULL ? cli_ranks()->sum(cli_ranks()->user, &first, 1) : 0;

    if (ret == 0) {
        *most = (int32_t) first;
    } else {
        err->code = ret;
        snprintf(err->text, sizeof err->text, "the ranks cannot hand each other what they must: %s", stn_error_text(ret));
    }
    return ret;
}

static int
runs_advance(session *s, stn_run *const *runs, int32_t count)
{
    int32_t step = s->every < 0 ? INT32_MAX : 1, windows = stn_run_window_count(runs[0]);
    int ret = 0;

    while (ret == 0 && stn_run_windows_done(runs[0]) < windows) {
        ret = stn_run_advance(runs[0], step, &s->err);
        if (ret == 0 && s->every >= 0 && (stn_run_windows_done(runs[0]) == windows || now() - s->last >= (double) s->every)) {
            checkpoint_write(s, runs, count);
        }
    }
    return ret;
}

/* Writes what came of a run. Only counts are kept after. */
static int
run_write(session *s, stn_run *run)
{
    int ret = stn_writer_add(s->writer, run, &s->err);

    if (ret == 0) {
        outcome o = { s->replicate, stn_run_regime(run), stn_run_opportunities(run), stn_run_digest(run), stn_run_seconds(run),
            stn_run_windows_done(run), { 0 } };
        stn_run_exchanged(run, &o.exchanged);
        s->outcomes[s->outcome_count++] = o;
        stn_run_release(run);
    }
    return ret;
}

/* Lives one part of the regimes, from number `first` on; the first regime goes with each. */
static int
part_live(session *s, const stn_study *study, const stn_city *city, int32_t first, int32_t count)
{
    stn_run *runs[STN_SIDE_BY_SIDE_MAX] = { NULL };
    int32_t regimes[STN_SIDE_BY_SIDE_MAX] = { 0 };
    int ret;

    for (int32_t r = 0; r < count; r++) {
        regimes[r] = first == 0 ? r : r == 0 ? 0 : first + r - 1;
    }
    ret = stn_runs_new(study, city, regimes, count, &s->options, runs, &s->err);
    if (ret == 0) {
        ret = checkpoint_open(s, study, city, runs, count);
    }
    if (ret == 0) {
        ret = runs_advance(s, runs, count);
    }
    for (int32_t r = first == 0 ? 0 : 1; ret == 0 && r < count; r++) {
        ret = run_write(s, runs[r]);
    }
    for (int32_t r = 0; r < count; r++) {
        if (ret == 0 && s->replicate == 0 && (r > 0 || first == 0)) {
            s->runs[regimes[r]] = runs[r];
            s->run_count = regimes[r] + 1;
        } else {
            stn_run_free(runs[r]);
        }
    }
    stn_checkpoint_free(s->checkpoint);
    s->checkpoint = NULL;
    return ret == 0 ? stn_exchange_agree(cli_ranks(), cli_interrupted() ? STN_E_STOPPED : 0, &s->err) : ret;
}

static int
regimes_live(session *s, const stn_study *study, const stn_city *city)
{
    int32_t regimes = stn_study_regime_count(study), most = side_by_side(study, city), part = 0, first = 0;
    int ret = side_by_side_agree(&most, &s->err);

    most = most < 2 ? 2 : most; /* whatever ranks that live other studies may have said */
    most = most < regimes ? most : regimes;
    s->parts = regimes <= most ? 1 : 1 + (regimes - most + most - 2) / (most - 1);
    while (ret == 0 && first < regimes) {
        int32_t new = first == 0 ? most : most - 1;
        new = new < regimes - first ? new : regimes - first;
        beside_name(s, (int64_t) s->replicate * s->parts + part++);
        ret = part_live(s, study, city, first, first == 0 ? new : new + 1);
        first += new;
    }
    return ret;
}

/* Replicate 0, whose runs are kept for the summary. */
static int
first_live(session *s)
{
    stn_city_options city_options = { s->options.threads, progress_show, s };
    const cli_arguments *a = s->arguments;
    stn_writer_options writer_options = { a->values[CLI_PANEL] != NULL, a->values[CLI_EVENTS] != NULL, 1, &s->input.changes,
        cli_ranks() };
    int ret = stn_city_new(s->input.study, &city_options, &s->city, &s->err);

    ret = stn_exchange_agree(cli_ranks(), ret, &s->err);
    if (ret == 0) {
        ret = stn_writer_new(s->output, s->input.study, s->city, &writer_options, &s->writer, &s->err);
    }
    return ret == 0 ? regimes_live(s, s->input.study, s->city) : ret;
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
    ret = stn_exchange_agree(cli_ranks(), ret, &s->err);
    if (ret == 0) {
        ret = stn_writer_next(s->writer, study, city, &s->err);
    }
    if (ret == 0) {
        ret = regimes_live(s, study, city);
    }
    stn_city_free(city);
    stn_study_free(study);
    return ret;
}

/* Says why there are no results. */
static int
live_failed(session *s, int ret)
{
    beside_name(s, 0);
    if (ret == STN_E_STOPPED && s->every >= 0 && stn_checkpoint_is_there(s->beside)) {
        cli_say("stopped; --resume goes on from %s", s->beside);
        return EXIT_INTERRUPTED;
    }
    return cli_failed(ret, &s->err, NULL);
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
    ret = s->runs == NULL || s->outcomes == NULL ? STN_E_MEMORY : 0;
    ret = stn_exchange_agree(cli_ranks(), ret, &s->err);
    if (ret != 0) {
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
    if (ret == 0 && (s->every >= 0 || s->arguments->values[CLI_RESUME] != NULL)) {
        ret = checkpoints_remove(s);
    }
    cli_progress_end();
    return ret == 0 ? EXIT_FINE : live_failed(s, ret);
}

/* What the ranks of a run handed each other: of numbers each, of the rest all together. */
static void
exchanged_put(const outcome *o)
{
    uint64_t windows = (uint64_t) o->windows;

    printf("ranks: %d\nbytes summed per window: %" PRIu64 "\nbytes of messages per window: %" PRIu64
        "\nbytes of cases per window: %" PRIu64 "\n", (int) cli_ranks()->count, o->exchanged.summed / windows,
        o->exchanged.messages / windows, o->exchanged.cases / windows);
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
        if (cli_ranks() != NULL) {
            exchanged_put(o);
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

/* What people take in memory, part by part, for each who is there at the start. */
static void
memory_put(const session *s)
{
    double people = 0;

    for (int32_t p = 0; p < stn_study_population_count(s->input.study); p++) {
        people += stn_city_size(s->city, p);
    }
    for (int32_t r = 0; r < s->run_count; r++) {
        const stn_run *run = s->runs[r];
        stn_memory_part part;
        printf("\nMemory under %s: %.1f MiB, %.1f bytes for each resident and company of the start\n",
            stn_study_regime_name(s->input.study, stn_run_regime(run)), (double) stn_run_memory(run) / 1048576,
            (double) stn_run_memory(run) / people);
        for (int32_t i = 0; stn_run_memory_part(run, i, &part) != 0; i++) {
            const char *whose = part.population >= 0 ? stn_study_population_name(s->input.study, part.population) : "all";
            double bytes = (double) part.count * (double) part.size;
            if (bytes > 0) {
                printf("  %-10s %-28s %12" PRIu64 " x %5" PRIu64 " B = %9.1f MiB %7.2f B each%s\n", whose, part.what, part.count,
                    part.size, bytes / 1048576, bytes / people, part.shared != 0 ? "  (once for all regimes)" : "");
            }
        }
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
    if (s->arguments->values[CLI_MEMORY] != NULL) {
        memory_put(s);
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
    if (status == EXIT_FINE) {
        status = checkpoint_name(&s);
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
