"""Edge lists as networkx writes them: `source target {attributes}`."""

from __future__ import annotations

import ast
import re
from typing import Any

import numpy as np
import pyarrow as pa

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.edge_table import SUFFIXES
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.numbering import numbered
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.table import fields_of, separator_of
from hubbub.simulator.topology.files.text import utf8_of

LINE = re.compile(r"(.+?)[\s,;|]+(\{.*\})\s*")
WEIGHT = re.compile(r"\{'weight': (\d+(?:\.\d+)?)\}")
LONGEST = 10_000
"""Characters of the attributes of one link, so that nesting stays small."""


def looks(head: bytes) -> bool:
    """Whether the first line that is no comment ends in braces."""
    lines = (line.strip() for line in head.split(b"\n"))
    first = next((line for line in lines if line and not line.startswith(b"#")), b"")
    return first.endswith(b"}") and b"{" in first and not first.startswith(b"{")


@graph_format("networkx edge list", suffixes=SUFFIXES, looks=looks, options=("directed",), rank=3)
def read_networkx_edge_list(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of lines `source target {attributes}`; `weight` is the weight, 1 where it is missing."""
    text = utf8_of(data)
    limits.check_size("lines", text.count(b"\n"), 2 * limits.MAX_EDGES)
    lines = [(number, line) for number, line in enumerate(text.decode().split("\n"), start=1) if _is_link(line)]
    limits.check_size("edges", len(lines), limits.MAX_EDGES)
    found = [LINE.fullmatch(line) for _, line in lines]
    if None in found:
        number, line = lines[found.index(None)]
        raise TopologyError(complaint(f"line {number}", expected="source, target and {attributes}", got=f"{line:.60}"))
    ends = [match[1] for match in found if match]
    separator = separator_of(ends[:200])
    pairs = [fields_of(end, separator) for end in ends]
    for (number, _), pair in zip(lines, pairs, strict=True):
        if len(pair) != 2 or not all(pair):
            raise TopologyError(complaint(f"line {number}", expected="source, target and {attributes}", got=pair))
    about = [_attributes(match[2], number) for match, (number, _) in zip(found, lines, strict=True) if match]
    names, links = numbered(*(pa.array([pair[end] for pair in pairs], pa.string()) for end in (0, 1)))
    keys = dict.fromkeys(key for known in about for key in known)
    missing = sum("weight" not in known for known in about) if "weight" in keys else 0
    return Contents(
        format="networkx edge list",
        names=names,
        links=links,
        directed=options.undirected if options.directed is None else options.directed,
        weights=np.array([_weight(known, number) for known, (number, _) in zip(about, lines, strict=True)])
        if "weight" in keys
        else None,
        weights_from="attribute 'weight'" if "weight" in keys else "",
        names_from="columns 1 and 2",
        link_attributes={key: [known.get(key) for known in about] for key in keys if key != "weight"},
        parallel="refuse",
        notes=(f"{missing:,} links without a weight count 1",) if missing else (),
    )


def _is_link(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _weight(about: dict[str, Any], number: int) -> float:
    weight = about.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or abs(weight) > 1e300:
        raise TopologyError(complaint(f"line {number}, weight", expected="a number above 0", got=weight))
    return float(weight)


class _Scalars(ast.NodeTransformer):
    """Puts numbers in place of what NumPy and Python write for them: np.float64(2.5), nan, inf."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Return the only argument of a type of NumPy."""
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        of_numpy = isinstance(owner, ast.Name) and owner.id in ("np", "numpy")
        if of_numpy and len(node.args) == 1 and not node.keywords:
            argument: ast.AST = self.visit(node.args[0])
            return argument
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Return the truth value that np.True_ is."""
        values = {"True_": True, "False_": False}
        return ast.Constant(values[node.attr]) if node.attr in values else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Return the number that a name is."""
        return ast.Constant(float(node.id)) if node.id in ("nan", "inf") else node


def _plain(parsed: ast.Expression) -> ast.expr:
    made: ast.Expression = _Scalars().visit(parsed)
    return made.body


def _attributes(text: str, number: int) -> dict[str, Any]:
    if text == "{}":
        return {}
    if found := WEIGHT.fullmatch(text):
        return {"weight": float(found[1])}
    limits.check_size(f"characters of attributes in line {number}", len(text), LONGEST)
    try:
        known = ast.literal_eval(_plain(ast.parse(text.strip(), mode="eval")))
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError) as error:
        raise TopologyError(f"line {number}: expected attributes as Python writes them, got {text:.60}") from error
    if not isinstance(known, dict):
        raise TopologyError(complaint(f"line {number}", expected="attributes in braces", got=f"{text:.60}"))
    plain = str | int | float | bool | None
    known = {key: None if value != value else value for key, value in known.items()}
    return {str(key): value if isinstance(value, plain) else str(value) for key, value in known.items()}
