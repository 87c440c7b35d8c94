/* SPDX-License-Identifier: Apache-2.0
 *
 * study.h - a world, its regimes and what to do with them, read from files.
 *
 * Lifetime  A study owns all that was read; cities and runs made from it
 *           borrow it, so it must outlive them. It never changes after loading.
 * Threads   A loaded study may be read by any number of threads.
 * Failure   Mistakes in files make STN_E_INPUT, and the report lists every one
 *           of them. On failure `*out` is NULL. */
#ifndef STANDING_STUDY_H
#define STANDING_STUDY_H

#include <standing/error.h>
#include <standing/settings.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct stn_study stn_study;

enum { STN_REPLICATES_MAX = 10000 };

/* What the command line changes of a study. Recorded in the results, so that
 * they can be remade. */
typedef struct stn_study_options {
    const char *const *regimes; /* names of the regimes to keep, in this order; NULL: all */
    int32_t regime_count;
    double scale;  /* > 0, at most 1; 0: as the study says */
    double years;  /* > 0, at most 200; 0: as the study says */
    int64_t seed;  /* >= 0; -1: as the study says */
    int32_t replicates; /* 1 to STN_REPLICATES_MAX; 0: as the study says */
    const stn_setting *settings; /* numbers that are other than in the files, none twice */
    int32_t setting_count;
} stn_study_options;

STN_API void stn_study_options_init(stn_study_options *options);

/* Reads a study and all that it names, or a world alone (a file, or a folder with
 * world.yaml in it) as a study of one year without regimes, for its city.
 * `options` may be NULL; `report` may not.
 * Settings are checked like the numbers of the files that they stand for.
 * Returns 0, STN_E_INPUT (see `report`), STN_E_ARGUMENT (an option; see `err`),
 * STN_E_IO or STN_E_MEMORY. */
STN_API STN_CHECKED int stn_study_load(const char *path, const stn_study_options *options,
    stn_study **out, stn_report *report, stn_error *err);

/* Reads one regime against a world (a file, or a folder with world.yaml in it), as a
 * study of one year of it. Returns what stn_study_load() does. */
STN_API STN_CHECKED int stn_study_load_regime(const char *path, const char *world, stn_study **out,
    stn_report *report, stn_error *err);

/* Reads any one of the three kinds of file and adds its mistakes to `report`.
 * A regime is checked alone (names of the world cannot be) unless `world` is
 * the path of a world; a study is checked with all that it names. `*kind`
 * becomes "world", "regime", "study" or NULL when that cannot be told. */
STN_API STN_CHECKED int stn_check(const char *path, const char *world, const char **kind,
    stn_report *report, stn_error *err);

/* The JSON Schema of "world", "regime" or "study"; NULL for another word. It is
 * made from the very table that the reader uses. Owned by the caller: free(). */
STN_API STN_CHECKED char *stn_schema(const char *kind);

/* The study as one of its replicates is lived: the same but for the seed, which for
 * replicate 0 is the study's and for others one that no other replicate has
 * (docs/results.md). It borrows all else from `study`, which must outlive it, and is
 * freed like any study. Returns 0 or STN_E_MEMORY; on failure `*out` is NULL. */
STN_API STN_CHECKED int stn_study_replicate_new(const stn_study *study, int32_t replicate,
    stn_study **out, stn_error *err);

STN_API void stn_study_free(stn_study *study); /* NULL does nothing */

/* What a study holds. Texts are borrowed from it. Numbers out of range are the
 * caller's mistake and stop the program. */
STN_API const char *stn_study_title(const stn_study *study);
STN_API double stn_study_years(const stn_study *study);
STN_API double stn_study_scale(const stn_study *study);
STN_API uint64_t stn_study_seed(const stn_study *study);
STN_API int32_t stn_study_replicates(const stn_study *study);
STN_API uint32_t stn_study_window_minutes(const stn_study *study);
STN_API uint32_t stn_study_horizon_minutes(const stn_study *study);
STN_API int32_t stn_study_regime_count(const stn_study *study);
STN_API const char *stn_study_regime_name(const stn_study *study, int32_t regime);
STN_API const char *stn_study_regime_title(const stn_study *study, int32_t regime);
STN_API int32_t stn_study_population_count(const stn_study *study);
STN_API const char *stn_study_population_name(const stn_study *study, int32_t population);
/* The groups of a population: combinations of the levels of those of the
 * study's `by` attributes that it has, the last fastest; one group if none. */
STN_API int32_t stn_study_group_count(const stn_study *study, int32_t population);
STN_API int32_t stn_study_by_count(const stn_study *study);
STN_API const char *stn_study_by(const stn_study *study, int32_t by);
/* The level of a group for the study's attribute `by`, or NULL if the
 * population lacks that attribute. */
STN_API const char *stn_study_group_level(const stn_study *study, int32_t population,
    int32_t group, int32_t by);

#ifdef __cplusplus
}
#endif
#endif
