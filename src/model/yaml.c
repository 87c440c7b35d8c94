/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml.c - a YAML file as a tree that knows where each node stands.
 *
 * Built from libyaml's events, because its own documents lose the names of
 * anchors and say nothing of duplicate keys. Strangers' files come through
 * here, so everything is bounded: bytes, depth, nodes (with aliases written
 * out, which is what a bomb of aliases blows up) and anchors. */
#include "model/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_MAX = 64, NODES_MAX = 1000000, ANCHORS_MAX = 1000 };

typedef struct anchor {
    const char *name;
    const stn__node *node;    /* NULL while it is being read */
} anchor;

typedef struct composer {
    stn__reader *reader;
    int32_t file;
    yaml_parser_t parser;
    yaml_event_t event;       /* the one being looked at */
    bool pending;             /* event is to be deleted */
    int32_t nodes;            /* made so far, aliases written out */
    anchor *anchors;
    int32_t anchor_count, anchor_room;
} composer;

static stn_place
place_of(const composer *c, yaml_mark_t mark)
{
    return (stn_place) { c->file, (int32_t) mark.line + 1, (int32_t) mark.column + 1 };
}

void
stn__yaml_abandon(stn__reader *reader)
{
    composer *c = reader->parser;

    if (c == NULL) {
        return;
    }
    if (c->pending) {
        yaml_event_delete(&c->event);
    }
    yaml_parser_delete(&c->parser);
    reader->parser = NULL;
}

/* Goes on to the next event; false after a mistake. */
static bool
next(composer *c)
{
    yaml_parser_t *parser = &c->parser;
    stn_place place;

    if (c->pending) {
        yaml_event_delete(&c->event);
        c->pending = false;
    }
    if (yaml_parser_parse(parser, &c->event) != 0) {
        c->pending = true;
        return true;
    }
    if (parser->error == YAML_MEMORY_ERROR) {
        longjmp(c->reader->on_memory, 1);
    }
    place = place_of(c, parser->problem_mark);
    if (parser->context != NULL) {
        stn__mistake(c->reader, place, "this is not YAML: %s, %s (line %d)", parser->problem, parser->context,
            (int) parser->context_mark.line + 1);
    } else {
        stn__mistake(c->reader, place, "this is not YAML: %s", parser->problem);
    }
    return false;
}

/* Counts nodes that are about to be made; false, with a message, if they are too many. */
static bool
count_nodes(composer *c, int32_t more, stn_place place)
{
    if (more > NODES_MAX - c->nodes) {
        stn__mistake(c->reader, place, "found more than %d values, aliases written out", NODES_MAX);
        return false;
    }
    c->nodes += more;
    return true;
}

static void
refuse_tag(composer *c, const yaml_char_t *tag, stn_place place)
{
    if (tag != NULL) {
        stn__mistake(c->reader, place, "found the tag %s; tags may not be used",
            stn__quote(c->reader, (const char *) tag));
    }
}

/* Opens an anchor if there is one; *number is its number or STN_NONE. */
static bool
open_anchor(composer *c, const yaml_char_t *name, stn_place place, int32_t *number)
{
    *number = STN_NONE;
    if (name == NULL) {
        return true;
    }
    if (c->anchor_count >= ANCHORS_MAX) {
        stn__mistake(c->reader, place, "found more than %d anchors", ANCHORS_MAX);
        return false;
    }
    c->anchors = stn__grow(c->reader, c->anchors, c->anchor_count, &c->anchor_room, sizeof *c->anchors);
    *number = c->anchor_count++;
    c->anchors[*number] = (anchor) { stn__text(c->reader, (const char *) name, strlen((const char *) name)), NULL };
    return true;
}

static const stn__node *
find_alias(composer *c, const char *name, stn_place place)
{
    const char *names[ANCHORS_MAX];

    for (int32_t number = c->anchor_count - 1; number >= 0; number--) {
        const anchor *found = &c->anchors[number];
        if (strcmp(found->name, name) != 0) {
            continue;
        }
        if (found->node == NULL) {
            stn__mistake(c->reader, place, "the alias *%s stands inside what it names", found->name);
            return NULL;
        }
        return count_nodes(c, found->node->size, place) ? found->node : NULL;
    }
    for (int32_t number = 0; number < c->anchor_count; number++) {
        names[number] = c->anchors[number].name;
    }
    stn__mistake(c->reader, place, "unknown anchor %s%s", stn__quote(c->reader, name),
        stn__suggest(c->reader, name, names, c->anchor_count));
    return NULL;
}

static int32_t
characters(const char *text)
{
    int32_t count = 0;

    for (; *text != 0; text++) {
        count += ((unsigned char) *text & 0xc0) != 0x80;
    }
    return count;
}

static const stn__node *
scalar(composer *c, stn_place place)
{
    stn__node *node = stn__take(c->reader, 1, sizeof *node);
    const char *text = (const char *) c->event.data.scalar.value;
    size_t size = c->event.data.scalar.length;
    yaml_scalar_style_t style = c->event.data.scalar.style;
    yaml_mark_t first = c->event.start_mark, last = c->event.end_mark;

    if (memchr(text, 0, size) != NULL) {
        stn__mistake(c->reader, place, "found a text with a NUL character, which may not be used");
        size = strlen(text);
    }
    node->kind = STN__SCALAR;
    node->place = place;
    node->text = stn__text(c->reader, text, size);
    node->plain = style == YAML_PLAIN_SCALAR_STYLE;
    node->shift = style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    node->exact = (node->plain || node->shift != 0) && first.line == last.line
        && (int32_t) (last.column - first.column) == characters(node->text) + 2 * node->shift;
    node->size = node->height = 1;
    return node;
}

static const stn__node *compose(composer *c, int32_t depth);

/* An entry with its order of precedence, for finding equal keys. */
typedef struct ranked {
    stn__entry entry;
    int32_t rank;
} ranked;

static int
by_key(const void *left, const void *right)
{
    const ranked *a = left, *b = right;
    int order = strcmp(a->entry.key->text, b->entry.key->text);

    return order != 0 ? order : a->rank < b->rank ? -1 : a->rank > b->rank;
}

static int
by_rank(const void *left, const void *right)
{
    const ranked *a = left, *b = right;

    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* What becomes of equal keys. The place of the first is kept in any case. */
typedef enum { FIRST_WINS_TOLD, LAST_WINS, LAID_OVER } equal_keys;

/* Leaves one of each key; returns how many are left of `count`. */
static int32_t
unite(stn__reader *reader, ranked *entries, int32_t count, equal_keys equal)
{
    int32_t kept = 0;

    if (count == 0) {
        return 0;
    }
    qsort(entries, (size_t) count, sizeof *entries, by_key);
    for (int32_t index = 0; index < count; index++) {
        if (kept == 0 || strcmp(entries[kept - 1].entry.key->text, entries[index].entry.key->text) != 0) {
            entries[kept++] = entries[index];
        } else if (equal == FIRST_WINS_TOLD) {
            stn__mistake(reader, entries[index].entry.key->place, "duplicate key %s; it stands in line %d already",
                stn__quote(reader, entries[index].entry.key->text), (int) entries[kept - 1].entry.key->place.line);
        } else {
            const stn__node *below = entries[kept - 1].entry.value;
            entries[kept - 1].entry = entries[index].entry;
            if (equal == LAID_OVER) {
                entries[kept - 1].entry.value = stn__yaml_merge(reader, below, entries[index].entry.value);
            }
        }
    }
    qsort(entries, (size_t) kept, sizeof *entries, by_rank);
    return kept;
}

static stn__node *
mapping_of(stn__reader *reader, stn_place place, const ranked *entries, int32_t count)
{
    stn__node *node = stn__take(reader, 1, sizeof *node);
    stn__entry *own = stn__take(reader, (size_t) count, sizeof *own);

    node->kind = STN__MAPPING;
    node->place = place;
    node->entries = own;
    node->count = count;
    node->size = node->height = 1;
    for (int32_t index = 0; index < count; index++) {
        own[index] = entries[index].entry;
        node->size += 1 + own[index].value->size;
        if (own[index].value->height >= node->height) {
            node->height = own[index].value->height + 1;
        }
    }
    return node;
}

/* The mappings that a merge key brings in, those of less precedence first;
 * that is also the order of PyYAML. */
static int32_t
merged_entries(composer *c, const stn__node *value, ranked **entries)
{
    const stn__node *const *parts = value->kind == STN__SEQUENCE ? value->items : &value;
    int32_t part_count = value->kind == STN__SEQUENCE ? value->count : 1, count = 0, room = 0;

    *entries = NULL;
    for (int32_t part = part_count - 1; part >= 0; part--) {
        if (parts[part]->kind != STN__MAPPING) {
            stn__mistake(c->reader, parts[part]->place, "found %s under the merge key <<, expected a mapping",
                stn__yaml_what(c->reader, parts[part]));
            continue;
        }
        for (int32_t index = 0; index < parts[part]->count; index++) {
            *entries = stn__grow(c->reader, *entries, count, &room, sizeof **entries);
            (*entries)[count] = (ranked) { parts[part]->entries[index], count };
            count++;
        }
    }
    return count;
}

/* Lays a mapping's own entries over those of its merge key. */
static const stn__node *
merge_in(composer *c, stn_place place, const stn__node *merge, const ranked *own, int32_t own_count)
{
    ranked *entries;
    int32_t count = merged_entries(c, merge, &entries);
    ranked *both = stn__take(c->reader, (size_t) (count + own_count), sizeof *both);

    for (int32_t index = 0; index < count + own_count; index++) {
        both[index] = (ranked) { index < count ? entries[index].entry : own[index - count].entry, index };
    }
    count = unite(c->reader, both, count + own_count, LAST_WINS);
    return mapping_of(c->reader, place, both, count);
}

static const stn__node *
mapping(composer *c, stn_place place, int32_t depth)
{
    ranked *entries = NULL;
    const stn__node *merge = NULL, *node;
    int32_t count = 0, room = 0;

    while (next(c)) {
        const stn__node *key, *value;
        if (c->event.type == YAML_MAPPING_END_EVENT) {
            count = unite(c->reader, entries, count, FIRST_WINS_TOLD);
            node = merge == NULL ? mapping_of(c->reader, place, entries, count)
                                 : merge_in(c, place, merge, entries, count);
            return node;
        }
        key = compose(c, depth + 1);
        value = key == NULL || !next(c) ? NULL : compose(c, depth + 1);
        if (value == NULL) {
            return NULL;
        }
        if (key->kind != STN__SCALAR) {
            stn__mistake(c->reader, key->place, "found %s as a key, expected a word", stn__yaml_what(c->reader, key));
        } else if (key->plain && strcmp(key->text, "<<") == 0) {
            if (merge != NULL) {
                stn__mistake(c->reader, key->place, "duplicate key \"<<\"; name several mappings in one list");
            }
            merge = value;
        } else {
            entries = stn__grow(c->reader, entries, count, &room, sizeof *entries);
            entries[count] = (ranked) { { key, value }, count };
            count++;
        }
    }
    return NULL;
}

static const stn__node *
sequence(composer *c, stn_place place, int32_t depth)
{
    stn__node *node = stn__take(c->reader, 1, sizeof *node);
    const stn__node **items = NULL;
    int32_t room = 0;

    node->kind = STN__SEQUENCE;
    node->place = place;
    node->size = node->height = 1;
    while (next(c)) {
        const stn__node *item;
        if (c->event.type == YAML_SEQUENCE_END_EVENT) {
            node->items = items;
            return node;
        }
        item = compose(c, depth + 1);
        if (item == NULL) {
            return NULL;
        }
        items = stn__grow(c->reader, items, node->count, &room, sizeof *items);
        items[node->count++] = item;
        node->size += item->size;
        node->height = item->height >= node->height ? item->height + 1 : node->height;
    }
    return NULL;
}

/* The node that the present event begins; NULL after a mistake. */
static const stn__node *
compose(composer *c, int32_t depth)
{
    stn_place place = place_of(c, c->event.start_mark);
    const stn__node *node = NULL;
    int32_t number = STN_NONE;

    if (c->event.type == YAML_ALIAS_EVENT) {
        node = find_alias(c, (const char *) c->event.data.alias.anchor, place);
    } else if (count_nodes(c, 1, place)) {
        if (c->event.type == YAML_SCALAR_EVENT) {
            refuse_tag(c, c->event.data.scalar.tag, place);
            node = open_anchor(c, c->event.data.scalar.anchor, place, &number) ? scalar(c, place) : NULL;
        } else if (c->event.type == YAML_MAPPING_START_EVENT) {
            refuse_tag(c, c->event.data.mapping_start.tag, place);
            node = depth < DEPTH_MAX && !open_anchor(c, c->event.data.mapping_start.anchor, place, &number) ? NULL
                : depth < DEPTH_MAX ? mapping(c, place, depth) : NULL;
        } else {
            refuse_tag(c, c->event.data.sequence_start.tag, place);
            node = depth < DEPTH_MAX && !open_anchor(c, c->event.data.sequence_start.anchor, place, &number) ? NULL
                : depth < DEPTH_MAX ? sequence(c, place, depth) : NULL;
        }
    }
    if (depth >= DEPTH_MAX || (node != NULL && depth + node->height > DEPTH_MAX + 1)) {
        stn__mistake(c->reader, place, "found more than %d levels of nesting, aliases written out", DEPTH_MAX);
        return NULL;
    }
    if (node != NULL && number != STN_NONE) {
        c->anchors[number].node = node;
    }
    return node;
}

/* The one document of the stream. */
static const stn__node *
document(composer *c)
{
    const stn__node *tree;

    if (!next(c) || !next(c)) { /* the stream's start, then a document's */
        return NULL;
    }
    if (c->event.type == YAML_STREAM_END_EVENT) {
        stn__mistake(c->reader, stn__file_start(c->file), "found an empty file");
        return NULL;
    }
    if (!next(c)) {
        return NULL;
    }
    tree = compose(c, 0);
    if (tree == NULL || !next(c) || !next(c)) { /* the document's end, then the stream's */
        return NULL;
    }
    if (c->event.type != YAML_STREAM_END_EVENT) {
        stn__mistake(c->reader, place_of(c, c->event.start_mark), "found a second document, expected one");
    }
    return tree;
}

const stn__node *
stn__yaml_tree(stn__reader *reader, int32_t file)
{
    const char *text = reader->files[file].text;
    size_t size = (size_t) reader->files[file].size, skip;
    composer *c;

    if (reader->loaded[file].parsed) {
        return reader->loaded[file].tree;
    }
    reader->loaded[file].parsed = true;
    if (size > STN__YAML_BYTES_MAX) { /* read before as a table */
        stn__mistake(reader, stn__file_start(file), "found %zu bytes, expected at most %d", size, STN__YAML_BYTES_MAX);
        return NULL;
    }
    if (!stn__utf8_check(reader, file)) {
        return NULL;
    }
    c = stn__take(reader, 1, sizeof *c);
    c->reader = reader;
    c->file = file;
    if (yaml_parser_initialize(&c->parser) == 0) {
        longjmp(reader->on_memory, 1);
    }
    reader->parser = c;
    skip = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* a byte order mark */
    yaml_parser_set_encoding(&c->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&c->parser, (const unsigned char *) text + skip, size - skip);
    reader->loaded[file].tree = document(c);
    stn__yaml_abandon(reader);
    return reader->loaded[file].tree;
}

/* The length of the character at `byte` and its number; 0 if it is not UTF-8. */
static size_t
decode(const unsigned char *byte, size_t left, uint32_t *character)
{
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t size = byte[0] < 0x80 ? 1 : byte[0] >= 0xc2 && byte[0] < 0xe0 ? 2
        : byte[0] >= 0xe0 && byte[0] < 0xf0 ? 3 : byte[0] >= 0xf0 && byte[0] < 0xf5 ? 4 : 0;
    uint32_t value;

    if (size == 0 || size > left) {
        return 0;
    }
    value = size == 1 ? byte[0] : byte[0] & (0x7fu >> size);
    for (size_t index = 1; index < size; index++) {
        if ((byte[index] & 0xc0) != 0x80) {
            return 0;
        }
        value = value << 6 | (byte[index] & 0x3fu);
    }
    *character = value;
    return value < least[size] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? 0 : size;
}

/* YAML's printable characters. */
static bool
printable(uint32_t character)
{
    return character == '\t' || character == '\n' || character == '\r' || (character >= 0x20 && character < 0x7f)
        || character == 0x85 || (character >= 0xa0 && character != 0xfffe && character != 0xffff);
}

bool
stn__utf8_check(stn__reader *reader, int32_t file)
{
    const unsigned char *bytes = (const unsigned char *) reader->files[file].text;
    size_t size = (size_t) reader->files[file].size, step;
    stn_place place = stn__file_start(file);

    for (size_t at = 0; at < size; at += step) {
        uint32_t character = 0;
        step = decode(bytes + at, size - at, &character);
        if (step == 0) {
            stn__mistake(reader, place, "found the byte 0x%02x, expected text in UTF-8", (unsigned) bytes[at]);
            return false;
        }
        if (!printable(character)) {
            stn__mistake(reader, place, "found the control character U+%04X, expected text", (unsigned) character);
            return false;
        }
        if (character == '\n' || (character == '\r' && bytes[at + 1] != '\n')) {
            place.line++;
            place.column = 1;
        } else if (character != 0xfeff || at > 0) {
            place.column++;
        }
    }
    return true;
}

const stn__node *
stn__yaml_child(const stn__node *mapping_node, const char *key)
{
    for (int32_t index = 0; index < mapping_node->count && mapping_node->kind == STN__MAPPING; index++) {
        if (strcmp(mapping_node->entries[index].key->text, key) == 0) {
            return mapping_node->entries[index].value;
        }
    }
    return NULL;
}

bool
stn__yaml_is_null(const stn__node *node)
{
    return node->kind == STN__SCALAR && node->plain
        && (node->text[0] == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0
            || strcmp(node->text, "Null") == 0 || strcmp(node->text, "NULL") == 0);
}

const char *
stn__yaml_what(stn__reader *reader, const stn__node *node)
{
    switch (node->kind) {
    case STN__MAPPING:
        return node->count == 0 ? "an empty mapping" : "a mapping";
    case STN__SEQUENCE:
        return node->count == 0 ? "an empty list" : "a list";
    case STN__SCALAR:
    default:
        return stn__yaml_is_null(node) ? "nothing" : stn__quote(reader, node->text);
    }
}

const stn__node *
stn__yaml_prune(stn__reader *reader, const stn__node *node)
{
    ranked *entries;
    int32_t count = 0;

    if (node->kind != STN__MAPPING) {
        return node;
    }
    entries = stn__take(reader, (size_t) node->count, sizeof *entries);
    for (int32_t index = 0; index < node->count; index++) {
        if (!stn__yaml_is_null(node->entries[index].value)) {
            entries[count].entry.key = node->entries[index].key;
            entries[count++].entry.value = stn__yaml_prune(reader, node->entries[index].value);
        }
    }
    return mapping_of(reader, node->place, entries, count);
}

const stn__node *
stn__yaml_merge(stn__reader *reader, const stn__node *base, const stn__node *over)
{
    ranked *both;
    int32_t count, kept = 0;

    if (base->kind != STN__MAPPING || over->kind != STN__MAPPING) {
        return over;
    }
    both = stn__take(reader, (size_t) base->count + (size_t) over->count, sizeof *both);
    for (int32_t index = 0; index < base->count + over->count; index++) {
        both[index] = (ranked) {
            index < base->count ? base->entries[index] : over->entries[index - base->count], index };
    }
    count = unite(reader, both, base->count + over->count, LAID_OVER);
    for (int32_t index = 0; index < count; index++) {
        if (!stn__yaml_is_null(both[index].entry.value)) {
            both[kept++] = both[index];
        }
    }
    return mapping_of(reader, over->place, both, kept);
}
