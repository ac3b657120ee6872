import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("crash_script.py")


@pytest.mark.parametrize("kind", ["points", "times"])
def test_a_run_is_whole_however_its_writer_is_killed(tmp_path: Path, kind: str) -> None:
    command = [sys.executable, str(SCRIPT), kind, str(tmp_path / "run")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    if kind == "times":
        assert int(done.stdout) > 0
