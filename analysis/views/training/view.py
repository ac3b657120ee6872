"""The view of networks in training."""

from __future__ import annotations

from collections.abc import Mapping

from hubbub.analysis.views.catalogue import view
from hubbub.analysis.views.formats import Format, table_formats
from hubbub.analysis.views.training.figures import training_figures
from hubbub.analysis.views.training.findings import find_training
from hubbub.analysis.views.training.page import training_page
from hubbub.analysis.views.training.summary import training_summary
from hubbub.analysis.views.training.tables import training_tables


@view("training")
@view("control")
class TrainingView:
    """Metrics of every network over the steps, by setting."""

    find = staticmethod(find_training)
    figures = staticmethod(training_figures)
    summary = staticmethod(training_summary)
    page = staticmethod(training_page)

    def formats(self) -> Mapping[str, Format]:
        """Return the tables."""
        return table_formats(training_tables)
