# SPDX-License-Identifier: Apache-2.0
"""Worlds as fixture.c reads them, and what dump.c says of their cities."""


def text_of(world, scale, seed):
    """The world as fixture.c reads it."""
    out = [f"seed {seed} scale {scale!r} populations {len(world.populations)}"]

    def place(population, name):
        return -1 if name is None else [a.name for a in population.attributes].index(name)

    def named(name):
        return next((number, p) for number, p in enumerate(world.populations) if p.name == name)

    for p in world.populations:
        out.append(f"{p.name} {p.size} attributes {len(p.attributes)} joints {len(p.joints)}")
        for a in p.attributes:
            out.append(f"{a.name} {len(a.levels)} {int(bool(a.ages))} {int(bool(a.years))}")
            for level, people in zip(a.levels, a.counts):
                out.append(f"{level} {people!r}" + (" {} {}".format(*a.ages[level]) if a.ages else ""))
            if a.years:
                out.append(" ".join(repr(float(a.years.get(year, 0))) for year in range(a.ages[a.levels[-1]][1] + 1)))
        for joint in p.joints:
            out.append(f"{len(joint.attributes)} " + " ".join(str(place(p, name)) for name in joint.attributes))
            out.append(" ".join(repr(float(weight)) for weight in joint.weights))
    h, c = world.household, world.representative
    out.append(f"household {int(h is not None)}")
    if h is not None:
        number, p = named(h.of)
        largest = max(h.sizes)
        out.append(f"{number} {place(p, h.within)} {largest} {h.collective!r} {place(p, h.head_attribute)}")
        out.append(" ".join(repr(float(h.sizes.get(n, 0))) for n in range(1, largest + 1)))
        if h.head_attribute:
            out.append(" ".join(str(int(level in h.head_levels)) for level in p.attribute(h.head_attribute).levels))
    out.append(f"representative {int(c is not None)}")
    if c is not None:
        (of, firms), (is_, people) = named(c.of), named(c.is_)
        out.append(f"{of} {is_} {place(firms, c.within)} {place(people, c.within)} {place(people, c.among_attribute)}")
        if c.among_attribute:
            out.append(" ".join(str(int(level in c.among_levels)) for level in people.attribute(c.among_attribute).levels))
    return "\n".join(out) + "\n"


def lines_of(twin, world, scale, seed):
    """What dump.c would say of the twin's city, but for the fits. `twin` is the module reference/city.py."""
    try:
        made = twin.make_city(world, scale, seed)
    except twin.CityError:
        return ["error -101"]

    def line(name, column):
        return " ".join([name] + [str(value) for value in column or []])

    lines = []
    for cells, ages in zip(made.cells, made.ages):
        lines += [line("cells", cells), line("ages", ages)]
    lines += [line("households", made.households), line("representatives", made.representatives)]
    lines.append(f"digest {made.digest()} {made.family_households} {made.household_count}")
    return lines
