#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Laws of what comes back to people: strain, own experience, ladders,
redemption (sections 3, 6, 16 and 18 of docs/semantics.md).

    python3 feedback.py STANDING [unittest arguments]
"""
import collections
import math
import unittest

from town import EYE, LIST, SHUT, YEAR, Laws, Town, sees


class Strain(Laws):
    """Two states, restricted or not; whoever is restricted acts more, and acting restricts."""

    RATE, TAKEN, STRAIN, DAYS = 2.0, 0.4, 1.8, 200

    def check(self, rules, share):
        n, years = 100_000, 10
        town = Town(n, (("slip", self.RATE, self.TAKEN, f", strain: {self.STRAIN}"),), years=years)
        result = town.regime("r", EYE + sees() + rules + SHUT).run()
        stock = result.series("r", "restricted_stock")
        for window in (60, 90, len(stock) - 1):  # far enough apart to say something each
            self.share(stock[window], n, share, f"restricted in window {window}")
        # However long they are restricted, acts come at the rate of the state, minute for minute.
        restricted = result.total("r", "restricted_minutes") / YEAR
        calm = self.RATE * self.TAKEN
        self.poisson(result.total("r", "acts", "slip"), calm * (n * years + (self.STRAIN - 1) * restricted), "acts")

    def test_for_a_fixed_time(self):
        # On for T, off for 1 / a: acts while on it change nothing.
        x = self.RATE * self.TAKEN * self.DAYS / 365
        self.check(LIST.format(enter="records(slip) >= 1", more=f", term: {self.DAYS} days"), x / (1 + x))

    def test_until_it_is_forgotten(self):
        # Every act while on it begins the time anew: on for the busy time of M/D/infinity, (exp(a T) - 1) / a
        # with a the strained rate.
        calm, strained = self.RATE * self.TAKEN, self.RATE * self.TAKEN * self.STRAIN
        on = (math.exp(strained * self.DAYS / 365) - 1) / strained
        self.check(LIST.format(enter=f"records(slip, within {self.DAYS} days) >= 1",
                               more=f", leave: 'records(slip, within {self.DAYS} days) == 0'"), on / (on + 1 / calm))

    def test_own_experience(self):
        # Who was caught last time acts at a exp(-c), who was not at a: renewal with a mixture of two exponentials.
        n, years, a, caught, c = 40_000, 16, 1.5, 0.3, 0.9
        town = Town(n, (("slip", a, "1", ", deterrence: {certainty: %g}" % c),), years=years,
                    world="learning: {by: zone, memory: 1000 years, weight: 1000000000, own: 1}\n")
        result = town.regime("r", EYE + sees(caught)).run()
        slow = a * math.exp(-c)
        mean = caught / slow + (1 - caught) / a
        square = 2 * (caught / slow ** 2 + (1 - caught) / a ** 2)
        ends, acts = result.ends(), result.series("r", "acts", "slip")
        length = (ends[-1] - ends[120]) / YEAR  # from about ten years on
        self.near(sum(acts[121:]), n * length / mean,
                  math.sqrt(n * length * (square - mean ** 2) / mean ** 3 + n), "acts a year")


class Ladders(Laws):
    def test_distribution_after_each_year_and_in_the_long_run(self):
        n, rate, years, base = 100_000, 0.9, 15, 3
        moves = {"suspended": [3, 0], "others": [1, -1, -2]}
        result = Town(n, (("slip", rate, "1", ""),), years=years, window="73 days").regime(
            "r", EYE + sees() + "ratings:\n  licence:\n    of: resident\n    base: 3\n    range: [0, 6]\n"
            "    bands: {suspended: [0, 0], usual: [1, 5], best: [6, 6]}\n    ladder: {review: every 1 year, "
            "records: slip, moves: {suspended: [3, 0], others: [1, -1, -2]}}\n").run()
        usual = self.matrix(moves, [math.exp(-rate) * rate ** k / math.factorial(k) for k in range(2)])
        # The first review comes after a part of a year that is even between 0 and 1.
        more = [1 - sum(math.exp(-rate) * rate ** i / math.factorial(i) for i in range(k + 1)) for k in range(2)]
        first = self.matrix(moves, [p / rate for p in more])
        law = [float(points == base) for points in range(7)]
        for year in range(1, years + 1):
            law = [sum(law[i] * (first if year == 1 else usual)[i][j] for i in range(7)) for j in range(7)]
            if year in (1, 2, 5, years):
                self.chi(self.found(result, year), n, law, f"ratings after {year} years")
        settled = self.stationary(usual)
        for there, now in zip(settled, law):
            self.assertAlmostEqual(there, now, delta=1e-3)
        self.chi(self.found(result, years), n, settled, "ratings in the long run")
        for band, points in (("suspended", [0]), ("usual", [1, 2, 3, 4, 5]), ("best", [6])):
            self.share(result.series("r", "band", band)[-1], n, sum(law[p] for p in points), "band " + band)
        # One a year each, but for the few whose day is the last minute of all.
        self.assertIn(n * years - result.total("r", "reviews"), range(5))

    @staticmethod
    def matrix(moves, chances):
        """From each rating to each, if the chances of 0, 1, ... records are these (the rest: more)."""
        out = []
        for points in range(7):
            steps = moves["suspended" if points == 0 else "others"]
            row, left = [0.0] * 7, 1.0
            for k, step in enumerate(steps):
                p = left if k == len(steps) - 1 else chances[k]
                left -= p
                row[min(6, max(0, points + step))] += p
            out.append(row)
        return out

    @staticmethod
    def stationary(matrix):
        """law x matrix = law, its sum 1: by elimination."""
        n = len(matrix)
        rows = [[matrix[i][j] - (i == j) for i in range(n)] + [0.0] for j in range(n - 1)] + [[1.0] * (n + 1)]
        for c in range(n):
            pivot = max(range(c, n), key=lambda r: abs(rows[r][c]))
            rows[c], rows[pivot] = rows[pivot], rows[c]
            for r in range(n):
                if r != c:
                    f = rows[r][c] / rows[c][c]
                    rows[r] = [x - f * y for x, y in zip(rows[r], rows[c])]
        return [rows[i][n] / rows[i][i] for i in range(n)]

    def found(self, result, year):
        """People of each rating when so many years are over."""
        return collections.Counter(dict(result.rows(
            "SELECT rating, SUM(people) FROM histogram WHERE window = (SELECT id FROM window WHERE \"end\" = ?)"
            " GROUP BY 1", year * YEAR)))

    def chi(self, counts, n, law, what):
        chi = sum((counts[points] - n * p) ** 2 / (n * p) for points, p in enumerate(law) if p > 0)
        free = sum(p > 0 for p in law) - 1
        self.assertEqual(0, sum(counts[points] for points, p in enumerate(law) if p == 0))
        # The third moment of chi-square with few degrees of freedom is large: its cube root is nearly normal.
        self.near((chi / free) ** (1 / 3), 1 - 2 / (9 * free), math.sqrt(2 / (9 * free)), what)


class Redemption(Laws):
    def test_at_base_are_those_without_a_record_for_so_long(self):
        n, rate, redeem, years = 50_000, 0.6, 2, 8
        result = Town(n, (("slip", rate, "1", ""),), years=years).regime(
            "r", EYE + sees() + "ratings:\n  score: {of: resident, base: 1000, range: [0, 1000], points: {slip: -3},"
            " redeem: 2 years, bands: {low: [0, 999], base: [1000, 1000]}}\n").run("--panel", "--events")
        for end, at_base in list(zip(result.ends(), result.series("r", "band", "base")))[::16]:
            self.share(at_base, n, math.exp(-rate * min(redeem, end / YEAR)), f"at base at minute {end}")
        # A redemption is a record that is the last for two years.
        expected = n * rate * math.exp(-rate * redeem) * (years - redeem)
        self.poisson(result.total("r", "redemptions"), expected, "redemptions")
        # Exactly: what counts are the records since the last one, if it was less than two years ago. (What is done
        # in a minute comes last in it.)
        last, held = {}, collections.Counter()
        redeemed = set()
        for _, row, time, *_ in result.events("r", 2):
            if row in last and time - last[row] >= redeem * YEAR:
                redeemed.add((row, last[row] + redeem * YEAR))
                held[row] = 0
            last[row] = time
            held[row] += 1
        for row, time in last.items():
            if result.horizon - time > redeem * YEAR:
                redeemed.add((row, time + redeem * YEAR))
                held[row] = 0
        self.assertEqual(redeemed, {(row, time) for _, row, time, *_ in result.events("r", 22)})
        self.assertEqual([], [row for row, points in result.rows("SELECT row, points FROM panel")
                              if points != 1000 - 3 * held[row]])


class Nothing(Laws):
    """Zero in, zero out. Exact."""

    BEHAVIOUR = ("slip", 2.0, "0.6", ", deterrence: {certainty: 1, severity: 2, prior: 0.2}%s")
    LEARNING = "learning: {by: zone, memory: 1 year, weight: 20%s}\n"
    RULES = (EYE + sees(0.5) + LIST.format(enter="records(slip) >= 2", more=", term: 1 year, publish: every 30 days")
             + SHUT)

    def counted(self, behaviour="", learning="", gate="", more=""):
        name, rate, taken, keys = self.BEHAVIOUR
        town = Town(20_000, ((name, rate, taken, keys % behaviour),), world=self.LEARNING % learning, gate=gate,
                    more=more)
        return town.regime("r", self.RULES).run().all_series("r")

    def test_strain_one_and_what_nobody_heeds(self):
        plain = self.counted()
        self.assertEqual(plain, self.counted(behaviour=", strain: 1"))
        self.assertEqual(plain, self.counted(behaviour=", strain: {restricted: 1, poor: 1}"))
        self.assertEqual(plain, self.counted(learning=", own: 0, publicity: 0"))
        self.assertEqual(plain, self.counted(gate=", stigma: 0"))
        self.assertNotEqual(plain, self.counted(behaviour=", strain: 1.1"))
        self.assertNotEqual(plain, self.counted(learning=", own: 0.1"))
        self.assertNotEqual(plain, self.counted(learning=", publicity: 1"))
        self.assertNotEqual(plain, self.counted(gate=", stigma: 0.1"))

    def test_a_ladder_that_moves_nobody(self):
        ladder = ("ratings:\n  score: {of: resident, base: 5, range: [0, 9], bands: {low: [0, 4], high: [5, 9]}%s}\n")
        town = Town(20_000, (("slip", 2.0, "0.6", ""),)).regime("plain", self.RULES + ladder % "").regime(
            "still", self.RULES + ladder % ", ladder: {review: every 1 year, records: slip, moves: {others: [0]}}")
        result = town.run()
        self.assertEqual(result.all_series("plain"), result.all_series("still", "reviews"))

    def test_redemption_that_nobody_lives_to_see(self):
        rating = "ratings:\n  score: {of: resident, base: 100, range: [0, 100], points: {slip: -3}%s}\n"
        town = Town(20_000, (("slip", 2.0, "0.6", ""),)).regime("plain", self.RULES + rating % "").regime(
            "late", self.RULES + rating % ", redeem: 5 years")
        result = town.run()
        self.assertEqual(result.all_series("plain"), result.all_series("late"))


if __name__ == "__main__":
    unittest.main(warnings="ignore")
