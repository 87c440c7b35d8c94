#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_sensitivity.py STANDING SOURCE_ROOT [unittest options] - on which numbers an
answer hangs, where that is known beforehand.

In the town below, a regime makes a record of each act that it detects, and none makes
none: of 1,000 people the difference is 1000 x years x opportunities x taken x
probability, in every one of which it is linear, and of nothing else."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

STANDING, ROOT = None, None
WORLD = """
standing: world/1
title: A town in which one thing is done
sources: {book: {title: A made-up book}}
populations:
  resident: {size: 3000, attributes: {sex: {shares: {male: 0.5, female: 0.5}}}}
behaviours:
  noise:
    by: resident
    kind: offence
    opportunities: {value: 20 per year, cite: book}
    taken: {value: 0.5, range: [0.4, 0.6], cite: book}
  silence: {by: resident, kind: offence, opportunities: {value: 3 per year, cite: book}, taken: 0.3}
doors:
  theatre: {of: resident, kind: right, attempts: &often 2 per year}
  concert: {of: resident, kind: right, attempts: *often}
"""
NONE = """
standing: regime/1
title: nobody looks
"""
WATCH = """
standing: regime/1
title: somebody looks
agencies: {office: {}}
detection:
  - {behaviour: noise, agency: office, probability: {value: 0.5, range: [0.2, 0.8]}}
"""
STUDY = """
standing: study/1
title: what looking does
world: world.yaml
regimes: [none.yaml, watch.yaml]
years: 1
seed: 5
"""


def run(*words, **more):
    return subprocess.run([STANDING, *map(str, words)], capture_output=True, text=True, timeout=120, **more)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="standing-sensitivity-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        for name, text in (("world", WORLD), ("none", NONE), ("watch", WATCH), ("study", STUDY)):
            (self.folder / f"{name}.yaml").write_text(text)
        self.study = self.folder / "study.yaml"

    def change(self, name, old, new):
        path = self.folder / f"{name}.yaml"
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))

    def good(self, *words):
        done = run("sensitivity", self.study, "-q", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def found(self, *words):
        return json.loads(self.good("--json", "--outcome", "records/noise", *words))

    def refused(self, *words):
        done = run("sensitivity", self.study, "-q", *words)
        self.assertEqual(done.returncode, 2, done.stdout)
        return done.stderr


class Known(Case):
    def test_the_answer(self):
        found = self.found("--trajectories", "8")
        self.assertEqual(found["regimes"], ["none", "watch"])
        self.assertEqual(found["failed"], 0)
        outcome, = found["outcomes"]
        self.assertAlmostEqual(outcome["difference"] / 5000, 1, delta=0.02)
        self.assertAlmostEqual(sum(outcome["by_seed"]) / 2, outcome["difference"], delta=1e-6)
        numbers = {n["key"]: n for n in found["numbers"]}
        ranks = [n["key"] for n in found["numbers"]]
        # Cited numbers without a range stay; what stands in one place is one number.
        self.assertEqual(ranks[:2], ["detection.noise.office.probability", "behaviours.noise.taken"])
        self.assertEqual(set(ranks[2:]), {"behaviours.silence.taken", "doors.concert.attempts"})
        self.assertEqual(numbers["doors.concert.attempts"]["also"], ["doors.theatre.attempts"])
        for key, low, high, expected in (("detection.noise.office.probability", 0.2, 0.8, 1000 * 20 * 0.5 * 0.6),
                                         ("behaviours.noise.taken", 0.4, 0.6, 1000 * 20 * 0.5 * 0.2)):
            n, e = numbers[key], numbers[key]["effects"][0]
            self.assertEqual((n["range"], n["spread"], float(n["low"]), float(n["high"])), ("declared", "even", low, high))
            self.assertTrue(e["clear"])
            # The other's place in its range goes with it: 0.2 to 0.8 is +-60 %, 0.4 to 0.6 is +-20 %.
            self.assertAlmostEqual(e["mu_star"] / expected, 1, delta=0.35)
            self.assertAlmostEqual(e["mu"], e["mu_star"], delta=1e-6)
            self.assertAlmostEqual((e["at_high"] - e["at_low"]) / expected, 1, delta=0.03)
            self.assertAlmostEqual((e["at_high"] + e["at_low"]) / 2 / outcome["difference"], 1, delta=0.02)
        for key in ranks[2:]:
            e = numbers[key]["effects"][0]
            self.assertEqual((e["mu_star"], e["mu"], e["sigma"], e["noise"], e["clear"]), (0, 0, 0, 0, False))
            self.assertNotIn("first", e)
        # Var(pq) for p, q uniform around 0.5: parts V(p) E(q)^2, E(p)^2 V(q) and V(p) V(q).
        vp, vq = 0.6 ** 2 / 12, 0.2 ** 2 / 12
        whole = vp / 4 + vq / 4 + vp * vq
        for key, first, total in (("detection.noise.office.probability", vp / 4 / whole, (vp / 4 + vp * vq) / whole),
                                  ("behaviours.noise.taken", vq / 4 / whole, (vq / 4 + vp * vq) / whole)):
            e = numbers[key]["effects"][0]
            self.assertAlmostEqual(e["first"], first, delta=0.04)
            self.assertAlmostEqual(e["total"], total, delta=0.04)
            self.assertLess(e["first_low"], e["first_high"])
            self.assertLess(e["total_low"], e["total_high"])
        self.assertAlmostEqual(outcome["variance"] / (20000 ** 2 * whole), 1, delta=0.05)

    def test_logarithm_of_a_default_range(self):
        self.change("watch", "{value: 0.5, range: [0.2, 0.8]}", "0.6")
        n = self.found("--top", "0", "--vary", "detection")["numbers"]
        self.assertEqual([(x["key"], x["range"], x["low"], x["high"], x["spread"]) for x in n],
                         [("detection.noise.office.probability", "default", "0.3", "1", "logarithm")])
        self.assertAlmostEqual((n[0]["effects"][0]["at_high"] - n[0]["effects"][0]["at_low"]) / 7000, 1, delta=0.03)

    def test_cited_ones_too(self):
        numbers = [n["key"] for n in self.found("--cited", "--trajectories", "2", "--top", "0")["numbers"]]
        self.assertIn("behaviours.noise.opportunities", numbers)
        self.assertEqual(len(numbers), 6)

    def test_aliases_move_together(self):
        self.change("watch", "detection:", "measures: {shut: {closes: [theatre, concert], while: records(noise) >= 1}}\ndetection:")
        found = json.loads(self.good("--json", "--outcome", "blocked", "--vary", "doors", "--top", "0"))
        number, = found["numbers"]
        self.assertAlmostEqual(number["effects"][0]["at_high"] / number["effects"][0]["at_low"], 4, delta=0.2)

    def test_null_reform(self):
        self.change("watch", "value: 0.5, range: [0.2, 0.8]", "value: 0, range: [0, 0]")
        found = self.found()
        self.assertEqual(found["outcomes"][0]["difference"], 0)
        self.assertTrue(all(n["effects"][0]["mu_star"] == 0 for n in found["numbers"]))
        self.assertIn("0 of them move", self.good("--outcome", "records/noise"))

    def test_ends_that_cannot_be_read(self):
        """An income may not be above a milliard with its ratios: doubled it is, so is half-way there."""
        self.change("world", "resident: {size: 3000,", """resident: {size: 3000, money: {income: {value: 500000000 yuan per year, ratios: {sex: {male: 1.5}}},
                             living: {value: 1 yuan per year, cite: book}, savings: {value: 1 year, cite: book}},""")
        number, = self.found("--vary", "populations", "--top", "0", "--trajectories", "2")["numbers"]
        self.assertEqual((number["key"], number["low"], number["high"]),
                         ("populations.resident.money.income", "250000000 yuan per year", "625000000 yuan per year"))
        self.assertIn("as far as", number["range"])


class Same(Case):
    def test_threads_and_files(self):
        one = self.good("--json", "-t", "1", "--outcome", "records/noise")
        self.assertEqual(self.good("--json", "-t", "3", "--outcome", "records/noise", "-o", self.folder / "out.json"), one)
        self.assertEqual((self.folder / "out.json").read_text(), one)
        self.assertNotEqual(self.good("--json", "--seed", "6", "--outcome", "records/noise"), one)

    def test_settings_beside_it(self):
        first = self.found("--set", "detection.noise.office.probability=0.3", "--top", "0")
        self.assertEqual(first["settings"], [{"key": "detection.noise.office.probability", "value": "0.3"}])
        self.assertAlmostEqual(first["outcomes"][0]["difference"] / 3000, 1, delta=0.03)
        at = next(n for n in first["numbers"] if n["key"].endswith("probability"))["effects"][0]
        self.assertAlmostEqual(at["at_high"] / 8000, 1, delta=0.03)

    def test_order_of_regimes(self):
        found = self.found("-r", "watch", "-r", "none", "--top", "0")
        self.assertAlmostEqual(found["outcomes"][0]["difference"] / -5000, 1, delta=0.02)


class Told(Case):
    def test_table_and_chart(self):
        said = self.good("--outcome", "records/noise")
        self.assertIn("4 numbers were varied; 2 of them move", said)
        self.assertIn("The answer hangs on these 2 first of all", said)
        self.assertLess(said.index("detection.noise.office.probability"), said.index("behaviours.noise.taken"))
        self.assertIn("|=====", said)
        self.assertLessEqual(max(map(len, said.splitlines())), 140)

    def test_picture(self):
        path = self.folder / "chart.svg"
        self.good("--outcome", "records/noise", "--svg", path, "--top", "0")
        root = xml.etree.ElementTree.parse(path).getroot()
        bars = [e for e in root.iter("{http://www.w3.org/2000/svg}rect") if e.find("{http://www.w3.org/2000/svg}title") is not None]
        self.assertEqual(len(bars), 4)
        widths = [float(bar.get("width")) for bar in bars]
        self.assertAlmostEqual(widths[0], widths[1], delta=10)
        self.assertAlmostEqual(widths[0] / widths[2], 3, delta=0.3)

    def test_foreign_files_are_left_alone(self):
        path = self.folder / "mine.txt"
        path.write_text("mine")
        for option in ("-o", "--svg"):
            done = run("sensitivity", self.study, "-q", option, path)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(path.read_text(), "mine")

    def test_interrupt_leaves_nothing(self):
        before = set(os.listdir(self.folder))
        process = subprocess.Popen([STANDING, "sensitivity", self.study, "--trajectories", "1000", "-o", self.folder / "out.json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn(b"nothing was written", err)
        self.assertEqual(out, b"")
        self.assertEqual(set(os.listdir(self.folder)), before)


class Refused(Case):
    def test_options(self):
        self.assertIn("trajectories", self.refused("--trajectories", "1"))
        self.assertIn("replicates", self.refused("--replicates", "0"))
        self.assertIn("power of two", self.refused("--base", "100"))
        self.assertIn("--top", self.refused("--top", "13"))
        self.assertIn("expected two to compare", self.refused("-r", "none"))
        self.assertIn('did you mean "restricted_years"?', self.refused("--outcome", "restricted_yaers"))
        self.assertIn("names no population", self.refused("--outcome", "blocked@nobody"))
        self.assertIn("no number to vary", self.refused("--vary", "nothing"))
        self.assertIn("cannot set", self.refused("--set", "nothing=1"))

    def test_bad_files(self):
        self.change("world", "taken: 0.3", "taken: 3")
        self.assertIn("world.yaml:13:", self.refused())


if __name__ == "__main__":
    STANDING, ROOT = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
