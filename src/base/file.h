/* SPDX-License-Identifier: Apache-2.0
 *
 * file.h - files that are there whole or not at all: written under a name
 * aside, "PATH.tmp-PID", and renamed when complete. */
#ifndef STN_BASE_FILE_H
#define STN_BASE_FILE_H

#include <stdio.h>

/* The name aside of this process, owned by the caller: free(). NULL: no memory. */
char *stn__file_aside(const char *path);
/* Opens an aside to be written, and read, and locks it; NULL and errno if that
 * fails. (SQLite locks what it writes.) */
FILE *stn__file_make(const char *aside);
/* Makes `aside` durable and gives it the name `path`, for good. Returns 0 or
 * the errno of what failed; then `aside` is still there. */
int stn__file_replace(const char *aside, const char *path);
/* Removes the name `path`, for good. Returns 0 or an errno. */
int stn__file_remove(const char *path);
/* Removes the asides of `path` that nobody has locked: those of killed processes.
 * Not while this process writes one. */
void stn__file_sweep(const char *path);

#endif
