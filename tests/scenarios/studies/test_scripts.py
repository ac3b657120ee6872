"""Studies that a plain script starts: processes import it only where they need it and only where they may."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hubbub.analysis.run_measures import measure
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.topology import topology

Script = Callable[[str], dict[str, Any]]

REGISTERS = """
from hubbub import topology
@topology("pair-of-a-script")
def pair(n_agents: int):
    return [(0, 1), (1, 0)]
"""
CHECKS = """
from hubbub.scenarios.studies.script import check_script
def start():
    return check_script()
"""


@pytest.fixture
def execute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    """Execute a text as the script that was started."""

    def call(text: str) -> dict[str, Any]:
        main = ModuleType("__main__")
        main.__file__ = str(tmp_path / "script.py")
        Path(main.__file__).write_text(text)
        monkeypatch.setitem(sys.modules, "__main__", main)
        exec(compile(text, main.__file__, "exec"), main.__dict__)
        return main.__dict__

    yield call
    topology._entries.pop("pair-of-a-script", None)
    measure._entries.pop("twice_the_seed", None)


def test_a_script_that_registers_measures_alone_is_not_imported_by_processes(execute: Script, tmp_path: Path) -> None:
    made = execute(
        "from pathlib import Path\n"
        "import hubbub\n"
        "with Path(__file__).with_name('times').open('a') as file: file.write('once')\n"
        "@hubbub.measure('twice_the_seed')\n"
        "def twice_the_seed(run): return 2 * run.info['seed']\n"
        "options = {'topology.n_agents': [3], 'agent.hidden': [4], 'training.steps': [1], 'seed': [0, 1]}\n"
        "study = hubbub.sweep('group-size', {**options, 'engine.kernel': ['autograd']}, workers=1,\n"
        "                     out=Path(__file__).with_name('study'), measures=['twice_the_seed'])\n"
        "found = list(study.frame()['twice_the_seed'])\n"
    )
    assert made["study"].problems == {}
    assert made["found"] == [0, 2]
    assert (tmp_path / "times").read_text() == "once"


def test_a_script_that_registers_something_needs_its_guard(execute: Script) -> None:
    guarded = execute(f"{REGISTERS}{CHECKS}if __name__ == '__main__':\n    needed = start()\n")
    assert guarded["needed"] is True
    with pytest.raises(ConfigurationError) as error:
        execute(f"{REGISTERS}{CHECKS}needed = start()\n")
    text = str(error.value)
    assert 'script.py:10: expected this behind `if __name__ == "__main__":`' in text
    assert "registers topology 'pair-of-a-script'" in text
    with pytest.raises(ConfigurationError, match=r"script\.py:12: expected this behind"):
        execute(f"{REGISTERS}{CHECKS}if __name__ == '__main__':\n    pass\nstart()\n")


def test_what_a_notebook_registers_cannot_be_imported(execute: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    script = execute(REGISTERS + CHECKS)
    monkeypatch.delattr(sys.modules["__main__"], "__file__")
    with pytest.raises(ConfigurationError, match=r"not in a file .*put what it registers into a file of its own"):
        script["start"]()
