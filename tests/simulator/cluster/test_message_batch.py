"""What is packed is unpacked as it was, and takes no more bytes than needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from hubbub.simulator.cluster.message_batch import pack, size, unpack

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Batch:
    symbols: torch.Tensor
    agents: np.ndarray
    notes: dict[str, list[torch.Tensor | None]]


@pytest.mark.parametrize(
    ("values", "bytes_each"),
    [([0, 255], 1), ([0, 256], 2), ([-1, 127], 1), ([-1, 128], 2), ([0, 2**40], 8), ([-(2**63), 2**63 - 1], 8)],
)
def test_integers_are_packed_in_the_smallest_type_and_unpacked_as_int64(values: list[int], bytes_each: int) -> None:
    packed = pack(torch.tensor(values))
    assert size(packed) == bytes_each * len(values)
    back = unpack(packed, CPU)
    assert back.dtype == torch.int64 and back.tolist() == values


@pytest.mark.parametrize(
    "tensor",
    [
        torch.zeros(0, 3, dtype=torch.int64),
        torch.tensor([True, False]),
        torch.tensor([1.5, float("nan")]),
        torch.ones(()),
    ],
)
def test_all_else_keeps_its_bits(tensor: torch.Tensor) -> None:
    back = unpack(pack(tensor), CPU)
    assert (back.dtype, back.shape) == (tensor.dtype, tensor.shape)
    assert back.numpy().tobytes() == tensor.numpy().tobytes()


def test_tensors_are_found_at_any_depth_and_share_no_memory() -> None:
    symbols = torch.arange(6).view(2, 3)
    batch = Batch(symbols, np.arange(2), {"a": [symbols, None]})
    packed = pack(batch)
    assert size(packed) == 6 + 16 + 6
    back = unpack(packed, CPU)
    assert isinstance(back, Batch) and back.notes["a"][1] is None
    assert torch.equal(back.symbols, symbols) and torch.equal(back.notes["a"][0], symbols)
    back.symbols[0, 0] = 9
    assert symbols[0, 0] == 0 and back.notes["a"][0][0, 0] == 0
