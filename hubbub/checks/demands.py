"""The list of demands that a checker goes through."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import torch

from hubbub.simulator.errors import ConfigurationError, ContractError, HubbubError, complaint

T = TypeVar("T")


def check_argument(field: str, value: object, expected: str, *types: type) -> None:
    """Raise `ConfigurationError` where an argument is of none of these types; a truth value is no number."""
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        raise ConfigurationError(complaint(field, expected=expected, got=value))


def check_name(noun: str, name: object) -> None:
    """Raise `ConfigurationError` where a name is no text."""
    check_argument(noun, name, f"the name of a registered {noun}", str)


class Demands:
    """The demands on one thing, checked one after another.

    Attributes
    ----------
    met
        The demands that were checked so far, each once.
    """

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self._met: dict[str, None] = {}

    @property
    def met(self) -> list[str]:
        """The demands that were met, in the order of the checks."""
        return list(self._met)

    def __call__(self, demand: str, holds: bool, got: object = "") -> None:
        """Raise a `ContractError` if a demand does not hold."""
        if not holds:
            raise ContractError(f"{self.subject}: expected that {demand}" + (f"; got {got}" if str(got) else ""))
        self._met[demand] = None

    def result(self, demand: str, function: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """Return what a function returns; raise a `ContractError` if it raises, or draws from a global generator."""
        before = _global_states()
        made = self.attempt(demand, function, *arguments, **options)
        self("all random numbers come from the generator that is passed", before == _global_states(), "a global one")
        return made

    def attempt(self, demand: str, function: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """Return what a function returns; raise a `ContractError` if it raises."""
        try:
            made = function(*arguments, **options)
        except HubbubError:
            raise
        except Exception as error:
            raise ContractError(
                f"{self.subject}: expected that {demand}; got {type(error).__name__}: {error}"
            ) from error
        self._met[demand] = None
        return made


def _global_states() -> tuple[object, ...]:
    """Return the states of the generators that are global in Python, numpy and torch."""
    numpy_state = np.random.get_state(legacy=False)["state"]  # noqa: NPY002 (it is looked at, not used)
    return random.getstate(), numpy_state["pos"], numpy_state["key"].tobytes(), bytes(torch.get_rng_state().numpy())


def is_array(value: Any, dtype: str, shape: tuple[int, ...]) -> bool:
    """Whether a value is an array or tensor with this element type and shape."""
    return str(getattr(value, "dtype", "")).removeprefix("torch.") == dtype and tuple(value.shape) == shape


def described(value: Any) -> str:
    """Return element type and shape of an array or tensor, or the type of anything else."""
    if not hasattr(value, "dtype"):
        return type(value).__name__
    return f"{str(value.dtype).removeprefix('torch.')} {tuple(value.shape)}"
