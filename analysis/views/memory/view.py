"""The view of associative memories."""

from __future__ import annotations

from collections.abc import Mapping

from hubbub.analysis.views.catalogue import view
from hubbub.analysis.views.formats import Format, table_formats
from hubbub.analysis.views.memory.figures import memory_figures
from hubbub.analysis.views.memory.findings import find_memory
from hubbub.analysis.views.memory.page import memory_page
from hubbub.analysis.views.memory.summary import memory_summary
from hubbub.analysis.views.memory.tables import memory_tables


@view("memory")
class MemoryView:
    """Statistics of every copy of a memory, over noise and load."""

    find = staticmethod(find_memory)
    figures = staticmethod(memory_figures)
    summary = staticmethod(memory_summary)
    page = staticmethod(memory_page)

    def formats(self) -> Mapping[str, Format]:
        """Return the tables."""
        return table_formats(memory_tables)
