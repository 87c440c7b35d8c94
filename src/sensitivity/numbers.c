/* SPDX-License-Identifier: Apache-2.0
 *
 * numbers.c - which numbers of a study are varied, and how far. */
#include "sensitivity/sensitivity.h"

#include <string.h>

#include "base/maths.h"

double
stn__varied_value(const stn__varied *varied, double place)
{
    double low = varied->low, high = varied->high, value;

    if (place <= 0 || place >= 1) {
        value = place <= 0 ? low : high;
    } else if (varied->even) {
        value = low + place * (high - low);
    } else { /* both have the same sign */
        double from = stn__log(low < 0 ? -low : low), to = stn__log(high < 0 ? -high : high);
        value = stn__exp(from + place * (to - from));
        value = low < 0 ? -value : value;
    }
    if (varied->number->whole) {
        value = (double) (int64_t) (value + (value < 0 ? -0.5 : 0.5));
    }
    return value < low ? low : value > high ? high : value;
}

const char *
stn__value_words(const stn_number *number, double value, char text[STN_NUMBER_TEXT])
{
    static const struct {
        double minutes;
        const char *name;
    } times[] = { { 525600, "years" }, { 1440, "days" }, { 60, "hours" }, { 1, "minutes" } };
    size_t at = 0;

    switch ((stn__unit) number->kind) {
    case STN__RATE:
    case STN__CAPACITY:
        snprintf(text, STN_NUMBER_TEXT, "%.4g per year", value * STN_MINUTES_PER_YEAR);
        break;
    case STN__DURATION:
        while (at < 3 && value < times[at].minutes * (at == 0 ? 2 : 1)) {
            at++;
        }
        if (value >= STN_NEVER) {
            return "never";
        }
        snprintf(text, STN_NUMBER_TEXT, "%.4g %s", value / times[at].minutes, times[at].name);
        break;
    case STN__AMOUNT:
        snprintf(text, STN_NUMBER_TEXT, "%.0f yuan", value);
        break;
    case STN__INCOME:
        snprintf(text, STN_NUMBER_TEXT, "%.0f yuan per year", value);
        break;
    default:
        snprintf(text, STN_NUMBER_TEXT, "%.4g", value);
        break;
    }
    return text;
}

static bool
wanted(const stn_sensitivity *s, const stn_number *number)
{
    const char *key = strrchr(number->key, ':') != NULL ? strrchr(number->key, ':') + 1 : number->key;
    bool named = s->options.vary == NULL;

    for (int32_t v = 0; v < s->options.vary_count && !named; v++) {
        size_t size = strlen(s->options.vary[v]);
        named = strncmp(number->key, s->options.vary[v], size) == 0 || strncmp(key, s->options.vary[v], size) == 0;
    }
    return named && (!number->cited || number->declared || s->options.cited);
}

int
stn__varied_choose(stn_sensitivity *s, stn_error *err)
{
    const stn_study *study = s->study;

    s->varied = stn__arena_take(s->arena, (size_t) study->number_count + 1, sizeof *s->varied);
    s->fixed = stn__arena_take(s->arena, (size_t) study->number_count + 1, sizeof *s->fixed);
    if (s->varied == NULL || s->fixed == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory to vary numbers");
    }
    for (int32_t n = 0; n < study->number_count; n++) {
        const stn_number *number = &study->numbers[n];
        if (number->same != n || !wanted(s, number)) {
            continue;
        }
        if (number->low < number->high) {
            bool even = number->declared || (number->low <= 0 && number->high >= 0);
            s->varied[s->varied_count++] = (stn__varied){ number, n, number->low, number->high, even, false };
        } else {
            s->fixed[s->fixed_count++] = number;
        }
    }
    if (s->varied_count == 0) {
        return stn__fail(err, STN_E_ARGUMENT, "there is no number to vary%s",
            s->options.vary != NULL ? " whose key begins as asked for" : "");
    }
    return 0;
}
