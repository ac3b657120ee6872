"""Values of attributes, written as text of a declared type."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from hubbub.simulator.errors import TopologyError

Convert = Callable[[str], Any]


def converter(declared: str) -> Convert:
    """Return the function that turns a text into a value of the declared type; a type that is not known is text.

    Numbers that are "nan" are no value (None). Vectors and lists are tuples.
    """
    kind = declared.strip().lower().removeprefix("xs:").removeprefix("xsd:")
    if kind in _SCALARS:
        return _SCALARS[kind]
    for prefix in ("vector_", "list"):  # of graph-tool and of GEXF
        if kind.startswith(prefix):
            element = _SCALARS.get(kind.removeprefix(prefix), str)
            return lambda text: tuple(element(part) for part in parts_of(text))
    return str


def is_number(declared: str) -> bool:
    """Whether the declared type is one of floating-point numbers."""
    return _SCALARS.get(declared.strip().lower()) is _real


def numbers_of(texts: Sequence[str]) -> Float[np.ndarray, " n"] | None:
    """Return many texts as numbers, or None if any is something else: `converted` tells what is wrong."""
    try:
        numbers = np.fromiter(map(float, texts), np.float64, len(texts))
    except ValueError:
        return None
    return None if "_" in "".join(texts) else numbers


def converted(texts: Sequence[str], convert: Convert, *, what: str) -> list[Any]:
    """Return the values of all texts.

    Raises
    ------
    TopologyError
        With `what` and the text that is none of the type.
    """
    if convert is str:
        return list(texts)
    try:
        return list(map(convert, texts))
    except ValueError:
        for text in texts:
            try:
                convert(text)
            except ValueError as error:
                raise TopologyError(f"{what}: expected {error}, got {_short(text)}") from None
        raise


def parts_of(text: str) -> list[str]:
    """Return the parts of a list: `1, 2`, `[1, 2]`, `1|2`, or `["a", "b"]`; commas in quotes do not separate."""
    inner = text.strip()
    if inner[:1] + inner[-1:] in ("[]", "()", "{}", "<>"):
        inner = inner[1:-1]
    parts, part, quote = [], "", ""
    for character in inner:
        if quote:
            quote = "" if character == quote else quote
            part += "" if not quote else character
        elif character in "\"'" and not part.strip():
            quote, part = character, ""
        elif character in ",|;":
            parts.append(part.strip())
            part = ""
        else:
            part += character
    return [*parts, part.strip()] if parts or part.strip() else []


def _whole(text: str) -> int | float | None:
    """Return a whole number; one with a fraction, which some tools write under this type, is taken as it is."""
    try:
        return int(_digits(text))
    except ValueError:
        pass
    try:
        value = _real(text)
    except ValueError:
        raise ValueError("a whole number") from None
    if value is None:
        return None
    if not math.isfinite(value) or abs(value) > 2**53:
        raise ValueError("a whole number")
    return value if value % 1 else int(value)


def _real(text: str) -> float | None:
    try:
        value = float.fromhex(text) if "0x" in text.lower() else float(_digits(text))  # graph-tool writes 0x1.8p+1
    except (ValueError, OverflowError):
        raise ValueError("a number") from None
    return None if math.isnan(value) else value


def _digits(text: str) -> str:
    """Return the text of a number; Python alone would also take underscores in it."""
    if "_" in text:
        raise ValueError
    return text


def _truth(text: str) -> bool:
    value = {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower())
    if value is None:
        raise ValueError("true or false")
    return value


def _short(text: str) -> str:
    return repr(text) if len(text) <= 40 else f"{text[:40]!r} … ({len(text):,} characters)"


_SCALARS: dict[str, Convert] = {
    **dict.fromkeys(("boolean", "bool"), _truth),
    **dict.fromkeys(("int", "integer", "long", "short", "byte", "biginteger", "uint8_t", "int16_t"), _whole),
    **dict.fromkeys(("int32_t", "int64_t"), _whole),
    **dict.fromkeys(("float", "double", "real", "decimal", "bigdecimal", "long_double", "long double"), _real),
    **dict.fromkeys(("string", "char", "anyuri", "date", "datetime"), str),
}
