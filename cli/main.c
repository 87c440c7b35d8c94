/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - the command line: picks the command. */
#include "cli.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

static int (*const functions[CLI_COMMAND_COUNT])(const cli_arguments *) = {
    [CLI_RUN] = cli_run, [CLI_EXPLAIN] = cli_explain, [CLI_COMPARE] = cli_compare,
    [CLI_DISPARITY] = cli_disparity, [CLI_AUDIT] = cli_audit, [CLI_REPORT] = cli_report,
    [CLI_DESCRIBE] = cli_describe, [CLI_SENSITIVITY] = cli_sensitivity,
    [CLI_CHECK] = cli_check, [CLI_CITY] = cli_city,
    [CLI_EXPORT] = cli_export, [CLI_SCHEMA] = cli_schema
};

void
cli_quoted_put(FILE *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+:@%,";

    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        fputs(word, out);
        return;
    }
    putc('\'', out);
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            fputs("'\\''", out);
        } else {
            putc(*word, out);
        }
    }
    putc('\'', out);
}

bool
cli_speaks(void)
{
    return cli_ranks() == NULL || cli_ranks()->rank == 0;
}

void
cli_say(const char *format, ...)
{
    va_list args;

    if (!cli_speaks()) {
        return;
    }
    cli_progress_end();
    fputs("standing: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    putc('\n', stderr);
}

int
cli_failed(int code, const stn_error *err, const stn_report *report)
{
    cli_progress_end();
    if (code == STN_E_INPUT && report != NULL && stn_report_count(report) > 0) {
        int32_t count = stn_report_count(report);
        for (int32_t i = 0; i < count && cli_speaks(); i++) {
            fprintf(stderr, "%s\n", stn_report_text(report, i));
        }
        cli_say("%d %s", (int) count, count == 1 ? "mistake" : "mistakes");
        return EXIT_BAD_INPUT;
    }
    if (code == STN_E_STOPPED) {
        cli_say("stopped; nothing was written");
        return EXIT_INTERRUPTED;
    }
    cli_say("%s", err->text[0] != '\0' ? err->text : stn_error_text(code));
    return code <= STN_E_INPUT ? EXIT_BAD_INPUT : EXIT_FAILED;
}

int
cli_flush(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        cli_say("standard output: %s", strerror(errno));
        return status == EXIT_FINE ? EXIT_FAILED : status;
    }
    return status;
}

static const cli_command *
command_find(const char *word)
{
    const char *names[CLI_COMMAND_COUNT + 1], *near;

    for (int c = 0; c < CLI_COMMAND_COUNT; c++) {
        if (strcmp(cli_commands[c].name, word) == 0) {
            return &cli_commands[c];
        }
        names[c] = cli_commands[c].name;
    }
    names[CLI_COMMAND_COUNT] = "help";
    near = cli_nearest(word, names, CLI_COMMAND_COUNT + 1);
    cli_say("there is no command '%s'%s%s%s; see 'standing help'", word, near != NULL ? "; did you mean '" : "",
        near != NULL ? near : "", near != NULL ? "'?" : "");
    return NULL;
}

static int
help(const char *word)
{
    const cli_command *command = word != NULL ? command_find(word) : NULL;

    if (word != NULL && command == NULL) {
        return EXIT_BAD_INPUT;
    }
    cli_help(stdout, command);
    return cli_flush(EXIT_FINE);
}

/* Does what the words ask for. Only a run is the work of several processes. */
static int
command_do(int argc, char **argv)
{
    const cli_command *command;
    cli_arguments arguments;
    int status;

    if (!cli_speaks() && (argc < 2 || strcmp(argv[1], cli_commands[CLI_RUN].name) != 0)) {
        return EXIT_FINE;
    }
    if (argc < 2) {
        cli_help(stderr, NULL);
        return EXIT_BAD_INPUT;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        printf("standing %s (results epoch %d)\n", stn_version(), (int) stn_results_epoch());
        return cli_flush(EXIT_FINE);
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        return help(argc > 2 ? argv[2] : NULL);
    }
    command = command_find(argv[1]);
    if (command == NULL) {
        return EXIT_BAD_INPUT;
    }
    status = cli_arguments_read(command, argc - 1, argv + 1, &arguments);
    if (status == EXIT_FINE && arguments.values[CLI_HELP] != NULL) {
        if (cli_speaks()) {
            cli_help(stdout, command);
        }
    } else if (status == EXIT_FINE) {
        status = functions[command - cli_commands](&arguments);
    }
    cli_arguments_free(&arguments);
    return cli_flush(status);
}

int
main(int argc, char **argv)
{
    int status;

    signal(SIGXFSZ, SIG_IGN); /* a file too large is an error like a full disk */
    signal(SIGPIPE, SIG_DFL); /* whoever stops reading has had enough */
    cli_ranks_begin(&argc, &argv);
    status = command_do(argc, argv);
    cli_ranks_end();
    return status;
}
