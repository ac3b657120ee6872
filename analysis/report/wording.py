"""Numbers as words: what a reader who is no statistician can take from the findings."""

from __future__ import annotations

import math

import numpy as np

from analysis.dialects import AgreementOverTime
from analysis.measure import Measure
from analysis.report.findings import Findings, KnownPartition


def percent(value: float) -> str:
    """Return a share as a percentage."""
    if math.isnan(value):
        return "–"
    shown = 100 * value
    return f"{shown:.1f} %" if 99 <= shown < 99.95 or 0.05 <= shown < 1 else f"{shown:.0f} %"


def number(value: float, *, digits: int = 2) -> str:
    """Return a number with fixed digits, a dash for NaN."""
    return "–" if math.isnan(value) else f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def p_text(p_value: float) -> str:
    """Return a p-value as "p = 0.012" or "p < 0.001"."""
    if math.isnan(p_value):
        return "no p-value"
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.{3 if p_value < 0.1 else 2}f}"


def null_text(measure: Measure) -> str:
    """Return the null of a measure and its p-value, in brackets."""
    if measure.null is None:
        return f"({measure.reason})" if measure.reason else ""
    null, digits = measure.null, 3 if measure.null.sd < 0.01 else 2
    p_value = p_text(measure.p_value)
    if measure.p_value * (1 + null.n) < 1.5:  # no permutation came as high: more of them would give less
        p_value = p_value.replace("=", "≤")
    return f"({number(null.mean, digits=digits)} ± {number(null.sd, digits=digits)} by chance, {p_value})"


def understanding(found: Findings) -> list[str]:
    """Who understands whom."""
    means, n_referents = found.success["train"], len(found.trained.referents)
    text = []
    if not math.isnan(means["over_links"]):
        text.append(
            f"When one agent speaks and a linked agent listens, {percent(means['over_links'])} of the {n_referents} "
            "recorded referents are understood."
        )
    if not math.isnan(means["unlinked"]):
        text.append(f"Between two agents without a link it is {percent(means['unlinked'])}.")
    text.append(
        f"An agent understands itself on {percent(means['self'])}. When speaker and listener change places, success "
        f"differs by {100 * means['asymmetry']:.0f} percentage points on average."
        if found.n_agents > 1
        else f"The only agent understands itself on {percent(means['self'])}."
    )
    if "held_out" in found.success:
        held_out = found.success["held_out"]["over_links"]
        if not math.isnan(held_out):
            text.append(f"On referents that nobody was trained on, linked agents reach {percent(held_out)}.")
    return text


def borders(found: Findings) -> list[str]:
    """Where the dialects run."""
    alike, dialects = found.similarity.mean, found.dialects
    if found.n_agents < 3:
        return ["Dialects need at least three agents."]
    text = [
        f"The messages of two agents for the same referent are {number(alike.value)} alike (1 − edit distance / longer "
        f"length) {null_text(alike)}."
    ]
    if dialects.n_clusters == 1:
        text.append("No cut of the agents into dialects fits better than one common language.")
        return text
    sizes = np.bincount(dialects.labels)
    listed = ", ".join(str(size) for size in sizes[:-1]) + f" and {sizes[-1]}"
    text.append(
        f"The cut that fits best has {dialects.n_clusters} dialects with {listed} members; its silhouette of "
        f"{number(dialects.silhouette)} is {_strength(dialects.silhouette)}."
    )
    if dialects.n_clusters == max(dialects.silhouettes):
        text.append("No larger number was looked at.")
    text.append(
        f"Success is {percent(found.within_dialects)} within dialects and {percent(found.between_dialects)} across "
        "their borders."
    )
    return text


def distances(found: Findings) -> list[str]:
    """What distance does to understanding."""
    by = found.success_by_distance
    if not len(by.distance):
        return []
    parts = [f"{percent(by.mean[0])} at {_hops(by.distance[0])}"]
    finite = np.flatnonzero(np.isfinite(by.distance))
    if len(finite) > 1:
        parts.append(f"{percent(by.mean[finite[-1]])} at {_hops(by.distance[finite[-1]])}")
    text = [f"Success is {' and '.join(parts)}."]
    if len(by.distance) > len(finite):
        text.append(
            f"{by.pairs[-1]:,} ordered pairs have no path between them; they are at distance ∞, with success "
            f"{percent(by.mean[-1])}."
        )
    return text


def beside_partition(known: KnownPartition) -> list[str]:
    """How the dialects sit beside the known partition, over time."""
    found = known.over_time
    sizes = np.bincount(known.groups[known.groups >= 0])
    listed = ", ".join(f"{value}: {size}" for value, size in zip(known.values, sizes, strict=True))
    text = [f"The source graph says of its agents “{known.name}” ({listed})."]
    value, p_value, n_steps = found.values[found.peak], found.peak_p_value, len(found.steps)
    if n_steps == 1:
        return [
            *text,
            f"Cut into {found.n_clusters} dialects, the agents agree with it at an adjusted Rand index of "
            f"{number(value)} ({p_text(p_value)}); 1 is the same cut, 0 is chance.",
        ]
    return [
        *text,
        _course(found),
        f"Cut into {found.n_clusters} dialects at each of {n_steps} recorded steps, the agents agree with it best at "
        f"step {found.steps[found.peak]:,}: adjusted Rand index {number(value)} ({p_text(p_value)}, corrected for "
        f"having looked {n_steps} times; 1 is the same cut, 0 is chance). At the end, step {found.steps[-1]:,}, it is "
        f"{number(found.values[-1])} ({p_text(found.p_values[-1])} for that step alone).",
    ]


def partition_cautions(known: KnownPartition, n_dialects: int) -> list[str]:
    """What to keep in mind beside the agreement with the known partition."""
    end = known.at_end
    return [
        f"In {n_dialects} dialects, the number that fits best at the end, the adjusted Rand index there is "
        f"{number(end.rand.value)} {null_text(end.rand)} and the adjusted mutual information "
        f"{number(end.mutual_information.value)}.",
        f"A cut of the graph alone into {known.over_time.n_clusters} communities, without any language, gives "
        f"{number(known.graph_alone)}. The null shuffles the groups over the agents and does not hold the graph fixed: "
        "agreement above it may come from the links alone.",
    ]


def hubs(found: Findings) -> list[str]:
    """Whether being well linked shows."""
    if math.isnan(found.gini.value):
        return ["The graph has no links."]
    text = [
        f"Links are spread with a Gini coefficient of {number(found.gini.value)} (0: all agents have as many); the "
        f"{found.top_share.estimator.removeprefix('share of the ')} of agents have {percent(found.top_share.value)} "
        "of them."
    ]
    linked = found.degree_and_success
    text.append(
        f"The rank correlation of the number of listeners with success as a speaker is {number(linked.value)} "
        f"{null_text(linked)}."
        if not math.isnan(linked.value)
        else "All agents have as many listeners, so links cannot explain who is understood."
    )
    return text


def languages(found: Findings) -> list[str]:
    """What the languages are like."""
    order, entropy = found.topographic, found.entropy
    n_referents = len(found.trained.referents)
    text = []
    if math.isnan(order.value):
        text.append(f"Topographic similarity is not defined: {order.reason}.")
    else:
        values = np.array([measure.value for measure in order.each])
        text.append(
            f"Topographic similarity, the rank correlation between distances of referents and distances of their "
            f"messages, is {number(order.value)} on average {null_text(order)}, from {number(np.nanmin(values))} to "
            f"{number(np.nanmax(values))} over agents."
        )
        if order.reason:
            text.append(f"{order.reason}.")
    text.append(
        f"The messages of an agent carry {number(entropy.value)} bits; {number(math.log2(n_referents))} would be one "
        f"message for each of the {n_referents} referents."
    )
    return text


def _course(found: AgreementOverTime) -> str:
    if found.peak_p_value >= 0.05:
        return "At no step is the agreement more than looking this often gives by chance."
    if found.p_values[-1] >= 0.05:
        return "The known split showed in the language on the way, and does not show at the end."
    if found.values[-1] == found.values[found.peak]:
        return "The known split shows in the language, at the end as well as ever."
    return "The known split shows in the language, best on the way, and still at the end."


def _strength(silhouette: float) -> str:
    """Return the usual reading of a silhouette (Kaufman & Rousseeuw 1990)."""
    if silhouette > 0.7:
        return "a strong structure"
    if silhouette > 0.5:
        return "a reasonable structure"
    return "a weak structure" if silhouette > 0.25 else "no substantial structure: take the borders as drawn at will"


def _hops(distance: float) -> str:
    if not math.isfinite(distance):
        return "distance ∞"
    return "1 hop" if distance == 1 else f"{distance:.0f} hops"
