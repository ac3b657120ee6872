"""Seleznova et al.: features collapse where weights and features are balanced under a block-like tangent kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.collapse import block_kernel, collapse_invariant, invariant_alignment, tangent_kernel
from hubbub.analysis.collapse import neural_collapse as signs_of
from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.network_rows import shortened
from hubbub.scenarios.reproductions.rows import Rows, column, difference, mean
from hubbub.scenarios.systems import assemble
from hubbub.simulator.engine import State
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from torch import Tensor

    from hubbub.simulator.training.tasks.neural_collapse import CollapseTask

SOURCE = "Seleznova et al., arXiv 2305.16427"
SIGNS = "Papyan, Han & Donoho 2020"


@dataclass(frozen=True)
class Kind:
    """One kind of network: what it names, its shape, scales of its initial weights, how it is trained."""

    name: str
    samples: str
    model: str
    widths: tuple[int, ...]
    per_class: int
    scales: tuple[float, ...]
    learning_rate: float
    steps: int
    seeds: int


SMALL = (
    Kind("clusters, 20-64-64-4", "clusters", "dense", (64, 64), 12, (0.1, 0.3, 1.0), 0.02, 6000, 5),
    Kind("digits, 64-64-64-10", "digits", "dense", (64, 64), 10, (0.1, 0.3, 1.0), 0.05, 6000, 4),
    Kind("digits, convolution", "digits", "convolution", (8, 16), 10, (0.1, 0.3, 0.5), 0.1, 4000, 4),
)
FULL = (
    Kind("clusters, 20-64-64-4", "clusters", "dense", (64, 64), 12, (0.1, 0.3, 1.0), 0.02, 20000, 10),
    Kind("digits, 64-64-64-10", "digits", "dense", (64, 64), 10, (0.1, 0.3, 1.0), 0.05, 30000, 10),
    Kind("digits, convolution", "digits", "convolution", (8, 16), 10, (0.1, 0.3, 0.5), 0.1, 30000, 10),
)
LOOKS = 8


@reproduction("neural-collapse")
def neural_collapse(lab: Lab) -> Outcome:
    """Signs of collapse, blocks of the tangent kernel and the invariant over training, by scale of initial weights."""
    kinds = FULL if lab.is_full else SMALL
    runs = lab.run([_job(kind) for kind in kinds])
    rows: list[dict[str, Any]] = []
    for kind, run in zip(kinds, runs, strict=True):
        lab.say(f"measuring {kind.name}")
        rows += [{"kind": kind.name, **row} for row in _rows_of(run)]
    return Outcome(
        "Neural collapse and the tangent kernel",
        [claim for kind in kinds for claim in _claims(rows, kind)],
        shortened(rows),
        {name: figure for kind in kinds for name, figure in _figures(rows, kind).items()},
        [
            "; ".join(
                f"{kind.name}: {kind.per_class} samples of a class, {kind.seeds} seeds, {kind.steps:,} steps of "
                f"gradient descent on all samples, learning rate {kind.learning_rate:g}"
                for kind in kinds
            )
            + ". Squared error, no momentum, no weight decay; the source trains large networks on MNIST, Fashion-MNIST "
            "and CIFAR-10, with both.",
            "Scale: initial weights have a standard deviation of scale · √(2/inputs). The source varies the "
            "learning rate; we vary this one number, which sets how large the invariant E is at the start.",
            "Caution: E is conserved while the kernel stays what it is. It does not here, so E is measured with the "
            "kernel of each moment and moves.",
            "NC2 and NC3 are judged by whether they fall; that they do not reach 0 is said beside them.",
            "Caution: NC1 has the scatter between class means in its denominator and is small for clusters that are "
            "apart from the first; NC4 is 0 wherever both rules name all samples right.",
            "Blocks of the kernel: the mean of a sample with itself, with others of its class, with other classes; "
            "residue: the share of the squared kernel that these do not account for.",
        ],
    )


def _job(kind: Kind) -> Job:
    every = kind.steps // LOOKS
    return Job(
        f"{kind.samples}-{kind.model}",
        "neural-collapse",
        {
            "task.samples": kind.samples,
            "task.model": kind.model,
            "task.widths": list(kind.widths),
            "task.per_class": kind.per_class,
            "task.weight_scales": list(kind.scales),
            "networks.seeds": kind.seeds,
            "networks.learning_rate": [kind.learning_rate],
            "training.steps": kind.steps,
            "engine.record_every": every,
            "engine.checkpoint_every": every,
            "engine.keep_checkpoints": LOOKS + 1,
        },
    )


def _rows_of(run: Run) -> list[dict[str, Any]]:
    """Return a row for each network at the start and at every checkpoint."""
    built = assemble(parse(run.configuration))
    task: CollapseTask = built.task
    rows = []

    def look(*, last: bool) -> None:
        losses = task.loss(built.parameters, built.networks, 0).tolist()
        for number, network in enumerate(built.networks):
            state = {name: values[number].detach() for name, values in built.parameters.items()}
            row = {"seed": network.seed, **network.of_task, "step": built.now, "last": last, "loss": losses[number]}
            rows.append(row | _measured(task, state, network.seed))

    look(last=False)
    checkpoints = [checkpoint for checkpoint in run.checkpoints() if checkpoint.step]
    for checkpoint in checkpoints:
        tensors, state, _ = checkpoint.load()
        built.load(State(tensors, state))
        look(last=checkpoint is checkpoints[-1])
    return rows


def _measured(task: CollapseTask, state: Mapping[str, Tensor], seed: int) -> dict[str, float]:
    """Return the signs of collapse, both kernels and the invariant of one network."""
    from torch.func import functional_call

    inputs, labels = task.samples(seed)
    below, classes = task.template[:-1], labels.cpu().numpy()
    own = {name: values for name, values in state.items() if not name.startswith("classes")}
    features = functional_call(below, own, (inputs,)).detach().cpu().numpy().astype(float)
    weights, biases = (state[f"classes.{part}"].cpu().numpy().astype(float) for part in ("weight", "bias"))
    signs = signs_of(features, classes, weights, biases)
    of_features = block_kernel(tangent_kernel(below, inputs, own), classes)
    of_outputs = block_kernel(tangent_kernel(task.template, inputs, state), classes)
    found = {
        "nc1": signs.variability,
        "nc2": signs.simplex,
        "nc3": signs.duality,
        "nc4": signs.nearest_centre,
        "invariant_norm": float(np.linalg.norm(collapse_invariant(weights, features, classes, of_features))),
        "weights_norm": float(np.linalg.norm(weights.T @ weights)),
        "invariant_alignment": invariant_alignment(weights, features, classes, of_features),
    }
    for sign, kernel in (("kappa", of_features), ("gamma", of_outputs)):
        found |= {f"{sign}_sample": kernel.same_sample, f"{sign}_class": kernel.same_class}
        found |= {f"{sign}_other": kernel.other, f"{sign}_alignment": kernel.alignment}
        found |= {f"{sign}_residue": kernel.residue, f"{sign}_lambda_single": kernel.lambda_single}
        found |= {f"{sign}_lambda_class": kernel.lambda_class, f"{sign}_lambda_global": kernel.lambda_global}
    return found


def _change(rows: Rows, name: str, kind: Kind, scale: float, *, ratio: bool = False) -> Measure:
    """Return what a column is at the end less what it is at the start, or over it, by seed."""
    where = {"kind": kind.name, "weight_scale": scale}
    pairs = zip(column(rows, name, **where, step=0), column(rows, name, **where, last=True), strict=True)
    return over_seeds([after / before if ratio else after - before for before, after in pairs])


def _claims(rows: Rows, kind: Kind) -> list[Claim]:
    small, large = kind.scales[0], kind.scales[-1]
    end = {"kind": kind.name, "last": True}

    def course(name: str) -> str:
        """Return how a column went from start to end at every scale."""
        parts = []
        for scale in kind.scales:
            where = {"kind": kind.name, "weight_scale": scale}
            start, last = mean(rows, name, **where, step=0).value, mean(rows, name, **where, last=True).value
            parts.append(f"scale {scale:g}: {start:.3g} → {last:.3g}")
        return "; ".join(parts)

    losses = [max(column(rows, "loss", seed=seed, **end)) for seed in sorted(set(column(rows, "seed", kind=kind.name)))]
    fitted, variability = over_seeds(losses), _change(rows, "nc1", kind, small, ratio=True)
    told = [
        Claim(
            f"control: they fit ({kind.name})",
            "control",
            "the samples are learnt",
            "loss at the end, at the scale where it is highest",
            fitted,
            judge(fitted, below=0.02),
            f"at the start about 0.5 and more; {course('loss')}",
        ),
        Claim(
            f"NC1 ({kind.name})",
            SIGNS,
            "scatter within classes vanishes against that between their means",
            f"NC1 at the end over NC1 at the start, scale {small:g}",
            variability,
            judge(variability, below=0.1),
            f"holds below a tenth; {course('nc1')}",
        ),
    ]
    unlike = mean(rows, "nc4", **end, weight_scale=small)
    told.append(
        Claim(
            f"NC4 ({kind.name})",
            SIGNS,
            "the network names the nearest class mean",
            f"share of samples named otherwise at the end, scale {small:g}",
            unlike,
            judge(unlike, below=0.02),
            f"holds below 0.02; {course('nc4')}",
        )
    )
    kernel = f"; of the outputs' kernel {course('gamma_alignment')}; residue {course('kappa_residue')}"
    norms = f"; ‖E‖ {course('invariant_norm')}; ‖WᵀW‖ {course('weights_norm')}"
    simplex = "centred class means come nearer to a simplex of equal sides"
    dual = "weights and centred class means come nearer to each other, but for scale"
    aligned = "the feature kernel aligns with the classes"
    balanced = "where features collapse, WᵀW is balanced by the features"
    for name, of, source, statement, falls, more in (
        ("NC2", "nc2", SIGNS, simplex, True, ""),
        ("NC3", "nc3", SIGNS, dual, True, ""),
        ("kernel alignment", "kappa_alignment", SOURCE, aligned, False, kernel),
        ("invariant alignment", "invariant_alignment", SOURCE, balanced, False, norms),
    ):
        value = _change(rows, of, kind, small)
        verdict = judge(value, below=0.0) if falls else judge(value, above=0.0)
        measured = f"{name} at the end less at the start, scale {small:g}"
        told.append(Claim(f"{name} ({kind.name})", source, statement, measured, value, verdict, course(of) + more))
    for name, said in (("nc3", "NC3"), ("nc1", "NC1")):
        apart = difference(rows, name, {**end, "weight_scale": large}, {**end, "weight_scale": small})
        told.append(
            Claim(
                f"none without balance, {said} ({kind.name})",
                SOURCE,
                "from a start with a large invariant features do not collapse, though the loss vanishes",
                f"{said} at the end at scale {large:g} less at scale {small:g}",
                apart,
                judge(apart, above=0.0),
            )
        )
    return told


def _figures(rows: Rows, kind: Kind) -> dict[str, tuple[Figure, str]]:
    steps = sorted(set(column(rows, "step", kind=kind.name)))

    def over_steps(name: str, *, logarithm: bool = False) -> dict[str, Varied]:
        found = {}
        for scale in kind.scales:
            at = [column(rows, name, kind=kind.name, weight_scale=scale, step=step) for step in steps]
            values = [over_seeds(np.log10(each).tolist() if logarithm else each) for each in at]
            found[f"scale {scale:g}"] = Varied(steps, values)
        return found

    panels = {
        "log10 NC1, scatter within classes": over_steps("nc1", logarithm=True),
        "NC2, distance from a simplex": over_steps("nc2"),
        "NC3, distance of weights from means": over_steps("nc3"),
        "alignment of the feature kernel with the classes": over_steps("kappa_alignment"),
        "alignment of WᵀW with its balance": over_steps("invariant_alignment"),
        "log10 loss": over_steps("loss", logarithm=True),
    }
    return {
        f"{kind.samples}-{kind.model}": (
            interval_curves(panels, along="training step", limits=None),
            f"Signs of collapse, kernel and invariant over training by scale of initial weights: {kind.name}; bands: "
            "95 % intervals over seeds.",
        )
    }
