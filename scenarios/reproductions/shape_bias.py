"""Li, Wen, Li & Lee: networks that keep only their strongest activations go by shape rather than texture."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.figures.picture_table import picture_table
from hubbub.analysis.measure import ROUNDING, Measure
from hubbub.analysis.shape_bias import ShapeBias
from hubbub.analysis.shape_bias import shape_bias as shape_bias_of
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim, control
from hubbub.scenarios.reproductions.criteria import Above, Below
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.network_rows import network_rows
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Rows, Table
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

OURS = "our reduced setting"
DENSE, MANY, FEW, FEWEST = 1.0, 0.3, 0.1, 0.05
SHOWN = (DENSE, MANY, FEW, FEWEST)
NOISE = 0.3
SEEN = {
    "value": "shape bias",
    "shape_fraction": "conflicts named by shape",
    "texture_fraction": "conflicts named by texture",
    "accuracy": "accuracy without conflict",
    "shape_seen": "by shape, beyond a network blind to it",
}


@reproduction("shape-bias")
@sizes(
    small={
        "runs": 2,
        "shares": (1.0, 0.5, 0.3, 0.2, 0.1, 0.05),
        "channels": (8, 16, 32),
        "pictures": 3000,
        "conflicts": 800,
        "batch": 32,
        "steps": 600,
    },
    full={
        "runs": 4,
        "shares": (1.0, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05),
        "channels": (16, 32, 64),
        "pictures": 10000,
        "conflicts": 2000,
        "batch": 64,
        "steps": 2000,
    },
)
def shape_bias(
    *,
    runs: int,
    shares: tuple[float, ...],
    channels: tuple[int, ...],
    pictures: int,
    conflicts: int,
    batch: int,
    steps: int,
    seeds: int = 5,
    records: int = 6,
) -> Reproduction:
    """Shape bias by the share of activations that is kept, in training and after it, with fractions and accuracy."""
    design = Design(
        "shape-bias",
        "run-{seed}",
        measure,
        seeds=runs,
        common={
            "task.shares": list(shares),
            "task.channels": list(channels),
            "task.pictures": pictures,
            "task.conflicts": conflicts,
            "task.noise": NOISE,
            "task.batch": batch,
            "networks.seeds": seeds,
            "training.steps": steps,
            "engine.record_every": steps // records,
            "engine.checkpoint_every": steps,
        },
    )

    def remarks(table: Table) -> list[str]:
        listed = ", ".join(f"{share:g}" for share in shares)
        return [
            f"{len(channels)} convolutions of {', '.join(map(str, channels))} channels, each with pooling "
            f"and a top-k layer; {pictures:,} congruent and {conflicts:,} conflicting pictures of 32 × 32 "
            f"with noise {NOISE:g}, Adam of rate 0.001, {steps:,} steps of batches of {batch}, "
            f"{runs * seeds} seeds, each with every share. The source: AlexNet and VGG-16 of ImageNet after "
            "training, and ResNet-18 trained on ten classes.",
            f"With {listed} kept in training: {_by_share(table, shares, _with)}.",
            f"With {listed} kept only after training: {_by_share(table, shares, _after)}.",
            "Caution: a network that guesses has a shape bias of ½, so both fractions (chance ¼) and the accuracy "
            "stand beside every bias. A network blind to shape, of the same texture fraction t, names (1 − t)/3 by "
            "shape; what is above this is shape that was seen. The judgement by this null is ours, chosen "
            "after the numbers had been seen.",
            "Dense networks of different seeds go by shape to different degrees; compared are networks that began "
            "alike and saw the same batches.",
            "Shapes, textures and their sizes are ours; nothing was fitted to the claims. Other pictures may give "
            "other biases: the order of shares is what to look at.",
        ]

    title, source = "Shape bias from top-k sparsity", "Li, Wen, Li & Lee, arXiv 2310.18894"
    return Reproduction(title, source, [design], claims, figures, remarks, digits=6)


def measure(run: Run) -> Rows:
    """Return a row for each network with the share it was trained with, and for each dense one with every share."""
    built = assemble(parse(run.configuration))
    tensors, state, _ = run.checkpoints()[-1].load()
    built.load(State(tensors, state))
    task: ShapesAndTextures = built.task
    shares = run.configuration["task"]["shares"]
    first_seed = run.info["seed"] * run.configuration["networks"]["seeds"]
    rows = []
    for number, network in enumerate(built.networks):
        trained = float(network.of_task["share"])
        own = {name: values[number : number + 1].detach() for name, values in built.parameters.items()}
        for kept in shares if trained == DENSE else (trained,):
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


def claims(table: Table) -> list[Claim]:
    """Judge how sparsity changes what decides: shape or texture."""

    def above(value: Measure) -> str:
        return f"above 0 in {sum(each.value > ROUNDING for each in value.each)} of {value.n} seeds"

    by_share = {share: table.where(**_with(share)) for share in sorted(table.levels("trained"), reverse=True)}
    dense, fall = by_share[DENSE], by_share[MANY].minus(by_share[FEW], "value")
    judged = [
        control(
            "they learn",
            "pictures without conflict are named right with every share",
            "accuracy on held-out pictures, of the share kept in training where it is lowest",
            min((part.mean("accuracy") for part in by_share.values()), key=lambda seen: seen.value),
            Above(0.8),
            "chance 0.25",
        ),
        Claim(
            "dense networks go by texture",
            "without sparsity texture decides (AlexNet .239, VGG-16 .080)",
            "shape bias of dense networks",
            dense.mean("value"),
            Below(0.5, "½ is the bias of a network that guesses"),
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
            gain = table.where(**where(share)).minus(dense, name)
            judged.append(
                Claim(
                    f"{100 * share:g} % {when}, {'bias' if name == 'value' else 'shape seen'}",
                    f"top-k layers {when} {bias if name == 'value' else seen}",
                    f"{SEEN[name]} with {share:g} kept {when} minus that of dense networks, paired by seed",
                    gain,
                    Above(0),
                    above(gain),
                    "" if name == "value" else OURS,
                )
            )
    reversed_ = Claim(
        "fewer reverses it",
        "the bias that 30 % bring in training is lost when 10 % are kept",
        f"shape bias with {MANY:g} kept in training minus that with {FEW:g}, paired by seed",
        fall,
        Above(0),
        above(fall),
        OURS,
    )
    return [*judged, reversed_]


def _by_share(table: Table, shares: Sequence[float], where: Where) -> str:
    """Return what was seen with every share, in words."""
    return "; ".join(
        f"{said} " + ", ".join(f"{table.where(**where(share)).mean(name).value:.3f}" for share in shares)
        for name, said in SEEN.items()
    )


def figures(table: Table, runs: MadeRuns) -> Figures:
    """Draw what was seen by share and over training, and the pictures."""
    after = table.where(trained=DENSE)
    within = table.filter(lambda row: row["trained"] == row["kept"])
    panels = {
        said: {"kept in training": within.curve("kept", name), "kept after training": after.curve("kept", name)}
        for name, said in SEEN.items()
    }
    names = {"shape_bias": "value"} | {name: name for name in ("shape_fraction", "texture_fraction", "accuracy")}
    seen = Table(row for made in runs for row in network_rows(made.run, list(names)))
    courses: dict[str, dict[str, Varied]] = {
        SEEN[of]: {f"{share:g} kept": seen.where(share=share).curve("step", name) for share in SHOWN}
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
