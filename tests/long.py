#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./test long: what takes hours. Runs gather: what was done so far is kept in the build folder.

Usage: long.py BUILD_FOLDER [HOURS] [NAME...]   without names: all whose goal is not reached

Prints a table, and writes it to BUILD_FOLDER/long.txt.
"""

import dataclasses
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import time

BUILD = pathlib.Path(sys.argv[1]).resolve()
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "cmd"), str(HERE / "faults")]
import tap

import cuts
import places
import trials

KEPT, TABLE = BUILD / "long.json", BUILD / "long.txt"
HOUR_S = 3600


class Failed(Exception):
    """Something was lost, or worse; the text says what."""


def expect_none(complaints):
    if complaints:
        raise Failed("; ".join(map(str, complaints[:5])))


# ---- batches: each does a part, and tells how much of which goal it was ----------------------

def cut_often(fault, name):
    def batch():
        outcome = cuts.round_of(fault(), times=20)
        expect_none(outcome.complaints)
        return {name: outcome.cuts - outcome.idle, f"{name}_messages": outcome.accepted}
    return batch


def trial(name, done, run, *args):
    def batch():
        expect_none(run(*args))
        return {name: done}
    return batch


def disk_full():
    expect_none(cuts.fill_up(starts_again=random.random() < 0.5))
    return {"disk_full": 1}


def slow_store():
    expect_none(trials.slow_disk(sync_ms=random.choice([50, 200, 1000, 3000])))
    return {"slow_store": 1}


def program(name, *cases, **environment):
    """What a test program says of its cases when it takes its time."""
    done = subprocess.run([BUILD / "tests" / name, *cases], check=False, capture_output=True,
                          text=True, env={**os.environ, "SEEKYOU_LONG": "1", **environment})
    if done.returncode:
        raise Failed(f"{name}: {done.stderr}")
    return done.stdout


def io_error():
    program("store", "an_error", "full_disk")
    return {"io_error": 1}


def malloc_library():
    program("memory")
    return {"malloc_library": 1}


def crash_images():
    """Scenarios of their own; each of their writes is cut, and so is the start behind some cuts."""
    seed = f"0x{random.getrandbits(64):x}"
    images = second = 0
    for name in ("store_cuts", "store_history_cuts"):
        for told in re.findall(r"images=(\d+) second=(\d+)",
                               program(name, "power_cut", "failed_sync", SEED=seed)):
            images += int(told[0])
            second += int(told[1])
    return {"crash_images": images, "second_crashes": second}


def simulation():
    if not (BUILD / "icqsim").exists():
        raise tap.Skip("icqsim is not built")
    scenario = random.choice([*["storm"] * 3, "crash", "disk", "clock", "hostile", "peers"])
    options = ["--scenario", scenario, "--seeds", "50", "--seed", f"0x{random.getrandbits(64):x}"]
    done = subprocess.run([BUILD / "icqsim", *options], check=False, capture_output=True, text=True)
    told = dict(re.findall(r"(\w+)=(\S+)", done.stdout.splitlines()[-1] if done.stdout else ""))
    if done.returncode or "accepted" not in told:
        raise Failed(f"icqsim {' '.join(options)}: {done.stdout[-500:]}{done.stderr[-500:]}")
    return {"sim_messages": int(told["accepted"]), "sim_crashes": int(told["crashes"])}


CRASH_PARTS = 100  # of the writes of the standard scenario


def crash_points():
    if not (BUILD / "icqsim").exists():
        raise tap.Skip("icqsim is not built")
    part = Ledger().so_far.get("crash_parts", 0) % CRASH_PARTS + 1
    done = subprocess.run([BUILD / "icqsim", "--every-write", f"{part}/{CRASH_PARTS}", "--json"],
                          check=False, capture_output=True, text=True)
    told = json.loads(done.stdout or "{}")
    if done.returncode or told["crashed_at"] != told["write_points"]:
        raise Failed(f"part {part}: {done.stdout[-500:]}{done.stderr[-500:]}")
    return {"crash_parts": 1, "crash_points": told["crashed_at"]}


@dataclasses.dataclass
class Test:
    name: str
    batch: object
    goals: dict


TESTS = [
    Test("kill_loop", cut_often(cuts.Kills, "kill_loop"), {"kill_loop": 1000}),
    Test("restart", cut_often(cuts.Restarts, "restart"), {"restart": 200}),
    Test("power_cut", cut_often(cuts.PowerCuts, "power_cut"), {"power_cut": 100}),
    Test("disk_full", disk_full, {"disk_full": 20}),
    Test("io_error", io_error, {"io_error": 1}),
    Test("failed_sync", trial("failed_sync", 5, trials.failed_sync, 5), {"failed_sync": 50}),
    Test("slow_store", slow_store, {"slow_store": 10}),
    Test("stuck_store", trial("stuck_store", 1, trials.slow_disk, 12000), {"stuck_store": 1}),
    Test("malloc_start", trial("malloc_start", 1, trials.failing_start, 1), {"malloc_start": 1}),
    Test("malloc_client", trial("malloc_client", 1, trials.failing_client, 1),
         {"malloc_client": 1}),
    Test("malloc_library", malloc_library, {"malloc_library": 1}),
    Test("clock_jump", trial("clock_jump", 100, trials.clock_jumps, 100), {"clock_jump": 1000}),
    Test("descriptors", trial("descriptors", 1, trials.few_descriptors, range(3, 65)),
         {"descriptors": 1}),
    Test("memory_limit", trial("memory_limit", 60, trials.little_memory, 60),
         {"memory_limit": HOUR_S}),
    Test("crash_images", crash_images, {"crash_images": 200_000, "second_crashes": 30_000}),
    Test("crash_points", crash_points, {"crash_parts": CRASH_PARTS}),
    Test("simulation", simulation, {"sim_messages": 10**8, "sim_crashes": 10**6}),
]


# ---- running ---------------------------------------------------------------------------------

class Ledger:
    """What all runs on this build folder have done."""

    def __init__(self):
        self.so_far = json.loads(KEPT.read_text()) if KEPT.exists() else {}

    def add(self, done):
        for name, count in done.items():
            self.so_far[name] = self.so_far.get(name, 0) + count
        KEPT.write_text(json.dumps(self.so_far, indent=1))

    def reached(self, test):
        return all(self.so_far.get(name, 0) >= goal for name, goal in test.goals.items())


def run_for(test, ledger, seconds):
    """At least one batch; what is to be said of it."""
    end_s = time.monotonic() + seconds
    try:
        while True:
            ledger.add(test.batch())
            if ledger.reached(test) or time.monotonic() > end_s:
                return "passed" if ledger.reached(test) else "so far", ""
    except tap.Skip as why:
        return "skipped", str(why)
    except Exception as what:  # also what nobody thought of is a failure, and the rest goes on
        return "failed", f"{type(what).__name__}: {what}"


def rows(test, ledger, result, why, took_s):
    for name, goal in test.goals.items():
        yield (f"{name:16}{result:9}{ledger.so_far.get(name, 0):>14,}{goal:>14,}"
               f"{took_s:>8.0f} s  {why}").rstrip()


def chosen(names, ledger):
    unknown = set(names) - {test.name for test in TESTS}
    if unknown:
        sys.exit(f"no such test: {', '.join(sorted(unknown))}; there are "
                 f"{', '.join(test.name for test in TESTS)}")
    return [t for t in TESTS if t.name in names or (not names and not ledger.reached(t))]


def main():
    places.enter_namespace()
    args = sys.argv[2:]
    hours = float(args.pop(0)) if args and re.fullmatch(r"[\d.]+", args[0]) else 1.0
    ledger = Ledger()
    tests = chosen(args, ledger)
    end_s = time.monotonic() + hours * HOUR_S
    lines = [f"{'test':16}{'result':9}{'run so far':>14}{'goal':>14}{'took':>10}"]
    print(lines[0], flush=True)
    failed = False
    for number, test in enumerate(tests):
        began_s = time.monotonic()
        share_s = max(0.0, end_s - began_s) / (len(tests) - number)
        result, why = run_for(test, ledger, share_s)
        failed |= result == "failed"
        told = list(rows(test, ledger, result, why, time.monotonic() - began_s))
        print("\n".join(told), flush=True)
        lines += told
    TABLE.write_text("\n".join(lines) + "\n")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
