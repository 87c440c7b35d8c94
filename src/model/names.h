/* SPDX-License-Identifier: Apache-2.0
 *
 * names.h - finding the things of a model, and what people call them. */
#ifndef STN_MODEL_NAMES_H
#define STN_MODEL_NAMES_H

#include <stddef.h>

#include <standing/study.h>

#include "model/model.h"

/* By the population and the local number, which must be there. */
const stn_behaviour *stn__behaviour_of(const stn_study *study, int32_t population, int32_t local);
const stn_door *stn__door_of(const stn_study *study, int32_t population, int32_t local);
const stn_list *stn__list_of(const stn_regime *regime, int32_t population, int32_t local);
const stn_rating *stn__rating_of(const stn_regime *regime, int32_t population); /* or NULL */

/* A person's words for a thing: its title, or its name. */
static inline const char *
stn__title(const char *title, const char *name)
{
    return title != NULL && title[0] != '\0' ? title : name;
}

const char *stn__behaviour_title(const stn_study *study, int32_t population, int32_t local);

#endif
