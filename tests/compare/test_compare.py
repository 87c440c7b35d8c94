#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compare and disparity against a recomputation from everybody and everything that
happened: STANDING, the study of a made-up town, unittest arguments.

What the engine wrote of each person (--panel) and of each minute (--events) is counted
here again, in plain Python, and must give the file's tables and every figure printed."""
import collections
import contextlib
import json
import math
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import unittest

STANDING, STUDY = os.path.abspath(sys.argv.pop(1)), pathlib.Path(sys.argv.pop(1)).resolve()
YEAR = 525600
REPLICATES = 4
BLACKLISTS = {"dishonest", "shamed", "unsafe"}  # of the town's regimes
# Student's t for two-sided 95 % (Abramowitz and Stegun, table 26.10), by degrees of freedom.
T = {1: 12.7062047364, 2: 4.3026527297, 3: 3.1824463053, 4: 2.7764451052}


def call(*words):
    return subprocess.run([STANDING, *map(str, words)], capture_output=True, text=True)


def good(*words):
    done = call(*words)
    if done.returncode != 0:
        raise AssertionError(f"{words}: {done.returncode}: {done.stderr}")
    return done.stdout


def mean(values):
    return sum(values) / len(values)


def variance(values):
    return sum((x - mean(values)) ** 2 for x in values) / (len(values) - 1)


def kaplan_meier(spells):
    """[(share, at risk)] by length from (length, ended) of each person; a cut one is at risk at its length."""
    last, share, curve = max(length for length, _ in spells), 1.0, []
    for k in range(last + 1):
        at_risk = sum(length >= k for length, _ in spells)
        ended = sum(length == k and end for length, end in spells)
        share *= 1 - ended / at_risk
        curve.append((share, at_risk))
    return curve


class Recounted(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="standing-compare-")
        cls.path = pathlib.Path(cls.folder.name) / "out.db"
        good("run", STUDY, "-q", "-o", cls.path, "--panel", "--events", "--replicates", REPLICATES)
        cls.db = sqlite3.connect(cls.path)
        cls.rows = lambda cls, sql, *values: cls.db.execute(sql, values).fetchall()
        cls.regimes = [name for (name,) in cls.db.execute("SELECT name FROM regime ORDER BY id")]
        cls.populations = [name for (name,) in cls.db.execute("SELECT name FROM population ORDER BY id")]
        cls.ends = [end for (end,) in cls.db.execute('SELECT "end" FROM window ORDER BY id')]
        cls.group = {(r, p, row): grp for r, p, row, grp in cls.db.execute("SELECT replicate, population, row, grp FROM person")}
        cls.coming = {(r, p, row): t for r, p, row, t in cls.db.execute("SELECT replicate, population, row, coming FROM person")}
        cls.label = {(g, p, kind, number): name for g, p, kind, number, name in
                     cls.db.execute("SELECT regime, population, kind, number, name FROM label")}
        world = (STUDY.parent / "world.yaml").read_text(encoding="utf-8")
        rights = {line.split(":")[0].strip() for line in world.splitlines() if "kind: right" in line}
        cls.rights = {(p, number) for (g, p, kind, number), name in cls.label.items() if kind == "door" and name in rights}
        cls.black = {(g, p, number) for (g, p, kind, number), name in cls.label.items() if kind == "list" and name in BLACKLISTS}
        merits = set(re.findall(r"^ +(\w+):\s*(?:#.*)?\n(?:(?! +\w+:\s*\n).*\n)*? +kind: merit$", world, re.M))
        cls.merits = {(p, number) for (g, p, kind, number), name in cls.label.items() if kind == "behaviour" and name in merits}
        cls.acted = collections.defaultdict(set)
        for r, g, p, row, b in cls.db.execute("SELECT DISTINCT replicate, regime, population, row, subject FROM event WHERE kind = 1"):
            cls.acted[r, g, p, row].add(b)
        cls.people = {}   # (replicate, regime, population, row): what happened
        for r, g, p, row, ever, closed, here, restricted, wrong in cls.db.execute(
                "SELECT replicate, regime, population, row, ever, closed, here, restricted_minutes, wrong_minutes FROM panel"):
            doors = [n for (q, n) in cls.rights if q == p and here and closed >> n & 1]
            has = collections.Counter({("restricted_minutes", ""): restricted, ("wrong_minutes", ""): wrong,
                                       ("doors_closed", ""): len(doors)})
            for n in doors:
                has["closed", cls.label[g, p, "door", n]] = 1
            if doors and len(doors) == sum(q == p for q, _ in cls.rights):
                has["all_closed", ""] = 1
            for n in range(32):
                if ever >> n & 1:
                    has["listed", cls.label[g, p, "list", n]] = 1
                    if (g, p, n) in cls.black:
                        has["listed", ""] = 1
            cls.people[r, g, p, row] = +has

    @classmethod
    def tearDownClass(cls):
        cls.db.close()
        cls.folder.cleanup()

    def test_effects(self):
        expected = collections.defaultdict(lambda: [0] * 7)
        for (r, g, p, row), has in self.people.items():
            for other in range(g + 1, len(self.regimes)):
                has_b = self.people[r, other, p, row]
                for key in has.keys() | has_b.keys():
                    a, b = has[key], has_b[key]
                    sums = expected[r, g, other, p, self.group[r, p, row], *key]
                    for i, more in enumerate((a, b, a > 0 and b == 0, a == 0 and b > 0, a > 0 and b > 0, max(0, b - a), max(0, a - b))):
                        sums[i] += more
        found = {row[:7]: list(row[7:]) for row in self.rows("SELECT * FROM effect WHERE measure <> 'acts'")}
        self.assertEqual(found, dict(expected))
        self.assertTrue(any(sums[2] > 0 and sums[3] > 0 for sums in expected.values()))  # the study is worth it

    def test_acts(self):
        found = {tuple(row[:-2]): row[-2:] for row in self.rows(
            "SELECT replicate, regime_a, regime_b, population, grp, subject, a, b FROM effect WHERE measure = 'acts'")}
        acts = collections.Counter()
        for r, g, p, grp, subject, value in self.rows(
                "SELECT s.replicate, s.regime, s.population, s.grp, c.subject, sum(value) FROM series s JOIN counter c"
                " ON c.id = s.counter WHERE c.name = 'acts' GROUP BY 1, 2, 3, 4, 5"):
            acts[r, g, p, grp, subject] = value
        for (r, a, b, p, grp, subject), values in found.items():
            self.assertEqual(values, (acts[r, a, p, grp, subject], acts[r, b, p, grp, subject]))

    def test_fates(self):
        expected = collections.Counter()
        for (r, g, p, row), has in self.people.items():
            acted = any((p, b) not in self.merits for b in self.acted[r, g, p, row])
            expected[r, g, p, self.group[r, p, row], int(has["restricted_minutes", ""] > 0), int(has["wrong_minutes", ""] > 0),
                     int(acted)] += 1
        found = {row[:6] + row[7:]: row[6] for row in self.rows("SELECT * FROM fate")}
        self.assertEqual(found, dict(expected))
        self.assertEqual({key[6] for key in found}, {0, 1})

    def test_acts_parted(self):
        """Opportunities taken under the first regime alone, the other alone, both: from the log."""
        taken = collections.defaultdict(set)
        for r, g, p, row, b, k in self.rows("SELECT replicate, regime, population, row, subject, value FROM event WHERE kind = 1"):
            taken[r, g].add((p, self.group[r, p, row], self.label[g, p, "behaviour", b], row, k))
        found = self.rows("SELECT replicate, regime_b, population, grp, subject, a_only, b_only, both FROM effect"
                          " WHERE measure = 'acts' AND regime_a = 0")
        self.assertTrue(any(row[5] > 0 for row in found) and any(row[7] > 0 for row in found))
        for r, other, p, grp, subject, *counts in found:
            sets = [{act for act in taken[r, g] if act[:3] == (p, grp, subject)} for g in (0, other)]
            self.assertEqual(counts, [len(sets[0] - sets[1]), len(sets[1] - sets[0]), len(sets[0] & sets[1])])

    def spells_from_events(self):
        """{(replicate, regime, population, row): [(kind, windows, ended)]} from when doors changed."""
        doors = collections.defaultdict(list)
        for r, g, p, row, time, value in self.rows(
                "SELECT replicate, regime, population, row, time, value FROM event WHERE kind = 9"
                " ORDER BY replicate, regime, population, row, time"):
            doors[r, g, p, row].append((time, value & 0xffffffff))
        window = lambda time: next(i for i, end in enumerate(self.ends) if time < end)
        last, out = len(self.ends) - 1, {}
        for key in self.people:
            began = ended = None
            for i, (time, closed) in enumerate(doors[key]):
                later = [t for t, _ in doors[key][i + 1:i + 2]]
                if began is None and closed and later != [time]:
                    began = time
                elif began is not None and not closed:
                    ended = time
                    break
            if began is None:
                out[key] = [("to_restriction", last, 0)]
                continue
            first = window(began)
            out[key] = [("to_restriction", first, 1)]
            if ended is None:
                out[key].append(("to_return", last - first, 0))
            else:
                # Free from that very minute: of a minute that begins a window, as that window ends.
                out[key].append(("to_return", window(ended) - first, 1))
        return out

    def test_spells(self):
        mine = self.spells_from_events()
        expected = collections.Counter()
        for (r, g, p, row), spells in mine.items():
            for kind, windows, ended in spells:
                expected[r, g, p, self.group[r, p, row], kind, windows, ended] += 1
        found = {row[:7]: row[7] for row in self.rows("SELECT * FROM spell")}
        difference = sum(abs(found.get(k, 0) - expected.get(k, 0)) for k in found.keys() | expected.keys())
        self.assertEqual(difference, 0)

    def pairs(self):
        return [(a, b) for a in range(len(self.regimes)) for b in range(len(self.regimes)) if a != b]

    def check(self, outcome, a, b, people):
        """A printed outcome against the values of its replicates."""
        name = (outcome["outcome"], outcome["subject"])
        n = len(a)
        d = [y - x for x, y in zip(a, b)]
        near = lambda key, value: self.assertAlmostEqual(outcome[key], value, delta=1e-9 * max(1, abs(value)), msg=f"{name} {key}")
        near("a", mean(a))
        near("b", mean(b))
        near("difference", mean(d))
        near("per_1000", 1000 * mean(d) / people)
        if mean(a) != 0:
            near("relative", mean(d) / mean(a))
        if outcome["no_difference"]:
            self.assertEqual([0] * n, d)
            self.assertIsNone(outcome["low"])
            self.assertIsNone(outcome["standard_error"])
            return
        error = math.sqrt(variance(d) / n)
        near("standard_error", error)
        near("low", mean(d) - T[n - 1] * error)
        near("high", mean(d) + T[n - 1] * error)
        if variance(d) > 0:
            near("variance_ratio", (variance(a) + variance(b)) / variance(d))

    def test_compare(self):
        checked = 0
        for a, b in self.pairs():
            said = json.loads(good("compare", self.path, self.regimes[a], self.regimes[b], "--json", "--by", "income"))
            self.assertEqual(said["replicates"], REPLICATES)
            for comparison in said["comparisons"]:
                p = self.populations.index(comparison["population"])
                self.assertEqual((comparison["a"], comparison["b"]), (self.regimes[a], self.regimes[b]))
                levels = {g: level for g, level in self.rows(
                    "SELECT grp, level FROM population_group WHERE population = ? AND attribute = 'income'", p)}
                for outcome in comparison["outcomes"]:
                    measure = {"restricted_people": "restricted_minutes", "restricted_years": "restricted_minutes",
                               "wrong_people": "wrong_minutes", "wrong_years": "wrong_minutes", "listed_people": "listed",
                               "closed_people": "closed", "all_closed_people": "all_closed"}.get(outcome["outcome"])
                    if measure is None:
                        continue
                    level = outcome["levels"].get("income")
                    rows = {row for (r, q, row) in self.group if r == 0 and q == p}
                    of = lambda r, row: level is None or levels[self.group[r, p, row]] == level
                    value = lambda g, r, row: self.people[r, g, p, row][measure, outcome["subject"]]
                    scale = (lambda x: x / YEAR) if outcome["unit"] == "years" else (lambda x: int(x > 0))
                    sums = [[sum(scale(value(g, r, row)) for row in rows if of(r, row)) for r in range(REPLICATES)] for g in (a, b)]
                    people = sum(of(0, row) for row in rows)
                    self.assertEqual(outcome["people"], people)
                    self.assertEqual(outcome["small"], people < 30)
                    self.check(outcome, *sums, people)
                    if outcome["unit"] == "people":
                        both = sum(value(a, r, row) > 0 and value(b, r, row) > 0 for r in range(REPLICATES) for row in rows if of(r, row))
                        self.assertAlmostEqual(outcome.get("both", 0), both / REPLICATES)
                        self.assertAlmostEqual(outcome.get("a_only", 0) + both / REPLICATES, mean(sums[0]))
                        self.assertAlmostEqual(outcome.get("b_only", 0) + both / REPLICATES, mean(sums[1]))
                    checked += 1
        self.assertGreater(checked, 150)

    def test_counters(self):
        """Outcomes that are counted: against the view of totals."""
        said = json.loads(good("compare", self.path, self.regimes[1], self.regimes[2], "--json"))
        for comparison in said["comparisons"]:
            for outcome in comparison["outcomes"]:
                counter = {"acts": "acts", "blocked": "blocked", "blocked_at": "blocked", "listed_years": "list_minutes",
                           "closed_years": "closed_minutes", "all_closed_years": "all_closed_minutes"}.get(outcome["outcome"])
                if counter is None:
                    continue
                values = [[(self.rows("SELECT sum(value) FROM totals WHERE replicate = ? AND regime = ? AND population = ? AND"
                                      " counter = ? AND (? = '' OR subject = ?)", r, self.regimes[g], comparison["population"], counter,
                                      outcome["subject"], outcome["subject"])[0][0] or 0) / (YEAR if outcome["unit"] == "years" else 1)
                           for r in range(REPLICATES)] for g in (1, 2)]
                self.check(outcome, *values, comparison["people"])

    def test_disparity(self):
        said = json.loads(good("disparity", self.path, self.regimes[2], "--by", "income", "--json"))
        (table,) = [t for t in said["tables"] if t["population"] == "resident"]
        levels = dict(self.rows("SELECT grp, level FROM population_group WHERE population = 0 AND attribute = 'income'"))
        of = {(r, row): levels[grp] for (r, p, row), grp in self.group.items() if p == 0}
        names = sorted(set(levels.values()))
        people = {name: sum(level == name for (r, _), level in of.items() if r == 0) for name in names}
        rates = {name: [sum(self.people[r, 2, 0, row]["restricted_minutes", ""] > 0 for (s, row), level in of.items()
                            if s == r and level == name) / people[name] for r in range(REPLICATES)] for name in names}
        (outcome,) = [o for o in table["outcomes"] if o["outcome"] == "restricted_people"]
        best = min(names, key=lambda name: mean(rates[name]))
        self.assertEqual(outcome["reference"], {"income": best})
        for cell in outcome["cells"]:
            mine = rates[cell["levels"]["income"]]
            d = [x - y for x, y in zip(mine, rates[best])]
            half = T[REPLICATES - 1] * math.sqrt(variance(d) / REPLICATES)
            self.assertAlmostEqual(cell["rate"], mean(mine), 12)
            self.assertAlmostEqual(cell["difference"], mean(d), 12)
            self.assertAlmostEqual(cell["high"], mean(d) + half, 9)
            self.assertAlmostEqual(cell["ratio"], mean(mine) / mean(rates[best]), 12)
            self.assertAlmostEqual(cell["spared_ratio"], (1 - mean(mine)) / (1 - mean(rates[best])), 12)
            self.assertEqual(cell["fails_four_fifths"], cell["spared_ratio"] < 0.8 or cell["ratio"] > 1.25)
        (error,) = [o for o in table["errors"] if o["outcome"] == "false_discovery"]
        for cell in error["cells"]:
            shares = []
            for r in range(REPLICATES):
                mine = [self.people[r, 2, 0, row] for (s, row), level in of.items() if s == r and level == cell["levels"]["income"]]
                shares.append(sum(has["wrong_minutes", ""] > 0 for has in mine) / sum(has["restricted_minutes", ""] > 0 for has in mine))
            self.assertAlmostEqual(cell["rate"], mean(shares), 12)
        for survival in table["survival"]:
            for cell in survival["cells"]:
                spells = [(windows, ended) for grp, windows, ended, count in self.rows(
                    "SELECT grp, windows, ended, people FROM spell WHERE regime = 2 AND population = 0 AND kind = ?", survival["kind"])
                    if levels[grp] == cell["levels"]["income"] for _ in range(count)]
                for point, (share, at_risk) in zip(cell["curve"], kaplan_meier(spells)):
                    self.assertEqual(point["at_risk"], at_risk)
                    self.assertAlmostEqual(point["share"], share, 12)
                    self.assertLessEqual(point["low"], point["share"] + 1e-12)
                    self.assertGreaterEqual(point["high"], point["share"] - 1e-12)
        for cell in table["gini_doors_closed"]:
            doors = [self.people[r, 2, 0, row]["doors_closed", ""] for (r, row), level in of.items() if level == cell["levels"]["income"]]
            doors.sort()
            weighted = sum((2 * i + 1 - len(doors)) * x for i, x in enumerate(doors))
            self.assertAlmostEqual(cell["gini"], weighted / (len(doors) * sum(doors)), 12)

    def test_texts_fit(self):
        for words in (["compare"], ["compare", self.regimes[1], self.regimes[2], "--by", "income,zone"], ["disparity"],
                      ["disparity", "--by", "income,zone"]):
            text = good(words[0], self.path, *words[1:])
            self.assertTrue(text.isascii())
            self.assertLessEqual(max(map(len, text.splitlines())), 120, words)
            self.assertNotRegex(text, r"[-+]0\.0 ")  # what rounds to nothing has no sign


class Passing(unittest.TestCase):
    """A city in which people are born, come, age, die and go: the shipped small study, a thousandth of Beijing."""

    def test_fates_and_spells(self):
        with tempfile.TemporaryDirectory(prefix="standing-compare-") as folder:
            path = pathlib.Path(folder) / "out.db"
            good("run", STUDY.parents[3] / "studies" / "small.yaml", "-q", "-o", path, "--scale", "0.001", "--panel", "--events",
                 "-r", "none", "-r", "court-defaulters")
            with contextlib.closing(sqlite3.connect(path)) as db:
                rows = lambda sql: db.execute(sql).fetchall()
                ends = [end for (end,) in rows('SELECT "end" FROM window ORDER BY id')]
                starts = [0] + ends[:-1]
                came = {(p, row): time for p, row, time in rows("SELECT population, row, time FROM event WHERE kind = 24 AND regime = 1")}
                went = {(p, row): time for p, row, time in rows("SELECT population, row, time FROM event WHERE kind = 26 AND regime = 1")}
                people = {(p, row): (grp, coming) for p, row, grp, coming in rows("SELECT population, row, grp, coming FROM person")}
                doors = collections.defaultdict(list)
                for p, row, time, value in rows("SELECT population, row, time, value FROM event WHERE kind = 9 AND regime = 1"
                                                " ORDER BY population, row, time"):
                    doors[p, row].append((time, value & 0xffffffff))
                minutes = {(p, row): m for p, row, m in rows("SELECT population, row, restricted_minutes FROM panel WHERE regime = 1")}
                fates = dict(((p, grp, restricted), count) for p, grp, restricted, count in rows(
                    "SELECT population, grp, restricted, sum(people) FROM fate WHERE regime = 1 GROUP BY 1, 2, 3"))
                spells = {row[:5]: row[5] for row in rows("SELECT population, grp, kind, windows, ended, people FROM spell WHERE regime = 1")}
        window = lambda time: next(i for i, end in enumerate(ends) if time < end)
        mine, spent = collections.Counter(), collections.Counter()
        for who, (grp, coming) in people.items():
            in_time = coming <= starts[-1]
            if in_time:
                mine[who[0], grp, int(minutes[who] > 0)] += 1
            if not in_time or (coming > 0 and who not in came):
                continue  # never there: came and went as one window began, or too late
            first = window(came.get(who, 0))
            last = window(went[who]) - 1 if who in went else len(ends) - 1
            began = next((t for i, (t, closed) in enumerate(doors[who]) if closed and doors[who][i + 1:i + 2] != [(t, 0)]), None)
            if minutes[who] == 0:
                spent[who[0], grp, "to_restriction", last - first, 0] += 1
                continue
            spent[who[0], grp, "to_restriction", window(began) - first, 1] += 1
            ended = next((t for t, closed in doors[who] if t > began and not closed), None)
            if ended is None or (ended == went.get(who) and ended in starts):
                spent[who[0], grp, "to_return", last - window(began), 0] += 1
            else:
                spent[who[0], grp, "to_return", window(ended) - window(began), 1] += 1
        self.assertEqual(fates, dict(mine))
        self.assertTrue(went and came)
        self.assertLessEqual(sum(abs(spells.get(k, 0) - spent[k]) for k in spells.keys() | spent.keys()), 0.002 * sum(spent.values()))
        self.assertEqual({k: v for k, v in spells.items() if k[2] == "to_restriction"},
                         {k: v for k, v in spent.items() if k[2] == "to_restriction"})


class Said(unittest.TestCase):
    """What is said where there is little to say, or nothing."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="standing-compare-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "out.db"

    def study(self, regimes, more="", years=1):
        """The town's study with other regimes: pairs of a name and the one that it is a copy of."""
        for name in ("court", "none", "full"):  # one extends another
            (self.folder / f"{name}.yaml").write_bytes((STUDY.parent / "regimes" / f"{name}.yaml").read_bytes())
        for name, copied in regimes:
            (self.folder / f"{name}.yaml").write_bytes((STUDY.parent / "regimes" / f"{copied}.yaml").read_bytes())
        path = self.folder / "study.yaml"
        path.write_text(f"standing: study/1\ntitle: A study\nworld: {STUDY.parent / 'world.yaml'}\n"
                        f"regimes: [{', '.join(name for name, _ in regimes)}]\nyears: {years}\n{more}", encoding="utf-8")
        return path

    def test_null_reform(self):
        study = self.study([("now", "full"), ("reform", "full")], "replicates: 3\nby: [income]\n")
        good("run", study, "-q", "-o", self.path)
        said = json.loads(good("compare", self.path, "--json", "--by", "income"))
        for comparison in said["comparisons"]:
            self.assertTrue(comparison["no_difference"])
            self.assertTrue(comparison["outcomes"])
            for outcome in comparison["outcomes"]:
                self.assertTrue(outcome["no_difference"], outcome)
                self.assertIn(outcome["difference"], (0, None), outcome)
                for key in ("standard_error", "low", "high", "variance_ratio", "per_1000_low"):
                    self.assertIsNone(outcome[key], (key, outcome))
                for key in ("added", "removed", "a_only", "b_only"):
                    self.assertIn(outcome.get(key), (0, None), (key, outcome))
        text = good("compare", self.path, "--by", "income")
        self.assertEqual(text.count("No difference: to everybody the same"), 2)
        self.assertNotIn("+0", text)

    def test_one_replicate(self):
        good("run", self.study([("a", "court"), ("b", "full")]), "-q", "-o", self.path)
        text = good("compare", self.path)
        self.assertIn("One replicate: there is no interval", text)
        for comparison in json.loads(good("compare", self.path, "--json"))["comparisons"]:
            for outcome in comparison["outcomes"]:
                self.assertIsNone(outcome["low"])
                self.assertIsNone(outcome["variance_ratio"])

    def test_few_replicates(self):
        study = self.study([("a", "court"), ("b", "full")], "replicates: 2\n")
        good("run", study, "-q", "-o", self.path)
        self.assertIn("Only 2 replicates: an interval is 12.71 standard errors", good("compare", self.path))
        good("run", study, "-q", "-o", self.path, "--replicates", "10", "--years", "0.3")
        self.assertNotIn("Only", good("compare", self.path))

    def test_little(self):
        """One window, one group, nobody listed."""
        good("run", self.study([("a", "none"), ("b", "none")], years=0.05), "-q", "-o", self.path)
        self.assertIn("No difference", good("compare", self.path))
        self.assertIn("nobody is restricted", good("disparity", self.path))
        json.loads(good("disparity", self.path, "--json"))

    def said(self, words, status, *parts):
        done = call(*words)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, "")
        for part in parts:
            self.assertIn(part, done.stderr)

    def test_mistakes(self):
        good("run", self.study([("a", "court"), ("b", "full")], "by: [income]\n", 0.2), "-q", "-o", self.path)
        for command in ("compare", "disparity"):
            self.said([command, self.path, "c"], 2, "no regime 'c'")
            self.said([command, self.path, "--by", "incom"], 2, "did you mean 'income'?")
            self.said([command, self.path, "--by", "income,income"], 2, "named twice")
            self.said([command, self.folder / "none.db"], 1, "No such file")
            self.said([command, self.folder / "a.yaml"], 1, "not a result file")
        self.said(["compare", self.path, "a", "a"], 2, "with itself")
        good("run", self.study([("a", "court")], "", 0.2), "-q", "-o", self.path)
        self.said(["compare", self.path], 2, "nothing to compare it with")
        city = self.folder / "city.db"
        good("city", STUDY, "-o", city)
        for command in ("compare", "disparity"):
            self.said([command, city], 2, "a city alone")

    def test_broken_files(self):
        good("run", self.study([("a", "court"), ("b", "full")], "by: [income]\nreplicates: 2\n", 1), "-q", "-o", self.path)
        whole = self.path.read_bytes()
        broken = self.folder / "broken.db"
        for share in (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
            broken.write_bytes(whole[:int(len(whole) * share)])
            for command in ("compare", "disparity"):
                self.said([command, broken], 1, "damaged")
        for change, words in (
                ("DELETE FROM run WHERE replicate = 1", "damaged"), ("DROP TABLE fate", "no such table"),
                ("UPDATE fate SET grp = 999", "damaged"), ("UPDATE series SET replicate = -5", "damaged"),
                ("UPDATE spell SET windows = 5000", "damaged"), ("UPDATE spell SET grp = -1", "damaged"),
                ("DELETE FROM meta WHERE key = 'replicates'", "damaged"), ("UPDATE meta SET value = '77777777' WHERE key = 'replicates'", "damaged"),
                ("UPDATE regime SET id = id + 3", "damaged"), ("DELETE FROM group_size", "damaged"),
                ("UPDATE meta SET value = '0' WHERE key = 'window_minutes'", "damaged")):
            broken.write_bytes(whole)
            with contextlib.closing(sqlite3.connect(broken)) as db, db:
                db.execute(change)
            for command in ("compare", "disparity"):
                done = call(command, broken)
                self.assertNotIn(done.returncode, (0, -11, -6), (change, command, done.stdout))
                self.assertIn(words, done.stderr, (change, command))
        broken.write_bytes(whole)
        with contextlib.closing(sqlite3.connect(broken)) as db, db:
            db.execute("UPDATE effect SET grp = 77")
        self.assertEqual(call("compare", broken).returncode, 1)


if __name__ == "__main__":
    unittest.main(verbosity=0)
