#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two icq --json and one icqd, from registration to a killed server.

Usage: e2e.py BUILD_FOLDER
"""

import stories

# What CP1252 leaves undefined stands for the code point of the same number.
UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
HIGH_BYTES = "".join(chr(b) if b in UNDEFINED else bytes([b]).decode("cp1252")
                     for b in range(0x80, 0x100))
OFFLINE_MESSAGES = 100


class Two(stories.Story):
    def __init__(self, folder):
        super().__init__(folder)
        self.ann = self.client("ann")
        self.bob = self.client("bob")

    def register(self):
        self.ann.register("annpass")
        self.bob.register("bobpass")
        if self.ann.uin == self.bob.uin:
            yield "both got the same number"
        if self.ann.uin < 10001:
            yield f"{self.ann.uin} is reserved"

    def wrong_password(self):
        result = self.ann.ask("login", uin=self.ann.uin, password="wrong")
        if result["ok"] or result["error"] != "refused":
            yield f"a wrong password: {result}"
        self.ann.event(ev="state", state="refused")

    def presence(self):
        self.ann.login("annpass")
        self.ann.do("add", uin=self.bob.uin, nick="bob")
        self.bob.login("bobpass")
        self.ann.event(ev="presence", uin=self.bob.uin, status="online")
        self.bob.do("add", uin=self.ann.uin, nick="ann")
        self.bob.event(ev="presence", uin=self.ann.uin, status="online")
        self.bob.do("status", status="occupied")
        self.ann.event(ev="presence", uin=self.bob.uin, status="occupied")
        self.bob.do("status", status="invisible")
        self.ann.event(ev="presence", uin=self.bob.uin, status="offline")
        self.bob.do("status", status="online")
        self.ann.event(ev="presence", uin=self.bob.uin, status="online")
        return []

    def text(self):
        text = f"first line\r\n{HIGH_BYTES}\r\nlast line"
        self.ann.say(self.bob.uin, text)
        got = self.bob.event(ev="message")
        if got["text"] != text or got["from"] != self.ann.uin or got["via"] != "server":
            yield f"sent {text!r}, got {got!r}"

    def url(self):
        self.bob.do("send", to=self.ann.uin, type="url", url="http://a.b/", text="a place")
        got = self.ann.event(ev="message", type="url")
        if (got["url"], got["text"]) != ("http://a.b/", "a place"):
            yield f"got {got!r}"

    def contacts(self):
        list_sent = [{"uin": 10001, "nick": "one"}, {"uin": 10002, "nick": ""}]
        self.bob.do("send", to=self.ann.uin, type="contacts", contacts=list_sent)
        got = self.ann.event(ev="message", type="contacts")
        if got["contacts"] != list_sent:
            yield f"got {got!r}"

    def offline_messages(self):
        self.bob.do("logout")
        self.ann.event(ev="presence", uin=self.bob.uin, status="offline")
        texts = [f"message {i}" for i in range(OFFLINE_MESSAGES)]
        for text in texts:
            self.ann.say(self.bob.uin, text)
        self.bob.login("bobpass")
        got = [self.bob.event(ev="message") for _ in texts]
        if [m["text"] for m in got] != texts:
            yield f"got {[m['text'] for m in got]}"
        if any(m["via"] != "stored" for m in got):
            yield "not all came as stored ones"
        self.bob.do("ping")
        yield from (f"one too many: {e}" for e in self.bob.seen if e["ev"] == "message")

    def no_second_time(self):
        """What was confirmed does not come again at the next login."""
        self.bob.do("ping")
        self.bob.do("logout")
        self.bob.login("bobpass")
        self.ann.say(self.bob.uin, "only this one")
        got = self.bob.event(ev="message")
        if got["text"] != "only this one":
            yield f"got {got!r}"

    def killed_server(self):
        """Signal 9 at the moment of the acknowledgement; the receiver is away."""
        self.bob.do("logout")
        self.ann.say(self.bob.uin, "survives")
        self.server.kill()
        self.server = self.serve(port=self.server.port)
        self.bob.login("bobpass")
        got = self.bob.event(ev="message")
        if got["text"] != "survives":
            yield f"got {got!r}"

    def clients_come_back(self):
        """Nobody told ann, but her session goes on or is made anew by itself."""
        self.ann.ask("ping")
        self.ann.say(self.bob.uin, "still here")
        got = self.bob.event(ev="message")
        if got["text"] != "still here":
            yield f"got {got!r}"

    def outbox(self):
        """What is sent while the server is down arrives once it is up again."""
        self.server.kill()
        msg = self.ann.do("send", to=self.bob.uin, text="patience")["msg"]
        waiting = self.ann.do("outbox")["messages"]
        if [m["msg"] for m in waiting] != [msg]:
            yield f"the outbox holds {waiting}"
        self.server = self.serve(port=self.server.port)
        for client in (self.ann, self.bob):
            client.ask("ping")  # it would notice by itself, but later
        self.ann.event(ev="sent", msg=msg, state="accepted")
        got = self.bob.event(ev="message")
        if got["text"] != "patience":
            yield f"got {got!r}"

    def stops(self):
        for program in (self.ann, self.bob):
            program.do("quit")
            program.event(ev="bye", exit=0)
        if self.server.stop() != 0:
            yield f"icqd ended with {self.server.process.returncode}"


CHAPTERS = ("register", "wrong_password", "presence", "text", "url", "contacts",
            "offline_messages", "no_second_time", "killed_server", "clients_come_back", "outbox",
            "stops")


if __name__ == "__main__":
    stories.in_chapters(Two, CHAPTERS)
