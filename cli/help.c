/* SPDX-License-Identifier: Apache-2.0
 *
 * help.c - what --help says, from the table. */
#include "cli.h"

#include <string.h>

enum { WIDTH = 90 };

/* Puts a text in lines of at most WIDTH, each after `indent` spaces; the first
 * goes on at column `at`. */
static void
wrapped(FILE *out, const char *text, int indent, int at)
{
    while (*text != '\0') {
        int word = (int) strcspn(text, " ");
        if (at > indent && at + 1 + word > WIDTH) {
            putc('\n', out);
            at = 0;
        }
        if (at < indent) {
            fprintf(out, "%*s", indent - at, "");
            at = indent;
        } else if (at > indent) {
            putc(' ', out);
            at++;
        }
        fwrite(text, 1, (size_t) word, out);
        at += word;
        text += word;
        text += strspn(text, " ");
    }
    putc('\n', out);
}

static void
option_put(FILE *out, const cli_option *option)
{
    char head[64];
    int size = option->letter != 0 ? snprintf(head, sizeof head, "  -%c, --%s", option->letter, option->name)
                                   : snprintf(head, sizeof head, "      --%s", option->name);

    if (option->argument != NULL) {
        size += snprintf(head + size, sizeof head - (size_t) size, " %s", option->argument);
    }
    fputs(head, out);
    if (size > 23) {
        putc('\n', out);
        size = 0;
    }
    wrapped(out, option->meaning, 24, size);
}

static void
exits_put(FILE *out, const char *const *pairs)
{
    for (; pairs[0] != NULL; pairs += 2) {
        fprintf(out, "  %-4s", pairs[0]);
        wrapped(out, pairs[1], 8, 6);
    }
}

static void
command_help(FILE *out, const cli_command *command)
{
    fprintf(out, "standing %s - %s\n\nusage: standing %s [OPTION]... %s\n", command->name, command->purpose,
        command->name, command->operands);
    for (const char *const *text = command->text; *text != NULL; text++) {
        putc('\n', out);
        wrapped(out, *text, 0, 0);
    }
    fprintf(out, "\nOptions\n");
    for (const cli_option *o = command->options; o->name != NULL; o++) {
        option_put(out, o);
    }
    fprintf(out, "\nExamples\n");
    for (const cli_example *e = command->examples; e->command != NULL; e++) {
        fprintf(out, "  %s\n", e->command);
        wrapped(out, e->meaning, 6, 0);
    }
    fprintf(out, "\nExit status\n");
    exits_put(out, cli_exits_all);
    exits_put(out, command->exits);
}

void
cli_help(FILE *out, const cli_command *command)
{
    if (command != NULL) {
        command_help(out, command);
        return;
    }
    fprintf(out, "standing - %s\n\nusage: standing COMMAND [OPTION]... [ARGUMENT]...\n", cli_purpose);
    for (const char *const *text = cli_text; *text != NULL; text++) {
        putc('\n', out);
        wrapped(out, *text, 0, 0);
    }
    fprintf(out, "\nCommands\n");
    for (int c = 0; c < CLI_COMMAND_COUNT; c++) {
        fprintf(out, "  %-10s%s\n", cli_commands[c].name, cli_commands[c].purpose);
    }
    fprintf(out, "  %-10s%s\n  %-10s%s\n", "help", "say how a command is used: standing help COMMAND", "--version",
        "say which version this is");
    fprintf(out, "\nExit status\n");
    exits_put(out, cli_exits_all);
}
