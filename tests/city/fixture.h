/* SPDX-License-Identifier: Apache-2.0
 *
 * fixture.h - worlds for tests of src/city, without the reader of world files.
 *
 * A plain text of words and numbers, in the order of the structures of
 * model.h; twin.py writes it, test_city.c holds some. */
#ifndef CITY_FIXTURE_H
#define CITY_FIXTURE_H

#include <stdio.h>

#include <standing/study.h>

#include "base/arena.h"
#include "model/model.h"

/* Reads a study with a world and nothing else, in the arena's memory. Ends the
 * program on a text that it does not understand. */
stn_study *fixture_read(FILE *in, stn__arena *arena);

#endif
