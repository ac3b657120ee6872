"""The report of a run: one HTML page, its figures and its numbers."""

from analysis.report.findings import Findings, find
from analysis.report.write import write_report

__all__ = ["Findings", "find", "write_report"]
