#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes up small worlds, regimes and studies for comparing the engine with the twin.

    python3 reference/generate.py FOLDER SEED

Every key of docs/formats.md turns up sooner or later, with values at which much happens to few people. Two kinds alternate:
*years*, with 20 to 150 people and durations of days to years; and *minutes*, with few people who live some days of thousands
of opportunities, where everything is due at the same minute as something else. One study in four is *plain*: nothing in it is
shared, paid, petitioned or published for longer, nobody comes or goes, and each mechanism of the others can be told from it.
"""
import os
import random
import re
import sys

DISTRICTS = ["north", "south", "Old-Town", "east.2"]

AGES = {"age": {"0-14": ["0", "14"], "15-29": ["15", "29"], "30+": ["30", "99"]}, "since": {"new": ["0", "2"], "old": ["3", "60"]}}

TERMS_MAX, LISTS_MAX = 32, 5


class Anchored(dict):
    """A mapping that is written with an anchor, and as an alias if it comes again."""


class Merged(dict):
    """A mapping that is written as a merge of an anchored one and its own keys."""

    def __init__(self, base, own):
        super().__init__({**base, **own})
        self.base, self.own = base, own


def generate(folder, seed):
    """Writes a study with all that it names below `folder`; gives the path of the study."""
    return Maker(folder, seed).study()


class Maker:
    def __init__(self, folder, seed):
        self.folder = folder
        self.random = random.Random(seed)
        self.dense = self.random.random() < 0.4   # the kind *minutes*
        self.plain = self.random.random() < 0.25
        self.behaviours = {}   # {population: [(name, kind, settles)]}
        self.doors = {}        # {population: [(name, kind)]}
        self.attributes = {}   # {population: {attribute: levels}}
        self.moneyed = set()   # the populations that have money
        self.ties_of = {}      # {tie: its part of the world}
        self.terms = {}        # {population: how many records() its conditions may have by now}
        self.viewers = 1       # how many agencies see the condition that is being made
        self.anchor_count = 0

    # ---- dice

    def chance(self, p):
        return self.random.random() < p

    def one(self, *values):
        return self.random.choice(values)

    def some(self, values, least=0, most=None):
        values = list(values)
        most = len(values) if most is None else min(most, len(values))
        return self.random.sample(values, self.random.randint(min(least, most), most))

    def new(self, p):
        """The chance of what plain studies do not have."""
        return not self.plain and self.chance(p)

    def split(self, total, parts, least=1):
        """Whole numbers that add up to a total."""
        cuts = sorted(self.random.randint(0, total - parts * least) for _ in range(parts - 1))
        return [b - a + least for a, b in zip([0] + cuts, cuts + [total - parts * least])]

    def duration(self, least=0):
        return self.random.choice(self.durations()[least:])

    def durations(self):
        if self.dense:
            return ["0 minutes", "1 minute", "2 minutes", "5 minutes", "10 minutes", "0.5 hours", "1 hour", "2.5 hours", "1 day"]
        return ["0 days", "1 day", "36 hours", "7 days", "1 week", "30 days", "1 month", "2 months", "90 days", "0.5 years", "1 year",
                "1.5 years"]

    def rate(self, most):
        """A rate of up to `most` per year (times thousands for the dense kind)."""
        value = self.random.uniform(0.05, 1.0) * most
        if self.dense:
            value *= 4000
        unit, per_year = self.one(("minute", 525600), ("hour", 8760), ("day", 365), ("week", 52.14), ("month", 12), ("year", 1))
        return f"{min(value, 99000.0) / per_year:.6g} per {unit}"

    def probability(self):
        return self.one("0", "1", "100 %", *[f"{self.random.random():.3g}"] * 6, *[f"{self.random.random() * 100:.3g} %"] * 3)

    def yuan(self, most):
        """An amount; what a day costs in the dense kind is what a year costs in the other."""
        value = self.one(0, 1, self.random.randint(1, most), self.random.randint(1, most), self.random.uniform(0, most))
        return f"{value / 150 if self.dense else value:.6g} yuan"

    def income(self, most):
        unit, per_year = self.one(("day", 365), ("week", 52.14), ("month", 12), ("year", 1))
        return f"{self.random.uniform(0, most) / per_year:.6g} yuan per {unit}"

    def truth(self):
        """Probabilities for those who acted and those who did not."""
        return {"acted": self.quantity(self.probability()), "not_acted": self.quantity(self.probability())}

    def one_or_many(self, names):
        return names[0] if len(names) == 1 and self.chance(0.5) else names

    def coefficient(self, most):
        return f"{self.random.uniform(0, most):.3g}"

    # ---- quantities

    def quantity(self, text, population=None, factors=(0, 0.3, 0.5, 1, 1.7, 3)):
        """A number, bare or with its evidence, and perhaps with ratios."""
        body = {"value": text}
        if population and self.attributes[population] and self.chance(0.4):
            if self.chance(0.2) and isinstance(getattr(self, "shared_" + population, None), Anchored):
                body["ratios"] = getattr(self, "shared_" + population)
            else:
                body["ratios"] = Anchored({
                    name: {level: str(self.random.choice(factors)) for level in self.some(self.attributes[population][name], 1)}
                    for name in self.some(self.attributes[population], 1, 3)})
                setattr(self, "shared_" + population, body["ratios"])
        if self.chance(0.2):
            body["cite"] = self.one("book", ["book", "web"])
        if self.chance(0.2):
            body["why"] = self.one("a guess", "it's made up: for tests", "from 1, 2 and \"3\"")
        return body if len(body) > 1 or self.chance(0.1) else text

    # ---- the world

    def world(self):
        most = 120 if self.plain else 60
        populations = {"resident": self.population("resident", self.random.randint(5, 12) if self.dense else self.random.randint(20, most))}
        if self.chance(0.6):
            populations["company"] = self.population("company", self.random.randint(2, 4) if self.dense else self.random.randint(5, most // 4))
        if self.chance(0.15):
            populations["school"] = self.population("school", 3)
        world = {"standing": "world/1", "title": self.one("Made up", "\"Made up\": with a colon", "It's made up # not a comment"),
                 "sources": SOURCES, "populations": populations}
        ties = self.ties(populations)
        if ties:
            world["ties"] = self.ties_of = ties
        for name, body in populations.items():
            self.come_and_go(name, body)
        if self.chance(0.75):
            world["learning"] = self.learning()
        world["behaviours"] = {}
        world["doors"] = {}
        for name in populations:
            for number in range(self.random.randint(1, 5)):
                self.behaviour(world["behaviours"], name, number)
            for number in range(self.random.randint(0 if self.plain else 1, 5)):
                self.door(world["doors"], name, number)
        world["behaviours"] = self.shuffled(world["behaviours"])
        if not world["doors"]:
            del world["doors"]
        return self.shuffled_top(world)

    def shuffled(self, mapping):
        keys = list(mapping)
        self.random.shuffle(keys)
        return {key: mapping[key] for key in keys}

    def shuffled_top(self, mapping):
        """The top keys in another order; what comes first stays first."""
        keys = list(mapping)[1:]
        if self.chance(0.5):
            self.random.shuffle(keys)
        return {key: mapping[key] for key in [next(iter(mapping))] + keys}

    def population(self, name, size):
        attributes = {}
        districts = DISTRICTS[:self.random.randint(2, 4)] if name != "company" else list(self.attributes["resident"]["district"])
        levels = {"district": districts}
        if name == "resident":
            levels["sex"] = ["male", "female"]
            levels["age"] = ["0-14", "15-29", "30+"]
            levels["income"] = ["q1", "q2", "q3"]
        elif name == "company":
            levels["sector"] = ["food", "trade", "x_1"]
            if self.new(0.6):
                levels["since"] = list(AGES["since"])
        chosen = {key: levels[key] for key in levels if key in ("district", "age", "since") or self.chance(0.8)}
        for key, some in chosen.items():
            attributes[key] = self.attribute(name, key, some, size)
        self.attributes[name] = chosen
        population = {"size": self.quantity(str(size)), "attributes": attributes}
        joints = [joint for joint in [self.joint(name, chosen)] if joint]
        if joints:
            population["joints"] = joints
        if self.new(0.75 if name == "resident" else 0.5):
            population["money"] = self.money(name)
            self.moneyed.add(name)
        return population

    def money(self, population):
        body = {"income": self.quantity(self.income(60000), population), "living": self.quantity(self.income(40000), population)}
        if self.chance(0.6):
            body["savings"] = self.quantity(self.duration())
        if self.chance(0.6):
            body["custom"] = self.quantity(self.probability())
        return body

    def come_and_go(self, name, population):
        """Gives a population with ages a life, mostly a short one."""
        ages = next((key for key in self.attributes[name] if key in AGES), None)
        if ages is None or not self.new(0.6):
            return
        life = {}
        if self.chance(0.7):
            life["deaths"] = self.deaths(name)
        if self.chance(0.7):
            life["births"] = self.quantity(self.rate(0.4))
        if self.chance(0.7):
            life["arrivals"] = {"rate": self.quantity(self.rate(0.4))}
            if self.chance(0.6):
                named = self.some(self.attributes[name], 1, 2)
                life["arrivals"]["like"] = {key: self.one_or_many(self.some(self.attributes[name][key], 1, 2)) for key in named}
        if self.chance(0.6):
            life["departures"] = self.quantity(self.rate(0.5), name)
        household = self.ties_of.get("household", {})
        shared = household.get("within") if household.get("of") == name else None
        others = [key for key in self.attributes[name] if key not in (ages, shared)]
        if others and self.chance(0.6):
            life["anew"] = {level: self.one_or_many(self.some(others, 1, 2)) for level in self.some(list(AGES[ages])[1:], 1)}
        population["life"] = life

    def deaths(self, population):
        by = self.one(None, *self.attributes[population])
        columns = self.attributes[population][by] if by else ["chance"]
        most = self.one(0.05, 0.5, 1)
        rows = [[age] + [f"{self.random.uniform(0, most):.4f}" for _ in columns] for age in range(self.one(1, 16, 100))]
        self.table(f"{population}_deaths", ["age"] + columns, rows)
        body = {"table": f"tables/{population}_deaths.csv"}
        if by:
            body["by"] = by
        if self.chance(0.3):
            body["cite"] = self.one("book", ["book", "web"])
        if self.chance(0.3):
            body["why"] = "made up"
        return body

    def learning(self):
        memory = self.one(self.duration(1), self.duration(1), "never")
        body = {"memory": self.quantity(memory), "weight": self.quantity(self.one("0", "20", "3.5"))}
        if self.chance(0.7):
            body["by"] = self.one(*self.attributes["resident"])
        if self.new(0.6):
            body["own"] = self.quantity(self.probability())
        if self.new(0.6):
            body["publicity"] = self.quantity(self.coefficient(9))
        return body

    def attribute(self, population, name, levels, size):
        counts = self.split(size, len(levels), least=0 if size < 8 else 1)
        form = self.one("table", "counts", "shares")
        if form == "table":
            self.table(f"{population}_{name}", [name, "count", "note"], [[level, count, "n"] for level, count in zip(levels, counts)])
            body = {"table": f"tables/{population}_{name}.csv"}
        elif form == "counts":
            body = {"counts": {level: str(count) for level, count in zip(levels, counts)}}
        else:
            hundredths = self.split(100, len(levels))
            percent = self.chance(0.3)
            body = {"shares": {level: f"{share} %" if percent else f"{share / 100:.2f}" for level, share in zip(levels, hundredths)}}
        if name in AGES:
            body["ages"] = AGES[name]
            if self.chance(0.5):
                self.table(f"{population}_years", ["age", "weight"],
                           [[age, self.random.randint(1, 9)] for age in range(int(list(AGES[name].values())[-1][1]) + 1)])
                body["years"] = f"tables/{population}_years.csv"
        if self.chance(0.3):
            body["cite"] = "book"
        if self.chance(0.3):
            body["why"] = "made up"
        return body

    def joint(self, population, levels):
        if len(levels) < 2 or not self.chance(0.5):
            return None
        names = self.some(levels, 2, 3)
        combinations = [[]]
        for name in names:
            combinations = [row + [level] for row in combinations for level in levels[name]]
        rows = [row + [f"{self.random.uniform(0.2, 3):.3f}"] for row in combinations]
        file = f"{population}_joint"
        self.table(file, names + ["weight"], rows)
        body = {"of": names, "table": f"tables/{file}.csv"}
        if self.chance(0.5):
            body["why"] = "made up"
        if self.chance(0.3):
            body["cite"] = "book"
        return body

    def ties(self, populations):
        ties = {}
        levels = self.attributes["resident"]
        if self.chance(0.5):
            self.table("sizes", ["size", "count"], self.one([[1, 2], [2, 1], [3, 0 if self.dense else 4]], [[2, 2], [4, 0 if self.dense else 4]]))
            body = {"of": "resident", "sizes": "tables/sizes.csv", "collective": self.quantity(self.one("1", "2"))}
            if self.chance(0.7):
                body["within"] = "district"
            if self.chance(0.5):
                body["heads"] = ["age", ["15-29", "30+"]]
            ties["household"] = body
        if "company" in populations and self.chance(0.6):
            body = {"of": "company", "is": "resident"}
            if self.chance(0.5):
                body["within"] = "district"
            if self.chance(0.5):
                body["among"] = ["age", [self.one(*levels["age"]), "30+"]]
                body["among"][1] = list(dict.fromkeys(body["among"][1]))
            ties["representative"] = body
        return ties

    def behaviour(self, behaviours, population, number):
        kind = self.one("offence", "default", "merit")
        name = f"{population[0]}_{kind}_{number}"
        body = {"by": population, "kind": kind,
                "opportunities": self.quantity("0 per year" if self.chance(0.05) else self.rate(9 if self.plain else 4), population),
                "taken": self.quantity(self.probability(), population)}
        if self.chance(0.3):
            body["title"] = f"does {name}"
        settles = False
        if kind == "merit":
            if self.chance(0.7):
                body["incentive"] = self.quantity(self.coefficient(2))
        else:
            if self.chance(0.7):
                choices = {"certainty": self.quantity(self.coefficient(3)), "severity": self.quantity(self.coefficient(3)),
                           "prior": self.quantity(self.probability())}
                body["deterrence"] = {key: choices[key] for key in self.some(choices, 1)}
            settles = self.chance(0.6)
            if settles:
                body["settles"] = {"chances": self.quantity(self.rate(8)), "taken": self.quantity(self.probability())}
                if self.chance(0.6):
                    body["settles"]["strain"] = self.quantity(self.one("0.5", "1.5", "0"))
                if population in self.moneyed and self.chance(0.7):
                    body["settles"]["amount"] = self.quantity(self.yuan(20000), population)
        if self.chance(0.6):
            body["strain"] = self.quantity(self.one("1.3", "0.5", "2", "0"))
        if self.new(0.5):
            both = {"restricted": self.quantity(self.one("1.3", "0.5", "2", "0")), "poor": self.quantity(self.one("1.5", "0.4", "3"))}
            body["strain"] = {key: both[key] for key in self.some(both, 1)}
        behaviours[name] = body
        self.behaviours.setdefault(population, []).append((name, kind, settles))

    def door(self, doors, population, number):
        kind = self.one("right", "right", "channel")
        name = f"{population[0]}_{kind}_{number}"
        doors[name] = {"of": population, "kind": kind, "attempts": self.quantity(self.rate(10), population)}
        if self.chance(0.3):
            doors[name]["title"] = f"goes through {name}"
        if kind == "right" and population in self.moneyed and self.chance(0.6):
            doors[name]["costs"] = self.quantity(self.probability(), population)
        if kind == "right" and self.new(0.5):
            doors[name]["stigma"] = self.quantity(self.probability(), population)
        self.doors.setdefault(population, []).append((name, kind))

    # ---- regimes

    def regime(self, title):
        self.agencies = ["court", "police", "market", "a_4", "harbour"][:self.random.randint(1, 4) if self.plain else self.random.randint(2, 5)]
        self.lists, self.bands, self.rated, self.base, self.ladders, self.terms = {}, {}, {}, {}, set(), {}
        # Names of lists, before there are any: households and those represented may be asked about all.
        self.names_of_lists = {population: [f"{population[0]}_list_{number}" for number in range(self.random.randint(0, LISTS_MAX))]
                               for population in self.behaviours}
        regime = {"standing": "regime/1", "title": title, "sources": SOURCES,
                  "agencies": {name: self.one({"title": f"the {name}"}, {"title": name}) for name in self.agencies}}
        parts = {"detection": self.detection(), "false_records": self.false_records(), "adjudication": self.adjudication(),
                 "settlement": self.settlement(), "ratings": self.ratings(), "lists": self.all_lists(), "measures": self.measures(),
                 "fines": self.fines(), "due_process": self.due_process(), "pardons": self.pardons()}
        if self.plain:
            parts = {key: part for key, part in parts.items() if key not in ("fines", "due_process", "pardons")}
        if self.new(0.75):
            regime["sharing"] = self.sharing()
        regime.update((key, part) for key, part in parts.items() if part or self.chance(0.2))
        if self.chance(0.6):
            regime["counts"] = self.one("suspected", "confirmed")
        return self.shuffled_top(regime)

    def pairs(self, p):
        pairs = [(name, agency) for some in self.behaviours.values() for name, _, _ in some for agency in self.agencies
                 if self.chance(p)]
        self.random.shuffle(pairs)
        return pairs

    def population_of(self, behaviour):
        return next(population for population, some in self.behaviours.items() for name, _, _ in some if name == behaviour)

    def detection(self):
        entries = []
        for behaviour, agency in self.pairs(0.6):
            entry = {"behaviour": behaviour, "agency": agency,
                     "probability": self.quantity(self.probability(), self.population_of(behaviour))}
            if self.chance(0.6):
                entry["delay"] = self.quantity(self.duration())
            if self.chance(0.3) and not isinstance(entry["probability"], dict):
                anchored = [other for other in entries if isinstance(other, Anchored)]
                entry = Merged(anchored[-1], {"behaviour": behaviour, "agency": agency}) if anchored else Anchored(entry)
            entries.append(entry)
        return entries

    def false_records(self):
        return [{"behaviour": behaviour, "agency": agency, "rate": self.quantity(self.rate(3 if self.plain else 1.5), self.population_of(behaviour))}
                for behaviour, agency in self.pairs(0.45)]

    def adjudication(self):
        entries = []
        for behaviour in [name for some in self.behaviours.values() for name, _, _ in some if self.chance(0.6)]:
            for agency in self.some([None] + self.agencies, 1, 2):
                entry = {"behaviour": behaviour, "after": self.quantity(self.duration()), "confirms": self.truth()}
                if agency:
                    entry["agency"] = agency
                entries.append(entry)
        self.random.shuffle(entries)
        return entries

    def settlement(self):
        entries = [{"behaviour": name, "after": self.quantity(self.duration())}
                   for some in self.behaviours.values() for name, _, settles in some if settles and self.chance(0.8)]
        for entry in entries:
            if self.chance(0.2):
                del entry["after"]
        return entries

    def ratings(self):
        ratings = {}
        for population in self.behaviours:
            if not self.chance(0.8 if population == "resident" else 0.5):
                continue
            if self.new(0.3):
                ratings[f"rating_{population}"] = self.ladder(population)
                continue
            least, most = self.one((0, 1300), (0, 200), (-100, 100), (500, 500))
            self.base[population] = self.random.randint(least, most)
            body = {"of": population, "base": self.quantity(str(self.base[population])), "range": [str(least), str(most)]}
            if self.chance(0.3):
                body["title"] = "a rating"
            if self.chance(0.5):
                body["covers"] = self.is_condition(population, 2)
            if self.chance(0.5):
                body["spread"] = self.quantity(self.one("0", "10", "60"))
            if self.chance(0.9):
                body["points"] = {}
                for name, kind, _ in self.behaviours[population]:
                    if self.chance(0.8):
                        sign = 1 if (kind == "merit") != self.chance(0.1) else -1
                        points = self.quantity(str(sign * self.one(0, 5, 20, 50, 400)))
                        if self.chance(0.3):
                            points = {**(points if isinstance(points, dict) else {"value": points}),
                                      "forget": self.quantity(self.one(self.duration(1), self.duration(1), "never"))}
                        body["points"][name] = points
            if self.chance(0.5):
                body["forget"] = self.one(self.quantity(self.duration(1)), "never")
            if self.new(0.4):
                body["redeem"] = self.quantity(self.duration(1))
            if self.new(0.6):
                body["by"] = self.one(*self.agencies)
            if self.chance(0.8):
                body["bands"] = self.make_bands(population, least, most)
            ratings[f"rating_{population}"] = body
            self.rated[population] = (least, most)
        return ratings

    def ladder(self, population):
        least, most = self.one((0, 6), (0, 6), (-3, 3), (0, 100))
        self.base[population], self.rated[population] = self.random.randint(least, most), (least, most)
        self.ladders.add(population)
        body = {"of": population, "base": self.quantity(str(self.base[population])), "range": [str(least), str(most)],
                "bands": self.make_bands(population, least, most)}
        named = self.some(self.bands[population], 0)
        moves = {band: self.moves() for band in named}
        if len(named) < len(self.bands[population]) or self.chance(0.3):
            moves["others"] = self.moves()
        body["ladder"] = {"review": self.quantity("every " + self.duration(3)), "records": self.subject(population), "moves": self.shuffled(moves)}
        if self.chance(0.6):
            body["by"] = self.one(*self.agencies)
        if self.chance(0.4):
            body["covers"] = self.is_condition(population, 2)
        if self.chance(0.4):
            body["spread"] = self.quantity(self.one("0", "1", "10"))
        return body

    def moves(self):
        return [str(self.one(3, 1, 1, 0, -1, -1, -2, -50)) for _ in range(self.random.randint(1, 4))]

    def make_bands(self, population, least, most):
        count = min(self.random.randint(1, 4), most - least + 1)
        firsts = [least] + sorted(self.random.sample(range(least + 1, most + 1), count - 1))
        lasts = [first - 1 for first in firsts[1:]] + [most]
        names = ["band_a", "low", "middle", "top"][:count]
        self.bands[population] = names
        return self.shuffled({name: [str(first), str(last)] for name, first, last in zip(names, firsts, lasts)})

    def all_lists(self):
        """Made in an order in which each names only those before it; written in another."""
        lists = {}
        for population in self.behaviours:
            self.lists[population] = []
            for name in self.names_of_lists[population]:
                lists[name] = self.list(population)
                self.lists[population].append(name)
        return self.shuffled(lists)

    def list(self, population):
        body = {"kind": self.one("blacklist", "redlist", "register"), "of": population, "enter": self.condition(population, 2)}
        if self.lists[population] and self.chance(0.5):  # a list that follows another list
            other = f"{self.one('on', 'published')}({self.one(*self.lists[population])})"
            body["enter"], body["leave"] = self.one((other, f"not {other}"), (f"not {other}", other))
            if self.chance(0.4):
                body["enter"] += f" {self.one('and', 'or')} {self.simple(population)}"
            if self.chance(0.2):
                body["leave"] = self.condition(population, 1)
        if population in self.rated and self.new(0.2):  # a score with a term
            body["enter"], body["term"] = self.rating_condition(population), self.quantity(self.duration(1))
        if self.chance(0.3):
            body["title"] = "a list"
        if self.chance(0.6 if self.plain else 0.8):
            body["by"] = self.one(*self.agencies)
        if "leave" not in body and self.chance(0.7):
            body["leave"] = self.one("never", self.condition(population, 1), self.condition(population, 1), self.condition(population, 2))
        if "term" not in body and self.chance(0.6):
            body["term"] = self.one("permanent", *[self.quantity(self.duration(1)) for _ in range(6)])
        if self.chance(0.7):
            body["reentry"] = self.one("new_record", "at_once", "never")
        if self.chance(0.6):
            interval = self.one("never", *["every " + self.duration(1) for _ in range(5)])
            body["publish"] = self.quantity(interval)
            if interval != "never" and self.new(0.6):
                body["archive"] = self.quantity(self.one("forever", self.duration(1), self.duration(1)))
        return body

    def measures(self):
        measures = {}
        for population, doors in self.doors.items():
            if population not in self.lists:
                continue
            for number in range(self.random.randint(0, 4)):
                body = self.joint_measure(population, doors) if self.new(0.3) else self.measure(population, doors)
                if body is None:
                    continue
                if self.lists[population] and self.chance(0.3):
                    body["while"] = f"{self.one('on', 'published')}({self.one(*self.lists[population])})"
                if self.chance(0.3):
                    body["title"] = "a measure"
                measures[f"{population[0]}_measure_{number}"] = body
        return measures

    def measure(self, population, doors):
        body = self.act(doors)
        if body is not None:
            body["while"] = self.condition(population, 2)
            if self.chance(0.5 if self.plain else 0.8):
                body["by"] = self.one(*self.agencies)
        return body

    def joint_measure(self, population, doors):
        parts = [part for part in (self.act(doors) for _ in range(self.random.randint(1, 4))) if part is not None]
        if not parts:
            return None
        for part in parts:
            part["by"] = self.one(*self.agencies)
        self.viewers = len(parts)
        body = {"joint": parts, "while": self.condition(population, 1)}
        self.viewers = 1
        return body

    def act(self, doors):
        """What a measure, or a part of one, does and when; nothing without a door."""
        rights = self.some([name for name, kind in doors if kind == "right"])
        channels = self.some([name for name, kind in doors if kind == "channel"])
        body = {}
        if rights:
            body["closes"] = self.one_or_many(rights)
        if channels:
            body["opens"] = self.one_or_many(channels)
        if not body:
            return None
        if self.new(0.3):
            body["from"] = self.quantity(self.duration())
        if self.new(0.3):
            begin = body.get("from", "0 days")
            begin = begin["value"] if isinstance(begin, dict) else begin
            later = [text for text in self.durations() if minutes(text) > minutes(begin)]
            if later:
                body["until"] = self.quantity(self.one(*later))
        return body

    # ---- sharing

    def sharing(self):
        if self.chance(0.1):
            return {}
        body, delays = {}, [self.duration(), self.duration()]
        if self.chance(0.5):
            body["level"] = self.quantity(self.probability())
        if self.chance(0.6):
            body["namesakes"] = self.some(dict.fromkeys(name for some in self.attributes.values() for name in some), 0, 3)
        carried, routes = {}, []
        for _ in range(self.random.randint(1, 8)):
            route = self.route(delays)
            if self.carry(route, carried):
                routes.append(route)
        body["routes"] = routes
        return body

    def route(self, delays):
        source = self.one(*self.agencies)
        others = self.some([name for name in self.agencies if name != source], 1, 3)
        body = {"from": source, "to": self.one_or_many(others)}
        if self.chance(0.7):
            body["delay"] = self.quantity(self.one(*delays, self.duration()))
        if self.chance(0.6):
            body["coverage"] = self.quantity(self.one("0.9", "0.95", self.probability()))
        if self.chance(0.6):
            body["wrong_person"] = self.quantity(self.one("0.2", "0.5", self.probability()))
        if self.chance(0.6):
            body["propagates_clearing"] = self.quantity(self.probability())
        for key, names in (("behaviours", self.all_behaviours()), ("lists", self.all_list_names())):
            if self.chance(0.4):
                body[key] = self.one_or_many(self.some(names, 0, 4) if self.chance(0.9) else [])
        return body

    def carry(self, route, carried):
        """Notes what a route carries between two agencies; false if something is carried there already."""
        things = set()
        for key, names in (("behaviours", self.all_behaviours()), ("lists", self.all_list_names())):
            named = route.get(key, names)
            things.update((key, name) for name in ([named] if isinstance(named, str) else named))
        targets = [route["to"]] if isinstance(route["to"], str) else route["to"]
        pairs = [carried.setdefault((route["from"], to), set()) for to in targets]
        if any(pair & things for pair in pairs):
            return False
        for pair in pairs:
            pair |= things
        return True

    def all_behaviours(self):
        return [name for some in self.behaviours.values() for name, _, _ in some]

    def all_list_names(self):
        return [name for some in self.lists.values() for name in some]

    # ---- fines, due process, pardons

    def fines(self):
        entries = []
        for population in [name for name in self.behaviours if name in self.moneyed]:
            debts = [name for name, kind, settles in self.behaviours[population] if kind == "default" and settles]
            for behaviour in [name for name, _, _ in self.behaviours[population] if self.chance(0.5)]:
                for agency in self.some([None] + self.agencies, 1, 2):
                    entries.append(self.fine(population, behaviour, agency, debts))
        self.random.shuffle(entries)
        return entries

    def fine(self, population, behaviour, agency, debts):
        entry = {"behaviour": behaviour, "amount": self.quantity(self.yuan(30000), population)}
        if agency:
            entry["agency"] = agency
        if self.chance(0.6):
            entry["due"] = self.quantity(self.duration())
        if debts and self.chance(0.8):
            entry["unpaid"] = {"behaviour": self.one(*debts), "agency": self.one(*self.agencies)}
            # What follows may be fined again, and again: not within a moment.
            if behaviour in debts or self.chance(0.6):
                entry["unpaid"]["after"] = self.quantity(self.duration(5))
        return entry

    def due_process(self):
        entries = []
        for agency in [name for name in self.agencies if self.chance(0.6)]:
            left = self.all_behaviours()
            self.random.shuffle(left)
            if self.chance(0.3):
                entries.append(self.process(agency, left, everything=True))
                continue
            for _ in range(self.random.randint(1, 2)):
                some, left = left[:self.random.randint(1, 4)], left[4:]
                if self.chance(0.7) and some:
                    some = [name for name in some if self.population_of(name) == self.population_of(some[0])]
                if some:
                    entries.append(self.process(agency, some, everything=False))
        return entries

    def process(self, agency, behaviours, everything):
        body = {"agency": agency}
        if not everything:
            body["behaviours"] = self.one_or_many(behaviours)
        if self.chance(0.5):
            body["notice"] = self.quantity(self.duration())
        populations = {self.population_of(name) for name in behaviours}
        paid = populations <= self.moneyed
        if self.chance(0.7):
            body["objection"] = self.petition(paid)
        if self.chance(0.6):
            body["appeal"] = self.petition(paid)
        if self.chance(0.5):
            body["correction"] = self.quantity(self.rate(4))
        if self.chance(0.6):
            body["repair"] = self.repair(paid, populations.pop() if len(populations) == 1 else None)
        return body

    def petition(self, paid):
        body = {"files": self.truth(), "within": self.quantity(self.duration(1)), "succeeds": self.truth()}
        if self.chance(0.7):
            body["duration"] = self.quantity(self.duration())
        if self.chance(0.6):
            body["capacity"] = self.quantity(self.rate(self.one(2, 20)))
        if self.chance(0.6):
            body["suspends"] = self.one("yes", "yes", "no")
        if self.chance(0.5):
            body["points"] = self.quantity(str(self.one(-5, -60, 5, 0)))
        if paid and self.chance(0.6):
            body["fee"] = self.quantity(self.yuan(5000))
        return body

    def repair(self, paid, population):
        body = {"chances": self.quantity(self.rate(8)), "taken": self.quantity(self.probability())}
        if self.chance(0.6):
            body["after"] = self.quantity(self.duration())
        if self.chance(0.6):
            body["duration"] = self.quantity(self.duration())
        if population and self.chance(0.7):
            body["needs"] = self.condition(population, 1)
        if paid and self.chance(0.6):
            body["fee"] = self.quantity(self.yuan(5000))
        return body

    def pardons(self):
        entries = []
        for _ in range(self.one(0, 0, 1, 2, 3)):
            entry = {"at": self.quantity(self.duration(1))}
            if self.chance(0.5):
                entry["behaviours"] = self.one_or_many(self.some(self.all_behaviours(), 1, 4))
            if self.chance(0.5):
                entry["agency"] = self.one(*self.agencies)
            entries.append(entry)
        return entries

    # ---- conditions

    def condition(self, population, depth):
        if depth > 0 and self.chance(0.6):
            word = self.one("and", "or", "or", "not")
            if word == "not":
                return f"not {self.bracketed(population, depth - 1)}"
            return f" {word} ".join(self.bracketed(population, depth - 1) for _ in range(self.random.randint(2, 3)))
        return self.simple(population)

    def bracketed(self, population, depth):
        text = self.condition(population, depth)
        return f"({text})" if " and " in text or " or " in text or self.chance(0.1) else text

    def simple(self, population):
        kinds = ["records"] * 6 + ["is"]
        if self.chance(0.1):
            kinds += ["always", "never"]
        if self.rated.get(population):
            kinds += ["rating"] * 3
        if self.bands.get(population):
            kinds += ["band"] * 2
        if self.lists.get(population):
            kinds += ["on"] * 3 + ["published"] * 3
        others = self.tied_lists(population)
        kinds += ["tie"] * (3 if others else 0)
        kind = self.random.choice(kinds)
        if kind == "records" and self.terms.get(population, 1) + self.viewers > TERMS_MAX:
            kind = "is"
        if kind == "tie":
            return self.one(*others)
        if kind in ("on", "published"):
            return f"{kind}({self.one(*self.lists[population])})"
        if kind == "band":
            return f"band({', '.join(self.some(self.bands[population], 1, 2))})"
        if kind == "is":
            return self.is_condition(population, 0)
        if kind in ("always", "never"):
            return kind
        if kind == "rating":
            return self.rating_condition(population)
        sign = self.one(">=", ">=", ">", "<", "<=", "==", self.sign())
        return self.compared(self.records(population), sign, self.random.randint(0, 3))

    def sign(self):
        return self.one("<", "<=", ">", ">=", "==", "!=")

    def compared(self, left, sign, right):
        return f"{right} {sign} {left}" if self.chance(0.15) else f"{left} {sign} {right}"

    def rating_condition(self, population):
        least, most = self.rated[population]
        number = self.one(least, most, self.base[population], self.random.randint(least, most))
        return self.compared("rating", self.sign(), max(number, 0) if self.chance(0.5) else number)

    def tied_lists(self, population):
        """What may be asked about those who are tied to somebody: they may be on any list, this one too."""
        ties = self.ties_of if not self.plain else {}
        asked = []
        if ties.get("household", {}).get("of") == population:
            asked += [f"household({name})" for name in self.names_of_lists[population]]
        if ties.get("representative", {}).get("is") == population:
            asked += [f"representative({name})" for name in self.names_of_lists.get(ties["representative"]["of"], [])]
        return asked

    def records(self, population):
        self.terms[population] = self.terms.get(population, 1) + self.viewers
        subject, options = self.subject(population), []
        if self.chance(0.4):
            options.append(f"within {self.duration(1)}")
        if self.chance(0.4):
            options.append(self.one("suspected", "confirmed"))
        self.random.shuffle(options)
        return f"records({', '.join([subject] + options)})"

    def subject(self, population):
        names = [name for name, _, _ in self.behaviours[population]]
        return self.one("any", "offence", "default", "merit", *["+".join(self.some(names, 1, 2)) for _ in range(4)])

    def is_condition(self, population, depth):
        if depth > 0 and self.chance(0.5):
            word = self.one("and", "or", "not")
            if word == "not":
                return f"not ({self.is_condition(population, depth - 1)})"
            return f"({self.is_condition(population, depth - 1)}) {word} ({self.is_condition(population, depth - 1)})"
        attribute = self.one(*self.attributes[population])
        return f"is({attribute}, {', '.join(self.some(self.attributes[population][attribute], 1, 2))})"

    # ---- the study

    def study(self):
        os.makedirs(os.path.join(self.folder, "tables"), exist_ok=True)
        self.write("world.yaml", self.world())
        names = []
        for number in range(1 if self.dense else self.random.randint(1, 2)):
            names.append(f"regime-{number}")
            self.write(f"regime-{number}.yaml", self.regime(f"Regime {number}"))
        if self.chance(0.4):
            self.write("changed.yaml", self.changed(names[-1]))
            names.append("changed")
        study = {"standing": "study/1", "title": "Made up", "world": self.one("world.yaml", "./world.yaml", "."),
                 "regimes": [self.one(name, f"{name}.yaml", f"./{name}.yaml") for name in names]}
        if study["world"] == ".":
            study["world"] = "./"
        if self.dense:
            study["years"] = self.one("0.001", "0.002", "0.0035")
            study["window"] = self.one("1 hour", "1 hour", "100 minutes", "2.5 hours", "1 day")
        else:
            study["years"] = self.one("1", "2", "1.3", "0.77", "2.01") if self.plain else self.one("1", "1", "1.3", "2", "2.51", "3", "4")
            study["window"] = self.one("30 days", "1 month", "7 days", "100 hours", "1 year", "90 days")
        if study["window"] == "30 days" and self.chance(0.5):
            del study["window"]
        elif self.chance(0.2):
            study["window"] = {"value": study["window"], "why": "made up"}
        if self.chance(0.8):
            study["seed"] = str(self.one(0, 1, 2**63 - 1, self.random.randrange(2**63), self.random.randrange(1000)))
        if self.chance(0.3):
            study["scale"] = self.one("1", "0.5", "0.8")
        if self.chance(0.7):
            attributes = {name for some in self.attributes.values() for name in some}
            study["by"] = self.some(sorted(attributes), 0, 3)
        return self.write("study.yaml", study)

    def changed(self, base):
        """A regime that extends another one."""
        over = {"standing": "regime/1", "title": "Changed", "extends": self.one(base, f"{base}.yaml", f"./{base}.yaml")}
        if self.chance(0.7):
            over["counts"] = self.one("suspected", "confirmed")
        if self.chance(0.5):
            over["agencies"] = {"extra": {"title": "one more"}}
        if self.chance(0.3):
            over["false_records"] = self.one(None, [])
        if self.chance(0.3):
            over["adjudication"] = None
        for population, names in self.lists.items():
            for name in self.some(names, 0, 2):
                over.setdefault("lists", {})[name] = self.one({"term": self.duration(1)}, {"publish": None, "archive": None}, {"leave": None},
                                                              {"reentry": "at_once", "term": None}, *self.new_changes())
        for key in ("fines", "due_process", "pardons", "sharing"):
            if self.new(0.25):
                over[key] = None
        for population in self.some(set(self.rated) - self.ladders):
            over.setdefault("ratings", {})[f"rating_{population}"] = self.one({"forget": self.duration(1)}, {"covers": None},
                                                                              {"spread": "33"})
        return over

    def new_changes(self):
        return [] if self.plain else [{"archive": "forever", "publish": "every " + self.duration(1)}, {"by": None}]

    # ---- writing

    def table(self, name, columns, rows):
        os.makedirs(os.path.join(self.folder, "tables"), exist_ok=True)
        with open(os.path.join(self.folder, "tables", name + ".csv"), "w", encoding="utf-8") as file:
            file.write("# made up\n" + "".join(",".join(str(value) for value in row) + "\n" for row in [columns] + rows))

    def write(self, name, mapping):
        self.anchor_count, self.anchors = 0, {}
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("# made up\n" + self.block(mapping, 0))
        return path

    def block(self, mapping, depth):
        """A mapping in block style, some of whose values are in flow style."""
        text = ""
        for key, value in mapping.items():
            head = " " * depth + self.scalar(key, False) + ":"
            if self.chance(0.05):
                text += " " * depth + "# a comment: {not a mapping}\n"
            if isinstance(value, dict) and value and not isinstance(value, Anchored) and (depth == 0 or self.chance(0.6)):
                text += head + "\n" + self.block(value, depth + self.one(1, 2, 4))
            elif isinstance(value, list) and value and isinstance(value[0], dict):
                inner = depth + self.one(0, 2)
                text += head + "\n" + "".join(" " * inner + "- " + self.flow(item, inner + 2) + "\n" for item in value)
            else:
                text += head + " " + self.flow(value, depth + 1) + self.one("", "", "", "  # said so") + "\n"
        return text

    def flow(self, value, depth, inside=False):
        """A value in flow style; long mappings go over several lines."""
        if isinstance(value, Anchored):
            if id(value) in self.anchors:
                return "*" + self.anchors[id(value)]
            self.anchor_count += 1
            name = f"a{self.anchor_count}"
            text = f"&{name} " + self.flow(dict(value), depth, inside)
            self.anchors[id(value)] = name
            return text
        if isinstance(value, Merged):
            own = ", ".join(f"{self.scalar(key, True)}: {self.flow(item, depth + 2, True)}" for key, item in value.own.items())
            return f"{{<<: *{self.anchors[id(value.base)]}, {own}}}"
        if isinstance(value, dict):
            gap = "\n" + " " * (depth + 2) if len(value) > 3 and self.chance(0.4) else " "
            return "{" + ("," + gap).join(f"{self.scalar(key, True)}: {self.flow(item, depth + 2, True)}" for key, item in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.flow(item, depth, True) for item in value) + "]"
        return self.one("null", "~") if value is None else self.scalar(value, inside)

    def scalar(self, text, inside):
        stops = "[]{},:#" if inside else ":#"
        plain = re.match(r"[A-Za-z0-9_.(+-]", text) and not any(stop in text for stop in stops) and '"' not in text
        if plain and not text.startswith("- "):
            return text
        return "'" + text.replace("'", "''") + "'" if self.chance(0.5) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


SOURCES = {"book": {"title": "A book: of \"tables\"", "url": "https://example.org/book#1", "reliability": "made up"}, "web": {"title": "A page"}}


def minutes(text):
    number, unit = text.split()
    return float(number) * {"minute": 1, "hour": 60, "day": 1440, "week": 10080, "month": 43800, "year": 525600}[unit.rstrip("s")]


if __name__ == "__main__":
    print(generate(sys.argv[1], int(sys.argv[2])))
