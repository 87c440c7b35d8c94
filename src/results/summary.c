/* SPDX-License-Identifier: Apache-2.0
 *
 * summary.c - what a person reads first.
 *
 * One column for each regime, the first beside each of the others; ASCII but
 * for titles and names of files, and at most 100 columns wide unless those are
 * longer. Doubles occur in rates and years only, after all that
 * was counted. */
#include <standing/results.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "results/groups.h"
#include "base/text.h"

enum {
    LABEL = 36,      /* width of the words at the left */
    COLUMN = 20,     /* width of a regime */
    COLUMNS_MAX = 3, /* regimes side by side */
    LEVELS_MAX = 12, /* levels shown; of more, the ends */
    ENDS = 5,
    WIDTH = 100,
    TEXT = STN__TEXT
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

static const char *
years(int64_t minutes, char text[TEXT])
{
    return stn__decimal((double) minutes / STN_MINUTES_PER_YEAR, text);
}

/* By how many per cent a value differs from a base that is not 0. */
static double
percent(int64_t value, int64_t base)
{
    return 100.0 * (double) (value - base) / (double) base;
}

/* A change in per cent; one that rounds to nothing has no sign. */
static const char *
change(double value, char text[TEXT])
{
    bool nothing = value > -0.05 && value < 0.05;

    snprintf(text, TEXT, nothing ? "0.0%%" : "%+.1f%%", nothing ? 0 : value);
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

/* Of a group (-1: all) those who are here at the end, and all who ever were: others
 * than at the start where people come and go. */
static int64_t
here_at_end(const stn_run *run, int32_t population, int32_t group, int64_t at_start)
{
    int64_t there = total(run, population, group, "there", NULL);

    return there < 0 ? at_start : there;
}

static int64_t
here_ever(const stn_run *run, int32_t population, int32_t group, int64_t at_start)
{
    int64_t there = total(run, population, group, "there", NULL);

    return there < 0 ? at_start
                     : there + total(run, population, group, "died", NULL) + total(run, population, group, "departed", NULL);
}

/* Whether a regime counts this at all: some counters are there only with what they count. */
static bool
is_counted(const stn_run *run, int32_t population, const char *name)
{
    for (int32_t c = 0; c < stn_run_counter_count(run, population); c++) {
        if (strcmp(stn_run_counter(run, population, c)->name, name) == 0) {
            return true;
        }
    }
    return false;
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

/* Whether some shown regime counted any. */
static bool
any_counted(const view *v, const char *name, const char *subject)
{
    for (int32_t r = 0; r < v->count; r++) {
        if (total(v->shown[r], v->population, -1, name, subject) > 0) {
            return true;
        }
    }
    return false;
}

/* The same, only if there is anything to show. */
static void
row_if_any_put(const view *v, int indent, const char *label, const char *name, const char *subject, writing write)
{
    if (any_counted(v, name, subject)) {
        row_put(v, indent, label, name, subject, write);
    }
}

/* A counter over all its subjects as a row, if there is anything to show. */
static void
sum_put(const view *v, int indent, const char *label, const char *name, writing write)
{
    char text[TEXT];
    bool any = false;

    for (int32_t r = 0; r < v->count; r++) {
        any = any || total_of_all(v->shown[r], v->population, -1, name) > 0;
    }
    if (!any) {
        return;
    }
    label_put(v, indent, label);
    for (int32_t r = 0; r < v->count; r++) {
        fprintf(v->out, "%*s", COLUMN, !is_counted(v->shown[r], v->population, name)
            ? "-" : write(total_of_all(v->shown[r], v->population, -1, name), text));
    }
    putc('\n', v->out);
}

/* Minutes for each of what was counted, as days; nothing where nothing was. */
static void
mean_days_put(const view *v, int indent, const char *label, const char *minutes, const char *count)
{
    char text[TEXT];
    bool any = false;

    for (int32_t r = 0; r < v->count; r++) {
        any = any || total_of_all(v->shown[r], v->population, -1, minutes) > 0;
    }
    if (!any) {
        return;
    }
    label_put(v, indent, label);
    for (int32_t r = 0; r < v->count; r++) {
        int64_t sum = total_of_all(v->shown[r], v->population, -1, minutes);
        int64_t of = total_of_all(v->shown[r], v->population, -1, count);
        fprintf(v->out, "%*s", COLUMN, of == 0 ? "-" : stn__decimal((double) sum / (double) of / 1440, text));
    }
    putc('\n', v->out);
}

/* Whether some shown regime counts it. */
static bool
some_count(const view *v, const char *name)
{
    for (int32_t r = 0; r < v->count; r++) {
        if (is_counted(v->shown[r], v->population, name)) {
            return true;
        }
    }
    return false;
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
    row_put(v, 4, band, "band", band, stn__whole);
}

static void
list_put(const view *v, const char *list)
{
    row_put(v, 4, list, "list_stock", list, stn__whole);
    row_put(v, 6, "ever on it", "list_first", list, stn__whole);
    row_if_any_put(v, 6, "wrongly on it at the end", "list_wrong_stock", list, stn__whole);
    row_if_any_put(v, 6, "in its archive at the end", "archived_stock", list, stn__whole);
}

static void
door_put(const view *v, const char *door)
{
    row_put(v, 4, door, "blocked", door, stn__whole);
    row_if_any_put(v, 6, "besides: refused, being named", "refused", door, stn__whole);
}

static void
channel_put(const view *v, const char *door)
{
    row_put(v, 4, door, "open_stock", door, stn__whole);
}

/* A behaviour's acts, with the change against the first regime. */
static void
act_put(const view *v, const char *behaviour)
{
    int64_t base = total(v->shown[0], v->population, -1, "acts", behaviour);

    label_put(v, 4, behaviour);
    for (int32_t r = 0; r < v->count; r++) {
        int64_t value = total(v->shown[r], v->population, -1, "acts", behaviour);
        char text[TEXT], other[TEXT], both[2 * TEXT];
        snprintf(both, sizeof both, "%s", value < 0 ? "-" : stn__whole(value, text));
        if (r > 0 && base > 0 && value >= 0) {
            snprintf(both, sizeof both, "%s %s", stn__whole(value, text), change(percent(value, base), other));
        }
        fprintf(v->out, "%*s", COLUMN, both);
    }
    putc('\n', v->out);
}

static void
record_put(const view *v, const char *behaviour)
{
    row_put(v, 4, behaviour, "records", behaviour, stn__whole);
    row_if_any_put(v, 6, "besides: false ones", "false_records", behaviour, stn__whole);
}

static void
restricted_put(const view *v)
{
    fprintf(v->out, "\n  Restricted: at least one door closed. Wrongly: would not be, but for false records.\n");
    row_put(v, 4, "ever", "restricted_first", NULL, stn__whole);
    row_put(v, 4, "at the end", "restricted_stock", NULL, stn__whole);
    row_if_any_put(v, 6, "of these wrongly", "wrong_stock", NULL, stn__whole);
    row_put(v, 4, "years, in all", "restricted_minutes", NULL, years);
    row_if_any_put(v, 6, "of these wrongly", "wrong_minutes", NULL, years);
    row_if_any_put(v, 6, "of these mistaken for another", "mistaken_minutes", NULL, years);
    row_if_any_put(v, 4, "every door closed at the end", "all_closed_stock", NULL, stn__whole);
    mean_days_put(v, 4, "days from act to closed door", "reach_minutes", "reached");
}

/* The wait in the queue of all cases that were decided. */
static void
mean_wait_put(const view *v)
{
    static const char *const outcomes[] = { "objections_granted", "objections_denied", "objections_void",
        "appeals_granted", "appeals_denied", "appeals_void" };
    char text[TEXT];

    label_put(v, 4, "days a case waits");
    for (int32_t r = 0; r < v->count; r++) {
        int64_t wait = total_of_all(v->shown[r], v->population, -1, "objections_wait_minutes")
            + total_of_all(v->shown[r], v->population, -1, "appeals_wait_minutes");
        int64_t decided = 0;
        for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
            decided += total_of_all(v->shown[r], v->population, -1, outcomes[i]);
        }
        fprintf(v->out, "%*s", COLUMN, decided == 0 ? "-" : stn__decimal((double) wait / (double) decided / 1440, text));
    }
    putc('\n', v->out);
}

/* What agencies hear of each other. */
static void
agency_put(const view *v, const char *agency)
{
    if (!any_counted(v, "known", agency) && !any_counted(v, "clearings_lost", agency)) {
        return;
    }
    row_put(v, 4, agency, "known", agency, stn__whole);
    row_if_any_put(v, 6, "about somebody else", "misfiled", agency, stn__whole);
    row_if_any_put(v, 6, "ends it never heard of", "clearings_lost", agency, stn__whole);
}

static void
process_put(const view *v)
{
    if (!some_count(v, "objections_filed") && !some_count(v, "pardoned")) {
        return;
    }
    fprintf(v->out, "\n  Due process: cases, and records that it ended\n");
    sum_put(v, 4, "objections filed", "objections_filed", stn__whole);
    sum_put(v, 6, "granted", "objections_granted", stn__whole);
    sum_put(v, 6, "still open at the end", "objections_pending", stn__whole);
    sum_put(v, 4, "appeals filed", "appeals_filed", stn__whole);
    sum_put(v, 6, "granted", "appeals_granted", stn__whole);
    sum_put(v, 6, "still open at the end", "appeals_pending", stn__whole);
    mean_wait_put(v);
    sum_put(v, 4, "records found false", "corrected", stn__whole);
    sum_put(v, 4, "records repaired", "repaired", stn__whole);
    sum_put(v, 4, "records pardoned", "pardoned", stn__whole);
}

static void
money_put(const view *v)
{
    if (!some_count(v, "poor_stock")) {
        return;
    }
    fprintf(v->out, "\n  Money: yuan paid, and the poor, who have nothing left over\n");
    sum_put(v, 4, "fines", "fine_yuan", stn__whole);
    sum_put(v, 6, "number not paid", "fines_unpaid", stn__whole);
    sum_put(v, 4, "debts", "debt_yuan", stn__whole);
    sum_put(v, 4, "fees", "fee_yuan", stn__whole);
    row_put(v, 4, "poor at the end", "poor_stock", NULL, stn__whole);
    row_put(v, 4, "years, in all", "poor_minutes", NULL, years);
}

static void
ladder_put(const view *v)
{
    if (!some_count(v, "reviews") && !some_count(v, "redemptions")) {
        return;
    }
    fprintf(v->out, "\n  Ratings that move by themselves\n");
    sum_put(v, 4, "reviews", "reviews", stn__whole);
    sum_put(v, 6, "that raised the rating", "review_rises", stn__whole);
    sum_put(v, 6, "that lowered it", "review_falls", stn__whole);
    sum_put(v, 4, "clean slates", "redemptions", stn__whole);
}

/* Who came and went, which no regime changes, and how much of a life it shut doors to. */
static void
lives_put(const view *v)
{
    if (!some_count(v, "there")) {
        return;
    }
    fprintf(v->out, "\n  Coming and going, and those whose life here ended\n");
    row_put(v, 4, "here at the end", "there", NULL, stn__whole);
    sum_put(v, 4, "born", "born", stn__whole);
    sum_put(v, 4, "moved in", "arrived", stn__whole);
    sum_put(v, 4, "died", "died", stn__whole);
    sum_put(v, 4, "moved away", "departed", stn__whole);
    row_if_any_put(v, 4, "ended, never restricted", "lives", "never", stn__whole);
    row_if_any_put(v, 4, "ended, restricted at least half", "lives", "half_or_more", stn__whole);
}

static void
names_put(const view *v)
{
    fprintf(v->out, "\n%*s", LABEL, "");
    for (int32_t r = 0; r < v->count; r++) {
        const char *name = stn_study_regime_name(v->study, stn_run_regime(v->shown[r]));
        bool longer = stn__characters(name) >= COLUMN;
        fprintf(v->out, "%*s%.*s%s", longer ? 1 : COLUMN - stn__characters(name), "",
            stn__bytes_of(name, longer ? COLUMN - 3 : COLUMN), name, longer ? ".." : "");
    }
    putc('\n', v->out);
}

/* ------------------------------------------------------------------- groups */

/* What is shown of the people of one level. */
typedef struct share {
    const char *level;
    int64_t people, now, ever, stock, wrong_minutes, blocked, acts, acts_base;
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
    const double rates[] = { rate(s->ever, s->people), rate(s->stock, s->now),
        rate(s->wrong_minutes, s->people) / STN_MINUTES_PER_YEAR, rate(s->blocked, s->people),
        rate(s->acts, s->people) };

    fprintf(out, "    %-20.20s%12s", s->level, stn__whole(s->people, text));
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        fprintf(out, "%11s", stn__decimal(rates[i], text));
    }
    if (s->acts_base > 0) {
        change(percent(s->acts, s->acts_base), text);
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
        if (groups->people[group] == 0 && stn_city_rows(v->city, p) == stn_city_size(v->city, p)) {
            continue; /* most groups of a small city */
        }
        s->people += here_ever(run, p, group, groups->people[group]);
        s->now += here_at_end(run, p, group, groups->people[group]);
        s->ever += total(run, p, group, "restricted_first", NULL);
        s->stock += total(run, p, group, "restricted_stock", NULL);
        s->wrong_minutes += total(run, p, group, "wrong_minutes", NULL);
        s->blocked += total_of_all(run, p, group, "blocked");
        s->acts += total_of_all(run, p, group, "acts");
        if (run != v->runs[0]) {
            s->acts_base += total_of_all(v->runs[0], p, group, "acts");
        }
    }
}

static void
shares_put(const view *v, const stn_run *run, const stn__groups *groups, int32_t by)
{
    share shares[STN_LEVELS_MAX] = { { NULL, 0, 0, 0, 0, 0, 0, 0, 0 } };
    const char *first = stn_study_regime_name(v->study, stn_run_regime(v->runs[0]));
    bool against = run != v->runs[0];
    int32_t count = 0;

    shares_fill(v, run, groups, by, shares);
    while (count < STN_LEVELS_MAX && shares[count].level != NULL) {
        count++;
    }
    fprintf(v->out, "\n  By %s under %s, for 1,000 of each\n", stn_study_by(v->study, by),
        stn_study_regime_name(v->study, stn_run_regime(run)));
    fprintf(v->out, "    %-20s%12s%11s%11s%11s%11s%11s%9s\n", "", "", "ever", "restricted", "years", "attempts", "",
        against ? "acts" : "");
    fprintf(v->out, "    %-20s%12s%11s%11s%11s%11s%11s%9s\n", "", "in all", "restricted", "at the end", "wrongly",
        "blocked", "acts", against ? "against" : "");
    fprintf(v->out, "    %-20s%12s%11s%11s%11s%11s%11s%*s%.*s\n", "", "", "", "", "restricted", "", "",
        9 - (stn__characters(first) < 8 ? stn__characters(first) : 8), "", against ? stn__bytes_of(first, 8) : 0, first);
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
by_put(const view *v, const stn__groups *groups)
{
    const stn_population *p = &v->study->world.populations[v->population];

    for (int32_t by = 0; by < v->study->by_count; by++) {
        for (int32_t r = 0; r < v->run_count; r++) {
            if (stn__attribute_find(p, v->study->by[by]) != STN_NONE
                && total(v->runs[r], v->population, -1, "restricted_first", NULL) > 0) {
                shares_put(v, v->runs[r], groups, by);
            }
        }
    }
}

/* ------------------------------------------------------------------ in short */

/* The subject of a counter with the largest total, and that total. */
static const char *
largest(const stn_run *run, int32_t population, const char *name, int64_t *value)
{
    const char *subject = NULL;

    *value = 0;
    for (int32_t c = 0; c < stn_run_counter_count(run, population); c++) {
        const stn_counter *counter = stn_run_counter(run, population, c);
        if (strcmp(counter->name, name) == 0 && stn_run_total(run, population, -1, c) > *value) {
            *value = stn_run_total(run, population, -1, c);
            subject = counter->subject;
        }
    }
    return subject;
}

/* One more of a list in a sentence, on a new line where the old one is full;
 * returns the column it ends at. */
static int
listed_put(const view *v, int at, const char *before, const char *text)
{
    int width = (int) strlen(before) + stn__characters(text);

    if (at > 0 && at + width + 1 > WIDTH) {
        fprintf(v->out, ",\n      %s", text);
        return 6 + stn__characters(text);
    }
    fprintf(v->out, "%s%s", before, text);
    return at + width;
}

static void
short_bands_put(const view *v, const stn_run *run)
{
    int64_t rated = total_of_all(run, v->population, -1, "band");
    char text[2 * TEXT];
    int at = 0;

    for (int32_t c = 0; c < stn_run_counter_count(run, v->population) && rated > 0; c++) {
        const stn_counter *counter = stn_run_counter(run, v->population, c);
        if (strcmp(counter->name, "band") == 0) {
            snprintf(text, sizeof text, "%.1f%% %s",
                100.0 * (double) stn_run_total(run, v->population, -1, c) / (double) rated, counter->subject);
            at = listed_put(v, at, at == 0 ? "    Rated at the end: " : ", ", text);
        }
    }
    fputs(at == 0 ? "" : ".\n", v->out);
}

static void
short_restricted_put(const view *v, const stn_run *run)
{
    int64_t size = stn_city_size(v->city, v->population), worst;
    int64_t now = here_at_end(run, v->population, -1, size), all = here_ever(run, v->population, -1, size);
    int64_t stock = total(run, v->population, -1, "restricted_stock", NULL);
    int64_t ever = total(run, v->population, -1, "restricted_first", NULL);
    int64_t wrong = total(run, v->population, -1, "wrong_stock", NULL);
    const char *door = largest(run, v->population, "blocked", &worst);
    char text[TEXT], other[TEXT];

    if (ever == 0) {
        fprintf(v->out, "    No door is closed to anybody.\n");
        return;
    }
    fprintf(v->out, now == all ? "    Of 1,000, %.1f have some door closed to them at the end, %.1f ever had: %s years in all.\n"
                               : "    Of 1,000 here at the end, %.1f have some door closed to them; of 1,000 who were ever here,\n"
                                 "      %.1f had: %s years in all.\n",
        rate(stock, now), rate(ever, all),
        years(total(run, v->population, -1, "restricted_minutes", NULL), text));
    if (stock > 0) {
        fprintf(v->out,
            "    Of 1,000 restricted at the end, %.1f are so wrongly: they would not be, but for false records.\n",
            rate(wrong, stock));
    }
    if (door != NULL) {
        fprintf(v->out, "    %s attempts were blocked, most at %s (%s).\n",
            stn__whole(total_of_all(run, v->population, -1, "blocked"), text), door, stn__whole(worst, other));
    }
}

/* What sharing, queues and money did, each where there is any. */
static void
short_web_put(const view *v, const stn_run *run)
{
    int32_t p = v->population;
    int64_t reached = total_of_all(run, p, -1, "reached"), misfiled = total_of_all(run, p, -1, "misfiled");
    int64_t filed = total_of_all(run, p, -1, "objections_filed") + total_of_all(run, p, -1, "appeals_filed");
    int64_t granted = total_of_all(run, p, -1, "objections_granted") + total_of_all(run, p, -1, "appeals_granted");
    int64_t open = total_of_all(run, p, -1, "objections_pending") + total_of_all(run, p, -1, "appeals_pending");
    int64_t all = total_of_all(run, p, -1, "all_closed_stock"), paid = total_of_all(run, p, -1, "fine_yuan");
    int64_t refused = total_of_all(run, p, -1, "refused");
    char text[TEXT], other[TEXT], third[TEXT];

    if (all > 0) {
        fprintf(v->out, "    Every door is closed to %s at the end.\n", stn__whole(all, text));
    }
    if (reached > 0) {
        fprintf(v->out, "    From an act to the first door that closes for it, %s days pass on average.\n",
            stn__decimal((double) total_of_all(run, p, -1, "reach_minutes") / (double) reached / 1440, text));
    }
    if (misfiled > 0) {
        fprintf(v->out, "    Records in the file of somebody else: %s; people mistaken for another at the end: %s.\n",
            stn__whole(misfiled, text), stn__whole(total_of_all(run, p, -1, "mistaken_stock"), other));
    }
    if (filed > 0) {
        fprintf(v->out, "    Petitions filed: %s; granted: %s; still open at the end: %s.\n", stn__whole(filed, text),
            stn__whole(granted, other), stn__whole(open, third));
    }
    if (paid > 0) {
        fprintf(v->out, "    Yuan paid in fines: %s; fines that could not be paid: %s.\n", stn__whole(paid, text),
            stn__whole(total_of_all(run, p, -1, "fines_unpaid"), other));
    }
    if (refused > 0) {
        fprintf(v->out, "    Attempts refused because the name was public: %s.\n", stn__whole(refused, text));
    }
}

/* The levels of each attribute with the most and the fewest restricted. */
static void
short_gaps_put(const view *v, const stn_run *run, const stn__groups *groups)
{
    const stn_population *p = &v->study->world.populations[v->population];

    for (int32_t by = 0; by < v->study->by_count; by++) {
        share shares[STN_LEVELS_MAX] = { { NULL, 0, 0, 0, 0, 0, 0, 0, 0 } };
        int32_t count = 0;
        if (stn__attribute_find(p, v->study->by[by]) == STN_NONE) {
            continue;
        }
        shares_fill(v, run, groups, by, shares);
        while (count < STN_LEVELS_MAX && shares[count].level != NULL) {
            count++;
        }
        qsort(shares, (size_t) count, sizeof *shares, share_compare);
        if (count > 1 && shares[0].ever > 0) {
            fprintf(v->out, "    By %s, of 1,000 ever restricted: %.1f in %s, %.1f in %s.\n", v->study->by[by],
                rate(shares[0].ever, shares[0].people), shares[0].level,
                rate(shares[count - 1].ever, shares[count - 1].people), shares[count - 1].level);
        }
    }
}

/* The behaviours that changed most against the first regime. */
static void
short_acts_put(const view *v, const stn_run *run)
{
    enum { MOST = 4 };
    const char *told[MOST] = { NULL };
    char text[3 * TEXT], other[TEXT];
    int32_t count = 0;
    int at = 0;

    for (; count < MOST; count++) {
        double most = 0.05; /* less rounds to nothing */
        for (int32_t c = 0; c < stn_run_counter_count(run, v->population); c++) {
            const stn_counter *counter = stn_run_counter(run, v->population, c);
            int64_t base = total(v->runs[0], v->population, -1, "acts", counter->subject);
            bool before = strcmp(counter->name, "acts") != 0 || base <= 0;
            double changed = before ? 0 : percent(stn_run_total(run, v->population, -1, c), base);
            for (int32_t t = 0; t < count; t++) {
                before = before || told[t] == counter->subject;
            }
            if (!before && (changed < 0 ? -changed : changed) > most) {
                most = changed < 0 ? -changed : changed;
                told[count] = counter->subject;
            }
        }
        if (told[count] == NULL) {
            break;
        }
        snprintf(text, sizeof text, "%s %s", told[count],
            change(percent(total(run, v->population, -1, "acts", told[count]),
                       total(v->runs[0], v->population, -1, "acts", told[count])),
                other));
        at = listed_put(v, at, count == 0 ? "    Acts that changed most: " : ", ", text);
    }
    fputs(count > 0 ? ".\n" : "    What people do stays the same.\n", v->out);
}

static void
short_put(const view *v, const stn__groups *groups)
{
    for (int32_t r = v->run_count > 1 ? 1 : 0; r < v->run_count; r++) {
        const stn_run *run = v->runs[r];
        fprintf(v->out, "\n  %s", stn_study_regime_name(v->study, stn_run_regime(run)));
        if (r > 0) {
            fprintf(v->out, ", against %s", stn_study_regime_name(v->study, stn_run_regime(v->runs[0])));
        }
        putc('\n', v->out);
        short_bands_put(v, run);
        short_restricted_put(v, run);
        short_web_put(v, run);
        short_gaps_put(v, run, groups);
        if (r > 0) {
            short_acts_put(v, run);
        }
    }
}

/* -------------------------------------------------------------------- whole */

static void
columns_put(const view *v)
{
    names_put(v);
    restricted_put(v);
    subjects_put(
        v, "list_stock", "On a list at the end. Wrongly: would not be on it, but for false records.", list_put);
    subjects_put(v, "blocked", "Blocked: attempts at a closed door", door_put);
    subjects_put(v, "known", "Told: records that agencies had from others", agency_put);
    process_put(v);
    money_put(v);
    ladder_put(v);
    lives_put(v);
    subjects_put(v, "open_stock", "Open channels: people who have them at the end", channel_put);
    subjects_put(v, "band", "Rated: people in each band at the end", band_put);
    subjects_put(v, "acts", "Acts: opportunities that were taken", act_put);
    subjects_put(v, "records", "Records of acts that agencies noticed", record_put);
}

static void
head_put(const view *v)
{
    const stn_study *study = v->study;
    bool apart = false; /* titles on lines of their own */
    char text[TEXT];
    uint64_t people = 0;

    for (int32_t p = 0; p < stn_study_population_count(study); p++) {
        people += stn_city_size(v->city, p);
    }
    fprintf(v->out,
        "%s\n%g %s, in windows of %g days, seed %" PRIu64 ", scale %g; %s people and companies, all made up.\n",
        stn_study_title(study), stn_study_years(study), stn_study_years(study) == 1 ? "year" : "years",
        (double) stn_study_window_minutes(study) / 1440, stn_study_seed(study), stn_study_scale(study),
        stn__whole((int64_t) people, text));
    fprintf(v->out, "\nRegimes\n");
    for (int32_t r = 0; r < v->run_count; r++) {
        int size = stn__characters(stn_study_regime_name(study, stn_run_regime(v->runs[r])));
        const char *title = stn_study_regime_title(study, stn_run_regime(v->runs[r]));
        apart = apart || size > COLUMN || COLUMN + 3 + stn__characters(title) > WIDTH;
    }
    for (int32_t r = 0; r < v->run_count; r++) {
        int32_t regime = stn_run_regime(v->runs[r]);
        const char *name = stn_study_regime_name(study, regime);
        if (apart) {
            fprintf(v->out, "  %s\n    %s\n", name, stn_study_regime_title(study, regime));
        } else {
            fprintf(v->out, "  %s%*s %s\n", name, COLUMN - stn__characters(name), "", stn_study_regime_title(study, regime));
        }
    }
    if (v->run_count > 1) {
        fprintf(v->out, "  All are compared with the first.\n");
    }
}

/* One population: in short, then by group, then counter by counter. */
static void
population_put(view *v)
{
    stn__groups groups;
    char text[TEXT];

    fprintf(v->out, "\n%s: %s\n", stn_study_population_name(v->study, v->population),
        stn__whole(stn_city_size(v->city, v->population), text));
    if (stn__groups_new(v->study, v->city, v->population, &groups) != 0) {
        fprintf(v->out, "\n  (no memory to tell the groups apart)\n");
        return;
    }
    short_put(v, &groups);
    for (int32_t next = 1; v->run_count > 0 && (next == 1 || next < v->run_count);) {
        v->shown[0] = v->runs[0];
        for (v->count = 1; v->count < COLUMNS_MAX && next < v->run_count; v->count++, next++) {
            v->shown[v->count] = v->runs[next];
        }
        columns_put(v);
        next += next == 1; /* the first alone */
    }
    by_put(v, &groups);
    stn__groups_free(&groups);
}

void
stn_summary_print(FILE *out, const stn_study *study, const stn_city *city, stn_run *const *runs, int32_t run_count)
{
    view v = { .out = out, .study = study, .city = city, .runs = runs, .run_count = run_count };

    head_put(&v);
    for (v.population = 0; v.population < stn_study_population_count(study); v.population++) {
        population_put(&v);
    }
}
