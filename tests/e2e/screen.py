#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""icq on a whole screen, which tmux shows to us; the other side is an icq --json.

Usage: screen.py BUILD_FOLDER
"""

import os
import random
import re
import shutil
import subprocess
import time

import stories
from programs import PATIENCE_S, Broken, home_of, password_line, write_settings

PANEL = 22  # columns
INDENT = "        | "
ESCAPES = ["\x1b[2J\x1b[H", "\x1b]0;title\x07", "\x1b]52;c;aGFja2Vk\x07", "\x1b[31mred", "\x1bc",
           "\x9d0;title\x07", "\x1b[?1049l", "\r[99:99] ann: forged", "\x08" * 60, "\x0e\x0f",
           "\n[99:99] > forged", "x" * 200 + "[99:99] > forged", "\x1b[1;1Hx", "\t" * 20]
# A code page that has both direction marks; what it leaves undefined are the same code points.
CHARSET = "cp1255"
# (0xCA is a vowel point, but not to Python.)
BYTES = [bytes([b]).decode(CHARSET, "ignore") or chr(b) for b in range(1, 256) if b != 0xCA]
RANDOM_TEXTS = 50


class Screen:
    """icq in a tmux of its own."""

    def __init__(self, folder, command, **environment):
        self.socket = folder / "tmux"
        home = home_of(folder)
        words = ["env", *(f"{key}={home[key]}" for key in home if key.startswith(("HOME", "XDG"))),
                 *(f"{k}={v}" for k, v in {"LC_ALL": "C.UTF-8", **environment}.items()),
                 str(stories.BUILD / "icq"), *command]
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", *words)

    def tmux(self, *args):
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        environment.pop("TMUX", None)
        told = subprocess.run(["tmux", "-u", "-S", self.socket, *args], capture_output=True,
                              env=environment, timeout=PATIENCE_S, check=False)
        return told.stdout.decode() if told.returncode == 0 else None

    def rows(self, *options):
        return (self.tmux("capture-pane", "-p", *options) or "").splitlines()

    def status(self):
        return self.rows()[-2]

    def until(self, what, fits):
        """Looks again and again until the rows fit; what is the reason if they never do."""
        end = time.monotonic() + PATIENCE_S
        while True:
            rows = self.rows()
            if len(rows) > 1 and fits(rows):
                return rows
            if time.monotonic() > end:
                raise Broken(f"no {what} on the screen:\n" + "\n".join(rows))

    def until_text(self, text):
        return self.until(repr(text), lambda rows: any(text in row for row in rows))

    def until_status(self, text):
        return self.until(f"{text!r} in the status line", lambda rows: text in rows[-2])

    def until_input(self, text):
        return self.until(f"{text!r} as input", lambda rows: rows[-1].rstrip() == text)

    def press(self, *keys):
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def enter(self, text):
        self.type(text)
        self.press("Enter")

    def cursor(self):
        at = self.tmux("display-message", "-p", "#{cursor_x} #{cursor_y}")
        return tuple(map(int, at.split()))

    def resize(self, cols, rows):
        self.tmux("resize-window", "-x", str(cols), "-y", str(rows))
        self.until(f"size of {cols} times {rows}", lambda r: len(r) == rows)

    def until_gone(self):
        end = time.monotonic() + PATIENCE_S
        while self.tmux("has-session") is not None:
            if time.monotonic() > end:
                raise Broken("icq does not end")

    def end(self):
        self.tmux("kill-server")


def left(rows):
    return [row[:PANEL] for row in rows[:-2]]


def right(rows):
    return [row[PANEL:] for row in rows[:-2]]


class Watched(stories.Story):
    """Bob has objects, ann a screen."""

    def __init__(self, folder):
        super().__init__(folder)
        self.bob = self.client("bob")
        self.bob.register("bobpass")
        self.uin = self.account()
        self.ann = None

    def account(self):
        """Makes ann's, with settings that know it and its password."""
        ann = self.client("ann")
        ann.register("annpass")
        ann.do("quit")
        ann.process.wait(PATIENCE_S)
        home = self.folder / "ann"
        write_settings(home, f"[account]\nuin = {ann.uin}\n" + password_line(home, "annpass"))
        return ann.uin

    def start(self, **environment):
        self.ann = Screen(self.folder / "ann",
                          ["-h", f"127.0.0.1:{self.server.port}"], **environment)
        self.ann.until_status(f"{self.uin} online")

    def end(self):
        if self.ann:
            self.ann.end()
        super().end()

    def heard(self, text):
        got = self.bob.event(ev="message")
        if got["text"] != text:
            raise Broken(f"bob got {got['text']!r} instead of {text!r}")

    def log_in(self):
        self.start()
        self.bob.login("bobpass")
        self.ann.enter(f"add {self.bob.uin} bob friends")
        rows = self.ann.until("bob online in the panel",
                              lambda rows: any("o bob" in row for row in left(rows)))
        if not rows[0].startswith("- friends 1/1"):
            yield f"the panel has no group: {rows[0]!r}"

    def talk(self):
        self.ann.enter("/pass")
        self.ann.until("question", lambda rows: any("New password" in row for row in rows))
        self.ann.press("C-c")
        self.ann.until_text("! pass: no password was given")
        self.ann.enter("/msg bob hello there")
        self.heard("hello there")
        self.ann.until_text("] > hello there")
        self.ann.until_status("| 2 bob online")
        self.bob.say(self.uin, "hello ann")
        self.ann.until_text("] bob: hello ann")
        self.ann.enter("привет")
        self.ann.until_text("6 of its characters are not in cp1252")
        self.ann.until("line given back", lambda rows: rows[-1].startswith("bob> привет"))
        self.ann.press("C-u")
        self.ann.enter("in the window")
        self.heard("in the window")
        self.ann.enter("//no command")
        self.heard("/no command")
        return []

    def typing_is_not_disturbed(self):
        self.ann.type("half a")
        for n in range(5):
            self.bob.say(self.uin, f"noise {n}")
        self.ann.until_text("noise 4")
        self.ann.until_input("bob> half a")
        self.ann.enter(" line")
        self.heard("half a line")
        return []

    def unread(self):
        self.ann.type("unsent")
        self.ann.press("M-1")
        self.ann.until_input("icq>")
        for n in range(3):
            self.bob.say(self.uin, f"unread {n}")
        rows = self.ann.until_status("2*3")
        if not any("*3" in row and "o bob" in row for row in left(rows)):
            yield f"the panel does not count: {left(rows)}"
        self.ann.press("M-a")
        self.ann.until_status("| 2 bob")
        rows = self.ann.until_input("bob> unsent")
        if [row for row in right(rows) if "new" in row or "unread 0" in row][0][:6] != "* ----":
            yield f"nothing tells where the new messages begin: {rows}"
        if "*3" in "".join(rows[-2] + "".join(left(rows))):
            yield "what was read still counts"
        self.ann.press("C-c")

    def a_wrong_code_page(self):
        """What was misread is shown anew once it is known how to read it."""
        self.bob.do("add", uin=self.uin, nick="ann")
        self.bob.do("edit", uin=self.uin, charset="koi8-r")
        self.bob.say(self.uin, "привет")
        self.ann.until_text("bob: ÐÒÉ×ÅÔ")
        self.ann.enter("/charset bob koi8-r")
        self.ann.until_text("bob: привет")
        self.ann.enter("/charset bob")
        self.ann.until_text("bob: ÐÒÉ×ÅÔ")
        self.bob.do("edit", uin=self.uin, charset="")
        return []

    def windows(self):
        self.ann.press("C-n")
        self.ann.until_status("| 1 icq")
        self.ann.press("C-p")
        self.ann.until_status("| 2 bob")
        self.ann.press("F1")
        self.ann.until_status("| 2 help")
        self.ann.press("Escape")
        self.ann.until_status("| 2 bob")
        self.ann.press("Escape")
        self.ann.until_status("| 1 icq")
        self.ann.press("F2", "Down", "Enter")
        self.ann.until_status("| 2 bob")
        self.ann.enter("/window 1")
        self.ann.until_status("| 1 icq")
        self.ann.enter("window")
        self.ann.until_text("  2 bob")
        self.ann.enter("query bob")
        self.ann.until_status("| 2 bob")
        return []

    def mouse(self):
        """Told as by an old xterm: a click on the contact, the wheel over the window."""
        left_button, release, up, down = 0, 3, 64, 65

        def at(row, col, *buttons):
            for button in buttons:
                codes = 0x1b, ord("["), ord("M"), 32 + button, 33 + col, 33 + row
                self.ann.tmux("send-keys", "-H", *(f"{code:x}" for code in codes))

        self.ann.enter("/set ui.mouse on")
        self.ann.until_text("* ui.mouse = on")
        self.ann.press("M-1")
        self.ann.until_status("| 1 icq")
        at(0, 3, left_button, release)
        self.ann.until("the group folded", lambda rows: rows[0].startswith("+ friends 1/1"))
        at(0, 3, left_button, release)
        self.ann.until("the group unfolded", lambda rows: "o bob" in left(rows)[1])
        at(1, 5, left_button, release)
        self.ann.until_status("| 2 bob")
        for _ in range(10):
            self.bob.say(self.uin, "line\nline\nline")
        self.ann.until_text("line")
        at(5, 40, up)
        self.ann.until_status("(more below)")
        at(5, 40, down)
        self.ann.until_status(" 10002 online")
        self.ann.enter("/set ui.mouse off")
        return []

    def completion_and_editing(self):
        self.ann.type("/onl")
        self.ann.press("Tab")
        self.ann.until_input("bob> /online")
        self.ann.press("C-c")
        self.ann.type("/ms")
        self.ann.press("Tab")
        self.ann.until_input("bob> /msg")
        self.ann.press("C-c")
        for begun, whole in (("/peer bob cl", "close"), ("/set keys.sea", "keys.search"),
                             ("/bind F5 page-u", "page-up"), ("/group bob fr", "friends"),
                             ("/charset bob koi", "koi8-r"), ("/status oc", "occupied")):
            self.ann.type(begun)
            self.ann.press("Tab")
            self.ann.until_input(f"bob> {begun.rpartition(' ')[0]} {whole}")
            self.ann.press("C-c")
        self.ann.type("/again b")
        self.ann.press("Tab")
        self.ann.until_input("bob> /again bob")
        self.ann.press("C-c", *["Up"] * 5)
        self.ann.until_input("bob> //no command")
        self.ann.press("C-c")
        self.ann.type("abd")
        self.ann.press("Left", "c")
        self.ann.until_input("bob> abcd")
        self.ann.press("C-c")
        return []

    def paths_are_completed(self):
        folder = self.folder / "ann" / "my files"
        folder.mkdir()
        (folder / "one").touch()
        self.ann.type("/export bob t")
        self.ann.press("Tab")
        self.ann.type("~/my")
        self.ann.press("Tab", "o", "Tab")
        self.ann.until_input('bob> /export bob text "~/my files/one"')
        self.ann.press("BSpace", "BSpace")
        self.ann.enter('_new"')
        self.ann.until_text("messages written")
        if not (folder / "one_new").exists():
            yield "the file is elsewhere"

    def lines_are_searched(self):
        self.ann.press("C-r")
        self.ann.type("half")
        self.ann.until_input("search: half> half a line")
        self.ann.press("C-r")
        self.ann.until_input("not found: half> half a line")
        self.ann.press("Escape")
        self.ann.until_input("bob>")
        self.ann.press("C-r", "n", "o", "C-r", "Enter")
        self.ann.until_input("bob> //no command")
        self.ann.press("C-c")
        return []

    def keys_are_bound(self):
        self.ann.enter("/bind F5 older")
        self.ann.until_text("its keys are now: Up F5")
        self.ann.enter("/bind ctrl+n older")
        self.ann.until_text("its keys are now: Up F5 Ctrl+N")
        self.ann.press("F5")
        self.ann.until_input("bob> /bind ctrl+n older")
        self.ann.press("C-n")
        self.ann.until_input("bob> /bind F5 older")
        self.ann.press("C-c")
        self.ann.enter("/bind F5 none")
        self.ann.until_text("its keys are now: Up Ctrl+N")
        settings = (self.folder / "ann" / "icq" / "default.conf").read_text(encoding="utf-8")
        if "[keys]\nolder = Up Ctrl+N\nnext-window = none\n" not in settings:
            yield f"the settings are {settings}"
        for key in "older", "next-window":
            self.ann.enter(f"/unset keys.{key}")
        self.ann.enter("/bind Ctrl+N")
        self.ann.until_text("next-window: the next window")

    def pasted_lines_are_not_sent(self):
        self.ann.tmux("set-buffer", "one\n/quit\nthree")
        self.ann.tmux("paste-buffer", "-p", "-d")
        self.ann.until_input("bob> one|/quit|three")
        self.ann.press("Enter")
        self.heard("one\r\n/quit\r\nthree")
        return []

    def addresses_are_opened_with_a_key_only(self):
        told, browser = self.folder / "told", self.folder / "browser"
        browser.write_text(f'#!/bin/sh\nprintf "%s|" "$#" "$@" >{told}.new\n'
                           f"mv {told}.new {told}\n")
        browser.chmod(0o700)
        self.ann.enter(f"/set ui.browser {browser}")
        self.bob.say(self.uin, "http://a.b/$(id) http://c.d/?x=1&y=2;touch not javascript:z")
        self.ann.until_text("javascript:z")
        self.ann.type("x")
        self.ann.press("M-u", "C-h", "M-u", "Enter")
        self.ann.until_text("* opened with")
        self.ann.until("a browser", lambda rows: told.exists())
        if told.read_text() != "1|http://a.b/$(id)|":
            yield f"the browser got {told.read_text()}"
        self.ann.enter("/set ui.browser /none")
        self.ann.press("M-u", "Enter")
        self.ann.until_text("! /none: no such file")

    def messages_wait_in_the_outbox(self):
        self.ann.enter("/logout")
        self.ann.until_status("offline | 2")
        self.ann.enter("patience")
        self.ann.until_text("] ~ patience")
        rows = self.ann.until_status("bob offline ~1")
        if not any("~ . bob" in row for row in left(rows)):
            yield f"the panel does not tell: {left(rows)}"
        self.ann.enter("/login")
        self.heard("patience")
        rows = self.ann.until_text("] > patience")
        if any("~" in row for row in left(rows)):
            yield f"the panel still tells: {left(rows)}"

    def messages_to_several(self):
        self.ann.enter("/msgall @friends to all of you")
        self.heard("to all of you")
        self.ann.until_text("] > to all of you")
        return []

    def wide_characters(self):
        self.ann.type("漢字")
        self.ann.press("Left", "x")
        self.ann.until_input("bob> 漢x字")
        self.ann.press("C-c")
        self.ann.type("漢e\u0301x")
        self.ann.until_input("bob> 漢e\u0301x")
        self.ann.press("Left", "Left")
        self.ann.until("the cursor behind the wide one", lambda _: self.ann.cursor() == (7, 23))
        self.ann.press("C-c")
        self.ann.enter("/rename bob 鮑伯")
        self.ann.until("the new nick in the panel", lambda rows: any("o 鮑伯" in r for r in rows))
        self.ann.enter("/rename 鮑伯 bob")
        self.ann.until("the old nick", lambda rows: any("o bob" in r for r in rows))
        return []

    def resize(self):
        self.bob.say(self.uin, "before the resize " + "w" * 50)
        self.ann.until_text("before the resize")
        self.ann.resize(40, 10)
        rows = self.ann.until("small picture", lambda rows: "| 2 bob" in rows[-2] and
                              rows[-1].rstrip() == "bob>" and "w" in rows[-3])
        if any("o bob" in row for row in rows):
            yield "a small screen has a panel"
        self.bob.say(self.uin, "while small")
        self.ann.until_text("bob: while small")
        self.ann.resize(9, 3)
        self.ann.resize(80, 24)
        self.ann.until("panel and window", lambda rows: any("o bob" in row for row in left(rows))
                       and any("bob: while small" in row for row in right(rows)))

    def hostile(self):
        """Nothing outside of the lines of a message changes, whatever is in it."""
        seed = random.randrange(1 << 32)
        draw = random.Random(seed)
        texts = ["".join(byte * 3 for byte in BYTES), *ESCAPES]
        texts += ["".join(draw.choices(BYTES, k=draw.randrange(1, 200)))
                  for _ in range(RANDOM_TEXTS)]
        self.bob.do("add", uin=self.uin, nick="ann")
        self.bob.do("edit", uin=self.uin, charset=CHARSET)
        self.ann.enter(f"/charset bob {CHARSET}")
        self.bob.say(self.uin, "calm")
        before = self.ann.until_text("calm")
        for n, text in enumerate(texts):
            self.bob.say(self.uin, text)
            self.bob.say(self.uin, f"end {n}")
            rows = self.ann.until_text(f"bob: end {n}")
            if left(rows) != left(before) or rows[-2:] != before[-2:]:
                yield f"{text!r} changed the screen (seed {seed}): {rows}"
            for row in right(rows):
                if row and not row.startswith(("[", "*", INDENT.rstrip())):
                    yield f"{text!r} has a row of its own (seed {seed}): {row!r}"
                if row.startswith("[99:99]"):
                    yield f"{text!r} has forged a line"
        if "title" in self.ann.tmux("display-message", "-p", "#{pane_title}"):
            yield "the title has changed"
        if self.ann.tmux("show-buffer") is not None:
            yield "the clipboard has changed"

    def scrolling(self):
        self.ann.press("PPage", "PPage", "PPage")
        self.ann.until_status("(more below)")
        self.bob.say(self.uin, "further down")
        self.ann.press("NPage", "NPage", "NPage", "NPage")
        self.ann.until_text("further down")
        return []

    def packets(self):
        """The trace has a window of its own, and hides passwords."""
        self.ann.enter("/verbose 1")
        self.ann.enter("/ping")
        self.ann.until_text("the server is there")
        self.ann.press("M-3")
        self.ann.until_status("| 3 packets")
        self.ann.enter("logout")
        self.ann.until_status("offline")
        self.ann.enter("login")
        self.ann.until_status("online")
        self.ann.press("C-l")
        rows = self.ann.until_text("> LOGIN")
        if any("annpass" in row for row in rows):
            yield "the trace shows the password"
        self.ann.enter("verbose 0")
        self.ann.enter("close")
        self.ann.until_status("| 2 bob")

    def leaves(self):
        self.ann.enter("/logout")
        self.ann.until_status("offline | 2")
        self.ann.enter("later")
        self.ann.until_text("] ~ later")
        self.ann.enter("/quit")
        self.ann.until_gone()
        return []

    def outbox_is_remembered(self):
        """Also where nobody takes the messages."""
        self.ann = Screen(self.folder / "ann", ["-h", "127.0.0.1:9"])
        self.ann.until("what waits for bob", lambda rows: any("~ . bob" in r for r in left(rows)))
        self.ann.enter("/window bob")
        self.ann.until_text("] ~ later")
        self.ann.enter("/quit")
        self.ann.until_gone()
        return []

    def history_comes_back(self):
        """And without colours nothing is coloured."""
        self.start(NO_COLOR="1")
        self.heard("later")
        self.ann.press("F2", "Down", "Enter")
        self.ann.until_status("| 2 bob")
        self.ann.until_text("bob: further down")
        self.ann.until("the first message, further up",
                       lambda rows: any("] > hello there" in row for row in rows) or
                       self.ann.press("PPage"))
        self.ann.press("C-End")
        self.ann.until_text("bob: further down")
        if any(re.search("\x1b\\[3[0-7]", row) for row in self.ann.rows("-e")):
            yield "there are colours"
        self.ann.press("M-1")
        self.ann.until_status("| 1 icq")
        self.ann.press("C-d")
        self.ann.until_gone()

    def serial_console(self):
        """A terminal of 1978, and a locale without UTF-8."""
        self.start(TERM="vt100", LC_ALL="C")
        self.ann.press("F2", "Down", "Enter")
        self.ann.until_status("| 2 bob online")
        self.bob.say(self.uin, "caf\u05d0 |")
        self.ann.until_text("bob: caf? |")
        self.ann.enter("plain text")
        self.heard("plain text")
        self.ann.press("F1")
        self.ann.until_status("(more below)")
        self.ann.press("NPage")
        self.ann.press("F1")
        rows = self.ann.until_text("] > plain text")
        if not any("o bob" in row for row in left(rows)):
            yield f"there is no panel: {left(rows)}"
        self.ann.resize(40, 10)
        self.ann.until_status("| 2 bob")
        self.ann.enter("/quit")
        self.ann.until_gone()


CHAPTERS = ("log_in", "talk", "typing_is_not_disturbed", "unread", "windows",
            "completion_and_editing", "paths_are_completed", "lines_are_searched",
            "keys_are_bound", "pasted_lines_are_not_sent", "addresses_are_opened_with_a_key_only",
            "messages_wait_in_the_outbox", "mouse", "messages_to_several", "wide_characters",
            "a_wrong_code_page", "resize", "hostile", "scrolling", "packets", "leaves",
            "outbox_is_remembered", "history_comes_back", "serial_console")


def no_tmux():
    raise stories.tap.Skip("no tmux here")


def main():
    if shutil.which("tmux"):
        stories.in_chapters(Watched, CHAPTERS)
    else:
        stories.tap.run([("screen", no_tmux)])


if __name__ == "__main__":
    main()
