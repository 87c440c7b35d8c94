/* SPDX-License-Identifier: Apache-2.0
 *
 * run.h - one city lived under one regime.
 *
 * Lifetime  A run borrows its study and its city; both must outlive it. All
 *           else it owns, and releases in stn_run_free().
 * Threads   A run belongs to one thread at a time (it starts its own inside a
 *           call). Runs share nothing that changes.
 * Results   `threads`, `block` and the machine decide how long a run takes,
 *           never one byte of what it yields. docs/semantics.md says what
 *           happens and what is counted. */
#ifndef STANDING_RUN_H
#define STANDING_RUN_H

#include <stdio.h>

#include <standing/city.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct stn_run stn_run;

typedef struct stn_run_options {
    int32_t threads;          /* 0: one for each core */
    int32_t block;            /* rows handed out at a time, >= 1; 0: the default */
    int32_t log;              /* 1: keep every event (see stn_run_events); 2: only those of the actor
                               * below, and also what only its reader wants to know (kinds from 100 on) */
    int32_t log_population;
    uint32_t log_row;
    int32_t lives;            /* 1: keep for how long everybody was restricted (see stn_panel) */
    stn_progress_fn progress; /* NULL: none */
    void *user;
} stn_run_options;

STN_API void stn_run_options_init(stn_run_options *options);

/* Puts the city at minute 0 under regime number `regime` of the study.
 * `options` may be NULL. Returns 0, STN_E_LIMIT or STN_E_MEMORY; on failure
 * `*out` is NULL. */
STN_API STN_CHECKED int stn_run_new(const stn_study *study, const stn_city *city,
    int32_t regime, const stn_run_options *options, stn_run **out, stn_error *err);

/* The same for several regimes of a study side by side: `regimes` numbers `count` of
 * them, at most STN_SIDE_BY_SIDE_MAX, and `out` gets as many runs. They share what no
 * regime changes and advance together: advancing any of them advances all. Each is
 * freed by itself. Each yields to the byte what it would yield alone. */
enum { STN_SIDE_BY_SIDE_MAX = 16 };
STN_API STN_CHECKED int stn_runs_new(const stn_study *study, const stn_city *city, const int32_t *regimes,
    int32_t count, const stn_run_options *options, stn_run **out, stn_error *err);

/* Lives through `windows` windows, or to the end if fewer are left. Advancing
 * twice by 5 is the same, to the byte, as once by 10. Returns 0, STN_E_STOPPED,
 * STN_E_LIMIT (somebody has more points or records than can be held) or
 * STN_E_MEMORY; after an error the run is only good for freeing. */
STN_API STN_CHECKED int stn_run_advance(stn_run *run, int32_t windows, stn_error *err);

/* Gives back the state of the people, which is most of a run's memory, once
 * nothing more is to be lived. Counters, histograms, digest and log stay; panels
 * cannot be had any more. */
STN_API void stn_run_release(stn_run *run);
STN_API void stn_run_free(stn_run *run); /* NULL does nothing */

/* Writes the whole state of a run to `out`, from where that stands, and leaves
 * the run as it was; one that was released is written without its people. `name`
 * stands for the file in messages. Returns 0 or STN_E_IO. It is nothing to keep:
 * only this version of Standing reads it, on little-endian 64-bit machines. See
 * <standing/checkpoint.h> for files that outlast a killed process. */
STN_API STN_CHECKED int stn_run_save(const stn_run *run, FILE *out, const char *name, stn_error *err);
/* Takes up a run that was saved, from where `in` stands to the run's end: advanced
 * further it yields what it would have, to the byte. `options` may have other
 * threads, block and progress than before, but the same log and lives; NULL: the
 * defaults. Returns 0; STN_E_INPUT if the file is damaged, or the run was saved
 * with other inputs, options or by another version (`err` says which);
 * STN_E_IO or what stn_run_new() does. On failure `*out` is NULL. */
STN_API STN_CHECKED int stn_run_load(FILE *in, const char *name, const stn_study *study,
    const stn_city *city, const stn_run_options *options, stn_run **out, stn_error *err);
/* The same for a run that was just made, alone or side by side with others, and has lived
 * nothing yet: the others then have to be restored to the same window before any is
 * advanced. After an error it is only good for freeing. */
STN_API STN_CHECKED int stn_run_restore(stn_run *run, FILE *in, const char *name, stn_error *err);

STN_API int32_t stn_run_regime(const stn_run *run);       /* number in the study */
STN_API int32_t stn_run_window_count(const stn_run *run); /* of the whole run */
STN_API int32_t stn_run_windows_done(const stn_run *run);
STN_API int32_t stn_run_is_released(const stn_run *run);  /* 1: see stn_run_release() */
STN_API uint32_t stn_run_window_end(const stn_run *run, int32_t window); /* minutes */
STN_API double stn_run_seconds(const stn_run *run);       /* wall time spent in new and advance */
STN_API uint64_t stn_run_opportunities(const stn_run *run);
STN_API uint64_t stn_run_digest(const stn_run *run);
STN_API uint64_t stn_run_memory(const stn_run *run);      /* bytes held, at most so far */

/* A part of that: `count` elements of `size` bytes. */
typedef struct stn_memory_part {
    const char *what;     /* e.g. "savings" */
    int32_t population;   /* whose; -1: everybody's */
    int32_t shared;       /* 1: kept once for all runs that are lived side by side */
    uint64_t count;
    uint64_t size;
} stn_memory_part;

/* Fills `part` with the part of a number from 0 on; returns 0 behind the last. */
STN_API int32_t stn_run_memory_part(const stn_run *run, int32_t index, stn_memory_part *part);

/* A counter of a population. Each (name, subject) occurs once. */
typedef struct stn_counter {
    const char *name;     /* e.g. "list_minutes"; docs/semantics.md, section 10 */
    const char *subject;  /* e.g. "dishonest": a behaviour, band, list or door; "" */
    int32_t stock;        /* 1: the state at the window's end; 0: what happened in it */
    int32_t minutes;      /* 1: person-minutes; 0: a count */
} stn_counter;

STN_API int32_t stn_run_counter_count(const stn_run *run, int32_t population);
STN_API const stn_counter *stn_run_counter(const stn_run *run, int32_t population, int32_t index);
/* The number of a counter, or -1. `subject` may be NULL for "". */
STN_API int32_t stn_run_counter_find(const stn_run *run, int32_t population,
    const char *name, const char *subject);
/* The values of a window that is done: [group][counter], borrowed. */
STN_API const int64_t *stn_run_series(const stn_run *run, int32_t population, int32_t window);
/* Sum over the windows done (or, of a stock, the last one's value) for one
 * group, or for all groups if `group` is -1. */
STN_API int64_t stn_run_total(const stn_run *run, int32_t population, int32_t group, int32_t counter);

/* What one population does under a run and not under the first of those that are lived
 * side by side with it, and the other way round: opportunities that only the first's took
 * [0], and only this one's [1], as [group][behaviour][2] over all windows done; borrowed.
 * NULL for the first. */
STN_API const int64_t *stn_run_contrast(const stn_run *run, int32_t population);

/* Rating histograms, at the end of each year's window and of the run. */
STN_API int32_t stn_run_rating_min(const stn_run *run, int32_t population);
STN_API int32_t stn_run_rating_max(const stn_run *run, int32_t population); /* < min: not rated */
STN_API int32_t stn_run_histogram_count(const stn_run *run); /* so far */
STN_API int32_t stn_run_histogram_window(const stn_run *run, int32_t index);
/* [group][rating - min], borrowed; NULL if the population is not rated. */
STN_API const int64_t *stn_run_histogram(const stn_run *run, int32_t population, int32_t index);

/* The state of everybody now, one value a row, borrowed until the next advance. */
typedef struct stn_panel {
    uint32_t size;
    const int32_t *points;   /* uncut; 0 when not rated */
    const uint8_t *rated;    /* 1: rated */
    const int32_t *rating;   /* points cut to the range */
    const int8_t *band;      /* number of the band, or -1 */
    const uint32_t *lists;   /* bit = list's number within its population */
    const uint32_t *ever;    /* lists ever on */
    const uint32_t *wrong;   /* lists on wrongly */
    const uint32_t *closed;  /* bit = door's number within its population */
    const uint32_t *open;    /* channels open */
    const uint32_t *opportunities; /* so far */
    const uint8_t *here;     /* 1: has come and not gone */
    const uint32_t *restricted_minutes; /* so far; NULL without the option `lives` */
    const uint32_t *wrong_minutes;      /* wrongly restricted; likewise */
    const uint32_t *restricted_at;      /* minute at which somebody's first restriction began; UINT32_MAX: none; likewise */
    const uint32_t *freed_at;           /* and at which it ended, other than by going; UINT32_MAX: it did not; likewise */
    const uint32_t *went_at;            /* minute at which somebody went; UINT32_MAX: is there, or never was */
    const uint16_t *acts;               /* offences and defaults so far; 65535: that or more */
} stn_panel;

/* Fills `panel`; the columns are built on the first call after an advance.
 * Returns 0 or STN_E_MEMORY. */
STN_API STN_CHECKED int stn_run_panel(stn_run *run, int32_t population, stn_panel *panel,
    stn_error *err);
/* Names for the bits and bands of a panel; NULL when there is none. */
STN_API const char *stn_run_list_name(const stn_run *run, int32_t population, int32_t bit);
STN_API const char *stn_run_door_name(const stn_run *run, int32_t population, int32_t bit);
STN_API const char *stn_run_band_name(const stn_run *run, int32_t population, int32_t band);
STN_API const char *stn_run_behaviour_name(const stn_run *run, int32_t population, int32_t local);
STN_API const char *stn_run_agency_name(const stn_run *run, int32_t agency);

/* One event of the log; kinds and values as in docs/semantics.md, section 11. */
typedef struct stn_event {
    uint32_t time, row;
    int32_t population;
    int32_t kind, subject;
    uint64_t value;
} stn_event;

/* The log so far (empty without `log`), by population, row, time, kind, subject
 * and value; that of one actor by time and, within a minute, as it happened.
 * Borrowed until the next advance. */
STN_API STN_CHECKED int stn_run_events(stn_run *run, const stn_event **events,
    uint64_t *count, stn_error *err);

#ifdef __cplusplus
}
#endif
#endif
