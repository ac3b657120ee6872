"""Groups in contact: how far a code reaches along a chain of pools, and whose code wins when two groups meet."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.dialects import similarity_matrix
from hubbub.analysis.figures.interval_curves import interval_curves
from hubbub.analysis.language import distinct_messages
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim, control
from hubbub.scenarios.reproductions.criteria import Above, Below
from hubbub.scenarios.reproductions.design import Changes, Design
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Row, Rows, Table
from hubbub.simulator.store import Run

UNEQUAL, EQUAL = "12 meet 4", "8 meet 8"


@reproduction("contact")
@sizes(small={"pools": 4, "pool_size": 6, "steps": 1000}, full={"pools": 5, "pool_size": 20, "steps": 2000})
def contact(*, pools: int, pool_size: int, steps: int) -> Reproduction:
    """Pools in a chain, and two groups that meet: decay along the chain, and whose code remains."""
    chain = {"topology.pools": pools, "topology.pool_size": pool_size, "training.steps": steps}
    meetings = {UNEQUAL: _meeting([12, 4], steps), EQUAL: _meeting([8, 8], steps)}
    return Reproduction(
        "Contact: how far does a code reach, and whose remains?",
        "Graesser, Cho & Kiela 2019",
        [
            Design("contact", "{part}-s{seed}", along_the_chain, seeds=5, common=chain, labels={"part": "chain"}),
            Design("contact", "{part}-s{seed}", who_wins, seeds=5, factors={"part": meetings}),
        ],
        claims,
        figures,
        [f"{pools} pools of {pool_size}; links within pools 1.0, between neighbouring pools 0.2; {steps} steps."],
    )


def _meeting(sizes: list[int], steps: int) -> Changes:
    """Return two groups without links between them for half of the steps, which then meet along 24 links."""
    return {
        "topology.kind": "stochastic-block",
        "topology.sizes": sizes,
        "topology.within": 1.0,
        "topology.between": 0.0,
        "rewiring": [{"at": [steps], "rule": {"kind": "contact", "links": 24}}],
        "training.steps": 2 * steps,
    }


def along_the_chain(run: Run) -> Rows:
    """Return success and similarity of pairs of agents by the distance of their pools."""
    train = run.lexicon().splits["train"]
    pool = np.array(run.agents().attributes["block"])
    apart = np.abs(pool[:, None] - pool)
    alike = similarity_matrix(train.messages, lengths=train.lengths)
    others = ~np.eye(len(pool), dtype=bool)
    return [
        {
            "pools_apart": far,
            "success": float(train.success[(apart == far) & others].mean()),
            "similarity": float(alike[(apart == far) & others].mean()),
        }
        for far in range(int(pool.max()) + 1)
    ]


def who_wins(run: Run) -> Row:
    """Return how similar the code of all at the end is to that of each group before they met."""
    [met] = run.configuration["rewiring"][0]["at"]
    before, after = run.lexicon(met).splits["train"], run.lexicon().splits["train"]
    group = np.array(run.agents().attributes["block"])
    n_agents = len(group)
    both = similarity_matrix(
        np.concatenate([before.messages, after.messages]), lengths=np.concatenate([before.lengths, after.lengths])
    )
    kept = both[:n_agents, n_agents:].mean(axis=1)
    across = group[:, None] != group
    return {
        "kept_first": float(kept[group == 0].mean()),
        "kept_second": float(kept[group == 1].mean()),
        "first_over_second": float(kept[group == 0].mean() - kept[group == 1].mean()),
        "success_across_before": float(before.success[across].mean()),
        "success_across_after": float(after.success[across].mean()),
        "distinct_before": float(distinct_messages(before.messages, lengths=before.lengths)),
        "distinct_after": float(distinct_messages(after.messages, lengths=after.lengths)),
    }


def claims(table: Table) -> list[Claim]:
    """Judge how far a code reaches, and whose remains."""
    chain, unequal, equal = (table.where(part=part) for part in ("chain", UNEQUAL, EQUAL))
    within, ends = (chain.where(pools_apart=far).mean("success").value for far in (0, max(chain.levels("pools_apart"))))
    return [
        Claim(
            "decay along the chain",
            "intelligibility decays with distance along the chain",
            "change of success per pool of distance, least squares",
            chain.slope("pools_apart", "success"),
            Below(0),
            f"success within pools {within:.2f}, from end to end of the chain {ends:.2f}",
        ),
        control(
            "they meet",
            "after contact the groups understand each other",
            f"success between agents of different groups at the end; {UNEQUAL}",
            unequal.mean("success_across_after"),
            Above(0.5),
            f"before contact {unequal.mean('success_across_before').value:.3f}",
        ),
        Claim(
            "the majority's code wins",
            "when groups of unequal size meet, the code of the larger one remains",
            "similarity of the code at the end to the larger group's before contact, minus that to the smaller's; "
            + UNEQUAL,
            unequal.mean("first_over_second"),
            Above(0),
            f"the same with equal groups, where neither should win: {equal.mean('first_over_second').value:+.3f}",
        ),
        Claim(
            "equal groups grow simpler",
            "when equal groups meet, a simpler code comes out",
            f"distinct messages per referent at the end, minus before contact; {EQUAL}",
            equal.minus(equal, "distinct_after", "distinct_before"),
            Below(0),
            "fewer distinct messages is one reading of simpler; the groups also had more time to learn",
        ),
    ]


def figures(table: Table, _: MadeRuns) -> Figures:
    """Draw success and similarity along the chain."""
    shown = {"success": "success", "similarity (edit)": "similarity"}
    chain = table.where(part="chain")
    panels = {title: {"pools apart": chain.curve("pools_apart", name)} for title, name in shown.items()}
    caption = "Success and similarity between pools against how far apart they are in the chain; bands: 95 % intervals."
    return {"chain": (interval_curves(panels, along="pools apart in the chain"), caption)}
