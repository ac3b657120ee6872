"""Measure what other tools made: corpora of messages and records of activity."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hubbub.analysis.corpora import Corpus, CorpusMeasures
    from hubbub.analysis.records import Record
    from hubbub.analysis.temporal import ActivityMeasures


def measure_corpus_file(
    path: Path | str,
    options: Mapping[str, Any] | None = None,
    *,
    out: Path | str | None = None,
    topology: Path | str | None = None,
    seed: int = 0,
) -> tuple[CorpusMeasures, list[Path]]:
    """Read and measure a corpus, and write its report; return the measures and the files.

    Parameters
    ----------
    options
        Options of `hubbub.analysis.corpora.read_corpus`.
    out
        Folder of the report; `measures/NAME` when not given, NAME being that of the corpus.
    topology
        A graph file whose agents have the names of speakers, for measures over distance; by default the links are
        those from speakers to listeners.
    seed
        Seed of samples and nulls.

    Raises
    ------
    HubbubError
        What cannot be read, or a folder that cannot be written.
    """
    from hubbub.analysis.corpora import measure_corpus, read_corpus
    from hubbub.analysis.corpora.page import write_corpus_report

    corpus = read_corpus(path, **(options or {}))
    edges = None if topology is None else _edges_of(topology, corpus)
    found = measure_corpus(corpus, edges=edges, generator=np.random.default_rng(seed))
    name = name_of(path)
    return found, write_corpus_report(found, Path(out) if out is not None else Path("measures") / name, name=name)


def measure_record_file(
    path: Path | str,
    options: Mapping[str, Any] | None = None,
    *,
    out: Path | str | None = None,
    active: str | float = 0.0,
    surrogates: int = 20,
    seed: int = 0,
) -> tuple[Record, ActivityMeasures, list[Path]]:
    """Read and measure a record of spikes or activity, and write its report; return record, measures and files.

    Parameters
    ----------
    options
        Options of `hubbub.analysis.records.read_record`.
    out
        Folder of the report; `measures/NAME` when not given, NAME being that of the file.
    active
        From which activity on a bin is active: above 0, "mean", "median" or a number.
    surrogates, seed
        Size and seed of the nulls.

    Raises
    ------
    HubbubError
        What cannot be read, or a folder that cannot be written.
    """
    from hubbub.analysis.records import read_record
    from hubbub.analysis.records.page import write_record_report
    from hubbub.analysis.temporal import measure_activity

    if surrogates < 0:
        raise ConfigurationError(complaint("surrogates", expected="a whole number ≥ 0", got=surrogates))
    record = read_record(path, **(options or {}))
    generator = np.random.default_rng(seed)
    times = record.times if record.of_events else None
    found = measure_activity(record.activity, times=times, threshold=active, surrogates=surrogates, generator=generator)
    name = name_of(path)
    folder = Path(out) if out is not None else Path("measures") / name
    return record, found, write_record_report(record, found, folder, name=name)


def name_of(path: Path | str) -> str:
    """Return a short name for a file or folder: its own, without suffixes, or that of the folder of a corpus."""
    place = Path(path).expanduser().resolve()
    bare = place.name.split(".")[0] if place.is_file() else place.name
    return place.parent.name if bare in ("corpus", "messages") and place.parent.name else bare or "data"


def _edges_of(topology: Path | str, corpus: Corpus) -> NDArray[np.int64]:
    """Return the links of a graph file between the speakers of a corpus, as numbers of the speakers."""
    from hubbub.simulator.topology.files import read_topology

    graph = read_topology(str(topology))
    names = [str(name) for name in (graph.names if graph.names is not None else range(graph.n_agents))]
    numbers = {name: number for number, name in enumerate(corpus.speaker_names)}
    place = np.array([numbers.get(name, -1) for name in names])
    if (place >= 0).sum() < 2:
        known = ", ".join(corpus.speaker_names[:6])
        raise ConfigurationError(
            f"topology: expected agents with the names of speakers ({known} …), got {', '.join(names[:6])} …"
        )
    edges = np.stack([place[graph.sources], place[graph.targets]], axis=1)
    return edges[(edges >= 0).all(axis=1)]
