"""Reproductions: runs are made once, taken up again, and judged."""

from __future__ import annotations

import json
import math
import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproducing import reproduce
from hubbub.scenarios.reproductions import (
    Above,
    Below,
    Claim,
    Job,
    Outcome,
    RunSet,
    Table,
    mean_of_known,
    reproduction,
)
from hubbub.scenarios.reproductions.plateau import late_change
from hubbub.scenarios.reproductions.writing import show, write_outcome
from hubbub.simulator.errors import ConfigurationError, HubbubError, StoreError
from hubbub.simulator.store import open_run

TINY: dict[str, Any] = {
    "topology.n_agents": 3,
    "agent.hidden": 8,
    "training.steps": 4,
    "training.games_per_step": 2,
    "engine.record_every": 2,
    "engine.checkpoint_every": 2,
}


def runs_in(folder: Path, said: list[str] | None = None) -> RunSet:
    return RunSet(folder, workers=2, say=(said if said is not None else []).append)


def test_runs_are_made_once_and_come_in_the_order_asked(tmp_path: Path) -> None:
    jobs = [Job(f"n{n}", "group-size", {**TINY, "topology.n_agents": n}, seed=n) for n in (2, 4)]
    runs = runs_in(tmp_path).run(jobs)
    assert [len(run.agents().names) for run in runs] == [2, 4]
    assert [run.info["seed"] for run in runs] == [2, 4]
    said: list[str] = []
    again = runs_in(tmp_path, said).run(jobs)
    assert said == []
    assert [run.info["updated"] for run in again] == [run.info["updated"] for run in runs]
    with pytest.raises(StoreError, match="another configuration"):
        runs_in(tmp_path).run([Job("n2", "group-size", {**TINY, "topology.n_agents": 3}, seed=2)])


def test_a_run_that_fails_is_named_and_the_others_are_made(tmp_path: Path) -> None:
    good = Job("good", "group-size", TINY)
    bad = Job("bad", "group-size", {**TINY, "training.learning_rate": 1e30})
    with pytest.raises(HubbubError, match=r"bad: training diverged"):
        runs_in(tmp_path).run([bad, good])
    assert open_run(tmp_path / "runs" / "good").status == "finished"


SCRIPT = """
import sys
from pathlib import Path
from hubbub.scenarios.reproductions import Job, RunSet
from hubbub.scenarios.studies.run_maker import RunsStopped
if __name__ == "__main__":
    changes = {"topology.n_agents": 4, "agent.hidden": 8, "engine.record_every": 5, "training.steps": int(sys.argv[2])}
    try:
        RunSet(Path(sys.argv[1]), workers=1, say=print).run([Job("long", "group-size", changes)])
    except RunsStopped as stopped:
        print(stopped)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_set_that_is_stopped_or_killed_leaves_runs_that_go_on(
    tmp_path: Path, number: signal.Signals, forked: Any
) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    process = forked(script, tmp_path, "1000000")
    path = tmp_path / "runs" / "long"
    wait_until(lambda: len(list((path / "lexicon").glob("messages/*"))) > 1)
    os.kill(process.pid, number)
    said, _ = process.communicate(timeout=60)
    if number == signal.SIGTERM:
        assert "the same command continues them" in said
    wait_until(lambda: open_run(path).status == "stopped")  # also where nobody is left to wait for it


def wait_until(happened: Any) -> None:
    end = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("interval", "above", "below"),
    [
        ((0.1, 0.3), "holds", "does not hold"),
        ((-0.3, -0.1), "does not hold", "holds"),
        ((-0.1, 0.1), "not decided", "not decided"),
        (None, "not decided", "not decided"),
    ],
)
def test_a_claim_holds_when_the_whole_interval_says_so(
    interval: tuple[float, float] | None, above: str, below: str
) -> None:
    assert Above(0).verdict(interval) == above
    assert Below(0).verdict(interval) == below


def test_an_outcome_is_written_for_people_and_machines(tmp_path: Path) -> None:
    value = over_seeds([0.5, 0.7, 0.6])
    claims = [
        Claim("C1", "|it| grows", "a slope", value, Above(0), "with care", "somebody"),
        Claim("C2", "it shrinks", "another", Measure(math.nan, "1", "fit", 0, reason="too few"), Below(0)),
        Claim("C3", "it stays", "a third", over_seeds([1.0, 1.0, math.nan]), Above(0.5)),
    ]
    files = write_outcome(Outcome("Title", claims, Table([{"seed": 0, "value": 0.5}])), tmp_path, command="hubbub …")
    assert {file.name for file in files} == {"claims.json", "results.md", "measurements.csv"}
    kept = json.loads((tmp_path / "claims.json").read_text())["claims"]
    assert [claim["verdict"] for claim in kept] == ["holds", "not decided", "holds"]
    assert kept[2]["each"] == [1.0, 1.0, None]
    assert kept[0]["each"] == [0.5, 0.7, 0.6]
    assert kept[1]["value"] is None
    page = (tmp_path / "results.md").read_text()
    assert r"| C1: \|it\| grows | somebody | a slope | 0.600 [0.352, 0.848] (n = 3) | > 0 | holds |" in page
    assert "– (too few)" in page and "with care" in page and "- C3: 1 of 3 seeds left out" in page
    assert (tmp_path / "measurements.csv").read_text().splitlines()[1] == "0,0.5"
    assert show(value).startswith("0.600 [")


def test_late_change_compares_the_last_two_fifths() -> None:
    steps = np.arange(11) * 10
    assert late_change(steps, np.ones(11)) == 0
    assert late_change(steps, steps / 10) == pytest.approx(2.0)
    assert late_change(steps, np.where(steps > 60, 0.5, 0.0)) == 0


def test_rows_are_picked_and_paired_by_seed() -> None:
    rows = [
        {"kind": kind, "seed": seed, "x": seed + lead} for kind, lead in (("a", 1.0), ("b", 0.0)) for seed in (0, 1)
    ]
    table = Table(rows)
    assert table.where(kind="b").column("x") == [0.0, 1.0]
    assert table.where(kind="a").minus(table.where(kind="b"), "x").interval == (1.0, 1.0)


def test_values_that_are_not_known_are_left_out_of_a_mean_by_name() -> None:
    seeds = [[("p = 0", math.nan), ("p = 0.1", 1.0), ("p = 0.2", 3.0)], [("p = 0", math.nan), ("p = 0.1", 4.0)]]
    found = mean_of_known(seeds)
    assert [one.value for one in found.each] == [2.0, 4.0]
    assert found.reason == "2 of 5 values left out, undefined at p = 0"
    nothing = mean_of_known([seeds[0], seeds[1][:1]])
    assert (nothing.value, nothing.n) == (2.0, 1)
    assert nothing.reason == "2 of 4 values left out, undefined at p = 0; 1 of 2 seeds left out"
    assert mean_of_known([values[1:] for values in seeds]).reason == ""


def test_what_can_be_reproduced_has_a_scenario_and_a_line_of_help() -> None:
    from hubbub.scenarios.library import names

    assert {"group-size", "local-dialects", "graph-search", "contact", "turnover", "adaptive-links"} <= set(
        reproduction
    )
    of_others = {"emergence-atlas", "layer-information-large", "real-splits", "hub-lead"}  # in scenarios of other names
    assert set(reproduction) - of_others <= set(names())
    assert all((reproduction[name].__doc__ or "").strip() for name in reproduction)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "group-sise"}, "reproduction: expected one of .*; did you mean 'group-size'"),
        ({"name": "group-size", "scale": "ful"}, "scale: expected small or full, got 'ful'; did you mean 'full'"),
        ({"name": "group-size", "workers": 0}, "workers: expected at least 1, got 0"),
    ],
)
def test_bad_requests_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        reproduce(**options)
