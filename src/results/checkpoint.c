/* SPDX-License-Identifier: Apache-2.0
 *
 * checkpoint.c - several runs of one city in one file.
 *
 * A head of two words, the runs as stn_run_save() writes them, a table of where
 * each begins, and a foot of four words that says how long the table is. A run
 * that is finished is copied from one file to the next, so that its people need
 * not stay in memory. */
#include <standing/checkpoint.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/draw.h"
#include "base/error.h"
#include "base/file.h"
#include "model/model.h"

#define MAGIC 0x504b4843444e5453u /* "STNDCHKP", least significant byte first */
enum { FORMAT = 1, COPIED = 1 << 20 /* bytes at a time */ };

typedef struct head {
    uint64_t magic, format;
} head;

/* Where the run of a regime stands. */
typedef struct entry {
    uint64_t regime, windows_done, offset, size;
} entry;

typedef struct foot {
    uint64_t count, sum; /* of entries; over them and `count` */
    uint64_t format, magic;
} foot;

struct stn_checkpoint {
    const stn_study *study; /* borrowed */
    const stn_city *city;   /* borrowed */
    char *path, *aside;     /* owned: its name, and that of the next one until it is complete */
    FILE *file;             /* owned: what is held; NULL: nothing */
    entry *entries;         /* owned: by regime; size 0: not held */
};

static uint64_t
entries_sum(const entry *entries, uint64_t count)
{
    uint64_t h = stn__absorb(STN_DIGEST_START, count);

    for (uint64_t i = 0; i < count; i++) {
        h = stn__absorb(stn__absorb(h, entries[i].regime), entries[i].windows_done);
        h = stn__absorb(stn__absorb(h, entries[i].offset), entries[i].size);
    }
    return h;
}

static int
failed(const stn_checkpoint *c, stn_error *err)
{
    return stn__fail(err, STN_E_IO, "%s: %s", c->path, strerror(errno != 0 ? errno : EIO));
}

static int
damaged(const stn_checkpoint *c, stn_error *err)
{
    return stn__fail(err, STN_E_INPUT, "%s: damaged or cut off; remove it to start from the beginning", c->path);
}

/* Reads `size` bytes at `offset`; false if there are not as many. */
static bool
read_at(FILE *file, uint64_t offset, void *data, size_t size)
{
    return fseeko(file, (off_t) offset, SEEK_SET) == 0 && fread(data, 1, size, file) == size;
}

/* ----------------------------------------------------------------- reading */

static int
entries_read(stn_checkpoint *c, uint64_t size, stn_error *err)
{
    uint64_t most = (uint64_t) c->study->regime_count, at = sizeof(head);
    entry *found = NULL;
    foot end;
    int ret = 0;

    if (size < sizeof(head) + sizeof end || !read_at(c->file, size - sizeof end, &end, sizeof end)
        || end.magic != MAGIC || end.format != FORMAT || end.count > (size - sizeof(head) - sizeof end) / sizeof *found) {
        return damaged(c, err);
    }
    found = calloc((size_t) end.count + 1, sizeof *found);
    if (found == NULL) {
        return stn__fail(err, STN_E_MEMORY, "%s: no memory", c->path);
    }
    if (!read_at(c->file, size - sizeof end - end.count * sizeof *found, found, (size_t) end.count * sizeof *found)
        || entries_sum(found, end.count) != end.sum) {
        ret = damaged(c, err);
    }
    for (uint64_t i = 0; ret == 0 && i < end.count; i++) {
        if (found[i].regime >= most) {
            ret = stn__fail(err, STN_E_INPUT, "%s: it was made with other regimes; go on as before, or remove it to start "
                "from the beginning", c->path);
        } else if (found[i].offset != at || found[i].size > size - at) {
            ret = damaged(c, err);
        } else {
            at += found[i].size;
            c->entries[found[i].regime] = found[i];
        }
    }
    if (ret == 0 && at != size - sizeof end - end.count * sizeof *found) {
        ret = damaged(c, err);
    }
    free(found);
    return ret;
}

static int
file_look(stn_checkpoint *c, stn_error *err)
{
    struct stat about;
    head start;

    c->file = fopen(c->path, "rb");
    if (c->file == NULL) {
        return errno == ENOENT ? 0 : failed(c, err);
    }
    if (fstat(fileno(c->file), &about) != 0) {
        return failed(c, err);
    }
    if (!S_ISREG(about.st_mode) || !read_at(c->file, 0, &start, sizeof start) || start.magic != MAGIC) {
        return stn__fail(err, STN_E_INPUT, "%s: there already, and not a checkpoint of Standing for this machine; it was "
            "left alone", c->path);
    }
    if (start.format != FORMAT) {
        return stn__fail(err, start.format > FORMAT ? STN_E_FORMAT_NEWER : STN_E_FORMAT_OLDER,
            "%s: format %llu, from another Standing; this one reads format %d", c->path,
            (unsigned long long) start.format, (int) FORMAT);
    }
    return entries_read(c, (uint64_t) about.st_size, err);
}

int
stn_checkpoint_new(const char *path, const stn_study *study, const stn_city *city, stn_checkpoint **out,
    stn_error *err)
{
    stn_checkpoint *c = calloc(1, sizeof *c);
    int ret = 0;

    *out = NULL;
    if (c != NULL) {
        c->study = study;
        c->city = city;
        c->path = strdup(path);
        c->aside = stn__file_aside(path);
        c->entries = calloc((size_t) study->regime_count + 1, sizeof *c->entries);
    }
    if (c == NULL || c->path == NULL || c->aside == NULL || c->entries == NULL) {
        ret = stn__fail(err, STN_E_MEMORY, "%s: no memory", path);
    }
    if (ret == 0) {
        stn__file_sweep(path);
        ret = file_look(c, err);
    }
    if (ret != 0) {
        stn_checkpoint_free(c);
        return ret;
    }
    *out = c;
    return 0;
}

void
stn_checkpoint_free(stn_checkpoint *c)
{
    if (c == NULL) {
        return;
    }
    if (c->file != NULL) {
        fclose(c->file);
    }
    free(c->path);
    free(c->aside);
    free(c->entries);
    free(c);
}

int32_t
stn_checkpoint_is_there(const char *path)
{
    struct stat about;

    return lstat(path, &about) == 0;
}

int32_t
stn_checkpoint_windows_done(const stn_checkpoint *c, int32_t regime)
{
    STN_INVARIANT(regime >= 0 && regime < c->study->regime_count);
    return c->entries[regime].size > 0 ? (int32_t) c->entries[regime].windows_done : -1;
}

/* Goes to where the run of a regime stands. */
static int
held_find(stn_checkpoint *c, int32_t regime, stn_error *err)
{
    STN_INVARIANT(regime >= 0 && regime < c->study->regime_count && c->entries[regime].size > 0);
    return fseeko(c->file, (off_t) c->entries[regime].offset, SEEK_SET) != 0 ? failed(c, err) : 0;
}

/* Whether a run that was read is what the table says, to the last byte. */
static int
held_check(const stn_checkpoint *c, const stn_run *run, int32_t regime, stn_error *err)
{
    const entry *held = &c->entries[regime];

    return stn_run_regime(run) != regime || (uint64_t) stn_run_windows_done(run) != held->windows_done
            || ftello(c->file) != (off_t) (held->offset + held->size)
        ? damaged(c, err)
        : 0;
}

int
stn_checkpoint_load(stn_checkpoint *c, int32_t regime, const stn_run_options *options, stn_run **out, stn_error *err)
{
    int ret = held_find(c, regime, err);

    *out = NULL;
    ret = ret != 0 ? ret : stn_run_load(c->file, c->path, c->study, c->city, options, out, err);
    ret = ret != 0 ? ret : held_check(c, *out, regime, err);
    if (ret != 0) {
        stn_run_free(*out);
        *out = NULL;
    }
    return ret;
}

int
stn_checkpoint_restore(stn_checkpoint *c, stn_run *run, stn_error *err)
{
    int32_t regime = stn_run_regime(run);
    int ret = held_find(c, regime, err);

    ret = ret != 0 ? ret : stn_run_restore(run, c->file, c->path, err);
    return ret != 0 ? ret : held_check(c, run, regime, err);
}

/* ----------------------------------------------------------------- writing */

static int
held_copy(stn_checkpoint *c, const entry *held, FILE *next, stn_error *err)
{
    char *bytes = malloc(COPIED);
    int ret = bytes == NULL ? stn__fail(err, STN_E_MEMORY, "%s: no memory", c->path) : 0;

    errno = 0;
    if (ret == 0 && fseeko(c->file, (off_t) held->offset, SEEK_SET) != 0) {
        ret = failed(c, err);
    }
    for (uint64_t left = held->size; ret == 0 && left > 0;) {
        size_t piece = left < COPIED ? (size_t) left : COPIED;
        if (fread(bytes, 1, piece, c->file) != piece || fwrite(bytes, 1, piece, next) != piece) {
            ret = failed(c, err);
        }
        left -= piece;
    }
    free(bytes);
    return ret;
}

static int
entries_write(stn_checkpoint *c, const entry *entries, FILE *next, stn_error *err)
{
    foot end = { .format = FORMAT, .magic = MAGIC };
    entry *held = calloc((size_t) c->study->regime_count + 1, sizeof *held);
    int ret = 0;

    if (held == NULL) {
        return stn__fail(err, STN_E_MEMORY, "%s: no memory", c->path);
    }
    for (int32_t regime = 0; regime < c->study->regime_count; regime++) {
        if (entries[regime].size > 0) {
            held[end.count++] = entries[regime];
        }
    }
    end.sum = entries_sum(held, end.count);
    errno = 0;
    if (fwrite(held, sizeof *held, (size_t) end.count, next) != end.count || fwrite(&end, sizeof end, 1, next) != 1
        || fflush(next) != 0) {
        ret = failed(c, err);
    }
    free(held);
    return ret;
}

/* Fills the next file and says in `entries` where what stands. */
static int
next_fill(stn_checkpoint *c, stn_run *const *runs, int32_t run_count, FILE *next, entry *entries, stn_error *err)
{
    const head start = { MAGIC, FORMAT };
    int ret = 0;

    errno = 0;
    if (fwrite(&start, sizeof start, 1, next) != 1) {
        return failed(c, err);
    }
    for (int32_t regime = 0; ret == 0 && regime < c->study->regime_count; regime++) {
        uint64_t offset = (uint64_t) ftello(next);
        const stn_run *run = NULL;
        entries[regime] = c->entries[regime];
        for (int32_t r = 0; r < run_count; r++) {
            run = stn_run_regime(runs[r]) == regime ? runs[r] : run;
        }
        if (run != NULL) {
            entries[regime] = (entry){ (uint64_t) regime, (uint64_t) stn_run_windows_done(run), 0, 0 };
            ret = stn_run_save(run, next, c->path, err);
        } else if (entries[regime].size > 0) {
            ret = held_copy(c, &c->entries[regime], next, err);
        } else {
            continue;
        }
        entries[regime].offset = offset;
        entries[regime].size = (uint64_t) ftello(next) - offset;
    }
    return ret == 0 ? entries_write(c, entries, next, err) : ret;
}

int
stn_checkpoint_write(stn_checkpoint *c, stn_run *const *runs, int32_t run_count, stn_error *err)
{
    entry *entries = calloc((size_t) c->study->regime_count + 1, sizeof *entries);
    FILE *next = stn__file_make(c->aside);
    int ret, cause;

    if (next == NULL || entries == NULL) {
        ret = next == NULL ? failed(c, err) : stn__fail(err, STN_E_MEMORY, "%s: no memory", c->path);
    } else {
        ret = next_fill(c, runs, run_count, next, entries, err);
    }
    if (ret == 0 && (cause = stn__file_replace(c->aside, c->path)) != 0) {
        ret = stn__fail(err, STN_E_IO, "%s: %s", c->path, strerror(cause));
    }
    if (ret != 0) {
        if (next != NULL) {
            fclose(next);
            remove(c->aside);
        }
        free(entries);
        return ret;
    }
    if (c->file != NULL) {
        fclose(c->file);
    }
    free(c->entries);
    c->file = next;
    c->entries = entries;
    return 0;
}

int
stn_checkpoint_remove(stn_checkpoint *c, stn_error *err)
{
    int cause = stn__file_remove(c->path);

    if (cause != 0 && cause != ENOENT) {
        return stn__fail(err, STN_E_IO, "%s: %s", c->path, strerror(cause));
    }
    if (c->file != NULL) {
        fclose(c->file);
    }
    c->file = NULL;
    memset(c->entries, 0, (size_t) c->study->regime_count * sizeof *c->entries);
    return 0;
}
