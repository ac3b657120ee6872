"""From a name or a YAML file and overrides to a validated scenario."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from hubbub.scenarios.library import LIBRARY, names
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.strict_yaml import load_yaml, read_yaml
from hubbub.scenarios.systems import kind_of, model_of
from hubbub.simulator.configuration import validate
from hubbub.simulator.errors import ConfigurationError, complaint, shortened, shown
from hubbub.simulator.field_names import annotation_at, is_list
from hubbub.simulator.registry import load_module
from hubbub.simulator.store.files import RUN_FILE

HOW_LONG_AND_WHERE = (
    "name",
    "description",
    "seed",
    "modules",
    "metrics",
    "tracking",
    "engine",
    "recording",
    "training",
)
"""Sections that say for how long, where and with what record a system runs, not what it is."""


def load(
    source: str | Path | Mapping[str, Any],
    overrides: Mapping[str, Any] | None = None,
    *,
    allow_modules: bool = True,
) -> Scenario:
    """Return the scenario `source`: a name, a YAML file or a nested mapping, with dotted `overrides`.

    The user modules that it names are imported. With `allow_modules=False`, those are refused that a file names which
    may be somebody else's: one beside a run, or outside of the current folder.

    Raises
    ------
    ConfigurationError
        Anything unknown or wrong: the message names the field, what was expected, what came, and the nearest name.
    """
    _check_types(source, overrides)
    data = dict(source) if isinstance(source, Mapping) else read(source)
    if not isinstance(source, Mapping) and not allow_modules and "modules" not in (overrides or {}):
        refuse_foreign_modules(Path(source), data)
    return parse(with_overrides(data, overrides or {}), given=overrides or ())


def _check_types(source: object, overrides: object) -> None:
    """Raise `ConfigurationError` for arguments of `load` that are of other types than they should be."""
    if not isinstance(source, str | Path | Mapping):
        raise ConfigurationError(complaint("scenario", expected="a name, a YAML file or a mapping", got=source))
    if not isinstance(overrides, Mapping | None):
        expected = 'a mapping of dotted paths to values, such as {"training.steps": 500}'
        raise ConfigurationError(complaint("overrides", expected=expected, got=overrides))


def refuse_foreign_modules(path: Path, data: Mapping[str, Any]) -> None:
    """Raise `ConfigurationError` when a scenario file that may be somebody else's names user modules."""
    modules = data.get("modules")
    if not modules or path.suffix not in (".yaml", ".yml"):
        return
    file = path.resolve()
    if (file.parent / RUN_FILE).exists():
        where = "it lies in the folder of a run"
    elif not file.is_relative_to(Path.cwd().resolve()):
        where = "it lies outside of the current folder"
    else:
        return
    named = ", ".join(map(str, modules)) if isinstance(modules, list | tuple) else str(modules)
    raise ConfigurationError(
        f"modules: {path} names user modules ({shortened(named)}), whose code would run, and {where}; if they are "
        "yours, add --allow-modules (in Python: allow_modules=True)"
    )


def with_overrides(data: dict[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return a nested mapping with dotted `overrides`, in their order; paths of modules and graphs become absolute.

    Name and description stay only as far as they are still true, see `labelled`.
    """
    changed = data
    for path, value in overrides.items():
        changed = override(changed, path, value)
    if isinstance(overrides.get("modules"), str):  # here, since they may register the model that knows the other lists
        changed["modules"] = [module.strip() for module in overrides["modules"].split(",")]
    given = ("name", "description")
    differing = [path for path in overrides if path in given or _at(data, path) != _at(changed, path)]
    return beside(labelled(changed, before=data, differing=differing), Path.cwd())


def labelled(data: dict[str, Any], *, before: Mapping[str, Any], differing: Sequence[str]) -> dict[str, Any]:
    """Return a scenario with labels that are those of its run, where fields differ from a scenario `before`.

    A field outside of `HOW_LONG_AND_WHERE` changes what a run is about, so the description becomes a statement of these
    fields. With another graph, memory, task or other `kind`, a scenario of the library loses its name too. A name or a
    description that is among the fields stays.
    """
    about = [path for path in differing if path.partition(".")[0] not in HOW_LONG_AND_WHERE]
    kinds = [path for path in about if path.rpartition(".")[2] in ("kind", "path") or "." not in path]
    new = dict(data)
    if about and "description" not in differing:
        new["description"] = f"Scenario {before.get('name', '')} with other {', '.join(about)}"
    if kinds and "name" not in differing and before.get("name") in names():
        section = data.get(kinds[-1].partition(".")[0], {})
        section = section if isinstance(section, Mapping) else {}
        what = Path(str(section["path"])).stem if "path" in section else str(section.get("kind", "changed"))
        new["name"] = (
            f"{data.get('system', 'population')}-{re.sub(r'[^A-Za-z0-9]+', '-', what).strip('-') or 'changed'}"
        )
    return new


def _at(data: Mapping[str, Any], path: str) -> Any:
    """Return what is at a dotted path; None where there is nothing."""
    found: Any = data
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def parse(data: Mapping[str, Any], *, given: Iterable[str] = ()) -> Scenario:
    """Return the scenario of a nested mapping, after importing its `modules`; `given` are the paths of overrides."""
    import_modules(data)
    model = model_of(kind_of(data))
    scenario: Scenario = validate(model, with_lists(model, data, given))
    return scenario


def with_lists(model: type[Scenario], data: Mapping[str, Any], given: Iterable[str]) -> Mapping[str, Any]:
    """Return a nested mapping in which single values that overrides gave to fields that hold lists are lists.

    Text is divided at its commas, as people type lists: `copies.noise=0.1,0.2` is [0.1, 0.2].
    """
    for path in given:
        value = _at(data, path)
        if isinstance(value, str | int | float) and is_list(annotation_at(model, data, path)):
            items = load_yaml(f"[{value}]", of=f"{path}: {shown(value)} is not") if isinstance(value, str) else [value]
            data = override(data, path, items)
    return data


def import_modules(data: Mapping[str, Any]) -> None:
    """Import the user modules that a nested mapping names, so that what they register is known."""
    modules = data.get("modules", [])
    if isinstance(modules, list | tuple):
        for module in modules:
            load_module(str(module))


def read(source: str | Path) -> dict[str, Any]:
    """Return the content of a named scenario or of a YAML file; paths of modules and graphs in it become absolute."""
    path = Path(source)
    if path.suffix not in (".yaml", ".yml"):
        known = names()
        if str(source) not in known:
            expected = f"one of {', '.join(known)}, or the path of a .yaml file"
            raise ConfigurationError(complaint("scenario", expected=expected, got=str(source), valid=known))
        path = LIBRARY / f"{source}.yaml"
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise ConfigurationError(f"{path}: expected a mapping of sections, got {type(data).__name__}")
    return beside({"name": path.stem, **data}, path.parent)


def assignment(text: str) -> tuple[str, Any]:
    """Return path and value of an override as typed: `a.b=value`, the value read as YAML."""
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise ConfigurationError(f"override: expected section.field=value, got {shown(text)}")
    return path, load_yaml(value, of=f"{path}: {shown(value)} is not")


def override(data: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return nested `data` with the field at the dotted `path` set.

    Choosing another `kind` drops the other fields of that section, since they are the options of the former kind:
    give the options of the new one after it.
    """
    head, _, rest = path.partition(".")
    changed = dict(data)
    if not rest:
        if head == "kind" and changed.get("kind") != value:
            changed = {}
        changed[head] = value
        return changed
    inner = changed.get(head, {})
    if isinstance(inner, list) and rest.partition(".")[0].isdigit():
        raise ConfigurationError(f"{path}: the items of a list cannot be overridden one by one; give all of {head}")
    if not isinstance(inner, Mapping):
        raise ConfigurationError(f"{path}: expected {head} to be a section, got {shown(inner)}")
    changed[head] = override(inner, rest, value)
    return changed


def beside(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return `data` with absolute paths of modules and of graph files; relative ones mean files in `folder`."""
    changed = dict(data)
    modules, topology, rules = data.get("modules"), data.get("topology"), data.get("rewiring")
    if isinstance(modules, list | tuple):
        changed["modules"] = [_absolute(module, folder) for module in modules]
    if isinstance(topology, dict):
        paths = {name: topology[name] for name in ("path", "people") if isinstance(topology.get(name), str)}
        changed["topology"] = {
            **topology,
            **{name: _resolved(folder, path, f"topology.{name}") for name, path in paths.items()},
        }
    if isinstance(rules, list | tuple):
        changed["rewiring"] = [_with_absolute_path(scheduled, folder) for scheduled in rules]
    return changed


def _with_absolute_path(scheduled: Any, folder: Path) -> Any:
    """Return a scheduled rewiring rule whose `rule.path`, if it has one, is absolute."""
    rule = scheduled.get("rule") if isinstance(scheduled, dict) else None
    if not isinstance(rule, dict) or not isinstance(rule.get("path"), str):
        return scheduled
    return {**scheduled, "rule": {**rule, "path": _resolved(folder, rule["path"], "rewiring.rule.path")}}


def _absolute(module: Any, folder: Path) -> Any:
    if isinstance(module, str) and module.endswith(".py"):
        return _resolved(folder, module, "modules")
    return module


def _resolved(folder: Path, path: str, field: str) -> str:
    try:
        found = (folder / path).resolve()
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            found.stat()  # since Python 3.13, a loop of links resolves to itself
        return str(found)
    except (OSError, ValueError, RuntimeError) as error:  # a loop of links, a NUL, a name that is too long
        raise ConfigurationError(f"{field}: expected the path of a file, got {shown(path)} ({error})") from None
