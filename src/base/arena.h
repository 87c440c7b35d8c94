/* SPDX-License-Identifier: Apache-2.0
 *
 * arena.h - memory that is given back all at once.
 *
 * For what is read once and kept (the model, plans): many small pieces, one
 * lifetime. Pieces are zeroed and aligned for any type. Not for the engine's
 * columns, which are single blocks (memory.h). */
#ifndef STN_BASE_ARENA_H
#define STN_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct stn__arena stn__arena;

stn__arena *stn__arena_new(void);        /* NULL: no memory */
void stn__arena_free(stn__arena *arena); /* NULL does nothing */
/* `count` elements of `size` bytes, zeroed; never NULL for a count of 0; NULL
 * when memory is short (or the product overflows). */
void *stn__arena_take(stn__arena *arena, size_t count, size_t size);
/* A copy of `size` bytes with a 0 behind them; NULL: no memory. */
char *stn__arena_text(stn__arena *arena, const char *text, size_t size);
char *stn__arena_print(stn__arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *stn__arena_print_args(stn__arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

#endif
