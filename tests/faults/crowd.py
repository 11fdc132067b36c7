# SPDX-License-Identifier: MIT
"""Users who write to each other without a pause, and notice whatever is lost, doubled or late.

Each user writes to the next one, a message at a time: the numbers 0, 1, 2, ... A message is
repeated until it is acknowledged, so the receiver must get every number once, in order. Nobody
logs in a second time, whatever happens to the server, and nobody sees anybody come or go.
"""

import pathlib
import selectors
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cmd"))
from serving import Client, string

REPEAT_S = 0.25
BUSY_S = 0.002
ACK, MESSAGE, RECEIVED, CONTACTS, LISTED = 0x000A, 0x010E, 0x0104, 0x0406, 0x021C
LAST = {0x0028: "told to go", 0x00F0: "not connected"}
NEWS = {0x006E: "sees a friend come", 0x0078: "sees a friend go"}


class User:
    def __init__(self, port):
        self.client = Client(port)
        self.uin = self.client.log_in(self.client.register(b"secret"), b"secret")
        self.client.socket.setblocking(False)
        self.friend = None
        self.listed = False
        self.seq = 100
        self.accepted = 0  # messages acknowledged
        self.received = 0  # messages received
        self.outgoing = None  # the packet that waits for its acknowledgement
        self.sent_s = 0.0
        self.seen = set()
        self.complaints = []

    def list_friend(self):
        """Watches him from then on; that he is there now is no news."""
        self.put(self.packet(CONTACTS, 99, struct.pack("<BI", 1, self.friend.uin)))

    def put(self, packet):
        try:
            self.client.socket.send(packet)
        except (ConnectionRefusedError, BlockingIOError):
            pass  # nobody is there: it will be repeated

    def packet(self, command, seq, body=b""):
        return struct.pack("<HHHI", 2, command, seq, self.uin) + body

    def write(self, now_s):
        """The next message, or once more the last."""
        if self.outgoing and now_s - self.sent_s < REPEAT_S:
            return
        if not self.outgoing:
            self.seq += 1
            text = struct.pack("<IH", self.friend.uin, 1) + string(b"%d" % self.accepted)
            self.outgoing = self.packet(MESSAGE, self.seq & 0xFFFF, text)
        self.sent_s = now_s
        self.put(self.outgoing)

    def on_packet(self, packet):
        _, command, seq = struct.unpack_from("<HHH", packet)
        if command == ACK:
            self.on_ack(seq)
            return
        self.put(self.packet(ACK, seq))
        if command in LAST:
            self.complaints.append(f"{self.uin}: {LAST[command]}")
        elif command in NEWS and self.listed:
            self.complaints.append(f"{self.uin}: {NEWS[command]}")
        elif command == LISTED:
            self.listed = True
        elif command == RECEIVED and seq not in self.seen:
            self.seen.add(seq)
            self.on_message(packet[14:-1])

    def on_ack(self, seq):
        if self.outgoing and seq == self.seq & 0xFFFF:
            self.outgoing = None
            self.accepted += 1

    def on_message(self, text):
        if int(text) != self.received:
            self.complaints.append(f"{self.uin}: message {int(text)}, expected {self.received}")
        self.received = int(text) + 1

    def read(self):
        while True:
            try:
                packet = self.client.socket.recv(4096)
            except (BlockingIOError, ConnectionRefusedError):
                return
            self.on_packet(packet)


class Crowd:
    def __init__(self, port, users):
        self.users = [User(port) for _ in range(users)]
        self.selector = selectors.DefaultSelector()
        for user, friend in zip(self.users, self.users[1:] + self.users[:1]):
            user.friend = friend
            self.selector.register(user.client.socket, selectors.EVENT_READ, user)
        self.befriend()

    def befriend(self):
        while waiting := [user for user in self.users if not user.listed]:
            for user in waiting:
                user.list_friend()
            self.turn_until(REPEAT_S, lambda: all(user.listed for user in waiting))

    def turn(self, writes):
        now_s = time.monotonic()
        for key, _ in self.selector.select(BUSY_S):
            key.data.read()
        for user in self.users:
            if writes or user.outgoing:
                user.write(now_s)

    def run(self, seconds):
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            self.turn(True)

    def turn_until(self, seconds, done):
        """No new messages; returns once it is done, or the time is over."""
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s and not done():
            self.turn(False)

    def settle(self, seconds):
        """Until all have arrived."""
        self.turn_until(seconds, lambda: not self.under_way() and not self.unanswered())

    def settle_what_came(self, seconds):
        """Until all that was accepted has arrived."""
        self.turn_until(seconds, lambda: not self.under_way())

    def accepted(self):
        return sum(user.accepted for user in self.users)

    def under_way(self):
        """Messages accepted and not delivered."""
        return self.accepted() - sum(user.received for user in self.users)

    def unanswered(self):
        return sum(user.outgoing is not None for user in self.users)

    def complaints(self):
        """To be asked after settle."""
        found = [c for user in self.users for c in user.complaints]
        for user in self.users:
            if user.friend.received != user.accepted:
                found.append(f"{user.uin}: {user.accepted} accepted, "
                             f"{user.friend.received} delivered")
        return found

    def close(self):
        self.selector.close()
        for user in self.users:
            user.client.socket.close()
