"""Fields of a configuration by their names: which ones a name may mean, and what is at a dotted path."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

MOST_SUGGESTED = 3
ALIKE = 0.6
"""How alike two names must be at least, as `difflib` measures it, that one is taken for the other misspelled."""


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the section models inside an annotation."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) is Annotated:
        return models_in(get_args(annotation)[0])
    return [model for argument in get_args(annotation) for model in models_in(argument)]


def is_list(annotation: Any) -> bool:
    """Whether a field can only hold a list (or nothing): not where a single value, or text, is allowed as well."""
    outer, inner = get_origin(annotation), get_args(annotation)
    if outer is Annotated:
        return is_list(inner[0])
    if outer in (list, tuple):
        return True
    members = [member for member in inner if member is not NoneType]
    return bool(members) and outer not in (dict, type) and all(is_list(member) for member in members)


def annotation_at(model: type[BaseModel], data: Any, path: str) -> Any:
    """Return the annotation of the field at a dotted path; None where there is no such field.

    Where a section has kinds, that of `data` counts.
    """
    head, _, rest = path.partition(".")
    field = model.model_fields.get(head)
    if field is None:
        return None
    if not rest:
        return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    inner = data.get(head) if isinstance(data, Mapping) else None
    chosen = _chosen(field.annotation, inner)
    return annotation_at(chosen[0], inner, rest) if len(chosen) == 1 else None


def suggestion(model: type[BaseModel], data: Any, path: str, siblings: list[str]) -> str:
    """Return the end of a message about a field that is not there: "; did you mean …?", or "".

    The name may belong to another section (`steps` for `training.steps`), to another kind of the section, or be
    misspelled, there or beside it (`siblings`). One letter may mean too much.
    """
    name = path.rpartition(".")[2]
    if len(name) < 2:
        return ""
    places: dict[str, list[str]] = {}
    for leaf, place in _places(model, data):
        places.setdefault(leaf, []).append(place)
    if name in places:
        return f"; did you mean {_listed(places[name])}?"
    beside = difflib.get_close_matches(name, siblings, n=1, cutoff=0.5)
    if kinds := [section for leaf, section in _other_kinds(model, data) if leaf == name]:
        meant = f"; did you mean {beside[0]!r}?" if beside and _alike(name, beside[0]) >= ALIKE else ""
        return f"{meant}; with {_listed(kinds)} there is such a field"
    elsewhere = difflib.get_close_matches(name, places, n=1, cutoff=ALIKE)
    if beside and (not elsewhere or _alike(name, beside[0]) >= _alike(name, elsewhere[0])):
        return f"; did you mean {beside[0]!r}?"
    return f"; did you mean {_listed(places[elsewhere[0]])}?" if elsewhere else ""


def _listed(texts: list[str]) -> str:
    return " or ".join(dict.fromkeys(texts[:MOST_SUGGESTED]))


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _chosen(annotation: Any, data: Any) -> list[type[BaseModel]]:
    """Return the model of a section, of one with kinds the one that `data` names; all of them where it names none."""
    members = models_in(annotation)
    kind = data.get("kind") if isinstance(data, Mapping) else data
    named = [member for member in members if "kind" in member.model_fields and _kind(member) == kind]
    return named or members


def _kind(model: type[BaseModel]) -> Any:
    return model.model_fields["kind"].default


def _places(model: type[BaseModel], data: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield name and dotted path of every field; of one in the entries of a list, the path of the list."""
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        yield name, path
        if is_list(field.annotation):
            for entry in models_in(field.annotation):
                yield from ((leaf, f"{path} (a list, of which each entry has it)") for leaf, _ in _places(entry, None))
            continue
        inner = data.get(name) if isinstance(data, Mapping) else None
        chosen = _chosen(field.annotation, inner)
        if len(chosen) == 1:
            yield from _places(chosen[0], inner, f"{path}.")


def _other_kinds(model: type[BaseModel], data: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name of every field that a section would have with another kind, and that kind as a setting."""
    for name, field in model.model_fields.items():
        for member in models_in(field.annotation):
            if "kind" in member.model_fields:
                yield from ((leaf, f"{prefix}{name}.kind={_kind(member)}") for leaf in member.model_fields)
        inner = data.get(name) if isinstance(data, Mapping) else None
        chosen = _chosen(field.annotation, inner)
        if len(chosen) == 1 and not is_list(field.annotation):
            yield from _other_kinds(chosen[0], inner, f"{prefix}{name}.")
