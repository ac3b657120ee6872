"""Compiled functions: what is kept on the disk never outlives the code that it was made from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

PACKAGE = {
    "__init__.py": "",
    "constants.py": "FACTOR = 2\n",
    "helpers.py": (
        "from numba import njit\nfrom . import constants\n\n@njit\ndef scaled(x):\n    return constants.FACTOR * x\n"
    ),
    "kernels.py": (
        "from hubbub.simulator.kernel_cache import kernel\n"
        "from waves.helpers import scaled\n\n"
        "@kernel\n"
        "def total(n):\n"
        "    found = 0\n"
        "    for i in range(n):\n"
        "        found += scaled(i)\n"
        "    return found\n"
    ),
}
PROGRAM = "from waves.kernels import total; print(total(4), len(total.stats.cache_hits), len(total.stats.cache_misses))"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "waves").mkdir()
    for name, text in PACKAGE.items():
        (tmp_path / "waves" / name).write_text(text)
    return tmp_path


def said(folder: Path, program: str = PROGRAM, **variables: str) -> tuple[list[str], str]:
    """Return the words that a new process prints and its complaints.

    It keeps no translated sources: Python takes those of a file of the same size and time for its own.
    """
    paths = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    kept = {"NUMBA_CACHE_DIR": str(folder / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        env={**os.environ, "PYTHONPATH": paths, **kept, **variables},
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(), done.stderr


def test_a_constant_of_another_module_that_changes_is_compiled_again(folder: Path) -> None:
    assert said(folder)[0] == ["12", "0", "1"]
    assert said(folder)[0] == ["12", "1", "0"]
    constants = folder / "waves" / "constants.py"
    before = constants.stat()
    constants.write_text("FACTOR = 3\n")
    os.utime(constants, ns=(before.st_atime_ns, before.st_mtime_ns))  # the size is the same, too
    assert said(folder)[0] == ["18", "0", "1"]
    for entry in (folder / "cache").rglob("*.nb[ci]"):
        entry.write_bytes(b"")  # as after a loss of power
    assert said(folder)[0] == ["18", "0", "1"]


def test_the_same_code_at_another_place_is_not_compiled_again(folder: Path, tmp_path: Path) -> None:
    assert said(folder)[0] == ["12", "0", "1"]
    other = tmp_path / "other"
    shutil.copytree(folder / "waves", other / "waves", copy_function=shutil.copyfile)
    assert said(other, NUMBA_CACHE_DIR=str(folder / "cache"))[0] == ["12", "1", "0"]


def test_an_upgrade_of_an_installed_package_is_compiled_again(tmp_path: Path) -> None:
    """As a wheel that is installed over another one: new files of the same sizes and times."""
    installed = tmp_path / "site-packages"
    for factor in (2, 3):
        shutil.rmtree(installed / "waves", ignore_errors=True)
        (installed / "waves").mkdir(parents=True)
        for name, text in PACKAGE.items():
            (installed / "waves" / name).write_text(text.replace("FACTOR = 2", f"FACTOR = {factor}"))
            os.utime(installed / "waves" / name, (1.7e9, 1.7e9))
        assert said(installed, PYTHONDONTWRITEBYTECODE="1")[0] == [str(6 * factor), "0", "1"]


def test_code_that_changed_after_the_process_began_is_not_kept(folder: Path) -> None:
    program = """
        from pathlib import Path
        import hubbub.simulator, waves.constants
        Path("waves/constants.py").write_text("FACTOR = 3\\n")
        from waves.kernels import total
        print(total(4))
    """
    assert said(folder, program)[0] == ["12"]  # as imported
    assert said(folder)[0] == ["18", "0", "1"]


def test_where_nothing_can_be_written_kernels_are_kept_in_a_folder_that_is_only_ours(folder: Path) -> None:
    (folder / "file").touch()
    nowhere, temporary = str(folder / "file" / "home"), folder / "temporary"
    temporary.mkdir()
    words, complaint = said(folder, NUMBA_CACHE_DIR=nowhere, TMPDIR=str(temporary))
    assert words == ["12", "0", "1"]
    assert complaint.count("\n") == 1 and f"kept in {temporary}" in complaint
    (kept,) = temporary.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o700
    kept.chmod(0o777)  # others could have written there
    words, complaint = said(folder, NUMBA_CACHE_DIR=nowhere, TMPDIR=str(temporary))
    assert words == ["12", "0", "1"]
    assert complaint.count("\n") == 1 and "compiled in every process" in complaint


def test_every_kernel_of_this_package_is_kept_by_its_code() -> None:
    """numba's own cache would miss changes in other files."""
    for part in ("simulator", "analysis", "scenarios"):
        for path in (Path(__file__).parents[2] / part).rglob("*.py"):
            if path.name != "kernel_cache.py":
                assert "cache=True" not in path.read_text(encoding="utf-8"), path
