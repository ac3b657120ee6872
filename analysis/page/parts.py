"""The parts of a page: document, header, sections, figures, settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from hubbub.analysis.figures import as_inline_svg
from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.scripts import SORTING_CSS, script
from hubbub.analysis.page.style_sheet import CSS
from hubbub.analysis.page.time import CSS as TIME_CSS

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


HEADING = re.compile(r"<section><h2>(.*?)</h2>", re.DOTALL)
FEWEST_LISTED = 3
"""A page with fewer sections has no list of contents."""


def document(name: str, body: Html) -> str:
    """Return the whole HTML document, with links to its sections below its header."""
    body = _with_contents(body)
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", f"{name} · hubbub report"),
        tag("style", Html(CSS + TIME_CSS + SORTING_CSS)),
    )
    scripts = tag("script", Html(script("time") + script("sorting")))
    return f'<!doctype html>\n<html lang="en">{head}{tag("body", body, scripts)}</html>\n'


def header(
    run: Run, about: Sequence[str], notes: Sequence[str], *, step: int | None = None, clock: str = "step"
) -> Html:
    """Return the head of a page: the run's name, facts `about` it, and notes; its status if it is not finished.

    `step` is the step that the page describes, by default the last one of the run; `clock` is what a step is called.
    """
    at = f"{clock} {run.step if step is None else step:,}"
    facts = [*about, at, f"seed {run.info['seed']}", str(run.info.get("updated", ""))[:10]]
    if run.status != "finished":
        notes = [f"The run is {run.status}; this page describes {at}.", *notes]
    paragraphs = [tag("p", note, class_="note") for note in notes]
    line = " · ".join(fact for fact in facts if fact)
    return tag("header", tag("h1", str(run.info["name"])), tag("p", line, class_="about"), *paragraphs)


def section(title: str, first: Html, sentences: Sequence[str], last: Html | None = None) -> Html:
    """Return a section; empty when it has no content."""
    content = join([first, paragraph(sentences), last or Html()])
    return tag("section", tag("h2", title), content) if content else Html()


def paragraph(sentences: Sequence[str]) -> Html:
    """Return a paragraph; empty when there are no sentences."""
    return tag("p", " ".join(sentences)) if sentences else Html()


def answer(sentences: Sequence[str]) -> Html:
    """Return the paragraph that says first what was found, in larger type; empty when there are no sentences."""
    return tag("p", " ".join(sentences), class_="answer") if sentences else Html()


def cards(shown: Iterable[tuple[str, str]]) -> Html:
    """Return numbers with a label below each; those that are "–" are left out. Empty when none is left."""
    items = [tag("li", tag("b", value), tag("span", label)) for value, label in shown if value != "–"]
    return tag("ul", *items, class_="cards") if items else Html()


def show(figures: Mapping[str, ReportFigure], *names: str) -> Html:
    """Return the figures of these names that the report has, with their captions."""
    return join(_figure(name, figures[name]) for name in names if name in figures)


def settings(run: Run) -> Html:
    """Return the configuration and the versions of a run, closed until the reader opens them."""
    versions = {"hubbub": run.info.get("hubbub_version", ""), **run.info.get("versions", {})}
    return join(
        tag("details", tag("summary", title), table([key, value], flat(content), numbers_from=2))
        for title, key, value, content in (
            ("Configuration", "key", "value", run.configuration),
            ("Versions", "package", "version", versions),
        )
    )


def _with_contents(body: Html) -> Html:
    """Return the body with an anchor at every section, and links to them."""
    titles = HEADING.findall(body)
    if len(titles) < FEWEST_LISTED:
        return body
    number = count(1)
    anchored = HEADING.sub(lambda found: f'<section id="section-{next(number)}"><h2>{found[1]}</h2>', body)
    links = (tag("li", tag("a", Html(title), href=f"#section-{at}")) for at, title in enumerate(titles, start=1))
    contents = tag("nav", tag("ul", *links), class_="contents", aria_label="Contents")
    return Html(anchored.replace("</header>", f"</header>{contents}", 1))


def _figure(name: str, figure: ReportFigure) -> Html:
    panels = (
        Html(as_inline_svg(panel, name=f"{name}-{i}", label=figure.caption)) for i, panel in enumerate(figure.panels)
    )
    return tag("figure", tag("div", *panels, class_="panels"), tag("figcaption", figure.caption))


def flat(content: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, object]]:
    """Yield dotted name and value of every field of nested sections."""
    for key, value in content.items():
        if isinstance(value, Mapping) and value:
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
