"""Dialect border or dialect continuum: do languages change at a border, or gradually with distance?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Integer, Shaped

from hubbub.analysis.arrays import square
from hubbub.analysis.dialects.border_models import count_cells, designs, fitted_decay, prediction_errors
from hubbub.analysis.dialects.clusters import cluster
from hubbub.analysis.dialects.distance import distance_matrix, jackknife_error, pairs_left_out
from hubbub.analysis.dialects.linked_pairs import LinkedPairs, Z, linked_pairs
from hubbub.analysis.grid import distinct_values, varies
from hubbub.analysis.language.messages import checked, message_lengths
from hubbub.analysis.language.similarity import similarity_matrix
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import AT_LEAST_1, DISTANCE, validated
from hubbub.simulator.errors import ConfigurationError, complaint

BORDER, CONTINUUM, BORDER_ON_GRADIENT, NEITHER = "border", "continuum", "border on a gradient", "neither"
UNDECIDED = "not decided"
RESULTS = {
    (True, False): BORDER,
    (False, True): CONTINUUM,
    (True, True): BORDER_ON_GRADIENT,
    (False, False): NEITHER,
}
"""By whether there is a border, and whether there is a gradient."""
LOSS, GRADIENT = 0.3, 0.02
"""A border takes at least this share of the value of linked pairs; a gradient explains at least this share of the
variance besides it. See docs/results/borders.md for where they come from."""
AGENTS_NEEDED, DISTANCES_NEEDED = 6, 3
MOST_DIALECTS = 50
NAN = math.nan
MODELS = "squared error of prediction, {} minus {}"


@dataclass(frozen=True)
class BorderOrContinuum:
    """Whether there is a border, whether there is a gradient, and what that rests on.

    Attributes
    ----------
    result
        "border", "continuum" (a gradient only), "border on a gradient", "neither", or "not decided" where `reason` says
        why nothing could be computed. See `border_or_continuum`.
    linked
        Linked pairs within dialects against those across: the border is judged by `linked.loss`.
    gradient
        Squared error of the border minus that of border and decay together, in units of the variance over pairs: what
        distance explains besides the border.
    advantage
        Squared error of the continuum minus that of the border, in the same units: above 0 the border alone predicts
        better than the decay alone.
    continuum, border, both
        Share of the variance over pairs that each model predicts, 1 − squared error / variance; below 0 it predicts
        worse than the mean of all pairs. `both` is a model with decay and border.
    decay_hops
        Fitted decay length ξ of the continuum, in hops: the distance over which the part above the floor falls to 1/e.
    floor
        Fitted value of the continuum at infinite distance.
    within, between
        The two values of the border model: mean within and across dialects.
    reason
        Why it is not decided, and which pairs were left out; "" otherwise.
    """

    result: str
    linked: LinkedPairs
    gradient: Measure
    advantage: Measure
    continuum: float
    border: float
    both: float
    decay_hops: float
    floor: float
    within: float
    between: float
    reason: str = ""


@validated(distance=DISTANCE)
def border_or_continuum(
    values: Shaped[np.ndarray, "N N"], distance: Shaped[np.ndarray, "N N"], labels: Shaped[np.ndarray, " N"]
) -> BorderOrContinuum:
    """Return whether the values of pairs of agents change at a border, gradually with distance, both, or neither.

    Dialect areas against a dialect continuum, as in Heeringa & Nerbonne (2001), in two questions.

    Is there a border? Linked pairs across the cut between dialects have at least 30 % less than linked pairs within
    (`linked.loss`), and its interval excludes 0. All linked pairs are equally far apart, so a decay with distance
    cannot imitate a border; in a continuum any cut is arbitrary, and little is lost at it.

    Is there a gradient? Three models: one value within dialects and one between them (border); floor + height ·
    exp(−distance / ξ) (continuum); both. Every agent is left out in turn, the models are fitted to the pairs of the
    others and predict its pairs, so a model has no advantage from more parameters. There is a gradient where both
    together predict at least 2 % more of the variance than the border alone, and the interval excludes 0.

    What has an answer "yes" must also predict better than the mean of all pairs. Pairs that share an agent are not
    independent, so intervals are the vertex jackknife (Snijders & Borgatti 1999). They cover the choice of agents, not
    of the seed: use several seeds for each graph. That of `advantage` is a little too wide: 99 % for 24 agents. How
    often the result is wrong is measured by `benchmarks/borders.py`, see docs/results/borders.md.

    Parameters
    ----------
    values
        Similarity or success of ordered pairs, bool, int or float.
    distance
        Such as `hop_distances(edges, n_agents)`, int or float. Pairs without a path are left out, and `reason` counts
        them. Pairs at the smallest distance count as linked.
    labels
        Dialect of each agent, of any type. Find dialects in other data than `values`, as `dialect_border` does:
        clusters of the values themselves fit their noise, and the border looks better than it is (selection bias).

    The exponential is fitted by least squares over a grid of ξ from a third of the shortest distance to three times
    the largest; floor and height have a closed form for each (Golub & Pereyra 1973). O(N² + 40 · N D) for D different
    distances.

    Raises
    ------
    ConfigurationError
        Arrays of other shapes, or values or distances that are NaN.
    """
    pairs, labels = square(values, name="values"), np.asarray(labels)
    if labels.shape != (len(pairs),):
        raise ConfigurationError(complaint("labels", expected=f"shape ({len(pairs)},)", got=labels.shape))
    return _compared([(pairs, labels)], distance_matrix(distance, len(pairs)))


@validated(distance=DISTANCE, splits=AT_LEAST_1)
def dialect_border(
    messages: Integer[np.ndarray, "N R L"],
    distance: Shaped[np.ndarray, "N N"],
    *,
    lengths: Integer[np.ndarray, "N R"] | None = None,
    end_symbol: int | None = 0,
    generator: np.random.Generator | None = None,
    splits: int = 5,
) -> BorderOrContinuum:
    """Return `border_or_continuum` of the edit similarity of messages `[N, R, L]`, without selection bias.

    The referents are split into halves. Dialects are found in one half and the models evaluated on the other, and the
    reverse; errors are averaged over `splits`. The number of dialects, between 2 and N / 2 (at most 50), is that whose
    border explains most of the half in which the dialects are found.

    `generator` draws the halves, `np.random.default_rng(0)` when not given; the other arguments are as in
    `similarity_matrix`. O(splits · R N² L) at worst.

    Raises
    ------
    ConfigurationError
        Malformed messages, lengths or distances.
    """
    symbols = checked(messages, ndim=(3,))
    n_agents, n_referents = symbols.shape[:2]
    lengths = None if lengths is None else message_lengths(symbols, lengths=lengths)
    hops, rng = distance_matrix(distance, n_agents), generator or np.random.default_rng(0)
    if n_referents < 2 or n_agents < AGENTS_NEEDED:
        reason = f"{n_referents} referent, at least 2 needed" if n_referents < 2 else _too_few(n_agents)
        return _undecided(reason, n_agents)

    def similarity_on(half: Integer[np.ndarray, " half"]) -> Float[np.ndarray, "N N"]:
        kept = None if lengths is None else lengths[:, half]
        return similarity_matrix(symbols[:, half], lengths=kept, end_symbol=end_symbol)

    comparisons = []
    for _ in range(splits):
        one, other = map(similarity_on, np.array_split(rng.permutation(n_referents), 2))
        comparisons += [(one, _best_border(other)), (other, _best_border(one))]
    return _compared(comparisons, hops)


def _best_border(similarity: Float[np.ndarray, "N N"]) -> Integer[np.ndarray, " N"]:
    """Return the labels of the dialects, 2 … N / 2 of them, that explain most of the similarity of pairs."""
    dialects, pairs = cluster(similarity, n_clusters=1), np.triu_indices(len(similarity), 1)
    values = similarity[pairs]
    cuts = [dialects.cut(n) for n in range(2, min(len(similarity) // 2, MOST_DIALECTS) + 1)]

    def explained(labels: Integer[np.ndarray, " N"]) -> float:
        same = (labels[:, None] == labels)[pairs]
        parts = (values[same], values[~same])
        return sum(len(part) * (part.mean() - values.mean()) ** 2 for part in parts if len(part))

    return max(cuts, key=explained)


def _compared(
    comparisons: Sequence[tuple[Float[np.ndarray, "N N"], Shaped[np.ndarray, " N"]]], hops: Float[np.ndarray, "N N"]
) -> BorderOrContinuum:
    """Return the result for pairs of values `[N, N]` and labels `[N]`, with the errors averaged over these."""
    n_agents = len(hops)
    used = np.isfinite(hops) & ~np.eye(n_agents, dtype=bool)
    note = pairs_left_out(used)
    problems = (_problem(values[used], labels, hops, used) for values, labels in comparisons)
    problem = next(filter(None, problems), "")
    if problem:
        return _undecided("; ".join(filter(None, [problem, note])), n_agents)
    squared = {"continuum": np.zeros(n_agents), "border": np.zeros(n_agents), "both": np.zeros(n_agents)}
    for values, labels in comparisons:
        cells = count_cells(values, hops, labels[:, None] == labels, used)
        for name, design in designs(cells.distance, cells.same).items():
            squared[name] += prediction_errors(cells, design) / values[used].var() / len(comparisons)
    # Each pair is counted twice, once for each of its agents.
    share = {name: 1 - float(error.sum()) / (2 * int(used.sum())) for name, error in squared.items()}
    linked = linked_pairs(comparisons, used & (hops == hops[used].min()))
    gradient, advantage = (
        _error_difference(squared, used, *of) for of in (("border", "both"), ("continuum", "border"))
    )
    has_border = _is_clear(linked.loss, LOSS) and share["border"] > 0
    has_gradient = _is_clear(gradient, GRADIENT) and max(share["continuum"], share["both"]) > 0
    decay, floor = fitted_decay(np.mean([values for values, _ in comparisons], axis=0), hops, used)
    same = [labels[:, None] == labels for _, labels in comparisons]
    within, between = (
        float(
            np.mean([values[used & (one == wanted)].mean() for (values, _), one in zip(comparisons, same, strict=True)])
        )
        for wanted in (True, False)
    )
    return BorderOrContinuum(
        RESULTS[has_border, has_gradient],
        linked,
        gradient,
        advantage,
        share["continuum"],
        share["border"],
        share["both"],
        decay,
        floor,
        within,
        between,
        note,
    )


def _error_difference(
    squared: Mapping[str, Float[np.ndarray, " N"]], used: Bool[np.ndarray, "N N"], worse: str, better: str
) -> Measure:
    """Return the squared error of one model minus that of another per pair, with the vertex jackknife."""
    difference, n_pairs = squared[worse] - squared[better], int(used.sum())
    value = float(difference.sum() / (2 * n_pairs))
    left = n_pairs - used.sum(axis=0) - used.sum(axis=1)
    total = difference.sum() / 2 - difference
    error = jackknife_error(np.divide(total, left, out=np.full(len(left), np.nan), where=left > 0))
    interval = (value - Z * error, value + Z * error)
    return Measure(value, "1", MODELS.format(worse, better), len(left), interval=interval)


def _is_clear(found: Measure, least: float) -> bool:
    """Return whether a measure is at least so large, and its interval above 0."""
    return found.value >= least and found.interval is not None and found.interval[0] > 0


def _undecided(reason: str, n_agents: int) -> BorderOrContinuum:
    nothing = undefined(reason, unit="1", estimator=MODELS.format("border", "both"), n=n_agents)
    linked = LinkedPairs(NAN, NAN, nothing)
    return BorderOrContinuum(UNDECIDED, linked, nothing, nothing, NAN, NAN, NAN, NAN, NAN, NAN, NAN, reason)


def _too_few(n_agents: int) -> str:
    return f"{n_agents} agents, at least {AGENTS_NEEDED} needed"


def _problem(
    values: Float[np.ndarray, " pairs"],
    labels: Shaped[np.ndarray, " N"],
    hops: Float[np.ndarray, "N N"],
    used: Bool[np.ndarray, "N N"],
) -> str:
    """Return why the models cannot be fitted to the values of the used pairs; "" when they can."""
    if len(hops) < AGENTS_NEEDED:
        return _too_few(len(hops))
    n_distances = len(distinct_values(hops[used]))
    if n_distances < DISTANCES_NEEDED:
        return f"{n_distances} different distances, at least {DISTANCES_NEEDED} needed"
    same = (labels[:, None] == labels)[used]
    if same.all() or not same.any():
        return (
            "no pair with a path is in different dialects"
            if same.all()
            else "no pair with a path is in the same dialect"
        )
    return "all pairs have the same value" if not varies(values) else ""
