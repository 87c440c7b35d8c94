/* SPDX-License-Identifier: Apache-2.0
 *
 * describe.h - a study in words: who lives there, what each regime does, and
 * where every number comes from, written from the very files.
 *
 * Threads   A study may be described by any number of threads, each with an
 *           output of its own.
 * Results   The same files give the same text; where the files lie does not
 *           matter, only where they lie to each other.
 * Failure   STN_E_MEMORY before anything is written, or STN_E_IO when `out`
 *           did not take all of it. Nothing is closed.
 *
 * What people wrote into their files is text: it is escaped, whatever it says. */
#ifndef STANDING_DESCRIBE_H
#define STANDING_DESCRIBE_H

#include <stdio.h>

#include <standing/error.h>
#include <standing/study.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum stn_form {
    STN_FORM_MARKDOWN,        /* as GitHub and Pandoc read it: with pipe tables */
    STN_FORM_HTML
} stn_form;

/* The whole model in the order of the ODD protocol (Grimm et al. 2020), as a
 * document of its own. */
STN_API STN_CHECKED int stn_describe(FILE *out, const stn_study *study, stn_form form, stn_error *err);

/* Parts of it for a document of somebody else's. Headings start at `level`, 1 to
 * 6. Numbers in square brackets are those of the sources' list, in HTML links to
 * ids `source-1`, `source-2`, ...
 *
 * The rules of one regime as sentences under headings. A number out of range is
 * the caller's mistake and stops the program. */
STN_API STN_CHECKED int stn_describe_rules(FILE *out, const stn_study *study, int32_t regime, stn_form form, int level,
    stn_error *err);
/* Every number without a source, with its place and its reason: a table. */
STN_API STN_CHECKED int stn_describe_assumptions(FILE *out, const stn_study *study, stn_form form, int level,
    stn_error *err);
/* Everything that is cited, numbered. */
STN_API STN_CHECKED int stn_describe_sources(FILE *out, const stn_study *study, stn_form form, int level, stn_error *err);

/* The same for a program:
 *
 *     {"purpose": TEXT,
 *      "regimes": [{"name", "title", "sentences": [TEXT, ...]}, ...],
 *      "assumptions": [{"key", "value", "unit", "factors", "regimes": [NAME, ...], "why", "file", "line", "bare"}, ...],
 *      "sources": [{"number", "title", "url", "reliability"}, ...]}
 *
 * `regimes` of an assumption is empty for one of the world; `bare` is true of numbers
 * that stand where a file has no room for a source. `unit`, `factors`, `why`, `url`
 * and `reliability` may be null. Numbers in square brackets in a sentence are those of sources. */
STN_API STN_CHECKED int stn_describe_json(FILE *out, const stn_study *study, stn_error *err);

#ifdef __cplusplus
}
#endif
#endif
