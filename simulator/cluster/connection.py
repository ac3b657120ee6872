"""A Ray to run on."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ray

from simulator.errors import ConfigurationError


@contextmanager
def connected(address: str | None, *, cores: int) -> Iterator[None]:
    """Be connected to the Ray at `address`, or to one of this machine that ends with this; one that is there is used.

    Raises `ConfigurationError` when there is no Ray at the address.
    """
    if ray.is_initialized():
        yield
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": True}
    try:
        if address:
            ray.init(address=address, **quiet)
        else:
            ray.init(
                num_cpus=max(cores, os.cpu_count() or 1), include_dashboard=False, _node_ip_address="127.0.0.1", **quiet
            )
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise ConfigurationError(
            f"address: expected a Ray cluster that answers (auto, HOST:PORT or ray://HOST:PORT), got {address}: "
            f"{str(error).strip().splitlines()[0]}"
        ) from None
    try:
        yield
    finally:
        ray.shutdown()
