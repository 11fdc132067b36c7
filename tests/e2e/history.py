#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What icq remembers: across signal 9, a full disk and damage; found, and written to files.

Usage: history.py BUILD_FOLDER
"""

import contextlib
import json
import resource
import signal
import sqlite3
import subprocess

import stories
from programs import PATIENCE_S, Client, home_of

NOBODY = "127.0.0.1:9"  # the discard port: nobody answers
ROUNDS = 5
BURST = 8


class Pair(stories.Story):
    """Ann and Bob, who may be killed and come back."""

    def __init__(self, folder):
        super().__init__(folder)
        self.ann = self.client("ann")
        self.bob = self.client("bob")
        self.ann.register("secret")
        self.bob.register("secret")
        self.ann.login("secret")
        self.bob.login("secret")

    def come_back(self, name, **more):
        """As somebody whose icq was killed, or told to quit: then it may take a moment."""
        old = getattr(self, name)
        old.process.wait(PATIENCE_S)
        new = self.client(name, **more)
        new.uin = old.uin
        setattr(self, name, new)


def texts_in(client, way):
    rows = client.do("history", limit=1000)["messages"]
    return [row["text"] for row in rows if row["dir"] == way]


def a_receiver_killed_at_a_message_has_each_once(pair):
    sent = []
    for turn in range(ROUNDS):
        burst = [f"message {turn}.{i}" for i in range(BURST)]
        for text in burst:
            pair.ann.do("send", to=pair.bob.uin, text=text)
        sent += burst
        pair.bob.event(ev="message", text=burst[turn % BURST])
        pair.bob.kill()  # whatever it was about to acknowledge, or had just written
        pair.come_back("bob")
        pair.bob.login("secret")
    pair.ann.say(pair.bob.uin, "the last one")
    pair.bob.event(ev="message", text="the last one")
    got = texts_in(pair.bob, "in")
    if got != [*sent, "the last one"]:
        yield f"sent {sent}, got {got}"


def a_sender_killed_at_a_result_goes_on_under_the_same_number(pair):
    sent = []
    for turn in range(ROUNDS):
        burst = [f"message {turn}.{i}" for i in range(BURST)]
        if turn % 2:  # nothing is acknowledged: all of it is still in the outbox
            pair.server.process.send_signal(signal.SIGSTOP)
        results = [pair.ann.do("send", to=pair.bob.uin, text=text)["msg"] for text in burst]
        pair.ann.kill()
        pair.server.process.send_signal(signal.SIGCONT)
        sent += burst
        pair.come_back("ann")
        pair.ann.login("secret")
        pair.ann.say(pair.bob.uin, f"end of turn {turn}")
        sent.append(f"end of turn {turn}")
        if turn % 2:
            for msg in results:
                pair.ann.event(ev="sent", msg=msg, state="accepted")
    got = [pair.bob.event(ev="message")["text"] for _ in sent]
    if got != sent or texts_in(pair.bob, "in") != sent:
        yield f"sent {sent}, got {got}"
    if texts_in(pair.ann, "out") != sent or pair.ann.do("outbox")["messages"]:
        yield f"the sender has {texts_in(pair.ann, 'out')}"


def small_disk():
    """A write beyond this fails, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (200000, resource.RLIM_INFINITY))


def a_full_disk_takes_no_message_and_says_so(pair):
    pair.bob.do("quit")
    # Python ignores the signal that would end a process there, and so does what it starts.
    pair.come_back("bob", preexec_fn=small_disk, restore_signals=False)
    pair.bob.login("secret")
    sent = [f"{i} {4000 * 'x'}" for i in range(60)]
    for text in sent:
        pair.ann.do("send", to=pair.bob.uin, text=text)
    notice = pair.bob.event(ev="notice", code="disk")
    if notice["level"] != "error":
        yield f"the notice is {notice}"
    result = pair.bob.ask("send", to=pair.ann.uin, text=4000 * "y")
    if result.get("error") != "disk":
        yield f"it promised to send: {result}"
    pair.bob.kill()
    pair.come_back("bob")
    pair.bob.login("secret")
    pair.ann.say(pair.bob.uin, "the last one")
    pair.bob.event(ev="message", text="the last one")
    count = 0
    for row in pair.bob.do("history", find="xxx", limit=1000)["messages"][-3:]:
        count += row["text"] in sent
    if count != 3:
        yield "the newest ones were not found"
    export = pair.folder / "all"
    if pair.bob.do("export", format="json", path=str(export))["count"] != len(sent) + 1:
        yield "some were lost or doubled"


def run(folder, *args, text=""):
    return subprocess.run([stories.BUILD / "icq", "-h", NOBODY, *args], input=text, text=True,
                          encoding="utf-8", capture_output=True, env=home_of(folder),
                          timeout=PATIENCE_S, check=False)


def one_profile_is_for_one_icq(folder):
    first = Client(stories.BUILD, folder, 9)
    second = run(folder, "--json")
    if second.returncode != 6 or str(first.process.pid) not in second.stderr:
        yield f"the second one: {second}"
    other = run(folder, "--json", "--profile", "other")
    if other.returncode != 0:
        yield f"another profile: {other}"
    first.kill()
    again = run(folder, "--json")
    if again.returncode != 0:
        yield f"after signal 9: {again}"


def history_file(folder):
    return folder / "data" / "icq" / "default" / "history.db"


def what_cannot_be_read_is_refused_with_a_reason(folder):
    run(folder, "--json")
    if history_file(folder).stat().st_mode & 0o077:
        yield "others may read the history"
    with contextlib.closing(sqlite3.connect(history_file(folder))) as db:
        db.execute("PRAGMA user_version = 9999")
    told = run(folder, "--json")
    if told.returncode != 1 or "newer version" not in told.stderr:
        yield f"a newer one: {told}"
    history_file(folder).write_bytes(b"no database, but long enough to look like one" * 100)
    told = run(folder, "--json")
    if told.returncode != 1 or "damaged" not in told.stderr:
        yield f"a damaged one: {told}"


HOSTILE = 'a <b>&"\x1b[2J\n2026-01-01 00:00:00 from ann: forged'


def conversations_are_found_and_written_to_files(pair):
    pair.ann.do("add", uin=pair.bob.uin, nick="<bob>")
    pair.ann.say(pair.bob.uin, "Gr\u00fc\u00dfe und mehr")
    pair.bob.do("send", to=pair.ann.uin, text=HOSTILE)
    pair.bob.do("send", to=pair.ann.uin, type="url", url="http://a.b/", text="a place")
    pair.ann.event(ev="message", type="url")
    for words, number in ("MEHR gr\u00dc\u00df", 1), ("HTTP://a", 1), ("mehr place", 0), ("a", 2):
        found = pair.ann.do("history", find=words)["messages"]
        if len(found) != number:
            yield f"{words!r}: {found}"
    files = {}
    for kind in "text", "json", "html":
        path = pair.folder / kind
        result = pair.ann.do("export", uin=pair.bob.uin, format=kind, path=str(path))
        files[kind] = path.read_text(encoding="utf-8")
        if result["count"] != 3 or path.stat().st_mode & 0o077:
            yield f"{kind}: {result}, {path.stat()}"
    again = pair.ann.ask("export", format="text", path=str(pair.folder / "text"))
    if again.get("error") != "bad_field" or files["text"] != (pair.folder / "text").read_text():
        yield f"a file was written over: {again}"
    yield from look_at(files, pair.ann.do("history")["messages"])


def look_at(files, rows):
    if [json.loads(line) for line in files["json"].splitlines()] != rows:
        yield f"json: {files['json']}"
    if "\x1b" in files["text"] + files["html"]:
        yield "an escape character is in a file"
    for part in " to <bob>: Gr\u00fc\u00dfe und mehr\n", ': a <b>&"\\x1b[2J\n    2026-01-01', \
            "http://a.b/  a place":
        if part not in files["text"]:
            yield f"text: {part!r} is not in {files['text']!r}"
    for part in "&lt;bob&gt;", "a &lt;b&gt;&amp;&quot;", "default-src 'none'":
        if part not in files["html"]:
            yield f"html: {part!r} is not in {files['html']!r}"


def people_find_and_export(folder):
    lines = ["add 10001 ann", "find nothing", f'export ann text "{folder}/my file"',
             f"export ann song {folder}/x", f"export ann text {folder}/none/x"]
    told = run(folder, "--plain", text="\n".join(["set account.uin 10002", *lines]))
    for part in "* nothing", "* 0 messages written", "format", "No such file":
        if part not in told.stdout:
            yield f"{part!r} is not in {told.stdout!r}"
    if not (folder / "my file").exists() or (folder / "x").exists():
        yield "the files are not the right ones"


def main():
    stories.tap.run([
        *(stories.alone(Pair, case) for case in (
            a_receiver_killed_at_a_message_has_each_once,
            a_sender_killed_at_a_result_goes_on_under_the_same_number,
            a_full_disk_takes_no_message_and_says_so,
            conversations_are_found_and_written_to_files)),
        *(stories.in_folder(case) for case in (
            one_profile_is_for_one_icq, what_cannot_be_read_is_refused_with_a_reason,
            people_find_and_export))])


if __name__ == "__main__":
    main()
