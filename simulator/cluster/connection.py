"""A Ray to run on."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from simulator.errors import ConfigurationError

LOOPBACK_ONLY = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""With "0" in this variable when it is imported, Ray is one of this machine only and listens on the loopback only."""

TOKEN = {"RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"}
"""Where a user may have said with which token to speak to Ray."""


@contextmanager
def connected(address: str | None, *, cores: int) -> Iterator[None]:
    """Be connected to the Ray at `address`, or to one of this machine that ends with this; one that is there is used.

    Raises `ConfigurationError` when there is no Ray at the address.
    """
    if "ray" in sys.modules and sys.modules["ray"].is_initialized():
        yield
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if not address:
        os.environ.setdefault(LOOPBACK_ONLY, "0")
        if os.environ.setdefault("RAY_AUTH_MODE", "token") == "token" and not TOKEN.intersection(os.environ):
            os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)  # other users of this machine reach the loopback too
    import ray

    if address:
        _knock(address)
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    here: dict[str, Any] = {"num_cpus": max(cores, os.cpu_count() or 1), "include_dashboard": False}
    try:
        ray.init(address or "local", **quiet, **({} if address else here))  # never one that happens to run here
    except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise _no_answer(address, error) from None
    try:
        yield
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Fail where nobody listens: Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
    except (OSError, OverflowError) as error:
        raise _no_answer(address, error) from None


def _no_answer(address: str | None, error: Exception) -> ConfigurationError:
    got = f"got {address}" if address else "but that of this machine does not start"
    reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return ConfigurationError(
        f"address: expected a Ray cluster that answers (auto, HOST:PORT or ray://HOST:PORT), {got}: {reason}"
    )
