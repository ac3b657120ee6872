"""The picture of time: what the page says without its script, and what it hands to it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import numpy as np

from hubbub.analysis.figures.style import PALETTE
from hubbub.analysis.page.scripts import script
from hubbub.analysis.page.time import CSS, Moments, fits_a_page, most_steps, time_picture

EVIL = "</script><script>alert(1)</script><!-- \u2028"
RING = np.array([[0, 1], [1, 2], [2, 3], [3, 0]])
MOMENTS = Moments(
    steps=np.array([0, 1200]),
    groups=np.array([[0, 0, 0, -1], [0, 0, 1, 12]]),
    speaks=np.array([[0.1, 0.2, 0.3, np.nan], [0.5, 0.25, 0.995, 1.0]]),
    hears=np.array([[0.0, 0.0, 0.0, 0.0], [0.004, 0.5, 0.5, 1.0]]),
    links=[RING, np.concatenate([RING, [[0, 2]]])],
    overall={"success over links": np.array([0.25, 0.75])},
    names=[EVIL, "b", "c", "d"],
    places=np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]),
    attributes={"club <b>": ["x", "y", None, EVIL]},
)


def numbers(page: str) -> dict[str, Any]:
    content = re.search(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    assert content
    found: dict[str, Any] = json.loads(content[1])
    return found


def test_without_its_script_it_shows_the_last_step() -> None:
    page = str(time_picture(MOMENTS))
    assert '<div class="bar" hidden>' in page
    assert "step 1,200 · 3 dialects · success over links 75&nbsp;%" in page
    titles = [unescape(title).split("\n") for title in re.findall(r"<title>(.*?)</title>", page, re.DOTALL)]
    assert titles[1] == [
        "agent: b",
        "club <b>: y",
        "dialect: 1",
        "heard by: 1",
        "hears: 1",
        "understood by others: 25\xa0%",
        "understands others: 50\xa0%",
    ]
    assert titles[0][-1] == "understands others: 0.4\xa0%"
    assert "hears: 2" in titles[2]
    looks = re.findall(r'class="agent (group-\w+)"', page)
    assert looks == ["group-1", "group-1", "group-2", "group-none"]


def test_names_and_attributes_are_no_markup() -> None:
    page = str(time_picture(MOMENTS))
    assert page.count("<script") == 1
    assert "<!--" not in page
    assert numbers(page)["names"][0] == EVIL.replace("\u2028", " ")
    assert numbers(page)["attributes"]["club <b>"][3].startswith("</script>")


def test_the_script_gets_every_step_and_each_graph_once() -> None:
    found = numbers(str(time_picture(MOMENTS)))
    assert found["steps"] == [0, 1200]
    assert found["groups"] == MOMENTS.groups.tolist()
    assert found["speaks"] == [[100, 200, 300, -1], [500, 250, 995, 1000]]
    assert found["graphAt"] == [0, 1]
    assert [len(graph) for graph in found["graphs"]] == [8, 10]
    still = replace(MOMENTS, links=[RING, RING])
    assert numbers(str(time_picture(still)))["graphAt"] == [0, 0]
    assert len(found["shapes"]) == len(PALETTE) + 1


def test_links_within_a_group_have_its_colour() -> None:
    page = str(time_picture(MOMENTS)).partition('<g class="links" opacity="1.00">')[2].partition("</g>")[0]
    lines = dict(re.findall(r'<path class="(?:within )?(group-\w+)" d="([^"]*)"/>', page))
    assert {name: d.count("M") for name, d in lines.items() if d} == {"group-none": 4, "group-1": 1}


def test_the_colour_of_a_group_is_not_overruled_by_that_of_no_group() -> None:
    places = [CSS.index(rule) for rule in (".time .agent {", ".time .links path {", ".time .group-1 {")]
    assert places == sorted(places)


def test_places_keep_their_proportions_whatever_their_unit() -> None:
    for places in (MOMENTS.places, MOMENTS.places * 1e6 - 3e5, MOMENTS.places * [5.0, 1e-9]):
        placed = np.array(numbers(str(time_picture(replace(MOMENTS, places=places))))["places"])
        assert placed.min() >= 0
        assert placed.max() <= 1000
    assert np.ptp(np.array(numbers(str(time_picture(MOMENTS)))["places"]), axis=0).tolist() == [728.0, 728.0]


def test_no_page_gets_too_large() -> None:
    assert most_steps(34) == 150
    assert most_steps(2000) * 2000 <= 60_000
    assert fits_a_page(2000, 20_000)
    assert not fits_a_page(2001, 10)
    assert not fits_a_page(10, 20_001)


def test_scripts_reach_nothing_outside_of_the_page() -> None:
    for name in ("time", "sorting"):
        assert not re.search(r"https?:|fetch|XMLHttp|import|innerHTML|eval|document\.write", script(name))
