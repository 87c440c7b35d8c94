/* SPDX-License-Identifier: Apache-2.0
 *
 * engine.h - the state of a run, shared by the files of this folder.
 *
 * counters.c  what is counted, and where
 * life.c      the inner loop: a block of actors through one window
 * records.c   what is scheduled for an actor, and what becomes of a record
 * sharing.c   records and listings that travel
 * process.c   petitions, corrections, repairs, pardons
 * money.c     what people have, owe and pay
 * settle.c    what follows when something about an actor changed
 * lives.c     people who come, age and go
 * doors.c     doors, attempts, names in public
 * messages.c  what one actor causes another: sent in a window, delivered after it
 * check.c     what must be conserved, counted again
 * checkpoint.c  all of it, written down and taken up again
 * run.c       windows, threads, certainty, digest; the public calls
 * panel.c     the state of everybody, histograms, the event log */
#ifndef STN_ENGINE_H
#define STN_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <standing/run.h>

#include "city/alike.h"
#include "engine/kernels.h"
#include "plan/plan.h"

/* Something of an actor's that will happen: 28 bytes, in a list sorted by time,
 * kind and the order of scheduling. Number 0 is no node. The order of kinds is
 * that of docs/semantics.md, section 6. */
typedef enum {
    STN__NODE_RECORD,   /* the next step of a record */
    STN__NODE_PETITION, /* is filed (`born` 0), or decided (1; at NEVER: waits for a desk) */
    STN__NODE_CORRECT,  /* a false record is found */
    STN__NODE_REPAIR,   /* a chance (`born` 0), or the end (1) */
    STN__NODE_FINE,     /* is due */
    STN__NODE_TERM,     /* a stay on a list ends */
    STN__NODE_NOTICE,   /* an agency is told of a stay or its end */
    STN__NODE_TIE,      /* somebody tied to the actor enters or leaves a list */
    STN__NODE_PUBLISH,  /* a list is published */
    STN__NODE_ARCHIVE,  /* a name leaves the archive */
    STN__NODE_REVIEW,   /* of a ladder */
    STN__NODE_REDEEM,   /* a clean slate */
    STN__NODE_FALSE     /* a false-record entry strikes */
} stn__node_kind;

enum {
    STN__FLAG_FALSE = 1,     /* no act behind it */
    STN__FLAG_CONFIRMED = 2, /* else suspected */
    STN__FLAG_ENDS = 4,      /* `pay` is the end, not a chance */
    STN__FLAG_FATE = 8,      /* not a root of one's own: its verdict will confirm it */
    STN__FLAG_SUSPENDED = 16, /* while a petition is open */
    STN__FLAG_REDEEMED = 32, /* its points count no more */
    STN__FLAG_STRAY = 64     /* misfiled, or a copy of such */
};

/* Petitions, corrections, repairs and fines name their record by type, key and
 * truth; it counts those of them that are still to come in `pending`. */
typedef struct stn__node {
    uint32_t next;
    uint32_t time;
    uint32_t born;   /* RECORD: birth; NOTICE, PUBLISH: cause */
    uint32_t key;    /* RECORD: k, j or derived; FALSE: j */
    uint32_t pay;    /* RECORD: next chance to pay, or the end; PETITION decided: the wait */
    uint16_t type;   /* RECORD: record type; TERM, PUBLISH, ARCHIVE: list; NOTICE, TIE: its number; FALSE: entry */
    uint8_t step;    /* RECORD: the step to be taken next; PETITION: stage; NOTICE, TIE: new value (1, 0) */
    uint8_t kind;
    uint8_t flags;   /* RECORD and those that name one; NOTICE: STRAY if misdirected */
    uint8_t pending; /* RECORD */
} stn__node;

enum {
    STN__LIFE_DOUBT = 1,      /* a false record may count */
    STN__LIFE_RESTRICTED = 2, /* has been restricted */
    STN__LIFE_WRONGED = 4,    /* is wrongly restricted */
    STN__LIFE_MISTAKEN = 8,   /* ... with a record of somebody else's on file */
    STN__LIFE_POOR = 16       /* has nothing over */
};

/* What of an actor's state a decision looks at; a row begins with it. */
typedef struct stn__life {
    int32_t points;  /* uncut; 0 when not rated */
    uint32_t doors;  /* bit of each right that is closed, and of each channel that is open */
    uint32_t head;   /* first node */
    uint32_t file;   /* its number; 0: none yet */
    uint8_t flags;
    int8_t band;     /* or -1 */
    uint16_t acts;   /* offences and defaults so far; the greatest number is "that or more" */
} stn__life;

/* Where others have a hand in it. */
typedef struct stn__web {
    uint32_t told, mistold; /* bit of each notice; the latter meant for somebody else */
    uint32_t tied;          /* bit of each tie that holds */
    uint32_t archived;      /* bit of each list */
} stn__web;

/* For how long somebody was restricted. */
typedef struct stn__times {
    uint32_t restricted, wronged;             /* minutes of ended times */
    uint32_t restricted_since, wronged_since;
    uint32_t first, freed;                    /* 1 + the minute at which the first such time began and ended; 0: it did not */
} stn__times;

/* The rest, which only lists and doors look at. Nine in ten people never
 * have a file: it is opened when something is first written into it. */
typedef struct stn__file {
    uint32_t on, published, ever, wrong; /* bit of each list */
    stn__web web;
    stn__times times;       /* kept for those who ask (option `lives`), and where people come and go */
    uint16_t tied[];        /* of each tie: how many */
} stn__file;

/* Whole yuan, in 12 bytes: see stn__yuan_of(). */
typedef struct stn__savings {
    uint32_t low;
    int32_t high;
    uint32_t since;  /* counted up to then */
} stn__savings;

static inline int64_t
stn__yuan_of(const stn__savings *savings)
{
    return (int64_t) ((uint64_t) (uint32_t) savings->high << 32 | savings->low);
}

static inline void
stn__yuan_set(stn__savings *savings, int64_t yuan)
{
    savings->low = (uint32_t) (uint64_t) yuan;
    savings->high = (int32_t) (uint32_t) ((uint64_t) yuan >> 32);
}

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
        restricted_minutes, wrong_stock, wrong_minutes, all_closed_entries, all_closed_stock, all_closed_minutes,
        doors_closed, reached, reach_minutes;
    /* Those below are there only where the plan has what they count. */
    int32_t known, misfiled, clearings_lost, mistaken_stock, mistaken_minutes, archived_stock;
    int32_t filed[2], granted[2], denied[2], voided[2], wait_minutes[2], pending[2]; /* objections, appeals */
    int32_t corrected, repaired, pardoned, fines_paid, fines_unpaid, fine_yuan, debt_yuan, fee_yuan, endowed_yuan,
        saved_yuan, left_yuan, poor_stock, poor_minutes, reviews, review_rises, review_falls, redemptions, there,
        there_minutes, born, arrived, died, departed, aged, lived_minutes, lived_restricted_minutes, lives, of_age,
        of_age_minutes, restricted_of_age, restricted_of_age_minutes, ever_listed, first_listed;
    /* By door; STN_NONE where it does not apply. */
    int32_t door_stock[STN_DOORS_MAX], door_minutes[STN_DOORS_MAX], door_blocked[STN_DOORS_MAX],
        door_refused[STN_DOORS_MAX];
} stn__counters;

int stn__counters_new(const stn__plan *plan, int32_t population, stn__counters *out);
void stn__counters_free(stn__counters *counters);

/* What is looked up at each of somebody's opportunities under any regime. */
typedef struct stn__place {
    uint32_t k;        /* opportunities so far */
    uint32_t cell;
} stn__place;

enum { STN__CELL_MASK = (1 << 28) - 1 };

/* Where people come and go: what comes next in somebody's life, beside its minute. */
typedef struct stn__presence {
    uint32_t cell : 28;     /* after it; of somebody who went: number of the window at whose start they did */
    uint32_t turn : 3;      /* stn__turn */
    uint32_t here : 1;      /* has come and not gone */
} stn__presence;

/* The course of lives that no regime changes, as columns; shared by the runs of a convoy. */
typedef struct stn__course {
    uint32_t size;
    uint32_t *next;         /* owned: time of the next opportunity */
    stn__place *places;     /* owned */
    /* Owned, and NULL where nobody comes or goes. */
    uint32_t *turns;        /* minute: of coming, then of the next turn */
    stn__presence *presences;
    int32_t age_attribute;  /* the one with ages */
} stn__course;

/* One population of a run, as columns. */
typedef struct stn__people {
    uint32_t size;
    const stn__population_plan *plan; /* borrowed */
    stn__course *course;              /* borrowed from the convoy */
    const stn__stakes *stakes;        /* borrowed: those of the measures in force */
    uint32_t *first;    /* owned: nothing but opportunities happens to the row before */
    /* Owned: [row], row_size bytes each: all of somebody that is looked at often, on one line of memory
     * or two. What comes behind the life stands at the places below; 0: not kept. */
    char *rows;
    size_t row_size;
    size_t experience_at;   /* two bits for each behaviour, 1 or 2; see stn__experience_of() */
    size_t terms_at;        /* uint16_t for each term; the greatest number is "that or more" */
    size_t savings_at;      /* stn__savings */
    char *files;        /* owned: [number], file_size bytes each; 0 is blank */
    size_t file_size;
    uint32_t file_room;
    _Atomic uint32_t file_fresh;
    bool timed;             /* times are kept */
    uint32_t shutting;      /* bit of each list that is a blacklist */
    uint32_t rights;    /* bit of each door that is one */
    int32_t right_count;
    int32_t stake_levels;   /* numbers of doors that may be at stake, 0 among them */
    stn__counters counters;
    int64_t *series;    /* owned: [window][group][counter] */
    int64_t *histograms; /* owned: [index][group][rating - min]; NULL if not rated */
    double *certainty;  /* owned: [zone][behaviour] */
    double *deterrence; /* owned: [experience][zone][behaviour][rated][doors at stake] */
    uint64_t life_sum, final_sum;
    /* The panel, built on request. */
    stn_panel panel;
    void *panel_block;  /* owned */
} stn__people;

enum {
    STN__PANEL_ROW = 57, /* bytes of a panel's row: 13 columns of 4 bytes, 1 of 2, 3 of 1 */
    STN__LEDGERS = 3 /* experiences: none, got away with it, caught */
};

/* What one actor causes another; see messages.c. */
typedef enum {
    STN__LANDING = 1,  /* a misfiled record; type, key, FATE in flags */
    STN__WITHDRAWAL,   /* it ends */
    STN__NOTICED,      /* a misdirected notice; type: its number, step: value */
    STN__TIED,         /* type: tie, step: 1 or 0 */
    STN__DECIDED       /* a petition; as a node of that kind */
} stn__message_kind;

typedef struct stn__message {
    int32_t population, from_population;
    uint32_t row, from_row;
    uint32_t time;
    uint32_t order;    /* as sent, by one worker */
    stn__message_kind kind;
    stn__node node;    /* to be scheduled, but for its time */
} stn__message;

typedef struct stn__mailbox {
    stn__message *messages; /* owned */
    size_t count, room;
} stn__mailbox;

/* Somebody's petition on its way to a queue. */
typedef struct stn__case {
    int32_t queue;     /* entry of due process x 2 + stage */
    int32_t population, behaviour;
    uint32_t row, time;
    stn__node node;    /* of the decision */
} stn__case;

typedef struct stn__cases {
    stn__case *cases;  /* owned */
    size_t count, room;
} stn__cases;

/* Desks that decide petitions first come, first served: case i begins when
 * case i - desks is done. */
typedef struct stn__queue {
    uint32_t desks;    /* 0: no queue */
    uint32_t duration;
    uint32_t *done;    /* owned: [case mod desks]; when each desk is free */
    uint64_t count;    /* cases so far */
} stn__queue;

/* One thread's share: nothing here is seen by others during a window. */
typedef struct stn__worker {
    _Alignas(64) stn_run *run; /* borrowed; aligned so that threads share no line */
    int64_t *counts[STN_POPULATIONS_MAX];   /* owned: [group][counter] */
    int64_t *acts[STN_POPULATIONS_MAX], *detected[STN_POPULATIONS_MAX]; /* owned: [zone][behaviour] */
    int64_t *named[STN_POPULATIONS_MAX]; /* owned: [zone][behaviour]: names published that say something about it */
    stn__mailbox outbox;
    stn__cases cases;
    int64_t *histogram[STN_POPULATIONS_MAX]; /* owned while one is taken */
    uint64_t life_sum[STN_POPULATIONS_MAX], final_sum[STN_POPULATIONS_MAX];
    uint32_t free_nodes;    /* list of nodes given back */
    uint32_t fresh, fresh_end; /* nodes never used */
    uint32_t file_fresh[STN_POPULATIONS_MAX], file_end[STN_POPULATIONS_MAX]; /* files likewise */
    bool short_of_memory;
    bool past_limit;        /* somebody's points or terms cannot be held */
    stn_event *events;  /* owned */
    uint64_t event_count, event_room;
} stn__worker;

/* An opportunity, as any regime meets it. */
typedef struct stn__opportunity {
    uint32_t time, k;
    uint32_t mark, detection_mark; /* is it taken, is it seen */
    int32_t behaviour;
    double base;           /* the chance that it is taken, but for what the regime does */
} stn__opportunity;

/* One thread's share in what the runs of a convoy have in common. */
typedef struct stn__lane {
    _Alignas(64) struct stn__convoy *convoy; /* borrowed */
    int32_t number;        /* of the thread, and so of its worker in each run */
    int64_t *opportunities[STN_POPULATIONS_MAX]; /* owned: [group][behaviour] */
    int64_t *contrasts[STN_POPULATIONS_MAX]; /* owned: [run][group][behaviour][2]; see stn_run_contrast() */
    stn__opportunity *own; /* owned: those of one actor in the window */
    uint8_t *taken;        /* owned: whether the first run's took each of them */
    size_t room;
    bool short_of_memory;
} stn__lane;

/* Runs of several regimes, lived side by side over each block of rows: what no regime
 * changes is kept and drawn once. */
typedef struct stn__convoy {
    stn_run **runs;        /* owned array; each run belongs to whoever has it */
    int32_t run_count;
    int32_t held;          /* runs that are not freed yet */
    int32_t unreleased;
    int32_t population_count;
    stn__course courses[STN_POPULATIONS_MAX];
    stn__lane *lanes;      /* owned: one for each thread */
    int32_t lane_count;
    int64_t *contrasts[STN_POPULATIONS_MAX]; /* owned: sums of the lanes' */
    char stage[96];        /* for progress */
} stn__convoy;

struct stn_run {
    stn__convoy *convoy;          /* shared */
    int32_t place;            /* in it */
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
    int32_t epoch;            /* of the plan: measures in force */
    bool opening, new_epoch;  /* something happens to everybody at the window's start; other measures are in force */
    stn__namesakes *namesakes[STN_POPULATIONS_MAX]; /* owned; NULL if nothing is misfiled */
    stn__members *household; /* owned; NULL if no tie asks */
    stn__queue *queues;       /* owned: [entry of due process][stage] */
    int32_t *histogram_windows; /* owned */
    int32_t histogram_count, histogram_room;
    double seconds;
    bool released;
    stn_event *events;        /* owned: sorted */
    uint64_t event_count;
    /* For tests: messages as they were delivered. */
    bool keep_messages;
    stn__mailbox delivered;   /* owned */
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
    const stn__file *file; /* for reading: stn__file_own() is for writing, and may put another here */
    uint16_t *terms;
    int64_t *counts;       /* of its group */
    uint64_t seed;
    uint64_t is;
    int32_t population;
    uint32_t row, cell;
    bool rated;
    uint32_t start, end;   /* of the window */
    uint32_t closed_since; /* the closed doors have been so since then (or the window's start) */
    uint32_t named_since;  /* likewise, being publicly named or not */
    bool attempting;       /* the cursor below is set */
    uint32_t attempt_time, attempt_number;
    int32_t attempt_door;
    uint32_t attempt_mark;
} stn__actor;

/* What an event changed, as settling needs to know it. */
typedef struct stn__change {
    uint32_t rose;         /* terms */
    uint32_t lists;        /* whose on or published changed */
    uint32_t notices, ties; /* that changed */
    bool rating;           /* the rating, cut */
    int32_t ended;         /* list whose term just ended, or STN_NONE */
    uint32_t cause;        /* minute of the act behind the event, or NEVER */
} stn__change;

#define STN__NO_CHANGE ((stn__change){ .ended = STN_NONE, .cause = STN_NEVER }) /* the event itself changed nothing */

static inline int32_t
stn__cut(const stn__population_plan *plan, int32_t points)
{
    return points < plan->min ? plan->min : points > plan->max ? plan->max : points;
}

/* The actor as conditions see it, and as they would but for false records. */
typedef struct stn__view {
    stn__state real, but_for;
    uint16_t terms[STN_TERMS_MAX]; /* of but_for */
    bool doubt;                    /* the two may differ */
    bool stray;                    /* somebody else's record counts for something */
} stn__view;

/* settle.c */
void stn__see(stn__actor *actor, stn__view *view);
/* Takes all that follows from a change at `time`. */
void stn__settle(stn__actor *actor, uint32_t time, const stn__change *change);
/* Settling of somebody who begins at `time` without a record. */
void stn__settle_start(stn__actor *actor, uint32_t time);
/* Leaves all lists, for good. */
void stn__lists_leave(stn__actor *actor, uint32_t time);
/* Points for good; settles if the rating changed. */
void stn__points_add(stn__actor *actor, uint32_t time, int32_t points);
/* The number is that of the change at `time` to a stock and its time. */
static inline void
stn__stock(stn__actor *actor, int32_t stock_counter, int32_t minutes_counter, int64_t change, uint32_t time)
{
    actor->counts[stock_counter] += change;
    actor->counts[minutes_counter] += change * ((int64_t) actor->end - time);
}

/* doors.c */
typedef struct stn__doors {
    uint32_t closed, open;
    bool wronged, mistaken;
} stn__doors;
void stn__doors_set(stn__actor *actor, uint32_t time, const stn__doors *doors, uint32_t cause);
/* Counts the attempts before `time` that were blocked or refused and have not been counted. */
void stn__attempts_until(stn__actor *actor, uint32_t time);
bool stn__is_named(const stn__actor *actor);
/* Whether attempts are to be watched: a door is closed, or a name public. */
bool stn__is_watched(const stn__actor *actor);
/* At a list's publication, and at the end of an archive. */
void stn__publish(stn__actor *actor, int32_t list, uint32_t time, uint32_t cause);
void stn__archive_end(stn__actor *actor, int32_t list, uint32_t time);

/* An actor's file, opened if there was none yet. */
stn__file *stn__file_own(stn__actor *actor);
static inline stn__file *
stn__file_at(const stn__people *people, uint32_t number)
{
    return (stn__file *) (void *) (people->files + (size_t) number * people->file_size);
}

static inline stn__life *
stn__life_of(const stn__people *people, uint32_t row)
{
    return (stn__life *) (void *) (people->rows + row * people->row_size);
}

static inline uint16_t *
stn__terms_of(const stn__people *people, uint32_t row)
{
    return (uint16_t *) (void *) (people->rows + row * people->row_size + people->terms_at);
}

static inline stn__savings *
stn__savings_of(const stn__people *people, uint32_t row)
{
    return (stn__savings *) (void *) (people->rows + row * people->row_size + people->savings_at);
}

static inline const stn__file *
stn__file_of(const stn__people *people, uint32_t row)
{
    return stn__file_at(people, stn__life_of(people, row)->file);
}

static inline uint32_t
stn__cell_of(const stn__people *people, uint32_t row)
{
    return people->course->places[row].cell;
}

/* Rights that are closed, channels that are open: bits of doors. */
static inline uint32_t
stn__closed_of(const stn__people *people, const stn__life *life)
{
    return life->doors & people->rights;
}

static inline uint32_t
stn__open_of(const stn__people *people, const stn__life *life)
{
    return life->doors & ~people->rights;
}

static inline uint32_t
stn__closed(const stn__actor *actor)
{
    return stn__closed_of(actor->people, actor->life);
}

static inline uint32_t
stn__open(const stn__actor *actor)
{
    return stn__open_of(actor->people, actor->life);
}

/* When the first thing scheduled for an actor happens, or NEVER. */
static inline uint32_t
stn__first(const stn__actor *actor)
{
    return actor->people->first[actor->row];
}

/* life.c: takes the rows of [first, last) of a population through the window, under each
 * run of the convoy. In the first window the actors come into being first. */
void stn__live(stn__lane *lane, int32_t population, uint32_t first, uint32_t last);
/* Whether a pardon takes place at the start of the window being lived. */
bool stn__pardon_falls(const stn_run *run, const stn_pardon *pardon);
stn__actor stn__actor_of(stn__worker *worker, int32_t population, uint32_t row);
/* The study's seed, but for the odd one of a test. */
uint64_t stn__seed_of(const stn_run *run, int32_t population, uint32_t row);

/* Fixes the first opportunity of somebody who begins at `time`. */
void stn__set_out(stn__convoy *convoy, int32_t population, uint32_t row, uint32_t time);
/* Lets somebody begin at `time` under one regime: false records, settling. */
void stn__begin(stn__actor *actor, uint32_t time);
/* Of somebody whose attempts are watched, those of the window up to `end` are counted,
 * and a window that begins there must not pass over them. */
void stn__watch_on(stn__actor *actor, uint32_t end);
/* Starts all false-record entries at `time`, arrivals being counted from `first`. */
void stn__false_begin(stn__actor *actor, uint32_t time, uint32_t first);

/* lives.c: starts everybody's course. False if memory is short. */
bool stn__course_new(stn__convoy *convoy, int32_t population);
/* What is due in somebody's life by the window's start at `time`, under each run. */
void stn__life_turn(stn__lane *lane, int32_t population, uint32_t row, uint32_t time);
/* A tie of somebody who is yet to come. */
void stn__life_tie(stn__actor *actor, const stn__node *node);
/* Stocks by age: of somebody who begins; is restricted or no longer; entered a list. */
void stn__life_begin(stn__actor *actor, uint32_t time);
void stn__life_restricted(stn__actor *actor, uint32_t time, bool restricted);
void stn__life_listed(stn__actor *actor, uint32_t ever_before);

/* records.c: lets the first scheduled thing of an actor happen. */
void stn__happen(stn__actor *actor);
/* Schedules a node, which the call fills from `node` (next is set). Returns
 * whether it lies before the horizon. */
bool stn__schedule(stn__actor *actor, const stn__node *node);
/* Puts a node into the list whether or not its time ever comes. */
void stn__keep(stn__actor *actor, const stn__node *node);
/* Removes the pending node of a kind about a list (or, of kinds that have one
 * node at most, 0). */
void stn__unschedule(stn__actor *actor, stn__node_kind kind, int32_t type);
/* The number of the record that a node names, or 0 if it has ended. */
uint32_t stn__record_find(const stn__actor *actor, const stn__node *named);
/* Takes a node out of the list, or puts one (back) in by its time. */
void stn__node_unlink(stn__actor *actor, uint32_t number);
void stn__node_insert(stn__actor *actor, uint32_t number);
/* A record's end in another way than by verdict or payment; `how` as in event 13. */
void stn__record_end(stn__actor *actor, uint32_t number, uint32_t time, int32_t how);
/* Fixes an end (told) for a record, unless one is fixed that is no later. */
void stn__record_fix_end(stn__actor *actor, uint32_t number, uint32_t time);
/* Whether a root's verdict (past or to come) is confirmation; true without one. */
bool stn__verdict_confirms(const stn__actor *actor, const stn__record_type *type, const stn__node *node);
/* Drops all that is scheduled for an actor. */
void stn__forget_all(stn__actor *actor);
int32_t stn__base_points(const stn__actor *actor); /* life.c */
/* One of what was pending for a record is over: it may be forgotten. */
void stn__record_loosen(stn__actor *actor, uint32_t number);
/* Suspends a record or lets it count again. */
void stn__record_suspend(stn__actor *actor, uint32_t number, uint32_t time, bool suspend);
void stn__pardon(stn__actor *actor, uint32_t time, const stn_pardon *pardon);
void stn__review_begin(stn__actor *actor, uint32_t time);

static inline bool
stn__node_is_false(const stn__node *node)
{
    return (node->flags & STN__FLAG_FALSE) != 0;
}

/* Draws for a record: `purpose` from SHARE to REPAIR. */
static inline stn__words
stn__record_draw(const stn__actor *actor, const stn__node *node, uint32_t purpose, uint32_t c2)
{
    uint32_t of_false = stn__node_is_false(node) ? STN_DRAW_OF_FALSE : 0;

    return stn__draw(actor->seed, purpose + of_false, (uint32_t) actor->population, actor->row, node->key, c2);
}

/* sharing.c */
void stn__send(stn__actor *actor, const stn__node *record, uint32_t time);
void stn__send_end(stn__actor *actor, const stn__node *record, uint32_t time);
void stn__tell_stay(stn__actor *actor, int32_t list, uint32_t time, bool enters, uint32_t cause);
void stn__notice(stn__actor *actor, const stn__node *node, uint32_t time);
void stn__tie(stn__actor *actor, const stn__node *node, uint32_t time);

/* process.c: what the birth of a root brings, and what comes of it. */
void stn__process_begin(stn__actor *actor, uint32_t number, uint32_t time);
void stn__petition(stn__actor *actor, const stn__node *node, uint32_t time);
/* Counts a petition as void, its record having gone with its person. */
void stn__petition_void(stn__actor *actor, const stn__node *node);
/* Lets the decision of a petition that waited for a desk come at `time`. */
void stn__petition_schedule(stn__actor *actor, const stn__node *decision, uint32_t time);
void stn__correct(stn__actor *actor, const stn__node *node, uint32_t time);
void stn__repair(stn__actor *actor, const stn__node *node, uint32_t time);

/* money.c */
void stn__money_begin(stn__actor *actor, uint32_t time);
/* Counts savings up to `time`, at what is earned until then. */
void stn__account(stn__actor *actor, uint32_t time);
/* The same for all rows of [first, last), at the end of a run. */
void stn__account_all(stn__worker *worker, int32_t population, uint32_t first, uint32_t last);
/* After closed doors or being named changed: whether the actor is poor now. */
void stn__money_changed(stn__actor *actor, uint32_t time);
/* Of somebody who goes: what is left behind. */
void stn__money_end(stn__actor *actor, uint32_t time);
/* Pays if savings suffice; `counter` counts the yuan. True without money. */
bool stn__pay(stn__actor *actor, uint32_t time, int64_t yuan, int32_t counter);
int64_t stn__debt(const stn__actor *actor, const stn__record_type *type);
void stn__fine(stn__actor *actor, const stn__node *node, uint32_t time);

/* messages.c */
void stn__message_send(stn__actor *actor, const stn__message *message);
void stn__case_file(stn__worker *worker, const stn__case *one);
/* After a window: lets queues decide and delivers all messages. 0 or STN_E_MEMORY. */
int stn__messages_deliver(stn_run *run);

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

/* Whether this is the one actor whose life is told. */
static inline bool
stn__is_told(const stn_run *run, int32_t population, uint32_t row)
{
    return run->options.log == 2 && population == run->options.log_population && row == run->options.log_row;
}

/* For the reader of a life only: in no sum. */
static inline void
stn__remark(const stn__actor *actor, uint32_t time, int32_t kind, int32_t subject, uint64_t value)
{
    if (actor->worker->run->options.log == 2) {
        stn__log_event(actor->worker, &(stn_event){ time, actor->row, actor->population, kind, subject, value });
    }
}

/* An event of the actor's. */
static inline void
stn__note(const stn__actor *actor, uint32_t time, int32_t kind, int32_t subject, uint64_t value)
{
    stn__emit(actor->worker, &(stn_event){ time, actor->row, actor->population, kind, subject, value });
}

/* Kinds of events (docs/semantics.md, section 11). */
enum {
    STN__EVENT_ACT = 1, STN__EVENT_BORN, STN__EVENT_CONFIRMED, STN__EVENT_CLEARED, STN__EVENT_SETTLED,
    STN__EVENT_ENTERED, STN__EVENT_LEFT, STN__EVENT_PUBLISHED, STN__EVENT_DOORS, STN__EVENT_BLOCKED,
    STN__EVENT_COPY, STN__EVENT_MISFILED, STN__EVENT_ENDED, STN__EVENT_NOTICE, STN__EVENT_FILED, STN__EVENT_DECIDED,
    STN__EVENT_FINE, STN__EVENT_REFUSED, STN__EVENT_TIE, STN__EVENT_ARCHIVE, STN__EVENT_REVIEW, STN__EVENT_REDEEMED,
    STN__EVENT_PAID, STN__EVENT_CAME, STN__EVENT_AGED, STN__EVENT_WENT,
    STN__REMARK_NOT_TAKEN = 100, STN__REMARK_SEEN, STN__REMARK_RATING, STN__REMARK_SENT, STN__REMARK_UNPAID
};

/* How a record ended, in STN__EVENT_ENDED. */
enum { STN__TOLD = 1, STN__GRANTED, STN__CORRECTED, STN__REPAIRED, STN__PARDONED };

/* Whether somebody has come, and not yet gone. */
static inline bool
stn__is_here(const stn__people *people, uint32_t row)
{
    return people->course->presences == NULL || people->course->presences[row].here;
}

/* Takes a histogram of all populations at the end of window `window`. */
int stn__histogram_take(stn_run *run, int32_t window, stn_error *err);
/* The final sums of the digest. */
void stn__final_sums(stn_run *run);
/* What must be conserved, after a window: 0, or `err` says what is not. */
int stn__run_check(const stn_run *run, stn_error *err);
/* For tests: lets one row draw from other numbers; before the first advance. */
void stn__run_perturb(stn_run *run, int32_t population, uint32_t row);
/* For tests: keeps all messages that are delivered from now on. */
void stn__run_keep_messages(stn_run *run);

#endif
