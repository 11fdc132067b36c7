#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lets icqload loose on icqd, and on servers that do one thing wrong, which it must notice.

Usage: icqload.py BUILD_FOLDER
"""

import contextlib
import json
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading

sys.path.append(str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402

ICQD, ICQLOAD = f"{sys.argv[1]}/icqd", f"{sys.argv[1]}/icqload"
FIRST_UIN = 10001
WAIT_S = 40


def icqload(at, *options):
    told = subprocess.run([ICQLOAD, "--json", "--hold", "0", "--server", at, *options],
                          capture_output=True, text=True, timeout=WAIT_S,
                          check=False)
    return told.returncode, [json.loads(line) for line in told.stdout.splitlines()], told.stderr


@contextlib.contextmanager
def icqd():
    with tempfile.TemporaryDirectory() as data:
        with subprocess.Popen([ICQD, "--listen", "127.0.0.1:0", "--data", data,
                               "-o", "limits.enabled=no", "-o", "accounts.password-cost=low"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as d:
            yield d.stdout.readline().strip().partition("=")[2]
            d.terminate()


class Liar(threading.Thread):
    """A server for one user, which acknowledges everything and answers by the script: a command
    to the packets (code and body) that follow its acknowledgement, or a function for them."""

    def __init__(self, script):
        super().__init__(daemon=True)
        self.script = script
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.at = "127.0.0.1:%d" % self.socket.getsockname()[1]

    def run(self):
        number = 0
        while True:
            packet, client = self.socket.recvfrom(2000)
            _, command, seq = struct.unpack_from("<HHH", packet)
            if command == 0x000A:
                continue
            self.socket.sendto(struct.pack("<HHH", 2, 0x000A, seq), client)
            answers = self.script.get(command, [])
            for code, body in answers() if callable(answers) else answers:
                self.socket.sendto(struct.pack("<HHH", 2, code, number) + body, client)
                number += code != 0x0046


def uin(number):
    return struct.pack("<I", number)


NEW_UIN = (0x0046, struct.pack("<H", 2) + uin(FIRST_UIN))
LOGIN_REPLY = (0x005A, uin(FIRST_UIN) + bytes(4))
CONTACTS_DONE = (0x021C, uin(FIRST_UIN))
HONEST = {0x03FC: [NEW_UIN], 0x03E8: [LOGIN_REPLY], 0x0406: [CONTACTS_DONE]}


def online(who):
    return 0x006E, uin(who) + bytes(4 + 4 + 4 + 1 + 4)


def lied_to(**changes):
    liar = Liar({**HONEST, **{int(k[1:], 16): v for k, v in changes.items()}})
    liar.start()
    return icqload(liar.at, "--users", "1")


def expect(wanted, actual):
    return [] if wanted == actual else [f"wanted {wanted!r}", f"got    {actual!r}"]


def noticed(what, **changes):
    code, told, err = lied_to(**changes)
    return expect((1, True, f"icqload: user {FIRST_UIN}: {what}\n"),
                  (code, told[-1]["wrong"] + told[-1]["failed"] == 1, err))


# ---- with the real server --------------------------------------------------------------------


def everybody_sees_his_contacts_come():
    with icqd() as at:
        code, told, err = icqload(at, "--users", "200", "--contacts", "20")
    last = told[-1]
    return (expect((0, ""), (code, err))
            + expect(["registered", "online", "done"], [line["event"] for line in told])
            + expect([200, 200, 200, 0, 0, 4000, 0],
                     [last[k] for k in ("registered", "logged_in", "logged_out", "failed",
                                        "wrong", "presence", "presence_missed")]))


def accounts_can_be_used_again():
    with icqd() as at:
        icqload(at, "--users", "20")
        code, told, _ = icqload(at, "--users", "20", "--first-uin", str(FIRST_UIN))
    return expect((0, 20, 200), (code, told[-1]["logged_in"], told[-1]["presence"]))


def fewer_users_than_contacts_are_no_trouble():
    with icqd() as at:
        code, told, _ = icqload(at, "--users", "3", "--contacts", "10")
        alone = icqload(at, "--users", "1")
    return expect((0, 6), (code, told[-1]["presence"])) + expect(0, alone[0])


def strangers_are_refused():
    with icqd() as at:
        code, told, err = icqload(at, "--users", "2", "--first-uin", "4000000")
    return expect((1, 2, "icqload: user 4000000: password refused\n"
                         "icqload: user 4000001: password refused\n"),
                  (code, told[-1]["failed"], "".join(sorted(err.splitlines(True)))))


def a_signal_ends_the_stay():
    with icqd() as at:
        with subprocess.Popen([ICQLOAD, "-s", at, "-n", "10"], stdout=subprocess.PIPE,
                              text=True) as load:
            for line in load.stdout:
                if line.startswith("online "):
                    load.send_signal(signal.SIGTERM)
            return expect((0, True), (load.wait(), line.startswith("done ")
                                      and " logged_out=10 " in line))


def a_signal_ends_the_rush():
    with icqd() as at:
        with subprocess.Popen([ICQLOAD, "-s", at, "-n", "3000"], stdout=subprocess.PIPE,
                              text=True) as load:
            for line in load.stdout:
                if line.startswith("registered "):
                    load.send_signal(signal.SIGTERM)
            return expect((0, True), (load.wait(), line.startswith("done ")
                                      and " wrong=0 " in line))


def a_second_signal_ends_it_at_once():
    with icqd() as at:
        load = subprocess.Popen([ICQLOAD, "-s", at, "-n", "10"], stdout=subprocess.PIPE, text=True)
        while not load.stdout.readline().startswith("online "):
            pass
    while True:  # the server is gone, and two signals may arrive as one
        load.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            load.communicate(timeout=0.05)
            return expect(0, load.returncode)


# ---- with others -----------------------------------------------------------------------------


def an_honest_server_passes():
    code, told, err = lied_to()
    return expect((0, ""), (code, err)) + expect(1, told[-1]["logged_out"])


def a_second_login_reply_is_noticed():
    return noticed("a second login reply", _03E8=[LOGIN_REPLY, LOGIN_REPLY])


def a_strangers_presence_is_noticed():
    return noticed("presence of somebody not listed", _0406=[online(77), CONTACTS_DONE])


def a_strangers_message_is_noticed():
    return noticed("a packet nobody asked for",
                   _0406=[(0x0104, uin(77) + b"\1\0\2\0a\0"), CONTACTS_DONE])


def a_broken_packet_is_noticed():
    return noticed("a packet that cannot be read", _0406=[(0x006E, b"\1"), CONTACTS_DONE])


def a_session_that_ends_is_noticed():
    return noticed("the session is over", _0406=[(0x0028, b"")])


def missing_presence_is_noticed():
    """Both users list each other, and the server says nothing of it."""
    new = ([(0x0046, struct.pack("<H", 2) + uin(FIRST_UIN + i))] for i in range(2))
    reply = ([(0x005A, uin(FIRST_UIN + i) + bytes(4))] for i in range(2))
    liar = Liar({**HONEST, 0x03FC: lambda: next(new), 0x03E8: lambda: next(reply)})
    liar.start()
    code, told, _ = icqload(liar.at, "--users", "2", "--wait", "0", "--rate", "20")
    return expect((1, 2), (code, told[-1]["presence_missed"]))


def a_server_that_is_not_there_is_told():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        with subprocess.Popen([ICQLOAD, "-n", "1", "-s",
                               "127.0.0.1:%d" % silent.getsockname()[1]],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as load:
            silent.recv(2000)
            load.terminate()
            return expect((4, "icqload: the server does not answer\n"),
                          (load.wait(), load.stderr.read()))


def bad_options_are_told_what_would_be_right():
    cases = {
        ("--server", "localhost"): "icqload: --server must be an address and a port, as "
                                   "127.0.0.1:4000, not \"localhost\" (see icqload --help)\n",
        ("--server", "192.0.2.1:4000"): "icqload: --server must be an IPv4 address on loopback "
                                        "(see icqload --help)\n",
        ("--contacts", "65"): "icqload: --contacts must be a number from 0 to 64, not \"65\" "
                              "(see icqload --help)\n",
        ("5",): "icqload: \"5\" is no option (see icqload --help)\n",
    }
    complaints = []
    for options, wanted in cases.items():
        told = subprocess.run([ICQLOAD, *options], capture_output=True, text=True, timeout=WAIT_S,
                          check=False)
        complaints += expect((2, wanted), (told.returncode, told.stderr))
    return complaints


tap.run([(case.__name__, case) for case in (
    everybody_sees_his_contacts_come, accounts_can_be_used_again,
    fewer_users_than_contacts_are_no_trouble, strangers_are_refused, a_signal_ends_the_stay,
    a_signal_ends_the_rush, a_second_signal_ends_it_at_once,
    an_honest_server_passes, a_second_login_reply_is_noticed, a_strangers_presence_is_noticed,
    a_strangers_message_is_noticed, a_broken_packet_is_noticed, a_session_that_ends_is_noticed,
    missing_presence_is_noticed, a_server_that_is_not_there_is_told,
    bad_options_are_told_what_would_be_right,
)])
