/* SPDX-License-Identifier: Apache-2.0
 *
 * outcome.c - what is counted of a run and compared between two regimes. */
#include "sensitivity/sensitivity.h"

#include <string.h>

/* Names for what is asked for most often. The default ones come first. */
static const struct {
    const char *name, *counter, *words;
    bool breaches;
} known[] = {
    { "restricted_years", "restricted_minutes", "person-years restricted", false },
    { "wrong_years", "wrong_minutes", "person-years wrongly restricted", false },
    { "blocked", "blocked", "attempts at closed doors", false },
    { "offences", "acts", "offences and defaults", true },
    { "all_closed_years", "all_closed_minutes", "person-years with every door closed", false },
    { "poor_years", "poor_minutes", "person-years with nothing left over", false },
};
enum { KNOWN = sizeof known / sizeof *known, DEFAULTS = 4 };

static bool
is_breach(const stn_study *study, int32_t population, const char *name)
{
    for (int32_t b = 0; b < study->world.behaviour_count; b++) {
        const stn_behaviour *behaviour = &study->world.behaviours[b];
        if (behaviour->population == population && strcmp(behaviour->name, name) == 0) {
            return behaviour->kind != STN_MERIT;
        }
    }
    return false;
}

static bool
counts(const stn_study *study, const stn__outcome *outcome, const stn_counter *counter)
{
    return strcmp(counter->name, outcome->counter) == 0
        && (outcome->subject == NULL || strcmp(counter->subject, outcome->subject) == 0)
        && (!outcome->breaches || is_breach(study, outcome->population, counter->subject));
}

double
stn__outcome_of(const stn_study *study, const stn_city *city, const stn__outcome *outcome, const stn_run *run)
{
    uint32_t people = stn_city_size(city, outcome->population);
    int64_t total = 0;
    bool minutes = false;

    for (int32_t c = 0; c < stn_run_counter_count(run, outcome->population); c++) {
        const stn_counter *counter = stn_run_counter(run, outcome->population, c);
        if (counts(study, outcome, counter)) {
            total += stn_run_total(run, outcome->population, -1, c);
            minutes = counter->minutes != 0;
        }
    }
    return (double) total / (minutes ? STN_MINUTES_PER_YEAR : 1.0) * 1000.0 / (people > 0 ? (double) people : 1.0);
}

/* Whether either regime counts it. */
static bool
is_counted(const stn_sensitivity *s, const stn__outcome *outcome, stn_run *const runs[2])
{
    for (int32_t r = 0; r < 2; r++) {
        for (int32_t c = 0; c < stn_run_counter_count(runs[r], outcome->population); c++) {
            if (counts(s->study, outcome, stn_run_counter(runs[r], outcome->population, c))) {
                return true;
            }
        }
    }
    return false;
}

static int
unknown(const stn_sensitivity *s, const char *text, const stn__outcome *outcome, const stn_run *run, stn_error *err)
{
    enum { NAMES_MAX = 512 };
    const char *names[NAMES_MAX], *near;
    int32_t count = 0;

    (void) s;
    for (int32_t k = 0; k < KNOWN; k++) {
        names[count++] = known[k].name;
    }
    for (int32_t c = 0; c < stn_run_counter_count(run, outcome->population) && count < NAMES_MAX; c++) {
        names[count++] = stn_run_counter(run, outcome->population, c)->name;
    }
    near = stn__nearest(outcome->counter, names, count);
    return stn__fail(err, STN_E_ARGUMENT, "there is no outcome \"%s\"%s%s%s", text,
        near != NULL ? "; did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?" : "");
}

/* "NAME", "COUNTER", "COUNTER/SUBJECT", each with "@POPULATION" or not. */
static int
outcome_read(stn_sensitivity *s, const char *text, stn_run *const runs[2], stn__outcome *out, stn_error *err)
{
    char *copy = stn__arena_text(s->arena, text, strlen(text)), *at, *slash;
    const char *unit = "";

    if (copy == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory to read outcomes");
    }
    *out = (stn__outcome){ .name = text, .counter = copy };
    at = strchr(copy, '@');
    if (at != NULL) {
        *at++ = '\0';
        out->population = -1;
        for (int32_t p = 0; p < s->study->world.population_count; p++) {
            out->population = strcmp(s->study->world.populations[p].name, at) == 0 ? p : out->population;
        }
        if (out->population < 0) {
            return stn__fail(err, STN_E_ARGUMENT, "the outcome \"%s\" names no population of the world", text);
        }
    }
    slash = strchr(copy, '/');
    if (slash != NULL) {
        *slash = '\0';
        out->subject = slash + 1;
    }
    for (int32_t k = 0; k < KNOWN && slash == NULL; k++) {
        if (strcmp(copy, known[k].name) == 0) {
            out->counter = known[k].counter;
            out->breaches = known[k].breaches;
            out->words = known[k].words;
        }
    }
    if (!is_counted(s, out, runs)) {
        return unknown(s, text, out, runs[1], err);
    }
    if (out->words == NULL) {
        size_t size = strlen(copy);
        unit = size > 8 && strcmp(copy + size - 8, "_minutes") == 0 ? " (in person-years)" : "";
        out->words = stn__arena_print(
            s->arena, "%s%s%s%s", copy, slash != NULL ? " of " : "", slash != NULL ? slash + 1 : "", unit);
    }
    return out->words == NULL ? stn__fail(err, STN_E_MEMORY, "no memory to read outcomes") : 0;
}

int
stn__answers_read(stn_sensitivity *s, stn_run *const runs[2], stn_error *err)
{
    bool asked = s->options.outcomes != NULL;
    int32_t count = asked ? s->options.outcome_count : DEFAULTS;
    int ret = 0;

    s->outcomes = stn__arena_take(s->arena, (size_t) count + 1, sizeof *s->outcomes);
    if (s->outcomes == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory to read outcomes");
    }
    for (int32_t o = 0; ret == 0 && o < count; o++) {
        stn__outcome *out = &s->outcomes[s->outcome_count];
        ret = outcome_read(s, asked ? s->options.outcomes[o] : known[o].name, runs, out, err);
        if (ret == STN_E_ARGUMENT && !asked) {
            ret = 0; /* a world without doors has nothing blocked */
        } else {
            s->outcome_count += ret == 0;
        }
    }
    return ret;
}
