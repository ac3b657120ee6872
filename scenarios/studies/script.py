"""The script from which processes are started, and whether they can import it again."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType

from hubbub.analysis.run_measures import measure
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.registry import registered_in


def check_script() -> bool:
    """Return whether processes need the script that was started, because it registers something.

    They do not need its measures of runs, see `measured_elsewhere`.

    Raises
    ------
    ConfigurationError
        They need it, and it would start processes when they import it: what called this is not behind
        `if __name__ == "__main__":`; or there is no file that they could import.
    """
    registered = registered_in("__main__", besides=[measure])
    if not registered:
        return False
    script = getattr(sys.modules["__main__"], "__file__", None)
    named = ", ".join(registered)
    remedy = "put what it registers into a file of its own, which `modules` in the configuration names"
    if script is None or not Path(script).is_file():
        raise ConfigurationError(
            f"processes cannot import what registers {named}, since it is not in a file (a notebook?); {remedy}"
        )
    line = _line_in_script()
    if line is not None and not any(line in guarded for guarded in _guarded(Path(script))):
        raise ConfigurationError(
            f'{script}:{line}: expected this behind `if __name__ == "__main__":`, because the script registers '
            f"{named}, so that every process imports it, and would start all of this again; or {remedy}"
        )
    return True


def measured_elsewhere(measures: Iterable[str]) -> tuple[str, ...]:
    """Return the measures that any process can compute; the others are the script's own, which it computes itself."""
    return tuple(name for name in measures if measure[name].__module__ != "__main__")


def _line_in_script() -> int | None:
    """Return the line of the script, outside of its functions, that is being executed; None in another thread."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") == "__main__":
            return frame.f_lineno
        frame = frame.f_back
    return None


def _guarded(script: Path) -> Iterator[range]:
    """Yield the lines of a script that are executed only when it is started, not when it is imported."""
    for node in ast.walk(ast.parse(script.read_bytes())):
        if isinstance(node, ast.If) and "'__main__'" in (test := ast.unparse(node.test)) and "__name__" in test:
            yield range(node.body[0].lineno, (node.body[-1].end_lineno or node.body[-1].lineno) + 1)
