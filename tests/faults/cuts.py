# SPDX-License-Identifier: MIT
"""Ends of a real icqd under load, each followed by a new start on the same data."""

import dataclasses
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import tempfile
import time

import places
from crowd import Crowd
from serving import ICQD, Server

USERS = 30
SETTLE_S = 30  # after a restart what was in flight is sent again within 10 s
LOAD_S = (0.05, 0.5)


@dataclasses.dataclass
class Outcome:
    cuts: int = 0
    idle: int = 0  # of them when nothing accepted was under way: they show nothing
    accepted: int = 0
    slowest_start_s: float = 0.0
    complaints: list = dataclasses.field(default_factory=list)


class Kills:
    """The fault: what happens at each cut. The data is in its folder."""

    settle_s = SETTLE_S
    program = ICQD

    def open(self):
        self.folder = tempfile.TemporaryDirectory()
        return f"{self.folder.name}/data"

    def cut(self, server):
        server.end(signal.SIGKILL)

    def close(self):
        self.folder.cleanup()


class Restarts(Kills):
    """Plain ones of the service, in which the program is replaced by another file, as packages
    do."""

    def open(self):
        data = super().open()
        self.program = f"{self.folder.name}/icqd"
        shutil.copy(ICQD, self.program)
        return data

    def cut(self, server):
        shutil.copy(ICQD, f"{self.program}.new")
        os.replace(f"{self.program}.new", self.program)
        if code := server.end():
            raise RuntimeError(f"exit code {code}")


class KillsAndRestarts(Restarts):
    """In turn."""

    kills = False

    def cut(self, server):
        self.kills = not self.kills
        (Kills if self.kills else Restarts).cut(self, server)


class Thief(Kills):
    settle_s = 12  # what was taken never arrives

    def cut(self, server):
        super().cut(server)
        with sqlite3.connect(f"{self.folder.name}/data/icqd.db") as db:
            db.execute("DELETE FROM message")
        db.close()


def freeze(pid):
    """No thread of it does anything any more; one that waits for the disk may stay there."""
    os.kill(pid, signal.SIGSTOP)
    states = None
    while states is None or not states <= {"T", "D"}:
        states = {pathlib.Path(task, "stat").read_text("ascii").rpartition(")")[2].split()[0]
                  for task in pathlib.Path(f"/proc/{pid}/task").iterdir()}


class PowerCuts:
    """The processor stops in the midst of its work, then the disk. Were it the other way round,
    a sync under way could still report success: ext4 does so when its journal is taken from it,
    and no machine without power does."""

    settle_s = SETTLE_S
    program = ICQD

    def open(self):
        self.supply = places.PowerSupply(128)
        return f"{self.supply.place}/data"

    def cut(self, server):
        freeze(server.process.pid)
        self.supply.cut()
        server.end(signal.SIGKILL)
        self.supply.restore()

    def close(self):
        self.supply.close()


def start(data, port=0, *args, **more):
    """Its log lies elsewhere than its data, whose disk may fail."""
    with tempfile.NamedTemporaryFile() as log:
        return Server(data, "-o", "limits.enabled=no", *args, listen=[f"127.0.0.1:{port}"],
                      log=log.name, **more)


def round_of(fault, times, seed=None):
    """A crowd that lives through so many cuts."""
    seed = seed or int.from_bytes(os.urandom(4), "little")
    chance = random.Random(seed)
    out = Outcome()
    data = fault.open()
    server = start(data, program=fault.program)
    port = server.ports()[0]
    crowd = Crowd(port, USERS)
    try:
        for _ in range(times):
            crowd.run(chance.uniform(*LOAD_S))
            out.idle += crowd.under_way() == 0
            fault.cut(server)
            began_s = time.monotonic()
            server = start(data, port, program=fault.program)
            out.slowest_start_s = max(out.slowest_start_s, time.monotonic() - began_s)
            out.cuts += 1
        crowd.settle(fault.settle_s)
        out.accepted = crowd.accepted()
        out.complaints = [f"seed {seed}: {c}" for c in crowd.complaints()]
    finally:
        crowd.close()
        server.end()
        fault.close()
    return out


def accepted_at_last(crowd):
    """What is accepted once the log has no more room: nothing more for half a second."""
    before, now = -1, crowd.accepted()
    while now != before:
        crowd.run(0.5)
        before, now = now, crowd.accepted()
    return now


def fill_up(starts_again):
    """While the disk is full nothing is accepted; soon after, everything is."""
    complaints = []
    with places.small_disk(24) as disk:
        server = start(f"{disk}/data")
        port = server.ports()[0]
        crowd = Crowd(port, USERS)
        crowd.run(0.3)
        places.fill(disk / "hog")
        while_full = accepted_at_last(crowd)
        if starts_again:  # which makes some room
            server.end(signal.SIGKILL)
            server = start(f"{disk}/data", port)
            places.fill(disk / "hog2")
            while_full = accepted_at_last(crowd)
        crowd.run(1)
        if crowd.accepted() > while_full:
            complaints.append(f"{crowd.accepted() - while_full} accepted on a full disk")
        crowd.settle_what_came(SETTLE_S)
        if crowd.under_way():
            complaints.append(f"{crowd.under_way()} stayed on a full disk")
        os.unlink(disk / "hog")
        crowd.run(1)
        if crowd.accepted() == while_full:
            complaints.append("nothing accepted a second after there was room")
        crowd.settle(SETTLE_S)
        complaints += crowd.complaints()
        crowd.close()
        server.end()
        if "event=disk_full" not in server.log:
            complaints.append(f"the log does not tell: {server.log}")
    return complaints
