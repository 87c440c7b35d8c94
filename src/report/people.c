/* SPDX-License-Identifier: Apache-2.0
 *
 * people.c - ratings year by year, survival curves, and what became of people. */
#include "report/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/model.h"
#include "results/statistics.h"

enum {
    BARS_MAX = 60,    /* of a histogram */
    POINTS_MAX = 150  /* of a curve: more are not seen */
};

static int
no_memory(const stn__book *book, stn_error *err)
{
    return stn__fail(err, STN_E_MEMORY, "%s: no memory", book->path);
}

static int
damaged(const stn__book *book, const char *what, stn_error *err)
{
    return stn__fail(err, STN_E_IO, "%s: the file is damaged (%s)", book->path, what);
}

int
stn__page_view_read(stn__book *book, int32_t population, stn__page_view *view, stn_error *err)
{
    int ret = stn__cells_read(book, population, NULL, 0, &view->cells[0], err);

    view->attribute[0] = STN_NONE;
    view->count = 1;
    for (int32_t by = 0; ret == 0 && by < book->by_count && view->count <= STN__BY_MAX; by++) {
        stn__cells *cells = &view->cells[view->count];
        ret = stn__cells_read(book, population, &by, 1, cells, err);
        if (ret == 0 && cells->by_count == 1) {
            view->attribute[view->count++] = by;
        }
    }
    return ret;
}

void
stn__page_number(FILE *out, double value)
{
    char text[STN__TEXT], *mark;

    if (isnan(value) || isinf(value)) {
        fputs("null", out);
        return;
    }
    snprintf(text, sizeof text, value > -1e15 && value < 1e15 && value == (double) (int64_t) value ? "%.0f" : "%.6g", value);
    mark = strchr(text, ','); /* where a program wants another decimal mark */
    if (mark != NULL) {
        *mark = '.';
    }
    fputs(text, out);
}

/* -------------------------------------------------------------------- ratings */

/* One histogram: `width` ratings to a bar. */
typedef struct bars {
    int64_t min, width;
    int32_t count;
    double people[BARS_MAX];
} bars;

static void
bars_say(const bars *b, int64_t regime, int64_t window, int32_t replicates, FILE *out)
{
    fprintf(out, "%s{\"regime\": %d, \"window\": %d, \"people\": [", "\n", (int) regime, (int) window);
    for (int32_t bar = 0; bar < b->count; bar++) {
        fputs(bar > 0 ? "," : "", out);
        stn__page_number(out, b->people[bar] / replicates);
    }
    fprintf(out, "]}");
}

/* All histograms of a population, in the order of regimes and windows. */
static int
histograms_say(stn__book *book, int32_t population, bars *b, FILE *out, stn_error *err)
{
    sqlite3_stmt *each = NULL;
    int64_t regime = STN_NONE, window = STN_NONE;
    bool first = true;
    int step = SQLITE_DONE, ret = stn__db_prepare(&book->db,
        "SELECT regime, window, rating, sum(people) FROM histogram WHERE population = ?1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3", &each, err);

    if (ret == 0) {
        sqlite3_bind_int(each, 1, population);
    }
    while (ret == 0 && (step = sqlite3_step(each)) == SQLITE_ROW) {
        int64_t bar = (sqlite3_column_int64(each, 2) - b->min) / b->width;
        if (sqlite3_column_int64(each, 0) != regime || sqlite3_column_int64(each, 1) != window) {
            if (regime != STN_NONE) {
                fputs(first ? "" : ",", out);
                bars_say(b, regime, window, book->replicates, out);
                first = false;
            }
            memset(b->people, 0, sizeof b->people);
            regime = sqlite3_column_int64(each, 0);
            window = sqlite3_column_int64(each, 1);
            if (regime < 0 || regime >= book->regime_count || window < 0 || window >= book->window_count) {
                ret = damaged(book, "histogram", err);
            }
        }
        b->people[bar < 0 ? 0 : bar >= b->count ? b->count - 1 : bar] += (double) sqlite3_column_int64(each, 3);
    }
    ret = ret == 0 && step != SQLITE_ROW && step != SQLITE_DONE ? stn__db_fail(&book->db, err) : ret;
    if (ret == 0 && regime != STN_NONE) {
        fputs(first ? "" : ",", out);
        bars_say(b, regime, window, book->replicates, out);
    }
    sqlite3_finalize(each);
    return ret;
}

static int
ratings_say(stn__book *book, int32_t population, bool *first, FILE *out, stn_error *err)
{
    sqlite3_stmt *ends = NULL;
    bars b = { .count = 0 };
    int64_t max;
    int ret = stn__db_prepare(&book->db, "SELECT min(rating), max(rating) FROM histogram WHERE population = ?1", &ends, err);

    if (ret == 0) {
        sqlite3_bind_int(ends, 1, population);
        if (sqlite3_step(ends) == SQLITE_ROW && sqlite3_column_type(ends, 0) != SQLITE_NULL) {
            b.min = sqlite3_column_int64(ends, 0);
            max = sqlite3_column_int64(ends, 1);
            ret = b.min < -2147483648LL || max > 2147483647LL ? damaged(book, "histogram", err) : 0;
            b.width = (max - b.min) / BARS_MAX + 1;
            b.count = (int32_t) ((max - b.min) / b.width + 1);
        }
    }
    sqlite3_finalize(ends);
    if (ret == 0 && b.count > 0) {
        fprintf(out, "%s\n{", *first ? "" : ",");
        *first = false;
        stn__json_pair(out, true, "population", book->populations[population].name);
        fprintf(out, ", \"min\": %lld, \"width\": %lld, \"bars\": %d, \"histograms\": [", (long long) b.min, (long long) b.width,
            (int) b.count);
        ret = histograms_say(book, population, &b, out, err);
        fprintf(out, "]}");
    }
    return ret;
}

/* --------------------------------------------------------------------- spells */

static void
curve_say(const stn__book *book, const stn__survival *curve, FILE *out)
{
    int32_t count = 0, every, median = stn__survival_time(curve, book->window_count, 0.5);

    while (count < book->window_count && curve[count].at_risk > 0) {
        count++;
    }
    every = (count + POINTS_MAX - 1) / POINTS_MAX;
    fprintf(out, ", \"people\": %lld, \"median_years\": ", (long long) curve[0].at_risk);
    stn__page_number(out, median < 0 ? NAN : median * (double) book->window / STN_MINUTES_PER_YEAR);
    /* Years, share that has not ended, its interval, how many are still at risk. */
    fprintf(out, ", \"curve\": [");
    for (int32_t k = 0; k < count; k++) {
        if (k % every != 0 && k != count - 1) {
            continue;
        }
        fprintf(out, "%s[", k > 0 ? "," : "");
        stn__page_number(out, k * (double) book->window / STN_MINUTES_PER_YEAR);
        putc(',', out);
        stn__page_number(out, curve[k].share);
        putc(',', out);
        stn__page_number(out, curve[k].low);
        putc(',', out);
        stn__page_number(out, curve[k].high);
        fprintf(out, ",%lld]", (long long) curve[k].at_risk);
    }
    putc(']', out);
}

static int
curves_say(stn__book *book, int32_t population, int32_t regime, const char *kind, const stn__cells *cells, const char *attribute,
    bool *first, FILE *out, stn_error *err)
{
    size_t windows = (size_t) book->window_count, size = (size_t) cells->count * windows;
    int64_t *ended = calloc(size, sizeof *ended), *cut = calloc(size, sizeof *cut);
    stn__survival *curve = calloc(windows, sizeof *curve);
    int ret = ended == NULL || cut == NULL || curve == NULL ? no_memory(book, err)
        : stn__spells_read(book, population, regime, kind, -1, cells, ended, cut, err);

    for (int32_t cell = 0; ret == 0 && cell < cells->count; cell++) {
        stn__kaplan_meier(ended + (size_t) cell * windows, cut + (size_t) cell * windows, book->window_count, curve);
        if (curve[0].at_risk == 0) {
            continue;
        }
        fprintf(out, "%s\n{", *first ? "" : ",");
        *first = false;
        stn__json_pair(out, true, "population", book->populations[population].name);
        stn__json_pair(out, false, "kind", kind);
        fprintf(out, ", \"regime\": %d", (int) regime);
        if (attribute != NULL) {
            stn__json_pair(out, false, "attribute", attribute);
            stn__json_pair(out, false, "level", cells->levels[cell]);
        }
        curve_say(book, curve, out);
        putc('}', out);
    }
    free(ended);
    free(cut);
    free(curve);
    return ret;
}

static int
spells_say(stn__book *book, int32_t population, bool *first, FILE *out, stn_error *err)
{
    static const char *const kinds[] = { "to_return", "to_restriction" };
    stn__page_view view;
    int ret = stn__page_view_read(book, population, &view, err);

    for (int32_t regime = 0; ret == 0 && regime < book->regime_count; regime++) {
        for (int32_t kind = 0; ret == 0 && kind < 2; kind++) {
            for (int32_t v = 0; ret == 0 && v < view.count; v++) {
                ret = curves_say(book, population, regime, kinds[kind], &view.cells[v],
                    view.attribute[v] == STN_NONE ? NULL : book->by[view.attribute[v]], first, out, err);
            }
        }
    }
    return ret;
}

/* ---------------------------------------------------------------------- fates */

static int
fates_say(stn__book *book, FILE *out, stn_error *err)
{
    sqlite3_stmt *each = NULL;
    bool first = true;
    int step = SQLITE_DONE, ret = stn__db_prepare(&book->db,
        "SELECT population, regime, restricted > 0, wrong > 0, acted, sum(people) FROM fate"
        " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5", &each, err);

    fprintf(out, ",\n\"fates\": [");
    while (ret == 0 && (step = sqlite3_step(each)) == SQLITE_ROW) {
        int64_t population = sqlite3_column_int64(each, 0), regime = sqlite3_column_int64(each, 1);
        if (population < 0 || population >= book->population_count || regime < 0 || regime >= book->regime_count) {
            ret = damaged(book, "fate", err);
            break;
        }
        fprintf(out, "%s\n{", first ? "" : ",");
        first = false;
        stn__json_pair(out, true, "population", book->populations[population].name);
        fprintf(out, ", \"regime\": %d, \"restricted\": %s, \"wrong\": %s, \"acted\": %s, \"people\": ", (int) regime,
            sqlite3_column_int(each, 2) != 0 ? "true" : "false", sqlite3_column_int(each, 3) != 0 ? "true" : "false",
            sqlite3_column_type(each, 4) == SQLITE_NULL ? "null" : sqlite3_column_int(each, 4) != 0 ? "true" : "false");
        stn__page_number(out, (double) sqlite3_column_int64(each, 5) / book->replicates);
        putc('}', out);
    }
    ret = ret == 0 && step != SQLITE_ROW && step != SQLITE_DONE ? stn__db_fail(&book->db, err) : ret;
    putc(']', out);
    sqlite3_finalize(each);
    return ret;
}

int
stn__page_people(stn__book *book, FILE *out, stn_error *err)
{
    bool first = true;
    int ret = 0;

    fprintf(out, ",\n\"ratings\": [");
    for (int32_t p = 0; ret == 0 && p < book->population_count; p++) {
        ret = ratings_say(book, p, &first, out, err);
    }
    fprintf(out, "],\n\"spells\": [");
    first = true;
    for (int32_t p = 0; ret == 0 && p < book->population_count; p++) {
        ret = spells_say(book, p, &first, out, err);
    }
    putc(']', out);
    return ret != 0 ? ret : fates_say(book, out, err);
}
