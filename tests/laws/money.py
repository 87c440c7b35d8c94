#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Laws of names in public and of money (sections 16 and 17 of docs/semantics.md).

    python3 money.py STANDING [unittest arguments]
"""
import collections
import unittest

from town import DAY, EYE, LIST, YEAR, Laws, Town, sees

HELD = "records(slip, within 200 days)"
PUBLISHED, ARCHIVED, DOORS, FINE, FILED, ENDED, DEBT = 8, 20, 9, 17, 15, 13, 23
REPAIRED = 4


class Named(Laws):
    def named(self, result, regime):
        """Minutes in which somebody is named: published or archived."""
        state, since, minutes = collections.defaultdict(lambda: [0, 0]), {}, 0
        for _, row, time, kind, _, value in sorted(result.events(regime, PUBLISHED, ARCHIVED), key=lambda e: e[2]):
            was = any(state[row])
            state[row][kind == ARCHIVED] = value
            if any(state[row]) and not was:
                since[row] = time
            elif was and not any(state[row]):
                minutes += time - since[row]
        return minutes + sum(result.horizon - since[row] for row, of in state.items() if any(of))

    def test_refused_while_named(self):
        stigma, attempts = 0.3, 6
        town = Town(15_000, (("slip", 0.8, "1", ""),), attempts=attempts, gate=f", stigma: {stigma}")
        archives = {"none": "", "year": ", archive: 1 year", "forever": ", archive: forever"}
        for name, archive in archives.items():
            town.regime(name, EYE + sees() + LIST.format(
                enter=HELD + " >= 1", more=f", leave: '{HELD} == 0', publish: every 30 days" + archive))
        town.regime("secret", EYE + sees() + LIST.format(enter=HELD + " >= 1", more=f", leave: '{HELD} == 0'"))
        town.regime("shut", EYE + sees() + LIST.format(
            enter=HELD + " >= 1", more=f", leave: '{HELD} == 0', publish: every 30 days") +
            "measures: {shut: {closes: gate, while: published(black)}}\n")
        result = town.run("--events")
        minutes = {name: self.named(result, name) for name in (*archives, "shut")}
        self.assertTrue(minutes["none"] < minutes["year"] < minutes["forever"])
        self.assertEqual(minutes["none"], minutes["shut"])
        for name in archives:
            self.poisson(result.total(name, "refused", "gate"), stigma * attempts * minutes[name] / YEAR,
                         "refused, archive " + name)
            self.assertEqual(0, result.total(name, "refused", "arch"))
            self.assertEqual(0, result.total(name, "blocked", "gate"))
        self.assertEqual(0, result.total("secret", "refused", "gate"))
        self.assertEqual(0, result.total("shut", "refused", "gate"), "whoever is shut out is not refused too")
        self.poisson(result.total("shut", "blocked", "gate"), attempts * minutes["shut"] / YEAR, "blocked while named")

    def test_archives_end_when_they_should(self):
        town = Town(20_000, (("slip", 0.6, "1", ""),))
        for name, archive in (("year", "1 year"), ("forever", "forever")):
            town.regime(name, EYE + sees() + LIST.format(
                enter=HELD + " >= 1", more=f", leave: '{HELD} == 0', publish: every 30 days, archive: {archive}"))
        result = town.run("--events")
        off = collections.defaultdict(list)
        for _, row, time, _, _, value in result.events("year", PUBLISHED):
            if value == 0:
                off[row].append(time)
        # With a year, a name is there from each time it was taken off to a year after the last such time.
        expected = set()
        for row, times in off.items():
            for i, time in enumerate(times):
                if i == 0 or time - times[i - 1] > YEAR:
                    expected.add((row, time, 1))
                if time + YEAR < result.horizon and (i + 1 == len(times) or times[i + 1] - time > YEAR):
                    expected.add((row, time + YEAR, 0))
        self.assertEqual(expected, {(row, time, value) for _, row, time, _, _, value in result.events("year", ARCHIVED)})
        first = {(row, times[0], 1) for row, times in off.items()}
        self.assertEqual(first, {(row, time, value) for _, row, time, _, _, value in result.events("forever", ARCHIVED)})
        self.assertEqual(len(first), result.series("forever", "archived_stock", "black")[-1])


class Purse:
    """One person's money, lived through again after docs/semantics.md from what the log says."""

    DOORS = (0.2, 0.25)
    CUSTOM, LIVING, SAVINGS = 0.1, 40000.0, 0.5

    def __init__(self, income):
        self.income, self.closed, self.shown = income, 0, [0, 0]
        self.saved = self.poor = self.at = self.paid = 0
        self.yuan = self.endowed = self.most()

    def over(self):
        income = self.income
        for door, costs in enumerate(self.DOORS):
            if self.closed >> door & 1:
                income *= 1 - costs
        if any(self.shown):
            income *= 1 - self.CUSTOM
        return int(max(0.0, income - self.LIVING))

    def most(self):
        return int(self.over() * self.SAVINGS)

    def until(self, time):
        over = self.over()
        new = self.yuan + over * time // YEAR - over * self.at // YEAR
        if new > self.most():
            new = max(self.yuan, self.most())
        self.saved += new - self.yuan
        self.poor += (over == 0) * (time - self.at)
        self.yuan, self.at = new, time

    def pay(self, yuan):
        self.yuan -= yuan
        self.paid += yuan


class Money(Laws):
    POPULATION = ("    money: {income: {value: 60000 yuan per year, ratios: {doer: {never: 0.5}}}, "
                  "living: 40000 yuan per year, savings: 6 months, custom: 0.1}\n")
    BEHAVIOURS = (("slip", 2.0, "1", ""), ("unpaid", 0.3, "1", ", settles: {chances: 2 per year, taken: 0.4, "
                                            "amount: 6000 yuan}", "default"))
    AGENCIES = ("agencies: {eye: {title: e}, court: {title: c}}\ndetection:\n" + sees() + sees(behaviour="unpaid") +
                "settlement: [{behaviour: unpaid}]\n")
    FINES = ("fines:\n  - {behaviour: slip, agency: eye, amount: 700 yuan, due: 15 days, "
             "unpaid: {behaviour: unpaid, agency: court, after: 90 days}}\n")
    RULES = ("lists:\n  black: {kind: blacklist, of: resident, enter: 'records(unpaid) >= 1', leave: 'records(unpaid) == 0',"
             " publish: every 30 days, archive: 100 days}\n"
             "  worse: {kind: register, of: resident, enter: 'records(unpaid) >= 2', leave: 'records(unpaid) < 2'}\n"
             "measures: {shut: {closes: gate, while: on(black)}, shut_too: {closes: arch, while: on(worse)}}\n")

    def town(self, n, **more):
        town = Town(n, self.BEHAVIOURS, gate=", costs: 0.2", more=self.POPULATION, **more)
        with open(f"{town.folder.name}/world.yaml", encoding="utf-8") as file:
            text = file.read()
        town.write("world.yaml", text.replace("attempts: 1 per year}", "attempts: 1 per year, costs: 0.25}"))
        return town

    def test_to_the_yuan(self):
        n, years = 4_000, 5
        process = ("due_process:\n  - {agency: eye, behaviours: slip, objection: {files: {acted: 0.3, not_acted: 0.3}, "
                   "within: 10 days, duration: 2 days, succeeds: {acted: 0.2, not_acted: 0.2}, fee: 50 yuan}}\n"
                   "  - {agency: eye, behaviours: unpaid, repair: {chances: 1 per year, taken: 0.3, fee: 500 yuan}}\n")
        result = self.town(n, years=years).regime("r", self.AGENCIES + self.FINES + self.RULES + process).run(
            "--events", "--panel")
        levels = dict(result.rows("SELECT p.row, c.doer FROM person p JOIN cell c ON c._cell = p.cell"))
        purses = {row: Purse(60000.0 * (0.5 if level == "never" else 1.0)) for row, level in levels.items()}
        yuan = collections.Counter()
        events = sorted(result.events("r", PUBLISHED, DOORS, ENDED, FILED, FINE, ARCHIVED, DEBT), key=lambda e: e[2])
        for _, row, time, kind, _, value in events:
            purse, price = purses[row], 0
            purse.until(time)
            if kind == DOORS:
                purse.closed = value & 3
            elif kind in (PUBLISHED, ARCHIVED):
                purse.shown[kind == ARCHIVED] = value
            elif kind == FINE:
                self.assertEqual(700, value & ((1 << 62) - 1))
                self.assertEqual(purse.yuan >= 700, value < 0, f"row {row} at {time}")
                price = 700 if value < 0 else 0
            elif kind == DEBT:
                self.assertIn(value, (700, 6000))
                price = value
            elif kind == FILED:
                price = 50
            elif value >> 32 == REPAIRED:
                price = 500
            purse.pay(price)
            self.assertGreaterEqual(purse.yuan, 0)
            yuan[kind] += price
        for purse in purses.values():
            purse.until(result.horizon)
        self.assertEqual(sum(p.endowed for p in purses.values()), result.total("r", "endowed_yuan"))
        self.assertEqual(sum(p.saved for p in purses.values()), result.total("r", "saved_yuan"))
        self.assertEqual(sum(p.poor for p in purses.values()), result.total("r", "poor_minutes"))
        self.assertEqual(sum(p.over() == 0 for p in purses.values()), result.series("r", "poor_stock")[-1])
        self.assertEqual(yuan[FINE], result.total("r", "fine_yuan", "slip"))
        self.assertEqual(yuan[DEBT], result.total("r", "debt_yuan", "unpaid"))
        self.assertEqual(yuan[FILED] + yuan[ENDED], result.total("r", "fee_yuan"))
        self.assertEqual(0, result.total("r", "left_yuan"))
        paid = sum(result.total("r", *of) for of in (("fine_yuan", "slip"), ("debt_yuan", "unpaid"), ("fee_yuan",)))
        self.assertEqual(result.total("r", "endowed_yuan") + result.total("r", "saved_yuan") - paid,
                         sum(p.yuan for p in purses.values()))
        # Those who have nothing left over pay nothing, ever.
        for of in (("fines_paid", "slip"), ("debt_yuan", "unpaid"), ("fee_yuan", ""), ("endowed_yuan", ""),
                   ("saved_yuan", ""), ("settled", "unpaid"), ("objections_filed", "eye")):
            self.assertEqual(0, result.total("r", *of, "never"), of[0])
        self.assertGreater(result.total("r", "fines_unpaid", "slip", "never"), 0)

    def test_a_fine_not_paid_is_a_record_of_the_court(self):
        result = self.town(4_000).regime("r", self.AGENCIES + self.FINES).run("--events")
        fines = [(row, time, value < 0) for _, row, time, _, _, value in result.events("r", FINE)]
        records = collections.Counter((row, time, behaviour, value) for _, row, time, _, behaviour, value
                                      in result.events("r", 2))
        due = collections.Counter({(row, time + 15 * DAY): count for (row, time, behaviour, _), count in records.items()
                                   if behaviour == 0 and time + 15 * DAY < result.horizon})
        self.assertEqual(due, collections.Counter((row, time) for row, time, _ in fines))
        follow = collections.Counter((row, time + 90 * DAY) for row, time, paid in fines
                                     if not paid and time + 90 * DAY < result.horizon)
        self.assertEqual(follow, collections.Counter(
            {(row, time): count for (row, time, _, value), count in records.items() if value & 65535 == 1}))
        self.assertEqual(sum(paid for *_, paid in fines), result.total("r", "fines_paid", "slip"))
        self.assertEqual(len(fines) - result.total("r", "fines_paid", "slip"), result.total("r", "fines_unpaid", "slip"))
        self.assertEqual(700 * result.total("r", "fines_paid", "slip"), result.total("r", "fine_yuan", "slip"))

    def test_the_dearer_a_closed_door_the_fewer_debts_are_paid(self):
        paid, made, series = [], [], []
        for costs in (0, 0.1, 0.2, 0.3):
            town = Town(20_000, (("unpaid", 0.5, "1", ", settles: {chances: 4 per year, taken: 0.5, amount: 8000 yuan}",
                                  "default"),), gate=f", costs: {costs}", more=self.POPULATION, years=6)
            result = town.regime("r", EYE + sees(behaviour="unpaid") + "settlement: [{behaviour: unpaid}]\n" +
                                 LIST.format(enter="records(unpaid) >= 1", more=", leave: 'records(unpaid) == 0'") +
                                 "measures: {shut: {closes: gate, while: on(black)}}\n").run("--events")
            made.append(result.events("r", 2))
            debts = collections.defaultdict(list)
            for _, row, time, *_ in result.events("r", DEBT):
                debts[row].append(time)
            paid.append(debts)
            series.append(result.total("r", "debt_yuan", "unpaid"))
        self.assertEqual([made[0]] * len(made), made)
        self.assertEqual(sorted(series, reverse=True), series)
        self.assertGreater(series[0], series[-1])
        # Of two like debts the first to be paid is the same everywhere, and the second never comes sooner.
        few = [row for row, count in collections.Counter(event[1] for event in made[0]).items() if count <= 2]
        for cheap, dear in zip(paid, paid[1:]):
            for row in few:
                self.assertGreaterEqual(len(cheap[row]), len(dear[row]))
                self.assertTrue(all(soon <= late for soon, late in zip(cheap[row], dear[row])))


class Nothing(Laws):
    """Zero in, zero out. Exact."""

    def test_money_that_nothing_costs(self):
        slip = (("slip", 2.0, "0.6", ", deterrence: {certainty: 1, severity: 2, prior: 0.2}, strain: 1.3"),)
        rules = EYE + sees(0.5) + LIST.format(enter="records(slip) >= 2", more=", term: 1 year, publish: every 30 days")
        rules += "measures: {shut: {closes: gate, while: on(black)}}\n"
        money = ("    money: {income: 60000 yuan per year, living: 40000 yuan per year}\n")
        plain = Town(20_000, slip).regime("r", rules).run("--events")
        rich = Town(20_000, slip, more=money, gate=", costs: 0").regime("r", rules).run("--events")
        fined = Town(20_000, slip, more=money).regime("r", rules + "fines: [{behaviour: slip, amount: 0 yuan}]\n").run()
        self.assertEqual(plain.all_series("r"), rich.all_series("r", "endowed_yuan"))
        self.assertEqual(plain.events("r", *range(1, 30)), rich.events("r", *range(1, 30)))
        self.assertEqual(20_000 * 10_000, rich.total("r", "endowed_yuan"))
        self.assertEqual(plain.all_series("r"), fined.all_series("r", "endowed_yuan", "fines_paid"))
        self.assertEqual(fined.total("r", "records", "slip"), fined.total("r", "fines_paid", "slip"))
        self.assertEqual(0, fined.total("r", "fines_unpaid", "slip"))


if __name__ == "__main__":
    unittest.main(warnings="ignore")
