"""What a study is: a scenario, the fields that vary, and the seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic
from pydantic import Field

from hubbub.scenarios.loading import beside, read, refuse_foreign_modules
from hubbub.scenarios.strict_yaml import load_yaml
from hubbub.scenarios.studies.varied import Interval, varied
from hubbub.simulator.configuration import Section, validate
from hubbub.simulator.errors import ConfigurationError, complaint, shown

Mode = Literal["grid", "list", "random"]
Seed = Annotated[int, Field(ge=0)]


class Study(Section):
    """Many runs of one scenario: settings of some of its fields, times seeds."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    """Name of the study; the folders of its runs begin with it."""
    scenario: dict[str, Any]
    """The scenario, as its file says it."""
    vary: dict[str, Any] = Field(default={})
    """Dotted path of a field → its values: a list, a range `0..9`, `{low, high, log}`, or one value for all runs."""
    mode: Mode = "grid"
    """Every combination of the values, the first of each list, the second of each …, or `samples` random draws."""
    samples: Annotated[int, Field(ge=1)] | None = None
    """How many settings are drawn at random; the draws follow from the first seed."""
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)]
    """Every setting is run with each of them."""

    @pydantic.field_validator("vary", mode="before")
    @classmethod
    def _values(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        if "seed" in given:
            raise ValueError("seed: give seeds, a field of the study itself")
        return {str(path): varied(str(path), value) for path, value in given.items()}

    @pydantic.field_validator("seeds", mode="before")
    @classmethod
    def _seeds(cls, given: Any) -> Any:
        return varied("seeds", given)

    @pydantic.model_validator(mode="after")
    def _fits_the_mode(self) -> Study:
        if self.mode == "random" and self.samples is None:
            raise ValueError("samples: expected how many settings to draw in a random study, got nothing")
        if self.mode != "random" and self.samples is not None:
            raise ValueError(f"samples: expected none in a {self.mode} study, got {self.samples}")
        intervals = [path for path, values in self.vary.items() if isinstance(values, Interval)]
        if intervals and self.mode != "random":
            raise ValueError(
                f"vary.{intervals[0]}: expected a list of values in a {self.mode} study, got an interval; "
                "draw from it with mode random and samples"
            )
        if self.mode == "list":
            lengths = {path: len(self.vary[path]) for path in self.varying}
            if len(set(lengths.values())) > 1:
                raise ValueError(f"vary: expected lists of one length in a list study, got {lengths}")
        return self

    @property
    def varying(self) -> tuple[str, ...]:
        """Paths of the fields that differ between runs, the seed apart."""
        return tuple(path for path, values in self.vary.items() if isinstance(values, Interval) or len(values) > 1)


def read_study(
    source: str | Path,
    changes: Sequence[str] | Mapping[str, Any] = (),
    *,
    mode: str | None = None,
    samples: int | None = None,
    allow_modules: bool = True,
) -> Study:
    """Return the study that a YAML file describes, or that the `changes` make of a scenario.

    Parameters
    ----------
    source
        A study's YAML file (it has a field `scenario`), or a scenario: name or YAML file.
    changes
        Fields and their values, as text (`a.b=1,2,4`, `seed=0..9`) or as a mapping; they replace those of a study
        file, field by field.
    mode, samples
        Replace what the file says.
    allow_modules
        As in `hubbub.scenarios.loading.load`.

    Raises
    ------
    ConfigurationError
        Anything unknown or wrong in the study; the fields of the scenario are checked run by run in `expand`.
    """
    data = read(source)
    if "scenario" in data:
        data["scenario"] = _scenario(data, Path(source).parent)
    else:
        data = {"name": data["name"], "scenario": data}
    if not allow_modules:
        refuse_foreign_modules(Path(source), data["scenario"])
    given = dict(changes) if isinstance(changes, Mapping) else dict(map(_assignment, changes))
    if "name" in given:
        data["name"] = _one(given.pop("name"))
        data["scenario"] = {**data["scenario"], "name": data["name"]}
    if "seed" in given:
        data["seeds"] = given.pop("seed")
    if isinstance(data.get("vary", {}), Mapping):
        data["vary"] = {**data.get("vary", {}), **given}
    data.setdefault("seeds", data["scenario"].get("seed", 0))
    data |= {name: value for name, value in (("mode", mode), ("samples", samples)) if value is not None}
    study: Study = validate(Study, data)
    return study


def _one(name: Any) -> Any:
    """Return the name that a study is given; a list of one is that one."""
    if isinstance(name, list | tuple):
        if len(name) != 1:
            raise ConfigurationError(complaint("name", expected="one name for the study", got=list(name)))
        return name[0]
    return name


def _scenario(data: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the scenario of a study file in `folder`: a name, another file, or a mapping."""
    given = data["scenario"]
    if isinstance(given, Mapping):
        return beside({"name": data["name"], **given}, folder)
    if not isinstance(given, str):
        expected = "the name or the YAML file of a scenario, or its sections"
        raise ConfigurationError(complaint("scenario", expected=expected, got=given))
    return read(folder / given if given.endswith((".yaml", ".yml")) else given)


def _assignment(text: str) -> tuple[str, Any]:
    """Return path and values as typed: values between commas, each read as YAML; one mapping may be an interval."""
    path, equals, typed = text.partition("=")
    if not equals or not path:
        raise ConfigurationError(f"study: expected section.field=value,value …, got {text!r}")
    values = load_yaml(f"[{typed}]", of=f"{path}: {shown(typed)} is not")
    is_interval = len(values) == 1 and isinstance(values[0], Mapping) and {"low", "high"} & set(values[0])
    return path, values[0] if is_interval else values
