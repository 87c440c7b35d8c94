/* SPDX-License-Identifier: Apache-2.0
 *
 * design.c - where to ask a function of several inputs, and what its answers say. */
#include "sensitivity/design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/draw.h"
#include "base/error.h"

/* What the design draws; the model's purposes (base/draw.h) end below these. */
enum { DRAW_START = 128, DRAW_ORDER = 129, DRAW_SHIFT = 130, DRAW_RESAMPLE = 131 };

static const double STEP = 2.0 / 3.0; /* of a grid of four levels: each is reached as often */

/* --------------------------------------------------------------------- asking */

typedef struct asking {
    const stn__question *q;
    const double *points;
    double *answers;
} asking;

static int
ask_one(void *user, int64_t piece, int32_t thread)
{
    const asking *a = user;
    int32_t size = a->q->outcomes * a->q->replicates;

    return a->q->answer(a->q->user, piece, a->points + piece * a->q->inputs, thread, a->answers + piece * size);
}

static int
watch_asking(void *user, int64_t pieces)
{
    const asking *a = user;

    return a->q->watch(a->q->user, pieces);
}

int
stn__ask(const stn__question *q, const double *points, int64_t count, double *answers)
{
    asking a = { q, points, answers };

    return stn__parallel(q->threads, count, ask_one, q->watch != NULL ? watch_asking : NULL, &a);
}

double
stn__answer_mean(const stn__question *q, const double *answers, int64_t point, int32_t outcome)
{
    const double *one = answers + (point * q->outcomes + outcome) * q->replicates;
    double sum = 0;

    for (int32_t replicate = 0; replicate < q->replicates; replicate++) {
        sum += one[replicate];
    }
    return sum / q->replicates;
}

/* ------------------------------------------------------------------- sequence */

/* Primitive polynomials, leading and last coefficient with them, and first direction
 * numbers: new-joe-kuo-6 (Joe, Kuo: Constructing Sobol sequences with better
 * two-dimensional projections, SIAM J. Sci. Comput. 30, 2008). */
static const uint8_t polynomials[STN__SOBOL_DIMENSIONS] = { 1, 3, 7, 11, 13, 19, 25, 37, 41, 47, 55, 59, 61, 67, 91, 97,
    103, 109, 115, 131, 137, 143, 145, 157 };
static const uint8_t directions[STN__SOBOL_DIMENSIONS][7] = { { 1 }, { 1 }, { 1, 3 }, { 1, 3, 1 }, { 1, 1, 1 },
    { 1, 1, 3, 3 }, { 1, 3, 5, 13 }, { 1, 1, 5, 5, 17 }, { 1, 1, 5, 5, 5 }, { 1, 1, 7, 11, 19 }, { 1, 1, 5, 1, 1 },
    { 1, 1, 1, 3, 11 }, { 1, 3, 5, 5, 31 }, { 1, 3, 3, 9, 7, 49 }, { 1, 1, 1, 15, 21, 21 }, { 1, 3, 1, 13, 27, 49 },
    { 1, 1, 1, 15, 7, 5 }, { 1, 3, 1, 15, 13, 25 }, { 1, 1, 5, 5, 19, 61 }, { 1, 3, 7, 11, 23, 15, 103 },
    { 1, 3, 7, 13, 13, 15, 69 }, { 1, 1, 3, 13, 7, 35, 63 }, { 1, 3, 5, 9, 1, 25, 53 }, { 1, 3, 1, 13, 9, 35, 107 } };

/* Direction number `bit` (0: of one half) of a dimension. Bratley and Fox 1988. */
static void
directions_fill(int32_t dimension, uint32_t *of)
{
    uint32_t polynomial = polynomials[dimension];
    int32_t degree = 0;

    while (polynomial >> (degree + 1) != 0) {
        degree++;
    }
    for (int32_t bit = 0; bit < 32; bit++) {
        if (degree == 0 || bit < degree) {
            of[bit] = (uint32_t) (degree == 0 ? 1 : directions[dimension][bit]) << (31 - bit);
            continue;
        }
        of[bit] = of[bit - degree] ^ (of[bit - degree] >> degree);
        for (int32_t k = 1; k < degree; k++) {
            if (polynomial >> (degree - k) & 1u) {
                of[bit] ^= of[bit - k];
            }
        }
    }
}

void
stn__sobol_point(uint32_t index, int32_t dimensions, uint32_t *point)
{
    uint32_t of[32];

    STN_INVARIANT(dimensions <= STN__SOBOL_DIMENSIONS);
    for (int32_t dimension = 0; dimension < dimensions; dimension++) {
        directions_fill(dimension, of);
        point[dimension] = 0;
        for (int32_t bit = 0; bit < 32; bit++) {
            if (index >> bit & 1u) {
                point[dimension] ^= of[bit];
            }
        }
    }
}

/* ------------------------------------------------------------------ screening */

/* One walk: inputs + 1 points, and the order in which inputs step. */
static void
walk_lay(const stn__question *q, int32_t walk, double *points, int32_t *order)
{
    int32_t k = q->inputs;

    for (int32_t input = 0; input < k; input++) {
        stn__words drawn = stn__draw(q->seed, DRAW_START, 0, (uint32_t) walk, (uint32_t) input, 0);
        points[input] = (drawn.w[0] & 1u ? 1.0 / 3.0 : 0.0) + (drawn.w[1] & 1u ? STEP : 0.0);
        order[input] = input;
    }
    for (int32_t left = k; left > 1; left--) { /* Fisher and Yates */
        uint32_t word = stn__draw(q->seed, DRAW_ORDER, 0, (uint32_t) walk, (uint32_t) left, 0).w[0];
        int32_t other = (int32_t) ((uint64_t) word * (uint64_t) left >> 32), moved = order[other];
        order[other] = order[left - 1];
        order[left - 1] = moved;
    }
    for (int32_t step = 0; step < k; step++) {
        double *to = points + (int64_t) (step + 1) * k;
        memcpy(to, to - k, (size_t) k * sizeof *to);
        to[order[step]] += to[order[step]] < 0.5 ? STEP : -STEP;
    }
}

/* What the steps of one input did to one outcome: sums over walks. */
typedef struct tally {
    int32_t count;
    double sum, sizes, squares; /* of effects */
    double chance;              /* of variances of the effect's mean over replicates */
} tally;

static void
tally_add(const stn__question *q, const double *before, const double *after, double step, tally *t)
{
    double sum = 0, squares = 0, mean;

    for (int32_t replicate = 0; replicate < q->replicates; replicate++) {
        sum += (after[replicate] - before[replicate]) / step;
    }
    mean = sum / q->replicates;
    if (isnan(mean)) {
        return;
    }
    for (int32_t replicate = 0; replicate < q->replicates; replicate++) {
        double off = (after[replicate] - before[replicate]) / step - mean;
        squares += off * off;
    }
    t->count++;
    t->sum += mean;
    t->sizes += fabs(mean);
    t->squares += mean * mean;
    t->chance += q->replicates > 1 ? squares / (q->replicates - 1) / q->replicates : 0;
}

/* Whether effects are larger than chance alone makes one in a hundred: an F test of their
 * mean square against that of chance, by Paulson's approximation (Ann. Math. Stat. 13, 1942).
 * Effects of different walks are independent of each other. */
static bool
is_clear(const stn_screening *s, const tally *t, int32_t replicates)
{
    double effects = t->count, chances = effects * (replicates - 1), of_effects = 2 / (9 * effects),
           of_chances = 2 / (9 * chances), root;

    if (replicates < 2 || !(t->chance > 0)) {
        return s->mu_star > 0;
    }
    if (!(t->squares > 0)) {
        return false;
    }
    root = stn__exp(stn__log(t->squares / t->chance) / 3);
    return (1 - of_chances) * root - (1 - of_effects) > 2.326 * sqrt(of_chances * root * root + of_effects);
}

static stn_screening
screening_of(const stn__question *q, const tally *t)
{
    stn_screening s = { NAN, NAN, NAN, NAN, NAN, t->count, 0 };
    double n = t->count, of_sizes, of_effects;

    if (t->count > 0) {
        s.mu = t->sum / n;
        s.mu_star = t->sizes / n;
        s.noise = q->replicates > 1 ? sqrt(t->chance / n) : NAN;
        s.clear = is_clear(&s, t, q->replicates);
    }
    if (t->count > 1) { /* sums of squares of differences, rounded to below 0 where all are the same */
        of_effects = (t->squares - t->sum * s.mu) / (n - 1);
        of_sizes = (t->squares - t->sizes * s.mu_star) / (n - 1);
        s.sigma = of_effects > 0 ? sqrt(of_effects) : 0;
        s.error = of_sizes > 0 ? sqrt(of_sizes / n) : 0;
    }
    return s;
}

static void
screening_tell(const stn__question *q, int32_t trajectories, const double *points, const double *answers,
    const int32_t *orders, tally *tallies, stn_screening *out)
{
    int64_t k = q->inputs, size = (int64_t) q->outcomes * q->replicates;

    memset(tallies, 0, (size_t) (q->outcomes * k) * sizeof *tallies);
    for (int32_t walk = 0; walk < trajectories; walk++) {
        for (int64_t step = 0; step < k; step++) {
            int64_t point = walk * (k + 1) + step, input = orders[walk * k + step];
            double length = points[(point + 1) * k + input] - points[point * k + input];
            for (int32_t outcome = 0; outcome < q->outcomes; outcome++) {
                const double *before = answers + point * size + outcome * q->replicates;
                tally_add(q, before, before + size, length, &tallies[outcome * k + input]);
            }
        }
    }
    for (int64_t each = 0; each < q->outcomes * k; each++) {
        out[each] = screening_of(q, &tallies[each]);
    }
}

int
stn__screen(const stn__question *q, int32_t trajectories, stn_screening *out)
{
    int64_t k = q->inputs, count = trajectories * (k + 1);
    double *points = malloc((size_t) (count * k + 1) * sizeof *points);
    double *answers = malloc((size_t) (count * q->outcomes * q->replicates) * sizeof *answers);
    int32_t *orders = malloc((size_t) (trajectories * k + 1) * sizeof *orders);
    tally *tallies = malloc((size_t) (q->outcomes * k + 1) * sizeof *tallies);
    int ret = points == NULL || answers == NULL || orders == NULL || tallies == NULL ? STN_E_MEMORY : 0;

    for (int32_t walk = 0; ret == 0 && walk < trajectories; walk++) {
        walk_lay(q, walk, points + walk * (k + 1) * k, orders + walk * k);
    }
    if (ret == 0) {
        ret = stn__ask(q, points, count, answers);
    }
    if (ret == 0) {
        screening_tell(q, trajectories, points, answers, orders, tallies, out);
    }
    free(points);
    free(answers);
    free(orders);
    free(tallies);
    return ret;
}

/* -------------------------------------------------------------------- indices */

/* The blocks: A, B, and A with the column of each input from B. */
static void
blocks_lay(const stn__question *q, int32_t base, double *points)
{
    uint32_t drawn[STN__SOBOL_DIMENSIONS];
    int64_t k = q->inputs;

    for (int64_t row = 0; row < base; row++) {
        double *a = points + row * k, *b = a + base * k;
        stn__sobol_point((uint32_t) row, (int32_t) (2 * k), drawn);
        for (int32_t input = 0; input < k; input++) {
            uint32_t shift_a = stn__draw(q->seed, DRAW_SHIFT, 0, (uint32_t) input, 0, 0).w[0];
            uint32_t shift_b = stn__draw(q->seed, DRAW_SHIFT, 0, (uint32_t) input, 1, 0).w[0];
            a[input] = ((drawn[input] ^ shift_a) + 0.5) / 4294967296.0;
            b[input] = ((drawn[k + input] ^ shift_b) + 0.5) / 4294967296.0;
        }
        for (int32_t input = 0; input < k; input++) {
            double *mixed = points + ((2 + input) * base + row) * k;
            memcpy(mixed, a, (size_t) k * sizeof *mixed);
            mixed[input] = b[input];
        }
    }
}

/* Answers of one outcome, row by row: f[block * base + row], rows without all of their
 * answers left out. */
typedef struct table {
    double *f;
    int32_t base, rows, blocks;
} table;

static void
table_fill(const stn__question *q, const double *answers, int32_t base, int32_t outcome, table *t)
{
    t->base = base;
    t->blocks = q->inputs + 2;
    t->rows = 0;
    for (int32_t row = 0; row < base; row++) {
        bool whole = true;
        for (int64_t block = 0; block < t->blocks; block++) {
            double mean = stn__answer_mean(q, answers, block * base + row, outcome);
            t->f[block * base + t->rows] = mean;
            whole = whole && !isnan(mean);
        }
        t->rows += whole;
    }
}

/* Variance over the two independent blocks, and the indices, of the rows chosen. */
static double
estimate(const table *t, const int32_t *rows, double *first, double *total)
{
    const double *a = t->f, *b = t->f + t->base;
    double mean = 0, variance = 0, n = t->rows;

    for (int32_t r = 0; r < t->rows; r++) {
        mean += a[rows[r]] + b[rows[r]];
    }
    mean /= 2 * n;
    for (int32_t r = 0; r < t->rows; r++) {
        double off_a = a[rows[r]] - mean, off_b = b[rows[r]] - mean;
        variance += off_a * off_a + off_b * off_b;
    }
    variance /= 2 * n - 1;
    for (int32_t input = 0; input < t->blocks - 2; input++) {
        const double *mixed = t->f + (int64_t) (2 + input) * t->base;
        double together = 0, apart = 0;
        for (int32_t r = 0; r < t->rows; r++) {
            int32_t row = rows[r];
            together += (b[row] - mean) * (mixed[row] - a[row]);
            apart += (a[row] - mixed[row]) * (a[row] - mixed[row]);
        }
        first[input] = together / n / variance;
        total[input] = apart / (2 * n) / variance;
    }
    return variance;
}

static int
by_size(const void *left, const void *right)
{
    double a = *(const double *) left, b = *(const double *) right;

    return a < b ? -1 : a > b;
}

/* Of sorted samples of which `gone` at the end are none. */
static void
interval(double *samples, int32_t count, double *low, double *high)
{
    int32_t kept = 0;

    for (int32_t s = 0; s < count; s++) { /* a resample of equal rows has no variance */
        if (!isnan(samples[s])) {
            samples[kept++] = samples[s];
        }
    }
    *low = *high = NAN;
    if (kept > 0) {
        qsort(samples, (size_t) kept, sizeof *samples, by_size);
        *low = samples[(int32_t) (0.025 * (kept - 1) + 0.5)];
        *high = samples[(int32_t) (0.975 * (kept - 1) + 0.5)];
    }
}

/* `work`: room for 2 * inputs * resamples samples. */
static void
indices_tell(const stn__question *q, const table *t, int32_t resamples, int32_t *rows, double *work, stn_indices *out,
    double *variance)
{
    double first[STN__SOBOL_INPUTS_MAX], total[STN__SOBOL_INPUTS_MAX];
    int32_t k = q->inputs;

    for (int32_t input = 0; input < k; input++) {
        out[input] = (stn_indices){ NAN, NAN, NAN, NAN, NAN, NAN };
    }
    *variance = NAN;
    if (t->rows < 2) {
        return;
    }
    for (int32_t r = 0; r < t->rows; r++) {
        rows[r] = r;
    }
    *variance = estimate(t, rows, first, total);
    if (!(*variance > 0)) {
        return; /* a flat outcome has nothing to share out */
    }
    for (int32_t input = 0; input < k; input++) {
        out[input].first = first[input];
        out[input].total = total[input];
    }
    for (int32_t sample = 0; sample < resamples; sample++) {
        for (int32_t r = 0; r < t->rows; r++) {
            uint32_t word = stn__draw(q->seed, DRAW_RESAMPLE, 0, (uint32_t) sample, (uint32_t) r, 0).w[0];
            rows[r] = (int32_t) ((uint64_t) word * (uint64_t) t->rows >> 32);
        }
        estimate(t, rows, first, total);
        for (int32_t input = 0; input < k; input++) {
            work[(int64_t) input * resamples + sample] = first[input];
            work[(int64_t) (k + input) * resamples + sample] = total[input];
        }
    }
    for (int32_t input = 0; input < k; input++) {
        interval(work + (int64_t) input * resamples, resamples, &out[input].first_low, &out[input].first_high);
        interval(work + (int64_t) (k + input) * resamples, resamples, &out[input].total_low, &out[input].total_high);
    }
}

int
stn__sobol(const stn__question *q, int32_t base, int32_t resamples, stn_indices *out, double *variance)
{
    int64_t k = q->inputs, count = (int64_t) base * (k + 2);
    double *points = malloc((size_t) (count * k + 1) * sizeof *points);
    double *answers = malloc((size_t) (count * q->outcomes * q->replicates) * sizeof *answers);
    double *f = malloc((size_t) count * sizeof *f), *work = malloc((size_t) (2 * k * resamples + 1) * sizeof *work);
    int32_t *rows = malloc((size_t) base * sizeof *rows);
    int ret = points == NULL || answers == NULL || f == NULL || work == NULL || rows == NULL ? STN_E_MEMORY : 0;
    table t = { f, base, 0, 0 };

    STN_INVARIANT(k <= STN__SOBOL_INPUTS_MAX);
    if (ret == 0) {
        blocks_lay(q, base, points);
        ret = stn__ask(q, points, count, answers);
    }
    for (int32_t outcome = 0; ret == 0 && outcome < q->outcomes; outcome++) {
        table_fill(q, answers, base, outcome, &t);
        indices_tell(q, &t, resamples, rows, work, out + outcome * k, &variance[outcome]);
    }
    free(points);
    free(answers);
    free(f);
    free(work);
    free(rows);
    return ret;
}
