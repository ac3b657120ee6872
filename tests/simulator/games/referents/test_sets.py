"""Choosing the referents that are recorded."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.games.referents.sets import balanced

MEANINGS = np.array([0, 0, 0, 0, 1, 1, 2])


def test_balanced_takes_every_meaning_as_often_as_possible():
    everything = np.arange(7)
    assert balanced(everything, MEANINGS, 3).tolist() == [0, 4, 6]
    assert balanced(everything, MEANINGS, 5).tolist() == [0, 1, 4, 5, 6]
    assert balanced(everything, MEANINGS, 6).tolist() == [0, 1, 2, 4, 5, 6]


def test_balanced_keeps_few_enough_as_they_are():
    assert balanced(np.array([6, 1, 3]), MEANINGS, 3).tolist() == [6, 1, 3]


def test_balanced_takes_only_what_it_is_given():
    assert balanced(np.array([1, 2, 3, 5]), MEANINGS, 2).tolist() == [1, 5]
