"""Reading a corpus: which of the forms a file or folder has, and what its columns mean."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from hubbub.analysis.corpora.assembling import assembled
from hubbub.analysis.corpora.collecting import Collector
from hubbub.analysis.corpora.corpus import Corpus
from hubbub.analysis.corpora.egg import read_egg
from hubbub.analysis.corpora.options import Options, roles_of
from hubbub.analysis.corpora.rows import RowMaker
from hubbub.analysis.foreign_files import csv_rows, json_lines, json_values, parquet_rows, suffix_of, text_lines
from hubbub.simulator.errors import ConfigurationError

STRUCTURED, PLAIN, METADATA = "corpus.structured.jsonl", "corpus.jsonl", "metadata.json"
PLACES = (".", "elcc", "exports/elcc", "parquet", "csv", "exports/parquet", "exports/csv")
FOLDERS = tuple(folder for place in PLACES for folder in (f"{place}/structured", place))
"""Where a corpus is looked for below a folder: that of ELCC, those that hubbub exports, a run."""
NAMES = (STRUCTURED, PLAIN, "corpus.json", "messages.parquet", "messages.csv", "data.jsonl")
FORMS = "ELCC (a folder, .jsonl, .json), a table (.csv, .tsv, .jsonl, .parquet), lines of symbols (.txt), EGG (.pt)"


def read_corpus(path: Path | str, **options: Any) -> Corpus:
    """Return a corpus of another tool, or one that hubbub exported.

    Forms: a folder of ELCC (Boldt & Mortensen 2024) with `corpus.structured.jsonl` or `corpus.jsonl` and its metadata;
    JSON lines, each an array of symbols, an object with fields, or an episode of several utterances; `corpus.json`;
    tables as CSV, TSV or Parquet; lines of symbols as text; interactions that EGG saved; a folder of hubbub's exports.
    All but Parquet and EGG may be compressed. Files are read a few thousand lines at a time; what is kept is 8 bytes a
    symbol and about 50 bytes a message.

    Parameters
    ----------
    message, speaker, listener, referent, group, length, success, step, split
        Names of columns or fields, where they are not usual ones; `referent` may be several, "shape,colour", which are
        its attributes, and `message` several, "s1,s2,s3", one for each position; "none" for a column that is not to be
        used.
    identity
        The column that tells apart referents of the same attributes, such as pictures of a class: "referent_id" …, or a
        referent beside columns of its attributes. Without one, referents with the same attributes are the same.
    at_step, of_split
        Where a corpus has several steps (or epochs): which one, "last" or "all"; and of which split, or "all".
    separator
        What stands between the symbols of a message that is a text; "each" if every character is a symbol, "none" if
        the text is one symbol. By default blanks or commas, then hyphens, underscores, slashes, bars, whichever the
        first messages have.
    end_symbol
        The symbol that ends a message, or None. By default that of hubbub's metadata, 0 for messages of variable length
        of EGG, and 0 where it is seen only at the ends of messages and either every shorter message ends with it or
        some message has it twice at its end (padding). What follows the first end symbol is cut off.
    padding
        A symbol that fills messages up at their ends and is cut off, such as −1.
    utterance_length, utterance_end
        Divides every array of symbols into utterances of this length, or after this symbol. Without them the innermost
        arrays of an episode are its utterances.
    one_hot
        For EGG: the number N of values of each attribute, where the inputs of the sender are one-hot.
    vocabulary
        Number of symbols that the speakers could use.

    Raises
    ------
    ConfigurationError
        No corpus, a form or a column that is not understood, or messages that are no symbols.
    """
    chosen = Options.of(options)
    place = Path(path).expanduser()
    file = _file_in(place) if place.is_dir() else place
    if not file.is_file():
        raise ConfigurationError(f"{place}: there is no such file or folder")
    metadata = _metadata(file)
    suffix = suffix_of(file)
    if suffix in (".jsonl", ".ndjson", ".json"):
        return _from_json(file, chosen, metadata)
    if suffix in (".csv", ".tsv", ".tab", ".parquet", ".pq"):
        return _from_table(file, chosen, metadata)
    if suffix in (".txt", ".text"):
        collector, maker = Collector(chosen), RowMaker(chosen)
        rows = ({"message": line, "episode": number} for number, line in enumerate(text_lines(file)) if line.strip())
        collector.add(rows)
        return assembled(collector, maker, "lines of symbols", metadata)
    if suffix in (".pt", ".pth", ".bin", ".pkl") or "interaction" in file.name or _is_of_torch(file):
        return _from_egg(file, chosen)
    raise ConfigurationError(f"{file}: expected {FORMS}, got a file that ends with {suffix!r}")


def _from_json(file: Path, options: Options, metadata: dict[str, Any]) -> Corpus:
    collector, maker = Collector(options), RowMaker(options)
    divided = options.utterance_length is not None or options.utterance_end is not None
    number, plain = 0, True
    for block in [json_values(file)] if suffix_of(file) == ".json" else json_lines(file):
        if not divided and _are_arrays(block):
            collector.add_arrays(block, number)
        else:
            plain = False
            for place, value in enumerate(block):
                collector.add(maker.rows(value, number + place))
        number += len(block)
    form = "ELCC" if file.name.startswith("corpus") else "JSON lines"
    return assembled(collector, maker, form if plain else f"{form}, structured", metadata)


def _from_table(file: Path, options: Options, metadata: dict[str, Any]) -> Corpus:
    collector, maker = Collector(options), RowMaker(options)
    rows: Iterable[dict[str, Any]]
    if suffix_of(file) in (".parquet", ".pq"):
        columns, rows = parquet_rows(file)
        form = "table (Parquet)"
    else:
        columns, between, rows = csv_rows(file)
        form = f"table (text, {between} between cells)"
    roles_of(columns, options)  # a table without rows, too, must have a column of messages
    for number, row in enumerate(rows):
        collector.add(maker.of_columns(row, {"episode": number}))
    return assembled(collector, maker, form, metadata)


def _from_egg(file: Path, options: Options) -> Corpus:
    found = read_egg(file, options)
    collector, maker = Collector(options), RowMaker(options)
    names = list(found.columns)
    rows = zip(*found.columns.values(), strict=True)
    collector.add({**dict(zip(names, row, strict=True)), "episode": number} for number, row in enumerate(rows))
    corpus = assembled(collector, maker, "interactions of EGG", {}, end_symbol=found.end_symbol)
    return replace(corpus, notes=(*found.notes, *corpus.notes))


def _file_in(folder: Path) -> Path:
    """Return the file with the corpus of a folder."""
    for below in FOLDERS:
        for name in NAMES:
            for end in ("", ".gz", ".zst"):
                if (file := folder / below / f"{name}{end}").is_file():
                    return file
    inside = sorted(str(file.parent.relative_to(folder)) for file in folder.glob("*/**/corpus.jsonl"))[:6]
    if inside:
        raise ConfigurationError(
            f"{folder}: expected the folder of one corpus, got a folder of several: {', '.join(inside)} …"
        )
    if (folder / "run.json").is_file():
        raise ConfigurationError(
            f"{folder}: this is a run; `hubbub report` measures it, and `hubbub export --format elcc` makes a "
            "corpus of it"
        )
    raise ConfigurationError(f"{folder}: expected a folder with one of {', '.join(NAMES)}")


def _metadata(file: Path) -> dict[str, Any]:
    """Return what the metadata beside a corpus say; {} where there are none."""
    for folder in (file.parent, file.parent.parent):
        place = folder / METADATA
        if place.is_file() and (folder == file.parent or file.parent.name == "structured"):
            try:
                known = json.loads(place.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise ConfigurationError(f"{place}: expected JSON: {error}") from None
            return known if isinstance(known, dict) else {}
    return {}


def _are_arrays(values: list[Any]) -> bool:
    """Whether all values are arrays of whole numbers."""
    return set(map(type, values)) == {list} and set(map(type, chain.from_iterable(values))) <= {int}


def _is_of_torch(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"PK\x03\x04"
