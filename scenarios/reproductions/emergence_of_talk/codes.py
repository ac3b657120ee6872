"""Whether the code that agents share predicts its future better than single agents do, one by one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from hubbub.analysis.emergence import psi_delta_gamma
from hubbub.analysis.measure import Measure
from hubbub.scenarios.reproductions.claim import Claim
from hubbub.scenarios.reproductions.criteria import Above
from hubbub.scenarios.reproductions.table import Table

SOURCE = "Rosas, Mediano et al. 2020"
CRITERIA = {"psi": "Ψ", "delta": "Δ", "gamma": "Γ"}


def rows_of(codes: np.ndarray, seed: int) -> list[dict[str, Any]]:
    """Return Ψ, Δ and Γ of codes `[T, N, D]` and of their changes from record to record, minus shuffled time.

    V is the mean code of all agents along the direction in which it varies most, X^j the code of agent j along the
    same direction, so V is the mean of the parts.
    """
    return [_row(codes, "the code", seed), _row(np.diff(codes, axis=0), "its changes", seed)]


def claims(table: Table) -> list[Claim]:
    """Return whether the shared code emerges."""
    return [_claim(of, part) for of, part in table.where(part="code").by("of").items()]


def _claim(of: str, rows: Table) -> Claim:
    beside = ", ".join(f"{sign} {rows.mean(name).value:+.3f}" for name, sign in CRITERIA.items())
    refused = [row["reason"] for row in rows if row["reason"]]
    first = rows.rows[0]
    return Claim(
        f"Ψ of the shared code ({of})",
        "the shared code is causally emergent, Ψ > 0",
        f"Ψ in bits minus its mean on shuffled time; {of}, Gaussian, {first['samples']} records",
        rows.mean("psi"),
        Above(0),
        (f"refused in {len(refused)} of {len(rows)} seeds: {refused[0]}" if refused else beside)
        + f"; what {first['agents']} agents share is taken off as often as they share it, so Ψ is a lower "
        "bound: above 0 it shows emergence, below 0 it does not show that there is none",
        SOURCE,
    )


def minus_shuffled(measure: Measure) -> float:
    """Return a measure minus its mean on shuffled time; NaN where it is not defined."""
    return measure.value - measure.null.mean if measure.null else math.nan


def _row(codes: np.ndarray, of: str, seed: int) -> dict[str, Any]:
    shared = codes.mean(axis=1)
    direction = np.linalg.svd(shared - shared.mean(axis=0), full_matrices=False)[2][0]
    parts = codes @ direction
    found = psi_delta_gamma(parts.mean(axis=1), parts, estimator="gaussian", generator=np.random.default_rng(seed))
    return {
        "part": "code",
        "of": of,
        "seed": seed,
        "agents": codes.shape[1],
        "samples": len(codes),
        **{name: minus_shuffled(getattr(found, name)) for name in CRITERIA},
        "psi_z": found.psi.z_score,
        "reason": found.psi.reason,
    }
