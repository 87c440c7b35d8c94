/* SPDX-License-Identifier: Apache-2.0
 *
 * settings.h - numbers that stand in place of those of the files.
 *
 * A setting takes the place of the text that a number is read from, so whatever
 * holds for the file's own number holds for it, and the mistake it makes is told
 * where that one stands. */
#ifndef STN_MODEL_SETTINGS_H
#define STN_MODEL_SETTINGS_H

#include "model/reader.h"

/* Begins to heed settings; `settings` is borrowed. */
void stn__settings_begin(stn__reader *reader, const stn_setting *settings, int32_t count);
/* The node to read a number from: `node`, or one like it with the text that is set
 * for `key`. `whole`: what the number stands in, or NULL. */
const stn__node *stn__setting_node(stn__reader *reader, const char *key, const stn__node *node, const stn__node *whole);
/* The setting that made a mistake at a place likely, or NULL. */
const stn_setting *stn__setting_blamed(const stn__reader *reader, stn_place place);
/* Whether every setting had a number to stand for; else STN_E_ARGUMENT. */
int stn__settings_end(stn__reader *reader, stn_error *err);

/* Makes the study's numbers of its quantities, which are sorted. */
void stn__numbers_gather(stn__reader *reader, stn_study *study);

#endif
