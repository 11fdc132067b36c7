#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The delivery promise in simulated worlds: it holds, and without one of its defences icqsim tells.

Usage: icqsim.py BUILD_FOLDER
"""

import concurrent.futures
import json
import pathlib
import re
import shlex
import subprocess
import sys
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402

BUILD = pathlib.Path(sys.argv[1])
OPTIONS = {o["name"]: o["value"]
           for o in json.loads((BUILD / "meson-info/intro-buildoptions.json").read_text())}
SLOW = OPTIONS["b_sanitize"] != "none" or OPTIONS["b_coverage"]
MESSAGES = 50_000 if SLOW else 1_000_000
CRASHES = 500 if SLOW else 10_000
PROCESSES = 2
PER_SEED = 1750  # accepted ones, at least
NOTICED_S = 5
ONCE_BROKEN = (9270128378224356317, 7194467961800193218)  # found among 30 million messages


def icqsim(*options):
    return subprocess.run([str(BUILD / "icqsim"), *map(str, options)], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def told(*options):
    done = icqsim("--json", *options)
    result = json.loads(done.stdout)
    result["exit"] = done.returncode
    return result


def listed(title):
    """The names that --help lists under a title."""
    block = icqsim("--help").stdout.split(f"\n{title}", 1)[1].split("\n\n", 1)[0]
    return re.findall(r"^  ([a-z-]+) ", block, re.M)


def complaints_of(result):
    if result["exit"] == 0 and not result["broken"]:
        return []
    return [f"{result.get('why')}: {result.get('repeat')}"]


def a_million_messages_arrive_once_and_in_order():
    seeds = MESSAGES // PER_SEED // PROCESSES + 1
    with concurrent.futures.ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda i: told("--seeds", seeds, "--seed", 1 + i * seeds),
                             range(PROCESSES)))
    complaints = [c for run in runs for c in complaints_of(run)]
    for what in ("lost", "duplicated", "reordered"):
        if sum(run[what] for run in runs):
            complaints.append(f"{what}: {[run[what] for run in runs]}")
    if (accepted := sum(run["accepted"] for run in runs)) < MESSAGES:
        complaints.append(f"only {accepted} messages were accepted")
    if (crashes := sum(run["crashes"] for run in runs)) < CRASHES:
        complaints.append(f"only {crashes} crashes")
    return complaints


def every_scenario_holds():
    complaints = []
    for scenario in listed("Scenarios:"):
        complaints += complaints_of(told("--scenario", scenario, "--seeds", 2 if SLOW else 20,
                                    "--seed", 1000))
    return complaints


def worlds_that_once_broke_hold():
    return [c for seed in ONCE_BROKEN
            for c in complaints_of(told("--scenario", "storm", "--seed", seed))]


def our_clients_talk_directly():
    result = told("--scenario", "peers", "--seeds", 2 if SLOW else 10)
    least = {"direct": 300, "returned": 10, "files": 10, "lines": 100}
    few = [what for what, number in least.items() if result[what] < number]
    return [f"{result} has few {what}" for what in few] + complaints_of(result)


def a_seed_is_one_world():
    first, again, other = (told("--seed", seed)["digest"] for seed in (7, 7, 8))
    if first != again:
        return [f"seed 7 gives {first} and {again}"]
    return ["seeds 7 and 8 give the same"] if first == other else []


def a_crash_at_every_write_of_a_world_loses_nothing():
    result = told("--every-write", "1/1", "--messages", 12 if SLOW else 60)
    complaints = complaints_of(result)
    if not result["write_points"] or result["crashed_at"] != result["write_points"]:
        complaints.append(f"{result['crashed_at']} of {result['write_points']} crashes came")
    return complaints


def planned_crashes_alone_are_enough_to_notice():
    calm = ("--scenario", "quiet", "--messages", 20)
    result = told(*calm, "--off", "durable-key", "--every-write", "1/3")
    if complaints := complaints_of(told(*calm, "--off", "durable-key")):
        return complaints
    return [] if "--crash" in result.get("repeat", "") else [f"nothing is noticed: {result}"]


def without(defence):
    def case():
        start = time.monotonic()
        result = told("--off", defence, "--seeds", 200)
        took_s = time.monotonic() - start
        if not result["broken"] or result["exit"] != 1:
            return ["nothing is noticed"]
        if took_s > NOTICED_S * (3 if SLOW else 1):
            return [f"it takes {took_s:.1f} s to notice"]
        return []

    return case


def a_failure_can_be_repeated():
    first = told("--off", "durable-key", "--seeds", 20)
    again = told(*shlex.split(first["repeat"])[1:])
    same = again["broken"] and all(again[k] == first[k] for k in ("why", "broken_after_s"))
    return [] if same else [f"{first}: {again}"]


def the_last_line_sums_up():
    last = icqsim("--scenario", "quiet").stdout.splitlines()[-1]
    form = (r"seeds=1 accepted=\d+ delivered=\d+ lost=0 duplicated=0 reordered=0 crashes=0 "
            r"simulated_hours=\d+\.\d")
    return [] if re.fullmatch(form, last) else [last]


def wrong_words_are_refused():
    wrong = (["--scenario", "none"], ["--off", "shield"], ["--seeds", "0"], ["--seed", "x"], ["x"],
             ["--crash", "7"], ["--crash", "in:"], ["--every-write", "3/2"])
    return [f"{words} is accepted" for words in wrong if icqsim(*words).returncode != 2]


tap.run([
    ("a_million_messages_arrive_once_and_in_order", a_million_messages_arrive_once_and_in_order),
    ("every_scenario_holds", every_scenario_holds),
    ("worlds_that_once_broke_hold", worlds_that_once_broke_hold),
    ("our_clients_talk_directly", our_clients_talk_directly),
    ("a_seed_is_one_world", a_seed_is_one_world),
    ("a_crash_at_every_write_of_a_world_loses_nothing",
     a_crash_at_every_write_of_a_world_loses_nothing),
    ("planned_crashes_alone_are_enough_to_notice", planned_crashes_alone_are_enough_to_notice),
    ("a_failure_can_be_repeated", a_failure_can_be_repeated),
    ("the_last_line_sums_up", the_last_line_sums_up),
    ("wrong_words_are_refused", wrong_words_are_refused),
    *((f"noticed_without_{d}", without(d)) for d in listed("Defences")),
])
