/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml.h - a YAML file as a tree that knows where each node stands. */
#ifndef STN_MODEL_YAML_H
#define STN_MODEL_YAML_H

#include "model/reader.h"

typedef enum { STN__SCALAR, STN__MAPPING, STN__SEQUENCE } stn__node_kind;

typedef struct stn__entry {
    const stn__node *key, *value; /* the key is a scalar */
} stn__entry;

/* Nodes never change once made; aliases, merge keys and `extends` share them. */
struct stn__node {
    stn__node_kind kind;
    stn_place place;
    const char *text;         /* scalar: without NUL inside */
    bool plain;               /* scalar: written without quotes */
    bool exact;               /* scalar: its bytes stand in the file as they are, on one line */
    int32_t shift;            /* exact: columns from place to the first byte (1: a quote) */
    int32_t count;            /* of entries or items */
    const stn__entry *entries;
    const stn__node *const *items;
    int32_t size;             /* nodes in it, itself included, aliases written out */
    int32_t height;           /* 1 for a scalar or an empty node */
};

/* The tree of a file that was read; NULL after mistakes that leave no tree.
 * Lesser ones (duplicate keys, tags) are noted and leave one. */
const stn__node *stn__yaml_tree(stn__reader *reader, int32_t file);

/* The value of a key; NULL if there is none. */
const stn__node *stn__yaml_child(const stn__node *mapping, const char *key);
/* Whether a node is written as nothing: empty, ~ or null. */
bool stn__yaml_is_null(const stn__node *node);
/* What a node is, in words for a message: the quoted text, "a list", ... */
const char *stn__yaml_what(stn__reader *reader, const stn__node *node);
/* `over` laid over `base`, key by key; nulls of `over` remove. */
const stn__node *stn__yaml_merge(stn__reader *reader, const stn__node *base, const stn__node *over);
/* `node` without the keys set to null, all the way down mappings. */
const stn__node *stn__yaml_prune(stn__reader *reader, const stn__node *node);
/* Checks that a text is UTF-8 without NUL and odd control bytes; notes the
 * first mistake with its place. */
bool stn__utf8_check(stn__reader *reader, int32_t file);

#endif
