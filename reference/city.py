# SPDX-License-Identifier: Apache-2.0
"""Makes a city: everybody's cell, age, household and representative (docs/semantics.md, section 12).

make_city(world, scale, seed, horizon) takes the objects that files.py reads (or any with the same fields) and gives back a City.
Populations with `life` get those who come before the horizon as well (lives.py); without a horizon nobody does. It does
what src/city/ does, in the same order and with the same numbers, only slowly: meant for some thousands of people.
"""
import math
from dataclasses import dataclass, field

import draw
import lives

CITY_AGE, CITY_HOUSEHOLD, CITY_REPRESENTATIVE, CITY_KICK = range(draw.CITY, draw.CITY + 4)

ROUNDS = 1000           # of proportional fitting, at most
CLOSE = 1e-10           # a fit is done when no table is off by more than this share of all people
NEAR = 1e-6             # after all rounds it will do when no table is off by more than this
FINE = 1 << 20          # parts of a person, when people are first rounded
COARSE = 1 << 10        # the same, when they are repaired
SLACK = COARSE - 2      # how far off a joint may be when all is well
RADII = (1, 4, 16, 64, 1 << 32)  # how far a cell may stray from the fit, try by try
KICKS, KICK = 100, 4    # how often people are moved at random out of a dead end, and how many at a time


class CityError(Exception):
    """No city can meet the tables."""


@dataclass
class City:
    sizes: list                 # for each population, in the world's order
    cells: list                 # the same: a list, one number a row
    ages: list                  # the same, or None for a population without ages
    households: list = None     # of the population that has them: one number a row
    family_households: int = 0
    household_count: int = 0
    representatives: list = None
    comings: list = field(default_factory=list)  # for each population: (minute, whether they moved in) of those who come later;
    #                                              None for a population without `life`

    def digest(self):
        """Section 12, last paragraph, and section 19, last one."""
        h = draw.DIGEST_START
        for size, cells, ages, comings in zip(self.sizes, self.cells, self.ages, self.comings):
            h = draw.absorb(h, size)
            h = draw.absorb(h, column_sum(cells))
            h = draw.absorb(h, column_sum(ages or []))
            if comings is not None:
                h = draw.absorb(h, len(cells))
                h = draw.absorb(h, column_sum([minute + (moved << 31) for minute, moved in comings]))
        for column in (self.households, self.representatives):
            h = draw.absorb(h, column_sum(column or []))
        h = draw.absorb(h, self.family_households)
        return draw.absorb(h, self.household_count)


def of_cells(cells):
    """A city of which no more is known than everybody's cell: nobody has an age, a household or a representative."""
    return City([len(some) for some in cells], cells, [None] * len(cells), comings=[None] * len(cells))


def column_sum(column):
    return sum(draw.fin(row + (value << 32)) for row, value in enumerate(column)) & draw.U64


def make_city(world, scale, seed, horizon=0):
    city = City([], [], [])
    for number, population in enumerate(world.populations):
        size = math.floor(population.size * scale + 0.5)
        people = whole_people(population, number, size)
        cells = [cell for cell, count in enumerate(people) for _ in range(count)]
        city.sizes.append(size)
        city.cells.append(cells)
        city.ages.append(give_ages(population, number, cells, seed))
    if world.household is not None:
        live_together(world, city, seed)
    if world.representative is not None:
        represent(world, city, seed)
    for number, population in enumerate(world.populations):
        city.comings.append(lives.add_newcomers(world, city, number, seed, horizon)
                            if getattr(population, "life", None) else None)
    return city


# ---------------------------------------------------------------- whole numbers from shares

def total(values):
    sum_ = 0.0
    for value in values:
        sum_ = sum_ + value
    return sum_


def apportion(count, weights):
    """Splits `count` by the weights: whole parts first, then one each to the largest remainders, the first of equals first."""
    whole = total(weights)
    parts, rests = [0] * len(weights), [-1.0] * len(weights)
    if not whole > 0:
        if count > 0:
            raise CityError("there is nobody to be had")
        return parts
    for i, weight in enumerate(weights):
        if weight > 0:
            quota = weight * float(count) / whole
            parts[i] = math.floor(quota)
            rests[i] = quota - float(parts[i])
    left = count - sum(parts)
    while left != 0:  # once, but for rounding
        if left > 0:
            order = sorted((i for i in range(len(weights)) if weights[i] > 0), key=lambda i: (-rests[i], i))
            step = 1
        else:
            order = sorted((i for i in range(len(weights)) if parts[i] > 0), key=lambda i: (rests[i], i))
            step = -1
        for i in order[:abs(left)]:
            parts[i] += step
            left -= step
    return parts


# ---------------------------------------------------------------- tables and how they fit

@dataclass
class Table:
    """A margin or a joint over the cells of a population."""
    name: str
    attributes: list    # numbers
    of_cell: list       # for each cell of the population, the cell of this table
    expected: list      # people, at scale 1
    margin: bool
    target: list = field(default_factory=list)  # in parts of a person, at the city's size


def strides_of(shape):
    strides, stride = [0] * len(shape), 1
    for attribute in reversed(range(len(shape))):
        strides[attribute] = stride
        stride *= shape[attribute]
    return strides


def index_table(shape, attributes):
    """For each cell of the population, the cell of a table over some attributes."""
    strides, cells = strides_of(shape), math.prod(shape)
    index = [0] * cells
    for attribute in attributes:
        for cell in range(cells):
            index[cell] = index[cell] * shape[attribute] + cell // strides[attribute] % shape[attribute]
    return index


def fit(values, tables, whole, what):
    """Iterative proportional fitting: multiplies the values, table by table, until all tables are met."""
    for _ in range(ROUNDS):
        worst = 0.0
        for table in tables:
            sums = [0.0] * len(table.expected)
            for cell, entry in enumerate(table.of_cell):
                sums[entry] = sums[entry] + values[cell]
            factors = [0.0] * len(sums)
            for entry, expected in enumerate(table.expected):
                worst = max(worst, abs(sums[entry] - expected))
                if sums[entry] > 0:
                    factors[entry] = expected / sums[entry]
                elif expected > 0:
                    raise CityError(f"{what}: {table.name} wants people where another table has none")
            for cell, entry in enumerate(table.of_cell):
                values[cell] = values[cell] * factors[entry]
        if worst <= CLOSE * whole:
            return
    if worst > NEAR * whole:
        raise CityError(f"{what}: the tables contradict each other")


def tables_of(population):
    """The margins, then the joints, raked to the margins."""
    shape = [len(attribute.levels) for attribute in population.attributes]
    names = [attribute.name for attribute in population.attributes]
    whole = float(population.size)
    tables = []
    for number, attribute in enumerate(population.attributes):
        tables.append(Table(attribute.name, [number], index_table(shape, [number]), list(attribute.counts), True))
    for joint in population.joints:
        numbers = [names.index(name) for name in joint.attributes]
        name = " x ".join(joint.attributes)
        inner = [shape[number] for number in numbers]
        weights = [float(weight) for weight in joint.weights]
        margins = [Table(joint.attributes[place], [place], index_table(inner, [place]), tables[number].expected, True)
                   for place, number in enumerate(numbers)]
        fit(weights, margins, whole, f"{population.name}: {name}")
        tables.append(Table(name, numbers, index_table(shape, numbers), weights, False))
    return tables


# ---------------------------------------------------------------- whole people

def whole_people(population, number, size):
    """How many people each cell has."""
    tables = tables_of(population)
    shape = [len(attribute.levels) for attribute in population.attributes]
    cells, whole = math.prod(shape), float(population.size)
    if size == 0 or not tables:
        return [size] + [0] * (cells - 1)
    values = [1.0] * cells
    for table in tables:
        for cell, entry in enumerate(table.of_cell):
            if not table.expected[entry] > 0:
                values[cell] = 0.0
    fit(values, tables, whole, population.name)
    margins = [apportion(size, table.expected) if table.margin else None for table in tables]
    fine = [math.floor(value * float(size) / whole * float(FINE) + 0.5) for value in values]
    for table, margin in zip(tables, margins):
        if table.margin:
            table.target = [count * FINE for count in margin]
        else:
            table.target = [math.floor(value * float(size) / whole * float(FINE) + 0.5) for value in table.expected]
    people = spread(fine, tables, size)
    for table, margin in zip(tables, margins):
        if table.margin:
            table.target = [count * COARSE for count in margin]
        else:
            table.target = [math.floor(value * float(size) / whole * float(COARSE) + 0.5) for value in table.expected]
    possible = [value > 0 for value in values]
    repair = Repair(people, fine, possible, tables, shape)
    repair.run(size, number)
    return repair.people


def spread(fine, tables, size):
    """Rounds each cell down or up, so that what the tables are off by stays small all the way."""
    off = []
    for table in tables:
        sums = [-target for target in table.target]
        for cell, entry in enumerate(table.of_cell):
            sums[entry] += fine[cell]
        off.append(sums)
    all_off = sum(fine) - size * FINE
    people = []
    for cell, value in enumerate(fine):
        count, part = value // FINE, value % FINE
        if part > 0:
            here = all_off + sum(sums[table.of_cell[cell]] for sums, table in zip(off, tables))
            up = 2 * (here - (len(tables) + 1) * part) + (len(tables) + 1) * FINE < 0
            change = FINE - part if up else -part
            count += up
            all_off += change
            for sums, table in zip(off, tables):
                sums[table.of_cell[cell]] += change
        people.append(count)
    return people


class Repair:
    """Moves single people between cells until the margins are met and the joints are within one."""

    def __init__(self, people, fine, possible, tables, shape):
        self.people, self.fine, self.possible = people, fine, possible
        self.tables, self.shape, self.strides = tables, shape, strides_of(shape)
        self.off, self.less, self.more = [], [], []
        for table in tables:
            sums = [-target for target in table.target]
            for cell, entry in enumerate(table.of_cell):
                sums[entry] += people[cell] * COARSE
            self.off.append(sums)
            self.less.append([self.cost(table, d - COARSE) - self.cost(table, d) for d in sums])
            self.more.append([self.cost(table, d + COARSE) - self.cost(table, d) for d in sums])

    @staticmethod
    def cost(table, d):
        """Margins come before everything; a joint beyond one person before joints within."""
        if table.margin:
            return 4096 * COARSE * abs(d)
        return d * d + 64 * COARSE * max(0, abs(d) - SLACK)

    def met(self):
        return all(d == 0 if table.margin else abs(d) <= SLACK
                   for table, sums in zip(self.tables, self.off) for d in sums)

    def bound(self, radius):
        """How few and how many people each cell may have: within `radius` of the fit, and none where there can be none."""
        self.low = [max(0, -(-(value - radius * FINE) // FINE)) for value in self.fine]
        self.high = [(value + radius * FINE) // FINE if can else 0 for value, can in zip(self.fine, self.possible)]

    def change(self, cell, step):
        self.people[cell] += step
        for table, off, less, more in zip(self.tables, self.off, self.less, self.more):
            entry = table.of_cell[cell]
            off[entry] += step * COARSE
            d = off[entry]
            less[entry] = self.cost(table, d - COARSE) - self.cost(table, d)
            more[entry] = self.cost(table, d + COARSE) - self.cost(table, d)

    def loss(self, cell):
        return sum(less[table.of_cell[cell]] for table, less in zip(self.tables, self.less))

    def gain(self, cell):
        return sum(more[table.of_cell[cell]] for table, more in zip(self.tables, self.more))

    def both(self, cell, other):
        """What it costs to move somebody from a cell to another."""
        sum_ = 0
        for table, less, more in zip(self.tables, self.less, self.more):
            a, b = table.of_cell[cell], table.of_cell[other]
            if a != b:
                sum_ += less[a] + more[b]
        return sum_

    def can_lose(self):
        return [c for c in range(len(self.people)) if self.people[c] > self.low[c]]

    def can_gain(self):
        return [c for c in range(len(self.people)) if self.people[c] < self.high[c]]

    def settle_total(self, size):
        """Somebody more or less where it costs least, until the number of people is right."""
        left = size - sum(self.people)
        while left != 0:
            cells = self.can_gain() if left > 0 else self.can_lose()
            if not cells:
                return False
            cell = min(cells, key=self.gain if left > 0 else self.loss)
            step = 1 if left > 0 else -1
            self.change(cell, step)
            left -= step
        return True

    def move_one(self):
        """Moves one person if that helps: out of the best cell to leave, or else into the best one to enter."""
        leave, enter = self.can_lose(), self.can_gain()
        if not leave or not enter:
            return False
        a = min(leave, key=self.loss)
        b = min(enter, key=lambda cell: self.both(a, cell))
        if self.both(a, b) >= 0:
            b = min(enter, key=self.gain)
            a = min(leave, key=lambda cell: self.both(cell, b))
            if self.both(a, b) >= 0:
                return False
        self.change(a, -1)
        self.change(b, 1)
        return True

    def arcs(self, attribute):
        """For each pair of levels, what the cheapest change of one person from the one to the other costs, and from which cell
        that person comes."""
        levels, stride = self.shape[attribute], self.strides[attribute]
        own = [t for t, table in enumerate(self.tables) if not table.margin and attribute in table.attributes]
        costs = [[None] * levels for _ in range(levels)]
        cells = [[0] * levels for _ in range(levels)]
        for cell in self.can_lose():
            level = cell // stride % levels
            out = sum(self.less[t][self.tables[t].of_cell[cell]] for t in own)
            for other in range(levels):
                to = cell + (other - level) * stride
                if other != level and self.people[to] < self.high[to]:
                    cost = out + sum(self.more[t][self.tables[t].of_cell[to]] for t in own)
                    if costs[level][other] is None or cost < costs[level][other]:
                        costs[level][other], cells[level][other] = cost, cell
        return costs, cells

    def exchange(self, attribute):
        """Lets some people pass their levels on in a circle, if that helps (Bellman and Ford's search for a negative circle)."""
        costs, cells = self.arcs(attribute)
        levels, stride = self.shape[attribute], self.strides[attribute]
        far, before, last = [0] * levels, [0] * levels, -1
        for _ in range(levels):
            last = -1
            for a in range(levels):
                for b in range(levels):
                    if costs[a][b] is not None and far[a] + costs[a][b] < far[b]:
                        far[b], before[b], last = far[a] + costs[a][b], a, b
        if last < 0:
            return False
        for _ in range(levels):
            last = before[last]
        end = last
        while True:
            a = before[last]
            cell = cells[a][last]
            self.change(cell, -1)
            self.change(cell + (last - a) * stride, 1)
            last = a
            if last == end:
                return True

    def descend(self):
        """Moves and exchanges while they help."""
        better = True
        while better and not self.met():
            better = False
            while not self.met() and self.move_one():
                better = True
            for attribute in range(len(self.shape)):
                while not self.met() and self.exchange(attribute):
                    better = True

    def kick(self, number, population):
        """Moves a few people anywhere: out of a dead end."""
        for step in range(KICK):
            leave, enter = self.can_lose(), self.can_gain()
            words = draw.draw(0, CITY_KICK, population, number, step, 0)
            if leave and enter:
                self.change(leave[words[0] * len(leave) >> 32], -1)
                self.change(enter[words[1] * len(enter) >> 32], 1)

    def run(self, size, population):
        for radius in RADII:
            self.bound(radius)
            if self.settle_total(size):
                self.descend()
                if self.met():
                    return
        for number in range(KICKS):
            self.kick(number, population)
            self.descend()
            if self.met():
                return
        raise CityError(f"no {size} whole people were found who meet all tables")


# ---------------------------------------------------------------- ages

def shuffle(elements, seed, purpose, population, c1, c2):
    """Fisher and Yates, from the last element down; element i takes word i % 4 of draw i / 4."""
    for i in range(len(elements) - 1, 0, -1):
        word = draw.draw(seed, purpose, population, i // 4, c1, c2)[i % 4]
        j = word * (i + 1) >> 32
        elements[i], elements[j] = elements[j], elements[i]


def level_of(population, name, cell):
    """The number of a cell's level of an attribute."""
    shape = [len(attribute.levels) for attribute in population.attributes]
    place = [attribute.name for attribute in population.attributes].index(name)
    return cell // strides_of(shape)[place] % shape[place]


def give_ages(population, number, cells, seed):
    aged = [attribute for attribute in population.attributes if attribute.ages]
    if not aged:
        return None
    attribute, ages = aged[0], [0] * len(cells)
    band_of_cell = {cell: level_of(population, attribute.name, cell) for cell in set(cells)}
    for band, level in enumerate(attribute.levels):
        rows = [row for row, cell in enumerate(cells) if band_of_cell[cell] == band]
        first, last = attribute.ages[level]
        years = range(first, last + 1)
        weights = [1.0 if attribute.years is None else float(attribute.years.get(year, 0)) for year in years]
        if not any(weight > 0 for weight in weights):
            weights = [1.0] * len(weights)
        deck = [year for year, count in zip(years, apportion(len(rows), weights)) for _ in range(count)]
        shuffle(deck, seed, CITY_AGE, number, band, 0)
        for row, age in zip(rows, deck):
            ages[row] = age
    return ages


# ---------------------------------------------------------------- households

def live_together(world, city, seed):
    tie = world.household
    population = next(p for p in world.populations if p.name == tie.of)
    number = world.populations.index(population)
    cells, size = city.cells[number], city.sizes[number]
    largest = max(tie.sizes)
    check_households(tie, population, largest)
    groups = line_up(population, cells, tie)
    count = math.floor(total([tie.sizes.get(n, 0) for n in range(1, largest + 1)]) * float(size)
                       / float(population.size) + 0.5)
    wanted = apportion(count, [float(tie.sizes.get(n, 0)) for n in range(1, largest + 1)])
    families = share_out(groups, wanted, largest)
    collectives = share_collectives(tie, population, size, groups, families, largest)
    city.households = [0] * size
    city.family_households = sum(sum(group.values()) for group in families)
    city.household_count = city.family_households + sum(collectives)
    family, collective = 0, city.family_households
    for group, (others, able) in enumerate(groups):
        house_group(city.households, others, able, families[group], collectives[group], family, collective, largest,
                    lambda people, c2, group=group: shuffle(people, seed, CITY_HOUSEHOLD, number, group, c2))
        family += sum(families[group].values())
        collective += collectives[group]


def check_households(tie, population, largest):
    people = 0.0
    for n in range(1, largest + 1):
        people = people + float(tie.sizes.get(n, 0)) * float(n)
    if people > population.size:
        raise CityError("the family households hold more people than there are")
    if people < population.size and not tie.collective > 0:
        raise CityError("the family households hold too few people, and there are no collective households")


def line_up(population, cells, tie):
    """For each group the rows of those who cannot be heads of a family, and of those who can."""
    levels = 1 if tie.within is None else len(population.attribute(tie.within).levels)
    groups = [([], []) for _ in range(levels)]
    for row, cell in enumerate(cells):
        group = 0 if tie.within is None else level_of(population, tie.within, cell)
        able = True
        if tie.head_attribute is not None:
            attribute = population.attribute(tie.head_attribute)
            able = attribute.levels[level_of(population, attribute.name, cell)] in tie.head_levels
        groups[group][able].append(row)
    return groups


def share_out(groups, wanted, largest):
    """For each group {size: family households}: the largest first, in proportion to how many of that size each group still has
    people for. Those that no group has people for become one smaller."""
    families = [{} for _ in groups]
    rest = [len(others) + len(able) for others, able in groups]
    smaller = 0
    for size in range(largest, 0, -1):
        count = wanted[size - 1] + smaller
        room = [people // size for people in rest]
        smaller = max(0, count - sum(room))
        for group, part in enumerate(apportion(count - smaller, [float(r) for r in room])):
            families[group][size] = part
            rest[group] -= part * size
    return families


def share_collectives(tie, population, size, groups, families, largest):
    """How many collective households each group has. Without any, those left over make further families."""
    left = []
    for (others, able), family in zip(groups, families):
        here = len(others) + len(able) - sum(n * count for n, count in family.items())
        while here > 0 and not tie.collective > 0:
            n = min(here, largest)
            family[n] += 1
            here -= n
        left.append(here)
    wanted = min(math.floor(tie.collective * float(size) / float(population.size) + 0.5), sum(left))
    parts = apportion(wanted, [float(here) for here in left])
    return [max(part, 1) if here > 0 else 0 for part, here in zip(parts, left)]


def house_group(households, others, able, families, collectives, family, collective, largest, shuffle_group):
    shuffle_group(others, 0)
    shuffle_group(able, 1)
    people = others + able
    heads = min(len(able), sum(families.values()))
    fillers = sum(n * count for n, count in families.items()) - heads
    first = people[:fillers]
    shuffle_group(first, 2)
    next_person = iter(first + people[fillers:])
    house = 0
    for n in range(largest, 0, -1):
        for _ in range(families[n]):
            members = n
            if house < heads:
                households[people[len(people) - 1 - house]] = family + house
                members -= 1
            for _ in range(members):
                households[next(next_person)] = family + house
            house += 1
    left = len(people) - heads - fillers
    for c in range(collectives):
        for _ in range(left // collectives + (c < left % collectives)):
            households[next(next_person)] = collective + c


# ---------------------------------------------------------------- representatives

def represent(world, city, seed):
    tie = world.representative
    companies = next(p for p in world.populations if p.name == tie.of)
    people = next(p for p in world.populations if p.name == tie.is_)
    number, other = world.populations.index(companies), world.populations.index(people)
    if city.sizes[number] > 0 and city.sizes[other] == 0:
        raise CityError(f"there is nobody in {people.name} to represent {companies.name}")

    def eligible(cell):
        if tie.among_attribute is None:
            return True
        attribute = people.attribute(tie.among_attribute)
        return attribute.levels[level_of(people, attribute.name, cell)] in tie.among_levels

    everybody = list(range(city.sizes[other]))
    right = [row for row in everybody if eligible(city.cells[other][row])]
    levels = 1 if tie.within is None else len(people.attribute(tie.within).levels)
    near = [[row for row in right
             if tie.within is None or level_of(people, tie.within, city.cells[other][row]) == level]
            for level in range(levels)]
    city.representatives = []
    for row, cell in enumerate(city.cells[number]):
        pool = near[0 if tie.within is None else level_of(companies, tie.within, cell)] or right or everybody
        word = draw.draw(seed, CITY_REPRESENTATIVE, number, row, 0, 0)[0]
        city.representatives.append(pool[word * len(pool) >> 32])
