"""Which column of an edge table is what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow.compute as pc

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.files import contacts, headings, plain_weights
from hubbub.simulator.topology.files.columns import cleaned, is_number, is_numeric, numbers
from hubbub.simulator.topology.files.comment_lines import SaidInComments
from hubbub.simulator.topology.files.options import Column, ReadOptions
from hubbub.simulator.topology.files.table import Table, fields_of, like_a_row, may_be_row

WAYS_OUT = (
    "say which columns are what: topology.source=… topology.target=… and topology.weight=… (names or numbers from 1; "
    "topology.weight=none for none), with topology.heading=true or false where the first line is in doubt"
)
SEEN = 1000
"""Rows that are looked at to tell a heading from names like it."""

DIRECTIONS = {"directed", "undirected", "mutual"}


@dataclass(frozen=True)
class Roles:
    """What the columns are.

    Attributes
    ----------
    table
        The rows below the heading.
    heading
        Names of all columns, or None.
    source, target, weight
        Numbers of columns; `weight` may be None.
    times
        The column of times, or those of start and end (−1 for one that is not there); none.
    direction
        Gephi's column `Type`, or None.
    others
        The columns that are attributes of the links.
    notes
        What to tell the reader.
    """

    table: Table
    heading: tuple[str, ...] | None
    source: int
    target: int
    weight: int | None = None
    times: tuple[int, ...] = ()
    direction: int | None = None
    others: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def name(self, column: int) -> str:
        """Return how messages call a column."""
        return self.heading[column] if self.heading and self.heading[column] else f"column {column + 1}"


def roles_of(table: Table, options: ReadOptions, said: SaidInComments) -> Roles:
    """Return what the columns of a table are, by the user's options, the heading or the comments.

    Raises
    ------
    TopologyError
        If the ends are not known, if the first line may be a heading and is not understood, or if a column without a
        name may be weights and may be something else.
    """
    heading, table, notes = _heading(table, options)
    n_columns = len(table.columns)
    if n_columns < 2:
        got = list(heading or table.first)
        raise TopologyError(
            f"line {table.line_of(0) if len(table) else 1}: expected source, target and perhaps a weight, separated by "
            f"tabs, commas, semicolons or blanks, got {got!r:.80}"
        )
    source, target = _ends(table, heading, options)
    roles = Roles(table, heading, source, target, notes=notes)
    if heading:
        roles = replace(roles, times=_times(roles, options), direction=_direction(roles))
        return _with_others(replace(roles, weight=_named_weight(roles, options)))
    given = options.weight is not None or options.time is not None
    if said.columns and not given:
        weight = 2 if n_columns > 2 else None
        return _with_others(replace(roles, weight=weight, times=(3,) if n_columns > 3 else ()))
    times = _times(roles, options)
    if options.weight is not None:
        weight = None if options.weight == "none" else _column(table, None, options.weight, "weight")
        return _with_others(replace(roles, weight=weight, times=times))
    rest = [column for column in range(n_columns) if column not in (source, target, *times)]
    named = options.source is not None and options.target is not None
    if len(rest) > 1 and not named and not times:
        raise TopologyError(
            f"line {table.line_of(0)}: expected source, target and perhaps a weight, got {n_columns} fields without a "
            f"heading that says what they are: {list(table.first)!r:.80}; {WAYS_OUT}"
        )
    weight = rest[0] if len(rest) == 1 and not times else None
    if weight is not None and table.columns[weight].null_count == len(table):
        weight = None  # every line ends with a separator
    if weight is not None:
        if contacts.may_be(table):
            raise TopologyError(
                "three columns without a heading may be time, agent, agent or source, target, weight; say "
                "topology.format=contact-list for the first, or topology.weight=3 for the second"
            )
        _check_plain(table, weight)
    return _with_others(replace(roles, weight=weight, times=times))


def column_numbered(given: Column, names: Sequence[str] | None, n_columns: int, *, field: str) -> int:
    """Return the column that a user names or numbers from 1."""
    if names is not None and str(given) in names:
        return list(names).index(str(given))
    if names is not None:
        folded = [name.strip().lower() for name in names]
        if folded.count(str(given).strip().lower()) == 1:
            return folded.index(str(given).strip().lower())
    number = int(given) if str(given).isascii() and str(given).isdigit() and len(str(given)) < 6 else 0
    if 1 <= number <= n_columns:
        return number - 1
    numbers = f"a number from 1 to {n_columns}"
    expected = f"one of {', '.join(names)}, or {numbers}" if names is not None else f"{numbers} (there is no heading)"
    raise TopologyError(complaint(field, expected=expected, got=given, valid=names or ()))


def _column(table: Table, heading: tuple[str, ...] | None, given: Column, field: str) -> int:
    return column_numbered(given, heading, len(table.columns), field=field)


def _heading(table: Table, options: ReadOptions) -> tuple[tuple[str, ...] | None, Table, tuple[str, ...]]:
    """Return the heading, the rows below it, and what to tell of the decision."""
    first = table.first
    if not len(table):
        raise TopologyError("expected a graph with agents, got an empty one")
    below = table.below()
    if options.heading is not True and (commented := _from_comments(table)):
        return commented, table, ()
    if options.heading is False:
        return None, table, ()
    if options.heading or _names_columns(first, options):
        return first, _checked(below, first, options), ()
    if len(below) and _are_numbers_of_columns(first) and (ends := _first_named(first)):
        if not first[0] or not any(map(is_number, _sample(below, ends))):
            return first, _checked(below, first, options), ("the first line was read as the numbers of the columns",)
        if not any(_occurs(table, name) for name in first[:2]):
            link = " – ".join(first[:2])
            told = f"the first line was read as a link, {link}: if it numbers the columns, say topology.heading=true"
            return None, table, (told,)
    if all(is_number(field) for field in first):
        return None, table, ()
    found = headings.ends_in(first, numeric=lambda: _two_are_numeric(below))
    if found and not _are_numbered_agents(first, found, below):
        return first, _checked(below, first, options), ()
    again = any(_occurs(table, name) for name in first[:2])
    if not again and any(
        not is_number(name) and is_numeric(column) for name, column in zip(first, below.columns, strict=True)
    ):
        if options.source is not None and options.target is not None:
            return first, below, ()
        raise TopologyError(
            f"line {table.line_of(0)}: looks like a heading that is not understood: {', '.join(first)!r:.80}; expected "
            f"names such as source and target; {WAYS_OUT}"
        )
    if again or len(table) < 2 or any(map(is_number, first[:2])):
        return None, table, ()
    link = " – ".join(first[:2])
    return None, table, (f"the first line was read as a link, {link}: if it is a heading, say topology.heading=true",)


def _are_numbers_of_columns(first: Sequence[str]) -> bool:
    """Whether a first line numbers the columns from 0 or 1, as pandas does, perhaps beside an empty field."""
    named = first[1:] if first and not first[0] else first
    return len(named) > 1 and list(named) in ([str(at + start) for at in range(len(named))] for start in (0, 1))


def _first_named(heading: Sequence[str]) -> tuple[int, int] | None:
    """Return the first two columns with a name."""
    named = [at for at, name in enumerate(heading) if name][:2]
    return (named[0], named[1]) if len(named) == 2 else None


def _sample(table: Table, columns: tuple[int, int]) -> list[str]:
    return [field for at in columns for field in table.columns[at].slice(0, SEEN).to_pylist() if field is not None]


def _are_numbered_agents(first: tuple[str, ...], pair: tuple[int, int], below: Table) -> bool:
    """Whether names such as node1 and node2 are agents and no heading: others like them stand below."""
    common = headings.common_words(first, pair)
    if not common:
        return False
    named = (pc.unique(below.columns[column].slice(0, SEEN).drop_null()).to_pylist() for column in pair)
    return any(set(common) <= set(headings.words(name)) for names in named for name in names)


def _two_are_numeric(table: Table) -> bool:
    return sum(map(is_numeric, table.columns)) > 1


def _names_columns(first: tuple[str, ...], options: ReadOptions) -> bool:
    """Whether an option names a column of the heading."""
    given = (options.source, options.target, options.weight, options.time)
    texts = [each for each in given if isinstance(each, str) and not each.isdigit() and each != "none"]
    return bool(texts)


def _from_comments(table: Table) -> tuple[str, ...] | None:
    """Return the last comment before the rows if it names their columns."""
    if not table.comments:
        return None
    last = table.comments[-1].lstrip("#%").strip()
    for fields in (fields_of(last, table.separator), last.split()):
        if len(fields) == len(table.columns):
            if headings.ends_in(fields, numeric=lambda: _two_are_numeric(table)):
                return tuple(fields)
            if may_be_row(table.comments[-1].encode()):
                raise TopologyError(like_a_row(table.comments[-1].encode()))
    return None


def _checked(below: Table, heading: tuple[str, ...], options: ReadOptions) -> Table:
    """Refuse a heading that is repeated further down, as in files that were joined."""
    named = [name for name in heading if name]
    if len(set(named)) < len(named):
        twice = next(name for name in named if named.count(name) > 1)
        raise TopologyError(f"heading: expected every name once, got {twice!r} twice")
    same = None
    for name, column in zip(heading, below.columns, strict=True):
        if name and (same is None or pc.any(same).as_py()):
            equal = pc.fill_null(pc.equal(column, name), False)
            same = equal if same is None else pc.and_(same, equal)
    if same is not None and pc.any(same).as_py():
        row = pc.index(same, True).as_py()
        raise TopologyError(f"line {below.line_of(row)}: repeats the heading; expected one table in the file")
    return below


def _ends(table: Table, heading: tuple[str, ...] | None, options: ReadOptions) -> tuple[int, int]:
    given = [
        None if each is None else _column(table, heading, each, field)
        for field, each in (("source", options.source), ("target", options.target))
    ]
    if None in given:
        found = headings.ends_in(heading, numeric=lambda: _two_are_numeric(table)) if heading else (0, 1)
        if found is None and heading and _are_numbers_of_columns(heading):
            found = _first_named(heading)
        if found is None:
            raise TopologyError(
                f"heading: expected the names of the two ends of a link, such as source and target, got "
                f"{', '.join(heading or ())!r:.80}; {WAYS_OUT}"
            )
        given = [own if own is not None else other for own, other in zip(given, found, strict=True)]
    if given[0] == given[1]:
        raise TopologyError(f"source, target: expected two columns, got column {(given[0] or 0) + 1} for both")
    return given[0] or 0, given[1] or 0


def _times(roles: Roles, options: ReadOptions) -> tuple[int, ...]:
    if options.time == "none":
        return ()
    if options.time is not None:
        names = [str(options.time)]
        if "," in names[0] and (roles.heading is None or names[0] not in roles.heading):
            names = [name.strip() for name in names[0].split(",")]
        if len(names) > 2:
            raise TopologyError(complaint("time", expected="a column, or two for start and end", got=options.time))
        return tuple(_column(roles.table, roles.heading, name, "time") for name in names)
    if roles.heading is None:
        return ()
    found = headings.times_in(_hidden(roles.heading, roles))
    return found or ()


def _hidden(heading: tuple[str, ...], roles: Roles) -> list[str]:
    """Return the names of the columns that are not taken yet."""
    taken = (roles.source, roles.target, *roles.times)
    return ["" if column in taken else name for column, name in enumerate(heading)]


def _named_weight(roles: Roles, options: ReadOptions) -> int | None:
    if options.weight == "none" or roles.heading is None:
        return None
    if options.weight is not None:
        return _column(roles.table, roles.heading, options.weight, "weight")
    found, certain = headings.weight_in(_hidden(roles.heading, roles))
    found = [column for column in found if certain or _has_digits(roles, column)]
    found = [column for column in found if len(found) == 1 or not _is_blank(roles, column)]
    if len(found) == 1 and _is_blank(roles, found[0]):
        return None
    if len(found) > 1:
        names = " or ".join(roles.name(column) for column in found)
        raise TopologyError(f"weight: expected one column of weights, got {names}; say topology.weight=… or none")
    return found[0] if found else None


def _is_blank(roles: Roles, column: int) -> bool:
    return bool(roles.table.columns[column].null_count == len(roles.table))


def _has_digits(roles: Roles, column: int) -> bool:
    """Whether a column called value or so may be meant as one of weights; one of words is not."""
    return bool(pc.any(pc.match_substring_regex(roles.table.columns[column], r"\d")).as_py())


def _direction(roles: Roles) -> int | None:
    """Return Gephi's column Type, which says of each link whether it is directed."""
    if roles.heading is None:
        return None
    for column, name in enumerate(_hidden(roles.heading, roles)):
        if name.strip().lower() == "type":
            found = set(pc.unique(pc.utf8_lower(roles.table.columns[column].drop_null())).slice(0, 9).to_pylist())
            if found and found <= DIRECTIONS:
                return column
            if found & DIRECTIONS:
                wrong = min(found - DIRECTIONS)
                raise TopologyError(complaint("column Type", expected="Directed or Undirected in every row", got=wrong))
    return None


def _with_others(roles: Roles) -> Roles:
    taken = {roles.source, roles.target, roles.weight, roles.direction, *roles.times}
    return replace(roles, others=tuple(at for at in range(len(roles.table.columns)) if at not in taken))


def _check_plain(table: Table, column: int) -> None:
    """Refuse a third column without a name that is not plainly one of weights."""
    values, wrong = numbers(cleaned(table.columns[column], commas=table.separator != ","))
    if wrong.any():
        row = int(np.argmax(wrong))
        got = table.columns[column][row].as_py()
        raise TopologyError(
            complaint(f"line {table.line_of(row)}, weight", expected="a number above 0", got=got) + f"; {WAYS_OUT}"
        )
    if why := plain_weights.doubt(values[~np.isnan(values)]):
        raise TopologyError(
            f"the third column has no name and its numbers are {why}; if they are weights, say topology.weight=3; "
            f"if they are times, topology.time=3; if neither, topology.weight=none"
        )


def _occurs(table: Table, name: str) -> bool:
    """Whether a value of the first row is an end of any later row."""
    return any(pc.any(pc.equal(column.slice(1), name)).as_py() for column in table.columns[:2])
