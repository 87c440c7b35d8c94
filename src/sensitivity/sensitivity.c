/* SPDX-License-Identifier: Apache-2.0
 *
 * sensitivity.c - the analysis: lives the study at many points and asks which of
 * its numbers moved the answer.
 *
 * A point costs reading the files and living both regimes once for each seed, so
 * all else is nothing beside it. Points are lived one a thread. The same seeds
 * serve at every point, so that of two points the numbers alone tell the lives
 * apart. */
#include "sensitivity/sensitivity.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { RESAMPLES = 1000, SWINGS = 10, PERSON_YEARS = 60000, PULLS = 3 };

/* One stretch of points: what the answering function and the watch share. */
typedef struct stretch {
    stn_sensitivity *s;
    const int32_t *inputs; /* numbers by rank that are varied; NULL: all */
    int32_t count;         /* of them */
    int64_t points;        /* of the stretch */
    const char *stage;
    pthread_mutex_t lock;  /* of what follows */
    int64_t failed, first; /* points without an answer, and the first of them */
    char failure[256];
    stn_error err; /* what ended it */
} stretch;

void
stn_sensitivity_options_init(stn_sensitivity_options *options)
{
    *options = (stn_sensitivity_options){ .trajectories = 4, .replicates = 2, .top = 5, .base = 64 };
}

static int
check_options(const stn_sensitivity_options *o, stn_error *err)
{
    if (o->trajectories < 2 || o->trajectories > 1000) {
        return stn__fail(err, STN_E_ARGUMENT, "found %d trajectories, expected 2 to 1000", (int) o->trajectories);
    }
    if (o->replicates < 1 || o->replicates > 100) {
        return stn__fail(err, STN_E_ARGUMENT, "found %d replicates, expected 1 to 100", (int) o->replicates);
    }
    if (o->top < 0 || o->top > STN__SOBOL_INPUTS_MAX) {
        return stn__fail(err, STN_E_ARGUMENT, "found %d numbers to have indices, expected 0 to %d", (int) o->top,
            STN__SOBOL_INPUTS_MAX);
    }
    if (o->base < 64 || o->base > 65536 || (o->base & (o->base - 1)) != 0) {
        return stn__fail(
            err, STN_E_ARGUMENT, "found a base of %d points, expected a power of two from 64 to 65536", (int) o->base);
    }
    return 0;
}

/* -------------------------------------------------------------------- a point */

/* Lives both regimes to the end; the caller frees runs and city, whatever comes of it. */
static int
pair_live(const stn_study *study, stn_city **city, stn_run *runs[2], stn_error *err)
{
    const stn_city_options city_options = { .threads = 1 };
    const int32_t regimes[2] = { 0, 1 };
    stn_run_options options;
    int ret;

    *city = NULL;
    runs[0] = runs[1] = NULL;
    stn_run_options_init(&options);
    options.threads = 1;
    ret = stn_city_new(study, &city_options, city, err);
    if (ret == 0) {
        ret = stn_runs_new(study, *city, regimes, 2, &options, runs, err);
    }
    for (int32_t r = 0; r < 2 && ret == 0; r++) {
        ret = stn_run_advance(runs[r], INT32_MAX, err);
    }
    return ret;
}

static void
pair_free(stn_city *city, stn_run *runs[2])
{
    stn_run_free(runs[0]);
    stn_run_free(runs[1]);
    stn_city_free(city);
}

/* Every outcome's difference with every seed. */
static int
study_answer(const stn_sensitivity *s, const stn_study *study, double *answers, stn_error *err)
{
    int32_t replicates = s->options.replicates;
    int ret = 0;

    for (int32_t replicate = 0; ret == 0 && replicate < replicates; replicate++) {
        stn_study *seeded = NULL;
        stn_run *runs[2] = { NULL, NULL };
        stn_city *city = NULL;
        ret = stn_study_replicate_new(study, replicate, &seeded, err);
        if (ret == 0) {
            ret = pair_live(seeded, &city, runs, err);
        }
        for (int32_t o = 0; ret == 0 && o < s->outcome_count; o++) {
            answers[o * replicates + replicate] = stn__outcome_of(seeded, city, &s->outcomes[o], runs[1])
                - stn__outcome_of(seeded, city, &s->outcomes[o], runs[0]);
        }
        pair_free(city, runs);
        stn_study_free(seeded);
    }
    return ret;
}

static const char *
bare_key(const char *key)
{
    const char *colon = strrchr(key, ':');

    return colon != NULL ? colon + 1 : key;
}

/* Settings of a point, as one block: those of the caller but for numbers that are
 * varied, then one for each varied number and alias. NULL without memory. */
static stn_setting *
settings_make(const stn_sensitivity *s, const int32_t *inputs, const double *places, int32_t count, int32_t *made)
{
    int32_t numbers = s->study->number_count, most = numbers + s->changes.setting_count;
    stn_setting *settings = malloc((size_t) (most + 1) * (sizeof *settings + STN_NUMBER_TEXT));
    char *texts = (char *) (settings + most + 1);
    int32_t own;

    *made = 0;
    for (int32_t c = 0; settings != NULL && c < s->changes.setting_count; c++) {
        settings[(*made)++] = s->changes.settings[c];
    }
    own = *made;
    for (int32_t i = 0; settings != NULL && i < count; i++) {
        const stn__varied *varied = &s->varied[inputs != NULL ? inputs[i] : i];
        if (isnan(places[i])) {
            continue;
        }
        stn_number_text(varied->number, stn__varied_value(varied, places[i]), texts);
        for (int32_t n = 0; n < numbers; n++) {
            const char *key = s->study->numbers[n].key;
            if (s->study->numbers[n].same != varied->index) {
                continue;
            }
            for (int32_t o = 0; o < own;) { /* a number is either the caller's or varied */
                bool both = strcmp(settings[o].key, key) == 0
                    || (strchr(key, ':') == NULL && strcmp(bare_key(settings[o].key), key) == 0);
                if (both) {
                    memmove(&settings[o], &settings[o + 1], (size_t) (*made - o - 1) * sizeof *settings);
                    own--;
                    (*made)--;
                } else {
                    o++;
                }
            }
            settings[(*made)++] = (stn_setting){ key, texts };
        }
        texts += STN_NUMBER_TEXT;
    }
    return settings;
}

/* Reads the study at a point. */
static int
point_load(const stn_sensitivity *s, const int32_t *inputs, const double *places, int32_t count, stn_study **out,
    char *why, size_t room, stn_error *err)
{
    stn_study_options changes = s->changes;
    stn_report *report = stn_report_new();
    stn_setting *settings = settings_make(s, inputs, places, count, &changes.setting_count);
    int ret;

    *out = NULL;
    why[0] = '\0';
    if (settings == NULL || report == NULL) {
        ret = stn__fail(err, STN_E_MEMORY, "no memory to set numbers");
    } else {
        changes.settings = settings;
        ret = stn_study_load(s->path, &changes, out, report, err);
        if (ret == STN_E_INPUT && stn_report_count(report) > 0) {
            snprintf(why, room, "%s", stn_report_text(report, 0));
        } else if (ret != 0) {
            snprintf(why, room, "%s", err->text);
        }
    }
    free(settings);
    stn_report_free(report);
    return ret;
}

/* Whether a failure is the point's own, so that others may still have an answer. */
static bool
of_point(int code)
{
    return code == STN_E_INPUT || code == STN_E_ARGUMENT || code == STN_E_LIMIT;
}

static int
point_answer(void *user, int64_t point, const double *places, int32_t thread, double *answers)
{
    stretch *t = user;
    const stn_sensitivity *s = t->s;
    stn_study *study;
    stn_error err = { 0, "" };
    char why[256];
    int ret = point_load(s, t->inputs, places, t->count, &study, why, sizeof why, &err);

    (void) thread;
    if (ret == 0) {
        ret = study_answer(s, study, answers, &err);
    }
    stn_study_free(study);
    if (ret == 0) {
        return 0;
    }
    for (int32_t a = 0; a < s->outcome_count * s->options.replicates; a++) {
        answers[a] = NAN;
    }
    pthread_mutex_lock(&t->lock);
    if (!of_point(ret)) {
        t->err = err;
    } else {
        t->failed++;
        if (point < t->first) {
            t->first = point;
            snprintf(t->failure, sizeof t->failure, "%.*s", (int) sizeof t->failure - 1, why[0] != '\0' ? why : err.text);
        }
    }
    pthread_mutex_unlock(&t->lock);
    return of_point(ret) ? 0 : ret;
}

static int
point_watch(void *user, int64_t points)
{
    const stretch *t = user;
    const stn_progress progress = { t->stage, t->points > 0 ? (double) points / (double) t->points : 1,
        (uint64_t) points };

    return t->s->options.progress == NULL || t->s->options.progress(t->s->options.user, &progress) == 0 ? 0
                                                                                                        : STN_E_STOPPED;
}

/* ------------------------------------------------------------------ stretches */

static void
stretch_begin(stretch *t, stn_sensitivity *s, const char *stage, const int32_t *inputs, int32_t count, int64_t points)
{
    *t = (stretch){ .s = s, .stage = stage, .inputs = inputs, .count = count, .points = points, .first = INT64_MAX };
    pthread_mutex_init(&t->lock, NULL);
}

/* Adds up what came of it and hands on how it ended. */
static int
stretch_end(stretch *t, int ret, stn_error *err)
{
    stn_sensitivity *s = t->s;

    pthread_mutex_destroy(&t->lock);
    s->points += ret == 0 ? t->points : 0;
    s->failed += t->failed;
    if (t->failed > 0 && s->failure == NULL) {
        s->failure = stn__arena_text(s->arena, t->failure, strlen(t->failure));
    }
    if (ret == STN_E_STOPPED) {
        return stn__fail(err, ret, "%s", stn_error_text(ret));
    }
    return ret == 0 ? 0 : stn__fail(err, ret, "%s", t->err.text[0] != '\0' ? t->err.text : stn_error_text(ret));
}

static stn__question
question_of(stretch *t)
{
    const stn_sensitivity *s = t->s;

    return (stn__question){ .answer = point_answer,
        .watch = point_watch,
        .user = t,
        .inputs = t->count,
        .outcomes = s->outcome_count,
        .replicates = s->options.replicates,
        .threads = s->options.threads,
        .seed = s->study->seed };
}

/* Finds an end of a number's range with which the files can be read: pulled in
 * towards the number itself, in halves. */
static int
end_try(void *user, int64_t piece, int32_t thread)
{
    stretch *t = user;
    stn_sensitivity *s = t->s;
    int32_t which = (int32_t) (piece / 2);
    const stn_number *number = s->varied[which].number; /* threads meet at the ends of one number */
    stn__varied one = { number, s->varied[which].index, number->low, number->high, true, false };
    double value = one.number->value, end = piece % 2 == 0 ? one.low : one.high;
    stn_error err = { 0, "" };
    char why[256];
    int ret = STN_E_INPUT;

    (void) thread;
    for (int32_t pull = 0; pull <= PULLS && ret != 0; pull++) {
        stn_study *study = NULL;
        stn_sensitivity probe = *s;
        double place = 0;
        one.low = one.high = pull == PULLS ? value : end;
        probe.varied = &one;
        ret = point_load(&probe, NULL, &place, 1, &study, why, sizeof why, &err);
        stn_study_free(study);
        if (ret != 0 && !of_point(ret)) {
            pthread_mutex_lock(&t->lock);
            t->err = err;
            pthread_mutex_unlock(&t->lock);
            return ret;
        }
        end = ret != 0 ? value + (end - value) / 2 : one.low;
        if (one.number->whole) {
            end = (double) (int64_t) (end + (end < 0 ? -0.5 : 0.5));
        }
    }
    *(piece % 2 == 0 ? &s->varied[which].low : &s->varied[which].high) = end;
    return 0;
}

static int
ends_check(stn_sensitivity *s, stn_error *err)
{
    stretch t;
    int32_t kept = 0;
    int ret;

    stretch_begin(&t, s, "reading at the ends of ranges", NULL, 1, 2 * (int64_t) s->varied_count);
    ret = stn__parallel(s->options.threads, t.points, end_try, point_watch, &t);
    t.points = 0; /* nothing was lived */
    ret = stretch_end(&t, ret, err);
    for (int32_t v = 0; ret == 0 && v < s->varied_count; v++) {
        stn__varied *one = &s->varied[v];
        one->pulled = one->low > one->number->low || one->high < one->number->high;
        if (one->low < one->high) {
            s->varied[kept++] = *one;
        } else {
            s->fixed[s->fixed_count++] = one->number;
        }
    }
    s->varied_count = ret == 0 ? kept : s->varied_count;
    return ret == 0 && kept == 0 ? stn__fail(err, STN_E_ARGUMENT, "there is no number that can be varied") : ret;
}

static int
base_answer(stn_sensitivity *s, stn_error *err)
{
    const double nothing = NAN;
    stretch t;
    stn__question q;

    stretch_begin(&t, s, "living as the files say", NULL, 1, 1);
    q = question_of(&t);
    s->base = stn__arena_take(s->arena, (size_t) (q.outcomes * q.replicates), sizeof *s->base);
    return stretch_end(&t, s->base == NULL ? STN_E_MEMORY : stn__ask(&q, &nothing, 1, s->base), err);
}

typedef struct ranked {
    double moves;
    int32_t number;
} ranked;

static int
by_moves(const void *left, const void *right)
{
    const ranked *a = left, *b = right;

    return a->moves != b->moves ? (a->moves > b->moves ? -1 : 1) : a->number < b->number ? -1 : a->number > b->number;
}

/* Puts the number that moves the first outcome most first. */
static int
rank(stn_sensitivity *s, const stn_screening *found)
{
    int32_t count = s->varied_count;
    ranked *order = stn__arena_take(s->arena, (size_t) count, sizeof *order);
    stn__varied *varied = stn__arena_take(s->arena, (size_t) count, sizeof *varied);

    s->screening = stn__arena_take(s->arena, (size_t) count * (size_t) s->outcome_count, sizeof *s->screening);
    if (order == NULL || varied == NULL || s->screening == NULL) {
        return STN_E_MEMORY;
    }
    for (int32_t v = 0; v < count; v++) {
        order[v] = (ranked){ isnan(found[v].mu_star) ? -1 : found[v].mu_star, v };
    }
    qsort(order, (size_t) count, sizeof *order, by_moves);
    for (int32_t place = 0; place < count; place++) {
        varied[place] = s->varied[order[place].number];
        for (int32_t o = 0; o < s->outcome_count; o++) {
            s->screening[o * count + place] = found[o * count + order[place].number];
        }
    }
    s->varied = varied;
    return 0;
}

static int
screen(stn_sensitivity *s, stn_error *err)
{
    int64_t count = s->varied_count;
    stn_screening *found = stn__arena_take(s->arena, (size_t) (count * s->outcome_count), sizeof *found);
    stretch t;
    stn__question q;
    int ret = found == NULL ? STN_E_MEMORY : 0;

    stretch_begin(&t, s, "screening all numbers", NULL, (int32_t) count, s->options.trajectories * (count + 1));
    q = question_of(&t);
    if (ret == 0) {
        ret = stn__screen(&q, s->options.trajectories, found);
    }
    if (ret == 0) {
        ret = rank(s, found);
    }
    return stretch_end(&t, ret, err);
}

/* How many from the first on move the first outcome at all. */
static int32_t
moving(const stn_sensitivity *s, int32_t most)
{
    int32_t count = 0;

    while (count < s->varied_count && count < most && s->screening[count].mu_star > 0) {
        count++;
    }
    return count;
}

/* The first numbers one by one at both ends, all others as in the files. */
static int
swing(stn_sensitivity *s, stn_error *err)
{
    int64_t count = s->swing_count = moving(s, s->options.top > SWINGS ? s->options.top : SWINGS), size;
    double *places, *answers;
    stretch t;
    stn__question q;
    int ret = 0;

    stretch_begin(&t, s, "moving one number at a time", NULL, (int32_t) count, 2 * count);
    q = question_of(&t);
    size = (int64_t) q.outcomes * q.replicates;
    places = stn__arena_take(s->arena, (size_t) (2 * count * count), sizeof *places);
    answers = stn__arena_take(s->arena, (size_t) (2 * count * size), sizeof *answers);
    s->swings = stn__arena_take(s->arena, (size_t) (count * q.outcomes), sizeof *s->swings);
    if (places == NULL || answers == NULL || s->swings == NULL) {
        ret = STN_E_MEMORY;
    }
    for (int64_t p = 0; ret == 0 && p < 2 * count; p++) {
        for (int64_t n = 0; n < count; n++) {
            places[p * count + n] = n != p / 2 ? NAN : p % 2 == 0 ? 0 : 1;
        }
    }
    if (ret == 0) {
        ret = stn__ask(&q, places, 2 * count, answers);
    }
    for (int64_t n = 0; ret == 0 && n < count; n++) {
        for (int32_t o = 0; o < q.outcomes; o++) {
            s->swings[o * count + n] = (stn__swing){ stn__answer_mean(&q, answers, 2 * n, o),
                stn__answer_mean(&q, answers, 2 * n + 1, o) };
        }
    }
    return stretch_end(&t, ret, err);
}

static int
share_out(stn_sensitivity *s, stn_error *err)
{
    int64_t count = s->top = moving(s, s->options.top);
    stretch t;
    stn__question q;
    int ret;

    stretch_begin(&t, s, "sharing out the variance", NULL, (int32_t) count, s->options.base * (count + 2));
    q = question_of(&t);
    s->indices = stn__arena_take(s->arena, (size_t) (count * q.outcomes) + 1, sizeof *s->indices);
    s->variance = stn__arena_take(s->arena, (size_t) q.outcomes, sizeof *s->variance);
    ret = s->indices == NULL || s->variance == NULL ? STN_E_MEMORY : 0;
    if (count == 0) {
        t.points = 0;
    } else if (ret == 0) {
        ret = stn__sobol(&q, s->options.base, RESAMPLES, s->indices, s->variance);
    }
    return stretch_end(&t, ret, err);
}

/* ------------------------------------------------------------------- the whole */

/* A scale at which a regime is lived in a tenth of a second or so, in two digits. It
 * goes by the files alone: no clock may have a say. */
static double
scale_of(const stn_study *study)
{
    double people = 0, scale, unit = 1;

    for (int32_t p = 0; p < study->world.population_count; p++) {
        people += study->world.populations[p].size.value;
    }
    scale = people * study->years > PERSON_YEARS ? PERSON_YEARS / (people * study->years) : 1;
    while (scale * unit < 10) {
        unit *= 10;
    }
    scale = (double) (int64_t) (scale * unit + 0.5) / unit;
    return scale < study->scale ? scale : study->scale;
}

/* Loads the two regimes to compare, as the files say. */
static int
begin(stn_sensitivity *s, stn_report *report, stn_error *err)
{
    stn_study *study = NULL;
    int ret = stn_study_load(s->path, &s->changes, &study, report, err);

    if (ret == 0 && study->regime_count < 2) {
        ret = stn__fail(
            err, STN_E_ARGUMENT, "%s: found %d regime, expected two to compare", s->path, (int) study->regime_count);
    }
    if (ret == 0) {
        for (int32_t r = 0; r < 2; r++) {
            s->regimes[r] = stn__arena_text(s->arena, study->regimes[r].name, strlen(study->regimes[r].name));
            ret = s->regimes[r] == NULL ? stn__fail(err, STN_E_MEMORY, "no memory") : ret;
        }
        s->changes.regimes = s->regimes;
        s->changes.regime_count = 2;
        s->changes.replicates = s->options.replicates;
        s->changes.scale = s->changes.scale > 0 ? s->changes.scale : scale_of(study);
    }
    stn_study_free(study);
    return ret == 0 ? stn_study_load(s->path, &s->changes, &s->study, report, err) : ret;
}

/* Lives once, to know what is counted. */
static int
outcomes_find(stn_sensitivity *s, stn_error *err)
{
    stn_run *runs[2];
    stn_city *city;
    int ret = pair_live(s->study, &city, runs, err);

    if (ret == 0) {
        ret = stn__answers_read(s, runs, err);
    }
    pair_free(city, runs);
    return ret;
}

static int
analyse(stn_sensitivity *s, stn_report *report, stn_error *err)
{
    int ret = begin(s, report, err);

    if (ret != 0 || (ret = stn__varied_choose(s, err)) != 0 || (ret = outcomes_find(s, err)) != 0
        || (ret = ends_check(s, err)) != 0 || (ret = base_answer(s, err)) != 0 || (ret = screen(s, err)) != 0
        || (ret = swing(s, err)) != 0) {
        return ret;
    }
    return share_out(s, err);
}

/* The caller's settings are told of later. */
static int
settings_keep(stn_sensitivity *s, stn_error *err)
{
    int32_t count = s->changes.setting_count;
    stn_setting *kept = stn__arena_take(s->arena, (size_t) count, sizeof *kept);
    bool whole = kept != NULL;

    for (int32_t c = 0; whole && c < count; c++) {
        const stn_setting *one = &s->changes.settings[c];
        kept[c].key = stn__arena_text(s->arena, one->key, strlen(one->key));
        kept[c].value = stn__arena_text(s->arena, one->value, strlen(one->value));
        whole = kept[c].key != NULL && kept[c].value != NULL;
    }
    s->changes.settings = kept;
    return whole ? 0 : stn__fail(err, STN_E_MEMORY, "no memory for an analysis of sensitivity");
}

int
stn_sensitivity_new(const char *path, const stn_study_options *changes, const stn_sensitivity_options *options,
    stn_sensitivity **out, stn_report *report, stn_error *err)
{
    stn_sensitivity *s;
    int ret;

    STN_INVARIANT(path != NULL && out != NULL && report != NULL);
    *out = NULL;
    s = calloc(1, sizeof *s);
    if (s == NULL || (s->arena = stn__arena_new()) == NULL) {
        free(s);
        return stn__fail(err, STN_E_MEMORY, "no memory for an analysis of sensitivity");
    }
    stn_sensitivity_options_init(&s->options);
    stn_study_options_init(&s->changes);
    s->options = options != NULL ? *options : s->options;
    s->changes = changes != NULL ? *changes : s->changes;
    s->options.threads = stn__thread_count(s->options.threads);
    s->path = stn__arena_text(s->arena, path, strlen(path));
    ret = s->path == NULL ? stn__fail(err, STN_E_MEMORY, "no memory for an analysis of sensitivity")
                          : check_options(&s->options, err);
    if (ret == 0) {
        ret = settings_keep(s, err);
    }
    if (ret == 0) {
        ret = analyse(s, report, err);
    }
    if (ret != 0) {
        stn_sensitivity_free(s);
        return ret;
    }
    *out = s;
    return 0;
}

void
stn_sensitivity_free(stn_sensitivity *sensitivity)
{
    if (sensitivity != NULL) {
        stn_study_free(sensitivity->study);
        stn__arena_free(sensitivity->arena);
        free(sensitivity);
    }
}

int32_t
stn_sensitivity_outcome_count(const stn_sensitivity *sensitivity)
{
    return sensitivity->outcome_count;
}

int32_t
stn_sensitivity_number_count(const stn_sensitivity *sensitivity)
{
    return sensitivity->varied_count;
}

const char *
stn_sensitivity_key(const stn_sensitivity *sensitivity, int32_t place)
{
    STN_INVARIANT(place >= 0 && place < sensitivity->varied_count);
    return sensitivity->varied[place].number->key;
}

const stn_screening *
stn_sensitivity_screening(const stn_sensitivity *sensitivity, int32_t outcome, int32_t place)
{
    STN_INVARIANT(
        outcome >= 0 && outcome < sensitivity->outcome_count && place >= 0 && place < sensitivity->varied_count);
    return &sensitivity->screening[outcome * sensitivity->varied_count + place];
}

const stn_indices *
stn_sensitivity_indices(const stn_sensitivity *sensitivity, int32_t outcome, int32_t place)
{
    STN_INVARIANT(
        outcome >= 0 && outcome < sensitivity->outcome_count && place >= 0 && place < sensitivity->varied_count);
    return place < sensitivity->top ? &sensitivity->indices[outcome * sensitivity->top + place] : NULL;
}
