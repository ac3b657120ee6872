"""Every command in the files for clusters, and in the page about them, is one that Ray and hubbub have."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from hubbub.scenarios.cli import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / "cluster.md", ROOT / "docker" / "README.md"]
FILES = [*(ROOT / "docker").rglob("*.yaml"), *PAGES]
COMMAND = re.compile(r"(?<![\w.-])(ray|hubbub) ([a-z][a-z-]+)((?: +[^\s;|&'\"`]+)*)")


def texts(value: Any) -> Iterator[str]:
    """Yield the strings in parsed YAML; a list after CMD is one command line."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        if value[:1] == ["CMD"]:
            yield " ".join(value)
        for each in value:
            yield from texts(each)


def command_lines(file: Path) -> Iterator[str]:
    """Yield the text in which a file gives commands: comments and strings of YAML, code in Markdown."""
    source = file.read_text()
    if file.suffix == ".md":
        yield from re.findall(r"```(?:\w*)\n(.*?)```", source.replace("\\\n", " "), re.DOTALL)
        yield from re.findall(r"`([^`\n]+)`", source)
    else:
        yield from re.findall(r"#   (.*)$", source, re.MULTILINE)
        for document in yaml.safe_load_all(source):
            yield from texts(document)


@pytest.fixture(scope="module")
def options() -> dict[str, dict[str, set[str]]]:
    """Return the options of every command of Ray and of hubbub."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ray.scripts.scripts import cli
    groups = {"ray": cli, "hubbub": typer.main.get_command(app)}
    return {
        tool: {
            name: {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
            for name, command in group.commands.items()
        }
        for tool, group in groups.items()
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_commands_and_their_options_exist(file: Path, options: dict[str, dict[str, set[str]]]) -> None:
    unknown = []
    for line in command_lines(file):
        for tool, command, rest in COMMAND.findall(line):
            known = options[tool].get(command)
            if known is None:
                unknown.append(f"{tool} {command}")
            else:
                given = [word.partition("=")[0] for word in rest.split() if word.startswith("--")]
                unknown += [f"{tool} {command} {flag}" for flag in given if flag not in known]
    assert not unknown


def test_commands_are_found_where_there_are_some() -> None:
    found = {file.name: sum(len(COMMAND.findall(line)) for line in command_lines(file)) for file in FILES}
    assert all(
        found[name] for name in ("compose.yaml", "rayjob.yaml", "launcher.yaml", "launcher-local.yaml", "cluster.md")
    )


@pytest.mark.parametrize("name", ["raycluster", "rayjob"])
def test_the_parameters_of_kuberay_are_options_of_ray_start(name: str, options: dict[str, dict[str, set[str]]]) -> None:
    spec = yaml.safe_load((ROOT / "docker" / "kuberay" / f"{name}.yaml").read_text())["spec"]
    spec = spec.get("rayClusterSpec", spec)
    for group in (spec["headGroupSpec"], *spec["workerGroupSpecs"]):
        assert {f"--{name}" for name in group["rayStartParams"]} <= options["ray"]["start"]
