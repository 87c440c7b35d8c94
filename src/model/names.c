/* SPDX-License-Identifier: Apache-2.0
 *
 * names.c - finding the things of a model, and what people call them. */
#include "model/names.h"

#include "base/error.h"

const stn_behaviour *
stn__behaviour_of(const stn_study *study, int32_t population, int32_t local)
{
    for (int32_t b = 0; b < study->world.behaviour_count; b++) {
        const stn_behaviour *behaviour = &study->world.behaviours[b];
        if (behaviour->population == population && behaviour->local == local) {
            return behaviour;
        }
    }
    stn__broken("a behaviour of the population", __FILE__, __LINE__);
}

const stn_door *
stn__door_of(const stn_study *study, int32_t population, int32_t local)
{
    for (int32_t d = 0; d < study->world.door_count; d++) {
        const stn_door *door = &study->world.doors[d];
        if (door->population == population && door->local == local) {
            return door;
        }
    }
    stn__broken("a door of the population", __FILE__, __LINE__);
}

const stn_list *
stn__list_of(const stn_regime *regime, int32_t population, int32_t local)
{
    for (int32_t l = 0; l < regime->list_count; l++) {
        if (regime->lists[l].population == population && regime->lists[l].local == local) {
            return &regime->lists[l];
        }
    }
    stn__broken("a list of the population", __FILE__, __LINE__);
}

const stn_rating *
stn__rating_of(const stn_regime *regime, int32_t population)
{
    for (int32_t r = 0; r < regime->rating_count; r++) {
        if (regime->ratings[r].population == population) {
            return &regime->ratings[r];
        }
    }
    return NULL;
}

const char *
stn__behaviour_title(const stn_study *study, int32_t population, int32_t local)
{
    const stn_behaviour *behaviour = stn__behaviour_of(study, population, local);

    return stn__title(behaviour->title, behaviour->name);
}
