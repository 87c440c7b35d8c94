/* SPDX-License-Identifier: Apache-2.0
 *
 * fates.h - what regimes did to the same people, counted person by person.
 *
 * fates.c   each regime alone, and each against each
 * spells.c  how long until somebody is restricted, and until it is over
 *
 * Both look at panels before a run is released; fates.c keeps a few bytes for each person;
 * what goes into the result file are counts (docs/results.md). */
#ifndef STN_RESULTS_FATES_H
#define STN_RESULTS_FATES_H

#include "results/database.h"

/* The fates of one replicate's people under the regimes added so far. Owned by the writer. */
typedef struct stn__fates stn__fates;

/* Borrows study and city. Returns NULL without memory. */
stn__fates *stn__fates_new(const stn_study *study, const stn_city *city);
void stn__fates_free(stn__fates *fates); /* NULL does nothing */
/* Keeps what a run that has been lived to its end, with the option `lives`, did to
 * everybody. Returns 0, STN_E_MEMORY, or STN_E_ARGUMENT without that option. */
int stn__fates_take(stn__fates *fates, stn_run *run, stn_error *err);
/* Tables `fate` and `effect` of the regimes taken. */
int stn__fates_write(const stn__fates *fates, stn__db *db, int32_t replicate, stn_error *err);

/* Everybody's first spells under a run that has been lived to its end with the option `lives`,
 * as table `spell`. Errors as above. */
int stn__spells_write(const stn_study *study, const stn_city *city, stn_run *run, stn__db *db, int32_t replicate,
    stn_error *err);

#endif
