/* SPDX-License-Identifier: Apache-2.0
 *
 * findings.c - what strikes one about the rules as such, whatever the law: rules
 * that can never hold, ways in without a way out, effects far from their cause. */
#include "audit/inside.h"

enum { FINDINGS_MAX = 8192 };

typedef struct finder {
    stn__case *c;
    stn__finding *all;
    int32_t count;
} finder;

static void
add(finder *f, const char *kind, const char *of, const char *subject, int32_t population, stn_place place,
    const char *why)
{
    STN_INVARIANT(f->count < FINDINGS_MAX);
    f->all[f->count++] = (stn__finding){ kind, of, subject, population, place, why };
}

/* ---------------------------------------------------------- what cannot happen */

static void
bands_look(finder *f)
{
    for (int32_t r = 0; r < f->c->regime->rating_count; r++) {
        const stn_rating *rating = &f->c->regime->ratings[r];
        for (int32_t b = 0; b < rating->band_count; b++) {
            const stn_band *band = &rating->bands[b];
            if ((f->c->reach[rating->population].bands >> b & 1) == 0) {
                add(f, "nobody can reach", "band", band->name, rating->population, band->place,
                    f->c->reach[rating->population].rated
                        ? stn__case_text(f->c, "no sum of base and points of the rating %s lies within %d to %d",
                            rating->name, (int) band->first, (int) band->last)
                        : stn__case_text(f->c, "the rating %s covers nobody", rating->name));
            }
        }
    }
}

static void
rules_look(finder *f)
{
    const stn_regime *regime = f->c->regime;

    for (int32_t l = 0; l < regime->list_count; l++) {
        const stn_list *list = &regime->lists[l];
        if ((f->c->reach[list->population].lists >> list->local & 1) == 0) {
            add(f, "can never be entered", "list", list->name, list->population, list->enter.place,
                "no state that anybody can come into satisfies `enter` without `leave`");
        }
    }
    for (int32_t m = 0; m < regime->measure_count; m++) {
        const stn_measure *measure = &regime->measures[m];
        if ((f->c->reach[measure->population].measures >> measure->local & 1) == 0) {
            add(f, "can never hold", "measure", measure->name, measure->population, measure->condition.place,
                "no state that anybody can come into satisfies its condition");
        }
    }
}

/* ------------------------------------------------------------------ ways out */

static void
exits_look(finder *f)
{
    for (int32_t l = 0; l < f->c->regime->list_count; l++) {
        const stn_list *list = &f->c->regime->lists[l];
        bool term = list->term.value < (double) STN_NEVER;
        if (list->kind == STN_REDLIST || (f->c->reach[list->population].lists >> list->local & 1) == 0) {
            continue;
        }
        if (!stn__list_ends(f->c, list)) {
            add(f, "no exit", "list", list->name, list->population, list->place,
                "it has no term, and its `leave` can hold for nobody who is on it");
        } else if (!term) {
            add(f, "no term", "list", list->name, list->population, list->place,
                "nobody is taken off by time alone, only if `leave` comes to hold");
        }
        if (term && list->reentry == STN_REENTRY_NEW_RECORD && stn__grounds_rating(&list->enter)) {
            add(f, "term undone", "list", list->name, list->population, list->enter.place,
                "`enter` asks for the rating: after the term any change of it puts people back for whom it still "
                "holds");
        }
        if (list->publish.value < (double) STN_NEVER
            && (list->archive.value >= (double) STN_NEVER || !stn__list_ends(f->c, list))) {
            add(f, "public for good", "list", list->name, list->population, list->publish.place,
                stn__list_ends(f->c, list) ? "a name that was taken off stays in the archive without end"
                                           : "no name is ever taken off");
        }
    }
    for (int32_t r = 0; r < f->c->regime->rating_count; r++) {
        const stn_rating *rating = &f->c->regime->ratings[r];
        stn__naming words = { f->c, "", 0 };
        for (int32_t i = 0; i < rating->points_count && rating->redeem.value >= (double) STN_NEVER; i++) {
            if (rating->points[i].forget == STN_NEVER && rating->points[i].points.value < 0) {
                stn__naming_add(&words, f->c->study->world.behaviours[rating->points[i].behaviour].name);
            }
        }
        if (words.count > 0) {
            add(f, "never forgotten", "rating", rating->name, rating->population,
                rating->forget.text != NULL ? rating->forget.place : rating->place,
                stn__case_text(f->c, "points taken for %s count for ever", stn__naming_text(&words)));
        }
    }
}

/* ------------------------------------------------------- effects and their causes */

static const char *
grounds_words(finder *f, const stn__grounds *grounds, bool (*which)(const stn__case *, const stn__effect *, int32_t),
    const stn__effect *effect)
{
    stn__naming words = { f->c, "", 0 };

    for (int32_t b = 0; b < f->c->study->world.behaviour_count; b++) {
        const stn_behaviour *of = &f->c->study->world.behaviours[b];
        if ((stn__grounds_all(grounds, of->population) >> of->local & 1) != 0 && which(f->c, effect, b)) {
            stn__naming_add(&words, of->name);
        }
    }
    return words.count > 0 ? stn__naming_text(&words) : NULL;
}

static bool
any_ground(const stn__case *c, const stn__effect *effect, int32_t behaviour)
{
    (void) effect;
    return c->makers[behaviour] != 0;
}

bool
stn__elsewhere(const stn__case *c, const stn__effect *effect, int32_t behaviour)
{
    uint64_t makers = c->makers[behaviour];

    return effect->agency != STN_NONE && makers != 0 && (makers >> effect->agency & 1) == 0;
}

/* Behaviours that a closing measure treats alike. */
static int32_t
grounds_count(const stn__case *c, const stn__effect *effect)
{
    int32_t count = 0;

    for (int32_t p = 0; p < c->study->world.population_count; p++) {
        count += __builtin_popcountll(stn__grounds_all(&effect->grounds, p));
    }
    return count;
}

static void
effects_look(finder *f)
{
    for (int32_t e = 0; e < f->c->effect_count; e++) {
        const stn__effect *effect = &f->c->effects[e];
        bool door = effect->measure != STN_NONE;
        const char *of = door ? "measure" : "list", *elsewhere;
        const char *name = door ? f->c->regime->measures[effect->measure].name : f->c->regime->lists[effect->list].name;
        stn_place condition = door ? f->c->regime->measures[effect->measure].condition.place
                                   : f->c->regime->lists[effect->list].enter.place;
        if (effect->grounds.doubtful) {
            add(f, "on suspicion", of, name, effect->population, condition,
                door ? "a record does it before its verdict" : "names are published for records before their verdict");
        }
        if (!door) {
            continue;
        }
        elsewhere = grounds_words(f, &effect->grounds, stn__elsewhere, effect);
        if (elsewhere != NULL) {
            add(f, "another area", of, name, effect->population, effect->place,
                stn__case_text(f->c, "its doors are kept by %s, who make no record of %s",
                    f->c->regime->agencies[effect->agency].name, elsewhere));
        }
        if (effect->grounds.household || effect->grounds.representative) {
            add(f, "for others", of, name, effect->population, condition,
                effect->grounds.household ? "it falls on whoever lives with somebody who is listed"
                                          : "it falls on whoever represents somebody who is listed");
        }
        if (grounds_count(f->c, effect) > 1) {
            const char *words = grounds_words(f, &effect->grounds, any_ground, effect);
            if (words != NULL) {
                add(f, "one measure for all", of, name, effect->population, condition,
                    stn__case_text(f->c, "the same doors close, whichever it was of %s", words));
            }
        }
    }
}

/* One record that is met by several lists and measures. */
static void
doubles_look(finder *f)
{
    const stn_world *world = &f->c->study->world;

    for (int32_t b = 0; b < world->behaviour_count; b++) {
        const stn_behaviour *of = &world->behaviours[b];
        stn__naming words = { f->c, "", 0 };
        for (int32_t e = 0; e < f->c->effect_count; e++) {
            if ((stn__grounds_all(&f->c->effects[e].grounds, of->population) >> of->local & 1) != 0
                && f->c->makers[b] != 0) {
                stn__naming_add(&words, stn__effect_name(f->c, &f->c->effects[e]));
            }
        }
        if (words.count > 1) {
            add(f, "several at once", "behaviour", of->name, of->population, (stn_place){ 0, 0, 0 },
                stn__case_text(f->c, "one and the same record may be met by %s", stn__naming_text(&words)));
        }
    }
}

static void
safeguards_look(finder *f)
{
    stn__safeguards s = stn__safeguards_find(f->c, false, false);

    if (s.unwarned != NULL) {
        add(f, "no notice", "regime", f->c->regime->name, STN_NONE, (stn_place){ 0, 0, 0 },
            stn__case_text(f->c,
                "of %d kinds of records that close doors or publish names, %d come without notice, e.g. %s",
                (int) s.pairs, (int) (s.pairs - s.noticed), s.unwarned));
    }
    if (s.bare != NULL) {
        add(f, "no contest", "regime", f->c->regime->name, STN_NONE, (stn_place){ 0, 0, 0 },
            stn__case_text(f->c,
                "of %d kinds of records that close doors or publish names, %d cannot be objected to or appealed, e.g. "
                "%s",
                (int) s.pairs, (int) (s.pairs - s.contested), s.bare));
    }
    if (s.unmended != NULL) {
        add(f, "no repair", "regime", f->c->regime->name, STN_NONE, (stn_place){ 0, 0, 0 },
            stn__case_text(f->c, "nothing that the person does ends a record of %s", s.unmended));
    }
}

int
stn__findings_find(stn__case *c, const stn__finding **out, int32_t *count, stn_error *err)
{
    finder f = { c, stn__arena_take(c->arena, FINDINGS_MAX, sizeof(stn__finding)), 0 };

    if (f.all == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory for an audit");
    }
    bands_look(&f);
    rules_look(&f);
    exits_look(&f);
    effects_look(&f);
    doubles_look(&f);
    safeguards_look(&f);
    *out = f.all;
    *count = f.count;
    return 0;
}
