"""The names that `import hubbub` gives: all exist, none is imported before it is used, old names are refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import hubbub

ROOT = Path(__file__).parents[1]
HEAVY = ("torch", "ray", "numpy", "pydantic", "networkx")


def python(*words: str, **options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)  # type: ignore[call-overload, no-any-return]


def test_importing_hubbub_imports_nothing_heavy() -> None:
    code = f"import sys, hubbub; dir(hubbub); print([name for name in {HEAVY} if name in sys.modules])"
    assert python("-c", code).stdout == "[]\n"


@pytest.mark.parametrize("name", hubbub.__all__)
def test_every_public_name_is_there(name: str) -> None:
    value = getattr(hubbub, name)
    assert callable(value)
    assert value.__doc__
    assert name in dir(hubbub)


def test_the_list_of_names_is_sorted_and_whole() -> None:
    assert hubbub.__all__ == sorted(hubbub.__all__)
    assert set(hubbub._PLACES) == set(hubbub.__all__)
    with pytest.raises(AttributeError, match="no attribute 'revive'"):
        hubbub.revive  # noqa: B018


@pytest.mark.parametrize("package", ["simulator", "analysis", "scenarios"])
def test_a_package_is_refused_under_its_old_name(package: str) -> None:
    """Also in the folder of the sources, where Python would find it."""
    done = python("-c", f"import {package}", cwd=str(ROOT))
    assert done.returncode == 1
    assert f"ImportError: this package is called hubbub.{package}: write `import hubbub.{package}`" in done.stderr


def test_python_minus_m_is_the_command_and_says_its_version() -> None:
    done = python("-m", "hubbub", "--version")
    assert (done.returncode, done.stdout) == (0, f"hubbub {hubbub.__version__}\n")


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("--help", ("run", "resume", "sweep", "--version", "--install-completion", "--show-completion")),
        ("scenarios", ("karate", "ring-dialects")),
    ],
)
def test_help_and_the_list_of_scenarios_do_not_wait_for_torch(word: str, shown: tuple[str, ...]) -> None:
    code = (
        f"import sys; sys.argv = ['hubbub', {word!r}]\n"
        "from hubbub.scenarios.cli import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = python("-c", code)
    assert done.stderr in ("[]\n", "['pydantic']\n" * (word != "--help"))  # typer imports it to run a command
    assert all(name in done.stdout for name in shown)


def test_shells_complete_commands() -> None:
    done = python("-m", "hubbub", "--show-completion", "bash")
    assert (done.returncode, "_HUBBUB_COMPLETE=complete_bash" in done.stdout) == (0, True)
