/* SPDX-License-Identifier: Apache-2.0
 *
 * plan.c - compiling a world and a regime: the whole of it, in order. Done
 * once for each regime of a study; the parts are in cells.c (what each cell
 * has), records.c (how records live), rules.c (conditions), stakes.c (what is at
 * stake), ways.c (who is told) and process.c (due process). */
#include "plan/inside.h"

#include <stdlib.h>

static int
compile(stn__plan *plan, stn_error *err)
{
    const stn_world *world = &plan->study->world;
    int ret;

    plan->population_count = world->population_count;
    plan->populations = stn__arena_take(plan->arena, (size_t) world->population_count,
        sizeof *plan->populations);
    if (plan->populations == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory for a plan");
    }
    plan->sharing = plan->regime->sharing.given;
    if ((ret = stn__plan_epochs(plan, err)) != 0) {
        return ret;
    }
    if (world->learning.given) {
        plan->learning_weight = world->learning.weight.value;
        plan->learning_own = world->learning.own.value;
        plan->learning_publicity = world->learning.publicity.value;
    }
    if (world->learning.given && world->learning.memory.value < (double) STN_NEVER) {
        plan->learning_lambda = 1 - stn__exp(-((double) plan->study->window / world->learning.memory.value));
    }
    for (int32_t population = 0; population < world->population_count; population++) {
        /* Records need the terms, due process and redemption that come with rules;
         * cells need classes. */
        if ((ret = stn__plan_rules(plan, population, err)) != 0
            || (ret = stn__plan_records(plan, population, err)) != 0
            || (ret = stn__plan_cells(plan, population, err)) != 0) {
            return ret;
        }
    }
    return 0;
}

int
stn__plan_new(const stn_study *study, int32_t regime, stn__plan **out, stn_error *err)
{
    stn__plan *plan = calloc(1, sizeof *plan);
    int ret;

    *out = NULL;
    STN_INVARIANT(regime >= 0 && regime < study->regime_count);
    if (plan == NULL || (plan->arena = stn__arena_new()) == NULL) {
        free(plan);
        return stn__fail(err, STN_E_MEMORY, "no memory for a plan");
    }
    plan->study = study;
    plan->regime = &study->regimes[regime];
    ret = compile(plan, err);
    if (ret != 0) {
        stn__plan_free(plan);
        return ret;
    }
    *out = plan;
    return 0;
}

void
stn__plan_free(stn__plan *plan)
{
    if (plan != NULL) {
        stn__arena_free(plan->arena);
        free(plan);
    }
}
