"""The page of a report: findings and figures in, one self-contained HTML document out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.numbers import by_chance, number, percent
from hubbub.analysis.page.parts import document, header, paragraph, section, settings, show
from hubbub.analysis.views.population import sentences
from hubbub.analysis.views.population.findings import PopulationFindings
from hubbub.analysis.views.population.hubs import hub_section
from hubbub.analysis.views.population.messages import message_table


def population_page(found: PopulationFindings, figures: Mapping[str, ReportFigure]) -> str:
    """Return the HTML document; every text that comes from the run is escaped."""
    body = tag(
        "main",
        _head(found),
        section("Who understands whom", _cards(found), sentences.understanding(found)),
        section("How it learned", show(figures, "learning-curves"), []),
        section(
            "Where the dialects run",
            join(
                [
                    paragraph([*sentences.borders(found), *sentences.second_opinion(found)]),
                    show(figures, "dialect-map", "success-matrix"),
                ]
            ),
            sentences.distances(found),
            join([show(figures, "by-distance"), paragraph(sentences.continuum(found))]),
        ),
        _over_time(found, figures),
        section("Hubs", hub_section(found, show(figures, "degree-success")), []),
        section("Languages", paragraph(sentences.languages(found)), [], _messages(found)),
        section("How this was made", _made(found), []),
    )
    return document(str(found.run.info["name"]), body)


def _head(found: PopulationFindings) -> Html:
    step = f"step {found.lexicon.step:,}"
    about = [f"{found.n_agents:,} agents", f"{len(found.edges):,} directed links", step]
    return header(found.run, about, [], stood=f" at {step}")


def _cards(found: PopulationFindings) -> Html:
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


def _over_time(found: PopulationFindings, figures: Mapping[str, ReportFigure]) -> Html:
    known = found.partition
    if known is None:
        return section("Dialects over time", show(figures, "dialects-over-time"), [])
    return section(
        f"Dialects beside “{known.name}”",
        paragraph(sentences.beside_partition(known, found.chance)),
        sentences.partition_cautions(known, found.dialects.n_clusters),
        show(figures, "agreement", "dialects-over-time"),
    )


def _messages(found: PopulationFindings) -> Html:
    caption = "The commonest message of each dialect for some referents, and how many of its agents say it."
    return join([tag("p", caption, class_="about"), message_table(found)])


def _made(found: PopulationFindings) -> Html:
    return join(
        [
            tag(
                "p",
                "One run with one seed: what is seen here may differ from seed to seed. All permutations come from a "
                "fixed seed, so this report can be made again. The numbers lie in figures/summary.json, the figures "
                "beside them as PNG and SVG.",
            ),
            tag("details", tag("summary", "Words"), _words()),
            settings(found.run),
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
