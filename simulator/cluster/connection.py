"""A Ray to run on."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from simulator.errors import ConfigurationError

LOOPBACK_ONLY = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""With "0" in this variable when it is imported, Ray is one of this machine only and listens on the loopback only."""


@contextmanager
def connected(address: str | None, *, cores: int) -> Iterator[None]:
    """Be connected to the Ray at `address`, or to one of this machine that ends with this; one that is there is used.

    Raises `ConfigurationError` when there is no Ray at the address.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if not address:
        os.environ.setdefault(LOOPBACK_ONLY, "0")
    import ray

    if ray.is_initialized():
        yield
        return
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    here: dict[str, Any] = {"num_cpus": max(cores, os.cpu_count() or 1), "include_dashboard": False}
    try:
        ray.init(**quiet, **({"address": address} if address else here))
    except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        what = f"got {address}" if address else "but that of this machine does not start"
        raise ConfigurationError(
            f"address: expected a Ray cluster that answers (auto, HOST:PORT or ray://HOST:PORT), {what}: "
            f"{str(error).strip().splitlines()[0]}"
        ) from None
    try:
        yield
    finally:
        ray.shutdown()
