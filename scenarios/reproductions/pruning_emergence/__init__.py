"""AlShinaifi et al.: path emergence falls in training and under pruning, and predicts how networks learn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from hubbub.scenarios.reproductions.catalogue import Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.design import Changes, Design
from hubbub.scenarios.reproductions.pruning_emergence.claims import claims
from hubbub.scenarios.reproductions.pruning_emergence.figures import figures
from hubbub.scenarios.reproductions.pruning_emergence.measures import RATES, SHARES, SMALL_WEIGHTS, Landscape, measure


@dataclass(frozen=True)
class Kind:
    """One kind of network: data, model, training steps, and whether its landscape is measured."""

    data: str
    model: str
    steps: int
    has_landscape: bool = True

    @property
    def name(self) -> str:
        """Return how it is called."""
        return f"{self.data}, {self.model}"

    def changes(self) -> Changes:
        """Return the fields of the scenario that make it."""
        widths = [256, 128] if self.model == "dense" else [8, 16]
        return {"task.images": self.data, "task.model": self.model, "task.widths": widths}


MNIST, MNIST_CONVOLUTION = Kind("mnist", "dense", 1000), Kind("mnist", "convolution", 400, has_landscape=False)
DIGITS, DIGITS_CONVOLUTION = Kind("digits", "dense", 600), Kind("digits", "convolution", 600)
LONG = (
    replace(MNIST, steps=3750),
    replace(MNIST_CONVOLUTION, steps=3750, has_landscape=True),
    replace(DIGITS, steps=1500),
    replace(DIGITS_CONVOLUTION, steps=1500),
)


@reproduction("pruning-emergence")
@sizes(
    small={
        "kinds": (MNIST, MNIST_CONVOLUTION, DIGITS, DIGITS_CONVOLUTION),
        "seeds": 5,
        "landscape": Landscape(samples=300, lines=3, points=31, plane=9, probes=10),
    },
    full={"kinds": LONG, "seeds": 10, "landscape": Landscape(samples=500, lines=10, points=81, plane=31, probes=50)},
)
def pruning_emergence(
    *,
    kinds: Sequence[Kind],
    seeds: int,
    landscape: Landscape,
    alphas: Sequence[float] = (0.67, 1.0, 1.1, 1.25, 1.5, 2.0),
    early_steps: int = 100,
    widths: Sequence[tuple[int, int]] = ((32, 16), (64, 32), (128, 64), (256, 128), (512, 256)),
) -> Reproduction:
    """Path emergence over training, under pruning and with scaled initial weights; learning speed; the landscape."""
    training = (
        f"Training: SGD with momentum 0.9, learning rate 0.05, batches of 64, {seeds} seeds; steps: "
        + ", ".join(f"{kind.name} {kind.steps}" for kind in kinds)
        + ". Dense 256-128, convolutions of 8 and 16 channels with pooling. Networks of one seed begin alike and "
        "see the same batches in every setting, so differences are taken by seed."
    )
    designs = [
        replace(design, common={"networks.seeds": seeds, **design.common})
        for kind in kinds
        for design in designs_of(kind, landscape, alphas, early_steps, widths)
    ]
    return Reproduction(
        "Path emergence in training and under pruning",
        "AlShinaifi et al., arXiv 2409.01568, abstract",
        designs,
        partial(claims, widths=widths, early_steps=early_steps),
        partial(figures, early_steps=early_steps),
        [*REMARKS[:2], training, *REMARKS[2:]],
        digits=7,
    )


def designs_of(
    kind: Kind,
    landscape: Landscape,
    alphas: Sequence[float],
    early_steps: int,
    widths: Sequence[tuple[int, int]],
) -> Iterator[Design]:
    """Yield every run of one kind; a run holds all seeds and settings of its case."""

    def design(part: str, case: str, steps: int, every: int, changes: dict[str, Any]) -> Design:
        common = {
            **kind.changes(),
            "networks.pruning": [0.0],
            "training.steps": steps,
            "engine.record_every": every,
            "engine.checkpoint_every": max(steps, 1),
            **changes,
        }
        found = partial(measure, part=part, case=case, landscape=landscape if kind.has_landscape else None)
        labels = {"part": part, "kind": kind.name, "case": case}
        name = f"{part}-{kind.data}-{kind.model}-{case}"
        return Design("pruning-emergence", name, found, common=common, labels=labels)

    pruned, rates = {"networks.pruning": list(SHARES)}, {"networks.learning_rate": list(RATES)}
    steps, every, early = kind.steps, kind.steps // 10, early_steps // 5
    rounds = {"pruning.steps": [steps // 2, steps, 3 * steps // 2], "pruning.rewind_step": every // 5}
    yield design("training", "initialisation", steps, every, pruned)
    yield design("training", "after", steps + 2 * every, every, pruned | {"pruning.steps": [steps]})
    yield design("training", "iterative", 2 * steps, every, pruned | rounds)
    yield design("training", "small-weights", steps, steps, {"task.weight_scale": SMALL_WEIGHTS})
    yield design("start", "layer", 0, every, pruned | {"pruning.scope": "layer"})
    yield design("early", "alpha", early_steps, early, rates | {"networks.alpha": list(alphas)})
    yield design("early", "pruning", early_steps, early, rates | pruned)
    if kind.model == "dense":
        for of in widths:
            yield design("start", "-".join(map(str, of)), 0, every, {"task.widths": list(of)})


REMARKS = (
    "Caution: the two counts disagree. The closed form counts links that pruning has taken away, so that E "
    "stays and Ẽ = E / parameters that remain rises for its denominator alone. Counted over the links that are "
    "left, E falls, and whether Ẽ rises or falls depends on where paths begin and which layers lose weights.",
    "E counts paths from inactive to active units (activation above 0.05 in the mean over 200 held-out "
    "images), from hidden units to hidden and output units, over all Π n_k units on the way; counts with "
    "pixels as sources too are given beside it. Most paths of a dense network end at its outputs, so E follows "
    "how many of those are active and varies much between seeds. The source was at hand as an abstract and "
    "summaries.",
    "Pruning at initialisation; after training, with a fifth of the steps to go on; iterative in three "
    "rounds, half of the steps before each and after the last, back to the weights of an early step each time. "
    "The smallest weights of the whole network go, but in the case layer the same share of every layer.",
    "α divides the weights of the first layers and multiplies those of the last (Li, George & Silva 2024), "
    "which keeps the outputs but also changes the gradients of every layer: what goes with E over α need not "
    "go with it elsewhere.",
    "Landscape: the loss of fixed training images on random lines and planes up to the norm of every unit's "
    "weights, local minima deeper than 1e-5 of their own loss; the trace of the Hessian by Hutchinson's "
    "estimator over the weights that are left.",
)
