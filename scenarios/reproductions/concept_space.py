"""Park et al.: strong concepts are learnt first, paths to an unseen kind bend, and it can be painted before it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from hubbub.analysis.concepts import bend
from hubbub.analysis.measure import Measure
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.concept_space_figures import figures_of, pictures_of, solvable
from hubbub.scenarios.reproductions.concept_space_found import (
    CAPABLE,
    GAP,
    LEARNT,
    METRICS,
    PLAIN,
    SHOWN_KINDS,
    UNSEEN,
    Found,
    Size,
)
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.network_rows import network_rows, shortened

SOURCE = "Park, Okawa, Lee, Lubana & Tanaka, arXiv 2406.19370"
SMALL = Size(5, 12, (0.2, 0.4, 0.8), (0.2, 0.3, 0.4), 16, (16, 16, 16), 16, 1600, 32)
FULL = Size(5, 20, (0.2, 0.4, 0.6, 0.8), (0.1, 0.2, 0.3, 0.4), 32, (64, 64, 64, 64), 64, 20000, 80)


@reproduction("concept-space")
def concept_space(lab: Lab) -> Outcome:
    """When a painter of discs learns each concept, how its pictures move in concept space, and what it hides."""
    size = FULL if lab.is_full else SMALL
    alone = replace(size, seeds=size.over_prompted_seeds, colours=GAP[:1], sizes=GAP[1:])
    jobs = [_job(f"colour-{colour:g}", size, (colour,)) for colour in size.colours]
    runs = lab.run([*jobs, _job("over-prompting", alone, alone.colours, seed=1)])
    rows = [
        {"run": job.name, **row} for job, run in zip(jobs, runs, strict=False) for row in network_rows(run, METRICS)
    ]
    fresh = [{"run": "over-prompting", **row} for row in network_rows(runs[-1], METRICS)]
    found, over_prompted = Found(rows, size), Found(fresh, alone)
    figures = figures_of(found, over_prompted)
    figures["pictures"] = (
        pictures_of(runs[-1], over_prompted.typical_seed()),
        f"What one network (signals {GAP[0]} and {GAP[1]}, the median by the step of over-prompting) paints from the "
        "same noise when asked for small discs, by the colour asked for: 0.4 is the red that was shown, 0.6 the blue "
        "that was not, the rest is over-prompted.",
    )
    return Outcome(
        "Hidden capabilities in concept space",
        [*_claims(found), *_over_prompting_claims(over_prompted, found)],
        shortened([*rows, *fresh]),
        figures,
        [
            f"{size.side} × {size.side} pixels (the source: 32 × 32), {len(size.channels) + 1} convolutions of 3 × 3 "
            f"with {size.channels[0]} channels (the source: a U-Net with attention), Adam 0.001, batches of "
            f"{size.batch}, {size.steps:,} steps, {size.seeds} seeds, recorded every {size.steps // size.looks}; "
            f"signals of colour {', '.join(map(str, size.colours))}, of size {', '.join(map(str, size.sizes))}.",
            "The concept coordinate is no trained classifier's: colour and radius are read off a picture in closed "
            "form, and a logistic function of either is 1/2 half-way between the kinds and .98 at the kind.",
            "A picture counts as blue-small only if the disc that is read accounts for more than half of what is not "
            "white (ours): else grey blurs and blue rims count too.",
            "Caution: over-prompting is the best of five prompts and never below the plain one, so plain prompting "
            "below it says nothing. Judged are how far below, and whether five goes at the plain prompt do as well.",
            f"Both are judged on {size.over_prompted_seeds} fresh seeds of one setting, that of the source; the values "
            "of the grid stand beside them.",
            "A network that has not reached a level by the end counts with the last step, so that leads are at least "
            f"what is said. Those of the grid: {found.unreached()}; fresh ones: {over_prompted.unreached()}.",
            "Caution: .05 and 4.3 k steps are the source's network and optimiser; a step here is no step there.",
            solvable(),
        ],
    )


def _job(name: str, size: Size, colours: tuple[float, ...], seed: int = 0) -> Job:
    return Job(
        name,
        "concept-space",
        {
            "task.colour_signals": list(colours),
            "task.size_signals": list(size.sizes),
            "task.side": size.side,
            "task.channels": list(size.channels),
            "task.batch": size.batch,
            "networks.seeds": size.seeds,
            "training.steps": size.steps,
            "engine.record_every": size.steps // size.looks,
            "engine.checkpoint_every": size.steps // 8,
            "engine.keep_checkpoints": 9,
        },
        seed,
    )


def _claims(found: Found) -> list[Claim]:
    settings = found.settings
    weak, strong = found.size.colours[0], found.size.colours[-1]
    small, large = found.size.sizes[0], found.size.sizes[-1]
    ends = {
        setting: found.each(
            lambda seed, at=setting: min(float(found.right(concept, at, seed)[-1]) for concept in ("colour", "size"))  # type: ignore[misc]
        )
        for setting in settings
    }
    taught = found.each(lambda seed: min(end.each[seed].value for end in ends.values()))
    bends = found.each(
        lambda seed: float(
            np.mean(
                [
                    abs(bend(found.path(UNSEEN, setting, seed)))
                    - np.mean([abs(bend(found.path(kind, setting, seed))) for kind in SHOWN_KINDS[1:]])
                    for setting in settings
                ]
            )
        )
    )
    sides = found.each(
        lambda seed: bend(found.path(UNSEEN, (strong, small), seed)) - bend(found.path(UNSEEN, (weak, large), seed))
    )
    claims = [
        Claim(
            "control: shown kinds",
            "control",
            "the kinds that are shown are painted as asked",
            "how far colour or size is right at the end, worst setting",
            taught,
            judge(taught, above=LEARNT),
            f"holds above {LEARNT}, which is ours; chance is .5; by signals of colour, size: "
            + "; ".join(f"{colour:g}, {size:g}: {end.value:.2f}" for (colour, size), end in ends.items()),
        )
    ]
    for concept in ("colour", "size"):
        slope = found.slope(concept)
        claims.append(
            Claim(
                f"speed of {concept}",
                SOURCE,
                f"the stronger the signal of {concept}, the sooner it is learnt",
                f"slope of ln step against ln signal; step at which {concept} is {LEARNT} right in shown kinds",
                slope,
                judge(slope, below=0.0),
                _learnt_by_signal(found, concept),
            )
        )
    by_setting = "; ".join(
        f"{colour:g}, {size:g}: {found.bend((colour, size)).value:+.2f}" for colour, size in settings
    )
    claims += [
        Claim(
            "the path bends",
            SOURCE,
            "pictures of the unseen kind turn on their way through concept space",
            "size of the bend of blue-small less that of blue-big and red-small, mean over settings",
            bends,
            judge(bends, above=0.0),
            "bend: greatest distance from the straight line between the ends, over its length",
        ),
        Claim(
            "towards the stronger concept",
            SOURCE,
            "they first go towards the shown kind that has the concept with the stronger signal",
            f"bend at signals {strong:g}, {small:g} (colour, size) less at {weak:g}, {large:g}; positive: colour first",
            sides,
            judge(sides, above=0.0),
            f"by signals of colour, size: {by_setting}",
        ),
    ]
    return claims


def _over_prompting_claims(alone: Found, found: Found) -> list[Claim]:
    """Judge over-prompting on fresh networks, and tell what it does in all settings."""
    plain, again = alone.meanwhile("prompted", GAP), alone.meanwhile("retried", GAP)
    first = alone.each(lambda seed: alone.capable("over_prompted", GAP, seed)[0])
    lead, ahead = alone.lead("retried", GAP), alone.lead("prompted", GAP)
    at = f"signals {GAP[0]:g}, {GAP[1]:g}"
    low, high = plain.interval or (math.nan, math.nan)
    lies = "in" if low <= PLAIN <= high else "outside"

    def in_all(of: Callable[[tuple[float, float]], Measure]) -> str:
        return "; ".join(f"{colour:g}, {size:g}: {of((colour, size)).value:.2f}" for colour, size in found.settings)

    return [
        Claim(
            "hidden capability",
            SOURCE,
            f"when over-prompting first paints the unseen kind with {CAPABLE}, plain prompting is far from it",
            f"probability of blue-small by the plain prompt at that step, {at}",
            plain,
            judge(plain, below=CAPABLE / 2),
            f"holds below half of it, which is ours; the source's {PLAIN:g} itself lies {lies} the interval; a grey "
            f"disc would count for about a half; over-prompting is there at step {first.value:.0f}, and five goes "
            f"at the plain prompt then have {again.value:.2f}; by signals of colour, size: "
            + in_all(lambda setting: found.meanwhile("prompted", setting)),
        ),
        Claim(
            "over-prompting leads",
            SOURCE,
            "over-prompting finds the capability before plain prompting does, and not by trying five times",
            f"ln of the step at which the best of five goes at the plain prompt reaches {CAPABLE} over that of the "
            f"best of five prompts, {at}",
            lead,
            judge(lead, above=0.0),
            f"one go: {ahead.value:.2f}, so {math.exp(ahead.value):.2f} times the steps; by signals of colour, size: "
            + in_all(lambda setting: found.lead("retried", setting)),
        ),
    ]


def _learnt_by_signal(found: Found, concept: str) -> str:
    parts = []
    for signal, alike in zip(found.signals(concept), zip(*found.along(concept), strict=True), strict=True):
        steps = [found.learnt(concept, setting, seed)[0] for setting in alike for seed in range(found.size.seeds)]
        parts.append(f"signal {signal:g}: step {math.exp(np.mean(np.log(steps))):.0f}")
    return "; ".join(parts)
