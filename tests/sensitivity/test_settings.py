#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_settings.py STANDING SOURCE_ROOT [unittest options] - numbers set in place of
those of the files: what is lived, what is recorded, and what is refused."""
import contextlib
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

STANDING, ROOT, STUDY = None, None, None
TAKEN = "behaviours.fake_ticket.taken"


def run(*words):
    return subprocess.run([STANDING, *map(str, words)], capture_output=True, text=True, timeout=120)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="standing-settings-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.count = 0

    def digests(self, *words, study=True):
        """Of the regimes none, court, full; and the result file."""
        self.count += 1
        out = self.folder / f"{self.count}.db"
        done = run("run", *([STUDY] if study else []), *words, "-q", "-o", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        return re.findall("^digest: (.*)$", done.stdout, re.M), out

    def set(self, *settings, **more):
        return self.digests(*(word for setting in settings for word in ("--set", setting)), **more)

    def refused(self, *settings):
        out = self.folder / "bad.db"
        done = run("run", STUDY, *(word for setting in settings for word in ("--set", setting)), "-q", "-o", out)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertEqual(list(self.folder.iterdir()), [])
        return done.stderr


class Lived(Case):
    def test_what_the_file_has(self):
        plain, _ = self.digests()
        self.assertEqual(self.set(f"{TAKEN}=0.5")[0], plain)
        self.assertEqual(self.set(f"{TAKEN}=50 %", "lists.dishonest.publish=every 30 days", "behaviours.unpaid_order.taken.ratios.income.low=1.4",
                                  "populations.resident.attributes.income.shares.low=0.6", "ratings.personal.spread=40")[0], plain)

    def test_each_kind_changes_what_is_lived(self):
        plain, _ = self.digests()
        for setting in (f"{TAKEN}=0.6", "behaviours.unpaid_order.opportunities=1.2 per year", "behaviours.unpaid_order.deterrence.certainty=1",
                        "behaviours.unpaid_order.taken.ratios.income.low=1.5", "doors.train.attempts=3 per month",
                        "learning.weight=5", "learning.memory=never"):
            with self.subTest(setting):
                self.assertNotEqual(self.set(setting)[0], plain)

    def test_a_file_that_says_it(self):
        folder = self.folder / "mini"
        shutil.copytree(STUDY.parent, folder)
        world = folder / "world.yaml"
        world.write_text(world.read_text().replace("taken: 20 %", "taken: 31 %"))
        done = run("run", folder / "study.yaml", "-q", "-o", self.folder / "file.db")
        self.assertEqual(re.findall("^digest: (.*)$", done.stdout, re.M), self.set("behaviours.traffic_offence.taken=0.31")[0])

    def test_ratios_go_on_to_multiply(self):
        _, out = self.set("behaviours.unpaid_order.opportunities=0 per year")
        with contextlib.closing(sqlite3.connect(out)) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM totals WHERE counter='opportunities' AND subject='unpaid_order'").fetchone(), (0,))
        _, out = self.set("behaviours.unpaid_order.opportunities=20 per year")
        with contextlib.closing(sqlite3.connect(out)) as db:  # none below eighteen: a ratio of 0
            count, = db.execute("SELECT sum(value) FROM totals WHERE regime='none' AND counter='opportunities' AND subject='unpaid_order'").fetchone()
        self.assertGreater(count, 60000)

    def test_one_regime_alone(self):
        plain, _ = self.digests()
        for names, changed in (("none", [1, 0, 0]), ("court", [0, 1, 0]), ("full", [0, 0, 1]), ("court,full", [0, 1, 1]), (None, [0, 1, 1])):
            with self.subTest(names):
                key = "false_records.unpaid_order.court.rate"
                if names == "none":
                    continue  # it has none: see Refused
                found, _ = self.set(f"{names}:{key}=0.5 per year" if names else f"{key}=0.5 per year")
                self.assertEqual([a != b for a, b in zip(found, plain)], list(map(bool, changed)))

    def test_the_nearer_one_counts(self):
        key = "false_records.unpaid_order.court.rate"
        self.assertEqual(self.set(f"{key}=0.5 per year", f"court:{key}=0.02 per year")[0],
                         self.set(f"full:{key}=0.5 per year")[0])

    def test_remade_from_its_results(self):
        settings = [f"{TAKEN}=70 %", "court:lists.dishonest.publish=10 days", "behaviours.unpaid_order.taken.ratios.income.low=2"]
        first, out = self.set(*settings)
        with contextlib.closing(sqlite3.connect(out)) as db:
            self.assertEqual(db.execute("SELECT number, key, value FROM setting ORDER BY number").fetchall(),
                             [(i, *setting.split("=")) for i, setting in enumerate(settings)])
            self.assertEqual(db.execute("SELECT text, value FROM quantity WHERE key = ?", (TAKEN,)).fetchall(), [("70 %", "0.7")])
            self.assertEqual(db.execute("SELECT value FROM meta WHERE key = 'changed_settings'").fetchone(), ("1",))
        second, again = self.digests("--from", out, study=False)
        self.assertEqual(second, first)
        third, _ = self.digests("--from", again, "--set", f"{TAKEN}=0.5", study=False)
        self.assertEqual(third, self.set(*settings[1:])[0])

    def test_nothing_set_nothing_recorded(self):
        _, out = self.digests()
        with contextlib.closing(sqlite3.connect(out)) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM setting").fetchone(), (0,))
            self.assertEqual(db.execute("SELECT count(*) FROM meta WHERE key = 'changed_settings'").fetchone(), (0,))

    def test_every_key_that_is_described(self):
        """Every number in the tables of a description can be set to itself."""
        said = run("describe", STUDY, "--json")
        numbers = [a for a in json.loads(said.stdout)["assumptions"] if not a["bare"] and a["unit"] not in ("shares", "counts", "weights")]
        self.assertGreater(len(numbers), 60)
        plain, _ = self.digests()
        words = {}
        for a in numbers:  # the regimes' numbers of one key are told apart by their names
            key = ",".join(a["regimes"]) + ":" + a["key"] if a["regimes"] else a["key"]
            words[key] = a["value"]
        self.assertEqual(self.set(*(f"{key}={value}" for key, value in words.items()))[0], plain)

    def test_described_as_set(self):
        said = run("describe", STUDY, "--set", f"{TAKEN}=0.25")
        self.assertIn("0.25, set in place of 0.5", said.stdout)


class Refused(Case):
    def test_unknown_key(self):
        self.assertIn('did you mean "behaviours.fake_ticket.taken"?', self.refused("behaviours.fake_ticket.takne=0.5"))
        self.assertIn("the files give no number of that key", self.refused("nothing.like.it=1"))
        self.assertIn("the files give no number of that key", self.refused("ratings.personal.range=[0, 100]"))
        self.assertIn("the files give no number of that key", self.refused("window=3 days"))

    def test_regime_without_it(self):
        self.assertIn("no regime named before the colon", self.refused("none:false_records.unpaid_order.court.rate=1 per year"))
        self.assertIn("no regime named before the colon", self.refused("nobody:lists.dishonest.publish=3 days"))

    def test_bad_values(self):
        for value, what in (("2", "expected a probability"), ("-0.1", "expected a probability"), ("", "found nothing"), ("much", "expected a probability"),
                            ("0.5 per year", "expected a probability"), ("nan", "expected"), ("0x1", "expected"), ("~", "found nothing")):
            with self.subTest(value):
                said = self.refused(f"{TAKEN}={value}")
                self.assertIn(what, said)
                self.assertIn(f'(set: {TAKEN}="{value}")', said)
                self.assertRegex(said, r"world\.yaml:\d+:\d+: ")
        self.assertIn("without a unit", self.refused("doors.train.attempts=4"))
        self.assertIn("at least 1 minute", self.refused("lists.dishonest.publish=0 days"))
        self.assertIn("whole points", self.refused("ratings.personal.spread=1.5"))

    def test_sums(self):
        said = self.refused("populations.resident.attributes.income.shares.low=0.7")
        self.assertIn('shares of "income" sum to 1.1, expected 1 (set: populations.resident.attributes.income.shares.low="0.7")', said)
        self.digests("--set", "populations.resident.attributes.income.shares.low=0.7", "--set", "populations.resident.attributes.income.shares.high=0.3")
        self.assertIn('read with populations.resident.size="100"', self.tried("populations.resident.size=100"))

    def tried(self, setting):
        return run("run", STUDY, "--set", setting, "-q", "-o", self.folder / "bad.db").stderr

    def test_twice(self):
        self.assertIn("twice", self.refused(f"{TAKEN}=0.1", f"{TAKEN}=0.2"))

    def test_not_a_setting(self):
        for word in ("alone", "=3", ""):
            self.assertIn("KEY=VALUE is wanted", self.refused(word))


if __name__ == "__main__":
    STANDING, ROOT = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    STUDY = ROOT / "tests/fixtures/mini/study.yaml"
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
