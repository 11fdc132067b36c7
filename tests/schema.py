#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that doc/json.md and the sources of icq speak of the same commands, events and fields.

Usage: schema.py SOURCE_FOLDER
"""

import pathlib
import re
import sys

import tap

ROOT = pathlib.Path(sys.argv[1])
DOCUMENT = (ROOT / "doc/json.md").read_text(encoding="utf-8")
ICQ = ROOT / "src/cmd/icq"
ENGINE = "".join(path.read_text(encoding="utf-8")
                 for path in sorted((ROOT / "src/client").glob("*.c")))
# What makes and reads objects of the schema; the rest of icq makes commands of words, and lines of
# events.
TEXT = "".join(path.read_text(encoding="utf-8")
               for path in [*sorted((ICQ / "commands").glob("*.c")),
                            *(ICQ / f"{name}.c" for name in ("app", "attend", "events",
                                                             "events_packet", "notifier"))])


def rows(title):
    """The first two cells of the table below a title."""
    table = DOCUMENT.split(f"\n## {title}\n")[1].split("\n|---")[1]
    return re.findall(r"^\| (.*?) \| (.*?) \|", table.split("\n\n")[0], re.M)


def names(title):
    return {name for cell, _ in rows(title) for name in cell.split(", ")}


def differ(what, told, there):
    return [f"doc/json.md tells no {what} {name}" for name in sorted(there - told)] + \
        [f"there is no {what} {name}" for name in sorted(told - there)]


def commands_are_told():
    return differ("command", names("Commands"),
                  set(re.findall(r'\{ "(\w+)", do_\w+ \}', TEXT)))


def events_are_told():
    return differ("event", names("Events"),
                  set(re.findall(r'(?:event_of\(|"ev",\s*)"(\w+)"', TEXT)))


def fields_are_told():
    taken = re.findall(r'call_(?:has|number|uin|text|choice|status)\(c, "(\w+)"', TEXT)
    given = re.findall(r'(?:set_\w+|json_object_set\w*)\((?:\w+|\*\w+), "(\w+)"', TEXT)
    told = set(re.findall(r"\w+", DOCUMENT))
    return [f"doc/json.md does not tell the field {name}"
            for name in sorted(set(taken + given) - told)] or \
        ([] if len(set(taken + given)) > 50 else ["hardly any field was found"])


def words_are_told():
    """Why something has ended, and what a notice is about."""
    ends = re.findall(r"\b(?:fail|gone|\w+_(?:fail|end|close|leave|break|stop|notice))"
                      r"\(([^;{]*?)\);", ENGINE + TEXT)
    found = {word for end in ends for word in re.findall(r'"([a-z]+(?:_[a-z]+)?)"', end)}
    return [f"doc/json.md does not tell the word {word}"
            for word in sorted(found - set(re.findall(r"\w+", DOCUMENT)))] or \
        ([] if len(found) > 25 else [f"only these were found: {found}"])


tap.run([
    ("commands_are_told", commands_are_told),
    ("events_are_told", events_are_told),
    ("fields_are_told", fields_are_told),
    ("words_are_told", words_are_told),
])
