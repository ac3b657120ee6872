"""Constants that decide the sign of a field where floating-point sums nearly cancel, shared by models and kernels."""

from __future__ import annotations

NO_FIELD = 1e-9
"""A field of the 2-body memory with a smaller magnitude counts as 0: it is what rounding leaves of sums that cancel."""
NEARLY_NO_FIELD = 1e-9
"""A field of the exponential memory with a smaller magnitude is decided by counting patterns exactly."""
DECIDING_LEVELS = 40
"""Levels behind the first one that does not cancel that can still change the sign: x^40 with x = e^−2 is 1.8e−35."""
