#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""icq that is logged in and has nothing to do: it sleeps, writes nothing and is small.

Usage: idle.py BUILD_FOLDER
"""

import os
import pathlib
import re
import select
import sys

import stories
from programs import PATIENCE_S, Terminal, password_line, write_settings
from stories import BUILD, Story

SETTLED_S = 0.2
WATCHED_S = 2
WAKE_UPS = WATCHED_S - 1  # less than once a second
RESIDENT_KIB = 15 << 10
FACES = {"screen": ("xterm", []), "plain": ("dumb", ["--plain"])}


def number_in(status, key):
    return int(re.search(rf"^{key}:\s+(\d+)", status.read_text(encoding="ascii"), re.M)[1])


def wake_ups(pid):
    """Of all its threads, so far."""
    return sum(number_in(task / "status", "voluntary_ctxt_switches")
               for task in pathlib.Path(f"/proc/{pid}/task").iterdir())


class Sleepers(Story):
    """One icq of each kind, all online."""

    def __init__(self, folder):
        super().__init__(folder)
        self.terminals = {name: self.on_terminal(name) for name in FACES}
        json = self.client("json")
        json.register("secret1")
        json.login("secret1")
        self.pids = {"json": json.process.pid,
                     **{name: t.child for name, t in self.terminals.items()}}

    def on_terminal(self, name):
        home, (term, words) = self.folder / name, FACES[name]
        made = self.client(name)
        made.register("secret1")
        made.do("quit")
        made.process.wait(PATIENCE_S)
        write_settings(home, f"[account]\nuin = {made.uin}\n" + password_line(home, "secret1"))
        at = f"127.0.0.1:{self.server.port}"
        terminal = Terminal(home, [str(BUILD / "icq"), "-h", at, *words], TERM=term, LINES="24",
                            COLUMNS="80")
        terminal.until("online")
        return terminal

    def shown_within(self, seconds):
        """Those that write something, or an empty list."""
        files = {t.file: name for name, t in self.terminals.items()}
        return [files[f] for f in select.select(list(files), [], [], seconds)[0]]

    def settle(self):
        while names := self.shown_within(SETTLED_S):
            for name in names:
                self.terminals[name].read()

    def end(self):
        for terminal in self.terminals.values():
            terminal.kill()
        super().end()


def idle_clients_sleep_and_are_small(story):
    story.settle()
    before = {name: wake_ups(pid) for name, pid in story.pids.items()}
    yield from (f"{name} writes something" for name in story.shown_within(WATCHED_S))
    for name, pid in story.pids.items():
        woken = wake_ups(pid) - before[name]
        resident = number_in(pathlib.Path(f"/proc/{pid}/status"), "VmRSS")
        print(f"{name}: {woken} wake-ups in {WATCHED_S} s, {resident} KiB", file=sys.stderr)
        if woken > WAKE_UPS:
            yield f"{name} was woken {woken} times in {WATCHED_S} s"
        if resident > RESIDENT_KIB:
            yield f"{name} has {resident} KiB"


# Meson has malloc fill what it gives, which makes all reserved memory resident.
os.environ.pop("MALLOC_PERTURB_", None)
stories.tap.run([stories.alone(Sleepers, idle_clients_sleep_and_are_small)])
