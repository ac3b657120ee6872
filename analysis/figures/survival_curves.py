"""The survival function of values, with the fitted power law and alternative distributions."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.figures.drawing import of_run
from hubbub.analysis.figures.log_axis import log_axis
from hubbub.analysis.figures.style import INK, MUTED, colour, legend_below, panels, style
from hubbub.analysis.memories import copy_statistics
from hubbub.analysis.tails import LikelihoodRatio, PowerLaw, compare
from hubbub.analysis.tails.alternatives import quadrature
from hubbub.analysis.validation import Limits, validated, whole_number
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run

MAX_POINTS = 400
TITLE_WIDTH = 48


def _of_run(run: Run, copy: int = 0) -> Mapping[str, Any]:
    found = copy_statistics(run)
    whole_number(copy, name="copy", limits=Limits(least=0, most=len(found) - 1))
    births = found[copy].births
    ratios = compare(births.times, births.fit)
    return {"values": births.times, "fit": births.fit, "ratios": ratios, "label": "steps between births of avalanches"}


@of_run(_of_run)
@validated()
def survival_curves(
    values: Real[np.ndarray, " n"],
    fit: PowerLaw,
    ratios: Mapping[str, LikelihoodRatio] | None = None,
    *,
    label: str = "value",
    ax: Axes | None = None,
) -> Figure:
    """Draw P[X ≥ x] of the positive values, with the fitted power law and alternatives.

    Fitted lines begin at the cut-off, at the share of values that reach it. R is the log-likelihood ratio in nats;
    R > 0 favours the power law. If the fit has no result, it is not drawn and the title gives the reason.
    Of a run of memories: times between the births of avalanches of copy 0, or of `copy`.

    Parameters
    ----------
    values
        The values `[n]`.
    fit
        Result of `fit_power_law` for these values.
    ratios
        Result of `compare(values, fit)`, by the name of an alternative.
    label
        Label of the horizontal axis.
    ax
        Axes to draw into.

    Raises
    ------
    ConfigurationError
        The fit is that of another number of values.
    """
    values = np.sort(np.asarray(values, dtype=float))
    values = values[values > 0] if values.ndim == 1 else values
    if values.ndim != 1 or not (fit.reason or len(values) == fit.n):
        expected = f"the {fit.n} positive values of the fit, in a row"
        raise ConfigurationError(complaint("values", expected=expected, got=values.shape))
    with style():
        figure, [axes] = panels(1, size=(4.6, 4.2), ax=ax)
        x, first = np.unique(values, return_index=True)
        survival = 1 - first / max(len(values), 1)
        kept = np.unique(np.geomspace(1, max(len(x), 1), MAX_POINTS).astype(int) - 1) if len(x) else first
        kept = np.unique(np.concatenate([kept, len(x) - 1 - kept])) if len(x) else kept
        axes.plot(x[kept], survival[kept], "o", color=MUTED, markersize=3, mew=0, label=f"{len(values):,} values")
        if fit.reason:
            axes.set_title(fill(f"no fit: {fit.reason}", TITLE_WIDTH))
        else:
            share = fit.n_tail / fit.n
            at, cutoff = np.geomspace(fit.cutoff, fit.largest, 200), fit.cutoff / fit.unit
            if fit.discrete:
                at = np.unique(np.round(at / fit.unit)) * fit.unit
            normaliser = fit.family.log_normaliser(np.array(fit.value), np.array(cutoff))
            law = fit.family.survival(np.array(fit.value), np.array(cutoff), normaliser, at / fit.unit)
            name = f"power law, α = {fit.value:.2f} ± {fit.error:.2f}"
            axes.plot(at, share * law, color=INK, linewidth=1.8, label=name, zorder=3)
            axes.axvline(fit.cutoff, color=MUTED, linewidth=0.8, linestyle=(0, (1, 2)))
            for number, (name, ratio) in enumerate((ratios or {}).items()):
                if not ratio.reason:
                    line = share * alternative_survival(ratio, fit, at)
                    text = f"{name}, R = {ratio.ratio_nats:.1f}, p = {ratio.p_value:.2g}"
                    axes.plot(at, line, color=colour(number), linestyle=(0, (4, 2)), linewidth=1.2, label=text)
        log_axis(axes, "x")
        log_axis(axes, "y")
        if len(values):
            axes.set_ylim(0.4 / len(values), 1.6)
        axes.set_xlabel(label)
        axes.set_ylabel("share of values at least as large")
        legend_below(axes, columns=1)
    return figure


def alternative_survival(ratio: LikelihoodRatio, fit: PowerLaw, x: Real[np.ndarray, " U"]) -> Float[np.ndarray, " U"]:
    """Return P[X ≥ x | X ≥ cut-off] of a fitted alternative at values `x [U]`, from the same sums as its fit."""
    cutoff = fit.cutoff / fit.unit
    nodes, log_weights = quadrature(cutoff, discrete=fit.discrete)
    kept = nodes < np.log(np.finfo(float).max) - np.log(cutoff)
    nodes, log_weights = nodes[kept], log_weights[kept]
    log_x = nodes + np.log(cutoff)
    log_density = _log_density(ratio.alternative, ratio.parameters, log_x)
    mass = np.exp(log_density - log_density.max() + log_weights - log_weights[0])
    beyond = mass[::-1].cumsum()[::-1] / mass.sum()
    if not fit.discrete:
        beyond -= mass / 2 / mass.sum()  # half of the mass of a node lies below it
    return np.asarray(np.interp(np.log(x / fit.unit), log_x, beyond))


def _log_density(name: str, parameters: Mapping[str, float], log_x: np.ndarray) -> np.ndarray:
    """Return the logarithm of the density at ln(x), without its normalising constant."""
    with np.errstate(over="ignore"):
        if name == "lognormal":
            return -log_x - (log_x - parameters["mu"]) ** 2 / (2 * parameters["sigma"] ** 2)
        if name == "stretched exponential":
            beta = parameters["beta"]
            return (beta - 1) * log_x - parameters["lambda"] * np.exp(beta * log_x)
        return -parameters.get("alpha", 0.0) * log_x - parameters["lambda"] * np.exp(log_x)
