"""Associative memories: overlap, activity, avalanches and scaling over noise and load."""

from hubbub.analysis.views.memory.view import MemoryView

__all__ = ["MemoryView"]
