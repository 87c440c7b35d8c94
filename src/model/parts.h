/* SPDX-License-Identifier: Apache-2.0
 *
 * parts.h - the readers of the kinds of file; read.c puts them together. */
#ifndef STN_MODEL_PARTS_H
#define STN_MODEL_PARTS_H

#include "model/decode.h"

/* Reads a world's tree. What could be read is filled in even after mistakes, so
 * that regimes can be checked against it: a reference may then be STN_NONE. */
void stn__world_read(stn__reader *reader, const stn__node *root, stn_world *out);

/* Reads `life` of a population whose attributes are read; `node` may be NULL. */
void stn__life_read(stn__reader *reader, const stn__node *node, const char *where, const stn_population *population,
    stn_life *out);
/* Checks that nobody takes over anew what the members of a household share. */
void stn__life_check_household(stn__reader *reader, const stn_population *population, int32_t within);

/* Reads a regime's tree (extensions laid over each other already). `world` is
 * NULL if the regime is checked alone. */
void stn__regime_read(stn__reader *reader, const stn__node *root, const stn_world *world, stn_regime *out);

#endif
