"""The recorded steps of a population, one by one: the graph, the dialects, and how well each agent is understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float, Int

from hubbub.analysis.dialects import DialectsOverTime
from hubbub.analysis.figures import layout
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.numbers import percent
from hubbub.analysis.page.thinning import thinned
from hubbub.analysis.page.time import Moments, fits_a_page, most_steps, time_picture
from hubbub.analysis.text import printable
from hubbub.analysis.views.population.findings import PopulationFindings
from hubbub.analysis.views.population.verdicts import verdicts

if TYPE_CHECKING:
    from hubbub.simulator.store import Lexicon, Run

MOST_LISTED = 500
"""Agents of the table at most."""


def step_by_step(found: PopulationFindings) -> Html:
    """Return the picture of time and the table of all agents; empty for a graph that is too large for a page."""
    if not fits_a_page(found.n_agents, len(found.edges)):
        return Html()
    word = "dialect" if verdicts(found).about_dialects else "group"
    made = moments(found.run, found.history, found.heard, word=word, last=found.lexicon)
    left_out = len(found.history.steps) - len(made.steps)
    about = (
        f"The graph at {len(made.steps)} recorded steps, agents coloured by {word}; a {word} keeps its colour over "
        "time. Larger symbols are agents with more links."
        + (f" {left_out} recorded steps in between are left out." if left_out else "")
    )
    without = tag("noscript", tag("p", "Without scripts the last step is shown.", class_="about"))
    return join([tag("p", about, class_="about"), without, time_picture(made), _agents(found, made)])


def moments(
    run: Run,
    history: DialectsOverTime,
    heard: Bool[np.ndarray, " N"],
    *,
    word: str = "dialect",
    last: Lexicon | None = None,
) -> Moments:
    """Return what the picture of time shows of a run.

    Parameters
    ----------
    history
        The dialects of the run at its recorded lexicons; where there are too many for a page, equally spaced ones are
        taken.
    heard
        Which agents another one may hear; the others speak no dialect.
    word
        What a group of agents with similar messages is called.
    last
        The last lexicon, where it has been read already.
    """
    agents = run.agents()
    n_agents = len(agents.names)
    chosen = thinned(range(len(history.steps)), most_steps(n_agents))
    steps = history.steps[chosen].tolist()
    links = [run.edges(step) for step in steps]
    known = {last.step: last} if last is not None else {}
    success = ((known.get(step) or run.lexicon(step)).splits["train"].success for step in steps)
    means = [_means(values, ends) for values, ends in zip(success, links, strict=True)]  # one matrix at a time
    places = agents.positions
    if places is None or places.shape[1] != 2:
        places = layout(links[-1], n_agents)
    return Moments(
        steps=history.steps[chosen],
        groups=np.where(heard, history.labels[chosen], -1),
        speaks=np.array([speaks for speaks, _, _ in means]),
        hears=np.array([hears for _, hears, _ in means]),
        links=links,
        overall={"success over links": np.array([over_links for _, _, over_links in means])},
        names=agents.names,
        places=places,
        attributes=agents.attributes,
        word=word,
    )


def _means(
    success: Float[np.ndarray, "N N"], edges: Int[np.ndarray, "E 2"]
) -> tuple[Float[np.ndarray, " N"], Float[np.ndarray, " N"], float]:
    """Return the mean success of each agent as a speaker and as a listener, and that over links."""
    over_links = float(success[tuple(edges.T)].mean()) if len(edges) else np.nan
    return _with_others(success, axis=1), _with_others(success, axis=0), over_links


def _with_others(success: Float[np.ndarray, "N N"], *, axis: int) -> Float[np.ndarray, " N"]:
    """Return the mean success of each agent with all others, as a speaker (axis 1) or as a listener (axis 0)."""
    others = len(success) - 1
    return np.asarray((success.sum(axis=axis) - np.diag(success)) / others) if others else np.full(len(success), np.nan)


def _agents(found: PopulationFindings, made: Moments) -> Html:
    """Return a table of all agents at the last step, closed until the reader opens it."""
    degrees = found.degrees
    attributes = list(made.attributes)
    heads = ["agent", *map(printable, attributes), made.word, "heard by", "hears", "understood", "understands"]
    rows = (
        [
            printable(made.names[agent]),
            *(printable(made.attributes[name][agent]) for name in attributes),
            int(made.groups[-1, agent]) + 1 or "–",
            int(degrees["out_degree"][agent]),
            int(degrees["in_degree"][agent]),
            percent(float(made.speaks[-1, agent])),
            percent(float(made.hears[-1, agent])),
        ]
        for agent in range(min(len(made.names), MOST_LISTED))
    )
    title = "All agents" if len(made.names) <= MOST_LISTED else f"The first {MOST_LISTED} agents"
    return tag(
        "details",
        tag("summary", f"{title} at step {made.steps[-1]:,}"),
        table(heads, rows, numbers_from=1 + len(attributes)),
    )
