/* SPDX-License-Identifier: Apache-2.0
 *
 * alone.c - the plain program: one process, that lives everybody. mpi.c is its twin. */
#include "cli.h"

#include <stddef.h>

void
cli_ranks_begin(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
}

const stn_exchange *
cli_ranks(void)
{
    return NULL;
}

int32_t
cli_ranks_here(void)
{
    return 1;
}

int32_t
cli_ranks_threads(void)
{
    return 0;
}

void
cli_ranks_end(void)
{
}
