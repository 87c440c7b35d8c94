/* SPDX-License-Identifier: Apache-2.0
 *
 * describe.c - the public calls: gather, write into memory, hand out whole. */
#include "describe/describe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "model/paths.h"

typedef enum { WHOLE, RULES, ASSUMPTIONS, SOURCES, JSON } part;

/* What is asked for. */
typedef struct request {
    part part;
    int32_t regime;
    stn_form form;
    int level;
} request;

/* ----------------------------------------------------------------------- JSON */

static void
text_put(FILE *out, const char *key, stn__describer *d, const char *text, bool first)
{
    fprintf(out, "%s\"%s\": ", first ? "" : ", ", key);
    if (text != NULL && text[0] != '\0') {
        stn__json_text(out, stn__plain(d, text));
    } else {
        fputs("null", out);
    }
}

static void
regime_json(FILE *out, stn__describer *d, int32_t regime)
{
    stn__sentences s = { NULL, 0, 0 };

    stn__rules_say(d, regime, &s);
    fprintf(out, "%s\n    {", regime > 0 ? "," : "");
    text_put(out, "name", d, d->study->regimes[regime].name, true);
    text_put(out, "title", d, d->study->regimes[regime].title, false);
    fputs(", \"sentences\": [", out);
    for (int32_t i = 0; i < s.count; i++) {
        fputs(i > 0 ? ",\n      " : "\n      ", out);
        stn__json_text(out, stn__plain(d, s.all[i].text));
    }
    fputs("]}", out);
}

static void
assumption_json(FILE *out, stn__describer *d, const stn__evidence *e, bool first)
{
    bool more = false;

    fprintf(out, "%s\n    {", first ? "" : ",");
    text_put(out, "key", d, e->key, true);
    text_put(out, "value", d, e->value, false);
    text_put(out, "unit", d, e->unit, false);
    text_put(out, "factors", d, e->factors, false);
    fputs(", \"regimes\": [", out);
    for (int32_t r = 0; e->regimes != NULL && r < d->study->regime_count; r++) {
        if (e->regimes[r]) {
            fputs(more ? ", " : "", out);
            stn__json_text(out, d->study->regimes[r].name);
            more = true;
        }
    }
    fputs("]", out);
    text_put(out, "why", d, e->why, false);
    text_put(out, "file", d, stn__place_text(d, (stn_place){ e->place.file, 0, 0 }), false);
    fprintf(out, ", \"line\": %d, \"bare\": %s}", (int) e->place.line, e->bare ? "true" : "false");
}

static void
json_put(FILE *out, stn__describer *d)
{
    bool first = true;

    fputs("{", out);
    text_put(out, "purpose", d, stn__purpose(d), true);
    fputs(",\n  \"regimes\": [", out);
    for (int32_t r = 0; r < d->study->regime_count; r++) {
        regime_json(out, d, r);
    }
    fputs("],\n  \"assumptions\": [", out);
    for (int32_t i = 0; i < d->evidence_count; i++) {
        if (d->evidence[i].cite[0] == '\0') {
            assumption_json(out, d, &d->evidence[i], first);
            first = false;
        }
    }
    fputs("],\n  \"sources\": [", out);
    for (int32_t s = 0; s < d->source_count; s++) {
        fprintf(out, "%s\n    {\"number\": %d", s > 0 ? "," : "", (int) s + 1);
        text_put(out, "title", d, d->sources[s]->title, false);
        text_put(out, "url", d, d->sources[s]->url, false);
        text_put(out, "reliability", d, d->sources[s]->reliability, false);
        fputs("}", out);
    }
    fputs("]}\n", out);
}

/* ---------------------------------------------------------------------- calls */

static void
page_put(stn__describer *d, stn__page *page, const request *asked)
{
    stn__sentences rules = { NULL, 0, 0 };

    switch (asked->part) {
    case WHOLE:
        stn__page_begin(page, d->study->title);
        stn__odd_put(d, page);
        stn__page_end(page);
        break;
    case RULES:
        stn__rules_say(d, asked->regime, &rules);
        stn__sentences_put(d, &rules, page, 0);
        break;
    case ASSUMPTIONS:
        stn__assumptions_put(d, page, 0);
        stn__bare_put(d, page, 0);
        break;
    case SOURCES:
        stn__sources_put(d, page, 0);
        break;
    case JSON:
        json_put(page->out, d);
        break;
    }
}

/* Everything but what must be given back; false without memory. */
static bool
describe(stn__describer *d, FILE *aside, const request *asked)
{
    stn__page page = { aside, asked->form, asked->level };

    if (setjmp(d->on_memory) != 0) {
        return false;
    }
    stn__evidence_gather(d);
    page_put(d, &page, asked);
    return true;
}

static int
respond(FILE *out, const stn_study *study, const request *asked, stn_error *err)
{
    stn__describer d = { .study = study };
    char *text = NULL; /* owned: of `aside` */
    size_t size = 0;
    FILE *aside = open_memstream(&text, &size);
    bool good;
    int ret = 0;

    STN_INVARIANT(out != NULL && study != NULL && asked->level >= 1 && asked->level <= 6);
    d.arena = stn__arena_new();
    d.paths = stn__paths_new(study);
    good = aside != NULL && d.arena != NULL && d.paths != NULL && describe(&d, aside, asked);
    if (aside != NULL) {
        good = !ferror(aside) && good;
        good = fclose(aside) == 0 && good;
    }
    if (!good) {
        ret = stn__fail(err, STN_E_MEMORY, "no memory to describe the study");
    } else if (fwrite(text, 1, size, out) != size || fflush(out) != 0) {
        ret = stn__fail(err, STN_E_IO, "the description could not be written: %s", strerror(errno));
    }
    free(text);
    stn__paths_free(d.paths, study->file_count);
    stn__arena_free(d.arena);
    return ret;
}

int
stn_describe(FILE *out, const stn_study *study, stn_form form, stn_error *err)
{
    return respond(out, study, &(request){ WHOLE, STN_NONE, form, 1 }, err);
}

int
stn_describe_rules(FILE *out, const stn_study *study, int32_t regime, stn_form form, int level, stn_error *err)
{
    STN_INVARIANT(regime >= 0 && regime < study->regime_count);
    return respond(out, study, &(request){ RULES, regime, form, level }, err);
}

int
stn_describe_assumptions(FILE *out, const stn_study *study, stn_form form, int level, stn_error *err)
{
    return respond(out, study, &(request){ ASSUMPTIONS, STN_NONE, form, level }, err);
}

int
stn_describe_sources(FILE *out, const stn_study *study, stn_form form, int level, stn_error *err)
{
    return respond(out, study, &(request){ SOURCES, STN_NONE, form, level }, err);
}

int
stn_describe_json(FILE *out, const stn_study *study, stn_error *err)
{
    return respond(out, study, &(request){ JSON, STN_NONE, STN_FORM_MARKDOWN, 1 }, err);
}
