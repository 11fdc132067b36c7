# SPDX-License-Identifier: MIT
"""Faults beneath real programs. Each trial returns its complaints; that its fault arrived is a
part of it."""

import contextlib
import pathlib
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import cuts
from crowd import Crowd
from serving import ICQD, WAIT_S, Client
from shim import Shim

ICQ = f"{sys.argv[1]}/icq"
USERS = 10
DAY_S = 24 * 3600
KEEP_ALIVE, ACK = 0x042E, 0x000A
FAST_S = 0.1  # for what need not wait for the disk; the machine has others to serve
STOP_S = 1
# When libuv finds no memory for what it sets up once in a process, it aborts by itself.
LIBUV, LIBUV_MOST = "aborted", 2
CAP_BYTES = 64 << 20


@contextlib.contextmanager
def shim(**orders):
    made = Shim(**orders)
    try:
        yield made
    finally:
        made.close()


@contextlib.contextmanager
def crowded(data, *args, **more):
    """A server and its crowd."""
    server = cuts.start(data, 0, *args, **more)
    crowd = None
    try:
        crowd = Crowd(server.ports()[0], USERS)
        yield server, crowd
    finally:
        if crowd:
            crowd.close()
        server.end()


# ---- disk ------------------------------------------------------------------------------------

def failed_sync(times):
    """It stops at the first one, syncs no second time, and goes on at the next start."""
    complaints = []
    with tempfile.TemporaryDirectory() as folder, shim() as faults:
        data = f"{folder}/data"
        server = cuts.start(data, env=faults.environment())
        port = server.ports()[0]
        crowd = Crowd(port, USERS)
        for _ in range(times):
            crowd.run(0.3)
            failed = faults.counted("syncs_failed")
            faults.order(sync_fails=1)
            began_s = time.monotonic()
            while server.process.poll() is None and time.monotonic() < began_s + WAIT_S:
                crowd.run(0.02)
            took_s = time.monotonic() - began_s
            code = server.end()
            faults.order(sync_fails=0)
            if code != 1 or took_s > STOP_S or "event=store_broken" not in server.log:
                complaints.append(f"ended with {code} after {took_s:.2f} s, saying {server.log}")
            if faults.counted("syncs_failed") != failed + 1:
                complaints.append(f"{faults.counted('syncs_failed') - failed} syncs failed")
            server = cuts.start(data, port, env=faults.environment())
        crowd.settle(cuts.SETTLE_S)
        complaints += crowd.complaints()
        crowd.close()
        server.end()
    return complaints


def slow_disk(sync_ms):
    """Keep-alives are acknowledged at once, messages not before they are stored."""
    complaints, waits_s = [], []
    with tempfile.TemporaryDirectory() as folder, shim() as faults, \
            crowded(f"{folder}/data", env=faults.environment()) as (server, crowd):
        idle = Client(server.ports()[0])
        uin = idle.log_in(idle.register(b"secret"), b"secret")
        faults.order(sync_ms=sync_ms)
        crowd.run(2 * sync_ms / 1000)
        stored, syncs = crowd.accepted(), faults.counted("syncs")
        for seq in range(50):
            crowd.run(0.02)
            began_s = time.monotonic()
            idle.send(struct.pack("<HHHI", 2, KEEP_ALIVE, 1000 + seq, uin))
            idle.await_command(ACK)
            waits_s.append(time.monotonic() - began_s)
        # One group takes what the crowd has waiting, and one message of each user can wait.
        groups = faults.counted("syncs") - syncs + 1
        if crowd.accepted() - stored > groups * USERS:
            complaints.append(f"{crowd.accepted() - stored} accepted with {groups} syncs")
        faults.order(sync_ms=0)
        crowd.settle(cuts.SETTLE_S)
        complaints += crowd.complaints()
    if sorted(waits_s)[-2] > FAST_S:
        complaints.append(f"a keep-alive waited {sorted(waits_s)[-2]:.3f} s")
    return complaints


# ---- memory ----------------------------------------------------------------------------------

def failing_at(nth, command, folder, given, is_ready):
    """Whether the fault arrived, and complaints."""
    with shim(malloc_left=nth) as faults:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True,
                                   env={**faults.environment(), "HOME": folder})
        if is_ready:  # it serves, or has ended
            process.stdout.readline()
            process.terminate()
        try:
            out, err = process.communicate(given, timeout=WAIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        arrived = faults.counted("mallocs_failed") > 0
    if process.returncode == -signal.SIGABRT and not out + err:
        return arrived, [LIBUV]
    if process.returncode < 0 and not (is_ready and process.returncode == -signal.SIGTERM):
        return arrived, [f"allocation {nth}: signal {-process.returncode}: {err}"]
    if process.returncode > 0 and not (err or out):
        return arrived, [f"allocation {nth}: ended with {process.returncode}, saying nothing"]
    return arrived, []


def each_failure(stride, command_in, given, is_ready):
    complaints, nth, arrived = [], 1, True
    while arrived:
        with tempfile.TemporaryDirectory() as folder:
            arrived, found = failing_at(nth, command_in(folder), folder, given, is_ready)
        complaints += found
        nth += stride
    if complaints.count(LIBUV) <= LIBUV_MOST:
        complaints = [c for c in complaints if c != LIBUV]
    if nth < 100:
        complaints.append(f"only {nth} allocations")
    return complaints


def failing_start(stride):
    return each_failure(stride, lambda folder: [
        ICQD, "--listen", "127.0.0.1:0", "--data", f"{folder}/data",
        "-o", "accounts.password-cost=low"], None, True)


def failing_client(stride):
    return each_failure(stride, lambda folder: [ICQ, "--json", "-h", "127.0.0.1:9"],
                        '{"cmd": "quit"}\n', False)


def little_memory(seconds):
    """The limit is on the address space that it may write to."""
    def limit():
        resource.setrlimit(resource.RLIMIT_DATA, (CAP_BYTES, CAP_BYTES))

    with tempfile.TemporaryDirectory() as folder, \
            crowded(f"{folder}/data", preexec_fn=limit) as (server, crowd):
        crowd.run(seconds)
        crowd.settle(cuts.SETTLE_S)
        complaints = crowd.complaints()
        if server.process.poll() is not None:
            complaints.append(f"it ended with {server.process.returncode}")
        refused = subprocess.run([sys.executable, "-c", f"bytes({CAP_BYTES})"], preexec_fn=limit,
                                 stderr=subprocess.DEVNULL, check=False).returncode
        if not refused:
            complaints.append("the limit is none")
    return complaints


# ---- clock and descriptors -------------------------------------------------------------------

def clock_jumps(times):
    """Hours and weeks while all write, then decades while they are silent: messages that wait
    are kept for a time by the wall clock, as is right."""
    with tempfile.TemporaryDirectory() as folder, shim() as faults, \
            crowded(f"{folder}/data", env=faults.environment()) as (server, crowd):
        for i in range(times):
            faults.order(civil_s=(-1) ** i * (i * i * 3600 % (50 * DAY_S)))
            crowd.run(0.05)
        crowd.settle(cuts.SETTLE_S)
        for years in (12, 40, -30, 0):
            faults.order(civil_s=years * 365 * DAY_S)
            crowd.run(0.02)
            crowd.settle(cuts.SETTLE_S)
        complaints = crowd.complaints()
        faults.order(civil_s=40 * 365 * DAY_S)
        server.end()
        year = time.gmtime(time.time() + 40 * 365 * DAY_S).tm_year
        if f"time={year}" not in server.log.splitlines()[-1]:
            complaints.append(f"the clock did not jump: {server.log}")
    return complaints


def few_descriptors(limits):
    """With too few it says so and ends; else users are served, however many operators come."""
    complaints, served, refused = [], 0, 0
    for most in limits:
        def limit(most=most):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

        with tempfile.TemporaryDirectory() as folder:
            server = cuts.start(f"{folder}/data", preexec_fn=limit)
            if not server.ready:
                refused += 1
                code = server.end()
                if code <= 0 or not server.log:
                    complaints.append(f"limit {most}: ended with {code}, saying {server.log!r}")
                continue
            served += 1
            complaints += [f"limit {most}: {c}" for c in serve_many(server, folder, most)]
            server.end()
    if not served or not refused:
        complaints.append(f"{served} times served, {refused} times refused")
    return complaints


def serve_many(server, folder, most):
    """Without a descriptor for operators there is no socket, and users are served all the same."""
    operators = []
    for _ in range(most if pathlib.Path(folder, "data/control").exists() else 0):
        operator = socket.socket(socket.AF_UNIX)
        operator.connect(f"{folder}/data/control")
        operators.append(operator)
    crowd = Crowd(server.ports()[0], 3)
    crowd.run(0.1)
    crowd.settle(cuts.SETTLE_S)
    complaints = crowd.complaints() + ([] if crowd.accepted() else ["nothing accepted"])
    crowd.close()
    for operator in operators:
        operator.close()
    return complaints
