/* SPDX-License-Identifier: Apache-2.0
 *
 * arena.c - memory that is given back all at once. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { PIECE = 1 << 16, LARGE = 1 << 20, ALIGN = 16 };

typedef struct chunk {
    struct chunk *next;
    size_t used, room;
    /* room bytes follow, from the next multiple of ALIGN */
} chunk;

#define HEAD ((sizeof(chunk) + ALIGN - 1) / ALIGN * ALIGN)

struct stn__arena {
    chunk *chunks; /* owned; the newest first */
};

/* Large ones are columns, for their huge pages. */
static chunk *
chunk_new(size_t bytes)
{
    return bytes < LARGE ? calloc(1, bytes) : stn__column_new(bytes, 1);
}

static void
chunk_free(chunk *c)
{
    size_t bytes = HEAD + c->room;

    if (bytes < LARGE) {
        free(c);
    } else {
        stn__column_free(c, bytes, 1);
    }
}

stn__arena *
stn__arena_new(void)
{
    return calloc(1, sizeof(stn__arena));
}

void
stn__arena_free(stn__arena *arena)
{
    if (arena == NULL) {
        return;
    }
    while (arena->chunks != NULL) {
        chunk *next = arena->chunks->next;
        chunk_free(arena->chunks);
        arena->chunks = next;
    }
    free(arena);
}

void *
stn__arena_take(stn__arena *arena, size_t count, size_t size)
{
    chunk *top = arena->chunks;
    size_t bytes;
    char *piece;

    if (size != 0 && count > (SIZE_MAX / 4) / size) {
        return NULL;
    }
    bytes = (count * size + ALIGN - 1) / ALIGN * ALIGN;
    if (bytes == 0) {
        bytes = ALIGN;
    }
    if (top == NULL || top->room - top->used < bytes) {
        size_t room = bytes > PIECE ? bytes : PIECE;
        top = chunk_new(HEAD + room);
        if (top == NULL) {
            return NULL;
        }
        top->room = room;
        top->next = arena->chunks;
        arena->chunks = top;
    }
    piece = (char *) top + HEAD + top->used;
    top->used += bytes;
    return piece;
}

char *
stn__arena_text(stn__arena *arena, const char *text, size_t size)
{
    char *copy = stn__arena_take(arena, size + 1, 1);

    if (copy != NULL && size > 0) {
        memcpy(copy, text, size);
    }
    return copy;
}

char *
stn__arena_print_args(stn__arena *arena, const char *format, va_list args)
{
    va_list again;
    char *text = NULL;
    int size;

    va_copy(again, args);
    size = vsnprintf(NULL, 0, format, args);
    if (size >= 0) {
        text = stn__arena_take(arena, (size_t) size + 1, 1);
    }
    if (text != NULL) {
        vsnprintf(text, (size_t) size + 1, format, again);
    }
    va_end(again);
    return text;
}

char *
stn__arena_print(stn__arena *arena, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = stn__arena_print_args(arena, format, args);
    va_end(args);
    return text;
}
