/* SPDX-License-Identifier: Apache-2.0
 *
 * phrases.c - names, numbers and conditions in words. */
#include "describe/describe.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define CODED STN__CODE "%s" STN__CODE

void *
stn__room(stn__describer *d, int64_t count, size_t size)
{
    void *room = stn__arena_take(d->arena, (size_t) count, size);

    if (room == NULL) {
        longjmp(d->on_memory, 1);
    }
    return room;
}

const char *
stn__say(stn__describer *d, const char *format, ...)
{
    va_list args;
    const char *text;

    va_start(args, format);
    text = stn__arena_print_args(d->arena, format, args);
    va_end(args);
    if (text == NULL) {
        longjmp(d->on_memory, 1);
    }
    return text;
}

/* -------------------------------------------------------------------- names */

const char *
stn__named(stn__describer *d, const char *title, const char *name)
{
    return title != NULL && title[0] != '\0' ? stn__say(d, "%s (" CODED ")", title, name) : stn__say(d, CODED, name);
}

const char *
stn__agency_named(stn__describer *d, const stn_regime *regime, int32_t agency)
{
    return stn__named(d, regime->agencies[agency].title, regime->agencies[agency].name);
}

const char *
stn__joined(stn__describer *d, const char *const *texts, int32_t count, const char *last)
{
    const char *all = count > 0 ? texts[0] : "";

    for (int32_t i = 1; i < count; i++) {
        all = i == count - 1 ? stn__say(d, "%s %s %s", all, last, texts[i]) : stn__say(d, "%s, %s", all, texts[i]);
    }
    return all;
}

const char *
stn__behaviours_named(stn__describer *d, int32_t population, uint64_t behaviours, const char *last)
{
    const char *names[STN_BEHAVIOURS_MAX];
    int32_t count = 0;

    for (int32_t local = 0; local < STN_BEHAVIOURS_MAX; local++) {
        if ((behaviours >> local & 1) != 0) {
            names[count++] = stn__say(d, CODED, stn__behaviour_of(d->study, population, local)->name);
        }
    }
    return stn__joined(d, names, count, last);
}

const char *
stn__behaviours_all(stn__describer *d, const uint64_t *behaviours, const char *last)
{
    const stn_world *world = &d->study->world;
    const char **names = stn__room(d, world->behaviour_count, sizeof *names);
    int32_t count = 0;

    for (int32_t b = 0; b < world->behaviour_count; b++) {
        const stn_behaviour *behaviour = &world->behaviours[b];
        if ((behaviours[behaviour->population] >> behaviour->local & 1) != 0) {
            names[count++] = stn__say(d, CODED, behaviour->name);
        }
    }
    if (count == 0 || count == world->behaviour_count) {
        return count == 0 ? NULL : "all behaviours";
    }
    return stn__joined(d, names, count, last);
}

const char *
stn__levels_named(stn__describer *d, const stn_attribute *attribute, const bool *levels, const char *last)
{
    const char *names[STN_LEVELS_MAX];
    int32_t count = 0;

    for (int32_t level = 0; level < attribute->level_count; level++) {
        if (levels[level]) {
            names[count++] = attribute->levels[level];
        }
    }
    return stn__joined(d, names, count, last);
}

const char *
stn__deed(stn__describer *d, const stn_behaviour *behaviour)
{
    return behaviour->title != NULL && behaviour->title[0] != '\0'
        ? stn__say(d, "%s (" CODED ")", behaviour->title, behaviour->name)
        : stn__say(d, "does " CODED, behaviour->name);
}

/* ------------------------------------------------------------------ numbers */

const char *
stn__number_text(stn__describer *d, double value)
{
    const char *text = "";

    if (value > -1e15 && value < 1e15 && value == (double) (int64_t) value) {
        return stn__say(d, "%.0f", value);
    }
    for (int digits = 1; digits <= 17 && (digits == 1 || strtod(text, NULL) != value); digits++) {
        text = stn__say(d, "%.*g", digits, value);
    }
    return text;
}

const char *
stn__minutes_text(stn__describer *d, uint32_t minutes)
{
    static const struct {
        uint32_t minutes;
        const char *name;
    } units[] = { { 525600, "year" }, { 43800, "month" }, { 1440, "day" }, { 60, "hour" }, { 1, "minute" } };
    int u = 0;

    if (minutes == STN_NEVER) {
        return "never";
    }
    if (minutes == 0) {
        return "0 minutes";
    }
    while (minutes % units[u].minutes != 0) {
        u++;
    }
    return stn__say(
        d, "%u %s%s", (unsigned) (minutes / units[u].minutes), units[u].name, minutes == units[u].minutes ? "" : "s");
}

const char *
stn__factors_text(stn__describer *d, const stn_quantity *q)
{
    const char *text = "";

    for (int32_t f = 0; f < q->factor_count; f++) {
        const stn_factor *factor = &q->factors[f];
        const stn_attribute *attribute = &q->of->attributes[factor->attribute];
        bool first = f == 0 || q->factors[f - 1].attribute != factor->attribute;
        text = stn__say(d, "%s%s%s%s %s", text,
            f == 0      ? ""
                : first ? "; "
                        : ", ",
            first ? stn__say(d, CODED ": ", attribute->name) : "", attribute->levels[factor->level],
            stn__number_text(d, factor->factor));
    }
    return text;
}

const char *
stn__quantity_text(stn__describer *d, const stn_quantity *q)
{
    const char *factors = stn__factors_text(d, q);

    if (!q->given) {
        return stn__say(d, "%s (by default)", stn__number_text(d, q->value));
    }
    return stn__say(d, "%s%s%s%s%s", q->text != NULL ? q->text : stn__number_text(d, q->value),
        factors[0] != '\0' ? " (times, by " : "", factors, factors[0] != '\0' ? ")" : "",
        stn__backing(d, q->regime, q->cite, q->cite_count));
}

const stn_quantity *
stn__quantity_at(stn__describer *d, int32_t regime, const char *key)
{
    for (int32_t i = 0; i < d->study->quantity_count; i++) {
        const stn_quantity *q = d->study->quantities[i];
        if (q->regime == regime && strcmp(q->key, key) == 0) {
            return q;
        }
    }
    return NULL;
}

/* --------------------------------------------------------------- conditions */

static const char *
compared(stn__describer *d, stn_compare compare, int32_t value, bool counted)
{
    static const char *const than[] = { "below", "at most", "above", "at least", "exactly", "anything but" };
    static const char *const many[] = { "fewer than", "at most", "more than", "at least", "exactly", "any number but" };

    return stn__say(d, "%s %d", counted ? many[compare] : than[compare], (int) value);
}

static const char *
records_text(stn__describer *d, int32_t population, const stn_term *term, const stn_cond_node *node)
{
    const char *within = term->within != STN_NEVER
        ? stn__say(d, " from the last %s", stn__minutes_text(d, term->within))
        : "";
    const char *state = term->confirmed ? "confirmed" : "suspected or confirmed";
    const char *what = stn__behaviours_named(d, population, term->behaviours, "or");

    if (what[0] == '\0') {
        what = "anything (no behaviour is of that kind)";
    }
    if (node->compare == STN_EQ && node->value == 0) {
        return stn__say(d, "there is no %s record of %s%s", state, what, within);
    }
    return stn__say(d, "there %s %s %s record%s of %s%s", node->value == 1 ? "is" : "are",
        compared(d, node->compare, node->value, true), state, node->value == 1 ? "" : "s", what, within);
}

static const char *
bands_text(stn__describer *d, const stn_regime *regime, int32_t population, uint64_t mask)
{
    const stn_rating *rating = stn__rating_of(regime, population);
    const char *names[64];
    int32_t count = 0;

    for (int32_t band = 0; rating != NULL && band < rating->band_count; band++) {
        if ((mask >> band & 1) != 0) {
            names[count++] = stn__say(d, CODED, rating->bands[band].name);
        }
    }
    return stn__joined(d, names, count, "or");
}

typedef struct clause {
    const stn_regime *regime;
    const stn_condition *condition;
    int32_t population;
    const char *who; /* the population's name */
} clause;

static const char *node_text(stn__describer *d, const clause *c, int32_t index);

/* A part of an "and", an "or" or a "not": in parentheses if it could be read otherwise. */
static const char *
part_text(stn__describer *d, const clause *c, int32_t index, stn_cond_op within)
{
    stn_cond_op op = c->condition->nodes[index].op;
    const char *text = node_text(d, c, index);

    return (op == STN_COND_AND || op == STN_COND_OR) && op != within ? stn__say(d, "(%s)", text) : text;
}

static const char *
node_text(stn__describer *d, const clause *c, int32_t index)
{
    const stn_cond_node *node = &c->condition->nodes[index];
    const stn_world *world = &d->study->world;

    switch (node->op) {
    case STN_COND_NEVER:
        return "never";
    case STN_COND_ALWAYS:
        return "always";
    case STN_COND_AND:
    case STN_COND_OR:
        return stn__say(d, "%s %s %s", part_text(d, c, node->a, node->op), node->op == STN_COND_AND ? "and" : "or",
            part_text(d, c, node->b, node->op));
    case STN_COND_NOT:
        if (c->condition->nodes[node->a].op == STN_COND_ON) {
            return stn__say(
                d, "the %s is not on the list " CODED, c->who, c->regime->lists[c->condition->nodes[node->a].a].name);
        }
        return stn__say(d, "it is not so that %s", part_text(d, c, node->a, STN_COND_NOT));
    case STN_COND_RATING:
        return stn__say(d, "the rating is %s", compared(d, node->compare, node->value, false));
    case STN_COND_RECORDS:
        return records_text(d, c->population, &c->condition->terms[node->a], node);
    case STN_COND_ON:
        return stn__say(d, "the %s is on the list " CODED, c->who, c->regime->lists[node->a].name);
    case STN_COND_PUBLISHED:
        return stn__say(d, "the %s's name is published on the list " CODED, c->who, c->regime->lists[node->a].name);
    case STN_COND_BAND:
        return stn__say(d, "the rating is in the band %s", bands_text(d, c->regime, c->population, node->mask));
    case STN_COND_IS: {
        const stn_attribute *attribute = &world->populations[c->population].attributes[node->a];
        return stn__say(d, CODED " is %s", attribute->name, stn__levels_named(d, attribute, node->levels, "or"));
    }
    case STN_COND_HOUSEHOLD:
        return stn__say(d, "another member of the household is on the list " CODED, c->regime->lists[node->a].name);
    default:
        return stn__say(d, "a %s that the %s represents is on the list " CODED,
            world->populations[c->regime->lists[node->a].population].name, c->who, c->regime->lists[node->a].name);
    }
}

const char *
stn__condition_text(stn__describer *d, const stn_regime *regime, int32_t population, const stn_condition *condition)
{
    const clause c = { regime, condition, population, d->study->world.populations[population].name };
    const char *text = node_text(d, &c, condition->root);

    return condition->text != NULL ? stn__say(d, "%s [" CODED "]", text, condition->text) : text;
}

/* -------------------------------------------------------------------- plain */

const char *
stn__plain(stn__describer *d, const char *text)
{
    char *plain = stn__room(d, (int64_t) strlen(text) + 1, 1), *out = plain;
    bool reference = false;

    for (; *text != '\0'; text++) {
        if (*text == STN__REFERENCE[0]) {
            *out++ = reference ? ']' : '[';
            reference = !reference;
        } else if ((unsigned char) *text > (unsigned char) STN__LINK[0]) {
            *out++ = *text == '\n' || *text == '\t' ? ' ' : *text;
        }
    }
    return plain;
}
