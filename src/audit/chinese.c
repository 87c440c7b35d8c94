/* SPDX-License-Identifier: Apache-2.0
 *
 * chinese.c - China's own rules: the personal information law, the State Council's
 * notice No. 49 of 2020, the national directories, and the draft of 2022. One function
 * for each criterion of law/criteria.csv. */
#include "audit/law.h"

#define FIGURE(f) (1u << STN__##f)

/* --------------------------------------------------------------------- PIPL */

void
stn__law_pipl_automated(stn__case *c, stn__opinion *o)
{
    stn__safeguards s;

    o->figures = FIGURE(CONTESTED);
    if (stn__no_effects(c, o, true, true)) {
        return;
    }
    s = stn__safeguards_find(c, true, true);
    o->data = "whether an explanation can be had and the automatic decision be refused: a regime file states neither";
    stn__effects_cite(c, o, true, true);
    if (s.noticed == 0 && s.contested == 0) {
        stn__decide(c, o, STN__BROKEN, "nobody is told before a door closes, and nothing can be objected to");
    } else {
        stn__decide(c, o, STN__UNDECIDED,
            "of %d kinds of records, %d come with notice and %d can be contested; explanation and refusal, the rules "
            "do not mention",
            (int) s.pairs, (int) s.noticed, (int) s.contested);
    }
}

void
stn__law_pipl_purpose(stn__case *c, stn__opinion *o)
{
    const stn__opinion *unrelated = stn__opinion_of(c, "ai_act_unrelated");

    if (stn__no_effects(c, o, true, true)) {
        return;
    }
    for (int32_t i = 0; i < unrelated->clause_count; i++) {
        stn__clause_add(c, o, unrelated->clauses[i].place, "%s", unrelated->clauses[i].text);
    }
    o->data = "the definite purpose that each record is collected for";
    if (unrelated->verdict == STN__BROKEN) {
        stn__decide(c, o, STN__BROKEN, "records made for one purpose close doors of several other agencies");
    } else {
        stn__decide(c, o, STN__UNDECIDED,
            "whether the records are directly related to what they are used for, the rules do not say");
    }
}

/* Notice beforehand and a way to put a record right, for all that leads to effects. */
static void
warned_and_heard(stn__case *c, stn__opinion *o, bool persons, const char *missing)
{
    stn__safeguards s = stn__safeguards_find(c, false, persons);
    int32_t mended = s.contested > s.corrected ? s.contested : s.corrected;

    if (s.first != NULL) {
        stn__clause_add(c, o, s.first->place, "due_process");
    }
    if (s.pairs == 0) {
        stn__decide(c, o, STN__NO_MATTER, "no record leads to it");
    } else if (s.noticed == s.pairs && mended == s.pairs) {
        stn__decide(c, o, STN__MET,
            "each of the %d kinds of records comes with notice, and can be contested or is corrected%s", (int) s.pairs,
            missing);
    } else if (s.noticed + mended == 0) {
        stn__effects_cite(c, o, false, persons);
        stn__decide(c, o, STN__BROKEN, "no record comes with notice, and none can be contested or is corrected");
    } else {
        stn__decide(c, o, STN__PARTLY,
            "of %d kinds of records, %d come with notice and %d can be contested or corrected; not %s", (int) s.pairs,
            (int) s.noticed, (int) mended,
            s.unwarned != NULL   ? s.unwarned
                : s.bare != NULL ? s.bare
                                 : "all");
    }
}

void
stn__law_pipl_basis(stn__case *c, stn__opinion *o)
{
    o->figures = FIGURE(CONTESTED) | FIGURE(MENDED);
    if (stn__no_effects(c, o, false, true)) {
        return;
    }
    o->data = "the legal basis and the statutory power of each agency: a regime file states none";
    warned_and_heard(c, o, true, "; the legal basis, the rules do not say");
    if (o->verdict == STN__MET) {
        o->verdict = STN__PARTLY;
    }
}

/* ------------------------------------------------------- No. 49, directories */

static const char *const petty[] = { "jaywalking", "jaywalk", "petition", "petitioning", "littering", "litter", NULL };

/* Records of what no national directory has, by what the facts give as examples. */
static void
records_decide(stn__case *c, stn__opinion *o)
{
    int32_t found = 0;

    o->data = "whether each kind of record stands in the catalogue of its year: the catalogue is not part of a regime";
    for (int32_t r = 0; r < c->regime->rating_count; r++) {
        const stn_rating *rating = &c->regime->ratings[r];
        for (int32_t i = 0; i < rating->points_count; i++) {
            const stn_behaviour *of = &c->study->world.behaviours[rating->points[i].behaviour];
            if (stn__word_in(of->name, of->title, petty) != NULL && c->makers[rating->points[i].behaviour] != 0) {
                found++;
                stn__clause_add(c, o, rating->points[i].points.place, "ratings.%s.points.%s", rating->name, of->name);
            }
        }
    }
    found += stn__grounds_named(c, o, false, petty);
    if (found > 0) {
        stn__decide(c, o, STN__BROKEN, "such conduct as the source gives for what a city adds on its own is recorded");
    } else if (c->regime->rating_count == 0 && stn__effects_count(c, false, false) == 0) {
        stn__decide(c, o, STN__NO_MATTER, "nobody is rated, no door closes and no blacklist is published");
    } else {
        stn__decide(c, o, STN__UNDECIDED, "what is recorded is named, but the catalogue is not part of the rules");
    }
}

void
stn__law_no49_records(stn__case *c, stn__opinion *o)
{
    records_decide(c, o);
}

void
stn__law_directory_records(stn__case *c, stn__opinion *o)
{
    records_decide(c, o);
}

/* Whether an effect follows from what its own agency keeps alone. */
static bool
of_its_own(const stn__case *c, const stn__effect *effect)
{
    bool own = effect->agency != STN_NONE;

    for (int32_t l = 0; l < c->regime->list_count; l++) {
        own = own && (!effect->grounds.lists[l] || c->regime->lists[l].agency == effect->agency);
    }
    for (int32_t r = 0; r < c->regime->rating_count; r++) {
        const stn_rating *rating = &c->regime->ratings[r];
        own = own
            && (!effect->grounds.rating || rating->population != effect->population
                || rating->agency == effect->agency);
    }
    return own;
}

/* Whether an effect is at or by a bank or its like; cited. */
static bool
lender_cite(stn__case *c, stn__opinion *o, const stn__effect *effect)
{
    static const char *const lenders[] = { "bank", "banks", "finance", "loan", "loans", "insurer", "insurers",
        "insurance", "media", "association", NULL };
    const stn_agency *agency = effect->agency == STN_NONE ? NULL : &c->regime->agencies[effect->agency];
    const stn_measure *measure = &c->regime->measures[effect->measure];
    bool found = agency != NULL && stn__word_in(agency->name, agency->title, lenders) != NULL;

    for (int32_t d = 0; d < measure->closes_count; d++) {
        const stn_door *door = &c->study->world.doors[measure->closes[d]];
        found = found || stn__word_in(door->name, door->title, lenders) != NULL;
    }
    if (found) {
        stn__clause_add(c, o, effect->place, "%s", stn__effect_name(c, effect));
    }
    return found;
}

void
stn__law_no49_punishment(stn__case *c, stn__opinion *o)
{
    bool forced = false, lent = false;

    o->figures = FIGURE(BLOCKED);
    if (stn__no_effects(c, o, false, false)) {
        return;
    }
    o->data = "the law that each measure rests on, and the national list of its year";
    for (int32_t e = 0; e < c->door_effects; e++) {
        bool lender = lender_cite(c, o, &c->effects[e]);
        lent = lent || lender;
        forced = forced || (lender && !of_its_own(c, &c->effects[e]));
    }
    if (forced) {
        stn__decide(c, o, STN__BROKEN,
            "somebody else's list or rating closes doors of banks or their like, which may not be made to punish");
    } else if (lent) {
        stn__decide(c, o, STN__UNDECIDED,
            "banks or their like close doors by what they keep themselves; whether they are made to, the rules do not "
            "say");
    } else {
        stn__effects_cite(c, o, false, false);
        stn__decide(c, o, STN__UNDECIDED,
            "whether each measure has a base in law and is no heavier than it, the rules do not say");
    }
}

void
stn__law_no49_repair(stn__case *c, stn__opinion *o)
{
    stn__safeguards s;
    int32_t endless, mended;

    o->figures = FIGURE(MENDED) | FIGURE(RETURNED);
    if (stn__no_effects(c, o, false, false)) {
        return;
    }
    s = stn__safeguards_find(c, false, false);
    endless = stn__endless_cite(c, o, false);
    mended = s.settled > s.repaired ? s.settled : s.repaired;
    for (int32_t i = 0; i < c->regime->settlement_count; i++) {
        if (stn__leads(c, c->regime->settlements[i].behaviour)) {
            stn__clause_add(c, o, c->regime->settlements[i].place, "settlement");
        }
    }
    for (int32_t e = 0; e < c->regime->process_count; e++) {
        for (int32_t b = 0; b < c->study->world.behaviour_count && c->regime->processes[e].repair.given; b++) {
            const stn_behaviour *of = &c->study->world.behaviours[b];
            if ((c->regime->processes[e].behaviours[of->population] >> of->local & 1) != 0 && stn__leads(c, b)) {
                stn__clause_add(c, o, c->regime->processes[e].place, "due_process: repair");
            }
        }
    }
    if (endless > 0) {
        stn__decide(c, o, STN__BROKEN, "whoever is listed stays listed, whatever they put right");
    } else if (s.pairs > 0 && mended == s.pairs) {
        stn__decide(c, o, STN__MET, "every kind of record can be repaired or paid off, and the lists be left");
    } else if (mended == 0 && s.forgotten < s.pairs) {
        stn__decide(c, o, STN__BROKEN, "nothing that a person does ends a record, and not all are forgotten");
    } else if (mended == 0) {
        stn__decide(c, o, STN__PARTLY, "nothing that a person does ends a record; it is forgotten in time");
    } else {
        stn__decide(c, o, STN__PARTLY, "of %d kinds of records, %d can be repaired or paid off; not %s", (int) s.pairs,
            (int) mended, s.unmended != NULL ? s.unmended : "the rest");
    }
}

/* Blacklists that can be entered; cited. */
static int32_t
blacklists_cite(stn__case *c, stn__opinion *o)
{
    int32_t count = 0;

    for (int32_t l = 0; l < c->regime->list_count; l++) {
        const stn_list *list = &c->regime->lists[l];
        if (list->kind == STN_BLACKLIST && (c->reach[list->population].lists >> list->local & 1) != 0) {
            count++;
            stn__clause_add(c, o, list->place, "lists.%s", list->name);
        }
    }
    return count;
}

void
stn__law_no49_grounds(stn__case *c, stn__opinion *o)
{
    bool scored = false;

    o->figures = FIGURE(LISTED);
    for (int32_t l = 0; l < c->regime->list_count; l++) {
        const stn_list *list = &c->regime->lists[l];
        if (list->kind == STN_BLACKLIST && (c->reach[list->population].lists >> list->local & 1) != 0
            && stn__list_scored(c, l)) {
            scored = true;
            stn__clause_add(c, o, list->enter.place, "lists.%s.enter hangs on a rating", list->name);
        }
    }
    if (scored) {
        stn__decide(c, o, STN__BROKEN, "a low score leads on a blacklist, so that small things added up do");
    } else if (blacklists_cite(c, o) == 0) {
        stn__decide(c, o, STN__NO_MATTER, "there is no blacklist that can be entered");
    } else {
        o->data = "whether each ground is one of the four";
        stn__decide(c, o, STN__UNDECIDED, "the grounds are named; whether each is grave enough, the rules do not say");
    }
}

void
stn__law_no49_level(stn__case *c, stn__opinion *o)
{
    if (blacklists_cite(c, o) == 0) {
        stn__decide(c, o, STN__NO_MATTER, "there is no blacklist that can be entered");
        return;
    }
    o->data = "the law, regulation or ministry rule that sets the standard of each list: a regime file states none";
    stn__decide(c, o, STN__UNDECIDED, "by what kind of rule a list stands, a regime does not say");
}

void
stn__law_no49_notice(stn__case *c, stn__opinion *o)
{
    o->figures = FIGURE(CONTESTED) | FIGURE(MENDED);
    if (stn__no_effects(c, o, false, false)) {
        return;
    }
    warned_and_heard(c, o, false, "");
}

void
stn__law_directory_measures(stn__case *c, stn__opinion *o)
{
    bool wider = false;

    if (stn__no_effects(c, o, true, false)) {
        return;
    }
    o->data = "the national list of its year, against which each measure is to be held";
    for (int32_t e = 0; e < c->door_effects; e++) {
        const stn__effect *effect = &c->effects[e];
        if (effect->grounds.household || effect->grounds.representative) {
            wider = true;
            stn__clause_add(c, o, effect->place, "%s falls on others than those listed", stn__effect_name(c, effect));
        }
    }
    if (wider) {
        stn__decide(c, o, STN__PARTLY,
            "measures fall on others than those listed; whether the law of each allows that target, the rules do not "
            "say");
    } else {
        stn__effects_cite(c, o, true, false);
        stn__decide(c, o, STN__UNDECIDED,
            "whether each measure stands in the list, with this target and weight, the rules do not say");
    }
}

void
stn__law_draft_law(stn__case *c, stn__opinion *o)
{
    bool mixed = false;

    if (stn__no_effects(c, o, false, false)) {
        return;
    }
    for (int32_t e = 0; e < c->effect_count; e++) {
        const stn__effect *effect = &c->effects[e];
        for (int32_t b = 0; b < c->study->world.behaviour_count; b++) {
            const stn_behaviour *of = &c->study->world.behaviours[b];
            uint64_t bits = stn__grounds_all(&effect->grounds, of->population)
                | effect->grounds.praised[of->population];
            if (of->kind == STN_MERIT && (bits >> of->local & 1) != 0) {
                mixed = true;
                stn__clause_add(c, o, effect->place, "%s hangs on a score that counts %s too",
                    stn__effect_name(c, effect), of->name);
            }
        }
    }
    if (mixed) {
        stn__decide(c, o, STN__BROKEN, "deeds that no law demands count in the score that leads to punishment");
    } else {
        o->data = "whether each kind of record is a breach of law";
        stn__effects_cite(c, o, false, false);
        stn__decide(c, o, STN__UNDECIDED,
            "it hangs on offences and defaults only; whether each is a breach of law, the rules do not say");
    }
}
