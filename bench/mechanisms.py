# SPDX-License-Identifier: Apache-2.0
"""A study's regimes with each mechanism taken away in turn: what bench/run
--mechanisms lives. The files are rewritten node by node, so that whatever is
not taken away stays as it was written."""
import pathlib

import yaml

HOME = pathlib.Path(__file__).resolve().parent.parent
FILES = {'table', 'sizes', 'years'}  # keys of a world whose texts are paths

# name, what goes from the world, what goes from the regime; '*' is every key or item. What cannot be there without
# the mechanism goes with it.
MECHANISMS = [
    ('sharing', [], ['sharing']),
    ('due process', [], ['due_process']),
    ('pardons', [], ['pardons']),
    ('fines', [], ['fines']),
    ('money', ['populations.*.money', 'doors.*.costs', 'behaviours.*.settles.amount', 'behaviours.*.strain.poor'],
     ['fines', 'due_process.*.objection.fee', 'due_process.*.appeal.fee', 'due_process.*.repair.fee']),
    ('names in public', ['doors.*.stigma', 'learning.publicity', 'populations.*.money.custom'], ['lists.*.archive']),
    ('own experience', ['learning.own'], []),
    ('strain', ['behaviours.*.strain'], []),
    ('ladders', [], ['ratings.*.ladder']),
    ('redemption', [], ['ratings.*.redeem']),
    ('measures for ties', [], ['measures.*(household representative)']),
    ('false records', [], ['false_records']),
    ('life', ['populations.*.life'], []),
]


def items(node):
    """The values below a node."""
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def value_of(node, key):
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == key), None)
    return None


def mentions(node, words):
    if isinstance(node, yaml.ScalarNode):
        return any(word + '(' in node.value for word in words)
    return any(mentions(value, words) for value in items(node))


def drop(node, path):
    """Takes away what a path names; returns whether there was any."""
    first, _, rest = path.partition('.')
    if first.startswith('*('):  # keys whose values mention one of these words
        words = first[2:-1].split()
        gone = [pair for pair in node.value if mentions(pair[1], words)] if isinstance(node, yaml.MappingNode) else []
        node.value = [pair for pair in node.value if pair not in gone]
        return bool(gone)
    if first == '*':
        return any([drop(value, rest) for value in items(node)])
    value = value_of(node, first)
    if value is None:
        return False
    if rest:
        return drop(value, rest)
    node.value = [pair for pair in node.value if pair[0].value != first]
    return True


def find(name, folder, below, file):
    """The file that a study or regime means by a name."""
    if '/' in name or name.endswith('.yaml'):
        path = (folder / name).resolve()
        return path / 'world.yaml' if path.is_dir() else path
    for place in (folder, folder / '..' / below, HOME / below):
        if (place / file).exists():
            return (place / file).resolve()
    raise SystemExit(f'{name}: not found from {folder}')


def read(path):
    return yaml.compose(path.read_text(encoding='utf-8-sig'))


def merge(below, above):
    """What extends does: above over below, in place."""
    for key, value in above.value:
        found = next((i for i, (name, _) in enumerate(below.value) if name.value == key.value), None)
        empty = isinstance(value, yaml.ScalarNode) and value.tag.endswith(':null')
        if found is None:
            below.value += [] if empty else [(key, value)]
        elif empty:
            del below.value[found]
        elif isinstance(value, yaml.MappingNode) and isinstance(below.value[found][1], yaml.MappingNode):
            merge(below.value[found][1], value)
        else:
            below.value[found] = (key, value)


def read_regime(path):
    """A regime with all that it extends."""
    node = read(path)
    base = value_of(node, 'extends')
    if base is None:
        return node
    drop(node, 'extends')
    whole = read_regime(find(base.value, path.parent, 'regimes', base.value + '.yaml'))
    merge(whole, node)
    return whole


def read_world(path):
    """A world that finds its tables from anywhere."""
    def place(node):
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value in FILES and isinstance(value, yaml.ScalarNode):
                    value.value = str(path.parent / value.value)
        for value in items(node):
            place(value)
    node = read(path)
    place(node)
    return node


class Variant:
    """A regime and its world without some mechanisms."""

    def __init__(self, label, world, regime, mechanisms):
        self.label, self.taken = label, []
        world, regime = read_world(world), read_regime(regime)
        for name, from_world, from_regime in mechanisms:
            gone = [drop(world, path) for path in from_world], [drop(regime, path) for path in from_regime]
            if any(gone[0]) or any(gone[1]):
                self.taken.append(name)
        self.world, self.regime = (yaml.serialize(node, width=1 << 20, allow_unicode=True) for node in (world, regime))


def variants(study):
    """{regime's name: [variants]}: the whole, without each mechanism that it has, and without any."""
    study = pathlib.Path(study)
    node = read(study)
    world = find(value_of(node, 'world').value, study.parent, 'worlds', value_of(node, 'world').value + '/world.yaml')
    found = {}
    for name in (value.value for value in value_of(node, 'regimes').value):
        regime = find(name, study.parent, 'regimes', name + '.yaml')
        parts = [Variant('without ' + mechanism[0], world, regime, [mechanism]) for mechanism in MECHANISMS]
        found[regime.stem] = [Variant('whole', world, regime, []), *(part for part in parts if part.taken),
                              Variant('plain: none of them', world, regime, MECHANISMS)]
    return found


def write(study, group, folder):
    """Puts variants in a folder, in one study for each world that they need; returns [(study, variants)], the
    regimes of the study being their variants in order."""
    studies = []
    for number, world in enumerate(dict.fromkeys(variant.world for variant in group)):
        members = [variant for variant in group if variant.world == world]
        node = read(pathlib.Path(study))
        names = [f'r{number}-{i}.yaml' for i in range(len(members))]
        for name, variant in zip(names, members):
            (folder / name).write_text(variant.regime, encoding='utf-8')
        (folder / f'world{number}.yaml').write_text(world, encoding='utf-8')
        merge(node, yaml.compose(f'{{world: world{number}.yaml, regimes: [{", ".join(names)}]}}'))
        path = folder / f'study{number}.yaml'
        path.write_text(yaml.serialize(node, width=1 << 20, allow_unicode=True), encoding='utf-8')
        studies.append((path, members))
    return studies
