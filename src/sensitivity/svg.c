/* SPDX-License-Identifier: Apache-2.0
 *
 * svg.c - a tornado chart: what each of the numbers that matter most does to the
 * answer by itself. Colours are told apart by the colour-blind too (Okabe, Ito). */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "sensitivity/sensitivity.h"

enum { WIDTH = 960, LEFT = 380, RIGHT = 890, TOP = 96, ROW = 34, BAR = 18 };

#define LOW_COLOUR "#0072B2"
#define HIGH_COLOUR "#D55E00"

static void
escaped_put(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            putc((unsigned char) *text < ' ' ? ' ' : *text, out);
        }
    }
}

static void
text_put(FILE *out, double x, double y, int size, const char *anchor, const char *colour, const char *text)
{
    fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\" fill=\"%s\">", x, y, size, anchor,
        colour);
    escaped_put(out, text);
    fputs("</text>\n", out);
}

/* A step of 1, 2 or 5 times a power of ten, of which some five make up the spread. */
static double
step_of(double spread)
{
    double step = 1;

    while (step * 10 < spread) {
        step *= 10;
    }
    while (step > spread && step > 1e-12) {
        step /= 10;
    }
    return spread / step < 2 ? step / 5 : spread / step < 5 ? step / 2 : step;
}

static void
axis_put(FILE *out, double least, double most, double bottom)
{
    double step = step_of(most - least), unit = (RIGHT - LEFT) / (most - least);
    char label[STN__TEXT];

    for (double at = (double) (int64_t) (least / step) * step; at <= most; at += step) {
        double x = LEFT + (at - least) * unit;
        if (at < least) {
            continue;
        }
        fprintf(
            out, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n", x, TOP - 6, x, bottom);
        snprintf(label, sizeof label, "%+.4g", fabs(at) < step / 1000 ? 0.0 : at);
        text_put(out, x, bottom + 16, 11, "middle", "#666666", label);
    }
}

static void
bar_put(FILE *out, double from, double to, double y, const char *colour, const char *what)
{
    fprintf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"><title>", from < to ? from : to,
        y, fabs(to - from), BAR, colour);
    escaped_put(out, what);
    fputs("</title></rect>\n", out);
}

static void
row_put(FILE *out, const stn_sensitivity *s, int32_t outcome, int32_t place, double least, double unit, double y)
{
    const stn__varied *v = &s->varied[place];
    const stn__swing *swing = &s->swings[outcome * s->swing_count + place];
    double base = LEFT + (stn__base_mean(s, outcome) - least) * unit, low = LEFT + (swing->low - least) * unit,
           high = LEFT + (swing->high - least) * unit;
    char range[3 * STN_NUMBER_TEXT], a[STN_NUMBER_TEXT], b[STN_NUMBER_TEXT], what[2 * STN_NUMBER_TEXT];

    text_put(out, LEFT - 12, y + 9, 12, "end", "#222222", v->number->key);
    snprintf(range, sizeof range, "%s to %s%s", stn__value_words(v->number, v->low, a),
        stn__value_words(v->number, v->high, b), v->number->declared ? "" : " (default)");
    text_put(out, LEFT - 12, y + 22, 10, "end", "#666666", range);
    if (!isnan(low)) {
        snprintf(what, sizeof what, "%s: %+.4g", stn__value_words(v->number, v->low, a), swing->low);
        bar_put(out, base, low, y, LOW_COLOUR, what);
    }
    if (!isnan(high)) {
        snprintf(what, sizeof what, "%s: %+.4g", stn__value_words(v->number, v->high, a), swing->high);
        bar_put(out, base, high, y, HIGH_COLOUR, what);
    }
}

void
stn_sensitivity_svg(FILE *out, const stn_sensitivity *sensitivity, int32_t outcome)
{
    const stn_sensitivity *s = sensitivity;
    double base, least, most, bottom = TOP + (double) ROW * s->swing_count;
    char head[512];

    STN_INVARIANT(outcome >= 0 && outcome < s->outcome_count);
    base = least = most = stn__base_mean(s, outcome);
    for (int32_t n = 0; n < s->swing_count; n++) {
        const stn__swing *one = &s->swings[outcome * s->swing_count + n];
        least = one->low < least ? one->low : least; /* NaN is neither */
        least = one->high < least ? one->high : least;
        most = one->low > most ? one->low : most;
        most = one->high > most ? one->high : most;
    }
    if (!(most > least)) {
        most = least + 1;
    }
    snprintf(head, sizeof head, "%s: %s against %s", s->outcomes[outcome].words, s->regimes[1], s->regimes[0]);
    fprintf(out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" width=\"%d\" height=\"%.0f\" "
        "font-family=\"DejaVu Sans, Verdana, sans-serif\" role=\"img\" aria-label=\"",
        WIDTH, bottom + 40, WIDTH, bottom + 40);
    escaped_put(out, head);
    fprintf(out, "\">\n<rect width=\"%d\" height=\"%.0f\" fill=\"#ffffff\"/>\n", WIDTH, bottom + 40);
    text_put(out, 24, 34, 18, "start", "#222222", head);
    text_put(out, 24, 56, 12, "start", "#555555",
        "For 1,000 made-up lives; one number moved at a time, all others as in the files");
    text_put(out, LEFT, 78, 12, "start", LOW_COLOUR, "number at its low end");
    text_put(out, LEFT + 160, 78, 12, "start", HIGH_COLOUR, "at its high end");
    axis_put(out, least, most, bottom);
    for (int32_t n = 0; n < s->swing_count; n++) {
        row_put(out, s, outcome, n, least, (RIGHT - LEFT) / (most - least), TOP + (double) ROW * n);
    }
    fprintf(out,
        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#222222\" stroke-width=\"1.5\"/>\n</svg>\n",
        LEFT + (base - least) * (RIGHT - LEFT) / (most - least), TOP - 6,
        LEFT + (base - least) * (RIGHT - LEFT) / (most - least), bottom);
}
