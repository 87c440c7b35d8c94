/* SPDX-License-Identifier: Apache-2.0
 *
 * spells.c - how long until somebody is restricted, and until that is over.
 *
 * Looks at the panel after each window, on one thread: some nanoseconds a person and
 * window. Only the first spell of each kind is followed, so that the spells of a group
 * are those of different people, as survival curves want them. */
#include "results/fates.h"

#include <stdlib.h>

#include "results/groups.h"

/* Where somebody stands: one of these, or RESTRICTED + the window in which it began. */
enum { UNSEEN, FREE, DONE, RESTRICTED };

typedef enum { TO_RESTRICTION, TO_RETURN, KINDS } spell_kind;

typedef struct person {
    uint32_t state;
    uint32_t minutes; /* restricted until the window before */
} person;

typedef struct side {
    person *people;      /* owned: one a row */
    stn__groups groups;  /* owned */
    int64_t *counts;     /* owned: [group][kind][ended][windows] */
} side;

struct stn__spells {
    const stn_study *study; /* borrowed, and so on */
    const stn_city *city;
    int32_t population_count; /* what freeing needs, when the study may be gone */
    int32_t window_count, windows_done;
    side *sides;            /* owned: one a population */
};

stn__spells *
stn__spells_new(const stn_study *study, const stn_city *city)
{
    stn__spells *spells = calloc(1, sizeof *spells);
    bool good = spells != NULL;

    if (!good) {
        return NULL;
    }
    spells->study = study;
    spells->city = city;
    spells->population_count = study->world.population_count;
    spells->window_count = (int32_t) ((study->horizon + (uint64_t) study->window - 1) / study->window);
    spells->sides = calloc((size_t) study->world.population_count, sizeof *spells->sides);
    good = spells->sides != NULL;
    for (int32_t p = 0; good && p < study->world.population_count; p++) {
        side *s = &spells->sides[p];
        good = stn__groups_new(study, city, p, &s->groups) == 0;
        if (good) {
            s->people = calloc((size_t) stn_city_rows(city, p) + 1, sizeof *s->people);
            s->counts = calloc((size_t) s->groups.count * KINDS * 2 * (size_t) spells->window_count, sizeof *s->counts);
            good = s->people != NULL && s->counts != NULL;
        }
    }
    if (!good) {
        stn__spells_free(spells);
        return NULL;
    }
    return spells;
}

void
stn__spells_free(stn__spells *spells)
{
    if (spells == NULL) {
        return;
    }
    for (int32_t p = 0; spells->sides != NULL && p < spells->population_count; p++) {
        free(spells->sides[p].people);
        free(spells->sides[p].counts);
        stn__groups_free(&spells->sides[p].groups);
    }
    free(spells->sides);
    free(spells);
}

/* The window at whose start somebody's coming takes effect. */
static int32_t
window_of_coming(const stn__spells *spells, int32_t population, uint32_t row)
{
    uint64_t coming = stn_city_coming(spells->city, population, row);

    return (int32_t) ((coming + spells->study->window - 1) / spells->study->window);
}

static void
count_one(const stn__spells *spells, int32_t population, uint32_t row, spell_kind kind, bool ended, int32_t windows)
{
    const side *s = &spells->sides[population];
    size_t group = s->groups.of_cell[stn_city_cells(spells->city, population)[row]];

    STN_INVARIANT(windows >= 0 && windows < spells->window_count);
    s->counts[((group * KINDS + (size_t) kind) * 2 + ended) * (size_t) spells->window_count + (size_t) windows]++;
}

/* Cuts off what goes on for somebody whose last window was `last`. */
static void
cut_off(const stn__spells *spells, int32_t population, uint32_t row, uint32_t state, int32_t last)
{
    if (state == FREE) {
        count_one(spells, population, row, TO_RESTRICTION, false, last - window_of_coming(spells, population, row));
    } else if (state >= RESTRICTED) {
        count_one(spells, population, row, TO_RETURN, false, last - (int32_t) (state - RESTRICTED));
    }
}

/* One person at the end of a window of so many minutes. */
static uint32_t
step(const stn__spells *spells, int32_t population, uint32_t row, const stn_panel *panel, int32_t window,
    uint32_t length)
{
    const person *who = &spells->sides[population].people[row];
    uint32_t state = who->state, minutes = panel->restricted_minutes[row];
    bool closed = panel->closed[row] != 0;

    if (state == DONE || (state == UNSEEN && panel->here[row] == 0)) {
        return state;
    }
    if (panel->here[row] == 0) {
        cut_off(spells, population, row, state, window - 1);
        return DONE;
    }
    if (state >= RESTRICTED) {
        if (closed && minutes - who->minutes == length) {
            return state;
        }
        count_one(spells, population, row, TO_RETURN, true, window - (int32_t) (state - RESTRICTED));
        return DONE;
    }
    if (!closed && minutes == 0) {
        return FREE;
    }
    count_one(spells, population, row, TO_RESTRICTION, true, window - window_of_coming(spells, population, row));
    if (closed) {
        return RESTRICTED + (uint32_t) window;
    }
    count_one(spells, population, row, TO_RETURN, true, 0);
    return DONE;
}

int
stn__spells_look(stn__spells *spells, stn_run *run, stn_error *err)
{
    int32_t window = stn_run_windows_done(run) - 1;
    uint32_t start = window > 0 ? stn_run_window_end(run, window - 1) : 0,
             length = stn_run_window_end(run, window) - start;

    if (window != spells->windows_done) {
        return stn__fail(err, STN_E_ARGUMENT, "a run is to be looked at after each of its windows, and once");
    }
    for (int32_t p = 0; p < spells->study->world.population_count; p++) {
        person *people = spells->sides[p].people;
        stn_panel panel;
        int ret = stn_run_panel(run, p, &panel, err);
        if (ret != 0) {
            return ret;
        }
        if (panel.restricted_minutes == NULL) {
            return stn__fail(err, STN_E_ARGUMENT, "a run without the option `lives` does not say what it did to whom");
        }
        for (uint32_t row = 0; row < panel.size; row++) {
            people[row].state = step(spells, p, row, &panel, window, length);
            people[row].minutes = panel.restricted_minutes[row];
        }
    }
    spells->windows_done++;
    return 0;
}

int
stn__spells_write(stn__spells *spells, stn__db *db, int32_t replicate, int32_t regime, stn_error *err)
{
    static const char *const names[KINDS] = { "to_restriction", "to_return" };
    sqlite3_stmt *fill = NULL;
    int ret = stn__db_fill(db, "spell", 8, &fill, err);

    for (int32_t p = 0; ret == 0 && p < spells->study->world.population_count; p++) {
        const side *s = &spells->sides[p];
        const int64_t *people = s->counts;
        for (uint32_t row = 0; row < stn_city_rows(spells->city, p); row++) {
            cut_off(spells, p, row, s->people[row].state, spells->windows_done - 1);
        }
        for (int64_t i = 0; ret == 0 && i < (int64_t) s->groups.count * KINDS * 2; i++) {
            for (int64_t windows = 0; ret == 0 && windows < spells->window_count; windows++, people++) {
                if (*people > 0) {
                    ret = stn__db_add(db, fill, err, "iiiitiii", (int64_t) replicate, (int64_t) regime, (int64_t) p,
                        i / (KINDS * 2), names[i / 2 % KINDS], windows, i % 2, *people);
                }
            }
        }
    }
    sqlite3_finalize(fill);
    return ret;
}
