/* SPDX-License-Identifier: Apache-2.0
 *
 * json.c - the summary for programs: every counter of every regime, in total
 * and for each group. */
#include <standing/results.h>

#include <inttypes.h>

#include "base/version.h"
#include "results/groups.h"
#include "base/text.h"

static void
group_put(FILE *out, const stn_study *study, int32_t population, int32_t group, int64_t people)
{
    bool first = true;

    fprintf(out, "{\"levels\": {");
    for (int32_t by = 0; by < stn_study_by_count(study); by++) {
        const char *level = stn_study_group_level(study, population, group, by);
        if (level != NULL) {
            stn__json_pair(out, first, stn_study_by(study, by), level);
            first = false;
        }
    }
    fprintf(out, "}, \"people\": %" PRId64 "}", people);
}

static void
population_put(FILE *out, const stn_study *study, const stn_city *city, int32_t population)
{
    stn__groups groups = { 0, NULL, NULL };

    fprintf(out, "%s\n    {", population > 0 ? "," : "");
    stn__json_pair(out, true, "name", stn_study_population_name(study, population));
    fprintf(out, ", \"size\": %" PRIu32 ", \"groups\": ", stn_city_size(city, population));
    if (stn__groups_new(study, city, population, &groups) != 0) {
        fprintf(out, "null}"); /* no memory */
        return;
    }
    for (int32_t group = 0; group < groups.count; group++) {
        fputs(group > 0 ? ",\n      " : "[\n      ", out);
        group_put(out, study, population, group, groups.people[group]);
    }
    fprintf(out, "]}");
    stn__groups_free(&groups);
}

static void
counters_put(FILE *out, const stn_study *study, const stn_run *run, int32_t population)
{
    fprintf(out, "%s\n      {", population > 0 ? "," : "");
    stn__json_pair(out, true, "population", stn_study_population_name(study, population));
    fprintf(out, ", \"counters\": [");
    for (int32_t c = 0; c < stn_run_counter_count(run, population); c++) {
        const stn_counter *counter = stn_run_counter(run, population, c);
        fprintf(out, "%s\n        {", c > 0 ? "," : "");
        stn__json_pair(out, true, "name", counter->name);
        stn__json_pair(out, false, "subject", counter->subject);
        fprintf(out, ", \"stock\": %s, \"minutes\": %s, \"total\": %" PRId64 ", \"groups\": [",
            counter->stock != 0 ? "true" : "false", counter->minutes != 0 ? "true" : "false",
            stn_run_total(run, population, -1, c));
        for (int32_t group = 0; group < stn_study_group_count(study, population); group++) {
            fprintf(out, "%s%" PRId64, group > 0 ? ", " : "", stn_run_total(run, population, group, c));
        }
        fprintf(out, "]}");
    }
    fprintf(out, "]}");
}

static void
run_put(FILE *out, const stn_study *study, const stn_run *run, bool first)
{
    int32_t regime = stn_run_regime(run);

    fprintf(out, "%s\n    {", first ? "" : ",");
    stn__json_pair(out, true, "name", stn_study_regime_name(study, regime));
    stn__json_pair(out, false, "title", stn_study_regime_title(study, regime));
    fprintf(out, ", \"opportunities\": %" PRIu64 ", \"seconds\": %.3f, \"bytes\": %" PRIu64
        ", \"digest\": \"%016" PRIx64 "\",\n     \"populations\": [", stn_run_opportunities(run), stn_run_seconds(run),
        stn_run_memory(run), stn_run_digest(run));
    for (int32_t p = 0; p < stn_study_population_count(study); p++) {
        counters_put(out, study, run, p);
    }
    fprintf(out, "]}");
}

void
stn_summary_json(FILE *out, const stn_study *study, const stn_city *city, stn_run *const *runs, int32_t run_count)
{
    fprintf(out, "{");
    stn__json_pair(out, true, "software", "standing");
    stn__json_pair(out, false, "version", stn__version());
    fprintf(out, ", \"results_epoch\": %d,\n  ", (int) stn__results_epoch());
    stn__json_pair(out, true, "study", stn_study_title(study));
    fprintf(out, ",\n  \"years\": %.17g, \"scale\": %.17g, \"seed\": %" PRIu64 ", \"window_minutes\": %" PRIu32
        ", \"horizon_minutes\": %" PRIu32 ", \"city_digest\": \"%016" PRIx64 "\",\n  \"populations\": [",
        stn_study_years(study), stn_study_scale(study), stn_study_seed(study), stn_study_window_minutes(study),
        stn_study_horizon_minutes(study), stn_city_digest(city));
    for (int32_t p = 0; p < stn_study_population_count(study); p++) {
        population_put(out, study, city, p);
    }
    fprintf(out, "],\n  \"regimes\": [");
    for (int32_t r = 0; r < run_count; r++) {
        run_put(out, study, runs[r], r == 0);
    }
    fprintf(out, "]\n}\n");
}
