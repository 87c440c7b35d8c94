# SPDX-License-Identifier: Apache-2.0
"""What is measured for the goals beside the toy: Beijing as it is shipped."""
import statistics

from contest import CITY, STUDY
from measure import ROOT, Lived, say

BEIJING = ROOT / 'studies/beijing.yaml'
REGIME = 'beijing-2018'
FIVE = ROOT / 'studies/five-regimes.yaml'
FOUR = ('none', 'beijing-2018', 'hangzhou', 'court-defaulters')


class Turns:
    """Several runs of one study in turns with others; median() of what a function says of each."""

    def __init__(self, *arguments):
        self.arguments = arguments  # of Lived
        self.runs = []

    def live(self):
        self.runs.append(Lived(*self.arguments))

    def median(self, of):
        return statistics.median(of(run) for run in self.runs)


def in_turns(label, all_turns, count):
    for turn in range(count):
        say(f'{label}, turn {turn + 1}')
        for turns in all_turns:
            turns.live()


def speedup(program, label, study, scale, regimes, count):
    one, two = (Turns(program, study, threads, scale, regimes) for threads in (1, 2))
    in_turns(label, (one, two), count)
    return one.median(Lived.seconds) / two.median(Lived.seconds)


def measure(options):
    """{key: value}; tables.py knows the goal of each."""
    program, count = options.standing, options.repeat
    found = {}

    hundredth = Turns(program, BEIJING, 0, 0.01, [REGIME], True)
    in_turns('a hundredth of Beijing', [hundredth], count)
    found['hundredth_wall'] = hundredth.median(lambda run: run.wall)
    found['hundredth_engine'] = hundredth.median(Lived.seconds)

    each = [Turns(program, FIVE, 0, 0.02, [name]) for name in FOUR]
    four = Turns(program, FIVE, 0, 0.02, FOUR)
    in_turns('four regimes', [four, *each], count)
    found['four_by_each'] = four.median(lambda run: run.after_city) / statistics.mean(
        one.median(lambda run: run.after_city) for one in each)

    if max(options.threads) >= 2:
        found['speedup_toy'] = speedup(program, 'two threads, the toy', STUDY, 1_000_000 / CITY, [], count)
        found['speedup_beijing'] = speedup(program, 'two threads, Beijing', BEIJING, 0.05, [REGIME], count)

    whole = Turns(program, BEIJING, 0, 0.1 if options.quick else 1, [REGIME])
    in_turns('Beijing', [whole], 1 if options.quick else min(count, 3))
    found['beijing_scale'] = 0.1 if options.quick else 1
    found['beijing_people'] = whole.runs[0].people
    found['beijing_opportunities'] = whole.runs[0].opportunities()
    found['beijing_engine'] = whole.median(Lived.seconds)
    found['beijing_ns'] = found['beijing_engine'] * 1e9 * max(options.threads) / found['beijing_opportunities']
    # From the start to the city's completion: reading the files as well.
    found['beijing_city'] = whole.median(lambda run: run.wall - run.after_city)
    found['beijing_peak'] = max(run.memory for run in whole.runs)
    found['beijing_held'] = max(run.regimes[0]['bytes'] for run in whole.runs)
    found['beijing_threads'] = max(options.threads)
    return found
