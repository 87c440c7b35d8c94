# SPDX-License-Identifier: Apache-2.0
"""Conditions: `records(fraud) >= 2 and not on(pardoned)`; the grammar is in docs/formats.md.

parse() turns the text into a tree of tuples; holds() says whether a tree is true of somebody. Who that somebody is, is asked
through a *view*, an object with the methods rating(), records(term), on(list), notice(list, agency), published(list),
tie(kind, list), band() and level(attribute): the person as they are, the person but for false records, or a person imagined
(views.py has all three).

Who asks makes a difference: an agency counts the records that it holds, and knows of another agency's list what it was told.

The trees:
    ("never",) ("always",) ("and", a, b) ("or", a, b) ("not", a)
    ("compare", ("rating",) or ("records", term), "<", 3)
    ("on", list) ("notice", list, agency) ("published", list) ("band", names) ("is", attribute, levels)
    ("tie", "household" or "representative", list)
"""
import re
from dataclasses import dataclass

import units


class ConditionError(Exception):
    pass


@dataclass(frozen=True)
class Term:
    """What is inside a `records(...)`."""
    behaviours: frozenset  # names
    within: int            # minutes, or NEVER
    confirmed: bool        # counts records from their confirmation; else from their birth
    viewer: str = None     # the agency that counts those it holds; None: nobody, who counts them where they were made


def parse(text, behaviours_of, counts_confirmed, viewer=None, keepers=None):
    """The tree of a condition. `behaviours_of(subject)` gives the names of behaviours that a subject word stands for;
    `counts_confirmed`: from when records count where a term does not say; `viewer`: the agency that asks, if it sees only what
    it holds and was told; `keepers`: {list: the agency that keeps it, or None}."""
    return Parser(text, behaviours_of, counts_confirmed, viewer, keepers or {}).whole()


class Parser:
    def __init__(self, text, behaviours_of, counts_confirmed, viewer, keepers):
        self.text, self.at = text, 0
        self.behaviours_of, self.counts_confirmed = behaviours_of, counts_confirmed
        self.viewer, self.keepers = viewer, keepers

    def fail(self, what):
        raise ConditionError(f"condition '{self.text}', character {self.at + 1}: {what}")

    def take(self, pattern):
        """The text that matches here, after spaces, or None."""
        match = re.compile(r"\s*(" + pattern + ")").match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return match.group(1)

    def need(self, pattern, what):
        taken = self.take(pattern)
        if taken is None:
            self.fail(f"{what} should stand here")
        return taken

    def whole(self):
        tree = self.either()
        if self.text[self.at:].strip():
            self.fail("the condition should end here")
        return self.truth(tree)

    def truth(self, tree):
        if tree[0] in ("number", "rating", "records"):
            self.fail("a number stands where a truth value should")
        return tree

    def either(self):
        tree = self.both()
        while self.take(r"or\b"):
            tree = ("or", self.truth(tree), self.truth(self.both()))
        return tree

    def both(self):
        tree = self.negation()
        while self.take(r"and\b"):
            tree = ("and", self.truth(tree), self.truth(self.negation()))
        return tree

    def negation(self):
        if self.take(r"not\b"):
            return ("not", self.truth(self.negation()))
        return self.comparison()

    def comparison(self):
        left = self.primary()
        sign = self.take("<=|>=|==|!=|<|>")
        if sign is None:
            return left
        right = self.primary()
        if left[0] == "number":  # 3 < rating is rating > 3
            left, right = right, left
            sign = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign, sign)
        if left[0] not in ("rating", "records") or right[0] != "number":
            self.fail("a comparison needs a number on one side and rating or records(...) on the other")
        return ("compare", left, sign, right[1])

    def primary(self):
        if self.take(r"\("):
            tree = self.either()
            self.need(r"\)", "')'")
            return tree
        number = self.take(r"-?[0-9]+")
        if number is not None:
            return ("number", int(number))
        word = self.need("[a-z_]+", "a condition")
        if word in ("rating", "never", "always"):
            return (word,)
        if word not in ("records", "on", "published", "band", "is", "household", "representative"):
            self.fail(f"'{word}' is not a word of conditions")
        self.need(r"\(", "'('")
        tree = getattr(self, "inside_" + word)()
        self.need(r"\)", "')'")
        return tree

    def name(self):
        return self.need("[a-z][a-z0-9_]*", "a name")

    def inside_records(self):
        behaviours = set(self.behaviours_of(self.name()))
        while self.take(r"\+"):
            behaviours |= set(self.behaviours_of(self.name()))
        within, confirmed = units.NEVER, self.counts_confirmed
        while self.take(","):
            option = self.need(r"within\b|suspected\b|confirmed\b", "within, suspected or confirmed")
            if option == "within":
                within = units.duration(self.need(r"[0-9][0-9.eE+]*\s*[a-z]+", "a duration"))
            else:
                confirmed = option == "confirmed"
        return ("records", Term(frozenset(behaviours), within, confirmed, self.viewer))

    def inside_on(self):
        name = self.name()
        if self.viewer is None or self.keepers.get(name) in (None, self.viewer):
            return ("on", name)
        return ("notice", name, self.viewer)

    def inside_published(self):
        return ("published", self.name())

    def inside_household(self):
        return ("tie", "household", self.name())

    def inside_representative(self):
        return ("tie", "representative", self.name())

    def inside_band(self):
        names = [self.name()]
        while self.take(","):
            names.append(self.name())
        return ("band", names)

    def inside_is(self):
        attribute, levels = self.name(), []
        while self.take(","):
            levels.append(self.need(r"[A-Za-z0-9][A-Za-z0-9_.+-]*", "a level"))
        return ("is", attribute, levels)


COMPARE = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}


def holds(tree, view):
    """Whether the condition is true of the person that is seen through `view`."""
    word = tree[0]
    if word == "never":
        return False
    if word == "always":
        return True
    if word == "and":
        return holds(tree[1], view) and holds(tree[2], view)
    if word == "or":
        return holds(tree[1], view) or holds(tree[2], view)
    if word == "not":
        return not holds(tree[1], view)
    if word == "on":
        return view.on(tree[1])
    if word == "notice":
        return view.notice(tree[1], tree[2])
    if word == "tie":
        return view.tie(tree[1], tree[2])
    if word == "published":
        return view.published(tree[1])
    if word == "band":
        return view.band() in tree[1]
    if word == "is":
        return view.level(tree[1]) in tree[2]
    what, sign, number = tree[1], tree[2], tree[3]
    if what[0] == "records":
        return COMPARE[sign](view.records(what[1]), number)
    rating = view.rating()
    return rating is not None and COMPARE[sign](rating, number)  # false for the unrated, whatever the sign


def parts(tree):
    """The tree and all trees inside it."""
    yield tree
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from parts(part)


def terms(tree):
    return [part[1] for part in parts(tree) if part[0] == "records"]


def lists(tree):
    """The lists of the person's own that it names, seen directly or by a notice."""
    return [part[1] for part in parts(tree) if part[0] in ("on", "notice", "published")]


def notices(tree):
    """(list, agency) of every notice."""
    return [part[1:] for part in parts(tree) if part[0] == "notice"]


def ties(tree):
    """(kind, list) of every look at others."""
    return [part[1:] for part in parts(tree) if part[0] == "tie"]


def mentions_rating(tree):
    return any(part[0] in ("rating", "band") for part in parts(tree))
