#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The real icqchaos between sockets of ours and an echo.

Usage: icqchaos.py BUILD_FOLDER
"""

import contextlib
import math
import os
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import tap  # noqa: E402
from e2e.programs import Chaos  # noqa: E402

BUILD = pathlib.Path(sys.argv[1]).resolve()
SEED = os.environ.get("SEED", hex(random.getrandbits(64)))
LOST_AFTER_S = 0.03
QUIET_S = 0.3
PATIENCE_S = 20
CHUNK = 50  # fits into the kernel's buffers, however slow we are
LOGIN = bytes.fromhex("0200E803080080841E00344A0000080073656167756C6C0072000400"
                      "7F00000104000000000300000002000000000004007200")


class Echo:
    """Sends back what comes, and keeps it with the port it came from."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.got = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            data, sender = self.socket.recvfrom(65536)
            self.got.append((data, sender[1]))
            self.socket.sendto(data, sender)

    def ports(self):
        return [port for _, port in self.got]


class Sender:
    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.sent = 0
        self.syncs = 0
        self.got = []

    def send(self, data):
        self.socket.send(data)
        self.sent += 1

    def receive(self, timeout_s=PATIENCE_S):
        self.socket.settimeout(timeout_s)
        self.got.append(self.socket.recv(65536))
        return self.got[-1]

    def sync(self):
        """Returns when a round trip succeeds: what was sent before has passed or is lost."""
        self.syncs += 1
        marker = f"sync {self.syncs}".encode()
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            self.send(marker)
            with contextlib.suppress(TimeoutError):
                while self.receive(LOST_AFTER_S) != marker:
                    pass
                return
        raise TimeoutError("no round trip succeeds")

    def drain(self):
        with contextlib.suppress(TimeoutError):
            while True:
                self.receive(QUIET_S)

    def stream(self, count):
        """Numbered datagrams."""
        for i in range(count):
            self.send(b"%05d" % i)
            if i % CHUNK == CHUNK - 1:
                self.sync()


class Scene:
    """An echo, icqchaos before it, and one sender."""

    def __init__(self, *options, seed=SEED, **more):
        self.echo = Echo()
        self.chaos = Chaos(BUILD, self.echo.port, "--json", "--seed", seed, *options, **more)
        self.sender = Sender(self.chaos.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.chaos.process.poll() is None:
            self.chaos.kill()

    def numbered(self):
        """The numbers that reached the echo, in that order."""
        return [int(data) for data, _ in self.echo.got if len(data) == 5 and data.isdigit()]


def expect(what, wanted, actual):
    return [] if wanted == actual else [f"{what}: wanted {wanted!r}, got {actual!r}"]


def expect_rate(what, hits, tries, p):
    """Five standard deviations off is no accident."""
    if abs(hits - tries * p) > 5 * math.sqrt(tries * p * (1 - p)):
        yield f"{what}: {hits} of {tries}, at a rate of {p}; SEED={SEED}"


# ---- the way of datagrams --------------------------------------------------------------------


def without_faults_all_passes():
    sizes = [0, 1, 6, 450, 1472, 8192, 60000]
    with Scene() as s:
        for size in sizes:
            data = random.randbytes(size)
            s.sender.send(data)
            yield from expect(f"{size} bytes", data, s.sender.receive())
        s.sender.stream(500)
        yield from expect("order", list(range(500)), s.numbered())
        told = s.chaos.summary()
    for way in ("up", "down"):
        yield from expect(f"in {way}", s.sender.sent, told[way]["in"])
        yield from expect(f"passed {way}", s.sender.sent, told[way]["passed"])
    yield from expect("clients", 1, told["clients"])


def counts_match_what_arrived():
    with Scene("--loss", "20%", "--duplicate", "10", "--corrupt", "5%") as s:
        s.sender.stream(2000)
        s.sender.drain()
        told = s.chaos.summary()
    up, down = told["up"], told["down"]
    yield from expect("in up", s.sender.sent, up["in"])
    yield from expect("passed up", len(s.echo.got), up["passed"])
    yield from expect("in down", len(s.echo.got), down["in"])
    yield from expect("passed down", len(s.sender.got), down["passed"])
    for way in (up, down):
        yield from expect("sum", way["in"] + way["duplicated"],
                          sum(way[k] for k in ("passed", "lost", "cut", "not_sent", "waiting")))
        yield from expect_rate("loss", way["lost"], way["in"], 0.2)
        yield from expect_rate("duplicate", way["duplicated"], way["in"] - way["lost"], 0.1)
        yield from expect_rate("corrupt", way["corrupted"], way["passed"], 0.05)


def same_seed_loses_the_same():
    runs = []
    for _ in range(2):
        with Scene("--loss-up", "50%") as s:
            for i in range(CHUNK):
                s.sender.send(b"%05d" % i)
            s.sender.sync()
            runs.append(s.numbered())
    yield from expect("second run", *runs)
    if len(runs[0]) in (0, CHUNK):
        yield f"{len(runs[0])} of {CHUNK} arrived; SEED={SEED}"


def equal_delays_keep_the_order():
    with Scene("--delay", "20ms") as s:
        for i in range(CHUNK):
            s.sender.send(b"%05d" % i)
        for _ in range(CHUNK):
            s.sender.receive()
        told = s.chaos.summary()
    yield from expect("order", list(range(CHUNK)), s.numbered())
    if told["up"]["delay_ms"]["min"] < 20:
        yield f"delays are {told['up']['delay_ms']}"


def reordering_reorders():
    with Scene("--reorder", "20%") as s:
        for i in range(CHUNK):
            s.sender.send(b"%05d" % i)
        for _ in range(CHUNK):
            s.sender.receive()
        told = s.chaos.summary()["up"]
    came = s.numbered()
    overtaken = sum(n < max(came[:i], default=0) for i, n in enumerate(came))
    yield from expect("all came", list(range(CHUNK)), sorted(came))
    yield from expect("counted", overtaken, told["reordered"])
    if overtaken == 0:
        yield f"none was reordered; SEED={SEED}"


def corruption_changes_one_byte():
    data = bytes(range(200))
    with Scene("--corrupt", "100%") as s:
        s.sender.send(data)
        s.sender.receive()
    arrived = s.echo.got[0][0]
    yield from expect("bytes changed", 1, sum(a != b for a, b in zip(data, arrived)))


# ---- clients and their ports -------------------------------------------------------------------


def each_client_has_a_port():
    with Scene() as s:
        other = Sender(s.chaos.port)
        for sender in (s.sender, other, s.sender):
            sender.sync()
        ports = s.echo.ports()
    yield from expect("first and last", ports[0], ports[2])
    if ports[0] == ports[1]:
        yield "two clients share a port"


def only_the_server_is_relayed():
    with Scene() as s:
        s.sender.sync()
        stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        stranger.sendto(b"from nobody", ("127.0.0.1", s.echo.ports()[0]))
        s.sender.sync()
        told = s.chaos.summary()
    yield from expect("strangers", 1, told["strangers"])
    if b"from nobody" in s.sender.got:
        yield "a stranger's datagram was passed on"


def rebinding_changes_the_port():
    with Scene("--rebind", "100%") as s:
        for _ in range(3):
            s.sender.send(b"where from")
            s.sender.receive()
        told = s.chaos.summary()
    yield from expect("different ports", 3, len(set(s.echo.ports())))
    yield from expect("rebinds", 3, told["rebinds"])


def idle_clients_lose_their_port():
    with Scene("--idle", "0.1") as s:
        s.sender.sync()
        s.sender.drain()  # nothing comes: time has to pass
        s.sender.sync()
        told = s.chaos.summary()
    yield from expect("clients", 2, told["clients"])


# ---- when the faults end -----------------------------------------------------------------------


def lasts(*options):
    """Seconds until the first round trip succeeds, from before the start on."""
    start = time.monotonic()
    with Scene(*options) as s:
        s.sender.sync()
        return time.monotonic() - start, s.chaos.summary()


def faults_end():
    seconds, told = lasts("--loss", "100%", "--for", "0.3")
    if seconds < 0.3 or told["up"]["lost"] == 0:
        yield f"passed after {seconds} s, {told}"


def partitions_end():
    seconds, told = lasts("--partition", "0:0.1", "--partition", "0.1:0.2")
    if seconds < 0.3 or told["up"]["cut"] == 0 or told["up"]["lost"] > 0:
        yield f"passed after {seconds} s, {told}"


# ---- the command line --------------------------------------------------------------------------


def finished(*options):
    told = subprocess.run([BUILD / "icqchaos", *options], capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False)
    return told.returncode, told.stdout, told.stderr


def wrong_options_are_told():
    to = ("--to", "127.0.0.1:4000")
    cases = [
        ((), "--to HOST[:PORT] has to say"),
        ((*to, "--loss", "120%"), '--loss must be a percentage from 0 to 100, such as 12.5%, not '
                                  '"120%"'),
        ((*to, "--delay", "1s"), "--delay must be whole milliseconds"),
        ((*to, "--rebind", "often"), "--rebind must be seconds, such as 30, or a percentage"),
        ((*to, "--partition", "10"), "--partition must be START:LENGTH"),
        ((*to, "--for", "0"), "--for must be seconds, more than 0"),
        ((*to, "--seed", "-1"), "--seed must be a number of 64 bits"),
        ((*to, "--listen", "4000"), "--listen must be ADDR:PORT"),
        (("--to", "127.0.0.1:99999"), "--to must be HOST or HOST:PORT"),
        (("--to", ":4000"), "--to must be HOST or HOST:PORT"),
        ((*to, "--loss", "1", "extra"), '"extra" is no option'),
        ((*to, "--jiter", "1"), "did you mean --jitter?"),
    ]
    for options, wanted in cases:
        code, out, err = finished(*options)
        if (code, out) != (2, "") or wanted not in err:
            yield f"{options}: {code} {out!r} {err!r}"


def what_cannot_be_done_is_told():
    code, _, err = finished("--to", "no-such-host.invalid:4000")
    if code != 5 or "no host no-such-host.invalid" not in err:
        yield f"unknown host: {code} {err!r}"
    with Scene() as s:
        code, _, err = finished("--to", "127.0.0.1:4000", "--listen", f"127.0.0.1:{s.chaos.port}")
    if code != 1 or "in use" not in err:
        yield f"address taken: {code} {err!r}"


def it_stops_by_itself_with_a_summary_for_people():
    code, out, err = finished("--to", "127.0.0.1:4000", "--stop-after", "0.1", "--seed", "7")
    lines = out.splitlines()
    yield from expect("end", (0, ""), (code, err))
    yield from expect("seed", True, lines[0].endswith(" seed=0x0000000000000007"))
    head = "seed 0x0000000000000007, 0.1 s, 0 clients, 0 rebinds"
    yield from expect("head", head, lines[1])
    yield from expect("table", ["passed", "on", "0", "0"], lines[4].split())


def verbose_tells_each_fate_and_no_password():
    with tempfile.TemporaryFile("w+") as log:
        with Scene("-v", "--duplicate", "100%", stderr=log) as s:
            s.sender.send(LOGIN)
            s.sender.receive()
            s.chaos.summary()
        log.seek(0)
        told = log.read()
    for wanted in (" passed, again passed: LOGIN v2 seq=8 ", "password=***", " down 127.0.0.1:"):
        if wanted not in told:
            yield f"no {wanted!r} in {told!r}"


CASES = (without_faults_all_passes, counts_match_what_arrived, same_seed_loses_the_same,
         equal_delays_keep_the_order, reordering_reorders, corruption_changes_one_byte,
         each_client_has_a_port, only_the_server_is_relayed, rebinding_changes_the_port,
         idle_clients_lose_their_port, faults_end, partitions_end, wrong_options_are_told,
         what_cannot_be_done_is_told, it_stops_by_itself_with_a_summary_for_people,
         verbose_tells_each_fate_and_no_password)

if __name__ == "__main__":
    print(f"SEED={SEED}", file=sys.stderr)
    tap.run([(case.__name__, lambda case=case: list(case())) for case in CASES])
