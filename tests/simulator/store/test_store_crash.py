from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("crash_script.py")


@pytest.mark.parametrize("kind", ["points", "times"])
def test_a_run_is_whole_however_its_writer_is_killed(tmp_path: Path, kind: str, forked: Any) -> None:
    done = forked(SCRIPT, kind, tmp_path / "run")
    said, complained = done.communicate()
    assert done.returncode == 0, complained
    if kind == "times":
        assert int(said) > 0
