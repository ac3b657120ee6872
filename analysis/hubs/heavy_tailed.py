"""Whether degrees are heavy-tailed or scale-free, pooled over seeds because one graph has too few hubs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hubbub.analysis.tails import Grade, scale_free_grade
from hubbub.analysis.tails.grade import TAIL_NEEDED


def heavy_tailed(degrees: Sequence[np.ndarray], *, generator: np.random.Generator, samples: int = 1000) -> Grade:
    """Return the grade of the degrees `[N]` of graphs of one kind (seeds, say), taken together as one sequence.

    One sequence gets all of a property or nothing, so shares are 0 or 1. Look at `evidence[0]`: the fit with its error
    and cut-off, the goodness of fit, the likelihood ratios, and `heavy_tailed`, the most that a short tail can show.
    Refused, with value "" and the reason, when fewer than 50 agents have links, or all as many. Pooling is fair where
    the graphs have the same size and the same number of links; mixtures of scales can look like a heavy tail.
    """
    pooled = np.concatenate([np.asarray(one) for one in degrees]) if len(degrees) else np.zeros(0)
    n_linked = int(np.count_nonzero(pooled))
    if n_linked < TAIL_NEEDED:
        lack = f"{n_linked} agents with links in {len(degrees)} graphs, at least {TAIL_NEEDED} needed: pool more seeds"
        return Grade("", {}, (), lack)
    return scale_free_grade([pooled], generator=generator, samples=samples)
