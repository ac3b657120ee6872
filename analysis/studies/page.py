"""The page of a report on a study."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hubbub.analysis.measure import Measure
from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.numbers import significant
from hubbub.analysis.page.parts import document, flat, paragraph, section, show
from hubbub.analysis.studies import sentences
from hubbub.analysis.studies.findings import Pair, StudyFindings, best_first
from hubbub.analysis.studies.words import short_names, spoken, value_text

MOST_COLUMNS, MOST_CONDITIONS, MOST_ROWS = 4, 60, 20


def study_page(found: StudyFindings, figures: Mapping[str, ReportFigure], notes: Sequence[str] = ()) -> str:
    """Return the HTML document; every text that comes from the study is escaped."""
    title = "The best trial" if found.is_adaptive else "What differs" if found.pairs else "What was found"
    body = tag(
        "main",
        _head(found, notes),
        section(title, _answers(found), [], _details(found)),
        section(
            "Trials" if found.is_adaptive else "Against the settings",
            join([show(figures, "trials"), _importance(found), show(figures, "settings")]),
            [],
        ),
        section("Conditions side by side", join([show(figures, "conditions"), _conditions(found)]), []),
        section("Curves", show(figures, "curves"), []),
        section("Dialects", show(figures, "dialect-maps"), []),
        section("Settings", _settings(found), []),
        section("Runs that did not finish", _unfinished(found), []),
        section("About this report", _about(found), []),
    )
    return document(str(found.study.about.get("name", found.study.path.name)), body)


def _head(found: StudyFindings, notes: Sequence[str]) -> Html:
    about, rows = found.study.about, found.study.rows
    finished = sum(row["status"] == "finished" for row in rows)
    seeds = about.get("seeds", ())
    size = f"{len(found.study.trials)} trials" if found.is_adaptive else f"{len(found.conditions)} conditions"
    facts = [
        f"study of {size}",
        f"{finished} of {len(rows)} runs finished",
        f"{len(seeds)} seeds" if len(seeds) > 1 else f"seed {seeds[0]}" if seeds else "",
        f"scenario {about.get('scenario', {}).get('name', '')}",
    ]  # fmt: skip
    if finished < len(rows):
        notes = [
            f"{len(rows) - finished} of {len(rows)} runs did not finish; they are listed below, and left out.",
            *notes,
        ]
    lines = [tag("p", note, class_="note") for note in notes]
    return tag(
        "header",
        tag("h1", str(about.get("name", found.study.path.name))),
        tag("p", " · ".join(filter(None, facts)), class_="about"),
        *lines,
    )


def _answers(found: StudyFindings) -> Html:
    return join(
        join([tag("p", one.statement), tag("ul", *(tag("li", item) for item in one.items)) if one.items else Html()])
        for one in sentences.answers(found)
    )


def _details(found: StudyFindings) -> Html:
    tables = [_differences(found, pair) for pair in found.pairs]
    if len(tables) > 1 or len(found.quantities) > MOST_ROWS:
        tables = [
            tag("details", tag("summary", f"{title(found, pair)}: all {len(found.quantities)} quantities"), shown)
            for pair, shown in zip(found.pairs, tables, strict=True)
        ]
    return join([*tables, paragraph(sentences.method(found)), _associations(found)])


def title(found: StudyFindings, pair: Pair) -> str:
    """Return the two conditions that are compared."""
    return f"{found.conditions[pair.first].label} against {found.conditions[pair.second].label}"


def _differences(found: StudyFindings, pair: Pair) -> Html:
    first, second = (found.conditions[number].label for number in (pair.first, pair.second))
    heads = ["quantity", first, second, "difference", "Hedges' g", "first higher in", "p corrected"]
    rows = [
        [
            spoken(name),
            *(significant(float(mean)) for mean in pair.found.means[:, number]),
            with_interval(pair.found.differences[number], digits=3),
            significant(pair.found.effect_sizes[number].value, digits=2),
            _share(pair.found.higher[number], pair, pair.found.differences[number]),
            _p(float(pair.corrected[number])),
        ]
        for number, name in enumerate(found.quantities)
    ]
    return table(heads, rows)


def _share(share: float, pair: Pair, difference: Measure) -> str:
    if math.isnan(share):
        return "–"
    if not pair.paired:
        return f"{100 * share:.0f} % of pairs"
    return f"{significant(share * difference.n)} of {difference.n}"


def with_interval(measure: Measure, *, digits: int = 4) -> Html:
    """Return a value, and its interval below it where there is one."""
    value = significant(measure.value, digits=digits)
    if measure.interval is None:
        return join([value])
    return join([value, Html("<br>"), tag("small", " … ".join(significant(one, digits=3) for one in measure.interval))])


def _p(value: float) -> str:
    return "–" if math.isnan(value) else "< 0.001" if value < 0.001 else f"{value:.3f}"


def _associations(found: StudyFindings) -> Html:
    if not found.associations:
        return Html()
    names = short_names(found.study.varying)
    rows = [
        (
            names[one.path],
            spoken(one.quantity),
            significant(one.value, digits=2),
            one.n,
            _p(one.p_value),
            _p(one.corrected),
        )
        for one in found.associations
    ]
    caption = tag(
        "p",
        "Spearman correlation of each numeric field with each quantity over the runs; p corrected by Holm.",
        class_="about",
    )
    return join(
        [caption, table(["field", "quantity", "correlation", "runs", "p", "p corrected"], rows, numbers_from=2)]
    )


def _importance(found: StudyFindings) -> Html:
    if not found.study.importance:
        return Html()
    names = short_names(found.study.varying)
    rows = [(names.get(path, path), f"{100 * share:.0f} %") for path, share in found.study.importance.items()]
    caption = "How much of the variation of the value each field explains (fANOVA, Hutter et al. 2014)."
    return join([tag("p", caption, class_="about"), table(["field", "importance"], rows)])


def _conditions(found: StudyFindings) -> Html:
    order = best_first(found.study, found.conditions)
    if not order or not found.quantities:
        return paragraph(sentences.left_out(found))
    caption = "Mean over the runs that finished, with the 95 % interval of Student's t."
    shown, numbers = order[:MOST_CONDITIONS], range(len(found.quantities))
    if len(order) > len(shown):
        caption += f" {len(shown)} of {len(order)} conditions are shown; the exported table has all runs."
    parts = [tag("p", caption, class_="about")]
    if len(shown) <= MOST_COLUMNS:
        heads = [f"{found.conditions[one].label} ({len(found.conditions[one].runs)} runs)" for one in shown]
        rows = [
            [spoken(found.quantities[number]), *(with_interval(found.means[one][number]) for one in shown)]
            for number in numbers
        ]
        parts.append(table(["quantity", *heads], rows))
    else:
        blocks = [numbers[at : at + MOST_COLUMNS] for at in range(0, len(numbers), MOST_COLUMNS)]
        parts.append(_means(found, shown, blocks[0]))
        rest = [_means(found, shown, block) for block in blocks[1:]]
        if rest:
            parts.append(tag("details", tag("summary", "All other quantities"), *rest))
    return join([*parts, paragraph(sentences.left_out(found))])


def _means(found: StudyFindings, conditions: Sequence[int], numbers: Sequence[int]) -> Html:
    rows = [
        [
            found.conditions[one].label,
            len(found.conditions[one].runs),
            *(with_interval(found.means[one][number]) for number in numbers),
        ]
        for one in conditions
    ]
    return table(["condition", "runs", *(spoken(found.quantities[number]) for number in numbers)], rows)


def _settings(found: StudyFindings) -> Html:
    varying = found.study.varying
    parts: list[Any] = []
    if varying:
        rows = [
            [one.label, *(value_text(value) for value in one.settings.values()), len(one.runs), len(one.unfinished)]
            for one in found.conditions[:MOST_CONDITIONS]
        ]
        parts.append(table(["condition", *varying, "finished", "not finished"], rows))
        parts.append(
            paragraph(
                [f"{len(found.conditions) - len(rows)} more conditions are in the exported table."]
                * (len(found.conditions) > len(rows))
            )
        )
    fixed = sentences.fixed_settings(found)
    if fixed:
        parts.append(tag("p", "Set to one value in all runs:", class_="about"))
        parts.append(table(["field", "value"], fixed, numbers_from=2))
    scenario = found.study.about.get("scenario", {})
    whole = table(["key", "value"], flat(scenario), numbers_from=2)
    return join([*parts, tag("details", tag("summary", "The scenario that was varied"), whole)])


def _unfinished(found: StudyFindings) -> Html:
    rows = [row for row in found.study.rows if row["status"] != "finished"]
    labels = {run: condition.label for condition in found.conditions for run in condition.unfinished}
    cells = [
        (row["run"], labels[row["run"]], row["seed"], row["status"], row["step"], row["problem"] or _why(row["status"]))
        for row in rows
    ]
    invalid = [
        (
            f"trial {trial['number']}",
            ", ".join(_flat_settings(trial["settings"])),
            "–",
            "not run",
            "–",
            trial["problem"],
        )
        for trial in found.study.trials
        if trial["problem"] and not trial["runs"]
    ]
    if not cells and not invalid:
        return Html()
    return table(["run", "condition", "seed", "status", "step", "why"], [*cells, *invalid], numbers_from=9)


def _flat_settings(settings: Mapping[str, Any]) -> Iterable[str]:
    return (f"{path} {value_text(value)}" for path, value in settings.items())


def _why(status: str) -> str:
    return {
        "stopped": "it was stopped; the same command continues it",
        "running": "it still goes on, or its process was killed; the same command continues it",
        "waiting": "it was not begun; the same command begins it",
    }.get(status, "")


def _about(found: StudyFindings) -> Html:
    return tag(
        "p",
        "Every run counts once in each number. All permutations use a fixed random seed, so the same study always "
        "gives the same report. The numbers are in figures/summary.json, the figures are in the same folder as PNG and "
        "SVG; the table of all runs with all metrics and measures can be exported as CSV, Parquet and a workbook.",
    )
