#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two icq --json and one icqd: search, profiles, passwords, authorization, random chat.

Usage: directory.py BUILD_FOLDER
"""

import subprocess

import stories
from programs import PATIENCE_S, Terminal, home_of, password_line, write_settings

NICK = "Zo\u00eb \u20ac"  # both characters are in CP1252
PROFILE = {"nick": NICK, "first": "Zo\u00eb", "last": "O'Neill", "email": "zoe@example.org",
           "auth": True, "city": "K\u00f8benhavn", "country": 45, "state": "DK", "age": 33,
           "sex": "female", "phone": "+45 1", "homepage": "http://zoe.example/",
           "about": "first line\r\nsecond \u00e6\u00f8\u00e5"}
NOBODY = 4000000000


class Two(stories.Story):
    def __init__(self, folder):
        super().__init__(folder)
        self.ann = self.client("ann")
        self.bob = self.client("bob")

    def info(self):
        return self.bob.do("info", uin=self.ann.uin)["info"]

    def login(self):
        for client, password in (self.ann, "annpass"), (self.bob, "bobpass"):
            client.register(password)
            client.login(password)
        return []

    def every_field_comes_back(self):
        self.ann.do("update", **PROFILE)
        got = self.info()
        if got != {"uin": self.ann.uin, **PROFILE}:
            yield f"got {got}"

    def each_field_changes_alone(self):
        wanted = {"uin": self.ann.uin, **PROFILE}
        for change in ({"first": "Z"}, {"about": ""}, {"city": "\u00c5rhus"}, {"auth": False},
                       {"sex": "male"}, {"age": 34}, {"homepage": ""}):
            self.ann.do("update", **change)
            wanted.update(change)
            if self.info() != wanted:
                yield f"after {change}: {self.info()}"
        self.ann.do("update", age=0, country=0, sex="", auth=True)
        got = self.info()
        if any(key in got for key in ("age", "country", "sex")) or not got["auth"]:
            yield f"what was taken back is still there: {got}"

    def unknown_users(self):
        result = self.bob.ask("info", uin=NOBODY)
        if result.get("error") != "unknown_uin":
            yield f"info: {result}"
        result = self.bob.do("search", uin=NOBODY)
        if result["hits"] or result["more"]:
            yield f"search: {result}"

    def search_finds(self):
        wanted = {"uin": self.ann.uin, "nick": NICK, "first": "Z", "last": "O'Neill",
                  "email": "zoe@example.org", "auth": True, "online": True}
        for key in ({"uin": self.ann.uin}, {"nick": "zO\u00cb"}, {"nick": "\u20ac"},
                    {"last": "neill"}, {"email": "ZOE@example.org"},
                    {"nick": "zo", "last": "o'n"}):
            result = self.bob.do("search", **key)
            if result["hits"] != [wanted] or result["more"]:
                yield f"{key}: {result}"
        for key in {"nick": "nobody"}, {"email": "zoe"}, {"nick": "zo", "last": "x"}:
            if self.bob.do("search", **key)["hits"]:
                yield f"{key} finds somebody"

    def code_pages(self):
        """Each writes in the page of the account, and reads in that of the contact."""
        nick = "\u0417\u043e\u044f"
        self.ann.do("set", key="text.charset", value="cp1251")
        self.ann.do("update", nick=nick)
        self.bob.do("add", uin=self.ann.uin)
        self.bob.do("edit", uin=self.ann.uin, charset="cp1251")
        if self.info()["nick"] != nick:
            yield f"info: {self.info()}"
        self.bob.do("set", key="text.charset", value="cp1251")
        hits = self.bob.do("search", nick=nick)["hits"]
        if [hit["nick"] for hit in hits] != [nick]:
            yield f"search: {hits}"
        for client in self.ann, self.bob:
            client.do("set", key="text.charset", value="cp1252")
        self.bob.do("remove", uin=self.ann.uin)

    def authorization(self):
        self.bob.do("update", nick="bob")
        self.bob.do("auth", uin=self.ann.uin, action="request", text="please, \u00e6")
        got = self.ann.event(ev="request", kind="auth")
        if (got["from"], got["text"], got["name"]) != (self.bob.uin, "please, \u00e6", "bob"):
            yield f"the request: {got}"
        self.ann.do("auth", uin=self.bob.uin, action="refuse", text="not you")
        got = self.bob.event(ev="message", type="auth_refused")
        if (got["from"], got["text"]) != (self.ann.uin, "not you"):
            yield f"the refusal: {got}"
        self.ann.do("auth", uin=self.bob.uin, action="grant")
        got = self.bob.event(ev="message", type="auth_granted")
        if got["from"] != self.ann.uin:
            yield f"the grant: {got}"
        self.bob.do("auth", uin=self.ann.uin, action="added")
        got = self.ann.event(ev="request", kind="added")
        if (got["from"], got["name"]) != (self.bob.uin, "bob"):
            yield f"she was added: {got}"

    def by_chance(self):
        if self.bob.ask("rand", group=3).get("error") != "not_found":
            yield "somebody is in an empty group"
        self.ann.do("rand_set", group=3)
        if self.bob.do("rand", group=3)["uin"] != self.ann.uin:
            yield "somebody else was found"
        self.ann.do("rand_set", group=0)
        if self.bob.ask("rand", group=3).get("error") != "not_found":
            yield "who has left the group is still found"

    def new_password(self):
        self.ann.do("password", new="second")
        self.ann.do("logout")
        result = self.ann.ask("login", uin=self.ann.uin, password="annpass")
        if result.get("error") != "refused":
            yield f"the old password: {result}"
        self.ann.login("second")

    def words(self):
        """The same from the command line."""
        environment = {**home_of(self.home("words", "second")), "LC_ALL": "C.UTF-8"}

        def say(*phrases):
            args = [arg for phrase in phrases for arg in ("-e", phrase)]
            told = subprocess.run([stories.BUILD / "icq", *self.at(self.ann), *args],
                                  env=environment, check=False, capture_output=True,
                                  timeout=PATIENCE_S, encoding="utf-8")
            return told.returncode, told.stdout + told.stderr

        for phrases, code, wanted in (
                (["update nick=zed AUTH=no age=40", "about me: \u00e6"], 0, "profile is changed"),
                ([f"info {self.ann.uin}"], 0, "age: 40\n"),
                ([f"info {self.ann.uin}"], 0, "about: me: \u00e6\n"),
                (["search nick=ZED"], 0, f"{self.ann.uin}  zed"),
                (['search "nick=a b"'], 0, "* nobody"),
                ([f"info {NOBODY}"], 5, "nobody has this number"),
                ([f"auth deny {self.bob.uin} never"], 0, "accepted"),
                (["rand 2"], 5, "rand: "), (["rand-set 0"], 0, ""),
                (["update shoe=44"], 2, "KEY=VALUE"), (["search"], 2, "missing")):
            got, text = say(*phrases)
            if got != code or wanted not in text:
                yield f"{phrases}: {got}, {text!r}"
        self.bob.event(ev="message", type="auth_refused", text="never")

    def at(self, client):
        return ["-u", str(client.uin), "-h", f"127.0.0.1:{self.server.port}"]

    def home(self, name, password):
        """The folder of a user with the password in a file."""
        home = self.folder / name
        write_settings(home, "[account]\n" + password_line(home, password))
        return home

    def password_of_a_terminal(self):
        terminal = Terminal(self.home("terminal", "bobpass"),
                            [stories.BUILD / "icq", *self.at(self.bob), "-e", "pass"])
        for question in "New password", "The same again":
            terminal.until(question)
            terminal.type("third\n")
        terminal.until("the password file still")
        failed = terminal.end() != 0
        if failed or "third" in terminal.shown or "password counts" not in terminal.shown:
            yield f"pass: {terminal.shown}"
        self.bob.event(ev="state", state="refused")  # the other session has ended his
        self.bob.login("third")


CHAPTERS = ("login", "every_field_comes_back", "each_field_changes_alone", "unknown_users",
            "search_finds", "code_pages", "authorization", "by_chance", "new_password", "words",
            "password_of_a_terminal")


if __name__ == "__main__":
    stories.in_chapters(Two, CHAPTERS)
