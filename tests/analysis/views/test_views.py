"""Which view a run gets, and views of users."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx
import pytest

from hubbub.analysis.export import export_run
from hubbub.analysis.report import write_report
from hubbub.analysis.views import DefaultView, view, view_of
from hubbub.analysis.views.memory import MemoryView
from hubbub.analysis.views.population import PopulationView
from hubbub.analysis.views.search import SearchView
from hubbub.analysis.views.training import TrainingView
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import Run, RunWriter, open_run

OURS = {
    "population": PopulationView,
    "graph-search": SearchView,
    "partner-search": SearchView,
    "memory": MemoryView,
    "training": TrainingView,
    "control": TrainingView,
}

MODULE = """
import pyarrow as pa

from hubbub.analysis.page import document, tag
from hubbub.analysis.views import DefaultView, table_formats, view


@view("{kind}")
class CounterView(DefaultView):
    def find(self, run):
        return run

    def figures(self, found):
        return {{}}

    def summary(self, found):
        return {{"last": found.metric("count")[1][-1], "unknown": float("nan")}}

    def page(self, found, figures):
        return document("counted", tag("main", tag("h1", "my own <page>")))

    def formats(self):
        own = pa.table({{"x": [1]}})
        return {{"text": lambda run: [("count.txt", b"7")], **table_formats(lambda run: [("own", own)])}}
"""


@pytest.fixture
def forget_views() -> Iterator[None]:
    """Take what a test registers out of the registry again."""
    before, modules = set(view), set(sys.modules)
    yield
    for name in set(view) - before:
        del view._entries[name]
    for name in set(sys.modules) - modules:
        if name.startswith("hubbub_user_"):
            del sys.modules[name]


@pytest.fixture
def counted(tmp_path: Path, forget_views: None) -> Run:
    """A run of a user's kind of system whose module, beside it, has a view for it."""
    module = tmp_path / "my_counter.py"
    module.write_text(MODULE.format(kind="counter"))
    configuration = {"system": "counter", "modules": [str(module)]}
    with RunWriter.create(tmp_path / "run", name="c", seed=0, configuration=configuration, versions={}) as writer:
        writer.append_rows("metrics", 1, [{"name": "count", "value": 7.0}])
        writer.set_status("finished", step=1)
    return open_run(tmp_path / "run")


def test_every_kind_of_ours_has_its_view() -> None:
    assert {name: view[name] for name in view} == OURS


def run_of(run: Run, kind: str | None) -> Run:
    configuration = {} if kind is None else {"system": kind}
    return Run(run.path, {**run.info, "configuration": configuration})


def test_the_configuration_says_which_view_a_run_gets(make_run: Callable[..., Run]) -> None:
    run, said = make_run(nx.path_graph(2), n_lexicons=1), list[str]()
    for kind, expected in {None: PopulationView, **OURS}.items():
        assert type(view_of(run_of(run, kind), notify=said.append)) is expected
    assert said == []
    for kind in ("populations", "default", ""):
        assert type(view_of(run_of(run, kind), notify=said.append)) is DefaultView
    assert len(said) == 3


def test_modules_are_imported_only_when_that_is_allowed(counted: Run) -> None:
    said: list[str] = []
    page = write_report(counted, notify=said.append)
    assert "This kind of system has no view of its own" in page.read_text()
    [module] = counted.configuration["modules"]
    assert said == [
        "no view is registered for system 'counter': only its metrics and tables are shown; --allow-modules "
        f"(in Python: allow_modules=True) imports {module} to find one"
    ]
    assert "hubbub_user_my_counter" not in sys.modules
    with pytest.raises(ConfigurationError, match="one of csv, parquet for a run of system counter, got 'text'"):
        export_run(counted, "text")


def test_a_view_of_a_user_makes_report_and_exports(counted: Run) -> None:
    said: list[str] = []
    page = write_report(counted, allow_modules=True, notify=said.append)
    assert "my own &lt;page&gt;" in page.read_text()
    numbers = json.loads((page.parent / "figures" / "summary.json").read_text())
    assert (numbers["run"]["name"], numbers["last"], numbers["unknown"]) == ("c", 7.0, None)
    [file] = export_run(counted, "text", allow_modules=True, notify=said.append)
    assert (file.name, file.read_bytes()) == ("count.txt", b"7")
    [table] = export_run(counted, "csv", allow_modules=True, notify=said.append)
    assert table.read_text().split() == ['"x"', "1"]
    with pytest.raises(ConfigurationError, match="one of text, csv, parquet for a run of system counter, got 'elcc'"):
        export_run(counted, "elcc", allow_modules=True)
    assert said == []


def test_modules_without_a_view_leave_the_default_one(counted: Run) -> None:
    counted.info["configuration"]["system"] = "another"
    said: list[str] = []
    assert type(view_of(counted, allow_modules=True, notify=said.append)) is DefaultView
    assert said == ["no view is registered for system 'another': only its metrics and tables are shown"]


def test_a_module_that_is_gone_is_named(counted: Run) -> None:
    Path(counted.configuration["modules"][0]).unlink()
    with pytest.raises(ConfigurationError, match=r"there is no file .*my_counter\.py"):
        write_report(counted, allow_modules=True)
    assert write_report(counted).is_file()


@pytest.mark.parametrize("missing", ["find", "figures", "summary", "page", "formats"])
def test_a_missing_method_is_refused_at_registration(missing: str, forget_views: None) -> None:
    methods = dict.fromkeys({"find", "figures", "summary", "page", "formats"} - {missing}, lambda self: None)
    with pytest.raises(ConfigurationError, match=rf"view 'incomplete': .*Incomplete lacks {missing};"):
        view("incomplete")(type("Incomplete", (), methods))
    assert "incomplete" not in view


def test_a_kind_has_one_view(forget_views: None) -> None:
    with pytest.raises(ConfigurationError, match="view 'population' is registered twice"):
        view("population")(DefaultView)
