"""Registries: topologies, games, agents, systems and more are registered and found by name.

A new one is one file: decorate a function or class with the registry and put the file into the
registry's folder, or name its module under `modules` in the configuration. Where a class must have certain methods, the
registry knows the class that lists them (the contract), and refuses a class that lacks one.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
import sys
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from hubbub.simulator.errors import ConfigurationError, HubbubError, complaint

F = TypeVar("F", bound=Callable[..., Any])


class Registry:
    """Functions or classes by name, found by importing every module of `package`.

    Parameters
    ----------
    noun
        What is registered, as messages call it.
    package
        The folder of which every module is imported.
    supplied
        Parameters that the program passes (a random generator, for example); all other parameters are options that a
        user sets in the configuration.
    error
        What is raised when a user's function fails.
    contract
        The abstract class or protocol that lists what a registered class, or what a registered function returns, must
        have. A class is checked when it is registered; what is set by its constructor, after that.
    folders
        Import the packages inside of `package` too, not only its modules.
    beside
        Further fields of every section that chooses from this registry, each of which chooses from another one: field
        → registry, default name. They are no options of the entry.
    """

    def __init__(
        self,
        noun: str,
        *,
        package: str,
        supplied: tuple[str, ...] = (),
        error: type[HubbubError] = ConfigurationError,
        contract: type | None = None,
        folders: bool = False,
        beside: Mapping[str, tuple[Registry, str]] | None = None,
    ) -> None:
        self.noun = noun
        self.package = package
        self.supplied = supplied
        self.error = error
        self.contract = contract
        self.folders = folders
        self.beside = dict(beside or {})
        self._entries: dict[str, Callable[..., Any]] = {}
        self._discovered = False
        _registries.append(self)

    def __call__(self, name: str) -> Callable[[F], F]:
        """Register the decorated function or class under `name`; the name must be free.

        Raises
        ------
        ConfigurationError
            The name is taken, or the class lacks something that the contract lists.
        """

        def decorate(function: F) -> F:
            known = self._entries.get(name)
            if known is not None and not _is_same(known, function):
                raise ConfigurationError(
                    f"{self.noun} {name!r} is registered twice: in {_origin(known)} and in {_origin(function)}"
                )
            if inspect.isclass(function):
                self._check(name, function)
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

        An error about an option names the field of the configuration. Any other error of a user's function becomes an
        `error` that says where it was raised; an error of a function of this package is raised as it is.
        """
        function = self[name]
        wanted = inspect.signature(function).parameters
        try:
            made = function(**options, **{key: value for key, value in supplied.items() if key in wanted})
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
        self._check(name, made)
        return made

    def _check(self, name: str, given: Any) -> None:
        """Refuse a class, or what was made by one, that lacks something that the contract lists."""
        if self.contract is not None and (lacking := missing(given, self.contract)):
            what = given if inspect.isclass(given) else type(given)
            raise self.error(
                f"{self.noun} {name!r}: {_origin(what)} lacks {', '.join(lacking)}; every {self.noun} has what "
                f"{_origin(self.contract)} lists"
            )

    def _discover(self) -> None:
        if self._discovered:
            return
        self._discovered = True
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__):
            if self.folders or not module.ispkg:
                importlib.import_module(f"{self.package}.{module.name}")


_registries: list[Registry] = []


def registered() -> tuple[tuple[tuple[str, Callable[..., Any]], ...], ...]:
    """Return all that is registered by now, in every registry; equal as long as nothing is added."""
    return tuple(tuple(registry._entries.items()) for registry in _registries)


def registered_in(module: str, *, besides: Collection[Registry] = ()) -> list[str]:
    """Return what a module has registered so far, as messages call it, such as "topology 'two-islands'".

    What is in the registries `besides` is left out.
    """
    return [
        f"{registry.noun} {name!r}"
        for registry in _registries
        if not any(registry is one for one in besides)
        for name, entry in registry._entries.items()
        if entry.__module__ == module
    ]


_NOTHING = object()


def missing(given: Any, contract: type) -> list[str]:
    """Return what a class, or an object, lacks of what an abstract class or a protocol lists.

    A method that is inherited from the protocol itself, or that is still abstract, counts as lacking. Attributes that
    an instance gets from its constructor are not expected of its class.
    """
    is_protocol = bool(getattr(contract, "_is_protocol", False))
    own = {name: member for name, member in vars(contract).items() if not name.startswith("_")}
    stated = inspect.get_annotations(contract).items()
    attributes = [name for name, hint in stated if "ClassVar" in str(hint) or not inspect.isclass(given)]
    lacking = []
    for name in dict.fromkeys([*own, *attributes]):
        found = inspect.getattr_static(given, name, _NOTHING)
        inherited = is_protocol and found is own.get(name)
        if found is _NOTHING or inherited or getattr(found, "__isabstractmethod__", False):
            lacking.append(name)
    return lacking


def load_module(name: str) -> ModuleType:
    """Import a user's module by path to a `.py` file or by dotted name, installed or in the present folder."""
    if not name.endswith(".py"):
        if name.partition(".")[0] in sys.stdlib_module_names:
            raise ConfigurationError(
                f"modules: expected modules of your own (dotted names or paths of .py files), got {name!r}, "
                "a module of Python itself"
            )
        if str(Path.cwd()) not in sys.path:  # as it is not when a console script was started
            sys.path.append(str(Path.cwd()))
        with _importing(f"cannot import the module {name!r}"):
            return importlib.import_module(name)
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
        with _importing(f"{path} could not be loaded"):
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[key]
        raise
    return module


@contextmanager
def _importing(problem: str) -> Iterator[None]:
    """Turn whatever a user's module raises when it is imported into one message; Ctrl-C stays what it is."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt(f"{problem}: {str(error) or 'interrupted'}") from error
    except (Exception, SystemExit) as error:
        raise ConfigurationError(f"{problem}: {type(error).__name__}: {error}") from error


def _package(module: str) -> str:
    return module.partition(".")[0]


def _place(error: Exception, function: Callable[..., Any]) -> str:
    """Return the last line of the function's own file on the way to an error, for a message."""
    file = getattr(sys.modules.get(function.__module__), "__file__", None)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return f"at {file}:{lines[-1]} " if lines else ""


def _is_same(one: Callable[..., Any], other: Callable[..., Any]) -> bool:
    """Whether two functions or classes come from one place in the code: a file may be imported under two names."""
    return _file(one) == _file(other) and one.__qualname__ == other.__qualname__


def _file(function: Callable[..., Any]) -> str:
    """Return the file in which a function or class was written; the module where there is none."""
    file = getattr(sys.modules.get(function.__module__), "__file__", None)
    return str(Path(file).resolve()) if file else function.__module__


def _origin(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
