/* SPDX-License-Identifier: Apache-2.0
 *
 * rights.c - the covenant on civil and political rights and the principles of UNESCO
 * and the OECD: one function for each criterion of law/criteria.csv. */
#include "audit/law.h"

#define FIGURE(f) (1u << STN__##f)

/* A court day or two a week: past a month an objection is not quick. An assumption. */
enum { QUICK_DAYS = 30 };

static const char *const travel[] = { "flight", "flights", "air", "airline", "plane", "rail", "railway", "train",
    "trains", "travel", "passport", "border", "ferry", "ship", "bus", "coach", "metro", "journey", NULL };

/* Whether doors that mean travel close; decides that it does not matter if none does. */
static bool
travel_closed(stn__case *c, stn__opinion *o)
{
    if (stn__doors_named(c, o, true, travel) > 0) {
        return true;
    }
    stn__decide(c, o, STN__NO_MATTER, "no door closes to a person whose name or title speaks of travel");
    return false;
}

void
stn__law_iccpr_movement(stn__case *c, stn__opinion *o)
{
    bool rated = false;

    o->figures = FIGURE(BLOCKED);
    if (!travel_closed(c, o)) {
        return;
    }
    for (int32_t e = 0; e < c->door_effects; e++) {
        const stn_measure *measure = &c->regime->measures[c->effects[e].measure];
        for (int32_t d = 0; d < measure->closes_count; d++) {
            const stn_door *door = &c->study->world.doors[measure->closes[d]];
            rated = rated || (c->effects[e].grounds.rating && stn__word_in(door->name, door->title, travel) != NULL);
        }
    }
    o->data = "the statute, and which of the listed aims it serves";
    if (rated) {
        stn__decide(c, o, STN__BROKEN, "a low score alone can bar from travel: no aim of the list is a score");
    } else {
        stn__decide(c, o, STN__UNDECIDED,
            "travel is barred by records; by what law and to which of the listed aims, the rules do not say");
    }
}

void
stn__law_iccpr_least(stn__case *c, stn__opinion *o)
{
    int32_t endless;

    o->figures = FIGURE(BLOCKED) | FIGURE(RETURNED);
    if (!travel_closed(c, o)) {
        return;
    }
    endless = stn__endless_cite(c, o, true);
    o->data =
        "what a lighter measure would achieve: run the regime with a fine, a shorter term or fewer doors beside it";
    if (endless > 0) {
        stn__decide(c, o, STN__BROKEN, "a bar without an end is not the lightest there is: one with a term is lighter");
    } else if (c->regime->fine_count > 0) {
        stn__clause_add(c, o, c->regime->fines[0].place, "fines");
        stn__decide(
            c, o, STN__PARTLY, "it ends, but the doors close wholly, and fines, which the regime has too, are lighter");
    } else {
        stn__decide(c, o, STN__UNDECIDED, "it ends; whether something lighter would do, the rules do not say");
    }
}

void
stn__law_iccpr_procedure(stn__case *c, stn__opinion *o)
{
    stn__safeguards s;

    o->figures = FIGURE(CONTESTED);
    if (!travel_closed(c, o)) {
        return;
    }
    s = stn__safeguards_find(c, true, true);
    o->data = "whether reasons are given; how long petitions wait";
    if (s.first != NULL) {
        stn__clause_add(c, o, s.first->place, "due_process");
    }
    if (s.contested == 0) {
        stn__decide(c, o, STN__BROKEN, "there is no procedure: nothing can be objected to%s",
            s.noticed == 0 ? ", and nobody is told before" : "");
    } else if (s.slowest > QUICK_DAYS) {
        stn__decide(c, o, STN__BROKEN, "an objection or appeal takes %d days, more than the %d taken for quick here",
            (int) s.slowest, (int) QUICK_DAYS);
    } else if (s.contested < s.pairs || s.noticed < s.pairs) {
        stn__decide(c, o, STN__PARTLY, "of %d kinds of records, %d come with notice and %d can be contested",
            (int) s.pairs, (int) s.noticed, (int) s.contested);
    } else {
        stn__decide(c, o, STN__PARTLY,
            "there is notice, and objections take %d days at most%s; that reasons are given, the rules do not say",
            (int) s.slowest, s.queue ? ", besides the wait for a free desk" : "");
    }
}

void
stn__law_iccpr_privacy(stn__case *c, stn__opinion *o)
{
    bool endless = false, archived = false;
    int32_t published = 0;

    o->figures = FIGURE(NAMED);
    for (int32_t e = c->door_effects; e < c->effect_count; e++) {
        const stn_list *list = &c->regime->lists[c->effects[e].list];
        if (!c->persons[list->population]) {
            continue;
        }
        published++;
        stn__clause_add(
            c, o, list->publish.text != NULL ? list->publish.place : list->place, "lists.%s.publish", list->name);
        archived = archived || list->archive.value > 0;
        if (list->archive.value >= (double) STN_NEVER) {
            endless = true;
            stn__clause_add(c, o, list->archive.place, "lists.%s.archive", list->name);
        }
    }
    o->data = "what is published of a person: the name, a photograph, a number";
    if (published == 0) {
        o->data = NULL;
        stn__decide(c, o, STN__MET, "no blacklist of persons is published");
    } else if (endless) {
        stn__decide(
            c, o, STN__BROKEN, "names of %d blacklists are published, and stay public without end", (int) published);
    } else {
        stn__decide(c, o, STN__PARTLY, "names of %d blacklist%s are published while they are listed%s", (int) published,
            published == 1 ? "" : "s",
            archived ? ", and for a time after; whether that is needed, the rules do not say"
                     : "; whether that is needed, the rules do not say");
    }
}

void
stn__law_iccpr_trial(stn__case *c, stn__opinion *o)
{
    bool doubt, later = false, several = false;

    o->figures = FIGURE(SUSPECTED) | FIGURE(WRONGLY);
    if (stn__no_effects(c, o, false, true)) {
        return;
    }
    doubt = stn__doubt_cite(c, o, false, true);
    for (int32_t e = 0; e < c->door_effects; e++) {
        const stn_measure *measure = &c->regime->measures[c->effects[e].measure];
        if (c->persons[measure->population] && measure->from > 0) {
            later = true;
            stn__clause_add(
                c, o, measure->place, "measures.%s begins later, and meets records of before", measure->name);
        }
    }
    for (int32_t b = 0; b < c->study->world.behaviour_count; b++) {
        const stn_behaviour *of = &c->study->world.behaviours[b];
        int32_t count = 0;
        for (int32_t e = 0; e < c->effect_count; e++) {
            count += c->persons[c->effects[e].population]
                && (stn__grounds_all(&c->effects[e].grounds, of->population) >> of->local & 1) != 0;
        }
        several = several || count > 1;
    }
    o->data = "whether who confirms a record is a court, and hears the person";
    if (doubt || later) {
        stn__decide(c, o, STN__BROKEN, "%s%s%s", doubt ? "records have effect before they are judged" : "",
            doubt && later ? "; " : "", later ? "a heavier measure falls on conduct of before it began" : "");
    } else if (several) {
        stn__effects_cite(c, o, false, true);
        stn__decide(c, o, STN__PARTLY,
            "records have effect once judged, but one and the same record may be met by several measures or lists");
    } else {
        stn__effects_cite(c, o, false, true);
        stn__decide(c, o, STN__UNDECIDED,
            "records have effect once judged; whether that is a fair hearing, the rules do not say");
    }
}

void
stn__law_iccpr_equal(stn__case *c, stn__opinion *o)
{
    bool kin = false, firm = false, watched = false;

    o->figures = FIGURE(UNEQUAL);
    if (stn__no_effects(c, o, false, true)) {
        return;
    }
    for (int32_t e = 0; e < c->effect_count; e++) {
        const stn__effect *effect = &c->effects[e];
        if (c->persons[effect->population] && (effect->grounds.household || effect->grounds.representative)) {
            kin = kin || effect->grounds.household;
            firm = firm || effect->grounds.representative;
            stn__clause_add(c, o, effect->place, "%s falls on who %s somebody listed", stn__effect_name(c, effect),
                effect->grounds.household ? "lives with" : "represents");
        }
    }
    for (int32_t d = 0; d < c->regime->detection_count; d++) {
        const stn_detection *detection = &c->regime->detections[d];
        const stn_behaviour *of = &c->study->world.behaviours[detection->behaviour];
        for (int32_t e = 0; detection->probability.factor_count > 0 && e < c->effect_count; e++) {
            if (c->persons[c->effects[e].population]
                && (stn__grounds_all(&c->effects[e].grounds, of->population) >> of->local & 1) != 0) {
                watched = true;
                stn__clause_add(
                    c, o, detection->probability.place, "detection of %s is not the same for all groups", of->name);
            }
        }
    }
    o->data = "how unequally groups are met, and for what reason: the study's `by`";
    if (kin) {
        stn__decide(c, o, STN__BROKEN, "doors close to people for what somebody in their household did");
    } else if (firm || watched) {
        stn__decide(c, o, STN__PARTLY, "%s%s%s",
            firm ? "doors close to people for what a company did that they represent" : "", firm && watched ? "; " : "",
            watched ? "some groups are watched more closely than others" : "");
    } else {
        stn__decide(
            c, o, STN__UNDECIDED, "the rules are the same for all; whether they hit groups alike shows only in a run");
    }
}

void
stn__law_unesco_scoring(stn__case *c, stn__opinion *o)
{
    const stn_rating *rating = stn__rating_of_persons(c);

    o->figures = FIGURE(RATED);
    if (rating == NULL) {
        stn__decide(c, o, STN__MET, "no person is rated");
        return;
    }
    stn__clause_add(c, o, rating->place, "ratings.%s", rating->name);
    o->data = "whether the real score is worked out by an AI system";
    stn__decide(c, o, STN__UNDECIDED,
        "persons are rated; by a table of points here, and by what in truth, the rules do not say");
}

void
stn__law_oecd_challenge(stn__case *c, stn__opinion *o)
{
    stn__safeguards s;

    o->figures = FIGURE(CONTESTED);
    if (stn__no_effects(c, o, true, true)) {
        return;
    }
    s = stn__safeguards_find(c, true, true);
    o->data = "whether the people concerned can read the rules and their own records";
    if (s.first != NULL) {
        stn__clause_add(c, o, s.first->place, "due_process");
    }
    if (s.contested == 0) {
        stn__effects_cite(c, o, true, true);
        stn__decide(c, o, STN__BROKEN, "nothing that closes doors can be challenged");
    } else if (s.contested < s.pairs) {
        stn__decide(c, o, STN__PARTLY, "of %d kinds of records, %d can be challenged; not %s", (int) s.pairs,
            (int) s.contested, s.bare);
    } else {
        stn__decide(c, o, STN__UNDECIDED,
            "every record can be challenged; whether the formula is open to those it rates, the rules do not say");
    }
}
