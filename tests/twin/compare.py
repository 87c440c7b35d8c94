#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the engine with the twin: digests, every event, every counter, every histogram.

    python3 tests/twin/compare.py BUILD [--seeds N] [--first SEED] [--study FILE...] [--fixture] [--shipped]
                                            [--plant [FAULT]] [--keep FOLDER]

BUILD is a build folder (or the `standing` program itself). Compared are N made-up studies (reference/generate.py), the studies
named, with `--fixture` the small town of tests/fixtures/, and with `--shipped` the studies of studies/, both at a scale at which
they have some hundred people. The first difference of a study is printed with all that happened to that person on both sides and
with the command that repeats it; the exit status is 1 then.
"""
import argparse
import glob
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, os.pardir, os.pardir))
sys.path.insert(0, os.path.join(ROOT, "reference"))

import files
import generate
import life
import money
import process
import sharing
import twin

U64 = 2**64 - 1
KINDS = dict(enumerate(
    ["act", "record born", "confirmed", "cleared", "settled", "list entered", "list left", "published", "doors", "blocked",
     "copy born", "misfiled", "record ended", "notice", "petition filed", "petition decided", "fine due", "refused", "tie",
     "archive", "review", "redemption", "debt paid", "came", "aged", "went"], 1))


class Difference(Exception):
    pass


class Lived:
    """What one side says about one regime: digest, events, counters and histograms as plain tables."""

    def __init__(self, digest, opportunities, events, counters, histogram):
        self.digest, self.opportunities = digest, opportunities
        self.events = events          # sorted [(population, row, time, kind, subject, value)]
        self.counters = counters      # {(window, population, group, name, subject): value}, without zeros
        self.histogram = histogram    # {(window, population, group, rating): people}, without zeros


# ---------------------------------------------------------------- the engine's side

def run_engine(standing, path, changes, folder):
    """Runs the program; gives {regime: Lived}."""
    out = os.path.join(folder, "engine.db")
    if os.path.exists(out):
        os.remove(out)
    done = subprocess.run([standing, "run", path, "-o", out, "--events", "--quiet", *options_of(changes)],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Difference(f"the engine ended with status {done.returncode}:\n{done.stdout}{done.stderr}")
    connection = sqlite3.connect(out)
    try:
        return read_results(connection)
    finally:
        connection.close()


def options_of(changes):
    return [word for key, value in changes.items() for word in ("--" + key, repr(value))]


def read_results(connection):
    def rows(sql, *values):
        return connection.execute(sql, values).fetchall()
    lived = {}
    for number, name, digest, opportunities in rows("SELECT id, name, digest, opportunities FROM regime JOIN run ON id = regime"
                                                   " WHERE replicate = 0 ORDER BY id"):
        events = sorted((p, row, time, kind, subject, value & U64) for p, row, time, kind, subject, value in
                        rows("SELECT population, row, time, kind, subject, value FROM event WHERE replicate = 0 AND regime = ?", number))
        counters = {tuple(key): value for *key, value in rows(
            "SELECT s.window, s.population, s.grp, c.name, c.subject, s.value FROM series s JOIN counter c ON c.id = s.counter"
            " AND c.population = s.population WHERE s.replicate = 0 AND s.regime = ? AND s.value <> 0", number)}
        histogram = {tuple(key): value for *key, value in rows(
            "SELECT window, population, grp, rating, people FROM histogram WHERE replicate = 0 AND regime = ? AND people <> 0", number)}
        lived[name] = Lived(digest, opportunities, events, counters, histogram)
    return lived


# ---------------------------------------------------------------- the twin's side

def run_twin(path, changes):
    """Yields the study's regimes one by one: (the life, Lived)."""
    study = files.load_study(path, **changes)
    people = twin.make_city(study)
    for regime in study.regimes:
        one = life.Life(study, regime, people)
        one.run()
        counters = {key: value for key, value in one.counts.items() if value}
        yield one, Lived(f"{one.digest():016x}", one.opportunities(), one.events, counters, one.histogram)


def stumbling(twin_side):
    """The same, but what stops the twin is a difference like any other: the engine went on."""
    try:
        yield from twin_side
    except Exception:  # whatever it is, the other studies are to be compared
        raise Difference(f"the twin stumbled:\n{traceback.format_exc()}") from None


# ---------------------------------------------------------------- planted faults

def one_desk_more(queue, stage, scale, begin=process.Queue.__init__):
    begin(queue, stage, scale)
    queue.desks += 1


def plant(fault):
    """Makes the twin wrong, as an engine could be wrong."""
    of, name, wrong = FAULTS[fault]
    setattr(of, name, wrong)


FAULTS = {
    "strain": (life.Actor, "restricted", lambda actor: False),
    "namesake": (sharing.Sharing, "namesake", lambda life, actor, word: None),   # what is misdirected gets lost
    "queue": (process.Queue, "__init__", one_desk_more),
    "money": (money.Money, "can_pay", lambda life, actor, amount, time: not actor.has_money),
    "review": (life.Life, "begin_reviews", lambda life, actor, time: None),
}


# ---------------------------------------------------------------- side by side

def of_record(one, rules, subject, value):
    """A record by what the lowest 17 bits of a value say."""
    return f"{rules.behaviours[subject].name} at {one.regime.agencies[value & 0xFFFF]}{', false' if value >> 16 & 1 else ''}"


def describe(one, event):
    """An event in words."""
    population, _, time, kind, subject, value = event
    rules = one.rules[population]
    if kind == life.ACT:
        what = f"{rules.behaviours[subject].name} (opportunity {value})"
    elif kind in (life.BORN, life.CONFIRMED, life.CLEARED, life.SETTLED, life.COPY_BORN, life.MISFILED):
        what = of_record(one, rules, subject, value)
    elif kind == life.ENDED:
        what = f"{of_record(one, rules, subject, value)}, {['', *life.HOWS][value >> 32]}"
    elif kind in (life.PETITION_FILED, life.PETITION_DECIDED):
        what = f"{of_record(one, rules, subject, value)}, {('objection', 'appeal')[value >> 32 & 1]}"
        if kind == life.PETITION_DECIDED:
            what += f" {process.OUTCOMES[value >> 33]}"
    elif kind in (life.FINE_DUE, life.DEBT_PAID):
        what = f"{rules.behaviours[subject].name} {value & 2**63 - 1} yuan"
        if kind == life.FINE_DUE:
            what += ", paid" if value >> 63 else ", not paid"
    elif kind in (life.ENTERED, life.LEFT, life.PUBLISHED, life.ARCHIVED):
        what = f"{rules.lists[subject].name} {value}"
    elif kind == life.NOTICE_CHANGED:
        what = f"{rules.lists[subject].name} at {one.regime.agencies[value & 0xFFFF]}{', misdirected' if value >> 16 & 1 else ''} {value >> 32}"
    elif kind == life.DOORS:
        what = f"closed {value & 0xFFFFFFFF:b} open {value >> 32:b}"
    elif kind in (life.BLOCKED, life.REFUSED):
        what = rules.doors[subject].name
    elif kind == life.TIE_CHANGED:
        what = f"number {subject}: {value}"
    elif kind == life.REVIEWED:
        what = f"{value - 2**32 if value >> 31 else value} points"
    elif kind == life.CAME:
        what = f"into cell {value & 0xFFFFFFFF}{', moved in' if value >> 32 else ', born'}"
    elif kind == life.AGED:
        what = f"into cell {value}"
    elif kind == life.WENT:
        what = ("died", "departed")[value]
    else:
        what = ""
    return f"{time:>9} {KINDS[kind]:<16} {what}"


def of_actor(events, population, row):
    return [event for event in events if event[:2] == (population, row)]


def compare_events(one, engine, reference):
    if engine.events == reference.events:
        return
    both = set(engine.events) & set(reference.events)
    only = sorted(event for event in set(engine.events) ^ set(reference.events))
    if not only:
        raise Difference("an event occurs more often on one side than on the other")
    # Of the first person who differs, the earliest event that is on one side only.
    first = min((event for event in only if event[:2] == only[0][:2]), key=lambda event: event[2:])
    population, row = first[:2]
    rules = one.rules[population]
    side = "twin" if first in set(reference.events) else "engine"
    lines = [f"{len(only)} events are on one side only; the first is the {side}'s:", "  " + describe(one, first),
             f"{rules.world.name} {row}, {one.actors[population][row].levels}; all that happened ('<' engine only, '>' twin only):"]
    for event in sorted(set(of_actor(engine.events, population, row)) | set(of_actor(reference.events, population, row)),
                        key=lambda event: event[2:]):
        mark = " " if event in both else "<" if event in set(engine.events) else ">"
        lines.append(f"{mark} {describe(one, event)}")
    raise Difference("\n".join(lines))


def compare_tables(what, columns, engine, reference):
    differing = [key for key in sorted(set(engine) | set(reference)) if engine.get(key, 0) != reference.get(key, 0)]
    if differing:
        lines = [f"{len(differing)} {what} differ; the first are ({', '.join(columns)}: engine, twin):"]
        lines += [f"  {', '.join(map(str, key))}: {engine.get(key, 0)}, {reference.get(key, 0)}" for key in differing[:12]]
        raise Difference("\n".join(lines))


def compare(standing, path, changes, folder):
    """Raises Difference at the first one; gives how many events were compared."""
    engines, total = run_engine(standing, path, changes, folder), 0
    for one, reference in stumbling(run_twin(path, changes)):
        name = one.regime.name
        if name not in engines:
            raise Difference(f"regime {name}: the engine did not live it")
        engine = engines[name]
        try:
            if engine.opportunities != reference.opportunities:
                raise Difference(f"opportunities: engine {engine.opportunities}, twin {reference.opportunities}")
            compare_events(one, engine, reference)
            compare_tables("counters", ["window", "population", "group", "name", "subject"], engine.counters, reference.counters)
            compare_tables("bars of histograms", ["window", "population", "group", "rating"], engine.histogram, reference.histogram)
            if engine.digest != reference.digest:
                raise Difference(f"all is equal but the digest: engine {engine.digest}, twin {reference.digest}")
        except Difference as difference:
            raise Difference(f"regime {name}: {difference}") from None
        total += len(reference.events)
    return total


# ---------------------------------------------------------------- what is compared

def shipped():
    """The shipped studies with changes that make them small enough for the twin."""
    for path in sorted(glob.glob(os.path.join(ROOT, "studies", "*.yaml"))):
        study = files.load_study(path)
        largest = max(population.size for population in study.world.populations)
        yield path, {"scale": min(study.scale, 150 / largest), "years": min(study.years, 2.5)}


def fixture():
    yield os.path.join(ROOT, "tests", "fixtures", "mini", "study.yaml"), {"scale": 0.05}


def find_program(build):
    for path in (build, os.path.join(build, "cli", "standing"), os.path.join(build, "standing")):
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return os.path.abspath(path)
    sys.exit(f"{build}: no program `standing` is there")


def main(arguments):
    parser = argparse.ArgumentParser(description="Compares the engine with the twin.")
    parser.add_argument("build")
    parser.add_argument("--seeds", type=int, default=None, metavar="N", help="how many made-up studies (12)")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the seed of the first of them (0)")
    parser.add_argument("--study", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--scale", type=float, help="for --study")
    parser.add_argument("--years", type=float, help="for --study")
    parser.add_argument("--fixture", action="store_true")
    parser.add_argument("--shipped", action="store_true")
    parser.add_argument("--plant", nargs="?", const="strain", choices=FAULTS,
                        help="makes the twin wrong on purpose: the comparison must fail then")
    parser.add_argument("--keep", metavar="FOLDER", help="where made-up studies are written and left")
    options = parser.parse_args(arguments)
    standing = find_program(options.build)
    if options.plant:
        plant(options.plant)
    folder = options.keep or tempfile.mkdtemp(prefix="standing-twin-")
    os.makedirs(folder, exist_ok=True)
    changes = {key: getattr(options, key) for key in ("scale", "years") if getattr(options, key) is not None}
    work = [(path, changes, path) for path in options.study]
    if options.fixture:
        work += [(path, small, path) for path, small in fixture()]
    if options.shipped:
        work += [(path, small, path) for path, small in shipped()]
    seeds = options.seeds if options.seeds is not None else (0 if work else 12)
    work += [(None, {}, str(seed)) for seed in range(options.first, options.first + seeds)]
    failed = events = 0
    for path, changed, name in work:
        if path is None:
            again = f"--seeds 1 --first {name}"
            path = generate.generate(os.path.join(folder, name), int(name))
        else:
            again = " ".join(["--study", name] + options_of(changed))
        try:
            events += compare(standing, path, changed, folder)
        except Difference as difference:
            failed += 1
            print(f"DIFFERENT: {path}\n{difference}\nto repeat: python3 {os.path.relpath(__file__)} {options.build} {again}\n", flush=True)
    if not options.keep:
        shutil.rmtree(folder)
    print(f"{len(work) - failed} of {len(work)} studies agree; {events} events compared")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
