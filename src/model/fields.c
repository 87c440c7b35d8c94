/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.c - the one table of everything that may stand in a file. */
#include "model/fields.h"

#include <string.h>

#include "base/error.h"
#include "model/model.h"

#define SHAPE(label, table) const stn__shape stn__shape_##label = { #label, sizeof table / sizeof *table, table }
#define REQUIRED .required = true
#define HELD(structure, member) .held = true, .offset = offsetof(structure, member)
#define DEFAULT(value, words) .fallback = value, .shown = words
#define WHY_MEANING "How the number was come by, or why it is assumed."
#define CITE_MEANING "The source, a key of this file's `sources`, or a list of them. Without it the number is an assumption."

static const char *const world_version[] = { "world/1", NULL };
static const char *const regime_version[] = { "regime/1", NULL };
static const char *const study_version[] = { "study/1", NULL };
static const char *const behaviour_kinds[] = { "offence", "default", "merit", NULL };
static const char *const door_kinds[] = { "right", "channel", NULL };
static const char *const counts_words[] = { "suspected", "confirmed", NULL };
static const char *const list_kinds[] = { "blacklist", "redlist", "register", NULL };
static const char *const yes_words[] = { "no", "yes", NULL };
static const char *const reentry_words[] = { "new_record", "at_once", "never", NULL };

#define RANGE { "range", STN__BOUNDS, .meaning = "The least and the greatest that the number may be: [low, high]." }

static const stn__field quantity_fields[] = {
    { "value", STN__QUANTITY, REQUIRED, .meaning = "The number, with its unit." },
    { "cite", STN__CITE, .meaning = CITE_MEANING },
    { "why", STN__TEXT, .meaning = WHY_MEANING },
    RANGE,
};
SHAPE(quantity, quantity_fields);

static const stn__field quantity_ratios_fields[] = {
    { "value", STN__QUANTITY, REQUIRED, .meaning = "The number, with its unit." },
    { "ratios", STN__RATIOS, .unit = STN__FACTOR,
        .meaning = "Factors for levels of attributes, by which the value is multiplied; 1 for levels not named." },
    { "cite", STN__CITE, .meaning = CITE_MEANING },
    { "why", STN__TEXT, .meaning = WHY_MEANING },
    RANGE,
};
SHAPE(quantity_ratios, quantity_ratios_fields);

static const stn__field quantity_forget_fields[] = {
    { "value", STN__QUANTITY, REQUIRED, .meaning = "The points." },
    { "forget", STN__QUANTITY, .unit = STN__DURATION, .word = "never", .fallback = STN_NEVER,
        .meaning = "How long after its birth such a record counts, instead of the rating's `forget`." },
    { "cite", STN__CITE, .meaning = CITE_MEANING },
    { "why", STN__TEXT, .meaning = WHY_MEANING },
    RANGE,
};
SHAPE(quantity_forget, quantity_forget_fields);

static const stn__field source_fields[] = {
    { "title", STN__TEXT, REQUIRED, HELD(stn_source, title), .meaning = "What it is called." },
    { "url", STN__TEXT, HELD(stn_source, url), .meaning = "Where it is found." },
    { "reliability", STN__TEXT, HELD(stn_source, reliability),
        .meaning = "How far it can be relied on, e.g. official, study, press." },
};
SHAPE(source, source_fields);

static const stn__field attribute_fields[] = {
    { "table", STN__PATH, .meaning = "A CSV file with a column named like the attribute and a column `count`." },
    { "counts", STN__NUMBERS, .unit = STN__COUNT, .meaning = "How many there are of each level; they sum to the size." },
    { "shares", STN__NUMBERS, .unit = STN__PROBABILITY, .meaning = "The share of each level; they sum to 1." },
    { "ages", STN__PAIRS, .unit = STN__AGE, .meaning = "The first and last age of each level, in years, rising without gaps." },
    { "years", STN__PATH, .meaning = "A CSV file `age,weight` that spreads each level over its years; evenly if left out." },
    { "cite", STN__CITE, .meaning = CITE_MEANING },
    { "why", STN__TEXT, HELD(stn_attribute, why), .meaning = WHY_MEANING },
};
SHAPE(attribute, attribute_fields);

static const stn__field joint_fields[] = {
    { "of", STN__NAMES, REQUIRED, .meaning = "The attributes that go together, two or more." },
    { "table", STN__PATH, REQUIRED, .meaning = "A CSV file with a column for each attribute and a column `weight`." },
    { "cite", STN__CITE, .meaning = CITE_MEANING },
    { "why", STN__TEXT, HELD(stn_joint, why), .meaning = WHY_MEANING },
};
SHAPE(joint, joint_fields);

static const stn__field deaths_fields[] = {
    { "table", STN__PATH, REQUIRED,
        .meaning = "A CSV file `age,chance` of the yearly chance of dying at each age, or with a column for each level of `by`." },
    { "by", STN__NAME, .meaning = "The attribute whose levels have a column each." },
    { "cite", STN__CITE, .meaning = CITE_MEANING },
    { "why", STN__TEXT, HELD(stn_life, deaths_why), .meaning = WHY_MEANING },
};
SHAPE(deaths, deaths_fields);

static const stn__field arrivals_fields[] = {
    { "rate", STN__QUANTITY, REQUIRED, .unit = STN__RATE, HELD(stn_life, arrivals),
        .meaning = "How many move in for each person of the start." },
    { "like", STN__LEVEL_SETS, .meaning = "Whom they are like: people of the start with these levels; anybody if left out." },
};
SHAPE(arrivals, arrivals_fields);

static const stn__field life_fields[] = {
    { "deaths", STN__INNER, .inner = &stn__shape_deaths, .held = true, .meaning = "How people die; nobody does if left out." },
    { "births", STN__QUANTITY, .unit = STN__RATE, DEFAULT(0, "0 per year"), HELD(stn_life, births),
        .meaning = "How many are born for each person of the start." },
    { "arrivals", STN__INNER, .inner = &stn__shape_arrivals, .held = true, .meaning = "How people move in." },
    { "departures", STN__QUANTITY, .ratios = true, .unit = STN__RATE, DEFAULT(0, "0 per year"), HELD(stn_life, departures),
        .meaning = "How often somebody moves away for good." },
    { "anew", STN__NAME_SETS,
        .meaning = "For levels of age: the attributes that somebody who reaches it takes over from people of the start of that age." },
};
SHAPE(life, life_fields);

static const stn__field money_fields[] = {
    { "income", STN__QUANTITY, REQUIRED, .ratios = true, .unit = STN__INCOME, HELD(stn_money, income), .meaning = "What one earns while every door is open." },
    { "living", STN__QUANTITY, REQUIRED, .ratios = true, .unit = STN__INCOME, HELD(stn_money, living),
        .meaning = "What one must spend before anything is paid or saved." },
    { "savings", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(262800, "6 months"), HELD(stn_money, savings),
        .meaning = "The most that is saved: what is left over in that time." },
    { "custom", STN__QUANTITY, .unit = STN__PROBABILITY, DEFAULT(0, "0"), HELD(stn_money, custom),
        .meaning = "The part of the income that is lost while one is publicly named." },
};
SHAPE(money, money_fields);

static const stn__field population_fields[] = {
    { "size", STN__QUANTITY, REQUIRED, .unit = STN__COUNT, HELD(stn_population, size), .meaning = "How many there are." },
    { "attributes", STN__MAP, .inner = &stn__shape_attribute, .meaning = "What they differ in. The order matters." },
    { "joints", STN__LIST, .inner = &stn__shape_joint, .meaning = "How attributes go together." },
    { "money", STN__INNER, .inner = &stn__shape_money, .meaning = "What people earn and spend; nothing costs anything if left out." },
    { "life", STN__INNER, .inner = &stn__shape_life, .meaning = "How people are born, die, come and go; nobody does if left out." },
};
SHAPE(population, population_fields);

static const stn__field household_fields[] = {
    { "of", STN__NAME, REQUIRED, .meaning = "The population that lives in households." },
    { "within", STN__NAME, .meaning = "An attribute whose level the members of a household share." },
    { "sizes", STN__PATH, REQUIRED, .meaning = "A CSV file `size,count` of family households." },
    { "collective", STN__QUANTITY, .unit = STN__COUNT, DEFAULT(0, "0"), .meaning = "The number of collective households." },
    { "heads", STN__PICK, .meaning = "An attribute and the levels of which each family household has a member." },
};
SHAPE(household, household_fields);

static const stn__field representative_fields[] = {
    { "of", STN__NAME, REQUIRED, .meaning = "The population that is represented." },
    { "is", STN__NAME, REQUIRED, .meaning = "The population that represents it." },
    { "within", STN__NAME, .meaning = "An attribute of both, of which they share the level." },
    { "among", STN__PICK, .meaning = "An attribute and the levels that a representative may have." },
};
SHAPE(representative, representative_fields);

static const stn__field ties_fields[] = {
    { "household", STN__INNER, .inner = &stn__shape_household, .meaning = "Who lives with whom." },
    { "representative", STN__INNER, .inner = &stn__shape_representative, .meaning = "Who stands for whom before the law." },
};
SHAPE(ties, ties_fields);

static const stn__field learning_fields[] = {
    { "by", STN__NAME, .meaning = "The attribute whose levels are zones; one zone if left out." },
    { "memory", STN__QUANTITY, REQUIRED, .unit = STN__DURATION, .word = "never", .fallback = STN_NEVER, HELD(stn_learning, memory),
        .meaning = "How long what was seen stays in mind; never: nobody learns." },
    { "weight", STN__QUANTITY, REQUIRED, .unit = STN__ACTS, HELD(stn_learning, weight),
        .meaning = "How many acts the prior weighs as much as." },
    { "own", STN__QUANTITY, .unit = STN__PROBABILITY, DEFAULT(0, "0"), HELD(stn_learning, own),
        .meaning = "The weight of what one saw oneself the last time, beside what is known in the zone." },
    { "publicity", STN__QUANTITY, .unit = STN__COEFFICIENT, DEFAULT(0, "0"), HELD(stn_learning, publicity),
        .meaning = "As how many detected acts a name published in the zone counts." },
};
SHAPE(learning, learning_fields);

static const stn__field deterrence_fields[] = {
    { "certainty", STN__QUANTITY, .unit = STN__COEFFICIENT, DEFAULT(0, "0"), HELD(stn_behaviour, certainty),
        .meaning = "How much the certainty of detection deters." },
    { "severity", STN__QUANTITY, .unit = STN__COEFFICIENT, DEFAULT(0, "0"), HELD(stn_behaviour, severity),
        .meaning = "How much more it deters with what is at stake." },
    { "prior", STN__QUANTITY, .unit = STN__PROBABILITY, DEFAULT(0, "0"), HELD(stn_behaviour, prior),
        .meaning = "The certainty of detection that people believe in at first." },
};
SHAPE(deterrence, deterrence_fields);

static const stn__field settles_fields[] = {
    { "chances", STN__QUANTITY, REQUIRED, .unit = STN__RATE, HELD(stn_behaviour, settles_chances),
        .meaning = "How often there is a chance to make it good." },
    { "taken", STN__QUANTITY, REQUIRED, .unit = STN__PROBABILITY, HELD(stn_behaviour, settles_taken),
        .meaning = "The probability that a chance is taken." },
    { "strain", STN__QUANTITY, .unit = STN__FACTOR, DEFAULT(1, "1"), HELD(stn_behaviour, settles_strain),
        .meaning = "Multiplies that probability for the restricted." },
    { "amount", STN__QUANTITY, .ratios = true, .unit = STN__AMOUNT, DEFAULT(0, "0 yuan"), HELD(stn_behaviour, settles_amount),
        .meaning = "What it takes to make it good; the population needs money." },
};
SHAPE(settles, settles_fields);

static const stn__field strains_fields[] = {
    { "restricted", STN__QUANTITY, .unit = STN__FACTOR, DEFAULT(1, "1"), HELD(stn_behaviour, strain),
        .meaning = "Multiplies `taken` for the restricted." },
    { "poor", STN__QUANTITY, .unit = STN__FACTOR, DEFAULT(1, "1"), HELD(stn_behaviour, strain_poor),
        .meaning = "Multiplies `taken` for those who have nothing left over." },
};
SHAPE(strains, strains_fields);

static const stn__field behaviour_fields[] = {
    { "title", STN__TEXT, HELD(stn_behaviour, title), .meaning = "What it is, in words." },
    { "by", STN__NAME, REQUIRED, .meaning = "The population that may do it." },
    { "kind", STN__WORD, REQUIRED, .words = behaviour_kinds, HELD(stn_behaviour, kind), .meaning = "Whether it is an offence, a default or a merit." },
    { "opportunities", STN__QUANTITY, REQUIRED, .ratios = true, .unit = STN__RATE, HELD(stn_behaviour, opportunities),
        .meaning = "How often the occasion comes." },
    { "taken", STN__QUANTITY, REQUIRED, .ratios = true, .unit = STN__PROBABILITY, HELD(stn_behaviour, taken),
        .meaning = "The probability that an occasion is taken, before deterrence." },
    { "deterrence", STN__INNER, .inner = &stn__shape_deterrence, .held = true, .meaning = "What holds people back; offences and defaults." },
    { "incentive", STN__QUANTITY, .unit = STN__COEFFICIENT, DEFAULT(0, "0"), HELD(stn_behaviour, incentive),
        .meaning = "How much what is at stake draws people on; merits." },
    { "strain", STN__CHOICE, .inner = &stn__shape_strains, .unit = STN__FACTOR, DEFAULT(1, "1"), HELD(stn_behaviour, strain),
        .meaning = "Multiplies `taken` for the restricted; or a factor for them and one for the poor." },
    { "settles", STN__INNER, .inner = &stn__shape_settles, .held = true, .meaning = "How it is made good later; offences and defaults." },
};
SHAPE(behaviour, behaviour_fields);

static const stn__field door_fields[] = {
    { "title", STN__TEXT, HELD(stn_door, title), .meaning = "What it is, in words." },
    { "of", STN__NAME, REQUIRED, .meaning = "The population that goes through it." },
    { "kind", STN__WORD, REQUIRED, .words = door_kinds, HELD(stn_door, kind),
        .meaning = "right: open until a measure closes it; channel: shut until a measure opens it." },
    { "attempts", STN__QUANTITY, REQUIRED, .ratios = true, .unit = STN__RATE, HELD(stn_door, attempts), .meaning = "How often it is tried." },
    { "costs", STN__QUANTITY, .ratios = true, .unit = STN__PROBABILITY, DEFAULT(0, "0"), HELD(stn_door, costs),
        .meaning = "The part of the income that is lost while it is closed; rights, and the population needs money." },
    { "stigma", STN__QUANTITY, .ratios = true, .unit = STN__PROBABILITY, DEFAULT(0, "0"), HELD(stn_door, stigma),
        .meaning = "The probability that somebody publicly named is refused though it is open; rights." },
};
SHAPE(door, door_fields);

static const stn__field world_fields[] = {
    { "standing", STN__VERSION, REQUIRED, .words = world_version, .meaning = "The kind of file and its version." },
    { "title", STN__TEXT, REQUIRED, HELD(stn_world, title), .meaning = "What the world is, in words." },
    { "sources", STN__MAP, .inner = &stn__shape_source, .meaning = "Where numbers come from." },
    { "populations", STN__MAP, REQUIRED, .inner = &stn__shape_population, .meaning = "Who lives in it." },
    { "ties", STN__INNER, .inner = &stn__shape_ties, .meaning = "Who belongs to whom." },
    { "learning", STN__INNER, .inner = &stn__shape_learning, .meaning = "How people learn how certain detection is; nobody does if left out." },
    { "behaviours", STN__MAP, .inner = &stn__shape_behaviour, .meaning = "What they do." },
    { "doors", STN__MAP, .inner = &stn__shape_door, .meaning = "What they try to get." },
};
SHAPE(world, world_fields);

static const stn__field agency_fields[] = {
    { "title", STN__TEXT, HELD(stn_agency, title), .meaning = "What it is, in words." },
};
SHAPE(agency, agency_fields);

static const stn__field detection_fields[] = {
    { "behaviour", STN__NAME, REQUIRED, .meaning = "What is watched for." },
    { "agency", STN__NAME, REQUIRED, .meaning = "Who watches." },
    { "probability", STN__QUANTITY, REQUIRED, .ratios = true, .unit = STN__PROBABILITY, HELD(stn_detection, probability),
        .meaning = "The probability that an act is detected." },
    { "delay", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(0, "0 minutes"), HELD(stn_detection, delay),
        .meaning = "How long after the act the record is made." },
};
SHAPE(detection, detection_fields);

static const stn__field false_record_fields[] = {
    { "behaviour", STN__NAME, REQUIRED, .meaning = "What the record says was done." },
    { "agency", STN__NAME, REQUIRED, .meaning = "Whose record it is." },
    { "rate", STN__QUANTITY, REQUIRED, .ratios = true, .unit = STN__RATE, HELD(stn_false_record, rate),
        .meaning = "How often one is made of somebody." },
};
SHAPE(false_record, false_record_fields);

static const stn__field confirms_fields[] = {
    { "acted", STN__QUANTITY, REQUIRED, .unit = STN__PROBABILITY, HELD(stn_adjudication, acted),
        .meaning = "The probability if there was an act." },
    { "not_acted", STN__QUANTITY, REQUIRED, .unit = STN__PROBABILITY, HELD(stn_adjudication, not_acted),
        .meaning = "The probability if there was none." },
};
static const stn__shape stn__shape_confirms = { "confirms", sizeof confirms_fields / sizeof *confirms_fields, confirms_fields };

static const stn__field adjudication_fields[] = {
    { "behaviour", STN__NAME, REQUIRED, .meaning = "What the records are of." },
    { "agency", STN__NAME, .meaning = "Whose records; all agencies' that have no entry of their own if left out." },
    { "after", STN__QUANTITY, REQUIRED, .unit = STN__DURATION, HELD(stn_adjudication, after), .meaning = "How long after its birth a record is judged." },
    { "confirms", STN__INNER, REQUIRED, .inner = &stn__shape_confirms, .held = true, .meaning = "The probability that a record is confirmed." },
};
SHAPE(adjudication, adjudication_fields);

static const stn__field settlement_fields[] = {
    { "behaviour", STN__NAME, REQUIRED, .meaning = "What is made good; a behaviour with `settles`." },
    { "after", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(0, "0 minutes"), HELD(stn_settlement, after),
        .meaning = "How long after payment the record ends." },
};
SHAPE(settlement, settlement_fields);

static const stn__field route_fields[] = {
    { "from", STN__NAME, REQUIRED, .meaning = "The agency that tells." },
    { "to", STN__NAMES, REQUIRED, .meaning = "The agency or agencies that are told." },
    { "delay", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(0, "0 minutes"), HELD(stn_route, delay), .meaning = "How long it takes." },
    { "coverage", STN__QUANTITY, .unit = STN__PROBABILITY, DEFAULT(1, "1"), HELD(stn_route, coverage), .meaning = "The probability that it gets through." },
    { "wrong_person", STN__QUANTITY, .unit = STN__PROBABILITY, DEFAULT(0, "0"), HELD(stn_route, wrong_person),
        .meaning = "Of what gets through, the part that lands in a namesake's file." },
    { "propagates_clearing", STN__QUANTITY, .unit = STN__PROBABILITY, DEFAULT(1, "1"), HELD(stn_route, clearing),
        .meaning = "The probability that the end of a record or listing is passed on." },
    { "behaviours", STN__NAMES_OR_NONE, .meaning = "Whose records it carries; all if left out, [] for none." },
    { "lists", STN__NAMES_OR_NONE, .meaning = "Which lists it carries; all if left out, [] for none." },
};
SHAPE(route, route_fields);

static const stn__field sharing_fields[] = {
    { "level", STN__QUANTITY, .unit = STN__PROBABILITY, DEFAULT(1, "1"), HELD(stn_sharing, level), .meaning = "Multiplies every coverage." },
    { "namesakes", STN__NAMES_OR_NONE, .meaning = "Attributes in which somebody mistaken for another is alike; anybody if left out." },
    { "routes", STN__LIST, .inner = &stn__shape_route, .meaning = "Who tells whom." },
};
SHAPE(sharing, sharing_fields);

static const stn__field unpaid_fields[] = {
    { "behaviour", STN__NAME, REQUIRED, .meaning = "What the record that follows is of: a default with `settles`." },
    { "agency", STN__NAME, REQUIRED, .meaning = "Who makes that record." },
    { "after", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(0, "0 minutes"), HELD(stn_fine, unpaid_after),
        .meaning = "How long after the fine was due." },
};
SHAPE(unpaid, unpaid_fields);

static const stn__field fine_fields[] = {
    { "behaviour", STN__NAME, REQUIRED, .meaning = "What is fined." },
    { "agency", STN__NAME, .meaning = "Whose records; all agencies' that have no entry of their own if left out." },
    { "amount", STN__QUANTITY, REQUIRED, .ratios = true, .unit = STN__AMOUNT, HELD(stn_fine, amount), .meaning = "The fine." },
    { "due", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(0, "0 minutes"), HELD(stn_fine, due), .meaning = "How long after the record's birth it is due." },
    { "unpaid", STN__INNER, .inner = &stn__shape_unpaid, .held = true, .meaning = "What follows if it cannot be paid." },
};
SHAPE(fine, fine_fields);

static const stn__field files_fields[] = {
    { "acted", STN__QUANTITY, REQUIRED, .unit = STN__PROBABILITY, HELD(stn_petition, files_acted), .meaning = "The probability if there was an act." },
    { "not_acted", STN__QUANTITY, REQUIRED, .unit = STN__PROBABILITY, HELD(stn_petition, files_not_acted), .meaning = "The probability if there was none." },
};
static const stn__shape stn__shape_files = { "files", sizeof files_fields / sizeof *files_fields, files_fields };

static const stn__field succeeds_fields[] = {
    { "acted", STN__QUANTITY, REQUIRED, .unit = STN__PROBABILITY, HELD(stn_petition, succeeds_acted), .meaning = "The probability if there was an act." },
    { "not_acted", STN__QUANTITY, REQUIRED, .unit = STN__PROBABILITY, HELD(stn_petition, succeeds_not_acted), .meaning = "The probability if there was none." },
};
static const stn__shape stn__shape_succeeds = { "succeeds", sizeof succeeds_fields / sizeof *succeeds_fields, succeeds_fields };

static const stn__field petition_fields[] = {
    { "files", STN__INNER, REQUIRED, .inner = &stn__shape_files, .held = true, .meaning = "How likely somebody is to file it." },
    { "within", STN__QUANTITY, REQUIRED, .unit = STN__DURATION, .lasting = true, HELD(stn_petition, within),
        .meaning = "The time in which it is filed, from the record's birth or the objection's denial." },
    { "duration", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(0, "0 minutes"), HELD(stn_petition, duration), .meaning = "How long one case takes." },
    { "capacity", STN__QUANTITY, .unit = STN__CAPACITY, HELD(stn_petition, capacity),
        .meaning = "How many cases of the whole city the agency can decide; all if left out." },
    { "succeeds", STN__INNER, REQUIRED, .inner = &stn__shape_succeeds, .held = true, .meaning = "How likely it is granted." },
    { "suspends", STN__YES_NO, .words = yes_words, .shown = "no", HELD(stn_petition, suspends), .meaning = "Whether the record has no effect while the case is open." },
    { "points", STN__QUANTITY, .unit = STN__POINTS, DEFAULT(0, "0"), HELD(stn_petition, points), .meaning = "What a denied one adds to the points." },
    { "fee", STN__QUANTITY, .unit = STN__AMOUNT, DEFAULT(0, "0 yuan"), HELD(stn_petition, fee), .meaning = "What filing costs; the population needs money." },
};
SHAPE(petition, petition_fields);

static const stn__field repair_fields[] = {
    { "after", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(0, "0 minutes"), HELD(stn_repair, after), .meaning = "The least age of the record." },
    { "chances", STN__QUANTITY, REQUIRED, .unit = STN__RATE, HELD(stn_repair, chances), .meaning = "How often there is a chance." },
    { "taken", STN__QUANTITY, REQUIRED, .unit = STN__PROBABILITY, HELD(stn_repair, taken), .meaning = "The probability that a chance is taken." },
    { "duration", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(0, "0 minutes"), HELD(stn_repair, duration), .meaning = "How long the repair takes." },
    { "needs", STN__CONDITION, .shown = "always", .meaning = "What must hold for it." },
    { "fee", STN__QUANTITY, .unit = STN__AMOUNT, DEFAULT(0, "0 yuan"), HELD(stn_repair, fee), .meaning = "What it costs; the population needs money." },
};
SHAPE(repair, repair_fields);

static const stn__field process_fields[] = {
    { "agency", STN__NAME, REQUIRED, .meaning = "Whose records." },
    { "behaviours", STN__NAMES, .meaning = "Records of which behaviours; all if left out." },
    { "notice", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(0, "0 minutes"), HELD(stn_process, notice), .meaning = "How long before a record has any effect." },
    { "objection", STN__INNER, .inner = &stn__shape_petition, .meaning = "A first petition, from the record's birth." },
    { "appeal", STN__INNER, .inner = &stn__shape_petition, .meaning = "A second one, after a denied objection; the first if there is no objection." },
    { "correction", STN__QUANTITY, .unit = STN__RATE, DEFAULT(0, "0 per year"), HELD(stn_process, correction),
        .meaning = "How often the agency itself finds that a record is false." },
    { "repair", STN__INNER, .inner = &stn__shape_repair, .meaning = "How a record is repaired." },
};
SHAPE(process, process_fields);

static const stn__field pardon_fields[] = {
    { "at", STN__QUANTITY, REQUIRED, .unit = STN__DURATION, .lasting = true, HELD(stn_pardon, at), .meaning = "When, from the start." },
    { "behaviours", STN__NAMES, .meaning = "Records of which behaviours; all if left out." },
    { "agency", STN__NAME, .meaning = "Whose records; all agencies' if left out." },
};
SHAPE(pardon, pardon_fields);

static const stn__field ladder_fields[] = {
    { "review", STN__QUANTITY, REQUIRED, .unit = STN__DURATION, .lasting = true, .prefix = "every", HELD(stn_rating, review),
        .meaning = "How often somebody is reviewed." },
    { "records", STN__SUBJECT, REQUIRED, .meaning = "What is counted since the last review." },
    { "moves", STN__MOVES, REQUIRED, .unit = STN__POINTS, .meaning = "For each band: the points by which the rating moves with no record, one, two, ... or more." },
};
SHAPE(ladder, ladder_fields);

static const stn__field rating_fields[] = {
    { "title", STN__TEXT, HELD(stn_rating, title), .meaning = "What it is, in words." },
    { "of", STN__NAME, REQUIRED, .meaning = "The population that is rated." },
    { "by", STN__NAME, .meaning = "The agency that keeps it." },
    { "covers", STN__CONDITION, .meaning = "Who is rated, by is() alone; everybody if left out." },
    { "base", STN__QUANTITY, REQUIRED, .unit = STN__POINTS, HELD(stn_rating, base), .meaning = "The points one starts with." },
    { "spread", STN__QUANTITY, .unit = STN__SPREAD, DEFAULT(0, "0"), HELD(stn_rating, spread),
        .meaning = "The standard deviation of the base between people." },
    { "range", STN__RANGE, REQUIRED, .unit = STN__POINTS, .meaning = "The least and the most points." },
    { "points", STN__QUANTITIES, .unit = STN__POINTS, .forget = true, .meaning = "What a record of each behaviour adds." },
    { "forget", STN__QUANTITY, .unit = STN__DURATION, .word = "never", DEFAULT(STN_NEVER, "never"), HELD(stn_rating, forget),
        .meaning = "How long after its birth a record counts." },
    { "redeem", STN__QUANTITY, .unit = STN__DURATION, .word = "never", DEFAULT(STN_NEVER, "never"), HELD(stn_rating, redeem),
        .meaning = "After so long without a record that takes points away, the points go back to the base." },
    { "ladder", STN__INNER, .inner = &stn__shape_ladder, .meaning = "Reviews that move the rating, instead of points." },
    { "bands", STN__PAIRS, .unit = STN__POINTS, .meaning = "The first and last points of each band; together they cover the range." },
};
SHAPE(rating, rating_fields);

static const stn__field list_fields[] = {
    { "title", STN__TEXT, HELD(stn_list, title), .meaning = "What it is, in words." },
    { "kind", STN__WORD, REQUIRED, .words = list_kinds, HELD(stn_list, kind), .meaning = "Whether it is for the bad, the good or neither." },
    { "of", STN__NAME, REQUIRED, .meaning = "The population that may be on it." },
    { "by", STN__NAME, .meaning = "The agency that keeps it." },
    { "enter", STN__CONDITION, REQUIRED, .meaning = "When one is put on it." },
    { "leave", STN__CONDITION, .shown = "never", .meaning = "When one is taken off it." },
    { "term", STN__QUANTITY, .unit = STN__DURATION, .word = "permanent", DEFAULT(STN_NEVER, "permanent"), HELD(stn_list, term),
        .meaning = "How long one stays at most." },
    { "reentry", STN__WORD, .words = reentry_words, .shown = "new_record", HELD(stn_list, reentry),
        .meaning = "When one may be put on it again." },
    { "publish", STN__QUANTITY, .unit = STN__DURATION, .word = "never", .prefix = "every", DEFAULT(STN_NEVER, "never"),
        HELD(stn_list, publish), .meaning = "How often it is made public." },
    { "archive", STN__QUANTITY, .unit = STN__DURATION, .word = "forever", DEFAULT(0, "none"), HELD(stn_list, archive),
        .meaning = "How long a name stays public after it was taken off." },
};
SHAPE(list, list_fields);

static const stn__field part_fields[] = {
    { "by", STN__NAME, REQUIRED, .meaning = "The agency that enforces it." },
    { "closes", STN__NAMES, .meaning = "The door or doors of kind `right` that it closes." },
    { "opens", STN__NAMES, .meaning = "The door or doors of kind `channel` that it opens." },
    { "from", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(0, "0 minutes"), .meaning = "When it begins to be in force." },
    { "until", STN__QUANTITY, .unit = STN__DURATION, .word = "never", DEFAULT(STN_NEVER, "never"), .meaning = "When it ceases to be." },
};
SHAPE(part, part_fields);

static const stn__field measure_fields[] = {
    { "title", STN__TEXT, HELD(stn_measure, title), .meaning = "What it is, in words." },
    { "closes", STN__NAMES, .meaning = "The door or doors of kind `right` that it closes." },
    { "opens", STN__NAMES, .meaning = "The door or doors of kind `channel` that it opens." },
    { "while", STN__CONDITION, REQUIRED, .meaning = "When it is in force." },
    { "by", STN__NAME, .meaning = "The agency that enforces it." },
    { "from", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(0, "0 minutes"), .meaning = "When it begins to be in force." },
    { "until", STN__QUANTITY, .unit = STN__DURATION, .word = "never", DEFAULT(STN_NEVER, "never"), .meaning = "When it ceases to be." },
    { "joint", STN__LIST, .inner = &stn__shape_part, .meaning = "Instead of doors, `by`, `from` and `until`: parts that share the condition." },
};
SHAPE(measure, measure_fields);

static const stn__field regime_fields[] = {
    { "standing", STN__VERSION, REQUIRED, .words = regime_version, .meaning = "The kind of file and its version." },
    { "title", STN__TEXT, REQUIRED, HELD(stn_regime, title), .meaning = "What the regime is, in words." },
    { "extends", STN__PATH, .meaning = "Another regime whose keys this one overrides." },
    { "sources", STN__MAP, .inner = &stn__shape_source, .meaning = "Where numbers come from." },
    { "agencies", STN__MAP, .inner = &stn__shape_agency, .meaning = "Who watches and keeps." },
    { "detection", STN__LIST, .inner = &stn__shape_detection, .meaning = "What is detected by whom." },
    { "false_records", STN__LIST, .inner = &stn__shape_false_record, .meaning = "Records with no act behind them." },
    { "adjudication", STN__LIST, .inner = &stn__shape_adjudication, .meaning = "How records are judged." },
    { "settlement", STN__LIST, .inner = &stn__shape_settlement, .meaning = "What may be made good." },
    { "sharing", STN__INNER, .inner = &stn__shape_sharing, .meaning = "Who tells whom; everybody knows everything if left out." },
    { "fines", STN__LIST, .inner = &stn__shape_fine, .meaning = "What records cost." },
    { "due_process", STN__LIST, .inner = &stn__shape_process, .meaning = "What may be done about records." },
    { "pardons", STN__LIST, .inner = &stn__shape_pardon, .meaning = "When records are pardoned." },
    { "counts", STN__WORD, .words = counts_words, .shown = "suspected", .meaning = "From when a record counts." },
    { "ratings", STN__MAP, .inner = &stn__shape_rating, .meaning = "How people are rated, at most one of a population." },
    { "lists", STN__MAP, .inner = &stn__shape_list, .meaning = "Who is listed." },
    { "measures", STN__MAP, .inner = &stn__shape_measure, .meaning = "Which doors close or open." },
};
SHAPE(regime, regime_fields);

static const stn__field study_fields[] = {
    { "standing", STN__VERSION, REQUIRED, .words = study_version, .meaning = "The kind of file and its version." },
    { "title", STN__TEXT, REQUIRED, .meaning = "What the study is, in words." },
    { "world", STN__PATH, REQUIRED, .meaning = "A world: a file, a folder or a bare name." },
    { "regimes", STN__PATHS, REQUIRED, .meaning = "Regimes: files or bare names." },
    { "years", STN__NUMBER, REQUIRED, .unit = STN__YEARS, .meaning = "How long." },
    { "window", STN__QUANTITY, .unit = STN__DURATION, DEFAULT(43200, "30 days"), .meaning = "The length of a window, from 1 hour to 1 year." },
    { "seed", STN__SEED, .shown = "1", .meaning = "What chance starts from, 0 to 2^63 - 1." },
    { "replicates", STN__NUMBER, .unit = STN__REPLICATES, DEFAULT(1, "1"),
        .meaning = "How many times it is lived, each with a city and chances by a seed of its own." },
    { "scale", STN__NUMBER, .unit = STN__SCALE, DEFAULT(1, "1"), .meaning = "The part of the world's people that is lived through." },
    { "by", STN__NAMES, .meaning = "The attributes whose levels make the groups of the results." },
};
SHAPE(study, study_fields);

const stn__field *
stn__shape_field(const stn__shape *shape, const char *key)
{
    for (int32_t index = 0; index < shape->count; index++) {
        if (strcmp(shape->fields[index].key, key) == 0) {
            return &shape->fields[index];
        }
    }
    stn__broken("a key of the shape", __FILE__, __LINE__);
}
