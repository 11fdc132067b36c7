# SPDX-License-Identifier: MIT
"""The real programs, driven as their users drive them."""

import json
import os
import queue
import re
import signal
import subprocess
import threading

PATIENCE_S = 30  # only ever waited for when something is wrong


class Broken(Exception):
    """A program did not do what was awaited."""


def read_lines(stream, lines):
    for line in stream:
        lines.put(line)
    lines.put(None)


class Program:
    def __init__(self, command, **more):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                                        encoding="utf-8", **more)
        self.lines = queue.Queue()
        threading.Thread(target=read_lines, args=(self.process.stdout, self.lines),
                         daemon=True).start()

    def line(self, what):
        try:
            line = self.lines.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise Broken(f"nothing more was said while waiting for {what}") from None
        if line is None:
            raise Broken(f"it ended while waiting for {what}")
        return line

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Broken("it did not stop when told to") from None


class Server(Program):
    """icqd on a port of the system's choice, or on a given one."""

    def __init__(self, build, data, *options, port=0):
        # The log goes to a file: a pipe that nobody reads would stop the server.
        log = open(data.parent / "icqd.log", "a", encoding="utf-8")
        super().__init__([build / "icqd", "--listen", f"127.0.0.1:{port}", "--data", data,
                          "-o", "accounts.password-cost=low", "-o", "limits.enabled=no",
                          *options], stderr=log)
        log.close()
        line = self.line("its ready line")
        found = re.fullmatch(r"ready listen=127\.0\.0\.1:(\d+)\n", line)
        if not found:
            raise Broken(f"said {line!r} instead of its ready line")
        self.port = int(found[1])


class Chaos(Program):
    """icqchaos in front of a port of this machine."""

    def __init__(self, build, to, *options, **more):
        super().__init__([build / "icqchaos", "--to", f"127.0.0.1:{to}", *options], **more)
        line = self.line("its ready line")
        found = re.fullmatch(r"ready listen=127\.0\.0\.1:(\d+) seed=(0x[0-9a-f]{16})\n", line)
        if not found:
            raise Broken(f"said {line!r} instead of its ready line")
        self.port = int(found[1])
        self.seed = found[2]

    def summary(self):
        """Stops it; it must have been started with --json."""
        if self.stop() != 0:
            raise Broken(f"icqchaos ended with {self.process.returncode}")
        return json.loads(self.line("its summary"))


def home_of(folder):
    """An environment where everything of a user lies in this folder."""
    return {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "data")}


class Client(Program):
    """icq --json with settings of its own."""

    def __init__(self, build, folder, port, **more):
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__([build / "icq", "--json", "-h", f"127.0.0.1:{port}"],
                         stdin=subprocess.PIPE, env=home_of(folder), **more)
        self.seen = []  # events that nobody has asked for yet
        self.ids = 0
        self.uin = None
        self.event(ev="hello")

    def write(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def event(self, **wanted):
        """The oldest event with these fields that was not taken yet."""

        def fits(event):
            return all(event.get(key) == value for key, value in wanted.items())

        for event in self.seen:
            if fits(event):
                self.seen.remove(event)
                return event
        while True:
            event = json.loads(self.line(wanted))
            if fits(event):
                return event
            self.seen.append(event)

    def ask(self, cmd, **fields):
        """Runs a command and returns its result, good or bad."""
        self.ids += 1
        self.write(json.dumps({"cmd": cmd, "id": self.ids, **fields}))
        return self.event(ev="result", id=self.ids)

    def do(self, cmd, **fields):
        """Runs a command that must succeed."""
        result = self.ask(cmd, **fields)
        if not result["ok"]:
            raise Broken(f"{cmd}: {result}")
        return result

    def register(self, password):
        self.uin = self.do("register", password=password)["uin"]

    def login(self, password):
        self.do("login", uin=self.uin, password=password)

    def say(self, to, text):
        """Sends a text and waits until the server has accepted it."""
        msg = self.do("send", to=to, text=text)["msg"]
        self.event(ev="sent", msg=msg, state="accepted")
