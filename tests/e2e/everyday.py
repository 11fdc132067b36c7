#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""icq as people use it every day, on a terminal; the other side is an icq --json.

Usage: everyday.py BUILD_FOLDER
"""

import os
import select
import stat

import stories
from programs import PATIENCE_S, Terminal
from stories import BUILD, Broken


class Story(stories.Story):
    """Ann sits at a terminal and has bob on her list."""

    def __init__(self, folder):
        super().__init__(folder)
        self.bob = self.client("bob")
        self.bob.register("bobpass")
        self.bob.login("bobpass")
        self.ann = self.started_terminal()

    def started_terminal(self):
        home = self.folder / "ann"
        ann = self.client("ann")
        ann.register("annpass")
        ann.do("add", uin=self.bob.uin, nick="bob")
        self.uin = ann.uin
        ann.do("quit")
        ann.process.wait()
        (home / "password").touch(mode=0o600)
        (home / "password").write_text("annpass\n", encoding="utf-8")
        with open(home / "icq" / "default.conf", "a", encoding="utf-8") as settings:
            settings.write(f"[account]\nuin = {ann.uin}\nport = {self.server.port}\n"
                           f"password-file = {home / 'password'}\n")
        terminal = Terminal(home, [BUILD / "icq", "--plain"])
        terminal.until(f"online as {ann.uin}")
        return terminal

    def told(self, line, *answers):
        """Ann types; the terminal shows all of that, in this order."""
        self.ann.type(line + "\n")
        for answer in answers:
            self.ann.until(answer)

    def end(self):
        self.ann.kill()
        super().end()

    def program(self, name):
        """A hook that writes what it was given into a pipe; returns that, too."""
        pipe = self.folder / (name + ".pipe")
        os.mkfifo(pipe)
        path = self.folder / name
        path.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{pipe}\n', encoding="utf-8")
        path.chmod(stat.S_IRWXU)
        return path, os.open(pipe, os.O_RDWR | os.O_NONBLOCK)

    def given(self, pipe):
        """What a program has written."""
        if not select.select([pipe], [], [], PATIENCE_S)[0]:
            raise Broken("a program was not run")
        return os.read(pipe, 4096).decode()

    def notifications(self):
        hook, said = self.program("hook")
        player, played = self.program("player")
        self.told("notify message all bell osc9 sound hook", "message bell osc9 sound hook")
        self.told(f"set notify.player {player}", f"* notify.player = {player}")
        self.told("set notify.sound /tmp/tock tock.wav", "* notify.sound = /tmp/tock tock.wav")
        self.told("set notify.hook /nowhere/hook")
        self.bob.say(self.uin, "first")
        self.ann.until("! /nowhere/hook cannot be started")
        if self.given(played) != "/tmp/tock tock.wav\n":
            yield "the player got something else"
        self.told(f"set notify.hook {hook}", f"* notify.hook = {hook}")
        self.bob.say(self.uin, "$(reboot); `x` \x1b[2J")
        got = self.given(said)
        if got != f"message\n{self.bob.uin}\nbob\n$(reboot); `x` \\x1b[2J\n":
            yield f"the hook got {got!r}"
        self.ann.until("\\x1b[2J")
        if b"\a\x1b]9;icq: message from bob\x1b\\" not in self.ann.raw:
            yield f"the terminal got {self.ann.raw}"
        self.told("dnd")
        self.told("state", "dnd")
        rung = self.ann.raw.count(b"\a")
        self.bob.say(self.uin, "quiet")
        self.ann.until("bob: quiet")
        self.told("online")
        if self.ann.raw.count(b"\a") != rung:
            yield "it rang in status dnd"


    def messages_to_several(self):
        cy = self.client("cy")
        cy.register("cypass")
        cy.login("cypass")
        self.told(f"add {cy.uin} cy friends")
        self.told("msgall bob,cy hello you two", "to 2")
        self.told("msgall @friends hello friends", "to 1")
        self.told("msgall bob,dee hello", "nobody is called dee")
        self.told("msgall all hello all", "to 2")
        got = [[self.received(who, text) for text in texts] for who, texts in (
            (self.bob, ["hello you two", "hello all"]),
            (cy, ["hello you two", "hello friends", "hello all"]))]
        if not all(all(texts) for texts in got):
            yield f"got {got}"
        result = self.bob.do("send", to=[self.uin, cy.uin], text="by bob")
        if [m["to"] for m in result["msgs"]] != [self.uin, cy.uin]:
            yield f"the result is {result}"
        self.ann.until("bob: by bob")
        for to in ([], [0], ["x"], [self.uin] * 1001):
            if self.bob.ask("send", to=to, text="x").get("error") != "bad_field":
                yield f"sent to {to[:2]}"

    def received(self, who, text):
        return who.event(ev="message")["text"] == text

    def what_was(self):
        self.told("last", "from bob: by bob")
        self.told("last cy", "* nothing")
        self.told("uptime", "running for 0 h 00 min, online for 0 h 00 min; messages: ")
        result = self.bob.do("uptime")
        if result["received"] != 2 or result["sent"] < 3:
            yield f"bob counts {result}"

    def a_wrong_code_page(self):
        """What was read in a wrong one is read again, from the bytes."""
        self.bob.do("add", uin=self.uin)
        self.bob.do("edit", uin=self.uin, charset="koi8-r")
        self.bob.say(self.uin, "привет")
        self.ann.until("bob: ")
        self.told("history bob 1", "from bob: ÐÒÉ×ÅÔ")
        self.told("history bob 1 koi8-r", "from bob: привет")
        self.told("history bob 1 klingon", "no such code page")
        self.told("group bob russians")
        self.told("charset @russians koi8-r")
        self.told("who", "bob  [russians]")  # by then it counts
        self.bob.say(self.uin, "опять")
        self.ann.until("bob: опять")
        self.told("charset @russians")
        self.told("charset bob cp1251 ")
        self.told("who", "bob  [russians]")
        settings = (self.folder / "ann" / "icq" / "default.conf").read_text(encoding="utf-8")
        if "charset = cp1251" not in settings or "koi8" in settings:
            yield f"the settings are {settings}"

    def completion(self):
        """Tab knows commands, nicks with blanks, settings and paths."""
        self.told('rename bob "bo b"')
        folder = self.folder / "ann" / "a folder"
        folder.mkdir()
        for typed, shown in (
                ("upt\t", "running for"), ("/upt\t", "running for"),
                ("history bo\t 1", "from bo b: "), ("get net.keepa\t", "* net.keepalive = 25"),
                ("set net.t\t", "net.text-route"), ("imeo\t", "* net.timeout = 60"),
                (f"export bo\t text {self.folder}/ann/a\tx", "messages written")):
            self.ann.type(typed + ("" if "set" in typed else "\n"))
            self.ann.until(shown)
        self.told('rename "bo b" bob')
        if not (folder / "x").exists():
            yield "nothing was exported"

    def authorization(self):
        dee = self.client("dee")
        dee.register("deepass")
        dee.login("deepass")
        dee.do("update", nick="Dee\x1b[2J")
        dee.do("auth", uin=self.uin, action="request", text="please")
        self.ann.until(f"* {dee.uin} (Dee\\x1b[2J) asks whether he may list you: please")
        self.ann.until(f"* /auth grant {dee.uin} lets him, /auth deny {dee.uin} does not")
        self.told(f"auth grant {dee.uin}", "accepted")
        if dee.event(ev="message", type="auth_granted")["from"] != self.uin:
            yield "it was granted by somebody else"
        dee.do("auth", uin=self.uin, action="grant", text="you too")
        self.ann.until(f"{dee.uin}: (authorization given) you too")


CHAPTERS = ("notifications", "messages_to_several", "what_was", "a_wrong_code_page",
            "completion", "authorization")


if __name__ == "__main__":
    stories.in_chapters(Story, CHAPTERS)
