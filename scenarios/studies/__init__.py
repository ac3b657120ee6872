"""Studies: many runs of one scenario, made side by side, kept, and gathered in a table."""

from scenarios.studies.study import Study, read_study
from scenarios.studies.sweeping import Swept, sweep

__all__ = ["Study", "Swept", "read_study", "sweep"]
