/* SPDX-License-Identifier: Apache-2.0
 *
 * sensitivity.c - standing sensitivity: on which of its numbers a study's answer hangs. */
#include "cli.h"

#include <string.h>

/* How the files begin, by which they are told from somebody else's. */
static const char json_head[] = "{\"sensitivity\": 1", svg_head[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"";

static bool
options_read(const cli_arguments *a, stn_sensitivity_options *options)
{
    int64_t threads = 0, trajectories, replicates, top, base;

    stn_sensitivity_options_init(options);
    trajectories = options->trajectories;
    replicates = options->replicates;
    top = options->top;
    base = options->base;
    if (!cli_whole(a, CLI_THREADS, 256, &threads) || !cli_whole(a, CLI_TRAJECTORIES, 1000, &trajectories)
        || !cli_whole(a, CLI_REPLICATES, 100, &replicates) || !cli_whole(a, CLI_TOP, 12, &top)
        || !cli_whole(a, CLI_BASE, 65536, &base)) {
        return false;
    }
    options->threads = (int32_t) threads;
    options->trajectories = (int32_t) trajectories;
    options->replicates = (int32_t) replicates;
    options->top = (int32_t) top;
    options->base = (int32_t) base;
    options->cited = a->values[CLI_CITED] != NULL;
    options->outcomes = a->outcome_count > 0 ? a->outcomes : NULL;
    options->outcome_count = a->outcome_count;
    options->vary = a->vary_count > 0 ? a->vary : NULL;
    options->vary_count = a->vary_count;
    options->progress = cli_progress;
    return true;
}

static int
file_check(const cli_arguments *a, stn_error *err)
{
    int ret = 0;

    if (a->values[CLI_OUTPUT] != NULL) {
        ret = cli_output_check(a->values[CLI_OUTPUT], json_head, "analysis of sensitivity", err);
    }
    if (ret == 0 && a->values[CLI_SVG] != NULL) {
        ret = cli_output_check(a->values[CLI_SVG], svg_head, "picture of this kind", err);
    }
    return ret;
}

static void
svg_put(FILE *out, const stn_sensitivity *s)
{
    stn_sensitivity_svg(out, s, 0);
}

static int
file_write(const char *path, void (*put)(FILE *, const stn_sensitivity *), const stn_sensitivity *s, stn_error *err)
{
    cli_output output;
    int ret = 0;

    if (path != NULL && (ret = cli_output_open(&output, path, err)) == 0) {
        put(output.file, s);
        ret = ferror(output.file) != 0 ? cli_io_failed(path, err) : 0;
        ret = cli_output_close(&output, ret, err);
    }
    return ret;
}

static int
analyse(const cli_arguments *a, cli_input *input, const stn_sensitivity_options *options)
{
    stn_sensitivity *s = NULL;
    int64_t width = 0;
    int ret = file_check(a, &input->err); /* before the work, not after */

    if (!cli_whole(a, CLI_WIDTH, 1000, &width)) {
        return EXIT_BAD_INPUT;
    }
    if (ret == 0) {
        ret = stn_sensitivity_new(a->operands[0], &input->changes, options, &s, input->report, &input->err);
    }
    cli_progress_end();
    if (ret == 0) {
        ret = file_write(a->values[CLI_OUTPUT], stn_sensitivity_json, s, &input->err);
    }
    if (ret == 0) {
        ret = file_write(a->values[CLI_SVG], svg_put, s, &input->err);
    }
    if (ret == 0 && a->values[CLI_JSON] != NULL) {
        stn_sensitivity_json(stdout, s);
    } else if (ret == 0) {
        stn_sensitivity_print(stdout, s, (int32_t) width);
    }
    stn_sensitivity_free(s);
    return ret == 0 ? EXIT_FINE : cli_failed(ret, &input->err, input->report);
}

int
cli_sensitivity(const cli_arguments *arguments)
{
    cli_input input = { .err = { 0, "" } };
    stn_sensitivity_options options;
    int status = EXIT_BAD_INPUT;

    if (options_read(arguments, &options) && cli_input_read(&input, arguments, "sensitivity")) {
        input.report = stn_report_new();
        if (input.report == NULL) {
            cli_say("no memory");
            return EXIT_FAILED;
        }
        cli_progress_begin(arguments->values[CLI_QUIET] != NULL);
        status = analyse(arguments, &input, &options);
    }
    cli_input_free(&input);
    return status;
}
