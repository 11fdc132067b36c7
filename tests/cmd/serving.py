# SPDX-License-Identifier: MIT
"""A running icqd in a folder of its own, and bare version 2 packets to talk to it."""

import contextlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile

ICQD = f"{sys.argv[1]}/icqd"
WAIT_S = 20
CHEAP = ["-o", "accounts.password-cost=low", "-o", "limits.sessions=1000"]


def finished(*args, program=ICQD, given=""):
    return subprocess.run([program, *args], input=given, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, encoding="utf-8", timeout=WAIT_S, check=False)


class Server:
    """A running icqd in a folder of its own, or in a given one."""

    def __init__(self, data, *args, listen=("127.0.0.1:0",), log=None, program=ICQD, **more):
        command = [program, "--data", data, *CHEAP, *args]
        for at in listen:
            command += ["--listen", at]
        self.log_file = open(log or f"{data}.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log_file,
                                        text=True, **more)
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
