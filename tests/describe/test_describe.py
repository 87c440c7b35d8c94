#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_describe.py STANDING SOURCE_ROOT [unittest options] - a study in words.

What is said is held against the files as python3-yaml reads them, by rules
written down here once more: every name, every number, every assumption."""
import collections
import functools
import hashlib
import html.parser
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

STANDING, ROOT = None, None
STUDIES = []


def run(*words):
    return subprocess.run([STANDING, *map(str, words)], capture_output=True, text=True, timeout=120)


@functools.cache
def described(*words):
    return said(*words)


def said(*words):
    done = run("describe", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


# ------------------------------------------------------------------ the files

def entries(node):
    """A mapping's entries, those of merged ones (<<) below its own."""
    own, merged = {}, {}
    for key, value in node.value:
        if key.value == "<<":
            for other in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                for name, pair in entries(other).items():
                    merged.setdefault(name, pair)
        else:
            own[key.value] = (key, value)
    return {**merged, **own}


class Tree:
    """YAML with the file and line of each node; mappings are dicts."""

    def __init__(self, path, node):
        self.path, self.line, self.column = path, node.start_mark.line + 1, node.start_mark.column
        self.map = self.list = self.text = None
        if isinstance(node, yaml.MappingNode):
            self.map = {name: Tree(path, value) for name, (_, value) in entries(node).items()}
        elif isinstance(node, yaml.SequenceNode):
            self.list = [Tree(path, item) for item in node.value]
        else:
            self.text, self.null = node.value, not node.style and node.value in ("", "~", "null")

    def get(self, *keys):
        at = self
        for key in keys:
            at = at.map.get(key) if at is not None and at.map is not None else None
        return at


def load(path):
    return Tree(path, yaml.compose(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def laid_over(base, over):
    """A regime over the one that it extends."""
    if base is None or base.map is None or over.map is None:
        return over
    for name, value in over.map.items():
        base.map[name] = laid_over(base.map.get(name), value)
    over.map = base.map
    return over


def find(value, folder, kind):
    tail = "" if kind == "regimes" else "/world"
    if "/" in value or value.endswith(".yaml"):
        path = folder / value
        return path / "world.yaml" if path.is_dir() else path
    near = folder / f"{value}{tail}.yaml"
    return near if near.exists() else folder.parent / kind / f"{value}{tail}.yaml"


def pruned(tree):
    """Without what is set to nothing."""
    if tree.map is not None:
        tree.map = {name: pruned(value) for name, value in tree.map.items() if value.text is None or not value.null}
    return tree


def load_regime(path):
    tree = load(path)
    extends = tree.get("extends")
    if extends is not None and not extends.null:
        tree = laid_over(load_regime(find(extends.text, path.parent, "regimes")), tree)
    return pruned(tree)


class Study:
    def __init__(self, path):
        self.tree = load(path)
        self.world = load(find(self.tree.get("world").text, path.parent, "worlds"))
        self.regimes = {}
        for item in self.tree.get("regimes").list:
            file = find(item.text, path.parent, "regimes")
            self.regimes[file.stem] = load_regime(file)


@functools.cache
def read(path):
    return path, Study(path)


NUMBER = re.compile(r"^(every +)?[-+]?\d+(\.\d*)?([eE][-+]?\d+)?( *%|( +(per +)?[a-z]+)*)$|^(never|permanent|forever)$")
QUANTITIES = set("""size collective opportunities taken certainty severity prior incentive strain restricted poor chances amount
    attempts costs stigma income living savings custom births rate arrivals departures memory weight own publicity probability delay
    after acted not_acted level coverage wrong_person propagates_clearing due notice within duration capacity fee points correction
    at base spread forget redeem review term publish archive from until""".split())
APART = {"ratios", "counts", "shares", "ages", "like", "anew", "bands", "moves", "sources", "range", "title", "why", "cite", "joints",
         "extends", "standing", "while", "enter", "leave", "needs", "covers"}


def quantities(tree, inside=""):
    """(tree, value, cited) of each number that may have a source."""
    for name, value in (tree.map or {}).items():
        if name in APART or value is None:
            continue
        if name in QUANTITIES or inside == "points":
            given = value.get("value")
            if given is not None:
                yield value, given.text, value.get("cite") is not None
                forget = value.get("forget")
                if inside == "points" and forget is not None:
                    yield forget, forget.text, value.get("cite") is not None
                continue
            if value.text is not None and NUMBER.match(value.text):
                yield value, value.text, False
                continue
        yield from quantities(value, name)
    for value in tree.list or []:
        yield from quantities(value, inside)


def evidence(study, cited):
    """How many numbers with or without a source stand at (file, line, value, regimes that have them)."""
    found = {}
    for name, tree in [(None, study.world), *study.regimes.items()]:
        for node, value, has in quantities(tree):
            if has == cited:
                found.setdefault((node.path, node.line, node.column, value, name is None), collections.Counter())[name] += 1
    counts = collections.Counter()
    for (file, line, _, value, _), regimes in found.items():
        counts[(file.name, line, value, frozenset(set(regimes) - {None}))] += max(regimes.values())
    return counts


def tables(world):
    """Attributes, joints and tables of deaths: (tree, cited)."""
    for population in world.get("populations").map.values():
        for attribute in population.get("attributes").map.values():
            yield attribute, attribute.get("cite") is not None
        joints = population.get("joints")
        for joint in joints.list if joints is not None else []:
            yield joint, joint.get("cite") is not None
        deaths = population.get("life", "deaths")
        if deaths is not None:
            yield population.get("life"), deaths.get("cite") is not None


def numbers(tree):
    """Every number that stands anywhere in a tree but in words about it."""
    for name, value in (tree.map or {}).items():
        if name not in {"sources", "title", "why", "cite", "url", "standing", "extends"}:
            yield from numbers(value)
    for value in tree.list or []:
        yield from numbers(value)
    if tree.text is not None and re.match(r"^[-+]?\d", tree.text) and not re.match(r"^\d+-\d+$|^\d+\+$", tree.text):
        yield from (float(text) for text in re.findall(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", tree.text))


# ------------------------------------------------------------------- the tests

class Files(unittest.TestCase):
    """Against the shipped studies and those that tests are made for."""

    def test_names(self):
        for path, study in map(read, STUDIES):
            with self.subTest(study=path.name):
                text = described(path)
                wanted = set(study.regimes) | set(study.world.get("behaviours").map) | set(study.world.get("doors").map)
                wanted |= set(study.world.get("populations").map)
                for regime in study.regimes.values():
                    for section in ("agencies", "lists", "measures", "ratings"):
                        wanted |= set((regime.get(section) or regime).map) if regime.get(section) is not None else set()
                self.assertGreater(len(wanted), 10)
                self.assertEqual(set(), {name for name in wanted if f"`{name}`" not in text})

    def test_regimes_have_sections_of_their_own(self):
        for path, study in map(read, STUDIES):
            with self.subTest(study=path.name):
                text = described(path)
                for name, regime in study.regimes.items():
                    section = text.split(f"(`{name}`)\n\n#### Agencies", 1)
                    self.assertEqual(len(section), 2, name)
                    section = re.split(r"^##{1,2} ", section[1], flags=re.M)[0]
                    for part in ("agencies", "lists", "measures"):
                        for thing in (regime.get(part).map if regime.get(part) is not None else {}):
                            self.assertIn(f"`{thing}`", section, f"{name}: {part}")

    def test_assumptions(self):
        for path, study in map(read, STUDIES):
            with self.subTest(study=path.name):
                said = collections.Counter()
                for row in json.loads(described(path, "--json"))["assumptions"]:
                    if not row["bare"] and row["unit"] not in ("counts", "shares", "weights") and not row["key"].endswith("life.deaths"):
                        said[(row["file"].split("/")[-1], row["line"], row["value"], frozenset(row["regimes"]))] += 1
                wanted = evidence(study, False)
                self.assertGreater(sum(wanted.values()), 20)
                self.assertEqual(wanted - said, collections.Counter(), "in the files, but not said")
                self.assertEqual(said - wanted, collections.Counter(), "said, but not in the files")

    def test_tables_at_the_end(self):
        for path, study in map(read, STUDIES):
            with self.subTest(study=path.name):
                for head, cited in (("Assumptions", False), ("Numbers with a source", True)):
                    part = re.search(rf"^## {head}$(.*?)^## ", described(path), flags=re.M | re.S)[1]
                    said = collections.Counter()
                    for row in re.findall(r"^\| `.*$", part.replace("\\", ""), flags=re.M):
                        key, value, unit, _, place, why = [cell.strip() for cell in row.split("|")[1:7]]
                        self.assertTrue(unit and why, row)
                        self.assertEqual(cited, re.match(r"\[\d+\]", why) is not None, row)
                        if unit not in ("counts", "shares", "weights") and "life.deaths" not in key:
                            file, line = place.rsplit(":", 1)
                            said[(file.split("/")[-1], int(line), value.split("; times")[0])] += 1
                    wanted = collections.Counter()
                    for (file, line, value, _), count in evidence(study, cited).items():
                        wanted[(file, line, value)] += count
                    self.assertEqual(said, wanted)

    def test_tables_of_the_world(self):
        for path, study in map(read, STUDIES):
            with self.subTest(study=path.name):
                rows = [row for row in json.loads(described(path, "--json"))["assumptions"]
                        if row["unit"] in ("counts", "shares", "weights") or row["key"].endswith("life.deaths")]
                wanted = [tree.line for tree, cited in tables(study.world) if not cited]
                self.assertEqual(sorted(row["line"] for row in rows), sorted(wanted))

    def test_numbers(self):
        for path, study in map(read, STUDIES):
            with self.subTest(study=path.name):
                text = described(path).replace("\\", "")
                there = {float(number) for number in re.findall(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", text)}
                for tree in [study.world, *study.regimes.values()]:
                    self.assertEqual(set(), {number for number in numbers(tree) if number not in there and -number not in there})

    def test_sources(self):
        for path, study in map(read, STUDIES):
            with self.subTest(study=path.name):
                said = json.loads(described(path, "--json"))["sources"]
                titles = {source.get("title").text for tree in [study.world, *study.regimes.values()]
                          for source in (tree.get("sources").map.values() if tree.get("sources") is not None else [])}
                self.assertEqual({row["title"] for row in said}, titles)
                self.assertEqual([row["number"] for row in said], list(range(1, len(said) + 1)))
                used = {int(number) for number in re.findall(r"\\\[(\d+)\\\]", described(path))}
                self.assertEqual(used, set(range(1, len(said) + 1)))

    def test_digests_of_files(self):
        path = ROOT / "tests/fixtures/mini/study.yaml"
        rows = re.findall(r"^\| (\S+) \| \w+ \| (\d+) \| `([0-9a-f]{64})` \|$", described(path).replace("\\", ""), flags=re.M)
        self.assertEqual(len(rows), 11)
        for name, size, digest in rows:
            content = (path.parent / name).read_bytes()
            self.assertEqual((len(content), hashlib.sha256(content).hexdigest()), (int(size), digest))

    def test_json_says_the_same(self):
        for path, study in map(read, STUDIES):
            with self.subTest(study=path.name):
                text = re.sub(r"[`*\\]", "", described(path))
                for regime in json.loads(described(path, "--json"))["regimes"]:
                    for sentence in regime["sentences"]:
                        self.assertIn("- " + re.sub(r"[`*\\]", "", sentence) + "\n", text)

    def test_golden(self):
        golden = ROOT / "tests/describe/mini.md"
        text = described(ROOT / "tests/fixtures/mini/study.yaml")
        text = re.sub(r"Standing \d+\.\d+\.\d+, results epoch \d+", "Standing VERSION", text)
        self.assertEqual(text, golden.read_text(encoding="utf-8"),
                         f"if it should be so: standing describe ... | sed, into {golden.name}")


class Page(html.parser.HTMLParser):
    VOID = {"meta", "br", "hr", "img", "input", "link"}

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.ids, self.links, self.headings = [], [], [], [], []
        self.tags, self.words, self.bare_tables = collections.Counter(), "", 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        self.tags[tag] += 1
        self.ids += [names["id"]] if "id" in names else []
        self.links += [names["href"]] if "href" in names else []
        self.wrong += [f"{tag} {name}" for name in names if name.startswith("on")]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "th" and names.get("scope") != "col":
            self.wrong.append("th without scope")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data):
        if "style" not in self.open:
            self.words += data


class Forms(unittest.TestCase):
    """Markdown and HTML as such."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="standing-describe-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def copy(self):
        shutil.copytree(ROOT / "tests/fixtures/mini", self.folder / "mini")
        return self.folder / "mini"

    def page(self, text):
        page = Page(text)
        self.assertEqual((page.wrong, page.open), ([], []))
        self.assertEqual(len(page.ids), len(set(page.ids)))
        self.assertEqual({link for link in page.links if link.startswith("#")} - {f"#{name}" for name in page.ids}, set())
        self.assertEqual([link for link in page.links if not re.match(r"#|https?://", link)], [])
        self.assertEqual(page.tags["table"], page.tags["caption"])
        self.assertEqual(page.headings[0], 1)
        for one, two in zip(page.headings, page.headings[1:]):
            self.assertLessEqual(two, one + 1, "a heading skips a level")
        return page

    def test_html(self):
        for path in STUDIES:
            with self.subTest(study=path.name):
                text = described(path, "--html")
                self.page(text)
                try:
                    import html5lib
                except ImportError:
                    continue
                html5lib.HTMLParser(strict=True).parse(text)

    def test_html_says_what_markdown_says(self):
        for path in STUDIES[:2]:
            plain = lambda text: re.sub(r"[^a-z0-9]+", " ", text.lower())
            page = plain(self.page(described(path, "--html")).words)
            for line in described(path).splitlines():
                if line.startswith("- ") and "<http" not in line:
                    self.assertIn(plain(re.sub(r"\\", "", line)).strip(), page)

    def test_markdown_tables(self):
        for path in STUDIES:
            columns = None
            for line in described(path).splitlines():
                if line.startswith("|"):
                    bars = len(re.findall(r"(?<!\\)\|", line))
                    columns = columns or bars
                    self.assertEqual(bars, columns, line)
                    self.assertTrue(line.endswith("|"))
                else:
                    columns = None

    def test_markdown_as_github_reads_it(self):
        if shutil.which("cmark-gfm") is None:
            self.skipTest("no cmark-gfm")
        for path in STUDIES:
            text = described(path)
            page = subprocess.run(["cmark-gfm", "-e", "table", "-e", "autolink", "-e", "strikethrough", "--unsafe"], input=text,
                                  capture_output=True, text=True, check=True).stdout
            read = Page(page)
            self.assertEqual(read.tags["table"], len(re.findall(r"^\|---", text, flags=re.M)))
            self.assertEqual(read.tags["li"], len(re.findall(r"^- ", text, flags=re.M)))
            self.assertEqual(set(read.tags) - {"h1", "h2", "h3", "h4", "p", "ul", "li", "code", "em", "table", "thead", "tbody", "tr",
                                               "th", "td", "pre", "a"}, set())

    HOSTILE = '<script>alert("1")</script> & </title> | `tick` *star* _under_ [x](javascript:alert(2)) ![y](http://z) $m$ ~~s~~ \\\\ <!-- \'q\' #1 &amp; é'

    def hostile(self):
        """The small town with titles that are out for trouble."""
        mini = self.copy()
        quoted = json.dumps(self.HOSTILE, ensure_ascii=False)
        for name, old, new in [
                ("study.yaml", "title: A made-up town under three regimes", f"title: {quoted}"),
                ("world.yaml", "title: A made-up town for tests", f"title: {quoted}"),
                ("world.yaml", "title: leaves a court-ordered payment unpaid", f"title: {quoted}"),
                ("world.yaml", "why: a guess}\n    joints", f"why: {quoted}}}\n    joints"),
                ("world.yaml", "title: A made-up survey", f"title: {quoted}"),
                ("world.yaml", '"https://example.org/survey"', '"javascript:alert(3)"'),
                ("world.yaml", "title: A made-up register", f"title: {quoted}, url: 'https://x.example/\"><script>'"),
                ("regimes/court.yaml", "title: A court's list of defaulters", f"title: {quoted}"),
                ("regimes/court.yaml", "title: defaulters", f"title: {quoted}"),
                ("regimes/court.yaml", "{title: the court}", f"{{title: {quoted}}}"),
                ("regimes/full.yaml", "title: traffic police", 'title: "1. - # line\\nfeed\\ttab"')]:
            path = mini / name
            text = path.read_text(encoding="utf-8")
            self.assertIn(old, text)
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return mini / "study.yaml"

    def test_hostile_html(self):
        text = said(self.hostile(), "--html")
        page = self.page(text)
        self.assertEqual(page.tags["script"] + page.tags["img"], 0)
        self.assertEqual(page.tags["title"], 1)
        self.assertGreater(page.words.count(self.HOSTILE), 5)
        self.assertFalse([link for link in page.links if "script" in link])

    def test_hostile_markdown(self):
        text = said(self.hostile())
        if shutil.which("cmark-gfm") is None:
            self.skipTest("no cmark-gfm")
        page = subprocess.run(["cmark-gfm", "-e", "table", "-e", "autolink", "-e", "strikethrough", "--unsafe"], input=text,
                              capture_output=True, text=True, check=True).stdout
        read = Page(page)
        self.assertEqual(read.tags["script"] + read.tags["img"] + read.tags["del"] + read.tags["ol"], 0)
        self.assertEqual((set(read.wrong) - {"th without scope"}, read.open), (set(), []))
        self.assertGreater(read.words.count(self.HOSTILE), 5)
        self.assertFalse([link for link in read.links if "script" in link])
        self.assertEqual(read.tags["table"], len(re.findall(r"^\|---", text, flags=re.M)))

    def test_one_number_changes_its_lines(self):
        mini = self.copy()
        study = mini / "study.yaml"
        before = said(study).splitlines()
        for name, old, new, tokens in [
                ("world.yaml", "taken: 20 %", "taken: 21 %", ["21 %"]), ("world.yaml", "prior: 0.2}", "prior: 0.7}", ["0.7"]),
                ("world.yaml", "income: {low: 1.4,", "income: {low: 1.9,", ["1.9"]), ("world.yaml", "collective: 5,", "collective: 6,", ["6"]),
                ("world.yaml", "memory: 1 year", "memory: 3 years", ["3 years"]), ("regimes/court.yaml", "value: 2 years", "value: 7 years", ["7 years"]),
                ("regimes/full.yaml", "spread: 40", "spread: 44", ["44"]), ("regimes/full.yaml", "after: 45 days", "after: 46 days", ["46 days"]),
                ("regimes/full.yaml", "rating < 700", "rating < 710", ["710"]), ("regimes/full.yaml", "unsafe_food: -40", "unsafe_food: -41", ["-41"]),
                ("regimes/full.yaml", "warned: [600, 899], untrusted: [0, 599]", "warned: [601, 899], untrusted: [0, 600]", ["601"]),
                ("regimes/full.yaml", "forget: 1 year", "forget: 4 years", ["4 years"]), ("study.yaml", "seed: 7", "seed: 8", ["Seed 8"])]:
            with self.subTest(change=new):
                path = mini / name
                text = path.read_text(encoding="utf-8")
                self.assertEqual(text.count(old), 1, old)
                path.write_text(text.replace(old, new), encoding="utf-8")
                after = said(study).splitlines()
                path.write_text(text, encoding="utf-8")
                self.assertEqual(len(before), len(after))
                changed = [line for was, line in zip(before, after) if was != line]
                files = [line for line in changed if line.startswith(f"| {name} |")]
                self.assertEqual(len(files), 1, "the file's digest")
                changed = [line for line in changed if line not in files]
                self.assertGreater(len(changed), 0)
                for line in changed:
                    self.assertTrue(any(re.search(rf"(?<![\d.]){re.escape(token)}(?![\d])", line) for token in tokens), line)

    def test_where_files_lie_does_not_matter(self):
        self.assertEqual(said(self.copy() / "study.yaml"), described(ROOT / "tests/fixtures/mini/study.yaml"))

    def test_choices(self):
        study = ROOT / "tests/fixtures/mini/study.yaml"
        text = described(study, "-r", "court", "--years", "9", "--seed", "123", "--scale", "0.5")
        for words in ("9 years", "Seed 123", "scale 0.5: `resident` 1000 and `company` 100"):
            self.assertIn(words, text)
        self.assertNotIn("`full`", text)

    def test_world_alone(self):
        text = described(ROOT / "tests/fixtures/mini/world.yaml")
        self.assertIn("without a regime", text)
        json.loads(described(ROOT / "tests/fixtures/mini/world.yaml", "--json"))

    def test_output(self):
        study = ROOT / "tests/fixtures/mini/study.yaml"
        for options in ([], ["--html"], ["--json"]):
            out = self.folder / ("out" + "".join(options))
            for _ in range(2):  # over one's own is fine
                self.assertEqual(said(study, "-o", out, *options), "")
                self.assertEqual(out.read_text(encoding="utf-8"), described(study, *options))
        other = self.folder / "mine.md"
        other.write_text("# my own\n")
        done = run("describe", study, "-o", other)
        self.assertEqual((done.returncode, other.read_text()), (1, "# my own\n"))
        self.assertIn("left alone", done.stderr)
        self.assertEqual(run("describe", study, "-o", self.folder / "no/such/out").returncode, 1)
        self.assertEqual(len(list(self.folder.iterdir())), 4)

    def test_bad_input(self):
        mini = self.copy()
        world = mini / "world.yaml"
        world.write_text(world.read_text(encoding="utf-8").replace("taken: 20 %", "taken: 20 days"), encoding="utf-8")
        done = run("describe", mini / "study.yaml", "-o", self.folder / "out.md")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertRegex(done.stderr, r"world\.yaml:41:\d+: ")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["mini"])
        for words in ([], [mini / "study.yaml", "--html", "--json"], [mini / "study.yaml", mini / "study.yaml"],
                      [mini / "study.yaml", "--scale", "2"], [ROOT / "tests/fixtures/mini/study.yaml", "-r", "nobody"]):
            done = run("describe", *words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
        with open("/dev/full", "w") as full:
            done = subprocess.run([STANDING, "describe", str(ROOT / "tests/fixtures/mini/study.yaml")], stdout=full, stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    STANDING, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
    STUDIES = [ROOT / "tests/fixtures/mini/study.yaml", ROOT / "tests/fixtures/web/study.yaml", *sorted(ROOT.glob("studies/*.yaml"))]
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
