"""Serve the dashboard on this machine."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from hubbub.scenarios.watching.finding import find
from hubbub.simulator.errors import ConfigurationError

if TYPE_CHECKING:
    from fastapi import FastAPI

HOST, PORT = "127.0.0.1", 8642
STOP_S = 2


def serve(folders: tuple[Path, ...] = (), *, host: str = HOST, port: int = PORT, say: Callable[[str], None]) -> None:
    """Serve the dashboard until it is interrupted.

    Parameters
    ----------
    folders
        Runs, studies, or folders with some; by default `runs` and `studies`.
    host, port
        Where it listens. Other machines reach it only where `host` is not a loopback address; there is no password.
    say
        Receives one line with the address, once it listens.

    Raises
    ------
    ConfigurationError
        A folder is not there, the packages of `hubbub[dashboard]` are not installed, or the address cannot be used.
    """
    find(folders)  # a wrong path is refused before anything else
    try:
        import uvicorn

        from hubbub.scenarios.watching.dashboard.page import dashboard_page
    except ImportError as error:
        expected = "the packages of the extra `dashboard`: pip install 'hubbub[dashboard]'"
        raise ConfigurationError(f"dashboard: expected {expected}, got no module {error.name!r}") from None
    from hubbub.scenarios.watching.dashboard.watched import Watched

    listening = _listening(host, port)
    app = make_app(dashboard_page(Watched(tuple(folders))), host)
    shown = f"[{host}]" if ":" in host else host
    say(f"dashboard: http://{shown}:{listening.getsockname()[1]} (Ctrl-C ends it)")
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=STOP_S, ws_max_size=2**20)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        say("dashboard: ended")
    finally:
        listening.close()


def make_app(page: Callable[[], None], host: str = HOST) -> FastAPI:
    """Return the application with one page.

    On a loopback address it answers requests for this machine only: a page of a stranger, open in the same browser,
    could otherwise give a name of its own to this address and read what is here.
    """
    from fastapi import FastAPI
    from nicegui import core, ui
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    if is_loopback(host):
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[host, "127.0.0.1", "localhost"])
    core.sio.eio.cors_allowed_origins = None  # messages from pages of the same address only
    ui.run_with(
        app,
        root=page,
        title="hubbub",
        favicon="🗣",
        dark=None,
        language="en-US",
        show_welcome_message=False,
        reconnect_timeout=30,
    )
    return app


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listening(host: str, port: int) -> socket.socket:
    if not 0 <= port < 2**16:
        raise ConfigurationError(f"port: expected 0 (any that is free) … {2**16 - 1}, got {port}")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with ExitStack() as stack:
            listening = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((host, port))
            stack.pop_all()
            return listening
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        where = f"{host}, port {port}"
        raise ConfigurationError(f"dashboard: cannot listen at {where}: {reason}; choose another --port") from None
