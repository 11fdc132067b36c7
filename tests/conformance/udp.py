#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The table of conversations over UDP against a real icqd: all themes at once.

Usage: udp.py BUILD_FOLDER
"""

import pathlib
import re
import subprocess
import sys
import tempfile

SETTINGS = ["limits.enabled=no", "accounts.password-cost=low", "store.gather-ms=0",
            "log.level=debug"]
PASSWORDS = ["secret", "newpass"]
CASE = re.compile(r"^(ok|not ok) \d+ - (.*)$", re.M)


def serve(build, data, log):
    command = [build / "icqd", "--data", data, "--listen", "127.0.0.1:0"]
    for setting in SETTINGS:
        command += ["-o", setting]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)


def start(build, address, theme):
    return subprocess.Popen([build / "icqconform", address, f"{theme}: "],
                            stdout=subprocess.PIPE, text=True)


def play(build, address):
    """Pairs of a verdict and a name. A player that breaks off has one more failure."""
    themes = [path.stem for path in pathlib.Path(__file__).parent.glob("*.txt")]
    players = [(theme, start(build, address, theme)) for theme in sorted(themes)]
    for theme, player in players:
        told = player.communicate()[0]
        cases = CASE.findall(told)
        yield from cases
        if f"1..{len(cases)}\n" not in told or (player.returncode and "not ok" not in told):
            yield "not ok", f"{theme}: icqconform ended with {player.returncode}"


def play_and_end(build, folder):
    """The cases of all players, and one about the server itself."""
    with open(f"{folder}/log", "w+", encoding="utf-8") as log:
        server = serve(build, f"{folder}/data", log)
        try:
            yield from play(build, server.stdout.readline().split("listen=")[1].split()[0])
        finally:
            server.terminate()
            server.wait()
        log.seek(0)
        leaked = [line for line in log for password in PASSWORDS if password in line]
    good = server.returncode == 0 and not leaked
    yield "ok" if good else "not ok", "icqd ends well and its log holds no password"


def main():
    with tempfile.TemporaryDirectory() as folder:
        cases = list(play_and_end(pathlib.Path(sys.argv[1]), folder))
    print(f"1..{len(cases)}")
    for number, (verdict, name) in enumerate(cases, 1):
        print(verdict, number, "-", name)
    sys.exit(any(verdict != "ok" for verdict, _ in cases))


if __name__ == "__main__":
    main()
