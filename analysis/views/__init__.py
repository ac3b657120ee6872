"""What the report and the exports of a run show: one view for each kind of system."""

from hubbub.analysis.views.catalogue import View, view, view_of
from hubbub.analysis.views.default import DefaultView
from hubbub.analysis.views.formats import Files, Format, table_formats

__all__ = ["DefaultView", "Files", "Format", "View", "table_formats", "view", "view_of"]
