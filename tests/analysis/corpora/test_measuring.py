"""Measures of a corpus are those of the arrays in it, with nulls; what is not there has a reason."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hubbub.analysis.corpora import language_measures, languages, measure_corpus, read_corpus
from hubbub.analysis.corpora.page import write_corpus_report
from hubbub.analysis.dialects import similarity
from hubbub.analysis.language import message_entropy, topographic_similarity
from hubbub.simulator.errors import ConfigurationError

languages_module = sys.modules["hubbub.analysis.corpora.languages"]
Write = Callable[[str, str], Path]


def test_languages_of_speakers(write: Write) -> None:
    rows = "speaker,message,meaning\n"
    rows += "a,1 1,x\na,1 1,x\na,2 1,x\na,3 1,y\na,4 1,z\nb,5 1,y\nb,6 1,y\nb,7 1,x\nc,8 1,q\n"
    found = languages(read_corpus(write("talk.csv", rows)), np.random.default_rng(0))
    assert not isinstance(found, str)
    assert found.messages.tolist() == [[[1, 1], [3, 1]], [[7, 1], [5, 1]]]  # the most frequent; of equal ones the first
    assert (found.speakers.tolist(), found.counts.tolist()) == ([0, 1], [4, 3])
    assert found.note == "2 of 3 speakers; 2 of 4 referents, which all of them named"
    assert languages(read_corpus(write("one.csv", "speaker,message,meaning\na,1 1,x\n")), np.random.default_rng(0)) == (
        "the corpus has one speaker"
    )


def test_all_measures_of_two_dialects(write: Write, two_dialects: list[Any], as_lines: Callable) -> None:
    corpus = read_corpus(write("talk.jsonl", as_lines(two_dialects)), end_symbol=0, vocabulary=7)
    found = measure_corpus(corpus)
    assert found.grouping is not None and found.grouping.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert found.dialects["adjusted Rand index, dialects and groups"].value == 1
    assert found.dialects["border against continuum"].reason.startswith("result: ")
    undefined = {name for name, one in (found.language | found.dialects).items() if math.isnan(one.value)}
    answers = {"listener synchrony", "positive listening", "causal influence"}
    assert undefined == answers | {"abbreviation", "asymmetry of success"}
    assert all((found.language | found.dialects)[name].reason for name in undefined)
    with_null = {name for name, one in (found.language | found.dialects).items() if one.null}
    assert {
        "topographic similarity",
        "speaker synchrony",
        "similarity of speakers",
        "silhouette of dialects",
    } <= with_null

    spoken = found.languages
    assert not isinstance(spoken, str)
    alone = topographic_similarity(spoken.messages, spoken.referents, lengths=spoken.lengths)
    assert found.language["topographic similarity"].value == alone.value
    assert (
        found.dialects["similarity of speakers"].value == similarity(spoken.messages, lengths=spoken.lengths).mean.value
    )


def test_links_that_are_given(write: Write, two_dialects: list[Any], as_lines: Callable) -> None:
    bare = [{name: row[name] for name in ("speaker", "referent", "message")} for row in two_dialects]
    corpus = read_corpus(write("talk.jsonl", as_lines(bare)))
    without = measure_corpus(corpus)
    assert "topology=FILE gives them" in without.dialects["Mantel correlation with distance"].reason
    line = np.array([[i, i + 1] for i in range(5)] + [[i + 1, i] for i in range(5)])
    within = measure_corpus(corpus, edges=line)
    named = measure_corpus(read_corpus(write("all.jsonl", as_lines(two_dialects))))
    name = "Mantel correlation with distance"
    assert within.dialects[name].value == named.dialects[name].value
    assert within.by_distance is not None and within.by_distance.distance.tolist() == [1, 2, 3, 4, 5]


def test_success_of_all_pairs(write: Write, as_lines: Callable) -> None:
    rows = [
        {"speaker": i, "listener": j, "referent": r, "message": [r + 1], "success": int(i < j)}
        for i in range(3)
        for j in range(3)
        if i != j
        for r in range(4)
    ]
    found = measure_corpus(read_corpus(write("talk.jsonl", as_lines(rows))))
    assert found.dialects["asymmetry of success"].value == 1
    assert found.language["success"].value == 0.5


def test_messages_without_speakers_are_measured_together(write: Write) -> None:
    rng = np.random.default_rng(0)
    rows = [(a, b, [1 + a, 4 + b]) for a in range(3) for b in range(3) for _ in range(3)]
    text = "message,attribute_a,attribute_b\n" + "".join(f"{m[0]} {m[1]},{a},{b}\n" for a, b, m in rows)
    found = measure_corpus(read_corpus(write("talk.csv", text)), generator=rng)
    assert found.language["topographic similarity"].value > 0.99
    assert found.language["positional disentanglement"].value == 1
    assert found.language["speaker synchrony"].reason == "fewer than 2 speakers who named the same referents"
    assert found.dialects["silhouette of dialects"].reason == "the corpus names no speakers"


def test_many_messages_are_sampled_and_it_is_said(write: Write, monkeypatch: Any) -> None:
    monkeypatch.setattr(language_measures, "MOST_MESSAGES", 200)
    monkeypatch.setattr(language_measures, "MOST_COMPARED", 50)
    rng = np.random.default_rng(0)
    messages = rng.integers(1, 30, (1000, 3))
    text = "message,meaning\n" + "".join(f"{' '.join(map(str, m))},{m[0]}\n" for m in messages.tolist())
    corpus = read_corpus(write("talk.csv", text))
    found = measure_corpus(corpus)
    assert found.language["message entropy"].value == message_entropy(messages, end_symbol=None).value  # of all of them
    assert found.language["topographic similarity"].n == 50 * 49 / 2
    assert found.language["context independence"].n == 200
    assert "50 of 1,000 messages, drawn at random, were used for topographic similarity" in " ".join(found.notes)
    again = measure_corpus(corpus)
    assert again.language["context independence"].value == found.language["context independence"].value


def test_many_speakers_and_referents_are_sampled(write: Write, as_lines: Callable, monkeypatch: Any) -> None:
    monkeypatch.setattr(languages_module, "MOST_SPEAKERS", 4)
    monkeypatch.setattr(languages_module, "MOST_REFERENTS", 5)
    rows = [{"speaker": i, "referent": r, "message": [1 + (i + r) % 3]} for i in range(6) for r in range(9)]
    found = languages(read_corpus(write("talk.jsonl", as_lines(rows))), np.random.default_rng(0))
    assert not isinstance(found, str)
    assert found.messages.shape == (4, 5, 1)
    assert "4 of the speakers were drawn at random; 5 of the referents were drawn at random" in found.note
    for row, speaker in enumerate(found.speakers):
        assert found.messages[row, :, 0].tolist() == (1 + (speaker + found.referents[:, 0]) % 3).tolist()


def test_links_to_nobody_are_refused(write: Write, two_dialects: list[Any], as_lines: Callable) -> None:
    corpus = read_corpus(write("talk.jsonl", as_lines(two_dialects)))
    with pytest.raises(ConfigurationError, match="edges: expected agents 0 … 5"):
        measure_corpus(corpus, edges=np.array([[0, 6]]))


def test_the_report(write: Write, two_dialects: list[Any], as_lines: Callable, tmp_path: Path) -> None:
    two_dialects[0]["referent"]["shape"] = "<b>&"
    for row in two_dialects:
        row |= {name: f"<i>{row[name]}" for name in ("speaker", "listener")}
    found = measure_corpus(read_corpus(write("talk.jsonl", as_lines(two_dialects))))
    files = {file.name: file for file in write_corpus_report(found, tmp_path / "out", name="talk <1>")}
    page = files["report.html"].read_text()
    assert "talk &lt;1&gt;" in page and "<i>s0" not in page
    assert page.count("<svg") == 5
    table = files["measures.csv"].read_text().splitlines()
    assert table[0].startswith("measure,value,unit,low,high,null_mean")
    numbers = json.loads(files["measures.json"].read_text())
    assert numbers["language"]["message entropy"]["value"] == found.language["message entropy"].value
    assert len(table) == 1 + len(numbers["language"]) + len(numbers["dialects"])
    assert numbers["dialects"]["silhouette of dialects"]["null"]["n"] == 20
