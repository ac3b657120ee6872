"""Adam over a stack is one Adam per agent."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from hubbub.simulator.learning.optimiser import StackedAdam


@pytest.mark.parametrize("way", ["_row_by_row", "_all_at_once"], ids=["cpu", "gpu"])
def test_each_row_moves_as_with_an_optimiser_of_its_own(way: str) -> None:
    rng = np.random.default_rng(0)
    values = torch.from_numpy(rng.normal(size=(4, 9)).astype(np.float32))
    alone = [torch.nn.Parameter(row.clone()) for row in values]
    optimisers = [torch.optim.Adam([parameter], lr=0.01) for parameter in alone]
    stacked = StackedAdam(values, learning_rate=0.01)
    for _ in range(20):
        rows = np.flatnonzero(rng.random(4) < 0.6).tolist()
        gradients = torch.from_numpy(rng.normal(size=(4, 9)).astype(np.float32))
        before = values.clone()
        getattr(stacked, way)(gradients, rows)
        for row in range(4):
            if row in rows:
                alone[row].grad = gradients[row].clone()
                optimisers[row].step()
            else:
                assert torch.equal(values[row], before[row])
    torch.testing.assert_close(values, torch.stack([parameter.detach() for parameter in alone]))
    assert stacked.updates.max() > stacked.updates.min() > 0
