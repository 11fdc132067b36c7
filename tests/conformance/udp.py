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
# A check that cannot fail is a defect: each of these must be noticed.
LIES = """bad: another packet is expected
	ann logs in
	ann > 042E
	ann < 00F0

bad: other bytes are expected
	ann logs in
	ann > 04BA 2:9
	ann < ack
	ann < 0082 2:8 2:0

bad: a packet is expected that does not come
	ann logs in
	ann < 0104 *

bad: nobody expects a packet
	ann logs in
	ann > 0406 00
	ann < ack

bad: it does not show what it says
shows 010E
	ann logs in

bad: no such step
	ann laughs
"""
CASE = re.compile(r"^(ok|not ok) \d+ - (.*)$", re.M)


def serve(build, data, log):
    command = [build / "icqd", "--data", data, "--listen", "127.0.0.1:0"]
    for setting in SETTINGS:
        command += ["-o", setting]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)


def start(build, address, theme):
    return subprocess.Popen([build / "icqconform", address, f"{theme}: "],
                            stdout=subprocess.PIPE, text=True)


def notices_lies(build, address, folder):
    pathlib.Path(folder, "lies.txt").write_text(LIES, encoding="utf-8")
    told = subprocess.run([build / "icqconform", "--table", folder, "--patience", "300", address],
                          capture_output=True, text=True, check=False)
    verdicts = [found for found, _ in CASE.findall(told.stdout)]
    return told.returncode == 1 and verdicts == ["not ok"] * LIES.count("bad: ")


def verdict(good):
    return "ok" if good else "not ok"


def play(build, address):
    """Pairs of "ok" or "not ok" and a name. A player that breaks off has one more failure."""
    themes = [path.stem for path in pathlib.Path(__file__).parent.glob("*.txt")]
    players = [(theme, start(build, address, theme)) for theme in sorted(themes)]
    for theme, player in players:
        told = player.communicate()[0]
        cases = CASE.findall(told)
        yield from cases
        if f"1..{len(cases)}\n" not in told or (player.returncode and "not ok" not in told):
            yield "not ok", f"{theme}: icqconform ended with {player.returncode}"


def play_and_end(build, folder):
    """The cases of all players, one about the players and one about the server."""
    with open(f"{folder}/log", "w+", encoding="utf-8") as log:
        server = serve(build, f"{folder}/data", log)
        try:
            address = server.stdout.readline().split("listen=")[1].split()[0]
            yield from play(build, address)
            yield verdict(notices_lies(build, address, folder)), "what is not so is noticed"
        finally:
            server.terminate()
            server.wait()
        log.seek(0)
        leaked = [line for line in log for password in PASSWORDS if password in line]
    good = server.returncode == 0 and not leaked
    yield verdict(good), "icqd ends well and its log holds no password"


def main():
    with tempfile.TemporaryDirectory() as folder:
        cases = list(play_and_end(pathlib.Path(sys.argv[1]), folder))
    print(f"1..{len(cases)}")
    for number, (told, name) in enumerate(cases, 1):
        print(told, number, "-", name)
    sys.exit(any(told != "ok" for told, _ in cases))


if __name__ == "__main__":
    main()
