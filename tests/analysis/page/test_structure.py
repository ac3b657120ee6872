"""The check of pages that all tests of reports go through finds what it is for."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

page_problems = runpy.run_path(str(Path(__file__).parents[2] / "page_structure.py"))["page_problems"]

PAGE = (
    '<!doctype html><html lang="en"><head><title>a</title><style>p { color: red }</style></head><body><main>'
    '<h1>a</h1><h2>b</h2><h3>c</h3><h2>d</h2><img src="data:x" alt=""><svg aria-label="e"></svg>'
    '<label>f <input id="one"></label><label for="two">g</label><input id="two"><button>h</button>'
    '<table><tr><th scope="col">i</th></tr></table><a href="https://example.org">j</a></main></body></html>'
)


def test_a_good_page_has_no_problem() -> None:
    assert page_problems(PAGE) == []


@pytest.mark.parametrize(
    ("part", "instead", "problem"),
    [
        ("<h1>a</h1>", "", "expected one h1"),
        ("<h2>d</h2>", "<h1>d</h1>", "expected one h1"),
        ("<h2>b</h2>", "", "h3 'c' follows h1"),
        ("<h3>c</h3>", "<h3> <b></b></h3>", "an empty heading h3"),
        (' alt=""', "", "no text alternative: <img"),
        (' aria-label="e"', "", "no text alternative: <svg"),
        (' scope="col"', "", "no scope: <th"),
        (' for="two"', "", "no label: <input"),
        ("<button>h</button>", "<button></button>", "an empty <button>"),
        (' id="two"', ' id="one"', "the id 'one' is there twice"),
        ("data:x", "https://example.org/a.png", "loaded from elsewhere"),
        ("color: red", "background: url(//example.org/a)", "a style that is loaded from elsewhere"),
        (' lang="en"', "", "no language"),
        ("<title>a</title>", "", "0 <title>"),
        ("<main>", "<main></main><main>", "more than one <main>"),
        ("</table>", "", "closes"),
    ],
)
def test_a_problem_is_said(part: str, instead: str, problem: str) -> None:
    assert part in PAGE
    assert problem in "\n".join(page_problems(PAGE.replace(part, instead, 1)))
