/* SPDX-License-Identifier: Apache-2.0
 *
 * condition.h - conditions: from one YAML scalar to a tree. */
#ifndef STN_MODEL_CONDITION_H
#define STN_MODEL_CONDITION_H

#include "model/decode.h"

/* A mention of a list through on() or published(). */
typedef struct stn__list_ref {
    int32_t list;
    stn_place place;
} stn__list_ref;

/* What the names in a condition mean. */
typedef struct stn__cond_scope {
    stn__reader *reader;
    const stn_world *world;   /* NULL: a regime alone; names of the world are not checked */
    int32_t population;       /* STN_NONE: not known */
    stn__names lists;         /* of the regime; population of each: */
    const int32_t *list_populations;
    const stn_rating *ratings;
    int32_t rating_count;
    bool confirmed;           /* what records count when a term does not say */
    bool cover;               /* only is() may be used */
    stn__list_ref *refs;      /* mentions in the conditions read so far */
    int32_t ref_count, ref_room;
} stn__cond_scope;

/* Reads a condition; after a mistake it has no nodes. A NULL node is left out. */
void stn__condition_read(stn__cond_scope *scope, const stn__node *node, stn_condition *out);

/* Reads a subject of records(...) alone: the behaviours that it stands for. */
uint64_t stn__subject_read(stn__cond_scope *scope, const stn__node *node);

/* Whether a name is a word that stands where behaviours do. */
bool stn__condition_reserves(const char *name);

#endif
