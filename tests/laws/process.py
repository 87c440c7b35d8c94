#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Laws of due process: petitions, their queues, correction, repair, pardons
(section 15 of docs/semantics.md).

    python3 process.py STANDING [unittest arguments]
"""
import collections
import math
import unittest

from town import DAY, EYE, LIST, SHUT, YEAR, Laws, Town, sees

LISTED = LIST.format(enter="records(slip) >= 1", more=", leave: 'records(slip) == 0'") + SHUT
FALSE = 65536
FILED, DECIDED, ENDED = 15, 16, 13
GRANTED, CORRECTED, REPAIRED, PARDONED = 2, 3, 4, 5


def entry(text, agency="eye"):
    return f"due_process:\n  - {{agency: {agency}, {text}}}\n"


def petition(files=1, within="15 days", duration="0 days", succeeds=0, **keys):
    """An objection or appeal; a chance that is a pair is that of those who acted, and of those who did not."""
    pair = lambda p: "{acted: %g, not_acted: %g}" % (p if isinstance(p, tuple) else (p, p))
    more = "".join(f", {key}: {value}" for key, value in keys.items())
    return f"{{files: {pair(files)}, within: {within}, duration: {duration}, succeeds: {pair(succeeds)}{more}}}"


def false(rate, behaviour="slip"):
    return f"false_records:\n  - {{behaviour: {behaviour}, agency: eye, rate: {rate} per year}}\n"


def alone(result, regime):
    """Birth and truth of the record of everybody who has just one: {row: (time, false)}."""
    found, many = {}, set()
    for _, row, time, _, _, value in result.events(regime, 2):
        if row in found:
            many.add(row)
        found[row] = (time, bool(value & FALSE))
    return {row: of for row, of in found.items() if row not in many}


def ended(result, regime, how):
    return [(row, time) for _, row, time, _, _, value in result.events(regime, ENDED) if value >> 32 == how]


class Queues(Laws):
    def waits(self, desks, minutes, load, years=10, seed=7):
        """Cases come as a Poisson stream to `desks` desks; (mean wait, its standard error, cases)."""
        n, each = 40_000, 0.5
        a_day = n * each / 365 / load  # what the agency can decide
        # Time and desks are whole: desks = a_day x duration.
        duration = minutes
        self.assertEqual(desks, round(a_day * duration / DAY))
        result = Town(n, (("slip", each, "1", ""),), years=years, seed=seed).regime(
            "r", EYE + sees() + entry("objection: " + petition(duration=f"{duration} minutes",
                                                               capacity=f"{a_day!r} per day"))).run()
        waited = result.series("r", "objections_wait_minutes", "eye")
        decided = [sum(v) for v in zip(*(result.series("r", "objections_" + how, "eye")
                                         for how in ("granted", "denied", "void")))]
        # The first year fills the queue; windows of the rest are batches, hardly correlated.
        waited, decided = waited[13:], decided[13:]
        mean, batches = sum(waited) / sum(decided), len(decided)
        off = sum((w - mean * d) ** 2 for w, d in zip(waited, decided))
        return mean, math.sqrt(off) / sum(decided) * math.sqrt(batches / (batches - 1)), sum(decided)

    def test_one_desk_is_pollaczek_khinchine(self):
        minutes = 21
        load = 40_000 * 0.5 / 365 * minutes / DAY  # one desk: capacity is one case every 21 minutes
        mean, sigma, _ = self.waits(1, minutes, load)
        self.assertGreater(load, 0.7)
        self.near(mean, load * minutes / (2 * (1 - load)), sigma, f"mean wait at one desk, load {load:.3f}")

    def test_several_desks_are_as_crommelin_found(self):
        desks, minutes = 4, 90
        come = 40_000 * 0.5 / 365 * minutes / DAY  # cases while one is decided
        mean, sigma, _ = self.waits(desks, minutes, come / desks)
        self.near(mean, self.crommelin(desks, come) * minutes / come, sigma,
                  f"mean wait at {desks} desks, load {come / desks:.3f}")

    @staticmethod
    def crommelin(desks, come):
        """Mean number that wait in M/D/c: whoever is being decided now is done one duration later, and nobody
        else, so the number there is n' = max(n - c, 0) + Poisson(come). Stationary by iteration."""
        room = 400
        new = [math.exp(-come)]
        for i in range(1, room):
            new.append(new[-1] * come / i)
        there = [1.0] + [0.0] * (room - 1)
        for _ in range(400):
            left = [sum(there[:desks + 1])] + there[desks + 1:]
            there = [0.0] * room
            for i, p in enumerate(left):
                if p > 1e-15:
                    for j, q in enumerate(new[:room - i]):
                        if q < 1e-15 and j > come:
                            break
                        there[i + j] += p * q
        return sum((n - desks) * p for n, p in enumerate(there) if n > desks)

    def test_overload_grows_by_the_excess(self):
        n, each, years, a_day, days = 20_000, 1.0, 6, 40, 0.5
        result = Town(n, (("slip", each, "1", ""),), years=years).regime(
            "r", EYE + sees() + entry("objection: " + petition(
                duration=f"{days} days", capacity=f"{a_day} per day"))).run()
        filed, pending, ends = (result.series("r", "objections_filed", "eye"),
                                result.series("r", "objections_pending", "eye"), result.ends())
        first, last = 12, len(ends) - 1  # no queue to begin with, then one of more than a window
        passed = (ends[last] - ends[first]) / DAY
        self.assertEqual(20, a_day * days)
        self.near(pending[last] - pending[first], (n * each / 365 - a_day) * passed,
                  math.sqrt(n * each / 365 * passed), "growth of the backlog")
        # All desks are busy, so of decisions nothing is left to chance but where in a duration the window begins.
        decided = sum(filed[first + 1:]) - (pending[last] - pending[first])
        self.assertLessEqual(abs(decided - a_day * passed), a_day * days)

    def test_two_queues_do_not_mix(self):
        # What the appeal can take in says nothing about the objection.
        def due(appeal):
            return entry("objection: " + petition(duration="1 day", capacity="30 per day") + ", appeal: " + appeal)
        town = Town(10_000, years=3)
        for name, capacity in (("few", 2), ("many", 200)):
            town.regime(name, EYE + sees() + due(petition(0.5, "20 days", "2 days", capacity=f"{capacity} per day")))
        result = town.run("--events")
        few, many = ([event for event in result.events(name, FILED, DECIDED) if not event[5] >> 32 & 1]
                     for name in ("few", "many"))
        self.assertEqual(few, many)
        for of in ("filed", "wait_minutes"):
            self.assertEqual(result.series("few", "objections_" + of, "eye"), result.series("many", "objections_" + of, "eye"))
        self.assertGreater(result.total("few", "appeals_wait_minutes", "eye"),
                           result.total("many", "appeals_wait_minutes", "eye"))


class Petitions(Laws):
    def test_who_files_when_and_with_what_success(self):
        files, wins, within, duration = (0.3, 0.8), (0.1, 0.6), 20, 12
        result = Town(60_000, (("slip", 0.15, "1", ""),), years=3).regime(
            "r", EYE + sees() + false(0.15) + entry("objection: " + petition(
                files, f"{within} days", f"{duration} days", wins))).run("--events")
        born = alone(result, "r")
        filed = {row: time for _, row, time, *_ in result.events("r", FILED) if row in born}
        decided = {row: (time, value >> 33 & 3) for _, row, time, _, _, value in result.events("r", DECIDED) if row in born}
        due = {row for row, time in filed.items() if time + duration * DAY < result.horizon}
        self.assertEqual(due, set(decided))
        for row in due:
            self.assertEqual(filed[row] + duration * DAY, decided[row][0])
        for truth, word in ((False, "acted"), (True, "did not act")):
            rows = [row for row, (time, wrong) in born.items()
                    if wrong == truth and time + within * DAY < result.horizon]
            after = [filed[row] - born[row][0] for row in rows if row in filed]
            self.share(len(after), len(rows), files[truth], f"filed, of those who {word}")
            self.near(sum(after) / len(after), within * DAY / 2, within * DAY / math.sqrt(12 * len(after)),
                      f"when they file who {word}")
            self.assertLess(max(after), within * DAY)
            outcomes = [decided[row][1] for row in rows if row in decided]
            self.share(outcomes.count(1), len(outcomes), wins[truth], f"granted, to those who {word}")
        granted = {(row, decided[row][0]) for row in decided if decided[row][1] == 1}
        self.assertEqual(granted, {of for of in ended(result, "r", GRANTED) if of[0] in born})

    def test_appeals_of_what_was_denied(self):
        wins, files = 0.2, 0.5
        result = Town(40_000, years=3).regime("r", EYE + sees() + entry(
            "objection: " + petition(1, "1 day", "10 days", wins) +
            ", appeal: " + petition(files, "5 days", "30 days", 0.4))).run("--events")
        # Within five days of the denial, evenly; of the last five days, only a part comes in time.
        chances = [files * min(1, (result.horizon - time) / (5 * DAY)) for _, _, time, _, _, value
                   in result.events("r", DECIDED) if value >> 32 == 0]
        self.near(result.total("r", "appeals_filed", "eye"), sum(chances),
                  math.sqrt(sum(p * (1 - p) for p in chances)), "appealed")
        granted, all_decided = (sum(result.total("r", "appeals_" + how, "eye") for how in hows)
                                for hows in (["granted"], ["granted", "denied"]))
        self.share(granted, all_decided, 0.4, "appeals granted")
        self.assertEqual(0, result.total("r", "appeals_void", "eye"))
        for stage in ("objections", "appeals"):
            filed, pending = (result.total("r", f"{stage}_filed", "eye"), result.series("r", f"{stage}_pending", "eye")[-1])
            self.assertEqual(filed, pending + sum(result.total("r", f"{stage}_{how}", "eye")
                                                  for how in ("granted", "denied", "void")))

    def test_suspended_is_off_the_list_while_the_case_is_open(self):
        town = Town(60_000, (("slip", 0.2, "1", ""),), years=3)
        for suspends in ("no", "yes"):
            town.regime(suspends, EYE + sees() + entry("objection: " + petition(
                0.6, "30 days", "50 days", 0.4, suspends=suspends)) + LISTED)
        result = town.run("--events")
        born = alone(result, "no")
        self.assertEqual(result.events("no", 2, FILED, DECIDED), result.events("yes", 2, FILED, DECIDED))

        def listed(regime):
            """Minutes on the list of each who has one record."""
            minutes = collections.Counter()
            for _, row, time, kind, _, _ in result.events(regime, 6, 7):
                minutes[row] += time - result.horizon if kind == 7 else result.horizon - time
            return {row: minutes[row] for row in born}
        open_case = {row: min(50 * DAY, result.horizon - time) for _, row, time, *_ in result.events("no", FILED)}
        no, yes = listed("no"), listed("yes")
        for row in born:
            self.assertEqual(no[row] - open_case.get(row, 0), yes[row], f"row {row}")
        self.assertLess(result.total("yes", "closed_minutes", "gate"), result.total("no", "closed_minutes", "gate"))

    def test_notice_puts_everything_off(self):
        # Nothing else follows from records here: all that they do comes just so much later.
        town = Town(10_000, years=3)
        for name, days in (("none", 0), ("some", 25)):
            town.regime(name, EYE + sees() + entry(f"notice: {days} days") +
                        LIST.format(enter="records(slip) >= 1", more="") + SHUT)
        result = town.run("--events")
        late = [(p, row, time + 25 * DAY, *rest) for p, row, time, *rest in result.events("none", 6, 9)
                if time + 25 * DAY < result.horizon]
        self.assertEqual(late, result.events("some", 6, 9))
        self.assertEqual(result.total("some", "reached") * 25 * DAY, result.total("some", "reach_minutes"))
        self.assertEqual(0, result.total("none", "reach_minutes"))

    def test_points_of_a_denial(self):
        rated = "ratings:\n  score: {of: resident, base: 1000, range: [0, 2000], points: {slip: -7}}\n"
        result = Town(20_000, years=3).regime("r", EYE + sees() + rated + entry(
            "objection: " + petition(0.5, "5 days", "10 days", 0.3, points=-100))).run("--panel")
        denied, granted, made = (result.total("r", *of) for of in (
            ("objections_denied", "eye"), ("objections_granted", "eye"), ("records", "slip")))
        self.assertEqual(20_000 * 1000 - 7 * (made - granted) - 100 * denied,
                         result.number("SELECT SUM(points) FROM panel"))


class Ends(Laws):
    def hazard(self, ends, births, until, rate, what):
        """Of times until an end, cut off at `until`: ends a year of exposure. Sums alone are needed."""
        exposed = sum(ends) + (len(births) - len(ends)) * until - sum(births)
        self.near(len(ends) / (exposed / YEAR), rate, rate / math.sqrt(len(ends)), what)

    def test_false_records_are_found_at_an_exponential_time(self):
        rate = 0.8
        result = Town(50_000, years=4).regime("r", EYE + sees(0.2) + false(0.3) + entry(
            f"correction: {rate} per year") + LISTED).run("--events")
        births = [time for _, _, time, _, _, value in result.events("r", 2) if value & FALSE]
        found = [time for _, time in ended(result, "r", CORRECTED)]
        self.hazard(found, births, result.horizon, rate, "corrections a year")
        self.assertEqual(len(found), result.total("r", "corrected", "slip"))
        # Exponential, not only in the mean: of those born in the first year, found within half a year.
        early = alone(result, "r")
        early = {row: time for row, (time, wrong) in early.items() if wrong and time < YEAR}
        soon = sum(row in early and time - early[row] < YEAR / 2 for row, time in ended(result, "r", CORRECTED))
        self.share(soon, len(early), 1 - math.exp(-rate / 2), "found within half a year")

    def test_true_records_are_never_corrected(self):
        result = Town(20_000, years=3).regime("r", EYE + sees() + entry("correction: 50 per year")).run("--events")
        self.assertEqual([], result.events("r", ENDED))

    def test_repair_is_a_thinned_exponential_between_two_waits(self):
        after, chances, taken, duration = 90, 2.5, 0.3, 40
        result = Town(50_000, years=4).regime("r", EYE + sees(0.5) + entry(
            f"repair: {{after: {after} days, chances: {chances} per year, taken: {taken}, duration: {duration} days}}")
            ).run("--events")
        until = result.horizon - duration * DAY
        births = [time + after * DAY for _, _, time, *_ in result.events("r", 2) if time + after * DAY < until]
        ends = [time - duration * DAY for _, time in ended(result, "r", REPAIRED)]
        self.hazard(ends, births, until, chances * taken, "repairs a year")
        self.assertEqual(len(ends), result.total("r", "repaired", "slip"))
        born = alone(result, "r")
        waits = [time - born[row][0] for row, time in ended(result, "r", REPAIRED) if row in born]
        self.assertGreater(min(waits), (after + duration) * DAY)

    def test_repair_needs_what_it_needs(self):
        town = Town(20_000, (("slip", 1.0, "1", ""), ("help", 1.0, "1", "")), years=3)
        repair = "repair: {chances: 5 per year, taken: 0.5%s}, behaviours: slip"
        base = EYE + sees() + sees(behaviour="help")
        town.regime("always", base + entry(repair % "")).regime("never", base + entry(repair % ", needs: never"))
        town.regime("help", base + entry(repair % ", needs: 'records(help, within 1 year) >= 2'"))
        result = town.run("--events")
        self.assertEqual([], result.events("never", ENDED))
        every, some = (ended(result, name, REPAIRED) for name in ("always", "help"))
        self.assertTrue(0 < len(some) < len(every))
        helped = collections.defaultdict(list)
        for _, row, time, _, behaviour, _ in result.events("help", 2):
            if behaviour == 1:
                helped[row].append(time)
        for row, time in some:
            self.assertGreaterEqual(sum(time - YEAR < t <= time for t in helped[row]), 2)

    def test_a_pardon_ends_all(self):
        at = 500
        town = Town(20_000, (("slip", 1.0, "1", ""), ("slide", 1.0, "1", "")), years=3)
        result = town.regime("r", EYE + sees() + sees(behaviour="slide") + LISTED +
                             f"pardons:\n  - {{at: {at} days, behaviours: slip}}\n").run("--events")
        start = 510 * DAY  # the first window to start then or later
        before = [row for _, row, time, _, behaviour, _ in result.events("r", 2) if behaviour == 0 and time < start]
        pardoned = ended(result, "r", PARDONED)
        self.assertEqual(sorted(before), sorted(row for row, _ in pardoned))
        self.assertEqual({start}, {time for _, time in pardoned})
        self.assertEqual(len(before), result.total("r", "pardoned", "slip"))
        self.assertEqual(0, result.total("r", "pardoned", "slide"))
        window = result.ends().index(start)
        new = {row for _, row, time, _, behaviour, _ in result.events("r", 2)
               if behaviour == 0 and start <= time < result.ends()[window + 1]}
        self.assertEqual(len(new), result.series("r", "list_stock", "black")[window + 1])


class Nothing(Laws):
    """Zero in, zero out. Exact."""

    BEHAVIOURS = (("slip", 2.0, "0.6", ", deterrence: {certainty: 1, severity: 2, prior: 0.2}, strain: 1.3"),)
    RULES = (EYE + sees(0.5) + false(0.05) +
             "adjudication:\n  - {behaviour: slip, after: 40 days, confirms: {acted: 0.9, not_acted: 0.2}}\n"
             "ratings:\n  score: {of: resident, base: 100, range: [0, 120], points: {slip: -7}, forget: 1 year,"
             " bands: {low: [0, 84], high: [85, 120]}}\n" +
             LIST.format(enter="records(slip) >= 2 or band(low)", more=", term: 1 year, publish: every 30 days") + SHUT)

    def test_due_process_of_which_nobody_makes_use(self):
        town = Town(8_000, self.BEHAVIOURS).regime("plain", self.RULES)
        entries = {"no_notice": "notice: 0 days", "no_files": "objection: " + petition(0, suspends="yes", points=-50) +
                   ", appeal: " + petition(0), "no_correction": "correction: 0 per year",
                   "no_repair": "repair: {chances: 5 per year, taken: 0}",
                   "no_chance": "repair: {chances: 0 per year, taken: 1}"}
        for name, text in entries.items():
            town.regime(name, self.RULES + entry(text))
        town.regime("no_pardon", self.RULES + "pardons: [{at: 100 years}]\n")
        result = town.run("--events")
        series, events = result.all_series("plain"), result.events("plain", *range(1, 30))
        for name in (*entries, "no_pardon"):
            with self.subTest(name):
                self.assertEqual(series, result.all_series(name))
                self.assertEqual(events, result.events(name, *range(1, 30)))

    def test_threads_of_no_account(self):
        # Namesakes, queues and pardons: all that passes from one person to another.
        rules = self.RULES.replace("{eye: {title: sees}}", "{eye: {title: sees}, ear: {title: hears}}") + entry(
            "objection: " + petition(duration="9 days", capacity="5 per day", succeeds=0.3)) + (
            "pardons: [{at: 2 years}]\nsharing: {routes: [{from: eye, to: ear, wrong_person: 0.3, "
            "propagates_clearing: 0.6}]}\n")
        town = Town(8_000, self.BEHAVIOURS).regime("r", rules.replace(
            "closes: gate, while: on(black)", "by: ear, closes: gate, while: on(black) or records(slip) >= 2"))
        digests = {tuple(town.run("--threads", str(threads)).digests) for threads in (1, 2, 5)}
        self.assertEqual(1, len(digests))

    def test_petitions_always_denied(self):
        # Without points and suspension, they change nothing but their own counters.
        town = Town(20_000, self.BEHAVIOURS).regime("plain", self.RULES).regime("denied", self.RULES + entry(
            "objection: " + petition(duration="9 days", capacity="20 per day") + ", appeal: " + petition(0.5)))
        result = town.run()
        own = [f"{stage}_{of}" for stage in ("objections", "appeals")
               for of in ("filed", "granted", "denied", "void", "wait_minutes", "pending")]
        self.assertEqual(result.all_series("plain"), result.all_series("denied", *own))
        self.assertEqual(0, result.total("denied", "objections_granted", "eye"))
        self.assertGreater(result.total("denied", "objections_denied", "eye"), 0)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
