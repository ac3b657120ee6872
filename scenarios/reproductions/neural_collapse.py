"""Seleznova et al.: features collapse where weights and features are balanced under a block-like tangent kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.collapse import block_kernel, collapse_invariant, invariant_alignment, tangent_kernel
from hubbub.analysis.collapse import neural_collapse as signs_of
from hubbub.analysis.figures import Varied, interval_curves
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim, control
from hubbub.scenarios.reproductions.criteria import Above, Below
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Rows, Table
from hubbub.scenarios.systems import assemble
from hubbub.simulator.engine import State
from hubbub.simulator.store import Run

if TYPE_CHECKING:
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

    def design(self, records: int) -> Design:
        """Return its one run, which holds networks of all scales and seeds."""
        every = self.steps // records
        changes = {
            "task.samples": self.samples,
            "task.model": self.model,
            "task.widths": list(self.widths),
            "task.per_class": self.per_class,
            "task.weight_scales": list(self.scales),
            "networks.seeds": self.seeds,
            "networks.learning_rate": [self.learning_rate],
            "training.steps": self.steps,
            "engine.record_every": every,
            "engine.checkpoint_every": every,
            "engine.keep_checkpoints": records + 1,
        }
        return Design(
            "neural-collapse", f"{self.samples}-{self.model}", measure, common=changes, labels={"kind": self.name}
        )


CLUSTERS = Kind("clusters, 20-64-64-4", "clusters", "dense", (64, 64), 12, (0.1, 0.3, 1.0), 0.02, 6000, 5)
DIGITS = Kind("digits, 64-64-64-10", "digits", "dense", (64, 64), 10, (0.1, 0.3, 1.0), 0.05, 6000, 4)
CONVOLUTION = Kind("digits, convolution", "digits", "convolution", (8, 16), 10, (0.1, 0.3, 0.5), 0.1, 4000, 4)
LONG = (
    replace(CLUSTERS, steps=20000, seeds=10),
    replace(DIGITS, steps=30000, seeds=10),
    replace(CONVOLUTION, steps=30000, seeds=10),
)


@reproduction("neural-collapse")
@sizes(small={"kinds": (CLUSTERS, DIGITS, CONVOLUTION)}, full={"kinds": LONG})
def neural_collapse(*, kinds: Sequence[Kind], records: int = 8) -> Reproduction:
    """Signs of collapse, blocks of the tangent kernel and the invariant over training, by scale of initial weights."""
    remarks = [
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
    ]
    designs = [kind.design(records) for kind in kinds]
    drawn = partial(figures, names={kind.name: f"{kind.samples}-{kind.model}" for kind in kinds})
    title = "Neural collapse and the tangent kernel"
    return Reproduction(title, SOURCE, designs, claims, drawn, remarks, digits=6)


def measure(run: Run) -> Rows:
    """Return a row for each network at the start and at every checkpoint."""
    built = assemble(parse(run.configuration))
    task: CollapseTask = built.task
    checkpoints = [None, *(checkpoint for checkpoint in run.checkpoints() if checkpoint.step)]
    rows = []
    for checkpoint in checkpoints:
        if checkpoint is not None:
            tensors, values, _ = checkpoint.load()
            built.load(State(tensors, values))
        losses = task.loss(built.parameters, built.networks, 0).tolist()
        for number, network in enumerate(built.networks):
            state = {name: values[number].detach() for name, values in built.parameters.items()}
            row = {"seed": network.seed, **network.of_task, "step": built.now, "last": checkpoint is checkpoints[-1]}
            rows.append(row | {"loss": losses[number]} | _signs(task, state, network.seed))
    return rows


def _signs(task: CollapseTask, state: Mapping[str, Tensor], seed: int) -> dict[str, float]:
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


def claims(table: Table) -> list[Claim]:
    """Judge every kind of network by itself."""
    return [claim for kind, part in table.by("kind").items() for claim in _of_kind(kind, part)]


def _of_kind(kind: str, table: Table) -> list[Claim]:
    scales = table.levels("weight_scale")
    small, large = scales[0], scales[-1]
    start, end = table.where(step=0), table.where(last=True)
    before, after, usual = (part.where(weight_scale=s) for part, s in ((start, small), (end, small), (end, large)))

    def course(name: str) -> str:
        """Return how a column went from start to end at every scale."""
        means = [[part.where(weight_scale=scale).mean(name).value for part in (start, end)] for scale in scales]
        return "; ".join(
            f"scale {scale:g}: {first:.3g} → {last:.3g}" for scale, (first, last) in zip(scales, means, strict=True)
        )

    ratios = zip(after.column("nc1"), before.column("nc1"), strict=True)
    judged = [
        control(
            f"they fit ({kind})",
            "the samples are learnt",
            "loss at the end, at the scale where it is highest",
            end.each(lambda mine: max(mine.column("loss"))),
            Below(0.02),
            f"at the start about 0.5 and more; {course('loss')}",
        ),
        Claim(
            f"NC1 ({kind})",
            "scatter within classes vanishes against that between their means",
            f"NC1 at the end over NC1 at the start, scale {small:g}",
            Table({"ratio": one / other} for one, other in ratios).mean("ratio"),
            Below(0.1),
            course("nc1"),
            SIGNS,
        ),
        Claim(
            f"NC4 ({kind})",
            "the network names the nearest class mean",
            f"share of samples named otherwise at the end, scale {small:g}",
            after.mean("nc4"),
            Below(0.02),
            course("nc4"),
            SIGNS,
        ),
    ]
    kernel = f"; of the outputs' kernel {course('gamma_alignment')}; residue {course('kappa_residue')}"
    norms = f"; ‖E‖ {course('invariant_norm')}; ‖WᵀW‖ {course('weights_norm')}"
    simplex = "centred class means come nearer to a simplex of equal sides"
    dual = "weights and centred class means come nearer to each other, but for scale"
    aligned = "the feature kernel aligns with the classes"
    balanced = "where features collapse, WᵀW is balanced by the features"
    for name, of, source, statement, criterion, more in (
        ("NC2", "nc2", SIGNS, simplex, Below(0), ""),
        ("NC3", "nc3", SIGNS, dual, Below(0), ""),
        ("kernel alignment", "kappa_alignment", SOURCE, aligned, Above(0), kernel),
        ("invariant alignment", "invariant_alignment", SOURCE, balanced, Above(0), norms),
    ):
        measured = f"{name} at the end minus at the start, scale {small:g}"
        note = course(of) + more
        judged.append(Claim(f"{name} ({kind})", statement, measured, after.minus(before, of), criterion, note, source))
    return judged + [
        Claim(
            f"none without balance, {said} ({kind})",
            "from a start with a large invariant features do not collapse, though the loss vanishes",
            f"{said} at the end at scale {large:g} minus at scale {small:g}",
            usual.minus(after, said.lower()),
            Above(0),
        )
        for said in ("NC3", "NC1")
    ]


def figures(table: Table, _: MadeRuns, *, names: Mapping[str, str]) -> Figures:
    """Draw the signs of every kind of network over training; `names` are those of the figures."""
    panels: dict[str, tuple[str, bool]] = {
        "log10 NC1, scatter within classes": ("nc1", True),
        "NC2, distance from a simplex": ("nc2", False),
        "NC3, distance of weights from means": ("nc3", False),
        "alignment of the feature kernel with the classes": ("kappa_alignment", False),
        "alignment of WᵀW with its balance": ("invariant_alignment", False),
        "log10 loss": ("loss", True),
    }

    def over_steps(part: Table, name: str, is_logarithmic: bool) -> dict[str, Varied]:
        def shown(row: Any) -> float:
            return float(np.log10(row[name])) if is_logarithmic else row[name]

        return part.added("shown", shown).curves("weight_scale", "step", "shown", "scale {:g}")

    return {
        names[kind]: (
            interval_curves(
                {title: over_steps(part, *of) for title, of in panels.items()}, along="training step", limits=None
            ),
            f"Signs of collapse, kernel and invariant over training by scale of initial weights: {kind}; bands: "
            "95 % intervals over seeds.",
        )
        for kind, part in table.by("kind").items()
    }
