"""Corpora of emergent language in the ELCC format (Boldt & Mortensen 2024), with the referent of every message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Int

from hubbub.analysis.dialects import cluster, similarity_matrix

if TYPE_CHECKING:
    from hubbub.simulator.store import Run

CORPUS, STRUCTURED, METADATA = "corpus.jsonl", "structured/corpus.structured.jsonl", "metadata.json"
"""The folder itself holds one `.jsonl` file, the one that XferBench takes."""

FIELDS = {
    "speaker": "agent that says the message, 0 … n_agents - 1",
    "listener": "agent that hears it: the agents that may hear the speaker take turns over the referents; null where "
    "there is none. The message is the speaker's most likely one and does not depend on the listener",
    "referent": "attributes of the referent of the message",
    "referent_id": "number of the referent",
    "split": "train, or held_out: no agent was trained on the referent",
    "message": "symbols, the end symbol included where the channel has one",
    "success": "share of the split's recorded referents that the listener understands from the speaker; see success_of",
    "step": "training step",
    "community": "dialect of the speaker, 1 is the largest",
}
SPOKEN = (
    "the agents spoke in turn, each about a referent of training that was drawn at random, uniformly; each symbol was "
    "drawn from what the agent may say, as in training, so a message need not be its most likely one"
)
"""What the metadata say of messages that a population spoke for a corpus."""
SUCCESS_OF = ("speaker", "listener", "split", "step")
"""Lines with the same values of these have the same success: a run records the share of a split that each pair
understands, not for which referents."""


@dataclass(frozen=True)
class Spoken:
    """M messages that a population spoke at a step: speakers, referents, symbols `[M, L]` and lengths."""

    speakers: Int[np.ndarray, " M"]
    referents: Int[np.ndarray, " M"]
    messages: Int[np.ndarray, "M L"]
    lengths: Int[np.ndarray, " M"]
    step: int


def elcc_files(run: Run) -> Iterator[tuple[str, bytes]]:
    """Yield the corpus of the last lexicon: one message per line, speakers in order, padding left out."""
    return _files(run, _rows(run), run.lexicon().step)


def spoken_elcc_files(run: Run, spoken: Spoken) -> Iterator[tuple[str, bytes]]:
    """Yield the corpus of messages that the population of a run spoke for it, in their order."""
    return _files(run, _spoken_rows(run, spoken), spoken.step, spoken=SPOKEN)


def _files(run: Run, rows: Iterator[dict[str, Any]], step: int, **more: str) -> Iterator[tuple[str, bytes]]:
    corpus, structured, symbols = bytearray(), bytearray(), set()
    n_lines = longest = 0
    for row in rows:
        corpus += _line(row["message"])
        structured += _line(row)
        symbols.update(row["message"])
        longest, n_lines = max(longest, len(row["message"])), n_lines + 1
    yield f"elcc/{CORPUS}", bytes(corpus)
    yield f"elcc/{STRUCTURED}", bytes(structured)
    metadata = {
        "format": "ELCC",
        "name": run.info["name"],
        "source": f"hubbub {run.info.get('hubbub_version', '')}".strip(),
        "seed": run.info["seed"],
        "step": step,
        "n_agents": len(run.agents().names),
        "n_lines": n_lines,
        "n_symbols": len(symbols),
        "longest_message": longest,
        "fields": FIELDS,
        "success_of": SUCCESS_OF,
        **more,
        "configuration": run.configuration,
    }
    yield f"elcc/{METADATA}", json.dumps(metadata, indent=1).encode()


def validate_elcc(folder: Path | str) -> list[str]:
    """Return the problems of a corpus in the ELCC format; an empty list means that it is valid.

    In a valid corpus all three files exist (`corpus.structured.jsonl` in the folder `structured` or beside the
    others); every line of `corpus.jsonl` is an array of integers ≥ 0; every line of `corpus.structured.jsonl` is an
    object with the fields of `FIELDS` and has the same message as that line of the corpus; the numbers of lines and
    agents are those of `metadata.json`; lines with the same values of the fields that `success_of` names in
    `metadata.json` have the same success.
    """
    root = Path(folder)
    beside = Path(STRUCTURED).name
    structured = root / (STRUCTURED if (root / STRUCTURED).is_file() else beside)
    missing = [f"{file.name}: missing" for file in (root / CORPUS, structured, root / METADATA) if not file.is_file()]
    if missing:
        return missing
    problems: list[str] = []
    messages = _read(root / CORPUS, problems)
    rows = _read(structured, problems)
    [metadata] = _read(root / METADATA, problems, whole=True)
    if not isinstance(metadata, dict):
        problems.append(f"{METADATA}: expected an object")
        metadata = {}
    for line, message in enumerate(messages, 1):
        if message is not None and not _is_message(message):
            problems.append(f"{CORPUS}, line {line}: expected an array of integers ≥ 0")
    if len(rows) != len(messages):
        problems.append(f"{beside}: expected {len(messages)} lines, as in {CORPUS}, got {len(rows)}")
    if metadata.get("n_lines", len(messages)) != len(messages):
        problems.append(f"{METADATA}: n_lines is {metadata['n_lines']}, {CORPUS} has {len(messages)} lines")
    success: dict[str, object] = {}
    for line, (row, message) in enumerate(zip(rows, messages, strict=False), 1):
        if row is not None:
            problems += [f"{beside}, line {line}: {what}" for what in _row_problems(row, message, metadata, success)]
    return problems


def _rows(run: Run) -> Iterator[dict[str, Any]]:
    lexicon, n_agents = run.lexicon(), len(run.agents().names)
    sources, targets = run.edges(lexicon.step).T
    trained = lexicon.splits["train"]
    communities = cluster(similarity_matrix(trained.messages, lengths=trained.lengths)).labels + 1
    listeners_of = [targets[sources == speaker].tolist() for speaker in range(n_agents)]
    for name, split in lexicon.splits.items():
        ids, attributes, attribute_names = run.referents(name)
        meaning = {
            referent: dict(zip(attribute_names, values, strict=True))
            for referent, values in zip(ids.tolist(), attributes.tolist(), strict=True)
        }
        for speaker, messages in enumerate(split.messages.tolist()):
            listeners = cycle(listeners_of[speaker] or [None])
            spoken = zip(split.referents.tolist(), messages, split.lengths[speaker], listeners, strict=False)
            for referent, message, length, listener in spoken:
                yield {
                    "speaker": speaker,
                    "listener": listener,
                    "referent": meaning[referent],
                    "referent_id": referent,
                    "split": name,
                    "message": message[:length],
                    "success": None if listener is None else round(float(split.success[speaker, listener]), 6),
                    "step": lexicon.step,
                    "community": int(communities[speaker]),
                }


def _spoken_rows(run: Run, spoken: Spoken) -> Iterator[dict[str, Any]]:
    lexicon, n_agents = run.lexicon(), len(run.agents().names)
    trained, same_step = lexicon.splits["train"], lexicon.step == spoken.step
    sources, targets = run.edges(spoken.step).T
    communities = (cluster(similarity_matrix(trained.messages, lengths=trained.lengths)).labels + 1).tolist()
    listeners = [cycle(targets[sources == speaker].tolist() or [None]) for speaker in range(n_agents)]
    ids, attributes, names = run.referents("train")
    meaning = {
        referent: dict(zip(names, values, strict=True))
        for referent, values in zip(ids.tolist(), attributes.tolist(), strict=True)
    }
    said = zip(
        spoken.speakers.tolist(), spoken.referents.tolist(), spoken.messages, spoken.lengths.tolist(), strict=True
    )
    for speaker, referent, message, length in said:
        listener = next(listeners[speaker])
        known = same_step and listener is not None
        yield {
            "speaker": speaker,
            "listener": listener,
            "referent": meaning[referent],
            "referent_id": referent,
            "split": "train",
            "message": message[:length].tolist(),
            "success": round(float(trained.success[speaker, listener]), 6) if known else None,
            "step": spoken.step,
            "community": communities[speaker],
        }


def _line(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()


def _read(file: Path, problems: list[str], *, whole: bool = False) -> list[Any]:
    """Return the JSON values of a file, one per line; None where a line is not JSON."""
    text = file.read_text(encoding="utf-8", errors="replace")
    values: list[Any] = []
    for line, part in enumerate([text] if whole else text.splitlines(), 1):
        try:
            values.append(json.loads(part))
        except ValueError as error:
            problems.append(f"{file.name}, line {line}: not JSON ({error})")
            values.append(None)
    return values


def _is_message(value: object) -> bool:
    return isinstance(value, list) and all(type(symbol) is int and symbol >= 0 for symbol in value)


def _row_problems(
    row: object, message: object, metadata: dict[str, Any], success_before: dict[str, object]
) -> Iterator[str]:
    if not isinstance(row, dict):
        yield "expected an object"
        return
    missing = FIELDS.keys() - row.keys()
    if missing:
        yield f"lacks {', '.join(sorted(missing))}"
        return
    n_agents = metadata.get("n_agents", float("inf"))
    for name in ("speaker", "listener"):
        agent = row[name]
        if not (type(agent) is int and 0 <= agent < n_agents) and not (name == "listener" and agent is None):
            yield f"{name}: expected an agent, got {agent!r}"
    if not isinstance(row["referent"], dict):
        yield f"referent: expected an object of attributes, got {row['referent']!r}"
    success = row["success"]
    if success is not None and not (isinstance(success, int | float) and 0 <= success <= 1):
        yield f"success: expected 0 … 1 or null, got {success!r}"
    alike = metadata.get("success_of", list(FIELDS))
    before = success_before.setdefault(json.dumps([row.get(name) for name in alike]), success)
    if success != before:
        yield f"success: expected {before!r}, as on lines of the same {', '.join(alike)}; got {success!r}"
    if message is not None and row["message"] != message:
        yield "message: not the message of that line of the corpus"
