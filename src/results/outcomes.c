/* SPDX-License-Identifier: Apache-2.0
 *
 * outcomes.c - a result file read for comparing.
 *
 * A file may come from anybody: numbers of things are checked before they are used
 * as places. Totals over a run are made once, as a temporary table, since the series
 * of a large study has millions of rows. */
#include "results/outcomes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "results/statistics.h"

/* ------------------------------------------------------------------ reading */

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

/* Whether there is a next row; *ret becomes an error, or stays. */
static bool
next_row(stn__book *book, sqlite3_stmt *each, int *ret, stn_error *err)
{
    int step;

    if (*ret != 0) {
        return false;
    }
    step = sqlite3_step(each);
    if (step != SQLITE_ROW && step != SQLITE_DONE) {
        *ret = stn__db_fail(&book->db, err);
    }
    return step == SQLITE_ROW;
}

static const char *
text_of(stn__book *book, sqlite3_stmt *each, int column)
{
    const char *text = (const char *) sqlite3_column_text(each, column);

    return stn__arena_text(book->arena, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

/* A whole number of `meta` within bounds. */
static int
meta_whole(stn__book *book, const char *key, int64_t min, int64_t max, int64_t *value, stn_error *err)
{
    sqlite3_stmt *one = NULL;
    int ret = stn__db_prepare(&book->db, "SELECT value FROM meta WHERE key = ?", &one, err);

    *value = min;
    if (ret == 0) {
        sqlite3_bind_text(one, 1, key, -1, SQLITE_STATIC);
        if (next_row(book, one, &ret, err)) {
            *value = sqlite3_column_int64(one, 0);
            ret = *value < min || *value > max ? damaged(book, key, err) : 0;
        } else if (ret == 0) {
            ret = damaged(book, key, err);
        }
    }
    sqlite3_finalize(one);
    return ret;
}

/* A count by a query without parameters. */
static int
count_read(stn__book *book, const char *query, int64_t max, int64_t *count, stn_error *err)
{
    sqlite3_stmt *one = NULL;
    int ret = stn__db_prepare(&book->db, query, &one, err);

    *count = 0;
    if (next_row(book, one, &ret, err)) {
        *count = sqlite3_column_int64(one, 0);
        ret = *count < 0 || *count > max ? damaged(book, "too many of a thing", err) : 0;
    }
    sqlite3_finalize(one);
    return ret;
}

static int
title_read(stn__book *book, stn_error *err)
{
    sqlite3_stmt *one = NULL;
    int ret = stn__db_prepare(&book->db, "SELECT value FROM meta WHERE key = 'study'", &one, err);

    book->study = "";
    if (next_row(book, one, &ret, err)) {
        book->study = text_of(book, one, 0);
        ret = book->study == NULL ? no_memory(book, err) : 0;
    }
    sqlite3_finalize(one);
    return ret;
}

static int
names_read(stn__book *book, stn_error *err)
{
    stn__regime_name *regimes = stn__arena_take(book->arena, (size_t) book->regime_count, sizeof *regimes);
    stn__population_name *populations = stn__arena_take(
        book->arena, (size_t) book->population_count, sizeof *populations);
    sqlite3_stmt *each = NULL;
    int32_t number = 0;
    int ret = regimes == NULL || populations == NULL ? no_memory(book, err)
        : stn__db_prepare(&book->db, "SELECT id, name, title FROM regime ORDER BY id", &each, err);

    for (number = 0; number < book->regime_count && next_row(book, each, &ret, err); number++) {
        regimes[number] = (stn__regime_name){ text_of(book, each, 1), text_of(book, each, 2) };
        ret = sqlite3_column_int(each, 0) != number ? damaged(book, "regimes", err)
            : regimes[number].name == NULL || regimes[number].title == NULL ? no_memory(book, err) : ret;
    }
    sqlite3_finalize(each);
    each = NULL;
    if (ret == 0) {
        ret = stn__db_prepare(&book->db, "SELECT p.id, p.name, count(g.grp), max(g.grp) FROM population p"
            " LEFT JOIN group_size g ON g.population = p.id GROUP BY p.id ORDER BY p.id", &each, err);
    }
    for (number = 0; number < book->population_count && next_row(book, each, &ret, err); number++) {
        populations[number] = (stn__population_name){ text_of(book, each, 1), sqlite3_column_int(each, 2) };
        ret = sqlite3_column_int(each, 0) != number || populations[number].groups < 1
                || sqlite3_column_int(each, 3) != populations[number].groups - 1 ? damaged(book, "groups", err)
            : populations[number].name == NULL ? no_memory(book, err) : ret;
    }
    sqlite3_finalize(each);
    book->regimes = regimes;
    book->populations = populations;
    return ret;
}

static int
by_names_read(stn__book *book, stn_error *err)
{
    const char **by;
    int64_t count;
    sqlite3_stmt *each = NULL;
    int ret = count_read(book, "SELECT count(DISTINCT attribute) FROM population_group", STN__BY_MAX, &count, err);

    if (ret != 0) {
        return ret;
    }
    by = stn__arena_take(book->arena, (size_t) count, sizeof *by);
    ret = by == NULL ? no_memory(book, err)
        : stn__db_prepare(&book->db, "SELECT DISTINCT attribute FROM population_group ORDER BY 1", &each, err);
    while (book->by_count < count && next_row(book, each, &ret, err)) {
        by[book->by_count] = text_of(book, each, 0);
        ret = by[book->by_count++] == NULL ? no_memory(book, err) : ret;
    }
    sqlite3_finalize(each);
    book->by = by;
    return ret;
}

/* Sums over the run, of stocks the state at the end; and under names of its own what other
 * tables say: restricted_people, wrong_people; of those who acted and the idle, who never
 * did, those never and ever restricted (table fate, where it knows); of those whose first
 * restriction began (returning) those for whom it did not end (not_returned); and sums and
 * differences of counters: false records judged, acts undetected. */
static const char totals[] =
    "PRAGMA temp_store = MEMORY;"
    "CREATE TEMP TABLE total(population INTEGER, regime INTEGER, name TEXT, rank INTEGER, subject TEXT, replicate INTEGER,"
    " grp INTEGER, value INTEGER);"
    "INSERT INTO temp.total SELECT s.population, s.regime, c.name, c.id, c.subject, s.replicate, s.grp, sum(s.value)"
    " FROM series s JOIN counter c ON c.id = s.counter WHERE c.stock = 0 OR s.window = (SELECT max(id) FROM window)"
    " GROUP BY s.population, s.regime, c.id, s.replicate, s.grp;"
    "INSERT INTO temp.total SELECT population, regime, 'restricted_people', 0, '', replicate, grp, sum(people) FROM fate"
    " WHERE restricted = 1 GROUP BY population, regime, replicate, grp;"
    "INSERT INTO temp.total SELECT population, regime, 'wrong_people', 0, '', replicate, grp, sum(people) FROM fate"
    " WHERE wrong = 1 GROUP BY population, regime, replicate, grp;"
    "INSERT INTO temp.total SELECT population, regime, 'returning', 0, '', replicate, grp, sum(people) FROM spell"
    " WHERE kind = 'to_return' GROUP BY population, regime, replicate, grp;"
    "INSERT INTO temp.total SELECT population, regime, 'not_returned', 0, '', replicate, grp, sum(people) FROM spell"
    " WHERE kind = 'to_return' AND ended = 0 GROUP BY population, regime, replicate, grp;"
    "INSERT INTO temp.total SELECT population, regime, 'acted', 0, '', replicate, grp, sum(people) FROM fate"
    " WHERE acted = 1 GROUP BY population, regime, replicate, grp;"
    "INSERT INTO temp.total SELECT population, regime, 'acted_free', 0, '', replicate, grp, sum(people) FROM fate"
    " WHERE acted = 1 AND restricted = 0 GROUP BY population, regime, replicate, grp;"
    "INSERT INTO temp.total SELECT population, regime, 'idle', 0, '', replicate, grp, sum(people) FROM fate"
    " WHERE acted = 0 GROUP BY population, regime, replicate, grp;"
    "INSERT INTO temp.total SELECT population, regime, 'idle_restricted', 0, '', replicate, grp, sum(people) FROM fate"
    " WHERE acted = 0 AND restricted = 1 GROUP BY population, regime, replicate, grp;"
    "INSERT INTO temp.total SELECT population, regime, 'false_judged', rank, subject, replicate, grp, value FROM temp.total"
    " WHERE name IN ('false_confirmed', 'false_cleared');"
    "INSERT INTO temp.total SELECT population, regime, 'undetected', rank, subject, replicate, grp, value FROM temp.total"
    " WHERE name = 'acts';"
    "INSERT INTO temp.total SELECT population, regime, 'undetected', rank, subject, replicate, grp, -value FROM temp.total"
    " WHERE name = 'detected';"
    "CREATE INDEX temp.total_of ON total(population, regime, name, rank);";

int
stn__book_open(const char *path, stn__book *book, stn_error *err)
{
    enum { REGIMES_MAX = 1000, WINDOWS_MAX = 2000000 };
    int64_t replicates, window, horizon, windows = 0, regimes = 0, populations = 0, runs = 0;
    int ret = stn__db_open(path, &book->db, err);

    book->arena = NULL;
    book->path = path;
    book->by_count = 0;
    if (ret != 0) {
        return ret;
    }
    book->arena = stn__arena_new();
    if (book->arena == NULL) {
        return no_memory(book, err);
    }
    ret = count_read(book, "SELECT count(*) FROM regime", REGIMES_MAX, &regimes, err);
    if (ret == 0) {
        ret = count_read(book, "SELECT count(*) FROM run", INT32_MAX, &runs, err);
    }
    if (ret == 0 && runs == 0) {
        ret = stn__fail(err, STN_E_ARGUMENT, "%s: holds a city alone, which was lived under no regime", path);
    }
    if (ret != 0) {
        return ret;
    }
    if ((ret = meta_whole(book, "replicates", 1, STN_REPLICATES_MAX, &replicates, err)) != 0
        || (ret = meta_whole(book, "window_minutes", 1, UINT32_MAX, &window, err)) != 0
        || (ret = meta_whole(book, "horizon_minutes", 1, UINT32_MAX, &horizon, err)) != 0
        || (ret = count_read(book, "SELECT count(*) FROM window", WINDOWS_MAX, &windows, err)) != 0
        || (ret = count_read(book, "SELECT count(*) FROM population", STN_POPULATIONS_MAX, &populations, err)) != 0) {
        return ret;
    }
    if (runs != regimes * replicates || windows != (horizon + window - 1) / window) {
        return damaged(book, "runs are missing", err);
    }
    book->replicates = (int32_t) replicates;
    book->window = (uint32_t) window;
    book->horizon = (uint32_t) horizon;
    book->window_count = (int32_t) windows;
    book->regime_count = (int32_t) regimes;
    book->population_count = (int32_t) populations;
    if ((ret = title_read(book, err)) != 0 || (ret = names_read(book, err)) != 0
        || (ret = by_names_read(book, err)) != 0) {
        return ret;
    }
    return stn__db_run(&book->db, totals, err);
}

void
stn__book_close(stn__book *book)
{
    stn__db_close(&book->db);
    stn__arena_free(book->arena);
    book->arena = NULL;
}

int
stn__book_regime(const stn__book *book, const char *name, int32_t *regime, stn_error *err)
{
    const char **names = calloc((size_t) book->regime_count, sizeof *names), *near;
    int ret;

    if (names == NULL) {
        return no_memory(book, err);
    }
    for (*regime = 0; *regime < book->regime_count; (*regime)++) {
        names[*regime] = book->regimes[*regime].name;
        if (strcmp(names[*regime], name) == 0) {
            free(names);
            return 0;
        }
    }
    near = stn__nearest(name, names, book->regime_count);
    ret = stn__fail(err, STN_E_ARGUMENT, "%s: no regime '%s'; %s '%s'%s", book->path, name,
        near != NULL ? "did you mean" : "the first is", near != NULL ? near : names[0], near != NULL ? "?" : "");
    free(names);
    return ret;
}

int
stn__book_by(const stn__book *book, const char *text, int32_t *by, int32_t *count, stn_error *err)
{
    *count = 0;
    while (*text != '\0') {
        size_t size = strcspn(text, ",");
        char name[64];
        int32_t place = 0;
        snprintf(name, sizeof name, "%.*s", (int) (size < sizeof name ? size : sizeof name - 1), text);
        while (place < book->by_count && strcmp(book->by[place], name) != 0) {
            place++;
        }
        for (int32_t before = 0; before < *count; before++) {
            if (by[before] == place) {
                return stn__fail(err, STN_E_ARGUMENT, "--by '%s': named twice", name);
            }
        }
        if (place == book->by_count) {
            const char *near = stn__nearest(name, book->by, book->by_count);
            return book->by_count == 0
                ? stn__fail(
                    err, STN_E_ARGUMENT, "--by '%s': the study was not grouped by anything (`by` of the study)", name)
                : stn__fail(err, STN_E_ARGUMENT, "--by '%s': the study was not grouped by that; %s '%s'%s", name,
                    near != NULL ? "did you mean" : "it was by", near != NULL ? near : book->by[0],
                    near != NULL ? "?" : "");
        }
        by[(*count)++] = place;
        text += size + (text[size] == ',');
    }
    return 0;
}

/* -------------------------------------------------------------------- cells */

/* The level of each group for an attribute: NULL where the population lacks it. */
static int
levels_read(stn__book *book, int32_t population, const char *attribute, const char **levels, stn_error *err)
{
    sqlite3_stmt *each = NULL;
    int ret = stn__db_prepare(
        &book->db, "SELECT grp, level FROM population_group WHERE population = ? AND attribute = ?", &each, err);

    if (ret == 0) {
        sqlite3_bind_int(each, 1, population);
        sqlite3_bind_text(each, 2, attribute, -1, SQLITE_STATIC);
    }
    while (next_row(book, each, &ret, err)) {
        int32_t group = sqlite3_column_int(each, 0);
        if (group < 0 || group >= book->populations[population].groups) {
            ret = damaged(book, "a group that is not there", err);
        } else if ((levels[group] = text_of(book, each, 1)) == NULL) {
            ret = no_memory(book, err);
        }
    }
    sqlite3_finalize(each);
    return ret;
}

/* The cell with these levels, or the number of cells if there is none yet. */
static int32_t
cell_find(const stn__cells *cells, const char *const *levels, const char *const *wanted)
{
    for (int32_t cell = 0; cell < cells->count; cell++) {
        int32_t place = 0;
        while (place < cells->by_count && strcmp(levels[cell * cells->by_count + place], wanted[place]) == 0) {
            place++;
        }
        if (place == cells->by_count) {
            return cell;
        }
    }
    return cells->count;
}

/* Adds the values of a query (columns replicate, grp, value) to their cells. */
static int
values_add(
    stn__book *book, int32_t population, sqlite3_stmt *each, const stn__cells *cells, double *values, stn_error *err)
{
    int ret = 0;

    while (next_row(book, each, &ret, err)) {
        int64_t replicate = sqlite3_column_int64(each, 0), group = sqlite3_column_int64(each, 1);
        if (replicate < 0 || replicate >= book->replicates || group < 0
            || group >= book->populations[population].groups) {
            return damaged(book, "a group or replicate that is not there", err);
        }
        values[(int64_t) cells->of_group[group] * book->replicates + replicate] += (double) sqlite3_column_int64(
            each, 2);
    }
    return ret;
}

static int
people_read(stn__book *book, int32_t population, stn__cells *cells, stn_error *err)
{
    double *people = stn__arena_take(book->arena, (size_t) cells->count * (size_t) book->replicates, sizeof *people);
    sqlite3_stmt *each = NULL;
    int ret = people == NULL ? no_memory(book, err)
        : stn__db_prepare(&book->db, "SELECT replicate, grp, sum(people) FROM fate WHERE population = ? AND regime = 0"
            " GROUP BY replicate, grp", &each, err);

    if (ret == 0) {
        sqlite3_bind_int(each, 1, population);
        ret = values_add(book, population, each, cells, people, err);
    }
    sqlite3_finalize(each);
    cells->people = people;
    return ret;
}

int
stn__cells_read(
    stn__book *book, int32_t population, const int32_t *by, int32_t by_count, stn__cells *cells, stn_error *err)
{
    int32_t groups = book->populations[population].groups;
    const char ***of = stn__arena_take(book->arena, (size_t) by_count, sizeof *of);
    const char **levels = stn__arena_take(book->arena, (size_t) groups * (size_t) by_count, sizeof *levels);
    int32_t *of_group = stn__arena_take(book->arena, (size_t) groups, sizeof *of_group);
    int ret = of == NULL || levels == NULL || of_group == NULL ? no_memory(book, err) : 0;

    *cells = (stn__cells){ .count = 0, .by_count = 0, .levels = levels, .of_group = of_group };
    for (int32_t i = 0; ret == 0 && i < by_count; i++) {
        of[cells->by_count] = stn__arena_take(book->arena, (size_t) groups, sizeof **of);
        ret = of[cells->by_count] == NULL ? no_memory(book, err)
                                          : levels_read(book, population, book->by[by[i]], of[cells->by_count], err);
        if (ret == 0 && of[cells->by_count][0] != NULL) {
            cells->by[cells->by_count++] = by[i];
        }
    }
    for (int32_t group = 0; ret == 0 && group < groups; group++) {
        const char *wanted[STN__BY_MAX];
        for (int32_t place = 0; place < cells->by_count; place++) {
            wanted[place] = of[place][group] != NULL ? of[place][group] : "";
        }
        of_group[group] = cell_find(cells, levels, wanted);
        if (of_group[group] == cells->count) {
            memcpy(levels + (size_t) cells->count * (size_t) cells->by_count, wanted,
                (size_t) cells->by_count * sizeof *wanted);
            cells->count++;
        }
    }
    return ret == 0 ? people_read(book, population, cells, err) : ret;
}

void
stn__cell_label(const stn__cells *cells, int32_t cell, char *text, size_t room)
{
    size_t at = 0;

    snprintf(text, room, "%s", cells->by_count == 0 ? "all" : "");
    for (int32_t place = 0; place < cells->by_count && at < room; place++) {
        at += (size_t) snprintf(
            text + at, room - at, "%s%s", place > 0 ? ", " : "", cells->levels[cell * cells->by_count + place]);
    }
}

void
stn__cell_json(FILE *out, const stn__book *book, const stn__cells *cells, int32_t cell)
{
    putc('{', out);
    for (int32_t place = 0; cell >= 0 && place < cells->by_count; place++) {
        stn__json_pair(out, place == 0, book->by[cells->by[place]], cells->levels[cell * cells->by_count + place]);
    }
    putc('}', out);
}

/* ----------------------------------------------------------------- outcomes */

const stn__outcome_kind stn__outcome_kinds[] = {
    { "restricted_people", "ever restricted", STN__PEOPLE, true, true, "restricted_people", NULL,
        "restricted_minutes" },
    { "restricted_years", "years restricted", STN__MINUTES, true, true, "restricted_minutes", NULL,
        "restricted_minutes" },
    { "wrong_people", "ever wrongly restricted", STN__PEOPLE, true, true, "wrong_people", NULL, "wrong_minutes" },
    { "wrong_years", "years wrongly restricted", STN__MINUTES, true, true, "wrong_minutes", NULL, "wrong_minutes" },
    { "not_returned", "share that never returned", STN__SHARE, true, true, "not_returned", "returning", NULL },
    { "years_to_return", "years to return", STN__YEARS_LONG, true, true, NULL, NULL, NULL },
    { "listed_people", "ever on", STN__PEOPLE, false, false, "list_first", NULL, "listed" },
    { "listed_years", "years on", STN__MINUTES, false, false, "list_minutes", NULL, NULL },
    { "closed_people", "closed at the end:", STN__PEOPLE, false, false, "closed_stock", NULL, "closed" },
    { "closed_years", "years closed:", STN__MINUTES, false, false, "closed_minutes", NULL, NULL },
    { "all_closed_people", "all doors closed at the end", STN__PEOPLE, true, true, "all_closed_stock", NULL,
        "all_closed" },
    { "all_closed_years", "years with all doors closed", STN__MINUTES, true, false, "all_closed_minutes", NULL, NULL },
    { "blocked", "attempts blocked", STN__TIMES, true, true, "blocked", NULL, NULL },
    { "blocked_at", "attempts blocked:", STN__TIMES, false, false, "blocked", NULL, NULL },
    { "refused", "refused for the name", STN__TIMES, true, false, "refused", NULL, NULL },
    { "acts", "acts:", STN__TIMES, false, false, "acts", NULL, "acts" },
    { "poor_years", "years poor", STN__MINUTES, true, true, "poor_minutes", NULL, NULL },
    { "fine_yuan", "yuan paid in fines", STN__YUAN, true, false, "fine_yuan", NULL, NULL },
    { "debt_yuan", "yuan paid for debts", STN__YUAN, true, false, "debt_yuan", NULL, NULL },
    { "fee_yuan", "yuan paid in fees", STN__YUAN, true, false, "fee_yuan", NULL, NULL },
    { "fines_unpaid", "fines that stayed unpaid", STN__TIMES, true, false, "fines_unpaid", NULL, NULL },
};
const int32_t stn__outcome_kind_count = (int32_t) (sizeof stn__outcome_kinds / sizeof *stn__outcome_kinds);

/* Shares that say how often a regime errs. */
const stn__outcome_kind stn__error_kinds[] = {
    { "false_positive", "restricted, of those who never acted", STN__SHARE, true, true, "idle_restricted", "idle",
        NULL },
    { "false_negative", "never restricted, of those who acted", STN__SHARE, true, true, "acted_free", "acted", NULL },
    { "false_discovery", "wrongly, of those ever restricted", STN__SHARE, true, true, "wrong_people",
        "restricted_people", NULL },
    { "false_time", "wrong part of the time restricted", STN__SHARE, true, true, "wrong_minutes", "restricted_minutes",
        NULL },
    { "false_confirmed", "confirmed, of false records judged", STN__SHARE, true, true, "false_confirmed",
        "false_judged", NULL },
    { "undetected", "acts undetected:", STN__SHARE, false, true, "undetected", "acts", NULL },
};
const int32_t stn__error_kind_count = (int32_t) (sizeof stn__error_kinds / sizeof *stn__error_kinds);

static double *
values_new(stn__book *book, const stn__cells *cells)
{
    return stn__arena_take(book->arena, (size_t) cells->count * (size_t) book->replicates, sizeof(double));
}

int
stn__total_read(stn__book *book, int32_t population, int32_t regime, const char *name, const char *subject,
    const stn__cells *cells, double **values, stn_error *err)
{
    sqlite3_stmt *each = NULL;
    int ret = stn__db_prepare(&book->db, "SELECT replicate, grp, value FROM temp.total WHERE population = ?1 AND regime = ?2"
        " AND name = ?3 AND (?4 IS NULL OR subject = ?4)", &each, err);

    *values = values_new(book, cells);
    if (ret == 0 && *values == NULL) {
        ret = no_memory(book, err);
    }
    if (ret == 0) {
        sqlite3_bind_int(each, 1, population);
        sqlite3_bind_int(each, 2, regime);
        sqlite3_bind_text(each, 3, name, -1, SQLITE_STATIC);
        if (subject != NULL) {
            sqlite3_bind_text(each, 4, subject, -1, SQLITE_STATIC);
        }
        ret = values_add(book, population, each, cells, *values, err);
    }
    sqlite3_finalize(each);
    return ret;
}

int
stn__spells_read(stn__book *book, int32_t population, int32_t regime, const char *kind, int32_t replicate,
    const stn__cells *cells, int64_t *ended, int64_t *cut, stn_error *err)
{
    size_t size = (size_t) cells->count * (size_t) book->window_count;
    sqlite3_stmt *each = NULL;
    int ret = stn__db_prepare(&book->db, "SELECT grp, windows, ended, people FROM spell WHERE population = ?1 AND regime = ?2"
        " AND kind = ?3 AND (?4 < 0 OR replicate = ?4)", &each, err);

    memset(ended, 0, size * sizeof *ended);
    memset(cut, 0, size * sizeof *cut);
    if (ret == 0) {
        sqlite3_bind_int(each, 1, population);
        sqlite3_bind_int(each, 2, regime);
        sqlite3_bind_text(each, 3, kind, -1, SQLITE_STATIC);
        sqlite3_bind_int(each, 4, replicate);
    }
    while (next_row(book, each, &ret, err)) {
        int64_t group = sqlite3_column_int64(each, 0), windows = sqlite3_column_int64(each, 1);
        if (group < 0 || group >= book->populations[population].groups || windows < 0
            || windows >= book->window_count) {
            ret = damaged(book, "a spell of a group or length that is not there", err);
        } else {
            int64_t *of = sqlite3_column_int(each, 2) != 0 ? ended : cut;
            of[(int64_t) cells->of_group[group] * book->window_count + windows] += sqlite3_column_int64(each, 3);
        }
    }
    sqlite3_finalize(each);
    return ret;
}

/* The mean time to return if what lasts longer than half the run counts as that long: the
 * area below the survival curve up to there, by steps of a window. Half the run, so that
 * those restricted in its first half are followed for all of it. */
static double
years_to_return(const stn__book *book, const int64_t *ended, const int64_t *cut, stn__survival *curve)
{
    int32_t half = (book->window_count + 1) / 2;
    double area = 0;

    stn__kaplan_meier(ended, cut, book->window_count, curve);
    if (curve[0].at_risk == 0) {
        return NAN;
    }
    for (int32_t k = 0; k < half; k++) {
        area += k == 0 ? 1 : curve[k - 1].share;
    }
    return area * book->window / STN_MINUTES_PER_YEAR;
}

static int
years_read(stn__book *book, int32_t population, int32_t regime, const stn__cells *cells, double *values, stn_error *err)
{
    size_t windows = (size_t) book->window_count, size = (size_t) cells->count * windows;
    stn__survival *curve = calloc(windows, sizeof *curve);
    int64_t *ended = calloc(size, sizeof *ended), *cut = calloc(size, sizeof *cut);
    int ret = curve == NULL || ended == NULL || cut == NULL ? no_memory(book, err) : 0;

    for (int32_t replicate = 0; ret == 0 && replicate < book->replicates; replicate++) {
        ret = stn__spells_read(book, population, regime, "to_return", replicate, cells, ended, cut, err);
        for (int32_t cell = 0; ret == 0 && cell < cells->count; cell++) {
            size_t at = (size_t) cell * windows;
            values[cell * book->replicates + replicate] = years_to_return(book, ended + at, cut + at, curve);
        }
    }
    free(curve);
    free(ended);
    free(cut);
    return ret;
}

/* One outcome, of a subject or (NULL) summed over all or without one. */
static int
outcome_read(stn__book *book, int32_t population, int32_t regime, const stn__cells *cells,
    const stn__outcome_kind *kind, const char *subject, stn__outcome *out, stn_error *err)
{
    int64_t count = (int64_t) cells->count * book->replicates;
    double *of;
    int ret;

    *out = (stn__outcome){ kind, subject != NULL ? subject : "", NULL };
    if (kind->total == NULL) {
        out->values = values_new(book, cells);
        return out->values == NULL ? no_memory(book, err)
                                   : years_read(book, population, regime, cells, out->values, err);
    }
    ret = stn__total_read(book, population, regime, kind->total, subject, cells, &out->values, err);
    if (ret == 0 && kind->of != NULL) {
        ret = stn__total_read(book, population, regime, kind->of, subject, cells, &of, err);
        for (int64_t i = 0; ret == 0 && i < count; i++) {
            out->values[i] = of[i] > 0 ? out->values[i] / of[i] : NAN;
        }
    }
    return ret;
}

/* The subjects of a total that anybody has under any regime, in the order of counters. */
static int
subjects_read(stn__book *book, int32_t population, const stn__outcome_kind *kind, const char **subjects, int32_t room,
    int32_t *count, stn_error *err)
{
    sqlite3_stmt *each = NULL;
    int ret = stn__db_prepare(&book->db, "SELECT subject FROM temp.total WHERE population = ?1 AND name = ?2"
        " GROUP BY subject ORDER BY min(rank)", &each, err);

    *count = 0;
    if (ret == 0) {
        sqlite3_bind_int(each, 1, population);
        sqlite3_bind_text(each, 2,
            kind->of != NULL          ? kind->of
                : kind->total != NULL ? kind->total
                                      : "returning",
            -1, SQLITE_STATIC);
    }
    while (*count < room && next_row(book, each, &ret, err)) {
        subjects[*count] = text_of(book, each, 0);
        ret = subjects[(*count)++] == NULL ? no_memory(book, err) : ret;
    }
    sqlite3_finalize(each);
    return ret;
}

int
stn__outcomes_read(stn__book *book, int32_t population, int32_t regime, const stn__outcome_kind *kinds,
    int32_t kind_count, const stn__cells *cells, stn__outcomes *out, stn_error *err)
{
    enum { SUBJECTS_MAX = 1024 };
    const char **subjects = stn__arena_take(book->arena, SUBJECTS_MAX, sizeof *subjects);
    int ret = 0;

    out->count = 0;
    out->all = stn__arena_take(book->arena, (size_t) kind_count * SUBJECTS_MAX, sizeof *out->all);
    if (subjects == NULL || out->all == NULL) {
        return no_memory(book, err);
    }
    for (int32_t k = 0; ret == 0 && k < kind_count; k++) {
        int32_t count;
        ret = subjects_read(book, population, &kinds[k], subjects, SUBJECTS_MAX, &count, err);
        if (ret == 0 && count > 0 && kinds[k].summed) {
            ret = outcome_read(book, population, regime, cells, &kinds[k], NULL, &out->all[out->count++], err);
        }
        for (int32_t s = 0; ret == 0 && !kinds[k].summed && s < count; s++) {
            ret = outcome_read(book, population, regime, cells, &kinds[k], subjects[s], &out->all[out->count++], err);
        }
    }
    return ret;
}
