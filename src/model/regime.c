/* SPDX-License-Identifier: Apache-2.0
 *
 * regime.c - reads a regime: agencies, records, ratings, lists, measures.
 *
 * Without a world the names that a world declares are taken as they come: each
 * new one gets the next number, so that all that is told by comparing names
 * (a pair given twice, two ratings of one population) still is. */
#include "model/parts.h"

#include <stdlib.h>
#include <string.h>

#include "model/condition.h"

enum { BANDS_MAX = 64 }; /* bits of a condition's mask */

typedef struct regime_reader {
    stn__reader *reader;
    const stn_world *world;   /* NULL: not known */
    stn_regime *regime;
    stn__names populations, behaviours, doors, agencies;
    stn__cond_scope scope;    /* of the conditions being read */
} regime_reader;

static void
world_names(regime_reader *r)
{
    const stn_world *world = r->world;

    for (int32_t number = 0; world != NULL && number < world->population_count; number++) {
        stn__names_add(r->reader, &r->populations, world->populations[number].name);
    }
    for (int32_t number = 0; world != NULL && number < world->behaviour_count; number++) {
        stn__names_add(r->reader, &r->behaviours, world->behaviours[number].name);
    }
    for (int32_t number = 0; world != NULL && number < world->door_count; number++) {
        stn__names_add(r->reader, &r->doors, world->doors[number].name);
    }
}

/* The number of a name that the world declares. */
static int32_t
world_ref(regime_reader *r, const stn__node *node, const char *what, stn__names *names)
{
    const char *text;
    int32_t number;

    if (r->world != NULL || node == NULL) {
        return stn__ref(r->reader, node, what, names);
    }
    text = stn__scalar(r->reader, node, stn__print(r->reader, "the name of a %s", what));
    if (text == NULL) {
        return STN_NONE;
    }
    if (!stn__is_name(text)) {
        stn__mistake(r->reader, node->place, "found %s, expected the name of a %s", stn__quote(r->reader, text), what);
        return STN_NONE;
    }
    number = stn__names_find(names, text);
    return number != STN_NONE ? number : stn__names_add(r->reader, names, text);
}

/* The population of a behaviour, or STN_NONE. */
static int32_t
behaviour_population(const regime_reader *r, int32_t behaviour)
{
    return r->world == NULL || behaviour == STN_NONE ? STN_NONE : r->world->behaviours[behaviour].population;
}

static const stn_population *
population_of(const regime_reader *r, int32_t population)
{
    return r->world == NULL || population == STN_NONE ? NULL : &r->world->populations[population];
}

static void
read_agencies(regime_reader *r, const stn__node *node)
{
    int32_t count = stn__map_count(r->reader, node, "agencies", STN_AGENCIES_MAX);
    stn_agency *agencies = stn__take(r->reader, (size_t) count, sizeof *agencies);

    for (int32_t number = 0; number < count; number++) {
        const stn__entry *entry = &node->entries[number];
        const char *where = stn__where(r->reader, "agencies", entry->key->text);
        stn__shape_check(r->reader, &stn__shape_agency, entry->value, where);
        stn__fill(r->reader, &stn__shape_agency, entry->value, where, NULL, &agencies[number]);
        agencies[number].name = entry->key->text;
        agencies[number].place = entry->value->place;
        stn__names_add(r->reader, &r->agencies, entry->key->text);
    }
    r->regime->agencies = agencies;
    r->regime->agency_count = count;
}

/* A behaviour and perhaps an agency, which an entry of a list is about. */
typedef struct pair {
    int32_t behaviour, agency;
    const char *where;        /* e.g. detection.fraud.court */
} pair;

static const char *
shown_name(const regime_reader *r, const stn__node *node)
{
    bool fine = node != NULL && node->kind == STN__SCALAR && stn__is_name(node->text);

    return fine ? node->text : node != NULL && node->kind == STN__SCALAR ? stn__quote(r->reader, node->text) : "?";
}

/* Checks one entry and reads whom it is about; pairs[number] among those before it. */
static void
read_pair(regime_reader *r, const stn__shape *shape, const char *what, const stn__node *node, pair *pairs, int32_t number)
{
    const stn__node *behaviour, *agency;
    pair *own = &pairs[number];

    *own = (pair) { STN_NONE, STN_NONE, what };
    if (node->kind == STN__MAPPING) {
        behaviour = stn__yaml_child(node, "behaviour");
        agency = stn__yaml_child(node, "agency");
        own->where = stn__print(r->reader, "%s.%s%s%s", what, shown_name(r, behaviour), agency == NULL ? "" : ".",
            agency == NULL ? "" : shown_name(r, agency));
        own->behaviour = world_ref(r, behaviour, "behaviour", &r->behaviours);
        own->agency = stn__ref(r->reader, agency, "agency", &r->agencies);
        for (int32_t other = 0; other < number && own->behaviour != STN_NONE; other++) {
            bool whole = agency == NULL || own->agency != STN_NONE; /* not an unknown agency */
            if (whole && pairs[other].behaviour == own->behaviour && strcmp(pairs[other].where, own->where) == 0) {
                stn__mistake(r->reader, node->place, "duplicate entry %s; expected one for each behaviour%s", own->where,
                    shape == &stn__shape_settlement ? "" : " and agency");
                break;
            }
        }
    }
    stn__shape_check(r->reader, shape, node, own->where);
}

static void
read_detections(regime_reader *r, const stn__node *node)
{
    int32_t count = stn__list_count(r->reader, node, "detections", STN_DETECTIONS_MAX);
    pair *pairs = stn__take(r->reader, (size_t) count, sizeof *pairs);
    stn_detection *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        read_pair(r, &stn__shape_detection, "detection", item, pairs, number);
        stn__fill(r->reader, &stn__shape_detection, item, pairs[number].where,
            population_of(r, behaviour_population(r, pairs[number].behaviour)), &all[number]);
        all[number].behaviour = pairs[number].behaviour;
        all[number].agency = pairs[number].agency;
        all[number].place = item->place;
    }
    r->regime->detections = all;
    r->regime->detection_count = count;
}

static void
read_false_records(regime_reader *r, const stn__node *node)
{
    int32_t count = stn__list_count(r->reader, node, "false records", STN_DETECTIONS_MAX);
    pair *pairs = stn__take(r->reader, (size_t) count, sizeof *pairs);
    stn_false_record *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        read_pair(r, &stn__shape_false_record, "false_records", item, pairs, number);
        stn__fill(r->reader, &stn__shape_false_record, item, pairs[number].where,
            population_of(r, behaviour_population(r, pairs[number].behaviour)), &all[number]);
        all[number].behaviour = pairs[number].behaviour;
        all[number].agency = pairs[number].agency;
        all[number].place = item->place;
    }
    r->regime->false_records = all;
    r->regime->false_record_count = count;
}

static void
read_adjudications(regime_reader *r, const stn__node *node)
{
    enum { ADJUDICATIONS_MAX = STN_BEHAVIOURS_MAX * STN_POPULATIONS_MAX * 2 };
    int32_t count = stn__list_count(r->reader, node, "adjudications", ADJUDICATIONS_MAX);
    pair *pairs = stn__take(r->reader, (size_t) count, sizeof *pairs);
    stn_adjudication *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        read_pair(r, &stn__shape_adjudication, "adjudication", item, pairs, number);
        stn__fill(r->reader, &stn__shape_adjudication, item, pairs[number].where, NULL, &all[number]);
        all[number].behaviour = pairs[number].behaviour;
        all[number].agency = pairs[number].agency;
        all[number].place = item->place;
    }
    r->regime->adjudications = all;
    r->regime->adjudication_count = count;
}

static void
read_settlements(regime_reader *r, const stn__node *node)
{
    int32_t count = stn__list_count(r->reader, node, "settlements", STN_BEHAVIOURS_MAX * STN_POPULATIONS_MAX);
    pair *pairs = stn__take(r->reader, (size_t) count, sizeof *pairs);
    stn_settlement *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        int32_t behaviour;
        read_pair(r, &stn__shape_settlement, "settlement", item, pairs, number);
        stn__fill(r->reader, &stn__shape_settlement, item, pairs[number].where, NULL, &all[number]);
        behaviour = pairs[number].behaviour;
        all[number].behaviour = behaviour;
        all[number].place = item->place;
        if (r->world != NULL && behaviour != STN_NONE && !r->world->behaviours[behaviour].settles) {
            stn__mistake(r->reader, stn__yaml_child(item, "behaviour")->place,
                "found %s, expected a behaviour that settles", stn__quote(r->reader, r->world->behaviours[behaviour].name));
        }
    }
    r->regime->settlements = all;
    r->regime->settlement_count = count;
}

static int
by_first(const void *left, const void *right)
{
    const stn_band *a = left, *b = right;

    return a->first != b->first ? (a->first < b->first ? -1 : 1) : a->last < b->last ? -1 : a->last > b->last;
}

/* Checks that bands cover the range exactly once. */
static void
check_bands(regime_reader *r, const stn__node *node, const stn_rating *rating, int32_t count)
{
    stn_band *sorted = stn__take(r->reader, (size_t) count, sizeof *sorted);
    int32_t next = rating->min;

    memcpy(sorted, rating->bands, (size_t) count * sizeof *sorted);
    qsort(sorted, (size_t) count, sizeof *sorted, by_first);
    for (int32_t number = 0; number < count; number++) {
        const stn_band *band = &sorted[number];
        if (band->first < rating->min || band->last > rating->max) {
            stn__mistake(r->reader, band->place, "band %s, [%d, %d], goes beyond the range [%d, %d]",
                stn__quote(r->reader, band->name), (int) band->first, (int) band->last, (int) rating->min, (int) rating->max);
        } else if (band->first < next && number > 0) {
            stn__mistake(r->reader, band->place, "band %s, [%d, %d], overlaps band %s, [%d, %d]", stn__quote(r->reader, band->name),
                (int) band->first, (int) band->last, stn__quote(r->reader, sorted[number - 1].name),
                (int) sorted[number - 1].first, (int) sorted[number - 1].last);
        } else if (band->first > next) {
            stn__mistake(r->reader, band->place, "no band holds the points %d to %d, just below %s", (int) next,
                (int) band->first - 1, stn__quote(r->reader, band->name));
        }
        next = band->last >= next ? band->last + 1 : next;
    }
    if (next <= rating->max) {
        stn__mistake(r->reader, node->place, "no band holds the points %d to %d", (int) next, (int) rating->max);
    }
}

static void
read_bands(regime_reader *r, const stn__node *node, bool ranged, stn_rating *out)
{
    int32_t count = stn__map_count(r->reader, node, "bands", BANDS_MAX);
    stn_band *bands = stn__take(r->reader, (size_t) count, sizeof *bands);

    for (int32_t number = 0; number < count; number++) {
        const stn__entry *entry = &node->entries[number];
        bands[number].name = entry->key->text;
        bands[number].place = entry->value->place;
        ranged = stn__range(r->reader, entry->value, STN__POINTS, &bands[number].first, &bands[number].last) && ranged;
    }
    out->bands = bands;
    out->band_count = count;
    if (ranged && count > 0) {
        check_bands(r, node, out, count);
    }
}

static void
read_points(regime_reader *r, const stn__node *node, const char *where, stn_rating *out)
{
    const stn__field *field = stn__shape_field(&stn__shape_rating, "points");
    const stn__field *forget_field = stn__shape_field(&stn__shape_quantity_forget, "forget");
    int32_t count = stn__map_count(r->reader, node, "points", STN_BEHAVIOURS_MAX);
    stn_points *points = stn__take(r->reader, (size_t) count, sizeof *points);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *key = node->entries[number].key, *forget = NULL;
        const char *own = stn__where(r->reader, where, key->text);
        stn_points *one = &points[number];
        int32_t population;
        one->behaviour = world_ref(r, key, "behaviour", &r->behaviours);
        population = behaviour_population(r, one->behaviour);
        if (population != STN_NONE && out->population != STN_NONE && population != out->population) {
            stn__mistake(r->reader, key->place, "behaviour \"%s\" is of %s, expected one of %s", key->text,
                r->world->populations[population].name, r->world->populations[out->population].name);
        }
        stn__quantity(r->reader, field, node->entries[number].value, own, NULL, &one->points, &forget);
        one->forget = (uint32_t) out->forget.value;
        if (forget != NULL) {
            stn_quantity *period = stn__take(r->reader, 1, sizeof *period);
            stn__quantity(r->reader, forget_field, forget, stn__print(r->reader, "%s.forget", own), NULL, period, NULL);
            one->forget = (uint32_t) period->value;
            if (forget->kind == STN__SCALAR) { /* what is cited for the points is cited for both */
                period->cite = one->points.cite;
                period->cite_count = one->points.cite_count;
                period->why = one->points.why;
            }
        }
    }
    out->points = points;
    out->points_count = count;
}

/* The numbers of one band's moves. */
static void
read_moves(regime_reader *r, const stn__node *node, const int32_t **moves, int32_t *count)
{
    int32_t *numbers;
    double value;

    if (!stn__expect(r->reader, node, STN__SEQUENCE, "a list of points, for no record, one, two, ...")) {
        return;
    }
    if (node->count < 1 || node->count > STN_MOVES_MAX) {
        stn__mistake(r->reader, node->place, "found a list of %d, expected 1 to %d numbers", (int) node->count, STN_MOVES_MAX);
        return;
    }
    numbers = stn__take(r->reader, (size_t) node->count, sizeof *numbers);
    for (int32_t item = 0; item < node->count; item++) {
        if (stn__plain_number(r->reader, node->items[item], STN__POINTS, &value)) {
            numbers[item] = (int32_t) value;
        }
    }
    *moves = numbers;
    *count = node->count;
}

static const char *const others = "others";

static void
read_ladder_moves(regime_reader *r, const stn__node *node, stn_rating *out)
{
    int32_t count = stn__map_count(r->reader, node, "moves", BANDS_MAX + 1), *counts, rest_count = 0;
    const int32_t **moves, *rest = NULL;
    stn__names bands = { NULL, 0, 0 };

    counts = stn__take(r->reader, (size_t) out->band_count, sizeof *counts);
    moves = stn__take(r->reader, (size_t) out->band_count, sizeof *moves);
    for (int32_t band = 0; band < out->band_count; band++) {
        stn__names_add(r->reader, &bands, out->bands[band].name);
    }
    for (int32_t number = 0; number < count; number++) {
        const stn__entry *entry = &node->entries[number];
        int32_t band;
        if (strcmp(entry->key->text, others) == 0) {
            read_moves(r, entry->value, &rest, &rest_count);
        } else if ((band = stn__ref(r->reader, entry->key, "band", &bands)) != STN_NONE) {
            read_moves(r, entry->value, &moves[band], &counts[band]);
        }
    }
    for (int32_t band = 0; band < out->band_count; band++) {
        if (moves[band] != NULL) {
            continue;
        }
        if (rest == NULL && node != NULL && node->kind == STN__MAPPING && stn__yaml_child(node, out->bands[band].name) == NULL) {
            stn__mistake(r->reader, node->place, "no moves for the band %s, expected \"%s\" for bands that are not named",
                stn__quote(r->reader, out->bands[band].name), others);
        }
        moves[band] = rest;
        counts[band] = rest_count;
    }
    out->moves = moves;
    out->move_count = counts;
}

static void
read_ladder(regime_reader *r, const stn__node *rating, const char *where, stn_rating *out)
{
    static const char *const refused[] = { "points", "forget", "redeem" };
    const stn__node *node = stn__yaml_child(rating, "ladder");

    where = stn__print(r->reader, "%s.ladder", where);
    for (size_t key = 0; key < sizeof refused / sizeof *refused; key++) {
        if (stn__yaml_child(rating, refused[key]) != NULL) {
            stn__mistake(r->reader, stn__yaml_child(rating, refused[key])->place, "found %s, which does not go with a ladder", refused[key]);
        }
    }
    if (stn__yaml_child(rating, "bands") == NULL) {
        stn__mistake(r->reader, node->place, "found a ladder without bands, expected \"bands\" in the rating");
    }
    if (!stn__shape_check(r->reader, &stn__shape_ladder, node, where)) {
        return;
    }
    stn__fill(r->reader, &stn__shape_ladder, node, where, NULL, out);
    if (out->review.value >= STN_NEVER) {
        stn__mistake(r->reader, out->review.place, "found \"never\", expected an interval such as every 1 year");
    }
    out->ladder = true;
    out->review_behaviours = stn__subject_read(&r->scope, stn__yaml_child(node, "records"));
    read_ladder_moves(r, stn__yaml_child(node, "moves"), out);
}

static void
read_rating(regime_reader *r, const stn__node *key, const stn__node *node, stn_rating *out)
{
    const char *where = stn__where(r->reader, "ratings", key->text);
    bool ranged;

    *out = (stn_rating) { .name = key->text, .population = STN_NONE, .agency = STN_NONE, .place = node->place };
    if (!stn__shape_check(r->reader, &stn__shape_rating, node, where)) {
        return;
    }
    out->population = world_ref(r, stn__yaml_child(node, "of"), "population", &r->populations);
    stn__fill(r->reader, &stn__shape_rating, node, where, NULL, out);
    ranged = stn__yaml_child(node, "range") != NULL
        && stn__range(r->reader, stn__yaml_child(node, "range"), STN__POINTS, &out->min, &out->max);
    out->agency = stn__ref(r->reader, stn__yaml_child(node, "by"), "agency", &r->agencies);
    read_points(r, stn__yaml_child(node, "points"), stn__print(r->reader, "%s.points", where), out);
    read_bands(r, stn__yaml_child(node, "bands"), ranged, out);
    r->scope.population = out->population;
    if (stn__yaml_child(node, "ladder") != NULL) {
        read_ladder(r, node, where, out);
    }
    r->scope.cover = true;
    stn__condition_read(&r->scope, stn__yaml_child(node, "covers"), &out->covers);
    r->scope.cover = false;
}

static void
read_ratings(regime_reader *r, const stn__node *node)
{
    int32_t count = stn__map_count(r->reader, node, "ratings", STN_POPULATIONS_MAX);
    stn_rating *ratings = stn__take(r->reader, (size_t) count, sizeof *ratings);

    for (int32_t number = 0; number < count; number++) {
        const stn__entry *entry = &node->entries[number];
        read_rating(r, entry->key, entry->value, &ratings[number]);
        for (int32_t other = 0; other < number && ratings[number].population != STN_NONE; other++) {
            if (ratings[other].population == ratings[number].population) {
                stn__mistake(r->reader, entry->key->place, "rating %s is a second one of %s, expected one of a population at most",
                    stn__quote(r->reader, entry->key->text), r->populations.names[ratings[number].population]);
            }
        }
    }
    r->regime->ratings = ratings;
    r->regime->rating_count = count;
    r->scope.ratings = ratings;
    r->scope.rating_count = count;
}

/* Lists before their conditions, which may name any of them. */
static stn_list *
declare_lists(regime_reader *r, const stn__node *node, int32_t count)
{
    stn_list *lists = stn__take(r->reader, (size_t) count, sizeof *lists);
    int32_t *populations = stn__take(r->reader, (size_t) count, sizeof *populations);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *key = node->entries[number].key, *value = node->entries[number].value;
        const char *where = stn__where(r->reader, "lists", key->text);
        stn_list *out = &lists[number];
        *out = (stn_list) { .population = STN_NONE, .agency = STN_NONE };
        if (stn__shape_check(r->reader, &stn__shape_list, value, where)) {
            out->population = world_ref(r, stn__yaml_child(value, "of"), "population", &r->populations);
            out->agency = stn__ref(r->reader, stn__yaml_child(value, "by"), "agency", &r->agencies);
        }
        stn__fill(r->reader, &stn__shape_list, value, where, NULL, out);
        out->name = key->text;
        out->place = value->place;
        if (out->archive.value > 0 && out->publish.value >= STN_NEVER) {
            stn__mistake(r->reader, out->archive.place, "found an archive of a list that is never published, expected \"publish\" as well");
        }
        for (int32_t other = 0; other < number; other++) {
            out->local += lists[other].population == out->population;
        }
        if (out->population != STN_NONE && out->local == STN_LISTS_MAX) {
            stn__mistake(r->reader, key->place, "found more than %d lists of %s", STN_LISTS_MAX, r->populations.names[out->population]);
        }
        populations[number] = out->population;
        stn__names_add(r->reader, &r->scope.lists, key->text);
    }
    r->scope.list_populations = populations;
    return lists;
}

/* Mentions of lists by one list: refs[first .. last - 1] of the scope. */
typedef struct mentions {
    int32_t first, last;
} mentions;

typedef struct cycle_search {
    regime_reader *r;
    const mentions *of;
    int8_t *state;            /* 0 not seen, 1 on the path, 2 done */
    int32_t *path;
    int32_t depth;
} cycle_search;

static void
tell_cycle(cycle_search *s, const stn__list_ref *ref)
{
    const char *const *names = s->r->scope.lists.names;
    const char **steps = stn__take(s->r->reader, (size_t) s->depth + 1, sizeof *steps);
    int32_t count = 0, at = 0;

    while (s->path[at] != ref->list) {
        at++;
    }
    for (; at < s->depth; at++) {
        steps[count++] = names[s->path[at]];
    }
    for (int32_t step = 1; step < count; step++) {
        steps[0] = stn__print(s->r->reader, "%s -> %s", steps[0], steps[step]);
    }
    stn__mistake(s->r->reader, ref->place, "cyclic conditions: the list %s leads back to itself: %s -> %s",
        stn__quote(s->r->reader, names[ref->list]), steps[0], names[ref->list]);
}

static void
search_cycles(cycle_search *s, int32_t list)
{
    s->state[list] = 1;
    s->path[s->depth++] = list;
    for (int32_t number = s->of[list].first; number < s->of[list].last; number++) {
        const stn__list_ref *ref = &s->r->scope.refs[number];
        if (s->state[ref->list] == 1) {
            tell_cycle(s, ref);
        } else if (s->state[ref->list] == 0) {
            search_cycles(s, ref->list);
        }
    }
    s->depth--;
    s->state[list] = 2;
}

static void
read_lists(regime_reader *r, const stn__node *node)
{
    static const stn_cond_node never = { .op = STN_COND_NEVER };
    int32_t count = stn__map_count(r->reader, node, "lists", STN_LISTS_MAX * STN_POPULATIONS_MAX);
    stn_list *lists = declare_lists(r, node, count);
    mentions *of = stn__take(r->reader, (size_t) count, sizeof *of);
    cycle_search search = { r, of, stn__take(r->reader, (size_t) count, 1), stn__take(r->reader, (size_t) count, sizeof(int32_t)), 0 };

    for (int32_t number = 0; number < count; number++) {
        const stn__node *value = node->entries[number].value;
        const stn__node *leave = stn__yaml_child(value, "leave");
        stn_list *out = &lists[number];
        r->scope.population = out->population;
        of[number].first = r->scope.ref_count;
        stn__condition_read(&r->scope, stn__yaml_child(value, "enter"), &out->enter);
        stn__condition_read(&r->scope, leave, &out->leave);
        of[number].last = r->scope.ref_count;
        if (leave == NULL) {
            out->leave.nodes = &never;
            out->leave.node_count = 1;
            out->leave.root = 0;
        }
    }
    for (int32_t number = 0; number < count; number++) {
        if (search.state[number] == 0) {
            search_cycles(&search, number);
        }
    }
    r->regime->lists = lists;
    r->regime->list_count = count;
}

/* The doors that a measure closes or opens. */
static int32_t
read_doors(regime_reader *r, const stn__node *node, stn_door_kind kind, stn_measure *out, const int32_t **doors)
{
    const stn__node *const *items, *one;
    int32_t count, kept = 0, *numbers;

    stn__one_or_many(node, &items, &count, &one);
    if (count > STN_DOORS_MAX) {
        stn__mistake(r->reader, node->place, "found %d doors, expected at most %d", (int) count, STN_DOORS_MAX);
        count = STN_DOORS_MAX;
    }
    numbers = stn__take(r->reader, (size_t) count, sizeof *numbers);
    for (int32_t item = 0; item < count; item++) {
        int32_t number = world_ref(r, items[item], "door", &r->doors);
        const stn_door *door = r->world == NULL || number == STN_NONE ? NULL : &r->world->doors[number];
        bool twice = false;
        for (int32_t other = 0; other < kept; other++) {
            twice = twice || numbers[other] == number;
        }
        if (twice) {
            stn__mistake(r->reader, items[item]->place, "duplicate door %s", stn__quote(r->reader, items[item]->text));
        } else if (number != STN_NONE) {
            numbers[kept++] = number;
        }
        if (door == NULL) {
            continue;
        }
        if (door->kind != kind) {
            stn__mistake(r->reader, items[item]->place, "door \"%s\" is a %s, expected a %s for \"%s\"", door->name,
                kind == STN_RIGHT ? "channel" : "right", kind == STN_RIGHT ? "right" : "channel",
                kind == STN_RIGHT ? "closes" : "opens");
        }
        if (out->population == STN_NONE) {
            out->population = door->population;
        } else if (door->population != STN_NONE && door->population != out->population) {
            stn__mistake(r->reader, items[item]->place, "door \"%s\" is of %s, expected one of %s like the others", door->name,
                r->world->populations[door->population].name, r->world->populations[out->population].name);
        }
    }
    *doors = numbers;
    return kept;
}

/* When a measure, or a part of a joint one, is in force. */
static void
read_force(regime_reader *r, const stn__shape *shape, const stn__node *node, const char *where, stn_measure *out)
{
    stn_quantity *from = stn__take(r->reader, 1, sizeof *from), *until = stn__take(r->reader, 1, sizeof *until);

    stn__quantity(r->reader, stn__shape_field(shape, "from"), stn__yaml_child(node, "from"), stn__print(r->reader, "%s.from", where), NULL,
        from, NULL);
    stn__quantity(r->reader, stn__shape_field(shape, "until"), stn__yaml_child(node, "until"), stn__print(r->reader, "%s.until", where), NULL,
        until, NULL);
    out->from = (uint32_t) from->value;
    out->until = (uint32_t) until->value;
    if (out->from >= out->until) {
        stn__mistake(r->reader, until->place, "found an end that is not after \"from\", expected a later one");
    }
}

/* What a measure and a part of a joint one have in common. */
static void
read_act(regime_reader *r, const stn__shape *shape, const stn__node *node, const char *where, stn_measure *out)
{
    const stn__node *closes = stn__yaml_child(node, "closes"), *opens = stn__yaml_child(node, "opens");

    out->closes_count = read_doors(r, closes, STN_RIGHT, out, &out->closes);
    out->opens_count = read_doors(r, opens, STN_CHANNEL, out, &out->opens);
    if ((closes == NULL || closes->kind == STN__SEQUENCE) && (opens == NULL || opens->kind == STN__SEQUENCE)
        && (closes == NULL ? 0 : closes->count) + (opens == NULL ? 0 : opens->count) == 0) {
        stn__mistake(r->reader, node->place, "measure %s has no doors, expected closes or opens", stn__quote(r->reader, out->name));
    }
    out->agency = stn__ref(r->reader, stn__yaml_child(node, "by"), "agency", &r->agencies);
    read_force(r, shape, node, where, out);
}

/* The measures read so far. */
typedef struct measures {
    stn_measure *all;
    int32_t count, room;
} measures;

static stn_measure *
add_measure(regime_reader *r, measures *m, stn_measure measure)
{
    m->all = stn__grow(r->reader, m->all, m->count, &m->room, sizeof *m->all);
    m->all[m->count] = measure;
    return &m->all[m->count++];
}

static void
read_joint(regime_reader *r, const stn__node *node, const char *where, const stn_measure *whole, measures *m)
{
    static const char *const refused[] = { "closes", "opens", "by", "from", "until" };
    const stn__node *joint = stn__yaml_child(node, "joint");
    int32_t count = stn__list_count(r->reader, joint, "joint measures", STN_MEASURES_MAX), first = m->count;

    for (size_t key = 0; key < sizeof refused / sizeof *refused; key++) {
        if (stn__yaml_child(node, refused[key]) != NULL) {
            stn__mistake(r->reader, stn__yaml_child(node, refused[key])->place, "found %s beside joint, expected it in the parts", refused[key]);
        }
    }
    if (joint->kind == STN__SEQUENCE && joint->count == 0) {
        stn__mistake(r->reader, joint->place, "found no parts, expected at least one");
    }
    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = joint->items[number];
        const char *own = stn__print(r->reader, "%s.joint.%d", where, (int) number + 1);
        stn_measure *out = add_measure(r, m, *whole);
        out->name = stn__print(r->reader, "%s.%d", whole->name, (int) number + 1);
        out->place = item->place;
        out->until = STN_NEVER;
        if (number > 0) {
            out->population = m->all[first].population;
        }
        if (stn__shape_check(r->reader, &stn__shape_part, item, own)) {
            read_act(r, &stn__shape_part, item, own, out);
        }
    }
    for (int32_t number = first; number < m->count; number++) {
        r->scope.population = m->all[number].population;
        stn__condition_read(&r->scope, number == first ? stn__yaml_child(node, "while") : NULL, &m->all[number].condition);
        m->all[number].condition = m->all[first].condition;
    }
}

static void
read_measure(regime_reader *r, const stn__node *key, const stn__node *node, measures *m)
{
    const char *where = stn__where(r->reader, "measures", key->text);
    stn_measure measure = { .population = STN_NONE, .agency = STN_NONE, .until = STN_NEVER };

    stn__fill(r->reader, &stn__shape_measure, node, where, NULL, &measure);
    measure.name = key->text;
    measure.place = node->place;
    if (!stn__shape_check(r->reader, &stn__shape_measure, node, where)) {
        add_measure(r, m, measure);
    } else if (stn__yaml_child(node, "joint") != NULL) {
        read_joint(r, node, where, &measure, m);
    } else {
        read_act(r, &stn__shape_measure, node, where, &measure);
        r->scope.population = measure.population;
        stn__condition_read(&r->scope, stn__yaml_child(node, "while"), &measure.condition);
        add_measure(r, m, measure);
    }
}

static void
read_measures(regime_reader *r, const stn__node *node)
{
    int32_t count = stn__map_count(r->reader, node, "measures", STN_MEASURES_MAX * STN_POPULATIONS_MAX);
    int32_t locals[STN_POPULATIONS_MAX] = { 0 };
    measures m = { 0 };

    for (int32_t number = 0; number < count; number++) {
        int32_t first = m.count;
        read_measure(r, node->entries[number].key, node->entries[number].value, &m);
        for (int32_t added = first; added < m.count; added++) {
            stn_measure *out = &m.all[added];
            if (out->population == STN_NONE || out->population >= STN_POPULATIONS_MAX) {
                continue;
            }
            out->local = locals[out->population]++;
            if (out->local == STN_MEASURES_MAX) {
                stn__mistake(r->reader, node->entries[number].key->place, "found more than %d measures of %s", STN_MEASURES_MAX,
                    r->populations.names[out->population]);
            }
        }
    }
    r->regime->measures = m.all;
    r->regime->measure_count = m.count;
}

/* ----------------------------------------------------------------- sharing */

/* The behaviours that a name or a list of names stands for, by population; all if `node` is NULL. */
static void
read_behaviour_set(regime_reader *r, const stn__node *node, uint64_t *set)
{
    const stn__node *const *items, *one;
    int32_t count;

    for (int32_t population = 0; population < STN_POPULATIONS_MAX; population++) {
        set[population] = node == NULL ? UINT64_MAX : 0;
    }
    stn__one_or_many(node, &items, &count, &one);
    for (int32_t item = 0; item < count; item++) {
        int32_t number = world_ref(r, items[item], "behaviour", &r->behaviours), population = behaviour_population(r, number);
        uint64_t bit = population == STN_NONE ? 0 : 1ull << r->world->behaviours[number].local;
        if (bit != 0 && (set[population] & bit) != 0) {
            stn__mistake(r->reader, items[item]->place, "duplicate behaviour %s", stn__quote(r->reader, items[item]->text));
        }
        if (bit != 0) {
            set[population] |= bit;
        }
    }
}

static const bool *
read_list_set(regime_reader *r, const stn__node *node)
{
    bool *set = stn__take(r->reader, (size_t) r->scope.lists.count, sizeof *set);
    const stn__node *const *items, *one;
    int32_t count;

    memset(set, node == NULL, (size_t) r->scope.lists.count * sizeof *set);
    stn__one_or_many(node, &items, &count, &one);
    for (int32_t item = 0; item < count; item++) {
        int32_t list = stn__ref(r->reader, items[item], "list", &r->scope.lists);
        if (list != STN_NONE && set[list]) {
            stn__mistake(r->reader, items[item]->place, "duplicate list %s", stn__quote(r->reader, items[item]->text));
        }
        if (list != STN_NONE) {
            set[list] = true;
        }
    }
    return set;
}

/* Whether two pairs of the same agencies carry something in common. */
static bool
carry_alike(const regime_reader *r, const stn_route *a, const stn_route *b)
{
    bool alike = false;

    for (int32_t population = 0; population < STN_POPULATIONS_MAX; population++) {
        alike = alike || (a->behaviours[population] & b->behaviours[population]) != 0;
    }
    for (int32_t list = 0; list < r->scope.lists.count; list++) {
        alike = alike || (a->lists[list] && b->lists[list]);
    }
    return alike;
}

typedef struct routes {
    stn_route *all;
    int32_t count, room;
} routes;

static void
add_route(regime_reader *r, routes *all, const stn__node *to, stn_route route)
{
    route.to = stn__ref(r->reader, to, "agency", &r->agencies);
    if (route.to == STN_NONE || route.from == STN_NONE) {
        return;
    }
    if (route.to == route.from) {
        stn__mistake(r->reader, to->place, "found %s, the agency that tells, expected another", stn__quote(r->reader, to->text));
        return;
    }
    for (int32_t other = 0; other < all->count; other++) {
        if (all->all[other].from == route.from && all->all[other].to == route.to && carry_alike(r, &all->all[other], &route)) {
            stn__mistake(r->reader, to->place, "duplicate route from %s to %s, expected one for each thing carried",
                r->agencies.names[route.from], r->agencies.names[route.to]);
            return;
        }
    }
    if (all->count == STN_ROUTES_MAX) {
        stn__mistake(r->reader, to->place, "found more than %d routes", STN_ROUTES_MAX);
        return;
    }
    all->all = stn__grow(r->reader, all->all, all->count, &all->room, sizeof *all->all);
    all->all[all->count++] = route;
}

static void
read_routes(regime_reader *r, const stn__node *node, stn_sharing *out)
{
    int32_t count = stn__list_count(r->reader, node, "routes", STN_ROUTES_MAX);
    routes all = { 0 };

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        const char *where = stn__print(r->reader, "sharing.routes.%d", (int) number + 1);
        stn_route *route = stn__take(r->reader, 1, sizeof *route); /* stays: its numbers are known by where they stand */
        const stn__node *const *items, *one;
        int32_t ends;
        if (!stn__shape_check(r->reader, &stn__shape_route, item, where)) {
            continue;
        }
        stn__fill(r->reader, &stn__shape_route, item, where, NULL, route);
        route->place = item->place;
        route->from = stn__ref(r->reader, stn__yaml_child(item, "from"), "agency", &r->agencies);
        read_behaviour_set(r, stn__yaml_child(item, "behaviours"), route->behaviours);
        route->lists = read_list_set(r, stn__yaml_child(item, "lists"));
        stn__one_or_many(stn__yaml_child(item, "to"), &items, &ends, &one);
        for (int32_t end = 0; end < ends; end++) {
            add_route(r, &all, items[end], *route);
        }
    }
    out->routes = all.all;
    out->route_count = all.count;
}

static void
read_namesakes(regime_reader *r, const stn__node *node, stn_sharing *out)
{
    const stn__node *const *items, *one;
    int32_t count;

    stn__one_or_many(node, &items, &count, &one);
    for (int32_t item = 0; item < count; item++) {
        const char *text = stn__scalar(r->reader, items[item], "the name of an attribute");
        bool known = r->world == NULL;
        for (int32_t population = 0; text != NULL && r->world != NULL && population < r->world->population_count; population++) {
            int32_t attribute = stn__find_attribute(&r->world->populations[population], text);
            int32_t *own = out->namesakes[population], *own_count = &out->namesake_count[population], at;
            if (attribute == STN_NONE) {
                continue;
            }
            known = true;
            for (at = *own_count; at > 0 && own[at - 1] > attribute; at--) {
                own[at] = own[at - 1];
            }
            if (at > 0 && own[at - 1] == attribute) {
                stn__mistake(r->reader, items[item]->place, "duplicate attribute %s", stn__quote(r->reader, text));
                return;
            }
            own[at] = attribute;
            ++*own_count;
        }
        if (text != NULL && !known) {
            stn__mistake(r->reader, items[item]->place, "unknown attribute %s, expected one of some population", stn__quote(r->reader, text));
        }
    }
}

static void
read_sharing(regime_reader *r, const stn__node *node)
{
    stn_sharing *out = &r->regime->sharing;

    stn__fill(r->reader, &stn__shape_sharing, node, "sharing", NULL, out);
    if (node == NULL || !stn__shape_check(r->reader, &stn__shape_sharing, node, "sharing")) {
        return;
    }
    out->given = true;
    read_namesakes(r, stn__yaml_child(node, "namesakes"), out);
    read_routes(r, stn__yaml_child(node, "routes"), out);
}

/* ------------------------------------------------------ fines, due process */

/* Refuses what costs people without money something. */
static void
check_money(regime_reader *r, const stn__node *node, const char *key, int32_t population)
{
    const stn_population *of = population_of(r, population);

    if (node != NULL && of != NULL && !of->money.given) {
        stn__mistake(r->reader, node->place, "found %s, but %s has no money", key, of->name);
    }
}

static void
read_unpaid(regime_reader *r, const stn__node *node, stn_fine *out)
{
    const stn__node *behaviour = node == NULL ? NULL : stn__yaml_child(node, "behaviour");
    const stn_behaviour *b;

    out->unpaid_behaviour = out->unpaid_agency = STN_NONE;
    if (behaviour == NULL) {
        return;
    }
    out->unpaid_behaviour = world_ref(r, behaviour, "behaviour", &r->behaviours);
    out->unpaid_agency = stn__ref(r->reader, stn__yaml_child(node, "agency"), "agency", &r->agencies);
    if (r->world == NULL || out->unpaid_behaviour == STN_NONE || out->behaviour == STN_NONE) {
        return;
    }
    b = &r->world->behaviours[out->unpaid_behaviour];
    if (b->population != r->world->behaviours[out->behaviour].population || b->kind != STN_DEFAULT || !b->settles) {
        stn__mistake(r->reader, behaviour->place, "found %s, expected a default of the same population that settles", stn__quote(r->reader, b->name));
    }
}

static void
read_fines(regime_reader *r, const stn__node *node)
{
    int32_t count = stn__list_count(r->reader, node, "fines", STN_FINES_MAX);
    pair *pairs = stn__take(r->reader, (size_t) count, sizeof *pairs);
    stn_fine *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        int32_t population;
        read_pair(r, &stn__shape_fine, "fines", item, pairs, number);
        population = behaviour_population(r, pairs[number].behaviour);
        stn__fill(r->reader, &stn__shape_fine, item, pairs[number].where, population_of(r, population), &all[number]);
        all[number].behaviour = pairs[number].behaviour;
        all[number].agency = pairs[number].agency;
        all[number].place = item->place;
        read_unpaid(r, stn__yaml_child(item, "unpaid"), &all[number]);
        check_money(r, stn__yaml_child(item, "amount"), "a fine", population);
    }
    r->regime->fines = all;
    r->regime->fine_count = count;
}

/* Populations that a set of behaviours is about: the only one, or STN_NONE. */
static int32_t
only_population(const regime_reader *r, const uint64_t *behaviours)
{
    int32_t only = STN_NONE, count = 0;

    for (int32_t b = 0; r->world != NULL && b < r->world->behaviour_count; b++) {
        const stn_behaviour *behaviour = &r->world->behaviours[b];
        if (behaviour->population != STN_NONE && (behaviours[behaviour->population] >> behaviour->local & 1) != 0
            && behaviour->population != only) {
            only = behaviour->population;
            count++;
        }
    }
    return count == 1 ? only : STN_NONE;
}

/* A fee can be asked only of those who have money. */
static void
check_fee(regime_reader *r, const stn__node *node, const uint64_t *behaviours)
{
    const stn__node *fee = node == NULL ? NULL : stn__yaml_child(node, "fee");

    for (int32_t b = 0; fee != NULL && r->world != NULL && b < r->world->behaviour_count; b++) {
        const stn_behaviour *behaviour = &r->world->behaviours[b];
        if (behaviour->population != STN_NONE && (behaviours[behaviour->population] >> behaviour->local & 1) != 0
            && !r->world->populations[behaviour->population].money.given) {
            check_money(r, fee, "a fee", behaviour->population);
            return;
        }
    }
}

static void
read_petition(regime_reader *r, const stn__node *node, const char *where, const uint64_t *behaviours, stn_petition *out)
{
    const stn__node *suspends;

    stn__fill(r->reader, &stn__shape_petition, node, where, NULL, out);
    if (node == NULL || !stn__shape_check(r->reader, &stn__shape_petition, node, where)) {
        return;
    }
    out->given = true;
    out->place = node->place;
    suspends = stn__yaml_child(node, "suspends");
    out->suspends = suspends != NULL && stn__word(r->reader, stn__shape_field(&stn__shape_petition, "suspends"), suspends) == 1;
    if (out->within.given && out->within.value < 1) {
        stn__mistake(r->reader, out->within.place, "found %s, expected a duration of at least 1 minute", stn__quote(r->reader, out->within.text));
    }
    check_fee(r, node, behaviours);
}

static void
read_repair(regime_reader *r, const stn__node *node, const char *where, const uint64_t *behaviours, stn_repair *out)
{
    const stn__node *needs;

    stn__fill(r->reader, &stn__shape_repair, node, where, NULL, out);
    out->population = only_population(r, behaviours);
    if (node == NULL || !stn__shape_check(r->reader, &stn__shape_repair, node, where)) {
        return;
    }
    out->given = true;
    out->place = node->place;
    needs = stn__yaml_child(node, "needs");
    if (needs != NULL) {
        if (r->world != NULL && out->population == STN_NONE) {
            stn__mistake(r->reader, needs->place, "found a condition about records of several populations, expected behaviours of one");
        }
        r->scope.population = out->population;
        stn__condition_read(&r->scope, needs, &out->needs);
    }
    check_fee(r, node, behaviours);
}

static void
read_process(regime_reader *r, const stn__node *node, const char *where, stn_process *out)
{
    const stn__node *behaviours = stn__yaml_child(node, "behaviours");

    stn__fill(r->reader, &stn__shape_process, node, where, NULL, out);
    out->place = node->place;
    out->agency = stn__ref(r->reader, stn__yaml_child(node, "agency"), "agency", &r->agencies);
    read_behaviour_set(r, behaviours, out->behaviours);
    read_petition(r, stn__yaml_child(node, "objection"), stn__print(r->reader, "%s.objection", where), out->behaviours, &out->petitions[0]);
    read_petition(r, stn__yaml_child(node, "appeal"), stn__print(r->reader, "%s.appeal", where), out->behaviours, &out->petitions[1]);
    read_repair(r, stn__yaml_child(node, "repair"), stn__print(r->reader, "%s.repair", where), out->behaviours, &out->repair);
}

static void
read_processes(regime_reader *r, const stn__node *node)
{
    int32_t count = stn__list_count(r->reader, node, "entries of due process", STN_PROCESSES_MAX);
    stn_process *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        const char *where = stn__print(r->reader, "due_process.%d", (int) number + 1);
        stn_process *out = &all[number];
        out->agency = STN_NONE;
        if (!stn__shape_check(r->reader, &stn__shape_process, item, where)) {
            continue;
        }
        read_process(r, item, where, out);
        for (int32_t other = 0; other < number && out->agency != STN_NONE; other++) {
            bool both = false;
            for (int32_t population = 0; population < STN_POPULATIONS_MAX; population++) {
                both = both || (all[other].behaviours[population] & out->behaviours[population]) != 0;
            }
            if (all[other].agency == out->agency && both) {
                stn__mistake(r->reader, item->place, "second entry of due process for %s about the same behaviours, expected one for each behaviour and agency",
                    r->agencies.names[out->agency]);
                break;
            }
        }
    }
    r->regime->processes = all;
    r->regime->process_count = count;
}

static void
read_pardons(regime_reader *r, const stn__node *node)
{
    int32_t count = stn__list_count(r->reader, node, "pardons", STN_PARDONS_MAX);
    stn_pardon *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        const char *where = stn__print(r->reader, "pardons.%d", (int) number + 1);
        stn_pardon *out = &all[number];
        out->agency = STN_NONE;
        if (!stn__shape_check(r->reader, &stn__shape_pardon, item, where)) {
            continue;
        }
        stn__fill(r->reader, &stn__shape_pardon, item, where, NULL, out);
        out->place = item->place;
        out->agency = stn__ref(r->reader, stn__yaml_child(item, "agency"), "agency", &r->agencies);
        read_behaviour_set(r, stn__yaml_child(item, "behaviours"), out->behaviours);
        if (out->at.given && out->at.value < 1) {
            stn__mistake(r->reader, out->at.place, "found %s, expected a duration of at least 1 minute", stn__quote(r->reader, out->at.text));
        }
    }
    r->regime->pardons = all;
    r->regime->pardon_count = count;
}

/* ------------------------------------------------------------------ limits */

/* Different terms seen in the conditions of one population. */
typedef struct term_set {
    stn_term terms[STN_TERMS_MAX];
    int32_t viewers[STN_TERMS_MAX];
    int32_t count;
    bool told;
} term_set;

/* Who sees the records in what an agency keeps: without sharing everybody sees all. */
static int32_t
viewer_of(const regime_reader *r, int32_t agency)
{
    return r->regime->sharing.given ? agency : STN_NONE;
}

static void
count_term(regime_reader *r, term_set *set, const stn_term *term, int32_t viewer, stn_place place)
{
    int32_t same = 0;

    while (same < set->count && (set->terms[same].behaviours != term->behaviours || set->terms[same].within != term->within
               || set->terms[same].confirmed != term->confirmed || set->viewers[same] != viewer)) {
        same++;
    }
    if (same < set->count) {
        return;
    }
    if (set->count < STN_TERMS_MAX) {
        set->viewers[set->count] = viewer;
        set->terms[set->count++] = *term;
    } else if (!set->told) {
        set->told = true;
        stn__mistake(r->reader, place, "found more than %d different records() terms of one population", STN_TERMS_MAX);
    }
}

static void
count_terms(regime_reader *r, term_set *set, const stn_condition *condition, int32_t agency)
{
    for (int32_t number = 0; number < condition->term_count; number++) {
        count_term(r, set, &condition->terms[number], viewer_of(r, agency), condition->place);
    }
}

static void
check_terms(regime_reader *r)
{
    const stn_regime *regime = r->regime;
    term_set *sets;

    if (r->world == NULL) {
        return;
    }
    sets = stn__take(r->reader, STN_POPULATIONS_MAX, sizeof *sets);
    for (int32_t number = 0; number < regime->rating_count; number++) {
        const stn_rating *rating = &regime->ratings[number];
        stn_term term = { rating->review_behaviours, (uint32_t) rating->review.value, regime->counts_confirmed };
        if (rating->population != STN_NONE && rating->ladder) {
            count_term(r, &sets[rating->population], &term, viewer_of(r, rating->agency), rating->place);
        }
    }
    for (int32_t number = 0; number < regime->list_count; number++) {
        const stn_list *list = &regime->lists[number];
        if (list->population != STN_NONE) {
            count_terms(r, &sets[list->population], &list->enter, list->agency);
            count_terms(r, &sets[list->population], &list->leave, list->agency);
        }
    }
    for (int32_t number = 0; number < regime->measure_count; number++) {
        const stn_measure *measure = &regime->measures[number];
        if (measure->population != STN_NONE) {
            count_terms(r, &sets[measure->population], &measure->condition, measure->agency);
        }
    }
    for (int32_t number = 0; number < regime->process_count; number++) {
        const stn_process *process = &regime->processes[number];
        if (process->repair.population != STN_NONE) {
            count_terms(r, &sets[process->repair.population], &process->repair.needs, process->agency);
        }
    }
}

/* Notices and ties of one population. */
typedef struct mention_set {
    int32_t lists[STN_NOTICES_MAX], agencies[STN_NOTICES_MAX];
    int32_t count;
    bool told;
} mention_set;

static void
count_mention(regime_reader *r, mention_set *set, int32_t list, int32_t agency, stn_place place, const char *what)
{
    for (int32_t known = 0; known < set->count; known++) {
        if (set->lists[known] == list && set->agencies[known] == agency) {
            return;
        }
    }
    if (set->count < STN_NOTICES_MAX) {
        set->lists[set->count] = list;
        set->agencies[set->count++] = agency;
    } else if (!set->told) {
        set->told = true;
        stn__mistake(r->reader, place, "found more than %d different %s of one population", STN_NOTICES_MAX, what);
    }
}

static void
count_mentions(regime_reader *r, mention_set *notices, mention_set *ties, const stn_condition *condition, int32_t agency)
{
    for (int32_t n = 0; n < condition->node_count; n++) {
        const stn_cond_node *node = &condition->nodes[n];
        if (node->op == STN_COND_HOUSEHOLD || node->op == STN_COND_REPRESENTATIVE) {
            count_mention(r, ties, node->a, (int32_t) node->op, condition->place, "household() and representative()");
        } else if (node->op == STN_COND_ON && viewer_of(r, agency) != STN_NONE && r->regime->lists[node->a].agency != STN_NONE
            && r->regime->lists[node->a].agency != agency) {
            count_mention(r, notices, node->a, agency, condition->place, "pairs of a list and another agency that sees it");
        }
    }
}

static void
check_mentions(regime_reader *r)
{
    const stn_regime *regime = r->regime;
    mention_set *notices = stn__take(r->reader, STN_POPULATIONS_MAX, sizeof *notices);
    mention_set *ties = stn__take(r->reader, STN_POPULATIONS_MAX, sizeof *ties);

    if (r->world == NULL) {
        return;
    }
    for (int32_t number = 0; number < regime->list_count; number++) {
        const stn_list *list = &regime->lists[number];
        if (list->population != STN_NONE) {
            count_mentions(r, &notices[list->population], &ties[list->population], &list->enter, list->agency);
            count_mentions(r, &notices[list->population], &ties[list->population], &list->leave, list->agency);
        }
    }
    for (int32_t number = 0; number < regime->measure_count; number++) {
        const stn_measure *measure = &regime->measures[number];
        if (measure->population != STN_NONE) {
            count_mentions(r, &notices[measure->population], &ties[measure->population], &measure->condition, measure->agency);
        }
    }
    for (int32_t number = 0; number < regime->process_count; number++) {
        const stn_process *process = &regime->processes[number];
        if (process->repair.population != STN_NONE) {
            count_mentions(r, &notices[process->repair.population], &ties[process->repair.population], &process->repair.needs, process->agency);
        }
    }
}

void
stn__regime_read(stn__reader *reader, const stn__node *root, const stn_world *world, stn_regime *out)
{
    regime_reader r = { .reader = reader, .world = world, .regime = out };
    const stn__node *counts;

    r.scope.reader = reader;
    r.scope.world = world;
    if (!stn__shape_check(reader, &stn__shape_regime, root, "")) {
        return;
    }
    world_names(&r);
    stn__sources(reader, root, &out->sources, &out->source_count);
    stn__fill(reader, &stn__shape_regime, root, "", NULL, out);
    read_agencies(&r, stn__yaml_child(root, "agencies"));
    read_detections(&r, stn__yaml_child(root, "detection"));
    read_false_records(&r, stn__yaml_child(root, "false_records"));
    read_adjudications(&r, stn__yaml_child(root, "adjudication"));
    read_settlements(&r, stn__yaml_child(root, "settlement"));
    counts = stn__yaml_child(root, "counts");
    out->counts_confirmed = counts != NULL && stn__word(reader, stn__shape_field(&stn__shape_regime, "counts"), counts) == 1;
    r.scope.confirmed = out->counts_confirmed;
    read_ratings(&r, stn__yaml_child(root, "ratings"));
    read_lists(&r, stn__yaml_child(root, "lists"));
    read_measures(&r, stn__yaml_child(root, "measures"));
    read_sharing(&r, stn__yaml_child(root, "sharing"));
    read_fines(&r, stn__yaml_child(root, "fines"));
    read_processes(&r, stn__yaml_child(root, "due_process"));
    read_pardons(&r, stn__yaml_child(root, "pardons"));
    check_terms(&r);
    check_mentions(&r);
}
