#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Closed forms and metamorphic laws, through the command line.

Closed forms hold within SIGMAS standard errors at 10^6 residents; the seeds
are fixed, so a pass stays a pass. Metamorphic laws are exact.

    python3 laws.py STANDING [unittest arguments]
"""
import math
import unittest

from town import EYE, LIST, SHUT, YEAR, Laws, Town, sees


class Closed(Laws):
    """Each figure against its formula."""

    def test_opportunities_and_records_are_poisson(self):
        n, rate, p, years = 1_000_000, 1.7, 0.4, 4
        # One point a record, so that a person's points are their number of records.
        count = "ratings:\n  count: {of: resident, base: 0, range: [0, 1000], points: {slip: 1}}\n"
        result = Town(n, (("slip", rate, "1", ""),), years=years).regime("r", EYE + sees(p) + count).run("--panel")
        for name, column, mean in (("opportunities", "opportunities", rate * years),
                                   ("records", "points", rate * years * p)):
            k, k2 = result.rows(f"SELECT SUM({column}), SUM({column} * {column}) FROM panel")[0]
            variance = k2 / n - (k / n) ** 2
            # Var of the sample variance of a Poisson: (mean + 2 mean^2) / n.
            self.near(variance, mean, math.sqrt((mean + 2 * mean * mean) / n), "variance of " + name)
            self.near(k / n, mean, math.sqrt(mean / n), "mean of " + name)
            self.assertEqual(k, result.total("r", name, "slip"))
        windows = result.series("r", "records", "slip")
        length = [b - a for a, b in zip([0] + result.ends(), result.ends())]
        for window, (count, minutes) in enumerate(zip(windows, length)):
            expected = n * rate * p * minutes / YEAR
            self.near(count, expected, math.sqrt(expected), f"records in window {window}")

    def test_permanent_list(self):
        n, rate, p = 1_000_000, 0.5, 0.6
        result = Town(n, (("slip", rate, "1", ""),)).regime(
            "r", EYE + sees(p) + LIST.format(enter="records(slip) >= 1", more="")).run()
        for stock, end in zip(result.series("r", "list_stock", "black"), result.ends()):
            self.share(stock, n, 1 - math.exp(-rate * p * end / YEAR), f"listed at minute {end}")

    def test_entry_at_the_kth_record_is_erlang(self):
        n, rate, k = 1_000_000, 1.5, 4
        result = Town(n, (("slip", rate, "1", ""),)).regime(
            "r", EYE + sees(1) + LIST.format(enter=f"records(slip) >= {k}", more="")).run()
        for stock, end in zip(result.series("r", "list_stock", "black"), result.ends()):
            x = rate * end / YEAR
            erlang = 1 - sum(math.exp(-x) * x ** i / math.factorial(i) for i in range(k))
            self.share(stock, n, erlang, f"listed at minute {end}")

    def test_fixed_term_stock_path_and_equilibrium(self):
        n, rate, days, years = 1_000_000, 1.2, 200, 6
        result = Town(n, (("slip", rate, "1", ""),), years=years).regime(
            "r", EYE + sees(1) + LIST.format(enter="records(slip) >= 1", more=f", term: {days} days")).run()
        # Off the list for an exponential time, on it for T: s'(t) = h(t) - h(t - T), h = rate (1 - s).
        step = YEAR / 365 / 8  # three hours; the error of Heun's rule is then far below the tolerance
        lag, r = round(days * 1440 / step), rate / YEAR
        s, h, steps = 0.0, [r], round(years * YEAR / step)
        path = [0.0]
        for i in range(1, steps + 1):
            gone0 = h[i - 1 - lag] if i - 1 >= lag else 0.0
            gone1 = h[i - lag] if i >= lag else 0.0
            slope0 = h[i - 1] - gone0
            slope1 = r * (1 - (s + step * slope0)) - gone1
            s += step * (slope0 + slope1) / 2
            path.append(s)
            h.append(r * (1 - s))
        for stock, end in zip(result.series("r", "list_stock", "black"), result.ends()):
            self.share(stock, n, path[min(round(end / step), steps)], f"listed at minute {end}")
        x = rate * days / 365
        last = result.series("r", "list_stock", "black")[-1]
        self.share(last, n, x / (1 + x), "equilibrium T r / (1 + T r)")

    def test_blocked_attempts(self):
        n, rate, attempts = 1_000_000, 0.4, 6
        result = Town(n, (("slip", rate, "1", ""),), attempts=attempts).regime(
            "r", EYE + sees(1) + LIST.format(enter="records(slip) >= 1", more=", term: 300 days") + SHUT).run()
        blocked, minutes = result.total("r", "blocked", "gate"), result.total("r", "closed_minutes", "gate")
        expected = attempts * minutes / YEAR
        self.near(blocked, expected, math.sqrt(expected), "blocked attempts = rate x closed time")
        self.assertEqual(minutes, result.total("r", "restricted_minutes"))
        self.assertEqual(minutes, result.total("r", "list_minutes", "black"))
        self.assertEqual(0, result.total("r", "blocked", "arch"))

    def test_share_of_listed_who_did_nothing(self):
        n, doers, years, rate, false = 1_000_000, 0.25, 4, 0.3, 0.05
        town = Town(n, (("slip", rate, "{value: 1, ratios: {doer: {never: 0}}}", ""),), doers=doers, years=years)
        result = town.regime(
            "r", EYE + sees(1) + "false_records:\n  - {behaviour: slip, agency: eye, rate: {value: %g per year, "
            "ratios: {doer: {does: 0}}}}\n" % false + LIST.format(enter="records(slip) >= 1", more="")).run()
        s, f = 1 - math.exp(-rate * years), 1 - math.exp(-false * years)
        listed, wrong = (result.series("r", name, "black")[-1] for name in ("list_stock", "list_wrong_stock"))
        self.share(wrong, listed, (1 - doers) * f / ((1 - doers) * f + doers * s), "share of listed who did nothing")
        self.assertEqual(wrong, result.series("r", "list_stock", "black", "never")[-1])
        self.assertEqual(0, result.series("r", "list_wrong_stock", "black", "does")[-1])

    def test_verdicts_and_forgetting(self):
        n, rate, p, years = 1_000_000, 1.0, 0.3, 4
        result = Town(n, (("slip", rate, "1", ""),), years=years).regime(
            "r", EYE + sees(1) + "adjudication:\n  - {behaviour: slip, after: 60 days, confirms: {acted: %g, "
            "not_acted: 0}}\n" % p + "counts: confirmed\n" +
            LIST.format(enter="records(slip, within 1 year) >= 1", more=", leave: 'records(slip, within 1 year) == 0'")
            ).run()
        confirmed, cleared = (result.total("r", name, "slip") for name in ("confirmed", "cleared"))
        self.share(confirmed, confirmed + cleared, p, "confirmed share")
        x = rate * p * (365 - 60) / 365  # a confirmed record counts from day 60 to day 365 of its life
        self.share(result.series("r", "list_stock", "black")[-1], n, 1 - math.exp(-x), "on the list by a live record")

    def test_settlement_is_a_thinned_exponential(self):
        n, years, rate, chances, taken = 1_000_000, 4, 0.5, 3, 0.2
        town = Town(n, (("slip", rate, "1", ", settles: {chances: %g per year, taken: %g}" % (chances, taken)),),
                    years=years)
        result = town.regime("r", EYE + sees(1) + "settlement:\n  - {behaviour: slip}\n").run()
        made, paid = result.total("r", "records", "slip"), result.total("r", "settled", "slip")
        q = chances * taken
        # Of records born evenly over the years, those paid by the end.
        self.share(paid, made, 1 - (1 - math.exp(-q * years)) / (q * years), "paid by the end")


class Metamorphic(unittest.TestCase):
    """What must not change, and what can only change one way. Exact."""

    RICH = (EYE + sees(0.5) + "false_records:\n  - {behaviour: slip, agency: eye, rate: 0.05 per year}\n"
            "adjudication:\n  - {behaviour: slip, after: 40 days, confirms: {acted: 0.9, not_acted: 0.2}}\n"
            "ratings:\n  score: {of: resident, base: 100, range: [0, 120], points: {slip: -7}, forget: 1 year,"
            " bands: {low: [0, 84], high: [85, 120]}}\n" +
            LIST.format(enter="records(slip) >= 2 or band(low)", more=", term: 1 year, publish: every 30 days"))
    FEEDBACK = (("slip", 2.0, "0.5", ", deterrence: {certainty: 1, severity: 3, prior: 0.2}, strain: 1.3"),)

    def test_null_reform(self):
        result = Town(20_000, self.FEEDBACK).regime("before", self.RICH + SHUT).regime("after", self.RICH + SHUT).run()
        self.assertEqual(2, len(result.digests))
        self.assertEqual(result.digests[0], result.digests[1])

    def test_digest_knows_the_difference(self):
        other = self.RICH.replace("slip: -7", "slip: -8")
        result = Town(20_000, self.FEEDBACK).regime("before", self.RICH + SHUT).regime("after", other + SHUT).run()
        self.assertNotEqual(result.digests[0], result.digests[1])

    def test_lower_detection_gives_a_subset_of_the_records(self):
        town = Town(20_000, (("slip", 2.0, "0.5", ""),))
        for name, p in (("low", 0.2), ("high", 0.7)):
            town.regime(name, "agencies: {eye: {title: a}, ear: {title: b}}\ndetection:\n" + sees(p) +
                        sees(p / 2, "ear"))
        result = town.run("--events")
        low, high = (set(result.events(name, 2)) for name in ("low", "high"))
        self.assertTrue(low < high)
        self.assertEqual(result.events("low", 1), result.events("high", 1))

    def test_measures_that_close_nothing_leave_every_act(self):
        town = Town(20_000, self.FEEDBACK).regime("none", EYE + sees(0.5))
        rated = self.RICH.replace(", points: {slip: -7}", "").replace(
            "false_records:\n  - {behaviour: slip, agency: eye, rate: 0.05 per year}\n", "")
        result = town.regime("rated", rated).run("--events")
        self.assertEqual(result.events("none", 1), result.events("rated", 1))
        self.assertGreater(result.total("rated", "list_entries", "black"), 0)

    def test_nobody_is_deterred_where_nobody_is_caught(self):
        town = Town(20_000, (("slip", 2.0, "0.5", ", deterrence: {certainty: 1, severity: 3}"),))
        result = town.regime("blind", "agencies: {}\n").regime(
            "list", LIST.format(enter="records(slip) >= 1", more="") + SHUT).run("--events")
        self.assertEqual(result.events("blind", 1), result.events("list", 1))

    def test_stocks_are_entries_less_exits(self):
        result = Town(20_000, self.FEEDBACK).regime("r", self.RICH + SHUT).run()
        entries, exits, stock = (result.series("r", n, "black") for n in ("list_entries", "list_exits", "list_stock"))
        held = 0
        for window, change in enumerate(a - b for a, b in zip(entries, exits)):
            held += change
            self.assertEqual(held, stock[window], f"window {window}")
        bands = [sum(v) for v in zip(result.series("r", "band", "low"), result.series("r", "band", "high"))]
        self.assertEqual({20_000}, set(bands))

    def test_window_of_no_account_without_feedback(self):
        # With nothing learnt and no attempts counted, the window's length cannot matter.
        events = []
        for window in ("30 days", "7 days", "1 year"):
            town = Town(5_000, (("slip", 2.0, "0.5", ""),), window=window)
            events.append(town.regime("r", self.RICH).run("--events").events("r", 1, 2, 3, 4, 6, 7, 8))
        self.assertEqual(events[0], events[1])
        self.assertEqual(events[0], events[2])


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # folders go when the process does
