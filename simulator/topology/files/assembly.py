"""From what a file says, and what the user says about it, to the communication graph. The only place that does this."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.describing import largest_component, summarise
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.columns import moments
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.moments import contents_with, links_at, stretch_of
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.listed_links import ListedLinks


def to_topology(contents: Contents, options: ReadOptions, *, handled: tuple[str, ...] = ()) -> Topology:
    """Return the communication graph, with its `summary`.

    In this order: the column of weights, the moment, links to oneself, weights of 0, links side by side, directions,
    the largest component. O(E log E).

    Parameters
    ----------
    handled
        Options that the reader of the format has already applied.

    Raises
    ------
    TopologyError
        If the graph is not one that agents can talk on, with the option that helps where there is one.
    """
    if not len(contents.names):
        raise TopologyError("expected a graph with agents, got an empty one")
    limits.check_size("nodes", len(contents.names), limits.MAX_AGENTS)
    limits.check_size("edges", len(contents.links), limits.MAX_EDGES)
    limits.check_size("characters in a name", max(map(len, contents.names)), limits.MAX_NAME)
    if options.weight is not None and "weight" not in handled:
        contents = with_weight(contents, str(options.weight))
    if options.time is not None and "time" not in handled:
        contents = with_times(contents, str(options.time))
    times = f"{contents.times_from}, {stretch_of(contents)}" if contents.times is not None else ""
    if "at" not in handled:
        contents = links_at(contents, options.at)
    _check_weights(contents)
    contents, loops = _without_loops(contents, options)
    contents, zeros = _without_zeros(contents, options)
    links, merged, notes = _merged(contents, options)
    topology = Topology(
        len(contents.names),
        links.ends[:, 0],
        links.ends[:, 1],
        weights=links.weights,
        positions=contents.positions,
        names=tuple(contents.names),
        attributes={name: tuple(values) for name, values in contents.attributes.items()},
        link_attributes={name: tuple(values) for name, values in links.attributes.items()},
    )
    dropped = {"self-loops": loops, "links of weight 0": zeros}
    if options.component == "largest":
        topology, dropped["agents outside the largest component"] = largest_component(topology)
    summed = links.weights is not None and contents.weights is None
    summary = summarise(
        topology,
        format=contents.format,
        directed=not options.undirected and bool(np.any(contents.directed)),
        weights_from=("number of parallel links" if contents.times is None else "number of rows (contacts)")
        if summed
        else contents.weights_from,
        names_from=contents.names_from,
        times=times,
        left_out=contents.left_out,
        merged=merged,
        dropped={what: number for what, number in dropped.items() if number},
        notes=(*contents.notes, *notes, *_alike(topology.names)),
    )
    return topology.with_summary(summary)


def _alike(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return a note if two names differ in upper and lower case or in blanks only, and may be meant as one."""
    words = "\n".join(names).casefold().split()
    if len(words) == len(names) == len(set(words)):  # no blanks in names: the usual case, quickly
        return ()
    known: dict[str, str] = {}
    for name in names:
        other = known.setdefault("".join(name.casefold().split()), name)
        if other != name:
            return (f"some names differ in case or blanks only, such as {other!r} and {name!r}",)
    return ()


def with_weight(contents: Contents, name: str) -> Contents:
    """Return the contents with the link attribute `name` as weights, or with none."""
    known = contents.link_attributes
    left_out = contents.left_out if contents.weights is None else (*contents.left_out, "weight")
    if name == "none":
        return replace(contents, weights=None, weights_from="", left_out=left_out)
    if contents.weights is not None and (name == "weight" or contents.weights_from.endswith(f" {name!r}")):
        return contents
    if name not in known:
        expected = f"one of the attributes of links ({', '.join(known) or 'there are none'}), or none"
        raise TopologyError(complaint("weight", expected=expected, got=name, valid=known))
    weights = np.ones(len(contents.links))
    for index, value in enumerate(known[name]):
        if value is None:
            continue
        try:
            weights[index] = float(value)
        except (TypeError, ValueError):
            raise TopologyError(complaint(f"weight: link attribute {name}", expected="numbers", got=value)) from None
    others = {key: values for key, values in known.items() if key != name}
    told = f"link attribute {name!r}"
    return replace(contents, weights=weights, weights_from=told, link_attributes=others, left_out=left_out)


def with_times(contents: Contents, name: str) -> Contents:
    """Return the contents with the link attribute `name` as times, or with none."""
    known = contents.link_attributes
    if name == "none":
        return replace(contents, times=None, times_from="")
    if name not in known:
        expected = f"one of the attributes of links ({', '.join(known) or 'there are none'}), or none"
        raise TopologyError(complaint("time", expected=expected, got=name, valid=known))
    import pyarrow as pa

    texts = pa.array([None if value is None else str(value) for value in known[name]], pa.string())
    if (made := moments(texts)) is None:
        raise TopologyError(f"time: link attribute {name}: expected numbers or dates such as 2026-03-01, got others")
    starts = np.where(np.isnan(made[0]), -np.inf, made[0])
    stops = np.where(np.isnan(made[0]), np.inf, made[0])
    return replace(
        contents,
        times=np.column_stack([starts, stops]),
        dated=made[1],
        times_from=f"link attribute {name!r}",
        moment="all",
        link_attributes={key: values for key, values in known.items() if key != name},
    )


def _check_weights(contents: Contents) -> None:
    weights = contents.weights
    if weights is None:
        return
    wrong = ~np.isfinite(weights) | (weights < 0)
    if wrong.any():
        link = int(np.argmax(wrong))
        raise TopologyError(f"weight of {_name(contents, link)}: expected a number above 0, got {weights[link]:g}")


def _without_loops(contents: Contents, options: ReadOptions) -> tuple[Contents, int]:
    loops = contents.links[:, 0] == contents.links[:, 1]
    if not loops.any():
        return contents, 0
    if options.self_loops == "refuse":
        agent = contents.names[contents.links[int(np.argmax(loops)), 0]]
        raise TopologyError(
            f"edges: agent {agent} is linked to itself; hearing oneself is `agent.self_talk`, not an edge. "
            "`topology.self_loops=drop` leaves such links out"
        )
    return contents_with(contents, np.flatnonzero(~loops)), int(loops.sum())


def _without_zeros(contents: Contents, options: ReadOptions) -> tuple[Contents, int]:
    weights = contents.weights
    if weights is None or weights.all():
        return contents, 0
    zero = weights == 0
    if options.zero_weights == "refuse":
        raise TopologyError(
            f"weight of {_name(contents, int(np.argmax(zero)))}: expected a number above 0, got 0; "
            "`topology.zero_weights=drop` leaves such links out"
        )
    return contents_with(contents, np.flatnonzero(~zero)), int(zero.sum())


def _merged(contents: Contents, options: ReadOptions) -> tuple[ListedLinks, int, list[str]]:
    """Return the directed links, each once, how many links became part of another, and what to tell of it."""
    n = len(contents.names)
    links = ListedLinks(contents.links, contents.weights, contents.link_attributes)
    one_way = np.broadcast_to(np.asarray(contents.directed), len(links))
    notes: list[str] = []
    if one_way.any() and not one_way.all():
        notes.append(f"a mixed graph: its {int((~one_way).sum()):,} undirected links run both ways")
        links = links.both_ways(~one_way)
    elif not one_way.any():
        links = links.in_order_of_numbers()
    merged = 0
    rule = options.parallel or contents.parallel
    if len(again := links.repeated(n)):
        if rule == "refuse":
            raise TopologyError(_twice(contents, links, int(again[0]), undirected=not one_way.any()))
        if rule == "once" and links.weights is not None:
            raise TopologyError(
                "parallel=once: expected links without weights, got weights; say also `topology.weight=none`, "
                "or `topology.parallel=add`"
            )
        merged, links = len(again), links.merged(n, add=rule == "add")
    if options.undirected and one_way.any():
        links = links.in_order_of_numbers()
        if len(again := links.repeated(n)):
            notes.append(f"{len(again):,} pairs were linked in both directions and count as one undirected link each")
            links = links.merged(n, add=links.weights is not None)
    if options.undirected or not one_way.any():
        links = links.both_ways(np.ones(len(links), dtype=bool))
    return links, merged, notes


def _twice(contents: Contents, links: ListedLinks, link: int, *, undirected: bool) -> str:
    """Return the complaint about a link that is there twice; `link` repeats an earlier one."""
    ends = contents.links[link] if undirected else links.ends[link]
    source, target = (contents.names[end] for end in ends)
    hint = ""
    if undirected:
        hint = (
            "; if each link is listed from both ends, say `topology.undirected=true`, and if each line is a link "
            "in one direction, `topology.directed=true`"
        )
    return (
        f"the edge {source} – {target} is there twice{hint}; `topology.parallel=add` adds the weights of such lines "
        "(1 where there are none), `topology.parallel=once` counts each link once"
    )


def _name(contents: Contents, link: int) -> str:
    source, target = contents.links[link]
    return f"edge {contents.names[source]} – {contents.names[target]}"
