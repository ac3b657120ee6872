"""The success matrix of a run: who understands whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


def success_matrix(run: Run, *, step: int | None = None, split: str = "train") -> Float[np.ndarray, "N N"]:
    """Return success C: the share of a split's referents understood when the row speaks and the column listens.

    Parameters
    ----------
    step
        A step with a recorded lexicon; the last when not given.
    split
        "train", or "held_out" for referents that no agent was trained on.

    Raises
    ------
    ConfigurationError
        A split that the lexicon does not have.
    StoreError
        A step without a recorded lexicon.
    """
    splits = run.lexicon(step).splits
    if split not in splits:
        raise ConfigurationError(complaint("split", expected=f"one of {', '.join(splits)}", got=split, valid=splits))
    return splits[split].success


def chance_success(run: Run) -> float:
    """Return the success of a listener that answers at random: 1 / (number of possible answers) of the run's game.

    Reconstruction: the product of the number of values over attributes (for images, the number of classes).
    Discrimination: the number of candidates. NaN for a game that is neither.
    """
    settings = run.configuration
    game, referents = settings.get("game", {}), settings.get("referents", {})
    if game.get("kind") == "discrimination":
        return 1 / game["candidates"]
    if game.get("kind") != "reconstruction":
        return float("nan")
    if "values" in referents:
        return float(referents["values"]) ** -int(referents["attributes"])
    _, attributes, _ = run.referents("train")
    return 1 / float(np.prod(attributes.max(axis=0) + 1.0))
