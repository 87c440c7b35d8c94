#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_kill.py STANDING KILLS STUDY... - a run killed at any moment goes on.

Lives each study once in peace, then again and again under SIGKILL at moments
drawn from a fixed seed, each time going on from the checkpoint with other
threads and blocks. Every result that is completed must have the same rows and
digests, and after the last one nothing is left beside it."""
import contextlib
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

def rows(path):
    """All rows of all tables but for times, and for the memory that other threads need."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        select = {name: f'SELECT * FROM "{name}"' for name in names}
        select["meta"] += " WHERE key != 'wall_seconds'"
        select["run"] = "SELECT replicate, regime, opportunities, digest FROM run"
        return {name: db.execute(select[name]).fetchall() for name in names}


def command(standing, study, out, *more):
    return [standing, "run", study, "-q", "-o", str(out), "--panel", "--events", "--years", "4", *more]


def torture(standing, study, kills, folder, dice):
    peace, out = folder / "peace.db", folder / "killed.db"
    text = subprocess.run(command(standing, study, peace), check=True, capture_output=True, text=True).stdout
    digests = [line for line in text.splitlines() if line.startswith("digest: ")]
    began = time.monotonic()
    subprocess.run(command(standing, study, out, "--checkpoint", "0"), check=True, capture_output=True)
    length = time.monotonic() - began
    wanted, finished, resumed, early = rows(peace), 0, 0, 0
    out.unlink()
    while kills > 0 or early > 0:
        more = ["--resume", "--checkpoint", "0", "--threads", str(dice.randint(1, 4)), "--block", str(dice.choice([0, 1, 7, 512]))]
        child = subprocess.Popen(command(standing, study, out, *more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        late = length * dice.random()
        try:
            said, errors = child.communicate(timeout=late if kills > 0 else None)
        except subprocess.TimeoutExpired:
            child.kill()
            said, errors = child.communicate()
        if child.returncode == -9:
            kills -= 1
            early += 1
            resumed += "going on from" in errors
            length *= 1.05
            continue
        if child.returncode != 0:
            raise SystemExit(f"{study}: status {child.returncode}, {errors}")
        if [line for line in said.splitlines() if line.startswith("digest: ")] != digests:
            raise SystemExit(f"{study}: other digests after {early} kills: {said}")
        if rows(out) != wanted:
            raise SystemExit(f"{study}: other rows after {early} kills")
        left = sorted(path.name for path in folder.iterdir())
        if left != ["killed.db", "peace.db"]:
            raise SystemExit(f"{study}: left behind: {left}")
        finished += 1
        early = 0
        length *= 0.8  # so that several kills fall within one run, however busy the machine
        out.unlink()
    print(f"{study}: finished {finished} times, {resumed} of the killed had gone on from a checkpoint")
    if resumed == 0:
        raise SystemExit("none of the killed had gone on from a checkpoint: nothing was tested")


def main():
    standing, kills, *studies = sys.argv[1:]
    dice = random.Random(20181119)
    for study in studies:
        # In memory where there is such a place: a killed process shows nothing of what disks do.
        where = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        folder = pathlib.Path(tempfile.mkdtemp(prefix="standing-kill-", dir=where))
        try:
            torture(standing, study, int(kills) // len(studies), folder, dice)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
