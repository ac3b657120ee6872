"""Files in the forms that tools write, each with what it must give."""

from pathlib import Path

import pytest
import yaml

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import read_topology

FORMS = Path(__file__).parent / "forms"
EXPECTED = yaml.safe_load((FORMS / "expected.yaml").read_text(encoding="utf-8"))


def test_every_form_has_its_expectation():
    assert {path.name for path in FORMS.iterdir()} - {"README.md", "expected.yaml"} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_form_is_read_as_it_was_meant(name):
    expected = EXPECTED[name]
    options = expected.get("options", {})
    if "refused" in expected:
        with pytest.raises(TopologyError, match=expected["refused"]):
            read_topology(FORMS / name, **options)
        return
    graph = read_topology(FORMS / name, **options)
    directed = expected.get("directed", False)
    links = {tuple(link[:2]): link[2:] for link in expected["links"]}
    links |= {} if directed else {(target, source): weight for (source, target), weight in links.items()}
    weights = [[]] * graph.n_edges if graph.weights is None else [[weight] for weight in graph.weights.tolist()]
    ends = zip(graph.sources.tolist(), graph.targets.tolist(), strict=True)
    found = {(graph.names[one], graph.names[other]): w for (one, other), w in zip(ends, weights, strict=True)}
    assert list(graph.names) == expected["names"]
    assert found == links
    assert {key: list(values) for key, values in graph.attributes.items()} == expected.get("attributes", {})
    assert {key: list(values) for key, values in graph.link_attributes.items()} == expected.get("link_attributes", {})
    assert (None if graph.positions is None else graph.positions.tolist()) == expected.get("positions")
    summary = graph.summary
    assert (summary.agents, summary.links) == (len(expected["names"]), len(expected["links"]))
    assert (summary.directed, summary.weighted) == (directed, any(links.values()))
    assert (summary.isolated, summary.components) == (expected.get("isolated", 0), expected.get("components", 1))
    assert list(summary.left_out) == expected.get("left_out", [])
    assert expected.get("tell", "") in str(summary)
