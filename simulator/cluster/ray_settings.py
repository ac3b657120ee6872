"""The settings that Ray takes from the environment, for one connection and no longer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LOOPBACK_ONLY = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""With "0" in this variable a Ray cluster has this machine only, so it listens on the loopback only."""


@contextmanager
def ray_settings(**variables: str) -> Iterator[None]:
    """Set variables of the environment inside the block, for Ray in this process and for what it starts."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    _read_again()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        _read_again()


def _read_again() -> None:
    """Let Ray read its variables again if it is imported: it reads them once, and keeps the token of a connection."""
    if "ray" not in sys.modules:
        return
    import ray._raylet
    from ray._private import ray_constants

    compiled: Any = ray._raylet
    default = "0" if ray_constants.IS_WINDOWS_OR_OSX else "1"
    ray_constants.ENABLE_RAY_CLUSTER = os.environ.get(LOOPBACK_ONLY, default).lower() in ("1", "true")
    compiled.Config.initialize("")  # private names, but there are no public ones
    compiled.AuthenticationTokenLoader.instance().reset_cache()
