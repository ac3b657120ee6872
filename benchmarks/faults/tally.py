"""How many faults of one kind were tried, and which of them failed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hubbub.simulator.errors import HubbubError

LONGEST_MESSAGE = 20_000


@dataclass
class Tally:
    """How many faults of one kind were tried, and which of them failed."""

    kind: str
    tried: int = 0
    failures: list[str] = field(default_factory=list)

    def attempt(self, what: str, verb: Callable[[], Any], *, must_fail: bool = False) -> None:
        """Call a function that may raise one of hubbub's errors only; with `must_fail` it has to."""
        self.tried += 1
        began = time.monotonic()
        try:
            verb()
        except HubbubError as error:
            if len(str(error)) > LONGEST_MESSAGE:
                self.failures.append(f"{what}: a message of {len(str(error)):,} characters")
        except Exception as error:
            self.failures.append(f"{what}: {type(error).__name__}: {str(error)[:200]}")
        else:
            if must_fail:
                self.failures.append(f"{what}: not noticed")
        if time.monotonic() - began > 60:
            self.failures.append(f"{what}: took more than a minute")

    def note(self, what: str, problems: list[str]) -> None:
        """Count one fault, with what was wrong after it."""
        self.tried += 1
        self.failures += [f"{what}: {problem}" for problem in problems]


def table(tallies: list[Tally]) -> list[str]:
    """Return the lines of the table."""
    rows = [f"| {tally.kind} | {tally.tried:,} | {len(tally.failures)} |" for tally in tallies]
    return ["| what | tried | failures |", "| --- | ---: | ---: |", *rows]
