/* SPDX-License-Identifier: Apache-2.0
 *
 * compare.c - regime against regime, on the same lives.
 *
 * The difference is taken within each replicate, where the same people live under
 * both, and only then over replicates: what chance does to a city is in both and
 * falls away. The variance ratio says how much that is. */
#include <standing/results.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "results/outcomes.h"
#include "results/statistics.h"
#include "base/text.h"

enum { FEW_REPLICATES = 10 };

/* What table `effect` says of one measure and subject in one cell, over all replicates. */
typedef struct parts {
    const char *measure, *subject;
    int32_t cell;
    bool known, moved;  /* who had any under which; how much more and less people had */
    double a_only, b_only, both, added, removed;
} parts;

typedef struct comparison {
    stn__book *book;
    FILE *out;
    bool json;
    int32_t population, a, b;
    stn__cells cells;
    stn__outcomes of_a, of_b;
    bool parted;     /* the file has this pair in table `effect` */
    int32_t part_count, part_room;
    parts *all;      /* owned */
} comparison;

/* An outcome of a cell under both regimes. */
typedef struct row {
    const stn__outcome_kind *kind;
    const char *subject;
    stn__sample a, b, difference;
    double error, half;     /* of the difference: standard error, half of the 95 % interval */
    double people, gain;    /* people of the cell; variance unpaired over paired, INFINITY if paired never varies */
    bool same;              /* the difference is 0 in each replicate, and nobody was parted */
    parts *parts;           /* NULL: not known */
} row;

/* ------------------------------------------------------------------- parts */

static parts *
parts_of(const comparison *c, const char *measure, const char *subject, int32_t cell)
{
    for (int32_t i = 0; measure != NULL && i < c->part_count; i++) {
        parts *p = &c->all[i];
        if (p->cell == cell && strcmp(p->measure, measure) == 0 && strcmp(p->subject, subject) == 0) {
            return p;
        }
    }
    return NULL;
}

static parts *
parts_add(comparison *c, const char *measure, const char *subject, int32_t cell)
{
    if (c->part_count == c->part_room) {
        int32_t room = c->part_room == 0 ? 256 : 2 * c->part_room;
        parts *all = realloc(c->all, (size_t) room * sizeof *all);
        if (all == NULL) {
            return NULL;
        }
        c->all = all;
        c->part_room = room;
    }
    c->all[c->part_count] = (parts){ .cell = cell, .known = true, .moved = true };
    c->all[c->part_count].measure = stn__arena_text(c->book->arena, measure, strlen(measure));
    c->all[c->part_count].subject = stn__arena_text(c->book->arena, subject, strlen(subject));
    return &c->all[c->part_count++];
}

/* Adds one row of the query below, exchanged if the pair is kept the other way round. */
static int
parts_take(comparison *c, sqlite3_stmt *each, bool exchanged, stn_error *err)
{
    const char *measure = (const char *) sqlite3_column_text(each, 0),
               *subject = (const char *) sqlite3_column_text(each, 1);
    int64_t group = sqlite3_column_int64(each, 2);
    parts *p;

    if (measure == NULL || subject == NULL || group < 0 || group >= c->book->populations[c->population].groups) {
        return stn__fail(err, STN_E_IO, "%s: the file is damaged (an effect on nobody)", c->book->path);
    }
    p = parts_of(c, measure, subject, c->cells.of_group[group]);
    if (p == NULL) {
        p = parts_add(c, measure, subject, c->cells.of_group[group]);
    }
    if (p == NULL || p->measure == NULL || p->subject == NULL) {
        return stn__fail(err, STN_E_MEMORY, "%s: no memory", c->book->path);
    }
    p->known = p->known && sqlite3_column_type(each, 3) != SQLITE_NULL;
    p->moved = p->moved && sqlite3_column_type(each, 6) != SQLITE_NULL;
    p->a_only += sqlite3_column_double(each, exchanged ? 4 : 3);
    p->b_only += sqlite3_column_double(each, exchanged ? 3 : 4);
    p->both += sqlite3_column_double(each, 5);
    p->added += sqlite3_column_double(each, exchanged ? 7 : 6);
    p->removed += sqlite3_column_double(each, exchanged ? 6 : 7);
    return 0;
}

static int
parts_read(comparison *c, stn_error *err)
{
    sqlite3_stmt *each = NULL;
    bool exchanged = c->a > c->b;
    int step = SQLITE_DONE, ret = stn__db_prepare(&c->book->db, "SELECT measure, subject, grp, sum(a_only), sum(b_only),"
        " sum(both), sum(added), sum(removed) FROM effect WHERE population = ?1 AND regime_a = ?2 AND regime_b = ?3"
        " GROUP BY measure, subject, grp", &each, err);

    if (ret == 0) {
        sqlite3_bind_int(each, 1, c->population);
        sqlite3_bind_int(each, 2, exchanged ? c->b : c->a);
        sqlite3_bind_int(each, 3, exchanged ? c->a : c->b);
    }
    while (ret == 0 && (step = sqlite3_step(each)) == SQLITE_ROW) {
        ret = parts_take(c, each, exchanged, err);
    }
    if (ret == 0 && step != SQLITE_DONE) {
        ret = stn__db_fail(&c->book->db, err);
    }
    sqlite3_finalize(each);
    c->parted = c->part_count > 0;
    return ret;
}

/* ---------------------------------------------------------------- comparing */

static bool
all_zero(const double *values, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (!isnan(values[i]) && values[i] != 0) {
            return false;
        }
    }
    return true;
}

static bool
all_equal(const double *a, const double *b, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (isnan(a[i]) != isnan(b[i]) || (!isnan(a[i]) && a[i] != b[i])) {
            return false;
        }
    }
    return true;
}

/* One outcome in one cell. False if there is nothing to say: nobody has any under either. */
static bool
row_make(const comparison *c, int32_t outcome, int32_t cell, row *out)
{
    int32_t replicates = c->book->replicates;
    const stn__outcome *a = &c->of_a.all[outcome], *b = &c->of_b.all[outcome];
    const double *x = a->values + (size_t) cell * (size_t) replicates,
                 *y = b->values + (size_t) cell * (size_t) replicates;
    double unpaired;

    *out = (row){ .kind = a->kind, .subject = a->subject };
    if (all_zero(x, replicates) && all_zero(y, replicates)) {
        return false;
    }
    out->a = stn__sample_of(x, replicates);
    out->b = stn__sample_of(y, replicates);
    out->difference = stn__sample_of_pairs(x, y, replicates);
    out->error = stn__standard_error(&out->difference);
    out->half = stn__half_width(&out->difference);
    out->people = stn__sample_of(c->cells.people + (size_t) cell * (size_t) replicates, replicates).mean;
    out->parts = parts_of(c, a->kind->measure, a->subject, cell);
    out->same = all_equal(x, y, replicates)
        && (out->parts == NULL
            || (out->parts->a_only == 0 && out->parts->b_only == 0 && out->parts->added == 0
                && out->parts->removed == 0));
    unpaired = out->a.variance + out->b.variance;
    out->gain = unpaired == 0 ? NAN : out->difference.variance == 0 ? INFINITY : unpaired / out->difference.variance;
    if (out->same || out->difference.count < 2) {
        out->error = out->half = out->gain = NAN;
    }
    return true;
}

static double
unit_of(const row *r, double value)
{
    return r->kind->unit == STN__MINUTES ? value / STN_MINUTES_PER_YEAR : value;
}

/* Whether the outcome is an amount that a thousand people have so much of. */
static bool
is_amount(const row *r)
{
    return r->kind->unit != STN__SHARE && r->kind->unit != STN__YEARS_LONG;
}

/* ------------------------------------------------------------------- people */

enum { LABEL = 32, VALUE = 11, NARROW = 9, LINE = 140 };

static const char *
value_text(const row *r, double value, bool sign, char text[STN__TEXT])
{
    if (r->kind->unit == STN__SHARE && !isnan(value)) {
        snprintf(text, STN__TEXT, sign ? "%+.1f pp" : "%.1f %%", 100 * value);
        return text;
    }
    return stn__short(unit_of(r, value), sign, text);
}

static void
parts_put(const comparison *c, const row *r)
{
    const parts *p = r->parts;
    char one[STN__TEXT], two[STN__TEXT], three[STN__TEXT];
    double n = c->book->replicates;

    if (p == NULL || r->same) {
        return;
    }
    if (p->known && r->kind->unit == STN__PEOPLE) {
        fprintf(c->out, "    under A alone %s, under B alone %s, under both %s\n",
            stn__short(p->a_only / n, false, one), stn__short(p->b_only / n, false, two),
            stn__short(p->both / n, false, three));
    } else if (p->known && r->kind->unit == STN__TIMES) {
        fprintf(c->out, "    deterred %s, provoked %s, done under both %s\n", stn__short(p->a_only / n, false, one),
            stn__short(p->b_only / n, false, two), stn__short(p->both / n, false, three));
    } else if (p->moved && r->kind->unit == STN__MINUTES) {
        fprintf(c->out, "    more for some, %s in all; less for some, %s\n",
            stn__short(unit_of(r, p->added / n), false, one), stn__short(unit_of(r, p->removed / n), false, two));
    }
}

/* In per cent; one that rounds to nothing has no sign. */
static void
change_text(double change, char text[STN__TEXT])
{
    bool nothing = change > -0.05 && change < 0.05;

    if (isnan(change)) {
        snprintf(text, STN__TEXT, "-");
    } else {
        snprintf(text, STN__TEXT, nothing ? "0.0 %%" : "%+.1f %%", nothing ? 0 : change);
    }
}

static void
row_put(const comparison *c, const row *r, const char *label)
{
    char a[STN__TEXT], b[STN__TEXT], difference[STN__TEXT], half[STN__TEXT], thousand[STN__TEXT], change[STN__TEXT],
        gain[STN__TEXT];
    double amount = r->people > 0 && is_amount(r) ? 1000 * unit_of(r, r->difference.mean) / r->people : NAN;

    if (strlen(label) >= LABEL) { /* on a line of its own */
        fprintf(c->out, "%s\n", label);
        label = "";
    }
    fprintf(c->out, "%-*s%*s%*s", LABEL, label, VALUE, value_text(r, r->a.mean, false, a), VALUE,
        value_text(r, r->b.mean, false, b));
    if (r->same) {
        fprintf(c->out, "   no difference\n");
        return;
    }
    change_text(100 * r->difference.mean / (r->a.mean == 0 ? NAN : r->a.mean), change);
    fprintf(c->out, "%*s%*s%*s%*s%*s\n", VALUE, value_text(r, r->difference.mean, true, difference), NARROW + 1,
        value_text(r, r->half, false, half), NARROW, stn__short(amount, true, thousand), NARROW + 1, change, NARROW - 2,
        stn__short(r->gain, false, gain));
}

static void
head_put(const comparison *c, const char *first)
{
    fprintf(c->out, "%-*s%*s%*s%*s%*s%*s%*s%*s\n", LABEL, first, VALUE, "A", VALUE, "B", VALUE, "difference", NARROW + 1, "+- (95 %)",
        NARROW, "per 1000", NARROW + 1, "change", NARROW - 2, "gain");
}

static void
label_of(const row *r, char *text, size_t room)
{
    snprintf(text, room, "%s%s%s", r->kind->label, r->subject[0] != '\0' ? " " : "", r->subject);
}

static void
cells_put(const comparison *c)
{
    char label[LINE], text[LINE + 60], whole[STN__TEXT];
    bool small = false;

    for (int32_t o = 0; o < c->of_a.count; o++) {
        bool begun = false;
        for (int32_t cell = 0; c->of_a.all[o].kind->headline && cell < c->cells.count; cell++) {
            row r;
            if (!row_make(c, o, cell, &r)) {
                continue;
            }
            if (!begun) {
                label_of(&r, label, sizeof label);
                putc('\n', c->out);
                head_put(c, label);
                begun = true;
            }
            stn__cell_label(&c->cells, cell, label, sizeof label);
            snprintf(text, sizeof text, "  %s%s (%s)", r.people < STN__SMALL_CELL ? "! " : "", label,
                stn__short(r.people, false, whole));
            small = small || r.people < STN__SMALL_CELL;
            row_put(c, &r, text);
        }
    }
    fprintf(c->out, "\nIn brackets: people who ever were there.%s\n",
        small ? " !: fewer than 30 of them; read with care." : "");
}

static void
warning_put(const comparison *c)
{
    int32_t n = c->book->replicates;

    if (n == 1) {
        fprintf(c->out, "\nOne replicate: there is no interval, and chance may be behind any of these differences. Live more:\n"
            "standing run --replicates 20 ...\n");
    } else if (n < FEW_REPLICATES) {
        fprintf(c->out,
            "\nOnly %d replicates: an interval is %.2f standard errors to each side (1.96 with many), and the "
            "standard\n"
            "error itself is known to about +-%.0f %%. Claim no more than that.\n",
            (int) n, stn__t_quantile(n - 1, 0.95), 100 / sqrt(2.0 * (n - 1)));
    }
}

static void
whole_put(const comparison *c, int32_t count)
{
    char label[LINE];

    putc('\n', c->out);
    head_put(c, "");
    for (int32_t o = 0; o < count; o++) {
        row r;
        if (row_make(c, o, 0, &r)) {
            label_of(&r, label, sizeof label);
            row_put(c, &r, label);
            parts_put(c, &r);
        }
    }
}

/* --------------------------------------------------------------------- JSON */

static void
row_json(const comparison *c, const row *r, int32_t cell, bool first)
{
    static const char *const units[] = { [STN__PEOPLE] = "people", [STN__MINUTES] = "years", [STN__TIMES] = "times",
        [STN__YUAN] = "yuan", [STN__SHARE] = "share", [STN__YEARS_LONG] = "years" };
    double thousand = r->people > 0 && is_amount(r) ? 1000 / r->people : NAN, n = c->book->replicates;
    double difference = unit_of(r, r->difference.mean), half = unit_of(r, r->half);

    fprintf(c->out, "%s\n      {", first ? "" : ",");
    stn__json_pair(c->out, true, "outcome", r->kind->key);
    stn__json_pair(c->out, false, "subject", r->subject);
    stn__json_pair(c->out, false, "unit", units[r->kind->unit]);
    fprintf(c->out, ", \"levels\": ");
    stn__cell_json(c->out, c->book, &c->cells, cell);
    stn__json_number(c->out, "people", r->people);
    fprintf(c->out, ", \"small\": %s, \"no_difference\": %s, \"replicates\": %d", r->people < STN__SMALL_CELL ? "true" : "false",
        r->same ? "true" : "false", (int) r->difference.count);
    stn__json_number(c->out, "a", unit_of(r, r->a.mean));
    stn__json_number(c->out, "b", unit_of(r, r->b.mean));
    stn__json_number(c->out, "difference", difference);
    stn__json_number(c->out, "standard_error", unit_of(r, r->error));
    stn__json_number(c->out, "low", difference - half);
    stn__json_number(c->out, "high", difference + half);
    stn__json_number(c->out, "per_1000", difference * thousand);
    stn__json_number(c->out, "per_1000_low", (difference - half) * thousand);
    stn__json_number(c->out, "per_1000_high", (difference + half) * thousand);
    stn__json_number(c->out, "relative", r->a.mean != 0 ? r->difference.mean / r->a.mean : NAN);
    stn__json_number(c->out, "variance_ratio", r->gain);
    fprintf(c->out, ", \"always_the_same\": %s", isinf(r->gain) ? "true" : "false");
    if (r->parts != NULL && r->kind->unit == STN__MINUTES) {
        stn__json_number(c->out, "added", r->parts->moved ? unit_of(r, r->parts->added / n) : NAN);
        stn__json_number(c->out, "removed", r->parts->moved ? unit_of(r, r->parts->removed / n) : NAN);
    } else if (r->parts != NULL) {
        bool known = r->parts->known;
        stn__json_number(c->out, "a_only", known ? r->parts->a_only / n : NAN);
        stn__json_number(c->out, "b_only", known ? r->parts->b_only / n : NAN);
        stn__json_number(c->out, "both", known ? r->parts->both / n : NAN);
    }
    putc('}', c->out);
}

static bool
rows_json(const comparison *c, bool whole, bool first)
{
    for (int32_t o = 0; o < c->of_a.count; o++) {
        for (int32_t cell = 0; cell < c->cells.count; cell++) {
            row r;
            if (row_make(c, o, cell, &r)) {
                row_json(c, &r, whole ? -1 : cell, first);
                first = false;
            }
        }
    }
    return first;
}

/* -------------------------------------------------------------------- pairs */

/* Reads the pair by some attributes, or (`by_count` 0) for everybody together. */
static int
pair_read(comparison *c, const int32_t *by, int32_t by_count, stn_error *err)
{
    int ret = stn__cells_read(c->book, c->population, by, by_count, &c->cells, err);

    c->part_count = 0;
    if (ret == 0
        && (ret = stn__outcomes_read(
                c->book, c->population, c->a, stn__outcome_kinds, stn__outcome_kind_count, &c->cells, &c->of_a, err))
            == 0
        && (ret = stn__outcomes_read(
                c->book, c->population, c->b, stn__outcome_kinds, stn__outcome_kind_count, &c->cells, &c->of_b, err))
            == 0) {
        ret = parts_read(c, err);
    }
    return ret;
}

/* Whether no outcome differs, for anybody and in any replicate. */
static bool
pair_same(const comparison *c)
{
    for (int32_t i = 0; i < c->part_count; i++) {
        const parts *p = &c->all[i];
        if (p->a_only != 0 || p->b_only != 0 || p->added != 0 || p->removed != 0) {
            return false;
        }
    }
    for (int32_t o = 0; o < c->of_a.count; o++) {
        row r;
        if (row_make(c, o, 0, &r) && !r.same) {
            return false;
        }
    }
    return true;
}

static void
pair_begin(const comparison *c, bool same)
{
    const stn__book *book = c->book;
    char people[STN__TEXT];
    double all = stn__sample_of(c->cells.people, book->replicates).mean;

    if (c->json) {
        fprintf(c->out, "\n    {");
        stn__json_pair(c->out, true, "population", book->populations[c->population].name);
        stn__json_pair(c->out, false, "a", book->regimes[c->a].name);
        stn__json_pair(c->out, false, "b", book->regimes[c->b].name);
        stn__json_number(c->out, "people", all);
        fprintf(c->out, ", \"no_difference\": %s, \"outcomes\": [", same ? "true" : "false");
        return;
    }
    fprintf(c->out, "\n%s: B, %s, against A, %s\n%s who ever were there; %d %s of %g years.\n",
        book->populations[c->population].name, book->regimes[c->b].name, book->regimes[c->a].name,
        stn__short(all, false, people), (int) book->replicates, book->replicates == 1 ? "replicate" : "replicates",
        (double) book->horizon / STN_MINUTES_PER_YEAR);
    if (same) {
        fprintf(c->out, "No difference: to everybody the same happens under both, in each replicate.\n");
    }
}

/* One population under two regimes: everybody, then cell by cell. */
static int
pair_put(comparison *c, const int32_t *by, int32_t by_count, stn_error *err)
{
    int ret = pair_read(c, by, 0, err);
    bool same = ret == 0 && pair_same(c), first = true;

    if (ret != 0) {
        return ret;
    }
    pair_begin(c, same);
    if (c->json) {
        first = rows_json(c, true, true);
    } else if (!same) {
        whole_put(c, c->of_a.count);
    }
    if (by_count > 0) {
        ret = pair_read(c, by, by_count, err);
        if (ret == 0 && c->cells.by_count > 0 && c->json) {
            (void) rows_json(c, false, first);
        } else if (ret == 0 && c->cells.by_count > 0 && !same) {
            cells_put(c);
        }
    }
    if (c->json) {
        fprintf(c->out, "]}");
    } else if (!same) {
        warning_put(c);
    }
    return ret;
}

static int
options_find(const stn__book *book, const stn_compare_options *options, int32_t *a, int32_t *b, int32_t *by,
    int32_t *by_count, stn_error *err)
{
    int ret = 0;

    *a = 0;
    *b = STN_NONE;
    *by_count = 0;
    if (options->a != NULL) {
        ret = stn__book_regime(book, options->a, a, err);
    }
    if (ret == 0 && options->b != NULL) {
        ret = stn__book_regime(book, options->b, b, err);
    }
    if (ret == 0 && options->by != NULL) {
        ret = stn__book_by(book, options->by, by, by_count, err);
    }
    if (ret == 0 && *a == *b) {
        ret = stn__fail(err, STN_E_ARGUMENT, "'%s' is to be compared with another regime, not with itself", options->a);
    }
    if (ret == 0 && book->regime_count == 1) {
        ret = stn__fail(err, STN_E_ARGUMENT, "%s: holds one regime, '%s', and nothing to compare it with", book->path,
            book->regimes[0].name);
    }
    return ret;
}

static void
document_begin(const comparison *c)
{
    if (!c->json) {
        fprintf(c->out, "%s\n", c->book->study);
        return;
    }
    fprintf(c->out, "{");
    stn__json_pair(c->out, true, "software", "standing");
    stn__json_pair(c->out, false, "version", stn__version());
    stn__json_pair(c->out, false, "study", c->book->study);
    fprintf(c->out, ", \"replicates\": %d, \"level\": 0.95, \"comparisons\": [", (int) c->book->replicates);
}

int
stn_results_compare(const char *path, const stn_compare_options *options, FILE *out, stn_error *err)
{
    stn__book book;
    comparison c = { .book = &book, .out = out, .json = options->json != 0 };
    int32_t a, b, by[STN__BY_MAX], by_count, done = 0;
    int ret = stn__book_open(path, &book, err);

    if (ret == 0) {
        ret = options_find(&book, options, &a, &b, by, &by_count, err);
    }
    if (ret == 0) {
        document_begin(&c);
    }
    for (int32_t other = 0; ret == 0 && other < book.regime_count; other++) {
        if (other == a || (b != STN_NONE && other != b)) {
            continue;
        }
        for (int32_t p = 0; ret == 0 && p < book.population_count; p++) {
            c.population = p;
            c.a = a;
            c.b = other;
            fputs(c.json && done++ > 0 ? "," : "", out);
            ret = pair_put(&c, by, by_count, err);
        }
    }
    if (ret == 0 && c.json) {
        fprintf(out, "]}\n");
    } else if (ret == 0) {
        fprintf(out, "\nMeans over replicates. +-: half of the 95 %% interval of the difference (Student's t). per 1000: the difference for\n"
            "1,000 who ever were there. gain: how many times more replicates unpaired runs would need for the same interval.\n"
            "years to return: of at most half the run. pp: percentage points. docs/results.md defines all of it.\n");
    }
    if (ret == 0 && (fflush(out) != 0 || ferror(out))) {
        ret = stn__fail(err, STN_E_IO, "the output could not be written");
    }
    free(c.all);
    stn__book_close(&book);
    return ret;
}
