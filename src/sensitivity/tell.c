/* SPDX-License-Identifier: Apache-2.0
 *
 * tell.c - an analysis of sensitivity for a person: a table of the numbers that
 * matter most, and a chart of what each does to the answer. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "sensitivity/sensitivity.h"

enum { SHOWN = 15, WIDTH = 100, KEY = 44, FIGURE = 7, ROOM = 160 };

/* A figure in three digits or so, with its sign if it is a difference. */
static const char *
figure(double value, bool sign, char text[STN__TEXT])
{
    double size = fabs(value);
    int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;

    if (isnan(value)) {
        return "-";
    }
    snprintf(text, STN__TEXT, sign ? "%+.*f" : "%.*f", digits, value + 0.0);
    if (value != 0 && size < 0.001) {
        snprintf(text, STN__TEXT, sign ? "%+.1g" : "%.1g", value);
    }
    return text;
}

static const char *
share(double value, double low, double high, char text[ROOM])
{
    if (isnan(value)) {
        return "";
    }
    snprintf(text, ROOM, "%.2f (%.2f to %.2f)", value < 0 ? 0.0 : value, low < 0 ? 0.0 : low, high < 0 ? 0.0 : high);
    return text;
}

double
stn__base_mean(const stn_sensitivity *s, int32_t outcome)
{
    const stn__question q = { .outcomes = s->outcome_count, .replicates = s->options.replicates };

    return stn__answer_mean(&q, s->base, 0, outcome);
}

static void
head_put(FILE *out, const stn_sensitivity *s)
{
    char text[STN__TEXT], whole[STN__TEXT];
    double people = 0;

    for (int32_t p = 0; p < s->study->world.population_count; p++) {
        people += s->study->world.populations[p].size.value;
    }
    fprintf(out, "%s\n\n", s->study->title);
    fprintf(out, "What %s changes against %s, for 1,000 made-up lives each, over %g years:\n", s->regimes[1],
        s->regimes[0], s->study->years);
    for (int32_t o = 0; o < s->outcome_count; o++) {
        const stn__outcome *outcome = &s->outcomes[o];
        fprintf(out, "  %-36s %9s", outcome->words, figure(stn__base_mean(s, o), true, text));
        for (int32_t r = 0; r < s->options.replicates && s->options.replicates > 1 && s->options.replicates <= 4; r++) {
            fprintf(out, "%s%s", r == 0 ? "   (by seed " : ", ",
                figure(s->base[o * s->options.replicates + r], true, text));
        }
        fputs(s->options.replicates > 1 && s->options.replicates <= 4 ? ")\n" : "\n", out);
    }
    fprintf(out, "Lived at scale %g (%s lives), seed %llu and %d of its replicates, at %s points", s->study->scale,
        stn__whole((int64_t) (people * s->study->scale + 0.5), whole), (unsigned long long) s->study->seed,
        (int) s->options.replicates,
        stn__whole(s->points, text));
    if (s->failed > 0) {
        fprintf(
            out, ", of which %s had no answer (%s)", stn__whole(s->failed, text), s->failure != NULL ? s->failure : "");
    }
    fputs(".\n\n", out);
}

/* A number takes two lines: what it is, and what it does. */
static void
row_put(FILE *out, const stn_sensitivity *s, int32_t place, int range_width)
{
    const stn__varied *v = &s->varied[place];
    const stn_screening *m = &s->screening[place];
    const stn_indices *i = stn_sensitivity_indices(s, 0, place);
    char range[ROOM], moves[ROOM], first[ROOM] = "", total[ROOM] = "", a[STN_NUMBER_TEXT], b[STN_NUMBER_TEXT],
                                   x[STN__TEXT], y[STN__TEXT];

    fprintf(out, "%3d  %s: %s\n", (int) place + 1, v->number->key, v->number->text);
    snprintf(range, sizeof range, "%s to %s%s", stn__value_words(v->number, v->low, a),
        stn__value_words(v->number, v->high, b),
        v->number->declared ? ""
            : v->pulled     ? " **"
                            : " *");
    snprintf(moves, sizeof moves, "%s +- %s%s", figure(m->mu_star, false, x), figure(m->error, false, y),
        m->clear ? "" : " ?");
    if (i != NULL) {
        share(i->first, i->first_low, i->first_high, first);
        share(i->total, i->total_low, i->total_high, total);
    }
    stn__columns_put(out,
        (const stn__cell_text[]){ { "", 3 }, { range, range_width }, { moves, 17 }, { first, 20 }, { total, 20 } }, 5);
}

static void
table_put(FILE *out, const stn_sensitivity *s, int width)
{
    int32_t count = s->varied_count, shown = count < SHOWN ? count : SHOWN, clear = 0, declared = 0;
    int range_width = width - 3 - 17 - 20 - 20 - 4 * 2;

    for (int32_t v = 0; v < count; v++) {
        clear += s->screening[v].clear;
        declared += s->varied[v].number->declared != 0;
    }
    fprintf(out, "%d numbers were varied; %d of them move \"%s\" by more than chance does.\n", (int) count, (int) clear,
        s->outcomes[0].words);
    if (s->top > 0 && clear > 0) {
        fprintf(out, "The answer hangs on %s %d first of all:\n\n", s->top == 1 ? "this" : "these",
            (int) (s->top < clear ? s->top : clear));
    } else {
        fputs("\n", out);
    }
    fputs("     number: as the files say\n", out);
    stn__columns_put(out,
        (const stn__cell_text[]){ { "", 3 }, { "varied from, to", range_width }, { "moves it by", 17 },
            { "share alone", 20 }, { "share in all", 20 } },
        5);
    for (int32_t v = 0; v < shown && s->screening[v].mu_star > 0; v++) {
        row_put(out, s, v, range_width);
    }
    fprintf(out,
        "\nRanges: %d said by the files; %d by default (*): from half to double (**: as far as the files can be "
        "read).\n"
        "+- is the error over the ways in which it was moved; ? may be chance. Shares are of the variance, with 95 %% "
        "intervals: by the\n"
        "number alone, and in all that it has a part in.\n",
        (int) declared, (int) (count - declared));
    if (s->fixed_count > 0) {
        fprintf(out, "%d more stayed as they are: nothing, never, or a count that must sum up with others.\n",
            (int) s->fixed_count);
    }
}

/* A bar from the answer with the files' number to those at both ends: '-' towards the low
 * end's, '=' towards the high end's. */
static void
bar_put(char *bar, int size, double least, double most, double base, const stn__swing *swing)
{
    double unit = most > least ? (size - 1) / (most - least) : 0;
    int middle = (int) ((base - least) * unit + 0.5), low = (int) ((swing->low - least) * unit + 0.5),
        high = (int) ((swing->high - least) * unit + 0.5);

    memset(bar, ' ', (size_t) size);
    bar[size] = '\0';
    for (int at = low < middle ? low : middle; at <= (low > middle ? low : middle); at++) {
        bar[at] = '-';
    }
    for (int at = high < middle ? high : middle; at <= (high > middle ? high : middle); at++) {
        bar[at] = '=';
    }
    bar[middle] = '|';
}

typedef struct spread {
    double least, most, base;
} spread;

static spread
spread_of(const stn_sensitivity *s, int32_t outcome)
{
    double base = stn__base_mean(s, outcome);
    spread all = { base, base, base };

    for (int32_t n = 0; n < s->swing_count; n++) {
        const stn__swing *one = &s->swings[outcome * s->swing_count + n];
        const double ends[2] = { one->low, one->high };
        for (int32_t e = 0; e < 2; e++) {
            all.least = ends[e] < all.least ? ends[e] : all.least; /* NaN is neither */
            all.most = ends[e] > all.most ? ends[e] : all.most;
        }
    }
    return all;
}

static void
chart_put(FILE *out, const stn_sensitivity *s, int width)
{
    char bar[1024], low[STN__TEXT], high[STN__TEXT], base[STN__TEXT];
    spread all = spread_of(s, 0);
    int room = width - KEY - 2 * FIGURE - 3;

    if (s->swing_count == 0) {
        return;
    }
    fprintf(out,
        "\n%s, one number moved at a time ('-' to its low end, '=' to its high end, all else as in the files: %s)\n\n",
        s->outcomes[0].words, figure(all.base, true, base));
    for (int32_t n = 0; n < s->swing_count; n++) {
        const stn__swing *one = &s->swings[n];
        const char *key = s->varied[n].number->key;
        char label[2 * KEY + 4] = "";
        int size = stn__characters(key);
        if (isnan(one->low) || isnan(one->high)) {
            continue;
        }
        bar_put(bar, room < 1000 ? room : 1000, all.least, all.most, all.base, one);
        if (size <= KEY) { /* of a long one the end says more */
            snprintf(label, sizeof label, "%s%*s", key, KEY - size, "");
        } else {
            snprintf(label, sizeof label, "...%s", key + stn__bytes_of(key, size - KEY + 3));
        }
        fprintf(out, "%s %*s %s %*s\n", label, FIGURE, figure(one->low, true, low), bar, FIGURE,
            figure(one->high, true, high));
    }
}

void
stn_sensitivity_print(FILE *out, const stn_sensitivity *sensitivity, int32_t width)
{
    int columns = width == 0 ? WIDTH : width < 80 ? 80 : width;

    head_put(out, sensitivity);
    table_put(out, sensitivity, columns);
    chart_put(out, sensitivity, columns);
}
