"""Interactions that EGG saved (Kharitonov et al. 2019): `torch.save` of an `Interaction`, read without running code."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.corpora.options import Options
from hubbub.simulator.errors import ConfigurationError, complaint

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
SAVED_AS = ("egg.core.interaction.Interaction", "egg.core.Interaction")
SPEAKERS = ("sender_idx", "sender_id", "speaker", "speaker_id")
LISTENERS = ("recv_idx", "receiver_idx", "receiver_id", "listener", "listener_id")
SUCCESS = ("acc", "accuracy", "success")
SAVE = "a dictionary {'message': i.message, 'message_length': i.message_length, 'sender_input': i.sender_input}"


class Interaction:
    """Stands for EGG's class while a file is read: attributes, and no method that a file could call."""


@dataclass(frozen=True)
class Interactions:
    """What was read: the columns of rows, the end symbol, and notes."""

    columns: dict[str, list[Any]]
    end_symbol: int | None
    notes: tuple[str, ...]


def read_egg(path: Path, options: Options) -> Interactions:
    """Return the messages of a file of EGG.

    The file is read with `torch.load` and `weights_only=True`: only tensors, plain values and EGG's `Interaction` are
    made, and nothing in the file is run. EGG itself need not be installed.

    Raises
    ------
    ConfigurationError
        The file holds anything else, or no messages.
    """
    parts = [_fields(part, path) for part in _loaded(path)]
    notes: list[str] = []
    messages = np.concatenate([_messages(part, path, notes) for part in parts])
    n = len(messages)

    def column(*places: tuple[str, str]) -> NDArray[Any] | None:
        for holder, name in places:
            found = [(part if not holder else part.get(holder) or {}).get(name) for part in parts]
            if all(one is not None for one in found):
                return _rows(np.concatenate([_array(one) for one in found]), n, name)
        return None

    def of(names: tuple[str, ...], given: str) -> NDArray[Any] | None:
        chosen = (given,) if given and given != "none" else names if not given else ()
        values = column(*((holder, name) for name in chosen for holder in ("aux_input", "aux", "")))
        if given and given != "none" and values is None:
            raise ConfigurationError(complaint("column", expected="a field of aux_input or aux", got=given))
        return None if values is None else values.reshape(n, -1)[:, 0]

    columns: dict[str, list[Any]] = {"message": messages.tolist()}
    lengths = column(("", "message_length"))
    if lengths is not None:
        columns["length"] = [int(length) for length in lengths.reshape(n)]
    for role, names in (("speaker", SPEAKERS), ("listener", LISTENERS), ("success", SUCCESS)):
        values = of(names, getattr(options, role))
        if values is not None:
            columns[role] = [value.item() for value in values]
    referents = None
    if options.referent != "none":
        referents = column(("", options.referent or "sender_input"), ("aux_input", options.referent), ("", "labels"))
    if referents is not None:
        columns["referent"] = _referents(referents.reshape(n, -1), options, notes)
    return Interactions(columns, _end_symbol(messages, columns.get("length")), tuple(notes))


def _loaded(path: Path) -> list[Any]:
    import torch

    allowed: list[Any] = [(Interaction, name) for name in SAVED_AS]
    try:
        with torch.serialization.safe_globals(allowed), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the protocol of a file that is refused anyway
            whole = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a file that is not of torch, or is damaged, raises almost anything
        reason = str(error).strip().splitlines()
        what = next((line for line in reason if "Unsupported" in line or "GLOBAL" in line), reason[0] if reason else "")
        what = what.partition(" was not an allowed")[0].strip()[:200]
        raise ConfigurationError(
            f"{path}: expected interactions that EGG saved, read without running code (weights_only=True): "
            f"{what}; if it holds more than an Interaction of tensors, load it with the program that "
            f"wrote it and save the tensors alone, as {SAVE}"
        ) from None
    return list(whole) if isinstance(whole, list | tuple) else [whole]


def _fields(part: Any, path: Path) -> dict[str, Any]:
    values = vars(part) if isinstance(part, Interaction) else part
    if not isinstance(values, Mapping) or values.get("message") is None:
        got = ", ".join(map(str, values)) if isinstance(values, Mapping) else type(part).__name__
        raise ConfigurationError(
            f"{path}: expected an interaction with messages ({', '.join(FIELDS)}), got {got or 'nothing'}; a run of "
            "EGG keeps them where its logging strategy has store_message=True"
        )
    return dict(values)


def _messages(part: dict[str, Any], path: Path, notes: list[str]) -> NDArray[np.int64]:
    """Return messages `[n, L]`: as they are, or the largest place of each one-hot symbol."""
    values = _array(part["message"])
    one_symbol = values.ndim == 2 and values.dtype.kind == "f" and np.allclose(values.sum(axis=1), 1, atol=1e-3)
    if values.ndim == 3 or (one_symbol and values.shape[1] > 1 and (values >= 0).all()):
        notes.append("messages of one-hot symbols: each symbol is the place of its largest value")
        values = values.argmax(axis=-1)
    if values.ndim == 1:
        values = values[:, None]
    if values.ndim != 2 or not np.isfinite(values).all() or (values % 1 != 0).any() or (values < 0).any():
        raise ConfigurationError(f"{path}: expected messages [n, L] of symbols or [n, L, V] of one-hot symbols")
    return values.astype(np.int64)


def _referents(values: NDArray[Any], options: Options, notes: list[str]) -> list[dict[str, Any]]:
    """Return the attributes of each referent: columns of whole numbers, or one number for each different input."""
    n, width = values.shape
    size = options.one_hot
    if size is not None:
        blocks = values.reshape(n, -1, size) if width % size == 0 else np.empty((0, 0, 0))
        if not blocks.size or not ((blocks == 0) | (blocks == 1)).all() or (blocks.sum(axis=2) != 1).any():
            raise ConfigurationError(
                complaint(
                    "one_hot",
                    expected=f"a number of values that divides the {width} inputs into one-hot parts",
                    got=size,
                )
            )
        values = blocks.argmax(axis=2)
    elif width > 1 and ((values == 0) | (values == 1)).all() and np.ptp(values.sum(axis=1)) == 0:
        notes.append(
            f"the {width} inputs of the sender look one-hot and are taken as {width} attributes of two values; with "
            "one_hot=N they are attributes of N values"
        )
    elif not np.isfinite(values).all() or (values % 1 != 0).any():
        notes.append(
            "inputs of the sender are not whole numbers: each different input is one referent without attributes"
        )
        values = np.unique(values, axis=0, return_inverse=True)[1].reshape(-1, 1)
    names = [f"attribute {place + 1}" for place in range(values.shape[1])]
    return [dict(zip(names, row, strict=True)) for row in values.astype(np.int64).tolist()]


def _end_symbol(messages: NDArray[np.int64], lengths: list[int] | None) -> int | None:
    """Return 0, with which EGG ends messages of variable length; None where the messages have one length."""
    if messages.shape[1] == 1:
        return None
    if lengths is None:
        return 0
    known = np.array(lengths)
    short = known < messages.shape[1]
    at_end = messages[np.arange(len(messages)), np.clip(known, 1, None) - 1]
    return 0 if short.any() and (at_end[short] == 0).all() else None


def _rows(values: NDArray[Any], n: int, name: str) -> NDArray[Any]:
    if len(values) != n:
        raise ConfigurationError(complaint(name, expected=f"one row for each of the {n} messages", got=len(values)))
    return values


def _array(value: Any) -> NDArray[Any]:
    if not hasattr(value, "is_floating_point"):
        raise ConfigurationError(complaint("interaction", expected="tensors", got=type(value).__name__))
    return np.asarray((value.double() if value.is_floating_point() else value).detach().numpy())
