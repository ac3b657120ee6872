"""What was collected, as a corpus: where messages end, what their symbols, speakers and referents are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.corpora.collecting import Collector
from hubbub.analysis.corpora.corpus import Corpus
from hubbub.analysis.corpora.rows import RowMaker
from hubbub.simulator.errors import ConfigurationError, complaint

LARGEST_SYMBOL = 1_000_000
"""Measures store a symbol as a character, of which there are a little more."""


def assembled(
    collector: Collector, maker: RowMaker, form: str, metadata: dict[str, Any], *, end_symbol: int | str | None = "auto"
) -> Corpus:
    """Return the corpus of what was collected; notes say what was decided."""
    collector.flush()
    options = collector.options
    lengths = np.concatenate([np.empty(0, np.int64), *collector.lengths])
    symbols = np.concatenate([np.empty(0, np.int64), *collector.symbols])
    notes: list[str] = []
    if collector.splitter.rule:
        notes.append(collector.splitter.rule)
    if collector.without_message:
        notes.append(f"{collector.without_message:,} rows without a message were left out")
    if maker.utterances_in_episodes:
        notes.append("episodes of several utterances: each innermost array of symbols is one message")
    elif options.utterance_length is not None or options.utterance_end is not None:
        rule = (
            f"into utterances of {options.utterance_length} symbols"
            if options.utterance_length is not None
            else f"after every symbol {options.utterance_end}"
        )
        notes.append(f"every array of symbols was divided {rule}")
    elif _says(metadata, "multi_utterance"):
        notes.append(
            "the metadata says that an episode has several utterances, and an array does not show where they end: each "
            "array is one message; utterance_length=N or utterance_end=SYMBOL divides it"
        )
    if maker.left_out and not collector.attributes and options.referent != "none":
        notes.append(f"no referents were found; referent=COLUMN,COLUMN takes columns, of {', '.join(maker.left_out)}")
    symbols, names = _renamed(symbols, collector)
    if options.padding is not None:
        symbols, lengths = _cut(symbols, lengths, options.padding, keep=False)
    if len(symbols) and symbols.min() < 0:
        raise ConfigurationError(
            complaint(
                "message", expected="symbols 0, 1, 2 … (padding=-1 cuts off −1 at the ends)", got=int(symbols.min())
            )
        )
    if len(symbols) and symbols.max() > LARGEST_SYMBOL:
        distinct, symbols = np.unique(symbols, return_inverse=True)
        names = tuple(map(str, distinct.tolist()))
        notes.append(f"symbols above {LARGEST_SYMBOL:,} were numbered anew from 0, in their order")
    if not len(symbols):
        raise ConfigurationError("message: expected a corpus with symbols, got none")
    chosen = options.end_symbol if options.end_symbol != "auto" else end_symbol
    if chosen == "auto":
        chosen = _end_symbol(symbols, lengths, metadata, named=bool(names), notes=notes)
    if chosen is not None:
        symbols, lengths = _cut(symbols, lengths, int(chosen), keep=True)
    corpus = Corpus(
        symbols,
        lengths,
        None if chosen is None else int(chosen),
        np.concatenate([np.empty(0, np.int64), *collector.episodes]),
        form,
        symbol_names=names,
        vocabulary=options.vocabulary or _vocabulary(metadata),
        left_out=tuple(maker.left_out),
        metadata=metadata,
        **_known(collector, notes),
    )
    return _chosen_rows(replace(corpus, notes=tuple(notes)), collector)


def _known(collector: Collector, notes: list[str]) -> dict[str, Any]:
    """Return the fields of a corpus that say what is known of its messages."""
    known: dict[str, Any] = {}
    for role in ("speaker", "listener"):
        codes, values = collector.named[role].codes, collector.named[role].values
        if values:
            order = sorted(
                range(len(values)),
                key=lambda i: (not values[i].isdigit(), int(values[i]) if values[i].isdigit() else 0, values[i]),
            )
            place = np.full(len(values) + 1, -1)
            place[order] = np.arange(len(values))
            known |= {f"{role}s": place[codes], f"{role}_names": tuple(values[i] for i in order)}
    success = np.concatenate([np.empty(0), *collector.success])
    if np.isfinite(success).any():
        known["success"] = success
    if collector.attributes:
        columns = np.stack([numbered.codes for numbered in collector.attributes.values()], axis=1)
        whole: NDArray[np.bool_] = np.all(columns >= 0, axis=1)
        if whole.any():
            if not whole.all():
                notes.append(f"{np.count_nonzero(~whole):,} messages have no referent, or not all of its attributes")
            known |= {
                "referents": np.where(whole[:, None], columns, -1),
                "attributes": tuple(collector.attributes),
                "attribute_values": tuple(numbered.values for numbered in collector.attributes.values()),
            }
    identity = collector.named["identity"]
    if identity.values and "referents" in known:
        described = known["referents"][:, 0] >= 0
        pairs = np.unique(np.column_stack([identity.codes, known["referents"]])[described], axis=0)
        if (pairs[:, 0] < 0).any() or len(np.unique(pairs[:, 0])) < len(pairs):
            notes.append("referents of one number have different attributes; they are told apart by attributes only")
        else:
            known["identities"] = identity.codes
    groups = collector.named["group"]
    if groups.values and "speakers" in known:
        own = np.full(len(known["speaker_names"]), -1)
        said = np.stack([known["speakers"], groups.codes], axis=1)
        pairs = np.unique(said[(said >= 0).all(axis=1)], axis=0)
        if len(np.unique(pairs[:, 0])) == len(pairs):
            own[pairs[:, 0]] = pairs[:, 1]
            known |= {"groups": own, "group_names": tuple(map(str, groups.values))}
        else:
            notes.append("speakers change their group within the corpus, so groups were not used")
    return known


def _chosen_rows(corpus: Corpus, collector: Collector) -> Corpus:
    """Return the messages of the chosen step and split."""
    options, kept, notes = collector.options, np.ones(len(corpus), dtype=bool), list(corpus.notes)
    for role, wanted in (("step", options.at_step), ("split", options.of_split)):
        codes, values = collector.named[role].codes, collector.named[role].values
        if wanted == "all" or (len(values) < 2 and wanted == "last"):
            continue
        if wanted == "last":
            wanted = max(values, key=lambda value: (_number(value), value))
            notes.append(f"of {len(values)} values of {role}, the last was taken: {wanted}")
        if wanted not in values:
            field = "at_step" if role == "step" else "of_split"
            raise ConfigurationError(
                complaint(
                    field,
                    expected=f"one of {', '.join(values[:12])}" if values else f"a corpus with a {role}",
                    got=wanted,
                )
            )
        kept &= codes == values.index(wanted)
    if kept.all():
        return replace(corpus, notes=tuple(notes))
    if not kept.any():
        raise ConfigurationError("at_step, of_split: expected some messages with both, got none")
    rows = np.flatnonzero(kept)
    inside = np.repeat(kept, corpus.lengths)
    parts: dict[str, Any] = {
        name: None if value is None else value[rows]
        for name in ("referents", "identities", "speakers", "listeners", "success")
        for value in [getattr(corpus, name)]
    }
    return replace(
        corpus,
        symbols=corpus.symbols[inside],
        lengths=corpus.lengths[rows],
        episodes=corpus.episodes[rows],
        notes=tuple(notes),
        **parts,
    )


def _renamed(symbols: NDArray[np.int64], collector: Collector) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return symbols that were texts as the whole numbers that these stand for, or as numbers of words."""
    words = list(collector.tokens)
    if not words:
        return symbols, ()
    if all(word.isdigit() or (word[:1] == "-" and word[1:].isdigit()) for word in words):
        return np.array([int(word) for word in words], dtype=np.int64)[symbols], ()
    return symbols, tuple(words)


def _cut(
    symbols: NDArray[np.int64], lengths: NDArray[np.int64], end: int, *, keep: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return messages cut after their first `end` symbol or, where it is not kept, without the run of it at the end."""
    starts = np.cumsum(lengths) - lengths
    owner = np.repeat(np.arange(len(lengths)), lengths)
    place = np.arange(len(symbols)) - starts[owner]
    cut = lengths.copy()
    if keep:
        np.minimum.at(cut, owner[symbols == end], place[symbols == end] + 1)
    else:
        cut[:] = 0
        np.maximum.at(cut, owner[symbols != end], place[symbols != end] + 1)
    return symbols[place < cut[owner]], cut


def _end_symbol(
    symbols: NDArray[np.int64],
    lengths: NDArray[np.int64],
    metadata: dict[str, Any],
    *,
    named: bool,
    notes: list[str],
) -> int | None:
    """Return the end symbol by the rule of `read_corpus`."""
    channel = (
        metadata.get("configuration", {}).get("channel", {}) if isinstance(metadata.get("configuration"), dict) else {}
    )
    if "end_symbol" in channel:
        return 0 if channel["end_symbol"] else None
    if named or not (symbols == 0).any() or lengths.max() < 2:
        return None
    without_zeros = _cut(symbols, lengths, 0, keep=False)[1]
    if without_zeros.sum() != np.count_nonzero(symbols):
        return None  # 0 is seen inside of messages
    zeros = lengths - without_zeros
    varied = np.ptp(lengths) > 0
    if (varied and (zeros[lengths < lengths.max()] > 0).all()) or (zeros > 1).any():
        notes.append(
            "0 is seen only at the ends of messages and was taken for the symbol that ends them (end_symbol=none: not)"
        )
        return 0
    notes.append("0 is seen only at the ends of messages; if it ends them, say end_symbol=0")
    return None


def _vocabulary(metadata: dict[str, Any]) -> int | None:
    configuration = metadata.get("configuration")
    channel = configuration.get("channel", {}) if isinstance(configuration, dict) else {}
    found = channel.get("vocabulary") if isinstance(channel, dict) else None
    return found if isinstance(found, int) else None


def _says(metadata: Any, name: str) -> bool:
    if isinstance(metadata, dict):
        return metadata.get(name) is True or any(_says(value, name) for value in metadata.values())
    return False


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("-inf")
