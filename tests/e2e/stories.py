# SPDX-License-Identifier: MIT
"""The frame of the scripts here: a story has a server and its clients, in a folder of its own.

Either its chapters are the cases, each going on where the one before it ended, or each case has a
fresh story to itself. Like the scripts, it takes the build folder as the first argument.
"""

import pathlib
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
from programs import Broken, Client, Server  # noqa: E402

BUILD = pathlib.Path(sys.argv[1]).resolve()


class Story:
    """Its programs end with it, however it ends."""

    def __init__(self, folder, *options):
        self.folder = folder
        self.programs = []
        self.broken = False
        self.server = self.serve(*options)

    def started(self, program):
        """Keeps a program in mind for the end."""
        self.programs.append(program)
        return program

    def serve(self, *options, **more):
        return self.started(Server(BUILD, self.folder / "data", *options, **more))

    def client(self, name, **more):
        """Whoever comes back under a name finds what it has written in its folder."""
        return self.started(Client(BUILD, self.folder / name, self.server.port, **more))

    def end(self):
        for program in reversed(self.programs):
            if program.process.poll() is None:
                program.kill()

    def chapter(self, name):
        def case():
            if self.broken:
                raise tap.Skip("an earlier chapter failed")
            try:
                complaints = list(getattr(self, name)())
            except Broken as why:
                complaints = [str(why)]
            self.broken = bool(complaints)
            return complaints

        return name, case


def in_chapters(begin, names):
    """Runs methods of one story, which `begin` makes of a folder, as the cases of a script."""
    with tempfile.TemporaryDirectory() as folder:
        story = begin(pathlib.Path(folder))
        try:
            tap.run([story.chapter(name) for name in names])
        finally:
            story.end()


def in_folder(case):
    """A case that needs an empty folder."""

    def run():
        with tempfile.TemporaryDirectory() as folder:
            try:
                return list(case(pathlib.Path(folder)))
            except Broken as why:
                return [str(why)]

    return case.__name__, run


def alone(begin, case):
    """A case that needs a story to itself, which `begin` makes of a folder."""

    def in_story(folder):
        story = begin(folder)
        try:
            yield from case(story)
        finally:
            story.end()

    in_story.__name__ = case.__name__
    return in_folder(in_story)
