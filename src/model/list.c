/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - reads lists. */
#include "model/regime.h"

/* Lists before their conditions, which may name any of them. */
static stn_list *
declare_lists(stn__regime_reader *r, const stn__node *node, int32_t count)
{
    stn_list *lists = stn__take(r->reader, (size_t) count, sizeof *lists);
    int32_t *populations = stn__take(r->reader, (size_t) count, sizeof *populations);

    for (int32_t number = 0; number < count; number++) {
        const stn__node *key = node->entries[number].key, *value = node->entries[number].value;
        const char *where = stn__where(r->reader, "lists", key->text);
        stn_list *out = &lists[number];
        *out = (stn_list) { .population = STN_NONE, .agency = STN_NONE };
        if (stn__shape_check(r->reader, &stn__shape_list, value, where)) {
            out->population = stn__world_ref(r, stn__yaml_child(value, "of"), "population", &r->populations);
            out->agency = stn__ref(r->reader, stn__yaml_child(value, "by"), "agency", &r->agencies);
        }
        stn__fill(r->reader, &stn__shape_list, value, where, NULL, out);
        out->name = key->text;
        out->place = value->place;
        if (out->archive.text != NULL && out->publish.value >= STN_NEVER) {
            stn__mistake(r->reader, out->archive.place, "found an archive of a list that is never published, expected \"publish\" too");
        }
        for (int32_t other = 0; other < number; other++) {
            out->local += lists[other].population == out->population;
        }
        if (out->population != STN_NONE && out->local == STN_LISTS_MAX) {
            stn__mistake(r->reader, key->place, "found more than %d lists of %s", STN_LISTS_MAX, r->populations.names[out->population]);
        }
        populations[number] = out->population;
        stn__names_add(r->reader, &r->scope.lists, key->text);
    }
    r->scope.list_populations = populations;
    return lists;
}

/* Mentions of lists by one list: refs[first .. last - 1] of the scope. */
typedef struct mentions {
    int32_t first, last;
} mentions;

typedef struct cycle_search {
    stn__regime_reader *r;
    const mentions *of;
    int8_t *state;            /* 0 not seen, 1 on the path, 2 done */
    int32_t *path;
    int32_t depth;
} cycle_search;

static void
tell_cycle(cycle_search *s, const stn__list_ref *ref)
{
    const char *const *names = s->r->scope.lists.names;
    const char **steps = stn__take(s->r->reader, (size_t) s->depth + 1, sizeof *steps);
    int32_t count = 0, at = 0;

    while (s->path[at] != ref->list) {
        at++;
    }
    for (; at < s->depth; at++) {
        steps[count++] = names[s->path[at]];
    }
    for (int32_t step = 1; step < count; step++) {
        steps[0] = stn__print(s->r->reader, "%s -> %s", steps[0], steps[step]);
    }
    stn__mistake(s->r->reader, ref->place, "cyclic conditions: the list %s leads back to itself: %s -> %s",
        stn__quote(s->r->reader, names[ref->list]), steps[0], names[ref->list]);
}

static void
search_cycles(cycle_search *s, int32_t list)
{
    s->state[list] = 1;
    s->path[s->depth++] = list;
    for (int32_t number = s->of[list].first; number < s->of[list].last; number++) {
        const stn__list_ref *ref = &s->r->scope.refs[number];
        if (s->state[ref->list] == 1) {
            tell_cycle(s, ref);
        } else if (s->state[ref->list] == 0) {
            search_cycles(s, ref->list);
        }
    }
    s->depth--;
    s->state[list] = 2;
}

void
stn__lists_read(stn__regime_reader *r, const stn__node *node)
{
    static const stn_cond_node never = { .op = STN_COND_NEVER };
    int32_t count = stn__map_count(r->reader, node, "lists", STN_LISTS_MAX * STN_POPULATIONS_MAX);
    stn_list *lists = declare_lists(r, node, count);
    mentions *of = stn__take(r->reader, (size_t) count, sizeof *of);
    cycle_search search = { r, of, stn__take(r->reader, (size_t) count, 1), stn__take(r->reader, (size_t) count, sizeof(int32_t)), 0 };

    for (int32_t number = 0; number < count; number++) {
        const stn__node *value = node->entries[number].value;
        const stn__node *leave = stn__yaml_child(value, "leave");
        stn_list *out = &lists[number];
        r->scope.population = out->population;
        of[number].first = r->scope.ref_count;
        stn__condition_read(&r->scope, stn__yaml_child(value, "enter"), &out->enter);
        stn__condition_read(&r->scope, leave, &out->leave);
        of[number].last = r->scope.ref_count;
        if (leave == NULL) {
            out->leave.nodes = &never;
            out->leave.node_count = 1;
            out->leave.root = 0;
        }
    }
    for (int32_t number = 0; number < count; number++) {
        if (search.state[number] == 0) {
            search_cycles(&search, number);
        }
    }
    r->regime->lists = lists;
    r->regime->list_count = count;
}

