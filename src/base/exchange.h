/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange.h - what else ranks do together, inside the library. */
#ifndef STN_BASE_EXCHANGE_H
#define STN_BASE_EXCHANGE_H

#include <stdbool.h>

#include <standing/exchange.h>

/* Whether this process keeps the results: the only one, or rank 0. */
static inline bool
stn__is_first(const stn_exchange *exchange)
{
    return exchange == NULL || exchange->rank == 0;
}

/* The first of `count` things, in a row, that are a rank's; those of rank r end where those
 * of rank r + 1 begin. */
static inline uint32_t
stn__share_first(uint32_t count, int32_t rank, int32_t ranks)
{
    return (uint32_t) ((uint64_t) count * (uint32_t) rank / (uint32_t) ranks);
}

/* If `code` is 0 everywhere adds up the numbers of all ranks; else, and if that fails,
 * returns what stn_exchange_agree() does. Alone it returns `code`. */
int stn__exchange_sum(const stn_exchange *exchange, int code, int64_t *numbers, size_t count, stn_error *err);
/* Hands `size` bytes of each rank to rank 0, which gets them in the order of ranks in
 * `*received` (owned by the caller: free(); may be NULL), `received_sizes[r]` from rank r.
 * At other ranks nothing is received. */
int stn__exchange_gather(const stn_exchange *exchange, const void *bytes, size_t size, void **received,
    size_t *received_sizes, stn_error *err);
/* Says that the exchange itself failed. */
int stn__exchange_lost(int code, stn_error *err);

#endif
