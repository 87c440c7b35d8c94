/* SPDX-License-Identifier: Apache-2.0
 *
 * inside.h - what the files of this folder share.
 *
 * reach.c      what can happen at all under the rules
 * grounds.c    what leads to a door that closes, and how it can be contested
 * findings.c   what strikes one about the rules as such
 * european.c, rights.c, chinese.c   the criteria of law/criteria.csv, a function each
 * measured.c   figures from a result file
 * audit.c      the public calls
 * print.c, json.c   for a person, for a program
 *
 * Everything is said on the safe side: what is called impossible never happens
 * in a run, however long; what is called possible may still never happen. */
#ifndef STN_AUDIT_INSIDE_H
#define STN_AUDIT_INSIDE_H

#include <standing/audit.h>

#include "base/arena.h"
#include "plan/plan.h"

/* ------------------------------------------------------------------- reach */

/* What can happen to somebody of one population. Lists, bands and measures by
 * their local numbers, as bits. */
typedef struct stn__reach {
    bool *types;                  /* [record type]: there can be one */
    uint32_t terms;               /* records terms for which some record may count */
    uint32_t doubtful;            /* those of them for which one may count before its verdict */
    uint64_t seen[STN_TERMS_MAX]; /* [records term]: behaviours (local) of which some record may count */
    uint64_t scored;              /* behaviours whose points may count */
    bool points_doubtful;         /* points may count before the verdict */
    bool rated, unrated;          /* somebody is, is not */
    bool *ratings;                /* [rating - min] of those rated */
    uint64_t bands;
    uint32_t lists;      /* may be entered */
    uint32_t leaves;     /* whose `leave` may hold for somebody on it */
    uint32_t told, ties; /* notices, ties that may hold */
    uint64_t measures;   /* may hold */
} stn__reach;

/* One for each population. Returns 0 or STN_E_MEMORY. */
int stn__reach_find(const stn__plan *plan, stn__arena *arena, stn__reach *out, stn_error *err);

/* ----------------------------------------------------------------- grounds */

/* What can make a condition hold, through lists and ratings too. Behaviours by
 * population and local number. */
typedef struct stn__grounds {
    uint64_t counted[STN_POPULATIONS_MAX];           /* by records(...) */
    uint64_t scored[STN_POPULATIONS_MAX];            /* by points they take away, or a ladder */
    uint64_t praised[STN_POPULATIONS_MAX];           /* by points they give */
    bool lists[STN_LISTS_MAX * STN_POPULATIONS_MAX]; /* numbers in the regime */
    bool rating;                                     /* a rating is asked */
    bool household, representative;                  /* so is who is tied to somebody */
    bool doubtful;                                   /* a record may do it before its verdict */
} stn__grounds;

/* A measure that closes doors, or a published blacklist, with what leads to it. */
typedef struct stn__effect {
    int32_t measure, list; /* number in the regime; one is STN_NONE */
    int32_t population, agency;
    stn_place place;
    stn__grounds grounds;
} stn__effect;

/* What due process there is for the records that lead to some effects: of how
 * many pairs of a behaviour and an agency that makes records of it. */
typedef struct stn__safeguards {
    int32_t pairs, judged, noticed, contested, suspended, corrected, repaired, settled, forgotten;
    int32_t slowest;          /* days that the slowest objection or appeal takes, without its queue */
    bool queue;               /* some wait for a desk */
    const stn_process *first; /* one that is there, or NULL */
    const char *bare;         /* the first pair that cannot be contested, in words; or NULL */
    const char *unwarned;     /* the first pair without notice */
    const char *unmended;     /* the first pair that nothing the person does can end */
} stn__safeguards;

/* ----------------------------------------------------------------- opinions */

typedef enum stn__verdict {
    STN__MET,
    STN__BROKEN,
    STN__PARTLY,
    STN__UNDECIDED,
    STN__NO_MATTER,
    STN__VERDICTS
} stn__verdict;

typedef struct stn__clause {
    stn_place place; /* line 0: nowhere */
    const char *text;
} stn__clause;

enum { STN__CLAUSES_MAX = 12 };

/* Figures of a result file. */
typedef enum stn__figure {
    STN__RESTRICTED,
    STN__WRONGLY,
    STN__SUSPECTED,
    STN__CONTESTED,
    STN__RETURNED,
    STN__NAMED,
    STN__BLOCKED,
    STN__UNEQUAL,
    STN__MENDED,
    STN__MISTAKEN,
    STN__RATED,
    STN__LISTED,
    STN__FIGURES
} stn__figure;

typedef struct stn__opinion {
    stn__verdict verdict;
    const char *why;
    int32_t clause_count, clauses_more; /* kept, and not kept */
    stn__clause clauses[STN__CLAUSES_MAX];
    const char *data; /* what would decide or weigh it; NULL: nothing */
    uint32_t figures; /* bit of each figure that bears on it */
} stn__opinion;

/* Something that strikes one, whatever the law. */
typedef struct stn__finding {
    const char *kind;         /* e.g. "never holds"; see findings.c */
    const char *of, *subject; /* e.g. "list", "untrustworthy" */
    int32_t population;       /* or STN_NONE */
    stn_place place;
    const char *why;
} stn__finding;

typedef struct stn__figure_found {
    stn__figure figure;
    const char *text;     /* in words, with its unit */
    const char *counters; /* that it comes from */
    const char *name;     /* for a program */
    bool known;           /* false: the counters cannot tell; then no value */
    double value;
} stn__figure_found;

/* A regime under audit: all that the deciding functions see. */
typedef struct stn__case {
    const stn_study *study;
    const stn_regime *regime;
    const stn__plan *plan;
    const stn__reach *reach;           /* [population] */
    const uint64_t *makers;            /* [behaviour of the world]: agencies that make records of it, as bits */
    bool persons[STN_POPULATIONS_MAX]; /* natural persons, as far as the world shows */
    int32_t effect_count;              /* all that closes doors and can hold, then published blacklists */
    const stn__effect *effects;
    int32_t door_effects;   /* how many of them close doors */
    stn__opinion *opinions; /* [criterion], those decided so far */
    stn__arena *arena;
    bool failed; /* no memory for a text */
} stn__case;

/* A text that lives as long as the audit; "" after running out of memory. */
const char *stn__case_text(stn__case *c, const char *format, ...) STN_PRINTF(2, 3);
/* A list of words "a, b and c", of which the first few are named. */
typedef struct stn__naming {
    stn__case *c;
    const char *text;
    int32_t count;
} stn__naming;
void stn__naming_add(stn__naming *words, const char *word);
const char *stn__naming_text(stn__naming *words);

void stn__decide(stn__case *c, stn__opinion *o, stn__verdict verdict, const char *format, ...) STN_PRINTF(4, 5);
void stn__clause_add(stn__case *c, stn__opinion *o, stn_place place, const char *format, ...) STN_PRINTF(4, 5);

/* Whether some effect hangs on a behaviour (a number in the world). */
bool stn__leads(const stn__case *c, int32_t behaviour);
int stn__effects_find(stn__case *c, stn_error *err);
/* Whether an effect is one that closes doors, of persons only if so asked. */
bool stn__effect_asked(const stn__case *c, const stn__effect *effect, bool doors, bool persons);
stn__safeguards stn__safeguards_find(stn__case *c, bool doors, bool persons);
/* Behaviours that an effect hangs on, of a population. */
uint64_t stn__grounds_all(const stn__grounds *grounds, int32_t population);
/* "measures.no_travel" and the like, with its population if there are several. */
const char *stn__effect_name(stn__case *c, const stn__effect *effect);
/* Whether somebody else closes the doors than who makes records of a behaviour (a
 * number in the world). False where nobody is named who does. */
bool stn__elsewhere(const stn__case *c, const stn__effect *effect, int32_t behaviour);
/* Whether a condition asks for a rating or a band itself. */
bool stn__grounds_rating(const stn_condition *condition);
/* Whether a rating can put somebody on a list, through other lists too. */
bool stn__list_scored(const stn__case *c, int32_t list);
/* Whether a list can be left, by a term or because `leave` may hold. */
bool stn__list_ends(const stn__case *c, const stn_list *list);
/* Whether a name or title has one of some words, which end with NULL. */
const char *stn__word_in(const char *name, const char *title, const char *const *words);

/* Findings, in a fixed order; returns 0 or STN_E_MEMORY. */
int stn__findings_find(stn__case *c, const stn__finding **out, int32_t *count, stn_error *err);

/* ------------------------------------------------------------------ criteria */

typedef struct stn__criterion {
    const char *id, *instrument, *article, *asks, *violation, *hint, *reliability, *source;
    void (*decide)(stn__case *c, stn__opinion *o);
} stn__criterion;

extern const stn__criterion stn__criteria[];
extern const int32_t stn__criteria_count;
/* The opinion on a criterion that stands before this one in the table. */
const stn__opinion *stn__opinion_of(const stn__case *c, const char *id);
/* Whether a criterion rests on memory alone. */
bool stn__criterion_remembered(const stn__criterion *criterion);

/* ------------------------------------------------- for criteria (criteria.c) */

/* How many effects of a kind there are; each can be added as a clause. */
int32_t stn__effects_count(const stn__case *c, bool doors, bool persons);
void stn__effects_cite(stn__case *c, stn__opinion *o, bool doors, bool persons);
/* Decides that a criterion does not apply where nothing of the kind is there; true if so. */
bool stn__no_effects(stn__case *c, stn__opinion *o, bool doors, bool persons);
/* Met, partly or broken by how many of all have it. */
stn__verdict stn__verdict_of(int32_t have, int32_t all);
/* Ratings of persons that somebody is rated by; how many agencies record what one counts. */
const stn_rating *stn__rating_of_persons(const stn__case *c);
int32_t stn__rating_agencies(stn__case *c, const stn_rating *rating, int32_t *behaviours);
/* Effects that hang on a rating, cited; how many agencies they belong to. */
int32_t stn__rating_uses(stn__case *c, stn__opinion *o);
/* Cites the clause by which records count on suspicion; false if none does. */
bool stn__doubt_cite(stn__case *c, stn__opinion *o, bool doors, bool persons);
/* Cites what cannot be left or is kept without end among lists that lead to effects. */
int32_t stn__endless_cite(stn__case *c, stn__opinion *o, bool persons);
/* The same of lists that time alone does not end. */
int32_t stn__termless_cite(stn__case *c, stn__opinion *o, bool persons);
/* Behaviours that effects hang on whose name or title has one of some words; cited. */
int32_t stn__grounds_named(stn__case *c, stn__opinion *o, bool persons, const char *const *words);
/* Doors that effects close whose name or title has one of some words; cited. */
int32_t stn__doors_named(stn__case *c, stn__opinion *o, bool persons, const char *const *words);

/* -------------------------------------------------------------------- audit */

struct stn_audit {
    stn__arena *arena; /* owned: everything below too */
    stn__case c;
    stn__plan *plan;   /* owned */
    const char *below; /* taken off the front of paths; or NULL */
    int32_t finding_count;
    const stn__finding *findings;
    bool measured;
    const char *result; /* the result file's path */
    int32_t figure_count;
    const stn__figure_found *figures;
};

/* Reads the figures of a regime from a result file. */
int stn__figures_read(stn_audit *audit, const char *path, stn_error *err);

const char *stn__verdict_word(stn__verdict verdict);
/* The path to show of a place's file. */
const char *stn__place_path(const stn_audit *audit, stn_place place);

#endif
