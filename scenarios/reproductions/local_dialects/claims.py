"""Whether there are dialects, why, on which graphs they are distinct, and where borders run."""

from __future__ import annotations

import math

from hubbub.analysis.dialects.border import LOSS, RESULTS
from hubbub.scenarios.reproductions.claim import CONTROL, HYPOTHESIS, Claim, Condition
from hubbub.scenarios.reproductions.criteria import Above, Below
from hubbub.scenarios.reproductions.table import Row, Table

LOCAL, RANDOM = "ring lattice, 2 a side", "random, as many links"
"""The two graphs that are compared: equally many links, near ones only or anywhere."""
CONVERGED, AGREES = 0.9, 0.5
"""Success over links that counts as converged, and the adjusted Rand index above which borders follow communities."""


def claims(table: Table) -> list[Claim]:
    """Judge whether there are dialects, why, on which graphs they are distinct, and where borders run."""
    local, graphs = table.where(graph=LOCAL), table.by("graph")
    success = [part.mean("success_over_links") for part in graphs.values()]
    return [
        Claim(
            "C2 control",
            "neighbours have learned to understand each other",
            "success over links on the graph where it is lowest",
            min(success, key=lambda value: value.value),
            Above(CONVERGED),
            source=CONTROL,
        ),
        Claim(
            "C2 dialects",
            "with local links only, agents speak like those near them and not like the others",
            f"similarity of linked minus that of unlinked pairs; {LOCAL}",
            local.mean("locality"),
            Above(0),
            f"Mantel correlation of dissimilarity with distance {local.mean('mantel').value:.2f}; "
            f"zig-zag with distance in {sum(table.column('zig_zag'))} of {len(table)} runs",
        ),
        Claim(
            "C2 because of local links",
            "dialects come from the links being local, not from their being few",
            f"the same difference, {LOCAL} minus {RANDOM}, paired by seed",
            local.minus(table.where(graph=RANDOM), "locality"),
            Above(0),
        ),
        Claim(
            "C2 intelligibility",
            "dialects are harder to understand for those outside",
            f"success of linked minus that of unlinked pairs; {LOCAL}",
            local.mean("locality_of_success"),
            Above(0),
        ),
        *(_distinct(name, part) for name, part in graphs.items()),
        *(_along(name, part) for name, part in table.having("agreement").by("graph").items()),
        *_bridges(table),
    ]


def _distinct(name: str, table: Table) -> Claim:
    results = ", ".join(f"{table.column('result').count(kind)} {kind}" for kind in _results(table))
    within, across, low = (table.mean(of).value for of in ("linked_within", "linked_across", "success_over_links"))
    return Claim(
        f"C2 distinct ({name})",
        "the dialects are distinct: there are borders, not a continuum",
        f"share of their similarity that linked pairs lose across the cut between dialects; {name}",
        table.mean("loss"),
        Above(LOSS, "docs/results/borders.md"),
        f"linked pairs within {within:.2f}, across {across:.2f}; of {len(table)} runs: {results}",
        conditions=[Condition("mean success over links", low, at_least=CONVERGED)],
    )


def _results(table: Table) -> list[str]:
    return [kind for kind in (*RESULTS.values(), "not decided") if kind in table.column("result")]


def _along(name: str, table: Table) -> Claim:
    return Claim(
        f"borders run along communities ({name})",
        "as many dialects as there are known communities have the same members",
        f"adjusted Rand index of dialects and known communities at the end; {name}",
        table.mean("agreement"),
        Above(AGREES, "our choice"),
        source=HYPOTHESIS,
    )


def _bridges(table: Table) -> list[Claim]:
    of_caves = bridged(table)
    shares = of_caves.by("share_of_bridges")
    if len(shares) < 2:
        return []
    counts = [f"{share:.2f}: {sum(part.column('has_border')):.0f} of {len(part)}" for share, part in shares.items()]
    return [
        Claim(
            "bridges make a border a continuum",
            "the more links are bridges between caves, the less is lost across the cut",
            "1 − similarity of linked pairs of different caves / of one cave: change per unit of the share of bridges",
            of_caves.slope("share_of_bridges", "lost_between"),
            Below(0),
            f"runs with a border, by the share of bridges: {', '.join(counts)}",
            source=HYPOTHESIS,
        )
    ]


def bridged(table: Table) -> Table:
    """Return the rows of caves with more and more bridges; `lost_between` is NaN where nothing is alike inside."""

    def lost_between(row: Row) -> float:
        inside = row["similarity_inside"]
        return 1 - row["similarity_between"] / inside if inside else math.nan

    rows = table.filter(lambda row: " caves of " in row["graph"]).added("lost_between", lost_between)
    return rows.added("has_border", lambda row: float("border" in row["result"]))
