"""Classifying textured shapes, by networks that keep only the strongest activations of every channel."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, TypeAlias

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn

from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training.catalogue import Parameters, task
from hubbub.simulator.training.layout import Network
from hubbub.simulator.training.module_task import ModuleTask
from hubbub.simulator.training.tasks.classification import losses
from hubbub.simulator.training.textured_shapes import SHAPES, SIDE, textured_shapes
from hubbub.simulator.training.top_k import TopK, kept_of

Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(gt=0, le=1)]
CLASSES = len(SHAPES)
PAIRS = CLASSES * (CLASSES - 1)
"""Number of pairs of a shape with the texture of another class."""
HELD_OUT, PROBED = 400, 100
"""Congruent pictures that accuracy is measured on, and the first of them, which are the probe."""
Pictures: TypeAlias = tuple[Tensor, Tensor, Tensor]
"""Pictures `[n, 1, 32, 32]`, their shapes `[n]` and their textures `[n]`."""


@task("shapes-and-textures")
def shapes_and_textures(
    *,
    shares: Annotated[tuple[Share, ...], Field(min_length=1)] = (1.0, 0.3, 0.1, 0.05),
    channels: Annotated[tuple[Count, ...], Field(min_length=1, max_length=4)] = (8, 16, 32),
    pictures: Count = 3000,
    conflicts: Annotated[int, Field(ge=PAIRS)] = 800,
    noise: Annotated[float, Field(ge=0)] = 0.3,
    batch: Count = 32,
    rng: RandomStreams,
    device: torch.device,
) -> ShapesAndTextures:
    """Classifying `pictures` of 32 × 32 into four classes, each of one shape with one texture; `noise` is added.

    3 × 3 convolutions with pooling, each of which keeps one of the `shares` of the positions of every sample and
    channel (1: all). Cue conflicts, `conflicts` pictures with the shape of one class and the texture of another, tell
    whether a network uses shape or texture.
    """
    return ShapesAndTextures(
        shares, channels, pictures=pictures, conflicts=conflicts, noise=noise, batch=batch, rng=rng, device=device
    )


class ShapesAndTextures(ModuleTask):
    """Networks trained on pictures whose shape and texture agree, and tested on cue conflicts.

    The loss is the cross-entropy in nats. Pictures, weights and batches of a seed are the same for all shares.
    """

    template: nn.Sequential

    def __init__(
        self,
        shares: Sequence[float],
        channels: Sequence[int],
        *,
        pictures: int,
        conflicts: int,
        noise: float,
        batch: int,
        rng: RandomStreams,
        device: torch.device,
    ) -> None:
        super().__init__(sparse_network(channels), rng=rng, device=device)
        self.shares, self.pictures, self.conflicts, self.noise, self.batch = shares, pictures, conflicts, noise, batch
        self._drawn: dict[tuple[str, int], Pictures] = {}  # cached, because every step needs them

    def settings(self) -> Sequence[Mapping[str, float | int | str]]:
        """Return every share that is kept."""
        return [{"share": share} for share in self.shares]

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return normal weights, biases 0, and how many positions every layer keeps."""
        return {**super().initial(network), **self.kept(float(network.of_task["share"]))}

    def kept(self, share: float) -> dict[str, Tensor]:
        """Return how many positions of a channel every top-k layer keeps at a share, by the name of its buffer."""
        return {
            name: torch.tensor(kept_of(share, int(positions)), device=self.device)
            for name, positions in self.template.named_buffers()
        }

    def congruent(self, seed: int) -> Pictures:
        """Return the pictures that networks of a seed are trained on: each has the texture of its shape."""
        return self._pictures("congruent", seed)

    def conflicting(self, seed: int) -> Pictures:
        """Return pictures of a seed with the texture of another class; all pairs are about equally frequent."""
        return self._pictures("conflicting", seed)

    def held_out(self, seed: int) -> Pictures:
        """Return congruent pictures of a seed that no network is trained on."""
        return self._pictures("held-out", seed)

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the mean loss of the batch `[S]`, which is drawn with replacement."""
        pictures, classes = [], []
        for network in networks:
            inputs, shapes, _ = self.congruent(network.seed)
            drawn = self.rng.at("batch", network.seed, step).integers(len(inputs), size=self.batch)
            chosen = torch.from_numpy(drawn).to(self.device)
            pictures.append(inputs[chosen])
            classes.append(shapes[chosen])
        return losses(self.outputs(parameters, torch.stack(pictures)), torch.stack(classes))

    def observe(self, parameters: Parameters, networks: Sequence[Network], *, closely: bool) -> Mapping[str, Tensor]:
        """Return `shape_bias`, the fractions that it is computed from, and `accuracy` and `loss` on held-out pictures.

        `shape_fraction` of the cue conflicts are classified by their shape and `texture_fraction` by their texture. A
        network that guesses classifies a quarter by each, which is a shape bias of ½.
        """
        shape, texture, accuracy, loss = torch.zeros(4, len(networks), dtype=torch.float64, device=self.device)
        for row, network in enumerate(networks):
            own = {name: values[row : row + 1] for name, values in parameters.items()}
            pictures, shapes, textures = self.conflicting(network.seed)
            predicted = self.outputs_of_all(own, pictures)[0].argmax(dim=1)
            shape[row], texture[row] = (predicted == shapes).double().mean(), (predicted == textures).double().mean()
            pictures, classes, _ = self.held_out(network.seed)
            outputs = self.outputs_of_all(own, pictures)
            accuracy[row] = (outputs[0].argmax(dim=1) == classes).double().mean()
            loss[row] = losses(outputs, classes[None])[0]
        return {
            "shape_bias": shape / (shape + texture),
            "shape_fraction": shape,
            "texture_fraction": texture,
            "accuracy": accuracy,
            "loss": loss,
        }

    def probe(self) -> tuple[nn.Module, Tensor]:
        """Return the network and held-out pictures of seed 0."""
        return self.template, self.held_out(0)[0][:PROBED]

    def _pictures(self, part: str, seed: int) -> Pictures:
        if (part, seed) not in self._drawn:
            n = {"congruent": self.pictures, "conflicting": self.conflicts, "held-out": HELD_OUT}[part]
            shapes, apart = np.arange(n) % CLASSES, np.arange(n) // CLASSES % (CLASSES - 1) + 1
            textures = (shapes + apart) % CLASSES if part == "conflicting" else shapes
            drawn = textured_shapes(shapes, textures, noise=self.noise, generator=self.rng.at(part, seed))
            inputs, first, second = (torch.from_numpy(each).to(self.device) for each in (drawn, shapes, textures))
            self._drawn[part, seed] = inputs, first, second
        return self._drawn[part, seed]


def sparse_network(channels: Sequence[int]) -> nn.Sequential:
    """Return 3 × 3 convolutions of ReLU units, each with 2 × 2 max-pooling and a top-k layer, and a dense layer."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    side = SIDE
    for number, (inputs, outputs) in enumerate(pairwise((1, *channels)), start=1):
        side //= 2
        layers[f"convolution{number}"] = nn.Conv2d(inputs, outputs, 3, padding=1)
        layers[f"relu{number}"] = nn.ReLU()
        layers[f"pool{number}"] = nn.MaxPool2d(2)
        layers[f"top_k{number}"] = TopK(side * side)
    layers["flatten"] = nn.Flatten()
    layers["classes"] = nn.Linear(channels[-1] * side * side, CLASSES)
    return nn.Sequential(layers)
