"""Things with names: topologies, games, agents, pairings and rewiring rules find their functions here.

A new one is one file: decorate a function or class with the registry and put the file into the
registry's folder, or name its module under `modules` in the configuration.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from hubbub.simulator.errors import ConfigurationError, HubbubError, complaint

F = TypeVar("F", bound=Callable[..., Any])


class Registry:
    """Named functions (or classes) of one noun, found by importing every module of `package`.

    `supplied` names the parameters that the program hands in (a random generator, say); all other
    parameters are options that a user sets in the configuration. `error` is raised when a user's function fails.
    With `folders` the packages inside of `package` are imported too.
    """

    def __init__(
        self,
        noun: str,
        *,
        package: str,
        supplied: tuple[str, ...] = (),
        error: type[HubbubError] = ConfigurationError,
        folders: bool = False,
    ) -> None:
        self.noun = noun
        self.package = package
        self.supplied = supplied
        self.error = error
        self.folders = folders
        self._entries: dict[str, Callable[..., Any]] = {}
        self._discovered = False

    def __call__(self, name: str) -> Callable[[F], F]:
        """Register the decorated function under `name`; the name must be free."""

        def decorate(function: F) -> F:
            known = self._entries.get(name)
            if known is not None and _origin(known) != _origin(function):
                raise ConfigurationError(
                    f"{self.noun} {name!r} is registered twice: in {_origin(known)} and in {_origin(function)}"
                )
            self._entries[name] = function
            return function

        return decorate

    def __getitem__(self, name: str) -> Callable[..., Any]:
        self._discover()
        if name not in self._entries:
            raise ConfigurationError(complaint(self.noun, expected=f"one of {', '.join(self)}", got=name, valid=self))
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        self._discover()
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        self._discover()
        return iter(sorted(self._entries))

    def parameters(self, name: str) -> dict[str, inspect.Parameter]:
        """Return the options of `name`: its parameters without the supplied ones, annotations resolved."""
        signature = inspect.signature(self[name], eval_str=True)
        return {key: value for key, value in signature.parameters.items() if key not in self.supplied}

    def call(self, name: str, options: dict[str, Any], **supplied: Any) -> Any:
        """Call `name` with its options and with those supplied arguments that its signature asks for.

        An option that the function itself refuses is named as the field that it is in a configuration. What else a
        user's function raises becomes an `error` that says where; out of a function of ours it comes as it is.
        """
        function = self[name]
        wanted = inspect.signature(function).parameters
        try:
            return function(**options, **{key: value for key, value in supplied.items() if key in wanted})
        except HubbubError as error:
            if str(error).partition(":")[0] not in options:
                raise
            raise type(error)(f"{self.noun}.{error}") from error
        except Exception as error:
            if _package(function.__module__) == _package(self.package):
                raise
            raise self.error(
                f"{self.noun} {name!r}: {function.__qualname__} failed {_place(error, function)}with "
                f"{type(error).__name__}: {error}"
            ) from error

    def _discover(self) -> None:
        if self._discovered:
            return
        self._discovered = True
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__):
            if self.folders or not module.ispkg:
                importlib.import_module(f"{self.package}.{module.name}")


def load_module(name: str) -> ModuleType:
    """Import a user's module by path to a `.py` file or by dotted name, installed or in the present folder."""
    if not name.endswith(".py"):
        if str(Path.cwd()) not in sys.path:  # as it is not when a console script was started
            sys.path.append(str(Path.cwd()))
        try:
            return importlib.import_module(name)
        except Exception as error:
            raise ConfigurationError(f"cannot import the module {name!r}: {type(error).__name__}: {error}") from error
    path = Path(name).expanduser().resolve()
    if not path.is_file():
        raise ConfigurationError(f"there is no file {path} to load")
    key = f"hubbub_user_{path.stem}"
    if key in sys.modules and getattr(sys.modules[key], "__file__", None) == str(path):
        return sys.modules[key]
    spec = importlib.util.spec_from_file_location(key, path)
    if spec is None or spec.loader is None:
        raise ConfigurationError(f"{path} is not a Python file that can be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[key] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[key]
        raise ConfigurationError(f"{path} could not be loaded: {type(error).__name__}: {error}") from error
    return module


def _package(module: str) -> str:
    return module.partition(".")[0]


def _place(error: Exception, function: Callable[..., Any]) -> str:
    """Return the last line of the function's own file on the way to an error, for a message."""
    file = getattr(sys.modules.get(function.__module__), "__file__", None)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return f"at {file}:{lines[-1]} " if lines else ""


def _origin(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
