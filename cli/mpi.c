/* SPDX-License-Identifier: Apache-2.0
 *
 * mpi.c - standing-mpi: several processes, on one machine or many, live one city
 * together. The library hands its bytes to two functions here, which hand them
 * to MPI. alone.c stands in for this file in the plain program.
 *
 * MPI counts in int, so much is sent in portions. Its own errors end all
 * processes at once, as is its default. */
#include "cli.h"

#include <mpi.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PORTION = 1 << 30, WORDS = 1 << 24 }; /* bytes, and numbers, of one call */

static stn_exchange exchange;
static int here = 1;     /* ranks on this machine */
static uint64_t *counts; /* bytes to each rank, then from each */

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

/* Waits, and lets others have the core if it takes long: MPI itself would spin, and with
 * more ranks than cores keep from its work the very one that all wait for. */
static void
await(MPI_Request *request)
{
    static const struct timespec nap = { 0, 50000 };
    double began = now();
    int done = 0;

    for (int tests = 1; MPI_Test(request, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && !done; tests++) {
        if (tests % 16 == 0 && now() - began > 1e-4) {
            nanosleep(&nap, NULL);
        }
    }
}

static int
sum(void *user, int64_t *numbers, size_t count)
{
    (void) user;
    while (count > 0) {
        int portion = count < WORDS ? (int) count : WORDS;
        MPI_Request request;
        /* Unsigned, for sums that wrap around. */
        MPI_Iallreduce(MPI_IN_PLACE, numbers, portion, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD, &request);
        await(&request);
        numbers += portion;
        count -= (size_t) portion;
    }
    return 0;
}

/* Whether something holds at any rank. */
static bool
anywhere(bool here_so)
{
    int64_t so = here_so;

    (void) sum(NULL, &so, 1);
    return so != 0;
}

/* Says how much comes from each rank. */
static void
sizes_swap(const size_t *sizes, size_t *received_sizes)
{
    MPI_Request request;

    for (int32_t rank = 0; rank < exchange.count; rank++) {
        counts[rank] = sizes[rank];
    }
    MPI_Ialltoall(counts, 1, MPI_UINT64_T, counts + exchange.count, 1, MPI_UINT64_T, MPI_COMM_WORLD, &request);
    await(&request);
    for (int32_t rank = 0; rank < exchange.count; rank++) {
        received_sizes[rank] = (size_t) counts[exchange.count + rank];
    }
}

/* How many portions there are, and bytes. */
static size_t
portions(const size_t *sizes, size_t *bytes)
{
    size_t count = 0;

    for (int32_t rank = 0; rank < exchange.count; rank++) {
        count += (sizes[rank] + PORTION - 1) / PORTION;
        *bytes += sizes[rank];
    }
    return count;
}

/* Requests under way. */
typedef struct requests {
    MPI_Request *all; /* owned */
    size_t count;
} requests;

/* Begins to send, or to receive, what is for other ranks, or from them; returns where in
 * `bytes` stands what is this one's own. */
static char *
begin(requests *r, char *bytes, const size_t *sizes, bool send)
{
    char *own = bytes;

    for (int32_t rank = 0; rank < exchange.count; rank++) {
        for (size_t at = 0; rank != exchange.rank && at < sizes[rank]; at += PORTION) {
            int portion = sizes[rank] - at < PORTION ? (int) (sizes[rank] - at) : PORTION;
            MPI_Request *one = &r->all[r->count++];
            if (send) {
                MPI_Isend(bytes + at, portion, MPI_BYTE, rank, 0, MPI_COMM_WORLD, one);
            } else {
                MPI_Irecv(bytes + at, portion, MPI_BYTE, rank, 0, MPI_COMM_WORLD, one);
            }
        }
        own = rank == exchange.rank ? bytes : own;
        bytes += sizes[rank];
    }
    return own;
}

static int
swap(void *user, const void *bytes, const size_t *sizes, void **received, size_t *received_sizes)
{
    size_t out_bytes = 0, in_bytes = 0, most;
    char *in = NULL, *own, *from;
    requests r = { NULL, 0 };

    (void) user;
    *received = NULL;
    sizes_swap(sizes, received_sizes);
    most = portions(sizes, &out_bytes) + portions(received_sizes, &in_bytes);
    in = malloc(in_bytes + 1);
    r.all = malloc((most + 1) * sizeof(MPI_Request));
    if (anywhere(in == NULL || r.all == NULL)) {
        free(in);
        free(r.all);
        return STN_E_MEMORY;
    }
    own = begin(&r, in, received_sizes, false);
    from = begin(&r, (char *) (uintptr_t) bytes, sizes, true); /* MPI only reads what it sends */
    if (sizes[exchange.rank] > 0) {
        memcpy(own, from, sizes[exchange.rank]);
    }
    for (size_t i = 0; i < r.count; i++) {
        await(&r.all[i]);
    }
    free(r.all);
    *received = in;
    return 0;
}

void
cli_ranks_begin(int *argc, char ***argv)
{
    MPI_Comm machine;
    int level, rank, count;

    MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &level); /* the library's threads never call it */
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
    MPI_Comm_size(machine, &here);
    MPI_Comm_free(&machine);
    counts = calloc(2 * (size_t) count, sizeof *counts);
    if (counts == NULL) {
        MPI_Abort(MPI_COMM_WORLD, EXIT_FAILED);
    }
    exchange = (stn_exchange){ .rank = rank, .count = count, .sum = sum, .swap = swap };
}

const stn_exchange *
cli_ranks(void)
{
    return &exchange;
}

int32_t
cli_ranks_here(void)
{
    return here;
}

/* A machine's cores, shared out among its ranks. */
int32_t
cli_ranks_threads(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores > here ? (int32_t) (cores / here) : 1;
}

void
cli_ranks_end(void)
{
    free(counts);
    MPI_Finalize();
}
