"""What sources claim, run and judged: one file per reproduction."""

from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, Verdict, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab

__all__ = ["Claim", "Job", "Lab", "Outcome", "Verdict", "judge", "reproduction"]
