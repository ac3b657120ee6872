"""The report on a corpus: figures, a page, the table as CSV and everything as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from hubbub.analysis.corpora.measuring import CorpusMeasures
from hubbub.analysis.figures import DistanceCurve, as_png, as_svg, corpus_profile, distance_curves, success_heatmap
from hubbub.analysis.figures.corpus_profile import PANELS
from hubbub.analysis.files import write_whole
from hubbub.analysis.json_values import json_value
from hubbub.analysis.measure_table import as_csv, as_html
from hubbub.analysis.page import Html, ReportFigure, document, join, section, show, table, tag


def write_corpus_report(found: CorpusMeasures, folder: Path, *, name: str) -> list[Path]:
    """Write `report.html`, `measures.csv`, `measures.json` and the figures of a corpus; return the files.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    figures = corpus_figures(found)
    numbers = json.dumps(corpus_summary(found, name=name), indent=1, ensure_ascii=False, allow_nan=False)
    files = [
        write_whole(folder / "report.html", corpus_page(found, figures, name=name)),
        write_whole(folder / "measures.csv", as_csv({**found.language, **found.dialects})),
        write_whole(folder / "measures.json", numbers + "\n"),
    ]
    for title, figure in figures.items():
        files.append(write_whole(folder / "figures" / f"{title}.png", as_png(figure.whole)))
        files.append(write_whole(folder / "figures" / f"{title}.svg", as_svg(figure.whole)))
    return files


def corpus_summary(found: CorpusMeasures, *, name: str) -> dict[str, Any]:
    """Return what was read and measured, as JSON can hold it."""
    corpus, languages = found.corpus, found.languages
    groups = None
    if found.grouping is not None and not isinstance(languages, str):
        names = [corpus.speaker_names[speaker] for speaker in languages.speakers]
        groups = dict(zip(names, (found.grouping.labels + 1).tolist(), strict=True))
    summary: dict[str, Any] = json_value(
        {
            "corpus": {
                "name": name,
                "form": corpus.form,
                "messages": len(corpus),
                "symbols": corpus.n_symbols,
                "vocabulary": corpus.vocabulary,
                "end_symbol": corpus.end_symbol,
                "longest": int(corpus.lengths.max()),
                "speakers": len(corpus.speaker_names),
                "listeners": len(corpus.listener_names),
                "groups": len(corpus.group_names),
                "referents": corpus.n_referents,
                "attributes": corpus.attributes,
                "left_out": corpus.left_out,
                "summary": corpus.summary,
                "notes": [*corpus.notes, *found.notes],
            },
            "language": found.language,
            "dialects": found.dialects,
            "dialect_of": groups,
            "similarity": found.similarity,
            "similarity_by_distance": found.by_distance,
        }
    )
    return summary


def corpus_figures(found: CorpusMeasures) -> dict[str, ReportFigure]:
    """Return the figures by name; those for which the corpus has no data are left out."""
    corpus = found.corpus
    counts = (corpus.lengths, np.unique(corpus.symbols, return_counts=True)[1], np.bincount(corpus.forms))
    drawn = {
        "profile": ReportFigure(
            corpus_profile(*counts),
            [corpus_profile(*counts, shown=[panel]) for panel in PANELS],
            "Lengths of messages, and how often symbols and whole messages are said, by rank.",
        )
    }
    if found.similarity is not None and found.grouping is not None and not isinstance(found.languages, str):
        names = [corpus.speaker_names[speaker] for speaker in found.languages.speakers]
        heat = success_heatmap(
            found.similarity,
            found.grouping.labels,
            names=names,
            label="similarity of messages",
            axes_of=("speaker", "speaker"),
        )
        caption = "Similarity of the messages of two speakers for the same referents; lines separate dialects."
        drawn["similarity"] = ReportFigure(heat, [heat], caption)
    if found.by_distance is not None and len(found.by_distance.distance) > 1:
        curve = distance_curves([DistanceCurve("similarity of messages", found.by_distance)])
        drawn["distance"] = ReportFigure(curve, [curve], "Similarity of messages over the distance along the links.")
    return drawn


def corpus_page(found: CorpusMeasures, figures: dict[str, ReportFigure], *, name: str) -> str:
    """Return the HTML document; every text that comes from the corpus is escaped."""
    corpus = found.corpus
    notes = [tag("p", f"{note[:1].upper()}{note[1:]}.", class_="note") for note in (*corpus.notes, *found.notes)]
    body = tag(
        "main",
        tag("header", tag("h1", name), tag("p", corpus.summary.replace("; ", " · "), class_="about"), *notes),
        section("Messages", show(figures, "profile"), []),
        section("Language", as_html(found.language), []),
        section("Dialects", join([show(figures, "similarity", "distance"), as_html(found.dialects)]), []),
        section("How each value was estimated", _estimators(found), []),
    )
    return document(name, body)


def _estimators(found: CorpusMeasures) -> Html:
    rows = [
        (name, one.estimator, one.null.model if one.null else "")
        for name, one in (found.language | found.dialects).items()
    ]
    return tag(
        "details", tag("summary", "Estimators and nulls"), table(["measure", "estimator", "null"], rows, numbers_from=3)
    )
