/* SPDX-License-Identifier: Apache-2.0
 *
 * spells.c - how long until somebody is restricted, and until that is over.
 *
 * Only the first spell of each kind counts, so that the spells of a group are those of
 * different people, as survival curves want them. The engine keeps to the minute when
 * those began and ended; here they are counted in windows. */
#include "results/fates.h"

#include <stdlib.h>

#include "results/groups.h"

typedef enum { TO_RESTRICTION, TO_RETURN, KINDS } spell_kind;

/* Spells of one population. */
typedef struct spells {
    const stn__groups *groups;
    int32_t window_count;
    int64_t *counts;     /* owned: [group][kind][ended][windows] */
} spells;

static void
count_one(const spells *s, uint32_t cell, spell_kind kind, bool ended, uint32_t from, uint32_t to)
{
    size_t place = (((size_t) s->groups->of_cell[cell] * KINDS + (size_t) kind) * 2 + ended) * (size_t) s->window_count;

    STN_INVARIANT(from <= to && to - from < (uint32_t) s->window_count);
    s->counts[place + to - from]++;
}

/* One person. */
static void
count(const spells *s, const stn_study *study, const stn_panel *panel, uint32_t row, uint32_t cell, uint32_t coming,
    uint32_t last)
{
    bool went = panel->went_at[row] != STN_NEVER, restricted = panel->restricted_at[row] != STN_NEVER;
    uint32_t came = (uint32_t) (((uint64_t) coming + study->window - 1) / study->window), from;

    if (panel->here[row] == 0 && !went) {
        return;
    }
    last = went ? panel->went_at[row] / study->window - 1 : last;
    if (!restricted) {
        count_one(s, cell, TO_RESTRICTION, false, came, last);
        return;
    }
    from = panel->restricted_at[row] / study->window;
    count_one(s, cell, TO_RESTRICTION, true, came, from);
    if (panel->freed_at[row] != STN_NEVER) {
        count_one(s, cell, TO_RETURN, true, from, panel->freed_at[row] / study->window);
    } else {
        count_one(s, cell, TO_RETURN, false, from, last);
    }
}

static int
population_write(const spells *s, stn__db *db, int64_t replicate, int64_t regime, int64_t population, sqlite3_stmt *fill,
    stn_error *err)
{
    static const char *const names[KINDS] = { "to_restriction", "to_return" };
    const int64_t *people = s->counts;
    int ret = 0;

    for (int64_t i = 0; ret == 0 && i < (int64_t) s->groups->count * KINDS * 2; i++) {
        for (int64_t windows = 0; ret == 0 && windows < s->window_count; windows++, people++) {
            if (*people > 0) {
                ret = stn__db_add(db, fill, err, "iiiitiii", replicate, regime, population, i / (KINDS * 2),
                    names[i / 2 % KINDS], windows, i % 2, *people);
            }
        }
    }
    return ret;
}

int
stn__spells_write(const stn_study *study, const stn_city *city, stn_run *run, stn__db *db, int32_t replicate, stn_error *err)
{
    sqlite3_stmt *fill = NULL;
    int ret = stn__db_fill(db, "spell", 8, &fill, err);

    for (int32_t p = 0; ret == 0 && p < study->world.population_count; p++) {
        const uint32_t *cells = stn_city_cells(city, p);
        stn__groups groups = { 0 };
        stn_panel panel;
        spells s = { &groups, stn_run_window_count(run), NULL };
        ret = stn__groups_new(study, city, p, &groups);
        if (ret == 0) {
            s.counts = calloc((size_t) groups.count * KINDS * 2 * (size_t) s.window_count, sizeof *s.counts);
            ret = s.counts == NULL ? STN_E_MEMORY : 0;
        }
        ret = ret != 0 ? stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name) : stn_run_panel(run, p, &panel, err);
        if (ret == 0 && panel.restricted_at == NULL) {
            ret = stn__fail(err, STN_E_ARGUMENT, "a run without the option `lives` does not say what it did to whom");
        }
        for (uint32_t row = 0; ret == 0 && row < panel.size; row++) {
            count(&s, study, &panel, row, cells[row], stn_city_coming(city, p, row),
                (uint32_t) stn_run_windows_done(run) - 1);
        }
        if (ret == 0) {
            ret = population_write(&s, db, replicate, stn_run_regime(run), p, fill, err);
        }
        free(s.counts);
        stn__groups_free(&groups);
    }
    sqlite3_finalize(fill);
    return ret;
}
