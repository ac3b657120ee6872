"""The information between the layers of networks in training, at chosen checkpoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.layer_information.pairs import Fit, about_nothing, about_sequences, about_tokens
from hubbub.scenarios.reproductions.network_rows import network_rows
from hubbub.scenarios.reproductions.table import Rows
from hubbub.scenarios.systems import assemble
from hubbub.simulator.engine import State
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from hubbub.simulator.training import Networks
    from hubbub.simulator.training.tasks.entity_sequences import EntitySequences


def measure(run: Run, *, records: Sequence[int], pairs: int, fit: Fit) -> Rows:
    """Return a row for each seed, record, block and number of shots; fewer shots than all at the first and last one."""
    built = assemble(parse(run.configuration))
    learnt = {(row["seed"], row["step"]): row for row in network_rows(run, ("accuracy", "repeats", "loss"))}
    checkpoints = {checkpoint.step: checkpoint for checkpoint in run.checkpoints()}
    rows = []
    for step in records:
        if step:
            tensors, state, _ = checkpoints[step].load()
            built.load(State(tensors, state))
        for row in _at(built, pairs, fit, is_end=step in (records[0], records[-1])):
            known = learnt[row["seed"], step]
            rows.append({**row, **{name: known[name] for name in ("step", "last", "accuracy", "repeats", "loss")}})
    return rows


def _at(built: Networks, pairs: int, fit: Fit, *, is_end: bool) -> list[dict[str, Any]]:
    """Return the information between the layers of every network, in bits, and between shuffled ones at the ends."""
    task: EntitySequences = built.task  # type: ignore[assignment]
    generator = RandomStreams(0).at("layer-information", built.now)
    own = {name: values.detach() for name, values in built.parameters.items()}
    with torch.no_grad():
        streams = task.residuals(own, task.sequences)[:, 1:, :, 1::2].cpu().numpy()
        alone = task.residuals(own, torch.arange(task.entities, device=task.device)[:, None])[:, 1:].cpu().numpy()
    layers, shots = streams.shape[1], streams.shape[3]

    def rows(found: Mapping[str, np.ndarray], **of: Any) -> list[dict[str, Any]]:
        """Return a row for each seed and block."""
        return [
            {"seed": network.seed, "block": block, **of}
            | {name: float(values[place * (layers - 1) + block - 2]) for name, values in found.items()}
            for place, network in enumerate(built.networks)
            for block in range(2, layers + 1)
        ]

    micro = about_tokens(*_pairs(alone[:, :, :, 0]), fit, generator, pairs=pairs)
    made = []
    for shown in range(1, shots + 1) if is_end else (shots,):
        macro = about_sequences(*_pairs(streams[:, :, :, shown - 1]), fit, generator, pairs=pairs)
        made += rows(macro | micro, shots=shown, shuffled=False)
    if is_end:
        nothing = about_nothing(*_pairs(streams[:, :, :, -1]), fit, generator, pairs=pairs)
        made += rows(nothing, shots=shots, shuffled=True)
    return made


def _pairs(streams: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the layers below and above every block but the first, `[S · blocks, M, H]`, of `[S, layers, M, H]`."""
    below, above = streams[:, :-1], streams[:, 1:]
    return below.reshape(-1, *below.shape[2:]), above.reshape(-1, *above.shape[2:])
