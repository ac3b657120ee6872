"""Write reference.md and hubbub.schema.json: every section, kind and option, from the code itself.

python docs/reference.py [FOLDER]
"""

from __future__ import annotations

import inspect
import json
import sys
import typing
from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo

from hubbub.analysis.run_measures import measure
from hubbub.scenarios.field_types import type_in_words
from hubbub.scenarios.studies.schema import schema
from hubbub.scenarios.studies.study import Adaptive, Study
from hubbub.scenarios.systems import model_of, system
from hubbub.simulator.configuration import Choice, Section
from hubbub.simulator.field_names import models_in
from hubbub.simulator.registry import Registry

INTRODUCTION = """# Reference of the configuration

Written by `make reference` from the code. A scenario is a YAML file with these sections; on the command line a field is
set by `section.field=value`. A whole number may also be written as a float (1e3). `hubbub schema` prints the same as
JSON Schema for editors: begin a YAML file with `# yaml-language-server: $schema=PATH/hubbub.schema.json`.
"""


def section(model: type[Section]) -> str:
    """Return the fields of a section as a table."""
    rows = [
        f"| `{name}` | {type_in_words(field.annotation, field.metadata)} | {default(field)} | "
        f"{text(field.description)} |"
        for name, field in model.model_fields.items()
    ]
    head = ["| field | type | default | meaning |", "| --- | --- | --- | --- |"]
    return f"{text(inspect.getdoc(model))}\n\n" + "\n".join(head + rows) + "\n"


def kinds(registry: Registry) -> str:
    """Return the kinds of a registry with their options."""
    parts = []
    for name in registry:
        about = (inspect.getdoc(registry[name]) or "").partition("\n\nReferences\n")[0]
        options = [
            f"- `{key}`: {type_in_words(parameter.annotation)}, "
            + ("required" if parameter.default is inspect.Parameter.empty else f"default `{parameter.default}`")
            for key, parameter in registry.parameters(name).items()
        ]
        options += [f"- `{key}`: see below, default `{usual}`" for key, (_, usual) in registry.beside.items()]
        parts.append(f"### {name}\n\n{about}\n\n" + "\n".join(options or ["No options."]) + "\n")
    return "\n".join(parts)


def measures() -> str:
    """Return the measures of a run, by name."""
    rows = [f"| `{name}` | {text(inspect.getdoc(measure[name])).removeprefix('Return ')} |" for name in measure]
    head = ["| measure | what it is |", "| --- | --- |"]
    return "\n".join(["## Measures of a run", "", *head, *rows]) + "\n"


def default(field: FieldInfo) -> str:
    """Return the default of a field."""
    if field.is_required():
        return "required"
    if isinstance(field.default, dict) and "kind" in field.default:
        return f"kind `{field.default['kind']}`"
    return "see below" if isinstance(field.default, Section | dict) else f"`{field.default!r}`"


def text(words: str | None) -> str:
    """Return a docstring on one line."""
    return " ".join((words or "").split())


def chapters(model: type[Section], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the dotted name and the text of every section inside a section."""
    for name, field in model.model_fields.items():
        inside = models_in(field.annotation)
        if inside and issubclass(inside[0], Choice):
            yield f"{prefix}{name}", kinds(inside[0].registry)
            for key, (other, _) in inside[0].registry.beside.items():
                yield f"{prefix}{name}.{key}", kinds(other)
        elif inside:
            each = typing.get_origin(field.annotation) in (list, tuple)
            yield f"{prefix}{name}{': each entry of the list' if each else ''}", section(inside[0])
            yield from chapters(inside[0], f"{prefix}{name}.")


def reference() -> str:
    """Return the whole page; where systems mean different things by one name, the chapter says whose it is."""
    scenarios = {
        name: model_of(system[name]()) for name in sorted(system, key=lambda name: (name != "population", name))
    }
    owners: dict[tuple[str, str], list[str]] = {}
    for kind, model in scenarios.items():
        for chapter in chapters(model):
            owners.setdefault(chapter, []).append(kind)
    titles = [title for title, _ in owners]
    pages = [f"## A scenario with `system: {kind}`\n\n{section(model)}" for kind, model in scenarios.items()]
    for (title, words), kinds_of_system in owners.items():
        whose = "" if titles.count(title) == 1 else f" (`system: {', '.join(kinds_of_system)}`)"
        pages.append(f"## {title}{whose}\n\n{words}")
    pages += [
        f"## The file of a study\n\n{section(Study)}",
        f"## optuna, of a study\n\n{section(Adaptive)}",
        measures(),
    ]
    return "\n".join([INTRODUCTION, *pages])


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    (folder / "reference.md").write_text(reference(), encoding="utf-8")
    (folder / "hubbub.schema.json").write_text(
        json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
