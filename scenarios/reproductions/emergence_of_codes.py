"""Whether the code that agents share foretells its future beyond what the agents do, one by one."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.emergence import psi_delta_gamma
from scenarios.reproductions.catalogue import Claim, judge
from scenarios.reproductions.rows import Rows, mean

SOURCE = "Rosas, Mediano et al. 2020"
CRITERIA = {"psi": "Ψ", "delta": "Δ", "gamma": "Γ"}


def rows_of(codes: np.ndarray, seed: int) -> list[dict[str, Any]]:
    """Return Ψ, Δ and Γ of codes `[T, N, D]` and of their changes from record to record, less shuffled time.

    V is the mean code of all agents along the direction in which it varies most, X^j the code of agent j along the
    same direction, so V is the mean of the parts.
    """
    return [_row(codes, "the code", seed), _row(np.diff(codes, axis=0), "its changes", seed)]


def claims(rows: Rows) -> list[Claim]:
    """Return whether the shared code emerges."""
    made = []
    for of in ("the code", "its changes"):
        mine = [row for row in rows if row["part"] == "code" and row["of"] == of]
        psi = mean(mine, "psi")
        beside = ", ".join(f"{sign} {mean(mine, name).value:+.3f}" for name, sign in CRITERIA.items())
        refused = sorted({row["reason"].partition(",")[0] + row["reason"].partition(",")[2] for row in mine} - {""})
        made.append(
            Claim(
                f"Ψ of the shared code ({of})",
                SOURCE,
                "the shared code is causally emergent, Ψ > 0",
                f"Ψ in bits less its mean on shuffled time; {of}, Gaussian, {mine[0]['samples']} records",
                psi,
                judge(psi, above=0.0),
                (f"refused: {refused[0]} (first of {len(refused)} seeds)" if refused else beside)
                + f"; Ψ takes off what {mine[0]['agents']} agents share as often as they share it, so it is a lower bound: "
                "Ψ > 0 would show emergence, Ψ < 0 does not show its absence",
            )
        )
    return made


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
        **{
            name: measure.value - (measure.null.mean if measure.null else 0.0)
            for name, measure in ((name, getattr(found, name)) for name in CRITERIA)
        },
        "psi_z": found.psi.z_score,
        "reason": found.psi.reason,
    }
