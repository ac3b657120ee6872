"""The page of a report: findings and figures in, one self-contained HTML document out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.figures import as_inline_svg
from analysis.report import wording
from analysis.report.drawings import Drawing
from analysis.report.findings import Findings
from analysis.report.hubs import hub_section
from analysis.report.look import CSS
from analysis.report.markup import Html, join, table, tag
from analysis.report.messages import message_table
from analysis.report.numbers import by_chance, number, percent


def page(found: Findings, drawn: Mapping[str, Drawing]) -> str:
    """Return the HTML document; every text that comes from the run is escaped."""
    name = str(found.run.info["name"])
    body = tag(
        "main",
        _head(found),
        _section("Who understands whom", _cards(found), wording.understanding(found)),
        _section("How it learned", _figures(drawn, "learning-curves"), []),
        _section(
            "Where the dialects run",
            join(
                [
                    _paragraph([*wording.borders(found), *wording.second_opinion(found)]),
                    _figures(drawn, "dialect-map", "success-matrix"),
                ]
            ),
            wording.distances(found),
            join([_figures(drawn, "by-distance"), _paragraph(wording.continuum(found))]),
        ),
        _over_time(found, drawn),
        _section("Hubs", hub_section(found, _figures(drawn, "degree-success")), []),
        _section("Languages", _paragraph(wording.languages(found)), [], _messages(found)),
        _section("How this was made", _made(found), []),
    )
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", f"{name} · hubbub report"),
        tag("style", Html(CSS)),
    )
    return f'<!doctype html>\n<html lang="en">{head}{tag("body", body)}</html>\n'


def _head(found: Findings) -> Html:
    info = found.run.info
    about = [
        f"{found.n_agents:,} agents",
        f"{len(found.edges):,} directed links",
        f"step {found.lexicon.step:,}",
        f"seed {info['seed']}",
        str(info.get("updated", ""))[:10],
    ]
    parts = [tag("h1", str(info["name"])), tag("p", " · ".join(part for part in about if part), class_="about")]
    if found.run.status != "finished":
        state = f"The run is {found.run.status}; this is how it stood at step {found.lexicon.step:,}."
        parts.append(tag("p", state, class_="note"))
    return tag("header", *parts)


def _cards(found: Findings) -> Html:
    means, held_out = found.success["train"], found.success.get("held_out", {})
    shown = [
        (percent(means["over_links"]), f"understood between linked agents{by_chance(found.chance)}"),
        (percent(means["all_pairs"]), "between any two agents"),
        (percent(means["unlinked"]), "between agents without a link"),
        (percent(means["self"]), "by the speaker itself"),
        (percent(held_out.get("over_links", np.nan)), "linked agents, referents never trained on"),
        (str(found.dialects.n_clusters), f"dialects (silhouette {number(found.dialects.silhouette)})"),
    ]
    cards = (tag("li", tag("b", value), tag("span", label)) for value, label in shown if value != "–")
    return tag("ul", *cards, class_="cards")


def _over_time(found: Findings, drawn: Mapping[str, Drawing]) -> Html:
    known = found.partition
    if known is None:
        return _section("Dialects over time", _figures(drawn, "dialects-over-time"), [])
    return _section(
        f"Dialects beside “{known.name}”",
        _paragraph(wording.beside_partition(known, found.chance)),
        wording.partition_cautions(known, found.dialects.n_clusters),
        _figures(drawn, "agreement", "dialects-over-time"),
    )


def _messages(found: Findings) -> Html:
    caption = "The commonest message of each dialect for some referents, and how many of its agents say it."
    return join([tag("p", caption, class_="about"), message_table(found)])


def _made(found: Findings) -> Html:
    info = found.run.info
    versions = {"hubbub": info.get("hubbub_version", ""), **info.get("versions", {})}
    return join(
        [
            tag(
                "p",
                "One run with one seed: what is seen here may differ from seed to seed. All permutations come from a "
                "fixed seed, so this report can be made again. The numbers lie in figures/summary.json, the figures "
                "beside them as PNG and SVG.",
            ),
            tag("details", tag("summary", "Words"), _words()),
            tag(
                "details",
                tag("summary", "Configuration"),
                table(["key", "value"], _flat(found.run.configuration), numbers_from=2),
            ),
            tag("details", tag("summary", "Versions"), table(["package", "version"], _flat(versions), numbers_from=2)),
        ]
    )


def _words() -> Html:
    said = {
        "success": "share of the recorded referents that the listener understands when the speaker says its "
        "likeliest message",
        "similarity": "mean over referents of 1 − edit distance / longer length of two agents' messages, up to and "
        "including the end symbol; by chance: each agent's messages permuted over the referents",
        "dialect": "group of agents in an average-linkage clustering of 1 − similarity, number by silhouette",
        "silhouette": "how much nearer agents are to their own dialect than to the next, −1 to 1; above 0.5 "
        "reasonable, above 0.7 strong (Kaufman & Rousseeuw 1990)",
        "by chance": "for success: what a listener that answers at random gets",
        "Mantel correlation": "rank correlation of 1 − similarity with distance over pairs; by chance: agents permuted "
        "(Mantel 1967)",
        "border, continuum": "dialects found in half of the referents, similarity on the other half predicted for each "
        "agent from all others: one value within dialects and one between, or an exponential decay with distance; "
        "intervals by leaving out agents",
        "distance": "links to cross from speaker to listener; ∞ where there is no way",
        "adjusted Rand index": "agreement of two ways to group the same agents: 1 the same, 0 chance "
        "(Hubert & Arabie 1985)",
        "topographic similarity": "Spearman correlation, over pairs of referents, of the number of attributes that "
        "differ with the edit distance of their messages (Brighton & Kirby 2006); by chance: referents permuted",
        "betweenness, PageRank": "share of shortest paths through an agent; being heard by those who are heard",
    }
    return table(["word", "means"], said.items(), numbers_from=2)


def _section(title: str, first: Html, sentences: Sequence[str], last: Html | None = None) -> Html:
    content = join([first, _paragraph(sentences), last or Html()])
    return tag("section", tag("h2", title), content) if content else Html()


def _paragraph(sentences: Sequence[str]) -> Html:
    return tag("p", " ".join(sentences)) if sentences else Html()


def _figures(drawn: Mapping[str, Drawing], *names: str) -> Html:
    return join(_figure(name, drawn[name]) for name in names if name in drawn)


def _figure(name: str, drawing: Drawing) -> Html:
    panels = (
        Html(as_inline_svg(figure, name=f"{name}-{i}", label=drawing.caption))
        for i, figure in enumerate(drawing.panels)
    )
    return tag("figure", tag("div", *panels, class_="panels"), tag("figcaption", drawing.caption))


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, object]]:
    for key, value in settings.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
