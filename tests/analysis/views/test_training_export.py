from collections.abc import Callable

import pandas as pd
import pytest

from hubbub.analysis.export import export_run
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import Run


@pytest.mark.parametrize(("form", "read"), [("csv", pd.read_csv), ("parquet", pd.read_parquet)])
def test_networks_are_exported_as_tables(
    make_training_run: Callable[..., Run], form: str, read: Callable[..., pd.DataFrame]
) -> None:
    files = {file.stem: file for file in export_run(make_training_run(), form)}
    assert files.keys() == {"metrics", "networks"}
    both = read(files["metrics"]).merge(read(files["networks"]), on="network")
    assert both.query("step == 20 and name == 'skill' and pruning == 0.5")["value"].mean() == pytest.approx(0.6)


@pytest.mark.parametrize("form", ["elcc", "graphml", "gexf"])
def test_forms_that_networks_do_not_have_are_refused_by_name(make_training_run: Callable[..., Run], form: str) -> None:
    with pytest.raises(ConfigurationError, match=f"one of csv, parquet for a run of system training.*got '?{form}"):
        export_run(make_training_run(), form)
