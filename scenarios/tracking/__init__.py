"""Trackers, which show the metrics of runs beside hubbub: chosen by name (`tracking:`), one file each."""

from hubbub.scenarios.tracking.catalogue import TrackedRun, Tracker, tracker

__all__ = ["TrackedRun", "Tracker", "tracker"]
