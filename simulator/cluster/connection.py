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

QUIET: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}


@contextmanager
def connected(address: str | None, *, cores: int) -> Iterator[None]:
    """Be connected to the Ray at `address`, or to one of this machine that ends with this; one that is there is used.

    A program that has imported Ray before has settled who may come in: Ray reads that when it is imported.

    Raises `ConfigurationError` when there is no Ray at the address.
    """
    imported = sys.modules.get("ray")
    if imported and imported.is_initialized():
        yield
        return
    with _environment({"RAY_USAGE_STATS_ENABLED": "0"} if address or imported else _for_this_machine()):
        if address:
            _knock(address)
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


def _for_this_machine() -> dict[str, str]:
    """Return the environment in which Ray listens on the loopback only, to those who know a token made for it.

    Other users of the machine reach the loopback too. What the user has set stays.
    """
    variables = {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # no other machine can join
        "RAY_AUTH_MODE": "token",
    }
    if os.environ.get("RAY_AUTH_MODE", "token") == "token" and "RAY_AUTH_TOKEN_PATH" not in os.environ:
        variables["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
    return variables


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set those variables that are not set, for as long as this lasts."""
    new = {name: value for name, value in variables.items() if name not in os.environ}
    os.environ.update(new)
    try:
        yield
    finally:
        for name in new:
            os.environ.pop(name, None)


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
