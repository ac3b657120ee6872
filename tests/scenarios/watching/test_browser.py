"""The dashboard and the report in a real browser: with a run going on, no errors, nothing from outside.

Needs the extra `browser` and Chromium: pytest -m browser
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hubbub.analysis.report import write_report
from hubbub.simulator.store import RunWriter

pytestmark = pytest.mark.browser
EVIL = "<img src=x onerror=window.evil=1>"
POINTS = """void (window.points = () => {
  const box = document.querySelector(".nicegui-echart");
  const chart = box && getElement(Number(box.id.slice(1))).chart;
  return chart ? chart.getOption().series.map((one) => one.data.length) : [];
})"""
"""Defines a function that returns the number of points of each curve of the first chart."""


def text_of(page: Any, selector: str) -> str:
    words: str = page.locator(selector).first.inner_text()
    return words


def test_a_run_is_followed_in_the_dashboard(
    tmp_path: Path, begin: Callable[..., RunWriter], live_dashboard: str, visit: Callable
) -> None:
    begin(tmp_path / "runs" / EVIL, name=EVIL, agents=4).set_status("failed", step=30, problem=EVIL)
    page = visit(live_dashboard)
    page.wait_for_function(
        "document.body.innerText.includes('runs/live') && document.body.innerText.includes('running')"
    )
    for name in (EVIL, "runs/live"):
        assert name in text_of(page, "table")
    chosen = "tr[class*=selected]"
    page.wait_for_selector(chosen)
    if "runs/live" not in text_of(page, chosen):  # it began after the page was opened
        page.locator(f"{chosen} .q-checkbox").click()
        page.locator("tr", has_text="runs/live").locator(".q-checkbox").click()
    page.evaluate(POINTS)
    page.wait_for_function("window.points()[0] >= 2")
    before = page.evaluate("window.points()[0]")
    page.wait_for_function(f"window.points()[0] > {before}")  # the curve grows

    page.wait_for_selector("figure.time .bar input")
    page.wait_for_function("Number(document.querySelector('.bar input').max) >= 2")
    page.locator("figure.time .bar input").focus()
    page.keyboard.press("Home")
    assert text_of(page, ".moment").startswith("step 0 · ")
    page.keyboard.press("ArrowRight")
    assert text_of(page, ".moment").startswith("step 20 · ")
    most = page.evaluate("Number(document.querySelector('.bar input').max)")
    page.wait_for_function(f"Number(document.querySelector('.bar input').max) > {most}")
    assert text_of(page, ".moment").startswith("step 20 · ")  # a new record does not move it
    page.locator("figure.time .agent").first.hover()
    assert text_of(page, ".facts").startswith("agent: ")
    colours = page.evaluate("[...document.querySelectorAll('.agent')].map((one) => getComputedStyle(one).fill)")
    assert len(set(colours)) > 1

    page.locator("tr", has_text=EVIL).locator(".q-checkbox").click()
    page.wait_for_function("window.points().length === 2")  # two runs in one figure
    page.wait_for_function("document.body.innerText.includes('failed')")
    assert page.evaluate("window.evil") is None
    assert page.locator("img[src=x]").count() == 0


@pytest.fixture
def report(tmp_path: Path, begin: Callable[..., RunWriter]) -> str:
    path = begin(tmp_path / "run", agents=8, name="tiny").path
    return write_report(path, out=tmp_path / "out").as_uri()


def test_the_report_moves_through_time_and_sorts(report: str, visit: Callable) -> None:
    page = visit(report)
    assert text_of(page, ".moment").startswith("step 30 · 2 ")
    page.locator(".bar input").focus()
    page.keyboard.press("Home")
    assert text_of(page, ".moment").startswith("step 0 · 1 ")
    page.locator(".bar button").click()
    page.wait_for_function("document.querySelector('.moment').textContent.startsWith('step 30')")
    page.locator("figure.time svg").first.focus()
    page.keyboard.press("ArrowRight")
    assert "agent: <b>agent 0</b>" in text_of(page, ".facts")
    page.locator("summary", has_text="All agents").click()
    table = page.locator("details", has_text="All agents").locator("table")
    head = table.locator("th", has_text="agent").first
    first = "td >> nth=0"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert table.locator("tbody tr").first.locator(first).inner_text() == "<b>agent 0</b>"
    head.locator("button").click()
    assert table.locator("tbody tr").first.locator(first).inner_text() == "<b>agent 7</b>"


def test_the_report_is_whole_without_scripts(report: str, visit: Callable) -> None:
    page = visit(report, java_script_enabled=False)
    assert not page.locator(".bar").is_visible()
    assert page.locator(".sort").count() == 0
    assert text_of(page, ".moment").startswith("step 30 · 2 ")
    assert page.locator("figure.time .agent title").count() == 8
    assert "Without scripts the last step is shown." in page.locator("body").inner_text()
