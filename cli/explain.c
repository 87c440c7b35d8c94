/* SPDX-License-Identifier: Apache-2.0
 *
 * explain.c - standing explain: one made-up life under several regimes. Somebody is
 * asked for by a row number of the simulated city, or found by what happens there. */
#define _DEFAULT_SOURCE /* TIOCGWINSZ */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { REGIMES_MAX = 6, REGIMES_USUAL = 3, POPULATIONS_MAX = 8, WAYS_MAX = 16 };

typedef struct session {
    const cli_arguments *arguments;
    cli_input input;          /* owned, and so on */
    stn_run_options options;
    stn_city *city;
    stn_story *story;
    int64_t row, width;
    int32_t population, way;  /* way -1: a row was given */
    stn_error err;
} session;

/* The way of seeking that --who names, or -1 after saying what there is. */
static int32_t
way_find(const char *given)
{
    const char *names[WAYS_MAX], *near;
    char words[64];
    int32_t count = 0;

    snprintf(words, sizeof words, "%s", given);
    for (char *c = words; *c != '\0'; c++) {
        *c = *c == '-' || *c == '_' ? ' ' : *c;
    }
    while (count < WAYS_MAX && (names[count] = stn_story_seek_name(count)) != NULL) {
        if (strcmp(names[count], words) == 0) {
            return count;
        }
        count++;
    }
    near = cli_nearest(words, names, count);
    cli_say("--who '%s': nobody is found like that%s%s%s", given, near != NULL ? "; did you mean '" : "",
        near != NULL ? near : "", near != NULL ? "'?" : "; see 'standing help explain'");
    return -1;
}

/* Of --resident, --company, --row and --who exactly one is wanted. */
static int
who_read(session *s)
{
    static const cli_option_id ways[] = { CLI_RESIDENT, CLI_COMPANY, CLI_ROW, CLI_WHO };
    const cli_arguments *a = s->arguments;
    bool population = a->values[CLI_POPULATION] != NULL;
    int given = 0;

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        given += a->values[ways[i]] != NULL;
    }
    if (given != 1) {
        cli_say(given == 0 ? "explain: whom? --resident N, --company N, --population NAME --row N or --who WORDS is wanted"
                           : "explain: only one of --resident, --company, --row and --who can be had");
        return EXIT_BAD_INPUT;
    }
    if (population != (a->values[CLI_ROW] != NULL) && a->values[CLI_WHO] == NULL) {
        cli_say(population ? "explain: --population goes with --row or --who"
                           : "explain: --row needs --population NAME beside it");
        return EXIT_BAD_INPUT;
    }
    s->way = -1;
    if (a->values[CLI_WHO] != NULL) {
        s->way = way_find(a->values[CLI_WHO]);
        return s->way < 0 ? EXIT_BAD_INPUT : EXIT_FINE;
    }
    return cli_whole(a, CLI_RESIDENT, UINT32_MAX - 1, &s->row) && cli_whole(a, CLI_COMPANY, UINT32_MAX - 1, &s->row)
                   && cli_whole(a, CLI_ROW, UINT32_MAX - 1, &s->row)
               ? EXIT_FINE
               : EXIT_BAD_INPUT;
}

static int
options_read(session *s)
{
    const cli_arguments *a = s->arguments;
    int64_t threads = 0;

    if (!cli_input_read(&s->input, a, "explain") || !cli_whole(a, CLI_THREADS, 256, &threads)
        || !cli_whole(a, CLI_WIDTH, 1000, &s->width)) {
        return EXIT_BAD_INPUT;
    }
    if (a->values[CLI_WIDTH] != NULL && s->width < 40) {
        cli_say("--width '%s': a whole number from 40 to 1000 is wanted", a->values[CLI_WIDTH]);
        return EXIT_BAD_INPUT;
    }
    if (a->regime_count > REGIMES_MAX) {
        cli_say("explain: %d regimes are given, at most %d can be told side by side", (int) a->regime_count, REGIMES_MAX);
        return EXIT_BAD_INPUT;
    }
    stn_run_options_init(&s->options);
    s->options.threads = (int32_t) threads;
    s->options.progress = cli_progress;
    return who_read(s);
}

/* The population asked for, now that the world is known. */
static int
population_find(session *s)
{
    const cli_arguments *a = s->arguments;
    const char *name = a->values[CLI_POPULATION], *names[POPULATIONS_MAX], *near;
    int32_t count = stn_study_population_count(s->input.study);

    name = a->values[CLI_RESIDENT] != NULL ? "resident" : a->values[CLI_COMPANY] != NULL ? "company" : name;
    for (s->population = 0; name != NULL && s->population < count; s->population++) {
        names[s->population] = stn_study_population_name(s->input.study, s->population);
        if (strcmp(names[s->population], name) == 0) {
            return EXIT_FINE;
        }
    }
    if (name == NULL) {
        return EXIT_FINE; /* the first */
    }
    near = cli_nearest(name, names, count);
    cli_say("explain: the world has no population '%s'%s%s%s", name, near != NULL ? "; did you mean '" : "; its first is '",
        near != NULL ? near : names[0], near != NULL ? "'?" : "'");
    return EXIT_BAD_INPUT;
}

/* Finds somebody by what happens to them. */
static int
seek(session *s, int32_t regimes)
{
    int ret = stn_story_seek(s->input.study, s->city, s->way, s->population, 0, regimes - 1, &s->options, &s->row, &s->err);

    if (ret != 0) {
        return cli_failed(ret, &s->err, NULL);
    }
    if (s->row < 0) {
        cli_say("--who '%s': under %s that is nobody in the population '%s'", s->arguments->values[CLI_WHO],
            stn_study_regime_name(s->input.study, regimes - 1), stn_study_population_name(s->input.study, s->population));
        return EXIT_MISFIT;
    }
    return EXIT_FINE;
}

static int
live(session *s)
{
    stn_city_options city_options = { s->options.threads, cli_progress, NULL };
    int32_t regimes = stn_study_regime_count(s->input.study);
    int ret, status;

    if (regimes == 0) {
        cli_say("explain: the study names no regime to live under");
        return EXIT_BAD_INPUT;
    }
    if (s->arguments->regime_count == 0 && regimes > REGIMES_USUAL) {
        regimes = REGIMES_USUAL;
    }
    ret = stn_city_new(s->input.study, &city_options, &s->city, &s->err);
    if (ret == 0 && s->way >= 0 && (status = seek(s, regimes)) != EXIT_FINE) {
        return status;
    }
    if (ret == 0) {
        ret = stn_story_new(s->input.study, s->city, s->population, (uint32_t) s->row, &s->story, &s->err);
    }
    for (int32_t regime = 0; ret == 0 && regime < regimes; regime++) {
        ret = stn_story_add(s->story, regime, &s->options, &s->err);
    }
    cli_progress_end();
    return ret == 0 ? EXIT_FINE : cli_failed(ret, &s->err, NULL);
}

static int32_t
terminal_width(void)
{
    struct winsize size;

    if (isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return 0;
}

static int
story_put(session *s)
{
    int ret;

    if (s->arguments->values[CLI_JSON] != NULL) {
        stn_story_json(stdout, s->story);
        return EXIT_FINE;
    }
    ret = stn_story_print(stdout, s->story, s->width > 0 ? (int32_t) s->width : terminal_width(), &s->err);
    return ret == 0 ? EXIT_FINE : cli_failed(ret, &s->err, NULL);
}

int
cli_explain(const cli_arguments *arguments)
{
    session s = { .arguments = arguments };
    int status = options_read(&s);

    if (status != EXIT_FINE) {
        return status;
    }
    cli_progress_begin(arguments->values[CLI_QUIET] != NULL);
    status = cli_input_load(&s.input, arguments);
    if (status == EXIT_FINE) {
        status = population_find(&s);
    }
    if (status == EXIT_FINE) {
        status = live(&s);
    }
    if (status == EXIT_FINE) {
        status = story_put(&s);
    }
    stn_story_free(s.story);
    stn_city_free(s.city);
    cli_input_free(&s.input);
    return status;
}
