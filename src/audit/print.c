/* SPDX-License-Identifier: Apache-2.0
 *
 * print.c - an audit for a person: at a glance, then criterion by criterion. */
#include "audit/inside.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { WIDTH = 100, LABEL = 15, VERDICT = 31, PLACE = 26 };

static void
line_put(FILE *out, int width, const char *label, const char *text)
{
    stn__cell_text cells[] = { { "", 0 }, { label, LABEL - 2 }, { text, width - LABEL - 4 } };

    stn__columns_put(out, cells, 3);
}

/* "regimes/mine.yaml:12:5", or nothing. */
static void
place_text(const stn_audit *audit, stn_place place, char *text, size_t room)
{
    text[0] = '\0';
    if (place.line > 0) {
        snprintf(text, room, "%s:%d", stn__place_path(audit, place), (int) place.line);
    }
}

static void
clause_put(FILE *out, const stn_audit *audit, int width, const char *label, const stn__clause *clause)
{
    char place[512], text[1024];

    place_text(audit, clause->place, place, sizeof place);
    snprintf(text, sizeof text, "%s%s%s", place, place[0] != '\0' ? "  " : "", clause->text);
    line_put(out, width, label, text);
}

/* A verdict on a criterion that nobody looked up is marked wherever it is shown. */
static const char *
memory_mark(const stn__criterion *criterion)
{
    return stn__criterion_remembered(criterion) ? " (criterion from memory)" : "";
}

static const char *
file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* How many criteria have each verdict, worst first. */
static void
counts_put(FILE *out, const stn_audit *audit, int width)
{
    static const stn__verdict order[] = { STN__BROKEN, STN__PARTLY, STN__UNDECIDED, STN__MET, STN__NO_MATTER };
    int32_t counts[STN__VERDICTS] = { 0 };
    char text[512];
    int size;

    for (int32_t i = 0; i < stn__criteria_count; i++) {
        counts[audit->c.opinions[i].verdict]++;
    }
    size = snprintf(text, sizeof text, "Of %d criteria:", (int) stn__criteria_count);
    for (int v = 0; v < STN__VERDICTS; v++) {
        size += snprintf(text + size, sizeof text - (size_t) size, "%s %d %s", v > 0 ? "," : "", (int) counts[order[v]],
            order[v] == STN__NO_MATTER ? "do not apply" : stn__verdict_word(order[v]));
    }
    snprintf(text + size, sizeof text - (size_t) size, ".");
    stn__columns_put(out, (stn__cell_text[]){ { text, width } }, 1);
    putc('\n', out);
}

/* All verdicts, with the first clause of each where there is room. */
static void
glance_put(FILE *out, const stn_audit *audit, int width)
{
    bool roomy = width >= VERDICT + PLACE + 34;
    int first = width - VERDICT - 2 - (roomy ? PLACE + 2 : 0);

    for (int32_t i = 0; i < stn__criteria_count; i++) {
        const stn__opinion *o = &audit->c.opinions[i];
        char left[256], verdict[64], place[512] = "";
        snprintf(left, sizeof left, "%s, %s", stn__criteria[i].instrument, stn__criteria[i].article);
        snprintf(verdict, sizeof verdict, "%s%s", stn__verdict_word(o->verdict), memory_mark(&stn__criteria[i]));
        if (o->clause_count > 0) {
            place_text(audit, o->clauses[0].place, place, sizeof place);
        }
        stn__columns_put(out, (stn__cell_text[]){ { left, first }, { verdict, VERDICT }, { file_name(place), PLACE } },
            roomy ? 3 : 2);
    }
    putc('\n', out);
}

static void
figures_put(FILE *out, const stn_audit *audit, int width, uint32_t wanted)
{
    const char *label = "measured";

    for (int32_t i = 0; i < audit->figure_count; i++) {
        const stn__figure_found *figure = &audit->figures[i];
        char text[512];
        if ((wanted >> figure->figure & 1) == 0) {
            continue;
        }
        snprintf(text, sizeof text, "%s%s%s%s", figure->text, figure->counters[0] != '\0' ? " (" : "", figure->counters,
            figure->counters[0] != '\0' ? ")" : "");
        line_put(out, width, label, text);
        label = "";
    }
}

/* "TITLE | URL ; TITLE | URL ...": addresses stand whole, on lines of their own, however
 * long they are. */
static void
sources_put(FILE *out, int width, const char *source)
{
    while (*source != '\0') {
        size_t size = strcspn(source, "|;");
        char part[512];
        if (source[size] == ';' && (size == 0 || source[size - 1] != ' ')) { /* one within a title */
            size += 1 + strcspn(source + size + 1, "|;");
        }
        snprintf(part, sizeof part, "%.*s", (int) size, source);
        for (size_t end = strlen(part); end > 0 && part[end - 1] == ' '; end--) {
            part[end - 1] = '\0';
        }
        if (strncmp(part, "http", 4) == 0) {
            fprintf(out, "%*s%s\n", LABEL + 2, "", part);
        } else {
            line_put(out, width, "", part);
        }
        source += size + (source[size] != '\0');
        source += strspn(source, " ");
    }
}

static void
criterion_put(FILE *out, const stn_audit *audit, int width, int32_t number)
{
    const stn__criterion *criterion = &stn__criteria[number];
    const stn__opinion *o = &audit->c.opinions[number];
    const char *label = "clause";
    char text[2048];

    snprintf(text, sizeof text, "%s, %s: %s%s", criterion->instrument, criterion->article,
        stn__verdict_word(o->verdict), memory_mark(criterion));
    stn__columns_put(out, (stn__cell_text[]){ { text, width } }, 1);
    line_put(out, width, "asks", criterion->asks);
    if (criterion->violation[0] != '\0') {
        line_put(out, width, "broken by", criterion->violation);
    }
    line_put(out, width, "why", o->why);
    for (int32_t i = 0; i < o->clause_count; i++) {
        clause_put(out, audit, width, label, &o->clauses[i]);
        label = "";
    }
    if (o->clauses_more > 0) {
        snprintf(text, sizeof text, "and %d more", (int) o->clauses_more);
        line_put(out, width, "", text);
    }
    figures_put(out, audit, width, o->figures);
    if (o->data != NULL) {
        line_put(out, width, "would decide", o->data);
    }
    line_put(out, width, "source", criterion->reliability);
    sources_put(out, width, criterion->source);
    putc('\n', out);
}

static void
finding_put(FILE *out, const stn_audit *audit, int width, const stn__finding *finding)
{
    bool many = audit->c.study->world.population_count > 1 && finding->population != STN_NONE;
    char place[512];
    stn__growing text = { NULL, 0, 0, false };

    place_text(audit, finding->place, place, sizeof place);
    stn__growing_add(&text, "%s %s%s%s%s%s: %s", finding->of, finding->subject, many ? " of " : "",
        many ? audit->c.study->world.populations[finding->population].name : "", place[0] != '\0' ? ", " : "", place,
        finding->why);
    stn__columns_put(
        out, (stn__cell_text[]){ { "", 0 }, { text.text != NULL ? text.text : finding->subject, width - 4 } }, 2);
    stn__growing_free(&text);
}

/* Findings of one kind together, kinds in the order in which they first occur. */
static void
findings_put(FILE *out, const stn_audit *audit, int width)
{
    fprintf(out, "Findings about the rules as such, whatever the law: %d\n", (int) audit->finding_count);
    for (int32_t i = 0; i < audit->finding_count; i++) {
        const char *kind = audit->findings[i].kind;
        int32_t first = 0;
        while (strcmp(audit->findings[first].kind, kind) != 0) {
            first++;
        }
        if (first < i) {
            continue;
        }
        fprintf(out, "\n%s\n", kind);
        for (; first < audit->finding_count; first++) {
            if (strcmp(audit->findings[first].kind, kind) == 0) {
                finding_put(out, audit, width, &audit->findings[first]);
            }
        }
    }
    putc('\n', out);
}

static void
title_put(FILE *out, const stn_audit *audit, int width)
{
    stn__growing text = { NULL, 0, 0, false };

    stn__growing_add(&text, "%s: %s", audit->c.regime->name, audit->c.regime->title);
    if (audit->measured) {
        stn__growing_add(&text, "\nMeasured figures are those of %s, of natural persons.", audit->result);
    }
    stn__columns_put(out, (stn__cell_text[]){ { text.text != NULL ? text.text : audit->c.regime->name, width } }, 1);
    stn__growing_free(&text);
}

static const char head_text[] = "This is an aid for a lawyer and no legal advice. It holds the rules of a regime of "
                                "made-up people against criteria of law that were read "
                                "off published texts and digests (law/criteria.csv); those marked as from memory were "
                                "never checked. \"Broken\" means that the rules do what "
                                "the criterion describes as breaking it, \"partly\" that they do so in part or for "
                                "some, and much is not decidable from rules.";

void
stn_audit_print(FILE *out, const stn_audit *audit, int32_t head, int32_t width)
{
    width = width <= 0 ? WIDTH : width < 60 ? 60 : width;
    if (head != 0) {
        stn__columns_put(out, (stn__cell_text[]){ { head_text, width } }, 1);
        putc('\n', out);
    }
    title_put(out, audit, width);
    counts_put(out, audit, width);
    glance_put(out, audit, width);
    for (int32_t i = 0; i < stn__criteria_count; i++) {
        criterion_put(out, audit, width, i);
    }
    findings_put(out, audit, width);
}
