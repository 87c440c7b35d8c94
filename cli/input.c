/* SPDX-License-Identifier: Apache-2.0
 *
 * input.c - the study that a command lives, from its file or from a result file. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

bool
cli_input_read(cli_input *input, const cli_arguments *a, const char *command)
{
    int64_t seed = -1, replicates = 0;

    stn_study_options_init(&input->changes);
    if ((a->operand_count == 0) == (a->values[CLI_FROM] == NULL)) {
        cli_say(a->operand_count == 0 ? "%s: a STUDY or --from FILE.db is wanted; see 'standing help %s'"
                                      : "%s: either a STUDY or --from FILE.db, not both; see 'standing help %s'",
            command, command);
        return false;
    }
    if (!cli_number(a, CLI_SCALE, 0, 1, &input->changes.scale) || !cli_number(a, CLI_YEARS, 0, 200, &input->changes.years)
        || !cli_whole(a, CLI_SEED, INT64_MAX, &seed) || !cli_whole(a, CLI_REPLICATES, STN_REPLICATES_MAX, &replicates)) {
        return false;
    }
    if (a->values[CLI_REPLICATES] != NULL && replicates == 0) {
        cli_say("--replicates '%s': a whole number from 1 to %d is wanted", a->values[CLI_REPLICATES], STN_REPLICATES_MAX);
        return false;
    }
    input->changes.replicates = (int32_t) replicates;
    if (seed >= 0) {
        input->changes.seed = seed;
    }
    if (a->regime_count > 0) {
        input->changes.regimes = a->regimes;
        input->changes.regime_count = a->regime_count;
    }
    return true;
}

static int
study_load(cli_input *input, const char *path)
{
    int ret = stn_study_load(path, &input->changes, &input->study, input->report, &input->err);

    return ret == 0 ? EXIT_FINE : cli_failed(ret, &input->err, input->report);
}

/* Loads the study that a result file came from. Once read, its files are not
 * needed any more. */
static int
study_load_from(cli_input *input, const char *path)
{
    stn_study_options recorded, given = input->changes;
    char *study = NULL;
    int ret, status;

    if (!cli_folder_make(input->folder, sizeof input->folder)) {
        return EXIT_FAILED;
    }
    ret = stn_results_extract(path, input->folder, &study, &recorded, &input->err);
    if (ret != 0) {
        status = cli_failed(ret, &input->err, NULL);
    } else {
        input->recorded = (const char **) (uintptr_t) recorded.regimes;
        input->changes = recorded;
        input->changes.scale = given.scale > 0 ? given.scale : recorded.scale;
        input->changes.years = given.years > 0 ? given.years : recorded.years;
        input->changes.seed = given.seed >= 0 ? given.seed : recorded.seed;
        input->changes.replicates = given.replicates > 0 ? given.replicates : recorded.replicates;
        if (given.regimes != NULL) {
            input->changes.regimes = given.regimes;
            input->changes.regime_count = given.regime_count;
        }
        status = study_load(input, study);
    }
    free(study);
    cli_folder_remove(input->folder);
    return status;
}

int
cli_input_load(cli_input *input, const cli_arguments *a)
{
    input->report = stn_report_new();
    if (input->report == NULL) {
        cli_say("no memory");
        return EXIT_FAILED;
    }
    return a->values[CLI_FROM] != NULL ? study_load_from(input, a->values[CLI_FROM])
                                       : study_load(input, a->operands[0]);
}

void
cli_input_free(cli_input *input)
{
    stn_study_free(input->study);
    stn_report_free(input->report);
    free(input->recorded);
}
