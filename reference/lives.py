# SPDX-License-Identifier: Apache-2.0
"""Who comes, how people age, who goes (docs/semantics.md, section 19): what no regime can change.

add_newcomers() gives a city's population the rows of all who come before the horizon; course_of() tells what becomes of one
person. Both are pure functions of the world, the sizes and the seed.
"""
import math

import draw

CITY_BIRTH, CITY_ARRIVAL, CITY_BIRTHDAY, CITY_DEATH, CITY_DEPARTURE, CITY_ANEW = range(draw.CITY + 4, draw.CITY + 10)

YEAR = 525600
NOBODY = 2**32 - 1      # no household, no representative
OLDEST = 150            # whom nobody outlives

DIES, DEPARTS, AGES = 1, 2, 3  # at the same minute in this order


def levels_of(population, cell):
    """{attribute: level} of a cell; cells are numbered with the last attribute fastest."""
    levels = {}
    for attribute in reversed(population.attributes):
        levels[attribute.name] = attribute.levels[cell % len(attribute.levels)]
        cell //= len(attribute.levels)
    return levels


def cell_of(population, levels):
    cell = 0
    for attribute in population.attributes:
        cell = cell * len(attribute.levels) + attribute.levels.index(levels[attribute.name])
    return cell


def pick(rows, word):
    return rows[word * len(rows) >> 32]


# ---------------------------------------------------------------- who comes

def add_newcomers(world, city, number, seed, horizon):
    """Puts those who come behind the people of the start; gives (minute, whether they moved in) of each."""
    population = world.populations[number]
    life, size = population.life, city.sizes[number]
    cells, ages = city.cells[number], city.ages[number]
    levels = [levels_of(population, cell) for cell in cells]
    youngest = population.attribute(life.ages).levels[0]
    everybody = list(range(size))
    siblings = [row for row in everybody if levels[row][life.ages] == youngest] or everybody
    models = [row for row in everybody
              if all(levels[row][name] in some for name, some in life.like.items())] or everybody
    comings = []
    for moved, rate, purpose in ((0, life.births, CITY_BIRTH), (1, life.arrivals, CITY_ARRIVAL)):
        count = math.floor(rate * 525600.0 * float(size) + 0.5)
        for year in range(-(-horizon // YEAR)):
            for i in range(count):
                words = draw.draw(seed, purpose, number, year * count + i, 0, 0)
                minute = year * YEAR + 1 + (i * YEAR + (words[0] * YEAR >> 32)) // count
                if minute < horizon:
                    comings.append((minute, moved, year * count + i, words[1]))
    comings.sort()
    housed = world.household is not None and world.household.of == population.name
    for _, moved, _, word in comings:
        other = pick(models if moved else siblings, word)
        cells.append(cells[other] if moved else cell_of(population, {**levels[other], life.ages: youngest}))
        ages.append(ages[other] if moved else 0)
        if housed:
            city.households.append(NOBODY if moved else city.households[other])
        if world.representative is not None and world.representative.of == population.name:
            city.representatives.append(NOBODY)
    return [(minute, moved) for minute, moved, _, _ in comings]


# ---------------------------------------------------------------- what becomes of them

def level_at(attribute, age):
    """The level that an age belongs to."""
    for level in attribute.levels:
        if age <= attribute.ages[level][1]:
            return level
    return attribute.levels[-1]


def chance_of_dying(life, level, age):
    chances = life.deaths[level]
    return 1.0 if age >= OLDEST else chances[min(age, len(chances) - 1)]


def course_of(world, city, number, row, seed, horizon):
    """Somebody's life: their events after their coming and before the horizon, as (minute, what, cell afterwards)."""
    population, size = world.populations[number], city.sizes[number]
    life = population.life
    attribute = population.attribute(life.ages)
    came, moved = (0, 1) if row < size else city.comings[number][row - size]
    age, cell = city.ages[number][row], city.cells[number][row]
    events, start, departure = [], came, None
    birthday = came + YEAR
    if moved:
        birthday = came + 1 + (draw.draw(seed, CITY_BIRTHDAY, number, row, 0, 0)[0] * YEAR >> 32)
    while start < horizon:
        levels = levels_of(population, cell)
        if departure is None:  # in a cell that is new to them
            gap = draw.gap(draw.draw(seed, CITY_DEPARTURE, number, row, age, 0)[0], life.departures.for_levels(levels))
            departure = math.inf if gap == draw.NEVER else start + max(1, gap)
        ends = []
        if departure <= birthday:
            ends.append((departure, DEPARTS, cell))
        if life.deaths:
            chance = chance_of_dying(life, levels.get(life.by), age)
            part = (birthday - start) / 525600.0
            word = draw.draw(seed, CITY_DEATH, number, row, age // 4, 0)[age % 4]
            if chance > 0 and draw.below(word, chance * part / (1.0 - chance * (1.0 - part))):
                minute = draw.draw(seed, CITY_DEATH, number, row, age, 1)[0] * (birthday - start) >> 32
                ends.append((start + 1 + minute, DIES, cell))
        if ends:
            events.append(min(ends))
            break
        start, age = birthday, age + 1
        birthday += YEAR
        level = level_at(attribute, age)
        if level != level_at(attribute, age - 1):
            cell = grown(population, city, number, row, seed, {**levels, life.ages: level}, age)
            events.append((start, AGES, cell))
            departure = None
    return [event for event in events if event[0] < horizon]


def grown(population, city, number, row, seed, levels, age):
    """The cell of somebody who now has these levels, the one of age being new."""
    names = population.life.anew.get(levels[population.life.ages], [])
    if names:
        kept = {name: level for name, level in levels.items() if name not in names}
        alike = [other for other in range(city.sizes[number])
                 if kept.items() <= levels_of(population, city.cells[number][other]).items()]
        if alike:
            other = pick(alike, draw.draw(seed, CITY_ANEW, number, row, age, 0)[0])
            taken = levels_of(population, city.cells[number][other])
            levels = {**levels, **{name: taken[name] for name in names}}
    return cell_of(population, levels)
