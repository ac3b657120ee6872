"""What the fields of a configuration may be, in a few words: for the reference and for scenario files with comments."""

from __future__ import annotations

import inspect
import types
import typing
from typing import Any

import annotated_types

from hubbub.simulator.configuration import Choice, Section
from hubbub.simulator.field_names import models_in

SIGNS = {
    annotated_types.Ge: ("≥", "ge"),
    annotated_types.Gt: (">", "gt"),
    annotated_types.Le: ("≤", "le"),
    annotated_types.Lt: ("<", "lt"),
}


def type_in_words(annotation: Any, metadata: typing.Sequence[Any] = ()) -> str:
    """Return a type and its bounds in a few words, with code between backticks."""
    outer, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if outer is typing.Annotated:
        bounds = [part for entry in inner[1:] for part in getattr(entry, "metadata", [entry])]
        return type_in_words(inner[0], bounds)
    if outer is typing.Literal:
        return " or ".join(f"`{choice}`" for choice in inner)
    if outer in (list, tuple):
        models = models_in(inner[0])
        choices = [model for model in models if issubclass(model, Choice)]
        sections = "names, or sections with a `kind`" if choices else "sections"
        return f"list of {sections if models else type_in_words(inner[0])}"
    if outer in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(type_in_words(member) for member in inner))
    if inspect.isclass(annotation) and issubclass(annotation, Choice):
        return "section with a `kind`"
    if inspect.isclass(annotation) and issubclass(annotation, Section):
        return "section"
    name = "None" if annotation is types.NoneType else getattr(annotation, "__name__", str(annotation))
    signs = [(bound, *SIGNS[type(bound)]) for bound in metadata if type(bound) in SIGNS]
    return " ".join(
        [name, ", ".join(f"{sign} {getattr(bound, attribute)}" for bound, sign, attribute in signs)]
    ).strip()
