/* SPDX-License-Identifier: Apache-2.0
 *
 * audit.c - standing audit: the rules of regimes held against criteria of law. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* Whether STUDY, --from FILE.db or --world WORLD REGIME was asked for, and in what width. */
static int
ways_check(const cli_arguments *a, int64_t *width)
{
    if (!cli_whole(a, CLI_WIDTH, 1000, width)) {
        return EXIT_BAD_INPUT;
    }
    if (a->values[CLI_WIDTH] != NULL && *width < 60) {
        cli_say("--width '%s': a whole number from 60 to 1000 is wanted", a->values[CLI_WIDTH]);
        return EXIT_BAD_INPUT;
    }
    if (a->values[CLI_WORLD] == NULL) {
        return EXIT_FINE;
    }
    if (a->operand_count != 1 || a->values[CLI_FROM] != NULL) {
        cli_say("audit: --world goes with one REGIME; see 'standing help audit'");
        return EXIT_BAD_INPUT;
    }
    if (a->regime_count > 0) {
        cli_say("audit: --world audits the one REGIME; --regime chooses among those of a study");
        return EXIT_BAD_INPUT;
    }
    return EXIT_FINE;
}

/* A regime in a world of the caller's. */
static int
regime_load(cli_input *input, const cli_arguments *a)
{
    int ret;

    stn_study_options_init(&input->changes);
    input->report = stn_report_new();
    if (input->report == NULL) {
        cli_say("no memory");
        return EXIT_FAILED;
    }
    ret = stn_study_load_regime(a->operands[0], a->values[CLI_WORLD], &input->study, input->report, &input->err);
    return ret == 0 ? EXIT_FINE : cli_failed(ret, &input->err, input->report);
}

/* What somebody meant who gave a regime or a result file for a study. */
static void
hint_put(const cli_arguments *a)
{
    stn_report *report = stn_report_new();
    stn_error err = { 0, "" };
    const char *path = a->operands[0], *kind = NULL;
    size_t size = strlen(path);

    if (size > 3 && strcmp(path + size - 3, ".db") == 0) {
        cli_say("a result file goes with --from: standing audit --from %s", path);
    } else if (report != NULL && stn_check(path, NULL, &kind, report, &err) == 0 && kind != NULL
        && strcmp(kind, "regime") == 0) {
        cli_say("a regime goes with the world it is for: standing audit --world WORLD %s", path);
    }
    stn_report_free(report);
}

static int
load(cli_input *input, const cli_arguments *a)
{
    int status;

    if (a->values[CLI_WORLD] != NULL) {
        return regime_load(input, a);
    }
    if (!cli_input_read(input, a, "audit")) {
        return EXIT_BAD_INPUT;
    }
    status = cli_input_load(input, a);
    if (status == EXIT_BAD_INPUT && a->operand_count > 0) {
        hint_put(a);
    }
    return status;
}

/* All regimes of the study, audited before a word is printed: an error leaves nothing
 * half said. */
static int
audit_all(cli_input *input, const cli_arguments *a, stn_audit **audits, int32_t count)
{
    stn_audit_options options = { a->values[CLI_FROM], input->folder[0] != '\0' ? input->folder : NULL };

    for (int32_t regime = 0; regime < count; regime++) {
        int ret = stn_audit_new(input->study, regime, &options, &audits[regime], &input->err);
        if (ret != 0) {
            return cli_failed(ret, &input->err, NULL);
        }
    }
    return EXIT_FINE;
}

static void
put(const cli_input *input, const cli_arguments *a, stn_audit **audits, int32_t count, int64_t width)
{
    if (a->values[CLI_JSON] != NULL) {
        stn_audit_json(stdout, input->study, audits, count);
        return;
    }
    for (int32_t regime = 0; regime < count; regime++) {
        stn_audit_print(stdout, audits[regime], regime == 0, (int32_t) width);
    }
}

int
cli_audit(const cli_arguments *arguments)
{
    cli_input input = { .study = NULL };
    stn_audit **audits = NULL;
    int32_t count = 0;
    int64_t width = 0;
    int status = ways_check(arguments, &width);

    if (status == EXIT_FINE) {
        status = load(&input, arguments);
    }
    if (status == EXIT_FINE) {
        count = stn_study_regime_count(input.study);
        audits = calloc((size_t) count + 1, sizeof(stn_audit *));
        if (audits == NULL) {
            cli_say("no memory");
            status = EXIT_FAILED;
        } else if (count == 0) {
            cli_say("audit: the study names no regime");
            status = EXIT_BAD_INPUT;
        }
    }
    if (status == EXIT_FINE) {
        status = audit_all(&input, arguments, audits, count);
    }
    if (status == EXIT_FINE) {
        put(&input, arguments, audits, count, width);
    }
    for (int32_t regime = 0; audits != NULL && regime < count; regime++) {
        stn_audit_free(audits[regime]);
    }
    free(audits);
    cli_input_free(&input);
    return status;
}
