#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Laws of ties and of joint measures: who is shut out for another's sake, and
from when to when (sections 13 and 14 of docs/semantics.md). All exact.

    python3 ties.py STANDING [unittest arguments]
"""
import collections
import unittest

from town import DAY, EYE, LIST, SHUT, Laws, Town, sees

ENTERED, LEFT, DOORS, TIE = 6, 7, 9, 19
SIZES = "size,count\n1,600\n2,900\n3,1200\n4,600\n"  # 8,400 people in 3,300 families
FAMILIES, PEOPLE = 3300, 9000


class Ties(Laws):
    def told(self, result, listings, tied):
        """Ties' events and doors' that must follow from listings (row, time, kind) if `tied(row)` are told: each at
        the end of the window, in order of when it happened and to whom."""
        ends = result.ends()
        messages = collections.defaultdict(list)
        for row, time, kind in listings:
            end = next(e for e in ends if e > time)
            for to in tied(row):
                if end < result.horizon:
                    messages[to].append((end, time, row, 1 if kind == ENTERED else -1))
        counts, doors = [], []
        for to, told in messages.items():
            count = 0
            for end, _, _, step in sorted(told):
                was, count = count, count + step
                counts.append((to, end, count))
                if (was > 0) != (count > 0):
                    doors.append((to, end, int(count > 0)))
        return counts, doors

    def agree(self, result, regime, population, counts, doors):
        self.assertEqual(sorted(counts), sorted((row, time, value) for p, row, time, _, _, value
                                                in result.events(regime, TIE) if p == population))
        self.assertEqual(sorted(doors), sorted((row, time, value & 1) for p, row, time, _, _, value
                                               in result.events(regime, DOORS) if p == population))
        self.assertGreater(len(doors), 100)

    def test_household(self):
        town = Town(PEOPLE, (("slip", 0.3, "1", ""),), years=3, world="ties:\n  household: {of: resident, within: zone, "
                    "sizes: sizes.csv, collective: 20, heads: [doer, [does, never]]}\n")
        town.write("sizes.csv", SIZES)
        result = town.regime("r", EYE + sees() + LIST.format(enter="records(slip) >= 1", more=", term: 100 days") +
                             "measures: {shut: {closes: gate, while: household(black)}}\n").run("--events", "--panel")
        household = dict(result.rows("SELECT row, household FROM person"))
        families = collections.defaultdict(list)
        for row, number in household.items():
            families[number].append(row)
        self.assertEqual(600, sum(len(rows) for number, rows in families.items() if number >= FAMILIES))

        def others(row):
            number = household[row]
            return [other for other in families[number] if other != row] if number < FAMILIES else []
        listings = [(row, time, kind) for _, row, time, kind, *_ in result.events("r", ENTERED, LEFT)]
        self.agree(result, "r", 0, *self.told(result, listings, others))
        # The one listed has done it, the others have not: whoever lives alone is never shut out.
        alone = {row for rows in families.values() if len(rows) == 1 for row in rows}
        self.assertFalse(alone & {row for _, row, *_ in result.events("r", DOORS)})

    def test_representative(self):
        town = Town(PEOPLE, years=3, world="ties:\n  representative: {of: company, is: resident, within: zone, "
                    "among: [doer, [does]]}\n")
        with open(f"{town.folder.name}/world.yaml", encoding="utf-8") as file:
            text = file.read()
        town.write("world.yaml", text.replace("behaviours:\n", (
            "  company:\n    size: 6000\n    attributes:\n      zone: {shares: {here: 0.5, there: 0.5}}\n"
            "behaviours:\n  cheat: {by: company, kind: offence, opportunities: 0.4 per year, taken: 1}\n")))
        result = town.regime("r", EYE + sees(behaviour="cheat") + "lists:\n  bad: {kind: blacklist, of: company, "
                             "enter: 'records(cheat) >= 1', term: 100 days}\n"
                             "measures: {shut: {closes: gate, while: representative(bad)}}\n").run("--events", "--panel")
        owner = dict(result.rows("SELECT row, representative FROM person WHERE population = 1"))
        self.assertEqual(6000, len(owner))
        listings = [(row, time, kind) for _, row, time, kind, *_ in result.events("r", ENTERED, LEFT)]
        self.agree(result, "r", 0, *self.told(result, listings, lambda row: [owner[row]]))

    def test_ties_are_not_chains(self):
        # On a list of its own because of the family: that is no reason to list a third.
        town = Town(PEOPLE, (("slip", 0.3, "1", ""),), years=2, world="ties:\n  household: {of: resident, within: zone, "
                    "sizes: sizes.csv, collective: 20, heads: [doer, [does, never]]}\n")
        town.write("sizes.csv", SIZES)
        rules = EYE + sees() + LIST.format(enter="records(slip) >= 1", more="") + (
            "  kin: {kind: register, of: resident, enter: household(black)}\n")
        result = town.regime("r", rules).run("--events")
        lists = collections.Counter(subject for _, _, _, _, subject, _ in result.events("r", ENTERED))
        self.assertGreater(lists[1], 0)
        ends = set(result.ends())
        self.assertTrue(all(time in ends for _, _, time, _, subject, _ in result.events("r", ENTERED) if subject == 1))


class Measures(Laws):
    def test_parts_are_in_force_in_just_the_windows_said(self):
        n, years, window = 500, 4, 30 * DAY
        # from, until in days: within a window, at its start, from the beginning, without end.
        parts = ((365, 730), (300, 600), (0, 45), (91, None))
        town = Town(n, years=years)
        everybody = "agencies: {eye: {title: e}}\n" + LIST.format(enter="always", more="")
        for number, (since, until) in enumerate(parts):
            more = f", from: {since} days" + (f", until: {until} days" if until else "")
            town.regime(f"joint{number}", everybody + "measures:\n  memo: {while: on(black), joint: [{by: eye, closes: gate"
                        f"{more}}}, {{by: eye, closes: arch, from: 1000 days}}]}}\n")
            town.regime(f"plain{number}", everybody + f"measures:\n  shut: {{while: on(black), closes: gate{more}}}\n"
                        "  shut_too: {while: on(black), closes: arch, from: 1000 days}\n")
        result = town.run("--events")
        ends = result.ends()
        starts = [0] + ends[:-1]
        for number, (since, until) in enumerate(parts):
            force = [since * DAY <= s and (until is None or s < until * DAY) for s in starts]
            minutes = [n * (e - s) if on else 0 for s, e, on in zip(starts, ends, force)]
            changes = [s for s, on, was in zip(starts, force, [False] + force) if on != was]
            for kind in ("joint", "plain"):
                name = f"{kind}{number}"
                self.assertEqual(minutes, result.series(name, "closed_minutes", "gate"))
                times = {time for *_, time, _, _, _ in result.events(name, DOORS)}
                self.assertEqual({*changes, *(s for s in starts if s >= 1000 * DAY and s - window < 1000 * DAY)}, times)
            self.assertEqual(result.digests[2 * number], result.digests[2 * number + 1], "a memorandum is its parts")

    def test_before_and_after_nothing_is_different(self):
        # A measure never in force is none; but what is feared is what is in force.
        slip = (("slip", 2.0, "0.6", ", deterrence: {certainty: 1, severity: 3, prior: 0.2}, strain: 1.3"),)
        rules = EYE + sees(0.5) + LIST.format(enter="records(slip) >= 2", more=", term: 1 year")
        town = Town(20_000, slip, years=3).regime("none", rules).regime(
            "never", rules + "measures: {shut: {closes: gate, while: on(black), from: 50 years}}\n").regime(
            "always", rules + SHUT).regime("from_start", rules + "measures: {shut: {closes: gate, while: on(black), "
                                           "from: 0 days, until: 50 years}}\n").regime(
            "second", rules + "measures: {shut: {closes: gate, while: on(black), from: 360 days}}\n")
        result = town.run("--events")
        none, never, always, start, second = result.digests
        self.assertEqual(none, never)
        self.assertEqual(always, start)
        first_year = lambda name: [event for event in result.events(name, 1, 2, 6, 7, DOORS) if event[2] < 360 * DAY]
        self.assertEqual(first_year("none"), first_year("second"))
        self.assertNotEqual(result.total("none", "acts", "slip"), result.total("second", "acts", "slip"))


if __name__ == "__main__":
    unittest.main(warnings="ignore")
