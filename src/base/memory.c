/* SPDX-License-Identifier: Apache-2.0
 *
 * memory.c - columns: large zeroed blocks straight from the system.
 *
 * Address space is reserved without swap behind it (MAP_NORESERVE): the nodes
 * of records, whose number nobody knows beforehand, reserve far more than they
 * touch. Fresh pages of a mapping are zero. */
#define _GNU_SOURCE /* MAP_ANONYMOUS, madvise */
#include "base/memory.h"

#include <stdint.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 1 << 21 };

void *
stn__column_new(size_t count, size_t size)
{
    size_t bytes;
    void *block;

    if (size != 0 && count > (SIZE_MAX / 4) / size) {
        return NULL;
    }
    bytes = count * size == 0 ? 1 : count * size;
    block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (block == MAP_FAILED) {
        return NULL;
    }
    if (bytes >= 4 * (size_t) HUGE_PAGE) {
        (void) madvise(block, bytes, MADV_HUGEPAGE); /* a wish: refusal costs only time */
    }
    return block;
}

void
stn__column_free(void *column, size_t count, size_t size)
{
    if (column != NULL) {
        munmap(column, count * size == 0 ? 1 : count * size);
    }
}
