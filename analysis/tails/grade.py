"""Evidence for scale-free degrees in a set of graphs, as graded by Broido & Clauset (2019)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Real

from hubbub.analysis.tails.comparison import LikelihoodRatio, compare
from hubbub.analysis.tails.goodness import GoodnessOfFit, goodness_of_fit
from hubbub.analysis.tails.power_law import PowerLaw, fit_power_law
from hubbub.analysis.validation import COUNT, validated
from hubbub.simulator.errors import ConfigurationError, complaint

GRADES = ("not scale-free", "super-weak", "weakest", "weak", "strong", "strongest")
LEVEL = 0.1
TAIL_NEEDED = 50


@dataclass(frozen=True)
class Evidence:
    """Evidence for and against a power law in one degree sequence: fit, goodness of fit and likelihood ratios."""

    fit: PowerLaw
    goodness: GoodnessOfFit
    ratios: dict[str, LikelihoodRatio]

    @property
    def no_alternative_favoured(self) -> bool:
        """No alternative is favoured over the power law at 0.1."""
        favoured = {ratio.favours(level=LEVEL) for ratio in self.ratios.values()}
        return not self.fit.reason and favoured <= {"power law", "neither"}

    @property
    def not_rejected(self) -> bool:
        """The goodness-of-fit p-value is at least 0.1."""
        return self.goodness.p_value >= LEVEL

    @property
    def long_tail(self) -> bool:
        """Not rejected, with at least 50 nodes in the tail."""
        return self.not_rejected and self.fit.n_tail >= TAIL_NEEDED

    @property
    def scale_free_exponent(self) -> bool:
        """Not rejected, a tail of at least 50 nodes, and 2 < α < 3."""
        return self.long_tail and 2 < self.fit.value < 3

    @property
    def heavy_tailed(self) -> bool:
        """The power law is favoured over the exponential at 0.1: all that a short tail can show."""
        return self.ratios["exponential"].favours(level=LEVEL) == "power law"


@dataclass(frozen=True)
class Grade:
    """The grade of a set of degree sequences.

    Attributes
    ----------
    value
        One of `GRADES`: "not scale-free", "super-weak", "weakest", "weak", "strong", "strongest"; "" where no sequence
        could be fitted. From "weakest" on, each implies the one before it; "super-weak" is a separate criterion, and
        the grade only where no other holds.
    shares
        Share of the sequences for which each property of `Evidence` holds, by its name.
    evidence
        The evidence of each sequence.
    reason
        How many sequences could not be fitted, and why; they count as not following a power law.
    """

    value: str
    shares: dict[str, float]
    evidence: tuple[Evidence, ...]
    reason: str = ""


@validated(degrees=COUNT)
def scale_free_grade(
    degrees: Sequence[Real[np.ndarray, " N"]], *, generator: np.random.Generator, samples: int = 1000
) -> Grade:
    """Return the grade of degree sequences: of one graph, or of simplified graphs or seeds of one kind.

    Degrees are whole numbers, int or float. `generator` draws the `samples` of the goodness of fit of each sequence.
    O(samples · N log N) a sequence.

    Raises
    ------
    ConfigurationError
        No sequence, or degrees that `fit_power_law` refuses.
    """
    if not len(degrees):
        raise ConfigurationError(complaint("degrees", expected="at least one degree sequence", got=len(degrees)))
    evidence = tuple(scale_free_evidence(sequence, generator=generator, samples=samples) for sequence in degrees)
    names = ("no_alternative_favoured", "not_rejected", "long_tail", "scale_free_exponent", "heavy_tailed")
    shares = {name: float(np.mean([getattr(one, name) for one in evidence])) for name in names}
    refused = [one.fit.reason for one in evidence if one.fit.reason]
    reason = f"{len(refused)} of {len(evidence)} not fitted: {refused[0]}" if refused else ""
    if len(refused) == len(evidence):
        return Grade("", shares, evidence, reason)
    return Grade(grade_of(shares), shares, evidence, reason)


def grade_of(shares: dict[str, float]) -> str:
    """Return the grade for the shares of sequences with each property of `Evidence` (Broido & Clauset 2019).

    super-weak: no alternative is favoured for half of the sequences. weakest: half are not rejected. weak: and have at
    least 50 nodes in the tail. strong: and 2 < α < 3. strongest: 90 % as for strong, and no alternative is favoured for
    95 %.
    """
    reached = {
        "super-weak": shares["no_alternative_favoured"] >= 0.5,
        "weakest": shares["not_rejected"] >= 0.5,
        "weak": shares["long_tail"] >= 0.5,
        "strong": shares["scale_free_exponent"] >= 0.5,
        "strongest": shares["scale_free_exponent"] >= 0.9 and shares["no_alternative_favoured"] >= 0.95,
    }
    return max((grade for grade in GRADES if reached.get(grade)), key=GRADES.index, default=GRADES[0])


@validated(stated_shapes=True, degrees=COUNT)
def scale_free_evidence(
    degrees: Real[np.ndarray, " N"], *, generator: np.random.Generator, samples: int = 1000
) -> Evidence:
    """Return fit, goodness of fit and likelihood ratios of one degree sequence; isolated nodes are left out.

    Degrees are whole numbers, int or float. `generator` draws the `samples` of the goodness of fit.
    O(samples · N log N).

    Raises
    ------
    ConfigurationError
        Degrees that `fit_power_law` refuses.
    """
    fit = fit_power_law(degrees, discrete=True)
    goodness = goodness_of_fit(degrees, fit, generator=generator, samples=samples)
    return Evidence(fit, goodness, compare(degrees, fit))
