"""Interactions of EGG, read without running anything in the file."""

from __future__ import annotations

import pickle
import sys
from dataclasses import make_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from hubbub.analysis.corpora import read_corpus
from hubbub.simulator.errors import ConfigurationError

FIELDS = (
    "sender_input",
    "receiver_input",
    "labels",
    "aux_input",
    "message",
    "receiver_output",
    "message_length",
    "aux",
)
MESSAGES = torch.tensor([[3, 1, 0, 0], [2, 0, 0, 0], [4, 4, 1, 0]])
LENGTHS = torch.tensor([3, 2, 4])
INPUTS = torch.eye(3).repeat(1, 2)


@pytest.fixture
def save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that saves as EGG 0.3 does (`InteractionSaver`), and after which the class is gone."""

    def save(**fields: Any) -> Path:
        made = make_dataclass("Interaction", FIELDS)
        made.__module__ = "egg.core.interaction"
        for name in ("egg", "egg.core", "egg.core.interaction"):
            monkeypatch.setitem(sys.modules, name, ModuleType(name))
        sys.modules["egg.core.interaction"].Interaction = made  # type: ignore[attr-defined]
        path = tmp_path / "validation" / "epoch_1" / "interaction_gpu0"
        path.parent.mkdir(parents=True)
        torch.save(made(**{**dict.fromkeys(FIELDS), "aux_input": {}, "aux": {}, **fields}), path)
        for name in ("egg", "egg.core", "egg.core.interaction"):
            monkeypatch.delitem(sys.modules, name)
        return path

    return save


def test_an_interaction_of_a_population(save: Any) -> None:
    path = save(
        message=MESSAGES,
        message_length=LENGTHS,
        sender_input=INPUTS,
        aux_input={"sender_idx": torch.tensor([0.0, 1.0, 1.0])},
        aux={"acc": torch.tensor([1.0, 0.0, 1.0])},
    )
    corpus = read_corpus(path, one_hot=3)
    assert corpus.lengths.tolist() == [3, 2, 4]
    assert corpus.messages.tolist() == MESSAGES.tolist()
    assert corpus.end_symbol == 0
    assert corpus.referents is not None and corpus.referents.tolist() == [[0, 0], [1, 1], [2, 2]]
    assert corpus.speakers is not None and corpus.speakers.tolist() == [0, 1, 1]
    assert corpus.success is not None and corpus.success.tolist() == [1, 0, 1]
    assert "with one_hot=N they are attributes of N values" in read_corpus(path).notes[0]
    with pytest.raises(ConfigurationError, match="one_hot: expected a number of values that divides the 6 inputs"):
        read_corpus(path, one_hot=2)


def test_relaxed_symbols_and_other_inputs(tmp_path: Path) -> None:
    one_hot = torch.nn.functional.one_hot(MESSAGES, 6).float()
    pictures = torch.tensor([[0.5, 0.1], [0.2, 0.1], [0.5, 0.1]])
    torch.save({"message": one_hot, "message_length": LENGTHS, "sender_input": pictures}, tmp_path / "dump.pt")
    corpus = read_corpus(tmp_path / "dump.pt")
    assert corpus.messages.tolist() == MESSAGES.tolist()
    assert corpus.referent_numbers.tolist() == [1, 0, 1] or corpus.referent_numbers.tolist() == [0, 1, 0]
    assert "each symbol is the place of its largest value" in corpus.notes[0]
    torch.save([{"message": MESSAGES[:, :1], "labels": torch.arange(3)}] * 2, tmp_path / "two.pt")
    symbols = read_corpus(tmp_path / "two.pt")
    assert (symbols.messages.tolist(), symbols.end_symbol) == ([[3], [2], [4]] * 2, None)
    assert symbols.n_referents == 3


class Harmful:
    def __reduce__(self) -> Any:
        return print, ("code of the file was run",)


def test_a_file_that_would_run_code_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.save({"message": Harmful()}, tmp_path / "harmful.pt")
    (tmp_path / "pickled.pt").write_bytes(pickle.dumps(Harmful()))
    (tmp_path / "text.pt").write_text("hello")
    for name in ("harmful.pt", "pickled.pt", "text.pt"):
        with pytest.raises(
            ConfigurationError, match=r"without running code \(weights_only=True\).*save the tensors alone"
        ):
            read_corpus(tmp_path / name)
    assert capsys.readouterr().out == ""


def test_an_interaction_without_messages(save: Any, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="its logging strategy has store_message=True"):
        read_corpus(save(sender_input=INPUTS))
    torch.save({"message": torch.tensor([[0.5, 1.0]])}, tmp_path / "half.pt")
    with pytest.raises(ConfigurationError, match=r"expected messages \[n, L\] of symbols"):
        read_corpus(tmp_path / "half.pt")
