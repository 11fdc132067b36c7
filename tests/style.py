#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks what every file must look like (CONTRIBUTING.md).

Usage: style.py SOURCE_ROOT
"""

import os
import pathlib
import shutil
import subprocess
import sys

import tap

LINE_MAX = 100
FILE_LINES_MAX = 500
SPDX = "SPDX-License-Identifier: MIT"
CLANG_FORMAT_VERSION = "14."  # another one has other opinions
SOURCE_SUFFIXES = {".c", ".h", ".def", ".py", ".sh", ".build", ".scd", ".ini", ".map"}
SCRIPTS = {"run", "test", "install"}


def files(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if not f.startswith(("build", ".git")) and f != "corpus"]
        for name in names:
            path = pathlib.Path(folder, name)
            if path.suffix in SOURCE_SUFFIXES or name in SCRIPTS:
                yield path


def c_files(root):
    return sorted(p for p in files(root) if p.suffix in {".c", ".h"})


def licences(root):
    for path in files(root):
        with path.open(encoding="utf-8") as f:
            if not any(SPDX in line for _, line in zip(range(3), f)):
                yield f"{path.relative_to(root)}: no {SPDX} in its first lines"


def line_lengths(root):
    for path in files(root):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if len(line.expandtabs(8)) > LINE_MAX:
                yield f"{path.relative_to(root)}:{number}: longer than {LINE_MAX}"


def file_lengths(root):
    for path in c_files(root):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > FILE_LINES_MAX:
            yield f"{path.relative_to(root)}: {lines} lines; look for the second noun"


def clang_format():
    for name in ("clang-format-14", "clang-format"):
        path = shutil.which(name)
        if path:
            told = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
            if f"version {CLANG_FORMAT_VERSION}" in told.stdout:
                return path
    raise tap.Skip("no clang-format 14 here")


def layout(root):
    command = [clang_format(), "--dry-run", "-Werror", *map(str, c_files(root))]
    told = subprocess.run(command, capture_output=True, text=True, cwd=root)
    if told.returncode == 0:
        return []
    return [line for line in told.stderr.splitlines() if "error:" in line]


def main():
    root = pathlib.Path(sys.argv[1])
    tap.run([
        ("every_source_names_its_licence", lambda: list(licences(root))),
        ("lines_are_short", lambda: list(line_lengths(root))),
        ("files_are_short", lambda: list(file_lengths(root))),
        ("layout_is_clang_format", lambda: layout(root)),
    ])


if __name__ == "__main__":
    main()
