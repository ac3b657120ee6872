"""The JSON Schema of all files that hubbub reads: scenarios of every kind of system, and studies."""

from __future__ import annotations

from typing import Any

from hubbub.analysis.run_measures import measure
from hubbub.scenarios.studies.study import Study
from hubbub.scenarios.studies.varied import RANGE
from hubbub.scenarios.systems import schema as schema_of_scenarios


def schema() -> dict[str, Any]:
    """Return the JSON Schema of scenarios and of studies, told apart by the field `scenario`."""
    made, study = schema_of_scenarios(), study_schema()
    inner = study.pop("$defs")
    return {"$defs": {**made["$defs"], **inner, "Study": study}, "anyOf": [*made["anyOf"], {"$ref": "#/$defs/Study"}]}


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema of the file of a study, which may say less than the study that is made of it."""
    made = Study.model_json_schema()
    fields = made["properties"]
    scenario, seeds = fields["scenario"], fields["seeds"]
    about = {key: fields["scenario"].pop(key) for key in ("description", "title") if key in scenario}
    fields["scenario"] = {"anyOf": [{"type": "string"}, scenario], **about}
    about = {key: seeds.pop(key) for key in ("description", "title") if key in seeds}
    one = {"anyOf": [seeds["items"], {"type": "string", "pattern": f"^{RANGE.pattern}$"}]}
    fields["seeds"] = {"anyOf": [*one["anyOf"], {**seeds, "items": one}], **about}
    fields["measures"]["items"] = {"enum": list(measure)}
    made["required"] = ["scenario"]
    return made
