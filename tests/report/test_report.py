#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_report.py STANDING STUDY - reports are pages that a browser shows, of any result file.

Needs a built page, and for what a browser makes of it Chromium; exit status 77 (skip) without."""
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

STANDING, STUDY = sys.argv[1], pathlib.Path(sys.argv[2])
CHROMIUM = shutil.which("chromium")


def run(*words):
    return subprocess.run([STANDING, *map(str, words)], capture_output=True, text=True, timeout=600)


class Reported(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="standing-report-")
        cls.path = pathlib.Path(cls.folder.name)
        cls.db, cls.page = cls.path / "out.db", cls.path / "out.html"
        assert run("run", STUDY, "-q", "-o", cls.db, "--replicates", 3).returncode == 0
        done = run("report", cls.db, "-o", cls.page)
        if "was not built" in done.stderr:
            raise SystemExit(77)
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def dom(self, page):
        """What the page has become after its scripts ran, and what it complained about."""
        done = subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
                               "--virtual-time-budget=8000", "--dump-dom", f"file://{page}"], capture_output=True, text=True, timeout=180)
        return done.stdout, [line for line in done.stderr.splitlines() if ":CONSOLE" in line and "rror" in line]

    def test_page(self):
        text = self.page.read_text(encoding="utf-8")
        self.assertLess(len(text), 3_000_000)
        self.assertEqual(re.findall(r"(?:src|href)=[\"']https?://", text.split("<script")[0]), [])  # all is inside
        self.assertTrue(text.lstrip().lower().startswith("<!doctype html>"))

    @unittest.skipUnless(CHROMIUM, "no chromium")
    def test_browser(self):
        dom, errors = self.dom(self.page)
        self.assertEqual(errors, [])
        for heading in ("The answer", "Where", "Over time", "Getting back", "Who fares worse", "Acts", "Wrongly", "Assumptions",
                        "Law", "Rules", "Provenance"):
            self.assertIn(heading, dom)
        self.assertGreater(len(re.findall(r"<(?:path|rect|circle)\b", dom)), 50)  # charts have marks
        self.assertGreater(len(re.findall(r"<canvas\b", dom)), 0)
        self.assertGreater(len(re.findall(r"<table\b", dom)), 5)                   # and tables behind them
        self.assertIn('lang="en"', dom)
        with sqlite3.connect(self.db) as db:
            for (name,) in db.execute("SELECT name FROM regime"):
                self.assertIn(name, dom)

    @unittest.skipUnless(CHROMIUM, "no chromium")
    def test_one_regime_one_window(self):
        db, page = self.path / "one.db", self.path / "one.html"
        self.assertEqual(run("run", STUDY, "-q", "-r", "none", "--years", "0.01", "-o", db).returncode, 0)
        self.assertEqual(run("report", db, "-o", page).returncode, 0)
        dom, errors = self.dom(page)
        self.assertEqual(errors, [])
        self.assertIn("Provenance", dom)

    def test_bad_files(self):
        cut = self.path / "cut.db"
        cut.write_bytes(self.db.read_bytes()[:5000])
        (self.path / "words.db").write_text("no result", encoding="utf-8")
        for bad in (cut, self.path / "words.db", self.path / "none.db"):
            out = self.path / "bad.html"
            done = run("report", bad, "-o", out)
            self.assertIn(done.returncode, (1, 2), done.stderr)
            self.assertIn(bad.name, done.stderr)
            self.assertFalse(out.exists())
        self.assertEqual([p.name for p in self.path.iterdir() if "tmp" in p.name], [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
