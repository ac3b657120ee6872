"""Statistical complexity of a distribution: 0 for one certain state and for the uniform distribution."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Real

from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import NOT_NEGATIVE, validated
from hubbub.simulator.errors import ConfigurationError, complaint


@validated(weights=NOT_NEGATIVE)
def lmc_complexity(weights: Real[np.ndarray, " N"]) -> Measure:
    """Return the complexity H · D of López-Ruiz, Mancini & Calbet (1995): normalised entropy times disequilibrium.

    H = −Σ p log p / log N, and D = Σ (p − 1/N)² is the squared distance from the uniform distribution. A pure number.

    Parameters
    ----------
    weights
        Probabilities or counts of N states, `[N]`, N ≥ 2.

    Raises
    ------
    ConfigurationError
        Fewer than two states, weights that are negative or not finite, or all 0.
    """
    p = _probabilities(weights)
    return Measure(_normalised_entropy(p) * float(((p - 1 / len(p)) ** 2).sum()), "1", "LMC complexity", len(p))


@validated(weights=NOT_NEGATIVE)
def jensen_shannon_complexity(weights: Real[np.ndarray, " N"]) -> Measure:
    """Return the complexity H · Q of Lamberti, Martín, Plastino & Rosso (2004): normalised entropy times divergence.

    Q is the Jensen–Shannon divergence from the uniform distribution, divided by its largest possible value, which is
    that of one certain state. A pure number between 0 and 1.

    Parameters
    ----------
    weights
        As in `lmc_complexity`, refused as there.
    """
    p = _probabilities(weights)
    certain = np.eye(len(p))[0]
    divergence = _divergence_from_uniform(p) / _divergence_from_uniform(certain)
    return Measure(_normalised_entropy(p) * divergence, "1", "Jensen–Shannon complexity", len(p))


def _probabilities(weights: np.ndarray) -> np.ndarray:
    values = np.asarray(weights, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise ConfigurationError(complaint("weights", expected="shape [N], N ≥ 2", got=values.shape))
    if not (np.isfinite(values).all() and (values >= 0).all() and values.sum() > 0):
        raise ConfigurationError("weights: expected probabilities or counts, finite, ≥ 0 and not all 0")
    return values / values.sum()


def _entropy(p: np.ndarray) -> float:
    positive = p[p > 0]
    return float((positive * -np.log2(positive)).sum())


def _normalised_entropy(p: np.ndarray) -> float:
    return _entropy(p) / math.log2(len(p))


def _divergence_from_uniform(p: np.ndarray) -> float:
    uniform = np.full(len(p), 1 / len(p))
    return _entropy((p + uniform) / 2) - (_entropy(p) + _entropy(uniform)) / 2
