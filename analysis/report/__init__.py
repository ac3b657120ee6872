"""The report of a run: one HTML page, its figures and its numbers."""

from hubbub.analysis.report.findings import Findings, find
from hubbub.analysis.report.write import write_report

__all__ = ["Findings", "find", "write_report"]
