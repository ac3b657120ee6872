"""The view of a kind of system that has none of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.views.default.figures import metric_figures
from hubbub.analysis.views.default.findings import find_metrics
from hubbub.analysis.views.default.page import metric_page
from hubbub.analysis.views.default.summary import metric_summary
from hubbub.analysis.views.default.tables import run_tables
from hubbub.analysis.views.formats import Format, table_formats

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


class DefaultView:
    """Every metric over the steps, its last value, and all tables of the run; a view to extend.

    A class that replaces `find` replaces `figures`, `summary` and `page` too, since they take what it returns.
    """

    def find(self, run: Run) -> Any:
        """Return the `MetricFindings` of a run."""
        return find_metrics(run)

    def figures(self, found: Any) -> Mapping[str, ReportFigure]:
        """Return the learning curves of all metrics."""
        return metric_figures(found)

    def summary(self, found: Any) -> Mapping[str, Any]:
        """Return the last values of all metrics."""
        return metric_summary(found)

    def page(self, found: Any, figures: Mapping[str, ReportFigure]) -> str:
        """Return the HTML document."""
        return metric_page(found, figures)

    def formats(self) -> Mapping[str, Format]:
        """Return csv and parquet of all tables."""
        return table_formats(run_tables)
