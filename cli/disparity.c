/* SPDX-License-Identifier: Apache-2.0
 *
 * disparity.c - standing disparity: what a regime does to some more than to others. */
#include "cli.h"

int
cli_disparity(const cli_arguments *arguments)
{
    const stn_disparity_options options = { arguments->operand_count > 1 ? arguments->operands[1] : NULL,
        arguments->values[CLI_BY], arguments->values[CLI_JSON] != NULL };
    stn_error err = { 0, "" };
    int ret = stn_results_disparity(arguments->operands[0], &options, stdout, &err);

    return ret == 0 ? EXIT_FINE : cli_failed(ret, &err, NULL);
}
