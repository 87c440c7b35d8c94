#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What pairing gains on the shipped city at a small effect: STANDING, source root.

Beijing's plan of 2018 against the same with confirmed records only, a thousandth of the
city: the variance of unpaired differences of years restricted must be more than ten
times that of paired ones."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

STANDING, ROOT = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
STUDY = f"""standing: study/1
title: Confirmed records only
world: {ROOT}/worlds/beijing
regimes: [{ROOT}/regimes/beijing-2018.yaml, {ROOT}/regimes/beijing-2018-confirmed.yaml]
years: 3
scale: 0.001
replicates: 40
"""


def main():
    with tempfile.TemporaryDirectory(prefix="standing-gain-") as folder:
        study, path = pathlib.Path(folder) / "study.yaml", pathlib.Path(folder) / "out.db"
        study.write_text(STUDY)
        subprocess.run([STANDING, "run", study, "-q", "-o", path], check=True, stdout=subprocess.DEVNULL)
        said = json.loads(subprocess.run([STANDING, "compare", path, "--json"], check=True, capture_output=True).stdout)
    (outcome,) = [o for c in said["comparisons"] if c["population"] == "resident" for o in c["outcomes"]
                  if o["outcome"] == "restricted_years"]
    print(f"years restricted: {outcome['a']:.1f} and {outcome['b']:.1f}, difference {outcome['difference']:.2f}"
          f" ({outcome['low']:.2f} to {outcome['high']:.2f}), variance ratio {outcome['variance_ratio']:.1f}")
    return not outcome["variance_ratio"] > 10


if __name__ == "__main__":
    sys.exit(main())
