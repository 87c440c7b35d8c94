/* SPDX-License-Identifier: Apache-2.0
 *
 * regime.c - reads a regime: agencies, records, and the sections in other files. */
#include "model/regime.h"

#include <string.h>

#include "model/parts.h"

static void
world_names(stn__regime_reader *r)
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

int32_t
stn__world_ref(stn__regime_reader *r, const stn__node *node, const char *what, stn__names *names)
{
    const char *text, *expected;
    int32_t number;

    if (r->world != NULL || node == NULL) {
        return stn__ref(r->reader, node, what, names);
    }
    expected = stn__print(r->reader, "the name of a%s %s", what[0] == 'a' ? "n" : "", what);
    text = stn__scalar(r->reader, node, expected);
    if (text == NULL) {
        return STN_NONE;
    }
    if (!stn__is_name(text)) {
        stn__mistake(r->reader, node->place, "found %s, expected %s", stn__quote(r->reader, text), expected);
        return STN_NONE;
    }
    number = stn__names_find(names, text);
    return number != STN_NONE ? number : stn__names_add(r->reader, names, text);
}

int32_t
stn__behaviour_population(const stn__regime_reader *r, int32_t behaviour)
{
    return r->world == NULL || behaviour == STN_NONE ? STN_NONE : r->world->behaviours[behaviour].population;
}

const stn_population *
stn__regime_population(const stn__regime_reader *r, int32_t population)
{
    return r->world == NULL || population == STN_NONE ? NULL : &r->world->populations[population];
}

static void
read_agencies(stn__regime_reader *r, const stn__node *node)
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

static const char *
shown_name(const stn__regime_reader *r, const stn__node *node)
{
    bool fine = node != NULL && node->kind == STN__SCALAR && stn__is_name(node->text);

    return fine ? node->text : node != NULL && node->kind == STN__SCALAR ? stn__quote(r->reader, node->text) : "?";
}

void
stn__pair_read(stn__regime_reader *r, const stn__shape *shape, const char *what, const stn__node *node, stn__pair *pairs, int32_t number)
{
    const stn__node *behaviour, *agency;
    stn__pair *own = &pairs[number];

    *own = (stn__pair) { STN_NONE, STN_NONE, what };
    if (node->kind == STN__MAPPING) {
        behaviour = stn__yaml_child(node, "behaviour");
        agency = stn__yaml_child(node, "agency");
        own->where = stn__print(r->reader, "%s.%s%s%s", what, shown_name(r, behaviour), agency == NULL ? "" : ".",
            agency == NULL ? "" : shown_name(r, agency));
        own->behaviour = stn__world_ref(r, behaviour, "behaviour", &r->behaviours);
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
read_detections(stn__regime_reader *r, const stn__node *node)
{
    int32_t count = stn__list_count(r->reader, node, "detections", STN_DETECTIONS_MAX);
    stn__pair *pairs = stn__take(r->reader, (size_t) count, sizeof *pairs);
    stn_detection *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        stn__pair_read(r, &stn__shape_detection, "detection", item, pairs, number);
        stn__fill(r->reader, &stn__shape_detection, item, pairs[number].where,
            stn__regime_population(r, stn__behaviour_population(r, pairs[number].behaviour)), &all[number]);
        all[number].behaviour = pairs[number].behaviour;
        all[number].agency = pairs[number].agency;
        all[number].place = item->place;
    }
    r->regime->detections = all;
    r->regime->detection_count = count;
}

static void
read_false_records(stn__regime_reader *r, const stn__node *node)
{
    int32_t count = stn__list_count(r->reader, node, "false records", STN_DETECTIONS_MAX);
    stn__pair *pairs = stn__take(r->reader, (size_t) count, sizeof *pairs);
    stn_false_record *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        stn__pair_read(r, &stn__shape_false_record, "false_records", item, pairs, number);
        stn__fill(r->reader, &stn__shape_false_record, item, pairs[number].where,
            stn__regime_population(r, stn__behaviour_population(r, pairs[number].behaviour)), &all[number]);
        all[number].behaviour = pairs[number].behaviour;
        all[number].agency = pairs[number].agency;
        all[number].place = item->place;
    }
    r->regime->false_records = all;
    r->regime->false_record_count = count;
}

static void
read_adjudications(stn__regime_reader *r, const stn__node *node)
{
    enum { ADJUDICATIONS_MAX = STN_BEHAVIOURS_MAX * STN_POPULATIONS_MAX * 2 };
    int32_t count = stn__list_count(r->reader, node, "adjudications", ADJUDICATIONS_MAX);
    stn__pair *pairs = stn__take(r->reader, (size_t) count, sizeof *pairs);
    stn_adjudication *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        stn__pair_read(r, &stn__shape_adjudication, "adjudication", item, pairs, number);
        stn__fill(r->reader, &stn__shape_adjudication, item, pairs[number].where, NULL, &all[number]);
        all[number].behaviour = pairs[number].behaviour;
        all[number].agency = pairs[number].agency;
        all[number].place = item->place;
    }
    r->regime->adjudications = all;
    r->regime->adjudication_count = count;
}

static void
read_settlements(stn__regime_reader *r, const stn__node *node)
{
    int32_t count = stn__list_count(r->reader, node, "settlements", STN_BEHAVIOURS_MAX * STN_POPULATIONS_MAX);
    stn__pair *pairs = stn__take(r->reader, (size_t) count, sizeof *pairs);
    stn_settlement *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        int32_t behaviour;
        stn__pair_read(r, &stn__shape_settlement, "settlement", item, pairs, number);
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

void
stn__refuse_empty(stn__regime_reader *r, const stn__node *node, const char *what)
{
    if (node != NULL && node->kind == STN__SEQUENCE && node->count == 0) {
        stn__mistake(r->reader, node->place, "found an empty list, expected %s", what);
    }
}

void
stn__behaviours_read(stn__regime_reader *r, const stn__node *node, stn__behaviours *out)
{
    const stn__node *const *items, *one;
    int32_t count;

    stn__one_or_many(node, &items, &count, &one);
    *out = (stn__behaviours) { .all = node == NULL, .numbers = stn__take(r->reader, (size_t) count, sizeof *out->numbers) };
    for (int32_t item = 0; item < count; item++) {
        int32_t number = stn__world_ref(r, items[item], "behaviour", &r->behaviours), same = 0;
        while (same < out->count && out->numbers[same] != number) {
            same++;
        }
        if (number != STN_NONE && same < out->count) {
            stn__mistake(r->reader, items[item]->place, "duplicate behaviour %s", stn__quote(r->reader, items[item]->text));
        } else if (number != STN_NONE) {
            out->numbers[out->count++] = number;
        }
    }
}

static bool
behaviours_hold(const stn__behaviours *set, int32_t behaviour)
{
    bool holds = set->all;

    for (int32_t number = 0; number < set->count; number++) {
        holds = holds || set->numbers[number] == behaviour;
    }
    return holds;
}

void
stn__behaviours_bits(const stn__regime_reader *r, const stn__behaviours *set, uint64_t *bits)
{
    memset(bits, 0, STN_POPULATIONS_MAX * sizeof *bits);
    for (int32_t number = 0; r->world != NULL && number < r->world->behaviour_count; number++) {
        const stn_behaviour *behaviour = &r->world->behaviours[number];
        if (behaviour->population != STN_NONE && behaviours_hold(set, number)) {
            bits[behaviour->population] |= (uint64_t) 1 << behaviour->local;
        }
    }
}

const char *
stn__behaviours_common(stn__regime_reader *r, const stn__behaviours *a, const stn__behaviours *b)
{
    for (int32_t number = 0; number < r->behaviours.count; number++) {
        if (behaviours_hold(a, number) && behaviours_hold(b, number) && !(a->all && b->all)) {
            return stn__print(r->reader, "behaviour %s", stn__quote(r->reader, r->behaviours.names[number]));
        }
    }
    return a->all && b->all ? "all behaviours" : NULL;
}

void
stn__regime_read(stn__reader *reader, const stn__node *root, const stn_world *world, stn_regime *out)
{
    stn__regime_reader r = { .reader = reader, .world = world, .regime = out };
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
    out->counts_place = counts != NULL ? counts->place : (stn_place) { 0, 0, 0 };
    r.scope.confirmed = out->counts_confirmed;
    stn__ratings_read(&r, stn__yaml_child(root, "ratings"));
    stn__lists_read(&r, stn__yaml_child(root, "lists"));
    stn__measures_read(&r, stn__yaml_child(root, "measures"));
    stn__sharing_read(&r, stn__yaml_child(root, "sharing"));
    stn__fines_read(&r, stn__yaml_child(root, "fines"));
    stn__processes_read(&r, stn__yaml_child(root, "due_process"));
    stn__pardons_read(&r, stn__yaml_child(root, "pardons"));
    stn__limits_check(&r);
}
