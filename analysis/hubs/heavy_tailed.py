"""Are degrees heavy-tailed or scale-free? Pooled over seeds, because one graph has too few hubs for a fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Real

from hubbub.analysis.tails import Grade, scale_free_grade
from hubbub.analysis.tails.grade import TAIL_NEEDED
from hubbub.analysis.validation import COUNT, validated


@validated(degrees=COUNT)
def heavy_tailed(
    degrees: Sequence[Real[np.ndarray, " N"]], *, generator: np.random.Generator, samples: int = 1000
) -> Grade:
    """Return the scale-free grade of the degrees of several graphs of one kind, pooled into one sequence.

    A property of `Evidence` holds for the one sequence or not, so shares are 0 or 1. See `evidence[0]` for the fit with
    its error and cut-off, the goodness of fit, the likelihood ratios, and `heavy_tailed`, the most that a short tail
    can show. Where fewer than 50 agents have links, or all have the same degree, the value is "" with the reason.
    Pool only graphs of the same size and the same number of links: mixtures of scales can look like a heavy tail.
    `generator` draws the `samples` of the goodness of fit. O(samples · n log n) for n agents in all.
    """
    pooled = np.concatenate([np.asarray(one) for one in degrees]) if len(degrees) else np.zeros(0)
    n_linked = int(np.count_nonzero(pooled))
    if n_linked < TAIL_NEEDED:
        reason = (
            f"{n_linked} agents with links in {len(degrees)} graphs, at least {TAIL_NEEDED} needed: pool more seeds"
        )
        return Grade("", {}, (), reason)
    return scale_free_grade([pooled], generator=generator, samples=samples)
