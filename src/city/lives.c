/* SPDX-License-Identifier: Apache-2.0
 *
 * lives.c - who comes, how people age, who goes.
 *
 * Newcomers are made once, with the city, a year at a time: as many each year, so
 * that a row's number depends on rates and sizes alone. What becomes of people is
 * never stored. stn__life_next() is called once for everybody at the start of a run and
 * once for each event afterwards (a few times in ten years), and costs a draw or
 * two and one for every four years that it looks ahead. */
#include "city/lives.h"

#include <string.h>

#include "base/draw.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "city/alike.h"
#include "city/inside.h"

enum {
    YEAR = 525600,
    AHEAD = 32       /* newcomers made at once */
};

/* What stands in a newcomer's coming beside the minute, which is below 2^27. */
#define ARRIVED (UINT32_C(1) << 31)

struct stn__changes {
    const stn_population *population; /* borrowed */
    const stn_life *life;             /* borrowed */
    uint32_t number;                  /* of the population */
    uint64_t seed;
    uint32_t horizon;
    uint32_t births, arrivals;        /* each year */
    uint32_t age_stride;              /* between cells of neighbouring levels of age */
    uint32_t by_stride, by_levels;    /* the same of the attribute of the life table; 1 and 1 without one */
    uint8_t level_of_age[STN_AGE_MAX + 1];
    const double *departures;         /* per minute, for each cell; NULL: nobody departs */
};

/* ------------------------------------------------------------ who comes */

/* floor(rate x size + 0.5) of a year; false if that is beyond all numbers of rows. */
static bool
yearly(const stn_quantity *rate, uint32_t size, uint32_t *count)
{
    double people = rate->value * STN_MINUTES_PER_YEAR * (double) size + 0.5;

    *count = people < 4294967295.0 ? (uint32_t) people : 0;
    return people < 4294967295.0;
}

static uint32_t
stride_of(const stn_population *p, int32_t attribute)
{
    uint32_t stride = 1;

    for (int32_t later = attribute + 1; later < p->attribute_count; later++) {
        stride *= (uint32_t) p->attributes[later].level_count;
    }
    return stride;
}

/* The rate of each cell: factors in the attributes' order. */
static const double *
departures_of(const stn_population *p, const stn_quantity *rate, stn__arena *arena)
{
    double *rates = stn__arena_take(arena, (size_t) p->cell_count, sizeof *rates);

    for (int32_t cell = 0; cell < p->cell_count && rates != NULL; cell++) {
        rates[cell] = rate->value;
        for (int32_t f = 0; f < rate->factor_count; f++) {
            if (stn__level(p, rate->factors[f].attribute, cell) == rate->factors[f].level) {
                rates[cell] = rates[cell] * rate->factors[f].factor;
            }
        }
    }
    return rates;
}

int
stn__changes_new(stn__making *making, int32_t population)
{
    const stn_population *p = &making->study->world.populations[population];
    const stn_attribute *ages;
    stn__inhabitants *all = &making->city->populations[population];
    stn__changes *c;
    uint64_t years = ((uint64_t) making->study->horizon + YEAR - 1) / YEAR;

    if (!p->life.given) {
        return 0;
    }
    ages = &p->attributes[p->life.ages];
    c = stn__arena_take(making->city->arena, 1, sizeof *c);
    if (c == NULL) {
        return stn__city_no_memory(making);
    }
    *c = (stn__changes){ .population = p, .life = &p->life, .number = (uint32_t) population,
        .seed = making->study->seed, .horizon = making->study->horizon, .age_stride = stride_of(p, p->life.ages),
        .by_stride = 1, .by_levels = 1 };
    if (p->life.deaths_by != STN_NONE) {
        c->by_stride = stride_of(p, p->life.deaths_by);
        c->by_levels = (uint32_t) p->attributes[p->life.deaths_by].level_count;
    }
    for (int32_t age = 0, level = 0; age <= STN_AGE_MAX; age++) {
        level += level + 1 < ages->level_count && age > ages->age_last[level];
        c->level_of_age[age] = (uint8_t) level;
    }
    if (p->life.departures.value > 0) {
        c->departures = departures_of(p, &p->life.departures, making->city->arena);
        if (c->departures == NULL) {
            return stn__city_no_memory(making);
        }
    }
    if (!yearly(&p->life.births, all->size, &c->births) || !yearly(&p->life.arrivals, all->size, &c->arrivals)
        || all->size + years * ((uint64_t) c->births + c->arrivals) >= STN__NOBODY) {
        return stn__fail(making->err, STN_E_LIMIT, "population '%s' grows beyond 4294967294", p->name);
    }
    all->room = all->size + (uint32_t) (years * (c->births + c->arrivals));
    all->changes = c;
    return 0;
}

typedef struct coming {
    stn__making *making; /* first: see stn__city_watch() */
    const stn__changes *changes;
    stn__inhabitants *people;
    uint32_t *households; /* or NULL: they have none */
    stn__pool siblings, models;
} coming;

static bool
in_youngest(const void *user, int32_t cell)
{
    const stn__changes *c = user;

    return stn__level(c->population, c->life->ages, cell) == 0;
}

static bool
in_like(const void *user, int32_t cell)
{
    const stn__changes *c = user;

    for (int32_t a = 0; a < c->population->attribute_count; a++) {
        const bool *levels = c->life->like == NULL ? NULL : c->life->like[a];
        if (levels != NULL && !levels[stn__level(c->population, a, cell)]) {
            return false;
        }
    }
    return true;
}

static bool
anybody(const void *user, int32_t cell)
{
    (void) user;
    (void) cell;
    return true;
}

/* The pool of a condition, or of everybody if nobody meets it. */
static bool
pool_of(coming *c, stn__in_pool_fn in_pool, stn__pool *pool)
{
    int32_t cells = c->changes->population->cell_count;
    stn__arena *arena = c->making->city->arena;

    return stn__pool_fill(arena, c->people, cells, in_pool, c->changes, pool)
        && (pool->count > 0 || stn__pool_fill(arena, c->people, cells, anybody, NULL, pool));
}

/* The next birth or arrival of a year; `minute` is UINT32_MAX behind the last. */
typedef struct turn {
    uint32_t minute;
    stn__words words;
} turn;

/* When the i-th of a year's `count` comes, and by whom it takes after. */
static turn
turn_of(const stn__changes *c, uint32_t purpose, uint32_t year, uint32_t i, uint32_t count)
{
    turn next = { .minute = UINT32_MAX };

    if (i < count) {
        next.words = stn__draw(c->seed, purpose, c->number, year * count + i, 0, 0);
        next.minute = year * YEAR + 1
            + (uint32_t) (((uint64_t) i * YEAR + ((uint64_t) next.words.w[0] * YEAR >> 32)) / count);
    }
    return next;
}

typedef struct newcomer {
    uint32_t coming;
    uint32_t like;   /* the row of whom they take after */
    uint32_t cell;
} newcomer;

/* A child takes after somebody of the youngest, and lives with them. */
static newcomer
be_born(const coming *c, const turn *birth)
{
    const stn__changes *changes = c->changes;
    newcomer who = { .coming = birth->minute };

    who.like = stn__pool_pick(&c->siblings, c->people, birth->words.w[1], &who.cell);
    who.cell -= (uint32_t) stn__level(changes->population, changes->life->ages, (int32_t) who.cell) * changes->age_stride;
    if (c->households != NULL) {
        __builtin_prefetch(&c->households[who.like]);
    }
    return who;
}

static newcomer
move_in(const coming *c, const turn *arrival)
{
    newcomer who = { .coming = arrival->minute | ARRIVED };

    who.like = stn__pool_pick(&c->models, c->people, arrival->words.w[1], &who.cell);
    __builtin_prefetch(&c->people->ages[who.like]);
    return who;
}

static void
settle(const coming *c, const newcomer *who, uint32_t row)
{
    bool arrived = (who->coming & ARRIVED) != 0;

    c->people->cells[row] = who->cell;
    c->people->ages[row] = arrived ? c->people->ages[who->like] : 0;
    c->people->comings[row - c->people->size] = who->coming;
    if (c->households != NULL) {
        c->households[row] = arrived ? STN__NOBODY : c->households[who->like];
    }
}

/* Whom newcomers take after may be anywhere in memory: those of the next few are
 * fetched before the first is needed. */
static int
fill_year(void *user, int64_t piece, int32_t thread)
{
    const coming *c = user;
    const stn__changes *changes = c->changes;
    uint32_t year = (uint32_t) piece, born = 0, arrived = 0, count;
    uint32_t row = c->people->size + year * (changes->births + changes->arrivals);
    turn birth = turn_of(changes, CITY_BIRTH, year, 0, changes->births);
    turn arrival = turn_of(changes, CITY_ARRIVAL, year, 0, changes->arrivals);
    newcomer next[AHEAD];

    (void) thread;
    do {
        for (count = 0; count < AHEAD && (born < changes->births || arrived < changes->arrivals); count++) {
            if (birth.minute <= arrival.minute) {
                next[count] = be_born(c, &birth);
                birth = turn_of(changes, CITY_BIRTH, year, ++born, changes->births);
            } else {
                next[count] = move_in(c, &arrival);
                arrival = turn_of(changes, CITY_ARRIVAL, year, ++arrived, changes->arrivals);
            }
        }
        for (uint32_t i = 0; i < count; i++) {
            settle(c, &next[i], row++);
        }
    } while (count == AHEAD);
    return 0;
}

/* A population whose newcomers are represented: they have nobody. */
static void
leave_unrepresented(stn__making *making, int32_t population)
{
    const stn__inhabitants *all = &making->city->populations[population];
    uint32_t *representatives = making->city->representatives;

    if (representatives != NULL && making->study->world.representative.of == population) {
        memset(representatives + all->size, 0xff, (size_t) (all->room - all->size) * sizeof *representatives);
    }
}

int
stn__newcomers(stn__making *making, int32_t population)
{
    const stn_world *world = &making->study->world;
    stn__inhabitants *all = &making->city->populations[population];
    coming c = { .making = making, .changes = all->changes, .people = all };
    int ret;

    if (all->changes == NULL || all->room == all->size) {
        return 0;
    }
    if (world->household.given && world->household.of == population) {
        c.households = making->city->households;
    }
    all->comings = stn__column_new(all->room - all->size, sizeof *all->comings);
    if (all->comings == NULL || !pool_of(&c, in_youngest, &c.siblings) || !pool_of(&c, in_like, &c.models)) {
        return stn__city_no_memory(making);
    }
    ret = stn__parallel(making->threads, ((int64_t) making->study->horizon + YEAR - 1) / YEAR, fill_year,
        stn__city_watch, &c);
    leave_unrepresented(making, population);
    all->rows = all->room;
    while (all->rows > all->size && (all->comings[all->rows - 1 - all->size] & ~ARRIVED) >= making->study->horizon) {
        all->rows--; /* of the last year: too late */
    }
    return ret;
}

/* ------------------------------------------------------------ what becomes of them */

/* The fixed points of a life. Minutes in 64 bits: years beyond the end are looked at. */
typedef struct person {
    uint32_t row;
    int32_t age;              /* at coming */
    uint64_t came, birthday;  /* the first after coming */
} person;

static person
person_of(const stn_city *city, const stn__inhabitants *all, int32_t population, uint32_t row)
{
    uint64_t seed = city->study->seed;
    person who = { .row = row, .age = all->ages[row] };
    uint32_t how = row < all->size ? ARRIVED : all->comings[row - all->size];

    who.came = how & ~ARRIVED;
    who.birthday = who.came + YEAR;
    if ((how & ARRIVED) != 0) {
        stn__words words = stn__draw(seed, CITY_BIRTHDAY, (uint32_t) population, row, 0, 0);
        who.birthday = who.came + 1 + ((uint64_t) words.w[0] * YEAR >> 32);
    }
    return who;
}

static int32_t
age_at(const person *who, uint64_t now)
{
    return who->age + (now < who->birthday ? 0 : 1 + (int32_t) ((now - who->birthday) / YEAR));
}

/* The level of an age; without deaths it may be any. */
static uint32_t
level_at(const stn__changes *c, int32_t age)
{
    return c->level_of_age[age < STN_AGE_MAX ? age : STN_AGE_MAX];
}

/* When somebody becomes so old; their coming, if they were by then. */
static uint64_t
birthday_of(const person *who, int32_t age)
{
    return age <= who->age ? who->came : who->birthday + (uint64_t) (age - who->age - 1) * YEAR;
}

/* A block of draws, each word of which decides over one of four years of age. */
typedef struct verdicts {
    int32_t block;            /* age / 4; -1: none was drawn yet */
    stn__words words;
} verdicts;

/* The minute of death within the year of age [from, to), which may have begun before
 * they came: then they lived until then. UINT64_MAX: they live on. */
static uint64_t
death_of(const stn__changes *c, const person *who, int32_t age, uint32_t cell, uint64_t from, uint64_t to,
    verdicts *drawn)
{
    uint32_t row = cell / c->by_stride % c->by_levels, column = age < STN_AGE_MAX ? (uint32_t) age : STN_AGE_MAX;
    double chance = c->life->deaths[row * (STN_AGE_MAX + 1) + column], falls = chance;
    stn__words words;

    if (!(chance > 0)) {
        return UINT64_MAX;
    }
    if (drawn->block != age / 4) {
        drawn->block = age / 4;
        drawn->words = stn__draw(c->seed, CITY_DEATH, c->number, who->row, (uint32_t) drawn->block, 0);
    }
    if (to - from != YEAR) { /* of a whole year it is the chance itself, to the last bit */
        double part = (double) (to - from) / STN_MINUTES_PER_YEAR;
        falls = chance * part / (1 - chance * (1 - part));
    }
    if (!stn__below(drawn->words.w[age % 4], falls)) {
        return UINT64_MAX;
    }
    words = stn__draw(c->seed, CITY_DEATH, c->number, who->row, (uint32_t) age, 1);
    return from + 1 + ((uint64_t) words.w[0] * (to - from) >> 32);
}

/* The minute at which somebody in a cell moves away, should they live and stay in it. */
static uint64_t
departure_of(const stn__changes *c, const person *who, uint32_t cell, int32_t age)
{
    int32_t first = c->population->attributes[c->life->ages].age_first[level_at(c, age)];
    int32_t entered = first > who->age ? first : who->age; /* how old they were when they came into the cell */
    stn__words words;
    uint32_t gap;

    if (c->departures == NULL || !(c->departures[cell] > 0)) {
        return UINT64_MAX;
    }
    words = stn__draw(c->seed, CITY_DEPARTURE, c->number, who->row, (uint32_t) entered, 0);
    gap = stn__gap(words.w[0], c->departures[cell]);
    return gap == UINT32_MAX ? UINT64_MAX : birthday_of(who, entered) + (gap > 1 ? gap : 1);
}

/* The next cell, by number, that differs only in the attributes of some bits; STN__NOBODY
 * behind the last. */
static uint32_t
next_but_for(const stn_population *p, uint32_t bits, uint32_t cell)
{
    uint32_t stride = 1;

    for (int32_t a = p->attribute_count - 1; a >= 0; a--) {
        uint32_t levels = (uint32_t) p->attributes[a].level_count;
        if ((bits >> a & 1) != 0) {
            if (cell / stride % levels + 1 < levels) {
                return cell + stride;
            }
            cell -= (levels - 1) * stride;
        }
        stride *= levels;
    }
    return STN__NOBODY;
}

/* The cell of somebody who reaches a level of age: some attributes are taken over from
 * one of the initial people of that level who are alike in all others. */
static uint32_t
cell_anew(const stn__changes *c, const stn__inhabitants *all, const person *who, uint32_t cell, int32_t age)
{
    const stn_population *p = c->population;
    uint32_t level = level_at(c, age), bits = c->life->anew[level], first, count = 0, index;
    stn__words words;

    cell += (level - (uint32_t) stn__level(p, c->life->ages, (int32_t) cell)) * c->age_stride;
    if (bits == 0) {
        return cell;
    }
    first = cell;
    for (int32_t a = 0; a < p->attribute_count; a++) {
        if ((bits >> a & 1) != 0) {
            first -= (uint32_t) stn__level(p, a, (int32_t) cell) * stride_of(p, a);
        }
    }
    for (uint32_t other = first; other != STN__NOBODY; other = next_but_for(p, bits, other)) {
        count += all->starts[other + 1] - all->starts[other];
    }
    if (count == 0) {
        return cell;
    }
    words = stn__draw(c->seed, CITY_ANEW, c->number, who->row, (uint32_t) age, 0);
    index = (uint32_t) ((uint64_t) words.w[0] * count >> 32);
    for (uint32_t other = first; other != STN__NOBODY; other = next_but_for(p, bits, other)) {
        uint32_t people = all->starts[other + 1] - all->starts[other];
        if (index < people) {
            return other;
        }
        index -= people;
    }
    return cell;
}

static const stn__inhabitants *
inhabitants(const stn_city *city, int32_t population, uint32_t row)
{
    STN_INVARIANT(population >= 0 && population < city->study->world.population_count
        && row < city->populations[population].rows);
    return &city->populations[population];
}

bool
stn__lives(const stn_city *city, int32_t population)
{
    return city->populations[population].changes != NULL;
}

bool
stn__moved_in(const stn_city *city, int32_t population, uint32_t row)
{
    const stn__inhabitants *all = inhabitants(city, population, row);

    return row >= all->size && (all->comings[row - all->size] & ARRIVED) != 0;
}

uint32_t
stn_city_coming(const stn_city *city, int32_t population, uint32_t row)
{
    const stn__inhabitants *all = inhabitants(city, population, row);

    return row < all->size ? 0 : all->comings[row - all->size] & ~ARRIVED;
}

int32_t
stn__age(const stn_city *city, int32_t population, uint32_t row, uint32_t now)
{
    const stn__inhabitants *all = inhabitants(city, population, row);
    person who;

    STN_INVARIANT(all->ages != NULL);
    who = person_of(city, all, population, row);
    return age_at(&who, now);
}

stn__life_event
stn__life_next(const stn_city *city, int32_t population, uint32_t row, uint32_t cell, uint32_t now)
{
    const stn__inhabitants *all = inhabitants(city, population, row);
    const stn__changes *c = all->changes;
    stn__life_event event = { STN__STAYS, UINT32_MAX, cell };
    verdicts drawn = { .block = -1 };
    person who;
    uint64_t departs;

    if (c == NULL) {
        return event;
    }
    who = person_of(city, all, population, row);
    departs = departure_of(c, &who, cell, age_at(&who, now));
    for (int32_t age = age_at(&who, now);; age++) {
        uint64_t from = birthday_of(&who, age), to = birthday_of(&who, age + 1), dies = UINT64_MAX;
        if (from >= c->horizon) {
            return event;
        }
        if (c->life->deaths != NULL) {
            dies = death_of(c, &who, age, cell, from, to, &drawn);
        }
        if (dies > now && dies < c->horizon && dies <= departs) {
            return (stn__life_event){ STN__DIES, (uint32_t) dies, cell };
        }
        if (departs > now && departs <= to) {
            return departs < c->horizon ? (stn__life_event){ STN__DEPARTS, (uint32_t) departs, cell } : event;
        }
        if (to < c->horizon && level_at(c, age + 1) != level_at(c, age)) {
            return (stn__life_event){ STN__AGES, (uint32_t) to, cell_anew(c, all, &who, cell, age + 1) };
        }
    }
}
