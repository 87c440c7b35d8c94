# SPDX-License-Identifier: Apache-2.0
"""The toy regime, lived by Standing and by everybody else, in turns."""
import math
import sys

from measure import HERE, PYTHON, Lived, Series, execute, say, told_json

STUDY = HERE / 'toy/study.yaml'
CITY = 20_000_000  # people of the toy study at scale 1
STANDING = 'Standing'
FLOOR = 'floor, vector'
EXPERT, USUAL = 'NumPy, by an expert', 'NumPy, as usual'
NUMBA, NUMBA_OWN = 'numba, counter draws', 'numba, its own draws'
SLOW = USUAL  # left out of the largest city unless asked for


class Contestant:
    """name; run(people, threads) gives (seconds, opportunities, peak bytes, processors got, held bytes or
    None), or None if it cannot be had; most: the greatest number of threads that it can use."""

    def __init__(self, name, run, most=256):
        self.name, self.run, self.most = name, run, most


def standing(options):
    def run(people, threads):
        lived = Lived(options.standing, STUDY, threads, people / CITY)
        return lived.seconds(), lived.opportunities(), lived.memory, lived.share, lived.regimes[0]['bytes']
    return run


def printed(command, keys, processes=False):
    """Of a program that prints JSON: keys are those of its seconds, opportunities and bytes held."""
    def run(people, threads):
        done = execute(command(people, threads))
        if done is None:
            return None
        told = told_json(done)
        return (told[keys[0]], told[keys[1]], done.memory * (threads if processes else 1), done.share,
                told[keys[2]] if len(keys) > 2 else None)
    return run


def contestants(options):
    build = options.build / 'bench'
    own, theirs = ('seconds', 'opportunities', 'bytes'), ('sec', 'opp')
    yield Contestant(STANDING, standing(options))
    yield Contestant('Standing, plain C kernels',
                     printed(lambda n, t: [build / 'live', 'c', STUDY, repr(n / CITY), t], own))
    for name, words in ((FLOOR, ('avx2', 24)), ('floor, plain C', ('c', 24)), ('floor, vector, person by person', ('avx2', 1))):
        yield Contestant(name, printed(lambda n, t, w=words: [build / 'floor', w[0], n, t, w[1]], own))
    yield Contestant(EXPERT, printed(lambda n, t: [PYTHON, HERE / 'toy/toy_numpy.py', n, t], theirs, processes=True))
    yield Contestant(USUAL, printed(lambda n, t: [PYTHON, HERE / 'toy/toy_numpy_plain.py', n], theirs), most=1)
    for name, draws in ((NUMBA, 'ctr'), (NUMBA_OWN, 'mt')):
        yield Contestant(name, printed(lambda n, t, d=draws: [PYTHON, HERE / 'toy/toy_numba.py', n, t, d], theirs))


def foreign(name):
    return name.startswith(('NumPy', 'numba'))


def check(found):
    """Stops if somebody did other work: ours must be the same, others' as probable."""
    ours = {one.what['name']: one.opportunities for one in found if not foreign(one.what['name'])}
    if len(set(ours.values())) > 1:
        sys.exit(f'they did not live the same: {ours}')
    for one in found:
        people = one.what['people']
        # Opportunities of one person: mean 7.9375, variance 7.94 + 8^2 / 12 where classes are drawn as well.
        if abs(one.opportunities - 7.9375 * people) > 6 * math.sqrt(13.3 * people):
            sys.exit(f'{one.what["name"]}: {one.opportunities} opportunities of {people} people')


def contest(options):
    """[what was measured of each contestant, at each size and number of threads]."""
    table = []
    for people in options.sizes:
        for threads in options.threads:
            group = [(one, Series(name=one.name, people=people, threads=threads)) for one in contestants(options)
                     if threads <= one.most and (one.name != SLOW or people < CITY or options.all)
                     and (options.others or not foreign(one.name))]
            for turn in range(options.repeat if people < CITY else min(options.repeat, 3)):
                say(f'toy: {people:,} people, {threads} threads, turn {turn + 1}')
                for one, series in list(group):
                    figures = one.run(people, threads)
                    if figures is None:
                        group.remove((one, series))
                    else:
                        series.add(*figures)
            check([series for _, series in group])
            table += [series.told() for _, series in group]
    return table
