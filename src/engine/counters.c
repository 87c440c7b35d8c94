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
    const char *agencies[STN_AGENCIES_MAX];
    const char **bands; /* owned */
} subjects;

/* Subjects that are numbers. */
static const char *const numbers[STN_DOORS_MAX] = { "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13",
    "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32" };

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
    for (int32_t a = 0; a < regime->agency_count; a++) {
        out->agencies[a] = regime->agencies[a].name;
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

/* Of the whole population. */
static int32_t
append_one(stn__counters *c, const char *name, bool stock, int32_t minutes_of)
{
    return append(c, name, NULL, 1, stock, minutes_of);
}

static void
append_restriction(stn__counters *c, int32_t rights)
{
    c->restricted_entries = append_one(c, "restricted_entries", false, STN_NONE);
    c->restricted_first = append_one(c, "restricted_first", false, STN_NONE);
    c->restricted_stock = append_one(c, "restricted_stock", true, STN_NONE);
    c->restricted_minutes = append_one(c, "restricted_minutes", false, c->restricted_stock);
    c->wrong_stock = append_one(c, "wrong_stock", true, STN_NONE);
    c->wrong_minutes = append_one(c, "wrong_minutes", false, c->wrong_stock);
    if (rights > 0) {
        c->all_closed_entries = append_one(c, "all_closed_entries", false, STN_NONE);
        c->all_closed_stock = append_one(c, "all_closed_stock", true, STN_NONE);
        c->all_closed_minutes = append_one(c, "all_closed_minutes", false, c->all_closed_stock);
    }
    c->doors_closed = append(c, "doors_closed", numbers, rights, true, STN_NONE);
    c->reached = append_one(c, "reached", false, STN_NONE);
    c->reach_minutes = append_one(c, "reach_minutes", false, STN_NONE);
}

static void
append_sharing(stn__counters *c, const subjects *s, int32_t agencies)
{
    c->known = append(c, "known", s->agencies, agencies, false, STN_NONE);
    c->misfiled = append(c, "misfiled", s->agencies, agencies, false, STN_NONE);
    c->clearings_lost = append(c, "clearings_lost", s->agencies, agencies, false, STN_NONE);
    c->mistaken_stock = append_one(c, "mistaken_stock", true, STN_NONE);
    c->mistaken_minutes = append_one(c, "mistaken_minutes", false, c->mistaken_stock);
}

static void
append_publicity(stn__counters *c, const subjects *s, const stn__population_plan *p)
{
    for (int32_t d = 0; d < p->door_count && p->stigma_given; d++) {
        if ((p->channel_mask >> d & 1) == 0) {
            c->door_refused[d] = append(c, "refused", &s->doors[d], 1, false, STN_NONE);
        }
    }
    if (p->archive_given) {
        c->archived_stock = append(c, "archived_stock", s->lists, p->list_count, true, STN_NONE);
    }
}

static void
append_process(stn__counters *c, const subjects *s, const stn__population_plan *p, int32_t agencies)
{
    static const char *const names[2][6] = {
        { "objections_filed", "objections_granted", "objections_denied", "objections_void", "objections_wait_minutes",
            "objections_pending" },
        { "appeals_filed", "appeals_granted", "appeals_denied", "appeals_void", "appeals_wait_minutes",
            "appeals_pending" },
    };

    for (int stage = 0; stage < 2 && p->processed; stage++) {
        c->filed[stage] = append(c, names[stage][0], s->agencies, agencies, false, STN_NONE);
        c->granted[stage] = append(c, names[stage][1], s->agencies, agencies, false, STN_NONE);
        c->denied[stage] = append(c, names[stage][2], s->agencies, agencies, false, STN_NONE);
        c->voided[stage] = append(c, names[stage][3], s->agencies, agencies, false, STN_NONE);
        c->wait_minutes[stage] = append(c, names[stage][4], s->agencies, agencies, false, STN_NONE);
        c->pending[stage] = append(c, names[stage][5], s->agencies, agencies, true, STN_NONE);
    }
    if (p->processed || p->pardoned) {
        c->corrected = append(c, "corrected", s->behaviours, p->behaviour_count, false, STN_NONE);
        c->repaired = append(c, "repaired", s->behaviours, p->behaviour_count, false, STN_NONE);
        c->pardoned = append(c, "pardoned", s->behaviours, p->behaviour_count, false, STN_NONE);
    }
}

static void
append_money(stn__counters *c, const subjects *s, int32_t behaviours)
{
    c->fines_paid = append(c, "fines_paid", s->behaviours, behaviours, false, STN_NONE);
    c->fines_unpaid = append(c, "fines_unpaid", s->behaviours, behaviours, false, STN_NONE);
    c->fine_yuan = append(c, "fine_yuan", s->behaviours, behaviours, false, STN_NONE);
    c->debt_yuan = append(c, "debt_yuan", s->behaviours, behaviours, false, STN_NONE);
    c->fee_yuan = append_one(c, "fee_yuan", false, STN_NONE);
    c->endowed_yuan = append_one(c, "endowed_yuan", false, STN_NONE);
    c->saved_yuan = append_one(c, "saved_yuan", false, STN_NONE);
    c->left_yuan = append_one(c, "left_yuan", false, STN_NONE);
    c->poor_stock = append_one(c, "poor_stock", true, STN_NONE);
    c->poor_minutes = append_one(c, "poor_minutes", false, c->poor_stock);
}

static void
append_ratings(stn__counters *c, const stn__population_plan *p)
{
    if (p->ladder) {
        c->reviews = append_one(c, "reviews", false, STN_NONE);
        c->review_rises = append_one(c, "review_rises", false, STN_NONE);
        c->review_falls = append_one(c, "review_falls", false, STN_NONE);
    }
    if (p->rating_given && p->redeem != STN_NEVER) {
        c->redemptions = append_one(c, "redemptions", false, STN_NONE);
    }
}

/* Shares of a life. */
static const char *const shares[] = { "never", "below_1_percent", "below_10_percent", "below_half", "half_or_more" };

static void
append_lives(stn__counters *c, const stn_population *population)
{
    const stn_attribute *ages = population->attributes;
    const char *const *levels;
    int32_t n;

    while (!ages->has_ages) {
        ages++;
    }
    levels = ages->levels;
    n = ages->level_count;
    c->there = append_one(c, "there", true, STN_NONE);
    c->there_minutes = append_one(c, "there_minutes", false, c->there);
    c->born = append_one(c, "born", false, STN_NONE);
    c->arrived = append_one(c, "arrived", false, STN_NONE);
    c->died = append_one(c, "died", false, STN_NONE);
    c->departed = append_one(c, "departed", false, STN_NONE);
    c->aged = append_one(c, "aged", false, STN_NONE);
    c->lived_minutes = append_one(c, "lived_minutes", false, STN_NONE);
    c->lived_restricted_minutes = append_one(c, "lived_restricted_minutes", false, STN_NONE);
    c->lives = append(c, "lives", shares, (int32_t) (sizeof shares / sizeof shares[0]), false, STN_NONE);
    c->of_age = append(c, "of_age", levels, n, true, STN_NONE);
    c->of_age_minutes = append(c, "of_age_minutes", levels, n, false, c->of_age);
    c->restricted_of_age = append(c, "restricted_of_age", levels, n, true, STN_NONE);
    c->restricted_of_age_minutes = append(c, "restricted_of_age_minutes", levels, n, false, c->restricted_of_age);
    c->ever_listed = append(c, "ever_listed", levels, n, true, STN_NONE);
    c->first_listed = append(c, "first_listed", levels, n, false, STN_NONE);
}

int
stn__counters_new(const stn__plan *plan, int32_t population, stn__counters *out)
{
    const stn__population_plan *p = &plan->populations[population];
    int32_t agencies = plan->regime->agency_count, rights = p->door_count - __builtin_popcount(p->channel_mask);
    size_t room = (size_t) (17 * p->behaviour_count + p->band_count + 10 * p->list_count + 5 * p->door_count
        + 15 * agencies + 48 + 6 * STN_LEVELS_MAX);
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
    append_restriction(out, rights);
    if (plan->sharing) {
        append_sharing(out, &s, agencies);
    }
    append_publicity(out, &s, p);
    append_process(out, &s, p, agencies);
    if (p->money) {
        append_money(out, &s, p->behaviour_count);
    }
    append_ratings(out, p);
    if (plan->study->world.populations[population].life.given) {
        append_lives(out, &plan->study->world.populations[population]);
    }
    STN_INVARIANT((size_t) out->count <= room);
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
