/* SPDX-License-Identifier: Apache-2.0
 *
 * file.c - files that are there whole or not at all. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char mark[] = ".tmp-";

char *
stn__file_aside(const char *path)
{
    size_t size = strlen(path) + sizeof mark + 24;
    char *aside = malloc(size);

    if (aside != NULL) {
        snprintf(aside, size, "%s%s%ld", path, mark, (long) getpid());
    }
    return aside;
}

/* The folder that a path is in, with its slash; "." for the current one. */
static char *
folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t size = slash != NULL ? (size_t) (slash - path) + 1 : 1;
    char *folder = malloc(size + 1);

    if (folder != NULL) {
        memcpy(folder, slash != NULL ? path : ".", size);
        folder[size] = '\0';
    }
    return folder;
}

static int
sync_one(const char *path, int flags)
{
    int file = open(path, flags | O_CLOEXEC), cause = 0;

    if (file < 0) {
        return errno;
    }
    if (fsync(file) != 0) {
        cause = errno;
    }
    return close(file) != 0 && cause == 0 ? errno : cause;
}

/* Makes a name itself durable; a folder that cannot be synced is no harm. */
static void
folder_sync(const char *path)
{
    char *folder = folder_of(path);

    if (folder != NULL) {
        (void) sync_one(folder, O_RDONLY | O_DIRECTORY);
    }
    free(folder);
}

int
stn__file_replace(const char *aside, const char *path)
{
    int cause = sync_one(aside, O_RDWR);

    if (cause == 0 && rename(aside, path) != 0) {
        cause = errno;
    }
    if (cause == 0) {
        folder_sync(path);
    }
    return cause;
}

int
stn__file_remove(const char *path)
{
    if (unlink(path) != 0) {
        return errno;
    }
    folder_sync(path);
    return 0;
}

FILE *
stn__file_make(const char *aside)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    FILE *file = fopen(aside, "w+b");

    if (file != NULL) {
        (void) fcntl(fileno(file), F_SETLK, &lock);
    }
    return file;
}

/* Whether a file is one that nobody writes any more. Numbers of processes do
 * not tell: they come again, and those of the killed may live on unburied. */
static bool
is_left(int folder, const char *name)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int file = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool left = file >= 0 && fcntl(file, F_GETLK, &lock) == 0 && lock.l_type == F_UNLCK;

    if (file >= 0) {
        close(file);
    }
    return left;
}

/* Whether what follows the mark is a number. */
static bool
is_number(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

void
stn__file_sweep(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    size_t size = strlen(base);
    char *folder = folder_of(path);
    DIR *all = folder != NULL ? opendir(folder) : NULL;
    const struct dirent *entry;

    while (all != NULL && (entry = readdir(all)) != NULL) {
        const char *name = entry->d_name;
        if (strncmp(name, base, size) == 0 && strncmp(name + size, mark, sizeof mark - 1) == 0
            && is_number(name + size + sizeof mark - 1) && is_left(dirfd(all), name)) {
            (void) unlinkat(dirfd(all), name, 0);
        }
    }
    if (all != NULL) {
        closedir(all);
    }
    free(folder);
}
