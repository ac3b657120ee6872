"""Nam et al.: skills emerge one after the other, at times that a solvable model predicts."""

from __future__ import annotations

from typing import Any

import numpy as np

from hubbub.analysis.crossing import crossing
from hubbub.analysis.figures.skill_curves import SkillCurve, skill_curves
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
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim
from hubbub.scenarios.reproductions.criteria import Above, Below, Within
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Rows, Table, slope
from hubbub.scenarios.reproductions.writing import show, spans
from hubbub.simulator.store import Run

SKILLS, EXPONENT, TARGET, LEARNING_RATE, WEIGHT_SCALE = 5, 0.6, 5.0, 0.02, 0.01
CALIBRATED: dict[str, Any] = {
    "initial": WEIGHT_SCALE**2 / (3.6 * TARGET),
    "learning_rate": 2 * LEARNING_RATE / 22,  # the error has no half, and a network is 22 times slower
    "target": TARGET,
}
OFTEN = skill_frequencies(SKILLS, EXPONENT)
LEARNT = 0.05


@reproduction("sparse-parity")
@sizes(
    small={"seeds": 4, "width": 1000, "batch": 800, "steps": 14000},
    full={"seeds": 10, "width": 1000, "batch": 4000, "steps": 20000},
)
def sparse_parity(*, seeds: int, width: int, batch: int, steps: int) -> Reproduction:
    """When each skill of a network in training emerges, against the closed form; exponents of the exact loss."""
    design = Design(
        "sparse-parity",
        "seed-{seed}",
        measure,
        seeds=seeds,
        common={
            "task.skills": SKILLS,
            "task.exponent": EXPONENT,
            "task.target": TARGET,
            "task.weight_scale": WEIGHT_SCALE,
            "task.width": width,
            "task.batch": batch,
            "networks.learning_rate": [LEARNING_RATE],
            "training.steps": steps,
        },
    )
    remarks = [
        f"Two layers of ReLU units, width {width:,}, {steps:,} steps of batches of {batch:,} (the "
        f"source: 4,000), {seeds} seeds; {SKILLS} skills of 3 of 32 bits, α = {EXPONENT}, target ± "
        f"{TARGET:g}, learning rate {LEARNING_RATE}, initial weights {WEIGHT_SCALE}.",
        "Caution: two numbers of the curve are the source's calibration on networks like these, not derived: the "
        "rate 4ηP_k S/22 and R_k(0)/S = init²/(3.6 S). The order and the slope need neither.",
        "The closed form is that of gradient flow; a strength is measured on 2,000 questions of each skill, so "
        "below about 0.02 it is noise.",
        f"Only time is measured on networks here; emergence with samples (D_c = 800) and with width (four units "
        f"a skill) is not. {_exponents()}",
    ]
    title = "Sparse parities: skills that emerge one after the other"
    source = "Nam, Fonseca, Lee, Mingard & Louis, arXiv 2404.17563"
    return Reproduction(title, source, [design], claims, figures, remarks)


def measure(run: Run) -> Rows:
    """Return, for each skill, when it was learnt, when the model learns it, and how far the two curves are apart."""
    steps, strengths = _strengths(run)
    expected = skill_strength(steps, OFTEN[:, None], **CALIBRATED)
    times = learning_time(LEARNT, OFTEN, **CALIBRATED)
    return [
        {
            "skill": skill + 1,
            "time": crossing(steps.tolist(), seen.tolist(), level=LEARNT),
            "expected_time": float(times[skill]),
            "difference": float(np.abs(seen - expected[skill]).mean()),
            "at_the_end": float(seen[-1]),
        }
        for skill, seen in enumerate(strengths)
    ]


def _strengths(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Return the steps `[T]` of the records and the strength of every skill `[skills, T]`."""
    series = [network_metric(run, f"skill_{skill + 1}") for skill in range(SKILLS)]
    return series[0][0], np.array([values[:, 0] for _, values in series])


def claims(table: Table) -> list[Claim]:
    """Judge order, times and shape of the curves."""
    table = table.added("ratio", lambda row: row["time"] / row["expected_time"])
    table = table.added("ln_skill", lambda row: np.log(row["skill"]))
    skills = table.by("skill")
    grown = table.each(lambda mine: slope(mine.column("ln_skill"), np.log(mine.column("time")).tolist()))
    power = EXPONENT + 1
    return [
        Claim(
            "one after the other",
            "skills emerge in stages, the rarer the later",
            f"share of networks that reach R/S = {LEARNT:g} in the order of frequency",
            table.each(lambda mine: float(mine.column("time") == sorted(mine.column("time")))),
            Above(0.5),
            "strength at the end: "
            + ", ".join(f"{np.mean(part.column('at_the_end')):.2f}" for part in skills.values()),
        ),
        Claim(
            "times",
            f"a network reaches R/S = {LEARNT:g} of every skill when the calibrated model does",
            "largest relative difference over the skills",
            table.each(lambda mine: float(np.abs(np.array(mine.column("ratio")) - 1).max())),
            Below(0.2, "within 20 %: our choice"),
            "time over the model's: "
            + "; ".join(f"skill {skill}: {show(part.mean('ratio'))}" for skill, part in skills.items()),
        ),
        Claim(
            "slope",
            f"these times grow as k^(α + 1), α = {EXPONENT}",
            "slope of ln time against ln k",
            grown,
            Within.near(power, share=0.1),
            f"{power:g} itself lies {'in' if spans(grown, power) else 'outside'} the interval",
        ),
        Claim(
            "sigmoids",
            "the strength of every skill follows the model's sigmoid",
            "mean absolute difference of R/S from the calibrated curve, over records and skills",
            table.each(lambda mine: float(np.mean(mine.column("difference")))),
            Below(0.1),
        ),
    ]


def _exponents() -> str:
    """Return the exponents of the exact loss of the model, in words."""
    long, widths, budgets = np.geomspace(3e4, 3e6, 7), np.geomspace(1e2, 1e5, 7), np.geomspace(1e6, 1e9, 5)
    found = {
        "time": (long, loss_by_time(long, EXPONENT, initial=1e-2), EXPONENT / (EXPONENT + 1)),
        "samples": (long, loss_by_samples(long, EXPONENT), EXPONENT / (EXPONENT + 1)),
        "units": (widths, loss_by_units(widths, EXPONENT), EXPONENT),
        "compute": (budgets, loss_by_compute(budgets, EXPONENT, initial=1e-2), EXPONENT / (EXPONENT + 2)),
    }
    return "Exponents of the model's exact loss (and the source's): " + ", ".join(
        f"{name} {slope(np.log(at).tolist(), np.log(losses).tolist()):.3f} ({-source:.3f})"
        for name, (at, losses, source) in found.items()
    )


def figures(_: Table, runs: MadeRuns) -> Figures:
    """Draw the strength of every skill over training."""
    found = [_strengths(made.run) for made in runs]
    steps, strengths = found[0][0], np.array([of for _, of in found])
    expected = skill_strength(steps, OFTEN[:, None], **CALIBRATED)
    curves = {f"skill {skill + 1}": SkillCurve(steps, strengths[:, skill], expected[skill]) for skill in range(SKILLS)}
    caption = "Strength of every skill over training: mean and single seeds, dashed: the calibrated closed form."
    return {"skills": (skill_curves(curves), caption)}
