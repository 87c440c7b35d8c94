/* SPDX-License-Identifier: Apache-2.0
 *
 * rating.c - reads ratings: points, bands, ladders. */
#include "model/regime.h"

#include <stdlib.h>
#include <string.h>

enum { BANDS_MAX = 64 }; /* bits of a condition's mask */

static int
by_first(const void *left, const void *right)
{
    const stn_band *a = left, *b = right;

    return a->first != b->first ? (a->first < b->first ? -1 : 1) : a->last < b->last ? -1 : a->last > b->last;
}

/* Checks that bands cover the range exactly once. */
static void
check_bands(stn__regime_reader *r, const stn__node *node, const stn_rating *rating, int32_t count)
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
read_bands(stn__regime_reader *r, const stn__node *node, bool ranged, stn_rating *out)
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
read_points(stn__regime_reader *r, const stn__node *node, const char *where, stn_rating *out)
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
        one->behaviour = stn__world_ref(r, key, "behaviour", &r->behaviours);
        population = stn__behaviour_population(r, one->behaviour);
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
read_moves(stn__regime_reader *r, const stn__node *node, const int32_t **moves, int32_t *count)
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

/* Stands in `moves` for all bands that are not named there. */
static const char *const others = "others";

static void
read_ladder_moves(stn__regime_reader *r, const stn__node *node, stn_rating *out)
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
        if (node != NULL && node->kind == STN__MAPPING && stn__yaml_child(node, others) == NULL
            && stn__yaml_child(node, out->bands[band].name) == NULL) {
            stn__mistake(r->reader, node->place, "missing moves of band %s, expected them or \"%s\"",
                stn__quote(r->reader, out->bands[band].name), others);
        }
        moves[band] = rest;
        counts[band] = rest_count;
    }
    out->moves = moves;
    out->move_count = counts;
}

/* Checks what a rating with a ladder has besides. */
static void
check_ladder(stn__regime_reader *r, const stn__node *rating, const stn_rating *out)
{
    static const char *const refused[] = { "points", "forget", "redeem" };
    const stn__node *bands = stn__yaml_child(rating, "bands");

    for (size_t key = 0; key < sizeof refused / sizeof *refused; key++) {
        const stn__node *beside = stn__yaml_child(rating, refused[key]);
        if (beside != NULL) {
            stn__mistake(r->reader, beside->place, "found %s, which does not go with a ladder", refused[key]);
        }
    }
    if (bands == NULL || (bands->kind == STN__MAPPING && bands->count == 0)) {
        stn__mistake(r->reader, stn__yaml_child(rating, "ladder")->place, "found a ladder in a rating without bands, expected \"bands\"");
    }
    for (int32_t band = 0; band < out->band_count; band++) {
        if (strcmp(out->bands[band].name, others) == 0) {
            stn__mistake(r->reader, out->bands[band].place, "found a band \"%s\", which moves use for all others, expected another name", others);
        }
    }
}

static void
read_ladder(stn__regime_reader *r, const stn__node *rating, const char *where, stn_rating *out)
{
    const stn__node *node = stn__yaml_child(rating, "ladder");

    where = stn__print(r->reader, "%s.ladder", where);
    check_ladder(r, rating, out);
    if (!stn__shape_check(r->reader, &stn__shape_ladder, node, where)) {
        return;
    }
    stn__fill(r->reader, &stn__shape_ladder, node, where, NULL, out);
    out->ladder = true;
    out->review_behaviours = stn__subject_read(&r->scope, stn__yaml_child(node, "records"));
    read_ladder_moves(r, stn__yaml_child(node, "moves"), out);
}

static void
read_rating(stn__regime_reader *r, const stn__node *key, const stn__node *node, stn_rating *out)
{
    const char *where = stn__where(r->reader, "ratings", key->text);
    bool ranged;

    *out = (stn_rating) { .name = key->text, .population = STN_NONE, .agency = STN_NONE, .place = node->place };
    if (!stn__shape_check(r->reader, &stn__shape_rating, node, where)) {
        return;
    }
    out->population = stn__world_ref(r, stn__yaml_child(node, "of"), "population", &r->populations);
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

void
stn__ratings_read(stn__regime_reader *r, const stn__node *node)
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

