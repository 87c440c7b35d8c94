/* SPDX-License-Identifier: Apache-2.0
 *
 * evidence.c - where each number comes from: sources, assumptions, cited numbers.
 *
 * Regimes that extend another one have its numbers too, and files that share a
 * source name it each by itself: both are told once. */
#include "describe/describe.h"

#include <stdlib.h>
#include <string.h>

#define CODED STN__CODE "%s" STN__CODE

/* ------------------------------------------------------------------ sources */

static bool
same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static int32_t
source_number(stn__describer *d, const stn_source *source)
{
    for (int32_t s = 0; s < d->source_count; s++) {
        const stn_source *known = d->sources[s];
        if (same(known->title, source->title) && same(known->url, source->url)
            && same(known->reliability, source->reliability)) {
            return s + 1;
        }
    }
    d->sources[d->source_count++] = source;
    return d->source_count;
}

static int32_t *
sources_number(stn__describer *d, const stn_source *sources, int32_t count)
{
    int32_t *numbers = stn__room(d, count, sizeof *numbers);

    for (int32_t s = 0; s < count; s++) {
        numbers[s] = source_number(d, &sources[s]);
    }
    return numbers;
}

const char *
stn__cite_text(stn__describer *d, int32_t regime, const int32_t *cite, int32_t count)
{
    const int32_t *numbers = regime == STN_NONE ? d->world_sources : d->regime_sources[regime];
    const char *text = "";

    for (int32_t c = 0; c < count; c++) {
        text = stn__say(d, "%s%s" STN__REFERENCE "%d" STN__REFERENCE, text, c > 0 ? " " : "", (int) numbers[cite[c]]);
    }
    return text;
}

const char *
stn__backing(stn__describer *d, int32_t regime, const int32_t *cite, int32_t count)
{
    return count > 0 ? stn__say(d, " %s", stn__cite_text(d, regime, cite, count))
                     : " (" STN__STRESS "assumption" STN__STRESS ")";
}

const char *
stn__place_text(stn__describer *d, stn_place place)
{
    char *path = stn__room(d, (int64_t) strlen(d->paths[place.file]) + 1, 1);

    strcpy(path, d->paths[place.file]);
    for (char *byte = path; *byte != '\0'; byte++) {
        if ((unsigned char) *byte < ' ') {
            *byte = '?'; /* a path may have anything, a text has marks */
        }
    }
    return place.line > 0 ? stn__say(d, "%s:%d", path, (int) place.line) : path;
}

/* ------------------------------------------------------------------ gathering */

static bool
same_place(stn_place a, stn_place b)
{
    return a.file == b.file && a.line == b.line && a.column == b.column;
}

static stn__evidence *
evidence_new(stn__describer *d)
{
    if (d->evidence_count == d->evidence_room) {
        stn__evidence *more = stn__room(d, 2 * d->evidence_room + 64, sizeof *more);
        if (d->evidence_count > 0) {
            memcpy(more, d->evidence, (size_t) d->evidence_count * sizeof *more);
        }
        d->evidence_room = 2 * d->evidence_room + 64;
        d->evidence = more;
    }
    return &d->evidence[d->evidence_count++];
}

/* Adds what stands somewhere, or only that it holds in one more regime. What
 * stands in one place under one key is one thing. */
static void
evidence_add(stn__describer *d, int32_t regime, const stn__evidence *one)
{
    stn__evidence *found = NULL;

    for (int32_t e = d->evidence_count - 1; e >= 0 && found == NULL; e--) {
        stn__evidence *other = &d->evidence[e];
        if (same_place(other->place, one->place) && strcmp(other->key, one->key) == 0
            && (other->regimes != NULL) == (regime != STN_NONE)) {
            found = other;
        }
    }
    if (found == NULL) {
        found = evidence_new(d);
        *found = *one;
        found->regimes = regime != STN_NONE ? stn__room(d, d->study->regime_count, sizeof *found->regimes) : NULL;
    }
    if (regime != STN_NONE) {
        found->regimes[regime] = true;
    }
}

/* The study's own numbers: here a table needs only their words. */
static void
numbers_gather(stn__describer *d)
{
    for (int32_t i = 0; i < d->study->number_count; i++) {
        const stn_number *number = &d->study->numbers[i];
        const stn_quantity *q = d->study->number_quantities[i];
        stn__evidence *one = evidence_new(d);
        *one = (stn__evidence){ .key = q->key,
            .value = q->was == NULL ? q->text : stn__say(d, "%s, set in place of %s", q->text, q->was),
            .unit = number->unit,
            .factors = stn__factors_text(d, q),
            .why = q->why,
            .cite = stn__cite_text(d, q->regime, q->cite, q->cite_count),
            .place = q->place };
        if (number->regimes != NULL) {
            one->regimes = stn__room(d, d->study->regime_count, sizeof *one->regimes);
            for (int32_t r = 0; r < d->study->regime_count; r++) {
                one->regimes[r] = number->regimes[r] != 0;
            }
        }
    }
}

/* How many there are of each level. */
static const char *
levels_text(stn__describer *d, const stn_population *population, const stn_attribute *attribute)
{
    const char *text = "";

    if (attribute->table != NULL) {
        return stn__say(d, "the table %s", attribute->table);
    }
    for (int32_t level = 0; level < attribute->level_count; level++) {
        double number = attribute->shares ? attribute->counts[level] / population->size.value
                                          : attribute->counts[level];
        text = stn__say(d, "%s%s%s %.15g", text, level > 0 ? ", " : "", attribute->levels[level], number);
    }
    return text;
}

static const char *
ages_text(stn__describer *d, const stn_attribute *attribute)
{
    const char *text = "";

    for (int32_t level = 0; level < attribute->level_count; level++) {
        text = stn__say(d, "%s%s%s: %d to %d", text, level > 0 ? ", " : "", attribute->levels[level],
            (int) attribute->age_first[level], (int) attribute->age_last[level]);
    }
    return text;
}

static void
bare_add(stn__describer *d, int32_t regime, stn_place place, const char *key, const char *value, const char *unit)
{
    const stn__evidence one = {
        .key = key, .value = value, .unit = unit, .factors = "", .cite = "", .place = place, .bare = true
    };

    evidence_add(d, regime, &one);
}

static void
population_gather(stn__describer *d, const stn_population *population)
{
    for (int32_t a = 0; a < population->attribute_count; a++) {
        const stn_attribute *attribute = &population->attributes[a];
        const char *key = stn__say(d, "populations.%s.attributes.%s", population->name, attribute->name);
        const stn__evidence one = { .key = key,
            .value = levels_text(d, population, attribute),
            .unit = attribute->shares ? "shares" : "counts",
            .factors = "",
            .why = attribute->why,
            .cite = stn__cite_text(d, STN_NONE, attribute->cite, attribute->cite_count),
            .place = attribute->place };
        evidence_add(d, STN_NONE, &one);
        if (attribute->has_ages) {
            bare_add(
                d, STN_NONE, attribute->place, stn__say(d, "%s.ages", key), ages_text(d, attribute), "years of age");
        }
    }
    for (int32_t j = 0; j < population->joint_count; j++) {
        const stn_joint *joint = &population->joints[j];
        const char *names[STN_ATTRIBUTES_MAX];
        stn__evidence one = { .value = stn__say(d, "the table %s", joint->table),
            .unit = "weights",
            .factors = "",
            .why = joint->why,
            .cite = stn__cite_text(d, STN_NONE, joint->cite, joint->cite_count),
            .place = joint->place };
        for (int32_t a = 0; a < joint->attribute_count; a++) {
            names[a] = population->attributes[joint->attributes[a]].name;
        }
        one.key = stn__say(d, "populations.%s.joints.%d, %s", population->name, (int) j + 1,
            stn__joined(d, names, joint->attribute_count, "with"));
        evidence_add(d, STN_NONE, &one);
    }
    if (population->life.deaths != NULL) {
        const stn_life *life = &population->life;
        const stn__evidence one = { .key = stn__say(d, "populations.%s.life.deaths", population->name),
            .value = stn__say(d, "the table %s", life->deaths_table),
            .unit = "probability",
            .factors = "",
            .why = life->deaths_why,
            .cite = stn__cite_text(d, STN_NONE, life->deaths_cite, life->deaths_cite_count),
            .place = life->place };
        evidence_add(d, STN_NONE, &one);
    }
}

static void
condition_gather(stn__describer *d, int32_t regime, const char *key, const stn_condition *condition)
{
    bool compares = false;

    for (int32_t n = 0; n < condition->node_count; n++) {
        compares = compares || condition->nodes[n].op == STN_COND_RATING || condition->nodes[n].op == STN_COND_RECORDS;
    }
    if (compares) {
        bare_add(d, regime, condition->place, key, condition->text, "condition");
    }
}

static void
rating_gather(stn__describer *d, int32_t regime, const stn_rating *rating)
{
    const char *bands = "", *key = stn__say(d, "ratings.%s", rating->name);

    bare_add(d, regime, rating->place, stn__say(d, "%s.range", key),
        stn__say(d, "%d to %d", (int) rating->min, (int) rating->max), "points");
    for (int32_t band = 0; band < rating->band_count; band++) {
        bands = stn__say(d, "%s%s%s: %d to %d", bands, band > 0 ? ", " : "", rating->bands[band].name,
            (int) rating->bands[band].first, (int) rating->bands[band].last);
    }
    if (rating->band_count > 0) {
        bare_add(d, regime, rating->bands[0].place, stn__say(d, "%s.bands", key), bands, "points");
    }
    for (int32_t band = 0; rating->ladder && band < rating->band_count; band++) {
        const char *moves = "";
        for (int32_t m = 0; m < rating->move_count[band]; m++) {
            moves = stn__say(d, "%s%s%d", moves, m > 0 ? ", " : "", (int) rating->moves[band][m]);
        }
        bare_add(d, regime, rating->place, stn__say(d, "%s.ladder.moves.%s", key, rating->bands[band].name), moves,
            "points");
    }
}

static void
regime_gather(stn__describer *d, int32_t number)
{
    const stn_regime *regime = &d->study->regimes[number];

    for (int32_t r = 0; r < regime->rating_count; r++) {
        rating_gather(d, number, &regime->ratings[r]);
    }
    for (int32_t l = 0; l < regime->list_count; l++) {
        condition_gather(d, number, stn__say(d, "lists.%s.enter", regime->lists[l].name), &regime->lists[l].enter);
        condition_gather(d, number, stn__say(d, "lists.%s.leave", regime->lists[l].name), &regime->lists[l].leave);
    }
    for (int32_t m = 0; m < regime->measure_count; m++) { /* parts of a joint one share it */
        const stn_measure *measure = &regime->measures[m];
        condition_gather(d, number,
            stn__say(d, "measures.%.*s.while", (int) strcspn(measure->name, "."), measure->name), &measure->condition);
    }
    for (int32_t p = 0; p < regime->process_count; p++) {
        condition_gather(d, number, "due_process.repair.needs", &regime->processes[p].repair.needs);
    }
}

static int
by_place(const void *left, const void *right)
{
    const stn__evidence *a = left, *b = right;

    if (a->place.file != b->place.file) {
        return a->place.file < b->place.file ? -1 : 1;
    }
    if (a->place.line != b->place.line) {
        return a->place.line < b->place.line ? -1 : 1;
    }
    if (a->place.column != b->place.column) {
        return a->place.column < b->place.column ? -1 : 1;
    }
    return strcmp(a->key, b->key);
}

void
stn__evidence_gather(stn__describer *d)
{
    const stn_study *study = d->study;
    int32_t most = study->world.source_count;

    for (int32_t r = 0; r < study->regime_count; r++) {
        most += study->regimes[r].source_count;
    }
    d->sources = stn__room(d, most, sizeof *d->sources);
    d->regime_sources = stn__room(d, study->regime_count, sizeof *d->regime_sources);
    d->world_sources = sources_number(d, study->world.sources, study->world.source_count);
    for (int32_t r = 0; r < study->regime_count; r++) {
        d->regime_sources[r] = sources_number(d, study->regimes[r].sources, study->regimes[r].source_count);
    }
    numbers_gather(d);
    for (int32_t p = 0; p < study->world.population_count; p++) {
        population_gather(d, &study->world.populations[p]);
    }
    for (int32_t r = 0; r < study->regime_count; r++) {
        regime_gather(d, r);
    }
    if (d->evidence_count > 1) {
        qsort(d->evidence, (size_t) d->evidence_count, sizeof *d->evidence, by_place);
    }
}

/* ------------------------------------------------------------------- tables */

static const char *
regimes_text(stn__describer *d, const stn__evidence *e)
{
    const char *text = "";
    int32_t held = 0;

    if (e->regimes == NULL) {
        return "the world";
    }
    for (int32_t r = 0; r < d->study->regime_count; r++) {
        if (e->regimes[r]) {
            text = stn__say(d, "%s%s" CODED, text, held++ > 0 ? ", " : "", d->study->regimes[r].name);
        }
    }
    return held == d->study->regime_count && held > 1 ? "all regimes" : text;
}

static const char *
value_text(stn__describer *d, const stn__evidence *e)
{
    if (strcmp(e->unit, "condition") == 0) {
        return stn__say(d, CODED, e->value);
    }
    return e->factors[0] != '\0' ? stn__say(d, "%s; times, by %s", e->value, e->factors) : e->value;
}

typedef enum { ASSUMED, BARE, CITED } kind;

static kind
kind_of(const stn__evidence *e)
{
    return e->bare ? BARE : e->cite[0] == '\0' ? ASSUMED : CITED;
}

/* A table of one kind; `head` is that of the column about the evidence, NULL if it has none. */
static void
evidence_put(stn__describer *d, stn__page *page, kind wanted, const char *caption, const char *head)
{
    const char *heads[] = { "Key", "Value", "Unit", "Of", "Place", head };
    int32_t count = 0;
    int columns = head != NULL ? 6 : 5;

    for (int32_t i = 0; i < d->evidence_count; i++) {
        const stn__evidence *e = &d->evidence[i];
        const char *because = e->why != NULL ? e->why : "";
        if (kind_of(e) != wanted) {
            continue;
        }
        if (wanted == CITED) {
            because = stn__say(d, "%s%s%s", e->cite, because[0] != '\0' ? " " : "", because);
        }
        if (count++ == 0) {
            stn__page_table_begin(page, caption, heads, columns);
        }
        stn__page_row(page,
            (const char *const[]){ stn__say(d, CODED, e->key), value_text(d, e), e->unit, regimes_text(d, e),
                stn__place_text(d, e->place), because[0] != '\0' ? because : "none given" },
            columns);
    }
    if (count > 0) {
        stn__page_table_end(page);
    } else {
        stn__page_paragraph(page, "There are none.");
    }
}

void
stn__assumptions_put(stn__describer *d, stn__page *page, int depth)
{
    stn__page_heading(page, depth, "assumptions", "Assumptions");
    evidence_put(d, page, ASSUMED,
        "Every number, and every table, for which the files name no source, with the reason they give", "Reason");
}

void
stn__bare_put(stn__describer *d, stn__page *page, int depth)
{
    stn__page_heading(page, depth, "bare", "Numbers of the rules themselves");
    stn__page_paragraph(page,
        "Ranges, bands, moves, ages and the numbers in conditions stand where a file has no room for a source: "
        "they count as assumptions too.");
    evidence_put(d, page, BARE, "Where each stands", NULL);
}

void
stn__cited_put(stn__describer *d, stn__page *page, int depth)
{
    stn__page_heading(page, depth, "cited", "Numbers with a source");
    evidence_put(d, page, CITED, "Every number, and every table, with its source", "Source, and how it was taken");
}

void
stn__sources_put(stn__describer *d, stn__page *page, int depth)
{
    stn__page_heading(page, depth, "references", "References");
    if (d->source_count == 0) {
        stn__page_paragraph(page, "The files name no sources.");
        return;
    }
    stn__page_list_begin(page);
    for (int32_t s = 0; s < d->source_count; s++) {
        const stn_source *source = d->sources[s];
        stn__page_item(page, stn__say(d, "source-%d", (int) s + 1),
            stn__say(d, "[%d] %s.%s%s%s%s", (int) s + 1, source->title,
                source->reliability != NULL ? stn__say(d, " Kind: %s.", source->reliability) : "",
                source->url != NULL ? " " STN__LINK : "", source->url != NULL ? source->url : "",
                source->url != NULL ? STN__LINK : ""));
    }
    stn__page_list_end(page);
}
