from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.dialects import chance_success
from hubbub.simulator.store import Run


@pytest.mark.parametrize(
    ("game", "referents", "expected"),
    [
        ({"kind": "reconstruction"}, {"kind": "symbolic", "attributes": 3, "values": 4}, 1 / 64),
        ({"kind": "discrimination", "candidates": 5}, {"kind": "digits"}, 1 / 5),
        ({"kind": "reconstruction"}, {"kind": "mine"}, 1 / 27),  # what was recorded: 3 attributes of 3 values
        ({"kind": "mine"}, {"kind": "symbolic", "attributes": 3, "values": 4}, np.nan),
    ],
)
def test_chance_is_one_by_the_number_of_answers(
    make_run: Callable[..., Run], game: dict[str, object], referents: dict[str, object], expected: float
) -> None:
    run = make_run(nx.path_graph(2), n_lexicons=1)
    run.info["configuration"] = {"game": game, "referents": referents}
    assert chance_success(run) == pytest.approx(expected, nan_ok=True)


def test_images_are_named_by_class(make_run: Callable[..., Run]) -> None:
    assert chance_success(make_run(nx.path_graph(2), n_lexicons=1, image_class=True)) == pytest.approx(1 / 10)
