"""AlShinaifi et al.: path emergence falls in training and under pruning, and foretells how networks learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hubbub.scenarios.reproductions.catalogue import Outcome, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.pruning_emergence_claims import claims
from hubbub.scenarios.reproductions.pruning_emergence_figures import figures
from hubbub.scenarios.reproductions.pruning_emergence_found import Found
from hubbub.scenarios.reproductions.pruning_emergence_plan import FULL, RATES, SHARES, SMALL, SMALL_WEIGHTS, Kind, Size
from hubbub.scenarios.reproductions.pruning_emergence_rows import course_rows, landscape_rows, threshold_rows


@reproduction("pruning-emergence")
def pruning_emergence(lab: Lab) -> Outcome:
    """Path emergence over training, under pruning and with scaled initial weights; learning speed; the landscape."""
    size = FULL if lab.is_full else SMALL
    jobs = _jobs(size)
    runs = dict(zip(jobs, lab.run(list(jobs.values())), strict=True))
    rows: list[dict[str, Any]] = []
    for (part, kind, case), run in runs.items():
        rows += [{"part": part, "kind": kind.name, "case": case, **row} for row in course_rows(run, part, case)]
    for kind in size.kinds:
        lab.say(f"measuring the thresholds and the landscape of {kind.name}")
        run = runs["training", kind, "initialisation"]
        rows += [{"part": "threshold", "kind": kind.name, **row} for row in threshold_rows(run)]
        if kind.landscape:
            rows += [{"part": "landscape", "kind": kind.name, **row} for row in landscape_rows(run, size)]
    found = Found(rows, [kind.name for kind in size.kinds])
    return Outcome(
        "Path emergence in training and under pruning",
        claims(found, size),
        [{name: _short(value) for name, value in row.items()} for row in rows],
        figures(found, size),
        [
            "Caution: the two counts disagree. The closed form counts links that pruning has taken away, so that E "
            "stays and Ẽ = E / parameters that remain rises for its denominator alone. Counted over the links that are "
            "left, E falls, and whether Ẽ rises or falls depends on where paths begin and which layers lose weights.",
            "E counts paths from inactive to active units (activation above 0.05 in the mean over 200 held-out "
            "images), from hidden units to hidden and output units, over all Π n_k units on the way; counts with "
            "pixels as sources too are given beside it. Most paths of a dense network end at its outputs, so E follows "
            "how many of those are active and varies much between seeds. The source was at hand as an abstract and "
            "summaries.",
            f"Training: SGD with momentum 0.9, learning rate 0.05, batches of 64, {size.seeds} seeds; steps: "
            + ", ".join(f"{kind.name} {kind.steps}" for kind in size.kinds)
            + ". Dense 256-128, convolutions of 8 and 16 channels with pooling. Networks of one seed begin alike and "
            "see the same batches in every setting, so differences are taken by seed.",
            "Pruning at initialisation; after training, with a fifth of the steps to go on; iterative in three "
            "rounds, half of the steps before each and after the last, back to the weights of an early step each time. "
            "The smallest weights of the whole network go, but in the case layer the same share of every layer.",
            "α divides the weights of the first layers and multiplies those of the last (Li, George & Silva 2024), "
            "which keeps the outputs but also changes the gradients of every layer: what goes with E over α need not "
            "go with it elsewhere.",
            "Landscape: the loss of fixed training images on random lines and planes up to the norm of every unit's "
            "weights, local minima deeper than 1e-5 of their own loss; the trace of the Hessian by Hutchinson's "
            "estimator over the weights that are left.",
        ],
    )


def _jobs(size: Size) -> dict[tuple[str, Kind, str], Job]:
    """Return every run by part, kind and case; a run holds all seeds and settings of its case."""
    jobs = {}

    def add(part: str, kind: Kind, case: str, steps: int, every: int, more: Mapping[str, Any]) -> None:
        changes = {
            **kind.changes(),
            "networks.seeds": size.seeds,
            "networks.pruning": [0.0],
            "training.steps": steps,
            "engine.record_every": every,
            "engine.checkpoint_every": max(steps, 1),
            **more,
        }
        jobs[part, kind, case] = Job(f"{part}-{kind.data}-{kind.model}-{case}", "pruning-emergence", changes)

    pruned = {"networks.pruning": list(SHARES)}
    rates = {"networks.learning_rate": list(RATES)}
    for kind in size.kinds:
        steps, every, early = kind.steps, kind.steps // 10, size.early_steps // 5
        add("training", kind, "initialisation", steps, every, pruned)
        add("training", kind, "after", steps + 2 * every, every, pruned | {"pruning.steps": [steps]})
        rounds = {"pruning.steps": [steps // 2, steps, 3 * steps // 2], "pruning.rewind_step": every // 5}
        add("training", kind, "iterative", 2 * steps, every, pruned | rounds)
        add("training", kind, "small-weights", steps, steps, {"task.weight_scale": SMALL_WEIGHTS})
        add("start", kind, "layer", 0, every, pruned | {"pruning.scope": "layer"})
        add("early", kind, "alpha", size.early_steps, early, rates | {"networks.alpha": list(size.alphas)})
        add("early", kind, "pruning", size.early_steps, early, rates | pruned)
        if kind.model == "dense":
            for widths in size.widths:
                add("start", kind, "-".join(map(str, widths)), 0, every, {"task.widths": list(widths)})
    return jobs


def _short(value: Any) -> Any:
    return float(f"{value:.5g}") if isinstance(value, float) else value
