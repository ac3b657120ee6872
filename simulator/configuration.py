"""Sections of a configuration: every field has a type, and unknown fields are refused by name."""

from __future__ import annotations

import functools
import inspect
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args, get_origin

import pydantic
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core.core_schema import no_info_before_validator_function

from hubbub.simulator.errors import ConfigurationError, complaint, shortened, shown
from hubbub.simulator.field_names import models_in, suggestion
from hubbub.simulator.registry import Registry


class Section(BaseModel):
    """One section of a configuration: immutable, every field typed, unknown fields refused.

    A whole number may be written as a float (1e3), but not as a truth value. A section with kinds that has a usual one
    need not name it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = ()
    """What validators demand of several fields together, as JSON Schema (`if` and `then`), for editors."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> Any:
        """Return the JSON Schema of the section, with the rules of the class and of those that it extends."""
        made = handler(core_schema)
        content = handler.resolve_ref_schema(made)
        for field, described in content.get("properties", {}).items():
            _bound_integers(described, SEEDS_BELOW - 1 if field == "seed" else WHOLE_BELOW - 1)
        rules = [rule for base in cls.__mro__ for rule in vars(base).get("schema_rules", ())]
        if rules:
            content["allOf"] = rules
        return made

    @pydantic.model_validator(mode="before")
    @classmethod
    def _truth_values_are_no_numbers(cls, data: Any) -> Any:
        """Turn a truth value into text where it would be taken for 0 or 1, so that the field itself refuses it."""
        if not isinstance(data, Mapping):
            return data
        types = {name: _types(field.annotation) for name, field in cls.model_fields.items()}
        numbers = {name for name, kinds in types.items() if kinds & {int, float} and not kinds & {bool, str}}
        return {name: _spelled_out(value) if name in numbers else value for name, value in data.items()}

    @pydantic.model_validator(mode="before")
    @classmethod
    def _the_usual_kind(cls, data: Any) -> Any:
        """Fill in the kind of a section that does not name one, where the default of the field does."""
        if not isinstance(data, Mapping):
            return data
        usual = {name: field.default["kind"] for name, field in cls.model_fields.items() if _has_kind(field.default)}
        return {
            name: {"kind": usual[name], **value}
            if name in usual and isinstance(value, Mapping) and "kind" not in value
            else value
            for name, value in data.items()
        }


M = TypeVar("M", bound=Section)


class Choice(Section):
    """A section that chooses one entry of a registry by `kind`; the other fields are the options of that entry."""

    registry: ClassVar[Registry]
    kind: str

    def options(self) -> dict[str, Any]:
        """Return the options of the chosen entry, defaults filled in, parameter name → value."""
        none = ("kind", *self.registry.beside)
        return {name: getattr(self, name) for name in type(self).model_fields if name not in none}

    def beside(self, field: str) -> Choice:
        """Return what is chosen in a field that is no option, such as the reward of a game."""
        made: Choice = getattr(self, field)
        return made

    def build(self, **supplied: Any) -> Any:
        """Call the chosen entry with its options, and with those supplied arguments that it has parameters for."""
        return self.registry.call(self.kind, self.options(), **supplied)


def field_is(section: str, field: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a configuration whose field `section.field` is given and fits a schema."""
    inner = {"type": "object", "required": [field], "properties": {field: dict(schema)}}
    return {"required": [section], "properties": {section: inner}}


def choice(registry: Registry) -> Any:
    """Return the type of a section that chooses from `registry`: a union told apart by `kind`."""
    models = [_choice_model(registry, name) for name in registry]
    if len(models) == 1:
        return models[0]
    return Annotated[functools.reduce(operator.or_, models), Field(discriminator="kind")]


def named(registry: Registry) -> Any:
    """Return the type of a section that chooses from `registry` and may be written as its `kind` alone."""
    return Annotated[choice(registry), _OrName(tuple(registry))]


@dataclass(frozen=True)
class _OrName:
    """Takes a name for the section with that `kind`."""

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return no_info_before_validator_function(
            lambda given: {"kind": given} if isinstance(given, str) else given, handler(source)
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        return {"anyOf": [{"enum": list(self.names)}, handler(schema)]}


def section_of(registry: Registry, name: str, options: Mapping[str, Any] | None = None) -> Choice:
    """Return the section that chooses `name` with these options, the others at their defaults.

    Raises
    ------
    ConfigurationError
        The name or an option is unknown, or an option is missing or wrong.
    """
    made: Choice = validate(_choice_model(registry, name), {"kind": name, **(options or {})})
    return made


def retyped(model: type[M], **types: Any) -> type[M]:
    """Return a section whose fields of these names have other types, with defaults and descriptions as they were."""
    fields: dict[str, Any] = {}
    for name, annotation in types.items():
        field = model.model_fields[name]
        default = field.default.model_dump() if isinstance(field.default, Section) else field.default
        fields[name] = (annotation, Field(default=default, description=field.description, validate_default=True))
    return _created(model.__name__, model, model.__doc__, fields)


def _choice_model(registry: Registry, name: str) -> type[Choice]:
    others = tuple(other[one] for other, _ in registry.beside.values() for one in other)
    return _model_of_entry(registry, name, registry[name], others)


@functools.cache
def _model_of_entry(
    registry: Registry, name: str, entry: Callable[..., Any], others: tuple[Callable[..., Any], ...]
) -> type[Choice]:
    """Return the section that chooses an entry; it is kept, since making one takes milliseconds.

    `others` are the entries from which its fields beside the options choose.
    """
    fields: dict[str, Any] = {"kind": (Literal[name], name)}
    for key, parameter in registry.parameters(name).items():
        if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            raise ConfigurationError(f"{registry.noun} {name!r}: parameter *{key} cannot be configured")
        annotation = Any if parameter.annotation is inspect.Parameter.empty else parameter.annotation
        fields[key] = (annotation, ... if parameter.default is inspect.Parameter.empty else parameter.default)
    for key, (other, usual) in registry.beside.items():
        if key in fields:
            raise ConfigurationError(
                f"{registry.noun} {name!r}: parameter {key}: every {registry.noun} has a field of this name already"
            )
        about = f"Which {other.noun}: its name, or a section with its `kind` and options."
        fields[key] = (named(other), Field(default={"kind": usual}, validate_default=True, description=about))
    title = "".join(word.capitalize() for word in f"{name}-{registry.noun}".replace(":", "-").split("-"))
    model = _created(title, Choice, inspect.getdoc(entry), fields)
    model.registry = registry
    return model


def _created(name: str, base: type[M], doc: str | None, fields: dict[str, Any]) -> type[M]:
    """Return a section with more fields; pydantic does not look for their docstrings, which takes long."""
    return pydantic.create_model(
        name, __base__=base, __doc__=doc, __cls_kwargs__={"use_attribute_docstrings": False}, **fields
    )


WORDS = {
    "int_type": "a whole number (integer)",
    "int_parsing": "a whole number (integer)",
    "int_from_float": "a whole number (integer)",
    "int_parsing_size": "a whole number below 2^63",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a section with fields",
    "mapping_type": "a section with fields",
    "model_type": "a section with fields",
    "model_attributes_type": "a section with fields",
    "none_required": "nothing",
    "invalid_key": "the name of a field",
    "recursion_loop": "sections that do not contain themselves",
}
"""What was expected, in our words, by the kind of pydantic's problem."""

MOST_DEPTH = 50
WHOLE_BELOW, SEEDS_BELOW = 2**63, 2**256
"""Limits of whole numbers, and of seeds and numbers that are read as fractions."""


def validate(model: type[Section], data: Mapping[str, Any]) -> Any:
    """Return `model` filled with `data`, or raise one `ConfigurationError` that lists every problem."""
    _refuse_large(data, SEEDS_BELOW)
    try:
        made = model.model_validate(data)
    except pydantic.ValidationError as error:
        problems = [_explain(model, data, problem) for problem in error.errors(include_url=False)]
        raise ConfigurationError("\n".join(dict.fromkeys(problems))) from None
    _refuse_large(made.model_dump(), WHOLE_BELOW)
    return made


def _refuse_large(data: Mapping[str, Any], below: int) -> None:
    """Refuse whole numbers of `below` and more, of seeds those that have more than 256 bits."""
    for path, value in _large_numbers(data, (), below):
        limit = "2^256" if path[-1] == "seed" else "2^63"
        raise ConfigurationError(f"{'.'.join(path)}: expected a whole number below {limit}, got {shown(value)}")


def _explain(model: type[BaseModel], data: Any, problem: Any) -> str:
    """Return the message for one pydantic problem: field, expectation, what came, nearest valid name."""
    kind, got = problem["type"], problem["input"]
    path, owner = _walk(model, problem["loc"])
    field = shortened(".".join(path)) or "configuration"
    if kind == "extra_forbidden":
        names = list(owner.model_fields) if owner else []
        parent = ".".join(path[:-1]) or "the configuration"
        message = complaint(field, expected=f"one of the fields of {parent} ({', '.join(names)})", got=path[-1])
        return message + suggestion(model, data, ".".join(path), names)
    if kind == "union_tag_invalid":
        tags = [tag.strip().strip("'") for tag in problem["ctx"]["expected_tags"].split(",")]
        return complaint(f"{field}.kind", expected=f"one of {', '.join(tags)}", got=problem["ctx"]["tag"], valid=tags)
    if kind == "literal_error":
        tags = [tag.strip().strip("'") for tag in problem["ctx"]["expected"].replace(" or ", ", ").split(",")]
        return complaint(field, expected=f"one of {', '.join(tags)}", got=got, valid=tags)
    if kind == "union_tag_not_found":
        return f"{field}.kind: expected a name, got nothing"
    if kind == "missing":
        return f"{field}: expected a value, got nothing"
    message = problem["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    if kind == "string_pattern_mismatch":
        message = f"text of the form {problem['ctx']['pattern']}"
    if kind in ("too_short", "too_long"):
        limit = "at least {min_length}" if kind == "too_short" else "at most {max_length}"
        message = limit.format(**problem["ctx"]) + " items"
    if kind == "value_error":  # from a validator of ours: the message is complete but for the field
        return f"{field}: {message}" if path else message
    if kind in ("list_type", "tuple_type") and isinstance(got, str | int | float):
        return f"{field}: expected a list, such as [{shortened(str(got))}], got {shown(got)}"
    return f"{field}: expected {WORDS.get(kind, message)}, got {shown(got)}"


def _large_numbers(value: Any, path: tuple[str, ...], below: int) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield path and value of every whole number in a nested mapping that is too large to be written down."""
    if isinstance(value, Mapping) and len(path) < MOST_DEPTH:
        for name, inner in value.items():
            yield from _large_numbers(inner, (*path, str(name)), below)
    elif isinstance(value, list | tuple) and len(path) < MOST_DEPTH:
        for place, inner in enumerate(value):
            yield from _large_numbers(inner, (*path, str(place)), below)
    elif type(value) is int and abs(value) >= (SEEDS_BELOW if path and path[-1] == "seed" else below):
        yield path, value


def _bound_integers(described: dict[str, Any], most: int) -> None:
    """Add the largest whole number to the JSON Schema of a field, where it has no other limit."""
    for inner in [described, *described.get("anyOf", []), described.get("items", {})]:
        if isinstance(inner, dict) and inner.get("type") == "integer" and "exclusiveMaximum" not in inner:
            inner.setdefault("maximum", most)


def _walk(model: type[BaseModel], location: tuple[Any, ...]) -> tuple[list[str], type[BaseModel] | None]:
    """Return the dotted path a user typed (union tags left out) and the model that holds its last field."""
    path: list[str] = []
    owner: type[BaseModel] | None = model
    here: Any = model
    for index, part in enumerate(location):
        if isinstance(part, int):  # the place in a list, whose annotation also names what it holds
            path.append(str(part))
            continue
        members = models_in(here)
        tagged = {member.model_fields["kind"].default: member for member in members if "kind" in member.model_fields}
        if len(members) > 1 and part in tagged:
            here = tagged[part]
            continue
        owner = members[0] if len(members) == 1 else None
        path.append(str(part))
        field = owner.model_fields.get(str(part)) if owner else None
        if field is None:
            if index < len(location) - 1:
                path.extend(str(rest) for rest in location[index + 1 :])
            break
        here = field.annotation
    return path, owner


def _has_kind(default: Any) -> bool:
    return isinstance(default, Mapping) and "kind" in default


def _spelled_out(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_spelled_out(item) for item in value]
    return str(value) if isinstance(value, bool) else value


def _types(annotation: Any) -> set[Any]:
    """Return the plain types inside an annotation."""
    if get_origin(annotation) is Annotated:
        return _types(get_args(annotation)[0])
    return set().union(*map(_types, get_args(annotation))) if get_args(annotation) else {annotation}
