/* SPDX-License-Identifier: Apache-2.0
 *
 * records.c - how records live: behaviours, detections and record types.
 *
 * A record type is a pair (behaviour, agency). What a record of it counts for
 * changes only at birth, verdict and forgetting, all at fixed times after
 * birth, so a table of steps says it all and a record in the engine needs
 * just its step and its status. */
#include "plan/plan.h"

#include <string.h>

static const stn_points *
points_of(const stn__plan *plan, int32_t behaviour)
{
    int32_t population = plan->study->world.behaviours[behaviour].population;

    for (int32_t r = 0; r < plan->regime->rating_count; r++) {
        const stn_rating *rating = &plan->regime->ratings[r];
        for (int32_t p = 0; rating->population == population && p < rating->points_count; p++) {
            if (rating->points[p].behaviour == behaviour) {
                return &rating->points[p];
            }
        }
    }
    return NULL;
}

static const stn_adjudication *
adjudication_of(const stn_regime *regime, int32_t behaviour, int32_t agency)
{
    const stn_adjudication *found = NULL;

    for (int32_t a = 0; a < regime->adjudication_count; a++) {
        const stn_adjudication *one = &regime->adjudications[a];
        if (one->behaviour == behaviour && one->agency == agency) {
            return one;
        }
        if (one->behaviour == behaviour && one->agency == STN_NONE) {
            found = one;
        }
    }
    return found;
}

/* Adds an offset to a rising list without doubles; finite ones only. */
static int32_t
offset_add(uint32_t *offsets, int32_t count, uint32_t offset)
{
    int32_t at = 0;

    if (offset == STN_NEVER) {
        return count;
    }
    while (at < count && offsets[at] < offset) {
        at++;
    }
    if (at < count && offsets[at] == offset) {
        return count;
    }
    memmove(offsets + at + 1, offsets + at, (size_t) (count - at) * sizeof *offsets);
    offsets[at] = offset;
    return count + 1;
}

/* Fills steps of a type whose behaviour, agency and verdict are known. */
static int
type_steps(stn__plan *plan, stn__record_type *type, const stn_points *points,
    const stn_adjudication *verdict, const stn_term *terms, int32_t term_count)
{
    uint32_t offsets[STN_TERMS_MAX + 3] = { 0 };
    uint64_t bit = 1ull << type->behaviour;
    uint32_t after = verdict != NULL ? (uint32_t) verdict->after.value : STN_NEVER;
    uint32_t forget = points != NULL ? points->forget : STN_NEVER;
    int32_t count = 1;
    uint32_t *kept;

    count = offset_add(offsets, count, after);
    count = offset_add(offsets, count, forget);
    for (int32_t t = 0; t < term_count; t++) {
        if ((terms[t].behaviours & bit) != 0) {
            count = offset_add(offsets, count, terms[t].within);
        }
    }
    kept = stn__arena_take(plan->arena, (size_t) count, sizeof *kept);
    if (kept == NULL) {
        return STN_E_MEMORY;
    }
    memcpy(kept, offsets, (size_t) count * sizeof *kept);
    type->offsets = kept;
    type->step_count = count;
    type->verdict_step = STN_NONE;
    for (int confirmed = 0; confirmed < 2; confirmed++) {
        uint32_t *masks = stn__arena_take(plan->arena, (size_t) count, sizeof *masks);
        bool *counts = stn__arena_take(plan->arena, (size_t) count, sizeof *counts);
        if (masks == NULL || counts == NULL) {
            return STN_E_MEMORY;
        }
        for (int32_t s = 0; s < count; s++) {
            for (int32_t t = 0; t < term_count; t++) {
                if ((terms[t].behaviours & bit) != 0 && kept[s] < terms[t].within
                    && (confirmed || !terms[t].confirmed)) {
                    masks[s] |= 1u << t;
                }
            }
            counts[s] = points != NULL && kept[s] < forget && (confirmed || !plan->regime->counts_confirmed);
            if (verdict != NULL && kept[s] == after) {
                type->verdict_step = s;
            }
        }
        type->terms[confirmed] = masks;
        type->counts[confirmed] = counts;
    }
    return 0;
}

/* The number of the type for a behaviour (number in the world) and an agency,
 * made if it is new. Negative: no memory. */
static int32_t
type_of(stn__plan *plan, stn__population_plan *p, stn__record_type *types, int32_t behaviour, int32_t agency,
    const stn_term *terms)
{
    const stn_behaviour *b = &plan->study->world.behaviours[behaviour];
    const stn_regime *regime = plan->regime;
    const stn_adjudication *verdict = adjudication_of(regime, behaviour, agency);
    const stn_points *points = points_of(plan, behaviour);
    stn__record_type *type;
    const char *text;

    for (int32_t t = 0; t < p->type_count; t++) {
        if (types[t].behaviour == b->local && types[t].agency == agency) {
            return t;
        }
    }
    type = &types[p->type_count];
    *type = (stn__record_type){ .behaviour = b->local, .agency = agency };
    text = stn__arena_print(plan->arena, "%s/%s", regime->agencies[agency].name, b->name);
    if (text == NULL || type_steps(plan, type, points, verdict, terms, p->term_count) != 0) {
        return STN_E_MEMORY;
    }
    type->hash = stn__hash(text);
    type->points = points != NULL ? (int32_t) points->points.value : 0;
    if (verdict != NULL) {
        type->acted = verdict->acted.value;
        type->not_acted = verdict->not_acted.value;
    }
    for (int32_t s = 0; b->settles && s < regime->settlement_count; s++) {
        if (regime->settlements[s].behaviour == behaviour) {
            type->settles = true;
            type->chances = b->settles_chances.value;
            type->taken = b->settles_taken.value;
            type->strain = b->settles_strain.value;
            type->settle_after = (uint32_t) regime->settlements[s].after.value;
        }
    }
    return p->type_count++;
}

static void
behaviour_fill(const stn__plan *plan, int32_t number, stn__behaviour_plan *out)
{
    const stn_behaviour *b = &plan->study->world.behaviours[number];
    const stn_points *points = points_of(plan, number);
    bool merit = b->kind == STN_MERIT;

    *out = (stn__behaviour_plan){ .kind = b->kind, .certainty = b->certainty.value, .severity = b->severity.value,
        .prior = b->prior.value, .incentive = b->incentive.value, .strain = b->strain.value };
    out->points = points != NULL ? (int32_t) points->points.value : 0;
    if ((merit && out->points > 0) || (!merit && out->points < 0)) {
        out->stake_points = out->points < 0 ? -out->points : out->points;
    }
}

int
stn__plan_records(stn__plan *plan, int32_t number, stn_error *err)
{
    const stn_world *world = &plan->study->world;
    const stn_regime *regime = plan->regime;
    stn__population_plan *p = &plan->populations[number];
    stn_term terms[STN_TERMS_MAX];
    size_t detections_max = (size_t) regime->detection_count, falses_max = (size_t) regime->false_record_count;
    stn__behaviour_plan *behaviours;
    stn__detection *detections = stn__arena_take(plan->arena, detections_max, sizeof *detections);
    int32_t *false_types = stn__arena_take(plan->arena, falses_max, sizeof *false_types);
    stn__record_type *types = stn__arena_take(plan->arena, detections_max + falses_max, sizeof *types);

    behaviours = stn__arena_take(plan->arena, (size_t) p->behaviour_count, sizeof *behaviours);
    if (behaviours == NULL || detections == NULL || false_types == NULL || types == NULL) {
        goto memory;
    }
    stn__plan_terms(plan, number, terms);
    for (int32_t b = 0; b < world->behaviour_count; b++) {
        stn__behaviour_plan *out;
        if (world->behaviours[b].population != number) {
            continue;
        }
        out = &behaviours[world->behaviours[b].local];
        behaviour_fill(plan, b, out);
        out->detection_first = p->detection_count;
        for (int32_t d = 0; d < regime->detection_count; d++) {
            const stn_detection *one = &regime->detections[d];
            if (one->behaviour == b) {
                int32_t type = type_of(plan, p, types, b, one->agency, terms);
                if (type < 0) {
                    goto memory;
                }
                detections[p->detection_count++] = (stn__detection){ type,
                    stn__hash(regime->agencies[one->agency].name), (uint32_t) one->delay.value };
            }
        }
        out->detection_count = p->detection_count - out->detection_first;
    }
    for (int32_t f = 0; f < regime->false_record_count; f++) {
        const stn_false_record *one = &regime->false_records[f];
        if (world->behaviours[one->behaviour].population == number) {
            int32_t type = type_of(plan, p, types, one->behaviour, one->agency, terms);
            if (type < 0) {
                goto memory;
            }
            false_types[p->false_count++] = type;
        }
    }
    p->behaviours = behaviours;
    p->detections = detections;
    p->false_types = false_types;
    p->types = types;
    return 0;
memory:
    return stn__fail(err, STN_E_MEMORY, "no memory for the records of %s", world->populations[number].name);
}
