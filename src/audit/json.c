/* SPDX-License-Identifier: Apache-2.0
 *
 * json.c - audits for a program, as one object; docs/audit.md names its keys. */
#include "audit/inside.h"

#include <stdio.h>

#include "base/version.h"
#include "results/database.h"
#include "base/text.h"

static const char *const verdict_keys[STN__VERDICTS] = { [STN__MET] = "met",
    [STN__BROKEN] = "broken",
    [STN__PARTLY] = "partly",
    [STN__UNDECIDED] = "undecided",
    [STN__NO_MATTER] = "no_matter" };

static void
place_put(FILE *out, const stn_audit *audit, stn_place place)
{
    if (place.line <= 0) {
        fputs("\"file\": null, \"line\": null, \"column\": null", out);
        return;
    }
    stn__json_pair(out, true, "file", stn__place_path(audit, place));
    fprintf(out, ", \"line\": %d, \"column\": %d", (int) place.line, (int) place.column);
}

static void
figure_put(FILE *out, const stn__figure_found *figure, bool first)
{
    char number[STN__NUMBER_ROOM];

    fputs(first ? "{" : ", {", out);
    stn__json_pair(out, true, "name", figure->name);
    stn__double_text(figure->value, number);
    fprintf(out, ", \"value\": %s", figure->known ? number : "null");
    stn__json_pair(out, false, "counters", figure->counters);
    stn__json_pair(out, false, "text", figure->text);
    fputs("}", out);
}

static void
criterion_put(FILE *out, const stn_audit *audit, int32_t number)
{
    const stn__criterion *criterion = &stn__criteria[number];
    const stn__opinion *o = &audit->c.opinions[number];
    bool first = true;

    fputs("{", out);
    stn__json_pair(out, true, "id", criterion->id);
    stn__json_pair(out, false, "instrument", criterion->instrument);
    stn__json_pair(out, false, "article", criterion->article);
    stn__json_pair(out, false, "asks", criterion->asks);
    stn__json_pair(out, false, "broken_by", criterion->violation);
    stn__json_pair(out, false, "test_hint", criterion->hint);
    stn__json_pair(out, false, "reliability", criterion->reliability);
    fprintf(out, ", \"from_memory\": %s", stn__criterion_remembered(criterion) ? "true" : "false");
    stn__json_pair(out, false, "source", criterion->source);
    stn__json_pair(out, false, "verdict", verdict_keys[o->verdict]);
    stn__json_pair(out, false, "why", o->why);
    fputs(", \"clauses\": [", out);
    for (int32_t i = 0; i < o->clause_count; i++) {
        fputs(i > 0 ? ", {" : "{", out);
        place_put(out, audit, o->clauses[i].place);
        stn__json_pair(out, false, "text", o->clauses[i].text);
        fputs("}", out);
    }
    fprintf(out, "], \"clauses_more\": %d, \"would_decide\": ", (int) o->clauses_more);
    if (o->data != NULL) {
        stn__json_text(out, o->data);
    } else {
        fputs("null", out);
    }
    fputs(", \"measured\": [", out);
    for (int32_t i = 0; i < audit->figure_count; i++) {
        if ((o->figures >> audit->figures[i].figure & 1) != 0) {
            figure_put(out, &audit->figures[i], first);
            first = false;
        }
    }
    fputs("]}", out);
}

static void
finding_put(FILE *out, const stn_audit *audit, const stn__finding *finding)
{
    fputs("{", out);
    stn__json_pair(out, true, "kind", finding->kind);
    stn__json_pair(out, false, "of", finding->of);
    stn__json_pair(out, false, "subject", finding->subject);
    if (finding->population == STN_NONE) {
        fputs(", \"population\": null", out);
    } else {
        stn__json_pair(out, false, "population", audit->c.study->world.populations[finding->population].name);
    }
    fputs(", ", out);
    place_put(out, audit, finding->place);
    stn__json_pair(out, false, "why", finding->why);
    fputs("}", out);
}

static void
audit_put(FILE *out, const stn_audit *audit)
{
    fputs("{", out);
    stn__json_pair(out, true, "name", audit->c.regime->name);
    stn__json_pair(out, false, "title", audit->c.regime->title);
    fputs(", \"result\": ", out);
    if (audit->measured) {
        stn__json_text(out, audit->result);
    } else {
        fputs("null", out);
    }
    fputs(", \"criteria\": [\n", out);
    for (int32_t i = 0; i < stn__criteria_count; i++) {
        criterion_put(out, audit, i);
        fputs(i + 1 < stn__criteria_count ? ",\n" : "\n", out);
    }
    fputs("], \"findings\": [\n", out);
    for (int32_t i = 0; i < audit->finding_count; i++) {
        finding_put(out, audit, &audit->findings[i]);
        fputs(i + 1 < audit->finding_count ? ",\n" : "\n", out);
    }
    fputs("]}", out);
}

void
stn_audit_json(FILE *out, const stn_study *study, stn_audit *const *audits, int32_t count)
{
    fputs("{", out);
    stn__json_pair(out, true, "software", "standing");
    stn__json_pair(out, false, "version", stn__version());
    stn__json_pair(out, false, "notice", "an aid for a lawyer and no legal advice");
    stn__json_pair(out, false, "study", study->title);
    stn__json_pair(out, false, "world", study->world.title);
    fputs(", \"regimes\": [\n", out);
    for (int32_t i = 0; i < count; i++) {
        audit_put(out, audits[i]);
        fputs(i + 1 < count ? ",\n" : "\n", out);
    }
    fputs("]}\n", out);
}
