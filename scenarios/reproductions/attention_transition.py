"""Cui et al.: with few samples attention by position has the lower training loss, with more attention by meaning."""

from __future__ import annotations

from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.measure import Measure
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import CONTROL, Claim, control
from hubbub.scenarios.reproductions.criteria import Above, Within
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.network_rows import metrics
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Table, minus

STARTS = ("semantic", "positional", "random")
OMEGA, ALPHA_C = 0.3, 1.241
"""Where the source has its transition."""
ALPHAS = (0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 2.0)
TOKEN_VARIANCE = 0.25
TOLERANCE = 0.1
SCALED = {"theta": 1.0, "m": TOKEN_VARIANCE, "generalisation_error": 1e-3, "linear_error": 1e-3, "train_loss": 1e-3}
"""Metrics are divided by these numbers in claims and figures."""


@reproduction("attention-transition")
@sizes(
    small={"dimension": 400, "seeds": 16, "steps": 3000, "omegas": (0.2, 0.3, 0.4)},
    full={"dimension": 1000, "seeds": 32, "steps": 5000, "omegas": (0.1, 0.2, 0.3, 0.4, 0.5)},
)
def attention_transition(*, dimension: int, seeds: int, steps: int, omegas: tuple[float, ...]) -> Reproduction:
    """Attention by position or by meaning over samples per dimension: which minimum is the lower, and what it knows."""

    def at(omega: float) -> dict[str, object]:
        starts, number = (STARTS, seeds) if omega == OMEGA else (STARTS[:2], seeds // 2)
        return {
            "task.omega": [omega],
            "task.starts": list(starts),
            "networks.seeds": number,
            "engine.block_agents": len(ALPHAS) * len(starts) * number,
        }

    design = Design(
        "attention-transition",
        "omega-{omega:g}",
        metrics("train_loss", "generalisation_error", "linear_error", "theta", "m"),
        common={
            "task.dimension": dimension,
            "task.sample_complexity": list(ALPHAS),
            "training.steps": steps,
            "engine.record_every": steps // 3,
            "engine.checkpoint_every": steps,
        },
        factors={"omega": {omega: at(omega) for omega in omegas}},
    )
    remarks = [
        f"Dimension {dimension}, {seeds} seeds at ω = {OMEGA} and half as many at the others, gradient "
        f"descent 0.15 × {steps:,}; the source's theory is that of infinite dimension.",
        "Caution: a network is trained from the teacher, from the positions, or from random weights. The claim "
        "is about which of two minima is the lower, not about what gradient descent finds from random weights.",
        "α_c is where the training losses of both starts cross, on straight lines between the settings, seed by "
        "seed; samples of a seed are the same for both and those of a smaller α are the first of a larger one.",
        "θ = |q*·w|/d, m = |1·w|/d; errors are mean squares of a component of a token, in 2,000 fresh samples.",
    ]
    title, source = "Dot-product attention: by position or by meaning", "Cui, Behrens, Krzakala & Zdeborová 2024"
    return Reproduction(title, source, [design], claims, figures, remarks, digits=6)


def at_end(table: Table, start: str, alpha: float = ALPHAS[-1], omega: float = OMEGA) -> Table:
    """Return the networks of a setting at the end of training."""
    return table.where(omega=omega, sample_complexity=alpha, start=start, last=True)


def transition(table: Table, omega: float = OMEGA, *, last: bool = True) -> Measure:
    """Return α_c: where the semantic loss falls below the positional one, at the last record or the one before it."""
    table = table.where(omega=omega)
    table = table.where(step=table.levels("step")[-1 if last else -2])
    return table.where(start="positional").crossing("sample_complexity", "train_loss", table.where(start="semantic"))


def _scaled(name: str, part: Table) -> Measure:
    return part.added("scaled", lambda row: row[name] / SCALED[name]).mean("scaled")


def _near(value: float, found: Measure) -> tuple[Within, str]:
    """Return the criterion for a value of the source, and what half of its tolerance would say."""
    half = Within.near(value, share=TOLERANCE / 2).verdict(found.interval)
    return Within.near(value, share=TOLERANCE), f"within {TOLERANCE / 2:.0%}: {half}"


def claims(table: Table) -> list[Claim]:
    """Judge where the transition is, and what networks know on both sides of it."""
    omegas = table.levels("omega")
    low, high = omegas[0], omegas[-1]
    found = {omega: transition(table, omega) for omega in omegas}
    semantic, random = at_end(table, "semantic"), at_end(table, "random")
    linear = table.where(omega=OMEGA, start="semantic", last=True)
    above_linear = linear.crossing("sample_complexity", "linear_error", linear, "generalisation_error")
    known = table.added("gain", lambda row: 1000 * (row["linear_error"] - row["generalisation_error"]))
    gains = [at_end(known, "semantic", alpha).mean("gain") for alpha in (ALPHAS[0], ALPHAS[-1])]
    losses = zip(random, semantic, strict=True)
    missed = Table({"missed": float(one["train_loss"] > other["train_loss"])} for one, other in losses)
    within, half = _near(ALPHA_C, found[OMEGA])
    claimed = [
        control(
            "they have converged",
            "α_c no longer moves with training",
            f"α_c at the end minus α_c after two thirds of the steps, ω = {OMEGA}",
            minus(found[OMEGA], transition(table, last=False)),
            Within(-TOLERANCE * ALPHA_C, TOLERANCE * ALPHA_C, f"{TOLERANCE:.0%} of the source's α_c: our choice"),
        ),
        Claim(
            "α_c",
            f"the training losses cross at α_c = {ALPHA_C} for ω = {OMEGA}",
            "α at which the training loss of the semantic minimum falls below that of the positional one",
            found[OMEGA],
            within,
            half,
        ),
        Claim(
            "α_c grows with ω",
            "the more the teacher attends by position, the more samples the semantic minimum needs",
            f"α_c at ω = {high:g} minus α_c at ω = {low:g}",
            minus(found[high], found[low]),
            Above(0),
            "; ".join(f"ω = {omega:g}: {of.value:.3f}" for omega, of in found.items())
            + "; a seed whose losses do not cross on the grid is left out",
        ),
        Claim(
            "better than linear",
            "above some α_l the semantic minimum generalises better than the best linear mix of tokens",
            f"1000 × (linear baseline's error − semantic minimum's), α = {ALPHAS[-1]:g}, ω = {OMEGA}",
            gains[1],
            Above(0),
            f"at α = {ALPHAS[0]:g}: {gains[0].value:+.3f}; α_l here {above_linear.value:.3f}",
        ),
    ]
    for name, metric, start, expected in (
        ("θ, semantic", "theta", "semantic", 0.63),
        ("m/σ², positional", "m", "positional", 1.05),
        ("1000 e_g, semantic", "generalisation_error", "semantic", 1.44),
        ("1000 e_g, positional", "generalisation_error", "positional", 3.49),
        ("1000 e_g, linear", "linear_error", "semantic", 2.0),
    ):
        value = _scaled(metric, at_end(table, start))
        within, half = _near(expected, value)
        statement = f"{expected:g} at α = {ALPHAS[-1]:g}, ω = {OMEGA}"
        claimed.append(Claim(name, statement, "at the end of training", value, within, half))
    claimed.append(
        Claim(
            "random starts do not find it",
            "from random weights gradient descent does not find the semantic minimum where it is the lower",
            f"share of random starts that end with the higher training loss, α = {ALPHAS[-1]:g}, ω = {OMEGA}",
            missed.mean("missed"),
            Above(0.5),
            f"they end with θ = {_scaled('theta', random).value:.2f} and m/σ² = {_scaled('m', random).value:.2f}, on "
            "neither of the two minima",
            CONTROL,
        )
    )
    return claimed


def figures(table: Table, _: MadeRuns) -> Figures:
    """Draw losses, overlaps and errors over α, and the transition over ω."""
    omegas = table.levels("omega")

    def over_alpha(name: str, start: str) -> Varied:
        return Varied(ALPHAS, [_scaled(name, at_end(table, start, alpha)) for alpha in ALPHAS])

    def gaps(omega: float) -> Varied:
        scaled = table.added("scaled", lambda row: row["train_loss"] / SCALED["train_loss"])
        pairs = [[at_end(scaled, start, alpha, omega) for start in ("positional", "semantic")] for alpha in ALPHAS]
        return Varied(ALPHAS, [one.minus(other, "scaled") for one, other in pairs])

    panels = {
        "1000 × training loss, positional minus semantic": {f"ω = {omega:g}": gaps(omega) for omega in omegas},
        f"overlaps, ω = {OMEGA}": {
            "θ, semantic": over_alpha("theta", "semantic"),
            "m/σ², positional": over_alpha("m", "positional"),
            "θ, positional": over_alpha("theta", "positional"),
            "m/σ², semantic": over_alpha("m", "semantic"),
        },
        f"1000 × generalisation error, ω = {OMEGA}": {
            "semantic": over_alpha("generalisation_error", "semantic"),
            "positional": over_alpha("generalisation_error", "positional"),
            "linear": over_alpha("linear_error", "semantic"),
        },
    }
    phases = {"α_c": {"": Varied(omegas, [transition(table, omega) for omega in omegas])}}
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
