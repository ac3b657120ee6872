"""Chen et al.: information emergence across the layers of a language model, by three estimators and from the data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.layers import Emergence, data_emergence
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.layer_pairs import (
    COARSE,
    DRAWN,
    ESTIMATORS,
    FEW,
    FINE,
    MANY,
    NEURAL,
    Fit,
    about_nothing,
    about_sequences,
    about_tokens,
)
from hubbub.scenarios.reproductions.network_rows import network_rows, shortened
from hubbub.scenarios.reproductions.rows import Rows, column
from hubbub.scenarios.systems import assemble
from hubbub.simulator.engine import State
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from hubbub.simulator.training import Networks
    from hubbub.simulator.training.tasks.entity_sequences import EntitySequences

SOURCE = "Chen, Yang, Zhu & Wang, arXiv 2405.12617"
CRITIQUE = "critique, ours"


@dataclass(frozen=True)
class Size:
    """What is trained, and how pairs of layers are fitted."""

    entities: int
    shots: int
    layers: int
    width: int
    seeds: int
    steps: int
    looks: tuple[int, ...]
    pairs: int
    fit: Fit


SMALL = Size(10, 4, 4, 32, 5, 600, (0, 50, 100, 150, 200, 300, 600), 2048, Fit(1000, 1e-3))
FULL = Size(12, 4, 4, 64, 10, 2000, (0, 50, 100, 150, 200, 300, 500, 1000, 2000), 11880, Fit(10000, 1e-4))
EVERY = 50


@reproduction("layer-information")
def layer_information(lab: Lab) -> Outcome:
    """E across layers, over training and over shots by three estimators, beside what the data alone says."""
    size = FULL if lab.is_full else SMALL
    [run] = lab.run([_job(size)])
    built = assemble(parse(run.configuration))
    rows = _rows_of(run, built, size, lab)
    sequences = built.task.sequences.cpu().numpy()
    found = Found(rows, size, [data_emergence(sequences[:, : 2 * shots]) for shots in range(1, size.shots + 1)])
    return Outcome(
        "Information across layers of a language model",
        _claims(found),
        shortened(rows),
        _figures(found),
        [
            f"{size.entities} entities × {size.shots} shots, all {math.perm(size.entities, size.shots):,} sequences of "
            f"distinct entities with commas; the model is trained to name the first entity, going round, after the "
            f"last one that was not yet shown. {size.layers} blocks, width {size.width}, {size.steps:,} steps, "
            f"{size.seeds} seeds. The source takes language models as they come and has no training in it.",
            f"E = macro − micro at the last place (a comma), blocks 2 to {size.layers}: below block 1 the last place "
            "holds the same comma in all sequences. Micro: mean over tokens fed alone; a comma counts 0.",
            f"The data: {found.data.macro:.2f} bits a sequence, {found.data.micro:.2f} bits a token, E = "
            f"{found.data.value:.2f}. The source's country set (25 entities, 4 shots, with commas) has 18.21 − 2.32 = "
            "15.89 bits by the same count, in any model that tells its sequences apart.",
            "Cells have a side in root mean squares of a layer's features. The copula has no value for a token fed "
            f"alone, which takes {size.entities} values and has no density; its E is its macro less the exact micro.",
            f"MINE as in the source's code, but {size.fit.steps:,} steps at a rate of {size.fit.rate:g} (10,000 at "
            f"0.0001) on {size.pairs // 2:,} pairs (up to 300,000); as many are held out. In that code the gradient is "
            "clipped before it is computed, which does nothing; we leave it out.",
            "Caution: a held-out value is a lower bound, and here a loose one.",
        ],
    )


def _job(size: Size) -> Job:
    return Job(
        "networks",
        "layer-information",
        {
            "task.entities": size.entities,
            "task.shots": size.shots,
            "task.layers": size.layers,
            "task.width": size.width,
            "networks.seeds": size.seeds,
            "training.steps": size.steps,
            "engine.record_every": EVERY,
            "engine.checkpoint_every": EVERY,
            "engine.keep_checkpoints": size.steps // EVERY + 1,
        },
    )


def _rows_of(run: Run, built: Networks, size: Size, lab: Lab) -> list[dict[str, Any]]:
    """Return a row for each seed, look, block and number of shots; fewer shots than all at the first and last look."""
    learnt = {(row["seed"], row["step"]): row for row in network_rows(run, ("accuracy", "repeats", "loss"))}
    checkpoints = {checkpoint.step: checkpoint for checkpoint in run.checkpoints()}
    rows = []
    for step in size.looks:
        lab.say(f"measuring step {step} of {size.looks[-1]}")
        if step:
            tensors, state, _ = checkpoints[step].load()
            built.load(State(tensors, state))
        for row in _look(built, size, ends=step in (size.looks[0], size.looks[-1])):
            known = learnt[row["seed"], step]
            rows.append({**row, **{name: known[name] for name in ("step", "last", "accuracy", "repeats", "loss")}})
    return rows


def _look(built: Networks, size: Size, *, ends: bool) -> list[dict[str, Any]]:
    """Return the information between the layers of every network, in bits, and between shuffled ones at the ends."""
    task: EntitySequences = built.task  # type: ignore[assignment]
    generator = RandomStreams(0).at("layer-information", built.now)
    own = {name: values.detach() for name, values in built.parameters.items()}
    with torch.no_grad():
        streams = task.residuals(own, task.sequences)[:, 1:, :, 1::2].cpu().numpy()
        alone = task.residuals(own, torch.arange(size.entities, device=task.device)[:, None])[:, 1:].cpu().numpy()

    def rows(found: Mapping[str, np.ndarray], **of: Any) -> list[dict[str, Any]]:
        """Return a row for each seed and block."""
        return [
            {"seed": network.seed, "block": block, **of}
            | {name: float(values[place * (size.layers - 1) + block - 2]) for name, values in found.items()}
            for place, network in enumerate(built.networks)
            for block in range(2, size.layers + 1)
        ]

    micro = about_tokens(*_pairs(alone[:, :, :, 0]), size.fit, generator, pairs=size.pairs)
    made = []
    for shots in range(1, size.shots + 1) if ends else (size.shots,):
        macro = about_sequences(*_pairs(streams[:, :, :, shots - 1]), size.fit, generator, pairs=size.pairs)
        made += rows(macro | micro, shots=shots, shuffled=False)
    if ends:
        nothing = about_nothing(*_pairs(streams[:, :, :, -1]), size.fit, generator, pairs=size.pairs)
        made += rows(nothing, shots=size.shots, shuffled=True)
    return made


def _pairs(streams: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the layers below and above every block but the first, `[S · blocks, M, H]`, of `[S, layers, M, H]`."""
    below, above = streams[:, :-1], streams[:, 1:]
    return below.reshape(-1, *below.shape[2:]), above.reshape(-1, *above.shape[2:])


@dataclass(frozen=True)
class Found:
    """Rows, and what is asked of them: one number for each seed, the mean over blocks where none is given."""

    rows: Rows
    size: Size
    by_shots: Sequence[Emergence]
    """What sequences of 1, 2 … entities say by themselves."""

    @property
    def data(self) -> Emergence:
        """What whole sequences say by themselves."""
        return self.by_shots[-1]

    @property
    def blocks(self) -> range:
        """Blocks whose input is not the same for all sequences."""
        return range(2, self.size.layers + 1)

    def emergence(self, name: str, **where: Any) -> Measure:
        """Return E by an estimator."""
        macro, micro = self._by_seed(f"macro_{name}", **where), self._by_seed(f"micro_{name}", **where)
        return over_seeds([one - other for one, other in zip(macro, micro, strict=True)])

    def macro(self, name: str, **where: Any) -> Measure:
        """Return the information about sequences by an estimator."""
        return over_seeds(self._by_seed(f"macro_{name}", **where))

    def known(self, name: str, **where: Any) -> Measure:
        """Return a metric of training."""
        return over_seeds(self._by_seed(name, **where))

    def furthest(self, name: str, value: float) -> Measure:
        """Return the largest distance of E by an estimator from a value, over blocks and looks."""
        rows = [row for row in self.rows if not row["shuffled"] and row["shots"] == self.size.shots]
        return over_seeds(
            [
                max(abs(row[f"macro_{name}"] - row[f"micro_{name}"] - value) for row in rows if row["seed"] == seed)
                for seed in self._seeds
            ]
        )

    @property
    def _seeds(self) -> list[int]:
        return sorted({int(seed) for seed in column(self.rows, "seed")})

    def _by_seed(self, name: str, **where: Any) -> list[float]:
        where = {"shots": self.size.shots, "shuffled": False, **where}
        return [float(np.mean(column(self.rows, name, seed=seed, **where))) for seed in self._seeds]


def _less(one: Measure, other: Measure | float) -> Measure:
    """Return the difference seed by seed."""
    others = [other] * len(one.each) if isinstance(other, float) else [float(each) for each in other.each]
    return over_seeds([float(mine) - theirs for mine, theirs in zip(one.each, others, strict=True)])


def _claims(found: Found) -> list[Claim]:
    size, data = found.size, found.data
    start, end, top = {"step": 0}, {"last": True}, {"block": size.layers}
    fitted = math.log2(size.pairs // 2)
    without_context = (size.entities - size.shots) / (size.entities - 1)

    def course(**where: Any) -> str:
        """Return how E went from start to end by every estimator."""
        return "; ".join(
            f"{said}: {found.emergence(name, **start, **where).value:.2f} → "
            f"{found.emergence(name, **end, **where).value:.2f}"
            for name, said in ESTIMATORS.items()
        )

    def change(name: str, **where: Any) -> Measure:
        return _less(found.emergence(name, **end, **where), found.emergence(name, **start, **where))

    def grown(name: str, **where: Any) -> Measure:
        return _less(found.emergence(name, **where), found.emergence(name, **where, shots=1))

    accuracy = found.known("accuracy", **end)
    apart = found.furthest("exact", data.value)
    nothing = {name: found.macro(name, **end, shuffled=True) for name in NEURAL}
    above_data = {name: _less(found.macro(name, **start, **top), data.macro) for name in ("maximum", "copula_many")}
    above_pairs = {name: _less(found.macro(name, **start, **top), fitted) for name in ("maximum", "held_out")}
    rise, more, coarser = change("maximum"), grown("maximum", **end), change("resolved", **top)
    return [
        Claim(
            "control: they learn",
            "control",
            "the entity that comes next is named after all shots",
            "share of sequences, at the end",
            accuracy,
            judge(accuracy, above=0.95),
            f"at the start {found.known('accuracy', **start).value:.2f}; from the last entity alone at most "
            f"{without_context:.2f}",
        ),
        Claim(
            "the data decide",
            CRITIQUE,
            "where blocks tell all sequences apart E is that of the data, trained or not",
            f"largest distance of the exact E from {data.value:.2f} bits, over blocks and records",
            apart,
            judge(apart, within=(-0.01, 0.01)),
            f"cells of {FINE:g}; holds within 0.01 bits",
        ),
        Claim(
            "E is what a model extracts",
            SOURCE,
            "E measures a model's ability to extract semantics from its tokens, so it rises as these are learnt",
            "published E (MINE, maximum over steps) at the end less at the start, mean over blocks, bits",
            rise,
            judge(rise, above=0.0),
            f"that it should rise in training is our reading; {course()}",
        ),
        Claim(
            "E grows with shots",
            "control",
            f"E is larger after {size.shots} shots than after one",
            "published E, difference at the end, mean over blocks, bits",
            more,
            judge(more, above=0.0),
            f"before training {grown('maximum', **start).value:+.2f}; of the data alone "
            f"{data.value - found.by_shots[0].value:+.2f}",
        ),
        Claim(
            "the maximum finds what is not there",
            CRITIQUE,
            "the maximum over steps is above 0 where pairs have nothing to do with each other",
            "MINE, maximum over steps, outputs of other sequences, bits",
            nothing["maximum"],
            judge(nothing["maximum"], above=0.0),
            f"no maximum: {nothing['last'].value:.2f}",
        ),
        Claim(
            "held-out pairs do not",
            CRITIQUE,
            "a value on pairs that were not fitted is not above 0 there",
            "MINE, held out, outputs of other sequences, bits",
            nothing["held_out"],
            judge(nothing["held_out"], below=0.05),
            "holds below 0.05 bits",
        ),
        Claim(
            "above log2 n",
            CRITIQUE,
            f"the published macro exceeds log2 n for the n = {size.pairs // 2:,} pairs that it is fitted on; no sure "
            "lower bound can say more (McAllester & Stratos 2020)",
            f"MINE, maximum over steps, less {fitted:.2f} bits, last block, before training",
            above_pairs["maximum"],
            judge(above_pairs["maximum"], above=0.0),
            "a shuffle that leaves no pair together puts no bound on a fit, and the maximum picks such steps",
        ),
        Claim(
            "held out, below log2 n",
            CRITIQUE,
            "the value on held-out pairs does not",
            f"MINE, held out, less {fitted:.2f} bits, last block, before training",
            above_pairs["held_out"],
            judge(above_pairs["held_out"], below=0.0),
        ),
        Claim(
            "above the data",
            CRITIQUE,
            "the published macro exceeds the entropy of the sequences",
            f"MINE, maximum over steps, less {data.macro:.2f} bits, last block, before training",
            above_data["maximum"],
            judge(above_data["maximum"], above=0.0),
        ),
        Claim(
            "the copula above the data",
            CRITIQUE,
            "a copula takes finitely many states for a density and grows with the components that it is given",
            f"Gaussian copula of {MANY} components less {data.macro:.2f} bits, last block, before training",
            above_data["copula_many"],
            judge(above_data["copula_many"], above=0.0),
            "; ".join(
                f"{count} components: {found.macro(name, **start, **top).value:.1f} → "
                f"{found.macro(name, **end, **top).value:.1f}"
                for name, count in (("copula", FEW), ("copula_many", MANY))
            ),
        ),
        Claim(
            "what a resolution sees",
            "ours",
            "at a finite resolution the last block tells fewer sequences apart once the rule is learnt",
            f"exact E with cells of {COARSE:g} at the end less at the start, last block, bits",
            coarser,
            judge(coarser, below=0.0),
            course(**top),
        ),
    ]


def _figures(found: Found) -> dict[str, tuple[Figure, str]]:
    size = found.size
    moments: dict[str, dict[str, Any]] = {"before training": {"step": 0}, "after training": {"last": True}}
    shots = range(1, size.shots + 1)

    def lines(over: str, settings: Any, where: Mapping[str, Any]) -> dict[str, Varied]:
        return {
            ESTIMATORS[name]: Varied(
                settings, [found.emergence(name, **where, **{over: setting}) for setting in settings]
            )
            for name in DRAWN
        }

    of_blocks = {moment: lines("block", found.blocks, where) for moment, where in moments.items()}
    of_shots = {moment: lines("shots", shots, where) for moment, where in moments.items()}
    training = {
        "E, mean over blocks, bits": lines("step", size.looks, {}),
        "learnt": {
            said: Varied(size.looks, [found.known(name, step=step) for step in size.looks])
            for name, said in (("accuracy", "accuracy"), ("repeats", "given to entities already shown"))
        },
    }
    data = f"the data alone have {found.data.value:.2f} bits"
    bands = "Bands: 95 % intervals over seeds."
    return {
        "layers": (
            interval_curves(of_blocks, along="block", limits=(0.0, _ceiling(of_blocks))),
            f"Information emergence E in bits across blocks, by estimator; {data}. {bands}",
        ),
        "shots": (
            interval_curves(of_shots, along="shots", limits=(0.0, _ceiling(of_shots))),
            "The same over the number of shots, mean over blocks; with the finest cells it is that of the data. "
            f"{bands}",
        ),
        "training": (
            interval_curves(training, along="training step", limits=None),
            f"E over training beside what is learnt; {data}. {bands}",
        ),
    }


def _ceiling(panels: Mapping[str, Mapping[str, Varied]]) -> float:
    """Return a little more than what is seen, one for all panels."""
    tops = [
        (measure.interval or (0.0, measure.value))[1]
        for lines in panels.values()
        for varied in lines.values()
        for measure in varied.measures
    ]
    return 1.05 * float(np.nanmax(tops))
