"""When degrees may be called scale-free: several hubs, a long tail, and alternatives rejected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Real

from hubbub.analysis.hubs.heavy_tailed import heavy_tailed
from hubbub.analysis.tails import Grade
from hubbub.analysis.validation import COUNT, validated

SEVERAL = 3
"""Number of hubs in half of the graphs from which on there are several."""
STRONG = ("strong", "strongest")
"""The grades that demand 2 < α < 3."""
BEYOND_CHANCE = 3.0
"""How many standard deviations of a random graph's degrees above their mean a hub begins."""


@dataclass(frozen=True)
class ScaleFreeForm:
    """Whether graphs of one kind are scale-free in form, and what decides it.

    Attributes
    ----------
    hubs
        Median number of hubs in a graph: agents with more links than mean + 3 √mean, the degrees of a random graph
        (Poisson) having the variance of their mean.
    grade
        The grade of the pooled degrees (Broido & Clauset 2019).
    """

    hubs: float
    grade: Grade

    @property
    def several_hubs(self) -> bool:
        """There are at least 3 hubs in half of the graphs; a star has one."""
        return self.hubs >= SEVERAL

    @property
    def scale_free_tail(self) -> bool:
        """The grade is strong or strongest: not rejected, at least 50 agents in the tail, 2 < α < 3."""
        return self.grade.value in STRONG

    @property
    def alternatives_rejected(self) -> bool:
        """The power law is favoured over the exponential, and no other alternative over the power law, at 0.1."""
        return bool(self.grade.evidence) and all(
            one.heavy_tailed and one.no_alternative_favoured for one in self.grade.evidence
        )

    @property
    def is_scale_free(self) -> bool:
        """All three hold."""
        return self.several_hubs and self.scale_free_tail and self.alternatives_rejected


@validated(degrees=COUNT)
def scale_free_form(
    degrees: Sequence[Real[np.ndarray, " N"]], *, generator: np.random.Generator, samples: int = 1000
) -> ScaleFreeForm:
    """Return whether the degrees of several graphs of one kind, pooled, are scale-free in form.

    The grade of a tail alone calls one large hub, and some random graphs, scale-free: docs/results/tail-grades.md has
    its rate of false positives beside that of this form. `generator` draws the `samples` of the goodness of fit.
    O(samples · n log n) for n agents in all.
    """
    grade = heavy_tailed(degrees, generator=generator, samples=samples)
    means = [float(np.mean(one)) for one in degrees]
    hubs = [int((one > mean + BEYOND_CHANCE * mean**0.5).sum()) for one, mean in zip(degrees, means, strict=True)]
    return ScaleFreeForm(float(np.median(hubs)) if hubs else 0.0, grade)
