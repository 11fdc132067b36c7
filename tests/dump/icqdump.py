#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs icqdump on packets in hex and in captures that are written here byte by byte.

Usage: icqdump.py BUILD_FOLDER
"""

import ipaddress
import json
import os
import pathlib
import random
import socket
import struct
import subprocess
import sys
import threading

sys.path.append(str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402

ICQDUMP = f"{sys.argv[1]}/icqdump"

LOGIN = """
02 00 E8 03 08 00 80 84 1E 00 34 4A 00 00 08 00 73 65 61 67 75 6C 6C 00
72 00 04 00 7F 00 00 01 04 00 00 00 00 03 00 00 00 02 00 00 00 00 00 04
00 72 00
"""
LOGIN_LINE = ("LOGIN v2 seq=8 uin=2000000 port=18996 password=*** client=00040072 ip=127.0.0.1 "
              "mode=4 (direct) status=00000000 (online) tcp_version=3 login_seq=2 x4=00000000 "
              "x5=00720004\n")
ACK = "02 00 0A 00 12 00"
MESSAGE = """
02 00 0E 01 05 00 87 D6 12 00 B1 CB 74 00 01 00 16 00 48 65 6A 20 64 E5
21 0D 0A 48 6F 77 20 61 72 65 20 79 6F 75 3F 00
"""
MESSAGE_LINE = ("SEND_MESSAGE v2 seq=5 uin=1234567 to=7654321 type=0001 (text) "
                r'text="Hej d\xE5!\r\nHow are you?"' "\n")
INIT = "FF 03 00 00 00 3D 62 00 00 A0 98 7B 00 C6 33 64 95 C6 33 64 95 04 3D 62 00 00"
PEER_TEXT = """
87 D6 12 00 02 00 EE 07 00 00 87 D6 12 00 01 00 06 00 48 65 6C 6C
6F 00 CB 00 71 05 C0 A8 01 0A D2 04 00 00 04 00 00 10 00 FF FF FF FF
"""
VERSION_5 = """
05 00 00 00 00 00 87 D6 12 00 1F 4A 3E 64 58 18 3E 64 88 1C A4 B0 C2 45
07 86 CA 17
"""


def icqdump(*options, given=""):
    if isinstance(given, str):
        given = given.encode()
    told = subprocess.run([ICQDUMP, *options], input=given, capture_output=True, timeout=20,
                          check=False)
    return told.returncode, told.stdout.decode(), told.stderr.decode()


def expect(wanted, actual):
    return [] if wanted == actual else [f"wanted {wanted!r}", f"got    {actual!r}"]


def lines(given, wanted, *options):
    return expect((0, wanted, ""), icqdump(*options, given=given))


# ---- hex -----------------------------------------------------------------------------------


def packets_of_every_origin_are_explained():
    return lines(f"{LOGIN}\n{ACK}\n\n{INIT}\n",
                 LOGIN_LINE + "ACK v2 seq=18\n"
                 "CHANNEL_INIT tcp_version=3 port_0=25149 uin=8100000 ip=198.51.100.149 "
                 "inner_ip=198.51.100.149 mode=4 (direct) port=25149\n")


def dumps_of_other_tools_are_read():
    forms = {
        "xxd": "00000000: 0200 0a00 1200                           ......\n",
        "xxd -p": "02000a001200\n",
        "hexdump -C": "00000000  02 00 0a 00 12 00                 |..zz..|\n00000006\n",
        "od": "000000 02 00 0a 00 12 00\n000006\n",
        "tcpdump": "\t0x0000:  0200 0a00 1200\n",
        "colons": "02:00:0a:00:12:00",
        "comment": "# ACK\n02.00.0a.00-12.00 # of the login\n",
        "crlf": "02 00 0a\r\n00 12 00\r\n",
    }
    return [f"{tool}: {c}" for tool, form in forms.items() for c in lines(form, "ACK v2 seq=18\n")]


def an_offset_of_zero_begins_a_packet():
    one = "00000000: 0200 0a00 1200  ......\n"
    return lines(one + one, "ACK v2 seq=18\n" * 2)


def each_line_may_be_a_packet():
    return lines(f"{ACK}\n{ACK}\n", "ACK v2 seq=18\n" * 2, "--each-line")


def the_origin_may_be_given():
    return lines("02 00 0A 00 12 00 80 84 1E 00", "ACK v2 seq=18 rest=80841E00\n",
                 "--from", "server")


def a_length_before_a_peer_packet_is_taken_off():
    return expect(icqdump(given=PEER_TEXT), icqdump(given="2D 00" + PEER_TEXT))


def what_is_no_hex_is_pointed_at():
    return (expect((1, "", 'icqdump: line 2: not a hex digit: "xyz 04"\n'),
                   icqdump(given="# one\nxyz 04"))
            + expect((1, "ACK v2 seq=18\n", 'icqdump: line 3: half a byte: "7"\n'),
                     icqdump(given=f"{ACK}\n\n7")))


# ---- what is shown ---------------------------------------------------------------------------


def every_byte_is_explained():
    return lines(ACK + " FF", """\
ACK from server, 7 bytes: The client packet with this SEQ has arrived.
  0000  02 00                    version          2
  0002  0A 00                    command          000A (ACK)
  0004  12 00                    seq              18
  0006  FF                       -                FF

""", "--verbose")


def long_fields_go_on_in_the_next_row():
    told = icqdump("-v", given=MESSAGE)[1]
    rows = [row for row in told.splitlines() if row.startswith(("  0010", "  0018", "  0020"))]
    return expect([r"  0010  16 00 48 65 6A 20 64 E5  text             "
                   r'"Hej d\xE5!\r\nHow are you?"',
                   "  0018  21 0D 0A 48 6F 77 20 61", "  0020  72 65 20 79 6F 75 3F 00"], rows)


def rows_cover_the_packet():
    complaints = []
    for packet in (LOGIN, ACK, MESSAGE, INIT, PEER_TEXT, VERSION_5, "02", "02 00 FF 77 01 00"):
        shown = json.loads(icqdump("--json", given=packet)[1])
        at = 0
        for field in shown["fields"]:
            complaints += expect(at, field["offset"])
            at += field["length"]
        complaints += expect(shown["length"], at)
    return complaints


def json_tells_the_same():
    shown = json.loads(icqdump("--json", given=MESSAGE)[1])
    head = {k: shown[k] for k in ("origin", "name", "id", "version", "length")}
    return (expect({"origin": "client", "name": "SEND_MESSAGE", "id": "c_send_message",
                    "version": 2, "length": 40}, head)
            + expect({"name": "type", "offset": 14, "length": 2, "hex": "0100", "value": "0001",
                      "note": "text"}, shown["fields"][5])
            + expect(r"Hej d\xE5!\r\nHow are you?", shown["fields"][6]["value"]))


def malformed_packets_are_shown_up_to_the_break():
    cut = " ".join(MESSAGE.split()[:30])
    shown = json.loads(icqdump("-j", given=cut)[1])
    return (lines(cut, "SEND_MESSAGE v2 seq=5 uin=1234567 to=7654321 type=0001 (text) "
                  "rest=160048656A2064E5210D0A486F77 (packet ends inside a field)\n")
            + expect("packet ends inside a field", shown["error"])
            + expect("text", shown["fields"][-1]["breaks_in"])
            + lines("02", "rest=02 (packet ends inside a field)\n")
            + lines("09 00 01 02", "rest=09000102 (unknown protocol version)\n"))


def later_versions_are_said_to_be_not_decoded():
    return lines(VERSION_5, "version 5 is not decoded yet "
                 "header=0000000087D612001F4A3E6458183E64881CA4B0C245 rest=0786CA17\n")


def passwords_are_masked_unless_asked_for():
    broken = " ".join(LOGIN.split()[:20])
    complaints = []
    for form in ("--verbose", "--json", "--hex", None):
        for packet in (LOGIN, broken):
            options = [form] if form else []
            masked = icqdump(*options, given=packet)[1].upper().replace(" ", "")
            shown = icqdump(*options, "--secrets", given=packet)[1].upper().replace(" ", "")
            if "SEAG" in masked or "73656167" in masked:
                complaints.append(f"{form}: the password is told")
            if "SEAG" not in shown and "73656167" not in shown:
                complaints.append(f"{form}: the password is not told when asked for")
    return complaints


def hex_output_can_be_read_again():
    everything = "\n\n".join((LOGIN, ACK, MESSAGE, INIT, PEER_TEXT))
    once = icqdump("--hex", given=everything)[1]
    return lines(once, icqdump(given=everything)[1])


# ---- captures --------------------------------------------------------------------------------

CLIENT, SERVER, PEER = ("10.0.0.1", 1024), ("10.0.0.2", 4000), ("10.0.0.3", 1234)


def pcap(link_type, *frames):
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link_type)
    return head + b"".join(
        struct.pack("<IIII", 924000000, 250000 + i, len(f), len(f)) + f
        for i, f in enumerate(frames))


def ip(protocol, source, target, body):
    addresses = [ipaddress.ip_address(host) for host, _ in (source, target)]
    packed = b"".join(a.packed for a in addresses)
    if addresses[0].version == 6:
        return struct.pack(">IHBB", 6 << 28, len(body), protocol, 64) + packed + body
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0, 64, protocol, 0) + packed + body


def udp(source, target, packet):
    body = bytes.fromhex(packet)
    return ip(17, source, target,
              struct.pack(">HHHH", source[1], target[1], 8 + len(body), 0) + body)


def tcp(source, target, seq, body):
    return ip(6, source, target,
              struct.pack(">HHIIBBHHH", source[1], target[1], seq, 0, 5 << 4, 0x18, 0, 0, 0)
              + body)


def framed(packet):
    body = bytes.fromhex(packet)
    return struct.pack("<H", len(body)) + body


ETHERNET = bytes(12) + b"\x08\x00"
RAW, ETHERNET_LINK = 101, 1


def captured(capture, *options):
    return icqdump("-r", "-", *options, given=capture)


def ports_tell_who_sent_a_datagram():
    return expect((0, "1999-04-13 10:40:00.250000 10.0.0.1:1024 > 10.0.0.2:4000 " + MESSAGE_LINE
                   + "1999-04-13 10:40:00.250001 10.0.0.2:4000 > 10.0.0.1:1024 ACK v2 seq=18\n",
                   ""),
                  captured(pcap(RAW, udp(CLIENT, SERVER, MESSAGE), udp(SERVER, CLIENT, ACK))))


def link_types_are_stripped():
    packet = udp(CLIENT, SERVER, MESSAGE)
    wanted = captured(pcap(RAW, packet))
    vlan = bytes(12) + b"\x81\x00\x00\x07\x08\x00"
    frames = {
        "ethernet": (1, ETHERNET + packet + bytes(10)), "vlan": (1, vlan + packet),
        "loopback": (0, b"\x02\0\0\0" + packet), "cooked": (113, bytes(14) + b"\x08\x00" + packet),
        "cooked 2": (276, b"\x08\x00" + bytes(18) + packet),
    }
    return [f"{name}: {c}" for name, (link_type, frame) in frames.items()
            for c in expect(wanted, captured(pcap(link_type, frame)))]


def ipv6_is_read():
    code, out, _ = captured(pcap(RAW, udp(("2001:db8::1", 1024), ("2001:db8::2", 4000), MESSAGE)))
    return expect((0, True), (code, "[2001:db8::1]:1024 > [2001:db8::2]:4000 SEND" in out))


def other_frames_are_passed_over_and_counted():
    fragment = bytearray(udp(CLIENT, SERVER, MESSAGE))
    fragment[6] = 0x20
    noise = [udp(CLIENT, PEER, ACK), tcp(CLIENT, PEER, 1, b"GET / HTTP/1.0\r\n\r\n"),
             bytes(fragment), b"\x60", b""]
    return expect((0, "", "icqdump: 5 of 5 frames passed over: neither UDP of port 4000 nor "
                   "a connection between clients\n"), captured(pcap(RAW, *noise)))


def the_port_may_be_another():
    code, out, _ = captured(pcap(RAW, udp(CLIENT, ("10.0.0.2", 4001), MESSAGE)), "--port", "4001")
    return expect((0, True), (code, out.endswith(MESSAGE_LINE)))


def names_of(capture):
    code, out, err = captured(capture, "--json")
    return code, [json.loads(line).get("name", "chat") for line in out.splitlines()], err


def packets_between_clients_are_put_together():
    whole = framed(INIT) + framed(PEER_TEXT)
    answer = framed(PEER_TEXT.replace("EE 07", "DA 07"))
    frames = []
    for cut in range(0, len(whole), 7):  # in pieces, and each piece twice
        frames += [tcp(CLIENT, PEER, 101 + cut, whole[cut:cut + 7])] * 2
    frames.append(tcp(PEER, CLIENT, 5000, answer))
    wanted = ["CHANNEL_INIT", "CHANNEL_MESSAGE", "CHANNEL_MESSAGE"]
    return expect((0, wanted, ""), names_of(pcap(RAW, *frames)))


def sequence_numbers_may_wrap():
    first, second = framed(INIT), framed(PEER_TEXT)
    frames = [tcp(CLIENT, PEER, 2**32 - 20, first),
              tcp(CLIENT, PEER, len(first) - 20, second)]
    return expect((0, ["CHANNEL_INIT", "CHANNEL_MESSAGE"], ""), names_of(pcap(RAW, *frames)))


def missing_bytes_end_a_direction():
    frames = [tcp(CLIENT, PEER, 1, framed(INIT)), tcp(CLIENT, PEER, 39, framed(PEER_TEXT))]
    return expect((0, ["CHANNEL_INIT"], "icqdump: 10.0.0.1:1024 > 10.0.0.3:1234: 10 bytes are "
                   "missing; the rest is passed over\n"), names_of(pcap(RAW, *frames)))


def a_chat_is_followed():
    color = "64 00 00 00 FD FF FF FF A0 98 7B 00 01 00 00 3D 62 FF FF FF 00 00 00 00 00 00"
    color_font = ("64 00 00 00 80 84 1E 00 01 00 00 FF FF FF 00 00 00 00 00 03 00 00 00 "
                  "3D 62 00 00 7F 00 00 01 7F 00 00 01 04 07 00 0C 00 00 00 00 00 00 00 "
                  "01 00 00 00 00 00")
    font = ("03 00 00 00 3D 62 00 00 7F 00 00 01 7F 00 00 01 04 07 00 0C 00 00 00 "
            "00 00 00 00 01 00 00 00 00 00")
    asked = framed(INIT) + framed(color)
    frames = [tcp(CLIENT, PEER, 0, asked), tcp(PEER, CLIENT, 0, framed(color_font)),
              tcp(CLIENT, PEER, len(asked), framed(font) + b"hello\r")]
    wanted = ["CHANNEL_INIT", "CHAT_COLOR", "CHAT_COLOR_FONT", "CHAT_FONT", "chat"]
    out = captured(pcap(RAW, *frames))[1]
    return (expect((0, wanted, ""), names_of(pcap(RAW, *frames)))
            + expect(True, out.endswith(r" bytes of a chat text=hello\r" "\n")))


def nothing_does_harm():
    """Packets with some bytes changed, in frames and connections with some bytes changed."""
    seed = int(os.environ.get("SEED", "1"))
    print(f"SEED={seed}", file=sys.stderr)
    chance = random.Random(seed)
    frames, seq = [tcp(CLIENT, PEER, 0, framed(INIT))], len(framed(INIT))
    for _ in range(3000):
        packet = bytearray.fromhex(chance.choice((LOGIN, ACK, MESSAGE, INIT, PEER_TEXT)))
        for _ in range(chance.randrange(4)):
            byte = chance.choice((0, 1, 0xFF, chance.getrandbits(8)))
            packet[chance.randrange(len(packet))] = byte
        packet = packet[:chance.randrange(len(packet) + 1)].hex()
        if chance.random() < 0.5:
            frame = bytearray(udp(*chance.choice(((CLIENT, SERVER), (SERVER, CLIENT))), packet))
        else:
            frame = bytearray(tcp(CLIENT, PEER, seq, framed(packet)))
            seq += len(framed(packet))
        if chance.random() < 0.2:
            frame[chance.randrange(len(frame))] = chance.getrandbits(8)
        frames.append(bytes(frame[:chance.randrange(len(frame) + 1)]
                            if chance.random() < 0.1 else frame))
    capture = pcap(RAW, *frames)
    told = [captured(capture, form)[0] for form in ("-v", "-x")]
    code, out, _ = captured(capture, "--json")
    return expect([0, 0, 0], told + [code]) + expect(
        [], [line for line in out.splitlines() if "origin" not in json.loads(line)])


def an_interface_is_watched():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        at = server.getsockname()
        with subprocess.Popen([ICQDUMP, "-i", "lo", "-p", str(at[1])], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as dump:
            seen = threading.Event()

            def knock():  # until the capture has begun
                while not seen.wait(0.02):
                    server.sendto(bytes.fromhex(ACK), at)

            knocking = threading.Thread(target=knock)
            knocking.start()
            line = dump.stdout.readline()
            seen.set()
            knocking.join()
            dump.terminate()
            code = dump.wait()
    if code == 6:
        raise tap.Skip("no right to capture here")
    return expect((0, True), (code, f" > 127.0.0.1:{at[1]} " in line))


# ---- the program -----------------------------------------------------------------------------


def bad_options_are_told_what_would_be_right():
    cases = {
        ("--jsn",): (2, "icqdump: there is no option --jsn; did you mean --json? "
                        "(see icqdump --help)\n"),
        ("--from", "me"): (2, "icqdump: --from must be client, server or peer, not \"me\" "
                              "(see icqdump --help)\n"),
        ("-p", "0"): (2, "icqdump: --port must be a number from 1 to 65535, not \"0\" "
                         "(see icqdump --help)\n"),
        ("-p",): (2, "icqdump: --port wants NUMBER (see icqdump --help)\n"),
        ("x.pcap",): (2, "icqdump: \"x.pcap\" is no option; a capture file is given by --read, "
                         "hex on stdin (see icqdump --help)\n"),
        ("-r", "/nowhere/x"): (5, "icqdump: /nowhere/x: No such file or directory\n"),
    }
    return [c for options, (code, err) in cases.items()
            for c in expect((code, "", err), icqdump(*options))]


def help_and_version_are_told():
    code, out, _ = icqdump("--help")
    version = icqdump("--version")
    return (expect((0, True), (code, out.startswith("Usage: icqdump ") and "--secrets" in out))
            + expect((0, "Seekyou", ""), (version[0], version[1].split()[-1].strip("()"),
                                          version[2])))


def a_reader_who_leaves_is_no_trouble():
    many = "\n\n".join([MESSAGE] * 5000).encode()
    with subprocess.Popen([ICQDUMP], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as dump:
        dump.stdout.close()
        try:
            dump.stdin.write(many)
            dump.stdin.close()
        except BrokenPipeError:
            pass
        return expect(b"", dump.stderr.read())


tap.run([(case.__name__, case) for case in (
    packets_of_every_origin_are_explained, dumps_of_other_tools_are_read,
    an_offset_of_zero_begins_a_packet, each_line_may_be_a_packet, the_origin_may_be_given,
    a_length_before_a_peer_packet_is_taken_off, what_is_no_hex_is_pointed_at,
    every_byte_is_explained, long_fields_go_on_in_the_next_row, rows_cover_the_packet,
    json_tells_the_same, malformed_packets_are_shown_up_to_the_break,
    later_versions_are_said_to_be_not_decoded, passwords_are_masked_unless_asked_for,
    hex_output_can_be_read_again, ports_tell_who_sent_a_datagram, link_types_are_stripped,
    ipv6_is_read, other_frames_are_passed_over_and_counted, the_port_may_be_another,
    packets_between_clients_are_put_together, sequence_numbers_may_wrap,
    missing_bytes_end_a_direction, a_chat_is_followed, nothing_does_harm,
    an_interface_is_watched, bad_options_are_told_what_would_be_right,
    help_and_version_are_told, a_reader_who_leaves_is_no_trouble,
)])
