/* SPDX-License-Identifier: Apache-2.0
 *
 * memory.h - columns: large zeroed blocks straight from the system. */
#ifndef STN_BASE_MEMORY_H
#define STN_BASE_MEMORY_H

#include <stddef.h>

/* `count` zeroed elements of `size` bytes, aligned to 64 bytes at least, on huge pages
 * where the system offers them. Pages cost memory only once touched, so a block
 * may be reserved generously. NULL: no memory. Released with the same numbers. */
void *stn__column_new(size_t count, size_t size);
void stn__column_free(void *column, size_t count, size_t size); /* NULL does nothing */

#endif
