/* SPDX-License-Identifier: Apache-2.0
 *
 * provenance.c - the input files that a result came from, and every number in
 * them with its evidence.
 *
 * Files are kept under the paths that they had to each other, so that a study
 * taken out of a result file finds what it names. Nothing above the folder that
 * holds them all is recorded: where somebody keeps their files is their affair. */
#include "results/database.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef STN_DATA_DIR
#error "STN_DATA_DIR must name the folder of the installed inputs"
#endif

/* Takes "." and ".." and doubled slashes out of an absolute path, by its words
 * alone: that is how the paths in a file are put together. */
static void
path_tidy(char *path)
{
    char *out = path;

    for (const char *in = path; *in != '\0';) {
        size_t size;
        while (*in == '/') {
            in++;
        }
        size = strcspn(in, "/");
        if (size == 2 && strncmp(in, "..", 2) == 0) {
            while (out > path && *--out != '/') {
            }
        } else if (size > 0 && !(size == 1 && *in == '.')) {
            *out++ = '/';
            memmove(out, in, size);
            out += size;
        }
        in += size;
    }
    *out = '\0'; /* the root is "" */
}

/* An absolute, tidy copy; NULL: no memory. Freed with sqlite3_free. */
static char *
path_absolute(const char *path)
{
    char *folder = NULL, *absolute;

    for (size_t room = 256; path[0] != '/' && folder == NULL; room *= 2) {
        char *larger = malloc(room);
        if (larger == NULL) {
            return NULL;
        }
        folder = getcwd(larger, room);
        if (folder == NULL) {
            free(larger);
            if (errno != ERANGE) {
                break; /* a folder that is gone: names relative to it must do */
            }
        }
    }
    absolute = sqlite3_mprintf("%s/%s", folder != NULL ? folder : "", path);
    free(folder);
    if (absolute != NULL) {
        path_tidy(absolute);
    }
    return absolute;
}

static bool
path_below(const char *path, const char *folder)
{
    size_t size = strlen(folder);

    return strncmp(path, folder, size) == 0 && path[size] == '/';
}

/* Cuts the last `levels` parts off. */
static void
path_rise(char *path, int levels)
{
    for (; levels > 0; levels--) {
        char *slash = strrchr(path, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
    }
}

/* Installed inputs move beside the study's folder: there the reader looks before
 * it looks among the installed ones, which may be others by then. */
static bool
installed_move(char **paths, int32_t count)
{
    char *installed = path_absolute(STN_DATA_DIR), *home = sqlite3_mprintf("%s", paths[0]);
    bool good = installed != NULL && home != NULL;

    if (good) {
        path_rise(home, 2);
    }
    for (int32_t f = 1; good && !path_below(paths[0], installed) && f < count; f++) {
        if (path_below(paths[f], installed)) {
            char *moved = sqlite3_mprintf("%s%s", home, paths[f] + strlen(installed));
            sqlite3_free(paths[f]);
            paths[f] = moved;
            good = moved != NULL;
        }
    }
    sqlite3_free(installed);
    sqlite3_free(home);
    return good;
}

/* Size of the longest folder that holds all paths, with its last slash. */
static size_t
root_size(char *const *paths, int32_t count)
{
    size_t size = (size_t) (strrchr(paths[0], '/') - paths[0]) + 1;

    for (int32_t f = 1; f < count; f++) {
        size_t same = 0, slash = 0;
        for (; same < size && paths[f][same] == paths[0][same]; same++) {
            if (paths[0][same] == '/') {
                slash = same + 1;
            }
        }
        size = slash;
    }
    return size;
}

static void
paths_free(char **paths, int32_t count)
{
    for (int32_t f = 0; paths != NULL && f < count; f++) {
        sqlite3_free(paths[f]);
    }
    free(paths);
}

static char **
paths_new(const stn_study *study)
{
    char **paths = calloc((size_t) study->file_count, sizeof *paths);
    bool good = paths != NULL;

    for (int32_t f = 0; good && f < study->file_count; f++) {
        paths[f] = path_absolute(study->files[f].path);
        good = paths[f] != NULL;
    }
    if (!good || !installed_move(paths, study->file_count)) {
        paths_free(paths, study->file_count);
        return NULL;
    }
    return paths;
}

static int
files_write(stn__db *db, const stn_study *study, char *const *paths, size_t root, stn_error *err)
{
    sqlite3_stmt *fill = NULL, *meta = NULL;
    int ret = stn__db_prepare(db, "INSERT OR IGNORE INTO file VALUES (?,?,?)", &fill, err);

    for (int32_t f = 0; ret == 0 && f < study->file_count; f++) {
        const stn_file *file = &study->files[f];
        if (sqlite3_bind_text(fill, 1, paths[f] + root, -1, SQLITE_STATIC) != SQLITE_OK
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
        ret = stn__db_add(db, meta, err, "tt", "study_file", paths[0] + root);
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
quantities_write(stn__db *db, const stn_study *study, char *const *paths, size_t root, stn_error *err)
{
    sqlite3_stmt *fill = NULL;
    int ret = stn__db_fill(db, "quantity", 10, &fill, err);

    for (int32_t i = 0; ret == 0 && i < study->quantity_count; i++) {
        const stn_quantity *q = study->quantities[i];
        const stn_source *sources = q->regime == STN_NONE ? study->world.sources : study->regimes[q->regime].sources;
        char *cite = cited(db->sql, sources, q->cite, q->cite_count), value[STN__DB_NUMBER_ROOM];
        const char *file = paths[q->place.file] + root;
        stn__db_number(q->value, value);
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
    char **paths = paths_new(study);
    size_t root;
    int ret;

    if (paths == NULL) {
        return stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name);
    }
    root = root_size(paths, study->file_count);
    ret = files_write(db, study, paths, root, err);
    if (ret == 0) {
        ret = quantities_write(db, study, paths, root, err);
    }
    if (ret == 0) {
        ret = sources_write(db, study, err);
    }
    paths_free(paths, study->file_count);
    return ret;
}
