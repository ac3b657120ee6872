"""Every command that writes, on a disk of which one operation fails."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from faults.command import runs_here
from faults.computed_once import computed_once
from faults.faulty_disk import FaultyDisk
from faults.tally import Tally
from faults.writing_verbs import Verb, files_in, truth_of, whole_state

NUMBERS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EDQUOT)


class Undisturbed:
    """What a command leaves without a fault: files before and after, its end, and its number of operations."""

    def __init__(self, disk: FaultyDisk, verb: Verb, whole: Path, place: Path) -> None:
        begin(verb, whole, place)
        self.before = files_in(place)
        with disk.failing(place, 10**9, errno.ENOSPC):
            verb_ended = verb.run(place)
            self.operations = disk.count
        if verb_ended.code:
            raise AssertionError(f"{verb.name} fails without a fault: {verb_ended.err}")
        self.after = files_in(place) if verb.result is None else None
        self.end: Any = verb.ended(place)


def begin(verb: Verb, whole: Path, place: Path) -> None:
    """Empty a folder and put into it what a command needs."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    verb.given(place, whole)


def failing_writes(disk: FaultyDisk, verb: Verb, whole: Path, folder: Path, points: Iterable[tuple[int, int]]) -> Tally:
    """Fail operations of a command, one each time, given as number and error; all must be whole, and end as ever."""
    tally, place = Tally(f"writes that fail, {verb.name}"), folder / "place"
    with runs_here(), computed_once():
        quiet = Undisturbed(disk, verb, whole, place)
        for at, number in points:
            point = at % quiet.operations
            begin(verb, whole, place)
            with disk.failing(place, point, number):
                ended = verb.run(place)
            what = f"{verb.name}, operation {point} of {quiet.operations}, {errno.errorcode[number]}"
            problems = ended.problems() + truth_of(ended, place) + whole_state(place, quiet.before, quiet.after)
            tally.note(what, problems + problems_at_the_end(verb, place, quiet.end))
    return tally


def problems_at_the_end(verb: Verb, place: Path, wanted: Any) -> list[str]:
    """Go on after a fault, and return what is not as it would be without it."""
    ended = verb.go_on(place)
    if ended.code:
        return [f"afterwards: {ended.err.strip()[-300:]} {ended.out.strip()[-300:]}"]
    try:
        return [] if verb.is_same(wanted, verb.ended(place)) else ["other bits at the end"]
    except Exception as error:
        return [f"afterwards {type(error).__name__}: {str(error)[:300]}"]
