"""PopulationFindings as words: what a reader who is no statistician can take from the findings."""

from __future__ import annotations

import math

import numpy as np

from hubbub.analysis.page.numbers import by_chance, null_text, number, p_text, percent
from hubbub.analysis.views.population.findings import SAME_DIALECT, KnownPartition, PopulationFindings


def well_above(success: float, chance: float) -> bool:
    """Return whether success is a tenth of the way from chance to 1 or more; the chance of an unknown game is 0."""
    least = 0.0 if math.isnan(chance) else chance
    return success >= least + 0.1 * (1 - least)


def understanding(found: PopulationFindings) -> list[str]:
    """Who understands whom."""
    means, n_referents = found.success["train"], len(found.trained.referents)
    text = []
    if not math.isnan(means["over_links"]):
        text.append(
            f"When one agent speaks and a linked agent listens, {percent(means['over_links'])} of the {n_referents} "
            f"recorded referents are understood{by_chance(found.chance)}."
        )
        if not well_above(means["over_links"], found.chance):
            text.append("That is not well above chance: they do not talk yet, and no dialect should be read into this.")
    if not math.isnan(means["unlinked"]):
        text.append(f"Between two agents without a link it is {percent(means['unlinked'])}.")
    if found.n_agents > 1:
        text += [f"An agent understands itself on {percent(means['self'])}.", *_asymmetry(found)]
    else:
        text.append(f"The only agent understands itself on {percent(means['self'])}.")
    if "held_out" in found.success:
        held_out = found.success["held_out"]["over_links"]
        if not math.isnan(held_out):
            text.append(f"On referents that nobody was trained on, linked agents reach {percent(held_out)}.")
    return text


def _asymmetry(found: PopulationFindings) -> list[str]:
    of_all, within, between = found.asymmetry.overall, found.asymmetry.within, found.asymmetry.between
    assert of_all.null is not None
    text = (
        f"When speaker and listener change places, success differs by {_points(of_all.value)} percentage points on "
        f"average ({_points(of_all.null.mean)} if both directions were the same but for accidents"
    )
    if not math.isnan(within.value + between.value):
        text += f"; {_points(within.value)} within dialects, {_points(between.value)} between"
    return [f"{text})."]


def _points(share: float) -> str:
    return f"{100 * share:.1f}"


def borders(found: PopulationFindings) -> list[str]:
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


def second_opinion(found: PopulationFindings) -> list[str]:
    """How many dialects other ways to delimit them find."""
    if found.n_agents < 3:
        return []
    other = found.second_opinion
    by_success = other.by_success
    if by_success.n_clusters == 1:
        text = "A clustering of who understands whom finds no borders"
    else:
        agree = (
            ""
            if found.dialects.n_clusters == 1
            else f", adjusted Rand index with the cut above {number(other.agreement)}"
        )
        text = (
            f"A clustering of who understands whom finds {by_success.n_clusters} dialects (silhouette "
            f"{number(by_success.silhouette)}{agree})"
        )
    groups = "all agents are one group" if other.at_threshold == 1 else f"there are {other.at_threshold} groups"
    return [f"{text}; at a fixed threshold of {SAME_DIALECT} in mean similarity {groups}."]


def continuum(found: PopulationFindings) -> list[str]:
    """Whether languages change with distance, and whether step by step or at borders."""
    if found.n_agents < 3 or not len(found.edges):
        return []
    mantel, border, turns = found.mantel, found.border, found.zig_zag
    if math.isnan(mantel.value):
        return [f"Whether messages differ more at larger distance cannot be said: {mantel.reason}."]
    far = "differ more the further apart agents are" if mantel.p_value < 0.01 else "do not clearly differ with distance"
    text = [f"Messages {far}: Mantel correlation {number(mantel.value)} {null_text(mantel)}."]
    if mantel.reason:
        text.append(f"{mantel.reason}.")
    if math.isnan(border.advantage.value):
        text.append(f"Border or continuum cannot be said: {border.reason}.")
    else:
        ahead = border.advantage.value
        sign, leader = (1, "step") if ahead > 0 else (-1, "decay")
        low, high = sorted(sign * bound for bound in border.advantage.interval or ())
        text += [
            f"{_VERDICTS[border.result]} For agents that a model has not seen, a smooth decay with distance predicts "
            f"{percent(max(border.continuum, 0))} of the variance between pairs, a step at the border of dialects "
            f"{percent(max(border.border, 0))}, both together {percent(max(border.both, 0))}; the {leader} is ahead "
            f"by {number(sign * ahead)} of the variance (95 % interval {number(low)} to {number(high)})."
        ]
        if border.result != "border":
            text.append(f"The fitted decay length is {number(border.decay_hops, digits=1)} hops.")
    if turns.found:
        even = "even" if turns.amplitude.value > 0 else "odd"
        text.append(
            f"Similarity goes up and down with distance, higher at {even} distances: agents seem to speak one code and "
            "listen to another, and the dialects above are then two interleaved ones."
        )
    return text


_VERDICTS = {
    "border": "This looks like dialects with borders.",
    "continuum": "This looks like a continuum: languages change step by step, and the borders above are drawn into it.",
    "not decided": "Whether these are dialects with borders or a continuum is not decided.",
}


def distances(found: PopulationFindings) -> list[str]:
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


def beside_partition(known: KnownPartition, chance: float) -> list[str]:
    """How the dialects sit beside the known partition, over time."""
    found = known.over_time
    sizes = np.bincount(known.groups[known.groups >= 0])
    listed = ", ".join(f"{value}: {size}" for value, size in zip(known.values, sizes, strict=True))
    text = [f"The source graph says of its agents “{known.name}” ({listed}).", _course(known, chance)]
    value, p_value, n_steps = found.values[found.peak], found.peak_p_value, len(found.steps)
    if n_steps == 1:
        return [
            *text,
            f"Cut into {found.n_clusters} dialects, the agents agree with it at an adjusted Rand index of "
            f"{number(value)} ({p_text(p_value)}); 1 is the same cut, 0 is chance. Success over links is "
            f"{percent(known.success_at_end)}{by_chance(chance)}.",
        ]
    return [
        *text,
        f"Cut into {found.n_clusters} dialects at each of {n_steps} recorded steps, the agents agree with it best at "
        f"step {found.steps[found.peak]:,}: adjusted Rand index {number(value)} ({p_text(p_value)}, corrected for "
        f"having looked {n_steps} times; 1 is the same cut, 0 is chance), with a success over links of "
        f"{percent(known.success_at_peak)}{by_chance(chance)}. At the end, step {found.steps[-1]:,}, it is "
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


def languages(found: PopulationFindings) -> list[str]:
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


def _course(known: KnownPartition, chance: float) -> str:
    """Say that a split shows only where agreement is clear (p < .01) and the agents understand each other."""
    found = known.over_time
    if found.peak_p_value >= 0.05:
        return "At no step is the agreement more than looking this often gives by chance."
    if found.peak_p_value >= 0.01:
        return "There is a hint of the known split in the language, too weak to tell from luck."
    if not well_above(known.success_at_peak, chance):
        return (
            "Messages are grouped like the known split while the agents hardly understand each other; that is no "
            "language yet, so the split does not show in one."
        )
    if len(found.steps) == 1:
        return "The known split shows in the language."
    if found.p_values[-1] >= 0.01 or not well_above(known.success_at_end, chance):
        return "The known split showed in the language on the way, and does not show clearly at the end."
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
