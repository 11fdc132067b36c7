#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""icqctl and the control socket of a real icqd: every command with good and bad arguments.

Usage: icqctl.py BUILD_FOLDER
"""

import json
import os
import pathlib
import pty
import re
import socket
import stat
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap

from serving import WAIT_S, Client, Server, differs, finished, lacks, serving

ICQCTL = f"{sys.argv[1]}/icqctl"


def folder_of(server):
    return server.process.args[2]


def ctl(server, *args, given=""):
    told = finished("--data", folder_of(server), *args, program=ICQCTL, given=given)
    return told.returncode, told.stdout, told.stderr


def ctl_json(server, *args, given=""):
    """The objects that it prints."""
    return [json.loads(line) for line in ctl(server, "--json", *args, given=given)[1].splitlines()]


def refusals(server, rows):
    """Each row: exit code, part of what is said, arguments, perhaps what is given on stdin."""
    complaints = []
    for code, said, args, *given in rows:
        actual, out, err = ctl(server, *args, given="".join(given))
        complaints += differs(args, actual, code) + lacks(args, err, said) + \
            differs(args, out, "")
    return complaints


class Control:
    """The socket itself."""

    def __init__(self, server):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(WAIT_S)
        self.socket.connect(f"{folder_of(server)}/control")
        self.file = self.socket.makefile("r", encoding="utf-8")

    def send(self, line):
        if isinstance(line, dict):
            line = json.dumps(line).encode()
        self.socket.sendall(line + b"\n")

    def answer(self):
        line = self.file.readline()
        return json.loads(line) if line else None

    def ask(self, line):
        self.send(line)
        return self.answer()


# ---- the server as a whole -------------------------------------------------------------------

def status_and_stats_tell_the_truth():
    with serving() as server:
        uin = Client(server.ports()[0]).register(b"secret")
        online = Client(server.ports()[0])
        online.log_in(uin, b"secret")
        status = ctl_json(server, "status")[0]
        stats = ctl_json(server, "stats")[0]
        code, text, _ = ctl(server, "stats")
    return differs("pid", status["pid"], server.process.pid) + \
        differs("sessions", (status["sessions"], stats["sessions"]), (1, 1)) + \
        differs("accounts", stats["store"]["accounts"], 2) + \
        differs("listen", status["listen"], [f"127.0.0.1:{server.ports()[0]}"]) + \
        differs("logins", stats["counters"]["logins"], 1) + differs("exit code", code, 0) + \
        lacks("stats", text, "registrations                       1  accounts made\n")


def settings_are_reloaded_or_complained_about():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "icqd.conf")
        file.write_text("[accounts]\nregistration = closed\n", encoding="utf-8")
        with serving("-c", str(file)) as server:
            file.write_text("[accounts]\nregistration = maybe\n", encoding="utf-8")
            bad = ctl(server, "reload")
            bad_json = ctl_json(server, "reload")
            file.write_text("[accounts]\nregistration = open\n", encoding="utf-8")
            good = ctl(server, "reload")
            uin = Client(server.ports()[0]).register(b"secret")
    return differs("bad", bad[:2], (3, "")) + \
        lacks("bad", bad[2], "not open, invite or closed", "the settings stay as they were") + \
        lacks("bad", bad_json[0]["complaint"], "not open, invite or closed") + \
        differs("bad", bad_json[1]["code"], 3) + differs("good", good, (0, "", "")) + \
        differs("UIN", uin, 10001)


def stop_sends_everybody_away_and_waits():
    with serving() as server:
        client = Client(server.ports()[0])
        client.log_in(client.register(b"secret"), b"secret")
        told = ctl(server, "stop")
        client.await_command(0x0028)
        code = server.process.wait(WAIT_S)
        gone = ctl(server, "status")
        left = os.path.exists(f"{folder_of(server)}/control")
        server.end()
        again = Server(folder_of(server))
        sessions = ctl_json(again, "status")[0]["sessions"]
        again.end()
    return differs("stop", told, (0, "stopped; 1 sessions were ended\n", "")) + \
        differs("icqd", code, 0) + differs("afterwards", gone[0], 4) + \
        lacks("afterwards", gone[2], "no icqd answers at", "--data DIR") + \
        differs("socket", left, False) + differs("after the next start", sessions, 0) + \
        lacks("log", server.log, 'why="stop by user')


def invites_are_good_for_one_account():
    with serving("-o", "accounts.registration=invite") as server:
        one = ctl(server, "invite")[1].split()
        three = ctl_json(server, "invite", "3")[0]["codes"]
        complaints = refusals(server, [
            (2, "N must be a number from 1 to 1000", ["invite", "0"]),
            (2, "N must be a number", ["invite", "x"]),
            (2, "right would be: icqctl invite [N]", ["invite", "1", "2"]),
        ])
        code = one[0].encode()
        client = Client(server.ports()[0])
        client.send_registration(b"12345678")
        client.await_command(0x00FA)
        uin = Client(server.ports()[0]).register(code)
        complaints += differs("in", Client(server.ports()[0]).log_in(uin, code), uin)
        again = Client(server.ports()[0])
        again.send_registration(code)
        again.await_command(0x00FA)
    return complaints + differs("codes", len({*one, *three}), 4) + \
        differs("length", {len(c) for c in (*one, *three)}, {8}) + differs("UIN", uin, 10001)


# ---- users -----------------------------------------------------------------------------------

def users_are_added_and_can_log_in():
    with serving("-o", "accounts.registration=closed") as server:
        first = ctl(server, "user", "add", given="secret\n")
        chosen = ctl_json(server, "user", "add", "--uin", "30000", given="geheim\n")
        complaints = refusals(server, [
            (6, "30000 has an account already", ["user", "add", "--uin", "30000"], "x\n"),
            (2, "numbers begin with 10001", ["user", "add", "--uin", "9"], "x\n"),
            (2, "--uin must be a number", ["user", "add", "--uin", "many"], "x\n"),
            (2, "1 to 8 characters", ["user", "add"], "\n"),
            (2, "1 to 8 characters", ["user", "add"], "123456789\n"),
            (2, "plain ASCII", ["user", "add"], "ключ\n"),
            (2, "no password on standard input", ["user", "add"]),
            (2, "right would be", ["user", "add", "secret"], "x\n"),
        ])
        for uin, password in [(10001, b"secret"), (30000, b"geheim")]:
            complaints += differs("in", Client(server.ports()[0]).log_in(uin, password), uin)
        server.end()
    return complaints + differs("first", first, (0, "10001\n", "")) + \
        differs("chosen", chosen, [{"uin": 30000}]) + \
        lacks("log", server.log, 'event=operator uin=30000 why="user.add by user') + \
        [f"the log tells {word}" for word in ("secret", "geheim") if word in server.log]


def users_are_listed_by_what_they_are_called():
    with serving() as server:
        for nick in ["nick=Anna", "nick=Bert", "nick=Ärger"]:
            uin = ctl(server, "user", "add", given="secret\n")[1].strip()
            ctl(server, "user", "edit", uin, nick)
        online = Client(server.ports()[0])
        online.log_in(10002, b"secret")
        listed = {" ".join(args): [row["uin"] for row in ctl_json(server, "user", "list", *args)]
                  for args in [(), ("ann",), ("ÄRG",), ("nobody",), ("--online",),
                               ("--online", "ann"), ("--online", "bert")]}
        text = ctl(server, "user", "list", "bert")[1]
        complaints = refusals(server, [(2, "right would be", ["user", "list", "a", "b"]),
                                       (2, "the filter is too long", ["user", "list", "x" * 99]),
                                       (2, "not UTF-8", ["user", "list", b"\xff"])])
    return complaints + differs("lists", listed, {
        "": [10000, 10001, 10002, 10003], "ann": [10001], "ÄRG": [10003], "nobody": [],
        "--online": [10002], "--online ann": [], "--online bert": [10002]}) + \
        differs("heading", text.split("\n")[0].split(),
                ["UIN", "STATE", "LAST", "LOGIN", "WAITING", "NICK"]) + \
        differs("row", re.sub(r"\S+Z", "T", text.split("\n")[1]).split(),
                ["10002", "online", "T", "0", "Bert"])


def long_lists_wait_for_their_reader():
    """As with a pager: rows wait in the server only up to a limit, and none is lost."""
    with serving() as server:
        adders = [Control(server) for _ in range(25)]
        for _ in range(120):  # together, so that they share transactions
            for adder in adders:
                adder.send({"verb": "user.add", "password": "secret"})
            for adder in adders:
                adder.answer()
        reader = Control(server)
        reader.send({"verb": "user.list"})
        complaints = differs("others", ctl_json(server, "status")[0]["accounts"], 3001)
        rows = [reader.answer() for _ in range(3002)]
    return complaints + differs("UINs", [r["row"]["uin"] for r in rows[:-1]],
                                list(range(10000, 13001))) + differs("end", rows[-1]["ok"], True)


def profiles_are_shown_and_edited():
    with serving() as server:
        ctl(server, "user", "add", given="secret\n")
        ctl(server, "user", "edit", "10001", "nick=Anna", "age=30", "about=a\x1b[31mb")
        edited = ctl_json(server, "user", "edit", "10001", "charset=koi8-r", "first=Аня", "age=",
                          "authorize=0")[0]
        shown = ctl_json(server, "user", "show", "10001")[0]
        text = ctl(server, "user", "show", "10001")[1]
        complaints = refusals(server, [
            (5, "there is no user 10009", ["user", "show", "10009"]),
            (5, "there is no user 10009", ["user", "edit", "10009", "age=1"]),
            (2, "UIN must be a number", ["user", "show", "anna"]),
            (2, "right would be: icqctl user show UIN", ["user", "show"]),
            (2, "right would be: icqctl user edit UIN FIELD=", ["user", "edit", "10001"]),
            (2, "is not FIELD=VALUE", ["user", "edit", "10001", "nick"]),
            (2, "did you mean nick", ["user", "edit", "10001", "nik=x"]),
            (2, "age is a number from 0 to 65535", ["user", "edit", "10001", "age=old"]),
            (2, "age is a number", ["user", "edit", "10001", "age=65536"]),
            (2, "nick: at most 20 characters", ["user", "edit", "10001", "nick=" + "x" * 21]),
            (2, "nick: 1 characters are not in KOI8-R".lower(),
             ["user", "edit", "10001", "nick=é"]),
            (2, "did you mean", ["user", "edit", "10001", "charset=koi8"]),
        ])
    wanted = {"nick": "Anna", "first": "Аня", "age": None, "authorize": 0, "charset": "koi8-r"}
    return complaints + differs("edited", {k: edited[k] for k in wanted}, wanted) + \
        differs("shown", {k: shown[k] for k in wanted}, wanted) + \
        lacks("text", text, "first        Аня\n", "age          -\n", r"a\x1b[31mb") + \
        differs("offline", shown["session"], None)


def passwords_are_set_in_the_users_code_page():
    with serving() as server:
        client = Client(server.ports()[0])
        uin = str(client.register(b"secret"))
        ctl(server, "user", "edit", uin, "charset=cp1251")
        told = ctl(server, "user", "passwd", uin, given="пароль\n")
        complaints = refusals(server, [
            (5, "there is no user 10009", ["user", "passwd", "10009"], "x\n"),
            (2, "1 to 8 characters", ["user", "passwd", uin], "\n"),
            (2, "1 to 8 characters", ["user", "passwd", uin], "é\n"),
            (2, "right would be", ["user", "passwd", uin, "secret"], "x\n"),
            (5, "in the last 72 hours", ["user", "passwd", "--back", "10000"]),
        ])
        other = Client(server.ports()[0])
        other.send_login(int(uin), b"secret")
        other.await_command(0x0064)
        now = Client(server.ports()[0]).log_in(int(uin), "пароль".encode("cp1251"))
        back = ctl(server, "user", "passwd", "--back", uin)
        then = Client(server.ports()[0]).log_in(int(uin), b"secret")
        server.end()
    return complaints + differs("told", told, (0, "", "")) + \
        differs("in", (str(now), str(then)), (uin, uin)) + differs("back", back, (0, "", "")) + \
        [w for w in ["the log tells the password"] if "пароль" in server.log]


def passwords_are_asked_for_at_the_terminal():
    """Twice, and without showing them."""
    with serving() as server:
        command = [ICQCTL, "--data", folder_of(server), "user", "add"]
        seen = []
        for words in [(b"one\n", b"two\n"), (b"secret\n", b"secret\n")]:
            pid, terminal = pty.fork()
            if pid == 0:
                os.execv(ICQCTL, command)
            text = b""
            for word in words:
                while not text.endswith(b": "):
                    text += os.read(terminal, 1000)
                os.write(terminal, word)
                text += b"|"
            try:
                while part := os.read(terminal, 1000):
                    text += part
            except OSError:  # how the end of a terminal shows
                pass
            os.close(terminal)
            seen.append((os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text.decode()))
    return differs("first", seen[0][0], 2) + lacks("first", seen[0][1], "two different") + \
        differs("second", seen[1][0], 0) + lacks("second", seen[1][1], "10001") + \
        [f"echoed {word}" for word in ("one", "secret") if word in seen[0][1] + seen[1][1]]


def whoever_is_kicked_may_come_back():
    with serving() as server:
        client = Client(server.ports()[0])
        uin = client.register(b"secret")
        complaints = refusals(server, [(5, f"{uin} is not online", ["user", "kick", str(uin)]),
                                       (2, "right would be", ["user", "kick"])])
        client.log_in(uin, b"secret")
        session = ctl_json(server, "user", "show", str(uin))[0]["session"]
        told = ctl(server, "user", "kick", str(uin))
        client.await_command(0x0028)
        complaints += differs("in", Client(server.ports()[0]).log_in(uin, b"secret"), uin)
    return complaints + differs("told", told, (0, "", "")) + \
        differs("session", (session["status"], session["version"]), ("online", 2))


def whoever_is_blocked_may_not():
    with serving() as server:
        client = Client(server.ports()[0])
        uin = client.register(b"secret")
        client.log_in(uin, b"secret")
        complaints = refusals(server, [(5, "there is no user", ["user", "block", "10009"]),
                                       (5, "there is no user", ["user", "unblock", "10009"])])
        complaints += differs("block", ctl(server, "user", "block", str(uin)), (0, "", ""))
        client.await_command(0x0028)
        other = Client(server.ports()[0])
        other.send_login(uin, b"secret")
        other.await_command(0x0064)
        state = ctl(server, "user", "list")[1].splitlines()[-1].split()[1]
        complaints += differs("unblock", ctl(server, "user", "unblock", str(uin)), (0, "", ""))
        complaints += differs("in", Client(server.ports()[0]).log_in(uin, b"secret"), uin)
    return complaints + differs("state", state, "blocked")


def whoever_is_deleted_is_gone_for_good():
    with serving() as server:
        client = Client(server.ports()[0])
        uin = client.register(b"secret")
        client.log_in(uin, b"secret")
        told = ctl(server, "user", "delete", str(uin))
        client.await_command(0x0028)
        complaints = refusals(server, [
            (5, f"there is no user {uin}", ["user", "show", str(uin)]),
            (5, f"there is no user {uin}", ["user", "delete", str(uin)]),
            (6, "numbers are not given twice", ["user", "add", "--uin", str(uin)], "x\n")])
        other = Client(server.ports()[0])
        other.send_login(uin, b"secret")
        other.await_command(0x0064)
        complaints += differs("next", Client(server.ports()[0]).register(b"secret"), uin + 1)
    return complaints + differs("told", told, (0, "", ""))


# ---- messages --------------------------------------------------------------------------------

def text_of(body):
    sender, kind, length = struct.unpack_from("<IHH", body)
    return sender, kind, body[8:8 + length - 1]


def messages_reach_users_in_their_code_page():
    with serving() as server:
        client = Client(server.ports()[0])
        uin = str(client.register(b"secret"))
        ctl(server, "user", "edit", uin, "charset=cp1251")
        client.log_in(int(uin), b"secret")
        now = ctl(server, "message", "send", uin, "привет,", "мир")
        first = text_of(client.await_command(0x0104))
        lost = ctl(server, "message", "send", uin, "é")
        absent = Client(server.ports()[0]).register(b"secret")
        later = ctl(server, "message", "send", str(absent), "hello")
        waiting = ctl_json(server, "user", "show", str(absent))[0]["waiting"]
        complaints = refusals(server, [
            (5, "there is no user 10009", ["message", "send", "10009", "x"]),
            (2, "right would be: icqctl message send", ["message", "send", uin]),
            (2, "UIN must be a number", ["message", "send", "everybody", "x"]),
            (2, "a message has 1 to", ["message", "send", uin, ""]),
            (2, "a message has 1 to", ["message", "send", uin, "x" * 2001]),
            (2, "message send takes no --online", ["message", "send", uin, "x", "--online"]),
        ])
    return complaints + differs("now", now, (0, "sent\n", "")) + \
        differs("first", first, (1, 1, "привет, мир".encode("cp1251"))) + \
        lacks("lost", lost[1], "1 characters are not in the user's code page") + \
        lacks("later", later[1], "when he logs in") + differs("waiting", waiting, 1)


def broadcasts_reach_everybody_or_those_online():
    with serving() as server:
        clients = [Client(server.ports()[0]) for _ in range(3)]
        uins = [c.register(b"secret") for c in clients]
        clients[0].log_in(uins[0], b"secret")
        everybody = ctl(server, "message", "broadcast", "hello", "all")
        heard = text_of(clients[0].await_command(0x0104))
        online = ctl_json(server, "message", "broadcast", "--online", "hello")
        waiting = [ctl_json(server, "user", "show", str(u))[0]["waiting"] for u in uins]
        complaints = refusals(server, [(2, "right would be", ["message", "broadcast"]),
                                       (2, "a message has 1 to", ["message", "broadcast", ""])])
        server.end()
    return complaints + differs("all", everybody, (0, "sent to 3 users\n", "")) + \
        differs("heard", heard, (1, 1, b"hello all")) + \
        differs("online", online, [{"sent": 1, "full": 0, "lost": 0}]) + \
        differs("waiting", waiting[1:], [1, 1]) + \
        [w for w in ["the log tells the text"] if "hello" in server.log]


def full_mailboxes_are_told():
    with serving("-o", "limits.mailbox-notices=2") as server:
        uin = str(Client(server.ports()[0]).register(b"secret"))
        codes = [ctl(server, "message", "send", uin, "x")[0] for _ in range(3)]
        told = ctl(server, "message", "broadcast", "x")
    return differs("codes", codes, [0, 0, 6]) + \
        differs("told", told, (0, "sent to 0 users\n1 have too many notices waiting\n", ""))


# ---- trace -----------------------------------------------------------------------------------

class Trace:
    def __init__(self, server, *args):
        self.process = subprocess.Popen(
            [ICQCTL, "--data", folder_of(server), "trace", *args], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        if "--json" not in args:
            self.process.stderr.readline()  # it watches

    def lines_until(self, part):
        lines = []
        while not lines or part not in lines[-1]:
            lines.append(self.process.stdout.readline())
            if not lines[-1]:
                raise RuntimeError("the trace has ended")
        return lines

    def end(self):
        self.process.terminate()
        self.process.communicate(timeout=WAIT_S)


def trace_shows_a_login_without_its_password():
    with serving() as server:
        uin = Client(server.ports()[0]).register(b"secret")
        traces = [Trace(server, str(uin)), Trace(server, str(uin), "--secrets"),
                  Trace(server, str(uin), "-v")]
        other = Client(server.ports()[0])
        other.log_in(other.register(b"geheim"), b"geheim")
        Client(server.ports()[0]).log_in(uin, b"secret")
        masked, open_, full = ("".join(t.lines_until("LOGIN_REPLY")) for t in traces)
        for trace in traces:
            trace.end()
        server.end()
    return lacks("masked", masked, "LOGIN v2", "password=***", " > 127.0.0.1:", "ACK v2") + \
        lacks("open", open_, 'password="secret"') + lacks("full", full, "03E8 (LOGIN)") + \
        [f"{word} is shown" for word in ("secret", "geheim") if word in masked + full] + \
        lacks("log", server.log, "trace by user", ", with secrets")


def trace_speaks_json():
    with serving() as server:
        uin = Client(server.ports()[0]).register(b"secret")
        trace = Trace(server, str(uin))  # tells when it watches; the next one is quick to follow
        control = Control(server)
        watching = control.ask({"verb": "trace", "uin": uin})
        Client(server.ports()[0]).log_in(uin, b"secret")
        first = control.answer()["row"]
        trace.lines_until("LOGIN_REPLY")
        trace.end()
        server.process.terminate()
        last = None
        while line := control.answer():
            last = line
    hidden = bytes.fromhex(first["hex"])
    return differs("watching", watching, {"row": {"tracing": uin}}) + \
        differs("from", first["from"], "client") + \
        [w for w in ["the password is not masked"] if b"secret" in hidden] + \
        lacks("bytes", hidden, b"******") + lacks("last", last["row"], "hex")


def trace_needs_a_number_and_a_server():
    with serving() as server:
        complaints = refusals(server, [(2, "right would be: icqctl trace UIN", ["trace"]),
                                       (2, "UIN must be", ["trace", "x"])])
        trace = Trace(server, "10001")
        server.end()
        _, err = trace.process.communicate(timeout=WAIT_S)
    return complaints + differs("exit code", trace.process.returncode, 4) + \
        lacks("end", err, "has closed the connection")


# ---- the command line ------------------------------------------------------------------------

def commands_may_be_shortened_and_misspelt():
    with serving() as server:
        complaints = differs("u l", ctl(server, "u", "l")[0], 0)
        complaints += refusals(server, [
            (2, "which one: status, stats, stop?", ["st"]),
            (2, "which one: user add, user list", ["user"]),
            (2, "did you mean user list", ["usr", "list"]),
            (2, "did you mean status", ["statsu", "x"]),
            (2, 'no command "sttus"; did you mean status', ["sttus"]),
            (2, "there is no command", ["xyzzy"]),
            (2, "give a command", []),
            (2, "did you mean --socket", ["--soket", "x", "status"]),
            (2, "stats takes no --online", ["stats", "--online"]),
        ])
        for command in ["status", "user edit", "message send", "trace", "stop"]:
            code, text, _ = ctl(server, "--help", *command.split())
            complaints += differs(command, code, 0) + lacks(command, text, f"icqctl {command}")
    return complaints + \
        lacks("help", finished("--help", program=ICQCTL).stdout, "message broadcast TEXT...")


def folder_comes_from_where_icqd_has_it():
    with serving() as server, tempfile.TemporaryDirectory() as empty:
        conf = pathlib.Path(empty, "icqd.conf")
        conf.write_text(f"[server]\ndata = {folder_of(server)}\n", encoding="utf-8")
        by_conf = finished("-c", str(conf), "status", program=ICQCTL).returncode
        by_socket = finished("--socket", f"{folder_of(server)}/control", "status",
                             program=ICQCTL).returncode
        nobody = finished("--data", empty, "status", program=ICQCTL)
        conf.write_text("[server]\nfolder = x\n", encoding="utf-8")
        bad = finished("-c", str(conf), "status", program=ICQCTL)
        left = os.listdir(empty)
    return differs("codes", (by_conf, by_socket, nobody.returncode, bad.returncode),
                   (0, 0, 4, 3)) + differs("left behind", left, ["icqd.conf"])


# ---- the socket itself -----------------------------------------------------------------------

def socket_is_for_its_owner():
    with serving() as server:
        path = f"{folder_of(server)}/control"
        mode = os.stat(path).st_mode
        complaints = []
        if os.geteuid() == 0:
            os.chmod(path, 0o666)
            os.chmod(folder_of(server), 0o755)
            os.chmod(pathlib.Path(path).parent.parent, 0o755)
            stranger = subprocess.run(
                [sys.executable, "-c", "import os, socket, sys\n"
                 "os.setuid(65534)\n"
                 "s = socket.socket(socket.AF_UNIX)\n"
                 "s.connect(sys.argv[1])\n"
                 "try:\n s.sendall(b'{\"verb\":\"status\"}\\n'); print(s.recv(99))\n"
                 "except OSError: print(b'')\n", path],
                stdout=subprocess.PIPE, text=True, check=True)
            complaints = differs("stranger", stranger.stdout, "b''\n")
    return complaints + differs("mode", stat.S_IMODE(mode), 0o600) + \
        differs("socket", stat.S_ISSOCK(mode), True)


def nonsense_is_refused_and_forgotten():
    with serving() as server:
        complaints = []
        control = Control(server)
        for line, said in [
                (b"{bad", "expected"), (b"[]", "is an object"), (b"", "expected"),
                (b"{}", 'with a \\"verb\\"'), (b'{"verb":1}', "is an object"),
                (b'{"verb":"user.lst"}', "did you mean user.list"),
                (b'{"verb":"status","verb":"stop"}', "duplicate"),
                (b'{"verb":"status","more":1}', "more"), (b"\xff\xfe\x00", ""),
                (b'{"verb":"user.show"}', "must be a number"),
                (b'{"verb":"user.show","uin":-1}', "must be a number"),
                (b'{"verb":"user.show","uin":4294967296}', "must be a number"),
                (b'{"verb":"user.show","uin":"10001"}', "must be a number"),
                (b'{"verb":"user.edit","uin":10000,"set":{}}', "must name a field"),
                (b'{"verb":"user.edit","uin":10000,"set":{"nick":7}}', "is a text"),
                (b'{"verb":"user.edit","uin":10000,"set":{"age":[]}}', "is a number"),
                (b'{"verb":"user.edit","uin":10000,"set":{"charset":9}}', "no such code page"),
                (b'{"verb":"user.add","password":"x","uin":-5}', "must be a number"),
                (b'{"verb":"invite","count":1001}', "1 to 1000 codes"),
        ]:
            answer = control.ask(line)
            complaints += differs(line, (answer["ok"], answer["code"]), (False, 2))
            complaints += lacks(line, json.dumps(answer), said)
        complaints += differs("afterwards", control.ask({"verb": "status"})["ok"], True)
    return complaints


def endless_lines_and_hasty_peers_are_closed():
    with serving() as server:
        control = Control(server)
        control.socket.sendall(b"x" * 65536)
        too_long = [control.answer(), control.answer()]
        hasty = Control(server)
        hasty.send(b'{"verb":"status"}\n{"verb":"status"}')
        second = [hasty.answer(), hasty.answer()]
        complaints = differs("others", Control(server).ask({"verb": "status"})["ok"], True)
    return complaints + differs("too long", too_long[0]["error"], "the line is too long") + \
        differs("hasty", second[0]["error"], "a request is under way; open another connection") + \
        differs("closed", (too_long[1], second[1]), (None, None))


def many_peers_are_served_and_the_dead_forgotten():
    with serving() as server:
        peers = [Control(server) for _ in range(32)]
        for peer in peers:
            peer.send({"verb": "user.list"})
        complaints = differs("peers", {peer.answer()["row"]["uin"] for peer in peers}, {10000})
        surplus = Control(server)
        complaints += differs("surplus", surplus.answer(), None)
        for peer in peers:
            peer.socket.close()
            peer.file.close()
        codes = (ctl(server, "status")[0] for _ in range(50))  # it has to hear of the ends first
        complaints += differs("afterwards", next((c for c in codes if c == 0), None), 0)
    return complaints


def who_leaves_before_the_end_is_audited():
    with serving() as server:
        control = Control(server)
        control.send({"verb": "user.add", "password": "secret"})
        control.file.close()
        control.socket.close()
        for _ in range(50):
            if "user.add" in pathlib.Path(server.log_file.name).read_text(encoding="utf-8"):
                break
            ctl(server, "status")
        server.end()
    return lacks("log", server.log, "user.add by user")


def slow_reader_of_a_trace_is_closed():
    """Nobody who does not read can make the server wait, or keep."""
    with serving("-o", "limits.enabled=no") as server:
        client = Client(server.ports()[0])
        uin = client.register(b"secret")
        client.log_in(uin, b"secret")
        control = Control(server)
        control.ask({"verb": "trace", "uin": uin})
        packet = struct.pack("<HHHI", 2, 0x042E, 7, uin)
        for _ in range(6000):
            client.send(packet)
            client.await_command(0x000A)
        lines = 0
        while control.answer():
            lines += 1
    return differs("all was kept", lines < 12000, True) + differs("some came", lines > 100, True)


CASES = [
    status_and_stats_tell_the_truth,
    settings_are_reloaded_or_complained_about,
    stop_sends_everybody_away_and_waits,
    invites_are_good_for_one_account,
    users_are_added_and_can_log_in,
    users_are_listed_by_what_they_are_called,
    long_lists_wait_for_their_reader,
    profiles_are_shown_and_edited,
    passwords_are_set_in_the_users_code_page,
    passwords_are_asked_for_at_the_terminal,
    whoever_is_kicked_may_come_back,
    whoever_is_blocked_may_not,
    whoever_is_deleted_is_gone_for_good,
    messages_reach_users_in_their_code_page,
    broadcasts_reach_everybody_or_those_online,
    full_mailboxes_are_told,
    trace_shows_a_login_without_its_password,
    trace_speaks_json,
    trace_needs_a_number_and_a_server,
    commands_may_be_shortened_and_misspelt,
    folder_comes_from_where_icqd_has_it,
    socket_is_for_its_owner,
    nonsense_is_refused_and_forgotten,
    endless_lines_and_hasty_peers_are_closed,
    many_peers_are_served_and_the_dead_forgotten,
    who_leaves_before_the_end_is_audited,
    slow_reader_of_a_trace_is_closed,
]

tap.run([(case.__name__, case) for case in CASES])
