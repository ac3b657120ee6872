"""The connection to a Ray cluster."""

from __future__ import annotations

import logging
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hubbub.simulator.cluster.ray_folder import ray_folder
from hubbub.simulator.cluster.ray_settings import LOOPBACK_ONLY, ray_settings
from hubbub.simulator.cluster.reaching import problem_at
from hubbub.simulator.errors import ConfigurationError

NO_LOGGING: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
FORMS = "auto, HOST:PORT or ray://HOST:PORT"
TOKEN = ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")
JOIN_S = 8
"""Seconds for which Ray tries to join a cluster that answers."""


def remote(address: str | None) -> str | None:
    """Return the address of a cluster; None where this machine is meant: no address, or "local", as Ray calls it."""
    return None if not address or address == "local" else address


@contextmanager
def connected(address: str | None, *, cores: int) -> Iterator[None]:
    """Connect to the Ray cluster at `address`, or start a local one with `cores` and stop it at the end.

    A connection that this process has already is used instead. One process may have several connections one after the
    other, to clusters with different tokens.

    Raises `ConfigurationError` when no Ray answers at the address, or none that lets this process join.
    """
    imported = sys.modules.get("ray")
    if imported and imported.is_initialized():
        yield
        return
    there = remote(address)
    with _joined(there) if there else _started(cores):
        yield


@contextmanager
def _started(cores: int) -> Iterator[None]:
    """Start a Ray that listens on the loopback only and requires a new token, since other users reach that, too.

    What the user has set is not changed.
    """
    settings = {LOOPBACK_ONLY: "0", "RAY_AUTH_MODE": "token", "RAY_USAGE_STATS_ENABLED": "0"}
    settings["RAY_prestart_worker_first_driver"] = "0"  # no processes but those of the workers
    settings["RAY_worker_niceness"] = "0"  # workers compute the run: they have the priority of this process
    settings = {name: os.environ.get(name, value) for name, value in settings.items()}
    if settings["RAY_AUTH_MODE"] == "token" and not any(name in os.environ for name in TOKEN):
        settings["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
    with ray_folder() as folder, ray_settings(**settings):
        import ray

        try:
            ray.init("local", num_cpus=cores, include_dashboard=False, _temp_dir=str(folder), **NO_LOGGING)
        except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
            raise ConfigurationError(f"workers: the Ray of this machine does not start: {_first_line(error)}") from None
        try:
            yield
        finally:
            ray.shutdown()


@contextmanager
def _joined(address: str) -> Iterator[None]:
    """Join a cluster; a token that there is (in a variable, or where Ray keeps one) is used for every address."""
    settings = {"RAY_gcs_server_port_wait_time_s": str(JOIN_S), "RAY_USAGE_STATS_ENABLED": "0"}
    settings = {name: os.environ.get(name, value) for name, value in settings.items()}
    if "RAY_AUTH_MODE" not in os.environ and _has_token():
        settings["RAY_AUTH_MODE"] = "token"
    with ray_settings(**settings):
        import ray

        said: list[str] = []
        try:
            found = _resolved(address)
            if problem := problem_at(found):
                raise ConnectionError(problem if found == address else f"{found}: {problem}")
            with _said_by_ray() as said:
                ray.init(address=found, **NO_LOGGING)
        except (OSError, RuntimeError, ValueError, ImportError, ray.exceptions.RayError) as error:
            raise ConfigurationError(
                f"address: expected a Ray cluster that answers ({FORMS}), got {address}: {_reason(error, said)}"
            ) from None
        try:
            yield
        finally:
            ray.shutdown()


def _resolved(address: str) -> str:
    """Return what "auto" means here, as HOST:PORT or ray://HOST:PORT; any other address as it is."""
    if address != "auto":
        return address
    if stated := remote(os.environ.get("RAY_ADDRESS")):
        return stated if stated != "auto" else _running()
    return _running()


def _running() -> str:
    """Return the address of the Ray that was started last on this machine."""
    from ray._private import services

    services.find_gcs_addresses.cache_clear()  # type: ignore[attr-defined]  # clusters come and go
    found: str = services.canonicalize_bootstrap_address_or_die("auto")
    return found


def _has_token() -> bool:
    return any(os.environ.get(name) for name in TOKEN) or Path("~/.ray/auth_token").expanduser().is_file()


@contextmanager
def _said_by_ray() -> Iterator[list[str]]:
    """Collect what is written on standard error in the block: only there Ray says why it cannot join."""
    lines: list[str] = []
    before = os.dup(2)
    with tempfile.TemporaryFile() as file:
        try:
            os.dup2(file.fileno(), 2)
            yield lines
        finally:
            os.dup2(before, 2)
            os.close(before)
            file.seek(0)
            lines += file.read().decode(errors="replace").splitlines()


def _reason(error: Exception, said: list[str]) -> str:
    """Return why a cluster cannot be joined."""
    remedy = "set RAY_AUTH_TOKEN, or RAY_AUTH_TOKEN_PATH to a file that holds it, as on the cluster"
    if any("AuthToken" in line or "nauthenticated" in line for line in [str(error), *said]):
        return f"it asks for a token, and the one given here is missing or not its own; {remedy}"
    if isinstance(error, ConnectionError) and "Failed to connect" in str(error):
        return f"a server answers there, but does not let this process join; if it asks for a token, {remedy}"
    return _first_line(error)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
