"""The report of a study: which conditions differ in what, said first, with all that it rests on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

import hubbub
from hubbub.analysis.comparison import compare_conditions
from hubbub.analysis.report import write_report
from hubbub.analysis.studies import StudyResult
from hubbub.analysis.studies.findings import StudyFindings, find_study
from hubbub.analysis.studies.sentences import answers, left_out, method, seeds_needed
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import Run

TWO = [{"dynamics.noise": 0.1}, {"dynamics.noise": 0.9}]


def apart(setting: dict[str, Any], seed: int) -> dict[str, float]:
    """A share that goes with noise, another metric that does not, and one that is always the same."""
    noise = setting["dynamics.noise"]
    luck = np.random.default_rng([seed, int(10_000 * noise)]).normal(size=2)
    return {"share": noise + 0.05 * luck[0], "other <b>": luck[1], "n": 5.0}


def statements(found: StudyFindings) -> str:
    return " ".join(" ".join([one.statement, *one.items]) for one in answers(found))


@pytest.fixture
def eight_seeds(make_study: Callable[..., StudyResult]) -> StudyResult:
    return make_study(TWO, list(range(8)), apart, headline=("share",))


def test_it_says_which_conditions_differ_in_what(eight_seeds: StudyResult) -> None:
    found = find_study(eight_seeds)
    assert found.quantities == ("share", "other <b>")
    [answer] = answers(found)
    assert answer.statement == "noise 0.1 and noise 0.9 differ in 1 of 2 quantities:"
    [item] = answer.items
    values = [[apart(setting, seed)["share"] for seed in range(8)] for setting in TWO]
    by_hand = compare_conditions(*(np.array(one)[:, None] for one in values), paired=True)
    assert item.startswith(f"share ({np.mean(values[0]):.3g} against {np.mean(values[1]):.3g}; difference −0.")
    assert item.endswith("p = 0.008)") and by_hand.differences[0].p_value == 2 / 2**8
    assert found.pairs[0].paired and found.pairs[0].n_seeds == (8, 8)
    assert left_out(found) == ["The same in all runs: n (5)."]


def test_few_seeds_are_told_as_such(make_study: Callable[..., StudyResult]) -> None:
    said = statements(find_study(make_study(TWO, [0, 1, 2, 3, 4], apart)))
    assert "with 5 shared seeds no difference can be told from chance, because the smallest possible corrected" in said
    assert "is 0.0625; it needs 6 seeds in each condition or more. Furthest apart" in said
    assert [seeds_needed(1, paired=True), seeds_needed(3, paired=True), seeds_needed(1, paired=False)] == [6, 7, 4]


def test_many_conditions_are_compared_with_the_first_and_p_is_multiplied(
    make_study: Callable[..., StudyResult],
) -> None:
    settings = [{"dynamics.noise": 0.1 * number} for number in range(8)]
    found = find_study(make_study(settings, list(range(10)), apart))
    assert [(pair.first, pair.second) for pair in found.pairs] == [(0, number) for number in range(1, 8)]
    assert found.pairs[-1].corrected[0] == pytest.approx(7 * 2 / 2**10)
    assert "With 8 conditions, each is compared with the first one only." in method(found)
    assert {one.quantity for one in found.associations} == set()  # no headline, no measure


def test_unshared_seeds_are_not_paired_and_failed_runs_are_listed(
    make_study: Callable[..., StudyResult], tmp_path: Path
) -> None:
    study = make_study(TWO, list(range(6)), apart, failed=tuple(f"small-0-s{n}" for n in range(5)))
    found = find_study(study)
    assert "are not compared: 1 and 6 finished runs are too few" in statements(found)
    page = write_report(study, out=tmp_path / "out").read_text()
    assert "training &lt;diverged&gt;" in page and "training <diverged>" not in page
    assert "5 of 12 runs did not finish" in page
    assert "other &lt;b&gt;" in page
    rows = [{**row, "seed": row["seed"] + 100 * (row["dynamics.noise"] > 0.5)} for row in study.rows]
    unpaired = find_study(StudyResult(study.path, [row for row in rows if row["status"] == "finished"], {}))
    assert not unpaired.pairs[0].paired


def test_drawn_settings_are_related_by_rank(make_study: Callable[..., StudyResult]) -> None:
    settings = [{"dynamics.noise": noise} for noise in np.random.default_rng(0).random(30).round(4).tolist()]
    found = find_study(make_study(settings, [0], apart, headline=("share",), mode="random"))
    assert found.pairs == ()
    assert re.search(
        r"share rises with noise \(Spearman correlation 0.9\d over 30 runs, p < 0.001\)", statements(found)
    )


def test_the_best_trial_is_said_with_a_caution(make_study: Callable[..., StudyResult]) -> None:
    settings = [{"dynamics.noise": noise} for noise in (0.2, 0.9, 0.4)]
    asked = {"maximize": "share", "minimize": None, "trials": 4}
    study = make_study(settings, [0, 1], apart, headline=("share",), mode="optuna", optuna=asked)
    trials = [
        {"number": n, "settings": setting, "runs": [f"small-{n}-s0", f"small-{n}-s1"], "problem": "",
         "value": float(np.mean([apart(setting, seed)["share"] for seed in (0, 1)]))}
        for n, setting in enumerate(settings)
    ]  # fmt: skip
    trials.append({"number": 3, "settings": {"dynamics.noise": 2.0}, "runs": [], "value": None, "problem": "<refused>"})
    (study.path / "trials.json").write_text(json.dumps({"trials": trials, "importance": {"dynamics.noise": 1.0}}))
    said = statements(find_study(study))
    assert f"The best of 4 trials is number 1, with noise 0.9: share {trials[1]['value']:.4g}, the mean of 2" in said
    assert "too good on average" in said
    page = write_report(study).read_text()
    assert "&lt;refused&gt;" in page and "<td>noise</td>" in page and "100 %" in page.replace("&nbsp;", " ")
    assert {file.stem for file in (study.path / "figures").glob("*.svg")} == {"curves", "settings", "trials"}


@pytest.mark.files_of_figures
def test_the_page_of_populations_has_maps_and_measures(
    make_study: Callable[..., StudyResult], write_population: Callable[..., Run]
) -> None:
    def population(path: Path, setting: dict[str, Any], seed: int, values: dict[str, float]) -> None:
        write_population(path, nx.circular_ladder_graph(setting["agents"]), n_lexicons=1, seed=seed, held_out=False)

    study = make_study(
        [{"agents": 4}, {"agents": 6}], [0, 1], lambda *_: {}, write=population, measures=["message_length", "dialects"]
    )
    page = hubbub.report(study.path).read_text()
    assert (study.path / "figures" / "dialect-maps.png").exists()
    assert "http" not in page.replace("http://www.w3.org", "")
    for words in ("agents 4 and agents 6", "message length", "dialects: silhouette", "seed 1: ", "Hedges&#x27; g"):
        assert words in page, words
    numbers = json.loads((study.path / "figures" / "summary.json").read_text())
    assert numbers["measures"] == ["message_length", "dialects"]
    assert len(numbers["comparisons"]) == 1 and numbers["comparisons"][0]["paired"]
    assert (study.path / "runs" / "small-0-s0" / "measures.json").exists()
    chosen = find_study(study, ["hubs"])
    assert chosen.measures == ("hubs",) and len(chosen.maps) == 2


def test_a_study_of_one_condition_or_without_any_finished_run(make_study: Callable[..., StudyResult]) -> None:
    study = make_study([{"dynamics.noise": 0.5}], [0, 1, 2], apart)
    assert "There is one condition" in statements(find_study(study))
    none = StudyResult(study.path, [{**row, "status": "waiting", "step": 0} for row in study.rows], {})
    assert "No run has finished" in statements(find_study(none))
    assert "it was not begun" in write_report(none, out=study.path / "out").read_text()


def test_measures_are_for_studies(karate_run: Run, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="measures: expected none for a run"):
        write_report(karate_run, out=tmp_path / "out", measures=["similarity"])
