/* SPDX-License-Identifier: Apache-2.0
 *
 * schema.c - JSON Schemas (draft 2020-12), written from the table of fields.
 *
 * They describe what YAML says before names are resolved, so they accept a
 * little more than the reader. In a regime, keys may be null (removed), and
 * keys that a regime must have may come from the one it extends: there
 * `required` holds only without `extends`. What stands in a list is replaced
 * whole, so it must be complete. */
#include <standing/study.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/fields.h"

#define NAME_PATTERN "^[a-z][a-z0-9_]{0,62}$"
#define LEVEL_PATTERN "^[A-Za-z0-9][A-Za-z0-9_.+-]{0,62}$"

typedef struct writer {
    char *text;               /* owned; NULL once memory ran out */
    size_t size, room;
    bool failed;
    bool regime;              /* keys may be null, or come from elsewhere */
} writer;

static void put(writer *w, const char *format, ...) STN_PRINTF(2, 3);

static void
put(writer *w, const char *format, ...)
{
    va_list args;
    int size;

    va_start(args, format);
    size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0 || w->failed) {
        w->failed = true;
        return;
    }
    if (w->size + (size_t) size + 1 > w->room) {
        size_t room = (w->size + (size_t) size + 1) * 2;
        char *text = realloc(w->text, room);
        if (text == NULL) {
            w->failed = true;
            return;
        }
        w->text = text;
        w->room = room;
    }
    va_start(args, format);
    vsnprintf(w->text + w->size, (size_t) size + 1, format, args);
    va_end(args);
    w->size += (size_t) size;
}

/* A JSON text; meanings hold no control characters. */
static void
put_text(writer *w, const char *text)
{
    put(w, "\"");
    for (; *text != 0; text++) {
        put(w, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    }
    put(w, "\"");
}

static void
put_number(writer *w, stn__unit unit)
{
    double min, max;
    bool number_is_whole, bare;

    stn__unit_bounds(unit, &min, &max, &number_is_whole, &bare);
    if (bare) {
        put(w, "{\"type\":[\"%s\",\"string\"],\"%s\":%.17g,\"maximum\":%.17g,\"pattern\":\"%s\"}",
            number_is_whole ? "integer" : "number",
            unit == STN__YEARS || unit == STN__SCALE ? "exclusiveMinimum" : "minimum", min, max, stn__unit_pattern(unit));
    } else {
        put(w, "{\"type\":\"string\",\"pattern\":\"%s\"}", stn__unit_pattern(unit));
    }
}

/* What may stand for a quantity's value. */
static void
put_value(writer *w, const stn__field *field)
{
    const char *pattern = stn__unit_pattern(field->unit);

    put(w, field->word == NULL ? "" : "{\"anyOf\":[");
    if (field->prefix != NULL) {
        put(w, "{\"type\":\"string\",\"pattern\":\"^%s +%s\"}", field->prefix, pattern + 1);
    } else {
        put_number(w, field->unit);
    }
    if (field->word != NULL) {
        put(w, ",{\"const\":\"%s\"}]}", field->word);
    }
}

static void put_field(writer *w, const stn__field *field, const stn__field *value_of, bool whole);

/* Whatever `put_field` writes, with its meaning; null too where that removes. */
static void
put_property(writer *w, const stn__field *field, const stn__field *value_of, bool whole)
{
    put(w, "\"%s\":{\"description\":", field->key);
    put_text(w, field->meaning);
    if (field->shown != NULL) {
        put(w, ",\"default\":\"%s\"", field->shown);
    }
    put(w, ",\"anyOf\":[");
    put_field(w, field, value_of, whole);
    put(w, "%s]}", w->regime && !whole ? ",{\"type\":\"null\"}" : "");
}

static void
put_required(writer *w, const stn__shape *shape)
{
    bool first = true;

    put(w, "\"required\":[");
    for (int32_t index = 0; index < shape->count; index++) {
        if (shape->fields[index].required) {
            put(w, "%s\"%s\"", first ? "" : ",", shape->fields[index].key);
            first = false;
        }
    }
    put(w, "]");
}

/* A mapping of a shape. `value_of`: the field whose quantity it is, or NULL.
 * `whole`: it stands in a list, and must be complete. */
static void
put_shape(writer *w, const stn__shape *shape, const stn__field *value_of, bool whole)
{
    put(w, "\"type\":\"object\",\"additionalProperties\":false,");
    if (!w->regime || whole) {
        put_required(w, shape);
        put(w, ",");
    }
    put(w, "\"properties\":{");
    for (int32_t index = 0; index < shape->count; index++) {
        put(w, index == 0 ? "" : ",");
        put_property(w, &shape->fields[index], value_of, whole);
    }
    put(w, "}");
}

static void
put_quantity(writer *w, const stn__field *field, bool whole)
{
    put_value(w, field);
    put(w, ",{");
    put_shape(w, field->forget ? &stn__shape_quantity_forget
        : field->ratios ? &stn__shape_quantity_ratios : &stn__shape_quantity, field, whole);
    put(w, "}");
}

/* The beginning of a mapping of names or levels to something. */
static void
put_keys(writer *w, const char *pattern)
{
    put(w, "{\"type\":\"object\",\"propertyNames\":{\"pattern\":\"%s\"},\"additionalProperties\":{\"anyOf\":[", pattern);
}

/* Its end; null removes an entry. */
static void
end_keys(writer *w, bool whole)
{
    put(w, "%s]}}", w->regime && !whole ? ",{\"type\":\"null\"}" : "");
}

static void
put_words(writer *w, const char *const *words)
{
    put(w, "{\"enum\":[");
    for (int32_t index = 0; words[index] != NULL; index++) {
        put(w, "%s\"%s\"", index == 0 ? "" : ",", words[index]);
    }
    put(w, "]}");
}

static void
put_one_or_many(writer *w, const char *one)
{
    put(w, "%s,{\"type\":\"array\",\"minItems\":1,\"items\":%s}", one, one);
}

static void
put_pair(writer *w, stn__unit unit)
{
    put(w, "{\"type\":\"array\",\"minItems\":2,\"maxItems\":2,\"items\":");
    put_number(w, unit);
    put(w, "}");
}

/* One or more schemas, any of which a field's value must fit. */
static void
put_field(writer *w, const stn__field *field, const stn__field *value_of, bool whole)
{
    const char *name = "{\"type\":\"string\",\"pattern\":\"" NAME_PATTERN "\"}";
    const char *source = "{\"type\":[\"string\",\"integer\"],\"pattern\":\"" LEVEL_PATTERN "\"}";
    const char *path = "{\"type\":\"string\",\"minLength\":1}";

    switch (field->type) {
    case STN__VERSION:
    case STN__WORD:
        put_words(w, field->words);
        break;
    case STN__YES_NO: /* which editors may take for truth values */
        put(w, "{\"enum\":[\"no\",\"yes\",false,true]}");
        break;
    case STN__TEXT:
        put(w, "{\"type\":[\"string\",\"number\"]}");
        break;
    case STN__NAME:
        put(w, "%s", name);
        break;
    case STN__NAMES:
        put_one_or_many(w, name);
        break;
    case STN__CITE:
        put_one_or_many(w, source);
        break;
    case STN__PATH:
    case STN__CONDITION:
        put(w, "%s", path);
        break;
    case STN__PATHS:
        put_one_or_many(w, path);
        break;
    case STN__QUANTITY: /* `value` within a quantity is its field's */
        if (value_of != NULL && strcmp(field->key, "value") == 0) {
            put_value(w, value_of);
        } else {
            put_quantity(w, field, whole);
        }
        break;
    case STN__CHOICE:
        put_quantity(w, field, whole);
        put(w, ",{");
        put_shape(w, field->inner, NULL, whole);
        put(w, "}");
        break;
    case STN__SUBJECT:
        put(w, "%s", path);
        break;
    case STN__MOVES:
        put_keys(w, NAME_PATTERN);
        put(w, "{\"type\":\"array\",\"minItems\":1,\"maxItems\":16,\"items\":");
        put_number(w, field->unit);
        put(w, "}");
        end_keys(w, whole);
        break;
    case STN__NAMES_OR_NONE:
        put(w, "%s,{\"type\":\"array\",\"items\":%s}", name, name);
        break;
    case STN__NUMBER:
        put_number(w, field->unit);
        break;
    case STN__SEED:
        put(w, "{\"type\":[\"integer\",\"string\"],\"minimum\":0,\"maximum\":9223372036854775807,\"pattern\":\"^[0-9]+$\"}");
        break;
    case STN__INNER:
        put(w, "{");
        put_shape(w, field->inner, NULL, whole);
        put(w, "}");
        break;
    case STN__MAP:
        put_keys(w, field->inner == &stn__shape_source ? LEVEL_PATTERN : NAME_PATTERN);
        put(w, "{");
        put_shape(w, field->inner, NULL, whole);
        put(w, "}");
        end_keys(w, whole);
        break;
    case STN__LIST:
        put(w, "{\"type\":\"array\",\"items\":{");
        put_shape(w, field->inner, NULL, true);
        put(w, "}}");
        break;
    case STN__QUANTITIES:
        put_keys(w, NAME_PATTERN);
        put_quantity(w, field, whole);
        end_keys(w, whole);
        break;
    case STN__NUMBERS:
        put_keys(w, LEVEL_PATTERN);
        put_number(w, field->unit);
        end_keys(w, whole);
        break;
    case STN__RATIOS:
        put_keys(w, NAME_PATTERN);
        put_keys(w, LEVEL_PATTERN);
        put_number(w, field->unit);
        end_keys(w, whole);
        end_keys(w, whole);
        break;
    case STN__PAIRS:
        put_keys(w, LEVEL_PATTERN);
        put_pair(w, field->unit);
        end_keys(w, whole);
        break;
    case STN__LEVEL_SETS:
        put_keys(w, NAME_PATTERN);
        put_one_or_many(w, source);
        end_keys(w, whole);
        break;
    case STN__NAME_SETS:
        put_keys(w, LEVEL_PATTERN);
        put_one_or_many(w, name);
        end_keys(w, whole);
        break;
    case STN__RANGE:
        put_pair(w, field->unit);
        break;
    case STN__BOUNDS:
        put_pair(w, value_of->unit);
        break;
    case STN__PICK:
        put(w, "{\"type\":\"array\",\"minItems\":2,\"maxItems\":2,\"prefixItems\":[%s,{\"type\":\"array\",\"minItems\":1,\"items\":%s}]}",
            name, source);
        break;
    }
}

/* Only what a regime that extends none must have. */
static void
put_needs(writer *w, const stn__shape *shape)
{
    bool first = true;

    put_required(w, shape);
    put(w, ",\"properties\":{");
    for (int32_t index = 0; index < shape->count; index++) {
        const stn__field *field = &shape->fields[index];
        if (field->type == STN__MAP || field->type == STN__INNER) {
            put(w, "%s\"%s\":{%s", first ? "" : ",", field->key, field->type == STN__MAP ? "\"additionalProperties\":{" : "");
            put_needs(w, field->inner);
            put(w, "%s}", field->type == STN__MAP ? "}" : "");
            first = false;
        }
    }
    put(w, "}");
}

char *
stn_schema(const char *kind)
{
    static const stn__shape *const shapes[] = { &stn__shape_world, &stn__shape_regime, &stn__shape_study };
    const stn__shape *shape = NULL;
    writer w = { 0 };

    for (size_t index = 0; index < sizeof shapes / sizeof *shapes; index++) {
        if (strcmp(shapes[index]->name, kind) == 0) {
            shape = shapes[index];
        }
    }
    if (shape == NULL) {
        return NULL;
    }
    w.regime = shape == &stn__shape_regime;
    put(&w, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"Standing: %s/1\",", kind);
    put_shape(&w, shape, NULL, false);
    if (w.regime) {
        put(&w, ",\"required\":[\"standing\"],\"if\":{\"not\":{\"required\":[\"extends\"]}},\"then\":{");
        put_needs(&w, shape);
        put(&w, "}");
    }
    put(&w, "}\n");
    if (w.failed) {
        free(w.text);
        return NULL;
    }
    return w.text;
}
