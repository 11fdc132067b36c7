# SPDX-License-Identifier: MIT
"""Small file systems for one test: in a mount namespace, so that nothing of them remains."""

import contextlib
import fcntl
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

import tap

INSIDE = "SEEKYOU_OWN_MOUNTS"
EXT4_IOC_SHUTDOWN = 0x8004587D
WITHOUT_FLUSH = 2


def enter_namespace():
    """Starts the script anew where it may mount, if there is such a place."""
    if INSIDE in os.environ:
        return
    unshare = ["unshare", "--mount", "--propagation", "private"]
    if os.geteuid() != 0:
        unshare += ["--user", "--map-root-user"]
    os.environ[INSIDE] = "yes" if succeeds(*unshare, "true") else ""
    if os.environ[INSIDE]:
        os.execvp("unshare", [*unshare, sys.executable, *sys.argv])


def succeeds(*command):
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              check=False).returncode == 0
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def mounted(folder, *how):
    if not os.environ[INSIDE] or not succeeds("mount", *how, folder):
        raise tap.Skip(f"may not mount here ({' '.join(map(str, how[:2]))})")
    try:
        yield folder
    finally:
        succeeds("umount", folder)


@contextlib.contextmanager
def small_disk(megabytes):
    with tempfile.TemporaryDirectory() as folder:
        with mounted(folder, "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs"):
            yield pathlib.Path(folder)


def fill(file):
    """Until not a byte more fits."""
    with open(file, "wb", buffering=0) as out:
        for size in (1 << 16, 1):
            with contextlib.suppress(OSError):
                while True:
                    out.write(bytes(size))


class PowerSupply:
    """A file system of its own whose machine can lose its power."""

    def __init__(self, megabytes):
        self.folder = tempfile.TemporaryDirectory()
        self.image, self.place = f"{self.folder.name}/image", f"{self.folder.name}/disk"
        os.mkdir(self.place)
        with open(self.image, "wb") as image:
            image.truncate(megabytes << 20)
        if not succeeds("mkfs.ext4", "-q", "-F", self.image):
            raise tap.Skip("no mkfs.ext4 here")
        self.mount()

    def mount(self):
        if not os.environ[INSIDE] or not succeeds("mount", "-o", "loop", self.image, self.place):
            raise tap.Skip("may not mount an image here: needs root and loop devices")

    def cut(self):
        """From now on nothing reaches the disk, and what had not is lost."""
        root = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(root, EXT4_IOC_SHUTDOWN, struct.pack("<I", WITHOUT_FLUSH))
        finally:
            os.close(root)

    def restore(self):
        if not succeeds("umount", self.place):
            raise RuntimeError("something still uses the file system")
        self.mount()

    def close(self):
        succeeds("umount", self.place)
        self.folder.cleanup()
