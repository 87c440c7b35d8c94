/* SPDX-License-Identifier: Apache-2.0
 *
 * groups.c - which group of the study's `by` each cell of a population is in. */
#include "results/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "plan/plan.h"

int32_t
stn__attribute_names(const stn_study *study, const char **names)
{
    int32_t count = 0;

    for (int32_t p = 0; p < study->world.population_count; p++) {
        for (int32_t a = 0; a < study->world.populations[p].attribute_count; a++) {
            const char *name = study->world.populations[p].attributes[a].name;
            int32_t place = 0;
            while (place < count && strcmp(names[place], name) != 0) {
                place++;
            }
            if (place == count) {
                names[count++] = name;
            }
        }
    }
    return count;
}

int32_t
stn__attribute_find(const stn_population *population, const char *name)
{
    for (int32_t a = 0; a < population->attribute_count; a++) {
        if (strcmp(population->attributes[a].name, name) == 0) {
            return a;
        }
    }
    return STN_NONE;
}

int32_t
stn__level_of_group(const stn_study *study, int32_t population, int32_t group, int32_t by)
{
    const stn_population *p = &study->world.populations[population];
    int32_t attribute;

    for (int32_t later = study->by_count - 1; later > by; later--) {
        attribute = stn__attribute_find(p, study->by[later]);
        if (attribute != STN_NONE) {
            group /= p->attributes[attribute].level_count;
        }
    }
    attribute = stn__attribute_find(p, study->by[by]);
    STN_INVARIANT(attribute != STN_NONE);
    return group % p->attributes[attribute].level_count;
}

int
stn__groups_new(const stn_study *study, const stn_city *city, int32_t population, stn__groups *out)
{
    const stn_population *p = &study->world.populations[population];
    const uint32_t *cells = stn_city_cells(city, population);
    uint32_t size = stn_city_size(city, population);

    out->count = stn_study_group_count(study, population);
    out->of_cell = calloc((size_t) p->cell_count, sizeof *out->of_cell);
    out->people = calloc((size_t) out->count, sizeof *out->people);
    if (out->of_cell == NULL || out->people == NULL) {
        stn__groups_free(out);
        return STN_E_MEMORY;
    }
    for (int32_t by = 0; by < study->by_count; by++) {
        int32_t attribute = stn__attribute_find(p, study->by[by]);
        for (int32_t cell = 0; attribute != STN_NONE && cell < p->cell_count; cell++) {
            out->of_cell[cell] = out->of_cell[cell] * (uint32_t) p->attributes[attribute].level_count
                + (uint32_t) stn__cell_level(p, cell, attribute);
        }
    }
    for (uint32_t row = 0; row < size; row++) {
        out->people[out->of_cell[cells[row]]]++;
    }
    return 0;
}

void
stn__groups_free(stn__groups *groups)
{
    free(groups->of_cell);
    free(groups->people);
    groups->of_cell = NULL;
    groups->people = NULL;
}
