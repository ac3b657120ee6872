"""What a study is: a scenario, the fields that vary, and the seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic
from pydantic import Field

from hubbub.scenarios.loading import beside, import_modules, read, refuse_foreign_modules
from hubbub.scenarios.strict_yaml import load_yaml
from hubbub.scenarios.studies.varied import Interval, varied
from hubbub.simulator.configuration import Section, validate
from hubbub.simulator.errors import ConfigurationError, complaint, shown

Mode = Literal["grid", "list", "random", "optuna"]
Seed = Annotated[int, Field(ge=0)]


class Adaptive(Section):
    """A search with Optuna: every trial is a setting that a sampler chooses by the values of the trials before."""

    schema_rules = ({"oneOf": [{"required": ["maximize"]}, {"required": ["minimize"]}]},)
    maximize: str | None = None
    """Metric, measure or MEASURE.PART that is to be large: its value at the end of a run, the mean over seeds."""
    minimize: str | None = None
    """The same, if it is to be small."""
    trials: Annotated[int, Field(ge=1)]
    """How many settings are tried; more of them keep the first ones."""
    sampler: Literal["tpe", "gp", "random"] = "tpe"
    """How settings are chosen: by tree-structured Parzen estimators, by a Gaussian process, or independently."""
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    """Seed of the sampler."""
    batch: Annotated[int, Field(ge=1)] = 4
    """How many trials are chosen at once and run side by side; the next ones are chosen when all of them have ended."""

    @pydantic.model_validator(mode="after")
    def _one_objective(self) -> Adaptive:
        if (self.maximize is None) == (self.minimize is None):
            got = "neither" if self.maximize is None else "both"
            raise ValueError(f"maximize: expected one of maximize and minimize, got {got}")
        return self

    @property
    def objective(self) -> str:
        """What is sought to be large or small."""
        return str(self.maximize or self.minimize)


class Study(Section):
    """Many runs of one scenario: settings of some of its fields, times seeds."""

    schema_rules = (
        {"if": {"required": ["mode"], "properties": {"mode": {"const": "random"}}}, "then": {"required": ["samples"]}},
        {"if": {"required": ["mode"], "properties": {"mode": {"const": "optuna"}}}, "then": {"required": ["optuna"]}},
    )
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    """Name of the study, by default that of its file; the folders of its runs begin with it."""
    scenario: dict[str, Any]
    """The scenario, as its file says it."""
    vary: dict[str, Any] = Field(default={})
    """Dotted path of a field → its values: a list, a range `0..9`, `{low, high, log}`, or one value for all runs."""
    mode: Mode = "grid"
    """Every combination of the values; the first of each list, the second of each …; random draws; or a search."""
    samples: Annotated[int, Field(ge=1)] | None = None
    """How many settings are drawn at random; the draws follow from the first seed."""
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)]
    """Every setting is run with each of them; by default with the seed of the scenario."""
    measures: tuple[str, ...] = ()
    """Measures of a run, by name: they are computed when a run has finished, for the report and the exported table."""
    optuna: Adaptive | None = None
    """What is searched for, where `mode` is optuna."""

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

    @pydantic.field_validator("measures", mode="before")
    @classmethod
    def _one_measure(cls, given: Any) -> Any:
        return [given] if isinstance(given, str) else given

    @pydantic.model_validator(mode="after")
    def _fits_the_mode(self) -> Study:
        if self.mode == "random" and self.samples is None:
            raise ValueError("samples: expected how many settings to draw in a random study, got nothing")
        if self.mode != "random" and self.samples is not None:
            raise ValueError(f"samples: expected none in a {self.mode} study, got {self.samples}")
        intervals = [path for path, values in self.vary.items() if isinstance(values, Interval)]
        if intervals and self.mode not in ("random", "optuna"):
            raise ValueError(
                f"vary.{intervals[0]}: expected a list of values in a {self.mode} study, got an interval; "
                "draw from it with mode random and samples"
            )
        if self.mode == "optuna" and self.optuna is None:
            raise ValueError("optuna: expected what is searched for (maximize or minimize, trials …), got nothing")
        if self.mode != "optuna" and self.optuna is not None:
            raise ValueError(f"optuna: expected mode optuna with this section, got mode {self.mode}")
        if self.mode == "optuna" and not self.varying:
            raise ValueError("vary: expected a field with values to choose from, got none")
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
    measures: Sequence[str] | None = None,
    allow_modules: bool = True,
) -> Study:
    """Return the study that a YAML file describes, or that the `changes` make of a scenario.

    Parameters
    ----------
    source
        A study's YAML file (it has a field `scenario`), or a scenario: name or YAML file.
    changes
        Fields and their values, as text (`a.b=1,2,4`, `seed=0..9`) or as a mapping; they replace those of a study
        file, field by field. `optuna.NAME` are fields of the section `optuna` of the study.
    mode, samples, measures
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
        data["name"] = _one(given.pop("name"), "name")
        data["scenario"] = {**data["scenario"], "name": data["name"]}
    if "seed" in given:
        data["seeds"] = given.pop("seed")
    for path in [path for path in given if path.startswith("optuna.")]:
        data["optuna"] = {**(data.get("optuna") or {}), path.removeprefix("optuna."): _one(given.pop(path), path)}
    if isinstance(data.get("vary", {}), Mapping):
        data["vary"] = {**data.get("vary", {}), **given}
    data.setdefault("seeds", data["scenario"].get("seed", 0))
    replaced = {"mode": mode, "samples": samples, "measures": measures}
    data |= {name: value for name, value in replaced.items() if value is not None}
    study: Study = validate(Study, data)
    if study.measures:
        from hubbub.analysis.run_measures.catalogue import check_names

        import_modules(study.scenario)
        check_names(study.measures)
    return study


def _one(value: Any, field: str) -> Any:
    """Return the one value of a field of the study itself; a list of one is that one."""
    if isinstance(value, list | tuple):
        if len(value) != 1:
            raise ConfigurationError(complaint(field, expected="one value for the study", got=list(value)))
        return value[0]
    return value


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
