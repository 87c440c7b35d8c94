#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Laws of what agencies tell each other: sections 13 and 14 of docs/semantics.md.

    python3 sharing.py STANDING [unittest arguments]
"""
import collections
import math
import unittest

from town import DAY, SHUT, Laws, Town, sees

AGENCIES = "agencies: {court: {title: c}, air: {title: a}, inn: {title: i}}\n"
COURT = AGENCIES + "detection:\n" + sees(agency="court")
COURT_NUMBER, AIR, INN = 0, 1, 2
FALSE = 65536
CHAIN = ("sharing:\n  routes:\n  - {{from: court, to: air, delay: 10 days, coverage: {0}}}\n"
         "  - {{from: air, to: inn, delay: 5 days, coverage: {1}}}\n")


def route(to="air", **keys):
    more = "".join(f", {key}: {value}" for key, value in keys.items())
    return f"sharing:\n  namesakes: [doer]\n  routes: [{{from: court, to: {to}{more}}}]\n"


def seen_by(agency, leave="never"):
    return (f"lists:\n  black: {{kind: blacklist, of: resident, by: {agency}, enter: 'records(slip) >= 1', "
            f"leave: '{leave}'}}\n")


def held_at(events, agency):
    """How many times each (row, time) occurs among events of records held by an agency."""
    return collections.Counter((row, time) for _, row, time, _, _, value in events if value & 65535 == agency)


class Copies(Laws):
    def moments(self, counts, n, mean, what):
        """Per head, counts are Poisson: their mean and their variance."""
        total, square = sum(counts.values()), sum(c * c for c in counts.values())
        self.near(total / n, mean, math.sqrt(mean / n), "mean of " + what)
        self.near(square / n - (total / n) ** 2, mean, math.sqrt((mean + 2 * mean * mean) / n), "variance of " + what)

    def test_one_hop_and_two_are_shifted_thinned_streams(self):
        n, rate, years, first, second = 40_000, 1.5, 3, 0.7, 0.6
        result = Town(n, (("slip", rate, "1", ""),), years=years).regime(
            "r", COURT + CHAIN.format(first, second)).run("--events")
        roots, copies = result.events("r", 2), result.events("r", 11)
        at = [held_at(roots, COURT_NUMBER), held_at(copies, AIR), held_at(copies, INN)]
        for hop, (delay, coverage) in enumerate(((10 * DAY, first), (5 * DAY, second)), 1):
            before = collections.Counter({(row, time + delay): c for (row, time), c in at[hop - 1].items()
                                          if time + delay < result.horizon})
            self.assertEqual(collections.Counter(), at[hop] - before, "each copy comes from one, its delay later")
            self.share(sum(at[hop].values()), sum(before.values()), coverage, f"passed on at hop {hop}")
        self.assertEqual(sum(at[AIR].values()), result.total("r", "known", "air"))
        self.assertEqual(sum(at[INN].values()), result.total("r", "known", "inn"))
        people = collections.Counter()
        for (row, _), count in at[INN].items():
            people[row] += count
        self.moments(people, n, rate * first * second * (years - 15 / 365), "copies at the end of the chain")

    def test_ways_from_one_agency_are_independent(self):
        p, q = 0.7, 0.4
        routes = ("sharing:\n  routes:\n  - {from: court, to: air, coverage: %g}\n"
                  "  - {from: court, to: inn, coverage: %g}\n" % (p, q))
        result = Town(40_000, years=3).regime("r", COURT + routes).run("--events")
        copies = result.events("r", 11)
        air, inn = held_at(copies, AIR), held_at(copies, INN)
        made = result.total("r", "records", "slip")
        self.share(sum((air & inn).values()), made, p * q, "told to both")

    def test_level_multiplies_every_coverage(self):
        result = Town(40_000, years=3).regime("r", COURT + CHAIN.format(0.8, 1).replace(
            "sharing:\n", "sharing:\n  level: 0.5\n")).run()
        made, air, inn = (result.total("r", *of) for of in
                          (("records", "slip"), ("known", "air"), ("known", "inn")))
        # Over three years, what is made in the last ten (or five) days comes too late.
        self.share(air, made * (1095 - 10) / 1095, 0.4, "first hop")
        self.share(inn, air * (1085 - 5) / 1085, 0.5, "second hop")

    def test_told_only_after_notice(self):
        process = "due_process:\n  - {agency: court, notice: 7 days}\n"
        result = Town(10_000).regime("r", COURT + CHAIN.format(1, 1) + process).run("--events")
        copies = held_at(result.events("r", 11), AIR)
        due = collections.Counter((row, time + 17 * DAY) for _, row, time, *_ in result.events("r", 2)
                                  if time + 17 * DAY < result.horizon)
        self.assertEqual(due, copies)

    def test_first_closed_door_is_the_act_and_all_delays(self):
        # Seen after 30 days, believed after 20 more, served 40 days after birth, told in 10 and 5 days.
        town = Town(20_000, years=3).regime("records", AGENCIES + "detection:\n" + sees(agency="court",
            more=", delay: 30 days") + CHAIN.format(0.9, 0.8) + "adjudication: [{behaviour: slip, after: 20 days, "
            "confirms: {acted: 1, not_acted: 0}}]\ncounts: confirmed\ndue_process: [{agency: court, notice: 40 days}]\n"
            + seen_by("inn") + SHUT)
        town.regime("listing", AGENCIES + "detection:\n" + sees(agency="court", more=", delay: 30 days") +
                    CHAIN.format(0.9, 0.8) + seen_by("court") +
                    "measures: {shut: {closes: gate, by: inn, while: on(black)}}\n")
        result = town.run("--events")
        for regime, days in (("records", 30 + 40 + 15), ("listing", 30 + 15)):
            reached, minutes = result.total(regime, "reached"), result.total(regime, "reach_minutes")
            self.assertEqual(result.total(regime, "restricted_entries"), reached)
            self.assertEqual(days * DAY * reached, minutes)
            acts = {(row, time) for _, row, time, *_ in result.events(regime, 1)}
            for _, row, time, _, _, value in result.events(regime, 9):
                if value & 1:
                    self.assertIn((row, time - days * DAY), acts)
        self.share(result.total("listing", "reached"), result.number(
            "SELECT COUNT(*) FROM event WHERE kind = 6 AND regime = 1 AND time < ?", result.horizon - 15 * DAY),
            0.9 * 0.8, "of those listed, told to the inn")


class Notices(Laws):
    def test_notices_are_shifted_thinned_listings(self):
        coverage, passes = 0.8, 0.75
        routes = ("sharing:\n  routes: [{from: court, to: air, delay: 9 days, coverage: %g, "
                  "propagates_clearing: %g}]\n" % (coverage, passes))
        rules = seen_by("court").replace("leave: 'never'", "term: 100 days") + (
            "measures: {shut: {closes: gate, by: air, while: on(black)}}\n")
        result = Town(40_000, (("slip", 1.0, "1", ""),), years=3).regime("r", COURT + routes + rules).run("--events")
        entered, left = (collections.Counter((row, time + 9 * DAY) for _, row, time, *_ in result.events("r", kind)
                                             if time + 9 * DAY < result.horizon) for kind in (6, 7))
        told = {on: [(row, time) for _, row, time, _, _, value in result.events("r", 14) if value >> 32 == on]
                for on in (0, 1)}
        self.assertFalse(collections.Counter(told[1]) - entered)
        self.assertFalse(collections.Counter(told[0]) - left)
        # Marks are the person's, so one is always told, or never: of each, only the first counts.
        people = {row for row, _ in entered}
        told_of = {row for row, _ in told[1]}
        self.share(len(told_of), len(people), coverage, "people of whom air was told")
        ended = {row for row, _ in left} & told_of
        self.share(len({row for row, _ in told[0]}), len(ended), passes, "of those whose end was told")
        shut = {(row, time) for _, row, time, _, _, value in result.events("r", 9) if value & 1}
        self.assertEqual(set(told[1]), shut, "the door closes with the notice")


class Misfiled(Laws):
    def test_how_many_are_misfiled_and_with_whom(self):
        n, wrong, doers = 40_000, 0.2, 0.25
        result = Town(n, (("slip", 2.0, "{value: 1, ratios: {doer: {never: 0}}}", ""),), doers=doers, years=3).regime(
            "r", COURT + route(coverage=0.9, wrong_person=wrong)).run("--events")
        made = result.number("SELECT COUNT(*) FROM event WHERE kind = 2 AND time < ?", result.ends()[-2])
        landed = collections.Counter(row for _, row, *_ in result.events("r", 12))
        self.share(sum(landed.values()), made, 0.9 * wrong, "misfiled")
        self.assertEqual(sum(landed.values()), result.total("r", "misfiled", "air"))
        self.assertEqual(0, result.total("r", "misfiled", "air", "never"), "in namesakes' files only")
        windows = set(result.ends())
        self.assertTrue(all(time in windows for _, _, time, *_ in result.events("r", 12)), "at windows' ends")
        # Evenly: of m landings among d people, the sum of squared deviations over m / d is chi-square.
        d = round(n * doers)
        mean = sum(landed.values()) / d
        chi = sum((landed.get(row, 0) - mean) ** 2 for row in landed) / mean + (d - len(landed)) * mean
        self.near(chi, d - 1, math.sqrt(2 * (d - 1)), "chi-square of landings")

    def test_never_in_ones_own_file(self):
        # Namesakes by doer: two people of one level (each is the other's only namesake), one of the other level.
        for doers, alone in ((2, 1), (1, 2)):
            town = Town(3, (("slip", 20.0, "{value: 1, ratios: {doer: {never: 0}}}", ""),), doers=round(doers / 3, 12),
                        years=3)
            town.write("world.yaml", open_text(town, "world.yaml").replace(
                "doer: {shares", "doer: {counts: {does: %d, never: %d}}\n      unused: {shares" % (doers, alone)))
            result = town.regime("r", COURT + route(wrong_person=1)).run("--events")
            made = collections.Counter(row for _, row, *_ in result.events("r", 2))
            landed = collections.Counter(row for _, row, *_ in result.events("r", 12))
            sent = collections.Counter(row for _, row, time, *_ in result.events("r", 2) if time < result.ends()[-2])
            if doers == 1:
                self.assertEqual((1, 0), (len(made), sum(landed.values())), "lost where there is no namesake")
            else:
                one, other = sorted(made)
                self.assertEqual((sent[one], sent[other]), (landed[other], landed[one]))

    def test_whoever_did_nothing_is_mistaken(self):
        town = Town(20_000, (("slip", 1.0, "{value: 1, ratios: {doer: {never: 0}}}", ""),), years=3)
        result = town.regime("r", COURT + route(wrong_person=0.1).replace("  namesakes: [doer]\n", "") +
                             seen_by("air") + SHUT).run()
        for name in ("restricted_stock", "wrong_stock", "restricted_minutes"):
            mistaken = "mistaken_" + name.split("_")[1]
            self.assertEqual(result.series("r", name, "", "never"), result.series("r", mistaken, "", "never"), name)
        self.assertGreater(result.series("r", "mistaken_stock", "", "never")[-1], 300)
        self.assertEqual(result.total("r", "misfiled", "air"), result.total("r", "misfiled", "air", "does") +
                         result.total("r", "misfiled", "air", "never"))

    def test_misdirected_notices(self):
        wrong = 0.3
        town = Town(100_000, (("slip", 0.5, "{value: 1, ratios: {doer: {never: 0}}}", ""),), years=3)
        result = town.regime("r", COURT + route(wrong_person=wrong) + seen_by("court") +
                             "measures: {shut: {closes: gate, by: air, while: on(black)}}\n").run("--events")
        told = result.events("r", 14)
        right = {row for _, row, _, _, _, value in told if not value & FALSE}
        listed = {row for _, row, *_ in result.events("r", 6)}
        self.assertTrue(right < listed)
        self.share(len(listed - right), len(listed), wrong, "listed people mistaken for others")
        self.assertEqual(0, result.total("r", "closed_minutes", "gate", "never"))
        # m notices land on d people, told once however often: d (1 - exp(-m / d)) of them.
        d = 50_000
        m = result.number("SELECT COUNT(*) FROM event WHERE kind = 6 AND time < ?", result.ends()[-2]) * wrong
        hit = len({row for _, row, _, _, _, value in told if value & FALSE})
        x = math.exp(-m / d)
        self.near(hit, d * (1 - x), math.sqrt(d * x * (1 - x * (1 + m / d)) + d * x * x * m * (1 - wrong) / d),
                  "people in whose file a notice fell")


class Errors(Laws):
    def test_copied_errors_do_not_average_out(self):
        n, agencies, rate, years = 100_000, 8, 0.05, 3
        names = [f"a{i}" for i in range(agencies)]
        common = "agencies: {" + ", ".join(name + ": {title: a}" for name in names) + "}\n"
        lists = "lists:\n" + "".join(f"  l{i}: {{kind: register, of: resident, by: {name}, enter: 'records(slip) >= 1'}}\n"
                                     for i, name in enumerate(names))
        false = "  - {{behaviour: slip, agency: {}, rate: %g per year}}\n" % rate
        town = Town(n, (("slip", 1.0, "1", ""),), years=years)
        town.regime("independent", common + "false_records:\n" + "".join(false.format(name) for name in names) +
                    "sharing: {}\n" + lists)
        town.regime("copied", common + "false_records:\n" + false.format("a0") + lists +
                    "sharing:\n  routes: [{from: a0, to: [" + ", ".join(names[1:]) + "]}]\n")
        result = town.run("--panel")
        p = 1 - math.exp(-rate * years)
        for regime, weight in (("independent", 1), ("copied", agencies)):
            held = [bin(mask).count("1") for (mask,) in result.rows(
                "SELECT p.lists FROM panel p JOIN regime r ON r.id = p.regime WHERE r.name = ?", regime)]
            trials = agencies // weight  # independent ones, each of which counts for so many agencies
            mean = sum(held) / n
            variance = sum((h - mean) ** 2 for h in held) / (n - 1)
            expected = weight ** 2 * trials * p * (1 - p)
            fourth = weight ** 4 * trials * p * (1 - p) * (1 + 3 * (trials - 2) * p * (1 - p))
            self.near(mean, agencies * p, math.sqrt(expected / n), f"agencies in error, {regime}")
            self.near(variance, expected, math.sqrt((fourth - expected ** 2) / n), f"their variance, {regime}")

    def test_clearings_that_are_not_passed_on_keep_doors_closed(self):
        n, rate, years, passes, delay, until = 100_000, 0.5, 3, 0.7, 12, 60
        result = Town(n, (("slip", rate, "1", ""),), years=years).regime(
            "r", COURT + route(delay=f"{delay} days", propagates_clearing=passes) +
            f"adjudication: [{{behaviour: slip, after: {until} days, confirms: {{acted: 0, not_acted: 0}}}}]\n" +
            seen_by("air", "records(slip) == 0") + SHUT).run()
        cleared, lost = result.total("r", "cleared", "slip"), result.total("r", "clearings_lost", "air")
        self.share(lost, cleared, 1 - passes, "clearings that were not passed on")
        self.assertEqual(0, result.total("r", "confirmed", "slip"))
        # Copies at hand: those that stay for good, and those for `until` days.
        for window in (12, 24, 36):
            day = result.ends()[window] / DAY
            copies = rate / 365 * ((1 - passes) * (day - delay) + passes * until)
            self.share(result.series("r", "restricted_stock")[window], n, 1 - math.exp(-copies),
                       f"restricted on day {day:g}")

    def test_withdrawals_follow_into_namesakes_files(self):
        result = Town(20_000, years=3).regime(
            "r", COURT + route(wrong_person=1, delay="3 days") + "adjudication: [{behaviour: slip, after: 100 days, "
            "confirms: {acted: 0, not_acted: 0}}]\n").run("--events")
        ended = collections.Counter(time for _, _, time, _, _, value in result.events("r", 13) if value >> 32 == 1)
        # Three days after the clearing, but not before the end of its window.
        ends = result.ends()
        due = collections.Counter(max(time + 3 * DAY, next(e for e in ends if e > time))
                                  for _, _, time, *_ in result.events("r", 4))
        self.assertEqual({time: count for time, count in due.items() if time < result.horizon}, ended)
        self.assertGreater(result.total("r", "misfiled", "air"), sum(ended.values()))


class Nothing(Laws):
    """Zero in, zero out. Exact."""

    BEHAVIOURS = (("slip", 2.0, "0.6", ", deterrence: {certainty: 1, severity: 2, prior: 0.2}, strain: 1.3"),)
    RULES = ("false_records: [{behaviour: slip, agency: court, rate: 0.05 per year}]\n"
             "adjudication:\n  - {behaviour: slip, after: 40 days, confirms: {acted: 0.9, not_acted: 0.2}}\n"
             "ratings:\n  score: {of: resident, base: 100, range: [0, 120], points: {slip: -7}, forget: 1 year,"
             " bands: {low: [0, 84], high: [85, 120]}}\n"
             "lists:\n  black: {kind: blacklist, of: resident, by: court, enter: 'records(slip) >= 2 or band(low)', "
             "term: 1 year, publish: every 30 days}\n")
    SHUT = "measures: {shut: {closes: gate, by: court, while: on(black)}}\n"

    def test_sharing_with_one_agency(self):
        one = COURT.replace(", air: {title: a}, inn: {title: i}", "") + self.RULES + self.SHUT
        result = Town(10_000, self.BEHAVIOURS).regime("plain", one).regime(
            "sharing", one + "sharing: {}\n").run("--events")
        self.assertEqual(result.all_series("plain"), result.all_series("sharing"))
        kinds = range(1, 30)
        self.assertEqual(result.events("plain", *kinds), result.events("sharing", *kinds))

    def test_sharing_whose_routes_carry_nothing(self):
        base = COURT + self.RULES + self.SHUT
        town = Town(20_000, self.BEHAVIOURS).regime("none", base + "sharing: {}\n")
        routes = {"coverage": route("[air, inn]", coverage=0), "level": route("[air, inn]").replace(
            "  namesakes", "  level: 0\n  namesakes"), "carries": route("[air, inn]", behaviours="[]", lists="[]")}
        for name, text in routes.items():
            town.regime(name, base + text)
        result = town.run()
        self.assertEqual([result.digests[0]] * len(result.digests), result.digests)

    def test_nobody_mistaken_and_everything_told(self):
        base = COURT + self.RULES + "measures: {shut: {closes: gate, by: air, while: on(black) or records(slip) >= 3}}\n"
        result = Town(20_000, self.BEHAVIOURS).regime("left_out", base + route()).regime(
            "zero", base + route(wrong_person=0, delay="0 days", coverage=1, propagates_clearing=1)).run()
        self.assertEqual(result.digests[0], result.digests[1])
        self.assertEqual(0, result.total("zero", "misfiled", "air"))
        self.assertEqual(0, result.total("zero", "clearings_lost", "air"))
        self.assertEqual(0, result.total("zero", "mistaken_stock"))
        self.assertEqual(0, result.total("zero", "mistaken_minutes"))

    def test_window_of_no_account_where_all_stays_with_one_person(self):
        # Nothing learnt, nobody mistaken, no queue: the window's length cannot matter.
        rules = COURT + self.RULES + CHAIN.format(0.8, 0.7) + (
            "due_process: [{agency: court, notice: 8 days, objection: {files: {acted: 0.3, not_acted: 0.3}, within: "
            "20 days, duration: 10 days, succeeds: {acted: 0.3, not_acted: 0.3}, suspends: yes}, correction: 1 per year}]\n"
            "measures: {shut: {closes: gate, by: inn, while: on(black) or records(slip) >= 3}}\n")
        events = []
        for window in ("30 days", "7 days", "1 year"):
            town = Town(3_000, (("slip", 2.0, "0.5", ", strain: 1.3"),), window=window)
            events.append(town.regime("r", rules).run("--events").events("r", *(k for k in range(1, 24) if k != 10)))
        self.assertEqual(events[0], events[1])
        self.assertEqual(events[0], events[2])
        self.assertGreater({11, 13, 14, 15, 16} & {event[3] for event in events[0]}, {11, 13, 14})

    def test_told_of_everything_at_once_is_as_good_as_one_agency(self):
        # A list by air that is told everything, at once, is the court's own, minute for minute. True records only.
        base = COURT + ("adjudication:\n  - {behaviour: slip, after: 40 days, confirms: {acted: 0.9, not_acted: 0.2}}\n"
                        "counts: confirmed\n" + route())
        town = Town(20_000, (("slip", 2.0, "0.6", ""),))
        for by in ("court", "air"):
            town.regime(by, base + seen_by(by, "records(slip, within 1 year) == 0") + SHUT)
        result = town.run("--events")
        self.assertEqual(result.events("court", 1, 2, 6, 7, 9), result.events("air", 1, 2, 6, 7, 9))
        self.assertEqual(result.all_series("court"), result.all_series("air"))


def open_text(town, name):
    with open(f"{town.folder.name}/{name}", encoding="utf-8") as file:
        return file.read()


if __name__ == "__main__":
    unittest.main(warnings="ignore")
