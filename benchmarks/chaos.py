"""Faults on purpose: edited and damaged runs, failing writes, full disks, kills, configurations of strangers.

    python benchmarks/chaos.py                       a few minutes; prints one table
    python benchmarks/chaos.py --times 10 --out docs/results/reliability.md
    python benchmarks/chaos.py --only "full disks"   the kinds whose names begin so

Every kind is a file in `benchmarks/faults`, and has a short version in the tests. A failure is an error that is not one
of hubbub's, a message that is not true, a process that takes longer than it may, other bits at the end, or damage that
nobody notices.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from faults.configurations import configurations
from faults.edited_runs import mutations
from faults.failing_writes import NUMBERS, failing_writes
from faults.faulty_disk import FaultyDisk
from faults.forged_runs import all_forgeries, forged_runs
from faults.full_disk import full_disks, has_small_disks
from faults.kills import kills
from faults.odd_runs import odd_runs
from faults.tally import Tally, table
from faults.tiny_run import tiny_run
from faults.worker_deaths import worker_deaths
from faults.writing_verbs import verbs

Plan = tuple[str, Callable[[], Tally]]


def plans(folder: Path, times: float, seed: int) -> Iterator[Plan]:
    """Yield what is tried, by name."""

    def many(n: int) -> int:
        return max(1, round(n * times))

    whole, disk, draw = tiny_run(folder / "whole"), FaultyDisk(), random.Random(seed)
    for verb in verbs():
        points = [(draw.randrange(10**6), draw.choice(NUMBERS)) for _ in range(many(verb.share))]
        yield (
            f"writes that fail, {verb.name}",
            lambda verb=verb, points=points: failing_writes(disk, verb, whole, folder, points),  # type: ignore[misc]
        )
    if has_small_disks(folder):
        for verb in verbs():
            shares = [draw.random() for _ in range(max(3, many(verb.share) // 2))]
            yield (
                f"full disks, {verb.name}",
                lambda verb=verb, shares=shares: full_disks(disk, verb, whole, folder, shares),  # type: ignore[misc]
            )
    yield "kills that hit", lambda: kills(whole, folder, many(10), seed=seed)
    yield "damaged runs", lambda: mutations(whole, folder, many(10), seed=seed, as_stranger=False)
    yield "edited runs, sealed again", lambda: mutations(whole, folder, many(10), seed=seed, as_stranger=True)
    forgeries = all_forgeries(whole)
    chosen = draw.sample(forgeries, min(many(3), len(forgeries)))
    yield "forged tables", lambda: forged_runs(whole, folder, chosen)
    yield "configurations through the door", lambda: configurations(many(300), seed=seed)
    yield "odd configurations that were run", lambda: odd_runs(folder, many(15), seed=seed)
    yield "deaths of workers", lambda: worker_deaths(folder, many(2), seed=seed)


def write_table(page: Path, tallies: list[Tally], *, kept: bool) -> None:
    """Write the table into a page, below its line of dashes; rows of other kinds may be kept."""
    head, _, before = page.read_text().partition("\n---\n")
    kinds = {tally.kind for tally in tallies}
    rows = [line for line in before.splitlines() if line.startswith("| ") and line.split(" | ")[0][2:] not in kinds]
    lines = table(tallies)
    page.write_text(f"{head}\n---\n\n" + "\n".join([*lines, *(rows[2:] if kept else [])]) + "\n")


def main() -> None:
    """Try all kinds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=float, default=1.0, help="how many times as many of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="the beginning of the names of those that are tried")
    parser.add_argument("--out", type=Path, help="write the table into this page, below its line of dashes")
    given = parser.parse_args()
    began, tallies = time.process_time(), list[Tally]()
    with tempfile.TemporaryDirectory() as place:
        for name, plan in plans(Path(place).resolve(), given.times, given.seed):
            if not name.startswith(given.only):
                continue
            tally = plan()
            tallies.append(tally)
            print(f"{tally.kind}: {tally.tried} tried, {len(tally.failures)} failures", flush=True)
            for failure in tally.failures[:20]:
                print(f"    {failure}", flush=True)
            if given.out:
                write_table(given.out, tallies, kept=bool(given.only))
    print("\n".join(table(tallies)), f"\n{time.process_time() - began:.0f} s of this process")
    sys.exit(any(tally.failures for tally in tallies))


if __name__ == "__main__":
    main()
