"""How a memory of pairs learns from games: pairs that worked grow stronger, those that compete with them weaker."""

from __future__ import annotations

from typing import NamedTuple

import torch


class Evidence(NamedTuple):
    """What games say about the pairs that are kept, `[n, K]` float32 counts each."""

    speaks_for: torch.Tensor
    speaks_against: torch.Tensor

    @classmethod
    def none(cls, strengths: torch.Tensor) -> Evidence:
        """Return no evidence."""
        return cls(torch.zeros_like(strengths), torch.zeros_like(strengths))

    def add(
        self,
        rows: torch.Tensor,
        pairs: torch.Tensor,
        halves: tuple[torch.Tensor, torch.Tensor],
        success: torch.Tensor,
        *,
        adopting: bool,
    ) -> torch.Tensor:
        """Count the games of `rows [M]` of the stack, and return which of their pairs are new, `[M, G]` booleans.

        `pairs [M, K, F + B]` are what the rows keep, `halves` the codes `[M, G, F]` and `[M, G, B]` of referent and
        message of each game. A success speaks for the pair that was used and against those that share one half with
        it. A failure speaks for the pair when the row is `adopting` what it was shown, else against it.
        Cost O(M · G · K · (F + B)).
        """
        of_referent, of_message = (
            _matches(half, kept)
            for half, kept in zip(halves, pairs.split([half.shape[-1] for half in halves], dim=-1), strict=True)
        )
        used = of_referent & of_message
        worked = success.unsqueeze(-1)
        rivals = (of_referent ^ of_message) & worked
        grows, shrinks = (used, rivals) if adopting else (used & worked, rivals | (used & ~worked))
        self.speaks_for.index_add_(0, rows, grows.sum(1).float())
        self.speaks_against.index_add_(0, rows, shrinks.sum(1).float())
        return ~used.any(-1)


def weigh(strengths: torch.Tensor, evidence: Evidence, *, plasticity: float) -> torch.Tensor:
    """Return the strengths `[n, K]` after the evidence of a step, in any order of its games.

    A game for a pair takes its strength the share `plasticity` of the way to 1, a game against it to 0: the naming game
    (Steels 1995) with lateral inhibition of synonyms and homonyms (Steels & Kaplan 2002; Vogt & Coumans 2003). With
    plasticity 1 competitors are gone after one success, as in the minimal naming game (Baronchelli et al. 2006).
    """
    stays = 1 - plasticity
    return (1 - (1 - strengths) * stays**evidence.speaks_for) * stays**evidence.speaks_against


def latest(experiences: torch.Tensor, n: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the different ones of `experiences [X, 1 + Y]`, of each row of the stack the latest first, and ranks.

    The first column is the row, less than `n`; experiences are in the order in which they came.
    """
    different, which = torch.unique(experiences, dim=0, return_inverse=True)
    order = torch.arange(len(experiences), device=experiences.device)
    last = order.new_zeros(len(different)).scatter_reduce(0, which, order, "amax")
    sorted_ = different[torch.argsort(different[:, 0] * len(experiences) - last)]
    counts = torch.bincount(sorted_[:, 0], minlength=n)
    ranks = torch.arange(len(sorted_), device=order.device) - (counts.cumsum(0) - counts)[sorted_[:, 0]]
    return sorted_, ranks


def _matches(halves: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    """Return where `kept [M, K, B]` agree in all that `halves [M, G, B]` say, `[M, G, K]` booleans."""
    return halves @ kept.mT == (halves != 0).sum(-1, keepdim=True)
