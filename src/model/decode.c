/* SPDX-License-Identifier: Apache-2.0
 *
 * decode.c - from nodes to values, led by the table of fields. */
#include "model/decode.h"

#include <string.h>

#include "model/settings.h"

enum { KEYS_MAX = 32 };

static bool
lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool
digit(char c)
{
    return c >= '0' && c <= '9';
}

bool
stn__is_name(const char *text)
{
    size_t size = strlen(text);

    if (size == 0 || size > 63 || !lower(text[0])) {
        return false;
    }
    for (size_t index = 1; index < size; index++) {
        if (!lower(text[index]) && !digit(text[index]) && text[index] != '_') {
            return false;
        }
    }
    return true;
}

bool
stn__is_level(const char *text, size_t size)
{
    if (size == 0 || size > 63) {
        return false;
    }
    for (size_t index = 0; index < size; index++) {
        char c = text[index];
        bool alnum = lower(c) || digit(c) || (c >= 'A' && c <= 'Z');
        if (!alnum && (index == 0 || (c != '_' && c != '.' && c != '+' && c != '-'))) {
            return false;
        }
    }
    return true;
}

int32_t
stn__names_find(const stn__names *names, const char *name)
{
    for (int32_t index = 0; index < names->count; index++) {
        if (strcmp(names->names[index], name) == 0) {
            return index;
        }
    }
    return STN_NONE;
}

int32_t
stn__names_add(stn__reader *reader, stn__names *names, const char *name)
{
    names->names = stn__grow(reader, names->names, names->count, &names->room, sizeof *names->names);
    names->names[names->count] = name;
    return names->count++;
}

const char *
stn__where(stn__reader *reader, const char *prefix, const char *key)
{
    return stn__print(reader, "%s.%s", prefix, stn__is_level(key, strlen(key)) ? key : stn__quote(reader, key));
}

bool
stn__expect(stn__reader *reader, const stn__node *node, stn__node_kind kind, const char *what)
{
    if (node == NULL || node->kind == kind) {
        return node != NULL;
    }
    stn__mistake(reader, node->place, "found %s, expected %s", stn__yaml_what(reader, node), what);
    return false;
}

const char *
stn__scalar(stn__reader *reader, const stn__node *node, const char *what)
{
    if (node == NULL) {
        return NULL;
    }
    if (node->kind != STN__SCALAR || stn__yaml_is_null(node)) {
        stn__mistake(reader, node->place, "found %s, expected %s", stn__yaml_what(reader, node), what);
        return NULL;
    }
    return node->text;
}

const char *
stn__title_read(stn__reader *reader, const stn__node *node)
{
    const char *text = stn__scalar(reader, node, "a text");

    for (const char *byte = text; byte != NULL && *byte != 0; byte++) {
        if (((unsigned char) *byte < 0x20 && *byte != '\n' && *byte != '\t') || *byte == 0x7f) {
            stn__mistake(reader, node->place, "found %s, expected a text without control characters",
                stn__quote(reader, text));
            return NULL;
        }
    }
    return text;
}

static void
unknown_key(stn__reader *reader, const stn__shape *shape, const stn__node *key, const char *in)
{
    const char *keys[KEYS_MAX];
    const char *near;

    for (int32_t index = 0; index < shape->count; index++) {
        keys[index] = shape->fields[index].key;
    }
    near = stn__suggest(reader, key->text, keys, shape->count);
    if (near[0] == 0) {
        near = stn__print(reader, "; expected %s", stn__join(reader, keys, shape->count, " or "));
    }
    stn__mistake(reader, key->place, "unknown key %s%s%s", stn__quote(reader, key->text), in, near);
}

bool
stn__shape_check(stn__reader *reader, const stn__shape *shape, const stn__node *node, const char *where)
{
    const char *in = where[0] == 0 ? "" : stn__print(reader, " in %s", where);

    STN_INVARIANT(shape->count <= KEYS_MAX);
    if (!stn__expect(reader, node, STN__MAPPING, "a mapping")) {
        return false;
    }
    for (int32_t index = 0; index < shape->count; index++) {
        const stn__field *field = &shape->fields[index];
        if (field->required && stn__yaml_child(node, field->key) == NULL) {
            stn__mistake(reader, node->place, "missing key \"%s\"%s", field->key, in);
        }
    }
    for (int32_t entry = 0; entry < node->count; entry++) {
        const stn__node *key = node->entries[entry].key;
        bool known = false;
        for (int32_t index = 0; index < shape->count && !known; index++) {
            known = strcmp(shape->fields[index].key, key->text) == 0;
        }
        if (!known) {
            unknown_key(reader, shape, key, in);
        }
    }
    return true;
}

static int32_t
word_count(const char *const *words)
{
    int32_t count = 0;

    while (words[count] != NULL) {
        count++;
    }
    return count;
}

int32_t
stn__word(stn__reader *reader, const stn__field *field, const stn__node *node)
{
    int32_t count = word_count(field->words);
    const char *expected = stn__join(reader, field->words, count, " or ");
    const char *text = stn__scalar(reader, node, expected);

    for (int32_t index = 0; index < count && text != NULL; index++) {
        if (strcmp(field->words[index], text) == 0) {
            return index;
        }
    }
    if (text != NULL) {
        stn__mistake(reader, node->place, "found %s, expected %s%s", stn__quote(reader, text), expected,
            stn__suggest(reader, text, field->words, count));
    }
    return 0;
}

void
stn__fill(stn__reader *reader, const stn__shape *shape, const stn__node *node, const char *where,
    const stn_population *population, void *base)
{
    if (node != NULL && node->kind != STN__MAPPING) {
        node = NULL;
    }
    for (int32_t index = 0; index < shape->count; index++) {
        const stn__field *field = &shape->fields[index];
        const stn__node *child = node == NULL ? NULL : stn__yaml_child(node, field->key);
        const char *key = where[0] == 0 ? field->key : stn__print(reader, "%s.%s", where, field->key);
        char *target = (char *) base + field->offset;
        int32_t number;

        if (!field->held) {
            continue;
        }
        switch (field->type) {
        case STN__TEXT:
            *(const char **) (void *) target = stn__title_read(reader, child);
            break;
        case STN__WORD: /* every enum of the model begins at 0, its default */
            number = child == NULL ? 0 : stn__word(reader, field, child);
            memcpy(target, &number, sizeof number);
            break;
        case STN__YES_NO:
            *(bool *) (void *) target = child != NULL && stn__word(reader, field, child) == 1;
            break;
        case STN__QUANTITY:
            stn__quantity(reader, field, child, key, population, (stn_quantity *) (void *) target, NULL);
            break;
        case STN__CHOICE: /* a mapping without a value is of the inner shape */
            if (child != NULL && child->kind == STN__MAPPING && stn__yaml_child(child, "value") == NULL) {
                stn__shape_check(reader, field->inner, child, key);
                stn__fill(reader, field->inner, child, key, population, base);
            } else {
                stn__fill(reader, field->inner, NULL, key, population, base);
                stn__quantity(reader, field, child, key, population, (stn_quantity *) (void *) target, NULL);
            }
            break;
        case STN__INNER:
            if (child != NULL) {
                stn__shape_check(reader, field->inner, child, key);
            }
            stn__fill(reader, field->inner, child, key, population, base);
            break;
        default:
            STN_INVARIANT(false);
        }
    }
}

/* What a field's numbers look like, with the words that may stand for them. */
static const char *
expected_of(stn__reader *reader, const stn__field *field)
{
    const char *expected = stn__unit_expected(field->unit);

    if (field->prefix != NULL) {
        expected = stn__print(reader, "\"%s\" and %s", field->prefix, expected);
    }
    return field->word == NULL ? expected : stn__print(reader, "%s, or \"%s\"", expected, field->word);
}

/* Tells what is wrong with a number; `near` may be NULL. */
static void
number_mistake(stn__reader *reader, const stn__node *node, stn__number_fault fault, const char *expected, const char *near)
{
    stn__mistake(reader, node->place, "found %s%s, expected %s%s", stn__quote(reader, node->text),
        fault == STN__NO_UNIT ? " without a unit" : "", expected,
        near == NULL ? "" : stn__print(reader, "; did you mean \"%s\"?", near));
}

bool
stn__plain_number(stn__reader *reader, const stn__node *node, stn__unit unit, double *value)
{
    const char *text = stn__scalar(reader, node, stn__unit_expected(unit)), *near;
    stn__number_fault fault;

    if (text == NULL) {
        return false;
    }
    fault = stn__unit_read(unit, text, strlen(text), value, &near);
    if (fault != STN__FINE) {
        number_mistake(reader, node, fault, stn__unit_expected(unit), near);
    }
    return fault == STN__FINE;
}

/* The number of a quantity, with the words that its field knows. */
static bool
quantity_value(stn__reader *reader, const stn__field *field, const stn__node *node, double *value)
{
    const char *expected = expected_of(reader, field), *near = NULL;
    const char *text = stn__scalar(reader, node, expected), *number = text;
    size_t prefix = field->prefix == NULL ? 0 : strlen(field->prefix);
    stn__number_fault fault = STN__NO_NUMBER;

    if (text == NULL) {
        return false;
    }
    if (field->word != NULL && strcmp(text, field->word) == 0) {
        *value = STN_NEVER;
        return true;
    }
    if (prefix == 0 || (strncmp(text, field->prefix, prefix) == 0 && text[prefix] == ' ')) {
        number = text + prefix;
        number += prefix == 0 ? 0 : strspn(number, " \t");
        fault = stn__unit_read(field->unit, number, strlen(number), value, &near);
    }
    if (fault == STN__FINE && (field->word != NULL || field->lasting) && *value < 1) { /* what recurs or lasts may not be nothing */
        fault = STN__OUT_OF_RANGE;
        expected = prefix > 0 ? "an interval of at least 1 minute" : "a duration of at least 1 minute";
    }
    if (fault == STN__NO_NUMBER && field->word != NULL) {
        near = stn__nearest(text, &field->word, 1);
    }
    if (fault != STN__FINE) {
        number_mistake(reader, node, fault, expected, near);
    }
    return fault == STN__FINE;
}

static int
compare_factors(const stn_factor *a, const stn_factor *b)
{
    return a->attribute != b->attribute ? (a->attribute < b->attribute ? -1 : 1)
        : a->level < b->level ? -1 : a->level > b->level;
}

/* `ratios`: attribute -> level -> factor, sorted. */
static void
read_ratios(stn__reader *reader, const stn__node *node, const char *where, const stn_population *population, stn_quantity *out)
{
    stn_factor *factors = NULL;
    int32_t count = 0, room = 0;

    if (!stn__expect(reader, node, STN__MAPPING, "a mapping of attributes")) {
        return;
    }
    for (int32_t entry = 0; entry < node->count; entry++) {
        const stn__node *levels = node->entries[entry].value, *value;
        int32_t attribute = population == NULL ? STN_NONE : stn__ref_attribute(reader, node->entries[entry].key, population);
        if (!stn__expect(reader, levels, STN__MAPPING, "a mapping of levels")) {
            continue;
        }
        for (int32_t index = 0; index < levels->count; index++) {
            stn_factor factor = { attribute, STN_NONE, 1 };
            if (attribute != STN_NONE) {
                factor.level = stn__ref_level(reader, levels->entries[index].key, population, attribute);
            }
            value = reader->setting_count == 0 ? levels->entries[index].value
                : stn__setting_node(reader, stn__print(reader, "%s.%s.%s", where, node->entries[entry].key->text, levels->entries[index].key->text),
                    levels->entries[index].value, NULL);
            if (stn__plain_number(reader, value, STN__FACTOR, &factor.factor) && factor.level != STN_NONE) {
                int32_t at = count;
                factors = stn__grow(reader, factors, count, &room, sizeof *factors);
                for (; at > 0 && compare_factors(&factors[at - 1], &factor) > 0; at--) {
                    factors[at] = factors[at - 1];
                }
                factors[at] = factor;
                count++;
            }
        }
    }
    out->factors = factors;
    out->factor_count = count;
    out->of = count > 0 ? population : NULL;
}

static void
register_quantity(stn__reader *reader, const stn_quantity *quantity)
{
    reader->quantities = stn__grow(reader, reader->quantities, reader->quantity_count, &reader->quantity_room,
        sizeof *reader->quantities);
    reader->quantities[reader->quantity_count++] = quantity;
}

/* Checks that an amount stays within its bounds with its factors too: it becomes
 * a whole number then. */
static void
check_factors(stn__reader *reader, stn__unit unit, const stn_quantity *quantity)
{
    const double most = 1e9;
    double value = quantity->value;

    if ((unit != STN__AMOUNT && unit != STN__INCOME) || quantity->factor_count == 0) {
        return;
    }
    for (int32_t first = 0, last; first < quantity->factor_count; first = last) {
        double largest = 1;
        for (last = first; last < quantity->factor_count && quantity->factors[last].attribute == quantity->factors[first].attribute; last++) {
            largest = quantity->factors[last].factor > largest ? quantity->factors[last].factor : largest;
        }
        value *= largest;
    }
    if (value > most * (1 + 1e-9)) { /* products are rounded */
        stn__mistake(reader, quantity->place, "found %s with ratios of up to %.0f yuan%s, expected at most %.0f", stn__quote(reader, quantity->text),
            value, unit == STN__INCOME ? " per year" : "", most);
    }
}

/* `range`: within what the number may lie. What is set may lie outside: to see what
 * happens there is what settings are for. */
static void
read_range(stn__reader *reader, const stn__node *node, stn_quantity *out)
{
    if (!stn__expect(reader, node, STN__SEQUENCE, "a list of two numbers, [low, high]")) {
        return;
    }
    if (node->count != 2) {
        stn__mistake(reader, node->place, "found a list of %d, expected two numbers, [low, high]", (int) node->count);
        return;
    }
    if (!stn__plain_number(reader, node->items[0], out->unit, &out->low)
        || !stn__plain_number(reader, node->items[1], out->unit, &out->high)) {
        return;
    }
    if (out->low > out->high) {
        stn__mistake(reader, node->place, "found a range from %s to %s, expected the lesser number first",
            stn__quote(reader, node->items[0]->text), stn__quote(reader, node->items[1]->text));
    } else if (out->lasting && out->low < 1) {
        stn__mistake(reader, node->items[0]->place, "found %s, expected a duration of at least 1 minute",
            stn__quote(reader, node->items[0]->text));
    } else if (out->was == NULL && !(out->lasting && out->value >= STN_NEVER) && (out->value < out->low || out->value > out->high)) {
        stn__mistake(reader, node->place, "found a range from %s to %s, which leaves out the number itself, %s",
            stn__quote(reader, node->items[0]->text), stn__quote(reader, node->items[1]->text), stn__quote(reader, out->text));
    } else {
        out->ranged = true;
    }
}

/* The value as it is set, or as it stands. The word that every such number begins
 * with need not be set with it. */
static const stn__node *
set_value(stn__reader *reader, const stn__field *field, const char *key, const stn__node *value, const stn__node *whole)
{
    const stn__node *set = stn__setting_node(reader, key, value, whole);
    size_t prefix = field->prefix == NULL ? 0 : strlen(field->prefix);
    stn__node *longer;

    if (set == value || prefix == 0 || strncmp(set->text, field->prefix, prefix) == 0
        || (field->word != NULL && strcmp(set->text, field->word) == 0)) {
        return set;
    }
    longer = stn__take(reader, 1, sizeof *longer);
    *longer = *set;
    longer->text = stn__print(reader, "%s %s", field->prefix, set->text);
    return longer;
}

void
stn__quantity(stn__reader *reader, const stn__field *field, const stn__node *node, const char *key,
    const stn_population *population, stn_quantity *out, const stn__node **forget)
{
    const stn__shape *shape = field->forget ? &stn__shape_quantity_forget
        : field->ratios ? &stn__shape_quantity_ratios : &stn__shape_quantity;
    const stn__node *value = node, *set, *range = NULL;
    double number = 0;

    *out = (stn_quantity) { .value = field->fallback, .unit = field->unit, .regime = reader->regime,
        .lasting = field->unit == STN__DURATION && (field->word != NULL || field->lasting) };
    if (node == NULL) {
        return;
    }
    out->given = true;
    out->key = key;
    out->place = node->place;
    if (node->kind == STN__MAPPING) {
        stn__shape_check(reader, shape, node, key);
        value = stn__yaml_child(node, "value");
        out->why = stn__title_read(reader, stn__yaml_child(node, "why"));
        stn__cite(reader, stn__yaml_child(node, "cite"), &out->cite, &out->cite_count);
        if (field->ratios && stn__yaml_child(node, "ratios") != NULL) {
            read_ratios(reader, stn__yaml_child(node, "ratios"), stn__print(reader, "%s.ratios", key), population, out);
        }
        range = stn__yaml_child(node, "range");
        if (forget != NULL) {
            *forget = stn__yaml_child(node, "forget");
        }
    }
    set = set_value(reader, field, key, value, node);
    if (set != NULL && quantity_value(reader, field, set, &number)) {
        out->value = number;
        out->text = set->text;
        out->was = set == value ? NULL : value->text;
        register_quantity(reader, out);
        check_factors(reader, field->unit, out);
        read_range(reader, range, out);
    }
}

bool
stn__range(stn__reader *reader, const stn__node *node, stn__unit unit, int32_t *first, int32_t *last)
{
    double from, to;
    bool fine;

    if (!stn__expect(reader, node, STN__SEQUENCE, "a list of two numbers, [first, last]")) {
        return false;
    }
    if (node->count != 2) {
        stn__mistake(reader, node->place, "found a list of %d, expected two numbers, [first, last]", (int) node->count);
        return false;
    }
    fine = stn__plain_number(reader, node->items[0], unit, &from);
    if (!stn__plain_number(reader, node->items[1], unit, &to) || !fine) {
        return false;
    }
    if (from > to) {
        stn__mistake(reader, node->place, "found [%.0f, %.0f], expected the lesser number first", from, to);
        return false;
    }
    *first = (int32_t) from;
    *last = (int32_t) to;
    return true;
}

int32_t
stn__ref(stn__reader *reader, const stn__node *node, const char *what, const stn__names *declared)
{
    const char *text = stn__scalar(reader, node, stn__print(reader, "the name of %s %s",
        strchr("aeiou", what[0]) == NULL ? "a" : "an", what));
    int32_t number = text == NULL ? STN_NONE : stn__names_find(declared, text);

    if (text != NULL && number == STN_NONE) {
        stn__mistake(reader, node->place, "unknown %s %s%s", what, stn__quote(reader, text),
            stn__suggest(reader, text, declared->names, declared->count));
    }
    return number;
}

int32_t
stn__find_attribute(const stn_population *population, const char *name)
{
    for (int32_t attribute = 0; attribute < population->attribute_count; attribute++) {
        if (strcmp(population->attributes[attribute].name, name) == 0) {
            return attribute;
        }
    }
    return STN_NONE;
}

const char *
stn__suggest_attribute(stn__reader *reader, const stn_population *population, const char *name)
{
    const char *names[STN_ATTRIBUTES_MAX];

    for (int32_t attribute = 0; attribute < population->attribute_count; attribute++) {
        names[attribute] = population->attributes[attribute].name;
    }
    return stn__suggest(reader, name, names, population->attribute_count);
}

int32_t
stn__ref_attribute(stn__reader *reader, const stn__node *node, const stn_population *population)
{
    const char *text = stn__scalar(reader, node, "the name of an attribute");
    int32_t attribute = text == NULL ? STN_NONE : stn__find_attribute(population, text);

    if (text != NULL && attribute == STN_NONE) {
        stn__mistake(reader, node->place, "unknown attribute %s of %s%s", stn__quote(reader, text), population->name,
            stn__suggest_attribute(reader, population, text));
    }
    return attribute;
}

int32_t
stn__find_level(const stn_attribute *attribute, const char *text, size_t size)
{
    for (int32_t level = 0; level < attribute->level_count; level++) {
        const char *name = attribute->levels[level];
        if (strncmp(name, text, size) == 0 && name[size] == 0) {
            return level;
        }
    }
    return STN_NONE;
}

int32_t
stn__ref_level(stn__reader *reader, const stn__node *node, const stn_population *population, int32_t attribute)
{
    const stn_attribute *of = &population->attributes[attribute];
    const char *text = stn__scalar(reader, node, stn__print(reader, "a level of %s", of->name));
    int32_t level = text == NULL ? STN_NONE : stn__find_level(of, text, strlen(text));

    if (text != NULL && level == STN_NONE && of->level_count > 0) {
        stn__mistake(reader, node->place, "unknown level %s of %s%s", stn__quote(reader, text), of->name,
            stn__suggest(reader, text, of->levels, of->level_count));
    }
    return level;
}

void
stn__one_or_many(const stn__node *node, const stn__node *const **items, int32_t *count, const stn__node **one)
{
    *one = node;
    *items = node != NULL && node->kind == STN__SEQUENCE ? node->items : one;
    *count = node == NULL ? 0 : node->kind == STN__SEQUENCE ? node->count : 1;
}

void
stn__cite(stn__reader *reader, const stn__node *node, const int32_t **cite, int32_t *count)
{
    enum { CITES_MAX = 64 };
    const stn__node *const *items, *one;
    stn__names keys = { NULL, 0, 0 };
    int32_t *numbers, item_count, kept = 0;

    stn__one_or_many(node, &items, &item_count, &one);
    if (node != NULL && (item_count == 0 || item_count > CITES_MAX)) {
        stn__mistake(reader, node->place, "found a list of %d, expected one source or a list of 1 to %d",
            (int) item_count, CITES_MAX);
        item_count = 0;
    }
    for (int32_t source = 0; source < reader->source_count && item_count > 0; source++) {
        stn__names_add(reader, &keys, reader->sources[source].key);
    }
    numbers = stn__take(reader, (size_t) item_count, sizeof *numbers);
    for (int32_t item = 0; item < item_count; item++) {
        numbers[kept] = stn__ref(reader, items[item], "source", &keys);
        kept += numbers[kept] != STN_NONE;
    }
    *cite = numbers;
    *count = kept;
}

void
stn__sources(stn__reader *reader, const stn__node *root, const stn_source **sources, int32_t *count)
{
    enum { SOURCES_MAX = 1000 };
    const stn__node *node = stn__yaml_child(root, "sources");
    int32_t found = 0;
    stn_source *made;

    if (stn__expect(reader, node, STN__MAPPING, "a mapping of sources")) {
        found = node->count;
    }
    if (found > SOURCES_MAX) {
        stn__mistake(reader, node->place, "found %d sources, expected at most %d", (int) found, SOURCES_MAX);
        found = SOURCES_MAX;
    }
    made = stn__take(reader, (size_t) found, sizeof *made);
    for (int32_t source = 0; source < found; source++) {
        const stn__node *key = node->entries[source].key, *value = node->entries[source].value;
        const char *where = stn__where(reader, "sources", key->text);
        if (!stn__is_level(key->text, strlen(key->text))) {
            stn__mistake(reader, key->place, "found %s, expected the key of a source: letters, digits and _ . + -",
                stn__quote(reader, key->text));
        }
        stn__shape_check(reader, &stn__shape_source, value, where);
        stn__fill(reader, &stn__shape_source, value, where, NULL, &made[source]);
        made[source].key = key->text;
    }
    *sources = reader->sources = made;
    *count = reader->source_count = found;
}

int32_t
stn__map_count(stn__reader *reader, const stn__node *node, const char *what, int32_t max)
{
    int32_t count;

    if (!stn__expect(reader, node, STN__MAPPING, stn__print(reader, "a mapping of %s", what))) {
        return 0;
    }
    count = node->count;
    if (count > max) {
        stn__mistake(reader, node->entries[max].key->place, "found %d %s, expected at most %d", (int) count, what, (int) max);
        count = max;
    }
    for (int32_t entry = 0; entry < count; entry++) {
        const stn__node *key = node->entries[entry].key;
        if (!stn__is_name(key->text)) {
            stn__mistake(reader, key->place, "found %s, expected a name: a small letter, then small letters, digits and _, at most 63",
                stn__quote(reader, key->text));
        }
    }
    return count;
}

int32_t
stn__list_count(stn__reader *reader, const stn__node *node, const char *what, int32_t max)
{
    if (!stn__expect(reader, node, STN__SEQUENCE, stn__print(reader, "a list of %s", what))) {
        return 0;
    }
    if (node->count > max) {
        stn__mistake(reader, node->items[max]->place, "found %d %s, expected at most %d", (int) node->count, what, (int) max);
        return max;
    }
    return node->count;
}
