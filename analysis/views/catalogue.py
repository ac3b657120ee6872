"""The view of each kind of system: what a report and an export of its runs show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.text import ignore
from hubbub.analysis.views.default import DefaultView
from hubbub.analysis.views.formats import Format
from hubbub.simulator.registry import Registry, load_module

if TYPE_CHECKING:
    from hubbub.simulator.store import Run

Found = TypeVar("Found")


class View(Protocol[Found]):
    """What a report and an export show of the runs of one kind of system.

    A report calls `find` once and passes what it returns to `figures`, `summary` and `page`. `DefaultView` has all five
    methods: extend it to change only some of them.
    """

    def find(self, run: Run) -> Found:
        """Return all that the report says about a run."""

    def figures(self, found: Found) -> Mapping[str, ReportFigure]:
        """Return the figures by name; each becomes `figures/NAME.png` and `figures/NAME.svg`."""

    def summary(self, found: Found) -> Mapping[str, Any]:
        """Return the numbers of the report, for `figures/summary.json` (see `json_value` for what it may hold)."""

    def page(self, found: Found, figures: Mapping[str, ReportFigure]) -> str:
        """Return the HTML document; `hubbub.analysis.page` has its parts."""

    def formats(self) -> Mapping[str, Format]:
        """Return the export formats by name; `table_formats` makes csv and parquet from tables."""


view = Registry("view", package="hubbub.analysis.views", contract=View, folders=True)
"""Decorator and catalogue of `View` classes, by kind of system; a class may be registered for several kinds."""


def view_of(run: Run, *, allow_modules: bool = False, notify: Callable[[str], None] = ignore) -> View[Any]:
    """Return the view of a run's kind of system, `DefaultView` for a kind that has none.

    A view that is not known yet may be in the modules that the run names; they are imported when `allow_modules` says
    so. `notify` gets one line where the default view is returned.

    Raises
    ------
    ConfigurationError
        A module of the run cannot be imported.
    """
    kind = kind_of_system(run)
    modules = run.configuration.get("modules") or []
    if kind not in view and allow_modules:
        for module in modules:
            load_module(str(module))
    if kind in view:
        known: View[Any] = view[kind]()
        return known
    note = f"no view is registered for system {kind!r}: only its metrics and tables are shown"
    if modules and not allow_modules:
        note += f"; --allow-modules (in Python: allow_modules=True) imports {', '.join(map(str, modules))} to find one"
    notify(note)
    return DefaultView()


def kind_of_system(run: Run) -> str:
    """Return the kind of system that a run's configuration names, "population" where it names none."""
    return str(run.configuration.get("system", "population"))
