"""Write reference.md and hubbub.schema.json: every section, kind and option, from the code itself.

python docs/reference.py [FOLDER]
"""

from __future__ import annotations

import inspect
import json
import sys
import typing
from pathlib import Path
from typing import Any

import annotated_types
from pydantic.fields import FieldInfo

from scenarios.scenario import Scenario, scenario_model
from simulator.agents import agent
from simulator.channel import Channel
from simulator.configuration import Choice, Section
from simulator.engine import Engine
from simulator.games import game
from simulator.games.referents import referents
from simulator.population import Recording, Training
from simulator.registry import Registry
from simulator.topology import topology
from simulator.topology.rewiring import ScheduledRule, rewiring

INTRODUCTION = """# Reference of the configuration

Written by `make docs` from the code. A scenario is a YAML file with these sections; on the command line a field is
set by `section.field=value`. `hubbub schema` prints the same as JSON Schema for editors: begin a YAML file with
`# yaml-language-server: $schema=PATH/hubbub.schema.json`.
"""


def section(title: str, model: type[Section]) -> str:
    """Return the fields of a section as a table."""
    rows = [
        f"| `{name}` | {form(field.annotation, field.metadata)} | {default(field)} | {text(field.description)} |"
        for name, field in model.model_fields.items()
    ]
    head = ["| field | type | default | meaning |", "| --- | --- | --- | --- |"]
    return f"## {title}\n\n{text(inspect.getdoc(model))}\n\n" + "\n".join(head + rows) + "\n"


def kinds(title: str, registry: Registry) -> str:
    """Return the kinds of a registry with their options."""
    parts = [f"## {title}\n"]
    for name in registry:
        about = (inspect.getdoc(registry[name]) or "").partition("\n\nReferences\n")[0]
        options = [
            f"- `{key}`: {form(*unwrap(parameter.annotation))}, "
            + ("required" if parameter.default is inspect.Parameter.empty else f"default `{parameter.default}`")
            for key, parameter in registry.parameters(name).items()
        ]
        parts.append(f"### {name}\n\n{about}\n\n" + "\n".join(options or ["No options."]) + "\n")
    return "\n".join(parts)


def unwrap(annotation: Any) -> tuple[Any, list[Any]]:
    """Return type and constraints of an annotation."""
    if typing.get_origin(annotation) is typing.Annotated:
        inner, *metadata = typing.get_args(annotation)
        fields = [item for entry in metadata for item in (entry.metadata if isinstance(entry, FieldInfo) else [entry])]
        return inner, fields
    return annotation, []


def form(annotation: Any, metadata: list[Any]) -> str:
    """Return a type and its bounds in a few words."""
    if annotation is Choice:
        return "section with a `kind`"
    if inspect.isclass(annotation) and issubclass(annotation, Section):
        return "section"
    if annotation == tuple[ScheduledRule, ...]:
        return "list of sections"
    if typing.get_origin(annotation) is typing.Literal:
        return " or ".join(f"`{choice}`" for choice in typing.get_args(annotation))
    if annotation == tuple[str, ...]:
        return "list of texts"
    name = annotation.__name__ if inspect.isclass(annotation) else str(annotation).replace("typing.", "")
    if "Annotated[" in name:
        name = name.partition("Annotated[")[2].partition(",")[0]
    signs = {annotated_types.Ge: ("≥", "ge"), annotated_types.Gt: (">", "gt")}
    signs |= {annotated_types.Le: ("≤", "le"), annotated_types.Lt: ("<", "lt")}
    bounds = [
        f"{sign} {getattr(bound, attribute)}"
        for bound in metadata
        for kind, (sign, attribute) in signs.items()
        if isinstance(bound, kind)
    ]
    return " ".join([name.replace("|", "or"), ", ".join(bounds)]).strip()


def default(field: FieldInfo) -> str:
    """Return the default of a field."""
    if field.is_required():
        return "required"
    if field.annotation is Choice:
        return f"kind `{field.default['kind']}`"
    value = field.default
    return "see below" if isinstance(value, Section) else f"`{value!r}`"


def text(words: str | None) -> str:
    """Return a docstring on one line."""
    return " ".join((words or "").split())


def reference() -> str:
    """Return the whole page."""
    return "\n".join(
        [
            INTRODUCTION,
            section("A scenario", Scenario),
            kinds("topology", topology),
            section("rewiring: each entry of the list", ScheduledRule),
            kinds("rewiring: rules", rewiring),
            kinds("referents", referents),
            kinds("game", game),
            section("channel", Channel),
            kinds("agent", agent),
            section("training", Training),
            section("recording", Recording),
            section("engine", Engine),
        ]
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    schema = json.dumps(scenario_model().model_json_schema(), indent=2, ensure_ascii=False)
    (folder / "reference.md").write_text(reference(), encoding="utf-8")
    (folder / "hubbub.schema.json").write_text(schema + "\n", encoding="utf-8")
