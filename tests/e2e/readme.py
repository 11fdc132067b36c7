#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The conversation at the end of README.md, held by the real programs on terminals.

`ann$ COMMAND` starts a program on ann's terminal. `ann: PROMPT TEXT` waits for the prompt there and
types the text; any other `ann: TEXT` waits for the text. Usage: readme.py BUILD_FOLDER
"""

import pathlib
import re

import stories
from programs import Terminal

README = pathlib.Path(__file__).parents[2] / "README.md"
PROMPT = re.compile(r"(.*(?:password.*|again|Password): |icq> )(.+)")


def conversation():
    blocks = README.read_text().split("```")
    return blocks[-2].strip().splitlines()


def play(story, lines):
    terminals = {}
    try:
        for line in lines:
            turn(story, terminals, line)
    finally:
        for terminal in terminals.values():
            terminal.kill()


def turn(story, terminals, line):
    started = re.fullmatch(r"(\w+)\$ build/(\w+) (.*)", line)
    if started:
        who, program, rest = started.groups()
        if who in terminals:
            terminals[who].kill()
        terminals[who] = Terminal(story.folder, [
            stories.BUILD / program, "-h", f"127.0.0.1:{story.server.port}", *rest.split()])
        return
    who, text = re.fullmatch(r"(\w+): (.*)", line).groups()
    typed = PROMPT.fullmatch(text)
    terminals[who].until(typed[1] if typed else text)
    if typed:
        terminals[who].type(typed[2] + "\n")


def two_people_talk_as_the_readme_says(story):
    lines = conversation()
    if len(lines) < 10:
        yield "README.md does not end with a conversation"
    play(story, lines)


stories.tap.run([stories.alone(stories.Story, two_people_talk_as_the_readme_says)])
