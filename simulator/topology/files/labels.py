"""Which attributes of nodes are their names and their places: the same rules for all formats with attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from hubbub.formats.graph_data import own_name
from hubbub.simulator.topology.places import are_coordinates, points

Columns = dict[str, Sequence[Any]]


def named(
    ids: Sequence[str], labels: Mapping[str, tuple[str, Sequence[Any]]], ids_from: str = "node ids"
) -> tuple[tuple[str, ...], str, str | None]:
    """Return the names of the agents, where they come from, and which of `labels` was used.

    The first of `labels`, key → (what it is, N values), in which every agent has one and no two are alike gives the
    names; without one the ids are the names.
    """
    for key, (what, values) in labels.items():
        if len(values) == len(ids) and not any(value is None for value in values):
            names = tuple(map(str, values))
            if len(set(names)) == len(names):
                return names, what, key
    return tuple(ids), ids_from, None


def weight_of(links: Mapping[str, Sequence[Any]]) -> str | None:
    """Return the attribute of links that is their weight: `weight`, or the same in capitals if it has numbers only."""
    if "weight" in links:
        return "weight"
    return next((name for name in links if name.lower() == "weight" and are_numbers(links[name])), None)


def are_numbers(values: Sequence[Any]) -> bool:
    """Whether all values are numbers, or texts of numbers, or None."""
    try:
        return all(value is None or float(value) is not None for value in values)
    except (TypeError, ValueError):
        return False


def placed(attributes: Columns) -> tuple[Float[np.ndarray, "N d"] | None, Columns]:
    """Return the places in the attributes `x`, `y` and perhaps `z`, and the attributes without them.

    They are places where every agent has `x` and `y` as finite numbers. So is the attribute `pos` where every agent has
    one of two or three numbers; a text in it stays an attribute.
    """
    axes = [axis for axis in "xyz" if axis in attributes and are_coordinates(attributes[axis])]
    if axes[:2] != ["x", "y"]:
        places = points(attributes.get("pos", ()))
        axes = [] if places is None else ["pos"]
    else:
        places = np.array([[float(value) for value in attributes[axis]] for axis in axes]).T
        if len(axes) == 3 and not places[:, 2].any():
            places = places[:, :2]
    return places, {name: values for name, values in attributes.items() if name not in axes}


def with_own_names(attributes: Mapping[str, Sequence[Any]]) -> Columns:
    """Return the attributes under the names that they had before hubbub wrote them."""
    return {own_name(name, attributes): values for name, values in attributes.items()}
