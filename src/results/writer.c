/* SPDX-License-Identifier: Apache-2.0
 *
 * writer.c - a result file from its first table to its name.
 *
 * All rows go into one transaction of a file beside the one asked for, without
 * a journal: an unfinished file is thrown away whole, so there is nothing to
 * roll back. A large study makes some millions of rows of `series`; they come
 * in the order of replicate, regime, window, population, group and counter and are only
 * appended, past SQLite (bulk.h): with it, and with a primary key over those
 * six even more so, writing took longer than living a hundredth of the city.
 * The rows of `histogram` are fewer but alike. */
#include "results/bulk.h"
#include "results/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/exchange.h"
#include "base/file.h"
#include "base/text.h"
#include "base/version.h"
#include "results/fates.h"
#include "results/panels.h"

enum {
    SERIES_COLUMNS = 7, HISTOGRAM_COLUMNS = 7,
    EVENTS_PART = 65536 /* events that a rank hands over at a time */
};

struct stn_writer {
    const stn_study *study; /* borrowed: that of the replicate, as is the city */
    const stn_city *city;
    int32_t replicate;      /* that is being written */
    stn_writer_options options;
    char *path, *aside;     /* owned: the name asked for (SQLite's), the file while it grows */
    bool made;              /* `aside` exists and is ours */
    stn__db db;
    stn__bulk *series, *histogram; /* owned */
    int64_t counter_count;  /* rows of `counter` so far */
    int32_t added;          /* runs of the replicate */
    stn__fates *fates;      /* owned: of the replicate; NULL: none taken */
    double began;
};

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

/* ---------------------------------------------------------------- beginning */

/* Whether a result file of our format holds what regimes did, which took a
 * run, and not just a city, which is made anew in seconds. */
static bool
has_regimes(const char *path)
{
    sqlite3_stmt *find = NULL;
    stn__db db;
    bool found = true; /* when in doubt it is worth keeping */

    if (stn__db_open(path, &db, NULL) == 0 && stn__db_prepare(&db, "SELECT 1 FROM run", &find, NULL) == 0) {
        found = sqlite3_step(find) != SQLITE_DONE;
    }
    sqlite3_finalize(find);
    stn__db_close(&db);
    return found;
}

/* A file that stands in the way must be one of ours, of any format; and a city
 * alone does not take the place of a study's results. */
static int
path_check(const char *path, bool city_alone, stn_error *err)
{
    struct stat stat_now;
    int ret;

    if (stat(path, &stat_now) != 0) {
        return errno == ENOENT ? 0 : stn__fail(err, STN_E_IO, "%s: %s", path, strerror(errno));
    }
    if (!S_ISREG(stat_now.st_mode)) {
        return stn__fail(err, STN_E_IO, "%s: not an ordinary file; results need one", path);
    }
    ret = stn__db_probe(path, NULL);
    if (ret == STN_E_IO) {
        return stn__fail(err, STN_E_IO, "%s: there already, and not a result file of Standing; it was left alone", path);
    }
    if (city_alone && has_regimes(path)) {
        return stn__fail(err, STN_E_IO, "%s: there already, with the results of a study; it was left alone", path);
    }
    return 0;
}

static int
aside_open(stn_writer *writer, stn_error *err)
{
    int ret = stn__db_connect(writer->aside, writer->path, true, &writer->db, err);

    return ret != 0 ? ret
                    : stn__db_run(&writer->db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA auto_vacuum = NONE;"
                          "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32768;", err);
}

static int
aside_make(stn_writer *writer, stn_error *err)
{
    int file = open(writer->aside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (file < 0) {
        return stn__fail(err, STN_E_IO, "%s: %s", writer->path, strerror(errno));
    }
    close(file);
    writer->made = true;
    return aside_open(writer, err);
}

static int
meta_add(stn_writer *writer, const char *key, const char *value, stn_error *err)
{
    sqlite3_stmt *fill = NULL;
    int ret = stn__db_fill(&writer->db, "meta", 2, &fill, err);

    if (ret == 0) {
        ret = stn__db_add(&writer->db, fill, err, "tt", key, value);
    }
    sqlite3_finalize(fill);
    return ret;
}

static int
meta_add_number(stn_writer *writer, const char *key, double value, stn_error *err)
{
    char text[STN__NUMBER_ROOM];

    stn__double_text(value, text);
    return meta_add(writer, key, text, err);
}

static int
meta_add_whole(stn_writer *writer, const char *key, uint64_t value, stn_error *err)
{
    char text[STN__NUMBER_ROOM];

    snprintf(text, sizeof text, "%llu", (unsigned long long) value);
    return meta_add(writer, key, text, err);
}

/* What the command line changed: only what it did change. */
static int
changes_write(stn_writer *writer, stn_error *err)
{
    const stn_study_options *changes = writer->options.changes;
    sqlite3_stmt *fill = NULL;
    int ret = 0;

    if (changes == NULL) {
        return 0;
    }
    if (changes->regimes != NULL) {
        ret = meta_add(writer, "changed_regimes", "1", err);
    }
    if (ret == 0 && changes->scale > 0) {
        ret = meta_add_number(writer, "changed_scale", changes->scale, err);
    }
    if (ret == 0 && changes->years > 0) {
        ret = meta_add_number(writer, "changed_years", changes->years, err);
    }
    if (ret == 0 && changes->seed >= 0) {
        ret = meta_add_whole(writer, "changed_seed", (uint64_t) changes->seed, err);
    }
    if (ret == 0 && changes->replicates > 0) {
        ret = meta_add_whole(writer, "changed_replicates", (uint64_t) changes->replicates, err);
    }
    if (ret == 0 && changes->setting_count > 0) {
        ret = meta_add(writer, "changed_settings", "1", err);
    }
    if (ret == 0) {
        ret = stn__db_fill(&writer->db, "setting", 3, &fill, err);
    }
    for (int32_t s = 0; ret == 0 && s < changes->setting_count; s++) {
        ret = stn__db_add(&writer->db, fill, err, "itt", (int64_t) s, changes->settings[s].key, changes->settings[s].value);
    }
    sqlite3_finalize(fill);
    return ret;
}

static int
meta_write(stn_writer *writer, stn_error *err)
{
    const stn_study *study = writer->study;
    struct utsname machine;
    char text[512];

    if (uname(&machine) != 0) {
        memset(&machine, 0, sizeof machine);
    }
    snprintf(text, sizeof text, "%s %s %s", machine.sysname, machine.release, machine.machine);
#if defined(__clang__)
#define COMPILER "Clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "GCC " __VERSION__
#else
#define COMPILER "unknown"
#endif
    if (meta_add(writer, "software", "standing", err) != 0
        || meta_add(writer, "version", stn__version(), err) != 0
        || meta_add_whole(writer, "results_epoch", (uint64_t) stn__results_epoch(), err) != 0
        || meta_add(writer, "study", study->title, err) != 0 || meta_add(writer, "world", study->world.title, err) != 0
        || meta_add_whole(writer, "seed", study->seed, err) != 0
        || meta_add_number(writer, "scale", study->scale, err) != 0
        || meta_add_number(writer, "years", study->years, err) != 0
        || meta_add_whole(writer, "horizon_minutes", study->horizon, err) != 0
        || meta_add_whole(writer, "window_minutes", study->window, err) != 0
        || meta_add_whole(writer, "replicates", (uint64_t) study->replicates, err) != 0
        || meta_add(writer, "compiler", COMPILER, err) != 0
        || meta_add(writer, "machine", text, err) != 0 || meta_add(writer, "sqlite", sqlite3_libversion(), err) != 0) {
        return err != NULL ? err->code : STN_E_IO;
    }
    return changes_write(writer, err);
}

/* Windows and regimes are known from the study. */
static int
plan_write(stn_writer *writer, stn_error *err)
{
    const stn_study *study = writer->study;
    sqlite3_stmt *window = NULL, *regime = NULL;
    int ret = stn__db_fill(&writer->db, "window", 3, &window, err);
    uint64_t start = 0;

    for (int64_t v = 0; ret == 0 && start < study->horizon && study->regime_count > 0; v++) {
        uint64_t end = start + study->window < study->horizon ? start + study->window : study->horizon;
        ret = stn__db_add(&writer->db, window, err, "iii", v, (int64_t) start, (int64_t) end);
        start = end;
    }
    if (ret == 0) {
        ret = stn__db_fill(&writer->db, "regime", 3, &regime, err);
    }
    for (int32_t r = 0; ret == 0 && r < study->regime_count; r++) {
        ret = stn__db_add(&writer->db, regime, err, "itt", (int64_t) r, study->regimes[r].name,
            study->regimes[r].title);
    }
    sqlite3_finalize(window);
    sqlite3_finalize(regime);
    return ret;
}

/* What a replicate begins with: its seed, its city and, where asked for, everybody. */
static int
replicate_begin(stn_writer *writer, stn_error *err)
{
    sqlite3_stmt *fill = NULL;
    char digest[24];
    int ret = stn__db_fill(&writer->db, "replicate", 3, &fill, err);

    snprintf(digest, sizeof digest, "%016llx", (unsigned long long) stn_city_digest(writer->city));
    if (ret == 0) {
        ret = stn__db_add(&writer->db, fill, err, "iit", (int64_t) writer->replicate, (int64_t) writer->study->seed, digest);
    }
    sqlite3_finalize(fill);
    if (ret == 0 && writer->options.panel != 0) {
        ret = stn__persons_write(&writer->db, writer->study, writer->city, writer->replicate, err);
    }
    return ret;
}

/* Begins the file, with all that is known before a regime is lived. */
static int
file_begin(stn_writer *writer, stn_error *err)
{
    const stn_study *study = writer->study;
    bool panel = writer->options.panel != 0, events = writer->options.events != 0;
    int ret;

    if ((ret = path_check(writer->path, study->regime_count == 0, err)) != 0
        || (ret = aside_make(writer, err)) != 0
        || (ret = stn__schema_make(&writer->db, study, panel, events, err)) != 0
        || (ret = meta_write(writer, err)) != 0 || (ret = plan_write(writer, err)) != 0
        || (ret = stn__provenance_write(&writer->db, study, err)) != 0
        || (ret = stn__people_write(&writer->db, study, writer->city, err)) != 0
        || (ret = replicate_begin(writer, err)) != 0) {
        return ret;
    }
    writer->series = stn__bulk_new(&writer->db, "series", SERIES_COLUMNS, err);
    writer->histogram = writer->series == NULL ? NULL : stn__bulk_new(&writer->db, "histogram", HISTOGRAM_COLUMNS, err);
    return writer->histogram == NULL ? err->code : 0;
}

int
stn_writer_new(const char *path, const stn_study *study, const stn_city *city, const stn_writer_options *options,
    stn_writer **out, stn_error *err)
{
    const stn_exchange *exchange = options != NULL ? options->exchange : NULL;
    stn_writer *writer = calloc(1, sizeof *writer);
    stn_error own = { 0, "" };
    int ret = 0;

    *out = NULL;
    err = err != NULL ? err : &own;
    if (writer != NULL) {
        writer->study = study;
        writer->city = city;
        writer->options = options != NULL ? *options : (stn_writer_options){ 0 };
        writer->began = now();
        writer->path = sqlite3_mprintf("%s", path);
        writer->aside = stn__file_aside(path);
    }
    if (writer == NULL || writer->path == NULL || writer->aside == NULL) {
        ret = stn__fail(err, STN_E_MEMORY, "%s: no memory", path);
    } else if (stn__is_first(exchange)) {
        ret = file_begin(writer, err);
    }
    ret = stn_exchange_agree(exchange, ret, err);
    if (ret != 0) {
        stn_writer_free(writer);
        return ret;
    }
    *out = writer;
    return 0;
}

int
stn_writer_next(stn_writer *writer, const stn_study *study, const stn_city *city, stn_error *err)
{
    const stn_exchange *exchange = writer->options.exchange;

    writer->study = study;
    writer->city = city;
    writer->added = 0;
    stn__fates_free(writer->fates);
    writer->fates = NULL;
    writer->replicate++;
    return stn_exchange_agree(exchange, stn__is_first(exchange) ? replicate_begin(writer, err) : 0, err);
}

/* --------------------------------------------------------------------- runs */

/* Gives the run's counters of a population their rows of `counter`, which other
 * runs may have made: lists and bands differ between regimes. */
static int
counters_write(stn_writer *writer, const stn_run *run, int32_t population, int64_t *ids, stn_error *err)
{
    stn__db *db = &writer->db;
    sqlite3_stmt *find = NULL, *fill = NULL;
    int ret = stn__db_prepare(db, "SELECT id FROM counter WHERE population = ? AND name = ? AND subject = ?", &find, err);

    if (ret == 0) {
        ret = stn__db_fill(db, "counter", 6, &fill, err);
    }
    for (int32_t c = 0; ret == 0 && c < stn_run_counter_count(run, population); c++) {
        const stn_counter *counter = stn_run_counter(run, population, c);
        if (sqlite3_bind_int(find, 1, population) != SQLITE_OK
            || sqlite3_bind_text(find, 2, counter->name, -1, SQLITE_STATIC) != SQLITE_OK
            || sqlite3_bind_text(find, 3, counter->subject, -1, SQLITE_STATIC) != SQLITE_OK) {
            ret = stn__db_fail(db, err);
        } else if (sqlite3_step(find) == SQLITE_ROW) {
            ids[c] = sqlite3_column_int64(find, 0);
        } else {
            ids[c] = writer->counter_count++;
            ret = stn__db_add(db, fill, err, "iittii", ids[c], (int64_t) population, counter->name, counter->subject,
                (int64_t) counter->stock, (int64_t) counter->minutes);
        }
        sqlite3_reset(find);
    }
    sqlite3_finalize(find);
    sqlite3_finalize(fill);
    return ret;
}

/* Numbers of a run's counters in the order of their rows in `counter`, so that
 * `series` is in that order too. */
typedef struct ordered {
    int64_t id;
    int32_t counter;
} ordered;

static int
ordered_compare(const void *a, const void *b)
{
    const ordered *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static ordered *
ordered_new(const int64_t *ids, int32_t count)
{
    ordered *order = calloc((size_t) count + 1, sizeof *order);

    for (int32_t c = 0; order != NULL && c < count; c++) {
        order[c] = (ordered){ ids[c], c };
    }
    if (order != NULL) {
        qsort(order, (size_t) count, sizeof *order, ordered_compare);
    }
    return order;
}

/* One window of one population. */
static int
window_write(stn_writer *writer, const stn_run *run, int32_t population, int32_t window, const ordered *order,
    stn_error *err)
{
    const int64_t *values = stn_run_series(run, population, window);
    int32_t count = stn_run_counter_count(run, population);
    int32_t groups = stn_study_group_count(writer->study, population);
    int64_t row[SERIES_COLUMNS] = { writer->replicate, stn_run_regime(run), window, population };
    int ret = 0;

    for (int32_t group = 0; ret == 0 && group < groups; group++, values += count) {
        row[4] = group;
        for (int32_t c = 0; ret == 0 && c < count; c++) {
            row[5] = order[c].id;
            row[6] = values[order[c].counter];
            if (row[6] != 0) {
                ret = stn__bulk_add(writer->series, row, err);
            }
        }
    }
    return ret;
}

/* The numbers of all counters, which get rows where they had none. */
static int
orders_new(stn_writer *writer, const stn_run *run, ordered **orders, stn_error *err)
{
    int ret = 0;

    for (int32_t p = 0; ret == 0 && p < stn_study_population_count(writer->study); p++) {
        int32_t count = stn_run_counter_count(run, p);
        int64_t *ids = calloc((size_t) count + 1, sizeof *ids);
        if (ids != NULL && (ret = counters_write(writer, run, p, ids, err)) == 0) {
            orders[p] = ordered_new(ids, count);
        }
        free(ids);
        if (ret == 0 && orders[p] == NULL) {
            ret = stn__fail(err, STN_E_MEMORY, "%s: no memory", writer->path);
        }
    }
    return ret;
}

static int
series_write(stn_writer *writer, const stn_run *run, ordered *const *orders, stn_error *err)
{
    int ret = stn__bulk_open(writer->series, writer->aside, writer->path, err);

    for (int32_t window = 0; ret == 0 && window < stn_run_windows_done(run); window++) {
        for (int32_t p = 0; ret == 0 && p < stn_study_population_count(writer->study); p++) {
            ret = window_write(writer, run, p, window, orders[p], err);
        }
    }
    return ret != 0 ? ret : stn__bulk_close(writer->series, err);
}

static int
histograms_write(stn_writer *writer, const stn_run *run, stn_error *err)
{
    int64_t row[HISTOGRAM_COLUMNS] = { writer->replicate, stn_run_regime(run) };
    int ret = stn__bulk_open(writer->histogram, writer->aside, writer->path, err);

    for (int32_t i = 0; ret == 0 && i < stn_run_histogram_count(run); i++) {
        row[2] = stn_run_histogram_window(run, i);
        for (int32_t p = 0; ret == 0 && p < stn_study_population_count(writer->study); p++) {
            const int64_t *people = stn_run_histogram(run, p, i);
            int64_t min = stn_run_rating_min(run, p), max = stn_run_rating_max(run, p);
            row[3] = p;
            for (row[4] = 0; people != NULL && row[4] < stn_study_group_count(writer->study, p); row[4]++) {
                for (row[5] = min; ret == 0 && row[5] <= max; row[5]++, people++) {
                    row[6] = *people;
                    if (row[6] != 0) {
                        ret = stn__bulk_add(writer->histogram, row, err);
                    }
                }
            }
        }
    }
    return ret != 0 ? ret : stn__bulk_close(writer->histogram, err);
}

/* SQLite lets go of the file while its largest tables grow. */
static int
counts_write(stn_writer *writer, const stn_run *run, stn_error *err)
{
    ordered *orders[STN_POPULATIONS_MAX] = { NULL };
    int ret = orders_new(writer, run, orders, err);

    if (ret == 0) {
        ret = stn__db_run(&writer->db, "COMMIT", err);
    }
    if (ret == 0) {
        stn__db_close(&writer->db);
        ret = series_write(writer, run, orders, err);
    }
    if (ret == 0) {
        ret = histograms_write(writer, run, err);
    }
    if (ret == 0 && (ret = aside_open(writer, err)) == 0) {
        ret = stn__db_run(&writer->db, "BEGIN", err);
    }
    for (int32_t p = 0; p < STN_POPULATIONS_MAX; p++) {
        free(orders[p]);
    }
    return ret;
}

/* The names of one kind of thing, numbered from 0 until there is none. */
static int
labels_of_kind(stn_writer *writer, stn_run *run, int32_t population, sqlite3_stmt *fill, const char *kind,
    const char *(*name)(const stn_run *run, int32_t population, int32_t number), stn_error *err)
{
    const char *text;
    int ret = 0;

    for (int32_t number = 0; ret == 0 && (text = name(run, population, number)) != NULL; number++) {
        ret = stn__db_add(&writer->db, fill, err, "iitit", (int64_t) stn_run_regime(run), (int64_t) population, kind,
            (int64_t) number, text);
    }
    return ret;
}

static int
labels_write(stn_writer *writer, stn_run *run, stn_error *err)
{
    static const struct {
        const char *kind;
        const char *(*name)(const stn_run *run, int32_t population, int32_t number);
    } kinds[] = { { "behaviour", stn_run_behaviour_name }, { "band", stn_run_band_name }, { "list", stn_run_list_name },
        { "door", stn_run_door_name } };
    sqlite3_stmt *fill = NULL;
    const char *text;
    int ret = stn__db_fill(&writer->db, "label", 5, &fill, err);

    for (int32_t p = 0; p < stn_study_population_count(writer->study); p++) {
        for (size_t kind = 0; ret == 0 && kind < sizeof kinds / sizeof *kinds; kind++) {
            ret = labels_of_kind(writer, run, p, fill, kinds[kind].kind, kinds[kind].name, err);
        }
    }
    for (int32_t agency = 0; ret == 0 && (text = stn_run_agency_name(run, agency)) != NULL; agency++) {
        ret = stn__db_add(&writer->db, fill, err, "intit", (int64_t) stn_run_regime(run), "agency", (int64_t) agency, text);
    }
    sqlite3_finalize(fill);
    return ret;
}

/* The panel's way into its table. */
typedef struct panel_table {
    stn__db *db;
    sqlite3_stmt *fill;
} panel_table;

static int
panel_part_write(void *user, const stn_panel *panel, uint32_t first, stn_error *err)
{
    const panel_table *table = user;
    sqlite3_stmt *fill = table->fill;
    int ret = 0;

    for (uint32_t row = 0; ret == 0 && row < panel->size; row++) {
        sqlite3_bind_int64(fill, 4, (int64_t) first + row);
        sqlite3_bind_int(fill, 5, panel->points[row]);
        if (panel->rated[row] != 0) {
            sqlite3_bind_int(fill, 6, panel->rating[row]);
        } else {
            sqlite3_bind_null(fill, 6);
        }
        if (panel->band[row] >= 0) {
            sqlite3_bind_int(fill, 7, panel->band[row]);
        } else {
            sqlite3_bind_null(fill, 7);
        }
        sqlite3_bind_int64(fill, 8, panel->lists[row]);
        sqlite3_bind_int64(fill, 9, panel->ever[row]);
        sqlite3_bind_int64(fill, 10, panel->wrong[row]);
        sqlite3_bind_int64(fill, 11, panel->closed[row]);
        sqlite3_bind_int64(fill, 12, panel->open[row]);
        sqlite3_bind_int64(fill, 13, panel->opportunities[row]);
        sqlite3_bind_int(fill, 14, panel->here[row]);
        if (panel->restricted_minutes != NULL) { /* else NULL, as it begins */
            sqlite3_bind_int64(fill, 15, panel->restricted_minutes[row]);
            sqlite3_bind_int64(fill, 16, panel->wrong_minutes[row]);
        }
        ret = stn__db_put(table->db, fill, err);
    }
    return ret;
}

static int
panel_write(stn_writer *writer, stn_run *run, int32_t population, stn_error *err)
{
    const stn_exchange *exchange = writer->options.exchange;
    panel_table table = { &writer->db, NULL };
    int ret = stn__is_first(exchange) ? stn__db_fill(&writer->db, "panel", 16, &table.fill, err) : 0;

    if (ret == 0 && table.fill != NULL) {
        sqlite3_bind_int(table.fill, 1, writer->replicate);
        sqlite3_bind_int(table.fill, 2, stn_run_regime(run));
        sqlite3_bind_int(table.fill, 3, population);
    }
    ret = stn__panels_walk(
        run, population, stn_city_rows(writer->city, population), exchange, ret, panel_part_write, &table, err);
    sqlite3_finalize(table.fill);
    return ret;
}

static int
events_part_write(stn_writer *writer, const stn_run *run, const stn_event *events, uint64_t count, sqlite3_stmt *fill,
    stn_error *err)
{
    int ret = 0;

    for (uint64_t i = 0; ret == 0 && i < count; i++) {
        const stn_event *e = &events[i];
        ret = stn__db_add(&writer->db, fill, err, "iiiiiiii", (int64_t) writer->replicate, (int64_t) stn_run_regime(run),
            (int64_t) e->population, (int64_t) e->row, (int64_t) e->time, (int64_t) e->kind, (int64_t) e->subject, (int64_t) e->value);
    }
    return ret;
}

/* The events that one rank has of one population; `events` are this rank's. */
static int
events_of_rank_write(stn_writer *writer, const stn_run *run, int32_t rank, const stn_event *events, int64_t count,
    sqlite3_stmt *fill, stn_error *err)
{
    const stn_exchange *exchange = writer->options.exchange;
    size_t *sizes = calloc((size_t) exchange->count, sizeof *sizes);
    int64_t left = exchange->rank == rank ? count : 0;
    int ret = sizes == NULL ? stn__fail(err, STN_E_MEMORY, "%s: no memory", writer->path) : 0;

    ret = stn__exchange_sum(exchange, ret, &left, 1, err);
    for (int64_t at = 0; ret == 0 && at < left; at += EVENTS_PART) {
        size_t size = exchange->rank == rank ? (size_t) (left - at < EVENTS_PART ? left - at : EVENTS_PART) * sizeof *events : 0;
        void *received = NULL;
        ret = stn__exchange_gather(exchange, size > 0 ? events + at : NULL, size, &received, sizes, err);
        if (ret == 0) {
            ret = stn_exchange_agree(exchange,
                events_part_write(writer, run, received, sizes[rank] / sizeof *events, fill, err), err);
        }
        free(received);
    }
    free(sizes);
    return ret;
}

static int
events_write(stn_writer *writer, stn_run *run, stn_error *err)
{
    const stn_exchange *exchange = writer->options.exchange;
    const stn_event *events;
    uint64_t count, first = 0, end;
    sqlite3_stmt *fill = NULL;
    int ret = stn_run_events(run, &events, &count, err);

    if (ret == 0 && stn__is_first(exchange)) {
        ret = stn__db_fill(&writer->db, "event", 8, &fill, err);
    }
    ret = stn_exchange_agree(exchange, ret, err);
    if (ret == 0 && exchange == NULL) {
        ret = events_part_write(writer, run, events, count, fill, err);
    }
    for (int32_t p = 0; ret == 0 && exchange != NULL && p < stn_study_population_count(writer->study); p++) {
        for (end = first; end < count && events[end].population == p; end++) {
        }
        for (int32_t rank = 0; ret == 0 && rank < exchange->count; rank++) {
            ret = events_of_rank_write(writer, run, rank, events + first, (int64_t) (end - first), fill, err);
        }
        first = end;
    }
    sqlite3_finalize(fill);
    return ret;
}

static int
run_write(stn_writer *writer, const stn_run *run, stn_error *err)
{
    sqlite3_stmt *fill = NULL;
    char digest[24], seconds[40];
    int ret = stn__db_fill(&writer->db, "run", 6, &fill, err);

    snprintf(digest, sizeof digest, "%016llx", (unsigned long long) stn_run_digest(run));
    snprintf(seconds, sizeof seconds, "%.6f", stn_run_seconds(run));
    if (ret == 0) {
        ret = stn__db_add(&writer->db, fill, err, "iiitti", (int64_t) writer->replicate, (int64_t) stn_run_regime(run),
            (int64_t) stn_run_opportunities(run), digest, seconds, (int64_t) stn_run_memory(run));
    }
    sqlite3_finalize(fill);
    return ret;
}

/* What happened to people under a run, as far as it was asked for. */
static int
people_follow(stn_writer *writer, stn_run *run, stn_error *err)
{
    const stn_exchange *exchange = writer->options.exchange;
    int ret = 0;

    if (writer->options.effects != 0) {
        ret = stn__spells_write(writer->study, writer->city, run, &writer->db, writer->replicate, exchange, err);
    }
    if (ret == 0 && writer->options.effects != 0) {
        if (writer->fates == NULL) {
            writer->fates = stn__fates_new(writer->study, writer->city, exchange);
        }
        ret = writer->fates == NULL ? stn__fail(err, STN_E_MEMORY, "%s: no memory", writer->path) : 0;
        ret = stn_exchange_agree(exchange, ret, err);
        ret = ret == 0 ? stn__fates_take(writer->fates, run, err) : ret;
    }
    if (ret == 0 && ++writer->added == writer->study->regime_count && writer->fates != NULL) {
        ret = stn__is_first(exchange) ? stn__fates_write(writer->fates, &writer->db, writer->replicate, err) : 0;
        ret = stn_exchange_agree(exchange, ret, err);
        stn__fates_free(writer->fates);
        writer->fates = NULL;
    }
    return ret;
}

/* What every rank has of a run. */
static int
known_write(stn_writer *writer, stn_run *run, stn_error *err)
{
    int ret = counts_write(writer, run, err);

    return ret == 0 && writer->replicate == 0 ? labels_write(writer, run, err) : ret;
}

int
stn_writer_add(stn_writer *writer, stn_run *run, stn_error *err)
{
    const stn_exchange *exchange = writer->options.exchange;
    int ret = stn_exchange_agree(exchange, stn__is_first(exchange) ? known_write(writer, run, err) : 0, err);

    if (ret == 0) {
        ret = people_follow(writer, run, err);
    }
    for (int32_t p = 0; ret == 0 && writer->options.panel != 0 && p < stn_study_population_count(writer->study); p++) {
        ret = panel_write(writer, run, p, err);
    }
    if (ret == 0 && writer->options.events != 0) {
        ret = events_write(writer, run, err);
    }
    if (ret == 0) {
        ret = stn_exchange_agree(exchange, stn__is_first(exchange) ? run_write(writer, run, err) : 0, err);
    }
    return ret;
}

/* ------------------------------------------------------------------- ending */

static int
file_finish(stn_writer *writer, stn_error *err)
{
    char seconds[40];
    int ret, cause;

    snprintf(seconds, sizeof seconds, "%.3f", now() - writer->began);
    ret = meta_add(writer, "wall_seconds", seconds, err);
    if (ret == 0) {
        ret = stn__db_run(&writer->db, "COMMIT", err);
    }
    if (ret != 0) {
        return ret;
    }
    stn__db_close(&writer->db);
    ret = stn__bulk_finish(writer->series, writer->aside, writer->path, err);
    ret = ret != 0 ? ret : stn__bulk_finish(writer->histogram, writer->aside, writer->path, err);
    if (ret != 0) {
        return ret;
    }
    cause = stn__file_replace(writer->aside, writer->path);
    if (cause != 0) {
        return stn__fail(err, STN_E_IO, "%s: %s", writer->path, strerror(cause));
    }
    writer->made = false;
    return 0;
}

int
stn_writer_finish(stn_writer *writer, stn_error *err)
{
    const stn_exchange *exchange = writer->options.exchange;

    return stn_exchange_agree(exchange, stn__is_first(exchange) ? file_finish(writer, err) : 0, err);
}

void
stn_writer_sweep(const char *path)
{
    stn__file_sweep(path);
}

void
stn_writer_free(stn_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    stn__fates_free(writer->fates);
    stn__db_close(&writer->db);
    stn__bulk_free(writer->series);
    stn__bulk_free(writer->histogram);
    if (writer->made) {
        unlink(writer->aside);
    }
    sqlite3_free(writer->path);
    free(writer->aside);
    free(writer);
}
