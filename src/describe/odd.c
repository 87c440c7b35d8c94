/* SPDX-License-Identifier: Apache-2.0
 *
 * odd.c - a study in the order of the ODD protocol (Grimm et al. 2020, "The ODD
 * protocol for describing agent-based and other simulation models: a second
 * update", Journal of Artificial Societies and Social Simulation 23(2) 7).
 *
 * What a mechanism does is told as docs/semantics.md has it, and only of those
 * mechanisms that some regime of the study uses. */
#include "describe/describe.h"

#include "base/sha256.h"
#include "base/version.h"

#define CODED STN__CODE "%s" STN__CODE

/* What the study uses of what there is. */
typedef struct uses {
    bool learning, own, publicity, money, life, households, representatives, ties;
    bool offences, merits, settles, stigma;
    bool detections, false_records, verdicts, sharing, fines, notice, petitions, queues, correction, repair, pardons;
    bool ratings, spread, ladder, redeem, forget, lists, published, archive, measures, joint, dated;
} uses;

/* Whether a condition looks at a household or at whom somebody represents. */
static bool
looks_at_ties(const stn_condition *condition)
{
    bool looks = false;

    for (int32_t n = 0; n < condition->node_count; n++) {
        looks = looks || condition->nodes[n].op == STN_COND_HOUSEHOLD
            || condition->nodes[n].op == STN_COND_REPRESENTATIVE;
    }
    return looks;
}

static void
regime_uses(const stn_regime *r, uses *u)
{
    u->detections |= r->detection_count > 0;
    u->false_records |= r->false_record_count > 0;
    u->verdicts |= r->adjudication_count > 0;
    u->settles |= r->settlement_count > 0;
    u->sharing |= r->sharing.given;
    u->fines |= r->fine_count > 0;
    u->pardons |= r->pardon_count > 0;
    u->ratings |= r->rating_count > 0;
    u->lists |= r->list_count > 0;
    u->measures |= r->measure_count > 0;
    for (int32_t p = 0; p < r->process_count; p++) {
        const stn_process *one = &r->processes[p];
        u->notice |= one->notice.given;
        u->correction |= one->correction.given;
        u->repair |= one->repair.given;
        u->ties |= looks_at_ties(&one->repair.needs);
        for (int stage = 0; stage < 2; stage++) {
            u->petitions |= one->petitions[stage].given;
            u->queues |= one->petitions[stage].capacity.given;
        }
    }
    for (int32_t i = 0; i < r->rating_count; i++) {
        const stn_rating *one = &r->ratings[i];
        u->spread |= one->spread.value > 0;
        u->ladder |= one->ladder;
        u->redeem |= one->redeem.given && one->redeem.value < STN_NEVER;
        u->forget |= one->forget.value < STN_NEVER;
    }
    for (int32_t l = 0; l < r->list_count; l++) {
        u->published |= r->lists[l].publish.value < STN_NEVER;
        u->archive |= r->lists[l].archive.given;
        u->ties |= looks_at_ties(&r->lists[l].enter) || looks_at_ties(&r->lists[l].leave);
    }
    for (int32_t m = 0; m < r->measure_count; m++) {
        u->ties |= looks_at_ties(&r->measures[m].condition);
        u->dated |= r->measures[m].from > 0 || r->measures[m].until != STN_NEVER;
    }
}

static uses
study_uses(const stn_study *study)
{
    const stn_world *world = &study->world;
    uses u = { .learning = world->learning.given
            && world->learning.memory.value<STN_NEVER, .own = world->learning.own.value> 0,
        .publicity = world->learning.publicity.value > 0,
        .households = world->household.given,
        .representatives = world->representative.given };

    for (int32_t p = 0; p < world->population_count; p++) {
        u.money |= world->populations[p].money.given;
        u.life |= world->populations[p].life.given;
    }
    for (int32_t b = 0; b < world->behaviour_count; b++) {
        u.offences |= world->behaviours[b].kind != STN_MERIT;
        u.merits |= world->behaviours[b].kind == STN_MERIT;
    }
    for (int32_t i = 0; i < world->door_count; i++) {
        u.stigma |= world->doors[i].stigma.value > 0;
    }
    for (int32_t r = 0; r < study->regime_count; r++) {
        regime_uses(&study->regimes[r], &u);
    }
    return u;
}

/* What is written, where. */
typedef struct writer {
    stn__describer *d;
    stn__page *page;
    const stn_study *study;
    uses u;
} writer;

static void
paragraph(writer *w, const char *text)
{
    stn__page_paragraph(w->page, text);
}

static void
item(writer *w, const char *text)
{
    stn__page_item(w->page, NULL, text);
}

/* An item if it is so. */
static void
item_if(writer *w, bool so, const char *text)
{
    if (so) {
        item(w, text);
    }
}

static void
heading(writer *w, int depth, const char *id, const char *text)
{
    stn__page_heading(w->page, depth, id, text);
}

static const char *
quoted_regimes(stn__describer *d)
{
    const char **names = stn__room(d, d->study->regime_count, sizeof *names);

    for (int32_t r = 0; r < d->study->regime_count; r++) {
        names[r] = stn__say(d, "%s (" CODED ")", d->study->regimes[r].title, d->study->regimes[r].name);
    }
    return stn__joined(d, names, d->study->regime_count, "and");
}

const char *
stn__purpose(stn__describer *d)
{
    const stn_study *study = d->study;

    if (study->regime_count == 0) {
        return stn__say(d, "%s. It describes the people of a made-up city alone, without a regime.", study->title);
    }
    return stn__say(d,
        "%s. It asks what %s of social credit %s to whom in a made-up city (%s), over %s years: who complies, who is "
        "rated, "
        "listed, named and shut out, who wrongly so, and who gets back. %s: %s.",
        study->title, study->regime_count > 1 ? "regimes" : "a regime", study->regime_count > 1 ? "do" : "does",
        study->world.title, stn__number_text(d, study->years),
        study->regime_count > 1 ? "The regimes, each against the first" : "The regime", quoted_regimes(d));
}

/* -------------------------------------------------------------- the sections */

static void
purpose_put(writer *w)
{
    const char **names = stn__room(w->d, w->study->by_count, sizeof *names);

    for (int32_t b = 0; b < w->study->by_count; b++) {
        names[b] = stn__say(w->d, CODED, w->study->by[b]);
    }
    heading(w, 1, "purpose", "1 Purpose and patterns");
    paragraph(w, stn__purpose(w->d));
    if (w->study->by_count > 0) {
        paragraph(w,
            stn__say(
                w->d, "Everything is counted for groups by %s.", stn__joined(w->d, names, w->study->by_count, "and")));
    }
    paragraph(w,
        "Patterns by which the model is to be judged: the flows of people onto lists and off them, acts done and seen, "
        "records true and false, "
        "doors closed and attempts turned away, for each group and window; where the files cite published counts, "
        "those are what it should come near. "
        "Every regime meets the same people with the same opportunities and the same luck, so that what differs "
        "between two of them is the regime alone.");
    paragraph(w, "Everybody in it is made up. It says nothing about any real person.");
}

/* How many there are at the study's scale. */
static const char *
sizes_text(stn__describer *d)
{
    const stn_world *world = &d->study->world;
    const char *texts[STN_POPULATIONS_MAX];

    for (int32_t p = 0; p < world->population_count; p++) {
        double size = (double) (int64_t) (world->populations[p].size.value * d->study->scale + 0.5);
        texts[p] = stn__say(d, CODED " %s", world->populations[p].name, stn__number_text(d, size));
    }
    return stn__joined(d, texts, world->population_count, "and");
}

static void
entities_put(writer *w)
{
    const stn_study *s = w->study;
    stn__describer *d = w->d;

    heading(w, 1, "entities", "2 Entities, state variables and scales");
    paragraph(w,
        stn__say(d,
            "The world: %s. Entities are the actors of its populations%s%s, its agencies, and the regime that ties "
            "them.",
            s->world.title, w->u.households ? ", their households" : "",
            w->u.representatives ? ", who represents whom" : ""));
    stn__entities_put(d, w->page, 2);
    heading(w, 2, NULL, "State variables");
    stn__page_list_begin(w->page);
    item(w,
        w->u.life ? "Of each actor: the levels of its attributes, and its age, which move on with its life."
                  : "Of each actor: the levels of its attributes, which stay as they are.");
    item_if(w, w->u.detections || w->u.false_records,
        "Its records: of which behaviour, at which agency, true or false, since when, suspected, confirmed or ended.");
    item_if(w, w->u.ratings, "Its points and, cut to the range, its rating.");
    item_if(w, w->u.lists, "Which lists it is on, since when, and whether only for false records.");
    item_if(w, w->u.published, "On which lists its name was published last.");
    item_if(w, w->u.archive, "In which archives its name still is.");
    item_if(w, w->u.sharing, "What each agency was told of it, rightly or for somebody else.");
    item_if(w, w->u.measures,
        "Which doors are closed to it and which channels open; it is restricted while a door is closed.");
    item_if(w, w->u.money, "Its savings, and whether it is poor.");
    item(w, "Of each zone: for each behaviour the certainty C, the chance of being seen that is believed in there.");
    stn__page_list_end(w->page);
    heading(w, 2, NULL, "Scales");
    stn__page_list_begin(w->page);
    item(w,
        stn__say(d, "Time: minutes; everything happens at a minute. %s years, %u minutes, in windows of %s.",
            stn__number_text(d, s->years), (unsigned) s->horizon, stn__minutes_text(d, s->window)));
    item(w,
        stn__say(d, "Size: scale %s: %s. A day has 1440 minutes, a year 365 days, a month a twelfth of a year.",
            stn__number_text(d, s->scale), sizes_text(d)));
    item(w, "Space: none but the attributes; distance plays no part.");
    stn__page_list_end(w->page);
}

static void
process_put(writer *w)
{
    heading(w, 1, "process", "3 Process overview and scheduling");
    paragraph(w,
        "Every actor lives through a window on its own, event by event, in the order of time; what one actor causes "
        "another is delivered between windows. "
        "Events of one actor in one minute come in this order:");
    stn__page_list_begin(w->page);
    item_if(w, w->u.detections || w->u.false_records, "steps of records: beginning, verdict, being forgotten, ending;");
    item_if(w, w->u.petitions, "petitions, filed and decided;");
    item_if(w, w->u.correction, "corrections of false records;");
    item_if(w, w->u.repair, "repairs;");
    item_if(w, w->u.fines, "fines falling due;");
    item_if(w, w->u.lists, "ends of terms on lists;");
    item_if(w, w->u.sharing, "word of a listing, or of its end, reaching an agency;");
    item_if(w, w->u.ties, "others of the household, or represented companies, entering or leaving lists;");
    item_if(w, w->u.published, "publications of lists;");
    item_if(w, w->u.archive, "names leaving archives;");
    item_if(w, w->u.ladder, "reviews of ladders;");
    item_if(w, w->u.redeem, "redemptions;");
    item_if(w, w->u.false_records, "false records arriving;");
    item(w, "opportunities: the actor decides, and if it acts, agencies see it or not.");
    stn__page_list_end(w->page);
    paragraph(w,
        "After an event that changed what a rule looks at, everything is settled at once: first the lists, those that "
        "others depend on before those; "
        "then the measures, which close doors and open channels.");
    paragraph(w,
        stn__say(w->d, "At the end of a window%s all that is counted is added up.%s",
            w->u.learning ? " beliefs are learnt anew and" : "",
            w->u.life ? " At the beginning of one, people come, age and go." : ""));
}

static void concept(writer *w, const char *name, const char *text)
{
    stn__page_item(w->page, NULL, stn__say(w->d, STN__STRESS "%s" STN__STRESS ": %s", name, text));
}

static void
concepts_put(writer *w)
{
    heading(w, 1, "concepts", "4 Design concepts");
    stn__page_list_begin(w->page);
    concept(w, "Basic principles",
        "Deterrence: an act becomes rarer with the believed chance of being seen and with what is at stake"
        ". Labelling: whoever is restricted or poor may act worse (strain). Both are numbers of the world file and can "
        "be nothing.");
    concept(w, "Emergence",
        "How many are rated, listed and shut out, in which groups, for how long, rightly or wrongly, follows from the "
        "rules and from what people do; "
        "only opportunities, tendencies and rules are put in.");
    concept(w, "Adaptation",
        "Whether an opportunity is taken depends on what is believed about being seen, on the stakes under the regime, "
        "and on being restricted or poor.");
    concept(w, "Objectives", "None are pursued: a chance stands for the decision; nobody maximises anything.");
    concept(w, "Learning",
        w->u.learning ? "Zones learn from the acts seen in them how likely it is to be seen (section 7)."
                      : "Nobody learns from others.");
    concept(w, "Prediction",
        "Stakes are what one more record would change at once: how many doors would close, and how many points it "
        "would cost.");
    concept(w, "Sensing",
        w->u.sharing ? "Actors know their own state and what their zone believes. Agencies know what they saw and, in "
                       "regimes with sharing, else only what they were told."
                     : "Actors know their own state and what their zone believes. Agencies know everything that any of "
                       "them saw.");
    concept(w, "Interaction",
        stn__say(w->d, "Through %s%s%s%s; not otherwise.",
            w->u.learning ? "what a zone believes" : "nothing that is believed",
            w->u.sharing ? ", records filed under somebody else's name" : "",
            w->u.queues ? ", queues of petitions" : "",
            w->u.ties ? ", households or those who represent others, where a rule looks at them" : ""));
    concept(w, "Stochasticity",
        "Every draw is named by who, what and when, not by its turn (Philox4x32-10), so that all regimes share their "
        "luck and the same files give the same results on every machine.");
    concept(w, "Collectives",
        !w->u.households && !w->u.representatives ? "There are none."
            : w->u.ties ? "Ties, of households and of those who represent others, which rules look at."
                        : "Ties, of households or of those who represent others, which no rule looks at.");
    concept(w, "Observation",
        "All events are counted for each window and group; rightly and wrongly restricted people are told apart by "
        "keeping, beside the real state, the state without false records.");
    stn__page_list_end(w->page);
}

static void
initialisation_put(writer *w)
{
    heading(w, 1, "initialisation", "5 Initialisation");
    paragraph(w,
        stn__say(w->d,
            "Seed %llu. The people are made from the tables: whole numbers of actors for each combination of levels, "
            "so that the counts are met exactly and "
            "each combination of attributes that go together to within one actor.%s%s",
            (unsigned long long) w->study->seed,
            w->u.households ? " They are put into households of the sizes counted." : "",
            w->u.representatives ? " Every represented actor gets a representative by lot." : ""));
    stn__page_list_begin(w->page);
    item(w, "Nobody has a record. At minute 0 everything is settled for everybody, with all lists open to enter.");
    item_if(w, w->u.ratings,
        w->u.spread ? "Points are at the base, where a spread is given moved by a draw that is close to a normal one."
                    : "Points are at the base.");
    item_if(w, w->u.money, "Savings are full: as much as is put by at most.");
    item(w, "The certainty C of each behaviour is its first belief everywhere.");
    item_if(w, w->u.life, "Whoever comes later begins in the same way at the time of coming.");
    stn__page_list_end(w->page);
}

static void
input_put(writer *w)
{
    const char *heads[] = { "File", "Role", "Bytes", "SHA-256" };

    heading(w, 1, "input", "6 Input data");
    paragraph(w,
        w->u.life ? "No series in time drives the model, but for the chances of dying by age. These files were read, "
                    "and nothing else:"
                  : "No series in time drives the model. These files were read, and nothing else:");
    stn__page_table_begin(w->page, "Input files", heads, 4);
    for (int32_t f = 0; f < w->study->file_count; f++) {
        const stn_file *file = &w->study->files[f];
        char digest[STN__SHA256_TEXT];
        stn__sha256(file->text, (size_t) file->size, digest);
        stn__page_row(w->page,
            (const char *const[]){ stn__place_text(w->d, (stn_place){ f, 0, 0 }), file->role,
                stn__say(w->d, "%llu", (unsigned long long) file->size), stn__say(w->d, CODED, digest) },
            4);
    }
    stn__page_table_end(w->page);
}

/* ----------------------------------------------------------------- submodels */

static void
acting_put(writer *w)
{
    heading(w, 2, NULL, "Opportunities and decisions");
    paragraph(w,
        "Opportunities of an actor come as a Poisson process: with r the sum of the rates of its behaviours, the gap "
        "to the next one is exponential, and which behaviour it is for is drawn by their rates. "
        "It is taken with the chance p, cut to at most 1:");
    stn__page_formula(w->page, "p = taken x D x strain (while restricted) x strain of the poor (while poor)");
    if (w->u.offences) {
        stn__page_formula(w->page, "D = exp(-C (certainty + severity S))   for offences and defaults");
    }
    if (w->u.merits) {
        stn__page_formula(w->page, "D = exp(incentive S)   for merits");
    }
    paragraph(w,
        "The stakes S are what one record more of the behaviour would change, for somebody like the actor but with no "
        "record: d of the n doors and channels of the population that would be lost (for merits: won), "
        "and m of the points, where the behaviour's points hurt (for merits: help), in parts of the rating's range.");
    stn__page_formula(w->page, "S = d / n + m / (max - min)");
    stn__behaviours_put(w->d, w->page, 3);
    heading(w, 2, NULL, "Doors and attempts");
    paragraph(w, "Attempts come as a Poisson process. One at a right that is closed is turned away.");
    stn__doors_put(w->d, w->page, 3);
}

static void
records_put(writer *w)
{
    if (w->study->regime_count == 0) {
        return;
    }
    heading(w, 2, NULL, "Records, ratings, lists");
    stn__page_list_begin(w->page);
    item_if(w, w->u.detections,
        "An act is seen by each agency that watches for it, each with its own draw, and each makes a record of its "
        "own.");
    item_if(w, w->u.false_records,
        "False records come as a Poisson process for each actor. They are lived like true ones; beside them is kept "
        "what would be without them, which tells the wrongly restricted.");
    item_if(w, w->u.verdicts, "A record with a verdict to come is suspected until then.");
    item_if(
        w, w->u.settles, "What was not paid can be made good at chances that come at random; then the record ends.");
    item_if(w, w->u.sharing,
        "A record or listing travels from agency to agency over the ways with the least delay; on each leg it is lost, "
        "goes astray to a namesake, or arrives. Its end travels the same way, or is lost.");
    item_if(w, w->u.fines, "A fine is paid from savings when due, if they suffice; else what the regime says follows.");
    item_if(w, w->u.notice, "During notice a record counts for nothing.");
    item_if(w, w->u.petitions,
        "Whether an objection or appeal is filed, and granted, is drawn by whether the act was done.");
    item_if(w, w->u.queues,
        "Where an agency can decide so many cases only, cases wait for c = max(1, floor(capacity x scale x duration + "
        "0.5)) desks.");
    item_if(w, w->u.correction, "A false record is found out after an exponential time.");
    item_if(w, w->u.repair, "Repair is a chance that comes at random and needs what the regime asks for.");
    item_if(w, w->u.pardons,
        "A pardon ends all records that it names at the beginning of the first window at or after its time.");
    item_if(w, w->u.ratings,
        "Points are the base and the points of all records that count; the rating is points cut to the range.");
    item_if(w, w->u.forget, "A record is forgotten a fixed time after it began.");
    item_if(w, w->u.ladder, "A ladder moves the rating at each review, by how many records there were since the last.");
    item_if(w, w->u.redeem, "A clean time long enough sets the points back to the base.");
    item_if(w, w->u.lists,
        "A list is entered when its condition to enter holds and that to leave does not, and left when that to leave "
        "holds or the term is over.");
    item_if(w, w->u.published, "A list that is published takes names on and off at multiples of its interval.");
    item_if(w, w->u.archive, "An archive keeps names public after that.");
    item_if(w, w->u.published,
        "An actor is publicly named while a published blacklist, or the archive of one, has its name.");
    item_if(w, w->u.stigma, "Being publicly named, an actor may be refused at doors that are open.");
    item_if(w, w->u.measures,
        "A door is closed while any measure closes it, a channel open while any opens it. An actor is wrongly "
        "restricted while a door is closed that would not be without false records.");
    item_if(w, w->u.dated, "A measure with a beginning or an end is in force by whole windows.");
    stn__page_list_end(w->page);
    if (w->u.ratings) {
        stn__page_formula(w->page, "rating = min(max, max(min, base + sum of points of the records that count))");
    }
}

static void
regimes_put(writer *w)
{
    for (int32_t r = 0; r < w->study->regime_count; r++) {
        stn__sentences s = { NULL, 0, 0 };
        heading(w, 2, NULL,
            stn__say(w->d, "The regime %s (" CODED ")", w->study->regimes[r].title, w->study->regimes[r].name));
        stn__rules_say(w->d, r, &s);
        stn__sentences_put(w->d, &s, w->page, 3);
    }
}

void
stn__odd_put(stn__describer *d, stn__page *page)
{
    static const char *const ids[] = { "purpose", "entities", "process", "concepts", "initialisation", "input",
        "submodels", "assumptions", "bare", "cited", "references" };
    static const char *const texts[] = { "1 Purpose and patterns", "2 Entities, state variables and scales",
        "3 Process overview and scheduling", "4 Design concepts", "5 Initialisation", "6 Input data", "7 Submodels",
        "Assumptions", "Numbers of the rules themselves", "Numbers with a source", "References" };
    writer w = { d, page, d->study, study_uses(d->study) };

    stn__page_heading(page, 0, NULL, d->study->title);
    paragraph(&w,
        stn__say(d,
            "The model of this study in the order of the ODD protocol (Grimm et al. 2020), written by Standing %s, "
            "results epoch %d, from the study's own files. "
            "A number in square brackets is a source; " STN__STRESS "assumption" STN__STRESS
            " marks a number without one.",
            stn__version(), (int) stn__results_epoch()));
    stn__page_contents(page, ids, texts, (int32_t) (sizeof ids / sizeof *ids));
    purpose_put(&w);
    entities_put(&w);
    process_put(&w);
    concepts_put(&w);
    initialisation_put(&w);
    input_put(&w);
    heading(&w, 1, "submodels", "7 Submodels");
    acting_put(&w);
    stn__learning_put(d, page, 2);
    stn__money_put(d, page, 2);
    stn__life_put(d, page, 2);
    records_put(&w);
    regimes_put(&w);
    stn__assumptions_put(d, page, 1);
    stn__bare_put(d, page, 1);
    stn__cited_put(d, page, 1);
    stn__sources_put(d, page, 1);
}
