"""Every flipped bit of a run is found by `verify` and by opening with `verify=True`."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import torch

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import Lexicon, RunWriter, open_run, verify


@pytest.fixture
def run(writer: RunWriter, make_lexicon: Callable[..., Lexicon]) -> Path:
    writer.write_table("agents.parquet", pa.table({"agent": [0, 1, 2], "name": ["a", "b", "c"]}))
    writer.write_table("topology/edges.parquet", pa.table({"source": [0], "target": [1], "weight": [None]}))
    writer.write_text("scenario.yaml", "name: karate\n")
    for step in range(3):
        writer.append_rows("metrics", step, [{"name": "loss", "value": step}])
        writer.append_rows("events", step, [{"kind": "edge-added", "source": 1, "target": step}])
        writer.write_snapshot(make_lexicon(step))
        writer.checkpoint(step, {"w": torch.ones(1)}, {"a": 1})
    writer.set_status("finished", step=2)
    writer.close()
    return writer.path


def test_a_run_is_as_it_was_written(run: Path) -> None:
    found = verify(run)
    assert found.problems == ()
    assert found.files > 10
    assert open_run(run, verify=True).step == 2


def test_every_flipped_bit_is_found(run: Path) -> None:
    draw = random.Random(0)
    files = sorted(path for path in run.rglob("*") if path.is_file() and path.name != ".lock")
    assert len(files) > 15
    for file in files:
        whole = file.read_bytes()
        for _ in range(2):
            content = bytearray(whole)
            content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
            file.write_bytes(content)
            with pytest.raises(StoreError):
                open_run(run, verify=True)
        file.write_bytes(whole)
    assert verify(run).problems == ()


def test_all_problems_are_listed_with_their_files(run: Path) -> None:
    (run / "agents.parquet").unlink()
    (run / "scenario.yaml").write_text("name: other_\n")
    (run / "metrics" / "part-0000000009-000009.parquet").write_bytes(b"")
    (run / "checkpoints" / "step-0000000002" / "state.json").write_text("{}")
    problems = verify(run).problems
    assert len(problems) == 4
    for problem, words in zip(
        problems,
        ("agents.parquet: missing", "scenario.yaml: expected SHA-256", "state.json: expected", "000009.parquet: the"),
        strict=True,
    ):
        assert words in problem
    with pytest.raises(StoreError, match=r"is not as it was written:\n  .*agents\.parquet: missing\n"):
        open_run(run, verify=True)


def test_links_between_agents_that_are_not_there_are_found(run: Path) -> None:
    with RunWriter.reopen(run) as writer:
        writer.write_table("topology/edges.parquet", pa.table({"source": [0], "target": [7], "weight": [None]}))
    [problem] = verify(run).problems
    assert problem.endswith("topology/edges.parquet: expected agents 0 to 2, got 7")
