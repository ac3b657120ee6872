"""The picture of time: a graph whose agents are coloured by group, and a slider over the recorded steps.

The element holds its numbers as JSON; `time.js` is its script. Without scripts it shows the last step, and every agent
has a title; with them the slider moves through the steps, and facts of the agent under the pointer are shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.figures.style import PALETTE, marker, short
from hubbub.analysis.page.html import Html, tag
from hubbub.analysis.page.numbers import percent

MOST_AGENTS, MOST_LINKS = 2000, 20_000
"""The largest graph that a page draws as an element for every agent."""
MOST_NUMBERS = 60_000
"""Steps × agents of a picture at most; further steps are left out."""
WIDTH, MOST_HEIGHT, EDGE = 1000.0, 800.0, 36.0


@dataclass(frozen=True)
class Moments:
    """N agents at T recorded steps.

    Attributes
    ----------
    steps
        The steps `[T]`.
    groups
        Group of each agent at each step `[T, N]`; −1 for none.
    speaks, hears
        Mean success of each agent as a speaker and as a listener, with all others, `[T, N]`; NaN where unknown.
    links
        Directed links `[E, 2]` at each step.
    overall
        Name → a value for each step, such as the success over links.
    names, places
        Names of the N agents, and where they are drawn `[N, 2]`.
    attributes
        Name → value of each agent.
    word
        What a group is called: "dialect".
    """

    steps: Int[np.ndarray, " T"]
    groups: Int[np.ndarray, "T N"]
    speaks: Float[np.ndarray, "T N"]
    hears: Float[np.ndarray, "T N"]
    links: Sequence[Int[np.ndarray, "_ 2"]]
    overall: Mapping[str, Float[np.ndarray, " T"]]
    names: Sequence[str]
    places: Float[np.ndarray, "N 2"]
    attributes: Mapping[str, Sequence[object]]
    word: str = "dialect"


def fits_a_page(n_agents: int, n_links: int) -> bool:
    """Whether a page can draw an element for every agent of a graph."""
    return 2 <= n_agents <= MOST_AGENTS and n_links <= MOST_LINKS


def most_steps(n_agents: int) -> int:
    """Return of how many steps a picture of so many agents is made at most."""
    return max(8, min(150, MOST_NUMBERS // n_agents))


def time_picture(moments: Moments, *, name: str = "time") -> Html:
    """Return the picture as an element; `name` is its identifier in the page. Every text is escaped."""
    places, height = _on_page(moments.places)
    last = len(moments.steps) - 1
    groups = moments.groups[last]
    shapes, radii = _shapes(), _radii(moments, height)
    faint = float(np.clip(25 / np.sqrt(len(moments.links[last]) + 1), 0.2, 1))  # many links would hide the agents
    agents = [
        tag(
            "g",
            Html(f'<path d="{shapes[_look(group)]}"/>'),
            tag("title", "\n".join(f"{key}: {value}" for key, value in _facts(moments, last, agent).items())),
            class_=f"agent {_class(group)}",
            transform=f"translate({x:.1f} {y:.1f}) scale({radius:.1f})",
        )
        for agent, (group, (x, y), radius) in enumerate(zip(groups.tolist(), places.tolist(), radii, strict=True))
    ]
    drawn = tag(
        "svg",
        tag("g", *_link_paths(moments.links[last], places, groups), class_="links", opacity=f"{faint:.2f}"),
        tag("g", *agents, class_="agents"),
        viewBox=f"0 0 {WIDTH:.0f} {height:.0f}",
        tabindex="0",
        role="img",
        aria_label=f"The graph of {len(groups)} agents, coloured by {moments.word}",
    )
    bar = (
        '<div class="bar" hidden><button type="button" aria-label="play"></button>'
        f'<input type="range" min="0" max="{last}" value="{last}" aria-label="recorded step"></div>'
    )
    numbers = _numbers(moments, places)
    return tag(
        "figure",
        Html(bar),
        tag("p", _said(moments, last), class_="moment", aria_live="polite"),
        tag("p", "", class_="facts", aria_live="polite"),
        drawn,
        tag("ul", *_legend(moments, groups), class_="legend"),
        Html(f'<script type="application/json">{_json(numbers)}</script>'),
        class_="time",
        id=name,
    )


_COLOURS = "".join(
    f".time .group-{number} {{ fill: var(--group-{number}); }}\n"
    f".time .links .group-{number} {{ fill: none; stroke: var(--group-{number}); }}\n"
    for number in range(1, len(PALETTE) + 1)
)
CSS = (
    """
.time svg { display: block; width: 100%; max-height: 78vh; touch-action: manipulation; }
.time .agent { fill: var(--group-none); stroke: var(--paper); stroke-width: .12; cursor: pointer; }
.time .agent.chosen { stroke: var(--ink); stroke-width: .3; }
.time .links path { fill: none; stroke: var(--group-none); stroke-width: 1.6; opacity: .45; }
.time .links path.within { opacity: .7; }
.time .bar { display: flex; gap: .7rem; align-items: center; }
.time .bar[hidden] { display: none; }
.time .bar input { flex: 1; min-width: 0; accent-color: var(--accent); }
.time .bar button { width: 2.4rem; height: 2.4rem; border: 1px solid var(--line); border-radius: .4rem;
  background: var(--tint); color: var(--ink); font: inherit; cursor: pointer; }
.time .bar button::before { content: "▶"; }
.time .bar button[aria-label="stop"]::before { content: "◼"; }
.time .moment, .time .facts { font-variant-numeric: tabular-nums; }
.time .facts { min-height: 3.1em; color: var(--muted); }
@media (max-width: 40rem) { .time .facts { min-height: 6.2em; } }
.time .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: .4rem 0; padding: 0; list-style: none;
  font-size: .9rem; }
.time .legend svg { display: inline-block; width: .9em; height: .9em; margin-right: .35em; vertical-align: -.1em; }
"""
    + _COLOURS  # the last rule counts
)


def _on_page(places: np.ndarray) -> tuple[np.ndarray, float]:
    """Return places within the drawing, y downwards, and its height."""
    low, span = places.min(axis=0), np.maximum(np.ptp(places, axis=0), 1e-9)
    scale = min((WIDTH - 2 * EDGE) / span[0], (MOST_HEIGHT - 2 * EDGE) / span[1])
    size = span * scale
    height = float(max(size[1], 200.0) + 2 * EDGE)
    moved = (places - low) * scale
    moved[:, 1] = size[1] - moved[:, 1]
    return moved + np.array([WIDTH - size[0], height - size[1]]) / 2, height


def _radii(moments: Moments, height: float) -> list[float]:
    """Return the radius of each agent; half of its area grows with its number of links at the last step."""
    n_agents = len(moments.names)
    degrees = np.bincount(moments.links[-1].ravel(), minlength=n_agents).astype(float)
    relative = degrees / degrees.mean() if degrees.any() else np.ones(n_agents)
    mean = float(np.clip(0.25 * np.sqrt(WIDTH * height / n_agents), 4, 22))
    return [float(radius) for radius in np.clip(mean * np.sqrt(0.5 + 0.5 * relative), 3, 34)]


def _class(group: int) -> str:
    return f"group-{group + 1}" if 0 <= group < len(PALETTE) else "group-none"


def _look(group: int) -> int:
    return group if 0 <= group < len(PALETTE) else len(PALETTE)


@cache
def _shapes() -> tuple[str, ...]:
    """Return the outline of the shape of each group and of no group, around 0 with about the radius 1, for an SVG."""
    return tuple(_outline(marker(group)) for group in [*range(len(PALETTE)), -1])


def _outline(shape: str) -> str:
    from matplotlib.markers import MarkerStyle

    style = MarkerStyle(shape)
    path = style.get_path().transformed(style.get_transform())
    scale = 1 / np.sqrt(np.abs(np.asarray(path.vertices)).max(axis=0).prod())
    parts = []
    for points, code in path.iter_segments(curves=True):
        if code == path.CLOSEPOLY:
            parts.append("Z")
            continue
        letter = {path.MOVETO: "M", path.LINETO: "L", path.CURVE3: "Q", path.CURVE4: "C"}[code]
        flipped = np.asarray(points).reshape(-1, 2) * [scale, -scale]
        parts.append(letter + " ".join(f"{value:.3g}" for value in flipped.ravel().tolist()))
    return "".join(parts)


def _link_paths(links: np.ndarray, places: np.ndarray, groups: np.ndarray) -> Iterable[Html]:
    """Yield the links between groups as one path, and those within each of the coloured groups as one."""
    pairs = np.unique(np.sort(links, axis=1), axis=0).reshape(-1, 2)
    ends = groups[pairs]
    inside = np.where((ends[:, 0] == ends[:, 1]) & (ends[:, 0] >= 0) & (ends[:, 0] < len(PALETTE)), ends[:, 0], -1)
    for group in range(-1, len(PALETTE)):
        lines = places[pairs[inside == group]].round(1).tolist()
        d = "".join(f"M{x:g} {y:g}L{u:g} {v:g}" for (x, y), (u, v) in lines)
        yield Html(f'<path class="{"within " * (group >= 0)}{_class(group)}" d="{d}"/>')


def _legend(moments: Moments, groups: np.ndarray) -> Iterable[Html]:
    """Yield an entry for every group that has agents at any step; those without any now are hidden."""
    shapes = _shapes()
    for look in sorted({_look(group) for group in np.unique(moments.groups).tolist()}):
        n_agents = sum(_look(group) == look for group in groups.tolist())
        label = f"{moments.word} {look + 1}" if look < len(PALETTE) else f"other or no {moments.word}"
        path = f'<path class="{_class(look)}" d="{shapes[look]}"/>'
        sign = f'<svg viewBox="-1.3 -1.3 2.6 2.6" aria-hidden="true">{path}</svg>'
        yield tag(
            "li",
            Html(sign),
            label,
            " (",
            tag("span", n_agents),
            ")",
            data_look=str(look),
            **{} if n_agents else {"hidden": ""},
        )


def _said(moments: Moments, at: int) -> str:
    """Return what is said of all agents at a step; the script says the same."""
    present = moments.groups[at]
    n_groups = len(np.unique(present[present >= 0]))
    values = [f"{label} {percent(float(values[at]))}" for label, values in moments.overall.items()]
    return " · ".join([f"step {moments.steps[at]:,}", f"{n_groups} {moments.word}{'s' * (n_groups != 1)}", *values])


def _facts(moments: Moments, at: int, agent: int) -> dict[str, object]:
    """Return what is said of an agent at a step; the script says the same."""
    group, links = int(moments.groups[at, agent]), moments.links[at]
    return {
        "agent": short(moments.names[agent], longest=60),
        **{short(name): short(values[agent], longest=60) for name, values in moments.attributes.items()},
        moments.word: group + 1 if group >= 0 else "–",
        "heard by": int((links[:, 0] == agent).sum()),
        "hears": int((links[:, 1] == agent).sum()),
        "understood by others": percent(float(moments.speaks[at, agent])),
        "understands others": percent(float(moments.hears[at, agent])),
    }


def _numbers(moments: Moments, places: np.ndarray) -> dict[str, Any]:
    """Return all numbers that the script needs. Links are listed once for every change of the graph."""
    graphs: list[list[int]] = []
    graph_at = []
    for links in moments.links:
        listed = links.ravel().tolist()
        if not graphs or listed != graphs[-1]:
            graphs.append(listed)
        graph_at.append(len(graphs) - 1)
    return {
        "word": moments.word,
        "steps": moments.steps.tolist(),
        "groups": moments.groups.tolist(),
        "speaks": _percents(moments.speaks),
        "hears": _percents(moments.hears),
        "overall": {name: _percents(values) for name, values in moments.overall.items()},
        "graphs": graphs,
        "graphAt": graph_at,
        "names": [short(name, longest=60) for name in moments.names],
        "attributes": {
            short(name): [short(value, longest=60) for value in values] for name, values in moments.attributes.items()
        },
        "places": places.round(1).tolist(),
        "shapes": list(_shapes()),
    }


def _percents(values: np.ndarray) -> Any:
    """Return shares in thousandths, −1 where one is unknown, as nested lists."""
    return np.where(np.isfinite(values), np.round(1000 * values), -1).astype(int).tolist()


def _json(content: Mapping[str, Any]) -> str:
    """Return JSON that ends no script element, whatever texts it holds."""
    return (
        json.dumps(content, separators=(",", ":"), ensure_ascii=False)
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
