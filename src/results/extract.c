/* SPDX-License-Identifier: Apache-2.0
 *
 * extract.c - the inputs of a result file, as files again.
 *
 * A result file may come from anybody, so a path in it that leads out of the
 * folder is refused, and nothing that is there already is written over. What
 * was taken out is read once and compared, so that the caller can rely on it:
 * the study there is the one that the results came from. */
#include "results/database.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "a/b/c" with no part empty, "." or "..". */
static bool
path_safe(const char *path)
{
    while (true) {
        size_t size = strcspn(path, "/");
        if (size == 0 || (size == 1 && path[0] == '.') || (size == 2 && strncmp(path, "..", 2) == 0)) {
            return false;
        }
        if (path[size] == '\0') {
            return true;
        }
        path += size + 1;
    }
}

static int
folder_make(const char *folder, stn_error *err)
{
    DIR *all;
    bool empty = true;

    if (mkdir(folder, 0777) == 0) {
        return 0;
    }
    all = errno == EEXIST ? opendir(folder) : NULL;
    if (all == NULL) {
        return stn__fail(err, STN_E_IO, "%s: %s", folder, strerror(errno));
    }
    for (const struct dirent *entry; empty && (entry = readdir(all)) != NULL;) {
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    closedir(all);
    return empty ? 0 : stn__fail(err, STN_E_IO, "%s: the folder is not empty", folder);
}

/* Makes the folders that lead to `path`, all of which lie below an own one. */
static int
folders_make(char *path, size_t from)
{
    for (char *slash = strchr(path + from, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST) {
            *slash = '/';
            return errno;
        }
        *slash = '/';
    }
    return 0;
}

static int
file_write(const char *path, const char *text, size_t size)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666), cause = 0;

    if (file < 0) {
        return errno;
    }
    while (size > 0 && cause == 0) {
        ssize_t written = write(file, text, size);
        if (written > 0) {
            text += written;
            size -= (size_t) written;
        } else if (errno != EINTR) {
            cause = written < 0 ? errno : EIO;
        }
    }
    return close(file) != 0 && cause == 0 ? errno : cause;
}

static int
files_take(stn__db *db, const char *folder, stn_error *err)
{
    sqlite3_stmt *each = NULL;
    int step, ret = stn__db_prepare(db, "SELECT path, text FROM file", &each, err);

    while (ret == 0 && (step = sqlite3_step(each)) != SQLITE_DONE) {
        const char *path = step == SQLITE_ROW ? (const char *) sqlite3_column_text(each, 0) : NULL;
        const char *text = step == SQLITE_ROW ? (const char *) sqlite3_column_text(each, 1) : NULL;
        size_t size = step == SQLITE_ROW ? (size_t) sqlite3_column_bytes(each, 1) : 0;
        char *full;
        int cause;
        if (path == NULL || text == NULL) {
            ret = stn__db_fail(db, err);
            break;
        }
        if (!path_safe(path)) {
            ret = stn__fail(err, STN_E_IO, "%s: an input has the path '%s', which leads out of the folder", db->name, path);
            break;
        }
        full = sqlite3_mprintf("%s/%s", folder, path);
        cause = full == NULL ? ENOMEM : folders_make(full, strlen(folder) + 1);
        if (cause == 0) {
            cause = file_write(full, text, size);
        }
        if (cause != 0) {
            ret = stn__fail(err, STN_E_IO, "%s/%s: %s", folder, path, strerror(cause));
        }
        sqlite3_free(full);
    }
    sqlite3_finalize(each);
    return ret;
}

/* A value of `meta` as an owned text, NULL if there is none. */
static int
meta_read(stn__db *db, const char *key, char **out, stn_error *err)
{
    sqlite3_stmt *one = NULL;
    int ret = stn__db_prepare(db, "SELECT value FROM meta WHERE key = ?", &one, err);

    *out = NULL;
    if (ret == 0 && sqlite3_bind_text(one, 1, key, -1, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(one) == SQLITE_ROW
        && sqlite3_column_text(one, 0) != NULL) {
        *out = strdup((const char *) sqlite3_column_text(one, 0));
        ret = *out == NULL ? stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name) : 0;
    }
    sqlite3_finalize(one);
    return ret;
}

/* Names of the regimes in order, as one block: pointers, then texts. */
static int
regimes_read(stn__db *db, stn_study_options *changes, stn_error *err)
{
    sqlite3_stmt *sum = NULL, *each = NULL;
    const char **names = NULL;
    int64_t count, size;
    char *text;
    int ret = stn__db_prepare(db, "SELECT count(*), sum(length(CAST(name AS BLOB)) + 1) FROM regime", &sum, err);

    if (ret == 0) {
        ret = stn__db_prepare(db, "SELECT name FROM regime ORDER BY id", &each, err);
    }
    if (ret != 0 || sqlite3_step(sum) != SQLITE_ROW) {
        ret = stn__db_fail(db, err);
        goto out;
    }
    count = sqlite3_column_int64(sum, 0);
    size = sqlite3_column_int64(sum, 1);
    names = malloc((size_t) count * sizeof *names + (size_t) size + 1);
    if (names == NULL) {
        ret = stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name);
        goto out;
    }
    text = (char *) (names + count);
    for (int64_t i = 0; i < count && sqlite3_step(each) == SQLITE_ROW; i++) {
        const char *name = (const char *) sqlite3_column_text(each, 0);
        size_t room = (size_t) sqlite3_column_bytes(each, 0) + 1;
        if (name == NULL || (int64_t) room > size) {
            break;
        }
        names[i] = memcpy(text, name, room);
        text += room;
        size -= (int64_t) room;
        changes->regime_count = (int32_t) i + 1;
    }
    changes->regimes = names;
out:
    sqlite3_finalize(sum);
    sqlite3_finalize(each);
    return ret;
}

/* What was set, as one block: keys and values, then their texts. */
static int
settings_read(stn__db *db, stn_study_options *changes, stn_error *err)
{
    sqlite3_stmt *sum = NULL, *each = NULL;
    stn_setting *settings = NULL;
    int64_t count = 0, size = 0;
    char *text;
    int ret = stn__db_prepare(db,
        "SELECT count(*), sum(length(CAST(key AS BLOB)) + length(CAST(value AS BLOB)) + 2) FROM setting", &sum, err);

    if (ret == 0) {
        ret = stn__db_prepare(db, "SELECT key, value FROM setting ORDER BY number", &each, err);
    }
    if (ret != 0 || sqlite3_step(sum) != SQLITE_ROW) {
        ret = ret != 0 ? ret : stn__db_fail(db, err);
        goto out;
    }
    count = sqlite3_column_int64(sum, 0);
    size = sqlite3_column_int64(sum, 1);
    settings = malloc((size_t) count * sizeof *settings + (size_t) size + 1);
    if (settings == NULL) {
        ret = stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name);
        goto out;
    }
    text = (char *) (settings + count);
    for (int64_t i = 0; i < count && sqlite3_step(each) == SQLITE_ROW; i++) {
        const char *key = (const char *) sqlite3_column_text(each, 0), *value = (const char *) sqlite3_column_text(each, 1);
        size_t keys = (size_t) sqlite3_column_bytes(each, 0) + 1, values = (size_t) sqlite3_column_bytes(each, 1) + 1;
        if (key == NULL || value == NULL || (int64_t) (keys + values) > size) {
            break;
        }
        settings[i].key = memcpy(text, key, keys);
        settings[i].value = memcpy(text + keys, value, values);
        text += keys + values;
        size -= (int64_t) (keys + values);
        changes->setting_count = (int32_t) i + 1;
    }
    changes->settings = settings;
out:
    sqlite3_finalize(sum);
    sqlite3_finalize(each);
    return ret;
}

static int
changes_read(stn__db *db, stn_study_options *changes, stn_error *err)
{
    char *regimes = NULL, *scale = NULL, *years = NULL, *seed = NULL, *replicates = NULL, *settings = NULL;
    int ret = meta_read(db, "changed_regimes", &regimes, err);

    stn_study_options_init(changes);
    if (ret == 0 && (ret = meta_read(db, "changed_scale", &scale, err)) == 0
        && (ret = meta_read(db, "changed_years", &years, err)) == 0
        && (ret = meta_read(db, "changed_settings", &settings, err)) == 0) {
        ret = meta_read(db, "changed_seed", &seed, err);
    }
    if (ret == 0) {
        ret = meta_read(db, "changed_replicates", &replicates, err);
    }
    if (ret == 0 && scale != NULL) {
        changes->scale = strtod(scale, NULL);
    }
    if (ret == 0 && years != NULL) {
        changes->years = strtod(years, NULL);
    }
    if (ret == 0 && seed != NULL) {
        changes->seed = strtoll(seed, NULL, 10);
    }
    if (ret == 0 && replicates != NULL) {
        changes->replicates = (int32_t) strtol(replicates, NULL, 10);
    }
    if (ret == 0 && regimes != NULL) {
        ret = regimes_read(db, changes, err);
    }
    if (ret == 0 && settings != NULL) {
        ret = settings_read(db, changes, err);
    }
    free(settings);
    free(regimes);
    free(scale);
    free(years);
    free(seed);
    free(replicates);
    return ret;
}

/* Whether reading the study again reads what the result file holds. Inputs that
 * a file names by their place on a machine may have changed there since. */
static int
study_compare(stn__db *db, const char *path, const stn_study_options *changes, stn_error *err)
{
    stn_report *report = stn_report_new();
    stn_study *study = NULL;
    sqlite3_stmt *find = NULL;
    int ret = report == NULL ? stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name)
                             : stn_study_load(path, changes, &study, report, err);

    if (ret == STN_E_INPUT) {
        ret = stn__fail(err, ret, "%s: its inputs cannot be read any more: %s", db->name,
            stn_report_count(report) > 0 ? stn_report_text(report, 0) : "");
    }
    if (ret == 0) {
        ret = stn__db_prepare(db, "SELECT 1 FROM file WHERE role = ? AND text = ?", &find, err);
    }
    for (int32_t f = 0; ret == 0 && f < study->file_count; f++) {
        const stn_file *file = &study->files[f];
        if (sqlite3_bind_text(find, 1, file->role, -1, SQLITE_STATIC) != SQLITE_OK
            || sqlite3_bind_text64(find, 2, file->text, file->size, SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK) {
            ret = stn__db_fail(db, err);
        } else if (sqlite3_step(find) != SQLITE_ROW) {
            ret = stn__fail(err, STN_E_IO, "%s: %s is not what it was when the results were made", db->name, file->path);
        }
        sqlite3_reset(find);
    }
    sqlite3_finalize(find);
    stn_study_free(study);
    stn_report_free(report);
    return ret;
}

int
stn_results_extract(const char *path, const char *folder, char **study_path, stn_study_options *changes,
    stn_error *err)
{
    char *study_file = NULL, *full = NULL;
    stn__db db;
    int ret = stn__db_open(path, &db, err);

    *study_path = NULL;
    stn_study_options_init(changes);
    if (ret != 0 || (ret = folder_make(folder, err)) != 0 || (ret = files_take(&db, folder, err)) != 0
        || (ret = meta_read(&db, "study_file", &study_file, err)) != 0
        || (ret = changes_read(&db, changes, err)) != 0) {
        goto out;
    }
    if (study_file == NULL || !path_safe(study_file)) {
        ret = stn__fail(err, STN_E_IO, "%s: it does not say which of its inputs is the study", path);
        goto out;
    }
    full = malloc(strlen(folder) + strlen(study_file) + 2);
    if (full == NULL) {
        ret = stn__fail(err, STN_E_MEMORY, "%s: no memory", path);
        goto out;
    }
    strcpy(full, folder);
    strcat(full, "/");
    strcat(full, study_file);
    ret = study_compare(&db, full, changes, err);
out:
    if (ret == 0) {
        *study_path = full;
    } else {
        free(full);
        free((void *) (uintptr_t) changes->regimes);
        free((void *) (uintptr_t) changes->settings);
        stn_study_options_init(changes);
    }
    free(study_file);
    stn__db_close(&db);
    return ret;
}
