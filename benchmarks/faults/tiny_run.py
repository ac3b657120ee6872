"""A small run that has every part that a population has, and how such a run must end."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hubbub.scenarios import resume, run
from hubbub.simulator.store import load_checkpoint, open_run

TINY: dict[str, Any] = {
    "topology": {"kind": "ring", "n_agents": 4, "neighbours": 1},
    "agent.hidden": 4,
    "agent.embedding": 2,
    "training.games_per_step": 2,
    "training.steps": 6,
    "engine.record_every": 2,
    "engine.checkpoint_every": 2,
    "recording.referents": 4,
    "rewiring": [{"every": 2, "rule": {"kind": "random-rewire", "probability": 0.9}}],
}
LONGER = {"training.steps": 8}

_ENDS: dict[Path, dict[str, Any]] = {}


def tiny_run(path: Path) -> Path:
    """Make a small run that has every part that a population has."""
    run("karate", TINY, out=path)
    return path


def ends_as(whole: Path, root: Path) -> bool:
    """Whether a run that was continued to step 8 has the rows and the state of one that was not disturbed."""
    if whole not in _ENDS:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(whole, Path(folder) / "run")
            resume(Path(folder) / "run", LONGER)
            _ENDS[whole] = end_of(Path(folder) / "run")
    return is_same_end(_ENDS[whole], end_of(root))


def end_of(root: Path) -> dict[str, Any]:
    """Return all that a run must end with: status, rows, lexicons, and the state of its last checkpoint."""
    ended, checkpoint = open_run(root), load_checkpoint(root)
    tensors = {name: tensor.numpy().tobytes() for name, tensor in checkpoint.tensors.items()}
    return {
        "metrics": ended.metric_rows(),
        "events": ended.events(),
        "lexicons": [ended.lexicon(step).to_tables() for step in ended.lexicon_steps()],
        "state": (ended.status, ended.lexicon_steps(), checkpoint.step, checkpoint.state, tensors),
    }


def is_same_end(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two runs have ended with the same bits."""
    tables = zip(one["lexicons"], other["lexicons"], strict=False)
    return (
        one["state"] == other["state"]
        and all(one[name].equals(other[name]) for name in ("metrics", "events"))
        and all(mine[name].equals(theirs[name]) for mine, theirs in tables for name in mine)
    )
