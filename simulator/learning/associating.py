"""How a memory of pairs learns from games: pairs that worked grow stronger, those that compete with them weaker."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int


@dataclass(frozen=True)
class Evidence:
    """What games say about the stored pairs: in how many a pair was supported and opposed, `[n, K]` float32 counts."""

    supporting: Float[torch.Tensor, "n K"]
    opposing: Float[torch.Tensor, "n K"]

    def __add__(self, other: Evidence) -> Evidence:
        """Return the evidence of the games of both."""
        return Evidence(self.supporting + other.supporting, self.opposing + other.opposing)


def evidence_of_games(
    rows: Int[torch.Tensor, " M"],
    pairs: Float[torch.Tensor, "M K B"],
    halves: tuple[Float[torch.Tensor, "M G B1"], Float[torch.Tensor, "M G B2"]],
    success: Bool[torch.Tensor, "M G"],
    *,
    n: int,
    adopting: bool,
) -> tuple[Evidence, Bool[torch.Tensor, "M G"]]:
    """Return the evidence of games for a stack of `n` memories, and which of the games' pairs are new, `[M, G]`.

    `rows [M]` of the stack take part, and store the `pairs [M, K, B1 + B2]`. `halves` are the codes `[M, G, B1]` and
    `[M, G, B2]` of referent and message of each game. A success supports the pair that was used and opposes those that
    share one half with it. A failure supports the pair when the row is `adopting` what it was shown, else opposes it.
    Cost O(M · G · K · (B1 + B2)).
    """
    same_referent, same_message = (
        _matches(half, stored)
        for half, stored in zip(halves, pairs.split([half.shape[-1] for half in halves], dim=-1), strict=True)
    )
    used = same_referent & same_message
    worked = success.unsqueeze(-1)
    rivals = (same_referent ^ same_message) & worked
    supported, opposed = (used, rivals) if adopting else (used & worked, rivals | (used & ~worked))
    counts = (
        torch.zeros(n, pairs.shape[1], device=pairs.device).index_add_(0, rows, of_games.sum(1).float())
        for of_games in (supported, opposed)
    )
    return Evidence(*counts), ~used.any(-1)


def weigh(
    strengths: Float[torch.Tensor, "n K"], evidence: Evidence, *, plasticity: float
) -> Float[torch.Tensor, "n K"]:
    """Return the strengths `[n, K]` after the evidence of a step, in any order of its games.

    A game for a pair moves its strength the share `plasticity` of the way to 1, a game against it to 0: the naming game
    (Steels 1995) with lateral inhibition of synonyms and homonyms (Steels & Kaplan 2002; Vogt & Coumans 2003). With
    plasticity 1 competitors are gone after one success, as in the minimal naming game (Baronchelli et al. 2006).
    """
    remaining = 1 - plasticity
    return (1 - (1 - strengths) * remaining**evidence.supporting) * remaining**evidence.opposing


def latest(
    games: Int[torch.Tensor, "X columns"], n: int
) -> tuple[Int[torch.Tensor, "Y columns"], Int[torch.Tensor, " Y"]]:
    """Return the different ones of `games [X, 1 + …]`, of each row of the stack the latest first, and their ranks.

    The first column is the row of the stack, less than `n`; games are in the order in which they were played.
    """
    different, which = torch.unique(games, dim=0, return_inverse=True)
    order = torch.arange(len(games), device=games.device)
    last = order.new_zeros(len(different)).scatter_reduce(0, which, order, "amax")
    sorted_ = different[torch.argsort(different[:, 0] * len(games) - last)]
    counts = torch.bincount(sorted_[:, 0], minlength=n)
    ranks = torch.arange(len(sorted_), device=order.device) - (counts.cumsum(0) - counts)[sorted_[:, 0]]
    return sorted_, ranks


def _matches(halves: torch.Tensor, stored: torch.Tensor) -> torch.Tensor:
    """Return where `stored [M, K, B]` agree in all bits that `halves [M, G, B]` have, `[M, G, K]` booleans."""
    return halves @ stored.mT == (halves != 0).sum(-1, keepdim=True)
