"""What the sources say of path emergence, judged by what was found."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions.catalogue import Claim, judge
from hubbub.scenarios.reproductions.pruning_emergence_found import Found, geometric
from hubbub.scenarios.reproductions.pruning_emergence_plan import (
    COUNTS,
    RATES,
    SHARES,
    SMALL_WEIGHTS,
    THRESHOLDS,
    WHEN,
    Size,
)
from hubbub.scenarios.reproductions.rows import column, difference, mean

SOURCE = "AlShinaifi et al., arXiv 2409.01568, abstract"


def claims(found: Found, size: Size) -> list[Claim]:
    """Return the claims on all kinds of networks together, and those on each."""
    return [*_of_all(found, size), *(claim for kind in found.kinds for claim in _of_kind(found, kind, size))]


def _of_all(found: Found, size: Size) -> list[Claim]:
    """Return what is said of all kinds together."""
    seeds = sorted(set(column(found.rows, "seed", part="training")))
    final = {"part": "training", "case": "initialisation", "pruning": 0.0, "last": True}
    learned = over_seeds([min(column(found.rows, "accuracy", seed=seed, **final)) for seed in seeds])
    grown = []
    dense = [kind for kind in found.kinds if kind.endswith("dense")]
    sizes = ["-".join(map(str, widths)) for widths in size.widths]
    for seed in seeds:
        for kind in dense:
            paths = [column(found.rows, "paths", part="start", kind=kind, case=case, seed=seed)[0] for case in sizes]
            slope = np.polyfit(np.log([widths[0] for widths in size.widths]), np.log(paths), 1)[0]
            grown.append((seed, float(slope)))
    slopes = over_seeds([float(np.mean([slope for of, slope in grown if of == seed])) for seed in seeds])
    falls = [found.fall(kind) for kind in found.kinds]
    least = geometric(
        [min(each.value for each in of_seed) for of_seed in zip(*(fall.each for fall in falls), strict=True)]
    )
    return [
        Claim(
            "control: they learn",
            "control",
            "whole networks learn the task",
            "accuracy on held-out images at the end of training, of the kind where it is lowest",
            learned,
            judge(learned, above=0.9),
            "; ".join(f"{kind}: {mean(found.rows, 'accuracy', kind=kind, **final).value:.3f}" for kind in found.kinds),
        ),
        Claim(
            "larger networks have more",
            SOURCE,
            "larger networks have larger E",
            f"slope of ln E against ln width at the start, dense {sizes[0]} … {sizes[-1]}, mean of "
            + " and ".join(dense),
            slopes,
            judge(slopes, above=0.0),
        ),
        Claim(
            "E falls towards 0",
            SOURCE,
            "E falls towards 0 as training converges",
            "E at the end of training over E at the start, whole networks, of the kind where it falls most",
            least,
            judge(least, below=0.1),
            "holds below 0.1; " + "; ".join(f"{kind}: {found.fall(kind).value:.2f}" for kind in found.kinds),
        ),
    ]


def _of_kind(found: Found, kind: str, size: Size) -> list[Claim]:
    """Return the claims about one kind of network."""
    falls = found.fall(kind)
    from_input = found.fall(kind, "paths_from_input").value
    small_weights = found.fall(kind, case="small-weights").value
    by_threshold = ", ".join(
        f"{threshold:g}: {found.threshold_fall(kind, threshold).value:.2f}" for threshold in THRESHOLDS
    )

    def all_counts(prefix: str) -> str:
        cases = {"initialisation": "at the start", "layer": "at the start, every layer alike"}
        cases |= {case: f"{case}, at the end" for case in ("after", "iterative")}
        return "; ".join(
            f"{said}: "
            + ", ".join(
                f"{name} {found.pruned(kind, prefix + count, case=case).value:.2f}" for count, name in COUNTS.items()
            )
            for case, said in cases.items()
        )

    final = {"part": "training", "kind": kind, "last": True}
    drops = difference(
        found.rows,
        "accuracy",
        {**final, "case": "initialisation", "pruning": SHARES[-1]},
        {**final, "case": "initialisation", "pruning": 0.0},
    )
    accuracies = "; ".join(
        f"{case}: "
        + " / ".join(f"{mean(found.rows, 'accuracy', **final, case=case, pruning=share).value:.3f}" for share in SHARES)
        for case in WHEN
    )
    slow, fast = RATES
    early = found.along_alpha(kind, "paths", "early_accuracy", fast)
    at_rate = {"part": "early", "case": "pruning", "kind": kind, "last": True, "learning_rate": fast}
    speeds = difference(found.rows, "early_accuracy", {**at_rate, "pruning": SHARES[-1]}, {**at_rate, "pruning": 0.0})
    slower = difference(
        found.rows,
        "early_accuracy",
        {**at_rate, "learning_rate": slow, "pruning": SHARES[-1]},
        {**at_rate, "learning_rate": slow, "pruning": 0.0},
    )
    claims = [
        Claim(
            f"E falls ({kind})",
            SOURCE,
            "E falls as training converges",
            "E at the end of training over E at the start, whole networks",
            falls,
            judge(falls, below=1.0),
            f"pixels as sources too: {from_input:.2f}; "
            f"initial weights as torch draws them, {SMALL_WEIGHTS:g} of ours: {small_weights:.2f}; by threshold: "
            + by_threshold,
        ),
        *(
            _of_pruning(found, kind, counting, said, note=all_counts(prefix) if counting == "mask-aware" else "")
            for prefix, said in (("", "lowers E"), ("relative_", "raises Ẽ"))
            for counting in ("mask-aware", "closed form")
        ),
        Claim(
            f"accuracy drops ({kind})",
            SOURCE,
            "final accuracy drops slightly with pruning",
            f"accuracy with {SHARES[-1]:.0%} pruned at initialisation less that of whole networks",
            drops,
            judge(drops, below=0.0),
            f"accuracy at {' / '.join(f'{share:.0%}' for share in SHARES)}: {accuracies}",
        ),
        Claim(
            f"E foretells early learning ({kind})",
            "AlShinaifi et al.; Li, George & Silva, arXiv 2407.19044",
            "higher E at the start goes with faster early learning",
            "rank correlation over α of E at the start with the mean training accuracy of the first "
            f"{size.early_steps} steps, learning rate {fast:g}",
            early,
            judge(early, above=0.0),
            f"learning rate {slow:g}: {found.along_alpha(kind, 'paths', 'early_accuracy', slow).value:.2f}; "
            f"of E with α itself {found.along_alpha(kind, 'paths', 'alpha', fast).value:.2f}; "
            f"pixels as sources: {found.along_alpha(kind, 'paths_from_input', 'early_accuracy', fast).value:.2f}",
        ),
        Claim(
            f"pruning speeds learning ({kind})",
            SOURCE,
            "pruning makes training converge faster",
            f"mean training accuracy of the first {size.early_steps} steps with {SHARES[-1]:.0%} pruned at "
            f"initialisation less that of whole networks, learning rate {fast:g}",
            speeds,
            judge(speeds, above=0.0),
            f"learning rate {slow:g}: {slower.value:+.3f}",
        ),
    ]
    return [*claims, *_of_landscape(found, kind)]


def _of_pruning(found: Found, kind: str, counting: str, said: str, *, note: str) -> Claim:
    """Return the claim that pruning lowers E or raises Ẽ, in one way of counting."""
    quantity = said.split()[1]
    name = ("relative_paths" if quantity == "Ẽ" else "paths") + ("" if counting == "mask-aware" else "_closed_form")
    value = found.pruned(kind, name)
    return Claim(
        f"pruning {said}, {counting} ({kind})",
        SOURCE,
        f"pruning {said}",
        f"{quantity} with {SHARES[-1]:.0%} pruned over that of whole networks at the start, hidden units, {counting}",
        value,
        judge(value, below=1.0) if said.startswith("lowers") else judge(value, above=1.0),
        note,
    )


def _of_landscape(found: Found, kind: str) -> list[Claim]:
    """Return the claims about local minima and curvature, where they were measured."""
    where = {"part": "landscape", "kind": kind}
    if not column(found.rows, "seed", **where):
        return []

    def change(name: str, *, last: bool) -> Measure:
        at = {**where, "last": last}
        return difference(found.rows, name, {**at, "pruning": SHARES[-1]}, {**at, "pruning": 0.0})

    def levels(name: str, *, last: bool) -> str:
        values = [mean(found.rows, name, **where, last=last, pruning=share).value for share in SHARES]
        return " / ".join(f"{value:.2f}" for value in values)

    minima = change("minima_on_lines", last=True)
    shares = " / ".join(f"{share:.0%}" for share in SHARES)
    statement = (
        "higher E means more local minima and a more rugged landscape: pruning, which lowers E, makes it smoother"
    )
    claims = [
        Claim(
            f"E goes with local minima ({kind})",
            SOURCE,
            statement,
            f"local minima on a random line through trained networks, {SHARES[-1]:.0%} pruned less whole",
            minima,
            judge(minima, below=0.0),
            f"on a line at {shares}, start: {levels('minima_on_lines', last=False)}, end: "
            f"{levels('minima_on_lines', last=True)}; on a plane, start: {levels('minima_on_planes', last=False)}, "
            f"end: {levels('minima_on_planes', last=True)}; on the straight path from start to end: "
            f"{levels('minima_on_path', last=True)}",
        )
    ]
    for last, when in ((False, "at the start"), (True, "at the end")):
        value = change("hessian_trace", last=last)
        claims.append(
            Claim(
                f"E goes with curvature {when} ({kind})",
                SOURCE,
                statement,
                f"trace of the Hessian of networks {when}, {SHARES[-1]:.0%} pruned less whole",
                value,
                judge(value, below=0.0),
                f"at {shares}: {levels('hessian_trace', last=last)}",
            )
        )
    return claims
