/* SPDX-License-Identifier: Apache-2.0
 *
 * compare.c - standing compare: what a regime did against another. */
#include "cli.h"

int
cli_compare(const cli_arguments *arguments)
{
    const stn_compare_options options = { arguments->operand_count > 1 ? arguments->operands[1] : NULL,
        arguments->operand_count > 2 ? arguments->operands[2] : NULL, arguments->values[CLI_BY],
        arguments->values[CLI_JSON] != NULL };
    stn_error err = { 0, "" };
    int ret = stn_results_compare(arguments->operands[0], &options, stdout, &err);

    return ret == 0 ? EXIT_FINE : cli_failed(ret, &err, NULL);
}
