#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How often the 95 % intervals of compare hold the truth: STANDING.

In a tiny town with a constant chance of being seen, the number of people who are ever
restricted is binomial with a chance in closed form, under each regime; the difference
of the two is the truth. A thousand studies of a few replicates each, by seeds 0, 1, 2,
...: of so many intervals 93 to 97 % must hold it (0.7 % is one standard deviation)."""
import concurrent.futures
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

STANDING = os.path.abspath(sys.argv[1])
STUDIES, REPLICATES, PEOPLE, RATE = 1000, 8, 400, 0.8

WORLD = f"""standing: world/1
title: A tiny town
populations:
  resident: {{size: {PEOPLE}}}
behaviours:
  slip: {{by: resident, kind: offence, opportunities: {RATE} per year, taken: 1}}
doors:
  gate: {{of: resident, kind: right, attempts: 0 per year}}
"""
REGIME = """standing: regime/1
title: Sees {seen}
agencies: {{eye: {{}}}}
detection: [{{behaviour: slip, agency: eye, probability: {seen}}}]
lists:
  black: {{kind: blacklist, of: resident, enter: records(slip) >= 1, leave: never}}
measures:
  shut: {{closes: gate, while: on(black)}}
"""
SEEN = {"less": 0.3, "more": 0.6}
# Nobody is restricted who has no detected slip in a year: a Poisson number with mean RATE x seen.
TRUTH = PEOPLE * (math.exp(-RATE * SEEN["less"]) - math.exp(-RATE * SEEN["more"]))


def interval(folder, seed):
    path = folder / f"{seed}.db"
    subprocess.run([STANDING, "run", folder / "study.yaml", "-q", "-o", path, "-t", "1", "--seed", str(seed)], check=True,
                   stdout=subprocess.DEVNULL)
    said = json.loads(subprocess.run([STANDING, "compare", path, "--json"], check=True, capture_output=True).stdout)
    path.unlink()
    (outcome,) = [o for o in said["comparisons"][0]["outcomes"] if o["outcome"] == "restricted_people"]
    assert outcome["replicates"] == REPLICATES
    return outcome["low"], outcome["high"], outcome["difference"], outcome["variance_ratio"]


def main():
    with tempfile.TemporaryDirectory(prefix="standing-coverage-") as name:
        folder = pathlib.Path(name)
        (folder / "world.yaml").write_text(WORLD)
        for regime, seen in SEEN.items():
            (folder / f"{regime}.yaml").write_text(REGIME.format(seen=seen))
        (folder / "study.yaml").write_text(f"standing: study/1\ntitle: A tiny study\nworld: ./world.yaml\nregimes: [less, more]\n"
                                           f"years: 1\nwindow: 1 year\nreplicates: {REPLICATES}\n")
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = list(pool.map(lambda seed: interval(folder, seed), range(STUDIES)))
    held = sum(low <= TRUTH <= high for low, high, _, _ in found) / STUDIES
    mean = sum(difference for _, _, difference, _ in found) / STUDIES
    # One slip seen by both (the same draws decide) or by one: pairing must gain something.
    gain = sorted(ratio for *_, ratio in found)[STUDIES // 2]
    print(f"truth {TRUTH:.3f}, mean difference {mean:.3f}; {100 * held:.1f} % of {STUDIES} intervals hold it; median gain {gain:.2f}")
    return not (0.93 <= held <= 0.97 and abs(mean - TRUTH) < 4 * math.sqrt(PEOPLE / 4 / STUDIES / REPLICATES) and gain > 1)


if __name__ == "__main__":
    sys.exit(main())
