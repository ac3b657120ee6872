"""The claims of a reproduction as files: claims.json, and results.md, which is written from it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hubbub.analysis.figures import as_png, as_svg
from hubbub.analysis.files import write_whole
from hubbub.analysis.measure import Measure
from hubbub.scenarios.reproductions.catalogue import Outcome
from hubbub.scenarios.reproductions.claim import Claim
from hubbub.scenarios.reproductions.table import FILE

CLAIMS, PAGE = "claims.json", "results.md"


def write_outcome(
    outcome: Outcome, folder: Path, *, command: str, captions: Mapping[str, str] | None = None
) -> list[Path]:
    """Write claims.json, results.md, measurements.csv and the figures into `folder`; return their paths.

    `captions` are those of figures that are there already.
    """
    captions = {**(captions or {}), **{name: caption for name, (_, caption) in outcome.figures.items()}}
    record = as_json(outcome, command=command, captions=captions)
    written = [folder / CLAIMS, folder / PAGE, folder / FILE]
    write_whole(written[0], json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    for name, (figure, _) in outcome.figures.items():
        for suffix, draw in ((".png", as_png), (".svg", as_svg)):
            written.append(write_whole(folder / f"{name}{suffix}", draw(figure)))
    write_whole(written[1], page(record))
    outcome.table.write(written[2])
    return written


def as_json(outcome: Outcome, *, command: str, captions: Mapping[str, str]) -> dict[str, Any]:
    """Return an outcome as claims.json holds it: with it alone all verdicts can be derived, and the page written."""
    return {
        "title": outcome.title,
        "command": command,
        "claims": [claim.as_json() for claim in outcome.claims],
        "remarks": list(outcome.remarks),
        "figures": dict(captions),
    }


def page(record: Mapping[str, Any]) -> str:
    """Return results.md of what claims.json holds."""
    claims = [Claim.of_json(claim) for claim in record["claims"]]
    lines = [f"# {record['title']}", "", "Made by", "", f"    {record['command']}", ""]
    lines += [
        "| claim | source | measured | value, 95 % interval over seeds | holds if | verdict |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in claims_table(claims):
        lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |")
    notes = [f"- {claim.name}: {claim.remark}" for claim in claims if claim.remark]
    for part in (notes, [f"- {remark}" for remark in record["remarks"]]):
        lines += ["", *part] if part else []
    for name, caption in record["figures"].items():
        lines += ["", f"![{caption}]({name}.png)", "", caption]
    return "\n".join(lines) + f"\n\nEvery run's numbers: [{FILE}]({FILE}).\n"


def claims_table(claims: Sequence[Claim]) -> list[tuple[str, ...]]:
    """Return the rows of the table: claim, source, what was measured, value and interval, when it holds, verdict."""
    return [
        (
            f"{claim.name}: {claim.statement}",
            claim.source,
            claim.measured,
            show(claim.value),
            str(claim.criterion),
            claim.verdict,
        )
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


def spans(value: Measure, number: float) -> bool:
    """Whether a number lies in the interval of a value; where there is none, it does."""
    low, high = value.interval or (number, number)
    return low <= number <= high
