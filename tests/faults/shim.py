# SPDX-License-Identifier: MIT
"""Programs with the shim in them (shim.c): orders for it, and what it has counted."""

import mmap
import os
import pathlib
import struct
import sys
import tempfile

LIBRARY = pathlib.Path(sys.argv[1], "tests/libshim.so").resolve()
FIELDS = ("malloc_left", "sync_ms", "sync_fails", "civil_s",
          "mallocs", "syncs", "syncs_failed", "mallocs_failed")


class Shim:
    def __init__(self, **orders):
        self.file = tempfile.NamedTemporaryFile()
        self.file.truncate(8 * len(FIELDS))
        self.map = mmap.mmap(self.file.fileno(), 0)
        self.order(**orders)

    def environment(self):
        return {**os.environ, "LD_PRELOAD": str(LIBRARY), "SHIM_FILE": self.file.name}

    def order(self, **values):
        for name, value in values.items():
            struct.pack_into("<q", self.map, 8 * FIELDS.index(name), value)

    def counted(self, name):
        return struct.unpack_from("<q", self.map, 8 * FIELDS.index(name))[0]

    def close(self):
        self.map.close()
        self.file.close()
