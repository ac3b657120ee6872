"""Every kind of system without a view of its own: its metrics, and all tables of the run."""

from hubbub.analysis.views.default.view import DefaultView

__all__ = ["DefaultView"]
