"""Pages and figures that are computed once for many faults: what is tried is how their files are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pkgutil import resolve_name
from typing import Any
from unittest.mock import patch

from hubbub.analysis import report

FUNCTIONS = (
    "hubbub.analysis.corpora.measure_corpus",
    "hubbub.analysis.corpora.page.corpus_figures",
    "hubbub.analysis.corpora.page.corpus_page",
    "hubbub.analysis.temporal.measure_activity",
    "hubbub.analysis.records.page.record_figures",
    "hubbub.analysis.records.page.record_page",
)
DRAWING = ("hubbub.analysis.report", "hubbub.analysis.corpora.page", "hubbub.analysis.records.page")


def once(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that computes its first result and returns it ever after."""
    made: list[Any] = []

    def call(*given: Any, **named: Any) -> Any:
        if not made:
            made.append(function(*given, **named))
        return made[0]

    return call


class View:
    """A view of a run that computes everything once."""

    def __init__(self, view: Any) -> None:
        self._view = view
        for name in ("find", "figures", "summary", "page"):
            setattr(self, name, once(getattr(view, name)))


@contextmanager
def computed_once() -> Iterator[None]:
    """Compute the pages and figures of one run or one file once, whatever is asked for inside the block."""
    with ExitStack() as stack:
        for name in FUNCTIONS:
            stack.enter_context(patch(name, once(resolve_name(name))))
        for module in DRAWING:
            for function in ("as_png", "as_svg"):
                stack.enter_context(patch(f"{module}.{function}", cache(resolve_name(f"{module}.{function}"))))
        view_of = report.view_of
        stack.enter_context(
            patch.object(report, "view_of", once(lambda *given, **named: View(view_of(*given, **named))))
        )
        yield
