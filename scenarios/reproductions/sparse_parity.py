"""Nam et al.: skills emerge one after the other, at times that a solvable model foretells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hubbub.analysis.crossing import crossing
from hubbub.analysis.figures.skill_curves import SkillCurve, skill_curves
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.skills import (
    learning_time,
    loss_by_compute,
    loss_by_samples,
    loss_by_time,
    loss_by_units,
    skill_frequencies,
    skill_strength,
)
from hubbub.analysis.trainings import network_metric
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.rows import Rows, column
from hubbub.scenarios.reproductions.writing import show
from hubbub.simulator.store import Run

SOURCE = "Nam, Fonseca, Lee, Mingard & Louis, arXiv 2404.17563"
SKILLS, EXPONENT, TARGET, LEARNING_RATE, WEIGHT_SCALE = 5, 0.6, 5.0, 0.02, 0.01
CALIBRATED: dict[str, Any] = {
    "initial": WEIGHT_SCALE**2 / (3.6 * TARGET),
    "learning_rate": 2 * LEARNING_RATE / 22,  # the error has no half, and a network is 22 times slower
    "target": TARGET,
}
LEARNT = 0.05


@dataclass(frozen=True)
class Size:
    """How much is trained."""

    seeds: int
    width: int
    batch: int
    steps: int


SMALL = Size(4, 1000, 800, 14000)
FULL = Size(10, 1000, 4000, 20000)


@reproduction("sparse-parity")
def sparse_parity(lab: Lab) -> Outcome:
    """When each skill of a network in training emerges, against the closed form; exponents of the exact loss."""
    size = FULL if lab.is_full else SMALL
    runs = lab.run([_job(size, seed) for seed in range(size.seeds)])
    steps, strengths = _strengths(runs)
    often = skill_frequencies(SKILLS, EXPONENT)
    expected = skill_strength(steps, often[:, None], **CALIBRATED)
    times = learning_time(LEARNT, often, **CALIBRATED)
    rows = [
        {
            "seed": seed,
            "skill": skill + 1,
            "time": crossing(steps.tolist(), seen.tolist(), level=LEARNT),
            "expected_time": float(times[skill]),
            "difference": float(np.abs(seen - expected[skill]).mean()),
            "at_the_end": float(seen[-1]),
        }
        for seed, of_seed in enumerate(strengths)
        for skill, seen in enumerate(of_seed)
    ]
    curves = {f"skill {skill + 1}": SkillCurve(steps, strengths[:, skill], expected[skill]) for skill in range(SKILLS)}
    return Outcome(
        "Sparse parities: skills that emerge one after the other",
        _claims(rows, size),
        rows,
        {
            "skills": (
                skill_curves(curves),
                "Strength of every skill over training: mean and single seeds, dashed: the calibrated closed form.",
            )
        },
        [
            f"Two layers of ReLU units, width {size.width:,}, {size.steps:,} steps of batches of {size.batch:,} (the "
            f"source: 4,000), {size.seeds} seeds; {SKILLS} skills of 3 of 32 bits, α = {EXPONENT}, target ± "
            f"{TARGET:g}, learning rate {LEARNING_RATE}, initial weights {WEIGHT_SCALE}.",
            "Caution: two numbers of the curve are the source's calibration on networks like these, not derived: the "
            "rate 4ηP_k S/22 and R_k(0)/S = init²/(3.6 S). The order and the slope need neither.",
            "The closed form is that of gradient flow; a strength is measured on 2,000 questions of each skill, so "
            "below about 0.02 it is noise.",
            f"Only time is measured on networks here; emergence with samples (D_c = 800) and with width (four units "
            f"a skill) is not. {_exponents()}",
        ],
    )


def _job(size: Size, seed: int) -> Job:
    return Job(
        f"seed-{seed}",
        "sparse-parity",
        {
            "task.skills": SKILLS,
            "task.exponent": EXPONENT,
            "task.target": TARGET,
            "task.weight_scale": WEIGHT_SCALE,
            "task.width": size.width,
            "task.batch": size.batch,
            "networks.learning_rate": [LEARNING_RATE],
            "training.steps": size.steps,
        },
        seed,
    )


def _strengths(runs: list[Run]) -> tuple[np.ndarray, np.ndarray]:
    """Return the steps `[T]` of the records and the strength of every skill in every run `[S, skills, T]`."""
    found = []
    for run in runs:
        series = [network_metric(run, f"skill_{skill + 1}") for skill in range(SKILLS)]
        steps = series[0][0]
        found.append([values[:, 0] for _, values in series])
    return steps, np.array(found)


def _claims(rows: Rows, size: Size) -> list[Claim]:
    seeds, skills = range(size.seeds), range(1, SKILLS + 1)
    ratios = {seed: [row["time"] / row["expected_time"] for row in rows if row["seed"] == seed] for seed in seeds}
    worst = over_seeds([float(np.abs(np.array(of) - 1).max()) for of in ratios.values()])
    slopes, ordered, apart = [], [], []
    for seed in seeds:
        times = column(rows, "time", seed=seed)
        slopes.append(float(np.polyfit(np.log(skills), np.log(times), 1)[0]))
        ordered.append(float(times == sorted(times)))
        apart.append(float(np.mean(column(rows, "difference", seed=seed))))
    slope, order, difference = over_seeds(slopes), over_seeds(ordered), over_seeds(apart)
    by_skill = [over_seeds([of[skill - 1] for of in ratios.values()]) for skill in skills]
    early_or_late = "; ".join(f"skill {skill}: {show(ratio)}" for skill, ratio in zip(skills, by_skill, strict=True))
    return [
        Claim(
            "one after the other",
            SOURCE,
            "skills emerge in stages, the rarer the later",
            f"share of networks that reach R/S = {LEARNT:g} in the order of frequency",
            order,
            judge(order, above=0.5),
            "strength at the end: "
            + ", ".join(f"{np.mean(column(rows, 'at_the_end', skill=skill)):.2f}" for skill in skills),
        ),
        Claim(
            "times",
            SOURCE,
            f"a network reaches R/S = {LEARNT:g} of every skill when the calibrated model does",
            "largest relative difference over the skills",
            worst,
            judge(worst, below=0.2),
            f"holds within 20 %; time over the model's: {early_or_late}",
        ),
        Claim(
            "slope",
            SOURCE,
            f"these times grow as k^(α + 1), α = {EXPONENT}",
            "slope of ln time against ln k",
            slope,
            judge(slope, within=(0.9 * (EXPONENT + 1), 1.1 * (EXPONENT + 1))),
            f"holds within 10 %, which is ours; {EXPONENT + 1:g} itself lies "
            + ("in" if _spans(slope, EXPONENT + 1) else "outside")
            + " the interval",
        ),
        Claim(
            "sigmoids",
            SOURCE,
            "the strength of every skill follows the model's sigmoid",
            "mean absolute difference of R/S from the calibrated curve, over records and skills",
            difference,
            judge(difference, below=0.1),
            "holds below 0.1, which is ours",
        ),
    ]


def _spans(value: Measure, number: float) -> bool:
    low, high = value.interval or (number, number)
    return low <= number <= high


def _exponents() -> str:
    """Return the exponents of the exact loss of the model, in words."""
    long, rooms, budgets = np.geomspace(3e4, 3e6, 7), np.geomspace(1e2, 1e5, 7), np.geomspace(1e6, 1e9, 5)
    found = {
        "time": (long, loss_by_time(long, EXPONENT, initial=1e-2), EXPONENT / (EXPONENT + 1)),
        "samples": (long, loss_by_samples(long, EXPONENT), EXPONENT / (EXPONENT + 1)),
        "units": (rooms, loss_by_units(rooms, EXPONENT), EXPONENT),
        "compute": (budgets, loss_by_compute(budgets, EXPONENT, initial=1e-2), EXPONENT / (EXPONENT + 2)),
    }
    return "Exponents of the model's exact loss (and the source's): " + ", ".join(
        f"{name} {np.polyfit(np.log(at), np.log(losses), 1)[0]:.3f} ({-source:.3f})"
        for name, (at, losses, source) in found.items()
    )
