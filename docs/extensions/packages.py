"""What the reference of Python shows of each package: every public name once, on the first page that lists it.

The page python.md lists the packages. A name that a later package gives too is a link there.
"""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.nodes import make_refnode

PAGE = Path(__file__).parents[1] / "python.md"


@dataclass(frozen=True)
class Entry:
    """A public name of a package: a function, a class, an exception, or data (a registry, a constant)."""

    package: str
    name: str
    kind: str
    doc: str
    is_first: bool
    attributes: tuple[str, ...] = ()
    """Those that the docstring of a class describes, so that they are no members to be described again."""

    @property
    def full_name(self) -> str:
        """The name as it is imported."""
        return f"{self.package}.{self.name}"


def documented() -> dict[str, list[Entry]]:
    """Return the public names of each package that the reference lists, sorted."""
    packages: dict[str, list[Entry]] = {}
    for entry in _entries():
        packages.setdefault(entry.package, []).append(entry)
    return packages


def home(thing: Any) -> str | None:
    """Return the name under which a function or class is documented."""
    return _homes().get(identity(thing)) if thing is not None else None


def identity(thing: Any) -> Any:
    """Return what two names of one thing have in common."""
    if isinstance(thing, type) or callable(getattr(thing, "__code__", None)) or inspect.isroutine(thing):
        return thing.__module__, thing.__qualname__
    return id(thing)


@cache
def _homes() -> dict[Any, str]:
    return {identity(_value(entry.full_name)): entry.full_name for entry in _entries() if entry.is_first}


@cache
def _entries() -> tuple[Entry, ...]:
    """Return the entries of all packages, in the order of the page."""
    entries: list[Entry] = []
    seen = set()
    for package in re.findall(r"^   (hubbub[\w.]*)$", PAGE.read_text(encoding="utf-8"), re.M):
        module = import_module(package)
        for name in sorted(getattr(module, "__all__", None) or _own_names(module), key=str.lower):
            value = getattr(module, name)
            kind = _kind(value)
            doc = _doc_of_data(name, value) if kind == "data" else ""
            if kind == "data" and not doc:
                continue
            is_first = identity(value) not in seen
            entries.append(Entry(package, name, kind, doc, is_first, _attributes(value) if kind == "class" else ()))
            seen.add(identity(value))
    return tuple(entries)


def _own_names(module: Any) -> list[str]:
    """Return the public functions and classes that a module without `__all__` defines."""
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__ and value.__doc__
    ]


def _kind(value: Any) -> str:
    if inspect.isclass(value):
        return "exception" if issubclass(value, BaseException) else "class"
    return "function" if inspect.isroutine(value) else "data"


def _attributes(thing: type) -> tuple[str, ...]:
    """Return the names in the section "Attributes" of a docstring."""
    section = (inspect.getdoc(thing) or "").partition("Attributes\n----------\n")[2]
    return tuple(name for line in re.findall(r"^(\w+(?:, \w+)*)$", section, re.M) for name in line.split(", "))


def _doc_of_data(name: str, value: Any) -> str:
    """Return the docstring below the assignment in the module that makes the value, "" where there is none."""
    for module_name, module in sorted(sys.modules.items()):
        if module_name.startswith("hubbub.") and vars(module).get(name) is value:
            lines = ModuleAnalyzer.for_module(module_name).find_attr_docs().get(("", name))
            if lines:
                return "\n".join(lines).strip()
    return ""


def _value(full_name: str) -> Any:
    """Return what a dotted name is, or None; a function counts before the module of the same name."""
    parts = full_name.split(".")
    for end in range(1, len(parts) + 1):
        value = sys.modules.get(".".join(parts[:end]))
        for part in parts[end:]:
            value = getattr(value, part, None)
        if value is not None:
            return value
    return None


def resolve(app: Any, env: Any, node: Any, content: nodes.Node) -> nodes.Node | None:
    """Link a name that is documented under another one: by its module, or (in `Raises`) by its last part alone."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    if target.startswith("hubbub."):
        name = home(_value(target))
    else:
        found = {entry.full_name for entry in _entries() if entry.is_first and entry.name == target}
        name = found.pop() if len(found) == 1 else None
    if name is None:
        return None
    there = env.get_domain("py").objects[name]
    return make_refnode(app.builder, node["refdoc"], there.docname, there.node_id, content, name)


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("missing-reference", resolve)
    return {"parallel_read_safe": True}
