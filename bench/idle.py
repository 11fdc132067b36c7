#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How much memory icqd holds for each user who is logged in and does nothing.

Usage: idle.py BUILD_FOLDER [USERS [CONTACTS]]

Starts icqd in an empty folder, as shipped but for limits and password cost, reads its resident
memory, lets icqload log the users in, and reads it again. The difference holds everything:
sessions, contact lists, what the store keeps in memory. Prints TAP, the figure on stderr.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).parents[1] / "tests"))
import tap  # noqa: E402

BUILD = sys.argv[1]
USERS = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
CONTACTS = int(sys.argv[3]) if len(sys.argv) > 3 else 10
LIMIT = 2048
SETTINGS = ["-o", "limits.enabled=no", "-o", "accounts.password-cost=low", "-o", "log.level=warn"]


def resident_bytes(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return 1024 * int(re.search(r"^VmRSS:\s+(\d+) kB", status, re.M)[1])


def log_in(at, pid):
    """The server's memory when all are online, and what icqload complained of."""
    command = [f"{BUILD}/icqload", "--server", at, "--users", str(USERS),
               "--contacts", str(CONTACTS)]
    memory = None
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as load:
        for line in load.stdout:
            if line.startswith("online "):
                memory = resident_bytes(pid)
                load.terminate()
        return memory, [] if load.wait() == 0 else [f"icqload: {line}"]


def bytes_per_user():
    # Meson has malloc fill what it gives, which makes all reserved memory resident.
    env = {k: v for k, v in os.environ.items() if k != "MALLOC_PERTURB_"}
    with tempfile.TemporaryDirectory() as data:
        command = [f"{BUILD}/icqd", "--listen", "127.0.0.1:0", "--data", data, *SETTINGS]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              env=env, text=True) as icqd:
            at = icqd.stdout.readline().strip().partition("=")[2]
            before = resident_bytes(icqd.pid)
            after, complaints = log_in(at, icqd.pid)
            icqd.terminate()
    if complaints:
        return complaints
    figure = (after - before) / USERS
    print(f"{figure:.0f} bytes of resident memory a user: {USERS} users, {CONTACTS} contacts each, "
          f"server {before >> 10} KiB before and {after >> 10} KiB after", file=sys.stderr)
    return [] if figure < LIMIT else [f"more than {LIMIT}"]


tap.run([("an_idle_user_costs_less_than_2048_bytes", bytes_per_user)])
