/* SPDX-License-Identifier: Apache-2.0
 *
 * grounds.c - what leads to a door that closes or a name that is published: which
 * records, through which lists and ratings; and what due process there is for them. */
#include "audit/inside.h"

#include <ctype.h>
#include <string.h>

const char *
stn__case_text(stn__case *c, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = stn__arena_print_args(c->arena, format, args);
    va_end(args);
    c->failed = c->failed || text == NULL;
    return text != NULL ? text : "";
}

enum { WORDS_SHOWN = 6 };

void
stn__naming_add(stn__naming *words, const char *word)
{
    words->count++;
    if (words->count <= WORDS_SHOWN) {
        words->text = words->count == 1 ? word : stn__case_text(words->c, "%s, %s", words->text, word);
    }
}

const char *
stn__naming_text(stn__naming *words)
{
    if (words->count == 0) {
        return "nothing";
    }
    return words->count <= WORDS_SHOWN
        ? words->text
        : stn__case_text(words->c, "%s and %d more", words->text, (int) (words->count - WORDS_SHOWN));
}

/* The word of `name` (parted by _) or `title` (by anything that is no letter) that is
 * one of `words`; NULL: none is. */
const char *
stn__word_in(const char *name, const char *title, const char *const *words)
{
    const char *texts[2] = { name, title };

    for (int t = 0; t < 2; t++) {
        for (const char *at = texts[t]; at != NULL && *at != '\0';) {
            size_t size = 0;
            while (isalpha((unsigned char) at[size]) != 0) {
                size++;
            }
            for (const char *const *word = words; size > 0 && *word != NULL; word++) {
                size_t i = 0;
                while (i < size && tolower((unsigned char) at[i]) == (*word)[i]) {
                    i++;
                }
                if (i == size && (*word)[i] == '\0') {
                    return *word;
                }
            }
            at += size > 0 ? size : 1;
        }
    }
    return NULL;
}

/* ------------------------------------------------------------------ grounds */

static const stn_rating *
rating_of(const stn__case *c, int32_t population)
{
    for (int32_t r = 0; r < c->regime->rating_count; r++) {
        if (c->regime->ratings[r].population == population) {
            return &c->regime->ratings[r];
        }
    }
    return NULL;
}

static void
rating_grounds(const stn__case *c, int32_t population, stn__grounds *out)
{
    const stn_rating *rating = rating_of(c, population);

    out->rating = rating != NULL;
    for (int32_t i = 0; rating != NULL && i < rating->points_count; i++) {
        uint64_t bit = 1ull << c->study->world.behaviours[rating->points[i].behaviour].local;
        if (rating->points[i].points.value < 0) {
            out->scored[population] |= bit;
        } else if (rating->points[i].points.value > 0) {
            out->praised[population] |= bit;
        }
    }
    out->scored[population] &= c->reach[population].scored;
    out->praised[population] &= c->reach[population].scored;
    if (rating != NULL && rating->ladder) {
        out->scored[population] |= c->reach[population].seen[c->plan->populations[population].review_term];
    }
    out->doubtful = out->doubtful || c->reach[population].points_doubtful;
}

/* Whether a records(...) makes a condition truer the more there are. */
static bool
wants_more(const stn_cond_node *node)
{
    switch (node->compare) {
    case STN_GT:
    case STN_GE:
        return true;
    case STN_EQ:
        return node->value > 0;
    case STN_NE:
        return node->value == 0;
    default:
        return false;
    }
}

/* What a records(...) counts, seen by somebody; number of the term, or STN_NONE. */
static int32_t
term_number(const stn__case *c, int32_t population, const stn_term *what, int32_t viewer)
{
    stn__term terms[STN_TERMS_MAX];
    int32_t count = stn__plan_terms(c->plan, population, terms);

    viewer = c->plan->sharing ? viewer : STN_NONE;
    for (int32_t t = 0; t < count; t++) {
        if (terms[t].what.behaviours == what->behaviours && terms[t].what.within == what->within
            && terms[t].what.confirmed == what->confirmed && terms[t].viewer == viewer) {
            return t;
        }
    }
    return STN_NONE;
}

static void
term_grounds(const stn__case *c, int32_t population, const stn_term *what, int32_t viewer, stn__grounds *out)
{
    int32_t term = term_number(c, population, what, viewer);

    STN_INVARIANT(term != STN_NONE);
    out->counted[population] |= c->reach[population].seen[term];
    out->doubtful = out->doubtful || (c->reach[population].doubtful >> term & 1) != 0;
}

/* Whether who looks can come to know that somebody is on a list. */
static bool
list_seen(const stn__case *c, int32_t list, int32_t viewer)
{
    const stn_list *of = &c->regime->lists[list];
    const stn__population_plan *p = &c->plan->populations[of->population];

    for (int32_t n = 0; c->plan->sharing && viewer != of->agency && n < p->notice_count; n++) {
        if (p->notices[n].list == of->local && p->notices[n].agency == viewer) {
            return (c->reach[of->population].told >> n & 1) != 0;
        }
    }
    return true;
}

static void list_grounds(const stn__case *c, int32_t list, stn__grounds *out);

/* Goes through a condition; `sign`: whether what is met makes the whole truer. */
static void
condition_grounds(const stn__case *c, const stn_condition *condition, int32_t index, bool sign, int32_t population,
    int32_t viewer, stn__grounds *out)
{
    const stn_cond_node *node = &condition->nodes[index];

    switch (node->op) {
    case STN_COND_AND:
    case STN_COND_OR:
        condition_grounds(c, condition, node->a, sign, population, viewer, out);
        condition_grounds(c, condition, node->b, sign, population, viewer, out);
        break;
    case STN_COND_NOT:
        condition_grounds(c, condition, node->a, !sign, population, viewer, out);
        break;
    case STN_COND_RATING:
    case STN_COND_BAND:
        rating_grounds(c, population, out);
        break;
    case STN_COND_RECORDS:
        if (wants_more(node) == sign) {
            term_grounds(c, population, &condition->terms[node->a], viewer, out);
        }
        break;
    case STN_COND_HOUSEHOLD:
    case STN_COND_REPRESENTATIVE:
        if (sign) {
            out->household = out->household || node->op == STN_COND_HOUSEHOLD;
            out->representative = out->representative || node->op == STN_COND_REPRESENTATIVE;
            list_grounds(c, node->a, out);
        }
        break;
    case STN_COND_ON:
    case STN_COND_PUBLISHED:
        if (sign && (node->op == STN_COND_PUBLISHED || list_seen(c, node->a, viewer))) {
            list_grounds(c, node->a, out);
        }
        break;
    default:
        break;
    }
}

static void
list_grounds(const stn__case *c, int32_t list, stn__grounds *out)
{
    const stn_list *of = &c->regime->lists[list];

    if (!out->lists[list] && (c->reach[of->population].lists >> of->local & 1) != 0) {
        out->lists[list] = true;
        condition_grounds(c, &of->enter, of->enter.root, true, of->population, of->agency, out);
    }
}

bool
stn__grounds_rating(const stn_condition *condition)
{
    for (int32_t n = 0; n < condition->node_count; n++) {
        if (condition->nodes[n].op == STN_COND_RATING || condition->nodes[n].op == STN_COND_BAND) {
            return true;
        }
    }
    return false;
}

uint64_t
stn__grounds_all(const stn__grounds *grounds, int32_t population)
{
    return grounds->counted[population] | grounds->scored[population];
}

/* ------------------------------------------------------------------ effects */

/* Agencies that make records of a behaviour: bit of each. */
static uint64_t
makers_of(const stn__case *c, int32_t behaviour)
{
    const stn_behaviour *b = &c->study->world.behaviours[behaviour];
    const stn__population_plan *p = &c->plan->populations[b->population];
    uint64_t makers = 0;

    for (int32_t t = 0; t < p->type_count; t++) {
        if (p->types[t].kind == STN__ROOT && p->types[t].behaviour == b->local && c->reach[b->population].types[t]) {
            makers |= 1ull << p->types[t].agency;
        }
    }
    return makers;
}

static bool
makers_find(stn__case *c)
{
    uint64_t *makers = stn__arena_take(c->arena, (size_t) c->study->world.behaviour_count, sizeof *makers);

    for (int32_t b = 0; makers != NULL && b < c->study->world.behaviour_count; b++) {
        makers[b] = makers_of(c, b);
    }
    c->makers = makers;
    return makers != NULL;
}

int
stn__effects_find(stn__case *c, stn_error *err)
{
    const stn_regime *regime = c->regime;
    stn__effect *effects = stn__arena_take(
        c->arena, (size_t) (regime->measure_count + regime->list_count), sizeof *effects);
    int32_t count = 0;

    if (effects == NULL || !makers_find(c)) {
        return stn__fail(err, STN_E_MEMORY, "no memory for an audit");
    }
    for (int32_t m = 0; m < regime->measure_count; m++) {
        const stn_measure *measure = &regime->measures[m];
        if (measure->closes_count > 0 && (c->reach[measure->population].measures >> measure->local & 1) != 0) {
            stn__effect *effect = &effects[count++];
            *effect = (stn__effect){ m, STN_NONE, measure->population, measure->agency, measure->place,
                { .rating = false } };
            condition_grounds(c, &measure->condition, measure->condition.root, true, measure->population,
                measure->agency, &effect->grounds);
        }
    }
    c->door_effects = count;
    for (int32_t l = 0; l < regime->list_count; l++) {
        const stn_list *list = &regime->lists[l];
        if (list->kind == STN_BLACKLIST && list->publish.value < (double) STN_NEVER
            && (c->reach[list->population].lists >> list->local & 1) != 0) {
            stn__effect *effect = &effects[count++];
            *effect = (stn__effect){ STN_NONE, l, list->population, list->agency, list->place, { .rating = false } };
            list_grounds(c, l, &effect->grounds);
        }
    }
    c->effects = effects;
    c->effect_count = count;
    return 0;
}

bool
stn__effect_asked(const stn__case *c, const stn__effect *effect, bool doors, bool persons)
{
    return (!doors || effect->measure != STN_NONE) && (!persons || c->persons[effect->population]);
}

bool
stn__leads(const stn__case *c, int32_t behaviour)
{
    const stn_behaviour *of = &c->study->world.behaviours[behaviour];

    for (int32_t e = 0; e < c->effect_count; e++) {
        if ((stn__grounds_all(&c->effects[e].grounds, of->population) >> of->local & 1) != 0) {
            return true;
        }
    }
    return false;
}

const char *
stn__effect_name(stn__case *c, const stn__effect *effect)
{
    return effect->measure != STN_NONE ? stn__case_text(c, "measures.%s", c->regime->measures[effect->measure].name)
                                       : stn__case_text(c, "lists.%s", c->regime->lists[effect->list].name);
}

bool
stn__list_scored(const stn__case *c, int32_t list)
{
    stn__grounds grounds = { .rating = false };

    list_grounds(c, list, &grounds);
    return grounds.rating;
}

bool
stn__list_ends(const stn__case *c, const stn_list *list)
{
    return list->term.value < (double) STN_NEVER || (c->reach[list->population].leaves >> list->local & 1) != 0;
}

/* --------------------------------------------------------------- safeguards */

static bool
adjudicated(const stn__case *c, int32_t behaviour, int32_t agency)
{
    for (int32_t a = 0; a < c->regime->adjudication_count; a++) {
        const stn_adjudication *one = &c->regime->adjudications[a];
        if (one->behaviour == behaviour && (one->agency == agency || one->agency == STN_NONE)) {
            return true;
        }
    }
    return false;
}

static bool
settles(const stn__case *c, int32_t behaviour)
{
    for (int32_t s = 0; s < c->regime->settlement_count; s++) {
        if (c->regime->settlements[s].behaviour == behaviour) {
            return true;
        }
    }
    return false;
}

/* Whether the records of a behaviour are forgotten wherever an effect asks for them. */
static bool
forgotten(const stn__case *c, const stn_behaviour *b, const stn__grounds *grounds)
{
    const stn_rating *rating = rating_of(c, b->population);
    uint64_t bit = 1ull << b->local;
    stn__term terms[STN_TERMS_MAX];
    int32_t count = stn__plan_terms(c->plan, b->population, terms);

    for (int32_t t = 0; t < count && (grounds->counted[b->population] & bit) != 0; t++) {
        if ((terms[t].what.behaviours & bit) != 0 && terms[t].what.within == STN_NEVER) {
            return false;
        }
    }
    for (int32_t i = 0; rating != NULL && (grounds->scored[b->population] & bit) != 0 && i < rating->points_count;
         i++) {
        if (&c->study->world.behaviours[rating->points[i].behaviour] == b && rating->points[i].forget == STN_NEVER
            && rating->redeem.value >= (double) STN_NEVER) {
            return false;
        }
    }
    return true;
}

static void
petition_count(const stn_petition *petition, stn__safeguards *s)
{
    double days = petition->duration.value / 1440;

    if (petition->given) {
        s->slowest = days > s->slowest ? (int32_t) (days + 0.5) : s->slowest;
        s->queue = s->queue || petition->capacity.given;
    }
}

static void
pair_count(stn__case *c, const stn_behaviour *b, int32_t agency, const stn__grounds *grounds, stn__safeguards *s)
{
    int32_t behaviour = (int32_t) (b - c->study->world.behaviours);
    const stn_process *process = NULL;
    const char *words = stn__case_text(c, "%s recorded by %s", b->name, c->regime->agencies[agency].name);
    bool mends;

    for (int32_t e = 0; e < c->regime->process_count && process == NULL; e++) {
        const stn_process *one = &c->regime->processes[e];
        process = one->agency == agency && (one->behaviours[b->population] >> b->local & 1) != 0 ? one : NULL;
    }
    s->pairs++;
    s->judged += adjudicated(c, behaviour, agency);
    s->settled += settles(c, behaviour);
    s->forgotten += forgotten(c, b, grounds);
    mends = settles(c, behaviour) || (process != NULL && process->repair.given);
    s->unmended = mends || s->unmended != NULL ? s->unmended : words;
    if (process == NULL || !(process->petitions[0].given || process->petitions[1].given)) {
        s->bare = s->bare != NULL ? s->bare : words;
    }
    if (process == NULL || process->notice.value <= 0) {
        s->unwarned = s->unwarned != NULL ? s->unwarned : words;
    }
    if (process == NULL) {
        return;
    }
    s->first = s->first != NULL ? s->first : process;
    s->noticed += process->notice.value > 0;
    s->contested += process->petitions[0].given || process->petitions[1].given;
    s->suspended += (process->petitions[0].given && process->petitions[0].suspends)
        || (process->petitions[1].given && process->petitions[1].suspends);
    s->corrected += process->correction.value > 0;
    s->repaired += process->repair.given;
    petition_count(&process->petitions[0], s);
    petition_count(&process->petitions[1], s);
}

stn__safeguards
stn__safeguards_find(stn__case *c, bool doors, bool persons)
{
    const stn_world *world = &c->study->world;
    stn__safeguards s = { 0 };

    for (int32_t b = 0; b < world->behaviour_count; b++) {
        const stn_behaviour *of = &world->behaviours[b];
        stn__grounds all = { .rating = false };
        for (int32_t e = 0; e < c->effect_count; e++) {
            if (stn__effect_asked(c, &c->effects[e], doors, persons)) {
                all.counted[of->population] |= c->effects[e].grounds.counted[of->population];
                all.scored[of->population] |= c->effects[e].grounds.scored[of->population];
            }
        }
        if ((stn__grounds_all(&all, of->population) >> of->local & 1) == 0) {
            continue;
        }
        for (uint64_t rest = c->makers[b]; rest != 0; rest &= rest - 1) {
            pair_count(c, of, __builtin_ctzll(rest), &all, &s);
        }
    }
    return s;
}
