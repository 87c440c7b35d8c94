/* SPDX-License-Identifier: Apache-2.0
 *
 * condition.c - conditions: from one YAML scalar to a tree.
 *
 * A descent through the grammar of docs/formats.md. A mistake of form ends the
 * reading of that condition; unknown names are noted and reading goes on. */
#include "model/condition.h"

#include <string.h>

enum { NODES_MAX = 1000, DEPTH_MAX = 64, VALUE_MAX = 100000, RECORDS_VALUE_MAX = 255 };

typedef enum {
    END, NUMBER, WORD, OPEN, CLOSE, COMMA, PLUS, COMPARE, WRONG
} token_kind;

typedef struct token {
    token_kind kind;
    const char *text;         /* in the scalar */
    size_t size;
    stn_compare compare;
} token;

/* What a part of a condition yields. */
typedef enum { TRUTH, RATING, RECORDS, WHOLE } value_type;

typedef struct part {
    value_type type;
    int32_t node;             /* TRUTH */
    int32_t term;             /* RECORDS */
    int32_t value;            /* WHOLE */
    const char *text;         /* where it begins */
} part;

typedef struct parser {
    stn__cond_scope *scope;
    stn__reader *reader;
    const stn__node *scalar;
    const stn_population *population; /* NULL: not known */
    const char *in;           /* what is read, for messages, e.g. "a condition" */
    const char *at;
    token next;
    bool failed;
    int32_t depth;
    stn_cond_node *nodes;
    stn_term *terms;
    int32_t node_count, node_room, term_count, term_room;
} parser;

static stn_place
place_of(const parser *p, const char *text)
{
    stn_place place = p->scalar->place;

    if (p->scalar->exact) {
        place.column += p->scalar->shift;
        for (const char *byte = p->scalar->text; byte < text; byte++) {
            place.column += ((unsigned char) *byte & 0xc0) != 0x80;
        }
    }
    return place;
}

static const char *
token_text(parser *p, const token *t)
{
    return t->kind == END ? "the end" : stn__quote_bytes(p->reader, t->text, t->size);
}

/* Notes that something else was expected here, and gives the condition up. */
static void
expected(parser *p, const char *what)
{
    /* A comma within { } ends an unquoted text, in the middle of a condition. */
    bool cut = p->next.kind == END && p->scalar->plain && strncmp(what, "\",\"", 3) == 0;

    if (!p->failed) {
        stn__mistake(p->reader, place_of(p, p->next.text), "found %s in %s, expected %s%s", token_text(p, &p->next), p->in, what,
            cut ? "; within { } or [ ] a condition with commas needs quotation marks" : "");
    }
    p->failed = true;
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
take(parser *p, token_kind kind, size_t size)
{
    p->next = (token) { kind, p->at, size, STN_LT };
    p->at += size;
}

/* Operators, and the habits of other languages. */
static void
scan_operator(parser *p)
{
    static const struct { const char *text; token_kind kind; stn_compare compare; const char *rather; } known[] = {
        { "<=", COMPARE, STN_LE, NULL }, { ">=", COMPARE, STN_GE, NULL }, { "==", COMPARE, STN_EQ, NULL },
        { "!=", COMPARE, STN_NE, NULL }, { "<>", WRONG, STN_NE, "\"!=\"" }, { "=<", WRONG, STN_NE, "\"<=\"" },
        { "=>", WRONG, STN_NE, "\">=\"" }, { "&&", WRONG, STN_NE, "\"and\"" }, { "||", WRONG, STN_NE, "\"or\"" },
        { "<", COMPARE, STN_LT, NULL }, { ">", COMPARE, STN_GT, NULL }, { "=", WRONG, STN_NE, "\"==\"" },
        { "!", WRONG, STN_NE, "\"not\"" }, { "&", WRONG, STN_NE, "\"and\"" }, { "|", WRONG, STN_NE, "\"or\"" },
        { "(", OPEN, STN_LT, NULL }, { ")", CLOSE, STN_LT, NULL }, { ",", COMMA, STN_LT, NULL }, { "+", PLUS, STN_LT, NULL },
    };
    size_t size = 1;

    for (size_t index = 0; index < sizeof known / sizeof *known; index++) {
        size = strlen(known[index].text);
        if (strncmp(p->at, known[index].text, size) == 0) {
            take(p, known[index].kind, size);
            p->next.compare = known[index].compare;
            if (known[index].kind == WRONG) {
                expected(p, known[index].rather);
            }
            return;
        }
    }
    for (size = 1; ((unsigned char) p->at[size] & 0xc0) == 0x80; size++) {
    }
    take(p, WRONG, size);
    expected(p, "a word, a number or one of ( ) , + < <= > >= == !=");
}

static void
advance(parser *p)
{
    size_t size = 0;

    while (is_blank(*p->at)) {
        p->at++;
    }
    if (*p->at == 0) {
        take(p, END, 0);
    } else if (is_letter(*p->at)) {
        while (is_letter(p->at[size]) || is_digit(p->at[size])) {
            size++;
        }
        take(p, WORD, size);
    } else if (is_digit(*p->at) || (*p->at == '-' && is_digit(p->at[1]))) {
        size = 1;
        while (is_digit(p->at[size]) || p->at[size] == '.') {
            size++;
        }
        take(p, NUMBER, size);
        if (is_letter(*p->at)) {
            stn__mistake(p->reader, place_of(p, p->at), "found a letter behind a number in %s, expected a space", p->in);
            p->failed = true;
        }
    } else {
        scan_operator(p);
    }
}

/* The next token as a level, which may look like a number or hold signs. */
static void
advance_level(parser *p)
{
    size_t size = 0;

    while (is_blank(*p->at)) {
        p->at++;
    }
    while (is_letter(p->at[size]) || is_digit(p->at[size]) || (size > 0 && p->at[size] != 0 && strchr(".+-", p->at[size]) != NULL)) {
        size++;
    }
    if (size > 0) {
        take(p, WORD, size);
    } else {
        advance(p);
    }
}

static bool
is_word(const token *t, const char *word)
{
    return t->kind == WORD && strlen(word) == t->size && memcmp(t->text, word, t->size) == 0;
}

static bool
accept_kind(parser *p, token_kind kind)
{
    if (p->failed || p->next.kind != kind) {
        return false;
    }
    advance(p);
    return true;
}

static void
want(parser *p, token_kind kind, const char *what)
{
    if (!accept_kind(p, kind)) {
        expected(p, what);
    }
}

static int32_t
add_node(parser *p, stn_cond_node node)
{
    if (p->node_count == NODES_MAX && !p->failed) {
        stn__mistake(p->reader, p->scalar->place, "found a condition of more than %d parts", NODES_MAX);
        p->failed = true;
    }
    if (p->failed) {
        return 0;
    }
    p->nodes = stn__grow(p->reader, p->nodes, p->node_count, &p->node_room, sizeof *p->nodes);
    p->nodes[p->node_count] = node;
    return p->node_count++;
}

static part
truth(int32_t node, const char *text)
{
    return (part) { .type = TRUTH, .node = node, .text = text };
}

/* A name in the scalar; "" if it is too long to be one. */
static const char *
name_of(parser *p, const token *t)
{
    return stn__text(p->reader, t->text, t->size > 200 ? 200 : t->size);
}

static void
unknown(parser *p, const char *what, const token *t, const char *const *names, int32_t count)
{
    const char *name = name_of(p, t);
    const char *of = p->population == NULL || strcmp(what, "list") == 0 ? "" : stn__print(p->reader, " of %s", p->population->name);

    stn__mistake(p->reader, place_of(p, t->text), "unknown %s %s%s%s", what, stn__quote(p->reader, name), of,
        stn__suggest(p->reader, name, names, count));
}

/* Adds a behaviour named in records(...) to a mask. */
static void
subject_behaviour(parser *p, const token *t, uint64_t *mask)
{
    const stn_world *world = p->scope->world;
    const char *name = name_of(p, t);
    const char **names;
    int32_t count = 0;

    if (world == NULL || p->population == NULL) {
        return;
    }
    names = stn__take(p->reader, (size_t) world->behaviour_count + 4, sizeof *names);
    for (int32_t number = 0; number < world->behaviour_count; number++) {
        const stn_behaviour *behaviour = &world->behaviours[number];
        bool same = strcmp(behaviour->name, name) == 0;
        if (behaviour->population == p->scope->population) {
            names[count++] = behaviour->name;
            if (same) {
                *mask |= (uint64_t) 1 << behaviour->local;
                return;
            }
        } else if (same && behaviour->population != STN_NONE) {
            stn__mistake(p->reader, place_of(p, t->text), "behaviour \"%s\" is of %s, expected one of %s", name,
                world->populations[behaviour->population].name, p->population->name);
            return;
        } else if (same) {
            return;
        }
    }
    names[count++] = "offence";
    names[count++] = "default";
    names[count++] = "merit";
    names[count++] = "any";
    unknown(p, "behaviour", t, names, count);
}

static const char *const kind_words[] = { "offence", "default", "merit", "any" };
enum { KIND_WORDS = 4 };

bool
stn__condition_reserves(const char *name)
{
    for (int32_t word = 0; word < KIND_WORDS; word++) {
        if (strcmp(name, kind_words[word]) == 0) {
            return true;
        }
    }
    return false;
}

/* subject = behaviour { "+" behaviour } | kind */
static uint64_t
subject(parser *p)
{
    const stn_world *world = p->scope->world;
    uint64_t mask = 0;

    for (int32_t kind = 0; kind < KIND_WORDS; kind++) {
        if (!is_word(&p->next, kind_words[kind])) {
            continue;
        }
        for (int32_t number = 0; world != NULL && number < world->behaviour_count; number++) {
            const stn_behaviour *behaviour = &world->behaviours[number];
            if (behaviour->population == p->scope->population && behaviour->population != STN_NONE
                && (kind == KIND_WORDS - 1 || (int32_t) behaviour->kind == kind)) {
                mask |= (uint64_t) 1 << behaviour->local;
            }
        }
        advance(p);
        return mask;
    }
    do {
        token name = p->next;
        if (stn__condition_reserves(name_of(p, &name))) {
            expected(p, "a behaviour; kinds of behaviours cannot be added up");
        }
        want(p, WORD, "a behaviour, offence, default, merit or any");
        if (!p->failed) {
            subject_behaviour(p, &name, &mask);
        }
    } while (accept_kind(p, PLUS));
    return mask;
}

/* "within" number unit */
static uint32_t
within(parser *p)
{
    token number, unit;
    const char *near;
    double minutes = 0;
    size_t size;

    advance(p);
    number = p->next;
    want(p, NUMBER, "a duration such as 5 years");
    unit = p->next;
    want(p, WORD, "a unit of time such as years");
    if (p->failed) {
        return 0;
    }
    size = (size_t) (unit.text + unit.size - number.text);
    if (stn__unit_read(STN__DURATION, number.text, size, &minutes, &near) != STN__FINE) {
        stn__mistake(p->reader, place_of(p, number.text), "found %s in a condition, expected %s%s",
            stn__quote_bytes(p->reader, number.text, size), stn__unit_expected(STN__DURATION),
            near == NULL ? "" : stn__print(p->reader, "; did you mean \"%s\"?", near));
        return 0;
    }
    if (minutes < 1) {
        stn__mistake(p->reader, place_of(p, number.text), "found %s in a condition, expected a duration of at least 1 minute",
            stn__quote_bytes(p->reader, number.text, size));
    }
    return (uint32_t) minutes;
}

static int32_t
add_term(parser *p, stn_term term)
{
    for (int32_t number = 0; number < p->term_count; number++) {
        const stn_term *other = &p->terms[number];
        if (other->behaviours == term.behaviours && other->within == term.within && other->confirmed == term.confirmed) {
            return number;
        }
    }
    p->terms = stn__grow(p->reader, p->terms, p->term_count, &p->term_room, sizeof *p->terms);
    p->terms[p->term_count] = term;
    return p->term_count++;
}

static part
records(parser *p, const char *text)
{
    stn_term term = { 0, STN_NEVER, p->scope->confirmed };
    bool has_within = false, has_state = false;

    want(p, OPEN, "\"(\"");
    if (!p->failed) {
        term.behaviours = subject(p);
    }
    while (accept_kind(p, COMMA)) {
        bool *has = is_word(&p->next, "within") ? &has_within : &has_state;
        if (!is_word(&p->next, "within") && !is_word(&p->next, "suspected") && !is_word(&p->next, "confirmed")) {
            expected(p, "within, suspected or confirmed");
        } else if (*has) {
            expected(p, "no second word of this kind");
        } else if (has == &has_within) {
            term.within = within(p);
        } else {
            term.confirmed = is_word(&p->next, "confirmed");
            advance(p);
        }
        *has = true;
    }
    want(p, CLOSE, "\",\" or \")\"");
    return (part) { .type = RECORDS, .term = p->failed ? 0 : add_term(p, term), .text = text };
}

/* "(" list ")": the list's number, or STN_NONE after a mistake. */
static int32_t
list_name(parser *p, token *name)
{
    const stn__names *lists = &p->scope->lists;
    int32_t list;

    want(p, OPEN, "\"(\"");
    *name = p->next;
    want(p, WORD, "the name of a list");
    want(p, CLOSE, "\")\"");
    if (p->failed) {
        return STN_NONE;
    }
    list = stn__names_find(lists, name_of(p, name));
    if (list == STN_NONE) {
        unknown(p, "list", name, lists->names, lists->count);
    }
    return list;
}

/* Checks that a list is of a population, as far as both are known. */
static void
check_list(parser *p, const token *name, int32_t list, int32_t population)
{
    const stn__cond_scope *scope = p->scope;
    int32_t of = scope->list_populations[list];

    if (population != STN_NONE && of != STN_NONE && of != population) {
        stn__mistake(p->reader, place_of(p, name->text), "list \"%s\" is of %s, expected one of %s", scope->lists.names[list],
            scope->world->populations[of].name, scope->world->populations[population].name);
    }
}

/* on(list), published(list) */
static part
list_mention(parser *p, stn_cond_op op, const char *text)
{
    stn__cond_scope *scope = p->scope;
    token name;
    int32_t list;

    list = list_name(p, &name);
    if (list == STN_NONE) {
        return truth(p->failed ? 0 : add_node(p, (stn_cond_node) { .op = STN_COND_NEVER }), text);
    }
    check_list(p, &name, list, p->population != NULL ? scope->population : STN_NONE);
    scope->refs = stn__grow(p->reader, scope->refs, scope->ref_count, &scope->ref_room, sizeof *scope->refs);
    scope->refs[scope->ref_count++] = (stn__list_ref) { list, place_of(p, name.text) };
    return truth(add_node(p, (stn_cond_node) { .op = op, .a = list }), text);
}

/* Checks that the world has the tie, and that the condition is about those who have it; gives
 * the population whose lists may be named, or STN_NONE. */
static int32_t
tie_population(parser *p, stn_cond_op op, const char *text)
{
    const stn_world *world = p->scope->world;
    bool household = op == STN_COND_HOUSEHOLD;
    const char *word = household ? "household" : "representative";
    bool given;
    int32_t has, named;

    if (world == NULL) {
        return STN_NONE;
    }
    given = household ? world->household.given : world->representative.given;
    has = household ? world->household.of : world->representative.is;
    named = household ? world->household.of : world->representative.of;
    if (!given) {
        stn__mistake(p->reader, place_of(p, text), "found %s() in a condition, but the world has no tie \"%s\"", word, word);
        return STN_NONE;
    }
    if (p->population != NULL && has != STN_NONE && has != p->scope->population) {
        stn__mistake(p->reader, place_of(p, text), "found %s() in a condition about %s, expected one about %s", word,
            p->population->name, world->populations[has].name);
    }
    return named;
}

/* household(list), representative(list): whoever is tied to the person */
static part
tie_mention(parser *p, stn_cond_op op, const char *text)
{
    int32_t named = tie_population(p, op, text), list;
    token name;

    list = list_name(p, &name);
    if (list == STN_NONE) {
        return truth(p->failed ? 0 : add_node(p, (stn_cond_node) { .op = STN_COND_NEVER }), text);
    }
    check_list(p, &name, list, named);
    return truth(add_node(p, (stn_cond_node) { .op = op, .a = list }), text);
}

/* The bit of a band among those of the population's rating; with an unknown
 * population any rating's will do. */
static uint64_t
band_bit(parser *p, const token *t)
{
    const stn__cond_scope *scope = p->scope;
    const char *name = name_of(p, t);
    stn__names known = { NULL, 0, 0 };

    for (int32_t number = 0; number < scope->rating_count; number++) {
        const stn_rating *rating = &scope->ratings[number];
        if (scope->population != STN_NONE && rating->population != scope->population) {
            continue;
        }
        for (int32_t band = 0; band < rating->band_count; band++) {
            stn__names_add(p->reader, &known, rating->bands[band].name);
            if (strcmp(rating->bands[band].name, name) == 0) {
                return (uint64_t) 1 << band;
            }
        }
    }
    unknown(p, "band", t, known.names, known.count);
    return 0;
}

static part
band(parser *p, const char *text)
{
    uint64_t mask = 0;

    want(p, OPEN, "\"(\"");
    do {
        token name = p->next;
        want(p, WORD, "the name of a band");
        mask |= p->failed ? 0 : band_bit(p, &name);
    } while (accept_kind(p, COMMA));
    want(p, CLOSE, "\",\" or \")\"");
    return truth(add_node(p, (stn_cond_node) { .op = STN_COND_BAND, .mask = mask }), text);
}

/* is(attribute, level, ...) */
static part
is_level(parser *p, const char *text)
{
    const stn_attribute *of = NULL;
    int32_t attribute = 0;
    bool *levels = NULL;
    token name;

    want(p, OPEN, "\"(\"");
    name = p->next;
    if (p->failed || name.kind != WORD) {
        expected(p, "the name of an attribute");
        return truth(0, text);
    }
    if (p->population != NULL) {
        attribute = stn__find_attribute(p->population, name_of(p, &name));
        if (attribute == STN_NONE) {
            stn__mistake(p->reader, place_of(p, name.text), "unknown attribute %s of %s%s", token_text(p, &name),
                p->population->name, stn__suggest_attribute(p->reader, p->population, name_of(p, &name)));
        } else {
            of = &p->population->attributes[attribute];
            levels = stn__take(p->reader, (size_t) of->level_count, sizeof *levels);
        }
    }
    advance(p);
    if (p->next.kind != COMMA) {
        expected(p, "\",\" and a level");
    }
    while (!p->failed && p->next.kind == COMMA) {
        int32_t level;
        advance_level(p);
        name = p->next;
        want(p, WORD, "a level");
        level = of == NULL || p->failed ? STN_NONE : stn__find_level(of, name.text, name.size);
        if (level != STN_NONE) {
            levels[level] = true;
        } else if (of != NULL && !p->failed) {
            stn__mistake(p->reader, place_of(p, name.text), "unknown level %s of %s%s", token_text(p, &name), of->name,
                stn__suggest(p->reader, name_of(p, &name), of->levels, of->level_count));
        }
    }
    want(p, CLOSE, "\",\" or \")\"");
    return truth(add_node(p, (stn_cond_node) { .op = STN_COND_IS, .a = attribute, .levels = levels }), text);
}

static part
whole_number(parser *p)
{
    token t = p->next;
    double value = 0;
    bool fine = stn__number_read(t.text, t.size, &value) == t.size && value >= -VALUE_MAX && value <= VALUE_MAX
        && value == (double) (int32_t) value;

    if (!fine) {
        expected(p, "a whole number from -100000 to 100000");
    } else {
        advance(p);
    }
    return (part) { .type = WHOLE, .value = fine ? (int32_t) value : 0, .text = t.text };
}

static part or_part(parser *p);

static part
primary_word(parser *p)
{
    static const char *const words[] = { "is", "records", "rating", "on", "published", "household", "representative", "band", "never", "always" };
    enum { WORDS = sizeof words / sizeof *words };
    token t = p->next;
    int32_t known = 0;

    while (known < WORDS && !is_word(&t, words[known])) {
        known++;
    }
    if (known == WORDS) {
        expected(p, stn__print(p->reader, "a condition%s", stn__suggest(p->reader, name_of(p, &t), words, WORDS)));
        return truth(0, t.text);
    }
    if (p->scope->cover && !is_word(&t, "is") && !is_word(&t, "never") && !is_word(&t, "always")) {
        expected(p, "is(); whom a rating covers cannot depend on more");
        return truth(0, t.text);
    }
    advance(p);
    if (is_word(&t, "records")) {
        return records(p, t.text);
    }
    if (is_word(&t, "rating")) {
        return (part) { .type = RATING, .text = t.text };
    }
    if (is_word(&t, "on") || is_word(&t, "published")) {
        return list_mention(p, is_word(&t, "on") ? STN_COND_ON : STN_COND_PUBLISHED, t.text);
    }
    if (is_word(&t, "household") || is_word(&t, "representative")) {
        return tie_mention(p, is_word(&t, "household") ? STN_COND_HOUSEHOLD : STN_COND_REPRESENTATIVE, t.text);
    }
    if (is_word(&t, "band")) {
        return band(p, t.text);
    }
    if (is_word(&t, "is")) {
        return is_level(p, t.text);
    }
    return truth(add_node(p, (stn_cond_node) { .op = is_word(&t, "never") ? STN_COND_NEVER : STN_COND_ALWAYS }), t.text);
}

static part
primary(parser *p)
{
    part inner = truth(0, p->next.text);

    if (p->failed) {
        return inner;
    }
    if (p->next.kind == NUMBER) {
        return whole_number(p);
    }
    if (p->next.kind == WORD) {
        return primary_word(p);
    }
    if (p->next.kind != OPEN) {
        expected(p, "a condition");
        return inner;
    }
    if (++p->depth > DEPTH_MAX) {
        expected(p, "at most 64 parentheses and nots within each other");
        return inner;
    }
    advance(p);
    inner = or_part(p);
    p->depth--;
    want(p, CLOSE, "\")\"");
    return inner;
}

static stn_compare
turned(stn_compare compare)
{
    static const stn_compare other[] = { STN_GT, STN_GE, STN_LT, STN_LE, STN_EQ, STN_NE };

    return other[compare];
}

static part
compared(parser *p, part left, part right, stn_compare compare)
{
    part subject_part = left.type == WHOLE ? right : left;
    int32_t value = left.type == WHOLE ? left.value : right.value;
    const char *number_text = left.type == WHOLE ? left.text : right.text;
    stn_cond_node node = { .op = STN_COND_RATING, .compare = left.type == WHOLE ? turned(compare) : compare, .value = value };

    if ((left.type == WHOLE) == (right.type == WHOLE) || left.type == TRUTH || right.type == TRUTH) {
        if (!p->failed) {
            stn__mistake(p->reader, place_of(p, left.text),
                "found a comparison of other things, expected rating or records() on one side and a number on the other");
        }
        p->failed = true;
    } else if (subject_part.type == RECORDS) {
        node.op = STN_COND_RECORDS;
        node.a = subject_part.term;
        if (value < 0 || value > RECORDS_VALUE_MAX) {
            stn__mistake(p->reader, place_of(p, number_text), "found %d compared with records(), expected 0 to %d", (int) value,
                RECORDS_VALUE_MAX);
        }
    }
    return truth(add_node(p, node), left.text);
}

static part
comparison(parser *p)
{
    part left = primary(p);
    stn_compare compare = p->next.compare;

    if (!accept_kind(p, COMPARE)) {
        return left;
    }
    left = compared(p, left, primary(p), compare);
    if (!p->failed && p->next.kind == COMPARE) {
        expected(p, "\"and\", \"or\" or the end; comparisons cannot be chained");
    }
    return left;
}

/* Refuses a number where something true or false must stand. */
static part
as_truth(parser *p, part operand)
{
    if (operand.type != TRUTH && !p->failed) {
        stn__mistake(p->reader, place_of(p, operand.text),
            "found a number in a condition, expected a comparison, such as %s >= 1",
            operand.type == RATING ? "rating" : "records(any)");
        p->failed = true;
    }
    return operand;
}

static part
not_part(parser *p)
{
    token t = p->next;
    part operand;

    if (p->failed || !is_word(&t, "not")) {
        return comparison(p);
    }
    if (++p->depth > DEPTH_MAX) {
        expected(p, "at most 64 parentheses and nots within each other");
        return truth(0, t.text);
    }
    advance(p);
    operand = as_truth(p, not_part(p));
    p->depth--;
    return truth(add_node(p, (stn_cond_node) { .op = STN_COND_NOT, .a = operand.node }), t.text);
}

/* Operands of one kind, joined from the left. */
static part
joined(parser *p, const char *word, stn_cond_op op, part (*operand)(parser *))
{
    part left = operand(p);

    while (!p->failed && is_word(&p->next, word)) {
        part right;
        left = as_truth(p, left);
        advance(p);
        right = as_truth(p, operand(p));
        left = truth(add_node(p, (stn_cond_node) { .op = op, .a = left.node, .b = right.node }), left.text);
    }
    return left;
}

static part
and_part(parser *p)
{
    return joined(p, "and", STN_COND_AND, not_part);
}

static part
or_part(parser *p)
{
    return joined(p, "or", STN_COND_OR, and_part);
}

void
stn__condition_read(stn__cond_scope *scope, const stn__node *node, stn_condition *out)
{
    parser p = { .scope = scope, .reader = scope->reader, .scalar = node, .in = "a condition" };
    part whole;

    *out = (stn_condition) { .root = STN_NONE };
    if (stn__scalar(scope->reader, node, "a condition") == NULL) {
        return;
    }
    out->text = node->text;
    out->place = node->place;
    if (scope->world != NULL && scope->population != STN_NONE) {
        p.population = &scope->world->populations[scope->population];
    }
    p.at = node->text;
    advance(&p);
    whole = as_truth(&p, or_part(&p));
    if (!p.failed && p.next.kind != END) {
        expected(&p, "\"and\", \"or\" or the end");
    }
    if (!p.failed) {
        out->nodes = p.nodes;
        out->node_count = p.node_count;
        out->root = whole.node;
        out->terms = p.terms;
        out->term_count = p.term_count;
    }
}

uint64_t
stn__subject_read(stn__cond_scope *scope, const stn__node *node)
{
    parser p = { .scope = scope, .reader = scope->reader, .scalar = node, .in = "what is counted" };
    uint64_t behaviours;

    if (stn__scalar(scope->reader, node, "behaviours added up by +, or a kind of them") == NULL) {
        return 0;
    }
    if (scope->world != NULL && scope->population != STN_NONE) {
        p.population = &scope->world->populations[scope->population];
    }
    p.at = node->text;
    advance(&p);
    behaviours = subject(&p);
    if (!p.failed && p.next.kind != END) {
        expected(&p, "\"+\" or the end");
    }
    return behaviours;
}
