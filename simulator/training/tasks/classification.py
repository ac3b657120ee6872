"""Images of digits and their classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import numpy as np
import torch
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training.catalogue import Parameters, task
from hubbub.simulator.training.images import IMAGES, Images
from hubbub.simulator.training.layout import Network
from hubbub.simulator.training.models import convolution_network, dense_network
from hubbub.simulator.training.module_task import ModuleTask

Share = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
EVALUATED, PROBED = 1000, 200
"""Images of each part that metrics are computed on, and held-out images of the probe."""


@task("classification")
def classification(
    *,
    images: Literal["digits", "mnist"] = "digits",
    model: Literal["dense", "convolution"] = "dense",
    widths: Annotated[tuple[Count, ...], Field(min_length=1)] = (256, 128),
    batch: Count = 64,
    held_out: Share = 0.2,
    weight_scale: Positive = 1.0,
    rng: RandomStreams,
    device: torch.device,
) -> Classification:
    """Classifying images: 1,797 `digits` of 8 × 8 pixels (scikit-learn), or 5,000 of `mnist` of 28 × 28.

    `widths` are units of dense ReLU layers, or channels of 3 × 3 convolutions with pooling. Initial weights have a
    standard deviation of `weight_scale` · √(2/inputs); torch's own layers have 0.408.
    """
    loaded = IMAGES[images](held_out, rng.at("split"))
    if model == "convolution" and loaded.side < 2 ** len(widths):
        raise ConfigurationError(
            f"widths: expected at most {loaded.side.bit_length() - 1} convolutions, each of which halves the "
            f"{loaded.side} × {loaded.side} pixels, got {len(widths)}"
        )
    build = dense_network if model == "dense" else convolution_network
    template = build(loaded.side, widths, loaded.n_classes)
    return Classification(template, loaded, batch=batch, rng=rng, device=device, weight_scale=weight_scale)


class Classification(ModuleTask):
    """Networks that classify images; the loss is the cross-entropy in nats.

    Batches are drawn with replacement, keyed by seed and step.
    """

    def __init__(
        self,
        template: nn.Module,
        images: Images,
        *,
        batch: int,
        rng: RandomStreams,
        device: torch.device,
        weight_scale: float = 1.0,
    ) -> None:
        super().__init__(template, rng=rng, device=device, weight_scale=weight_scale)
        self.batch = batch
        self.pixels = torch.from_numpy(images.pixels).to(device)
        self.classes = torch.from_numpy(images.classes).to(device)
        self.train, self.held_out = (torch.from_numpy(part).to(device) for part in (images.train, images.held_out))

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the mean loss of the batch `[S]`."""
        drawn = {
            seed: self.rng.at("batch", seed, step).integers(len(self.train), size=self.batch)
            for seed in {network.seed for network in networks}
        }
        chosen = torch.from_numpy(np.stack([drawn[network.seed] for network in networks])).to(self.device)
        members = self.train[chosen]
        return losses(self.outputs(parameters, self.pixels[members]), self.classes[members])

    def fixed_loss(self, parameters: Parameters, *, samples: int = EVALUATED) -> Tensor:
        """Return the mean loss of the first `samples` of the training images `[S]`: the same loss at every step."""
        members = self.train[:samples]
        outputs = self.outputs_of_all(parameters, self.pixels[members])
        return losses(outputs, self.classes[members].expand(len(outputs), -1))

    def observe(self, parameters: Parameters, networks: Sequence[Network], *, closely: bool) -> Mapping[str, Tensor]:
        """Return `accuracy` and `loss` on held-out images, `train_accuracy` and `train_loss` on training images."""
        metrics = {}
        for prefix, part in (("", self.held_out), ("train_", self.train)):
            members = part[:EVALUATED]
            outputs, classes = self.outputs_of_all(parameters, self.pixels[members]), self.classes[members]
            metrics[f"{prefix}accuracy"] = (outputs.argmax(dim=2) == classes).double().mean(dim=1)
            metrics[f"{prefix}loss"] = losses(outputs, classes.expand(len(outputs), -1)).double()
        return metrics

    def probe(self) -> tuple[nn.Module, Tensor]:
        """Return the network and the first of the held-out images."""
        return self.template, self.pixels[self.held_out[:PROBED]]


def losses(outputs: Float[torch.Tensor, "S B C"], classes: Int[torch.Tensor, "S B"]) -> Float[torch.Tensor, " S"]:
    """Return the mean cross-entropy `[S]` of outputs `[S, B, C]` with classes `[S, B]`."""
    each = functional.cross_entropy(outputs.flatten(0, 1), classes.reshape(-1), reduction="none")
    return each.view(classes.shape).mean(dim=1)
