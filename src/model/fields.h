/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.h - the one table of everything that may stand in a file.
 *
 * A shape is a kind of mapping, a field one of its keys. The reader takes its
 * checks, defaults and units from here, and stn_schema() its schemas, so that
 * the two cannot differ. */
#ifndef STN_MODEL_FIELDS_H
#define STN_MODEL_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/number.h"

typedef enum {
    STN__VERSION,             /* the field's one word */
    STN__TEXT, STN__WORD,     /* any text; one of `words` */
    STN__YES_NO,              /* `yes` or `no` */
    STN__NAME, STN__NAMES,    /* declared elsewhere; one or a list of them */
    STN__CITE,                /* one or a list of keys of `sources` */
    STN__PATH, STN__PATHS,
    STN__CONDITION,
    STN__QUANTITY,            /* a number, or {value, cite, why, ...} */
    STN__NUMBER,              /* a number without evidence */
    STN__SEED,
    STN__INNER,               /* a mapping of shape `inner` */
    STN__MAP,                 /* names, each with a mapping of shape `inner` */
    STN__LIST,                /* mappings of shape `inner` */
    STN__QUANTITIES,          /* names, each with a quantity */
    STN__NUMBERS,             /* levels, each with a number */
    STN__RATIOS,              /* attributes, each with levels, each with a factor */
    STN__PAIRS,               /* names or levels, each with [first, last] */
    STN__RANGE,               /* [first, last] */
    STN__BOUNDS,              /* [low, high] of the quantity that it stands in */
    STN__CHOICE,              /* a quantity, or a mapping of shape `inner` */
    STN__SUBJECT,             /* what records(...) counts */
    STN__MOVES,               /* bands, each with a list of points */
    STN__NAMES_OR_NONE,       /* like STN__NAMES, but may be an empty list */
    STN__PICK,                /* [attribute, [level, ...]] */
    STN__LEVEL_SETS,          /* attributes, each with one or a list of levels */
    STN__NAME_SETS            /* levels, each with one or a list of names */
} stn__field_type;

typedef struct stn__shape stn__shape;

typedef struct stn__field {
    const char *key;
    stn__field_type type;
    bool required;
    bool ratios;              /* quantity: may have `ratios` */
    bool forget;              /* quantity: may have `forget` */
    bool lasting;             /* quantity: at least 1 minute; so is any with a `word` */
    stn__unit unit;
    const char *word;         /* quantity: this word stands for never */
    const char *prefix;       /* quantity: this word stands before it */
    double fallback;          /* what it is when left out, unit removed */
    const char *shown;        /* the same for people; NULL: nothing to say */
    const char *const *words; /* STN__WORD, STN__YES_NO: ended by NULL; STN__VERSION: the one */
    const stn__shape *inner;
    bool held;                /* decoded straight to `offset` of its structure */
    size_t offset;
    const char *meaning;
} stn__field;

struct stn__shape {
    const char *name;
    int32_t count;
    const stn__field *fields;
};

extern const stn__shape stn__shape_world, stn__shape_regime, stn__shape_study;
extern const stn__shape stn__shape_source, stn__shape_population, stn__shape_attribute, stn__shape_joint,
    stn__shape_ties, stn__shape_household, stn__shape_representative, stn__shape_learning, stn__shape_money, stn__shape_strains,
    stn__shape_life, stn__shape_deaths, stn__shape_arrivals,
    stn__shape_behaviour, stn__shape_deterrence, stn__shape_settles, stn__shape_door;
extern const stn__shape stn__shape_agency, stn__shape_detection, stn__shape_false_record,
    stn__shape_adjudication, stn__shape_settlement, stn__shape_rating, stn__shape_list, stn__shape_measure,
    stn__shape_sharing, stn__shape_route, stn__shape_fine, stn__shape_unpaid, stn__shape_process, stn__shape_petition,
    stn__shape_repair, stn__shape_pardon, stn__shape_ladder, stn__shape_part;
/* A quantity written as a mapping; `value` has the unit of its field. */
extern const stn__shape stn__shape_quantity, stn__shape_quantity_ratios, stn__shape_quantity_forget;

/* A shape's field; the key must exist. */
const stn__field *stn__shape_field(const stn__shape *shape, const char *key);

#endif
