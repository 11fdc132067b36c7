#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kill -9 of a real icqd under load, at random times: nothing accepted is lost, nobody logs in
again.

Usage: kill.py BUILD_FOLDER
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap

import cuts


def nothing_accepted_is_lost_by_kill_9():
    return cuts.round_of(cuts.Kills(), times=8).complaints


def a_lost_message_is_noticed():
    """The check can fail: after the cut all stored messages are taken away."""
    found = cuts.round_of(cuts.Thief(), times=1).complaints
    return [] if any("expected" in c or "delivered" in c for c in found) else [f"only {found}"]


tap.run([(case.__name__, case) for case in (
    nothing_accepted_is_lost_by_kill_9, a_lost_message_is_noticed)])
