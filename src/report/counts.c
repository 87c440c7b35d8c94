/* SPDX-License-Identifier: Apache-2.0
 *
 * counts.c - what happened over time and in groups.
 *
 * The series of a large study has tens of millions of rows: they are passed over
 * once for each population. Lines add up over groups and keep each window; rates keep
 * each group of each attribute, and years. */
#include "report/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/model.h"
#include "results/statistics.h"

/* Counters that are drawn as lines, one for each subject. */
static const char *const lines[] = { "band", "list_stock", "restricted_stock", "wrong_stock", "all_closed_stock", "poor_stock" };

/* Rates by group and year. Minutes become person-years. */
static const struct rate_kind {
    const char *key, *counter, *label, *unit;
    bool stock, minutes;
} rate_kinds[] = {
    { "restricted", "restricted_stock", "Restricted at the end of the year", "for 1,000 people", true, false },
    { "wrong", "wrong_stock", "Wrongly restricted at the end of the year", "for 1,000 people", true, false },
    { "restricted_years", "restricted_minutes", "Years of restriction in the year", "person-years for 1,000 people", false, true },
    { "wrong_years", "wrong_minutes", "Years of wrong restriction in the year", "person-years for 1,000 people", false, true },
    { "blocked", "blocked", "Attempts blocked in the year", "for 1,000 people", false, false },
    { "entries", "list_entries", "Entries onto lists in the year", "for 1,000 people", false, false },
    { "acts", "acts", "Chances taken in the year, of every kind", "for 1,000 people", false, false },
    { "poor", "poor_stock", "Poor at the end of the year", "for 1,000 people", true, false },
};

enum { LINES = sizeof lines / sizeof *lines, RATES = sizeof rate_kinds / sizeof *rate_kinds };
static const char there[] = "there_minutes"; /* how many people a year had, where people come and go */

typedef struct counter_use {
    bool used;
    int32_t line;  /* row of lines, or STN_NONE */
    int32_t rate;  /* of rate_kinds, RATES for `there`, or STN_NONE */
} counter_use;

typedef struct counting {
    stn__book *book;
    FILE *out;
    int32_t population, years;
    stn__page_view view;
    int32_t cells;            /* of the whole view */
    int64_t counters;         /* the highest id and one */
    counter_use *uses;        /* owned, by id */
    int32_t line_count;
    int32_t *line_kind;       /* owned */
    char **line_subject;      /* in the book's arena */
    double *line_values;      /* owned: [line][regime][window] */
    double *rate_values;      /* owned: [rate and there][regime][year][cell][replicate] */
    bool seen[RATES + 1];
} counting;

static int
no_memory(const stn__book *book, stn_error *err)
{
    return stn__fail(err, STN_E_MEMORY, "%s: no memory", book->path);
}

static int32_t
year_of(const counting *c, int64_t window)
{
    int64_t end = (window + 1) * c->book->window;

    end = end > c->book->horizon ? c->book->horizon : end;
    return (int32_t) ((end - 1) / (int64_t) STN_MINUTES_PER_YEAR);
}

static bool
ends_year(const counting *c, int64_t window)
{
    return window == c->book->window_count - 1 || year_of(c, window + 1) > year_of(c, window);
}

static double *
rate_at(const counting *c, int64_t rate, int64_t regime, int64_t year, int64_t cell)
{
    return c->rate_values
        + (((rate * c->book->regime_count + regime) * c->years + year) * c->cells + cell) * c->book->replicates;
}

/* Which counters of the population are wanted, and for what. */
static int
uses_read(counting *c, stn_error *err)
{
    sqlite3_stmt *each = NULL;
    int ret = stn__db_prepare(&c->book->db,
        "SELECT id, name, subject FROM counter WHERE population = ?1 AND id BETWEEN 0 AND 1000000 ORDER BY id", &each, err);
    int step = SQLITE_DONE;
    int64_t room = 0;

    if (ret == 0) {
        sqlite3_bind_int(each, 1, c->population);
        while ((step = sqlite3_step(each)) == SQLITE_ROW) {
            int64_t id = sqlite3_column_int64(each, 0);
            const char *name = (const char *) sqlite3_column_text(each, 1);
            const char *subject = (const char *) sqlite3_column_text(each, 2);
            counter_use use = { false, STN_NONE, STN_NONE };
            for (int32_t k = 0; name != NULL && k < LINES; k++) {
                if (strcmp(name, lines[k]) == 0) {
                    use.line = k;
                }
            }
            for (int32_t k = 0; name != NULL && k < RATES; k++) {
                if (strcmp(name, rate_kinds[k].counter) == 0) {
                    use.rate = k;
                }
            }
            if (name != NULL && strcmp(name, there) == 0) {
                use.rate = RATES;
            }
            use.used = use.line != STN_NONE || use.rate != STN_NONE;
            if (!use.used) {
                continue;
            }
            if (id >= room) {
                int64_t more = id + 64;
                counter_use *grown = realloc(c->uses, (size_t) more * sizeof *grown);
                int32_t *kinds = grown == NULL ? NULL : realloc(c->line_kind, (size_t) more * sizeof *kinds);
                char **subjects = kinds == NULL ? NULL : realloc(c->line_subject, (size_t) more * sizeof *subjects);
                c->uses = grown != NULL ? grown : c->uses;
                c->line_kind = kinds != NULL ? kinds : c->line_kind;
                c->line_subject = subjects != NULL ? subjects : c->line_subject;
                if (subjects == NULL) {
                    ret = no_memory(c->book, err);
                    break;
                }
                memset(c->uses + room, 0, (size_t) (more - room) * sizeof *c->uses);
                room = more;
            }
            if (use.line != STN_NONE) {
                c->line_kind[c->line_count] = use.line;
                c->line_subject[c->line_count] = (char *) (uintptr_t) stn__arena_text(
                    c->book->arena, subject != NULL ? subject : "", subject != NULL ? strlen(subject) : 0);
                use.line = c->line_count++;
            }
            c->uses[id] = use;
            c->counters = id + 1;
        }
        ret = ret == 0 && step != SQLITE_ROW && step != SQLITE_DONE ? stn__db_fail(&c->book->db, err) : ret;
    }
    sqlite3_finalize(each);
    return ret;
}

static void
rate_add(counting *c, const counter_use *use, int64_t replicate, int64_t regime, int64_t window, int64_t group, double value)
{
    int32_t year = year_of(c, window), first = 0;

    if (use->rate < RATES && rate_kinds[use->rate].stock && !ends_year(c, window)) {
        return;
    }
    c->seen[use->rate] = true;
    for (int32_t v = 0; v < c->view.count; v++) {
        rate_at(c, use->rate, regime, year, first + c->view.cells[v].of_group[group])[replicate] += value;
        first += c->view.cells[v].count;
    }
}

static int
series_read(counting *c, stn_error *err)
{
    const stn__book *book = c->book;
    sqlite3_stmt *each = NULL;
    int step = SQLITE_DONE, ret = stn__db_prepare(&c->book->db,
        "SELECT replicate, regime, window, grp, counter, value FROM series WHERE population = ?1", &each, err);

    if (ret == 0) {
        sqlite3_bind_int(each, 1, c->population);
    }
    while (ret == 0 && (step = sqlite3_step(each)) == SQLITE_ROW) {
        int64_t counter = sqlite3_column_int64(each, 4), replicate, regime, window, group;
        const counter_use *use;
        double value;
        if (counter < 0 || counter >= c->counters || !c->uses[counter].used) {
            continue;
        }
        use = &c->uses[counter];
        replicate = sqlite3_column_int64(each, 0);
        regime = sqlite3_column_int64(each, 1);
        window = sqlite3_column_int64(each, 2);
        group = sqlite3_column_int64(each, 3);
        value = (double) sqlite3_column_int64(each, 5);
        if (replicate < 0 || replicate >= book->replicates || regime < 0 || regime >= book->regime_count || window < 0
            || window >= book->window_count || group < 0 || group >= book->populations[c->population].groups) {
            ret = stn__fail(err, STN_E_IO, "%s: the file is damaged (series)", book->path);
            break;
        }
        if (use->line != STN_NONE) {
            c->line_values[((int64_t) use->line * book->regime_count + regime) * book->window_count + window] += value;
        }
        if (use->rate != STN_NONE) {
            rate_add(c, use, replicate, regime, window, group, value);
        }
    }
    ret = ret == 0 && step != SQLITE_ROW && step != SQLITE_DONE ? stn__db_fail(&c->book->db, err) : ret;
    sqlite3_finalize(each);
    return ret;
}

/* --------------------------------------------------------------------- saying */

static void
lines_say(const counting *c)
{
    const stn__book *book = c->book;
    bool first = true;

    fprintf(c->out, ", \"lines\": [");
    for (int32_t line = 0; line < c->line_count; line++) {
        for (int32_t regime = 0; regime < book->regime_count; regime++) {
            const double *values = c->line_values + ((int64_t) line * book->regime_count + regime) * book->window_count;
            double most = 0;
            for (int32_t w = 0; w < book->window_count; w++) {
                most = values[w] > most ? values[w] : most;
            }
            if (most <= 0) {
                continue;
            }
            fprintf(c->out, "%s\n{", first ? "" : ",");
            first = false;
            stn__json_pair(c->out, true, "counter", lines[c->line_kind[line]]);
            stn__json_pair(c->out, false, "subject", c->line_subject[line]);
            fprintf(c->out, ", \"regime\": %d, \"values\": [", (int) regime);
            for (int32_t w = 0; w < book->window_count; w++) {
                fprintf(c->out, w > 0 ? "," : "");
                stn__page_number(c->out, values[w] / book->replicates);
            }
            fprintf(c->out, "]}");
        }
    }
    putc(']', c->out);
}

/* The rate of a cell in a year: its mean over replicates and half of its interval. */
static void
rate_say(const counting *c, int32_t rate, int32_t regime, int32_t year, const stn__cells *cells, int32_t cell, int32_t place,
    double *scratch)
{
    const double *value = rate_at(c, rate, regime, year, place), *minutes = rate_at(c, RATES, regime, year, place);
    double begin = year * STN_MINUTES_PER_YEAR, left = c->book->horizon - begin;
    double span = left < STN_MINUTES_PER_YEAR ? left : STN_MINUTES_PER_YEAR; /* the last may be cut short */
    stn__sample sample;

    for (int32_t r = 0; r < c->book->replicates; r++) {
        double people = c->seen[RATES] ? minutes[r] / span : cells->people[(int64_t) cell * c->book->replicates + r];
        double amount = rate_kinds[rate].minutes ? value[r] / STN_MINUTES_PER_YEAR : value[r];
        scratch[r] = people > 0 ? 1000 * amount / people : NAN;
    }
    sample = stn__sample_of(scratch, c->book->replicates);
    stn__page_number(c->out, sample.mean);
    if (c->book->replicates > 1) {
        putc(',', c->out);
        stn__page_number(c->out, stn__half_width(&sample));
    }
}

static void
rates_say(const counting *c, double *scratch)
{
    const stn__book *book = c->book;
    bool first = true;

    fprintf(c->out, ", \"rates\": [");
    for (int32_t rate = 0; rate < RATES; rate++) {
        if (!c->seen[rate]) {
            continue;
        }
        fprintf(c->out, "%s\n{", first ? "" : ",");
        first = false;
        stn__json_pair(c->out, true, "outcome", rate_kinds[rate].key);
        stn__json_pair(c->out, false, "label", rate_kinds[rate].label);
        stn__json_pair(c->out, false, "unit", rate_kinds[rate].unit);
        /* [regime][year][cell]: a mean, and half of its interval if there are replicates. */
        fprintf(c->out, ", \"values\": [");
        for (int32_t regime = 0; regime < book->regime_count; regime++) {
            fprintf(c->out, "%s[", regime > 0 ? "," : "");
            for (int32_t year = 0; year < c->years; year++) {
                int32_t place = 0;
                fprintf(c->out, "%s[", year > 0 ? "," : "");
                for (int32_t v = 0; v < c->view.count; v++) {
                    for (int32_t cell = 0; cell < c->view.cells[v].count; cell++, place++) {
                        fprintf(c->out, place > 0 ? ",[" : "[");
                        rate_say(c, rate, regime, year, &c->view.cells[v], cell, place, scratch);
                        putc(']', c->out);
                    }
                }
                putc(']', c->out);
            }
            putc(']', c->out);
        }
        fprintf(c->out, "]}");
    }
    putc(']', c->out);
}

static void
cells_say(const counting *c)
{
    bool first = true;

    /* What a cell is: an attribute's name and a level; null and null is everybody. */
    fprintf(c->out, ", \"cells\": [");
    for (int32_t v = 0; v < c->view.count; v++) {
        const stn__cells *cells = &c->view.cells[v];
        for (int32_t cell = 0; cell < cells->count; cell++) {
            double people = 0;
            for (int32_t r = 0; r < c->book->replicates; r++) {
                people += cells->people[(int64_t) cell * c->book->replicates + r] / c->book->replicates;
            }
            fprintf(c->out, "%s\n{\"people\": ", first ? "" : ",");
            first = false;
            stn__page_number(c->out, people);
            if (c->view.attribute[v] != STN_NONE) {
                stn__json_pair(c->out, false, "attribute", c->book->by[c->view.attribute[v]]);
                stn__json_pair(c->out, false, "level", cells->levels[(int64_t) cell * cells->by_count]);
            }
            putc('}', c->out);
        }
    }
    putc(']', c->out);
}

static int
counting_make(counting *c, stn_error *err)
{
    const stn__book *book = c->book;
    int64_t size;
    int ret = stn__page_view_read(c->book, c->population, &c->view, err);

    if (ret != 0) {
        return ret;
    }
    c->years = year_of(c, book->window_count - 1) + 1;
    for (int32_t v = 0; v < c->view.count; v++) {
        c->cells += c->view.cells[v].count;
    }
    ret = uses_read(c, err);
    if (ret != 0) {
        return ret;
    }
    size = (int64_t) (RATES + 1) * book->regime_count * c->years * c->cells * book->replicates;
    c->line_values = calloc((size_t) c->line_count * (size_t) book->regime_count * (size_t) book->window_count + 1, sizeof(double));
    c->rate_values = calloc((size_t) size, sizeof(double));
    return c->line_values == NULL || c->rate_values == NULL ? no_memory(book, err) : series_read(c, err);
}

int
stn__page_counts(stn__book *book, FILE *out, stn_error *err)
{
    double *scratch = calloc((size_t) book->replicates, sizeof *scratch);
    int ret = scratch == NULL ? no_memory(book, err) : 0;

    fprintf(out, ",\n\"counts\": [");
    for (int32_t p = 0; ret == 0 && p < book->population_count; p++) {
        counting c = { .book = book, .out = out, .population = p };
        ret = counting_make(&c, err);
        if (ret == 0) {
            fprintf(out, "%s\n{", p > 0 ? "," : "");
            stn__json_pair(out, true, "population", book->populations[p].name);
            fprintf(out, ", \"years\": %d", (int) c.years);
            cells_say(&c);
            lines_say(&c);
            rates_say(&c, scratch);
            putc('}', out);
        }
        free(c.uses);
        free(c.line_kind);
        free(c.line_subject);
        free(c.line_values);
        free(c.rate_values);
    }
    putc(']', out);
    free(scratch);
    return ret;
}
