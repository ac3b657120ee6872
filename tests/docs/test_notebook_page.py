"""The code of the page on notebooks runs as it stands there."""

import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pyarrow as pa
import pytest

from hubbub.simulator.store import Lexicon, LexiconSplit, RunWriter

PAGE = Path(__file__).parents[2] / "docs" / "notebooks.md"
N_AGENTS, N_REFERENTS = 6, 4


def write_run(path: Path) -> None:
    rng = np.random.default_rng(0)
    ring = np.array([[i, (i + s) % N_AGENTS] for i in range(N_AGENTS) for s in (1, N_AGENTS - 1)])
    configuration = {
        "system": "population",
        "referents": {"kind": "symbolic", "attributes": 2, "values": 2},
        "game": {"kind": "reconstruction"},
    }
    with RunWriter.create(path, name="demo", seed=0, configuration=configuration, versions={}) as writer:
        names = [f"agent {n}" for n in range(N_AGENTS)]
        writer.write_table("agents.parquet", pa.table({"agent": range(N_AGENTS), "name": names}))
        referents = {
            "referent": range(N_REFERENTS),
            "split": ["train"] * N_REFERENTS,
            "a": [0, 0, 1, 1],
            "b": [0, 1, 0, 1],
        }
        writer.write_table("referents.parquet", pa.table(referents))
        weights = pa.array([None] * len(ring), pa.float64())
        columns = {"source": ring[:, 0], "target": ring[:, 1], "weight": weights}
        writer.write_table("topology/edges.parquet", pa.table(columns))
        for step in (0, 100):
            writer.append_rows("metrics", step, [{"name": "success_over_links", "value": step / 100}])
            messages = rng.integers(1, 4, (N_AGENTS, N_REFERENTS, 3))
            lengths = np.full((N_AGENTS, N_REFERENTS), 3)
            success = rng.random((N_AGENTS, N_AGENTS))
            split = LexiconSplit(np.arange(N_REFERENTS), messages, lengths, success)
            writer.write_snapshot(Lexicon(step, {"train": split}))
        writer.set_status("finished", step=100)


def test_the_code_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_run(tmp_path / "runs" / "demo")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    assert len(blocks) == 4
    names: dict[str, object] = {}
    with mpl.rc_context({"backend": "agg"}):
        for block in blocks:
            exec(compile(block, PAGE.name, "exec"), names)
        plt.close("all")
    assert (tmp_path / "both.pdf").read_bytes().startswith(b"%PDF")
