/* SPDX-License-Identifier: Apache-2.0
 *
 * numbers.c - the numbers of a study one by one: what settings may change, and
 * what a description and an analysis of sensitivity go through. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "model/settings.h"

/* Bounds of a unit in the terms of its values. */
static void
bounds_of(const stn_quantity *quantity, double *min, double *max, bool *whole)
{
    bool bare;

    stn__unit_bounds(quantity->unit, min, max, whole, &bare);
    if (quantity->unit == STN__RATE || quantity->unit == STN__CAPACITY) {
        *min /= STN_MINUTES_PER_YEAR;
        *max /= STN_MINUTES_PER_YEAR;
    }
    *whole = *whole || quantity->unit == STN__DURATION;
    if (quantity->lasting && *min < 1) {
        *min = 1;
    }
}

static double
within(double value, double min, double max)
{
    return value < min ? min : value > max ? max : value;
}

/* What is known of where a number may lie. Counts have to sum up with others, so
 * nothing is known of them unless the file says it. */
static void
range_fill(const stn_quantity *quantity, stn_number *out)
{
    double min, max, half = quantity->value / 2, twice = quantity->value * 2;
    bool whole;

    bounds_of(quantity, &min, &max, &whole);
    out->whole = whole;
    out->low = out->high = quantity->value;
    if (quantity->ranged) {
        out->low = quantity->low;
        out->high = quantity->high;
        out->declared = 1;
    } else if (quantity->unit != STN__COUNT && !(quantity->unit == STN__DURATION && quantity->value >= STN_NEVER)) {
        if (whole) { /* towards the number itself */
            half = (double) (int64_t) (quantity->value - (double) (int64_t) half);
        }
        out->low = within(half < twice ? half : twice, min, max);
        out->high = within(half < twice ? twice : half, min, max);
    }
}

static void
number_fill(const stn_quantity *quantity, const stn_file *files, stn_number *out)
{
    *out = (stn_number) { .key = quantity->key, .text = quantity->text, .unit = stn__unit_name(quantity->unit),
        .value = quantity->value, .cited = quantity->cite_count > 0, .why = quantity->why,
        .file = files[quantity->place.file].path, .line = quantity->place.line, .kind = (int32_t) quantity->unit };
    range_fill(quantity, out);
}

/* "REGIME,REGIME:KEY" for those whose key is not theirs alone. */
static const char *
full_key(stn__reader *reader, const stn_study *study, const stn_number *number)
{
    const char *text = "";

    for (int32_t regime = 0; regime < study->regime_count; regime++) {
        if (number->regimes[regime]) {
            text = stn__print(reader, "%s%s%s", text, text[0] == 0 ? "" : ",", study->regimes[regime].name);
        }
    }
    return stn__print(reader, "%s:%s", text, number->key);
}

/* Whether two quantities of one place and key say the same: one regime's may be set. */
static bool
same_number(const stn_quantity *a, const stn_quantity *b)
{
    return strcmp(a->key, b->key) == 0 && strcmp(a->text, b->text) == 0;
}

/* A quantity and its place among the study's, which is in file order. */
typedef struct entry {
    const stn_quantity *quantity;
    int32_t index;
    int32_t number;           /* the one that it belongs to */
} entry;

static int
compare_places(const stn_quantity *a, const stn_quantity *b)
{
    const int32_t from[4] = { a->regime != STN_NONE, a->place.file, a->place.line, a->place.column };
    const int32_t to[4] = { b->regime != STN_NONE, b->place.file, b->place.line, b->place.column };

    for (int32_t part = 0; part < 4; part++) {
        if (from[part] != to[part]) {
            return from[part] < to[part] ? -1 : 1;
        }
    }
    return 0;
}

static int
by_place(const void *left, const void *right)
{
    const entry *a = left, *b = right;
    int places = compare_places(a->quantity, b->quantity);
    int keys = places != 0 ? places : strcmp(a->quantity->key, b->quantity->key);
    int texts = keys != 0 ? keys : strcmp(a->quantity->text, b->quantity->text);

    return texts != 0 ? texts : a->index < b->index ? -1 : a->index > b->index;
}

static int
by_index(const void *left, const void *right)
{
    const entry *a = left, *b = right;

    return a->index < b->index ? -1 : a->index > b->index;
}

static int
by_key(const void *left, const void *right)
{
    const stn_number *a = *(stn_number *const *) left, *b = *(stn_number *const *) right;

    return strcmp(a->key, b->key);
}

/* Lets each entry know the entry that its number begins with, and that with which
 * the first number of its place begins. */
static void
link_entries(entry *entries, int32_t count, int32_t *first_of_place)
{
    qsort(entries, (size_t) count, sizeof *entries, by_place);
    for (int32_t at = 0; at < count; at++) {
        const entry *before = at > 0 ? &entries[at - 1] : NULL;
        bool place = before != NULL && compare_places(before->quantity, entries[at].quantity) == 0;
        bool again = place && same_number(before->quantity, entries[at].quantity);
        entries[at].number = again ? before->number : entries[at].index;
        first_of_place[entries[at].index] = place ? first_of_place[before->index] : entries[at].index;
        if (place && entries[at].index < first_of_place[before->index]) { /* another key, written earlier */
            for (int32_t back = at; back >= 0 && compare_places(entries[back].quantity, entries[at].quantity) == 0; back--) {
                first_of_place[entries[back].index] = entries[at].index;
            }
        }
    }
    qsort(entries, (size_t) count, sizeof *entries, by_index);
}

/* Names regimes before the keys that several numbers have. */
static void
tell_apart(stn__reader *reader, const stn_study *study, stn_number *numbers, int32_t count)
{
    stn_number **sorted = stn__take(reader, (size_t) count, sizeof *sorted);

    for (int32_t number = 0; number < count; number++) {
        sorted[number] = &numbers[number];
    }
    qsort(sorted, (size_t) count, sizeof(stn_number *), by_key);
    for (int32_t first = 0, last; first < count; first = last) {
        const char *key = sorted[first]->key;
        for (last = first; last < count && strcmp(sorted[last]->key, key) == 0; last++) {
        }
        for (int32_t at = first; at < last && last - first > 1; at++) {
            if (sorted[at]->regimes != NULL) {
                sorted[at]->key = full_key(reader, study, sorted[at]);
            }
        }
    }
}

void
stn__numbers_gather(stn__reader *reader, stn_study *study)
{
    int32_t room = reader->quantity_count, count = 0;
    entry *entries = stn__take(reader, (size_t) room, sizeof *entries);
    int32_t *places = stn__take(reader, (size_t) room, sizeof *places), *made = stn__take(reader, (size_t) room, sizeof *made);
    stn_number *numbers = stn__take(reader, (size_t) room, sizeof *numbers);
    const stn_quantity **quantities = stn__take(reader, (size_t) room, sizeof *quantities);

    if (room == 0) {
        return;
    }
    for (int32_t index = 0; index < room; index++) {
        entries[index] = (entry) { reader->quantities[index], index, index };
    }
    link_entries(entries, room, places);
    for (int32_t index = 0; index < room; index++) {
        const stn_quantity *quantity = entries[index].quantity;
        stn_number *number;
        if (entries[index].number == index) {
            made[index] = count;
            number_fill(quantity, reader->files, &numbers[count]);
            numbers[count].same = made[places[index]];
            numbers[count].regimes = quantity->regime == STN_NONE ? NULL : stn__take(reader, (size_t) study->regime_count, 1);
            quantities[count++] = quantity;
        }
        number = &numbers[made[entries[index].number]];
        if (quantity->regime != STN_NONE) {
            ((unsigned char *) (uintptr_t) number->regimes)[quantity->regime] = 1;
        }
    }
    tell_apart(reader, study, numbers, count);
    study->numbers = numbers;
    study->number_quantities = quantities;
    study->number_count = count;
}

int32_t
stn_study_number_count(const stn_study *study)
{
    return study->number_count;
}

const stn_number *
stn_study_number(const stn_study *study, int32_t index)
{
    STN_INVARIANT(index >= 0 && index < study->number_count);
    return &study->numbers[index];
}

void
stn_number_text(const stn_number *number, double value, char text[STN_NUMBER_TEXT])
{
    const char *unit = "";
    char number_text[STN__NUMBER_ROOM];

    switch ((stn__unit) number->kind) {
    case STN__RATE:
    case STN__CAPACITY:
        unit = " per minute";
        break;
    case STN__DURATION:
        unit = " minutes";
        break;
    case STN__AMOUNT:
        unit = " yuan";
        break;
    case STN__INCOME:
        unit = " yuan per year";
        break;
    default:
        break;
    }
    if (number->whole) {
        snprintf(text, STN_NUMBER_TEXT, "%.0f%s", value, unit);
        return;
    }
    stn__double_text(value, number_text);
    snprintf(text, STN_NUMBER_TEXT, "%s%s", number_text, unit);
}
