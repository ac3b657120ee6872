"""Symbolic referents: every combination of attribute values, one-hot."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from hubbub.simulator.counting import part
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games.referents.sets import Referents, referents


@referents("symbolic")
def symbolic(
    *,
    attributes: Annotated[int, Field(ge=1, le=8)] = 3,
    values: Annotated[int, Field(ge=2, le=64)] = 4,
    held_out: Annotated[float, Field(ge=0, lt=1)] = 0.2,
    generator: np.random.Generator,
) -> Referents:
    """All `values ** attributes` combinations; a share `held_out` of them is never trained on.

    Every single value of every attribute stays in the training part, so that held-out combinations are new
    only as combinations.
    """
    if values**attributes > 65536:
        raise ConfigurationError(
            f"referents: expected at most 65536 combinations, got {values}^{attributes} = {values**attributes}"
        )
    combinations = np.indices((values,) * attributes).reshape(attributes, -1).T
    n_held_out = round(part(held_out, len(combinations)))
    left = np.full((attributes, values), values ** (attributes - 1))
    columns = np.arange(attributes)
    kept_out: list[int] = []
    for index in generator.permutation(len(combinations)):
        if len(kept_out) == n_held_out:
            break
        if np.all(left[columns, combinations[index]] > 1):
            left[columns, combinations[index]] -= 1
            kept_out.append(int(index))
    if len(kept_out) < n_held_out:
        raise ConfigurationError(
            f"referents.held_out: expected a share that leaves every value in training (at most "
            f"{len(kept_out) / len(combinations):.3g} here), got {held_out}"
        )
    is_held_out = np.isin(np.arange(len(combinations)), kept_out)
    return Referents(
        features=np.eye(values, dtype=np.float32)[combinations].reshape(len(combinations), -1),
        attributes=combinations.astype(np.int64),
        n_values=values,
        attribute_names=tuple(f"attribute_{number}" for number in range(attributes)),
        train=np.flatnonzero(~is_held_out),
        held_out=np.flatnonzero(is_held_out),
    )
