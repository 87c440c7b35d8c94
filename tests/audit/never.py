#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""never.py STANDING [--seeds N] [--first SEED] [--plant] - what an audit calls impossible happens in no run.

Made-up studies (reference/generate.py) are lived, and what an audit of their results says never happens is looked for in the
counters: people in a band, entries to a list, exits from one, doors that all their measures leave alone. With --plant an audit
calls all of it impossible, which must be found."""
import argparse
import contextlib
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "reference"))

import files
import generate


def tell(standing, *words):
    done = subprocess.run([standing, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def counted(db, regime):
    """{(population, counter, subject): sum over all windows} of a regime."""
    rows = db.execute("SELECT p.name, c.name, c.subject, sum(s.value) FROM series s JOIN counter c ON c.id = s.counter AND"
                      " c.population = s.population JOIN population p ON p.id = s.population JOIN regime r ON r.id = s.regime"
                      " WHERE r.name = ? GROUP BY 1, 2, 3", (regime,))
    return {key: value for *key, value in rows for key in [tuple(key)]}


def measures_of(regime):
    """Each measure with the name that an audit has for it: parts of a joint one are numbered."""
    seen = {}
    for measure in regime.measures:
        seen[measure.name] = seen.get(measure.name, 0) + 1
        yield measure, {measure.name, f"{measure.name}.{seen[measure.name]}"}


def claims(regime, world, findings, plant):
    """What is said never to happen: (what, population, counters, subject)."""
    said = {(finding["kind"], finding["population"], finding["subject"]) for finding in findings}
    for rating in regime.ratings:
        for band in rating.bands:
            if plant or ("nobody can reach", rating.population, band.name) in said:
                yield "band", rating.population, ["band"], band.name
    for one in regime.lists:
        if plant or ("can never be entered", one.population, one.name) in said:
            yield "list", one.population, ["list_entries", "list_stock", "list_published"], one.name
        if ("no exit", one.population, one.name) in said and world.population(one.population).life is None:
            yield "exit", one.population, ["list_exits"], one.name
    for door in world.doors:
        holding = [names for measure, names in measures_of(regime) if door.name in measure.closes + measure.opens]
        if holding and (plant or all(any(("can never hold", door.population, name) in said for name in names) for names in holding)):
            yield "door", door.population, ["closed_minutes", "closed_stock", "blocked", "open_minutes", "open_stock"], door.name


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("standing")
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--plant", action="store_true")
    options = parser.parse_args()
    held, wrong = {}, 0
    for seed in range(options.first, options.first + options.seeds):
        with tempfile.TemporaryDirectory(prefix="standing-never-") as folder:
            path = generate.generate(folder, seed)
            result = pathlib.Path(folder, "lived.db")
            tell(options.standing, "run", path, "-o", result, "--quiet")
            audits = json.loads(tell(options.standing, "audit", "--from", result, "--json"))
            study = files.load_study(path)
            with contextlib.closing(sqlite3.connect(result)) as db:
                for regime, audit in zip(study.regimes, audits["regimes"], strict=True):
                    assert regime.name == audit["name"]
                    counts = counted(db, regime.name)
                    for what, population, counters, subject in claims(regime, study.world, audit["findings"], options.plant):
                        held[what] = held.get(what, 0) + 1
                        for counter in counters:
                            if counts.get((population, counter, subject), 0) != 0:
                                wrong += 1
                                print(f"seed {seed}, regime {regime.name}: {what} {subject} of {population} is said never to happen;"
                                      f" {counter} is {counts[population, counter, subject]}")
    print(f"{options.seeds} studies, said never to happen: {held}")
    if not options.plant and options.seeds >= 40 and len(held) < 4:
        sys.exit("nothing of some kind was ever called impossible, so nothing was tested")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
