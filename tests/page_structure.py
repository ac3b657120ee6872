"""What every page must have so that it can be read by keyboard, by a screen reader and without network."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LOADED = {"src", "srcset", "href", "xlink:href", "data", "poster"}
CONTROLS = {"input", "select", "textarea", "button"}


class Structure(HTMLParser):
    """Collects what is wrong with the structure of a page in `problems`."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.open: list[tuple[str, dict[str, str]]] = []
        self.headings: list[tuple[int, str]] = []
        self.text: dict[int, str] = {}
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.controls: list[tuple[str, dict[str, str], bool]] = []
        self.count: dict[str, int] = {}

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in given}
        self.count[tag] = self.count.get(tag, 0) + 1
        where = f"<{tag} {' '.join(f'{name}={value[:40]!r}' for name, value in attributes.items())}>"
        hidden = attributes.get("aria-hidden") == "true" or any(
            outer.get("aria-hidden") == "true" for _, outer in self.open
        )
        in_svg = any(outer == "svg" for outer, _ in self.open)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "label" and "for" in attributes:
            self.labelled.add(attributes["for"])
        if tag == "img" and "alt" not in attributes:
            self.problems.append(f"no text alternative: {where}")
        if tag == "svg" and not in_svg and not hidden and not attributes.get("aria-label"):
            self.problems.append(f"no text alternative: {where}")
        if tag == "th" and "scope" not in attributes:
            self.problems.append(f"no scope: {where}")
        if tag == "html" and not attributes.get("lang"):
            self.problems.append("no language")
        if tag in CONTROLS and attributes.get("type") != "hidden":
            inside = any(outer == "label" for outer, _ in self.open)
            self.controls.append((tag, attributes, inside))
        for name in LOADED & attributes.keys():
            if tag != "a" and re.match(r"(https?:)?//", attributes[name]):
                self.problems.append(f"loaded from elsewhere: {where}")
        if tag not in VOID:
            self.open.append((tag, attributes))
            self.text[len(self.open)] = ""

    def handle_data(self, data: str) -> None:
        for depth in range(1, len(self.open) + 1):
            self.text[depth] += data
        if self.open and self.open[-1][0] == "style" and re.search(r"@import|url\(['\"]?(https?:)?//", data):
            self.problems.append("a style that is loaded from elsewhere")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            if tag not in VOID:
                self.problems.append(f"</{tag}> closes {self.open[-1][0] if self.open else 'nothing'}")
            return
        text = self.text[len(self.open)].strip()
        _, attributes = self.open.pop()
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), text))
        if tag in ("button", "summary", "title", "caption") and not text and not attributes.get("aria-label"):
            self.problems.append(f"an empty <{tag}>")


def page_problems(page: str) -> list[str]:
    """Return what is wrong with the structure of a page, in words."""
    found = Structure()
    found.feed(page)
    found.close()
    problems = [*found.problems, *(f"<{tag}> is not closed" for tag, _ in found.open)]
    levels = [level for level, _ in found.headings]
    problems += [f"an empty heading h{level}" for level, text in found.headings if not text]
    if levels.count(1) != 1 or levels[:1] != [1]:
        problems.append(f"expected one h1 before all other headings, got {levels}")
    problems += [
        f"h{level} {text!r} follows h{before}"
        for before, (level, text) in zip(levels, found.headings[1:], strict=False)
        if level > before + 1
    ]
    problems += [f"{found.count.get(tag, 0)} <{tag}>" for tag in ("main", "title") if found.count.get(tag, 0) < 1]
    if found.count.get("main", 0) > 1:
        problems.append("more than one <main>")
    for tag, attributes, inside in found.controls:
        named = inside or attributes.get("aria-label") or attributes.get("aria-labelledby") or tag == "button"
        if not named and attributes.get("id") not in found.labelled:
            problems.append(f"no label: <{tag} {attributes}>")
    problems += sorted({f"the id {one!r} is there twice" for one in found.ids if found.ids.count(one) > 1})
    return problems
