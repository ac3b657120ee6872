"""Studies: what a file or a command line says, and the runs that follow from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hubbub.scenarios.studies import Study, read_study
from hubbub.scenarios.studies.expanding import expand
from hubbub.scenarios.studies.varied import Interval, varied
from hubbub.simulator.configuration import validate
from hubbub.simulator.errors import ConfigurationError, HubbubError


def settings(study: Study) -> list[tuple[Any, ...]]:
    return [(*run.settings.values(), run.seed) for run in expand(study)]


def test_a_grid_is_every_combination_with_every_seed() -> None:
    study = read_study("group-size", ["topology.n_agents=2,4", "agent.hidden=8,16", "training.steps=5", "seed=3..4"])
    assert settings(study) == [
        (n, hidden, seed) for n in (2, 4) for hidden in (8, 16) for seed in (3, 4)
    ]  # fmt: skip
    runs = expand(study)
    assert [run.name for run in runs[:3]] == ["group-size-0-s3", "group-size-0-s4", "group-size-1-s3"]
    assert {run.scenario.length for run in runs} == {5}
    assert runs[-1].scenario.seed == 4


def test_a_list_goes_side_by_side() -> None:
    study = read_study("group-size", ["topology.n_agents=2,4,8", "training.steps=80,40,20"], mode="list")
    assert settings(study) == [(2, 80, 0), (4, 40, 0), (8, 20, 0)]
    assert len(expand(read_study("group-size", mode="list"))) == 1


def test_random_settings_are_different_and_more_of_them_leave_the_first_as_they_are() -> None:
    typed = ["training.learning_rate={low: 1e-4, high: 1e-2, log: true}", "agent.hidden=8,16", "topology.n_agents=2..9"]
    few = settings(read_study("group-size", typed, mode="random", samples=5))
    many = settings(read_study("group-size", typed, mode="random", samples=40))
    assert many[:5] == few
    assert len(set(many)) == 40
    assert {hidden for _, hidden, *_ in many} == {8, 16}
    other = settings(read_study("group-size", [*typed, "seed=1"], mode="random", samples=5))
    assert {rate for rate, *_ in other}.isdisjoint(rate for rate, *_ in few)
    all_of_them = settings(read_study("group-size", ["agent.hidden=8,16,32"], mode="random", samples=3))
    assert sorted(all_of_them) == [(8, 0), (16, 0), (32, 0)]


def test_fields_are_set_in_the_order_in_which_they_are_given() -> None:
    study = read_study("karate", ["topology.kind=star,ring", "topology.n_agents=5"])
    assert [run.scenario.topology.options()["n_agents"] for run in expand(study)] == [5, 5]  # type: ignore[attr-defined]
    sections = expand(read_study("karate", ["topology={kind: star, n_agents: 17},{kind: karate}"]))
    assert [2 * sections[0].scenario.size] == [sections[1].scenario.size]  # 34 agents, counted in the graph


def test_a_study_file_names_its_scenario_beside_it(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: small\ntopology: {kind: ring, n_agents: 3}\nagent: {kind: gru}\n")
    file = tmp_path / "widths.yaml"
    file.write_text("scenario: mine.yaml\nseeds: 0..1\nvary:\n  agent.hidden: [4, 8]\n  training.steps: 7\n")
    study = read_study(file)
    assert study.name == "widths"
    assert study.varying == ("agent.hidden",)
    assert settings(study) == [(4, 0), (4, 1), (8, 0), (8, 1)]
    changed = read_study(file, ["training.steps=9", "seed=5"])
    assert {run.scenario.length for run in expand(changed)} == {9}
    assert changed.seeds == (5,)


def test_paths_in_a_study_mean_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "friends.csv").write_text("source,target\na,b\nb,c\n")
    file = tmp_path / "friends.yaml"
    file.write_text("scenario: {topology: {kind: file, path: friends.csv}}\n")
    assert read_study(file).scenario["topology"]["path"] == str(tmp_path / "friends.csv")


def test_a_study_of_its_own_words_is_itself() -> None:
    study = read_study("karate", ["agent.hidden={low: 4, high: 64, log: true}"], mode="random", samples=2)
    assert validate(Study, study.model_dump(mode="json")) == study


def test_numbers_of_an_interval() -> None:
    generator = np.random.default_rng(0)
    whole = Interval(low=1, high=4)
    assert {whole.draw(generator) for _ in range(100)} == {1, 2, 3, 4}
    log = np.array([Interval(low=1, high=1000, log=True).draw(generator) for _ in range(2000)])
    assert log.min() >= 1 and log.max() <= 1000
    assert abs(np.mean(log < 31.6) - 0.5) < 0.04  # half of them below the geometric mean
    real = [Interval(low=0.5, high=2).draw(generator) for _ in range(100)]
    assert all(isinstance(value, float) and 0.5 <= value <= 2 for value in real)
    assert varied("a", "-1..1") == (-1, 0, 1)
    assert varied("a", ["0..1", 7]) == (0, 1, 7)
    assert varied("a", 0.1) == (0.1,)


@pytest.mark.parametrize(
    ("words", "options", "message"),
    [
        (["agent.hiden=2,4"], {}, "agent.hiden: .*did you mean 'hidden'"),
        (["agent.hidden=8,x"], {}, "agent.hidden: expected .*integer.*got 'x'"),
        (["agent.hidden"], {}, "study: expected section.field=value,value …, got 'agent.hidden'"),
        (["agent.hidden=[8"], {}, "agent.hidden: .* not valid YAML"),
        (["agent.hidden="], {}, r"agent.hidden: expected at least one value, got \[\]"),
        (["agent.hidden={low: 1, hihg: 8}"], {}, "agent.hidden: .* got 'hihg'; did you mean 'high'"),
        (["agent.hidden={low: 8, high: 1}"], {}, r"agent.hidden: high: expected more than low \(8\), got 1"),
        (["agent.hidden={low: 1, high: 8}"], {}, "vary.agent.hidden: expected a list of values in a grid study"),
        (["agent.hidden={low: 1, high: 8}"], {"mode": "random"}, "samples: expected how many"),
        (["agent.hidden=8,16"], {"mode": "random", "samples": 3}, "samples: expected at most 2"),
        (["agent.hidden=8,16"], {"samples": 3}, "samples: expected none in a grid study, got 3"),
        (["agent.hidden=8,16", "training.steps=1,2,3"], {"mode": "list"}, "vary: expected lists of one length"),
        (["agent.hidden=8,16"], {"mode": "grit"}, "mode: expected .*got 'grit'"),
        (["agent.hidden=8,16,8.0"], {}, "karate-0-s0 and karate-2-s0 are the same run"),
        (["seed=0,0"], {}, "karate-0-s0 and karate-0-s0 are the same run"),
        (["seed=-1..1"], {}, "seeds.*: expected .*0"),
    ],
)
def test_bad_studies_are_refused(words: list[str], options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        expand(read_study("karate", words, **options))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scenario: karat", "did you mean 'karate'"),
        ("scenario: 3", "scenario: expected the name or the YAML file of a scenario, or its sections, got 3"),
        ("scenario: karate\nvarry: {}", "varry: .*did you mean 'vary'"),
        ("scenario: karate\nvary: [1]", "vary: expected a section with fields"),
        ("scenario: karate\nvary: {seed: [1]}", "vary: seed: give seeds"),
        ("scenario: karate\nseeds: []", r"seeds: expected at least one value, got \[\]"),
    ],
)
def test_bad_study_files_are_refused(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "study.yaml"
    file.write_text(text)
    with pytest.raises(HubbubError, match=message):
        expand(read_study(file))
