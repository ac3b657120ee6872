"""From a graph file, which a stranger may have made, to a topology."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.assembly import to_topology
from hubbub.simulator.topology.files.compressed import read_bytes, suffix_of
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import HEAD, Format, format_named, format_of
from hubbub.simulator.topology.files.options import EVERY, ReadOptions, options_from
from hubbub.simulator.topology.files.people import with_people
from hubbub.simulator.topology.graph import Topology


def read_topology(path: str | Path, **options: Any) -> Topology:
    """Return the graph of a file; its `summary` says what was read.

    The suffix and the look of the file tell its format; `.gz` and `.zst` are decompressed. Names, attributes of agents
    and links, weights and directions are kept. `options` are those of `ReadOptions`.

    Raises
    ------
    TopologyError
        If the file is missing, too large, malformed, unsafe (XML with a document type, entities or external
        references), not understood or holds no usable graph, or if an option is wrong.
    """
    path = Path(path).expanduser()
    try:
        chosen = options_from(options)
        contents, how = contents_and_format(path, chosen)
        if chosen.people is not None:
            contents = with_people(contents, Path(chosen.people).expanduser(), chosen.key)
        elif chosen.key is not None:
            raise TopologyError("key: expected together with topology.people, the table of which it is a column")
        return to_topology(contents, chosen, handled=how.options)
    except TopologyError as error:
        raise TopologyError(f"{path}: {error}") from error


def contents_and_format(path: Path, options: ReadOptions) -> tuple[Contents, Format]:
    """Return what a file says, and the format that says it; errors do not name the path."""
    data = read_bytes(path)
    how = format_named(options.format) if options.format else format_of(suffix_of(path), data[:HEAD])
    limits.check_size("bytes", len(data), limits.MAX_BYTES if how.large else limits.MAX_PARSED_BYTES)
    for name in options.given():
        if name not in (*EVERY, *how.options):
            raise TopologyError(f"{name}: not an option of {how.name}, a format that does without it")
    return how.read(data, options), how
