#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A check that cannot fail is a defect: every failure of a test program is noticed and counted.

Usage: harness_check.py BUILD_FOLDER
"""

import os
import subprocess
import sys

import stages
import tap

FAILING = f"{sys.argv[1]}/tests/failing"
EXPECTED = {  # what to run: passed, failed, skipped
    "passes": (1, 0, 0),
    "fails_by_": (0, 6, 0),
    "skips": (0, 0, 1),
    "tells_its_seed": (0, 1, 0),
    "breaks_off": (0, 1, 0),
    "s": (1, 8, 1),
}


def run(part, **env):
    return subprocess.run([FAILING, part], capture_output=True, text=True,
                          env={**os.environ, **env})


def counts(part, expected):
    def case():
        told = run(part)
        tally = stages.count_cases("", {"stdout": told.stdout, "returncode": told.returncode,
                                        "result": "ERROR" if told.returncode else "OK"})
        counted = (tally.passed, tally.failed, tally.skipped)
        return [] if counted == expected else [f"{counted} instead of {expected}"]

    return case


def seed_repeats():
    told = run("tells_its_seed", SEED="0x1234").stderr
    return [] if "SEED=0x1234 " in told else [f"no seed in: {told}"]


tap.run([
    *((f"counts_{part}", counts(part, expected)) for part, expected in EXPECTED.items()),
    ("seed_repeats", seed_repeats),
])
