/* SPDX-License-Identifier: Apache-2.0
 *
 * life.c - reads how a population changes: who dies, is born, comes and goes. */
#include <string.h>

#include "model/csv.h"
#include "model/parts.h"

enum { DEATH_AGES = STN_AGE_MAX + 1 };

/* Ages rise one by one from the first that anybody can have, or from before. */
static bool
check_death_age(stn__reader *reader, const stn__csv *table, int32_t row, int32_t first, double before, double age)
{
    stn_place place = stn__csv_place(table, stn__csv_cell(table, row, 0));

    if (row == 0 && age > first) {
        stn__mistake(reader, place, "found age %.0f in the first row, expected at most %d, the first of the population", age, (int) first);
        return false;
    }
    if (row > 0 && age != before + 1) {
        stn__mistake(reader, place, "found age %.0f, expected %.0f, the next one", age, before + 1);
        return false;
    }
    return true;
}

/* Fills chances[column][age]: each row's, the last one's for all older, and 1 at the
 * age that nobody outlives. */
static void
read_chances(stn__reader *reader, const stn__csv *table, int32_t columns, int32_t first, double *chances)
{
    double age = 0, before = 0;

    for (int32_t row = 0; row < table->rows && table->cells != NULL; row++) {
        if (!stn__csv_number(reader, table, stn__csv_cell(table, row, 0), STN__AGE, &age)
            || !check_death_age(reader, table, row, first, before, age)) {
            return;
        }
        before = age;
        for (int32_t column = 0; column < columns; column++) {
            double chance = 0;
            (void) stn__csv_number(reader, table, stn__csv_cell(table, row, column + 1), STN__PROBABILITY, &chance);
            for (int32_t older = (int32_t) age; older < DEATH_AGES; older++) {
                chances[column * DEATH_AGES + older] = older == STN_AGE_MAX ? 1 : chance;
            }
        }
    }
    if (table->rows == 0) {
        stn__mistake(reader, stn__file_start(table->file), "found no ages");
    }
}

static void
read_deaths(stn__reader *reader, const stn__node *node, const stn_population *population, stn_life *out)
{
    const stn__node *by = stn__yaml_child(node, "by"), *file = stn__yaml_child(node, "table");
    const char *columns[STN_LEVELS_MAX + 1] = { "age", "chance" };
    int32_t count = 1;
    double *chances;
    stn__csv table;

    stn__cite(reader, stn__yaml_child(node, "cite"), &out->deaths_cite, &out->deaths_cite_count);
    if (file == NULL) {
        return;
    }
    if (by != NULL) {
        out->deaths_by = stn__ref_attribute(reader, by, population);
        if (out->deaths_by == STN_NONE) {
            return;
        }
        count = population->attributes[out->deaths_by].level_count;
    }
    for (int32_t level = 0; level < count && by != NULL; level++) {
        columns[level + 1] = population->attributes[out->deaths_by].levels[level];
    }
    out->deaths_table = stn__scalar(reader, file, "the path of a CSV file");
    chances = stn__take(reader, (size_t) count * DEATH_AGES, sizeof *chances);
    if (stn__csv_read(reader, file, columns, count + 1, &table)) {
        read_chances(reader, &table, count, population->attributes[out->ages].age_first[0], chances);
    }
    out->deaths = chances;
}

/* `{attribute: [level, ...]}`: those who are meant have one of the levels named of
 * each attribute named. */
static void
read_like(stn__reader *reader, const stn__node *node, const stn_population *population, stn_life *out)
{
    const bool **like = stn__take(reader, STN_ATTRIBUTES_MAX, sizeof *like);

    out->like = like;
    if (!stn__expect(reader, node, STN__MAPPING, "a mapping of attributes, each with a list of levels")) {
        return;
    }
    for (int32_t entry = 0; entry < node->count; entry++) {
        int32_t attribute = stn__ref_attribute(reader, node->entries[entry].key, population), count;
        const stn__node *const *items, *one;
        bool *flags;
        if (attribute == STN_NONE) {
            continue;
        }
        flags = stn__take(reader, STN_LEVELS_MAX, sizeof *flags);
        stn__one_or_many(node->entries[entry].value, &items, &count, &one);
        if (count == 0) {
            stn__mistake(reader, node->entries[entry].value->place, "found an empty list, expected levels of %s",
                population->attributes[attribute].name);
        }
        for (int32_t item = 0; item < count; item++) {
            int32_t level = stn__ref_level(reader, items[item], population, attribute);
            flags[level == STN_NONE ? 0 : level] = true;
        }
        like[attribute] = flags;
    }
}

/* The attributes that somebody takes over on reaching a level, as bits. */
static uint32_t
read_taken_over(stn__reader *reader, const stn__node *node, const stn_population *population, int32_t ages)
{
    const stn__node *const *items, *one;
    uint32_t bits = 0;
    int32_t count;

    stn__one_or_many(node, &items, &count, &one);
    for (int32_t item = 0; item < count; item++) {
        int32_t attribute = stn__ref_attribute(reader, items[item], population);
        if (attribute == ages) {
            stn__mistake(reader, items[item]->place, "found %s, which changes by itself", stn__quote(reader, items[item]->text));
        } else if (attribute != STN_NONE && (bits >> attribute & 1) != 0) {
            stn__mistake(reader, items[item]->place, "duplicate attribute %s", stn__quote(reader, items[item]->text));
        } else if (attribute != STN_NONE) {
            bits |= 1u << attribute;
        }
    }
    return bits;
}

static void
read_anew(stn__reader *reader, const stn__node *node, const stn_population *population, stn_life *out)
{
    uint32_t *anew = stn__take(reader, STN_LEVELS_MAX, sizeof *anew);

    out->anew = anew;
    if (!stn__expect(reader, node, STN__MAPPING, "a mapping of levels, each with a list of attributes")) {
        return;
    }
    for (int32_t entry = 0; entry < node->count; entry++) {
        const stn__node *key = node->entries[entry].key;
        int32_t level = stn__ref_level(reader, key, population, out->ages);
        if (level == 0) {
            stn__mistake(reader, key->place, "found %s, which nobody reaches by growing older", stn__quote(reader, key->text));
        } else if (level != STN_NONE) {
            anew[level] = read_taken_over(reader, node->entries[entry].value, population, out->ages);
        }
    }
}

static int32_t
attribute_with_ages(const stn_population *population)
{
    for (int32_t attribute = 0; attribute < population->attribute_count; attribute++) {
        if (population->attributes[attribute].has_ages) {
            return attribute;
        }
    }
    return STN_NONE;
}

void
stn__life_read(stn__reader *reader, const stn__node *node, const char *where, const stn_population *population, stn_life *out)
{
    const stn__node *births, *deaths, *arrivals;

    *out = (stn_life) { .deaths_by = STN_NONE, .ages = attribute_with_ages(population) };
    if (node == NULL || !stn__shape_check(reader, &stn__shape_life, node, where)) {
        return;
    }
    stn__fill(reader, &stn__shape_life, node, where, population, out);
    out->place = node->place;
    if (out->ages == STN_NONE) {
        stn__mistake(reader, node->place, "found life of %s, expected an attribute with ages for it", population->name);
        return;
    }
    out->given = true;
    births = stn__yaml_child(node, "births");
    deaths = stn__yaml_child(node, "deaths");
    arrivals = stn__yaml_child(node, "arrivals");
    if (births != NULL && population->attributes[out->ages].age_first[0] != 0) {
        stn__mistake(reader, births->place, "found births, but the ages of %s begin at %d, expected 0",
            population->attributes[out->ages].name, (int) population->attributes[out->ages].age_first[0]);
    }
    if (deaths != NULL && deaths->kind == STN__MAPPING) {
        read_deaths(reader, deaths, population, out);
    }
    if (arrivals != NULL && arrivals->kind == STN__MAPPING) {
        read_like(reader, stn__yaml_child(arrivals, "like"), population, out);
    }
    read_anew(reader, stn__yaml_child(node, "anew"), population, out);
}

void
stn__life_check_household(stn__reader *reader, const stn_population *population, int32_t within)
{
    const stn_life *life = &population->life;

    for (int32_t level = 0; life->given && within != STN_NONE && level < population->attributes[life->ages].level_count; level++) {
        if ((life->anew[level] >> within & 1) != 0) {
            stn__mistake(reader, life->place, "found %s in anew of %s, but the members of a household share it",
                stn__quote(reader, population->attributes[within].name),
                stn__quote(reader, population->attributes[life->ages].levels[level]));
        }
    }
}
