/* SPDX-License-Identifier: Apache-2.0
 *
 * seek.c - somebody worth reading about: the one of a city with the most of
 * something, the first of equals. */
#include <standing/results.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum { STN__NOBODY_FOUND = -1 };

/* How much of it somebody has; what comes second decides among equals. */
typedef struct much {
    int64_t first, second;
} much;

typedef struct seeking {
    const stn_study *study;
    const stn_city *city;
    const stn_run_options *options;
    int32_t population;
    int32_t *minutes, *points;  /* owned: of everybody under the other regime */
} seeking;

static int64_t
distance(int64_t a, int64_t b)
{
    return a < b ? b - a : a - b;
}

static much
wronged(const seeking *s, const stn_panel *panel, uint32_t row)
{
    (void) s;
    return (much){ panel->wrong_minutes[row], panel->restricted_minutes[row] };
}

static much
restricted(const seeking *s, const stn_panel *panel, uint32_t row)
{
    (void) s;
    return (much){ panel->restricted_minutes[row], panel->wrong_minutes[row] };
}

static much
doors(const seeking *s, const stn_panel *panel, uint32_t row)
{
    (void) s;
    return (much){ __builtin_popcount(panel->closed[row]), panel->restricted_minutes[row] };
}

static much
listed(const seeking *s, const stn_panel *panel, uint32_t row)
{
    (void) s;
    return (much){ panel->wrong[row] != 0, panel->wrong_minutes[row] };
}

static much
changed(const seeking *s, const stn_panel *panel, uint32_t row)
{
    int64_t minutes = distance(panel->restricted_minutes[row], (uint32_t) s->minutes[row]);
    int64_t points = distance(panel->points[row], s->points[row]);

    return (much){ minutes > 0 || points > 0, minutes > 0 ? minutes * 4294967296 + points : points };
}

/* The ways of seeking. */
static const struct {
    const char *name;
    much (*much_of)(const seeking *s, const stn_panel *panel, uint32_t row);
    bool at_once;  /* over as soon as there is somebody */
    bool compares; /* needs the other regime */
} ways[] = {
    { "longest wrongly restricted", wronged, false, false },
    { "longest restricted", restricted, false, false },
    { "most doors closed", doors, false, false },
    { "first wrongly listed", listed, true, false },
    { "most changed", changed, false, true },
};

enum { WAY_COUNT = (int) (sizeof ways / sizeof *ways) };

const char *
stn_story_seek_name(int32_t way)
{
    return way >= 0 && way < WAY_COUNT ? ways[way].name : NULL;
}

/* The row with the most, or nobody. */
static int64_t
most(const seeking *s, const stn_panel *panel, int32_t way)
{
    much best = { 0, 0 };
    int64_t found = STN__NOBODY_FOUND;

    for (uint32_t row = 0; row < panel->size; row++) {
        much m = ways[way].much_of(s, panel, row);
        if (m.first > best.first || (m.first > 0 && m.first == best.first && m.second > best.second)) {
            best = m;
            found = row;
        }
    }
    return found;
}

static int
run_begin(const seeking *s, int32_t regime, stn_run **run, stn_error *err)
{
    stn_run_options options;

    stn_run_options_init(&options);
    if (s->options != NULL) {
        options = *s->options;
    }
    options.log = 0;
    options.lives = 1;
    return stn_run_new(s->study, s->city, regime, &options, run, err);
}

/* Keeps of the other regime what is compared. */
static int
against_keep(seeking *s, int32_t regime, stn_error *err)
{
    stn_run *run = NULL;
    stn_panel panel;
    int ret = run_begin(s, regime, &run, err);

    if (ret != 0 || (ret = stn_run_advance(run, INT32_MAX, err)) != 0
        || (ret = stn_run_panel(run, s->population, &panel, err)) != 0) {
        goto out;
    }
    s->minutes = calloc((size_t) panel.size + 1, sizeof *s->minutes);
    s->points = calloc((size_t) panel.size + 1, sizeof *s->points);
    if (s->minutes == NULL || s->points == NULL) {
        ret = stn__fail(err, STN_E_MEMORY, "no memory to compare %u lives", (unsigned) panel.size);
        goto out;
    }
    memcpy(s->minutes, panel.restricted_minutes, panel.size * sizeof *s->minutes);
    memcpy(s->points, panel.points, panel.size * sizeof *s->points);
out:
    stn_run_free(run);
    return ret;
}

int
stn_story_seek(const stn_study *study, const stn_city *city, int32_t way, int32_t population, int32_t against,
    int32_t regime, const stn_run_options *options, int64_t *row, stn_error *err)
{
    seeking s = { study, city, options, population, NULL, NULL };
    stn_run *run = NULL;
    stn_panel panel;
    int ret = 0;

    STN_INVARIANT(way >= 0 && way < WAY_COUNT);
    *row = STN__NOBODY_FOUND;
    if (ways[way].compares && (ret = against_keep(&s, against, err)) != 0) {
        goto out;
    }
    ret = run_begin(&s, regime, &run, err);
    while (ret == 0 && *row == STN__NOBODY_FOUND && stn_run_windows_done(run) < stn_run_window_count(run)) {
        ret = stn_run_advance(run, ways[way].at_once ? 1 : INT32_MAX, err);
        if (ret == 0 && (ret = stn_run_panel(run, population, &panel, err)) == 0) {
            *row = most(&s, &panel, way);
        }
    }
out:
    stn_run_free(run);
    free(s.minutes);
    free(s.points);
    return ret;
}
