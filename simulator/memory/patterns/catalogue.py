"""The names that a configuration may give as `patterns.kind`."""

from __future__ import annotations

from hubbub.simulator.registry import Registry

patterns = Registry("patterns", package="hubbub.simulator.memory.patterns", supplied=("n_patterns", "generator"))
"""Decorator and catalogue of functions that return patterns `[P, D]` of ±1 in the order in which they are stored.

A parameter `n_patterns` receives the number that will be stored, `generator` the random generator of the repetition.
The first patterns must not depend on `n_patterns`, so that a larger load adds to a smaller one.
"""
