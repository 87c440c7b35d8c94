/* SPDX-License-Identifier: Apache-2.0
 *
 * european.c - the AI Act of the European Union and its data protection law: one
 * function for each criterion of law/criteria.csv. Where the text asks for a
 * judgement, the rule that stands for it here is said in the reason given. */
#include "audit/law.h"

#define FIGURE(f) (1u << STN__##f)

/* ------------------------------------------------------------------- AI Act */

void
stn__law_ai_act_score(stn__case *c, stn__opinion *o)
{
    const stn_rating *rating = stn__rating_of_persons(c);
    int32_t behaviours, agencies;

    o->figures = FIGURE(RATED) | FIGURE(LISTED);
    agencies = rating != NULL ? stn__rating_agencies(c, rating, &behaviours) : 0;
    if (agencies > 0) {
        stn__clause_add(c, o, rating->place, "ratings.%s", rating->name);
        if (agencies > 1) {
            stn__decide(c, o, STN__BROKEN,
                "the rating %s adds up %d kinds of conduct, recorded by %d agencies, over time", rating->name,
                (int) behaviours, (int) agencies);
        } else {
            stn__decide(c, o, STN__PARTLY,
                "the rating %s runs over time, but on %d kinds of conduct that one agency records: a "
                "narrow setting",
                rating->name, (int) behaviours);
        }
        return;
    }
    for (int32_t l = 0; l < c->regime->list_count; l++) {
        const stn_list *list = &c->regime->lists[l];
        if (c->persons[list->population] && (c->reach[list->population].lists >> list->local & 1) != 0) {
            stn__clause_add(c, o, list->place, "lists.%s", list->name);
        }
    }
    if (o->clause_count > 0) {
        stn__decide(c, o, STN__PARTLY, "%s, but people are put on lists by what is recorded of them",
            rating == NULL ? "nobody is rated" : "no record ever counts for the rating");
    } else {
        stn__decide(c, o, STN__MET, "no person is rated by any record, or listed");
    }
}

void
stn__law_ai_act_worse(stn__case *c, stn__opinion *o)
{
    o->figures = FIGURE(RESTRICTED) | FIGURE(NAMED);
    if (stn__rating_uses(c, o) > 0) {
        stn__decide(c, o, STN__BROKEN, "a low rating closes doors, by itself or through a list");
    } else if (stn__effects_count(c, false, true) > 0) {
        stn__effects_cite(c, o, false, true);
        if (stn__rating_of_persons(c) != NULL) {
            stn__decide(c, o, STN__PARTLY,
                "doors close to persons, or their names are published, by lists and not by the rating");
        } else {
            stn__decide(c, o, STN__BROKEN, "doors close to persons, or their names are published, for being listed");
        }
    } else {
        stn__decide(c, o, STN__MET,
            "no door closes to a person and no blacklist of persons is published; what opens doors for some is "
            "no worse treatment by itself");
    }
}

/* Effects on persons that lie elsewhere than their records: how many behaviours close
 * doors of two other agencies or more, of one, and where nobody is named who does. */
typedef struct distance {
    int32_t many, one, unnamed;
    const char *example;
} distance;

static distance
distance_find(stn__case *c, stn__opinion *o)
{
    distance found = { 0, 0, 0, "" };

    for (int32_t b = 0; b < c->study->world.behaviour_count; b++) {
        const stn_behaviour *of = &c->study->world.behaviours[b];
        uint64_t agencies = 0;
        bool unnamed = false;
        for (int32_t e = 0; e < c->door_effects; e++) {
            const stn__effect *effect = &c->effects[e];
            if (!c->persons[effect->population]
                || (stn__grounds_all(&effect->grounds, of->population) >> of->local & 1) == 0 || c->makers[b] == 0) {
                continue;
            }
            unnamed = unnamed || effect->agency == STN_NONE;
            if (stn__elsewhere(c, effect, b)) {
                agencies |= 1ull << effect->agency;
                stn__clause_add(c, o, effect->place, "%s", stn__effect_name(c, effect));
            }
        }
        found.unnamed += unnamed;
        found.one += __builtin_popcountll(agencies) == 1;
        if (__builtin_popcountll(agencies) > 1) {
            found.many++;
            found.example = found.example[0] != '\0' ? found.example
                                                     : stn__case_text(c, "%s closes doors of %d other agencies",
                                                         of->name, (int) __builtin_popcountll(agencies));
        }
    }
    return found;
}

void
stn__law_ai_act_unrelated(stn__case *c, stn__opinion *o)
{
    distance found;

    o->figures = FIGURE(BLOCKED);
    if (stn__effects_count(c, true, true) == 0) {
        stn__decide(c, o, STN__MET, "no door closes to a person");
        return;
    }
    found = distance_find(c, o);
    if (found.many > 0) {
        stn__decide(c, o, STN__BROKEN, "%s than those that record it", found.example);
    } else if (found.one > 0 || found.unnamed > 0) {
        o->data = "whether the agencies' fields are one social context, which a person must judge";
        stn__decide(c, o, STN__UNDECIDED,
            found.one > 0 ? "one agency records and another closes doors; whether that is one context, the "
                            "rules do not say"
                          : "no agency is named that closes the doors");
    } else {
        stn__decide(c, o, STN__MET, "doors close only where the conduct is recorded");
    }
}

/* How many effects that close doors to persons hang on more than one behaviour. */
static int32_t
ungraded_cite(stn__case *c, stn__opinion *o)
{
    int32_t count = 0;

    for (int32_t e = 0; e < c->door_effects; e++) {
        const stn__effect *effect = &c->effects[e];
        int32_t grounds = 0;
        for (int32_t p = 0; p < c->study->world.population_count; p++) {
            grounds += __builtin_popcountll(stn__grounds_all(&effect->grounds, p));
        }
        if (c->persons[effect->population] && grounds > 1) {
            count++;
            stn__clause_add(c, o, effect->place, "%s is the same for %d kinds of conduct", stn__effect_name(c, effect),
                (int) grounds);
        }
    }
    return count;
}

void
stn__law_ai_act_out_of_proportion(stn__case *c, stn__opinion *o)
{
    int32_t endless, termless, ungraded;

    o->figures = FIGURE(RESTRICTED) | FIGURE(RETURNED);
    if (stn__effects_count(c, true, true) == 0) {
        stn__decide(c, o, STN__MET, "no door closes to a person");
        return;
    }
    endless = stn__endless_cite(c, o, true);
    termless = stn__termless_cite(c, o, true);
    ungraded = ungraded_cite(c, o);
    o->data = "how grave the conduct is against what the closed doors cost, which a person must judge";
    if (endless > 0) {
        stn__decide(c, o, STN__BROKEN, "what closes doors has no end date, whatever it was for");
    } else if (termless + ungraded > 0) {
        stn__decide(c, o, STN__PARTLY, "%s%s%s",
            termless > 0 ? "there is a way out, but no end date" : "there is an end",
            ungraded > 0 ? termless > 0 ? "; and " : ", but " : "",
            ungraded > 0 ? "different kinds of conduct meet the same measure" : "");
    } else {
        stn__decide(c, o, STN__UNDECIDED,
            "each measure has an end and one kind of conduct; whether they are in proportion, the rules do "
            "not say");
    }
}

void
stn__law_ai_act_outcome(stn__case *c, stn__opinion *o)
{
    static const char *const parts[] = { "ai_act_score", "ai_act_worse", "ai_act_unrelated",
        "ai_act_out_of_proportion" };
    stn__verdict verdicts[4], score, worse, i, ii;

    for (int p = 0; p < 4; p++) {
        const stn__opinion *part = stn__opinion_of(c, parts[p]);
        verdicts[p] = part->verdict;
        if (part->clause_count > 0) {
            stn__clause_add(c, o, part->clauses[0].place, "%s", part->clauses[0].text);
        }
    }
    score = verdicts[0], worse = verdicts[1], i = verdicts[2], ii = verdicts[3];
    if (score == STN__MET || worse == STN__MET || (i == STN__MET && ii == STN__MET)) {
        stn__decide(c, o, STN__MET, "element 1, element 2, or both of (i) and (ii) are missing");
    } else if (score == STN__BROKEN && worse == STN__BROKEN && (i == STN__BROKEN || ii == STN__BROKEN)) {
        stn__decide(c, o, STN__BROKEN, "elements 1 and 2 hold, and %s, if it is an AI system at all",
            i == STN__BROKEN && ii == STN__BROKEN ? "(i) and (ii) too"
                : i == STN__BROKEN                ? "(i) too"
                                                  : "(ii) too");
    } else {
        stn__decide(c, o, STN__UNDECIDED, "what is missing for a ban, or for its absence, is undecided above");
    }
}

void
stn__law_ai_act_purpose(stn__case *c, stn__opinion *o)
{
    int32_t uses;

    if (stn__rating_of_persons(c) == NULL) {
        stn__decide(c, o, STN__NO_MATTER, "no person is rated");
        return;
    }
    uses = stn__rating_uses(c, o);
    if (uses > 1) {
        stn__decide(c, o, STN__BROKEN, "doors of %d agencies hang on the one rating", (int) uses);
    } else {
        o->data = "the law or purpose that the rating is made for";
        stn__decide(c, o, STN__UNDECIDED,
            uses == 1 ? "doors of one agency hang on the rating; whether that is its purpose in law, the rules do "
                        "not say"
                      : "no door closes by the rating; what else it is used for, the rules do not say");
    }
}

void
stn__law_ai_act_guidelines(stn__case *c, stn__opinion *o)
{
    stn__verdict outcome = stn__opinion_of(c, "ai_act_outcome")->verdict;
    stn__verdict score = stn__opinion_of(c, "ai_act_score")->verdict;
    bool debt = false;

    if (stn__effects_count(c, false, true) == 0) {
        stn__decide(c, o, STN__MET, "it closes no door to a person: what it gives is a perk");
        return;
    }
    for (int32_t e = 0; e < c->effect_count; e++) {
        for (int32_t b = 0; b < c->study->world.behaviour_count; b++) {
            const stn_behaviour *of = &c->study->world.behaviours[b];
            if (of->kind == STN_DEFAULT && c->persons[c->effects[e].population]
                && (stn__grounds_all(&c->effects[e].grounds, of->population) >> of->local & 1) != 0) {
                debt = true;
                stn__clause_add(
                    c, o, c->effects[e].place, "%s hangs on %s", stn__effect_name(c, &c->effects[e]), of->name);
            }
        }
    }
    if (score == STN__BROKEN) {
        stn__decide(c, o, outcome == STN__BROKEN ? STN__BROKEN : STN__PARTLY,
            "a rating of many settings with worse treatment is what they mean%s",
            debt ? "; paying debts counts as social behaviour" : "");
    } else {
        stn__decide(c, o, STN__UNDECIDED,
            "a list, or a rating of one setting%s; whether it is more than a one-off in a narrow setting, the "
            "rules do not say",
            debt ? ", though paying debts counts as social behaviour" : "");
    }
}

void
stn__law_ai_act_system(stn__case *c, stn__opinion *o)
{
    const stn_rating *rating = stn__rating_of_persons(c);

    if (rating == NULL) {
        stn__decide(c, o, STN__NO_MATTER, "no person is rated");
        return;
    }
    stn__clause_add(c, o, rating->place, "ratings.%s", rating->name);
    o->data = "how the real score is worked out: by a table that people fixed, or by a statistical or learning system";
    stn__decide(c, o, STN__UNDECIDED,
        "every rating here is written as a table of points; whether it stands for a statistical score, the rules "
        "do not say");
}

/* --------------------------------------------------------------------- GDPR */

void
stn__law_gdpr_automated(stn__case *c, stn__opinion *o)
{
    stn__safeguards s;

    o->figures = FIGURE(RESTRICTED) | FIGURE(SUSPECTED);
    if (stn__no_effects(c, o, true, true)) {
        return;
    }
    o->data = "whether a person looks at each case before a door closes";
    s = stn__safeguards_find(c, true, true);
    if (stn__doubt_cite(c, o, true, true)) {
        stn__decide(
            c, o, STN__BROKEN, "doors close by the condition alone, before anybody has decided about the record");
    } else if (s.judged < s.pairs) {
        stn__effects_cite(c, o, true, true);
        stn__decide(c, o, STN__BROKEN,
            "doors close by the condition alone, and of %d kinds of records %d are never looked at by anybody",
            (int) s.pairs, (int) (s.pairs - s.judged));
    } else {
        stn__effects_cite(c, o, true, true);
        stn__decide(c, o, STN__PARTLY,
            "records are judged first (adjudication), but from the record to the door the condition decides alone");
    }
}

void
stn__law_gdpr_exceptions(stn__case *c, stn__opinion *o)
{
    if (stn__no_effects(c, o, true, true)) {
        return;
    }
    o->data = "the statute with its safeguards, the contract, or the consent: a regime file states none";
    stn__decide(c, o, STN__UNDECIDED, "rules of a regime do not say by what law, contract or consent they hold");
}

static void
contest_decide(stn__case *c, stn__opinion *o, const stn__safeguards *s)
{
    stn__verdict verdict = stn__verdict_of(s->contested, s->pairs);

    if (s->first != NULL) {
        stn__clause_add(c, o, s->first->place, "due_process");
    }
    if (s->pairs == 0) {
        stn__decide(c, o, STN__NO_MATTER, "no record leads to it");
    } else if (verdict == STN__MET) {
        stn__decide(c, o, verdict, "each of the %d kinds of records can be objected to or appealed", (int) s->pairs);
    } else if (verdict == STN__BROKEN) {
        stn__effects_cite(c, o, true, true);
        stn__decide(c, o, verdict, "none of the %d kinds of records can be objected to or appealed, e.g. %s",
            (int) s->pairs, s->bare);
    } else {
        stn__decide(c, o, verdict, "of %d kinds of records, %d can be objected to or appealed; not %s", (int) s->pairs,
            (int) s->contested, s->bare);
    }
}

void
stn__law_gdpr_contest(stn__case *c, stn__opinion *o)
{
    stn__safeguards s;

    o->figures = FIGURE(CONTESTED);
    if (stn__no_effects(c, o, true, true)) {
        return;
    }
    o->data = "who decides an objection, and whether the person is heard";
    s = stn__safeguards_find(c, true, true);
    contest_decide(c, o, &s);
}

void
stn__law_gdpr_special(stn__case *c, stn__opinion *o)
{
    static const char *const words[] = { "health", "medical", "blood", "disability", "religion", "religious", "belief",
        "faith", "church", "political", "politics", "party", "petition", "petitioning", "protest", "union", "ethnic",
        "ethnicity", "race", "sexual", "genetic", "biometric", NULL };
    const stn_rating *rating = stn__rating_of_persons(c);
    int32_t found = 0;

    for (int32_t i = 0; rating != NULL && i < rating->points_count; i++) {
        const stn_behaviour *of = &c->study->world.behaviours[rating->points[i].behaviour];
        if (stn__word_in(of->name, of->title, words) != NULL) {
            stn__clause_add(c, o, rating->points[i].points.place, "ratings.%s.points.%s", rating->name, of->name);
            found++;
        }
    }
    found += stn__grounds_named(c, o, true, words);
    if (rating == NULL && stn__effects_count(c, false, true) == 0) {
        stn__decide(c, o, STN__NO_MATTER, "no person is rated, and no door closes to one");
    } else if (found > 0) {
        o->data =
            "whether the record shows health, belief or politics, and whether there is consent or a public interest";
        stn__decide(
            c, o, STN__UNDECIDED, "the names of inputs speak of such data; whether they are, the rules do not say");
    } else {
        o->data = "what the inputs show besides what they are called";
        stn__decide(
            c, o, STN__UNDECIDED, "no input's name or title speaks of such data; names are all that the rules say");
    }
}

void
stn__law_gdpr_principles(stn__case *c, stn__opinion *o)
{
    stn__safeguards s = stn__safeguards_find(c, false, true);
    const stn_rating *rating = stn__rating_of_persons(c);
    bool kept = false, spread = !c->regime->sharing.given, wrong;

    o->figures = FIGURE(MISTAKEN) | FIGURE(MENDED);
    if (rating == NULL && stn__no_effects(c, o, false, true)) {
        return;
    }
    for (int32_t i = 0; rating != NULL && i < rating->points_count; i++) {
        if (rating->points[i].forget == STN_NEVER && rating->redeem.value >= (double) STN_NEVER) {
            kept = true;
            stn__clause_add(c, o, rating->forget.text != NULL ? rating->forget.place : rating->place,
                "ratings.%s: points are never forgotten", rating->name);
        }
    }
    kept = stn__endless_cite(c, o, true) > 0 || kept || s.forgotten < s.pairs;
    for (int32_t l = 0; l < c->regime->list_count; l++) {
        const stn_list *list = &c->regime->lists[l];
        for (int32_t t = 0; c->persons[list->population] && list->kind != STN_REDLIST && t < list->enter.term_count;
             t++) {
            if (list->enter.terms[t].within == STN_NEVER) {
                stn__clause_add(c, o, list->enter.place, "lists.%s.enter counts records of any age", list->name);
            }
        }
        if (c->persons[list->population] && list->archive.value >= (double) STN_NEVER && list->archive.text != NULL) {
            kept = true;
            stn__clause_add(c, o, list->archive.place, "lists.%s.archive", list->name);
        }
    }
    wrong = s.pairs > 0 && s.corrected + s.contested == 0;
    if (!kept && !spread && !wrong) {
        stn__decide(c, o, STN__PARTLY,
            "records are forgotten, shared by named routes only, and can be corrected; whether no more is kept than "
            "needed, the rules do not say");
    } else {
        stn__decide(c, o, kept && spread && wrong ? STN__BROKEN : STN__PARTLY, "%s%s%s",
            kept ? "something is kept with no date at which it is forgotten" : "what is kept is forgotten in time",
            spread ? "; every agency knows everything (no `sharing`)" : "; records pass by named routes only",
            wrong ? "; after the first verdict nothing corrects a false record"
                  : "; false records can be corrected or contested, some at least");
    }
}

void
stn__law_gdpr_convictions(stn__case *c, stn__opinion *o)
{
    bool found = false;

    if (stn__no_effects(c, o, true, true)) {
        return;
    }
    for (int32_t e = 0; e < c->door_effects; e++) {
        for (int32_t b = 0; b < c->study->world.behaviour_count; b++) {
            const stn_behaviour *of = &c->study->world.behaviours[b];
            if (of->kind == STN_OFFENCE && c->persons[c->effects[e].population] && stn__elsewhere(c, &c->effects[e], b)
                && (stn__grounds_all(&c->effects[e].grounds, of->population) >> of->local & 1) != 0) {
                found = true;
                stn__clause_add(
                    c, o, c->effects[e].place, "%s uses records of %s", stn__effect_name(c, &c->effects[e]), of->name);
            }
        }
    }
    if (found) {
        o->data = "whether these records are convictions, and whether the agencies are public or act under a law";
        stn__decide(c, o, STN__UNDECIDED, "records of offences are used by agencies that did not make them");
    } else {
        stn__decide(c, o, STN__MET, "no record of an offence is used by another agency to close a door to a person");
    }
}
