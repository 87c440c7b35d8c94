/* SPDX-License-Identifier: Apache-2.0
 *
 * report.c - standing report: a page to look at. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    LIFE_PEOPLE_MAX = 50000, /* a city that is lived again unasked */
    MAP_SIZE_MAX = 1 << 20,  /* bytes: the page is to stay small */
    REGIMES_TOLD = 4         /* of one life, side by side */
};

/* How a page begins, by which it is told from a file of somebody else's. */
static const char head[] = "<!DOCTYPE html>\n<!-- standing report -->";

typedef struct reporting {
    const cli_arguments *arguments;
    const char *path;        /* the result file */
    char out[4096];
    char *map;               /* owned */
    cli_input input;
    stn_city *city;          /* owned, as is the story */
    stn_story *story;
    stn_run_options options;
} reporting;

static int
map_failed(const char *path, const char *text)
{
    cli_say("%s: %s", path, text);
    return EXIT_BAD_INPUT;
}

static int
map_read(reporting *r)
{
    const char *path = r->arguments->values[CLI_MAP];
    FILE *file;
    size_t size;

    if (path == NULL) {
        return EXIT_FINE;
    }
    file = fopen(path, "rb");
    if (file == NULL) {
        return map_failed(path, strerror(errno));
    }
    r->map = calloc(1, (size_t) MAP_SIZE_MAX + 2);
    if (r->map == NULL) {
        fclose(file);
        cli_say("no memory");
        return EXIT_FAILED;
    }
    size = fread(r->map, 1, (size_t) MAP_SIZE_MAX + 1, file);
    fclose(file);
    if (size > MAP_SIZE_MAX) {
        return map_failed(path, "larger than 1 MiB; please simplify its outlines");
    }
    return EXIT_FINE;
}

/* Beside the result file, unless it is said where. */
static int
out_name(reporting *r)
{
    const char *given = r->arguments->values[CLI_OUTPUT];
    size_t size = strlen(r->path), stem = size > 3 && strcmp(r->path + size - 3, ".db") == 0 ? size - 3 : size;
    int written = given != NULL ? snprintf(r->out, sizeof r->out, "%s", given)
                                : snprintf(r->out, sizeof r->out, "%.*s.html", (int) stem, r->path);

    if (written < 0 || (size_t) written >= sizeof r->out) {
        cli_say("report: the name of the page is too long");
        return EXIT_BAD_INPUT;
    }
    return EXIT_FINE;
}

/* The study that the file came from, by the inputs inside it. */
static int
study_load(reporting *r)
{
    cli_arguments from = { .operand_count = 0 };

    from.values[CLI_FROM] = r->path;
    return cli_input_read(&r->input, &from, "report") ? cli_input_load(&r->input, &from) : EXIT_BAD_INPUT;
}

/* ------------------------------------------------------------------- one life */

static int
life_read(const reporting *r, int32_t *population, int64_t *row)
{
    const char *given = r->arguments->values[CLI_LIFE], *colon = strchr(given, ':');
    int32_t count = stn_study_population_count(r->input.study);
    char *end;

    for (*population = 0; colon != NULL && *population < count; ++*population) {
        const char *name = stn_study_population_name(r->input.study, *population);
        if (strlen(name) == (size_t) (colon - given) && strncmp(name, given, strlen(name)) == 0) {
            break;
        }
    }
    if (colon == NULL || *population == count) {
        cli_say("--life '%s': POPULATION:ROW is wanted, e.g. %s:17", given, stn_study_population_name(r->input.study, 0));
        return EXIT_BAD_INPUT;
    }
    *row = strtoll(colon + 1, &end, 10);
    if (end == colon + 1 || *end != '\0' || *row < 0 || *row >= (int64_t) UINT32_MAX) {
        cli_say("--life '%s': '%s' is no row", given, colon + 1);
        return EXIT_BAD_INPUT;
    }
    return EXIT_FINE;
}

static int
city_make(reporting *r)
{
    stn_city_options options = { r->options.threads, cli_progress, NULL };

    return stn_city_new(r->input.study, &options, &r->city, &r->input.err);
}

static int
seek_way(const char *wanted)
{
    const char *name;

    for (int32_t way = 0; (name = stn_story_seek_name(way)) != NULL; way++) {
        if (strcmp(name, wanted) == 0) {
            return way;
        }
    }
    return -1;
}

/* Lives the city again for one life, if one is asked for or the city is small. */
static int
life_live(reporting *r)
{
    const stn_study *study = r->input.study;
    int32_t regimes = stn_study_regime_count(study), population = 0;
    bool asked = r->arguments->values[CLI_LIFE] != NULL;
    int64_t row = -1, people = 0;
    int ret, status;

    if (asked && (status = life_read(r, &population, &row)) != EXIT_FINE) {
        return status;
    }
    ret = stn_page_people(r->path, &people, &r->input.err);
    if (ret == 0 && !asked && people > LIFE_PEOPLE_MAX) {
        return EXIT_FINE;
    }
    if (ret == 0) {
        ret = city_make(r);
    }
    if (ret == 0 && !asked) {
        ret = stn_story_seek(study, r->city, seek_way("longest restricted"), 0, 0, regimes - 1, &r->options, &row, &r->input.err);
    }
    if (ret == 0 && row >= 0) {
        ret = stn_story_new(study, r->city, population, (uint32_t) row, &r->story, &r->input.err);
    }
    for (int32_t regime = 0; ret == 0 && r->story != NULL && regime < regimes && regime < REGIMES_TOLD; regime++) {
        ret = stn_story_add(r->story, regime, &r->options, &r->input.err);
    }
    cli_progress_end();
    return ret == 0 ? EXIT_FINE : cli_failed(ret, &r->input.err, NULL);
}

/* ----------------------------------------------------------------------- page */

static int
page_write(reporting *r)
{
    const char *slash = strrchr(r->path, '/');
    stn_page_options page = { .study = r->input.study, .life = r->story, .map = r->map,
        .name = slash != NULL ? slash + 1 : r->path, .below = r->input.folder[0] != '\0' ? r->input.folder : NULL };
    stn_error *err = &r->input.err;
    cli_output output;
    int ret;

    if (r->arguments->values[CLI_JSON] != NULL) {
        ret = stn_page_json(r->path, &page, stdout, err);
        return ret == 0 ? EXIT_FINE : cli_failed(ret, err, NULL);
    }
    ret = cli_output_open(&output, r->out, err);
    if (ret == 0) {
        ret = stn_page_html(r->path, &page, output.file, err);
    }
    ret = cli_output_close(&output, ret, err);
    if (ret != 0) {
        return cli_failed(ret, err, NULL);
    }
    printf("report: %s\n", r->out);
    return EXIT_FINE;
}

/* What can be known before anything is worked out. */
static int
check(reporting *r)
{
    int64_t threads = 0;
    int status = out_name(r);

    if (status != EXIT_FINE || !cli_whole(r->arguments, CLI_THREADS, 256, &threads)) {
        return EXIT_BAD_INPUT;
    }
    stn_run_options_init(&r->options);
    r->options.threads = (int32_t) threads;
    r->options.progress = cli_progress;
    if (r->arguments->values[CLI_JSON] == NULL) {
        int ret;
        if (!stn_page_built()) {
            cli_say("report: this Standing was built without the page of reports; install nodejs and npm, and build it anew "
                    "with -Dreport=enabled. 'standing report --json' gives the data alone");
            return EXIT_FAILED;
        }
        ret = cli_output_check(r->out, head, "report", &r->input.err);
        if (ret != 0) {
            return cli_failed(ret, &r->input.err, NULL);
        }
    }
    return map_read(r);
}

int
cli_report(const cli_arguments *arguments)
{
    reporting r = { .arguments = arguments, .path = arguments->operands[0] };
    int status = check(&r);

    cli_progress_begin(arguments->values[CLI_QUIET] != NULL);
    if (status == EXIT_FINE) {
        status = study_load(&r);
    }
    if (status == EXIT_FINE && stn_study_regime_count(r.input.study) > 0) {
        status = life_live(&r);
    }
    if (status == EXIT_FINE) {
        status = page_write(&r);
    }
    stn_story_free(r.story);
    stn_city_free(r.city);
    cli_input_free(&r.input);
    free(r.map);
    return status;
}
