#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The stages of ./test: builds the tree in several ways and runs the tests of each.

Usage: stages.py [STAGE|TEST]...   without names: every stage; coverage only by its name

The last line is `N passed, N failed, N skipped`, counting single cases over all stages.
"""

import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SANITIZED = ["-Db_lundef=false"]


def program(*names):
    """The first of these that is installed."""
    return next((name for name in names if shutil.which(name)), None)


CLANG = program("clang-14", "clang")
CROSS_FILE = ROOT / "packaging/cross/s390x.ini"


@dataclasses.dataclass
class Stage:
    name: str
    folder: str
    budget_s: int
    options: list = dataclasses.field(default_factory=list)
    needs: dict = dataclasses.field(default_factory=dict)  # what for: found or None
    compiler: str = None
    suite: str = None  # None: every test
    fixed_addresses: bool = False  # the sanitizer's shadow memory collides with much randomness

    @property
    def build(self):
        return ROOT / self.folder


@dataclasses.dataclass
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: list = dataclasses.field(default_factory=list)

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.reasons += other.reasons

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


STAGES = [
    Stage("plain", "build", budget_s=90),
    Stage("asan", "build-asan", budget_s=90, compiler=CLANG, needs={"clang": CLANG},
          options=["-Db_sanitize=address,undefined", *SANITIZED]),
    Stage("threads", "build-tsan", budget_s=30, compiler=CLANG, needs={"clang": CLANG},
          suite="threads", fixed_addresses=True, options=["-Db_sanitize=thread", *SANITIZED]),
    Stage("msan", "build-msan", budget_s=20, compiler=CLANG, needs={"clang": CLANG},
          fixed_addresses=True,
          options=["-Dcodec_only=true", "-Db_sanitize=memory", *SANITIZED]),
    Stage("big-endian", "build-s390x", budget_s=20,
          options=["-Dcodec_only=true", f"--cross-file={CROSS_FILE}"],
          needs={"s390x-linux-gnu-gcc": program("s390x-linux-gnu-gcc"),
                 "qemu-user": program("qemu-s390x")}),
    Stage("musl", "build-musl", budget_s=20, options=["-Dcodec_only=true"], compiler="musl-gcc",
          needs={"musl-gcc": program("musl-gcc")}),
]
COVERAGE = Stage("coverage", "build-coverage", budget_s=120, options=["-Db_coverage=true"],
                 needs={"gcovr": program("gcovr")})


def chatter(command, **more):
    """Runs a command whose output matters only when it fails."""
    told = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more)
    if told.returncode != 0 or "warning:" in told.stdout:
        print(told.stdout, flush=True)
    return told.returncode == 0


def environment(stage):
    env = dict(os.environ)
    if stage.compiler:
        env["CC"] = stage.compiler
    return env


def set_up(stage):
    if (stage.build / "build.ninja").exists():
        return True
    werror = [f"-Dwerror={'true' if os.environ.get('CI') else 'false'}"]
    return chatter(["meson", "setup", stage.build, ROOT, *werror, *stage.options],
                   env=environment(stage))


def compile_all(stage):
    return chatter(["ninja", "--quiet", "-C", stage.build, "all", "meson-test-prereq"])


def meson_test(stage, names):
    processes = 2 * (os.cpu_count() or 1)  # many tests wait for a timer most of their time
    command = ["meson", "test", "-C", stage.build, "--print-errorlogs",
               "--num-processes", str(processes)]
    if stage.suite:
        command += ["--suite", stage.suite]
    if stage.options:
        command += ["--timeout-multiplier", "3"]
    if stage.fixed_addresses and not subprocess.run(
            ["setarch", "-R", "true"], stderr=subprocess.DEVNULL).returncode:
        command += ["--wrapper", "setarch -R"]
    return subprocess.run([*command, *names], cwd=ROOT).returncode == 0


def logged(stage):
    """What meson wrote down of each test; a wrapper puts its name into the file's."""
    for path in (stage.build / "meson-logs").glob("testlog*.json"):
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


TAP_CASE = re.compile(r"^(not ok|ok) \d+ - (.*?)(?: # SKIP (.*))?$", re.M)
TAP_PLAN = re.compile(r"^1\.\.(\d+)$", re.M)


def count_cases(where, test):
    """The tally of one test program; one that breaks off has one more failure."""
    output = test.get("stdout", "")
    cases, plans = TAP_CASE.findall(output), TAP_PLAN.findall(output)
    tally = Tally()
    for verdict, case, why in cases:
        if why and verdict == "ok":
            tally.skipped += 1
            tally.reasons.append(f"{where}: {case}: {why}")
        elif verdict == "ok":
            tally.passed += 1
        else:
            tally.failed += 1
    if not cases and not plans:
        tally.passed += test["result"] == "OK"
        tally.failed += test["result"] != "OK"
    elif plans != [str(len(cases))] or (test["returncode"] and not tally.failed):
        tally.failed += 1
    return tally


def run_tests(stage, names):
    for old in (stage.build / "meson-logs").glob("testlog*"):
        old.unlink()
    succeeded = meson_test(stage, names)
    tally = Tally()
    for test in logged(stage):
        tally.add(count_cases(f"{stage.name}: {test['name']}", test))
    if not succeeded and not tally.failed:
        tally.failed = 1
    if not tally.passed + tally.failed + tally.skipped:
        if names:
            return Tally(failed=1, reasons=[f"{stage.name}: no test {' '.join(names)}"])
        return Tally(skipped=1, reasons=[f"{stage.name}: no test belongs to it"])
    return tally


def run_stage(stage, names=()):
    lacking = [need for need, found in stage.needs.items() if not found]
    if lacking:
        return Tally(skipped=1, reasons=[f"{stage.name}: no {' and no '.join(lacking)} here"])
    if not set_up(stage):
        return Tally(failed=1)
    if not names and not stage.suite and not compile_all(stage):  # else meson builds what it needs
        return Tally(failed=1)
    return run_tests(stage, names)


def timed(stage, names=()):
    print(f"== {stage.name}", flush=True)
    start = time.monotonic()
    tally = run_stage(stage, names)
    seconds = time.monotonic() - start
    over = f", over its budget of {stage.budget_s} s" if seconds > stage.budget_s else ""
    return tally, f"{stage.name:12}{seconds:5.0f} s  {tally}{over}"


def coverage():
    """gcovr replaces the file it writes to, so it is given none: not even /dev/null, as root."""
    tally, line = timed(COVERAGE)
    if tally.passed:
        subprocess.run(["gcovr", "--root", ROOT, "--filter", "src/", "--branches",
                        "--exclude-unreachable-branches", "--exclude-throw-branches",
                        "--print-summary", COVERAGE.build], cwd=ROOT)
    return tally, line


def chosen(names):
    """Pairs of a stage and the tests to run in it; tests without a stage run in the plain one."""
    stages = [s for s in STAGES if s.name in names]
    tests = [n for n in names if n not in {s.name for s in stages} and n != "coverage"]
    if tests and not stages:
        stages = STAGES[:1]
    return [(s, tests) for s in (stages if names else STAGES)]


def main():
    names = sys.argv[1:]
    total = Tally()
    lines = []
    runs = [lambda s=s, t=t: timed(s, t) for s, t in chosen(names)]
    if "coverage" in names:
        runs.append(coverage)
    for run in runs:
        tally, line = run()
        total.add(tally)
        lines.append(line)
    print("\n".join(["", *total.reasons, "", *lines]))
    print(total, flush=True)
    sys.exit(1 if total.failed else 0)


if __name__ == "__main__":
    main()
