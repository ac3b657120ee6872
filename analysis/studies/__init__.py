"""Studies: many runs of one scenario, opened, measured and compared."""

from hubbub.analysis.studies.study import StudyResult, open_study

__all__ = ["StudyResult", "open_study"]
