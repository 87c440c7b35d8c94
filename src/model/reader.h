/* SPDX-License-Identifier: Apache-2.0
 *
 * reader.h - what all parts of the reader share: memory, messages, files.
 *
 * A reader lives for one stn_study_load() or stn_check(). All that it takes
 * comes from one arena, so nothing is given back singly; when memory runs out
 * it jumps to the place where the call began (on_memory), which frees the
 * arena. Mistakes are gathered with their places, and handed to the caller's
 * report sorted by file, line and column once all is read. */
#ifndef STN_MODEL_READER_H
#define STN_MODEL_READER_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/model.h"

enum {
    STN__MESSAGES_MAX = 100,           /* of one file; the rest is only counted */
    STN__FILES_MAX = 4096,
    STN__YAML_BYTES_MAX = 16 << 20,
    STN__TABLE_BYTES_MAX = 256 << 20
};

typedef struct stn__node stn__node;

typedef struct stn__message {
    stn_place place;
    int32_t order;
    const char *text;
} stn__message;

/* What the reader knows of a file besides its text. */
typedef struct stn__loaded {
    uint64_t device, inode;   /* who it is: one file may have several paths */
    const char *shown;        /* its path, fit for a message */
    const char *folder;       /* what paths in it start from, "" or ending in / */
    const stn__node *tree;    /* NULL: a table, or not YAML */
    bool parsed;
    int32_t messages, lost;   /* kept and not kept */
} stn__loaded;

/* Where a setting may be what is wrong. */
typedef struct stn__set_place {
    stn_place place;
    int32_t setting;
} stn__set_place;

typedef struct stn__reader {
    stn__arena *arena;        /* owned until handed to the study */
    jmp_buf on_memory;
    stn__message *messages;
    int32_t message_count, message_room;
    stn_file *files;
    stn__loaded *loaded;      /* as many as files */
    int32_t file_count, file_room;
    const stn_quantity **quantities;
    int32_t quantity_count, quantity_room;
    /* What a jump to on_memory leaves to be closed: -1 or NULL if nothing. */
    int fd;
    void *folder;             /* DIR */
    void *parser;             /* yaml_parser_t */
    bool unreadable;          /* the caller's own path */
    int32_t regime;           /* number of the regime being read, or STN_NONE */
    const char *regime_name;
    /* What is set in place of what the files say (settings.c). */
    const stn_setting *settings;
    int32_t setting_count;
    bool *settings_used;      /* each: whether a number had its key */
    stn__set_place *set_places;
    int32_t set_place_count, set_place_room;
    const char **settable;    /* keys that settings may have */
    int32_t settable_count, settable_room;
    bool setting_told;        /* some mistake was laid to a setting */
    /* The file whose `sources` may be cited. */
    const stn_source *sources;
    int32_t source_count;
} stn__reader;

/* Closes what was open when the memory ran out. */
void stn__file_abandon(stn__reader *reader);
void stn__yaml_abandon(stn__reader *reader);

/* Never NULL: see on_memory above. Zeroed. */
void *stn__take(stn__reader *reader, size_t count, size_t size);
char *stn__text(stn__reader *reader, const char *text, size_t size);
char *stn__print(stn__reader *reader, const char *format, ...) STN_PRINTF(2, 3);
/* Makes room for one more of `size` bytes behind `count` of `items`. */
void *stn__grow(stn__reader *reader, void *items, int32_t count, int32_t *room, size_t size);

/* Notes a mistake. */
void stn__mistake(stn__reader *reader, stn_place place, const char *format, ...) STN_PRINTF(3, 4);
/* Whether any was noted. */
bool stn__mistaken(const stn__reader *reader);
/* Hands all mistakes to the report, sorted. */
void stn__mistakes_report(stn__reader *reader, stn_report *report);

/* A text fit for a message: in quotation marks, control bytes escaped, long
 * ones cut. */
const char *stn__quote(stn__reader *reader, const char *text);
const char *stn__quote_bytes(stn__reader *reader, const char *text, size_t size);
/* `; did you mean "NAME"?`, or "" if no name is near. */
const char *stn__suggest(stn__reader *reader, const char *name, const char *const *names, int32_t count);
/* `a, b or c`. */
const char *stn__join(stn__reader *reader, const char *const *names, int32_t count, const char *last);

/* Reads a file and returns its number; STN_NONE after a mistake, noted at
 * `named` (if that has no line, it is the file itself that the caller named).
 * A file that was read before is not read again. Never fails for want of
 * permission without saying so. */
int32_t stn__file_read(stn__reader *reader, const char *path, const char *role, size_t size_max,
    stn_place named);
/* The place of the beginning of a file. */
stn_place stn__file_start(int32_t file);
/* The path of `value`, named in file `from`. */
const char *stn__path_join(stn__reader *reader, int32_t from, const char *value);
/* Finds the file of a world or regime named `value` in file `from`, as
 * docs/formats.md says; NULL after a mistake noted at `named`. */
const char *stn__path_world(stn__reader *reader, const char *value, stn_place named);
const char *stn__path_regime(stn__reader *reader, const char *value, stn_place named);
/* Adds /world.yaml to the path of a folder. */
const char *stn__path_folder(stn__reader *reader, const char *path);
/* A file's name without folders and ".yaml". */
const char *stn__path_stem(stn__reader *reader, const char *path);

#endif
