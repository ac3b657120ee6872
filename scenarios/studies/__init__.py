"""Studies: many runs of one scenario, executed in parallel, with one table of results."""

from hubbub.analysis.studies import StudyResult, open_study
from hubbub.scenarios.studies.study import Study, read_study
from hubbub.scenarios.studies.sweeping import sweep

__all__ = ["Study", "StudyResult", "open_study", "read_study", "sweep"]
