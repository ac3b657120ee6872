"""The dashboard without a browser: what it serves and to whom, what the page holds, and that nothing is written."""

from __future__ import annotations

import asyncio
import json
import math
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from nicegui import ElementFilter, core, ui
from nicegui.testing import User
from nicegui.testing.general import nicegui_reset_globals
from nicegui.testing.user_simulation import user_simulation

from hubbub.scenarios.watching.dashboard.charts import MOST_POINTS, chart
from hubbub.scenarios.watching.dashboard.page import dashboard_page
from hubbub.scenarios.watching.dashboard.serving import is_loopback, make_app
from hubbub.scenarios.watching.dashboard.watched import Watched
from hubbub.simulator.store import RunWriter

Begin = Callable[..., RunWriter]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Opens the page of a folder as a visitor without a browser, and lets a coroutine look at it."""
    monkeypatch.setattr("hubbub.scenarios.watching.dashboard.page.EVERY_S", 0.1)

    def visit(folder: Path, looks: Callable) -> None:
        async def session() -> None:
            async with user_simulation(root=dashboard_page(Watched((folder,)))) as user:
                await user.open("/")
                client = user.client
                assert client is not None
                try:
                    await looks(user)
                finally:
                    client.delete()  # the visitor leaves
                    await asyncio.sleep(0.3)

        asyncio.run(session())

    return visit


def rows(user: User) -> list[dict[str, str]]:
    (table,) = user.find(ui.table).elements
    return table.rows


def drawn(user: User) -> dict[str, dict[str, int]]:
    """Return title of each chart → name of each curve → number of its points."""
    with user:
        charts = [element.options for element in ElementFilter(kind=ui.echart)]
    return {one["title"]["text"]: {curve["name"]: len(curve["data"]) for curve in one["series"]} for one in charts}


def says(user: User, words: str) -> bool:
    """Whether a line of the page has these words."""
    with user:
        return any(words in element.text for element in ElementFilter(kind=ui.label))


def choose(user: User, *names: str) -> None:
    """Tick the rows of runs and studies by the ends of their paths, and no others."""
    table = user.find(ui.table)
    every = [row["path"] for row in rows(user)]
    table.trigger("selection", {"added": False, "rows": [], "keys": every})
    wanted = [row for row in rows(user) if row["path"].endswith(tuple(f"/{name}" for name in names))]
    table.trigger("selection", {"added": True, "rows": wanted, "keys": [row["path"] for row in wanted]})


async def until(happens: Callable[[], bool]) -> None:
    for _ in range(100):
        if happens():
            return
        await asyncio.sleep(0.1)
    assert happens()


def test_the_page_lists_follows_and_compares(
    tmp_path: Path, begin: Begin, record: Callable, make_study: Callable, visit: Callable
) -> None:
    writer = begin(tmp_path / "one", agents=6)
    begin(tmp_path / "two").set_status("finished", step=30)
    study = make_study(tmp_path / "study", {"a": "", "b": "its process was killed"})
    begin(study / "runs" / "a", of=30)
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "run.json").write_text("{")
    before = {str(path): path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    async def looks(user: User) -> None:
        await until(lambda: bool(rows(user)))
        states = {row["path"].rpartition("/")[2]: row["state"] for row in rows(user)}
        assert states == {"study": "running", "one": "running", "two": "finished", "half": "unreadable"}
        choose(user, "one", "two")
        await until(lambda: all(len(curves) == 2 for curves in drawn(user).values()) and bool(drawn(user)))
        assert set(drawn(user)) == {"success over links", "loss"}
        assert {str(path): path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
        record(writer, 40, 6)
        one = next(name for name in drawn(user)["loss"] if name.endswith("one"))
        await until(lambda: drawn(user).get("loss", {}).get(one) == 5)
        choose(user, "study")
        await until(lambda: says(user, "its process was killed"))
        await until(lambda: [name.rpartition("/")[2] for name in drawn(user).get("loss", ())] == ["a"])

    visit(tmp_path, looks)


def test_words_of_runs_reach_the_browser_as_text(tmp_path: Path, begin: Begin, visit: Callable) -> None:
    evil = "<img src=x onerror=alert(1)>"
    writer = begin(tmp_path / evil, name=evil, agents=4)
    writer.append_rows("metrics", 40, [{"name": evil, "value": 1.0}])
    writer.set_status("failed", step=30, problem=f"{evil} failed")
    writer.flush()

    async def looks(user: User) -> None:
        await until(lambda: says(user, f"{evil} failed"))
        assert all(row["name"].endswith(evil) for row in rows(user))
        assert "v-html" not in json.dumps(
            [element.slots["default"].template for element in user.find(ui.table).elements]
        )

    visit(tmp_path, looks)
    picture = Watched((tmp_path,)).picture(writer.path)
    assert "<b>" not in picture
    assert "&lt;b&gt;agent 0&lt;/b&gt;" in picture


def test_pictures_of_time_grow_and_are_made_once(tmp_path: Path, begin: Begin, record: Callable) -> None:
    writer, watched = begin(tmp_path / "run", agents=6), Watched((tmp_path,))
    first = watched.picture(writer.path)
    assert '"steps":[0,10,20,30]' in first
    assert watched.picture(writer.path) is first
    record(writer, 40, 6)
    assert '"steps":[0,10,20,30,40]' in watched.picture(writer.path)
    assert watched.picture(begin(tmp_path / "silent").path) == ""
    (writer.path / "manifest.jsonl").write_text("nonsense")
    assert watched.picture(writer.path) == ""
    assert watched.curves(writer.path) == {}


@pytest.mark.parametrize(
    ("host", "name", "code"), [("127.0.0.1", "evil.example", 400), ("127.0.0.1", "127.0.0.1:80", 200)]
)
def test_names_of_strangers_are_refused_on_loopback(host: str, name: str, code: int) -> None:
    async def ask() -> int:
        transport = httpx.ASGITransport(make_app(lambda: None, host))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{name}") as client:
            return (await client.get("/")).status_code

    with nicegui_reset_globals():
        core.script_mode = False
        assert asyncio.run(ask()) == code


def test_what_is_a_loopback_address() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "192.0.2.7", "a.b")] == [
        *[True] * 3,
        *[False] * 3,
    ]


def test_the_command_refuses_what_cannot_be(tmp_path: Path, hubbub: Callable) -> None:
    ended = hubbub("dashboard", tmp_path / "nowhere")
    assert ended.code == 2
    assert "expected a run, a study or a folder with some" in ended.err
    ended = hubbub("dashboard", tmp_path, "--port", "70000")
    assert "port: expected 0 (any that is free) … 65535, got 70000" in ended.err
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = hubbub("dashboard", tmp_path, "--port", taken.getsockname()[1])
        assert ended.code == 2
        assert "choose another --port" in ended.err


def test_charts_hold_gaps_and_no_more_points_than_a_page_bears() -> None:
    steps = np.arange(2000)
    made = chart("a_metric", {"<b>": (steps, np.where(steps == 1999, math.nan, 0.5))})
    (curve,) = made["series"]
    assert made["title"]["text"] == "a metric"
    assert len(curve["data"]) == MOST_POINTS
    assert curve["data"][-1] == [1999, None]
    assert made["tooltip"]["renderMode"] == "richText"  # not HTML
    assert not [key for key in keys(made) if key.startswith(":")]  # their values would be run as code


def keys(value: object) -> Iterator[str]:
    """Yield the keys of nested mappings and lists."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield from value if isinstance(value, dict) else ()
    for one in inside:
        yield from keys(one)
