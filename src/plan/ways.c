/* SPDX-License-Identifier: Apache-2.0
 *
 * ways.c - over which agencies records and listings pass: least total delay
 * first, so that every agency has at most one way (docs/semantics.md, 14).
 *
 * Asked once for each behaviour and agency that makes records of it, and for
 * each list and agency that was to be told. There are at most 64 agencies and
 * 256 pairs, so the pairs are simply looked through for each agency reached. */
#include "plan/inside.h"

#include <stdio.h>

static bool
carries(const stn_route *route, const stn__cargo *cargo)
{
    return cargo->list != STN_NONE ? route->lists[cargo->list]
                                   : (route->behaviours[cargo->population] >> cargo->behaviour & 1) != 0;
}

void
stn__ways_find(const stn_regime *regime, int32_t origin, const stn__cargo *cargo, stn__ways *out)
{
    const stn_sharing *sharing = &regime->sharing;
    uint32_t delay[STN_AGENCIES_MAX];
    int32_t steps[STN_AGENCIES_MAX];

    out->count = 0;
    if (!sharing->given) {
        return;
    }
    for (int32_t a = 0; a < STN_AGENCIES_MAX; a++) {
        delay[a] = STN_NEVER; /* not reached */
    }
    delay[origin] = 0;
    steps[origin] = 0;
    for (;;) {
        stn__leg best = { .delay = STN_NEVER };
        for (int32_t r = 0; r < sharing->route_count; r++) {
            const stn_route *route = &sharing->routes[r];
            uint32_t total;
            if (delay[route->from] == STN_NEVER || delay[route->to] != STN_NEVER || !carries(route, cargo)) {
                continue;
            }
            total = stn__later(delay[route->from], (uint32_t) route->delay.value);
            if (total < best.delay || (total == best.delay && total != STN_NEVER && steps[route->from] + 1 < best.steps)) {
                best = (stn__leg){ route->from, route->to, steps[route->from] + 1, total, route };
            }
        }
        if (best.delay == STN_NEVER) {
            return;
        }
        delay[best.to] = best.delay;
        steps[best.to] = best.steps;
        out->legs[out->count++] = best;
    }
}

int32_t
stn__ways_leg(const stn__ways *ways, int32_t agency)
{
    for (int32_t i = 0; i < ways->count; i++) {
        if (ways->legs[i].to == agency) {
            return i;
        }
    }
    return STN_NONE;
}

stn__pass
stn__ways_pass(const stn_regime *regime, const stn__leg *leg)
{
    const stn_route *route = leg->route;

    return (stn__pass){ .to = leg->to,
        .hash = stn__hash_pair(regime->agencies[leg->from].name, regime->agencies[leg->to].name),
        .delay = (uint32_t) route->delay.value,
        .coverage = route->coverage.value * regime->sharing.level.value,
        .wrong_person = route->wrong_person.value,
        .clearing = route->clearing.value,
        .copy_type = STN_NONE,
        .misfiled_type = STN_NONE };
}

uint32_t
stn__hash_pair(const char *first, const char *second)
{
    char text[2 * 64]; /* names have at most 63 bytes */
    int length = snprintf(text, sizeof text, "%s/%s", first, second);

    STN_INVARIANT(length > 0 && length < (int) sizeof text);
    return stn__hash(text);
}
