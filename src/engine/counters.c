/* SPDX-License-Identifier: Apache-2.0
 *
 * counters.c - what is counted, and where: docs/semantics.md, section 10. */
#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>

/* Texts of a population's behaviours, bands, lists and doors, by local number. */
typedef struct subjects {
    const char *behaviours[STN_BEHAVIOURS_MAX];
    const char *lists[STN_LISTS_MAX];
    const char *doors[STN_DOORS_MAX];
    const char **bands; /* owned */
} subjects;

static int
subjects_find(const stn__plan *plan, int32_t population, subjects *out)
{
    const stn_world *world = &plan->study->world;
    const stn_regime *regime = plan->regime;
    const stn__population_plan *p = &plan->populations[population];

    for (int32_t b = 0; b < world->behaviour_count; b++) {
        if (world->behaviours[b].population == population) {
            out->behaviours[world->behaviours[b].local] = world->behaviours[b].name;
        }
    }
    for (int32_t l = 0; l < regime->list_count; l++) {
        if (regime->lists[l].population == population) {
            out->lists[regime->lists[l].local] = regime->lists[l].name;
        }
    }
    for (int32_t d = 0; d < world->door_count; d++) {
        if (world->doors[d].population == population) {
            out->doors[world->doors[d].local] = world->doors[d].name;
        }
    }
    out->bands = calloc((size_t) p->band_count + 1, sizeof *out->bands);
    if (out->bands == NULL) {
        return STN_E_MEMORY;
    }
    for (int32_t r = 0; r < regime->rating_count; r++) {
        for (int32_t b = 0; regime->ratings[r].population == population && b < regime->ratings[r].band_count; b++) {
            out->bands[b] = regime->ratings[r].bands[b].name;
        }
    }
    return 0;
}

/* Appends a counter for each subject; returns the first one's number. */
static int32_t
append(stn__counters *c, const char *name, const char *const *names, int32_t count, bool stock, int32_t minutes_of)
{
    int32_t first = c->count;

    for (int32_t s = 0; s < count; s++) {
        c->all[c->count] = (stn_counter){ name, names != NULL ? names[s] : "", stock, minutes_of != STN_NONE };
        c->stock_of[c->count] = minutes_of == STN_NONE ? STN_NONE : minutes_of + s;
        c->count++;
    }
    return first;
}

static void
append_behaviours(stn__counters *c, const subjects *s, int32_t n)
{
    c->opportunities = append(c, "opportunities", s->behaviours, n, false, STN_NONE);
    c->acts = append(c, "acts", s->behaviours, n, false, STN_NONE);
    c->detected = append(c, "detected", s->behaviours, n, false, STN_NONE);
    c->records = append(c, "records", s->behaviours, n, false, STN_NONE);
    c->false_records = append(c, "false_records", s->behaviours, n, false, STN_NONE);
    c->confirmed = append(c, "confirmed", s->behaviours, n, false, STN_NONE);
    c->cleared = append(c, "cleared", s->behaviours, n, false, STN_NONE);
    c->false_confirmed = append(c, "false_confirmed", s->behaviours, n, false, STN_NONE);
    c->false_cleared = append(c, "false_cleared", s->behaviours, n, false, STN_NONE);
    c->settled = append(c, "settled", s->behaviours, n, false, STN_NONE);
}

static void
append_lists(stn__counters *c, const subjects *s, int32_t n)
{
    c->list_entries = append(c, "list_entries", s->lists, n, false, STN_NONE);
    c->list_exits = append(c, "list_exits", s->lists, n, false, STN_NONE);
    c->list_first = append(c, "list_first", s->lists, n, false, STN_NONE);
    c->list_wrong_entries = append(c, "list_wrong_entries", s->lists, n, false, STN_NONE);
    c->list_published = append(c, "list_published", s->lists, n, false, STN_NONE);
    c->list_stock = append(c, "list_stock", s->lists, n, true, STN_NONE);
    c->list_wrong_stock = append(c, "list_wrong_stock", s->lists, n, true, STN_NONE);
    c->list_minutes = append(c, "list_minutes", s->lists, n, false, c->list_stock);
    c->list_wrong_minutes = append(c, "list_wrong_minutes", s->lists, n, false, c->list_wrong_stock);
}

/* Rights and channels: one counter each for those doors that are of the kind. */
static void
append_doors(stn__counters *c, const subjects *s, const stn__population_plan *p, bool channels)
{
    const char *stock = channels ? "open_stock" : "closed_stock", *minutes = channels ? "open_minutes" : "closed_minutes";

    for (int32_t d = 0; d < p->door_count; d++) {
        if ((p->channel_mask >> d & 1) == channels) {
            c->door_stock[d] = append(c, stock, &s->doors[d], 1, true, STN_NONE);
        }
    }
    for (int32_t d = 0; d < p->door_count; d++) {
        if ((p->channel_mask >> d & 1) == channels) {
            c->door_minutes[d] = append(c, minutes, &s->doors[d], 1, false, c->door_stock[d]);
        }
    }
    for (int32_t d = 0; d < p->door_count; d++) {
        if (!channels) {
            c->door_blocked[d] = STN_NONE;
            if ((p->channel_mask >> d & 1) == 0) {
                c->door_blocked[d] = append(c, "blocked", &s->doors[d], 1, false, STN_NONE);
            }
        }
    }
}

int
stn__counters_new(const stn__plan *plan, int32_t population, stn__counters *out)
{
    const stn__population_plan *p = &plan->populations[population];
    size_t room = (size_t) (10 * p->behaviour_count + p->band_count + 9 * p->list_count + 3 * p->door_count + 6);
    subjects s = { 0 };

    memset(out, 0, sizeof *out);
    out->all = calloc(room, sizeof *out->all);
    out->stock_of = calloc(room, sizeof *out->stock_of);
    if (out->all == NULL || out->stock_of == NULL || subjects_find(plan, population, &s) != 0) {
        stn__counters_free(out);
        return STN_E_MEMORY;
    }
    append_behaviours(out, &s, p->behaviour_count);
    out->band = append(out, "band", s.bands, p->band_count, true, STN_NONE);
    append_lists(out, &s, p->list_count);
    append_doors(out, &s, p, false);
    append_doors(out, &s, p, true);
    out->restricted_entries = append(out, "restricted_entries", NULL, 1, false, STN_NONE);
    out->restricted_first = append(out, "restricted_first", NULL, 1, false, STN_NONE);
    out->restricted_stock = append(out, "restricted_stock", NULL, 1, true, STN_NONE);
    out->restricted_minutes = append(out, "restricted_minutes", NULL, 1, false, out->restricted_stock);
    out->wrong_stock = append(out, "wrong_stock", NULL, 1, true, STN_NONE);
    out->wrong_minutes = append(out, "wrong_minutes", NULL, 1, false, out->wrong_stock);
    free(s.bands);
    return 0;
}

void
stn__counters_free(stn__counters *counters)
{
    free(counters->all);
    free(counters->stock_of);
    counters->all = NULL;
    counters->stock_of = NULL;
}
