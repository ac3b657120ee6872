"""What is measured on a graph: how alike near and far agents are, whether there are borders, and where they run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from hubbub.analysis.dialects import (
    agreement,
    cluster,
    dialect_border,
    hop_distances,
    mantel_test,
    pair_means,
    similarity,
    zig_zag,
)
from hubbub.analysis.dialects.agreement import group_numbers
from hubbub.scenarios.reproductions.plateau import late_change
from hubbub.scenarios.reproductions.table import Row
from hubbub.simulator.store import Run

GROUPS_OF_WOMEN = (*[1] * 9, *[2] * 9, *[None] * 14)
"""The two groups in which 21 analyses agree (Freeman 2003); events are in none."""
KNOWN = ("block", "club")
"""Node attributes that name known communities."""


def measure(run: Run) -> Row:
    """Return success and similarity of linked and of other pairs, whether there are borders, and where they run."""
    train = run.lexicon().splits["train"]
    edges, n_agents = run.edges(), len(run.agents().names)
    alike = similarity(train.messages, lengths=train.lengths, permutations=20)
    hops = hop_distances(edges, n_agents)
    parts = pair_means(alike.matrix, edges)
    success = pair_means(train.success, edges)
    border = dialect_border(train.messages, hops, lengths=train.lengths)
    low, high = border.linked.loss.interval or (None, None)
    return {
        "agents": n_agents,
        "links": len(edges) // 2,
        "unreachable_pairs": int(np.isinf(hops).sum()),
        **{f"success_{pairs}": success[pairs] for pairs in ("over_links", "unlinked", "all_pairs")},
        **{f"similarity_{pairs}": parts[pairs] for pairs in ("over_links", "unlinked")},
        "similarity_chance": alike.mean.null.mean if alike.mean.null else None,
        "locality": parts["over_links"] - parts["unlinked"],
        "locality_of_success": success["over_links"] - success["unlinked"],
        "mantel": float(mantel_test(1 - alike.matrix, hops, permutations=0)),
        "dialects": cluster(alike.matrix).n_clusters,
        "silhouette": cluster(alike.matrix).silhouette,
        "result": border.result,
        "loss": float(border.linked.loss),
        "loss_low": low,
        "loss_high": high,
        "linked_within": border.linked.within,
        "linked_across": border.linked.across,
        "gradient": float(border.gradient),
        "border_advantage": float(border.advantage),
        "zig_zag": zig_zag(alike.matrix, hops).found,
        **_along_communities(run, alike.matrix, train.success),
        "late_change_success": late_change(*run.metric("success_over_links")),
        "late_change_similarity": late_change(*run.metric("similarity_all_pairs")),
    }


def known_communities(run: Run) -> Sequence[object] | None:
    """Return the known community of each agent, None for agents without one; None where no communities are known."""
    if run.configuration["topology"]["kind"] == "southern-women":
        return GROUPS_OF_WOMEN
    attributes = run.agents().attributes
    return next((attributes[name] for name in KNOWN if name in attributes), None)


def _along_communities(run: Run, alike: np.ndarray, success: np.ndarray) -> Row:
    """Return how well dialects agree with known communities, and what linked pairs have inside and between these."""
    known = known_communities(run)
    if known is None:
        return {}
    groups = group_numbers(known, n_agents=len(alike))
    cut = cluster(alike).cut(int(groups.max()) + 1)
    row: dict[str, Any] = {"agreement": float(agreement(cut, known, permutations=0).rand)}
    one, other = run.edges()[(groups[run.edges()] >= 0).all(axis=1)].T
    crosses = groups[one] != groups[other]
    if len(one):
        row["share_of_bridges"] = float(crosses.mean())
        for where, chosen in (("inside", ~crosses), ("between", crosses)):
            for what, matrix in (("similarity", alike), ("success", success)):
                row[f"{what}_{where}"] = float(matrix[one[chosen], other[chosen]].mean())
    return row
