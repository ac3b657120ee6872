"""Named experiments: configuration, what a source claims, and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenarios.running import resume, revive, run

__all__ = ["resume", "revive", "run"]


def __getattr__(name: str) -> Any:
    """Import what runs only when it is asked for, so that `hubbub --help` need not wait for torch."""
    if name in __all__:
        from scenarios import running

        return getattr(running, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
