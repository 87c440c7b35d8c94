/* SPDX-License-Identifier: Apache-2.0
 *
 * audit.c - the public calls: a regime compiled as for a run, what can happen under
 * it, and an opinion on each criterion. Done once for each regime of a command. */
#include "audit/inside.h"

#include <stdlib.h>
#include <string.h>

const char *
stn__verdict_word(stn__verdict verdict)
{
    static const char *const words[STN__VERDICTS] = { [STN__MET] = "met",
        [STN__BROKEN] = "broken",
        [STN__PARTLY] = "partly",
        [STN__UNDECIDED] = "not decidable from the rules",
        [STN__NO_MATTER] = "does not apply" };

    return words[verdict];
}

void
stn__decide(stn__case *c, stn__opinion *o, stn__verdict verdict, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = stn__arena_print_args(c->arena, format, args);
    va_end(args);
    c->failed = c->failed || text == NULL;
    o->verdict = verdict;
    o->why = text != NULL ? text : "";
}

void
stn__clause_add(stn__case *c, stn__opinion *o, stn_place place, const char *format, ...)
{
    va_list args;
    char *text;

    for (int32_t i = 0; i < o->clause_count; i++) {
        const stn_place *other = &o->clauses[i].place;
        if (other->file == place.file && other->line == place.line && other->column == place.column && place.line > 0) {
            return;
        }
    }
    if (o->clause_count == STN__CLAUSES_MAX) {
        o->clauses_more++;
        return;
    }
    va_start(args, format);
    text = stn__arena_print_args(c->arena, format, args);
    va_end(args);
    c->failed = c->failed || text == NULL;
    o->clauses[o->clause_count++] = (stn__clause){ place, text != NULL ? text : "" };
}

const stn__opinion *
stn__opinion_of(const stn__case *c, const char *id)
{
    int32_t i = 0;

    while (strcmp(stn__criteria[i].id, id) != 0) {
        i++;
        STN_INVARIANT(i < stn__criteria_count);
    }
    STN_INVARIANT(c->opinions[i].why != NULL);
    return &c->opinions[i];
}

bool
stn__criterion_remembered(const stn__criterion *criterion)
{
    return strstr(criterion->reliability, "from memory") != NULL;
}

/* The bytes at the start of a path that "FOLDER/.." takes back: by words alone, as
 * provenance.c has it. */
static size_t
taken_back(const char *path)
{
    size_t size = strcspn(path, "/");

    if (size > 0 && !(size == 1 && path[0] == '.') && !(size == 2 && strncmp(path, "..", 2) == 0)
        && strncmp(path + size, "/../", 4) == 0) {
        return size + 4;
    }
    return 0;
}

const char *
stn__place_path(const stn_audit *audit, stn_place place)
{
    const char *path = audit->c.study->files[place.file].path;
    size_t size = audit->below != NULL ? strlen(audit->below) : 0;

    if (size > 0 && strncmp(path, audit->below, size) == 0 && path[size] == '/') {
        path += size + 1;
    }
    for (size = taken_back(path); size > 0; size = taken_back(path)) {
        path += size;
    }
    return path;
}

/* Natural persons are all but those whom somebody represents, unless these live in
 * households: that is as much as a world shows. */
static void
persons_find(stn__case *c)
{
    const stn_world *world = &c->study->world;

    for (int32_t p = 0; p < world->population_count; p++) {
        bool represented = world->representative.given && world->representative.of == p;
        c->persons[p] = !represented || (world->household.given && world->household.of == p);
    }
}

static int
decide_all(stn_audit *audit, stn_error *err)
{
    stn__case *c = &audit->c;
    stn__reach *reach = stn__arena_take(audit->arena, (size_t) audit->plan->population_count, sizeof *reach);
    int ret;

    c->opinions = stn__arena_take(audit->arena, (size_t) stn__criteria_count, sizeof *c->opinions);
    if (reach == NULL || c->opinions == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory for an audit");
    }
    if ((ret = stn__reach_find(audit->plan, audit->arena, reach, err)) != 0) {
        return ret;
    }
    c->reach = reach;
    persons_find(c);
    if ((ret = stn__effects_find(c, err)) != 0) {
        return ret;
    }
    for (int32_t i = 0; i < stn__criteria_count; i++) {
        stn__criteria[i].decide(c, &c->opinions[i]);
        if (c->opinions[i].verdict == STN__NO_MATTER) { /* nothing to measure or to find out */
            c->opinions[i].figures = 0;
            c->opinions[i].data = NULL;
        }
    }
    return stn__findings_find(c, &audit->findings, &audit->finding_count, err);
}

int
stn_audit_new(const stn_study *study, int32_t regime, const stn_audit_options *options, stn_audit **out, stn_error *err)
{
    stn_audit *audit = calloc(1, sizeof *audit);
    int ret = STN_E_MEMORY;

    STN_INVARIANT(study != NULL && regime >= 0 && regime < study->regime_count);
    *out = NULL;
    if (audit == NULL || (audit->arena = stn__arena_new()) == NULL) {
        free(audit);
        return stn__fail(err, STN_E_MEMORY, "no memory for an audit");
    }
    if ((ret = stn__plan_new(study, regime, &audit->plan, err)) != 0) {
        goto out;
    }
    audit->c = (stn__case){
        .study = study, .regime = &study->regimes[regime], .plan = audit->plan, .arena = audit->arena
    };
    if (options != NULL && options->below != NULL) {
        audit->below = stn__case_text(&audit->c, "%s", options->below);
    }
    ret = decide_all(audit, err);
    if (ret == 0 && options != NULL && options->result != NULL) {
        ret = stn__figures_read(audit, options->result, err);
    }
    if (ret == 0 && audit->c.failed) {
        ret = stn__fail(err, STN_E_MEMORY, "no memory for an audit");
    }
out:
    if (ret != 0) {
        stn_audit_free(audit);
        return ret;
    }
    *out = audit;
    return 0;
}

void
stn_audit_free(stn_audit *audit)
{
    if (audit != NULL) {
        stn__plan_free(audit->plan);
        stn__arena_free(audit->arena);
        free(audit);
    }
}
