"""What all tests share: array shapes and element types that annotations state are checked while the tests run.

A function may refuse its arguments. What it accepts and returns must agree with its annotations:
`Float[np.ndarray, "N R"]` is an array of floats with two axes; a letter is the same length wherever a signature has it.
"""

from __future__ import annotations

import dataclasses
import functools
import gc
import importlib.machinery
import inspect
import os
import runpy
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from jaxtyping import AbstractArray, jaxtyped

ARRAYS = (np.ndarray, torch.Tensor)
SHAPED = ("hubbub.analysis", "hubbub.simulator")
"""Packages whose functions and dataclasses are checked."""


def arrays_in(hint: Any, value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the arrays in a value with the annotation of each."""
    if isinstance(hint, type) and issubclass(hint, AbstractArray):
        if isinstance(value, ARRAYS):
            yield hint, value
    elif typing.get_origin(hint) in (typing.Union, types.UnionType):
        stated = [part for part in typing.get_args(hint) if isinstance(part, type) and issubclass(part, AbstractArray)]
        if len(stated) == 1:
            yield from arrays_in(stated[0], value)
    elif typing.get_origin(hint) is tuple and isinstance(value, tuple) and len(value) == len(typing.get_args(hint)):
        for part, one in zip(typing.get_args(hint), value, strict=True):
            yield from arrays_in(part, one)


def states_shapes(annotation: Any) -> bool:
    """Whether an annotation, not yet evaluated, states the shape of an array."""
    return "[np.ndarray," in str(annotation) or "[torch.Tensor," in str(annotation)


def hints_of(function: Callable[..., Any]) -> Mapping[str, Any]:
    """Return the annotations of a function that state shapes, evaluated."""
    stated = {name: hint for name, hint in function.__annotations__.items() if states_shapes(hint)}
    names = {"torch": torch, **vars(sys.modules[function.__module__])}  # some modules import torch for types only
    return {name: eval(hint, names) if isinstance(hint, str) else hint for name, hint in stated.items()}


def described(value: Any) -> Any:
    """Return the types and shapes of the arrays in a value, all that a check depends on."""
    if isinstance(value, ARRAYS):
        return value.dtype, value.shape
    return tuple(map(described, value)) if isinstance(value, tuple) else None


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, which after a call compares the arrays of arguments and result with their annotations.

    Calls with arrays of the same types and shapes are checked once.
    """
    hints = functools.cache(lambda: hints_of(function))
    stated = {name for name, hint in function.__annotations__.items() if states_shapes(hint)}
    places = [(place, name) for place, name in enumerate(inspect.signature(function).parameters) if name in stated]
    names = [*(name for _, name in places), *(["return"] if "return" in stated else [])]
    passed: set[tuple[Any, ...]] = set()

    @functools.wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        result = function(*given, **named)
        if torch.compiler.is_compiling():
            return result
        values = [given[place] if place < len(given) else named.get(name) for place, name in places]
        values += [result] * (len(names) - len(values))
        key = tuple(map(described, values))
        if key not in passed:
            with jaxtyped("context"):
                for name, value in zip(names, values, strict=True):
                    for annotated, array in arrays_in(hints()[name], value):
                        said = (
                            f"{function.__module__}.{function.__qualname__}: {name} is {array.dtype}{list(array.shape)}"
                        )
                        assert isinstance(array, annotated), f"{said}, annotated as {annotated}"
            passed.add(key)
        return result

    return call


class CheckingLoader(importlib.machinery.SourceFileLoader):
    """Loads a module whose functions and dataclasses are checked."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the module, then put checks around what it defines."""
        super().exec_module(module)
        for name, value in list(vars(module).items()):
            if getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(value):
                self._check(module, name, value)
            elif isinstance(value, type):
                if dataclasses.is_dataclass(value):
                    value.__init__.__module__ = module.__name__  # type: ignore[misc]
                for method, function in list(vars(value).items()):
                    if inspect.isfunction(function):
                        self._check(value, method, function)

    @staticmethod
    def _check(owner: Any, name: str, function: Callable[..., Any]) -> None:
        if any(states_shapes(hint) for hint in function.__annotations__.values()):
            setattr(owner, name, checked(function))


class CheckingFinder:
    """Finds the modules of `SHAPED` and hands them to the loader above."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a module that is to be checked."""
        if not name.startswith(SHAPED):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = CheckingLoader(spec.loader.name, spec.loader.path)
        return spec


sys.meta_path.insert(0, CheckingFinder)  # type: ignore[arg-type]


START_RAY = (
    *("simulator/cluster/test_faults", "simulator/cluster/test_connection", "scenarios/test_workers"),
    *("scenarios/test_faults", "scenarios/studies/test_ray_executor", "packaging/test_installed"),
)


def pytest_collection() -> None:
    """Search for no garbage among what is imported, which stays."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave what was imported out of all later searches for garbage."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that start Ray: one process of the tests waits for it while the others compute."""
    items.sort(key=lambda item: not item.nodeid.removeprefix("tests/").startswith(START_RAY))


@pytest.fixture
def forked() -> Iterator[Any]:
    """Start programs of their own that need not import torch again, and end them with the test; see forked.py."""
    start = runpy.run_path(str(Path(__file__).with_name("forked.py")))["Forked"]
    with ExitStack() as running:
        yield lambda *words, **options: running.enter_context(start(*words, **options))


@pytest.fixture(scope="session", autouse=True)
def _small_reports() -> None:
    """Write figures with few dots, and compare with few null graphs: no test looks at the first or depends on more."""
    from hubbub.analysis.figures.style import SETTINGS
    from hubbub.analysis.views.population import findings

    SETTINGS["savefig.dpi"] = 50
    findings.NULL_GRAPHS = 20


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_disks() -> None:
    """Do not wait until the disk has what is written: no test loses its power. Tests of failures replace this."""
    os.fsync = lambda descriptor: None


@pytest.fixture(autouse=True)
def _few_files_of_figures(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not draw the figures of a report again for files that no test looks at; those in its page are drawn."""
    if request.node.get_closest_marker("files_of_figures") is None:
        for module in ("hubbub.analysis.report", "hubbub.analysis.studies.writing"):
            for name in ("as_png", "as_svg"):
                monkeypatch.setattr(f"{module}.{name}", lambda figure: b"")
