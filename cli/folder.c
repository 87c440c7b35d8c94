/* SPDX-License-Identifier: Apache-2.0
 *
 * folder.c - a folder for a moment, for the inputs of a result file. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "cli.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>

bool
cli_folder_make(char *path, size_t room)
{
    const char *where = getenv("TMPDIR");

    if (where == NULL || where[0] == '\0') {
        where = "/tmp";
    }
    if (snprintf(path, room, "%s/standing-XXXXXX", where) >= (int) room) {
        cli_say("%s: too long for the name of a folder", where);
        return false;
    }
    if (mkdtemp(path) == NULL) {
        cli_say("%s: %s", where, strerror(errno));
        return false;
    }
    return true;
}

static int
entry_remove(const char *path, const struct stat *what, int kind, struct FTW *place)
{
    (void) what;
    (void) kind;
    (void) place;
    return remove(path);
}

void
cli_folder_remove(const char *path)
{
    if (nftw(path, entry_remove, 16, FTW_DEPTH | FTW_PHYS) != 0) {
        cli_say("%s: left behind: %s", path, strerror(errno));
    }
}
