"""The check of shapes that `conftest.py` puts around functions sees what contradicts an annotation."""

from __future__ import annotations

import numpy as np
import pytest

from hubbub.simulator.store.lexicon import LexiconSplit

SHAPES = {"referents": (3,), "messages": (2, 3, 4), "lengths": (2, 3), "success": (2, 2)}


def split(**changed: np.ndarray) -> LexiconSplit:
    arrays = {name: np.zeros(shape, float if name == "success" else int) for name, shape in SHAPES.items()}
    return LexiconSplit(**{**arrays, **changed})


def test_what_agrees_passes() -> None:
    assert split().messages.shape == (2, 3, 4)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("messages", np.zeros((2, 4, 4), int)),
        ("lengths", np.zeros((2, 3, 1), int)),
        ("success", np.zeros((2, 2), int)),
        ("success", np.zeros((2, 3))),
    ],
)
def test_another_length_rank_or_type_of_elements_fails(name: str, array: np.ndarray) -> None:
    with pytest.raises(AssertionError, match="annotated as"):
        split(**{name: array})
