/* SPDX-License-Identifier: Apache-2.0
 *
 * lives.h - who comes, how people age, who goes: what no regime can change.
 *
 * docs/semantics.md, section 19. A population with `life` has rows for all who come
 * within the study's years, behind those of the start and in the order of coming;
 * their cells, ages and households are those at coming. What becomes of somebody is
 * a chain of events, each a pure function of the row and of what it came after, so
 * whoever follows a life keeps no more than the cell and the time of the next event.
 *
 * An event's minute is exact. It takes effect at the start of the first window that
 * starts at or after it; that is for the caller to see to, and never enters here.
 * All of this may be called by any number of threads. */
#ifndef STN_CITY_LIVES_H
#define STN_CITY_LIVES_H

#include <stdbool.h>
#include <stdint.h>

#include <standing/city.h>

typedef enum {
    STN__STAYS,               /* nothing more before the end of the study */
    STN__DIES,
    STN__DEPARTS,             /* and never comes back */
    STN__AGES                 /* into another cell */
} stn__turn;

typedef struct stn__life_event {
    stn__turn turn;
    uint32_t minute;          /* UINT32_MAX: STN__STAYS */
    uint32_t cell;            /* afterwards */
} stn__life_event;

/* Whether anything happens in a population: false where every stn__life_next() stays. */
bool stn__lives(const stn_city *city, int32_t population);
/* Whether somebody who was not there at the start moved in, rather than being born. */
bool stn__moved_in(const stn_city *city, int32_t population, uint32_t row);
/* The first event after `now` in the life of somebody who is then in `cell`. `now` is
 * the minute of their coming (0 for those of the start) or of their last event, to
 * which `cell` belongs; any minute between that and the next event will do as well. */
stn__life_event stn__life_next(const stn_city *city, int32_t population, uint32_t row, uint32_t cell, uint32_t now);
/* How old somebody is at a minute not before their coming, should they live. The
 * population must have ages. */
int32_t stn__age(const stn_city *city, int32_t population, uint32_t row, uint32_t now);

#endif
