"""What sources claim, run and judged: a file or a folder for each reproduction."""

from hubbub.scenarios.reproductions.catalogue import Outcome, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import CONTROL, Claim, Condition, control
from hubbub.scenarios.reproductions.criteria import Above, Below, Correlates, Verdict, Within
from hubbub.scenarios.reproductions.design import Design, Job, level
from hubbub.scenarios.reproductions.run_set import MadeRuns, RunSet
from hubbub.scenarios.reproductions.table import Row, Rows, Table, mean_of_known, minus, slope

__all__ = [
    "CONTROL",
    "Above",
    "Below",
    "Claim",
    "Condition",
    "Correlates",
    "Design",
    "Job",
    "MadeRuns",
    "Outcome",
    "Reproduction",
    "Row",
    "Rows",
    "RunSet",
    "Table",
    "Verdict",
    "Within",
    "control",
    "level",
    "mean_of_known",
    "minus",
    "reproduction",
    "sizes",
    "slope",
]
