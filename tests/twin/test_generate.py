#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The made-up studies are fair game: each is accepted, and together they use every key that the schemas know.

    python3 tests/twin/test_generate.py BUILD [--seeds N] [--first SEED]

The schemas are those that `standing schema` prints. A key counts wherever a file of a study gives it, whatever its value; each
must turn up a few times in the default number of studies.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, os.pardir, os.pardir))
sys.path.insert(0, os.path.join(ROOT, "reference"))
sys.path.insert(0, HERE)

import compare
import generate
import yaml_subset

LEAST = 3
# A `range` changes no run: it is for sensitivity alone (tests/sensitivity).
UNUSABLE = {("study", "window", "cite"),  # a study has no sources that could be named
            ("study", "replicates")}       # each is a study by another seed: tests/cli/test_cli.py
CONDITIONS = ["household(", "representative(", "records(", "on(", "published(", "band(", "is(", "rating", "within", "suspected",
              "confirmed", "never", "always", "not ", "and", "or"]
NEW = ["money", "life", "sharing", "fines", "due_process", "pardons", "archive", "ladder", "redeem", "joint", "from", "until", "own",
       "publicity", "stigma", "poor"]


def known_keys(schema, path):
    """All the keys that a schema knows, as paths; names that a file chooses are stars."""
    for other in schema.get("anyOf", []) + schema.get("prefixItems", []):
        yield from known_keys(other, path)
    for key, value in schema.get("properties", {}).items():
        yield path + (key,)
        yield from known_keys(value, path + (key,))
    for word, star in (("additionalProperties", ("*",)), ("items", ())):
        if isinstance(schema.get(word), dict):
            yield from known_keys(schema[word], path + star)


def used_keys(schema, value, path):
    """The paths of the keys that a value uses, by its schema; the same as often as it comes."""
    for other in schema.get("anyOf", []):
        yield from used_keys(other, value, path)
    if isinstance(value, dict):
        for key, item in value.items():
            if key in schema.get("properties", {}):
                yield path + (key,)
                yield from used_keys(schema["properties"][key], item, path + (key,))
            elif isinstance(schema.get("additionalProperties"), dict):
                yield from used_keys(schema["additionalProperties"], item, path + ("*",))
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        for item in value:
            yield from used_keys(schema["items"], item, path)


def kind_of(name):
    return name[:-len(".yaml")] if name in ("study.yaml", "world.yaml") else "regime"


def make(standing, folder, seed):
    """Makes up a study and has it checked; gives its files and what the check had to say (nothing, if it is right)."""
    path = generate.generate(folder, seed)
    done = subprocess.run([standing, "check", path], capture_output=True, text=True, check=False)
    said = "" if done.returncode == 0 else f"seed {seed}: status {done.returncode}\n{done.stdout}{done.stderr}"
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".yaml")], said


def main(arguments):
    parser = argparse.ArgumentParser(description="Checks that made-up studies are right and use every key.")
    parser.add_argument("build")
    parser.add_argument("--seeds", type=int, default=300, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    options = parser.parse_args(arguments)
    standing = compare.find_program(options.build)
    schemas = {kind: json.loads(subprocess.run([standing, "schema", kind], capture_output=True, text=True, check=True).stdout)
               for kind in ("world", "regime", "study")}
    used, words, mistakes, plain = collections.Counter(), collections.Counter(), [], 0
    with tempfile.TemporaryDirectory(prefix="standing-made-up-") as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        for paths, said in pool.map(lambda seed: make(standing, os.path.join(folder, str(seed)), seed),
                                    range(options.first, options.first + options.seeds)):
            mistakes += [said] if said else []
            own = collections.Counter()
            for path in paths:
                kind = kind_of(os.path.basename(path))
                with open(path, encoding="utf-8") as file:
                    text = file.read()
                own.update(set(used_keys(schemas[kind], yaml_subset.load(text, path), (kind,))))
                words.update(word for word in CONDITIONS if word in text)
            plain += not any(key[-1] in NEW for key in own)
            used.update(own)
    known = {path for kind, schema in schemas.items() for path in known_keys(schema, (kind,))}
    rare = [f"{'.'.join(path)}: used {used[path]} times" for path in sorted(known - UNUSABLE) if used[path] < LEAST and path[-1] != "range"]
    rare += [f"\"{word}\" in conditions: used {words[word]} times" for word in CONDITIONS if words[word] < LEAST]
    if not options.seeds * 0.15 <= plain <= options.seeds * 0.4:
        mistakes.append(f"{plain} of {options.seeds} studies are plain, expected about a quarter")
    print("\n".join(mistakes + rare))
    print(f"{options.seeds} studies, {plain} of them plain, {len(known)} keys: {len(mistakes)} mistakes, {len(rare)} keys too rare")
    return 1 if mistakes or rare else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
