#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that the manual pages are well-formed and leave out no option and no setting.

Usage: man.py BUILD_FOLDER
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import tap

BUILD = pathlib.Path(sys.argv[1])
PAGES = sorted((BUILD / "doc/man").glob("*.[1-8]"))
# scdoc leaves empty paragraphs behind, which every reader of man pages passes over.
HARMLESS = "skipping paragraph macro"


def told(*command):
    return subprocess.run(command, text=True, stdout=subprocess.PIPE, check=False).stdout


def well_formed():
    if not shutil.which("mandoc"):
        raise tap.Skip("no mandoc")
    lines = told("mandoc", "-T", "lint", "-W", "warning", *map(str, PAGES)).splitlines()
    return [line for line in lines if HARMLESS not in line]


def every_option_is_told():
    complaints = []
    for page in PAGES:
        program = BUILD / page.stem
        if page.suffix not in (".1", ".8") or not program.exists():
            continue
        source = page.read_text(encoding="utf-8").replace("\\-", "-")
        for option in set(re.findall(r"--[a-z][a-z-]+", told(str(program), "--help"))):
            if not re.search(re.escape(option) + r"(?![a-z-])", source):
                complaints.append(f"{page.name} does not tell {option}")
    return complaints


def every_setting_is_told():
    source = (BUILD / "doc/man/icqd.conf.5").read_text(encoding="utf-8").replace("\\-", "-")
    dump = told(str(BUILD / "icqd"), "--dump-config")
    keys = re.findall(r"^([a-z-]+) =", dump, re.M)
    return [f"icqd.conf.5 does not tell {key}" for key in keys if f"\\fB{key}\\fR =" not in source]


def every_command_is_told():
    source = (BUILD / "doc/man/icq.1").read_text(encoding="utf-8").replace("\\-", "-")
    with tempfile.TemporaryDirectory() as home:
        lines = told("env", f"HOME={home}", f"XDG_DATA_HOME={home}", str(BUILD / "icq"), "-c",
                     "/dev/null", "-e", "help").splitlines()
    names = [line.split()[0] for line in lines[:-1]]
    missing = [name for name in names if f"\\fB{name}" not in source]
    return [f"icq.1 does not tell {name}" for name in missing] or \
        ([] if len(names) > 50 else [f"help tells only {names}"])


tap.run([
    ("pages_are_well_formed", well_formed),
    ("every_option_is_told", every_option_is_told),
    ("every_setting_is_told", every_setting_is_told),
    ("every_command_is_told", every_command_is_told),
])
