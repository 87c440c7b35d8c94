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
    input->changes.settings = a->settings;
    input->changes.setting_count = a->setting_count;
    return true;
}

/* Recorded settings, those given beside them in the place of those with their keys
 * or behind. False without memory. */
static bool
settings_merge(cli_input *input, const stn_study_options *recorded, const stn_study_options *given)
{
    int32_t count = recorded->setting_count;

    input->settings = calloc((size_t) (count + given->setting_count) + 1, sizeof *input->settings);
    if (input->settings == NULL) {
        cli_say("no memory");
        return false;
    }
    for (int32_t s = 0; s < count; s++) {
        input->settings[s] = recorded->settings[s];
    }
    for (int32_t g = 0; g < given->setting_count; g++) {
        int32_t at = 0;
        while (at < recorded->setting_count && strcmp(input->settings[at].key, given->settings[g].key) != 0) {
            at++;
        }
        at = at < recorded->setting_count ? at : count++;
        input->settings[at] = given->settings[g];
    }
    input->changes.settings = input->settings;
    input->changes.setting_count = count;
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
        input->set = (stn_setting *) (uintptr_t) recorded.settings;
        input->changes = recorded;
        input->changes.scale = given.scale > 0 ? given.scale : recorded.scale;
        input->changes.years = given.years > 0 ? given.years : recorded.years;
        input->changes.seed = given.seed >= 0 ? given.seed : recorded.seed;
        input->changes.replicates = given.replicates > 0 ? given.replicates : recorded.replicates;
        if (given.regimes != NULL) {
            input->changes.regimes = given.regimes;
            input->changes.regime_count = given.regime_count;
        }
        status = settings_merge(input, &recorded, &given) ? study_load(input, study) : EXIT_FAILED;
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
    free(input->set);
    free(input->settings);
}
