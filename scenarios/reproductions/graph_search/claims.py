"""Success of optimised graphs, their hubs, their form under a penalty, and what selfish choice costs."""

from __future__ import annotations

import math

import numpy as np

from hubbub.analysis.hubs.scale_free_form import SEVERAL, STRONG
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions.claim import CONTROL, HYPOTHESIS, Claim, Condition
from hubbub.scenarios.reproductions.criteria import Above, Below
from hubbub.scenarios.reproductions.graph_search.rivals import REWIRED
from hubbub.scenarios.reproductions.graph_search.trials import BEFORE, BEST, CHOSEN, SHORTEST, STAR, cap
from hubbub.scenarios.reproductions.table import Table

NO_RIVALS = (BEST, BEFORE, CHOSEN, SHORTEST, STAR, REWIRED)
NEAR = 0.05
"""How far below the best graph known a graph may be that was found."""
POOLED = 500
"""Number of agents at one λ below which the absence of a scale-free form decides nothing."""


def claims(table: Table, *, caps: tuple[str, ...]) -> list[Claim]:
    """Judge what was trained."""
    judged = [claim for kind in caps for claim in _under_cap(table.where(part="graphs", cap=kind), kind)]
    return [*judged, *_price(table.where(part="graphs", cap=cap(1))), *_under_penalty(table)]


def lead(table: Table, name: str, other: str, pairing: str) -> Measure:
    """Return the success of a graph minus that of another, paired by seed."""
    one, another = (table.where(graph=graph, pairing=pairing) for graph in (name, other))
    return one.minus(another, "success_all_pairs")


def _under_cap(table: Table, kind: str) -> list[Claim]:
    rivals = [name for name in table.by("graph") if name not in NO_RIVALS]
    made = []
    for pairing in table.levels("pairing"):
        part = table.where(pairing=pairing)
        optimised = part.where(graph=BEST)
        best = max(rivals, key=lambda name: part.where(graph=name).mean("success_all_pairs").value)
        made += [
            Claim(
                f"C3a optimised ({kind}, {pairing} pairing)",
                "graphs can be optimised for success under the cap",
                "all-pairs success of GRU agents, optimised graph minus the one the search began with",
                lead(table, BEST, BEFORE, pairing),
                Above(0),
            ),
            Claim(
                f"C4 success ({kind}, {pairing} pairing)",
                "optimised graphs succeed more than graphs with as many links",
                f"all-pairs success minus that of the best connected graph of {', '.join(rivals)}, here {best}",
                lead(table, BEST, best, pairing),
                Above(0),
                f"success of the optimised graph {optimised.mean('success_all_pairs').value:.2f}; in the last fifth of "
                f"the steps it changed by {optimised.mean('late_change_success').value:+.2f}",
            ),
            Claim(
                f"gap to the best known ({kind}, {pairing} pairing)",
                "the search comes near to the best graph known",
                "all-pairs success minus that of a star with as many links",
                lead(table, BEST, STAR, pairing),
                Above(-NEAR, "a graph within .05 counts as near: our choice"),
                "for more than one choice each, a star with added links is known and not known to be the best",
                CONTROL,
            ),
            Claim(
                f"null: degrees alone ({kind}, {pairing} pairing)",
                "the success of the optimum is more than that of its degrees",
                "all-pairs success minus that of a degree-preserving rewiring, connected where one was found",
                lead(table, BEST, REWIRED, pairing),
                Above(0),
                "a star has no other rewiring, so the difference is 0",
                CONTROL,
            ),
            Claim(
                f"null: paths alone ({kind}, {pairing} pairing)",
                "the success of the optimum is more than that of the graph with the shortest paths",
                "all-pairs success minus that of the optimum of path length under the same cap, found without language",
                lead(table, BEST, SHORTEST, pairing),
                Above(0),
                "where this does not hold, hubs are an effect of short paths and not of language",
                CONTROL,
            ),
        ]
    graphs = table.where(graph=BEST, pairing=table.levels("pairing")[0])
    excess = over_seeds([row["degree_gini"] - row["gini_of_random"] for row in graphs])
    hubs = Claim(
        f"C4 hubs ({kind})",
        "optimised graphs have hubs",
        "Gini coefficient of degrees minus its mean over Erdős–Rényi graphs with as many links",
        excess,
        Above(0),
        f"largest degree {graphs.mean('max_degree').value:.1f}",
    )
    return [*made, hubs]


def _price(table: Table) -> list[Claim]:
    """Judge the price of anarchy (Koutsoupias & Papadimitriou 1999): the planner's success over that of the selfish."""
    found = []
    for pairing in table.levels("pairing"):
        planned, selfish = (table.where(graph=name, pairing=pairing) for name in (BEST, CHOSEN))
        pairs = zip(planned.column("success_all_pairs"), selfish.column("success_all_pairs"), strict=True)
        ratio = over_seeds([one / other if other else math.nan for one, other in pairs])
        found.append(
            Claim(
                f"price of anarchy ({pairing} pairing)",
                "agents that follow their own success make graphs on which all succeed less",
                "all-pairs success on the optimised graph, divided by that on the graph chosen while learning",
                ratio,
                Above(1, "1 means no cost"),
                f"the difference is {lead(table, BEST, CHOSEN, pairing).value:+.3f}; "
                f"links {planned.mean('links').value:.1f} against {selfish.mean('links').value:.1f}; the chosen graph "
                f"is connected in {sum(map(math.isfinite, selfish.column('path_length')))} of {len(selfish)}",
                source=HYPOTHESIS,
            )
        )
    return found


def _under_penalty(table: Table) -> list[Claim]:
    searches, forms = table.where(part="penalty"), table.where(part="form")
    logged = searches.added("log2_penalty", lambda row: math.log2(row["penalty"]))
    several = len(forms) > 1
    slopes = {
        name: logged.slope("log2_penalty", name) if several else over_seeds([])
        for name in ("link_length", "max_degree")
    }
    said = "; ".join(
        f"λ = {row['penalty']:g}: {row['hubs']:g} hubs a graph, grade {row['grade']}, tail {row['tail']}"
        for row in forms
    )
    found = float(np.sum(forms.column("scale_free")))
    return [
        Claim(
            "C3b optimised (penalty)",
            "graphs can be optimised under a penalty on distance",
            "slope of the mean length of links against log2 λ",
            slopes["link_length"],
            Below(0),
        ),
        Claim(
            "C3b hubs shrink",
            "the penalty takes links away from the largest hub",
            "slope of the largest degree against log2 λ",
            slopes["max_degree"],
            Below(0),
            source=HYPOTHESIS,
        ),
        Claim(
            "C4 scale-free",
            "optimised graphs are scale-free",
            "number of penalties λ at which the degrees, pooled over searches, have a scale-free form: at least three "
            "hubs a graph, a tail of at least 50 agents with 2 < α < 3 that is not rejected, alternatives rejected",
            Measure(found, "1", "count", len(forms), interval=(found, found)),
            Above(0.5, "at one λ at least"),
            said,
            conditions=[
                Condition("agents pooled at a λ", float(min(forms.column("agents"))), at_least=0 if found else POOLED),
                Condition(
                    "λ with several hubs and a strong grade that an alternative explains as well",
                    float(
                        sum(
                            row["hubs"] >= SEVERAL and row["grade"] in STRONG and not row["scale_free"] for row in forms
                        )
                    ),
                    at_most=None if found else 0,
                ),
            ],
        ),
    ]
