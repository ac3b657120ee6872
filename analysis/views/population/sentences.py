"""The findings in sentences, for readers who are not statisticians."""

from __future__ import annotations

import math

import numpy as np

from hubbub.analysis.dialects.border import BORDER, BORDER_ON_GRADIENT, CONTINUUM, NEITHER
from hubbub.analysis.measure import Measure
from hubbub.analysis.page.numbers import by_chance, listed, null_text, number, percent
from hubbub.analysis.views.population.findings import SAME_DIALECT, PopulationFindings
from hubbub.analysis.views.population.verdicts import (
    AGENTS_NEEDED,
    NOT_COMMON,
    NOT_UNDERSTOOD,
    SUBSTANTIAL,
    TOO_FEW_AGENTS,
    Verdicts,
    verdicts,
)

MOST_NAMED = 5


def understanding(found: PopulationFindings) -> list[str]:
    """Who understands whom."""
    means, n_referents = found.success["train"], len(found.trained.referents)
    text = []
    if not math.isnan(means["over_links"]):
        text.append(
            f"When one agent speaks and a linked agent listens, {percent(means['over_links'])} of the {n_referents} "
            f"recorded referents are understood{by_chance(found.chance)}."
        )
        if not verdicts(found).understood:
            text.append(f"That is not well above chance: {NOT_UNDERSTOOD}.")
    if not math.isnan(means["unlinked"]):
        text.append(f"Between agents without a link it is {percent(means['unlinked'])}.")
    if found.n_agents > 1:
        text += [f"An agent understands {percent(means['self'])} of its own messages.", *_asymmetry(found)]
    else:
        text.append(f"The only agent understands {percent(means['self'])} of its own messages.")
    if "held_out" in found.success:
        held_out = found.success["held_out"]["over_links"]
        if not math.isnan(held_out):
            text.append(
                f"For referents that no agent was trained on, success between linked agents is {percent(held_out)}."
            )
    return text


def _asymmetry(found: PopulationFindings) -> list[str]:
    of_all, within, between = found.asymmetry.overall, found.asymmetry.within, found.asymmetry.between
    assert of_all.null is not None
    text = (
        f"When speaker and listener change roles, success differs by {_points(of_all.value)} percentage points on "
        f"average ({_points(of_all.null.mean)} if the two directions differ only by sampling error"
    )
    if verdicts(found).about_dialects and not math.isnan(within.value + between.value):
        text += f"; {_points(within.value)} within dialects, {_points(between.value)} between"
    return [f"{text})."]


def _points(share: float) -> str:
    return f"{100 * share:.1f}"


def borders(found: PopulationFindings) -> list[str]:
    """How many dialects there are, and how distinct they are."""
    alike, dialects, verdict = found.similarity.mean, found.dialects, verdicts(found)
    if found.heard.sum() < AGENTS_NEEDED:
        return [f"{TOO_FEW_AGENTS.capitalize()}.", *_not_heard(found)]
    text = [
        f"The messages of two agents for the same referent have a mean similarity of {number(alike.value)} (1 − edit "
        f"distance / longer length) {null_text(alike)}.",
        *_not_heard(found),
    ]
    if not verdict.understood:
        return [*text, "Groups of agents with similar messages are no dialects as long as agents do not communicate."]
    if not verdict.common:
        return [*text, f"That is not clearly above chance: {NOT_COMMON}."]
    if dialects.n_clusters == 1:
        text.append("No division of the agents into dialects fits better than none.")
        return text
    sizes = np.bincount(dialects.labels[dialects.labels >= 0])
    large, alone = sizes[sizes > 1], int((sizes == 1).sum())
    if len(large) < 2:
        text.append(
            f"The division that fits best takes {alone} agents out of one common language: no second dialect has two "
            "members."
        )
        return text
    beside = "" if not alone else f" beside {alone} {'agent' if alone == 1 else 'agents'} that nobody speaks like,"
    text.append(
        f"The division that fits best has {len(large)} dialects with {listed([str(size) for size in large])} members;"
        f"{beside} its silhouette of {number(dialects.silhouette)} means {_strength(dialects.silhouette)}."
    )
    if dialects.n_clusters == max(dialects.silhouettes):
        text.append("Larger numbers of dialects were not tried.")
    text.append(
        f"Success is {percent(found.within_dialects)} within dialects and {percent(found.between_dialects)} between "
        "them."
    )
    return text


def dialects_label(found: PopulationFindings) -> str:
    """What stands below the number of dialects; agents that nobody speaks like are among them."""
    alone = int((np.bincount(found.dialects.labels[found.dialects.labels >= 0]) == 1).sum())
    single = f", {alone} of a single agent" if alone else ""
    return f"dialects{single} (silhouette {number(found.dialects.silhouette)})"


def _not_heard(found: PopulationFindings) -> list[str]:
    """Who is in no dialect because nobody hears it."""
    names = [found.agents.names[agent] for agent in np.flatnonzero(~found.heard)]
    if not names:
        return []
    shown = listed([*names[:MOST_NAMED], *([f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else [])])
    many = len(names) > 1
    return [
        f"Nobody hears {shown}; {'they are' if many else 'it is'} not trained to speak, and {'are' if many else 'is'}"
        " left out of dialects and of averages over messages."
    ]


def other_clusterings(found: PopulationFindings) -> list[str]:
    """How many dialects other clusterings find."""
    if found.heard.sum() < AGENTS_NEEDED or not verdicts(found).about_dialects:
        return []
    other = found.other_clusterings
    by_success = other.by_success
    if by_success.n_clusters == 1:
        text = "Clustering by success instead of messages finds one group"
    else:
        agree = (
            ""
            if found.dialects.n_clusters == 1
            else f", adjusted Rand index with the dialects above {number(other.agreement)}"
        )
        text = (
            f"Clustering by success instead of messages finds {by_success.n_clusters} dialects (silhouette "
            f"{number(by_success.silhouette)}{agree})"
        )
    groups = "all agents are one group" if other.at_threshold == 1 else f"there are {other.at_threshold} groups"
    return [f"{text}; at a fixed threshold of {SAME_DIALECT} in mean similarity {groups}."]


def continuum(found: PopulationFindings) -> list[str]:
    """Whether messages change with distance on the graph, and whether gradually or at borders."""
    if found.heard.sum() < AGENTS_NEEDED or not len(found.edges):
        return []
    mantel, border, turns, verdict = found.mantel, found.border, found.zig_zag, verdicts(found)
    if math.isnan(mantel.value):
        return [f"Whether messages differ more at larger distance cannot be determined: {mantel.reason}."]
    far = "differ more the further apart agents are" if verdict.far else "do not clearly differ with distance"
    text = [f"Messages {far}: Mantel correlation {number(mantel.value)} {null_text(mantel)}."]
    if mantel.reason:
        text.append(f"{mantel.reason}.")
    if not verdict.about_dialects:
        return text
    if math.isnan(border.advantage.value):
        text.append(f"Border or continuum cannot be determined: {border.reason}.")
    else:
        text += [
            _of_dialects(verdict, found),
            *_at_the_cut(found),
            f"For agents that were left out of the fit, a smooth decay with distance predicts "
            f"{percent(max(border.continuum, 0))} of the variance between pairs, a step at the border of dialects "
            f"{percent(max(border.border, 0))}, both together {percent(max(border.both, 0))}: with the distance, "
            f"{_with_interval(border.gradient)} more than with the step alone.",
        ]
        if verdict.dialects != BORDER:
            text.append(f"The fitted decay length is {number(border.decay_hops, digits=1)} hops.")
    if turns.found:
        even = "even" if turns.amplitude.value > 0 else "odd"
        text.append(
            f"Similarity alternates with distance and is higher at {even} distances: agents seem to speak one code and "
            "to understand another one, and what looks like dialects may be two codes in alternation."
        )
    return text


def _of_dialects(verdict: Verdicts, found: PopulationFindings) -> str:
    """Say whether there are borders or a continuum."""
    if verdict.dialects == BORDER:
        return "This looks like dialects with borders."
    if verdict.dialects == BORDER_ON_GRADIENT:
        return (
            "This looks like borders on a gradient: messages change gradually with distance, and more at the borders."
        )
    if verdict.dialects == CONTINUUM:
        above = ", and the borders of the dialects above are arbitrary" if found.dialects.n_clusters > 1 else ""
        return f"This looks like a continuum: messages change gradually with distance{above}."
    if verdict.dialects == NEITHER:
        return "This looks like neither: how alike agents are depends little on borders and little on distance."
    return "Whether these are dialects with borders or a continuum is not decided."


def _at_the_cut(found: PopulationFindings) -> list[str]:
    """Say what is lost over a link that crosses the cut between dialects."""
    linked = found.border.linked
    if math.isnan(linked.loss.value):
        return []
    return [
        f"Linked agents have a similarity of {number(linked.within)} if they share a dialect and of "
        f"{number(linked.across)} if not, a loss of {_with_interval(linked.loss)}."
    ]


def _with_interval(share: Measure) -> str:
    low, high = share.interval or (math.nan, math.nan)
    return f"{number(share.value)} (95 % interval {number(low)} to {number(high)})"


def distances(found: PopulationFindings) -> list[str]:
    """How success depends on distance."""
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


def languages(found: PopulationFindings) -> list[str]:
    """Topographic similarity and entropy of the messages."""
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
        f"The messages of an agent have an entropy of {number(entropy.value)} bits; "
        f"{number(math.log2(n_referents))} bits "
        f"would be a different message for each of the {n_referents} referents."
    )
    return text


def _strength(silhouette: float) -> str:
    """Return the usual reading of a silhouette (Kaufman & Rousseeuw 1990)."""
    if silhouette > 0.7:
        return "a strong structure"
    if silhouette > 0.5:
        return "a reasonable structure"
    return "a weak structure" if silhouette > SUBSTANTIAL else "no substantial structure"


def _hops(distance: float) -> str:
    if not math.isfinite(distance):
        return "distance ∞"
    return "1 hop" if distance == 1 else f"{distance:.0f} hops"
