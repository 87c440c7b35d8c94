/* SPDX-License-Identifier: Apache-2.0
 *
 * log_sweep.c - the error of log at every one of the 2^32 arguments that a gap
 * can have.
 *
 * MPFR would take hours, so the C library's logl stands in for it. Where long
 * double has 64 bits or more, an error of one unit in its last place blurs what
 * is measured here by 2^-11 (0.0005) ulp at most; and whatever looks like a new
 * worst case is judged again by MPFR, so the figure printed is exact for its
 * argument. Fails if it exceeds what base/maths.h states. */
#include <float.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/maths.h"
#include "base/parallel.h"
#include "exact.h"

enum { PIECE_BITS = 22, THREADS = 256 };

/* One thread's worst; on a cache line of its own. */
typedef struct worst {
    double error;
    uint32_t word;
    char space[64 - sizeof(double) - sizeof(uint32_t)];
} worst;

static double
blurred_ulp(double x, double found)
{
    long double exact = logl((long double) x);
    int exponent;

    (void) frexpl(exact, &exponent);
    return (double) ldexpl(fabsl(exact - (long double) found), 53 - exponent);
}

static int
sweep(void *user, int64_t piece, int32_t thread)
{
    worst *mine = (worst *) user + thread;
    uint64_t first = (uint64_t) piece << PIECE_BITS;

    for (uint64_t w = first; w < first + ((uint64_t) 1 << PIECE_BITS); w++) {
        double x = ((double) w + 0.5) / 4294967296.0, found = stn__log(x);
        if (blurred_ulp(x, found) > mine->error - 0.001) {
            double error = error_ulp(mpfr_log, x, found);
            if (error > mine->error) {
                mine->error = error;
                mine->word = (uint32_t) w;
            }
        }
    }
    return 0;
}

int
main(void)
{
    worst *all = calloc(THREADS, sizeof *all), *most = all;

    if (LDBL_MANT_DIG < 64) {
        printf("long double is too short to judge by here\n");
        free(all);
        return 77; /* skipped */
    }
    if (all == NULL) {
        return 1;
    }
    (void) stn__parallel(0, (int64_t) 1 << (32 - PIECE_BITS), sweep, NULL, all);
    for (int32_t thread = 1; thread < THREADS; thread++) {
        if (all[thread].error > most->error
            || (all[thread].error == most->error && all[thread].word < most->word)) {
            most = &all[thread];
        }
    }
    printf("log of all 2^32 marks: at most %.4f ulp, at word %u\n", most->error, (unsigned) most->word);
    {
        int failed = !(most->error < 0.837);
        free(all);
        return failed;
    }
}
