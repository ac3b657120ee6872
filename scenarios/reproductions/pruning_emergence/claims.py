"""What the sources say of path emergence, judged by what was measured."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hubbub.analysis.measure import Measure
from hubbub.scenarios.reproductions.claim import Claim, control
from hubbub.scenarios.reproductions.criteria import Above, Below
from hubbub.scenarios.reproductions.pruning_emergence.measures import (
    COUNTS,
    FAST,
    MOST,
    SHARES,
    SLOW,
    SMALL_WEIGHTS,
    THRESHOLDS,
    WHEN,
    along_alpha,
    fall,
    geometric,
    pruned,
    threshold_fall,
)
from hubbub.scenarios.reproductions.table import Table, slope

UNCHANGED = "1 is no change"


def claims(table: Table, *, widths: Sequence[tuple[int, int]], early_steps: int) -> list[Claim]:
    """Return the claims on all kinds of networks together, and those on each."""
    kinds = list(table.by("kind"))
    of_each = [claim for kind in kinds for claim in _of_kind(table, kind, early_steps)]
    return [*_of_all(table, kinds, widths), *of_each]


def _of_all(table: Table, kinds: Sequence[str], widths: Sequence[tuple[int, int]]) -> list[Claim]:
    """Return what is said of all kinds together."""
    final = table.where(part="training", case="initialisation", pruning=0.0, last=True)
    dense, cases = [kind for kind in kinds if kind.endswith("dense")], ["-".join(map(str, of)) for of in widths]
    logs = [math.log(first) for first, _ in widths]

    def growth(mine: Table) -> float:
        paths = [[mine.where(kind=kind, case=case).column("paths")[0] for case in cases] for kind in dense]
        return float(np.mean([slope(logs, np.log(each).tolist()) for each in paths]))

    falls = {kind: fall(table, kind) for kind in kinds}
    lowest = [min(each.value for each in of_seed) for of_seed in zip(*(of.each for of in falls.values()), strict=True)]
    return [
        control(
            "they learn",
            "whole networks learn the task",
            "accuracy on held-out images at the end of training, of the kind where it is lowest",
            final.each(lambda mine: min(mine.column("accuracy"))),
            Above(0.9),
            "; ".join(f"{kind}: {final.where(kind=kind).mean('accuracy').value:.3f}" for kind in kinds),
        ),
        Claim(
            "larger networks have more",
            "larger networks have larger E",
            f"slope of ln E against ln width at the start, dense {cases[0]} … {cases[-1]}, mean of "
            + " and ".join(dense),
            table.where(part="start").each(growth),
            Above(0),
        ),
        Claim(
            "E falls towards 0",
            "E falls towards 0 as training converges",
            "E at the end of training over E at the start, whole networks, of the kind where it falls most",
            geometric(lowest),
            Below(0.1),
            "; ".join(f"{kind}: {of.value:.2f}" for kind, of in falls.items()),
        ),
    ]


def _of_kind(table: Table, kind: str, early_steps: int) -> list[Claim]:
    """Return the claims about one kind of network."""
    by_threshold = ", ".join(
        f"{threshold:g}: {threshold_fall(table, kind, threshold).value:.2f}" for threshold in THRESHOLDS
    )
    final = table.where(part="training", kind=kind, last=True)
    accuracies = {
        case: [final.where(case=case, pruning=share).mean("accuracy").value for share in SHARES] for case in WHEN
    }
    at_start = final.where(case="initialisation")

    def speeds(rate: float) -> Measure:
        mine = table.where(part="early", case="pruning", kind=kind, last=True, learning_rate=rate)
        return mine.where(pruning=MOST).minus(mine.where(pruning=0.0), "early_accuracy")

    def along(one: str, other: str = "early_accuracy", rate: float = FAST) -> Measure:
        return along_alpha(table, kind, one, other, rate)

    return [
        Claim(
            f"E falls ({kind})",
            "E falls as training converges",
            "E at the end of training over E at the start, whole networks",
            fall(table, kind),
            Below(1, UNCHANGED),
            f"pixels as sources too: {fall(table, kind, 'paths_from_input').value:.2f}; initial weights as torch draws "
            f"them, {SMALL_WEIGHTS:g} of ours: {fall(table, kind, case='small-weights').value:.2f}; by threshold: "
            + by_threshold,
        ),
        *(
            _of_pruning(table, kind, counting, quantity)
            for quantity in ("E", "Ẽ")
            for counting in ("mask-aware", "closed form")
        ),
        Claim(
            f"accuracy drops ({kind})",
            "final accuracy drops slightly with pruning",
            f"accuracy with {MOST:.0%} pruned at initialisation minus that of whole networks",
            at_start.where(pruning=MOST).minus(at_start.where(pruning=0.0), "accuracy"),
            Below(0),
            f"accuracy at {' / '.join(f'{share:.0%}' for share in SHARES)}: "
            + "; ".join(f"{case}: " + " / ".join(f"{value:.3f}" for value in of) for case, of in accuracies.items()),
        ),
        Claim(
            f"E predicts early learning ({kind})",
            "higher E at the start goes with faster early learning",
            "rank correlation over α of E at the start with the mean training accuracy of the first "
            f"{early_steps} steps, learning rate {FAST:g}",
            along("paths"),
            Above(0),
            f"learning rate {SLOW:g}: {along('paths', rate=SLOW).value:.2f}; of E with α itself "
            f"{along('paths', 'alpha').value:.2f}; pixels as sources: {along('paths_from_input').value:.2f}",
            "AlShinaifi et al.; Li, George & Silva, arXiv 2407.19044",
        ),
        Claim(
            f"pruning speeds learning ({kind})",
            "pruning makes training converge faster",
            f"mean training accuracy of the first {early_steps} steps with {MOST:.0%} pruned at "
            f"initialisation minus that of whole networks, learning rate {FAST:g}",
            speeds(FAST),
            Above(0),
            f"learning rate {SLOW:g}: {speeds(SLOW).value:+.3f}",
        ),
        *_of_landscape(table.where(part="landscape", kind=kind), kind),
    ]


def _of_pruning(table: Table, kind: str, counting: str, quantity: str) -> Claim:
    """Return the claim that pruning lowers E or raises Ẽ, in one way of counting."""
    said = "lowers E" if quantity == "E" else "raises Ẽ"
    prefix = "" if quantity == "E" else "relative_"
    name = f"{prefix}paths" + ("" if counting == "mask-aware" else "_closed_form")
    cases = {"initialisation": "at the start", "layer": "at the start, every layer alike"}
    cases |= {case: f"{case}, at the end" for case in ("after", "iterative")}
    all_counts = "; ".join(
        f"{where}: "
        + ", ".join(f"{of} {pruned(table, kind, prefix + count, case=case).value:.2f}" for count, of in COUNTS.items())
        for case, where in cases.items()
    )
    return Claim(
        f"pruning {said}, {counting} ({kind})",
        f"pruning {said}",
        f"{quantity} with {MOST:.0%} pruned over that of whole networks at the start, hidden units, {counting}",
        pruned(table, kind, name),
        Below(1, UNCHANGED) if quantity == "E" else Above(1, UNCHANGED),
        all_counts if counting == "mask-aware" else "",
    )


def _of_landscape(table: Table, kind: str) -> list[Claim]:
    """Return the claims about local minima and curvature, where they were measured."""
    if not len(table):
        return []

    def change(name: str, *, last: bool) -> Measure:
        at = table.where(last=last)
        return at.where(pruning=MOST).minus(at.where(pruning=0.0), name)

    def levels(name: str, *, last: bool) -> str:
        values = [table.where(last=last, pruning=share).mean(name).value for share in SHARES]
        return " / ".join(f"{value:.2f}" for value in values)

    shares = " / ".join(f"{share:.0%}" for share in SHARES)
    statement = (
        "higher E means more local minima and a more rugged landscape: pruning, which lowers E, makes it smoother"
    )
    minima = Claim(
        f"E goes with local minima ({kind})",
        statement,
        f"local minima on a random line through trained networks, {MOST:.0%} pruned minus whole",
        change("minima_on_lines", last=True),
        Below(0),
        f"on a line at {shares}, start: {levels('minima_on_lines', last=False)}, end: "
        f"{levels('minima_on_lines', last=True)}; on a plane, start: {levels('minima_on_planes', last=False)}, "
        f"end: {levels('minima_on_planes', last=True)}; on the straight path from start to end: "
        f"{levels('minima_on_path', last=True)}",
    )
    curvature = [
        Claim(
            f"E goes with curvature {when} ({kind})",
            statement,
            f"trace of the Hessian of networks {when}, {MOST:.0%} pruned minus whole",
            change("hessian_trace", last=last),
            Below(0),
            f"at {shares}: {levels('hessian_trace', last=last)}",
        )
        for last, when in ((False, "at the start"), (True, "at the end"))
    ]
    return [minima, *curvature]
