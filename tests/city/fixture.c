/* SPDX-License-Identifier: Apache-2.0
 *
 * fixture.c - reads the worlds of fixture.h:
 *
 *   seed SEED scale SCALE populations N
 *   then for each: NAME SIZE attributes N joints N
 *     for each attribute: NAME LEVELS AGES YEARS, then for each level NAME COUNT
 *       and, if AGES is 1, FIRST LAST; if YEARS is 1, a weight for each age
 *     for each joint: N, the attributes' numbers, the weights
 *   household 0, or 1 OF WITHIN SIZE_MAX COLLECTIVE HEAD, the sizes from 1, and
 *     a flag for each level if HEAD >= 0
 *   representative 0, or 1 OF IS WITHIN_OF WITHIN_IS AMONG, and a flag for each
 *     level if AMONG >= 0 */
#include "fixture.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void
stop(const char *what)
{
    fprintf(stderr, "fixture: expected %s\n", what);
    exit(2);
}

static char *
word(FILE *in, stn__arena *arena)
{
    char text[64];

    if (fscanf(in, "%63s", text) != 1) {
        stop("a word");
    }
    return stn__arena_text(arena, text, strlen(text));
}

static void
keyword(FILE *in, const char *expected)
{
    char text[64];

    if (fscanf(in, "%63s", text) != 1 || strcmp(text, expected) != 0) {
        stop(expected);
    }
}

static double
number(FILE *in)
{
    double value;

    if (fscanf(in, "%lf", &value) != 1) {
        stop("a number");
    }
    return value;
}

static int32_t
whole(FILE *in)
{
    return (int32_t) number(in);
}

static double *
numbers(FILE *in, stn__arena *arena, int32_t count)
{
    double *values = stn__arena_take(arena, (size_t) count, sizeof *values);

    for (int32_t i = 0; i < count; i++) {
        values[i] = number(in);
    }
    return values;
}

static bool *
flags(FILE *in, stn__arena *arena, int32_t count)
{
    bool *values = stn__arena_take(arena, (size_t) count, sizeof *values);

    for (int32_t i = 0; i < count; i++) {
        values[i] = whole(in) != 0;
    }
    return values;
}

static void
read_attribute(FILE *in, stn__arena *arena, stn_attribute *attribute)
{
    bool years;

    attribute->name = word(in, arena);
    attribute->level_count = whole(in);
    attribute->has_ages = whole(in) != 0;
    years = whole(in) != 0;

    const char **levels = stn__arena_take(arena, (size_t) attribute->level_count, sizeof *levels);
    double *counts = stn__arena_take(arena, (size_t) attribute->level_count, sizeof *counts);
    int32_t *first = stn__arena_take(arena, (size_t) attribute->level_count, sizeof *first);
    int32_t *last = stn__arena_take(arena, (size_t) attribute->level_count, sizeof *last);
    for (int32_t level = 0; level < attribute->level_count; level++) {
        levels[level] = word(in, arena);
        counts[level] = number(in);
        if (attribute->has_ages) {
            first[level] = whole(in);
            last[level] = whole(in);
        }
    }
    attribute->levels = levels;
    attribute->counts = counts;
    attribute->age_first = first;
    attribute->age_last = last;
    if (years) {
        attribute->age_weights = numbers(in, arena, last[attribute->level_count - 1] + 1);
    }
}

static void
read_population(FILE *in, stn__arena *arena, stn_population *population)
{
    stn_attribute *attributes;
    stn_joint *joints;

    population->name = word(in, arena);
    population->size.value = number(in);
    keyword(in, "attributes");
    population->attribute_count = whole(in);
    keyword(in, "joints");
    population->joint_count = whole(in);
    population->cell_count = 1;
    attributes = stn__arena_take(arena, (size_t) population->attribute_count, sizeof *attributes);
    joints = stn__arena_take(arena, (size_t) population->joint_count, sizeof *joints);
    for (int32_t a = 0; a < population->attribute_count; a++) {
        read_attribute(in, arena, &attributes[a]);
        population->cell_count *= attributes[a].level_count;
    }
    for (int32_t j = 0; j < population->joint_count; j++) {
        int32_t count = whole(in), cells = 1;
        int32_t *of = stn__arena_take(arena, (size_t) count, sizeof *of);
        for (int32_t i = 0; i < count; i++) {
            of[i] = whole(in);
            cells *= attributes[of[i]].level_count;
        }
        joints[j].attribute_count = count;
        joints[j].attributes = of;
        joints[j].weights = numbers(in, arena, cells);
    }
    population->attributes = attributes;
    population->joints = joints;
}

static void
read_ties(FILE *in, stn__arena *arena, stn_world *world)
{
    stn_household_tie *h = &world->household;
    stn_representative_tie *r = &world->representative;

    keyword(in, "household");
    h->given = whole(in) != 0;
    if (h->given) {
        double *sizes;
        h->of = whole(in);
        h->within = whole(in);
        h->size_max = whole(in);
        h->collective = number(in);
        h->head_attribute = whole(in);
        sizes = stn__arena_take(arena, (size_t) h->size_max + 1, sizeof *sizes);
        for (int32_t size = 1; size <= h->size_max; size++) {
            sizes[size] = number(in);
        }
        h->sizes = sizes;
        if (h->head_attribute != STN_NONE) {
            h->head_levels = flags(in, arena, world->populations[h->of].attributes[h->head_attribute].level_count);
        }
    }
    keyword(in, "representative");
    r->given = whole(in) != 0;
    if (r->given) {
        r->of = whole(in);
        r->is = whole(in);
        r->within_of = whole(in);
        r->within_is = whole(in);
        r->among_attribute = whole(in);
        if (r->among_attribute != STN_NONE) {
            r->among_levels = flags(in, arena, world->populations[r->is].attributes[r->among_attribute].level_count);
        }
    }
}

stn_study *
fixture_read(FILE *in, stn__arena *arena)
{
    stn_study *study = stn__arena_take(arena, 1, sizeof *study);
    stn_population *populations;

    keyword(in, "seed");
    if (fscanf(in, "%" SCNu64, &study->seed) != 1) {
        stop("a seed");
    }
    keyword(in, "scale");
    study->scale = number(in);
    keyword(in, "populations");
    study->world.population_count = whole(in);
    populations = stn__arena_take(arena, (size_t) study->world.population_count, sizeof *populations);
    study->world.populations = populations;
    for (int32_t p = 0; p < study->world.population_count; p++) {
        read_population(in, arena, &populations[p]);
    }
    read_ties(in, arena, &study->world);
    return study;
}
