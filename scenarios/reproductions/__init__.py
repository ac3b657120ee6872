"""What sources claim, run and judged: one file per reproduction."""

from scenarios.reproductions.catalogue import Claim, Outcome, Verdict, judge, reproduction
from scenarios.reproductions.lab import Job, Lab

__all__ = ["Claim", "Job", "Lab", "Outcome", "Verdict", "judge", "reproduction"]
