"""The table of claims, for people and for machines."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hubbub.analysis.figures import as_png, as_svg
from hubbub.analysis.measure import Measure
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome


def write_outcome(outcome: Outcome, folder: Path, *, command: str) -> list[Path]:
    """Write claims.json, results.md, measurements.csv and the figures into `folder`; return their paths."""
    import pyarrow as pa
    from pyarrow import csv

    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "claims.json", folder / "results.md", folder / "measurements.csv"]
    claims = {"title": outcome.title, "command": command, "claims": [_as_json(claim) for claim in outcome.claims]}
    written[0].write_text(json.dumps(claims, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, (figure, _) in outcome.figures.items():
        for suffix, draw in ((".png", as_png), (".svg", as_svg)):
            content = draw(figure)
            path = folder / f"{name}{suffix}"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            written.append(path)
    written[1].write_text(_page(outcome, command), encoding="utf-8")
    names = dict.fromkeys(name for row in outcome.rows for name in row)
    csv.write_csv(pa.table({name: [row.get(name) for row in outcome.rows] for name in names}), written[2])
    return written


def claims_table(claims: Sequence[Claim]) -> list[tuple[str, ...]]:
    """Return the rows of the table: claim, source, what was measured, value ± interval, verdict."""
    return [
        (f"{claim.name}: {claim.statement}", claim.source, claim.measured, show(claim.value), claim.verdict)
        for claim in claims
    ]


def show(value: Measure) -> str:
    """Return a value and its 95 % interval in a few characters."""
    if math.isnan(value.value):
        return f"– ({value.reason})"
    unit = "" if value.unit == "1" else f" {value.unit}"
    if value.interval is None:
        return f"{value.value:.3g}{unit} (n = {value.n})"
    low, high = value.interval
    return f"{value.value:.3f} [{low:.3f}, {high:.3f}]{unit} (n = {value.n})"


def _page(outcome: Outcome, command: str) -> str:
    lines = [f"# {outcome.title}", "", "Made by", "", f"    {command}", ""]
    lines += [
        "| claim | source | measured | value, 95 % interval over seeds | verdict |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in claims_table(outcome.claims):
        lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |")
    notes = [f"- {claim.name}: {said}" for claim in outcome.claims if (said := _note(claim))]
    for part in (notes, [f"- {remark}" for remark in outcome.remarks]):
        lines += ["", *part] if part else []
    for name, (_, caption) in outcome.figures.items():
        lines += ["", f"![{caption}]({name}.png)", "", caption]
    return "\n".join(lines) + "\n\nEvery run's numbers: [measurements.csv](measurements.csv).\n"


def _note(claim: Claim) -> str:
    """Return what is to be said of a claim below the table; why there is no value stands in it."""
    left_out = "" if math.isnan(claim.value.value) else claim.value.reason
    return "; ".join(filter(None, (claim.note, left_out)))


def _as_json(claim: Claim) -> dict[str, Any]:
    value = claim.value
    return {
        "name": claim.name,
        "source": claim.source,
        "statement": claim.statement,
        "measured": claim.measured,
        "value": _number(value),
        "interval": value.interval,
        "unit": value.unit,
        "n": value.n,
        "each": [_number(one) for one in value.each],
        "reason": value.reason,
        "verdict": claim.verdict,
        "note": claim.note,
    }


def _number(value: Measure) -> float | None:
    return None if math.isnan(value.value) else value.value
