# SPDX-License-Identifier: Apache-2.0
"""Makes the Beijing of worlds/beijing at many sizes: every table must be met, by any number of threads alike; and once as the twin
makes it.

Usage: beijing.py DUMP REFERENCE WORLD
"""
import subprocess
import sys

dump, folder, path = sys.argv[1:4]
sys.path.insert(0, folder)
import city as twin  # noqa: E402
import files  # noqa: E402
from fixture import lines_of, text_of  # noqa: E402

SCALES = (1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001, 0.00005)
SEED = 1


def city_of(world, scale, what, threads):
    said = subprocess.run([dump, what, str(threads)], input="1\n" + text_of(world, scale, SEED), stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    return [line for line in said.splitlines() if line != "end"]


def main():
    world, bad = files.load_world(path), 0
    for population in world.populations:
        population.life = None  # the dump makes the city of the start; lives.py leads lives
    for scale in SCALES:
        lines = city_of(world, scale, "brief", 2)
        # A district of twenty people cannot hold its share of households of six.
        off = [line for line in lines if line.startswith("error") or line.startswith("fit ") and line.endswith("|0")
               and (scale >= 0.001 or "household" not in line)]
        bad += len(off)
        print(scale, lines[-1], *off, sep="\n  ")
    digests = {city_of(world, 0.03, "brief", threads)[-2] for threads in (1, 2, 3)}
    if len(digests) > 1:
        bad += 1
        print("threads make a difference:", digests)
    scale = 0.00005
    ours = [line for line in city_of(world, scale, "people", 2) if not line.startswith("fit ")]
    if ours != lines_of(twin, world, scale, SEED):
        bad += 1
        print("the twin makes another Beijing")
    return 1 if bad else 0


sys.exit(main())
