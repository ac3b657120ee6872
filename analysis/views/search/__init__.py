"""Searches for graphs, and agents that choose their partners: what was found, then all about the population on it."""

from hubbub.analysis.views.search.view import SearchView

__all__ = ["SearchView"]
