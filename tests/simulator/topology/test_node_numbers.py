"""Ids of nodes in a table of numbers are the same as ids looked up one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hubbub.simulator.topology.files.node_numbers import NodeNumbers

ODD = st.sampled_from(
    ["07", "n07", "", " ", "n", "1 2", "n1 n2", " n1", "1n", "n-1", "+1", "1_0", "٣", "9" * 20, "nn1"]
)
PREFIXES = st.sampled_from(["", "n", "nn", "node ", "1", "é", "0"])


@given(PREFIXES, st.lists(st.integers(0, 40), min_size=1, unique=True), st.lists(st.integers(0, 45)), st.lists(ODD))
def test_numbers_are_those_of_a_dictionary(prefix: str, nodes: list[int], ends: list[int], odd: list[str]) -> None:
    numbers, known = NodeNumbers(), dict[str, int]()
    for batch in (
        [f"{prefix}{node}" for node in nodes],
        [f"{prefix}{end}" for end in ends],
        odd,
        nodes and [f"n{nodes[0]}"],
    ):
        assert numbers.all(batch).tolist() == [known.setdefault(one, len(known)) for one in batch]


def test_a_table_is_used_for_the_ids_of_most_tools() -> None:
    numbers = NodeNumbers()
    numbers.all([f"n{node}" for node in range(10)])
    assert numbers.all(["n3", "n9"]).tolist() == [3, 9]
    assert numbers._in_table(["n3", "n9"]) is not None
    assert numbers._in_table(["n3", "n10"]) is None
