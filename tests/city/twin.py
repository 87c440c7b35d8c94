# SPDX-License-Identifier: Apache-2.0
"""Makes random small worlds and checks that src/city and reference/city.py people them alike, to the last person.

Usage: twin.py DUMP REFERENCE [COUNT [FIRST]]: the program of dump.c, the folder of the twin, how many worlds, and the first's number.
"""
import math
import random
import subprocess
import sys
from dataclasses import dataclass

dump, folder = sys.argv[1:3]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 60
first = int(sys.argv[4]) if len(sys.argv) > 4 else 0
sys.path.insert(0, folder)
import city as twin  # noqa: E402
from fixture import lines_of, text_of  # noqa: E402


@dataclass
class Attribute:
    name: str
    levels: list
    counts: list
    ages: dict = None
    years: dict = None


@dataclass
class Joint:
    attributes: list
    weights: list


@dataclass
class Population:
    name: str
    size: int
    attributes: list
    joints: list

    def attribute(self, name):
        return next((attribute for attribute in self.attributes if attribute.name == name), None)


@dataclass
class Household:
    of: str
    within: str
    sizes: dict
    collective: float
    head_attribute: str
    head_levels: list


@dataclass
class Representative:
    of: str
    is_: str
    within: str
    among_attribute: str
    among_levels: list


@dataclass
class World:
    populations: list
    household: Household = None
    representative: Representative = None


def random_attribute(r, name, size, levels=None):
    levels = levels or [f"{name}{level}" for level in range(r.randint(1, 6))]
    weights = [r.random() + 0.05 for _ in levels]
    if len(levels) > 2 and r.random() < 0.1:
        weights[1] = 0.0
    if r.random() < 0.2:  # shares
        whole = sum(weights)
        return Attribute(name, levels, [weight / whole * size for weight in weights])
    return Attribute(name, levels, [float(part) for part in twin.apportion(size, weights)])


def random_population(r, name, size, attributes):
    joints, zeros = [], r.choice([0, 0, 0, 0.1, 0.25])
    for _ in range(r.randint(0, 4)):
        of = sorted(r.sample(range(len(attributes)), min(len(attributes), r.choice([2, 2, 2, 3]))))
        if len(of) > 1 and all(len(set(of) & set(joint)) < 2 for joint in joints):
            joints.append(of)
    return Population(name, size, attributes, [
        Joint([attributes[a].name for a in of],
              [0.0 if r.random() < zeros else r.random() + 0.1
               for _ in range(math.prod(len(attributes[a].levels) for a in of))]) for of in joints])


def random_world(number):
    r = random.Random(number)
    size = r.choice([1000, 2500, 10000, 60000, 100001])
    scale = r.choice([1, 0.5, 0.1, 0.1, 0.01, 0.003]) if size <= 2500 else r.choice([0.1, 0.05, 0.01, 0.001])
    attributes = [random_attribute(r, name, size) for name in "abcd"[:r.randint(1, 4)]]
    if r.random() < 0.8:
        age = attributes[-1]
        edges = sorted(r.sample(range(1, 90), len(age.levels)))
        starts = [0] + [edge + 1 for edge in edges[:-1]]
        age.ages = {level: (start, edge) for level, start, edge in zip(age.levels, starts, edges)}
        if r.random() < 0.6:
            age.years = {year: r.choice([0, 1, 2, 3.5]) for year in range(edges[-1] + 1)}
    if r.random() < 0.5:
        attributes[0], attributes[-1] = attributes[-1], attributes[0]
    world = World([random_population(r, "resident", size, attributes)])
    if r.random() < 0.8:
        sizes, people = {}, size
        for n in r.sample(range(1, 8), r.randint(1, 5)):
            sizes[n] = float(int(people * r.random() * 0.6 / n))
            people -= int(sizes[n]) * n
        collective = float(people // r.randint(1, 9) + (people > 0))
        if r.random() < 0.2:
            sizes[1], collective = sizes.get(1, 0.0) + people, 0.0
        head = r.choice([None] + attributes)
        world.household = Household("resident", r.choice([None] + [a.name for a in attributes]), sizes, collective,
                                    head and head.name, head and r.sample(head.levels, r.randint(1, len(head.levels))))
    if r.random() < 0.8:
        within = r.choice([None] + attributes)
        firms = r.choice([50, 300, 5000])
        own = [random_attribute(r, "sector", firms)]
        if within:
            own.insert(r.randint(0, 1), random_attribute(r, within.name, firms, within.levels))
        world.populations.insert(r.randint(0, 1), random_population(r, "company", firms, own))
        among = r.choice([None] + attributes)
        world.representative = Representative("company", "resident", within and within.name, among and among.name,
                                              among and r.sample(among.levels, r.randint(1, len(among.levels))))
    return world, scale, r.randrange(1 << 63)


def main():
    worlds = [random_world(number) for number in range(first, first + count)]
    said = subprocess.run([dump, "people", "2"], input=f"{count}\n" + "".join(text_of(*world) for world in worlds),
                          stdout=subprocess.PIPE, text=True, check=True).stdout
    answers, good, bad, impossible, misfits = said.split("end\n")[:-1], 0, 0, 0, 0
    for number, (world, answer) in enumerate(zip(worlds, answers)):
        lines = [" ".join(line.split()[:2]) if line.startswith("error") else line for line in answer.splitlines()]
        fits = [line for line in lines if line.startswith("fit ")]
        ours = [line for line in lines if not line.startswith("fit ")]
        theirs = lines_of(twin, *world)
        impossible += theirs[0].startswith("error")
        # Households may be off where the groups are too small for them; people never.
        off = [fit for fit in fits if fit.endswith("|0") and "household" not in fit]
        misfits += len([fit for fit in fits if fit.endswith("|0")]) - len(off)
        if ours == theirs and not off:
            good += 1
            continue
        bad += 1
        print(f"world {first + number} differs: twin.py DUMP REFERENCE 1 {first + number}")
        for a, b in zip(ours, theirs):
            if a != b:
                print(f"  C    {a[:200]}\n  twin {b[:200]}")
        print("\n".join(off))
    print(f"{good} alike, {bad} not; {impossible} of them impossible; {misfits} tables of households off")
    return 1 if bad or impossible > count // 2 else 0


sys.exit(main())
