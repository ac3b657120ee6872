"""Named experiments: configuration, what a source claims, and the command line."""

from scenarios.running import resume, run

__all__ = ["resume", "run"]
