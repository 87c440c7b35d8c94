/* SPDX-License-Identifier: Apache-2.0
 *
 * people.c - who there is: populations, groups, how well the tables are met and,
 * where asked for, one row for each person. */
#include "base/text.h"
#include "results/database.h"

#include <stdlib.h>

#include "plan/plan.h"
#include "city/alike.h"
#include "results/groups.h"

static int
populations_write(stn__db *db, const stn_study *study, const stn_city *city, stn_error *err)
{
    sqlite3_stmt *fill = NULL;
    int ret = stn__db_fill(db, "population", 3, &fill, err);

    for (int32_t p = 0; ret == 0 && p < study->world.population_count; p++) {
        ret = stn__db_add(db, fill, err, "iti", (int64_t) p, study->world.populations[p].name,
            (int64_t) stn_city_size(city, p));
    }
    sqlite3_finalize(fill);
    return ret;
}

static int
groups_write(stn__db *db, const stn_study *study, int32_t population, const stn__groups *groups, stn_error *err)
{
    sqlite3_stmt *level = NULL, *size = NULL;
    int ret = stn__db_fill(db, "population_group", 4, &level, err);

    if (ret == 0) {
        ret = stn__db_fill(db, "group_size", 3, &size, err);
    }
    for (int32_t group = 0; ret == 0 && group < groups->count; group++) {
        for (int32_t by = 0; ret == 0 && by < study->by_count; by++) {
            const char *text = stn_study_group_level(study, population, group, by);
            if (text != NULL) {
                ret = stn__db_add(db, level, err, "iitt", (int64_t) population, (int64_t) group, study->by[by], text);
            }
        }
        if (ret == 0) {
            ret = stn__db_add(db, size, err, "iii", (int64_t) population, (int64_t) group, groups->people[group]);
        }
    }
    sqlite3_finalize(level);
    sqlite3_finalize(size);
    return ret;
}

static int
fit_write(stn__db *db, const stn_city *city, stn_error *err)
{
    sqlite3_stmt *fill = NULL;
    int ret = stn__db_fill(db, "fit", 7, &fill, err);

    for (int32_t i = 0; ret == 0 && i < stn_city_fit_count(city); i++) {
        const stn_fit *fit = stn_city_fit(city, i);
        char worst[STN__NUMBER_ROOM];
        stn__double_text(fit->worst, worst);
        ret = stn__db_add(db, fill, err, "tttitti", fit->population, fit->table, fit->rule, (int64_t) fit->cells, worst,
            fit->worst_cell, (int64_t) fit->ok);
    }
    sqlite3_finalize(fill);
    return ret;
}

/* The cells that somebody is in, in the order in which they come first. */
static int
cells_write(stn__db *db, const stn_study *study, const stn_city *city, int32_t population, stn_error *err)
{
    const stn_population *p = &study->world.populations[population];
    const uint32_t *cells = stn_city_cells(city, population);
    uint32_t rows = stn_city_rows(city, population);
    const char *names[STN__NAMES_MAX];
    int32_t count = stn__attribute_names(study, names);
    bool *before = calloc((size_t) p->cell_count, sizeof *before);
    sqlite3_stmt *fill = NULL;
    int ret = before == NULL ? stn__fail(err, STN_E_MEMORY, "no memory for the cells of %s", p->name)
                             : stn__db_fill(db, "cell", 2 + count, &fill, err);

    for (uint32_t row = 0; ret == 0 && row < rows; row++) {
        if (before[cells[row]]) {
            continue;
        }
        before[cells[row]] = true;
        for (int32_t name = 0; name < count && ret == 0; name++) {
            int32_t a = stn__attribute_find(p, names[name]);
            if (a != STN_NONE && sqlite3_bind_text(fill, 3 + name,
                p->attributes[a].levels[stn__cell_level(p, (int32_t) cells[row], a)], -1, SQLITE_STATIC) != SQLITE_OK) {
                ret = stn__db_fail(db, err);
            }
        }
        if (ret == 0) {
            ret = stn__db_add(db, fill, err, "ii", (int64_t) population, (int64_t) cells[row]);
        }
    }
    sqlite3_finalize(fill);
    free(before);
    return ret;
}

static int
bind_or_null(sqlite3_stmt *fill, int column, bool given, int64_t value)
{
    return given ? sqlite3_bind_int64(fill, column, value) : sqlite3_bind_null(fill, column);
}

static int
persons_of(stn__db *db, const stn_study *study, const stn_city *city, int32_t replicate, int32_t population,
    const stn__groups *groups, stn_error *err)
{
    const stn_world *world = &study->world;
    const uint32_t *cells = stn_city_cells(city, population);
    const uint8_t *ages = stn_city_ages(city, population);
    const uint32_t *homes = world->household.given && world->household.of == population ? stn_city_households(city)
                                                                                        : NULL;
    const uint32_t *heads = world->representative.given && world->representative.of == population
        ? stn_city_representatives(city) : NULL;
    uint32_t rows = stn_city_rows(city, population);
    sqlite3_stmt *fill = NULL;
    int ret = stn__db_fill(db, "person", 9, &fill, err);

    for (uint32_t row = 0; ret == 0 && row < rows; row++) {
        uint32_t home = homes != NULL ? homes[row] : STN__NOBODY, head = heads != NULL ? heads[row] : STN__NOBODY;
        if (bind_or_null(fill, 6, ages != NULL, ages != NULL ? ages[row] : 0) != SQLITE_OK
            || bind_or_null(fill, 7, home != STN__NOBODY, home) != SQLITE_OK
            || bind_or_null(fill, 8, head != STN__NOBODY, head) != SQLITE_OK
            || sqlite3_bind_int64(fill, 9, stn_city_coming(city, population, row)) != SQLITE_OK) {
            ret = stn__db_fail(db, err);
        } else {
            ret = stn__db_add(db, fill, err, "iiiii", (int64_t) replicate, (int64_t) population, (int64_t) row,
                (int64_t) cells[row], (int64_t) groups->of_cell[cells[row]]);
        }
    }
    sqlite3_finalize(fill);
    return ret;
}

int
stn__people_write(stn__db *db, const stn_study *study, const stn_city *city, stn_error *err)
{
    int ret = populations_write(db, study, city, err);

    if (ret == 0) {
        ret = fit_write(db, city, err);
    }
    for (int32_t p = 0; ret == 0 && p < study->world.population_count; p++) {
        stn__groups groups;
        if (stn__groups_new(study, city, p, &groups) != 0) {
            return stn__fail(err, STN_E_MEMORY, "no memory for the groups of %s", study->world.populations[p].name);
        }
        ret = groups_write(db, study, p, &groups, err);
        stn__groups_free(&groups);
    }
    return ret;
}

int
stn__persons_write(stn__db *db, const stn_study *study, const stn_city *city, int32_t replicate, stn_error *err)
{
    int ret = 0;

    for (int32_t p = 0; ret == 0 && p < study->world.population_count; p++) {
        stn__groups groups;
        if (stn__groups_new(study, city, p, &groups) != 0) {
            return stn__fail(err, STN_E_MEMORY, "no memory for the groups of %s", study->world.populations[p].name);
        }
        ret = cells_write(db, study, city, p, err);
        if (ret == 0) {
            ret = persons_of(db, study, city, replicate, p, &groups, err);
        }
        stn__groups_free(&groups);
    }
    return ret;
}
