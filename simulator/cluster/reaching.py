"""Whether a Ray cluster answers at an address: Ray itself would try for minutes, without a word."""

from __future__ import annotations

import os
import socket
import threading
from queue import Empty, SimpleQueue

SECONDS = 10.0
"""Within which a server must answer."""
HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
"""What a client of HTTP/2 sends first, with empty settings; every server of it, as Ray's are, answers with settings."""
SETTINGS = 4
"""The type of a frame of settings, its fourth byte."""


def problem_at(address: str) -> str:
    """Return why no Ray answers at HOST:PORT or ray://HOST:PORT, "" where one does or where it cannot be said."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 2**16:
        return "it is none of these"
    found: SimpleQueue[str] = SimpleQueue()
    # In a thread of its own, since a name may be looked up for longer than that.
    threading.Thread(target=lambda: found.put(_problem(host.strip("[]"), int(port))), daemon=True).start()
    try:
        return found.get(timeout=SECONDS + 1)
    except Empty:
        return f"no answer within {SECONDS:.0f} s"


def _problem(host: str, port: int) -> str:
    try:
        with socket.create_connection((host, port), timeout=SECONDS) as connection:
            if os.environ.get("RAY_USE_TLS", "0").lower() in ("1", "true"):
                return ""  # what follows is encrypted
            connection.sendall(HELLO)
            connection.settimeout(SECONDS)
            answer = connection.recv(9)
    except TimeoutError:
        return f"no answer within {SECONDS:.0f} s"
    except (OSError, UnicodeError) as error:
        return str(getattr(error, "strerror", None) or error)
    return "" if len(answer) > 3 and answer[3] == SETTINGS else "what answers there is no Ray"
