/* SPDX-License-Identifier: Apache-2.0
 *
 * panels.c - a look at everybody under a run. */
#include "results/panels.h"

#include "base/exchange.h"

int
stn__panels_walk(stn_run *run, int32_t population, uint32_t rows, const stn_exchange *exchange, int code,
    stn__panels_fn *look, void *user, stn_error *err)
{
    int ret = stn_exchange_agree(exchange, code, err);

    for (uint64_t first = 0; ret == 0 && first < rows; first += STN__PANELS_PART) {
        stn_panel panel;
        ret = stn_run_panel_part(run, population, (uint32_t) first, STN__PANELS_PART, &panel, err);
        if (ret == 0) {
            code = stn__is_first(exchange) ? look(user, &panel, (uint32_t) first, err) : 0;
            ret = stn_exchange_agree(exchange, code, err);
        }
    }
    return ret;
}
