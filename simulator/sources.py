"""The source files on which a module depends: it, what it imports, what that imports, outside of others' packages."""

from __future__ import annotations

import ast
import functools
import hashlib
import sys
from collections.abc import Collection, Iterator
from importlib.util import find_spec, resolve_name
from pathlib import Path

from hubbub.simulator import IMPORTED_AT

INSTALLED = {"site-packages", "dist-packages"}
"""Names of folders in which installed packages are."""


def sources(module: str, file: Path, *, without: Collection[str] = ()) -> Iterator[tuple[Path, bytes]]:
    """Yield the files on which a module depends, itself among them, with their content; not the packages `without`."""
    seen, todo = set[Path](), [(module, file)]
    while todo:
        name, path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        content = path.read_bytes()
        yield path, content
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        todo += [found for imported in _imports(content, package) if (found := _own(imported, module, without))]


def digest_of_sources(module: str, file: Path, *, without: Collection[str] = ()) -> str | None:
    """Return a SHA-256 of the `sources` of a module; None where they do not say what runs in this process.

    That is so where one was changed since this process began, which may have imported an earlier version, and where one
    is not Python, such as a notebook.
    """
    try:
        found = sorted(sources(module, file, without=without), key=lambda source: (source[0].name, source[1]))
    except (SyntaxError, ValueError):
        return None
    if any(path.stat().st_ctime > IMPORTED_AT for path, _ in found):
        return None
    digest = hashlib.sha256()
    for path, content in found:
        digest.update(f"\n{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


@functools.cache
def _imports(content: bytes, package: str) -> frozenset[tuple[str, ...]]:
    """Return what the source of a module imports: a name, or several of which the first that exists is imported.

    Most kernels depend on the same modules, so each source is parsed once.
    """
    found: set[tuple[str, ...]] = set()
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.Import):
            found.update((alias.name,) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = resolve_name("." * node.level + (node.module or ""), package)
            found.update((f"{origin}.{alias.name}", origin) for alias in node.names)
    return frozenset(found)


def _own(names: tuple[str, ...], module: str, without: Collection[str]) -> tuple[str, Path] | None:
    """Return name and file of the first of these modules that exists; None for those of other packages."""
    top = names[0].partition(".")[0]
    if top in sys.stdlib_module_names or top in without:
        return None
    try:
        spec = find_spec(top)
    except ValueError:  # a module that was not imported from a file
        return None
    if spec is None or spec.origin is None:
        return None
    if INSTALLED & set(Path(spec.origin).parts) and top not in ("hubbub", module.partition(".")[0]):
        return None
    for name in names:
        inner = name.split(".")[1:]
        if not inner:
            return name, Path(spec.origin)
        for folder in spec.submodule_search_locations or ():
            path = Path(folder, *inner)
            for file in (path / "__init__.py", path.with_suffix(".py")):
                if file.is_file():
                    return name, file
    return None
