/* SPDX-License-Identifier: Apache-2.0
 *
 * paths.h - the paths that the files of a study have to each other.
 *
 * Nothing above the folder that holds them all is told: where somebody keeps
 * their files is their affair. */
#ifndef STN_MODEL_PATHS_H
#define STN_MODEL_PATHS_H

#include <standing/study.h>

#include "model/model.h"

/* One path for each file of the study, from the folder that holds them all;
 * installed inputs are taken to be beside the study's folder. NULL: no memory. */
char **stn__paths_new(const stn_study *study);
void stn__paths_free(char **paths, int32_t count); /* NULL does nothing */

#endif
