/* SPDX-License-Identifier: Apache-2.0
 *
 * json.c - an analysis of sensitivity for a program. */
#include <inttypes.h>
#include <math.h>

#include "base/text.h"
#include "base/version.h"
#include "model/paths.h"
#include "sensitivity/sensitivity.h"

static void
number_put(FILE *out, const char *name, double value)
{
    fprintf(out, isnan(value) ? ", \"%s\": null" : ", \"%s\": %.10g", name, value + 0.0);
}

static void
texts_put(FILE *out, const char *name, const char *const *texts, int32_t count)
{
    fprintf(out, ", \"%s\": [", name);
    for (int32_t t = 0; t < count; t++) {
        fputs(t > 0 ? ", " : "", out);
        stn__json_text(out, texts[t]);
    }
    fputs("]", out);
}

static void
head_put(FILE *out, const stn_sensitivity *s)
{
    const char *const regimes[2] = { s->regimes[0], s->regimes[1] };

    fputs("{\"sensitivity\": 1", out);
    stn__json_pair(out, false, "software", "standing");
    stn__json_pair(out, false, "version", stn__version());
    fprintf(out, ", \"results_epoch\": %d", (int) stn__results_epoch());
    stn__json_pair(out, false, "study", s->study->title);
    texts_put(out, "regimes", regimes, 2);
    fprintf(out,
        ",\n  \"scale\": %.17g, \"years\": %.17g, \"seed\": %" PRIu64
        ", \"replicates\": %d, \"trajectories\": %d, \"base\": %d",
        s->study->scale, s->study->years, s->study->seed, (int) s->options.replicates, (int) s->options.trajectories,
        (int) s->options.base);
    fprintf(out, ", \"points\": %" PRId64 ", \"failed\": %" PRId64 ", \"failure\": ", s->points, s->failed);
    if (s->failure != NULL) {
        stn__json_text(out, s->failure);
    } else {
        fputs("null", out);
    }
    fputs(",\n  \"settings\": [", out);
    for (int32_t c = 0; c < s->changes.setting_count; c++) {
        fputs(c > 0 ? ", {" : "{", out);
        stn__json_pair(out, true, "key", s->changes.settings[c].key);
        stn__json_pair(out, false, "value", s->changes.settings[c].value);
        fputs("}", out);
    }
    fputs("]", out);
}

static void
outcomes_put(FILE *out, const stn_sensitivity *s)
{
    fputs(",\n  \"outcomes\": [", out);
    for (int32_t o = 0; o < s->outcome_count; o++) {
        const stn__outcome *outcome = &s->outcomes[o];
        fputs(o > 0 ? ",\n    {" : "\n    {", out);
        stn__json_pair(out, true, "name", outcome->name);
        stn__json_pair(out, false, "words", outcome->words);
        stn__json_pair(out, false, "population", s->study->world.populations[outcome->population].name);
        number_put(out, "difference", stn__base_mean(s, o));
        fputs(", \"by_seed\": [", out);
        for (int32_t r = 0; r < s->options.replicates; r++) {
            fprintf(out, "%s%.10g", r > 0 ? ", " : "", s->base[o * s->options.replicates + r] + 0.0);
        }
        fputs("]", out);
        number_put(out, "variance", s->top > 0 ? s->variance[o] : NAN);
        fputs("}", out);
    }
    fputs("]", out);
}

static void
effects_put(FILE *out, const stn_sensitivity *s, int32_t place)
{
    fputs(", \"effects\": [", out);
    for (int32_t o = 0; o < s->outcome_count; o++) {
        const stn_screening *m = stn_sensitivity_screening(s, o, place);
        const stn_indices *i = stn_sensitivity_indices(s, o, place);
        fputs(o > 0 ? ",\n      {" : "\n      {", out);
        stn__json_pair(out, true, "outcome", s->outcomes[o].name);
        number_put(out, "mu", m->mu);
        number_put(out, "mu_star", m->mu_star);
        number_put(out, "mu_star_error", m->error);
        number_put(out, "sigma", m->sigma);
        number_put(out, "noise", m->noise);
        fprintf(out, ", \"count\": %d, \"clear\": %s", (int) m->count, m->clear ? "true" : "false");
        if (i != NULL) {
            number_put(out, "first", i->first);
            number_put(out, "first_low", i->first_low);
            number_put(out, "first_high", i->first_high);
            number_put(out, "total", i->total);
            number_put(out, "total_low", i->total_low);
            number_put(out, "total_high", i->total_high);
        }
        if (place < s->swing_count) {
            number_put(out, "at_low", s->swings[o * s->swing_count + place].low);
            number_put(out, "at_high", s->swings[o * s->swing_count + place].high);
        }
        fputs("}", out);
    }
    fputs("]", out);
}

static void
about_put(FILE *out, const stn_sensitivity *s, const stn_number *number, char *const *paths)
{
    const char *names[2];
    int32_t count = 0;
    const stn_quantity *quantity = s->study->number_quantities[number - s->study->numbers];

    stn__json_pair(out, true, "key", number->key);
    stn__json_pair(out, false, "text", number->text);
    stn__json_pair(out, false, "unit", number->unit);
    fprintf(out, ", \"cited\": %s", number->cited ? "true" : "false");
    for (int32_t r = 0; number->regimes != NULL && r < 2; r++) {
        if (number->regimes[r]) {
            names[count++] = s->regimes[r];
        }
    }
    texts_put(out, "regimes", names, count);
    if (paths != NULL) {
        stn__json_pair(out, false, "file", paths[quantity->place.file]);
    }
    fprintf(out, ", \"line\": %d", (int) number->line);
}

static void
aliases_put(FILE *out, const stn_sensitivity *s, const stn__varied *v)
{
    bool first = true;

    fputs(", \"also\": [", out);
    for (int32_t n = 0; n < s->study->number_count; n++) {
        if (n != v->index && s->study->numbers[n].same == v->index) {
            fputs(first ? "" : ", ", out);
            stn__json_text(out, s->study->numbers[n].key);
            first = false;
        }
    }
    fputs("]", out);
}

void
stn_sensitivity_json(FILE *out, const stn_sensitivity *sensitivity)
{
    const stn_sensitivity *s = sensitivity;
    char **paths = stn__paths_new(s->study), text[STN_NUMBER_TEXT];

    head_put(out, s);
    outcomes_put(out, s);
    fputs(",\n  \"numbers\": [", out);
    for (int32_t place = 0; place < s->varied_count; place++) {
        const stn__varied *v = &s->varied[place];
        fprintf(out, "%s\n    {\"rank\": %d, ", place > 0 ? "," : "", (int) place + 1);
        about_put(out, s, v->number, paths);
        aliases_put(out, s, v);
        fprintf(out, ", \"range\": \"%s\"",
            v->number->declared ? "declared"
                : v->pulled     ? "default, as far as the files can be read"
                                : "default");
        stn_number_text(v->number, v->low, text);
        stn__json_pair(out, false, "low", text);
        stn_number_text(v->number, v->high, text);
        stn__json_pair(out, false, "high", text);
        fprintf(out, ", \"spread\": \"%s\"", v->even ? "even" : "logarithm");
        effects_put(out, s, place);
        fputs("}", out);
    }
    fputs("],\n  \"fixed\": [", out);
    for (int32_t f = 0; f < s->fixed_count; f++) {
        fputs(f > 0 ? ",\n    {" : "\n    {", out);
        about_put(out, s, s->fixed[f], paths);
        fputs("}", out);
    }
    fputs("]}\n", out);
    stn__paths_free(paths, s->study->file_count);
}
