"""AlShinaifi et al.: path emergence falls in training and under pruning, and foretells how networks learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from analysis.emergence import path_emergence
from analysis.emergence.ruggedness import hessian_trace, random_slices, straight_path
from analysis.figures import Trajectories, Varied, agent_scatter, interval_curves, phase_plane
from analysis.measure import Measure, over_seeds
from analysis.ranks import rank_correlation
from analysis.trainings import network_metric, network_table
from scenarios.loading import parse
from scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from scenarios.reproductions.lab import Job, Lab
from scenarios.reproductions.rows import Rows, column, difference, mean
from scenarios.running import revive
from scenarios.systems import assemble
from simulator.store import Run
from simulator.training import Networks

SOURCE = "AlShinaifi et al., arXiv 2409.01568, abstract"
COUNTS = {
    "paths": "hidden units, links that are left",
    "paths_closed_form": "hidden units, closed form",
    "paths_from_input": "hidden units and pixels, links that are left",
    "paths_from_input_closed_form": "hidden units and pixels, closed form",
}
SHARES = (0.0, 0.3, 0.5, 0.7)
ALPHAS = (0.67, 0.8, 1.0, 1.1, 1.25, 1.5, 2.0)
RATES = (0.01, 0.05)
SIZES = ((32, 16), (64, 32), (128, 64), (256, 128), (512, 256))
WHEN = ("initialisation", "after", "iterative")
EARLY_STEPS = 100
THRESHOLDS = (0.01, 0.02, 0.05, 0.1, 0.2)


@dataclass(frozen=True)
class Kind:
    """One kind of network: data, model, training steps, and whether its landscape is measured."""

    data: str
    model: str
    steps: int
    landscape: bool = True

    @property
    def name(self) -> str:
        """Return how it is called."""
        return f"{self.data}, {self.model}"

    def changes(self, **more: Any) -> dict[str, Any]:
        """Return the fields of the scenario."""
        widths = [256, 128] if self.model == "dense" else [8, 16]
        return {"task.kind": self.data, "task.model": self.model, "task.widths": widths, **_dotted(more)}


@dataclass(frozen=True)
class Size:
    """How much is trained: kinds, seeds, and the grid of the landscape (samples, lines, points, points of a plane)."""

    kinds: tuple[Kind, ...]
    seeds: int
    samples: int
    lines: int
    points: int
    plane: int
    probes: int


SMALL = Size(
    (
        Kind("mnist", "dense", 1250),
        Kind("mnist", "convolution", 500, landscape=False),
        Kind("digits", "dense", 600),
        Kind("digits", "convolution", 600),
    ),
    seeds=5,
    samples=300,
    lines=3,
    points=41,
    plane=13,
    probes=10,
)
FULL = Size(
    (
        Kind("mnist", "dense", 3750),
        Kind("mnist", "convolution", 3750),
        Kind("digits", "dense", 1500),
        Kind("digits", "convolution", 1500),
    ),
    seeds=10,
    samples=1000,
    lines=10,
    points=81,
    plane=31,
    probes=50,
)


@reproduction("pruning-emergence")
def pruning_emergence(lab: Lab) -> Outcome:
    """Path emergence over training, under pruning and with scaled initial weights; learning speed; the landscape."""
    size = FULL if lab.is_full else SMALL
    jobs = _jobs(size)
    runs = dict(zip(jobs, lab.run(list(jobs.values())), strict=True))
    rows: list[dict[str, Any]] = []
    for (part, kind, case), run in runs.items():
        made = _rows_of(run, every=part == "training" and case == "initialisation")
        rows += [{"part": part, "kind": kind.name, "case": case, **row} for row in made]
    for kind in size.kinds:
        lab.say(f"measuring the thresholds and the landscape of {kind.name}")
        run = runs["training", kind, "initialisation"]
        rows += [{"part": "threshold", "kind": kind.name, **row} for row in _thresholds(run)]
        if kind.landscape:
            rows += [{"part": "landscape", "kind": kind.name, **row} for row in _landscape(run, size)]
    kinds = [kind.name for kind in size.kinds]
    found = Found(rows, kinds)
    return Outcome(
        "Path emergence in training and under pruning",
        [*_of_all(found), *(claim for kind in kinds for claim in _of_kind(found, kind))],
        [{name: _short(value) for name, value in row.items()} for row in rows],
        _figures(found),
        [
            "Caution: the two counts disagree. The closed form counts links that pruning has taken away, so that E "
            "stays and Ẽ = E / parameters that remain rises for its denominator alone. Counted over the links that are "
            "left, E falls, and whether Ẽ rises or falls depends on where paths begin and which layers lose weights.",
            "E counts paths from inactive to active units (activation above 0.05 in the mean over 200 held-out "
            "images), from hidden units to hidden and output units, over all Π n_k units on the way; counts with "
            "pixels as sources too are given beside it. The source was at hand as an abstract and summaries.",
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
            "weights, local minima deeper than 1e-4 of the range of a slice; the trace of the Hessian by Hutchinson's "
            "estimator over the weights that are left.",
        ],
    )


def _jobs(size: Size) -> dict[tuple[str, Kind, str], Job]:
    """Return every run by part, kind and case; a run holds all seeds and settings of its case."""
    jobs = {}

    def add(part: str, kind: Kind, case: str, steps: int, every: int, **more: Any) -> None:
        changes = kind.changes(
            networks__seeds=size.seeds,
            training__steps=steps,
            engine__record_every=every,
            engine__checkpoint_every=max(steps, 1),
            **more,
        )
        name = f"{part}-{kind.data}-{kind.model}-{case}"
        jobs[part, kind, case] = Job(name, "pruning-emergence", changes)

    for kind in size.kinds:
        steps, every = kind.steps, kind.steps // 10
        pruned = {"networks__pruning": list(SHARES)}
        add("training", kind, "initialisation", steps, every, **pruned)
        add("training", kind, "after", steps + 2 * every, every, pruning__steps=[steps], **pruned)
        rounds = {"pruning__steps": [steps // 2, steps, 3 * steps // 2], "pruning__rewind_step": every // 5}
        add("training", kind, "iterative", 2 * steps, every, **rounds, **pruned)
        layer = {"networks__pruning": list(SHARES), "pruning__scope": "layer"}
        add("start", kind, "layer", 0, every, **layer)
        rates = {"networks__learning_rate": list(RATES)}
        add("early", kind, "alpha", EARLY_STEPS, 10, networks__alpha=list(ALPHAS), **rates)
        add("early", kind, "pruning", EARLY_STEPS, 10, **rates, **pruned)
        if kind.model == "dense":
            for widths in SIZES:
                case = "-".join(map(str, widths))
                add("start", kind, case, 0, every, networks__pruning=[0.0], task__widths=list(widths))
    return jobs


def _dotted(more: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("__", "."): value for name, value in more.items()}


def _rows_of(run: Run, *, every: bool) -> list[dict[str, Any]]:
    """Return a row for each network at every record, or at the first and the last; early accuracy at the last."""
    names = ["accuracy", "train_accuracy", "train_loss", *COUNTS, *(f"relative_{count}" for count in COUNTS)]
    values = {name: network_metric(run, name) for name in names}
    steps, train_accuracy = values["train_accuracy"]
    early = train_accuracy[1:].mean(axis=0) if steps[-1] == EARLY_STEPS else None
    rows = []
    for at in range(len(steps)) if every else sorted({0, len(steps) - 1}):
        for number, network in enumerate(network_table(run).to_pylist()):
            row = {name: network[name] for name in ("seed", "learning_rate", "pruning", "alpha")}
            row |= {"step": int(steps[at]), "last": at == len(steps) - 1}
            row |= {name: float(of[at, number]) for name, (_, of) in values.items()}
            if early is not None:
                row["early_accuracy"] = float(early[number])
            rows.append(row)
    return rows


def _start_of(run: Run) -> Networks:
    built: Networks = assemble(parse(run.configuration))
    return built


def _thresholds(run: Run) -> list[dict[str, Any]]:
    """Return E at every threshold, of the networks at the start and at the end."""
    rows = []
    for last, built in ((False, _start_of(run)), (True, revive(run.path))):
        probe = built.task.probe()
        assert probe is not None
        counted = path_emergence(*probe, states=built.parameters, sweep=THRESHOLDS)
        for network, swept in zip(built.networks, counted.swept, strict=True):
            for threshold, paths in zip(counted.thresholds, swept, strict=True):
                row = {"seed": network.seed, "pruning": network.pruning, "last": last}
                rows.append({**row, "threshold": float(threshold), "paths": float(paths)})
    return rows


def _landscape(run: Run, size: Size) -> list[dict[str, Any]]:
    """Return local minima and curvature around the networks at the start and at the end, and on the way between."""
    rows = []
    start, end = _start_of(run), revive(run.path)

    def loss(parameters: Any) -> Any:
        return end.task.fixed_loss(parameters, samples=size.samples)

    path = straight_path(loss, start.parameters, end.parameters, points=size.points)
    for last, built in ((False, start), (True, end)):
        around: dict[str, Any] = {"generator": np.random.default_rng(0), "masks": built.masks}
        lines = random_slices(loss, built.parameters, slices=size.lines, points=size.points, **around)
        planes = random_slices(loss, built.parameters, axes=2, slices=1, points=size.plane, **around)
        trace = hessian_trace(loss, built.parameters, probes=size.probes, **around)
        for number, network in enumerate(built.networks):
            row = {
                "seed": network.seed,
                "pruning": network.pruning,
                "last": last,
                "minima_on_lines": float(lines.minima[number].mean()),
                "minima_on_planes": float(planes.minima[number].mean()),
                "hessian_trace": float(trace.value[number]),
            }
            if last:
                row["minima_on_path"] = float(path.minima[number, 0])
                row["rise_on_path"] = float(np.diff(path.losses[number, 0]).clip(min=0).sum())
            rows.append(row)
    return rows


@dataclass(frozen=True)
class Found:
    """All rows, and how numbers are picked from them."""

    rows: Rows
    kinds: Sequence[str]

    def ratio(self, name: str, one: Mapping[str, Any], other: Mapping[str, Any], where: Mapping[str, Any]) -> Measure:
        """Return the mean over seeds of `name` in `one` setting over that in the `other`, both `where` it is."""
        pairs = zip(column(self.rows, name, **where, **one), column(self.rows, name, **where, **other), strict=True)
        return over_seeds([mine / theirs if theirs else float("nan") for mine, theirs in pairs])

    def fall(self, kind: str, name: str = "paths", pruning: float = 0.0) -> Measure:
        """Return E at the end of training over that at the start."""
        where = {"part": "training", "case": "initialisation", "kind": kind, "pruning": pruning}
        return self.ratio(name, {"last": True}, {"step": 0}, where)

    def pruned(self, kind: str, name: str, share: float = SHARES[-1], *, case: str = "initialisation") -> Measure:
        """Return E or Ẽ of networks pruned at the start, or otherwise at the end, over that of whole ones."""
        part = "start" if case == "layer" else "training"
        at = {"last": True} if case in ("after", "iterative") else {"step": 0}
        where = {"part": part, "case": case, "kind": kind, **at}
        return self.ratio(name, {"pruning": share}, {"pruning": 0.0}, where)

    def along_alpha(self, kind: str, one: str, other: str, learning_rate: float) -> Measure:
        """Return the mean over seeds of the rank correlation over α of two columns, E taken at the start."""
        found = []
        where = {"part": "early", "case": "alpha", "kind": kind, "learning_rate": learning_rate}
        for seed in sorted(set(column(self.rows, "seed", **where))):
            values = [
                column(self.rows, name, seed=seed, **where, **({"step": 0} if name in COUNTS else {"last": True}))
                for name in (one, other)
            ]
            found.append(rank_correlation(np.array(values[0]), np.array(values[1]), permutations=0).value)
        return over_seeds(found)


def _of_all(found: Found) -> list[Claim]:
    """Return what is said of all kinds together."""
    seeds = sorted(set(column(found.rows, "seed", part="training")))
    final = {"part": "training", "case": "initialisation", "pruning": 0.0, "last": True}
    learned = over_seeds([min(column(found.rows, "accuracy", seed=seed, **final)) for seed in seeds])
    grown = []
    dense = [kind for kind in found.kinds if kind.endswith("dense")]
    sizes = ["-".join(map(str, widths)) for widths in SIZES]
    for seed in seeds:
        for kind in dense:
            paths = [column(found.rows, "paths", part="start", kind=kind, case=case, seed=seed)[0] for case in sizes]
            slope = np.polyfit(np.log([widths[0] for widths in SIZES]), np.log(paths), 1)[0]
            grown.append((seed, float(slope)))
    slopes = over_seeds([float(np.mean([slope for of, slope in grown if of == seed])) for seed in seeds])
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
    ]


def _of_kind(found: Found, kind: str) -> list[Claim]:
    """Return the claims about one kind of network."""
    falls = found.fall(kind)
    others = ", ".join(f"{name}: {found.fall(kind, count).value:.2f}" for count, name in list(COUNTS.items())[2:])
    by_threshold = ", ".join(
        f"{threshold:g}: {_threshold_fall(found, kind, threshold).value:.2f}" for threshold in THRESHOLDS
    )
    lowers, raises = found.pruned(kind, "paths"), found.pruned(kind, "relative_paths")

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
            f"{'towards' if falls.value < 0.1 else 'not towards'} 0 here; {others}; by threshold {by_threshold}",
        ),
        Claim(
            f"pruning lowers E ({kind})",
            SOURCE,
            "pruning lowers E",
            f"E with {SHARES[-1]:.0%} pruned over E of whole networks at the start, links that are left",
            lowers,
            judge(lowers, below=1.0),
            all_counts(""),
        ),
        Claim(
            f"pruning raises Ẽ ({kind})",
            SOURCE,
            "pruning raises the relative emergence Ẽ",
            f"Ẽ with {SHARES[-1]:.0%} pruned over Ẽ of whole networks at the start, links that are left",
            raises,
            judge(raises, above=1.0),
            all_counts("relative_"),
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
            f"rank correlation over α of E at the start with the mean training accuracy of the first {EARLY_STEPS} "
            f"steps, learning rate {fast:g}",
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
            f"mean training accuracy of the first {EARLY_STEPS} steps with {SHARES[-1]:.0%} pruned at initialisation "
            f"less that of whole networks, learning rate {fast:g}",
            speeds,
            judge(speeds, above=0.0),
            f"learning rate {slow:g}: {slower.value:+.3f}",
        ),
    ]
    return [*claims, *_of_landscape(found, kind)]


def _of_landscape(found: Found, kind: str) -> list[Claim]:
    """Return the claim about local minima, where they were counted."""
    where = {"part": "landscape", "kind": kind}
    if not column(found.rows, "seed", **where):
        return []

    def change(name: str, *, last: bool) -> Measure:
        at = {**where, "last": last}
        return difference(found.rows, name, {**at, "pruning": SHARES[-1]}, {**at, "pruning": 0.0})

    def levels(name: str, *, last: bool) -> str:
        values = [mean(found.rows, name, **where, last=last, pruning=share).value for share in SHARES]
        return " / ".join(f"{value:.2f}" for value in values)

    rugged = change("minima_on_lines", last=False)
    return [
        Claim(
            f"E goes with ruggedness ({kind})",
            SOURCE,
            "higher E means more local minima and a more rugged landscape: pruning, which lowers E, makes it smoother",
            f"local minima on a random line through networks at the start, {SHARES[-1]:.0%} pruned less whole",
            rugged,
            judge(rugged, below=0.0),
            f"minima on a line at {' / '.join(f'{share:.0%}' for share in SHARES)}, start: "
            f"{levels('minima_on_lines', last=False)}, end: {levels('minima_on_lines', last=True)}; on a plane, start: "
            f"{levels('minima_on_planes', last=False)}, end: {levels('minima_on_planes', last=True)}; on the straight "
            f"path from start to end: {levels('minima_on_path', last=True)}; trace of the Hessian, start: "
            f"{levels('hessian_trace', last=False)}, end: {levels('hessian_trace', last=True)}",
        )
    ]


def _threshold_fall(found: Found, kind: str, threshold: float) -> Measure:
    where = {"part": "threshold", "kind": kind, "pruning": 0.0, "threshold": threshold}
    return found.ratio("paths", {"last": True}, {"last": False}, where)


def _figures(found: Found) -> dict[str, tuple[Figure, str]]:
    drawn: dict[str, tuple[Figure, str]] = {}
    course = {"part": "training", "case": "initialisation"}

    def over_training(kind: str, name: str) -> dict[str, Varied]:
        where = {**course, "kind": kind}
        steps = sorted(set(column(found.rows, "step", **where)))
        whole = mean(found.rows, name, **where, step=0, pruning=0.0).value
        return {
            f"{share:.0%}": Varied(
                steps,
                [
                    over_seeds([v / whole for v in column(found.rows, name, **where, step=s, pruning=share)])
                    for s in steps
                ],
            )
            for share in SHARES
        }

    for name, figure, said in (
        ("paths", "paths", "from hidden units"),
        ("paths_from_input", "paths-from-input", "from hidden units and pixels"),
    ):
        drawn[figure] = (
            interval_curves({kind: over_training(kind, name) for kind in found.kinds}, along="step", limits=None),
            f"E over training by share pruned at initialisation, {said}, over links that are left, as a share of E of "
            "whole networks at the start; lines: means over seeds, bands: 95 % intervals, dots: seeds.",
        )
    relative = {
        f"{kind}: {where}": {
            said: Varied(SHARES, [found.pruned(kind, f"relative_{count}", share, case=case) for share in SHARES])
            for count, said in COUNTS.items()
        }
        for kind in found.kinds
        for case, where in (("initialisation", "smallest of all"), ("layer", "smallest of every layer"))
    }
    drawn["relative"] = (
        interval_curves(relative, along="share pruned at initialisation", limits=None),
        "Ẽ at the start over that of whole networks, in the four ways of counting, where the smallest weights of the "
        "whole network were pruned and where every layer lost the same share.",
    )
    for kind in found.kinds:
        lines = {}
        for share in SHARES:
            where = {"kind": kind, "pruning": share, **course}
            steps = sorted(set(column(found.rows, "step", **where)))
            x, y = (
                np.array([column(found.rows, name, step=step, **where) for step in steps]).T
                for name in ("accuracy", "relative_paths")
            )
            lines[f"{share:.0%}"] = Trajectories(x, y)
        drawn[f"phase-{kind.replace(', ', '-')}"] = (
            phase_plane(
                lines, x_label="accuracy on held-out images", y_label="Ẽ, paths per parameter", logarithmic=True
            ),
            f"Accuracy and Ẽ over training by share pruned at initialisation; {kind}; hollow: start, full: end.",
        )
    for kind in found.kinds:
        where = {"part": "early", "case": "alpha", "kind": kind, "learning_rate": RATES[-1]}
        begun = [row for row in found.rows if all(row.get(k) == v for k, v in where.items()) and row["step"] == 0]
        against = {
            "log10 E at the start": np.log10([max(row["paths"], 1.0) for row in begun]),
            "log10 E at the start, pixels too": np.log10([row["paths_from_input"] for row in begun]),
        }
        groups = np.array([ALPHAS.index(row["alpha"]) for row in begun])
        speed = np.array(column(found.rows, "early_accuracy", **where, last=True))
        drawn[f"early-{kind.replace(', ', '-')}"] = (
            agent_scatter(speed, against, label=f"training accuracy, first {EARLY_STEPS} steps", groups=groups),
            f"Early learning against E at the start, {kind}, learning rate {RATES[-1]:g}; a point is a network, a "
            f"colour an α of {', '.join(f'{alpha:g}' for alpha in ALPHAS)} in this order.",
        )
    final = {"part": "training", "last": True}
    drawn["accuracy"] = (
        interval_curves(
            {
                kind: {
                    case: Varied(
                        SHARES, [mean(found.rows, "accuracy", **final, kind=kind, case=case, pruning=s) for s in SHARES]
                    )
                    for case in WHEN
                }
                for kind in found.kinds
            },
            along="share pruned",
            limits=None,
        ),
        "Accuracy on held-out images at the end, by when weights were taken away.",
    )
    drawn["thresholds"] = (
        interval_curves(
            {
                "E at the end over E at the start": {
                    kind: Varied(THRESHOLDS, [_threshold_fall(found, kind, threshold) for threshold in THRESHOLDS])
                    for kind in found.kinds
                }
            },
            along="threshold of activity",
            logarithmic=True,
            limits=None,
        ),
        "How far E falls in training at every threshold of activity; whole networks, from hidden units.",
    )
    panels = {}
    for name, said in (("minima_on_lines", "minima on a random line"), ("hessian_trace", "trace of the Hessian")):
        for last in (False, True):
            panels[f"{said}, {'end' if last else 'start'}"] = {
                kind: Varied(
                    SHARES,
                    [mean(found.rows, name, part="landscape", kind=kind, last=last, pruning=s) for s in SHARES],
                )
                for kind in found.kinds
                if column(found.rows, "seed", part="landscape", kind=kind)
            }
    drawn["landscape"] = (
        interval_curves(panels, along="share pruned at initialisation", limits=None),
        "Local minima on random lines and the trace of the Hessian, at the start and at the end of training.",
    )
    return drawn


def _short(value: Any) -> Any:
    return float(f"{value:.6g}") if isinstance(value, float) else value
