"""All measures of dialects for the languages of the speakers of a corpus."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.arrays import edge_list
from hubbub.analysis.corpora.corpus import Corpus
from hubbub.analysis.corpora.languages import Languages
from hubbub.analysis.dialects import (
    ByDistance,
    Dialects,
    agreement,
    by_distance,
    cluster,
    dialect_border,
    hop_distances,
    intelligibility_asymmetry,
    mantel_test,
    pair_means,
    similarity,
    similarity_matrix,
    zig_zag,
)
from hubbub.analysis.measure import Measure, Null, undefined

SURROGATES = 20
DIALECTS = (
    "similarity of speakers", "number of dialects", "silhouette of dialects", "similarity within dialects",
    "similarity between dialects", "adjusted Rand index, dialects and groups",
    "adjusted mutual information, dialects and groups", "similarity over links", "Mantel correlation with distance",
    "border against continuum", "zig-zag with distance", "asymmetry of success",
)  # fmt: skip


def links_between(corpus: Corpus, found: Languages, edges: Int[np.ndarray, "E 2"] | None) -> Int[np.ndarray, "E 2"]:
    """Return the directed links between the speakers of the languages, by their places there."""
    if edges is None:
        names = {name: number for number, name in enumerate(corpus.speaker_names)}
        if corpus.listeners is None or corpus.speakers is None:
            return np.empty((0, 2), dtype=np.int64)
        as_speaker = np.array([*(names.get(name, -1) for name in corpus.listener_names), -1])
        edges = np.unique(np.stack([corpus.speakers, as_speaker[corpus.listeners]], axis=1), axis=0)
    else:
        edges = edge_list(edges, len(corpus.speaker_names))
    place = np.full(len(corpus.speaker_names) + 1, -1)
    place[found.speakers] = np.arange(len(found.speakers))
    links = place[edges]
    return links[(links >= 0).all(axis=1) & (links[:, 0] != links[:, 1])]


def of_dialects(
    corpus: Corpus, found: Languages, links: Int[np.ndarray, "E 2"], rng: np.random.Generator
) -> tuple[dict[str, Measure], Dialects, Float[np.ndarray, "N N"], ByDistance | None]:
    """Return the measures of dialects, the dialects, the similarity of languages, and it by distance along `links`."""
    how: dict[str, Any] = {"lengths": found.lengths, "end_symbol": corpus.end_symbol}
    alike = similarity(found.messages, generator=rng, **how)
    grouping, n = cluster(alike.matrix), len(found.speakers)
    made = {DIALECTS[0]: alike.mean, **_clusters(found, alike.matrix, grouping, corpus.end_symbol, rng)}
    if corpus.groups is None:
        reason = "the corpus names no groups of speakers"
        made |= {name: undefined(reason, unit="1", estimator=name) for name in DIALECTS[5:7]}
    else:
        known = agreement(
            grouping.labels, [None if g < 0 else g for g in corpus.groups[found.speakers].tolist()], generator=rng
        )
        made |= dict(zip(DIALECTS[5:7], (known.rand, known.mutual_information), strict=True))
    distance = None
    if len(links):
        hops = hop_distances(links, n)
        over_links = pair_means(alike.matrix, links)["over_links"]
        made[DIALECTS[7]] = Measure(over_links, "1", alike.mean.estimator, len(links))
        made[DIALECTS[8]] = mantel_test(1 - alike.matrix, hops, generator=rng)
        border = dialect_border(found.messages, hops, generator=rng, **how)
        reason = "; ".join(filter(None, [f"result: {border.result}", border.reason]))
        made[DIALECTS[9]] = replace(border.advantage, reason=reason)
        zig = zig_zag(alike.matrix, hops)
        found_or_not = "" if math.isnan(zig.amplitude.value) else f"alternation {'' if zig.found else 'not '}found"
        made[DIALECTS[10]] = replace(zig.amplitude, reason=zig.amplitude.reason or found_or_not)
        distance = by_distance(alike.matrix, links, n)
    else:
        reason = "the corpus names no listeners, so there are no links; topology=FILE gives them"
        made |= {name: undefined(reason, unit="1", estimator=name) for name in DIALECTS[7:11]}
    made[DIALECTS[11]] = _asymmetry(corpus, found, grouping, rng)
    return {name: made[name] for name in DIALECTS}, grouping, alike.matrix, distance


def _clusters(
    found: Languages,
    alike: Float[np.ndarray, "N N"],
    grouping: Dialects,
    end_symbol: int | None,
    rng: np.random.Generator,
) -> dict[str, Measure]:
    """Return number, silhouette and similarities of dialects, against messages permuted over the referents."""
    n = len(alike)

    def of(matrix: Float[np.ndarray, "N N"], dialects: Dialects) -> tuple[float, ...]:
        same = dialects.labels[:, None] == dialects.labels
        others = ~np.eye(n, dtype=bool)
        within, between = matrix[same & others], matrix[~same]
        means = [float(values.mean()) if values.size else math.nan for values in (within, between)]
        return float(dialects.n_clusters), dialects.silhouette, *means

    null = []
    for _ in range(SURROGATES):
        order = rng.permuted(np.tile(np.arange(found.messages.shape[1]), (n, 1)), axis=1)
        messages = np.take_along_axis(found.messages, order[..., None], axis=1)
        lengths = np.take_along_axis(found.lengths, order, axis=1)
        matrix = similarity_matrix(messages, lengths=lengths, end_symbol=end_symbol)
        null.append(of(matrix, cluster(matrix)))
    model = "each agent's messages permuted over referents"
    estimator = "average linkage, the number of dialects with the largest silhouette"
    made = {}
    for name, value, values in zip(DIALECTS[1:5], of(alike, grouping), zip(*null, strict=True), strict=True):
        kept = np.array([one for one in values if not math.isnan(one)])
        reason = "there is one dialect" if math.isnan(value) else ""
        chance = Null.of(kept, model=model) if len(kept) else None
        p_value = math.nan
        if chance is not None and not reason and name == DIALECTS[2]:
            p_value = (1 + np.count_nonzero(kept >= value)) / (1 + len(kept))
        unit = "dialects" if name == DIALECTS[1] else "1"
        made[name] = Measure(value, unit, estimator, n, chance, float(p_value), reason=reason)
    return made


def _asymmetry(corpus: Corpus, found: Languages, grouping: Dialects, rng: np.random.Generator) -> Measure:
    """Return the asymmetry of success, where it is known for every pair of speakers."""
    name = "mean |C − Cᵀ| over pairs of agents"
    if corpus.success is None or corpus.listeners is None or corpus.speakers is None:
        return undefined("the corpus names no success of pairs of speaker and listener", unit="1", estimator=name)
    names = {speaker: number for number, speaker in enumerate(corpus.speaker_names)}
    as_speaker = np.array([*(names.get(listener, -1) for listener in corpus.listener_names), -1])
    place = np.full(len(corpus.speaker_names) + 1, -1)
    place[found.speakers] = np.arange(len(found.speakers))
    pairs = place[np.stack([corpus.speakers, as_speaker[corpus.listeners]])]
    used = (pairs >= 0).all(axis=0) & np.isfinite(corpus.success)
    n = len(found.speakers)
    cells = pairs[0, used] * n + pairs[1, used]
    counts = np.bincount(cells, minlength=n * n).reshape(n, n)
    total = np.bincount(cells, corpus.success[used], n * n).reshape(n, n)
    np.fill_diagonal(counts, np.maximum(np.diagonal(counts), 1))
    if not counts.all():
        share = np.count_nonzero(counts) / counts.size
        return undefined(f"success is known for {share:.0%} of the pairs; all are needed", unit="1", estimator=name)
    games = int(counts[~np.eye(n, dtype=bool)].min())
    matrix = np.clip(total / counts, 0, 1)
    return intelligibility_asymmetry(matrix, games, labels=grouping.labels, generator=rng).overall
