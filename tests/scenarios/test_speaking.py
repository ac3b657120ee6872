"""A trained population speaks as much as is asked for, and its corpus is read by hubbub and by XferBench's loader."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import hubbub as public
from hubbub.analysis.corpora import languages, read_corpus
from hubbub.analysis.export import export_run, validate_elcc
from hubbub.analysis.language import similarity_matrix, topographic_similarity
from hubbub.scenarios.speaking import spoken_messages
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import Run

SMALL = {
    "topology.kind": "ring",
    "topology.n_agents": 5,
    "training.steps": 3,
    "training.games_per_step": 4,
    "agent.hidden": 8,
    "recording.referents": 8,
    "engine.record_every": 3,
    "engine.checkpoint_every": 3,
    "engine.block_agents": 2,
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return public.run("ring-dialects", SMALL, out=tmp_path_factory.mktemp("spoken") / "run")


def as_xferbench_reads(path: Path) -> list[dict[str, list[int]]]:
    """What XferBench's loader makes of a folder: the first `*.jsonl`, whose lines are arrays of integers."""
    lines = next(path.glob("*.jsonl")).read_text().splitlines()
    first = json.loads(lines[0])
    assert not isinstance(first, dict) and type(first[0]) is int
    return [json.loads(f'{{"input_ids":{line}}}') for line in lines]


def test_as_many_messages_as_asked(hubbub: Callable, run: Run, tmp_path: Path) -> None:
    code, out, err = hubbub("export", run.path, "--format", "elcc", "--messages", "1234", "--out", tmp_path)
    assert (code, err) == (0, "")
    folder = Path(out.splitlines()[0]).parent
    assert validate_elcc(folder) == []
    assert len(list(folder.glob("*.jsonl"))) == 1
    lines = as_xferbench_reads(folder)
    assert len(lines) == 1234
    assert all(line["input_ids"] for line in lines)
    corpus = read_corpus(folder)
    assert (len(corpus), len(corpus.speaker_names), corpus.end_symbol) == (1234, 5, 0)
    assert corpus.lengths.tolist() == [len(line["input_ids"]) for line in lines]
    assert corpus.vocabulary == run.configuration["channel"]["vocabulary"]
    said = json.loads((folder / "metadata.json").read_text())["spoken"]
    assert said.startswith("the agents spoke in turn")


@pytest.mark.parametrize("form", ["elcc", "csv", "parquet"])
def test_an_exported_lexicon_is_measured_as_the_run_is(run: Run, tmp_path: Path, form: str) -> None:
    export_run(run, form, out=tmp_path)
    corpus = read_corpus(tmp_path, of_split="train", end_symbol=0)
    trained, (_, attributes, names) = run.lexicon().splits["train"], run.referents("train")
    spoken = languages(corpus, np.random.default_rng(0))
    assert not isinstance(spoken, str)
    assert corpus.attributes == tuple(names)
    found = topographic_similarity(spoken.messages, spoken.referents, lengths=spoken.lengths, permutations=0)
    known = {r: row for row, r in enumerate(run.referents("train")[0].tolist())}
    rows = [known[r] for r in trained.referents.tolist()]
    own = topographic_similarity(trained.messages, attributes[rows], lengths=trained.lengths, permutations=0)
    assert found.value == pytest.approx(own.value)
    assert similarity_matrix(spoken.messages, lengths=spoken.lengths) == pytest.approx(
        similarity_matrix(trained.messages, lengths=trained.lengths)
    )


def test_the_first_messages_do_not_depend_on_how_many(run: Run) -> None:
    few, many = spoken_messages(run.path, 7), spoken_messages(run.path, 9000)
    assert few.speakers.tolist() == [0, 1, 2, 3, 4, 0, 1]
    assert np.array_equal(few.messages, many.messages[:7])
    assert np.array_equal(few.referents, many.referents[:7])
    assert set(many.referents.tolist()) == set(run.referents("train")[0].tolist())


def test_messages_are_drawn_from_what_an_agent_may_say(run: Run) -> None:
    """The most frequent message about a referent is the greedy one more often than another."""
    spoken = spoken_messages(run.path, 20_000)
    population = public.load_system(run.path)
    greedy = population.speak(spoken.speakers, spoken.referents)
    first = spoken.messages[:, 0] == greedy[:, 0]
    vocabulary = run.configuration["channel"]["vocabulary"]
    assert 1 / vocabulary < first.mean() < 1


def test_what_cannot_speak(hubbub: Callable, run: Run) -> None:
    assert hubbub("export", run.path, "--format", "csv", "--messages", "10")[0] == 2
    code, _, err = hubbub("export", run.path, "--format", "elcc", "--messages", "0")
    assert (code, err) == (2, "hubbub: messages: expected a whole number above 0, got 0\n")


def test_only_populations_speak(tmp_path: Path) -> None:
    settings = {
        "memory.kind": "sedam",
        "patterns": {"kind": "random", "n_spins": 16},
        "copies": {"noise": [0.1], "load": [2]},
    }
    settings |= {
        "dynamics.steps": 4,
        "recording.burn_in_steps": 2,
        "engine.record_every": 4,
        "engine.checkpoint_every": 4,
    }
    made = public.run("sedam", settings, out=tmp_path / "run")
    with pytest.raises(ConfigurationError, match="expected a run of system population, got 'memory'"):
        spoken_messages(made.path, 10)
