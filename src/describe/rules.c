/* SPDX-License-Identifier: Apache-2.0
 *
 * rules.c - what a regime does, as sentences.
 *
 * The one place where a regime's rules are put into words: who watches what, how
 * records are judged, shared, contested and forgotten, how ratings move, who is
 * listed and named, which doors close and open. What a file leaves out is said
 * only where its absence is a rule itself. */
#include "describe/describe.h"

#include <string.h>

#define CODED STN__CODE "%s" STN__CODE

void
stn__sentence_add(stn__describer *d, stn__sentences *s, const char *topic, const char *text)
{
    if (s->count == s->room) {
        stn__sentence *more = stn__room(d, 2 * s->room + 16, sizeof *more);
        if (s->count > 0) {
            memcpy(more, s->all, (size_t) s->count * sizeof *more);
        }
        s->room = 2 * s->room + 16;
        s->all = more;
    }
    s->all[s->count++] = (stn__sentence){ topic, text };
}

void
stn__sentences_put(stn__describer *d, const stn__sentences *s, stn__page *page, int depth)
{
    (void) d;
    for (int32_t i = 0; i < s->count; i++) {
        if (s->all[i].topic != NULL) {
            if (i > 0) {
                stn__page_list_end(page);
            }
            stn__page_heading(page, depth, NULL, s->all[i].topic);
            stn__page_list_begin(page);
        }
        stn__page_item(page, NULL, s->all[i].text);
    }
    if (s->count > 0) {
        stn__page_list_end(page);
    }
}

/* The sentences of one regime, while they are put together. */
typedef struct teller {
    stn__describer *d;
    const stn_regime *regime;
    stn__sentences *sentences;
    const char *topic; /* of the next one; NULL: as before */
} teller;

static void
tell(teller *t, const char *text)
{
    stn__sentence_add(t->d, t->sentences, t->topic, text);
    t->topic = NULL;
}

static const char *
who(const teller *t, int32_t population)
{
    return t->d->study->world.populations[population].name;
}

static const char *
agency(const teller *t, int32_t number)
{
    return stn__agency_named(t->d, t->regime, number);
}

/* The regime's number. */
static int32_t
number_of(const teller *t)
{
    return (int32_t) (t->regime - t->d->study->regimes);
}

static const stn_behaviour *
behaviour(const teller *t, int32_t number)
{
    return &t->d->study->world.behaviours[number];
}

/* Where the records are that an entry is about; `others`: some agency has an entry of its own. */
static const char *
where(const teller *t, int32_t number, bool others)
{
    return number != STN_NONE ? stn__say(t->d, "at %s", agency(t, number))
        : others              ? "at any agency not named here for it"
                              : "at any agency";
}

/* "“grade D” (`d_grade`)" */
static const char *
entitled(const teller *t, const char *title, const char *name)
{
    return stn__named(
        t->d, title != NULL && title[0] != '\0' ? stn__say(t->d, "\xe2\x80\x9c%s\xe2\x80\x9d", title) : NULL, name);
}

static const char *
quantity(const teller *t, const stn_quantity *q)
{
    return stn__quantity_text(t->d, q);
}

/* ", 30 days later", or ", at once". */
static const char *
later(const teller *t, const stn_quantity *q, const char *after)
{
    return q->given ? stn__say(t->d, "%s after %s", quantity(t, q), after) : "at once";
}

/* ------------------------------------------------------------------- records */

static void
watching_say(teller *t)
{
    const stn_regime *r = t->regime;

    t->topic = "Who watches, and what";
    for (int32_t i = 0; i < r->detection_count; i++) {
        const stn_detection *one = &r->detections[i];
        const stn_behaviour *b = behaviour(t, one->behaviour);
        tell(t,
            stn__say(t->d, "When a %s %s, it is seen by %s with a chance of %s; the record is made %s.",
                who(t, b->population), stn__deed(t->d, b), agency(t, one->agency), quantity(t, &one->probability),
                later(t, &one->delay, "the act")));
    }
    for (int32_t i = 0; i < r->false_record_count; i++) {
        const stn_false_record *one = &r->false_records[i];
        const stn_behaviour *b = behaviour(t, one->behaviour);
        tell(t,
            stn__say(t->d, "Without anything done, false records that a %s %s arise at %s: for each %s, %s.",
                who(t, b->population), stn__deed(t->d, b), agency(t, one->agency), who(t, b->population),
                quantity(t, &one->rate)));
    }
    if (r->detection_count + r->false_record_count == 0) {
        tell(t, "Nobody watches: no act is ever recorded.");
    }
}

static void
records_say(teller *t)
{
    const stn_regime *r = t->regime;

    t->topic = "What becomes of a record";
    tell(t,
        r->counts_confirmed
            ? "Unless a rule says otherwise, a record counts once it is confirmed."
            : "Unless a rule says otherwise, a record counts from its beginning, while it is only suspected.");
    for (int32_t i = 0; i < r->adjudication_count; i++) {
        const stn_adjudication *one = &r->adjudications[i];
        bool others = false;
        for (int32_t other = 0; other < r->adjudication_count; other++) {
            others = others
                || (r->adjudications[other].behaviour == one->behaviour && r->adjudications[other].agency != STN_NONE);
        }
        tell(t,
            stn__say(t->d,
                "A record of " CODED " %s is at first suspected; a verdict %s after its beginning confirms it with a "
                "chance of %s if the act was done, and of %s if it was not. Otherwise it is cleared and ends.",
                behaviour(t, one->behaviour)->name, where(t, one->agency, others), quantity(t, &one->after),
                quantity(t, &one->acted), quantity(t, &one->not_acted)));
    }
    if (r->detection_count + r->false_record_count > 0) {
        tell(t,
            r->adjudication_count > 0 ? "All other records are confirmed from the beginning."
                                      : "Every record is confirmed from the beginning: there are no verdicts.");
    }
    for (int32_t i = 0; i < r->settlement_count; i++) {
        const stn_settlement *one = &r->settlements[i];
        tell(t,
            stn__say(t->d, "Whoever makes good a record of " CODED " has it end %s.",
                behaviour(t, one->behaviour)->name, later(t, &one->after, "paying")));
    }
}

/* ------------------------------------------------------------------- sharing */

/* What a route carries: "records of a and b, and entries of the list c". */
static const char *
carried(const teller *t, const stn_route *route)
{
    const char *records = stn__behaviours_all(t->d, route->behaviours, "and"),
               *names[STN_LISTS_MAX * STN_POPULATIONS_MAX];
    int32_t count = 0;

    for (int32_t l = 0; l < t->regime->list_count; l++) {
        if (route->lists[l]) {
            names[count++] = stn__say(t->d, CODED, t->regime->lists[l].name);
        }
    }
    if (records == NULL && count == 0) {
        return "nothing";
    }
    return stn__say(t->d, "%s%s%s%s", records != NULL ? "records of " : "", records != NULL ? records : "",
        count == 0            ? ""
            : records != NULL ? ", and who is on "
                              : "who is on ",
        stn__joined(t->d, names, count, "and"));
}

/* What the file says of the way from one agency to another, or to each of several:
 * `count` routes that stand in one place. */
static void
route_say(teller *t, const stn_route *route, int32_t count)
{
    const char *to[STN_AGENCIES_MAX], *text;

    for (int32_t i = 0; i < count; i++) {
        to[i] = agency(t, route[i].to);
    }
    text = stn__say(t->d, "From %s to %s%s, %s: passed on %s", agency(t, route->from), count > 1 ? "each of " : "",
        stn__joined(t->d, to, count, "and"), carried(t, route),
        route->delay.given ? stn__say(t->d, "after %s", quantity(t, &route->delay)) : "at once");

    if (route->coverage.given) {
        text = stn__say(t->d, "%s; each gets through with a chance of %s", text, quantity(t, &route->coverage));
    }
    if (route->wrong_person.given) {
        text = stn__say(t->d, "%s; what gets through lands in the file of a namesake with a chance of %s", text,
            quantity(t, &route->wrong_person));
    }
    if (route->clearing.given) {
        text = stn__say(t->d, "%s; that it has ended is told with a chance of %s", text, quantity(t, &route->clearing));
    }
    tell(t, stn__say(t->d, "%s.", text));
}

static void
sharing_say(teller *t)
{
    const stn_sharing *s = &t->regime->sharing;
    const stn_world *world = &t->d->study->world;

    t->topic = "Who tells whom";
    if (!s->given) {
        tell(t,
            "Everybody knows everything at once: every rule sees the records of all agencies, and every list as it "
            "is.");
        return;
    }
    tell(t,
        "Agencies are islands: a rating, list or measure kept by an agency sees the records that this agency made or "
        "was told of, "
        "and the lists of others as far as it was told; one kept by nobody sees every record where it was made, and "
        "every list. "
        "Ratings, and what is published, everybody sees.");
    if (s->level.given) {
        tell(t, stn__say(t->d, "Every chance to get through is multiplied by %s.", quantity(t, &s->level)));
    }
    for (int32_t p = 0; p < world->population_count; p++) {
        const char *names[STN_ATTRIBUTES_MAX];
        for (int32_t a = 0; a < s->namesake_count[p]; a++) {
            names[a] = stn__say(t->d, CODED, world->populations[p].attributes[s->namesakes[p][a]].name);
        }
        if (s->route_count > 0) {
            tell(t,
                s->namesake_count[p] > 0
                    ? stn__say(t->d, "A %s taken for another is taken for somebody of the same %s.",
                        world->populations[p].name, stn__joined(t->d, names, s->namesake_count[p], "and"))
                    : stn__say(t->d, "A %s taken for another may be taken for any other.", world->populations[p].name));
        }
    }
    for (int32_t i = 0, count; i < s->route_count; i += count) {
        const stn_place *place = &s->routes[i].place;
        for (count = 1; i + count < s->route_count && count < STN_AGENCIES_MAX; count++) {
            const stn_route *other = &s->routes[i + count];
            if (other->from != s->routes[i].from || other->place.file != place->file || other->place.line != place->line
                || other->place.column != place->column) {
                break;
            }
        }
        route_say(t, &s->routes[i], count);
    }
    if (s->route_count == 0) {
        tell(t, "No agency tells another anything.");
    }
}

/* --------------------------------------------------------------- due process */

static void
fines_say(teller *t)
{
    t->topic = "Fines";
    for (int32_t i = 0; i < t->regime->fine_count; i++) {
        const stn_fine *one = &t->regime->fines[i];
        const char *text;
        bool others = false;
        for (int32_t other = 0; other < t->regime->fine_count; other++) {
            others = others
                || (t->regime->fines[other].behaviour == one->behaviour && t->regime->fines[other].agency != STN_NONE);
        }
        text = stn__say(t->d, "A record of " CODED " %s costs a fine of %s, due %s.",
            behaviour(t, one->behaviour)->name, where(t, one->agency, others), quantity(t, &one->amount),
            later(t, &one->due, "the record begins"));
        if (one->unpaid_behaviour != STN_NONE) {
            text = stn__say(t->d,
                "%s Whoever cannot pay it from savings gets a record of " CODED " at %s, for the same sum, %s.", text,
                behaviour(t, one->unpaid_behaviour)->name, agency(t, one->unpaid_agency),
                later(t, &one->unpaid_after, "the fine was due"));
        }
        tell(t, text);
    }
}

static void
petition_say(teller *t, const stn_process *process, int stage, const char *what)
{
    const stn_petition *one = &process->petitions[stage];
    const char *text;

    if (!one->given) {
        return;
    }
    text = stn__say(t->d,
        "%s against records of %s at %s: filed within %s of %s, with a chance of %s by whoever did it and %s by "
        "whoever "
        "did not; %s; granted, so that the record ends, with a chance of %s to the former and %s to the latter.",
        stage == 0 ? "An objection" : "An appeal", what, agency(t, process->agency), quantity(t, &one->within),
        stage == 1 && process->petitions[0].given ? "the denial of an objection" : "the record's beginning",
        quantity(t, &one->files_acted), quantity(t, &one->files_not_acted),
        one->duration.given ? stn__say(t->d, "a case takes %s", quantity(t, &one->duration)) : "decided at once",
        quantity(t, &one->succeeds_acted), quantity(t, &one->succeeds_not_acted));
    if (one->capacity.given) {
        text = stn__say(t->d, "%s The agency can decide %s in the whole city at scale 1; the others wait in a queue.",
            text, quantity(t, &one->capacity));
    }
    if (one->suspends) {
        text = stn__say(t->d, "%s While the case is open the record has no effect.", text);
    }
    if (one->points.given) {
        text = stn__say(
            t->d, "%s When it is denied, the rating changes by %s points.", text, quantity(t, &one->points));
    }
    if (one->fee.given) {
        text = stn__say(t->d, "%s It costs a fee of %s; who cannot pay does not file.", text, quantity(t, &one->fee));
    }
    tell(t, text);
}

static void
repair_say(teller *t, const stn_process *process, const char *what)
{
    const stn_repair *one = &process->repair;
    const char *text;

    if (!one->given) {
        return;
    }
    text = stn__say(t->d,
        "Repair of records of %s at %s: %s, the chance to have it repaired comes %s and is taken with a chance of %s",
        what, agency(t, process->agency),
        one->after.given ? stn__say(t->d, "from %s on", quantity(t, &one->after)) : "from the beginning on",
        quantity(t, &one->chances), quantity(t, &one->taken));
    if (one->needs.node_count > 0) {
        text = stn__say(
            t->d, "%s, if then %s", text, stn__condition_text(t->d, t->regime, one->population, &one->needs));
    }
    if (one->fee.given) {
        text = stn__say(t->d, "%s, for a fee of %s", text, quantity(t, &one->fee));
    }
    tell(t, stn__say(t->d, "%s; the record ends %s.", text, later(t, &one->duration, "that")));
}

static void
process_say(teller *t)
{
    const stn_regime *r = t->regime;

    t->topic = "Due process";
    for (int32_t i = 0; i < r->process_count; i++) {
        const stn_process *one = &r->processes[i];
        const char *what = stn__behaviours_all(t->d, one->behaviours, "and");
        if (what == NULL) {
            continue;
        }
        if (one->notice.given) {
            tell(t,
                stn__say(t->d, "A record of %s at %s has no effect before %s have passed: notice is given.", what,
                    agency(t, one->agency), quantity(t, &one->notice)));
        }
        petition_say(t, one, 0, what);
        petition_say(t, one, 1, what);
        if (one->correction.given) {
            tell(t,
                stn__say(t->d,
                    "A false record of %s at %s is found out by the agency itself at a rate of %s, and ends.", what,
                    agency(t, one->agency), quantity(t, &one->correction)));
        }
        repair_say(t, one, what);
    }
    for (int32_t i = 0; i < r->pardon_count; i++) {
        const stn_pardon *one = &r->pardons[i];
        const char *what = stn__behaviours_all(t->d, one->behaviours, "and");
        tell(t,
            stn__say(t->d, "At %s from the start all records of %s%s%s are pardoned.", quantity(t, &one->at),
                what != NULL ? what : "nothing", one->agency != STN_NONE ? " at " : "",
                one->agency != STN_NONE ? agency(t, one->agency) : ""));
    }
    if (t->topic != NULL) {
        tell(t, "A record cannot be objected to, appealed against, corrected, repaired or pardoned.");
    }
}

/* ------------------------------------------------------------------- ratings */

static const char *
band_list(const teller *t, const stn_rating *rating)
{
    const char *texts[64];

    for (int32_t band = 0; band < rating->band_count; band++) {
        const stn_band *one = &rating->bands[band];
        texts[band] = one->first == one->last
            ? stn__say(t->d, CODED " (%d)", one->name, (int) one->first)
            : stn__say(t->d, CODED " (%d to %d)", one->name, (int) one->first, (int) one->last);
    }
    return stn__joined(t->d, texts, rating->band_count, "and");
}

static void
points_say(teller *t, const stn_rating *rating)
{
    for (int32_t i = 0; i < rating->points_count; i++) {
        const stn_points *one = &rating->points[i];
        const stn_quantity *own = stn__quantity_at(t->d, number_of(t),
            stn__say(t->d, "ratings.%s.points.%s.forget", rating->name, behaviour(t, one->behaviour)->name));
        tell(t,
            stn__say(t->d, "A record of " CODED " counts %s points%s.", behaviour(t, one->behaviour)->name,
                quantity(t, &one->points),
                own != NULL && own->value >= STN_NEVER ? stn__say(
                    t->d, " and is never forgotten%s", stn__backing(t->d, own->regime, own->cite, own->cite_count))
                    : own != NULL ? stn__say(t->d, " and is forgotten after %s", quantity(t, own))
                                  : ""));
    }
    if (rating->points_count == 0) {
        return;
    }
    tell(t,
        rating->forget.value >= STN_NEVER
            ? stn__say(t->d, "Otherwise records are never forgotten by this rating%s.",
                rating->forget.given
                    ? stn__backing(t->d, rating->forget.regime, rating->forget.cite, rating->forget.cite_count)
                    : "")
            : stn__say(t->d, "Otherwise records are forgotten %s after they began.", quantity(t, &rating->forget)));
    if (rating->redeem.given && rating->redeem.value < STN_NEVER) {
        tell(t,
            stn__say(t->d,
                "After %s without a new record that takes points away, points go back to the base, and the records "
                "until then count no more.",
                quantity(t, &rating->redeem)));
    }
}

static void
ladder_say(teller *t, const stn_rating *rating)
{
    const char *text = stn__say(t->d,
        "A ladder: the rating is reviewed %s, each %s at a time of its own, and moves by the number of records of %s "
        "since the last review.",
        quantity(t, &rating->review), who(t, rating->population),
        stn__behaviours_named(t->d, rating->population, rating->review_behaviours, "or"));

    for (int32_t band = 0; band < rating->band_count; band++) {
        text = stn__say(t->d, "%s In band " CODED ":", text, rating->bands[band].name);
        for (int32_t m = 0; m < rating->move_count[band]; m++) {
            bool last = m == rating->move_count[band] - 1;
            text = stn__say(t->d, "%s %+d for %d%s%s", text, (int) rating->moves[band][m], (int) m,
                last ? " or more" : "", last ? "." : ",");
        }
    }
    tell(t, text);
}

static void
ratings_say(teller *t)
{
    t->topic = "Ratings";
    for (int32_t i = 0; i < t->regime->rating_count; i++) {
        const stn_rating *one = &t->regime->ratings[i];
        const char *whom = one->covers.node_count > 0
            ? stn__say(t->d, "Each %s of whom it is true that %s", who(t, one->population),
                stn__condition_text(t->d, t->regime, one->population, &one->covers))
            : stn__say(t->d, "Each %s", who(t, one->population));
        tell(t,
            stn__say(t->d, "%s has a rating, %s%s%s: from %d to %d points, beginning with %s%s.", whom,
                entitled(t, one->title, one->name), one->agency != STN_NONE ? ", kept by " : "",
                one->agency != STN_NONE ? agency(t, one->agency) : "", (int) one->min, (int) one->max,
                quantity(t, &one->base),
                one->spread.given ? stn__say(
                    t->d, ", spread between people with a standard deviation of %s", quantity(t, &one->spread))
                                  : ""));
        points_say(t, one);
        if (one->ladder) {
            ladder_say(t, one);
        }
        if (one->band_count > 0) {
            tell(t, stn__say(t->d, "Its bands are %s.", band_list(t, one)));
        }
    }
    if (t->regime->rating_count == 0) {
        tell(t, "Nobody is rated.");
    }
}

/* ---------------------------------------------------------- lists and measures */

static void
list_say(teller *t, const stn_list *one)
{
    static const char *const kinds[] = { "blacklist", "redlist", "register" };
    static const char *const again[] = {
        "somebody who was on it before enters again upon a new record or another change of what the condition asks for",
        "somebody who was on it before enters again as soon as the condition holds", "nobody enters twice"
    };
    const char *name = stn__say(t->d, CODED, one->name), *stays = "", *text;

    tell(t,
        stn__say(t->d, "The %s %s%s%s: a %s enters when %s.", kinds[one->kind], entitled(t, one->title, one->name),
            one->agency != STN_NONE ? ", kept by " : "", one->agency != STN_NONE ? agency(t, one->agency) : "",
            who(t, one->population),
            one->enter.node_count > 0 ? stn__condition_text(t->d, t->regime, one->population, &one->enter) : "never"));
    if (one->leave.node_count > 0 && one->leave.nodes[one->leave.root].op != STN_COND_NEVER) {
        stays = stn__say(t->d, "leaves when %s", stn__condition_text(t->d, t->regime, one->population, &one->leave));
    } else {
        stays = "has no condition by which to leave";
    }
    text = stn__say(t->d, "Whoever is on %s %s, %s; %s.", name, stays,
        one->term.value < STN_NEVER
            ? stn__say(t->d, "and otherwise leaves after a term of %s", quantity(t, &one->term))
            : stn__say(t->d, "without a term%s",
                one->term.given ? stn__backing(t->d, one->term.regime, one->term.cite, one->term.cite_count) : ""),
        again[one->reentry]);
    tell(t, text);
    if (one->publish.value < STN_NEVER) {
        text = stn__say(t->d, "The list %s is published %s", name, quantity(t, &one->publish));
        if (one->archive.given) {
            text = one->archive.value >= STN_NEVER
                ? stn__say(t->d, "%s, and names taken off it stay public for ever%s", text,
                    stn__backing(t->d, one->archive.regime, one->archive.cite, one->archive.cite_count))
                : stn__say(t->d, "%s, and names taken off it stay public for %s", text, quantity(t, &one->archive));
        }
        tell(t, stn__say(t->d, "%s.", text));
    }
}

static void
lists_say(teller *t)
{
    t->topic = "Lists";
    for (int32_t i = 0; i < t->regime->list_count; i++) {
        list_say(t, &t->regime->lists[i]);
    }
    if (t->regime->list_count == 0) {
        tell(t, "Nobody is listed.");
    }
}

static const char *
doors(const teller *t, const int32_t *numbers, int32_t count)
{
    const char *texts[STN_DOORS_MAX];

    for (int32_t i = 0; i < count; i++) {
        const stn_door *door = &t->d->study->world.doors[numbers[i]];
        texts[i] = stn__named(t->d, door->title, door->name);
    }
    return stn__joined(t->d, texts, count, "and");
}

/* "from 1 year on", "until 3 years": when it is in force. */
static const char *
in_force(const teller *t, const stn_measure *one)
{
    int32_t stem = (int32_t) strcspn(one->name, ".");
    const char *base = one->name[stem] == '.'
        ? stn__say(t->d, "measures.%.*s.joint%s", (int) stem, one->name, one->name + stem)
        : stn__say(t->d, "measures.%s", one->name);
    const stn_quantity *from = stn__quantity_at(t->d, number_of(t), stn__say(t->d, "%s.from", base)),
                       *until = stn__quantity_at(t->d, number_of(t), stn__say(t->d, "%s.until", base));

    return stn__say(t->d, "%s%s%s%s", from != NULL ? ", from the time " : "", from != NULL ? quantity(t, from) : "",
        until != NULL ? stn__say(t->d, "%s until the time %s", from != NULL ? "" : ",", quantity(t, until)) : "",
        from != NULL || until != NULL ? " after the start" : "");
}

static void
measure_say(teller *t, const stn_measure *one)
{
    int stem = (int) strcspn(one->name, ".");
    const char *name = entitled(t, one->title, stn__say(t->d, "%.*s", stem, one->name)), *what = "";

    if (one->closes_count > 0) {
        what = stn__say(t->d, "these doors are closed: %s", doors(t, one->closes, one->closes_count));
    }
    if (one->opens_count > 0) {
        what = stn__say(t->d, "%s%sthese channels are open: %s", what, what[0] != '\0' ? "; and " : "",
            doors(t, one->opens, one->opens_count));
    }
    tell(t,
        stn__say(t->d, "The measure %s%s%s%s%s: to a %s %s, while %s.", name, one->name[stem] == '.' ? ", part " : "",
            one->name[stem] == '.' ? one->name + stem + 1 : "",
            one->agency != STN_NONE ? stn__say(t->d, ", by %s", agency(t, one->agency)) : "", in_force(t, one),
            who(t, one->population), what,
            one->condition.node_count > 0 ? stn__condition_text(t->d, t->regime, one->population, &one->condition)
                                          : "always"));
}

static void
measures_say(teller *t)
{
    t->topic = "Measures";
    for (int32_t i = 0; i < t->regime->measure_count; i++) {
        measure_say(t, &t->regime->measures[i]);
    }
    if (t->regime->measure_count == 0) {
        tell(t, "No door is closed to anybody, and no channel opened.");
    }
}

static void
agencies_say(teller *t)
{
    const char **names = stn__room(t->d, t->regime->agency_count, sizeof *names);

    t->topic = "Agencies";
    for (int32_t i = 0; i < t->regime->agency_count; i++) {
        names[i] = agency(t, i);
    }
    tell(t,
        t->regime->agency_count > 0
            ? stn__say(t->d, "There are: %s.", stn__joined(t->d, names, t->regime->agency_count, "and"))
            : "There are none.");
}

void
stn__rules_say(stn__describer *d, int32_t regime, stn__sentences *s)
{
    teller t = { d, &d->study->regimes[regime], s, NULL };

    agencies_say(&t);
    watching_say(&t);
    records_say(&t);
    sharing_say(&t);
    fines_say(&t);
    process_say(&t);
    ratings_say(&t);
    lists_say(&t);
    measures_say(&t);
}
