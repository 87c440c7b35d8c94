# SPDX-License-Identifier: Apache-2.0
"""Reads worlds, regimes and studies into plain objects (docs/formats.md).

The files are taken to be right: mistakes are the business of `standing check`, which tells them far better. What is read here
is only what a life needs; titles, sources and reasons are left alone.
"""
import csv
import math
import os
from dataclasses import dataclass, field

import conditions
import units
import yaml_subset
from units import NEVER

INSTALLED = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir)


class FileError(Exception):
    pass


# ---------------------------------------------------------------- what is read

@dataclass
class Quantity:
    """A number, and the factors for the levels of some attributes: [(attribute, {level: factor})], in the world's order."""
    value: float
    ratios: list = field(default_factory=list)

    def for_levels(self, levels):
        """The value for somebody with these levels ({attribute: level})."""
        value = self.value
        for attribute, factors in self.ratios:
            if levels[attribute] in factors:
                value = value * factors[levels[attribute]]
        return value

    def chance_for_levels(self, levels):
        """The same for a probability, which is cut to at most 1."""
        return min(self.for_levels(levels), 1.0)


@dataclass
class Attribute:
    name: str
    levels: list
    counts: list        # how many people of each level, at scale 1; from shares they may be fractions
    ages: dict = None   # {level: (first, last)}
    years: dict = None  # {age: weight}; None: spread evenly


@dataclass
class Joint:
    attributes: list    # names
    weights: list       # over the product of their levels, the last attribute fastest


@dataclass
class Lives:
    """How a population changes."""
    ages: str           # the attribute with ages
    by: str             # an attribute, or None: deaths[None]
    deaths: dict        # {level of `by`: [chance of dying within a year, at each age from 0; the last for all older]}, or {}
    births: float       # per minute and person of the start
    arrivals: float     # the same
    like: dict          # {attribute: [levels]}
    departures: Quantity
    anew: dict          # {level of `ages`: [attributes]}


@dataclass
class Money:
    """What people live on, in yuan per year."""
    income: Quantity
    living: Quantity
    savings: int        # minutes: most of what is left over that is kept
    custom: float       # the part of the income lost while publicly named


@dataclass
class Population:
    number: int
    name: str
    size: int
    attributes: list
    joints: list
    life: Lives = None
    money: Money = None

    def attribute(self, name):
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        return None

    def cell_count(self):
        return math.prod(len(attribute.levels) for attribute in self.attributes)

    def levels_of_cell(self, cell):
        """{attribute: level} of a cell; cells are numbered with the last attribute fastest."""
        levels = {}
        for attribute in reversed(self.attributes):
            levels[attribute.name] = attribute.levels[cell % len(attribute.levels)]
            cell //= len(attribute.levels)
        return levels


@dataclass
class Household:
    of: str
    within: str         # an attribute, or None
    sizes: dict         # {size: how many family households}
    collective: float
    head_attribute: str  # or None
    head_levels: list


@dataclass
class Representative:
    of: str
    is_: str
    within: str         # or None
    among_attribute: str  # or None
    among_levels: list


@dataclass
class Learning:
    by: str             # an attribute, or None
    memory: int         # minutes, or NEVER
    weight: float
    own: float          # the weight of one's own last experience
    publicity: float    # as how many detected acts a published name counts


@dataclass
class Behaviour:
    name: str
    number: int         # among those of its population
    population: str
    kind: str
    opportunities: Quantity
    taken: Quantity
    certainty: float
    severity: float
    prior: float
    incentive: float
    strain: float       # while restricted
    strain_poor: float
    settles: bool
    settles_chances: float = 0.0
    settles_taken: float = 0.0
    settles_strain: float = 1.0
    settles_amount: Quantity = None


@dataclass
class Door:
    name: str
    number: int         # among those of its population
    population: str
    kind: str
    attempts: Quantity
    costs: Quantity     # the part of the income that is lost while it is closed
    stigma: Quantity    # the chance that the publicly named are refused; None: not given


@dataclass
class World:
    title: str
    populations: list
    household: Household
    representative: Representative
    learning: Learning
    behaviours: list
    doors: list

    def population(self, name):
        return next(p for p in self.populations if p.name == name)

    def behaviour(self, name):
        return next(b for b in self.behaviours if b.name == name)

    def door(self, name):
        return next(d for d in self.doors if d.name == name)


@dataclass
class Detection:
    behaviour: str
    agency: str
    probability: Quantity
    delay: int


@dataclass
class FalseRecords:
    behaviour: str
    agency: str
    rate: Quantity


@dataclass
class Adjudication:
    behaviour: str
    agency: str         # None: those without an entry of their own
    after: int
    acted: float
    not_acted: float


@dataclass
class Route:
    from_: str
    to: list
    delay: int
    coverage: float
    wrong_person: float
    propagates_clearing: float
    behaviours: list    # what it carries; None: all
    lists: list         # the same


@dataclass
class Sharing:
    level: float
    namesakes: list     # attributes in which somebody mistaken for another is alike
    routes: list


@dataclass
class Unpaid:
    behaviour: str
    agency: str
    after: int


@dataclass
class Fine:
    behaviour: str
    agency: str         # None: those without an entry of their own
    amount: Quantity
    due: int
    unpaid: Unpaid      # or None


@dataclass
class Stage:
    """An objection or an appeal."""
    number: int         # 0: objection, 1: appeal
    files: dict         # {whether the record is false: chance}
    within: int
    duration: int
    capacity: float     # cases per minute of the whole city; None: all
    succeeds: dict      # like files
    suspends: bool
    points: int
    fee: int


@dataclass
class Repair:
    after: int
    chances: float
    taken: float
    duration: int
    population: str     # that of the behaviours
    needs: tuple        # a condition about it
    fee: int


@dataclass
class Process:
    """One entry of due_process."""
    agency: str
    behaviours: list    # None: all
    notice: int
    objection: Stage    # or None
    appeal: Stage       # or None
    correction: float
    repair: Repair      # or None

    def stages(self):
        return [stage for stage in (self.objection, self.appeal) if stage]


@dataclass
class Pardon:
    at: int
    behaviours: list    # None: all
    agency: str         # None: any


@dataclass
class Points:
    value: int
    forget: int


@dataclass
class Band:
    name: str
    first: int
    last: int


@dataclass
class Ladder:
    interval: int
    term: conditions.Term
    moves: dict         # {band: [what the rating moves by, for no record, one, two, ... or more]}


@dataclass
class Rating:
    name: str
    by: str             # the agency that keeps it, or None
    population: str
    covers: tuple       # a condition
    base: int
    spread: float
    least: int
    most: int
    points: dict        # {behaviour: Points}
    bands: list
    redeem: int         # or NEVER
    ladder: Ladder      # or None

    def cut(self, points):
        return min(max(points, self.least), self.most)


@dataclass
class List:
    name: str
    kind: str
    by: str             # the agency that keeps it, or None
    number: int         # among those of its population
    population: str
    enter: tuple
    leave: tuple
    term: int
    reentry: str
    publish: int        # minutes between publications, or NEVER
    archive: int        # how long a name stays public after it was taken off; NEVER: for good; None: not at all


@dataclass
class Measure:
    name: str
    population: str
    closes: list
    opens: list
    condition: tuple
    from_: int
    until: int          # or NEVER

    def in_force(self, start):
        """In the window that starts then."""
        return self.from_ <= start < self.until


@dataclass
class Regime:
    name: str
    title: str
    agencies: list      # names
    detections: list
    false_records: list
    adjudications: list
    settlements: dict   # {behaviour: minutes from payment to the record's end}
    sharing: Sharing    # None: everybody knows everything at once
    fines: list
    processes: list
    pardons: list
    counts_confirmed: bool
    ratings: list
    lists: list
    measures: list


@dataclass
class Study:
    title: str
    world: World
    regimes: list
    years: float
    window: int
    seed: int
    scale: float
    by: list

    def horizon(self):
        return math.floor(self.years * units.YEAR + 0.5)


# ---------------------------------------------------------------- small readers

def read_yaml(path):
    with open(path, encoding="utf-8") as file:
        return yaml_subset.load(file.read(), path)


def read_csv(path):
    """The rows of a table, as dicts."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = [line for line in file.read().splitlines() if line and not line.startswith("#")]
    return [{key.strip(): value.strip() for key, value in row.items() if key is not None and value is not None}
            for row in csv.DictReader(lines)]


def beside(path, name):
    return os.path.join(os.path.dirname(path), name)


def given(node, key, default):
    """A mapping's value; left out and `null` are the same."""
    value = node.get(key)
    return default if value is None else value


def as_list(value):
    return value if isinstance(value, list) else [value]


def plain(node, unit, default=None):
    """A quantity without ratios."""
    if node is None:
        return default
    return unit(node["value"] if isinstance(node, dict) else node)


def quantity(node, unit, population, default=None):
    """A quantity with ratios, put into the order in which the population declares its attributes."""
    if node is None:
        return Quantity(default)
    if not isinstance(node, dict):
        return Quantity(unit(node))
    ratios = given(node, "ratios", {})
    for name in ratios:
        if population.attribute(name) is None:
            raise FileError(f"ratios name '{name}', which is no attribute of '{population.name}'")
    ordered = [(attribute.name, {level: units.number(factor) for level, factor in ratios[attribute.name].items()})
               for attribute in population.attributes if attribute.name in ratios]
    return Quantity(unit(node["value"]), ordered)


def find(value, naming_path, candidates):
    """The path that a value means: itself if it looks like a path, else the first candidate that is there."""
    folder = os.path.dirname(naming_path)
    if "/" in value or value.endswith(".yaml"):
        path = os.path.join(folder, value)
        return os.path.join(path, "world.yaml") if os.path.isdir(path) else path
    tried = [os.path.join(folder, candidate) for candidate in candidates]
    for path in tried:
        if os.path.exists(path):
            return path
    raise FileError(f"{naming_path}: '{value}' is not found; tried {', '.join(tried)}")


def find_world(value, naming_path):
    return find(value, naming_path, [f"{value}/world.yaml", f"../worlds/{value}/world.yaml",
                                     f"{INSTALLED}/worlds/{value}/world.yaml"])


def find_regime(value, naming_path):
    return find(value, naming_path, [f"{value}.yaml", f"../regimes/{value}.yaml", f"{INSTALLED}/regimes/{value}.yaml"])


# ---------------------------------------------------------------- worlds

def load_world(path):
    node = read_yaml(path)
    populations = [read_population(number, name, body, path)
                   for number, (name, body) in enumerate(node["populations"].items())]
    world = World(title=node["title"], populations=populations, household=None, representative=None,
                  learning=read_learning(node.get("learning")), behaviours=[], doors=[])
    ties = given(node, "ties", {})
    world.household = read_household(ties.get("household"), path)
    world.representative = read_representative(ties.get("representative"))
    for name, body in given(node, "behaviours", {}).items():
        world.behaviours.append(read_behaviour(name, body, world))
    for name, body in given(node, "doors", {}).items():
        world.doors.append(read_door(name, body, world))
    return world


def read_population(number, name, node, path):
    size = plain(node["size"], units.whole)
    attributes = [read_attribute(key, body, size, path) for key, body in given(node, "attributes", {}).items()]
    population = Population(number, name, size, attributes, [])
    for body in given(node, "joints", []):
        population.joints.append(read_joint(body, population, path))
    if node.get("life") is not None:
        population.life = read_life(node["life"], population, path)
    if node.get("money") is not None:
        population.money = read_money(node["money"], population)
    return population


def read_money(node, population):
    return Money(quantity(node["income"], units.income, population), quantity(node["living"], units.income, population),
                 plain(node.get("savings"), units.duration, 262800), plain(node.get("custom"), units.probability, 0.0))


def read_life(node, population, path):
    ages = next(attribute.name for attribute in population.attributes if attribute.ages)
    deaths, by = {}, None
    if node.get("deaths") is not None:
        by = node["deaths"].get("by")
        rows = read_csv(beside(path, node["deaths"]["table"]))
        for level in [None] if by is None else population.attribute(by).levels:
            chances = [units.probability(row["chance" if level is None else level]) for row in rows]
            deaths[level] = [0.0] * int(rows[0]["age"]) + chances
    arrivals = given(node, "arrivals", {})
    return Lives(ages, by, deaths, plain(node.get("births"), units.rate, 0.0), plain(arrivals.get("rate"), units.rate, 0.0),
                 {name: as_list(levels) for name, levels in given(arrivals, "like", {}).items()},
                 quantity(node.get("departures"), units.rate, population, 0.0),
                 {level: as_list(names) for level, names in given(node, "anew", {}).items()})


def read_attribute(name, node, size, path):
    if "table" in node:
        rows = read_csv(beside(path, node["table"]))
        levels, counts = [row[name] for row in rows], [units.number(row["count"]) for row in rows]
    elif "counts" in node:
        levels, counts = list(node["counts"]), [units.number(count) for count in node["counts"].values()]
    else:
        levels = list(node["shares"])
        counts = [units.probability(share) * float(size) for share in node["shares"].values()]
    ages = years = None
    if node.get("ages") is not None:
        ages = {level: (int(first), int(last)) for level, (first, last) in node["ages"].items()}
    if node.get("years") is not None:
        years = {int(row["age"]): units.number(row["weight"]) for row in read_csv(beside(path, node["years"]))}
    return Attribute(name, levels, counts, ages, years)


def read_joint(node, population, path):
    names = node["of"]
    levels = [population.attribute(name).levels for name in names]
    weights = [0.0] * math.prod(len(some) for some in levels)
    for row in read_csv(beside(path, node["table"])):
        place = 0
        for name, some in zip(names, levels):
            place = place * len(some) + some.index(row[name])
        weights[place] = units.number(row["weight"])
    return Joint(names, weights)


def read_household(node, path):
    if node is None:
        return None
    sizes = {int(row["size"]): units.number(row["count"]) for row in read_csv(beside(path, node["sizes"]))}
    head_attribute, head_levels = given(node, "heads", (None, []))
    return Household(node["of"], node.get("within"), sizes, plain(node.get("collective"), units.number, 0.0),
                     head_attribute, head_levels)


def read_representative(node):
    if node is None:
        return None
    among_attribute, among_levels = given(node, "among", (None, []))
    return Representative(node["of"], node["is"], node.get("within"), among_attribute, among_levels)


def read_learning(node):
    if node is None:
        return None
    return Learning(node.get("by"), plain(node["memory"], units.duration), plain(node["weight"], units.number),
                    plain(node.get("own"), units.probability, 0.0), plain(node.get("publicity"), units.number, 0.0))


def read_behaviour(name, node, world):
    population = world.population(node["by"])
    deterrence, settles, strain = given(node, "deterrence", {}), given(node, "settles", {}), node.get("strain")
    if not isinstance(strain, dict) or "value" in strain:
        strain = {"restricted": strain}
    behaviour = Behaviour(
        name=name, population=population.name, kind=node["kind"],
        number=sum(other.population == population.name for other in world.behaviours),
        opportunities=quantity(node["opportunities"], units.rate, population),
        taken=quantity(node["taken"], units.probability, population),
        certainty=plain(deterrence.get("certainty"), units.number, 0.0),
        severity=plain(deterrence.get("severity"), units.number, 0.0),
        prior=plain(deterrence.get("prior"), units.probability, 0.0),
        incentive=plain(node.get("incentive"), units.number, 0.0),
        strain=plain(strain.get("restricted"), units.number, 1.0),
        strain_poor=plain(strain.get("poor"), units.number, 1.0),
        settles=bool(settles))
    if settles:
        behaviour.settles_chances = plain(settles["chances"], units.rate)
        behaviour.settles_taken = plain(settles["taken"], units.probability)
        behaviour.settles_strain = plain(settles.get("strain"), units.number, 1.0)
        behaviour.settles_amount = quantity(settles.get("amount"), units.amount, population, 0.0)
    return behaviour


def read_door(name, node, world):
    population = world.population(node["of"])
    number = sum(other.population == population.name for other in world.doors)
    return Door(name, number, population.name, node["kind"], quantity(node["attempts"], units.rate, population),
                quantity(node.get("costs"), units.probability, population, 0.0),
                quantity(node.get("stigma"), units.probability, population) if node.get("stigma") is not None else None)


# ---------------------------------------------------------------- regimes

def load_regime(path, world):
    node = read_with_base(path, [])
    regime = Regime(
        name=os.path.basename(path).removesuffix(".yaml"), title=node["title"],
        agencies=list(given(node, "agencies", {})), counts_confirmed=given(node, "counts", "suspected") == "confirmed",
        detections=[], false_records=[], adjudications=[], settlements={}, sharing=read_sharing(node.get("sharing")), fines=[],
        processes=[], pardons=[], ratings=[], lists=[], measures=[])
    for entry in given(node, "detection", []):
        regime.detections.append(Detection(entry["behaviour"], entry["agency"],
                                           quantity(entry["probability"], units.probability, whose(world, entry)),
                                           plain(entry.get("delay"), units.duration, 0)))
    for entry in given(node, "false_records", []):
        regime.false_records.append(FalseRecords(entry["behaviour"], entry["agency"],
                                                 quantity(entry["rate"], units.rate, whose(world, entry))))
    for entry in given(node, "adjudication", []):
        confirms = entry["confirms"]
        regime.adjudications.append(Adjudication(
            entry["behaviour"], entry.get("agency"), plain(entry["after"], units.duration),
            plain(confirms["acted"], units.probability), plain(confirms["not_acted"], units.probability)))
    for entry in given(node, "settlement", []):
        regime.settlements[entry["behaviour"]] = plain(entry.get("after"), units.duration, 0)
    regime.fines = [read_fine(entry, world) for entry in given(node, "fines", [])]
    regime.pardons = [read_pardon(entry) for entry in given(node, "pardons", [])]
    reader = ConditionReader(world, regime, given(node, "lists", {}))
    regime.processes = [read_process(entry, world, reader) for entry in given(node, "due_process", [])]
    regime.ratings = [read_rating(name, body, reader) for name, body in given(node, "ratings", {}).items()]
    for name, body in given(node, "lists", {}).items():
        regime.lists.append(read_list(name, body, regime, reader))
    for name, body in given(node, "measures", {}).items():
        regime.measures += read_measures(name, body, world, reader)
    return regime


def whose(world, entry):
    """The population of an entry's behaviour."""
    return world.population(world.behaviour(entry["behaviour"]).population)


def names_or_all(node):
    """A name or a list of names; left out: all, which is None."""
    return None if node is None else as_list(node)


def read_with_base(path, seen):
    """A regime's mapping, laid over that of the regime it extends."""
    path = os.path.normpath(path)
    if path in seen:
        raise FileError(f"{path} extends itself")
    node = read_yaml(path)
    base_name = node.pop("extends", None)
    base = read_with_base(find_regime(base_name, path), seen + [path]) if base_name is not None else {}
    return laid_over(base, node)


def laid_over(base, over):
    """Mappings are merged key by key, null removes, anything else replaces. The base's keys come first."""
    merged = dict(base)
    for key, value in over.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            merged[key] = laid_over(base[key] if isinstance(base.get(key), dict) else {}, value)
        else:
            merged[key] = value
    return merged


class ConditionReader:
    """Reads a regime's conditions."""

    def __init__(self, world, regime, lists):
        self.world, self.regime = world, regime
        self.keepers = {name: body.get("by") for name, body in lists.items()}

    def read(self, text, population, agency):
        """A condition about a population, in something that `agency` keeps or takes (None: nobody in particular)."""
        own = [b for b in self.world.behaviours if b.population == population]

        def behaviours_of(subject):
            if subject == "any":
                return [b.name for b in own]
            if subject in ("offence", "default", "merit"):
                return [b.name for b in own if b.kind == subject]
            if subject not in [b.name for b in own]:
                raise FileError(f"'{subject}' is no behaviour of '{population}'")
            return [subject]
        return conditions.parse(text, behaviours_of, self.regime.counts_confirmed, self.viewer(agency), self.keepers)

    def viewer(self, agency):
        """Without sharing everybody sees everything."""
        return agency if self.regime.sharing else None


def read_sharing(node):
    if node is None:
        return None
    routes = [Route(entry["from"], as_list(entry["to"]), plain(entry.get("delay"), units.duration, 0),
                    plain(entry.get("coverage"), units.probability, 1.0),
                    plain(entry.get("wrong_person"), units.probability, 0.0),
                    plain(entry.get("propagates_clearing"), units.probability, 1.0),
                    names_or_all(entry.get("behaviours")), names_or_all(entry.get("lists")))
              for entry in given(node, "routes", [])]
    return Sharing(plain(node.get("level"), units.probability, 1.0), as_list(given(node, "namesakes", [])), routes)


def read_fine(node, world):
    unpaid = node.get("unpaid")
    if unpaid is not None:
        unpaid = Unpaid(unpaid["behaviour"], unpaid["agency"], plain(unpaid.get("after"), units.duration, 0))
    return Fine(node["behaviour"], node.get("agency"), quantity(node["amount"], units.amount, whose(world, node)),
                plain(node.get("due"), units.duration, 0), unpaid)


def read_pardon(node):
    return Pardon(plain(node["at"], units.duration), names_or_all(node.get("behaviours")), node.get("agency"))


def read_fee(node):
    return math.floor(plain(node.get("fee"), units.amount, 0.0) + 0.5)


def read_process(node, world, reader):
    behaviours, repair = names_or_all(node.get("behaviours")), node.get("repair")
    if repair is not None:
        about = behaviours or [b.name for b in world.behaviours]
        population = world.behaviour(about[0]).population
        needs = reader.read(given(repair, "needs", "always"), population, node["agency"])
        repair = Repair(plain(repair.get("after"), units.duration, 0), plain(repair["chances"], units.rate),
                        plain(repair["taken"], units.probability), plain(repair.get("duration"), units.duration, 0),
                        population, needs, read_fee(repair))
    return Process(node["agency"], behaviours, plain(node.get("notice"), units.duration, 0),
                   read_stage(node.get("objection"), 0), read_stage(node.get("appeal"), 1),
                   plain(node.get("correction"), units.rate, 0.0), repair)


def read_stage(node, number):
    if node is None:
        return None

    def by_truth(body):
        return {False: plain(body["acted"], units.probability), True: plain(body["not_acted"], units.probability)}
    return Stage(number, by_truth(node["files"]), plain(node["within"], units.duration),
                 plain(node.get("duration"), units.duration, 0), plain(node.get("capacity"), units.rate),
                 by_truth(node["succeeds"]), given(node, "suspends", "no") == "yes", plain(node.get("points"), units.whole, 0),
                 read_fee(node))


def read_rating(name, node, reader):
    forget = plain(node.get("forget"), units.duration, NEVER)
    points = {}
    for behaviour, body in given(node, "points", {}).items():
        own = body.get("forget") if isinstance(body, dict) else None
        points[behaviour] = Points(plain(body, units.whole), plain(own, units.duration, forget))
    least, most = node["range"]
    bands = [Band(band, int(first), int(last)) for band, (first, last) in given(node, "bands", {}).items()]
    population, by = node["of"], reader.viewer(node.get("by"))
    return Rating(name, by, population, reader.read(given(node, "covers", "always"), population, None),
                  plain(node["base"], units.whole), float(plain(node.get("spread"), units.whole, 0)),
                  int(least), int(most), points, bands, plain(node.get("redeem"), units.duration, NEVER),
                  read_ladder(node.get("ladder"), population, node.get("by"), bands, reader))


def read_ladder(node, population, by, bands, reader):
    if node is None:
        return None
    interval = plain(node["review"], units.every)
    tree = reader.read(f"records({node['records']}, within {interval} minutes) >= 0", population, by)
    moves = {band: [int(move) for move in as_list(numbers)] for band, numbers in node["moves"].items()}
    others = moves.get("others")
    return Ladder(interval, conditions.terms(tree)[0], {band.name: moves.get(band.name, others) for band in bands})


def read_list(name, node, regime, reader):
    population, by = node["of"], node.get("by")
    number = sum(other.population == population for other in regime.lists)
    return List(name, node["kind"], by, number, population,
                enter=reader.read(node["enter"], population, by),
                leave=reader.read(given(node, "leave", "never"), population, by),
                term=plain(node.get("term"), units.duration, NEVER), reentry=given(node, "reentry", "new_record"),
                publish=plain(node.get("publish"), units.every, NEVER), archive=plain(node.get("archive"), units.duration))


def read_measures(name, node, world, reader):
    """A measure, or the parts of a joint one."""
    measures = []
    for part in given(node, "joint", [node]):
        closes, opens = as_list(given(part, "closes", [])), as_list(given(part, "opens", []))
        population = world.door((closes + opens)[0]).population
        measures.append(Measure(name, population, closes, opens, reader.read(node["while"], population, part.get("by")),
                                plain(part.get("from"), units.duration, 0), plain(part.get("until"), units.duration, NEVER)))
    return measures


# ---------------------------------------------------------------- studies

def load_study(path, regimes=None, scale=None, years=None, seed=None):
    """A study, with what the command line changes of it."""
    node = read_yaml(path)
    world = load_world(find_world(node["world"], path))
    study = Study(title=node["title"], world=world, regimes=[],
                  years=units.number(node["years"]) if years is None else years,
                  window=plain(node.get("window"), units.duration, 43200),
                  seed=int(given(node, "seed", "1")) if seed is None else seed,
                  scale=units.number(given(node, "scale", "1")) if scale is None else scale,
                  by=given(node, "by", []))
    for name in as_list(node["regimes"]):
        study.regimes.append(load_regime(find_regime(name, path), world))
    if regimes:
        study.regimes = [next(r for r in study.regimes if r.name == name) for name in regimes]
    return study
