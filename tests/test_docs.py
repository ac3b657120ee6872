"""The written reference fits the code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def runs_well(program: Any) -> None:
    """Wait for the end of a program of its own; other tests register what it should not know, and the reverse."""
    _, complained = program.communicate()
    assert program.returncode == 0, complained


def test_the_reference_is_up_to_date(tmp_path: Path, forked: Any) -> None:
    runs_well(forked(ROOT / "docs" / "reference.py", tmp_path))
    for name in ("reference.md", "hubbub.schema.json"):
        assert (ROOT / "docs" / name).read_text() == (tmp_path / name).read_text(), f"docs/{name}: run `make reference`"


def test_the_reference_names_types_and_bounds_as_they_are() -> None:
    page = (ROOT / "docs" / "reference.md").read_text()
    for line in (
        "- `sizes`: list of int ≥ 1, required",
        "| `at` | list of int ≥ 1 or None | `None` |",
        "| `rewiring` | list of sections | `()` |",
        "| `turnover` | section or None | `None` |",
        "- `n_agents`: int ≥ 2, ≤ 100000, required",
        "| `pairing` | `all-links` or `edge` or `matching` or `node` | `'node'` |",
    ):
        assert line in page


def test_the_topology_of_the_guide_for_contributors_is_a_whole_file(tmp_path: Path, forked: Any) -> None:
    block = (ROOT / "CONTRIBUTING.md").read_text().partition("```python\n")[2].partition("```")[0]
    (tmp_path / "my_graph.py").write_text(block)
    code = (
        "import numpy as np; from hubbub.simulator.registry import load_module; "
        "from hubbub.simulator.topology import topology; "
        "load_module('my_graph'); made = topology['my-graph'](9, generator=np.random.default_rng(0)); "
        "assert made.n_agents == 9 and made.out_degrees.min() >= 2; assert list(topology.parameters('my-graph'))"
    )
    (tmp_path / "script.py").write_text(code)
    runs_well(forked(tmp_path / "script.py", cwd=tmp_path))


def test_links_of_the_readme_are_absolute_and_lead_to_files_that_are_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    links = re.findall(r"\]\(([^)]+)\)", (ROOT / "README.md").read_text())
    assert len(links) > 10
    for link in links:
        base, path = re.fullmatch(r"(.+)/(?:blob|raw|tree)/main/(.+)", link).groups()  # type: ignore[union-attr]
        assert base == project["urls"]["Repository"], link
        assert (ROOT / path).exists(), link
