"""The page of a report on a population."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.numbers import by_chance, percent
from hubbub.analysis.page.parts import cards, document, header, paragraph, section, settings, show
from hubbub.analysis.views.population import sentences
from hubbub.analysis.views.population.findings import PopulationFindings
from hubbub.analysis.views.population.hubs import hub_section
from hubbub.analysis.views.population.known_groups import known_groups
from hubbub.analysis.views.population.messages import message_table
from hubbub.analysis.views.population.moments import step_by_step
from hubbub.analysis.views.population.verdicts import verdicts


def population_page(found: PopulationFindings, figures: Mapping[str, ReportFigure]) -> str:
    """Return the HTML document; every text that comes from the run is escaped."""
    body = tag("main", population_header(found), population_sections(found, figures))
    return document(str(found.run.info["name"]), body)


def population_header(found: PopulationFindings) -> Html:
    """Return the head of the page."""
    about = [f"{found.n_agents:,} agents", f"{len(found.edges):,} directed links"]
    return header(found.run, about, [], step=found.lexicon.step, clock=found.clock)


def population_sections(found: PopulationFindings, figures: Mapping[str, ReportFigure]) -> Html:
    """Return all sections of the page, which other pages may have too."""
    return join(
        [
            section("Who understands whom", _cards(found), sentences.understanding(found)),
            section("Learning curves", show(figures, "learning-curves"), []),
            section(
                "Dialects",
                join(
                    [
                        paragraph([*sentences.borders(found), *sentences.other_clusterings(found)]),
                        show(figures, "dialect-map", "success-matrix"),
                    ]
                ),
                sentences.distances(found),
                join([show(figures, "by-distance"), paragraph(sentences.continuum(found))]),
            ),
            known_groups(found, figures),
            section("Step by step", step_by_step(found), []),
            section("Hubs", hub_section(found, show(figures, "degree-success")), []),
            section("Languages", paragraph(sentences.languages(found)), [], _messages(found)),
            section("About this report", _about(found), []),
        ]
    )


def _cards(found: PopulationFindings) -> Html:
    means, held_out = found.success["train"], found.success.get("held_out", {})
    shown = [
        (percent(means["over_links"]), f"understood between linked agents{by_chance(found.chance)}"),
        (percent(means["all_pairs"]), "between any two agents"),
        (percent(means["unlinked"]), "between agents without a link"),
        (percent(means["self"]), "by the speaker itself"),
        (percent(held_out.get("over_links", np.nan)), "between linked agents, held-out referents"),
        (
            str(found.dialects.n_clusters) if verdicts(found).about_dialects else "–",
            sentences.dialects_label(found),
        ),
    ]
    return cards(shown)


def _messages(found: PopulationFindings) -> Html:
    caption = "The most frequent message of each dialect for some referents, and the number of its agents that say it."
    return join([tag("p", caption, class_="about"), message_table(found)])


def _about(found: PopulationFindings) -> Html:
    sampled = ""
    if found.n_sampled:
        sampled = (
            f" With so many agents, the Mantel correlation, border or continuum, and the difference between the two "
            f"roles of a pair come from the pairs of {found.n_sampled} random agents."
        )
    return join(
        [
            tag(
                "p",
                "This is one run with one seed; other seeds may give other results. All permutations use a fixed "
                "random seed, so the same run always gives the same report. The numbers are in figures/summary.json, "
                f"the figures are in the same folder as PNG and SVG.{sampled}",
            ),
            tag("details", tag("summary", "Glossary"), _glossary()),
            settings(found.run),
        ]
    )


def _glossary() -> Html:
    terms = {
        "success": "share of the recorded referents that the listener understands from the speaker's most likely "
        "message",
        "similarity": "mean over referents of 1 − edit distance / longer length of two agents' messages, up to and "
        "including the end symbol; null distribution: each agent's messages permuted over the referents",
        "dialect": "group of agents, from average-linkage clustering of 1 − similarity; the number of groups is "
        "the one with the largest silhouette",
        "silhouette": "how much closer agents are to their own dialect than to the nearest other one, −1 to 1; above "
        "0.5 reasonable, above 0.7 strong (Kaufman & Rousseeuw 1990)",
        "by chance": "for success: the success of a listener that answers at random; for other measures: mean ± "
        "standard deviation of the null distribution",
        "Mantel correlation": "rank correlation of 1 − similarity with distance over pairs; null distribution: agents "
        "permuted (Mantel 1967)",
        "border, continuum": "border: linked agents of different dialects are at least 30 % less similar than linked "
        "agents of the same dialect. Gradient: distance predicts at least 2 % of the variance between pairs besides "
        "the dialects. A gradient without a border is a continuum. Dialects come from one half of the referents and "
        "similarity from the other half, to avoid selection bias; each agent is predicted from all others; intervals "
        "are the jackknife over agents",
        "distance": "number of links on the shortest path from speaker to listener; ∞ where there is no path",
        "adjusted Rand index": "agreement of two groupings of the same agents: 1 identical, 0 chance "
        "(Hubert & Arabie 1985)",
        "topographic similarity": "Spearman correlation, over pairs of referents, of the number of attributes that "
        "differ with the edit distance of their messages (Brighton & Kirby 2006); null distribution: referents "
        "permuted",
        "betweenness, PageRank": "share of shortest paths that pass through an agent; a score that is high for "
        "agents heard by agents with high scores",
    }
    return table(["term", "meaning"], terms.items(), numbers_from=2)
