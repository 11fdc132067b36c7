#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The real icqd, as an operator and as bare packets meet it.

Usage: icqd.py BUILD_FOLDER
"""

import contextlib
import pathlib
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap

ICQD = f"{sys.argv[1]}/icqd"
WAIT_S = 20
CHEAP = ["-o", "accounts.password-cost=low"]


def finished(*args):
    return subprocess.run([ICQD, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=WAIT_S, check=False)


class Server:
    """A running icqd in a folder of its own, or in a given one."""

    def __init__(self, data, *args, listen=("127.0.0.1:0",)):
        command = [ICQD, "--data", data, *CHEAP, *args]
        for at in listen:
            command += ["--listen", at]
        self.log_file = open(f"{data}.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log_file,
                                        text=True)
        self.ready = self.process.stdout.readline()
        self.log = None  # known at the end

    def ports(self):
        return [int(word.rpartition(":")[2]) for word in self.ready.split()[1:]]

    def end(self, number=signal.SIGTERM):
        if self.log is not None:
            return self.process.returncode
        self.process.send_signal(number)
        self.process.wait(WAIT_S)
        self.process.stdout.close()
        self.log_file.seek(0)
        self.log = self.log_file.read()
        self.log_file.close()
        return self.process.returncode


@contextlib.contextmanager
def serving(*args, **more):
    with tempfile.TemporaryDirectory() as folder:
        server = Server(f"{folder}/data", *args, **more)
        try:
            yield server
        finally:
            server.end()


def string(text):
    return struct.pack("<H", len(text) + 1) + text + b"\0"


class Client:
    """Bare version 2 packets."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(WAIT_S)
        self.socket.connect(("127.0.0.1", port))

    def send(self, head, body=b""):
        self.socket.send(head + body)

    def await_command(self, wanted):
        """The body of the next packet with that command; others are passed over."""
        while True:
            packet = self.socket.recv(4096)
            version, command, _ = struct.unpack_from("<HHH", packet)
            if version == 2 and command == wanted:
                return packet[6:]

    def insist(self, packet, wanted):
        """Sends until the answer comes: under a flood the kernel may drop one."""
        self.socket.settimeout(1)
        for _ in range(WAIT_S):
            self.send(packet)
            with contextlib.suppress(TimeoutError):
                return self.await_command(wanted)
        raise TimeoutError(f"no {wanted:04X}")

    def send_registration(self, password):
        self.send(struct.pack("<HHH", 2, 0x03FC, 1),
                  struct.pack("<H", 2) + string(password) + struct.pack("<II", 0x72, 0))

    def register(self, password):
        self.send_registration(password)
        self.await_command(0x000A)
        return struct.unpack_from("<I", self.await_command(0x0046), 2)[0]

    def send_login(self, uin, password):
        self.send(struct.pack("<HHHI", 2, 0x03E8, 1, uin),
                  struct.pack("<I", 0) + string(password) +
                  struct.pack("<IIBIIHII", 0x98, 0, 6, 0, 3, 5, 0, 0x00780008))

    def log_in(self, uin, password):
        self.send_login(uin, password)
        self.await_command(0x000A)
        reply = self.await_command(0x005A)
        self.send(struct.pack("<HHHI", 2, 0x000A, 0, uin))
        return struct.unpack_from("<I", reply)[0]


def differs(what, actual, expected):
    return [] if actual == expected else [f"{what}: {actual!r}, expected {expected!r}"]


def lacks(what, text, *parts):
    return [f"{what} lacks {part!r}: {text!r}" for part in parts if part not in text]


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
        with serving("-c", str(file)) as server:
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


def invites_work_beside_a_running_server():
    with serving("-o", "accounts.registration=invite") as server:
        result = finished("--data", server.process.args[2], "--invite")
        code = result.stdout.strip().encode()
        client = Client(server.ports()[0])
        client.send_registration(b"12345678")
        client.await_command(0x00FA)
        uin = Client(server.ports()[0]).register(code)
        complaints = differs("logged in", Client(server.ports()[0]).log_in(uin, code), uin)
        again = Client(server.ports()[0])
        again.send_registration(code)
        again.await_command(0x00FA)
    return complaints + differs("code length", len(code), 8) + differs("UIN", uin, 10001)


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
    ("invites_work_beside_a_running_server", invites_work_beside_a_running_server),
    ("junk_harms_nobody", junk_harms_nobody),
]

tap.run(CASES)
