/* SPDX-License-Identifier: Apache-2.0
 *
 * settings.h - the numbers of a study one by one, and the same study with some
 * of them changed.
 *
 * A number is known by its key, the path of names that leads to it in its file,
 * such as "behaviours.fraud.taken" or "lists.red.term". If several regimes of a
 * study have different numbers under one key, those of some of them are meant
 * with their names before it: "none,plan:detection.fraud.police.probability". */
#ifndef STANDING_SETTINGS_H
#define STANDING_SETTINGS_H

#include <standing/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct stn_study stn_study;

/* A number to be read in place of the one that a file has.
 *
 * `value` is written as in a file: "0.35", "35 %", "30 days", "2.5 per year",
 * "never". Of a number with ratios it is the base that they multiply. Two more
 * kinds of key have a meaning: one factor of those ratios,
 * "behaviours.fraud.taken.ratios.sex.male", and one share of an attribute whose
 * shares stand in the world file, "populations.resident.attributes.income.shares.q1".
 * Without names of regimes before the key, all regimes are meant that have it. */
typedef struct stn_setting {
    const char *key, *value;
} stn_setting;

/* One number of a study's world or regimes that a file gives. Numbers that
 * several regimes have from one place in one file are one. */
typedef struct stn_number {
    const char *key;      /* that a setting has to have for this number alone */
    const char *text;     /* as written, or as set */
    const char *unit;     /* in a word or two: "probability", "rate", "duration", ... */
    double value;         /* without unit: minutes, per minute, yuan, yuan per year, 0 to 1; that of
                           * "never", "permanent" and "forever" is 4294967295 */
    double low, high;     /* within which it may lie, likewise; low is high if nothing is known */
    int32_t declared;     /* 1: the file says the range; 0: half to double, within the unit's bounds */
    int32_t whole;        /* 1: only whole values make sense */
    int32_t cited;        /* 1: it has a source; 0: it is an assumption */
    const char *why;      /* or NULL */
    const char *file;     /* as opened */
    int32_t line;
    int32_t same;         /* the first number that stands in the very same place (by an alias or a merge
                           * key), itself if there is none before */
    const unsigned char *regimes; /* for each regime of the study 1 if it stands there; NULL: in the world */
    int32_t kind;         /* for stn_number_text() */
} stn_number;

/* All of them, in file order: the world's, then the regimes'. Borrowed from the
 * study. A number out of range is the caller's mistake and stops the program. */
STN_API int32_t stn_study_number_count(const stn_study *study);
STN_API const stn_number *stn_study_number(const stn_study *study, int32_t index);

/* Writes `value`, without unit as in stn_number, as the `value` of a setting.
 * Read again it is the same to the last bit, if whole where that makes sense. */
enum { STN_NUMBER_TEXT = 64 };
STN_API void stn_number_text(const stn_number *number, double value, char text[STN_NUMBER_TEXT]);

#ifdef __cplusplus
}
#endif
#endif
