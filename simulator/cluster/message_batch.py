"""How tensors are sent between processes: as numpy arrays, integers in the smallest type that holds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Shaped

INTEGER_TYPES = (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.int64)


@dataclass(frozen=True)
class PackedTensor:
    """A tensor as it is sent."""

    values: Shaped[np.ndarray, "*shape"]
    dtype: np.dtype[Any]
    """The type that it has when it is unpacked."""


def pack(value: Any) -> Any:
    """Return `value` with the tensors in its dataclasses, mappings and sequences packed."""
    if isinstance(value, torch.Tensor):
        array = value.detach().cpu().numpy()
        if array.dtype == np.int64 and array.size:
            low, high = int(array.min()), int(array.max())
            smallest = next(kind for kind in INTEGER_TYPES if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
            return PackedTensor(array.astype(smallest), array.dtype)
        return PackedTensor(array, array.dtype)
    return _map(pack, value)


def unpack(value: Any, device: torch.device) -> Any:
    """Return what was packed; its tensors, on `device`, share memory with nothing."""
    if isinstance(value, PackedTensor):
        return torch.from_numpy(np.array(value.values, dtype=value.dtype)).to(device)
    return _map(lambda inner: unpack(inner, device), value)


def size(value: Any) -> int:
    """Return the bytes of the arrays in what was packed."""
    total = 0

    def add(inner: Any) -> Any:
        nonlocal total
        if isinstance(inner, PackedTensor):
            total += inner.values.nbytes
            return inner
        if isinstance(inner, np.ndarray):
            total += inner.nbytes
        return _map(add, inner)

    add(value)
    return total


def _map(function: Callable[[Any], Any], value: Any) -> Any:
    """Return `value` with `function` applied to what is directly in it."""
    if isinstance(value, dict):
        return {key: function(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(function(inner) for inner in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: function(getattr(value, field.name)) for field in fields(value)})
    return value
