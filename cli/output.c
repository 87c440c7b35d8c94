/* SPDX-License-Identifier: Apache-2.0
 *
 * output.c - files that a command writes: never over one that it did not write
 * itself, and whole or not at all. */
#include "cli.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
cli_io_failed(const char *path, stn_error *err)
{
    err->code = STN_E_IO;
    snprintf(err->text, sizeof err->text, "%.400s: %s", path, strerror(errno));
    return STN_E_IO;
}

int
cli_output_check(const char *path, const char *head, const char *what, stn_error *err)
{
    char found[64] = "";
    size_t wanted = strlen(head), size;
    struct stat there;
    FILE *file;

    if (stat(path, &there) != 0) {
        return errno == ENOENT ? 0 : cli_io_failed(path, err);
    }
    file = S_ISREG(there.st_mode) && wanted <= sizeof found ? fopen(path, "rb") : NULL;
    size = file != NULL ? fread(found, 1, wanted, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    if (size != wanted || memcmp(found, head, wanted) != 0) {
        err->code = STN_E_IO;
        snprintf(err->text, sizeof err->text, "%.400s: there already, and no %s; it was left alone", path, what);
        return STN_E_IO;
    }
    return 0;
}

int
cli_output_open(cli_output *output, const char *path, stn_error *err)
{
    output->path = path;
    output->file = NULL;
    if (snprintf(output->aside, sizeof output->aside, "%s.tmp-%ld", path, (long) getpid())
        >= (int) sizeof output->aside) {
        errno = ENAMETOOLONG;
        return cli_io_failed(path, err);
    }
    output->file = fopen(output->aside, "wbx");
    return output->file != NULL ? 0 : cli_io_failed(path, err);
}

int
cli_output_close(cli_output *output, int ret, stn_error *err)
{
    if (output->file == NULL) {
        return ret;
    }
    if (fclose(output->file) != 0 && ret == 0) {
        ret = cli_io_failed(output->path, err);
    }
    if (ret == 0 && cli_interrupted()) {
        ret = STN_E_STOPPED;
    }
    if (ret == 0 && rename(output->aside, output->path) != 0) {
        ret = cli_io_failed(output->path, err);
    }
    if (ret != 0) {
        unlink(output->aside);
    }
    return ret;
}
