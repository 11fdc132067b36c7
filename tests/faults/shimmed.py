#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real programs whose memory, disk, clock and descriptors fail.

Usage: shimmed.py BUILD_FOLDER
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap

import trials


def a_failed_sync_stops_the_server_and_loses_nothing():
    return trials.failed_sync(times=2)


def a_slow_disk_delays_messages_and_nothing_else():
    return trials.slow_disk(sync_ms=400)


def failing_allocations_end_the_start_cleanly():
    return trials.failing_start(stride=41)


def failing_allocations_end_the_client_cleanly():
    return trials.failing_client(stride=29)


def sessions_survive_jumps_of_the_clock():
    return trials.clock_jumps(times=20)


def few_descriptors_are_enough_or_refused():
    return trials.few_descriptors(range(4, 40, 5))


def little_memory_is_enough():
    return trials.little_memory(seconds=2)


tap.run([(case.__name__, case) for case in (
    a_failed_sync_stops_the_server_and_loses_nothing,
    a_slow_disk_delays_messages_and_nothing_else,
    failing_allocations_end_the_start_cleanly, failing_allocations_end_the_client_cleanly,
    sessions_survive_jumps_of_the_clock, few_descriptors_are_enough_or_refused,
    little_memory_is_enough)])
