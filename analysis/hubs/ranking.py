"""The agents with most links, with what is said of a tie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, Real

from hubbub.analysis.validation import NOT_NEGATIVE, validated


@dataclass(frozen=True)
class MostLinks:
    """The agents with most links.

    Attributes
    ----------
    agents
        The chosen agents, most links first.
    tied, of
        How many of the chosen have as many links as the last of them, and how many of all agents have; the two are
        equal where the choice does not depend on a tie.
    links
        Number of links of the last one; 0 where nobody was chosen.
    """

    agents: Int[np.ndarray, " n"]
    tied: int
    of: int
    links: float

    @property
    def clear(self) -> Int[np.ndarray, " n"]:
        """The chosen agents without those of a tie that was cut."""
        return self.agents if self.tied == self.of else self.agents[: len(self.agents) - self.tied]

    @property
    def note(self) -> str:
        """The tie in words, such as "5 of 12 agents with 3 links"; "" where none was cut."""
        links = f"{self.links:g} link" + ("" if self.links == 1 else "s")
        return "" if self.tied == self.of else f"{self.tied} of {self.of} agents with {links}"


@validated(stated_shapes=True, links=NOT_NEGATIVE, then=NOT_NEGATIVE)
def most_links(links: Real[np.ndarray, " N"], most: int, *, then: Real[np.ndarray, " N"] | None = None) -> MostLinks:
    """Return at most `most` agents with the largest numbers of links `[N]`; agents without links are not chosen.

    Parameters
    ----------
    then
        A second number of each agent, `[N]`, such as the betweenness, that orders those with equally many links; the
        number of the agent when not given.
    """
    second = np.zeros(len(links)) if then is None else np.asarray(then)
    order = np.lexsort((-second, -links))
    chosen = order[links[order] > 0][:most]
    if not len(chosen):
        return MostLinks(chosen, 0, 0, 0.0)
    last = links[chosen[-1]]
    return MostLinks(chosen, int((links[chosen] == last).sum()), int((links == last).sum()), float(last))
