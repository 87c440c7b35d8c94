/* SPDX-License-Identifier: Apache-2.0
 *
 * provenance.c - the input files that a result came from, and every number in
 * them with its evidence.
 *
 * Files are kept under the paths that they had to each other, so that a study
 * taken out of a result file finds what it names. */
#include "base/text.h"
#include "results/database.h"

#include "model/paths.h"

static int
files_write(stn__db *db, const stn_study *study, char *const *paths, stn_error *err)
{
    sqlite3_stmt *fill = NULL, *meta = NULL;
    int ret = stn__db_prepare(db, "INSERT OR IGNORE INTO file VALUES (?,?,?)", &fill, err);

    for (int32_t f = 0; ret == 0 && f < study->file_count; f++) {
        const stn_file *file = &study->files[f];
        if (sqlite3_bind_text(fill, 1, paths[f], -1, SQLITE_STATIC) != SQLITE_OK
            || sqlite3_bind_text(fill, 2, file->role, -1, SQLITE_STATIC) != SQLITE_OK
            || sqlite3_bind_text64(fill, 3, file->text, file->size, SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK) {
            ret = stn__db_fail(db, err);
        } else {
            ret = stn__db_put(db, fill, err);
        }
    }
    if (ret == 0) {
        ret = stn__db_fill(db, "meta", 2, &meta, err);
    }
    if (ret == 0) {
        ret = stn__db_add(db, meta, err, "tt", "study_file", paths[0]);
    }
    sqlite3_finalize(meta);
    sqlite3_finalize(fill);
    return ret;
}

/* Titles of the sources, "; " between them. */
static char *
cited(sqlite3 *sql, const stn_source *sources, const int32_t *cite, int32_t count)
{
    sqlite3_str *text = sqlite3_str_new(sql);

    for (int32_t c = 0; c < count; c++) {
        sqlite3_str_appendf(text, "%s%s", c > 0 ? "; " : "", sources[cite[c]].title);
    }
    return sqlite3_str_finish(text); /* NULL if empty, or without memory */
}

static int
quantities_write(stn__db *db, const stn_study *study, char *const *paths, stn_error *err)
{
    sqlite3_stmt *fill = NULL;
    int ret = stn__db_fill(db, "quantity", 10, &fill, err);

    for (int32_t i = 0; ret == 0 && i < study->quantity_count; i++) {
        const stn_quantity *q = study->quantities[i];
        const stn_source *sources = q->regime == STN_NONE ? study->world.sources : study->regimes[q->regime].sources;
        char *cite = cited(db->sql, sources, q->cite, q->cite_count), value[STN__NUMBER_ROOM];
        const char *file = paths[q->place.file];
        stn__double_text(q->value, value);
        if (q->regime == STN_NONE) {
            ret = stn__db_add(db, fill, err, "intittttit", (int64_t) i, file, (int64_t) q->place.line, q->key, q->text,
                value, cite, (int64_t) (q->cite_count == 0), q->why);
        } else {
            ret = stn__db_add(db, fill, err, "iitittttit", (int64_t) i, (int64_t) q->regime, file,
                (int64_t) q->place.line, q->key, q->text, value, cite, (int64_t) (q->cite_count == 0), q->why);
        }
        sqlite3_free(cite);
    }
    sqlite3_finalize(fill);
    return ret;
}

static int
sources_write(stn__db *db, const stn_study *study, stn_error *err)
{
    sqlite3_stmt *fill = NULL;
    int ret = stn__db_fill(db, "source", 5, &fill, err);

    for (int32_t s = 0; ret == 0 && s < study->world.source_count; s++) {
        const stn_source *source = &study->world.sources[s];
        ret = stn__db_add(db, fill, err, "ntttt", source->key, source->title, source->url, source->reliability);
    }
    for (int32_t r = 0; r < study->regime_count; r++) {
        for (int32_t s = 0; ret == 0 && s < study->regimes[r].source_count; s++) {
            const stn_source *source = &study->regimes[r].sources[s];
            ret = stn__db_add(db, fill, err, "itttt", (int64_t) r, source->key, source->title, source->url,
                source->reliability);
        }
    }
    sqlite3_finalize(fill);
    return ret;
}

int
stn__provenance_write(stn__db *db, const stn_study *study, stn_error *err)
{
    char **paths = stn__paths_new(study);
    int ret;

    if (paths == NULL) {
        return stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name);
    }
    ret = files_write(db, study, paths, err);
    if (ret == 0) {
        ret = quantities_write(db, study, paths, err);
    }
    if (ret == 0) {
        ret = sources_write(db, study, err);
    }
    stn__paths_free(paths, study->file_count);
    return ret;
}
