"""What cannot be is refused before it is tried, by the setting that asks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import hubbub.simulator.memory_limit as memory_limit
from hubbub.simulator.control.catalogue import StepResult
from hubbub.simulator.control.rollouts import checked
from hubbub.simulator.errors import RunError

CommandLine = Callable[..., tuple[int, str, str]]
SMALL = ("topology.n_agents=4", "agent.hidden=4", "agent.embedding=4", "training.steps=2", "recording.referents=4")


@pytest.mark.parametrize(
    ("words", "field", "says"),
    [
        (("agent.hidden=9223372036854775807",), "agent.hidden", "needs about"),
        (("agent.hidden=200000",), "agent.hidden", "needs about 6.99 TiB"),
        (("agent.embedding=10000000000",), "agent.embedding", "needs about"),
        (("training.games_per_step=10000000000",), "training.games_per_step", "needs about 9.31 TiB"),
        (("channel.max_length=1000000000",), "channel.max_length", "needs about 7.45 TiB"),
        (("channel.temperature=1e-300",), "channel.temperature", "got 1e-300"),
        (("channel.entropy_bonus=1e38",), "channel.entropy_bonus", "got 1e+38"),
        (("channel.length_cost=1e300",), "channel.length_cost", "got 1e+300"),
        (("turnover={every: 1, agents: 5}",), "turnover.agents", "expected at most 4, the number of agents, got 5"),
        (("modules=os",), "modules", "got 'os', a module of Python itself"),
        (("modules=[os.path]",), "modules", "got 'os.path', a module of Python itself"),
        (("name='a\x07b'",), "name", "\\x07"),
    ],
)
def test_a_run_that_cannot_be_is_refused(
    tmp_path: Path, hubbub: CommandLine, words: tuple[str, ...], field: str, says: str
) -> None:
    code, _, complained = hubbub("run", "group-size", *SMALL, *words, "--out", tmp_path / "run", "--json")
    assert code == 2
    assert complained.startswith(f"hubbub: {field}: ") and says in complained and complained.count("\n") == 1
    assert "\x07" not in complained
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "words", [("seed=0..99999999999",), ("seed=0..9999", "agent.hidden=1..1000"), ("agent.hidden=1..99999999999",)]
)
def test_a_sweep_of_too_many_runs_is_refused(tmp_path: Path, hubbub: CommandLine, words: tuple[str, ...]) -> None:
    code, _, complained = hubbub("sweep", "group-size", *words, "--out", tmp_path / "study")
    assert code == 2
    assert "expected at most 1,000,000" in complained and "need about" in complained
    assert not (tmp_path / "study").exists()


@pytest.mark.parametrize("shape", [(2**50,), (2**40, 2**40)])
def test_want_of_memory_is_one_message(shape: tuple[int, ...]) -> None:
    with pytest.raises(RunError, match=r"the memory of this machine, .* is not enough"), memory_limit.memory_errors():
        np.empty(shape)
    with pytest.raises(RunError, match=r"is not enough: .*MemoryError"), memory_limit.memory_errors():
        raise MemoryError
    with pytest.raises(ValueError, match="other"), memory_limit.memory_errors():
        raise ValueError("other")


def test_the_limit_of_a_container_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory_limit, "CONTAINER", (str(limit),))
    whole = memory_limit.memory_bytes()
    limit.write_text("max\n")
    assert memory_limit.memory_bytes() == whole
    limit.write_text("1000000\n")
    assert memory_limit.memory_bytes() == 1000000
    assert memory_limit.size(1000000) == "977 KiB"


@pytest.mark.parametrize("name", ["rewards", "observations"])
def test_an_environment_whose_numbers_are_not_finite_is_said(name: str) -> None:
    parts = {"observations": np.zeros((2, 3)), "rewards": np.zeros(2)}
    ended = np.zeros(2, dtype=bool)
    result = StepResult(**parts, terminated=ended, truncated=ended)
    actions = np.zeros((2, 1))
    assert checked(result, actions) is result
    parts[name].flat[0] = np.nan
    with pytest.raises(RunError, match=f"environment: expected finite {name}, got nan"):
        checked(result, actions)
    actions[0] = np.nan  # it was the agent
    assert checked(result, actions) is result
