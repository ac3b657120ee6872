"""The numbers of a report on a study, for programs."""

from __future__ import annotations

from typing import Any

from hubbub.analysis.studies import sentences
from hubbub.analysis.studies.findings import Pair, StudyFindings


def study_summary(found: StudyFindings) -> dict[str, Any]:
    """Return conditions, means, differences and associations by name."""
    return {
        "answers": sentences.answers(found),
        "measures": found.measures,
        "conditions": [
            {
                "label": condition.label,
                "settings": condition.settings,
                "runs": condition.runs,
                "seeds": condition.seeds,
                "unfinished": condition.unfinished,
                "means": dict(zip(found.quantities, means, strict=True)),
            }
            for condition, means in zip(found.conditions, found.means, strict=True)
        ],
        "constant": found.constant,
        "undefined": found.undefined,
        "comparisons": [_comparison(found, pair) for pair in found.pairs],
        "associations": found.associations,
        "trials": found.study.trials,
        "importance": found.study.importance,
    }


def _comparison(found: StudyFindings, pair: Pair) -> dict[str, Any]:
    return {
        "first": found.conditions[pair.first].label,
        "second": found.conditions[pair.second].label,
        "paired": pair.paired,
        "n_seeds": pair.n_seeds,
        "least_p": pair.least_p,
        "quantities": {
            name: {
                "means": pair.found.means[:, number],
                "difference": pair.found.differences[number],
                "hedges_g": pair.found.effect_sizes[number],
                "first_is_higher": pair.found.higher[number],
                "p_corrected": pair.corrected[number],
            }
            for number, name in enumerate(found.quantities)
        },
    }
