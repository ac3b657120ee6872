"""Every command that writes, on a disk of its own that becomes full (Linux: a tmpfs in a user namespace)."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from faults.command import runs_here
from faults.computed_once import computed_once
from faults.failing_writes import Undisturbed, problems_at_the_end
from faults.faulty_disk import FaultyDisk
from faults.forking import in_child
from faults.tally import Tally
from faults.writing_verbs import Verb, files_in, truth_of, whole_state

NEW_MOUNTS, NEW_USER, REMOUNT = 0x00020000, 0x10000000, 32
PAGE = 4096
ROOM = 2**28


class SmallDisk:
    """A disk in memory at a folder that is there, seen by this process alone, which must be a forked one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._libc = ctypes.CDLL(None, use_errno=True)
        user, group = os.getuid(), os.getgid()
        self._check(self._libc.unshare(NEW_USER | NEW_MOUNTS))
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        self._mount(0, ROOM)

    def leave(self, pages: int) -> None:
        """Leave so many pages free."""
        about = os.statvfs(self.folder)
        self._mount(REMOUNT, max(about.f_blocks - about.f_bfree + pages, 1) * PAGE)  # 0 would be no limit

    def grow(self) -> None:
        """Make room."""
        self._mount(REMOUNT, ROOM)

    def _mount(self, flags: int, size: int) -> None:
        target = os.fsencode(self.folder)
        self._check(self._libc.mount(b"tmpfs", target, b"tmpfs", flags, f"size={size},mode=700".encode()))

    @staticmethod
    def _check(code: int) -> None:
        if code:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def has_small_disks(folder: Path) -> bool:
    """Whether this machine lets a user mount disks of their own."""
    try:
        in_child(lambda: SmallDisk(folder).grow())
    except RuntimeError:
        return False
    return True


def full_disks(disk: FaultyDisk, verb: Verb, whole: Path, folder: Path, shares: Iterable[float]) -> Tally:
    """Leave a share of the room that a command needs; it must say so, leave what is whole, and end as ever."""
    tally, place = Tally(f"full disks, {verb.name}"), folder / "place"
    with runs_here(), computed_once():
        quiet = Undisturbed(disk, verb, whole, place)
        pages = sum(-(-len(content) // PAGE) for content in files_in(place).values()) + 8
        pages -= sum(-(-len(content) // PAGE) for content in quiet.before.values())
        for share in shares:
            left = int(share * pages)
            is_full, problems = in_child(partial(_on_small_disk, verb, whole, place, quiet, left))
            if is_full or problems:
                tally.note(f"{verb.name} with {left} of {pages} pages", problems)
    return tally


def _on_small_disk(verb: Verb, whole: Path, place: Path, quiet: Undisturbed, pages: int) -> tuple[bool, list[str]]:
    """Return whether a command had too little room, and what was wrong."""
    disk = SmallDisk(place)
    verb.given(place, whole)
    disk.leave(pages)
    ended = verb.run(place)
    problems = ended.problems() + truth_of(ended, place) + whole_state(place, quiet.before, quiet.after)
    disk.grow()
    return bool(ended.code), problems + problems_at_the_end(verb, place, quiet.end)
