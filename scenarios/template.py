"""A scenario as a file to edit: every field with its value and a comment that says what it is and may be."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hubbub.analysis.files import write_whole
from hubbub.scenarios.field_types import type_in_words
from hubbub.scenarios.loading import load
from hubbub.scenarios.scenario import Scenario
from hubbub.simulator.configuration import Choice, Section
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.field_names import models_in

WIDTH = 110
INDENT = "  "
HEAD = """Scenario {name}, with every field. `hubbub run FILE` runs it.

Above each field is what it means and, in square brackets, what it may be, with its default where this scenario
has another value. A field that is left out has its default. Another kind has other options, all of which are listed at
https://github.com/hubbub-sim/hubbub/blob/main/docs/reference.md"""


def write_template(
    source: str | Path,
    overrides: Mapping[str, Any] | None = None,
    *,
    out: str | Path | None = None,
    force: bool = False,
    allow_modules: bool = False,
) -> Path:
    """Write a scenario as a YAML file in which every field has a value and a comment; return its path.

    The file gives the same configuration as the scenario with these overrides.

    Parameters
    ----------
    source, overrides, allow_modules
        As in `hubbub.run`.
    out
        A new file, by default NAME.yaml in the current folder.
    force
        Replace a file that is there.

    Raises
    ------
    ConfigurationError
        The scenario is not valid, the suffix is neither `.yaml` nor `.yml`, or the file is there already.
    StoreError
        The file cannot be written.
    """
    scenario = load(source, overrides, allow_modules=allow_modules)
    path = Path(f"{scenario.name}.yaml") if out is None else Path(out)
    if path.suffix not in (".yaml", ".yml"):
        raise ConfigurationError(f"out: expected a file with the suffix .yaml or .yml, got {str(path)!r}")
    if path.is_dir():
        raise ConfigurationError(f"out: expected a file, got the folder {path}")
    if path.exists() and not force:
        raise ConfigurationError(f"out: {path} is there already; choose another file with --out, or add --force")
    return write_whole(path, template(scenario))


def template(scenario: Scenario) -> str:
    """Return a scenario as YAML in which every field has its value and a comment."""
    head = _comment(HEAD.format(name=scenario.name), "")
    return "\n".join([*head, *_section(scenario, "")]) + "\n"


def _section(section: Section, indent: str) -> Iterator[str]:
    """Yield the lines of a section."""
    values = section.model_dump(mode="json")
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if not indent:
            yield ""
        yield from _comment(_about(section, name, field, value), indent)
        if isinstance(value, Section):
            yield f"{indent}{name}:"
            yield from _section(value, indent + INDENT)
        elif isinstance(value, tuple) and any(isinstance(entry, Section) for entry in value):
            yield f"{indent}{name}:"
            for entry in value:
                yield f"{indent}-"
                yield from _section(entry, indent + INDENT)
        else:
            yield f"{indent}{name}: {_in_yaml(values[name])}"


def _about(section: Section, name: str, field: FieldInfo, value: Any) -> str:
    """Return what a field means and, in brackets, what it may be, and its default where the value is another one."""
    annotation: Any = field.annotation
    if isinstance(section, Choice) and name == "kind":
        return _prose(inspect.getdoc(section.registry[section.kind]))
    meaning = _one_line(field.description) or _parameter(section, name)
    if meaning and get_origin(annotation) is Literal and len(get_args(annotation)) == 1:
        return meaning
    form = type_in_words(annotation, field.metadata).replace("`", "")
    models = models_in(annotation)
    if kinds := [model.model_fields["kind"].default for model in models if issubclass(model, Choice)]:
        form = form.replace("a kind", f"a kind: {', '.join(kinds)}")
    elif models and not isinstance(value, Section):
        fields = f"with the fields {', '.join(models[0].model_fields)}"
        form = form.replace("sections", f"sections {fields}").replace("section or", f"section {fields}, or")
    default = field.get_default()
    if isinstance(default, Mapping):
        default, value = default.get("kind"), getattr(value, "kind", None)
    if not field.is_required() and not isinstance(default, BaseModel) and value != default:
        form += f"; default {_in_yaml(list(default) if isinstance(default, tuple) else default)}"
    return f"{meaning.rstrip('.')} [{form}]." if meaning else f"[{form}]"


def _parameter(section: Section, name: str) -> str:
    """Return what the docstring of a kind says of one of its options; "" where it has no list of them."""
    if not isinstance(section, Choice):
        return ""
    text = inspect.getdoc(section.registry[section.kind]) or ""
    listed = text.partition("\nParameters\n")[2]
    found = re.search(rf"^{name}\n((?: {{4}}[^\n]+\n?)+)", listed, re.MULTILINE)
    return _one_line(found[1]) if found else ""


def _prose(docstring: str | None) -> str:
    """Return a docstring as far as its first list of fields; what a function returns is what it is."""
    text = re.split(r"\n\n\w+\n-{3,}\n", f"{docstring or ''}\n")[0].strip().removeprefix("Return ")
    return text[:1].upper() + text[1:]


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _comment(text: str, indent: str) -> list[str]:
    """Return a text as lines of comment; paragraphs stay apart, and bounds with their signs."""
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        kept = re.sub(r"([≥≤<>]) (?=\d)", "\\1\N{NO-BREAK SPACE}", _one_line(paragraph))
        wrapped = textwrap.wrap(kept, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
        lines += [*([""] if lines else []), *wrapped]
    return [f"{indent}# {line}".replace("\N{NO-BREAK SPACE}", " ").rstrip() for line in lines]


def _in_yaml(value: Any) -> str:
    """Return a value on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=float("inf"), sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")
