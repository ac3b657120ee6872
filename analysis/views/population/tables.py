"""The tables of a population: one row per observation, one column per variable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.dialects import cluster, dialects_over_time, hop_distances, similarity_matrix
from hubbub.analysis.hubs import degree_table, hubs_over_time

if TYPE_CHECKING:
    import pyarrow as pa

    from hubbub.simulator.store import Run


def population_tables(run: Run) -> Iterator[tuple[str, pa.Table]]:
    """Yield the tables of a population by name; pairs, messages, agents and edges are those of the last lexicon."""
    import pyarrow as pa

    yield "metrics", run.metric_rows()
    names = np.array(run.agents().names, dtype=object)
    if len(run.events()):
        yield "events", run.events()
        hubs = hubs_over_time(run)
        yield "degrees", pa.table(_over_time(hubs.steps, "links", hubs.degrees, names))
    yield "agents", pa.table(agent_columns(run))
    yield "edges", pa.table(_with_names(edge_columns(run), ("source", "target"), names))
    yield "pairs", pa.table(_with_names(_pair_columns(run), ("speaker", "listener"), names))
    yield "messages", pa.table(_message_columns(run, names))
    history = dialects_over_time(run)
    yield "dialects", pa.table(_over_time(history.steps, "dialect", history.labels + 1, names))


def agent_columns(run: Run) -> dict[str, Any]:
    """Return one row per agent `[N]`: its degree table, its dialect (1 is the largest), its source attributes."""
    agents, lexicon = run.agents(), run.lexicon()
    trained = lexicon.splits["train"]
    columns: dict[str, Any] = dict(
        degree_table(run.edges(lexicon.step), len(agents.names), agents.names, success=trained.success)
    )
    alike = similarity_matrix(trained.messages, lengths=trained.lengths)
    columns["dialect"] = cluster(alike).labels + 1
    for name, values in agents.attributes.items():
        columns[f"source_{name}" if name in columns else name] = list(values)
    return columns


def edge_columns(run: Run) -> dict[str, Any]:
    """Return one row per directed edge `[E]`: success and similarity over it, its weight and its source attributes.

    Edges that were added during the run have no weight (NaN) and no attributes (None).
    """
    lexicon = run.lexicon()
    trained, edges = lexicon.splits["train"], run.edges(lexicon.step)
    sources, targets = edges.T
    columns: dict[str, Any] = {
        "source": sources,
        "target": targets,
        "success": trained.success[sources, targets],
        "similarity": similarity_matrix(trained.messages, lengths=trained.lengths)[sources, targets],
    }
    weights = run.edge_weights()
    if weights is not None:
        known = dict(zip(map(tuple, run.edges(-1).tolist()), weights.tolist(), strict=True))
        columns["weight"] = np.array([known.get(edge, np.nan) for edge in map(tuple, edges.tolist())])
    first = {edge: link for link, edge in enumerate(map(tuple, run.edges(-1).tolist()))}
    links = [first.get(edge) for edge in map(tuple, edges.tolist())]
    for name, values in run.edge_attributes().items():
        own = f"source_{name}" if name in (*columns, "source_name", "target_name") else name
        columns[own] = [None if link is None else values[link] for link in links]
    return columns


def _with_names(columns: dict[str, Any], numbers: tuple[str, ...], names: NDArray[Any]) -> dict[str, Any]:
    """Return the columns with the name of each agent beside its number: `speaker_name` after `speaker`."""
    beside = {}
    for column, values in columns.items():
        beside[column] = values
        if column in numbers:
            beside[f"{column}_name"] = names[values]
    return beside


def _pair_columns(run: Run) -> dict[str, Any]:
    lexicon = run.lexicon()
    n_agents = len(run.agents().names)
    edges = run.edges(lexicon.step)
    hops = hop_distances(edges, n_agents).ravel()
    speaker, listener = np.indices((n_agents, n_agents)).reshape(2, -1)
    linked = np.zeros((n_agents, n_agents), dtype=bool)
    linked[edges[:, 0], edges[:, 1]] = True
    splits = lexicon.splits.values()
    similarities = [similarity_matrix(split.messages, lengths=split.lengths) for split in splits]
    n_splits, n_pairs = len(splits), n_agents * n_agents
    return {
        "step": np.full(n_splits * n_pairs, lexicon.step),
        "split": np.repeat(list(lexicon.splits), n_pairs),
        "speaker": np.tile(speaker, n_splits),
        "listener": np.tile(listener, n_splits),
        "linked": np.tile(linked.ravel(), n_splits),
        "distance": np.tile(hops, n_splits),
        "success": np.concatenate([split.success.ravel() for split in splits]),
        "similarity": np.concatenate([alike.ravel() for alike in similarities]),
    }


def _message_columns(run: Run, names: NDArray[Any]) -> dict[str, Any]:
    lexicon = run.lexicon()
    columns: dict[str, list[Any]] = {name: [] for name in ("step", "split", "agent", "name", "referent")}
    for name, split in lexicon.splits.items():
        ids, attributes, attribute_names = run.referents(name)
        meaning = dict(zip(ids.tolist(), attributes.tolist(), strict=True))
        for agent, messages in enumerate(split.messages.tolist()):
            for referent, message, length in zip(split.referents.tolist(), messages, split.lengths[agent], strict=True):
                row = {"step": lexicon.step, "split": name, "agent": agent, "name": names[agent], "referent": referent}
                row |= dict(zip(attribute_names, meaning[referent], strict=True))
                row |= {"length": int(length), "message": message[:length]}
                for key, value in row.items():
                    columns.setdefault(key, []).append(value)
    return columns


def _over_time(
    steps: NDArray[np.int64], name: str, values: NDArray[np.int64], names: NDArray[Any]
) -> dict[str, NDArray[Any]]:
    """Return a row for each step and agent of values `[T, N]`."""
    n_steps, n_agents = values.shape
    return {
        "step": np.repeat(steps, n_agents),
        "agent": np.tile(np.arange(n_agents), n_steps),
        "name": np.tile(names, n_steps),
        name: values.ravel(),
    }
