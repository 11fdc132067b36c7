#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two real clients talk directly, with icqd beside them.

Usage: peer.py BUILD_FOLDER
"""

import functools
import subprocess

import stories
from programs import Program, home_of, password_line, write_settings

LISTENING = "direct = on\nlisten = 127.0.0.1:0\n"


class Pair(stories.Story):
    """Ann, and Bob, whose texts go directly; each lists the other."""

    def __init__(self, folder, ann_net=LISTENING, bob_net=LISTENING + "text-route = peer\n"):
        super().__init__(folder)
        self.ann = self.online("ann", ann_net)
        self.bob = self.online("bob", bob_net)
        for one, other in (self.ann, self.bob), (self.bob, self.ann):
            one.do("add", uin=other.uin)
            one.event(ev="presence", uin=other.uin)

    def online(self, name, net):
        write_settings(self.folder / name, f"[net]\n{net}")
        client = self.client(name)
        client.register("secret1")
        client.login("secret1")
        return client

    def send(self, **fields):
        return self.bob.do("send", to=self.ann.uin, **fields)["msg"]


def between(case, **nets):
    return stories.alone(functools.partial(Pair, **nets), case)


def texts_go_directly(pair):
    msg = pair.send(text="hello över there")
    told = pair.bob.event(ev="sent", msg=msg, state="delivered")
    got = pair.ann.event(ev="message")
    if told["via"] != "peer" or got["via"] != "peer" or got["verified"] != "address":
        yield f"not directly: {told} {got}"
    if got["text"] != "hello över there" or got["from"] != pair.bob.uin:
        yield f"got {got}"
    pair.ann.do("send", to=pair.bob.uin, text="and back", via="peer")
    if pair.bob.event(ev="message")["via"] != "peer":
        yield "the answer did not take the connection there was"
    msg = pair.send(text="by post", via="server")
    if pair.bob.event(ev="sent", msg=msg, state="accepted")["via"] != "server":
        yield "via server does not go through the server"
    row = pair.bob.do("history", limit=3)["messages"][0]
    if row["state"] != "delivered" or row["via"] != "peer":
        yield f"the history has {row}"
    pair.ann.event(ev="message", text="by post")
    rows = pair.ann.do("history")["messages"]
    if [row.get("verified") for row in rows] != ["address", None, True]:
        yield f"the receiver's history has {rows}"


def away_text_is_told_and_read(pair):
    pair.ann.do("status", status="away", text="back at ten")
    pair.bob.event(ev="presence", status="away")
    msg = pair.send(text="hello")
    if pair.bob.event(ev="sent", msg=msg, state="delivered").get("text") != "back at ten":
        yield "the away text did not come with the acknowledgement"
    got = pair.bob.do("peek", uin=pair.ann.uin)
    if (got["status"], got["text"]) != ("away", "back at ten"):
        yield f"peek: {got}"
    if pair.ann.event(ev="away_read")["uin"] != pair.bob.uin:
        yield "nobody said who has read it"


def busy_user_returns_what_does_not_press(pair):
    pair.ann.do("status", status="dnd", text="not now")
    pair.bob.event(ev="presence", status="dnd")
    returned = pair.send(text="hello")
    got = pair.bob.event(ev="sent", msg=returned, state="returned")
    if (got["reason"], got["text"]) != ("dnd", "not now"):
        yield f"got {got}"
    msg = pair.send(text="it burns", mode="urgent")
    pair.bob.event(ev="sent", msg=msg, state="delivered")
    if pair.ann.event(ev="message")["text"] != "it burns":
        yield "the message that was returned has been shown"
    if pair.bob.do("outbox")["messages"]:
        yield "a returned message is still in the outbox"
    for way, state in ("list", "delivered"), ("server", "accepted"):
        again = pair.bob.do("resend", msg=returned, **{"as": way})["msg"]
        pair.bob.event(ev="sent", msg=again, state=state)
        if pair.ann.event(ev="message")["text"] != "hello":
            yield f"another message was sent again ({way})"
    states = [row["state"] for row in pair.bob.do("history")["messages"]]
    if states != ["returned", "delivered", "delivered", "accepted"]:
        yield f"the history has {states}"
    if pair.bob.ask("resend", msg=again).get("error") != "not_found":
        yield "what was not returned was sent again"


def connection_opens_and_closes(pair):
    pair.bob.do("peer", uin=pair.ann.uin, action="open")
    pair.ann.event(ev="peer", uin=pair.bob.uin, state="open")
    for client, other, ours in (pair.bob, pair.ann, True), (pair.ann, pair.bob, False):
        shown = client.do("peer", uin=other.uin, action="show")["connections"]
        if [(c["open"], c["ours"], c["verified"], c["version"]) for c in shown] != \
                [(True, ours, "address", 3)]:
            yield f"shown: {shown}"
    pair.bob.do("peer", uin=pair.ann.uin, action="close")
    pair.ann.event(ev="peer", uin=pair.bob.uin, state="closed")
    if pair.bob.ask("peer", uin=pair.ann.uin, action="close").get("error") != "not_found":
        yield "closed twice"
    if pair.bob.ask("peer", uin=4711, action="open").get("error") != "no_direct":
        yield "a stranger can be connected to"


def through_the_server(pair, msg):
    told = pair.bob.event(ev="sent", msg=msg, state="accepted")
    got = pair.ann.event(ev="message")
    if (told["via"], got["via"], got["text"]) != ("server", "server", "hello"):
        yield f"got {told} {got}"


def refused_connection_is_no_obstacle(pair):
    pair.ann.do("set", key="net.direct", value="off")  # she hangs up on everybody from now on
    msg = pair.send(text="hello")
    yield from through_the_server(pair, msg)


def closed_port_is_no_obstacle(pair):
    """Ann's program has died, but the server does not know yet."""
    pair.ann.kill()
    msg = pair.send(text="hello")
    if pair.bob.event(ev="peer", uin=pair.ann.uin)["state"] != "refused":
        yield "there is somebody at Ann's port"
    if pair.bob.event(ev="sent", msg=msg, state="accepted")["via"] != "server":
        yield "the message did not go through the server"
    ann = pair.client("ann")
    ann.do("login", uin=pair.ann.uin, password="secret1")
    if ann.event(ev="message")["text"] != "hello":
        yield "the message has not arrived"


def who_cannot_be_reached_comes_himself(pair):
    """Bob listens where nobody looks for him, as if behind a firewall."""
    msg = pair.ann.do("send", to=pair.bob.uin, text="knock", via="peer")["msg"]
    if pair.ann.event(ev="peer", uin=pair.bob.uin)["state"] != "refused":
        yield "there is somebody at Bob's port"
    if pair.ann.event(ev="sent", msg=msg, state="delivered")["via"] != "peer":
        yield "the message did not go directly"
    if pair.bob.event(ev="message")["via"] != "peer":
        yield "it came another way"


def packets_are_shown(pair):
    pair.ann.do("verbose", level=1)
    pair.send(text="hello")
    for direction, word in ("in", "CHANNEL_INIT"), ("in", "CHANNEL_MESSAGE"), \
            ("out", "CHANNEL_MESSAGE"):
        got = pair.ann.event(ev="packet", proto="tcp", dir=direction)
        if not got["text"].startswith(word):
            yield f"{word}: {got}"


def people_can_type_it(pair):
    """The same in words: Bob has lines instead of objects."""
    pair.ann.do("status", status="dnd", text="not now")
    pair.bob.do("quit")
    pair.bob.process.wait()
    home = pair.folder / "bob"
    write_settings(home, f"[account]\nuin = {pair.bob.uin}\n" + password_line(home, "secret1"))
    bob = pair.started(Program(
        [stories.BUILD / "icq", "--plain", "-h", f"127.0.0.1:{pair.server.port}"],
        stdin=subprocess.PIPE, env=home_of(home)))
    ann = pair.ann.uin
    for answer, line in [(f"* {ann} is dnd", f"peek {ann}"), ("* dnd: not now", f"msg {ann} hi"),
                         ("returned (dnd): not now", f"urgent {ann} it burns"),
                         ("delivered", f"history {ann}"), (" (returned): hi", "urgent"),
                         (f"message 3 to {ann} delivered", "resend"),
                         (f"message 4 to {ann} accepted", f"peer {ann} show"),
                         ("to 127.0.0.1", f"peer {ann} close"), ("closed", "quit")]:
        said = ""
        while answer not in said:
            said = bob.line(answer)
        bob.process.stdin.write(line + "\n")
        bob.process.stdin.flush()
    if bob.process.wait() != 0:
        yield f"ended with {bob.process.returncode}"
    for text in "it burns", "hi", "hi":
        pair.ann.event(ev="message", text=text)


def hidden_address_does_not_match(pair):
    """Who takes no connections hides where he is; nothing private goes over his connection."""
    pair.send(text="hello")
    if pair.ann.event(ev="message")["verified"] is not False or \
            pair.ann.do("history")["messages"][0]["verified"] is not False:
        yield "an address was believed that the server had not told"
    if pair.ann.ask("send", to=pair.bob.uin, text="x", via="peer").get("error") != "no_direct":
        yield "a message went over a connection of somebody unknown"


def who_does_not_listen_is_not_tried(pair):
    msg = pair.send(text="hello")
    if pair.bob.event(ev="sent", msg=msg, state="accepted")["via"] != "server":
        yield "it went directly"
    if pair.bob.ask("peek", uin=pair.ann.uin).get("error") != "no_direct":
        yield "an away text without a connection"


def main():
    stories.tap.run([
        between(texts_go_directly), between(away_text_is_told_and_read),
        between(busy_user_returns_what_does_not_press), between(connection_opens_and_closes),
        between(refused_connection_is_no_obstacle),
        between(closed_port_is_no_obstacle, bob_net="text-route = peer\n"),
        between(who_cannot_be_reached_comes_himself,
                bob_net="direct = on\nlisten = 127.0.0.2:0\n"),
        between(packets_are_shown), between(people_can_type_it),
        between(hidden_address_does_not_match, bob_net="text-route = peer\n"),
        between(who_does_not_listen_is_not_tried, ann_net="")])


if __name__ == "__main__":
    main()
