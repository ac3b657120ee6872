"""Li, Wen, Li & Lee: networks that keep only their strongest activations go by shape rather than texture."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.figures.picture_table import picture_table
from hubbub.analysis.measure import ROUNDING, Measure
from hubbub.analysis.shape_bias import ShapeBias
from hubbub.analysis.shape_bias import shape_bias as shape_bias_of
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.network_rows import network_rows, shortened
from hubbub.scenarios.reproductions.rows import Rows, column, difference, mean
from hubbub.scenarios.systems import assemble
from hubbub.simulator.engine import State
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.store import Run
from hubbub.simulator.training.textured_shapes import SHAPES, TEXTURES, textured_shapes

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from torch import Tensor

    from hubbub.simulator.training.layout import Network
    from hubbub.simulator.training.tasks.shapes_and_textures import ShapesAndTextures

SOURCE = "Li, Wen, Li & Lee, arXiv 2310.18894"
OURS = "our reduced setting"
DENSE, MANY, FEW, FEWEST = 1.0, 0.3, 0.1, 0.05
NOISE, LOOKS = 0.3, 6
SEEN = {
    "value": "shape bias",
    "shape_fraction": "conflicts named by shape",
    "texture_fraction": "conflicts named by texture",
    "accuracy": "accuracy without conflict",
    "shape_seen": "by shape, beyond a network blind to it",
}


@dataclass(frozen=True)
class Size:
    """How much is trained: runs with so many networks of each share, and the size of these."""

    runs: int
    seeds: int
    shares: tuple[float, ...]
    channels: tuple[int, ...]
    pictures: int
    conflicts: int
    batch: int
    steps: int


SMALL = Size(2, 5, (1.0, 0.5, 0.3, 0.2, 0.1, 0.05), (8, 16, 32), 3000, 800, 32, 600)
FULL = Size(4, 5, (1.0, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05), (16, 32, 64), 10000, 2000, 64, 2000)


@reproduction("shape-bias")
def shape_bias(lab: Lab) -> Outcome:
    """Shape bias by the share of activations that is kept, in training and after it, with fractions and accuracy."""
    size = FULL if lab.is_full else SMALL
    runs = lab.run([_job(size, number) for number in range(size.runs)])
    rows: list[dict[str, Any]] = []
    for number, run in enumerate(runs):
        lab.say(f"asking the networks of {run.path.name}")
        rows += _rows_of(run, size, first_seed=number * size.seeds)
    shares = ", ".join(f"{share:g}" for share in size.shares)
    return Outcome(
        "Shape bias from top-k sparsity",
        _claims(rows, size),
        shortened(rows),
        _figures(rows, runs, size),
        [
            f"{len(size.channels)} convolutions of {', '.join(map(str, size.channels))} channels, each with pooling "
            f"and a top-k layer; {size.pictures:,} congruent and {size.conflicts:,} conflicting pictures of 32 × 32 "
            f"with noise {NOISE:g}, Adam of rate 0.001, {size.steps:,} steps of batches of {size.batch}, "
            f"{size.runs * size.seeds} seeds, each with every share. The source: AlexNet and VGG-16 of ImageNet after "
            "training, and ResNet-18 trained on ten classes.",
            f"With {shares} kept in training: {_by_share(rows, size, _with)}.",
            f"With {shares} kept only after training: {_by_share(rows, size, _after)}.",
            "Caution: a network that guesses has a shape bias of ½, so both fractions (chance ¼) and the accuracy "
            "stand beside every bias. A network blind to shape, of the same texture fraction t, names (1 − t)/3 by "
            "shape; what is above this is shape that was seen. The judgement by this null is ours, chosen "
            "after the numbers had been seen.",
            "Dense networks of different seeds go by shape to different degrees; compared are networks that began "
            "alike and saw the same batches.",
            "Shapes, textures and their sizes are ours; nothing was fitted to the claims. Other pictures may give "
            "other biases: the order of shares is what to look at.",
        ],
    )


def _job(size: Size, number: int) -> Job:
    return Job(
        f"run-{number}",
        "shape-bias",
        {
            "task.shares": list(size.shares),
            "task.channels": list(size.channels),
            "task.pictures": size.pictures,
            "task.conflicts": size.conflicts,
            "task.noise": NOISE,
            "task.batch": size.batch,
            "networks.seeds": size.seeds,
            "training.steps": size.steps,
            "engine.record_every": size.steps // LOOKS,
            "engine.checkpoint_every": size.steps,
        },
        number,
    )


def _rows_of(run: Run, size: Size, *, first_seed: int) -> list[dict[str, Any]]:
    """Return a row for each network with the share it was trained with, and for each dense one with every share."""
    built = assemble(parse(run.configuration))
    tensors, state, _ = run.checkpoints()[-1].load()
    built.load(State(tensors, state))
    task: ShapesAndTextures = built.task
    rows = []
    for number, network in enumerate(built.networks):
        trained = float(network.of_task["share"])
        own = {name: values[number : number + 1].detach() for name, values in built.parameters.items()}
        for kept in size.shares if trained == DENSE else (trained,):
            sparse = own | {name: values[None] for name, values in task.kept(kept).items()}
            found = _asked(task, sparse, network)
            rows.append(
                {"seed": first_seed + network.seed, "trained": trained, "kept": kept}
                | asdict(found)
                | {"shape_seen": found.shape_seen}
            )
    return rows


def _asked(task: ShapesAndTextures, own: dict[str, Tensor], network: Network) -> ShapeBias:
    """Return the shape bias of one network `[1, …]` by its names for held-out and for conflicting pictures."""
    asked = [task.held_out(network.seed), task.conflicting(network.seed)]
    named = [task.outputs_of_all(own, pictures)[0].argmax(dim=1) for pictures, _, _ in asked]
    shapes, textures = ([part[at] for part in asked] for at in (1, 2))
    joined = (np.concatenate([part.cpu().numpy() for part in parts]) for parts in (named, shapes, textures))
    return shape_bias_of(*joined, n_classes=len(SHAPES))


Where: TypeAlias = Callable[[float], dict[str, float]]


def _with(share: float) -> dict[str, float]:
    """Return where networks trained with a share are found."""
    return {"trained": share, "kept": share}


def _after(share: float) -> dict[str, float]:
    """Return where dense networks are found that kept a share only after training."""
    return {"trained": DENSE, "kept": share}


def _claims(rows: Rows, size: Size) -> list[Claim]:
    def above(value: Measure) -> str:
        return f"above 0 in {sum(each.value > ROUNDING for each in value.each)} of {value.n} seeds"

    worst = min((mean(rows, "accuracy", **_with(share)) for share in size.shares), key=lambda seen: seen.value)
    dense, fall = mean(rows, "value", **_with(DENSE)), difference(rows, "value", _with(MANY), _with(FEW))
    told = [
        Claim(
            "control: they learn",
            "control",
            "pictures without conflict are named right with every share",
            "accuracy on held-out pictures, of the share kept in training where it is lowest",
            worst,
            judge(worst, above=0.8),
            "holds above 0.8, which is ours; chance 0.25",
        ),
        Claim(
            "dense networks go by texture",
            SOURCE,
            "without sparsity texture decides (AlexNet .239, VGG-16 .080)",
            "shape bias of dense networks",
            dense,
            judge(dense, below=0.5),
            "holds below ½, where a network that guesses lies",
        ),
    ]
    bias, seen = "raise shape bias", "bring more names by shape, not only fewer by texture"
    for when, where, name, shares in (
        ("in training", _with, "value", (MANY, FEW, FEWEST)),
        ("in training", _with, "shape_seen", (MANY, FEW)),
        ("after training", _after, "value", (MANY, FEW)),
        ("after training", _after, "shape_seen", (MANY, FEW)),
    ):
        for share in shares:
            gain = difference(rows, name, where(share), _with(DENSE))
            told.append(
                Claim(
                    f"{100 * share:g} % {when}, {'bias' if name == 'value' else 'shape seen'}",
                    SOURCE if name == "value" else OURS,
                    f"top-k layers {when} {bias if name == 'value' else seen}",
                    f"{SEEN[name]} with {share:g} kept {when} less that of dense networks, seed by seed",
                    gain,
                    judge(gain, above=0.0),
                    above(gain),
                )
            )
    told.append(
        Claim(
            "fewer reverses it",
            OURS,
            "the bias that 30 % bring in training is lost when 10 % are kept",
            f"shape bias with {MANY:g} kept in training less that with {FEW:g}, seed by seed",
            fall,
            judge(fall, above=0.0),
            above(fall),
        )
    )
    return told


def _by_share(rows: Rows, size: Size, where: Where) -> str:
    """Return what was seen with every share, in words."""
    return "; ".join(
        f"{said} " + ", ".join(f"{mean(rows, name, **where(share)).value:.3f}" for share in size.shares)
        for name, said in SEEN.items()
    )


def _figures(rows: Rows, runs: Sequence[Run], size: Size) -> dict[str, tuple[Figure, str]]:
    shares = sorted(size.shares)

    def along(name: str, where: Where) -> Varied:
        return Varied(shares, [mean(rows, name, **where(share)) for share in shares])

    panels = {
        said: {"kept in training": along(name, _with), "kept after training": along(name, _after)}
        for name, said in SEEN.items()
    }
    names = {"shape_bias": "value"} | {name: name for name in ("shape_fraction", "texture_fraction", "accuracy")}
    seen = [row for run in runs for row in network_rows(run, list(names))]
    steps = sorted(set(column(seen, "step")))
    courses = {
        SEEN[of]: {
            f"{share:g} kept": Varied(steps, [mean(seen, name, share=share, step=step) for step in steps])
            for share in (DENSE, MANY, FEW, FEWEST)
        }
        for name, of in names.items()
    }
    return {
        "shares": (
            interval_curves(panels, along="share of the places kept", logarithmic=True),
            "Shape bias, the fractions that it is of, accuracy and shape seen by the share of places that top-k layers "
            "keep: in training, and after it in networks trained without; bands: 95 % intervals over seeds. Who "
            "guesses has a bias of ½, fractions and an accuracy of ¼, and sees no shape.",
        ),
        "training": (
            interval_curves(courses, along="training step"),
            "The same over training, by the share kept; bands: 95 % intervals over seeds.",
        ),
        "pictures": (
            _pictures(),
            "Every shape with every texture, as networks see them; framed: the four classes that they are trained on. "
            "The others are the conflicts.",
        ),
    }


def _pictures() -> Figure:
    n = len(SHAPES)
    shapes, textures = np.divmod(np.arange(n * n), n)
    drawn = textured_shapes(shapes, textures, noise=NOISE, generator=RandomStreams(0).at("pictures"))
    side = math.isqrt(drawn[0].size)
    return picture_table(
        drawn.reshape(n, n, side, side), rows=SHAPES, columns=TEXTURES, framed=[(place, place) for place in range(n)]
    )
