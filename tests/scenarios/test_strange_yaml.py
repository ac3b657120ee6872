"""YAML of strangers is refused in words before it is built, and names no code that runs unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import hubbub
from hubbub.scenarios.loading import assignment, load, read
from hubbub.scenarios.strict_yaml import MOST_CHARACTERS, load_yaml
from hubbub.scenarios.studies.study import read_study
from hubbub.simulator.errors import ConfigurationError

LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
MAPS = "a0: &a0 {k: v}\n" + "".join(
    f"a{n}: &a{n} {{{', '.join(f'k{k}: *a{n - 1}' for k in range(9))}}}\n" for n in range(1, 12)
)
MERGES = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 12))
TEXTS = f"d: &d {'x' * 2000}\nall: [{', '.join(['*d'] * 1000)}]\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (LAUGHS, "with all aliases replaced"),
        (MAPS, "with all aliases replaced"),
        (MERGES, "with all aliases replaced"),
        (TEXTS, "with all aliases replaced"),
        ("a: &a [*a]", "stands for something that contains it"),
        ("a: *nothing", "undefined alias"),
        ("topology: " + "[" * 100_000, "at most 40 sections inside each other"),
        ("topology: " + "{a: " * 60_000, "at most 40 sections inside each other"),
        ("- " * 100_000, "at most 40 sections inside each other"),
        ("? " * 100_000, "at most 40 sections inside each other"),
        ("seed: " + "9" * 5000, "at most 400 digits, got 5,000"),
        ("seed: 0x" + "f" * 5000, "at most 400 digits, got 5,002"),
        ("seed: " + "1:" * 3000 + "1", "at most 400 digits"),
        ("seed: !!int abc", "does not fit its tag"),
        ("seed: !!timestamp x", "does not fit its tag"),
        ("seed: !!bool x", "does not fit its tag"),
        ("seed: !!float x", "does not fit its tag"),
        ("seed: !!binary é", "failed to"),
        ("seed: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
        ("on: 1", "expected the name of a field, got True"),
        ("1: 1", "expected the name of a field, got 1"),
        ("? [a, b]\n: 1", "unhashable"),
        ("x" * (MOST_CHARACTERS + 1), "expected at most 262,144 characters"),
        ("a: \x00", "special characters are not allowed"),
        ("a: 1\na: 2", "given twice"),
        ("%YAML 9.9\n---\na: 1", "version"),
    ],
    ids=range(26),
)
def test_yaml_that_cannot_be_one_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "file.yaml").write_text(text)
    for reads in (read, read_study):
        with pytest.raises(ConfigurationError, match=says) as caught:
            reads(tmp_path / "file.yaml")
        assert str(caught.value).startswith(f"{tmp_path / 'file.yaml'}: ")
        assert len(str(caught.value)) < 900


def test_a_large_number_is_refused_in_short_words() -> None:
    with pytest.raises(ConfigurationError, match=r"^seed: .* valid YAML") as caught:
        assignment("seed=" + "9" * 5000)
    assert len(str(caught.value)) < 600
    with pytest.raises(
        ConfigurationError,
        match=r"^training\.steps: expected a whole number below 2\^63, got a value with a number of thousands",
    ) as caught:
        load("karate", {"training.steps": 10**5000})
    assert len(str(caught.value)) < 600


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    for path in (tmp_path, tmp_path / "loop.yaml", Path("/dev/zero.yaml"), Path("a\0b.yaml")):
        with pytest.raises(ConfigurationError):
            read(path.with_suffix(".yaml") if path == tmp_path else path)
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(ConfigurationError, match="expected a file of YAML"):
        read(tmp_path / "folder.yaml")


def test_paths_that_cannot_be_are_refused_by_field(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("a")
    for path in ("a\0b", str(tmp_path / "a" / "b")):
        with pytest.raises(ConfigurationError, match="topology"):
            load({"name": "x", "topology": {"kind": "file", "path": path}})


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    (tmp_path / "trap.py").write_text("raise ZeroDivisionError('ran')\n")
    path = tmp_path / "stranger.yaml"
    path.write_text("topology: {kind: pair}\nmodules: [trap.py]\n")
    return path


def test_modules_of_a_file_from_elsewhere_are_asked_for(
    trap: Path, tmp_path: Path, hubbub: Callable[..., tuple[int, str, str]]
) -> None:
    for words in (("run", trap), ("sweep", trap, "seed=0..1")):
        code, _, said = hubbub(*words, "--out", tmp_path / "out")
        assert code == 2
        assert f"modules: {trap} names user modules ({tmp_path / 'trap.py'}), whose code would run" in said
        assert "outside of the current folder; if they are yours, add --allow-modules" in said
        code, _, said = hubbub(*words, "--allow-modules", "--out", tmp_path / "out")
        assert "ZeroDivisionError: ran" in said


def test_modules_of_a_file_of_ones_own_are_imported_unless_a_run_is_there(
    trap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match="ZeroDivisionError: ran"):
        hubbub.run("stranger.yaml")
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(ConfigurationError, match="it lies in the folder of a run"):
        hubbub.run("stranger.yaml")


def test_a_date_is_a_text():
    assert load_yaml("{at: 2010-01-01, start: 2010-01-01 10:00:00}", of="") == {
        "at": "2010-01-01",
        "start": "2010-01-01 10:00:00",
    }
