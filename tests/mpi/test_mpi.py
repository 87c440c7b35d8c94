#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_mpi.py MPIRUN STANDING STANDING_MPI [unittest options] - processes that
live one city together.

Whatever the number of processes and of their threads: the digests of the plain
program and, but for times, its result file. What goes wrong at one of them is
said once, leaves nothing behind and lets nobody wait."""
import contextlib
import importlib.machinery
import importlib.util
import json
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MPIRUN, STANDING, STANDING_MPI = None, None, None
MINI, WEB = ROOT / 'tests/fixtures/mini/study.yaml', ROOT / 'tests/fixtures/web/study.yaml'
# Of those of the ledger: ratings, desks and false records; sharing; ladders; people who come and go.
STUDIES = {'studies/small.yaml', 'studies/web.yaml', 'studies/licence.yaml', 'studies/lifetime.yaml'}


def ledger():
    loader = importlib.machinery.SourceFileLoader('sweep', str(ROOT / 'tests/digests/sweep'))
    sweep = importlib.util.module_from_spec(importlib.util.spec_from_loader('sweep', loader))
    loader.exec_module(sweep)
    return sweep


def digests(text):
    return re.findall(r'^regime: (.*)\nopportunities: .*\nengine seconds: .*\ndigest: ([0-9a-f]{16})$', text, re.M)


def per_window(text, what):
    return [int(number) for number in re.findall(rf'^bytes of {what} per window: (\d+)$', text, re.M)]


def alone(*words):
    return subprocess.run([STANDING, *map(str, words)], capture_output=True, text=True, timeout=300)


def ranks(count, *words):
    return subprocess.run([MPIRUN, '-n', str(count), STANDING_MPI, *map(str, words)], capture_output=True, text=True,
                          timeout=300)


def tables(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: db.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
        rows['run'] = db.execute('SELECT replicate, regime, opportunities, digest FROM run').fetchall()
    rows['meta'] = [row for row in rows['meta'] if row[0] != 'wall_seconds']
    return rows


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='standing-mpi-'))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def good(self, done):
        self.assertEqual(done.returncode, 0, f'{done.args}\n{done.stdout}{done.stderr}')
        return done.stdout

    def said_once(self, done, status, words):
        self.assertEqual(done.returncode, status, f'{done.args}\n{done.stdout}{done.stderr}')
        self.assertEqual(done.stderr.count(words), 1, done.stderr)
        self.assertEqual(list(self.folder.glob('*.db*')), [])


class SameBytes(Case):
    def ways(self, expected, *words):
        for count in (1, 2, 3, 4):
            for threads in (1, 2):
                with self.subTest(words=words, ranks=count, threads=threads):
                    text = self.good(ranks(count, 'run', '--quiet', *words, '-o', self.folder / 'r.db', '--threads', threads))
                    self.assertEqual(digests(text), expected)

    def test_fixtures(self):
        for study, years in (MINI, '2'), (WEB, '3'):
            words = study, '--years', years, '--seed', '11'
            expected = digests(self.good(alone('run', '--quiet', *words, '-o', self.folder / 'a.db')))
            self.assertTrue(expected)
            self.ways(expected, *words)

    def test_ledger(self):
        sweep, found = ledger(), set()
        lines = sweep.read_ledger()
        for case in sweep.CASES:
            study, scale, years, seed = case
            if study in STUDIES - found:
                found.add(study)
                expected = [(key[4], digest) for key, digest in lines.items() if key[:4] == case]
                self.ways(expected, ROOT / study, '--scale', scale, '--years', years, '--seed', seed)
        self.assertEqual(found, STUDIES)

    def test_whole_file(self):
        for study in MINI, WEB:
            words = 'run', '--quiet', study, '--years', '2', '--panel', '--events'
            self.good(alone(*words, '-o', self.folder / 'a.db'))
            self.good(ranks(3, *words, '-o', self.folder / 'r.db'))
            expected, found = tables(self.folder / 'a.db'), tables(self.folder / 'r.db')
            self.assertEqual(expected.keys(), found.keys())
            for name, rows in expected.items():
                self.assertTrue(rows == found[name], f'{study}: table {name} differs')
            for name in 'panel', 'event', 'person', 'series':
                self.assertGreater(len(expected[name]), 1000, name)

    def test_again(self):
        self.good(ranks(2, 'run', '--quiet', WEB, '--years', '1', '-o', self.folder / 'a.db'))
        self.good(ranks(2, 'run', '--quiet', '--from', self.folder / 'a.db', '-o', self.folder / 'b.db'))
        a, b = tables(self.folder / 'a.db'), tables(self.folder / 'b.db')
        self.assertTrue(a['series'] and a['series'] == b['series'])

    def test_messages_travel(self):
        text = self.good(ranks(3, 'run', '--quiet', WEB, '--years', '2', '-o', self.folder / 'r.db'))
        self.assertGreater(min(per_window(text, 'messages')), 0, text)
        self.assertGreater(min(per_window(text, 'cases')), 0, text)
        text = self.good(ranks(1, 'run', '--quiet', WEB, '--years', '2', '-o', self.folder / 'r.db'))
        self.assertEqual(per_window(text, 'messages') + per_window(text, 'cases'), [0, 0])


class OneVoice(Case):
    def test_summary(self):
        words = 'run', MINI, '--years', '1'
        a, r = (self.good(program(*words, '-o', self.folder / 'x.db'))
                for program in (alone, lambda *w: ranks(3, *w)))
        self.assertIn('ranks: 3', r)
        until = 'engine seconds: '
        self.assertEqual(a.split(until)[0], r.split(until)[0])
        json.loads(self.good(ranks(3, *words, '--json', '-o', self.folder / 'x.db')))

    def test_other_commands(self):
        self.assertEqual(self.good(ranks(3, 'check', WEB)), self.good(alone('check', WEB)))
        self.assertEqual(self.good(ranks(3, '--version')), self.good(alone('--version')))
        self.assertEqual(self.good(ranks(3, 'run', '--help')), self.good(alone('run', '--help')))

    def test_bad_study(self):
        bad = self.folder / 'bad.yaml'
        bad.write_text('standing: study/1\ntitle: Bad\nworlds: here\n')
        expected = alone('run', bad, '-o', self.folder / 'x.db')
        done = ranks(3, 'run', bad, '-o', self.folder / 'x.db')
        self.said_once(done, 2, 'bad.yaml:3:1')
        self.assertEqual(done.stderr, expected.stderr)

    def test_bad_words(self):
        self.said_once(ranks(3, 'run', WEB, '--threads', 'many'), 2, 'standing: ')
        self.said_once(ranks(3, 'run', WEB, '--regime', 'nobody', '-o', self.folder / 'x.db'), 2, 'nobody')
        self.said_once(ranks(3, 'live', WEB), 2, 'there is no command')

    def test_no_place_for_the_file(self):
        self.said_once(ranks(3, 'run', WEB, '-o', self.folder / 'none/x.db'), 1, 'No such file or directory')

    def test_limit_at_one_rank(self):
        self.said_once(ranks(3, 'run', '-q', ROOT / 'tests/engine/limits.yaml', '-o', self.folder / 'x.db'), 2,
                       'somebody has more points')

    def test_file_missing_at_one_rank(self):
        words = STANDING_MPI, 'run', '-o', str(self.folder / 'x.db')
        done = subprocess.run([MPIRUN, '-n', '1', *words, WEB, ':', '-n', '2', *words, self.folder / 'none.yaml'],
                              capture_output=True, text=True, timeout=60)
        self.said_once(done, 1, 'rank 1: cannot read')

    def test_other_study_at_one_rank(self):
        words = STANDING_MPI, 'run', '-o', str(self.folder / 'x.db')
        done = subprocess.run([MPIRUN, '-n', '1', *words, WEB, ':', '-n', '1', *words, MINI], capture_output=True, text=True,
                              timeout=60)
        self.said_once(done, 2, 'than rank 0 has')

    def test_other_number_at_one_rank(self):
        shutil.copytree(WEB.parent, self.folder / 'web')
        regime = self.folder / 'web/web.yaml'
        text = regime.read_text()
        self.assertIn('probability: 0.9,', text)
        regime.write_text(text.replace('probability: 0.9,', 'probability: 0.8,'))
        words = STANDING_MPI, 'run', '-o', str(self.folder / 'x.db')
        done = subprocess.run([MPIRUN, '-n', '1', *words, WEB, ':', '-n', '2', *words, self.folder / 'web/study.yaml'],
                              capture_output=True, text=True, timeout=60)
        self.said_once(done, 2, 'than rank 0 has')

    def interrupted(self, whom):
        words = 'run', ROOT / 'studies/small.yaml', '--scale', '0.05', '--threads', '1', '-o', self.folder / 'x.db'
        process = subprocess.Popen([MPIRUN, '-n', '3', STANDING_MPI, *map(str, words)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, start_new_session=True)
        try:
            for _ in range(600):
                if list(self.folder.glob('x.db.tmp-*')):
                    break
                time.sleep(0.05)
            whom(process, next(self.folder.glob('x.db.tmp-*')))
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
        self.assertEqual(process.returncode, 130, out + err)
        self.assertEqual(err.count('standing: stopped; nothing was written'), 1, err)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_interrupt_to_all(self):
        self.interrupted(lambda process, _: process.send_signal(signal.SIGINT))

    def test_interrupt_to_one(self):
        def rank_0(_, path):  # its number is in the name of its file
            subprocess.run(['kill', '-INT', path.name.rpartition('-')[2]], check=True)
        self.interrupted(rank_0)


if __name__ == '__main__':
    MPIRUN, STANDING, STANDING_MPI = sys.argv[1:4]
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
