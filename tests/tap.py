# SPDX-License-Identifier: MIT
"""Test scripts in Python print TAP: a list of cases, each a function that returns complaints.

Complaints go to stderr, which meson shows of a test that fails.
"""

import sys


class Skip(Exception):
    """Raised by a case that lacks a means; the text says which."""


def run(cases):
    print(f"1..{len(cases)}")
    for number, (name, case) in enumerate(cases, 1):
        try:
            complaints = case()
        except Skip as why:
            print(f"ok {number} - {name} # SKIP {why}")
            continue
        for complaint in complaints:
            print(f"{name}: {complaint}", file=sys.stderr)
        print(f"{'not ok' if complaints else 'ok'} {number} - {name}")
