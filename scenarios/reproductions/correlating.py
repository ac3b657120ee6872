"""Whether two things go together: the verdict of an interval, and a plain sentence for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from hubbub.analysis.measure import Measure
from hubbub.scenarios.reproductions.catalogue import Claim, Verdict

WEAK = 0.2
"""Correlations all of whose interval is nearer to 0 than this count as none."""


def together(value: Measure) -> Verdict:
    """Return "holds" for a correlation whose interval leaves out 0, "does not hold" where all of it is weak."""
    if value.interval is None:
        return "not decided"
    low, high = value.interval
    if low > 0 or high < 0:
        return "holds"
    return "does not hold" if low > -WEAK and high < WEAK else "not decided"


def in_plain_words(claims: Sequence[Claim]) -> list[str]:
    """Return what correlates, what does not, and what is not decided, a sentence each."""
    said = {"holds": "Correlates", "does not hold": f"Does not (all of the interval within ±{WEAK:g})"}
    sentences = []
    for verdict in ("holds", "does not hold", "not decided"):
        names = [f"{claim.name} ({claim.value.value:+.2f})" for claim in claims if claim.verdict == verdict]
        sentences.append(f"{said.get(verdict, 'Not decided')}: {'; '.join(names) or 'nothing'}.")
    return sentences
