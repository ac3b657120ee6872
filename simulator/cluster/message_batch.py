"""How tensors travel between processes: as plain arrays, whole numbers no wider than they need to be."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np
import torch

WHOLE = (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.int64)


@dataclass(frozen=True)
class Packed:
    """A tensor on its way."""

    values: np.ndarray
    dtype: np.dtype[Any]


def pack(value: Any) -> Any:
    """Return `value` with the tensors in its dataclasses, mappings and sequences packed."""
    if isinstance(value, torch.Tensor):
        array = value.detach().cpu().numpy()
        if array.dtype == np.int64 and array.size:
            low, high = int(array.min()), int(array.max())
            narrow = next(kind for kind in WHOLE if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
            return Packed(array.astype(narrow), array.dtype)
        return Packed(array, array.dtype)
    return _within(value, pack)


def unpack(value: Any, device: torch.device) -> Any:
    """Return what was packed; its tensors, on `device`, share memory with nothing."""
    if isinstance(value, Packed):
        return torch.from_numpy(np.array(value.values, dtype=value.dtype)).to(device)
    return _within(value, lambda inner: unpack(inner, device))


def size(value: Any) -> int:
    """Return the bytes of the arrays in what was packed."""
    total = 0

    def add(inner: Any) -> Any:
        nonlocal total
        if isinstance(inner, Packed):
            total += inner.values.nbytes
            return inner
        if isinstance(inner, np.ndarray):
            total += inner.nbytes
        return _within(inner, add)

    add(value)
    return total


def _within(value: Any, change: Any) -> Any:
    """Return `value` with what is in it changed."""
    if isinstance(value, dict):
        return {key: change(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(change(inner) for inner in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: change(getattr(value, field.name)) for field in fields(value)})
    return value
