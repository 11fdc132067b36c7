#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks who includes whom, and that the pure floors ask the system for nothing (ARCHITECTURE.md).

Usage: floors.py SOURCE_ROOT
"""

import pathlib
import re
import sys

import tap

PURE = {
    "base": set(),
    "wire": {"base"},
    "store": {"base"},
    "link": {"base", "wire"},
    "server": {"base", "wire", "store", "link"},
    "client": {"base", "wire", "store", "link"},
}
IMPURE = {"io": {"base"}, "cmd": {*PURE, "io"}}
FLOORS = {**PURE, **IMPURE}

# What the C standard offers without an operating system behind it.
PLAIN_HEADERS = {
    f"{name}.h"
    for name in "assert ctype inttypes limits stdalign stdarg stdbool stddef stdint stdio stdlib "
    "stdnoreturn string".split()
}

# <stdio.h> and <stdlib.h> are there for snprintf and malloc; this is the rest of them.
FORBIDDEN = (
    "time clock clock_gettime gettimeofday timespec_get sleep usleep nanosleep "
    "rand srand random srandom arc4random getrandom getentropy "
    "printf vprintf fprintf vfprintf puts putchar fputs fputc putc fwrite perror "
    "fopen fread scanf getchar fgets getenv system exit"
).split()
FORBIDDEN_CALL = re.compile(r"(?<![\w.>])(" + "|".join(FORBIDDEN) + r")\s*\(")
STREAM = re.compile(r"\b(stdin|stdout|stderr)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
NOISE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"' r"|'(?:\\.|[^'\\\n])*'", re.S)


def is_pure(path):
    return path.parts[1] in PURE and "_sqlite" not in path.name


def without_noise(text):
    """The code without comments and literals, its lines kept."""
    return NOISE.sub(lambda m: "\n" * m[0].count("\n"), text)


def include_complaints(path, text):
    floor = path.parts[1]
    for _, header in (m.groups() for m in INCLUDE.finditer(text) if m[1] == '"'):
        folder = header.split("/")[0] if "/" in header else None
        if folder is None and not header.endswith(".def"):
            yield f'{path}: "{header}" must be named by its path from src/'
        elif folder is not None and folder != floor and folder not in FLOORS[floor]:
            yield f'{path}: {floor} may not include "{header}"'


def system_complaints(path, text):
    if not is_pure(path):
        return
    for header in (m[2] for m in INCLUDE.finditer(text) if m[1] == "<"):
        if header not in PLAIN_HEADERS:
            yield f"{path}: a pure floor may not include <{header}>"
    for number, line in enumerate(without_noise(text).split("\n"), 1):
        for found in (*FORBIDDEN_CALL.finditer(line), *STREAM.finditer(line)):
            yield f"{path}:{number}: a pure floor may not use {found[1]}"


def sources(root):
    for path in sorted((root / "src").rglob("*.[ch]")):
        yield path.relative_to(root), path.read_text(encoding="utf-8")


def check_sources(root, rule):
    return lambda: [c for path, text in sources(root) for c in rule(path, text)]


def check_rule(rule, refused, accepted):
    """A check that cannot fail is a defect: the rule must see each of these."""

    def case():
        for name, text in refused:
            if not list(rule(pathlib.PurePath(name), text)):
                yield f"not noticed in {name}: {text}"
        for name, text in accepted:
            yield from rule(pathlib.PurePath(name), text)

    return lambda: list(case())


def main():
    root = pathlib.Path(sys.argv[1])
    tap.run([
        ("include_rule_notices", check_rule(include_complaints, [
            ("src/base/a.c", '#include "wire/icqwire.h"'),
            ("src/server/a.c", '#include "client/client.h"'),
            ("src/io/a.c", '# include "link/link.h"'),
            ("src/wire/a.c", '#include "a.h"'),
        ], [
            ("src/wire/a.c", '#include "icq.def"\n#include "base/cursor.h"'),
            ("src/cmd/a.c", '#include "server/server.h"'),
        ])),
        ("system_rule_notices", check_rule(system_complaints, [
            ("src/base/a.c", "#include <sys/socket.h>"),
            ("src/store/store_mem.c", "#include <time.h>"),
            ("src/link/a.c", "int64_t now = time (NULL);"),
            ("src/link/a.c", 'x = "/*"; y = rand(); /* */'),
            ("src/server/a.c", 'fputs("hello", s);'),
            ("src/server/a.c", "FILE *f = stderr;"),
        ], [
            ("src/io/a.c", "#include <sys/socket.h>\nx = time(NULL);"),
            ("src/store/store_sqlite.c", "#include <sqlite3.h>"),
            ("src/server/a.c", "env->random(env->ctx, p, n); /* not rand() */"),
            ("src/server/a.c", 'void (*time)(void); snprintf(s, n, "time()");'),
        ])),
        ("folders_include_downwards", check_sources(root, include_complaints)),
        ("pure_floors_ask_the_system_for_nothing", check_sources(root, system_complaints)),
    ])


if __name__ == "__main__":
    main()
