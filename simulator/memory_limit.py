"""Whether what a configuration asks for fits into the memory of this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from hubbub.simulator.errors import ConfigurationError, RunError

CONTAINER = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
TOO_LARGE = re.compile(
    "Unable to allocate|array is too big|Maximum allowed dimension exceeded|Maximum allowed size exceeded|"
    "[nN]ot enough memory|Storage size calculation|[aA]llocate memory|out of memory|Overflow when unpacking long"
)
"""How numpy and torch say that an array is too large; they raise errors of several types."""


def memory_bytes() -> int:
    """Return the memory of this machine, or of the container if that has less, in bytes."""
    limits = [psutil.virtual_memory().total]
    for file in CONTAINER:
        with suppress(OSError, ValueError):  # "max" is no limit
            limits.append(int(Path(file).read_text()))
    return min(limits)


def refuse_more_than_memory(needed: float, settings: Mapping[str, object], *, where: str = "this machine") -> None:
    """Raise `ConfigurationError` where `needed` bytes are more than there are; `settings` are those to be blamed."""
    if needed > memory_bytes():
        first, *others = settings
        beside = f" (with {', '.join(f'{name}={settings[name]}' for name in others)})" if others else ""
        raise ConfigurationError(
            f"{first}: expected what fits into the memory of {where}, {size(memory_bytes())}, got {settings[first]}"
            f"{beside}, which needs about {size(needed)}"
        )


@contextmanager
def memory_errors() -> Iterator[None]:
    """Turn what numpy and torch raise for want of memory inside the block into one `RunError`."""
    try:
        yield
    except (MemoryError, ValueError, RuntimeError, OverflowError) as error:
        said = str(error).strip().splitlines()[:1]
        if not isinstance(error, MemoryError) and not TOO_LARGE.search(said[0] if said else ""):
            raise
        raise RunError(
            f"the memory of this machine, {size(memory_bytes())}, is not enough: {''.join(said) or 'MemoryError'}; "
            "choose smaller sizes"
        ) from error


def size(n_bytes: float) -> str:
    """Return a number of bytes in words."""
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB"):
        if n_bytes < 1024:
            return f"{n_bytes:.3g} {unit}"
        n_bytes /= 1024
    return f"{n_bytes:.3g} EiB"
