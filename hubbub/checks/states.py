"""States of systems, copied and compared."""

from __future__ import annotations

import json

from hubbub.simulator.engine import State


def copied(state: State) -> State:
    """Return a state that shares no memory with the system."""
    return State({name: one.clone() for name, one in state.tensors.items()}, json.loads(json.dumps(state.values)))


def same(one: State, other: State) -> bool:
    """Whether two states have the same bits."""
    return (
        json.dumps(one.values) == json.dumps(other.values)
        and one.tensors.keys() == other.tensors.keys()
        and all(
            left.shape == other.tensors[name].shape
            and left.detach().cpu().contiguous().numpy().tobytes()
            == other.tensors[name].detach().cpu().contiguous().numpy().tobytes()
            for name, left in one.tensors.items()
        )
    )
