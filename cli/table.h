/* SPDX-License-Identifier: Apache-2.0
 *
 * table.h - the one table of commands and options. What is parsed (arguments.c),
 * what --help says (help.c) and the manual pages (manual.c) are made from it. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

typedef enum cli_option_id {
    CLI_OUTPUT, CLI_FROM, CLI_REGIME, CLI_SCALE, CLI_YEARS, CLI_SEED, CLI_REPLICATES, CLI_SET, CLI_THREADS, CLI_BLOCK, CLI_PANEL,
    CLI_EVENTS, CLI_CHECKPOINT, CLI_RESUME, CLI_MEMORY, CLI_HTML, CLI_JSON, CLI_QUIET, CLI_WORLD, CLI_RESIDENT, CLI_COMPANY, CLI_POPULATION,
    CLI_ROW, CLI_WHO, CLI_WIDTH, CLI_BY, CLI_MAP, CLI_LIFE, CLI_OUTCOME, CLI_VARY, CLI_CITED, CLI_TRAJECTORIES, CLI_TOP, CLI_BASE,
    CLI_SVG,
    CLI_HELP, CLI_OPTION_COUNT
} cli_option_id;

typedef struct cli_option {
    cli_option_id id;
    const char *name;     /* long, without dashes; NULL ends a list */
    char letter;          /* short; 0: none */
    const char *argument; /* its name; NULL: takes none */
    const char *meaning;  /* a sentence or more, with the default */
} cli_option;

typedef struct cli_example {
    const char *command;  /* NULL ends a list */
    const char *meaning;
} cli_example;

typedef enum cli_command_id {
    CLI_RUN, CLI_EXPLAIN, CLI_COMPARE, CLI_DISPARITY, CLI_AUDIT, CLI_REPORT, CLI_DESCRIBE, CLI_SENSITIVITY, CLI_CHECK, CLI_CITY,
    CLI_EXPORT, CLI_SCHEMA, CLI_COMMAND_COUNT
} cli_command_id;

typedef struct cli_command {
    const char *name;
    const char *operands; /* as shown in the synopsis */
    int operands_min, operands_max;
    const char *purpose;  /* one line, without a full stop */
    const char *const *text; /* paragraphs; NULL ends them */
    const cli_option *options;
    const cli_example *examples;
    const char *const *exits; /* status, meaning, status, meaning, ..., NULL: its own */
} cli_command;

extern const cli_command cli_commands[CLI_COMMAND_COUNT];
extern const char cli_purpose[];           /* of the program, one line */
extern const char *const cli_text[];       /* of the program, paragraphs */
extern const char *const cli_exits_all[];  /* statuses that every command shares */

#endif
