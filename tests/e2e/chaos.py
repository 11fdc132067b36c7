#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""icq --json behind icqchaos: on a line that loses, repeats and reorders, nothing is lost for good.

Usage: chaos.py BUILD_FOLDER [CLIENTS [SECONDS_OF_FAULTS [MESSAGES [FAULT_OPTION...]]]]
"""

import json
import os
import random
import sys
import time

import stories
from programs import Broken, Chaos, Client

PRESET = [4, 12, 5]
CLIENTS, FAULTS_S, MESSAGES = map(int, sys.argv[2:5] + PRESET[len(sys.argv[2:5]):])
SETTLED_S = 60  # after the end of the faults
SEED = os.environ.get("SEED", hex(random.getrandbits(64)))
FAULTS = sys.argv[5:] or ["--loss", "20%", "--duplicate", "10%", "--reorder", "10%",
                          "--jitter", "20"]


class Ring(stories.Story):
    def __init__(self, folder):
        super().__init__(folder, "-o", "session.retry=3")
        self.chaos = None
        self.clients = []
        self.started_s = None

    def register(self):
        """Without faults, whose time is for messages."""
        for i in range(CLIENTS):
            client = self.client(f"client{i}")
            client.register(f"pass{i}")
            client.do("quit")
            yield client.uin

    def connect(self, uins):
        self.chaos = self.started(Chaos(stories.BUILD, self.server.port, "--json", "--seed", SEED,
                                        "--for", str(FAULTS_S), *FAULTS))
        self.started_s = time.monotonic()
        for i, uin in enumerate(uins):
            client = self.started(Client(stories.BUILD, self.folder / f"client{i}",
                                         self.chaos.port))
            client.uin = uin
            client.write(json.dumps({"cmd": "login", "uin": uin, "password": f"pass{i}"}))
            self.clients.append(client)

    def pairs(self):
        """Each client writes to both its neighbours in a ring."""
        for i, client in enumerate(self.clients):
            for step in (1, -1):
                yield client, self.clients[(i + step) % len(self.clients)]

    def send(self):
        for client in self.clients:
            if not client.event(ev="result")["ok"]:
                raise Broken(f"login of {client.uin}")
        for number in range(MESSAGES):
            for sender, receiver in self.pairs():
                sender.write(json.dumps({"cmd": "send", "to": receiver.uin,
                                         "text": f"message {number}"}))

    def receive(self):
        """All that comes, by the pair of sender and receiver."""
        came = {}
        for client in self.clients:
            for _ in range(2 * MESSAGES):
                message = client.event(ev="message")
                came.setdefault((message["from"], client.uin), []).append(message["text"])
                client.event(ev="sent", state="accepted")
        return came

    def extras(self):
        """A second copy would come before the answer to a question."""
        for client in self.clients:
            client.do("ping")
            yield from (e for e in client.seen if e["ev"] == "message")


def every_message_once_and_in_order(story):
    story.connect(list(story.register()))
    story.send()
    came = story.receive()
    late_s = time.monotonic() - story.started_s - FAULTS_S
    wanted = [f"message {number}" for number in range(MESSAGES)]
    for sender, receiver in story.pairs():
        got = came.get((sender.uin, receiver.uin))
        if got != wanted:
            yield f"{sender.uin} to {receiver.uin}: {got}"
    yield from (f"one too many: {e}" for e in story.extras())
    if late_s > SETTLED_S:
        yield f"the last came {late_s:.1f} s after the faults had ended"
    told = story.chaos.summary()
    print(f"last message {late_s:.1f} s after the faults; {told}", file=sys.stderr)
    if not any(told[way]["lost"] + told[way]["duplicated"] for way in ("up", "down")):
        yield f"no fault arrived: {told}"


if __name__ == "__main__":
    print(f"SEED={SEED}", file=sys.stderr)
    stories.tap.run([stories.alone(Ring, every_message_once_and_in_order)])
