/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange.h - several processes that live one city together.
 *
 * Each process, a rank, makes the whole city, lives its own share of the rows
 * under each regime and, between windows, hands over what concerns others. How
 * bytes travel is the program's affair: it gives two functions, and with them
 * options of run.h and results.h name an exchange. Without one a process is
 * alone.
 *
 * Ranks     All are of one program on machines of one kind, and make the same
 *           calls that take an exchange (or something made with it) in the same
 *           order. Such a call returns the same code to all of them, so that
 *           none waits for one that has given up.
 * Results   How many ranks there are decides how long a run takes, never one
 *           byte of what it yields. */
#ifndef STANDING_EXCHANGE_H
#define STANDING_EXCHANGE_H

#include <standing/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Both functions are called by all ranks at once, on the thread that called the
 * library, and return 0, STN_E_MEMORY or STN_E_IO: the same to all of them. */
typedef struct stn_exchange {
    int32_t rank;  /* of this process, from 0 */
    int32_t count; /* of ranks */
    void *user;
    /* Adds up the numbers of all ranks one by one, modulo 2^64; each gets the sums. */
    int (*sum)(void *user, int64_t *numbers, size_t count);
    /* Gives each rank r (this one too) sizes[r] bytes of `bytes`, where they stand one
     * rank's behind the other's. What the ranks gave to this one comes back likewise in
     * `*received` (owned by the caller: free(); may be NULL if it is nothing), rank r's
     * being received_sizes[r] bytes. */
    int (*swap)(void *user, const void *bytes, const size_t *sizes, void **received, size_t *received_sizes);
} stn_exchange;

/* Lets all ranks know whether a step went well everywhere. `code` is what it returned
 * here, `err` (may be NULL) what it said. Returns 0, or the code of the lowest rank at
 * which it went wrong, with what that one said in `err`. Without an exchange (NULL):
 * `code`. */
STN_API STN_CHECKED int stn_exchange_agree(const stn_exchange *exchange, int code, stn_error *err);

#ifdef __cplusplus
}
#endif
#endif
