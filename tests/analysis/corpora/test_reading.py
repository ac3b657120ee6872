"""Corpora of other tools: what each form means, and what is refused."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from hubbub.analysis.corpora import Corpus, read_corpus
from hubbub.simulator.errors import ConfigurationError

Write = Callable[[str, str], Path]


def said(corpus: Corpus) -> list[list[int]]:
    return [row[:n] for row, n in zip(corpus.messages.tolist(), corpus.lengths.tolist(), strict=True)]


def test_lines_of_arrays_with_an_end_symbol(write: Write) -> None:
    """ELCC's `corpus.jsonl` (Boldt & Mortensen 2024): an array of symbols a line."""
    folder = write("egg/corpus.jsonl", "[1, 2, 0]\n[4, 0]\n\n[4, 3, 5]\n").parent
    corpus = read_corpus(folder)
    assert said(corpus) == [[1, 2, 0], [4, 0], [4, 3, 5]]
    assert (corpus.end_symbol, corpus.form, corpus.speakers, corpus.referents) == (0, "ELCC", None, None)
    assert "end symbol 0" in corpus.summary
    assert "taken for the symbol that ends" in corpus.notes[0]
    assert read_corpus(folder, end_symbol="none").end_symbol is None


@pytest.mark.parametrize(
    ("lines", "end", "lengths"),
    [
        ("[1, 0, 0]\n[2, 3, 0]\n", 0, [2, 3]),  # padding
        ("[1, 2]\n[2, 0]\n", None, [2, 2]),  # may be a symbol like the others: a note says so
        ("[0, 1]\n[2, 0]\n", None, [2, 2]),
        ("[0]\n[1]\n", None, [1, 1]),
        ("[1, 2]\n[2]\n", None, [2, 1]),
    ],
)
def test_when_0_ends_a_message(write: Write, lines: str, end: int | None, lengths: list[int]) -> None:
    corpus = read_corpus(write("some.jsonl", lines))
    assert (corpus.end_symbol, corpus.lengths.tolist()) == (end, lengths)


def test_what_follows_a_given_end_symbol_is_cut(write: Write) -> None:
    corpus = read_corpus(write("some.jsonl", "[1, 9, 2]\n[9, 9]\n[3]\n"), end_symbol=9)
    assert said(corpus) == [[1, 9], [9], [3]]
    assert said(read_corpus(write("padded.jsonl", "[1, 2, -1]\n[-1, -1, -1]\n"), padding=-1)) == [[1, 2], []]


def test_an_episode_of_several_utterances_of_several_agents(write: Write) -> None:
    """`corpus.structured.jsonl` of a game of many agents: moments, each with the signal of every agent."""
    structured = '[{"vil_0": [1, 2], "wolf_1": [3, 3]}, {"vil_0": [2, 2], "wolf_1": [1, 1]}]\n[{"vil_0": [7, 2]}]\n'
    write("rlupus/corpus.jsonl", "[1, 2, 3, 3, 2, 2, 1, 1]\n[7, 2]\n")
    corpus = read_corpus(write("rlupus/corpus.structured.jsonl", structured).parent)
    assert said(corpus) == [[1, 2], [3, 3], [2, 2], [1, 1], [7, 2]]
    assert corpus.episodes.tolist() == [0, 0, 0, 0, 1]
    assert corpus.speakers is not None
    assert [corpus.speaker_names[i] for i in corpus.speakers] == ["vil_0", "wolf_1", "vil_0", "wolf_1", "vil_0"]
    assert corpus.notes == ("episodes of several utterances: each innermost array of symbols is one message",)


def test_flat_episodes_are_divided_when_told(write: Write) -> None:
    write("data/metadata.json", '{"metadata": {"multi_utterance": true}}')
    path = write("data/corpus.jsonl", "[1, 2, 3, 3, 2]\n[7, 2]\n")
    whole = read_corpus(path)
    assert len(whole) == 2
    assert "utterance_length=N or utterance_end=SYMBOL divides it" in whole.notes[0]
    by_length = read_corpus(path, utterance_length=2)
    assert said(by_length) == [[1, 2], [3, 3], [2], [7, 2]]
    assert by_length.notes == ("every array of symbols was divided into utterances of 2 symbols",)
    assert said(read_corpus(path, utterance_end="2")) == [[1, 2], [3, 3, 2], [7, 2]]


NESTED = [
    ("[[1, 2], [3]]\n[[4]]\n", [[1, 2], [3], [4]], [0, 0, 1]),
    ('{"utterances": [{"speaker": "a", "tokens": [1]}, {"speaker": "b", "tokens": [2, 2]}]}\n', [[1], [2, 2]], [0, 0]),
    ('{"turns": [{"sender": 1, "signal": [1]}], "meaning": "x"}\n', [[1]], [0]),
    ('{"speakers": ["a", "b"], "messages": [[1], [2]]}\n', [[1], [2]], [0, 0]),
]


@pytest.mark.parametrize(("line", "messages", "episodes"), NESTED)
def test_other_episodes(write: Write, line: str, messages: list[list[int]], episodes: list[int]) -> None:
    corpus = read_corpus(write("some.jsonl", line))
    assert (said(corpus), corpus.episodes.tolist()) == (messages, episodes)
    if "speakers" in line or "speaker" in line:
        assert corpus.speaker_names == ("a", "b")


def test_lines_of_objects(write: Write, two_dialects: list[Any], as_lines: Callable) -> None:
    corpus = read_corpus(write("talk.jsonl", as_lines(two_dialects)))
    assert len(corpus) == len(two_dialects)
    assert corpus.speaker_names == corpus.listener_names == tuple(f"s{i}" for i in range(6))
    assert (corpus.attributes, corpus.n_referents, corpus.group_names) == (("shape", "colour"), 9, ("west", "east"))
    assert corpus.groups is not None and corpus.groups.tolist() == [0, 0, 0, 1, 1, 1]
    assert corpus.attribute_values == ((0, 1, 2), ("c0", "c1", "c2"))


def test_tables(write: Write, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    text = "sender,receiver,shape,colour,utterance,note\nann,bob,1,red,3 1 4,x\nbob,ann,2,red,2 1,y\n"
    rows = [("ann", [3, 1, 4]), ("bob", [2, 1])]
    for path in (
        write("talk.csv", text),
        write("talk.tsv", text.replace(",", "\t")),
        write(
            "semicolons.csv", "\ufeff" + text.replace(",", ";").replace("3 1 4", '"3, 1, 4"').replace("2 1", '"2, 1"')
        ),
    ):
        corpus = read_corpus(path, referent="shape,colour")
        assert said(corpus) == [message for _, message in rows]
        assert (corpus.speaker_names, corpus.attributes) == (("ann", "bob"), ("shape", "colour"))
        assert corpus.left_out == ("note",)
    frame = pandas.DataFrame({"speaker": ["ann", "bob"], "message": [[3, 1, 4], [2, 1]], "attribute_0": [1, 2]})
    frame.to_parquet(tmp_path / "talk.parquet")
    corpus = read_corpus(tmp_path / "talk.parquet")
    assert (said(corpus), corpus.attributes) == ([[3, 1, 4], [2, 1]], ("attribute_0",))
    assert "referent=COLUMN,COLUMN takes columns, of shape, colour" in read_corpus(write("t.csv", text)).notes[1]


def test_what_spreadsheets_write_around_a_table(write: Write) -> None:
    corpus = read_corpus(write("talk.csv", "sep=;\nspeaker; message\nann ; 3 1;\nbob; 2;\n;;\n"))
    assert (said(corpus), corpus.speaker_names) == ([[3, 1], [2]], ("ann", "bob"))
    with pytest.raises(ConfigurationError, match="line 4: expected 2 cells, got 3"):
        read_corpus(write("bad.csv", "sep=;\nspeaker;message\nann;3 1\nbob;2;1\n"))


def test_a_damaged_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "talk.parquet"
    parquet.write_table(pa.table({"speaker": ["ann", "bob"] * 50, "message": ["3 1 4", "2 1"] * 50}), path)
    whole = path.read_bytes()
    refused = 0
    for place in range(4, len(whole), 29):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            read_corpus(path)
        except ConfigurationError:
            refused += 1
    assert refused


def test_one_line_of_text_a_message_and_compressed_files(write: Write, tmp_path: Path) -> None:
    assert said(read_corpus(write("lines.txt", "3 1 4\n1 5\n"))) == [[3, 1, 4], [1, 5]]
    (tmp_path / "packed.jsonl.gz").write_bytes(gzip.compress(b"[3, 1]\n[4]\n"))
    assert said(read_corpus(tmp_path / "packed.jsonl.gz")) == [[3, 1], [4]]
    assert said(read_corpus(write("corpus.json", "[[3, 1],\n [4]]"))) == [[3, 1], [4]]


def test_words_are_numbered_and_numbers_kept(write: Write) -> None:
    corpus = read_corpus(write("words.csv", "message\nba du ba\ndu\n"))
    assert (said(corpus), corpus.symbol_names) == ([[0, 1, 0], [1]], ("ba", "du"))
    assert said(read_corpus(write("numbers.csv", "message\n10 2\n7 \n"))) == [[10, 2], [7]]


def test_messages_without_anything_between_symbols(write: Write) -> None:
    path = write("letters.csv", "form,meaning\nabba,1\nba,2\n")
    with pytest.raises(ConfigurationError, match=r"separator: expected something between the symbols .* got 'abba'"):
        read_corpus(path)
    assert said(read_corpus(path, separator="each")) == [[0, 1, 1, 0], [1, 0]]
    assert said(read_corpus(path, separator="none")) == [[0], [1]]
    assert said(read_corpus(write("hyphens.csv", "message\n3-1\n4\n"))) == [[3, 1], [4]]
    assert said(read_corpus(write("lengths.csv", "message,length\n12,1\n7,1\n"))) == [[12], [7]]


def test_the_last_step_is_taken(write: Write) -> None:
    path = write("steps.csv", "epoch,message,meaning,split\n2,1 2,0,train\n10,2 2,1,train\n10,3 1,1,test\n")
    last = read_corpus(path)
    assert (said(last), last.notes[-1]) == ([[2, 2], [3, 1]], "of 2 values of step, the last was taken: 10")
    assert said(read_corpus(path, at_step=2)) == [[1, 2]]
    assert len(read_corpus(path, at_step="all")) == 3
    assert said(read_corpus(path, of_split="test")) == [[3, 1]]
    with pytest.raises(ConfigurationError, match="at_step: expected one of 2, 10, got '5'"):
        read_corpus(path, at_step="5")


REFUSED = [
    ("a.jsonl", "[1, 2]\n[1.5]\n", {}, r"message in line 2: expected symbols 0, 1, 2 …, got 1\.5"),
    ("a.jsonl", "[1, true]\n", {}, "got True"),
    ("a.jsonl", "[1, 2]\n[-1]\n", {}, r"padding=-1 cuts off −1 at the ends\), got -1"),
    ("a.jsonl", "[1, 2]\n{bad\n", {}, r"a\.jsonl, line 2: expected JSON"),
    ("a.jsonl", "1], [2\n", {}, r"a\.jsonl, line 1: expected JSON"),
    ("a.jsonl", '[1]\n["ba"]\n', {}, "whole numbers or words as symbols, got both"),
    ("a.jsonl", '{"colour": "red", "size": 3}\n', {}, "got colour, size; name it: message=FIELD"),
    ("a.jsonl", "[[[[]]]]\n", {}, "expected a corpus with symbols, got none"),
    ("a.jsonl", "[" * 100_000 + "\n", {}, "expected JSON"),
    ("a.csv", "a,b\n1,2\n", {}, "got the columns a, b; name it: message=COLUMN"),
    ("a.csv", "message,message\n1,2\n", {}, "each once"),
    ("a.csv", "message,b\n1 2\n", {}, "line 2: expected 2 cells, got 1"),
    ("a.csv", "message\n1 2\n", {"speaker": "who"}, "speaker: expected one of the columns message, got 'who'"),
    ("a.csv", "message,success\n1 2,7\n", {}, r"success in line 1: expected 0 … 1, got '7'"),
    ("a.csv", "message,length\n1 2,3\n", {}, "length in line 1: expected at most the 2 symbols"),
    ("a.csv", "message\n1 2\n", {"mesage": "x"}, "did you mean 'message'"),
    ("a.csv", "message\n1 2\n", {"utterance_length": "0"}, "utterance_length: expected a whole number above 0"),
    ("a.wav", "RIFF", {}, r"got a file that ends with '\.wav'"),
]


@pytest.mark.parametrize(("name", "text", "options", "message"), REFUSED)
def test_what_is_refused(write: Write, name: str, text: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        read_corpus(write(name, text), **options)


def test_files_and_folders_without_a_corpus(write: Write, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such file or folder"):
        read_corpus(tmp_path / "missing.csv")
    with pytest.raises(ConfigurationError, match="expected a folder with one of corpus"):
        read_corpus(tmp_path)
    write("system/data/one/corpus.jsonl", "[1]\n")
    with pytest.raises(ConfigurationError, match="got a folder of several: data/one"):
        read_corpus(tmp_path / "system")
    (tmp_path / "latin.csv").write_bytes(b"message\n\xe9\n")
    with pytest.raises(ConfigurationError, match="expected a text file in UTF-8"):
        read_corpus(tmp_path / "latin.csv")


def test_missing_messages_and_referents_are_counted(write: Write) -> None:
    corpus = read_corpus(write("gaps.csv", "message,meaning\n1 2,x\n,y\n2 2,\n"))
    assert (len(corpus), corpus.referent_numbers.tolist()) == (2, [0, -1])
    assert "1 rows without a message were left out" in corpus.notes
    assert "1 messages have no referent, or not all of its attributes" in corpus.notes


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=6), min_size=1, max_size=8), st.integers(1, 4))
def test_every_form_gives_the_same_messages(tmp_path_factory: Any, messages: list[list[int]], at_once: int) -> None:
    folder = tmp_path_factory.mktemp("forms")
    (folder / "a.jsonl").write_text("".join(json.dumps(message) + "\n" for message in messages))
    (folder / "b.jsonl").write_text("".join(json.dumps({"message": message}) + "\n" for message in messages))
    (folder / "c.csv").write_text("message,x\n" + "".join(f"{' '.join(map(str, one))},1\n" for one in messages))
    (folder / "d.json").write_text(json.dumps(messages))
    (folder / "e.txt").write_text("".join(f"{' '.join(map(str, one))}\n" for one in messages))
    for file in sorted(folder.iterdir()):
        if max(map(len, messages)) > 1 or file.suffix not in (".csv", ".txt") or max(map(max, messages)) < 10:
            assert said(read_corpus(file)) == messages, file.name


def test_forms_and_referents_are_numbered(write: Write) -> None:
    corpus = read_corpus(write("some.csv", "message,meaning\n1 2,b\n2,a\n1 2,b\n"))
    assert (corpus.forms.tolist(), corpus.referent_numbers.tolist()) == ([0, 1, 0], [0, 1, 0])
    assert np.array_equal(corpus.table(np.array([1])), [[2]])


def test_a_column_for_each_position(write: Write) -> None:
    path = write("wide.csv", "s1,s2,s3,who\n3,1,4,ann\n1,5,,bob\n")
    corpus = read_corpus(path, message="s1,s2,s3", speaker="who")
    assert (said(corpus), corpus.left_out) == ([[3, 1, 4], [1, 5]], ())
    lines = write("wide.jsonl", '{"s1": 3, "s2": 1}\n{"s1": 2, "s2": null}\n')
    assert said(read_corpus(lines, message="s1,s2")) == [[3, 1], [2]]


def test_very_large_symbols_are_numbered_anew(write: Write) -> None:
    corpus = read_corpus(write("tokens.jsonl", "[2000000, 7]\n[7]\n"))
    assert (said(corpus), corpus.symbol_names) == ([[1, 0], [0]], ("7", "2000000"))
    assert "were numbered anew" in corpus.notes[0]


def test_referents_of_the_same_attributes_are_told_apart_by_a_number(write: Write) -> None:
    rows = [(0, "cat", 1), (1, "cat", 2), (2, "dog", 3), (0, "cat", 1)]
    lines = "".join(json.dumps({"message": [m], "referent": {"class": c}, "referent_id": r}) + "\n" for r, c, m in rows)
    corpus = read_corpus(write("pictures.jsonl", lines))
    assert (corpus.referent_numbers.tolist(), corpus.attributes, corpus.left_out) == ([0, 1, 2, 0], ("class",), ())
    assert read_corpus(write("pictures.jsonl", lines), identity="none").n_referents == 2
    table = "step,split,agent,referent,class,length,message\n" + "".join(f"1,a,0,{r},{c},1,{m}\n" for r, c, m in rows)
    assert read_corpus(write("messages.csv", table)).referent_numbers.tolist() == [0, 1, 2, 0]
    mixed = lines.replace('"referent_id": 2', '"referent_id": 0')
    corpus = read_corpus(write("mixed.jsonl", mixed))
    assert (corpus.n_referents, corpus.identities) == (2, None)
    assert "told apart by attributes only" in corpus.notes[0]
    assert read_corpus(write("ids.csv", "message,referent_id\n1,5\n2,6\n")).attributes == ("referent_id",)
