/* SPDX-License-Identifier: Apache-2.0
 *
 * sharing.c - reads what agencies tell each other. */
#include "model/regime.h"

#include <string.h>

/* What is carried along the routes read so far; the same number for each. */
typedef struct routes {
    stn_route *all;
    stn__behaviours *behaviours;
    int32_t count, room, behaviours_room;
} routes;

/* The lists that a route carries: all if `node` is NULL. */
static const bool *
read_lists_carried(stn__regime_reader *r, const stn__node *node)
{
    size_t known = (size_t) r->scope.lists.count;
    bool *carried = stn__take(r->reader, known, sizeof *carried);
    const stn__node *const *items, *one;
    int32_t count;

    memset(carried, node == NULL, known * sizeof *carried);
    stn__one_or_many(node, &items, &count, &one);
    for (int32_t item = 0; item < count; item++) {
        int32_t list = stn__ref(r->reader, items[item], "list", &r->scope.lists);
        if (list != STN_NONE && carried[list]) {
            stn__mistake(r->reader, items[item]->place, "duplicate list %s", stn__quote(r->reader, items[item]->text));
        } else if (list != STN_NONE) {
            carried[list] = true;
        }
    }
    return carried;
}

/* What a route carries that one before it, between the same agencies, carries
 * too, in words; NULL: nothing. */
static const char *
carried_twice(stn__regime_reader *r, const routes *before, const stn_route *route, const stn__behaviours *behaviours)
{
    for (int32_t other = 0; other < before->count; other++) {
        const stn_route *known = &before->all[other];
        const char *common;
        if (known->from != route->from || known->to != route->to) {
            continue;
        }
        common = stn__behaviours_common(r, &before->behaviours[other], behaviours);
        if (common != NULL) {
            return common;
        }
        for (int32_t list = 0; list < r->scope.lists.count; list++) {
            if (known->lists[list] && route->lists[list]) {
                return stn__print(r->reader, "list %s", stn__quote(r->reader, r->scope.lists.names[list]));
            }
        }
    }
    return NULL;
}

/* Adds the route to one of the agencies that are told. */
static void
add_route(stn__regime_reader *r, routes *all, const stn__node *to, stn_route route, const stn__behaviours *behaviours)
{
    const char *twice;

    route.to = stn__ref(r->reader, to, "agency", &r->agencies);
    if (route.to == STN_NONE || route.from == STN_NONE) {
        return;
    }
    if (route.to == route.from) {
        stn__mistake(r->reader, to->place, "found a route from %s to itself, expected another agency", stn__quote(r->reader, to->text));
        return;
    }
    twice = carried_twice(r, all, &route, behaviours);
    if (twice != NULL) {
        stn__mistake(r->reader, to->place, "found a second route from \"%s\" to \"%s\" for %s, expected one at most",
            r->agencies.names[route.from], r->agencies.names[route.to], twice);
        return;
    }
    all->all = stn__grow(r->reader, all->all, all->count, &all->room, sizeof *all->all);
    all->behaviours = stn__grow(r->reader, all->behaviours, all->count, &all->behaviours_room, sizeof *all->behaviours);
    all->behaviours[all->count] = *behaviours;
    all->all[all->count++] = route;
    if (all->count == STN_ROUTES_MAX + 1) {
        stn__mistake(r->reader, to->place, "found more than %d routes; one to several agencies is several", STN_ROUTES_MAX);
    }
}

static void
read_route(stn__regime_reader *r, routes *all, const stn__node *node, const char *where)
{
    /* Stays where it is: its quantities are known by their addresses. */
    stn_route *route = stn__take(r->reader, 1, sizeof *route);
    const stn__node *to = stn__yaml_child(node, "to"), *const *items, *one;
    stn__behaviours behaviours;
    int32_t count;

    stn__fill(r->reader, &stn__shape_route, node, where, NULL, route);
    route->place = node->place;
    route->from = stn__ref(r->reader, stn__yaml_child(node, "from"), "agency", &r->agencies);
    stn__behaviours_read(r, stn__yaml_child(node, "behaviours"), &behaviours);
    stn__behaviours_bits(r, &behaviours, route->behaviours);
    route->lists = read_lists_carried(r, stn__yaml_child(node, "lists"));
    stn__refuse_empty(r, to, "agencies");
    stn__one_or_many(to, &items, &count, &one);
    for (int32_t item = 0; item < count && all->count <= STN_ROUTES_MAX; item++) {
        add_route(r, all, items[item], *route, &behaviours);
    }
}

static void
read_routes(stn__regime_reader *r, const stn__node *node, stn_sharing *out)
{
    int32_t count = stn__list_count(r->reader, node, "routes", STN_ROUTES_MAX);
    routes all = { 0 };

    for (int32_t number = 0; number < count && all.count <= STN_ROUTES_MAX; number++) {
        const stn__node *item = node->items[number];
        const char *where = stn__print(r->reader, "sharing.routes.%d", (int) number + 1);
        if (stn__shape_check(r->reader, &stn__shape_route, item, where)) {
            read_route(r, &all, item, where);
        }
    }
    out->routes = all.all;
    out->route_count = all.count;
}

/* Notes an attribute in which namesakes are alike in all populations that have it. */
static void
add_namesake(stn__regime_reader *r, const char *name, stn_sharing *out)
{
    for (int32_t population = 0; r->world != NULL && population < r->world->population_count; population++) {
        int32_t attribute = stn__find_attribute(&r->world->populations[population], name);
        int32_t *own = out->namesakes[population], at = out->namesake_count[population];
        if (attribute == STN_NONE) {
            continue;
        }
        for (; at > 0 && own[at - 1] > attribute; at--) {
            own[at] = own[at - 1];
        }
        own[at] = attribute;
        out->namesake_count[population]++;
    }
}

static void
read_namesakes(stn__regime_reader *r, const stn__node *node, stn_sharing *out)
{
    stn__names attributes = { NULL, 0, 0 }, seen = { NULL, 0, 0 };
    const stn__node *const *items, *one;
    int32_t count;

    for (int32_t population = 0; r->world != NULL && population < r->world->population_count; population++) {
        const stn_population *of = &r->world->populations[population];
        for (int32_t attribute = 0; attribute < of->attribute_count; attribute++) {
            stn__names_add(r->reader, &attributes, of->attributes[attribute].name);
        }
    }
    stn__one_or_many(node, &items, &count, &one);
    for (int32_t item = 0; item < count; item++) {
        if (stn__world_ref(r, items[item], "attribute", &attributes) == STN_NONE) {
            continue;
        }
        if (stn__names_find(&seen, items[item]->text) != STN_NONE) {
            stn__mistake(r->reader, items[item]->place, "duplicate attribute %s", stn__quote(r->reader, items[item]->text));
            continue;
        }
        stn__names_add(r->reader, &seen, items[item]->text);
        add_namesake(r, items[item]->text, out);
    }
}

void
stn__sharing_read(stn__regime_reader *r, const stn__node *node)
{
    stn_sharing *out = &r->regime->sharing;

    if (node != NULL) {
        out->given = stn__shape_check(r->reader, &stn__shape_sharing, node, "sharing");
    }
    stn__fill(r->reader, &stn__shape_sharing, node, "sharing", NULL, out);
    if (out->given) {
        read_namesakes(r, stn__yaml_child(node, "namesakes"), out);
        read_routes(r, stn__yaml_child(node, "routes"), out);
    }
}
