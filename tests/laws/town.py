# SPDX-License-Identifier: Apache-2.0
"""A made-up town in a folder, its runs, and how laws are checked: what the
tests of this folder share. Each is called with the program as first argument."""
import math
import os
import sqlite3
import subprocess
import sys
import tempfile
import unittest

STANDING = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "standing"
SIGMAS = 4
YEAR = 525600
DAY = 1440

WORLD = """standing: world/1
title: a plain town
populations:
  resident:
    size: {size}
    attributes:
      zone: {{shares: {{here: 0.5, there: 0.5}}}}
      doer: {{shares: {{does: {doers}, never: {others}}}}}
{more}behaviours:
{behaviours}
doors:
  gate: {{of: resident, kind: right, attempts: {attempts} per year{gate}}}
  arch: {{of: resident, kind: right, attempts: 1 per year}}
"""

BEHAVIOUR = "  {name}: {{by: resident, kind: {kind}, opportunities: {rate} per year, taken: {taken}{more}}}"


class Town:
    """A folder with a world, regimes and a study; run() lives it.

    A behaviour is (name, opportunities a year, taken, further keys) and its kind
    unless it is an offence; `more` goes into the population, `gate` into the
    door, `world` after all else."""

    def __init__(self, size=1_000_000, behaviours=(("slip", 1.0, "1", ""),), doers=0.5, attempts=6, years=4,
                 window="30 days", seed=7, more="", gate="", world=""):
        self.folder = tempfile.TemporaryDirectory(prefix="standing-laws-")
        self.size, self.years, self.window, self.seed, self.regimes = size, years, window, seed, []
        lines = [BEHAVIOUR.format(name=n, rate=r, taken=t, more=m, kind=k[0] if k else "offence")
                 for n, r, t, m, *k in behaviours]
        self.write("world.yaml", WORLD.format(size=size, doers=doers, others=1 - doers, attempts=attempts, more=more,
                                              gate=gate, behaviours="\n".join(lines)) + world)

    def write(self, name, text):
        with open(os.path.join(self.folder.name, name), "w", encoding="utf-8") as file:
            file.write(text)

    def regime(self, name, text):
        self.regimes.append(name)
        self.write(name + ".yaml", "standing: regime/1\ntitle: " + name + "\n" + text)
        return self

    def run(self, *options):
        self.write("study.yaml", "standing: study/1\ntitle: laws\nworld: world.yaml\nregimes: [" +
                   ", ".join(self.regimes) + f"]\nyears: {self.years}\nwindow: {self.window}\nseed: {self.seed}\n"
                   "by: [doer]\n")
        path = os.path.join(self.folder.name, "out.db")
        done = subprocess.run([STANDING, "run", os.path.join(self.folder.name, "study.yaml"), "-o", path, "--quiet",
                               *options], capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"standing run failed ({done.returncode}):\n{done.stderr}")
        return Result(path, done.stdout, self)


class Result:
    def __init__(self, path, text, town):
        self.db = sqlite3.connect(path)
        self.town = town
        self.horizon = self.number("SELECT MAX(\"end\") FROM window")
        self.digests = [line.split(": ")[1] for line in text.splitlines() if line.startswith("digest: ")]

    def rows(self, sql, *arguments):
        return self.db.execute(sql, arguments).fetchall()

    def number(self, sql, *arguments):
        value = self.db.execute(sql, arguments).fetchone()[0]
        return 0 if value is None else value

    def series(self, regime, name, subject="", group=None):
        """The counter's value in each window, over all groups or one level of `doer`."""
        where, more = "", []
        if group is not None:
            where = (" AND s.grp IN (SELECT grp FROM population_group WHERE population = s.population"
                     " AND attribute = 'doer' AND level = ?)")
            more = [group]
        found = dict(self.rows(
            "SELECT s.window, SUM(s.value) FROM series s JOIN counter c ON c.id = s.counter"
            " JOIN regime r ON r.id = s.regime WHERE r.name = ? AND c.name = ? AND c.subject = ?" + where +
            " GROUP BY s.window", regime, name, subject, *more))
        return [found.get(w, 0) for w in range(self.number("SELECT COUNT(*) FROM window"))]

    def total(self, *arguments):
        return sum(self.series(*arguments))

    def all_series(self, regime, *without):
        """Everything counted that is not 0, but for some counters."""
        return {row for row in self.rows(
            "SELECT c.name, c.subject, s.window, s.grp, s.value FROM series s JOIN counter c ON c.id = s.counter"
            " JOIN regime r ON r.id = s.regime WHERE r.name = ?", regime) if row[0] not in without}

    def ends(self):
        return [end for (end,) in self.rows('SELECT "end" FROM window ORDER BY id')]

    def events(self, regime, *kinds):
        """(population, row, time, kind, subject, value), in this order."""
        marks = ", ".join("?" * len(kinds))
        return self.rows("SELECT e.population, e.row, e.time, e.kind, e.subject, e.value FROM event e JOIN regime r"
                         f" ON r.id = e.regime WHERE r.name = ? AND e.kind IN ({marks})"
                         " ORDER BY 1, 2, 3, 4, 5, 6", regime, *kinds)


def sees(chance=1, agency="eye", behaviour="slip", more=""):
    return f"  - {{behaviour: {behaviour}, agency: {agency}, probability: {chance}{more}}}\n"


EYE = "agencies: {eye: {title: sees}}\ndetection:\n"
LIST = "lists:\n  black: {{kind: blacklist, of: resident, enter: '{enter}'{more}}}\n"
SHUT = "measures: {shut: {closes: gate, while: on(black)}}\n"


class Laws(unittest.TestCase):
    """Figures against their formulas. With LAWS_VERBOSE set, says how far off each was."""

    def near(self, found, expected, sigma, what):
        if os.environ.get("LAWS_VERBOSE"):
            print(f"{self.id().split('.', 1)[1]}: {what}: {(found - expected) / (sigma or 1):+.2f} sigma"
                  f" ({found:.6g}, expected {expected:.6g})", flush=True)
        self.assertLessEqual(abs(found - expected), SIGMAS * sigma,
                             f"{what}: found {found}, expected {expected} +- {SIGMAS} x {sigma}")

    def share(self, found, n, p, what):
        self.near(found / n, p, math.sqrt(max(p * (1 - p), 1e-12) / n), what)

    def poisson(self, found, mean, what):
        self.near(found, mean, math.sqrt(mean), what)
