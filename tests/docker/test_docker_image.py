"""The image: what it is made of, who runs it, and that it holds what the project asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINNED = {
    canonicalize_name(name): version
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)$", (DOCKER / "requirements.txt").read_text(), re.MULTILINE)
}


def instructions(keyword: str) -> list[str]:
    """Return what follows a keyword of the Dockerfile, in order."""
    return re.findall(rf"^{keyword} (.*)$", (DOCKER / "Dockerfile").read_text(), re.MULTILINE)


def test_the_last_stage_starts_from_a_full_version_and_runs_as_a_numbered_user_without_rights() -> None:
    assert all(
        re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+ AS python|python( AS \w+)?", line) for line in instructions("FROM")
    )
    last = (DOCKER / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (.*)$", last, re.MULTILINE) == ["1000:1000"]
    assert not instructions("ADD")


def test_all_that_is_installed_is_pinned() -> None:
    lines = (DOCKER / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] and len(PINNED) == sum(line[0] != "#" for line in lines)


NOT_IN_THE_IMAGE = (
    *("dashboard", "browser", "docs", "optuna", "xarray", "mujoco"),
    *("tensorboard", "wandb", "mlflow", "trackio"),
)


def test_the_pins_are_what_the_project_asks_for() -> None:
    extras = {
        name: asked
        for name, asked in PROJECT["optional-dependencies"].items()
        if name not in ("dev", "trainers", *NOT_IN_THE_IMAGE)
    }
    asked = sum(extras.values(), PROJECT["dependencies"])
    for requirement in map(Requirement, asked):
        version = PINNED.get(canonicalize_name(requirement.name))
        assert version and version in requirement.specifier, f"docker/requirements.txt: {requirement}, got {version}"


def test_the_build_sees_the_packages_of_the_project_and_nothing_private() -> None:
    let_in = re.findall(r"^!(.*)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]["include"]
    linked = {link.name for link in (ROOT / "hubbub").iterdir() if link.is_symlink()}
    assert (ROOT / ".dockerignore").read_text().startswith("*\n")
    assert linked == {"simulator", "analysis", "scenarios"}
    assert set(let_in) == {
        *(name.rstrip("*") for name in packages),
        *linked,
        *PROJECT["license-files"],
        "README.md",
        "pyproject.toml",
        "docker/requirements.txt",
    }


def test_no_file_holds_a_token_or_the_address_of_a_registry() -> None:
    for file in (file for file in DOCKER.rglob("*") if file.is_file()):
        text = file.read_text()
        assert not re.search(r"RAY_AUTH_TOKEN\s*[=:]\s*[^$\s]|auth_token:\s*[^~\s]", text), file
        assert not re.search(r"https?://", text), file
