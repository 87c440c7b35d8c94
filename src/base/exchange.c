/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange.c - what ranks do together: agree, add up, gather. A few times a
 * window, on little data. */
#include "base/exchange.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

int
stn__exchange_lost(int code, stn_error *err)
{
    return stn__fail(err, code, "the ranks cannot hand each other what they must: %s", stn_error_text(code));
}

/* What the lowest rank with an error says, to all. */
static int
tell(const stn_exchange *exchange, int code, stn_error *err)
{
    size_t *sizes = calloc((size_t) exchange->count * 2, sizeof *sizes), at = 0;
    stn_error *out = calloc((size_t) exchange->count, sizeof *out), said = { 0 };
    void *received = NULL;
    int ret = STN_E_MEMORY;

    STN_INVARIANT(sizes != NULL && out != NULL); /* some bytes; without them the others would wait for ever */
    for (int32_t rank = 0; rank < exchange->count && code != 0; rank++) {
        out[rank] = *err;
        out[rank].code = code;
    }
    for (int32_t rank = 0; rank < exchange->count && code != 0; rank++) {
        sizes[rank] = sizeof *out;
    }
    ret = exchange->swap(exchange->user, out, sizes, &received, sizes + exchange->count);
    for (int32_t rank = 0; ret == 0 && rank < exchange->count && said.code == 0; rank++) {
        if (sizes[exchange->count + rank] == sizeof said) {
            memcpy(&said, (char *) received + at, sizeof said);
            said.text[sizeof said.text - 1] = '\0';
            if (rank > 0 && said.text[0] != '\0' && said.code != STN_E_STOPPED) {
                stn_error plain = said;
                snprintf(said.text, sizeof said.text, "rank %d: %.480s", (int) rank, plain.text);
            }
        }
        at += sizes[exchange->count + rank];
    }
    free(received);
    free(sizes);
    free(out);
    if (ret != 0) {
        return stn__exchange_lost(ret, err);
    }
    *err = said;
    return said.code;
}

int
stn_exchange_agree(const stn_exchange *exchange, int code, stn_error *err)
{
    int64_t failed = code != 0;
    stn_error own = { code, "" };
    int ret;

    if (exchange == NULL) {
        return code;
    }
    err = err != NULL ? err : &own;
    ret = exchange->sum(exchange->user, &failed, 1);
    if (ret != 0) {
        return stn__exchange_lost(ret, err);
    }
    return failed != 0 ? tell(exchange, code, err) : 0;
}

int
stn__exchange_sum(const stn_exchange *exchange, int code, int64_t *numbers, size_t count, stn_error *err)
{
    if (exchange == NULL) {
        return code;
    }
    code = stn_exchange_agree(exchange, code, err);
    if (code == 0 && (code = exchange->sum(exchange->user, numbers, count)) != 0) {
        return stn__exchange_lost(code, err);
    }
    return code;
}

int
stn__exchange_gather(const stn_exchange *exchange, const void *bytes, size_t size, void **received,
    size_t *received_sizes, stn_error *err)
{
    size_t *sizes = calloc((size_t) exchange->count, sizeof *sizes);
    int ret;

    *received = NULL;
    STN_INVARIANT(sizes != NULL); /* see tell() */
    sizes[0] = size;
    ret = exchange->swap(exchange->user, bytes, sizes, received, received_sizes);
    free(sizes);
    return ret != 0 ? stn__exchange_lost(ret, err) : 0;
}
