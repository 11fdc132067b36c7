#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The real icqd, as an operator and as bare packets meet it.

Usage: icqd.py BUILD_FOLDER
"""

import pathlib
import random
import signal
import struct
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap

from serving import Client, Server, differs, finished, lacks, serving


# ---- the command line ------------------------------------------------------------------------

def flags_end_as_promised():
    complaints = []
    for code, args, said in [
            (0, ["--version"], "icqd "),
            (0, ["--help"], "--listen ADDR:PORT"),
            (0, ["-t"], "in order"),
            (2, ["--lisen", "1"], "did you mean --listen?"),
            (2, ["stray"], '"stray" is no option'),
            (2, ["--listen"], "--listen wants ADDR:PORT"),
            (3, ["-t", "-o", "server.lisen=x"], 'did you mean "server.listen"?'),
            (3, ["-t", "--listen", "nowhere"], 'right would be "0.0.0.0:4000"'),
            (3, ["-t", "--listen", "[::1]:4000"], "IPv6"),
            (3, ["-c", "/nonexistent"], "No such file"),
            (3, ["-o", "limits.text=1"], "450 to 8000 bytes"),
            (3, ["-t", "-o", "relay.types=a"], 'right would be "2, 3, 26"'),
            (1, ["--data", "/dev/null/x"], "--data DIR names another"),
    ]:
        result = finished(*args)
        complaints += differs(args, result.returncode, code)
        complaints += lacks(args, result.stdout + result.stderr, said)
    return complaints


def dump_reads_back():
    with tempfile.TemporaryDirectory() as folder:
        first = finished("--dump-config", "-o", "session.retry=7", "--listen", "127.0.0.1:5").stdout
        file = pathlib.Path(folder, "icqd.conf")
        file.write_text(first, encoding="utf-8")
        second = finished("--dump-config", "-c", str(file)).stdout
    return lacks("dump", first, "retry = 7", "listen = 127.0.0.1:5") + \
        differs("second dump", second, first)


# ---- starting and stopping -------------------------------------------------------------------

def every_socket_is_named_and_served():
    complaints = []
    with serving(listen=["127.0.0.1:0", "127.0.0.1:0"]) as server:
        ports = server.ports()
        complaints += differs("ready", server.ready,
                              f"ready listen=127.0.0.1:{ports[0]} listen=127.0.0.1:{ports[1]}\n")
        uins = [Client(port).register(b"secret") for port in ports]
        complaints += differs("UINs", uins, [10001, 10002])
        complaints += differs("exit code", server.end(), 0)
    return complaints + \
        lacks("first start", server.log, "make an account", "Ctrl-C", "event=stopped")


def second_server_is_refused():
    with serving() as server:
        data = server.process.args[2]
        result = finished("--data", data, "--listen", "127.0.0.1:0")
        taken = finished("--data", f"{data}2", "--listen", f"127.0.0.1:{server.ports()[0]}")
        pid = server.process.pid
    return differs("same folder", result.returncode, 6) + \
        lacks("refusal", result.stderr, f"(process {pid})", data) + \
        differs("same address", taken.returncode, 1) + \
        lacks("same address", taken.stderr, "another program serves there")


def settings_are_read_again():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "icqd.conf")
        file.write_text("[accounts]\nregistration = closed\n", encoding="utf-8")
        # Its outcome is told however little may be logged.
        with serving("-c", str(file), "-o", "limits.log-rate=1") as server:
            client = Client(server.ports()[0])
            client.send_registration(b"secret")
            client.await_command(0x00FA)
            file.write_text("[accounts]\nregistration = maybe\n", encoding="utf-8")
            hang_up(server, "reload_failed")
            file.write_text("[accounts]\nregistration = open\n", encoding="utf-8")
            hang_up(server, "reloaded")
            uin = Client(server.ports()[0]).register(b"secret")
    return differs("UIN", uin, 10001) + lacks("log", server.log, "not open, invite or closed")


def hang_up(server, event):
    """Sends SIGHUP and waits until the log tells the outcome."""
    server.process.send_signal(signal.SIGHUP)
    with open(server.log_file.name, encoding="utf-8") as log:
        while True:
            line = log.readline()
            if f"event={event}" in line:
                return
            if not line and server.process.poll() is not None:
                raise RuntimeError("icqd ended")


# ---- packets ---------------------------------------------------------------------------------

def accounts_survive_kill_and_stop():
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        uin = None
        for number in [signal.SIGKILL, signal.SIGTERM, signal.SIGINT]:
            server = Server(f"{folder}/data")
            client = Client(server.ports()[0])
            uin = uin or client.register(b"secret")
            complaints += differs("logged in", client.log_in(uin, b"secret"), uin)
            code = server.end(number)
            complaints += differs("exit code", code, -9 if number == signal.SIGKILL else 0)
    return complaints


def wrong_passwords_are_refused():
    with serving() as server:
        client = Client(server.ports()[0])
        uin = client.register(b"secret")
        client.log_in(uin, b"secret")
        for stranger, password in [(uin, b"secrex"), (uin, b""), (uin + 1, b"secret")]:
            other = Client(server.ports()[0])
            other.send_login(stranger, password)
            other.await_command(0x0064)
        client.send(struct.pack("<HHHI", 2, 0x042E, 9, uin))
        client.await_command(0x000A)
        return differs("again", Client(server.ports()[0]).log_in(uin, b"secret"), uin)


def junk_harms_nobody():
    chance = random.Random(4711)
    with serving() as server:
        client = Client(server.ports()[0])
        uin = client.register(b"secret")
        client.log_in(uin, b"secret")
        stranger = Client(server.ports()[0])
        for _ in range(5000):
            junk = chance.randbytes(chance.choice([0, 1, 5, 6, 9, 10, 11, 40, 600, 9000]))
            head = chance.choice([b"", struct.pack("<H", 2),
                                  struct.pack("<HHHI", 2, chance.randrange(2000), 1, uin)])
            stranger.send(head, junk)
        client.insist(struct.pack("<HHHI", 2, 0x042E, 9, uin), 0x000A)
        return differs("exit code", server.end(), 0)


CASES = [
    ("flags_end_as_promised", flags_end_as_promised),
    ("dump_reads_back", dump_reads_back),
    ("every_socket_is_named_and_served", every_socket_is_named_and_served),
    ("second_server_is_refused", second_server_is_refused),
    ("settings_are_read_again", settings_are_read_again),
    ("accounts_survive_kill_and_stop", accounts_survive_kill_and_stop),
    ("wrong_passwords_are_refused", wrong_passwords_are_refused),
    ("junk_harms_nobody", junk_harms_nobody),
]

tap.run(CASES)
