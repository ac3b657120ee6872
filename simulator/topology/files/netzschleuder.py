"""Networks of the Netzschleuder collection: a zip file with edges.csv and nodes.csv."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import PurePosixPath

import numpy as np

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.columns import values, whole_numbers
from hubbub.simulator.topology.files.comment_lines import SaidInComments
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.edge_table import contents_of_table
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.roles import roles_of
from hubbub.simulator.topology.files.table import Table, fields_of, read_table

FILES = ("edges.csv", "nodes.csv")
NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")


@graph_format(
    "Netzschleuder",
    suffixes=(".zip",),
    looks=lambda head: head.startswith(b"PK"),
    options=("directed", "source", "target", "weight", "time", "heading"),
)
def read_netzschleuder(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a zip file with `edges.csv` and `nodes.csv`.

    Agents are the rows of `nodes.csv`, named by its column `name` or `label` where every one has its own, else by
    number; `_pos` gives their places and the other columns their attributes. The file does not say whether links have
    a direction.
    """
    files = _files(data)
    if "edges.csv" not in files:
        raise TopologyError("expected a zip file of Netzschleuder, with edges.csv and nodes.csv; unpack any other one")
    said = SaidInComments(origin="Netzschleuder")
    made = contents_of_table(roles_of(read_table(files["edges.csv"]), options, said), options, said)
    made = replace(made, format="Netzschleuder", parallel="add")
    if options.directed is None and not options.undirected:
        note = (
            "the file does not say whether links have a direction; read as undirected, else say topology.directed=true"
        )
        made = replace(made, notes=(*made.notes, note))
    return made if "nodes.csv" not in files else _with_nodes(made, read_table(files["nodes.csv"]))


def _files(data: bytes) -> dict[str, bytes]:
    """Return the two files that are read, whose sizes are checked before anything is decompressed."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            limits.check_size("files in the archive", len(archive.infolist()), 1000)
            wanted = [each for each in archive.infolist() if PurePosixPath(each.filename).name in FILES]
            limits.check_size("bytes", sum(member.file_size for member in wanted), limits.MAX_PARSED_BYTES)
            if len({PurePosixPath(member.filename).name for member in wanted}) < len(wanted):
                raise TopologyError("expected one edges.csv, got several")
            return {PurePosixPath(member.filename).name: archive.read(member) for member in wanted}
    except TopologyError:
        raise
    except Exception as error:  # a damaged archive fails in many ways
        raise TopologyError(f"expected a zip file, got an error: {error}") from error


def _with_nodes(made: Contents, table: Table) -> Contents:
    """Return the contents with the agents of nodes.csv."""
    heading = list(table.first)
    if table.comments:
        heading = fields_of(table.comments[-1].lstrip("#").strip(), table.separator)
    columns = table.columns if table.comments else tuple(column.slice(1) for column in table.columns)
    index = whole_numbers(columns[0]) if columns and heading[0] == "index" and len(columns) == len(heading) else None
    if index is None or not np.array_equal(index, np.arange(len(index))):
        raise TopologyError("nodes.csv: expected a first column `index` with the numbers of the nodes from 0")
    limits.check_size("nodes", len(index), limits.MAX_AGENTS)
    numbers = np.array([int(name) if name.isdigit() and len(name) < 12 else -1 for name in made.names], dtype=np.int64)
    if len(numbers) and (numbers.min() < 0 or numbers.max() >= len(index)):
        raise TopologyError(f"edges.csv: expected numbers of nodes below {len(index)}, as nodes.csv has")
    known = {name.strip(): values(column) for name, column in zip(heading[1:], columns[1:], strict=True)}
    positions = _positions(known.pop("_pos", []))
    own = next((name for name in ("name", "label") if _all_differ(known.get(name))), None)
    names = [str(name) for name in known.pop(own)] if own else [str(number) for number in range(len(index))]
    return replace(
        made,
        names=tuple(names),
        links=numbers[made.links] if len(numbers) else made.links,
        names_from=f"column {own!r} of nodes.csv" if own else "column 'index' of nodes.csv",
        attributes={name: tuple(column) for name, column in known.items()},
        positions=positions,
    )


def _all_differ(column: list[object] | None) -> bool:
    return column is not None and None not in column and len(set(map(str, column))) == len(column)


def _positions(texts: list[object]) -> np.ndarray | None:
    """Return places such as "array([0.5, 1.2])", or None unless every node has one of two or three numbers."""
    places = [[float(number) for number in NUMBER.findall(str(text))] for text in texts]
    lengths = {len(place) for place in places}
    return np.array(places) if len(lengths) == 1 and lengths <= {2, 3} else None
