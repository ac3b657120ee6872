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

from hubbub.simulator.errors import ConfigurationError

LOOPBACK_ONLY = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""With "0" in this variable Ray is one of this machine only, so it listens on the loopback only."""

QUIET: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}


@contextmanager
def connected(address: str | None, *, cores: int) -> Iterator[None]:
    """Be connected to the Ray at `address`, or to one of this machine that ends with this; one that is there is used.

    Raises `ConfigurationError` when there is no Ray at the address, or when Ray was imported before it could be told to
    listen on the loopback only.
    """
    imported = sys.modules.get("ray")
    if imported and imported.is_initialized():
        yield
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if address:
        _knock(address)
    else:
        _stay_on_this_machine(too_late=imported is not None)
    import ray

    here = {"address": "local", "num_cpus": max(cores, os.cpu_count() or 1), "include_dashboard": False}
    try:
        ray.init(**QUIET, **({"address": address} if address else here))
    except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise _no_answer(address, error) from None
    try:
        yield
    finally:
        ray.shutdown()


def _stay_on_this_machine(*, too_late: bool) -> None:
    """Let Ray listen on the loopback only, to those who know a token made for it: other users reach the loopback too.

    Ray reads these variables when it is imported, so they stay; what the user has set stays too.
    """
    if too_late and os.environ.get(LOOPBACK_ONLY) != "0":
        raise ConfigurationError(
            "workers: expected Ray not to be imported before the first run with workers, since it would listen to the "
            "whole network; import it later, or start it yourself with ray.init(), or give an address"
        )
    os.environ.setdefault(LOOPBACK_ONLY, "0")
    if os.environ.setdefault("RAY_AUTH_MODE", "token") == "token" and "RAY_AUTH_TOKEN_PATH" not in os.environ:
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))


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
