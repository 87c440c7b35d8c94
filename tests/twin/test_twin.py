#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the twin itself: published vectors, and small lives whose outcome is worked out by hand beside it."""
import math
import os
import sys
import tempfile
import textwrap
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir, "reference"))

import city
import conditions
import draw
import files
import generations
import life
import process
import sharing
import units
import yaml_subset
from draw import NEVER, gap, later

DAY, YEAR = 1440, 525600


class Draws(unittest.TestCase):
    def test_philox_vectors_of_random123(self):
        ones = 2**32 - 1
        cases = [
            ((0, 0, 0, 0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
            ((2**64 - 1, ones, ones, ones, ones), "408f276d 41c83b0e a20bc7c6 6d5451fd"),
            ((0x299F31D0A4093822, 0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), "d16cfe09 94fdcceb 5001e420 24126ea1"),
        ]
        for given, expected in cases:
            self.assertEqual(" ".join(f"{word:08x}" for word in draw.philox(*given)), expected)

    def test_hashes(self):
        self.assertEqual(draw.fnv(""), 0x811C9DC5)
        self.assertEqual(draw.fnv("a"), 0xE40C292C)
        self.assertEqual(draw.fnv("foobar"), 0xBF9CF968)
        self.assertEqual(draw.mix(0), 0)
        self.assertEqual(draw.mix(1), 0x514E28B7)
        self.assertEqual(draw.fin(0x9E3779B97F4A7C15), 0xE220A8397B1DCDAF)  # splitmix64's first number of seed 0

    def test_log_and_exp_are_within_a_unit_in_the_last_place(self):
        for i in range(1, 4000):
            x = i / 4001
            self.assertLessEqual(abs(draw.log(x) - math.log(x)), math.ulp(math.log(x)))
            y = (i - 2000) / 7
            self.assertLessEqual(abs(draw.exp(y) - math.exp(y)), math.ulp(math.exp(y)))
        self.assertEqual(draw.exp(0.0), 1.0)
        self.assertEqual(draw.exp(-0.0), 1.0)
        self.assertEqual(draw.exp(1e9), draw.exp(700.0))

    def test_gaps(self):
        self.assertEqual(gap(0, 0.0), NEVER)
        self.assertEqual(gap(2**31, 1.0), 1)              # log 2 = 0.69
        self.assertEqual(gap(2**32 - 1, 1.0), 0)
        self.assertEqual(gap(0, 1e-9), NEVER)             # 2.3e10
        self.assertEqual(later(5, 7), 12)
        self.assertEqual(later(5, NEVER), NEVER)
        self.assertEqual(later(5, NEVER - 5), NEVER)
        self.assertEqual(later(5, NEVER - 6), NEVER - 1)

    def test_chance_at_its_ends(self):
        self.assertTrue(draw.below(2**32 - 1, 1.0))
        self.assertFalse(draw.below(0, 0.0))
        self.assertTrue(draw.below(2**31 - 1, 0.5))
        self.assertFalse(draw.below(2**31, 0.5))

    def test_alias_table_gives_back_its_weights(self):
        for weights in ([1.0], [1.0, 3.0], [0.0, 2.0, 0.0, 5.0], [0.1, 0.2, 0.3, 7.0, 0.1], [2.0, 2.0, 2.0]):
            table = draw.alias_build(weights)
            shares = [0.0] * len(weights)
            for i, (cut, alias) in enumerate(table):
                shares[i] += cut / len(weights)
                shares[alias] += (1 - cut) / len(weights)
            for share, weight in zip(shares, weights):
                self.assertAlmostEqual(share, weight / sum(weights), places=12)
        table = draw.alias_build([1.0, 3.0])              # cuts 0.5 and 1
        self.assertEqual(table, [(0.5, 1), (1.0, 1)])
        self.assertEqual([draw.alias_pick(table, word) for word in (0, 2**30 - 1, 2**30, 2**31, 2**32 - 1)], [0, 0, 1, 1, 1])


class Reading(unittest.TestCase):
    def test_yaml(self):
        text = textwrap.dedent("""\
            # head
            a: &x {p: 1, q: "two: # x",
              r: [1, -5,   # numbers
                  'it''s']}
            b:
              <<: *x
              q: ~
              s: goes on
                for two lines   # said so
            c:
            - no
            - k: 1
              l: {u: http://a.b:80/c#d}
            -
              - 3
            d: >
              folded
              text
            e:
            f: "null"
            """)
        self.assertEqual(yaml_subset.load(text), {
            "a": {"p": "1", "q": "two: # x", "r": ["1", "-5", "it's"]},
            "b": {"p": "1", "q": None, "r": ["1", "-5", "it's"], "s": "goes on for two lines"},
            "c": ["no", {"k": "1", "l": {"u": "http://a.b:80/c#d"}}, ["3"]],
            "d": "folded text\n", "e": "", "f": "null"})

    def test_yaml_mistakes(self):
        for text in ("a: 1\na: 2\n", "{a: 1, a: 2}", "a: *b\n", "a: [1, 2\n", "a: 'x\n", "a: 1\n b: 2\n", "a: {b: 1\n}\n]\n"):
            with self.assertRaises(yaml_subset.YamlError, msg=text):
                yaml_subset.load(text)

    def test_units(self):
        self.assertEqual(units.probability("35 %"), 35.0 / 100.0)
        self.assertEqual(units.rate("0.021 per year"), 0.021 / 525600.0)
        self.assertEqual(units.duration("1.5 years"), 788400)
        self.assertEqual(units.duration("1 month"), 43800)
        self.assertEqual(units.duration("0.0007 days"), 1)
        self.assertEqual(units.duration("permanent"), NEVER)
        self.assertEqual(units.amount("200.5 yuan"), 200.5)
        self.assertEqual(units.income("10 yuan per day"), 3650.0)
        self.assertEqual(units.every("every 7 days"), 7 * DAY)

    def test_what_an_agency_sees(self):
        parse = lambda text: conditions.parse(text, lambda subject: [subject], False, "air", {"l": "court", "m": "air", "n": None})
        self.assertEqual(parse("on(l) or on(m) or on(n)"), ("or", ("or", ("notice", "l", "air"), ("on", "m")), ("on", "n")))
        self.assertEqual(parse("published(l) and household(l)"), ("and", ("published", "l"), ("tie", "household", "l")))
        self.assertEqual(conditions.terms(parse("records(a) >= 1"))[0].viewer, "air")

    def test_conditions(self):
        parse = lambda text: conditions.parse(text, lambda subject: [subject], False)
        term = conditions.Term(frozenset(["a", "b"]), 5 * YEAR, True)
        self.assertEqual(parse("3 < records(a + b, within 5 years, confirmed)"), ("compare", ("records", term), ">", 3))
        self.assertEqual(parse("not on(l) or never and (rating!=-5)"),
                         ("or", ("not", ("on", "l")), ("and", ("never",), ("compare", ("rating",), "!=", -5))))
        self.assertEqual(parse("is(age, 18-24, 25+, q.1)"), ("is", "age", ["18-24", "25+", "q.1"]))
        for text in ("rating", "1 < 2", "on(l) == 1", "rating < rating", "records(a)", "on(l", "rating < 1 < 2", "perhaps"):
            with self.assertRaises(conditions.ConditionError, msg=text):
                parse(text)

    def test_a_regime_laid_over_another(self):
        base = {"a": {"x": "1", "y": "2"}, "b": ["1"], "c": "1"}
        over = {"a": {"y": None, "z": "3"}, "b": ["2"], "c": {"d": None, "e": "5"}, "f": "6"}
        self.assertEqual(files.laid_over(base, over), {"a": {"x": "1", "z": "3"}, "b": ["2"], "c": {"e": "5"}, "f": "6"})


class Web(unittest.TestCase):
    def test_ways_have_the_least_delay_then_the_fewest_steps_then_file_order(self):
        pair = lambda from_, to, delay: sharing.Pair(from_, to, delay, 1.0, 0.0, 1.0)
        pairs = [pair("a", "d", 9), pair("b", "d", 4), pair("a", "b", 5), pair("c", "e", 1), pair("b", "e", 1), pair("a", "c", 5),
                 pair("d", "f", NEVER)]
        ways = sharing.Ways("a", pairs)
        self.assertEqual([(pair.from_, pair.to) for pair in ways.found], [("a", "b"), ("a", "c"), ("c", "e"), ("a", "d")])
        self.assertEqual([pair.to for pair in ways.next_pairs("a")], ["b", "c", "d"])
        self.assertEqual([pair.to for pair in ways.way_to("e")], ["c", "e"])
        self.assertIsNone(ways.way_to("f"))

    def test_a_queue_has_desks(self):
        class Stage:
            capacity, duration = 2 / DAY, DAY  # two desks, one case a day each
        queue = process.Queue(Stage, 1.0)
        self.assertEqual(queue.desks, 2)
        self.assertEqual(process.Queue(Stage, 0.001).desks, 1)

        class Case:
            class population:
                number = 0
            row = 0

        def decide(*times):
            for key, time in enumerate(times):
                record = type("Record", (), {"behaviour": type("B", (), {"number": 0}), "key": key, "false": False})
                queue.cases.append((Case, process.Petition(record, None, Stage, time)))
            return [(petition.wait, decided) for _, petition, decided in queue.decide()]
        self.assertEqual(decide(0, 30, 20, 10), [(0, DAY), (0, DAY + 10), (DAY - 20, 2 * DAY), (DAY - 20, 2 * DAY + 10)])
        self.assertEqual(decide(100), [(2 * DAY - 100, 3 * DAY)])
        self.assertEqual(decide(9 * DAY), [(0, 10 * DAY)])

    def test_parts_of_a_life(self):
        self.assertEqual([generations.share(restricted, 1000) for restricted in (0, 9, 10, 99, 100, 499, 500)],
                         ["never", "below_1_percent", "below_10_percent", "below_10_percent", "below_half", "below_half", "half_or_more"])

    def test_keys_of_what_follows(self):
        self.assertEqual(draw.derive(1, 2, 3), draw.fin(draw.fin(1 + 2 * 2**32) ^ 3) % 2**32)


WORLD = """\
standing: world/1
title: one kind of debt
populations: {resident: {size: 10, attributes: {zone: {counts: {a: 6, b: 4}}}}}
behaviours:
  debt: {by: resident, kind: default, opportunities: 2 per year, taken: 1}
doors:
  flight: {of: resident, kind: right, attempts: 50 per year}
  queue: {of: resident, kind: channel, attempts: 50 per year}
"""


class Lives(unittest.TestCase):
    """Ten residents; `debt` is the only behaviour unless a test says otherwise."""

    def live(self, regime, world=WORLD, years="2", window="30 days", by="[]"):
        with tempfile.TemporaryDirectory() as folder:
            def write(name, text):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(textwrap.dedent(text))
            write("world.yaml", world)
            write("r.yaml", "standing: regime/1\ntitle: r\nagencies: {court: {title: c}}\n" + textwrap.dedent(regime))
            write("study.yaml", f"standing: study/1\ntitle: s\nworld: world.yaml\nregimes: [r]\nyears: {years}\n"
                                f"window: {window}\nseed: 7\nby: {by}\n")
            study = files.load_study(os.path.join(folder, "study.yaml"))
        lived = life.Life(study, study.regimes[0], city.of_cells([[0] * 6 + [1] * 4 for _ in study.world.populations]))
        lived.run()
        return lived

    def debts(self, row, rate=2 / 525600, horizon=2 * YEAR):
        """The times of a resident's opportunities, straight from the draws."""
        times, time, k = [], 0, 0
        while True:
            time = later(time, gap(draw.draw(7, 1, 0, row, k, 0)[0], rate))
            if time >= horizon:
                return times
            times.append(time)
            k += 1

    def arrivals(self, row, rate, horizon=2 * YEAR):
        times, time = [], 0
        while True:
            words = draw.draw(7, 2, 0, row, len(times), draw.fnv("court/debt"))
            time = later(time, gap(words[0], rate / 525600))
            if time >= horizon:
                return times
            times.append(time)

    def of(self, lived, row, *kinds):
        """(time, kind, subject, value) of a resident's events of these kinds."""
        return [event[2:] for event in lived.events if event[1] == row and event[3] in kinds]

    def total(self, lived, name, subject=""):
        return sum(number for key, number in lived.counts.items() if key[3:] == (name, subject))

    def last(self, lived, name, subject=""):
        return sum(number for key, number in lived.counts.items() if key[3:] == (name, subject) and key[0] == lived.window_count - 1)

    def test_without_a_regime_there_are_acts_only(self):
        lived = self.live("")
        for row in range(10):
            self.assertEqual(self.of(lived, row, *range(1, 11)), [(time, life.ACT, 0, k + 1) for k, time in enumerate(self.debts(row))])
        self.assertEqual(lived.opportunities(), sum(len(self.debts(row)) for row in range(10)))
        self.assertEqual(self.total(lived, "acts", "debt"), lived.opportunities())
        self.assertEqual(lived.window_count, 25)          # 730 days are 24 windows and a bit

    def test_a_record_lists_publishes_and_closes_a_door(self):
        lived = self.live("""\
            detection: [{behaviour: debt, agency: court, probability: 1, delay: 30 days}]
            lists: {dis: {kind: blacklist, of: resident, enter: records(debt) >= 1, publish: every 7 days}}
            measures: {no_flight: {closes: flight, while: on(dis)}}
            """)
        minutes = blocked = 0
        for row in range(10):
            births = [time + 30 * DAY for time in self.debts(row) if time + 30 * DAY < 2 * YEAR]
            self.assertEqual(self.of(lived, row, life.BORN), [(time, life.BORN, 0, 0) for time in births])
            if not births:
                continue
            first = births[0]
            self.assertEqual(self.of(lived, row, life.ENTERED, life.LEFT), [(first, life.ENTERED, 0, 0)])
            published = first - first % (7 * DAY) + 7 * DAY
            self.assertEqual(self.of(lived, row, life.PUBLISHED), [(published, life.PUBLISHED, 0, 1)] if published < 2 * YEAR else [])
            self.assertEqual(self.of(lived, row, life.DOORS), [(first, life.DOORS, 0, 1)])
            minutes += 2 * YEAR - first
            blocked += len(self.of(lived, row, life.BLOCKED))
            self.assertTrue(all(event[0] >= first for event in self.of(lived, row, life.BLOCKED)))
        for name, subject in (("list_minutes", "dis"), ("closed_minutes", "flight"), ("restricted_minutes", "")):
            self.assertEqual(self.total(lived, name, subject), minutes)
        self.assertEqual(self.total(lived, "blocked", "flight"), blocked)
        self.assertAlmostEqual(blocked / (minutes * 50 / YEAR), 1, delta=0.2)
        self.assertEqual(self.total(lived, "list_wrong_entries", "dis"), 0)

    def test_a_false_record_is_wrong_until_it_is_cleared(self):
        lived = self.live("""\
            false_records: [{behaviour: debt, agency: court, rate: 0.5 per year}]
            adjudication: [{behaviour: debt, after: 60 days, confirms: {acted: 1, not_acted: 0}}]
            lists: {dis: {kind: blacklist, of: resident, enter: records(debt) >= 1, leave: records(debt) == 0}}
            measures: {no_flight: {closes: flight, while: on(dis)}}
            """)
        minutes = 0
        for row in range(10):
            on = set()
            for time in self.arrivals(row, 0.5):
                on |= set(range(time, min(time + 60 * DAY, 2 * YEAR)))
            minutes += len(on)
        self.assertGreater(minutes, 0)
        for name, subject in (("list_minutes", "dis"), ("list_wrong_minutes", "dis"), ("wrong_minutes", "")):
            self.assertEqual(self.total(lived, name, subject), minutes)
        self.assertEqual(self.total(lived, "false_cleared", "debt"),
                         sum(time + 60 * DAY < 2 * YEAR for row in range(10) for time in self.arrivals(row, 0.5)))

    def test_a_wrong_stay_becomes_right_with_a_true_record(self):
        lived = self.live("""\
            detection: [{behaviour: debt, agency: court, probability: 1}]
            false_records: [{behaviour: debt, agency: court, rate: 3 per year}]
            lists: {dis: {kind: blacklist, of: resident, enter: records(debt) >= 1}}
            """)
        right = wrong = 0
        for row in range(10):
            true = (self.debts(row) + [2 * YEAR])[0]
            first = min(true, (self.arrivals(row, 3) + [2 * YEAR])[0])
            right += 2 * YEAR - true
            wrong += true - first
        self.assertEqual(self.total(lived, "list_wrong_minutes", "dis"), wrong)
        self.assertEqual(self.total(lived, "list_minutes", "dis"), right + wrong)

    def test_a_term_ends_and_a_new_record_lists_again(self):
        for reentry in ("new_record", "at_once", "never"):
            lived = self.live(f"""\
                detection: [{{behaviour: debt, agency: court, probability: 1}}]
                lists: {{dis: {{kind: blacklist, of: resident, enter: records(debt) >= 1, term: 20 days, reentry: {reentry}}}}}
                """)
            for row in range(10):
                expected, until, ever = [], -1, False
                times = self.debts(row)
                if reentry == "at_once" and times:
                    for time in range(times[0], 2 * YEAR, 20 * DAY):
                        expected += ([(time, life.LEFT, 0, 0)] if expected else []) + [(time, life.ENTERED, 0, 0)]
                    expected.sort()
                elif reentry != "at_once":
                    for time in times:
                        # A record's birth comes before a term's end at the same minute, but no such tie is among these.
                        self.assertNotEqual(time, until)
                        if time > until and not (ever and reentry == "never"):
                            ever, until = True, time + 20 * DAY
                            expected += [(time, life.ENTERED, 0, 0)] + ([(until, life.LEFT, 0, 0)] if until < 2 * YEAR else [])
                self.assertEqual(self.of(lived, row, life.ENTERED, life.LEFT), expected)

    def test_a_debt_is_paid(self):
        world = WORLD.replace("taken: 1}", "taken: 1, settles: {chances: 6 per year, taken: 1}}")
        lived = self.live("""\
            detection: [{behaviour: debt, agency: court, probability: 1}]
            settlement: [{behaviour: debt, after: 3 days}]
            """, world)
        expected = []
        for row in range(10):
            for k, time in enumerate(self.debts(row)):
                end = time + max(1, gap(draw.draw(7, 5, 0, row, k + 1, time)[1], 6 / 525600)) + 3 * DAY
                expected += [(0, row, end, life.SETTLED, 0, 0)] if end < 2 * YEAR else []
        self.assertEqual([event for event in lived.events if event[3] == life.SETTLED], sorted(expected))
        self.assertEqual(self.total(lived, "settled", "debt"), len(expected))

    def test_a_notice_keeps_a_record_without_effect_and_a_pardon_ends_it(self):
        lived = self.live("""\
            detection: [{behaviour: debt, agency: court, probability: 1}]
            due_process: [{agency: court, notice: 10 days}]
            pardons: [{at: 1 year}]
            lists: {dis: {kind: blacklist, of: resident, enter: records(debt) >= 1, leave: records(debt) == 0}}
            """)
        start = -(-YEAR // (30 * DAY)) * 30 * DAY
        for row in range(10):
            first = [time for time in self.debts(row) if time < start and time + 10 * DAY < start][:1]
            entered = [event[0] for event in self.of(lived, row, life.ENTERED)]
            self.assertEqual([time for time in entered if time < start], [time + 10 * DAY for time in first])
            self.assertEqual([event[0] for event in self.of(lived, row, life.LEFT)], [start] if first else [])
            self.assertEqual(len(self.of(lived, row, life.ENDED)), sum(time < start for time in self.debts(row)))

    def test_fines_are_paid_from_savings(self):
        world = WORLD.replace("{zone: {counts: {a: 6, b: 4}}}}", "{zone: {counts: {a: 6, b: 4}}}, money: {income: 20000 yuan per year, "
                              "living: 10000 yuan per year, savings: 6 months}}")
        lived = self.live("""\
            detection: [{behaviour: debt, agency: court, probability: 1}]
            fines: [{behaviour: debt, amount: 3000 yuan}]
            """, world)
        expected = []
        for row in range(10):
            savings = last = 0
            for time in [0] + self.debts(row):
                savings = min(savings + 10000 * time // YEAR - 10000 * last // YEAR, 5000) if time else 5000
                last = time
                if time:
                    paid = savings >= 3000
                    savings -= 3000 if paid else 0
                    expected.append((0, row, time, life.FINE_DUE, 0, 3000 + (2**63 if paid else 0)))
        self.assertEqual([event for event in lived.events if event[3] == life.FINE_DUE], sorted(expected))
        self.assertGreater(self.total(lived, "fines_unpaid", "debt"), 0)
        self.assertEqual(self.total(lived, "endowed_yuan"), 50000)

    def test_ratings_sum_points_forget_them_and_are_cut(self):
        lived = self.live("""\
            detection: [{behaviour: debt, agency: court, probability: 1}]
            ratings:
              personal: {of: resident, covers: "is(zone, a)", base: 100, range: [0, 120], spread: 20, forget: 1 year,
                         points: {debt: -70}, bands: {low: [0, 99], high: [100, 120]}}
            lists: {low: {kind: blacklist, of: resident, enter: rating < 100 or band(low), leave: not band(low)}}
            """)
        low = 0
        for row in range(10):
            words = draw.draw(7, 8, 0, row, 0, 0)
            z = (sum((word & 0xFFFF) + (word >> 16) for word in words) - 262140.0) / 53509.91992145008
            base = min(max(100 + math.floor(20 * z + 0.5), 0), 120)
            points = base - 70 * sum(time > YEAR for time in self.debts(row))
            self.assertEqual(lived.actors[0][row].points(), points if row < 6 else 0)
            low += row < 6 and points < 100
            if row >= 6:
                self.assertEqual(self.of(lived, row, life.ENTERED), [])
        self.assertEqual(self.last(lived, "band", "low"), low)
        self.assertEqual(self.last(lived, "band", "high"), 6 - low)
        self.assertEqual(self.last(lived, "list_stock", "low"), low)

    def test_stakes(self):
        lived = self.live("""\
            ratings:
              personal: {of: resident, base: 100, range: [0, 200], points: {debt: -70}, bands: {low: [0, 99], high: [100, 200]}}
            lists:
              dis: {kind: blacklist, of: resident, enter: records(debt) >= 1, publish: every 7 days}
            measures:
              no_flight: {closes: flight, while: published(dis)}
              quick: {opens: queue, while: band(high)}
            """)
        actor = lived.actors[0][0]
        debt = lived.study.world.behaviours[0]
        self.assertEqual(lived.stakes(actor, debt), 2.0 / 2.0 + 70.0 / 200.0)  # a door closes, a channel too
        actor.closed = {"flight"}
        self.assertEqual(lived.stakes(actor, debt), 1.0 / 2.0 + 70.0 / 200.0)  # the door cannot close again
        actor.open = set()
        self.assertEqual(lived.stakes(actor, debt), 70.0 / 200.0)

    def test_learning(self):
        world = WORLD.replace("taken: 1}", "taken: 1, deterrence: {certainty: 0, prior: 0.25}}") + \
            "learning: {by: zone, memory: 1 year, weight: 2}\n"
        lived = self.live("detection: [{behaviour: debt, agency: court, probability: 1}]", world, window="1 year")
        rate = 1.0 - draw.exp(-1.0)
        for zone, rows in enumerate((range(6), range(6, 10))):
            certainty = 0.25
            for year in range(2):
                acts = sum(time // YEAR == year for row in rows for time in self.debts(row))
                certainty = (1.0 - rate) * certainty + rate * ((acts + 2.0 * 0.25) / (acts + 2.0))
            self.assertEqual(lived.certainty[0][zone], [certainty])

    def test_groups_and_zones(self):
        lived = self.live("", by="[zone]")
        self.assertEqual([actor.group for actor in lived.actors[0]], [0] * 6 + [1] * 4)
        self.assertEqual(lived.rules[0].group_count, 2)

    def test_the_digest_by_hand(self):
        lived = self.live("", years="0.1", window="1 year")
        events = [(row, time, k + 1) for row in range(10) for k, time in enumerate(self.debts(row, horizon=52560))]
        h = 0x5374616E64696E67
        values = [52560, YEAR, 1] + [len(events)] * 2 + [0] * (8 + 5 + 6 + 3 + 1 + 2)
        life_sum = sum(draw.fin((draw.fin(draw.fin(row + 2**32 * time) ^ 1) + k) % 2**64) for row, time, k in events)
        final_sum = sum(draw.fin(draw.fin(draw.fin(row + 2**32 * sum(event[0] == row for event in events)) ^ 0) ^ 0) for row in range(10))
        for value in values + [life_sum % 2**64, final_sum % 2**64]:
            h = draw.absorb(h, value)
        self.assertEqual(lived.digest(), h)


if __name__ == "__main__":
    unittest.main()
