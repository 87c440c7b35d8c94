# SPDX-License-Identifier: Apache-2.0
"""From texts to numbers: probabilities, rates and durations with their units (docs/formats.md)."""
import math
import re

from draw import NEVER

MINUTES = {"minute": 1.0, "hour": 60.0, "day": 1440.0, "week": 10080.0, "month": 43800.0, "year": 525600.0}
YEAR = 525600.0


class UnitError(Exception):
    pass


def number(text):
    """The double nearest to a number's text."""
    return float(text)


def probability(text):
    text = text.strip()
    if text.endswith("%"):
        return number(text[:-1]) / 100.0
    return number(text)


def rate(text):
    """Per minute."""
    match = re.fullmatch(r"(\S+)\s+per\s+([a-z]+)", text.strip())
    if match is None or match.group(2) not in MINUTES:
        raise UnitError(f"'{text}' is not a rate such as 2.5 per year")
    return number(match.group(1)) / MINUTES[match.group(2)]


def duration(text):
    """Whole minutes; `never` and `permanent` are NEVER."""
    text = text.strip()
    if text in ("never", "permanent"):
        return NEVER
    match = re.fullmatch(r"([0-9.eE+-]+)\s*([a-z]+)", text)
    unit = match and (match.group(2) if match.group(2) in MINUTES else match.group(2).removesuffix("s"))
    if match is None or unit not in MINUTES:
        raise UnitError(f"'{text}' is not a duration such as 30 days")
    return math.floor(number(match.group(1)) * MINUTES[unit] + 0.5)


def whole(text):
    return int(text)
