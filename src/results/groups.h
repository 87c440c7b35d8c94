/* SPDX-License-Identifier: Apache-2.0
 *
 * groups.h - which group of the study's `by` each cell of a population is in. */
#ifndef STN_RESULTS_GROUPS_H
#define STN_RESULTS_GROUPS_H

#include <standing/city.h>

#include "model/model.h"

typedef struct stn__groups {
    int32_t count;
    uint32_t *of_cell; /* owned: group of each cell */
    int64_t *people;   /* owned: number of people in each group */
} stn__groups;

/* Returns 0 or STN_E_MEMORY. */
int stn__groups_new(const stn_study *study, const stn_city *city, int32_t population, stn__groups *out);
void stn__groups_free(stn__groups *groups);

/* The names of all populations' attributes, each once, in the order in which they
 * occur first; `names` has room for STN__NAMES_MAX. Returns their number. */
enum { STN__NAMES_MAX = STN_POPULATIONS_MAX * STN_ATTRIBUTES_MAX };
int32_t stn__attribute_names(const stn_study *study, const char **names);

/* The attribute of a population that has this name, or STN_NONE. */
int32_t stn__attribute_find(const stn_population *population, const char *name);
/* The level of a group for an attribute of `by` that its population has. */
int32_t stn__level_of_group(const stn_study *study, int32_t population, int32_t group, int32_t by);

#endif
