/* SPDX-License-Identifier: Apache-2.0
 *
 * file.c - reading whole files, and finding those that other files name. */
#include "model/reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>


stn_place
stn__file_start(int32_t file)
{
    return (stn_place) { file, 1, 1 };
}

static const char *
folder_of(stn__reader *reader, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? "" : stn__text(reader, path, (size_t) (slash - path) + 1);
}

/* A path as it stands in messages: one line of text, whatever its bytes. */
static const char *
shown_path(stn__reader *reader, const char *path)
{
    char *shown = stn__text(reader, path, strlen(path));

    for (char *byte = shown; *byte != 0; byte++) {
        if ((unsigned char) *byte < 0x20 || *byte == 0x7f) {
            *byte = '?';
        }
    }
    return shown;
}

static int32_t
add_file(stn__reader *reader, const char *path, const char *role)
{
    int32_t number = reader->file_count, room = reader->file_room;

    reader->files = stn__grow(reader, reader->files, number, &room, sizeof *reader->files);
    reader->loaded = stn__grow(reader, reader->loaded, number, &reader->file_room, sizeof *reader->loaded);
    reader->files[number] = (stn_file) { stn__text(reader, path, strlen(path)), role, "", 0 };
    reader->loaded[number] = (stn__loaded) { .shown = shown_path(reader, path), .folder = folder_of(reader, path) };
    reader->file_count++;
    return number;
}

/* Reads `size` bytes, or fewer if the file shrank; -1 and errno if that fails. */
static int
read_all(stn__reader *reader, stn_file *file, size_t size)
{
    char *text = stn__take(reader, size + 1, 1);
    size_t got = 0;

    while (got < size) {
        ssize_t piece = read(reader->fd, text + got, size - got);
        if (piece < 0 && errno == EINTR) {
            continue;
        }
        if (piece < 0) {
            return -1;
        }
        if (piece == 0) {
            break;
        }
        got += (size_t) piece;
    }
    file->text = text;
    file->size = got;
    return 0;
}

static bool
usable(stn__reader *reader, const struct stat *about, size_t size_max, const char *path, stn_place named)
{
    if (S_ISDIR(about->st_mode)) {
        stn__mistake(reader, named, "%s is a folder, expected a file", path);
        return false;
    }
    if (!S_ISREG(about->st_mode)) {
        stn__mistake(reader, named, "%s is not an ordinary file", path);
        return false;
    }
    if ((uint64_t) about->st_size > size_max) {
        stn__mistake(reader, named, "%s is too large: found %lld bytes, expected at most %zu", path,
            (long long) about->st_size, size_max);
        return false;
    }
    return true;
}

static void
close_file(stn__reader *reader)
{
    if (reader->fd >= 0) {
        close(reader->fd);
    }
    reader->fd = -1;
}

void
stn__file_abandon(stn__reader *reader)
{
    close_file(reader);
    if (reader->folder != NULL) {
        closedir(reader->folder);
        reader->folder = NULL;
    }
}

int32_t
stn__file_read(stn__reader *reader, const char *path, const char *role, size_t size_max, stn_place named)
{
    const char *quoted = stn__quote(reader, path);
    struct stat about;
    int32_t number = STN_NONE;

    if (named.line == 0) { /* the caller's own path: the file itself is the place */
        number = add_file(reader, path, role);
        named.file = number;
    }
    reader->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (reader->fd < 0 || fstat(reader->fd, &about) != 0) {
        reader->unreadable = number != STN_NONE;
        stn__mistake(reader, named, "cannot read %s: %s", quoted, strerror(errno));
        goto fail;
    }
    for (int32_t other = 0; other < reader->file_count && number == STN_NONE; other++) {
        if (reader->loaded[other].inode == about.st_ino && reader->loaded[other].device == about.st_dev) {
            close_file(reader);
            return other;
        }
    }
    if (!usable(reader, &about, size_max, quoted, named)) {
        goto fail;
    }
    if (number == STN_NONE) {
        if (reader->file_count >= STN__FILES_MAX) {
            stn__mistake(reader, named, "found more than %d files", STN__FILES_MAX);
            goto fail;
        }
        number = add_file(reader, path, role);
    }
    reader->loaded[number].inode = about.st_ino;
    reader->loaded[number].device = about.st_dev;
    if (read_all(reader, &reader->files[number], (size_t) about.st_size) != 0) {
        stn__mistake(reader, named, "cannot read %s: %s", quoted, strerror(errno));
        goto fail;
    }
    close_file(reader);
    return number;
fail:
    close_file(reader);
    return STN_NONE;
}

const char *
stn__path_join(stn__reader *reader, int32_t from, const char *value)
{
    return value[0] == '/' ? value : stn__print(reader, "%s%s", reader->loaded[from].folder, value);
}

const char *
stn__path_folder(stn__reader *reader, const char *path)
{
    struct stat about;
    size_t size = strlen(path);

    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode)) {
        return path;
    }
    return stn__print(reader, "%s%sworld.yaml", path, size > 0 && path[size - 1] == '/' ? "" : "/");
}

const char *
stn__path_stem(stn__reader *reader, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    size_t size = strlen(name);

    if (size > 5 && strcmp(name + size - 5, ".yaml") == 0) {
        size -= 5;
    }
    return stn__text(reader, name, size);
}

/* Whether a value is a path rather than a bare name. */
static bool
is_path(const char *value)
{
    size_t size = strlen(value);

    return strchr(value, '/') != NULL || (size > 5 && strcmp(value + size - 5, ".yaml") == 0);
}

static bool
exists(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0;
}

/* Adds the bare names that `folder` has files for. */
static void
list_names(stn__reader *reader, const char *folder, bool worlds, const char ***names, int32_t *count, int32_t *room)
{
    enum { NAMES_MAX = 1000 };
    const struct dirent *entry;

    reader->folder = opendir(folder[0] == 0 ? "." : folder);
    if (reader->folder == NULL) {
        return;
    }
    while ((entry = readdir(reader->folder)) != NULL && *count < NAMES_MAX) {
        size_t size = strlen(entry->d_name);
        bool file = size > 5 && strcmp(entry->d_name + size - 5, ".yaml") == 0;
        if (entry->d_name[0] == '.' || file == worlds
            || (worlds && !exists(stn__print(reader, "%s%s/world.yaml", folder, entry->d_name)))) {
            continue;
        }
        *names = stn__grow(reader, *names, *count, room, sizeof **names);
        (*names)[(*count)++] = stn__path_stem(reader, entry->d_name);
    }
    closedir(reader->folder);
    reader->folder = NULL;
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* A bare name, looked for in three folders. */
static const char *
find_named(stn__reader *reader, const char *value, bool worlds, stn_place named)
{
    const char *kind = worlds ? "world" : "regime";
    const char *own = reader->loaded[named.file].folder;
    const char *folders[3] = { own, stn__print(reader, "%s../%ss/", own, kind) };
    const char *tried[3], **names = NULL;
    int32_t folder_count = 2, count = 0, room = 0;

#ifdef STN_DATA_DIR
    folders[folder_count++] = stn__print(reader, "%s/%ss/", STN_DATA_DIR, kind);
#endif
    for (int32_t folder = 0; folder < folder_count; folder++) {
        tried[folder] = stn__print(reader, worlds ? "%s%s/world.yaml" : "%s%s.yaml", folders[folder], value);
        if (exists(tried[folder])) {
            return tried[folder];
        }
    }
    for (int32_t folder = 0; folder < folder_count; folder++) {
        list_names(reader, folders[folder], worlds, &names, &count, &room);
    }
    if (count > 0) { /* folders are listed in no order */
        qsort(names, (size_t) count, sizeof *names, by_text);
    }
    stn__mistake(reader, named, "found no %s %s (looked for %s)%s", kind, stn__quote(reader, value),
        stn__join(reader, tried, folder_count, " and "), stn__suggest(reader, value, names, count));
    return NULL;
}

const char *
stn__path_world(stn__reader *reader, const char *value, stn_place named)
{
    if (is_path(value)) {
        return stn__path_folder(reader, stn__path_join(reader, named.file, value));
    }
    return find_named(reader, value, true, named);
}

const char *
stn__path_regime(stn__reader *reader, const char *value, stn_place named)
{
    if (is_path(value)) {
        return stn__path_join(reader, named.file, value);
    }
    return find_named(reader, value, false, named);
}
