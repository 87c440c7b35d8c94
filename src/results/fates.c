/* SPDX-License-Identifier: Apache-2.0
 *
 * fates.c - what each regime did to everybody, and each against each.
 *
 * A fate is 16 bytes for each person and regime, so that a run's own state can be
 * given back before the next regime is lived: whole Beijing under two regimes keeps
 * less than a gigabyte. Comparing goes once over the people for each pair. */
#include "results/fates.h"

#include <stdlib.h>
#include <string.h>

#include "results/groups.h"

enum {
    PAIRS_ALL_MAX = 12 /* regimes of which each is set against each; of more, against the first alone */
};

typedef struct fate {
    uint32_t restricted, wrong; /* minutes */
    uint32_t ever, closed;      /* masks: blacklists and others ever on, rights closed at the end */
} fate;

struct stn__fates {
    const stn_study *study;  /* borrowed, and so on */
    const stn_city *city;
    size_t count;            /* regimes x populations: what freeing needs, when the study may be gone */
    fate **of;               /* owned, each too: [regime][population]; NULL: not taken */
    uint8_t **acted;         /* owned, each too: likewise, each [row]; NULL: not known */
    int64_t **acts;          /* owned, each too: [regime][population], each [group][behaviour] */
    int64_t **parted;        /* owned, each too: likewise, each [group][behaviour][2]; NULL: not known */
};

/* Which population of which regime. */
static size_t
place(const stn__fates *fates, int32_t regime, int32_t population)
{
    return (size_t) regime * (size_t) fates->study->world.population_count + (size_t) population;
}

stn__fates *
stn__fates_new(const stn_study *study, const stn_city *city)
{
    size_t count = (size_t) study->regime_count * (size_t) study->world.population_count;
    stn__fates *fates = calloc(1, sizeof *fates);

    if (fates == NULL) {
        return NULL;
    }
    fates->study = study;
    fates->city = city;
    fates->count = count++; /* one more, so that there is always one */
    fates->of = calloc(count, sizeof(fate *));
    fates->acted = calloc(count, sizeof(uint8_t *));
    fates->acts = calloc(count, sizeof(int64_t *));
    fates->parted = calloc(count, sizeof(int64_t *));
    if (fates->of == NULL || fates->acted == NULL || fates->acts == NULL || fates->parted == NULL) {
        stn__fates_free(fates);
        return NULL;
    }
    return fates;
}

void
stn__fates_free(stn__fates *fates)
{
    if (fates == NULL) {
        return;
    }
    for (size_t i = 0; i < fates->count; i++) {
        if (fates->of != NULL) {
            free(fates->of[i]);
        }
        if (fates->acted != NULL) {
            free(fates->acted[i]);
        }
        if (fates->acts != NULL) {
            free(fates->acts[i]);
        }
        if (fates->parted != NULL) {
            free(fates->parted[i]);
        }
    }
    free(fates->of);
    free(fates->acted);
    free(fates->acts);
    free(fates->parted);
    free(fates);
}

/* ------------------------------------------------------------------- taking */

/* Of a population, behaviours are numbered from 0; how many there are. */
static int32_t
behaviour_count(const stn_study *study, int32_t population)
{
    int32_t count = 0;

    for (int32_t b = 0; b < study->world.behaviour_count; b++) {
        count += study->world.behaviours[b].population == population;
    }
    return count;
}

static const stn_behaviour *
behaviour_of(const stn_study *study, int32_t population, int32_t local)
{
    for (int32_t b = 0; b < study->world.behaviour_count; b++) {
        if (study->world.behaviours[b].population == population && study->world.behaviours[b].local == local) {
            return &study->world.behaviours[b];
        }
    }
    stn__broken("a behaviour of the population", __FILE__, __LINE__);
}

/* Opportunities that only one of a run and that of the study's first regime took:
 * [group][behaviour][2], the first's first. NULL if they were not lived side by side (or
 * without memory): table `effect` then says NULL. */
static int64_t *
acts_parted(const stn_study *study, const stn_run *run, int32_t population)
{
    const int64_t *contrast = stn_run_contrast(run, population);
    size_t size = 2 * (size_t) stn_study_group_count(study, population) * (size_t) behaviour_count(study, population);
    int64_t *parted = contrast == NULL ? NULL : malloc((size + 1) * sizeof *parted);

    if (parted != NULL) {
        memcpy(parted, contrast, size * sizeof *parted);
    }
    return parted;
}

/* For each row whether they took any opportunity for an offence or default. */
static uint8_t *
acted_ever(const stn_panel *panel)
{
    uint8_t *acted = malloc((size_t) panel->size + 1);

    for (uint32_t row = 0; acted != NULL && row < panel->size; row++) {
        acted[row] = panel->acts[row] > 0;
    }
    return acted;
}

static int64_t *
acts_take(const stn_study *study, const stn_run *run, int32_t population)
{
    int32_t groups = stn_study_group_count(study, population), behaviours = behaviour_count(study, population);
    int64_t *acts = calloc((size_t) groups * (size_t) behaviours + 1, sizeof *acts);

    for (int32_t b = 0; acts != NULL && b < behaviours; b++) {
        int32_t counter = stn_run_counter_find(run, population, "acts", behaviour_of(study, population, b)->name);
        for (int32_t group = 0; group < groups; group++) {
            acts[(size_t) group * (size_t) behaviours + (size_t) b] = stn_run_total(run, population, group, counter);
        }
    }
    return acts;
}

int
stn__fates_take(stn__fates *fates, stn_run *run, stn_error *err)
{
    int32_t regime = stn_run_regime(run);

    for (int32_t p = 0; p < fates->study->world.population_count; p++) {
        size_t at = place(fates, regime, p);
        stn_panel panel;
        int ret = stn_run_panel(run, p, &panel, err);
        if (ret != 0) {
            return ret;
        }
        if (panel.restricted_minutes == NULL) {
            return stn__fail(err, STN_E_ARGUMENT, "a run without the option `lives` does not say what it did to whom");
        }
        free(fates->of[at]);
        free(fates->acted[at]);
        free(fates->acts[at]);
        free(fates->parted[at]);
        fates->acted[at] = acted_ever(&panel);
        fates->of[at] = malloc(((size_t) panel.size + 1) * sizeof **fates->of);
        fates->acts[at] = acts_take(fates->study, run, p);
        fates->parted[at] = acts_parted(fates->study, run, p);
        if (fates->of[at] == NULL || fates->acts[at] == NULL || fates->acted[at] == NULL) {
            return stn__fail(err, STN_E_MEMORY, "no memory for what happened to %u people", (unsigned) panel.size);
        }
        for (uint32_t row = 0; row < panel.size; row++) {
            fates->of[at][row] = (fate){ panel.restricted_minutes[row], panel.wrong_minutes[row], panel.ever[row],
                panel.here[row] != 0 ? panel.closed[row] : 0 };
        }
    }
    return 0;
}

/* -------------------------------------------------------------------- alone */

/* Whether somebody's coming takes effect before the end: those who come in the last
 * window, too late for it, are never there. */
static bool
comes(const stn_study *study, const stn_city *city, int32_t population, uint32_t row)
{
    uint64_t coming = stn_city_coming(city, population, row);

    return (coming + study->window - 1) / study->window * study->window < study->horizon;
}

static int
fate_rows(const stn__fates *fates, stn__db *db, int32_t replicate, int32_t regime, int32_t population,
    const stn__groups *groups, sqlite3_stmt *fill, stn_error *err)
{
    enum { KINDS = 8 }; /* restricted + 2 wrong + 4 acted */
    const fate *all = fates->of[place(fates, regime, population)];
    const uint8_t *acted = fates->acted[place(fates, regime, population)];
    const uint32_t *cells = stn_city_cells(fates->city, population);
    uint32_t rows = stn_city_rows(fates->city, population);
    int64_t *people = calloc((size_t) groups->count * KINDS, sizeof *people);
    int ret = people == NULL ? stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name) : 0;

    for (uint32_t row = 0; ret == 0 && row < rows; row++) {
        if (comes(fates->study, fates->city, population, row)) {
            int kind = (all[row].restricted > 0) + 2 * (all[row].wrong > 0) + 4 * (acted != NULL && acted[row] != 0);
            people[(size_t) groups->of_cell[cells[row]] * KINDS + (size_t) kind]++;
        }
    }
    for (int64_t i = 0; ret == 0 && i < (int64_t) groups->count * KINDS; i++) {
        if (people[i] > 0) {
            ret = stn__db_add(db, fill, err, acted != NULL ? "iiiiiiii" : "iiiiiiin", (int64_t) replicate,
                (int64_t) regime, (int64_t) population, i / KINDS, i & 1, i >> 1 & 1, people[i], i >> 2 & 1);
        }
    }
    free(people);
    return ret;
}

/* --------------------------------------------------------- each against each */

typedef enum { RESTRICTED, WRONG, DOORS, ALL_DOORS, LISTED, CLOSED } measure_kind;

typedef struct measure {
    measure_kind kind;
    const char *name, *subject;
    uint32_t a, b; /* LISTED, CLOSED, ALL_DOORS: masks under the one and under the other */
} measure;

enum { MEASURES_MAX = 5 + 2 * STN_LISTS_MAX + STN_DOORS_MAX };

typedef struct tally {
    int64_t a, b, a_only, b_only, both, added, removed;
} tally;

static uint32_t
rights_of(const stn_study *study, int32_t population)
{
    uint32_t mask = 0;

    for (int32_t d = 0; d < study->world.door_count; d++) {
        const stn_door *door = &study->world.doors[d];
        if (door->population == population && door->kind == STN_RIGHT) {
            mask |= UINT32_C(1) << door->local;
        }
    }
    return mask;
}

static uint32_t
blacklists_of(const stn_regime *regime, int32_t population)
{
    uint32_t mask = 0;

    for (int32_t l = 0; l < regime->list_count; l++) {
        if (regime->lists[l].population == population && regime->lists[l].kind == STN_BLACKLIST) {
            mask |= UINT32_C(1) << regime->lists[l].local;
        }
    }
    return mask;
}

/* The bit of a list by its name; 0 if the regime has none of that name. */
static uint32_t
list_bit(const stn_regime *regime, int32_t population, const char *name)
{
    for (int32_t l = 0; l < regime->list_count; l++) {
        if (regime->lists[l].population == population && strcmp(regime->lists[l].name, name) == 0) {
            return UINT32_C(1) << regime->lists[l].local;
        }
    }
    return 0;
}

/* All that is measured of a pair; returns how many. */
static int32_t
measures_of(const stn_study *study, int32_t population, const stn_regime *a, const stn_regime *b, measure *out)
{
    uint32_t rights = rights_of(study, population);
    int32_t count = 0;

    out[count++] = (measure){ RESTRICTED, "restricted_minutes", "", 0, 0 };
    out[count++] = (measure){ WRONG, "wrong_minutes", "", 0, 0 };
    out[count++] = (measure){ LISTED, "listed", "", blacklists_of(a, population), blacklists_of(b, population) };
    for (int32_t l = 0; l < a->list_count; l++) {
        const stn_list *list = &a->lists[l];
        if (list->population == population) {
            out[count++] = (measure){ LISTED, "listed", list->name, UINT32_C(1) << list->local,
                list_bit(b, population, list->name) };
        }
    }
    for (int32_t l = 0; l < b->list_count; l++) {
        const stn_list *list = &b->lists[l];
        if (list->population == population && list_bit(a, population, list->name) == 0) {
            out[count++] = (measure){ LISTED, "listed", list->name, 0, UINT32_C(1) << list->local };
        }
    }
    for (int32_t d = 0; d < study->world.door_count; d++) {
        const stn_door *door = &study->world.doors[d];
        uint32_t bit = UINT32_C(1) << door->local;
        if (door->population == population && door->kind == STN_RIGHT) {
            out[count++] = (measure){ CLOSED, "closed", door->name, bit, bit };
        }
    }
    out[count++] = (measure){ DOORS, "doors_closed", "", rights, rights };
    out[count++] = (measure){ ALL_DOORS, "all_closed", "", rights, rights };
    return count;
}

static int64_t
ones(uint32_t mask)
{
    int64_t count = 0;

    for (; mask != 0; mask &= mask - 1) {
        count++;
    }
    return count;
}

static int64_t
measured(measure_kind kind, const fate *f, uint32_t mask)
{
    switch (kind) {
    case RESTRICTED:
        return f->restricted;
    case WRONG:
        return f->wrong;
    case DOORS:
        return ones(f->closed & mask);
    case ALL_DOORS:
        return mask != 0 && (f->closed & mask) == mask;
    case LISTED:
        return (f->ever & mask) != 0;
    case CLOSED:
        break;
    }
    return (f->closed & mask) != 0;
}

static void
tally_add(tally *t, int64_t a, int64_t b)
{
    t->a += a;
    t->b += b;
    t->a_only += a > 0 && b == 0;
    t->b_only += a == 0 && b > 0;
    t->both += a > 0 && b > 0;
    if (b > a) {
        t->added += b - a;
    } else {
        t->removed += a - b;
    }
}

static bool
touched(const fate *f)
{
    return (f->restricted | f->wrong | f->ever | f->closed) != 0;
}

static void
pair_count(const stn__fates *fates, int32_t population, const stn__groups *groups, const fate *a, const fate *b,
    const measure *measures, int32_t count, tally *tallies)
{
    const uint32_t *cells = stn_city_cells(fates->city, population);
    uint32_t rows = stn_city_rows(fates->city, population);

    for (uint32_t row = 0; row < rows; row++) {
        if (!touched(&a[row]) && !touched(&b[row])) {
            continue;
        }
        for (int32_t m = 0; m < count; m++) {
            tally_add(&tallies[(size_t) m * (size_t) groups->count + groups->of_cell[cells[row]]],
                measured(measures[m].kind, &a[row], measures[m].a), measured(measures[m].kind, &b[row], measures[m].b));
        }
    }
}

/* A pair of regimes in a population, on its way to the table. */
typedef struct pair {
    int32_t replicate, a, b, population;
} pair;

static int
tallies_write(const pair *who, stn__db *db, const measure *measures, int32_t count, int32_t groups,
    const tally *tallies, sqlite3_stmt *fill, stn_error *err)
{
    int ret = 0;

    for (int32_t m = 0; ret == 0 && m < count; m++) {
        for (int32_t group = 0; ret == 0 && group < groups; group++, tallies++) {
            if (tallies->a != 0 || tallies->b != 0) {
                ret = stn__db_add(db, fill, err, "iiiiittiiiiiii", (int64_t) who->replicate, (int64_t) who->a,
                    (int64_t) who->b, (int64_t) who->population, (int64_t) group, measures[m].name, measures[m].subject,
                    tallies->a, tallies->b, tallies->a_only, tallies->b_only, tallies->both, tallies->added,
                    tallies->removed);
            }
        }
    }
    return ret;
}

/* Acts under both; which of them only one took is known against the first regime, if at all. */
static int
acts_write(const stn__fates *fates, const pair *who, stn__db *db, int32_t groups, sqlite3_stmt *fill, stn_error *err)
{
    const int64_t *a = fates->acts[place(fates, who->a, who->population)];
    const int64_t *b = fates->acts[place(fates, who->b, who->population)];
    const int64_t *parted = who->a == 0 ? fates->parted[place(fates, who->b, who->population)] : NULL;
    int32_t behaviours = behaviour_count(fates->study, who->population);
    int ret = 0;

    for (int32_t local = 0; ret == 0 && local < behaviours; local++) {
        const char *name = behaviour_of(fates->study, who->population, local)->name;
        for (int32_t group = 0; ret == 0 && group < groups; group++) {
            size_t at = (size_t) group * (size_t) behaviours + (size_t) local;
            if (a[at] == 0 && b[at] == 0) {
                continue;
            }
            if (parted != NULL) {
                ret = stn__db_add(db, fill, err, "iiiiittiiiiinn", (int64_t) who->replicate, (int64_t) who->a,
                    (int64_t) who->b, (int64_t) who->population, (int64_t) group, "acts", name, a[at], b[at],
                    parted[2 * at], parted[2 * at + 1], a[at] - parted[2 * at]);
            } else {
                ret = stn__db_add(db, fill, err, "iiiiittiinnnnn", (int64_t) who->replicate, (int64_t) who->a,
                    (int64_t) who->b, (int64_t) who->population, (int64_t) group, "acts", name, a[at], b[at]);
            }
        }
    }
    return ret;
}

static int
pair_write(const stn__fates *fates, const pair *who, stn__db *db, const stn__groups *groups, sqlite3_stmt *fill,
    stn_error *err)
{
    const stn_study *study = fates->study;
    const fate *a = fates->of[place(fates, who->a, who->population)],
               *b = fates->of[place(fates, who->b, who->population)];
    measure measures[MEASURES_MAX];
    int32_t count = measures_of(study, who->population, &study->regimes[who->a], &study->regimes[who->b], measures);
    tally *tallies = calloc((size_t) count * (size_t) groups->count, sizeof *tallies);
    int ret;

    if (tallies == NULL) {
        return stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name);
    }
    pair_count(fates, who->population, groups, a, b, measures, count, tallies);
    ret = tallies_write(who, db, measures, count, groups->count, tallies, fill, err);
    free(tallies);
    return ret == 0 ? acts_write(fates, who, db, groups->count, fill, err) : ret;
}

static int
population_write(const stn__fates *fates, stn__db *db, int32_t replicate, int32_t population, sqlite3_stmt *fate_fill,
    sqlite3_stmt *effect_fill, stn_error *err)
{
    int32_t regimes = fates->study->regime_count;
    stn__groups groups;
    int ret = stn__groups_new(fates->study, fates->city, population, &groups);

    if (ret != 0) {
        return stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name);
    }
    for (int32_t a = 0; ret == 0 && a < regimes; a++) {
        if (fates->of[place(fates, a, population)] == NULL) {
            continue;
        }
        ret = fate_rows(fates, db, replicate, a, population, &groups, fate_fill, err);
        for (int32_t b = a + 1; ret == 0 && b < regimes && (a == 0 || regimes <= PAIRS_ALL_MAX); b++) {
            const pair who = { replicate, a, b, population };
            if (fates->of[place(fates, b, population)] != NULL) {
                ret = pair_write(fates, &who, db, &groups, effect_fill, err);
            }
        }
    }
    stn__groups_free(&groups);
    return ret;
}

int
stn__fates_write(const stn__fates *fates, stn__db *db, int32_t replicate, stn_error *err)
{
    sqlite3_stmt *fate_fill = NULL, *effect_fill = NULL;
    int ret = stn__db_fill(db, "fate", 8, &fate_fill, err);

    if (ret == 0) {
        ret = stn__db_fill(db, "effect", 14, &effect_fill, err);
    }
    for (int32_t p = 0; ret == 0 && p < fates->study->world.population_count; p++) {
        ret = population_write(fates, db, replicate, p, fate_fill, effect_fill, err);
    }
    sqlite3_finalize(fate_fill);
    sqlite3_finalize(effect_fill);
    return ret;
}
