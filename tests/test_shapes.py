"""The check of shapes around functions (`conftest.py`) sees what contradicts an annotation; measures state them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from types import ModuleType

import numpy as np
import pytest

from hubbub.simulator.store.lexicon import LexiconSplit

SHAPES = {"referents": (3,), "messages": (2, 3, 4), "lengths": (2, 3), "success": (2, 2)}

PACKAGES = ("arrays", "measure", "ranks", "shape_bias", "language", "dialects", "hubs", "tails", "temporal")
SHAPED = re.compile(r"\w+\[np\.ndarray, (['\"])[^'\"]+\1\]")


def split(**changed: np.ndarray) -> LexiconSplit:
    arrays = {name: np.zeros(shape, float if name == "success" else int) for name, shape in SHAPES.items()}
    return LexiconSplit(**{**arrays, **changed})


def test_what_agrees_passes() -> None:
    assert split().messages.shape == (2, 3, 4)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("messages", np.zeros((2, 4, 4), int)),
        ("lengths", np.zeros((2, 3, 1), int)),
        ("success", np.zeros((2, 2), int)),
        ("success", np.zeros((2, 3))),
    ],
)
def test_another_length_rank_or_type_of_elements_fails(name: str, array: np.ndarray) -> None:
    with pytest.raises(AssertionError, match="annotated as"):
        split(**{name: array})


def modules_of(package: str) -> Iterator[ModuleType]:
    module = importlib.import_module(f"hubbub.analysis.{package}")
    yield module
    for info in pkgutil.iter_modules(getattr(module, "__path__", ())):
        yield importlib.import_module(f"{module.__name__}.{info.name}")


def annotated(module: ModuleType) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the functions, methods, properties and fields that a module defines, each with its annotations."""
    for name, value in vars(module).items():
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(value):
            yield name, value.__annotations__
        elif inspect.isclass(value):
            yield name, inspect.get_annotations(value)
            for method, member in vars(value).items():
                function = getattr(member, "fget", None) or getattr(member, "__func__", member)
                if inspect.isfunction(function):
                    yield f"{name}.{method}", function.__annotations__


@pytest.mark.parametrize("package", PACKAGES)
def test_measures_state_the_shapes_of_the_arrays_that_they_take_and_return(package: str) -> None:
    stated = 0
    for module in modules_of(package):
        for name, hints in annotated(module):
            for what, annotation in hints.items():
                without, n = SHAPED.subn("", str(annotation))
                stated += n
                assert "ndarray" not in without.lower(), f"{module.__name__}.{name}: {what} has no shape: {annotation}"
    assert stated
