"""Functions that numba compiles and keeps on the disk for as long as the code that they were made from is the same.

A module with compiled functions uses it as follows; nothing else needs to be done, in whatever folder it is:

    from numba import njit
    from hubbub.simulator.kernel_cache import kernel

    @njit                                   # a helper: compiled into what calls it
    def squared(x: float) -> float: ...

    @kernel                                 # called from Python: compiled once, then loaded from the disk
    def advance(states: NDArray[np.int8], made: int) -> None: ...

    @kernel(error_model="numpy")            # options are those of numba's njit
    def detect(record: NDArray[np.int64]) -> None: ...

    @callback(types.void(types.int64))      # called by compiled code through its address
    def multiply(rows): ...

numba alone keeps a function until its own file changes. The helpers and constants that were compiled into it are in
other files too, so here what is kept is found by a hash of all of them: the module, what it imports, what that imports,
and so on, outside of installed packages of others; and the versions of numba, llvmlite and numpy. The same code at
another place is not compiled again. A value that a module
computes from anything else when it is imported (a file, a variable of the environment) is not seen: pass it as an
argument.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import logging
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numba
import platformdirs
from numba.core.caching import UserProvidedCacheLocator

from hubbub.simulator.sources import digest_of_sources

COMPILERS = ("numba", "llvmlite", "numpy")
VERSIONS_KEPT = 4
"""How many versions of the code of a module are kept; the one that was begun first is removed first."""


def kernel(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Return a function compiled by numba's `njit` with `options`; what was compiled is kept on the disk.

    It is kept in the user's cache folder (or below `NUMBA_CACHE_DIR`, where that is set), in a temporary folder of the
    user where that one cannot be written, with one line of notice, and else not at all, with one line of notice.
    """
    if function is None:
        return functools.partial(kernel, **options)
    file = Path(inspect.getfile(function))
    folder = _folder(function.__module__, file) if file.is_file() else None
    if folder is None:
        return numba.njit(**options)(function)
    with _numba_keeps_in(folder):
        compiled = numba.njit(cache=True, **options)(function)
    _forgive(compiled)
    return compiled


def callback(signature: Any, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator: a function is compiled when it is defined, for other compiled code that calls its `address`.

    It is kept as `kernel` keeps a function. `signature` is numba's.
    """

    def compiled(function: Callable[..., Any]) -> Any:
        file = Path(inspect.getfile(function))
        folder = _folder(function.__module__, file) if file.is_file() else None
        if folder is not None:
            with suppress(Exception), _numba_keeps_in(folder):  # a file that is cut off, a full disk
                return numba.cfunc(signature, cache=True, **options)(function)
        return numba.cfunc(signature, **options)(function)

    return compiled


class ByContent(UserProvidedCacheLocator):
    """Tells numba to keep a function in the folder for its code, whatever the path and age of its file.

    So a second checkout or installation of the same code does not compile again. Older versions of numba do not ask
    for a class; there each path has a folder of its own inside of this one.
    """

    def __init__(self, py_func: Any, py_file: str) -> None:
        super().__init__(py_func, py_file)
        self._cache_path = numba.config.CACHE_DIR  # its name is the hash of the code

    def get_source_stamp(self) -> str:
        """Return what must be the same for a kept function to be used."""
        return Path(self._cache_path).name


@functools.cache
def _folder(module: str, file: Path) -> Path | None:
    """Return the folder for what is compiled from a module in its present version; None where nothing can be kept."""
    content = digest_of_sources(module, file, without=COMPILERS)
    base = _base() if content else None
    if base is None:
        return None
    compilers = "".join(f"{name} {version(name)}\n" for name in COMPILERS)
    digest = hashlib.sha256(f"{compilers}{platform.python_version()}\n{content}".encode())
    folder = base / "kernels" / module / digest.hexdigest()[:32]
    if not folder.exists():
        _make_room(folder.parent)
    return folder


@functools.cache
def _base() -> Path | None:
    """Return a folder in which kernels can be kept, None where there is none; what is unusual is said once."""
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        usual = Path(chosen).absolute()
    else:
        usual = platformdirs.user_cache_path("hubbub", appauthor=False)
    if usual.is_absolute() and _is_writable(usual):
        return usual
    temporary = Path(tempfile.gettempdir()) / f"hubbub-{_user()}"
    log = logging.getLogger(__name__)
    if _is_writable(temporary) and _is_private(temporary):
        log.warning("hubbub: %s cannot be written, so compiled kernels are kept in %s", usual, temporary)
        return temporary
    log.warning("hubbub: neither %s nor %s can be used, so kernels are compiled in every process", usual, temporary)
    return None


def _user() -> int:
    """Return the number of the user; there is none on Windows."""
    return os.getuid() if hasattr(os, "getuid") else 0


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _is_private(folder: Path) -> bool:
    """Whether nobody else can write to a folder: what is loaded from it is executed."""
    if not hasattr(os, "getuid"):  # Windows, where every user has a temporary folder
        return not folder.is_symlink()
    status = folder.lstat()
    return status.st_uid == _user() and not status.st_mode & 0o022 and not folder.is_symlink()


def _make_room(versions: Path) -> None:
    """Remove versions of a module that are not the newest ones."""
    with suppress(OSError):
        for folder in sorted(versions.iterdir(), key=lambda folder: folder.stat().st_mtime)[: 1 - VERSIONS_KEPT]:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _numba_keeps_in(folder: Path) -> Iterator[None]:
    """Let numba keep what is decorated meanwhile in a folder, wherever it keeps the rest."""
    before = {name: getattr(numba.config, name, "") for name in ("CACHE_DIR", "CACHE_LOCATOR_CLASSES")}
    vars(numba.config).update(CACHE_DIR=str(folder), CACHE_LOCATOR_CLASSES=f"{__name__}.{ByContent.__name__}")
    try:
        yield
    finally:
        vars(numba.config).update(before)


def _forgive(compiled: Any) -> None:
    """Let a kernel be compiled again where it cannot be loaded, and used where it cannot be kept (a full disk)."""
    cache = getattr(compiled, "_cache", None)  # numba has no public name for it; nothing is kept without compilation
    if cache is None:
        return
    for name in ("load_overload", "save_overload"):
        setattr(cache, name, _or_none(getattr(cache, name)))


def _or_none(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*given: Any) -> Any:
        with suppress(Exception):  # a file that is cut off raises errors of many kinds
            return function(*given)
        return None

    return call
