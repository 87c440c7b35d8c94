/* SPDX-License-Identifier: Apache-2.0
 *
 * export.c - standing export: a table of a result file as CSV. */
#include "cli.h"

int
cli_export(const cli_arguments *arguments)
{
    const char *table = arguments->operand_count > 1 ? arguments->operands[1] : NULL;
    stn_error err = { 0, "" };
    int ret = stn_results_export(arguments->operands[0], table, stdout, &err);

    if (ret != 0) {
        clearerr(stdout); /* said once is enough */
        return cli_failed(ret, &err, NULL);
    }
    return EXIT_FINE;
}
