/* SPDX-License-Identifier: Apache-2.0
 *
 * summary.c - what a person reads first.
 *
 * One column for each regime, the first beside each of the others; ASCII, at
 * most 100 columns wide. Doubles occur in rates and years only, after all that
 * was counted. */
#include <standing/results.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "results/groups.h"

enum {
    LABEL = 36,      /* width of the words at the left */
    COLUMN = 16,     /* width of a regime */
    COLUMNS_MAX = 4, /* regimes side by side */
    LEVELS_MAX = 12, /* levels shown; of more, the ends */
    ENDS = 5,
    TEXT = 48
};

/* The regimes shown side by side; the first is the one compared with. */
typedef struct view {
    FILE *out;
    const stn_study *study;
    const stn_city *city;
    stn_run *const *runs; /* all */
    int32_t run_count;
    const stn_run *shown[COLUMNS_MAX];
    int32_t count;
    int32_t population;
} view;

/* ------------------------------------------------------------------ numbers */

/* 1234567 as "1,234,567". */
static const char *
whole(int64_t value, char text[TEXT])
{
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%" PRId64, value < 0 ? -value : value);
    char *out = text;

    if (value < 0) {
        *out++ = '-';
    }
    for (int i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0) {
            *out++ = ',';
        }
        *out++ = digits[i];
    }
    *out = '\0';
    return text;
}

/* Large numbers without a fraction, small ones with one digit of it. */
static const char *
decimal(double value, char text[TEXT])
{
    if (value > -100 && value < 100) {
        snprintf(text, TEXT, "%.1f", value);
        return text;
    }
    return whole((int64_t) (value < 0 ? value - 0.5 : value + 0.5), text);
}

static const char *
years(int64_t minutes, char text[TEXT])
{
    return decimal((double) minutes / STN_MINUTES_PER_YEAR, text);
}

/* "-445 (-3.6 %)", or its parts where there is no room or no base. */
static const char *
change(int64_t value, int64_t base, char text[TEXT])
{
    char difference[TEXT];

    whole(value - base, difference);
    if (base == 0 || value == base) {
        snprintf(text, TEXT, "%s%s", value > base ? "+" : "", difference);
        return text;
    }
    snprintf(text, TEXT, "%s%s %+.1f%%", value > base ? "+" : "", difference,
        100.0 * (double) (value - base) / (double) base);
    if (strlen(text) >= COLUMN) {
        snprintf(text, TEXT, "%+.2f%%", 100.0 * (double) (value - base) / (double) base);
    }
    return text;
}

/* A counter's total for a group (-1: all), -1 if the regime has no such counter. */
static int64_t
total(const stn_run *run, int32_t population, int32_t group, const char *name, const char *subject)
{
    int32_t counter = stn_run_counter_find(run, population, name, subject);

    return counter < 0 ? -1 : stn_run_total(run, population, group, counter);
}

/* Over all subjects of a counter. */
static int64_t
total_of_all(const stn_run *run, int32_t population, int32_t group, const char *name)
{
    int64_t sum = 0;

    for (int32_t c = 0; c < stn_run_counter_count(run, population); c++) {
        if (strcmp(stn_run_counter(run, population, c)->name, name) == 0) {
            sum += stn_run_total(run, population, group, c);
        }
    }
    return sum;
}

/* --------------------------------------------------------------------- rows */

static void
label_put(const view *v, int indent, const char *label)
{
    fprintf(v->out, "%*s%-*.*s", indent, "", LABEL - indent, LABEL - indent, label);
}

typedef const char *(*writing)(int64_t value, char text[TEXT]);

/* A counter as a row, one column for each regime that has it. */
static void
row_put(const view *v, int indent, const char *label, const char *name, const char *subject, writing write)
{
    char text[TEXT];

    label_put(v, indent, label);
    for (int32_t r = 0; r < v->count; r++) {
        int64_t value = total(v->shown[r], v->population, -1, name, subject);
        fprintf(v->out, "%*s", COLUMN, value < 0 ? "-" : write(value, text));
    }
    putc('\n', v->out);
}

/* How a counter differs from what it is under the first regime. */
static void
change_put(const view *v, const char *name, const char *subject)
{
    char label[TEXT], text[TEXT];
    int64_t base = total(v->shown[0], v->population, -1, name, subject);

    if (v->count < 2) {
        return;
    }
    snprintf(label, sizeof label, "against %s", stn_study_regime_name(v->study, stn_run_regime(v->shown[0])));
    label_put(v, 6, label);
    fprintf(v->out, "%*s", COLUMN, "");
    for (int32_t r = 1; r < v->count; r++) {
        int64_t value = total(v->shown[r], v->population, -1, name, subject);
        fprintf(v->out, "%*s", COLUMN, value < 0 || base < 0 ? "-" : change(value, base, text));
    }
    putc('\n', v->out);
}

/* Calls `each` for every subject that some shown regime has of a counter, once,
 * and puts a heading before the first. */
static void
subjects_put(const view *v, const char *name, const char *heading, void (*each)(const view *v, const char *subject))
{
    bool headed = false;

    for (int32_t r = 0; r < v->count; r++) {
        for (int32_t c = 0; c < stn_run_counter_count(v->shown[r], v->population); c++) {
            const stn_counter *counter = stn_run_counter(v->shown[r], v->population, c);
            bool before = strcmp(counter->name, name) != 0;
            for (int32_t earlier = 0; !before && earlier < r; earlier++) {
                before = stn_run_counter_find(v->shown[earlier], v->population, name, counter->subject) >= 0;
            }
            if (before) {
                continue;
            }
            if (!headed) {
                fprintf(v->out, "\n  %s\n", heading);
                headed = true;
            }
            each(v, counter->subject);
        }
    }
}

static void
band_put(const view *v, const char *band)
{
    row_put(v, 4, band, "band", band, whole);
}

static void
list_put(const view *v, const char *list)
{
    row_put(v, 4, list, "list_stock", list, whole);
    row_put(v, 6, "ever on it", "list_first", list, whole);
    row_put(v, 6, "wrongly on it", "list_wrong_stock", list, whole);
    row_put(v, 6, "person-years on it", "list_minutes", list, years);
    row_put(v, 6, "of these wrongly", "list_wrong_minutes", list, years);
}

static void
door_put(const view *v, const char *door)
{
    row_put(v, 4, door, "blocked", door, whole);
    row_put(v, 6, "closed to, at the end", "closed_stock", door, whole);
}

static void
channel_put(const view *v, const char *door)
{
    row_put(v, 4, door, "open_stock", door, whole);
}

static void
act_put(const view *v, const char *behaviour)
{
    row_put(v, 4, behaviour, "acts", behaviour, whole);
    change_put(v, "acts", behaviour);
}

static void
record_put(const view *v, const char *behaviour)
{
    row_put(v, 4, behaviour, "records", behaviour, whole);
    row_put(v, 6, "besides, false: no act behind them", "false_records", behaviour, whole);
    row_put(v, 6, "of the false ones confirmed", "false_confirmed", behaviour, whole);
}

static void
restricted_put(const view *v)
{
    fprintf(v->out, "\n  Restricted: at least one door closed. Wrongly: would not be, but for false records.\n");
    row_put(v, 4, "people, ever", "restricted_first", NULL, whole);
    row_put(v, 4, "people, at the end", "restricted_stock", NULL, whole);
    row_put(v, 6, "of these wrongly", "wrong_stock", NULL, whole);
    row_put(v, 4, "person-years", "restricted_minutes", NULL, years);
    row_put(v, 6, "of these wrongly", "wrong_minutes", NULL, years);
}

static void
names_put(const view *v)
{
    fprintf(v->out, "\n%*s", LABEL, "");
    for (int32_t r = 0; r < v->count; r++) {
        const char *name = stn_study_regime_name(v->study, stn_run_regime(v->shown[r]));
        bool longer = strlen(name) >= COLUMN;
        fprintf(v->out, "%*s%.*s%s", longer ? 1 : COLUMN - (int) strlen(name), "", longer ? COLUMN - 3 : COLUMN, name,
            longer ? ".." : "");
    }
    putc('\n', v->out);
}

/* ------------------------------------------------------------------- groups */

/* What is shown of the people of one level. */
typedef struct share {
    const char *level;
    int64_t people, ever, stock, wrong_minutes, blocked, acts, acts_base;
} share;

static double
rate(int64_t value, int64_t people)
{
    return people > 0 ? 1000.0 * (double) value / (double) people : 0;
}

static int
share_compare(const void *a, const void *b)
{
    const share *x = a, *y = b;
    double difference = rate(y->ever, y->people) - rate(x->ever, x->people);

    return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}

static void
share_put(FILE *out, const share *s)
{
    char text[TEXT];
    const double rates[] = { rate(s->ever, s->people), rate(s->stock, s->people),
        rate(s->wrong_minutes, s->people) / STN_MINUTES_PER_YEAR, rate(s->blocked, s->people), rate(s->acts, s->people) };

    fprintf(out, "    %-20.20s%12s", s->level, whole(s->people, text));
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        fprintf(out, "%11s", decimal(rates[i], text));
    }
    if (s->acts_base > 0) {
        snprintf(text, sizeof text, "%+.1f%%", 100.0 * (double) (s->acts - s->acts_base) / (double) s->acts_base);
    }
    fprintf(out, "%9s\n", s->acts_base > 0 ? text : "");
}

/* Sums over the groups of each level. */
static void
shares_fill(const view *v, const stn_run *run, const stn__groups *groups, int32_t by, share *shares)
{
    int32_t p = v->population;

    for (int32_t group = 0; group < groups->count; group++) {
        share *s = &shares[stn__level_of_group(v->study, p, group, by)];
        s->level = stn_study_group_level(v->study, p, group, by);
        if (groups->people[group] == 0) {
            continue;
        }
        s->people += groups->people[group];
        s->ever += total(run, p, group, "restricted_first", NULL);
        s->stock += total(run, p, group, "restricted_stock", NULL);
        s->wrong_minutes += total(run, p, group, "wrong_minutes", NULL);
        s->blocked += total_of_all(run, p, group, "blocked");
        s->acts += total_of_all(run, p, group, "acts");
        s->acts_base += total_of_all(v->runs[0], p, group, "acts");
    }
}

static void
shares_put(const view *v, const stn_run *run, const stn__groups *groups, int32_t by)
{
    share shares[STN_LEVELS_MAX] = { { NULL, 0, 0, 0, 0, 0, 0, 0 } };
    const char *first = stn_study_regime_name(v->study, stn_run_regime(v->runs[0]));
    int32_t count = 0;

    shares_fill(v, run, groups, by, shares);
    while (count < STN_LEVELS_MAX && shares[count].level != NULL) {
        count++;
    }
    fprintf(v->out, "\n  By %s under %s, for 1,000 people of each\n", stn_study_by(v->study, by),
        stn_study_regime_name(v->study, stn_run_regime(run)));
    fprintf(v->out, "    %-20s%12s%11s%11s%11s%11s%11s%9s\n", "", "", "ever", "restricted", "years", "attempts", "", "acts");
    fprintf(v->out, "    %-20s%12s%11s%11s%11s%11s%11s%9s\n", "", "people", "restricted", "at the end", "wrongly",
        "blocked", "acts", "against");
    fprintf(v->out, "    %-20s%12s%11s%11s%11s%11s%11s%9.8s\n", "", "", "", "", "restricted", "", "", first);
    if (count > LEVELS_MAX) {
        qsort(shares, (size_t) count, sizeof *shares, share_compare);
    }
    for (int32_t i = 0; i < count; i++) {
        if (count > LEVELS_MAX && i == ENDS) {
            fprintf(v->out, "    ... %d more between (the view 'totals' has them all)\n", (int) (count - 2 * ENDS));
            i = count - ENDS;
        }
        share_put(v->out, &shares[i]);
    }
}

/* Each attribute of the study under each regime that restricted somebody. */
static void
by_put(const view *v)
{
    const stn_population *p = &v->study->world.populations[v->population];
    stn__groups groups;

    if (stn__groups_new(v->study, v->city, v->population, &groups) != 0) {
        fprintf(v->out, "\n  (no memory to tell the groups apart)\n");
        return;
    }
    for (int32_t by = 0; by < v->study->by_count; by++) {
        for (int32_t r = 0; r < v->run_count; r++) {
            if (stn__attribute_find(p, v->study->by[by]) != STN_NONE
                && total(v->runs[r], v->population, -1, "restricted_first", NULL) > 0) {
                shares_put(v, v->runs[r], &groups, by);
            }
        }
    }
    stn__groups_free(&groups);
}

/* -------------------------------------------------------------------- whole */

static void
columns_put(const view *v)
{
    names_put(v);
    restricted_put(v);
    subjects_put(v, "list_stock", "On a list at the end. Wrongly: would not be on it, but for false records.", list_put);
    subjects_put(v, "blocked", "Blocked: attempts at a closed door", door_put);
    subjects_put(v, "open_stock", "Open channels: people who have them at the end", channel_put);
    subjects_put(v, "band", "Rated: people in each band at the end", band_put);
    subjects_put(v, "acts", "Acts: opportunities that were taken", act_put);
    subjects_put(v, "records", "Records of acts that agencies noticed", record_put);
}

static void
head_put(const view *v)
{
    const stn_study *study = v->study;
    char text[TEXT];
    uint64_t people = 0;

    for (int32_t p = 0; p < stn_study_population_count(study); p++) {
        people += stn_city_size(v->city, p);
    }
    fprintf(v->out, "%s\n%g %s, in windows of %g days, seed %" PRIu64 ", scale %g; %s people and companies, all made up.\n",
        stn_study_title(study), stn_study_years(study), stn_study_years(study) == 1 ? "year" : "years",
        (double) stn_study_window_minutes(study) / 1440, stn_study_seed(study), stn_study_scale(study),
        whole((int64_t) people, text));
    fprintf(v->out, "\nRegimes\n");
    for (int32_t r = 0; r < v->run_count; r++) {
        int32_t regime = stn_run_regime(v->runs[r]);
        fprintf(v->out, "  %-20s %s%s\n", stn_study_regime_name(study, regime), stn_study_regime_title(study, regime),
            r == 0 && v->run_count > 1 ? " (the others are compared with it)" : "");
    }
}

void
stn_summary_print(FILE *out, const stn_study *study, const stn_city *city, stn_run *const *runs, int32_t run_count)
{
    view v = { .out = out, .study = study, .city = city, .runs = runs, .run_count = run_count };
    char text[TEXT];

    head_put(&v);
    for (v.population = 0; v.population < stn_study_population_count(study); v.population++) {
        fprintf(out, "\n%s: %s\n", stn_study_population_name(study, v.population),
            whole(stn_city_size(city, v.population), text));
        for (int32_t next = 1; run_count > 0 && (next == 1 || next < run_count);) {
            v.shown[0] = runs[0];
            for (v.count = 1; v.count < COLUMNS_MAX && next < run_count; v.count++, next++) {
                v.shown[v.count] = runs[next];
            }
            columns_put(&v);
            next += next == 1; /* the first alone */
        }
        by_put(&v);
    }
}
