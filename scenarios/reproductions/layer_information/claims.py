"""What the source says of information across layers, and our critique, judged by what estimators say."""

from __future__ import annotations

import math
from itertools import permutations
from typing import Any

import numpy as np

from hubbub.analysis.layers import Emergence, data_emergence
from hubbub.analysis.measure import Measure
from hubbub.scenarios.reproductions.claim import CONTROL, Claim, control
from hubbub.scenarios.reproductions.criteria import Above, Below, Within
from hubbub.scenarios.reproductions.layer_information.pairs import (
    COARSE,
    ESTIMATORS,
    FEW,
    FINE,
    MANY,
    NEURAL,
    Information,
)
from hubbub.scenarios.reproductions.table import Table, minus

CRITIQUE = "critique, ours"


def data_of(entities: int, shots: int) -> list[Emergence]:
    """Return what sequences of 1, 2 … distinct entities with commas say by themselves."""
    shown = np.array(list(permutations(range(entities), shots)))
    sequences = np.stack([shown, np.full_like(shown, entities)], axis=2).reshape(len(shown), -1)
    return [data_emergence(sequences[:, : 2 * length]) for length in range(1, shots + 1)]


def claims(table: Table, *, entities: int, pairs: int) -> list[Claim]:
    """Judge E over training and shots, and what MINE and the copula say where the truth is known."""
    shots = max(table.levels("shots"))
    of, by_shots = Information(table, shots=shots), data_of(entities, shots)
    data, fitted = by_shots[-1], math.log2(pairs // 2)
    start, end, top = {"step": 0}, {"last": True}, {"block": max(table.levels("block"))}

    def course(**where: Any) -> str:
        """Return how E went from start to end by every estimator."""
        return "; ".join(
            f"{said}: {of.emergence(name, **start, **where).value:.2f} → {of.emergence(name, **end, **where).value:.2f}"
            for name, said in ESTIMATORS.items()
        )

    def change(name: str, **where: Any) -> Measure:
        return minus(of.emergence(name, **end, **where), of.emergence(name, **start, **where))

    def grown(name: str, **where: Any) -> Measure:
        return minus(of.emergence(name, **where), of.emergence(name, **where, shots=1))

    def top_minus(name: str, bits: float) -> Measure:
        return minus(of.mean(f"macro_{name}", **start, **top), bits)

    whole = table.where(shuffled=False, shots=shots)
    apart = whole.each(lambda mine: max(abs(row["macro_exact"] - row["micro_exact"] - data.value) for row in mine))
    nothing = {name: of.mean(f"macro_{name}", **end, shuffled=True) for name in NEURAL}
    return [
        control(
            "they learn",
            "the entity that comes next is named after all shots",
            "share of sequences, at the end",
            of.mean("accuracy", **end),
            Above(0.95),
            f"at the start {of.mean('accuracy', **start).value:.2f}; from the last entity alone at most "
            f"{(entities - shots) / (entities - 1):.2f}",
        ),
        Claim(
            "the data decide",
            "where blocks tell all sequences apart E is that of the data, trained or not",
            f"largest distance of the exact E from {data.value:.2f} bits, over blocks and records",
            apart,
            Within(-0.01, 0.01),
            f"cells of {FINE:g}",
            CRITIQUE,
        ),
        Claim(
            "E is what a model extracts",
            "E measures a model's ability to extract semantics from its tokens, so it rises as these are learnt",
            "published E (MINE, maximum over steps) at the end minus at the start, mean over blocks, bits",
            change("maximum"),
            Above(0),
            f"the rise in training is our reading of this; {course()}",
        ),
        Claim(
            "E grows with shots",
            f"E is larger after {shots} shots than after one",
            "published E, difference at the end, mean over blocks, bits",
            grown("maximum", **end),
            Above(0),
            f"before training {grown('maximum', **start).value:+.2f}; of the data alone "
            f"{data.value - by_shots[0].value:+.2f}",
            CONTROL,
        ),
        *of_nothing("", nothing, f"no maximum: {nothing['last'].value:.2f}"),
        Claim(
            "above log2 n",
            f"the published macro exceeds log2 n for the n = {pairs // 2:,} pairs that it is fitted on; no sure "
            "lower bound can say more (McAllester & Stratos 2020)",
            f"MINE, maximum over steps, minus {fitted:.2f} bits, last block, before training",
            top_minus("maximum", fitted),
            Above(0),
            "a shuffle that leaves no pair together puts no bound on a fit, and the maximum picks such steps",
            CRITIQUE,
        ),
        Claim(
            "held out, below log2 n",
            "the value on held-out pairs does not",
            f"MINE, held out, minus {fitted:.2f} bits, last block, before training",
            top_minus("held_out", fitted),
            Below(0),
            source=CRITIQUE,
        ),
        Claim(
            "above the data",
            "the published macro exceeds the entropy of the sequences",
            f"MINE, maximum over steps, minus {data.macro:.2f} bits, last block, before training",
            top_minus("maximum", data.macro),
            Above(0),
            source=CRITIQUE,
        ),
        Claim(
            "the copula above the data",
            "a copula takes finitely many states for a density and grows with the components that it is given",
            f"Gaussian copula of {MANY} components minus {data.macro:.2f} bits, last block, before training",
            top_minus("copula_many", data.macro),
            Above(0),
            "; ".join(
                f"{count} components: {of.mean(name, **start, **top).value:.1f} → "
                f"{of.mean(name, **end, **top).value:.1f}"
                for name, count in (("macro_copula", FEW), ("macro_copula_many", MANY))
            ),
            CRITIQUE,
        ),
        Claim(
            "what a resolution sees",
            "at a finite resolution the last block tells fewer sequences apart once the rule is learnt",
            f"exact E with cells of {COARSE:g} at the end minus at the start, last block, bits",
            change("resolved", **top),
            Below(0),
            course(**top),
            "ours",
        ),
    ]


def of_nothing(where: str, found: dict[str, Measure], note: str) -> list[Claim]:
    """Return what MINE says `where` pairs do not belong together, so that the truth is 0."""
    return [
        Claim(
            "the maximum over steps is above 0 for unrelated pairs",
            "MINE with the maximum over steps is above 0 where pairs do not belong together",
            f"MINE, maximum over steps, outputs of other sequences{where}, bits",
            found["maximum"],
            Above(0),
            note,
            CRITIQUE,
        ),
        Claim(
            "the held-out value is not above 0 for unrelated pairs",
            "MINE on pairs that were not fitted is not above 0 there",
            f"MINE, held out, outputs of other sequences{where}, bits",
            found["held_out"],
            Below(0.05),
            source=CRITIQUE,
        ),
    ]
