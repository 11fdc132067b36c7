#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real clients chat, with icqd beside them.

Usage: chat.py BUILD_FOLDER
"""

import shutil
import subprocess

import stories
from programs import Program, home_of, password_line, write_settings
from screen import Screen


class Company(stories.Story):
    """Ann, Bob and Carl, who take connections and list each other."""

    def __init__(self, folder):
        super().__init__(folder)
        self.ann, self.bob, self.carl = self.people = [self.online(name)
                                                       for name in ("ann", "bob", "carl")]
        for one in self.people:
            for other in self.people:
                if other is not one:
                    one.do("add", uin=other.uin)
                    one.event(ev="presence", uin=other.uin)

    def online(self, name):
        write_settings(self.folder / name, "[net]\ndirect = on\nlisten = 127.0.0.1:0\n")
        client = self.client(name)
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


def bob_again(company, settings=""):
    """He comes back another way. What he needs to be told besides."""
    bob = company.bob
    bob.do("quit")
    bob.process.wait()
    home = company.folder / "bob"
    password = password_line(home, "secret1").replace(str(home), "~")
    write_settings(home, f"[account]\nuin = {bob.uin}\n{password}{settings}")
    return ["-h", f"127.0.0.1:{company.server.port}"]


def screen_shows_what_is_typed(company):
    ann, bob, _ = company.people
    if not shutil.which("tmux"):
        raise stories.tap.Skip("no tmux here")
    bobs = Screen(company.folder / "bob", bob_again(company, "[ui]\nchat = keys\n"))
    try:
        bobs.until_status(f"{bob.uin} online")
        bobs.until_text(f"{ann.uin} is online")
        bobs.enter(f"chat {ann.uin} hello")
        session = ann.do("accept", request=ann.event(ev="request")["request"])["session"]
        bobs.until_status("2*1")
        bobs.press("M-a")
        bobs.until_text(f"* {ann.uin} (address matches) is in the chat")
        bobs.type("helm")
        bobs.press("BSpace")
        bobs.enter("lo")
        if ann.event(ev="chat", event="text")["text"] != "hello":
            yield "the keystrokes are wrong"
        bobs.until_text("] > hello")
        ann.do("chat_text", session=session, text="good mor", **{"as": "keys"})
        rows = bobs.until_text(f"] {ann.uin}: good mor")
        if "-----" not in rows[-4] or "good mor" not in rows[-3]:
            yield f"what is typed is not below: {rows}"
        ann.do("chat_text", session=session, text="\b\b\bx\x1b[2Jning")
        rows = bobs.until_text(f"] {ann.uin}: good x[2Jning")
        if "-----" in rows[-4]:
            yield f"the line is still being typed: {rows}"
        ann.do("cancel", session=session)
        bobs.until_text("* the chat is over")
        bobs.enter("anybody?")
        bobs.until_text("nobody is here any more")
        bobs.enter("/close")
        bobs.until_status("| 1 icq")
    finally:
        bobs.end()


def people_can_type_it(company):
    """The same in words: Bob has lines instead of objects."""
    ann, bob, _ = company.people
    lines = company.started(Program([stories.BUILD / "icq", "--plain", *bob_again(company)],
                                    stdin=subprocess.PIPE, env=home_of(company.folder / "bob")))

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
    cases = (three_talk_and_leave, keystrokes_become_lines,
             what_was_asked_may_be_refused_or_withdrawn, people_can_type_it,
             screen_shows_what_is_typed)
    stories.tap.run([stories.alone(Company, case) for case in cases])


if __name__ == "__main__":
    main()
