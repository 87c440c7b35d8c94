/* SPDX-License-Identifier: Apache-2.0
 *
 * paths.c - the paths that the files of a study have to each other. */
#include "model/paths.h"

#include <errno.h>
#include <stdbool.h>
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

static char *
joined(const char *first, const char *second)
{
    size_t size = strlen(first), more = strlen(second);
    char *text = malloc(size + more + 1);

    if (text != NULL) {
        memcpy(text, first, size);
        memcpy(text + size, second, more + 1);
    }
    return text;
}

/* An absolute, tidy copy; NULL: no memory. Owned by the caller: free(). */
static char *
path_absolute(const char *path)
{
    char *folder = NULL, *slashed, *absolute;

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
    slashed = joined(folder != NULL ? folder : "", "/");
    absolute = slashed != NULL ? joined(slashed, path) : NULL;
    free(folder);
    free(slashed);
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
    char *installed = path_absolute(STN_DATA_DIR), *home = joined(paths[0], "");
    bool good = installed != NULL && home != NULL;

    if (good) {
        path_rise(home, 2);
    }
    for (int32_t f = 1; good && !path_below(paths[0], installed) && f < count; f++) {
        if (path_below(paths[f], installed)) {
            char *moved = joined(home, paths[f] + strlen(installed));
            free(paths[f]);
            paths[f] = moved;
            good = moved != NULL;
        }
    }
    free(installed);
    free(home);
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

void
stn__paths_free(char **paths, int32_t count)
{
    for (int32_t f = 0; paths != NULL && f < count; f++) {
        free(paths[f]);
    }
    free(paths);
}

char **
stn__paths_new(const stn_study *study)
{
    char **paths = calloc((size_t) study->file_count, sizeof *paths);
    bool good = paths != NULL;
    size_t root;

    for (int32_t f = 0; good && f < study->file_count; f++) {
        paths[f] = path_absolute(study->files[f].path);
        good = paths[f] != NULL;
    }
    if (!good || !installed_move(paths, study->file_count)) {
        stn__paths_free(paths, study->file_count);
        return NULL;
    }
    root = root_size(paths, study->file_count);
    for (int32_t f = 0; f < study->file_count; f++) {
        memmove(paths[f], paths[f] + root, strlen(paths[f] + root) + 1);
    }
    return paths;
}
