"""The door: names, files, overrides, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hubbub.scenarios.library import descriptions, names
from hubbub.scenarios.loading import assignment, load, override, parse, read
from hubbub.scenarios.systems import assemble
from hubbub.simulator.errors import ConfigurationError


def test_every_scenario_has_a_description_of_one_line() -> None:
    assert descriptions() == {name: read(name)["description"] for name in names()}
    assert all(text and "\n" not in text for text in descriptions().values())


@pytest.mark.parametrize("name", names())
def test_every_scenario_is_valid_and_described(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert scenario.description


@pytest.mark.parametrize("name", names())
def test_the_resolved_configuration_can_be_run_again(name: str) -> None:
    scenario = load(name)
    resolved = scenario.model_dump(mode="json")
    assert parse(resolved).model_dump(mode="json") == resolved
    assert parse(yaml.safe_load(yaml.safe_dump(resolved))).model_dump(mode="json") == resolved


@pytest.mark.parametrize(
    ("given", "noise"), [("0.1,0.2", (0.1, 0.2)), (0.1, (0.1,)), ("0.1", (0.1,)), ([0.1, 0.2], (0.1, 0.2))]
)
def test_single_values_given_to_a_list_by_name_are_a_list(given: Any, noise: tuple[float, ...]) -> None:
    scenario = load("sedam", {"copies.noise": given, "modules": "hubbub,numpy"})
    assert scenario.copies.noise == noise  # type: ignore[attr-defined]
    assert scenario.modules == ("hubbub", "numpy")


def test_a_file_gives_lists_in_brackets() -> None:
    data = load("sedam").model_dump(mode="json")
    data["copies"]["noise"] = "0.1,0.2"
    with pytest.raises(ConfigurationError, match=r"copies\.noise: expected a list, such as \[0\.1,0\.2\], got '0\.1"):
        load(data)
    with pytest.raises(ConfigurationError, match=r"copies\.noise\.1: expected a number, got 'x'"):
        load("sedam", {"copies.noise": "0.1,x"})


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"training.step": 3}, r"training\.step: .*did you mean 'steps'\?"),
        ({"trainin.steps": 3}, r"trainin: .*did you mean 'training'\?"),
        ({"steps": 3}, r"^steps: .*got 'steps'; did you mean training\.steps\?$"),
        ({"stpes": 3}, r"did you mean training\.steps\?$"),
        ({"training.hidden": 3}, r"did you mean agent\.hidden\?$"),
        ({"lexicon_evry": 3}, r"did you mean recording\.lexicon_every\?$"),
        ({"every": 3}, r"did you mean rewiring \(a list, of which each entry has it\) or turnover\.every\?$"),
        ({"radius": 3}, r"got 'radius'; with topology\.kind=random-geometric there is such a field$"),
        ({"nothing_like_it": 3}, r"got 'nothing_like_it'$"),
        ({"training.steps": "many"}, r"training\.steps: .*integer.*'many'"),
        ({"training.steps": True}, r"training\.steps: .*integer.*'True'"),
        ({"training.learning_rate": False}, r"training\.learning_rate: .*number.*'False'"),
        ({"seed": True}, r"seed: .*integer.*'True'"),
        ({"training.steps": 10.5}, r"training\.steps: .*integer.*10\.5"),
        ({"training.steps": "1e-3"}, r"training\.steps: .*integer.*'1e-3'"),
        ({"engine.threads": 99999}, r"engine\.threads: expected less than or equal to 256, got 99999"),
        ({"training.steps": -1}, r"training\.steps: .*greater than or equal to 0, got -1"),
        ({"training.pairing": "nodes"}, r"training\.pairing: .*did you mean 'node'\?"),
        ({"topology.kind": "rign"}, r"topology\.kind: .*did you mean 'ring'\?"),
        ({"topology.kind": "ring"}, r"topology\.n_agents: expected a value, got nothing"),
        ({"topology.neighbours": 2}, r"topology\.neighbours: expected one of the fields of topology"),
        ({"game.kind": "reconstuction"}, r"game\.kind: .*did you mean 'reconstruction'\?"),
        ({"agent.copling": "tied"}, r"agent\.copling: .*did you mean 'coupling'\?"),
        ({"channel.estimator": "gumble"}, r"channel\.estimator: .*did you mean 'gumbel'\?"),
        ({"channel.max_length": 1}, r"channel: expected max_length of at least 2"),
        ({"rewiring": [{"every": 2, "rule": {"kind": "random"}}]}, r"rewiring\.0\.rule\.kind: .*'random-rewire'"),
        ({"rewiring": [{"rule": {"kind": "random-rewire", "probability": 0.1}}]}, r"either `every` or `at`"),
        (
            {"channel.estimator": "reinforce", "training.games_per_step": 1},
            r"training\.games_per_step: expected at least 2 with channel\.estimator=reinforce.* got 1",
        ),
        ({"recording.lexicon_every": 75}, r"recording\.lexicon_every: expected a multiple .*\(50\), got 75"),
        ({"seed": -3}, r"seed: .*got -3"),
        ({"name": "../up"}, r"name: .*'\.\./up'"),
        ({"training": 3}, r"training: .*got 3"),
        ({"training.steps.more": 3}, r"training\.steps\.more|steps to be a section"),
        ({"modules": ["no.such.module"]}, r"cannot import the module 'no\.such\.module'"),
        ({"modules": ["nowhere.py"]}, r"no file .*nowhere\.py"),
    ],
)
def test_mistakes_are_named_with_the_nearest_valid_name(overrides: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load("karate", overrides)


def test_whole_numbers_may_be_written_as_floats() -> None:
    assert load("karate", dict([assignment("training.steps=1e3"), assignment("seed=2.0")])).length == 1000
    options = {"topology.kind": "stochastic-block", "topology.sizes": [4.0, 3], "topology.within": 1}
    assert load("karate", {**options, "topology.between": 0}).topology.sizes == [4, 3]


def test_all_mistakes_are_listed_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load("karate", {"training.step": 3, "channel.vocabulry": 4})
    assert len(str(caught.value).splitlines()) == 2


def test_another_kind_drops_the_options_of_the_former() -> None:
    data = {"topology": {"kind": "ring", "n_agents": 4, "neighbours": 1}}
    assert override(data, "topology.kind", "karate") == {"topology": {"kind": "karate"}}
    assert override(data, "topology.kind", "ring") == data
    assert data["topology"]["neighbours"] == 1


def test_overrides_are_read_as_yaml() -> None:
    for text, value in {"1e-3": 0.001, "1e3": 1000.0, "-.5E+2": -50.0, "3.e1": 30.0, "7": 7, "1e": "1e"}.items():
        read_value = assignment(f"a.b={text}")[1]
        assert (read_value, type(read_value)) == (value, type(value))
    assert assignment("a=[1, 2]") == ("a", [1, 2])
    assert assignment("a=x=y") == ("a", "x=y")
    assert load("karate", {"training.learning_rate": "1e-3"}).training.learning_rate == 0.001
    for text in ("a", "=3", "a=[1"):
        with pytest.raises(ConfigurationError):
            assignment(text)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from hubbub.simulator.topology import topology\n@topology('pair')\ndef pair():\n    return [(0, 1)]\n"
    )
    (tmp_path / "duo.yaml").write_text("topology: {kind: pair}\nmodules: [mine.py]\n")
    scenario = load(tmp_path / "duo.yaml")
    assert scenario.name == "duo"
    assert scenario.topology.kind == "pair"
    assert scenario.modules == (str(tmp_path / "mine.py"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", "not valid YAML"),
        ("- 1", "expected a mapping"),
        ("training: {steps: 5}\nname: x\ntraining: {}", "'training' is given twice"),
        ("training: {steps: 5, steps: 6}", r"'steps' is given twice.*line 1, column 22"),
        ("!!python/object/apply:os.system ['true']", "not valid YAML"),
    ],
)
def test_files_that_are_none(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=message):
        read(path)


def test_a_missing_file_and_an_unknown_name() -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read("nowhere.yaml")
    with pytest.raises(ConfigurationError, match="did you mean 'karate'"):
        read("karrate")


def test_paths_that_are_typed_mean_files_in_the_present_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "line.edgelist").write_text("a b\nb c\n")
    scenario = load("karate", {"topology.kind": "file", "topology.path": "line.edgelist"})
    assert scenario.topology.options()["path"] == tmp_path / "line.edgelist"


def test_a_pairing_rule_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "everyone.py").write_text(
        "import numpy as np\n"
        "from hubbub.simulator.pairing import Exchanges, pairing\n"
        "@pairing('everyone-to-zero')\n"
        "def everyone(*, topology):\n"
        "    return Exchanges(np.arange(1, topology.n_agents), np.zeros(topology.n_agents - 1, dtype=np.int64))\n"
    )
    choices = {"modules": [str(tmp_path / "everyone.py")], "training.pairing": "everyone-to-zero"}
    population = assemble(load("karate", {**choices, "training.games_per_step": 2, "agent.self_talk": 0.0}))
    population.step(1)
    assert population.games == 33 * 2
