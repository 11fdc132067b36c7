#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kill -9 of a real icqd under load, at random times, and plain restarts: nothing accepted is lost,
nobody logs in again, nobody is seen to leave.

Usage: kill.py BUILD_FOLDER
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap

import cuts


def nobody_notices_kill_9_or_a_new_program():
    return cuts.round_of(cuts.KillsAndRestarts(), times=12).complaints


def a_lost_message_is_noticed():
    """The check can fail: after the cut all stored messages are taken away."""
    found = cuts.round_of(cuts.Thief(), times=1).complaints
    return [] if any("expected" in c or "delivered" in c for c in found) else [f"only {found}"]


tap.run([(case.__name__, case) for case in (
    nobody_notices_kill_9_or_a_new_program, a_lost_message_is_noticed)])
