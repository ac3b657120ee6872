"""Further metrics of a run, chosen by name (`metrics:` in a configuration): one file each, and those of users."""

from hubbub.scenarios.metrics.catalogue import metric

__all__ = ["metric"]
