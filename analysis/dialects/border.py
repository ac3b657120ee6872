"""Border or continuum: do languages change at the edge of a dialect, or step by step with distance?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hubbub.analysis.arrays import square
from hubbub.analysis.dialects.border_models import counted, designs, fitted_decay, prediction_errors
from hubbub.analysis.dialects.clusters import MOST_DIALECTS, cluster
from hubbub.analysis.dialects.distance import distance_matrix, jackknife_error, pairs_left_out
from hubbub.analysis.language.messages import checked
from hubbub.analysis.language.similarity import similarity_matrix
from hubbub.analysis.measure import Measure, undefined
from hubbub.simulator.errors import ConfigurationError, complaint

UNDECIDED = "not decided"
AGENTS_NEEDED, DISTANCES_NEEDED = 6, 3
Z = 1.96
NAN = math.nan
LEAD = "squared error of prediction, continuum less border"


@dataclass(frozen=True)
class BorderOrContinuum:
    """Two accounts of who speaks like whom, and how well each predicts the pairs of an agent it has not seen.

    Attributes
    ----------
    result
        "border", "continuum", or "not decided".
    advantage
        Squared error of the continuum less that of the border, in units of the variance over pairs: above 0 the border
        predicts better. Its 95 % interval decides, see `border_or_continuum`.
    continuum, border, both
        Share of the variance over pairs that each model predicts, 1 − squared error / variance; below 0 it is worse
        than the mean of the pairs that the fit has seen. `both`: decay and border added.
    decay_hops
        Fitted decay length of the continuum ξ, in hops; similarity falls to 1/e of its way to the floor in ξ hops.
    floor
        Fitted value of the continuum far away.
    within, between
        The two values of the border model: mean within and across dialects.
    reason
        Why it is not decided, and which pairs were left out; "" when there is nothing to say.
    """

    result: str
    advantage: Measure
    continuum: float
    border: float
    both: float
    decay_hops: float
    floor: float
    within: float
    between: float
    reason: str = ""


def border_or_continuum(values: np.ndarray, distance: np.ndarray, labels: np.ndarray) -> BorderOrContinuum:
    """Return which account predicts `values [N, N]` of pairs of agents better: their dialects, or their distance.

    Border: one value within dialects and one across. Continuum: floor + height · exp(−distance / ξ). Dialect areas
    against a dialect continuum, as in Heeringa & Nerbonne (2001).

    Every agent is left out in turn, both models are fitted to the pairs of the others, and predict its pairs; so three
    parameters have no advantage over two. Pairs that share an agent are not independent, so the interval of the
    difference is the vertex jackknife (Snijders & Borgatti 1999). It is decided where that interval does not hold 0
    and the better model predicts better than the mean. The interval tells which agents are in, not which seed: judge
    a graph by several seeds.

    Parameters
    ----------
    values
        Similarity, or success.
    distance
        Such as `hop_distances(edges, n_agents)`. Pairs without a path are left out, and `reason` counts them.
    labels
        Dialect of each agent `[N]`. Find them in other data than `values`, as `dialect_border` does: a cut of the
        values themselves follows their noise, and the border looks better than it is.

    The exponential is fitted by least squares over a grid of ξ from a third of a hop to three times the largest
    distance, floor and height solved for each (Golub & Pereyra 1973). O(N² + 40 · N D) for D different distances.
    """
    pairs, labels = square(values, name="values"), np.asarray(labels)
    if labels.shape != (len(pairs),):
        raise ConfigurationError(complaint("labels", expected=f"shape ({len(pairs)},)", got=labels.shape))
    return _judged([(pairs, labels)], distance_matrix(distance, len(pairs)))


def dialect_border(
    messages: np.ndarray,
    distance: np.ndarray,
    *,
    lengths: np.ndarray | None = None,
    end_symbol: int | None = 0,
    generator: np.random.Generator | None = None,
    splits: int = 5,
) -> BorderOrContinuum:
    """Return `border_or_continuum` of the edit similarity of messages `[N, R, L]`: the one to use on a lexicon.

    The referents are split into halves; dialects are found in one and the models judged in the other, both ways round,
    and errors are averaged over `splits`. To give the border its best chance, the number of dialects is that between 2
    and 10 whose border explains most of its own half.

    `generator` draws the halves, `np.random.default_rng(0)` when not given; the other arguments are as in
    `similarity_matrix`. O(splits · R N² L) at worst.
    """
    spoken = checked(messages, ndim=(3,))
    n_agents, n_referents = spoken.shape[:2]
    far, rng = distance_matrix(distance, n_agents), generator or np.random.default_rng(0)
    if n_referents < 2 or n_agents < AGENTS_NEEDED:
        lack = f"{n_referents} referent, at least 2 needed" if n_referents < 2 else _few(n_agents)
        return _undecided(lack, n_agents)

    def alike(half: np.ndarray) -> np.ndarray:
        kept = None if lengths is None else np.asarray(lengths)[:, half]
        return similarity_matrix(spoken[:, half], lengths=kept, end_symbol=end_symbol)

    contests = []
    for _ in range(splits):
        one, other = map(alike, np.array_split(rng.permutation(n_referents), 2))
        contests += [(one, _best_border(other)), (other, _best_border(one))]
    return _judged(contests, far)


def _best_border(similarity: np.ndarray) -> np.ndarray:
    """Return the cut `[N]` into 2 … 10 dialects that explains most of the similarity of pairs."""
    dialects, pairs = cluster(similarity), np.triu_indices(len(similarity), 1)
    values = similarity[pairs]
    cuts = [dialects.cut(n) for n in range(2, MOST_DIALECTS + 1)]

    def explained(labels: np.ndarray) -> float:
        same = (labels[:, None] == labels)[pairs]
        parts = (values[same], values[~same])
        return sum(len(part) * (part.mean() - values.mean()) ** 2 for part in parts if len(part))

    return max(cuts, key=explained)


def _judged(contests: Sequence[tuple[np.ndarray, np.ndarray]], far: np.ndarray) -> BorderOrContinuum:
    """Return the result over pairs of values `[N, N]` and labels `[N]`, errors averaged."""
    n_agents = len(far)
    used = np.isfinite(far) & ~np.eye(n_agents, dtype=bool)
    note = pairs_left_out(used)
    lack = next(filter(None, (_lack(values[used], labels, far, used) for values, labels in contests)), "")
    if lack:
        return _undecided("; ".join(filter(None, [lack, note])), n_agents)
    squared = {"continuum": np.zeros(n_agents), "border": np.zeros(n_agents), "both": np.zeros(n_agents)}
    for values, labels in contests:
        cells = counted(values, far, labels[:, None] == labels, used)
        for name, design in designs(cells.distance, cells.same).items():
            squared[name] += prediction_errors(cells, design) / values[used].var() / len(contests)
    pairs_with = used.sum(axis=0) + used.sum(axis=1)
    n_pairs = int(used.sum())
    # Each pair is there twice, once with either agent.
    share = {name: 1 - float(error.sum()) / (2 * n_pairs) for name, error in squared.items()}
    lead = squared["continuum"] - squared["border"]
    value = float(lead.sum() / (2 * n_pairs))
    left = n_pairs - pairs_with
    without = np.divide(lead.sum() / 2 - lead, left, out=np.full(n_agents, np.nan), where=left > 0)
    error = jackknife_error(without)
    low, high = value - Z * error, value + Z * error
    result, reason = UNDECIDED, ""
    if max(share["border"], share["continuum"]) <= 0:
        reason = "neither predicts the pairs better than their mean"
    elif low > 0 or high < 0:
        result = "border" if value > 0 else "continuum"
    else:
        reason = "neither predicts better beyond the 95 % interval"
    decay, floor = fitted_decay(np.mean([values for values, _ in contests], axis=0), far, used)
    same = [labels[:, None] == labels for _, labels in contests]
    return BorderOrContinuum(
        result,
        Measure(value, "1", LEAD, n_agents, interval=(low, high)),
        share["continuum"],
        share["border"],
        share["both"],
        decay,
        floor,
        float(np.mean([values[used & one].mean() for (values, _), one in zip(contests, same, strict=True)])),
        float(np.mean([values[used & ~one].mean() for (values, _), one in zip(contests, same, strict=True)])),
        "; ".join(filter(None, [reason, note])),
    )


def _undecided(reason: str, n_agents: int) -> BorderOrContinuum:
    lead = undefined(reason, unit="1", estimator=LEAD, n=n_agents)
    return BorderOrContinuum(UNDECIDED, lead, NAN, NAN, NAN, NAN, NAN, NAN, NAN, reason)


def _few(n_agents: int) -> str:
    return f"{n_agents} agents, at least {AGENTS_NEEDED} needed"


def _lack(values: np.ndarray, labels: np.ndarray, far: np.ndarray, used: np.ndarray) -> str:
    if len(far) < AGENTS_NEEDED:
        return _few(len(far))
    n_distances = len(np.unique(far[used]))
    if n_distances < DISTANCES_NEEDED:
        return f"{n_distances} different distances, at least {DISTANCES_NEEDED} needed"
    same = (labels[:, None] == labels)[used]
    if same.all() or not same.any():
        return "no pair with a path has a border between" if same.all() else "no pair with a path shares a dialect"
    return "all pairs are alike" if np.ptp(values) == 0 else ""
