#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files between two real clients, with icqd beside them.

Usage: files.py BUILD_FOLDER
"""

import functools
import hashlib
import os
import random
import shutil
import subprocess

import stories
from programs import Program, home_of, password_line, write_settings
from screen import Screen

MEGABYTE = 1 << 20
SETTINGS = "[net]\ndirect = {direct}\nlisten = 127.0.0.1:0\n[files]\ndirectory = {files}\n"


class Pair(stories.Story):
    """Bob, who sends, and Ann; each lists the other."""

    def __init__(self, folder, ann="on", bob="on"):
        super().__init__(folder)
        self.here = folder / "downloads"
        self.here.mkdir()
        self.nets = {"ann": ann, "bob": bob}
        self.ann = self.online("ann")
        self.bob = self.online("bob")
        for one, other in (self.ann, self.bob), (self.bob, self.ann):
            one.do("add", uin=other.uin)
            one.event(ev="presence", uin=other.uin)

    def online(self, name):
        write_settings(self.folder / name,
                       SETTINGS.format(direct=self.nets[name], files=self.here))
        client = self.client(name)
        client.register("secret1")
        client.login("secret1")
        return client

    def again(self, name, uin):
        """Starts a client that was killed."""
        client = self.client(name)
        client.uin = uin
        client.login("secret1")
        return client

    def offer(self, *files, **more):
        """Bob offers files, Ann hears of it. The numbers on both sides."""
        sent = self.bob.do("file", uin=self.ann.uin, path=[str(file) for file in files], **more)
        return sent["request"], self.ann.event(ev="request", kind="file")

    def give(self, *files, **more):
        """The same, and Ann takes them."""
        out, asked = self.offer(*files)
        return out, self.ann.do("accept", request=asked["request"], **more)["transfer"]

    def made(self, name, size, seed=1):
        path = self.folder / name
        path.write_bytes(random.Random(seed).randbytes(size))
        return path


def between(case, **nets):
    return stories.alone(functools.partial(Pair, **nets), case)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def file_arrives(pair):
    path = pair.made("photo.jpg", 100000)
    out, asked = pair.offer(path, text="look")
    if (asked["name"], asked["size"], asked["text"]) != ("photo.jpg", 100000, "look"):
        yield f"asked {asked}"
    if asked["verified"] != "address" or asked["from"] != pair.bob.uin:
        yield f"asked {asked}"
    if [r["request"] for r in pair.ann.do("requests")["requests"]] != [asked["request"]]:
        yield "the request is not in the list"
    got = pair.ann.do("accept", request=asked["request"])
    done = pair.ann.event(ev="transfer", transfer=got["transfer"], state="done")
    if done["path"] != str(pair.here / "photo.jpg") or done["done"] != 100000:
        yield f"done: {done}"
    if digest(pair.here / "photo.jpg") != digest(path):
        yield "it is another file"
    if (pair.here / "photo.jpg").stat().st_mode & 0o777 != 0o600:
        yield "others may read it"
    pair.bob.event(ev="transfer", transfer=out, state="done")
    if os.listdir(pair.here) != ["photo.jpg"]:
        yield f"there is more: {os.listdir(pair.here)}"


def several_files_arrive_and_none_is_overwritten(pair):
    files = [pair.made(name, size, size) for name, size in
             [("a", 0), ("b.txt", 1), ("c", 300000), ("d.tar.gz", 2048)]]
    (pair.here / "b.txt").write_text("mine", encoding="utf-8")
    out, asked = pair.offer(*files)
    if (asked["name"], asked["size"]) != ("4 files", 302049):
        yield f"asked {asked}"
    number = pair.ann.do("accept", request=asked["request"])["transfer"]
    pair.ann.event(ev="transfer", transfer=number, state="done")
    pair.bob.event(ev="transfer", transfer=out, state="done")
    for file, name in zip(files, ["a", "b (2).txt", "c", "d.tar.gz"]):
        if digest(pair.here / name) != digest(file):
            yield f"{name} is another file"
    if (pair.here / "b.txt").read_text(encoding="utf-8") != "mine":
        yield "a file was overwritten"


def interrupted_file_is_resumed(pair):
    """The receiver dies amid 50 MB, and comes back."""
    path = pair.made("big", 50 * MEGABYTE)
    pair.bob.do("set", key="files.limit", value=str(20 * MEGABYTE))
    _, number = pair.give(path)
    while pair.ann.event(ev="transfer", transfer=number)["done"] < 5 * MEGABYTE:
        pass
    uin = pair.ann.uin
    pair.ann.kill()
    pair.bob.event(ev="transfer", state="failed")
    [part] = pair.here.iterdir()
    had = part.stat().st_size
    if not 4 * MEGABYTE < had < 50 * MEGABYTE:
        yield f"{had} bytes were kept"
    pair.bob.do("set", key="files.limit", value="0")
    pair.ann = pair.again("ann", uin)
    pair.bob.event(ev="presence", uin=uin, status="online")
    out, number = pair.give(path)
    first = pair.ann.event(ev="transfer", transfer=number, state="running")
    if not had - 65536 <= first["done"] <= had:
        yield f"went on at {first['done']} of {had}"
    pair.ann.event(ev="transfer", transfer=number, state="done")
    pair.bob.event(ev="transfer", transfer=out, state="done")
    if digest(pair.here / "big") != digest(path):
        yield "it is another file"


def other_contents_are_not_mixed(pair):
    """A partial file is there, but what comes now under its name differs."""
    part = pair.here / f"x.{pair.bob.uin}-200000.part"
    part.write_bytes(bytes(100000))
    path = pair.made("x", 200000)
    _, number = pair.give(path)
    failed = pair.ann.event(ev="transfer", transfer=number, state="failed")
    if failed["reason"] != "differs" or part.read_bytes() != bytes(100000):
        yield f"failed: {failed}"
    _, number = pair.give(path, resume=False)
    pair.ann.event(ev="transfer", transfer=number, state="done")
    if digest(pair.here / "x") != digest(path):
        yield "it is another file"


def either_side_cancels(pair):
    path = pair.made("big", 20 * MEGABYTE)
    pair.bob.do("set", key="files.limit", value=str(MEGABYTE))
    for one, other in ("ann", "bob"), ("bob", "ann"):
        out, number = pair.give(path)
        numbers = {"ann": number, "bob": out}
        clients = {"ann": pair.ann, "bob": pair.bob}
        clients[one].event(ev="transfer", transfer=numbers[one], state="running")
        clients[one].do("cancel", transfer=numbers[one])
        clients[one].event(ev="transfer", transfer=numbers[one], state="stopped")
        clients[other].event(ev="transfer", transfer=numbers[other], state="failed")
    if clients["ann"].ask("cancel", transfer=numbers["ann"]).get("error") != "not_found":
        yield "cancelled twice"


def refused_file_does_not_come(pair):
    out, asked = pair.offer(pair.made("x", 10))
    pair.ann.do("refuse", request=asked["request"], text="no, thanks")
    end = pair.bob.event(ev="transfer", transfer=out, state="stopped")
    if (end["reason"], end["text"]) != ("refused", "no, thanks"):
        yield f"ended {end}"
    out, asked = pair.offer(pair.made("x", 10))
    pair.bob.do("cancel", request=out)
    end = pair.ann.event(ev="transfer", transfer=asked["request"], state="stopped")
    if end["reason"] != "withdrawn":
        yield f"ended {end}"
    if list(pair.here.iterdir()):
        yield "something has come"


def pausing_holds_it_up(pair):
    path = pair.made("big", 20 * MEGABYTE)
    pair.bob.do("set", key="files.limit", value=str(2 * MEGABYTE))
    _, number = pair.give(path)
    pair.ann.event(ev="transfer", transfer=number, state="running")
    pair.ann.do("pause", transfer=number)
    paused = pair.ann.event(ev="transfer", transfer=number, state="paused")
    pair.bob.do("set", key="files.limit", value="0")
    pair.ann.do("resume", transfer=number)
    went_on = pair.ann.event(ev="transfer", transfer=number, state="running", done=paused["done"])
    if went_on["size"] != 20 * MEGABYTE:
        yield f"went on {went_on}"
    pair.ann.event(ev="transfer", transfer=number, state="done")


def names_lead_nowhere(pair):
    """Linux lets files be called what elsewhere is a path."""
    path = pair.made("..\\..\\.ssh\\-x", 10)
    _, number = pair.give(path)
    done = pair.ann.event(ev="transfer", transfer=number, state="done")
    if done["path"] != str(pair.here / "_x"):
        yield f"it went to {done['path']}"


def what_cannot_be_done_is_refused(pair):
    fifo = pair.folder / "fifo"
    os.mkfifo(fifo)
    for path in [str(fifo), str(pair.folder), str(pair.folder / "none"), "", []]:
        if pair.bob.ask("file", uin=pair.ann.uin, path=path).get("error") != "bad_field":
            yield f"{path} was sent"
    (pair.folder / "huge").touch()
    os.truncate(pair.folder / "huge", 1 << 32)
    if pair.bob.ask("file", uin=pair.ann.uin,
                    path=str(pair.folder / "huge")).get("error") != "bad_field":
        yield "4 GiB were sent"
    if pair.bob.ask("file", uin=4711, path=str(pair.made("x", 1))).get("error") != "no_direct":
        yield "a stranger was asked"
    _, asked = pair.offer(pair.folder / "x")
    if pair.ann.ask("accept", request=asked["request"],
                    path="/nowhere").get("error") != "bad_field":
        yield "accepted into a folder that is not there"
    if pair.ann.ask("accept", request=4711).get("error") != "not_found":
        yield "accepted what nobody asked"


def files_of_who_hides_are_unverified(pair):
    """Bob takes no connections, so the server does not tell where he is."""
    path = pair.made("x", 100000)
    pair.bob.do("peer", uin=pair.ann.uin, action="open")
    pair.ann.event(ev="peer", state="open")
    out, asked = pair.offer(path)
    if asked["verified"] is not False:
        yield "who hides where he is was verified"
    pair.ann.do("accept", request=asked["request"])
    pair.ann.event(ev="transfer", state="done")
    out, asked = pair.offer(path)
    pair.ann.do("set", key="net.direct", value="off")
    if pair.ann.ask("accept", request=asked["request"]).get("error") != "no_direct":
        yield "accepted with net.direct = off"


def ready_for_people(pair, name, client):
    """The program goes, and the next one of this user can log in by itself."""
    client.do("quit")
    client.process.wait()
    home = pair.folder / name
    write_settings(home, f"[account]\nuin = {client.uin}\n" + password_line(home, "secret1"))
    return home


def in_words(pair):
    """Bob is back with words instead of objects."""
    home = ready_for_people(pair, "bob", pair.bob)
    return pair.started(Program(
        [stories.BUILD / "icq", "--plain", "-h", f"127.0.0.1:{pair.server.port}"],
        stdin=subprocess.PIPE, env=home_of(home)))


def people_can_type_it(pair):
    one, other = pair.made("one, two", 5), pair.made("three", 300000)
    bob = in_words(pair)
    ann = pair.ann.uin
    for answer, line in [(f"* {ann} is online", f'file {ann} "{one}"'),
                         ("under number 1", f"file {ann} {one.parent}/none,{other}"),
                         ("none: No such file", f"file {ann} {other},{other} these two"),
                         ("under number 2", "requests"),
                         (f"file, asked of {ann} 2 files, 600.0 kB: these two", "cancel 1"),
                         ("file 1 to", "pause 2"), ("", "quit")]:
        said = ""
        while answer not in said:
            said = bob.line(answer)
        bob.process.stdin.write(line + "\n")
        bob.process.stdin.flush()
    bob.process.wait()
    if [pair.ann.event(ev="request")["name"] for _ in range(2)] != ["one, two", "2 files"]:
        yield "other files were offered"


def one_line_of_the_screen_tells_how_it_goes(pair):
    if not shutil.which("tmux"):
        raise stories.tap.Skip("no tmux here")
    path = pair.made("photo.jpg", 3 * MEGABYTE)
    pair.bob.do("set", key="files.limit", value=str(2 * MEGABYTE))
    screen = Screen(ready_for_people(pair, "ann", pair.ann),
                    ["-h", f"127.0.0.1:{pair.server.port}"])
    try:
        screen.until_text("o " + str(pair.bob.uin))
        pair.bob.event(ev="presence", status="online")
        pair.bob.do("file", uin=pair.ann.uin, path=str(path))
        screen.until_status("2*1")
        screen.press("M-a")
        screen.until_text("offers photo.jpg")
        screen.enter("/accept 1")
        screen.until_text("#.....")
        rows = screen.until_text("photo.jpg is here")
        if sum("file 1 from" in row for row in rows) != 1:
            yield "more than one line: " + "\n".join(rows)
    finally:
        screen.end()
    if digest(pair.here / "photo.jpg") != digest(path):
        yield "it is another file"


def a_shell_sends_a_file(pair):
    path = pair.made("x", 300000)
    home = ready_for_people(pair, "bob", pair.bob)
    shell = [stories.BUILD / "icq", "-h", f"127.0.0.1:{pair.server.port}", "-e",
             f"file {pair.ann.uin} {path}"]
    for answer, code in ("accept", 0), ("refuse", 6):
        bob = pair.started(Program(shell, env=home_of(home)))
        pair.ann.do(answer, request=pair.ann.event(ev="request")["request"])
        if bob.process.wait() != code:
            yield f"{answer}: ended with {bob.process.returncode}"
    if digest(pair.here / "x") != digest(path):
        yield "it is another file"


def end_of_input_waits_for_the_file(pair):
    path = pair.made("x", 300000)
    bob = in_words(pair)
    while f"* {pair.ann.uin} is online" not in bob.line("Ann"):
        pass
    bob.process.stdin.write(f"file {pair.ann.uin} {path}\nfile {pair.ann.uin} {path}\n")
    bob.process.stdin.close()
    for end in "accept", "refuse":
        pair.ann.do(end, request=pair.ann.event(ev="request")["request"])
    said = ""
    while "x done" not in said or "he does not want it" not in said:
        said += bob.line("the end of both")
    if bob.process.wait() != 0:
        yield f"ended with {bob.process.returncode}: {said}"
    if digest(pair.here / "x") != digest(path):
        yield "it is another file"


def main():
    stories.tap.run([
        between(file_arrives), between(several_files_arrive_and_none_is_overwritten),
        between(interrupted_file_is_resumed), between(other_contents_are_not_mixed),
        between(either_side_cancels), between(refused_file_does_not_come),
        between(pausing_holds_it_up), between(names_lead_nowhere),
        between(what_cannot_be_done_is_refused), between(people_can_type_it),
        between(one_line_of_the_screen_tells_how_it_goes),
        between(a_shell_sends_a_file), between(end_of_input_waits_for_the_file),
        between(files_of_who_hides_are_unverified, bob="out")])


if __name__ == "__main__":
    main()
