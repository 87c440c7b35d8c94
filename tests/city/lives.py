# SPDX-License-Identifier: Apache-2.0
"""Makes random small worlds whose people come, age and go, and checks that src/city and reference/lives.py lead them alike, to the
last minute; that a longer study only adds to a shorter one; and that an account of all people adds up.

Usage: lives.py DUMP REFERENCE [COUNT [FIRST]]: the program of lives_dump.c, the folder of the twin, how many worlds, and the first's
number.
"""
import os
import random
import subprocess
import sys
import tempfile

dump, folder = sys.argv[1:3]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 40
first = int(sys.argv[4]) if len(sys.argv) > 4 else 0
sys.path.insert(0, folder)
import city as twin  # noqa: E402
import files  # noqa: E402
import lives  # noqa: E402

YEAR = 525600


def shares(r, names):
    """Shares of hundredths."""
    cuts = sorted(r.randint(0, 100) for _ in names[1:])
    parts = [b - a for a, b in zip([0] + cuts, cuts + [100])]
    return "{" + ", ".join(f"{name}: {part / 100}" for name, part in zip(names, parts)) + "}"


def random_life(r, attributes, bands, start, write):
    """The lines of `life`."""
    names, lines = list(attributes), []
    if r.random() < 0.85:
        by = r.choice([None] + names)
        columns = ["chance"] if by is None else attributes[by]
        rows = ["age," + ",".join(columns)]
        for age in range(r.choice([0, start]), r.choice([start, 40, 90, 150]) + 1):
            chances = [r.choice([0, 0.001 * age, 0.02, 0.3 * r.random(), 1 if age > 85 else 0.1]) for _ in columns]
            rows.append(f"{age}," + ",".join(f"{chance:.6f}" for chance in chances))
        write("deaths.csv", "\n".join(rows) + "\n")
        lines.append("deaths: {table: deaths.csv" + (f", by: {by}" if by else "") + "}")
    if start == 0 and r.random() < 0.8:
        lines.append(f"births: {r.choice([0.01, 0.05, 0.4]) * r.random():.5f} per year")
    if r.random() < 0.8:
        like = {name: r.sample(attributes[name], r.randint(1, len(attributes[name])))
                for name in r.sample(names, r.randint(0, 2))}
        text = ", like: {" + ", ".join(f"{name}: [{', '.join(levels)}]" for name, levels in like.items()) + "}" if like else ""
        lines.append(f"arrivals: {{rate: {r.choice([0.01, 0.1, 0.5]) * r.random():.5f} per year{text}}}")
    if r.random() < 0.8:
        name = r.choice(names)
        lines.append(f"departures: {{value: {r.choice([0.01, 0.1, 2]) * r.random():.5f} per year, "
                     f"ratios: {{{name}: {{{r.choice(attributes[name])}: {r.choice([0, 0.5, 3])}}}}}}}")
    if len(bands) > 1 and r.random() < 0.8:
        free = [name for name in names if name not in ("age", "zone")]
        lines.append("anew: {" + ", ".join(f"{band}: [{', '.join(r.sample(free, r.randint(1, len(free))))}]"
                                           for band in r.sample(bands[1:], r.randint(1, len(bands) - 1))) + "}")
    return "".join(f"      {line}\n" for line in lines)


def random_study(number, where):
    """Writes a world and two studies of it, a short and a long one; gives their paths."""
    r = random.Random(number)
    start = r.choice([0, 0, 0, 15])
    bands, ages, age = [], [], start
    for band in range(r.randint(1, 6)):
        last = min(150, age + r.choice([0, 1, 4, 20, 40]))
        bands.append(f"b{band}")
        ages.append(f"b{band}: [{age}, {last}]")
        age = last + 1
        if age > 150:
            break
    attributes = {"zone": ["north", "south"], "sex": ["male", "female"], "age": bands, "school": ["s1", "s2", "s3"],
                  "income": ["low", "high"]}
    order = r.sample(list(attributes), len(attributes))

    def write(name, text):
        with open(os.path.join(where, name), "w", encoding="utf-8") as file:
            file.write(text)

    size, firms = r.choice([0, 3, 40, 150]), r.choice([0, 20])
    life = random_life(r, attributes, bands, start, write)
    text = f"standing: world/1\ntitle: A made-up town\npopulations:\n  resident:\n    size: {size}\n    attributes:\n"
    for name in order:
        extra = ", ages: {" + ", ".join(ages) + "}" if name == "age" else ""
        text += f"      {name}: {{shares: {shares(r, attributes[name])}{extra}}}\n"
    text += "    life:\n" + (life or "      births: 0 per year\n")
    if size > 0 and r.random() < 0.7:
        write("sizes.csv", f"size,count\n1,{size // 4}\n2,{size // 8}\n")
        text += f"  firm:\n    size: {firms}\nties:\n  household: {{of: resident, within: zone, sizes: sizes.csv, collective: 2}}\n"
        text += "  representative: {of: firm, is: resident}\n"
    write("world.yaml", text)
    years = sorted([r.choice([0.5, 1, 2]), r.choice([2, 2.4, 5, 12])])
    for name, length in zip(("short", "long"), years):
        write(f"{name}.yaml", f"standing: study/1\ntitle: A made-up study\nworld: ./world.yaml\nregimes: [none]\n"
                              f"years: {length}\nseed: {number}\n")
    write("none.yaml", "standing: regime/1\ntitle: Nothing\n")
    return [os.path.join(where, name + ".yaml") for name in ("short", "long")]


def lines_of(study, made):
    """What lives_dump.c should say."""
    def line(*parts):
        return " ".join(str(part) for part in parts)

    lines, horizon = [], study.horizon()
    for number, population in enumerate(study.world.populations):
        size, cells = made.sizes[number], made.cells[number]
        lines.append(line("population", size, len(cells)))
        lines.append(line("cells", *cells))
        lines.append(line("ages", *(made.ages[number] or [])))
        for row in range(len(cells)):
            came, moved = (0, 0) if row < size else made.comings[number][row - size]
            course = lives.course_of(study.world, made, number, row, study.seed, horizon) if population.life else []
            lines.append(line("life", row, came, int(moved), *(f"{what}:{minute}:{cell}" for minute, what, cell in course)))
    lines.append(line("households", *(made.households or [])))
    lines.append(line("representatives", *(made.representatives or [])))
    lines.append(line("digest", made.digest()))
    return lines


def grows_only(short, long):
    """Whether the rows of a short study begin those of a long one, and its lives theirs."""
    column = {"cells", "ages", "households", "representatives"}
    for a, b in zip([line for line in short if line.split()[0] in column], [line for line in long if line.split()[0] in column]):
        if a.split() != b.split()[:len(a.split())]:
            return False
    lives_of = [{tuple(line.split()[1:3]): line for line in lines if line.startswith("life ")} for lines in (short, long)]
    return all(lives_of[1].get(key, "").startswith(line) for key, line in lives_of[0].items())


def account(lines, rates, horizon):
    """Whether as many were born and moved in as the rates say, and nobody does anything after going."""
    size, rows = (int(part) for part in lines[0].split()[1:])
    for moved, rate in enumerate(rates):
        yearly = int(rate * 525600.0 * size + 0.5)
        found = sum(1 for line in lines[3:3 + rows] if line.split()[2] != "0" and line.split()[3] == str(moved))
        years = horizon // YEAR
        # The last birth or arrival of a year may fall on the minute at which the next begins.
        if not yearly * years - 1 <= found <= yearly * -(-horizon // YEAR):
            return False
    return all(int(event.split(":")[0]) == lives.AGES for line in lines[3:3 + rows] for event in line.split()[4:-1])


def main():
    good = bad = 0
    events = {lives.DIES: 0, lives.DEPARTS: 0, lives.AGES: 0}
    for number in range(first, first + count):
        with tempfile.TemporaryDirectory() as where:
            paths = random_study(number, where)
            said = subprocess.run([dump, *paths], stdout=subprocess.PIPE, text=True, check=True).stdout
            ours = [answer.splitlines() for answer in said.split("end\n")[:-1]]
            studies = [files.load_study(path) for path in paths]
            theirs = [lines_of(study, twin.make_city(study.world, study.scale, study.seed, study.horizon())) for study in studies]
        life = studies[0].world.populations[0].life
        wrong = [f"C    {a[:300]}\n  twin {b[:300]}" for one, other in zip(ours, theirs) for a, b in zip(one, other) if a != b]
        wrong += ["not as many lines"] * ([len(one) for one in ours] != [len(other) for other in theirs])
        wrong += ["the longer study is another"] * (not wrong and not grows_only(*ours))
        wrong += ["people do not add up"] * (not wrong and not all(
            account(lines, (life.births, life.arrivals), study.horizon()) for lines, study in zip(ours, studies)))
        good, bad = good + (not wrong), bad + bool(wrong)
        if wrong:
            print(f"world {number}: lives.py DUMP REFERENCE 1 {number}\n  " + "\n  ".join(wrong[:4]))
        for line in ours[1]:
            for event in line.split()[4:] if line.startswith("life ") else []:
                events[int(event.split(":")[0])] += 1
    print(f"{good} alike, {bad} not; died, departed, aged: {list(events.values())}")
    return 1 if bad or (count >= 40 and min(events.values()) < 100) else 0


sys.exit(main())
