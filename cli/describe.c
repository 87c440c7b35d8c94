/* SPDX-License-Identifier: Apache-2.0
 *
 * describe.c - standing describe: a study in words. */
#include "cli.h"

#include <string.h>

typedef enum { MARKDOWN, HTML, JSON } form;

/* How each begins, by which it is told from a file of somebody else's. */
static const char *const heads[] = { "<!-- standing describe -->", "<!DOCTYPE html>\n<!-- standing describe -->",
    "{\"purpose\": " };

static int
describe(FILE *out, const stn_study *study, form as, stn_error *err)
{
    if (as == JSON) {
        return stn_describe_json(out, study, err);
    }
    return stn_describe(out, study, as == HTML ? STN_FORM_HTML : STN_FORM_MARKDOWN, err);
}

static int
describe_file(const char *path, const stn_study *study, form as, stn_error *err)
{
    cli_output output;
    int ret = cli_output_check(path, heads[as], "description of this kind", err);

    if (ret == 0) {
        ret = cli_output_open(&output, path, err);
        if (ret == 0) {
            ret = describe(output.file, study, as, err);
        }
        ret = cli_output_close(&output, ret, err);
    }
    return ret;
}

static bool
form_read(const cli_arguments *a, form *as)
{
    if (a->values[CLI_HTML] != NULL && a->values[CLI_JSON] != NULL) {
        cli_say("describe: either --html or --json, not both; see 'standing help describe'");
        return false;
    }
    *as = a->values[CLI_HTML] != NULL ? HTML : a->values[CLI_JSON] != NULL ? JSON : MARKDOWN;
    return true;
}

int
cli_describe(const cli_arguments *arguments)
{
    const char *path = arguments->values[CLI_OUTPUT];
    cli_input input = { .err = { 0, "" } };
    form as = MARKDOWN;
    int status = EXIT_BAD_INPUT, ret;

    if (form_read(arguments, &as) && cli_input_read(&input, arguments, "describe")) {
        status = cli_input_load(&input, arguments);
    }
    if (status == EXIT_FINE) {
        ret = path != NULL ? describe_file(path, input.study, as, &input.err)
                           : describe(stdout, input.study, as, &input.err);
        if (ret != 0) {
            status = cli_failed(ret, &input.err, NULL);
            clearerr(stdout); /* said once is enough */
        }
    }
    cli_input_free(&input);
    return status;
}
