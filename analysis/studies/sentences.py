"""What a study found, in sentences, the answer first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hubbub.analysis.page.numbers import listed, p_text, significant
from hubbub.analysis.studies.findings import MOST_PAIRED, Pair, StudyFindings, best_first
from hubbub.analysis.studies.words import short_names, spoken, value_text

LEVEL = 0.05
MOST_NAMED = 5


@dataclass(frozen=True)
class Answer:
    """What a report says first: a statement, and what it lists."""

    statement: str
    items: tuple[str, ...] = ()


def answers(found: StudyFindings) -> list[Answer]:
    """Return which conditions differ in what, one answer for each pair that is compared; or what else was found."""
    if not any(condition.runs for condition in found.conditions):
        return [Answer("No run has finished, so nothing can be compared.")]
    if found.is_adaptive:
        return _best_trial(found)
    if found.pairs:
        return [answer(found, pair) for pair in found.pairs]
    if len(found.conditions) == 1:
        return [Answer("There is one condition: the tables show the mean over its seeds and how much they differ.")]
    return _associated(found)


def answer(found: StudyFindings, pair: Pair) -> Answer:
    """Return what one pair of conditions differs in."""
    names = " and ".join(found.conditions[number].label for number in (pair.first, pair.second))
    if math.isnan(pair.least_p):
        n = " and ".join(map(str, pair.n_seeds))
        return Answer(f"{names} are not compared: {n} finished runs are too few, two in each are needed.")
    differ = [number for number in _by_size(pair) if pair.corrected[number] < LEVEL]
    if differ:
        items = [difference_text(found, pair, number) for number in differ[:MOST_NAMED]]
        more = [f"and {len(differ) - len(items)} more, see the table"] * (len(differ) > len(items))
        statement = f"{names} differ in {len(differ)} of {len(found.quantities)} quantities:"
        return Answer(statement, (*items, *more))
    if pair.least_p >= LEVEL:
        statement = f"{names}: {_too_few(found, pair)}"
    else:
        statement = f"{names}: no clear difference in any of {len(found.quantities)} quantities."
    apart = [
        difference_text(found, pair, number)
        for number in _by_size(pair)
        if (interval := pair.found.differences[number].interval) and (interval[0] > 0 or interval[1] < 0)
    ]
    if apart:
        statement += " Furthest apart, to be looked at with more seeds:"
    return Answer(statement, tuple(apart[:MOST_NAMED]))


def difference_text(found: StudyFindings, pair: Pair, number: int) -> str:
    """Return one difference: the two means, the difference with its interval, effect size and corrected p-value."""
    difference, effect = pair.found.differences[number], pair.found.effect_sizes[number]
    one, other = pair.found.means[:, number]
    low, high = difference.interval or (math.nan, math.nan)
    size = "" if math.isnan(effect.value) else f", g = {significant(effect.value, digits=2)}"
    return (
        f"{spoken(found.quantities[number])} ({significant(one, digits=3)} against {significant(other, digits=3)}; "
        f"difference {significant(difference.value, digits=3)}, 95 % interval {significant(low, digits=3)} to "
        f"{significant(high, digits=3)}{size}, {p_text(float(pair.corrected[number]))})"
    )


def method(found: StudyFindings) -> list[str]:
    """How conditions were compared."""
    if not found.pairs:
        return []
    how = {pair.paired for pair in found.pairs}
    text = []
    if True in how:
        text.append("Conditions that share seeds are compared in pairs of runs with the same seed.")
    if False in how:
        text.append("Conditions that share fewer than two seeds are compared without pairs.")
    text.append(
        "The p-value is that of a two-sided permutation test, in which whole runs are exchanged between the conditions "
        "(all permutations where there are at most 9,999). It is corrected for all quantities by max-T (Westfall & "
        "Young 1993)"
        + (f" and multiplied by {len(found.pairs)}, the number of comparisons of conditions" * (len(found.pairs) > 1))
        + ". Intervals are those of Student's t for the difference of the means. The effect size is Hedges' g: the "
        "difference in standard deviations over seeds, corrected for few seeds. “First higher in” counts seeds; a tie "
        "counts one half."
    )
    if len(found.conditions) > MOST_PAIRED:
        text.append(f"With {len(found.conditions)} conditions, each is compared with the first one only.")
    return text


def seeds_needed(n_pairs: int, *, paired: bool) -> int:
    """Return the smallest number of seeds in each condition with which a corrected p-value can be below .05."""
    n = 2
    while 2 * n_pairs / (2**n if paired else math.comb(2 * n, n)) >= LEVEL:
        n += 1
    return n


def _too_few(found: StudyFindings, pair: Pair) -> str:
    n = seeds_needed(len(found.pairs), paired=pair.paired)
    seeds = f"{pair.n_seeds[0]} shared seeds" if pair.paired else f"{pair.n_seeds[0]} and {pair.n_seeds[1]} runs"
    return (
        f"with {seeds} no difference can be told from chance, because the smallest possible corrected p-value is "
        f"{significant(min(pair.least_p, 1.0), digits=3)}; it needs {n} seeds in each condition or more."
    )


def _by_size(pair: Pair) -> list[int]:
    """Return the numbers of the quantities, the smallest p-value first, then the largest effect."""
    sizes = [abs(effect.value) if math.isfinite(effect.value) else math.inf for effect in pair.found.effect_sizes]
    known = [number for number in range(len(sizes)) if math.isfinite(pair.corrected[number])]
    return sorted(known, key=lambda number: (pair.corrected[number], -sizes[number]))


def _best_trial(found: StudyFindings) -> list[Answer]:
    trials = found.study.trials
    known = [trial for trial in trials if trial["value"] is not None]
    if not known:
        return [Answer(f"None of {len(trials)} trials has a value.")]
    condition = found.conditions[best_first(found.study, found.conditions)[0]]
    best = (max if found.study.about["optuna"]["maximize"] else min)(known, key=lambda trial: trial["value"])
    seeds = len(found.study.about["seeds"])
    mean = f", the mean of {seeds} seeds." if seeds > 1 else " with one seed."
    return [
        Answer(
            f"The best of {len(trials)} trials is number {best['number']}, with {condition.label}: "
            f"{spoken(found.objective)} {significant(best['value'])}{mean}"
        ),
        Answer(
            "A value that was chosen because it is the best is too good on average: run this setting again with seeds "
            "that the search did not use before you report it."
        ),
    ]


def _associated(found: StudyFindings) -> list[Answer]:
    clear = [one for one in found.associations if one.corrected < LEVEL]
    if not found.associations:
        return [Answer(f"{len(found.conditions)} settings are shown side by side; none are compared.")]
    if not clear:
        n = len(found.associations)
        return [Answer(f"No field goes clearly with any quantity ({n} rank correlations, corrected by Holm).")]
    names = short_names(found.study.varying)
    items = [
        f"{spoken(one.quantity)} {'rises' if one.value > 0 else 'falls'} with {names[one.path]} (Spearman correlation "
        f"{significant(one.value, digits=2)} over {one.n} runs, {p_text(one.corrected)})"
        for one in sorted(clear, key=lambda one: -abs(one.value))
    ]
    statement = f"{len(clear)} of {len(found.associations)} rank correlations of fields with quantities are clear:"
    return [Answer(statement, tuple(items[: 2 * MOST_NAMED]))]


def left_out(found: StudyFindings) -> list[str]:
    """Which quantities say nothing about the conditions."""
    text = []
    if found.constant:
        shown = [f"{spoken(name)} ({significant(value)})" for name, value in found.constant.items()]
        text.append(f"The same in all runs: {listed(shown)}.")
    reasons: dict[str, list[str]] = {}
    for name, reason in found.undefined.items():
        reasons.setdefault(reason, []).append(spoken(name))
    text += [f"Without a value in any run: {listed(names)} ({reason})." for reason, names in reasons.items()]
    return text


def fixed_settings(found: StudyFindings) -> list[tuple[str, str]]:
    """Return the fields that the study sets to one value for all runs."""
    vary = found.study.about.get("vary", {})
    fixed = [(path, values[0]) for path, values in vary.items() if isinstance(values, Sequence) and len(values) == 1]
    return [(path, value_text(value)) for path, value in fixed]
