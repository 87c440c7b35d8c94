/* SPDX-License-Identifier: Apache-2.0
 *
 * check.c - standing check: every mistake of some files. */
#include "cli.h"

static int
check(const char *path, const char *world)
{
    stn_report *report = stn_report_new();
    stn_error err = { 0, "" };
    const char *kind = NULL;
    int ret, status = EXIT_FINE;

    if (report == NULL) {
        cli_say("no memory");
        return EXIT_FAILED;
    }
    ret = stn_check(path, world, &kind, report, &err);
    if (ret == 0 && stn_report_count(report) > 0) {
        ret = STN_E_INPUT;
    }
    if (ret != 0) {
        status = cli_failed(ret, &err, report);
    } else {
        printf("%s: a %s without mistakes\n", path, kind);
    }
    stn_report_free(report);
    return status;
}

int
cli_check(const cli_arguments *arguments)
{
    int worst = EXIT_FINE;

    for (int i = 0; i < arguments->operand_count; i++) {
        int status = check(arguments->operands[i], arguments->values[CLI_WORLD]);
        if (status == EXIT_FAILED || worst == EXIT_FINE) {
            worst = status;
        }
    }
    return worst;
}
