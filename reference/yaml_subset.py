# SPDX-License-Identifier: Apache-2.0
"""Reads the YAML that Standing's files are written in.

Not all of YAML: mappings and sequences in block and flow style over several lines; plain, single- and double-quoted and block
scalars; comments; anchors, aliases and merge keys (`<<`). No tags, no documents, no complex keys.

A mapping becomes a dict, a sequence a list, and every scalar a str: nothing is guessed at, `no` stays "no" and 1 stays "1".
Only a plain `null` or `~` becomes None, as it removes a key where a regime extends another. A key given twice is an error.
"""


class YamlError(Exception):
    pass


def load(text, path="text"):
    return Reader(text, path).document()


class Reader:
    def __init__(self, text, path):
        self.text = text.replace("\r\n", "\n")
        self.path = path
        self.at = 0          # where reading stands
        self.anchors = {}

    # ---- looking about

    def fail(self, what):
        line = self.text.count("\n", 0, self.at) + 1
        raise YamlError(f"{self.path}:{line}:{self.column() + 1}: {what}")

    def peek(self, offset=0):
        at = self.at + offset
        return self.text[at] if at < len(self.text) else ""

    def column(self):
        return self.at - (self.text.rfind("\n", 0, self.at) + 1)

    def blank(self, offset=0):
        return self.peek(offset) in ("", " ", "\n", "\t")

    def skip_in_line(self):
        """Over spaces, and a comment if one follows, to the content or the end of this line."""
        start = self.at
        while self.peek() in (" ", "\t"):
            self.at += 1
        if self.peek() == "#" and (self.at > start or self.column() == 0):
            while self.peek() not in ("", "\n"):
                self.at += 1

    def skip(self):
        """To the next content, on this line or a later one."""
        self.skip_in_line()
        while self.peek() == "\n":
            self.at += 1
            self.skip_in_line()

    def at_dash(self):
        return self.peek() == "-" and self.blank(1)

    def at_marker(self):
        return self.column() == 0 and self.text[self.at:self.at + 3] in ("---", "...") and self.blank(3)

    # ---- the document

    def document(self):
        self.skip()
        if self.at_marker():
            self.at += 3
        value = self.node(0)
        self.skip()
        if self.at < len(self.text) and not self.at_marker():
            self.fail("the document should end here")
        return value

    # ---- block style

    def node(self, least):
        """A value whose lines are indented by at least `least`."""
        self.skip()
        if self.at >= len(self.text) or self.column() < least or self.at_marker():
            return ""
        first = self.peek()
        if first == "&":
            return self.anchored(lambda: self.node(least))
        if first == "*":
            return self.alias()
        if first in "{[":
            return self.flow()
        if first in "|>":
            return self.block_scalar(least)
        if self.at_dash():
            return self.block_sequence(self.column())
        if self.key_ahead():
            return self.block_mapping(self.column())
        if first in "\"'":
            return self.quoted()
        return self.plain_block(least)

    def anchored(self, read):
        self.at += 1
        name = self.word()
        value = read()
        self.anchors[name] = value
        return value

    def alias(self):
        self.at += 1
        name = self.word()
        if name not in self.anchors:
            self.fail(f"no anchor is called '{name}'")
        return self.anchors[name]

    def word(self):
        start = self.at
        while not self.blank() and self.peek() not in ",[]{}":
            self.at += 1
        return self.text[start:self.at]

    def block_sequence(self, column):
        items = []
        while self.at < len(self.text) and self.column() == column and self.at_dash():
            self.at += 1
            items.append(self.node(column + 1))
            self.skip()
        return items

    def block_mapping(self, column):
        pairs = []
        while self.at < len(self.text) and self.column() == column and not self.at_marker():
            if not self.key_ahead():
                self.fail("a key followed by a colon should stand here")
            key = self.key()
            self.at += 1  # the colon
            pairs.append((key, self.mapping_value(column)))
            self.skip()
        if self.at < len(self.text) and self.column() > column:
            self.fail("this line is indented too far")
        return self.mapping(pairs)

    def mapping_value(self, column):
        self.skip_in_line()
        if self.peek() == "&":
            return self.anchored(lambda: self.mapping_value(column))
        if self.peek() not in ("", "\n"):
            return self.node(column + 1)
        self.skip()
        if self.column() == column and self.at_dash():  # a sequence may stand as far left as its key
            return self.block_sequence(column)
        return self.node(column + 1)

    def key_ahead(self):
        """Whether a key and a colon stand here, on one line."""
        start = self.at
        try:
            self.key()
            return self.peek() == ":" and self.blank(1)
        except YamlError:
            return False
        finally:
            self.at = start

    def key(self):
        if self.peek() in ("\"", "'") and self.peek():
            key = self.quoted()
        else:
            key = self.plain_line("")
        while self.peek() == " ":
            self.at += 1
        return key

    def mapping(self, pairs):
        """A dict of these pairs: merged mappings first, then its own keys, which win."""
        own, merged = {}, {}
        for key, value in pairs:
            if key == "<<":
                for source in (value if isinstance(value, list) else [value]):
                    if not isinstance(source, dict):
                        self.fail("only mappings can be merged")
                    for name in source:
                        merged.setdefault(name, source[name])
            elif key in own:
                self.fail(f"the key '{key}' is given twice")
            else:
                own[key] = value
        return {**merged, **own}

    def block_scalar(self, least):
        style = self.peek()
        header = self.text[self.at + 1:].split("\n", 1)[0].split("#")[0].strip()
        rest = self.text[self.at:].split("\n")[1:]
        lines, indent = [], None
        for line in rest:
            if line.strip() and indent is None:
                indent = len(line) - len(line.lstrip(" "))
                if indent < least:
                    break
            if line.strip() and len(line) - len(line.lstrip(" ")) < indent:
                break
            lines.append(line[indent:] if indent is not None else "")
        start = self.text.find("\n", self.at)
        self.at = len(self.text) if start < 0 else min(len(self.text), start + 1 + sum(len(line) + 1 for line in rest[:len(lines)]))
        body = "\n".join(lines)
        text = body.rstrip("\n")
        if style == ">":
            text = fold(text.split("\n"))
        if "-" in header or not text:
            return text
        return text + "\n"

    # ---- scalars

    def plain_line(self, stops):
        """A plain scalar's part on this line; `stops` are characters that end it (in flow style)."""
        start = self.at
        if self.peek() in "[]{},#&*!|>'\"%@`" or (self.peek() in "-?:" and self.blank(1)):
            self.fail("a plain word cannot begin like this")
        while self.peek() not in ("", "\n"):
            if self.peek() in stops:
                break
            if self.peek() == ":" and (self.blank(1) or (stops and self.peek(1) in stops)):
                break
            if self.peek() == "#" and self.text[self.at - 1] in " \t":
                break
            self.at += 1
        text = self.text[start:self.at]
        stripped = text.rstrip(" \t")
        self.at -= len(text) - len(stripped)
        return stripped

    def plain_block(self, least):
        lines = [self.plain_line("")]
        while True:
            here = self.at
            self.skip_in_line()
            if self.text[here:self.at].strip() or self.peek() != "\n":  # a comment ends a plain scalar
                break
            blanks = 0
            while self.peek() == "\n":
                self.at += 1
                blanks += 1
                while self.peek() == " ":
                    self.at += 1
            if self.peek() in ("", "#") or self.column() < max(least, 1) or self.at_marker():
                self.at = here
                break
            if self.key_ahead():
                self.fail("a key cannot stand inside a plain scalar")
            lines += [""] * (blanks - 1)
            lines.append(self.plain_line(""))
        if lines in (["null"], ["~"]):
            return None
        return fold(lines)

    def plain_flow(self):
        lines = [self.plain_line(",[]{}")]
        while True:
            self.skip()
            if self.peek() in ",[]{}:" or self.peek() == "":
                break
            lines.append(self.plain_line(",[]{}"))
        if lines in (["null"], ["~"]):
            return None
        return " ".join(lines)

    def quoted(self):
        quote = self.peek()
        self.at += 1
        out = []
        while True:
            c = self.peek()
            if c == "":
                self.fail("a quoted text does not end")
            self.at += 1
            if c == quote:
                if quote == "'" and self.peek() == "'":
                    out.append("'")
                    self.at += 1
                    continue
                return "".join(out)
            if c == "\n":
                while out and out[-1] in (" ", "\t"):
                    out.pop()
                blanks = 0
                while self.peek() in (" ", "\t", "\n") and self.peek():
                    blanks += self.peek() == "\n"
                    self.at += 1
                out.append("\n" * blanks if blanks else " ")
            elif c == "\\" and quote == "\"":
                out.append(self.escape())
            else:
                out.append(c)

    def escape(self):
        c = self.peek()
        self.at += 1
        if c in "xuU" and c:
            size = {"x": 2, "u": 4, "U": 8}[c]
            digits = self.text[self.at:self.at + size]
            self.at += size
            return chr(int(digits, 16))
        if c == "\n":
            while self.peek() in (" ", "\t") and self.peek():
                self.at += 1
            return ""
        known = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\", "\"": "\"", "/": "/", " ": " ", "e": "\x1b"}
        if c not in known:
            self.fail(f"'\\{c}' means nothing")
        return known[c]

    # ---- flow style

    def flow(self):
        self.skip()
        first = self.peek()
        if first == "{":
            return self.flow_mapping()
        if first == "[":
            return self.flow_sequence()
        if first == "&":
            return self.anchored(self.flow)
        if first == "*":
            return self.alias()
        if first in ("\"", "'"):
            return self.quoted()
        return self.plain_flow()

    def flow_mapping(self):
        self.at += 1
        pairs = []
        while True:
            self.skip()
            if self.peek() == "}":
                self.at += 1
                return self.mapping(pairs)
            key = self.flow()
            self.skip()
            if self.peek() != ":" or not isinstance(key, str):
                self.fail("a key and a colon should stand here")
            self.at += 1
            self.skip()
            pairs.append((key, "" if self.peek() in ",}" else self.flow()))
            self.comma("}")

    def flow_sequence(self):
        self.at += 1
        items = []
        while True:
            self.skip()
            if self.peek() == "]":
                self.at += 1
                return items
            items.append(self.flow())
            self.comma("]")

    def comma(self, end):
        self.skip()
        if self.peek() == ",":
            self.at += 1
        elif self.peek() != end:
            self.fail(f"a comma or '{end}' should stand here")


def fold(lines):
    """Joins lines by spaces; an empty line is a line break."""
    text = ""
    for line in lines:
        if line == "":
            text += "\n"
        elif text and not text.endswith("\n"):
            text += " " + line
        else:
            text += line
    return text
