#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How fast a file goes from one icq to another over loopback, and how fast socat moves it.

Usage: transfer.py BUILD_FOLDER [MEGABYTES]

Two icq --json and one icqd, as shipped, on this machine; 1,000 megabytes unless told otherwise.
Both ways read the same file from the page cache and write a new one into the same folder; each
runs three times in turn, and the best counts. Without socat there is no second figure. Prints TAP,
the figures on stderr; less than half of what socat moves is a failure. (On two cores that others
used, too, it was 1.4 to 2.2 times that: 270 to 670 MB/s.)
"""

import filecmp
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).parents[1] / "tests"))
sys.path.append(str(pathlib.Path(__file__).parents[1] / "tests" / "e2e"))
import tap  # noqa: E402
from programs import Client, Server, write_settings  # noqa: E402

BUILD = pathlib.Path(sys.argv[1]).resolve()
MEGABYTES = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
RUNS = 3


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def with_socat(file, to):
    port = free_port()
    with subprocess.Popen(["socat", "-u", f"TCP-LISTEN:{port},bind=127.0.0.1",
                           f"CREATE:{to}"]) as receiver:
        time.sleep(0.3)
        began = time.monotonic()
        subprocess.run(["socat", "-u", f"OPEN:{file}", f"TCP:127.0.0.1:{port},retry=9"], check=True)
        receiver.wait()
        return time.monotonic() - began


class Pair:
    """Two clients who list each other; the second takes files into `folder`."""

    def __init__(self, folder):
        self.server = Server(BUILD, folder / "data")
        self.clients = [self.online(folder / name, folder) for name in ("one", "other")]
        for one, other in self.clients, reversed(self.clients):
            one.do("add", uin=other.uin)
            one.event(ev="presence", uin=other.uin)

    def online(self, home, files):
        write_settings(home, "[net]\ndirect = on\nlisten = 127.0.0.1:0\n"
                             f"[files]\ndirectory = {files}\n")
        client = Client(BUILD, home, self.server.port)
        client.register("secret1")
        client.login("secret1")
        return client

    def transfer(self, file):
        """How long it took, and where the file is."""
        one, other = self.clients
        one.do("file", uin=other.uin, path=str(file))
        asked = other.event(ev="request")
        began = time.monotonic()
        number = other.do("accept", request=asked["request"])["transfer"]
        done = other.event(ev="transfer", transfer=number, state="done")
        one.event(ev="transfer", state="done")
        return time.monotonic() - began, pathlib.Path(done["path"])

    def close(self):
        for program in (*self.clients, self.server):
            program.kill()


def measured(folder):
    """The best times, with icq and with socat; that is None when there is none."""
    file = folder / "file"
    ours, theirs = [], []
    with file.open("wb") as to:
        for _ in range(MEGABYTES):
            to.write(random.randbytes(1000000))
    pair = Pair(folder)
    try:
        for _ in range(RUNS):
            took, there = pair.transfer(file)
            ours.append(took)
            if not filecmp.cmp(file, there, shallow=False):
                raise SystemExit("the file that arrived is another one")
            there.unlink()
            if shutil.which("socat"):
                theirs.append(with_socat(file, folder / "socat"))
                (folder / "socat").unlink()
    finally:
        pair.close()
    return min(ours), min(theirs, default=None)


def half_of_socat():
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = measured(pathlib.Path(folder))
    print(f"icq: {MEGABYTES / ours:.0f} MB/s ({MEGABYTES} MB in {ours:.2f} s)", file=sys.stderr)
    if not theirs:
        return []
    print(f"socat: {MEGABYTES / theirs:.0f} MB/s; ratio {theirs / ours:.2f}", file=sys.stderr)
    return [] if theirs / ours >= 0.5 else ["less than half of what socat moves"]


tap.run([("a_file_moves_at_no_less_than_half_the_speed_of_socat", half_of_socat)])
