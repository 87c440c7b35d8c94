/* SPDX-License-Identifier: Apache-2.0
 *
 * describe.h - what the files that put a model into words share.
 *
 * page.c      how it is written down: Markdown, HTML
 * phrases.c   names, numbers and conditions in words
 * evidence.c  sources, assumptions, cited numbers
 * rules.c     what a regime does, as sentences
 * world.c     who lives there and how, as sentences
 * odd.c       the whole, in the order of the ODD protocol
 * describe.c  the public calls
 *
 * Texts live in the describer's arena and may have the marks of page.h. When
 * memory runs out, whatever is going on jumps to where the public call began
 * (on_memory), which has written nothing yet. */
#ifndef STN_DESCRIBE_DESCRIBE_H
#define STN_DESCRIBE_DESCRIBE_H

#include <setjmp.h>

#include "base/arena.h"
#include "describe/page.h"
#include "model/model.h"
#include "model/names.h"

/* A number, or a table, of the files with all that is said about it. */
typedef struct stn__evidence {
    const char *key, *value, *unit, *factors, *why; /* unit "", factors "", why NULL: none */
    const char *cite;                               /* references as marked text; "": an assumption */
    stn_place place;
    bool *regimes; /* those in which it stands; NULL: the world */
    bool bare;     /* its format has no room for a source */
} stn__evidence;

typedef struct stn__describer {
    const stn_study *study; /* borrowed */
    stn__arena *arena;      /* owned */
    char **paths;           /* owned; of the study's files, to each other */
    /* Sources, each once, though several files may name it; numbers from 1. */
    const stn_source **sources;
    int32_t source_count;
    int32_t *world_sources;   /* numbers of the world's */
    int32_t **regime_sources; /* and of each regime's */
    stn__evidence *evidence;  /* by place */
    int32_t evidence_count, evidence_room;
    jmp_buf on_memory;
} stn__describer;

/* ------------------------------------------------------------------ phrases.c */

/* A text. */
const char *stn__say(stn__describer *d, const char *format, ...) STN_PRINTF(2, 3);
/* An array, zeroed. */
void *stn__room(stn__describer *d, int64_t count, size_t size);
/* "the court (`court`)", or "`court`". */
const char *stn__named(stn__describer *d, const char *title, const char *name);
const char *stn__agency_named(stn__describer *d, const stn_regime *regime, int32_t agency);
/* "a", "a and b", "a, b and c", with `last` for the "and". */
const char *stn__joined(stn__describer *d, const char *const *texts, int32_t count, const char *last);
/* The names of the behaviours of a population, as code, with `last` before the last one. */
const char *stn__behaviours_named(stn__describer *d, int32_t population, uint64_t behaviours, const char *last);
/* Those of all populations; "all behaviours" if it is all of them, NULL if there are none. */
const char *stn__behaviours_all(stn__describer *d, const uint64_t *behaviours, const char *last);
/* Levels of an attribute that are true. */
const char *stn__levels_named(stn__describer *d, const stn_attribute *attribute, const bool *levels, const char *last);
/* What somebody does: "leaves an order unpaid (`unpaid_order`)". */
const char *stn__deed(stn__describer *d, const stn_behaviour *behaviour);
/* A number in as few digits as give it back. */
const char *stn__number_text(stn__describer *d, double value);
/* 44640 minutes as "31 days". */
const char *stn__minutes_text(stn__describer *d, uint32_t minutes);
/* "2 years", "never" as the file has it, with its factors, its sources or that it is assumed. */
const char *stn__quantity_text(stn__describer *d, const stn_quantity *quantity);
/* The number that a file gives at a key, such as "lists.red.term"; NULL if it gives none. `regime` STN_NONE: the world's. */
const stn_quantity *stn__quantity_at(stn__describer *d, int32_t regime, const char *key);
/* A condition as a clause: "the resident is on `list` and ...", and as it is written. */
const char *
stn__condition_text(stn__describer *d, const stn_regime *regime, int32_t population, const stn_condition *condition);
/* A text without marks, fit for a program. */
const char *stn__plain(stn__describer *d, const char *text);

/* ----------------------------------------------------------------- evidence.c */

/* Fills the sources and the evidence of a describer. */
void stn__evidence_gather(stn__describer *d);
/* "[1] [2]", marked; "" for none. `regime` STN_NONE: the world's. */
const char *stn__cite_text(stn__describer *d, int32_t regime, const int32_t *cite, int32_t count);
/* " [1]" or " (assumption)". */
const char *stn__backing(stn__describer *d, int32_t regime, const int32_t *cite, int32_t count);
/* "regimes/none.yaml:12". */
const char *stn__place_text(stn__describer *d, stn_place place);
const char *stn__factors_text(stn__describer *d, const stn_quantity *quantity);
void stn__assumptions_put(stn__describer *d, stn__page *page, int depth);
void stn__bare_put(stn__describer *d, stn__page *page, int depth);
void stn__cited_put(stn__describer *d, stn__page *page, int depth);
void stn__sources_put(stn__describer *d, stn__page *page, int depth);

/* -------------------------------------------------------------------- rules.c */

/* Sentences, each under a topic, in order. */
typedef struct stn__sentence {
    const char *topic; /* of it and of those that follow; NULL: as before */
    const char *text;
} stn__sentence;

typedef struct stn__sentences {
    stn__sentence *all;
    int32_t count, room;
} stn__sentences;

void stn__sentence_add(stn__describer *d, stn__sentences *s, const char *topic, const char *text);
void stn__sentences_put(stn__describer *d, const stn__sentences *s, stn__page *page, int depth);

/* What a regime does. */
void stn__rules_say(stn__describer *d, int32_t regime, stn__sentences *s);

/* -------------------------------------------------------------------- world.c */

void stn__entities_put(stn__describer *d, stn__page *page, int depth);
void stn__behaviours_put(stn__describer *d, stn__page *page, int depth);
void stn__doors_put(stn__describer *d, stn__page *page, int depth);
void stn__money_put(stn__describer *d, stn__page *page, int depth);
void stn__life_put(stn__describer *d, stn__page *page, int depth);
void stn__learning_put(stn__describer *d, stn__page *page, int depth);

/* ---------------------------------------------------------------------- odd.c */

void stn__odd_put(stn__describer *d, stn__page *page);
/* What the study asks. */
const char *stn__purpose(stn__describer *d);

#endif
