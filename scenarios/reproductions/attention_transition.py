"""Cui et al.: with few samples attention by position has the lower training loss, with more attention by meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubbub.analysis.crossing import crossing
from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.network_rows import network_rows, shortened
from hubbub.scenarios.reproductions.rows import Rows, column, difference, mean

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOURCE = "Cui, Behrens, Krzakala & Zdeborová 2024"
METRICS = ("train_loss", "generalisation_error", "linear_error", "theta", "m")
STARTS = ("semantic", "positional", "random")
OMEGA, ALPHA_C = 0.3, 1.241
"""Where the source has its transition."""
ALPHAS = (0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 2.0)
TOKEN_VARIANCE = 0.25
TOLERANCE = 0.1


@dataclass(frozen=True)
class Size:
    """How much is trained; seeds at the source's ω, half as many at the others."""

    dimension: int
    seeds: int
    steps: int
    omegas: tuple[float, ...]


SMALL = Size(400, 16, 3000, (0.2, 0.3, 0.4))
FULL = Size(1000, 32, 5000, (0.1, 0.2, 0.3, 0.4, 0.5))


@reproduction("attention-transition")
def attention_transition(lab: Lab) -> Outcome:
    """Attention by position or by meaning over samples per dimension: which minimum is the lower, and what it knows."""
    size = FULL if lab.is_full else SMALL
    rows = [row for run in lab.run([_job(size, omega) for omega in size.omegas]) for row in network_rows(run, METRICS)]
    found = Found(rows, size.omegas)
    return Outcome(
        "Dot-product attention: by position or by meaning",
        _claims(found),
        shortened(rows),
        _figures(found),
        [
            f"Dimension {size.dimension}, {size.seeds} seeds at ω = {OMEGA} and half as many at the others, gradient "
            f"descent 0.15 × {size.steps:,}; the source's theory is that of infinite dimension.",
            "Caution: a network is trained from the teacher, from the positions, or from random weights. The claim "
            "is about which of two minima is the lower, not about what gradient descent finds from random weights.",
            "α_c is where the training losses of both starts cross, on straight lines between the settings, seed by "
            "seed; samples of a seed are the same for both and those of a smaller α are the first of a larger one.",
            "θ = |q*·w|/d, m = |1·w|/d; errors are mean squares of a component of a token, in 2,000 fresh samples.",
        ],
    )


def _job(size: Size, omega: float) -> Job:
    starts, seeds = (STARTS, size.seeds) if omega == OMEGA else (STARTS[:2], size.seeds // 2)
    return Job(
        f"omega-{omega:g}",
        "attention-transition",
        {
            "task.dimension": size.dimension,
            "task.sample_complexity": list(ALPHAS),
            "task.omega": [omega],
            "task.starts": list(starts),
            "networks.seeds": seeds,
            "training.steps": size.steps,
            "engine.block_agents": len(ALPHAS) * len(starts) * seeds,
            "engine.record_every": size.steps // 3,
            "engine.checkpoint_every": size.steps,
        },
    )


@dataclass(frozen=True)
class Found:
    """All rows, and how numbers are picked from them."""

    rows: Rows
    omegas: tuple[float, ...]

    def at(self, start: str, omega: float = OMEGA, alpha: float = ALPHAS[-1]) -> dict[str, Any]:
        """Return the place of a setting at the end of training."""
        return {"omega": omega, "sample_complexity": alpha, "start": start, "last": True}

    def gap(self, omega: float, alpha: float) -> Measure:
        """Return the training loss of the positional start less that of the semantic one."""
        return difference(
            self.rows, "train_loss", self.at("positional", omega, alpha), self.at("semantic", omega, alpha)
        )

    def transition(self, omega: float = OMEGA, *, last: bool = True) -> Measure:
        """Return α_c of every seed and its mean, at the last record or at the one before it."""
        steps = sorted(set(column(self.rows, "step", omega=omega)))
        when = {"omega": omega, "step": steps[-1 if last else -2]}
        return self._crossing(
            "train_loss", {"start": "positional", **when}, "train_loss", {"start": "semantic", **when}
        )

    def above_linear(self) -> Measure:
        """Return α_l of every seed and its mean: where the semantic minimum knows more than the linear baseline."""
        where = {"omega": OMEGA, "start": "semantic", "last": True}
        return self._crossing("linear_error", where, "generalisation_error", where)

    def _crossing(self, upper: str, at: Mapping[str, Any], lower: str, other: Mapping[str, Any]) -> Measure:
        """Return the α above which one column exceeds another, in their settings, seed by seed."""
        found = []
        for seed in sorted(set(column(self.rows, "seed", **at))):
            pairs = zip(
                column(self.rows, upper, seed=seed, **at), column(self.rows, lower, seed=seed, **other), strict=True
            )
            found.append(crossing(ALPHAS, [mine - theirs for mine, theirs in pairs]))
        return over_seeds(found)


def _near(value: float, tolerance: float = TOLERANCE) -> tuple[float, float]:
    return value * (1 - tolerance), value * (1 + tolerance)


def _tolerance(value: Measure, source: float) -> str:
    half = judge(value, within=_near(source, TOLERANCE / 2))
    return f"holds within {TOLERANCE:.0%}, which is ours; within {TOLERANCE / 2:.0%}: {half}"


def _claims(found: Found) -> list[Claim]:
    end, before = found.transition(), found.transition(last=False)
    moved = over_seeds([last.value - earlier.value for last, earlier in zip(end.each, before.each, strict=True)])
    low, high = found.omegas[0], found.omegas[-1]
    pairs = zip(found.transition(low).each, found.transition(high).each, strict=True)
    grown = over_seeds([later.value - first.value for first, later in pairs])
    gains = [
        over_seeds(
            [
                1000 * (linear - own)
                for linear, own in zip(
                    column(found.rows, "linear_error", **found.at("semantic", alpha=alpha)),
                    column(found.rows, "generalisation_error", **found.at("semantic", alpha=alpha)),
                    strict=True,
                )
            ]
        )
        for alpha in (ALPHAS[0], ALPHAS[-1])
    ]
    missed = over_seeds(
        [
            float(random > semantic)
            for random, semantic in zip(
                column(found.rows, "train_loss", **found.at("random")),
                column(found.rows, "train_loss", **found.at("semantic")),
                strict=True,
            )
        ]
    )
    theta, m = (mean(found.rows, name, **found.at("random")).value for name in ("theta", "m"))
    claims = [
        Claim(
            "control: they have converged",
            "control",
            "α_c no longer moves with training",
            f"α_c at the end less α_c after two thirds of the steps, ω = {OMEGA}",
            moved,
            judge(moved, within=(-TOLERANCE * ALPHA_C, TOLERANCE * ALPHA_C)),
            f"holds within {TOLERANCE:.0%} of the source's α_c",
        ),
        Claim(
            "α_c",
            SOURCE,
            f"the training losses cross at α_c = {ALPHA_C} for ω = {OMEGA}",
            "α at which the training loss of the semantic minimum falls below that of the positional one",
            end,
            judge(end, within=_near(ALPHA_C)),
            _tolerance(end, ALPHA_C),
        ),
        Claim(
            "α_c grows with ω",
            SOURCE,
            "the more the teacher attends by position, the more samples the semantic minimum needs",
            f"α_c at ω = {high:g} less α_c at ω = {low:g}",
            grown,
            judge(grown, above=0.0),
            "; ".join(f"ω = {omega:g}: {found.transition(omega).value:.3f}" for omega in found.omegas)
            + "; a seed whose losses do not cross on the grid is left out",
        ),
        Claim(
            "better than linear",
            SOURCE,
            "above some α_l the semantic minimum generalises better than the best linear mix of tokens",
            f"1000 × (linear baseline's error − semantic minimum's), α = {ALPHAS[-1]:g}, ω = {OMEGA}",
            gains[1],
            judge(gains[1], above=0.0),
            f"at α = {ALPHAS[0]:g}: {gains[0].value:+.3f}; α_l here {found.above_linear().value:.3f}",
        ),
    ]
    for name, metric, start, expected, scale in (
        ("θ, semantic", "theta", "semantic", 0.63, 1.0),
        ("m/σ², positional", "m", "positional", 1.05, TOKEN_VARIANCE),
        ("1000 e_g, semantic", "generalisation_error", "semantic", 1.44, 1e-3),
        ("1000 e_g, positional", "generalisation_error", "positional", 3.49, 1e-3),
        ("1000 e_g, linear", "linear_error", "semantic", 2.0, 1e-3),
    ):
        value = over_seeds([each / scale for each in column(found.rows, metric, **found.at(start))])
        claims.append(
            Claim(
                name,
                SOURCE,
                f"{expected:g} at α = {ALPHAS[-1]:g}, ω = {OMEGA}",
                "at the end of training",
                value,
                judge(value, within=_near(expected)),
                _tolerance(value, expected),
            )
        )
    claims.append(
        Claim(
            "random starts miss it",
            "control",
            "from random weights gradient descent does not find the semantic minimum where it is the lower",
            f"share of random starts that end with the higher training loss, α = {ALPHAS[-1]:g}, ω = {OMEGA}",
            missed,
            judge(missed, above=0.5),
            f"they end with θ = {theta:.2f} and m/σ² = {m / TOKEN_VARIANCE:.2f}, on neither of the two minima",
        )
    )
    return claims


def _figures(found: Found) -> dict[str, tuple[Figure, str]]:
    def over_alpha(name: str, start: str, scale: float = 1.0) -> Varied:
        measures = [
            over_seeds([each / scale for each in column(found.rows, name, **found.at(start, alpha=alpha))])
            for alpha in ALPHAS
        ]
        return Varied(ALPHAS, measures)

    panels = {
        "1000 × training loss, positional less semantic": {
            f"ω = {omega:g}": Varied(ALPHAS, [_thousandfold(found.gap(omega, alpha)) for alpha in ALPHAS])
            for omega in found.omegas
        },
        f"overlaps, ω = {OMEGA}": {
            "θ, semantic": over_alpha("theta", "semantic"),
            "m/σ², positional": over_alpha("m", "positional", TOKEN_VARIANCE),
            "θ, positional": over_alpha("theta", "positional"),
            "m/σ², semantic": over_alpha("m", "semantic", TOKEN_VARIANCE),
        },
        f"1000 × generalisation error, ω = {OMEGA}": {
            "semantic": over_alpha("generalisation_error", "semantic", 1e-3),
            "positional": over_alpha("generalisation_error", "positional", 1e-3),
            "linear": over_alpha("linear_error", "semantic", 1e-3),
        },
    }
    phases = {"α_c": {"": Varied(found.omegas, [found.transition(omega) for omega in found.omegas])}}
    return {
        "transition": (
            interval_curves(panels, along="samples per dimension α", limits=None),
            "Which minimum has the lower training loss (semantic above 0), the overlaps and the errors of both; bands: "
            "95 % intervals over seeds.",
        ),
        "phases": (
            interval_curves(phases, along="share of position in the teacher ω", limits=None),
            f"The transition over ω: semantic above, positional below; the source has {ALPHA_C} at ω = {OMEGA}.",
        ),
    }


def _thousandfold(measure: Measure) -> Measure:
    return over_seeds([1000 * seed.value for seed in measure.each])
