"""Sequences of distinct entities, and a small language model that predicts which one comes next."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Annotated

import numpy as np
import torch
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training.catalogue import Parameters, task
from hubbub.simulator.training.layout import Network
from hubbub.simulator.training.module_task import SAMPLES_AT_ONCE, ModuleTask, stacked_outputs
from hubbub.simulator.training.transformer import Transformer

Count = Annotated[int, Field(ge=1)]
MOST_SEQUENCES = 1_000_000
"""Largest number of sequences that are listed."""
EVALUATED, PROBED = 5040, 200
"""Largest number of sequences that metrics are computed on, and number of those that features are taken from."""


@task("entity-sequences")
def entity_sequences(
    *,
    entities: Annotated[int, Field(ge=2)] = 10,
    shots: Count = 4,
    layers: Count = 4,
    heads: Count = 2,
    width: Count = 32,
    batch: Count = 128,
    rng: RandomStreams,
    device: torch.device,
) -> EntitySequences:
    """Predicting which of the `entities` comes after up to `shots` distinct ones: the next one that was not yet shown.

    Entities lie on a circle; a sequence is continued by the first entity after its last one that it does not contain. A
    transformer of `layers` blocks with `heads` heads and a residual stream of `width` is trained on all sequences.
    """
    if shots >= entities:
        raise ConfigurationError(f"shots: expected fewer than the {entities} entities, got {shots}")
    if width % heads:
        raise ConfigurationError(f"width: expected a multiple of the {heads} heads, got {width}")
    if math.perm(entities, shots) > MOST_SEQUENCES:
        expected = f"at most {MOST_SEQUENCES:,} sequences of distinct entities in all"
        raise ConfigurationError(complaint("shots", expected=expected, got=shots))
    template = Transformer(entities + 1, 2 * shots, layers=layers, heads=heads, width=width)
    return EntitySequences(template, entities, shots, batch, rng=rng, device=device)


class EntitySequences(ModuleTask):
    """The in-context sets of Chen, Yang, Zhu & Wang (2024) in small: all sequences of distinct entities, with commas.

    A sequence is entity, comma, entity, comma …; at every comma the model predicts the next entity, and the loss is the
    cross-entropy in nats. Batches are drawn with replacement, keyed by seed and step.

    Attributes
    ----------
    sequences
        All sequences `[M, 2 · shots]` of tokens, in lexical order; the comma is the last token of the vocabulary.
    following
        The entity that comes next after 1, 2 … shots `[M, shots]`.
    """

    template: Transformer

    def __init__(
        self, template: Transformer, entities: int, shots: int, batch: int, *, rng: RandomStreams, device: torch.device
    ) -> None:
        super().__init__(template, rng=rng, device=device)
        self.entities, self.shots, self.batch = entities, shots, batch
        shown = np.array(list(permutations(range(entities), shots)), dtype=np.int64)
        commas = np.full_like(shown, entities)
        self.sequences = torch.from_numpy(np.stack([shown, commas], axis=2).reshape(len(shown), -1)).to(device)
        self.following = torch.from_numpy(following(shown, entities)).to(device)

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return the weights of a transformer at its start."""
        return self.template.initial(self.rng.at("initial-weights", network.seed))

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the mean loss of the batch over sequences and shots `[S]`."""
        drawn = {
            seed: self.rng.at("batch", seed, step).integers(len(self.sequences), size=self.batch)
            for seed in {network.seed for network in networks}
        }
        chosen = torch.from_numpy(np.stack([drawn[network.seed] for network in networks])).to(self.device)
        scores = self.outputs(parameters, self.sequences[chosen])[:, :, 1::2]
        return losses(scores, self.following[chosen]).mean(dim=(1, 2))

    def observe(self, parameters: Parameters, networks: Sequence[Network], *, closely: bool) -> Mapping[str, Tensor]:
        """Return `accuracy` after all shots, `repeats` there and the `loss`, on at most 5,040 of the sequences.

        Repeats is the probability given to entities that were already shown; without context it is shots/entities.
        """
        members = self.spread(EVALUATED)
        shown, following = self.sequences[members, ::2], self.following[members]
        scores = self.outputs_of_all(parameters, self.sequences[members])[:, :, 1::2]
        last, targets = scores[:, :, -1], following.expand(len(scores), -1, -1)
        repeated = last.softmax(dim=2).gather(2, shown.expand(len(scores), -1, -1))
        return {
            "accuracy": (last.argmax(dim=2) == targets[:, :, -1]).double().mean(dim=1),
            "repeats": repeated.sum(dim=2).double().mean(dim=1),
            "loss": losses(scores, targets).double().mean(dim=(1, 2)),
        }

    def residuals(
        self, parameters: Parameters, tokens: Int[torch.Tensor, "B L"]
    ) -> Float[torch.Tensor, "S layers B L width"]:
        """Return the residual streams of networks for the same tokens `[B, L]`: `[S, layers + 1, B, L, width]`."""
        streams = _Residuals(self.template)
        inside = {f"of.{name}": values for name, values in parameters.items()}
        parts = tokens.split(SAMPLES_AT_ONCE)
        return torch.cat([stacked_outputs(streams, inside, part, own=False) for part in parts], dim=2)

    def features(self, parameters: Parameters) -> Tensor:
        """Return the output of the last block at the last position of 200 sequences: `[S, M, width]`."""
        return self.residuals(parameters, self.sequences[self.spread(PROBED)])[:, -1, :, -1]

    def spread(self, n: int) -> Tensor:
        """Return the numbers of at most `n` sequences, evenly spread over all, `[n]`."""
        return torch.linspace(0, len(self.sequences) - 1, min(n, len(self.sequences)), dtype=torch.float64).long()


class _Residuals(torch.nn.Module):
    """A module whose outputs are the residual streams of a transformer."""

    def __init__(self, of: Transformer) -> None:
        super().__init__()
        self.of = of

    def forward(self, tokens: Tensor) -> Tensor:
        """Return `[layers + 1, B, L, width]`."""
        return self.of.residuals(tokens)


def following(shown: Int[np.ndarray, "M k"], entities: int) -> Int[np.ndarray, "M k"]:
    """Return the entity that comes after each of 1 … k shots `[M, k]`: the next on the circle not yet shown."""
    found = []
    for shots in range(1, shown.shape[1] + 1):
        known = shown[:, :shots]
        after = (known[:, -1] + 1) % entities
        for _ in range(shots - 1):  # at most so many entities have to be skipped
            after = (after + (known == after[:, None]).any(axis=1)) % entities
        found.append(after)
    return np.stack(found, axis=1)


def losses(scores: Float[torch.Tensor, "S B k V"], targets: Int[torch.Tensor, "S B k"]) -> Float[torch.Tensor, "S B k"]:
    """Return the cross-entropy `[S, B, k]` of scores `[S, B, k, V]` with the correct entities `[S, B, k]`."""
    each = functional.cross_entropy(scores.flatten(0, 2), targets.flatten(), reduction="none")
    return each.view(targets.shape)
