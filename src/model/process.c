/* SPDX-License-Identifier: Apache-2.0
 *
 * process.c - reads fines, due process and pardons. */
#include "model/regime.h"

/* Refuses what costs somebody without money something. */
static void
check_money(stn__regime_reader *r, const stn__node *node, const char *what, int32_t population)
{
    const stn_population *of = stn__regime_population(r, population);

    if (node != NULL && of != NULL && !of->money.given) {
        stn__mistake(r->reader, node->place, "found %s, but %s has no money in the world", what, of->name);
    }
}

/* What follows an unpaid fine must be a debt of the same person. */
static void
check_unpaid(stn__regime_reader *r, const stn__node *node, const stn_fine *fine)
{
    const stn_behaviour *fined, *follows;

    if (r->world == NULL || fine->behaviour == STN_NONE || fine->unpaid_behaviour == STN_NONE) {
        return;
    }
    fined = &r->world->behaviours[fine->behaviour];
    follows = &r->world->behaviours[fine->unpaid_behaviour];
    if (follows->population == STN_NONE || fined->population == STN_NONE) {
        return;
    }
    if (follows->population != fined->population) {
        stn__mistake(r->reader, node->place, "behaviour \"%s\" is of %s, expected one of %s like what is fined", follows->name,
            r->world->populations[follows->population].name, r->world->populations[fined->population].name);
    } else if (follows->kind != STN_DEFAULT || !follows->settles) {
        stn__mistake(r->reader, node->place, "found \"%s\", %s, expected a default that settles", follows->name,
            follows->kind == STN_OFFENCE ? "an offence" : follows->kind == STN_MERIT ? "a merit" : "which does not settle");
    }
}

static void
read_unpaid(stn__regime_reader *r, const stn__node *node, stn_fine *out)
{
    const stn__node *behaviour = node == NULL ? NULL : stn__yaml_child(node, "behaviour");

    out->unpaid_behaviour = out->unpaid_agency = STN_NONE;
    if (node == NULL) {
        return;
    }
    out->unpaid_behaviour = stn__world_ref(r, behaviour, "behaviour", &r->behaviours);
    out->unpaid_agency = stn__ref(r->reader, stn__yaml_child(node, "agency"), "agency", &r->agencies);
    check_unpaid(r, behaviour, out);
}

/* The number of the fine for a record of that behaviour by that agency, or STN_NONE. */
static int32_t
fine_for(const stn_fine *all, int32_t count, int32_t behaviour, int32_t agency)
{
    int32_t found = STN_NONE;

    for (int32_t number = 0; number < count && behaviour != STN_NONE && agency != STN_NONE; number++) {
        if (all[number].behaviour == behaviour && all[number].agency == agency) {
            return number;
        }
        if (all[number].behaviour == behaviour && all[number].agency == STN_NONE) {
            found = number;
        }
    }
    return found;
}

/* Refuses fines that lead back to themselves within the same minute: whoever
 * cannot pay would get records without end. */
static void
check_fine_cycles(stn__regime_reader *r, const stn_fine *all, int32_t count)
{
    for (int32_t first = 0; first < count; first++) {
        int32_t next = first;
        double time = 0;
        for (int32_t step = 0; step < count && next != STN_NONE; step++) {
            time += all[next].due.value + all[next].unpaid_after.value;
            next = fine_for(all, count, all[next].unpaid_behaviour, all[next].unpaid_agency);
            if (next == first) {
                break;
            }
        }
        if (next == first && time < 1) {
            stn__mistake(r->reader, all[first].place,
                "this fine leads back to itself in no time when it is not paid, expected \"due\" or \"after\" of at least 1 minute");
            return;
        }
    }
}

void
stn__fines_read(stn__regime_reader *r, const stn__node *node)
{
    int32_t count = stn__list_count(r->reader, node, "fines", STN_FINES_MAX);
    stn__pair *pairs = stn__take(r->reader, (size_t) count, sizeof *pairs);
    stn_fine *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        int32_t population;
        stn__pair_read(r, &stn__shape_fine, "fines", item, pairs, number);
        population = stn__behaviour_population(r, pairs[number].behaviour);
        stn__fill(r->reader, &stn__shape_fine, item, pairs[number].where, stn__regime_population(r, population), &all[number]);
        all[number].behaviour = pairs[number].behaviour;
        all[number].agency = pairs[number].agency;
        all[number].place = item->place;
        read_unpaid(r, stn__yaml_child(item, "unpaid"), &all[number]);
        check_money(r, stn__yaml_child(item, "amount"), "a fine", population);
    }
    check_fine_cycles(r, all, count);
    r->regime->fines = all;
    r->regime->fine_count = count;
}

/* Whom an entry is about, and what it is called. */
typedef struct entry {
    const uint64_t *behaviours; /* bits by population */
    const char *where;
} entry;

/* A fee can be asked only of those who have money. */
static void
check_fee(stn__regime_reader *r, const stn__node *node, const entry *of)
{
    for (int32_t population = 0; population < STN_POPULATIONS_MAX; population++) {
        if (of->behaviours[population] != 0) {
            check_money(r, stn__yaml_child(node, "fee"), "a fee", population);
        }
    }
}

/* An agency's desks must be countable: cases at a time are its capacity in the
 * time that one takes. */
static void
check_capacity(stn__regime_reader *r, const stn_petition *petition)
{
    const double most = 100000000;

    if (petition->capacity.value * petition->duration.value > most) {
        stn__mistake(r->reader, petition->capacity.place, "found %s for cases of %s each, %.0f at a time, expected at most %.0f",
            stn__quote(r->reader, petition->capacity.text), stn__quote(r->reader, petition->duration.text),
            petition->capacity.value * petition->duration.value, most);
    }
}

static void
read_petition(stn__regime_reader *r, const stn__node *node, const char *key, const entry *of, stn_petition *out)
{
    const char *where = stn__print(r->reader, "%s.%s", of->where, key);

    if (node != NULL) {
        out->given = stn__shape_check(r->reader, &stn__shape_petition, node, where);
    }
    stn__fill(r->reader, &stn__shape_petition, node, where, NULL, out);
    if (out->given) {
        out->place = node->place;
        check_fee(r, node, of);
        check_capacity(r, out);
    }
}

/* The only population with a behaviour among these; STN_NONE if there are
 * several, or none that is known. */
static int32_t
only_population(const uint64_t *behaviours, bool *several)
{
    int32_t only = STN_NONE;

    *several = false;
    for (int32_t population = 0; population < STN_POPULATIONS_MAX; population++) {
        *several = *several || (behaviours[population] != 0 && only != STN_NONE);
        only = behaviours[population] != 0 ? population : only;
    }
    return *several ? STN_NONE : only;
}

static void
read_repair(stn__regime_reader *r, const stn__node *node, const entry *of, stn_repair *out)
{
    const char *where = stn__print(r->reader, "%s.repair", of->where);
    const stn__node *needs = node == NULL ? NULL : stn__yaml_child(node, "needs");
    bool several;

    out->population = only_population(of->behaviours, &several);
    if (node != NULL) {
        out->given = stn__shape_check(r->reader, &stn__shape_repair, node, where);
    }
    stn__fill(r->reader, &stn__shape_repair, node, where, NULL, out);
    if (!out->given) {
        return;
    }
    out->place = node->place;
    check_fee(r, node, of);
    r->scope.population = out->population;
    if (needs != NULL && several) {
        stn__mistake(r->reader, needs->place, "found needs for records of several populations, expected \"behaviours\" of one population");
    } else {
        stn__condition_read(&r->scope, needs, &out->needs);
    }
}

/* Refuses a second entry about the same behaviour and agency. */
static void
check_process(stn__regime_reader *r, const stn__node *node, const stn_process *all, const stn__behaviours *behaviours, int32_t number)
{
    for (int32_t other = 0; other < number && all[number].agency != STN_NONE; other++) {
        const char *common = all[other].agency != all[number].agency ? NULL
            : stn__behaviours_common(r, &behaviours[other], &behaviours[number]);
        if (common != NULL) {
            stn__mistake(r->reader, node->place, "found a second entry for \"%s\" and %s, expected one at most",
                r->agencies.names[all[number].agency], common);
            return;
        }
    }
}

static void
read_process(stn__regime_reader *r, const stn__node *node, const char *where, stn__behaviours *behaviours, stn_process *out)
{
    entry of = { out->behaviours, where };

    stn__fill(r->reader, &stn__shape_process, node, where, NULL, out);
    out->agency = stn__ref(r->reader, stn__yaml_child(node, "agency"), "agency", &r->agencies);
    stn__refuse_empty(r, stn__yaml_child(node, "behaviours"), "behaviours");
    stn__behaviours_read(r, stn__yaml_child(node, "behaviours"), behaviours);
    stn__behaviours_bits(r, behaviours, out->behaviours);
    read_petition(r, stn__yaml_child(node, "objection"), "objection", &of, &out->petitions[0]);
    read_petition(r, stn__yaml_child(node, "appeal"), "appeal", &of, &out->petitions[1]);
    read_repair(r, stn__yaml_child(node, "repair"), &of, &out->repair);
}

void
stn__processes_read(stn__regime_reader *r, const stn__node *node)
{
    int32_t count = stn__list_count(r->reader, node, "entries of due process", STN_PROCESSES_MAX);
    stn_process *all = stn__take(r->reader, (size_t) count, sizeof *all);
    stn__behaviours *behaviours = stn__take(r->reader, (size_t) count, sizeof *behaviours);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        const char *where = stn__print(r->reader, "due_process.%d", (int) number + 1);
        all[number].agency = STN_NONE;
        all[number].repair.population = STN_NONE;
        all[number].place = item->place;
        if (stn__shape_check(r->reader, &stn__shape_process, item, where)) {
            read_process(r, item, where, &behaviours[number], &all[number]);
            check_process(r, item, all, behaviours, number);
        }
    }
    r->regime->processes = all;
    r->regime->process_count = count;
}

void
stn__pardons_read(stn__regime_reader *r, const stn__node *node)
{
    int32_t count = stn__list_count(r->reader, node, "pardons", STN_PARDONS_MAX);
    stn_pardon *all = stn__take(r->reader, (size_t) count, sizeof *all);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *item = node->items[number];
        const char *where = stn__print(r->reader, "pardons.%d", (int) number + 1);
        stn__behaviours behaviours;
        all[number].agency = STN_NONE;
        all[number].place = item->place;
        if (!stn__shape_check(r->reader, &stn__shape_pardon, item, where)) {
            continue;
        }
        stn__fill(r->reader, &stn__shape_pardon, item, where, NULL, &all[number]);
        all[number].agency = stn__ref(r->reader, stn__yaml_child(item, "agency"), "agency", &r->agencies);
        stn__refuse_empty(r, stn__yaml_child(item, "behaviours"), "behaviours");
        stn__behaviours_read(r, stn__yaml_child(item, "behaviours"), &behaviours);
        stn__behaviours_bits(r, &behaviours, all[number].behaviours);
    }
    r->regime->pardons = all;
    r->regime->pardon_count = count;
}
