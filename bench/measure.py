# SPDX-License-Identifier: Apache-2.0
"""Running things and writing down how long they took: for bench/run."""
import json
import os
import pathlib
import platform
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
# Debian's own: it has the packages.
PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable


def say(text):
    print(text, file=sys.stderr, flush=True)


class Done:
    """What a program printed, how long it took by the wall, how many processors it got meanwhile (share), and the most memory it held (of its largest process;
    0: less than can be told)."""

    def __init__(self, text, seconds, memory, share):
        self.text, self.seconds, self.memory, self.share = text, seconds, memory, share


def peak_of(usage):
    """The most memory that a child held, in bytes; 0 if that cannot be told: to Linux, a child has held what its
    parent had when it began."""
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 0 if usage.ru_maxrss <= ours else usage.ru_maxrss * 1024


def execute(command):
    """Runs a command to its end; None if it says that it cannot be had here (status 77)."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile('w+', encoding='utf-8') as out:
        began = time.monotonic()
        child = subprocess.Popen(words, stdout=out, cwd=ROOT)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    if child.returncode == 77:
        return None
    if child.returncode != 0:
        sys.exit(f'{" ".join(words)}: status {child.returncode}')
    return Done(text, seconds, peak_of(usage), (usage.ru_utime + usage.ru_stime) / seconds)


class Lived:
    """A study that Standing lived: what the result file says of each regime, and of the whole."""

    def __init__(self, program, study, threads, scale=None, regimes=(), summary=False):
        with tempfile.TemporaryDirectory() as folder:
            chosen = [word for regime in regimes for word in ('--regime', regime)]
            size = [] if scale is None else ['--scale', repr(scale)]
            done = execute([program, 'run', *([] if summary else ['--quiet']), study, '-o', f'{folder}/run.db', '--threads', threads, *size, *chosen])
            self.wall, self.memory, self.share = done.seconds, done.memory, done.share
            with sqlite3.connect(f'{folder}/run.db') as db:
                self.people = db.execute('SELECT SUM(size) FROM population').fetchone()[0]
                meta = dict(db.execute('SELECT key, value FROM meta'))
                self.after_city = float(meta['wall_seconds'])
                self.regimes = [{'name': name, 'opportunities': count, 'seconds': float(seconds), 'bytes': held, 'digest': digest}
                                for name, count, seconds, held, digest in
                                db.execute('SELECT name, opportunities, seconds, bytes, digest FROM regime JOIN run ON regime = id WHERE replicate = 0 ORDER BY id')]

    def seconds(self):
        return sum(regime['seconds'] for regime in self.regimes)

    def opportunities(self):
        return sum(regime['opportunities'] for regime in self.regimes)


class Series:
    """One thing, measured several times."""

    def __init__(self, **what):
        self.what, self.seconds, self.shares, self.opportunities, self.held, self.peak = what, [], [], 0, 0, 0

    def add(self, seconds, opportunities, peak, share, held=None):
        """peak: bytes of the whole program; share: how many processors it got; held: bytes that it says its people
        take, if it does."""
        self.seconds.append(seconds)
        self.shares.append(share)
        self.opportunities = opportunities
        self.peak = max(self.peak, peak)
        self.held = max(self.held, held or 0)

    def told(self):
        middle = statistics.median(self.seconds)
        scale = 1e9 * self.what['threads'] / max(self.opportunities, 1)
        told = self.what | {'opportunities': self.opportunities, 'seconds': self.seconds, 'shares': self.shares,
                            'median': middle, 'ns': middle * scale, 'held': self.held, 'peak': self.peak}
        if self.what['threads'] == 1:
            # What a program on one thread would have taken, had it not waited for others.
            told['alone'] = statistics.median(s * min(share, 1) for s, share in zip(self.seconds, self.shares))
            told['ns_alone'] = told['alone'] * scale
        return told


def first_line(command):
    try:
        return subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              check=False).stdout.partition('\n')[0].strip()
    except OSError:
        return ''


def machine(program):
    """What a reader must know to judge the figures."""
    told = {'system': f'{platform.system()} {platform.release().split("-")[0]}, {platform.machine()}'}
    fields = {}
    for line in subprocess.run(['lscpu'], text=True, stdout=subprocess.PIPE, check=False,
                               env=os.environ | {'LC_ALL': 'C'}).stdout.splitlines():
        key, _, value = line.partition(':')
        fields[key.strip()] = value.strip()
    told['processor'] = (f'{fields.get("Model name", "unknown")} (family {fields.get("CPU family", "?")}, '
                         f'model {fields.get("Model", "?")})')
    told['cores'] = (f'{len(os.sched_getaffinity(0))} that may be used; threads a core: {fields.get("Thread(s) per core", "?")}'
                     + (f'; a virtual machine ({fields["Hypervisor vendor"]})' if 'Hypervisor vendor' in fields else ''))
    told['instructions'] = ', '.join(name for name in ('avx2', 'fma', 'avx512f', 'asimd', 'sve')
                                     if name in fields.get('Flags', '').split()) or 'plain'
    told['caches'] = ', '.join(f'{name} {fields[name + " cache"]}' for name in ('L1d', 'L1i', 'L2', 'L3')
                               if name + ' cache' in fields)
    told['memory'] = f'{os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30:.0f} GiB'
    told['compiler'] = compiler(program)
    told['Python'] = first_line([PYTHON, '-c', 'import sys, numpy, numba; print(sys.version.split()[0] + ", NumPy " + '
                                 'numpy.__version__ + ", numba " + numba.__version__)'])
    told['Standing'] = ', '.join(filter(None, (first_line([program, '--version']), commit())))
    told['load before'] = f'{os.getloadavg()[0]:.1f}'
    return told


def compiler(program):
    """What built the program, as its result files say it."""
    with tempfile.TemporaryDirectory() as folder:
        execute([program, 'run', '--quiet', ROOT / 'bench/toy/study.yaml', '--scale', '0.000001', '-o', f'{folder}/x.db'])
        with sqlite3.connect(f'{folder}/x.db') as db:
            return db.execute("SELECT value FROM meta WHERE key = 'compiler'").fetchone()[0]


def commit():
    found = first_line(['git', '-C', str(ROOT), 'rev-parse', '--short=12', 'HEAD'])
    changed = first_line(['git', '-C', str(ROOT), 'status', '--porcelain', '--untracked-files=no', 'src', 'cli', 'include'])
    return found and f'commit {found}' + (' and changes' if re.search(r'\S', changed) else '')


def told_json(done):
    """The last line that a program printed, which is JSON."""
    return json.loads(done.text.splitlines()[-1])
