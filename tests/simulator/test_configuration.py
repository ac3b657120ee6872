"""The strict door."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from hubbub.simulator.configuration import Section, choice, validate
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.registry import Registry

graph = Registry("graph", package="hubbub.simulator.store")
single = Registry("single", package="hubbub.simulator.store")


@graph("ring")
def ring(*, neighbours: Annotated[int, Field(ge=1)] = 1) -> tuple[str, int]:
    """A ring."""
    return ("ring", neighbours)


@graph("random-graph")
def random_graph(*, p: float, mode: Literal["gnp", "gnm"] = "gnp") -> tuple[str, float, str]:
    """A random graph."""
    return ("random", p, mode)


@single("only")
def only(*, size: int = 3) -> int:
    """The only one."""
    return size


handed = Registry("handed", package="hubbub.simulator.store", supplied=("generator",))


@handed("drawn")
def drawn(*, generator: int) -> int:
    """Return what was handed in."""
    return generator


Graph: Any = choice(graph)
Single: Any = choice(single)


class Inner(Section):
    """Inner."""

    rate: Annotated[float, Field(gt=0)] = 0.1
    """A rate."""
    places: list[Annotated[int, Field(ge=1)]] | None = None
    """Places."""
    on: bool | None = None
    """Whether it is."""


class Outer(Section):
    """Outer."""

    name: str
    inner: Inner = Inner()
    graph: Graph
    more: tuple[Graph, ...] = ()
    single: Single = Single()


OUTER = "name, inner, graph, more, single"
RING = "kind, neighbours"
WHOLE = "a whole number (integer)"
TYPO = {"kind": "ring", "neighbors": 2}


def problem(**data: object) -> str:
    with pytest.raises(ConfigurationError) as error:
        validate(Outer, {"name": "x", "graph": {"kind": "ring"}, **data})
    return str(error.value)


def test_defaults_are_filled_in_and_the_choice_is_built():
    outer = validate(Outer, {"name": "x", "graph": {"kind": "ring"}})
    assert outer.inner.rate == 0.1
    assert outer.graph.options() == {"neighbours": 1}
    assert outer.graph.build() == ("ring", 1)
    assert outer.single.build() == 3


def test_resolved_configuration_validates_to_itself():
    outer = validate(Outer, {"name": "x", "graph": {"kind": "random-graph", "p": 0.25}})
    assert validate(Outer, outer.model_dump()) == outer


def test_whole_numbers_may_come_as_floats_and_truth_values_stay_themselves():
    outer = validate(Outer, {"name": "x", "graph": {"kind": "ring"}, "inner": {"places": [1e3, 2], "on": True}})
    assert (outer.inner.places, outer.inner.on) == ([1000, 2], True)


def test_sections_cannot_be_changed():
    outer = validate(Outer, {"name": "x", "graph": {"kind": "ring"}})
    with pytest.raises(ValueError, match="frozen"):
        outer.name = "y"


@pytest.mark.parametrize(
    ("data", "field", "expected", "got"),
    [
        ({"name": 3}, "name", "text", "3"),
        ({"name": True}, "name", "text", "True"),
        ({"inner": {"rate": 0}}, "inner.rate", "greater than 0", "0"),
        ({"inner": {"rate": math.inf}}, "inner.rate", "a finite number", "inf"),
        ({"inner": {"rate": math.nan}}, "inner.rate", "a finite number", "nan"),
        ({"inner": {"rate": "x"}}, "inner.rate", "a number", "'x'"),
        ({"inner": 3}, "inner", "a section with fields", "3"),
        ({"graph": {"neighbours": 2}}, "graph.kind", "a name", "nothing"),
        ({"graph": {"kind": "random-graph"}}, "graph.p", "a value", "nothing"),
        ({"graph": {"kind": "ring", "neighbours": 0}}, "graph.neighbours", "greater than or equal to 1", "0"),
        ({"graph": {"kind": "ring", "p": 0.1}}, "graph.p", f"one of the fields of graph ({RING})", "'p'"),
        ({"more": [{"kind": "random-graph", "p": []}]}, "more.0.p", "a number", "[]"),
        ({"inner": {"rate": True}}, "inner.rate", "a number", "'True'"),
        ({"graph": {"kind": "ring", "neighbours": True}}, "graph.neighbours", WHOLE, "'True'"),
        ({"inner": {"places": [1, False]}}, "inner.places.1", WHOLE, "'False'"),
        ({"single": {"size": 2.5}}, "single.size", "a whole number (integer)", "2.5"),
    ],
)
def test_problems_name_the_field_the_expectation_and_what_came(data, field, expected, got):
    assert problem(**data) == f"{field}: expected {expected}, got {got}"


@pytest.mark.parametrize(
    ("data", "field", "expected", "got", "near"),
    [
        ({"nam": "x"}, "nam", f"one of the fields of the configuration ({OUTER})", "nam", "name"),
        ({"inner": {"rat": 1}}, "inner.rat", "one of the fields of inner (rate, places, on)", "rat", "rate"),
        ({"graph": {"kind": "rnig"}}, "graph.kind", "one of random-graph, ring", "rnig", "ring"),
        ({"graph": {"kind": "random-graph", "p": 1, "mode": "gmp"}}, "graph.mode", "one of gnp, gnm", "gmp", "gnp"),
        ({"graph": TYPO}, "graph.neighbors", f"one of the fields of graph ({RING})", "neighbors", "neighbours"),
        ({"more": [TYPO]}, "more.0.neighbors", f"one of the fields of more.0 ({RING})", "neighbors", "neighbours"),
        ({"more": [{"kind": "rnig"}]}, "more.0.kind", "one of random-graph, ring", "rnig", "ring"),
        ({"single": {"kind": "onyl"}}, "single.kind", "one of only", "onyl", "only"),
    ],
)
def test_wrong_names_come_with_the_nearest_valid_one(data, field, expected, got, near):
    assert problem(**data) == f"{field}: expected {expected}, got {got!r}; did you mean {near!r}?"


def test_all_problems_are_told_at_once():
    text = problem(inner={"rate": -1}, graph={"kind": "ring", "neighbours": 0}, colour="red")
    assert [line.split(":")[0] for line in text.splitlines()] == ["inner.rate", "graph.neighbours", "colour"]


def test_missing_field():
    with pytest.raises(ConfigurationError, match="name: expected a value, got nothing"):
        validate(Outer, {"graph": {"kind": "ring"}})


def test_functions_with_open_parameters_cannot_be_configured():
    loose = Registry("loose", package="hubbub.simulator.store")
    loose("any")(lambda **options: options)
    with pytest.raises(ConfigurationError, match=r"loose 'any': parameter \*options cannot be configured"):
        choice(loose)


def test_supplied_parameters_are_no_options():
    built = validate(choice(handed), {})
    assert built.options() == {}
    assert built.build(generator=5, unasked=6) == 5
