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

/* Columns of a huge page and more are whole huge pages: a walk through thousands of
 * small ones costs more than the memory itself. */
static size_t
length_of(size_t count, size_t size)
{
    size_t bytes = count * size == 0 ? 1 : count * size;

    return bytes < HUGE_PAGE ? bytes : (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
}

void *
stn__column_new(size_t count, size_t size)
{
    size_t length, spare, before;
    char *block;

    if (size != 0 && count > (SIZE_MAX / 4) / size) {
        return NULL;
    }
    length = length_of(count, size);
    spare = length < HUGE_PAGE ? 0 : HUGE_PAGE; /* so that a huge page's start lies within */
    block = mmap(NULL, length + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (block == MAP_FAILED) {
        return NULL;
    }
    if (spare > 0) {
        before = (HUGE_PAGE - (uintptr_t) block % HUGE_PAGE) % HUGE_PAGE;
        if (before > 0) {
            munmap(block, before);
        }
        if (spare > before) {
            munmap(block + before + length, spare - before);
        }
        block += before;
        (void) madvise(block, length, MADV_HUGEPAGE); /* a wish: refusal costs only time */
    }
    return block;
}

void
stn__column_free(void *column, size_t count, size_t size)
{
    if (column != NULL) {
        munmap(column, length_of(count, size));
    }
}
