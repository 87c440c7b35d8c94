/* SPDX-License-Identifier: Apache-2.0
 *
 * cli.h - what the files of the command line share.
 *
 * table.c      commands and options, in words
 * arguments.c  from argv to values
 * help.c       --help
 * manual.c     manual pages, at build time
 * progress.c   the line that moves, and interrupts
 * folder.c     a folder for a moment
 * output.c     files that are written
 * input.c      the study that a command lives
 * alone.c, mpi.c   one process, or several that live a city together
 * run.c, explain.c, compare.c, disparity.c, audit.c, report.c, describe.c, sensitivity.c, check.c, city.c, export.c, schema.c
 *             the commands */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <standing/standing.h>

#include "table.h"

/* Exit statuses, as the manual gives them. */
enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_BAD_INPUT = 2, EXIT_MISFIT = 3, EXIT_INTERRUPTED = 130 };

/* What was given. Texts are borrowed from argv. */
typedef struct cli_arguments {
    const char *values[CLI_OPTION_COUNT]; /* NULL: not given; "" for one without argument */
    const char **regimes;                 /* owned: each --regime, in order */
    int32_t regime_count;
    const char **outcomes;                /* owned: each --outcome */
    int32_t outcome_count;
    const char **vary;                    /* owned: each --vary */
    int32_t vary_count;
    stn_setting *settings;                /* owned, keys too: each --set, in order */
    int32_t setting_count;
    char *const *operands;
    int operand_count;
} cli_arguments;

/* Fills `arguments` from the words after the command's name (words[0]). Returns
 * 0, or EXIT_BAD_INPUT (or EXIT_FAILED) after saying why. */
int cli_arguments_read(const cli_command *command, int count, char **words, cli_arguments *arguments);
void cli_arguments_free(cli_arguments *arguments);

/* A number given to an option within bounds, or the default if it was not given.
 * They return false after saying what was wrong. */
bool cli_number(const cli_arguments *arguments, cli_option_id id, double above, double most, double *value);
bool cli_whole(const cli_arguments *arguments, cli_option_id id, int64_t most, int64_t *value);

/* Says how a command, or (NULL) the program, is used. */
void cli_help(FILE *out, const cli_command *command);
/* Of names the nearest, or NULL if none is near. */
const char *cli_nearest(const char *word, const char *const *names, int count);

/* A word as a shell takes it back: in quotation marks if it needs them. */
void cli_quoted_put(FILE *out, const char *word);

/* "standing: text" on standard error. */
void cli_say(const char *format, ...) STN_PRINTF(1, 2);
/* Says what a failed call said, and the report's messages if there are some.
 * Returns the exit status that fits. `report` may be NULL. */
int cli_failed(int code, const stn_error *err, const stn_report *report);
/* Flushes standard output; EXIT_FAILED, said, if something could not be written. */
int cli_flush(int status);

/* The processes that live a city together: of standing-mpi, those that MPI started; else
 * one. `begin` comes before all else, `end` after it. */
void cli_ranks_begin(int *argc, char ***argv);
const stn_exchange *cli_ranks(void); /* NULL: alone */
int32_t cli_ranks_here(void);        /* how many of them are on this machine */
int32_t cli_ranks_threads(void);     /* for each, if none were asked for; 0: one for each core */
void cli_ranks_end(void);
/* Whether this is the one that speaks. What others have to say it says for them, or has said too. */
bool cli_speaks(void);

/* The moving line. One at a time; `begin` also catches interrupts. */
void cli_progress_begin(bool quiet);
int cli_progress(void *user, const stn_progress *progress); /* an stn_progress_fn */
void cli_progress_end(void);
bool cli_interrupted(void);

/* A new folder for a moment; false after saying why there is none. */
bool cli_folder_make(char *path, size_t room);
void cli_folder_remove(const char *path); /* with all that is in it */

/* The study that a command lives, and how it gets there. */
typedef struct cli_input {
    stn_study_options changes; /* what the command line changes */
    const char **recorded;     /* owned: regimes that a result file names */
    stn_setting *set;          /* owned: settings that a result file names */
    stn_setting *settings;     /* owned: those and the given ones */
    stn_report *report;        /* owned */
    stn_study *study;          /* owned */
    char folder[4096];         /* in which the files of --from were while they were read; or "" */
    stn_error err;
} cli_input;

/* Reads the options that change a study; false after saying what is wrong. */
bool cli_input_read(cli_input *input, const cli_arguments *arguments, const char *command);
/* Loads the study of the operand or of --from. Returns the exit status. */
int cli_input_load(cli_input *input, const cli_arguments *arguments);
void cli_input_free(cli_input *input);

/* A file to be: written aside, then put in its place. */
typedef struct cli_output {
    const char *path;          /* borrowed */
    char aside[4096];
    FILE *file;                /* to be written to; closed by cli_output_close() */
} cli_output;

/* The error of a path that the last call to the system left in errno. Returns STN_E_IO. */
int cli_io_failed(const char *path, stn_error *err);
/* A file in the way must begin with `head`, at most 64 bytes: then it is `what` and may be
 * replaced. Anything else is left alone. 0 or STN_E_IO. */
int cli_output_check(const char *path, const char *head, const char *what, stn_error *err);
int cli_output_open(cli_output *output, const char *path, stn_error *err);
/* Puts the file in its place if `ret`, the outcome so far, is 0; else leaves nothing.
 * Returns the outcome. */
int cli_output_close(cli_output *output, int ret, stn_error *err);

int cli_describe(const cli_arguments *arguments);
int cli_run(const cli_arguments *arguments);
int cli_explain(const cli_arguments *arguments);
int cli_compare(const cli_arguments *arguments);
int cli_disparity(const cli_arguments *arguments);
int cli_audit(const cli_arguments *arguments);
int cli_report(const cli_arguments *arguments);
int cli_sensitivity(const cli_arguments *arguments);
int cli_check(const cli_arguments *arguments);
int cli_city(const cli_arguments *arguments);
int cli_export(const cli_arguments *arguments);
int cli_schema(const cli_arguments *arguments);

#endif
