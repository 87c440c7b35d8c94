/* SPDX-License-Identifier: Apache-2.0
 *
 * decode.h - from nodes to values, led by the table of fields. */
#ifndef STN_MODEL_DECODE_H
#define STN_MODEL_DECODE_H

#include "model/fields.h"
#include "model/reader.h"
#include "model/yaml.h"

/* Names declared, in the order of their numbers. */
typedef struct stn__names {
    const char **names;
    int32_t count, room;
} stn__names;

bool stn__is_name(const char *text);
bool stn__is_level(const char *text, size_t size);

int32_t stn__names_find(const stn__names *names, const char *name);
int32_t stn__names_add(stn__reader *reader, stn__names *names, const char *name);

/* "prefix.key", fit for a message whatever the key. */
const char *stn__where(stn__reader *reader, const char *prefix, const char *key);

/* Whether a node is of that kind; notes a mistake if not. `what` is what was
 * expected, e.g. "a mapping of behaviours". NULL nodes are not. */
bool stn__expect(stn__reader *reader, const stn__node *node, stn__node_kind kind, const char *what);
/* The text of a scalar that is not nothing; NULL after a mistake. */
const char *stn__scalar(stn__reader *reader, const stn__node *node, const char *what);
/* A text without control characters; NULL after a mistake. */
const char *stn__title_read(stn__reader *reader, const stn__node *node);

/* Checks that a node is a mapping whose keys are those of a shape, none
 * missing. `where` is its path of keys, for messages. */
bool stn__shape_check(stn__reader *reader, const stn__shape *shape, const stn__node *node, const char *where);

/* Decodes all held fields of a mapping of that shape into `base`. A NULL node,
 * or one that is no mapping, yields defaults. Names in ratios are those of
 * `population`; they are not checked if it is NULL. */
void stn__fill(stn__reader *reader, const stn__shape *shape, const stn__node *node, const char *where,
    const stn_population *population, void *base);

/* The number of a word among those of a field; 0 after a mistake. */
int32_t stn__word(stn__reader *reader, const stn__field *field, const stn__node *node);
/* One quantity. `forget` (may be NULL) gets the node of that key. */
void stn__quantity(stn__reader *reader, const stn__field *field, const stn__node *node, const char *key,
    const stn_population *population, stn_quantity *out, const stn__node **forget);
/* One number without evidence; false after a mistake. */
bool stn__plain_number(stn__reader *reader, const stn__node *node, stn__unit unit, double *value);
/* Whole points or ages `[first, last]`, not falling. */
bool stn__range(stn__reader *reader, const stn__node *node, stn__unit unit, int32_t *first, int32_t *last);

/* The number of a name that must be declared; `what` says what it names, e.g.
 * "behaviour". STN_NONE after a mistake (or for a NULL node). */
int32_t stn__ref(stn__reader *reader, const stn__node *node, const char *what, const stn__names *declared);
/* The number of an attribute, and of a level, of a population. */
int32_t stn__ref_attribute(stn__reader *reader, const stn__node *node, const stn_population *population);
int32_t stn__ref_level(stn__reader *reader, const stn__node *node, const stn_population *population, int32_t attribute);
/* The same for texts that do not stand in nodes of their own. */
int32_t stn__find_attribute(const stn_population *population, const char *name);
int32_t stn__find_level(const stn_attribute *attribute, const char *text, size_t size);
const char *stn__suggest_attribute(stn__reader *reader, const stn_population *population, const char *name);

/* Where something is a node or a list of them: the list. */
void stn__one_or_many(const stn__node *node, const stn__node *const **items, int32_t *count, const stn__node **one);

void stn__cite(stn__reader *reader, const stn__node *node, const int32_t **cite, int32_t *count);
/* Reads the `sources` of a file, and lets them be cited from now on. */
void stn__sources(stn__reader *reader, const stn__node *root, const stn_source **sources, int32_t *count);

/* Checks the entries of a mapping of names, e.g. `behaviours`, and returns how
 * many there are, at most `max` (0: a missing or mistaken node). */
int32_t stn__map_count(stn__reader *reader, const stn__node *node, const char *what, int32_t max);
int32_t stn__list_count(stn__reader *reader, const stn__node *node, const char *what, int32_t max);

#endif
