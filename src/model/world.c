/* SPDX-License-Identifier: Apache-2.0
 *
 * world.c - reads a world: populations, ties, behaviours, doors. */
#include "model/parts.h"

#include <string.h>

#include "model/condition.h"
#include "model/csv.h"
#include "model/settings.h"

enum { SIZE_MAX_HOUSEHOLD = 20 };

typedef struct world_reader {
    stn__reader *reader;
    stn_world *world;
    stn_population *populations;
    stn__names names;         /* of the populations */
} world_reader;

/* Whether a population's size is known: else sums cannot be checked. */
static bool
sized(const stn_population *population)
{
    return population->size.text != NULL;
}

/* Levels and their numbers, as a mapping or a table gives them. */
typedef struct levels {
    const char *names[STN_LEVELS_MAX];
    double numbers[STN_LEVELS_MAX];
    int32_t count;
    double sum;
    bool spoiled;             /* by a mistake: the sum means nothing */
    stn_place place;          /* of the whole */
} levels;

static bool
add_level(stn__reader *reader, levels *all, const char *text, size_t size, double number, stn_place place)
{
    if (!stn__is_level(text, size)) {
        stn__mistake(reader, place, "found %s, expected a level: letters, digits and _ . + -, at most 63",
            stn__quote_bytes(reader, text, size));
        all->spoiled = true;
        return true;
    }
    for (int32_t level = 0; level < all->count; level++) {
        if (strlen(all->names[level]) == size && memcmp(all->names[level], text, size) == 0) {
            stn__mistake(reader, place, "duplicate level \"%s\"", all->names[level]);
            all->spoiled = true;
            return true;
        }
    }
    if (all->count == STN_LEVELS_MAX) {
        stn__mistake(reader, place, "found more than %d levels", STN_LEVELS_MAX);
        return false;
    }
    all->names[all->count] = stn__text(reader, text, size);
    all->numbers[all->count++] = number;
    all->sum += number;
    return true;
}

/* False if the levels are not known well enough for their sum to mean much. */
static bool
levels_from_mapping(stn__reader *reader, const stn__node *node, const char *where, stn__unit unit, levels *all)
{
    bool fine = true;

    if (!stn__expect(reader, node, STN__MAPPING, "a mapping of levels")) {
        return false;
    }
    all->place = node->place;
    for (int32_t entry = 0; entry < node->count; entry++) {
        const stn__node *key = node->entries[entry].key;
        double number = 0;
        const stn__node *value = unit != STN__PROBABILITY || reader->setting_count == 0 ? node->entries[entry].value
            : stn__setting_node(reader, stn__print(reader, "%s.shares.%s", where, key->text), node->entries[entry].value, node);
        fine = stn__plain_number(reader, value, unit, &number) && fine;
        if (!add_level(reader, all, key->text, strlen(key->text), number, key->place)) {
            return false;
        }
    }
    return fine;
}

static bool
levels_from_table(stn__reader *reader, const stn__node *node, const char *name, levels *all)
{
    const char *columns[2] = { name, "count" };
    stn__csv table;
    bool fine = stn__csv_read(reader, node, columns, 2, &table);

    all->place = table.file == STN_NONE ? node->place : stn__file_start(table.file);
    for (int32_t row = 0; row < table.rows && table.cells != NULL; row++) {
        const stn__csv_field *level = stn__csv_cell(&table, row, 0);
        double number = 0;
        fine = stn__csv_number(reader, &table, stn__csv_cell(&table, row, 1), STN__COUNT, &number) && fine;
        if (!add_level(reader, all, level->text, (size_t) level->size, number, stn__csv_place(&table, level))) {
            return false;
        }
    }
    return fine;
}

/* Takes the levels from whichever of `table`, `counts` and `shares` is there. */
static void
read_levels(stn__reader *reader, const stn__node *node, const char *where, const stn_population *population, stn_attribute *out)
{
    const stn__node *table = stn__yaml_child(node, "table"), *counts = stn__yaml_child(node, "counts"),
                    *shares = stn__yaml_child(node, "shares");
    int32_t given = (table != NULL) + (counts != NULL) + (shares != NULL);
    levels *all = stn__take(reader, 1, sizeof *all);
    double *numbers;
    bool fine;

    if (given != 1) {
        stn__mistake(reader, node->place, "found %s of table, counts and shares for %s, expected exactly one",
            given == 0 ? "none" : "several", stn__quote(reader, out->name));
        return;
    }
    fine = table != NULL ? levels_from_table(reader, table, out->name, all)
        : levels_from_mapping(reader, counts != NULL ? counts : shares, where,
            counts != NULL ? STN__COUNT : STN__PROBABILITY, all);
    fine = fine && !all->spoiled;
    if (fine && all->count == 0) {
        stn__mistake(reader, all->place, "found no levels of %s", stn__quote(reader, out->name));
    } else if (fine && shares != NULL && !(all->sum >= 1 - 1e-9 && all->sum <= 1 + 1e-9)) {
        stn__mistake(reader, all->place, "shares of %s sum to %.12g, expected 1", stn__quote(reader, out->name), all->sum);
    } else if (fine && shares == NULL && sized(population) && all->sum != population->size.value) {
        stn__mistake(reader, all->place, "counts of %s sum to %.0f, expected the size of %s, %.0f",
            stn__quote(reader, out->name), all->sum, population->name, population->size.value);
    }
    numbers = stn__take(reader, (size_t) all->count, sizeof *numbers);
    for (int32_t level = 0; level < all->count; level++) {
        numbers[level] = shares != NULL ? all->numbers[level] * population->size.value : all->numbers[level];
    }
    out->counts = numbers;
    out->shares = shares != NULL;
    out->table = table != NULL ? table->text : NULL;
    out->levels = all->names;
    out->level_count = all->count;
}

/* Checks that the ages of the levels rise without gaps. */
static void
check_ages(stn__reader *reader, const stn__node *node, const stn_attribute *attribute, const int32_t *first, const int32_t *last)
{
    for (int32_t level = 1; level < attribute->level_count; level++) {
        if (first[level] != last[level - 1] + 1) {
            const stn__node *at = stn__yaml_child(node, attribute->levels[level]);
            stn__mistake(reader, at->place, "found %s beginning at age %d, expected %d, the age after %s",
                stn__quote(reader, attribute->levels[level]), (int) first[level], (int) last[level - 1] + 1,
                stn__quote(reader, attribute->levels[level - 1]));
        }
    }
}

static bool
read_ages(stn__reader *reader, const stn__node *node, stn_attribute *attribute)
{
    int32_t *first = stn__take(reader, (size_t) attribute->level_count, sizeof *first);
    int32_t *last = stn__take(reader, (size_t) attribute->level_count, sizeof *last);
    bool fine = attribute->level_count > 0;

    if (!stn__expect(reader, node, STN__MAPPING, "a mapping of levels, each with [first, last]")) {
        return false;
    }
    for (int32_t entry = 0; entry < node->count; entry++) {
        const stn__node *key = node->entries[entry].key;
        int32_t level = stn__find_level(attribute, key->text, strlen(key->text)), from = 0, to = 0;
        fine = stn__range(reader, node->entries[entry].value, STN__AGE, &from, &to) && fine;
        if (level == STN_NONE && attribute->level_count > 0) {
            stn__mistake(reader, key->place, "unknown level %s of %s%s", stn__quote(reader, key->text), attribute->name,
                stn__suggest(reader, key->text, attribute->levels, attribute->level_count));
            fine = false;
        } else if (level != STN_NONE) {
            first[level] = from;
            last[level] = to;
        }
    }
    for (int32_t level = 0; level < attribute->level_count; level++) {
        if (stn__yaml_child(node, attribute->levels[level]) == NULL) {
            stn__mistake(reader, node->place, "missing level %s", stn__quote(reader, attribute->levels[level]));
            fine = false;
        }
    }
    if (fine) {
        check_ages(reader, node, attribute, first, last);
        attribute->has_ages = true;
        attribute->age_first = first;
        attribute->age_last = last;
    }
    return fine;
}

/* Checks that each level with people in it has a year to put them in. */
static void
check_years(stn__reader *reader, int32_t file, const stn_attribute *attribute, const double *weights)
{
    for (int32_t level = 0; level < attribute->level_count; level++) {
        double sum = 0;
        for (int32_t age = attribute->age_first[level]; age <= attribute->age_last[level]; age++) {
            sum += weights[age];
        }
        if (!(sum > 0) && attribute->counts[level] > 0) {
            stn__mistake(reader, stn__file_start(file), "found no weight for ages %d to %d of level %s",
                (int) attribute->age_first[level], (int) attribute->age_last[level],
                stn__quote(reader, attribute->levels[level]));
        }
    }
}

static void
read_years(stn__reader *reader, const stn__node *node, stn_attribute *attribute)
{
    static const char *const columns[2] = { "age", "weight" };
    int32_t first = attribute->age_first[0], last = attribute->age_last[attribute->level_count - 1];
    double *weights = stn__take(reader, (size_t) last + 1, sizeof *weights);
    bool *seen = stn__take(reader, (size_t) last + 1, sizeof *seen);
    stn__csv table;
    bool fine = stn__csv_read(reader, node, columns, 2, &table);

    for (int32_t row = 0; row < table.rows && table.cells != NULL; row++) {
        const stn__csv_field *cell = stn__csv_cell(&table, row, 0);
        double age = 0, weight = 0;
        if (!stn__csv_number(reader, &table, cell, STN__AGE, &age)
            || !stn__csv_number(reader, &table, stn__csv_cell(&table, row, 1), STN__WEIGHT, &weight)) {
            fine = false;
        } else if (age < first || age > last) {
            stn__mistake(reader, stn__csv_place(&table, cell), "found age %.0f, expected %d to %d, the ages of %s",
                age, (int) first, (int) last, attribute->name);
        } else if (seen[(int32_t) age]) {
            stn__mistake(reader, stn__csv_place(&table, cell), "duplicate age %.0f", age);
        } else {
            seen[(int32_t) age] = true;
            weights[(int32_t) age] = weight;
        }
    }
    if (fine) {
        check_years(reader, table.file, attribute, weights);
    }
    attribute->age_weights = weights;
}

static void
read_attribute(stn__reader *reader, const stn__node *key, const stn__node *node, const char *where,
    const stn_population *population, stn_attribute *out)
{
    const stn__node *ages, *years;

    *out = (stn_attribute) { .name = key->text, .place = node->place };
    if (!stn__shape_check(reader, &stn__shape_attribute, node, where)) {
        return;
    }
    stn__fill(reader, &stn__shape_attribute, node, where, NULL, out);
    stn__cite(reader, stn__yaml_child(node, "cite"), &out->cite, &out->cite_count);
    read_levels(reader, node, where, population, out);
    ages = stn__yaml_child(node, "ages");
    years = stn__yaml_child(node, "years");
    if (ages != NULL && !read_ages(reader, ages, out)) {
        return;
    }
    if (years != NULL && ages == NULL) {
        stn__mistake(reader, years->place, "found years without ages for %s", stn__quote(reader, out->name));
    } else if (years != NULL) {
        read_years(reader, years, out);
    }
}

static void
read_attributes(stn__reader *reader, const stn__node *node, const char *where, stn_population *out)
{
    int32_t count = stn__map_count(reader, node, "attributes", STN_ATTRIBUTES_MAX);
    stn_attribute *attributes = stn__take(reader, (size_t) count, sizeof *attributes);
    int64_t cells = 1;
    bool aged = false;

    out->attributes = attributes;
    for (int32_t number = 0; number < count; number++) {
        const stn__entry *entry = &node->entries[number];
        stn_attribute *attribute = &attributes[number];
        read_attribute(reader, entry->key, entry->value, stn__where(reader, where, entry->key->text), out, attribute);
        out->attribute_count++;
        if (attribute->has_ages && aged) {
            stn__mistake(reader, stn__yaml_child(entry->value, "ages")->place,
                "found ages for a second attribute of %s, expected one at most", out->name);
        }
        aged = aged || attribute->has_ages;
        cells = cells > STN_CELLS_MAX ? cells : cells * (attribute->level_count == 0 ? 1 : attribute->level_count);
    }
    if (cells > STN_CELLS_MAX) {
        stn__mistake(reader, node->place, "the attributes of %s make more than %d cells", out->name, STN_CELLS_MAX);
        cells = 1;
    }
    out->cell_count = (int32_t) cells;
}

/* The attributes that a joint is of; false after a mistake. */
static bool
joint_attributes(stn__reader *reader, const stn__node *node, const stn_population *population, stn_joint *out)
{
    int32_t *attributes;
    bool fine = true;

    if (!stn__expect(reader, node, STN__SEQUENCE, "a list of attributes")) {
        return false;
    }
    if (node->count < 2 || node->count > STN_ATTRIBUTES_MAX) {
        stn__mistake(reader, node->place, "found %d attributes of a joint, expected 2 to %d", (int) node->count, STN_ATTRIBUTES_MAX);
        return false;
    }
    attributes = stn__take(reader, (size_t) node->count, sizeof *attributes);
    for (int32_t item = 0; item < node->count; item++) {
        attributes[item] = stn__ref_attribute(reader, node->items[item], population);
        fine = fine && attributes[item] != STN_NONE && population->attributes[attributes[item]].level_count > 0;
        for (int32_t other = 0; other < item && attributes[item] != STN_NONE; other++) {
            if (attributes[other] == attributes[item]) {
                stn__mistake(reader, node->items[item]->place, "duplicate attribute %s", stn__quote(reader, node->items[item]->text));
                fine = false;
            }
        }
    }
    out->attributes = attributes;
    out->attribute_count = node->count;
    return fine;
}

/* The cell of a joint's row, or STN_NONE after a mistake. */
static int32_t
joint_cell(stn__reader *reader, const stn__csv *table, int32_t row, const stn_population *population, const stn_joint *joint)
{
    int32_t cell = 0;

    for (int32_t column = 0; column < joint->attribute_count; column++) {
        const stn_attribute *attribute = &population->attributes[joint->attributes[column]];
        const stn__csv_field *text = stn__csv_cell(table, row, column);
        int32_t level = stn__find_level(attribute, text->text, (size_t) text->size);
        if (level == STN_NONE) {
            stn__mistake(reader, stn__csv_place(table, text), "unknown level %s of %s%s",
                stn__quote_bytes(reader, text->text, (size_t) text->size), attribute->name,
                stn__suggest(reader, stn__text(reader, text->text, (size_t) text->size), attribute->levels, attribute->level_count));
            return STN_NONE;
        }
        cell = cell * attribute->level_count + level;
    }
    return cell;
}

/* Checks that no level with people in it lacks weight: no raking could put them anywhere. */
static void
check_joint(stn__reader *reader, int32_t file, const stn_population *population, const stn_joint *joint, int32_t cells)
{
    int32_t step = cells;

    for (int32_t number = 0; number < joint->attribute_count; number++) {
        const stn_attribute *attribute = &population->attributes[joint->attributes[number]];
        double *sums = stn__take(reader, (size_t) attribute->level_count, sizeof *sums);
        step /= attribute->level_count;
        for (int32_t cell = 0; cell < cells; cell++) {
            sums[cell / step % attribute->level_count] += joint->weights[cell];
        }
        for (int32_t level = 0; level < attribute->level_count; level++) {
            if (!(sums[level] > 0) && attribute->counts[level] > 0) {
                stn__mistake(reader, stn__file_start(file), "missing level %s of %s: it has no weight, but a count of %.10g",
                    stn__quote(reader, attribute->levels[level]), attribute->name, attribute->counts[level]);
            }
        }
    }
}

static void
read_joint_table(stn__reader *reader, const stn__node *node, const stn_population *population, stn_joint *out)
{
    const char *columns[STN_ATTRIBUTES_MAX + 1];
    int64_t cells = 1;
    stn__csv table;
    double *weights;
    bool *seen, fine;

    for (int32_t number = 0; number < out->attribute_count; number++) {
        columns[number] = population->attributes[out->attributes[number]].name;
        cells *= population->attributes[out->attributes[number]].level_count;
        if (cells > STN_CELLS_MAX) {
            return; /* so has the population, which is told */
        }
    }
    columns[out->attribute_count] = "weight";
    weights = stn__take(reader, (size_t) cells, sizeof *weights);
    seen = stn__take(reader, (size_t) cells, sizeof *seen);
    out->weights = weights;
    fine = stn__csv_read(reader, node, columns, out->attribute_count + 1, &table);
    for (int32_t row = 0; row < table.rows && table.cells != NULL; row++) {
        int32_t cell = joint_cell(reader, &table, row, population, out);
        double weight = 0;
        if (!stn__csv_number(reader, &table, stn__csv_cell(&table, row, out->attribute_count), STN__WEIGHT, &weight) || cell == STN_NONE) {
            fine = false;
        } else if (seen[cell]) {
            stn__mistake(reader, stn__csv_place(&table, stn__csv_cell(&table, row, 0)), "duplicate combination of levels");
        } else {
            seen[cell] = true;
            weights[cell] = weight;
        }
    }
    if (fine) {
        check_joint(reader, table.file, population, out, (int32_t) cells);
    }
}

static void
read_joints(stn__reader *reader, const stn__node *node, const char *where, stn_population *out)
{
    enum { JOINTS_MAX = 64 };
    int32_t count = stn__list_count(reader, node, "joints", JOINTS_MAX);
    stn_joint *joints = stn__take(reader, (size_t) count, sizeof *joints);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number], *table;
        stn_joint *joint = &joints[number];
        joint->place = item->place;
        if (!stn__shape_check(reader, &stn__shape_joint, item, where)) {
            continue;
        }
        stn__fill(reader, &stn__shape_joint, item, where, NULL, joint);
        stn__cite(reader, stn__yaml_child(item, "cite"), &joint->cite, &joint->cite_count);
        table = stn__yaml_child(item, "table");
        joint->table = stn__scalar(reader, table, "the path of a CSV file");
        if (joint_attributes(reader, stn__yaml_child(item, "of"), out, joint) && joint->table != NULL) {
            read_joint_table(reader, table, out, joint);
        }
    }
    out->joints = joints;
    out->joint_count = count;
}

static void
read_populations(world_reader *w, const stn__node *node)
{
    int32_t count = stn__map_count(w->reader, node, "populations", STN_POPULATIONS_MAX);

    w->populations = stn__take(w->reader, (size_t) count, sizeof *w->populations);
    if (node != NULL && node->kind == STN__MAPPING && count == 0) {
        stn__mistake(w->reader, node->place, "found no populations, expected at least one");
    }
    for (int32_t number = 0; number < count; number++) {
        const stn__entry *entry = &node->entries[number];
        stn_population *population = &w->populations[number];
        const char *where = stn__where(w->reader, "populations", entry->key->text);
        population->name = entry->key->text;
        population->cell_count = 1;
        stn__names_add(w->reader, &w->names, entry->key->text);
        if (!stn__shape_check(w->reader, &stn__shape_population, entry->value, where)) {
            continue;
        }
        stn__fill(w->reader, &stn__shape_population, entry->value, where, NULL, population);
        read_attributes(w->reader, stn__yaml_child(entry->value, "attributes"), stn__print(w->reader, "%s.attributes", where), population);
        read_joints(w->reader, stn__yaml_child(entry->value, "joints"), stn__print(w->reader, "%s.joints", where), population);
        population->money.given = stn__yaml_child(entry->value, "money") != NULL
            && stn__shape_check(w->reader, &stn__shape_money, stn__yaml_child(entry->value, "money"), stn__print(w->reader, "%s.money", where));
        stn__fill(w->reader, &stn__shape_money, stn__yaml_child(entry->value, "money"), stn__print(w->reader, "%s.money", where), population,
            &population->money);
        stn__life_read(w->reader, stn__yaml_child(entry->value, "life"), stn__print(w->reader, "%s.life", where), population, &population->life);
    }
    w->world->populations = w->populations;
    w->world->population_count = count;
}

/* The population that a key names, or NULL. */
static const stn_population *
population_of(const world_reader *w, int32_t number)
{
    return number == STN_NONE ? NULL : &w->populations[number];
}

/* `[attribute, [level, ...]]` */
static void
read_pick(world_reader *w, const stn__node *node, const stn_population *population, int32_t *attribute, const bool **picked)
{
    const stn__node *list;
    bool *flags;

    *attribute = STN_NONE;
    if (!stn__expect(w->reader, node, STN__SEQUENCE, "[attribute, [level, ...]]") || population == NULL) {
        return;
    }
    if (node->count != 2) {
        stn__mistake(w->reader, node->place, "found a list of %d, expected [attribute, [level, ...]]", (int) node->count);
        return;
    }
    *attribute = stn__ref_attribute(w->reader, node->items[0], population);
    list = node->items[1];
    if (!stn__expect(w->reader, list, STN__SEQUENCE, "a list of levels") || *attribute == STN_NONE) {
        return;
    }
    if (list->count == 0) {
        stn__mistake(w->reader, list->place, "found an empty list, expected levels of %s", population->attributes[*attribute].name);
    }
    flags = stn__take(w->reader, (size_t) population->attributes[*attribute].level_count, sizeof *flags);
    for (int32_t item = 0; item < list->count; item++) {
        int32_t level = stn__ref_level(w->reader, list->items[item], population, *attribute);
        if (level != STN_NONE) {
            flags[level] = true;
        }
    }
    *picked = flags;
}

static void
read_household_sizes(world_reader *w, const stn__node *node, stn_household_tie *out)
{
    static const char *const columns[2] = { "size", "count" };
    double *sizes = stn__take(w->reader, SIZE_MAX_HOUSEHOLD + 1, sizeof *sizes);
    bool seen[SIZE_MAX_HOUSEHOLD + 1] = { false };
    stn__csv table;

    out->sizes = sizes;
    if (!stn__csv_read(w->reader, node, columns, 2, &table)) {
        return;
    }
    for (int32_t row = 0; row < table.rows; row++) {
        const stn__csv_field *cell = stn__csv_cell(&table, row, 0);
        double size = 0, count = 0;
        bool fine = stn__csv_number(w->reader, &table, cell, STN__HOUSEHOLD, &size);
        if (!stn__csv_number(w->reader, &table, stn__csv_cell(&table, row, 1), STN__COUNT, &count) || !fine) {
            continue;
        }
        if (seen[(int32_t) size]) {
            stn__mistake(w->reader, stn__csv_place(&table, cell), "duplicate size %.0f", size);
        }
        seen[(int32_t) size] = true;
        sizes[(int32_t) size] = count;
        out->size_max = size > out->size_max ? (int32_t) size : out->size_max;
    }
    if (table.rows == 0) {
        stn__mistake(w->reader, stn__file_start(table.file), "found no households");
    }
}

static void
read_household(world_reader *w, const stn__node *node)
{
    stn_household_tie *out = &w->world->household;
    const char *where = "ties.household";
    stn_quantity *collective = stn__take(w->reader, 1, sizeof *collective);
    const stn_population *population;

    *out = (stn_household_tie) { .of = STN_NONE, .within = STN_NONE, .head_attribute = STN_NONE };
    if (node == NULL || !stn__shape_check(w->reader, &stn__shape_household, node, where)) {
        return;
    }
    out->given = true;
    out->place = node->place;
    out->of = stn__ref(w->reader, stn__yaml_child(node, "of"), "population", &w->names);
    population = population_of(w, out->of);
    if (population != NULL && stn__yaml_child(node, "within") != NULL) {
        out->within = stn__ref_attribute(w->reader, stn__yaml_child(node, "within"), population);
        stn__life_check_household(w->reader, population, out->within);
    }
    if (stn__yaml_child(node, "sizes") != NULL) {
        read_household_sizes(w, stn__yaml_child(node, "sizes"), out);
    }
    stn__quantity(w->reader, stn__shape_field(&stn__shape_household, "collective"), stn__yaml_child(node, "collective"),
        "ties.household.collective", NULL, collective, NULL);
    out->collective = collective->value;
    read_pick(w, stn__yaml_child(node, "heads"), population, &out->head_attribute, &out->head_levels);
}

/* Whether two attributes have the same levels in the same order. */
static bool
same_levels(const stn_attribute *a, const stn_attribute *b)
{
    for (int32_t level = 0; level < a->level_count && a->level_count == b->level_count; level++) {
        if (strcmp(a->levels[level], b->levels[level]) != 0) {
            return false;
        }
    }
    return a->level_count == b->level_count;
}

static void
read_representative(world_reader *w, const stn__node *node)
{
    stn_representative_tie *out = &w->world->representative;
    const stn_population *of, *is;
    const stn__node *within;

    *out = (stn_representative_tie) { .of = STN_NONE, .is = STN_NONE, .within_of = STN_NONE, .within_is = STN_NONE,
        .among_attribute = STN_NONE };
    if (node == NULL || !stn__shape_check(w->reader, &stn__shape_representative, node, "ties.representative")) {
        return;
    }
    out->given = true;
    out->place = node->place;
    out->of = stn__ref(w->reader, stn__yaml_child(node, "of"), "population", &w->names);
    out->is = stn__ref(w->reader, stn__yaml_child(node, "is"), "population", &w->names);
    of = population_of(w, out->of);
    is = population_of(w, out->is);
    within = stn__yaml_child(node, "within");
    if (within != NULL && of != NULL && is != NULL) {
        out->within_of = stn__ref_attribute(w->reader, within, of);
        out->within_is = stn__ref_attribute(w->reader, within, is);
        if (out->within_of != STN_NONE && out->within_is != STN_NONE
            && !same_levels(&of->attributes[out->within_of], &is->attributes[out->within_is])) {
            stn__mistake(w->reader, within->place, "attribute %s of %s and of %s differ, expected the same levels in the same order",
                stn__quote(w->reader, within->text), of->name, is->name);
        }
    }
    read_pick(w, stn__yaml_child(node, "among"), is, &out->among_attribute, &out->among_levels);
}

static void
read_ties(world_reader *w, const stn__node *node)
{
    if (node != NULL && !stn__shape_check(w->reader, &stn__shape_ties, node, "ties")) {
        node = NULL;
    }
    read_household(w, node == NULL ? NULL : stn__yaml_child(node, "household"));
    read_representative(w, node == NULL ? NULL : stn__yaml_child(node, "representative"));
}

/* Names of the attributes of all populations. */
static void
attribute_names(world_reader *w, stn__names *names)
{
    for (int32_t number = 0; number < w->world->population_count; number++) {
        for (int32_t attribute = 0; attribute < w->populations[number].attribute_count; attribute++) {
            const char *name = w->populations[number].attributes[attribute].name;
            if (stn__names_find(names, name) == STN_NONE) {
                stn__names_add(w->reader, names, name);
            }
        }
    }
}

static void
read_learning(world_reader *w, const stn__node *node)
{
    stn_learning *out = &w->world->learning;
    const stn__node *by = node == NULL ? NULL : stn__yaml_child(node, "by");
    stn__names names = { NULL, 0, 0 };

    out->given = node != NULL && stn__shape_check(w->reader, &stn__shape_learning, node, "learning");
    stn__fill(w->reader, &stn__shape_learning, node, "learning", NULL, out);
    attribute_names(w, &names);
    if (by != NULL && stn__ref(w->reader, by, "attribute", &names) != STN_NONE) {
        out->by = by->text;
    }
    for (int32_t number = 0; number < STN_POPULATIONS_MAX; number++) {
        out->attribute[number] = number >= w->world->population_count || out->by == NULL ? STN_NONE
            : stn__find_attribute(&w->populations[number], out->by);
    }
}

/* Refuses a key that goes with other kinds of behaviour. */
static void
refuse_key(stn__reader *reader, const stn__node *node, const char *key, const char *kinds)
{
    const stn__node *child = stn__yaml_child(node, key);

    if (child != NULL) {
        stn__mistake(reader, child->place, "found %s, which goes with %s only", key, kinds);
    }
}

/* Refuses what costs people without money something. */
static void
check_money(world_reader *w, const stn__node *node, const char *key, int32_t population)
{
    if (node != NULL && population != STN_NONE && !population_of(w, population)->money.given) {
        stn__mistake(w->reader, node->place, "found %s, but %s has no money", key, population_of(w, population)->name);
    }
}

static void
read_behaviours(world_reader *w, const stn__node *node)
{
    int32_t count = stn__map_count(w->reader, node, "behaviours", STN_BEHAVIOURS_MAX * STN_POPULATIONS_MAX);
    int32_t locals[STN_POPULATIONS_MAX] = { 0 };
    stn_behaviour *behaviours = stn__take(w->reader, (size_t) count, sizeof *behaviours);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *key = node->entries[number].key, *value = node->entries[number].value;
        const char *where = stn__where(w->reader, "behaviours", key->text);
        stn_behaviour *out = &behaviours[number];
        bool fine = stn__shape_check(w->reader, &stn__shape_behaviour, value, where);
        out->population = fine ? stn__ref(w->reader, stn__yaml_child(value, "by"), "population", &w->names) : STN_NONE;
        stn__fill(w->reader, &stn__shape_behaviour, value, where, population_of(w, out->population), out);
        out->name = key->text;
        out->place = value->place;
        if (stn__condition_reserves(key->text)) {
            stn__mistake(w->reader, key->place, "found \"%s\", which conditions use for kinds of behaviours, expected another name", key->text);
        }
        if (fine && stn__yaml_child(value, "settles") != NULL) {
            check_money(w, stn__yaml_child(stn__yaml_child(value, "settles"), "amount"), "amount", out->population);
        }
        if (fine) {
            out->settles = stn__yaml_child(value, "settles") != NULL;
            if (out->kind == STN_MERIT) {
                refuse_key(w->reader, value, "deterrence", "offences and defaults");
                refuse_key(w->reader, value, "settles", "offences and defaults");
            } else {
                refuse_key(w->reader, value, "incentive", "merits");
            }
        }
        if (out->population != STN_NONE && (out->local = locals[out->population]++) == STN_BEHAVIOURS_MAX) {
            stn__mistake(w->reader, key->place, "found more than %d behaviours of %s", STN_BEHAVIOURS_MAX, population_of(w, out->population)->name);
        }
        out->local %= STN_BEHAVIOURS_MAX; /* a shift of bits even after that mistake */
    }
    w->world->behaviours = behaviours;
    w->world->behaviour_count = count;
}

static void
read_doors(world_reader *w, const stn__node *node)
{
    int32_t count = stn__map_count(w->reader, node, "doors", STN_DOORS_MAX * STN_POPULATIONS_MAX);
    int32_t locals[STN_POPULATIONS_MAX] = { 0 };
    stn_door *doors = stn__take(w->reader, (size_t) count, sizeof *doors);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *key = node->entries[number].key, *value = node->entries[number].value;
        const char *where = stn__where(w->reader, "doors", key->text);
        stn_door *out = &doors[number];
        out->population = stn__shape_check(w->reader, &stn__shape_door, value, where)
            ? stn__ref(w->reader, stn__yaml_child(value, "of"), "population", &w->names) : STN_NONE;
        stn__fill(w->reader, &stn__shape_door, value, where, population_of(w, out->population), out);
        check_money(w, stn__yaml_child(value, "costs"), "costs", out->population);
        if (out->kind == STN_CHANNEL) {
            refuse_key(w->reader, value, "costs", "rights");
            refuse_key(w->reader, value, "stigma", "rights");
        }
        out->name = key->text;
        out->place = value->place;
        if (out->population != STN_NONE && (out->local = locals[out->population]++) == STN_DOORS_MAX) {
            stn__mistake(w->reader, key->place, "found more than %d doors of %s", STN_DOORS_MAX, population_of(w, out->population)->name);
        }
    }
    w->world->doors = doors;
    w->world->door_count = count;
}

void
stn__world_read(stn__reader *reader, const stn__node *root, stn_world *out)
{
    world_reader w = { .reader = reader, .world = out };

    *out = (stn_world) { .file = root->place.file };
    reader->regime = STN_NONE;
    if (!stn__shape_check(reader, &stn__shape_world, root, "")) {
        return;
    }
    stn__sources(reader, root, &out->sources, &out->source_count);
    stn__fill(reader, &stn__shape_world, root, "", NULL, out);
    read_populations(&w, stn__yaml_child(root, "populations"));
    read_ties(&w, stn__yaml_child(root, "ties"));
    read_learning(&w, stn__yaml_child(root, "learning"));
    read_behaviours(&w, stn__yaml_child(root, "behaviours"));
    read_doors(&w, stn__yaml_child(root, "doors"));
}
