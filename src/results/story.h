/* SPDX-License-Identifier: Apache-2.0
 *
 * story.h - one made-up life, told: what the files that do it share.
 *
 * story.c        the public calls; living a regime once more
 * words.c        from events to sentences
 * story_print.c  for a person, regimes side by side
 * story_json.c   for a program
 * seek.c         finding somebody worth reading about */
#ifndef STN_RESULTS_STORY_H
#define STN_RESULTS_STORY_H

#include <standing/results.h>

#include "base/arena.h"
#include "model/model.h"
#include "model/names.h"
#include "plan/plan.h"

/* An event and what is said of it. Small ones, which come by the hundred, have a
 * head and are told in sums: "Chance not taken: gives blood (9 times)". */
typedef struct stn__saying {
    stn_event event;
    const char *head;  /* NULL: `text` is a sentence */
    const char *text;  /* NULL: told with another one */
} stn__saying;

/* What a life under one regime comes to. */
typedef struct stn__sum {
    int64_t chances, acts, seen, records, false_records, misfiled, listings, wrong_listings, blocked, refused,
        petitions, granted, yuan;
    int64_t restricted, wronged;  /* minutes; -1: not known */
    bool rated;
    int32_t rating, band;         /* at the end */
    uint32_t on, closed, open;
    struct { int32_t list, agency; } still[STN_NOTICES_MAX]; /* agencies that take somebody for listed who is not */
    int32_t still_count;
    uint32_t end;                 /* of the run, or when they go */
    bool gone, died;
} stn__sum;

/* What somebody lived through under one regime. Texts are the life's arena's. */
typedef struct stn__telling {
    int32_t regime;
    const char *start;            /* how it begins */
    stn__saying *sayings;         /* owned, in the order of telling */
    int32_t count;
    stn__sum sum;
} stn__telling;

struct stn_story {
    const stn_study *study;       /* borrowed */
    const stn_city *city;         /* borrowed */
    int32_t population;
    uint32_t row;
    stn__telling *tellings;       /* owned */
    int32_t count;
    stn__arena *arena;            /* owned */
};

/* Adds what happened under a regime; only events of the life's actor are taken, by
 * time and, within a minute, in the order given. The minutes are -1 if nobody kept them. 0 or STN_E_MEMORY. */
int stn__story_tell(stn_story *story, const stn__plan *plan, const stn_event *events, uint64_t count,
    int64_t restricted, int64_t wronged, stn_error *err);

/* words.c: fills `telling`, whose events are there already, in order. False: no memory. */
bool stn__words_put(const stn_story *story, const stn__plan *plan, stn__telling *telling);
/* Who it is. */
typedef struct stn__person {
    uint32_t cell, coming;      /* at the start or, coming later, then */
    int32_t years;              /* of age then; -1: not known */
    int64_t household_size;     /* 0: lives in none */
    bool family;                /* else a collective household */
    int64_t represents;         /* how many of the represented population */
    int64_t representative;     /* row; -1: nobody */
} stn__person;

stn__person stn__person_of(const stn_story *story);

/* The sayings of one minute under each regime: those from `first` up to, without, `end`. */
enum { STN__TELLINGS_MAX = 32 };
typedef struct stn__moment {
    uint32_t time;
    int32_t first[STN__TELLINGS_MAX], end[STN__TELLINGS_MAX];
} stn__moment;

/* Moves on to the next minute in which anything happens under some regime; `moment`
 * is zeroed before the first call. False: there is none. */
bool stn__moment_next(const stn_story *story, stn__moment *moment);
/* Whether the same is told of it under all regimes. */
bool stn__moment_is_same(const stn_story *story, const stn__moment *moment);

/* The first minute that is not the same under all regimes; STN_NEVER: there is none. */
uint32_t stn__story_parting(const stn_story *story);
/* The first minute in which a chance that comes under all regimes is not decided alike,
 * and (if asked for) which behaviour it was. */
uint32_t stn__story_choice(const stn_story *story, int32_t *behaviour);

#endif
