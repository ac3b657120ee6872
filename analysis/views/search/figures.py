"""The figures of a report on a search: the graphs, the course of the search, and those of the population."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.figures import Varied, graph_gallery, interval_curves
from hubbub.analysis.measure import Measure
from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.views.population.figures import population_figures
from hubbub.analysis.views.population.findings import PopulationFindings

VALUES = {"best_value": "best graph", "mean_value": "mean over kept graphs", "reward": "mean reward of an agent"}


def search_figures(found: PopulationFindings) -> dict[str, ReportFigure]:
    """Return the figures by name; those for which a run has no data are left out."""
    steps = found.run.lexicon_steps()
    graphs = {f"{found.clock} {step:,}": (found.run.edges(step), found.n_agents) for step in (steps[0], steps[-1])}
    gallery = graph_gallery(graphs)
    caption = "The graph at the start and at the end; the area of an agent grows with its number of links."
    drawn = {"graphs": ReportFigure(gallery, [gallery], caption if len(graphs) > 1 else "The graph.")}
    if values := _values(found):
        of_search = found.clock == "generation"
        title, along = ("value of graphs", "generation") if of_search else ("reward", "training step")
        figure = interval_curves({title: values}, along=along, limits=None)
        drawn["search"] = ReportFigure(figure, [figure], _caption(found))
    return drawn | population_figures(found)


def _values(found: PopulationFindings) -> dict[str, Varied]:
    recorded = set(found.run.metric_rows()["name"].to_pylist())
    curves = {}
    for name, label in VALUES.items():
        steps, values = found.run.metric(name) if name in recorded else (np.empty(0), np.empty(0))
        if len(steps) > 1:
            curves[label] = Varied(steps.tolist(), [Measure(float(value), "1", name, 1) for value in values])
    return curves


def _caption(found: PopulationFindings) -> str:
    if found.clock != "generation":
        return "What an agent earns by a message on average, over training."
    return (
        "Expected value of the best graph and of all graphs that were kept, over the generations. The value of a graph "
        "that was selected for it is too high: judge it by the success above."
    )
