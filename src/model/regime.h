/* SPDX-License-Identifier: Apache-2.0
 *
 * regime.h - the parts of the reader of regimes; regime.c puts them together.
 *
 * Without a world the names that a world declares are taken as they come: each
 * new one gets the next number, so that all that is told by comparing names
 * (a pair given twice, two ratings of one population) still is. */
#ifndef STN_MODEL_REGIME_H
#define STN_MODEL_REGIME_H

#include "model/condition.h"

typedef struct stn__regime_reader {
    stn__reader *reader;
    const stn_world *world;   /* NULL: not known */
    stn_regime *regime;
    stn__names populations, behaviours, doors, agencies;
    stn__cond_scope scope;    /* of the conditions being read */
} stn__regime_reader;

/* The number of a name that the world declares. */
int32_t stn__world_ref(stn__regime_reader *r, const stn__node *node, const char *what, stn__names *names);
/* The population of a behaviour, or STN_NONE. */
int32_t stn__behaviour_population(const stn__regime_reader *r, int32_t behaviour);
/* NULL if it is not known. */
const stn_population *stn__regime_population(const stn__regime_reader *r, int32_t population);

/* A behaviour and perhaps an agency, which an entry of a list is about. */
typedef struct stn__pair {
    int32_t behaviour, agency;
    const char *where;        /* e.g. detection.fraud.court */
} stn__pair;

/* Checks one entry and reads whom it is about; pairs[number] among those before it. */
void stn__pair_read(stn__regime_reader *r, const stn__shape *shape, const char *what, const stn__node *node, stn__pair *pairs,
    int32_t number);

/* Behaviours that a key names. */
typedef struct stn__behaviours {
    bool all;                 /* the key was left out */
    int32_t *numbers;         /* else these */
    int32_t count;
} stn__behaviours;

/* Reads one or a list of behaviours. */
void stn__behaviours_read(stn__regime_reader *r, const stn__node *node, stn__behaviours *out);
/* The same as bits by population, with a known world. */
void stn__behaviours_bits(const stn__regime_reader *r, const stn__behaviours *set, uint64_t *bits);
/* What two sets have in common, for a message, e.g. `behaviour "fraud"`; NULL: nothing. */
const char *stn__behaviours_common(stn__regime_reader *r, const stn__behaviours *a, const stn__behaviours *b);
/* Notes an empty list where names are expected; `what`, e.g. "behaviours". */
void stn__refuse_empty(stn__regime_reader *r, const stn__node *node, const char *what);

/* The sections, each in a file of its own. Ratings, then lists, then what names them. */
void stn__ratings_read(stn__regime_reader *r, const stn__node *node);
void stn__lists_read(stn__regime_reader *r, const stn__node *node);
void stn__measures_read(stn__regime_reader *r, const stn__node *node);
void stn__sharing_read(stn__regime_reader *r, const stn__node *node);
void stn__fines_read(stn__regime_reader *r, const stn__node *node);
void stn__processes_read(stn__regime_reader *r, const stn__node *node);
void stn__pardons_read(stn__regime_reader *r, const stn__node *node);
/* Checks how many different things the conditions of one population mention. */
void stn__limits_check(stn__regime_reader *r);

#endif
