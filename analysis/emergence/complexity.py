"""Statistical complexity of a distribution: 0 for perfect order and for perfect disorder."""

from __future__ import annotations

import math

import numpy as np

from hubbub.analysis.measure import Measure
from hubbub.simulator.errors import ConfigurationError, complaint


def lmc_complexity(weights: np.ndarray) -> Measure:
    """Return H · D of a distribution: normalised entropy times distance from equal shares (López-Ruiz et al. 1995).

    H = H(p) / log N and D = Σ (p − 1/N)², for N states with probabilities, or counts, `weights [N]`. A pure number.
    """
    p = _probabilities(weights)
    return Measure(_disorder(p) * float(((p - 1 / len(p)) ** 2).sum()), "1", "LMC complexity", len(p))


def jensen_shannon_complexity(weights: np.ndarray) -> Measure:
    """Return H · Q of a distribution: normalised entropy times divergence from equal shares (Lamberti et al. 2004).

    Q is the Jensen–Shannon divergence of p `[N]` (probabilities, or counts) from equal shares, over the largest there
    can be, which is that of one certain state. A pure number between 0 and 1.
    """
    p = _probabilities(weights)
    certain = np.eye(len(p))[0]
    divergence = _from_equal_shares(p) / _from_equal_shares(certain)
    return Measure(_disorder(p) * divergence, "1", "Jensen–Shannon complexity", len(p))


def _probabilities(weights: np.ndarray) -> np.ndarray:
    values = np.asarray(weights, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise ConfigurationError(complaint("weights", expected="shape [N], N ≥ 2", got=values.shape))
    if not (np.isfinite(values).all() and (values >= 0).all() and values.sum() > 0):
        raise ConfigurationError("weights: expected probabilities or counts, finite, ≥ 0 and not all 0")
    return values / values.sum()


def _entropy(p: np.ndarray) -> float:
    seen = p[p > 0]
    return float((seen * -np.log2(seen)).sum())


def _disorder(p: np.ndarray) -> float:
    return _entropy(p) / math.log2(len(p))


def _from_equal_shares(p: np.ndarray) -> float:
    equal = np.full(len(p), 1 / len(p))
    return _entropy((p + equal) / 2) - (_entropy(p) + _entropy(equal)) / 2
