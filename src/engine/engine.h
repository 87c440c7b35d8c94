/* SPDX-License-Identifier: Apache-2.0
 *
 * engine.h - the state of a run, shared by the files of this folder.
 *
 * counters.c  what is counted, and where
 * life.c      the inner loop: a block of actors through one window
 * records.c   what is scheduled for an actor, and what becomes of it
 * settle.c    what follows when something about an actor changed
 * run.c       windows, threads, certainty, digest; the public calls
 * panel.c     the state of everybody, histograms, the event log */
#ifndef STN_ENGINE_H
#define STN_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <standing/run.h>

#include "engine/kernels.h"
#include "plan/plan.h"

/* Something of an actor's that will happen: 24 bytes, in a list sorted by
 * time, kind and the order of scheduling. Number 0 is no node. */
typedef enum {
    STN__NODE_RECORD,   /* the next step of a record */
    STN__NODE_TERM,     /* a stay on a list ends */
    STN__NODE_PUBLISH,  /* a list is published */
    STN__NODE_FALSE     /* a false-record entry strikes */
} stn__node_kind;

enum {
    STN__FLAG_FALSE = 1,     /* no act behind it */
    STN__FLAG_CONFIRMED = 2, /* else suspected */
    STN__FLAG_PAID = 4       /* `pay` is the end, not a chance */
};

typedef struct stn__node {
    uint32_t next;
    uint32_t time;
    uint32_t born;   /* RECORD */
    uint32_t key;    /* RECORD: k, or j of a false record; FALSE: j */
    uint32_t pay;    /* RECORD: next chance to pay, or the end once paid */
    uint16_t type;   /* RECORD: record type; TERM, PUBLISH: list; FALSE: entry */
    uint8_t step;    /* RECORD: the step to be taken next */
    uint8_t bits;    /* kind in the low 2 bits, flags above */
} stn__node;

enum {
    STN__LIFE_DOUBT = 1,      /* a false record may count */
    STN__LIFE_RESTRICTED = 2, /* has been restricted */
    STN__LIFE_WRONGED = 4     /* is wrongly restricted */
};

/* What of an actor's state a decision looks at: 16 bytes, four to a line. */
typedef struct stn__life {
    int32_t points;  /* uncut; 0 when not rated */
    uint32_t closed; /* bit of each door */
    uint32_t head;   /* first node */
    uint32_t first;  /* its time, or NEVER: nodes are far away */
} stn__life;

/* The rest, which only records and lists look at. */
typedef struct stn__dossier {
    uint32_t on, published, ever, wrong; /* bit of each list */
    uint32_t open;   /* bit of each channel */
    uint8_t flags;
    int8_t band;     /* or -1 */
} stn__dossier;

/* Where the counters of a population stand in a row of numbers. */
typedef struct stn__counters {
    int32_t count;
    stn_counter *all;       /* owned; texts borrowed from the study */
    int32_t *stock_of;      /* owned; for minutes: the stock whose time it is */
    /* First of each run of counters; within it: + local number. */
    int32_t opportunities, acts, detected, records, false_records, confirmed, cleared,
        false_confirmed, false_cleared, settled, band, list_entries, list_exits, list_first,
        list_wrong_entries, list_published, list_stock, list_wrong_stock, list_minutes,
        list_wrong_minutes, restricted_entries, restricted_first, restricted_stock,
        restricted_minutes, wrong_stock, wrong_minutes;
    /* By door; STN_NONE where it does not apply. */
    int32_t door_stock[STN_DOORS_MAX], door_minutes[STN_DOORS_MAX], door_blocked[STN_DOORS_MAX];
} stn__counters;

int stn__counters_new(const stn__plan *plan, int32_t population, stn__counters *out);
void stn__counters_free(stn__counters *counters);

/* One population of a run, as columns. */
typedef struct stn__people {
    uint32_t size;
    const stn__population_plan *plan; /* borrowed */
    const uint32_t *cells;            /* borrowed from the city */
    uint32_t *due;      /* owned: nothing happens to the row before */
    uint32_t *next;     /* owned: time of its next opportunity */
    uint32_t *k;        /* owned: opportunities so far */
    stn__life *lives;   /* owned */
    stn__dossier *dossiers; /* owned */
    uint16_t *terms;    /* owned: [row][term]; the greatest number is "that or more" */
    stn__counters counters;
    int64_t *series;    /* owned: [window][group][counter] */
    int64_t *histograms; /* owned: [index][group][rating - min]; NULL if not rated */
    double *certainty;  /* owned: [zone][behaviour] */
    double *deterrence; /* owned: [zone][behaviour][rated][doors at stake] */
    uint64_t life_sum, final_sum;
    /* The panel, built on request. */
    stn_panel panel;
    void *panel_block;  /* owned */
} stn__people;

enum {
    STN__STAKE_LEVELS = STN_DOORS_MAX + 1,
    STN__PANEL_ROW = 34 /* bytes of a panel's row: 8 columns of 4 bytes, 2 of 1 */
};

/* One thread's share: nothing here is seen by others during a window. */
typedef struct stn__worker {
    _Alignas(64) stn_run *run; /* borrowed; aligned so that threads share no line */
    int64_t *counts[STN_POPULATIONS_MAX];   /* owned: [group][counter] */
    int64_t *acts[STN_POPULATIONS_MAX], *detected[STN_POPULATIONS_MAX]; /* owned: [zone][behaviour] */
    int64_t *histogram[STN_POPULATIONS_MAX]; /* owned while one is taken */
    uint64_t life_sum[STN_POPULATIONS_MAX], final_sum[STN_POPULATIONS_MAX];
    uint32_t free_nodes;    /* list of nodes given back */
    uint32_t fresh, fresh_end; /* nodes never used */
    bool short_of_memory;
    bool past_limit;        /* somebody's points or terms cannot be held */
    stn_event *events;  /* owned */
    uint64_t event_count, event_room;
} stn__worker;

struct stn_run {
    const stn_study *study;   /* borrowed */
    const stn_city *city;     /* borrowed */
    int32_t regime;
    stn_run_options options;
    stn__plan *plan;          /* owned */
    stn__people people[STN_POPULATIONS_MAX];
    const stn__kernels *kernels;
    int32_t thread_count;
    stn__worker *workers;     /* owned */
    stn__node *nodes;         /* owned: shared arena of nodes */
    uint32_t node_room;
    _Atomic uint32_t node_fresh;
    uint32_t horizon, window;
    int32_t window_count, windows_done;
    uint32_t start, end;      /* of the window being lived */
    int32_t *histogram_windows; /* owned */
    int32_t histogram_count, histogram_room;
    double seconds;
    bool released;
    char stage[96];           /* for progress */
    stn_event *events;        /* owned: sorted */
    uint64_t event_count;
    /* For tests: this row draws from other numbers. STN_NONE: nobody. */
    int32_t odd_population;
    uint32_t odd_row;
};

/* One actor during one call: what the loop and settling share. */
typedef struct stn__actor {
    stn__worker *worker;
    stn__people *people;
    const stn__population_plan *plan;
    stn__life *life;
    stn__dossier *dossier;
    uint16_t *terms;
    int64_t *counts;       /* of its group */
    uint64_t seed;
    uint64_t is;
    int32_t population;
    uint32_t row, cell;
    bool rated;
    uint32_t start, end;   /* of the window */
    uint32_t closed_since; /* the closed doors have been so since then (or the window's start) */
    bool attempting;       /* the cursor below is set */
    uint32_t attempt_time, attempt_number;
    int32_t attempt_door;
} stn__actor;

/* What an event changed, as settling needs to know it. */
typedef struct stn__change {
    uint32_t rose;         /* terms */
    uint32_t lists;        /* whose on or published changed */
    bool rating;           /* the rating, cut */
    int32_t ended;         /* list whose term just ended, or STN_NONE */
} stn__change;

static inline int32_t
stn__cut(const stn__population_plan *plan, int32_t points)
{
    return points < plan->min ? plan->min : points > plan->max ? plan->max : points;
}

/* Takes all that follows from a change at `time`. */
void stn__settle(stn__actor *actor, uint32_t time, const stn__change *change);
/* Settling at minute 0, when nobody has a record. */
void stn__settle_start(stn__actor *actor);
/* Counts the attempts at closed doors before `time` that have not been counted. */
void stn__attempts_until(stn__actor *actor, uint32_t time);

/* Takes those rows of [first, last) that are due through the window; sets their
 * due times. */
void stn__live(stn__worker *worker, int32_t population, uint32_t first, uint32_t last);
/* The same, for the first window: the actors come into being first. */
void stn__begin(stn__worker *worker, int32_t population, uint32_t first, uint32_t last);

/* Lets the first scheduled thing of an actor happen. */
void stn__happen(stn__actor *actor);

/* Schedules a node, which the call fills from `node` (next is set). */
void stn__schedule(stn__actor *actor, const stn__node *node);
/* Removes the pending end of a stay on a list. */
void stn__unschedule_term(stn__actor *actor, int32_t list);

/* Adds to the life sum, and to the log if one is kept. */
void stn__log_event(stn__worker *worker, const stn_event *event);
static inline void
stn__emit(stn__worker *worker, const stn_event *event)
{
    uint64_t h = stn__fin(event->row + ((uint64_t) event->time << 32));

    h = stn__fin(h ^ (uint64_t) (event->kind + 256 * event->subject));
    worker->life_sum[event->population] += stn__fin(h + event->value);
    if (worker->run->options.log != 0) {
        stn__log_event(worker, event);
    }
}

/* Kinds of events (docs/semantics.md, section 11). */
enum {
    STN__EVENT_ACT = 1, STN__EVENT_BORN, STN__EVENT_CONFIRMED, STN__EVENT_CLEARED, STN__EVENT_SETTLED,
    STN__EVENT_ENTERED, STN__EVENT_LEFT, STN__EVENT_PUBLISHED, STN__EVENT_DOORS, STN__EVENT_BLOCKED
};

/* Takes a histogram of all populations at the end of window `window`. */
int stn__histogram_take(stn_run *run, int32_t window, stn_error *err);
/* The final sums of the digest. */
void stn__final_sums(stn_run *run);
/* For tests: lets one row draw from other numbers; before the first advance. */
void stn__run_perturb(stn_run *run, int32_t population, uint32_t row);

#endif
