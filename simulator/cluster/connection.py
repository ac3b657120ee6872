"""The connection to a Ray cluster."""

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
"""With "0" in this variable a Ray cluster has this machine only, so it listens on the loopback only."""

NO_LOGGING: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}


@contextmanager
def connected(address: str | None, *, cores: int) -> Iterator[None]:
    """Connect to the Ray cluster at `address`, or start a local one and stop it at the end.

    A connection that this process has already is used instead.

    Raises `ConfigurationError` when there is no Ray at the address, or when Ray was imported before it could be
    configured to listen on the loopback only.
    """
    imported = sys.modules.get("ray")
    if imported and imported.is_initialized():
        yield
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if address:
        _check_reachable(address)
    else:
        _listen_on_loopback_only(too_late=imported is not None)
    import ray

    local = {"address": "local", "num_cpus": max(cores, os.cpu_count() or 1), "include_dashboard": False}
    try:
        ray.init(**NO_LOGGING, **({"address": address} if address else local))
    except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise _unreachable(address, error) from None
    try:
        yield
    finally:
        ray.shutdown()


def _listen_on_loopback_only(*, too_late: bool) -> None:
    """Let Ray listen on the loopback only, and require a new token, since other users of the machine reach it too.

    Ray reads these variables when it is imported, so they stay set. Variables that the user has set are not changed.
    """
    if too_late and os.environ.get(LOOPBACK_ONLY) != "0":
        raise ConfigurationError(
            "workers: expected Ray not to be imported before the first run with workers, since it would listen to the "
            "whole network; import it later, or start it yourself with ray.init(), or give an address"
        )
    os.environ.setdefault(LOOPBACK_ONLY, "0")
    if os.environ.setdefault("RAY_AUTH_MODE", "token") == "token" and "RAY_AUTH_TOKEN_PATH" not in os.environ:
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))


def _check_reachable(address: str) -> None:
    """Raise an error when nothing listens at the address: Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
    except (OSError, OverflowError) as error:
        raise _unreachable(address, error) from None


def _unreachable(address: str | None, error: Exception) -> ConfigurationError:
    got = f"got {address}" if address else "but the local one does not start"
    reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return ConfigurationError(
        f"address: expected a Ray cluster that answers (auto, HOST:PORT or ray://HOST:PORT), {got}: {reason}"
    )
