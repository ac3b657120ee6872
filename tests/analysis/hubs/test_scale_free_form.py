"""When degrees may be called scale-free."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np

from hubbub.analysis.hubs import scale_free_form
from hubbub.analysis.tails import Grade


def degrees(graph: nx.Graph) -> np.ndarray:
    return np.array([degree for _, degree in graph.degree()])


def test_a_star_has_one_hub_and_no_scale_free_form() -> None:
    form = scale_free_form([degrees(nx.star_graph(39))] * 4, generator=np.random.default_rng(0), samples=5)
    assert form.hubs == 1
    assert not form.several_hubs
    assert not form.is_scale_free


def test_degrees_from_a_power_law_have_it() -> None:
    rng = np.random.default_rng(3)
    weights = np.arange(1, 20_000.0) ** -2.4
    drawn = [rng.choice(19_999, size=300, p=weights / weights.sum()) + 1 for _ in range(6)]
    form = scale_free_form(drawn, generator=rng, samples=20)
    assert form.several_hubs
    assert form.scale_free_tail
    assert form.alternatives_rejected
    assert form.is_scale_free
    assert not replace(form, hubs=2.0).is_scale_free
    assert not replace(form, grade=Grade("weak", {}, form.grade.evidence)).is_scale_free


def test_few_agents_show_nothing() -> None:
    form = scale_free_form([np.array([3, 1, 1, 1])], generator=np.random.default_rng(0))
    assert form.grade.value == ""
    assert not form.alternatives_rejected
    assert not form.is_scale_free
