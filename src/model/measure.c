/* SPDX-License-Identifier: Apache-2.0
 *
 * measure.c - reads measures, joint ones too. */
#include "model/regime.h"

/* The doors that a measure closes or opens. */
static int32_t
read_doors(stn__regime_reader *r, const stn__node *node, stn_door_kind kind, stn_measure *out, const int32_t **doors)
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
        int32_t number = stn__world_ref(r, items[item], "door", &r->doors);
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
read_force(stn__regime_reader *r, const stn__shape *shape, const stn__node *node, const char *where, stn_measure *out)
{
    stn_quantity *from = stn__take(r->reader, 1, sizeof *from), *until = stn__take(r->reader, 1, sizeof *until);

    stn__quantity(r->reader, stn__shape_field(shape, "from"), stn__yaml_child(node, "from"), stn__print(r->reader, "%s.from", where),
        NULL, from, NULL);
    stn__quantity(r->reader, stn__shape_field(shape, "until"), stn__yaml_child(node, "until"), stn__print(r->reader, "%s.until", where),
        NULL, until, NULL);
    out->from = (uint32_t) from->value;
    out->until = (uint32_t) until->value;
    if (out->from >= out->until) { /* so both were read: left out, they are 0 and never */
        stn__mistake(r->reader, until->place, "found until %s, expected it later than from, %s", stn__quote(r->reader, until->text),
            stn__quote(r->reader, from->text));
    }
}

/* What a measure and a part of a joint one have in common. */
static void
read_act(stn__regime_reader *r, const stn__shape *shape, const stn__node *node, const char *where, stn_measure *out)
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
add_measure(stn__regime_reader *r, measures *m, stn_measure measure)
{
    m->all = stn__grow(r->reader, m->all, m->count, &m->room, sizeof *m->all);
    m->all[m->count] = measure;
    return &m->all[m->count++];
}

/* The parts of a joint measure, which share all that `whole` has. */
static void
read_parts(stn__regime_reader *r, const stn__node *joint, const char *where, const stn_measure *whole, measures *m)
{
    int32_t count = stn__list_count(r->reader, joint, "parts of a measure", STN_MEASURES_MAX), first = m->count;

    stn__refuse_empty(r, joint, "the parts of a joint measure");
    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = joint->items[number];
        const char *own = stn__print(r->reader, "%s.joint.%d", where, (int) number + 1);
        stn_measure *out = add_measure(r, m, *whole);
        out->name = stn__print(r->reader, "%s.%d", whole->name, (int) number + 1);
        out->place = item->place;
        out->population = m->all[number > 0 ? m->count - 2 : first].population;
        if (stn__shape_check(r->reader, &stn__shape_part, item, own)) {
            read_act(r, &stn__shape_part, item, own, out);
        }
    }
}

static void
read_joint(stn__regime_reader *r, const stn__node *node, const char *where, const stn_measure *whole, measures *m)
{
    static const char *const of_parts[] = { "closes", "opens", "by", "from", "until" };
    int32_t first = m->count;
    stn_condition condition;

    for (size_t key = 0; key < sizeof of_parts / sizeof *of_parts; key++) {
        const stn__node *beside = stn__yaml_child(node, of_parts[key]);
        if (beside != NULL) {
            stn__mistake(r->reader, beside->place, "found %s beside joint, expected it in the parts", of_parts[key]);
        }
    }
    read_parts(r, stn__yaml_child(node, "joint"), where, whole, m);
    r->scope.population = m->count > first ? m->all[m->count - 1].population : STN_NONE;
    stn__condition_read(&r->scope, stn__yaml_child(node, "while"), &condition);
    for (int32_t number = first; number < m->count; number++) {
        m->all[number].condition = condition;
    }
}

static void
read_measure(stn__regime_reader *r, const stn__node *key, const stn__node *node, measures *m)
{
    const char *where = stn__where(r->reader, "measures", key->text);
    stn_measure measure = { .name = key->text, .population = STN_NONE, .agency = STN_NONE, .until = STN_NEVER, .place = node->place };

    stn__fill(r->reader, &stn__shape_measure, node, where, NULL, &measure);
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

void
stn__measures_read(stn__regime_reader *r, const stn__node *node)
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

