"""A physicist with patterns and spikes of her own: where a memory of her patterns loses them, and both records."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import hubbub

RUN = (
    "run sedam patterns.kind=file patterns.path=patterns.npy copies.noise=0,0.1,0.5 copies.load=4 dynamics.steps=600 "
    "recording.burn_in_steps=100 engine.record_every=300 engine.checkpoint_every=600 --out runs/memory"
)


def test_from_patterns_and_spikes_to_a_diagram_and_two_tables(folder: Path, does: Callable[..., Any]) -> None:
    rng = np.random.default_rng(0)
    np.save("patterns.npy", rng.choice([-1, 1], (4, 60)))
    does(RUN)
    overlap = hubbub.open_run("runs/memory").metrics().query("name == 'overlap' and step == 600")["value"].tolist()
    assert overlap[0] == 1  # without noise a pattern stays
    assert 0.6 < overlap[1] < 1
    assert abs(overlap[2]) < 0.6  # spins that flip with a chance of one half forget it
    does("report runs/memory")
    page = Path("runs/memory/report.html").read_text()
    assert "Over noise and load" in page
    assert list(Path("runs/memory/figures").glob("*.png"))

    does("export runs/memory --format csv")
    series = pd.read_csv("runs/memory/exports/csv/series.csv")
    assert series.groupby("copy").size().tolist() == [600, 600, 600]
    options = "kind=counts count=activity where=copy=1 --active mean --surrogates 2"
    said = does(f"measure record runs/memory/exports/csv/series.csv {options} --out measures/memory").out
    assert said.startswith("read: ")

    times, channels = np.sort(rng.uniform(0, 2000, 800)), rng.integers(16, size=800)
    pd.DataFrame({"t_ms": times, "electrode": channels}).to_csv("spikes.csv", index=False)
    ended = does("measure record spikes.csv bin=4 --active mean --surrogates 2 --out measures/spikes")
    assert "16 channels; 800 events; " in ended.out and "bins of 4 ms" in ended.out
    assert "note: times are in ms" in ended.err and "note: a bin is active where its activity is at least" in ended.err
    assert Path("measures/spikes/avalanches.csv").read_text().startswith("birth_bin,size,duration_bins\n")
    spikes = Path("measures/spikes")
    assert (spikes / "report.html").read_text().count("<svg") == len(list((spikes / "figures").glob("*.png")))
    assert "τ, avalanche sizes" in ended.out and "H, DFA" in ended.out
    tables = [json.loads(Path(f"measures/{name}/measures.json").read_text()) for name in ("memory", "spikes")]
    both = tables[0]["measures"].keys() & tables[1]["measures"].keys()
    assert {"H, DFA", "τ, avalanche sizes"} <= both
    assert (tables[1]["record"]["bin"], tables[1]["units"]["duration"]) == (4, "bins")
    scaling = tables[1]["measures"]["H, DFA"]
    assert (scaling["grade"] in ("strong", "weak", "none"), scaling["null"]["n"]) == (True, 2)
