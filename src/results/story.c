/* SPDX-License-Identifier: Apache-2.0
 *
 * story.c - one made-up life, lived once more under each regime.
 *
 * The whole city has to be lived for it, because what people learn of each other
 * decides what one of them does; but only what happens to that one is kept. */
#include "results/story.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "city/alike.h"
#include "engine/engine.h"

int
stn_story_new(const stn_study *study, const stn_city *city, int32_t population, uint32_t row, stn_story **out,
    stn_error *err)
{
    stn_story *story = NULL;
    uint32_t rows;

    *out = NULL;
    STN_INVARIANT(population >= 0 && population < stn_study_population_count(study));
    rows = stn_city_rows(city, population);
    if (rows == 0) {
        return stn__fail(err, STN_E_ARGUMENT, "there is nobody in '%s'", stn_study_population_name(study, population));
    }
    if (row >= rows) {
        return stn__fail(err, STN_E_ARGUMENT, "there is no row %u in '%s': its rows are 0 to %u", (unsigned) row,
            stn_study_population_name(study, population), (unsigned) rows - 1);
    }
    story = calloc(1, sizeof *story);
    if (story == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory for a life");
    }
    *story = (stn_story){ .study = study, .city = city, .population = population, .row = row };
    story->arena = stn__arena_new();
    if (story->arena == NULL) {
        stn_story_free(story);
        return stn__fail(err, STN_E_MEMORY, "no memory for a life");
    }
    *out = story;
    return 0;
}

void
stn_story_free(stn_story *story)
{
    if (story == NULL) {
        return;
    }
    for (int32_t i = 0; i < story->count; i++) {
        free(story->tellings[i].sayings);
    }
    free(story->tellings);
    stn__arena_free(story->arena);
    free(story);
}

int
stn__story_tell(stn_story *story, const stn__plan *plan, const stn_event *events, uint64_t count, int64_t restricted,
    int64_t wronged, stn_error *err)
{
    stn__telling *grown, *telling;

    STN_INVARIANT(story->count < STN__TELLINGS_MAX);
    grown = realloc(story->tellings, ((size_t) story->count + 1) * sizeof *grown);
    if (grown == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory for a life");
    }
    story->tellings = grown;
    telling = &grown[story->count];
    *telling = (stn__telling){ .regime = (int32_t) (plan->regime - plan->study->regimes),
        .sum = { .restricted = restricted, .wronged = wronged, .end = story->study->horizon } };
    telling->sayings = calloc((size_t) count + 1, sizeof *telling->sayings);
    if (telling->sayings == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory for a life");
    }
    for (uint64_t i = 0; i < count; i++) {
        if (events[i].population == story->population && events[i].row == story->row) {
            int32_t at = telling->count++;
            for (; at > 0 && telling->sayings[at - 1].event.time > events[i].time; at--) {
                telling->sayings[at] = telling->sayings[at - 1];
            }
            telling->sayings[at].event = events[i];
        }
    }
    if (!stn__words_put(story, plan, telling)) {
        free(telling->sayings);
        return stn__fail(err, STN_E_MEMORY, "no memory for a life");
    }
    story->count++;
    return 0;
}

int
stn_story_add(stn_story *story, int32_t regime, const stn_run_options *options, stn_error *err)
{
    stn_run_options mine;
    stn_run *run = NULL;
    stn__plan *plan = NULL;
    stn_panel panel;
    const stn_event *events;
    uint64_t count;
    int ret;

    stn_run_options_init(&mine);
    if (options != NULL) {
        mine = *options;
    }
    mine.log = 2;
    mine.log_population = story->population;
    mine.log_row = story->row;
    mine.lives = 1;
    if ((ret = stn_run_new(story->study, story->city, regime, &mine, &run, err)) != 0
        || (ret = stn_run_advance(run, INT32_MAX, err)) != 0
        || (ret = stn_run_events(run, &events, &count, err)) != 0
        || (ret = stn_run_panel(run, story->population, &panel, err)) != 0
        || (ret = stn__plan_new(story->study, regime, &plan, err)) != 0) {
        goto out;
    }
    ret = stn__story_tell(story, plan, events, count, panel.restricted_minutes[story->row],
        panel.wrong_minutes[story->row], err);
out:
    stn__plan_free(plan);
    stn_run_free(run);
    return ret;
}

/* ------------------------------------------------------------------ who it is */

stn__person
stn__person_of(const stn_story *story)
{
    const stn_world *world = &story->study->world;
    const uint32_t *households = stn_city_households(story->city);
    const uint32_t *representatives = stn_city_representatives(story->city);
    const uint8_t *ages = stn_city_ages(story->city, story->population);
    stn__person p = { .cell = stn_city_cells(story->city, story->population)[story->row],
        .coming = stn_city_coming(story->city, story->population, story->row), .years = -1, .representative = -1 };

    if (ages != NULL) {
        p.years = ages[story->row];
    }
    if (world->household.given && world->household.of == story->population && households[story->row] != STN__NOBODY) {
        p.family = households[story->row] < stn_city_family_household_count(story->city);
        for (uint32_t row = 0; row < stn_city_size(story->city, story->population); row++) {
            p.household_size += households[row] == households[story->row];
        }
    }
    if (world->representative.given && world->representative.is == story->population) {
        for (uint32_t row = 0; row < stn_city_size(story->city, world->representative.of); row++) {
            p.represents += representatives[row] == story->row;
        }
    }
    if (world->representative.given && world->representative.of == story->population
        && representatives[story->row] != STN__NOBODY) {
        p.representative = representatives[story->row];
    }
    return p;
}

/* -------------------------------------------------------------- side by side */

bool
stn__moment_next(const stn_story *story, stn__moment *moment)
{
    moment->time = STN_NEVER;
    for (int32_t i = 0; i < story->count; i++) {
        const stn__telling *t = &story->tellings[i];
        moment->first[i] = moment->end[i];
        if (moment->first[i] < t->count && t->sayings[moment->first[i]].event.time < moment->time) {
            moment->time = t->sayings[moment->first[i]].event.time;
        }
    }
    for (int32_t i = 0; i < story->count; i++) {
        const stn__telling *t = &story->tellings[i];
        while (moment->end[i] < t->count && t->sayings[moment->end[i]].event.time == moment->time) {
            moment->end[i]++;
        }
    }
    return moment->time != STN_NEVER;
}

/* The next thing that has words of its own. */
static const stn__saying *
worded(const stn__telling *telling, int32_t *at, int32_t end)
{
    while (*at < end && telling->sayings[*at].text == NULL) {
        (*at)++;
    }
    return *at < end ? &telling->sayings[(*at)++] : NULL;
}

static bool
saying_is_same(const stn__saying *a, const stn__saying *b)
{
    return (a == NULL) == (b == NULL)
        && (a == NULL || ((a->head == NULL) == (b->head == NULL) && (a->head == NULL || strcmp(a->head, b->head) == 0)
                             && strcmp(a->text, b->text) == 0));
}

bool
stn__moment_is_same(const stn_story *story, const stn__moment *moment)
{
    for (int32_t i = 1; i < story->count; i++) {
        int32_t a = moment->first[0], b = moment->first[i];
        const stn__saying *one, *other;
        do {
            one = worded(&story->tellings[0], &a, moment->end[0]);
            other = worded(&story->tellings[i], &b, moment->end[i]);
            if (!saying_is_same(one, other)) {
                return false;
            }
        } while (one != NULL);
    }
    return true;
}

uint32_t
stn__story_parting(const stn_story *story)
{
    stn__moment moment = { .time = 0 };

    while (stn__moment_next(story, &moment)) {
        if (!stn__moment_is_same(story, &moment)) {
            return moment.time;
        }
    }
    return STN_NEVER;
}

/* The chance that comes in a minute, or NULL. */
static const stn_event *
chance_of(const stn__telling *telling, int32_t first, int32_t end)
{
    for (int32_t i = first; i < end; i++) {
        const stn_event *e = &telling->sayings[i].event;
        if (e->kind == STN__EVENT_ACT || e->kind == STN__REMARK_NOT_TAKEN) {
            return e;
        }
    }
    return NULL;
}

uint32_t
stn__story_choice(const stn_story *story, int32_t *behaviour)
{
    stn__moment moment = { .time = 0 };

    while (stn__moment_next(story, &moment)) {
        const stn_event *one = chance_of(&story->tellings[0], moment.first[0], moment.end[0]);
        for (int32_t i = 1; i < story->count && one != NULL; i++) {
            const stn_event *other = chance_of(&story->tellings[i], moment.first[i], moment.end[i]);
            if (other != NULL && other->subject == one->subject && other->kind != one->kind) {
                if (behaviour != NULL) {
                    *behaviour = one->subject;
                }
                return moment.time;
            }
        }
    }
    return STN_NEVER;
}
