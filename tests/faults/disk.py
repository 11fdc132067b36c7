#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real icqd on a disk that is full, and on one whose power is cut.

Usage: disk.py BUILD_FOLDER
"""

import errno
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap

import cuts
import places

places.enter_namespace()


# ---- full ------------------------------------------------------------------------------------

def a_full_disk_is_full():
    with places.small_disk(4) as disk:
        places.fill(disk / "hog")
        try:
            (disk / "more").write_bytes(b"x")
        except OSError as error:
            return [] if error.errno == errno.ENOSPC else [str(error)]
    return ["there was room for a byte"]


def a_full_disk_takes_no_message_and_loses_none():
    return cuts.fill_up(starts_again=False)


def it_starts_on_a_full_disk():
    return cuts.fill_up(starts_again=True)


# ---- without power ---------------------------------------------------------------------------

def a_power_cut_loses_what_was_not_synced():
    supply = places.PowerSupply(32)
    try:
        for name in ("synced", "not"):
            with open(f"{supply.place}/{name}", "w", encoding="ascii") as file:
                file.write(name)
                file.flush()
                if name == "synced":
                    os.fsync(file.fileno())
        supply.cut()
        supply.restore()
        with open(f"{supply.place}/synced", encoding="ascii") as file:
            kept = file.read()
        lost = not os.path.exists(f"{supply.place}/not") or \
            not os.path.getsize(f"{supply.place}/not")
    finally:
        supply.close()
    return [] if kept == "synced" and lost else [f"kept {kept!r}, lost the other: {lost}"]


def nothing_accepted_is_lost_by_a_power_cut():
    return cuts.round_of(cuts.PowerCuts(), times=4).complaints


tap.run([(case.__name__, case) for case in (
    a_full_disk_is_full, a_full_disk_takes_no_message_and_loses_none, it_starts_on_a_full_disk,
    a_power_cut_loses_what_was_not_synced, nothing_accepted_is_lost_by_a_power_cut)])
