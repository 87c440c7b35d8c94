/* SPDX-License-Identifier: Apache-2.0
 *
 * arguments.c - from the words of a command to values, by the table. */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = CLI_OPTION_COUNT };

/* Optimal string alignment distance of two short words. */
static int
distance(const char *a, const char *b)
{
    enum { LONGEST = 32 };
    int rows[3][LONGEST + 1];
    int a_size = (int) strlen(a), b_size = (int) strlen(b);

    if (a_size > LONGEST || b_size > LONGEST) {
        return LONGEST;
    }
    for (int i = 0; i <= a_size; i++) {
        int *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        for (int j = 0; j <= b_size; j++) {
            if (i == 0 || j == 0) {
                now[j] = i + j;
                continue;
            }
            now[j] = before[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = before[j] + 1 < now[j] ? before[j] + 1 : now[j];
            now[j] = now[j - 1] + 1 < now[j] ? now[j - 1] + 1 : now[j];
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && earlier[j - 2] + 1 < now[j]) {
                now[j] = earlier[j - 2] + 1;
            }
        }
    }
    return rows[a_size % 3][b_size];
}

const char *
cli_nearest(const char *word, const char *const *names, int count)
{
    const char *nearest = NULL;
    int best = strlen(word) / 3 > 1 ? (int) strlen(word) / 3 : 1;

    for (int i = 0; i < count; i++) {
        int d = distance(word, names[i]);
        if (d < best || (d == best && nearest == NULL)) {
            best = d;
            nearest = names[i];
        }
    }
    return nearest;
}

static void
unknown_option(const cli_command *command, const char *word)
{
    const char *names[OPTIONS_MAX], *near;
    char plain[64];
    int count = 0;

    for (const cli_option *o = command->options; o->name != NULL; o++) {
        names[count++] = o->name;
    }
    while (*word == '-') {
        word++;
    }
    snprintf(plain, sizeof plain, "%.*s", (int) strcspn(word, "="), word);
    near = cli_nearest(plain, names, count);
    cli_say("%s: there is no option --%s%s%s%s; see 'standing help %s'", command->name, plain,
        near != NULL ? "; did you mean --" : "", near != NULL ? near : "", near != NULL ? "?" : "", command->name);
}

/* The table's options as getopt wants them. */
static void
options_translate(const cli_command *command, struct option *longs, char *shorts)
{
    *shorts++ = ':'; /* a missing argument is told apart */
    for (const cli_option *o = command->options; o->name != NULL; o++) {
        *longs++ = (struct option){ o->name, o->argument != NULL ? required_argument : no_argument, NULL, 256 + (int) o->id };
        if (o->letter != 0) {
            *shorts++ = o->letter;
            if (o->argument != NULL) {
                *shorts++ = ':';
            }
        }
    }
    *longs = (struct option){ NULL, 0, NULL, 0 };
    *shorts = '\0';
}

static const cli_option *
option_find(const cli_command *command, int code)
{
    const cli_option *o = command->options;

    while (o->name != NULL && code != 256 + (int) o->id && code != o->letter) {
        o++;
    }
    return o->name != NULL ? o : NULL;
}

static int
operands_check(const cli_command *command, const cli_arguments *arguments)
{
    int most = command->operands_max;

    if (arguments->operand_count < command->operands_min || (most >= 0 && arguments->operand_count > most)) {
        if (most >= 0 && arguments->operand_count > most) {
            cli_say("%s: '%s' is one word too many", command->name, arguments->operands[most]);
        } else {
            cli_say("%s: something is missing", command->name);
        }
        cli_say("usage: standing %s [OPTION]... %s; see 'standing help %s'", command->name, command->operands, command->name);
        return EXIT_BAD_INPUT;
    }
    return 0;
}

/* KEY=VALUE; the value may have further signs of equality. */
static bool
setting_read(const cli_command *command, const char *word, cli_arguments *arguments)
{
    size_t size = strcspn(word, "=");
    char *key = size > 0 && word[size] == '=' ? malloc(size + 1) : NULL;

    if (key == NULL) {
        cli_say("%s: --set '%s': KEY=VALUE is wanted, such as behaviours.fraud.taken=0.1; see 'standing help %s'",
            command->name, word, command->name);
        return false;
    }
    memcpy(key, word, size);
    key[size] = '\0';
    arguments->settings[arguments->setting_count++] = (stn_setting){ key, word + size + 1 };
    return true;
}

int
cli_arguments_read(const cli_command *command, int count, char **words, cli_arguments *arguments)
{
    struct option longs[OPTIONS_MAX + 1];
    char shorts[2 * OPTIONS_MAX + 2];
    int code;

    memset(arguments, 0, sizeof *arguments);
    arguments->regimes = calloc((size_t) count + 1, sizeof *arguments->regimes);
    arguments->settings = calloc((size_t) count + 1, sizeof *arguments->settings);
    arguments->outcomes = calloc((size_t) count + 1, sizeof *arguments->outcomes);
    arguments->vary = calloc((size_t) count + 1, sizeof *arguments->vary);
    if (arguments->regimes == NULL || arguments->settings == NULL || arguments->outcomes == NULL || arguments->vary == NULL) {
        cli_say("no memory");
        return EXIT_FAILED;
    }
    options_translate(command, longs, shorts);
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(count, words, shorts, longs, NULL)) != -1) {
        const cli_option *option = code == '?' || code == ':' ? NULL : option_find(command, code);
        if (code == ':') {
            cli_say("%s: %s needs an argument; see 'standing help %s'", command->name, words[optind - 1], command->name);
            return EXIT_BAD_INPUT;
        }
        if (option == NULL && optopt >= 256) { /* a long option that takes no argument got one */
            cli_say("%s: %s takes no argument", command->name, words[optind - 1]);
            return EXIT_BAD_INPUT;
        }
        if (option == NULL && optopt != 0) {
            cli_say("%s: there is no option -%c; see 'standing help %s'", command->name, optopt, command->name);
            return EXIT_BAD_INPUT;
        }
        if (option == NULL) {
            unknown_option(command, words[optind - 1]);
            return EXIT_BAD_INPUT;
        }
        arguments->values[option->id] = optarg != NULL ? optarg : "";
        if (option->id == CLI_REGIME) {
            arguments->regimes[arguments->regime_count++] = optarg;
        }
        if (option->id == CLI_OUTCOME) {
            arguments->outcomes[arguments->outcome_count++] = optarg;
        }
        if (option->id == CLI_VARY) {
            arguments->vary[arguments->vary_count++] = optarg;
        }
        if (option->id == CLI_SET && !setting_read(command, optarg, arguments)) {
            return EXIT_BAD_INPUT;
        }
    }
    arguments->operands = words + optind;
    arguments->operand_count = count - optind;
    return arguments->values[CLI_HELP] != NULL ? 0 : operands_check(command, arguments);
}

void
cli_arguments_free(cli_arguments *arguments)
{
    for (int32_t s = 0; s < arguments->setting_count; s++) {
        free((void *) (uintptr_t) arguments->settings[s].key);
    }
    free(arguments->settings);
    free(arguments->outcomes);
    free(arguments->vary);
    free(arguments->regimes);
}

/* An option's name, for messages. */
static const char *
option_name(cli_option_id id)
{
    for (int c = 0; c < CLI_COMMAND_COUNT; c++) {
        for (const cli_option *o = cli_commands[c].options; o->name != NULL; o++) {
            if (o->id == id) {
                return o->name;
            }
        }
    }
    return "";
}

bool
cli_number(const cli_arguments *arguments, cli_option_id id, double above, double most, double *value)
{
    const char *text = arguments->values[id];
    char *end;
    double number;

    if (text == NULL) {
        return true;
    }
    number = strtod(text, &end);
    if (end == text || *end != '\0' || !(number > above && number <= most)) {
        cli_say("--%s '%s': a number above %g and at most %g is wanted", option_name(id), text, above, most);
        return false;
    }
    *value = number;
    return true;
}

bool
cli_whole(const cli_arguments *arguments, cli_option_id id, int64_t most, int64_t *value)
{
    const char *text = arguments->values[id];
    char *end;
    long long number;

    if (text == NULL) {
        return true;
    }
    errno = 0;
    number = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || number < 0 || number > most) {
        cli_say("--%s '%s': a whole number from 0 to %lld is wanted", option_name(id), text, (long long) most);
        return false;
    }
    *value = number;
    return true;
}
