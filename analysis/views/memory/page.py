"""The page of a report on memories."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.numbers import number
from hubbub.analysis.page.parts import answer, cards, document, header, section, settings, show
from hubbub.analysis.views.memory.answers import answers
from hubbub.analysis.views.memory.findings import MemoryFindings

COLUMNS = {
    "overlap at the end": ("overlap", 3),
    "mean overlap": ("mean_overlap", 3),
    "mean activity": ("mean_activity", 1),
    "H": ("h", 2),
    "H, widest segment": ("h_segment", 2),
    "δ": ("delta", 2),
    "avalanches": ("avalanches", 0),
    "μ births": ("mu_births", 2),
    "coincidences": ("coincidences", 0),
    "μ coincidences": ("mu_coincidences", 2),
    "LR births": ("births_against_exponential", 1),
    "LR coincidences": ("coincidences_against_exponential", 1),
}
CLEARLY = 2.0


def memory_page(found: MemoryFindings, figures: Mapping[str, ReportFigure]) -> str:
    """Return the HTML document; every text that comes from the run is escaped."""
    body = tag(
        "main",
        _head(found),
        section("In short", join([answer(answers(found)), _cards(found)]), []),
        section(
            "Over noise and load",
            join([show(figures, "phase-diagram", "over-noise", "over-load")]),
            _overlap_lost(found),
        ),
        section("Critical interval", _critical(found), []),
        section("Avalanches", show(figures, "activity"), []),
        section("Scaling", show(figures, "scaling", "entropy"), []),
        section("Times between events", show(figures, "survival-births", "survival-coincidences"), _waiting(found)),
        section("All noise levels and loads", _table(found), []),
        section(
            "About this report",
            join([tag("details", tag("summary", "Glossary"), _glossary()), settings(found.run)]),
            [],
        ),
    )
    return document(str(found.run.info["name"]), body)


def _head(found: MemoryFindings) -> Html:
    run, notes = found.run, []
    about = [f"{run.configuration['memory']['kind']}, {len(found.copies):,} copies"]
    if not found.has_series:
        notes = ["Overlap and activity were not recorded step by step (recording.series_every is 0), so there is no H."]
    return header(run, about, notes)


def _cards(found: MemoryFindings) -> Html:
    phases = found.phases
    shown = [
        (f"{len(phases.noise)}", f"noise levels, {phases.noise[0]:g} … {phases.noise[-1]:g}")
        if len(phases.noise) > 1
        else (f"{phases.noise[0]:g}", "noise level"),
        (f"{max(copy.repetition for copy in found.copies) + 1}", "repetitions of each"),
    ]
    if found.has_patterns:
        shown.insert(1, (f"{len(phases.loads)}", f"loads, {phases.loads[0]} … {phases.loads[-1]} patterns"))
    if found.has_series and len(phases.noise) > 1:
        row = int(np.flatnonzero(phases.loads == found.peak.load)[0])
        h = phases.mean("h")[row]
        if np.isfinite(h).any():
            at = f"load {found.peak.load}, at noise" if found.has_patterns else "at noise"
            shown.append((number(float(np.nanmax(h))), f"largest H, {at} {phases.noise[np.nanargmax(h)]:g}"))
    return cards(shown)


def _overlap_lost(found: MemoryFindings) -> list[str]:
    """At which noise level the overlap falls below that of a memory that corrects all errors."""
    mean, phases = found.phases.mean("mean_overlap"), found.phases
    if not found.has_patterns or not np.isfinite(mean).any() or len(phases.noise) < 2:
        return []
    text = []
    for load, values in zip(phases.loads.tolist(), mean, strict=True):
        lost = np.flatnonzero(values < 0.95 * (1 - 2 * phases.noise))
        lost = lost[phases.noise[lost] < 0.5]
        if len(lost):
            text.append(
                f"With {load} patterns the mean overlap is first below 95 % of 1 − 2p at p = {phases.noise[lost[0]]:g}."
            )
        else:
            text.append(f"With {load} patterns the mean overlap is never below 95 % of 1 − 2p.")
    flips = found.run.configuration["memory"].get("noise", "flips") == "flips"
    return text if flips else []


def _critical(found: MemoryFindings) -> Html:
    if not found.has_series or len(found.phases.noise) < 2:
        return Html()
    critical = found.phases.critical
    rows = [
        (
            load,
            number(critical.lower[k], digits=3),
            number(critical.upper[k], digits=3),
            number(critical.width[k], digits=3),
            number(critical.peak[k], digits=3),
            f"{number(critical.h_peak[k])} ± {number(critical.error[k])}",
            "reaches the lowest or highest noise level" if critical.open[k] else "between two of the noise levels",
        )
        for k, load in enumerate(found.phases.loads.tolist())
    ]
    caption = f"Noise levels at which H − error is above {critical.level:g}; dashes where there is none."
    heads = ["load", "from", "to", "width", "peak", "H at the peak", "where it ends"]
    return join([tag("p", caption, class_="about"), table(heads, rows, numbers_from=0)])


def _waiting(found: MemoryFindings) -> list[str]:
    text = []
    for what, waiting in (("births of avalanches", found.peak.births), ("coincidences", found.peak.coincidences)):
        value = waiting.ratio.normalised
        if waiting.fit.reason:
            if len(waiting.times):
                text.append(f"Times between {what} were not fitted: {waiting.fit.reason}.")
            continue
        better = "a power law fits" if value > 0 else "an exponential fits"
        verdict = f"{better} better" if abs(value) > CLEARLY else "a power law and an exponential fit equally well"
        text.append(
            f"In the tail of the times between {what} (from {waiting.fit.cutoff:g} steps, {waiting.fit.n_tail:,} "
            f"values), {verdict} (log-likelihood ratio {number(value, digits=1)} standard deviations)."
        )
    return text


def _table(found: MemoryFindings) -> Html:
    phases = found.phases
    means = {head: phases.mean(name) for head, (name, _) in COLUMNS.items()}
    means = {head: values for head, values in means.items() if np.isfinite(values).any()}
    rows = [
        (f"{noise:g}", load, *(number(values[k, p], digits=COLUMNS[head][1]) for head, values in means.items()))
        for k, load in enumerate(phases.loads.tolist())
        for p, noise in enumerate(phases.noise.tolist())
    ]
    shown = table(["noise", "load", *means], rows, numbers_from=0)
    caption = tag("p", "Means over repetitions.", class_="about")
    return (
        join([caption, shown])
        if len(rows) <= 60
        else tag("details", tag("summary", f"{len(rows)} rows"), caption, shown)
    )


def _glossary() -> Html:
    terms = {
        "overlap": "inner product of the state and the target pattern, divided by the number of spins: 1 identical, 0 "
        "unrelated",
        "activity": "number of spins that are +1, or of neurons that fire",
        "H": "exponent of detrended fluctuation analysis over windows of 10 … T/10 steps: 0.5 for a series "
        "without memory",
        "widest segment": "the straight part of that curve with the largest ratio of window lengths",
        "δ": "slope of the diffusion entropy of the same record, over 10 … T/5 steps",
        "avalanche": "consecutive steps with at least the mean activity of the burn-in, or the threshold of the "
        "configuration",
        "coincidence": "step in which the number of spins that turn on is at least its mean + 2 standard "
        "deviations, or the threshold of the configuration",
        "μ": "exponent of a power law fitted to the times between events above an estimated cut-off "
        "(Clauset, Shalizi & Newman 2009)",
        "LR": "log-likelihood ratio of power law and exponential in that tail, divided by its standard "
        "deviation: above 2 the power law fits better, below −2 the exponential, otherwise neither (Vuong 1989)",
        "critical interval": "noise levels around the largest H at which H − error is above 0.6; the error is "
        "that of the mean over repetitions",
    }
    return table(["term", "meaning"], terms.items(), numbers_from=2)
