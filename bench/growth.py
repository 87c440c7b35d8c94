# SPDX-License-Identifier: Apache-2.0
"""Made-up studies of any size in any direction: what bench/run measures growth on.

A study has so many behaviours, agencies, lists, measures, regimes, groups and
windows. However many they are, people meet four opportunities a year, take half
of them and are seen in a fifth of those; so a behaviour more adds rules, not
events, and what grows is the price of rules alone. An agency more is the
exception: the chance that somebody is seen is shared among them, but each must
be asked."""
import pathlib

SIZE = 20_000_000
BASE = {'behaviours': 4, 'agencies': 1, 'lists': 1, 'measures': 1, 'regimes': 1, 'groups': 1, 'windows': 24}
STEPS = (2, 4, 8, 16)
MORE = {'windows': (2, 8, 104, 728), 'regimes': (1, 2, 4, 8, 16)}  # others than STEPS


def points(quick):
    """(what, how many), each raised alone; (None, 0) is BASE."""
    found = [(None, 0)]
    for what, usual in BASE.items():
        steps = MORE.get(what, STEPS)
        found += [(what, count) for count in (steps[::2] if quick else steps) if count != usual or what == 'regimes']
    return found


def behaviour(b):
    return f'b{b:02}'


def world(shape):
    levels = ', '.join(f'g{g:02}: {1 / shape["groups"]!r}' for g in range(shape['groups']))
    lines = ['standing: world/1', 'title: a city to grow', 'populations:', '  resident:',
             f'    size: {{value: {SIZE}, why: a large city}}', '    attributes:',
             f'      part: {{shares: {{{levels}}}, why: equal parts}}', 'behaviours:']
    for b in range(shape['behaviours']):
        lines += [f'  {behaviour(b)}:', '    by: resident', '    kind: offence',
                  f'    opportunities: {{value: {4 / shape["behaviours"]!r} per year, why: four of all kinds}}',
                  '    taken: {value: 0.5, why: half}',
                  '    deterrence: {certainty: 0.1, severity: 0.1, prior: 0.2}']
    lines += ['doors:']
    for d in range(shape['measures']):
        lines += [f'  d{d:02}: {{of: resident, kind: right, attempts: {1 / shape["measures"]!r} per year}}']
    return lines


def regime(shape, number):
    seen = 0.2 / shape['agencies']
    lines = ['standing: regime/1', f'title: number {number}', 'agencies:']
    lines += [f'  a{a:02}: {{}}' for a in range(shape['agencies'])]
    lines += ['detection:']
    for b in range(shape['behaviours']):
        lines += [f'  - {{behaviour: {behaviour(b)}, agency: a{a:02}, probability: {seen!r}, delay: 1 day}}'
                  for a in range(shape['agencies'])]
    lines += ['counts: suspected', 'ratings:', '  score:', '    of: resident', '    base: 1000', '    range: [0, 1300]',
              '    forget: 1 year', '    points:']
    lines += [f'      {behaviour(b)}: -40' for b in range(shape['behaviours'])]
    lines += ['    bands: {high: [950, 1300], middle: [850, 949], low: [0, 849]}', 'lists:']
    # Each list is entered by less and less, so that more lists mean more rules and hardly more stays.
    for number_of_list in range(shape['lists']):
        lines += [f'  l{number_of_list:02}: {{kind: blacklist, of: resident, by: a00, enter: rating < {900 - 40 * number_of_list}, '
                  'term: 180 days, reentry: new_record}']
    lines += ['measures:']
    lines += [f'  m{m:02}: {{while: on(l{m % shape["lists"]:02}), by: a00, closes: d{m:02}}}' for m in range(shape['measures'])]
    return lines


def study(shape):
    names = ', '.join(f'./r{r}.yaml' for r in range(shape['regimes']))
    return ['standing: study/1', 'title: growth', 'world: ./world.yaml', f'regimes: [{names}]', 'years: 2',
            f'window: {2 * 525600 // shape["windows"]} minutes', 'seed: 1', 'by: [part]']


def write(folder, **changes):
    """Puts a study into a folder; returns its path. changes: numbers other than those of BASE."""
    shape = BASE | changes
    folder = pathlib.Path(folder)
    files = {'world.yaml': world(shape), 'study.yaml': study(shape)}
    files |= {f'r{r}.yaml': regime(shape, r) for r in range(shape['regimes'])}
    for name, lines in files.items():
        (folder / name).write_text('\n'.join(lines) + '\n', encoding='utf-8')
    return folder / 'study.yaml'
