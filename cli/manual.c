/* SPDX-License-Identifier: Apache-2.0
 *
 * manual.c - at build time: "manual VERSION [COMMAND]" prints the manual page
 * of a command, or of the program, in the man(7) language. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "table.h"

/* Text with what roff would take for its own escaped. */
static void
text_put(const char *text)
{
    if (*text == '.' || *text == '\'') {
        fputs("\\&", stdout);
    }
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '\\':
            fputs("\\e", stdout);
            break;
        case '-':
            fputs("\\-", stdout);
            break;
        default:
            putchar(*text);
            break;
        }
    }
}

static void
line_put(const char *before, const char *text, const char *after)
{
    fputs(before, stdout);
    text_put(text);
    puts(after);
}

/* Sentences begin on lines of their own, as roff likes them. */
static void
paragraph_put(const char *text)
{
    const char *end;

    while ((end = strstr(text, ". ")) != NULL) {
        char sentence[2048];
        snprintf(sentence, sizeof sentence, "%.*s", (int) (end - text) + 1, text);
        line_put("", sentence, "");
        text = end + 2;
    }
    line_put("", text, "");
}

static void
paragraphs_put(const char *const *text)
{
    for (int i = 0; text[i] != NULL; i++) {
        if (i > 0) {
            puts(".PP");
        }
        paragraph_put(text[i]);
    }
}

static void
head_put(const char *name, const char *purpose, const char *version)
{
    char upper[64];

    snprintf(upper, sizeof upper, "%s", name);
    for (char *c = upper; *c != '\0'; c++) {
        *c = (char) toupper((unsigned char) *c);
    }
    printf(".\\\" Made from the table of commands.\n.TH \"%s\" 1 \"\" \"Standing %s\" \"Standing\"\n.SH NAME\n", upper, version);
    text_put(name);
    fputs(" \\- ", stdout);
    text_put(purpose);
    putchar('\n');
}

static void
options_put(const cli_option *options)
{
    puts(".SH OPTIONS");
    for (const cli_option *o = options; o->name != NULL; o++) {
        puts(".TP");
        if (o->letter != 0) {
            printf("\\fB\\-%c\\fR, ", o->letter);
        }
        line_put("\\fB\\-\\-", o->name, o->argument != NULL ? "\\fR \\fI\\c" : "\\fR");
        if (o->argument != NULL) {
            line_put("", o->argument, "\\fR");
        }
        paragraph_put(o->meaning);
    }
}

static void
exits_put(const char *const *pairs)
{
    for (; pairs[0] != NULL; pairs += 2) {
        printf(".TP\n%s\n", pairs[0]);
        paragraph_put(pairs[1]);
    }
}

static void
others_put(const cli_command *but)
{
    puts(".SH SEE ALSO");
    fputs(but != NULL ? ".BR standing (1)" : "", stdout);
    for (int c = 0; c < CLI_COMMAND_COUNT; c++) {
        if (&cli_commands[c] != but) {
            printf("%s.BR standing\\-%s (1)", c > 0 || but != NULL ? ",\n" : "", cli_commands[c].name);
        }
    }
    putchar('\n');
}

static void
command_put(const cli_command *command, const char *version)
{
    char name[64];

    snprintf(name, sizeof name, "standing-%s", command->name);
    head_put(name, command->purpose, version);
    puts(".SH SYNOPSIS");
    printf("\\fBstanding %s\\fR [\\fIOPTION\\fR]...\n", command->name);
    line_put("\\fI", command->operands, "\\fR");
    puts(".SH DESCRIPTION");
    paragraphs_put(command->text);
    options_put(command->options);
    puts(".SH EXIT STATUS");
    exits_put(cli_exits_all);
    exits_put(command->exits);
    puts(".SH EXAMPLES");
    for (const cli_example *e = command->examples; e->command != NULL; e++) {
        puts(".TP");
        line_put("\\fB", e->command, "\\fR");
        paragraph_put(e->meaning);
    }
    others_put(command);
}

static void
program_put(const char *version)
{
    head_put("standing", cli_purpose, version);
    puts(".SH SYNOPSIS\n\\fBstanding\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n.PP\n"
         "\\fBstanding help\\fR [\\fICOMMAND\\fR]\n.PP\n\\fBstanding \\-\\-version\\fR\n.SH DESCRIPTION");
    paragraphs_put(cli_text);
    puts(".SH COMMANDS");
    for (int c = 0; c < CLI_COMMAND_COUNT; c++) {
        puts(".TP");
        printf("\\fB%s\\fR ", cli_commands[c].name);
        line_put("\\fI", cli_commands[c].operands, "\\fR");
        line_put("", cli_commands[c].purpose, "");
    }
    puts(".SH EXIT STATUS");
    exits_put(cli_exits_all);
    others_put(NULL);
}

int
main(int argc, char **argv)
{
    if (argc == 2) {
        program_put(argv[1]);
        return 0;
    }
    for (int c = 0; argc == 3 && c < CLI_COMMAND_COUNT; c++) {
        if (strcmp(cli_commands[c].name, argv[2]) == 0) {
            command_put(&cli_commands[c], argv[1]);
            return 0;
        }
    }
    fprintf(stderr, "usage: manual VERSION [COMMAND]\n");
    return 2;
}
