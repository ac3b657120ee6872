"""The page: a table of runs and studies, curves of those that are chosen, and a graph through time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Any

from nicegui import events, ui

from hubbub.analysis.page.scripts import script
from hubbub.analysis.page.style_sheet import VARIABLES
from hubbub.analysis.page.time import CSS
from hubbub.analysis.text import printable
from hubbub.scenarios.duration import duration
from hubbub.scenarios.watching.dashboard.charts import chart
from hubbub.scenarios.watching.dashboard.watched import Seen, Watched
from hubbub.scenarios.watching.run_status import RunStatus
from hubbub.scenarios.watching.status_table import counts_text, process_text, remarks, shown_path
from hubbub.scenarios.watching.study_status import StudyStatus
from hubbub.scenarios.watching.words import LABELS, metrics_text, speed_text, steps_text

EVERY_S = 2.0
"""Seconds between two looks: records reach the disk after about as long."""
MOST_COMPARED = 20
"""Runs in one chart at most."""
MOST_CHARTS = 6
COLUMNS = ("name", "state", "step", "steps/s", "left", "last metrics", "process")
UNBROKEN = ("step", "steps/s", "left", "process")
"""Columns whose cells stay on one line; a narrow screen scrolls to them."""
STATE_COLOURS = {"running": "green-9", "finished": "grey-8", "stopped": "deep-orange-10", "failed": "negative"}
"""White text can be read on each of them."""
CHECKBOX = '<q-checkbox dense v-model="props.selected" {} />'
SIZES = """
.q-table td { font-size: .85rem; } .q-table th { font-size: .8rem; } .q-table__bottom { font-size: .8rem; }
.q-badge { font-size: .8rem; min-height: 1.3em; } .q-field { font-size: .9rem; } .nicegui-content { font-size: .9rem; }
"""
"""Text of Quasar that would not follow the size that a reader has set."""
RENEW = """
function hubbubRenew(box, content) {
  const slider = box.querySelector(".bar input"), follows = !slider || slider.value === slider.max;
  const at = follows ? -1 : Number(slider.value);
  box.innerHTML = content;
  const figure = box.querySelector("figure.time");
  if (figure) hubbubTime(figure, follows ? undefined : at);
}
"""


def dashboard_page(watched: Watched) -> Callable[[], None]:
    """Return the function that builds the page for a visitor."""

    def page() -> None:
        Page(watched)

    return page


class Page:
    """The page of one visitor. Names and words of runs are shown as text everywhere."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.seen = Seen()
        self.chosen: list[str] = []
        self._turn = asyncio.Lock()
        self._charts: dict[str, ui.echart] = {}
        self._drawn: dict[str, object] = {}
        ui.add_head_html(f"<style>{VARIABLES}{CSS}{SIZES}</style><script>{script('time')}{RENEW}</script>")
        with ui.column().classes("w-full").style("max-width: 76rem; margin: 0 auto"):
            ui.html("hubbub", sanitize=False, tag="h1").style(
                "font-size: 1.5rem; font-weight: 700; line-height: 1.3; margin: 0"
            )
            self._about = ui.label("reading …").style("color: var(--muted)")
            self._table = self._make_table()
            self._remarks = ui.column().classes("w-full gap-1")
            self._metrics = ui.select([], label="metrics", multiple=True, on_change=self._renew).classes("w-full")
            self._grid = (
                ui.element("div")
                .classes("w-full")
                .style(
                    "display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr))"
                )
            )
            self._which = ui.select([], label="the graph through time, of run", on_change=self._renew).classes("w-full")
            self._time = ui.html("", sanitize=False).classes("w-full")
        ui.timer(EVERY_S, self._look)

    def _make_table(self) -> ui.table:
        columns = [
            {
                "name": name,
                "label": "run or study" if name == "name" else name,
                "field": name,
                "align": "left",
                "style": "white-space: nowrap" if name in UNBROKEN else "min-width: 7rem",
            }
            for name in COLUMNS
        ]
        table = ui.table(
            rows=[], columns=columns, row_key="path", selection="multiple", pagination=12, on_select=self._choose
        ).classes("w-full")
        table.props("flat bordered dense wrap-cells")
        table.add_slot(
            "body-cell-state",
            '<q-td :props="props"><q-badge :color="props.row.colour" :label="props.value" /></q-td>',
        )
        table.add_slot("header-selection", CHECKBOX.format('aria-label="all runs and studies"'))
        table.add_slot("body-selection", CHECKBOX.format(':aria-label="props.row.name"'))
        return table

    async def _look(self) -> None:
        """Look at the runs again, and show what has changed."""
        seen = await asyncio.to_thread(self.watched.look)
        if self._is_left:
            return
        first = not (self.seen.runs or self.seen.studies)
        self.seen = seen
        rows = [*map(_study_row, seen.studies), *map(_run_row, seen.runs)]
        rows.sort(key=lambda row: row["state"] != "running")
        if self._changed("rows", rows):
            self._table.rows = rows
            n_runs = len(seen.runs) + sum(study.n_runs for study in seen.studies)
            where = ", ".join(map(str, self.watched.folders)) or "the folders runs and studies"
            counted = f"{_counted(n_runs, 'run', 'runs')}, {_counted(len(seen.studies), 'study', 'studies')}"
            self._about.set_text(f"{counted} in {printable(where)}")
        if first and rows:
            self.chosen = [rows[0]["path"]]
            self._table.selected = rows[:1]
        await self._renew()

    async def _choose(self, event: events.TableSelectionEventArguments) -> None:
        self.chosen = [str(row.get("path")) for row in event.selection]
        await self._renew()

    async def _renew(self) -> None:
        """Show the curves and the graph of what is chosen, after what is being shown already."""
        async with self._turn:
            runs = self._compared()
            curves = {str(one.path): await asyncio.to_thread(self.watched.curves, one.path) for one in runs}
            if self._is_left:
                return
            self._tell(runs)
            self._offer_metrics(list(dict.fromkeys(name for values in curves.values() for name in values)))
            self._draw(runs, curves)
            await self._show_time(runs)

    def _compared(self) -> list[RunStatus]:
        """Return the chosen runs; those of a chosen study are among them."""
        runs: dict[Path, RunStatus] = {}
        for path in self.chosen:
            study, one = self.seen.study(path), self.seen.run(path)
            runs |= {status.path: status for status in (study.runs if study else (one,) if one else ())}
        return [status for status in runs.values() if status.state != "unreadable"][:MOST_COMPARED]

    def _tell(self, runs: list[RunStatus]) -> None:
        chosen = [study for path in self.chosen if (study := self.seen.study(path))]
        unreadable = [one for path in self.chosen if (one := self.seen.run(path)) and one.state == "unreadable"]
        lines = remarks([*unreadable, *runs], [])
        lines += [line for study in chosen for line in remarks([], [study]) if line not in lines]
        if self._changed("remarks", lines):
            self._remarks.clear()
            with self._remarks:
                for line in lines:
                    ui.label(line).style("border-left: 3px solid var(--accent); padding-left: .6rem")

    def _offer_metrics(self, known: list[str]) -> None:
        if self._changed("metrics", known):
            kept = [name for name in self._metrics.value or [] if name in known]
            first = [name for name in LABELS if name in known] or known[: len(LABELS)]
            self._metrics.set_options({name: printable(name.replace("_", " ")) for name in known}, value=kept or first)

    def _draw(self, runs: list[RunStatus], curves: dict[str, dict[str, Any]]) -> None:
        names = list(self._metrics.value or [])[:MOST_CHARTS]
        if self._changed("charts", names):
            self._grid.clear()
            self._charts = {}
            with self._grid:
                for name in names:
                    self._charts[name] = ui.echart({}).style("height: 20rem").props(f'data-chart="{len(self._charts)}"')
        labels = _told_apart([shown_path(one.path) for one in runs])
        for name, shown in self._charts.items():
            of_runs = {
                label: curves[str(one.path)][name]
                for one, label in zip(runs, labels, strict=True)
                if name in curves[str(one.path)]
            }
            sizes = {run_name: (len(series[0]), int(series[0][-1])) for run_name, series in of_runs.items()}
            if self._changed(f"chart {name}", (names, sizes)):
                shown.options.clear()
                shown.options.update(chart(name, of_runs))
                shown.update()

    async def _show_time(self, runs: list[RunStatus]) -> None:
        offered = {str(one.path): printable(shown_path(one.path)) for one in runs}
        if self._changed("offered", offered):
            kept = self._which.value if self._which.value in offered else next(iter(offered), None)
            self._which.set_options(offered, value=kept)
        path = self._which.value
        drawn = await asyncio.to_thread(self.watched.picture, Path(path)) if path in offered else ""
        if self._is_left:
            return
        if self._changed("time", (path, drawn)):
            box = f"getHtmlElement({self._time.id})"
            ui.run_javascript(f"hubbubRenew({box}, {json.dumps(str(drawn))})")
        self._which.set_visibility(bool(offered))

    @property
    def _is_left(self) -> bool:
        """Whether the visitor has left the page, perhaps while something was read."""
        return bool(self._table.is_deleted)

    def _changed(self, what: str, now: object) -> bool:
        """Whether something is another than at the last call; only what has changed is sent to the browser."""
        if what in self._drawn and self._drawn[what] == now:
            return False
        self._drawn[what] = now
        return True


def _counted(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"


def _told_apart(paths: list[str]) -> list[str]:
    """Return paths without the folders that all of them have, since a legend has little room."""
    folders = [Path(path).parent.parts for path in paths]
    n_common = sum(1 for _ in takewhile(lambda parts: len(set(parts)) == 1, zip(*folders, strict=False)))
    return [str(Path(*Path(path).parts[n_common:])) for path in paths]


def _run_row(seen: RunStatus) -> dict[str, str]:
    return {
        "path": str(seen.path),
        "name": printable(shown_path(seen.path)),
        "state": seen.state,
        "colour": STATE_COLOURS.get(seen.state, "negative"),
        "step": steps_text(seen.step, seen.steps),
        "steps/s": speed_text(seen.speed),
        "left": duration(seen.left_s),
        "last metrics": printable(metrics_text(seen.metrics)) or printable(seen.problem),
        "process": process_text(seen.process),
    }


def _study_row(seen: StudyStatus) -> dict[str, str]:
    return {
        "path": str(seen.path),
        "name": printable(f"study {shown_path(seen.path)}"),
        "state": seen.state,
        "colour": STATE_COLOURS.get(seen.state, "negative"),
        "step": f"{seen.n_runs} runs",
        "steps/s": "",
        "left": duration(seen.left_s),
        "last metrics": counts_text(seen) or printable(seen.problem),
        "process": process_text(seen.process),
    }
