"""W&B, MLflow and Trackio without a network: what each has written to the disk of a run in two parts.

Outside of the default tests, since these packages are large: `pytest -m trackers tests/scenarios/tracking`.
"""

from __future__ import annotations

import json
import math
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hubbub.checks.metric import TALK
from hubbub.scenarios import resume, run
from hubbub.simulator.store import Run

pytestmark = [pytest.mark.trackers, pytest.mark.filterwarnings("default")]
BLOCK = 32768
TINY = {"engine.record_every": 2, "engine.checkpoint_every": 4}


def in_two_parts(folder: Path, tracking: dict[str, Any]) -> Run:
    run(TALK, {**TINY, "training.steps": 4, "tracking": [tracking]}, out=folder / "mine")
    return resume(folder / "mine", {"training.steps": 8})


def defined(made: Run) -> list[tuple[int, str, float]]:
    """Return step, name and value of everything that is defined."""
    return [
        (step, name, value)
        for step, metrics in made.records()
        for name, value in sorted(metrics.items())
        if not math.isnan(value)
    ]


def test_wandb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("wandb")
    monkeypatch.chdir(tmp_path)
    made = in_two_parts(tmp_path, {"kind": "wandb", "mode": "offline"})
    parts = sorted((tmp_path / "wandb").glob("offline-run-*"))
    assert len({part.name.rpartition("-")[2] for part in parts}) == 1, "one identity"
    rows: list[tuple[int, str, float]] = []
    for part in parts:
        [file] = part.glob("*.wandb")
        rows += read_wandb(file)
    assert sorted(rows) == sorted(defined(made))


def read_wandb(file: Path) -> list[tuple[int, str, float]]:
    """Return step, name and value of the history in a file of W&B."""
    from wandb.proto.wandb_internal_pb2 import Record

    rows = []
    for data in log_records(file.read_bytes()):
        record = Record()
        record.ParseFromString(data)
        if record.WhichOneof("record_type") == "history":
            items = {item.key or ".".join(item.nested_key): json.loads(item.value_json) for item in record.history.item}
            step = int(items.get("_step", record.history.step.num))
            rows += [(step, name, value) for name, value in items.items() if not name.startswith("_")]
    return rows


def log_records(content: bytes) -> Iterator[bytes]:
    """Yield the records of a file in the log format of LevelDB, which has a header of seven bytes here."""
    at, record = 7, b""
    while at + 7 <= len(content):
        left = BLOCK - at % BLOCK
        if left < 7:
            at += left
            continue
        length, kind = struct.unpack("<HB", content[at + 4 : at + 7])
        if not kind:  # the rest of a block
            at += left
            continue
        record += content[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (1, 4):  # whole, or the last part
            yield record
            record = b""


def test_mlflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mlflow")
    from mlflow import MlflowClient

    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    made = in_two_parts(tmp_path, {"kind": "mlflow", "tracking_uri": uri})
    client = MlflowClient(tracking_uri=uri)
    [found] = client.search_runs([client.get_experiment_by_name("hubbub").experiment_id])
    history = {name: client.get_metric_history(found.info.run_id, name) for name in found.data.metrics}
    rows = [(one.step, name, one.value) for name, values in history.items() for one in values]
    assert sorted(rows) == sorted(defined(made))
    assert (found.info.run_name, found.info.status) == ("mine", "FINISHED")
    assert found.data.params["agent.hidden"] == "8"


def test_trackio(tmp_path: Path) -> None:
    """In a process of its own, since Trackio reads its folder from the environment when it is imported."""
    pytest.importorskip("trackio")
    code = (
        "import sys, json, pathlib; sys.path.insert(0, sys.argv[1])\n"
        "from test_trackers import in_two_parts, defined\n"
        "made = in_two_parts(pathlib.Path(sys.argv[2]), {'kind': 'trackio'})\n"
        "from trackio.sqlite_storage import SQLiteStorage as storage\n"
        "[name] = storage.get_runs('hubbub')\n"
        "logs = storage.get_logs('hubbub', name)\n"
        "rows = [(one['step'], *row) for one in logs for row in one.items() if row[0] not in ('step', 'timestamp')]\n"
        "assert sorted(rows) == sorted(defined(made)), (sorted(rows)[:9], sorted(defined(made))[:9])\n"
        "print('same')\n"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path)]
    environment = {"TRACKIO_DIR": str(tmp_path / "trackio"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.stdout == "same\n", done.stderr
