#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_audit.py STANDING SOURCE_ROOT [unittest options] - audits of shipped and of made-up regimes.

shipped.tsv holds the verdict on each criterion for each shipped regime, gone through by hand; the small regimes below each have
one thing that a finding or verdict is about, or lack it."""
import contextlib
import csv
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

STANDING, ROOT = None, None
HERE = pathlib.Path(__file__).resolve().parent

WORLD = """
standing: world/1
title: A hamlet
populations:
  resident:
    size: 60
    money: {income: 20000 yuan per year, living: 20000 yuan per year}
    attributes:
      age: {counts: {young: 20, old: 40}, ages: {young: [0, 17], old: [18, 90]}}
      zone: {counts: {north: 30, south: 30}}
  company: {size: 20, attributes: {zone: {counts: {north: 10, south: 10}}}}
ties:
  household: {of: resident, sizes: sizes.csv, collective: 0}
  representative: {of: company, is: resident}
behaviours:
  debt: {by: resident, kind: default, opportunities: 2 per year, taken: 0.5, settles: {chances: 2 per year, taken: 0.3}}
  theft: {by: resident, kind: offence, opportunities: 2 per year, taken: 0.5}
  help: {by: resident, kind: merit, opportunities: 2 per year, taken: 0.5}
  petition: {by: resident, kind: offence, opportunities: 1 per year, taken: 0.5}
  nothing: {by: resident, kind: offence, opportunities: 0 per year, taken: 0.5}
  fraud: {by: company, kind: offence, opportunities: 2 per year, taken: 0.5}
doors:
  train: {of: resident, kind: right, attempts: 2 per year}
  loan: {of: resident, kind: right, attempts: 2 per year}
  counter: {of: resident, kind: channel, attempts: 2 per year}
  tender: {of: company, kind: right, attempts: 2 per year}
"""

REGIME = """
standing: regime/1
title: Courts and police
agencies: {court: {title: courts}, police: {title: police}, rail: {title: railways}, school: {title: schools}, bank: {title: banks}}
detection:
  - {behaviour: debt, agency: court, probability: 0.9}
  - {behaviour: theft, agency: police, probability: 0.9}
  - {behaviour: help, agency: school, probability: 0.9}
  - {behaviour: petition, agency: police, probability: 0.9}
  - {behaviour: nothing, agency: police, probability: 0.9}
  - {behaviour: fraud, agency: court, probability: 0.9}
"""

VERDICT = "adjudication: [{behaviour: debt, after: 30 days, confirms: {acted: 1, not_acted: 0.5}}]\n"
LIST = 'lists: {black: {kind: blacklist, of: resident, by: court, enter: "records(debt) >= 1"%s}}\n'
ENDS = ", leave: records(debt) == 0, term: 1 year"
TRAIN = "measures: {m: {closes: train, while: on(black), by: rail}}\n"


def run(*words):
    return subprocess.run([STANDING, *map(str, words)], capture_output=True, text=True, check=False, timeout=100)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="standing-audit-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "world.yaml").write_text(WORLD)
        (self.folder / "sizes.csv").write_text("size,count\n1,20\n2,20\n")

    def write(self, text, name="mine.yaml"):
        path = self.folder / name
        path.write_text(REGIME + text)
        return path

    def audit(self, text):
        done = run("audit", "--world", self.folder, self.write(text), "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        one, = json.loads(done.stdout)["regimes"]
        self.lines = (self.folder / "mine.yaml").read_text().splitlines()
        return one

    def finds(self, text, kind, *subjects):
        found = [f["subject"] for f in self.audit(text)["findings"] if f["kind"] == kind]
        self.assertEqual(found, list(subjects), kind)

    def verdicts(self, text, **expected):
        found = {c["id"]: c["verdict"] for c in self.audit(text)["criteria"]}
        self.assertEqual({key: found[key] for key in expected}, expected)

    def clause(self, text, criterion):
        """The line of the file that the first clause of a criterion stands in."""
        for one in self.audit(text)["criteria"]:
            if one["id"] == criterion:
                first = one["clauses"][0]
                self.assertTrue(first["file"].endswith("mine.yaml"), first)
                return self.lines[first["line"] - 1]
        raise KeyError(criterion)


class Impossible(Case):
    def rating(self, **keys):
        of = {"base": "100", "range": "[0, 200]", "points": "{debt: -20}", "bands": "{low: [0, 49], odd: [50, 59], mid: [60, 150], top: [151, 200]}"}
        of.update(keys)
        return "ratings: {r: {of: resident, " + ", ".join(f"{key}: {value}" for key, value in of.items() if value) + "}}\n"

    def test_bands(self):
        self.finds(self.rating(), "nobody can reach", "odd", "top")     # 100, 80, 60, 40: never 50 to 59, never up
        self.finds(self.rating(points="{debt: -20, help: 15}"), "nobody can reach")   # all multiples of 5
        self.finds(self.rating(points="{debt: -20, help: 20}"), "nobody can reach", "odd")
        self.finds(self.rating(points="{debt: -20, nothing: 7}"), "nobody can reach", "odd", "top")  # 7 points for what nobody does
        self.finds(self.rating(spread="1"), "nobody can reach", "top")
        self.finds(self.rating(spread="20", points="{}"), "nobody can reach")               # 98 up and down at most
        self.finds(self.rating(spread="10", points="{}"), "nobody can reach", "low", "top")  # 49
        self.finds(self.rating(points="{debt: -20, help: 15}", bands="{low: [0, 149], up: [150, 160], top: [161, 200]}"), "nobody can reach")
        for points in ("debt: -20, help: 20", "help: 20"):   # 200, then cut to 205
            self.finds(self.rating(range="[0, 205]", points=f"{{{points}}}", bands="{low: [0, 200], cut: [201, 205]}"), "nobody can reach")
        self.finds(self.rating(range="[5, 200]", bands="{cut: [5, 19], top: [20, 200]}"), "nobody can reach")
        self.finds(self.rating(base="300"), "nobody can reach", "odd")  # cut to 200, then down by 20: 60 and 40
        self.finds(self.rating(covers="'is(age, young) and is(age, old)'"), "nobody can reach", "low", "odd", "mid", "top")

    def test_petition_points(self):
        process = "due_process: [{agency: court, behaviours: debt, objection: {files: {acted: 1, not_acted: 1}, within: 1 day, " \
                  "succeeds: {acted: 0.5, not_acted: 0.5}, points: -5}}]\n"
        self.finds(self.rating() + process, "nobody can reach", "top")

    def test_before_the_verdict_alone(self):
        self.finds(self.rating(forget="10 days") + VERDICT, "nobody can reach", "odd", "top")  # it counts while suspected, and is then forgotten
        self.finds(self.rating(forget="10 days") + VERDICT + "counts: confirmed\n", "nobody can reach", "low", "odd", "top")
        recent = "lists: {black: {kind: blacklist, of: resident, enter: 'records(debt, within 10 days%s) >= 1'}}\n" + VERDICT
        self.finds(recent % "", "can never be entered")
        self.finds(recent % ", confirmed", "can never be entered", "black")
        self.finds(recent % "" + "due_process: [{agency: court, behaviours: debt, notice: 10 days}]\n", "can never be entered", "black")

    def test_ladder(self):
        ladder = self.rating(base="2", range="[0, 9]", points="", bands="{low: [0, 1], mid: [2, 5], odd: [6, 6], top: [7, 9]}",
            ladder="{review: every 1 year, records: %s, moves: {low: [2, 0], mid: [2, -2], odd: [0], top: [0]}}")
        # 2, 4, then 6 and stays; down to 0. Without a record there is no way down.
        self.finds(ladder % "debt", "nobody can reach", "top")
        self.finds(ladder % "nothing", "nobody can reach", "low", "top")

    def test_conditions(self):
        for enter, dead in [("records(debt) >= 1", 0), ("records(debt) >= 1 and records(debt) == 0", 1), ("records(nothing) >= 1", 1),
                            ("records(nothing) == 0", 0), ("is(age, young) and is(age, old)", 1), ("is(age, young) or is(age, old)", 0),
                            ("records(debt) > 2 and records(debt) < 4", 0), ("records(debt) > 2 and records(debt) < 3", 1),
                            ("rating < 50", 1), ("never", 1), ("not records(debt) < 1", 0), ("published(other)", 1), ("on(other)", 0)]:
            with self.subTest(enter):
                other = "other: {kind: register, of: resident, enter: records(theft) >= 1}"
                self.finds(f"lists: {{{other}, black: {{kind: blacklist, of: resident, enter: '{enter}'}}}}\n" + TRAIN,
                           "can never be entered", *["black"] * dead)
                self.finds(f"lists: {{{other}, black: {{kind: blacklist, of: resident, enter: '{enter}'}}}}\n" + TRAIN, "can never hold", *["m"] * dead)

    def test_rating_in_conditions(self):
        rating = self.rating()
        for condition, dead in [("rating < 50", 0), ("rating > 100", 1), ("rating == 70", 0), ("rating >= 41 and rating <= 59", 1),
                                ("band(odd)", 1), ("band(low)", 0), ("rating > 90 and band(low)", 1)]:
            with self.subTest(condition):
                dead = dead or condition == "rating == 70"  # 70 is no sum of hundred and twenties
                self.finds(rating + f"measures: {{m: {{closes: train, while: '{condition}'}}}}\n", "can never hold", *["m"] * dead)

    def test_leave_that_undoes_enter(self):
        self.finds(LIST % ", leave: records(debt) >= 1", "can never be entered", "black")

    def test_sharing(self):
        route = "sharing: {level: %s, routes: [{from: court, to: rail, lists: [black], behaviours: []%s}]}\n"
        rules = LIST % "" + TRAIN
        self.finds(rules, "can never hold")
        self.finds(rules + "sharing: {}\n", "can never hold", "m")
        self.finds(rules + route % ("1", ""), "can never hold")
        self.finds(rules + route % ("0", ""), "can never hold", "m")
        self.finds(rules + route % ("1", ", coverage: 0"), "can never hold", "m")

    def test_fines(self):
        rules = "sharing: {}\nlists: {poor: {kind: blacklist, of: resident, by: bank, enter: records(debt) >= 1}}\n"
        fine = "fines: [{behaviour: %s, agency: police, amount: 90000 yuan, unpaid: {behaviour: debt, agency: bank}}]\n"
        self.finds(rules, "can never be entered", "poor")                     # the bank makes no records of its own
        self.finds(rules + fine % "theft", "can never be entered")
        self.finds(rules + fine % "nothing", "can never be entered", "poor")
        self.finds(rules + "false_records: [{behaviour: debt, agency: bank, rate: 1 per year}]\n", "can never be entered")
        self.finds(rules + "false_records: [{behaviour: debt, agency: bank, rate: 0 per year}]\n", "can never be entered", "poor")

    def test_what_is_passed_on(self):
        rules = "sharing: {namesakes: [], routes: [{from: court, to: bank%s}, {from: bank, to: rail}]}\n" \
                "lists: {poor: {kind: blacklist, of: resident, by: rail, enter: records(debt) >= 1}}\n"
        self.finds(rules % "", "can never be entered")
        self.finds(rules % ", wrong_person: 1", "can never be entered")
        self.finds(rules % ", coverage: 0", "can never be entered", "poor")
        self.finds(rules % ", behaviours: theft", "can never be entered", "poor")

    def test_lists_that_lead_to_lists(self):
        rules = "lists:\n" + "".join(f"  l{n}: {{kind: blacklist, of: resident, enter: on(l{n + 1})}}\n" for n in range(5))
        self.finds(rules + "  l5: {kind: blacklist, of: resident, enter: records(debt) >= 1}\n", "can never be entered")
        self.finds(rules + "  l5: {kind: blacklist, of: resident, enter: records(nothing) >= 1}\n", "can never be entered", *[f"l{n}" for n in range(6)])
        seen = "lists: {a: {kind: blacklist, of: resident, enter: records(debt) >= 1%s}, b: {kind: blacklist, of: resident, enter: published(a)}}\n"
        self.finds(seen % "", "can never be entered", "b")
        self.finds(seen % ", publish: every 30 days", "can never be entered")

    def test_ties(self):
        firm = "lists: {bad: {kind: blacklist, of: company, enter: records(fraud) >= %s}}\n"
        measure = "measures: {m: {closes: train, while: representative(bad)}}\n"
        self.finds(firm % 1 + measure, "can never hold")
        self.finds(firm % 0 + measure, "can never hold")
        self.finds("lists: {bad: {kind: blacklist, of: company, enter: never}}\n" + measure, "can never hold", "m")


class Findings(Case):
    def test_exits(self):
        self.finds(LIST % "", "no exit", "black")
        self.finds(LIST % "", "no term")
        self.finds(LIST % ", leave: records(debt) == 0", "no exit")
        self.finds(LIST % ", leave: records(debt) == 0", "no term", "black")
        self.finds(LIST % ", leave: records(debt) < 0", "no exit", "black")
        self.finds(LIST % ", term: 1 year", "no exit")
        self.finds(LIST % ", term: 1 year", "no term")
        self.finds((LIST % "").replace("blacklist", "redlist"), "no exit")

    def test_publication(self):
        published = ENDS + ", publish: every 30 days"
        self.finds(LIST % published, "public for good")
        self.finds(LIST % (published + ", archive: 1 year"), "public for good")
        self.finds(LIST % (published + ", archive: forever"), "public for good", "black")
        self.finds(LIST % ", publish: every 30 days", "public for good", "black")

    def test_term_undone(self):
        rating = "ratings: {r: {of: resident, base: 10, range: [0, 20], points: {debt: -5}}}\n"
        enter = "lists: {black: {kind: blacklist, of: resident, enter: rating < 6, term: 1 year, reentry: %s}}\n"
        self.finds(rating + enter % "new_record", "term undone", "black")
        self.finds(rating + enter % "never", "term undone")

    def test_forgetting(self):
        rating = "ratings: {r: {of: resident, base: 10, range: [0, 20], points: {%s}%s}}\n"
        self.finds(rating % ("debt: -5", ""), "never forgotten", "r")
        self.finds(rating % ("debt: 5", ""), "never forgotten")
        self.finds(rating % ("debt: -5", ", forget: 1 year"), "never forgotten")
        self.finds(rating % ("debt: {value: -5, forget: 1 year}", ""), "never forgotten")
        self.finds(rating % ("debt: -5", ", redeem: 1 year"), "never forgotten")

    def test_suspicion(self):
        rules = LIST % ENDS + TRAIN + VERDICT
        self.finds(rules, "on suspicion", "m")
        self.finds(rules + "counts: suspected\n", "on suspicion", "m")
        self.finds(rules + "counts: confirmed\n", "on suspicion")
        self.finds(LIST % ENDS + TRAIN, "on suspicion")  # without adjudication a record is born confirmed
        self.finds(rules.replace("records(debt) >=", "records(debt, confirmed) >="), "on suspicion")
        self.finds(rules + "due_process: [{agency: court, behaviours: debt, notice: 30 days}]\n", "on suspicion")
        self.finds(rules + "due_process: [{agency: court, behaviours: debt, notice: 29 days}]\n", "on suspicion", "m")
        self.assertEqual(self.clause(rules + "counts: suspected\n", "gdpr_automated"), "counts: suspected")

    def test_areas(self):
        measure = LIST % ENDS + "measures: {m: {closes: train, while: on(black)%s}}\n"
        self.finds(measure % ", by: rail", "another area", "m")
        self.finds(measure % ", by: court", "another area")
        self.finds(measure % "", "another area")

    def test_others(self):
        measure = LIST % ENDS + "measures: {m: {closes: train, while: %s, by: court}}\n"
        self.finds(measure % "on(black)", "for others")
        self.finds(measure % "on(black) or household(black)", "for others", "m")
        self.finds(measure % "on(black) and not household(black)", "for others")

    def test_alike_and_several(self):
        both = "lists: {black: {kind: blacklist, of: resident, enter: records(%s) >= 1, term: 1 year}}\n" + TRAIN
        self.finds(both % "debt", "one measure for all")
        self.finds(both % "debt + theft", "one measure for all", "m")
        self.finds(both % "debt + nothing", "one measure for all")
        self.finds(both % "debt", "several at once")
        self.finds(LIST % ENDS + "measures: {m: {closes: train, while: on(black)}, n: {closes: loan, while: on(black)}}\n", "several at once", "debt")

    def test_safeguards(self):
        rules = LIST % ENDS + TRAIN
        process = "due_process: [{agency: court, behaviours: debt, %s}]\n"
        objection = "objection: {files: {acted: 1, not_acted: 1}, within: 1 day, succeeds: {acted: 0.5, not_acted: 0.5}}"
        for kind, cure in [("no notice", process % "notice: 1 day"), ("no contest", process % objection),
                           ("no contest", process % objection.replace("objection", "appeal")), ("no repair", process % "repair: {chances: 1 per year, taken: 1}"),
                           ("no repair", "settlement: [{behaviour: debt}]\n")]:
            with self.subTest(kind):
                self.finds(rules, kind, "mine")
                self.finds(rules + cure, kind)
                self.finds(rules + cure.replace("agency: court", "agency: police").replace("behaviour: debt}", "behaviour: debt, after: 1 day}"), kind,
                           *["mine"] * ("settlement" not in cure))


class Verdicts(Case):
    def test_nothing(self):
        found = {c["id"]: c["verdict"] for c in self.audit("")["criteria"]}
        self.assertEqual(set(found.values()), {"met", "no_matter"})

    def test_score(self):
        rating = "ratings: {r: {of: resident, base: 10, range: [0, 20], points: {%s}}}\n"
        closing = "measures: {m: {closes: train, while: rating < 6, by: rail}}\n"
        opening = "measures: {m: {opens: counter, while: rating > 6, by: rail}}\n"
        self.verdicts(rating % "debt: -5, theft: -5" + closing, ai_act_score="broken", ai_act_worse="broken")
        self.verdicts(rating % "debt: -5" + closing, ai_act_score="partly")
        self.verdicts(rating % "nothing: -5" + closing, ai_act_score="met", ai_act_worse="met")
        self.verdicts(rating % "debt: -5, theft: -5" + opening, ai_act_score="broken", ai_act_worse="met", ai_act_outcome="met", gdpr_automated="no_matter")
        self.verdicts(rating % "debt: -5, theft: -5" + LIST % ENDS + TRAIN, ai_act_worse="partly")
        self.verdicts(rating % "debt: -5" + closing, iccpr_movement="broken", draft_law="undecided")
        self.verdicts(rating % "debt: -5, help: 5" + closing, draft_law="broken")

    def test_context(self):
        two = LIST % ENDS + "measures: {m: {closes: train, while: on(black), by: rail}, n: {closes: loan, while: on(black), by: %s}}\n"
        self.verdicts(two % "bank", ai_act_unrelated="broken", pipl_purpose="broken", no49_punishment="broken")
        self.verdicts(two % "rail", ai_act_unrelated="undecided", no49_punishment="broken")
        self.verdicts(two.replace("by: rail", "by: court") % "court", ai_act_unrelated="met")

    def test_proportion(self):
        self.verdicts(LIST % "" + TRAIN, ai_act_out_of_proportion="broken", iccpr_least="broken", no49_repair="broken")
        self.verdicts(LIST % ", leave: records(debt) == 0" + TRAIN, ai_act_out_of_proportion="partly")
        self.verdicts(LIST % ENDS + TRAIN, ai_act_out_of_proportion="undecided", iccpr_least="undecided")

    def test_process(self):
        objection = "objection: {files: {acted: 1, not_acted: 1}, within: 1 day, duration: %s days, succeeds: {acted: 0.5, not_acted: 0.5}}"
        process = "due_process: [{agency: court, behaviours: debt, notice: 1 day, " + objection + "}]\n"
        rules = LIST % ENDS + TRAIN
        self.verdicts(rules, gdpr_contest="broken", iccpr_procedure="broken", no49_notice="broken", oecd_challenge="broken", pipl_automated="broken")
        self.verdicts(rules + process % 30, gdpr_contest="met", iccpr_procedure="partly", no49_notice="met", oecd_challenge="undecided", pipl_automated="undecided")
        self.verdicts(rules + process % 31, iccpr_procedure="broken")
        self.verdicts(rules.replace("records(debt) >=", "records(debt + theft) >=") + process % 30, gdpr_contest="partly", no49_notice="partly")

    def test_judged(self):
        rules = LIST % ENDS + TRAIN
        self.verdicts(rules, gdpr_automated="broken")
        self.verdicts(rules + VERDICT, gdpr_automated="broken", iccpr_trial="broken")
        self.verdicts(rules + VERDICT + "counts: confirmed\n", gdpr_automated="partly", iccpr_trial="undecided")
        self.verdicts((rules + VERDICT + "counts: confirmed\n").replace("by: rail", "by: rail, from: 1 year"), iccpr_trial="broken")

    def test_names(self):
        self.verdicts(LIST % ENDS, iccpr_privacy="met")
        self.verdicts(LIST % (ENDS + ", publish: every 30 days"), iccpr_privacy="partly")
        self.verdicts(LIST % (ENDS + ", publish: every 30 days, archive: forever"), iccpr_privacy="broken")

    def test_equal(self):
        measure = LIST % ENDS + "measures: {m: {closes: train, while: %s, by: rail}}\n"
        self.verdicts(measure % "on(black)", iccpr_equal="undecided", directory_measures="undecided")
        self.verdicts(measure % "household(black)", iccpr_equal="broken", directory_measures="partly")

    def test_petty(self):
        self.verdicts(LIST % ENDS + TRAIN, no49_records="undecided", directory_records="undecided", gdpr_special="undecided")
        self.verdicts((LIST % ENDS).replace("records(debt) >=", "records(petition) >=") + TRAIN, no49_records="broken", directory_records="broken")

    def test_a_clause_stands_where_it_says(self):
        text = LIST % ", leave: never, term: permanent" + TRAIN
        self.assertIn("measures: {m:", self.clause(text, "ai_act_worse"))
        self.assertIn("term: permanent", self.clause(text, "iccpr_least") + self.clause(text, "no49_repair"))

    def test_companies_are_no_persons(self):
        firm = "lists: {bad: {kind: blacklist, of: company, by: court, enter: records(fraud) >= 1}}\nmeasures: {m: {closes: tender, while: on(bad), by: rail}}\n"
        self.verdicts(firm, gdpr_automated="no_matter", ai_act_worse="met", no49_repair="broken", iccpr_trial="no_matter")


class Shipped(unittest.TestCase):
    def test_every_regime(self):
        with open(HERE / "shipped.tsv", encoding="utf-8", newline="") as file:
            expected = {row.pop("criterion"): row for row in csv.DictReader(file, delimiter="\t")}
        for path in sorted((ROOT / "regimes").glob("*.yaml")):
            done = run("audit", "--world", ROOT / "worlds" / "beijing", path, "--json")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            one, = json.loads(done.stdout)["regimes"]
            self.assertEqual(one["name"], path.stem)
            with self.subTest(path.stem):
                self.assertEqual({c["id"]: c["verdict"] for c in one["criteria"]}, {key: row[path.stem] for key, row in expected.items()})
            for criterion in one["criteria"]:
                self.assertTrue(criterion["why"])
                for clause in criterion["clauses"]:
                    self.assertTrue((pathlib.Path(clause["file"]).is_file() and clause["line"] > 0), clause)


class Output(Case):
    def test_criteria_are_those_of_the_table(self):
        with open(ROOT / "law" / "criteria.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        found = self.audit("")["criteria"]
        self.assertEqual([c["id"] for c in found], [row["id"] for row in rows])
        for c, row in zip(found, rows, strict=True):
            self.assertEqual([c[key] for key in ("instrument", "article", "asks", "broken_by", "test_hint", "reliability", "source")],
                             [row[key] for key in ("instrument", "article", "criterion", "violation_in_a_regime", "machine_test_hint", "reliability", "source")])
            self.assertEqual(c["from_memory"], "from memory" in row["reliability"])

    def test_table_is_checked(self):
        text = (ROOT / "law" / "criteria.csv").read_text(encoding="utf-8")
        lines = text.splitlines(keepends=True)
        for wrong, said in [(text.replace("id,instrument", "key,instrument"), "columns"), (text + lines[-1], "stands there twice"),
                            (text.replace("gdpr_contest,", "GDPR contest,"), "is no name"), (text + "new_one,Law\n", "a column is missing")]:
            path = self.folder / "criteria.csv"
            path.write_text(wrong, encoding="utf-8")
            done = subprocess.run([sys.executable, ROOT / "law" / "embed", path, self.folder / "law.c"], capture_output=True, text=True, check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(said, done.stderr)

    def test_text(self):
        text = LIST % "" + TRAIN
        path = self.write(text)
        for width in (60, 100, 200):
            done = run("audit", "--world", self.folder, path, "--width", width)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertTrue(done.stdout.startswith("This is an aid for a lawyer and no legal advice."))
            lines = [line for line in done.stdout.splitlines() if not line.lstrip().startswith("http")]
            self.assertLessEqual(max(map(len, lines)), width)
        self.assertIn("\n                 https://overview.legal/laws/gdpr/art-22\n", done.stdout)
        self.assertRegex(done.stdout, r"GDPR, 5\(1\)\(b\)-\(e\): \w+ \(criterion from memory\)")
        self.assertIn("mine.yaml:", done.stdout)
        self.assertEqual(done.stdout, run("audit", "--world", self.folder, path, "--width", 200).stdout)

    def test_bad_input(self):
        regime = self.write("")
        (self.folder / "bad.yaml").write_text("standing: regime/1\ntitle: x\nlists: {l: {of: residents}}\n")
        (self.folder / "fake.db").write_text("no database")
        study = ROOT / "tests" / "fixtures" / "mini" / "study.yaml"
        for words, said in [((regime,), "expected a study"), ((regime,), "--world WORLD"), ((self.folder / "fake.db",), "--from"), (("--world", self.folder, study), "expected a regime"),
                            (("--world", self.folder, self.folder / "bad.yaml"), "bad.yaml:3:"), (("--world", self.folder / "no", regime), "no"),
                            (("--world", self.folder), "--world goes with"), ((), "is wanted"), ((study, "-r", "nnone"), "unknown regime"),
                            (("--from", self.folder / "fake.db"), "not a result file"), ((self.folder / "world.yaml",), "names no regime"),
                            (("--world", self.folder, regime, "-r", "mine"), "--regime"), ((study, "--width", "10"), "--width")]:
            with self.subTest(said):
                done = run("audit", *words)
                self.assertEqual(done.stdout, "")
                self.assertIn(said, done.stderr)
                self.assertEqual(done.returncode, 1 if said == "not a result file" else done.returncode)
                self.assertIn(done.returncode, (1, 2))

    def test_measured(self):
        result = self.folder / "lived.db"
        self.write(LIST % (ENDS + ", publish: every 30 days") + TRAIN + VERDICT + "settlement: [{behaviour: debt}]\n"
                   "due_process: [{agency: court, behaviours: debt, objection: {files: {acted: 1, not_acted: 1}, within: 5 days, duration: 5 days,"
                   " succeeds: {acted: 0.3, not_acted: 0.6}}}]\n")
        (self.folder / "study.yaml").write_text("standing: study/1\ntitle: t\nworld: world.yaml\nregimes: [mine.yaml]\nyears: 3\nby: [zone]\n")
        self.assertEqual(run("run", self.folder / "study.yaml", "-o", result, "-q").returncode, 0)
        done = run("audit", "--from", result, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        one, = json.loads(done.stdout)["regimes"]
        self.assertTrue(all(c["file"] in (None, "mine.yaml") for k in one["criteria"] for c in k["clauses"]))
        with contextlib.closing(sqlite3.connect(result)) as db:
            total = {name: value for name, value in db.execute(
                "SELECT c.name, sum(s.value) FROM series s JOIN counter c ON c.id = s.counter AND c.population = s.population"
                " WHERE s.population = 0 GROUP BY 1")}
        found = {figure["name"]: figure for criterion in one["criteria"] for figure in criterion["measured"]}
        self.assertAlmostEqual(found["restricted_person_years"]["value"], total["restricted_minutes"] / 525600)
        self.assertEqual(found["ever_restricted"]["value"], total["restricted_first"])
        self.assertAlmostEqual(found["objections_granted_share"]["value"],
                               total["objections_granted"] / (total["objections_granted"] + total["objections_denied"]))
        self.assertEqual(found["names_published"]["value"], total["list_published"])
        self.assertEqual(found["records_settled"]["value"], total["settled"])
        self.assertIsNone(found["cleared_after_restriction_person_years"]["value"])
        self.assertIn("no counter tells", found["never_returned_share"]["text"])
        self.assertGreaterEqual(found["restricted_most_over_least"]["value"], 1)
        for figure in found.values():
            for counter in filter(None, re.split(r", ", figure["counters"])):
                self.assertRegex(counter, r"^[a-z_]+$")


if __name__ == "__main__":
    STANDING, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
