from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from hubbub.analysis.export import export_run
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import Run


@pytest.fixture(scope="module")
def tables(kept_memory_run: Run) -> dict[str, Path]:
    """The files of an export as CSV."""
    return {file.stem: file for file in export_run(kept_memory_run, "csv")}


def test_memories_are_exported_as_tables(tables: dict[str, Path]) -> None:
    assert tables.keys() == {"metrics", "events", "series", "copies"}
    copies = pd.read_csv(tables["copies"])
    assert list(copies["noise"]) == [0.1] * 4 + [0.3] * 4 + [0.5] * 4
    assert copies["h"].between(0.3, 1.9).all()
    assert len(pd.read_csv(tables["series"])) == 12 * 1200


def test_parquet_has_the_same(kept_memory_run: Run, tables: dict[str, Path]) -> None:
    files = {file.stem: file for file in export_run(kept_memory_run, "parquet")}
    written = pd.read_csv(tables["copies"])
    pd.testing.assert_frame_equal(pd.read_parquet(files["copies"]), written, check_dtype=False)


def test_a_run_without_series_has_no_such_table(make_memory_run: Callable[..., Run]) -> None:
    names = {file.stem for file in export_run(make_memory_run(series_every=0), "csv")}
    assert names == {"metrics", "events", "copies"}


@pytest.mark.parametrize("form", ["elcc", "graphml", "gexf"])
def test_forms_that_memories_do_not_have_are_refused_by_name(memory_run: Run, form: str) -> None:
    with pytest.raises(ConfigurationError, match=f"one of csv, parquet for a run of system memory.*got '?{form}"):
        export_run(memory_run, form)
