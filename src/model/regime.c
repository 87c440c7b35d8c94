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

static void
read_rating(regime_reader *r, const stn__node *key, const stn__node *node, stn_rating *out)
{
    const char *where = stn__where(r->reader, "ratings", key->text);
    bool ranged;

    *out = (stn_rating) { .name = key->text, .population = STN_NONE, .place = node->place };
    if (!stn__shape_check(r->reader, &stn__shape_rating, node, where)) {
        return;
    }
    out->population = world_ref(r, stn__yaml_child(node, "of"), "population", &r->populations);
    stn__fill(r->reader, &stn__shape_rating, node, where, NULL, out);
    ranged = stn__yaml_child(node, "range") != NULL
        && stn__range(r->reader, stn__yaml_child(node, "range"), STN__POINTS, &out->min, &out->max);
    read_points(r, stn__yaml_child(node, "points"), stn__print(r->reader, "%s.points", where), out);
    read_bands(r, stn__yaml_child(node, "bands"), ranged, out);
    r->scope.population = out->population;
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

static void
read_measure(regime_reader *r, const stn__node *key, const stn__node *node, stn_measure *out)
{
    const char *where = stn__where(r->reader, "measures", key->text);
    const stn__node *closes, *opens;

    *out = (stn_measure) { .population = STN_NONE, .agency = STN_NONE };
    stn__fill(r->reader, &stn__shape_measure, node, where, NULL, out);
    out->name = key->text;
    out->place = node->place;
    if (!stn__shape_check(r->reader, &stn__shape_measure, node, where)) {
        return;
    }
    closes = stn__yaml_child(node, "closes");
    opens = stn__yaml_child(node, "opens");
    out->closes_count = read_doors(r, closes, STN_RIGHT, out, &out->closes);
    out->opens_count = read_doors(r, opens, STN_CHANNEL, out, &out->opens);
    if ((closes == NULL || closes->kind == STN__SEQUENCE) && (opens == NULL || opens->kind == STN__SEQUENCE)
        && (closes == NULL ? 0 : closes->count) + (opens == NULL ? 0 : opens->count) == 0) {
        stn__mistake(r->reader, node->place, "measure %s has no doors, expected closes or opens", stn__quote(r->reader, key->text));
    }
    out->agency = stn__ref(r->reader, stn__yaml_child(node, "by"), "agency", &r->agencies);
    r->scope.population = out->population;
    stn__condition_read(&r->scope, stn__yaml_child(node, "while"), &out->condition);
}

static void
read_measures(regime_reader *r, const stn__node *node)
{
    int32_t count = stn__map_count(r->reader, node, "measures", STN_MEASURES_MAX * STN_POPULATIONS_MAX);
    stn_measure *measures = stn__take(r->reader, (size_t) count, sizeof *measures);

    for (int32_t number = 0; number < count; number++) {
        stn_measure *out = &measures[number];
        read_measure(r, node->entries[number].key, node->entries[number].value, out);
        for (int32_t other = 0; other < number; other++) {
            out->local += measures[other].population == out->population;
        }
        if (out->population != STN_NONE && out->local == STN_MEASURES_MAX) {
            stn__mistake(r->reader, node->entries[number].key->place, "found more than %d measures of %s", STN_MEASURES_MAX,
                r->populations.names[out->population]);
        }
    }
    r->regime->measures = measures;
    r->regime->measure_count = count;
}

/* Different terms seen in the conditions of one population. */
typedef struct term_set {
    stn_term terms[STN_TERMS_MAX];
    int32_t count;
    bool told;
} term_set;

static void
count_terms(regime_reader *r, term_set *set, const stn_condition *condition)
{
    for (int32_t number = 0; number < condition->term_count; number++) {
        const stn_term *term = &condition->terms[number];
        int32_t same = 0;
        while (same < set->count && (set->terms[same].behaviours != term->behaviours
                   || set->terms[same].within != term->within || set->terms[same].confirmed != term->confirmed)) {
            same++;
        }
        if (same < set->count) {
            continue;
        }
        if (set->count < STN_TERMS_MAX) {
            set->terms[set->count++] = *term;
        } else if (!set->told) {
            set->told = true;
            stn__mistake(r->reader, condition->place, "found more than %d different records() terms of one population", STN_TERMS_MAX);
        }
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
    for (int32_t number = 0; number < regime->list_count; number++) {
        const stn_list *list = &regime->lists[number];
        if (list->population != STN_NONE) {
            count_terms(r, &sets[list->population], &list->enter);
            count_terms(r, &sets[list->population], &list->leave);
        }
    }
    for (int32_t number = 0; number < regime->measure_count; number++) {
        const stn_measure *measure = &regime->measures[number];
        if (measure->population != STN_NONE) {
            count_terms(r, &sets[measure->population], &measure->condition);
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
    check_terms(&r);
}
