/* SPDX-License-Identifier: Apache-2.0
 *
 * words.c - from the events of one life to sentences.
 *
 * What the sentences need and an event does not say (which measure holds a door,
 * what the rating was before) is kept along the way. The log does not say how many
 * records count for a condition, so of a measure whose condition asks for that it is
 * only known that it may be the one. */
#include "results/story.h"

#include <stdarg.h>
#include <string.h>

#include "engine/engine.h"
#include "base/text.h"

/* What is known of the actor while the story goes on. */
typedef struct teller {
    const stn_story *story;
    const stn__plan *plan;
    const stn__population_plan *p;
    const stn_regime *regime;
    stn__telling *telling;
    stn__state state;          /* without its terms */
    uint32_t told, mistold;    /* bit of each notice */
    uint32_t closed, open;
    uint32_t restricted_since;
    int64_t restricted;
    bool failed;
} teller;

static const char *STN_PRINTF(2, 3)
say(teller *t, const char *format, ...)
{
    va_list args;
    const char *text;

    va_start(args, format);
    text = stn__arena_print_args(t->story->arena, format, args);
    va_end(args);
    t->failed = t->failed || text == NULL;
    return text != NULL ? text : "";
}

/* ------------------------------------------------------------------- titles */

static const char *
behaviour(const teller *t, int32_t local)
{
    return stn__behaviour_title(t->story->study, t->story->population, local);
}

static const char *
door(const teller *t, int32_t local)
{
    const stn_door *d = stn__door_of(t->story->study, t->story->population, local);

    return stn__title(d->title, d->name);
}

static const char *
list(const teller *t, int32_t local)
{
    const stn_list *l = stn__list_of(t->regime, t->story->population, local);

    return stn__title(l->title, l->name);
}

static const char *
agency(const teller *t, uint64_t number)
{
    STN_INVARIANT(number < (uint64_t) t->regime->agency_count);
    return stn__title(t->regime->agencies[number].title, t->regime->agencies[number].name);
}

static const char *
yuan(teller *t, uint64_t value)
{
    char text[STN__TEXT];

    return say(t, "%s yuan", stn__whole((int64_t) value, text));
}

/* "950", or with bands "950 (ordinary)". */
static const char *
rating(teller *t, int32_t value, int32_t band)
{
    const stn_rating *r = stn__rating_of(t->regime, t->story->population);
    char text[STN__TEXT];

    return band >= 0 && r != NULL ? say(t, "%s (%s)", stn__whole(value, text), r->bands[band].name)
                                  : say(t, "%s", stn__whole(value, text));
}

/* ------------------------------------------------------------------ holders */

typedef enum { NO, MAYBE, YES } truth;

static truth
truth_of(bool holds)
{
    return holds ? YES : NO;
}

/* What is known of a condition. */
static truth
node_truth(const stn__rule_node *nodes, int32_t index, const stn__state *state)
{
    const stn__rule_node *node = &nodes[index];
    truth a, b;

    switch (node->op) {
    case STN_COND_AND:
    case STN_COND_OR:
        a = node_truth(nodes, node->a, state);
        b = node_truth(nodes, node->b, state);
        return (node->op == STN_COND_AND) == (a < b) ? a : b;
    case STN_COND_NOT:
        return (truth) (YES - node_truth(nodes, node->a, state));
    case STN_COND_RECORDS:
        return MAYBE;
    default: { /* one that looks at nothing else */
        const stn__rule leaf = { .nodes = nodes, .root = index };
        return truth_of(stn__rule_holds(&leaf, state));
    }
    }
}

static const stn__epoch_plan *
epoch_at(const teller *t, uint32_t time)
{
    int32_t e = t->plan->epoch_count - 1;

    while (e > 0 && t->plan->epoch_starts[e] > time) {
        e--;
    }
    return &t->p->epochs[e];
}

static const char *
measure_title(teller *t, int32_t local)
{
    for (int32_t m = 0; m < t->regime->measure_count; m++) {
        const stn_measure *measure = &t->regime->measures[m];
        if (measure->population == t->story->population && measure->local == local) {
            const char *title = stn__title(measure->title, measure->name);
            const char *by = measure->agency != STN_NONE ? say(t, " by %s", agency(t, (uint64_t) measure->agency)) : "";
            return measure->condition.text != NULL ? say(t, "%s%s, while %s", title, by, measure->condition.text)
                                                   : say(t, "%s%s", title, by);
        }
    }
    stn__broken("a measure of the population", __FILE__, __LINE__);
}

/* The measures that hold a door shut (or a channel open): those whose condition is
 * known to hold, or, if there is none, those of which it is not known. */
static const char *
holders(teller *t, int32_t local, bool channel, uint32_t time)
{
    const stn__epoch_plan *epoch = epoch_at(t, time);
    const char *text = "";

    for (int least = YES; text[0] == '\0' && least > NO; least--) {
        for (int32_t m = 0; m < t->p->measure_count; m++) {
            const stn__measure_plan *measure = &t->p->measures[m];
            uint32_t doors = channel ? measure->opens : measure->closes;
            if ((epoch->measures >> m & 1) != 0 && (doors >> local & 1) != 0
                && (int) node_truth(measure->rule.nodes, measure->rule.root, &t->state) >= least) {
                text = say(t, "%s%s%s", text, text[0] != '\0' ? "; " : "", measure_title(t, m));
            }
        }
    }
    return text;
}

/* "Closed: A, B (measure by agency, while condition)." and so on, doors with the
 * same holders together. */
static const char *
doors_say(teller *t, const char *text, const char *what, uint32_t doors, bool held, bool channel, uint32_t time)
{
    const char *by[STN_DOORS_MAX];

    for (int32_t d = 0; d < t->p->door_count; d++) {
        by[d] = held && (doors >> d & 1) != 0 ? holders(t, d, channel, time) : "";
    }
    for (int32_t d = 0; d < t->p->door_count; d++) {
        const char *names = "";
        if ((doors >> d & 1) == 0) {
            continue;
        }
        for (int32_t other = d; other < t->p->door_count; other++) {
            if ((doors >> other & 1) != 0 && strcmp(by[d], by[other]) == 0) {
                names = say(t, "%s%s%s", names, other > d ? "; " : "", door(t, other));
                doors &= ~(1u << other);
            }
        }
        text = say(t, "%s%s%s: %s%s%s%s.", text, text[0] != '\0' ? " " : "", what, names, by[d][0] != '\0' ? " [" : "",
            by[d], by[d][0] != '\0' ? "]" : "");
    }
    return text;
}

static const char *
doors_changed(teller *t, const stn_event *e)
{
    uint32_t closed = (uint32_t) e->value, open = (uint32_t) (e->value >> 32);
    const char *text = "";

    if (t->closed != 0) {
        t->restricted += e->time - t->restricted_since;
    }
    t->restricted_since = e->time;
    text = doors_say(t, text, "DOOR CLOSED", closed & ~t->closed, true, false, e->time);
    text = doors_say(t, text, "Door open again", t->closed & ~closed, false, false, e->time);
    text = doors_say(t, text, "Channel opened", open & ~t->open, true, true, e->time);
    text = doors_say(t, text, "Channel gone", t->open & ~open, false, true, e->time);
    t->closed = closed;
    t->open = open;
    return text;
}

/* ----------------------------------------------------------------- sentences */

/* The first event of the same minute. */
static const stn__saying *
minute_first(const teller *t, const stn__saying *s)
{
    while (s > t->telling->sayings && s[-1].event.time == s->event.time) {
        s--;
    }
    return s;
}

/* Records: the value's agency and whether it is false. */
static const char *
record_say(teller *t, const stn_event *e)
{
    const char *what = behaviour(t, e->subject), *where = agency(t, e->value & 0xffff);
    bool is_false = (e->value >> 16 & 1) != 0;
    const char *of_false = is_false ? " (a false record)" : "";

    switch (e->kind) {
    case STN__EVENT_BORN:
        return is_false ? say(t, "FALSE RECORD at %s, of nothing that was done: %s.", where, what)
                        : say(t, "Record at %s: %s.", where, what);
    case STN__EVENT_CONFIRMED:
        return say(t, "Confirmed by verdict at %s: %s%s.", where, what, of_false);
    case STN__EVENT_CLEARED:
        return say(t, "Cleared by verdict at %s: %s%s.", where, what, of_false);
    case STN__EVENT_SETTLED:
        return say(t, "Made good, so the record at %s ends: %s%s.", where, what, of_false);
    case STN__EVENT_COPY:
        return say(t, "The record reaches %s: %s%s.", where, what, of_false);
    default:
        return say(t, "MISFILED: a record about somebody else lands in this file at %s: %s.", where, what);
    }
}

static const char *
ended_say(teller *t, const stn_event *e)
{
    const char *what = behaviour(t, e->subject), *where = agency(t, e->value & 0xffff);

    switch (e->value >> 32) {
    case STN__TOLD:
        return say(t, "Word that the record ended reaches %s: %s.", where, what);
    case STN__GRANTED:
        return say(t, "The record at %s is struck out: %s.", where, what);
    case STN__CORRECTED:
        return say(t, "Found false and struck out at %s: %s.", where, what);
    case STN__REPAIRED:
        return say(t, "Repaired, so the record at %s ends: %s.", where, what);
    default:
        return say(t, "Pardoned, so the record at %s ends: %s.", where, what);
    }
}

static const char *
petition_say(teller *t, const stn_event *e)
{
    const char *what = behaviour(t, e->subject), *where = agency(t, e->value & 0xffff);
    const char *stage = (e->value >> 32 & 1) != 0 ? "Appeal" : "Objection";

    if (e->kind == STN__EVENT_FILED) {
        return say(t, "%s filed with %s: %s.", stage, where, what);
    }
    if (e->value >> 33 == 2) {
        return say(t, "%s void, as the record at %s has ended: %s.", stage, where, what);
    }
    return say(t, "%s %s by %s: %s.", stage, e->value >> 33 == 1 ? "GRANTED" : "denied", where, what);
}

static const char *
list_say(teller *t, const stn_event *e)
{
    uint32_t bit = 1u << e->subject;
    const char *name = list(t, e->subject);
    const stn_list *l = stn__list_of(t->regime, t->story->population, e->subject);
    const char *by;

    switch (e->kind) {
    case STN__EVENT_ENTERED:
        t->state.on |= bit;
        by = l->agency != STN_NONE ? say(t, " (kept by %s)", agency(t, (uint64_t) l->agency)) : "";
        return say(t, "LISTED: %s%s.%s", name, by, e->value != 0 ? " Wrongly: would not be, but for false records." : "");
    case STN__EVENT_LEFT:
        t->state.on &= ~bit;
        return say(t, "Off the list: %s.", name);
    case STN__EVENT_PUBLISHED:
        t->state.published = e->value != 0 ? t->state.published | bit : t->state.published & ~bit;
        return say(t, e->value != 0 ? "Name published: %s." : "Name no longer published: %s.", name);
    default:
        return say(t, e->value != 0 ? "Name kept in the public archive: %s." : "Name leaves the public archive: %s.", name);
    }
}

static const char *
notice_say(teller *t, const stn_event *e)
{
    int32_t holder = (int32_t) (e->value & 0xffff);
    bool stray = (e->value >> 16 & 1) != 0, on = e->value >> 32 != 0;
    const char *who = agency(t, e->value & 0xffff), *name = list(t, e->subject);

    for (int32_t n = 0; n < t->p->notice_count; n++) {
        if (t->p->notices[n].list == e->subject && t->p->notices[n].agency == holder) {
            uint32_t *bits = stray ? &t->mistold : &t->told;
            *bits = on ? *bits | 1u << n : *bits & ~(1u << n);
        }
    }
    t->state.told = t->told | t->mistold;
    if (stray) {
        return on ? say(t, "MISTAKEN by %s for somebody on the list: %s.", who, name)
                  : say(t, "No longer mistaken by %s for somebody on the list: %s.", who, name);
    }
    return say(t, on ? "Word of the listing reaches %s: %s." : "Word that the listing ended reaches %s: %s.", who, name);
}

static const char *
tie_say(teller *t, const stn_event *e)
{
    const stn__tie_plan *tie = &t->p->ties[e->subject];
    const stn_list *l = stn__list_of(t->regime, tie->population, tie->list);
    const char *name = stn__title(l->title, l->name);
    uint32_t bit = 1u << e->subject;

    t->state.tied = e->value != 0 ? t->state.tied | bit : t->state.tied & ~bit;
    return say(t, tie->household ? "Others of the household on the list %s: %d." : "Represented and on the list %s: %d.",
        name, (int) e->value);
}

/* Whether the log has nothing else in that minute that moves a rating: then it was
 * time that passed. */
static bool
is_of_time(const teller *t, const stn__saying *s)
{
    const stn__saying *end = t->telling->sayings + t->telling->count;

    for (const stn__saying *other = minute_first(t, s); other < end && other->event.time == s->event.time; other++) {
        switch (other->event.kind) {
        case STN__EVENT_BORN: case STN__EVENT_CONFIRMED: case STN__EVENT_CLEARED: case STN__EVENT_SETTLED:
        case STN__EVENT_COPY: case STN__EVENT_MISFILED: case STN__EVENT_ENDED: case STN__EVENT_FILED:
        case STN__EVENT_DECIDED: case STN__EVENT_REVIEW: case STN__EVENT_REDEEMED: case STN__EVENT_AGED:
            return false;
        default:
            break;
        }
    }
    return true;
}

static const char *
rating_say(teller *t, const stn__saying *s)
{
    int32_t before = t->state.rating, now = (int32_t) (uint32_t) s->event.value;
    const char *from = rating(t, before, t->state.band);
    const char *why = !is_of_time(t, s) ? "" : t->p->processed ? ", a record taking effect or being forgotten"
                                                                : ", a record being forgotten";

    t->state.rating = now;
    t->state.band = (int32_t) (s->event.value >> 32) - 1;
    return say(t, "Rating %s -> %s%s.", from, rating(t, now, t->state.band), why);
}

static const char *
money_say(teller *t, const stn_event *e)
{
    const char *what = behaviour(t, e->subject);
    uint64_t sum = e->value & ~(1ull << 63);

    if (e->kind == STN__EVENT_PAID) {
        return say(t, "Debt of %s paid: %s.", yuan(t, sum), what);
    }
    return say(t, e->value != sum ? "Fine of %s paid: %s." : "FINE of %s NOT PAID, for want of money: %s.", yuan(t, sum), what);
}

/* Ageing, coming and going, and what a rating does by itself. */
static const char *
life_say(const stn_event *e)
{
    switch (e->kind) {
    case STN__EVENT_REVIEW:
        return "Review moves the rating.";
    case STN__EVENT_REDEEMED:
        return "Clean slate: what took points away counts no more.";
    case STN__EVENT_CAME:
        return e->value >> 32 != 0 ? "Moves into the city." : "Is born.";
    case STN__EVENT_WENT:
        return e->value == 0 ? "Dies." : "Moves away for good.";
    default:
        return NULL; /* ageing has words of its own */
    }
}

/* The levels that change with age. */
static const char *
aged_say(teller *t, uint32_t before, uint32_t now)
{
    const stn_population *population = &t->story->study->world.populations[t->story->population];
    const char *text = "";

    for (int32_t a = 0; a < population->attribute_count; a++) {
        int32_t level = stn__cell_level(population, (int32_t) now, a);
        if (level != stn__cell_level(population, (int32_t) before, a)) {
            text = say(t, "%s%s%s %s", text, text[0] != '\0' ? ", " : "", population->attributes[a].name,
                population->attributes[a].levels[level]);
        }
    }
    return text[0] != '\0' ? say(t, "Grows older: %s.", text) : "Grows older.";
}

static void
cell_set(teller *t, uint32_t cell)
{
    t->state.is = t->p->class_is[t->p->cells[cell].class];
    t->state.rated = t->p->cells[cell].rated;
}

/* Who saw an act: the remarks of its minute. */
static const char *
seen_by(teller *t, const stn__saying *act)
{
    const stn__telling *told = t->telling;
    const char *text = "";

    for (const stn__saying *s = minute_first(t, act), *end = told->sayings + told->count;
         s < end && s->event.time == act->event.time; s++) {
        if (s->event.kind == STN__REMARK_SEEN && s->event.subject == act->event.subject) {
            text = say(t, "%s%s%s", text, text[0] != '\0' ? ", " : "", agency(t, s->event.value));
        }
    }
    return text;
}

static void
sent_say(teller *t, stn__saying *s)
{
    const char *where = agency(t, s->event.value & 0xffffffffu), *what = behaviour(t, s->event.subject);

    switch (s->event.value >> 32) {
    case 0:
        s->text = say(t, "LOST on its way to %s, the record: %s.", where, what);
        break;
    case 1:
        s->text = say(t, "MISDIRECTED: on its way to %s the record goes into the file of somebody else: %s.", where, what);
        break;
    default:
        s->text = say(t, "Record sent on to %s: %s.", where, what);
        break;
    }
}

/* What is told in sums. */
static bool
small_say(teller *t, stn__saying *s)
{
    const char *seen;

    switch (s->event.kind) {
    case STN__EVENT_ACT:
        seen = seen_by(t, s);
        if (seen[0] != '\0') {
            s->text = say(t, "CHANCE TAKEN, seen by %s: %s.", seen, behaviour(t, s->event.subject));
            return true;
        }
        s->head = "Chance taken, unseen";
        break;
    case STN__REMARK_NOT_TAKEN:
        s->head = "Chance not taken";
        break;
    case STN__REMARK_UNPAID:
        s->head = "Not made good";
        break;
    case STN__EVENT_BLOCKED:
        s->head = "Turned away";
        s->text = door(t, s->event.subject);
        return true;
    case STN__EVENT_REFUSED:
        s->head = "Refused, the name being public";
        s->text = door(t, s->event.subject);
        return true;
    case STN__REMARK_SEEN:
        return true; /* said with the act */
    default:
        return false;
    }
    s->text = behaviour(t, s->event.subject);
    return true;
}

static const char *
sentence(teller *t, const stn__saying *s)
{
    const stn_event *e = &s->event;

    switch (e->kind) {
    case STN__EVENT_BORN: case STN__EVENT_CONFIRMED: case STN__EVENT_CLEARED: case STN__EVENT_SETTLED:
    case STN__EVENT_COPY: case STN__EVENT_MISFILED:
        return record_say(t, e);
    case STN__EVENT_ENTERED: case STN__EVENT_LEFT: case STN__EVENT_PUBLISHED: case STN__EVENT_ARCHIVE:
        return list_say(t, e);
    case STN__EVENT_DOORS:
        return doors_changed(t, e);
    case STN__EVENT_ENDED:
        return ended_say(t, e);
    case STN__EVENT_NOTICE:
        return notice_say(t, e);
    case STN__EVENT_FILED: case STN__EVENT_DECIDED:
        return petition_say(t, e);
    case STN__EVENT_FINE: case STN__EVENT_PAID:
        return money_say(t, e);
    case STN__EVENT_TIE:
        return tie_say(t, e);
    case STN__REMARK_RATING:
        return rating_say(t, s);
    default:
        return life_say(e);
    }
}

/* --------------------------------------------------------------------- sums */

static void
sum_add(stn__sum *sum, const stn_event *e)
{
    bool is_false = (e->value >> 16 & 1) != 0;

    switch (e->kind) {
    case STN__EVENT_ACT: sum->chances++; sum->acts++; break;
    case STN__REMARK_NOT_TAKEN: sum->chances++; break;
    case STN__EVENT_BORN: sum->records += !is_false; sum->false_records += is_false; break;
    case STN__EVENT_MISFILED: sum->misfiled++; break;
    case STN__EVENT_ENTERED: sum->listings++; sum->wrong_listings += e->value != 0; break;
    case STN__EVENT_BLOCKED: sum->blocked++; break;
    case STN__EVENT_REFUSED: sum->refused++; break;
    case STN__EVENT_FILED: sum->petitions++; break;
    case STN__EVENT_DECIDED: sum->granted += e->value >> 33 == 1; break;
    case STN__EVENT_FINE: sum->yuan += e->value >> 63 != 0 ? (int64_t) (e->value & ~(1ull << 63)) : 0; break;
    case STN__EVENT_PAID: sum->yuan += (int64_t) e->value; break;
    case STN__EVENT_WENT: sum->gone = true; sum->died = e->value == 0; sum->end = e->time; break;
    default: break;
    }
}

static void
sum_end(teller *t, stn__sum *sum)
{
    if (t->closed != 0) {
        t->restricted += sum->end - t->restricted_since;
    }
    if (sum->restricted < 0) {
        sum->restricted = t->restricted;
    }
    sum->rated = t->p->rating_given && t->state.rated;
    sum->rating = t->state.rating;
    sum->band = t->state.band;
    sum->on = t->state.on;
    sum->closed = t->closed;
    sum->open = t->open;
    for (int32_t n = 0; n < t->p->notice_count; n++) {
        const stn__notice_plan *notice = &t->p->notices[n];
        if ((t->state.told >> n & 1) != 0 && (t->state.on >> notice->list & 1) == 0) {
            sum->still[sum->still_count].list = notice->list;
            sum->still[sum->still_count++].agency = notice->agency;
        }
    }
}

/* -------------------------------------------------------------------- whole */

static void
begin(teller *t)
{
    const stn_story *story = t->story;
    uint32_t cell = stn_city_cells(story->city, story->population)[story->row];
    const stn__actor actor = { .plan = t->p, .seed = story->study->seed, .population = story->population, .row = story->row };

    t->state.band = -1;
    cell_set(t, cell);
    if (!t->p->rating_given) {
        t->telling->start = "Nobody is rated.";
        return;
    }
    t->state.rating = stn__base_points(&actor);
    t->state.band = t->p->band[t->state.rating - t->p->min];
    t->telling->start = t->state.rated ? say(t, "Rating %s.", rating(t, t->state.rating, t->state.band)) : "Not rated.";
}

bool
stn__words_put(const stn_story *story, const stn__plan *plan, stn__telling *telling)
{
    teller t = { .story = story, .plan = plan, .p = &plan->populations[story->population], .regime = plan->regime,
        .telling = telling };
    uint32_t cell = stn_city_cells(story->city, story->population)[story->row];

    begin(&t);
    for (stn__saying *s = telling->sayings; s < telling->sayings + telling->count; s++) {
        sum_add(&telling->sum, &s->event);
        if (s->event.kind == STN__EVENT_AGED) {
            s->text = aged_say(&t, cell, (uint32_t) s->event.value);
            cell = (uint32_t) s->event.value;
            cell_set(&t, cell);
        } else if (s->event.kind == STN__REMARK_SENT) {
            sent_say(&t, s);
        } else if (!small_say(&t, s)) {
            s->text = sentence(&t, s);
        }
        telling->sum.seen += s->event.kind == STN__EVENT_ACT && s->head == NULL;
    }
    sum_end(&t, &telling->sum);
    return !t.failed;
}
