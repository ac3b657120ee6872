"""Public functions and classes of the measures state the shape of every array that they take or return."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

PACKAGES = (
    "arrays",
    "collapse",
    "concepts",
    "control",
    "dialects",
    "emergence",
    "figures",
    "hubs",
    "language",
    "layers",
    "comparison",
    "measure",
    "percolation",
    "ranks",
    "shape_bias",
    "skills",
    "tails",
    "temporal",
)

STATED = re.compile(
    r"\b(?:Bool|Integer|Num|Real|Shaped|(?:Float|Int|UInt)(?:8|16|32|64)?)"
    r"\[(?:np\.ndarray|torch\.Tensor), (['\"])[^'\"]*\1\]"
)
ARRAY = re.compile(r"\b(?:ndarray|NDArray|ArrayLike|Tensor)\b")


def annotated(thing: Any) -> Iterator[tuple[str, str]]:
    """Yield the annotations, not evaluated, of a function, or of the fields and public methods of a class."""
    yield from ((f"{thing.__qualname__}: {name}", str(hint)) for name, hint in inspect.get_annotations(thing).items())
    if isinstance(thing, type):
        for name, method in vars(thing).items():
            function = method.fget if isinstance(method, property) else method
            if inspect.isfunction(function) and (name == "__init__" or not name.startswith("_")):
                yield from annotated(function)


def without_shape(thing: Any) -> list[str]:
    """Return the annotations with an array whose shape is not stated."""
    return [f"{name} is {hint}" for name, hint in annotated(thing) if ARRAY.search(STATED.sub("", hint))]


def public(package: str) -> dict[str, Any]:
    """Return the public functions and classes that the modules of a package define."""
    home = importlib.import_module(f"hubbub.analysis.{package}")
    modules = [
        home,
        *(
            importlib.import_module(f"{home.__name__}.{info.name}")
            for info in pkgutil.iter_modules(getattr(home, "__path__", ()))
        ),
    ]
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isfunction(value) or isinstance(value, type))
        and value.__module__ == module.__name__
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_public_functions_and_classes_state_the_shapes_of_their_arrays(package: str) -> None:
    found = public(package)
    home = importlib.import_module(f"hubbub.analysis.{package}")
    offered = {name: getattr(home, name) for name in getattr(home, "__all__", ())}
    own = {name for name, value in offered.items() if callable(value) and value.__module__.startswith(home.__name__)}
    assert own <= set(found)
    assert [missing for thing in found.values() for missing in without_shape(thing)] == []


class Broken:
    field: NDArray[np.int64]
    stated: Float[np.ndarray, "N R"] | None

    @property
    def value(self) -> np.ndarray: ...

    def method(self, tensors: dict[str, Tensor], stated: dict[str, Float[torch.Tensor, "N ..."]]) -> None: ...

    def _private(self) -> np.ndarray: ...


def test_arrays_without_a_shape_are_found() -> None:
    assert without_shape(Broken) == [
        "Broken: field is NDArray[np.int64]",
        "Broken.value: return is np.ndarray",
        "Broken.method: tensors is dict[str, Tensor]",
    ]
