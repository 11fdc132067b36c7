#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""icq alone: what it makes of bad input, bad settings and bad servers.

Usage: icq.py BUILD_FOLDER
"""

import json
import subprocess

import stories
from programs import PATIENCE_S, Program, Terminal, home_of, password_line, write_settings
from stories import BUILD, Story

NOBODY = "127.0.0.1:9"  # the discard port: nobody answers


def icq(folder, *args, text="", **more):
    """Runs icq to its end."""
    home = {**home_of(folder), "LC_ALL": "C.UTF-8"}
    return subprocess.run([BUILD / "icq", *args], input=text.encode(), capture_output=True,
                          env=home, timeout=PATIENCE_S, check=False, **more)


def settings(folder, text):
    path = folder / "settings"
    path.write_text(text, encoding="utf-8")
    return path


def results(told):
    events = [json.loads(line) for line in told.stdout.splitlines()]
    return [e for e in events if e["ev"] == "result"]


# Each line, and the error that answers it; "" for a good one.
BAD_LINES = [
    ("junk", "bad_json"),
    ("[1]", "bad_json"),
    ('"text"', "bad_json"),
    ('{"cmd":"ping"', "bad_json"),
    ('{"cmd":"ping","cmd":"quit"}', "bad_json"),
    ('{"cmd":"send","to":10001,"text":"\\u0000"}', "bad_json"),
    ('{"cmd":"send","to":10001,"text":"\\ud800"}', "bad_json"),
    ('{"cmd":"file","uin":10001,"path":"x","text":"' + 451 * "x" + '"}', "too_long"),
    ('{"cmd":"refuse","request":1,"text":"' + 451 * "x" + '"}', "too_long"),
    ('{"cmd":"chat","uin":10001,"text":"' + 451 * "x" + '"}', "too_long"),
    ("{}", "bad_command"),
    ('{"cmd":7}', "bad_command"),
    ('{"cmd":"dance"}', "bad_command"),
    ('{"cmd":"chatter","uin":10001}', "bad_command"),
    ('{"cmd":"search"}', "bad_field"),
    ('{"cmd":"search","uin":"x"}', "bad_field"),
    ('{"cmd":"search","nick":7}', "bad_field"),
    ('{"cmd":"search","nick":"' + 21 * "x" + '"}', "too_long"),
    ('{"cmd":"search","nick":"\u0416"}', "bad_field"),
    ('{"cmd":"search","uin":10001}', "not_online"),
    ('{"cmd":"info"}', "bad_field"),
    ('{"cmd":"info","uin":10001}', "not_online"),
    ('{"cmd":"update"}', "bad_field"),
    ('{"cmd":"update","auth":1}', "bad_field"),
    ('{"cmd":"update","sex":"yes"}', "bad_field"),
    ('{"cmd":"update","age":-1}', "bad_field"),
    ('{"cmd":"update","about":"' + 451 * "x" + '"}', "too_long"),
    ('{"cmd":"update","about":"' + 9000 * "x" + '"}', "too_long"),
    ('{"cmd":"update","nick":"x"}', "not_online"),
    ('{"cmd":"password"}', "bad_field"),
    ('{"cmd":"password","new":""}', "bad_field"),
    ('{"cmd":"password","new":"123456789"}', "bad_field"),
    ('{"cmd":"password","new":"x"}', "not_online"),
    ('{"cmd":"auth","uin":10001}', "bad_field"),
    ('{"cmd":"auth","uin":10001,"action":"sell"}', "bad_field"),
    ('{"cmd":"auth","action":"grant"}', "bad_field"),
    ('{"cmd":"auth","uin":10001,"action":"request"}', "not_online"),
    ('{"cmd":"auth","uin":10001,"action":"grant"}', "not_online"),
    ('{"cmd":"rand","group":12}', "bad_field"),
    ('{"cmd":"rand"}', "not_online"),
    ('{"cmd":"rand_set"}', "bad_field"),
    ('{"cmd":"login"}', "bad_field"),
    ('{"cmd":"login","uin":"10001","password":"x"}', "bad_field"),
    ('{"cmd":"login","uin":0,"password":"x"}', "bad_field"),
    ('{"cmd":"login","uin":4294967296,"password":"x"}', "bad_field"),
    ('{"cmd":"login","uin":10001}', "bad_field"),
    ('{"cmd":"login","uin":10001,"password":"123456789"}', "bad_field"),
    ('{"cmd":"login","uin":10001,"password":"x","status":"asleep"}', "bad_field"),
    ('{"cmd":"login","uin":10001,"password":"x","status":"offline"}', "bad_field"),
    ('{"cmd":"register"}', "bad_field"),
    ('{"cmd":"register","password":""}', "bad_field"),
    ('{"cmd":"status"}', "bad_field"),
    ('{"cmd":"status","status":"away"}', "not_online"),
    ('{"cmd":"ping"}', "not_online"),
    ('{"cmd":"send","text":"x"}', "bad_field"),
    ('{"cmd":"send","to":10001}', "bad_field"),
    ('{"cmd":"send","to":-1,"text":"x"}', "bad_field"),
    ('{"cmd":"send","to":10001,"text":7}', "bad_field"),
    ('{"cmd":"send","to":10001,"text":"x","type":"song"}', "bad_field"),
    ('{"cmd":"send","to":10001,"text":"x","mode":"urgent"}', "not_online"),
    ('{"cmd":"send","to":10001,"text":"x","via":"peer"}', "not_online"),
    ('{"cmd":"send","to":10001,"text":"x","mode":"loud"}', "bad_field"),
    ('{"cmd":"send","to":10001,"text":"x","via":"pigeon"}', "bad_field"),
    ('{"cmd":"peek","uin":10001}', "not_online"),
    ('{"cmd":"peek"}', "bad_field"),
    ('{"cmd":"peer","uin":10001,"action":"open"}', "not_online"),
    ('{"cmd":"peer","uin":10001,"action":"close"}', "not_found"),
    ('{"cmd":"peer","uin":10001}', "bad_field"),
    ('{"cmd":"peer","uin":10001,"action":"show"}', ""),
    ('{"cmd":"peer","uin":10001,"action":"hide"}', "bad_field"),
    ('{"cmd":"resend"}', "bad_field"),
    ('{"cmd":"resend","msg":1}', "not_found"),
    ('{"cmd":"resend","msg":1,"as":"joke"}', "bad_field"),
    ('{"cmd":"set","key":"net.direct","value":"perhaps"}', "bad_field"),
    ('{"cmd":"set","key":"net.text-route","value":"peer"}', ""),
    ('{"cmd":"set","key":"net.listen","value":"here"}', "bad_field"),
    ('{"cmd":"set","key":"net.listen","value":"[::1]:0"}', "bad_field"),
    ('{"cmd":"set","key":"status.away-text","value":"' + 300 * "x" + '"}', "bad_field"),
    ('{"cmd":"status","status":"online","text":"x"}', "bad_field"),
    ('{"cmd":"send","to":10001,"text":"\u0416"}', "bad_field"),
    ('{"cmd":"send","to":10001,"type":"url","text":"x"}', "bad_field"),
    ('{"cmd":"send","to":10001,"type":"contacts"}', "bad_field"),
    ('{"cmd":"send","to":10001,"type":"contacts","contacts":[{"nick":"x"}]}', "bad_field"),
    ('{"cmd":"send","to":10001,"text":"' + 20000 * "x" + '"}', "too_long"),
    ('{"cmd":"send","to":10001,"text":"' + 70000 * "x" + '"}', "too_long"),
    ('{"cmd":"add"}', "bad_field"),
    ('{"cmd":"add","uin":10001,"nick":"a\\nb"}', "bad_field"),
    ('{"cmd":"add","uin":10001,"nick":"' + 81 * "x" + '"}', "bad_field"),
    ('{"cmd":"edit","uin":10001,"nick":"x"}', "not_found"),
    ('{"cmd":"remove","uin":10001}', "not_found"),
    ('{"cmd":"add","uin":10001,"nick":"ann","future":true}', ""),
    ('{"cmd":"edit","uin":10001,"charset":"ebcdic"}', "bad_field"),
    ('{"cmd":"edit","uin":10001,"list":"friends"}', "bad_field"),
    ('{"cmd":"edit","uin":10001,"away_text":"a\\u001b"}', "bad_field"),
    ('{"cmd":"edit","uin":10001,"away_text":"' + 451 * "x" + '"}', "bad_field"),
    ('{"cmd":"edit","uin":10001,"charset":"koi8-r","list":"visible"}', ""),
    ('{"cmd":"history","limit":0}', "bad_field"),
    ('{"cmd":"history","find":"' + 200 * "x" + '"}', "bad_field"),
    ('{"cmd":"outbox","drop":7}', "not_found"),
    ('{"cmd":"set","key":"no.such","value":"x"}', "not_found"),
    ('{"cmd":"set","value":"x"}', "bad_field"),
    ('{"cmd":"set"}', ""),
    ('{"cmd":"set","key":"net"}', ""),
    ('{"cmd":"set","key":"nets"}', "not_found"),
    ('{"cmd":"save"}', ""),
    ('{"cmd":"notify"}', ""),
    ('{"cmd":"notify","event":"song","actions":"bell"}', "bad_field"),
    ('{"cmd":"notify","event":"message","actions":"loud"}', "bad_field"),
    ('{"cmd":"notify","event":"message","uin":10001,"actions":"bell"}', ""),
    ('{"cmd":"set","key":"notify.rules","value":"message loud"}', "bad_field"),
    ('{"cmd":"verbose","level":9}', "bad_field"),
    ('{"cmd":"get","key":"ui.smell"}', "not_found"),
    ('{"cmd":"set","key":"text.charset","value":"ebcdic"}', "bad_field"),
    ('{"cmd":"set","key":"text.charset","value":"cp1251"}', ""),
    ('{"cmd":"logout"}', ""),
]


def every_bad_line_has_its_answer(folder):
    for line, wanted in BAD_LINES:
        setup = '{"cmd":"add","uin":10001}\n' if '"edit"' in line and wanted != "not_found" else ""
        told = icq(folder / "one", "--json", "-h", NOBODY, text=setup + line + "\n")
        got = results(told)
        if len(got) != 1 + bool(setup) or got[-1].get("error", "") != wanted:
            yield f"{line[:70]}: {got}"
        if told.returncode != 0:
            yield f"{line[:70]}: ended with {told.returncode}"


def every_answer_carries_its_id(folder):
    lines = ['{"cmd":"state","id":1}', '{"cmd":"state","id":"two"}', '{"cmd":"state"}',
             '{"cmd":"no","id":[3]}']
    got = results(icq(folder, "--json", "-h", NOBODY, text="\n".join(lines)))
    if [r.get("id") for r in got] != [1, "two", None, [3]]:
        yield f"got {got}"


def random_input_does_no_harm(folder):
    # Bytes from a fixed sequence: the same in every run.
    state, noise = 1, bytearray()
    for _ in range(100000):
        state = (state * 1103515245 + 12345) % 2 ** 31
        noise.append(state >> 16 & 0xFF)
    for mode in "--json", "--plain":
        told = subprocess.run([BUILD / "icq", mode, "-h", NOBODY], input=bytes(noise),
                              env=home_of(folder), capture_output=True, timeout=PATIENCE_S,
                              check=False)
        if told.returncode != 0:
            yield f"{mode}: ended with {told.returncode}: {told.stderr[-500:]}"
        if mode == "--plain" and b"\x1b" in told.stdout:
            yield "an escape character reached the terminal"


def usage_is_checked(folder):
    for args in (["--bogus"], ["-u", "x"], ["-u", "0"], ["-s", "asleep"], ["-P", "v9"], ["extra"],
                 ["--json", "-e", "who"], ["--profile", "../x"], ["-h", "host:port"],
                 ["-e", "dance"], ["-e", "add 1 2 3 4"]):
        told = icq(folder, *args)
        if told.returncode != 2 or not told.stderr:
            yield f"{args}: {told.returncode} {told.stderr}"
    told = icq(folder, "-h", "host.invalid", "--json")
    if told.returncode != 4:
        yield f"unknown host: {told.returncode}"
    told = icq(folder, "-h", NOBODY, "-e", "ping")
    if told.returncode != 2 or b"no number yet; register" not in told.stderr:
        yield f"without a number: {told}"
    told = icq(folder, "-h", NOBODY, "-e", "history nobody")
    if told.returncode != 5:
        yield f"unknown nick: {told.returncode}"
    for flag in "--help", "--version":
        if icq(folder, flag).returncode != 0:
            yield f"{flag} failed"


def closed_streams_do_no_harm(folder):
    """No socket or file becomes what a program takes for its input or output."""
    def without(streams, *command):
        return subprocess.run(["sh", "-c", f'exec "$@" {streams}', "sh", *command],
                              env=home_of(folder), capture_output=True, timeout=PATIENCE_S,
                              check=False)

    icq_lines = [BUILD / "icq", "--json", "-h", NOBODY]
    for streams in "<&-", "<&- >&-", "<&- 2>&-", "<&- >&- 2>&-":
        told = without(streams, *icq_lines)
        if told.returncode != 1 or (b"input" not in told.stderr and "2>" not in streams):
            yield f"icq {streams}: {told}"
    told = without("<&-", BUILD / "icq", "-h", NOBODY, "-e", "state")
    if told.returncode != 0 or b"* offline" not in told.stdout:
        yield f"icq -e: {told}"
    data = ["--listen", "127.0.0.1:0", "--data", folder / "data"]
    server = Program(["sh", "-c", 'exec "$@" <&- 2>&-', "sh", BUILD / "icqd", *data])
    server.line("its ready line")
    if server.stop() != 0:
        yield f"icqd ended with {server.process.returncode}"


def settings_are_checked(folder):
    bad = [("[account]\nuin = x\n", 2), ("[net]\n\nkeepalive = 25\ntimout = 3\n", 4),
           ("[contact x]\nnick = y\n", 1), ("[contact 7]\nlist = no\n", 2),
           ("[text]\ncharset = ebcdic\n", 2), ("uin = 7\n", 1), ("[account\n", 1)]
    for text, line in bad:
        told = icq(folder, "--json", "-c", settings(folder, text))
        if told.returncode != 3 or f"settings:{line}:".encode() not in told.stderr:
            yield f"{text!r}: {told.returncode} {told.stderr}"


def contacts_are_kept_in_the_settings(folder):
    path = settings(folder, "# mine\n[net]\nkeepalive = 20 \n")
    commands = [{"cmd": "add", "uin": 10001, "nick": "ann; #1", "group": "work = fun"},
                {"cmd": "edit", "uin": 10001, "charset": "cp1251", "list": "invisible"},
                {"cmd": "add", "uin": 10002}, {"cmd": "add", "uin": 10003},
                {"cmd": "edit", "uin": 10002, "away_text": "two\nlines"},
                {"cmd": "remove", "uin": 10003}]
    text = "\n".join(map(json.dumps, commands))
    icq(folder, "--json", "-h", NOBODY, "-c", path, text=text)
    got = results(icq(folder, "--json", "-h", NOBODY, "-c", path, text='{"cmd":"contacts"}'))
    wanted = [{"uin": 10001, "nick": "ann; #1", "group": "work = fun", "charset": "cp1251",
               "list": "invisible", "away_text": "", "status": "offline"},
              {"uin": 10002, "nick": "", "group": "", "charset": "", "list": "none",
               "away_text": "two\nlines", "status": "offline"}]
    if got[0]["contacts"] != wanted:
        yield f"got {got[0]}"
    if not path.read_text(encoding="utf-8").startswith("# mine\n[net]\nkeepalive = 20 \n"):
        yield f"what was in the file has changed: {path.read_text(encoding='utf-8')}"
    if path.stat().st_mode & 0o077:
        yield "others may read the settings"


def settings_are_changed_for_good(folder):
    path = settings(folder, "# mine\n[net]\nkeepalive = 20 \n")
    icq(folder, "--plain", "-h", "localhost:9", "-c", path,
        text="set net.timeout 9\nset net.keepalive many\nawaytext na gone\nunset net.keepalive\n")
    wanted = "# mine\n[net]\ntimeout = 9\n\n[status]\nna-text = gone\n"
    if path.read_text(encoding="utf-8") != wanted:
        yield f"got {path.read_text(encoding='utf-8')!r}"
    told = icq(folder, "-h", "localhost:9", "-c", path, "-e", "save", "-e", "set account.host",
               "-e", "set net.timeout 0")
    if b"* account.host = localhost" not in told.stdout or b"from 1 to 3600" not in told.stderr:
        yield f"told {told}"
    if "[account]\nhost = localhost\nport = 9\n" not in path.read_text(encoding="utf-8"):
        yield f"the server is not saved: {path.read_text(encoding='utf-8')!r}"


def settings_get_the_account_once(story):
    """Number and server, under which the new account can be found again."""
    # No line feed at the end: what is written behind it must begin a line of its own.
    path = settings(story.folder, "[account]\n" + password_line(story.folder, "secret1").strip())
    commands, port = ("register", "add 10003 me", "add 10002"), story.server.port
    icq(story.folder, "-c", path, "-h", f"localhost:{port}",
        *(word for c in commands for word in ("-e", c)))
    told = icq(story.folder, "-c", path, "-e", "state", "-e", "ping")
    if told.returncode != 0 or f":{port}".encode() not in told.stdout:
        yield f"the account is not found again: {told}"
    told = icq(story.folder, "-c", path, "-e", "add 10001")
    if told.returncode != 2 or b"your own number" not in told.stderr:
        yield f"one lists oneself: {told}"
    text = path.read_text(encoding="utf-8")
    if text.count("uin = ") != 1 or f"host = localhost\nport = {port}\n" not in text:
        yield f"the settings are {text}"


def password_file_must_be_private(folder):
    path = settings(folder, "[account]\n" + password_line(folder, "secret1"))
    (folder / "secret").chmod(0o644)
    told = icq(folder, "--json", "-h", NOBODY, "-c", path, text='{"cmd":"login","uin":10001}')
    if "0600" not in results(told)[0].get("detail", "") and \
            "600" not in results(told)[0].get("detail", ""):
        yield f"got {results(told)}"


def a_server_that_is_not_there_is_told_of(folder):
    path = settings(folder, "[account]\nuin = 10001\n" + password_line(folder, "secret1") +
                    "[net]\ntimeout = 1\n")
    told = icq(folder, "-c", path, "-h", NOBODY, "-e", "ping")
    if told.returncode != 4 or told.stderr.count(b"no server at this address") != 1:
        yield f"got {told}"


def phrases_are_understood(folder):
    lines = ["add 10001 ann", 'add 10002 "bo b" work', "/WHO", "w", "rename ann anna", "who",
             "remove bo", "e", "msg", "zzz", "re x", "help msg", "  ", "quit", "never reached"]
    told = icq(folder, "--plain", "-h", NOBODY, text="\n".join(lines))
    wanted = ["offline        10001  ann", "offline        10002  bo b  [work]",
              "offline        10001  anna", "* 10002 bo b is listed no more", "* nobody",
              "! msg: something is missing (msg NICK TEXT)", "! there is no command zzz",
              "! re may be reply or resend", "msg NICK TEXT: send a text"]
    text = told.stdout.decode()
    for line in wanted:
        if line not in text:
            yield f"{line!r} is not in {text!r}"
    if "never" in text or told.returncode != 0:
        yield f"quit did not quit: {told.returncode}"


def commands_may_need_their_slash(folder):
    told = icq(folder, "--plain", "-h", NOBODY, "-c",
               settings(folder, "[ui]\nbare-commands = no\n"), text="/add 10001 ann\nwho\n/who")
    text = told.stdout.decode()
    if "! again: you have written to nobody yet" not in text or text.count("10001  ann") != 1:
        yield f"got {text}"


def commands_of_the_command_line_wait_for_their_end(story):
    folder, at = story.folder, f"127.0.0.1:{story.server.port}"
    for name in "ann", "bob":
        write_settings(folder / name, "[account]\n" + password_line(folder / name, "secret1"))
        told = icq(folder / name, "-h", at, "-e", "register")
        if told.returncode != 0 or b"your number is" not in told.stdout:
            yield f"register: {told}"
    told = icq(folder / "ann", "-h", at, "-e", "msg 10002 from ann", "-e", "msg 10002 \x1b[2J")
    if told.stdout != b"* message 1 to 10002 accepted\n* message 2 to 10002 accepted\n":
        yield f"msg: {told}"
    yield from wait_for_words(folder / "bob", at)
    (folder / "bob" / "secret").write_text("wrong\n", encoding="utf-8")
    told = icq(folder / "bob", "-h", at, "-e", "ping")
    if told.returncode != 6:
        yield f"a wrong password: {told}"


def wait_for_words(folder, at):
    """The receiver stays until he has read both."""
    bob = Program([BUILD / "icq", "--plain", "-h", at], stdin=subprocess.PIPE,
                  env=home_of(folder))
    bob.process.stdin.write("add 10001 ann\n")
    bob.process.stdin.flush()
    seen = []
    while not seen or "[2J" not in seen[-1]:
        seen.append(bob.line("the second text"))
    bob.process.stdin.close()
    bob.process.wait(PATIENCE_S)
    if not seen[-1].endswith("] ann: \\x1b[2J\n") or not any("] ann: from ann" in s for s in seen):
        yield f"the receiver: {seen}"


def password_is_asked_without_echo(folder):
    """What is typed there must not come back."""
    terminal = Terminal(folder, [BUILD / "icq", "-u", "10001", "-h", NOBODY])
    terminal.until("Password: ")
    terminal.type("secret1\n")
    terminal.until("connecting")
    terminal.type("quit\n")
    status = terminal.end()
    if "secret1" in terminal.shown:
        yield f"the password was shown: {terminal.shown}"
    if "clear" not in terminal.shown.partition("Password: ")[0]:
        yield f"nobody warned before the password was typed: {terminal.shown}"
    if status != 0:
        yield f"it failed: {terminal.shown}"


def keys_on_an_empty_line_do_no_harm(folder):
    """Up, Tab, Ctrl+L and so on; and a lone Escape or Ctrl+R does not stop the program."""
    terminal = Terminal(folder, [BUILD / "icq", "-h", NOBODY, "-c", settings(folder, "")])
    terminal.until("icq> ")
    for keys in "\t", "\x1b[A", "\x0c", "\x15", "\x12", "\x16", "help ping\n":
        terminal.type(keys)
    terminal.until("sign of life")
    terminal.type("\x04")
    if terminal.end() != 0:
        yield f"got {terminal.shown}"


def a_closed_terminal_is_the_end(folder):
    terminal = Terminal(folder, [BUILD / "icq", "-h", NOBODY, "-c", settings(folder, "")])
    terminal.until("icq> ")
    status = terminal.hang_up()
    if status != 0:
        yield f"it ended with {status}, without taking leave"


def a_dropped_message_is_not_waited_for(folder):
    told = icq(folder, "--json", "-h", NOBODY,
               "-c", settings(folder, "[account]\nuin = 10001\n[net]\ntimeout = 2\n"),
               text='{"cmd":"send","to":10002,"text":"x"}\n{"cmd":"outbox","drop":1}\n')
    if told.returncode != 0:
        yield f"it ended with {told.returncode}: {told.stdout}"


def main():
    stories.tap.run([
        *(stories.in_folder(case) for case in (
            every_bad_line_has_its_answer, every_answer_carries_its_id,
            random_input_does_no_harm, usage_is_checked, closed_streams_do_no_harm,
            settings_are_checked,
            contacts_are_kept_in_the_settings, password_file_must_be_private,
            a_server_that_is_not_there_is_told_of, phrases_are_understood,
            commands_may_need_their_slash,
            password_is_asked_without_echo, keys_on_an_empty_line_do_no_harm,
            a_closed_terminal_is_the_end, settings_are_changed_for_good,
            a_dropped_message_is_not_waited_for)),
        *(stories.alone(Story, case) for case in (
            commands_of_the_command_line_wait_for_their_end, settings_get_the_account_once))])


if __name__ == "__main__":
    main()
