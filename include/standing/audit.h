/* SPDX-License-Identifier: Apache-2.0
 *
 * audit.h - a regime's rules held against criteria of law.
 *
 * An aid for a lawyer and no legal advice: what the rules of a made-up regime
 * say is read off them, clause by clause; what they do not say is called not
 * decidable. The criteria, with their sources, are those of law/criteria.csv.
 *
 * Lifetime  An audit borrows its study.
 * Threads   Audits of one study may be made by any number of threads. */
#ifndef STANDING_AUDIT_H
#define STANDING_AUDIT_H

#include <stdio.h>

#include <standing/study.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct stn_audit stn_audit;

typedef struct stn_audit_options {
    const char *result; /* a result file of this study, for figures; NULL: none */
    const char *below;  /* a folder to be left off where files are named; NULL: none */
} stn_audit_options;

/* Audits regime number `regime` of the study. `options` may be NULL; its texts are
 * copied. Returns 0, STN_E_LIMIT, STN_E_MEMORY, STN_E_ARGUMENT (the result file has
 * no regime of that name) or what opening a result file returns. On failure `*out`
 * is NULL. */
STN_API STN_CHECKED int stn_audit_new(
    const stn_study *study, int32_t regime, const stn_audit_options *options, stn_audit **out, stn_error *err);
STN_API void stn_audit_free(stn_audit *audit); /* NULL does nothing */

/* For a person, in lines of `width` characters (0: 100; at least 60): what it is
 * (with `head`), verdicts at a glance, then each with its clauses, then findings. */
STN_API void stn_audit_print(FILE *out, const stn_audit *audit, int32_t head, int32_t width);
/* For a program: some audits of one study as one JSON object. */
STN_API void stn_audit_json(FILE *out, const stn_study *study, stn_audit *const *audits, int32_t count);

#ifdef __cplusplus
}
#endif
#endif
