/* SPDX-License-Identifier: Apache-2.0
 *
 * process.c - due process: what becomes of a record when somebody objects,
 * appeals, finds it false or repairs it. An entry of the regime is an entry of
 * every population's plan; records find theirs by behaviour and holder. */
#include "plan/inside.h"

int64_t
stn__yuan(double value)
{
    return (int64_t) (value + 0.5); /* value >= 0, so this is the floor */
}

int32_t
stn__process_of(const stn__plan *plan, int32_t behaviour, int32_t agency)
{
    const stn_behaviour *b = &plan->study->world.behaviours[behaviour];

    for (int32_t e = 0; e < plan->regime->process_count; e++) {
        const stn_process *process = &plan->regime->processes[e];
        if (process->agency == agency && (process->behaviours[b->population] >> b->local & 1) != 0) {
            return e;
        }
    }
    return STN_NONE;
}

/* How many cases an agency decides at a time, if it decides as many in a minute
 * as its capacity says: the city's, so a smaller city has fewer. */
static uint32_t
desks(const stn_petition *petition, double scale)
{
    double cases = petition->capacity.value * scale * petition->duration.value + 0.5;

    return cases < 1 ? 1 : cases >= (double) UINT32_MAX ? UINT32_MAX : (uint32_t) cases;
}

static stn__petition_plan
petition_plan(const stn_petition *from, double scale)
{
    stn__petition_plan to = { .given = from->given };

    if (from->given) {
        to.suspends = from->suspends;
        to.files[0] = from->files_not_acted.value;
        to.files[1] = from->files_acted.value;
        to.succeeds[0] = from->succeeds_not_acted.value;
        to.succeeds[1] = from->succeeds_acted.value;
        to.within = (uint32_t) from->within.value;
        to.duration = (uint32_t) from->duration.value;
        to.desks = from->capacity.given ? desks(from, scale) : 0;
        to.points = (int32_t) from->points.value;
        to.fee = stn__yuan(from->fee.value);
    }
    return to;
}

static bool
process_plan(stn__compiler *c, const stn_process *from, stn__process_plan *to)
{
    const stn_repair *repair = &from->repair;

    to->notice = (uint32_t) from->notice.value;
    for (int stage = 0; stage < 2; stage++) {
        to->petitions[stage] = petition_plan(&from->petitions[stage], c->plan->study->scale);
    }
    to->correction = from->correction.value;
    to->repairs = repair->given;
    if (!repair->given) {
        return true;
    }
    to->repair_after = (uint32_t) repair->after.value;
    to->repair_duration = (uint32_t) repair->duration.value;
    to->repair_chances = repair->chances.value;
    to->repair_taken = repair->taken.value;
    to->repair_fee = stn__yuan(repair->fee.value);
    to->needs_given = repair->needs.node_count > 0 && repair->population == c->population;
    return !to->needs_given
        || stn__rule_compile(c, &repair->needs, stn__viewer(c->plan, from->agency), &to->needs);
}

int
stn__plan_processes(stn__compiler *c, stn_error *err)
{
    const stn_regime *regime = c->plan->regime;
    stn__process_plan *processes = stn__arena_take(c->plan->arena, (size_t) regime->process_count, sizeof *processes);

    for (int32_t e = 0; processes != NULL && e < regime->process_count; e++) {
        if (!process_plan(c, &regime->processes[e], &processes[e])) {
            processes = NULL;
        }
    }
    if (processes == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory for the due process of %s", regime->name);
    }
    c->p->processes = processes;
    c->p->processed = regime->process_count > 0;
    c->p->pardoned = regime->pardon_count > 0;
    return 0;
}
