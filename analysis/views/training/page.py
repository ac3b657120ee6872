"""The page of a report on networks in training."""

from __future__ import annotations

from collections.abc import Mapping

from hubbub.analysis.measure import Measure
from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.numbers import significant
from hubbub.analysis.page.parts import answer, cards, document, header, section, settings, show
from hubbub.analysis.trainings import OF_EACH_NETWORK, network_table, shown
from hubbub.analysis.views.training.answers import answers
from hubbub.analysis.views.training.findings import TrainingFindings

MOST_ROWS, MOST_VALUES, MOST_COLUMNS = 60, 12, 6


def training_page(found: TrainingFindings, figures: Mapping[str, ReportFigure]) -> str:
    """Return the HTML document; every text that comes from the run is escaped."""
    body = tag(
        "main",
        _head(found),
        section("In short", join([answer(answers(found)), _cards(found)]), _cautions(found)),
        section("What was trained", _networks(found), []),
        section("Over training", show(figures, "training"), []),
        section("At the end", _table(found), []),
        section("About this report", join([_about(), settings(found.run)]), []),
    )
    return document(str(found.run.info["name"]), body)


def _head(found: TrainingFindings) -> Html:
    run, notes = found.run, []
    trained_for = run.configuration["environment" if run.configuration["system"] == "control" else "task"]["kind"]
    about = [f"{trained_for}, {_counted(found.n_networks, 'network')}"]
    if found.n_diverged:
        notes = [f"{found.n_diverged:,} of {found.n_networks:,} networks diverged; means are over the others."]
    return header(run, about, notes)


def _cards(found: TrainingFindings) -> Html:
    counted = (
        _counted(found.n_networks, "network"),
        _counted(len(found.settings), "setting"),
        f"{_counted(found.n_seeds, 'seed')} of each",
    )
    return cards((value, label) for value, label in (text.split(maxsplit=1) for text in counted))


def _cautions(found: TrainingFindings) -> list[str]:
    """Say what the seeds of one run can tell."""
    if found.n_seeds == 1:
        return ["There is one seed of each setting: another seed may give other values."]
    return [f"Intervals are over {found.n_seeds} seeds of each setting; all metrics are in the table at the end."]


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}" + ("s" if n != 1 else "")


def _networks(found: TrainingFindings) -> Html:
    columns = network_table(found.run).to_pydict()
    rows = [(name, _values(values)) for name, values in columns.items() if name not in OF_EACH_NETWORK]
    return table(["setting", "values"], rows, numbers_from=2)


def _values(values: list[object]) -> str:
    each = [shown(value) for value in dict.fromkeys(values)]
    return ", ".join(each) if len(each) <= MOST_VALUES else f"{len(each)} values, {each[0]} … {each[-1]}"


def _table(found: TrainingFindings) -> Html:
    if not found.courses:
        return Html()
    filled = _with_settings_in_rows(found) if len(found.courses) <= MOST_COLUMNS else _with_metrics_in_rows(found)
    caption = tag("p", "Means over seeds ± half of their 95 % interval, at the last record.", class_="about")
    if len(found.settings) <= MOST_ROWS:
        return join([caption, filled])
    return tag("details", tag("summary", f"{len(found.settings)} settings"), caption, filled)


def _with_settings_in_rows(found: TrainingFindings) -> Html:
    varied = list(found.settings[0].values)
    rows = [
        (
            *(shown(value) for value in setting.values.values()),
            *(_with_interval(found.over_seeds(name, setting)) for name in found.courses),
        )
        for setting in found.settings
    ]
    return table([*varied, *(name.replace("_", " ") for name in found.courses)], rows, numbers_from=len(varied))


def _with_metrics_in_rows(found: TrainingFindings) -> Html:
    """Return tables that fit a sheet of paper, each of a few settings."""
    tables = []
    for first in range(0, len(found.settings), MOST_COLUMNS):
        some = found.settings[first : first + MOST_COLUMNS]
        heads = ["metric", *(setting.label or "value" for setting in some)]
        rows = [
            (name.replace("_", " "), *(_with_interval(found.over_seeds(name, setting)) for setting in some))
            for name in found.courses
        ]
        tables.append(table(heads, rows))
    return join(tables)


def _with_interval(measure: Measure) -> str:
    if measure.interval is None:
        return significant(measure.value)
    return f"{significant(measure.value)} ± {significant(measure.interval[1] - measure.value, digits=2)}"


def _about() -> Html:
    return tag(
        "p",
        "The random numbers of a network depend on its seed and not on its setting, so settings can be compared "
        "seed by seed. Intervals are Student's t over seeds; they are not informative where only some networks learn: "
        "then look at the dots. The numbers are in figures/summary.json, the figures are in the same folder as PNG "
        "and SVG.",
    )
