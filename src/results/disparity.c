/* SPDX-License-Identifier: Apache-2.0
 *
 * disparity.c - what one regime does to some and not to others.
 *
 * Rates of cells (combinations of levels) are set against those of the cell that is
 * best off, errors are told apart from what people did, and curves say how long until
 * somebody is restricted and is free again. docs/results.md defines all of it. */
#include <standing/results.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "results/outcomes.h"
#include "results/statistics.h"
#include "base/text.h"

#define FOUR_FIFTHS 0.8

enum { LABEL = 40, VALUE = 12, LINE = 160, DOORS_MAX = 32 };

typedef struct view {
    stn__book *book;
    FILE *out;
    bool json;
    int32_t population, regime;
    stn__cells cells;
    stn__outcomes outcomes, errors;
    const double *doors[DOORS_MAX + 1]; /* people to whom just so many rights are closed at the end; 0: none */
    int32_t door_count;
    bool small;          /* some cell that was shown is */
} view;

/* One outcome in one cell. */
typedef struct rate {
    double people, rate;             /* of amounts: for one person; NAN: not defined */
    stn__sample difference;          /* to the reference, over replicates */
    double ratio, spared_ratio;      /* to the reference; NAN: not defined */
    bool small;
} rate;

/* ------------------------------------------------------------------- rates */

static double
people_of(const view *v, int32_t cell)
{
    return stn__sample_of(v->cells.people + (size_t) cell * (size_t) v->book->replicates, v->book->replicates).mean;
}

/* The rate of a cell in a replicate: for one person (of minutes: years), or the share itself. */
static double
rate_in(const view *v, const stn__outcome *outcome, int32_t cell, int32_t replicate)
{
    size_t at = (size_t) cell * (size_t) v->book->replicates + (size_t) replicate;
    double value = outcome->values[at], people = v->cells.people[at];

    if (outcome->kind->unit == STN__SHARE || outcome->kind->unit == STN__YEARS_LONG) {
        return value;
    }
    value = outcome->kind->unit == STN__MINUTES ? value / STN_MINUTES_PER_YEAR : value;
    return people > 0 ? value / people : NAN;
}

/* Rates of all cells; returns the reference: of those that are not small the one with the
 * lowest rate (first of equals), STN_NONE if there is none. */
static int32_t
rates_of(const view *v, const stn__outcome *outcome, rate *rates, double *scratch)
{
    int32_t n = v->book->replicates, reference = STN_NONE;

    for (int32_t cell = 0; cell < v->cells.count; cell++) {
        double *of = scratch + (size_t) cell * (size_t) n;
        for (int32_t replicate = 0; replicate < n; replicate++) {
            of[replicate] = rate_in(v, outcome, cell, replicate);
        }
        rates[cell] = (rate){
            .people = people_of(v, cell), .rate = stn__sample_of(of, n).mean, .ratio = NAN, .spared_ratio = NAN
        };
        rates[cell].small = rates[cell].people < STN__SMALL_CELL;
        if (!rates[cell].small && !isnan(rates[cell].rate)
            && (reference == STN_NONE || rates[cell].rate < rates[reference].rate)) {
            reference = cell;
        }
    }
    for (int32_t cell = 0; reference != STN_NONE && cell < v->cells.count; cell++) {
        const rate *best = &rates[reference];
        rate *r = &rates[cell];
        r->difference = stn__sample_of_pairs(
            scratch + (size_t) reference * (size_t) n, scratch + (size_t) cell * (size_t) n, n);
        r->ratio = best->rate > 0 ? r->rate / best->rate : r->rate == 0 ? 1 : r->rate > 0 ? INFINITY : NAN;
        if (outcome->kind->unit == STN__PEOPLE || outcome->kind->unit == STN__SHARE) {
            r->spared_ratio = best->rate < 1 ? (1 - r->rate) / (1 - best->rate) : NAN;
        }
    }
    return reference;
}

static bool
fails_four_fifths(const rate *r)
{
    return r->spared_ratio < FOUR_FIFTHS || r->ratio > 1 / FOUR_FIFTHS;
}

static bool
is_shown(const view *v, const stn__outcome *outcome)
{
    for (int32_t i = 0; i < v->cells.count * v->book->replicates; i++) {
        if (!isnan(outcome->values[i]) && outcome->values[i] != 0) {
            return outcome->kind->headline;
        }
    }
    return false;
}

static void
label_of(const stn__outcome *outcome, char *text, size_t room)
{
    snprintf(text, room, "%s%s%s", outcome->kind->label, outcome->subject[0] != '\0' ? " " : "", outcome->subject);
}

/* "  ! north, low (1,234)" */
static void
cell_put(view *v, int32_t cell)
{
    char label[LINE], text[LINE + 60], whole[STN__TEXT];
    double people = people_of(v, cell);
    bool small = people < STN__SMALL_CELL;

    stn__cell_label(&v->cells, cell, label, sizeof label);
    snprintf(text, sizeof text, "  %s%s (%s)", small ? "! " : "", label, stn__short(people, false, whole));
    v->small = v->small || small;
    if (strlen(text) >= LABEL) { /* on a line of its own */
        fprintf(v->out, "%s\n", text);
        text[0] = '\0';
    }
    fprintf(v->out, "%-*s", LABEL, text);
}

static const char *
rate_text(const stn__outcome *outcome, double value, bool sign, char text[STN__TEXT])
{
    double factor = outcome->kind->unit == STN__SHARE ? 100 : outcome->kind->unit == STN__YEARS_LONG ? 1 : 1000;

    return stn__short(factor * value, sign, text);
}

static void
outcome_put(view *v, const stn__outcome *outcome, rate *rates, double *scratch)
{
    static const char *const units[] = { [STN__PEOPLE] = "of 1000", [STN__MINUTES] = "per 1000", [STN__TIMES] = "per 1000",
        [STN__YUAN] = "per 1000", [STN__SHARE] = "%", [STN__YEARS_LONG] = "years" };
    char label[LINE], one[STN__TEXT], two[STN__TEXT], three[STN__TEXT], four[STN__TEXT], five[STN__TEXT];
    int32_t reference = rates_of(v, outcome, rates, scratch);

    label_of(outcome, label, sizeof label);
    fprintf(v->out, "\n%-*.*s%*s%*s%*s%*s%*s\n", LABEL, LABEL - 1, label, VALUE, units[outcome->kind->unit], VALUE, "difference",
        VALUE - 2, "+- (95 %)", VALUE - 3, "ratio", VALUE - 2, "spared");
    for (int32_t cell = 0; cell < v->cells.count; cell++) {
        const rate *r = &rates[cell];
        cell_put(v, cell);
        fprintf(v->out, "%*s", VALUE, rate_text(outcome, r->rate, false, one));
        if (cell == reference) {
            fprintf(v->out, "%*s\n", VALUE, "reference");
            continue;
        }
        fprintf(v->out, "%*s%*s%*s%*s%s\n", VALUE,
            rate_text(outcome, reference == STN_NONE ? NAN : r->difference.mean, true, two), VALUE - 2,
            rate_text(outcome, stn__half_width(&r->difference), false, three), VALUE - 3,
            stn__short(r->ratio, false, four), VALUE - 2, stn__short(r->spared_ratio, false, five),
            fails_four_fifths(r) ? "  4/5" : "");
    }
}

static void
outcome_json(const view *v, const stn__outcome *outcome, rate *rates, double *scratch, bool first)
{
    int32_t reference = rates_of(v, outcome, rates, scratch);

    fprintf(v->out, "%s\n      {", first ? "" : ",");
    stn__json_pair(v->out, true, "outcome", outcome->kind->key);
    stn__json_pair(v->out, false, "subject", outcome->subject);
    fprintf(v->out, ", \"reference\": ");
    if (reference == STN_NONE) {
        fprintf(v->out, "null");
    } else {
        stn__cell_json(v->out, v->book, &v->cells, reference);
    }
    fprintf(v->out, ", \"cells\": [");
    for (int32_t cell = 0; cell < v->cells.count; cell++) {
        const rate *r = &rates[cell];
        double half = stn__half_width(&r->difference), difference = reference == STN_NONE ? NAN : r->difference.mean;
        fprintf(v->out, "%s\n        {\"levels\": ", cell > 0 ? "," : "");
        stn__cell_json(v->out, v->book, &v->cells, cell);
        stn__json_number(v->out, "people", r->people);
        fprintf(v->out, ", \"small\": %s", r->small ? "true" : "false");
        stn__json_number(v->out, "rate", r->rate);
        stn__json_number(v->out, "difference", difference);
        stn__json_number(v->out, "standard_error", stn__standard_error(&r->difference));
        stn__json_number(v->out, "low", difference - half);
        stn__json_number(v->out, "high", difference + half);
        stn__json_number(v->out, "ratio", r->ratio);
        stn__json_number(v->out, "spared_ratio", r->spared_ratio);
        fprintf(v->out, ", \"fails_four_fifths\": %s}", fails_four_fifths(r) ? "true" : "false");
    }
    fprintf(v->out, "]}");
}

static int
outcomes_say(view *v, const stn__outcomes *outcomes, const char *name, stn_error *err)
{
    rate *rates = calloc((size_t) v->cells.count, sizeof *rates);
    double *scratch = calloc((size_t) v->cells.count * (size_t) v->book->replicates, sizeof *scratch);
    int ret = rates == NULL || scratch == NULL ? stn__fail(err, STN_E_MEMORY, "%s: no memory", v->book->path) : 0;
    bool first = true;

    if (v->json) {
        fprintf(v->out, ", \"%s\": [", name);
    }
    for (int32_t o = 0; ret == 0 && o < outcomes->count; o++) {
        if (!is_shown(v, &outcomes->all[o])) {
            continue;
        }
        if (v->json) {
            outcome_json(v, &outcomes->all[o], rates, scratch, first);
        } else {
            outcome_put(v, &outcomes->all[o], rates, scratch);
        }
        first = false;
    }
    if (v->json) {
        putc(']', v->out);
    }
    free(rates);
    free(scratch);
    return ret;
}

/* --------------------------------------------------------------------- time */

static double
years_of(const view *v, int32_t windows)
{
    return (double) windows * v->book->window / STN_MINUTES_PER_YEAR;
}

static void
curve_json(const view *v, int32_t cell, const int64_t *ended, const int64_t *cut, const stn__survival *curve)
{
    int32_t count = v->book->window_count, median = stn__survival_time(curve, count, 0.5);

    fprintf(v->out, "%s\n        {\"levels\": ", cell > 0 ? "," : "");
    stn__cell_json(v->out, v->book, &v->cells, cell);
    stn__json_number(v->out, "people", (double) curve[0].at_risk);
    stn__json_number(v->out, "median_years", median < 0 ? NAN : years_of(v, median));
    fprintf(v->out, ", \"curve\": [");
    for (int32_t k = 0; k < count && curve[k].at_risk > 0; k++) {
        fprintf(v->out, "%s{\"windows\": %d", k > 0 ? ", " : "", (int) k);
        stn__json_number(v->out, "at_risk", (double) curve[k].at_risk);
        stn__json_number(v->out, "ended", (double) ended[k]);
        stn__json_number(v->out, "cut_off", (double) cut[k]);
        stn__json_number(v->out, "share", curve[k].share);
        stn__json_number(v->out, "low", curve[k].low);
        stn__json_number(v->out, "high", curve[k].high);
        putc('}', v->out);
    }
    fprintf(v->out, "]}");
}

/* The share that has ended, with its interval: "12.3 (11.8 to 12.9)". Where few are still
 * at risk the curve's end says little, and nothing is said. */
static void
ended_put(const view *v, const stn__survival *s)
{
    char text[STN__TEXT * 4], one[STN__TEXT], two[STN__TEXT], three[STN__TEXT];

    if (s->at_risk < STN__SMALL_CELL) {
        fprintf(v->out, "%*s", 2 * VALUE, "-");
        return;
    }
    snprintf(text, sizeof text, "%s (%s to %s)", stn__short(100 - 100 * s->share, false, one),
        stn__short(100 - 100 * s->high, false, two), stn__short(100 - 100 * s->low, false, three));
    fprintf(v->out, "%*s", 2 * VALUE, text);
}

static void
curve_put(view *v, int32_t cell, const stn__survival *curve, int32_t half)
{
    int32_t count = v->book->window_count, median = stn__survival_time(curve, count, 0.5);
    char text[STN__TEXT], one[STN__TEXT];

    cell_put(v, cell);
    fprintf(v->out, "%*s", VALUE - 2, stn__short((double) curve[0].at_risk, false, one));
    ended_put(v, &curve[half]);
    ended_put(v, &curve[count - 1]);
    if (median < 0) {
        snprintf(text, sizeof text, "> %.2g", years_of(v, count));
    } else {
        snprintf(text, sizeof text, "%.2f", years_of(v, median));
    }
    fprintf(v->out, "%*s\n", VALUE - 3, text);
}

/* The curves of one kind of spell, of all replicates' people together. */
static int
curves_say(view *v, const char *kind, const char *label, bool first, stn_error *err)
{
    size_t windows = (size_t) v->book->window_count, size = (size_t) v->cells.count * windows;
    int64_t *ended = calloc(size, sizeof *ended), *cut = calloc(size, sizeof *cut), any = 0;
    stn__survival *curve = calloc(windows, sizeof *curve);
    int32_t half = (v->book->window_count - 1) / 2;
    char text[2][STN__TEXT];
    int ret = ended == NULL || cut == NULL || curve == NULL
        ? stn__fail(err, STN_E_MEMORY, "%s: no memory", v->book->path)
        : stn__spells_read(v->book, v->population, v->regime, kind, -1, &v->cells, ended, cut, err);

    for (size_t i = 0; ret == 0 && i < size; i++) {
        any += ended[i];
    }
    if (ret == 0 && v->json) {
        fprintf(v->out, "%s\n      {\"kind\": \"%s\", \"cells\": [", first ? "" : ",", kind);
    } else if (ret == 0 && any > 0) {
        snprintf(text[0], sizeof text[0], "%% in %.2g years", years_of(v, half));
        snprintf(text[1], sizeof text[1], "%% in %.2g years", years_of(v, v->book->window_count - 1));
        fprintf(v->out, "\n%-*s%*s%*s%*s%*s\n", LABEL, label, VALUE - 2, "people", 2 * VALUE, text[0], 2 * VALUE,
            text[1], VALUE - 3, "median");
    }
    for (int32_t cell = 0; ret == 0 && cell < v->cells.count; cell++) {
        const size_t at = (size_t) cell * windows;
        stn__kaplan_meier(ended + at, cut + at, v->book->window_count, curve);
        if (v->json) {
            curve_json(v, cell, ended + at, cut + at, curve);
        } else if (any > 0) {
            curve_put(v, cell, curve, half);
        }
    }
    if (ret == 0 && v->json) {
        fprintf(v->out, "]}");
    }
    free(ended);
    free(cut);
    free(curve);
    return ret;
}

/* ------------------------------------------------------------ concentration */

/* People by how many rights are closed to them at the end. Of those who are there; the rest,
 * who have none closed, are those to whom no counter counts one. */
static int
doors_read(view *v, stn_error *err)
{
    double *there = NULL, *none;
    int64_t count = (int64_t) v->cells.count * v->book->replicates;
    bool lives = false;
    int ret = stn__total_read(v->book, v->population, v->regime, "there", NULL, &v->cells, &there, err);

    v->door_count = 0;
    for (int32_t doors = 1; ret == 0 && doors <= DOORS_MAX; doors++) {
        char subject[16];
        double *people;
        snprintf(subject, sizeof subject, "%d", (int) doors);
        ret = stn__total_read(v->book, v->population, v->regime, "doors_closed", subject, &v->cells, &people, err);
        v->doors[doors] = people;
        for (int64_t i = 0; ret == 0 && i < count; i++) {
            v->door_count = people[i] > 0 ? doors : v->door_count;
        }
    }
    for (int64_t i = 0; ret == 0 && i < count; i++) {
        lives = lives || there[i] > 0; /* people come and go: `there` says who is left */
    }
    none = there;
    for (int64_t i = 0; ret == 0 && i < count; i++) {
        none[i] = lives ? there[i] : v->cells.people[i];
        for (int32_t doors = 1; doors <= v->door_count; doors++) {
            none[i] -= v->doors[doors][i];
        }
    }
    v->doors[0] = none;
    return ret;
}

/* Gini's coefficient of doors closed, of all replicates' people together. */
static double
concentration(const view *v, int32_t cell)
{
    int64_t people[DOORS_MAX + 1] = { 0 };

    for (int32_t doors = 0; doors <= v->door_count; doors++) {
        for (int32_t replicate = 0; replicate < v->book->replicates; replicate++) {
            people[doors] += (int64_t)
                                 v->doors[doors][(size_t) cell * (size_t) v->book->replicates + (size_t) replicate];
        }
    }
    return stn__gini(people, v->door_count + 1);
}

static int
concentration_say(view *v, stn_error *err)
{
    int ret = doors_read(v, err);
    char text[STN__TEXT];

    if (ret != 0) {
        return ret;
    }
    if (v->json) {
        fprintf(v->out, ", \"gini_doors_closed\": [");
    } else if (v->door_count > 0) {
        fprintf(v->out, "\n%-*s%*s\n", LABEL, "concentration of closed doors", VALUE, "Gini");
    }
    for (int32_t cell = 0; cell < v->cells.count; cell++) {
        if (v->json) {
            fprintf(v->out, "%s{\"levels\": ", cell > 0 ? ", " : "");
            stn__cell_json(v->out, v->book, &v->cells, cell);
            stn__json_number(v->out, "gini", concentration(v, cell));
            putc('}', v->out);
        } else if (v->door_count > 0) {
            cell_put(v, cell);
            fprintf(v->out, "%*s\n", VALUE, stn__short(concentration(v, cell), false, text));
        }
    }
    if (v->json) {
        putc(']', v->out);
    }
    return 0;
}

/* -------------------------------------------------------------------- whole */

static bool
nobody_touched(const view *v)
{
    for (int32_t o = 0; o < v->outcomes.count; o++) {
        const stn__outcome_kind *kind = v->outcomes.all[o].kind;
        if (kind->headline && kind->unit == STN__PEOPLE && is_shown(v, &v->outcomes.all[o])) {
            return false;
        }
    }
    return true;
}

static void
errors_missing_put(const view *v)
{
    for (int32_t o = 0; o < v->errors.count; o++) {
        if (strcmp(v->errors.all[o].kind->key, "false_positive") == 0) {
            return;
        }
    }
    fprintf(v->out, "\nNot known here: who never acted. False-positive and false-negative rates of persons, and how ratings agree\n"
        "with what people did, need that.\n");
}

/* A population under a regime, by some attributes. */
static int
view_say(view *v, const int32_t *by, int32_t by_count, bool first, stn_error *err)
{
    const stn__book *book = v->book;
    int ret = stn__cells_read(v->book, v->population, by, by_count, &v->cells, err);

    if (ret != 0 || (by_count > 0 && v->cells.by_count < by_count)) {
        return ret; /* a population that lacks one of them has no such cells */
    }
    if ((ret = stn__outcomes_read(v->book, v->population, v->regime, stn__outcome_kinds, stn__outcome_kind_count,
             &v->cells, &v->outcomes, err))
            != 0
        || (ret = stn__outcomes_read(
                v->book, v->population, v->regime, stn__error_kinds, stn__error_kind_count, &v->cells, &v->errors, err))
            != 0) {
        return ret;
    }
    v->small = false;
    if (v->json) {
        fprintf(v->out, "%s\n    {", first ? "" : ",");
        stn__json_pair(v->out, true, "regime", book->regimes[v->regime].name);
        stn__json_pair(v->out, false, "population", book->populations[v->population].name);
    } else {
        fprintf(v->out, "\n%s under %s", book->populations[v->population].name, book->regimes[v->regime].name);
        for (int32_t place = 0; place < v->cells.by_count; place++) {
            fprintf(v->out, "%s %s", place == 0 ? ", by" : " x", book->by[v->cells.by[place]]);
        }
        if (nobody_touched(v)) {
            fprintf(v->out, ": nobody is restricted.\n");
            return 0;
        }
        putc('\n', v->out);
    }
    if ((ret = outcomes_say(v, &v->outcomes, "outcomes", err)) != 0
        || (ret = outcomes_say(v, &v->errors, "errors", err)) != 0) {
        return ret;
    }
    if (v->json) {
        fprintf(v->out, ", \"survival\": [");
    } else {
        errors_missing_put(v);
    }
    if ((ret = curves_say(v, "to_restriction", "restricted for the first time", true, err)) != 0
        || (ret = curves_say(v, "to_return", "of these, free again", false, err)) != 0) {
        return ret;
    }
    fputs(v->json ? "]" : "", v->out);
    ret = concentration_say(v, err);
    if (v->json) {
        putc('}', v->out);
    } else if (v->small) {
        fprintf(v->out, "\n!: fewer than %d people; read with care.\n", STN__SMALL_CELL);
    }
    return ret;
}

/* By all attributes that were asked for together, or by each of the study's alone. */
static int
views_say(view *v, const int32_t *by, int32_t by_count, int32_t *said, stn_error *err)
{
    int ret = 0;

    if (by_count > 0 || v->book->by_count == 0) {
        return view_say(v, by, by_count, (*said)++ == 0, err);
    }
    for (int32_t one = 0; ret == 0 && one < v->book->by_count; one++) {
        int32_t probe = v->book->populations[v->population].groups;
        if (probe > 1) {
            ret = view_say(v, &one, 1, (*said)++ == 0, err);
        }
    }
    return ret;
}

static void
legend_put(FILE *out)
{
    fprintf(out, "\nIn brackets: people who ever were there. difference, ratio: to the cell with the lowest rate (the reference). spared:\n"
        "the share that it does not happen to, over that of the reference. 4/5: that ratio is below four fifths, or the rate\n"
        "more than five fourths of the reference's. +-: half of the 95 %% interval over replicates. Shares of first\n"
        "restrictions and returns by Kaplan and Meier, with 95 %% intervals. docs/results.md defines all of it.\n");
}

int
stn_results_disparity(const char *path, const stn_disparity_options *options, FILE *out, stn_error *err)
{
    stn__book book;
    view v = { .book = &book, .out = out, .json = options->json != 0 };
    int32_t by[STN__BY_MAX], by_count = 0, only = STN_NONE, said = 0;
    int ret = stn__book_open(path, &book, err);

    if (ret == 0 && options->by != NULL) {
        ret = stn__book_by(&book, options->by, by, &by_count, err);
    }
    if (ret == 0 && options->regime != NULL) {
        ret = stn__book_regime(&book, options->regime, &only, err);
    }
    if (ret == 0 && v.json) {
        fprintf(out, "{");
        stn__json_pair(out, true, "software", "standing");
        stn__json_pair(out, false, "version", stn__version());
        stn__json_pair(out, false, "study", book.study);
        fprintf(out, ", \"replicates\": %d, \"window_minutes\": %u, \"level\": 0.95, \"tables\": [",
            (int) book.replicates, (unsigned) book.window);
    } else if (ret == 0) {
        fprintf(out, "%s\n", book.study);
    }
    for (v.regime = 0; ret == 0 && v.regime < book.regime_count; v.regime++) {
        for (v.population = 0;
             ret == 0 && (only == STN_NONE || only == v.regime) && v.population < book.population_count;
             v.population++) {
            ret = views_say(&v, by, by_count, &said, err);
        }
    }
    if (ret == 0 && v.json) {
        fprintf(out, "]}\n");
    } else if (ret == 0) {
        legend_put(out);
    }
    if (ret == 0 && (fflush(out) != 0 || ferror(out))) {
        ret = stn__fail(err, STN_E_IO, "the output could not be written");
    }
    stn__book_close(&book);
    return ret;
}
