#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The conversation at the end of README.md, held by the real programs on terminals.

`ann$ COMMAND` starts a program on ann's terminal. `ann: PROMPT TEXT` waits for the prompt there and
types the text; any other `ann: TEXT` waits for the text. Usage: readme.py BUILD_FOLDER
"""

import os
import pathlib
import pty
import re
import select
import signal
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
from programs import PATIENCE_S, Broken, Server  # noqa: E402

README = pathlib.Path(__file__).parents[2] / "README.md"
PROMPT = re.compile(r"(.*(?:password.*|again|Password): |icq> )(.+)")
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\r")


class Terminal:
    """A program on a terminal; what it shows is looked through once, from the top."""

    def __init__(self, command, environment):
        self.shown = ""
        self.child, self.file = pty.fork()
        if self.child == 0:
            os.execve(command[0], command, environment)

    def await_text(self, text):
        end = time.monotonic() + PATIENCE_S
        while text not in self.shown:
            ready, _, _ = select.select([self.file], [], [], end - time.monotonic())
            if not ready:
                raise Broken(f"{text!r} did not come; on the terminal is {self.shown!r}")
            try:
                more = os.read(self.file, 4096)
            except OSError:
                raise Broken(f"it ended before {text!r} after {self.shown!r}") from None
            self.shown += COLOURS.sub("", more.decode())
        self.shown = self.shown.partition(text)[2]

    def type(self, text):
        os.write(self.file, text.encode() + b"\n")

    def close(self):
        os.close(self.file)
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)


def conversation():
    blocks = README.read_text().split("```")
    return blocks[-2].strip().splitlines()


def play(build, folder, lines):
    environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
                   "TERM": "dumb"}
    server = Server(build, folder / "data")
    terminals = {}
    try:
        for line in lines:
            started = re.fullmatch(r"(\w+)\$ build/(\w+) (.*)", line)
            if started:
                who, program, rest = started.groups()
                if who in terminals:
                    terminals.pop(who).close()
                command = [str(build / program), "-h", f"127.0.0.1:{server.port}", *rest.split()]
                terminals[who] = Terminal(command, environment)
                continue
            who, text = re.fullmatch(r"(\w+): (.*)", line).groups()
            typed = PROMPT.fullmatch(text)
            terminals[who].await_text(typed[1] if typed else text)
            if typed:
                terminals[who].type(typed[2])
    finally:
        for terminal in terminals.values():
            terminal.close()
        server.kill()


def two_people_talk():
    lines = conversation()
    if len(lines) < 10:
        return ["README.md does not end with a conversation"]
    with tempfile.TemporaryDirectory() as folder:
        try:
            play(pathlib.Path(sys.argv[1]), pathlib.Path(folder), lines)
        except Broken as why:
            return [str(why)]
    return []


tap.run([("two_people_talk_as_the_readme_says", two_people_talk)])
