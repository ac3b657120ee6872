"""Groups in contact: how far a code reaches along a chain of pools, and whose code wins when two groups meet."""

from __future__ import annotations

from typing import Any

import numpy as np

from hubbub.analysis.dialects import similarity_matrix
from hubbub.analysis.figures.interval_curves import Varied, interval_curves
from hubbub.analysis.language import distinct_messages
from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.rows import Rows, mean
from hubbub.simulator.store import Run

SOURCE = "Graesser, Cho & Kiela 2019"
UNEQUAL, EQUAL = "12 meet 4", "8 meet 8"


@reproduction("contact")
def contact(lab: Lab) -> Outcome:
    """Pools in a chain, and two groups that meet: decay along the chain, and whose code remains."""
    pools, pool_size, steps = (5, 20, 2000) if lab.is_full else (4, 6, 1000)
    seeds = range(5)
    chain = {
        seed: Job(
            f"chain-s{seed}",
            "contact",
            {"topology.pools": pools, "topology.pool_size": pool_size, "training.steps": steps},
            seed,
        )
        for seed in seeds
    }
    meetings = {
        (name, seed): Job(f"{name.replace(' ', '-')}-s{seed}", "contact", _meeting(sizes, steps), seed)
        for name, sizes in ((UNEQUAL, [12, 4]), (EQUAL, [8, 8]))
        for seed in seeds
    }
    made = lab.run([*chain.values(), *meetings.values()])
    along = [row for seed, run in zip(chain, made, strict=False) for row in _along_the_chain(run, seed)]
    met = [_who_wins(run, *key, steps) for key, run in zip(meetings, made[len(chain) :], strict=True)]
    panels = {
        title: {"pools apart": Varied(range(pools), [mean(along, name, pools_apart=far) for far in range(pools)])}
        for title, name in (("success", "success"), ("similarity (edit)", "similarity"))
    }
    caption = "Success and similarity between pools against how far apart they are in the chain; bands: 95 % intervals."
    return Outcome(
        "Contact: how far does a code reach, and whose remains?",
        _claims(along, met, pools),
        [*along, *met],
        {"chain": (interval_curves(panels, along="pools apart in the chain"), caption)},
        [f"{pools} pools of {pool_size}; links within pools 1.0, between neighbouring pools 0.2; {steps} steps."],
    )


def _meeting(sizes: list[int], steps: int) -> dict[str, Any]:
    """Return two groups that are strangers for half of the steps, then meet along 24 links."""
    return {
        "topology.kind": "stochastic-block",
        "topology.sizes": sizes,
        "topology.within": 1.0,
        "topology.between": 0.0,
        "rewiring": [{"at": [steps], "rule": {"kind": "contact", "links": 24}}],
        "training.steps": 2 * steps,
    }


def _along_the_chain(run: Run, seed: int) -> list[dict[str, Any]]:
    train = run.lexicon().splits["train"]
    pool = np.array(run.agents().attributes["block"])
    apart = np.abs(pool[:, None] - pool)
    alike = similarity_matrix(train.messages, lengths=train.lengths)
    others = ~np.eye(len(pool), dtype=bool)
    return [
        {
            "part": "chain",
            "seed": seed,
            "pools_apart": far,
            "success": float(train.success[(apart == far) & others].mean()),
            "similarity": float(alike[(apart == far) & others].mean()),
        }
        for far in range(int(pool.max()) + 1)
    ]


def _who_wins(run: Run, meeting: str, seed: int, steps: int) -> dict[str, Any]:
    """Return how like the code of all at the end is to that of each group before they met."""
    before, after = run.lexicon(steps).splits["train"], run.lexicon().splits["train"]
    group = np.array(run.agents().attributes["block"])
    n_agents = len(group)
    both = similarity_matrix(
        np.concatenate([before.messages, after.messages]), lengths=np.concatenate([before.lengths, after.lengths])
    )
    kept = both[:n_agents, n_agents:].mean(axis=1)
    across = group[:, None] != group
    return {
        "part": meeting,
        "seed": seed,
        "kept_first": float(kept[group == 0].mean()),
        "kept_second": float(kept[group == 1].mean()),
        "first_over_second": float(kept[group == 0].mean() - kept[group == 1].mean()),
        "success_across_before": float(before.success[across].mean()),
        "success_across_after": float(after.success[across].mean()),
        "distinct_before": float(distinct_messages(before.messages, lengths=before.lengths)),
        "distinct_after": float(distinct_messages(after.messages, lengths=after.lengths)),
    }


def _claims(along: Rows, met: Rows, pools: int) -> list[Claim]:
    slopes = []
    for seed in sorted({row["seed"] for row in along}):
        mine = [row for row in along if row["seed"] == seed]
        slopes.append(float(np.polyfit([row["pools_apart"] for row in mine], [row["success"] for row in mine], 1)[0]))
    decay = over_seeds(slopes)
    ends = (
        f"success within pools {mean(along, 'success', pools_apart=0).value:.2f}, "
        f"from end to end of the chain {mean(along, 'success', pools_apart=pools - 1).value:.2f}"
    )
    majority, even = mean(met, "first_over_second", part=UNEQUAL), mean(met, "first_over_second", part=EQUAL)
    across = mean(met, "success_across_after", part=UNEQUAL)
    simpler = over_seeds([row["distinct_after"] - row["distinct_before"] for row in met if row["part"] == EQUAL])
    return [
        Claim(
            "decay along the chain",
            SOURCE,
            "intelligibility decays with distance along the chain",
            "change of success per pool of distance, least squares",
            decay,
            judge(decay, below=0.0),
            ends,
        ),
        Claim(
            "control: they meet",
            "control",
            "after contact the groups understand each other",
            f"success between agents of different groups at the end; {UNEQUAL}",
            across,
            judge(across, above=0.5),
            f"before contact {mean(met, 'success_across_before', part=UNEQUAL).value:.3f}; holds above 0.5",
        ),
        Claim(
            "the majority's code wins",
            SOURCE,
            "when groups of unequal size meet, the code of the larger one remains",
            f"similarity of the code at the end to the larger group's before contact, less to the smaller's; {UNEQUAL}",
            majority,
            judge(majority, above=0.0),
            f"the same with equal groups, where neither should win: {even.value:+.3f}",
        ),
        Claim(
            "equal groups grow simpler",
            SOURCE,
            "when equal groups meet, a simpler code comes out",
            f"distinct messages per referent at the end, less before contact; {EQUAL}",
            simpler,
            judge(simpler, below=0.0),
            "fewer distinct messages is one reading of simpler; the groups also had more time to learn",
        ),
    ]
