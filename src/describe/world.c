/* SPDX-License-Identifier: Apache-2.0
 *
 * world.c - who lives there, what they do and what it takes: a world in words. */
#include "describe/describe.h"

#define CODED STN__CODE "%s" STN__CODE

static const char *
quantity(stn__describer *d, const stn_quantity *q)
{
    return stn__quantity_text(d, q);
}

static const char *
evidence(stn__describer *d, const int32_t *cite, int32_t count)
{
    return count > 0 ? stn__cite_text(d, STN_NONE, cite, count) : STN__STRESS "assumption" STN__STRESS;
}

/* ------------------------------------------------------------------ entities */

static void
attribute_put(stn__describer *d, stn__page *page, const stn_population *population, const stn_attribute *attribute)
{
    const char *heads[4] = { "Level", attribute->shares ? "Share" : "Number at scale 1", "First age", "Last age" };
    int columns = attribute->has_ages ? 4 : 2;
    const char *from = attribute->table != NULL ? stn__say(d, " (table %s)", attribute->table) : "";

    stn__page_table_begin(page,
        stn__say(d, "Levels of the attribute %s of %s%s", attribute->name, population->name, from), heads, columns);
    for (int32_t level = 0; level < attribute->level_count; level++) {
        double count = attribute->counts[level];
        const char *number = attribute->shares ? stn__say(d, "%.15g", count / population->size.value)
                                               : stn__number_text(d, count);
        const char *texts[4] = { attribute->levels[level], number, "", "" };
        if (attribute->has_ages) {
            texts[2] = stn__say(d, "%d", (int) attribute->age_first[level]);
            texts[3] = stn__say(d, "%d", (int) attribute->age_last[level]);
        }
        stn__page_row(page, texts, columns);
    }
    stn__page_table_end(page);
    stn__page_paragraph(page,
        stn__say(d, "Evidence: %s%s%s.%s", evidence(d, attribute->cite, attribute->cite_count),
            attribute->why != NULL ? "; " : "", attribute->why != NULL ? attribute->why : "",
            attribute->age_weights != NULL ? " A table spreads each level over its years of age."
                : attribute->has_ages      ? " Each level is spread evenly over its years of age."
                                           : ""));
}

static void
joints_put(stn__describer *d, stn__page *page, const stn_population *population)
{
    if (population->joint_count == 0) {
        return;
    }
    stn__page_paragraph(page,
        stn__say(
            d, "How attributes of a %s go together; all else is as independent as these allow:", population->name));
    stn__page_list_begin(page);
    for (int32_t j = 0; j < population->joint_count; j++) {
        const stn_joint *joint = &population->joints[j];
        const char *names[STN_ATTRIBUTES_MAX];
        for (int32_t a = 0; a < joint->attribute_count; a++) {
            names[a] = stn__say(d, CODED, population->attributes[joint->attributes[a]].name);
        }
        stn__page_item(page, NULL,
            stn__say(d, "%s: table %s; %s%s%s.", stn__joined(d, names, joint->attribute_count, "with"), joint->table,
                evidence(d, joint->cite, joint->cite_count), joint->why != NULL ? "; " : "",
                joint->why != NULL ? joint->why : ""));
    }
    stn__page_list_end(page);
}

static void
ties_put(stn__describer *d, stn__page *page, int depth)
{
    const stn_world *world = &d->study->world;
    const stn_household_tie *h = &world->household;
    const stn_representative_tie *r = &world->representative;

    if (!h->given && !r->given) {
        return;
    }
    stn__page_heading(page, depth, NULL, "Ties");
    stn__page_list_begin(page);
    if (h->given) {
        const stn_population *of = &world->populations[h->of];
        const stn_quantity *collective = stn__quantity_at(d, STN_NONE, "ties.household.collective");
        stn__page_item(page, NULL,
            stn__say(d,
                "Every " CODED
                " lives in a household. Family households have the sizes of a table, 1 to %d; whoever is "
                "left over lives in one of %s collective ones%s%s%s.",
                of->name, (int) h->size_max,
                collective != NULL ? quantity(d, collective) : stn__number_text(d, h->collective),
                h->within != STN_NONE ? stn__say(d, ". A household shares its " CODED, of->attributes[h->within].name)
                                      : "",
                h->head_attribute != STN_NONE
                    ? stn__say(d, ". A family has somebody of " CODED " ", of->attributes[h->head_attribute].name)
                    : "",
                h->head_attribute != STN_NONE
                    ? stn__levels_named(d, &of->attributes[h->head_attribute], h->head_levels, "or")
                    : ""));
    }
    if (r->given) {
        const stn_population *is = &world->populations[r->is];
        stn__page_item(page, NULL,
            stn__say(d, "Every " CODED " is represented by a " CODED "%s%s%s.", world->populations[r->of].name,
                is->name,
                r->within_is != STN_NONE ? stn__say(d, " of the same " CODED, is->attributes[r->within_is].name) : "",
                r->among_attribute != STN_NONE
                    ? stn__say(d, " with the " CODED " ", is->attributes[r->among_attribute].name)
                    : "",
                r->among_attribute != STN_NONE
                    ? stn__levels_named(d, &is->attributes[r->among_attribute], r->among_levels, "or")
                    : ""));
    }
    stn__page_list_end(page);
}

void
stn__entities_put(stn__describer *d, stn__page *page, int depth)
{
    const stn_world *world = &d->study->world;

    for (int32_t p = 0; p < world->population_count; p++) {
        const stn_population *population = &world->populations[p];
        stn__page_heading(page, depth, NULL, stn__say(d, "The population " CODED, population->name));
        stn__page_paragraph(page,
            stn__say(d, "At scale 1 there are %s of them. Each is of one level of each attribute.",
                quantity(d, &population->size)));
        for (int32_t a = 0; a < population->attribute_count; a++) {
            attribute_put(d, page, population, &population->attributes[a]);
        }
        joints_put(d, page, population);
    }
    ties_put(d, page, depth);
}

/* ---------------------------------------------------------------- behaviours */

static void
deterrence_put(stn__describer *d, stn__page *page, const stn_behaviour *b)
{
    if (b->kind == STN_MERIT) {
        if (b->incentive.given) {
            stn__page_item(page, NULL, stn__say(d, "Incentive (coefficient): %s.", quantity(d, &b->incentive)));
        }
        return;
    }
    if (b->certainty.given || b->severity.given || b->prior.given) {
        stn__page_item(page, NULL,
            stn__say(d,
                "Deterrence: certainty (coefficient) %s, severity (coefficient) %s; the chance of being seen that is "
                "believed in at first (probability): %s.",
                quantity(d, &b->certainty), quantity(d, &b->severity), quantity(d, &b->prior)));
    }
}

static void
behaviour_put(stn__describer *d, stn__page *page, int depth, const stn_behaviour *b)
{
    static const char *const kinds[] = { "an offence", "a default", "a merit" };

    stn__page_heading(page, depth, NULL, stn__say(d, "%s", stn__named(d, b->title, b->name)));
    stn__page_paragraph(
        page, stn__say(d, "By a " CODED "; %s.", d->study->world.populations[b->population].name, kinds[b->kind]));
    stn__page_list_begin(page);
    stn__page_item(page, NULL, stn__say(d, "Opportunities (rate): %s.", quantity(d, &b->opportunities)));
    stn__page_item(page, NULL,
        stn__say(d, "Taken (probability), with nothing to fear or to hope for: %s.", quantity(d, &b->taken)));
    deterrence_put(d, page, b);
    if (b->strain.given) {
        stn__page_item(page, NULL, stn__say(d, "Strain (factor) while restricted: %s.", quantity(d, &b->strain)));
    }
    if (b->strain_poor.given) {
        stn__page_item(page, NULL, stn__say(d, "Strain (factor) while poor: %s.", quantity(d, &b->strain_poor)));
    }
    if (b->settles) {
        stn__page_item(page, NULL,
            stn__say(d,
                "It can be made good where a regime lets that end the record: chances come %s, each taken with a "
                "chance of %s%s%s%s.",
                quantity(d, &b->settles_chances), quantity(d, &b->settles_taken),
                b->settles_strain.given ? stn__say(d, ", while restricted times %s", quantity(d, &b->settles_strain))
                                        : "",
                b->settles_amount.given ? "; what is owed: " : "",
                b->settles_amount.given ? quantity(d, &b->settles_amount) : ""));
    }
    stn__page_list_end(page);
}

void
stn__behaviours_put(stn__describer *d, stn__page *page, int depth)
{
    for (int32_t b = 0; b < d->study->world.behaviour_count; b++) {
        behaviour_put(d, page, depth, &d->study->world.behaviours[b]);
    }
}

/* --------------------------------------------------------------------- doors */

void
stn__doors_put(stn__describer *d, stn__page *page, int depth)
{
    const stn_world *world = &d->study->world;

    (void) depth;
    if (world->door_count == 0) {
        return;
    }
    stn__page_list_begin(page);
    for (int32_t i = 0; i < world->door_count; i++) {
        const stn_door *door = &world->doors[i];
        const char *text = stn__say(d, "%s, a %s of a " CODED ": attempts (rate) %s",
            stn__named(d, door->title, door->name),
            door->kind == STN_RIGHT ? "right, open unless a measure closes it,"
                                    : "channel, closed unless a measure opens it,",
            world->populations[door->population].name, quantity(d, &door->attempts));
        if (door->costs.given) {
            text = stn__say(d, "%s; while closed it costs this part of the income (probability): %s", text,
                quantity(d, &door->costs));
        }
        if (door->stigma.given) {
            text = stn__say(d, "%s; refused though open, to whoever is publicly named, with a chance of %s", text,
                quantity(d, &door->stigma));
        }
        stn__page_item(page, NULL, stn__say(d, "%s.", text));
    }
    stn__page_list_end(page);
}

/* --------------------------------------------------------- money, life, learning */

void
stn__money_put(stn__describer *d, stn__page *page, int depth)
{
    const stn_world *world = &d->study->world;
    bool any = false;

    for (int32_t p = 0; p < world->population_count; p++) {
        any = any || world->populations[p].money.given;
    }
    if (!any) {
        return;
    }
    stn__page_heading(page, depth, NULL, "Money");
    stn__page_paragraph(page,
        "Income is lowered by each closed door and by being publicly named. What is left over after living is put by, "
        "up to a most; "
        "fines, debts and fees are paid from it. Whoever has nothing left over is poor.");
    stn__page_formula(page,
        "Y = income x product over closed doors of (1 - costs) x (1 - custom, if named); left over a year: D = "
        "floor(max(0, Y - living)); poor if D = 0");
    stn__page_list_begin(page);
    for (int32_t p = 0; p < world->population_count; p++) {
        const stn_money *m = &world->populations[p].money;
        if (!m->given) {
            stn__page_item(page, NULL,
                stn__say(d, "A " CODED " has no money: nothing costs it anything.", world->populations[p].name));
            continue;
        }
        stn__page_item(page, NULL,
            stn__say(d, "A " CODED ": income %s; living %s; the most that is put by is what is left over in %s%s%s%s.",
                world->populations[p].name, quantity(d, &m->income), quantity(d, &m->living),
                m->savings.given ? quantity(d, &m->savings) : "6 months (by default)",
                m->custom.given ? "; lost while publicly named (part of the income): " : "",
                m->custom.given ? quantity(d, &m->custom) : "", ""));
    }
    stn__page_list_end(page);
}

static const char *
like_text(stn__describer *d, const stn_population *population)
{
    const char *text = "";

    for (int32_t a = 0; population->life.like != NULL && a < population->attribute_count; a++) {
        if (population->life.like[a] != NULL) {
            text = stn__say(d, "%s%s" CODED " %s", text, text[0] != '\0' ? ", " : " with ",
                population->attributes[a].name,
                stn__levels_named(d, &population->attributes[a], population->life.like[a], "or"));
        }
    }
    return text;
}

static const char *
anew_text(stn__describer *d, const stn_population *population)
{
    const stn_attribute *ages = &population->attributes[population->life.ages];
    const char *text = "";

    for (int32_t level = 0; population->life.anew != NULL && level < ages->level_count; level++) {
        const char *names[STN_ATTRIBUTES_MAX];
        int32_t count = 0;
        for (int32_t a = 0; a < population->attribute_count; a++) {
            if ((population->life.anew[level] >> a & 1) != 0) {
                names[count++] = stn__say(d, CODED, population->attributes[a].name);
            }
        }
        if (count > 0) {
            text = stn__say(d, "%s%s %s: %s", text, text[0] != '\0' ? ";" : "", ages->levels[level],
                stn__joined(d, names, count, "and"));
        }
    }
    return text;
}

static void
lives_put(stn__describer *d, stn__page *page, const stn_population *population)
{
    const stn_life *life = &population->life;
    const char *anew = anew_text(d, population);

    stn__page_list_begin(page);
    if (life->deaths != NULL) {
        stn__page_item(page, NULL,
            stn__say(d, "A " CODED " dies within a year with the chance that the table %s gives for the age%s%s: %s.",
                population->name, life->deaths_table, life->deaths_by != STN_NONE ? " and " : "",
                life->deaths_by != STN_NONE ? stn__say(d, CODED, population->attributes[life->deaths_by].name) : "",
                evidence(d, life->deaths_cite, life->deaths_cite_count)));
    }
    if (life->births.given) {
        stn__page_item(page, NULL,
            stn__say(d,
                "Born, for each of the start: %s. A child takes its attributes and its household from one of the "
                "youngest of the start.",
                quantity(d, &life->births)));
    }
    if (life->arrivals.given) {
        stn__page_item(page, NULL,
            stn__say(d, "Moving in, for each of the start: %s, each like somebody of the start%s.",
                quantity(d, &life->arrivals), like_text(d, population)));
    }
    if (life->departures.given) {
        stn__page_item(page, NULL, stn__say(d, "Moving away for good: %s.", quantity(d, &life->departures)));
    }
    if (anew[0] != '\0') {
        stn__page_item(page, NULL,
            stn__say(d,
                "On growing into a level of age these are taken over from somebody of the start who is of that level "
                "and otherwise alike:%s.",
                anew));
    }
    stn__page_list_end(page);
}

void
stn__life_put(stn__describer *d, stn__page *page, int depth)
{
    const stn_world *world = &d->study->world;
    bool any = false;

    for (int32_t p = 0; p < world->population_count; p++) {
        any = any || world->populations[p].life.given;
    }
    if (!any) {
        return;
    }
    stn__page_heading(page, depth, NULL, "Coming, ageing, going");
    stn__page_paragraph(
        page, "No regime has any influence on lives. They take effect at the beginning of the next window.");
    stn__page_formula(page,
        "somebody of age a who is there for the part f of a year dies in it with the chance q f / (1 - q (1 - f)), q "
        "the yearly chance at a");
    for (int32_t p = 0; p < world->population_count; p++) {
        if (world->populations[p].life.given) {
            lives_put(d, page, &world->populations[p]);
        }
    }
}

void
stn__learning_put(stn__describer *d, stn__page *page, int depth)
{
    const stn_learning *l = &d->study->world.learning;
    bool learns = l->given && l->memory.value < STN_NEVER;

    stn__page_heading(page, depth, NULL, "What is believed about being seen");
    if (!l->given) {
        stn__page_paragraph(page, "Nobody learns: the certainty C of each behaviour stays as it was at first.");
        return;
    }
    stn__page_paragraph(page,
        stn__say(d,
            "The certainty C of each behaviour is common to %s%s. At the end of each window it moves towards the part "
            "of acts seen there, o, of the window "
            "(a acts, d of them seen). Memory (duration): %s; weight of what was believed at first (acts): %s.",
            l->by != NULL ? "all of one " : "everybody", l->by != NULL ? stn__say(d, CODED, l->by) : "",
            quantity(d, &l->memory), quantity(d, &l->weight)));
    if (learns && l->publicity.given) {
        stn__page_paragraph(page,
            stn__say(d, "A name published in the zone counts as so many acts that were seen: publicity %s (q names).",
                quantity(d, &l->publicity)));
    }
    if (learns) {
        stn__page_formula(page,
            l->publicity.given ? "o = ((d + publicity q) + weight prior) / ((a + publicity q) + weight)"
                               : "o = (d + weight prior) / (a + weight)");
        stn__page_formula(page, "C becomes (1 - lambda) C + lambda o, lambda = 1 - exp(-window / memory)");
    }
    if (l->own.given) {
        stn__page_paragraph(page,
            stn__say(d,
                "Own experience: whoever has done it before uses instead of C a mean with x, 1 if the last time was "
                "seen, else 0; own weight %s.",
                quantity(d, &l->own)));
        stn__page_formula(page, "(1 - own) C + own x");
    }
}
