"""Measures of a run by name: those of a study are chosen by these names, and are computed once for each run."""

from hubbub.analysis.run_measures.catalogue import measure, measure_run
from hubbub.analysis.run_measures.keeping import measured

__all__ = ["measure", "measure_run", "measured"]
