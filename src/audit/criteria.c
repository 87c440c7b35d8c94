/* SPDX-License-Identifier: Apache-2.0
 *
 * criteria.c - questions that several criteria put to the rules. */
#include "audit/inside.h"

int32_t
stn__effects_count(const stn__case *c, bool doors, bool persons)
{
    int32_t count = 0;

    for (int32_t e = 0; e < c->effect_count; e++) {
        count += stn__effect_asked(c, &c->effects[e], doors, persons);
    }
    return count;
}

void
stn__effects_cite(stn__case *c, stn__opinion *o, bool doors, bool persons)
{
    for (int32_t e = 0; e < c->effect_count; e++) {
        if (stn__effect_asked(c, &c->effects[e], doors, persons)) {
            stn__clause_add(c, o, c->effects[e].place, "%s", stn__effect_name(c, &c->effects[e]));
        }
    }
}

bool
stn__no_effects(stn__case *c, stn__opinion *o, bool doors, bool persons)
{
    if (stn__effects_count(c, doors, persons) > 0) {
        return false;
    }
    stn__decide(c, o, STN__NO_MATTER, "no rule that can hold closes a door%s%s", persons ? " to a person" : "",
        doors ? "" : " or publishes a blacklist");
    return true;
}

stn__verdict
stn__verdict_of(int32_t have, int32_t all)
{
    return have == 0 ? STN__BROKEN : have < all ? STN__PARTLY : STN__MET;
}

/* ------------------------------------------------------------------- ratings */

const stn_rating *
stn__rating_of_persons(const stn__case *c)
{
    for (int32_t r = 0; r < c->regime->rating_count; r++) {
        const stn_rating *rating = &c->regime->ratings[r];
        if (c->persons[rating->population] && c->reach[rating->population].rated) {
            return rating;
        }
    }
    return NULL;
}

int32_t
stn__rating_agencies(stn__case *c, const stn_rating *rating, int32_t *behaviours)
{
    uint64_t agencies = 0;

    *behaviours = 0;
    for (int32_t b = 0; b < c->study->world.behaviour_count; b++) {
        const stn_behaviour *of = &c->study->world.behaviours[b];
        const stn__reach *reach = &c->reach[rating->population];
        uint64_t counted = rating->ladder ? reach->seen[c->plan->populations[rating->population].review_term]
                                          : reach->scored;
        if (of->population == rating->population && (counted >> of->local & 1) != 0) {
            agencies |= c->makers[b];
            ++*behaviours;
        }
    }
    return __builtin_popcountll(agencies);
}

int32_t
stn__rating_uses(stn__case *c, stn__opinion *o)
{
    uint64_t agencies = 0;
    int32_t unnamed = 0;

    for (int32_t e = 0; e < c->effect_count; e++) {
        const stn__effect *effect = &c->effects[e];
        if (effect->measure != STN_NONE && effect->grounds.rating && c->persons[effect->population]) {
            unnamed += effect->agency == STN_NONE;
            agencies |= effect->agency == STN_NONE ? 0 : 1ull << effect->agency;
            stn__clause_add(c, o, effect->place, "%s", stn__effect_name(c, effect));
        }
    }
    return __builtin_popcountll(agencies) + (unnamed > 0);
}

/* --------------------------------------------------------------- safeguards */

bool
stn__doubt_cite(stn__case *c, stn__opinion *o, bool doors, bool persons)
{
    bool any = false;

    for (int32_t e = 0; e < c->effect_count; e++) {
        const stn__effect *effect = &c->effects[e];
        if (!effect->grounds.doubtful || !stn__effect_asked(c, effect, doors, persons)) {
            continue;
        }
        if (!any && c->regime->counts_place.line > 0 && !c->regime->counts_confirmed) {
            stn__clause_add(c, o, c->regime->counts_place, "counts: suspected");
        }
        any = true;
        stn__clause_add(c, o, effect->place, "%s", stn__effect_name(c, effect));
    }
    return any;
}

/* Whether some effect that closes doors hangs on a list. */
static bool
list_leads(const stn__case *c, int32_t list, bool persons)
{
    for (int32_t e = 0; e < c->effect_count; e++) {
        if (c->effects[e].grounds.lists[list] && stn__effect_asked(c, &c->effects[e], true, persons)) {
            return true;
        }
    }
    return false;
}

int32_t
stn__endless_cite(stn__case *c, stn__opinion *o, bool persons)
{
    int32_t endless = 0;

    for (int32_t l = 0; l < c->regime->list_count; l++) {
        const stn_list *list = &c->regime->lists[l];
        if (list_leads(c, l, persons) && !stn__list_ends(c, list)) {
            endless++;
            stn__clause_add(c, o, list->term.text != NULL ? list->term.place : list->place,
                "lists.%s: no term, and no condition under which it is left", list->name);
        }
    }
    return endless;
}

int32_t
stn__termless_cite(stn__case *c, stn__opinion *o, bool persons)
{
    int32_t termless = 0;

    for (int32_t l = 0; l < c->regime->list_count; l++) {
        const stn_list *list = &c->regime->lists[l];
        if (list_leads(c, l, persons) && list->term.value >= (double) STN_NEVER) {
            termless++;
            stn__clause_add(
                c, o, list->term.text != NULL ? list->term.place : list->place, "lists.%s: no term", list->name);
        }
    }
    return termless;
}

/* -------------------------------------------------------------------- names */

int32_t
stn__grounds_named(stn__case *c, stn__opinion *o, bool persons, const char *const *words)
{
    int32_t count = 0;

    for (int32_t b = 0; b < c->study->world.behaviour_count; b++) {
        const stn_behaviour *of = &c->study->world.behaviours[b];
        const char *word = stn__word_in(of->name, of->title, words);
        bool asked = false;
        for (int32_t e = 0; word != NULL && e < c->effect_count; e++) {
            const stn__effect *effect = &c->effects[e];
            uint64_t bits = stn__grounds_all(&effect->grounds, of->population)
                | effect->grounds.praised[of->population];
            if ((bits >> of->local & 1) != 0 && stn__effect_asked(c, effect, false, persons) && c->makers[b] != 0) {
                stn__clause_add(c, o, effect->place, "%s hangs on %s", stn__effect_name(c, effect), of->name);
                asked = true;
            }
        }
        count += asked;
    }
    return count;
}

int32_t
stn__doors_named(stn__case *c, stn__opinion *o, bool persons, const char *const *words)
{
    int32_t count = 0;

    for (int32_t e = 0; e < c->door_effects; e++) {
        const stn__effect *effect = &c->effects[e];
        const stn_measure *measure = &c->regime->measures[effect->measure];
        for (int32_t d = 0; stn__effect_asked(c, effect, true, persons) && d < measure->closes_count; d++) {
            const stn_door *door = &c->study->world.doors[measure->closes[d]];
            if (stn__word_in(door->name, door->title, words) != NULL) {
                stn__clause_add(c, o, effect->place, "%s closes %s", stn__effect_name(c, effect), door->name);
                count++;
            }
        }
    }
    return count;
}
