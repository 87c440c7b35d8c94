# SPDX-License-Identifier: Apache-2.0
"""Schemas accept the good files and refuse bad ones: print_schema, source root."""
import glob
import json
import os
import subprocess
import sys

try:
    import jsonschema
    import yaml
except ImportError:
    sys.exit(77)

print_schema, root = sys.argv[1:]
validators = {}
for kind in "world", "regime", "study":
    schema = json.loads(subprocess.run([print_schema, kind], check=True, capture_output=True).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validators[kind] = jsonschema.Draft202012Validator(schema)
assert subprocess.run([print_schema, "city"]).returncode == 1

# Typed as editors type them.
good = [
    ("world", "tests/fixtures/mini/world.yaml"), ("world", "tests/model/good/life.yaml"), ("study", "tests/fixtures/mini/study.yaml"),
    ("world", "tests/model/good/town/world.yaml"), ("regime", "tests/model/good/town/everything.yaml"),
    ("regime", "tests/model/good/town/less.yaml"), ("world", "tests/fixtures/web/world.yaml"), ("regime", "tests/fixtures/web/web.yaml"),
    *(("regime", path) for path in glob.glob("tests/fixtures/mini/regimes/*.yaml", root_dir=root)),
    *(("world", path) for path in glob.glob("worlds/*/world.yaml", root_dir=root)),
    *(("regime", path) for path in glob.glob("regimes/*.yaml", root_dir=root)),
    *(("study", path) for path in glob.glob("studies/*.yaml", root_dir=root)),
]
failures = 0
for kind, path in good:
    with open(os.path.join(root, path), encoding="utf-8") as file:
        document = yaml.safe_load(file)
    for error in validators[kind].iter_errors(document):
        failures += 1
        print(f"{path}: {list(error.path)}: {error.message[:200]}")

# Mistakes that need no knowledge of names or sums.
bad = """
world_unknown_key world_unknown_top_key world_missing_title world_missing_keys world_rate_without_unit world_rate_wrong_unit
world_rate_plural world_rate_of_days world_probability_too_high world_probability_negative world_number_words
world_size_fraction world_size_too_large world_counts_negative world_level_name world_kind_unknown world_kind_list
world_name_capital world_ratio_level world_ratio_not_allowed world_cite_empty world_quantity_without_value world_null_value
world_life_keys world_life_units world_life_shapes world_newer world_no_standing world_list regime_delay_unit regime_delay_months regime_false_records regime_counts
regime_bands_shape regime_points regime_points_ratios regime_list_keys regime_publish regime_list_wanted regime_newer
study_unknown_key study_missing study_years_zero study_years_many study_years_unit study_seed study_seed_fraction study_replicates study_replicates_fraction
study_scale_zero study_scale_large study_regimes_empty
world_money_keys world_money_units world_amount world_strain world_costs world_learning_numbers
town_sharing_keys town_sharing_list town_routes_agencies town_routes_numbers town_fines town_fines_unpaid town_process_pairs
town_process_numbers town_process_keys town_pardons town_rating_by town_ladder_moves town_ladder_keys town_archive
town_measure_times town_joint
""".split()
for name in bad:
    with open(os.path.join(root, "tests/model/bad", name + ".yaml"), encoding="utf-8") as file:
        document = yaml.safe_load(file)
    if validators[name.split("_")[0].replace("town", "regime")].is_valid(document):
        failures += 1
        print(f"{name}: the schema accepts it")
sys.exit(failures != 0)
