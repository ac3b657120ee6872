"""HTML elements. Every text is escaped, unless it is `Html`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


class Html(str):
    """Text that is HTML and is not escaped."""

    __slots__ = ()


def tag(name: str, *children: object, **attributes: str) -> Html:
    """Return an element; children that are not `Html` are escaped, `class_` becomes class, `aria_label` aria-label."""
    named = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    opening = "".join(f' {key}="{escape(value)}"' for key, value in named)
    return Html(f"<{name}{opening}>{join(children)}</{name}>")


def join(parts: Iterable[object]) -> Html:
    """Return the parts joined, escaped unless they are `Html`."""
    return Html("".join(part if isinstance(part, Html) else _escaped(str(part)) for part in parts))


def table(heads: Sequence[object], rows: Iterable[Sequence[object]], *, numbers_from: int = 1) -> Html:
    """Return a table that scrolls on narrow screens; columns from `numbers_from` on are aligned to the right.

    What scrolls can be reached by keyboard, and is named by its heads; a head must not be empty.
    """
    head = tag("tr", *(_cell("th", head, i >= numbers_from, scope="col") for i, head in enumerate(heads)))
    body = (tag("tr", *(_cell("td", cell, i >= numbers_from) for i, cell in enumerate(row))) for row in rows)
    content = tag("table", tag("thead", head), tag("tbody", *body))
    about = {"class_": "scroll", "tabindex": "0", "role": "group", "aria_label": ", ".join(map(str, heads))}
    return tag("div", content, **about)


def _escaped(text: str) -> str:
    return escape(text).replace(" %", "&nbsp;%")


def _cell(name: str, content: object, number: bool, **attributes: str) -> Html:
    return tag(name, content, **({"class_": "number"} if number else {}), **attributes)
