from __future__ import annotations

import numpy as np
import pytest

from hubbub.analysis.arrays import edge_list
from hubbub.simulator.errors import ConfigurationError


def test_edges_are_whole_numbers_of_any_type() -> None:
    for edges in (np.array([[0, 2], [1, 0]]), np.array([[0.0, 2.0], [1.0, 0.0]]), np.empty((0, 2))):
        found = edge_list(edges, 3)
        assert found.dtype == np.int64
        assert found.tolist() == edges.tolist()


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        (np.array([[0, 1.5]]), r"edges: expected whole numbers, got 1\.5"),
        (np.array([[0, 1, 2]]), r"edges: expected shape \[E, 2\], got \(1, 3\)"),
        (np.array([[0, 3]]), "edges: expected agents 0 … 2, got 3"),
    ],
)
def test_other_edges_are_refused(edges: np.ndarray, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        edge_list(edges, 3)
