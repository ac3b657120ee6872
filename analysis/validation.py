"""The door of every public measure: what its annotations state is checked before it computes anything.

One policy holds for all of them. What has no value is refused by name: NaN, infinity, masked entries, fractions where
whole numbers are stated, numbers outside of the stated limits, another number of axes. So no value is left out without
a word. Where NaN has a meaning of its own (the end of an episode, a seed that diverged), the function says so in its
docstring and with `MAY_BE_NAN`.
"""

from __future__ import annotations

import functools
import inspect
import math
import numbers
import sys
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from typing import Any, ParamSpec, TypeVar

import numpy as np
from jaxtyping import AbstractArray

from hubbub.simulator.errors import ConfigurationError, complaint

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """What the numbers of an argument may be.

    Attributes
    ----------
    least, most
        The smallest and the largest number.
    above, below
        Numbers that all others have to exceed, or to stay below.
    infinite, nan
        Whether infinity, or NaN, is a number with a meaning here.
    """

    least: float = -math.inf
    most: float = math.inf
    above: float = -math.inf
    below: float = math.inf
    infinite: bool = False
    nan: bool = False

    @property
    def words(self) -> str:
        """The limits in words, after "numbers"; "" without limits."""
        if self.least > -math.inf and self.most < math.inf:
            return f" from {self.least:g} to {self.most:g}"
        if self.above > -math.inf and self.below < math.inf:
            return f" between {self.above:g} and {self.below:g}"
        parts = [f" ≥ {self.least:g}"] if self.least > -math.inf else []
        parts += [f" ≤ {self.most:g}"] if self.most < math.inf else []
        parts += [f" above {self.above:g}"] if self.above > -math.inf else []
        parts += [f" below {self.below:g}"] if self.below < math.inf else []
        return " and".join(parts)

    def broken_by(self, values: np.ndarray) -> np.ndarray:
        """Return which numbers `[…]` are outside of the limits."""
        outside = (values < self.least) | (values > self.most)
        if self.above > -math.inf:
            outside |= values <= self.above
        if self.below < math.inf:
            outside |= values >= self.below
        return np.asarray(outside)


ANY = Limits()
COUNT = Limits(least=0)
AT_LEAST_1 = Limits(least=1)
AT_LEAST_3 = Limits(least=3)
NOT_NEGATIVE = Limits(least=0)
POSITIVE = Limits(above=0)
SHARE = Limits(least=0, most=1)
BETWEEN_0_AND_1 = Limits(above=0, below=1)
SHARE_BELOW_1 = Limits(least=0, below=1)
MAY_BE_INFINITE = Limits(infinite=True)
DISTANCE = Limits(least=0, infinite=True)
MAY_BE_NAN = Limits(nan=True)
UNCHECKED = Limits(infinite=True, nan=True)
"""For arguments that the function itself checks, with a message of its own."""


def validated(*, stated_shapes: bool = False, **limits: Limits) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that checks arrays and numbers against the annotations of a function, and against `limits`.

    A parameter that is an array gets an array without mask of the stated kind, whole numbers as int64. One that is
    `int` gets a whole number, not negative unless its limits say otherwise, and one that is `float` a finite number.
    Sequences and mappings of these are checked item by item. Defaults are not checked, so None or infinity may be a
    default. With `stated_shapes`, the axes of arrays are checked too, and a letter has to stand for one length; most
    measures check shapes themselves.

    Raises
    ------
    ConfigurationError
        By the decorated function: an argument is not what is stated; the message names it.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        signature = inspect.signature(function)
        unknown = limits.keys() - signature.parameters.keys()
        assert not unknown, f"{function.__qualname__} has no parameters {unknown}"
        hints: dict[str, Any] = {}

        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            if not hints:
                hints.update(_hints_of(function))
            bound = signature.bind(*args, **kwargs)
            for name, value in bound.arguments.items():
                if name in hints and value is not signature.parameters[name].default:
                    bound.arguments[name] = _admitted(value, hints[name], name, limits.get(name))
            if stated_shapes:
                _check_lengths(bound.arguments, hints)
            return function(*bound.args, **bound.kwargs)

        call.limits = limits  # type: ignore[attr-defined]
        return call

    return decorate


def _hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the annotations of a function, evaluated; those with names that are imported for types only are left out.

    An entry for "return" is always there, so that the result is never empty.
    """
    names = {"torch": sys.modules.get("torch"), **vars(sys.modules[function.__module__])}
    found: dict[str, Any] = {"return": None}
    for name, hint in function.__annotations__.items():
        if name != "return":
            try:
                found[name] = eval(hint, names) if isinstance(hint, str) else hint
            except (NameError, AttributeError):
                continue
    return found


def _admitted(value: Any, hint: Any, name: str, limits: Limits | None) -> Any:
    """Return an argument as its annotation states it."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return value if value is None and type(None) in parts else _one_of(value, parts, name, limits)
    if isinstance(hint, type) and issubclass(hint, AbstractArray):
        if hint.array_type is np.ndarray:
            return array_of(value, hint, name=name, limits=limits or ANY)
        return _tensor(value, name, limits or ANY)
    if hint is int:
        return whole_number(value, name=name, limits=limits or COUNT)
    if hint is float:
        return real_number(value, name=name, limits=limits or ANY)
    if origin is not None and isinstance(origin, type) and parts:
        if issubclass(origin, Mapping) and isinstance(value, Mapping):
            return {key: _admitted(item, parts[1], f"{name}[{key!r}]", limits) for key, item in value.items()}
        if issubclass(origin, tuple) and parts[-1] is not Ellipsis:
            return value
        if issubclass(origin, Sequence) and not isinstance(value, str | bytes):
            return _items(value, parts[0], name, limits)
    return value


def _one_of(value: Any, parts: tuple[Any, ...], name: str, limits: Limits | None) -> Any:
    """Return an argument that may be one of several kinds."""
    of_arrays = [part for part in parts if isinstance(part, type) and issubclass(part, AbstractArray)]
    if any(isinstance(part, type) and is_dataclass(part) and isinstance(value, part) for part in parts):
        return value
    if of_arrays and (np.ndim(value) or (float not in parts and int not in parts)):
        return _admitted(value, of_arrays[0], name, limits)
    if isinstance(value, str) and str in parts:
        return value
    if float in parts and isinstance(value, numbers.Number | np.ndarray):
        return _admitted(value, float, name, limits)
    others = [part for part in parts if part not in (type(None), str, *of_arrays)]
    return _admitted(value, others[0], name, limits) if len(others) == 1 else value


def _items(value: Any, hint: Any, name: str, limits: Limits | None) -> Any:
    """Return the items of a sequence; numbers become a tuple of float or int."""
    if isinstance(value, np.ma.MaskedArray):
        value = unmasked(value, name=name)
    if not isinstance(value, Sequence | np.ndarray):
        raise ConfigurationError(complaint(name, expected="a sequence", got=value))
    if hint is float:
        array = numeric(value, name=name)
        if array.ndim != 1:
            raise ConfigurationError(complaint(name, expected="a row of numbers", got=array.shape))
        within(array, name=name, limits=limits or ANY)
        return value if isinstance(value, Sequence) else array.tolist()
    return [_admitted(item, hint, f"{name}[{at}]", limits) for at, item in enumerate(value)]


def array_of(value: Any, hint: Any, *, name: str, limits: Limits) -> np.ndarray:
    """Return an array of the kind and with the number of axes that an annotation of jaxtyping states."""
    of_any_type = not isinstance(hint.dtypes, tuple | list)
    array = comparable(value, name=name, limits=limits) if of_any_type else numeric(value, name=name)
    dims = hint.dim_str.split()
    if array.shape == (0,) and len(dims) > 1 and not any(dim.startswith(("*", "...")) for dim in dims):
        array = array.reshape([0, *(int(dim) if dim.isdigit() else 0 for dim in dims[1:])])  # an empty row is empty
    if of_any_type or array.dtype.kind == "b":
        return array
    if any(kind.startswith("float") for kind in hint.dtypes):
        return within(array, name=name, limits=limits)
    return within(whole(array, name=name), name=name, limits=limits, kind="whole numbers")


def _check_axes(array: np.ndarray, dims: list[str], name: str) -> None:
    """Raise `ConfigurationError` where an array has not the axes `dims`."""
    fixed = [dim for dim in dims if not dim.startswith(("*", "...", "#"))]
    if len(fixed) < len(dims):
        fits = array.ndim >= len(fixed)
    else:
        fits = array.ndim == len(dims)
        fits = fits and all(not dim.isdigit() or int(dim) == n for dim, n in zip(dims, array.shape, strict=True))
    if not fits:
        stated = ", ".join("…" if dim.startswith(("*", "...", "#")) else dim for dim in dims)
        raise ConfigurationError(complaint(name, expected=f"shape [{stated}]", got=array.shape))


def _check_lengths(arguments: Mapping[str, Any], hints: Mapping[str, Any]) -> None:
    """Raise `ConfigurationError` for other axes than stated, and where a letter stands for different lengths."""
    lengths: dict[str, tuple[int, str]] = {}
    broadcast: tuple[int, ...] = ()
    for name, value in arguments.items():
        hint = _array_hint(hints.get(name))
        if hint is None or not isinstance(value, np.ndarray):
            continue
        dims = hint.dim_str.split()
        _check_axes(value, dims, name)
        if dims and dims[0].startswith("*#"):
            try:
                broadcast = np.broadcast_shapes(broadcast, value.shape)
            except ValueError:
                expected = f"a shape that broadcasts with {broadcast}"
                raise ConfigurationError(complaint(name, expected=expected, got=value.shape)) from None
            continue
        if any(dim.startswith(("*", "...", "#")) for dim in dims):
            # Axes before and after the variable ones; those themselves may be of any number.
            at = next(k for k, dim in enumerate(dims) if dim.startswith(("*", "...", "#")))
            after = len(dims) - at - 1
            axes = [*zip(dims[:at], value.shape[:at], strict=True)]
            axes += [*zip(dims[at + 1 :], value.shape[value.ndim - after :], strict=True)] if after else []
        else:
            axes = [*zip(dims, value.shape, strict=True)]
        for dim, n in axes:
            if dim.isdigit():
                continue
            known, first = lengths.setdefault(dim, (n, name))
            if known != n:
                stated = ", ".join(str(lengths[d][0]) if d in lengths else d for d in dims)
                where = "" if first == name else f", as {first}"
                raise ConfigurationError(complaint(name, expected=f"shape [{stated}]{where}", got=value.shape))


def _array_hint(hint: Any) -> Any:
    """Return the annotation of an array in a hint, or None."""
    parts = (hint, *typing.get_args(hint))
    return next((part for part in parts if isinstance(part, type) and issubclass(part, AbstractArray)), None)


def unmasked(value: Any, *, name: str) -> Any:
    """Return a masked array without its mask; `ConfigurationError` where something is masked."""
    n_masked = int(np.ma.getmaskarray(value).sum())
    if n_masked:
        raise ConfigurationError(f"{name}: expected values without a mask, got {n_masked} masked of {value.size}")
    return value.data


def plain(value: Any, *, name: str) -> np.ndarray:
    """Return anything as an array; `ConfigurationError` for masked values and for rows of different lengths."""
    if isinstance(value, np.ma.MaskedArray):
        value = unmasked(value, name=name)
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ConfigurationError(f"{name}: expected an array, got rows of different lengths") from error


def numeric(value: Any, *, name: str) -> np.ndarray:
    """Return an array of bool, int or float; `ConfigurationError` for any other type of elements."""
    array = plain(value, name=name)
    if array.dtype.kind not in "biuf" and array.size:
        raise ConfigurationError(complaint(name, expected="numbers", got=str(array.dtype)))
    return array if array.size else array.astype(array.dtype if array.dtype.kind in "biuf" else np.float64)


def comparable(value: Any, *, name: str, limits: Limits = ANY) -> np.ndarray:
    """Return an array of any type; `ConfigurationError` for floats that are not finite, and for NaN and NaT."""
    array = plain(value, name=name)
    if array.dtype.kind in "fiu":
        return within(array, name=name, limits=limits)
    n_nan = int(np.sum(array != array)) if array.dtype.kind in "cmMO" else 0
    if n_nan:
        raise ConfigurationError(f"{name}: expected values, got {n_nan} NaN of {array.size}")
    return array


def whole(array: np.ndarray, *, name: str) -> np.ndarray:
    """Return whole numbers as int64; `ConfigurationError` for fractions, NaN and infinity."""
    if array.dtype.kind in "iu":
        return array
    finite(array, name=name)
    fractions = array % 1 != 0
    if fractions.any():
        raise ConfigurationError(complaint(name, expected="whole numbers", got=float(array[fractions][0])))
    return array.astype(np.int64)


def finite(array: np.ndarray, *, name: str) -> np.ndarray:
    """Return numbers; `ConfigurationError` for NaN and infinity."""
    others = int(np.count_nonzero(~np.isfinite(array)))
    if others:
        raise ConfigurationError(f"{name}: expected finite numbers, got {others} others")
    return array


def within(array: np.ndarray, *, name: str, limits: Limits, kind: str = "numbers") -> np.ndarray:
    """Return numbers; `ConfigurationError` where they are not finite or outside of the limits."""
    if array.dtype.kind == "f":
        n_nan, n_infinite = (0 if limits.nan else int(np.isnan(array).sum())), int(np.isinf(array).sum())
        if n_infinite and not limits.infinite:
            raise ConfigurationError(f"{name}: expected finite numbers, got {n_nan + n_infinite} others")
        if n_nan:
            what = "numbers or infinity, got {} NaN" if limits.infinite else "finite numbers, got {} others"
            raise ConfigurationError(f"{name}: expected {what.format(n_nan)}")
    broken = limits.broken_by(array)
    if broken.any():
        got = int(array[broken][0]) if kind == "whole numbers" else float(array[broken][0])
        raise ConfigurationError(complaint(name, expected=f"{kind}{limits.words}", got=got))
    return array


def whole_number(value: Any, *, name: str, limits: Limits = COUNT) -> int:
    """Return a whole number; `ConfigurationError` for anything else and outside of the limits."""
    expected = f"a whole number{limits.words}"
    is_number = isinstance(value, numbers.Real | np.integer | np.floating) and not isinstance(value, bool | np.bool_)
    if not is_number or not math.isfinite(value) or value % 1 or limits.broken_by(np.asarray(value)):
        raise ConfigurationError(complaint(name, expected=expected, got=value))
    return int(value)


def real_number(value: Any, *, name: str, limits: Limits = ANY) -> Any:
    """Return a number; `ConfigurationError` for anything else, for NaN and infinity, and outside of the limits."""
    if isinstance(value, np.ma.MaskedArray):
        value = unmasked(value, name=name)
    if isinstance(value, np.ndarray) and not value.ndim:
        value = value.item()
    is_number = isinstance(value, numbers.Real | np.integer | np.floating) and not isinstance(value, bool | np.bool_)
    if not is_number or (math.isnan(value) and not limits.nan) or (math.isinf(value) and not limits.infinite):
        kind = "a number" if limits.infinite else "a finite number"
        raise ConfigurationError(complaint(name, expected=f"{kind}{limits.words}", got=value))
    if limits.broken_by(np.asarray(value)):
        raise ConfigurationError(complaint(name, expected=f"a finite number{limits.words}", got=value))
    return value


def _tensor(value: Any, name: str, limits: Limits) -> Any:
    """Return a tensor; `ConfigurationError` where it holds NaN or infinity."""
    if getattr(value, "is_floating_point", lambda: False)() and not limits.nan and not value.isfinite().all():
        others = int((~value.isfinite()).sum())
        raise ConfigurationError(f"{name}: expected finite numbers, got {others} others")
    return value
