"""What a report concludes from the findings, and under which conditions; every sentence is drawn from these."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.dialects import chance_success, pair_means, similarity
from hubbub.analysis.dialects.border import BORDER, BORDER_ON_GRADIENT, CONTINUUM, NEITHER, UNDECIDED
from hubbub.analysis.dialects.recorded import heard_agents
from hubbub.analysis.measure import Measure
from hubbub.analysis.views.population.findings import PopulationFindings

if TYPE_CHECKING:
    from hubbub.simulator.store import Run

CLEAR = 0.01
"""A conclusion needs a p-value below this."""
SUBSTANTIAL = 0.25
"""Silhouettes up to this show no substantial structure (Kaufman & Rousseeuw 1990)."""
AGENTS_NEEDED = 3
"""Fewer agents have no dialects."""

NOT_UNDERSTOOD = "the agents do not communicate yet, so they have no dialects"
NOT_COMMON = "the agents share no words, so they have no dialects"
TOO_FEW_AGENTS = "dialects need at least three agents"
"""Why there are no dialects, in the words of all pages."""

NO_LANGUAGE = "no language"
NO_COMMON_WORDS = "no common words"
TOO_FEW = "too few agents"
UNKNOWN = "cannot be determined"


@dataclass(frozen=True)
class Verdicts:
    """What may be said about a population.

    Attributes
    ----------
    understood
        Success between linked agents is well above chance.
    common
        Messages of two agents for the same referent are more similar than with the referents permuted, p < .01.
    divided
        There are two dialects or more with at least two members each, and their silhouette is above .25.
    far
        Messages differ more the further apart agents are, p < .01.
    dialects
        Whether there are dialects with borders, a continuum, borders on a gradient or neither (`dialect_border`), or
        why that cannot be said: one of the constants of this module. Borders need `divided`, a gradient needs `far`;
        without what it needs, a result is not decided.
    """

    understood: bool
    common: bool
    divided: bool
    far: bool
    dialects: str

    @property
    def about_dialects(self) -> bool:
        """Whether anything may be said about dialects: agents understand each other in words that they share."""
        return self.understood and self.common


def well_above(success: float, chance: float) -> bool:
    """Return whether success ≥ chance + (1 − chance) / 10; chance counts as 0 where it is not known (NaN)."""
    least = 0.0 if math.isnan(chance) else chance
    return success >= least + 0.1 * (1 - least)


def _in_common(alike: Measure) -> bool:
    """Return whether messages are clearly more similar than by chance, by the mean similarity with its null."""
    return not alike.p_value >= CLEAR and not math.isnan(alike.value)


def why_no_dialects(run: Run, step: int) -> str:
    """Return why a population has no dialects at the recorded lexicon of a step, "" where it may have some.

    What `verdicts` says of `understood` and `common`, without the other findings of a report.
    """
    heard, spoken = heard_agents(run), run.lexicon(step).splits["train"]
    if heard.sum() < AGENTS_NEEDED:
        return TOO_FEW_AGENTS
    if not well_above(pair_means(spoken.success, run.edges(step))["over_links"], chance_success(run)):
        return NOT_UNDERSTOOD
    alike = similarity(spoken.messages[heard], lengths=spoken.lengths[heard]).mean
    return "" if _in_common(alike) else NOT_COMMON


def verdicts(found: PopulationFindings) -> Verdicts:
    """Return the verdicts on a population; each is reached only where all that it rests on holds."""
    understood = well_above(found.success["train"]["over_links"], found.chance)
    common = _in_common(found.similarity.mean)
    large = np.bincount(found.dialects.labels[found.dialects.labels >= 0]) > 1
    divided = large.sum() > 1 and found.dialects.silhouette > SUBSTANTIAL
    far = found.mantel.p_value < CLEAR
    return Verdicts(understood, common, bool(divided), far, _dialects(found, understood, common, bool(divided), far))


def _dialects(found: PopulationFindings, understood: bool, common: bool, divided: bool, far: bool) -> str:
    if not understood:
        return NO_LANGUAGE
    if found.heard.sum() < AGENTS_NEEDED:
        return TOO_FEW
    if not common:
        return NO_COMMON_WORDS
    if math.isnan(found.border.advantage.value):
        return UNKNOWN
    reached = {BORDER: divided, CONTINUUM: far, BORDER_ON_GRADIENT: divided and far, NEITHER: True}
    return found.border.result if reached.get(found.border.result, False) else UNDECIDED
