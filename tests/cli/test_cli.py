#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_cli.py STANDING STUDY [unittest options] - the command line from outside.

What it says, what its exit status is, and that a result file is there whole or
not at all, whatever goes wrong on the way."""
import contextlib
import csv
import fcntl
import io
import json
import os
import pathlib
import pty
import re
import resource
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

STANDING, STUDY = None, None
TIMED = {"meta", "run"}  # tables that hold times


def run(*words, **more):
    more.setdefault("timeout", 300)
    return subprocess.run([STANDING, *map(str, words)], capture_output=True, text=True, **more)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="standing-cli-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def said(self, done, status, *words):
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def good(self, *words, **more):
        done = run(*words, **more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())


def tables(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: db.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def digests(text):
    return [line for line in text.splitlines() if line.startswith("digest: ")]


class Usage(Case):
    def test_help_of_everything(self):
        text = self.good("--help")
        self.assertEqual(text, self.good("help"))
        for command in ("run", "explain", "compare", "disparity", "audit", "report", "check", "city", "export", "schema"):
            self.assertIn(f"\n  {command} ", text)
            self.assertEqual(self.good("help", command), self.good(command, "--help"))
            self.assertLessEqual(max(map(len, self.good("help", command).splitlines())), 100)

    def test_version(self):
        self.assertRegex(self.good("--version"), r"^standing \d+\.\d+\.\d+ \(results epoch \d+\)\n$")

    def test_mistakes(self):
        for words, said in [
                ((), ["usage: standing COMMAND"]),
                (("rnu",), ["no command 'rnu'", "did you mean 'run'?"]),
                (("help", "exprot"), ["did you mean 'export'?"]),
                (("run",), ["a STUDY or --from"]),
                (("run", STUDY, "--from", "x.db"), ["not both"]),
                (("run", STUDY, "extra"), ["'extra' is one word too many"]),
                (("run", "--sclae", "1", STUDY), ["no option --sclae", "did you mean --scale?"]),
                (("run", "-x", STUDY), ["no option -x"]),
                (("run", STUDY, "--scale"), ["--scale needs an argument"]),
                (("run", "--panel=3", STUDY), ["--panel=3 takes no argument"]),
                (("run", "--scale", "0", STUDY), ["--scale '0'"]),
                (("run", "--scale", "1.5", STUDY), ["--scale '1.5'"]),
                (("run", "--scale", "nan", STUDY), ["--scale 'nan'"]),
                (("run", "--years", "3x", STUDY), ["--years '3x'"]),
                (("run", "--seed", "-1", STUDY), ["--seed '-1'"]),
                (("run", "--seed", "9223372036854775808", STUDY), ["--seed"]),
                (("run", "--threads", "two", STUDY), ["--threads 'two'"]),
                (("run", "--json", "--quiet", STUDY), ["only one of them"]),
                (("run", "--regime", "nonsuch", STUDY), ["nonsuch"]),
                (("explain", STUDY), ["whom?", "--who WORDS"]),
                (("explain", "--resident", "1"), ["a STUDY or --from"]),
                (("explain", STUDY, "--resident", "1", "--company", "1"), ["only one of"]),
                (("explain", STUDY, "--row", "1"), ["--population NAME"]),
                (("explain", STUDY, "--population", "resident", "--resident", "1"), ["goes with --row"]),
                (("explain", STUDY, "--resident", "2000"), ["no row 2000", "0 to 1999"]),
                (("explain", STUDY, "--resident", "-1"), ["--resident '-1'"]),
                (("explain", STUDY, "--resident", "Wang"), ["--resident 'Wang'"]),
                (("explain", STUDY, "-p", "companny", "--row", "1"), ["no population 'companny'", "did you mean 'company'?"]),
                (("explain", STUDY, "--who", "longest wrongly restrictd"), ["did you mean 'longest wrongly restricted'?"]),
                (("explain", STUDY, "--who", "somebody famous"), ["nobody is found like that"]),
                (("explain", STUDY, "--resident", "1", "-r", "ful"), ["did you mean \"full\"?"]),
                (("explain", STUDY, "--resident", "1", "--width", "39"), ["--width '39'"]),
                (("explain", STUDY, "--resident", "1", *["-r", "full"] * 7), ["at most 6"]),
                (("export",), ["something is missing", "usage:"]),
                (("schema", "studdy"), ["did you mean 'study'?"]),
                (("check",), ["something is missing"])]:
            with self.subTest(words=words):
                self.said(run(*words, cwd=self.folder), 2, *said)
                self.assertEqual(self.names(), [])

    def test_schema(self):
        for kind in ("world", "regime", "study"):
            self.assertIn("$schema", json.loads(self.good("schema", kind)))

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([STANDING, "help"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left", done.stderr)


class Check(Case):
    def test_good(self):
        self.assertIn("study", self.good("check", STUDY))

    def test_mistakes_all_reported(self):
        bad = self.folder / "bad.yaml"
        bad.write_text("standing: study/1\ntitle: x\nwrold: y\nyaers: 3\n", encoding="utf-8")
        done = run("check", bad, STUDY)
        self.said(done, 2, f"{bad}:3:", f"{bad}:4:", "world", "years")
        self.assertIn("without mistakes", done.stdout)  # of the second file

    def test_missing(self):
        self.assertIn(run("check", self.folder / "none.yaml").returncode, (1, 2))


class Written(Case):
    """A whole file, or none."""

    def setUp(self):
        super().setUp()
        self.out = self.folder / "out.db"

    def test_name_by_default(self):
        self.good("run", STUDY, "--years", "0.2", "-q", cwd=self.folder)
        self.assertEqual(self.names(), [pathlib.Path(STUDY).stem + ".db"])

    def test_twice_the_same(self):
        first = self.good("run", STUDY, "-q", "-o", self.out, "--panel", "--events", "--threads", "1")
        one = tables(self.out)
        second = self.good("run", STUDY, "-q", "-o", self.out, "--panel", "--events", "--threads", "2", "--block", "3")
        two = tables(self.out)
        self.assertEqual(digests(first), digests(second))
        self.assertTrue(digests(first))
        for name in one.keys() - TIMED:
            self.assertEqual(one[name], two[name], name)
        self.assertEqual(self.names(), ["out.db"])

    def test_replicates(self):
        """Each is what its seed makes of a study alone; the first is the study as it was."""
        text = self.good("run", STUDY, "-o", self.out, "--years", "1", "--panel", "--replicates", "3")
        self.assertIn("replicate 0 of 3", text)
        self.assertIn("standing compare", text)
        self.assertEqual(re.findall(r"^replicate: (.*)$", text, re.M)[::3], ["0", "1", "2"])
        all_of_them = tables(self.out)
        with contextlib.closing(sqlite3.connect(self.out)) as db:
            seeds = [seed for (seed,) in db.execute("SELECT seed FROM replicate ORDER BY id")]
            self.assertEqual(len(set(seeds)), 3)
        said = digests(text)
        alone = self.folder / "alone.db"
        for replicate, seed in enumerate(seeds):
            one = self.good("run", STUDY, "-q", "-o", alone, "--years", "1", "--panel", "--seed", str(seed))
            self.assertNotIn("replicate:", one)
            self.assertEqual(digests(one), said[3 * replicate:3 * replicate + 3])
            for name, rows in tables(alone).items():
                if name in ("panel", "person", "histogram", "effect", "fate", "spell"):
                    mine = sorted(row[1:] for row in all_of_them[name] if row[0] == replicate)
                    self.assertEqual(mine, sorted(row[1:] for row in rows), name)
        self.assertEqual(digests(self.good("run", STUDY, "-q", "-o", alone, "--years", "1")), said[:3])
        again = self.good("run", "--from", self.out, "-q", "-o", alone)
        self.assertEqual(digests(again), said)

    def test_replicates_that_make_no_sense(self):
        for words in ("0", "-1", "1.5", "10001", "many"):
            self.said(run("run", STUDY, "-o", self.out, "--replicates", words), 2, "--replicates")
            self.assertEqual(self.names(), [])

    def test_whole_numbers_and_texts_only(self):
        self.good("run", STUDY, "-q", "-o", self.out, "--panel", "--events", "--years", "1")
        for name, rows in tables(self.out).items():
            self.assertTrue(rows or name == "setting", name)  # nothing was set
            for row in rows:
                for value in row:
                    self.assertIsInstance(value, (int, str, type(None)), name)
        with contextlib.closing(sqlite3.connect(self.out)) as db:
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])

    def test_in_the_way(self):
        self.out.write_text("my diary", encoding="utf-8")
        self.said(run("run", STUDY, "-q", "-o", self.out), 1, "left alone")
        self.assertEqual(self.out.read_text(encoding="utf-8"), "my diary")
        self.said(run("run", STUDY, "-q", "-o", self.folder), 1, "not an ordinary file")
        self.said(run("run", STUDY, "-q", "-o", "/dev/full"), 1, "not an ordinary file")
        other = self.folder / "other.db"
        with contextlib.closing(sqlite3.connect(other)) as db:
            db.execute("CREATE TABLE mine(x)")
        self.said(run("run", STUDY, "-q", "-o", other), 1, "left alone")
        self.assertEqual(list(tables(other)), ["mine"])

    def test_folder_that_is_not_there(self):
        self.said(run("run", STUDY, "-q", "-o", self.folder / "no" / "out.db"), 1, "No such file or directory")

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_folder_that_cannot_be_written(self):
        self.folder.chmod(0o500)
        try:
            self.said(run("run", STUDY, "-q", "-o", self.out), 1, "Permission denied")
        finally:
            self.folder.chmod(0o700)

    def test_file_too_large(self):
        """Each limit stops the writing somewhere else."""
        self.good("run", STUDY, "-q", "-o", self.out, "--panel", "--events")
        size = self.out.stat().st_size
        self.out.unlink()
        for share in (0.001, 0.3, 0.9, 0.999):
            limit = int(size * share)
            done = run("run", STUDY, "-q", "-o", self.out, "--panel", "--events",
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
            self.said(done, 1, "out.db", "File too large")
            self.assertEqual(self.names(), [], share)

    def interrupted(self, number, *more, wait=0.0):
        """A run that would take long, told to stop once its file is begun (and a while later)."""
        with open(self.folder / "said", "w+", encoding="utf-8") as said:
            child = subprocess.Popen([STANDING, "run", STUDY, "--years", "200", "--events", "-o", str(self.out), *more],
                                     stdout=subprocess.DEVNULL, stderr=said)
            end = time.monotonic() + 60
            while not any(".tmp-" in name for name in self.names()) and time.monotonic() < end:
                time.sleep(0.001)
            time.sleep(wait)
            child.send_signal(number)
            status = child.wait(60)
            said.seek(0)
            text = said.read()
        (self.folder / "said").unlink()
        return status, text

    def test_interrupt(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            status, text = self.interrupted(number)
            self.assertEqual(status, 130, text)
            self.assertIn("stopped; nothing was written", text)
            self.assertEqual(self.names(), [])

    def test_interrupt_between_replicates(self):
        for wait in (0.2, 0.3, 0.5):
            status, text = self.interrupted(signal.SIGINT, "--years", "0.5", "--replicates", "10000", wait=wait)
            self.assertEqual(status, 130, text)
            self.assertEqual(self.names(), [])

    def test_interrupt_leaves_the_old_file(self):
        self.good("run", STUDY, "-q", "-o", self.out, "--years", "1")
        before = self.out.read_bytes()
        self.assertEqual(self.interrupted(signal.SIGINT)[0], 130)
        self.assertEqual(self.out.read_bytes(), before)

    def test_kill(self):
        self.assertEqual(self.interrupted(signal.SIGKILL)[0], -signal.SIGKILL)
        self.assertFalse(self.out.exists())

    def test_summary_that_cannot_be_written(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([STANDING, "run", STUDY, "-o", self.out, "--years", "0.2"], stdout=full,
                                  stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard output", done.stderr)
        self.assertEqual(self.names(), ["out.db"])  # which is whole


class Printed(Case):
    def test_last_lines(self):
        out = self.folder / "out.db"
        text = self.good("run", STUDY, "-o", out, "--years", "1")
        self.assertEqual(self.good("run", STUDY, "-o", out, "--years", "1", "-q").count("\n"), text[text.index("\nregime: "):].count("\n"))
        with contextlib.closing(sqlite3.connect(out)) as db:
            regimes = db.execute("SELECT name, opportunities, digest FROM regime JOIN run ON id = regime ORDER BY id").fetchall()
        ends = [block.splitlines() for block in text[text.index("\nregime: "):].strip().split("\n\n")]
        self.assertEqual(len(ends), len(regimes))
        for (name, opportunities, digest), end in zip(regimes, ends):
            self.assertEqual(end[0], f"regime: {name}")
            self.assertEqual(end[1], f"opportunities: {opportunities}")
            self.assertRegex(end[2], r"^engine seconds: \d+\.\d+$")
            self.assertEqual(end[3], f"digest: {digest}")

    def test_hint_can_be_copied(self):
        for name in ("out.db", "my town's.db"):
            text = self.good("run", STUDY, "-o", name, "--years", "0.2", cwd=self.folder)
            hints = re.findall(r"^    standing (export .*)$", text, re.M)
            self.assertEqual(len(hints), 2)
            for hint in hints:
                subprocess.run(["sh", "-ec", f"'{STANDING}' {hint}"], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def test_summary_is_plain(self):
        text = self.good("run", STUDY, "-o", "out.db", cwd=self.folder)
        self.assertTrue(text.isascii())
        self.assertLessEqual(max(map(len, text.splitlines())), 100)
        self.assertNotIn("\t", text)
        self.assertNotRegex(text, r"[-+]0\.0%")  # what rounds to nothing has no sign

    def test_summary_of_other_alphabets(self):
        """Names of files may be in any: columns are counted in characters, not bytes."""
        shutil.copytree(pathlib.Path(STUDY).parent, self.folder / "städte 1")
        study = self.folder / "städte 1" / "study.yaml"
        shutil.copy(study.parent / "regimes" / "none.yaml", study.parent / "é北京.yaml")
        text = study.read_text(encoding="utf-8")
        study.write_text(text.replace("regimes/none.yaml", "é北京.yaml"), encoding="utf-8")
        plain = self.good("run", STUDY, "-o", self.folder / "a.db")
        other = self.good("run", study, "-o", self.folder / "b.db")
        heads = [next(line for line in text.splitlines() if re.match(r" {40,}\S", line)) for text in (plain, other)]
        self.assertEqual(*map(len, heads))

    def test_json_says_what_the_file_says(self):
        out = self.folder / "out.db"
        summary = json.loads(self.good("run", STUDY, "-o", out, "--json"))
        with contextlib.closing(sqlite3.connect(out)) as db:
            last = db.execute("SELECT max(id) FROM window").fetchone()[0]
            for regime in summary["regimes"]:
                self.assertEqual((regime["opportunities"], regime["digest"]), db.execute(
                    "SELECT opportunities, digest FROM regime JOIN run ON id = regime WHERE name = ?", (regime["name"],)).fetchone())
                for population in regime["populations"]:
                    for counter in population["counters"]:
                        value = db.execute(
                            "SELECT sum(s.value) FROM series s JOIN counter c ON c.id = s.counter JOIN regime r ON r.id = s.regime"
                            " JOIN population p ON p.id = s.population WHERE r.name = ? AND p.name = ? AND c.name = ?"
                            " AND c.subject = ? AND (c.stock = 0 OR s.window = ?)",
                            (regime["name"], population["population"], counter["name"], counter["subject"], last)).fetchone()[0]
                        self.assertEqual(counter["total"], value or 0, counter)
                        self.assertEqual(counter["total"], sum(counter["groups"]), counter)
            for population in summary["populations"]:
                self.assertEqual(population["size"], sum(group["people"] for group in population["groups"]))

    def test_progress_on_a_terminal_only(self):
        self.assertEqual(run("run", STUDY, "-o", self.folder / "out.db").stderr, "")
        for quiet in ([], ["--quiet"]):
            keeper, terminal = pty.openpty()
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 25, 100, 0, 0))
            status = subprocess.run([STANDING, "run", STUDY, "-o", self.folder / "out.db", *quiet], stdout=subprocess.DEVNULL,
                                    stderr=terminal).returncode
            os.close(terminal)
            text = b""
            with contextlib.suppress(OSError):  # the end of a terminal
                while some := os.read(keeper, 65536):
                    text += some
            os.close(keeper)
            self.assertEqual(status, 0)
            if quiet:
                self.assertEqual(text, b"")
            else:
                self.assertIn(b"living under", text)
                self.assertTrue(text.endswith(b"\r\x1b[K"))  # the line is gone at the end


class Exported(Case):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out.db"
        self.good("run", STUDY, "-q", "-o", self.out, "--panel", "--events", "--years", "1.2")

    def test_every_table_and_view(self):
        names = self.good("export", self.out).splitlines()
        for name in ("meta", "file", "source", "quantity", "regime", "population", "population_group", "group_size", "fit", "counter",
                     "window", "series", "histogram", "label", "person", "cell", "panel", "event_kind", "event", "totals",
                     "timeline", "ratings", "people", "final", "log"):
            self.assertIn(name, names)
        with contextlib.closing(sqlite3.connect(self.out)) as db:
            for name in names:
                cursor = db.execute(f'SELECT * FROM "{name}"')
                expected = [[column[0] for column in cursor.description]]
                expected += [["" if value is None else str(value) for value in row] for row in cursor]
                self.assertEqual(list(csv.reader(io.StringIO(self.good("export", self.out, name), newline=""))), expected, name)
                self.assertGreater(len(expected), 0 if name == "setting" else 1, name)

    def test_totals_are_the_series(self):
        with contextlib.closing(sqlite3.connect(self.out)) as db:
            for name in ("acts", "records", "blocked"):
                self.assertEqual(
                    db.execute("SELECT sum(value) FROM totals WHERE counter = ?", (name,)).fetchone(),
                    db.execute("SELECT sum(value) FROM series JOIN counter ON counter.id = series.counter WHERE name = ?",
                               (name,)).fetchone())
            people = db.execute("SELECT sum(size) FROM population").fetchone()
            self.assertEqual(db.execute("SELECT sum(people) FROM group_size").fetchone(), people)
            self.assertEqual(db.execute("SELECT count(*) FROM people").fetchone(), people)
            # What the panel says of the end is what the last window counted.
            self.assertEqual(
                db.execute("SELECT sum(closed IS NOT NULL) FROM final WHERE regime = 'full'").fetchone(),
                db.execute("SELECT sum(value) FROM totals WHERE regime = 'full' AND counter = 'restricted_stock'").fetchone())

    def test_mistakes(self):
        self.said(run("export", self.out, "serie"), 2, "did you mean 'series'?")
        self.said(run("export", self.folder / "none.db"), 1, "No such file")
        self.said(run("export", STUDY), 1, "not a result file")

    def test_versions(self):
        raw = bytearray(self.out.read_bytes())
        for version, words in ((1, ["older Standing"]), (3, ["newer Standing"])):
            raw[60:64] = struct.pack(">I", version)
            self.out.write_bytes(raw)
            self.said(run("export", self.out), 2, *words)
            self.said(run("run", "--from", self.out, cwd=self.folder), 2, *words)


class Web(Case):
    """Records that travel, petitions, money, ladders: a town with everything in it."""

    def setUp(self):
        super().setUp()
        self.out = self.folder / "out.db"
        self.study = pathlib.Path(STUDY).parent.parent / "web" / "study.yaml"

    def test_summary(self):
        text = self.good("run", self.study, "-o", self.out)
        self.assertTrue(text.isascii())
        self.assertLessEqual(max(map(len, text.splitlines())), 100)
        for words in ("Told: records that agencies had from others", "Due process:", "objections filed", "days a case waits", "Money:",
                      "poor at the end", "Ratings that move by themselves", "reviews", "days from act to closed door",
                      "From an act to the first door that closes for it", "Petitions filed:"):
            self.assertIn(words, text)
        plain = self.good("run", STUDY, "-o", self.out, "--years", "1")
        for words in ("Told:", "Due process:", "Money:", "Ratings that move", "Petitions", "yuan", "mistaken"):
            self.assertNotIn(words, plain)  # sections only where there is something to say

    def test_log_in_words(self):
        """The log's words are what was counted."""
        self.good("run", self.study, "-q", "-o", self.out, "--events")
        with contextlib.closing(sqlite3.connect(self.out)) as db:
            for counter, where in (
                    ("objections_filed", "event = 'petition filed' AND how = 'objection'"),
                    ("appeals_granted", "event = 'petition decided' AND how = 'appeal granted'"),
                    ("corrected", "event = 'record ended' AND how = 'corrected'"),
                    ("repaired", "event = 'record ended' AND how = 'repaired'"),
                    ("pardoned", "event = 'record ended' AND how = 'pardoned'"),
                    ("fines_paid", "event = 'fine due' AND how = 'paid'"),
                    ("fines_unpaid", "event = 'fine due' AND how = 'unpaid'"),
                    ("misfiled", "event = 'misfiled record born'"),
                    ("refused", "event = 'attempt refused'"),
                    ("redemptions", "event = 'clean slate'")):
                counted = db.execute("SELECT total(value) FROM totals WHERE counter = ?", (counter,)).fetchone()[0]
                self.assertEqual(counted, db.execute(f"SELECT count(*) FROM log WHERE {where}").fetchone()[0], counter)
            self.assertEqual(db.execute("SELECT total(value) FROM totals WHERE counter = 'fine_yuan'").fetchone(),
                             db.execute("SELECT total(yuan) FROM log WHERE event = 'fine due' AND how = 'paid'").fetchone())
            self.assertEqual(db.execute("SELECT total(value) FROM totals WHERE counter = 'debt_yuan'").fetchone(),
                             db.execute("SELECT total(yuan) FROM log WHERE event = 'debt paid'").fetchone())

    def test_lives_told(self):
        for who in ("longest wrongly restricted", "most doors closed"):
            text = self.good("explain", self.study, "--who", who)
            self.assertLessEqual(max(map(len, text.splitlines())), 100)
            self.assertIn("DOOR CLOSED", text)
            story = json.loads(self.good("explain", self.study, "--who", who, "--json"))
            self.assertTrue(any(event["kind"] == "sent" for event in story["regimes"][0]["events"]))


class Again(Case):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out.db"

    def test_same_digests(self):
        first = self.good("run", STUDY, "-q", "-o", self.out, "--scale", "0.7", "--years", "1.3", "--seed", "9", "-r", "full", "-r", "none")
        again = self.good("run", "--from", "out.db", "-q", cwd=self.folder)
        self.assertEqual(digests(first), digests(again))
        self.assertEqual(len(digests(first)), 2)
        self.assertEqual(self.names(), ["out-again.db", "out.db"])
        one, two = tables(self.out), tables(self.folder / "out-again.db")
        for name in one.keys() - TIMED:
            self.assertEqual(one[name], two[name], name)
        third = self.good("run", "--from", "out-again.db", "-q", "-o", "third.db", cwd=self.folder)
        self.assertEqual(digests(first), digests(third))

    def test_changed_again(self):
        self.good("run", STUDY, "-q", "-o", self.out, "--years", "1.3", "--seed", "9")
        first = self.good("run", STUDY, "-q", "-o", self.folder / "b.db", "--years", "1.3", "--seed", "10", "-r", "full")
        again = self.good("run", "--from", self.out, "--seed", "10", "-r", "full", "-q", "-o", self.folder / "c.db")
        self.assertEqual(digests(first), digests(again))

    def test_inputs_moved_away(self):
        """The inputs in the result file suffice."""
        inputs = self.folder / "inputs"
        shutil.copytree(pathlib.Path(STUDY).parent, inputs)
        first = self.good("run", inputs / pathlib.Path(STUDY).name, "-q", "-o", self.out, "--years", "1")
        shutil.rmtree(inputs)
        self.assertEqual(digests(first), digests(self.good("run", "--from", self.out, "-q", "-o", self.folder / "b.db")))
        for path, _, _ in tables(self.out)["file"]:
            self.assertFalse(path.startswith("/") or ".." in path.split("/"), path)

    def test_paths_that_lead_out(self):
        self.good("run", STUDY, "-q", "-o", self.out, "--years", "0.2")
        for path in ("../escaped", "/tmp/standing-escaped", "a/../../escaped", "a//b", "./x", ""):
            evil = self.folder / "evil.db"
            shutil.copy(self.out, evil)
            with contextlib.closing(sqlite3.connect(evil)) as db, db:
                db.execute("INSERT INTO file VALUES (?, 'table', 'x')", (path,))
            temporary = self.folder / "temporary"
            temporary.mkdir()
            done = run("run", "--from", evil, "-q", "-o", self.folder / "b.db", env=os.environ | {"TMPDIR": str(temporary)})
            self.said(done, 1, "leads out of the folder")
            self.assertEqual(list(temporary.iterdir()), [])
            temporary.rmdir()
            self.assertEqual(self.names(), ["evil.db", "out.db"])

    def test_damaged(self):
        self.good("run", STUDY, "-q", "-o", self.out, "--years", "0.2")
        raw = bytearray(self.out.read_bytes())
        raw[4096:] = b"\xa5" * (len(raw) - 4096)
        self.out.write_bytes(raw)
        self.assertEqual(run("run", "--from", self.out, "-q", cwd=self.folder).returncode, 1)
        self.assertEqual(run("export", self.out, "series").returncode, 1)


class Resumed(Case):
    """What test_kill.py does not: whose checkpoint it is, and what is refused."""

    def setUp(self):
        super().setUp()
        self.inputs = self.folder / "inputs"
        shutil.copytree(pathlib.Path(STUDY).parent, self.inputs)
        self.study = self.inputs / pathlib.Path(STUDY).name
        self.out = self.folder / "out.db"
        self.beside = self.folder / "out.db.checkpoint"
        self.words = ["run", self.study, "-q", "-o", self.out, "--years", "30"]

    def stopped(self, number, until=None, *more):
        """A run stopped once there is a checkpoint, or one of which `until` holds."""
        child = subprocess.Popen([STANDING, *map(str, self.words), "--checkpoint", "0", *more], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True)
        end = time.monotonic() + 120
        while not (self.beside.exists() and (until is None or until())) and time.monotonic() < end:
            time.sleep(0.001)
        child.send_signal(number)
        said = child.communicate(timeout=60)[1]
        self.assertEqual(child.returncode, 130 if number == signal.SIGINT else -number, said)
        self.assertTrue(self.beside.exists())
        return said

    def test_interrupt_says_how_to_go_on(self):
        wanted = digests(self.good(*self.words[:4], self.folder / "peace.db", *self.words[5:]))
        self.assertIn("stopped; --resume goes on from", self.stopped(signal.SIGINT))
        self.assertEqual(self.names(), ["inputs", "out.db.checkpoint", "peace.db"])
        self.said(run(*self.words, "--checkpoint", "5"), 2, "out.db.checkpoint is there already", "--resume")
        self.assertEqual(self.names(), ["inputs", "out.db.checkpoint", "peace.db"])
        done = run(*self.words, "--resume")
        self.said(done, 0, "going on from", " %")
        self.assertEqual(digests(done.stdout), wanted)
        self.assertEqual(self.names(), ["inputs", "out.db", "peace.db"])

    def test_none_there(self):
        self.said(run("run", self.study, "-q", "-o", self.out, "--years", "0.2", "--resume", "--checkpoint", "1"), 0,
                  "there is no", "out.db.checkpoint; beginning at the beginning")
        self.assertEqual(self.names(), ["inputs", "out.db"])

    def test_foreign(self):
        self.stopped(signal.SIGKILL)
        held = self.beside.read_bytes()
        for more, said in [(["--seed", "99"], "another seed"), (["--scale", "0.5"], "another scale"),
                           (["--years", "29"], "another number of years"), (["-r", "none"], "other regimes"),
                           (["--events"], "choice of events")]:
            self.said(run(*self.words, "--resume", *more), 2, "out.db.checkpoint: it was made", said)
            self.assertEqual(self.beside.read_bytes(), held)
        world = self.inputs / "world.yaml"
        text = world.read_text(encoding="utf-8")
        world.write_text(text + "# a word more\n", encoding="utf-8")
        self.said(run(*self.words, "--resume"), 2, "changed since")
        world.write_text(text, encoding="utf-8")
        for bytes_, said in [(b"", "not a checkpoint"), (b"x" * 5000, "not a checkpoint"), (held[:-1], "damaged"),
                             (held[:len(held) // 2], "damaged"), (held[:1000] + bytes([held[1000] ^ 1]) + held[1001:], "damaged"),
                             (held + b"x", "damaged")]:
            self.beside.write_bytes(bytes_)
            self.said(run(*self.words, "--resume"), 2, said)
            self.assertEqual(self.names(), ["inputs", "out.db.checkpoint"])
            self.assertEqual(self.beside.read_bytes(), bytes_)
        self.beside.write_bytes(held)
        self.said(run(*self.words, "--resume"), 0, "going on")

    def test_panel_later(self):
        """Who goes on may ask for the panel, or no longer."""
        self.stopped(signal.SIGKILL)
        self.good(*self.words, "--resume", "--panel")
        self.assertIn("final", self.good("export", self.out))
        self.assertEqual(self.names(), ["inputs", "out.db"])

    def test_no_room_for_it(self):
        """The run goes on without."""
        self.beside.mkdir()
        done = run("run", self.study, "-q", "-o", self.out, "--years", "0.2", "--resume", "--checkpoint", "0")
        self.said(done, 2, "not a checkpoint of Standing")
        self.beside.rmdir()
        peace = self.good("run", self.study, "-q", "-o", self.out, "--years", "0.2")
        done = run("run", self.study, "-q", "-o", self.out, "--years", "0.2", "--checkpoint", "0",
                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (self.out.stat().st_size, ) * 2))
        self.said(done, 0, "no checkpoint could be made, going on without", "File too large")
        self.assertEqual(digests(done.stdout), digests(peace))
        self.assertEqual(self.names(), ["inputs", "out.db"])


class Explained(Case):
    def test_timeline(self):
        text = self.good("explain", STUDY, "--who", "longest-restricted", "-r", "none", "-r", "full")
        self.assertRegex(text, r"^resident \d+, of 2,000: made up, like everybody here\.\nzone (north|south), sex ")
        self.assertEqual(text.count("made up"), 1)
        for words in ("The regimes part in year ", "---- here the regimes part ----", "DOOR CLOSED: ", "The study ends:", "LISTED: "):
            self.assertIn(words, text)
        self.assertTrue(text.isascii())
        self.assertLessEqual(max(map(len, text.splitlines())), 100)
        narrow = self.good("explain", STUDY, "--who", "longest restricted", "-r", "none", "-r", "full", "--width", "50")
        self.assertLessEqual(max(map(len, narrow.splitlines())), 50)
        self.assertIn("[full] ", narrow)

    def test_same_whatever_the_threads(self):
        words = ("explain", STUDY, "--population", "resident", "--row", "966")
        for json_too in ([], ["--json"]):
            self.assertEqual(self.good(*words, *json_too, "-t", "1"), self.good("explain", STUDY, "--resident", "966", *json_too, "-t", "2"))

    def test_json_says_what_the_log_says(self):
        """Every event that 'run --events' keeps of somebody, and the sums of the panel."""
        out = self.folder / "out.db"
        self.good("run", STUDY, "-q", "-o", out, "--events", "--panel")
        with contextlib.closing(sqlite3.connect(out)) as db:
            for population, word, row in ((0, "--resident", 966), (1, "--company", 123)):
                story = json.loads(self.good("explain", STUDY, word, str(row), "--json"))
                self.assertTrue(story["made_up"])
                self.assertEqual(story["person"]["row"], row)
                for number, regime in enumerate(story["regimes"]):
                    logged = db.execute("SELECT time, count(*) FROM event WHERE regime = ? AND population = ? AND row = ?"
                                        " GROUP BY time ORDER BY time", (number, population, row)).fetchall()
                    told = {}
                    for event in regime["events"]:
                        if event["kind"] not in ("not_taken", "seen", "rating", "sent", "not_paid"):
                            told[event["time"]] = told.get(event["time"], 0) + 1
                    self.assertEqual(sorted(told.items()), logged)
                    closed, opportunities = db.execute("SELECT closed, opportunities FROM panel WHERE regime = ? AND population = ?"
                                                       " AND row = ?", (number, population, row)).fetchone()
                    self.assertEqual(len(regime["end"]["closed"]), bin(closed).count("1"))
                    self.assertEqual(regime["sums"]["chances"], opportunities)

    def test_where_regimes_part(self):
        same = json.loads(self.good("explain", STUDY, "--resident", "966", "-r", "none", "--json"))
        self.assertIsNone(same["parting"])
        story = json.loads(self.good("explain", STUDY, "--resident", "966", "-r", "none", "-r", "full", "--json"))
        before = [[(event["time"], event["text"]) for event in regime["events"] if event["time"] < story["parting"] and "text" in event]
                  for regime in story["regimes"]]
        self.assertEqual(*before)
        after = [[(event["time"], event["text"]) for event in regime["events"] if event["time"] == story["parting"] and "text" in event]
                 for regime in story["regimes"]]
        self.assertNotEqual(*after)

    def test_whom_it_finds(self):
        """The one whom the runs say it is."""
        out = self.folder / "out.db"
        self.good("run", STUDY, "-q", "-o", out, "--panel")
        with contextlib.closing(sqlite3.connect(out)) as db:
            most = max(bin(closed).count("1") for (closed,) in db.execute("SELECT closed FROM panel WHERE regime = 2 AND population = 0"))
        story = json.loads(self.good("explain", STUDY, "--who", "most doors closed", "--json"))
        self.assertEqual(len(story["regimes"][-1]["end"]["closed"]), most)
        story = json.loads(self.good("explain", STUDY, "--who", "first wrongly listed", "--json"))
        self.assertTrue(any(event["kind"] == "list_entered" and event["wrong"] for event in story["regimes"][-1]["events"]))
        story = json.loads(self.good("explain", STUDY, "--who", "longest wrongly restricted", "--json"))
        self.assertGreater(story["regimes"][-1]["sums"]["wrong_minutes"], 0)
        story = json.loads(self.good("explain", STUDY, "--who", "most changed", "-p", "company", "--json"))
        self.assertEqual(story["person"]["population"], "company")
        self.assertNotEqual(story["regimes"][0]["sums"]["restricted_minutes"], story["regimes"][-1]["sums"]["restricted_minutes"])
        done = run("explain", STUDY, "--who", "longest restricted", "-r", "none")
        self.said(done, 3, "under none that is nobody in the population 'resident'")

    def test_from_results(self):
        self.good("run", STUDY, "-q", "-o", self.folder / "out.db", "--seed", "5", "--years", "1", "--scale", "0.5")
        self.assertEqual(self.good("explain", "--from", self.folder / "out.db", "--resident", "12"),
                         self.good("explain", STUDY, "--seed", "5", "--years", "1", "--scale", "0.5", "--resident", "12"))

    def test_width_of_the_terminal(self):
        keeper, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 25, 64, 0, 0))
        child = subprocess.Popen([STANDING, "explain", STUDY, "--resident", "966", "-q"], stdout=terminal, stderr=subprocess.PIPE)
        os.close(terminal)
        text = b""
        with contextlib.suppress(OSError):  # the end of a terminal
            while some := os.read(keeper, 65536):
                text += some
        os.close(keeper)
        self.assertEqual(child.wait(), 0, child.stderr.read())
        child.stderr.close()
        self.assertIn(max(map(len, text.decode().splitlines())), range(55, 65))


class City(Case):
    def test_fit_and_people(self):
        world = pathlib.Path(STUDY).parent / "world.yaml"
        text = self.good("city", world, "-o", self.folder / "people.csv")
        self.assertIn("resident: ", text)
        self.assertIn("within one", text)
        with open(self.folder / "people.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), sum(int(line.split(": ")[1]) for line in text.splitlines() if line.startswith(("resident: ", "company: "))))
        self.good("city", world, "-o", self.folder / "people.db")
        self.assertEqual(self.good("export", self.folder / "people.db", "people"),
                         (self.folder / "people.csv").read_text(encoding="utf-8"))
        self.good("city", world, "-o", self.folder / "people.csv")  # over its own kind
        (self.folder / "diary.csv").write_text("dear diary", encoding="utf-8")
        self.said(run("city", world, "-o", self.folder / "diary.csv"), 1, "left alone")
        self.good("city", world, "-o", self.folder / "people.db")  # a city over a city
        lived = self.folder / "lived.db"
        self.good("run", STUDY, "-q", "-o", lived, "--years", "0.1")
        before = lived.read_bytes()
        self.said(run("city", world, "-o", lived), 1, "with the results of a study; it was left alone")
        self.assertEqual(lived.read_bytes(), before)
        lived.unlink()
        self.said(run("city", world, "-o", self.folder / "no" / "x.csv"), 1, "no/x.csv: No such file")  # the path as given
        self.assertEqual(self.names(), ["diary.csv", "people.csv", "people.db"])

    def test_file_too_large(self):
        world = pathlib.Path(STUDY).parent / "world.yaml"
        self.good("city", world, "-o", self.folder / "x.csv")
        size = (self.folder / "x.csv").stat().st_size
        (self.folder / "x.csv").unlink()
        for name in ("x.csv", "x.db"):
            done = run("city", world, "-o", self.folder / name,
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2)))
            self.said(done, 1, name, "File too large")
            self.assertEqual(self.names(), [])


if __name__ == "__main__":
    STANDING, STUDY = (os.path.abspath(word) for word in sys.argv[1:3])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
