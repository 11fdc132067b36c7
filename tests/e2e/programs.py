# SPDX-License-Identifier: MIT
"""The real programs, driven as their users drive them."""

import json
import os
import pty
import queue
import re
import select
import signal
import subprocess
import threading

PATIENCE_S = 30  # only ever waited for when something is wrong
CONTROLS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\r")


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


def write_settings(folder, text):
    """Adds to the settings of a user whose home this is."""
    (folder / "icq").mkdir(parents=True, exist_ok=True)
    with (folder / "icq" / "default.conf").open("a", encoding="utf-8") as conf:
        conf.write(text)


def password_line(folder, password):
    """The line of the settings that names a file with the password, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text(password + "\n", encoding="utf-8")
    return f"password-file = {secret}\n"


class Terminal:
    """A program on a terminal of its own; what that shows is looked through once, from the top."""

    def __init__(self, folder, command, **environment):
        self.raw = b""
        self.seen = 0  # characters of what was shown
        self.child, self.file = pty.fork()
        if self.child == 0:
            os.execve(command[0], command,
                      {**home_of(folder), "TERM": "dumb", "LC_ALL": "C.UTF-8", **environment})

    @property
    def shown(self):
        """All of it, without colours and the like."""
        return CONTROLS.sub("", self.raw.decode(errors="replace"))

    def read(self):
        """More of what it shows; nothing: it has ended, or is silent for too long."""
        try:
            ready = select.select([self.file], [], [], PATIENCE_S)[0]
            more = os.read(self.file, 4096) if ready else b""
        except OSError:
            more = b""
        self.raw += more
        return more

    def until(self, text):
        while text not in self.shown[self.seen:]:
            if not self.read():
                raise Broken(f"{text!r} did not come; on the terminal is {self.shown!r}")
        self.seen = self.shown.index(text, self.seen) + len(text)

    def type(self, keys):
        os.write(self.file, keys.encode())

    def end(self):
        """The exit status; whoever does not end by himself loses his terminal."""
        while self.read():
            pass
        return self.hang_up()

    def hang_up(self):
        os.close(self.file)
        return os.waitpid(self.child, 0)[1]

    def kill(self):
        os.kill(self.child, signal.SIGKILL)
        self.hang_up()


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
