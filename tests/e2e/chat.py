#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real clients chat, with icqd beside them.

Usage: chat.py BUILD_FOLDER
"""

import pathlib
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
from programs import Client, Program, Server, home_of  # noqa: E402

BUILD = pathlib.Path(sys.argv[1]).resolve()


class Company:
    """Ann, Bob and Carl, who take connections and list each other."""

    def __init__(self, folder):
        self.folder = folder
        self.programs = [Server(BUILD, folder / "data")]
        self.ann, self.bob, self.carl = self.people = [self.client(name)
                                                       for name in ("ann", "bob", "carl")]
        for one in self.people:
            for other in self.people:
                if other is not one:
                    one.do("add", uin=other.uin)
                    one.event(ev="presence", uin=other.uin)

    def client(self, name):
        settings = self.folder / name / "icq"
        settings.mkdir(parents=True)
        (settings / "default.conf").write_text(
            "[net]\ndirect = on\nlisten = 127.0.0.1:0\n", encoding="utf-8")
        client = Client(BUILD, self.folder / name, self.programs[0].port)
        self.programs.append(client)
        client.register("secret1")
        client.login("secret1")
        return client

    def bring_in(self, host, guest, **fields):
        """One asks, the other accepts: the number of the chat with the host and with the guest."""
        asked = host.do("chat", uin=guest.uin, **fields)["request"]
        request = guest.event(ev="request", kind="chat")["request"]
        session = guest.do("accept", request=request)["session"]
        guest.event(ev="chat", session=session, event="open", uin=host.uin)
        number = fields.get("session", asked)
        host.event(ev="chat", session=number, event="open", uin=guest.uin)
        return number, session

    def close(self):
        for program in reversed(self.programs):
            program.kill()


def among(case):
    def run():
        with tempfile.TemporaryDirectory() as folder:
            company = Company(pathlib.Path(folder))
            try:
                return list(case(company))
            finally:
                company.close()

    return case.__name__, run


def three_talk_and_leave(company):
    ann, bob, carl = company.people
    anns, bobs = company.bring_in(ann, bob, text="come in")
    _, carls = company.bring_in(ann, carl, session=anns)
    carl.event(ev="chat", session=carls, event="open", uin=bob.uin)
    bob.event(ev="chat", session=bobs, event="open", uin=carl.uin)
    numbers = {ann: anns, bob: bobs, carl: carls}
    for one in company.people:
        one.do("chat_text", session=numbers[one], text=f"I am {one.uin}")
        for other in company.people:
            if other is not one:
                got = other.event(ev="chat", event="text", session=numbers[other])
                if (got["uin"], got["text"]) != (one.uin, f"I am {one.uin}"):
                    yield f"{other.uin} got {got}"
    carl.do("cancel", session=carls)
    ann.event(ev="chat", session=anns, event="close", uin=carl.uin)
    bob.event(ev="chat", session=bobs, event="close", uin=carl.uin)
    bob.do("chat_text", session=bobs, text="still there?")
    ann.event(ev="chat", event="text", text="still there?")
    ann.kill()
    bob.event(ev="chat", session=bobs, event="close", uin=ann.uin)
    if "uin" in bob.event(ev="chat", session=bobs, event="close"):
        yield "the chat is not over with the last one"
    if bob.ask("chat_text", session=bobs, text="x").get("error") != "not_found":
        yield "one can talk in a chat that is over"


def keystrokes_become_lines(company):
    ann, bob, _ = company.people
    anns, bobs = company.bring_in(ann, bob)
    for keys in "helm", "\b", "lo", " thére\n", "\a":
        ann.do("chat_text", session=anns, text=keys, **{"as": "keys"})
    got = bob.event(ev="chat", session=bobs, event="text")
    if got["text"] != "hello thére":
        yield f"got {got}"
    bob.event(ev="chat", session=bobs, event="beep", uin=ann.uin)


def what_was_asked_may_be_refused_or_withdrawn(company):
    ann, bob, carl = company.people
    asked = ann.do("chat", uin=bob.uin, text="please")["request"]
    request = bob.event(ev="request", kind="chat")
    if request["text"] != "please" or request["from"] != ann.uin or \
            request["verified"] != "address":
        yield f"asked with {request}"
    bob.do("refuse", request=request["request"], text="not now")
    got = ann.event(ev="chat", session=asked, event="close")
    if (got.get("reason"), got.get("text")) != ("refused", "not now"):
        yield f"the answer is {got}"
    asked = ann.do("chat", uin=carl.uin)["request"]
    request = carl.event(ev="request", kind="chat")["request"]
    ann.do("cancel", request=asked)
    carl.event(ev="chat", session=request, event="close", reason="withdrawn")
    if carl.ask("accept", request=request).get("error") != "not_found":
        yield "what was withdrawn can be accepted"
    if ann.ask("chat", uin=4711).get("error") != "no_direct":
        yield "somebody unknown can be asked"
    if ann.ask("chat", uin=bob.uin, session=asked).get("error") != "not_found":
        yield "one can ask into a chat that is none"


def people_can_type_it(company):
    """The same in words: Bob has lines instead of objects."""
    ann, bob, _ = company.people
    bob.do("quit")
    bob.process.wait()
    secret = company.folder / "secret"
    secret.write_text("secret1\n", encoding="utf-8")
    secret.chmod(0o600)
    with (company.folder / "bob" / "icq" / "default.conf").open("a", encoding="utf-8") as conf:
        conf.write(f"[account]\nuin = {bob.uin}\npassword-file = {secret}\n")
    lines = Program([BUILD / "icq", "--plain", "-h", f"127.0.0.1:{company.programs[0].port}"],
                    stdin=subprocess.PIPE, env=home_of(company.folder / "bob"))
    company.programs.append(lines)

    def wait_for(part):
        while part not in (line := lines.line(part)):
            pass
        return line

    def write(line):
        lines.process.stdin.write(line + "\n")
        lines.process.stdin.flush()

    wait_for(f"* {ann.uin} is online")
    write(f"chat {ann.uin} hello")
    request = ann.event(ev="request", kind="chat")["request"]
    session = ann.do("accept", request=request)["session"]
    number = wait_for("is in the chat").split()[1].rstrip("]")
    write(f"say {number} good morning")
    if ann.event(ev="chat", event="text")["text"] != "good morning":
        yield "the line did not come"
    ann.do("chat_text", session=session, text="so early?")
    line = wait_for("so early?")
    if line != f"[chat {number}] {ann.uin}: so early?\n":
        yield f"shown as {line!r}"
    write(f"beep {number}")
    ann.event(ev="chat", event="beep")
    write(f"cancel {number}")
    ann.event(ev="chat", event="close", uin=bob.uin)


def main():
    tap.run([among(three_talk_and_leave), among(keystrokes_become_lines),
             among(what_was_asked_may_be_refused_or_withdrawn), among(people_can_type_it)])


if __name__ == "__main__":
    main()
