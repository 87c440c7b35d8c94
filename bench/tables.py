# SPDX-License-Identifier: Apache-2.0
"""What bench/run measured, as tables for a terminal (text) or a page (markdown)."""
import statistics

import contest
import growth

# key in the figures, what, the most (or, of the last kind, the least) it may be, how to write it
GOALS = [
    ('toy_ns', 'the toy through the files, one core, best kernels', 12, '{:.1f} ns an opportunity'),
    ('by_expert', '... as a multiple of expert NumPy', 0.75, '{:.2f}'),
    ('by_numba', '... of numba (counter draws)', 0.5, '{:.2f}'),
    ('by_usual', '... of ordinary NumPy', 0.1, '{:.2f}'),
    ('beijing_ns', 'everything on: Beijing under `beijing-2018`', 20, '{:.1f} ns an opportunity and core'),
    ('beijing_engine', 'whole Beijing, ten years: engine', 15, '{:.1f} s'),
    ('beijing_city', '... reading the files and making the city', 4, '{:.1f} s'),
    ('beijing_peak', '... most memory, of the whole program', 2.5 * 2**30, None),
    ('held_person', '... the engine\'s, for each resident or company', 100, '{:.0f} bytes'),
    ('hundredth_wall', 'a hundredth of Beijing, ten years: from command to summary', 0.25, '{:.2f} s'),
    ('four_by_each', 'four regimes in one study, as a multiple of one', 2.0, '{:.2f}'),
    ('speedup_toy', 'two threads against one: the toy', -1.9, '{:.2f} times as fast'),
    ('speedup_beijing', '... a twentieth of Beijing', -1.9, '{:.2f} times as fast'),
]


# Below this share of a core, a program on one thread waited for others, and its time is corrected for it.
UNDISTURBED = 0.9


def shares_of(found):
    """What share of a core each program on one thread got."""
    rows = [row for part in ('toy', 'growth', 'studies') for row in found.get(part, [])]
    rows += [row for one in found.get('mechanisms', []) for row in one['variants']]
    return [min(share, 1) for row in rows if row['threads'] == 1
            for share in row['shares']]


def share_text(found):
    shares = shares_of(found)
    return f'{statistics.median(shares):.0%} of a core, {min(shares):.0%} at worst' if shares else 'unknown'


def corrected(rows):
    """(rows, what a title adds): of one thread, as it would have been alone, if others took much of the time."""
    shares = [share for row in rows for share in row['shares']]
    if statistics.median(shares) >= UNDISTURBED:
        return rows, ''
    if all('alone' in row for row in rows):
        return [row | {'median': row['alone'], 'ns': row['ns_alone']} for row in rows], ', less the time that other programs took'
    return rows, ' (others were at work: worth little)'


def written(form, value):
    return f'{value / 2**30:.2f} GiB' if form is None else form.format(value)


def goal_values(found):
    """Those of goals.py and those that the contest gives, at the largest size where all took part."""
    values = dict(found.get('goals', {}))
    if 'beijing_held' in values:
        values['held_person'] = values['beijing_held'] / values['beijing_people']
    scaled = values.get('beijing_scale', 1) != 1
    for key in ('beijing_engine', 'beijing_city', 'beijing_peak') if scaled else ():
        values.pop(key)  # says nothing of the whole
    toy = [row for row in found.get('toy', []) if row['threads'] == 1]
    toy = corrected(toy)[0] if toy else []
    usual = [row['people'] for row in toy if row['name'] == contest.USUAL]
    if usual:
        ns = {row['name']: row['ns'] for row in toy if row['people'] == max(usual)}
        values['toy_ns'] = ns[contest.STANDING]
        for key, name in (('by_expert', contest.EXPERT), ('by_numba', contest.NUMBA), ('by_usual', contest.USUAL)):
            if name in ns:
                values[key] = ns[contest.STANDING] / ns[name]
    return values


def goals_table(found):
    values = goal_values(found)
    rows = []
    for key, what, goal, form in GOALS:
        if key in values:
            met = values[key] >= -goal if goal < 0 else values[key] <= goal
            rows.append([what, ('at least ' if goal < 0 else 'at most ') + written(form, abs(goal)),
                         written(form, values[key]), 'met' if met else 'not yet'])
    return 'Goals', ['', 'goal', 'measured', ''], rows


def toy_tables(rows):
    """One for each number of threads: a row for each contestant, columns for each size."""
    for threads in sorted({row['threads'] for row in rows}):
        mine, remark = corrected([row for row in rows if row['threads'] == threads])
        sizes = sorted({row['people'] for row in mine})
        found = {(row['name'], row['people']): row for row in mine}
        standing = {size: found[contest.STANDING, size]['ns'] for size in sizes}
        lines = []
        for name in dict.fromkeys(row['name'] for row in mine):
            line = [name]
            for size in sizes:
                row = found.get((name, size))
                line += [f'{row["ns"]:.1f}', f'{row["ns"] / standing[size]:.2f}'] if row else ['', '']
            last = found.get((name, sizes[-1])) or {}
            line += [f'{last["held"] / sizes[-1]:.0f}' if last.get('held') else '',
                     f'{last["peak"] / sizes[-1]:.0f}' if last.get('peak') else '']
            lines.append(line)
        heads = [head for size in sizes for head in (f'{size:,}', 'x')]
        yield (f'The toy, {threads} thread{"s" if threads > 1 else ""}: ns for an opportunity and core, by people in the city, and as '
               'a multiple of Standing\'s' + remark, ['', *heads, 'B/person', 'peak'], lines)


def growth_points(rows, what):
    """Of one thing, by rising number: (number, time and memory as a multiple of the least number's)."""
    base = next(row for row in rows if row['what'] is None)
    mine = [row for row in rows if row['what'] == what]
    # Regimes are timed from the city's completion to the end, so one alone was measured likewise.
    if growth.BASE[what] not in [row['count'] for row in mine]:
        mine.append(base | {'count': growth.BASE[what]})
    mine.sort(key=lambda row: row['count'])
    return [(row['count'], row['median'] / mine[0]['median'], row['held'] / mine[0]['held']) for row in mine]


def growth_summary(rows):
    """A row for each thing that grows."""
    rows, remark = corrected(rows)
    lines = []
    for what in dict.fromkeys(row['what'] for row in rows if row['what']):
        points = growth_points(rows, what)
        lines.append([what, ', '.join(str(point[0]) for point in points), ', '.join(f'{point[1]:.2f}' for point in points),
                      ', '.join(f'{point[2]:.2f}' for point in points)])
    base = next(row for row in rows if row['what'] is None)
    return (f'Growth: {base["people"]:,} people, one thread; all else at its base takes {base["ns"]:.1f} ns an opportunity and '
            f'{base["held"] / base["people"]:.0f} bytes a person{remark}', ['growing', 'how many', 'time, x the first', 'memory, x the first'],
            lines)


def mechanisms_table(found):
    """Of one regime: the whole first, the plain one last."""
    rows, remark = corrected(found['variants'])
    whole, plain = rows[0], rows[-1]
    people = {id(row): row['held'] / row['people'] for row in rows}
    lines = []
    for row in rows:
        line = [row['name'], f'{row["opportunities"]:,}', f'{row["ns"]:.1f}', f'{people[id(row)]:.0f}', f'{row["ns"] / plain["ns"]:.2f}']
        adds = ['', ''] if row is whole or row is plain else [
            f'{(whole["ns"] - row["ns"]) / plain["ns"]:+.2f}',
            f'{(people[id(whole)] - people[id(row)]) / people[id(plain)]:+.2f}']
        lines.append(line + adds)
    scale = f' at scale {found["scale"]:g}' if found['scale'] else ''
    return (f'{found["study"]}{scale}, {whole["threads"]} thread{"s" if whole["threads"] > 1 else ""}{remark}',
            [found['regime'], 'opportunities', 'ns/opp/core', 'B/person', 'x plain', 'adds: time', 'memory'], lines)


def studies_table(rows):
    lines = [[row['name'], f'{row["threads"]}', f'{row["opportunities"]:,}', f'{row["median"]:.2f}', f'{row["ns"]:.1f}',
              f'{row["held"] / row["people"]:.0f}', f'{row["peak"] / 2**20:.0f}'] for row in rows]
    return 'Studies', ['', 'threads', 'opportunities', 'seconds', 'ns/opp/core', 'B/person', 'peak MiB'], lines


def tables(found):
    if found.get('toy'):
        yield from toy_tables(found['toy'])
    if found.get('growth'):
        yield growth_summary(found['growth'])
    if found.get('studies'):
        yield studies_table(found['studies'])
    for one in found.get('mechanisms', []):
        yield mechanisms_table(one)
    if found.get('goals') or found.get('toy'):
        yield goals_table(found)


def machine_text(found):
    return '\n'.join(f'{key + ":":14}{value}' for key, value in found['machine'].items())


def text(found):
    parts = [machine_text(found) + f'\n{"turns:":14}{found["turns"]}, in turns; medians']
    for title, head, rows in tables(found):
        if not rows:
            continue
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        parts.append('\n'.join([title] + ['  '.join(f'{cell:{width}}' if i == 0 else f'{cell:>{width}}' for i, (cell, width)
                                                    in enumerate(zip(row, widths))).rstrip() for row in [head, *rows]]))
    return '\n\n'.join(parts)


def markdown(title, head, rows, titled=True):
    mark = [' --- '] + [' ---: '] * (len(head) - 1)
    lines = ['|' + '|'.join(f' {cell} ' for cell in row) + '|' for row in [head, *rows]]
    return '\n'.join(([f'**{title}**', ''] if titled else []) + [lines[0], '|' + '|'.join(mark) + '|', *lines[1:]])


def machine_markdown(found):
    rows = [[key, value] for key, value in found['machine'].items()] + [['turns', f'{found["turns"]}']]
    return '\n'.join(['| | |', '| --- | --- |'] + [f'| {key} | {value} |' for key, value in rows])
