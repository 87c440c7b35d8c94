/* SPDX-License-Identifier: Apache-2.0
 *
 * results.h - the result file, and what a person reads first.
 *
 * A result file is one SQLite database with whole numbers and texts only. It
 * is written aside and renamed when complete, so a broken one never carries
 * the name that was asked for. docs/results.md describes its tables. */
#ifndef STANDING_RESULTS_H
#define STANDING_RESULTS_H

#include <stdio.h>

#include <standing/run.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A result file being written: opened before the first regime is lived, so
 * that a wrong path is known at once, and filled one run at a time, replicate
 * by replicate. */
typedef struct stn_writer stn_writer;

typedef struct stn_writer_options {
    int32_t panel;   /* 1: the state of everybody at the end, as table `panel` */
    int32_t events;  /* 1: the event log of the runs, as table `event` */
    int32_t effects; /* 1: what each regime did to whom, and each against each, as counts (tables `fate`,
                      * `effect` and `spell`); runs must have been made with the option `lives` */
    const stn_study_options *changes; /* borrowed; what the command line changed; NULL: nothing */
    const stn_exchange *exchange; /* borrowed: that of the runs; rank 0 writes the file, with what the
                                   * others hand it; all make the same calls. NULL: alone */
} stn_writer_options;

/* Starts a file beside `path` ("PATH.tmp-PID") with the provenance and the
 * tables of replicate 0's city. Returns 0, STN_E_IO or STN_E_MEMORY; nothing is left behind
 * on failure. */
STN_API STN_CHECKED int stn_writer_new(const char *path, const stn_study *study,
    const stn_city *city, const stn_writer_options *options, stn_writer **out, stn_error *err);
/* Begins the next replicate, with the study that stn_study_replicate_new() gave for
 * it and the city made of that. Both must live until a run of each regime has been
 * added, or else until nothing more is done with the writer but freeing it. */
STN_API STN_CHECKED int stn_writer_next(stn_writer *writer, const stn_study *study,
    const stn_city *city, stn_error *err);
/* Adds a run of this replicate that has been lived to its end and not released. */
STN_API STN_CHECKED int stn_writer_add(stn_writer *writer, stn_run *run, stn_error *err);
/* Makes the file durable and gives it its name. */
STN_API STN_CHECKED int stn_writer_finish(stn_writer *writer, stn_error *err);
/* Frees; removes the unfinished file unless finish succeeded. NULL does nothing. */
STN_API void stn_writer_free(stn_writer *writer);
/* Removes the unfinished files beside `path` whose processes were killed. */
STN_API void stn_writer_sweep(const char *path);

/* Writes a table of a result file as CSV, or, with `table` NULL, the names of
 * its tables, one a line. STN_E_ARGUMENT: no such table (`err` names the
 * nearest); STN_E_IO: not a result file, or `out` refused. */
STN_API STN_CHECKED int stn_results_export(const char *path, const char *table, FILE *out,
    stn_error *err);

/* Puts the input files that a result file carries below the new folder `folder`
 * and gives the path of the study there (owned by the caller: free()) and the
 * changes that were made to it (regime names are kept by the study's order, settings
 * by their own; each owned by the caller as one block: free(changes->regimes),
 * free(changes->settings)). */
STN_API STN_CHECKED int stn_results_extract(const char *path, const char *folder,
    char **study_path, stn_study_options *changes, stn_error *err);

/* The summary that a run ends with, for a person: who is rated, listed,
 * blocked, wrongly restricted, by group, each regime against the first.
 * Or the same and more as JSON. The runs are those of one study. */
STN_API void stn_summary_print(FILE *out, const stn_study *study, const stn_city *city,
    stn_run *const *runs, int32_t run_count);
STN_API void stn_summary_json(FILE *out, const stn_study *study, const stn_city *city,
    stn_run *const *runs, int32_t run_count);

/* What to compare. Texts are borrowed. */
typedef struct stn_compare_options {
    const char *a, *b;  /* regimes; `a` NULL: the first; `b` NULL: each of the others */
    const char *by;     /* attributes with commas between, for a row for each combination of levels; NULL: none */
    int32_t json;       /* 1: every figure, for programs; 0: a table, for a person */
} stn_compare_options;

/* Says what regime b did to the people against regime a, from a result file: differences
 * within replicates, with their 95 % intervals over replicates. Returns 0; STN_E_ARGUMENT
 * (no such regime or attribute, or nothing to compare; `err` says which); STN_E_IO (not a
 * whole result file, or `out` refused), STN_E_FORMAT_NEWER, STN_E_FORMAT_OLDER or
 * STN_E_MEMORY. */
STN_API STN_CHECKED int stn_results_compare(const char *path, const stn_compare_options *options,
    FILE *out, stn_error *err);

typedef struct stn_disparity_options {
    const char *regime; /* NULL: each */
    const char *by;     /* attributes with commas between, whose levels are crossed; NULL: each of the study's alone */
    int32_t json;       /* 1: every figure, for programs; 0: tables, for a person */
    int32_t no_curves;  /* 1: without survival curves, which are most of the JSON */
} stn_disparity_options;

/* Says what a regime does to some people more than to others, from a result file: rates and
 * their ratios, errors, how long until somebody is restricted and free again, concentration.
 * Errors as stn_results_compare(). */
STN_API STN_CHECKED int stn_results_disparity(const char *path, const stn_disparity_options *options,
    FILE *out, stn_error *err);

/* One made-up life, told: what happens to the actor with a row number, under one
 * regime or side by side under several. It borrows study and city. */
typedef struct stn_story stn_story;

/* Begins with nothing told. Returns 0, STN_E_ARGUMENT (there is no such row) or
 * STN_E_MEMORY; on failure `*out` is NULL. */
STN_API STN_CHECKED int stn_story_new(const stn_study *study, const stn_city *city,
    int32_t population, uint32_t row, stn_story **out, stn_error *err);
/* Lives regime number `regime` of the study once more, all of the city, and keeps
 * what happens to that one: at most 32 times. Of `options`, threads, block and
 * progress are heeded; NULL: the defaults. Returns what stn_run_new() and
 * stn_run_advance() do; after an error the life is as it was. */
STN_API STN_CHECKED int stn_story_add(stn_story *life, int32_t regime,
    const stn_run_options *options, stn_error *err);
/* For a person: who it is, what it comes to, and a timeline in lines of `width`
 * characters (0: 100; at least 40). Returns 0 or STN_E_MEMORY. */
STN_API STN_CHECKED int stn_story_print(FILE *out, const stn_story *life, int32_t width,
    stn_error *err);
/* For a program: every event, decoded, as JSON. */
STN_API void stn_story_json(FILE *out, const stn_story *life);
STN_API void stn_story_free(stn_story *life); /* NULL does nothing */

/* Ways of finding somebody worth reading about, by number, e.g. "longest wrongly
 * restricted"; NULL for a number past the last. */
STN_API const char *stn_story_seek_name(int32_t way);
/* Finds, by living `regime` once (and `against` too, for "most changed"), the row of
 * the one with the most, the first of equals; -1 if nobody has any of it. `options`
 * as above. Returns what stn_run_advance() does. */
STN_API STN_CHECKED int stn_story_seek(const stn_study *study, const stn_city *city, int32_t way,
    int32_t population, int32_t against, int32_t regime, const stn_run_options *options,
    int64_t *row, stn_error *err);

#ifdef __cplusplus
}
#endif
#endif
