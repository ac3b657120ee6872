"""Synthetic run directories: agents that copy each other's messages along the links, written by the store."""

from __future__ import annotations

import itertools
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pyarrow as pa
import pytest

from hubbub.analysis import files
from hubbub.analysis.temporal import avalanches
from hubbub.simulator.store import Lexicon, LexiconSplit, Run, RunWriter, open_run


def write_run(
    path: Path,
    graph: nx.Graph,
    *,
    n_lexicons: int = 6,
    names: list[str] | None = None,
    attributes: dict[str, list[Any]] | None = None,
    positions: np.ndarray | None = None,
    held_out: bool = True,
    image_class: bool = False,
    same_messages: bool = False,
    seed: int = 0,
    faction: list[Any] | None = None,
    status: str = "finished",
    changes: list[tuple[int, str, int, int]] | None = None,
) -> Run:
    rng = np.random.default_rng(seed)
    n = graph.number_of_nodes()
    pairs = np.array(list(graph.edges), dtype=np.int64).reshape(-1, 2)
    edges = pairs if graph.is_directed() else np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    objects = np.arange(10)[:, None] if image_class else np.array(list(itertools.product(range(3), repeat=3)))
    split = np.array(["train"] * len(objects), dtype=object)
    if held_out:
        split[::5] = "held_out"
    columns = ["class"] if image_class else [f"attribute_{i}" for i in range(3)]
    R, L = len(objects), 4
    compositional = np.concatenate([objects + 1 + 3 * np.arange(objects.shape[1])], axis=1)[:, :3]

    languages = rng.integers(1, 12, (n, R, L))
    languages[..., -1] = 0
    if objects.shape[1] == 3:
        for agent in range(n):
            base = compositional if agent % 2 else compositional[:, ::-1]
            kept = rng.random(R) < 0.7
            languages[agent, kept, :3] = base[kept]
    languages[rng.random((n, R)) < 0.2, 2] = 0
    if same_messages:
        languages[:] = (1, 2, 0, 0)

    with RunWriter.create(
        path,
        name="synthetic",
        seed=seed,
        configuration={
            "topology": {"kind": "karate"},
            "referents": {"kind": "digits"} if image_class else {"kind": "symbolic", "attributes": 3, "values": 3},
            "game": {"kind": "reconstruction"},
            "training": {"steps": 1000},
        },
        versions={"python": "3.11", "torch": "2"},
    ) as writer:
        writer.write_table(
            "referents.parquet",
            pa.table({"referent": np.arange(R), "split": split.tolist(), **dict(zip(columns, objects.T, strict=True))}),
        )
        table: dict[str, Any] = {"agent": np.arange(n), "name": names or [str(node) for node in graph.nodes]}
        if positions is not None:
            table |= {"x": positions[:, 0], "y": positions[:, 1]}
        table |= {f"attribute:{key}": values for key, values in (attributes or {}).items()}
        writer.write_table("agents.parquet", pa.table(table))
        writer.write_table(
            "topology/edges.parquet",
            pa.table(
                {"source": edges[:, 0], "target": edges[:, 1], "weight": pa.array([None] * len(edges), pa.float64())}
            ),
        )
        for step, kind, source, target in changes or []:
            writer.append_rows("events", step, [{"kind": kind, "source": source, "target": target}])
        for record in range(n_lexicons):
            step = 200 * record
            if record and len(edges) and not same_messages:
                for _ in range(30 * R):
                    speaker, listener = edges[rng.integers(len(edges))]
                    apart = faction is not None and faction[speaker] != faction[listener]
                    if not (apart and record < n_lexicons - 2):
                        some = rng.random(R) < 0.3
                        languages[listener, some] = languages[speaker, some]
            splits = {name: _split(languages, np.flatnonzero(split == name), rng) for name in dict.fromkeys(split)}
            writer.write_snapshot(Lexicon(step, splits))
            linked = splits["train"].success[edges[:, 0], edges[:, 1]]
            writer.append_rows(
                "metrics",
                step,
                [
                    {"name": "success_over_links", "value": float(linked.mean()) if len(edges) else float("nan")},
                    {"name": "success_all_pairs", "value": float(splits["train"].success.mean())},
                    {"name": "success_self", "value": float(np.diag(splits["train"].success).mean())},
                    {"name": "similarity_over_links", "value": 0.3 + 0.05 * record},
                    {"name": "similarity_all_pairs", "value": 0.25 + 0.05 * record},
                    {"name": "loss", "value": 5.0 - record},
                    {"name": "games", "value": float(step * n * 32)},
                ],
            )
        writer.set_status(status, step=max(200 * (n_lexicons - 1), 0))
    return open_run(path)


def _split(languages: np.ndarray, referents: np.ndarray, rng: np.random.Generator) -> LexiconSplit:
    messages = languages[:, referents]
    ends = messages == 0
    lengths = np.where(ends.any(-1), ends.argmax(-1) + 1, messages.shape[-1])
    same = (messages[:, None] == messages[None]).all(-1).mean(-1)
    return LexiconSplit(referents, messages, lengths, np.clip(same + rng.normal(0, 0.02, same.shape), 0, 1))


page_problems = runpy.run_path(str(Path(__file__).parents[1] / "page_structure.py"))["page_problems"]


@pytest.fixture(autouse=True)
def _pages_are_well_formed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page that a test of this folder writes has the structure that readers and their tools need."""
    write = files.write_whole

    def checked(path: Path, content: str | bytes) -> Path:
        if path.suffix == ".html":
            problems = page_problems(content.decode() if isinstance(content, bytes) else content)
            assert not problems, "\n".join(problems)
        return write(path, content)

    monkeypatch.setattr(files, "write_whole", checked)


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., Run]:
    """Return a function that writes a synthetic run on a networkx graph and opens it."""

    def make(graph: nx.Graph, **options: Any) -> Run:
        return write_run(tmp_path / "run", graph, **options)

    return make


@pytest.fixture
def write_population() -> Callable[..., Run]:
    """The function that writes a synthetic run on a networkx graph to a path."""
    return write_run


@pytest.fixture
def karate_run(make_run: Callable[..., Run]) -> Run:
    graph = nx.karate_club_graph()
    club = [graph.nodes[agent]["club"] for agent in graph]
    return make_run(graph, attributes={"club": club}, faction=club)


@pytest.fixture
def memory_run(tmp_path: Path) -> Run:
    """Copies of a memory at 3 noise levels, 2 loads, 2 repetitions: those at 0.3 wander, the others are white noise."""
    return write_memory_run(tmp_path / "memory")


@pytest.fixture(scope="session")
def kept_memory_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same for tests that only read it."""
    return write_memory_run(tmp_path_factory.mktemp("kept") / "memory")


def write_memory_run(path: Path, *, n_steps: int = 1200, series_every: int = 1, patterns: bool = True) -> Run:
    rng = np.random.default_rng(0)
    grid = list(itertools.product((0.1, 0.3, 0.5), (2, 10), range(2)))
    noise, load, repetition = (np.array(column) for column in zip(*grid, strict=True))
    burn_in = 200
    configuration = {
        "system": "memory",
        "memory": {"kind": "sedam" if patterns else "threshold-neurons"},
        "topology": None,
        "recording": {"burn_in_steps": burn_in, "avalanches": True, "series_every": series_every},
    }
    n_copies = len(grid)
    white = rng.normal(size=(n_copies, n_steps))
    record = np.where(noise[:, None] == 0.3, np.cumsum(white, axis=1) / 10, white)
    activity = np.round(100 + 10 * record)
    with RunWriter.create(path, name="memories", seed=0, configuration=configuration, versions={}) as writer:
        writer.write_table(
            "copies.parquet",
            pa.table({"copy": np.arange(n_copies), "noise": noise, "load": load, "repetition": repetition}),
        )
        if series_every:
            step, copy = np.divmod(np.arange(activity.size), n_copies)
            series = {"step": step + 1, "copy": copy, "activity": activity.T.ravel()}
            if patterns:
                series["overlap"] = record.T.ravel()
            writer.append("series", series)
        events = []
        for number in range(n_copies):
            found = avalanches(activity[number, burn_in:], threshold=100)
            events += [(step + burn_in + 1, "avalanche-birth", number, None) for step in found.births.tolist()]
            deaths = zip(found.deaths.tolist(), found.sizes.tolist(), strict=True)
            events += [(step + burn_in + 1, "avalanche-death", number, size) for step, size in deaths]
            switched = rng.random(n_steps - burn_in) < 0.1
            events += [(int(step) + burn_in + 1, "coincidence", number, 9.0) for step in np.flatnonzero(switched)]
        events.sort(key=lambda event: event[:3])
        writer.append("events", dict(zip(("step", "kind", "copy", "value"), zip(*events, strict=True), strict=True)))
        values = {"activity": activity[:, -1]}
        if patterns:
            values |= {"overlap": record[:, -1], "mean_overlap": 1 - 2 * noise}
        metrics = [
            {"name": name, "value": float(value), "copy": number}
            for name, of_copies in values.items()
            for number, value in enumerate(of_copies)
        ]
        writer.append_rows("metrics", n_steps, metrics)
        writer.set_status("finished", step=n_steps)
    return open_run(path)


@pytest.fixture
def make_memory_run(tmp_path: Path) -> Callable[..., Run]:
    return lambda **changes: write_memory_run(tmp_path / "changed", **changes)


@pytest.fixture
def make_training_run(tmp_path: Path) -> Callable[..., Run]:
    return lambda **changes: write_training_run(tmp_path / "training", **changes)


def write_training_run(
    path: Path,
    *,
    pruning: tuple[float, ...] = (0.0, 0.5),
    starts: tuple[str, ...] = ("near", "far"),
    seeds: int = 3,
    steps: tuple[int, ...] = (0, 10, 20),
    diverging: int | None = None,
) -> Run:
    """Networks whose `skill` is step / 20 − pruning + seed / 10 and whose `cost <b>` is 5,000; one may diverge."""
    settings = list(itertools.product(starts, pruning, range(seeds)))
    with RunWriter.create(
        path,
        name="networks",
        seed=0,
        configuration={"system": "training", "task": {"kind": "riddle"}, "training": {"steps": steps[-1]}},
        versions={},
    ) as writer:
        start, share, seed = zip(*settings, strict=True)
        columns = {"seed": seed, "learning_rate": [0.1] * len(seed), "pruning": share, "start": start}
        writer.write_table("networks.parquet", pa.table({"network": range(len(settings)), **columns}))
        for step in steps:
            skill = [step / 20 - share + seed / 10 for _, share, seed in settings]
            if diverging is not None and step:
                skill[diverging] = float("nan")
            rows: list[dict[str, Any]] = [{"name": "skill", "value": v, "network": n} for n, v in enumerate(skill)]
            rows += [{"name": "cost <b>", "value": 5000.0, "network": n} for n in range(len(settings))]
            writer.append_rows("metrics", step, [*rows, {"name": "skill_mean", "value": float(np.nanmean(skill))}])
        writer.set_status("finished", step=steps[-1])
    return open_run(path)
