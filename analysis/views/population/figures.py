"""The figures of a report on a population."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.dialects.agreement import contingency
from hubbub.analysis.figures import (
    Curve,
    DistanceCurve,
    Grouping,
    agreement_curve,
    degree_success,
    dialect_strips,
    distance_curves,
    graph_map,
    layout,
    learning_curves,
    success_heatmap,
)
from hubbub.analysis.figures.learning_curves import DRAWN
from hubbub.analysis.figures.style import PALETTE
from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.numbers import percent
from hubbub.analysis.views.population.findings import PopulationFindings
from hubbub.analysis.views.population.verdicts import verdicts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_PAIRS_SHOWN, CELLS_OF_MANY = 100, 60
"""With more agents than this, the matrix shows about so many means over agents in a row."""


def population_figures(found: PopulationFindings) -> dict[str, ReportFigure]:
    """Return the figures by name; those for which a run has no data are left out."""
    drawn = {"dialect-map": _dialect_map(found), "success-matrix": _success_matrix(found)}
    curves = _curves(found)
    if curves.keys() & DRAWN.keys():
        drawn["learning-curves"] = _learning(found, curves)
    if len(found.success_by_distance.distance):
        drawn["by-distance"] = _by_distance(found)
    if len(found.history.steps) > 1 and found.n_agents > 2:
        drawn["dialects-over-time"] = _over_time(found)
        if found.partition is not None:
            drawn["agreement"] = _agreement(found)
    if len(found.edges) and np.isfinite(found.degrees["success_as_speaker"]).all():
        drawn["degree-success"] = _degrees(found)
    return drawn


def _dialect_map(found: PopulationFindings) -> ReportFigure:
    places, known, labels = found.agents.positions, found.partition, found.dialects.labels
    if places is None or places.shape[1] != 2:
        places = layout(found.edges, found.n_agents)
    word = "dialect" if verdicts(found).about_dialects else "group"
    dialects = [f"{word} {d + 1}" for d in range(found.dialects.n_clusters)]
    title = "Dialects" if word == "dialect" else "Groups of similar messages"
    groupings = [Grouping(title, labels, dialects, none="not heard by anybody")]
    caption = f"The graph at {found.clock} {found.lexicon.step:,}, agents coloured by {word}"
    if known is not None:
        colours = _like_dialects(known.groups, labels)
        groupings.append(Grouping(f"Known: {known.name}", known.groups, [str(v) for v in known.values], colours))
        caption += (
            f" and by “{known.name}”; groups with most agents in common have the same colour, shapes are "
            f"“{known.name}” in both"
        )
    shapes = None if known is None else known.groups

    def draw(chosen: Sequence[Grouping]) -> Figure:
        return graph_map(found.edges, places, chosen, names=found.agents.names, shapes=shapes)

    caption += ". The area of a symbol grows with the number of links."
    if _directed(found.edges):
        caption += " An arrowhead is at the agent that hears; agents hear each other along lines without one."
    if max(grouping.labels.max(initial=-1) for grouping in groupings) >= len(PALETTE):
        caption += " The ten largest groups have colours, the others are grey."
    return _in_panels(draw, groupings, caption)


def _success_matrix(found: PopulationFindings) -> ReportFigure:
    many = found.n_agents > MOST_PAIRS_SHOWN
    figure = success_heatmap(
        found.trained.success,
        found.dialects.labels,
        names=found.agents.names,
        most_cells=CELLS_OF_MANY if many else found.n_agents,
    )
    cells = "a cell is the mean over neighbouring agents of one dialect" if many else "a cell is a pair"
    caption = (
        f"Success of speakers (rows) with listeners (columns), ordered by dialect; {cells}, lines separate dialects, "
        "and numbers are those of the dialects."
    )
    return ReportFigure(figure, [figure], caption)


def _learning(found: PopulationFindings, curves: dict[str, Curve]) -> ReportFigure:
    figure = learning_curves(curves, games=curves.get("games"), chance=found.chance, along=_along(found))
    return ReportFigure(
        figure,
        [figure],
        f"Metrics over {found.clock}s. Success is that of the most likely messages; “held out” are referents that no "
        "agent was trained on.",
    )


def _by_distance(found: PopulationFindings) -> ReportFigure:
    null = found.similarity.mean.null
    curves = [
        DistanceCurve("Success", found.success_by_distance, chance=found.chance),
        DistanceCurve("Similarity of messages", found.similarity_by_distance, 4, null.mean if null else np.nan),
    ]
    caption = (
        "Success and similarity by distance on the graph; bars are 95 % intervals (jackknife over agents; "
        "none where all pairs share an agent), dashed lines are chance. For comparison, "
        f"the success of an agent with itself is {percent(found.success['train']['self'])}."
    )
    return _in_panels(distance_curves, curves, caption)


def _over_time(found: PopulationFindings) -> ReportFigure:
    known = found.partition
    groups = None if known is None else known.groups
    figure = dialect_strips(found.history, names=found.agents.names, groups=groups, along=_along(found))
    caption = (
        f"The dialect of every agent at every recorded {found.clock}; a dialect keeps its colour over time, and its "
        "number at the end is at the right."
    )
    if known is not None:
        caption += f" White lines divide the agents by “{known.name}”."
    return ReportFigure(figure, [figure], caption)


def _agreement(found: PopulationFindings) -> ReportFigure:
    assert found.partition is not None
    known = found.partition
    figure = agreement_curve(known.over_time, graph_alone=known.graph_alone, along=_along(found))
    caption = (
        f"Agreement of the dialects with “{known.name}” over time. The grey band is from the mean to the 95 % "
        "quantile of the null distribution."
    )
    return ReportFigure(figure, [figure], caption)


def _degrees(found: PopulationFindings) -> ReportFigure:
    def draw(roles: Sequence[str]) -> Figure:
        return degree_success(found.degrees, found.dialects.labels, roles=roles)

    caption = (
        "Success as a speaker and as a listener, with all other agents, against the number of links; colours and "
        "shapes are dialects. The agents with most links are named, unless others have as many."
    )
    return _in_panels(draw, ["speaker", "listener"], caption)


def _along(found: PopulationFindings) -> str:
    return "training step" if found.clock == "step" else found.clock


def _directed(edges: NDArray[np.int64]) -> bool:
    """Return whether some links have one direction only."""
    return set(map(tuple, edges.tolist())) != set(map(tuple, edges[:, ::-1].tolist()))


def _in_panels(draw: Callable[[Sequence[Any]], Figure], parts: Sequence[Any], caption: str) -> ReportFigure:
    return ReportFigure(draw(parts), [draw([part]) for part in parts], caption)


def _curves(found: PopulationFindings) -> dict[str, Curve]:
    recorded = set(found.run.metric_rows()["name"].to_pylist())
    curves = {name: Curve(*found.run.metric(name)) for name in (*DRAWN, "games") if name in recorded}
    return {name: curve for name, curve in curves.items() if np.isfinite(curve.values).any()}


def _like_dialects(groups: NDArray[np.int64], labels: NDArray[np.int64]) -> list[int]:
    """Return a colour for each group: that of the dialect with most agents in common, then unused colours."""
    from scipy.optimize import linear_sum_assignment

    known = (groups >= 0) & (labels >= 0)
    shared = contingency(groups[known], labels[known][None])[0]
    chosen = {int(g): int(d) for g, d in zip(*linear_sum_assignment(-shared), strict=True) if shared[g, d]}
    free = iter(sorted(set(range(len(shared) + int(labels.max()) + 1)) - set(chosen.values())))
    return [chosen[group] if group in chosen else next(free) for group in range(len(shared))]
