#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lives a study, slowly, and prints what the engine must agree with.

    python3 reference/twin.py STUDY [--regime NAME]... [--scale F] [--years N] [--seed S]
                              [--city FILE.csv] [--events FILE.csv] [--counters FILE.csv]

For each regime it prints its name, `opportunities:` and `digest:`. `--city` takes the people from a table
population,row,cell instead of building the city. `--events` and `--counters` write all that happened and all counters that are
not 0, in a fixed order (docs/semantics.md, sections 10 and 11).
"""
import argparse
import csv
import sys

import city
import files
import life


def make_city(study):
    return city.make_city(study.world, study.scale, study.seed, study.horizon())


def read_city(study, path):
    """Only the cells, from a table population,row,cell; its rows may come in any order."""
    found = {population.name: {} for population in study.world.populations}
    for row in files.read_csv(path):
        found[row["population"]][int(row["row"])] = int(row["cell"])
    return city.of_cells([[cells[row] for row in range(len(cells))] for cells in found.values()])


EVENT_COLUMNS = ["regime", "population", "row", "time", "kind", "subject", "value"]
COUNTER_COLUMNS = ["regime", "window", "population", "group", "name", "subject", "value"]


def events(lived):
    """Rows of the event table, sorted by population, row, time, kind, subject and value."""
    return [(lived.regime.name, *event) for event in lived.events]


def counters(lived):
    """Rows of the counter table: all that are not 0, in the digest's order."""
    rows = []
    for window in range(lived.window_count):
        for rules in lived.rules:
            for group in range(rules.group_count):
                for name, subject in rules.counters():
                    value = lived.counts.get((window, rules.number, group, name, subject), 0)
                    if value:
                        rows.append((lived.regime.name, window, rules.number, group, name, subject, value))
    return rows


def write(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def main(arguments):
    parser = argparse.ArgumentParser(description="Lives a study, slowly, and prints what the engine must agree with.")
    parser.add_argument("study")
    parser.add_argument("--regime", action="append")
    parser.add_argument("--scale", type=float)
    parser.add_argument("--years", type=float)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--city", metavar="FILE")
    parser.add_argument("--events", metavar="FILE")
    parser.add_argument("--counters", metavar="FILE")
    options = parser.parse_args(arguments)
    study = files.load_study(options.study, options.regime, options.scale, options.years, options.seed)
    people = read_city(study, options.city) if options.city else make_city(study)
    all_events, all_counters = [], []
    for regime in study.regimes:
        lived = life.Life(study, regime, people)
        lived.run()
        print(f"regime: {regime.name}")
        print(f"opportunities: {lived.opportunities()}")
        print(f"digest: {lived.digest():016x}", flush=True)
        all_events += events(lived)
        all_counters += counters(lived)
    if options.events:
        write(options.events, EVENT_COLUMNS, all_events)
    if options.counters:
        write(options.counters, COUNTER_COLUMNS, all_counters)


if __name__ == "__main__":
    main(sys.argv[1:])
