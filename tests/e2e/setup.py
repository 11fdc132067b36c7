#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The first start of icq: questions on the terminal, then the face that was wanted.

Usage: setup.py BUILD_FOLDER
"""

import os
import re
import termios

import stories
from programs import Terminal
from stories import BUILD


class Start(Terminal):
    """icq without settings; each answer is given to its question."""

    def __init__(self, story, name, *options, **environment):
        self.home = story.folder / name
        self.home.mkdir(exist_ok=True)
        at = f"127.0.0.1:{story.server.port}"
        super().__init__(self.home, [BUILD / "icq", "-h", at, *options], **environment)

    def answer(self, *pairs):
        for question, text in pairs:
            self.until(question)
            if text is None:
                continue
            # Not before the terminal has stopped showing what is typed.
            if "assword" in question or "again" in question:
                self.until(":")
            self.type(text + "\n")

    def settings(self):
        return (self.home / "icq" / "default.conf").read_text(encoding="utf-8")


def who_has_no_number_gets_one(story):
    ann = Start(story, "ann", "--plain")
    ann.answer(("Server [127.0.0.1]", ""), ("Port [", "70000"), ("1 to 65535", None),
               ("Port [", ""), ("number on this server", "perhaps"), ("y or n", None),
               ("number on", ""), ("Password", "123456789"), ("1 to 8 characters", None),
               ("Password", ""), ("1 to 8 characters", None),
               ("Password", "secret-a"), ("same again", "secret-b"), ("Password", "secret-a"),
               ("same again", "secret-a"), ("Code page [cp1252]", "ebcdic"),
               ("One of: cp1250", None), ("Code page", "koi8-r"), ("Nick", "аня"),
               ("First name", "<"), ("Nick [аня]", "Аня"), ("First name", ""),
               ("Last name", ""), ("E-mail", "ann@example.org"), ("Must others ask", "y"),
               ("Your number is 10001", None), ("...away", ""),
               ("not available", "gone \\ fishing"), ("occupied", ""), ("disturbed", ""),
               ("free", ""), ("Keep the password", ""), ("All right", ""),
               ("online as 10001", "info 10001"))
    ann.until("nick: Аня")
    ann.until("email: ann@example.org")
    ann.until("auth: yes")
    ann.type("quit\n")
    if ann.end() != 0:
        yield f"it failed: {ann.shown}"
    for wanted in ("uin = 10001\n", f"port = {story.server.port}\n", "charset = koi8-r\n",
                   "na-text = gone \\\\ fishing\n"):
        if wanted not in ann.settings():
            yield f"{wanted!r} is not in the settings {ann.settings()!r}"
    if "secret" in ann.shown or "secret" in ann.settings():
        yield "the password can be read"
    again = Terminal(ann.home, [BUILD / "icq", "--plain"])
    again.until("Password: ")
    again.kill()


def a_wrong_port_is_told_at_once(story):
    ann = Start(story, "ann", "--plain")
    ann.answer(("Server", ""), ("Port", "1"), ("number on this server", "y"),
               ("Your number", "10001"), ("Password", "secret"), ("Code page", ""),
               ("There is no server at this address", None), ("Server", ""))
    ann.until("Port [1]")
    ann.kill()
    return []


def who_has_a_number_logs_in(story):
    bob = story.client("made")
    bob.register("bobpass")
    bob.do("quit")
    screen = Start(story, "bob", TERM="vt100")
    screen.answer(("Server", ""), ("Port", ""), ("number on this server", "y"),
                  ("Your number", "x"), ("digits", None), ("Your number", str(bob.uin)),
                  ("Password", "wrong"), ("Code page", ""), ("password is wrong", None),
                  ("number on this server (y/n) [y]", ""), ("Your number", ""),
                  ("Password", "bobpass"), ("Code page", ""), ("...away", ""),
                  ("not available", ""), ("occupied", ""), ("disturbed", ""), ("free", ""),
                  ("Keep the password", "y"), ("All right", ""))
    screen.until(f"online as {bob.uin}")
    screen.type("/quit\r")
    if screen.end() != 0:
        yield f"it failed: {screen.shown}"
    found = re.search("password-file = (.*)", screen.settings())
    if not found:
        yield f"the password is not kept: {screen.settings()}"
    elif open(found[1], encoding="utf-8").read() != "bobpass\n":
        yield "another password is kept"


def a_number_is_kept_when_the_rest_is_not_answered(story):
    cy = Start(story, "cy", "--plain")
    cy.answer(("Server", ""), ("Port", ""), ("number on this server", ""), ("Password", "secret"),
              ("same again", "secret"), ("Code page", ""), ("Nick", ""), ("First", ""),
              ("Last", ""), ("E-mail", ""), ("Must others", ""))
    cy.until("...away")
    cy.type("\x04")
    if cy.end() == 0 or "uin = 10001" not in cy.settings():
        yield f"it told {cy.shown}, and the settings are {cy.settings()}"


def whoever_leaves_finds_the_terminal_as_it_was(story):
    dee = Start(story, "dee", "--plain")
    before = termios.tcgetattr(dee.file)
    dee.answer(("Server", ""), ("Port", ""), ("number on this server", ""))
    dee.until("Password: ")
    if termios.tcgetattr(dee.file)[3] & termios.ECHO:
        yield "what is typed would be seen"
    dee.type("\x03")
    status = os.waitpid(dee.child, 0)[1]
    if not os.WIFSIGNALED(status) or termios.tcgetattr(dee.file) != before:
        yield f"it ended with {status}"
    os.close(dee.file)


def main():
    stories.tap.run([stories.alone(stories.Story, case) for case in (
        who_has_no_number_gets_one, a_wrong_port_is_told_at_once, who_has_a_number_logs_in,
        a_number_is_kept_when_the_rest_is_not_answered,
        whoever_leaves_finds_the_terminal_as_it_was)])


if __name__ == "__main__":
    main()
