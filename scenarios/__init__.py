"""Named experiments: configuration, what a source claims, and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hubbub.scenarios.running import load_system, resume, run

if __name__ != "hubbub.scenarios":
    raise ImportError("this package is called hubbub.scenarios: write `import hubbub.scenarios`")

__all__ = ["load_system", "resume", "run"]


def __getattr__(name: str) -> Any:
    """Import `running` when it is first used, so that `hubbub --help` does not import torch."""
    if name in __all__:
        from hubbub.scenarios import running

        return getattr(running, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
