"""A scenario written as a file to edit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hubbub.scenarios.library import names
from hubbub.scenarios.loading import load
from hubbub.scenarios.template import template, write_template
from hubbub.simulator.configuration import Section
from hubbub.simulator.errors import ConfigurationError

CommandLine = Callable[..., Any]


def described(section: Section) -> int:
    """Return the number of fields in a section and in all sections inside."""
    inside = [value for name in type(section).model_fields for value in sections(getattr(section, name))]
    return len(type(section).model_fields) + sum(map(described, inside))


def sections(value: Any) -> list[Section]:
    if isinstance(value, tuple):
        return [entry for entry in value if isinstance(entry, Section)]
    return [value] if isinstance(value, Section) else []


@pytest.mark.parametrize("name", names())
def test_the_file_is_the_configuration_of_the_scenario_and_every_field_has_a_comment(name: str, tmp_path: Path) -> None:
    scenario = load(name)
    path = write_template(name, out=tmp_path / "other-name.yaml")
    assert load(path).model_dump(mode="json") == scenario.model_dump(mode="json")
    lines = path.read_text(encoding="utf-8").splitlines()
    fields = [place for place, line in enumerate(lines) if ":" in line and not line.lstrip().startswith("#")]
    assert len(fields) == described(scenario)
    assert all(lines[place - 1].lstrip().startswith("# ") for place in fields)


def test_comments_say_meaning_type_bounds_kinds_options_and_another_default() -> None:
    text = template(load("memory-dialects"))
    for lines in (
        "# Seed of all random numbers of the run [int ≥ 0].\nseed: 0\n",
        "# The kind of agent, with its architecture [section with a kind: associative, gru; default gru].\nagent:\n",
        "a new pair takes the place of the weakest [int ≥ 1; default 256].\n  load: 48\n",
        "  # Device on which to compute [cpu or cuda].\n  device: cpu\n",
        "  # The ring lattice in which each agent is linked to `neighbours` agents on each side.\n",
        "section with the fields first, agent, or\n# None].\nothers: null\n",
    ):
        assert lines in text


def test_overrides_are_part_of_the_file_and_strange_texts_stay_what_they_are(tmp_path: Path) -> None:
    wanted = {"topology.kind": "ring", "topology.n_agents": 6, "description": "a: b # c\n- [d] '\"\t\x85é"}
    path = write_template("karate", wanted, out=tmp_path / "ring.yml")
    assert load(path).model_dump(mode="json") == load("karate", wanted).model_dump(mode="json")


def test_a_file_that_is_there_is_replaced_only_when_told(tmp_path: Path, hubbub: CommandLine) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("mine")
    done = hubbub("init", "karate", "--out", path)
    assert (done.code, path.read_text()) == (2, "mine")
    assert f"out: {path} is there already; choose another file with --out, or add --force" in done.err
    done = hubbub("init", "karate", "--out", path, "--force")
    assert done.out == f"scenario: {path}\nnext: hubbub run {path}\n"
    assert load(path).name == "karate"
    assert [file.name for file in tmp_path.iterdir()] == ["mine.yaml"]


def test_mistakes(tmp_path: Path, hubbub: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = hubbub("init", "karat")
    assert done.code == 2
    assert "got 'karat'; did you mean 'karate'?" in done.err
    for out, message in (("mine.txt", "suffix .yaml or .yml"), ("folder.yaml", "expected a file, got the folder")):
        (tmp_path / "folder.yaml").mkdir(exist_ok=True)
        with pytest.raises(ConfigurationError, match=message):
            write_template("karate", out=out)
    assert [file.name for file in tmp_path.iterdir()] == ["folder.yaml"]
