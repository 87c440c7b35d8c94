# SPDX-License-Identifier: Apache-2.0
"""From texts to numbers: probabilities, rates, durations and yuan with their units (docs/formats.md)."""
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
    """Whole minutes; `never`, `permanent` and `forever` are NEVER."""
    text = text.strip()
    if text in ("never", "permanent", "forever"):
        return NEVER
    match = re.fullmatch(r"([0-9.eE+-]+)\s*([a-z]+)", text)
    unit = match and (match.group(2) if match.group(2) in MINUTES else match.group(2).removesuffix("s"))
    if match is None or unit not in MINUTES:
        raise UnitError(f"'{text}' is not a duration such as 30 days")
    return math.floor(number(match.group(1)) * MINUTES[unit] + 0.5)


def whole(text):
    return int(text)


def amount(text):
    """Yuan; they are made whole only after factors."""
    match = re.fullmatch(r"(\S+)\s+yuan", text.strip())
    if match is None:
        raise UnitError(f"'{text}' is not an amount such as 200 yuan")
    return number(match.group(1))


def income(text):
    """Yuan per year: `value * (525600 / minutes of the unit)`."""
    match = re.fullmatch(r"(\S+)\s+yuan\s+per\s+([a-z]+)", text.strip())
    if match is None or match.group(2) not in MINUTES:
        raise UnitError(f"'{text}' is not an income such as 60000 yuan per year")
    return number(match.group(1)) * (YEAR / MINUTES[match.group(2)])


def every(text):
    """An interval: a duration after the word `every`."""
    return duration(text.strip().removeprefix("every "))
